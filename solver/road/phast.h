/* SPDX-License-Identifier: GPL-3.0-or-later
 * phast.h - from many arcs to many, KI_LANES sources at a time: the part of a hierarchy that
 * reaches the targets, laid out as rows to be swept from the top once for all lanes.
 *
 *   row 0   | lane 0 | lane 1 | ... | lane 15 |     a row is a search node, a lane a source
 *   row 1   |        |        |     |         |     row = least of (tail row + label) over its
 * edges,
 *   ...                                             and tails stand above */
#ifndef KI_PHAST_H
#define KI_PHAST_H
#include "road/hierarchy.h"

enum { KI_LANE_BITS = 4, KI_LANES = 1 << KI_LANE_BITS };

typedef struct ki_phast { /* shared by all jobs */
    ki_arena arena;
    const ki_profile *profile;
    const ki_hierarchy *hierarchy;
    int32_t n_rows;
    int32_t
        *row_of; /* [ranks] row; -1: reaches no target; else folded into its children: -2 - index */
    int32_t *first_in, *tail; /* [n_rows + 1] edges into a row, and the rows they come from */
    uint64_t *label;
    int32_t *first_fold, *fold_row; /* [n_folded + 1] edges of a folded node to rows */
    uint64_t *fold_label;
    int32_t *target_row; /* [n_arcs] by target given */
    int32_t n_slots;     /* nodes without a row that some source may pass on its way up */
} ki_phast;

typedef struct ki_phast_job { /* scratch of one job */
    void *block;
    uint64_t *rows;     /* [n_rows][KI_LANES] */
    uint64_t *slots;    /* [n_slots][KI_LANES] */
    int32_t *slot_of;   /* [ranks] -1: none */
    int32_t *slot_node; /* [n_slots] */
    uint64_t *pending;  /* bits of ranks to go on from */
    uint8_t *touched;   /* [n_rows] holds labels before the sweep */
    int32_t n_used;
} ki_phast_job;

/* arcs: [n_arcs] distinct, sources and targets alike. */
kerb_status ki_phast_build(ki_phast *phast, const ki_profile *profile,
                           const ki_hierarchy *hierarchy, const int32_t *arcs, int32_t n_arcs,
                           kerb_error *err);
void ki_phast_free(ki_phast *phast);
kerb_status ki_phast_job_new(ki_phast_job *job, const ki_phast *phast, kerb_error *err);
void ki_phast_job_free(ki_phast_job *job);
/* Afterwards job->rows hold labels from the end of sources[lane] to the start of any target row;
 * KI_FAR_LABEL: no way. n_sources <= KI_LANES. */
void ki_phast_run(const ki_phast *phast, ki_phast_job *job, const int32_t *sources,
                  int32_t n_sources);
#endif
