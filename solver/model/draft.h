/* SPDX-License-Identifier: GPL-3.0-or-later
 * draft.h - the model before it is sealed: the public structs, copied. What the district file, the
 * C API and a Problem message all fill, and what is packed back into one. */
#ifndef KI_DRAFT_H
#define KI_DRAFT_H
#include "base/arena.h"
#include "kerbside.h"

typedef struct ki_note {
    const char *kind, *text;
} ki_note;

typedef struct ki_draft { /* arrays grow with ki_grow; strings and inner arrays in the arena */
    ki_arena arena;
    kerb_district district; /* id NULL until set */
    kerb_site *sites;
    size_t n_sites, sites_capacity;
    kerb_container *containers;
    size_t n_containers, containers_capacity;
    kerb_report *reports;
    size_t n_reports, reports_capacity;
    kerb_street *streets;
    size_t n_streets, streets_capacity;
    kerb_vehicle *vehicles;
    size_t n_vehicles, vehicles_capacity;
    kerb_shift *shifts;
    size_t n_shifts, shifts_capacity;
    kerb_depot *depots;
    size_t n_depots, depots_capacity;
    kerb_facility *facilities;
    size_t n_facilities, facilities_capacity;
    kerb_closure *closures;
    size_t n_closures, closures_capacity;
    ki_note *notes;
    size_t n_notes, notes_capacity;
    char **matrix_ids; /* explicit travel, or NULL */
    size_t n_matrix;
    int32_t *matrix_time_ms, *matrix_length_mm;
    char roads_hash[65]; /* "" with explicit travel */
} ki_draft;

struct kerb_model {
    ki_draft draft;
    const kerb_roads *roads; /* borrowed; NULL with explicit travel */
    struct ki_model *sealed; /* NULL until sealed */
    char hash[65];           /* of the packed problem, set at seal */
};
#endif
