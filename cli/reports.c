/* SPDX-License-Identifier: GPL-3.0-or-later
 * reports.c - kerbside reports: the health of every sensor, worst first: the maintenance list. */
#include "command.h"
#include "io/learned.h"
#include "io/sensors.h"

#include <stdio.h>
#include <string.h>

/* Calls print for each verdict with its count, in the order of the list. */
static void each_verdict(const ki_sensors *all, void (*print)(const char *verdict, size_t n)) {
    for (size_t first = 0, end; first < all->n; first = end) {
        for (end = first; end < all->n;)
            if (all->sensors[end].verdict_code == all->sensors[first].verdict_code)
                end++;
            else
                break;
        print(all->sensors[first].verdict, end - first);
    }
}

static void print_count(const char *verdict, size_t n) {
    ki_text line = spoken_text();
    add_word_cell(&line, verdict, 12);
    printf("  %s%zu\n", line.bytes ? line.bytes : "", n);
    ki_text_free(&line);
}

static int n_printed;

static void print_json_count(const char *verdict, size_t n) {
    printf("%s\"%s\":%zu", n_printed++ ? "," : "", verdict, n);
}

static void print_json_alarms(const ki_sensors *all) {
    printf("{\"alarms\":[");
    for (size_t at = 0; at < all->n_alarms; at++) {
        const ki_sensor_alarm *alarm = &all->alarms[at];
        printf("%s{\"alarm\":\"%s\",\"container\":", at ? "," : "", alarm->kind);
        print_json_text(stdout, alarm->container_id);
        printf(",\"site\":");
        print_json_text(stdout, alarm->site_id);
        printf(",\"word\":");
        print_json_text(stdout, alarm->word);
        printf(",\"source\":");
        print_json_text(stdout, alarm->source ? alarm->source : "");
        printf(",\"at_s\":%lld,\"hours_before_as_of\":%.2f}", (long long)alarm->at_s, alarm->hours);
    }
    printf("],");
}

static void print_json(const ki_sensors *all) {
    print_json_alarms(all);
    printf("\"sensors\":%zu,\"in_doubt\":%zu,\"never_reported\":%zu,\"unrecorded_emptyings\":%zu,"
           "\"reports\":%zu,\"rejected\":%zu,\"verdicts\":{",
           all->n - all->n_never, all->n_sick, all->n_never, all->n_unrecorded, all->n_reports,
           all->n_rejected);
    each_verdict(all, print_json_count);
    printf("},\"list\":[");
    for (size_t at = 0; at < all->n; at++) {
        const ki_sensor *sensor = &all->sensors[at];
        printf("%s{\"container\":", at ? "," : "");
        print_json_text(stdout, sensor->container_id);
        printf(",\"site\":");
        print_json_text(stdout, sensor->site_id);
        printf(",\"stream\":\"%s\",\"verdict\":\"%s\",\"reason\":",
               kerb_stream_name(sensor->stream), sensor->verdict);
        print_json_text(stdout, sensor->reason);
        printf(",\"reports\":%zu,\"rejected\":%zu,\"unrecorded_emptying\":%s,\"fill\":%.3f,"
               "\"sd\":%.3f,\"rate_per_day\":%.4f}",
               sensor->n_reports, sensor->n_rejected, sensor->unrecorded ? "true" : "false",
               sensor->fill_ratio, sensor->sd_ratio, sensor->rate_per_day);
    }
    printf("]}\n");
}

static void add_name_cell(ki_text *text, const char *name, int width) {
    ki_text_add_cell(text, name, width);
    ki_text_add(text, " ");
}

static void add_alarm(ki_text *text, const ki_sensor_alarm *alarm) {
    ki_text_say(text, "ALARM ");
    add_word_cell(text, alarm->kind, 8);
    add_name_cell(text, alarm->container_id, 10);
    add_name_cell(text, alarm->site_id, 10);
    add_name_cell(text, alarm->site_name, 24);
    ki_text_say(text, "'%.60s'%s%s, %.1f h before as-of", alarm->word,
                alarm->source ? ki_text_word(text, " says ") : "",
                alarm->source ? alarm->source : "", alarm->hours);
    ki_text_add(text, "\n");
}

static void add_sensor(ki_text *text, const ki_sensor *sensor) {
    add_word_cell(text, sensor->verdict, 12);
    add_name_cell(text, sensor->container_id, 10);
    add_word_cell(text, kerb_stream_name(sensor->stream), 10);
    add_name_cell(text, sensor->site_name, 24);
    ki_text_retell(text, sensor->reason);
    ki_text_add(text, "\n");
}

static kerb_status print_text(const ki_sensors *all, kerb_error *err) {
    ki_text alarms = spoken_text(), list = spoken_text();
    for (size_t at = 0; at < all->n_alarms; at++)
        add_alarm(&alarms, &all->alarms[at]);
    for (size_t at = 0; at < all->n && all->sensors[at].verdict_code; at++)
        add_sensor(&list, &all->sensors[at]);
    kerb_status status = print_spoken(stdout, &alarms, err);
    log_format(stdout,
               "%zu sensors, %zu in doubt; %zu reports, %zu not believed; %zu emptyings not "
               "recorded\n",
               all->n - all->n_never, all->n_sick, all->n_reports, all->n_rejected,
               all->n_unrecorded);
    if (all->n_never)
        log_format(stdout, "%zu containers never reported: planned from rates\n", all->n_never);
    each_verdict(all, print_count);
    kerb_status listed = print_spoken(stdout, &list, err);
    return status == KERB_OK ? listed : status;
}

static kerb_status show_learned(const input *in, const arguments *args, kerb_error *err) {
    const char *district = args->operands[0];
    char *text, told[KI_TOLD_CHARS];
    if (!is_district(district) || (args->executed && is_district(args->executed))) {
        snprintf(err->message, sizeof err->message, "%s: expected %s",
                 is_district(district) ? args->executed : district,
                 is_district(district)
                     ? "an Execution message to learn from"
                     : "a district file, which names the file of what was learnt");
        return err->status = KERB_BAD_INPUT;
    }
    kerb_status status = ki_learned_report(&text, told, district, in->model, args->executed,
                                           args->json, spoken(), err);
    if (status == KERB_OK && told[0]) log_line("info", "%s: %s", args->executed, told);
    if (status == KERB_OK) log_text(stdout, text);
    kerb_buffer_free(text);
    return status;
}

static int run_reports(const arguments *args) {
    kerb_error err = {0};
    input in;
    ki_sensors all;
    kerb_status status = load_input(&in, args->operands[0], args, &err);
    if (status == KERB_OK && args->learned)
        status = show_learned(&in, args, &err);
    else if (status == KERB_OK)
        status = ki_sensors_judge(&all, in.model, &err);
    if (status == KERB_OK && !args->learned) {
        if (args->json)
            print_json(&all);
        else
            status = print_text(&all, &err);
        ki_sensors_free(&all);
    }
    int code = status == KERB_OK ? EXIT_DONE : report_error(&err);
    free_input(&in);
    return code;
}

static const char *const synopsis[] = {"DISTRICT.yaml|problem.pb [--json] [OPTION]...",
                                       "DISTRICT.yaml --learned [--executed FILE] [--json]", NULL};
static const option accepted[] = {
    FLAG("--json", json, "for a program"),
    FLAG("--learned", learned,
         "instead: what nights taught of densities, times and speeds; with --executed learn from "
         "that night first, into the file that the district names"),
    INPUT_OPTIONS, LOG_OPTIONS};
static const example examples[] = {
    {"kerbside reports district.yaml", "the maintenance list"},
    {"kerbside reports district.yaml --learned --executed night.pb", "learn from a night"}};
const verb_table reports_verb = {
    .name = "reports",
    .run = run_reports,
    .job = "the health of every sensor, worst first",
    .synopsis = synopsis,
    .about = "Alarms that stand come first: fire, tilt, open lids. Then every "
             "sensor is judged by its reports: silent, stuck, inverse, "
             "drifting, erratic, never full, out of range. The list is for "
             "those who mend them; planning goes on without the sick ones.",
    .options = LIST(accepted),
    .examples = LIST(examples),
    .min_operands = 1,
    .max_operands = 1};
