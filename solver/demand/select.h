/* SPDX-License-Identifier: GPL-3.0-or-later
 * select.h - must, may or skip tonight, by threshold. */
#ifndef KI_SELECT_H
#define KI_SELECT_H
#include "demand/forecast.h"

typedef enum ki_choice { KI_SKIP = 0, KI_MAY, KI_MUST, KI_CANNOT } ki_choice;

typedef struct ki_selection {
    ki_choice choice;   /* never KI_CANNOT here */
    const char *reason; /* forced_out, forced_in, fill_above_must, interval_due, fill_above_may,
                           fill_below_may */
    double prize;       /* in the currency: what leaving it out costs; 0 for a skip */
} ki_selection;

/* service_s: the expected time of service, so that the next one is a day later. */
ki_selection ki_select(const kerb_district *district, const kerb_container *container,
                       const ki_forecast *forecast, int64_t service_s);

/* Whether the contract's interval is up before the next night's service. */
int ki_interval_due(const kerb_container *container, const ki_forecast *forecast,
                    int64_t service_s);

/* Overflow days expected by tomorrow's service, for the prize of a may: the square of how far
 * tomorrow's fill lies between may_ratio (0) and full (1), at most 4. Convex: the last tenth counts
 * most, and what is nearly full tomorrow is worth a whole day of overflow tonight. */
double ki_overflow_days(double fill_next_ratio, double may_ratio);
#endif
