/* SPDX-License-Identifier: GPL-3.0-or-later
 * yard.h - what all routes together take up at the facilities: mass, and bays over time.
 *
 *   bays   2 ┤ ▓▓▓A▓▓▓ ▓▓▓B▓▓▓▓▓
 *          1 ┤ ▓▓▓▓C▓▓▓▓▓ ▓▓D▓▓          D came while A and C unloaded: held until C leaves
 *            └──────────────────────► time
 *
 * A route is placed against the others as they stand: where a tip would find all bays taken it is
 * held (ki_stop.from_ms) until one is free for as long as it unloads. Others never move for it, so
 * a wait does not spread, and a set of routes placed one after another holds as a whole.
 * A vehicle takes up a bay from the start of unloading to its end; one that ends as another begins
 * is out of its way.
 * Attendants are a gate as well, of which a vehicle takes up a bay for its whole spell. Its first
 * tip or post is what is held then: the spell begins as late as it can, so it moves with it. */
#ifndef KI_YARD_H
#define KI_YARD_H
#include "route/route.h"

typedef struct ki_yard_use { /* one tip */
    int32_t start_ms, end_ms;
    int32_t owner; /* whose route; -1: others, who were here first */
    int64_t mass_g;
} ki_yard_use;

typedef struct ki_yard_gate { /* of one facility */
    ki_yard_use *uses;        /* by start */
    size_t n, capacity;
    int64_t used_g;
} ki_yard_gate;

typedef struct ki_yard {
    const ki_model *model;
    ki_yard_gate *gates;  /* [n_facilities] */
    int64_t *asked_g;     /* [n_facilities] by the route at hand */
    ki_stop *stops;       /* [size] of the route at hand */
    ki_tip_time *tips;    /* [size] */
    int32_t size, failed; /* failed: out of memory */
} ki_yard;

typedef enum ki_yard_answer {
    KI_YARD_FITS = 0,
    KI_YARD_ROUTE, /* the route does not hold even alone */
    KI_YARD_FULL,  /* a facility takes no more tonight */
    KI_YARD_BUSY   /* waiting for a bay makes the route too late */
} ki_yard_answer;

typedef struct ki_yard_miss { /* why not */
    int32_t facility;         /* a gate: those behind the facilities of the draft are attendants */
    int64_t over_g;           /* of a full one */
} ki_yard_miss;

/* Whether routes may get into each other's way at all. */
static inline int ki_model_is_shared(const ki_model *model) {
    return model->n_facilities > 0;
}

/* What a route tips at each facility: tipped_g [n_facilities]. */
void ki_route_tipped(const ki_model *model, const ki_route *route, int64_t *tipped_g);
/* An empty yard for routes of at most so many stops. The model is borrowed. */
kerb_status ki_yard_init(ki_yard *yard, const ki_model *model, int32_t most_stops, kerb_error *err);
void ki_yard_free(ki_yard *yard);
void ki_yard_clear(ki_yard *yard);
/* A route that has been placed is there, or is no longer. */
void ki_yard_enter(ki_yard *yard, int32_t owner, const ki_route *route);
void ki_yard_leave(ki_yard *yard, int32_t owner);
/* One tip of a route on its own. */
void ki_yard_use_facility(ki_yard *yard, int32_t facility, ki_yard_use use);
/* The spell of a route of a type with attendants. */
void ki_yard_use_attendants(ki_yard *yard, int32_t type, int32_t owner, int64_t start_ms,
                            int64_t end_ms);
/* Whether what an owner has entered would be placed as it is, without a hold. */
int ki_yard_suits(const ki_yard *yard, int32_t owner);
/* Sets the holds of the route's tips, whatever they were, so that it fits in with all others but
 * its owner's own; value is that of the route with them. If it does not fit, the stops hold no
 * sense, and *miss (may be NULL) says why. */
ki_yard_answer ki_yard_place(ki_yard *yard, int32_t owner, ki_route *route, ki_route_value *value,
                             ki_yard_miss *miss);
/* The same with the holds the route comes with, and more where they are not enough. */
ki_yard_answer ki_yard_place_held(ki_yard *yard, int32_t owner, ki_route *route,
                                  ki_route_value *value, ki_yard_miss *miss);
/* The same for a way home (home.h), which may be late: 0 if no bay is free while the tip is open,
 * or it takes no more. */
int ki_yard_place_home(ki_yard *yard, int32_t owner, ki_route *route, ki_route_value *value);
/* Whether a facility takes so much more tonight. */
static inline int ki_yard_takes(const ki_yard *yard, int32_t facility, int64_t mass_g) {
    return yard->model->facilities[facility].room_g - yard->gates[facility].used_g >= mass_g;
}
/* Whether all that entered fits together. */
int ki_yard_holds(const ki_yard *yard);

/* Of whole solutions, whose stops are rewritten; each owns a yard for the time being. */

/* *fits: whether it fits together, as it is or after placing its routes one after another. */
kerb_status ki_yard_settle(const ki_model *model, ki_solution *solution, int *fits,
                           kerb_error *err);
/* Holds that no longer serve are let go, and its cost is brought up to date. */
kerb_status ki_yard_tidy(const ki_model *model, ki_solution *solution, kerb_error *err);
/* A yard with all routes of a solution in it, numbered as there. ki_yard_free. */
kerb_status ki_yard_fill(ki_yard *yard, const ki_model *model, const ki_solution *solution,
                         int32_t more_stops, kerb_error *err);
#endif
