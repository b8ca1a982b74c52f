/* SPDX-License-Identifier: GPL-3.0-or-later
 * night_given.c - the hauls of the earlier plan that are still to come. */
#include "haul/night_routes.h"

#include "base/error.h"
#include "haul/play.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The kind and number of a shift's truck; 0: it is out tonight. */
static int find_truck(const ki_night *night, const char *shift_id, ki_haul *haul) {
    const ki_model *sealed = night->maker.sealed;
    for (int32_t kind = 0; kind < sealed->n_hauls; kind++)
        for (int32_t at = 0; at < sealed->hauls[kind].n_shifts; at++) {
            int32_t shift = sealed->haul_shifts[sealed->hauls[kind].first_shift + at];
            if (strcmp(night->maker.draft->shifts[shift].id, shift_id) != 0) continue;
            haul->kind = kind;
            haul->truck = at;
            return 1;
        }
    return 0;
}

static int32_t find_pile(const ki_night *night, const kerb_earlier_stop *stop) {
    for (int32_t at = 0; at < night->problem.n_piles; at++) {
        const ki_haul_pile *pile = &night->problem.piles[at];
        const kerb_facility *facility =
            &night->maker.draft->facilities[night->station_facility[pile->station]];
        if (pile->stream == stop->stream && strcmp(facility->id, stop->id) == 0) return at;
    }
    return -1;
}

static int32_t find_plant(const ki_night *night, const kerb_earlier_stop *stop) {
    for (int32_t at = 0; at < night->problem.n_plants; at++)
        if (strcmp(night->maker.draft->facilities[night->plant_facility[at]].id, stop->id) == 0)
            return at;
    return -1;
}

/* 0: of another night. */
static int find_instant(const ki_night *night, int64_t at_s, int32_t *at_ms) {
    const ki_model *sealed = night->maker.sealed;
    if (at_s < sealed->night_start_s || at_s > sealed->night_start_s + sealed->horizon_ms / 1000)
        return 0;
    *at_ms = (int32_t)((at_s - sealed->night_start_s) * 1000);
    return 1;
}

/* Two stops a haul: what is loaded at one is tipped at the next. */
static void add_given(ki_night *night, const kerb_earlier_route *route, ki_haul *given) {
    ki_haul haul = {0};
    if (!find_truck(night, route->shift_id, &haul)) return;
    for (size_t at = 0; at + 1 < route->n_stops; at++) {
        const kerb_earlier_stop *load = &route->stops[at], *tip = load + 1;
        haul.pile = find_pile(night, load);
        haul.plant = find_plant(night, tip);
        if (load->fixed || tip->fixed || haul.pile < 0 || haul.plant < 0) continue;
        if (!find_instant(night, load->start_s, &haul.load_ms) ||
            !find_instant(night, tip->start_s, &haul.unload_ms))
            continue;
        given[night->problem.n_given++] = haul;
    }
}

kerb_status ki_night_find_given(ki_night *night) {
    const ki_draft *draft = night->maker.draft;
    double price = draft->district.price_change_per_stop;
    if (!(price > 0) || draft->n_earlier_plans == 0) return KERB_OK;
    const kerb_earlier_plan *plan = &draft->earlier_plans[draft->n_earlier_plans - 1];
    size_t n = 0;
    for (size_t at = 0; at < plan->n_routes; at++)
        n += plan->routes[at].n_stops;
    ki_haul *given = ki_arena_alloc(&night->maker.scratch, n, sizeof *given);
    if (!given) return ki_fail_no_memory(night->maker.err, "hauls");
    for (size_t at = 0; at < plan->n_routes; at++)
        add_given(night, &plan->routes[at], given);
    if (night->problem.n_given)
        qsort(given, (size_t)night->problem.n_given, sizeof *given, ki_haul_by_loading);
    night->problem.given = given;
    night->problem.change_nano = 2 * llround(price * 1e9); /* loaded and tipped elsewhere */
    night->problem.stays = (uint8_t)night->maker.model->is_undisturbed;
    return KERB_OK;
}
