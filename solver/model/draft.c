/* SPDX-License-Identifier: GPL-3.0-or-later
 * draft.c - the model before it is sealed: deep copies of what callers hand in. One generic append
 * serves every list; draft_fields.c says what each struct holds. A batch is added whole or not at
 * all. */
#include "model/draft.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/text.h"
#include "model/model.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const char *kerb_stream_name(kerb_stream stream) {
    static const char *const names[KERB_N_STREAMS] = {
        [KERB_STREAM_UNSPECIFIED] = "unspecified",
        [KERB_STREAM_RESIDUAL] = "residual",
        [KERB_STREAM_FOOD] = "food",
        [KERB_STREAM_RECYCLABLE] = "recyclable",
        [KERB_STREAM_HAZARDOUS] = "hazardous",
        [KERB_STREAM_CONSTRUCTION] = "construction",
        [KERB_STREAM_SWEEPINGS] = "sweepings",
    };
    return (unsigned)stream < KERB_N_STREAMS ? names[stream] : "unknown";
}

/* ---- lists ----------------------------------------------------------------------------------- */

static size_t *count_of(ki_draft *draft, const ki_draft_list *list) {
    return (size_t *)(void *)((char *)draft + list->count);
}

static char *items_of(const ki_draft *draft, const ki_draft_list *list) {
    char *items;
    memcpy(&items, (const char *)draft + list->items, sizeof items);
    return items;
}

static int make_room(ki_draft *draft, const ki_draft_list *list, size_t n) {
    size_t needed, *capacity = (size_t *)(void *)((char *)draft + list->capacity);
    if (__builtin_add_overflow(*count_of(draft, list), n, &needed)) return -1;
    return ki_grow((char *)draft + list->items, capacity, needed, list->record->size);
}

void *ki_draft_slot(ki_draft *draft, ki_draft_list_id id) {
    const ki_draft_list *list = &ki_draft_lists[id];
    if (make_room(draft, list, 1)) return NULL;
    char *slot = items_of(draft, list) + *count_of(draft, list) * list->record->size;
    return memset(slot, 0, list->record->size);
}

void ki_draft_count(ki_draft *draft, ki_draft_list_id id) {
    ++*count_of(draft, &ki_draft_lists[id]);
}

/* Nearly no report has labels; those of all others cost no look at the arena. */
kerb_status ki_draft_add_report(ki_draft *draft, const kerb_report *report, kerb_error *err) {
    const ki_record *record = ki_draft_lists[KI_DRAFT_REPORTS].record;
    kerb_report copy = *report;
    if (copy.n_labels) KI_TRY(ki_record_copy(record, &copy, report, &draft->arena, err));
    return ki_report_list_add(&draft->reports, &copy) ? ki_fail_no_memory(err, record->name)
                                                      : KERB_OK;
}

static kerb_status append_report(ki_draft *draft, const kerb_report *report, const ki_where *where,
                                 kerb_error *err) {
    const ki_record *record = ki_draft_lists[KI_DRAFT_REPORTS].record;
    kerb_report copy = *report;
    KI_TRY(ki_record_check(record, report, where, err));
    KI_TRY(ki_record_finish(record, &copy, where, err));
    return ki_draft_add_report(draft, &copy, err);
}

static kerb_status append_reports(ki_draft *draft, const kerb_report *reports, size_t n,
                                  kerb_error *err) {
    ki_report_mark before = ki_report_list_mark(&draft->reports);
    kerb_status status = KERB_OK;
    for (size_t k = 0; status == KERB_OK && k < n; k++) {
        ki_where where = {NULL, "reports", (long long)k, reports[k].container_id};
        status = append_report(draft, &reports[k], &where, err);
    }
    if (status != KERB_OK) ki_report_list_rewind(&draft->reports, before);
    return status;
}

kerb_status ki_draft_append(ki_draft *draft, ki_draft_list_id id, const void *items, size_t n,
                            kerb_error *err) {
    const ki_draft_list *list = &ki_draft_lists[id];
    const ki_record *record = list->record;
    if (n == 0) return KERB_OK;
    if (!items) return ki_fail(err, KERB_BAD_CALL, "%s: NULL with %zu items", record->name, n);
    if (n > KI_MAX_LIST)
        return ki_fail(err, KERB_BAD_CALL, "%s: %zu items, expected at most %d", record->name, n,
                       (int)KI_MAX_LIST);
    if (id == KI_DRAFT_REPORTS) return append_reports(draft, items, n, err);
    if (make_room(draft, list, n)) return ki_fail_no_memory(err, record->name);
    char *slot = items_of(draft, list) + *count_of(draft, list) * record->size;
    const char *item = items;
    for (size_t k = 0; k < n; k++, slot += record->size, item += record->size) {
        ki_where where = {NULL, record->name, (long long)k, ki_record_id(record, item)};
        KI_TRY(ki_record_check(record, item, &where, err));
        KI_TRY(ki_record_copy(record, slot, item, &draft->arena, err));
        KI_TRY(ki_record_finish(record, slot, &where, err));
    }
    *count_of(draft, list) += n;
    return KERB_OK;
}

void ki_draft_free(ki_draft *draft) {
    for (int id = 0; id < KI_N_DRAFT_LISTS; id++)
        if (id != KI_DRAFT_REPORTS) ki_free(items_of(draft, &ki_draft_lists[id]));
    ki_report_list_free(&draft->reports);
    ki_arena_free(&draft->arena);
    *draft = (ki_draft){0};
}

/* ---- starting loads, matrix ------------------------------------------------------------------ */

kerb_status ki_draft_copy_loads(const double **out, const char *field, const double *loads,
                                size_t n, ki_arena *arena, const ki_where *where, kerb_error *err) {
    int any = 0;
    *out = NULL;
    if (n > KI_MAX_COMPARTMENTS)
        return ki_where_fail(where, field, err, "%zu entries, expected at most %d", n,
                             (int)KI_MAX_COMPARTMENTS);
    for (size_t k = 0; k < n; k++) {
        if (!(loads[k] >= 0 && loads[k] <= 1e7))
            return ki_where_fail(where, field, err, "%g in compartment %zu, expected 0 to 1e7",
                                 loads[k], k);
        any |= loads[k] > 0;
    }
    if (!any) return KERB_OK;
    double *copy = ki_arena_alloc(arena, KI_MAX_COMPARTMENTS, sizeof *copy);
    if (!copy) return ki_fail_no_memory(err, field);
    memcpy(copy, loads, n * sizeof *copy);
    *out = copy;
    return KERB_OK;
}

/* The array's length is the vehicle's number of compartments, so the vehicle comes first. */
static kerb_status settle_loads(ki_draft *draft, kerb_shift *shift, const ki_where *where,
                                kerb_error *err) {
    const double *kg = shift->starting_load_kg, *l = shift->starting_load_l;
    if (!kg && !l) return KERB_OK;
    for (size_t k = 0; k < draft->n_vehicles; k++) {
        size_t n = draft->vehicles[k].n_compartments;
        if (strcmp(draft->vehicles[k].id, shift->vehicle_id) != 0) continue;
        if (kg)
            KI_TRY(ki_draft_copy_loads(&shift->starting_load_kg, "starting_load_kg", kg, n,
                                       &draft->arena, where, err));
        return l ? ki_draft_copy_loads(&shift->starting_load_l, "starting_load_l", l, n,
                                       &draft->arena, where, err)
                 : KERB_OK;
    }
    return ki_fail(
        err, KERB_BAD_CALL,
        "shift %s: starting_load_kg before vehicle %s was added, expected vehicles first",
        shift->id, shift->vehicle_id);
}

static kerb_status check_cells(const int32_t *cells, size_t n, const char *name,
                               const ki_where *where, kerb_error *err) {
    for (size_t cell = 0; cell < n * n; cell++)
        if (cells[cell] < 0)
            return ki_where_fail(where, name, err,
                                 "%d in row %zu, column %zu, expected 0 to 2147483647",
                                 (int)cells[cell], cell / n, cell % n);
    return KERB_OK;
}

static kerb_status copy_place_ids(ki_draft *draft, const char *const *place_ids, size_t n,
                                  const ki_where *where, kerb_error *err) {
    for (size_t k = 0; k < n; k++) {
        if (!place_ids[k] || !*place_ids[k] || !ki_is_utf8(place_ids[k]))
            return ki_where_fail(where, "place_ids", err, "entry %zu, expected an id in UTF-8", k);
        draft->matrix_ids[k] = ki_arena_strdup(&draft->arena, place_ids[k]);
        if (!draft->matrix_ids[k]) return ki_fail_no_memory(err, "matrix");
    }
    return KERB_OK;
}

kerb_status ki_draft_set_matrix(ki_draft *draft, const char *const *place_ids, size_t n,
                                const int32_t *time_ms, const int32_t *length_mm,
                                const ki_where *where, kerb_error *err) {
    KI_TRY(check_cells(time_ms, n, "time_ms", where, err));
    KI_TRY(check_cells(length_mm, n, "length_mm", where, err));
    draft->matrix_ids = ki_arena_alloc(&draft->arena, n, sizeof *draft->matrix_ids);
    int32_t *times = ki_arena_copy(&draft->arena, time_ms, n * n, sizeof *times);
    int32_t *lengths = ki_arena_copy(&draft->arena, length_mm, n * n, sizeof *lengths);
    kerb_status status = KERB_OK;
    if (!draft->matrix_ids || !times || !lengths) status = ki_fail_no_memory(err, "matrix");
    if (status == KERB_OK) status = copy_place_ids(draft, place_ids, n, where, err);
    if (status != KERB_OK) {
        draft->matrix_ids = NULL;
        return status;
    }
    draft->matrix_time_ms = times;
    draft->matrix_length_mm = lengths;
    draft->n_matrix = n;
    return KERB_OK;
}

/* ---- the public calls ------------------------------------------------------------------------ */

kerb_status kerb_model_new(kerb_model **out, const kerb_roads *roads, kerb_error *err) {
    if (!out) return ki_fail(err, KERB_BAD_CALL, "kerb_model_new: out is NULL");
    *out = ki_alloc_zero(1, sizeof **out);
    if (!*out) return ki_fail_no_memory(err, "model");
    (*out)->roads = roads;
    if (roads && roads->graph)
        snprintf((*out)->draft.roads_hash, sizeof(*out)->draft.roads_hash, "%s",
                 roads->graph->hash);
    return KERB_OK;
}

void kerb_model_free(kerb_model *model) {
    if (!model) return;
    if (model->sealed) ki_model_free(model->sealed);
    ki_draft_free(&model->draft);
    ki_free(model);
}

static kerb_status need_open(const kerb_model *model, const char *what, kerb_error *err) {
    if (!model) return ki_fail(err, KERB_BAD_CALL, "%s: model is NULL", what);
    if (model->sealed) return ki_fail(err, KERB_BAD_CALL, "%s: the model is sealed", what);
    return KERB_OK;
}

kerb_status kerb_model_set_district(kerb_model *model, const kerb_district *district,
                                    kerb_error *err) {
    kerb_district copy;
    KI_TRY(need_open(model, "district", err));
    if (!district) return ki_fail(err, KERB_BAD_CALL, "district: NULL");
    ki_where where = {NULL, "district", -1, district->id};
    KI_TRY(ki_record_check(&ki_district_record, district, &where, err));
    KI_TRY(ki_record_copy(&ki_district_record, &copy, district, &model->draft.arena, err));
    KI_TRY(ki_record_finish(&ki_district_record, &copy, &where, err));
    model->draft.district = copy;
    return KERB_OK;
}

static kerb_status add(kerb_model *model, ki_draft_list_id id, const void *items, size_t n,
                       kerb_error *err) {
    KI_TRY(need_open(model, ki_draft_lists[id].record->name, err));
    return ki_draft_append(&model->draft, id, items, n, err);
}

kerb_status kerb_model_add_sites(kerb_model *model, const kerb_site *sites, size_t n,
                                 kerb_error *err) {
    return add(model, KI_DRAFT_SITES, sites, n, err);
}

kerb_status kerb_model_add_containers(kerb_model *model, const kerb_container *containers, size_t n,
                                      kerb_error *err) {
    return add(model, KI_DRAFT_CONTAINERS, containers, n, err);
}

kerb_status kerb_model_add_reports(kerb_model *model, const kerb_report *reports, size_t n,
                                   kerb_error *err) {
    return add(model, KI_DRAFT_REPORTS, reports, n, err);
}

kerb_status kerb_model_add_streets(kerb_model *model, const kerb_street *streets, size_t n,
                                   kerb_error *err) {
    return add(model, KI_DRAFT_STREETS, streets, n, err);
}

kerb_status kerb_model_add_vehicles(kerb_model *model, const kerb_vehicle *vehicles, size_t n,
                                    kerb_error *err) {
    return add(model, KI_DRAFT_VEHICLES, vehicles, n, err);
}

kerb_status kerb_model_add_shifts(kerb_model *model, const kerb_shift *shifts, size_t n,
                                  kerb_error *err) {
    size_t before = model ? model->draft.n_shifts : 0;
    KI_TRY(add(model, KI_DRAFT_SHIFTS, shifts, n, err));
    for (size_t k = before; k < model->draft.n_shifts; k++) {
        kerb_shift *shift = &model->draft.shifts[k];
        ki_where where = {NULL, "shifts", (long long)(k - before), shift->id};
        kerb_status status = settle_loads(&model->draft, shift, &where, err);
        if (status != KERB_OK) {
            model->draft.n_shifts = before;
            return status;
        }
    }
    return KERB_OK;
}

kerb_status kerb_model_add_depots(kerb_model *model, const kerb_depot *depots, size_t n,
                                  kerb_error *err) {
    return add(model, KI_DRAFT_DEPOTS, depots, n, err);
}

kerb_status kerb_model_add_facilities(kerb_model *model, const kerb_facility *facilities, size_t n,
                                      kerb_error *err) {
    return add(model, KI_DRAFT_FACILITIES, facilities, n, err);
}

kerb_status kerb_model_add_bans(kerb_model *model, const kerb_ban *bans, size_t n,
                                kerb_error *err) {
    return add(model, KI_DRAFT_BANS, bans, n, err);
}

kerb_status kerb_model_add_earlier_plans(kerb_model *model, const kerb_earlier_plan *plans,
                                         size_t n, kerb_error *err) {
    return add(model, KI_DRAFT_EARLIER_PLANS, plans, n, err);
}

kerb_status kerb_model_add_familiar_plans(kerb_model *model, const kerb_earlier_plan *plans,
                                          size_t n, kerb_error *err) {
    return add(model, KI_DRAFT_FAMILIAR_PLANS, plans, n, err);
}

kerb_status kerb_model_add_attendants(kerb_model *model, const kerb_attendants *attendants,
                                      size_t n, kerb_error *err) {
    return add(model, KI_DRAFT_ATTENDANTS, attendants, n, err);
}

kerb_status kerb_model_add_sequences(kerb_model *model, const kerb_sequence *sequences, size_t n,
                                     kerb_error *err) {
    return add(model, KI_DRAFT_SEQUENCES, sequences, n, err);
}

kerb_status kerb_model_add_closures(kerb_model *model, const kerb_closure *closures, size_t n,
                                    kerb_error *err) {
    return add(model, KI_DRAFT_CLOSURES, closures, n, err);
}

kerb_status kerb_model_set_out(kerb_model *model, const char *id, kerb_error *err) {
    size_t n_found = 0;
    KI_TRY(need_open(model, "availability", err));
    for (size_t k = 0; id && k < model->draft.n_vehicles; k++)
        if (strcmp(model->draft.vehicles[k].id, id) == 0)
            n_found++, model->draft.vehicles[k].available = 0;
    for (size_t k = 0; id && k < model->draft.n_shifts; k++)
        if (strcmp(model->draft.shifts[k].id, id) == 0)
            n_found++, model->draft.shifts[k].available = 0;
    if (n_found) return KERB_OK;
    return ki_fail(err, KERB_BAD_INPUT,
                   "kerb_model_set_out, id: %.100s, expected that of a vehicle or a shift",
                   id ? id : "NULL");
}

kerb_status kerb_model_add_note(kerb_model *model, const char *kind, const char *text,
                                kerb_error *err) {
    ki_note note = {kind, text};
    return add(model, KI_DRAFT_NOTES, &note, 1, err);
}

const char *kerb_model_note(const kerb_model *model, size_t index, const char **kind) {
    const ki_note *note = index < model->draft.n_notes ? &model->draft.notes[index] : NULL;
    if (kind) *kind = note ? note->kind : NULL;
    return note ? note->text : NULL;
}

kerb_status kerb_model_set_matrix(kerb_model *model, const char *const *place_ids, size_t n,
                                  const int32_t *time_ms, const int32_t *length_mm,
                                  kerb_error *err) {
    enum { MOST_PLACES = 30000 };
    KI_TRY(need_open(model, "matrix", err));
    if (model->roads) return ki_fail(err, KERB_BAD_CALL, "matrix: the model travels on roads");
    if (model->draft.matrix_ids) return ki_fail(err, KERB_BAD_CALL, "matrix: already set");
    if (!place_ids || !time_ms || !length_mm) return ki_fail(err, KERB_BAD_CALL, "matrix: NULL");
    if (n == 0 || n > MOST_PLACES)
        return ki_fail(err, KERB_BAD_CALL, "matrix: %zu places, expected 1 to %d", n, MOST_PLACES);
    ki_where where = {NULL, "matrix", -1, NULL};
    return ki_draft_set_matrix(&model->draft, place_ids, n, time_ms, length_mm, &where, err);
}

ki_out ki_draft_out(const kerb_district *district, const kerb_shift *shift) {
    ki_wall_clock clock = {district->utc_offset_s, district->utc_offset_s, INT64_MAX};
    if (district->clock_change_s != 0) {
        clock.after_s = district->utc_offset_after_s;
        clock.change_s = district->clock_change_s;
    }
    ki_out out = ki_out_between(shift->start_s, shift->end_s, &clock, NULL, 0);
    for (size_t at = 0; at < district->n_holidays; at++)
        out.holidays |=
            ki_out_between(shift->start_s, shift->end_s, &clock, &district->holidays[at].day, 1)
                .holidays;
    return out;
}
