/* SPDX-License-Identifier: GPL-3.0-or-later
 * graph_layout.c - the base graph as arrays, and whether arrays make a base graph. */
#define _POSIX_C_SOURCE 200809L /* strnlen */
#include "base/text.h"
#include "road/graph_build.h"
#include "road/layout.h"

#include <string.h>

/* Nothing between the fields: all bytes of an array have a value. */
_Static_assert(sizeof(ki_node_tags) == 20 && sizeof(ki_node) == 40, "padding in ki_node");
_Static_assert(sizeof(ki_way_tags) == 36 && sizeof(ki_way) == 48, "padding in ki_way");
_Static_assert(sizeof(ki_point) == 24, "padding in ki_point");
_Static_assert(sizeof(ki_edge) == 28, "padding in ki_edge");
_Static_assert(sizeof(ki_restriction) == 24, "padding in ki_restriction");
_Static_assert(sizeof(ki_condition) == 28, "padding in ki_condition");
_Static_assert(sizeof(ki_hours_rule) == 16, "padding in ki_hours_rule");
_Static_assert(sizeof(ki_unread) == 24, "padding in ki_unread");

static void add_conditions(ki_layout *to, ki_conditions *all) {
    ki_layout_add_number(to, &all->n_lists);
    ki_layout_add_number(to, &all->n_items);
    ki_layout_add_number(to, &all->n_hours);
    ki_layout_add_number(to, &all->n_unread);
    ki_layout_add_number(to, &all->n_text);
    ki_layout_add_number(to, &all->n_unread_others);
    ki_layout_add_slice(to, &all->first, sizeof *all->first, (int64_t)all->n_lists + 1);
    ki_layout_add_slice(to, &all->items, sizeof *all->items, all->n_items);
    ki_layout_add_slice(to, &all->hours, sizeof *all->hours, all->n_hours);
    ki_layout_add_slice(to, &all->unread, sizeof *all->unread, all->n_unread);
    ki_layout_add_slice(to, &all->text, 1, all->n_text);
}

ki_layout ki_graph_layout(ki_graph *graph) {
    ki_layout to = {.n_numbers = 0};
    ki_layout_add_number(&to, &graph->n_nodes);
    ki_layout_add_number(&to, &graph->n_edges);
    ki_layout_add_number(&to, &graph->n_arcs);
    ki_layout_add_number(&to, &graph->n_ways);
    ki_layout_add_number(&to, &graph->n_points);
    ki_layout_add_number(&to, &graph->n_restrictions);
    ki_layout_add_number(&to, &graph->n_restriction_arcs);
    ki_layout_add_number(&to, &graph->n_name_bytes);
    ki_layout_add_number(&to, &graph->n_unmatched_restrictions);
    ki_layout_add_number(&to, &graph->drive_left);
    ki_layout_add_number(&to, &graph->n_copies);
    ki_layout_add_number(&to, &graph->n_corrections);
    ki_layout_add_slice(&to, &graph->nodes, sizeof *graph->nodes, graph->n_nodes);
    ki_layout_add_slice(&to, &graph->edges, sizeof *graph->edges, graph->n_edges);
    ki_layout_add_slice(&to, &graph->ways, sizeof *graph->ways,
                        (int64_t)graph->n_ways + graph->n_copies);
    ki_layout_add_slice(&to, &graph->points, sizeof *graph->points, graph->n_points);
    ki_layout_add_slice(&to, &graph->restrictions, sizeof *graph->restrictions,
                        graph->n_restrictions);
    ki_layout_add_slice(&to, &graph->restriction_arcs, sizeof *graph->restriction_arcs,
                        graph->n_restriction_arcs);
    ki_layout_add_slice(&to, &graph->names, 1, graph->n_name_bytes);
    ki_layout_add_slice(&to, &graph->first_out, sizeof *graph->first_out,
                        (int64_t)graph->n_nodes + 1);
    ki_layout_add_slice(&to, &graph->out_arcs, sizeof *graph->out_arcs, graph->n_arcs);
    ki_layout_add_slice(&to, &graph->first_edge, sizeof *graph->first_edge,
                        (int64_t)graph->n_ways + 1);
    ki_layout_add_slice(&to, &graph->ways_by_id, sizeof *graph->ways_by_id, graph->n_ways);
    ki_layout_add_slice(&to, &graph->correction_faults, 1, graph->n_corrections);
    add_conditions(&to, &graph->conditions);
    return to;
}

int ki_layout_is_index(const int32_t *first, int32_t n, int32_t n_items) {
    if (first[0] != 0 || first[n] != n_items) return 0;
    for (int32_t at = 0; at < n; at++)
        if (first[at] > first[at + 1]) return 0;
    return 1;
}

/* ---- faults ---------------------------------------------------------------------------------- */

static int is_in(int32_t index, int32_t n) {
    return index >= 0 && index < n;
}

static int is_on_earth(int32_t lat_e7, int32_t lon_e7) {
    return lat_e7 >= -900000000 && lat_e7 <= 900000000 && lon_e7 >= -1800000000 &&
           lon_e7 <= 1800000000;
}

static int is_condition(const ki_conditions *all, const ki_condition *condition) {
    return condition->effect < KI_N_EFFECTS && condition->sizes[0] < KI_N_SIZES &&
           condition->sizes[1] < KI_N_SIZES && condition->n_hours >= 0 &&
           condition->n_hours <= KI_HOURS_MAX_RULES && condition->first_hour >= 0 &&
           condition->first_hour <= all->n_hours - condition->n_hours;
}

static const char *conditions_fault(const ki_graph *graph) {
    const ki_conditions *all = &graph->conditions;
    if (all->n_lists < 1 || !ki_layout_is_index(all->first, all->n_lists, all->n_items) ||
        all->first[1] != 0)
        return "conditions out of order";
    for (int32_t list = 0; list < all->n_lists; list++)
        if (all->first[list + 1] - all->first[list] > KI_CONDITIONS_PER_LIST)
            return "a list of conditions too long";
    for (int32_t item = 0; item < all->n_items; item++)
        if (!is_condition(all, &all->items[item])) return "a condition that is none";
    if (all->n_unread > KI_MAX_UNREAD || (all->n_text > 0 && all->text[all->n_text - 1] != '\0'))
        return "unread conditions that do not end";
    for (int32_t at = 0; at < all->n_unread; at++)
        if (!is_in(all->unread[at].text, all->n_text)) return "an unread condition without text";
    return NULL;
}

static const char *nodes_fault(const ki_graph *graph) {
    for (int32_t node = 0; node < graph->n_nodes; node++) {
        const ki_node *at = &graph->nodes[node];
        if (!is_on_earth(at->lat_e7, at->lon_e7)) return "a node off the earth";
        if (!is_in(at->tags.conditions, graph->conditions.n_lists))
            return "a node of no list of conditions";
    }
    return NULL;
}

static const char *names_fault(const ki_graph *graph) {
    size_t n_bytes = (size_t)graph->n_name_bytes;
    if (n_bytes == 0 || graph->names[0] != '\0' || graph->names[n_bytes - 1] != '\0')
        return "names that do not end";
    return ki_utf8_valid(graph->names, n_bytes) ? NULL : "names that are not UTF-8";
}

static const char *ways_fault(const ki_graph *graph) {
    if (!ki_layout_is_index(graph->first_edge, graph->n_ways, graph->n_edges))
        return "edges of ways out of order";
    for (int64_t way = 0; way < (int64_t)graph->n_ways + graph->n_copies; way++) {
        const ki_way *at = &graph->ways[way];
        if (at->tags.road_class == KI_ROAD_NONE || at->tags.road_class >= KI_N_ROAD_CLASSES)
            return "a way of no class";
        if (!is_in(at->tags.conditions, graph->conditions.n_lists))
            return "a way of no list of conditions";
        if (!is_in(at->name_at, graph->n_name_bytes) ||
            (at->name_at > 0 && graph->names[at->name_at - 1] != '\0'))
            return "a way whose name lies elsewhere";
    }
    for (int32_t way = 0; way < graph->n_ways; way++) {
        if (graph->first_edge[way] == graph->first_edge[way + 1]) return "a way without edges";
        for (int32_t edge = graph->first_edge[way]; edge < graph->first_edge[way + 1]; edge++)
            if (graph->edges[edge].way != way) return "an edge of another way";
    }
    return NULL;
}

static const char *ids_fault(const ki_graph *graph) {
    for (int32_t at = 0; at < graph->n_ways; at++) {
        int32_t way = graph->ways_by_id[at];
        if (!is_in(way, graph->n_ways)) return "a way that is none";
        if (at == 0) continue;
        int32_t before = graph->ways_by_id[at - 1];
        int64_t step = graph->ways[before].osm_id < graph->ways[way].osm_id;
        if (!step && (graph->ways[before].osm_id != graph->ways[way].osm_id || before >= way))
            return "ways out of the order of their ids";
    }
    return NULL;
}

static int is_shape(const ki_point *points, const ki_edge *edge) {
    if (points[0].at_mm != 0 || points[edge->n_points - 1].at_mm != edge->length_mm) return 0;
    for (int32_t point = 0; point < edge->n_points; point++) {
        if (!is_on_earth(points[point].lat_e7, points[point].lon_e7)) return 0;
        if (point > 0 && points[point - 1].at_mm > points[point].at_mm) return 0;
    }
    return 1;
}

/* The points of an edge begin where those of the one before end: none is looked at twice. */
static const char *edges_fault(const ki_graph *graph) {
    int32_t n_points = 0;
    for (int32_t index = 0; index < graph->n_edges; index++) {
        const ki_edge *edge = &graph->edges[index];
        if (edge->record != edge->way &&
            (edge->record < graph->n_ways || edge->record - graph->n_ways >= graph->n_copies))
            return "an edge like no way";
        if (!is_in(edge->from, graph->n_nodes) || !is_in(edge->to, graph->n_nodes))
            return "an edge between nodes that are none";
        if (edge->length_mm < 1 || edge->length_mm > KI_MAX_EDGE_MM || edge->n_points < 2 ||
            edge->first_point != n_points || edge->n_points > graph->n_points - n_points)
            return "an edge without a shape";
        n_points += edge->n_points;
        if (!is_shape(graph->points + edge->first_point, edge))
            return "an edge whose shape runs backwards";
    }
    return n_points == graph->n_points ? NULL : "points of no edge";
}

static const char *arcs_fault(const ki_graph *graph) {
    if (!ki_layout_is_index(graph->first_out, graph->n_nodes, graph->n_arcs))
        return "arcs of nodes out of order";
    for (int32_t node = 0; node < graph->n_nodes; node++)
        for (int32_t out = graph->first_out[node]; out < graph->first_out[node + 1]; out++) {
            int32_t arc = graph->out_arcs[out];
            if (!is_in(arc, graph->n_arcs) || ki_arc_from(graph, arc) != node ||
                (out > graph->first_out[node] && graph->out_arcs[out - 1] >= arc))
                return "an arc of another node";
        }
    return NULL;
}

static const char *restrictions_fault(const ki_graph *graph) {
    int32_t n_arcs = 0;
    for (int32_t index = 0; index < graph->n_restrictions; index++) {
        const ki_restriction *at = &graph->restrictions[index];
        if (at->n_arcs < 2 || at->first_arc < n_arcs ||
            at->first_arc > graph->n_restriction_arcs - at->n_arcs)
            return "a restriction without arcs";
        if (!is_in(at->conditions, graph->conditions.n_lists))
            return "a restriction of no list of conditions";
        n_arcs = at->first_arc + at->n_arcs;
        const int32_t *arcs = graph->restriction_arcs + at->first_arc;
        for (int32_t step = 0; step < at->n_arcs; step++)
            if (!is_in(arcs[step], graph->n_arcs) ||
                (step > 0 && ki_arc_to(graph, arcs[step - 1]) != ki_arc_from(graph, arcs[step])))
                return "a restriction over arcs that do not meet";
    }
    return NULL;
}

static const char *hash_fault(const ki_graph *graph) {
    size_t n_digits = strnlen(graph->corrections, sizeof graph->corrections);
    if ((n_digits != 0 && n_digits != 64) ||
        strspn(graph->corrections, "0123456789abcdef") != n_digits)
        return "corrections without a hash";
    for (int32_t row = 0; row < graph->n_corrections; row++)
        if (graph->correction_faults[row] >= KERB_N_CORRECTION_FAULTS)
            return "a correction that became nothing known";
    if (graph->hash[64] != '\0' || strspn(graph->hash, "0123456789abcdef") != 64)
        return "a hash that is none";
    return graph->drive_left > 1 ? "a side of the road that is none" : NULL;
}

/* In this order: each relies on what went before. */
const char *ki_graph_fault(const ki_graph *graph) {
    static const char *(*const LOOKS[])(const ki_graph *) = {
        hash_fault, conditions_fault, nodes_fault, names_fault,       ways_fault,
        ids_fault,  edges_fault,      arcs_fault,  restrictions_fault};
    if (graph->n_edges > KI_MAX_EDGES || graph->n_arcs != 2 * graph->n_edges)
        return "arcs that are not two to an edge";
    for (size_t look = 0; look < sizeof LOOKS / sizeof *LOOKS; look++) {
        const char *fault = LOOKS[look](graph);
        if (fault) return fault;
    }
    return NULL;
}
