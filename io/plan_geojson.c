/* SPDX-License-Identifier: GPL-3.0-or-later
 * plan_geojson.c - a plan as one GeoJSON FeatureCollection (RFC 7946): a line per route and per
 * swept kerb, a point per stop, per decision and per depot or facility. Each feature's property
 * "is" says which. Coordinates are printed from integers, so the text is the same everywhere. */
#include "base/alloc.h"
#include "base/date.h"
#include "base/error.h"
#include "base/text.h"
#include "model/draft.h"
#include "plan/plan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct writer {
    ki_text text;
    const kerb_plan *plan;
    int n_features;
} writer;

/* ---- values ---------------------------------------------------------------------------------- */

static void add_text(ki_text *text, const char *name, const char *value) {
    if (!value || !*value) return;
    ki_text_add(text, ",\"%s\":", name);
    ki_text_add_json(text, value);
}

static void add_integer(ki_text *text, const char *name, int64_t value) {
    ki_text_add(text, ",\"%s\":%lld", name, (long long)value);
}

static void add_number(ki_text *text, const char *name, double value, int decimals) {
    if (isfinite(value)) ki_text_add(text, ",\"%s\":%.*f", name, decimals, value);
}

static void add_flag(ki_text *text, const char *name, int value) {
    ki_text_add(text, ",\"%s\":%s", name, value ? "true" : "false");
}

/* ISO 8601 in the district's own time. */
static void add_instant(writer *out, const char *name, int32_t ms) {
    const kerb_plan *plan = out->plan;
    if (plan->night_start_s == KERB_NO_TIME) return;
    int64_t local_s = plan->night_start_s + plan->utc_offset_s +
                      (ms >= 0 ? ms / 1000 : -((999 - (int64_t)ms) / 1000));
    int64_t days = ki_day_of(local_s);
    int second = (int)(local_s - days * KI_DAY_S), zone_min = abs(plan->utc_offset_s) / 60;
    int32_t year, month, day;
    ki_civil_from_days(days, &year, &month, &day);
    ki_text_add(&out->text, ",\"%s\":\"%04d-%02d-%02dT%02d:%02d:%02d%c%02d:%02d\"", name, year,
                month, day, second / 3600, second / 60 % 60, second % 60,
                plan->utc_offset_s < 0 ? '-' : '+', zone_min / 60, zone_min % 60);
}

/* ---- features -------------------------------------------------------------------------------- */

static void begin_feature(writer *out) {
    ki_text_add(&out->text,
                "%s{\"type\":\"Feature\",\"geometry\":", out->n_features ? ",\n" : "\n");
    out->n_features++;
}

static void begin_properties(writer *out, const char *is) {
    ki_text_add(&out->text, ",\"properties\":{\"is\":\"%s\"", is);
}

static void end_feature(writer *out) {
    ki_text_add(&out->text, "}}");
}

static void add_point(writer *out, int32_t lat_e7, int32_t lon_e7) {
    begin_feature(out);
    ki_text_add(&out->text, "{\"type\":\"Point\",\"coordinates\":");
    ki_text_add_point(&out->text, lat_e7, lon_e7);
    ki_text_add(&out->text, "}");
}

/* A line takes points one by one and leaves out repeats; RFC 7946 wants at least two. */
typedef struct line {
    ki_text *text;
    int n_points;
    int32_t lat_e7, lon_e7;
} line;

static void line_print(line *to, int32_t lat_e7, int32_t lon_e7) {
    if (to->n_points == 0) ki_text_add(to->text, "{\"type\":\"LineString\",\"coordinates\":[");
    if (to->n_points > 0) ki_text_add(to->text, ",");
    ki_text_add_point(to->text, lat_e7, lon_e7);
    to->n_points++;
    to->lat_e7 = lat_e7;
    to->lon_e7 = lon_e7;
}

static void line_add(line *to, int32_t lat_e7, int32_t lon_e7) {
    if (to->n_points == 0 || lat_e7 != to->lat_e7 || lon_e7 != to->lon_e7)
        line_print(to, lat_e7, lon_e7);
}

static void line_add_leg(line *to, const ki_plan_leg *leg) {
    for (int32_t k = 0; k < leg->n_points; k++)
        line_add(to, leg->points[2 * k], leg->points[2 * k + 1]);
}

static void line_end(line *to) {
    if (to->n_points == 1) line_print(to, to->lat_e7, to->lon_e7);
    ki_text_add(to->text, "%s", to->n_points ? "]}" : "null");
}

static void write_route(writer *out, const ki_plan_route *route) {
    ki_text *text = &out->text;
    begin_feature(out);
    line path = {.text = text};
    for (int32_t s = 0; s < route->n_stops; s++) {
        const ki_plan_stop *stop = &route->stops[s];
        line_add_leg(&path, &stop->leg);
        line_add_leg(&path, &stop->sweep);
        if (stop->leg.n_points + stop->sweep.n_points == 0)
            line_add(&path, stop->lat_e7, stop->lon_e7); /* explicit travel knows no streets */
    }
    line_end(&path);
    begin_properties(out, "route");
    add_text(text, "shift", route->shift);
    add_text(text, "vehicle", route->vehicle);
    add_text(text, "vehicle_kind", route->vehicle_kind);
    if (route->setting && *route->setting) add_text(text, "setting", route->setting);
    add_text(text, "crew", route->crew);
    add_instant(out, "start", route->spell_start_ms);
    add_instant(out, "end", route->spell_end_ms);
    add_number(text, "length_km", (double)route->length_mm / 1e6, 3);
    add_number(text, "deadhead_km", (double)route->deadhead_mm / 1e6, 3);
    add_integer(text, "trips", route->n_trips);
    add_integer(text, "served", route->n_served);
    add_number(text, "cost", (double)route->cost_nano / 1e9, 2);
    for (int stream = 0; stream < KERB_N_STREAMS; stream++) {
        if (route->mass_g_by_stream[stream] == 0) continue;
        ki_text_add(text, ",\"%s_kg\":%.3f", kerb_stream_name((kerb_stream)stream),
                    (double)route->mass_g_by_stream[stream] / 1e3);
    }
    end_feature(out);
}

static const char *stop_kind_name(ki_stop_kind kind) {
    switch (kind) {
    case KI_STOP_START: return "start";
    case KI_STOP_SERVE: return "serve";
    case KI_STOP_SWEEP: return "sweep";
    case KI_STOP_TIP: return "tip";
    case KI_STOP_END: return "end";
    case KI_STOP_CHARGE: return "charge";
    case KI_STOP_LOAD: return "load";
    case KI_STOP_UNSPECIFIED: break;
    }
    return "unspecified";
}

static void add_stop_properties(writer *out, const char *is, const ki_plan_route *route,
                                int32_t index) {
    const ki_plan_stop *stop = &route->stops[index];
    ki_text *text = &out->text;
    begin_properties(out, is);
    add_text(text, "shift", route->shift);
    add_text(text, "vehicle", route->vehicle);
    add_integer(text, "order", index);
    add_text(text, "kind", stop_kind_name(stop->kind));
    add_text(text, "id", stop->id);
    add_text(text, "site", stop->site);
    if (stop->stream) add_text(text, "stream", kerb_stream_name(stop->stream));
    if (stop->pass) add_integer(text, "pass", stop->pass);
    add_instant(out, "arrival", stop->arrival_ms);
    add_instant(out, "service", stop->start_ms);
    add_instant(out, "departure", stop->end_ms);
    if (stop->mass_g) add_number(text, "mass_kg", (double)stop->mass_g / 1e3, 3);
    end_feature(out);
}

static void write_stops(writer *out, const ki_plan_route *route) {
    for (int32_t s = 0; s < route->n_stops; s++) {
        const ki_plan_stop *stop = &route->stops[s];
        add_point(out, stop->lat_e7, stop->lon_e7);
        add_stop_properties(out, "stop", route, s);
        if (stop->sweep.n_points == 0) continue;
        begin_feature(out);
        line kerb = {.text = &out->text};
        line_add_leg(&kerb, &stop->sweep);
        line_end(&kerb);
        add_stop_properties(out, "sweep", route, s);
    }
}

static void write_decision(writer *out, const ki_plan_decision *decision) {
    static const char *const choices[] = {"skip", "may", "must", "cannot"};
    ki_text *text = &out->text;
    add_point(out, decision->lat_e7, decision->lon_e7);
    begin_properties(out, "decision");
    add_text(text, "id", decision->id);
    add_text(text, "of", decision->is_street ? "street" : "container");
    add_text(text, "site", decision->site);
    add_text(text, "name", decision->name);
    add_text(text, "zone", decision->zone);
    if (decision->stream) add_text(text, "stream", kerb_stream_name(decision->stream));
    add_text(text, "choice", choices[decision->choice]);
    add_flag(text, "served", decision->served);
    if (decision->swapped) add_flag(text, "swapped", 1);
    add_text(text, "reason", decision->reason);
    add_text(text, "text", decision->text);
    add_number(text, "fill_ratio", decision->fill_ratio, 4);
    add_number(text, "rate_per_day", decision->rate_per_day, 4);
    end_feature(out);
}

static void write_place(writer *out, const ki_plan_place *place) {
    add_point(out, place->lat_e7, place->lon_e7);
    begin_properties(out, "place");
    add_text(&out->text, "id", place->id);
    add_text(&out->text, "name", place->name);
    add_text(&out->text, "kind", place->kind);
    end_feature(out);
}

static void write_plan(writer *out) {
    const kerb_plan *plan = out->plan;
    ki_text_add(&out->text, "{\"type\":\"FeatureCollection\",\"plan\":");
    ki_text_add_json(&out->text, plan->id ? plan->id : "");
    add_text(&out->text, "district", plan->district_id);
    add_text(&out->text, "service_day", plan->service_day);
    ki_text_add(&out->text, ",\"features\":[");
    for (int32_t r = 0; r < plan->n_routes; r++)
        write_route(out, &plan->routes[r]);
    for (int32_t r = 0; r < plan->n_routes; r++)
        write_stops(out, &plan->routes[r]);
    for (int32_t d = 0; d < plan->n_decisions; d++)
        write_decision(out, &plan->decisions[d]);
    for (int32_t p = 0; p < plan->n_places; p++)
        write_place(out, &plan->places[p]);
    ki_text_add(&out->text, "\n]}\n");
}

kerb_status kerb_plan_geojson(const kerb_plan *plan, char **out, kerb_error *err) {
    if (!plan || !out) return ki_fail(err, KERB_BAD_CALL, "kerb_plan_geojson: NULL");
    writer to = {.plan = plan};
    *out = NULL;
    write_plan(&to);
    if (to.text.failed) {
        ki_text_free(&to.text);
        return ki_fail_no_memory(err, "GeoJSON");
    }
    *out = to.text.bytes;
    return KERB_OK;
}
