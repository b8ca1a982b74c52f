/* SPDX-License-Identifier: GPL-3.0-or-later
 * phast.h - from many arcs to many, KI_LANES sources at a time: the part of a hierarchy that
 * reaches the targets, laid out as rows to be swept from the top once for all lanes.
 *
 *   row 0   | lane 0 | lane 1 | ... | lane 15 |     a row is a search node, a lane a source
 *   row 1   |        |        |     |         |     row = least of (tail row + label) over its
 *   ...                                             edges, and tails stand above
 *   n_rows  |        |        |     |         |     nodes that sources only pass on their way up:
 *   ...                                             rows that are not swept */
#ifndef KI_PHAST_H
#define KI_PHAST_H
#include "road/phast_select.h"

enum { KI_LANE_BITS = 4, KI_LANES = 1 << KI_LANE_BITS };

typedef struct ki_phast_edges { /* out of items, in lists */
    int32_t *first;             /* [n_items + 1] */
    int32_t *row;
    uint64_t *label;
} ki_phast_edges;

typedef struct ki_phast { /* shared by all jobs */
    ki_arena arena;
    const ki_profile *profile;
    const ki_hierarchy *hierarchy;
    ki_selection *selection;  /* lent by the profile */
    const int32_t *item_of;   /* [ranks] of the selection; items are numbered by rank */
    int32_t n_items;          /* nodes with a row */
    int32_t *row_of;          /* [n_items] */
    ki_phast_edges up;        /* the way of a source */
    int32_t *up_item;         /* the items these edges lead to */
    ki_phast_edges fold;      /* from items that are not swept, down to rows that are */
    int32_t n_rows;           /* swept */
    int32_t n_all_rows;       /* and those that are not */
    int32_t *first_in, *tail; /* [n_rows + 1] edges into a row, and the rows they come from */
    uint64_t *label;
    int32_t *target_row; /* [n_arcs] by target given */
} ki_phast;

typedef struct ki_phast_job { /* scratch of one job */
    void *block;
    uint64_t *rows;    /* [n_all_rows][KI_LANES] */
    uint8_t *touched;  /* [n_all_rows] holds labels before the sweep */
    uint64_t *pending; /* bits of items to go on from */
} ki_phast_job;

/* arcs: [n_arcs] distinct, sources and targets alike. */
kerb_status ki_phast_build(ki_phast *phast, const ki_profile *profile,
                           const ki_hierarchy *hierarchy, const int32_t *arcs, int32_t n_arcs,
                           int threads, kerb_error *err);
void ki_phast_free(ki_phast *phast);
kerb_status ki_phast_job_new(ki_phast_job *job, const ki_phast *phast, kerb_error *err);
void ki_phast_job_free(ki_phast_job *job);
/* Afterwards job->rows hold labels from the end of sources[lane] to the start of any target row;
 * KI_FAR_LABEL: no way. n_sources <= KI_LANES. */
void ki_phast_run(const ki_phast *phast, ki_phast_job *job, const int32_t *sources,
                  int32_t n_sources);
#endif
