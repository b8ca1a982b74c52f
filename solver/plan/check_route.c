/* SPDX-License-Identifier: GPL-3.0-or-later
 * check_route.c - one shift from depot to depot: who, where, when, how much, for how much. */
#include "plan/check_internal.h"

#include <string.h>

typedef struct judge {
    ki_checker *check;
    int32_t index;
    const ki_plan_route *route;
    const kerb_shift *shift;
    const kerb_vehicle *vehicle;
    ki_check_walk walk;
    ki_check_load load;
    int32_t cell;    /* explicit travel: where the vehicle stands */
    int from_exit;   /* ... and the kerb ahead is entered at its exit */
    int64_t free_ms; /* end of the stop before */
    int64_t length_mm, deadhead_mm, fees_nano, changes_nano, unfamiliar_nano, unfamiliar_mm;
    int32_t n_unfamiliar;
    ki_check_moment moment;
    int32_t n_trips, n_served;
    ki_check_span span;   /* window used by the stop at hand */
    ki_check_span *spans; /* [n_stops] */
    ki_check_breaks breaks;
    ki_check_battery battery;
} judge;

/* ---- legs ------------------------------------------------------------------------------------ */

static int32_t cell_of(const ki_checker *check, const char *id, const char *suffix) {
    char name[512];
    size_t length = strlen(id), more = strlen(suffix);
    if (length + more >= sizeof name) return -1;
    memcpy(name, id, length);
    memcpy(name + length, suffix, more + 1);
    return ki_id_find(&check->matrix, name);
}

static void ride_matrix(judge *at, const ki_plan_leg *leg, const char *id) {
    ki_checker *check = at->check;
    int32_t to = cell_of(check, id, at->from_exit ? "#exit" : "");
    if (to < 0 || at->cell < 0) {
        ki_check_say(check, "%.80s is not a place of the matrix", id);
    } else {
        size_t cell = (size_t)at->cell * check->draft->n_matrix + (size_t)to;
        if (check->draft->matrix_time_ms[cell] == KI_NEVER) ki_check_say(check, "there is no way");
        ki_check_same(check, "time (ms)", leg->time_ms, check->draft->matrix_time_ms[cell]);
        ki_check_same(check, "length (mm)", leg->length_mm, check->draft->matrix_length_mm[cell]);
    }
    if (leg->n_runs != 0) ki_check_say(check, "has runs, but travel is by a matrix");
    at->cell = to;
}

/* Drives to a stop whose place has this id in explicit travel. */
static void ride(judge *at, const ki_plan_stop *stop, const char *id) {
    at->check->part = "leg";
    if (at->check->graph)
        ki_check_walk_leg(at->check, &at->walk, &stop->leg, at->free_ms, 0);
    else
        ride_matrix(at, &stop->leg, id);
    if (stop->kind != KI_STOP_SWEEP) at->from_exit = 0;
    at->check->part = NULL;
    ki_check_battery_drive(&at->battery, stop->leg.length_mm);
    at->length_mm += stop->leg.length_mm;
    at->deadhead_mm += stop->leg.length_mm;
    ki_check_same(at->check, "arrival (ms)", stop->arrival_ms, at->free_ms + stop->leg.time_ms);
}

/* Whether the vehicle did not move to reach this stop of the same site. */
static int same_point(const judge *at, const ki_plan_stop *before, const ki_plan_stop *stop) {
    if (before->kind != KI_STOP_SERVE || !before->site || !stop->site) return 0;
    if (strcmp(before->site, stop->site) != 0) return 0;
    return !at->check->graph || stop->leg.length_mm == 0;
}

/* ---- times ----------------------------------------------------------------------------------- */

/* Times of a stop that keeps the vehicle busy so long. It may wait for a bay, if there are bays,
 * and to set out later for its attendants' sake, where it unloads or charges (bays -1: it does
 * not). */
static void spend(judge *at, const ki_plan_stop *stop, const kerb_window *windows, size_t n,
                  int64_t busy_ms, int32_t bays) {
    ki_check_window(at->check, windows, n, stop->start_ms, &at->span);
    if (stop->start_ms < stop->arrival_ms)
        ki_check_say(at->check, "starts before the vehicle arrives");
    int may_wait = bays > 0 || at->vehicle->use == KERB_USE_HAUL; /* hauls begin at whole slots */
    may_wait |= bays == 0 && at->vehicle->attended_by && *at->vehicle->attended_by;
    if (stop->start_ms > stop->arrival_ms && stop->start_ms != at->span.open_ms && !may_wait)
        ki_check_say(at->check, "waits until %d ms, though its window opened at %lld ms",
                     stop->start_ms, (long long)at->span.open_ms);
    ki_check_same(at->check, "end (ms)", stop->end_ms, stop->start_ms + busy_ms);
    at->free_ms = stop->end_ms;
}

/* ---- kinds of stop --------------------------------------------------------------------------- */

static void check_amounts(judge *at, const ki_plan_stop *stop, const ki_task *task) {
    ki_checker *check = at->check;
    ki_check_same(check, "stream", stop->stream, task->stream);
    ki_check_same(check, "mass (g)", stop->mass_g, task->mass_g);
    ki_check_same(check, "volume (ml)", stop->volume_ml, task->volume_ml);
    ki_check_same(check, "water (ml)", stop->water_ml, task->water_ml);
    ki_check_same(check, "fee", stop->fee_nano, 0);
    if (stop->mode < 0 || stop->mode >= task->n_modes)
        ki_check_say(check, "mode %d, expected 0 to %d", stop->mode, task->n_modes - 1);
    ki_check_load_take(check, &at->load, task);
    at->n_served++;
}

static int truck_like(kerb_vehicle_use use) {
    return use == KERB_USE_TRUCK;
}

static void note_crew(judge *at, const ki_plan_stop *stop, const char *id) {
    int64_t nano = ki_check_unfamiliar(at->check, at->shift, id);
    if (nano == 0) return;
    at->unfamiliar_nano += nano;
    at->n_unfamiliar++;
    at->unfamiliar_mm += stop->leg.length_mm;
    if (stop->kind == KI_STOP_SWEEP) at->unfamiliar_mm += stop->sweep.length_mm;
}

static void check_serve(judge *at, const ki_plan_stop *stop) {
    ki_checker *check = at->check;
    int32_t container = ki_id_find(&check->containers, stop->id);
    if (container < 0) {
        ki_check_say(check, "no such container");
        at->free_ms = stop->end_ms;
        return;
    }
    const kerb_container *from = &check->draft->containers[container];
    int32_t site = ki_id_find(&check->sites, from->site_id);
    int32_t task = check->sealed->container_decisions[container].task;
    ki_check_same_text(check, "site", stop->site, from->site_id);
    ki_check_same(check, "swapped", stop->swapped, from->swapped != 0);
    if (from->swapped)
        ki_check_same(check, "volume of a skip (ml)", stop->volume_ml, ki_rule_g(from->volume_l));
    if (site < 0) return;
    ki_check_lift(check, at->vehicle, from);
    ki_check_pins(check, at->vehicle, from->pinned_to, from->n_pinned_to, from->forbidden_to,
                  from->n_forbidden_to);
    ride(at, stop, from->site_id);
    const kerb_site *place = &check->draft->sites[site];
    if (check->graph) ki_check_site_place(check, &at->walk, place);
    if (check->container_served[container]++ > 0) ki_check_say(check, "served before");
    ki_check_battery_lift(&at->battery);
    if (!truck_like(at->vehicle->use)) ki_check_say(check, "the vehicle is no collection truck");
    int64_t setup_ms = same_point(at, stop - 1, stop) ? 0 : ki_rule_setup_ms(place);
    ki_check_same(check, "set-up (ms)", stop->setup_ms, setup_ms);
    spend(at, stop, place->windows, place->n_windows, setup_ms + ki_rule_service_ms(from), -1);
    at->changes_nano += ki_check_change(check, at->shift, from->id, 0);
    note_crew(at, stop, from->id);
    ki_check_moment_site(check, &at->moment, place);
    if (task < 0)
        ki_check_say(check, "not wanted tonight");
    else
        check_amounts(at, stop, &check->sealed->tasks[task]);
}

/* The kerb is as long as the way from its entry to its exit. */
static void sweep_matrix(judge *at, const ki_plan_stop *stop, int from_exit) {
    ki_checker *check = at->check;
    int32_t entry = cell_of(check, stop->id, ""), exit = cell_of(check, stop->id, "#exit");
    int32_t from = from_exit ? exit : entry, to = from_exit ? entry : exit;
    at->cell = to;
    if (from < 0 || to < 0) return;
    size_t cell = (size_t)from * check->draft->n_matrix + (size_t)to;
    ki_check_same(check, "sweep length (mm)", stop->sweep.length_mm,
                  check->draft->matrix_length_mm[cell]);
}

/* A centre lane may be swept back: from its exit to its entry. The leg tells which. */
static int enters_at_exit(const judge *at, const ki_plan_stop *stop, const kerb_street *street) {
    const ki_draft *draft = at->check->draft;
    int32_t entry = cell_of(at->check, stop->id, ""), exit = cell_of(at->check, stop->id, "#exit");
    if (at->check->graph || street->side != KERB_SIDE_CENTRE) return 0;
    if (at->cell < 0 || entry < 0 || exit < 0) return 0;
    size_t row = (size_t)at->cell * draft->n_matrix;
    const ki_plan_leg *leg = &stop->leg;
    int fits_entry = draft->matrix_time_ms[row + (size_t)entry] == leg->time_ms &&
                     draft->matrix_length_mm[row + (size_t)entry] == leg->length_mm;
    int fits_exit = draft->matrix_time_ms[row + (size_t)exit] == leg->time_ms &&
                    draft->matrix_length_mm[row + (size_t)exit] == leg->length_mm;
    if (fits_entry != fits_exit) return fits_exit;
    /* Both fit, or neither: a street's first modes enter at its entry. */
    size_t n_windows = street->n_windows ? street->n_windows : 1;
    return stop->mode >= 0 && (size_t)stop->mode >= n_windows;
}

static void sweep(judge *at, const ki_plan_stop *stop, const kerb_street *street) {
    ki_checker *check = at->check;
    ki_check_battery_sweep(&at->battery, stop->sweep.length_mm);
    at->length_mm += stop->sweep.length_mm;
    if (!check->graph) {
        sweep_matrix(at, stop, at->from_exit);
        ki_check_brush(check, at->vehicle, street, 1); /* from its entry to its exit */
        return;
    }
    check->part = "sweep";
    if (ki_check_walk_leg(check, &at->walk, &stop->sweep, stop->start_ms, 1))
        ki_check_sweep_path(check, &at->walk, at->vehicle, street, &check->path);
    check->part = NULL;
}

static const ki_task *find_pass(judge *at, const ki_plan_stop *stop, int32_t street) {
    ki_checker *check = at->check;
    int32_t first = check->sealed->street_decisions[street].task;
    int32_t task = first + stop->pass - 1;
    if (first < 0) {
        ki_check_say(check, "not wanted tonight");
        return NULL;
    }
    if (stop->pass < 1 || stop->pass > 63 || task >= check->sealed->n_tasks ||
        check->sealed->tasks[task].kind != KI_TASK_KERB ||
        check->sealed->tasks[task].source != street) {
        ki_check_say(check, "pass %d is not asked for", stop->pass);
        return NULL;
    }
    uint64_t bit = (uint64_t)1 << stop->pass;
    if (check->street_served[street] & bit) ki_check_say(check, "swept before");
    check->street_served[street] |= bit;
    return &check->sealed->tasks[task];
}

static void check_sweep(judge *at, const ki_plan_stop *stop) {
    ki_checker *check = at->check;
    int32_t street = ki_id_find(&check->streets, stop->id);
    if (street < 0) {
        ki_check_say(check, "no such street");
        at->free_ms = stop->end_ms;
        return;
    }
    const kerb_street *from = &check->draft->streets[street];
    at->from_exit = enters_at_exit(at, stop, from);
    ride(at, stop, from->id);
    sweep(at, stop, from);
    if (at->vehicle->use != KERB_USE_SWEEPER && at->vehicle->use != KERB_USE_ROBOT)
        ki_check_say(check, "the vehicle is no sweeper");
    int64_t service_ms = ki_rule_sweep_ms(at->vehicle, stop->sweep.length_mm);
    at->from_exit = 0;
    ki_check_same(check, "sweeping time (ms)", stop->sweep.time_ms, service_ms);
    ki_check_same(check, "set-up (ms)", stop->setup_ms, 0);
    ki_check_pins(check, at->vehicle, from->pinned_to, from->n_pinned_to, from->forbidden_to,
                  from->n_forbidden_to);
    spend(at, stop, from->windows, from->n_windows, service_ms, -1);
    at->changes_nano += ki_check_change(check, at->shift, from->id, stop->pass);
    note_crew(at, stop, from->id);
    ki_check_moment_street(check, &at->moment, from);
    const ki_task *task = find_pass(at, stop, street);
    if (task) check_amounts(at, stop, task);
}

/* NULL: there is no such facility. */
static const kerb_facility *ride_to_facility(judge *at, const ki_plan_stop *stop) {
    ki_checker *check = at->check;
    int32_t facility = ki_id_find(&check->facilities, stop->id);
    if (facility < 0) {
        ki_check_say(check, "no such facility");
        at->free_ms = stop->end_ms;
        return NULL;
    }
    const kerb_facility *from = &check->draft->facilities[facility];
    ride(at, stop, from->id);
    if (check->graph) ki_check_near(check, &at->walk, "the facility", from->lat_deg, from->lon_deg);
    return from;
}

/* check_haul.c judges what lies there. */
static void check_load(judge *at, const ki_plan_stop *stop) {
    ki_checker *check = at->check;
    if (at->vehicle->use != KERB_USE_HAUL) {
        ki_check_say(check, "the vehicle is no haul truck");
        at->free_ms = stop->end_ms;
        return;
    }
    const kerb_facility *from = ride_to_facility(at, stop);
    if (!from) return;
    ki_check_load_haul(check, &at->load, stop);
    ki_check_same(check, "fee", stop->fee_nano, 0);
    spend(at, stop, from->windows, from->n_windows, ki_rule_ms(at->vehicle->load_s), -1);
}

/* As long as a full load takes, of a haul truck. */
static int64_t haul_unload_ms(const judge *at, const kerb_facility *facility) {
    return ki_rule_unload_ms(facility, ki_rule_g(at->vehicle->compartments[0].capacity_kg));
}

/* The load stays as it is. */
static void check_charge(judge *at, const ki_plan_stop *stop) {
    ki_checker *check = at->check;
    const kerb_facility *from = ride_to_facility(at, stop);
    if (!from) return;
    if (stop->charge_ms <= 0) ki_check_say(check, "stops to charge, but does not");
    int64_t charge_ms = ki_check_battery_charge(check, &at->battery, from);
    ki_check_same(check, "mass (g)", stop->mass_g, 0);
    ki_check_same(check, "volume (ml)", stop->volume_ml, 0);
    ki_check_same(check, "water (ml)", stop->water_ml, 0);
    ki_check_same(check, "fee", stop->fee_nano, 0);
    spend(at, stop, from->windows, from->n_windows, charge_ms, from->bays);
}

static void check_tip(judge *at, const ki_plan_stop *stop) {
    ki_checker *check = at->check;
    const kerb_facility *from = ride_to_facility(at, stop);
    if (!from) return;
    ki_check_same(check, "fullness (permille)", stop->full_permille,
                  ki_check_load_fullness(&at->load));
    int64_t mass_g = 0, volume_ml = 0, unload_ms, water_before_ml = at->load.water_ml;
    for (size_t c = 0; c < at->vehicle->n_compartments; c++) {
        mass_g += at->load.mass_g[c];
        volume_ml += at->load.volume_ml[c];
    }
    int64_t fee_nano = ki_check_load_tip(check, &at->load, from, &unload_ms);
    if (at->vehicle->use == KERB_USE_HAUL) unload_ms = haul_unload_ms(at, from);
    unload_ms += ki_check_battery_charge(check, &at->battery, from);
    ki_check_same(check, "mass (g)", stop->mass_g, mass_g);
    ki_check_same(check, "volume (ml)", stop->volume_ml, volume_ml);
    ki_check_same(check, "water (ml)", stop->water_ml, at->load.water_ml - water_before_ml);
    ki_check_same(check, "fee", stop->fee_nano, fee_nano);
    spend(at, stop, from->windows, from->n_windows, unload_ms, from->bays);
    at->fees_nano += fee_nano;
    at->n_trips++;
}

static void check_depot_stop(judge *at, const ki_plan_stop *stop, const char *depot_id) {
    ki_checker *check = at->check;
    ki_check_same_text(check, "depot", stop->id, depot_id);
    int32_t depot = ki_id_find(&check->depots, depot_id);
    if (check->graph && depot >= 0)
        ki_check_near(check, &at->walk, "the depot", check->draft->depots[depot].lat_deg,
                      check->draft->depots[depot].lon_deg);
}

static void check_start(judge *at, const ki_plan_stop *stop) {
    ki_checker *check = at->check;
    const char *from = at->shift->under_way ? at->shift->position.place_id : at->shift->start_depot;
    ki_check_same_text(check, "depot", stop->id, from);
    at->cell = cell_of(check, from, "");
    if (at->shift->under_way) {
        ki_check_start_place(check, &at->walk, at->shift);
        ki_check_same(check, "start of a vehicle under way (ms)", stop->start_ms,
                      ki_rule_instant_ms(check, at->shift->start_s));
    }
    int64_t pre_ms = ki_rule_ms(at->shift->pre_trip_s);
    ki_check_same(check, "start (ms)", stop->start_ms, at->route->spell_start_ms);
    ki_check_same(check, "arrival (ms)", stop->arrival_ms, stop->start_ms);
    ki_check_same(check, "end (ms)", stop->end_ms, stop->start_ms + pre_ms);
    if (stop->start_ms < ki_rule_instant_ms(check, at->shift->start_s))
        ki_check_say(check, "starts at %d ms, before the shift", stop->start_ms);
    at->free_ms = stop->start_ms + pre_ms;
}

static void check_end(judge *at, const ki_plan_stop *stop) {
    ki_checker *check = at->check;
    ride(at, stop, at->shift->end_depot ? at->shift->end_depot : at->shift->start_depot);
    check_depot_stop(at, stop,
                     at->shift->end_depot ? at->shift->end_depot : at->shift->start_depot);
    int64_t post_ms = ki_rule_ms(at->shift->post_trip_s);
    ki_check_same(check, "start (ms)", stop->start_ms, stop->arrival_ms);
    ki_check_same(check, "end (ms)", stop->end_ms, stop->start_ms + post_ms);
    ki_check_same(check, "end of the spell (ms)", at->route->spell_end_ms, stop->end_ms);
    int does_nothing = at->vehicle->use == KERB_USE_HAUL ? at->n_trips == 0 : at->n_served == 0;
    int goes_home = at->shift->under_way && does_nothing;
    if (stop->end_ms > ki_rule_instant_ms(check, at->shift->end_s) && !goes_home)
        ki_check_say(check, "ends at %d ms, after the shift", stop->end_ms);
    if (!goes_home || at->n_trips) ki_check_load_empty(check, &at->load);
}

static void check_stop(judge *at, int32_t index) {
    const ki_plan_stop *stop = &at->route->stops[index];
    int32_t last = at->route->n_stops - 1;
    at->check->stop = stop;
    at->span = (ki_check_span){0, INT32_MAX};
    if ((stop->kind == KI_STOP_START) != (index == 0) ||
        (stop->kind == KI_STOP_END) != (index == last))
        ki_check_say(at->check, "kind %d at this place of the route", (int)stop->kind);
    switch (index == 0 ? KI_STOP_START : index == last ? KI_STOP_END : stop->kind) {
    case KI_STOP_START: check_start(at, stop); break;
    case KI_STOP_SERVE: check_serve(at, stop); break;
    case KI_STOP_SWEEP: check_sweep(at, stop); break;
    case KI_STOP_TIP: check_tip(at, stop); break;
    case KI_STOP_CHARGE: check_charge(at, stop); break;
    case KI_STOP_LOAD: check_load(at, stop); break;
    case KI_STOP_END: check_end(at, stop); break;
    case KI_STOP_UNSPECIFIED: ki_check_say(at->check, "no kind of stop"); break;
    }
    at->spans[index] = at->span;
    ki_check_load_stop(at->check, &at->load);
    if (stop->kind != KI_STOP_TIP && stop->kind != KI_STOP_CHARGE)
        ki_check_same(at->check, "charge (ms)", stop->charge_ms, 0);
    if (stop->charge_ms == 0) ki_check_same(at->check, "charged (mWh)", stop->charged_mwh, 0);
    ki_check_battery_left(at->check, &at->battery, !ki_check_only_home(at->shift, at->route));
    ki_check_breaks_work(&at->breaks, stop);
    if (index < last) at->free_ms = ki_check_breaks_take(&at->breaks, index, at->free_ms);
}

/* ---- slack ----------------------------------------------------------------------------------- */

/* Hauls keep their times: the piles depend on them. */
static void check_kept_times(judge *at) {
    for (int32_t k = 0; k < at->route->n_stops; k++) {
        const ki_plan_stop *stop = at->check->stop = &at->route->stops[k];
        ki_check_same(at->check, "earliest (ms)", stop->earliest_ms, stop->start_ms);
        ki_check_same(at->check, "latest (ms)", stop->latest_ms, stop->start_ms);
    }
    at->check->stop = NULL;
}

static void check_slack(judge *at) {
    const ki_plan_stop *stops = at->route->stops;
    int32_t last = at->route->n_stops - 1;
    ki_checker *check = at->check;
    int64_t early_ms = ki_rule_instant_ms(check, at->shift->start_s);
    int64_t late_ms = at->breaks.must_end_ms - ki_rule_ms(at->shift->post_trip_s);
    for (int32_t k = 0; k <= last; k++) {
        check->stop = &stops[k];
        if (k > 0) early_ms += stops[k].leg.time_ms;
        if (early_ms < at->spans[k].open_ms) early_ms = at->spans[k].open_ms;
        ki_check_same(check, "earliest (ms)", stops[k].earliest_ms, early_ms);
        early_ms += (int64_t)stops[k].end_ms - stops[k].start_ms;
        early_ms = ki_check_breaks_early(&at->breaks, k, early_ms);
    }
    for (int32_t k = last; k >= 0; k--) {
        check->stop = &stops[k];
        if (k < last) late_ms = ki_check_breaks_late(&at->breaks, k, late_ms);
        if (k < last) late_ms -= (int64_t)stops[k].end_ms - stops[k].start_ms;
        if (late_ms > at->spans[k].close_ms) late_ms = at->spans[k].close_ms;
        ki_check_same(check, "latest (ms)", stops[k].latest_ms, late_ms);
        late_ms -= stops[k].leg.time_ms;
    }
    check->stop = NULL;
}

/* ---- the route ------------------------------------------------------------------------------- */

static void check_money(judge *at) {
    ki_checker *check = at->check;
    const ki_plan_route *route = at->route;
    ki_rule_prices prices = ki_rule_route_prices(at->vehicle, at->shift);
    int64_t spell_ms = (int64_t)route->spell_end_ms - route->spell_start_ms;
    int64_t regular_ms = ki_rule_ms(at->shift->regular_s);
    spell_ms -= at->breaks.unpaid_ms;
    int64_t over_ms = regular_ms > 0 && spell_ms > regular_ms ? spell_ms - regular_ms : 0;
    int64_t *items = check->route_items[at->index];
    items[KI_ITEM_VEHICLES] = prices.used_nano;
    items[KI_ITEM_DISTANCE] = at->length_mm * prices.nano_per_mm;
    items[KI_ITEM_TIME] = spell_ms * prices.nano_per_ms;
    items[KI_ITEM_OVERTIME] = over_ms * prices.overtime_nano_per_ms;
    items[KI_ITEM_GUARANTEED] = ki_rule_guaranteed_nano(at->vehicle, at->shift, spell_ms);
    items[KI_ITEM_FEES] = at->fees_nano;
    items[KI_ITEM_CHANGES] = at->changes_nano;
    items[KI_ITEM_UNFAMILIAR] = at->unfamiliar_nano;
    ki_check_compact(check, route, &at->moment, &items[KI_ITEM_COMPACTNESS]);
    items[KI_ITEM_BALANCE] = at->vehicle->use == KERB_USE_HAUL
                                 ? 0
                                 : ki_rule_balance_nano(&check->draft->district, spell_ms);
    int64_t cost_nano = 0;
    for (int item = 0; item < KI_ITEM_LEFT_OUT; item++) {
        check->items[item] += items[item];
        cost_nano += items[item];
    }
    ki_check_same(check, "price of the vehicle (nano)", route->used_nano, items[KI_ITEM_VEHICLES]);
    ki_check_same(check, "price of distance (nano)", route->distance_nano, items[KI_ITEM_DISTANCE]);
    ki_check_same(check, "price of time (nano)", route->time_nano, items[KI_ITEM_TIME]);
    ki_check_same(check, "price of overtime (nano)", route->overtime_nano, items[KI_ITEM_OVERTIME]);
    ki_check_same(check, "gate fees (nano)", route->fees_nano, items[KI_ITEM_FEES]);
    ki_check_same(check, "price of changes (nano)", route->changes_nano, items[KI_ITEM_CHANGES]);
    ki_check_same(check, "price of balance (nano)", route->balance_nano, items[KI_ITEM_BALANCE]);
    ki_check_same(check, "price of hours not worked (nano)", route->guaranteed_nano,
                  items[KI_ITEM_GUARANTEED]);
    ki_check_same(check, "price of unfamiliar stops (nano)", route->unfamiliar_nano,
                  items[KI_ITEM_UNFAMILIAR]);
    ki_check_same(check, "cost (nano)", route->cost_nano, cost_nano);
}

static void check_sums(judge *at) {
    ki_checker *check = at->check;
    const ki_plan_route *route = at->route;
    ki_check_same(check, "length (mm)", route->length_mm, at->length_mm);
    ki_check_same(check, "deadhead (mm)", route->deadhead_mm, at->deadhead_mm);
    ki_check_same(check, "trips", route->n_trips, at->n_trips);
    ki_check_same(check, "served", route->n_served, at->n_served);
    ki_check_same(check, "unfamiliar stops", route->n_unfamiliar, at->n_unfamiliar);
    ki_check_same(check, "length of unfamiliar stops (mm)", route->unfamiliar_mm,
                  at->unfamiliar_mm);
    for (int stream = 0; stream < KERB_N_STREAMS; stream++)
        ki_check_same(check, "mass by stream (g)", route->mass_g_by_stream[stream],
                      at->load.taken_g[stream]);
}

static int find_shift(judge *at) {
    ki_checker *check = at->check;
    int32_t shift = ki_id_find(&check->shifts, at->route->shift);
    if (shift < 0) {
        ki_check_say(check, "no such shift");
        return 0;
    }
    at->shift = &check->draft->shifts[shift];
    at->vehicle = ki_check_vehicle(check, at->shift);
    if (check->shift_used[shift]++) ki_check_say(check, "the shift works twice");
    if (!at->vehicle) {
        ki_check_say(check, "the shift has no vehicle");
        return 0;
    }
    if (!at->shift->available || !at->vehicle->available)
        ki_check_say(check, "the shift or its vehicle is out tonight");
    ki_check_same_text(check, "vehicle", at->route->vehicle, at->vehicle->id);
    ki_check_same_text(check, "kind", at->route->vehicle_kind, at->vehicle->kind);
    ki_check_same_text(check, "crew", at->route->crew, at->shift->crew);
    ki_check_same(check, "use", at->route->use, at->vehicle->use);
    at->vehicle = ki_check_setting(check, at->vehicle, at->shift);
    return at->vehicle != NULL;
}

void ki_check_route(ki_checker *check, int32_t index) {
    judge at = {.check = check, .index = index, .route = &check->plan->routes[index], .cell = -1};
    check->route = at.route;
    check->stop = NULL;
    if (!find_shift(&at)) return;
    if (at.route->n_stops < 2) {
        ki_check_say(check, "%d stops, expected at least the two depots", at.route->n_stops);
        return;
    }
    at.spans = ki_arena_alloc(&check->arena, (size_t)at.route->n_stops, sizeof *at.spans);
    if (!at.spans) check->failed = 1;
    ki_check_breaks_start(&at.breaks, check, at.route, at.shift);
    if (check->failed || !ki_check_load_start(check, &at.load, at.vehicle, at.shift)) return;
    ki_check_battery_start(&at.battery, at.vehicle, at.shift);
    ki_check_walk_start(check, &at.walk, at.vehicle, at.shift);
    for (int32_t stop = 0; stop < at.route->n_stops && !check->failed; stop++)
        check_stop(&at, stop);
    if (check->failed) return;
    ki_check_breaks_end(&at.breaks);
    if (at.vehicle->use == KERB_USE_HAUL)
        check_kept_times(&at);
    else
        check_slack(&at);
    ki_check_chances(check, at.route, at.vehicle);
    check_money(&at);
    check_sums(&at);
}
