/* SPDX-License-Identifier: GPL-3.0-or-later
 * The contract over time: no field of schema version 1 may vanish, change its number or its type,
 * and files written by the first version stay readable.
 *
 * tests/data/messages/schema_v1.txt pins every field; fields may be added. With
 * KERB_PIN_SCHEMA=1 in the environment the pinned files are written anew: only for additions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/text.h"
#include "io/message_cases.h"
#include "kerbside/v1/execution.pb-c.h"
#include "kerbside/v1/plan.pb-c.h"
#include "kerbside/v1/problem.pb-c.h"

#include <stdlib.h>

static const char pinned_path[] = KERB_TEST_DATA "/messages/schema_v1.txt";
#define CORPUS KERB_TEST_DATA "/../fuzz/corpus/fuzz_messages/"

/* ---- the schema as lines of text ------------------------------------------------------------- */

enum { MOST_MESSAGES = 128 };
typedef struct walk {
    ki_text text;
    const void *seen[MOST_MESSAGES];
    size_t n_seen;
} walk;

static int is_new(walk *to, const void *descriptor) {
    for (size_t k = 0; k < to->n_seen; k++)
        if (to->seen[k] == descriptor) return 0;
    assert_true(to->n_seen < MOST_MESSAGES);
    to->seen[to->n_seen++] = descriptor;
    return 1;
}

static void list_enum(walk *to, const ProtobufCEnumDescriptor *descriptor) {
    if (!is_new(to, descriptor)) return;
    for (unsigned v = 0; v < descriptor->n_values; v++)
        ki_text_add(&to->text, "%s.%s = %d\n", descriptor->name, descriptor->values[v].name,
                    descriptor->values[v].value);
}

static const char *type_name(const ProtobufCFieldDescriptor *field) {
    static const char *const names[] = {"int32",    "sint32", "sfixed32", "int64",  "sint64",
                                        "sfixed64", "uint32", "fixed32",  "uint64", "fixed64",
                                        "float",    "double", "bool",     "enum",   "string",
                                        "bytes",    "message"};
    if (field->type == PROTOBUF_C_TYPE_MESSAGE)
        return ((const ProtobufCMessageDescriptor *)field->descriptor)->name;
    if (field->type == PROTOBUF_C_TYPE_ENUM)
        return ((const ProtobufCEnumDescriptor *)field->descriptor)->name;
    return names[field->type];
}

static void list_message(walk *to, const ProtobufCMessageDescriptor *descriptor, int depth) {
    assert_true(depth < 20); /* no message contains itself */
    for (unsigned f = 0; f < descriptor->n_fields; f++) {
        const ProtobufCFieldDescriptor *field = &descriptor->fields[f];
        assert_int_not_equal(field->label, PROTOBUF_C_LABEL_REQUIRED);
        assert_null(field->default_value);
        if (field->type == PROTOBUF_C_TYPE_MESSAGE) list_message(to, field->descriptor, depth + 1);
        if (field->type == PROTOBUF_C_TYPE_ENUM) list_enum(to, field->descriptor);
    }
    if (!is_new(to, descriptor)) return;
    for (unsigned f = 0; f < descriptor->n_fields; f++) {
        const ProtobufCFieldDescriptor *field = &descriptor->fields[f];
        ki_text_add(&to->text, "%s.%s = %u %s%s%s\n", descriptor->name, field->name, field->id,
                    field->label == PROTOBUF_C_LABEL_REPEATED ? "repeated " : "", type_name(field),
                    field->flags & PROTOBUF_C_FIELD_FLAG_PACKED ? " packed" : "");
    }
}

static char *schema_now(void) {
    walk to = {0};
    list_message(&to, &kerbside__v1__problem__descriptor, 0);
    list_message(&to, &kerbside__v1__plan__descriptor, 0);
    list_message(&to, &kerbside__v1__execution__descriptor, 0);
    assert_false(to.text.failed);
    return to.text.bytes;
}

static void write_if_asked(const char *path, const void *bytes, size_t n_bytes) {
    kerb_error err = {0};
    if (!getenv("KERB_PIN_SCHEMA")) return;
    if (ki_file_write(path, bytes, n_bytes, &err) != KERB_OK) fail_msg("%s", err.message);
}

static void no_pinned_field_has_changed(void **state) {
    (void)state;
    kerb_error err = {0};
    char *pinned, *now = schema_now();
    size_t n_pinned;
    write_if_asked(pinned_path, now, strlen(now));
    if (ki_file_read(&pinned, &n_pinned, pinned_path, 1 << 20, &err) != KERB_OK)
        fail_msg("%s", err.message);
    assert_true(n_pinned > 1000);
    for (char *line = strtok(pinned, "\n"); line; line = strtok(NULL, "\n")) {
        size_t length = strlen(line);
        char whole[256];
        assert_true(length + 2 < sizeof whole);
        memcpy(whole, line, length);
        memcpy(whole + length, "\n", 2);
        if (!strstr(now, whole)) fail_msg("the schema no longer has: %s", line);
    }
    ki_free(now);
    ki_free(pinned);
}

static void every_enum_starts_at_unspecified(void **state) {
    (void)state;
    const ProtobufCEnumDescriptor *enums[] = {
        &kerbside__v1__stream__descriptor,    &kerbside__v1__coordinates__descriptor,
        &kerbside__v1__force__descriptor,     &kerbside__v1__vehicle_use__descriptor,
        &kerbside__v1__side__descriptor,      &kerbside__v1__facility_kind__descriptor,
        &kerbside__v1__approach__descriptor,  &kerbside__v1__zone_level__descriptor,
        &kerbside__v1__role__descriptor,      &kerbside__v1__stop_kind__descriptor,
        &kerbside__v1__choice__descriptor,    &kerbside__v1__outcome__descriptor,
        &kerbside__v1__road_class__descriptor};
    for (size_t k = 0; k < sizeof enums / sizeof *enums; k++) {
        const ProtobufCEnumValue *zero = protobuf_c_enum_descriptor_get_value(enums[k], 0);
        assert_non_null(zero);
        assert_non_null(strstr(zero->name, "_UNSPECIFIED"));
    }
}

static void the_enums_of_the_header_are_those_of_the_schema(void **state) {
    (void)state;
    assert_int_equal(KERB_STREAM_SWEEPINGS, KERBSIDE__V1__STREAM__STREAM_SWEEPINGS);
    assert_int_equal(KERB_N_STREAMS, kerbside__v1__stream__descriptor.n_values);
    assert_int_equal(KERB_BD09, KERBSIDE__V1__COORDINATES__COORDINATES_BD09);
    assert_int_equal(KERB_FORCE_OUT, KERBSIDE__V1__FORCE__FORCE_OUT);
    assert_int_equal(KERB_SIDE_CENTRE, KERBSIDE__V1__SIDE__SIDE_CENTRE);
    assert_int_equal(KERB_APPROACH_EITHER, KERBSIDE__V1__APPROACH__APPROACH_EITHER);
    assert_int_equal(KERB_ROAD_FERRY, KERBSIDE__V1__ROAD_CLASS__ROAD_CLASS_FERRY);
    assert_int_equal(KERB_N_ROAD_CLASSES, kerbside__v1__road_class__descriptor.n_values);
    assert_int_equal(KERB_USE_HAUL, KERBSIDE__V1__VEHICLE_USE__VEHICLE_USE_HAUL);
    assert_int_equal(KERB_FACILITY_CHARGER, KERBSIDE__V1__FACILITY_KIND__FACILITY_KIND_CHARGER);
    assert_int_equal(KI_STOP_END, KERBSIDE__V1__STOP_KIND__STOP_KIND_END);
    assert_int_equal(KI_CANNOT + 1, KERBSIDE__V1__CHOICE__CHOICE_CANNOT);
}

/* ---- golden messages: the fuzzer's seeds, whose first byte says problem or plan -------------- */

static void pin_message(const char *path, const uint8_t *bytes, size_t n_bytes, char first) {
    ki_text text = {0};
    ki_text_add_bytes(&text, &first, 1);
    ki_text_add_bytes(&text, bytes, n_bytes);
    assert_false(text.failed);
    write_if_asked(path, text.bytes, text.length);
    ki_text_free(&text);
}

static void read_pinned(const char *path, char **bytes, size_t *n_bytes) {
    kerb_error err = {0};
    if (ki_file_read(bytes, n_bytes, path, 1 << 20, &err) != KERB_OK) fail_msg("%s", err.message);
    assert_true(*n_bytes > 1);
}

static void pin_problem(const char *path, uint64_t seed) {
    kerb_error err = {0};
    kerb_model *model;
    uint8_t *packed;
    size_t n_packed;
    assert_int_equal(kerb_model_new(&model, NULL, &err), KERB_OK);
    assert_int_equal(case_fill_model(model, seed, 2, &err), KERB_OK);
    assert_int_equal(kerb_model_pack(model, &packed, &n_packed, &err), KERB_OK);
    pin_message(path, packed, n_packed, 0);
    kerb_buffer_free(packed);
    kerb_model_free(model);
}

/* Today's reader and writer together change no byte of it. */
static void a_problem_of_the_first_version_is_kept_to_the_letter(void **state) {
    (void)state;
    static const char *const paths[] = {CORPUS "problem_roads", CORPUS "problem_matrix",
                                        CORPUS "problem_crossing", CORPUS "problem_bans"};
    for (unsigned k = 0; k < 4; k++) {
        kerb_error err = {0};
        kerb_model *model;
        uint8_t *packed;
        size_t n_packed, n_bytes;
        char *bytes;
        if (getenv("KERB_PIN_SCHEMA")) pin_problem(paths[k], k < 2 ? 100 + k : k == 2 ? 108 : 110);
        read_pinned(paths[k], &bytes, &n_bytes);
        if (kerb_model_unpack(&model, NULL, (uint8_t *)bytes + 1, n_bytes - 1, &err) != KERB_OK)
            fail_msg("%s", err.message);
        assert_int_equal(model->draft.n_sites, 2);
        assert_int_equal(model->draft.matrix_ids != NULL, k == 1);
        if (k == 2) assert_int_equal(model->draft.district.crossing.n_classes, 2);
        if (k == 3) assert_int_equal(model->draft.n_bans, 2);
        assert_string_equal(model->draft.district.zone, "Asia/Shanghai");
        assert_int_equal(kerb_model_pack(model, &packed, &n_packed, &err), KERB_OK);
        assert_int_equal(n_packed, n_bytes - 1);
        assert_memory_equal(packed, bytes + 1, n_packed);
        kerb_buffer_free(packed);
        ki_free(bytes);
        kerb_model_free(model);
    }
}

static void pin_plan(const char *path) {
    kerb_error err = {0};
    uint8_t *packed;
    size_t n_packed;
    kerb_plan *plan = case_plan(100, 2);
    assert_int_equal(kerb_plan_pack(plan, &packed, &n_packed, &err), KERB_OK);
    pin_message(path, packed, n_packed, 1);
    kerb_buffer_free(packed);
    kerb_plan_free(plan);
}

static void a_plan_of_the_first_version_is_kept_to_the_letter(void **state) {
    (void)state;
    kerb_error err = {0};
    uint8_t *packed;
    size_t n_packed, n_bytes;
    char *bytes;
    kerb_plan *plan;
    if (getenv("KERB_PIN_SCHEMA")) pin_plan(CORPUS "plan");
    read_pinned(CORPUS "plan", &bytes, &n_bytes);
    if (kerb_plan_unpack(&plan, (uint8_t *)bytes + 1, n_bytes - 1, &err) != KERB_OK)
        fail_msg("%s", err.message);
    assert_int_equal(plan->n_routes, 2);
    assert_string_equal(plan->currency, "CNY");
    assert_int_equal(kerb_plan_pack(plan, &packed, &n_packed, &err), KERB_OK);
    assert_int_equal(n_packed, n_bytes - 1);
    assert_memory_equal(packed, bytes + 1, n_packed);
    kerb_buffer_free(packed);
    ki_free(bytes);
    kerb_plan_free(plan);
}

static void a_problem_written_in_python_is_read(void **state) {
    (void)state;
    kerb_error err = {0};
    kerb_model *model;
    size_t n_bytes;
    char *bytes;
    read_pinned(CORPUS "problem_python", &bytes, &n_bytes);
    if (kerb_model_unpack(&model, NULL, (uint8_t *)bytes + 1, n_bytes - 1, &err) != KERB_OK)
        fail_msg("%s", err.message);
    assert_int_equal(model->draft.n_sites, 5);
    assert_int_equal(model->draft.reports.n, 30);
    assert_int_equal(model->draft.n_matrix, 7);
    assert_int_equal(model->draft.vehicles[1].compartments[0].streams[0], KERB_STREAM_FOOD);
    assert_int_equal(model->draft.vehicles[0].available, 1);
    assert_string_equal(model->draft.containers[0].id, "S1-residual");
    assert_true(model->draft.facilities[0].gates[1].fee_per_tonne == 40);
    ki_free(bytes);
    kerb_model_free(model);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_pinned_field_has_changed),
        cmocka_unit_test(every_enum_starts_at_unspecified),
        cmocka_unit_test(the_enums_of_the_header_are_those_of_the_schema),
        cmocka_unit_test(a_problem_of_the_first_version_is_kept_to_the_letter),
        cmocka_unit_test(a_problem_written_in_python_is_read),
        cmocka_unit_test(a_plan_of_the_first_version_is_kept_to_the_letter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
