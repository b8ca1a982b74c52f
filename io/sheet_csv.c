/* SPDX-License-Identifier: GPL-3.0-or-later
 * sheet_csv.c - a crew sheet as a table (RFC 4180), a row a stop, with the mark of UTF-8 before it
 * so that a spreadsheet reads Chinese. A text that a spreadsheet would take for a formula gets an
 * apostrophe before it. */
#include "io/sheets.h"

#include <math.h>
#include <string.h>

void ki_csv_add_cell(ki_text *text, const char *value) {
    if (!value) value = "";
    ki_text_add(text, "\"%s", *value && strchr("=+-@\t\r", *value) ? "'" : "");
    for (const char *c = value; *c; c++) {
        if (*c == '"') ki_text_add_bytes(text, c, 1);
        if ((unsigned char)*c >= 0x20) ki_text_add_bytes(text, c, 1);
    }
    ki_text_add(text, "\"");
}

static void add_cell(ki_text *text, const char *value) {
    ki_text_add(text, ",");
    ki_csv_add_cell(text, value);
}

/* A cell of what was made elsewhere; ends the life of made. */
static void add_made(ki_text *text, ki_text *made) {
    add_cell(text, made->bytes);
    text->failed |= made->failed;
    ki_text_free(made);
}

static void add_grams(ki_text *text, int64_t mass_g) {
    ki_text_add(text, ",%.1f", (double)mass_g / 1000);
}

static const char *kind_word(ki_language language, ki_stop_kind kind) {
    switch (kind) {
    case KI_STOP_START: return ki_say(language, "Leave the depot");
    case KI_STOP_SERVE: return ki_say(language, "Empty");
    case KI_STOP_SWEEP: return ki_say(language, "Sweep");
    case KI_STOP_TIP: return ki_say(language, "TIP");
    case KI_STOP_END: return ki_say(language, "Back at the depot");
    case KI_STOP_CHARGE: return ki_say(language, "CHARGE");
    case KI_STOP_LOAD: return ki_say(language, "LOAD");
    case KI_STOP_UNSPECIFIED: break;
    }
    return "";
}

static const char *hand_word(ki_language language, ki_hand hand, const char *left,
                             const char *right) {
    return hand == KI_HAND_NONE ? "" : ki_say(language, hand == KI_HAND_LEFT ? left : right);
}

static void add_side(ki_text *text, const ki_sheets *sheets, const ki_plan_stop *stop) {
    ki_language language = sheets->options.language;
    if (stop->kind == KI_STOP_SWEEP)
        add_cell(text,
                 hand_word(language, ki_visit_brush(sheets, stop), "left brush", "right brush"));
    else
        add_cell(text, hand_word(language, ki_visit_hand(sheets, stop), "left", "right"));
}

static void add_times(ki_text *text, const ki_sheets *sheets, const ki_plan_stop *stop) {
    const int32_t times[] = {stop->arrival_ms, stop->start_ms, stop->end_ms, stop->latest_ms};
    for (int time = 0; time < 4; time++)
        ki_text_add(text, ",%s", ki_sheet_clock(sheets->plan, times[time]).text);
}

static void add_row(ki_text *text, const ki_sheets *sheets, const ki_plan_route *route, int32_t at,
                    int visit) {
    const ki_plan_stop *stop = &route->stops[at], *tip = ki_visit_next_tip(route, at);
    const ki_plan_decision *decision = ki_visit_decision(sheets, stop);
    ki_language language = sheets->options.language;
    int64_t load_g = 0;
    double lat_deg, lon_deg;
    for (int32_t part = 0; part < stop->n_loads; part++)
        load_g += stop->loads[part].mass_g;
    ki_text_add(text, "%d", visit);
    add_times(text, sheets, stop);
    add_cell(text, stop->swapped ? ki_say(language, "SWAP full for empty")
                                 : kind_word(language, stop->kind));
    add_cell(text, ki_visit_name(sheets, stop));
    add_cell(text, stop->site);
    add_side(text, sheets, stop);
    add_cell(text, stop->id);
    add_cell(text, ki_visit_stream(sheets, stop->stream));
    if (decision && isfinite(decision->fill_ratio))
        ki_text_add(text, ",%.0f", 100 * decision->fill_ratio);
    else
        ki_text_add(text, ",");
    add_grams(text, stop->mass_g);
    add_grams(text, load_g);
    ki_text_add(text, ",%lld", (long long)(stop->water_left_ml / 1000));
    ki_text_add(text, ",");
    if (stop->energy_left_mwh > 0) ki_text_add(text, "%.1f", (double)stop->energy_left_mwh / 1e6);
    add_cell(text, tip ? ki_visit_name(sheets, tip) : "");
    ki_text_add(text, ",%s", tip ? ki_sheet_clock(sheets->plan, tip->arrival_ms).text : "");
    ki_text hours = {0}, labels = {0}, turns = {0};
    ki_visit_add_hours(&hours, sheets, stop);
    add_made(text, &hours);
    ki_visit_position(sheets, stop->lat_e7, stop->lon_e7, &lat_deg, &lon_deg);
    ki_text_add(text, ",%.7f,%.7f", lat_deg, lon_deg);
    ki_visit_add_labels(&labels, stop);
    add_made(text, &labels);
    ki_stop_add_turns(&turns, route, at, sheets, "; ", 0);
    add_made(text, &turns);
    ki_text_add(text, "\r\n");
}

/* A break: only when, where and what; the load and the next tip are those of the stop before. */
static void add_break(ki_text *text, const ki_sheets *sheets, const ki_plan_route *route,
                      const ki_plan_break *pause) {
    const ki_plan_stop *at = &route->stops[pause->after_stop];
    const ki_plan_stop *tip = ki_visit_next_tip(route, pause->after_stop + 1);
    double lat_deg, lon_deg;
    ki_clock start = ki_sheet_clock(sheets->plan, pause->start_ms);
    ki_text_add(text, ",%s,%s,%s,", start.text, start.text,
                ki_sheet_clock(sheets->plan, pause->end_ms).text);
    add_cell(text, ki_say(sheets->options.language, "BREAK"));
    add_cell(text, ki_visit_name(sheets, at));
    add_cell(text, at->site);
    ki_text_add(text, ",,,,,,,,");
    add_cell(text, tip ? ki_visit_name(sheets, tip) : "");
    ki_text_add(text, ",%s,", tip ? ki_sheet_clock(sheets->plan, tip->arrival_ms).text : "");
    ki_visit_position(sheets, at->lat_e7, at->lon_e7, &lat_deg, &lon_deg);
    ki_text_add(text, ",%.7f,%.7f,,\r\n", lat_deg, lon_deg);
}

void ki_sheet_csv(ki_text *text, const ki_sheets *sheets, const ki_plan_route *route) {
    static const struct {
        const char *word, *unit;
    } heads[] = {{"arrival", ""},  {"Time", ""},         {"departure", ""},
                 {"start by", ""}, {"kind", ""},         {"Where", ""},
                 {"site", ""},     {"Side", ""},         {"id", ""},
                 {"stream", ""},   {"full", " %"},       {"kg", ""},
                 {"load kg", ""},  {"water left", " l"}, {"battery left", " kWh"},
                 {"Next tip", ""}, {"tip at", ""},       {"Gate", ""},
                 {"latitude", ""}, {"longitude", ""},    {"Notes", ""},
                 {"Way there", ""}};
    ki_language language = sheets->options.language;
    ki_text_add(text, "\xEF\xBB\xBF%s", ki_say(language, "No."));
    for (size_t head = 0; head < sizeof heads / sizeof *heads; head++) {
        ki_text_add(text, ",%s%s", ki_say(language, heads[head].word), heads[head].unit);
    }
    ki_text_add(text, "\r\n");
    int number = 0;
    for (int32_t at = 0; at < route->n_stops; number++) {
        ki_visit visit = ki_visit_next(route, at);
        for (; at < visit.end; at++)
            add_row(text, sheets, route, at, number);
        int32_t next = 0;
        for (const ki_plan_break *pause; (pause = ki_visit_next_break(route, at - 1, &next));)
            add_break(text, sheets, route, pause);
    }
}
