/* SPDX-License-Identifier: GPL-3.0-or-later
 * simulate.h - a seeded world in which every night is planned from reports only and carried out.
 *
 *   true fill ──sensor──► reports ──► model ──► plan ──► carried out ──► true fill, last emptied
 *        ▲                                                                      │
 *        └──────────────────────────── the next day ◄──────────────────────────┘
 *
 * Only collection is simulated: kerbs and sweepers of the district stay at home. */
#ifndef KI_SIMULATE_H
#define KI_SIMULATE_H
#include "kerbside.h"

typedef enum ki_policy {
    KI_POLICY_FILL = 0,  /* the engine's own choice: must, may, skip */
    KI_POLICY_THRESHOLD, /* everything forecast above one threshold, no mays */
    KI_POLICY_FIXED,     /* for each container the longest weekly pattern that at its mean rate
                            keeps 99.9 % */
    KI_POLICY_TUNED,     /* fixed, with the margin that keeps 99.9 % in this very world */
    KI_POLICY_PERFECT,   /* sees the true fill, now and tomorrow: what no sensor can beat */
    KI_POLICY_AS_IS,     /* the rounds that the city drives today */
    KI_N_POLICIES
} ki_policy;
const char *ki_policy_name(ki_policy policy);

typedef struct ki_day {
    double km, hours, tonnes, cost; /* running cost: prizes are not in it */
    double added, lost;             /* container volumes thrown in; of them beside full ones */
    double fill_sum;                /* true fill at emptying, over n_emptied */
    size_t n_emptied, n_shifts, n_early_tips, n_overflows; /* overflows: container-days */
    size_t n_left_out;                                     /* musts the plan left out */
    size_t n_late;                             /* shifts that were late somewhere, or at the end */
    double early_tips_expected, late_expected; /* as the plans told the chances */
} ki_day;
/* Share of what was thrown in that found room. */
double ki_day_service_level(const ki_day *day);
double ki_day_fill_at_emptying(const ki_day *day);

typedef struct ki_simulation_options {
    ki_policy policy;
    int32_t days, settle_days;      /* settle: lived through first, not counted */
    int32_t collection_days;        /* of a week, of the fixed policies and of fill; 0: 7 */
    double threshold_ratio;         /* of KI_POLICY_THRESHOLD; 0: the district's must_ratio */
    double must_ratio, may_ratio;   /* instead of the district's; 0: as there */
    int32_t look_ahead_nights;      /* instead of the district's; negative: as there */
    double rate_factor;             /* of every true rate: larger containers; 0: 1 */
    double sick_ratio;              /* share of the sensors with a fault */
    const struct ki_rounds *rounds; /* of KI_POLICY_AS_IS */
    kerb_options solve;             /* seed: of the world too; the rest for every night's plan */
    void (*on_day)(int32_t day, const ki_day *counted, void *payload); /* may be NULL */
    void *payload;
} ki_simulation_options;

typedef struct ki_simulation {
    const char *district, *currency; /* of the model */
    size_t n_containers;
    size_t n_passed_over; /* rows of the rounds that nobody could do; counted once */
    ki_day total;
} ki_simulation;

/* model: not sealed, as ki_district_load leaves it; roads: NULL with explicit travel. */
kerb_status ki_simulate(ki_simulation *out, const kerb_model *model, const kerb_roads *roads,
                        const ki_simulation_options *options, kerb_error *err);
#endif
