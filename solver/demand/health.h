/* SPDX-License-Identifier: GPL-3.0-or-later
 * health.h - what is wrong with a sensor, by simple rules that a person can check by eye. */
#ifndef KI_HEALTH_H
#define KI_HEALTH_H
#include "demand/report.h"

typedef enum ki_health {
    KI_HEALTH_OK = 0,
    KI_HEALTH_NO_REPORTS, /* never reported: no sensor, as far as anybody knows */
    KI_HEALTH_SILENT,     /* the newest credible report is too old */
    KI_HEALTH_STUCK,      /* one value again and again where the level must have risen */
    KI_HEALTH_WILD,       /* KI_WILD_RATIO of its reports are single wild values */
    KI_HEALTH_OVER_RANGE, /* KI_RANGE_RATIO of its reports are out of range */
    KI_HEALTH_INVERSE,    /* falls slowly and jumps up: full where it should say empty */
    KI_HEALTH_NEVER_FULL, /* reaches one level below full again and again, and never more */
    KI_HEALTH_DRIFT,      /* does not come back to empty when emptied */
    KI_HEALTH_INCREDIBLE, /* reported, and not one report is credible */
    KI_N_HEALTHS
} ki_health;
const char *ki_health_name(ki_health health);

/* Whether something is wrong with a sensor: who never reported has none. */
static inline int ki_health_is_doubt(ki_health health) {
    return health != KI_HEALTH_OK && health != KI_HEALTH_NO_REPORTS;
}

#define KI_WILD_RATIO 0.03
#define KI_RANGE_RATIO 0.03
#define KI_STUCK_GROWTH 0.2 /* fill that must have been added while the value stood still */

/* Takes single wild values out of the history: a value far from both neighbours, on the same side
 * of both, while the neighbours agree; and a newest value that jumps and that nothing confirms.
 * last_emptied_s may be KERB_NO_TIME. Counts them as KI_REJECT_SPIKE. */
void ki_health_drop_spikes(ki_history *history, int64_t last_emptied_s);
/* Index of the first reading of a run of one value at the end of the history, long enough to be
 * suspected; history->n where there is none. A full container is never suspected. */
int32_t ki_health_still_from(const ki_history *history);
/* How old the newest report may be: four of its own intervals, 36 hours to 7 days. */
int64_t ki_health_silence_limit_s(const ki_history *history);
/* is_stuck: what forecast.c concluded from ki_health_still_from and the rate. */
ki_health ki_health_judge(const ki_history *history, int64_t as_of_s, int is_stuck);
#endif
