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

typedef struct ki_segment {
    int64_t duration; /* start of the first to end of the last, waiting inside */
    int64_t warp;     /* how late windows are missed in all */
    int64_t early;    /* earliest start that gives the shortest duration and the least warp */
    int64_t late;     /* latest such start */
} ki_segment;

static inline ki_segment ki_segment_one(int64_t open_ms, int64_t close_ms, int64_t duration_ms) {
    return (ki_segment){.duration = duration_ms, .early = open_ms, .late = close_ms};
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
#endif
