/* SPDX-License-Identifier: GPL-3.0-or-later
 * nights.c - districts with rules added at random: packed and unpacked, planned on one thread and
 * on two, checked, re-planned at a random minute without an event. One row a night. */
#include "base/clock.h"
#include "base/error.h"
#include "base/rng.h"
#include "base/text.h"
#include "bench.h"
#include "bench/random_rules.h"
#include "bench/sealed_input.h"
#include "plan/plan.h"

#include <stdio.h>
#include <string.h>

enum { MOST_NIGHTS = 100000 };

static const char columns[] =
    "district,seed,rules,status,routes,served,left_out_must,cost,lower,gap_percent,violations,"
    "same_bytes,rest_violations,cpu_s\n";

typedef struct night {
    kerb_model *model;
    kerb_plan *plan;
    uint8_t *bytes;
    size_t n_bytes;
} night;

typedef struct tally {
    ki_text rows;
    int n, n_sound, n_infeasible, n_refused, n_violated, n_other_bytes, n_above, n_unproved,
        n_rests_violated;
} tally;

static void close_night(night *at) {
    kerb_plan_free(at->plan);
    kerb_model_free(at->model);
    kerb_buffer_free(at->bytes);
    *at = (night){0};
}

/* The district's problem, changed, through a message: as a program would hand it in. */
static kerb_status make_night(night *at, const sealed_input *in, uint64_t seed, ki_text *names,
                              kerb_error *err) {
    kerb_model *copy = NULL;
    KI_TRY(sealed_input_copy(&copy, in, in->model, err));
    kerb_status status = bench_random_rules(copy, seed, names, err);
    if (status == KERB_OK) status = sealed_input_copy(&at->model, in, copy, err);
    kerb_model_free(copy);
    return status == KERB_OK ? kerb_model_seal(at->model, NULL, err) : status;
}

static kerb_status plan_night(night *at, int64_t iterations, int threads, kerb_error *err) {
    kerb_options options = {.seed = 1, .iterations = iterations, .threads = threads};
    KI_TRY(kerb_plan_solve(&at->plan, at->model, &options, err));
    return kerb_plan_pack(at->plan, &at->bytes, &at->n_bytes, err);
}

static int32_t count_hauls(const kerb_plan *plan) {
    int32_t n = 0;
    for (int32_t route = 0; route < plan->n_routes; route++)
        for (int32_t stop = 0; stop < plan->routes[route].n_stops; stop++)
            n += plan->routes[route].stops[stop].kind == KI_STOP_LOAD;
    return n;
}

/* Hauls of the earlier plan that were still to come. */
static int32_t count_hauls_to_come(const ki_draft *draft) {
    int32_t n = 0;
    for (size_t plan = 0; plan < draft->n_earlier_plans; plan++)
        for (size_t route = 0; route < draft->earlier_plans[plan].n_routes; route++) {
            const kerb_earlier_route *from = &draft->earlier_plans[plan].routes[route];
            for (size_t stop = 0; stop < from->n_stops; stop++)
                n += from->stops[stop].stream && !from->stops[stop].fixed;
        }
    return n;
}

/* At some minute, without an event: what is left of the plan is still sound, and no haul is lost.
 */
static kerb_status replan_night(size_t *n_violations, const night *at, ki_rng *rng,
                                kerb_error *err) {
    kerb_model *model = NULL;
    kerb_plan *plan = NULL;
    kerb_options options = {.seed = 1, .iterations = -1};
    int64_t now_s = at->plan->night_start_s + 60 * (int64_t)ki_rng_below(rng, (uint32_t)(10 * 60));
    kerb_status status = kerb_model_after(&model, at->model, at->plan, NULL, 0, now_s, err);
    if (status == KERB_OK) status = kerb_model_seal(model, NULL, err);
    if (status == KERB_OK) status = kerb_plan_replan(&plan, model, at->plan, &options, err);
    if (status == KERB_OK) status = kerb_plan_check(plan, model, n_violations, NULL, err);
    if (status == KERB_OK) *n_violations += count_hauls(plan) < count_hauls_to_come(&model->draft);
    kerb_plan_free(plan);
    kerb_model_free(model);
    return status == KERB_INFEASIBLE ? KERB_OK : status; /* every shift is over */
}

static void add_row(tally *to, const char *path, uint64_t seed, const char *rules, const night *at,
                    size_t n_violations, int same_bytes, size_t n_later, double cpu_s) {
    kerb_plan_totals totals;
    kerb_plan_get_totals(at->plan, &totals);
    double cost = (double)at->plan->cost_nano * 1e-9, lower = (double)at->plan->bound_nano * 1e-9;
    int above = at->plan->bound_nano > at->plan->cost_nano;
    ki_text_add(&to->rows, "%s,%llu,%s,planned,%d,%zu,%zu,%.2f,%.2f,%.3f,%zu,%s,%zu,%.2f\n", path,
                (unsigned long long)seed, rules, (int)at->plan->n_routes, totals.n_served,
                totals.n_unserved_must, cost, lower, cost > 0 ? 100 * (cost - lower) / cost : 0,
                n_violations, same_bytes ? "yes" : "no", n_later, cpu_s);
    to->n_violated += n_violations > 0;
    to->n_other_bytes += !same_bytes;
    to->n_above += above;
    to->n_unproved += strcmp(at->plan->relaxation, "none") == 0;
    to->n_rests_violated += n_later > 0;
    to->n_sound += !n_violations && same_bytes && !above && !n_later;
}

static kerb_status judge(tally *to, const char *path, uint64_t seed, const char *rules, night *one,
                         night *two, double begun_s, kerb_error *err) {
    ki_rng rng;
    size_t n_violations = 0, n_later = 0;
    ki_rng_seed(&rng, seed, 31);
    KI_TRY(kerb_plan_check(one->plan, one->model, &n_violations, NULL, err));
    KI_TRY(replan_night(&n_later, one, &rng, err));
    int same = one->n_bytes == two->n_bytes && memcmp(one->bytes, two->bytes, one->n_bytes) == 0;
    add_row(to, path, seed, rules, one, n_violations, same, n_later, ki_clock_cpu_s() - begun_s);
    return KERB_OK;
}

static kerb_status run_night(tally *to, const char *path, const sealed_input *in, uint64_t seed,
                             int64_t iterations, kerb_error *err) {
    night one = {0}, two = {0};
    ki_text rules = {0};
    double begun_s = ki_clock_cpu_s();
    to->n++;
    kerb_status status = make_night(&one, in, seed, &rules, err);
    int is_refused = status == KERB_BAD_INPUT;
    if (status == KERB_OK) status = plan_night(&one, iterations, 1, err);
    if (status == KERB_OK) {
        ki_text ignored = {0};
        status = make_night(&two, in, seed, &ignored, err);
        ki_text_free(&ignored);
    }
    if (status == KERB_OK) status = plan_night(&two, iterations, 2, err);
    if (status == KERB_OK)
        status = judge(to, path, seed, rules.bytes ? rules.bytes : "", &one, &two, begun_s, err);
    /* No vehicle is left, or a ban lies on a depot. */
    if (status == KERB_INFEASIBLE || is_refused) {
        ki_text_add(&to->rows, "%s,%llu,%s,%s,,,,,,,,,,%.2f\n", path, (unsigned long long)seed,
                    rules.bytes ? rules.bytes : "", is_refused ? "refused" : "infeasible",
                    ki_clock_cpu_s() - begun_s);
        to->n_infeasible += !is_refused;
        to->n_refused += is_refused;
        fprintf(stderr, "seed %llu: %s\n", (unsigned long long)seed, err->message);
        status = KERB_OK;
    }
    if (status != KERB_OK)
        fprintf(stderr, "%s, seed %llu, %s:\n", path, (unsigned long long)seed,
                rules.bytes ? rules.bytes : "");
    ki_text_free(&rules);
    close_night(&one);
    close_night(&two);
    return status;
}

static kerb_status run_district(tally *to, const char *path, int n_nights, uint64_t seed,
                                int64_t iterations, kerb_error *err) {
    sealed_input in;
    KI_TRY(sealed_input_load(&in, path, NULL, err));
    kerb_status status = KERB_OK;
    for (int number = 0; status == KERB_OK && number < n_nights; number++)
        status = run_night(to, path, &in, seed + (uint64_t)number, iterations, err);
    sealed_input_free(&in);
    return status;
}

int bench_nights(int argc, char **argv) {
    const char *output = bench_option(argc, argv, "-o");
    int failed = 0, n_districts = 0;
    kerb_error err = {0};
    tally at = {0};
    while (bench_operand(argc, argv, n_districts))
        n_districts++;
    int n_nights = (int)bench_number(argc, argv, "--nights", 500, 1, MOST_NIGHTS, &failed);
    double iterations = bench_number(argc, argv, "--iterations", 400, 1, 1e9, &failed);
    double seed = bench_number(argc, argv, "--seed", 1, 0, 1e9, &failed);
    if (failed || !n_districts) return 2;
    ki_text_add(&at.rows, "%s", columns);
    kerb_status status = KERB_OK;
    for (int index = 0; index < n_districts && status == KERB_OK; index++) {
        int share = (n_nights + index) / n_districts;
        status = run_district(&at, bench_operand(argc, argv, index), share,
                              (uint64_t)seed + 100000 * (uint64_t)index, (int64_t)iterations, &err);
    }
    if (at.rows.failed && status == KERB_OK) status = ki_fail_no_memory(&err, "the rows");
    if (output && at.rows.length) {
        kerb_error late = {0};
        kerb_status written = kerb_file_write(output, at.rows.bytes, at.rows.length,
                                              status == KERB_OK ? &err : &late);
        if (status == KERB_OK) status = written;
    }
    printf("%d nights: %d sound, %d without a vehicle, %d refused; violated %d, other bytes on two "
           "threads %d, "
           "bound above cost %d, without a bound %d, rest of the night violated %d\n",
           at.n, at.n_sound, at.n_infeasible, at.n_refused, at.n_violated, at.n_other_bytes,
           at.n_above, at.n_unproved, at.n_rests_violated);
    ki_text_free(&at.rows);
    if (status != KERB_OK) return bench_report(&err);
    return at.n_sound + at.n_infeasible + at.n_refused == at.n ? 0 : 6;
}
