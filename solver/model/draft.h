/* SPDX-License-Identifier: GPL-3.0-or-later
 * draft.h - the model before it is sealed: the public structs, copied. What the district file, the
 * C API and a Problem message all fill, and what is packed back into one. */
#ifndef KI_DRAFT_H
#define KI_DRAFT_H
#include "base/arena.h"
#include "demand/report_list.h"
#include "kerbside.h"
#include "model/record.h"
#include "road/hours.h"

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
    ki_report_list reports;
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
    kerb_ban *bans;
    size_t n_bans, bans_capacity;
    kerb_earlier_plan *earlier_plans;
    size_t n_earlier_plans, earlier_plans_capacity;
    kerb_earlier_plan *familiar_plans;
    size_t n_familiar_plans, familiar_plans_capacity;
    kerb_attendants *attendants;
    size_t n_attendants, attendants_capacity;
    kerb_sequence *sequences;
    size_t n_sequences, sequences_capacity;
    ki_note *notes;
    size_t n_notes, notes_capacity;
    kerb_label *labels; /* of the problem itself */
    size_t n_labels, labels_capacity;
    char **matrix_ids; /* explicit travel, or NULL */
    size_t n_matrix;
    int32_t *matrix_time_ms, *matrix_length_mm;
    char roads_hash[65]; /* "" with explicit travel */
} ki_draft;

struct kerb_model {
    ki_draft draft;
    const kerb_roads *roads; /* borrowed; NULL with explicit travel */
    struct ki_model *sealed; /* NULL until sealed */
    size_t n_own_notes;      /* of the draft's notes, those before sealing */
    int is_undisturbed; /* made by kerb_model_after, and nothing happened but what was planned */
    char hash[65];      /* of the packed problem, set at seal */
};

/* What every copy in a draft is sure of: optional strings are "" where unstated (a report's source
 * and alarm NULL), ids non-empty, text UTF-8, numbers in range, instants stated where they must be,
 * windows in order, passes at least 1, a shift's end depot stated, its starting loads NULL or
 * KI_MAX_COMPARTMENTS long (zeros beyond the vehicle's compartments). Nothing is known of what
 * ids refer to, nor that they are unique: model/validate's business. */

/* The draft's lists in the order of a Problem's fields. */
typedef enum ki_draft_list_id {
    KI_DRAFT_SITES = 0,
    KI_DRAFT_CONTAINERS,
    KI_DRAFT_REPORTS,
    KI_DRAFT_STREETS,
    KI_DRAFT_VEHICLES,
    KI_DRAFT_SHIFTS,
    KI_DRAFT_DEPOTS,
    KI_DRAFT_FACILITIES,
    KI_DRAFT_CLOSURES,
    KI_DRAFT_NOTES,
    KI_DRAFT_LABELS,
    KI_DRAFT_BANS,
    KI_DRAFT_EARLIER_PLANS,
    KI_DRAFT_FAMILIAR_PLANS,
    KI_DRAFT_SEQUENCES,
    KI_DRAFT_ATTENDANTS,
    KI_N_DRAFT_LISTS
} ki_draft_list_id;
typedef struct ki_draft_list { /* offsets into ki_draft */
    const ki_record *record;
    size_t items, count, capacity; /* of the reports only the count: they are packed */
} ki_draft_list;
extern const ki_draft_list ki_draft_lists[KI_N_DRAFT_LISTS];
extern const ki_record ki_district_record, ki_note_record, ki_label_record;

/* Check, copy and append; all n or none. */
kerb_status ki_draft_append(ki_draft *draft, ki_draft_list_id list, const void *items, size_t n,
                            kerb_error *err);
/* Room for one more item at the end, not yet counted: fill it, then count it. NULL: no memory. Of
 * any list but the reports. */
void *ki_draft_slot(ki_draft *draft, ki_draft_list_id list);
void ki_draft_count(ki_draft *draft, ki_draft_list_id list);
/* A checked report, its texts copied, its labels too. */
kerb_status ki_draft_add_report(ki_draft *draft, const kerb_report *report, kerb_error *err);
/* Explicit travel from arrays [n], [n][n]; where names them in errors. */
kerb_status ki_draft_set_matrix(ki_draft *draft, const char *const *place_ids, size_t n,
                                const int32_t *time_ms, const int32_t *length_mm,
                                const ki_where *where, kerb_error *err);
/* A shift's loads per compartment as the draft keeps them: NULL if all are zero. */
kerb_status ki_draft_copy_loads(const double **out, const char *field, const double *loads,
                                size_t n, ki_arena *arena, const ki_where *where, kerb_error *err);
/* When a shift is out, on the district's wall clock. */
ki_out ki_draft_out(const kerb_district *district, const kerb_shift *shift);
void ki_draft_free(ki_draft *draft);
#endif
