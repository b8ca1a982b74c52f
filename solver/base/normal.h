/* SPDX-License-Identifier: GPL-3.0-or-later
 * normal.h - the normal distribution of mean 0 and deviation 1. */
#ifndef KI_NORMAL_H
#define KI_NORMAL_H

/* Chance of more than x. */
double ki_normal_above(double x);
/* The x below which a share q of it lies, 0 < q < 1; to within 1e-12. */
double ki_normal_quantile(double q);
/* Chance that a sum with this mean and variance comes out above limit; 0 or 1 without variance. */
double ki_chance_above(double limit, double mean, double variance);
#endif
