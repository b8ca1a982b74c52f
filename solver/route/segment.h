/* SPDX-License-Identifier: GPL-3.0-or-later
 * segment.h - the time side of a sequence of stops, joined to another in O(1).
 *
 *      early     late
 *   ─────├─────────┤────────► start of the sequence
 *        every start in between gives the same, shortest duration
 *
 * Method: Vidal, Crainic, Gendreau, Prins, "A hybrid genetic algorithm with adaptive diversity
 * management for ... time-windows", Computers & OR 40 (2013), section 4.5. */
#ifndef KI_SEGMENT_H
#define KI_SEGMENT_H
#include <stdint.h>

#define KI_ANY_TIME ((int64_t)1 << 45) /* beyond any horizon */

typedef struct ki_segment {
    int64_t duration; /* start of the first to end of the last, waiting inside */
    int64_t warp;     /* how late windows are missed in all */
    int64_t early;    /* earliest start that gives the shortest duration and the least warp */
    int64_t late;     /* latest such start */
} ki_segment;

static inline ki_segment ki_segment_one(int64_t open_ms, int64_t close_ms, int64_t duration_ms) {
    return (ki_segment){.duration = duration_ms, .early = open_ms, .late = close_ms};
}

/* Whenever it is joined, what comes behind waits until open_ms. */
static inline ki_segment ki_segment_wait(int64_t open_ms) {
    return (ki_segment){.early = open_ms, .late = KI_ANY_TIME};
}

/* a, then a leg, then b. */
static inline ki_segment ki_segment_join(const ki_segment *a, int64_t leg_ms, const ki_segment *b) {
    int64_t delta = a->duration - a->warp + leg_ms;
    int64_t wait = b->early - (a->late + delta);
    int64_t warp = a->early + delta - b->late;
    if (wait < 0) wait = 0;
    if (warp < 0) warp = 0;
    int64_t early = b->early - delta, late = b->late - delta;
    if (early < a->early) early = a->early;
    if (late > a->late) late = a->late;
    return (ki_segment){.duration = a->duration + leg_ms + b->duration + wait,
                        .warp = a->warp + b->warp + warp,
                        .early = early - wait,
                        .late = late + warp};
}

/* A trip whose goods are released late, where `whole` ends with that trip as if they were not:
 *
 *   whole: ... gate ──leg── stop ── stop        trip:  gate ──leg── stop ── stop
 *
 * Leaving the gate at release_ms, the trip ends no earlier than busy_ms (its legs and stops) later,
 * or when the windows in it let it end, which `whole` knows already. So what is added is a wait at
 * its end, and warp where the trip cannot start so late. O(1): neither is walked again. */
static inline ki_segment ki_segment_release(const ki_segment *whole, const ki_segment *trip,
                                            int64_t release_ms, int64_t busy_ms) {
    ki_segment wait = ki_segment_wait(release_ms + busy_ms);
    ki_segment all = ki_segment_join(whole, 0, &wait);
    if (release_ms > trip->late) all.warp += release_ms - trip->late;
    return all;
}
#endif
