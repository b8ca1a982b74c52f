/* SPDX-License-Identifier: GPL-3.0-or-later
 * progress.h - how far each route of a plan has come, from what was reported.
 *
 *   start ── done ── failed ── (not reported) ── done │ driven to │ stop ── stop ── end
 *                                                last ┘           └ first that may move
 *            └──────────────── past ────────────────────────────┘ */
#ifndef KI_PROGRESS_H
#define KI_PROGRESS_H
#include "base/ids.h"
#include "plan/plan.h"

typedef enum ki_route_state {
    KI_ROUTE_AHEAD = 0, /* not begun */
    KI_ROUTE_UNDER_WAY,
    KI_ROUTE_OVER, /* home */
    KI_ROUTE_DOWN  /* broken down: what is not past is given up */
} ki_route_state;

typedef struct ki_route_progress {
    int32_t shift, vehicle; /* draft */
    ki_route_state state;
    int32_t n_past;     /* stops 1 to n_past are past or frozen */
    int32_t last;       /* the last one reported, or past by the clock; 0: none */
    int64_t start_ms;   /* of the spell, in truth */
    int64_t ready_ms;   /* when the vehicle is free behind stop n_past */
    int32_t n_breaks;   /* of the plan's, taken by then */
    uint8_t *outcome;   /* [n_stops] kerb_event_kind of each past stop; DONE where assumed */
    double *weighed_kg; /* [n_stops] 0: unknown */
    int64_t *end_ms;    /* [n_stops] in truth; INT64_MIN: unknown */
    int has_news;
    int waits; /* a haul truck, loaded for a plant that was shut meanwhile */
} ki_route_progress;

typedef struct ki_progress {
    const ki_draft *draft;
    const kerb_plan *plan;
    const kerb_event *events;
    size_t n_events;
    int64_t as_of_ms; /* of the night; INT64_MIN: nothing is known */
    ki_ids shifts, vehicles, containers, streets, facilities, sites;
    ki_route_progress *routes; /* [plan->n_routes] */
    int is_disturbed;          /* more happened than what was planned */
} ki_progress;

/* Everything in the arena. Fails with KERB_BAD_INPUT naming the event. */
kerb_status ki_progress_find(ki_progress *out, const ki_draft *draft, const kerb_plan *plan,
                             const kerb_event *events, size_t n_events, int64_t as_of_s,
                             ki_arena *arena, kerb_error *err);
/* The vehicle of an id of a vehicle or a shift; -1: neither. */
int32_t ki_progress_vehicle(const ki_progress *progress, const char *id);
#endif
