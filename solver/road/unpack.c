/* SPDX-License-Identifier: GPL-3.0-or-later
 * unpack.c - a path by the profile's hierarchy if it has one, else by one search over all search
 * nodes, with parents. Of equals each keeps to a rule of its own that knows only the numbers of
 * nodes: the path does not depend on heaps, threads or what was asked before. */
#include "road/unpack.h"

#include "base/error.h"
#include "road/ch_query.h"
#include "road/road_search.h"

static kerb_status lay_nodes(const ki_profile *profile, ki_place from, const int32_t *nodes,
                             int32_t n_nodes, ki_arena *arena, ki_path *out, kerb_error *err) {
    if (out->time_ms == KI_NEVER) return KERB_OK;
    out->arcs = ki_arena_alloc(arena, (size_t)n_nodes + 1, sizeof *out->arcs);
    if (!out->arcs) return ki_fail_no_memory(err, "a path");
    out->n_arcs = n_nodes + 1;
    out->arcs[0] = from.arc;
    for (int32_t at = 0; at < n_nodes; at++)
        out->arcs[at + 1] = profile->base_arc[nodes[at]];
    return KERB_OK;
}

static kerb_status find_by_hierarchy(const ki_profile *profile, ki_place from, ki_place to,
                                     ki_arena *arena, ki_path *out, kerb_error *err) {
    uint64_t label;
    ki_ch_query *query;
    const ki_hierarchy *hierarchy;
    KI_TRY(ki_profile_hierarchy(&hierarchy, profile, err));
    KI_TRY(ki_profile_take_query(&query, profile, err));
    kerb_status status = ki_ch_query_run(query, profile, hierarchy, from.arc, to.arc, &label, err);
    if (status == KERB_OK) {
        ki_road_search_join(profile, from, to, label, &out->time_ms, &out->length_mm);
        status = lay_nodes(profile, from, query->nodes, (int32_t)query->n_nodes, arena, out, err);
    }
    ki_profile_return_query(profile, query);
    return status;
}

/* From the last node back to the first. */
static kerb_status lay_parents(const ki_road_search *search, ki_place from, int32_t last,
                               ki_arena *arena, ki_path *out, kerb_error *err) {
    int32_t n_arcs = 1;
    for (int32_t node = last; node >= 0; node = (int32_t)search->reach[node].parent)
        n_arcs++;
    out->arcs = ki_arena_alloc(arena, (size_t)n_arcs, sizeof *out->arcs);
    if (!out->arcs) return ki_fail_no_memory(err, "a path");
    out->n_arcs = n_arcs;
    for (int32_t node = last; node >= 0; node = (int32_t)search->reach[node].parent)
        out->arcs[--n_arcs] = search->profile->base_arc[node];
    out->arcs[0] = from.arc;
    return KERB_OK;
}

static kerb_status find_by_search(const ki_profile *profile, ki_place from, ki_place to,
                                  ki_arena *arena, ki_path *out, kerb_error *err) {
    int32_t node = -1;
    ki_road_search search = {0};
    KI_TRY(ki_road_search_new(&search, profile, err));
    ki_road_search_run(&search, from.arc, to.arc);
    uint64_t label = ki_road_search_label(&search, to.arc, &node);
    ki_road_search_join(profile, from, to, label, &out->time_ms, &out->length_mm);
    kerb_status status = KERB_OK;
    if (out->time_ms != KI_NEVER) status = lay_parents(&search, from, node, arena, out, err);
    ki_road_search_free(&search);
    return status;
}

kerb_status ki_path_find(const ki_profile *profile, ki_place from, ki_place to, ki_arena *arena,
                         ki_path *out, kerb_error *err) {
    *out = (ki_path){0};
    if (ki_road_search_is_direct(profile, from, to)) {
        ki_road_search_join(profile, from, to, KI_NO_LABEL, &out->time_ms, &out->length_mm);
        return lay_nodes(profile, from, NULL, 0, arena, out, err);
    }
    return ki_profile_has_hierarchy(profile) ? find_by_hierarchy(profile, from, to, arena, out, err)
                                             : find_by_search(profile, from, to, arena, out, err);
}
