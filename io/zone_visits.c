/* SPDX-License-Identifier: GPL-3.0-or-later
 * zone_visits.c - the night as the zones see it. Of each route the last visit of every zone is kept
 * by the zone's name: a stop goes on with it, or begins another. */
#include "io/zone_visits.h"

#include "base/error.h"
#include "base/file.h"

#include <stdlib.h>
#include <string.h>

enum { ABSENCE_MS = 30 * 60000 };

/* ---- what they are --------------------------------------------------------------------------- */

typedef struct lister {
    ki_arena *arena;
    ki_ids latest; /* visit by zone */
    ki_zone_visit *visits;
    size_t n_visits;
} lister;

/* The visit of the same trip that a stop goes on with; NULL: it begins one. */
static ki_zone_visit *going_on(const lister *to, const char *zone, size_t first_of_trip,
                               int32_t start_ms) {
    int32_t at = ki_ids_find(&to->latest, zone);
    if (at == KI_ID_ABSENT || (size_t)at < first_of_trip) return NULL;
    ki_zone_visit *visit = &to->visits[at];
    return start_ms - visit->end_ms <= ABSENCE_MS ? visit : NULL;
}

static int add_stop(lister *to, const ki_plan_route *route, const ki_plan_stop *stop,
                    const char *zone, size_t first_of_trip) {
    ki_zone_visit *visit = going_on(to, zone, first_of_trip, stop->start_ms);
    if (!visit) {
        if (ki_ids_put(&to->latest, to->arena, zone, (int32_t)to->n_visits)) return -1;
        visit = &to->visits[to->n_visits++];
        *visit = (ki_zone_visit){.zone = zone, .route = route, .start_ms = stop->start_ms};
    }
    kerb_stream stream = stop->kind == KI_STOP_SWEEP ? KERB_STREAM_SWEEPINGS : stop->stream;
    visit->end_ms = stop->end_ms;
    visit->n[stream]++;
    visit->mass_g[stream] += stop->mass_g;
    visit->swept_mm += stop->sweep.length_mm;
    return 0;
}

static int add_route(lister *to, const ki_sheets *sheets, const ki_plan_route *route) {
    size_t first_of_trip = to->n_visits;
    for (int32_t at = 0; at < route->n_stops; at++) {
        const ki_plan_stop *stop = &route->stops[at];
        if (stop->kind == KI_STOP_TIP) first_of_trip = to->n_visits;
        if (stop->kind != KI_STOP_SERVE && stop->kind != KI_STOP_SWEEP) continue;
        const ki_plan_decision *decision = ki_visit_decision(sheets, stop);
        const char *zone = decision && decision->zone ? decision->zone : "";
        if (add_stop(to, route, stop, zone, first_of_trip)) return -1;
    }
    return 0;
}

static int by_zone(const void *left, const void *right) {
    const ki_zone_visit *a = left, *b = right;
    int order = strcmp(a->zone, b->zone);
    if (!order) order = (a->start_ms > b->start_ms) - (a->start_ms < b->start_ms);
    if (!order) order = (a->route > b->route) - (a->route < b->route);
    return order ? order : (a->end_ms > b->end_ms) - (a->end_ms < b->end_ms);
}

kerb_status ki_zone_visits_list(ki_zone_visit **visits, size_t *n_visits, ki_arena *arena,
                                const ki_sheets *sheets, kerb_error *err) {
    size_t n_stops = 0;
    for (int32_t route = 0; route < sheets->plan->n_routes; route++)
        n_stops += (size_t)sheets->plan->routes[route].n_stops;
    lister to = {.arena = arena,
                 .visits = ki_arena_take(arena, n_stops + 1, sizeof(ki_zone_visit))};
    if (!to.visits) return ki_fail_no_memory(err, "visits by zone");
    for (int32_t route = 0; route < sheets->plan->n_routes; route++)
        if (add_route(&to, sheets, &sheets->plan->routes[route]))
            return ki_fail_no_memory(err, "visits by zone");
    qsort(to.visits, to.n_visits, sizeof *to.visits, by_zone);
    *visits = to.visits;
    *n_visits = to.n_visits;
    return KERB_OK;
}

/* ---- as a table ------------------------------------------------------------------------------ */

typedef struct told {
    ki_text *text;
    const ki_sheets *sheets;
    const ki_zone_visit *visits;
    size_t n_visits;
} told;

static const char *word(const told *to, const char *english) {
    return ki_say(to->sheets->options.language, english);
}

static ki_clock clock_of(const told *to, int32_t ms) {
    return ki_sheet_clock(to->sheets->plan, ms);
}

static void add_csv(const told *to) {
    static const char *const heads[] = {"from",   "until",      "vehicle",  "Shift",
                                        "stream", "containers", "swept, m", "expected kg"};
    ki_text_add(to->text, "\xEF\xBB\xBF%s", word(to, "zone"));
    for (size_t head = 0; head < sizeof heads / sizeof *heads; head++)
        ki_text_add(to->text, ",\"%s\"", word(to, heads[head]));
    ki_text_add(to->text, "\r\n");
    for (size_t at = 0; at < to->n_visits; at++)
        for (int stream = 0; stream < KERB_N_STREAMS; stream++) {
            const ki_zone_visit *visit = &to->visits[at];
            if (!visit->n[stream]) continue;
            ki_csv_add_cell(to->text, visit->zone);
            ki_text_add(to->text, ",%s", clock_of(to, visit->start_ms).text);
            ki_text_add(to->text, ",%s,", clock_of(to, visit->end_ms).text);
            ki_csv_add_cell(to->text, visit->route->vehicle);
            ki_text_add(to->text, ",");
            ki_csv_add_cell(to->text, visit->route->shift);
            ki_text_add(to->text, ",\"%s\"", ki_visit_stream(to->sheets, (kerb_stream)stream));
            if (stream == KERB_STREAM_SWEEPINGS)
                ki_text_add(to->text, ",,%lld", (long long)((visit->swept_mm + 500) / 1000));
            else
                ki_text_add(to->text, ",%d,", visit->n[stream]);
            ki_text_add(to->text, ",%.1f\r\n", (double)visit->mass_g[stream] / 1000);
        }
}

/* ---- to print -------------------------------------------------------------------------------- */

/* "residual 12 containers, 0.840 t" */
static void add_work(const told *to, const ki_zone_visit *visit) {
    for (int stream = 0, n = 0; stream < KERB_N_STREAMS; stream++) {
        if (!visit->n[stream]) continue;
        ki_text_add(to->text, "%s", n++ ? "<br>" : "");
        if (stream == KERB_STREAM_SWEEPINGS)
            ki_text_add(to->text, "%s %.1f km", word(to, "Sweep"), (double)visit->swept_mm / 1e6);
        else
            ki_text_add(to->text, "%s: %d %s", ki_visit_stream(to->sheets, (kerb_stream)stream),
                        visit->n[stream],
                        word(to, visit->n[stream] == 1 ? "container" : "containers"));
        ki_text_add(to->text, ", %.2f t", (double)visit->mass_g[stream] / 1e6);
    }
}

/* Ends behind the last visit of the zone. */
static size_t add_zone(const told *to, size_t first) {
    const char *zone = to->visits[first].zone;
    int64_t mass_g[KERB_N_STREAMS] = {0};
    size_t end = first;
    for (; end < to->n_visits && strcmp(to->visits[end].zone, zone) == 0; end++)
        for (int stream = 0; stream < KERB_N_STREAMS; stream++)
            mass_g[stream] += to->visits[end].mass_g[stream];
    ki_text_add(to->text, "<h2>");
    ki_text_add_xml(to->text, *zone ? zone : word(to, "without a zone"));
    ki_text_add(to->text, "</h2>\n<p class=\"facts\">%s:", word(to, "Expected"));
    for (int stream = 0, n = 0; stream < KERB_N_STREAMS; stream++)
        if (mass_g[stream])
            ki_text_add(to->text, "%s %s %.2f t", n++ ? ";" : "",
                        ki_visit_stream(to->sheets, (kerb_stream)stream),
                        (double)mass_g[stream] / 1e6);
    ki_text_add(to->text, "</p>\n<table>\n<tbody>\n");
    for (size_t at = first; at < end; at++) {
        const ki_zone_visit *visit = &to->visits[at];
        ki_text_add(to->text, "<tr><td class=\"time\">%s", clock_of(to, visit->start_ms).text);
        ki_text_add(to->text, "–%s</td><td>", clock_of(to, visit->end_ms).text);
        ki_text_add_xml(to->text, visit->route->vehicle);
        ki_text_add(to->text, "</td><td>");
        add_work(to, visit);
        ki_text_add(to->text, "</td></tr>\n");
    }
    ki_text_add(to->text, "</tbody>\n</table>\n");
    return end;
}

static void add_html(const told *to) {
    ki_sheet_open_page(to->text, to->sheets->options.language);
    ki_text_add(to->text, "%s", word(to, "Visits by zone"));
    ki_sheet_open_body(to->text);
    ki_text_add(to->text, "<h1>%s</h1>\n<p class=\"facts\">%s ", word(to, "Visits by zone"),
                word(to, "Night of"));
    ki_text_add_xml(to->text, to->sheets->plan->service_day);
    ki_text_add(to->text, "</p>\n");
    for (size_t at = 0; at < to->n_visits;)
        at = add_zone(to, at);
    if (to->n_visits == 0) ki_text_add(to->text, "<p>%s</p>\n", word(to, "Nothing to do."));
    ki_text_add(to->text, "</body>\n</html>\n");
}

/* ---- files ----------------------------------------------------------------------------------- */

static kerb_status write_form(const told *to, void (*form)(const told *), const char *folder,
                              const char *name, kerb_error *err) {
    ki_text path = {0};
    ki_text_add(&path, "%s/%s", folder, name);
    form(to);
    kerb_status status = path.failed || to->text->failed
                             ? ki_fail_no_memory(err, "visits by zone")
                             : ki_file_write(path.bytes, to->text->bytes, to->text->length, err);
    ki_text_free(&path);
    ki_text_free(to->text);
    return status;
}

kerb_status ki_zone_visits_write(const kerb_plan *plan, const char *folder,
                                 const ki_sheets_options *options, kerb_error *err) {
    ki_sheets sheets;
    ki_arena arena = {0};
    ki_text text = {0};
    ki_zone_visit *visits = NULL;
    size_t n_visits = 0;
    KI_TRY(ki_sheets_open(&sheets, plan, options, err));
    kerb_status status = ki_zone_visits_list(&visits, &n_visits, &arena, &sheets, err);
    told to = {&text, &sheets, visits, n_visits};
    if (status == KERB_OK) status = write_form(&to, add_html, folder, "zones.html", err);
    if (status == KERB_OK) status = write_form(&to, add_csv, folder, "zones.csv", err);
    ki_arena_free(&arena);
    ki_sheets_close(&sheets);
    return status;
}
