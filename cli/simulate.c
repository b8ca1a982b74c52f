/* SPDX-License-Identifier: GPL-3.0-or-later
 * simulate.c - kerbside simulate: many nights in a seeded world, planned from reports only. */
#include "io/simulate.h"

#include "command.h"
#include "io/rounds.h"
#include "io/simulate_page.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double SICK_RATIO = 0.05; /* of the sensors, as the district generator has it */
enum { DAYS = 7, NIGHT_ITERATIONS = 300, MOST_SEEDS = 64 };

static ki_policy find_policy(const char *name, size_t n) { /* one of those of the option's table */
    for (int at = 0; at < KI_N_POLICIES; at++) {
        const char *known = ki_policy_name((ki_policy)at);
        if (strlen(known) == n && strncmp(known, name, n) == 0) return (ki_policy)at;
    }
    return KI_POLICY_FILL;
}

static const int widths[KI_N_FIGURES] = {8, 7, 7, 8, 8, 7, 9, 9, 6, 10};
enum { NIGHT_WIDTH = 6, POLICY_WIDTH = 12 };

static void print_row(const char *name, int width, const double figures[KI_N_FIGURES]) {
    ki_text cell = spoken_text();
    add_word_cell(&cell, name, width);
    printf("%s", cell.bytes ? cell.bytes : "");
    for (int at = 0; at < KI_N_FIGURES; at++)
        if (isnan(figures[at]))
            printf(" %*s", widths[at], "");
        else
            printf(" %*.*f", widths[at] - !at, ki_figure_decimals((ki_figure)at), figures[at]);
    printf("\n");
    ki_text_free(&cell);
}

static void print_figures(const char *name, const ki_day *day) {
    double figures[KI_N_FIGURES];
    for (int at = 0; at < KI_N_FIGURES; at++)
        figures[at] = ki_figure_of(day, (ki_figure)at);
    print_row(name, NIGHT_WIDTH, figures);
}

static void print_head(const char *first, int width) {
    ki_text head = spoken_text();
    kerb_error err = {0};
    ki_text_add_cell(&head, ki_text_word(&head, first), width);
    for (int at = 0; at < KI_N_FIGURES; at++) {
        const char *word = ki_text_word(&head, ki_figure_word((ki_figure)at));
        const char *unit = at == KI_FIGURE_FILL ? ki_figure_unit((ki_figure)at) : "";
        ki_text_add(&head, " ");
        ki_text_add_cell(&head, word, (int)strlen(unit) - widths[at]);
        ki_text_add(&head, "%s", unit);
    }
    ki_text_add(&head, "\n");
    if (print_spoken(stdout, &head, &err) != KERB_OK) report_error(&err);
}

/* Policies side by side, a mean and below it half of its interval. */
static void print_estimates(const ki_runs *runs) {
    print_head("policy", POLICY_WIDTH);
    for (int policy = 0; policy < runs->n_policies; policy++) {
        double means[KI_N_FIGURES], halves[KI_N_FIGURES];
        for (int at = 0; at < KI_N_FIGURES; at++) {
            ki_estimate got = ki_runs_estimate(runs, policy, (ki_figure)at);
            means[at] = got.mean;
            halves[at] = got.half;
        }
        print_row(ki_policy_name(runs->runs[policy * runs->n_seeds].policy), POLICY_WIDTH, means);
        if (runs->n_seeds > 1) print_row("±", POLICY_WIDTH, halves);
    }
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

/* ---- runs ------------------------------------------------------------------------------------ */

typedef struct session {
    const arguments *args;
    ki_runs runs;
    ki_simulated *now;
    ki_rounds rounds; /* of --rounds */
    int told;         /* how many of its rows were passed over */
    int is_single;    /* its nights are printed as they pass */
} session;

static void take_day(int32_t number, const ki_day *day, void *payload) {
    session *all = payload;
    char name[16];
    all->now->days[number - 1] = *day;
    if (!all->is_single || all->args->json || all->args->quiet) return;
    snprintf(name, sizeof name, "%d", (int)number);
    print_figures(name, day);
    fflush(stdout);
}

static ki_simulation_options make_simulation(session *all) {
    const arguments *args = all->args;
    return (ki_simulation_options){
        .policy = all->now->policy,
        .days = all->runs.n_days,
        .settle_days = (int32_t)args->settle,
        .must_ratio = args->must > 0 ? args->must : 0,
        .may_ratio = args->may > 0 ? args->may : 0,
        .threshold_ratio = args->threshold > 0 ? args->threshold : 0,
        .look_ahead_nights = (int32_t)args->look_ahead,
        .collection_days = (int32_t)args->collection_days,
        .rounds = args->rounds ? &all->rounds : NULL,
        .rate_factor = args->rates > 0 ? args->rates : 1,
        .sick_ratio = args->sick >= 0 ? args->sick : SICK_RATIO,
        .solve = {.seed = all->now->seed,
                  .threads = (int)args->threads,
                  .iterations = args->iterations > 0 ? args->iterations : NIGHT_ITERATIONS,
                  .progress = stop_when_signalled},
        .on_day = take_day,
        .payload = all};
}

static kerb_status run_one(session *all, const input *in, kerb_error *err) {
    ki_simulation result;
    ki_simulation_options options = make_simulation(all);
    kerb_status status = ki_simulate(&result, in->model, in->roads, &options, err);
    if (status != KERB_OK) return status;
    all->now->total = result.total;
    all->runs.name = result.district;
    all->runs.currency = result.currency;
    all->runs.n_containers = result.n_containers;
    if (result.n_passed_over && !all->told++)
        log_line("warning",
                 "%s: %zu of %zu rows passed over: no such container, or its vehicle cannot take "
                 "it",
                 all->args->rounds, result.n_passed_over, all->rounds.n);
    if (all->args->json) print_json(&options, &result);
    if (all->is_single && !all->args->json) print_figures("total", &result.total);
    return KERB_OK;
}

static int count_policies(const char *list) {
    int n = 1;
    for (; *list; list++)
        n += *list == ',';
    return n;
}

static kerb_status begin(session *all, kerb_error *err) {
    const arguments *args = all->args;
    const char *policies = args->policy ? args->policy : "fill";
    uint64_t seeds[MOST_SEEDS] = {(uint64_t)args->seed};
    int n_seeds = 1;
    kerb_status status = KERB_OK;
    if (args->seeds) status = ki_seeds_read(seeds, &n_seeds, MOST_SEEDS, args->seeds, err);
    if (status == KERB_OK)
        status = ki_runs_new(&all->runs, count_policies(policies), n_seeds,
                             args->days > 0 ? (int32_t)args->days : DAYS, err);
    if (status != KERB_OK) return status;
    all->is_single = all->runs.n_policies * n_seeds == 1;
    for (int policy = 0; policy < all->runs.n_policies; policy++) {
        size_t n = strcspn(policies, ",");
        for (int seed = 0; seed < n_seeds; seed++) {
            ki_simulated *run = &all->runs.runs[policy * n_seeds + seed];
            run->policy = find_policy(policies, n);
            run->seed = seeds[seed];
        }
        policies += n + (policies[n] == ',');
    }
    return KERB_OK;
}

static kerb_status run_all(session *all, const input *in, kerb_error *err) {
    kerb_status status = begin(all, err);
    const ki_runs *runs = &all->runs;
    int is_text = !all->args->json, n_runs = runs->n_policies * runs->n_seeds;
    if (status == KERB_OK && all->args->rounds)
        status = ki_rounds_read(&all->rounds, all->args->rounds, err);
    if (status == KERB_OK && is_text && all->is_single) print_head("day", NIGHT_WIDTH);
    for (int run = 0; run < n_runs && status == KERB_OK; run++) {
        all->now = &all->runs.runs[run];
        status = run_one(all, in, err);
    }
    if (status == KERB_OK && is_text && !all->is_single) print_estimates(runs);
    if (status != KERB_OK || !all->args->page) return status;
    status = ki_simulate_page(all->args->page, runs, (int)spoken(), err);
    if (status == KERB_OK && is_text) log_format(stdout, "written   %s\n", all->args->page);
    return status;
}

static int asks_for_rounds(const arguments *args) {
    return args->policy && strstr(args->policy, ki_policy_name(KI_POLICY_AS_IS)) != NULL;
}

static int run_simulate(const arguments *args) {
    if (asks_for_rounds(args) && !args->rounds) {
        log_line("error", "policy as_is: --rounds TABLE says which rounds");
        return EXIT_USAGE;
    }
    catch_signals();
    kerb_error err = {0};
    input in;
    session all = {.args = args};
    kerb_status status = load_input(&in, args->operands[0], args, &err);
    if (status == KERB_OK) status = run_all(&all, &in, &err);
    int code = status == KERB_OK ? EXIT_DONE : report_error(&err);
    if (was_signalled()) code = EXIT_SIGNAL_NO_PLAN;
    ki_runs_free(&all.runs);
    ki_rounds_free(&all.rounds);
    free_input(&in);
    return code;
}

static const char *const synopsis[] = {
    "DISTRICT.yaml [--days N] [--policy fill|threshold|fixed|fixed_tuned|perfect|as_is[,...]]",
    "[--rounds TABLE] [--seeds N,N,...] [--page OUT.html] [OPTION]...", NULL};
static const option accepted[] = {
    WHOLE("--days", days, 1, 366, "nights that count (default 7)"),
    WORDS("--policy", "fill|threshold|fixed|fixed_tuned|perfect|as_is", policy,
          "how containers are chosen (default fill); several, with commas between: side by side"),
    TEXT("--seeds", "N,N,...", seeds, "several worlds: means, and how sure they are"),
    PATH("--rounds", "TABLE", rounds,
         "policy as_is: the present rounds; columns vehicle, order, container, and day (mon to "
         "sun; none: daily)"),
    PATH("--page", "OUT.html", page, "the table and the curves, as a page"),
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
     "the rarest ones that keep 99.9 percent in it"},
    {"kerbside simulate district.yaml --policy fill,fixed_tuned --seeds 1,2,3 --page worth.html",
     "both in three worlds, with curves"},
    {"kerbside simulate district.yaml --policy as_is,fill --rounds rounds.csv",
     "the present rounds, and by fill"}};
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
        "perfect: knows the true fill of today and tomorrow. as_is: the rounds that are driven "
        "today, as --rounds has them.",
    .options = LIST(accepted),
    .examples = LIST(examples),
    .min_operands = 1,
    .max_operands = 1};
