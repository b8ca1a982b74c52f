/* SPDX-License-Identifier: GPL-3.0-or-later
 * ch_query.h - one way through a hierarchy, arc by arc. */
#ifndef KI_CH_QUERY_H
#define KI_CH_QUERY_H
#include "road/ch_climb.h"

typedef struct ki_ch_link { /* an edge to unpack */
    int32_t from, to, middle;
} ki_ch_link;

typedef struct ki_ch_query { /* scratch, used again and again */
    ki_ch_side side[2];      /* 0 from the start, 1 from the end */
    ki_ch_link *links;       /* the last one is to be unpacked next */
    size_t n_links, links_capacity;
    int32_t *nodes; /* search nodes of the way in order */
    size_t n_nodes, nodes_capacity;
} ki_ch_query;

kerb_status ki_ch_query_new(ki_ch_query **out, const ki_hierarchy *hierarchy, kerb_error *err);
void ki_ch_query_free(ki_ch_query *query);
/* From the end of one arc to the start of another. Afterwards query->nodes hold the search nodes
 * entered, the last one of to_arc; *label KI_NO_LABEL and none where there is no way. */
kerb_status ki_ch_query_run(ki_ch_query *query, const ki_profile *profile,
                            const ki_hierarchy *hierarchy, int32_t from_arc, int32_t to_arc,
                            uint64_t *label, kerb_error *err);

/* Scratch for paths, kept with the profile from one to the next; a new one if another thread has
 * it. Given back when done. */
kerb_status ki_profile_take_query(ki_ch_query **out, const ki_profile *profile, kerb_error *err);
void ki_profile_return_query(const ki_profile *profile, ki_ch_query *query);
#endif
