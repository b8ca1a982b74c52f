/* SPDX-License-Identifier: GPL-3.0-or-later
 * random_rules.c - rules added to a district's problem at random. */
#include "bench/random_rules.h"

#include "base/error.h"
#include "base/rng.h"
#include "model/draft.h"
#include "model/model.h"
#include "road/graph.h"

#include <math.h>

#include <string.h>

enum { HOUR_S = 3600, MINUTE_S = 60 };

typedef struct maker {
    ki_draft *draft;
    ki_rng rng;
    int failed; /* out of memory */
} maker;

static int32_t draw(maker *at, int32_t low, int32_t high) {
    return low + (int32_t)ki_rng_below(&at->rng, (uint32_t)(high - low + 1));
}

static int one_in(maker *at, int32_t n) {
    return draw(at, 1, n) == 1;
}

static void *room(maker *at, size_t n, size_t size) {
    void *made = ki_arena_alloc(&at->draft->arena, n, size);
    if (!made) at->failed = 1;
    return made;
}

/* Some time between two instants, so many hours long. */
static const kerb_window *window_within(maker *at, int64_t from_s, int64_t to_s, int32_t least_h,
                                        int32_t most_h) {
    int64_t length_s = (int64_t)draw(at, least_h, most_h) * HOUR_S;
    kerb_window *made = room(at, 1, sizeof *made);
    if (!made) return NULL;
    if (length_s > to_s - from_s) length_s = to_s - from_s;
    int32_t most_min = (int32_t)((to_s - from_s - length_s) / MINUTE_S);
    made->start_s = from_s + (int64_t)draw(at, 0, most_min) * MINUTE_S;
    made->end_s = made->start_s + length_s;
    return made;
}

static const kerb_window *any_window(maker *at, int32_t least_h, int32_t most_h) {
    const kerb_district *district = &at->draft->district;
    return window_within(at, district->night_start_s, district->night_end_s, least_h, most_h);
}

/* ---- facilities ------------------------------------------------------------------------------ */

static void add_bays(maker *at) {
    for (size_t index = 0; index < at->draft->n_facilities; index++)
        at->draft->facilities[index].bays = draw(at, 0, 2);
}

static void add_bay_slots(maker *at) {
    kerb_facility *facility = at->draft->facilities;
    kerb_bay_slot *slots = room(at, 2, sizeof *slots);
    if (!slots) return;
    facility->bays = draw(at, 1, 2);
    for (int slot = 0; slot < 2; slot++) {
        const kerb_window *window = any_window(at, 1, 2);
        if (window) slots[slot] = (kerb_bay_slot){window->start_s, window->end_s, 1};
    }
    facility->bay_slots = slots;
    facility->n_bay_slots = 2;
}

static void add_caps(maker *at) {
    for (size_t index = 0; index < at->draft->n_facilities; index++) {
        at->draft->facilities[index].cap_tonnes = draw(at, 5, 30);
        at->draft->facilities[index].used_tonnes = draw(at, 0, 6);
    }
}

static void add_facility_hours(maker *at) {
    for (size_t index = 0; index < at->draft->n_facilities; index++) {
        kerb_facility *facility = &at->draft->facilities[index];
        facility->windows = any_window(at, 5, 10);
        facility->n_windows = facility->windows != NULL;
    }
}

static void add_unloading(maker *at) {
    for (size_t index = 0; index < at->draft->n_facilities; index++) {
        kerb_facility *facility = &at->draft->facilities[index];
        facility->unload_s = draw(at, 0, 900);
        facility->unload_s_per_tonne = draw(at, 0, 120);
        for (size_t gate = 0; gate < facility->n_gates; gate++) {
            kerb_gate *changed = (kerb_gate *)(uintptr_t)&facility->gates[gate];
            changed->fee_per_tonne = draw(at, -300, 300);
        }
    }
}

/* Where there are no trucks to haul it (add_hauls), what cannot be cleared is said. */
static void add_stock(maker *at) {
    for (size_t index = 0; index < at->draft->n_facilities; index++) {
        kerb_facility *facility = &at->draft->facilities[index];
        if (facility->kind != KERB_FACILITY_TRANSFER_STATION || !facility->n_gates) continue;
        kerb_gate *changed = (kerb_gate *)(uintptr_t)facility->gates;
        changed->stock_kg = draw(at, 0, 9000);
        changed->buffer_kg = draw(at, 10000, 30000);
    }
}

/* ---- fleet ----------------------------------------------------------------------------------- */

static void fill_break(maker *at, const kerb_shift *shift, kerb_break *made) {
    *made = (kerb_break){.duration_s = draw(at, 10, 45) * MINUTE_S};
    if (one_in(at, 2)) {
        made->after_work_s = draw(at, 120, 300) * MINUTE_S;
    } else {
        made->windows = window_within(at, shift->start_s, shift->end_s, 2, 5);
        made->n_windows = made->windows != NULL;
    }
    made->at_facility = one_in(at, 4);
    made->paid = one_in(at, 2);
}

static void add_breaks(maker *at) {
    for (size_t index = 0; index < at->draft->n_shifts; index++) {
        kerb_shift *shift = &at->draft->shifts[index];
        size_t n = (size_t)draw(at, 0, 2);
        kerb_break *breaks = n ? room(at, n, sizeof *breaks) : NULL;
        for (size_t number = 0; breaks && number < n; number++)
            fill_break(at, shift, &breaks[number]);
        shift->breaks = breaks;
        shift->n_breaks = breaks ? n : 0;
    }
}

static void add_hours(maker *at) {
    for (size_t index = 0; index < at->draft->n_shifts; index++) {
        kerb_shift *shift = &at->draft->shifts[index];
        if (shift->end_s - shift->start_s < 6 * HOUR_S) continue;
        shift->start_s += draw(at, 0, 120) * MINUTE_S;
        shift->end_s -= draw(at, 0, 120) * MINUTE_S;
        shift->pre_trip_s = draw(at, 0, 20) * MINUTE_S;
        shift->post_trip_s = draw(at, 0, 20) * MINUTE_S;
    }
}

static void add_overtime(maker *at) {
    for (size_t index = 0; index < at->draft->n_shifts; index++) {
        kerb_shift *shift = &at->draft->shifts[index];
        shift->regular_s = draw(at, 120, 420) * MINUTE_S;
        shift->price_overtime_per_hour = shift->price_per_hour * draw(at, 10, 30) / 10;
        if (one_in(at, 3)) shift->guaranteed_s = draw(at, 60, 300) * MINUTE_S;
    }
}

static void add_starting_loads(maker *at) {
    for (size_t index = 0; index < at->draft->n_shifts; index++) {
        kerb_shift *shift = &at->draft->shifts[index];
        const kerb_vehicle *vehicle = at->draft->vehicles;
        const kerb_vehicle *end = vehicle + at->draft->n_vehicles;
        while (vehicle < end && strcmp(vehicle->id, shift->vehicle_id) != 0)
            vehicle++;
        double *load_kg = one_in(at, 3) ? room(at, KI_MAX_COMPARTMENTS, sizeof *load_kg) : NULL;
        if (!load_kg || vehicle == end) continue;
        *load_kg = vehicle->compartments->capacity_kg * draw(at, 1, 50) / 100;
        shift->starting_load_kg = load_kg;
    }
}

static void take_out(maker *at) {
    for (size_t index = 0; index < at->draft->n_shifts; index++)
        if (one_in(at, 5)) at->draft->shifts[index].available = 0;
}

static void add_speeds(maker *at) {
    for (size_t index = 0; index < at->draft->n_vehicles; index++)
        at->draft->vehicles[index].top_speed_kmh = one_in(at, 2) ? draw(at, 20, 60) : 0;
}

/* So small that most shifts of a night need a charge, or leave something. */
static void add_batteries(maker *at) {
    for (size_t index = 0; index < at->draft->n_vehicles; index++) {
        kerb_vehicle *vehicle = &at->draft->vehicles[index];
        if (vehicle->use == KERB_USE_HAUL || one_in(at, 3)) continue;
        kerb_charge_step *step = room(at, 1, sizeof *step);
        if (!step) return;
        *step = (kerb_charge_step){draw(at, 50, 90) / 100.0, draw(at, 5, 50) * 1000};
        vehicle->battery_wh = draw(at, 5, 60) * 1000;
        vehicle->battery_reserve_wh = vehicle->battery_wh * draw(at, 0, 20) / 100;
        vehicle->drive_wh_per_km = draw(at, 200, 1500);
        vehicle->sweep_wh_per_km = draw(at, 200, 3000);
        vehicle->lift_wh = draw(at, 0, 60);
        vehicle->charge_w = one_in(at, 2) ? draw(at, 5, 100) * 1000 : 0;
        vehicle->charge_steps = step;
        vehicle->n_charge_steps = (size_t)draw(at, 0, 1);
    }
    for (size_t index = 0; index < at->draft->n_facilities; index++)
        if (one_in(at, 2)) at->draft->facilities[index].charge_w = draw(at, 10, 200) * 1000;
}

/* ---- work ------------------------------------------------------------------------------------ */

static void add_pins(maker *at) {
    for (size_t index = 0; index < at->draft->n_containers; index++) {
        kerb_container *container = &at->draft->containers[index];
        kerb_vehicle_ref *ref = one_in(at, 10) ? room(at, 1, sizeof *ref) : NULL;
        if (!ref) continue;
        ref->id = at->draft->vehicles[draw(at, 0, (int32_t)at->draft->n_vehicles - 1)].id;
        if (one_in(at, 4)) {
            container->pinned_to = ref;
            container->n_pinned_to = 1;
        } else {
            container->forbidden_to = ref;
            container->n_forbidden_to = 1;
        }
    }
}

/* Some vehicles have a crane, and some containers ask for it. */
static void add_lifts(maker *at) {
    static const kerb_lift lifts[] = {{"comb"}, {"crane"}};
    for (size_t index = 0; index < at->draft->n_vehicles; index++) {
        at->draft->vehicles[index].lifts = lifts;
        at->draft->vehicles[index].n_lifts = one_in(at, 2) ? 2 : 1;
    }
    for (size_t index = 0; index < at->draft->n_containers; index++)
        if (one_in(at, 6)) at->draft->containers[index].lift = "crane";
}

/* Walls that may stand elsewhere: what the vehicle holds in all, divided otherwise. */
static kerb_status add_settings(maker *at, kerb_error *err) {
    static const char *const ids[] = {"first", "second", "third"};
    ki_arena *arena = &at->draft->arena;
    for (size_t index = 0; index < at->draft->n_vehicles; index++) {
        kerb_vehicle *vehicle = &at->draft->vehicles[index];
        size_t n = vehicle->n_compartments;
        if (vehicle->use == KERB_USE_HAUL || one_in(at, 3)) continue;
        vehicle->n_settings = (size_t)draw(at, 1, 3);
        kerb_setting *settings = ki_arena_alloc(arena, vehicle->n_settings, sizeof *settings);
        vehicle->settings = settings;
        for (size_t k = 0; settings && k < vehicle->n_settings; k++) {
            kerb_compartment *rooms = ki_arena_copy(arena, vehicle->compartments, n, sizeof *rooms);
            if (!rooms) return ki_fail_no_memory(err, "rules at random");
            for (size_t c = 0; c < n; c++) {
                double share = draw(at, 40, 160) / 100.0;
                rooms[c].capacity_kg *= share;
                rooms[c].capacity_l *= share;
            }
            settings[k] = (kerb_setting){ids[k], rooms, n};
        }
        if (!settings) return ki_fail_no_memory(err, "rules at random");
    }
    return KERB_OK;
}

/* A one-way street's far kerb is left to those with a left brush: right-hand traffic has it so. */
static void add_brushes(maker *at) {
    for (size_t index = 0; index < at->draft->n_vehicles; index++) {
        int drawn = draw(at, 0, 3);
        at->draft->vehicles[index].brush_side = drawn == 1   ? KERB_SIDE_LEFT
                                                : drawn == 2 ? KERB_SIDE_UNSPECIFIED
                                                             : KERB_SIDE_RIGHT;
    }
}

/* Containers or kerbs in an order of their own, a few at a time. */
static kerb_status add_sequences(maker *at, kerb_model *model, kerb_error *err) {
    enum { MOST = 12 };
    for (int number = 0; number < 3; number++) {
        kerb_sequence_stop stops[MOST];
        kerb_sequence sequence = {.note = "drawn", .stops = stops};
        size_t n = (size_t)draw(at, 2, MOST);
        int kerbs = at->draft->n_streets >= MOST && one_in(at, 2);
        size_t n_all = kerbs ? at->draft->n_streets : at->draft->n_containers;
        if (n_all < MOST) continue;
        size_t first = (size_t)draw(at, 0, (int32_t)n_all - 1), step = n_all / MOST;
        for (; sequence.n_stops < n; sequence.n_stops++) {
            size_t index = (first + sequence.n_stops * step) % n_all;
            stops[sequence.n_stops].id =
                kerbs ? at->draft->streets[index].id : at->draft->containers[index].id;
        }
        KI_TRY(kerb_model_add_sequences(model, &sequence, 1, err));
    }
    return KERB_OK;
}

/* Of the robots and sweepers, or of the trucks as well. */
static kerb_status add_attendants(maker *at, kerb_model *model, kerb_error *err) {
    kerb_attendants attendants = {
        .id = "WATCH", .n_people = draw(at, 1, 2), .vehicles_each = draw(at, 1, 2)};
    int all = one_in(at, 2);
    for (size_t index = 0; index < at->draft->n_vehicles; index++) {
        kerb_vehicle *vehicle = &at->draft->vehicles[index];
        if (vehicle->use == KERB_USE_HAUL || (vehicle->use == KERB_USE_TRUCK && !all)) continue;
        vehicle->attended_by = attendants.id;
    }
    return kerb_model_add_attendants(model, &attendants, 1, err);
}

/* A haul truck is one that has collected before. */
static void add_follower(maker *at) {
    kerb_shift *haul = NULL;
    for (size_t index = 0; index < at->draft->n_shifts; index++)
        for (size_t of = 0; of < at->draft->n_vehicles; of++) {
            kerb_shift *shift = &at->draft->shifts[index];
            const kerb_vehicle *vehicle = &at->draft->vehicles[of];
            if (strcmp(vehicle->id, shift->vehicle_id) != 0) continue;
            if (vehicle->use == KERB_USE_HAUL) haul = shift;
        }
    const kerb_shift *first = at->draft->shifts;
    if (!haul || haul == first || strcmp(first->start_depot, haul->start_depot) != 0) return;
    if (first->end_depot && *first->end_depot && strcmp(first->end_depot, haul->start_depot) != 0)
        return;
    haul->follows = first->id;
    haul->turnaround_s = draw(at, 0, 20) * 60;
}

static void add_balance(maker *at) {
    at->draft->district.price_imbalance_per_hour2 = draw(at, 1, 60);
}

static void add_site_windows(maker *at) {
    for (size_t index = 0; index < at->draft->n_sites; index++) {
        kerb_site *site = &at->draft->sites[index];
        if (!one_in(at, 4)) continue;
        site->windows = any_window(at, 1, 4);
        site->n_windows = site->windows != NULL;
    }
}

static void add_setups(maker *at) {
    for (size_t index = 0; index < at->draft->n_sites; index++)
        at->draft->sites[index].setup_s = draw(at, 0, 300);
}

static void add_forces(maker *at) {
    for (size_t index = 0; index < at->draft->n_containers; index++)
        if (one_in(at, 10))
            at->draft->containers[index].force = one_in(at, 2) ? KERB_FORCE_IN : KERB_FORCE_OUT;
}

static void add_street_windows(maker *at) {
    for (size_t index = 0; index < at->draft->n_streets; index++) {
        kerb_street *street = &at->draft->streets[index];
        if (!one_in(at, 4)) continue;
        street->windows = any_window(at, 2, 5);
        street->n_windows = street->windows != NULL;
    }
}

static void add_passes(maker *at) {
    for (size_t index = 0; index < at->draft->n_streets; index++)
        if (one_in(at, 10)) at->draft->streets[index].passes = 2;
}

/* ---- roads ----------------------------------------------------------------------------------- */

/* So far from every depot and facility that no ban locks it up. */
static int is_away(const maker *at, const kerb_site *site) {
    enum { AWAY_MM = 500000 };
    for (size_t index = 0; index < at->draft->n_depots + at->draft->n_facilities; index++) {
        size_t other = index - at->draft->n_depots;
        int is_depot = index < at->draft->n_depots;
        double lat =
            is_depot ? at->draft->depots[index].lat_deg : at->draft->facilities[other].lat_deg;
        double lon =
            is_depot ? at->draft->depots[index].lon_deg : at->draft->facilities[other].lon_deg;
        if (ki_distance_mm((int32_t)llround(site->lat_deg * 1e7),
                           (int32_t)llround(site->lon_deg * 1e7), (int32_t)llround(lat * 1e7),
                           (int32_t)llround(lon * 1e7)) < AWAY_MM)
            return 0;
    }
    return 1;
}

static kerb_status add_bans(maker *at, kerb_model *model, kerb_error *err) {
    static const char *const hours[] = {"", "22:00-24:00", "00:00-02:30"};
    for (int number = 0; number < 2 && at->draft->n_sites; number++) {
        const kerb_site *near = &at->draft->sites[draw(at, 0, (int32_t)at->draft->n_sites - 1)];
        if (!is_away(at, near)) continue;
        kerb_ban ban = {.id = number ? "B2" : "B1",
                        .note = "drawn",
                        .lat_deg = near->lat_deg,
                        .lon_deg = near->lon_deg,
                        .radius_m = draw(at, 30, 150),
                        .over_mass_kg = one_in(at, 2) ? 10000 : 0,
                        .hours = hours[draw(at, 0, 2)]};
        KI_TRY(kerb_model_add_bans(model, &ban, 1, err));
    }
    return KERB_OK;
}

static kerb_status add_closures(maker *at, kerb_model *model, kerb_error *err) {
    for (int number = 0; number < 2 && at->draft->n_streets; number++) {
        const kerb_street *street =
            &at->draft->streets[draw(at, 0, (int32_t)at->draft->n_streets - 1)];
        kerb_closure closure = {
            street->way_id, street->from_node, street->to_node, "drawn", NULL, 0};
        KI_TRY(kerb_model_add_closures(model, &closure, 1, err));
    }
    return KERB_OK;
}

/* ---- hauls ----------------------------------------------------------------------------------- */

static kerb_status add_plant(maker *at, kerb_model *model, kerb_error *err) {
    const kerb_site *near = &at->draft->sites[draw(at, 0, (int32_t)at->draft->n_sites - 1)];
    kerb_gate gates[KERB_N_STREAMS];
    for (int stream = 1; stream < KERB_N_STREAMS; stream++)
        gates[stream] =
            (kerb_gate){.stream = (kerb_stream)stream, .fee_per_tonne = draw(at, -50, 300)};
    kerb_facility plant = {.id = "HAUL-P",
                           .kind = KERB_FACILITY_PLANT,
                           .lat_deg = near->lat_deg,
                           .lon_deg = near->lon_deg,
                           .gates = gates + 1, /* 0 is no stream */
                           .n_gates = KERB_N_STREAMS - 1,
                           .unload_s = draw(at, 0, 900),
                           .unload_s_per_tonne = draw(at, 0, 60),
                           .bays = draw(at, 0, 2)};
    return kerb_model_add_facilities(model, &plant, 1, err);
}

static kerb_status add_haul_truck(maker *at, kerb_model *model, int number, kerb_error *err) {
    static const char *const ids[] = {"HAUL-1", "HAUL-2"}, *const shifts[] = {"HAUL-S1", "HAUL-S2"};
    static const kerb_stream streams[] = {KERB_STREAM_RESIDUAL, KERB_STREAM_FOOD};
    const kerb_district *district = &at->draft->district;
    kerb_compartment body = {
        .streams = streams, .n_streams = 2, .capacity_kg = draw(at, 2, 14) * 1000};
    kerb_vehicle truck = {.id = ids[number],
                          .kind = "haul",
                          .use = KERB_USE_HAUL,
                          .compartments = &body,
                          .n_compartments = 1,
                          .load_s = draw(at, 5, 30) * MINUTE_S,
                          .price_used = draw(at, 0, 300),
                          .price_per_km = draw(at, 1, 5),
                          .available = 1};
    kerb_shift shift = {.id = shifts[number],
                        .vehicle_id = truck.id,
                        .start_depot = at->draft->depots[0].id,
                        .start_s = district->night_start_s + draw(at, 0, 180) * MINUTE_S,
                        .end_s = district->night_end_s - draw(at, 0, 180) * MINUTE_S,
                        .pre_trip_s = draw(at, 0, 900),
                        .post_trip_s = draw(at, 0, 900),
                        .price_per_hour = draw(at, 0, 80),
                        .available = 1};
    kerb_break pause;
    if (one_in(at, 2)) {
        fill_break(at, &shift, &pause);
        shift.breaks = &pause;
        shift.n_breaks = 1;
    }
    KI_TRY(kerb_model_add_vehicles(model, &truck, 1, err));
    return kerb_model_add_shifts(model, &shift, 1, err);
}

/* A plant, one or two trucks, and something to carry. */
static kerb_status add_hauls(maker *at, kerb_model *model, kerb_error *err) {
    for (size_t index = 0; index < at->draft->n_facilities; index++) {
        const kerb_facility *facility = &at->draft->facilities[index];
        for (size_t gate = 0; gate < facility->n_gates; gate++) {
            kerb_gate *changed = (kerb_gate *)(uintptr_t)&facility->gates[gate];
            if (facility->kind != KERB_FACILITY_TRANSFER_STATION) continue;
            changed->stock_kg = draw(at, 0, 9000) + draw(at, 0, 999) / 1000.0;
            changed->buffer_kg = one_in(at, 3) ? 0 : draw(at, 6000, 15000);
            changed->cleared = one_in(at, 3);
        }
    }
    KI_TRY(add_plant(at, model, err));
    for (int number = draw(at, 0, 1); number >= 0; number--)
        KI_TRY(add_haul_truck(at, model, number, err));
    return KERB_OK;
}

/* ---- familiar plans -------------------------------------------------------------------------- */

static kerb_earlier_route any_route(maker *at, size_t n_stops) {
    const ki_draft *draft = at->draft;
    const kerb_shift *shift = &draft->shifts[draw(at, 0, (int32_t)draft->n_shifts - 1)];
    kerb_earlier_stop *stops = room(at, n_stops, sizeof *stops);
    kerb_earlier_route route = {.shift_id = shift->id, .stops = stops};
    route.crew = shift->crew && shift->crew[0] ? shift->crew : shift->vehicle_id;
    for (size_t stop = 0; stops && stop < n_stops; stop++) {
        int32_t any = draw(at, 0, (int32_t)(draft->n_containers + draft->n_streets) - 1);
        int32_t street = any - (int32_t)draft->n_containers;
        stops[stop].id = street < 0 ? draft->containers[any].id : draft->streets[street].id;
    }
    route.n_stops = stops ? n_stops : 0;
    return route;
}

/* Two plans of four routes, in which about half of all was served by some crew. */
static kerb_status add_familiar(maker *at, kerb_model *model, kerb_error *err) {
    enum { PLANS = 2, ROUTES = 4 };
    kerb_earlier_route routes[PLANS][ROUTES];
    kerb_earlier_plan plans[PLANS];
    size_t n_stops = (at->draft->n_containers + at->draft->n_streets) / 8;
    at->draft->district.price_unfamiliar_per_stop = draw(at, 1, 30);
    for (int plan = 0; plan < PLANS; plan++) {
        for (int route = 0; route < ROUTES; route++)
            routes[plan][route] = any_route(at, n_stops);
        plans[plan] = (kerb_earlier_plan){"before", routes[plan], ROUTES};
    }
    if (at->failed) return ki_fail_no_memory(err, "rules at random");
    return kerb_model_add_familiar_plans(model, plans, PLANS, err);
}

/* ---- all together ---------------------------------------------------------------------------- */

typedef void add_rule(maker *at);

static const struct rule {
    const char *name;
    add_rule *add;
} rules[] = {
    {"bays", add_bays},
    {"bay_slots", add_bay_slots},
    {"caps", add_caps},
    {"facility_hours", add_facility_hours},
    {"unloading", add_unloading},
    {"stock", add_stock},
    {"hours", add_hours},
    {"breaks", add_breaks}, /* within them */
    {"overtime", add_overtime},
    {"starting_load", add_starting_loads},
    {"out", take_out},
    {"speeds", add_speeds},
    {"pins", add_pins},
    {"site_windows", add_site_windows},
    {"setups", add_setups},
    {"forces", add_forces},
    {"street_windows", add_street_windows},
    {"passes", add_passes},
};

/* A charger where nobody unloads, at a depot or where a container stands, with a bay or two. */
static kerb_status add_post(maker *at, kerb_model *model, kerb_error *err) {
    kerb_facility post = {.id = "POST",
                          .kind = KERB_FACILITY_CHARGER,
                          .lat_deg = at->draft->depots[0].lat_deg,
                          .lon_deg = at->draft->depots[0].lon_deg,
                          .bays = draw(at, 0, 2),
                          .charge_w = draw(at, 10, 200) * 1000};
    if (at->draft->n_sites && one_in(at, 2)) {
        const kerb_site *site = &at->draft->sites[draw(at, 0, (int32_t)at->draft->n_sites - 1)];
        post.lat_deg = site->lat_deg;
        post.lon_deg = site->lon_deg;
    }
    return kerb_model_add_facilities(model, &post, 1, err);
}

static void say(ki_text *names, const char *name) {
    ki_text_add(names, "%s%s", names->length ? "+" : "", name);
}

kerb_status bench_random_rules(kerb_model *model, uint64_t seed, ki_text *names, kerb_error *err) {
    maker at = {.draft = &model->draft};
    ki_rng_seed(&at.rng, seed, 29);
    for (size_t rule = 0; rule < sizeof rules / sizeof *rules; rule++) {
        if (!one_in(&at, 2)) continue;
        rules[rule].add(&at);
        say(names, rules[rule].name);
    }
    if (at.failed || names->failed) return ki_fail_no_memory(err, "rules at random");
    if (one_in(&at, 2)) {
        KI_TRY(add_bans(&at, model, err));
        say(names, "bans");
    }
    if (one_in(&at, 2)) {
        KI_TRY(add_closures(&at, model, err));
        say(names, "closures");
    }
    int has_batteries = one_in(&at, 2);
    if (has_batteries) {
        add_batteries(&at);
        say(names, "batteries");
    }
    if (one_in(&at, 2)) {
        add_balance(&at);
        say(names, "balance");
    }
    if (one_in(&at, 2) && at.draft->n_sites && at.draft->n_depots) {
        KI_TRY(add_hauls(&at, model, err));
        say(names, "hauls");
    }
    if (one_in(&at, 2) && at.draft->n_shifts && at.draft->n_containers + at.draft->n_streets) {
        KI_TRY(add_familiar(&at, model, err));
        say(names, "familiarity");
    }
    if (has_batteries && one_in(&at, 2) && at.draft->n_depots) {
        KI_TRY(add_post(&at, model, err));
        say(names, "posts");
    }
    if (one_in(&at, 3)) {
        at.draft->district.price_compactness_per_stop_km2 = draw(&at, 1, 80) * 0.5;
        say(names, "compactness");
    }
    if (one_in(&at, 3)) {
        add_lifts(&at);
        say(names, "lifts");
    }
    if (one_in(&at, 3)) {
        add_brushes(&at);
        say(names, "brushes");
    }
    if (one_in(&at, 3)) {
        KI_TRY(add_sequences(&at, model, err));
        say(names, "sequences");
    }
    if (one_in(&at, 3)) {
        KI_TRY(add_attendants(&at, model, err));
        say(names, "attendants");
    }
    if (one_in(&at, 3)) {
        add_follower(&at);
        say(names, "follows");
    }
    if (one_in(&at, 3)) {
        KI_TRY(add_settings(&at, err));
        say(names, "settings");
    }
    if (at.failed) return ki_fail_no_memory(err, "rules at random");
    return KERB_OK;
}
