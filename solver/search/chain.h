/* SPDX-License-Identifier: GPL-3.0-or-later
 * chain.h - the price of a route put together from pieces of others, without making it.
 *
 *   ki_chain_from(line, 3) + ki_chain_stop(...) + ki_chain_rest(other line, 7)
 *
 * Exactly what ki_route_evaluate would say of the whole; O(1) a piece. Every move is written in
 * these words, so that rules live in one place. */
#ifndef KI_CHAIN_H
#define KI_CHAIN_H
#include "search/work.h"

typedef struct ki_chain {
    const ki_model *model;
    const ki_type *type;
    int32_t type_index;
    int32_t point, site; /* where the vehicle stands (-1: anywhere); -1 after a depot or tip */
    int possible;
    int without_breaks; /* none is asked for: an estimate, until they are settled */
    int will_charge;    /* an empty battery is charged once the stops are settled; until then ... */
    int is_flat;        /* ... it is empty, and the price of filling it is an estimate */
    int32_t n_breaks;
    uint8_t is_gate;        /* it stands at its start depot or a tip */
    int64_t busy_ms, since; /* driving, working, in breaks; of it up to the last break */
    ki_segment time;
    int64_t mm, fees_nano;
    int64_t load[KI_MAX_DIMS];
    int64_t nwh, charged_nwh; /* as nwh_to and charged_to of a node */
    int64_t total;            /* of dimension 0 over all trips */
    int32_t n_tasks;
    ki_moment moment;         /* where compactness has a price */
    ki_ranks highest, lowest; /* where the model has sequences; lowest: of one that is adrift */
    /* Where the model has releases: of the trip that is under way. */
    int32_t release_ms;
    uint8_t adrift; /* nobody knows yet where it begins */
    ki_segment trip;
    int64_t gate_busy; /* busy_ms where it began */
} ki_chain;

/* The line as far as node `at`, that node included. */
void ki_chain_from(ki_chain *chain, const ki_model *model, const ki_line *line, int32_t at);
/* Nowhere yet, empty: what is added is a trip that can be joined to others. */
void ki_chain_anywhere(ki_chain *chain, const ki_model *model, int32_t type);
/* A trip made of the stops from `entry` to a tip; the vehicle must be empty. O(1). */
void ki_chain_join(ki_chain *chain, const ki_chain *trip, int32_t entry);
/* A new route of a type: its start depot. */
void ki_chain_new(ki_chain *chain, const ki_model *model, int32_t type);
void ki_chain_stop(ki_chain *chain, const ki_stop *stop); /* a task or a tip */
/* Nodes [first, last] of a line, one after another: O(last - first). */
void ki_chain_piece(ki_chain *chain, const ki_line *line, int32_t first, int32_t last);
/* Node `at` of a line of the same type and everything behind it, the end depot included: O(1), but
 * stop by stop where a type has both breaks and a battery, or the line a post. */
void ki_chain_rest(ki_chain *chain, const ki_line *line, int32_t at);
void ki_chain_end(ki_chain *chain); /* the end depot */
/* KI_NO_COST where the chain cannot be driven. Only after rest or end. */
int64_t ki_chain_cost(const ki_chain *chain);
/* Turns a stop of another type into one of this type: a tip becomes the same one, held by nobody
 * and without a charge; 0 if it has none. */
int ki_stop_as(const ki_model *model, int32_t type, ki_stop *stop);
/* Whether the stops must be settled (ki_work_settle) before they are what was priced. */
static inline int ki_chain_settles(const ki_chain *chain) {
    return chain->without_breaks || chain->is_flat;
}
#endif
