/* SPDX-License-Identifier: GPL-3.0-or-later
 * select.h - must, may or skip tonight, and what a may is worth. */
#ifndef KI_SELECT_H
#define KI_SELECT_H
#include "demand/forecast.h"

typedef enum ki_choice { KI_SKIP = 0, KI_MAY, KI_MUST, KI_CANNOT } ki_choice;

/* A container may overflow before the next visit with this chance, not more, where the district
 * says nothing else (overflow_chance). */
#define KI_OVERFLOW_CHANCE 0.1
double ki_overflow_limit(const kerb_district *district);
enum { KI_LOOKAHEAD_NIGHTS = 14 };

typedef struct ki_selection {
    ki_choice choice;   /* never KI_CANNOT here */
    const char *reason; /* forced_out, done, failed, forced_in, overflowing, fill_above_must,
                           overflow_likely, interval_due, fill_above_may, fill_below_may */
    double prize;       /* in the currency: what leaving it out costs; 0 for a skip */
} ki_selection;

/* service_s: the expected time of service, so that the next one is a day later. stop_price: what
 * an average stop costs in this district (0: unknown). */
ki_selection ki_select(const kerb_district *district, const kerb_container *container,
                       const ki_forecast *forecast, int64_t service_s, double stop_price);

/* The reason why nothing is asked tonight, whatever the fill; NULL: none. */
static inline const char *ki_forced_out(kerb_force force) {
    if (force == KERB_FORCE_DONE) return "done";
    if (force == KERB_FORCE_FAILED) return "failed";
    return force == KERB_FORCE_OUT ? "forced_out" : NULL;
}

/* Nights to the next on which trucks go out; 1 or more. */
int ki_nights_to_next(const kerb_district *district);
/* Whether the contract's interval is up before the next night's service. */
int ki_interval_due(const kerb_container *container, const ki_forecast *forecast,
                    int64_t service_s);

/* Chance that the fill passes 1 within the nights given after service (0: at service). */
double ki_overflow_chance(const ki_forecast *forecast, int nights);
/* Nights that the container can still wait; 0: not one. At most KI_LOOKAHEAD_NIGHTS. */
int ki_nights_to_wait(const kerb_district *district, const ki_forecast *forecast);
/* Nights that it took to fill so far; KI_LOOKAHEAD_NIGHTS where it does not fill. */
double ki_nights_since(const ki_forecast *forecast);
/* Nights until one of the rules makes it a must; 0: it is one tonight. At most KI_LOOKAHEAD_NIGHTS.
 */
int ki_nights_until_must(const kerb_district *district, const kerb_container *container,
                         const ki_forecast *forecast, int64_t service_s);
#endif
