/* SPDX-License-Identifier: GPL-3.0-or-later
 * walk.h - what one stop is for one type: shared by the exact evaluation and the search. */
#ifndef KI_WALK_H
#define KI_WALK_H
#include "route/moment.h"
#include "route/route.h"
#include "route/segment.h"
#include "route/sequence.h"

/* The first and the last of a spell's segments. A vehicle under way is paid while it waits. */
static inline ki_segment ki_start_segment(const ki_type *type) {
    int32_t last_ms = type->under_way ? type->earliest_ms : type->latest_ms;
    return ki_segment_one(type->earliest_ms, last_ms, type->pre_ms);
}
static inline ki_segment ki_end_segment(const ki_type *type) {
    return ki_segment_one(type->earliest_ms, type->latest_ms - type->post_ms, type->post_ms);
}

/* A trip begins with something on board. */
static inline int ki_starts_loaded(const ki_type *type) {
    for (int32_t dim = 0; dim < type->n_dims; dim++)
        if (type->start_load[dim] > 0) return 1;
    return 0;
}

/* Set-up is saved only between tasks of one site that need no movement in between. before NULL:
 * the depot. Neither is a break. */
int ki_stop_pays_setup(const ki_model *model, const ki_stop *before, const ki_stop *stop);
/* When unloading may start: in the option's window, and not before the stop is let in. */
static inline int32_t ki_tip_opens(const ki_tip *option, const ki_stop *stop) {
    return stop->from_ms > option->open_ms ? stop->from_ms : option->open_ms;
}
/* What of a load is mass, in g. */
static inline int64_t ki_mass_of(const ki_type *type, const int64_t *load) {
    int64_t mass_g = 0;
    for (int32_t dim = 0; dim < type->n_dims; dim++)
        if (type->mass_dims >> dim & 1) mass_g += load[dim];
    return mass_g;
}
/* Unloading time of a load at a tip option. */
int64_t ki_tip_ms(const ki_model *model, int32_t type, int32_t tip, const int64_t *load);
/* Whether the type may do the stop at all. */
int ki_stop_allowed(const ki_model *model, int32_t type, const ki_stop *stop);

typedef struct ki_walk { /* a vehicle on its way */
    const ki_model *model;
    const ki_type *type;
    int32_t type_index;
    int32_t point;         /* where it stands */
    const ki_stop *before; /* the last stop but breaks; NULL: the depot */
    int32_t n_breaks;      /* taken */
    int64_t work_ms;       /* since the start or the last break */
    int64_t load[KI_MAX_DIMS];
    int64_t length_mm, fees_nano;
    int64_t tasks_nwh, charged_nwh; /* battery.h: beyond driving; used when last full */
    int64_t flat_nwh;               /* beyond what the battery holds, summed over charges */
    int64_t total;                  /* of dimension 0, taken up by all tasks so far */
    int32_t n_tasks;
    int64_t missing_ms; /* a way, a vehicle or a tip that does not exist: later than any horizon */
    int64_t excess[KI_MAX_DIMS];
    int64_t rest_ms; /* work beyond what the breaks allow */
    ki_moment moment;
    ki_ranks highest; /* of the tasks so far */
    int32_t n_broken; /* places where a sequence is broken */
} ki_walk;

typedef struct ki_walk_stop { /* one stop as the schedule sees it */
    int32_t leg_ms;
    int32_t charge_ms; /* of the segment, at its end */
    ki_segment segment;
} ki_walk_stop;

/* Whether a route may take up so much, by so many tasks. */
static inline int ki_totals_fit(const ki_type *type, int64_t total, int32_t n_tasks) {
    return (!type->most_total || total <= type->most_total) &&
           (!type->most_tasks || n_tasks <= type->most_tasks);
}

/* When the trip that begins with this stop may leave; 0: any time, or no trip begins here. */
int32_t ki_walk_release_ms(const ki_walk *at, const ki_stop *stops, int32_t stop, int32_t n_stops);

ki_walk ki_walk_start(const ki_model *model, int32_t type);
ki_walk_stop ki_walk_next(ki_walk *at, const ki_stop *stop);
/* To the end depot. Load that never reached a tip is over a capacity of nothing. */
ki_walk_stop ki_walk_end(ki_walk *at);
#endif
