/* SPDX-License-Identifier: GPL-3.0-or-later
 * learn_place.c - a place that nobody got to, three nights running, is no bad luck: the map is
 * wrong there. The road by which it is served is what a person should look at. */
#include "base/error.h"
#include "base/ids.h"
#include "replan/learn.h"
#include "road/profile.h"
#include "road/snap.h"

#include <stdlib.h>
#include <string.h>

static int most_first(const void *left, const void *right) {
    const ki_learn_proposal *a = left, *b = right;
    if (a->n != b->n) return a->n > b->n ? -1 : 1;
    return strcmp(a->id, b->id);
}

static void name_road(ki_learn_proposal *out, const ki_graph *graph, const ki_snap_index *index,
                      const ki_profile *profile, const kerb_site *site) {
    ki_snap snap;
    ki_crossing crossing = ki_crossing_of(NULL);
    ki_snap_place(index, profile, &crossing, site->lat_deg, site->lon_deg, site->approach, &snap);
    if (snap.cause != KI_SNAP_OK || snap.n_places == 0) return;
    const ki_edge *edge = &graph->edges[snap.places[0].arc >> 1];
    out->way_id = graph->ways[edge->way].osm_id;
    out->from_node = graph->nodes[edge->from].osm_id;
    out->to_node = graph->nodes[edge->to].osm_id;
}

static kerb_status name_roads(ki_learn_proposal *list, size_t n, const ki_draft *draft,
                              const ki_graph *graph, ki_arena *arena, kerb_error *err) {
    ki_profile_spec spec = {.kind = KI_KIND_TRUCK};
    ki_profile *profile = NULL;
    ki_snap_index *index = NULL;
    ki_ids sites;
    if (ki_ids_build(&sites, arena, draft->n_sites ? &draft->sites->id : NULL, draft->n_sites,
                     sizeof *draft->sites))
        return ki_fail_no_memory(err, "proposals");
    kerb_status status = ki_profile_build(&profile, graph, &spec, NULL, err);
    if (status == KERB_OK) status = ki_snap_index_new(&index, graph, err);
    for (size_t at = 0; status == KERB_OK && at < n; at++) {
        int32_t site = ki_ids_find(&sites, list[at].id);
        if (site >= 0) name_road(&list[at], graph, index, profile, &draft->sites[site]);
    }
    ki_snap_index_free(index);
    ki_profile_free(profile);
    return status;
}

static kerb_status name_streets(ki_learn_proposal *list, size_t n, const ki_draft *draft,
                                ki_arena *arena, kerb_error *err) {
    ki_ids streets;
    if (ki_ids_build(&streets, arena, draft->n_streets ? &draft->streets->id : NULL,
                     draft->n_streets, sizeof *draft->streets))
        return ki_fail_no_memory(err, "proposals");
    for (size_t at = 0; at < n; at++) {
        int32_t street = ki_ids_find(&streets, list[at].id);
        if (street < 0) continue;
        list[at].way_id = draft->streets[street].way_id;
        list[at].from_node = draft->streets[street].from_node;
        list[at].to_node = draft->streets[street].to_node;
    }
    return KERB_OK;
}

kerb_status ki_learn_propose(ki_learn_proposal **out, size_t *n_out, const ki_learned *learned,
                             const ki_draft *draft, const ki_graph *graph, ki_arena *arena,
                             kerb_error *err) {
    size_t n = 0;
    ki_learn_proposal *list = ki_arena_alloc(arena, learned->n_places, sizeof *list);
    *out = list;
    *n_out = 0;
    if (!list) return ki_fail_no_memory(err, "proposals");
    for (size_t at = 0; at < learned->n_places; at++) {
        const ki_learned_place *place = &learned->places[at];
        if (place->n < KI_CANNOT_REACH) continue;
        list[n++] =
            (ki_learn_proposal){.id = place->id, .n = place->n, .newest_s = place->newest_s};
    }
    *n_out = n;
    if (n == 0) return KERB_OK;
    qsort(list, n, sizeof *list, most_first);
    KI_TRY(name_streets(list, n, draft, arena, err));
    return graph ? name_roads(list, n, draft, graph, arena, err) : KERB_OK;
}
