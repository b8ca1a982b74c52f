/* SPDX-License-Identifier: GPL-3.0-or-later
 * haul.h - what collection brings to the transfer stations is carried on to the plants in full
 * loads, so that no station overflows, at the least cost.
 *
 * A pile is what lies of one stream at one station. Collection adds to it at known times; a haul
 * takes from it a full load, or all there is where that is less, or what the plant may still take
 * tonight. Loading and unloading begin at whole slots of the night (five minutes where that is
 * small enough); driving takes its own time, and a truck that arrives between two slots waits.
 * What arrives counts at the pile from the moment unloading begins and may be loaded once it has
 * ended; what is loaded counts until loading ends. So a pile is never above what is said of it.
 * A bay is taken for every slot that unloading touches. Breaks are taken where the truck stands:
 * at the depot before it leaves, behind loading, behind unloading (spell.h).
 *
 * Place numbers: stations, then plants, then each kind's start and end depot. */
#ifndef KI_HAUL_H
#define KI_HAUL_H
#include "base/arena.h"
#include "base/pool.h"
#include "kerbside.h"
#include "model/model.h"

typedef struct ki_haul_span { /* earliest and latest start of loading or unloading */
    int32_t open_ms, close_ms;
} ki_haul_span;

typedef struct ki_haul_hours {
    const ki_haul_span *spans;
    int32_t n_spans;
} ki_haul_hours;

typedef struct ki_haul_plant {
    ki_haul_hours hours;
    uint32_t streams;                       /* mask of those it takes */
    int64_t fee_nano_per_g[KERB_N_STREAMS]; /* negative: revenue */
    int64_t room_g;                         /* it may still take tonight; INT64_MAX: any */
    int32_t fixed_ms;                       /* to unload, as of collection: fixed and by mass */
    int64_t ms_per_tonne;
    int32_t bays;               /* vehicles that may unload at once; 0: any */
    const ki_haul_span *visits; /* of others, from the start of unloading to its end */
    int32_t n_visits;
} ki_haul_plant;

typedef struct ki_haul_inflow {
    int32_t start_ms, end_ms; /* of unloading at the station */
    int64_t mass_g;
} ki_haul_inflow;

typedef struct ki_haul_pile {
    int32_t station;
    uint8_t stream;    /* kerb_stream */
    int64_t opening_g; /* at the night's start */
    int64_t most_g;    /* the buffer; INT64_MAX: any */
    int64_t closing_g; /* may lie there at the night's end; INT64_MAX: any */
    const ki_haul_inflow *inflows;
    int32_t n_inflows;
} ki_haul_pile;

typedef struct ki_haul {
    int32_t kind, truck; /* truck of the kind, from 0 */
    int32_t pile, plant;
    int32_t load_ms, unload_ms; /* starts of both */
    int64_t mass_g;
} ki_haul;

typedef struct ki_haul_break { /* as ki_break of the model */
    int32_t duration_ms, due_ms, work_ms;
    uint8_t paid;
    int32_t n_spans;
    ki_haul_span spans[KI_MAX_BREAK_WINDOWS]; /* when it may start */
} ki_haul_break;

typedef struct ki_haul_kind { /* interchangeable trucks */
    int32_t n_trucks;
    int64_t payload_g;
    uint32_t streams;               /* mask; one at a time */
    int32_t load_ms;                /* to load it full; above 0 */
    int32_t earliest_ms, latest_ms; /* the whole spell */
    int32_t pre_ms, post_ms;        /* inside it */
    int32_t regular_ms;             /* INT32_MAX: no overtime */
    int64_t used_nano, nano_per_mm, nano_per_ms, overtime_nano_per_ms; /* overtime: extra */
    uint8_t under_way; /* out already: paid from earliest_ms; used_nano takes its way home off */
    const int32_t *time_ms, *length_mm; /* [n_places][n_places], row = from; INT32_MAX: no way */
    const ki_haul_break *breaks;        /* in the order they are taken */
    int32_t n_breaks;
    int32_t worked_ms; /* of one under way: since its last break */
} ki_haul_kind;

typedef struct ki_haul_problem {
    int32_t horizon_ms;
    int32_t slot_ms; /* 0: the shortest of 5, 10, 15, 30, 60 minutes with which it is small */
    int32_t n_stations, n_plants, n_piles, n_kinds;
    const ki_haul_hours *stations;
    const ki_haul_plant *plants;
    const ki_haul_pile *piles;
    const ki_haul_kind *kinds;
    const ki_haul *given; /* of an earlier plan; as many of them are kept as can be */
    int32_t n_given;
    int64_t change_nano; /* others are taken if they save so much for each that is not kept */
    uint8_t stays;       /* nothing happened: if all of them can be kept, they are */
    uint8_t is_quick;    /* no program */
} ki_haul_problem;

/* What a set of hauls does to the piles, and what it costs. */
typedef struct ki_haul_tally {
    int32_t n_restless; /* trucks whose breaks find no place; their hours are counted without */
    int64_t over_g;     /* above the buffers and closing stocks, summed over the piles */
    int64_t cost_nano;
    int64_t weighed_nano; /* the cost without what the cheapest gate for each load takes */
} ki_haul_tally;

typedef struct ki_haul_fate { /* of one pile */
    int64_t peak_g, end_g, hauled_g;
    int32_t peak_ms; /* first instant at which it is highest */
} ki_haul_fate;

typedef struct ki_haul_plan {
    ki_arena arena;
    ki_haul *hauls; /* by kind, truck, time */
    int32_t n_hauls;
    ki_haul_fate *fates; /* [n_piles] */
    ki_haul_tally tally;
    int32_t slot_ms;
    /* Of weighed_nano over all hauls that begin at whole slots and leave no pile higher than these
     * do, where that is above its buffer or closing stock; with has_bound. */
    int64_t bound_nano;
    uint8_t has_bound, proved;
    uint8_t by_program;    /* the integer program's answer; otherwise the greedy one */
    const char *shortfall; /* why there is no integer program's answer; NULL: there is one */
    int32_t n_rows, n_columns;
} ki_haul_plan;

/* The cheapest hauls found that leave the least above buffers and closing stocks. At most
 * max_nodes of branch and bound; 0: as many as its size allows in a few seconds. The program's
 * failure costs its own result only: the greedy hauls remain. Fails with KERB_NO_MEMORY. Same
 * answer for any number of threads and any load. */
kerb_status ki_haul_solve(ki_haul_plan *out, const ki_haul_problem *problem, ki_worker *worker,
                          int32_t max_nodes, kerb_error *err);
void ki_haul_plan_free(ki_haul_plan *plan);

static inline int ki_haul_same_truck(const ki_haul *a, const ki_haul *b) {
    return a->kind == b->kind && a->truck == b->truck;
}
/* When a truck's spell begins that must leave the depot then: at a whole second, as shifts do, so
 * that a night re-planned meanwhile can still keep to it. */
static inline int64_t ki_haul_spell_start_ms(const ki_haul_kind *kind, int64_t leave_ms) {
    return kind->under_way ? kind->earliest_ms : (leave_ms - kind->pre_ms) / 1000 * 1000;
}
/* Of the paid hours of a spell. */
static inline int64_t ki_haul_spell_nano(const ki_haul_kind *kind, int64_t paid_ms) {
    int64_t over_ms = paid_ms - kind->regular_ms;
    return paid_ms * kind->nano_per_ms + (over_ms > 0 ? over_ms * kind->overtime_nano_per_ms : 0);
}
/* Whether some truck is out already: going straight home costs it nothing, and a way home by a pile
 * may cost less. */
int ki_haul_any_under_way(const ki_haul_problem *problem);
static inline int32_t ki_haul_n_places(const ki_haul_problem *problem) {
    return problem->n_stations + problem->n_plants + 2;
}
#endif
