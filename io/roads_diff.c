/* SPDX-License-Identifier: GPL-3.0-or-later
 * roads_diff.c - what changed from one extract to another.
 *
 * Compared are steps: the stretches of road between two nodes that follow each other on a way. Ways
 * are split and joined by mappers, and junctions come and go, without any road changing; a step
 * knows neither. Steps of both extracts are sorted by their nodes and laid side by side. */
#include "base/alloc.h"
#include "base/error.h"
#include "base/text.h"
#include "road/graph.h"

#include <stdlib.h>
#include <string.h>

enum { MOVED_MM = 2000 }; /* less is a mapper's second look */

typedef enum change {
    CHANGE_REMOVED = 1,
    CHANGE_ADDED = 2,
    CHANGE_NAME = 4,
    CHANGE_CLASS = 8,
    CHANGE_ACCESS = 16, /* one-way streets too */
    CHANGE_SPEED = 32,
    CHANGE_LIMITS = 64,
    CHANGE_MOVED = 128
} change;

static const char *const WORDS[] = {"removed", "added", "name",   "class",
                                    "access",  "speed", "limits", "moved"};
enum { N_CHANGES = sizeof WORDS / sizeof *WORDS };

typedef struct step {
    int64_t low, high;  /* OSM ids of its nodes */
    int64_t way_id;     /* several ways may have it */
    int32_t way, point; /* its first point along the way */
    int32_t is_against; /* the way runs from high to low */
} step;

typedef struct finding { /* a step that differs; -1: it is not there */
    int64_t way_id;
    int32_t old, new; /* steps */
    int32_t point;
    int changes; /* bits of change */
} finding;

typedef struct comparison {
    const ki_graph *graphs[2]; /* old, new */
    step *steps[2];
    int32_t n_steps[2];
    finding *findings;
    size_t n, capacity;
    int failed;
} comparison;

/* ---- steps ----------------------------------------------------------------------------------- */

static int compare_steps(const void *left, const void *right) {
    const step *a = left, *b = right;
    if (a->low != b->low) return a->low < b->low ? -1 : 1;
    if (a->high != b->high) return a->high < b->high ? -1 : 1;
    if (a->way_id != b->way_id) return a->way_id < b->way_id ? -1 : 1;
    return a->point < b->point ? -1 : a->point > b->point;
}

static step step_at(const ki_graph *graph, int32_t way, int32_t point) {
    int64_t from = graph->points[point].osm_id, to = graph->points[point + 1].osm_id;
    int is_against = from > to;
    return (step){.low = is_against ? to : from,
                  .high = is_against ? from : to,
                  .way_id = graph->ways[way].osm_id,
                  .way = way,
                  .point = point,
                  .is_against = is_against};
}

static void list_steps(comparison *at, int side) {
    const ki_graph *graph = at->graphs[side];
    step *steps = ki_alloc_zero((size_t)graph->n_points, sizeof *steps);
    at->steps[side] = steps;
    if (!steps) {
        at->failed = 1;
        return;
    }
    for (int32_t index = 0; index < graph->n_edges; index++) {
        const ki_edge *edge = &graph->edges[index];
        for (int32_t point = 0; point + 1 < edge->n_points; point++)
            steps[at->n_steps[side]++] = step_at(graph, edge->way, edge->first_point + point);
    }
    if (at->n_steps[side]) qsort(steps, (size_t)at->n_steps[side], sizeof *steps, compare_steps);
}

static int32_t step_mm(const ki_graph *graph, const step *of) {
    return graph->points[of->point + 1].at_mm - graph->points[of->point].at_mm;
}

/* ---- what differs ---------------------------------------------------------------------------- */

static int has_moved(const ki_point *a, const ki_point *b) {
    return ki_distance_mm(a->lat_e7, a->lon_e7, b->lat_e7, b->lon_e7) > MOVED_MM;
}

static int changes_between(const ki_graph *old_graph, const step *old_step,
                           const ki_graph *new_graph, const step *new_step) {
    const ki_way *a = &old_graph->ways[old_step->way], *b = &new_graph->ways[new_step->way];
    int changes = 0, turned = old_step->is_against != new_step->is_against;
    if (strcmp(ki_way_name(old_graph, a), ki_way_name(new_graph, b)) != 0) changes |= CHANGE_NAME;
    if (a->tags.road_class != b->tags.road_class) changes |= CHANGE_CLASS;
    for (int along = 0; along < 2; along++) {
        if (a->tags.access[along] != b->tags.access[along ^ turned]) changes |= CHANGE_ACCESS;
        if (a->tags.speed_mm_per_s[along] != b->tags.speed_mm_per_s[along ^ turned])
            changes |= CHANGE_SPEED;
    }
    if (a->tags.max_height_mm != b->tags.max_height_mm ||
        a->tags.max_width_mm != b->tags.max_width_mm ||
        a->tags.max_length_mm != b->tags.max_length_mm ||
        a->tags.max_mass_kg != b->tags.max_mass_kg)
        changes |= CHANGE_LIMITS;
    const ki_point *from = &old_graph->points[old_step->point];
    const ki_point *to = &new_graph->points[new_step->point];
    if (has_moved(&from[0], &to[turned]) || has_moved(&from[1], &to[!turned]))
        changes |= CHANGE_MOVED;
    return changes;
}

static void add_finding(comparison *at, int32_t old_step, int32_t new_step, int changes) {
    if (!changes || at->failed) return;
    if (ki_grow(&at->findings, &at->capacity, at->n + 1, sizeof *at->findings)) {
        at->failed = 1;
        return;
    }
    int side = new_step >= 0;
    const step *of = &at->steps[side][side ? new_step : old_step];
    at->findings[at->n++] = (finding){of->way_id, old_step, new_step, of->point, changes};
}

static int compare_nodes(const step *a, const step *b) {
    if (a->low != b->low) return a->low < b->low ? -1 : 1;
    return a->high < b->high ? -1 : a->high > b->high;
}

static void lay_side_by_side(comparison *at) {
    int32_t a = 0, b = 0;
    while (a < at->n_steps[0] || b < at->n_steps[1]) {
        int order = a == at->n_steps[0]   ? 1
                    : b == at->n_steps[1] ? -1
                                          : compare_nodes(&at->steps[0][a], &at->steps[1][b]);
        if (order < 0)
            add_finding(at, a, -1, CHANGE_REMOVED);
        else if (order > 0)
            add_finding(at, -1, b, CHANGE_ADDED);
        else
            add_finding(
                at, a, b,
                changes_between(at->graphs[0], &at->steps[0][a], at->graphs[1], &at->steps[1][b]));
        a += order <= 0;
        b += order >= 0;
    }
}

/* ---- telling --------------------------------------------------------------------------------- */

/* Steps of one way that changed alike come together, in the way's order. */
static int compare_findings(const void *left, const void *right) {
    const finding *a = left, *b = right;
    if (a->way_id != b->way_id) return a->way_id < b->way_id ? -1 : 1;
    if (a->changes != b->changes) return a->changes < b->changes ? -1 : 1;
    return a->point < b->point ? -1 : a->point > b->point;
}

static int is_new(const finding *of) {
    return of->new >= 0;
}

static const step *step_of(const comparison *at, const finding *of) {
    return is_new(of) ? &at->steps[1][of->new] : &at->steps[0][of->old];
}

static size_t group_end(const comparison *at, size_t first) {
    size_t end = first + 1;
    while (end < at->n && at->findings[end].way_id == at->findings[first].way_id &&
           at->findings[end].changes == at->findings[first].changes)
        end++;
    return end;
}

static int64_t length_mm(const comparison *at, size_t first, size_t end) {
    int64_t sum = 0;
    for (size_t index = first; index < end; index++)
        sum += step_mm(at->graphs[is_new(&at->findings[index])], step_of(at, &at->findings[index]));
    return sum;
}

static void add_words(ki_text *text, int changes) {
    const char *comma = "";
    for (int bit = 0; bit < N_CHANGES; bit++)
        if (changes >> bit & 1) {
            ki_text_add(text, "%s%s", comma, WORDS[bit]);
            comma = ", ";
        }
}

static const char *access_word(const ki_way_tags *tags) {
    static const char *const WAYS[] = {"none", "along", "against", "both"};
    return WAYS[(tags->access[0] != 0) + 2 * (tags->access[1] != 0)];
}

static void add_speed(ki_text *text, const ki_way_tags *tags) {
    ki_text_add(text, "%.0f/%.0f", tags->speed_mm_per_s[0] * 0.0036,
                tags->speed_mm_per_s[1] * 0.0036);
}

/* What it was and what it is, of what can be said in a word. */
static void add_before_and_after(ki_text *text, const comparison *at, const finding *of) {
    if (of->old < 0 || of->new < 0) return;
    const ki_way *a = &at->graphs[0]->ways[at->steps[0][of->old].way];
    const ki_way *b = &at->graphs[1]->ways[at->steps[1][of->new].way];
    if (of->changes & CHANGE_NAME)
        ki_text_add(text, "; name \"%s\" -> \"%s\"", ki_way_name(at->graphs[0], a),
                    ki_way_name(at->graphs[1], b));
    if (of->changes & CHANGE_CLASS)
        ki_text_add(text, "; class %s -> %s", ki_road_class_name(a->tags.road_class),
                    ki_road_class_name(b->tags.road_class));
    if (of->changes & CHANGE_ACCESS)
        ki_text_add(text, "; open %s -> %s", access_word(&a->tags), access_word(&b->tags));
    if (of->changes & CHANGE_SPEED) {
        ki_text_add(text, "; km/h ");
        add_speed(text, &a->tags);
        ki_text_add(text, " -> ");
        add_speed(text, &b->tags);
    }
}

static void add_counts(ki_text *text, const comparison *at) {
    for (int bit = 0; bit < N_CHANGES; bit++) {
        int64_t sum_mm = 0;
        size_t n = 0;
        for (size_t index = 0; index < at->n; index++)
            if (at->findings[index].changes >> bit & 1) {
                sum_mm += length_mm(at, index, index + 1);
                n++;
            }
        ki_text_add(text, "%-9s %zu segments, %.3f km\n", WORDS[bit], n, (double)sum_mm / 1e6);
    }
}

static void add_list(ki_text *text, const comparison *at) {
    for (size_t first = 0, end; first < at->n; first = end) {
        const finding *of = &at->findings[first];
        const ki_graph *graph = at->graphs[is_new(of)];
        end = group_end(at, first);
        ki_text_add(text, "way %lld \"%s\": ", (long long)of->way_id,
                    ki_way_name(graph, &graph->ways[step_of(at, of)->way]));
        add_words(text, of->changes);
        ki_text_add(text, "; %zu segments, %.0f m", end - first,
                    (double)length_mm(at, first, end) / 1000);
        add_before_and_after(text, at, of);
        ki_text_add(text, "\n");
    }
}

static void add_lines(ki_text *text, const comparison *at, size_t first, size_t end) {
    for (size_t index = first; index < end; index++) {
        const finding *of = &at->findings[index];
        const ki_point *points = at->graphs[is_new(of)]->points + step_of(at, of)->point;
        ki_text_add(text, index > first ? ",[" : "[");
        ki_text_add_point(text, points[0].lat_e7, points[0].lon_e7);
        ki_text_add(text, ",");
        ki_text_add_point(text, points[1].lat_e7, points[1].lon_e7);
        ki_text_add(text, "]");
    }
}

static void add_features(ki_text *text, const comparison *at) {
    ki_text_add(text, "{\"type\":\"FeatureCollection\",\"attribution\":\"(c) OpenStreetMap "
                      "contributors, ODbL 1.0\",\"features\":[");
    for (size_t first = 0, end; first < at->n; first = end) {
        const finding *of = &at->findings[first];
        const ki_graph *graph = at->graphs[is_new(of)];
        end = group_end(at, first);
        ki_text_add(text,
                    "%s{\"type\":\"Feature\",\"geometry\":{\"type\":\"MultiLineString\","
                    "\"coordinates\":[",
                    first ? ",\n" : "\n");
        add_lines(text, at, first, end);
        ki_text_add(text, "]},\"properties\":{\"way\":%lld,\"name\":", (long long)of->way_id);
        ki_text_add_json(text, ki_way_name(graph, &graph->ways[step_of(at, of)->way]));
        ki_text_add(text, ",\"changes\":\"");
        add_words(text, of->changes);
        ki_text_add(text, "\"}}");
    }
    ki_text_add(text, "\n]}\n");
}

static kerb_status tell(const comparison *at, char **report, char **geojson, kerb_error *err) {
    ki_text text = {0}, features = {0};
    add_counts(&text, at);
    add_list(&text, at);
    if (geojson) add_features(&features, at);
    if (text.failed || features.failed) {
        ki_text_free(&text);
        ki_text_free(&features);
        return ki_fail_no_memory(err, "the changes of roads");
    }
    *report = text.bytes;
    if (geojson) *geojson = features.bytes;
    return KERB_OK;
}

kerb_status kerb_roads_diff(const kerb_roads *before, const kerb_roads *after, char **report,
                            char **geojson, kerb_error *err) {
    comparison at = {.graphs = {before->graph, after->graph}};
    ki_error_clear(err);
    *report = NULL;
    if (geojson) *geojson = NULL;
    list_steps(&at, 0);
    list_steps(&at, 1);
    if (!at.failed) lay_side_by_side(&at);
    if (at.n) qsort(at.findings, at.n, sizeof *at.findings, compare_findings);
    kerb_status status = at.failed ? ki_fail_no_memory(err, "the changes of roads")
                                   : tell(&at, report, geojson, err);
    ki_free(at.steps[0]);
    ki_free(at.steps[1]);
    ki_free(at.findings);
    return status;
}
