/* SPDX-License-Identifier: GPL-3.0-or-later
 * sheet_html.c - a crew sheet to print: large type, a row a stop, the way there above it. It holds
 * no script and its policy allows none. */
#include "io/sheets.h"

#include <math.h>

enum { SHEET_OVERLOAD_PERMILLE = 50 }; /* from which a driver is told */

static const char HEAD[] =
    "<!doctype html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
    "'unsafe-inline'\">\n<meta name=\"viewport\" content=\"width=device-width\">\n<title>";
static const char STYLE[] =
    "</title>\n<style>\n"
    "@page { size: A4; margin: 12mm; }\n"
    "body { font: 17px/1.35 'Noto Sans', 'Noto Sans CJK SC', 'Microsoft YaHei', sans-serif; "
    "color: #000; max-width: 60rem; margin: 1rem auto; }\n"
    "@media screen { body { padding: 0 1rem; } }\n"
    "th { white-space: nowrap; }\n"
    "h1 { font-size: 1.7rem; margin: 0; }\n"
    ".facts { font-size: 1.15rem; margin: .2rem 0 .8rem; }\n"
    "table { border-collapse: collapse; width: 100%; }\n"
    "thead { display: table-header-group; }\n"
    "th, td { border-top: 2px solid #000; padding: .25rem .4rem; text-align: left; "
    "vertical-align: top; }\n"
    "tr { break-inside: avoid; }\n"
    ".time, .number { font-size: 1.35rem; font-weight: 700; white-space: nowrap; }\n"
    ".where { font-size: 1.2rem; font-weight: 700; }\n"
    ".way { font-size: .95rem; font-weight: 400; color: #222; }\n"
    ".way td:nth-child(2) { white-space: nowrap; }\n"
    ".tip td, .break td { background: #ddd; }\n"
    ".side { font-weight: 700; border: 2px solid #000; padding: 0 .3rem; }\n"
    "ul { margin: 0; padding-left: 1.1rem; }\n"
    /* On a telephone a stop is a block of lines, not a row of columns. */
    "@media screen and (max-width: 40rem) {\n"
    ".stops thead, .stops td:empty { display: none; }\n"
    ".stops, .stops tbody, .stops tr, .stops td { display: block; border: 0; padding: .1rem 0; }\n"
    ".stops tr { border-top: 2px solid #000; padding: .3rem .2rem; }\n"
    ".stops .number, .stops .time, .stops .way td { display: inline; margin-right: .6rem; }\n"
    ".stops .tip, .stops .break { background: #ddd; }\n"
    ".stops .next::before { content: attr(data-head) ': '; }\n"
    "}\n"
    "</style>\n</head>\n<body>\n";

void ki_sheet_open_page(ki_text *text, ki_language language) {
    ki_text_add(text, HEAD, ki_language_code(language));
}

void ki_sheet_open_body(ki_text *text) {
    ki_text_add(text, "%s", STYLE);
}

typedef struct page {
    ki_text *text;
    const ki_sheets *sheets;
    const ki_plan_route *route;
    ki_language language;
} page;

static const char *word(const page *to, const char *what) {
    return ki_say(to->language, what);
}

static void add_fact(const page *to, const char *what, const char *value) {
    ki_text_add(to->text, " · %s ", word(to, what));
    ki_text_add_xml(to->text, value);
}

/* What is loaded at transfer stations, by stream; 0: this is no haul. */
static int sum_hauled(const ki_plan_route *route, int64_t hauled_g[KERB_N_STREAMS]) {
    int n = 0;
    for (int32_t at = 0; at < route->n_stops; at++) {
        const ki_plan_stop *stop = &route->stops[at];
        if (stop->kind != KI_STOP_LOAD || stop->stream >= KERB_N_STREAMS) continue;
        hauled_g[stop->stream] += stop->mass_g;
        n++;
    }
    return n;
}

static void add_loads(const page *to) {
    int64_t hauled_g[KERB_N_STREAMS] = {0};
    int hauls = sum_hauled(to->route, hauled_g), n = 0;
    const int64_t *mass_g = hauls ? hauled_g : to->route->mass_g_by_stream;
    for (int stream = 0; stream < KERB_N_STREAMS; stream++)
        if (mass_g[stream]) {
            if (n++ == 0) ki_text_add(to->text, "<br>%s: ", word(to, hauls ? "Hauls" : "Collects"));
            ki_text_add(to->text, "%s%s %lld kg", n > 1 ? "; " : "",
                        ki_visit_stream(to->sheets, (kerb_stream)stream),
                        (long long)((mass_g[stream] + 500) / 1000));
        }
}

static int has_work(const ki_plan_route *route) {
    int64_t hauled_g[KERB_N_STREAMS] = {0};
    return route->n_served > 0 || sum_hauled(route, hauled_g) > 0;
}

static void add_head(const page *to) {
    const ki_plan_route *route = to->route;
    ki_text *text = to->text;
    ki_sheet_open_page(text, to->language);
    ki_text_add_xml(text, route->vehicle);
    ki_text_add(text, " · %s", word(to, "Crew sheet"));
    ki_sheet_open_body(text);
    ki_text_add(text, "<h1>");
    ki_text_add_xml(text, route->vehicle);
    ki_text_add(text, " · %s</h1>\n<p class=\"facts\">%s ", word(to, "Crew sheet"),
                word(to, "Night of"));
    ki_text_add_xml(text, to->sheets->plan->service_day);
    add_fact(to, "Shift", route->shift);
    add_fact(to, "Crew", route->crew);
    if (route->setting && *route->setting) add_fact(to, "Walls set to", route->setting);
    add_fact(to, "Begin", ki_sheet_clock(to->sheets->plan, route->spell_start_ms).text);
    add_fact(to, "End", ki_sheet_clock(to->sheets->plan, route->spell_end_ms).text);
    ki_text_add(text, " · %s %d · %s %d · %s %.1f km", word(to, "Served"), route->n_served,
                word(to, "Trips"), route->n_trips, word(to, "Length"),
                (double)route->length_mm / 1e6);
    add_loads(to);
    ki_text_add(text, "</p>\n<table class=\"stops\">\n<thead><tr>");
    static const char *const heads[] = {"No.", "Time", "Where", "What", "Next tip"};
    for (size_t head = 0; head < sizeof heads / sizeof *heads; head++)
        ki_text_add(text, "<th scope=\"col\">%s</th>", word(to, heads[head]));
    ki_text_add(text, "</tr></thead>\n<tbody>\n");
}

/* "residual C0001, 91 % full, 78 kg" */
static void add_container(const page *to, const ki_plan_stop *stop) {
    const ki_plan_decision *decision = ki_visit_decision(to->sheets, stop);
    ki_text_add(to->text, "<li>");
    if (stop->swapped) ki_text_add(to->text, "<b>%s</b>: ", word(to, "SWAP full for empty"));
    ki_text_add(to->text, "%s ", ki_visit_stream(to->sheets, stop->stream));
    ki_text_add_xml(to->text, stop->id);
    if (decision && isfinite(decision->fill_ratio))
        ki_text_add(to->text, ", %.0f %% %s", 100 * decision->fill_ratio, word(to, "full"));
    ki_text_add(to->text, ", %lld kg", (long long)((stop->mass_g + 500) / 1000));
    if (stop->n_labels) {
        ki_text labels = {0};
        ki_visit_add_labels(&labels, stop);
        ki_text_add(to->text, " (");
        ki_text_add_xml(to->text, labels.bytes);
        ki_text_add(to->text, ")");
        to->text->failed |= labels.failed;
        ki_text_free(&labels);
    }
    ki_text_add(to->text, "</li>");
}

static void add_sweep(const page *to, int32_t at) {
    const ki_plan_stop *stop = &to->route->stops[at];
    ki_hand brush = ki_visit_brush(to->sheets, stop);
    ki_text_add(to->text, "%s %d m: ", word(to, "Sweep"), (stop->sweep.length_mm + 500) / 1000);
    if (brush)
        ki_text_add(to->text, "%s, ",
                    word(to, brush == KI_HAND_LEFT ? "left brush" : "right brush"));
    ki_text_add(to->text, "<b>%s</b>",
                word(to, ki_visit_brush_stays(to->route, at) ? "brush stays down" : "brush DOWN"));
    if (!ki_visit_brush_stays(to->route, at + 1))
        ki_text_add(to->text, ", <b>%s</b>", word(to, "brush UP at the end"));
    if (stop->pass > 1) ki_text_add(to->text, "; %s %d", word(to, "pass"), stop->pass);
    if (stop->water_left_ml > 0)
        ki_text_add(to->text, "; %s %lld l", word(to, "water left"),
                    (long long)(stop->water_left_ml / 1000));
    if (stop->energy_left_mwh > 0)
        ki_text_add(to->text, "; %s %.1f kWh", word(to, "battery left"),
                    (double)stop->energy_left_mwh / 1e6);
}

static void add_charge(const page *to, const ki_plan_stop *stop, const char *comma) {
    ki_text_add(to->text, "%s<b>%s %s</b>", comma, word(to, "charge until"),
                ki_sheet_clock(to->sheets->plan, stop->end_ms).text);
}

static void add_what(const page *to, ki_visit visit) {
    const ki_plan_stop *stop = &to->route->stops[visit.first];
    ki_text *text = to->text;
    ki_text_add(text, "<td>");
    switch (stop->kind) {
    case KI_STOP_SERVE:
        ki_text_add(text, "<ul>");
        for (int32_t at = visit.first; at < visit.end; at++)
            add_container(to, &to->route->stops[at]);
        ki_text_add(text, "</ul>");
        break;
    case KI_STOP_SWEEP: add_sweep(to, visit.first); break;
    case KI_STOP_TIP:
        ki_text_add(text, "<b>%s</b>, %lld kg", word(to, "TIP"),
                    (long long)((stop->mass_g + 500) / 1000));
        if (stop->full_permille)
            ki_text_add(text, ", %s %d %%", word(to, "vehicle full to"),
                        (stop->full_permille + 5) / 10);
        if (stop->overload_permille >= SHEET_OVERLOAD_PERMILLE)
            ki_text_add(text, ", %s",
                        word(to, "may be full before: then tip here early, and go back"));
        if (stop->charge_ms > 0) add_charge(to, stop, ", ");
        break;
    case KI_STOP_CHARGE: add_charge(to, stop, ""); break;
    case KI_STOP_LOAD:
        ki_text_add(text, "<b>%s</b>, %s, %lld kg", word(to, "LOAD"),
                    ki_visit_stream(to->sheets, stop->stream),
                    (long long)((stop->mass_g + 500) / 1000));
        break;
    case KI_STOP_START: ki_text_add(text, "%s", word(to, "Leave the depot")); break;
    case KI_STOP_END: ki_text_add(text, "%s", word(to, "Back at the depot")); break;
    case KI_STOP_UNSPECIFIED: break;
    }
    ki_text_add(text, "</td>");
}

/* From one sweep straight into the next: how it turns, since there is no way to tell. */
static void add_join(const page *to, int32_t at) {
    ki_text turn = {0};
    if (to->route->stops[at].leg.length_mm > 0) return;
    ki_stop_add_turns(&turn, to->route, at, to->sheets, " → ", 1);
    if (turn.length) ki_text_add(to->text, "<br><span class=\"way\">%s</span>", turn.bytes);
    to->text->failed |= turn.failed;
    ki_text_free(&turn);
}

static void add_where(const page *to, int32_t at) {
    const ki_plan_stop *stop = &to->route->stops[at];
    ki_text *text = to->text;
    const char *name = ki_visit_name(to->sheets, stop);
    ki_text_add(text, "<td><span class=\"where\">");
    ki_text_add_xml(text, name);
    ki_text_add(text, "</span> ");
    const char *id = stop->kind == KI_STOP_SERVE ? stop->site : stop->id;
    ki_text_add_xml(text, id);
    ki_hand hand = ki_visit_hand(to->sheets, stop);
    if (stop->kind == KI_STOP_SERVE)
        ki_text_add(text, " <span class=\"side\">%s</span>",
                    word(to, hand == KI_HAND_LEFT    ? "left"
                             : hand == KI_HAND_RIGHT ? "right"
                                                     : "ahead"));
    add_join(to, at);
    ki_text hours = {0};
    ki_visit_add_hours(&hours, to->sheets, stop);
    if (hours.length) ki_text_add(text, "<br>%s %s", word(to, "Gate"), hours.bytes);
    text->failed |= hours.failed;
    ki_text_free(&hours);
    ki_text_add(text, "</td>");
}

static void add_way(const page *to, int32_t at) {
    const ki_plan_leg *leg = &to->route->stops[at].leg;
    if (leg->n_runs == 0 || leg->length_mm == 0) return;
    ki_text_add(to->text, "<tr class=\"way\"><td></td><td>");
    if (leg->length_mm < 950000)
        ki_text_add(to->text, "%d m", (leg->length_mm + 500) / 1000);
    else
        ki_text_add(to->text, "%.1f km", leg->length_mm / 1e6);
    ki_text_add(to->text, "</td><td colspan=\"3\">%s: ", word(to, "Way there"));
    ki_stop_add_turns(to->text, to->route, at, to->sheets, " → ", 1);
    ki_text_add(to->text, "</td></tr>\n");
}

static void open_next_tip(const page *to) {
    ki_text_add(to->text, "<td class=\"next\" data-head=\"%s\">", word(to, "Next tip"));
}

static void add_next_tip(const page *to, int32_t from) {
    const ki_plan_stop *tip = ki_visit_next_tip(to->route, from);
    if (!tip) return;
    ki_text_add_xml(to->text, ki_visit_name(to->sheets, tip));
    ki_text_add(to->text, " %s", ki_sheet_clock(to->sheets->plan, tip->arrival_ms).text);
}

static void add_break(const page *to, const ki_plan_break *pause) {
    const ki_plan_stop *at = &to->route->stops[pause->after_stop];
    ki_text_add(to->text,
                "<tr class=\"break\"><td></td><td class=\"time\">%s</td><td><span "
                "class=\"where\">",
                ki_sheet_clock(to->sheets->plan, pause->start_ms).text);
    ki_text_add_xml(to->text, ki_visit_name(to->sheets, at));
    ki_text_add(to->text, "</span></td><td><b>%s</b>, %lld min, %s %s</td>", word(to, "BREAK"),
                ((long long)pause->end_ms - pause->start_ms + 30000) / 60000, word(to, "until"),
                ki_sheet_clock(to->sheets->plan, pause->end_ms).text);
    open_next_tip(to);
    add_next_tip(to, pause->after_stop + 1);
    ki_text_add(to->text, "</td></tr>\n");
}

static void add_breaks(const page *to, int32_t after_stop) {
    int32_t next = 0;
    const ki_plan_break *pause;
    while ((pause = ki_visit_next_break(to->route, after_stop, &next)))
        add_break(to, pause);
}

static void add_visit(const page *to, ki_visit visit, int number) {
    const ki_plan_stop *stop = &to->route->stops[visit.first];
    ki_text *text = to->text;
    add_way(to, visit.first);
    ki_text_add(text, "<tr%s><td class=\"number\">%d</td><td class=\"time\">%s</td>",
                stop->kind == KI_STOP_TIP ? " class=\"tip\"" : "", number,
                ki_sheet_clock(to->sheets->plan, stop->start_ms).text);
    add_where(to, visit.first);
    add_what(to, visit);
    open_next_tip(to);
    if (stop->kind != KI_STOP_TIP) add_next_tip(to, visit.end);
    ki_text_add(text, "</td></tr>\n");
    add_breaks(to, visit.end - 1);
}

void ki_sheet_html(ki_text *text, const ki_sheets *sheets, const ki_plan_route *route) {
    page to = {text, sheets, route, sheets->options.language};
    int number = 0;
    add_head(&to);
    for (int32_t at = 0; at < route->n_stops;) {
        ki_visit visit = ki_visit_next(route, at);
        add_visit(&to, visit, number++);
        at = visit.end;
    }
    ki_text_add(text, "</tbody>\n</table>\n");
    if (!has_work(route)) ki_text_add(text, "<p>%s</p>\n", word(&to, "Nothing to do."));
    ki_text_add(text, "</body>\n</html>\n");
}
