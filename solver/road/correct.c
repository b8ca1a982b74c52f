/* SPDX-License-Identifier: GPL-3.0-or-later
 * correct.c - local corrections on the roads as read, before junctions are known.
 *
 *   way   o──·──·──o──·──·──o     A correction of a part of a way leaves the way whole, so that
 *             ├─────┤             kerbs, closures, restrictions and legs find their runs; a copy of
 *              copy 1             its record says what that part is like. Where several overlap,
 *          ├────┤                 each piece gets a copy with all of them laid over it in order.
 *           copy 2, both, copy 1
 *
 * Steps: places are found on the roads as read; then stretches are laid over each other, nodes
 * tagged, and roads added, joined to nodes of others. */
#include "road/correct.h"

#include "base/alloc.h"
#include "base/error.h"

#include <math.h>
#include <stdlib.h>

static kerb_status no_memory(ki_corrector *at) {
    return ki_fail_no_memory(at->err, "corrections of roads");
}

static kerb_status add_cut(ki_corrector *at, ki_cut_stretch cut) {
    if (ki_grow(&at->cuts, &at->cuts_capacity, at->n_cuts + 1, sizeof cut)) return no_memory(at);
    at->cuts[at->n_cuts++] = cut;
    return KERB_OK;
}

static kerb_status add_query(ki_corrector *at, size_t correction, double lat_deg, double lon_deg,
                             int wants_node) {
    if (ki_grow(&at->queries, &at->queries_capacity, at->n_queries + 1, sizeof *at->queries))
        return no_memory(at);
    at->queries[at->n_queries++] = (ki_near_query){.lat_e7 = (int32_t)lround(lat_deg * 1e7),
                                                   .lon_e7 = (int32_t)lround(lon_deg * 1e7),
                                                   .wants_node = wants_node,
                                                   .correction = correction};
    return KERB_OK;
}

/* ---- by way and nodes ------------------------------------------------------------------------ */

static double length_mm(const ki_corrector *at, size_t from, size_t to) {
    double sum = 0;
    for (size_t ref = from; ref < to; ref++)
        sum += ki_distance_mm(at->builder->refs[ref].lat_e7, at->builder->refs[ref].lon_e7,
                              at->builder->refs[ref + 1].lat_e7, at->builder->refs[ref + 1].lon_e7);
    return sum;
}

/* The nearest pair of the two ids on the way, by ref; 0: not both there. */
static int find_pair(const ki_corrector *at, const ki_raw_way *way, int64_t from, int64_t to,
                     size_t *low, size_t *high) {
    size_t last_from = SIZE_MAX, last_to = SIZE_MAX, best = SIZE_MAX;
    for (size_t ref = way->first_ref; ref < way->first_ref + way->n_refs; ref++) {
        if (at->builder->refs[ref].osm_id == from) last_from = ref;
        if (at->builder->refs[ref].osm_id == to) last_to = ref;
        if (last_from == SIZE_MAX || last_to == SIZE_MAX || last_from == last_to) continue;
        size_t a = last_from < last_to ? last_from : last_to;
        size_t b = last_from < last_to ? last_to : last_from;
        if (b - a >= best) continue;
        best = b - a;
        *low = a;
        *high = b;
    }
    return best != SIZE_MAX;
}

static kerb_status cut_run(ki_corrector *at, size_t way, size_t correction, int *found) {
    const ki_raw_way *raw = &at->builder->ways[way];
    const kerb_correction *of = &at->corrections[correction];
    size_t first = raw->first_ref, last = first + raw->n_refs - 1, low = first, high = last;
    ki_cut_stretch cut = {.way = way, .correction = correction};
    if (of->from_node && !find_pair(at, raw, of->from_node, of->to_node, &low, &high))
        return KERB_OK;
    *found = 1;
    int is_closed = at->builder->refs[first].osm_id == at->builder->refs[last].osm_id;
    double inner_mm = length_mm(at, low, high), way_mm = length_mm(at, first, last);
    if (!is_closed || inner_mm <= way_mm - inner_mm || way_mm - inner_mm <= 0) {
        cut.first_ref = low;
        cut.last_ref = high;
        return add_cut(at, cut);
    }
    cut.first_ref = first; /* the other way round, past the first node */
    cut.last_ref = low;
    if (low > first) KI_TRY(add_cut(at, cut));
    cut.first_ref = high;
    cut.last_ref = last;
    return high < last ? add_cut(at, cut) : KERB_OK;
}

typedef struct way_key {
    int64_t osm_id;
    size_t way;
} way_key;

static int compare_way_keys(const void *left, const void *right) {
    const way_key *a = left, *b = right;
    if (a->osm_id != b->osm_id) return a->osm_id < b->osm_id ? -1 : 1;
    return (a->way > b->way) - (a->way < b->way);
}

static kerb_status cut_way(ki_corrector *at, const way_key *keys, size_t correction) {
    size_t low = 0, high = at->builder->n_ways;
    int64_t id = at->corrections[correction].way_id;
    int found = 0;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (keys[middle].osm_id < id)
            low = middle + 1;
        else
            high = middle;
    }
    int is_known = low < at->builder->n_ways && keys[low].osm_id == id;
    for (; low < at->builder->n_ways && keys[low].osm_id == id; low++)
        KI_TRY(cut_run(at, keys[low].way, correction, &found));
    if (!found) at->faults[correction] = is_known ? KERB_CORRECTION_NO_RUN : KERB_CORRECTION_NO_WAY;
    return KERB_OK;
}

static kerb_status cut_ways(ki_corrector *at) {
    size_t n_ways = at->builder->n_ways;
    way_key *keys = ki_alloc_zero(n_ways, sizeof *keys);
    if (!keys) return no_memory(at);
    for (size_t way = 0; way < n_ways; way++)
        keys[way] = (way_key){at->builder->ways[way].osm_id, way};
    if (n_ways) qsort(keys, n_ways, sizeof *keys, compare_way_keys);
    kerb_status status = KERB_OK;
    for (size_t row = 0; row < at->n && status == KERB_OK; row++)
        if (at->corrections[row].kind != KERB_CORRECTION_ADD && at->corrections[row].way_id &&
            !at->faults[row])
            status = cut_way(at, keys, row);
    ki_free(keys);
    return status;
}

/* ---- by position ----------------------------------------------------------------------------- */

/* A place on earth that fits the integers. */
static int is_place(const kerb_correction *of) {
    for (size_t at = 0; at < of->n_positions; at++)
        if (!(fabs(of->lat_deg[at]) <= 90) || !(fabs(of->lon_deg[at]) <= 180)) return 0;
    return 1;
}

static kerb_status ask_row(ki_corrector *at, size_t row) {
    const kerb_correction *of = &at->corrections[row];
    ki_hours hours;
    size_t last = of->n_positions - 1;
    int is_added = of->kind == KERB_CORRECTION_ADD;
    if (of->kind == KERB_CORRECTION_UNSPECIFIED || !is_place(of) ||
        (is_added ? of->n_positions < 2 : !of->way_id && !of->node_id && of->n_positions != 1)) {
        at->faults[row] = KERB_CORRECTION_NO_PLACE;
        return KERB_OK;
    }
    if (!ki_correct_hours(of, &hours)) {
        at->faults[row] = KERB_CORRECTION_NO_HOURS;
        return KERB_OK;
    }
    if (is_added) {
        KI_TRY(add_query(at, row, of->lat_deg[0], of->lon_deg[0], 1));
        return add_query(at, row, of->lat_deg[last], of->lon_deg[last], 1);
    }
    if (of->way_id || of->node_id) return KERB_OK;
    return add_query(at, row, of->lat_deg[0], of->lon_deg[0], 0);
}

static int compare_ids(const void *left, const void *right) {
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

typedef struct usage { /* how often refs of some ways are used in all */
    int64_t *ids;      /* ascending */
    uint8_t *n_uses;   /* 2: or more */
    size_t n;
} usage;

static size_t find_id(const usage *of, int64_t id) {
    size_t low = 0, high = of->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (of->ids[middle] < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < of->n && of->ids[low] == id ? low : SIZE_MAX;
}

static void count_uses(const ki_graph_builder *builder, usage *of) {
    if (of->n == 0) return;
    qsort(of->ids, of->n, sizeof *of->ids, compare_ids);
    for (size_t ref = 0; ref < builder->n_refs; ref++) {
        size_t found = find_id(of, builder->refs[ref].osm_id);
        if (found != SIZE_MAX && of->n_uses[found] < 2) of->n_uses[found]++;
    }
}

static int is_road_found(const ki_near_query *query) {
    return !query->wants_node && query->found.distance_mm != KI_NEVER;
}

static kerb_status count_near_uses(ki_corrector *at, usage *out) {
    const ki_graph_builder *builder = at->builder;
    size_t n = 0;
    for (size_t q = 0; q < at->n_queries; q++)
        if (is_road_found(&at->queries[q])) n += builder->ways[at->queries[q].found.way].n_refs;
    out->ids = ki_alloc_zero(n, sizeof *out->ids);
    out->n_uses = ki_alloc_zero(n, 1);
    if (!out->ids || !out->n_uses) return no_memory(at);
    for (size_t q = 0; q < at->n_queries; q++) {
        if (!is_road_found(&at->queries[q])) continue;
        const ki_raw_way *way = &builder->ways[at->queries[q].found.way];
        for (size_t ref = way->first_ref; ref < way->first_ref + way->n_refs; ref++)
            out->ids[out->n++] = builder->refs[ref].osm_id;
    }
    count_uses(builder, out);
    return KERB_OK;
}

static int is_junction(const ki_corrector *at, const usage *of, size_t ref) {
    size_t found = find_id(of, at->builder->refs[ref].osm_id);
    return found != SIZE_MAX && of->n_uses[found] > 1;
}

/* From junction to junction around the segment found. */
static kerb_status cut_near(ki_corrector *at, const usage *of, const ki_near_query *query) {
    const ki_raw_way *way = &at->builder->ways[query->found.way];
    size_t low = query->found.ref, high = low + 1;
    while (low > way->first_ref && !is_junction(at, of, low))
        low--;
    while (high < way->first_ref + way->n_refs - 1 && !is_junction(at, of, high))
        high++;
    return add_cut(at, (ki_cut_stretch){query->found.way, low, high, query->correction});
}

static kerb_status cut_places(ki_corrector *at) {
    usage of = {.n = 0};
    kerb_status status = count_near_uses(at, &of);
    for (size_t q = 0; q < at->n_queries && status == KERB_OK; q++) {
        const ki_near_query *query = &at->queries[q];
        if (query->wants_node) continue;
        if (query->found.distance_mm == KI_NEVER)
            at->faults[query->correction] = KERB_CORRECTION_NO_ROAD;
        else
            status = cut_near(at, &of, query);
    }
    ki_free(of.ids);
    ki_free(of.n_uses);
    return status;
}

/* ---- laying stretches over each other -------------------------------------------------------- */

static int compare_cuts(const void *left, const void *right) {
    const ki_cut_stretch *a = left, *b = right;
    if (a->way != b->way) return a->way < b->way ? -1 : 1;
    if (a->correction != b->correction) return a->correction < b->correction ? -1 : 1;
    return (a->first_ref > b->first_ref) - (a->first_ref < b->first_ref);
}

static int compare_refs(const void *left, const void *right) {
    size_t a = *(const size_t *)left, b = *(const size_t *)right;
    return (a > b) - (a < b);
}

/* The copy for one piece, all corrections that cover it laid over the way in order. */
static kerb_status copy_piece(ki_corrector *at, const ki_cut_stretch *cuts, size_t n, size_t from,
                              size_t to) {
    ki_graph_builder *builder = at->builder;
    ki_raw_way copy = builder->ways[cuts[0].way];
    int is_covered = 0;
    for (size_t cut = 0; cut < n; cut++) {
        const kerb_correction *of = &at->corrections[cuts[cut].correction];
        if (cuts[cut].first_ref > from || cuts[cut].last_ref < to) continue;
        is_covered = 1;
        ki_correct_tags(of, builder->conditions, &copy.tags);
        if (of->name) KI_TRY(ki_graph_builder_name(builder, &copy, of->name, at->err));
    }
    if (!is_covered) return KERB_OK;
    if (ki_grow(&builder->copies, &builder->copies_capacity, builder->n_copies + 1, sizeof copy) ||
        ki_grow(&builder->copied, &builder->copied_capacity, builder->n_copied + 1,
                sizeof *builder->copied))
        return no_memory(at);
    builder->copied[builder->n_copied++] = (ki_copied){from, to, (int32_t)builder->n_copies};
    builder->copies[builder->n_copies++] = copy;
    return KERB_OK;
}

static kerb_status copy_way(ki_corrector *at, const ki_cut_stretch *cuts, size_t n) {
    size_t *ends = ki_alloc_zero(n, 2 * sizeof *ends);
    if (!ends) return no_memory(at);
    for (size_t cut = 0; cut < n; cut++) {
        ends[2 * cut] = cuts[cut].first_ref;
        ends[2 * cut + 1] = cuts[cut].last_ref;
    }
    qsort(ends, 2 * n, sizeof *ends, compare_refs);
    kerb_status status = KERB_OK;
    for (size_t end = 1; end < 2 * n && status == KERB_OK; end++)
        if (ends[end] > ends[end - 1]) status = copy_piece(at, cuts, n, ends[end - 1], ends[end]);
    ki_free(ends);
    return status;
}

/* Ways in their order, so that pieces come sorted by ref. */
static kerb_status copy_ways(ki_corrector *at) {
    if (at->n_cuts) qsort(at->cuts, at->n_cuts, sizeof *at->cuts, compare_cuts);
    for (size_t first = 0, end; first < at->n_cuts; first = end) {
        for (end = first + 1; end < at->n_cuts && at->cuts[end].way == at->cuts[first].way;)
            end++;
        KI_TRY(copy_way(at, at->cuts + first, end - first));
    }
    return KERB_OK;
}

/* ---- nodes ----------------------------------------------------------------------------------- */

static int is_of_node(const ki_corrector *at, size_t row) {
    const kerb_correction *of = &at->corrections[row];
    return of->node_id && !of->way_id && of->kind != KERB_CORRECTION_ADD && !at->faults[row];
}

/* A node has no speed, no direction and no name. */
static int suits_node(const kerb_correction *of) {
    return !(of->speed_kmh > 0 || of->max_length_m > 0 || of->width_m > 0 || of->one_way ||
             of->road_class || of->name);
}

static kerb_status correct_node(ki_corrector *at, const usage *of, size_t row) {
    ki_graph_builder *builder = at->builder;
    const kerb_correction *from = &at->corrections[row];
    ki_node_tags tags = {0};
    size_t found = find_id(of, from->node_id);
    if (found == SIZE_MAX || of->n_uses[found] == 0)
        at->faults[row] = KERB_CORRECTION_NO_NODE;
    else if (!suits_node(from))
        at->faults[row] = KERB_CORRECTION_NO_PLACE;
    if (at->faults[row]) return KERB_OK;
    for (size_t tagged = 0; tagged < builder->n_tagged; tagged++)
        if (builder->tagged[tagged].osm_id == from->node_id) tags = builder->tagged[tagged].tags;
    ki_correct_node(from, builder->conditions, &tags);
    return ki_graph_builder_tag_node(builder, from->node_id, &tags, at->err);
}

static kerb_status correct_nodes(ki_corrector *at) {
    usage of = {.ids = ki_alloc_zero(at->n, sizeof *of.ids), .n_uses = ki_alloc_zero(at->n, 1)};
    kerb_status status = of.ids && of.n_uses ? KERB_OK : no_memory(at);
    for (size_t row = 0; row < at->n && status == KERB_OK; row++)
        if (is_of_node(at, row)) of.ids[of.n++] = at->corrections[row].node_id;
    if (status == KERB_OK) count_uses(at->builder, &of);
    for (size_t row = 0; row < at->n && status == KERB_OK; row++)
        if (is_of_node(at, row)) status = correct_node(at, &of, row);
    ki_free(of.ids);
    ki_free(of.n_uses);
    return status;
}

/* ---- the whole ------------------------------------------------------------------------------- */

static kerb_status correct(ki_corrector *at) {
    for (size_t row = 0; row < at->n; row++)
        KI_TRY(ask_row(at, row));
    ki_correct_find_near(at->builder, at->queries, at->n_queries);
    KI_TRY(cut_ways(at));
    KI_TRY(cut_places(at));
    KI_TRY(copy_ways(at));
    KI_TRY(correct_nodes(at));
    return ki_correct_add(at);
}

kerb_status ki_graph_correct(ki_graph_builder *builder, const kerb_correction *corrections,
                             size_t n, kerb_error *err) {
    if (n > KI_MAX_CORRECTIONS)
        return ki_fail(err, KERB_BAD_INPUT, "corrections of roads: %zu, expected at most %d", n,
                       (int)KI_MAX_CORRECTIONS);
    kerb_corrections_hash(corrections, n, builder->corrections);
    builder->correction_faults = ki_alloc_zero(n, 1);
    builder->n_corrections = n;
    ki_corrector at = {.builder = builder,
                       .corrections = corrections,
                       .n = n,
                       .faults = builder->correction_faults,
                       .err = err,
                       .next_id = KI_LOCAL_ID};
    if (!at.faults) return no_memory(&at);
    kerb_status status = n ? correct(&at) : KERB_OK;
    ki_free(at.cuts);
    ki_free(at.queries);
    return status;
}
