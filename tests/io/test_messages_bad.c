/* SPDX-License-Identifier: GPL-3.0-or-later
 * Hostile and broken messages: one clear error each, no crash, no flood of memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "io/message_cases.h"
#include "io/messages_record.h"
#include "kerbside/v1/plan.pb-c.h"
#include "kerbside/v1/problem.pb-c.h"

/* ---- messages with one thing wrong ----------------------------------------------------------- */

typedef struct parts { /* a small sound problem, ready to be spoilt */
    Kerbside__V1__Problem problem;
    Kerbside__V1__District district;
    Kerbside__V1__Site site, *sites[1];
    Kerbside__V1__Container container, *containers[1];
    Kerbside__V1__Report report, *reports[1];
    Kerbside__V1__Vehicle vehicle, *vehicles[1];
    Kerbside__V1__Compartment compartment, *compartments[1];
    Kerbside__V1__Shift shift, *shifts[1];
    Kerbside__V1__Window window, *windows[1];
    Kerbside__V1__Matrices matrices;
    Kerbside__V1__Matrix matrix, *matrix_list[1];
    char *ids[2], *features[1];
    int32_t cells[4];
    double loads[2];
} parts;

static char text_site[] = "S1", text_bin[] = "C1", text_truck[] = "V1", text_shift[] = "H1",
            text_depot[] = "D1", text_empty[] = "", text_roles[] = "roles",
            text_bad_utf8[] = "caf\xe9", text_surrogate[] = "\xed\xa0\x80";

static void set_up_fleet(parts *p) {
    kerbside__v1__compartment__init(&p->compartment);
    kerbside__v1__vehicle__init(&p->vehicle);
    kerbside__v1__shift__init(&p->shift);
    p->vehicle.id = p->shift.vehicle_id = text_truck;
    p->compartments[0] = &p->compartment;
    p->vehicle.compartments = p->compartments;
    p->vehicle.n_compartments = 1;
    p->shift.id = text_shift;
    p->shift.start_depot = text_depot;
    p->shift.has_start_s = p->shift.has_end_s = 1;
    p->shift.end_s = 3600;
    p->shift.starting_load_kg = p->loads;
    p->shift.n_starting_load_kg = 1;
    p->loads[0] = 100;
    p->problem.n_vehicles = p->problem.n_shifts = 1;
    p->vehicles[0] = &p->vehicle;
    p->shifts[0] = &p->shift;
    p->problem.vehicles = p->vehicles;
    p->problem.shifts = p->shifts;
}

static void set_up_sites(parts *p) {
    kerbside__v1__site__init(&p->site);
    kerbside__v1__container__init(&p->container);
    kerbside__v1__report__init(&p->report);
    kerbside__v1__window__init(&p->window);
    p->site.id = p->container.site_id = text_site;
    p->container.id = p->report.container_id = text_bin;
    p->report.has_measured_s = 1;
    p->window.has_start_s = p->window.has_end_s = 1;
    p->windows[0] = &p->window;
    p->site.windows = p->windows;
    p->site.n_windows = 1;
    p->problem.n_sites = p->problem.n_containers = p->problem.n_reports = 1;
    p->sites[0] = &p->site;
    p->containers[0] = &p->container;
    p->reports[0] = &p->report;
    p->problem.sites = p->sites;
    p->problem.containers = p->containers;
    p->problem.reports = p->reports;
}

static void set_up(parts *p) {
    memset(p, 0, sizeof *p);
    kerbside__v1__problem__init(&p->problem);
    kerbside__v1__district__init(&p->district);
    kerbside__v1__matrices__init(&p->matrices);
    kerbside__v1__matrix__init(&p->matrix);
    p->problem.has_schema_version = 1;
    p->problem.schema_version = 1;
    p->problem.district = &p->district;
    p->district.id = text_site;
    p->district.has_as_of_s = p->district.has_night_start_s = p->district.has_night_end_s = 1;
    set_up_sites(p);
    set_up_fleet(p);
    p->ids[0] = text_site;
    p->ids[1] = text_depot;
    p->matrices.place_ids = p->ids;
    p->matrices.n_place_ids = 2;
    p->matrix_list[0] = &p->matrix;
    p->matrices.matrices = p->matrix_list;
    p->matrices.n_matrices = 1;
    p->matrix.time_ms = p->matrix.length_mm = p->cells;
    p->matrix.n_time_ms = p->matrix.n_length_mm = 4;
    p->problem.travel_case = KERBSIDE__V1__PROBLEM__TRAVEL_MATRICES;
    p->problem.matrices = &p->matrices;
    p->problem.required_features = p->features;
}

static void spoil_nothing(parts *p) {
    (void)p;
}
static void spoil_no_version(parts *p) {
    p->problem.has_schema_version = 0;
}
static void spoil_new_version(parts *p) {
    p->problem.schema_version = 2;
}
static void spoil_feature(parts *p) {
    p->problem.n_required_features = 1;
    p->features[0] = text_roles;
}
static void spoil_latitude(parts *p) {
    p->site.has_lat_deg = 1;
    p->site.lat_deg = 91.2;
}
static void spoil_longitude(parts *p) {
    p->site.has_lon_deg = 1;
    p->site.lon_deg = NAN;
}
static void spoil_site_id(parts *p) {
    p->site.id = text_empty;
}
static void spoil_utf8(parts *p) {
    p->site.name = text_bad_utf8;
}
static void spoil_surrogate(parts *p) {
    p->site.name = text_surrogate;
}
static void spoil_window(parts *p) {
    p->window.start_s = 10;
    p->window.end_s = 9;
}
static void spoil_open_window(parts *p) {
    p->window.has_end_s = 0;
}
static void spoil_stream(parts *p) {
    p->container.has_stream = 1;
    p->container.stream = (Kerbside__V1__Stream)99;
}
static void spoil_volume(parts *p) {
    p->container.has_volume_l = 1;
    p->container.volume_l = -1;
}
static void spoil_milliseconds(parts *p) {
    p->report.measured_s = 1790000000000;
}
static void spoil_trust(parts *p) {
    p->report.has_trust_ratio = 1;
    p->report.trust_ratio = 1.5;
}
static void spoil_no_time(parts *p) {
    p->report.has_measured_s = 0;
}
static void spoil_shift_end(parts *p) {
    p->shift.start_s = 7200;
}
static void spoil_loads(parts *p) {
    p->shift.n_starting_load_kg = 2;
}
static void spoil_load(parts *p) {
    p->loads[0] = -5;
}
static void spoil_vehicle(parts *p) {
    p->shift.vehicle_id = text_bin;
}
static void spoil_night(parts *p) {
    p->district.night_end_s = 172801;
}
static void spoil_cells(parts *p) {
    p->matrix.n_time_ms = 3;
}
static void spoil_cell(parts *p) {
    p->cells[2] = -7;
}
static void spoil_two_matrices(parts *p) {
    p->matrices.n_matrices = 0;
}
static void spoil_hash(parts *p) {
    p->problem.travel_case = KERBSIDE__V1__PROBLEM__TRAVEL_ROADS_HASH;
    p->problem.roads_hash = text_roles;
}

static const struct {
    void (*spoil)(parts *p);
    kerb_status status;
    const char *message; /* the whole of it */
} spoilt[] = {
    {spoil_nothing, KERB_OK, ""},
    {spoil_no_version, KERB_BAD_INPUT, "problem message, field schema_version: absent, expected 1"},
    {spoil_new_version, KERB_UNSUPPORTED,
     "problem message, field schema_version: 2, expected at most 1"},
    {spoil_feature, KERB_UNSUPPORTED,
     "problem message, field required_features[0]: \"roles\", which this engine (" KERB_VERSION
     ") does not know"},
    {spoil_latitude, KERB_BAD_INPUT,
     "problem message, sites[0] S1, field lat_deg: 91.2, expected -90 to 90"},
    {spoil_longitude, KERB_BAD_INPUT,
     "problem message, sites[0] S1, field lon_deg: nan, expected -180 to 180"},
    {spoil_site_id, KERB_BAD_INPUT, "problem message, sites[0], field id: empty, expected an id"},
    {spoil_utf8, KERB_BAD_INPUT, "problem message, sites[0] S1, field name: not valid UTF-8"},
    {spoil_surrogate, KERB_BAD_INPUT, "problem message, sites[0] S1, field name: not valid UTF-8"},
    {spoil_window, KERB_BAD_INPUT,
     "problem message, sites[0] S1, windows[0], field end_s: 9 is before start_s, expected at "
     "least 10"},
    {spoil_open_window, KERB_BAD_INPUT,
     "problem message, sites[0] S1, windows[0], field end_s: absent, expected an instant in "
     "seconds since 1970"},
    {spoil_stream, KERB_BAD_INPUT,
     "problem message, containers[0], field stream: 99, expected 0 to 6"},
    {spoil_volume, KERB_BAD_INPUT,
     "problem message, containers[0] C1, field volume_l: -1, expected 0 to 1000000"},
    {spoil_milliseconds, KERB_BAD_INPUT,
     "problem message, reports[0] C1, field measured_s: 1790000000000, expected -100000000000 to "
     "100000000000"},
    {spoil_trust, KERB_BAD_INPUT,
     "problem message, reports[0] C1, field trust_ratio: 1.5, expected 0 to 1"},
    {spoil_no_time, KERB_BAD_INPUT,
     "problem message, reports[0] C1, field measured_s: absent, expected an instant in seconds "
     "since 1970"},
    {spoil_shift_end, KERB_BAD_INPUT,
     "problem message, shifts[0] H1, field end_s: 3600 is before start_s, expected at least 7200"},
    {spoil_loads, KERB_BAD_INPUT,
     "problem message, shifts[0] H1, field starting_load_kg: 2 entries, expected at most 1, the "
     "compartments of V1"},
    {spoil_load, KERB_BAD_INPUT,
     "problem message, shifts[0], field starting_load_kg: -5 in compartment 0, expected 0 to 1e7"},
    {spoil_vehicle, KERB_BAD_INPUT,
     "problem message, shifts[0] H1, field vehicle_id: \"C1\", expected a vehicle's id"},
    {spoil_night, KERB_BAD_INPUT,
     "problem message, district S1, field night_end_s: a night of 172801 s, expected at most "
     "172800 s"},
    {spoil_cells, KERB_BAD_INPUT,
     "problem message, matrices, field time_ms: 3 cells, expected 2 places squared"},
    {spoil_cell, KERB_BAD_INPUT,
     "problem message, matrices, field time_ms: -7 in row 1, column 0, expected 0 to 2147483647"},
    {spoil_two_matrices, KERB_BAD_INPUT,
     "problem message, matrices: 0 of them, expected one for all vehicles"},
    {spoil_hash, KERB_BAD_INPUT,
     "problem message, field roads_hash: expected 64 lower-case hex digits"},
};

static void one_wrong_thing_is_named(void **state) {
    (void)state;
    for (size_t k = 0; k < sizeof spoilt / sizeof *spoilt; k++) {
        parts p;
        kerb_error err = {0};
        kerb_model *model;
        uint8_t *bytes;
        size_t n_bytes;
        set_up(&p);
        spoilt[k].spoil(&p);
        assert_int_equal(ki_message_pack(&bytes, &n_bytes, &p.problem.base, "test", &err), KERB_OK);
        kerb_status status = kerb_model_unpack(&model, NULL, bytes, n_bytes, &err);
        assert_string_equal(err.message, spoilt[k].message);
        assert_int_equal(status, spoilt[k].status);
        kerb_model_free(model);
        kerb_buffer_free(bytes);
    }
}

/* ---- bytes that are no message --------------------------------------------------------------- */

static void try_both(const uint8_t *bytes, size_t n_bytes) {
    kerb_error err = {0};
    kerb_model *model;
    kerb_plan *plan;
    kerb_status status = kerb_model_unpack(&model, NULL, bytes, n_bytes, &err);
    assert_true((status == KERB_OK) == (model != NULL));
    assert_true(status == KERB_OK || err.message[0]);
    kerb_model_free(model);
    status = kerb_plan_unpack(&plan, bytes, n_bytes, &err);
    assert_true((status == KERB_OK) == (plan != NULL));
    kerb_plan_free(plan);
}

static void pack_case(uint64_t seed, uint8_t **problem, size_t *n_problem, uint8_t **plan,
                      size_t *n_plan) {
    kerb_error err = {0};
    kerb_model *model;
    kerb_plan *made = case_plan(seed, 2);
    assert_int_equal(kerb_model_new(&model, NULL, &err), KERB_OK);
    assert_int_equal(case_fill_model(model, seed, 2, &err), KERB_OK);
    assert_int_equal(kerb_model_pack(model, problem, n_problem, &err), KERB_OK);
    assert_int_equal(kerb_plan_pack(made, plan, n_plan, &err), KERB_OK);
    kerb_model_free(model);
    kerb_plan_free(made);
}

static void a_prefix_is_an_error_or_a_message(void **state) {
    (void)state;
    uint8_t *problem, *plan;
    size_t n_problem, n_plan;
    pack_case(11, &problem, &n_problem, &plan, &n_plan);
    for (size_t n = 0; n < n_problem; n++)
        try_both(problem, n);
    for (size_t n = 0; n < n_plan; n++)
        try_both(plan, n);
    kerb_buffer_free(problem);
    kerb_buffer_free(plan);
}

/* A flipped bit may well leave a sound message; then it must pack again to itself. */
static void repack_problem(const uint8_t *bytes, size_t n_bytes) {
    kerb_model *model, *again;
    uint8_t *packed, *repacked;
    size_t n_packed, n_repacked;
    kerb_error err = {0};
    if (kerb_model_unpack(&model, NULL, bytes, n_bytes, &err) != KERB_OK) return;
    assert_int_equal(kerb_model_pack(model, &packed, &n_packed, &err), KERB_OK);
    if (kerb_model_unpack(&again, NULL, packed, n_packed, &err) != KERB_OK)
        fail_msg("%s", err.message);
    assert_int_equal(kerb_model_pack(again, &repacked, &n_repacked, &err), KERB_OK);
    assert_int_equal(n_packed, n_repacked);
    assert_memory_equal(packed, repacked, n_packed);
    kerb_buffer_free(packed);
    kerb_buffer_free(repacked);
    kerb_model_free(model);
    kerb_model_free(again);
}

static void a_flipped_bit_does_no_harm(void **state) {
    (void)state;
    uint8_t *problem, *plan;
    size_t n_problem, n_plan;
    pack_case(13, &problem, &n_problem, &plan, &n_plan);
    for (size_t bit = 0; bit < 8 * n_problem; bit += 5) {
        problem[bit / 8] ^= (uint8_t)(1 << bit % 8);
        repack_problem(problem, n_problem);
        problem[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    for (size_t bit = 0; bit < 8 * n_plan; bit += 5) {
        plan[bit / 8] ^= (uint8_t)(1 << bit % 8);
        try_both(plan, n_plan);
        plan[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    kerb_buffer_free(problem);
    kerb_buffer_free(plan);
}

/* Empty submessages: two bytes each on the wire, some hundred in memory. */
static void empty_submessages_stay_under_the_budget(void **state) {
    (void)state;
    enum { N = 1 << 20 };
    kerb_error err = {0};
    kerb_model *model;
    uint8_t *bytes = ki_alloc(2 * N);
    assert_non_null(bytes);
    for (size_t k = 0; k < N; k++) {
        bytes[2 * k] = 9 << 3 | 2; /* reports */
        bytes[2 * k + 1] = 0;
    }
    assert_int_equal(kerb_model_unpack(&model, NULL, bytes, 2 * N, &err), KERB_BAD_INPUT);
    assert_non_null(strstr(err.message, "unfold"));
    kerb_buffer_free(bytes);
}

static void unknown_fields_however_deep_are_passed_over(void **state) {
    (void)state;
    enum { DEPTH = 20000 };
    kerb_error err = {0};
    kerb_model *model;
    uint8_t *bytes = ki_alloc(6 * DEPTH + 8);
    assert_non_null(bytes);
    size_t start = 6 * DEPTH; /* built from the inside out: field 99, length, content */
    for (int level = 0; level < DEPTH; level++) {
        size_t length = 6 * DEPTH - start;
        uint8_t varint[5];
        size_t n = 0;
        for (; length >= 128; length >>= 7)
            varint[n++] = (uint8_t)(length | 128);
        varint[n++] = (uint8_t)length;
        start -= n;
        memcpy(bytes + start, varint, n);
        bytes[--start] = 0x06;
        bytes[--start] = 0x9a; /* 99 << 3 | 2 */
        if (start < 8) break;
    }
    bytes[--start] = 1;
    bytes[--start] = 1 << 3; /* schema_version = 1 */
    assert_int_equal(kerb_model_unpack(&model, NULL, bytes + start, 6 * DEPTH - start, &err),
                     KERB_OK);
    kerb_model_free(model);
    kerb_buffer_free(bytes);
}

static void nothing_at_all_is_an_error(void **state) {
    (void)state;
    kerb_error err = {0};
    kerb_plan *plan;
    assert_int_equal(kerb_plan_unpack(&plan, (const uint8_t *)"", 0, &err), KERB_BAD_INPUT);
    assert_string_equal(err.message, "plan message, field schema_version: absent, expected 1");
    assert_int_equal(kerb_plan_unpack(&plan, NULL, 5, &err), KERB_BAD_CALL);
}

/* ---- tables against messages ----------------------------------------------------------------- */

static ProtobufCType wire_type(const ki_field *field) {
    switch (field->kind) {
    case KI_FIELD_ID:
    case KI_FIELD_STRING:
    case KI_FIELD_STRING_OR_NULL:
    case KI_FIELD_FOREIGN: return PROTOBUF_C_TYPE_STRING;
    case KI_FIELD_DOUBLE:
    case KI_FIELD_MEASURE:
    case KI_FIELD_LOADS: return PROTOBUF_C_TYPE_DOUBLE;
    case KI_FIELD_INSTANT: return PROTOBUF_C_TYPE_SINT64;
    case KI_FIELD_INTEGER:
        return field->size == 8 ? PROTOBUF_C_TYPE_SINT64 : PROTOBUF_C_TYPE_SINT32;
    case KI_FIELD_UINT64: return PROTOBUF_C_TYPE_UINT64;
    case KI_FIELD_FLAG:
    case KI_FIELD_FLAG_NOT: return PROTOBUF_C_TYPE_BOOL;
    case KI_FIELD_ENUM:
    case KI_FIELD_ENUMS: return PROTOBUF_C_TYPE_ENUM;
    case KI_FIELD_LIST:
    case KI_FIELD_RECORD:
    case KI_FIELD_BY_STREAM: return PROTOBUF_C_TYPE_MESSAGE;
    case KI_FIELD_POINTS: return PROTOBUF_C_TYPE_SINT32;
    }
    return (ProtobufCType)-1;
}

static void compare_table(const ki_record *record, const ProtobufCMessageDescriptor *message) {
    for (size_t f = 0; f < record->n_fields; f++) {
        const ki_field *field = &record->fields[f];
        const ProtobufCFieldDescriptor *wire =
            protobuf_c_message_descriptor_get_field_by_name(message, field->name);
        if (!wire) fail_msg("%s has no field %s", message->name, field->name);
        int is_texts = wire->type == PROTOBUF_C_TYPE_STRING && field->kind == KI_FIELD_LIST &&
                       field->record->n_fields == 1;
        if (wire->type != wire_type(field) && !is_texts)
            fail_msg("%s.%s has another type", message->name, field->name);
        int repeated = field->kind == KI_FIELD_LIST || field->kind == KI_FIELD_ENUMS ||
                       field->kind == KI_FIELD_POINTS || field->kind == KI_FIELD_LOADS ||
                       field->kind == KI_FIELD_BY_STREAM;
        assert_int_equal(wire->label,
                         repeated ? PROTOBUF_C_LABEL_REPEATED : PROTOBUF_C_LABEL_OPTIONAL);
        if (field->record && !is_texts) compare_table(field->record, wire->descriptor);
    }
}

static void every_field_of_a_table_is_in_its_message(void **state) {
    (void)state;
    compare_table(&ki_plan_record, &kerbside__v1__plan__descriptor);
    compare_table(&ki_district_record, &kerbside__v1__district__descriptor);
    for (int id = 0; id < KI_N_DRAFT_LISTS; id++) {
        const ki_record *record = ki_draft_lists[id].record;
        const ProtobufCFieldDescriptor *wire = protobuf_c_message_descriptor_get_field_by_name(
            &kerbside__v1__problem__descriptor, record->name);
        assert_non_null(wire);
        compare_table(record, wire->descriptor);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_wrong_thing_is_named),
        cmocka_unit_test(a_prefix_is_an_error_or_a_message),
        cmocka_unit_test(a_flipped_bit_does_no_harm),
        cmocka_unit_test(empty_submessages_stay_under_the_budget),
        cmocka_unit_test(unknown_fields_however_deep_are_passed_over),
        cmocka_unit_test(nothing_at_all_is_an_error),
        cmocka_unit_test(every_field_of_a_table_is_in_its_message),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
