/* SPDX-License-Identifier: GPL-3.0-or-later
 * signed_rank.h - is one method better than another, district by district? */
#ifndef KERB_BENCH_SIGNED_RANK_H
#define KERB_BENCH_SIGNED_RANK_H

enum { SIGNED_RANK_MOST = 4096 };

typedef struct signed_rank {
    int n;          /* pairs that differ */
    double minus;   /* sum of the ranks where the difference is below 0; of n(n+1)/2 in all */
    double p_value; /* two-sided; 1 where nothing differs; exact up to 25 pairs */
} signed_rank;

/* Wilcoxon (Biometrics Bulletin 1(6), 1945) on differences, zeros left out, ties share their mean
 * rank. Beyond 25 pairs by the normal distribution with corrections for ties and continuity.
 * differences are sorted in place; at most SIGNED_RANK_MOST. */
signed_rank bench_signed_rank(double *differences, int n);
#endif
