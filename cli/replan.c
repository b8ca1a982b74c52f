/* SPDX-License-Identifier: GPL-3.0-or-later
 * replan.c - kerbside replan: the rest of a night after something happened. */
#include "command.h"
#include "io/district_events.h"

#include <stdio.h>
#include <string.h>

typedef struct job {
    const arguments *args;
    input in;
    kerb_plan *before, *after;
    kerb_events *events;
    kerb_model *rest;
    kerb_error *err;
} job;

static void write_answer(const kerb_plan *plan, void *payload) {
    const arguments *args = payload;
    kerb_error err = {0};
    kerb_plan_totals totals;
    kerb_plan_get_totals(plan, &totals);
    if (args->output && strcmp(args->output, "-") != 0 &&
        kerb_plan_write(plan, args->output, &err) != KERB_OK)
        report_error(&err);
    if (!args->quiet)
        log_line("info", "first answer, checked: cost %.2f, %zu stops served", totals.cost,
                 totals.n_served);
}

static kerb_status write_problem(const job *at) {
    uint8_t *bytes;
    size_t n_bytes;
    if (!at->args->problem) return KERB_OK;
    kerb_status status = kerb_model_pack(at->rest, &bytes, &n_bytes, at->err);
    if (status != KERB_OK) return status;
    status = kerb_file_write(at->args->problem, bytes, n_bytes, at->err);
    kerb_buffer_free(bytes);
    return status;
}

static kerb_status write_plan(const job *at) {
    uint8_t *bytes;
    size_t n_bytes;
    if (!at->args->output) return KERB_OK;
    if (strcmp(at->args->output, "-") != 0)
        return kerb_plan_write(at->after, at->args->output, at->err);
    kerb_status status = kerb_plan_pack(at->after, &bytes, &n_bytes, at->err);
    if (status != KERB_OK) return status;
    status = write_output("-", bytes, n_bytes, at->err);
    kerb_buffer_free(bytes);
    return status;
}

static kerb_status print_changes(const job *at) {
    char *text;
    FILE *to = at->args->output && strcmp(at->args->output, "-") == 0 ? stderr : stdout;
    kerb_status status =
        at->args->json ? kerb_plan_summary(at->after, 1, &text, at->err)
                       : kerb_plan_difference(at->before, at->after, at->rest, &text, at->err);
    if (status != KERB_OK) return status;
    if (at->args->json)
        log_text(to, text);
    else if (!at->args->quiet)
        log_told(to, text);
    if (!at->args->quiet && !at->args->json)
        log_format(to, "plan %s -> %s; check accepted\n", kerb_plan_id(at->before),
                   kerb_plan_id(at->after));
    log_plan(at->after);
    kerb_buffer_free(text);
    return KERB_OK;
}

/* The district at the time it was planned with; --as-of is the time of re-planning. */
static kerb_status run(job *at) {
    arguments then = *at->args;
    kerb_options options = make_options(at->args);
    size_t n_events = 0;
    int64_t as_of_s = KERB_NO_TIME;
    options.answer = write_answer;
    if (!(at->args->time_s > 0)) options.time_s = 20;
    then.as_of = NULL;
    kerb_status status = kerb_plan_read(&at->before, at->args->operands[1], at->err);
    if (status == KERB_BAD_INPUT && !at->before) name_input(at->err, at->args->operands[1]);
    /* The plan's own night gives clock times their date. */
    if (status == KERB_OK && at->args->n_operands > 2)
        status = read_events(&at->events, at->args->operands[2], kerb_plan_night_start(at->before),
                             kerb_plan_utc_offset(at->before), at->err);
    if (status == KERB_OK) status = load_input(&at->in, at->args->operands[0], &then, at->err);
    if (status != KERB_OK) return status;
    const kerb_event *events = at->events ? kerb_events_list(at->events, &n_events) : NULL;
    if (at->events) as_of_s = kerb_events_as_of(at->events);
    if (at->args->as_of && !ki_read_instant(at->args->as_of, &as_of_s)) {
        at->err->status = KERB_BAD_INPUT;
        snprintf(at->err->message, sizeof at->err->message,
                 "option --as-of: %.100s, expected an instant with zone", at->args->as_of);
        return KERB_BAD_INPUT;
    }
    status =
        kerb_model_after(&at->rest, at->in.model, at->before, events, n_events, as_of_s, at->err);
    if (status == KERB_OK) status = write_problem(at);
    if (status == KERB_OK) status = kerb_model_seal(at->rest, &options, at->err);
    if (status == KERB_OK)
        status = kerb_plan_replan(&at->after, at->rest, at->before, &options, at->err);
    if (status == KERB_OK) status = write_plan(at);
    return status == KERB_OK ? print_changes(at) : status;
}

static int run_replan(const arguments *args) {
    catch_signals();
    kerb_error err = {0};
    job at = {.args = args, .err = &err};
    if (refuse_outputs(args, &err)) return report_error(&err);
    kerb_status status = run(&at);
    int code = EXIT_DONE;
    if (status == KERB_OK) {
        kerb_plan_totals totals;
        kerb_plan_get_totals(at.after, &totals);
        if (totals.degraded || totals.n_unserved_must) code = EXIT_ATTENTION;
        if (totals.stopped) code = EXIT_SIGNAL;
    } else {
        code = report_error(&err);
    }
    kerb_plan_free(at.after);
    kerb_plan_free(at.before);
    kerb_events_free(at.events);
    kerb_model_free(at.rest);
    free_input(&at.in);
    return code;
}

static const char *const synopsis[] = {
    "DISTRICT.yaml|problem.pb plan.pb [EVENTS.yaml|execution.pb] -o new.pb [OPTION]...", NULL};
static const option accepted[] = {OUTPUT("FILE", "the new plan"),
                                  PATH("--problem", "FILE", problem,
                                       "the problem of the rest of the night: what check and the "
                                       "next replan take in place of the first one"),
                                  FLAG("--json", json, "the summary of the new plan for a program"),
                                  FLAG("--quiet", quiet, "no summary and no progress"),
                                  SEARCH_OPTIONS,
                                  INPUT_OPTIONS,
                                  LOG_OPTIONS};
static const example examples[] = {{"kerbside replan district.yaml plan.pb events.yaml -o new.pb",
                                    "a truck broke down (docs/replan.md)"}};
const verb_table replan_verb = {
    .name = "replan",
    .run = run_replan,
    .job = "plan the rest of a night after something happened",
    .synopsis = synopsis,
    .about = "Plans the rest of a night from the plan under way and from what was "
             "done and happened. Past stops and the one a vehicle drives to stay. "
             "A first checked plan is written at once; a better one replaces it. "
             "Prints what changes. Without an event the routes stay as they are.",
    .options = LIST(accepted),
    .examples = LIST(examples),
    .min_operands = 2,
    .max_operands = 3};
