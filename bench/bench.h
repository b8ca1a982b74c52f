/* SPDX-License-Identifier: GPL-3.0-or-later
 * bench.h - the verbs of kerbside-bench; each lives in a file of its name. */
#ifndef KERB_BENCH_H
#define KERB_BENCH_H
#include "kerbside.h"

int bench_make_district(int argc, char **argv);
int bench_districts(int argc, char **argv);
int bench_export(int argc, char **argv);
int bench_evaluate(int argc, char **argv);
int bench_rounds(int argc, char **argv);
int bench_solve(int argc, char **argv);
int bench_contest(int argc, char **argv);
int bench_best(int argc, char **argv);
int bench_standings(int argc, char **argv);
int bench_demand(int argc, char **argv);
int bench_instance_verb(int argc, char **argv);
int bench_instances(int argc, char **argv);
int bench_compare(int argc, char **argv);
int bench_means(int argc, char **argv);
int bench_roads(int argc, char **argv);
int bench_roads_cache(const char *extract, const char *csv); /* roads --cache */
int bench_matrix(int argc, char **argv);
int bench_nearest(int argc, char **argv); /* roads with --nearest */
int bench_legs(int argc, char **argv);
int bench_operations(int argc, char **argv);
int bench_nights(int argc, char **argv);
int bench_joint(int argc, char **argv);
int bench_gaps(int argc, char **argv);
int bench_growth(int argc, char **argv);
int bench_hauls(int argc, char **argv);

/* The value behind an option, or NULL; every option takes one. */
const char *bench_option(int argc, char **argv, const char *name);
/* The n-th word that is neither an option nor its value, or NULL. */
const char *bench_operand(int argc, char **argv, int n);
/* A number behind an option within bounds; prints what is wrong and sets *failed. */
double bench_number(int argc, char **argv, const char *name, double fallback, double least,
                    double most, int *failed);
int bench_report(const kerb_error *err);
/* The folder and those above it; a failure shows when the first file is written. */
void bench_make_folders(const char *folder);
#endif
