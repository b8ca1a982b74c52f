/* SPDX-License-Identifier: GPL-3.0-or-later
 * messages_plan.c - a plan to and from a kerbside.v1.Plan. The tables name every member of the
 * structs of plan/plan.h once; parts that the message nests and the struct does not (bound,
 * provenance, reason) are records at offset 0 of the same struct. */
#include "io/messages.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/text.h"
#include "io/messages_record.h"
#include "kerbside/v1/plan.pb-c.h"

#include <stddef.h>
#include <string.h>

#define STRING(type, member) KI_PLAIN(KI_FIELD_STRING, type, member, #member)
#define STRING_AS(type, member, name) KI_PLAIN(KI_FIELD_STRING, type, member, name)
#define STRING_OR_NULL(type, member) KI_PLAIN(KI_FIELD_STRING_OR_NULL, type, member, #member)
#define MEASURE(type, member) KI_PLAIN(KI_FIELD_MEASURE, type, member, #member)
#define INSTANT(type, member) KI_PLAIN(KI_FIELD_INSTANT, type, member, #member)
#define INTEGER(type, member) KI_PLAIN(KI_FIELD_INTEGER, type, member, #member)
#define INTEGER_AS(type, member, name) KI_PLAIN(KI_FIELD_INTEGER, type, member, name)
#define COUNT(type, member) KI_BOUNDED(KI_FIELD_INTEGER, type, member, 0, INT32_MAX)
#define LATITUDE(type) KI_BOUNDED(KI_FIELD_INTEGER, type, lat_e7, -900000000, 900000000)
#define LONGITUDE(type) KI_BOUNDED(KI_FIELD_INTEGER, type, lon_e7, -1800000000, 1800000000)
#define FLAG(type, member) KI_PLAIN(KI_FIELD_FLAG, type, member, #member)
#define ENUM(type, member, last) KI_BOUNDED(KI_FIELD_ENUM, type, member, 0, last)
#define INNER(type, member, record_)                                                               \
    { .name = #member, .kind = KI_FIELD_RECORD, KI_MEMBER_(type, member), .record = record_ }
/* A part of the same struct that the message nests. */
#define PART(name_, record_)                                                                       \
    { .name = name_, .kind = KI_FIELD_RECORD, .record = record_ }

/* ---- legs and stops -------------------------------------------------------------------------- */

static const ki_field run_fields[] = {
    INTEGER(ki_plan_run, way_id),    INTEGER(ki_plan_run, from_node),
    INTEGER(ki_plan_run, to_node),   KI_PLAIN(KI_FIELD_FOREIGN, ki_plan_run, name, "name"),
    INTEGER(ki_plan_run, length_mm),
};
static const ki_record run_record = {"runs", sizeof(ki_plan_run), KI_FIELDS(run_fields), NULL};

static const ki_field leg_fields[] = {
    KI_LISTED(ki_plan_leg, runs, n_runs, &run_record),
    INTEGER(ki_plan_leg, start_offset_mm),
    INTEGER(ki_plan_leg, end_offset_mm),
    INTEGER(ki_plan_leg, time_ms),
    INTEGER(ki_plan_leg, length_mm),
    {.name = "points_delta_e7",
     .kind = KI_FIELD_POINTS,
     KI_MEMBER_(ki_plan_leg, points),
     KI_COUNT_(ki_plan_leg, n_points)},
    FLAG(ki_plan_leg, deadhead),
};
static const ki_record leg_record = {"leg", sizeof(ki_plan_leg), KI_FIELDS(leg_fields), NULL};

static const ki_field load_fields[] = {INTEGER(ki_plan_load, mass_g),
                                       INTEGER(ki_plan_load, volume_ml)};
static const ki_record load_record = {"loads", sizeof(ki_plan_load), KI_FIELDS(load_fields), NULL};

static const ki_field stop_fields[] = {
    KI_BOUNDED(KI_FIELD_ENUM, ki_plan_stop, kind, KI_STOP_START, KI_STOP_LOAD),
    STRING(ki_plan_stop, id),
    STRING_OR_NULL(ki_plan_stop, site),
    ENUM(ki_plan_stop, stream, KERB_N_STREAMS - 1),
    INTEGER(ki_plan_stop, pass),
    INTEGER(ki_plan_stop, mode),
    LATITUDE(ki_plan_stop),
    LONGITUDE(ki_plan_stop),
    INNER(ki_plan_stop, leg, &leg_record),
    INNER(ki_plan_stop, sweep, &leg_record),
    INTEGER(ki_plan_stop, arrival_ms),
    INTEGER(ki_plan_stop, start_ms),
    INTEGER(ki_plan_stop, end_ms),
    INTEGER(ki_plan_stop, earliest_ms),
    INTEGER(ki_plan_stop, latest_ms),
    INTEGER(ki_plan_stop, setup_ms),
    INTEGER(ki_plan_stop, mass_g),
    INTEGER(ki_plan_stop, volume_ml),
    INTEGER(ki_plan_stop, water_ml),
    INTEGER(ki_plan_stop, fee_nano),
    KI_LISTED(ki_plan_stop, loads, n_loads, &load_record),
    INTEGER(ki_plan_stop, water_left_ml),
    INTEGER(ki_plan_stop, energy_left_mwh),
    INTEGER(ki_plan_stop, charge_ms),
    INTEGER(ki_plan_stop, charged_mwh),
    FLAG(ki_plan_stop, swapped),
    INTEGER(ki_plan_stop, full_permille),
    INTEGER(ki_plan_stop, overload_permille),
    KI_LISTED(ki_plan_stop, labels, n_labels, &ki_label_record),
};
static const ki_record stop_record = {"stops", sizeof(ki_plan_stop), KI_FIELDS(stop_fields), NULL};

static const ki_field break_fields[] = {
    INTEGER(ki_plan_break, start_ms),
    INTEGER(ki_plan_break, end_ms),
    COUNT(ki_plan_break, after_stop),
};
static const ki_record break_record = {"breaks", sizeof(ki_plan_break), KI_FIELDS(break_fields),
                                       NULL};

static const ki_field route_fields[] = {
    STRING(ki_plan_route, shift),
    STRING(ki_plan_route, vehicle),
    STRING(ki_plan_route, vehicle_kind),
    STRING(ki_plan_route, crew),
    STRING(ki_plan_route, setting),
    ENUM(ki_plan_route, use, KERB_USE_HAUL),
    INTEGER(ki_plan_route, spell_start_ms),
    INTEGER(ki_plan_route, spell_end_ms),
    INTEGER(ki_plan_route, length_mm),
    INTEGER(ki_plan_route, deadhead_mm),
    COUNT(ki_plan_route, n_trips),
    COUNT(ki_plan_route, n_served),
    KI_LISTED(ki_plan_route, stops, n_stops, &stop_record),
    INTEGER(ki_plan_route, cost_nano),
    INTEGER(ki_plan_route, used_nano),
    INTEGER(ki_plan_route, distance_nano),
    INTEGER(ki_plan_route, time_nano),
    INTEGER(ki_plan_route, overtime_nano),
    INTEGER(ki_plan_route, fees_nano),
    INTEGER(ki_plan_route, changes_nano),
    INTEGER(ki_plan_route, balance_nano),
    INTEGER(ki_plan_route, late_permille),
    INTEGER(ki_plan_route, unfamiliar_nano),
    INTEGER(ki_plan_route, unfamiliar_mm),
    COUNT(ki_plan_route, n_unfamiliar),
    INTEGER(ki_plan_route, compactness_nano),
    INTEGER(ki_plan_route, guaranteed_nano),
    COUNT(ki_plan_route, radius_m),
    KI_PLAIN(KI_FIELD_BY_STREAM, ki_plan_route, mass_g_by_stream, "mass_by_stream"),
    KI_LISTED(ki_plan_route, breaks, n_breaks, &break_record),
    KI_LISTED(ki_plan_route, labels, n_labels, &ki_label_record),
};
static const ki_record route_record = {"routes", sizeof(ki_plan_route), KI_FIELDS(route_fields),
                                       NULL};

/* ---- decisions, costs, places ---------------------------------------------------------------- */

static const ki_field reason_fields[] = {STRING_AS(ki_plan_decision, reason, "code"),
                                         STRING(ki_plan_decision, text)};
static const ki_record reason_record = {"reason", 0, KI_FIELDS(reason_fields), NULL};

static const ki_field decision_fields[] = {
    STRING(ki_plan_decision, id),
    STRING_OR_NULL(ki_plan_decision, site),
    STRING(ki_plan_decision, name),
    STRING(ki_plan_decision, zone),
    FLAG(ki_plan_decision, is_street),
    ENUM(ki_plan_decision, stream, KERB_N_STREAMS - 1),
    {.name = "choice",
     .kind = KI_FIELD_ENUM,
     KI_MEMBER_(ki_plan_decision, choice),
     .low = KI_SKIP,
     .high = KI_CANNOT,
     .wire_shift = 1},
    FLAG(ki_plan_decision, served),
    FLAG(ki_plan_decision, swapped),
    PART("reason", &reason_record),
    MEASURE(ki_plan_decision, fill_ratio),
    MEASURE(ki_plan_decision, fill_sd_ratio),
    MEASURE(ki_plan_decision, rate_per_day),
    INSTANT(ki_plan_decision, newest_report_s),
    INTEGER(ki_plan_decision, prize_nano),
    LATITUDE(ki_plan_decision),
    LONGITUDE(ki_plan_decision),
    KI_LISTED(ki_plan_decision, labels, n_labels, &ki_label_record),
};
static const ki_record decision_record = {"decisions", sizeof(ki_plan_decision),
                                          KI_FIELDS(decision_fields), NULL};

static const ki_field cost_line_fields[] = {STRING(ki_plan_cost_line, item),
                                            STRING(ki_plan_cost_line, zone),
                                            INTEGER(ki_plan_cost_line, nano)};
static const ki_record cost_line_record = {"cost_lines", sizeof(ki_plan_cost_line),
                                           KI_FIELDS(cost_line_fields), NULL};

static const ki_field place_fields[] = {
    STRING(ki_plan_place, id),
    STRING(ki_plan_place, name),
    STRING(ki_plan_place, kind),
    LATITUDE(ki_plan_place),
    LONGITUDE(ki_plan_place),
    FLAG(ki_plan_place, charges),
    KI_LISTED(ki_plan_place, labels, n_labels, &ki_label_record),
};
static const ki_record place_record = {"places", sizeof(ki_plan_place), KI_FIELDS(place_fields),
                                       NULL};

/* ---- the plan -------------------------------------------------------------------------------- */

static const ki_field bound_fields[] = {
    INTEGER(kerb_plan, bound_nano),
    STRING(kerb_plan, relaxation),
    STRING(kerb_plan, scope),
    INTEGER_AS(kerb_plan, bound_columns, "columns"),
    INTEGER_AS(kerb_plan, bound_passes, "passes"),
    FLAG(kerb_plan, proved_optimal),
};
static const ki_record bound_record = {"bound", 0, KI_FIELDS(bound_fields), NULL};

static const ki_field master_fields[] = {
    INTEGER(ki_plan_master, n_mips),     INTEGER(ki_plan_master, n_columns),
    INTEGER(ki_plan_master, n_improved), INTEGER(ki_plan_master, n_faults),
    INTEGER(ki_plan_master, pool_size),  INTEGER(ki_plan_master, gained_nano),
    FLAG(ki_plan_master, proved),
};
static const ki_record master_record = {"master", sizeof(ki_plan_master), KI_FIELDS(master_fields),
                                        NULL};

static const ki_field pile_reason_fields[] = {STRING_AS(ki_plan_pile, reason, "code"),
                                              STRING(ki_plan_pile, text)};
static const ki_record pile_reason_record = {"reason", 0, KI_FIELDS(pile_reason_fields), NULL};
static const ki_field pile_fields[] = {
    STRING(ki_plan_pile, facility),   ENUM(ki_plan_pile, stream, KERB_N_STREAMS - 1),
    INTEGER(ki_plan_pile, opening_g), INTEGER(ki_plan_pile, inflow_g),
    INTEGER(ki_plan_pile, hauled_g),  INTEGER(ki_plan_pile, closing_g),
    INTEGER(ki_plan_pile, buffer_g),  INTEGER(ki_plan_pile, peak_g),
    INTEGER(ki_plan_pile, peak_ms),   PART("reason", &pile_reason_record),
};
static const ki_record pile_record = {"piles", sizeof(ki_plan_pile), KI_FIELDS(pile_fields), NULL};

static const ki_field hauls_fields[] = {
    INTEGER(ki_plan_hauls, slot_ms),    INTEGER(ki_plan_hauls, cost_nano),
    INTEGER(ki_plan_hauls, bound_nano), FLAG(ki_plan_hauls, proved),
    STRING(ki_plan_hauls, method),
};
static const ki_record hauls_record = {"hauls", sizeof(ki_plan_hauls), KI_FIELDS(hauls_fields),
                                       NULL};

static const ki_field provenance_fields[] = {
    STRING(kerb_plan, engine_version), KI_PLAIN(KI_FIELD_UINT64, kerb_plan, seed, "seed"),
    INTEGER(kerb_plan, iterations),    INTEGER(kerb_plan, n_islands),
    FLAG(kerb_plan, stopped),
};
static const ki_record provenance_record = {"provenance", 0, KI_FIELDS(provenance_fields), NULL};

static const ki_field plan_fields[] = {
    STRING(kerb_plan, id),
    STRING(kerb_plan, parent_id),
    STRING(kerb_plan, problem_hash),
    STRING(kerb_plan, roads_hash),
    STRING(kerb_plan, district_id),
    STRING(kerb_plan, district_name),
    STRING(kerb_plan, currency),
    STRING_AS(kerb_plan, zone, "time_zone"),
    STRING(kerb_plan, service_day),
    KI_BOUNDED(KI_FIELD_INTEGER, kerb_plan, utc_offset_s, -86400, 86400),
    INSTANT(kerb_plan, night_start_s),
    INSTANT(kerb_plan, as_of_s),
    KI_LISTED(kerb_plan, routes, n_routes, &route_record),
    KI_LISTED(kerb_plan, decisions, n_decisions, &decision_record),
    KI_LISTED(kerb_plan, cost_lines, n_cost_lines, &cost_line_record),
    KI_LISTED(kerb_plan, places, n_places, &place_record),
    KI_LISTED(kerb_plan, notes, n_notes, &ki_note_record),
    INTEGER(kerb_plan, cost_nano),
    INTEGER(kerb_plan, left_out_nano),
    PART("bound", &bound_record),
    INNER(kerb_plan, master, &master_record),
    KI_LISTED(kerb_plan, piles, n_piles, &pile_record),
    INNER(kerb_plan, hauls, &hauls_record),
    PART("provenance", &provenance_record),
    FLAG(kerb_plan, degraded),
    KI_LISTED(kerb_plan, labels, n_labels, &ki_label_record),
};
const ki_record ki_plan_record = {"plan", sizeof(kerb_plan), KI_FIELDS(plan_fields), NULL};

static const char input_name[] = "plan message";
static const ki_where input = {NULL, "plan message", -1, NULL};

static kerb_status pack(uint8_t **out, size_t *n_out, const kerb_plan *plan, int with_id,
                        ki_arena *arena, kerb_error *err) {
    Kerbside__V1__Plan message;
    kerbside__v1__plan__init(&message);
    message.has_schema_version = 1;
    message.schema_version = KI_SCHEMA_VERSION;
    KI_TRY(ki_record_check(&ki_plan_record, plan, &input, err));
    KI_TRY(ki_record_to_message(&ki_plan_record, plan, &message.base, arena, err));
    if (!with_id) message.id = NULL;
    return ki_message_pack(out, n_out, &message.base, input_name, err);
}

static kerb_status pack_in_scratch(uint8_t **out, size_t *n_out, const kerb_plan *plan, int with_id,
                                   kerb_error *err) {
    ki_arena arena = {0};
    *out = NULL;
    *n_out = 0;
    kerb_status status = pack(out, n_out, plan, with_id, &arena, err);
    ki_arena_free(&arena);
    return status;
}

kerb_status ki_plan_pack(uint8_t **out, size_t *n_out, const kerb_plan *plan, kerb_error *err) {
    return pack_in_scratch(out, n_out, plan, 1, err);
}

kerb_status ki_plan_hash(char hex[65], const kerb_plan *plan, kerb_error *err) {
    uint8_t *bytes;
    size_t n_bytes;
    KI_TRY(pack_in_scratch(&bytes, &n_bytes, plan, 0, err));
    ki_sha256_hex(bytes, n_bytes, hex);
    ki_free(bytes);
    return KERB_OK;
}

kerb_status ki_plan_identify(kerb_plan *plan, kerb_error *err) {
    char hex[65];
    KI_TRY(ki_plan_hash(hex, plan, err));
    hex[16] = '\0';
    const char *id = ki_arena_strdup(&plan->arena, hex);
    if (!id) return ki_fail_no_memory(err, "plan id");
    plan->id = id;
    return KERB_OK;
}

static kerb_status read_plan(kerb_plan *plan, const Kerbside__V1__Plan *message, kerb_error *err) {
    KI_TRY(ki_message_check_version(message->schema_version, message->required_features,
                                    message->n_required_features, NULL, 0, input_name, err));
    KI_TRY(
        ki_record_from_message(&ki_plan_record, plan, &message->base, &plan->arena, &input, err));
    return ki_record_check(&ki_plan_record, plan, &input, err);
}

kerb_status ki_plan_unpack(kerb_plan **out, const uint8_t *in, size_t n_in, kerb_error *err) {
    ki_message_budget budget;
    ProtobufCMessage *message;
    *out = NULL;
    KI_TRY(ki_message_unpack(&message, &budget, &kerbside__v1__plan__descriptor, in, n_in,
                             input_name, err));
    kerb_plan *plan = ki_alloc_zero(1, sizeof *plan);
    kerb_status status = plan ? read_plan(plan, (Kerbside__V1__Plan *)(void *)message, err)
                              : ki_fail_no_memory(err, input_name);
    ki_message_free(message);
    if (status == KERB_OK)
        *out = plan;
    else
        kerb_plan_free(plan);
    return status;
}
