/* SPDX-License-Identifier: GPL-3.0-or-later
 * correct.h - local corrections, made to the roads before the graph is built. */
#ifndef KI_CORRECT_H
#define KI_CORRECT_H
#include "road/graph_build.h"

enum {
    KI_MAX_CORRECTIONS = 10000,
    KI_NEAR_MM = 30000 /* KERB_NEAR_M */
};
/* Ids of what corrections add: below any that a mapper's tool gives, exact in a double. */
#define KI_LOCAL_ID (-((int64_t)1 << 50))

/* Once, after the last way, node and restriction. What became of each is in correction_faults. */
kerb_status ki_graph_correct(ki_graph_builder *builder, const kerb_correction *corrections,
                             size_t n, kerb_error *err);

/* ---- parts ----------------------------------------------------------------------------------- */

typedef struct ki_cut_stretch { /* refs first to last of one raw way, for one correction */
    size_t way, first_ref, last_ref;
    size_t correction;
} ki_cut_stretch;

typedef struct ki_near_ref { /* what lies nearest to a position */
    int32_t distance_mm;     /* KI_NEVER: nothing within KI_NEAR_MM */
    size_t way, ref;         /* a road's segment from ref to ref + 1, or the ref itself */
} ki_near_ref;

typedef struct ki_near_query {
    int32_t lat_e7, lon_e7;
    int wants_node; /* the nearest ref of a road, not the nearest segment */
    size_t correction;
    ki_near_ref found;
} ki_near_query;

typedef struct ki_corrector {
    ki_graph_builder *builder;
    const kerb_correction *corrections;
    size_t n;
    uint8_t *faults; /* [n] */
    kerb_error *err;
    ki_cut_stretch *cuts;
    size_t n_cuts, cuts_capacity;
    ki_near_query *queries;
    size_t n_queries, queries_capacity;
    int64_t next_id; /* of what is added, downwards */
} ki_corrector;

/* correct_near.c: answers all at once, in one walk over the roads. Reorders the queries. */
void ki_correct_find_near(const ki_graph_builder *builder, ki_near_query *queries, size_t n);
/* correct_add.c: the roads to add, joined to others and to each other. */
kerb_status ki_correct_add(ki_corrector *at);
/* correct_tags.c: what the correction makes of a way's or a node's tags. The table is the
 * builder's: conditions of the tags give way to what the correction states. */
void ki_correct_tags(const kerb_correction *from, ki_condition_table *table, ki_way_tags *tags);
void ki_correct_node(const kerb_correction *from, ki_condition_table *table, ki_node_tags *tags);
/* Whether its hours, if any, are understood. */
int ki_correct_hours(const kerb_correction *from, ki_hours *out);
#endif
