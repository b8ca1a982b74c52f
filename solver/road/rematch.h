/* SPDX-License-Identifier: GPL-3.0-or-later
 * rematch.h - where a run along a way of one state of the roads lies in another. */
#ifndef KI_REMATCH_H
#define KI_REMATCH_H
#include "road/graph.h"

typedef enum ki_rematch_verdict {
    KI_REMATCH_KEPT = 0,   /* the same way and nodes, in the same place */
    KI_REMATCH_RENUMBERED, /* the same nodes, on another way */
    KI_REMATCH_SPLIT,      /* the same nodes, on several ways */
    KI_REMATCH_MOVED,      /* drawn anew: found by where it lies and what it is called */
    KI_REMATCH_LOST,       /* nothing there is near enough and long enough */
    KI_REMATCH_UNKNOWN     /* the old roads have no such run */
} ki_rematch_verdict;

typedef struct ki_stretch { /* a run along one way */
    int64_t way_id, from_node, to_node;
} ki_stretch;

typedef struct ki_rematch {
    ki_rematch_verdict verdict;
    ki_stretch *pieces; /* in order of travel, in the arena given; none: lost or unknown */
    int32_t n_pieces;
    int32_t off_mm; /* moved: the farthest that old points lie from the new run */
} ki_rematch;

typedef struct ki_rematcher ki_rematcher; /* of two graphs, which must outlive it */
kerb_status ki_rematcher_new(ki_rematcher **out, const ki_graph *before, const ki_graph *after,
                             kerb_error *err);
void ki_rematcher_free(ki_rematcher *rematcher);
/* Fails with KERB_NO_MEMORY only. */
kerb_status ki_rematcher_find(const ki_rematcher *rematcher, ki_stretch old, ki_arena *arena,
                              ki_rematch *out, kerb_error *err);
#endif
