/* SPDX-License-Identifier: GPL-3.0-or-later
 * instances.c - kerbside-bench instances: whole sets of public instances, a row each.
 *
 * Sets are read off BEST.tsv in the data folder. A row that is in the output already is not run
 * again, so a pass that was stopped goes on where it stopped. */
#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "bench.h"
#include "bench/csv.h"
#include "bench/instance.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_COLUMNS                                                                              \
    "set,instance,seed,cpu_s,cost,upper,gap_percent,lower,feasible,iterations,version,"
#define COLUMNS FIRST_COLUMNS "routes\n"
#define COLUMNS_OF_BOUNDS FIRST_COLUMNS "lower_gap_percent,bound_cpu_s,relaxation,routes\n"

/* The first set that fits takes an instance; sizes are in the names of CVRPLIB. */
static const struct set {
    const char *name;
    const char *starts; /* of the instance in BEST.tsv; the first letter after the folder counts */
    int least, most;    /* places */
    double cpu_s;
} sets[] = {
    {"cvrp-small", "cvrp/", 0, 200, 20},    {"cvrp-medium", "cvrp/", 201, 500, 60},
    {"cvrp-large", "cvrp/", 501, 1000, 60}, {"vrptw", "vrptw/", 0, 0, 10},
    {"carp-small", "carp/gdb", 0, 0, 10},   {"carp-small", "carp/kshs", 0, 0, 10},
    {"carp-large", "carp/egl-g", 0, 0, 60}, {"carp-egl", "carp/egl-", 0, 0, 30},
    {"carp-bmcv", "carp/C", 0, 0, 20},      {"carp-bmcv", "carp/E", 0, 0, 20},
    {"carp-small", "carp/", 0, 0, 10},      {"mcarp", "mcarp/", 0, 0, 30},
    {"mcgrp", "mcgrp/", 0, 0, 12},          {"mcgrp-tp", "mcgrp_tp/", 0, 0, 12},
    {"mcarptif", "mcarptif/", 0, 0, 30},    {"mcarptif-tp", "mcarptif_tp/", 0, 0, 30},
    {"wcvrptw", "wcvrptw/", 0, 0, 60},      {"mtvrptwr", "mtvrptwr/", 0, 0, 20},
};
enum { N_SETS = sizeof sets / sizeof sets[0] };

/* A few of each set, small and large: about 16 minutes with the times above. */
static const char *const quick[] = {
    "cvrp/X-n106-k14.vrp",
    "cvrp/X-n157-k13.vrp",
    "cvrp/X-n200-k36.vrp",
    "cvrp/X-n247-k50.vrp",
    "cvrp/X-n331-k15.vrp",
    "cvrp/X-n561-k42.vrp",
    "cvrp/X-n957-k87.vrp",
    "vrptw/C101.txt",
    "vrptw/R105.txt",
    "vrptw/RC208.txt",
    "carp/gdb9.dat",
    "carp/4C.dat",
    "carp/10C.dat",
    "carp/C09.dat",
    "carp/egl-e3-C.dat",
    "carp/egl-s4-B.dat",
    "carp/egl-g2-B.dat",
    "mcarp/Lpr-c-03.txt",
    "mcarp/mval10D.txt",
    "mcgrp/CBMix10.dat",
    "mcgrp/BHW14.dat",
    "mcgrp/DI-NEARP-n240-Q4k.dat",
    "mcgrp_tp/CBMix10-TP.dat",
    "mcgrp_tp/CBMix3-TP.dat",
    "mcarptif/Act-IF-b.txt",
    "mcarptif/Lpr_IF-b-03.txt",
    "mcarptif/mval8C_IF.txt",
    "mcarptif_tp/P1-IF-TP-4.txt",
};
enum { N_QUICK = sizeof quick / sizeof quick[0] };

typedef struct pass {
    const char *data, *out, *set;
    int only_quick, threads, no_master;
    double cpu_s; /* 0: the set's own */
    int32_t bound_effort;
    double bound_s;
    const char *columns;
    double seeds[16];
    int n_seeds;
    bench_csv best, done;
    ki_text rows;
    int n_run, n_infeasible;
} pass;

/* The number behind "-n" in names of CVRPLIB. */
static int places_by_name(const char *instance) {
    const char *mark = strstr(instance, "-n");
    return mark ? atoi(mark + 2) : 0;
}

static const struct set *set_of(const char *instance) {
    int n_places = places_by_name(instance);
    for (int set = 0; set < N_SETS; set++) {
        if (strncmp(instance, sets[set].starts, strlen(sets[set].starts)) != 0) continue;
        if (!sets[set].most || (n_places >= sets[set].least && n_places <= sets[set].most))
            return &sets[set];
    }
    return NULL;
}

static int is_quick(const char *instance) {
    for (int at = 0; at < N_QUICK; at++)
        if (strcmp(quick[at], instance) == 0) return 1;
    return 0;
}

static int is_done(const pass *at, const char *instance, double seed) {
    for (int row = 0; row < at->done.n_rows; row++)
        if (strcmp(bench_csv_cell(&at->done, row, "instance"), instance) == 0 &&
            bench_csv_number(&at->done, row, "seed") == seed)
            return 1;
    return 0;
}

static void add_number(ki_text *text, double value) {
    if (isnan(value))
        ki_text_add(text, ",");
    else
        ki_text_add(text, "%.10g,", value);
}

static kerb_status write_row(pass *at, const char *set, const char *instance, double seed,
                             double upper, const instance_result *result, kerb_error *err) {
    double gap = isnan(upper) || !result->feasible ? NAN : 100 * (result->cost - upper) / upper;
    ki_text_add(&at->rows, "%s,%s,%.0f,%.2f,%.10g,", set, instance, seed, result->cpu_s,
                result->cost);
    add_number(&at->rows, upper);
    if (isnan(gap))
        ki_text_add(&at->rows, ",");
    else
        ki_text_add(&at->rows, "%.4f,", gap);
    add_number(&at->rows, result->bound.lower);
    ki_text_add(&at->rows, "%s,%lld,%s", result->feasible ? "yes" : "no",
                (long long)result->iterations, KERB_VERSION);
    if (at->bound_s > 0)
        ki_text_add(&at->rows, ",%.4f,%.2f,%s", 100 * (upper - result->bound.lower) / upper,
                    result->bound.cpu_s, result->bound.relaxation);
    ki_text_add(&at->rows, ",%d\n", result->n_routes);
    if (at->rows.failed) return ki_fail_no_memory(err, at->out);
    fprintf(stderr, "%-28s seed %.0f  %.2f s  cost %.10g  gap %.3f %%%s%s\n", instance, seed,
            result->cpu_s, result->cost, gap,
            result->feasible ? "" : "  infeasible: ", result->fault);
    at->n_run++;
    at->n_infeasible += !result->feasible;
    return ki_file_write(at->out, at->rows.bytes, at->rows.length, err);
}

static kerb_status run_one(pass *at, const struct set *set, const char *instance, double upper,
                           double seed, kerb_error *err) {
    ki_text path = {0};
    ki_text_add(&path, "%s/instances/%s", at->data, instance);
    if (path.failed) return ki_fail_no_memory(err, instance);
    instance_limits limits = {.cpu_s = at->cpu_s > 0 ? at->cpu_s : set->cpu_s,
                              .seed = (uint64_t)seed,
                              .threads = at->threads,
                              .bound_effort = at->bound_effort,
                              .bound_s = at->bound_s,
                              .no_master = at->no_master};
    bench_instance in;
    instance_result result;
    kerb_status status = instance_read(&in, path.bytes, err);
    if (status == KERB_OK) status = instance_solve(&result, &in, &limits, NULL, err);
    if (status == KERB_OK) status = write_row(at, set->name, instance, seed, upper, &result, err);
    instance_free(&in);
    ki_text_free(&path);
    return status;
}

static kerb_status run_all(pass *at, kerb_error *err) {
    for (int seed = 0; seed < at->n_seeds; seed++)
        for (int row = 0; row < at->best.n_rows; row++) {
            const char *instance = bench_csv_cell(&at->best, row, "instance");
            const struct set *set = set_of(instance);
            if (!set || is_done(at, instance, at->seeds[seed])) continue;
            if (at->set && strcmp(at->set, "all") != 0 && strcmp(at->set, set->name) != 0) continue;
            if (at->only_quick && !is_quick(instance)) continue;
            KI_TRY(run_one(at, set, instance, bench_csv_number(&at->best, row, "upper"),
                           at->seeds[seed], err));
        }
    return KERB_OK;
}

static int read_options(pass *at, int argc, char **argv) {
    int failed = 0;
    at->data = bench_option(argc, argv, "--data");
    if (!at->data) at->data = getenv("KERBSIDE_DATA");
    if (!at->data) at->data = "../shared/data";
    at->out = bench_option(argc, argv, "-o");
    at->set = bench_option(argc, argv, "--set");
    at->only_quick = at->set && strcmp(at->set, "quick") == 0;
    if (at->only_quick) at->set = NULL;
    at->cpu_s = bench_number(argc, argv, "--time", 0, 0.01, 1e6, &failed);
    at->threads = (int)bench_number(argc, argv, "--threads", 1, 1, 256, &failed);
    at->bound_effort = (int32_t)bench_number(argc, argv, "--bound-effort", 0, 0, 1e6, &failed);
    at->bound_s = bench_number(argc, argv, "--bound-time", 0, 0, 1e6, &failed);
    at->columns = at->bound_s > 0 ? COLUMNS_OF_BOUNDS : COLUMNS;
    at->no_master = bench_number(argc, argv, "--master", 1, 0, 1, &failed) < 1;
    const char *seeds = bench_option(argc, argv, "--seeds");
    at->n_seeds = instance_numbers(seeds ? seeds : "1,2,3", at->seeds, 16);
    return failed || !at->out || (!at->set && !at->only_quick) || at->n_seeds == 0;
}

static kerb_status run_pass(pass *at, kerb_error *err) {
    ki_text path = {0};
    ki_text_add(&path, "%s/instances/BEST.tsv", at->data);
    kerb_status status = path.failed ? ki_fail_no_memory(err, "a path")
                                     : bench_csv_read(&at->best, path.bytes, '\t', err);
    ki_text_free(&path);
    if (status == KERB_OK)
        status = bench_csv_take_up(&at->done, &at->rows, at->out, at->columns, err);
    if (status == KERB_OK) status = run_all(at, err);
    bench_csv_free(&at->best);
    bench_csv_free(&at->done);
    ki_text_free(&at->rows);
    return status;
}

int bench_instances(int argc, char **argv) {
    pass at = {0};
    if (read_options(&at, argc, argv)) {
        fprintf(stderr, "usage: kerbside-bench instances --set NAME|all|quick -o CSV [--time CPU_S]"
                        " [--seeds 1,2,3]\n"
                        "       [--threads N] [--bound-effort N | --bound-time S] "
                        "[--master 0] [--data DIR]\nsets:");
        for (int set = 0; set < N_SETS; set++)
            if (!set || strcmp(sets[set].name, sets[set - 1].name) != 0)
                fprintf(stderr, " %s", sets[set].name);
        fprintf(stderr, "\n");
        return 2;
    }
    kerb_error err = {0};
    if (run_pass(&at, &err) != KERB_OK) return bench_report(&err);
    fprintf(stderr, "%d rows added to %s\n", at.n_run, at.out);
    return at.n_infeasible ? 6 : 0;
}
