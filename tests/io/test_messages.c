/* SPDX-License-Identifier: GPL-3.0-or-later
 * Round trips: what goes into a message comes out of it, and packs to the same bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "io/message_cases.h"

/* ---- a generic comparison, by the tables ----------------------------------------------------- */

static int same_text(const char *a, const char *b) {
    return strcmp(a ? a : "", b ? b : "") == 0;
}

static int same_items(const ki_record *record, const void *a, const void *b);

static int same_field(const ki_field *field, const void *a, const void *b) {
    const void *pointer_a, *pointer_b;
    const char *member_a = ki_member(a, field->offset), *member_b = ki_member(b, field->offset);
    int64_t n = 0;
    if (field->count_size) {
        n = ki_get_integer(ki_member(a, field->count_offset), field->count_size);
        if (n != ki_get_integer(ki_member(b, field->count_offset), field->count_size)) return 0;
    }
    if (field->kind == KI_FIELD_RECORD) return same_items(field->record, member_a, member_b);
    if (field->kind == KI_FIELD_MEASURE) {
        double x, y;
        memcpy(&x, member_a, sizeof x);
        memcpy(&y, member_b, sizeof y);
        return (isnan(x) && isnan(y)) || x == y;
    }
    if (field->kind > KI_FIELD_FOREIGN && field->kind != KI_FIELD_LIST &&
        field->kind != KI_FIELD_ENUMS && field->kind != KI_FIELD_POINTS &&
        field->kind != KI_FIELD_LOADS)
        return memcmp(member_a, member_b, field->size) == 0;
    memcpy(&pointer_a, member_a, sizeof pointer_a);
    memcpy(&pointer_b, member_b, sizeof pointer_b);
    if (field->kind <= KI_FIELD_FOREIGN) return same_text(pointer_a, pointer_b);
    if (field->kind == KI_FIELD_LOADS)
        return !pointer_a == !pointer_b &&
               (!pointer_a || !memcmp(pointer_a, pointer_b, KI_MAX_COMPARTMENTS * sizeof(double)));
    if (field->kind != KI_FIELD_LIST)
        return n == 0 ||
               !memcmp(pointer_a, pointer_b, (size_t)n * (field->kind == KI_FIELD_POINTS ? 8 : 4));
    for (int64_t k = 0; k < n; k++)
        if (!same_items(field->record, (const char *)pointer_a + (size_t)k * field->record->size,
                        (const char *)pointer_b + (size_t)k * field->record->size))
            return 0;
    return 1;
}

static int same_items(const ki_record *record, const void *a, const void *b) {
    for (size_t f = 0; f < record->n_fields; f++)
        if (!same_field(&record->fields[f], a, b)) {
            print_message("%s.%s differs\n", record->name, record->fields[f].name);
            return 0;
        }
    return 1;
}

static int same_reports(const ki_report_list *a, const ki_report_list *b) {
    ki_report_at at_a = {0}, at_b = {0};
    kerb_report one, other;
    while (ki_report_list_next(a, &at_a, &one))
        if (!ki_report_list_next(b, &at_b, &other) ||
            !same_items(ki_draft_lists[KI_DRAFT_REPORTS].record, &one, &other))
            return 0;
    return !ki_report_list_next(b, &at_b, &other);
}

static int same_drafts(const ki_draft *a, const ki_draft *b) {
    if (!same_reports(&a->reports, &b->reports)) return 0;
    for (int id = 0; id < KI_N_DRAFT_LISTS; id++) {
        const ki_draft_list *list = &ki_draft_lists[id];
        if (id == KI_DRAFT_REPORTS) continue;
        ki_field field = {.name = list->record->name,
                          .kind = KI_FIELD_LIST,
                          .offset = list->items,
                          .count_offset = list->count,
                          .count_size = sizeof(size_t),
                          .record = list->record};
        if (!same_field(&field, a, b)) return 0;
    }
    size_t cells = a->n_matrix * a->n_matrix;
    return same_items(&ki_district_record, &a->district, &b->district) &&
           a->n_matrix == b->n_matrix && same_text(a->roads_hash, b->roads_hash) &&
           (!cells || (!memcmp(a->matrix_time_ms, b->matrix_time_ms, 4 * cells) &&
                       !memcmp(a->matrix_length_mm, b->matrix_length_mm, 4 * cells)));
}

/* ---- problems -------------------------------------------------------------------------------- */

static kerb_model *make_model(uint64_t seed, int n_each) {
    kerb_error err = {0};
    kerb_model *model;
    assert_int_equal(kerb_model_new(&model, NULL, &err), KERB_OK);
    if (case_fill_model(model, seed, n_each, &err) != KERB_OK) fail_msg("%s", err.message);
    return model;
}

static void a_problem_comes_back_as_it_went(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        kerb_error err = {0};
        uint8_t *bytes, *again;
        size_t n_bytes, n_again;
        kerb_model *back, *model = make_model(seed, (int)(seed % 7));
        assert_int_equal(kerb_model_pack(model, &bytes, &n_bytes, &err), KERB_OK);
        if (kerb_model_unpack(&back, NULL, bytes, n_bytes, &err) != KERB_OK)
            fail_msg("%s", err.message);
        assert_true(same_drafts(&model->draft, &back->draft));
        assert_int_equal(kerb_model_pack(back, &again, &n_again, &err), KERB_OK);
        assert_int_equal(n_bytes, n_again);
        assert_memory_equal(bytes, again, n_bytes);
        kerb_buffer_free(bytes);
        kerb_buffer_free(again);
        kerb_model_free(model);
        kerb_model_free(back);
    }
}

static void an_empty_problem_is_a_problem(void **state) {
    (void)state;
    kerb_error err = {0};
    uint8_t *bytes;
    size_t n_bytes;
    kerb_model *model, *back;
    assert_int_equal(kerb_model_new(&model, NULL, &err), KERB_OK);
    assert_int_equal(kerb_model_pack(model, &bytes, &n_bytes, &err), KERB_OK);
    assert_int_equal(kerb_model_unpack(&back, NULL, bytes, n_bytes, &err), KERB_OK);
    assert_null(back->draft.district.id);
    kerb_buffer_free(bytes);
    kerb_model_free(model);
    kerb_model_free(back);
}

static void the_hash_of_the_roads_travels_and_must_match(void **state) {
    (void)state;
    kerb_error err = {0};
    uint8_t *bytes;
    size_t n_bytes;
    kerb_model *model, *back;
    ki_graph graph = {0}, other = {0};
    memset(graph.hash, 'a', 64);
    memset(other.hash, 'b', 64);
    kerb_roads roads = {.graph = &graph}, other_roads = {.graph = &other};
    assert_int_equal(kerb_model_new(&model, &roads, &err), KERB_OK);
    assert_int_equal(kerb_model_pack(model, &bytes, &n_bytes, &err), KERB_OK);
    assert_int_equal(kerb_model_unpack(&back, &roads, bytes, n_bytes, &err), KERB_OK);
    assert_string_equal(back->draft.roads_hash, graph.hash);
    assert_ptr_equal(back->roads, &roads);
    kerb_model_free(back);
    assert_int_equal(kerb_model_unpack(&back, &other_roads, bytes, n_bytes, &err), KERB_BAD_INPUT);
    assert_null(back);
    assert_non_null(strstr(err.message, "aaaaaaaaaaaaaaaa..., expected bbbbbbbbbbbbbbbb"));
    assert_int_equal(kerb_model_unpack(&back, NULL, bytes, n_bytes, &err), KERB_BAD_CALL);
    assert_non_null(strstr(err.message, "no roads were given"));
    kerb_buffer_free(bytes);
    kerb_model_free(model);
}

static void explicit_matrices_need_no_roads(void **state) {
    (void)state;
    kerb_error err = {0};
    uint8_t *bytes;
    size_t n_bytes;
    ki_graph graph = {0};
    kerb_roads roads = {.graph = &graph};
    kerb_model *back, *model = make_model(1, 1);
    assert_non_null(model->draft.matrix_ids);
    assert_int_equal(kerb_model_pack(model, &bytes, &n_bytes, &err), KERB_OK);
    assert_int_equal(kerb_model_unpack(&back, &roads, bytes, n_bytes, &err), KERB_OK);
    assert_null(back->roads);
    kerb_buffer_free(bytes);
    kerb_model_free(model);
    kerb_model_free(back);
}

/* ---- plans ----------------------------------------------------------------------------------- */

static void a_plan_comes_back_as_it_went(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        kerb_error err = {0};
        uint8_t *bytes, *again;
        size_t n_bytes, n_again;
        kerb_plan *back, *plan = case_plan(seed, (int32_t)(seed % 5));
        if (kerb_plan_pack(plan, &bytes, &n_bytes, &err) != KERB_OK) fail_msg("%s", err.message);
        if (kerb_plan_unpack(&back, bytes, n_bytes, &err) != KERB_OK) fail_msg("%s", err.message);
        assert_true(same_items(&ki_plan_record, plan, back));
        assert_int_equal(kerb_plan_pack(back, &again, &n_again, &err), KERB_OK);
        assert_int_equal(n_bytes, n_again);
        assert_memory_equal(bytes, again, n_bytes);
        kerb_buffer_free(bytes);
        kerb_buffer_free(again);
        kerb_plan_free(plan);
        kerb_plan_free(back);
    }
}

static void a_forecast_of_nothing_is_not_an_unknown_one(void **state) {
    (void)state;
    kerb_error err = {0};
    uint8_t *bytes;
    size_t n_bytes;
    kerb_plan *back, *plan = case_plan(3, 2);
    plan->decisions[0].fill_ratio = 0;
    plan->decisions[1].fill_ratio = NAN;
    plan->decisions[0].newest_report_s = 0;
    plan->decisions[1].newest_report_s = KERB_NO_TIME;
    assert_int_equal(kerb_plan_pack(plan, &bytes, &n_bytes, &err), KERB_OK);
    assert_int_equal(kerb_plan_unpack(&back, bytes, n_bytes, &err), KERB_OK);
    assert_true(back->decisions[0].fill_ratio == 0);
    assert_true(isnan(back->decisions[1].fill_ratio));
    assert_int_equal(back->decisions[0].newest_report_s, 0);
    assert_true(back->decisions[1].newest_report_s == KERB_NO_TIME);
    kerb_buffer_free(bytes);
    kerb_plan_free(plan);
    kerb_plan_free(back);
}

static void a_street_name_that_is_not_text_does_not_cost_the_plan(void **state) {
    (void)state;
    kerb_error err = {0};
    uint8_t *bytes;
    size_t n_bytes;
    ki_plan_run runs[] = {{.way_id = 7, .name = "caf\xe9"}, {.way_id = 8, .name = "Järntorget"}};
    ki_plan_stop stop = {.kind = KI_STOP_END, .leg = {.runs = runs, .n_runs = 2}};
    ki_plan_route route = {.stops = &stop, .n_stops = 1};
    kerb_plan *back, plan = {.routes = &route, .n_routes = 1};
    assert_int_equal(kerb_plan_pack(&plan, &bytes, &n_bytes, &err), KERB_OK);
    assert_int_equal(kerb_plan_unpack(&back, bytes, n_bytes, &err), KERB_OK);
    assert_string_equal(back->routes[0].stops[0].leg.runs[0].name, "");
    assert_string_equal(back->routes[0].stops[0].leg.runs[1].name, "Järntorget");
    kerb_buffer_free(bytes);
    kerb_plan_free(back);
}

static void the_id_of_a_plan_does_not_depend_on_itself(void **state) {
    (void)state;
    kerb_error err = {0};
    char before[65], after[65], changed[65];
    kerb_plan *plan = case_plan(9, 3);
    assert_int_equal(ki_plan_hash(before, plan, &err), KERB_OK);
    assert_int_equal(ki_plan_identify(plan, &err), KERB_OK);
    assert_int_equal(strlen(plan->id), 16);
    assert_memory_equal(plan->id, before, 16);
    assert_int_equal(ki_plan_hash(after, plan, &err), KERB_OK);
    assert_string_equal(before, after);
    plan->cost_nano++;
    assert_int_equal(ki_plan_hash(changed, plan, &err), KERB_OK);
    assert_string_not_equal(before, changed);
    kerb_plan_free(plan);
}

static void a_written_plan_is_read_again(void **state) {
    (void)state;
    kerb_error err = {0};
    char path[64];
    snprintf(path, sizeof path, "/tmp/kerbside-test-%p.pb", (void *)&err);
    kerb_plan *back, *plan = case_plan(4, 3);
    assert_int_equal(kerb_plan_write(plan, path, &err), KERB_OK);
    assert_int_equal(kerb_plan_read(&back, path, &err), KERB_OK);
    assert_true(same_items(&ki_plan_record, plan, back));
    remove(path);
    kerb_plan_free(plan);
    kerb_plan_free(back);
    assert_int_not_equal(kerb_plan_read(&back, path, &err), KERB_OK);
    assert_null(back);
}

static void totals_add_up_routes_and_decisions(void **state) {
    (void)state;
    ki_plan_stop stops[] = {{.kind = KI_STOP_START},
                            {.kind = KI_STOP_SERVE},
                            {.kind = KI_STOP_TIP},
                            {.kind = KI_STOP_END}};
    ki_plan_route routes[] = {
        {.stops = stops, .n_stops = 4, .length_mm = 2500000, .spell_end_ms = 3600000},
        {.length_mm = 500000, .spell_start_ms = 1800000, .spell_end_ms = 3600000}};
    ki_plan_decision decisions[] = {{.id = "C1", .choice = KI_MUST, .served = 1},
                                    {.id = "C2", .choice = KI_MUST, .text = "no truck is free"},
                                    {.id = "C3", .choice = KI_MAY, .reason = "not_worth_it"}};
    kerb_plan plan = {.routes = routes,
                      .n_routes = 2,
                      .decisions = decisions,
                      .n_decisions = 3,
                      .cost_nano = 200000000000,
                      .bound_nano = 150000000000};
    kerb_plan_totals totals;
    kerb_plan_get_totals(&plan, &totals);
    assert_true(totals.cost == 200 && totals.bound == 150 && totals.gap_percent == 25);
    assert_true(totals.length_km == 3 && totals.work_h == 1.5);
    assert_int_equal(totals.n_stops, 2);
    assert_int_equal(totals.n_served, 1);
    assert_int_equal(totals.n_unserved_must, 1);
    assert_string_equal(kerb_plan_why(&plan, "C2"), "no truck is free");
    assert_string_equal(kerb_plan_why(&plan, "C3"), "not_worth_it");
    assert_null(kerb_plan_why(&plan, "C4"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_problem_comes_back_as_it_went),
        cmocka_unit_test(an_empty_problem_is_a_problem),
        cmocka_unit_test(the_hash_of_the_roads_travels_and_must_match),
        cmocka_unit_test(explicit_matrices_need_no_roads),
        cmocka_unit_test(a_plan_comes_back_as_it_went),
        cmocka_unit_test(a_forecast_of_nothing_is_not_an_unknown_one),
        cmocka_unit_test(a_street_name_that_is_not_text_does_not_cost_the_plan),
        cmocka_unit_test(the_id_of_a_plan_does_not_depend_on_itself),
        cmocka_unit_test(a_written_plan_is_read_again),
        cmocka_unit_test(totals_add_up_routes_and_decisions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
