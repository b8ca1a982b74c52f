/* SPDX-License-Identifier: GPL-3.0-or-later
 * night_routes.c - hauls as routes of the plan: start, load, tip, load, tip ... end.
 *
 * Hauls collect nothing, so their masses are on their stops only. They keep their times: what is
 * earliest and latest is when they start. */
#include "haul/night_routes.h"

#include "base/error.h"
#include "haul/play.h"
#include "haul/spell.h"
#include "plan/plan_summary.h"

#include <stdio.h>
#include <string.h>

typedef struct writer {
    ki_night *night;
    const ki_haul_problem *problem;
    ki_plan_route *route;
    const kerb_shift *shift;
    int32_t kind, place; /* where it stands */
    int32_t free_ms;
    int64_t on_board_g;
    ki_haul_spell spell; /* none where it only goes home */
} writer;

/* ---- stops ----------------------------------------------------------------------------------- */

static ki_plan_stop *add_stop(writer *to, ki_stop_kind what, const char *id,
                              const kerb_label *labels, size_t n_labels) {
    ki_plan_maker *maker = &to->night->maker;
    ki_plan_stop *stop = &to->route->stops[to->route->n_stops++];
    stop->kind = what;
    stop->id = ki_plan_copy(maker, id);
    stop->labels = ki_plan_labels(maker, labels, n_labels, &stop->n_labels);
    return stop;
}

static kerb_status drive_to(writer *to, int32_t place, ki_plan_stop *stop) {
    ki_plan_maker *maker = &to->night->maker;
    const ki_model *sealed = maker->sealed;
    int32_t from = ki_night_point(to->night, to->kind, to->place);
    int32_t here = ki_night_point(to->night, to->kind, place);
    int32_t time_ms = ki_haul_drive_ms(to->problem, to->kind, to->place, place);
    int32_t length_mm = ki_haul_drive_mm(to->problem, to->kind, to->place, place);
    if (sealed->graph) {
        const ki_place *places = sealed->places[2];
        const ki_profile *profile = sealed->travels[sealed->hauls[to->kind].travel].profile;
        KI_TRY(ki_plan_leg_drive(maker, profile, places[from], places[here], &stop->leg));
        if (stop->leg.time_ms != time_ms || stop->leg.length_mm != length_mm)
            return ki_fail(maker->err, KERB_INTERNAL,
                           "haul to %s: the path takes %d ms, the matrix says %d", stop->id,
                           stop->leg.time_ms, time_ms);
        ki_place_position(sealed->graph, places[here], &stop->lat_e7, &stop->lon_e7);
    }
    stop->leg.time_ms = time_ms;
    stop->leg.length_mm = length_mm;
    stop->leg.deadhead = 1;
    to->route->length_mm += length_mm;
    to->route->deadhead_mm += length_mm;
    to->place = place;
    stop->arrival_ms = to->free_ms + time_ms;
    return KERB_OK;
}

static kerb_status set_times(writer *to, ki_plan_stop *stop, int32_t start_ms, int32_t end_ms) {
    ki_plan_load *load = ki_arena_alloc(to->night->maker.arena, 1, sizeof *load);
    if (!load) return ki_fail_no_memory(to->night->maker.err, "a haul");
    load->mass_g = to->on_board_g;
    stop->loads = load;
    stop->n_loads = 1;
    stop->start_ms = stop->earliest_ms = stop->latest_ms = start_ms;
    stop->end_ms = to->free_ms = end_ms;
    return KERB_OK;
}

/* Those of the spell that are taken behind the last stop written. */
static void take_breaks(writer *to) {
    int32_t behind = to->route->n_stops - 1;
    for (int32_t at = to->route->n_breaks; at < to->spell.n_pauses; at++) {
        const ki_haul_pause *pause = &to->spell.pauses[at];
        if (pause->place != behind) break;
        to->route->breaks[to->route->n_breaks++] =
            (ki_plan_break){pause->start_ms, pause->end_ms, behind};
        to->free_ms = pause->end_ms;
    }
}

static const kerb_depot *find_depot(const writer *to, const char *id) {
    const kerb_depot *depot = to->night->maker.draft->depots;
    while (strcmp(depot->id, id) != 0)
        depot++;
    return depot;
}

static ki_plan_stop *add_start(writer *to) {
    if (to->shift->under_way)
        return add_stop(to, KI_STOP_START, to->shift->position.place_id, NULL, 0);
    const kerb_depot *depot = find_depot(to, to->shift->start_depot);
    return add_stop(to, KI_STOP_START, depot->id, depot->labels, depot->n_labels);
}

static kerb_status write_start(writer *to) {
    const ki_model *sealed = to->night->maker.sealed;
    const ki_haul_kind *kind = &to->problem->kinds[to->kind];
    to->place = ki_haul_place_of_depot(to->problem, KI_HAUL_START);
    ki_plan_stop *stop = add_start(to);
    if (sealed->graph)
        ki_place_position(sealed->graph,
                          sealed->places[2][ki_night_point(to->night, to->kind, to->place)],
                          &stop->lat_e7, &stop->lon_e7);
    stop->arrival_ms = to->route->spell_start_ms = to->spell.start_ms;
    KI_TRY(set_times(to, stop, stop->arrival_ms, stop->arrival_ms + kind->pre_ms));
    take_breaks(to);
    return KERB_OK;
}

static kerb_status write_haul(writer *to, const ki_haul *haul) {
    const ki_draft *draft = to->night->maker.draft;
    const ki_haul_kind *kind = &to->problem->kinds[to->kind];
    const ki_haul_pile *pile = &to->problem->piles[haul->pile];
    const kerb_facility *station = &draft->facilities[to->night->station_facility[pile->station]];
    const kerb_facility *plant = &draft->facilities[to->night->plant_facility[haul->plant]];
    ki_plan_stop *load =
        add_stop(to, KI_STOP_LOAD, station->id, station->labels, station->n_labels);
    KI_TRY(drive_to(to, pile->station, load));
    load->stream = (kerb_stream)pile->stream;
    load->mass_g = to->on_board_g = haul->mass_g;
    KI_TRY(set_times(to, load, haul->load_ms, haul->load_ms + kind->load_ms));
    take_breaks(to);
    ki_plan_stop *tip = add_stop(to, KI_STOP_TIP, plant->id, plant->labels, plant->n_labels);
    KI_TRY(drive_to(to, ki_haul_place_of_plant(to->problem, haul->plant), tip));
    tip->stream = load->stream;
    tip->mass_g = haul->mass_g;
    tip->full_permille = (int32_t)(haul->mass_g * 1000 / kind->payload_g);
    tip->fee_nano = haul->mass_g * to->problem->plants[haul->plant].fee_nano_per_g[pile->stream];
    to->route->fees_nano += tip->fee_nano;
    to->route->n_trips++;
    to->on_board_g = 0;
    KI_TRY(set_times(to, tip, haul->unload_ms,
                     haul->unload_ms + ki_haul_unload_ms(to->problem, to->kind, haul->plant)));
    take_breaks(to);
    return KERB_OK;
}

static kerb_status write_end(writer *to) {
    const char *id = to->shift->end_depot && to->shift->end_depot[0] ? to->shift->end_depot
                                                                     : to->shift->start_depot;
    const kerb_depot *depot = find_depot(to, id);
    ki_plan_stop *stop = add_stop(to, KI_STOP_END, depot->id, depot->labels, depot->n_labels);
    KI_TRY(drive_to(to, ki_haul_place_of_depot(to->problem, KI_HAUL_END), stop));
    int32_t end_ms = stop->arrival_ms + to->problem->kinds[to->kind].post_ms;
    to->route->spell_end_ms = end_ms;
    return set_times(to, stop, stop->arrival_ms, end_ms);
}

/* What the truck costs that goes straight home; 0: it has no way. */
int64_t ki_night_home_nano(const ki_night *night, int32_t index) {
    const ki_haul_problem *problem = &night->problem;
    const ki_haul_kind *kind = &problem->kinds[index];
    int32_t from = ki_haul_place_of_depot(problem, KI_HAUL_START);
    int32_t to = ki_haul_place_of_depot(problem, KI_HAUL_END);
    int32_t drive_ms = ki_haul_drive_ms(problem, index, from, to);
    if (drive_ms == INT32_MAX) return 0;
    int64_t spell_ms = (int64_t)kind->pre_ms + drive_ms + kind->post_ms;
    return (int64_t)ki_haul_drive_mm(problem, index, from, to) * kind->nano_per_mm +
           ki_haul_spell_nano(kind, spell_ms);
}

/* ---- routes ---------------------------------------------------------------------------------- */

static void set_header(writer *to) {
    ki_plan_maker *maker = &to->night->maker;
    const kerb_vehicle *vehicle = ki_plan_vehicle(maker->draft, to->shift->vehicle_id);
    to->route->shift = ki_plan_copy(maker, to->shift->id);
    to->route->crew = ki_plan_copy(maker, to->shift->crew);
    to->route->vehicle = ki_plan_copy(maker, vehicle->id);
    to->route->vehicle_kind = ki_plan_copy(maker, vehicle->kind);
    to->route->setting = "";
    to->route->use = KERB_USE_HAUL;
    to->route->labels =
        ki_plan_labels(maker, to->shift->labels, to->shift->n_labels, &to->route->n_labels);
}

static void set_costs(writer *to) {
    const ki_haul_kind *kind = &to->problem->kinds[to->kind];
    ki_plan_route *route = to->route;
    int64_t spell_ms = (int64_t)route->spell_end_ms - route->spell_start_ms - to->spell.unpaid_ms;
    int64_t over_ms = spell_ms - kind->regular_ms;
    route->used_nano = to->night->maker.sealed->hauls[to->kind].used_nano;
    route->distance_nano = route->length_mm * kind->nano_per_mm;
    route->time_nano = spell_ms * kind->nano_per_ms;
    route->overtime_nano = over_ms > 0 ? over_ms * kind->overtime_nano_per_ms : 0;
    route->cost_nano = route->used_nano + route->distance_nano + route->time_nano +
                       route->overtime_nano + route->fees_nano;
}

static kerb_status write_route(ki_night *night, int32_t kind, int32_t truck, const ki_haul *hauls,
                               int32_t n) {
    const ki_model *sealed = night->maker.sealed;
    ki_plan_route *route = &night->maker.plan->routes[night->maker.plan->n_routes++];
    int32_t shift = sealed->haul_shifts[sealed->hauls[kind].first_shift + truck];
    writer to = {.night = night,
                 .problem = &night->problem,
                 .route = route,
                 .shift = &night->maker.draft->shifts[shift],
                 .kind = kind};
    route->stops = ki_arena_alloc(night->maker.arena, 2 * (size_t)n + 2, sizeof *route->stops);
    route->breaks = ki_arena_alloc(night->maker.arena, KI_MAX_BREAKS, sizeof *route->breaks);
    if (!route->stops || !route->breaks) return ki_fail_no_memory(night->maker.err, "a haul");
    set_header(&to);
    to.spell.start_ms = to.problem->kinds[kind].earliest_ms;
    if (n && !ki_haul_spell_settle(to.problem, hauls, n, &to.spell))
        return ki_fail(night->maker.err, KERB_INTERNAL, "shift %s: no place for its breaks",
                       to.shift->id);
    KI_TRY(write_start(&to));
    for (int32_t at = 0; at < n; at++)
        KI_TRY(write_haul(&to, &hauls[at]));
    KI_TRY(write_end(&to));
    set_costs(&to);
    night->maker.plan->hauls.cost_nano += route->cost_nano;
    return KERB_OK;
}

static int has_way_home(const ki_night *night, int32_t kind) {
    return ki_haul_drive_ms(&night->problem, kind,
                            ki_haul_place_of_depot(&night->problem, KI_HAUL_START),
                            ki_haul_place_of_depot(&night->problem, KI_HAUL_END)) != INT32_MAX;
}

/* The routes of a kind from the haul at *first on; a truck under way comes home in any case. */
static kerb_status write_kind(ki_night *night, int32_t kind, int32_t *first) {
    const ki_haul *hauls = night->hauls.hauls;
    int32_t n = night->hauls.n_hauls, n_before = night->maker.plan->n_routes;
    while (*first < n && hauls[*first].kind == kind) {
        int32_t end = *first + 1;
        while (end < n && ki_haul_same_truck(&hauls[*first], &hauls[end]))
            end++;
        KI_TRY(write_route(night, kind, hauls[*first].truck, &hauls[*first], end - *first));
        *first = end;
    }
    int is_out = night->problem.kinds[kind].under_way && has_way_home(night, kind);
    if (!is_out || night->maker.plan->n_routes > n_before) return KERB_OK;
    return write_route(night, kind, 0, NULL, 0);
}

static kerb_status write_routes(ki_night *night) {
    kerb_plan *plan = night->maker.plan;
    size_t most =
        (size_t)plan->n_routes + (size_t)night->hauls.n_hauls + (size_t)night->problem.n_kinds;
    ki_plan_route *routes = ki_arena_alloc(night->maker.arena, most, sizeof *routes);
    if (!routes) return ki_fail_no_memory(night->maker.err, "hauls");
    if (plan->n_routes) memcpy(routes, plan->routes, (size_t)plan->n_routes * sizeof *routes);
    plan->routes = routes;
    for (int32_t kind = 0, first = 0; kind < night->problem.n_kinds; kind++)
        KI_TRY(write_kind(night, kind, &first));
    return KERB_OK;
}

/* ---- piles ----------------------------------------------------------------------------------- */

static int is_carried(const ki_night *night, int32_t pile) {
    for (int32_t kind = 0; kind < night->problem.n_kinds; kind++)
        for (int32_t plant = 0; plant < night->problem.n_plants; plant++)
            if (ki_haul_may_carry(&night->problem, kind, pile, plant)) return 1;
    return 0;
}

/* less_g: what would be less there without the breaks of the trucks. */
static const char *why_left(ki_night *night, int32_t index, int64_t less_g) {
    if (!is_carried(night, index))
        return "no haul truck of tonight carries it from there to a plant that takes it";
    if (less_g <= 0) return "the haul trucks of tonight carry no more of it away by then";
    return ki_plan_text(&night->maker,
                        "the haul trucks of tonight carry no more of it away by then; without "
                        "their breaks it would be %.3f t less",
                        (double)less_g * 1e-6);
}

static void explain(ki_night *night, int32_t index, ki_plan_pile *pile) {
    ki_plan_maker *maker = &night->maker;
    char clock[KI_CLOCK_SIZE];
    const char *stream = kerb_stream_name(pile->stream);
    const ki_haul_fate *restless = night->restless ? &night->restless[index] : NULL;
    if (pile->buffer_g > 0 && pile->peak_g > pile->buffer_g) {
        pile->reason = "over_buffer";
        pile->text = ki_plan_text(
            maker, "%s at %s lies %.3f t above its buffer of %.3f t at %s: %s", stream,
            pile->facility, (double)(pile->peak_g - pile->buffer_g) * 1e-6,
            (double)pile->buffer_g * 1e-6, ki_plan_clock(clock, maker->plan, pile->peak_ms),
            why_left(night, index, restless ? pile->peak_g - restless->peak_g : 0));
    } else if (night->problem.piles[index].closing_g < pile->closing_g) {
        pile->reason = "not_cleared";
        pile->text =
            ki_plan_text(maker, "%.3f t of %s are left at %s, which is to be cleared: %s",
                         (double)pile->closing_g * 1e-6, stream, pile->facility,
                         why_left(night, index, restless ? pile->closing_g - restless->end_g : 0));
    }
}

static kerb_status write_piles(ki_night *night) {
    kerb_plan *plan = night->maker.plan;
    int32_t n = night->problem.n_piles;
    plan->piles = ki_arena_alloc(night->maker.arena, (size_t)n, sizeof *plan->piles);
    if (!plan->piles) return ki_fail_no_memory(night->maker.err, "hauls");
    plan->n_piles = n;
    for (int32_t at = 0; at < n; at++) {
        const ki_haul_pile *from = &night->problem.piles[at];
        const ki_haul_fate *fate = &night->hauls.fates[at];
        ki_plan_pile *pile = &plan->piles[at];
        int32_t facility = night->station_facility[from->station];
        *pile = (ki_plan_pile){
            .facility = ki_plan_copy(&night->maker, night->maker.draft->facilities[facility].id),
            .stream = (kerb_stream)from->stream,
            .opening_g = from->opening_g,
            .hauled_g = fate->hauled_g,
            .closing_g = fate->end_g,
            .buffer_g = from->most_g == INT64_MAX ? 0 : from->most_g,
            .peak_g = fate->peak_g,
            .peak_ms = fate->peak_ms,
            .reason = "",
            .text = ""};
        for (int32_t inflow = 0; inflow < from->n_inflows; inflow++)
            pile->inflow_g += from->inflows[inflow].mass_g;
        explain(night, at, pile);
    }
    return KERB_OK;
}

/* ---- money ----------------------------------------------------------------------------------- */

static int64_t larger(int64_t a, int64_t b) {
    return a > b ? a : b;
}

/* The fees that any hauls pay at the least that leave no pile higher: of what must leave where they
 * are positive, of all there is where they are revenue. */
static int64_t least_fees(const ki_night *night) {
    int64_t nano = 0;
    for (int32_t at = 0; at < night->problem.n_piles; at++) {
        const ki_plan_pile *pile = &night->maker.plan->piles[at];
        int64_t fee = ki_haul_least_fee(&night->problem, pile->stream);
        int64_t total_g = pile->opening_g + pile->inflow_g, must_g = 0;
        if (pile->buffer_g > 0) must_g = larger(0, total_g - larger(pile->buffer_g, pile->peak_g));
        if (night->problem.piles[at].closing_g == 0) must_g = total_g - pile->closing_g;
        nano += fee * (fee > 0 ? must_g : total_g);
    }
    return nano;
}

static kerb_status add_cost(ki_night *night, const char *item, int64_t nano) {
    kerb_plan *plan = night->maker.plan;
    for (int32_t line = 0; line < plan->n_cost_lines; line++) {
        ki_plan_cost_line *at = &plan->cost_lines[line];
        if (at->zone[0] || strcmp(at->item, item) != 0) continue;
        at->nano += nano;
        return KERB_OK;
    }
    return ki_fail(night->maker.err, KERB_INTERNAL, "the plan has no cost line %s", item);
}

static kerb_status add_costs(ki_night *night, int32_t first_route) {
    kerb_plan *plan = night->maker.plan;
    plan->cost_nano += plan->hauls.cost_nano;
    for (int32_t at = first_route; at < plan->n_routes; at++) {
        const ki_plan_route *route = &plan->routes[at];
        KI_TRY(add_cost(night, "vehicles", route->used_nano));
        KI_TRY(add_cost(night, "distance", route->distance_nano));
        KI_TRY(add_cost(night, "time", route->time_nano));
        KI_TRY(add_cost(night, "overtime", route->overtime_nano));
        KI_TRY(add_cost(night, "gate_fees", route->fees_nano));
    }
    return KERB_OK;
}

static void set_bound(ki_night *night) {
    kerb_plan *plan = night->maker.plan;
    ki_plan_hauls *hauls = &plan->hauls;
    hauls->bound_nano = least_fees(night) + night->hauls.bound_nano;
    int any_home = night->hauls.has_bound || night->hauls.n_hauls == 0;
    for (int32_t kind = 0; kind < night->problem.n_kinds; kind++)
        if (any_home && night->problem.kinds[kind].under_way)
            hauls->bound_nano += ki_night_home_nano(night, kind);
    if (hauls->bound_nano > hauls->cost_nano) hauls->bound_nano = hauls->cost_nano;
    hauls->proved = night->hauls.proved;
    hauls->slot_ms = night->hauls.slot_ms;
    hauls->method = night->hauls.by_program
                        ? "program"
                        : ki_plan_text(&night->maker, "greedy: %s", night->hauls.shortfall);
    plan->bound_nano += hauls->bound_nano;
    plan->proved_optimal &= hauls->proved && hauls->bound_nano == hauls->cost_nano;
    if (!plan->relaxation[0] || strcmp(plan->relaxation, "none") == 0) return;
    const char *between = plan->scope[0] ? " " : "";
    int32_t slot_min = hauls->slot_ms / 60000;
    if (night->hauls.tally.over_g > 0)
        plan->scope = ki_plan_text(&night->maker,
                                   "%s%sHauls: of what this plan collects, in slots of %d min, "
                                   "that leave no pile higher than these do.",
                                   plan->scope, between, slot_min);
    else
        plan->scope = ki_plan_text(&night->maker,
                                   "%s%sHauls: of what this plan collects, in slots of %d min.",
                                   plan->scope, between, slot_min);
}

kerb_status ki_night_write(ki_night *night) {
    int32_t first_route = night->maker.plan->n_routes;
    KI_TRY(write_piles(night));
    KI_TRY(write_routes(night));
    KI_TRY(add_costs(night, first_route));
    set_bound(night);
    return KERB_OK;
}
