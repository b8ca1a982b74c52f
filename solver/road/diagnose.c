/* SPDX-License-Identifier: GPL-3.0-or-later
 * diagnose.c - the corrections worth making, by what they would gain.
 *
 *   1. Pockets: edges that are open but cut off, joined at nodes that may be passed.
 *   2. Candidates: what lies between a pocket and the great component - a one-way street, a limit,
 * a closed road, a gate - and ends of pockets that stop within some metres of a connected node.
 *      Each is worth at most the pockets it touches; the best by that, a few a pocket, are kept.
 *   3. Those are tried: the remedy is made on a copy of the tables it changes, and the network is
 *      built again. What comes into the great component is its gain. A gap would need another
 *      network; its gain is the part beyond it whose lanes all reach each other. */
#include "road/diagnose.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/sets.h"
#include "road/cut_off.h"
#include "road/snap.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct doctor {
    const ki_graph *graph;
    const ki_profile *profile;
    ki_arena *arena;
    kerb_error *err;
    ki_cut_off cuts;
    int32_t *root;         /* [edges] of pockets: union-find; -1: not in one */
    int64_t *pocket_mm;    /* [edges] by root: lanes */
    int32_t *pocket_sites; /* [edges] by root */
    int64_t *component_mm; /* [n_arcs] by component */
    int32_t *site_arc;     /* [n_sites] nearest open arc, cut off; else -1 */
    int32_t n_sites;
    ki_remedy *remedies;
    size_t n_remedies, capacity;
} doctor;

/* ---- pockets --------------------------------------------------------------------------------- */

static int is_main(const doctor *at, int32_t edge) {
    return at->profile->component[2 * edge] == 0 || at->profile->component[2 * edge + 1] == 0;
}

static int is_open(const doctor *at, int32_t edge) {
    return at->profile->arc_ms[2 * edge] != KI_NEVER ||
           at->profile->arc_ms[2 * edge + 1] != KI_NEVER;
}

static int32_t edge_out(const ki_graph *graph, int32_t out) {
    return graph->out_arcs[out] >> 1;
}

static int is_gate(const doctor *at, int32_t node) {
    const ki_node_tags *tags = &at->graph->nodes[node].tags;
    const ki_profile_spec *spec = &at->profile->spec;
    return (tags->blocked & spec->kind) || !ki_profile_fits_node(spec, tags);
}

static void join_at(doctor *at, int32_t node) {
    const ki_graph *graph = at->graph;
    int32_t first = -1;
    if (is_gate(at, node)) return;
    for (int32_t out = graph->first_out[node]; out < graph->first_out[node + 1]; out++) {
        int32_t edge = edge_out(graph, out);
        if (at->root[edge] < 0) continue;
        if (first < 0)
            first = edge;
        else
            ki_unite(at->root, first, edge);
    }
}

static void find_pockets(doctor *at) {
    const ki_graph *graph = at->graph;
    for (int32_t edge = 0; edge < graph->n_edges; edge++)
        at->root[edge] = is_open(at, edge) && !is_main(at, edge) ? edge : -1;
    for (int32_t node = 0; node < graph->n_nodes; node++)
        join_at(at, node);
    for (int32_t arc = 0; arc < graph->n_arcs; arc++) {
        if (at->profile->arc_ms[arc] == KI_NEVER) continue;
        int64_t length_mm = graph->edges[arc >> 1].length_mm;
        at->component_mm[at->profile->component[arc]] += length_mm;
        if (at->root[arc >> 1] >= 0) at->pocket_mm[ki_root_of(at->root, arc >> 1)] += length_mm;
    }
    for (int32_t site = 0; site < at->n_sites; site++)
        if (at->site_arc[site] >= 0 && at->root[at->site_arc[site] >> 1] >= 0)
            at->pocket_sites[ki_root_of(at->root, at->site_arc[site] >> 1)]++;
}

static kerb_status find_sites(doctor *at, const double *lat_deg, const double *lon_deg, size_t n) {
    ki_crossing crossing = ki_crossing_of(NULL);
    ki_snap_index *index;
    KI_TRY(ki_snap_index_new(&index, at->graph, at->err));
    for (size_t site = 0; site < n; site++) {
        ki_snap found;
        ki_snap_place(index, at->profile, &crossing, lat_deg[site], lon_deg[site],
                      KERB_APPROACH_UNSPECIFIED, &found);
        at->site_arc[site] = found.passed_arc;
    }
    at->n_sites = (int32_t)n;
    ki_snap_index_free(index);
    return KERB_OK;
}

/* ---- candidates ------------------------------------------------------------------------------ */

static kerb_status add(doctor *at, ki_remedy remedy) {
    if (ki_grow(&at->remedies, &at->capacity, at->n_remedies + 1, sizeof remedy))
        return ki_fail_no_memory(at->err, "remedies of roads");
    at->remedies[at->n_remedies++] = remedy;
    return KERB_OK;
}

/* Adds what lies around a node: whether the great component, and which pockets (each root once). */
typedef struct around {
    int32_t roots[8];
    int n_roots, is_main;
} around;

static void look_around(doctor *at, int32_t node, around *found) {
    const ki_graph *graph = at->graph;
    for (int32_t out = graph->first_out[node]; out < graph->first_out[node + 1]; out++) {
        int32_t edge = edge_out(graph, out);
        if (is_main(at, edge)) found->is_main = 1;
        if (at->root[edge] < 0) continue;
        int32_t root = ki_root_of(at->root, edge);
        int known = 0;
        for (int k = 0; k < found->n_roots; k++)
            known |= found->roots[k] == root;
        if (!known && found->n_roots < 8) found->roots[found->n_roots++] = root;
    }
}

static kerb_status add_if_worth(doctor *at, const around *found, ki_remedy remedy) {
    if (!found->is_main || found->n_roots == 0) return KERB_OK;
    remedy.pocket = found->roots[0];
    for (int k = 0; k < found->n_roots; k++) {
        if (at->pocket_mm[found->roots[k]] > at->pocket_mm[remedy.pocket])
            remedy.pocket = found->roots[k];
        remedy.gained_mm += at->pocket_mm[found->roots[k]];
        remedy.n_sites += at->pocket_sites[found->roots[k]];
    }
    return add(at, remedy);
}

/* Carriageways of motorways and roundabouts are one-way by nature. */
static int is_one_way_by_nature(const ki_way_tags *tags) {
    return tags->roundabout || tags->road_class == KI_ROAD_MOTORWAY;
}

static int kind_of_edge(const doctor *at, int32_t edge) {
    const ki_way_tags *tags = &ki_arc_way(at->graph, 2 * edge)->tags;
    int kind = -1;
    for (int32_t arc = 2 * edge; arc <= 2 * edge + 1; arc++)
        switch (at->cuts.of_arc[arc]) {
        case KI_CUT_NO_LANE:
            return is_open(at, edge) && !is_one_way_by_nature(tags) ? KI_REMEDY_ONE_WAY : kind;
        case KI_CUT_SHUT_HEIGHT:
        case KI_CUT_SHUT_WIDTH:
        case KI_CUT_SHUT_LENGTH:
        case KI_CUT_SHUT_MASS: kind = KI_REMEDY_LIMIT; break;
        case KI_CUT_SHUT_CLASS:
        case KI_CUT_SHUT_ACCESS: kind = KI_REMEDY_ACCESS; break;
        default: break;
        }
    return kind;
}

/* A one-way street may be part of the pocket itself. */
static kerb_status look_at_edge(doctor *at, int32_t edge) {
    int kind = kind_of_edge(at, edge);
    around found = {.n_roots = 0};
    if (kind < 0) return KERB_OK;
    look_around(at, at->graph->edges[edge].from, &found);
    look_around(at, at->graph->edges[edge].to, &found);
    return add_if_worth(
        at, &found,
        (ki_remedy){.kind = (ki_remedy_kind)kind, .edge = edge, .node = -1, .point = -1});
}

static kerb_status look_at_node(doctor *at, int32_t node) {
    around found = {.n_roots = 0};
    if (!is_gate(at, node)) return KERB_OK;
    look_around(at, node, &found);
    return add_if_worth(at, &found,
                        (ki_remedy){.kind = KI_REMEDY_GATE, .edge = -1, .node = node, .point = -1});
}

/* ---- gaps ------------------------------------------------------------------------------------ */

typedef struct end { /* a node where a pocket ends, or a shape point of the great component */
    int32_t lat_e7, lon_e7;
    int32_t node, edge; /* of a pocket; -1, -1: of the great component */
    int32_t point;
} end;

static int compare_ends(const void *left, const void *right) {
    const end *a = left, *b = right;
    if (a->lat_e7 != b->lat_e7) return a->lat_e7 < b->lat_e7 ? -1 : 1;
    if (a->point != b->point) return a->point < b->point ? -1 : 1;
    return (a->node > b->node) - (a->node < b->node);
}

static size_t list_ends(const doctor *at, end *out) {
    const ki_graph *graph = at->graph;
    size_t n = 0;
    for (int32_t node = 0; node < graph->n_nodes; node++) {
        int32_t first = graph->first_out[node], edge = edge_out(graph, first);
        if (graph->first_out[node + 1] - first != 1 || at->root[edge] < 0) continue;
        const ki_node *here = &graph->nodes[node];
        out[n++] = (end){here->lat_e7, here->lon_e7, node, edge, -1};
    }
    for (int32_t edge = 0; edge < graph->n_edges && n; edge++)
        for (int32_t k = 0; is_main(at, edge) && k < graph->edges[edge].n_points; k++) {
            int32_t point = graph->edges[edge].first_point + k;
            const ki_point *here = &graph->points[point];
            out[n++] = (end){here->lat_e7, here->lon_e7, -1, -1, point};
        }
    return n;
}

static kerb_status look_at_gap(doctor *at, const end *ends, size_t n, size_t index) {
    const end *from = &ends[index], *best = NULL;
    double best_mm = KI_GAP_MM, limit_e7 = KI_GAP_MM / 11.13 + 2;
    size_t low = index, high = index;
    while (low > 0 && from->lat_e7 - ends[low - 1].lat_e7 <= limit_e7)
        low--;
    while (high + 1 < n && ends[high + 1].lat_e7 - from->lat_e7 <= limit_e7)
        high++;
    for (size_t k = low; k <= high; k++) {
        if (ends[k].node >= 0) continue;
        double mm = ki_distance_mm(from->lat_e7, from->lon_e7, ends[k].lat_e7, ends[k].lon_e7);
        if (mm >= best_mm) continue;
        best_mm = mm;
        best = &ends[k];
    }
    if (!best) return KERB_OK;
    int32_t arc = 2 * from->edge;
    if (at->profile->component[arc] < 0) arc++;
    return add(at, (ki_remedy){.kind = KI_REMEDY_GAP,
                               .edge = from->edge,
                               .node = from->node,
                               .point = best->point,
                               .pocket = ki_root_of(at->root, from->edge),
                               .gained_mm = at->component_mm[at->profile->component[arc]],
                               .n_sites = at->pocket_sites[ki_root_of(at->root, from->edge)]});
}

static kerb_status look_at_gaps(doctor *at) {
    size_t n_most = (size_t)at->graph->n_nodes + (size_t)at->graph->n_points;
    end *ends = ki_alloc_zero(n_most, sizeof *ends);
    if (!ends) return ki_fail_no_memory(at->err, "remedies of roads");
    size_t n = list_ends(at, ends);
    if (n) qsort(ends, n, sizeof *ends, compare_ends);
    kerb_status status = KERB_OK;
    for (size_t index = 0; index < n && status == KERB_OK; index++)
        if (ends[index].node >= 0) status = look_at_gap(at, ends, n, index);
    ki_free(ends);
    return status;
}

/* ---- trials ---------------------------------------------------------------------------------- */

static int compare_remedies(const void *left, const void *right) {
    const ki_remedy *a = left, *b = right;
    if (a->n_sites != b->n_sites) return a->n_sites > b->n_sites ? -1 : 1;
    if (a->gained_mm != b->gained_mm) return a->gained_mm > b->gained_mm ? -1 : 1;
    if (a->kind != b->kind) return a->kind < b->kind ? -1 : 1;
    if (a->edge != b->edge) return a->edge < b->edge ? -1 : 1;
    return (a->node > b->node) - (a->node < b->node);
}

typedef struct trial { /* the graph with one thing changed; all other tables are borrowed */
    ki_graph graph;
    ki_edge *edges;
    ki_way *ways;
    ki_node *nodes;
} trial;

static void apply(const doctor *at, trial *on, const ki_remedy *remedy) {
    int32_t n_records = at->graph->n_ways + at->graph->n_copies;
    uint8_t kind = at->profile->spec.kind;
    if (remedy->kind == KI_REMEDY_GATE) {
        on->nodes[remedy->node].tags = (ki_node_tags){.flags = on->nodes[remedy->node].tags.flags};
        return;
    }
    ki_way *record = &on->ways[n_records];
    *record = *ki_arc_way(at->graph, 2 * remedy->edge);
    on->edges[remedy->edge].record = n_records;
    if (remedy->kind == KI_REMEDY_LIMIT) {
        record->tags.max_height_mm = record->tags.max_width_mm = 0;
        record->tags.max_length_mm = record->tags.max_mass_kg = 0;
        return;
    }
    for (int against = 0; against < 2; against++) {
        record->tags.access[against] |= kind;
        if (!record->tags.speed_mm_per_s[against])
            record->tags.speed_mm_per_s[against] = record->tags.speed_mm_per_s[!against];
    }
    if (remedy->kind == KI_REMEDY_ACCESS) record->tags.conditions = 0;
}

static void undo(const doctor *at, trial *on, const ki_remedy *remedy) {
    if (remedy->edge >= 0) on->edges[remedy->edge] = at->graph->edges[remedy->edge];
    if (remedy->node >= 0) on->nodes[remedy->node] = at->graph->nodes[remedy->node];
}

static void count_gain(const doctor *at, const ki_profile *after, ki_remedy *remedy) {
    int64_t open_mm, main_mm, was_mm;
    ki_cut_off_share(at->profile, &open_mm, &was_mm);
    ki_cut_off_share(after, &open_mm, &main_mm);
    remedy->gained_mm = main_mm - was_mm;
    remedy->n_sites = 0;
    for (int32_t site = 0; site < at->n_sites; site++)
        remedy->n_sites += at->site_arc[site] >= 0 && after->component[at->site_arc[site]] == 0;
    remedy->is_tried = 1;
}

static kerb_status try_one(doctor *at, trial *on, ki_remedy *remedy) {
    ki_profile *after;
    if (remedy->kind == KI_REMEDY_GAP) return KERB_OK;
    apply(at, on, remedy);
    kerb_status status = ki_profile_build(&after, &on->graph, &at->profile->spec, NULL, at->err);
    undo(at, on, remedy);
    if (status != KERB_OK) return status;
    count_gain(at, after, remedy);
    ki_profile_free(after);
    return KERB_OK;
}

static kerb_status try_best(doctor *at, size_t n) {
    const ki_graph *graph = at->graph;
    size_t n_records = (size_t)(graph->n_ways + graph->n_copies);
    trial on = {.graph = *graph};
    on.edges = ki_arena_copy(at->arena, graph->edges, (size_t)graph->n_edges, sizeof *on.edges);
    on.nodes = ki_arena_copy(at->arena, graph->nodes, (size_t)graph->n_nodes, sizeof *on.nodes);
    on.ways = ki_arena_alloc(at->arena, n_records + 1, sizeof *on.ways);
    if (!on.edges || !on.nodes || !on.ways) return ki_fail_no_memory(at->err, "remedies of roads");
    memcpy(on.ways, graph->ways, n_records * sizeof *on.ways);
    on.graph.edges = on.edges;
    on.graph.nodes = on.nodes;
    on.graph.ways = on.ways;
    for (size_t k = 0; k < n; k++)
        KI_TRY(try_one(at, &on, &at->remedies[k]));
    return KERB_OK;
}

/* The most promising few of each pocket, in order, to the front: a large pocket touches many
 * streets and would leave no room for others. */
static size_t choose_tried(doctor *at) {
    size_t n = 0;
    int32_t *n_tried = at->pocket_sites; /* of no further use */
    for (int32_t edge = 0; edge < at->graph->n_edges; edge++)
        n_tried[edge] = 0;
    for (size_t k = 0; k < at->n_remedies && n < KI_MAX_TRIED; k++) {
        if (n_tried[at->remedies[k].pocket]++ >= KI_TRIED_PER_POCKET) continue;
        ki_remedy chosen = at->remedies[k];
        at->remedies[k] = at->remedies[n];
        at->remedies[n++] = chosen;
    }
    return n;
}

/* Those not tried are dropped: their worth is not known. */
static kerb_status rank(doctor *at, ki_diagnosis *out) {
    if (at->n_remedies) qsort(at->remedies, at->n_remedies, sizeof *at->remedies, compare_remedies);
    size_t n = choose_tried(at), n_kept = 0;
    KI_TRY(try_best(at, n));
    for (size_t k = 0; k < n; k++)
        if (at->remedies[k].gained_mm > 0) at->remedies[n_kept++] = at->remedies[k];
    if (n_kept) qsort(at->remedies, n_kept, sizeof *at->remedies, compare_remedies);
    out->n_remedies = (int32_t)n_kept;
    out->remedies = ki_arena_copy(at->arena, at->remedies, n_kept, sizeof *out->remedies);
    return out->remedies ? KERB_OK : ki_fail_no_memory(at->err, "remedies of roads");
}

/* ---- the whole ------------------------------------------------------------------------------- */

static kerb_status examine(doctor *at, ki_diagnosis *out, const double *lat_deg,
                           const double *lon_deg, size_t n) {
    const ki_graph *graph = at->graph;
    size_t n_edges = (size_t)graph->n_edges;
    at->root = ki_arena_alloc(at->arena, n_edges, sizeof *at->root);
    at->pocket_mm = ki_arena_alloc(at->arena, n_edges, sizeof *at->pocket_mm);
    at->pocket_sites = ki_arena_alloc(at->arena, n_edges, sizeof *at->pocket_sites);
    at->component_mm = ki_arena_alloc(at->arena, 2 * n_edges, sizeof *at->component_mm);
    at->site_arc = ki_arena_alloc(at->arena, n, sizeof *at->site_arc);
    if (!at->root || !at->pocket_mm || !at->pocket_sites || !at->component_mm || !at->site_arc)
        return ki_fail_no_memory(at->err, "remedies of roads");
    KI_TRY(ki_cut_off_find(&at->cuts, at->profile, NULL, at->arena, at->err));
    KI_TRY(find_sites(at, lat_deg, lon_deg, n));
    find_pockets(at);
    for (int32_t edge = 0; edge < graph->n_edges; edge++)
        KI_TRY(look_at_edge(at, edge));
    for (int32_t node = 0; node < graph->n_nodes; node++)
        KI_TRY(look_at_node(at, node));
    KI_TRY(look_at_gaps(at));
    ki_cut_off_share(at->profile, &out->open_mm, &out->main_mm);
    out->n_sites = at->n_sites;
    for (int32_t site = 0; site < at->n_sites; site++)
        out->n_sites_cut += at->site_arc[site] >= 0;
    return rank(at, out);
}

kerb_status ki_diagnose(ki_diagnosis *out, const ki_graph *graph, const ki_profile_spec *spec,
                        const double *lat_deg, const double *lon_deg, size_t n, ki_arena *arena,
                        kerb_error *err) {
    ki_profile *profile;
    *out = (ki_diagnosis){.n_remedies = 0};
    KI_TRY(ki_profile_build(&profile, graph, spec, NULL, err));
    doctor at = {.graph = graph, .profile = profile, .arena = arena, .err = err};
    kerb_status status = examine(&at, out, lat_deg, lon_deg, n);
    ki_free(at.remedies);
    ki_profile_free(profile);
    return status;
}
