/* SPDX-License-Identifier: GPL-3.0-or-later
 * hauls.c - random nights of transfer stations, hauled: each judged by code of its own, mass
 * balanced to the gram, with the gap to the bound and the time it took. One row a night. */
#include "base/clock.h"
#include "base/error.h"
#include "base/pool.h"
#include "base/text.h"
#include "bench.h"
#include "bench/haul_judge.h"
#include "bench/random_hauls.h"

#include <stdio.h>

static const char columns[] = "seed,stations,plants,piles,trucks,inflows,slot_min,rows,columns,"
                              "hauls,brought_t,hauled_t,over_t,cost,gap_percent,proved,method,"
                              "fault,balanced,cpu_s\n";

typedef struct sums {
    ki_text rows;
    int n, n_sound, n_over, n_programs, n_proved, n_bounds;
    double gap, cpu_s, longest_s;
} sums;

static int is_balanced(const random_hauls *night, const ki_haul_plan *plan, int64_t *brought_g,
                       int64_t *hauled_g) {
    int balanced = 1;
    *brought_g = *hauled_g = 0;
    for (int32_t pile = 0; pile < night->problem.n_piles; pile++) {
        int64_t level_g = night->piles[pile].opening_g;
        for (int32_t in = 0; in < night->piles[pile].n_inflows; in++) {
            level_g += night->inflows[pile][in].mass_g;
            *brought_g += night->inflows[pile][in].mass_g;
        }
        for (int32_t haul = 0; haul < plan->n_hauls; haul++)
            if (plan->hauls[haul].pile == pile) {
                level_g -= plan->hauls[haul].mass_g;
                *hauled_g += plan->hauls[haul].mass_g;
            }
        balanced &= level_g == plan->fates[pile].end_g && level_g >= 0;
    }
    return balanced;
}

static void add_row(sums *to, uint64_t seed, const random_hauls *night, const ki_haul_plan *plan,
                    double cpu_s) {
    const ki_haul_problem *problem = &night->problem;
    ki_haul_problem judged = *problem;
    judged.slot_ms = plan->slot_ms; /* bays are held for whole slots */
    verdict found = or_judge(&judged, plan->hauls, plan->n_hauls);
    int64_t brought_g, hauled_g;
    int32_t n_trucks = 0, n_inflows = 0;
    int balanced = is_balanced(night, plan, &brought_g, &hauled_g);
    int sound = balanced && !found.fault[0] && found.over_g == plan->tally.over_g &&
                found.cost_nano == plan->tally.cost_nano;
    double gap = plan->tally.weighed_nano > 0
                     ? 100.0 * (double)(plan->tally.weighed_nano - plan->bound_nano) /
                           (double)plan->tally.weighed_nano
                     : 0;
    for (int32_t kind = 0; kind < problem->n_kinds; kind++)
        n_trucks += problem->kinds[kind].n_trucks;
    for (int32_t pile = 0; pile < problem->n_piles; pile++)
        n_inflows += problem->piles[pile].n_inflows;
    ki_text_add(&to->rows, "%llu,%d,%d,%d,%d,%d,%d,%d,%d,%d,%.6f,%.6f,%.6f,%.2f,",
                (unsigned long long)seed, problem->n_stations, problem->n_plants, problem->n_piles,
                n_trucks, n_inflows, plan->slot_ms / 60000, plan->n_rows, plan->n_columns,
                plan->n_hauls, (double)brought_g * 1e-6, (double)hauled_g * 1e-6,
                (double)plan->tally.over_g * 1e-6, (double)plan->tally.cost_nano * 1e-9);
    if (plan->has_bound) ki_text_add(&to->rows, "%.3f", gap);
    ki_text_add(&to->rows, ",%d,%s,%s,%d,%.3f\n", plan->proved,
                plan->by_program ? "program" : "greedy", found.fault, balanced, cpu_s);
    to->n++;
    to->n_sound += sound;
    to->n_over += plan->tally.over_g > 0;
    to->n_programs += plan->by_program;
    to->n_proved += plan->proved;
    to->n_bounds += plan->has_bound;
    to->gap += plan->has_bound ? gap : 0;
    to->cpu_s += cpu_s;
    if (cpu_s > to->longest_s) to->longest_s = cpu_s;
}

static kerb_status run_night(sums *to, uint64_t seed, int32_t slot_ms, int with_breaks,
                             ki_worker *worker, kerb_error *err) {
    random_hauls night;
    ki_haul_plan plan;
    rh_make(&night, seed, 1);
    if (with_breaks) rh_add_breaks(&night, seed);
    night.problem.slot_ms = slot_ms;
    double start_s = ki_clock_cpu_s();
    KI_TRY(ki_haul_solve(&plan, &night.problem, worker, 0, err));
    add_row(to, seed, &night, &plan, ki_clock_cpu_s() - start_s);
    ki_haul_plan_free(&plan);
    return KERB_OK;
}

static void print_summary(const sums *to) {
    printf("%d nights, %d sound and balanced to the gram; %d with more than hauls can carry\n",
           to->n, to->n_sound, to->n_over);
    printf("by the program %d, proved %d; gap of the %d with a bound: mean %.2f %%\n",
           to->n_programs, to->n_proved, to->n_bounds, to->n_bounds ? to->gap / to->n_bounds : 0);
    printf("CPU s: mean %.3f, longest %.2f\n", to->n ? to->cpu_s / to->n : 0, to->longest_s);
}

int bench_hauls(int argc, char **argv) {
    const char *output = bench_option(argc, argv, "-o");
    int failed = 0;
    kerb_error err = {0};
    sums to = {0};
    ki_worker *worker;
    int n = (int)bench_number(argc, argv, "--nights", 1000, 1, 1e6, &failed);
    double seed = bench_number(argc, argv, "--seed", 1, 0, 1e9, &failed);
    double slot_min = bench_number(argc, argv, "--slot", 0, 0, 120, &failed);
    double breaks = bench_number(argc, argv, "--breaks", 0, 0, 1, &failed);
    if (failed) return 2;
    kerb_status status = ki_worker_new(&worker, &err);
    ki_text_add(&to.rows, "%s", columns);
    for (int at = 0; at < n && status == KERB_OK; at++)
        status = run_night(&to, (uint64_t)seed + (uint64_t)at, (int32_t)(slot_min * 60000),
                           breaks > 0, worker, &err);
    ki_worker_free(worker);
    if (status == KERB_OK && output)
        status = kerb_file_write(output, to.rows.bytes, to.rows.length, &err);
    print_summary(&to);
    ki_text_free(&to.rows);
    return status == KERB_OK ? to.n_sound != to.n : bench_report(&err);
}
