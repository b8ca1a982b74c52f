/* SPDX-License-Identifier: GPL-3.0-or-later
 * Points and matrices. A group's points are the places its vehicles stop at; each travel (profile)
 * of the group has a matrix over all of them.
 *
 * A place is snapped once per profile, not once per group: what a small truck reaches at the door
 * must not move to the next main road because a large one cannot enter. Profiles nearly always
 * agree, so the places are shared; each access carries the mask of the travels that may use it. */
#include "base/alloc.h"
#include "base/error.h"
#include "model/seal.h"
#include "road/matrix.h"
#include "road/tonight.h"

#include <string.h>

/* ---- points ---------------------------------------------------------------------------------- */

static size_t slot_of(const ki_points *points, ki_place place) {
    uint64_t key = (uint64_t)(uint32_t)place.arc << 32 | (uint32_t)place.offset_mm;
    size_t slot = (size_t)((key * UINT64_C(0x9E3779B97F4A7C15)) >> 32) & (points->n_slots - 1);
    while (points->slots[slot]) {
        const ki_place *there = &points->places[points->slots[slot] - 1];
        if (there->arc == place.arc && there->offset_mm == place.offset_mm) break;
        slot = (slot + 1) & (points->n_slots - 1);
    }
    return slot;
}

static int grow_slots(ki_points *points) {
    if (points->n_slots > 2 * (points->n + 1)) return 0;
    size_t n_slots = points->n_slots ? points->n_slots * 4 : 256;
    int32_t *slots = ki_alloc_zero(n_slots, sizeof *slots);
    if (!slots) return -1;
    ki_free(points->slots);
    points->slots = slots;
    points->n_slots = n_slots;
    for (size_t point = 0; point < points->n; point++)
        slots[slot_of(points, points->places[point])] = (int32_t)point + 1;
    return 0;
}

kerb_status ki_seal_point(ki_seal *seal, int group, ki_place place, int32_t *point) {
    ki_points *points = &seal->points[group];
    if (grow_slots(points) != 0 ||
        ki_grow(&points->places, &points->capacity, points->n + 1, sizeof place) != 0)
        return ki_fail_no_memory(seal->err, "points");
    size_t slot = slot_of(points, place);
    if (!points->slots[slot]) {
        points->places[points->n++] = place;
        points->slots[slot] = (int32_t)points->n;
    }
    *point = points->slots[slot] - 1;
    return KERB_OK;
}

/* ---- accesses -------------------------------------------------------------------------------- */

kerb_status ki_seal_add_access(ki_seal *seal, ki_access_list *list, ki_access access) {
    for (size_t at = 0; at < list->n; at++) {
        if (list->items[at].entry != access.entry || list->items[at].exit != access.exit) continue;
        list->items[at].travels |= access.travels;
        return KERB_OK;
    }
    if (ki_grow(&list->items, &list->capacity, list->n + 1, sizeof access) != 0)
        return ki_fail_no_memory(seal->err, "places");
    list->items[list->n++] = access;
    return KERB_OK;
}

int32_t ki_access_point(const ki_access_list *list, int32_t travel) {
    for (size_t at = 0; at < list->n; at++)
        if (list->items[at].travels >> travel & 1) return list->items[at].entry;
    return -1;
}

uint64_t ki_seal_group_travels(const ki_seal *seal, int group) {
    uint64_t mask = 0;
    for (int32_t travel = 0; travel < seal->model->n_travels; travel++)
        if (seal->model->travels[travel].group == group) mask |= UINT64_C(1) << travel;
    return mask;
}

static kerb_status snap(ki_seal *seal, int group, int32_t travel, double lat_deg, double lon_deg,
                        kerb_approach approach, ki_access_list *out) {
    ki_snap found;
    ki_snap_place(seal->snap, seal->model->travels[travel].profile, &seal->crossing, lat_deg,
                  lon_deg, approach, &found);
    if (found.cause > out->cause) out->cause = found.cause; /* the nearest to success is named */
    if (found.n_places && found.passed_arc >= 0 && out->passed.passed_arc < 0) {
        out->passed = found;
        out->passed_by = travel;
    }
    for (int32_t at = 0; at < found.n_places; at++) {
        ki_access access = {.travels = UINT64_C(1) << travel};
        KI_TRY(ki_seal_point(seal, group, found.places[at], &access.entry));
        access.exit = access.entry;
        KI_TRY(ki_seal_add_access(seal, out, access));
    }
    return KERB_OK;
}

kerb_status ki_seal_access(ki_seal *seal, int group, const char *id, double lat_deg, double lon_deg,
                           kerb_approach approach, ki_access_list *out) {
    out->n = 0;
    out->cause = KI_SNAP_OK;
    out->passed = (ki_snap){.passed_arc = -1};
    uint64_t travels = ki_seal_group_travels(seal, group);
    if (!seal->graph) {
        int32_t place = ki_ids_find(&seal->ids.places, id); /* validated: known */
        return ki_seal_add_access(seal, out,
                                  (ki_access){.entry = place, .exit = place, .travels = travels});
    }
    for (int32_t travel = 0; travel < seal->model->n_travels; travel++)
        if (travels >> travel & 1)
            KI_TRY(snap(seal, group, travel, lat_deg, lon_deg, approach, out));
    return KERB_OK;
}

/* ---- closures -------------------------------------------------------------------------------- */

static size_t close_way(ki_seal *seal, int64_t way_id) {
    size_t n_closed = 0;
    for (int32_t edge = 0; edge < seal->graph->n_edges; edge++) {
        if (seal->graph->ways[seal->graph->edges[edge].way].osm_id != way_id) continue;
        seal->closed[2 * edge] = seal->closed[2 * edge + 1] = 1;
        n_closed++;
    }
    return n_closed;
}

static kerb_status close_run(ki_seal *seal, const kerb_closure *closure) {
    ki_run run = {0};
    KI_TRY(ki_graph_find_run(seal->graph, closure->way_id, closure->from_node, closure->to_node,
                             &seal->scratch, &run, seal->err));
    for (int32_t at = 0; at < run.n_arcs; at++)
        seal->closed[run.arcs[at]] = seal->closed[run.arcs[at] ^ 1] = 1;
    if (run.n_arcs) return KERB_OK;
    return ki_fail(seal->err, KERB_BAD_INPUT,
                   "closure of way %lld, field from_node: no run from node %lld to node %lld, "
                   "expected two nodes of that way in the road network",
                   (long long)closure->way_id, (long long)closure->from_node,
                   (long long)closure->to_node);
}

static kerb_status close_streets(ki_seal *seal) {
    const ki_draft *draft = seal->draft;
    if (draft->n_closures == 0) return KERB_OK;
    seal->closed = ki_arena_alloc(&seal->scratch, (size_t)seal->graph->n_arcs, 1);
    if (!seal->closed) return ki_fail_no_memory(seal->err, "closures");
    for (size_t at = 0; at < draft->n_closures; at++) {
        const kerb_closure *closure = &draft->closures[at];
        if (closure->from_node)
            KI_TRY(close_run(seal, closure));
        else if (close_way(seal, closure->way_id) == 0)
            return ki_fail(seal->err, KERB_BAD_INPUT,
                           "closure %zu, field way: %lld, expected a way of the road network",
                           at + 1, (long long)closure->way_id);
    }
    return KERB_OK;
}

/* ---- travels --------------------------------------------------------------------------------- */

static int32_t find_travel(const ki_seal *seal, const ki_seed *seed) {
    for (int32_t travel = 0; travel < seal->model->n_travels; travel++) {
        const ki_travel *there = &seal->model->travels[travel];
        if (there->group != seed->type.group) continue;
        if (!there->profile) return travel;
        const ki_profile_spec *spec = &there->profile->spec;
        if (seal->travel_bans[travel] == seed->bans && ki_seed_same_spec(spec, &seed->spec) &&
            ki_tonight_same(seal->graph, spec, &seed->spec))
            return travel;
    }
    return -1;
}

/* What is closed to a travel: streets closed to all, and what its bans cover. */
static kerb_status closed_to(ki_seal *seal, uint64_t bans, const uint8_t **out) {
    const ki_graph *graph = seal->graph;
    *out = seal->closed;
    if (!seal->bans || bans == 0) return KERB_OK;
    uint8_t *closed = ki_arena_alloc(&seal->scratch, (size_t)graph->n_arcs, 1);
    if (!closed) return ki_fail_no_memory(seal->err, "bans");
    for (int32_t arc = 0; arc < graph->n_arcs; arc++)
        closed[arc] = (seal->closed && seal->closed[arc]) || (seal->bans[arc >> 1] & bans) != 0;
    *out = closed;
    return KERB_OK;
}

static kerb_status add_travel(ki_seal *seal, ki_seed *seed) {
    ki_model *model = seal->model;
    ki_travel *travel = &model->travels[model->n_travels];
    const uint8_t *closed;
    travel->group = seed->type.group;
    seed->type.travel = model->n_travels;
    if (seal->graph) {
        KI_TRY(closed_to(seal, seed->bans, &closed));
        KI_TRY(ki_profile_build(&travel->profile, seal->graph, &seed->spec, closed, seal->err));
    }
    seal->travel_bans[model->n_travels++] = seed->bans;
    return KERB_OK;
}

kerb_status ki_seal_travels(ki_seal *seal) {
    ki_model *model = seal->model;
    model->travels = ki_arena_alloc(&model->arena, seal->n_seeds, sizeof *model->travels);
    seal->travel_bans = ki_arena_alloc(&seal->scratch, seal->n_seeds, sizeof *seal->travel_bans);
    if (!model->travels || !seal->travel_bans) return ki_fail_no_memory(seal->err, "travel");
    if (seal->graph) {
        KI_TRY(ki_bans_on_edges(&seal->bans, seal->draft, seal->graph, &seal->scratch, seal->err));
        KI_TRY(close_streets(seal));
        KI_TRY(ki_snap_index_new(&seal->snap, seal->graph, seal->err));
        seal->crossing = ki_crossing_of(&seal->draft->district.crossing);
    }
    for (size_t at = 0; at < seal->n_seeds; at++) {
        ki_seed *seed = &seal->seeds[at];
        seed->type.travel = find_travel(seal, seed);
        if (seed->type.travel < 0) KI_TRY(add_travel(seal, seed));
    }
    return KERB_OK;
}

/* ---- matrices -------------------------------------------------------------------------------- */

static kerb_status copy_explicit(ki_seal *seal) {
    ki_model *model = seal->model;
    size_t n = seal->draft->n_matrix;
    int32_t *time_ms = ki_arena_copy(&model->arena, seal->draft->matrix_time_ms, n * n, 4);
    int32_t *length_mm = ki_arena_copy(&model->arena, seal->draft->matrix_length_mm, n * n, 4);
    if (!time_ms || !length_mm) return ki_fail_no_memory(seal->err, "matrix");
    for (size_t place = 0; place < n; place++)
        time_ms[place * n + place] = length_mm[place * n + place] = 0;
    for (int32_t travel = 0; travel < model->n_travels; travel++) {
        model->travels[travel].n = (int32_t)n;
        model->travels[travel].time_ms = time_ms;
        model->travels[travel].length_mm = length_mm;
    }
    for (int group = 0; group < KI_N_GROUPS; group++)
        model->n_points[group] = (int32_t)n;
    return KERB_OK;
}

static kerb_status fill_travel(ki_seal *seal, ki_travel *travel) {
    ki_model *model = seal->model;
    size_t n = seal->points[travel->group].n;
    if (n > 46340)
        return ki_fail(seal->err, KERB_BAD_INPUT,
                       "district %s, places to stop at: %zu, expected at most 46340 (split it)",
                       seal->draft->district.id, n);
    travel->n = (int32_t)n;
    travel->time_ms = ki_arena_alloc(&model->arena, n * n, sizeof(int32_t));
    travel->length_mm = ki_arena_alloc(&model->arena, n * n, sizeof(int32_t));
    if (!travel->time_ms || !travel->length_mm) return ki_fail_no_memory(seal->err, "matrix");
    return ki_matrix_fill(travel->profile, model->places[travel->group], travel->n, seal->threads,
                          travel->time_ms, travel->length_mm, seal->err);
}

kerb_status ki_seal_matrices(ki_seal *seal) {
    ki_model *model = seal->model;
    if (!seal->graph) return copy_explicit(seal);
    for (int group = 0; group < KI_N_GROUPS; group++) {
        const ki_points *points = &seal->points[group];
        model->n_points[group] = (int32_t)points->n;
        model->places[group] =
            ki_arena_copy(&model->arena, points->places, points->n, sizeof *points->places);
        if (!model->places[group]) return ki_fail_no_memory(seal->err, "points");
    }
    for (int32_t travel = 0; travel < model->n_travels; travel++)
        KI_TRY(fill_travel(seal, &model->travels[travel]));
    return KERB_OK;
}
