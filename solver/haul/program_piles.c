/* SPDX-License-Identifier: GPL-3.0-or-later
 * program_piles.c - rows of the program that speak of piles and plants (program.c lists them). */
#include "haul/program_piles.h"

#include <math.h>

int32_t ki_haul_slots_done_by(const ki_haul_made *made, int32_t kind, int32_t at_ms) {
    int64_t left_ms = (int64_t)at_ms - made->problem->kinds[kind].load_ms;
    if (left_ms < 0) return 0;
    int64_t slot = left_ms / made->grid->slot_ms + 1;
    return slot < made->grid->n_slots ? (int32_t)slot : made->grid->n_slots;
}

int32_t ki_haul_first_slot_from(const ki_haul_made *made, int32_t at_ms) {
    int64_t slot = ((int64_t)at_ms + made->grid->slot_ms - 1) / made->grid->slot_ms;
    return slot < made->grid->n_slots ? (int32_t)slot : made->grid->n_slots;
}

void ki_haul_add_row(ki_haul_made *made, double lower, double upper) {
    ki_lines_end(&made->rows, 0, lower, upper);
    made->n_rows++;
}

static void put_loads_before(ki_haul_made *made, int32_t pile, int32_t slot) {
    for (int32_t at = 0; at < made->n_amounts; at++)
        if (made->amounts[at].pile == pile && made->amounts[at].first_slot < slot)
            ki_lines_put(&made->rows, made->first_amount + at, 1);
}

static void add_there_rows(ki_haul_made *made, int32_t pile) {
    const ki_haul_events *events = &made->stage->events[pile];
    int64_t before_g = made->problem->piles[pile].opening_g;
    for (int32_t at = 0; at <= events->n; at++) {
        int is_last = at == events->n;
        if (!is_last && at + 1 < events->n &&
            events->loadable[at].at_ms == events->loadable[at + 1].at_ms)
            continue;
        int32_t slot = is_last ? made->grid->n_slots
                               : ki_haul_first_slot_from(made, events->loadable[at].at_ms);
        put_loads_before(made, pile, slot);
        ki_haul_add_row(made, -INFINITY, ki_haul_tonnes(before_g));
        if (!is_last) before_g = made->problem->piles[pile].opening_g + events->loadable[at].sum_g;
    }
}

static int64_t most_payload_g(const ki_haul_made *made, int32_t pile) {
    int64_t most_g = 0;
    for (int32_t kind = 0; kind < made->problem->n_kinds; kind++)
        for (int32_t plant = 0; plant < made->problem->n_plants; plant++)
            if (ki_haul_may_carry(made->problem, kind, pile, plant) &&
                made->problem->kinds[kind].payload_g > most_g)
                most_g = made->problem->kinds[kind].payload_g;
    return most_g;
}

/* What loading has ended of by then; by_loads: the number of loads. */
static void put_gone(ki_haul_made *made, int32_t pile, int32_t at_ms, int by_loads) {
    for (int32_t at = 0; at < made->n_amounts && !by_loads; at++) {
        const ki_haul_amount *of = &made->amounts[at];
        if (of->pile == pile && of->first_slot < ki_haul_slots_done_by(made, of->kind, at_ms))
            ki_lines_put(&made->rows, made->first_amount + at, 1);
    }
    for (int32_t arc = 0; arc < made->grid->n_arcs && by_loads; arc++) {
        const ki_haul_arc *load = &made->grid->arcs[arc];
        if (load->what == KI_HAUL_LOAD && load->pile == pile &&
            load->slot < ki_haul_slots_done_by(made, load->kind, at_ms))
            ki_lines_put(&made->rows, made->column_of_arc[arc], 1);
    }
}

/* loads: how many it takes at the least, by then. */
static void add_limit(ki_haul_made *made, int32_t pile, int32_t at_ms, int64_t surplus_g,
                      int32_t over, int64_t *loads) {
    int64_t payload_g = most_payload_g(made, pile);
    if (surplus_g <= 0) return;
    put_gone(made, pile, at_ms, 0);
    ki_lines_put(&made->rows, over, 1);
    ki_haul_add_row(made, ki_haul_tonnes(surplus_g), INFINITY);
    if (made->is_soft || payload_g == 0) return;
    int64_t n = (surplus_g + payload_g - 1) / payload_g;
    put_gone(made, pile, at_ms, 1);
    ki_haul_add_row(made, (double)n, INFINITY);
    if (n > *loads) *loads = n;
}

/* Whether no loading can end between two arrivals: then the later says all. */
static int is_weaker(const ki_haul_made *made, const ki_haul_events *events, int32_t at) {
    if (at + 1 >= events->n) return 0;
    for (int32_t kind = 0; kind < made->problem->n_kinds; kind++)
        if (ki_haul_slots_done_by(made, kind, events->counted[at].at_ms) !=
            ki_haul_slots_done_by(made, kind, events->counted[at + 1].at_ms))
            return 0;
    return 1;
}

static void add_limits(ki_haul_made *made, int32_t pile) {
    const ki_haul_pile *of = &made->problem->piles[pile];
    const ki_haul_events *events = &made->stage->events[pile];
    int32_t over = made->first_over + 2 * pile;
    int64_t loads = 0;
    for (int32_t at = 0; at < events->n && of->most_g != INT64_MAX; at++)
        if (!is_weaker(made, events, at))
            add_limit(made, pile, events->counted[at].at_ms,
                      of->opening_g + events->counted[at].sum_g - of->most_g, over, &loads);
    if (of->closing_g != INT64_MAX)
        add_limit(made, pile, INT32_MAX, ki_haul_total_g(made->stage, pile) - of->closing_g,
                  over + 1, &loads);
    made->n_needed += loads;
}

/* The quickest round trip of a kind, by how many slots its loadings lie apart. */
static int64_t quickest_trip_ms(const ki_haul_made *made, int32_t k) {
    const ki_haul_problem *problem = made->problem;
    int64_t quickest = INT64_MAX;
    for (int32_t pile = 0; pile < problem->n_piles; pile++)
        for (int32_t plant = 0; plant < problem->n_plants; plant++) {
            if (!ki_haul_may_carry(problem, k, pile, plant)) continue;
            int32_t place = ki_haul_place_of_plant(problem, plant), back_ms = INT32_MAX;
            for (int32_t station = 0; station < problem->n_stations; station++)
                if (ki_haul_drive_ms(problem, k, place, station) < back_ms)
                    back_ms = ki_haul_drive_ms(problem, k, place, station);
            int64_t trip_ms = (int64_t)problem->kinds[k].load_ms +
                              ki_haul_drive_ms(problem, k, problem->piles[pile].station, place) +
                              ki_haul_unload_ms(problem, k, plant) + back_ms;
            if (trip_ms < quickest) quickest = trip_ms;
        }
    return quickest;
}

/* Relaxed, a twentieth of a truck drives twenty rounds. What it takes at the least is whole trucks:
 * each kind's count times the most loads of its shift cover the loads needed. */
static void add_truck_row(ki_haul_made *made) {
    if (made->n_needed == 0) return;
    int64_t most = 1;
    for (int32_t k = 0; k < made->problem->n_kinds; k++) {
        const ki_haul_kind *kind = &made->problem->kinds[k];
        int64_t spell_ms = (int64_t)kind->latest_ms - kind->earliest_ms;
        int64_t loads = 1 + spell_ms / quickest_trip_ms(made, k);
        if (loads > most) most = loads;
    }
    for (int32_t arc = 0; arc < made->grid->n_arcs; arc++)
        if (made->grid->arcs[arc].what == KI_HAUL_OUT)
            ki_lines_put(&made->rows, made->column_of_arc[arc], 1);
    ki_haul_add_row(made, (double)((made->n_needed + most - 1) / most), INFINITY);
}

kerb_status ki_haul_add_pile_rows(ki_haul_made *made) {
    for (int32_t pile = 0; pile < made->problem->n_piles; pile++) {
        add_there_rows(made, pile);
        add_limits(made, pile);
    }
    add_truck_row(made);
    for (int32_t plant = 0; plant < made->problem->n_plants; plant++) {
        if (made->problem->plants[plant].room_g == INT64_MAX) continue;
        for (int32_t at = 0; at < made->n_amounts; at++)
            if (made->amounts[at].plant == plant)
                ki_lines_put(&made->rows, made->first_amount + at, 1);
        ki_haul_add_row(made, -INFINITY, ki_haul_tonnes(made->problem->plants[plant].room_g));
    }
    return ki_lines_add_rows(&made->rows, made->lp, made->err);
}
