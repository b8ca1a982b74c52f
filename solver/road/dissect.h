/* SPDX-License-Identifier: GPL-3.0-or-later
 * dissect.h - an order of the arcs of a graph for a hierarchy over them: the arcs of a small cut
 * through the middle come first, then each half by itself. It knows no vehicle, so one order
 * does for every profile. */
#ifndef KI_DISSECT_H
#define KI_DISSECT_H
#include "road/graph.h"

/* The rank of every arc, 0 the top; a loop has none and comes last, at n_arcs. Kept with the
 * graph when first wanted: *owned NULL; else the caller frees it. Any thread. Deterministic. Fails
 * with KERB_NO_MEMORY. */
kerb_status ki_arc_ranks(const int32_t **ranks, int32_t **owned, const ki_graph *graph,
                         kerb_error *err);
/* For whoever makes or frees a graph: the place the order will stand in. A graph without one works,
 * but does not keep it. */
kerb_status ki_arc_order_new(ki_graph *graph, kerb_error *err);
void ki_arc_order_free(ki_graph *graph);
#endif
