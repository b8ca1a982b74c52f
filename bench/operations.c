/* SPDX-License-Identifier: GPL-3.0-or-later
 * operations.c - what a dispatcher waits for: random events in nights under way, each re-planned
 * from the plan of the evening, timed until the first checked answer. One row an event; the last
 * lines of the output are the median and the 99th percentile. */
#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/rng.h"
#include "base/sort.h"
#include "base/text.h"
#include "bench.h"
#include "bench/sealed_input.h"
#include "model/draft.h"
#include "plan/plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_EVENTS = 100000 };

static const char columns[] =
    "district,tasks,event,what,minute,rest_s,seal_s,answer_s,first_checked_s,violations,moved,"
    "served,left_out_must\n";

typedef struct night {
    const char *path;
    sealed_input in;
    kerb_plan *plan;
    size_t n_tasks;
} night;

typedef struct bench {
    ki_text rows;
    double *seconds;
    size_t n, n_violations, n_infeasible;
} bench;

static kerb_status open_night(night *at, const char *path, int64_t iterations, kerb_error *err) {
    kerb_options search = {.seed = 1, .iterations = iterations};
    *at = (night){.path = path};
    KI_TRY(sealed_input_load(&at->in, path, NULL, err));
    KI_TRY(kerb_plan_solve(&at->plan, at->in.model, &search, err));
    for (int32_t route = 0; route < at->plan->n_routes; route++)
        at->n_tasks += (size_t)at->plan->routes[route].n_served;
    return KERB_OK;
}

static void close_night(night *at) {
    kerb_plan_free(at->plan);
    sealed_input_free(&at->in);
}

/* ---- events ---------------------------------------------------------------------------------- */

static const ki_plan_route *any_route(ki_rng *rng, const kerb_plan *plan) {
    return &plan->routes[ki_rng_below(rng, (uint32_t)plan->n_routes)];
}

static const char *any_work(ki_rng *rng, const kerb_plan *plan) {
    return plan->decisions[ki_rng_below(rng, (uint32_t)plan->n_decisions)].id;
}

/* A stretch of road that some route drives: the run of a leg. */
static void close_run(ki_rng *rng, const kerb_plan *plan, kerb_event *event) {
    const ki_plan_route *route = any_route(rng, plan);
    const ki_plan_leg *leg = &route->stops[1 + ki_rng_below(rng, (uint32_t)route->n_stops - 1)].leg;
    if (leg->n_runs < 1) return;
    const ki_plan_run *run = &leg->runs[ki_rng_below(rng, (uint32_t)leg->n_runs)];
    event->way_id = run->way_id;
    event->from_node = run->from_node;
    event->to_node = run->to_node;
}

/* Any container that is none of those already planned may overflow. */
static kerb_event any_event(ki_rng *rng, const night *at) {
    static const kerb_event_kind KINDS[] = {
        KERB_EVENT_VEHICLE_DOWN,  KERB_EVENT_OVERFLOWING, KERB_EVENT_STREET_CLOSED,
        KERB_EVENT_FACILITY_SHUT, KERB_EVENT_MOVE,        KERB_EVENT_FORBID,
        KERB_EVENT_PIN,           KERB_EVENT_LEAVE_OUT,   KERB_EVENT_FAILED};
    const kerb_plan *plan = at->plan;
    const ki_draft *draft = &at->in.model->draft;
    kerb_event event = {.kind = KINDS[ki_rng_below(rng, sizeof KINDS / sizeof *KINDS)]};
    event.id = any_work(rng, plan);
    event.vehicle = any_route(rng, plan)->vehicle;
    if (event.kind == KERB_EVENT_OVERFLOWING)
        event.id = draft->containers[ki_rng_below(rng, (uint32_t)draft->n_containers)].id;
    if (event.kind == KERB_EVENT_FACILITY_SHUT)
        event.id = draft->facilities[ki_rng_below(rng, (uint32_t)draft->n_facilities)].id;
    if (event.kind == KERB_EVENT_STREET_CLOSED) close_run(rng, plan, &event);
    if (event.kind == KERB_EVENT_FAILED) event.vehicle = NULL;
    if (event.kind == KERB_EVENT_STREET_CLOSED && event.way_id == 0)
        event.kind = KERB_EVENT_LEAVE_OUT;
    return event;
}

static int32_t any_minute(ki_rng *rng, const kerb_plan *plan) {
    const ki_plan_route *route = any_route(rng, plan);
    int32_t span_ms = route->spell_end_ms - route->spell_start_ms;
    return (route->spell_start_ms + (int32_t)ki_rng_below(rng, (uint32_t)span_ms)) / 60000;
}

/* ---- one event ------------------------------------------------------------------------------- */

/* The shift that serves it; NULL: none. */
static const char *server_of(const kerb_plan *plan, const ki_plan_stop *stop) {
    for (int32_t route = 0; route < plan->n_routes; route++)
        for (int32_t at = 1; at < plan->routes[route].n_stops - 1; at++) {
            const ki_plan_stop *other = &plan->routes[route].stops[at];
            if (other->kind == stop->kind && strcmp(other->id, stop->id) == 0)
                return plan->routes[route].shift;
        }
    return NULL;
}

static size_t count_moved(const kerb_plan *before, const kerb_plan *after) {
    size_t n = 0;
    for (int32_t route = 0; route < after->n_routes; route++)
        for (int32_t at = 1; at < after->routes[route].n_stops - 1; at++) {
            const ki_plan_stop *stop = &after->routes[route].stops[at];
            const char *had = stop->kind == KI_STOP_TIP ? NULL : server_of(before, stop);
            n += had && strcmp(had, after->routes[route].shift) != 0;
        }
    return n;
}

static kerb_status run_event(bench *at, const night *from, int number, uint64_t seed,
                             kerb_error *err) {
    ki_rng rng;
    kerb_model *rest = NULL;
    kerb_plan *plan = NULL;
    kerb_options options = {.seed = 1, .iterations = -1};
    size_t n_violations = 0;
    ki_rng_seed(&rng, seed, (uint64_t)number);
    kerb_event event = any_event(&rng, from);
    int32_t minute = any_minute(&rng, from->plan);
    int64_t now_s = from->plan->night_start_s + minute * 60;
    double start_s = ki_clock_cpu_s();
    kerb_status status = kerb_model_after(&rest, from->in.model, from->plan, &event, 1, now_s, err);
    double rest_s = ki_clock_cpu_s();
    if (status == KERB_OK) status = kerb_model_seal(rest, NULL, err);
    double sealed_s = ki_clock_cpu_s();
    if (status == KERB_OK) status = kerb_plan_replan(&plan, rest, from->plan, &options, err);
    double answered_s = ki_clock_cpu_s();
    if (status == KERB_OK) status = kerb_plan_check(plan, rest, &n_violations, NULL, err);
    if (status == KERB_OK) {
        kerb_plan_totals totals;
        kerb_plan_get_totals(plan, &totals);
        size_t n_moved = count_moved(from->plan, plan);
        ki_text_add(&at->rows, "%s,%zu,%d,%s,%d,%.4f,%.4f,%.4f,%.4f,%zu,%zu,%zu,%zu\n", from->path,
                    from->n_tasks, number, kerb_event_name(event.kind), (int)minute,
                    rest_s - start_s, sealed_s - rest_s, answered_s - sealed_s,
                    answered_s - start_s, n_violations, n_moved, totals.n_served,
                    totals.n_unserved_must);
        at->seconds[at->n++] = answered_s - start_s;
        at->n_violations += n_violations;
    }
    kerb_plan_free(plan);
    kerb_model_free(rest);
    if (status != KERB_INFEASIBLE) return status;
    at->n_infeasible++; /* the only vehicle is down: nothing to plan with */
    return KERB_OK;
}

static void print_summary(bench *at) {
    if (at->n == 0) return;
    qsort(at->seconds, at->n, sizeof *at->seconds, ki_compare_doubles);
    printf("%zu events re-planned, %zu without a vehicle left; violations %zu\n", at->n,
           at->n_infeasible, at->n_violations);
    printf("first checked answer, CPU s: median %.3f, 99th percentile %.3f, longest %.3f\n",
           at->seconds[at->n / 2], at->seconds[(at->n * 99) / 100], at->seconds[at->n - 1]);
}

static kerb_status run_district(bench *at, const char *path, int n_events, int64_t iterations,
                                uint64_t seed, kerb_error *err) {
    night from;
    kerb_status status = open_night(&from, path, iterations, err);
    for (int number = 1; status == KERB_OK && number <= n_events; number++)
        status = run_event(at, &from, number, seed, err);
    close_night(&from);
    return status;
}

int bench_operations(int argc, char **argv) {
    const char *output = bench_option(argc, argv, "-o");
    int failed = 0, n_districts = 0;
    kerb_error err = {0};
    bench at = {0};
    while (bench_operand(argc, argv, n_districts))
        n_districts++;
    int n_events = (int)bench_number(argc, argv, "--events", 200, 1, MOST_EVENTS, &failed);
    double iterations = bench_number(argc, argv, "--iterations", 20000, 1, 1e9, &failed);
    double seed = bench_number(argc, argv, "--seed", 1, 0, 1e9, &failed);
    if (failed) return 2;
    int each = n_districts ? (n_events + n_districts - 1) / n_districts : 0;
    at.seconds = ki_alloc_zero((size_t)each * (size_t)n_districts + 1, sizeof *at.seconds);
    if (!at.seconds) return 70;
    ki_text_add(&at.rows, "%s", columns);
    kerb_status status = KERB_OK;
    for (int index = 0; index < n_districts && status == KERB_OK; index++)
        status = run_district(&at, bench_operand(argc, argv, index), each, (int64_t)iterations,
                              (uint64_t)seed + (uint64_t)index, &err);
    if (status == KERB_OK && output)
        status = kerb_file_write(output, at.rows.bytes, at.rows.length, &err);
    print_summary(&at);
    ki_text_free(&at.rows);
    ki_free(at.seconds);
    return status == KERB_OK ? at.n_violations != 0 : bench_report(&err);
}
