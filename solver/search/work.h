/* SPDX-License-Identifier: GPL-3.0-or-later
 * work.h - the routes a search works on, each stop with what lies before and after it.
 *
 *   node   0      1      2     3      4     5      6
 *        start ─ task ─ task ─ TIP ─ task ─ TIP ─ end
 *                 before: 0..here    after: here..6    rest: here to the stop before the next TIP
 *
 * `rest` and `after` are apart because unloading takes as long as the load says: a changed trip is
 * before + change + rest + TIP(new load) + after of the stop behind it, still O(1). */
#ifndef KI_WORK_H
#define KI_WORK_H
#include "base/arena.h"
#include "base/rng.h"
#include "route/battery.h"
#include "route/breaks.h"
#include "route/cost.h"
#include "route/sequence.h"
#include "route/yard.h"

enum { KI_DEPOT = -2 /* the task of the first and last node */ };
#define KI_NO_COST INT64_MAX /* not possible */

typedef struct ki_visit {
    ki_stop stop;
    int32_t entry, exit;    /* points */
    int32_t leg_ms, leg_mm; /* from the node before */
    int32_t site;           /* -1: none */
    int32_t setup_ms;       /* paid here */
    int32_t length_mm;      /* driven while serving */
    int32_t in_trip;        /* nodes since the tip or depot before */
    int32_t to_tip;         /* nodes to the first tip at or behind this one; 0 at the end depot */
    int32_t to_break;       /* nodes to the first break or the end depot, likewise */
    int32_t n_breaks;       /* taken from the start, this node included */
    uint8_t is_gate;        /* the vehicle stands at its start depot or a tip */
    int32_t fresh;          /* changed since it was last polished */
    ki_segment own, before, rest, after;
    int64_t mm_to, fees_to;    /* from the start, this node included */
    int64_t busy_to;           /* time driving, working and in breaks */
    int64_t since;             /* busy_to of the last break at or before this node; 0: none */
    int64_t load[KI_MAX_DIMS]; /* after this node */
    int64_t total_to;          /* of dimension 0 over all trips, this node included */
    int32_t tasks_to;
    ki_moment moment_to; /* where compactness has a price */
    /* Of a type with a battery: what tasks used beyond driving, from the start, and what was used
     * in all when it was last full. */
    int64_t nwh_to, charged_to;
    union {      /* a model has releases or batteries, never both: the size of a node is time */
        struct { /* of its trip: from the tip or depot before to here */
            ki_segment trip;
            int32_t release_to, release_rest; /* of the trip up to here; from here to the tip */
        };
        struct { /* all from here to the node before the next charge */
            ki_segment reach;
            int32_t charge_ms; /* of the charge here */
            int32_t to_charge; /* nodes to the first charge at or behind this one, or to the end */
        };
    };
} ki_visit;

typedef struct ki_line_ranks { /* of a node */
    ki_ranks before, behind;   /* highest from the start to it, lowest from it to the end */
} ki_line_ranks;

typedef struct ki_line {   /* one state of a route */
    int32_t type, n_nodes; /* n_nodes 0: unused */
    int32_t n_tasks, n_breaks, n_posts;
    ki_visit *nodes;
    size_t capacity;
    ki_line_ranks *ranks; /* as nodes, where the model has sequences */
    size_t ranks_capacity;
    int64_t cost_nano;
    int64_t spell_ms; /* without unpaid breaks */
    int64_t wait_ms, spell_nano;
    int64_t charge_ms; /* of all charges */
} ki_line;

typedef struct ki_slot { /* a route that may change, and what it was before it was touched */
    ki_line now, saved;
    int touched;
    int64_t changed; /* work->n_changes when it last changed */
    int64_t tested;  /* ... when the local search last found nothing here */
} ki_slot;

typedef struct ki_work {
    const ki_model *model;
    ki_arena arena;
    ki_rng rng;
    ki_slot *slots;
    int32_t n_slots, n_high; /* slots behind n_high are unused */
    int32_t *n_used;         /* [n_types] of a lead: of all types that share its shifts */
    int32_t *where, *place;  /* [n_tasks] slot (-1: left out) and node */
    int32_t *absent, *absent_at, n_absent;
    int32_t *touched, n_touched;
    int64_t n_changes;
    int64_t absent_nano, routes_nano; /* prizes left out; routes */
    ki_stop *scratch;                 /* two buffers of scratch_size: the stops of any route */
    int32_t scratch_size;
    ki_breaks_place *places;           /* [scratch_size + 1] */
    ki_yard *yard;                     /* NULL: routes do not get into each other's way */
    ki_stop *kept;                     /* with a yard: three buffers of scratch_size more */
    int32_t *neighbours, n_neighbours; /* [n_tasks][n_neighbours], nearest first, -1 behind */
    int64_t *near_seen, *trip_seen;    /* [n_tasks] the latest insertion that looked here */
    int64_t near_stamp;
    int64_t leg_nano;      /* mean price of a leg to a near neighbour */
    uint32_t blink_one_in; /* one place in so many is not seen */
    int free_shifts;       /* opening a shift costs nothing, for now */
    int32_t most_used;     /* shifts of all types; INT32_MAX: as many as there are */
    int32_t closed_type;   /* a lead: no shift of it may be opened; -1: none */
    int64_t *out_nano;     /* [n_tasks] price of leaving out, in place of the prize; NULL: that */
    int failed;            /* out of memory somewhere */
} ki_work;

kerb_status ki_work_init(ki_work *work, const ki_model *model, kerb_error *err);
void ki_work_free(ki_work *work);
/* Everything left out. */
void ki_work_clear(ki_work *work);

/* A route is touched before it changes, so that ki_work_undo brings all of them back. */
void ki_work_keep(ki_work *work);
void ki_work_undo(ki_work *work);

static inline int64_t ki_work_cost(const ki_work *work) {
    return work->routes_nano + work->absent_nano;
}
static inline int64_t ki_work_left_out(const ki_work *work, int32_t task) {
    return work->out_nano ? work->out_nano[task] : ki_cost_left_out(work->model, task);
}
/* From here on leaving a task out costs out_nano[task], at most its prize; NULL: that. It stays the
 * caller's; after a change of its numbers call it again. */
void ki_work_price_left_out(ki_work *work, int64_t *out_nano);
/* Each task that is out, so much dearer, at most its prize. Only under prices as above. */
void ki_work_raise_left_out(ki_work *work, int64_t by_nano);
/* With the prizes, whatever leaving out costs for now. */
int64_t ki_work_real_cost(const ki_work *work);
/* Shifts in use, of all types. */
int32_t ki_work_n_used(const ki_work *work);
/* Whether one more shift of the type may be used. */
int ki_work_may_open(const ki_work *work, int32_t type);
/* Gives the slot these stops (none: unused), held at facilities as the other routes ask for. Tasks
 * not in them any more are left out, tasks new in them are not. Returns 0, with the slot unused, if
 * the route is not feasible. */
int ki_work_set(ki_work *work, int32_t slot, int32_t type, const ki_stop *stops, int32_t n_stops);
/* The same, with the holds it has: of a solution that fits together. */
int ki_work_set_as_is(ki_work *work, int32_t slot, int32_t type, const ki_stop *stops,
                      int32_t n_stops);
/* The same, for a move of one route that has been priced without the others: nothing changes, and
 * it returns 0, if with them it does not fit or costs limit_nano or more. */
int ki_work_set_below(ki_work *work, int32_t slot, int32_t type, const ki_stop *stops,
                      int32_t n_stops, int64_t limit_nano);
/* The stops (room for KI_MAX_BREAKS more) with the charges and breaks that a route of the type
 * needs, breaks at places drawn from the best; returns how many stops, -1 if there is no place. */
int32_t ki_work_settle(ki_work *work, int32_t type, ki_stop *stops, int32_t n_stops);
/* The same, then ki_work_set; 0 with nothing changed if there is no place for a break. */
int ki_work_set_settled(ki_work *work, int32_t slot, int32_t type, ki_stop *stops, int32_t n_stops);
/* An unused slot, or -1. */
int32_t ki_work_free_slot(ki_work *work);
/* Stops of a line, without depots, into a buffer of work->scratch_size; returns how many. */
int32_t ki_line_stops(const ki_line *line, ki_stop *stops);

/* neighbours.c */
kerb_status ki_work_find_neighbours(ki_work *work, int32_t n_most, kerb_error *err);
static inline const int32_t *ki_work_near(const ki_work *work, int32_t task) {
    return work->neighbours + (size_t)task * (size_t)work->n_neighbours;
}

/* -ln(u), u uniform: exponentially distributed with mean 1, without libm. */
double ki_work_exponential(ki_rng *rng);
#endif
