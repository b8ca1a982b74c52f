/* SPDX-License-Identifier: GPL-3.0-or-later
 * ch_query.c - a climb from either end, the best node both reach, and the shortcuts on the way
 * taken apart (Geisberger, Sanders, Schultes and Delling, WEA 2008). */
#include "road/ch_query.h"

#include "base/alloc.h"
#include "base/error.h"

kerb_status ki_ch_query_new(ki_ch_query **out, const ki_hierarchy *hierarchy, kerb_error *err) {
    int32_t n = hierarchy->n_nodes;
    ki_ch_query *query = *out = ki_alloc_zero(1, sizeof *query);
    if (query && !ki_ch_side_new(&query->side[0], n) && !ki_ch_side_new(&query->side[1], n))
        return KERB_OK;
    ki_ch_query_free(query);
    *out = NULL;
    return ki_fail_no_memory(err, "a path");
}

void ki_ch_query_free(ki_ch_query *query) {
    if (!query) return;
    ki_ch_side_free(&query->side[0]);
    ki_ch_side_free(&query->side[1]);
    ki_free(query->links);
    ki_free(query->nodes);
    ki_free(query);
}

/* ---- meeting ------------------------------------------------------------------------- */

/* The highest among equals; -1 if there is no way. */
static int32_t find_meeting(const ki_ch_query *query, uint64_t *label) {
    const ki_ch_side *ahead = &query->side[0], *back = &query->side[1];
    int32_t meeting = -1;
    *label = KI_FAR_LABEL;
    for (int32_t at = 0; at < ahead->n_passed; at++) {
        int32_t rank = ahead->passed[at];
        if (back->label[rank] == KI_NO_LABEL) continue;
        uint64_t sum = ahead->label[rank] + back->label[rank];
        if (sum > *label || (sum == *label && rank > meeting)) continue;
        if (sum == KI_FAR_LABEL) continue;
        *label = sum;
        meeting = rank;
    }
    if (meeting < 0) *label = KI_NO_LABEL;
    return meeting;
}

/* ---- unpacking ----------------------------------------------------------------------- */

static int push_link(ki_ch_query *query, int32_t from, int32_t to, int32_t middle) {
    if (ki_grow(&query->links, &query->links_capacity, query->n_links + 1, sizeof *query->links))
        return -1;
    query->links[query->n_links++] = (ki_ch_link){from, to, middle};
    return 0;
}

static int push_node(ki_ch_query *query, int32_t node) {
    if (ki_grow(&query->nodes, &query->nodes_capacity, query->n_nodes + 1, sizeof *query->nodes))
        return -1;
    query->nodes[query->n_nodes++] = node;
    return 0;
}

static int32_t middle_of(const int32_t *first, const ki_ch_edge *edges, int32_t of, int32_t node) {
    int32_t edge = first[of];
    while (edges[edge].node != node)
        edge++;
    return edges[edge].middle;
}

/* Links go on the stack from the last of the way to the first. */
static int stack_down(ki_ch_query *query, const ki_hierarchy *hierarchy, int32_t rank) {
    size_t n_before = query->n_links;
    const ki_ch_side *back = &query->side[1];
    for (int32_t lower; (lower = back->before[rank]) >= 0; rank = lower)
        if (push_link(query, rank, lower,
                      middle_of(hierarchy->first_down, hierarchy->down, lower, rank)))
            return -1;
    for (size_t low = n_before, high = query->n_links; low + 1 < high; low++) {
        ki_ch_link swap = query->links[low];
        query->links[low] = query->links[--high];
        query->links[high] = swap;
    }
    return 0;
}

static int stack_up(ki_ch_query *query, const ki_hierarchy *hierarchy, int32_t *rank) {
    const ki_ch_side *ahead = &query->side[0];
    for (int32_t lower; (lower = ahead->before[*rank]) >= 0; *rank = lower)
        if (push_link(query, lower, *rank,
                      middle_of(hierarchy->first_up, hierarchy->up, lower, *rank)))
            return -1;
    return 0;
}

/* Two links of a shortcut both stand with its middle, which lies below either end. */
static int unpack(ki_ch_query *query, const ki_hierarchy *hierarchy) {
    while (query->n_links > 0) {
        ki_ch_link link = query->links[--query->n_links];
        for (int32_t by; (by = link.middle) >= 0; link.to = by) {
            if (push_link(query, by, link.to,
                          middle_of(hierarchy->first_up, hierarchy->up, by, link.to)))
                return -1;
            link.middle = middle_of(hierarchy->first_down, hierarchy->down, by, link.from);
        }
        if (push_node(query, hierarchy->node_of[link.to])) return -1;
    }
    return 0;
}

kerb_status ki_ch_query_run(ki_ch_query *query, const ki_profile *profile,
                            const ki_hierarchy *hierarchy, int32_t from_arc, int32_t to_arc,
                            uint64_t *label, kerb_error *err) {
    query->n_links = query->n_nodes = 0;
    ki_ch_climb_from(&query->side[0], profile, hierarchy, from_arc);
    ki_ch_climb_to(&query->side[1], profile, hierarchy, to_arc);
    int32_t first = find_meeting(query, label);
    int failed =
        first >= 0 && (stack_down(query, hierarchy, first) || stack_up(query, hierarchy, &first) ||
                       push_node(query, hierarchy->node_of[first]) || unpack(query, hierarchy));
    ki_ch_side_clear(&query->side[0]);
    ki_ch_side_clear(&query->side[1]);
    return failed ? ki_fail_no_memory(err, "a path") : KERB_OK;
}
