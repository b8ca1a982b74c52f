/* SPDX-License-Identifier: GPL-3.0-or-later
 * Shifts to types. Interchangeable shifts - equal vehicle, hours, depots, prices - become one type
 * with a count: the search never has to tell them apart, and the master needs one row for all.
 *
 * Dimensions of a type: for each compartment its mass in g, then its volume in ml where that is
 * limited; last the water of a sweeper, which serving uses up and a facility with
 * water restores. */
#include "base/alloc.h"
#include "base/error.h"
#include "model/seal.h"
#include "model/setting.h"

#include <math.h>
#include <string.h>

/* ---- a seed from one shift ------------------------------------------------------------------- */

static uint32_t stream_mask(const kerb_compartment *compartment) {
    uint32_t mask = 0;
    for (size_t stream = 0; stream < compartment->n_streams; stream++)
        mask |= UINT32_C(1) << compartment->streams[stream];
    return mask;
}

static void add_dim(ki_seed *seed, ki_dim_kind kind, uint32_t streams, int64_t capacity,
                    int64_t start_load) {
    int32_t dim = seed->type.n_dims++;
    seed->kinds[dim] = (uint8_t)kind;
    seed->streams[dim] = streams;
    seed->type.capacity[dim] = capacity;
    seed->type.start_load[dim] = start_load;
    if (kind == KI_DIM_MASS) seed->type.mass_dims |= (uint8_t)(1u << dim);
}

/* Volume on board: as stated, or in proportion to the capacities. */
static double start_load_l(const kerb_shift *shift, size_t at, const kerb_compartment *compartment,
                           double load_kg) {
    if (shift->starting_load_l && shift->starting_load_l[at] > 0) return shift->starting_load_l[at];
    return load_kg / compartment->capacity_kg * compartment->capacity_l;
}

/* Trucks leave room for what forecasts may be wrong by. */
static void add_load_dim(ki_seal *seal, ki_seed *seed, const kerb_shift *shift, ki_dim_kind kind,
                         uint32_t streams, double capacity, double start_load) {
    int64_t most = ki_seal_milli(capacity), start = ki_seal_milli(start_load);
    if (seed->type.group == KI_GROUP_COLLECTION)
        most = ki_seal_room(seal, shift, kind, streams, most, start);
    add_dim(seed, kind, streams, most, start);
}

static void fill_dims(ki_seal *seal, ki_seed *seed, const kerb_vehicle *vehicle,
                      const kerb_shift *shift) {
    for (size_t at = 0; at < vehicle->n_compartments; at++) {
        const kerb_compartment *compartment = &vehicle->compartments[at];
        double load_kg = shift->starting_load_kg ? shift->starting_load_kg[at] : 0;
        uint32_t streams = stream_mask(compartment);
        seed->all_streams |= streams;
        add_load_dim(seal, seed, shift, KI_DIM_MASS, streams, compartment->capacity_kg, load_kg);
        if (compartment->capacity_l > 0)
            add_load_dim(seal, seed, shift, KI_DIM_VOLUME, streams, compartment->capacity_l,
                         start_load_l(shift, at, compartment, load_kg));
    }
    if (!(vehicle->water_l > 0)) return;
    seed->has_water = 1;
    add_dim(seed, KI_DIM_WATER, 0, ki_seal_milli(vehicle->water_l),
            ki_seal_milli(shift->used_water_l));
}

static void fill_prices(ki_type *type, const kerb_district *district, const kerb_vehicle *vehicle,
                        const kerb_shift *shift) {
    double plain = shift->price_per_hour, overtime = shift->price_overtime_per_hour;
    type->worked_ms = shift->under_way ? ki_seal_ms(shift->worked_s) : 0;
    type->used_nano = shift->under_way ? 0 : ki_seal_nano(vehicle->price_used);
    type->nano_per_mm = llround(vehicle->price_per_km * 1e3);
    type->nano_per_ms = llround(plain * 1e9 / 3.6e6);
    if (type->group != KI_GROUP_HAUL)
        type->balance_nano_per_s2 =
            llround(district->price_imbalance_per_hour2 * 1e9 / (3600.0 * 3600.0));
    type->guaranteed_ms = type->nano_per_ms ? ki_seal_ms(shift->guaranteed_s) : 0;
    type->regular_ms = KI_NEVER;
    if (!(shift->regular_s > 0)) return;
    type->regular_ms = ki_seal_ms(shift->regular_s);
    /* 0: not stated, so paid as all other hours. */
    if (overtime > plain)
        type->overtime_nano_per_ms = llround(overtime * 1e9 / 3.6e6) - type->nano_per_ms;
}

/* ---- breaks ---------------------------------------------------------------------------------- */

static void add_option(ki_type *type, const ki_span *span) {
    int32_t open_ms = span->open_ms, close_ms = span->close_ms;
    if (open_ms < type->earliest_ms) open_ms = type->earliest_ms;
    if (close_ms > type->latest_ms) close_ms = type->latest_ms;
    if (open_ms > close_ms) return;
    type->break_options[type->n_break_options++] =
        (ki_break_option){type->n_breaks, open_ms, close_ms};
}

static kerb_status add_break(ki_seal *seal, const kerb_break *from, ki_type *type) {
    ki_span *spans;
    size_t n_spans;
    KI_TRY(ki_seal_spans(seal, from->windows, from->n_windows, &spans, &n_spans));
    ki_break *to = &type->breaks[type->n_breaks];
    to->duration_ms = ki_seal_ms(from->duration_s);
    to->work_ms = from->after_work_s > 0 ? ki_seal_ms(from->after_work_s) : KI_NEVER;
    to->due_ms = from->after_work_s > 0 ? KI_NEVER : -1;
    to->at_gate = from->at_facility != 0;
    to->paid = from->paid != 0;
    int32_t n_before = type->n_break_options;
    for (size_t span = 0; span < n_spans; span++)
        add_option(type, &spans[span]);
    if (n_before == type->n_break_options) return KERB_OK; /* under way, and it is over */
    if (from->n_windows) to->due_ms = type->break_options[type->n_break_options - 1].close_ms;
    if (to->work_ms != KI_NEVER) type->counts_work = 1;
    type->n_breaks++;
    return KERB_OK;
}

static kerb_status fill_breaks(ki_seal *seal, const kerb_shift *shift, ki_type *type) {
    for (size_t at = 0; at < shift->n_breaks; at++)
        KI_TRY(add_break(seal, &shift->breaks[at], type));
    return KERB_OK;
}

/* ---- batteries ------------------------------------------------------------------------------- */

static int64_t seal_nwh(double wh) {
    return llround(wh * 1e9);
}

/* Powers only fall as it fills; 0: as much as the facility gives. */
static void add_charge_part(ki_type *type, double from_wh, double charge_w) {
    int64_t most_mw = charge_w > 0 ? llround(charge_w * 1000) : INT64_MAX;
    if (type->n_charge_parts > 0 && type->charge_parts[type->n_charge_parts - 1].most_mw < most_mw)
        most_mw = type->charge_parts[type->n_charge_parts - 1].most_mw;
    type->charge_parts[type->n_charge_parts++] = (ki_charge_part){seal_nwh(from_wh), most_mw};
}

static void fill_battery(ki_type *type, const kerb_vehicle *vehicle, const kerb_shift *shift) {
    type->recharge_ms = KI_NEVER;
    if (!(vehicle->battery_wh > 0)) return;
    type->full_nwh = seal_nwh(vehicle->battery_wh);
    type->battery_nwh = seal_nwh(vehicle->battery_wh - vehicle->battery_reserve_wh);
    type->used_nwh = seal_nwh(shift->used_battery_wh);
    type->nwh_per_mm = llround(vehicle->drive_wh_per_km * 1000);
    type->sweep_nwh_per_mm = llround(vehicle->sweep_wh_per_km * 1000);
    type->lift_nwh = seal_nwh(vehicle->lift_wh);
    add_charge_part(type, 0, vehicle->charge_w);
    for (size_t step = 0; step < vehicle->n_charge_steps; step++)
        add_charge_part(type, vehicle->charge_steps[step].from_ratio * vehicle->battery_wh,
                        vehicle->charge_steps[step].charge_w);
}

static ki_seed seed_of(ki_seal *seal, int32_t vehicle_index, int32_t index, int32_t setting) {
    kerb_compartment room[KI_MAX_COMPARTMENTS];
    const kerb_shift *shift = &seal->draft->shifts[index];
    const kerb_vehicle set = ki_vehicle_set(&seal->draft->vehicles[vehicle_index], setting, room);
    const kerb_vehicle *vehicle = &set;
    int64_t night_s = seal->model->night_start_s;
    const char *end_depot = shift->end_depot ? shift->end_depot : shift->start_depot;
    ki_seed seed = {.vehicle = vehicle_index, .use = (uint8_t)vehicle->use, .apart = -1};
    ki_type *type = &seed.type;
    type->setting = setting;
    if (shift->under_way || seal->is_named[vehicle_index] || seal->is_earlier[index] ||
        (shift->follows && *shift->follows))
        seed.apart = index;
    type->under_way = shift->under_way != 0;
    type->home_tip = KI_HOME_LOST;
    type->group = vehicle->use == KERB_USE_TRUCK  ? KI_GROUP_COLLECTION
                  : vehicle->use == KERB_USE_HAUL ? KI_GROUP_HAUL
                                                  : KI_GROUP_SWEEPING;
    type->start_depot = ki_ids_find(&seal->ids.depots, shift->start_depot);
    type->end_depot = ki_ids_find(&seal->ids.depots, end_depot);
    type->earliest_ms = (int32_t)((shift->start_s - night_s) * 1000);
    type->latest_ms = (int32_t)((shift->end_s - night_s) * 1000);
    type->pre_ms = ki_seal_ms(shift->pre_trip_s);
    type->post_ms = ki_seal_ms(shift->post_trip_s);
    if (type->group == KI_GROUP_SWEEPING) {
        seed.sweep_mm_per_s = (int32_t)lround(vehicle->sweep_speed_kmh * 1e6 / 3600);
        seed.brush = (uint8_t)vehicle->brush_side;
    }
    seed.load_ms = ki_seal_ms(vehicle->load_s);
    fill_dims(seal, &seed, vehicle, shift);
    fill_prices(type, &seal->draft->district, vehicle, shift);
    fill_battery(type, vehicle, shift);
    seed.spec = ki_profile_spec_of(vehicle);
    seed.spec.out = ki_draft_out(&seal->draft->district, shift);
    seed.bans = ki_bans_met(seal->draft, vehicle->use, &seed.spec);
    return seed;
}

/* ---- merging --------------------------------------------------------------------------------- */

int ki_seed_same_dims(const ki_seed *a, const ki_seed *b) {
    return a->type.n_dims == b->type.n_dims &&
           memcmp(a->streams, b->streams, sizeof a->streams) == 0 &&
           memcmp(a->kinds, b->kinds, sizeof a->kinds) == 0;
}

int ki_seed_same_spec(const ki_profile_spec *a, const ki_profile_spec *b) {
    return a->kind == b->kind && a->height_mm == b->height_mm && a->width_mm == b->width_mm &&
           a->length_mm == b->length_mm && a->mass_kg == b->mass_kg &&
           a->top_speed_mm_per_s == b->top_speed_mm_per_s && a->u_turns == b->u_turns;
}

static int same_hours(const ki_type *a, const ki_type *b) {
    return a->start_depot == b->start_depot && a->end_depot == b->end_depot &&
           a->earliest_ms == b->earliest_ms && a->latest_ms == b->latest_ms &&
           a->pre_ms == b->pre_ms && a->post_ms == b->post_ms && a->regular_ms == b->regular_ms &&
           a->guaranteed_ms == b->guaranteed_ms;
}

static int same_prices(const ki_type *a, const ki_type *b) {
    return a->used_nano == b->used_nano && a->nano_per_mm == b->nano_per_mm &&
           a->nano_per_ms == b->nano_per_ms && a->overtime_nano_per_ms == b->overtime_nano_per_ms;
}

static int same_break(const ki_break *a, const ki_break *b) {
    return a->duration_ms == b->duration_ms && a->due_ms == b->due_ms && a->work_ms == b->work_ms &&
           a->at_gate == b->at_gate && a->paid == b->paid;
}

static int same_breaks(const ki_type *a, const ki_type *b) {
    if (a->n_breaks != b->n_breaks || a->n_break_options != b->n_break_options) return 0;
    for (int32_t at = 0; at < a->n_breaks; at++)
        if (!same_break(&a->breaks[at], &b->breaks[at])) return 0;
    return memcmp(a->break_options, b->break_options,
                  (size_t)a->n_break_options * sizeof *a->break_options) == 0;
}

static int same_battery(const ki_type *a, const ki_type *b) {
    if (a->n_charge_parts != b->n_charge_parts) return 0;
    for (int32_t at = 0; at < a->n_charge_parts; at++)
        if (a->charge_parts[at].from_nwh != b->charge_parts[at].from_nwh ||
            a->charge_parts[at].most_mw != b->charge_parts[at].most_mw)
            return 0;
    return a->battery_nwh == b->battery_nwh && a->full_nwh == b->full_nwh &&
           a->used_nwh == b->used_nwh && a->nwh_per_mm == b->nwh_per_mm &&
           a->sweep_nwh_per_mm == b->sweep_nwh_per_mm && a->lift_nwh == b->lift_nwh;
}

static int same_seed(const ki_seed *a, const ki_seed *b) {
    return a->apart == b->apart && a->type.setting == b->type.setting && a->use == b->use &&
           a->sweep_mm_per_s == b->sweep_mm_per_s && a->brush == b->brush &&
           a->load_ms == b->load_ms && ki_seed_same_dims(a, b) &&
           memcmp(a->type.capacity, b->type.capacity, sizeof a->type.capacity) == 0 &&
           memcmp(a->type.start_load, b->type.start_load, sizeof a->type.start_load) == 0 &&
           ki_seed_same_spec(&a->spec, &b->spec) && same_hours(&a->type, &b->type) &&
           same_prices(&a->type, &b->type) && same_breaks(&a->type, &b->type) &&
           same_battery(&a->type, &b->type);
}

static int same_attendants(const kerb_vehicle *a, const kerb_vehicle *b) {
    return strcmp(a->attended_by ? a->attended_by : "", b->attended_by ? b->attended_by : "") == 0;
}

static int same_lifts(const kerb_vehicle *a, const kerb_vehicle *b) {
    if (a->n_lifts != b->n_lifts) return 0;
    for (size_t at = 0; at < a->n_lifts; at++)
        if (strcmp(a->lifts[at].id, b->lifts[at].id) != 0) return 0;
    return 1;
}

static int same_shift(const ki_seal *seal, const ki_seed *a, const ki_seed *b) {
    const kerb_vehicle *vehicles = seal->draft->vehicles;
    return same_seed(a, b) && same_lifts(&vehicles[a->vehicle], &vehicles[b->vehicle]) &&
           same_attendants(&vehicles[a->vehicle], &vehicles[b->vehicle]);
}

/* Where the seeds of a shift like it begin, one for each of its settings; n_seeds: nowhere. */
static size_t find_like(const ki_seal *seal, const ki_seed *seeds, int32_t n) {
    size_t at = 0;
    for (; at < seal->n_seeds; at += (size_t)seal->seeds[at].n_settings) {
        int32_t same = 0;
        while (seal->seeds[at].n_settings == n && same < n &&
               same_shift(seal, &seal->seeds[at + (size_t)same], &seeds[same]))
            same++;
        if (same == n) break;
    }
    return at;
}

static kerb_status add_seeds(ki_seal *seal, int32_t shift, const ki_seed *seeds, int32_t n) {
    if (seal->n_seeds + (size_t)n > KI_MAX_TYPES)
        return ki_fail(seal->err, KERB_BAD_INPUT,
                       "shift %s, kinds of shift: more than %d that differ, expected at most %d",
                       seal->draft->shifts[shift].id, (int)KI_MAX_TYPES, (int)KI_MAX_TYPES);
    if (ki_grow(&seal->seeds, &seal->seeds_capacity, seal->n_seeds + (size_t)n,
                sizeof *seal->seeds) != 0)
        return ki_fail_no_memory(seal->err, "fleet");
    for (int32_t index = 0; index < n; index++) {
        ki_seed *seed = &seal->seeds[seal->n_seeds++];
        *seed = seeds[index];
        seed->n_settings = n;
        seed->type.behind = index;
        seed->shifts = ki_arena_alloc(&seal->scratch, seal->draft->n_shifts, sizeof(int32_t));
        if (!seed->shifts) return ki_fail_no_memory(seal->err, "fleet");
    }
    return KERB_OK;
}

static kerb_status add_shift(ki_seal *seal, int32_t shift, const ki_seed *seeds, int32_t n) {
    size_t first = find_like(seal, seeds, n);
    if (first == seal->n_seeds) KI_TRY(add_seeds(seal, shift, seeds, n));
    for (size_t at = first; at < first + (size_t)n; at++)
        seal->seeds[at].shifts[seal->seeds[at].type.n_shifts++] = shift;
    return KERB_OK;
}

/* A seed for each way its walls may be set. */
static kerb_status seal_shift(ki_seal *seal, int32_t vehicle, int32_t index) {
    const kerb_shift *shift = &seal->draft->shifts[index];
    ki_seed seeds[KI_MAX_SETTINGS + 1];
    int32_t first, last, n = 0;
    ki_shift_settings(&seal->draft->vehicles[vehicle], shift, &first, &last);
    for (int32_t setting = first; setting <= last; setting++) {
        seeds[n] = seed_of(seal, vehicle, index, setting);
        KI_TRY(fill_breaks(seal, shift, &seeds[n++].type));
    }
    return add_shift(seal, index, seeds, n);
}

static void name_vehicles(ki_seal *seal, const kerb_vehicle_ref *refs, size_t n) {
    for (size_t at = 0; at < n; at++) {
        int32_t vehicle = ki_ids_find(&seal->ids.vehicles, refs[at].id);
        if (vehicle >= 0) seal->is_named[vehicle] = 1;
    }
}

/* Vehicles that some pin tells from others like them. */
static kerb_status find_named(ki_seal *seal) {
    const ki_draft *draft = seal->draft;
    seal->is_named = ki_arena_alloc(&seal->scratch, draft->n_vehicles, 1);
    if (!seal->is_named) return ki_fail_no_memory(seal->err, "fleet");
    for (size_t at = 0; at < draft->n_containers; at++) {
        const kerb_container *container = &draft->containers[at];
        name_vehicles(seal, container->pinned_to, container->n_pinned_to);
        name_vehicles(seal, container->forbidden_to, container->n_forbidden_to);
    }
    for (size_t at = 0; at < draft->n_streets; at++) {
        const kerb_street *street = &draft->streets[at];
        name_vehicles(seal, street->pinned_to, street->n_pinned_to);
        name_vehicles(seal, street->forbidden_to, street->n_forbidden_to);
    }
    return KERB_OK;
}

kerb_status ki_seal_fleet(ki_seal *seal) {
    const ki_draft *draft = seal->draft;
    KI_TRY(find_named(seal));
    KI_TRY(ki_seal_find_earlier(seal));
    for (size_t at = 0; at < draft->n_shifts; at++) {
        const kerb_shift *shift = &draft->shifts[at];
        int32_t vehicle = ki_ids_find(&seal->ids.vehicles, shift->vehicle_id);
        if (!shift->available || !draft->vehicles[vehicle].available) continue;
        if (!ki_shift_may_follow(draft, &seal->ids, shift)) continue;
        KI_TRY(seal_shift(seal, vehicle, (int32_t)at));
    }
    return KERB_OK;
}

/* ---- the final types ------------------------------------------------------------------------- */

static void number_demand_classes(ki_seal *seal) {
    ki_model *model = seal->model;
    for (size_t at = 0; at < seal->n_seeds; at++) {
        ki_type *type = &seal->seeds[at].type;
        type->demand_class = -1;
        for (size_t other = 0; other < at && type->demand_class < 0; other++)
            if (ki_seed_same_dims(&seal->seeds[other], &seal->seeds[at]))
                type->demand_class = seal->seeds[other].type.demand_class;
        if (type->demand_class < 0) type->demand_class = model->n_demand_classes++;
    }
}

static kerb_status note_dropped(ki_seal *seal, const ki_seed *seed) {
    const kerb_shift *shift = &seal->draft->shifts[seed->shifts[0]];
    return ki_seal_note(
        seal, "fleet",
        ki_seal_text(seal,
                     "shift %s%s: no facility that takes all its streams is open in the shift and "
                     "can be reached from its depot; left at the depot",
                     shift->id, seed->type.n_shifts > 1 ? " and others like it" : ""));
}

static kerb_status drop_without_tip(ki_seal *seal) {
    size_t n_kept = 0;
    for (size_t at = 0; at < seal->n_seeds; at++) {
        const ki_seed *seed = &seal->seeds[at];
        if (seed->type.n_tips > 0 || seed->type.under_way) {
            seal->seeds[n_kept++] = *seed;
            continue;
        }
        seal->dropped_streams[seed->type.group] |= seed->all_streams;
        if (!seed->type.behind) KI_TRY(note_dropped(seal, seed));
    }
    seal->n_seeds = n_kept;
    return KERB_OK;
}

kerb_status ki_seal_types(ki_seal *seal) {
    ki_model *model = seal->model;
    KI_TRY(drop_without_tip(seal));
    number_demand_classes(seal);
    model->types = ki_arena_alloc(&model->arena, seal->n_seeds, sizeof *model->types);
    size_t n_all = 0;
    for (size_t at = 0; at < seal->n_seeds; at++)
        n_all += (size_t)seal->seeds[at].type.n_shifts;
    model->type_shifts = ki_arena_alloc(&model->arena, n_all, sizeof *model->type_shifts);
    if (!model->types || !model->type_shifts) return ki_fail_no_memory(seal->err, "fleet");
    int32_t n_shifts = 0;
    for (size_t at = 0; at < seal->n_seeds; at++) {
        ki_type *type = &model->types[model->n_types++];
        *type = seal->seeds[at].type;
        model->has_settings |= type->behind > 0;
        type->first_shift = n_shifts;
        memcpy(&model->type_shifts[n_shifts], seal->seeds[at].shifts,
               (size_t)type->n_shifts * sizeof(int32_t));
        n_shifts += type->n_shifts;
    }
    return KERB_OK;
}
