/* SPDX-License-Identifier: GPL-3.0-or-later
 * diagnose_print.c - a diagnosis for people, each remedy with the row of roads_extra that makes it,
 * or as JSON for a program. Numbers are printed from integers: the same text everywhere. */
#include "road/diagnose.h"

#include <stdlib.h>

static const char *const KINDS[KI_N_REMEDIES] = {"one_way", "limit", "access", "gate", "gap"};

static const char *use_of(const ki_profile_spec *spec) {
    return spec->kind == KI_KIND_SWEEPER ? "sweeper"
           : spec->kind == KI_KIND_ROBOT ? "robot"
                                         : "truck";
}

static void add_degrees(ki_text *to, int32_t e7) {
    long long size = llabs((long long)e7);
    ki_text_add(to, "%s%lld.%07lld", e7 < 0 ? "-" : "", size / 10000000, size % 10000000);
}

static void add_position(ki_text *to, int32_t lat_e7, int32_t lon_e7) {
    add_degrees(to, lon_e7);
    ki_text_add(to, " ");
    add_degrees(to, lat_e7);
}

static void add_limits(ki_text *to, const ki_way_tags *tags) {
    const struct {
        const char *name, *unit;
        int32_t value;
    } limits[] = {{"height", "mm", tags->max_height_mm},
                  {"width", "mm", tags->max_width_mm},
                  {"length", "mm", tags->max_length_mm},
                  {"mass", "kg", tags->max_mass_kg}};
    const char *before = ": ";
    for (size_t at = 0; at < sizeof limits / sizeof *limits; at++) {
        if (!limits[at].value) continue;
        ki_text_add(to, "%s%s %d %s", before, limits[at].name, limits[at].value, limits[at].unit);
        before = ", ";
    }
}

/* Smaller than any lane a mapper can have meant for traffic: a mistyped unit, rather. */
static int is_odd(const ki_way_tags *tags) {
    return (tags->max_height_mm && tags->max_height_mm < 1800) ||
           (tags->max_width_mm && tags->max_width_mm < 1500) ||
           (tags->max_length_mm && tags->max_length_mm < 3000) ||
           (tags->max_mass_kg && tags->max_mass_kg < 1000);
}

static void add_gap(ki_text *to, const ki_graph *graph, const ki_remedy *of) {
    const ki_node *from = &graph->nodes[of->node];
    const ki_point *there = &graph->points[of->point];
    ki_text_add(to, " ends %.1f m short of node %lld",
                ki_distance_mm(from->lat_e7, from->lon_e7, there->lat_e7, there->lon_e7) / 1000,
                (long long)there->osm_id);
}

static void add_way(ki_text *to, const ki_graph *graph, const ki_way *way) {
    const char *name = way ? ki_way_name(graph, way) : "";
    ki_text_add(to, "way %lld", way ? (long long)way->osm_id : 0);
    if (*name) ki_text_add(to, " (%s)", name);
}

static void add_what(ki_text *to, const ki_graph *graph, const ki_remedy *of) {
    const ki_way *way = of->edge >= 0 ? ki_arc_way(graph, 2 * of->edge) : NULL;
    if (of->kind == KI_REMEDY_GATE) {
        ki_text_add(to, "a barrier at node %lld", (long long)graph->nodes[of->node].osm_id);
        return;
    }
    add_way(to, graph, way);
    if (of->kind == KI_REMEDY_ONE_WAY) ki_text_add(to, " is one-way");
    if (of->kind == KI_REMEDY_ACCESS) ki_text_add(to, " is closed by its tags");
    if (of->kind == KI_REMEDY_GAP) add_gap(to, graph, of);
    if (of->kind != KI_REMEDY_LIMIT) return;
    ki_text_add(to, " is limited");
    add_limits(to, &way->tags);
    if (is_odd(&way->tags)) ki_text_add(to, "; hardly meant so");
}

static void add_row(ki_text *to, const ki_graph *graph, const ki_profile_spec *spec,
                    const ki_remedy *of) {
    if (of->kind == KI_REMEDY_GATE) {
        ki_text_add(to, "action=set node_id=%lld open_to=%s max_height_m=-1 max_width_m=-1",
                    (long long)graph->nodes[of->node].osm_id, use_of(spec));
        return;
    }
    if (of->kind == KI_REMEDY_GAP) {
        ki_text_add(to, "action=add line=LINESTRING (");
        add_position(to, graph->nodes[of->node].lat_e7, graph->nodes[of->node].lon_e7);
        ki_text_add(to, ", ");
        add_position(to, graph->points[of->point].lat_e7, graph->points[of->point].lon_e7);
        ki_text_add(to, ")");
        return;
    }
    const ki_edge *edge = &graph->edges[of->edge];
    ki_text_add(to, "action=set way_id=%lld from_node=%lld to_node=%lld ",
                (long long)graph->ways[edge->way].osm_id,
                (long long)graph->nodes[edge->from].osm_id,
                (long long)graph->nodes[edge->to].osm_id);
    if (of->kind == KI_REMEDY_ONE_WAY) ki_text_add(to, "one_way=both");
    if (of->kind == KI_REMEDY_ACCESS) ki_text_add(to, "open_to=%s", use_of(spec));
    if (of->kind == KI_REMEDY_LIMIT)
        ki_text_add(to, "max_height_m=-1 max_width_m=-1 max_length_m=-1 max_mass_kg=-1");
}

static void add_spec(ki_text *to, const ki_profile_spec *spec) {
    ki_text_add(to, "%s", use_of(spec));
    if (spec->height_mm) ki_text_add(to, ", %d mm high", spec->height_mm);
    if (spec->width_mm) ki_text_add(to, ", %d mm wide", spec->width_mm);
    if (spec->length_mm) ki_text_add(to, ", %d mm long", spec->length_mm);
    if (spec->mass_kg) ki_text_add(to, ", %d kg", spec->mass_kg);
}

static void print_text(const ki_diagnosis *of, const ki_graph *graph, const ki_profile_spec *spec,
                       ki_text *out) {
    add_spec(out, spec);
    ki_text_add(out, ": %.1f of %.1f km of lanes cut off",
                (double)(of->open_mm - of->main_mm) / 1e6, (double)of->open_mm / 1e6);
    if (of->n_sites)
        ki_text_add(out, "; %d of %d sites stand beside them", of->n_sites_cut, of->n_sites);
    ki_text_add(out, "\n");
    for (int32_t k = 0; k < of->n_remedies; k++) {
        const ki_remedy *remedy = &of->remedies[k];
        ki_text_add(out, "%3d  %s%.2f km", k + 1, remedy->is_tried ? "" : "about ",
                    (double)remedy->gained_mm / 1e6);
        if (of->n_sites) ki_text_add(out, ", %d sites", remedy->n_sites);
        ki_text_add(out, ": ");
        add_what(out, graph, remedy);
        ki_text_add(out, "\n     ");
        add_row(out, graph, spec, remedy);
        ki_text_add(out, "\n");
    }
    const ki_conditions *all = &graph->conditions;
    for (int32_t at = 0; at < all->n_unread; at++)
        ki_text_add(out, "%s  %d x %s, first at %c%lld\n", at ? "" : "\nnot understood\n",
                    all->unread[at].count, all->text + all->unread[at].text, all->unread[at].object,
                    (long long)all->unread[at].example_id);
}

static void print_remedy(const ki_graph *graph, const ki_profile_spec *spec,
                         const ki_remedy *remedy, ki_text *out) {
    ki_text what = {0}, row = {0};
    add_what(&what, graph, remedy);
    add_row(&row, graph, spec, remedy);
    ki_text_add(out, "{\"kind\":\"%s\",\"gained_mm\":%lld,\"n_sites\":%d,\"tried\":%s,\"what\":",
                KINDS[remedy->kind], (long long)remedy->gained_mm, remedy->n_sites,
                remedy->is_tried ? "true" : "false");
    ki_text_add_json(out, what.bytes);
    ki_text_add(out, ",\"row\":");
    ki_text_add_json(out, row.bytes);
    ki_text_add(out, "}");
    out->failed |= what.failed || row.failed;
    ki_text_free(&what);
    ki_text_free(&row);
}

static void print_json(const ki_diagnosis *of, const ki_graph *graph, const ki_profile_spec *spec,
                       ki_text *out) {
    const ki_conditions *all = &graph->conditions;
    ki_text_add(out, "{\"use\":\"%s\",\"open_mm\":%lld,\"cut_off_mm\":%lld,\"n_sites\":%d,",
                use_of(spec), (long long)of->open_mm, (long long)(of->open_mm - of->main_mm),
                of->n_sites);
    ki_text_add(out, "\"n_sites_cut_off\":%d,\"remedies\":[", of->n_sites_cut);
    for (int32_t k = 0; k < of->n_remedies; k++) {
        ki_text_add(out, k ? ",\n" : "\n");
        print_remedy(graph, spec, &of->remedies[k], out);
    }
    ki_text_add(out, "],\"not_understood\":[");
    for (int32_t at = 0; at < all->n_unread; at++) {
        ki_text_add(out, "%s{\"count\":%d,\"text\":", at ? ",\n" : "\n", all->unread[at].count);
        ki_text_add_json(out, all->text + all->unread[at].text);
        ki_text_add(out, "}");
    }
    ki_text_add(out, "]}\n");
}

void ki_diagnosis_print(const ki_diagnosis *of, const ki_graph *graph, const ki_profile_spec *spec,
                        int json, ki_text *out) {
    if (json)
        print_json(of, graph, spec, out);
    else
        print_text(of, graph, spec, out);
}
