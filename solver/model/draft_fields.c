/* SPDX-License-Identifier: GPL-3.0-or-later
 * draft_fields.c - the public structs of kerbside.h as tables: names as in problem.proto, and the
 * range each field must lie in. Ranges are wide: they catch wrong units and garbage, not odd
 * districts. A report's fill and mass have none: sensor health judges them, and a bad reading must
 * not cost a night. */
#include "base/date.h"
#include "base/error.h"
#include "demand/forecast.h"
#include "model/draft.h"

#include <stddef.h>

#define ID(type, member) KI_PLAIN(KI_FIELD_ID, type, member, #member)
#define STRING(type, member) KI_PLAIN(KI_FIELD_STRING, type, member, #member)
#define STRING_AS(type, member, name) KI_PLAIN(KI_FIELD_STRING, type, member, name)
#define STRING_OR_NULL(type, member) KI_PLAIN(KI_FIELD_STRING_OR_NULL, type, member, #member)
#define NUMBER(type, member, low, high) KI_BOUNDED(KI_FIELD_DOUBLE, type, member, low, high)
#define MEASURE(type, member) KI_PLAIN(KI_FIELD_MEASURE, type, member, #member)
#define INSTANT(type, member) KI_PLAIN(KI_FIELD_INSTANT, type, member, #member)
#define INTEGER(type, member, low, high) KI_BOUNDED(KI_FIELD_INTEGER, type, member, low, high)
#define ENUM(type, member, last) KI_BOUNDED(KI_FIELD_ENUM, type, member, 0, last)
#define OSM_ID(type, member) KI_PLAIN(KI_FIELD_INTEGER, type, member, #member)
#define STREAMS(type)                                                                              \
    {                                                                                              \
        .name = "streams", .kind = KI_FIELD_ENUMS, KI_MEMBER_(type, streams),                      \
        KI_COUNT_(type, n_streams), .high = KERB_N_STREAMS - 1                                     \
    }
#define AVAILABLE(type)                                                                            \
    { .name = "out", .kind = KI_FIELD_FLAG_NOT, KI_MEMBER_(type, available) }

enum { LONGEST_NIGHT_S = 2 * KI_DAY_S };
#define PRICE_LIMIT 1e9

/* ---- what no single field can say ------------------------------------------------------------ */

static kerb_status need_instant(const ki_where *where, const char *field, int64_t instant_s,
                                kerb_error *err) {
    if (instant_s != KERB_NO_TIME) return KERB_OK;
    return ki_where_fail(where, field, err, "absent, expected an instant in seconds since 1970");
}

static kerb_status need_span(const ki_where *where, const char *start_name, int64_t start_s,
                             const char *end_name, int64_t end_s, kerb_error *err) {
    KI_TRY(need_instant(where, start_name, start_s, err));
    KI_TRY(need_instant(where, end_name, end_s, err));
    if (end_s >= start_s) return KERB_OK;
    return ki_where_fail(where, end_name, err, "%lld is before %s, expected at least %lld",
                         (long long)end_s, start_name, (long long)start_s);
}

static kerb_status finish_window(void *item, const ki_where *where, kerb_error *err) {
    const kerb_window *window = item;
    return need_span(where, "start_s", window->start_s, "end_s", window->end_s, err);
}

static kerb_status finish_daily_span(void *item, const ki_where *where, kerb_error *err) {
    const kerb_daily_span *span = item;
    if (span->to_min > span->from_min) return KERB_OK;
    return ki_where_fail(where, "to_min", err, "%d, expected after from_min %d", (int)span->to_min,
                         (int)span->from_min);
}

static kerb_status finish_district(void *item, const ki_where *where, kerb_error *err) {
    const kerb_district *district = item;
    KI_TRY(need_instant(where, "as_of_s", district->as_of_s, err));
    KI_TRY(need_span(where, "night_start_s", district->night_start_s, "night_end_s",
                     district->night_end_s, err));
    if (district->night_end_s - district->night_start_s > LONGEST_NIGHT_S)
        return ki_where_fail(where, "night_end_s", err, "a night of %lld s, expected at most %d s",
                             (long long)(district->night_end_s - district->night_start_s),
                             (int)LONGEST_NIGHT_S);
    return KERB_OK;
}

static kerb_status finish_report(void *item, const ki_where *where, kerb_error *err) {
    return need_instant(where, "measured_s", ((kerb_report *)item)->measured_s, err);
}

static kerb_status finish_street(void *item, const ki_where *where, kerb_error *err) {
    kerb_street *street = item;
    (void)where, (void)err;
    if (street->passes == 0) street->passes = 1;
    return KERB_OK;
}

static kerb_status finish_shift(void *item, const ki_where *where, kerb_error *err) {
    kerb_shift *shift = item;
    if (!*shift->end_depot) shift->end_depot = shift->start_depot;
    return need_span(where, "start_s", shift->start_s, "end_s", shift->end_s, err);
}

static kerb_status finish_bay_slot(void *item, const ki_where *where, kerb_error *err) {
    enum { SLOT_S = 900 };
    kerb_bay_slot *slot = item;
    KI_TRY(need_instant(where, "start_s", slot->start_s, err));
    if (slot->end_s == 0) slot->end_s = slot->start_s + SLOT_S;
    return need_span(where, "start_s", slot->start_s, "end_s", slot->end_s, err);
}

/* ---- the tables ------------------------------------------------------------------------------ */

static const ki_field label_fields[] = {STRING(kerb_label, key), STRING(kerb_label, value)};
const ki_record ki_label_record = {"labels", sizeof(kerb_label), KI_FIELDS(label_fields), NULL};
#define LABELS(type) KI_LISTED(type, labels, n_labels, &ki_label_record)

static const ki_field window_fields[] = {INSTANT(kerb_window, start_s),
                                         INSTANT(kerb_window, end_s)};
static const ki_record window_record = {"windows", sizeof(kerb_window), KI_FIELDS(window_fields),
                                        finish_window};
#define WINDOWS(type) KI_LISTED(type, windows, n_windows, &window_record)

static const ki_field crossing_fields[] = {
    KI_PLAIN(KI_FIELD_FLAG, kerb_crossing, is_stated, "stated"),
    {.name = "classes",
     .kind = KI_FIELD_ENUMS,
     KI_MEMBER_(kerb_crossing, classes),
     KI_COUNT_(kerb_crossing, n_classes),
     .high = KERB_N_ROAD_CLASSES - 1},
    NUMBER(kerb_crossing, max_width_m, 0, 1000),
    INTEGER(kerb_crossing, max_lanes, 0, 100),
};
static const ki_record crossing_record = {"crossing", sizeof(kerb_crossing),
                                          KI_FIELDS(crossing_fields), NULL};

static const ki_field holiday_fields[] = {
    INTEGER(kerb_holiday, day, -100000, 100000),
    STRING(kerb_holiday, name),
};
static const ki_record holiday_record = {"holidays", sizeof(kerb_holiday),
                                         KI_FIELDS(holiday_fields), NULL};

static const ki_field daily_span_fields[] = {
    INTEGER(kerb_daily_span, from_min, 0, 1439),
    INTEGER(kerb_daily_span, to_min, 1, 1440),
};
static const ki_record daily_span_record = {"drop_off", sizeof(kerb_daily_span),
                                            KI_FIELDS(daily_span_fields), finish_daily_span};
#define DROP_OFF(type) KI_LISTED(type, drop_off, n_drop_off, &daily_span_record)

static const ki_field habit_fields[] = {
    ENUM(kerb_stream_habit, stream, KERB_N_STREAMS - 1),
    NUMBER(kerb_stream_habit, holiday_factor, 0, 10),
    DROP_OFF(kerb_stream_habit),
};
static const ki_record habit_record = {"habits", sizeof(kerb_stream_habit), KI_FIELDS(habit_fields),
                                       NULL};

static const ki_field district_fields[] = {
    ID(kerb_district, id),
    STRING(kerb_district, name),
    STRING(kerb_district, currency),
    STRING_AS(kerb_district, zone, "time_zone"),
    STRING(kerb_district, service_day),
    INTEGER(kerb_district, utc_offset_s, -KI_DAY_S, KI_DAY_S),
    INSTANT(kerb_district, as_of_s),
    INSTANT(kerb_district, night_start_s),
    INSTANT(kerb_district, night_end_s),
    ENUM(kerb_district, coordinates, KERB_BD09),
    NUMBER(kerb_district, must_ratio, 0, 10),
    NUMBER(kerb_district, may_ratio, 0, 10),
    NUMBER(kerb_district, price_unserved_must, 0, PRICE_LIMIT),
    NUMBER(kerb_district, price_unswept_per_km, 0, PRICE_LIMIT),
    NUMBER(kerb_district, price_overflow_per_day, 0, PRICE_LIMIT),
    NUMBER(kerb_district, price_imbalance_per_hour2, 0, PRICE_LIMIT),
    NUMBER(kerb_district, price_change_per_stop, 0, PRICE_LIMIT),
    NUMBER(kerb_district, price_unfamiliar_per_stop, 0, PRICE_LIMIT),
    NUMBER(kerb_district, price_compactness_per_stop_km2, 0, 10000),
    INTEGER(kerb_district, look_ahead_nights, 0, 7),
    INTEGER(kerb_district, nights_to_next, 0, 7),
    NUMBER(kerb_district, load_quantile, 0, 0.999),
    NUMBER(kerb_district, time_quantile, 0, 0.999),
    INTEGER(kerb_district, forecast, 0, KI_FORECAST_LAST),
    NUMBER(kerb_district, overflow_chance, 0, 0.5),
    {.name = "crossing",
     .kind = KI_FIELD_RECORD,
     KI_MEMBER_(kerb_district, crossing),
     .record = &crossing_record},
    INTEGER(kerb_district, clock_change_s, 0, (double)KI_INSTANT_LIMIT_S),
    INTEGER(kerb_district, utc_offset_after_s, -KI_DAY_S, KI_DAY_S),
    KI_LISTED(kerb_district, holidays, n_holidays, &holiday_record),
    KI_LISTED(kerb_district, habits, n_habits, &habit_record),
    LABELS(kerb_district),
};
const ki_record ki_district_record = {"district", sizeof(kerb_district), KI_FIELDS(district_fields),
                                      finish_district};

static const ki_field site_fields[] = {
    ID(kerb_site, id),
    STRING(kerb_site, name),
    STRING(kerb_site, zone),
    NUMBER(kerb_site, lat_deg, -90, 90),
    NUMBER(kerb_site, lon_deg, -180, 180),
    ENUM(kerb_site, approach, KERB_APPROACH_EITHER),
    NUMBER(kerb_site, setup_s, 0, KI_DAY_S),
    NUMBER(kerb_site, walk_m, 0, 1e5),
    WINDOWS(kerb_site),
    LABELS(kerb_site),
};
static const ki_record site_record = {"sites", sizeof(kerb_site), KI_FIELDS(site_fields), NULL};

static const ki_field vehicle_ref_fields[] = {ID(kerb_vehicle_ref, id)};
static const ki_record vehicle_ref_record = {"vehicle_refs", sizeof(kerb_vehicle_ref),
                                             KI_FIELDS(vehicle_ref_fields), NULL};
#define VEHICLES(type, member) KI_LISTED(type, member, n_##member, &vehicle_ref_record)

static const ki_field container_fields[] = {
    ID(kerb_container, id),
    ID(kerb_container, site_id),
    ENUM(kerb_container, stream, KERB_N_STREAMS - 1),
    NUMBER(kerb_container, volume_l, 0, 1e6),
    NUMBER(kerb_container, density_kg_per_l, 0, 100),
    NUMBER(kerb_container, service_s, 0, KI_DAY_S),
    INSTANT(kerb_container, last_emptied_s),
    NUMBER(kerb_container, max_interval_days, 0, 1e5),
    ENUM(kerb_container, force, KERB_FORCE_FULL),
    STRING(kerb_container, lift),
    VEHICLES(kerb_container, pinned_to),
    VEHICLES(kerb_container, forbidden_to),
    DROP_OFF(kerb_container),
    KI_PLAIN(KI_FIELD_FLAG, kerb_container, swapped, "swapped"),
    LABELS(kerb_container),
};
static const ki_record container_record = {"containers", sizeof(kerb_container),
                                           KI_FIELDS(container_fields), NULL};

static const ki_field report_fields[] = {
    ID(kerb_report, container_id),         INSTANT(kerb_report, measured_s),
    INSTANT(kerb_report, received_s),      MEASURE(kerb_report, fill_ratio),
    MEASURE(kerb_report, mass_kg),         NUMBER(kerb_report, trust_ratio, 0, 1),
    STRING_OR_NULL(kerb_report, source),   STRING_OR_NULL(kerb_report, alarm),
    INTEGER(kerb_report, record, 0, 1e15), LABELS(kerb_report),
};
static const ki_record report_record = {"reports", sizeof(kerb_report), KI_FIELDS(report_fields),
                                        finish_report};

static const ki_field street_fields[] = {
    ID(kerb_street, id),
    STRING(kerb_street, name),
    STRING(kerb_street, zone),
    OSM_ID(kerb_street, way_id),
    OSM_ID(kerb_street, from_node),
    OSM_ID(kerb_street, to_node),
    ENUM(kerb_street, side, KERB_SIDE_CENTRE),
    INTEGER(kerb_street, passes, 0, 100),
    NUMBER(kerb_street, width_m, 0, 1000),
    NUMBER(kerb_street, debris_kg_per_m, 0, 1000),
    NUMBER(kerb_street, water_l_per_m, 0, 1000),
    INTEGER(kerb_street, grade, 0, 100),
    INSTANT(kerb_street, last_swept_s),
    ENUM(kerb_street, force, KERB_FORCE_FULL),
    VEHICLES(kerb_street, pinned_to),
    VEHICLES(kerb_street, forbidden_to),
    WINDOWS(kerb_street),
    LABELS(kerb_street),
};
static const ki_record street_record = {"streets", sizeof(kerb_street), KI_FIELDS(street_fields),
                                        finish_street};

static const ki_field compartment_fields[] = {
    STREAMS(kerb_compartment),
    NUMBER(kerb_compartment, capacity_kg, 0, 1e7),
    NUMBER(kerb_compartment, capacity_l, 0, 1e7),
};
static const ki_record compartment_record = {"compartments", sizeof(kerb_compartment),
                                             KI_FIELDS(compartment_fields), NULL};

static const ki_field setting_fields[] = {
    ID(kerb_setting, id),
    {.name = "compartments",
     .kind = KI_FIELD_LIST,
     KI_MEMBER_(kerb_setting, compartments),
     KI_COUNT_(kerb_setting, n_compartments),
     .record = &compartment_record,
     .high = KI_MAX_COMPARTMENTS},
};
static const ki_record setting_record = {"settings", sizeof(kerb_setting),
                                         KI_FIELDS(setting_fields), NULL};

static const ki_field charge_step_fields[] = {
    NUMBER(kerb_charge_step, from_ratio, 0, 1),
    NUMBER(kerb_charge_step, charge_w, 0, 1e7),
};
static const ki_record charge_step_record = {"charge_steps", sizeof(kerb_charge_step),
                                             KI_FIELDS(charge_step_fields), NULL};

static const ki_field lift_fields[] = {ID(kerb_lift, id)};
static const ki_record lift_record = {"lifts", sizeof(kerb_lift), KI_FIELDS(lift_fields), NULL};

static const ki_field vehicle_fields[] = {
    ID(kerb_vehicle, id),
    STRING(kerb_vehicle, kind),
    ENUM(kerb_vehicle, use, KERB_USE_HAUL),
    NUMBER(kerb_vehicle, height_m, 0, 100),
    NUMBER(kerb_vehicle, width_m, 0, 100),
    NUMBER(kerb_vehicle, length_m, 0, 1000),
    NUMBER(kerb_vehicle, mass_kg, 0, 1e6),
    NUMBER(kerb_vehicle, top_speed_kmh, 0, 1000),
    {.name = "compartments",
     .kind = KI_FIELD_LIST,
     KI_MEMBER_(kerb_vehicle, compartments),
     KI_COUNT_(kerb_vehicle, n_compartments),
     .record = &compartment_record,
     .high = KI_MAX_COMPARTMENTS},
    NUMBER(kerb_vehicle, water_l, 0, 1e6),
    NUMBER(kerb_vehicle, sweep_speed_kmh, 0, 1000),
    NUMBER(kerb_vehicle, battery_wh, 0, 1e6),
    NUMBER(kerb_vehicle, battery_reserve_wh, 0, 1e6),
    NUMBER(kerb_vehicle, drive_wh_per_km, 0, 1e6),
    NUMBER(kerb_vehicle, sweep_wh_per_km, 0, 1e6),
    NUMBER(kerb_vehicle, lift_wh, 0, 1e6),
    NUMBER(kerb_vehicle, charge_w, 0, 1e7),
    KI_LISTED(kerb_vehicle, charge_steps, n_charge_steps, &charge_step_record),
    NUMBER(kerb_vehicle, price_used, 0, PRICE_LIMIT),
    NUMBER(kerb_vehicle, price_per_km, 0, PRICE_LIMIT),
    NUMBER(kerb_vehicle, load_s, 0, KI_DAY_S),
    KI_LISTED(kerb_vehicle, lifts, n_lifts, &lift_record),
    ENUM(kerb_vehicle, brush_side, KERB_SIDE_RIGHT),
    STRING(kerb_vehicle, attended_by),
    KI_LISTED(kerb_vehicle, settings, n_settings, &setting_record),
    AVAILABLE(kerb_vehicle),
    LABELS(kerb_vehicle),
};
static const ki_record vehicle_record = {"vehicles", sizeof(kerb_vehicle),
                                         KI_FIELDS(vehicle_fields), NULL};

static const ki_field break_fields[] = {
    NUMBER(kerb_break, duration_s, 0, KI_DAY_S),
    WINDOWS(kerb_break),
    NUMBER(kerb_break, after_work_s, 0, 2 * KI_DAY_S),
    KI_PLAIN(KI_FIELD_FLAG, kerb_break, at_facility, "at_facility"),
    KI_PLAIN(KI_FIELD_FLAG, kerb_break, paid, "paid"),
    LABELS(kerb_break),
};
static const ki_record break_record = {"breaks", sizeof(kerb_break), KI_FIELDS(break_fields), NULL};

static const ki_field position_fields[] = {
    NUMBER(kerb_position, lat_deg, -90, 90), NUMBER(kerb_position, lon_deg, -180, 180),
    OSM_ID(kerb_position, way_id),           OSM_ID(kerb_position, from_node),
    OSM_ID(kerb_position, to_node),          INTEGER(kerb_position, offset_mm, 0, INT32_MAX),
    STRING(kerb_position, place_id),
};
static const ki_record position_record = {"position", sizeof(kerb_position),
                                          KI_FIELDS(position_fields), NULL};

static const ki_field shift_fields[] = {
    ID(kerb_shift, id),
    ID(kerb_shift, vehicle_id),
    STRING(kerb_shift, crew),
    ID(kerb_shift, start_depot),
    STRING(kerb_shift, end_depot),
    INSTANT(kerb_shift, start_s),
    INSTANT(kerb_shift, end_s),
    NUMBER(kerb_shift, regular_s, 0, 2 * KI_DAY_S),
    NUMBER(kerb_shift, guaranteed_s, 0, KI_DAY_S),
    NUMBER(kerb_shift, turnaround_s, 0, KI_DAY_S),
    STRING(kerb_shift, follows),
    STRING(kerb_shift, setting),
    NUMBER(kerb_shift, pre_trip_s, 0, KI_DAY_S),
    NUMBER(kerb_shift, post_trip_s, 0, KI_DAY_S),
    NUMBER(kerb_shift, price_per_hour, 0, PRICE_LIMIT),
    NUMBER(kerb_shift, price_overtime_per_hour, 0, PRICE_LIMIT),
    KI_PLAIN(KI_FIELD_LOADS, kerb_shift, starting_load_kg, "starting_load_kg"),
    AVAILABLE(kerb_shift),
    KI_LISTED(kerb_shift, breaks, n_breaks, &break_record),
    KI_PLAIN(KI_FIELD_FLAG, kerb_shift, under_way, "under_way"),
    {.name = "position",
     .kind = KI_FIELD_RECORD,
     KI_MEMBER_(kerb_shift, position),
     .record = &position_record},
    KI_PLAIN(KI_FIELD_LOADS, kerb_shift, starting_load_l, "starting_load_l"),
    NUMBER(kerb_shift, used_water_l, 0, 1e6),
    NUMBER(kerb_shift, used_battery_wh, 0, 1e6),
    NUMBER(kerb_shift, worked_s, 0, 2 * KI_DAY_S),
    LABELS(kerb_shift),
};
static const ki_record shift_record = {"shifts", sizeof(kerb_shift), KI_FIELDS(shift_fields),
                                       finish_shift};

static const ki_field depot_fields[] = {
    ID(kerb_depot, id),
    STRING(kerb_depot, name),
    NUMBER(kerb_depot, lat_deg, -90, 90),
    NUMBER(kerb_depot, lon_deg, -180, 180),
    LABELS(kerb_depot),
};
static const ki_record depot_record = {"depots", sizeof(kerb_depot), KI_FIELDS(depot_fields), NULL};

static const ki_field gate_fields[] = {
    ENUM(kerb_gate, stream, KERB_N_STREAMS - 1),
    NUMBER(kerb_gate, fee_per_tonne, -PRICE_LIMIT, PRICE_LIMIT),
    NUMBER(kerb_gate, stock_kg, 0, 1e9),
    NUMBER(kerb_gate, buffer_kg, 0, 1e9),
    KI_PLAIN(KI_FIELD_FLAG, kerb_gate, cleared, "cleared"),
};
static const ki_record gate_record = {"gates", sizeof(kerb_gate), KI_FIELDS(gate_fields), NULL};

static const ki_field bay_slot_fields[] = {
    INSTANT(kerb_bay_slot, start_s),
    INTEGER(kerb_bay_slot, taken, 0, 1e6),
    INSTANT(kerb_bay_slot, end_s),
};
static const ki_record bay_slot_record = {"bay_slots", sizeof(kerb_bay_slot),
                                          KI_FIELDS(bay_slot_fields), finish_bay_slot};

static const ki_field facility_fields[] = {
    ID(kerb_facility, id),
    STRING(kerb_facility, name),
    ENUM(kerb_facility, kind, KERB_FACILITY_CHARGER),
    NUMBER(kerb_facility, lat_deg, -90, 90),
    NUMBER(kerb_facility, lon_deg, -180, 180),
    KI_LISTED(kerb_facility, gates, n_gates, &gate_record),
    WINDOWS(kerb_facility),
    NUMBER(kerb_facility, unload_s, 0, KI_DAY_S),
    NUMBER(kerb_facility, unload_s_per_tonne, 0, KI_DAY_S),
    INTEGER(kerb_facility, bays, 0, 1e6),
    NUMBER(kerb_facility, cap_tonnes, 0, 1e6),
    NUMBER(kerb_facility, used_tonnes, 0, 1e6),
    KI_PLAIN(KI_FIELD_FLAG, kerb_facility, has_water, "has_water"),
    NUMBER(kerb_facility, charge_w, 0, 1e7),
    KI_LISTED(kerb_facility, bay_slots, n_bay_slots, &bay_slot_record),
    LABELS(kerb_facility),
};
static const ki_record facility_record = {"facilities", sizeof(kerb_facility),
                                          KI_FIELDS(facility_fields), NULL};

static const ki_field closure_fields[] = {
    OSM_ID(kerb_closure, way_id),  OSM_ID(kerb_closure, from_node),
    OSM_ID(kerb_closure, to_node), STRING(kerb_closure, note),
    LABELS(kerb_closure),
};
static const ki_record closure_record = {"closures", sizeof(kerb_closure),
                                         KI_FIELDS(closure_fields), NULL};

static const ki_field corner_fields[] = {NUMBER(kerb_corner, lat_deg, -90, 90),
                                         NUMBER(kerb_corner, lon_deg, -180, 180)};
static const ki_record corner_record = {"corners", sizeof(kerb_corner), KI_FIELDS(corner_fields),
                                        NULL};
static const ki_field road_name_fields[] = {STRING(kerb_road_name, name)};
static const ki_record road_name_record = {"roads", sizeof(kerb_road_name),
                                           KI_FIELDS(road_name_fields), NULL};
static const ki_field ban_fields[] = {
    ID(kerb_ban, id),
    STRING(kerb_ban, note),
    KI_LISTED(kerb_ban, corners, n_corners, &corner_record),
    NUMBER(kerb_ban, lat_deg, -90, 90),
    NUMBER(kerb_ban, lon_deg, -180, 180),
    NUMBER(kerb_ban, radius_m, 0, 1e6),
    KI_LISTED(kerb_ban, roads, n_roads, &road_name_record),
    {.name = "uses",
     .kind = KI_FIELD_ENUMS,
     KI_MEMBER_(kerb_ban, uses),
     KI_COUNT_(kerb_ban, n_uses),
     .high = KERB_USE_HAUL},
    NUMBER(kerb_ban, over_mass_kg, 0, 1e6),
    NUMBER(kerb_ban, over_height_m, 0, 100),
    NUMBER(kerb_ban, over_width_m, 0, 100),
    NUMBER(kerb_ban, over_length_m, 0, 1000),
    STRING(kerb_ban, hours),
    LABELS(kerb_ban),
};
static const ki_record ban_record = {"bans", sizeof(kerb_ban), KI_FIELDS(ban_fields), NULL};

static const ki_field earlier_stop_fields[] = {
    ID(kerb_earlier_stop, id),
    INTEGER(kerb_earlier_stop, pass, 0, 100),
    INSTANT(kerb_earlier_stop, start_s),
    KI_PLAIN(KI_FIELD_FLAG, kerb_earlier_stop, fixed, "fixed"),
    ENUM(kerb_earlier_stop, stream, KERB_N_STREAMS - 1),
};
static const ki_record earlier_stop_record = {"stops", sizeof(kerb_earlier_stop),
                                              KI_FIELDS(earlier_stop_fields), NULL};
static const ki_field earlier_route_fields[] = {
    ID(kerb_earlier_route, shift_id),
    STRING(kerb_earlier_route, crew),
    KI_LISTED(kerb_earlier_route, stops, n_stops, &earlier_stop_record),
};
static const ki_record earlier_route_record = {"routes", sizeof(kerb_earlier_route),
                                               KI_FIELDS(earlier_route_fields), NULL};
static const ki_field earlier_plan_fields[] = {
    STRING(kerb_earlier_plan, plan_id),
    KI_LISTED(kerb_earlier_plan, routes, n_routes, &earlier_route_record),
};
static const ki_record earlier_plan_record = {"earlier_plans", sizeof(kerb_earlier_plan),
                                              KI_FIELDS(earlier_plan_fields), NULL};

static const ki_record familiar_plan_record = {"familiar_plans", sizeof(kerb_earlier_plan),
                                               KI_FIELDS(earlier_plan_fields), NULL};

static const ki_field sequence_stop_fields[] = {ID(kerb_sequence_stop, id)};
static const ki_record sequence_stop_record = {"stops", sizeof(kerb_sequence_stop),
                                               KI_FIELDS(sequence_stop_fields), NULL};
static const ki_field sequence_fields[] = {
    STRING(kerb_sequence, note),
    KI_LISTED(kerb_sequence, stops, n_stops, &sequence_stop_record),
    LABELS(kerb_sequence),
};
static const ki_record sequence_record = {"sequences", sizeof(kerb_sequence),
                                          KI_FIELDS(sequence_fields), NULL};

static const ki_field attendants_fields[] = {
    ID(kerb_attendants, id),
    INTEGER(kerb_attendants, n_people, 0, 10000),
    INTEGER(kerb_attendants, vehicles_each, 0, 10000),
    LABELS(kerb_attendants),
};
static const ki_record attendants_record = {"attendants", sizeof(kerb_attendants),
                                            KI_FIELDS(attendants_fields), NULL};

static const ki_field note_fields[] = {STRING(ki_note, kind), STRING(ki_note, text)};
const ki_record ki_note_record = {"notes", sizeof(ki_note), KI_FIELDS(note_fields), NULL};

#define LIST(record, items)                                                                        \
    {                                                                                              \
        &record, offsetof(ki_draft, items), offsetof(ki_draft, n_##items),                         \
            offsetof(ki_draft, items##_capacity)                                                   \
    }
const ki_draft_list ki_draft_lists[KI_N_DRAFT_LISTS] = {
    [KI_DRAFT_SITES] = LIST(site_record, sites),
    [KI_DRAFT_CONTAINERS] = LIST(container_record, containers),
    [KI_DRAFT_REPORTS] = {&report_record, 0, offsetof(ki_draft, reports.n), 0},
    [KI_DRAFT_STREETS] = LIST(street_record, streets),
    [KI_DRAFT_VEHICLES] = LIST(vehicle_record, vehicles),
    [KI_DRAFT_SHIFTS] = LIST(shift_record, shifts),
    [KI_DRAFT_DEPOTS] = LIST(depot_record, depots),
    [KI_DRAFT_FACILITIES] = LIST(facility_record, facilities),
    [KI_DRAFT_CLOSURES] = LIST(closure_record, closures),
    [KI_DRAFT_NOTES] = LIST(ki_note_record, notes),
    [KI_DRAFT_LABELS] = LIST(ki_label_record, labels),
    [KI_DRAFT_BANS] = LIST(ban_record, bans),
    [KI_DRAFT_EARLIER_PLANS] = LIST(earlier_plan_record, earlier_plans),
    [KI_DRAFT_FAMILIAR_PLANS] = LIST(familiar_plan_record, familiar_plans),
    [KI_DRAFT_SEQUENCES] = LIST(sequence_record, sequences),
    [KI_DRAFT_ATTENDANTS] = LIST(attendants_record, attendants),
};
