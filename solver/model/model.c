/* SPDX-License-Identifier: GPL-3.0-or-later
 * Sealing: from a draft in people's units to a model in integers that never changes again. One
 * page; each step is a file beside this one. Scratch memory lives in one arena, growing arrays on
 * the heap until they are copied into the model's arena at their final size. */
#include "model/model.h"

#include "base/alloc.h"
#include "base/error.h"
#include "model/seal.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int32_t ki_seal_ms(double seconds) {
    return (int32_t)llround(seconds * 1000);
}

int64_t ki_seal_milli(double units) {
    return llround(units * 1000);
}

int64_t ki_seal_nano(double price) {
    return llround(price * 1e9);
}

const char *ki_seal_text(ki_seal *seal, const char *format, ...) {
    char line[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    return ki_arena_strdup(&seal->model->arena, line);
}

kerb_status ki_seal_note(ki_seal *seal, const char *kind, const char *text) {
    if (!text ||
        ki_grow(&seal->notes, &seal->notes_capacity, seal->n_notes + 1, sizeof *seal->notes) != 0)
        return ki_fail_no_memory(seal->err, "notes");
    seal->notes[seal->n_notes++] = (ki_note){.kind = kind, .text = text};
    return KERB_OK;
}

/* ---- windows --------------------------------------------------------------------------------- */

static int compare_spans(const void *left, const void *right) {
    const ki_span *a = left, *b = right;
    if (a->open_ms != b->open_ms) return a->open_ms < b->open_ms ? -1 : 1;
    return (a->close_ms > b->close_ms) - (a->close_ms < b->close_ms);
}

static size_t join_spans(ki_span *spans, size_t n) {
    size_t n_joined = 0;
    qsort(spans, n, sizeof *spans, compare_spans);
    for (size_t at = 0; at < n; at++) {
        ki_span *last = n_joined ? &spans[n_joined - 1] : NULL;
        if (!last || spans[at].open_ms > last->close_ms)
            spans[n_joined++] = spans[at];
        else if (spans[at].close_ms > last->close_ms)
            last->close_ms = spans[at].close_ms;
    }
    return n_joined;
}

kerb_status ki_seal_spans(ki_seal *seal, const kerb_window *windows, size_t n_windows,
                          ki_span **spans, size_t *n) {
    int64_t night_s = seal->model->night_start_s, horizon_s = seal->model->horizon_ms / 1000;
    *n = 0;
    *spans = ki_arena_alloc(&seal->scratch, n_windows + 1, sizeof **spans);
    if (!*spans) return ki_fail_no_memory(seal->err, "windows");
    if (n_windows == 0) (*spans)[(*n)++] = (ki_span){0, seal->model->horizon_ms};
    for (size_t window = 0; window < n_windows; window++) {
        int64_t start_s = windows[window].start_s - night_s,
                end_s = windows[window].end_s - night_s;
        if (start_s < 0) start_s = 0;
        if (end_s > horizon_s) end_s = horizon_s;
        if (end_s < start_s) continue;
        (*spans)[(*n)++] = (ki_span){(int32_t)(start_s * 1000), (int32_t)(end_s * 1000)};
    }
    *n = join_spans(*spans, *n);
    return KERB_OK;
}

/* ---- the whole ------------------------------------------------------------------------------- */

static kerb_status validate(ki_seal *seal) {
    ki_faults faults = {0};
    KI_TRY(ki_draft_ids_build(&seal->ids, &seal->scratch, seal->draft, seal->err));
    ki_draft_validate(seal->draft, &seal->ids, &faults);
    kerb_status status = ki_faults_status(&faults, seal->err);
    ki_text_free(&faults.text);
    return status;
}

static kerb_status check_roads(const ki_seal *seal) {
    const ki_draft *draft = seal->draft;
    if (!draft->matrix_ids && !seal->graph)
        return ki_fail(seal->err, KERB_BAD_CALL,
                       "seal: neither roads nor a matrix, expected one of them");
    if (draft->matrix_ids && seal->graph)
        return ki_fail(seal->err, KERB_BAD_CALL, "seal: roads and a matrix, expected one of them");
    if (seal->graph && draft->roads_hash[0] && strcmp(draft->roads_hash, seal->graph->hash) != 0)
        return ki_fail(seal->err, KERB_BAD_INPUT, "problem, field roads: hash %s, expected %s",
                       draft->roads_hash, seal->graph->hash);
    return KERB_OK;
}

/* Explicit travel may be of any length, and five minutes is the shortest time between two loads. */
static double dearest_hauls(const ki_seal *seal) {
    const ki_model *model = seal->model;
    double total = 0, mass_g = 0, fee = 0;
    for (int32_t at = 0; at < model->n_hauls; at++) {
        const ki_haul_type *haul = &model->hauls[at];
        double n_loads = model->horizon_ms / 300e3 + 1;
        double paid = (double)(haul->nano_per_ms + haul->overtime_nano_per_ms) * model->horizon_ms;
        total += haul->n_shifts *
                 ((double)haul->used_nano + paid + (double)haul->nano_per_mm * 4.4e9 * n_loads);
        mass_g += haul->n_shifts * n_loads * (double)haul->payload_g;
    }
    for (size_t at = 0; at < seal->draft->n_facilities; at++)
        for (size_t gate = 0; gate < seal->draft->facilities[at].n_gates; gate++)
            fee = fmax(fee, fabs(seal->draft->facilities[at].gates[gate].fee_per_tonne) * 1e3);
    return total + fee * mass_g;
}

/* The dearest night conceivable must fit into an int64 with room for penalties. */
static kerb_status check_sums(const ki_seal *seal) {
    const ki_model *model = seal->model;
    double total = 0, mass_g = 0, stops = 0;
    for (int32_t task = 0; task < model->n_tasks; task++) {
        total += (double)model->tasks[task].prize_nano + (double)model->change_nano +
                 (double)model->unfamiliar_nano + (double)model->tasks[task].compact_nano;
        mass_g += (double)model->tasks[task].mass_g;
        stops += 1;
    }
    for (int32_t at = 0; at < model->n_types; at++) {
        const ki_type *type = &model->types[at];
        double fee = 0, length_mm = fmin(4e9, 2.2e9 * (stops + 2));
        for (int32_t tip = type->first_tip; tip < type->first_tip + type->n_tips; tip++)
            for (int dim = 0; dim < type->n_dims; dim++)
                fee = fmax(fee, fabs((double)model->tips[tip].fee_nano_per_g[dim]));
        total += type->n_shifts *
                 ((double)type->used_nano + (double)type->nano_per_mm * length_mm +
                  (double)(type->nano_per_ms + type->overtime_nano_per_ms) * model->horizon_ms +
                  (double)type->balance_nano_per_s2 * 1e-6 * model->horizon_ms * model->horizon_ms);
        total += fee * mass_g;
    }
    total += dearest_hauls(seal);
    if (total < 2e18) return KERB_OK;
    return ki_fail(seal->err, KERB_BAD_INPUT,
                   "district %s, prices: up to %.3g in all, expected below 2e+09 (another unit of "
                   "currency?)",
                   seal->draft->district.id, total / 1e9);
}

static kerb_status seal_steps(ki_seal *seal) {
    KI_TRY(check_roads(seal));
    KI_TRY(validate(seal));
    const kerb_district *district = &seal->draft->district;
    seal->model->night_start_s = district->night_start_s;
    seal->model->horizon_ms = (int32_t)((district->night_end_s - district->night_start_s) * 1000);
    KI_TRY(ki_seal_demand(seal));
    ki_seal_loads(seal);
    KI_TRY(ki_seal_fleet(seal));
    KI_TRY(ki_seal_travels(seal));
    KI_TRY(ki_seal_places(seal));
    KI_TRY(ki_seal_containers(seal));
    KI_TRY(ki_seal_streets(seal));
    KI_TRY(ki_seal_matrices(seal));
    KI_TRY(ki_seal_hauls(seal));
    KI_TRY(ki_seal_tips(seal));
    KI_TRY(ki_seal_types(seal));
    KI_TRY(ki_seal_tasks(seal));
    KI_TRY(ki_seal_sequences(seal));
    KI_TRY(ki_seal_changes(seal));
    ki_seal_familiar(seal);
    KI_TRY(ki_seal_compactness(seal));
    KI_TRY(ki_seal_shared(seal));
    KI_TRY(ki_seal_notes(seal));
    return check_sums(seal);
}

static void free_seal(ki_seal *seal) {
    size_t n_facilities = seal->draft->n_facilities;
    for (int group = 0; group < KI_N_GROUPS; group++) {
        for (size_t at = 0; seal->facilities[group] && at < n_facilities; at++)
            ki_free(seal->facilities[group][at].items);
        ki_free(seal->points[group].places);
        ki_free(seal->points[group].slots);
    }
    ki_free(seal->access.items);
    ki_free(seal->seeds);
    ki_free(seal->tasks);
    ki_free(seal->modes);
    ki_free(seal->mode_travels);
    ki_free(seal->mode_hands);
    ki_free(seal->tips);
    ki_free(seal->notes);
    ki_snap_index_free(seal->snap);
    ki_arena_free(&seal->scratch);
}

static kerb_status hand_over_notes(ki_seal *seal, struct ki_note **notes, size_t *n_notes) {
    if (!notes) return KERB_OK;
    *notes = ki_arena_copy(&seal->model->arena, seal->notes, seal->n_notes, sizeof **notes);
    if (!*notes) return ki_fail_no_memory(seal->err, "notes");
    *n_notes = seal->n_notes;
    return KERB_OK;
}

kerb_status ki_model_seal(ki_model **out, const ki_draft *draft, const kerb_roads *roads,
                          const kerb_options *options, struct ki_note **notes, size_t *n_notes,
                          kerb_error *err) {
    *out = NULL;
    if (notes) *notes = NULL;
    if (n_notes) *n_notes = 0;
    ki_model *model = ki_alloc_zero(1, sizeof *model);
    if (!model) return ki_fail_no_memory(err, "model");
    ki_seal seal = {.model = model,
                    .least_room = 1,
                    .draft = draft,
                    .graph = roads ? roads->graph : NULL,
                    .threads = options && options->threads > 1 ? options->threads : 1,
                    .err = err};
    model->graph = seal.graph;
    kerb_status status = seal_steps(&seal);
    if (status == KERB_OK) status = hand_over_notes(&seal, notes, n_notes);
    free_seal(&seal);
    if (status == KERB_OK)
        *out = model;
    else
        ki_model_free(model);
    return status;
}

void ki_model_free(ki_model *model) {
    if (!model) return;
    for (int32_t travel = 0; travel < model->n_travels; travel++)
        ki_profile_free(model->travels[travel].profile);
    ki_arena_free(&model->arena);
    ki_free(model);
}
