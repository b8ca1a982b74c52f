/* SPDX-License-Identifier: GPL-3.0-or-later
 * evaluate.c - kerbside-bench evaluate: a foreign solution, timed, priced and judged.
 *
 * solution.csv has the columns shift,task,mode and one row a stop in order of travel. task is a
 * task's id, or "tip:FACILITY"; mode counts a task's modes, or the openings of that facility,
 * from 0. Rows of one shift stand together. */
#include "base/alloc.h"
#include "base/error.h"
#include "bench.h"
#include "bench/sealed_input.h"
#include "io/tables.h"
#include "model/draft.h"
#include "model/model.h"
#include "plan/check.h"
#include "route/route.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct foreign {
    const kerb_model *model;
    const char *path;
    ki_route *routes; /* one per shift named, in the order of the file */
    int32_t *shifts;  /* draft index */
    size_t n_routes, routes_capacity, shifts_capacity, stops_capacity;
} foreign;

static kerb_status bad_row(const foreign *in, int64_t record, const char *field, const char *got,
                           const char *expected, kerb_error *err) {
    return ki_fail(err, KERB_BAD_INPUT, "%s, record %lld, field %s: %.80s, expected %s", in->path,
                   (long long)record, field, got, expected);
}

static int32_t type_of_shift(const ki_model *model, int32_t shift) {
    for (int32_t type = 0; type < model->n_types; type++)
        for (int32_t at = 0; at < model->types[type].n_shifts; at++)
            if (model->type_shifts[model->types[type].first_shift + at] == shift) return type;
    return -1;
}

static kerb_status start_route(foreign *in, int64_t record, const char *id, kerb_error *err) {
    const ki_draft *draft = &in->model->draft;
    int32_t shift = -1;
    for (size_t at = 0; at < draft->n_shifts; at++)
        if (strcmp(draft->shifts[at].id, id) == 0) shift = (int32_t)at;
    int32_t type = shift < 0 ? -1 : type_of_shift(in->model->sealed, shift);
    if (type < 0) return bad_row(in, record, "shift", id, "a shift available tonight", err);
    for (size_t at = 0; at < in->n_routes; at++)
        if (in->shifts[at] == shift)
            return bad_row(in, record, "shift", id, "the rows of a shift to stand together", err);
    if (ki_grow(&in->routes, &in->routes_capacity, in->n_routes + 1, sizeof *in->routes) ||
        ki_grow(&in->shifts, &in->shifts_capacity, in->n_routes + 1, sizeof *in->shifts))
        return ki_fail_no_memory(err, in->path);
    in->shifts[in->n_routes] = shift;
    in->routes[in->n_routes++] = (ki_route){.type = type};
    in->stops_capacity = 0;
    return KERB_OK;
}

static int parse_mode(const char *text, int32_t *mode) {
    char *rest;
    long value = strtol(text, &rest, 10);
    if (rest == text || *rest || value < 0 || value > 100000) return -1;
    *mode = (int32_t)value;
    return 0;
}

/* The n-th option of a facility for a type; -1 if it has none. */
static int32_t find_tip(const foreign *in, int32_t type, const char *facility, int32_t nth) {
    const ki_model *model = in->model->sealed;
    const ki_type *at = &model->types[type];
    for (int32_t tip = at->first_tip; tip < at->first_tip + at->n_tips; tip++)
        if (strcmp(in->model->draft.facilities[model->tips[tip].facility].id, facility) == 0 &&
            nth-- == 0)
            return tip;
    return -1;
}

static int32_t find_task(const ki_model *model, const char *id) {
    for (int32_t task = 0; task < model->n_tasks; task++)
        if (strcmp(model->tasks[task].id, id) == 0) return task;
    return -1;
}

static kerb_status read_stop(foreign *in, int64_t record, const char *name, const char *mode_text,
                             kerb_error *err) {
    const ki_model *model = in->model->sealed;
    ki_route *route = &in->routes[in->n_routes - 1];
    ki_stop stop = {.task = KI_TIP};
    int32_t mode;
    if (parse_mode(mode_text, &mode))
        return bad_row(in, record, "mode", mode_text, "0 or more", err);
    if (strncmp(name, "tip:", 4) == 0) {
        stop.mode = find_tip(in, route->type, name + 4, mode);
        if (stop.mode < 0)
            return bad_row(in, record, "task", name, "a facility where this shift may tip", err);
    } else {
        stop.task = find_task(model, name);
        if (stop.task < 0)
            return bad_row(in, record, "task", name, "a task of tonight or tip:FACILITY", err);
        if (mode >= model->tasks[stop.task].n_modes)
            return bad_row(in, record, "mode", mode_text, "a mode of that task", err);
        stop.mode = model->tasks[stop.task].first_mode + mode;
    }
    if (ki_grow(&route->stops, &in->stops_capacity, (size_t)route->n_stops + 1,
                sizeof *route->stops))
        return ki_fail_no_memory(err, in->path);
    route->stops[route->n_stops++] = stop;
    return KERB_OK;
}

static kerb_status read_rows(foreign *in, ki_table *table, kerb_error *err) {
    static const char *const names[3] = {"shift", "task", "mode"};
    int columns[3], more;
    int64_t record;
    for (int at = 0; at < 3; at++) {
        columns[at] = ki_table_column(table, names[at]);
        if (columns[at] < 0)
            return ki_fail(err, KERB_BAD_INPUT, "%s: no column %s", in->path, names[at]);
    }
    for (;;) {
        KI_TRY(ki_table_next(table, &more, &record, err));
        if (!more) return KERB_OK;
        const char *shift = ki_table_value(table, columns[0]);
        int same = in->n_routes &&
                   strcmp(in->model->draft.shifts[in->shifts[in->n_routes - 1]].id, shift) == 0;
        if (!same) KI_TRY(start_route(in, record, shift, err));
        KI_TRY(read_stop(in, record, ki_table_value(table, columns[1]),
                         ki_table_value(table, columns[2]), err));
    }
}

/* What each route breaks, by the exact evaluation; the checker then judges what is whole. */
static int print_route_faults(const foreign *in) {
    int n_faults = 0;
    for (size_t at = 0; at < in->n_routes; at++) {
        ki_route_value value;
        ki_route_evaluate(in->model->sealed, &in->routes[at], &value, NULL);
        const char *shift = in->model->draft.shifts[in->shifts[at]].id;
        if (value.feasible) continue;
        n_faults++;
        printf("shift %s: late by %lld ms in all", shift, (long long)value.late_ms);
        for (int dim = 0; dim < KI_MAX_DIMS; dim++)
            if (value.excess[dim])
                printf(", dimension %d over capacity by %lld", dim, (long long)value.excess[dim]);
        printf("\n");
    }
    return n_faults;
}

static kerb_status judge(const foreign *in, const char *plan_path, int *code, kerb_error *err) {
    ki_solution solution = {.n_routes = (int32_t)in->n_routes, .routes = in->routes};
    KI_TRY(ki_solution_price(in->model->sealed, &solution, &solution.cost_nano, err));
    kerb_plan *plan;
    KI_TRY(ki_plan_make(&plan, in->model, &solution, err));
    plan->problem_hash = in->model->hash;
    plan->engine_version = KERB_VERSION;
    plan->relaxation = "none";
    plan->scope = "";
    plan->bound_nano = plan->cost_nano < 0 ? plan->cost_nano : 0;
    size_t n_violations = 0;
    ki_text report = {0};
    kerb_status status = ki_plan_check(plan, in->model, &n_violations, &report, err);
    if (status == KERB_OK) {
        if (report.bytes) fputs(report.bytes, stdout);
        printf("{\"cost\": %.9f, \"feasible\": %s, \"routes\": %d, \"violations\": %zu}\n",
               (double)plan->cost_nano * 1e-9, n_violations ? "false" : "true", plan->n_routes,
               n_violations);
        *code = n_violations ? 6 : 0;
        if (!n_violations && plan_path) status = kerb_plan_write(plan, plan_path, err);
    }
    ki_text_free(&report);
    kerb_plan_free(plan);
    return status;
}

static kerb_status evaluate(const kerb_model *model, const char *path, const char *plan_path,
                            int *code, kerb_error *err) {
    foreign in = {.model = model, .path = path};
    ki_table *table;
    KI_TRY(ki_table_open(&table, path, NULL, err));
    kerb_status status = read_rows(&in, table, err);
    ki_table_free(table);
    if (status == KERB_OK) {
        *code = print_route_faults(&in) ? 6 : 0;
        if (*code == 0) status = judge(&in, plan_path, code, err);
    }
    for (size_t at = 0; at < in.n_routes; at++)
        ki_free(in.routes[at].stops);
    ki_free(in.routes);
    ki_free(in.shifts);
    return status;
}

int bench_evaluate(int argc, char **argv) {
    const char *path = bench_operand(argc, argv, 0), *csv = bench_operand(argc, argv, 1);
    if (!path || !csv) {
        fprintf(stderr, "usage: kerbside-bench evaluate DISTRICT.yaml|problem.pb solution.csv "
                        "[--roads EXTRACT] [-o plan.pb]\n");
        return 2;
    }
    kerb_error err = {0};
    sealed_input in;
    int code = 1;
    if (sealed_input_load(&in, path, bench_option(argc, argv, "--roads"), &err) != KERB_OK)
        return bench_report(&err);
    kerb_status status = evaluate(in.model, csv, bench_option(argc, argv, "-o"), &code, &err);
    if (status == KERB_INTERNAL) { /* a task twice, a shift twice: the solution's fault, not ours */
        printf("%s\n", err.message);
        status = KERB_OK;
        code = 6;
    }
    sealed_input_free(&in);
    return status == KERB_OK ? code : bench_report(&err);
}
