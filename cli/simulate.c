/* SPDX-License-Identifier: GPL-3.0-or-later
 * simulate.c - kerbside simulate: many nights in a seeded world, planned from reports only. */
#include "io/simulate.h"

#include "command.h"

#include <stdio.h>
#include <string.h>

static const double SICK_RATIO = 0.05; /* of the sensors, as the district generator has it */
enum { DAYS = 7, NIGHT_ITERATIONS = 300 };

static ki_policy find_policy(const char *name) { /* one of those of the option's table */
    for (int at = 0; name && at < KI_N_POLICIES; at++)
        if (strcmp(ki_policy_name((ki_policy)at), name) == 0) return (ki_policy)at;
    return KI_POLICY_FILL;
}

static void print_row(const char *name, const ki_day *day) {
    ki_text cell = spoken_text();
    add_word_cell(&cell, name, 6);
    printf("%s%8.1f %7.1f %7zu %8.2f %8zu %7.1f %9zu %9.3f %6zu %10.2f\n",
           cell.bytes ? cell.bytes : "", day->km, day->hours, day->n_shifts, day->tonnes,
           day->n_emptied, 100 * ki_day_fill_at_emptying(day), day->n_overflows,
           100 * ki_day_service_level(day), day->n_early_tips, day->cost);
    ki_text_free(&cell);
}

static void print_day(int32_t number, const ki_day *day, void *payload) {
    char name[16];
    (void)payload;
    snprintf(name, sizeof name, "%d", (int)number);
    print_row(name, day);
    fflush(stdout);
}

static void print_head(void) {
    static const struct {
        const char *word, *unit;
        int width; /* of print_row */
    } columns[] = {{"km", "", 8},      {"hours", "", 7},  {"shifts", "", 7},    {"tonnes", "", 8},
                   {"emptied", "", 8}, {"fill", " %", 7}, {"overflows", "", 9}, {"service", "", 9},
                   {"tips", "", 6},    {"cost", "", 10}};
    ki_text head = spoken_text();
    kerb_error err = {0};
    ki_text_add_cell(&head, ki_text_word(&head, "day"), 6);
    for (size_t at = 0; at < sizeof columns / sizeof *columns; at++) {
        const char *word = ki_text_word(&head, columns[at].word);
        int n_unit = (int)strlen(columns[at].unit);
        ki_text_add(&head, " ");
        ki_text_add_cell(&head, word, n_unit - columns[at].width);
        ki_text_add(&head, "%s", columns[at].unit);
    }
    ki_text_add(&head, "\n");
    if (print_spoken(stdout, &head, &err) != KERB_OK) report_error(&err);
}

static void print_json(const ki_simulation_options *options, const ki_simulation *result) {
    const ki_day *day = &result->total;
    printf("{\"policy\":\"%s\",\"days\":%d,\"settle_days\":%d,\"seed\":%llu,\"containers\":%zu,"
           "\"iterations\":%lld,\"sick_ratio\":%g,\"collection_days\":%d,\"km\":%.3f,\"hours\":%."
           "3f,\"shifts\":%zu,"
           "\"tonnes\":%.3f,\"emptied\":%zu,\"fill_at_emptying\":%.4f,\"overflows\":%zu,"
           "\"service_level\":%.6f,\"early_tips\":%zu,\"early_tips_expected\":%.1f,"
           "\"late_shifts\":%zu,\"late_shifts_expected\":%.1f,\"musts_left_out\":%zu,"
           "\"cost\":%.2f}\n",
           ki_policy_name(options->policy), (int)options->days, (int)options->settle_days,
           (unsigned long long)options->solve.seed, result->n_containers,
           (long long)options->solve.iterations, options->sick_ratio,
           options->collection_days ? (int)options->collection_days : 7, day->km, day->hours,
           day->n_shifts, day->tonnes, day->n_emptied, ki_day_fill_at_emptying(day),
           day->n_overflows, ki_day_service_level(day), day->n_early_tips, day->early_tips_expected,
           day->n_late, day->late_expected, day->n_left_out, day->cost);
}

static int stop_when_signalled(const kerb_progress *progress, void *payload) {
    (void)progress, (void)payload;
    return was_signalled();
}

static ki_simulation_options make_simulation(const arguments *args, ki_policy policy) {
    return (ki_simulation_options){
        .policy = policy,
        .days = args->days > 0 ? (int32_t)args->days : DAYS,
        .settle_days = (int32_t)args->settle,
        .must_ratio = args->must > 0 ? args->must : 0,
        .may_ratio = args->may > 0 ? args->may : 0,
        .threshold_ratio = args->threshold > 0 ? args->threshold : 0,
        .look_ahead_nights = (int32_t)args->look_ahead,
        .collection_days = (int32_t)args->collection_days,
        .rate_factor = args->rates > 0 ? args->rates : 1,
        .sick_ratio = args->sick >= 0 ? args->sick : SICK_RATIO,
        .solve = {.seed = (uint64_t)args->seed,
                  .threads = (int)args->threads,
                  .iterations = args->iterations > 0 ? args->iterations : NIGHT_ITERATIONS,
                  .progress = stop_when_signalled},
        .on_day = args->json || args->quiet ? NULL : print_day};
}

static int run_simulate(const arguments *args) {
    catch_signals();
    kerb_error err = {0};
    input in;
    ki_simulation result;
    ki_simulation_options options = make_simulation(args, find_policy(args->policy));
    kerb_status status = load_input(&in, args->operands[0], args, &err);
    if (status == KERB_OK && !args->json) print_head();
    if (status == KERB_OK) status = ki_simulate(&result, in.model, in.roads, &options, &err);
    if (status == KERB_OK && args->json) print_json(&options, &result);
    if (status == KERB_OK && !args->json) print_row("total", &result.total);
    int code = status == KERB_OK ? EXIT_DONE : report_error(&err);
    if (was_signalled()) code = EXIT_SIGNAL_NO_PLAN;
    free_input(&in);
    return code;
}

static const char *const synopsis[] = {
    "DISTRICT.yaml [--days N] [--policy fill|threshold|fixed|fixed_tuned|perfect] [OPTION]...",
    NULL};
static const option accepted[] = {
    WHOLE("--days", days, 1, 366, "nights that count (default 7)"),
    WORD("--policy", "fill|threshold|fixed|fixed_tuned|perfect", policy,
         "how containers are chosen (default fill)"),
    WHOLE("--settle", settle, 0, 366, "nights before those (default 0)"),
    RATIO("--sick", sick, "of the sensors that are ill (default 0.05)"),
    RATIO("--threshold", threshold, "policy threshold: fill from which a container is emptied"),
    RATIO("--must", must, "policy fill: fill from which it must be"),
    RATIO("--may", may, "policy fill: fill from which it may be"),
    WHOLE("--look-ahead", look_ahead, 0, 7,
          "policy fill: instead of the district's look_ahead_nights"),
    WHOLE("--collection-days", collection_days, 1, 7,
          "policies fill, fixed, fixed_tuned: of a week, on which trucks go out (default 7)"),
    RATIO("--rates", rates, "slows every container down to this share of its rate"),
    FLAG("--json", json, "the totals for a program"),
    FLAG("--quiet", quiet, "no row for each night"),
    COUNT_OPTIONS,
    INPUT_OPTIONS,
    LOG_OPTIONS};
static const example examples[] = {
    {"kerbside simulate district.yaml --days 14 --policy fill", "by fill"},
    {"kerbside simulate district.yaml --days 14 --policy fixed", "by fixed rounds, the same world"},
    {"kerbside simulate district.yaml --days 14 --policy fixed_tuned",
     "the rarest ones that keep 99.9 percent in it"}};
const verb_table simulate_verb = {
    .name = "simulate",
    .run = run_simulate,
    .job = "live through many nights in a seeded world",
    .synopsis = synopsis,
    .about =
        "Plans many nights from reports only and carries them out in a world that knows how full "
        "the containers really are. Policies side by side say what sensors would be worth here. "
        "fill: the planner's own choice, by reports. threshold: whatever is forecast above one "
        "fill. fixed: each container by the longest weekly pattern that keeps 99.9 percent of what "
        "is "
        "thrown in out of the street at its true mean rate. fixed_tuned: the same with one margin "
        "for all containers, the least that keeps 99.9 percent in this very world: the fair "
        "opponent, with the --collection-days that come cheapest. "
        "perfect: knows the true fill of today and tomorrow.",
    .options = LIST(accepted),
    .examples = LIST(examples),
    .min_operands = 1,
    .max_operands = 1};
