/* SPDX-License-Identifier: GPL-3.0-or-later
 * simulate_world.h - the true fill of every container, and what its sensor says of it. Chance is a
 * function of (seed, container, hour), so every policy meets the same world. */
#ifndef KI_SIMULATE_WORLD_H
#define KI_SIMULATE_WORLD_H
#include "base/arena.h"
#include "io/simulate.h"
#include "model/draft.h"

enum {
    KI_WORLD_PAST_DAYS = 28, /* of reports before the first night */
    KI_WORLD_STEP_S = 3 * 3600,
    KI_WORLD_REPORT_S = 12 * 3600
};
#define KI_WORLD_STEP_NOISE 0.35 /* relative, of what a step adds; as the district generator's */
#define KI_WORLD_DAY_NOISE 0.08  /* relative, of a day and stream: weather */

typedef enum ki_fault {
    KI_FAULT_NONE = 0,
    KI_FAULT_STUCK,
    KI_FAULT_SILENT,
    KI_FAULT_NEVER_FULL,
    KI_FAULT_SPIKES,
    KI_FAULT_INVERSE,
    KI_FAULT_OVER_RANGE,
    KI_FAULT_DRIFT,
    KI_N_FAULTS
} ki_fault;

typedef struct ki_bin { /* the truth about one container */
    double rate_per_day, weekday[7];
    double fill; /* above 1: beside the container */
    int64_t at_s, next_report_s, last_emptied_s;
    ki_fault fault;
    int64_t sick_from_s;
    double stuck_at; /* what it said when it got stuck; negative: not yet */
    int overflowed;  /* today */
} ki_bin;

typedef struct ki_world {
    uint64_t seed;
    int32_t utc_offset_s;
    const ki_draft *draft;
    ki_bin *bins; /* [draft->n_containers] */
    kerb_report *reports;
    size_t n_reports, reports_capacity;
    double added, lost; /* since last asked */
    int failed;         /* out of memory for a report */
} ki_world;

/* Whether a container is emptied in a night of the past: -1 is the last one before the district's
 * own, at_s the instant. */
typedef int ki_world_due(const ki_world *world, size_t container, int32_t night, int64_t at_s,
                         const void *payload);
/* A city that works by sensors already: nearly full, or the interval is due. */
int ki_world_nearly_full(const ki_world *world, size_t container, int32_t night, int64_t at_s,
                         const void *payload);
/* The middle of a night; 0: the district's own. */
int64_t ki_world_night_s(const ki_world *world, int32_t night);

/* Rates as the district's own reports tell them, each spread by chance. The past has not been
 * lived through yet. */
kerb_status ki_world_begin(ki_world *world, ki_arena *arena, const ki_draft *draft, uint64_t seed,
                           double sick_ratio, double rate_factor, kerb_error *err);
void ki_world_end(ki_world *world);
/* The past up to the district's as-of, as somebody before us carried it out. */
kerb_status ki_world_live_past(ki_world *world, ki_world_due *due, const void *payload,
                               kerb_error *err);
/* A number in 0..1 that belongs to a night and container: when in a shift a truck comes. */
double ki_world_hour(const ki_world *world, size_t container, int32_t night);
/* How much longer than planned a stop takes that night, or the drive to it; 1: just as long. */
double ki_world_pace(const ki_world *world, const char *id, int driving, int32_t night);
void ki_world_live(ki_world *world, size_t container, int64_t to_s);
/* The true fill at a later instant if it is not emptied. */
double ki_world_peek(const ki_world *world, size_t container, int64_t at_s);
/* Empties at an instant; returns the true fill found. */
double ki_world_empty(ki_world *world, size_t container, int64_t at_s);
/* Forgets reports measured before an instant. */
void ki_world_forget(ki_world *world, int64_t before_s);
#endif
