/* SPDX-License-Identifier: GPL-3.0-or-later
 * map_data.c - a plan as the JSON of the map page.
 *
 * Lists of many objects are rows of values behind one list of field names: a third of the bytes.
 * Amounts stay integers with their units in the names. */
#include "io/map_data.h"

#include "base/words.h"
#include "plan/plan.h"

#include <math.h>
#include <stdlib.h>

static void add_string(ki_text *text, const char *value) {
    ki_text_add_json(text, value ? value : "");
}

static void add_field(ki_text *text, const char *name, const char *value) {
    ki_text_add(text, ",\"%s\":", name);
    add_string(text, value);
}

static void add_whole(ki_text *text, const char *name, int64_t value) {
    ki_text_add(text, ",\"%s\":%lld", name, (long long)value);
}

static void add_ratio(ki_text *text, double value) {
    if (isfinite(value))
        ki_text_add(text, ",%.3f", value);
    else
        ki_text_add(text, ",null");
}

/* ---- lines ----------------------------------------------------------------------------------- */

/* Of 1e-7 degrees, to the nearest. */
static int32_t to_e6(int32_t e7) {
    return (e7 >= 0 ? e7 + 5 : e7 - 5) / 10;
}

void ki_map_line_add(ki_map_line *line, int32_t lat_e7, int32_t lon_e7) {
    int32_t lat_e6 = to_e6(lat_e7), lon_e6 = to_e6(lon_e7);
    if (line->n_points > 0 && lat_e6 == line->lat_e6 && lon_e6 == line->lon_e6) return;
    ki_text_add(line->text, "%s%d,%d", line->n_points ? "," : "", lat_e6 - line->lat_e6,
                lon_e6 - line->lon_e6);
    line->lat_e6 = lat_e6;
    line->lon_e6 = lon_e6;
    line->n_points++;
}

static void add_leg(ki_text *text, const ki_plan_leg *leg) {
    ki_map_line line = {.text = text};
    ki_text_add(text, ",[");
    for (int32_t point = 0; point < leg->n_points; point++)
        ki_map_line_add(&line, leg->points[2 * point], leg->points[2 * point + 1]);
    ki_text_add(text, "]");
}

/* ---- routes ---------------------------------------------------------------------------------- */

static const char *const stop_kinds[] = {"",    "start", "serve",  "sweep", "tip",
                                         "end", "",      "charge", "load"};
static const char STOP_FIELDS[] =
    "\"stop_fields\":[\"kind\",\"id\",\"site\",\"stream\",\"pass\",\"lat_e7\",\"lon_e7\","
    "\"arrival_ms\",\"start_ms\",\"end_ms\",\"earliest_ms\",\"latest_ms\",\"mass_g\",\"load_g\","
    "\"full_permille\",\"water_left_ml\",\"length_mm\",\"energy_left_mwh\",\"charged_mwh\","
    "\"charge_ms\",\"swapped\",\"leg\",\"sweep\"]";

static void add_stop(ki_text *text, const ki_plan_stop *stop) {
    int64_t load_g = 0;
    for (int32_t part = 0; part < stop->n_loads; part++)
        load_g += stop->loads[part].mass_g;
    int known = (size_t)stop->kind < sizeof stop_kinds / sizeof *stop_kinds;
    ki_text_add(text, "[\"%s\",", known ? stop_kinds[stop->kind] : "");
    add_string(text, stop->id);
    ki_text_add(text, ",");
    add_string(text, stop->site);
    ki_text_add(text, ",%d,%d,%d,%d,%d,%d,%d,%d,%d,%lld,%lld,%d,%lld,%lld", (int)stop->stream,
                stop->pass, stop->lat_e7, stop->lon_e7, stop->arrival_ms, stop->start_ms,
                stop->end_ms, stop->earliest_ms, stop->latest_ms, (long long)stop->mass_g,
                (long long)load_g, stop->full_permille, (long long)stop->water_left_ml,
                (long long)stop->leg.length_mm + stop->sweep.length_mm);
    ki_text_add(text, ",%lld,%lld,%d,%d", (long long)stop->energy_left_mwh,
                (long long)stop->charged_mwh, stop->charge_ms, stop->swapped);
    add_leg(text, &stop->leg);
    add_leg(text, &stop->sweep);
    ki_text_add(text, "]");
}

static void add_route(ki_text *text, const ki_plan_route *route) {
    ki_text_add(text, "{\"use\":%d", (int)route->use);
    add_field(text, "shift", route->shift);
    add_field(text, "vehicle", route->vehicle);
    add_field(text, "vehicle_kind", route->vehicle_kind);
    if (route->setting && *route->setting) add_field(text, "setting", route->setting);
    add_field(text, "crew", route->crew);
    add_whole(text, "start_ms", route->spell_start_ms);
    add_whole(text, "end_ms", route->spell_end_ms);
    add_whole(text, "length_mm", route->length_mm);
    add_whole(text, "deadhead_mm", route->deadhead_mm);
    add_whole(text, "n_trips", route->n_trips);
    add_whole(text, "n_served", route->n_served);
    add_whole(text, "cost_nano", route->cost_nano);
    ki_text_add(text, ",\"mass_g\":[");
    for (int stream = 0; stream < KERB_N_STREAMS; stream++)
        ki_text_add(text, "%s%lld", stream ? "," : "", (long long)route->mass_g_by_stream[stream]);
    ki_text_add(text, "],\"stops\":[");
    for (int32_t stop = 0; stop < route->n_stops; stop++) {
        ki_text_add(text, stop ? ",\n" : "\n");
        add_stop(text, &route->stops[stop]);
    }
    ki_text_add(text, "],\"breaks\":[");
    for (int32_t at = 0; at < route->n_breaks; at++)
        ki_text_add(text, "%s{\"start_ms\":%d,\"end_ms\":%d,\"after_stop\":%d}", at ? "," : "",
                    route->breaks[at].start_ms, route->breaks[at].end_ms,
                    route->breaks[at].after_stop);
    ki_text_add(text, "]}");
}

/* ---- decisions, places, costs, notes --------------------------------------------------------- */

static const char DECISION_FIELDS[] =
    "\"decision_fields\":[\"id\",\"site\",\"name\",\"zone\",\"reason\",\"text\",\"is_street\","
    "\"stream\",\"choice\",\"served\",\"lat_e7\",\"lon_e7\",\"prize_nano\",\"fill_ratio\","
    "\"rate_per_day\",\"swapped\"]";

static void add_decision(ki_text *text, const ki_plan_decision *decision) {
    const char *words[] = {decision->id,   decision->site,   decision->name,
                           decision->zone, decision->reason, decision->text};
    for (int word = 0; word < 6; word++) {
        ki_text_add(text, word ? "," : "[");
        add_string(text, words[word]);
    }
    ki_text_add(text, ",%d,%d,%d,%d,%d,%d,%lld", decision->is_street, (int)decision->stream,
                (int)decision->choice, decision->served, decision->lat_e7, decision->lon_e7,
                (long long)decision->prize_nano);
    add_ratio(text, decision->fill_ratio);
    add_ratio(text, decision->rate_per_day);
    ki_text_add(text, ",%d]", decision->swapped);
}

static void add_decisions(ki_text *text, const kerb_plan *plan) {
    ki_text_add(text, ",%s,\"decisions\":[", DECISION_FIELDS);
    for (int32_t at = 0; at < plan->n_decisions; at++) {
        ki_text_add(text, at ? ",\n" : "\n");
        add_decision(text, &plan->decisions[at]);
    }
    ki_text_add(text, "]");
}

static void add_places(ki_text *text, const kerb_plan *plan) {
    ki_text_add(text, ",\"places\":[");
    for (int32_t at = 0; at < plan->n_places; at++) {
        const ki_plan_place *place = &plan->places[at];
        ki_text_add(text, "%s{\"lat_e7\":%d,\"lon_e7\":%d", at ? ",\n" : "\n", place->lat_e7,
                    place->lon_e7);
        add_field(text, "id", place->id);
        add_field(text, "name", place->name);
        add_field(text, "kind", place->kind);
        add_whole(text, "charges", place->charges);
        ki_text_add(text, "}");
    }
    ki_text_add(text, "]");
}

static void add_piles(ki_text *text, const kerb_plan *plan) {
    ki_text_add(text, ",\"piles\":[");
    for (int32_t at = 0; at < plan->n_piles; at++) {
        const ki_plan_pile *pile = &plan->piles[at];
        ki_text_add(text, "%s{\"stream\":%d", at ? ",\n" : "\n", (int)pile->stream);
        add_field(text, "facility", pile->facility);
        add_field(text, "reason", pile->reason);
        add_whole(text, "opening_g", pile->opening_g);
        add_whole(text, "inflow_g", pile->inflow_g);
        add_whole(text, "hauled_g", pile->hauled_g);
        add_whole(text, "closing_g", pile->closing_g);
        add_whole(text, "buffer_g", pile->buffer_g);
        add_whole(text, "peak_g", pile->peak_g);
        add_whole(text, "peak_ms", pile->peak_ms);
        ki_text_add(text, "}");
    }
    ki_text_add(text, "]");
}

static void add_costs(ki_text *text, const kerb_plan *plan) {
    ki_text_add(text, ",\"costs\":[");
    for (int32_t at = 0; at < plan->n_cost_lines; at++) {
        const ki_plan_cost_line *line = &plan->cost_lines[at];
        ki_text_add(text, "%s{\"nano\":%lld", at ? "," : "", (long long)line->nano);
        add_field(text, "item", line->item);
        add_field(text, "zone", line->zone);
        ki_text_add(text, "}");
    }
    ki_text_add(text, "],\"notes\":[");
    for (int32_t at = 0; at < plan->n_notes; at++) {
        ki_text_add(text, "%s[", at ? ",\n" : "");
        add_string(text, plan->notes[at].kind);
        ki_text_add(text, ",");
        add_string(text, plan->notes[at].text);
        ki_text_add(text, "]");
    }
    ki_text_add(text, "]");
}

static void add_plan(ki_text *text, const kerb_plan *plan) {
    ki_text_add(text, "\"n_streams\":%d", KERB_N_STREAMS);
    add_field(text, "id", plan->id);
    add_field(text, "parent_id", plan->parent_id);
    add_field(text, "district_id", plan->district_id);
    add_field(text, "district_name", plan->district_name);
    add_field(text, "currency", plan->currency);
    add_field(text, "service_day", plan->service_day);
    add_field(text, "relaxation", plan->relaxation);
    add_field(text, "engine_version", plan->engine_version);
    if (plan->night_start_s != KERB_NO_TIME) {
        add_whole(text, "night_start_s", plan->night_start_s);
        add_whole(text, "as_of_s", plan->as_of_s);
    }
    add_whole(text, "utc_offset_s", plan->utc_offset_s);
    add_whole(text, "cost_nano", plan->cost_nano);
    add_whole(text, "bound_nano", plan->bound_nano);
    add_whole(text, "left_out_nano", plan->left_out_nano);
    add_whole(text, "degraded", plan->degraded);
    add_whole(text, "stopped", plan->stopped);
    add_whole(text, "iterations", plan->iterations);
}

void ki_map_data_add(ki_text *text, const kerb_plan *plan, const kerb_roads *roads) {
    ki_text_add(text, "{\"plan\":{");
    add_plan(text, plan);
    ki_text_add(text, "},%s,\"routes\":[", STOP_FIELDS);
    for (int32_t route = 0; route < plan->n_routes; route++) {
        ki_text_add(text, route ? "," : "");
        add_route(text, &plan->routes[route]);
    }
    ki_text_add(text, "]");
    add_decisions(text, plan);
    add_places(text, plan);
    add_piles(text, plan);
    add_costs(text, plan);
    ki_text_add(text, ",\"roads\":");
    ki_map_roads_add(text, plan, roads);
    ki_text_add(text, "}");
}

/* ---- the same sentences in Chinese ----------------------------------------------------------- */

static void add_retold(ki_text *text, const char *english) {
    ki_text told = {.language = KI_CHINESE};
    ki_text_retell(&told, english);
    text->failed |= told.failed;
    add_string(text, told.bytes);
    ki_text_free(&told);
}

void ki_map_chinese_add(ki_text *text, const kerb_plan *plan) {
    ki_text_add(text, "{\"relaxation\":");
    add_retold(text, plan->relaxation);
    ki_text_add(text, ",\"decisions\":[");
    for (int32_t at = 0; at < plan->n_decisions; at++) {
        ki_text_add(text, at ? ",\n" : "\n");
        add_retold(text, plan->decisions[at].text);
    }
    ki_text_add(text, "],\"notes\":[");
    for (int32_t at = 0; at < plan->n_notes; at++) {
        ki_text_add(text, at ? ",\n[" : "[");
        add_string(text, ki_say(KI_CHINESE, plan->notes[at].kind ? plan->notes[at].kind : ""));
        ki_text_add(text, ",");
        add_retold(text, plan->notes[at].text);
        ki_text_add(text, "]");
    }
    ki_text_add(text, "]}");
}
