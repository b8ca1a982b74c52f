/* SPDX-License-Identifier: GPL-3.0-or-later
 * plan_route.c - one route of a solution as a vehicle's shift: stops with names, times, loads.
 *
 * Times come from the route's exact evaluation, legs from the road engine. The parts of the cost
 * are told apart here, and must add up to the evaluation's cost to the nano. */
#include "plan/plan_internal.h"

#include "base/error.h"
#include "model/setting.h"
#include "model/validate.h"
#include "route/breaks.h"
#include "route/cost.h"
#include "route/home.h"
#include "route/moment.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct route_maker {
    ki_plan_maker *all;
    const ki_route *route;
    const ki_type *type;
    const kerb_vehicle *vehicle;
    const kerb_shift *shift;
    ki_plan_route *out;
    ki_stop_time *times;
    ki_plan_load *load;     /* what is on board, per compartment */
    ki_plan_spread *spread; /* ... and its variance */
    ki_moment moment;
    int64_t water_left_ml;
    int64_t used_nwh; /* of a full battery */
    int32_t point;    /* where the vehicle stands */
    int32_t free_ms;  /* when it may leave */
    int32_t n_made;   /* stops of the plan */
} route_maker;

const kerb_vehicle *ki_plan_vehicle(const ki_draft *draft, const char *id) {
    for (size_t vehicle = 0; vehicle < draft->n_vehicles; vehicle++)
        if (strcmp(draft->vehicles[vehicle].id, id) == 0) return &draft->vehicles[vehicle];
    return NULL;
}

static const ki_place *place_of(const route_maker *maker, int32_t point) {
    const ki_place *places = maker->all->sealed->places[maker->type->group];
    return places ? &places[point] : NULL;
}

static void stand_at(route_maker *maker, int32_t point, ki_plan_stop *stop) {
    const ki_place *place = place_of(maker, point);
    if (place) ki_place_position(maker->all->sealed->graph, *place, &stop->lat_e7, &stop->lon_e7);
    maker->point = point;
}

static kerb_status drive_to(route_maker *maker, int32_t point, ki_plan_stop *stop) {
    const ki_model *sealed = maker->all->sealed;
    int32_t type = maker->route->type;
    int32_t time_ms = ki_time_ms(sealed, type, maker->point, point);
    int32_t length_mm = ki_length_mm(sealed, type, maker->point, point);
    if (sealed->graph) {
        const ki_profile *profile = sealed->travels[maker->type->travel].profile;
        KI_TRY(ki_plan_leg_drive(maker->all, profile, *place_of(maker, maker->point),
                                 *place_of(maker, point), &stop->leg));
        if (stop->leg.time_ms != time_ms || stop->leg.length_mm != length_mm)
            return ki_fail(maker->all->err, KERB_INTERNAL,
                           "leg to %s: the path takes %d ms and %d mm, the matrix says %d and %d",
                           stop->id, stop->leg.time_ms, stop->leg.length_mm, time_ms, length_mm);
    }
    stop->leg.time_ms = time_ms;
    stop->leg.length_mm = length_mm;
    stop->leg.deadhead = 1;
    maker->used_nwh += maker->type->nwh_per_mm * length_mm;
    maker->out->length_mm += length_mm;
    maker->out->deadhead_mm += length_mm;
    stand_at(maker, point, stop);
    return KERB_OK;
}

static int64_t energy_left_mwh(const route_maker *maker) {
    return (maker->type->full_nwh - maker->used_nwh) / 1000000;
}

static kerb_status write_loads(route_maker *maker, ki_plan_stop *stop) {
    size_t n = maker->vehicle->n_compartments;
    stop->n_loads = (int32_t)n;
    stop->loads = ki_arena_copy(maker->all->arena, maker->load, n, sizeof *stop->loads);
    stop->water_left_ml = maker->water_left_ml;
    stop->energy_left_mwh = energy_left_mwh(maker);
    return stop->loads ? KERB_OK : ki_fail_no_memory(maker->all->err, "the stops of a plan");
}

/* ---- the kinds of stop ----------------------------------------------------------------------- */

static kerb_status make_start(route_maker *maker) {
    ki_plan_stop *stop = &maker->out->stops[0];
    stop->kind = KI_STOP_START;
    if (maker->type->under_way) {
        stop->id = ki_plan_copy(maker->all, maker->shift->position.place_id);
    } else {
        const kerb_depot *depot = &maker->all->draft->depots[maker->type->start_depot];
        stop->id = ki_plan_copy(maker->all, depot->id);
        stop->labels = ki_plan_labels(maker->all, depot->labels, depot->n_labels, &stop->n_labels);
    }
    stop->arrival_ms = stop->start_ms = maker->out->spell_start_ms;
    stop->end_ms = maker->free_ms = stop->start_ms + maker->type->pre_ms;
    maker->n_made = 1;
    stand_at(maker, maker->type->start_point, stop);
    return write_loads(maker, stop);
}

static kerb_status make_end(route_maker *maker) {
    ki_plan_stop *stop = &maker->out->stops[maker->n_made];
    stop->kind = KI_STOP_END;
    const kerb_depot *depot = &maker->all->draft->depots[maker->type->end_depot];
    stop->id = ki_plan_copy(maker->all, depot->id);
    stop->labels = ki_plan_labels(maker->all, depot->labels, depot->n_labels, &stop->n_labels);
    KI_TRY(drive_to(maker, maker->type->end_point, stop));
    stop->arrival_ms = stop->start_ms = maker->free_ms + stop->leg.time_ms;
    stop->end_ms = stop->start_ms + maker->type->post_ms;
    return write_loads(maker, stop);
}

static void take_up(route_maker *maker, const ki_task *task, ki_plan_stop *stop) {
    stop->mass_g = task->mass_g;
    stop->volume_ml = task->volume_ml;
    stop->water_ml = task->water_ml;
    maker->water_left_ml -= task->water_ml;
    maker->out->mass_g_by_stream[task->stream] += task->mass_g;
    int32_t compartment = ki_vehicle_compartment(maker->vehicle, (kerb_stream)task->stream);
    if (compartment < 0) return;
    maker->load[compartment].mass_g += task->mass_g;
    if (maker->vehicle->compartments[compartment].capacity_l > 0)
        maker->load[compartment].volume_ml += task->volume_ml;
    if (task->kind == KI_TASK_CONTAINER)
        ki_plan_spread_add(&maker->spread[compartment], maker->all, task);
}

/* "K7" is the first pass over street K7, "K7#2" the second. */
static int32_t pass_of(const char *task_id, size_t street_length) {
    if (strlen(task_id) <= street_length || task_id[street_length] != '#') return 1;
    return (int32_t)strtol(task_id + street_length + 1, NULL, 10);
}

static void name_task(route_maker *maker, const ki_task *task, ki_plan_stop *stop) {
    const ki_draft *draft = maker->all->draft;
    stop->stream = (kerb_stream)task->stream;
    if (task->kind == KI_TASK_KERB) {
        stop->kind = KI_STOP_SWEEP;
        const kerb_street *street = &draft->streets[task->source];
        stop->id = ki_plan_copy(maker->all, street->id);
        stop->labels =
            ki_plan_labels(maker->all, street->labels, street->n_labels, &stop->n_labels);
        stop->pass = pass_of(task->id, strlen(stop->id));
    } else {
        stop->kind = KI_STOP_SERVE;
        const kerb_container *container = &draft->containers[task->source];
        stop->id = ki_plan_copy(maker->all, container->id);
        stop->labels =
            ki_plan_labels(maker->all, container->labels, container->n_labels, &stop->n_labels);
        stop->site = ki_plan_copy(maker->all, draft->sites[task->site].id);
        stop->swapped = container->swapped != 0;
    }
}

static kerb_status sweep(route_maker *maker, const ki_task *task, const ki_mode *mode,
                         int32_t service_ms, ki_plan_stop *stop) {
    const ki_draft *draft = maker->all->draft;
    if (maker->all->sealed->graph)
        KI_TRY(ki_plan_leg_sweep(maker->all, &draft->streets[task->source],
                                 *place_of(maker, mode->entry), *place_of(maker, mode->exit),
                                 &stop->sweep));
    stop->sweep.time_ms = service_ms;
    stop->sweep.length_mm = mode->length_mm;
    maker->out->length_mm += mode->length_mm;
    return KERB_OK;
}

static void note_stranger(route_maker *maker, int32_t task, const ki_plan_stop *stop) {
    int64_t nano = ki_unfamiliar_nano(maker->all->sealed, maker->route->type, task);
    if (nano == 0) return;
    maker->out->unfamiliar_nano += nano;
    maker->out->unfamiliar_mm += (int64_t)stop->leg.length_mm + stop->sweep.length_mm;
    maker->out->n_unfamiliar++;
}

static void note_place(route_maker *maker, const ki_task *task) {
    ki_moment_add(&maker->moment, task);
    maker->out->compactness_nano += task->compact_nano;
}

/* The root is the same on every machine: sqrt is exact to the last bit. */
static void write_radius(const route_maker *maker) {
    const ki_model *sealed = maker->all->sealed;
    ki_plan_route *out = maker->out;
    if (!sealed->compact_nano_per_m2 || !maker->moment.n) return;
    out->compactness_nano -= ki_moment_nano(sealed, &maker->moment);
    int64_t square_m2 = out->compactness_nano / sealed->compact_nano_per_m2;
    out->radius_m = (int32_t)sqrt((double)square_m2 / maker->moment.n);
}

static kerb_status make_task(route_maker *maker, int32_t index, ki_plan_stop *stop) {
    const ki_model *sealed = maker->all->sealed;
    ki_stop from = maker->route->stops[index];
    const ki_task *task = &sealed->tasks[from.task];
    const ki_mode *mode = &sealed->modes[from.mode];
    const ki_stop_time *time = &maker->times[index];
    int32_t service_ms = ki_service_ms(sealed, maker->route->type, from.mode);
    name_task(maker, task, stop);
    KI_TRY(drive_to(maker, mode->entry, stop));
    if (!sealed->graph && task->kind == KI_TASK_CONTAINER) {
        const kerb_site *site = &maker->all->draft->sites[task->site];
        stop->lat_e7 = (int32_t)lround(site->lat_deg * 1e7);
        stop->lon_e7 = (int32_t)lround(site->lon_deg * 1e7);
    }
    if (task->kind == KI_TASK_KERB) KI_TRY(sweep(maker, task, mode, service_ms, stop));
    maker->point = mode->exit;
    stop->mode = from.mode - task->first_mode;
    stop->setup_ms = time->end_ms - time->start_ms - service_ms;
    take_up(maker, task, stop);
    maker->out->n_served++;
    maker->out->changes_nano += ki_change_nano(sealed, maker->route->type, from.task);
    note_stranger(maker, from.task, stop);
    note_place(maker, task);
    maker->all->route_of_task[from.task] = (int32_t)(maker->out - maker->all->plan->routes);
    maker->all->stop_of_task[from.task] = maker->n_made;
    return KERB_OK;
}

static int32_t permille(int64_t load, double capacity) {
    int64_t most = llround(capacity * 1000);
    return most > 0 ? (int32_t)(load * 1000 / most) : 0;
}

/* How full the vehicle is, by its fullest compartment. */
static int32_t fullness(const route_maker *maker) {
    int32_t fullest = 0;
    for (size_t c = 0; c < maker->vehicle->n_compartments; c++) {
        const kerb_compartment *compartment = &maker->vehicle->compartments[c];
        int32_t mass = permille(maker->load[c].mass_g, compartment->capacity_kg);
        int32_t volume = permille(maker->load[c].volume_ml, compartment->capacity_l);
        if (mass > fullest) fullest = mass;
        if (volume > fullest) fullest = volume;
    }
    return fullest;
}

/* To a tip or a post. */
static kerb_status go_to_facility(route_maker *maker, int32_t index, ki_plan_stop *stop) {
    const ki_stop *from = &maker->route->stops[index];
    const ki_tip *option = &maker->all->sealed->tips[from->mode];
    stop->kind = from->task == KI_TIP ? KI_STOP_TIP : KI_STOP_CHARGE;
    const kerb_facility *facility = &maker->all->draft->facilities[option->facility];
    stop->id = ki_plan_copy(maker->all, facility->id);
    stop->labels =
        ki_plan_labels(maker->all, facility->labels, facility->n_labels, &stop->n_labels);
    stop->mode = from->mode - maker->type->first_tip;
    return drive_to(maker, option->point, stop);
}

static kerb_status make_tip(route_maker *maker, int32_t index, ki_plan_stop *stop) {
    const ki_tip *tip = &maker->all->sealed->tips[maker->route->stops[index].mode];
    const int64_t *before = index > 0 ? maker->times[index - 1].load : maker->type->start_load;
    KI_TRY(go_to_facility(maker, index, stop));
    stop->full_permille = fullness(maker);
    stop->overload_permille = ki_plan_overload_permille(maker->vehicle, maker->load, maker->spread);
    for (int32_t dim = 0; dim < maker->type->n_dims; dim++)
        stop->fee_nano += before[dim] * tip->fee_nano_per_g[dim];
    for (size_t c = 0; c < maker->vehicle->n_compartments; c++) {
        stop->mass_g += maker->load[c].mass_g;
        stop->volume_ml += maker->load[c].volume_ml;
        maker->load[c] = (ki_plan_load){0};
        maker->spread[c] = (ki_plan_spread){0};
    }
    int64_t tank_ml = llround(maker->vehicle->water_l * 1000);
    stop->water_ml = tank_ml - maker->water_left_ml;
    maker->water_left_ml = tank_ml;
    maker->out->fees_nano += stop->fee_nano;
    maker->out->n_trips++;
    return KERB_OK;
}

static kerb_status make_stop(route_maker *maker, int32_t index) {
    ki_plan_stop *stop = &maker->out->stops[maker->n_made];
    if (maker->route->stops[index].task == KI_BREAK) {
        maker->free_ms = maker->times[index].end_ms;
        maker->out->breaks[maker->out->n_breaks++] =
            (ki_plan_break){.start_ms = maker->times[index].start_ms,
                            .end_ms = maker->free_ms,
                            .after_stop = maker->n_made - 1};
        return KERB_OK;
    }
    if (maker->route->stops[index].task == KI_TIP)
        KI_TRY(make_tip(maker, index, stop));
    else if (maker->route->stops[index].task == KI_POST)
        KI_TRY(go_to_facility(maker, index, stop));
    else
        KI_TRY(make_task(maker, index, stop));
    stop->arrival_ms = maker->times[index].arrival_ms;
    stop->start_ms = maker->times[index].start_ms;
    stop->end_ms = maker->free_ms = maker->times[index].end_ms;
    stop->charge_ms = maker->times[index].charge_ms;
    int64_t before_mwh = energy_left_mwh(maker);
    maker->used_nwh = maker->times[index].used_nwh;
    if (stop->charge_ms > 0) stop->charged_mwh = energy_left_mwh(maker) - before_mwh;
    maker->n_made++;
    return write_loads(maker, stop);
}

/* ---- the route ------------------------------------------------------------------------------- */

/* Volume on board: as stated, or in proportion to the capacities. */
static void load_start(route_maker *maker) {
    const double *load_kg = maker->shift->starting_load_kg;
    const double *stated_l = maker->shift->starting_load_l;
    maker->water_left_ml =
        llround(maker->vehicle->water_l * 1000) - llround(maker->shift->used_water_l * 1000);
    maker->used_nwh = maker->type->used_nwh;
    for (size_t c = 0; c < maker->vehicle->n_compartments && load_kg; c++) {
        const kerb_compartment *compartment = &maker->vehicle->compartments[c];
        double load_l = load_kg[c] / compartment->capacity_kg * compartment->capacity_l;
        if (stated_l && stated_l[c] > 0) load_l = stated_l[c];
        maker->load[c].mass_g = llround(load_kg[c] * 1000);
        if (compartment->capacity_l > 0) maker->load[c].volume_ml = llround(load_l * 1000);
    }
}

static size_t count_breaks(const ki_route *route) {
    size_t n = 0;
    for (int32_t stop = 0; stop < route->n_stops; stop++)
        n += route->stops[stop].task == KI_BREAK;
    return n;
}

static kerb_status prepare(route_maker *maker, ki_route_value *value) {
    ki_plan_maker *all = maker->all;
    size_t n_breaks = count_breaks(maker->route);
    size_t n_stops = (size_t)maker->route->n_stops - n_breaks;
    maker->times = ki_arena_alloc(&all->scratch, n_stops + n_breaks, sizeof *maker->times);
    maker->load =
        ki_arena_alloc(&all->scratch, maker->vehicle->n_compartments, sizeof *maker->load);
    maker->spread =
        ki_arena_alloc(&all->scratch, maker->vehicle->n_compartments, sizeof *maker->spread);
    maker->out->stops = ki_arena_alloc(all->arena, n_stops + 2, sizeof *maker->out->stops);
    maker->out->breaks = ki_arena_alloc(all->arena, n_breaks, sizeof *maker->out->breaks);
    if (!maker->times || !maker->load || !maker->spread || !maker->out->stops ||
        !maker->out->breaks)
        return ki_fail_no_memory(all->err, "a route of a plan");
    maker->out->n_stops = (int32_t)n_stops + 2;
    load_start(maker);
    ki_route_evaluate(all->sealed, maker->route, value, maker->times);
    if (!value->feasible && !ki_route_is_home(all->sealed, maker->route))
        return ki_fail(all->err, KERB_INTERNAL, "the route of shift %s is not feasible",
                       maker->shift->id);
    return KERB_OK;
}

static void write_header(route_maker *maker, const ki_route_value *value) {
    ki_plan_route *out = maker->out;
    out->shift = ki_plan_copy(maker->all, maker->shift->id);
    out->vehicle = ki_plan_copy(maker->all, maker->vehicle->id);
    out->vehicle_kind = ki_plan_copy(maker->all, maker->vehicle->kind);
    out->crew = ki_plan_copy(maker->all, maker->shift->crew);
    int32_t setting = maker->type->setting;
    out->setting =
        ki_plan_copy(maker->all, setting ? maker->vehicle->settings[setting - 1].id : "");
    out->labels =
        ki_plan_labels(maker->all, maker->shift->labels, maker->shift->n_labels, &out->n_labels);
    out->use = maker->vehicle->use;
    out->spell_start_ms = value->start_ms;
    out->spell_end_ms = value->start_ms + value->spell_ms;
}

static kerb_status write_costs(const route_maker *maker, const ki_route_value *value) {
    ki_plan_route *out = maker->out;
    const ki_type *type = maker->type;
    int64_t paid_ms = value->spell_ms - (int64_t)value->unpaid_ms;
    int64_t over_ms = paid_ms - type->regular_ms;
    int64_t cost_nano = value->cost_nano + type->home_nano;
    out->cost_nano = cost_nano;
    out->used_nano = type->used_nano;
    out->distance_nano = out->length_mm * type->nano_per_mm;
    out->time_nano = paid_ms * type->nano_per_ms;
    if (type->regular_ms != KI_NEVER && over_ms > 0)
        out->overtime_nano = over_ms * type->overtime_nano_per_ms;
    out->balance_nano = ki_cost_balance(type, paid_ms);
    out->guaranteed_nano = ki_cost_guaranteed(type, paid_ms);
    write_radius(maker);
    int64_t sum = out->used_nano + out->distance_nano + out->time_nano + out->overtime_nano +
                  out->fees_nano + out->changes_nano + out->balance_nano + out->unfamiliar_nano +
                  out->compactness_nano + out->guaranteed_nano;
    if (sum == cost_nano && out->length_mm == value->length_mm) return KERB_OK;
    return ki_fail(maker->all->err, KERB_INTERNAL,
                   "the cost of shift %s does not add up: %lld in parts, %lld evaluated",
                   out->shift, (long long)sum, (long long)cost_nano);
}

kerb_status ki_plan_route_make(ki_plan_maker *all, int32_t index, int32_t plan_index) {
    const ki_route *route = &all->solution->routes[index];
    route_maker maker = {.all = all,
                         .route = route,
                         .type = &all->sealed->types[route->type],
                         .shift = &all->draft->shifts[all->shift_of[index]],
                         .out = &all->plan->routes[plan_index]};
    kerb_compartment room[KI_MAX_COMPARTMENTS];
    const kerb_vehicle *vehicle = ki_plan_vehicle(all->draft, maker.shift->vehicle_id);
    if (!vehicle)
        return ki_fail(all->err, KERB_INTERNAL, "shift %s has no vehicle", maker.shift->id);
    const kerb_vehicle set = ki_vehicle_set(vehicle, maker.type->setting, room);
    maker.vehicle = &set;
    ki_route_value value;
    KI_TRY(prepare(&maker, &value));
    write_header(&maker, &value);
    KI_TRY(make_start(&maker));
    for (int32_t stop = 0; stop < route->n_stops; stop++)
        KI_TRY(make_stop(&maker, stop));
    KI_TRY(make_end(&maker));
    ki_plan_slack(all, route, maker.times, maker.out);
    maker.out->late_permille = ki_plan_late_permille(maker.out);
    return write_costs(&maker, &value);
}
