/* SPDX-License-Identifier: GPL-3.0-or-later
 * standings.h - runs of methods, measured against the best known cost of each district. */
#ifndef KERB_BENCH_STANDINGS_H
#define KERB_BENCH_STANDINGS_H
#include "base/text.h"
#include "kerbside.h"

enum { STANDINGS_METHODS = 24 };

typedef struct standing_run {
    int method;
    const char *district;
    double budget_s, gap_percent; /* gap INFINITY: no valid solution */
    double primal_integral;       /* percent of the budget's time, 100: nothing found */
    double one_percent_s;         /* INFINITY: never within 1 % */
} standing_run;

typedef struct standings {
    const char *methods[STANDINGS_METHODS];
    int n_methods, n_runs;
    standing_run *runs; /* [n_runs] */
} standings;

typedef enum standings_profile { STANDINGS_GAP = 0, STANDINGS_TIME } standings_profile;

/* A curve a method: the share of its runs that are within a gap, or within 1 % by a time
 * (performance profile, Dolan and More, Mathematical Programming 91, 2002). */
void bench_standings_plot(ki_text *svg, const standings *of, standings_profile profile);
#endif
