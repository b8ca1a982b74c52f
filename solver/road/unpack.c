/* SPDX-License-Identifier: GPL-3.0-or-later
 * unpack.c - one search over all search nodes, with parents. The parent is the lowest search
 * node among equals, so the path does not depend on how the heap orders ties. */
#include "road/unpack.h"

#include "base/error.h"
#include "road/road_search.h"

static kerb_status lay_path(const ki_road_search *search, ki_place from, int32_t last,
                            ki_arena *arena, ki_path *out, kerb_error *err) {
    int32_t n_arcs = 1;
    for (int32_t node = last; node >= 0; node = search->parent[node])
        n_arcs++;
    out->arcs = ki_arena_alloc(arena, (size_t)n_arcs, sizeof *out->arcs);
    if (!out->arcs) return ki_fail_no_memory(err, "a path");
    out->n_arcs = n_arcs;
    for (int32_t node = last; node >= 0; node = search->parent[node])
        out->arcs[--n_arcs] = search->profile->base_arc[node];
    out->arcs[0] = from.arc;
    return KERB_OK;
}

kerb_status ki_path_find(const ki_profile *profile, ki_place from, ki_place to, ki_arena *arena,
                         ki_path *out, kerb_error *err) {
    int32_t node = -1;
    uint64_t label = KI_NO_LABEL;
    ki_road_search search = {0};
    *out = (ki_path){0};
    int direct = ki_road_search_is_direct(profile, from, to);
    if (!direct) {
        KI_TRY(ki_road_search_new(&search, profile, err));
        ki_road_search_run(&search, from.arc, to.arc);
        label = ki_road_search_label(&search, to.arc, &node);
    }
    ki_road_search_join(profile, from, to, label, &out->time_ms, &out->length_mm);
    kerb_status status = KERB_OK;
    if (out->time_ms != KI_NEVER)
        status = lay_path(&search, from, direct ? -1 : node, arena, out, err);
    ki_road_search_free(&search);
    return status;
}
