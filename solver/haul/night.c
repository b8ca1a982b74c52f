/* SPDX-License-Identifier: GPL-3.0-or-later
 * night.c - from a plan of collection to a haul problem.
 *
 * Stations are the transfer stations with a pile to look after, plants all plants and dumps. What
 * a truck tips counts by stream as it was collected. The bays and the daily tonnes of a plant that
 * collection takes up are taken off first. */
#include "haul/night.h"

#include "base/error.h"
#include "haul/haul.h"
#include "haul/night_routes.h"
#include "model/validate.h"

#include <math.h>
#include <string.h>

static kerb_status no_memory(ki_night *night) {
    return ki_fail_no_memory(night->maker.err, "hauls");
}

static void *take(ki_night *night, size_t n, size_t size) {
    return ki_arena_alloc(&night->maker.scratch, n, size);
}

static int64_t grams(double kg) {
    return llround(kg * 1000);
}

/* ---- places ---------------------------------------------------------------------------------- */

static int is_station(const kerb_facility *facility) {
    for (size_t gate = 0; gate < facility->n_gates; gate++)
        if (ki_gate_has_pile(facility, &facility->gates[gate])) return 1;
    return 0;
}

static int is_plant(const kerb_facility *facility) {
    return facility->n_gates > 0 &&
           (facility->kind == KERB_FACILITY_PLANT || facility->kind == KERB_FACILITY_DUMP);
}

static kerb_status find_hours(ki_night *night, const kerb_facility *facility, ki_haul_hours *out) {
    int64_t night_s = night->maker.sealed->night_start_s;
    int32_t horizon_ms = night->maker.sealed->horizon_ms;
    ki_haul_span *spans = take(night, facility->n_windows + 1, sizeof *spans);
    if (!spans) return no_memory(night);
    *out = (ki_haul_hours){spans, 0};
    for (size_t at = 0; at < facility->n_windows; at++) {
        int64_t open_ms = (facility->windows[at].start_s - night_s) * 1000;
        int64_t close_ms = (facility->windows[at].end_s - night_s) * 1000;
        if (close_ms < 0 || open_ms > horizon_ms) continue;
        spans[out->n_spans++] =
            (ki_haul_span){open_ms < 0 ? 0 : (int32_t)open_ms,
                           close_ms > horizon_ms ? horizon_ms : (int32_t)close_ms};
    }
    if (facility->n_windows && out->n_spans == 0) /* shut all night: not "no hours stated" */
        spans[out->n_spans++] = (ki_haul_span){INT32_MAX, INT32_MAX};
    return KERB_OK;
}

static void set_fees(const kerb_facility *facility, ki_haul_plant *plant) {
    for (size_t at = 0; at < facility->n_gates; at++) {
        const kerb_gate *gate = &facility->gates[at];
        plant->streams |= UINT32_C(1) << gate->stream;
        plant->fee_nano_per_g[gate->stream] = llround(gate->fee_per_tonne * 1e3);
    }
}

static int32_t instant_ms(const ki_night *night, int64_t at_s) {
    int64_t at_ms = (at_s - night->maker.sealed->night_start_s) * 1000;
    int64_t horizon_ms = night->maker.sealed->horizon_ms;
    return (int32_t)(at_ms < 0 ? 0 : at_ms > horizon_ms ? horizon_ms : at_ms);
}

/* Bays promised to others, one visit each. */
static size_t add_promised(const ki_night *night, const kerb_facility *facility,
                           ki_haul_span *visits) {
    size_t n = 0;
    for (size_t at = 0; at < facility->n_bay_slots; at++) {
        const kerb_bay_slot *slot = &facility->bay_slots[at];
        ki_haul_span visit = {instant_ms(night, slot->start_s), instant_ms(night, slot->end_s)};
        for (int32_t bay = 0; bay < slot->taken && bay < facility->bays; bay++, n++)
            if (visits) visits[n] = visit;
    }
    return n;
}

/* What others do at a plant before hauls come: promised bays, and collection. */
static kerb_status count_visits(ki_night *night, const kerb_facility *facility,
                                ki_haul_plant *plant) {
    const kerb_plan *plan = night->maker.plan;
    size_t n = add_promised(night, facility, NULL);
    for (int32_t route = 0; route < plan->n_routes; route++)
        n += (size_t)plan->routes[route].n_stops;
    ki_haul_span *visits = take(night, n, sizeof *visits);
    if (!visits) return no_memory(night);
    plant->visits = visits;
    plant->n_visits = (int32_t)add_promised(night, facility, visits);
    for (int32_t route = 0; route < plan->n_routes; route++)
        for (int32_t at = 0; at < plan->routes[route].n_stops; at++) {
            const ki_plan_stop *stop = &plan->routes[route].stops[at];
            int is_there = stop->kind == KI_STOP_TIP || stop->kind == KI_STOP_CHARGE;
            if (!is_there || strcmp(stop->id, facility->id) != 0) continue;
            visits[plant->n_visits++] = (ki_haul_span){stop->start_ms, stop->end_ms};
            if (plant->room_g != INT64_MAX) plant->room_g -= stop->mass_g;
        }
    if (plant->room_g < 0) plant->room_g = 0;
    return KERB_OK;
}

static kerb_status set_plant(ki_night *night, const kerb_facility *facility, ki_haul_plant *plant) {
    *plant = (ki_haul_plant){.room_g = INT64_MAX,
                             .fixed_ms = (int32_t)llround(facility->unload_s * 1000),
                             .ms_per_tonne = llround(facility->unload_s_per_tonne * 1000),
                             .bays = facility->bays};
    if (facility->cap_tonnes > 0)
        plant->room_g = grams(facility->cap_tonnes * 1000) - grams(facility->used_tonnes * 1000);
    set_fees(facility, plant);
    KI_TRY(find_hours(night, facility, &plant->hours));
    return count_visits(night, facility, plant);
}

static kerb_status find_places(ki_night *night) {
    const ki_draft *draft = night->maker.draft;
    size_t n = draft->n_facilities;
    ki_haul_hours *stations = take(night, n, sizeof *stations);
    ki_haul_plant *plants = take(night, n, sizeof *plants);
    night->station_facility = take(night, n, sizeof *night->station_facility);
    night->plant_facility = take(night, n, sizeof *night->plant_facility);
    if (!stations || !plants || !night->station_facility || !night->plant_facility)
        return no_memory(night);
    night->problem.stations = stations;
    night->problem.plants = plants;
    for (size_t at = 0; at < n; at++) {
        const kerb_facility *facility = &draft->facilities[at];
        if (is_station(facility)) {
            night->station_facility[night->problem.n_stations] = (int32_t)at;
            KI_TRY(find_hours(night, facility, &stations[night->problem.n_stations++]));
        } else if (is_plant(facility)) {
            night->plant_facility[night->problem.n_plants] = (int32_t)at;
            KI_TRY(set_plant(night, facility, &plants[night->problem.n_plants++]));
        }
    }
    return KERB_OK;
}

/* ---- piles ----------------------------------------------------------------------------------- */

static void add_start_load(const ki_draft *draft, const ki_plan_route *route,
                           int64_t mass_g[KERB_N_STREAMS]) {
    const kerb_vehicle *vehicle = ki_plan_vehicle(draft, route->vehicle);
    for (size_t at = 0; vehicle && at < vehicle->n_compartments; at++)
        if (vehicle->compartments[at].n_streams > 0 && (int32_t)at < route->stops[0].n_loads)
            mass_g[vehicle->compartments[at].streams[0]] += route->stops[0].loads[at].mass_g;
}

/* What the route tips of a stream at a station. */
static void add_inflows(ki_night *night, const ki_plan_route *route, const char *station,
                        ki_haul_pile *pile, ki_haul_inflow *inflows) {
    int64_t mass_g[KERB_N_STREAMS] = {0};
    if (route->n_stops > 0) add_start_load(night->maker.draft, route, mass_g);
    for (int32_t at = 0; at < route->n_stops; at++) {
        const ki_plan_stop *stop = &route->stops[at];
        if (stop->kind == KI_STOP_SERVE || stop->kind == KI_STOP_SWEEP)
            mass_g[stop->stream] += stop->mass_g;
        if (stop->kind != KI_STOP_TIP) continue;
        if (strcmp(stop->id, station) == 0 && mass_g[pile->stream] > 0)
            inflows[pile->n_inflows++] =
                (ki_haul_inflow){stop->start_ms, stop->end_ms, mass_g[pile->stream]};
        memset(mass_g, 0, sizeof mass_g);
    }
}

static kerb_status set_pile(ki_night *night, int32_t station, const kerb_gate *gate,
                            ki_haul_pile *pile) {
    const kerb_plan *plan = night->maker.plan;
    const char *id = night->maker.draft->facilities[night->station_facility[station]].id;
    size_t n = 0;
    *pile = (ki_haul_pile){.station = station,
                           .stream = (uint8_t)gate->stream,
                           .opening_g = grams(gate->stock_kg),
                           .most_g = gate->buffer_kg > 0 ? grams(gate->buffer_kg) : INT64_MAX,
                           .closing_g = gate->cleared ? 0 : INT64_MAX};
    for (int32_t route = 0; route < plan->n_routes; route++)
        n += (size_t)plan->routes[route].n_stops;
    ki_haul_inflow *inflows = take(night, n, sizeof *inflows);
    if (!inflows) return no_memory(night);
    for (int32_t route = 0; route < plan->n_routes; route++)
        add_inflows(night, &plan->routes[route], id, pile, inflows);
    pile->inflows = inflows;
    return KERB_OK;
}

static kerb_status find_piles(ki_night *night) {
    const ki_draft *draft = night->maker.draft;
    ki_haul_pile *piles = take(night, draft->n_facilities * (size_t)KERB_N_STREAMS, sizeof *piles);
    if (!piles) return no_memory(night);
    night->problem.piles = piles;
    for (int32_t station = 0; station < night->problem.n_stations; station++) {
        const kerb_facility *facility = &draft->facilities[night->station_facility[station]];
        for (size_t gate = 0; gate < facility->n_gates; gate++)
            if (ki_gate_has_pile(facility, &facility->gates[gate]))
                KI_TRY(set_pile(night, station, &facility->gates[gate],
                                &piles[night->problem.n_piles++]));
    }
    return KERB_OK;
}

/* ---- trucks ---------------------------------------------------------------------------------- */

int32_t ki_night_point(const ki_night *night, int32_t kind, int32_t place) {
    const ki_haul_type *haul = &night->maker.sealed->hauls[kind];
    const ki_haul_problem *problem = &night->problem;
    if (place < problem->n_stations) return haul->points[night->station_facility[place]];
    place -= problem->n_stations;
    if (place < problem->n_plants) return haul->points[night->plant_facility[place]];
    return place == problem->n_plants ? haul->start_point : haul->end_point;
}

static kerb_status set_travel(ki_night *night, int32_t index, ki_haul_kind *kind) {
    const ki_model *sealed = night->maker.sealed;
    const ki_travel *travel = &sealed->travels[sealed->hauls[index].travel];
    size_t n = (size_t)ki_haul_n_places(&night->problem);
    int32_t *time_ms = take(night, n * n, sizeof *time_ms);
    int32_t *length_mm = take(night, n * n, sizeof *length_mm);
    if (!time_ms || !length_mm) return no_memory(night);
    for (size_t from = 0; from < n; from++)
        for (size_t to = 0; to < n; to++) {
            int32_t a = ki_night_point(night, index, (int32_t)from);
            int32_t b = ki_night_point(night, index, (int32_t)to);
            size_t cell = (size_t)(a < 0 ? 0 : a) * (size_t)travel->n + (size_t)(b < 0 ? 0 : b);
            int known = a >= 0 && b >= 0;
            time_ms[from * n + to] = known ? travel->time_ms[cell] : KI_NEVER;
            length_mm[from * n + to] = known ? travel->length_mm[cell] : 0;
        }
    kind->time_ms = time_ms;
    kind->length_mm = length_mm;
    return KERB_OK;
}

static kerb_status set_breaks(ki_night *night, const ki_haul_type *haul, ki_haul_kind *kind) {
    ki_haul_break *breaks = take(night, (size_t)haul->n_breaks, sizeof *breaks);
    if (!breaks) return no_memory(night);
    for (int32_t at = 0; at < haul->n_breaks; at++)
        breaks[at] = (ki_haul_break){.duration_ms = haul->breaks[at].duration_ms,
                                     .due_ms = haul->breaks[at].due_ms,
                                     .work_ms = haul->breaks[at].work_ms,
                                     .paid = haul->breaks[at].paid};
    for (int32_t at = 0; at < haul->n_break_options; at++) {
        const ki_break_option *option = &haul->break_options[at];
        ki_haul_break *of = &breaks[option->number];
        of->spans[of->n_spans++] = (ki_haul_span){option->open_ms, option->close_ms};
    }
    kind->breaks = breaks;
    kind->n_breaks = haul->n_breaks;
    kind->worked_ms = haul->worked_ms;
    return KERB_OK;
}

/* A truck that collects first is there when its route is back; without one, from the start. Too
 * late for anything, it stands still to the end. */
int32_t ki_haul_follows_from(const ki_night *night, const ki_haul_type *haul) {
    const kerb_plan *plan = night->maker.plan;
    int64_t from_ms = haul->earliest_ms;
    const char *before = haul->follows < 0 ? NULL : night->maker.draft->shifts[haul->follows].id;
    for (int32_t route = 0; before && route < plan->n_routes; route++) {
        if (strcmp(plan->routes[route].shift, before) != 0) continue;
        int64_t back_ms = (int64_t)plan->routes[route].spell_end_ms + haul->turnaround_ms;
        if (back_ms > from_ms) from_ms = back_ms;
    }
    return (int32_t)(from_ms < haul->latest_ms ? from_ms : haul->latest_ms);
}

static kerb_status find_kinds(ki_night *night) {
    const ki_model *sealed = night->maker.sealed;
    ki_haul_kind *kinds = take(night, (size_t)sealed->n_hauls, sizeof *kinds);
    if (!kinds) return no_memory(night);
    night->problem.kinds = kinds;
    night->problem.n_kinds = sealed->n_hauls;
    for (int32_t at = 0; at < sealed->n_hauls; at++) {
        const ki_haul_type *haul = &sealed->hauls[at];
        kinds[at] = (ki_haul_kind){.n_trucks = haul->n_shifts,
                                   .payload_g = haul->payload_g,
                                   .streams = haul->streams,
                                   .load_ms = haul->load_ms,
                                   .earliest_ms = ki_haul_follows_from(night, haul),
                                   .latest_ms = haul->latest_ms,
                                   .pre_ms = haul->pre_ms,
                                   .post_ms = haul->post_ms,
                                   .regular_ms = haul->regular_ms,
                                   .used_nano = haul->used_nano,
                                   .nano_per_mm = haul->nano_per_mm,
                                   .nano_per_ms = haul->nano_per_ms,
                                   .overtime_nano_per_ms = haul->overtime_nano_per_ms,
                                   .under_way = haul->under_way};
        KI_TRY(set_travel(night, at, &kinds[at]));
        KI_TRY(set_breaks(night, haul, &kinds[at]));
        if (haul->under_way) kinds[at].used_nano = -ki_night_home_nano(night, at);
    }
    return KERB_OK;
}

/* ---- all together ---------------------------------------------------------------------------- */

/* Where something is too high: how high it would be if no truck took a break, by a quick answer. */
static kerb_status ask_without_breaks(ki_night *night, ki_worker *worker) {
    ki_haul_problem problem = night->problem;
    ki_haul_kind *kinds = take(night, (size_t)problem.n_kinds, sizeof *kinds);
    ki_haul_plan free_of;
    int any = 0;
    if (!kinds) return no_memory(night);
    for (int32_t at = 0; at < problem.n_kinds; at++) {
        any |= problem.kinds[at].n_breaks > 0;
        kinds[at] = problem.kinds[at];
        kinds[at].n_breaks = 0;
    }
    if (!any || night->hauls.tally.over_g == 0) return KERB_OK;
    problem.kinds = kinds;
    problem.n_given = 0;
    problem.is_quick = 1;
    KI_TRY(ki_haul_solve(&free_of, &problem, worker, 0, night->maker.err));
    night->restless = ki_arena_copy(&night->maker.scratch, free_of.fates, (size_t)problem.n_piles,
                                    sizeof *free_of.fates);
    ki_haul_plan_free(&free_of);
    return night->restless ? KERB_OK : no_memory(night);
}

static kerb_status add(ki_night *night, ki_worker *worker) {
    night->problem.horizon_ms = night->maker.sealed->horizon_ms;
    KI_TRY(find_places(night));
    KI_TRY(find_piles(night));
    KI_TRY(find_kinds(night));
    if (night->problem.n_piles == 0 && !ki_haul_any_under_way(&night->problem)) return KERB_OK;
    KI_TRY(ki_night_find_given(night));
    KI_TRY(ki_haul_solve(&night->hauls, &night->problem, worker, 0, night->maker.err));
    KI_TRY(ask_without_breaks(night, worker));
    return ki_night_write(night);
}

kerb_status ki_plan_hauls_add(kerb_plan *plan, const kerb_model *model, ki_worker *worker,
                              int is_quick, kerb_error *err) {
    ki_night night = {.maker = {.model = model,
                                .draft = &model->draft,
                                .sealed = model->sealed,
                                .plan = plan,
                                .arena = &plan->arena,
                                .err = err},
                      .problem.is_quick = (uint8_t)(is_quick != 0)};
    kerb_status status = add(&night, worker);
    if (status == KERB_OK && night.maker.failed) status = no_memory(&night);
    ki_haul_plan_free(&night.hauls);
    ki_arena_free(&night.maker.scratch);
    return status;
}
