/* SPDX-License-Identifier: GPL-3.0-or-later
 * joint.c - trucks and sweepers planned together, and one after the other: what the first takes up
 * of bays and tonnes is promised to the second. The same search for each plan, so that one after
 * the other searches twice as long in all. One row a district and seed. */
#include "base/error.h"
#include "base/text.h"
#include "bench.h"
#include "bench/out.h"
#include "bench/sealed_input.h"
#include "model/draft.h"
#include "model/model.h"
#include "plan/plan.h"

#include <stdio.h>
#include <string.h>

static const char columns[] = "district,seed,bays,tasks,joint,trucks_first,sweepers_first,"
                              "trucks_first_percent,sweepers_first_percent,violations\n";

typedef struct bench {
    const sealed_input *in;
    kerb_options options;
    int32_t bays; /* at every facility; negative: as the district says */
    size_t n_violations;
    int32_t n_tasks;
    kerb_error *err;
} bench;

/* What a plan takes up of a facility, taken off what is left of it. */
static kerb_status promise(ki_draft *draft, const kerb_plan *plan, kerb_facility *facility,
                           kerb_error *err) {
    size_t n = facility->n_bay_slots;
    for (int32_t route = 0; route < plan->n_routes; route++)
        n += (size_t)plan->routes[route].n_stops;
    kerb_bay_slot *slots = ki_arena_alloc(&draft->arena, n, sizeof *slots);
    if (!slots) return ki_fail_no_memory(err, "bays");
    if (facility->n_bay_slots)
        memcpy(slots, facility->bay_slots, facility->n_bay_slots * sizeof *slots);
    for (int32_t route = 0; route < plan->n_routes; route++)
        for (int32_t at = 0; at < plan->routes[route].n_stops; at++) {
            const ki_plan_stop *stop = &plan->routes[route].stops[at];
            if (stop->kind != KI_STOP_TIP || strcmp(stop->id, facility->id) != 0) continue;
            if (facility->cap_tonnes > 0) facility->used_tonnes += (double)stop->mass_g * 1e-6;
            if (facility->bays == 0) continue;
            slots[facility->n_bay_slots++] =
                (kerb_bay_slot){plan->night_start_s + stop->start_ms / 1000,
                                plan->night_start_s + (stop->end_ms + 999) / 1000, 1};
        }
    facility->bay_slots = facility->n_bay_slots ? slots : NULL;
    return KERB_OK;
}

/* A part of the district's work, behind what a plan has taken up. before: NULL, none. */
static kerb_status solve(bench *at, sealed_part what, const kerb_plan *before, kerb_plan **plan) {
    kerb_model *model = NULL;
    size_t n_violations = 0;
    kerb_status status = KERB_OK;
    KI_TRY(sealed_input_part(&model, at->in, what, at->err));
    ki_draft *draft = &model->draft;
    for (size_t facility = 0; facility < draft->n_facilities && status == KERB_OK; facility++) {
        if (at->bays >= 0) draft->facilities[facility].bays = at->bays;
        if (before) status = promise(draft, before, &draft->facilities[facility], at->err);
    }
    if (status == KERB_OK) status = kerb_model_seal(model, &at->options, at->err);
    if (status == KERB_OK && what == SEALED_ALL) at->n_tasks = model->sealed->n_tasks;
    if (status == KERB_OK) status = kerb_plan_solve(plan, model, &at->options, at->err);
    if (status == KERB_OK) status = kerb_plan_check(*plan, model, &n_violations, NULL, at->err);
    at->n_violations += n_violations;
    kerb_model_free(model);
    return status;
}

static double cost_of(const kerb_plan *plan) {
    return (double)plan->cost_nano * 1e-9;
}

static kerb_status one_after_the_other(bench *at, sealed_part first, sealed_part second,
                                       double *cost) {
    kerb_plan *before = NULL, *behind = NULL;
    kerb_status status = solve(at, first, NULL, &before);
    if (status == KERB_OK) status = solve(at, second, before, &behind);
    if (status == KERB_OK) *cost = cost_of(before) + cost_of(behind);
    kerb_plan_free(before);
    kerb_plan_free(behind);
    return status;
}

static kerb_status run(bench *at, const char *path, ki_text *rows) {
    kerb_plan *joint = NULL;
    double trucks = 0, sweepers = 0;
    at->n_violations = 0;
    kerb_status status = solve(at, SEALED_ALL, NULL, &joint);
    if (status == KERB_OK)
        status = one_after_the_other(at, SEALED_CONTAINERS, SEALED_STREETS, &trucks);
    if (status == KERB_OK)
        status = one_after_the_other(at, SEALED_STREETS, SEALED_CONTAINERS, &sweepers);
    if (status == KERB_OK) {
        double cost = cost_of(joint);
        ki_text_add(rows, "%s,%llu,%d,%d,%.2f,%.2f,%.2f,%.3f,%.3f,%zu\n", path,
                    (unsigned long long)at->options.seed, (int)at->bays, (int)at->n_tasks, cost,
                    trucks, sweepers, 100 * (trucks - cost) / cost, 100 * (sweepers - cost) / cost,
                    at->n_violations);
    }
    kerb_plan_free(joint);
    return status;
}

static kerb_status run_district(const char *path, int32_t bays, int n_seeds, int64_t iterations,
                                ki_text *rows, kerb_error *err) {
    sealed_input in;
    KI_TRY(sealed_input_load(&in, path, NULL, err));
    bench at = {.in = &in, .bays = bays, .err = err};
    kerb_status status = KERB_OK;
    for (int seed = 1; seed <= n_seeds && status == KERB_OK; seed++) {
        at.options = (kerb_options){.seed = (uint64_t)seed, .iterations = iterations, .threads = 1};
        status = run(&at, path, rows);
    }
    sealed_input_free(&in);
    return status;
}

int bench_joint(int argc, char **argv) {
    const char *output = bench_option(argc, argv, "-o");
    int failed = 0;
    kerb_error err = {0};
    ki_text rows = {0};
    double bays = bench_number(argc, argv, "--bays", -1, -1, 100, &failed);
    int n_seeds = (int)bench_number(argc, argv, "--seeds", 3, 1, 1000, &failed);
    double iterations = bench_number(argc, argv, "--iterations", 4000, 1, 1e9, &failed);
    if (failed || !bench_operand(argc, argv, 0)) return 2;
    ki_text_add(&rows, "%s", columns);
    kerb_status status = KERB_OK;
    for (int n = 0; bench_operand(argc, argv, n) && status == KERB_OK; n++)
        status = run_district(bench_operand(argc, argv, n), (int32_t)bays, n_seeds,
                              (int64_t)iterations, &rows, &err);
    if (status == KERB_OK) status = bench_put_rows(output, &rows, &err);
    ki_text_free(&rows);
    return status == KERB_OK ? 0 : bench_report(&err);
}
