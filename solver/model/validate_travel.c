/* SPDX-License-Identifier: GPL-3.0-or-later
 * Explicit travel (every place known, every cell a time and a length) and closures. */
#include "model/model.h"
#include "model/validate.h"

#include <stdio.h>

static const int32_t MAX_TIME_MS = 500000000, MAX_LENGTH_MM = 2000000000;

static void validate_cells(const ki_draft *draft, ki_faults *faults) {
    size_t n = draft->n_matrix;
    for (size_t cell = 0; cell < n * n; cell++) {
        int32_t time_ms = draft->matrix_time_ms[cell], length_mm = draft->matrix_length_mm[cell];
        int never = time_ms == KI_NEVER && length_mm == KI_NEVER;
        int sound =
            time_ms >= 0 && time_ms <= MAX_TIME_MS && length_mm >= 0 && length_mm <= MAX_LENGTH_MM;
        if (never || sound) continue;
        ki_fault(faults,
                 "matrix, cell %s to %s: %d ms and %d mm, expected 0 to %d ms and 0 to %d mm, or "
                 "both %d (no way)",
                 draft->matrix_ids[cell / n], draft->matrix_ids[cell % n], (int)time_ms,
                 (int)length_mm, (int)MAX_TIME_MS, (int)MAX_LENGTH_MM, (int)KI_NEVER);
        return; /* one such cell is a fault of the whole matrix */
    }
}

static void need_place(const ki_draft_ids *ids, const char *kind, const char *id,
                       const char *suffix, ki_faults *faults) {
    char place[512];
    if (!id) return;
    int length = snprintf(place, sizeof place, "%s%s", id, suffix);
    if (length >= (int)sizeof place || ki_ids_find(&ids->places, place) < 0)
        ki_fault(faults, "%s %s, field id: no place %s in the matrix, expected one", kind, id,
                 place);
}

static void validate_matrix(const ki_draft *draft, const ki_draft_ids *ids, ki_faults *faults) {
    size_t n_before = faults->n;
    if (draft->n_matrix == 0 || draft->n_matrix > 30000) {
        ki_fault(faults, "matrix, number of places: %zu, expected 1 to 30000", draft->n_matrix);
        return;
    }
    ki_validate_ids(faults, &ids->places, "matrix place", (const char *const *)draft->matrix_ids,
                    draft->n_matrix, sizeof *draft->matrix_ids);
    if (!draft->matrix_time_ms || !draft->matrix_length_mm)
        ki_fault(faults, "matrix, field time_ms: none, expected times and lengths");
    if (faults->n == n_before) validate_cells(draft, faults);
    for (size_t site = 0; site < draft->n_sites; site++)
        need_place(ids, "site", draft->sites[site].id, "", faults);
    for (size_t depot = 0; depot < draft->n_depots; depot++)
        need_place(ids, "depot", draft->depots[depot].id, "", faults);
    for (size_t facility = 0; facility < draft->n_facilities; facility++)
        need_place(ids, "facility", draft->facilities[facility].id, "", faults);
    for (size_t street = 0; street < draft->n_streets; street++) {
        need_place(ids, "street", draft->streets[street].id, "", faults);
        need_place(ids, "street", draft->streets[street].id, "#exit", faults);
    }
}

void ki_validate_travel(const ki_draft *draft, const ki_draft_ids *ids, ki_faults *faults) {
    if (draft->matrix_ids) validate_matrix(draft, ids, faults);
    for (size_t at = 0; at < draft->n_closures; at++) {
        const kerb_closure *closure = &draft->closures[at];
        if (closure->way_id <= 0)
            ki_fault(faults, "closure %zu, field way: %lld, expected an OSM way id", at + 1,
                     (long long)closure->way_id);
        if ((closure->from_node == 0) != (closure->to_node == 0))
            ki_fault(faults,
                     "closure %zu, field from_node: %lld with to_node %lld, expected both or "
                     "neither",
                     at + 1, (long long)closure->from_node, (long long)closure->to_node);
    }
}
