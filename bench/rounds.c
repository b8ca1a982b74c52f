/* SPDX-License-Identifier: GPL-3.0-or-later
 * rounds.c - kerbside-bench rounds: a city's present rounds, priced by the model the plan is made
 * with, so that the two can be put side by side.
 *
 * rounds.csv has the columns vehicle (or the id of a shift), order and container; with a column day
 * (mon to sun) only tonight's rows count. Who drives what
 * in which order stands; what no list says is filled in as a good driver would:
 *   - to tip when the next container does not fit, and at the end (a full truck is not foreseen);
 *   - where to stop for a container and at which facility to tip: together the cheapest, by dynamic
 *     programming over the sequence;
 *   - a break where one is due, when it first may be taken.
 * A round that breaks a rule is priced all the same, and each rule it breaks is named. */
#include "io/rounds.h"
#include "base/alloc.h"
#include "base/error.h"
#include "bench.h"
#include "bench/foreign_plan.h"
#include "bench/sealed_input.h"
#include "demand/rate.h"
#include "io/rounds_lay.h"
#include "model/draft.h"
#include "model/model.h"
#include "route/walk.h"

#include <stdio.h>
#include <string.h>

typedef struct rounds {
    const char *path;
    ki_rounds read;
    ki_visit *visits; /* tonight's, by vehicle, then order */
    size_t n, n_unknown;
} rounds;

/* Of the rows those of tonight's weekday stay. */
static void keep_tonight(rounds *in, const kerb_district *district) {
    int64_t ends_s;
    int32_t weekday = ki_weekday(district->night_start_s, district->utc_offset_s, &ends_s);
    in->visits = in->read.visits;
    for (size_t at = 0; at < in->read.n; at++)
        if (ki_visit_is_on(&in->read.visits[at], weekday))
            in->visits[in->n++] = in->read.visits[at];
}

/* What is on a round is emptied, whatever its fill; the rest stays as the district decides. */
static kerb_status force_visited(rounds *in, kerb_model *model, kerb_error *err) {
    ki_ids ids;
    ki_draft *draft = &model->draft;
    if (ki_ids_build(&ids, &in->read.arena, draft->n_containers ? &draft->containers->id : NULL,
                     draft->n_containers, sizeof *draft->containers))
        return ki_fail_no_memory(err, in->path);
    for (size_t at = 0; at < in->n; at++) {
        int32_t bin = ki_ids_find(&ids, in->visits[at].container);
        if (bin >= 0) {
            draft->containers[bin].force = KERB_FORCE_IN;
            continue;
        }
        printf("record %lld: no container %s: passed over\n", (long long)in->visits[at].record,
               in->visits[at].container);
        in->visits[at].container = NULL;
        in->n_unknown++;
    }
    return KERB_OK;
}

/* ---- rounds as routes ------------------------------------------------------------------------ */

/* The first shift of the vehicle that takes place tonight and has no round yet; -1: none. */
static int32_t shift_of(const foreign_plan *plan, const char *vehicle) {
    const ki_draft *draft = &plan->model->draft;
    for (size_t shift = 0; shift < draft->n_shifts; shift++) {
        int named = strcmp(draft->shifts[shift].id, vehicle) == 0 ||
                    strcmp(draft->shifts[shift].vehicle_id, vehicle) == 0;
        int taken = 0;
        for (size_t at = 0; at < plan->n_routes; at++)
            taken |= plan->shifts[at] == (int32_t)shift;
        if (named && !taken && ki_type_of_shift(plan->model->sealed, (int32_t)shift) >= 0)
            return (int32_t)shift;
    }
    return -1;
}

/* The tasks of one vehicle's rows; what is none tonight, or none of its own, is named. */
static int32_t tasks_of(const foreign_plan *plan, rounds *in, size_t first, size_t end,
                        int32_t shift, int32_t *tasks) {
    const ki_model *model = plan->model->sealed;
    int32_t n = 0;
    for (size_t at = first; at < end; at++) {
        if (!in->visits[at].container) continue;
        tasks[n] = ki_ids_find(&plan->task_ids, in->visits[at].container);
        if (tasks[n] >= 0 && ki_rounds_may_serve(model, ki_type_of_shift(model, shift), tasks[n])) {
            n++;
            continue;
        }
        printf("record %lld: %s cannot be served by %s: passed over\n",
               (long long)in->visits[at].record, in->visits[at].container,
               tasks[n] >= 0 ? plan->model->draft.shifts[shift].id : "any vehicle");
        in->n_unknown++;
    }
    return n;
}

static kerb_status add_round(foreign_plan *plan, rounds *in, size_t first, size_t end,
                             kerb_error *err) {
    int32_t shift = shift_of(plan, in->visits[first].vehicle);
    if (shift < 0)
        return ki_fail(err, KERB_BAD_INPUT,
                       "%s, record %lld, field vehicle: %.60s, expected a vehicle or shift that is "
                       "out tonight",
                       in->path, (long long)in->visits[first].record, in->visits[first].vehicle);
    int32_t *tasks = ki_alloc_zero(end - first, sizeof *tasks);
    if (!tasks ||
        ki_grow(&plan->routes, &plan->routes_capacity, plan->n_routes + 1, sizeof *plan->routes) ||
        ki_grow(&plan->shifts, &plan->shifts_capacity, plan->n_routes + 1, sizeof *plan->shifts)) {
        ki_free(tasks);
        return ki_fail_no_memory(err, in->path);
    }
    int32_t n = tasks_of(plan, in, first, end, shift, tasks);
    kerb_status status = KERB_OK;
    if (n) {
        plan->shifts[plan->n_routes] = shift;
        status = ki_rounds_lay(&plan->routes[plan->n_routes++], plan->model->sealed,
                               ki_type_of_shift(plan->model->sealed, shift), tasks, n, err);
    }
    ki_free(tasks);
    return status;
}

static kerb_status add_rounds(foreign_plan *plan, rounds *in, kerb_error *err) {
    for (size_t first = 0, end; first < in->n; first = end) {
        for (end = first + 1; end < in->n; end++)
            if (strcmp(in->visits[end].vehicle, in->visits[first].vehicle) != 0) break;
        KI_TRY(add_round(plan, in, first, end, err));
    }
    return KERB_OK;
}

/* ---- prices ---------------------------------------------------------------------------------- */

/* Each round by itself, whether it keeps the rules or not. */
static int64_t print_rounds(const foreign_plan *plan) {
    const ki_model *model = plan->model->sealed;
    int64_t cost_nano = 0;
    for (size_t at = 0; at < plan->n_routes; at++) {
        const ki_route *route = &plan->routes[at];
        ki_route_value value;
        int32_t n_tips = 0, n_tasks = 0;
        for (int32_t stop = 0; stop < route->n_stops; stop++) {
            n_tips += route->stops[stop].task == KI_TIP;
            n_tasks += route->stops[stop].task >= 0;
        }
        ki_route_evaluate(model, route, &value, NULL);
        cost_nano += value.cost_nano;
        printf("shift %-10s %4d containers, %2d tips, %7.1f km, %5.2f h, %10.2f%s\n",
               plan->model->draft.shifts[plan->shifts[at]].id, n_tasks, n_tips,
               (double)value.length_mm * 1e-6, value.spell_ms / 3.6e6,
               (double)value.cost_nano * 1e-9, value.feasible ? "" : "  breaks a rule");
    }
    return cost_nano;
}

static int64_t left_out_nano(const foreign_plan *plan) {
    const ki_model *model = plan->model->sealed;
    int64_t nano = 0;
    for (int32_t task = 0; task < model->n_tasks; task++)
        nano += ki_cost_left_out(model, task);
    for (size_t at = 0; at < plan->n_routes; at++)
        for (int32_t stop = 0; stop < plan->routes[at].n_stops; stop++)
            if (plan->routes[at].stops[stop].task >= 0)
                nano -= ki_cost_left_out(model, plan->routes[at].stops[stop].task);
    return nano;
}

static kerb_status price(rounds *in, const kerb_model *model, const char *plan_path, int *code,
                         kerb_error *err) {
    foreign_plan plan;
    foreign_verdict verdict;
    ki_text report = {0};
    kerb_plan *made = NULL;
    kerb_status status = foreign_plan_begin(&plan, model, in->path, err);
    if (status == KERB_OK) status = add_rounds(&plan, in, err);
    if (status == KERB_OK) status = foreign_plan_judge(&plan, &verdict, &report, &made, err);
    if (status == KERB_OK) {
        int64_t routes_nano = print_rounds(&plan), left_nano = left_out_nano(&plan);
        if (report.bytes) fputs(report.bytes, stdout);
        printf("{\"cost\": %.9f, \"cost_routes\": %.9f, \"cost_left_out\": %.9f, \"routes\": %zu, "
               "\"km\": %.3f, \"hours\": %.3f, \"violations\": %zu, \"left_out\": %d, "
               "\"musts_left_out\": %d, \"passed_over\": %zu}\n",
               (double)(routes_nano + left_nano) * 1e-9, (double)routes_nano * 1e-9,
               (double)left_nano * 1e-9, plan.n_routes, (double)verdict.length_mm * 1e-6,
               (double)verdict.spell_ms / 3.6e6, verdict.n_violations, verdict.n_left_out,
               verdict.n_musts_left_out, in->n_unknown);
        *code = verdict.n_violations ? 6 : 0;
        if (made && plan_path) status = kerb_plan_write(made, plan_path, err);
    }
    kerb_plan_free(made);
    ki_text_free(&report);
    foreign_plan_free(&plan);
    return status;
}

int bench_rounds(int argc, char **argv) {
    const char *path = bench_operand(argc, argv, 0), *csv = bench_operand(argc, argv, 1);
    if (!path || !csv) {
        fprintf(stderr, "usage: kerbside-bench rounds DISTRICT.yaml|problem.pb rounds.csv "
                        "[--roads EXTRACT] [-o plan.pb]\n");
        return 2;
    }
    kerb_error err = {0};
    sealed_input in;
    rounds read = {.path = csv};
    int code = 1;
    kerb_status status = ki_rounds_read(&read.read, csv, &err);
    if (status == KERB_OK)
        status = sealed_input_open(&in, path, bench_option(argc, argv, "--roads"), &err);
    if (status == KERB_OK) {
        keep_tonight(&read, &in.model->draft.district);
        status = force_visited(&read, in.model, &err);
        if (status == KERB_OK) status = kerb_model_seal(in.model, NULL, &err);
        if (status == KERB_OK)
            status = price(&read, in.model, bench_option(argc, argv, "-o"), &code, &err);
        sealed_input_free(&in);
    }
    ki_rounds_free(&read.read);
    return status == KERB_OK ? code : bench_report(&err);
}
