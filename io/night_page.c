/* SPDX-License-Identifier: GPL-3.0-or-later
 * night_page.c - a table of the city's districts, a row each, with links to what lies beside it. */
#include "io/night_page.h"

#include "io/sheets.h"

#include <stdio.h>

enum { CODE_DONE = 0, CODE_INFEASIBLE = 3, CODE_STOPPED = 4, CODE_ATTENTION = 5, CODE_FAULT = 70 };

static const char *outcome(const ki_night_district *district) {
    if (!district->is_begun) return "not begun";
    switch (district->code) {
    case CODE_DONE: return "planned";
    case CODE_STOPPED: return "stopped early; the plan is checked";
    case CODE_ATTENTION: return "planned, needs attention";
    case CODE_INFEASIBLE: return "no feasible plan";
    case CODE_FAULT: return "a fault of kerbside's own";
    default: return "not planned";
    }
}

static void add_link(ki_text *text, const char *folder, const char *file, const char *ending,
                     const char *words) {
    ki_text_add(text, " <a href=\"%s%s", folder ? folder : "", folder ? "/" : "");
    ki_text_add_xml(text, file);
    ki_text_add(text, "%s\">", ending);
    ki_text_add_xml(text, words);
    ki_text_add(text, "</a>");
}

static void add_figures(ki_text *text, const kerb_plan *plan) {
    kerb_plan_totals totals;
    if (!plan) {
        ki_text_add(text, "<td></td><td></td><td></td><td></td><td></td>");
        return;
    }
    kerb_plan_get_totals(plan, &totals);
    ki_text_add(text, "<td>%zu</td><td>%.1f</td><td>%.1f</td><td>%.2f ", totals.n_routes,
                totals.length_km, totals.work_h, totals.cost);
    ki_text_add_xml(text, plan->currency);
    ki_text_add(text, "</td><td>%zu</td>", totals.n_unserved_must);
}

static void add_sheets(ki_text *text, const ki_night_district *district, ki_language language) {
    const kerb_plan *plan = district->plan;
    ki_text_add(text, "<br>%s:", ki_say(language, "Crew sheets"));
    for (int32_t route = 0; route < plan->n_routes; route++) {
        char stem[KI_SHEET_STEM_BYTES];
        ki_sheet_stem(stem, plan->routes[route].shift, route);
        add_link(text, district->id, stem, ".html", plan->routes[route].shift);
    }
    add_link(text, district->id, "zones", ".html", ki_say(language, "Visits by zone"));
}

void ki_night_page_add(ki_night_page *page, const ki_night_district *district) {
    ki_text *text = &page->rows;
    ki_language language = page->language;
    if (district->plan && !page->day[0])
        snprintf(page->day, sizeof page->day, "%s", district->plan->service_day);
    ki_text_add(text, "<tr><td class=\"where\">");
    ki_text_add_xml(text, district->id);
    if (district->plan && district->plan->district_name) {
        ki_text_add(text, "<br><span class=\"way\">");
        ki_text_add_xml(text, district->plan->district_name);
        ki_text_add(text, "</span>");
    }
    ki_text_add(text, "</td><td%s>%s",
                district->is_begun && district->code == CODE_DONE ? "" : " class=\"side\"",
                ki_say(language, outcome(district)));
    if (district->reason && *district->reason) {
        ki_text_add(text, "<br><span class=\"way\">");
        ki_text_add_xml(text, district->reason);
        ki_text_add(text, "</span>");
    }
    ki_text_add(text, "</td>");
    add_figures(text, district->plan);
    ki_text_add(text, "<td>");
    if (district->plan && district->has_map)
        add_link(text, NULL, district->id, ".html", ki_say(language, "Map"));
    if (district->is_begun) add_link(text, NULL, district->id, ".log", ki_say(language, "Log"));
    if (district->plan && district->has_sheets) add_sheets(text, district, language);
    ki_text_add(text, "</td></tr>\n");
}

void ki_night_page_finish(ki_text *text, ki_night_page *page) {
    static const char *const heads[] = {"District", "Outcome", "Routes driven",  "km",
                                        "Hours",    "Cost",    "Musts left out", "To look at"};
    ki_sheet_open_page(text, page->language);
    ki_text_add(text, "%s ", ki_say(page->language, "Night of"));
    ki_text_add_xml(text, page->day);
    ki_sheet_open_body(text);
    ki_text_add(text, "<h1>%s ", ki_say(page->language, "Night of"));
    ki_text_add_xml(text, page->day);
    ki_text_add(text, "</h1>\n<table>\n<thead><tr>");
    for (size_t head = 0; head < sizeof heads / sizeof *heads; head++)
        ki_text_add(text, "<th scope=\"col\">%s</th>", ki_say(page->language, heads[head]));
    ki_text_add(text, "</tr></thead>\n<tbody>\n");
    ki_text_add_bytes(text, page->rows.bytes, page->rows.length);
    ki_text_add(text, "</tbody>\n</table>\n</body>\n</html>\n");
    text->failed |= page->rows.failed;
    ki_text_free(&page->rows);
}
