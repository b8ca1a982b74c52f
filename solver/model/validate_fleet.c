/* SPDX-License-Identifier: GPL-3.0-or-later
 * Vehicles, shifts, depots and facilities. The first version's rule of tipping: a tip empties the
 * whole vehicle, so some facility must take all that a vehicle carries; and because only the mass
 * of a compartment is tracked, streams that share one must cost the same at each facility. */
#include "base/date.h"
#include "model/model.h"
#include "model/setting.h"
#include "model/validate.h"

#include <stdlib.h>
#include <string.h>

static const double MAX_PRICE = 1e6;

const kerb_gate *ki_facility_gate(const kerb_facility *facility, kerb_stream stream) {
    for (size_t gate = 0; gate < facility->n_gates; gate++)
        if (facility->gates[gate].stream == stream) return &facility->gates[gate];
    return NULL;
}

int32_t ki_vehicle_compartment(const kerb_vehicle *vehicle, kerb_stream stream) {
    for (size_t c = 0; c < vehicle->n_compartments; c++)
        for (size_t s = 0; s < vehicle->compartments[c].n_streams; s++)
            if (vehicle->compartments[c].streams[s] == stream) return (int32_t)c;
    return -1;
}

int ki_facility_takes(const kerb_facility *facility, const kerb_vehicle *vehicle) {
    for (size_t at = 0; at < vehicle->n_compartments; at++) {
        const kerb_compartment *compartment = &vehicle->compartments[at];
        for (size_t stream = 0; stream < compartment->n_streams; stream++)
            if (!ki_facility_gate(facility, compartment->streams[stream])) return 0;
    }
    return !(vehicle->water_l > 0) || facility->has_water;
}

/* ---- facilities ------------------------------------------------------------------------------ */

static void validate_gates(const kerb_facility *facility, ki_faults *faults) {
    const char *id = facility->id ? facility->id : "?";
    for (size_t gate = 0; gate < facility->n_gates; gate++) {
        kerb_stream stream = facility->gates[gate].stream;
        if (!ki_is_stream(stream))
            ki_fault(faults, "facility %s, field takes: stream %d, expected a known stream", id,
                     (int)stream);
        else if (ki_facility_gate(facility, stream) != &facility->gates[gate])
            ki_fault(faults, "facility %s, field takes: %s twice, expected once", id,
                     kerb_stream_name(stream));
        ki_validate_number(faults, "facility", id, "fee_per_tonne",
                           facility->gates[gate].fee_per_tonne, -MAX_PRICE, MAX_PRICE);
        ki_validate_stock(facility, &facility->gates[gate], faults);
    }
}

void ki_validate_facilities(const ki_draft *draft, ki_faults *faults) {
    for (size_t at = 0; at < draft->n_facilities; at++) {
        const kerb_facility *facility = &draft->facilities[at];
        const char *id = facility->id;
        ki_validate_position(faults, "facility", id, facility->lat_deg, facility->lon_deg);
        if (facility->kind <= KERB_FACILITY_UNSPECIFIED || facility->kind > KERB_FACILITY_CHARGER)
            ki_fault(faults, "facility %s, field kind: %d, expected a kind of facility",
                     id ? id : "?", (int)facility->kind);
        validate_gates(facility, faults);
        ki_validate_windows(faults, "facility", id, facility->windows, facility->n_windows);
        ki_validate_number(faults, "facility", id, "unload_s", facility->unload_s, 0, KI_DAY_S);
        ki_validate_number(faults, "facility", id, "unload_s_per_tonne",
                           facility->unload_s_per_tonne, 0, 1800);
        ki_validate_charger(facility, faults);
        ki_validate_number(faults, "facility", id, "bays", facility->bays, 0, 10000);
        ki_validate_number(faults, "facility", id, "bay_slots", (double)facility->n_bay_slots, 0,
                           KI_MAX_BAY_SLOTS);
        ki_validate_number(faults, "facility", id, "cap_tonnes", facility->cap_tonnes, 0, 1e9);
        ki_validate_number(faults, "facility", id, "used_tonnes", facility->used_tonnes, 0, 1e9);
    }
    for (size_t depot = 0; depot < draft->n_depots; depot++)
        ki_validate_position(faults, "depot", draft->depots[depot].id, draft->depots[depot].lat_deg,
                             draft->depots[depot].lon_deg);
}

/* ---- vehicles -------------------------------------------------------------------------------- */

static int dims_of(const kerb_vehicle *vehicle) {
    int n = vehicle->water_l > 0;
    for (size_t at = 0; at < vehicle->n_compartments; at++)
        n += 1 + (vehicle->compartments[at].capacity_l > 0);
    return n;
}

static void validate_streams(const kerb_vehicle *vehicle, size_t at, uint32_t *seen,
                             ki_faults *faults) {
    const kerb_compartment *compartment = &vehicle->compartments[at];
    const char *id = vehicle->id ? vehicle->id : "?";
    if (compartment->n_streams == 0)
        ki_fault(faults, "vehicle %s, compartment %zu, field streams: none, expected at least one",
                 id, at + 1);
    for (size_t index = 0; index < compartment->n_streams; index++) {
        kerb_stream stream = compartment->streams[index];
        if (!ki_is_stream(stream))
            ki_fault(faults,
                     "vehicle %s, compartment %zu, field streams: %d, expected a known stream", id,
                     at + 1, (int)stream);
        else if (*seen & UINT32_C(1) << stream)
            ki_fault(faults, "vehicle %s, field streams: %s twice, expected in one compartment", id,
                     kerb_stream_name(stream));
        else
            *seen |= UINT32_C(1) << stream;
    }
}

static void validate_compartments(const kerb_vehicle *vehicle, uint32_t *streams,
                                  ki_faults *faults) {
    const char *id = vehicle->id ? vehicle->id : "?";
    if (vehicle->n_compartments == 0)
        ki_fault(faults, "vehicle %s, field compartments: none, expected a capacity", id);
    if (vehicle->n_compartments > KI_MAX_DIMS || dims_of(vehicle) > KI_MAX_DIMS) {
        ki_fault(faults,
                 "vehicle %s, field compartments: %zu, expected at most %d capacities in all", id,
                 vehicle->n_compartments, (int)KI_MAX_DIMS);
        return;
    }
    for (size_t at = 0; at < vehicle->n_compartments; at++) {
        const kerb_compartment *compartment = &vehicle->compartments[at];
        if (!(compartment->capacity_kg > 0 && compartment->capacity_kg <= 1e5))
            ki_fault(faults,
                     "vehicle %s, compartment %zu, field capacity_kg: %g, expected above 0, at "
                     "most 100000",
                     id, at + 1, compartment->capacity_kg);
        if (!(compartment->capacity_l >= 0 && compartment->capacity_l <= 1e7))
            ki_fault(faults,
                     "vehicle %s, compartment %zu, field capacity_l: %g, expected 0 to 1e+07", id,
                     at + 1, compartment->capacity_l);
        validate_streams(vehicle, at, streams, faults);
    }
}

/* As many rooms as the vehicle has, measured as those are; their streams are not read. */
static void validate_setting(const kerb_vehicle *vehicle, size_t at, ki_faults *faults) {
    const kerb_setting *setting = &vehicle->settings[at];
    for (size_t other = 0; other < at; other++)
        if (strcmp(vehicle->settings[other].id, setting->id) == 0)
            ki_fault(faults, "vehicle %s, field settings: %s twice, expected each once",
                     vehicle->id, setting->id);
    if (setting->n_compartments != vehicle->n_compartments) {
        ki_fault(faults,
                 "vehicle %s, setting %s, field compartments: %zu, expected %zu, as many "
                 "as the vehicle has",
                 vehicle->id, setting->id, setting->n_compartments, vehicle->n_compartments);
        return;
    }
    for (size_t c = 0; c < setting->n_compartments; c++) {
        const kerb_compartment *room = &setting->compartments[c];
        if (!(room->capacity_kg > 0 && room->capacity_kg <= 1e5))
            ki_fault(faults,
                     "vehicle %s, setting %s, compartment %zu, field capacity_kg: %g, expected "
                     "above 0, at most 100000",
                     vehicle->id, setting->id, c + 1, room->capacity_kg);
        int has_litres = vehicle->compartments[c].capacity_l > 0;
        if ((room->capacity_l > 0) != has_litres || !(room->capacity_l <= 1e7))
            ki_fault(faults,
                     "vehicle %s, setting %s, compartment %zu, field capacity_l: %g, expected %s",
                     vehicle->id, setting->id, c + 1, room->capacity_l,
                     has_litres ? "above 0, at most 1e+07" : "0, as the vehicle's");
    }
}

static void validate_settings(const kerb_vehicle *vehicle, ki_faults *faults) {
    if (vehicle->n_settings > KI_MAX_SETTINGS) {
        ki_fault(faults, "vehicle %s, field settings: %zu, expected at most %d", vehicle->id,
                 vehicle->n_settings, (int)KI_MAX_SETTINGS);
        return;
    }
    if (vehicle->n_settings && vehicle->use == KERB_USE_HAUL)
        ki_fault(faults, "vehicle %s, field settings: %zu, expected none of a haul truck",
                 vehicle->id, vehicle->n_settings);
    for (size_t at = 0; at < vehicle->n_settings; at++)
        validate_setting(vehicle, at, faults);
}

static void validate_fees(const ki_draft *draft, const kerb_vehicle *vehicle, size_t at,
                          ki_faults *faults) {
    const kerb_compartment *compartment = &vehicle->compartments[at];
    for (size_t index = 0; index < draft->n_facilities; index++) {
        const kerb_facility *facility = &draft->facilities[index];
        if (!ki_facility_takes(facility, vehicle) || compartment->n_streams == 0) continue;
        double fee = ki_facility_gate(facility, compartment->streams[0])->fee_per_tonne;
        for (size_t stream = 1; stream < compartment->n_streams; stream++) {
            double other = ki_facility_gate(facility, compartment->streams[stream])->fee_per_tonne;
            if (other < fee || other > fee)
                ki_fault(
                    faults,
                    "vehicle %s, compartment %zu, field streams: %s and %s at fees %g and %g at "
                    "facility %s, expected equal fees for streams that share a compartment",
                    vehicle->id, at + 1, kerb_stream_name(compartment->streams[0]),
                    kerb_stream_name(compartment->streams[stream]), fee, other, facility->id);
        }
    }
}

static void validate_tipping(const ki_draft *draft, const kerb_vehicle *vehicle,
                             ki_faults *faults) {
    int taken = 0;
    for (size_t facility = 0; facility < draft->n_facilities; facility++)
        taken |= ki_facility_takes(&draft->facilities[facility], vehicle);
    if (!taken)
        ki_fault(
            faults,
            "vehicle %s, field compartments: no facility takes all its streams%s, expected one "
            "that does (a tip empties the whole vehicle)",
            vehicle->id, vehicle->water_l > 0 ? " and has water" : "");
    for (size_t at = 0; at < vehicle->n_compartments; at++)
        validate_fees(draft, vehicle, at, faults);
}

static void validate_sweeper(const kerb_vehicle *vehicle, uint32_t streams, ki_faults *faults) {
    ki_validate_number(faults, "vehicle", vehicle->id, "sweep_speed_kmh", vehicle->sweep_speed_kmh,
                       0.1, 60);
    if (!(streams & UINT32_C(1) << KERB_STREAM_SWEEPINGS))
        ki_fault(faults, "vehicle %s, field streams: no sweepings, expected them of a sweeper",
                 vehicle->id);
}

static void validate_vehicle(const ki_draft *draft, const kerb_vehicle *vehicle,
                             ki_faults *faults) {
    const char *id = vehicle->id ? vehicle->id : "?";
    size_t n_before = faults->n;
    uint32_t streams = 0;
    if (vehicle->use <= KERB_USE_UNSPECIFIED || vehicle->use > KERB_USE_HAUL)
        ki_fault(faults, "vehicle %s, field use: %d, expected truck, sweeper, robot or haul", id,
                 (int)vehicle->use);
    ki_validate_number(faults, "vehicle", id, "height_m", vehicle->height_m, 0, 10);
    ki_validate_number(faults, "vehicle", id, "width_m", vehicle->width_m, 0, 10);
    ki_validate_number(faults, "vehicle", id, "length_m", vehicle->length_m, 0, 50);
    ki_validate_number(faults, "vehicle", id, "mass_kg", vehicle->mass_kg, 0, 200000);
    ki_validate_number(faults, "vehicle", id, "top_speed_kmh", vehicle->top_speed_kmh, 0, 200);
    if (vehicle->top_speed_kmh > 0 && vehicle->top_speed_kmh < 1)
        ki_fault(faults,
                 "vehicle %s, field top_speed_kmh: %g, expected 0 (as the road) or 1 to 200", id,
                 vehicle->top_speed_kmh);
    ki_validate_number(faults, "vehicle", id, "water_l", vehicle->water_l, 0, 1e6);
    ki_validate_battery(vehicle, faults);
    ki_validate_number(faults, "vehicle", id, "price_used", vehicle->price_used, 0, MAX_PRICE);
    ki_validate_number(faults, "vehicle", id, "price_per_km", vehicle->price_per_km, 0, 10000);
    validate_compartments(vehicle, &streams, faults);
    validate_settings(vehicle, faults);
    if (vehicle->use == KERB_USE_SWEEPER || vehicle->use == KERB_USE_ROBOT)
        validate_sweeper(vehicle, streams, faults);
    if (vehicle->use == KERB_USE_HAUL) ki_validate_haul(vehicle, faults);
    if (faults->n == n_before && vehicle->use != KERB_USE_HAUL)
        validate_tipping(draft, vehicle, faults);
}

/* ---- shifts ---------------------------------------------------------------------------------- */

static void validate_spell(const ki_draft *draft, const kerb_shift *shift, ki_faults *faults) {
    const char *id = shift->id ? shift->id : "?";
    const kerb_district *district = &draft->district;
    if (!ki_is_instant(shift->start_s) || !ki_is_instant(shift->end_s) ||
        shift->end_s <= shift->start_s) {
        ki_fault(faults, "shift %s, field end: %lld, expected after its start %lld", id,
                 (long long)shift->end_s, (long long)shift->start_s);
        return;
    }
    if (shift->start_s < district->night_start_s || shift->end_s > district->night_end_s)
        ki_fault(faults,
                 "shift %s, field start: %lld to %lld, expected inside the night %lld to %lld", id,
                 (long long)shift->start_s, (long long)shift->end_s,
                 (long long)district->night_start_s, (long long)district->night_end_s);
    double spell_s = (double)(shift->end_s - shift->start_s);
    ki_validate_number(faults, "shift", id, "pre_trip_s", shift->pre_trip_s, 0, spell_s);
    ki_validate_number(faults, "shift", id, "post_trip_s", shift->post_trip_s, 0, spell_s);
    if (shift->pre_trip_s + shift->post_trip_s >= spell_s)
        ki_fault(faults,
                 "shift %s, field pre_trip_s: %g with post_trip_s %g, expected below %g in all", id,
                 shift->pre_trip_s, shift->post_trip_s, spell_s);
    ki_validate_number(faults, "shift", id, "regular_s", shift->regular_s, 0, 172800);
    ki_validate_number(faults, "shift", id, "guaranteed_s", shift->guaranteed_s, 0, 86400);
}

static void validate_pay(const kerb_shift *shift, ki_faults *faults) {
    const char *id = shift->id;
    ki_validate_number(faults, "shift", id, "price_per_hour", shift->price_per_hour, 0, 100000);
    if (shift->regular_s > 0 && (shift->price_overtime_per_hour < 0 ||
                                 shift->price_overtime_per_hour > 0)) /* 0: not stated */
        ki_validate_number(faults, "shift", id, "price_overtime_per_hour",
                           shift->price_overtime_per_hour, shift->price_per_hour, 100000);
}

static void validate_position(const ki_draft *draft, const ki_draft_ids *ids,
                              const kerb_shift *shift, ki_faults *faults) {
    const kerb_position *position = &shift->position;
    ki_validate_position(faults, "shift", shift->id, position->lat_deg, position->lon_deg);
    if (shift->pre_trip_s > 0)
        ki_fault(faults, "shift %s, field pre_trip_s: %g, expected 0 of a vehicle under way",
                 shift->id, shift->pre_trip_s);
    if (draft->matrix_ids && ki_ids_find(&ids->places, position->place_id) < 0)
        ki_fault(faults, "shift %s, field position: %s, expected a place of the matrix", shift->id,
                 position->place_id ? position->place_id : "none");
}

static void validate_shift(const ki_draft *draft, const ki_draft_ids *ids, const kerb_shift *shift,
                           ki_faults *faults) {
    const char *id = shift->id ? shift->id : "?";
    int32_t vehicle = ki_ids_find(&ids->vehicles, shift->vehicle_id);
    if (vehicle < 0)
        ki_fault(faults, "shift %s, field vehicle: %s, expected a known vehicle", id,
                 shift->vehicle_id ? shift->vehicle_id : "none");
    if (ki_ids_find(&ids->depots, shift->start_depot) < 0)
        ki_fault(faults, "shift %s, field depot: %s, expected a known depot", id,
                 shift->start_depot ? shift->start_depot : "none");
    if (shift->end_depot && ki_ids_find(&ids->depots, shift->end_depot) < 0)
        ki_fault(faults, "shift %s, field end_depot: %s, expected a known depot", id,
                 shift->end_depot);
    validate_spell(draft, shift, faults);
    validate_pay(shift, faults);
    if (shift->under_way) validate_position(draft, ids, shift, faults);
    if (vehicle < 0) return;
    const kerb_vehicle *of = &draft->vehicles[vehicle];
    if (of->use == KERB_USE_HAUL) ki_validate_haul_shift(shift, faults);
    ki_validate_number(faults, "shift", id, "used_water_l", shift->used_water_l, 0, of->water_l);
    ki_validate_number(faults, "shift", id, "used_battery_wh", shift->used_battery_wh, 0,
                       of->battery_wh);
    int32_t setting = ki_vehicle_setting(of, shift->setting);
    if (setting < 0)
        ki_fault(faults, "shift %s, field setting: %s, expected a setting of vehicle %s", id,
                 shift->setting, of->id);
    const kerb_setting *as = setting > 0 ? &of->settings[setting - 1] : NULL;
    if (as && as->n_compartments != of->n_compartments) return; /* a fault already */
    const kerb_compartment *rooms = as ? as->compartments : of->compartments;
    for (size_t at = 0; at < of->n_compartments && shift->starting_load_l; at++)
        ki_validate_number(faults, "shift", id, "starting_load_l", shift->starting_load_l[at], 0,
                           rooms[at].capacity_l);
    if (!shift->starting_load_kg) return;
    for (size_t at = 0; at < of->n_compartments; at++)
        ki_validate_number(faults, "shift", id, "starting_load_kg", shift->starting_load_kg[at], 0,
                           rooms[at].capacity_kg);
}

static int compare_spells(const void *left, const void *right) {
    const kerb_shift *a = *(const kerb_shift *const *)left, *b = *(const kerb_shift *const *)right;
    int order = strcmp(a->vehicle_id, b->vehicle_id);
    if (order) return order;
    if (a->start_s != b->start_s) return a->start_s < b->start_s ? -1 : 1;
    return (a > b) - (a < b); /* within one array: the order of the draft */
}

static void validate_turnaround(const kerb_shift *before, const kerb_shift *shift,
                                ki_faults *faults) {
    double gap_s = (double)(shift->start_s - before->end_s);
    if (gap_s < 0)
        ki_fault(faults,
                 "shift %s, field start: before the end of shift %s, expected after it "
                 "(both use vehicle %s)",
                 shift->id, before->id, shift->vehicle_id);
    else if (gap_s < shift->turnaround_s)
        ki_fault(faults,
                 "shift %s, field turnaround_s: %g, expected at most %g: the time from the end of "
                 "shift %s",
                 shift->id, shift->turnaround_s, gap_s, before->id);
}

/* Two spells of one vehicle may follow each other but not overlap. */
static void validate_overlaps(const ki_draft *draft, ki_faults *faults) {
    ki_arena scratch = {0};
    const kerb_shift **sorted = ki_arena_alloc(&scratch, draft->n_shifts, sizeof(kerb_shift *));
    if (!sorted) {
        faults->n++;
        faults->text.failed = 1;
        return;
    }
    size_t n = 0;
    for (size_t shift = 0; shift < draft->n_shifts; shift++)
        if (draft->shifts[shift].vehicle_id && draft->shifts[shift].available)
            sorted[n++] = &draft->shifts[shift];
    qsort(sorted, n, sizeof(kerb_shift *), compare_spells);
    for (size_t at = 1; at < n; at++)
        if (strcmp(sorted[at]->vehicle_id, sorted[at - 1]->vehicle_id) == 0)
            validate_turnaround(sorted[at - 1], sorted[at], faults);
    ki_arena_free(&scratch);
}

void ki_validate_fleet(const ki_draft *draft, const ki_draft_ids *ids, ki_faults *faults) {
    for (size_t vehicle = 0; vehicle < draft->n_vehicles; vehicle++)
        validate_vehicle(draft, &draft->vehicles[vehicle], faults);
    for (size_t shift = 0; shift < draft->n_shifts; shift++)
        validate_shift(draft, ids, &draft->shifts[shift], faults);
    ki_validate_breaks(draft, faults);
    ki_validate_follows(draft, ids, faults);
    validate_overlaps(draft, faults);
}
