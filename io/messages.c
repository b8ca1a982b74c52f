/* SPDX-License-Identifier: GPL-3.0-or-later
 * messages.c - a draft to and from a kerbside.v1.Problem. What each list holds stands in
 * model/draft_fields.c; here is only what a Problem has beside its lists. */
#include "io/messages.h"

#include "base/alloc.h"
#include "base/error.h"
#include "io/messages_record.h"
#include "kerbside/v1/problem.pb-c.h"

#include <stdlib.h>
#include <string.h>

static const char input_name[] = "problem message";
static const ki_where input = {NULL, "problem message", -1, NULL};

/* What a sender may insist on. docs/messages.md says what each means. */
static const char *const known_features[] = {
#define KI_INPUT(feature) feature,
#define KI_RULE(rule, feature, search, checker, bound, reason, district, message, test) feature,
#include "model/features.def"
#undef KI_INPUT
#undef KI_RULE
};

/* ---- pack ------------------------------------------------------------------------------------ */

static kerb_status write_lists(Kerbside__V1__Problem *problem, const ki_draft *draft,
                               ki_arena *arena, kerb_error *err) {
    ki_field fields[KI_N_DRAFT_LISTS];
    size_t n = 0;
    for (int id = 0; id < KI_N_DRAFT_LISTS; id++) {
        const ki_draft_list *list = &ki_draft_lists[id];
        if (id == KI_DRAFT_REPORTS) continue;
        fields[n++] = (ki_field){.name = list->record->name,
                                 .kind = KI_FIELD_LIST,
                                 .offset = list->items,
                                 .size = sizeof(void *),
                                 .count_offset = list->count,
                                 .count_size = sizeof(size_t),
                                 .record = list->record};
    }
    ki_record lists = {"problem", sizeof *draft, fields, n, NULL};
    return ki_record_to_message(&lists, draft, &problem->base, arena, err);
}

static kerb_status write_reports(Kerbside__V1__Problem *problem, const ki_draft *draft,
                                 ki_arena *arena, kerb_error *err) {
    const ki_record *record = ki_draft_lists[KI_DRAFT_REPORTS].record;
    kerb_report report;
    ki_report_at at = {0};
    problem->reports = ki_arena_alloc(arena, draft->reports.n, sizeof(void *));
    if (!problem->reports) return ki_fail_no_memory(err, record->name);
    while (ki_report_list_next(&draft->reports, &at, &report)) {
        ProtobufCMessage *message = ki_message_new(&kerbside__v1__report__descriptor, arena);
        if (!message) return ki_fail_no_memory(err, record->name);
        KI_TRY(ki_record_to_message(record, &report, message, arena, err));
        problem->reports[problem->n_reports++] = (Kerbside__V1__Report *)(void *)message;
    }
    return KERB_OK;
}

static kerb_status write_district(Kerbside__V1__Problem *problem, const ki_draft *draft,
                                  ki_arena *arena, kerb_error *err) {
    if (!draft->district.id) return KERB_OK;
    ProtobufCMessage *district = ki_message_new(&kerbside__v1__district__descriptor, arena);
    if (!district) return ki_fail_no_memory(err, "district");
    problem->district = (Kerbside__V1__District *)(void *)district;
    return ki_record_to_message(&ki_district_record, &draft->district, district, arena, err);
}

static kerb_status write_travel(Kerbside__V1__Problem *problem, const ki_draft *draft,
                                ki_arena *arena, kerb_error *err) {
    if (draft->matrix_ids) {
        Kerbside__V1__Matrices *all = ki_arena_alloc(arena, 1, sizeof *all);
        Kerbside__V1__Matrix *one = ki_arena_alloc(arena, 1, sizeof *one);
        Kerbside__V1__Matrix **list = ki_arena_alloc(arena, 1, sizeof(Kerbside__V1__Matrix *));
        if (!all || !one || !list) return ki_fail_no_memory(err, "matrices");
        kerbside__v1__matrices__init(all);
        kerbside__v1__matrix__init(one);
        one->n_time_ms = one->n_length_mm = draft->n_matrix * draft->n_matrix;
        one->time_ms = draft->matrix_time_ms;
        one->length_mm = draft->matrix_length_mm;
        list[0] = one;
        all->n_place_ids = draft->n_matrix;
        all->place_ids = draft->matrix_ids;
        all->n_matrices = 1;
        all->matrices = list;
        problem->matrices = all;
        problem->travel_case = KERBSIDE__V1__PROBLEM__TRAVEL_MATRICES;
    } else if (draft->roads_hash[0]) {
        problem->roads_hash = (char *)(uintptr_t)draft->roads_hash;
        problem->travel_case = KERBSIDE__V1__PROBLEM__TRAVEL_ROADS_HASH;
    }
    return KERB_OK;
}

static kerb_status pack(uint8_t **out, size_t *n_out, const ki_draft *draft, ki_arena *arena,
                        kerb_error *err) {
    Kerbside__V1__Problem problem;
    kerbside__v1__problem__init(&problem);
    problem.has_schema_version = 1;
    problem.schema_version = KI_SCHEMA_VERSION;
    KI_TRY(write_district(&problem, draft, arena, err));
    KI_TRY(write_travel(&problem, draft, arena, err));
    KI_TRY(write_lists(&problem, draft, arena, err));
    KI_TRY(write_reports(&problem, draft, arena, err));
    return ki_message_pack(out, n_out, &problem.base, input_name, err);
}

kerb_status ki_problem_pack(uint8_t **out, size_t *n_out, const ki_draft *draft, kerb_error *err) {
    ki_arena arena = {0};
    *out = NULL;
    *n_out = 0;
    kerb_status status = pack(out, n_out, draft, &arena, err);
    ki_arena_free(&arena);
    return status;
}

/* ---- unpack ---------------------------------------------------------------------------------- */

static kerb_status read_record(const ki_record *record, void *item, const ProtobufCMessage *message,
                               long long index, ki_arena *arena, kerb_error *err) {
    ki_where where = {&input, record->name, index, NULL};
    KI_TRY(ki_record_from_message(record, item, message, arena, &where, err));
    where.id = ki_record_id(record, item);
    KI_TRY(ki_record_check(record, item, &where, err));
    return ki_record_finish(record, item, &where, err);
}

static kerb_status read_item(ki_draft *draft, ki_draft_list_id id, const ProtobufCMessage *message,
                             long long index, kerb_error *err) {
    const ki_record *record = ki_draft_lists[id].record;
    void *item = ki_draft_slot(draft, id);
    if (!item) return ki_fail_no_memory(err, record->name);
    KI_TRY(read_record(record, item, message, index, &draft->arena, err));
    ki_draft_count(draft, id);
    return KERB_OK;
}

static kerb_status read_reports(ki_draft *draft, const Kerbside__V1__Problem *problem,
                                kerb_error *err) {
    const ki_record *record = ki_draft_lists[KI_DRAFT_REPORTS].record;
    kerb_report report;
    ki_arena scratch = {0};
    kerb_status status = KERB_OK;
    for (size_t k = 0; status == KERB_OK && k < problem->n_reports; k++) {
        ki_arena_clear(&scratch);
        status =
            read_record(record, &report, &problem->reports[k]->base, (long long)k, &scratch, err);
        if (status == KERB_OK) status = ki_draft_add_report(draft, &report, err);
    }
    ki_arena_free(&scratch);
    return status;
}

static kerb_status read_lists(ki_draft *draft, const Kerbside__V1__Problem *problem,
                              kerb_error *err) {
    for (int id = 0; id < KI_N_DRAFT_LISTS; id++) {
        const ProtobufCFieldDescriptor *wire = protobuf_c_message_descriptor_get_field_by_name(
            problem->base.descriptor, ki_draft_lists[id].record->name);
        const char *base = (const char *)problem;
        ProtobufCMessage **list;
        size_t n;
        memcpy(&n, base + wire->quantifier_offset, sizeof n);
        memcpy(&list, base + wire->offset, sizeof(void *));
        if (n > KI_MAX_LIST)
            return ki_where_fail(&input, wire->name, err, "%zu entries, expected at most %d", n,
                                 (int)KI_MAX_LIST);
        if (id == KI_DRAFT_REPORTS) KI_TRY(read_reports(draft, problem, err));
        for (size_t k = 0; id != KI_DRAFT_REPORTS && k < n; k++)
            KI_TRY(read_item(draft, (ki_draft_list_id)id, list[k], (long long)k, err));
    }
    return KERB_OK;
}

static kerb_status read_district(ki_draft *draft, const Kerbside__V1__Problem *problem,
                                 kerb_error *err) {
    kerb_district district;
    if (!problem->district) return KERB_OK;
    ki_where where = {&input, "district", -1, NULL};
    KI_TRY(ki_record_from_message(&ki_district_record, &district, &problem->district->base,
                                  &draft->arena, &where, err));
    where.id = district.id;
    KI_TRY(ki_record_check(&ki_district_record, &district, &where, err));
    KI_TRY(ki_record_finish(&ki_district_record, &district, &where, err));
    draft->district = district;
    return KERB_OK;
}

static kerb_status read_matrices(ki_draft *draft, const Kerbside__V1__Matrices *matrices,
                                 kerb_error *err) {
    ki_where where = {&input, "matrices", -1, NULL};
    size_t n = matrices->n_place_ids, n_cells;
    if (n == 0) return ki_where_fail(&where, "place_ids", err, "none, expected at least one");
    if (matrices->n_matrices != 1)
        return ki_fail(err, matrices->n_matrices ? KERB_UNSUPPORTED : KERB_BAD_INPUT,
                       "%s, matrices: %zu of them, expected one for all vehicles", input_name,
                       matrices->n_matrices);
    const Kerbside__V1__Matrix *matrix = matrices->matrices[0];
    if (matrix->n_vehicle_kinds || matrix->n_windows)
        return ki_fail(err, KERB_UNSUPPORTED,
                       "%s, matrices[0]: bound to vehicle kinds or windows, expected one for all",
                       input_name);
    if (__builtin_mul_overflow(n, n, &n_cells) || matrix->n_time_ms != n_cells)
        return ki_where_fail(&where, "time_ms", err, "%zu cells, expected %zu places squared",
                             matrix->n_time_ms, n);
    if (matrix->n_length_mm != n_cells)
        return ki_where_fail(&where, "length_mm", err, "%zu cells, expected %zu places squared",
                             matrix->n_length_mm, n);
    return ki_draft_set_matrix(draft, (const char *const *)matrices->place_ids, n, matrix->time_ms,
                               matrix->length_mm, &where, err);
}

static kerb_status read_roads_hash(ki_draft *draft, const char *hash, kerb_error *err) {
    if (strlen(hash) != 64 || strspn(hash, "0123456789abcdef") != 64)
        return ki_where_fail(&input, "roads_hash", err, "expected 64 lower-case hex digits");
    memcpy(draft->roads_hash, hash, 65);
    return KERB_OK;
}

static kerb_status read_travel(ki_draft *draft, const Kerbside__V1__Problem *problem,
                               kerb_error *err) {
    if (problem->travel_case == KERBSIDE__V1__PROBLEM__TRAVEL_MATRICES && problem->matrices)
        return read_matrices(draft, problem->matrices, err);
    if (problem->travel_case == KERBSIDE__V1__PROBLEM__TRAVEL_ROADS_HASH && problem->roads_hash)
        return read_roads_hash(draft, problem->roads_hash, err);
    return KERB_OK;
}

/* ---- starting loads against the vehicles' compartments --------------------------------------- */

static int compare_vehicles(const void *a, const void *b) {
    return strcmp((*(const kerb_vehicle *const *)a)->id, (*(const kerb_vehicle *const *)b)->id);
}

static int compare_id(const void *id, const void *vehicle) {
    return strcmp(id, (*(const kerb_vehicle *const *)vehicle)->id);
}

static kerb_status check_load_count(const kerb_shift *shift, long long index, size_t n_loads,
                                    const kerb_vehicle *const *by_id, size_t n_vehicles,
                                    kerb_error *err) {
    ki_where where = {&input, "shifts", index, shift->id};
    const kerb_vehicle *const *found =
        n_vehicles ? bsearch(shift->vehicle_id, by_id, n_vehicles, sizeof(*by_id), compare_id)
                   : NULL;
    if (!found)
        return ki_where_fail(&where, "vehicle_id", err, "\"%.60s\", expected a vehicle's id",
                             shift->vehicle_id);
    if (n_loads > (*found)->n_compartments)
        return ki_where_fail(&where, "starting_load_kg", err,
                             "%zu entries, expected at most %zu, the compartments of %.60s",
                             n_loads, (*found)->n_compartments, shift->vehicle_id);
    return KERB_OK;
}

static kerb_status check_loads(const ki_draft *draft, const Kerbside__V1__Problem *problem,
                               kerb_error *err) {
    size_t n = draft->n_vehicles;
    const kerb_vehicle **by_id = ki_alloc_zero(n, sizeof(kerb_vehicle *));
    if (!by_id) return ki_fail_no_memory(err, "vehicles");
    for (size_t k = 0; k < n; k++)
        by_id[k] = &draft->vehicles[k];
    qsort(by_id, n, sizeof(kerb_vehicle *), compare_vehicles);
    kerb_status status = KERB_OK;
    for (size_t k = 0; k < draft->n_shifts && status == KERB_OK; k++)
        if (problem->shifts[k]->n_starting_load_kg)
            status = check_load_count(&draft->shifts[k], (long long)k,
                                      problem->shifts[k]->n_starting_load_kg, by_id, n, err);
    ki_free(by_id);
    return status;
}

static kerb_status read_problem(ki_draft *draft, const Kerbside__V1__Problem *problem,
                                kerb_error *err) {
    KI_TRY(ki_message_check_version(
        problem->schema_version, problem->required_features, problem->n_required_features,
        known_features, sizeof known_features / sizeof *known_features, input_name, err));
    KI_TRY(read_district(draft, problem, err));
    KI_TRY(read_travel(draft, problem, err));
    KI_TRY(read_lists(draft, problem, err));
    return check_loads(draft, problem, err);
}

kerb_status ki_problem_unpack(ki_draft *draft, const uint8_t *in, size_t n_in, kerb_error *err) {
    ki_message_budget budget;
    ProtobufCMessage *message;
    KI_TRY(ki_message_unpack(&message, &budget, &kerbside__v1__problem__descriptor, in, n_in,
                             input_name, err));
    kerb_status status = read_problem(draft, (Kerbside__V1__Problem *)(void *)message, err);
    ki_message_free(message);
    return status;
}
