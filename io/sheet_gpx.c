/* SPDX-License-Identifier: GPL-3.0-or-later
 * sheet_gpx.c - a route as GPX 1.1: a waypoint a stop, one track with a segment a leg. */
#include "base/date.h"
#include "io/sheets.h"

static void add_place(ki_text *text, const ki_sheets *sheets, const char *tag, int32_t lat_e7,
                      int32_t lon_e7) {
    double lat_deg, lon_deg;
    ki_visit_position(sheets, lat_e7, lon_e7, &lat_deg, &lon_deg);
    ki_text_add(text, "<%s lat=\"%.7f\" lon=\"%.7f\">", tag, lat_deg, lon_deg);
}

static void add_instant(ki_text *text, const kerb_plan *plan, int32_t ms) {
    if (plan->night_start_s == KERB_NO_TIME) return;
    int64_t at_s = plan->night_start_s + (ms >= 0 ? ms / 1000 : -((999 - (int64_t)ms) / 1000));
    int64_t day = ki_day_of(at_s);
    int second = (int)(at_s - day * KI_DAY_S);
    int32_t year, month, date;
    ki_civil_from_days(day, &year, &month, &date);
    ki_text_add(text, "<time>%04d-%02d-%02dT%02d:%02d:%02dZ</time>", year, month, date,
                second / 3600, second / 60 % 60, second % 60);
}

static void add_stop(ki_text *text, const ki_sheets *sheets, const ki_plan_stop *stop, int order) {
    add_place(text, sheets, "wpt", stop->lat_e7, stop->lon_e7);
    add_instant(text, sheets->plan, stop->start_ms);
    ki_text_add(text, "<name>%d ", order);
    ki_text_add_xml(text, ki_visit_name(sheets, stop));
    ki_text_add(text, "</name><desc>");
    ki_text_add_xml(text, stop->id);
    ki_text_add(text, "</desc></wpt>\n");
}

static void add_leg(ki_text *text, const ki_sheets *sheets, const ki_plan_leg *leg) {
    if (leg->n_points < 1) return;
    ki_text_add(text, "<trkseg>");
    for (int32_t point = 0; point < leg->n_points; point++) {
        add_place(text, sheets, "trkpt", leg->points[2 * point], leg->points[2 * point + 1]);
        ki_text_add(text, "</trkpt>");
    }
    ki_text_add(text, "</trkseg>\n");
}

void ki_sheet_gpx(ki_text *text, const ki_sheets *sheets, const ki_plan_route *route) {
    ki_text_add(text, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<gpx version=\"1.1\" "
                      "creator=\"kerbside\" xmlns=\"http://www.topografix.com/GPX/1/1\">\n"
                      "<metadata><name>");
    ki_text_add_xml(text, route->vehicle);
    ki_text_add(text, " ");
    ki_text_add_xml(text, sheets->plan->service_day);
    ki_text_add(text, "</name><copyright author=\"OpenStreetMap contributors\"><license>"
                      "https://www.openstreetmap.org/copyright</license></copyright>"
                      "</metadata>\n");
    for (int32_t stop = 0; stop < route->n_stops; stop++)
        add_stop(text, sheets, &route->stops[stop], stop);
    ki_text_add(text, "<trk><name>");
    ki_text_add_xml(text, route->shift);
    ki_text_add(text, "</name>\n");
    for (int32_t stop = 0; stop < route->n_stops; stop++) {
        add_leg(text, sheets, &route->stops[stop].leg);
        add_leg(text, sheets, &route->stops[stop].sweep);
    }
    ki_text_add(text, "</trk>\n</gpx>\n");
}
