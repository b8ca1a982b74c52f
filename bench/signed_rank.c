/* SPDX-License-Identifier: GPL-3.0-or-later
 * signed_rank.c - Wilcoxon's signed-rank test. The exact distribution is counted over all 2^n
 * signs by sums of ranks; ranks are doubled, so that shared ones are integers. */
#include "bench/signed_rank.h"

#include <math.h>
#include <stdlib.h>

enum { MOST_EXACT = 25, MOST_SUM = MOST_EXACT * (MOST_EXACT + 1) };

static int by_size(const void *a, const void *b) {
    double x = fabs(*(const double *)a), y = fabs(*(const double *)b);
    return (x > y) - (x < y);
}

static int drop_zeros(double *differences, int n) {
    int kept = 0;
    for (int at = 0; at < n; at++)
        if (differences[at] != 0) differences[kept++] = differences[at];
    return kept;
}

/* Twice the mean rank of each, sorted by size; the sum of t^3 - t over groups of t ties. */
static double rank(const double *sorted, int n, int *doubled) {
    double ties = 0;
    for (int first = 0, end; first < n; first = end) {
        end = first + 1;
        while (end < n && fabs(sorted[end]) == fabs(sorted[first]))
            end++;
        double t = end - first;
        ties += t * t * t - t;
        for (int at = first; at < end; at++)
            doubled[at] = first + 1 + end; /* ranks first+1 .. end */
    }
    return ties;
}

/* Of all signs the share whose sum of minus ranks is as far from the middle, or farther. */
static double exact(const int *doubled, int n, int minus) {
    static double count[MOST_SUM + 1];
    int total = 0;
    for (int sum = 0; sum <= MOST_SUM; sum++)
        count[sum] = sum == 0;
    for (int at = 0; at < n; at++) {
        total += doubled[at];
        for (int sum = total; sum >= doubled[at]; sum--)
            count[sum] += count[sum - doubled[at]];
    }
    int away = abs(2 * minus - total);
    double share = 0;
    for (int sum = 0; sum <= total; sum++)
        if (abs(2 * sum - total) >= away) share += count[sum];
    return share / pow(2, n);
}

static double normal(double minus, int n, double ties) {
    double mean = n * (n + 1) / 4.0;
    double variance = n * (n + 1.0) * (2 * n + 1) / 24 - ties / 48;
    if (variance <= 0) return 1;
    double away = fmax(0, fabs(minus - mean) - 0.5);
    return erfc(away / sqrt(variance) / sqrt(2));
}

signed_rank bench_signed_rank(double *differences, int n) {
    static int doubled[SIGNED_RANK_MOST];
    signed_rank out = {.p_value = 1};
    if (n > SIGNED_RANK_MOST) n = SIGNED_RANK_MOST;
    out.n = n = drop_zeros(differences, n);
    if (n == 0) return out;
    qsort(differences, (size_t)n, sizeof *differences, by_size);
    double ties = rank(differences, n, doubled);
    int minus = 0;
    for (int at = 0; at < n; at++)
        if (differences[at] < 0) minus += doubled[at];
    out.minus = minus / 2.0;
    out.p_value = n <= MOST_EXACT ? exact(doubled, n, minus) : normal(out.minus, n, ties);
    return out;
}
