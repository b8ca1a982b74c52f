/* SPDX-License-Identifier: GPL-3.0-or-later
 * sheet_visit.c - what a sheet says of one stop, whatever its form. */
#include "io/coordinates.h"
#include "io/sheet_landmarks.h"

#include "base/error.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double LEAST_SIDE_MM = 1000; /* nearer to the line of travel is no side */

kerb_status ki_sheets_open(ki_sheets *out, const kerb_plan *plan, const ki_sheets_options *options,
                           kerb_error *err) {
    *out = (ki_sheets){.plan = plan, .options = *options};
    const ki_draft *draft = options->model ? &options->model->draft : NULL;
    int failed = 0;
#define INDEX(ids, from, n)                                                                        \
    if (!failed && (n) > 0)                                                                        \
    failed = ki_ids_build(&out->ids, &out->arena, &(from)->id, (size_t)(n), sizeof *(from))
    INDEX(decisions, plan->decisions, plan->n_decisions);
    INDEX(places, plan->places, plan->n_places);
    if (draft) {
        INDEX(sites, draft->sites, draft->n_sites);
        INDEX(streets, draft->streets, draft->n_streets);
    }
#undef INDEX
    const kerb_roads *roads = options->model ? options->model->roads : NULL;
    kerb_status status = failed ? ki_fail_no_memory(err, "crew sheets")
                                : ki_landmarks_build(&out->landmarks, &out->arena, plan,
                                                     roads ? roads->graph : NULL, err);
    if (status != KERB_OK) ki_sheets_close(out);
    return status;
}

void ki_sheets_close(ki_sheets *sheets) {
    ki_arena_free(&sheets->arena);
    *sheets = (ki_sheets){0};
}

ki_visit ki_visit_next(const ki_plan_route *route, int32_t first) {
    const ki_plan_stop *stop = &route->stops[first];
    ki_visit visit = {first, first + 1};
    while (stop->kind == KI_STOP_SERVE && stop->site && visit.end < route->n_stops) {
        const ki_plan_stop *next = &route->stops[visit.end];
        int32_t at = 0;
        if (ki_visit_next_break(route, visit.end - 1, &at)) break;
        if (next->kind != KI_STOP_SERVE || !next->site || strcmp(next->site, stop->site) != 0 ||
            next->leg.length_mm > 0)
            break;
        visit.end++;
    }
    return visit;
}

const ki_plan_decision *ki_visit_decision(const ki_sheets *sheets, const ki_plan_stop *stop) {
    int32_t at = ki_ids_find(&sheets->decisions, stop->id);
    return at == KI_ID_ABSENT ? NULL : &sheets->plan->decisions[at];
}

const char *ki_visit_stream(const ki_sheets *sheets, kerb_stream stream) {
    if (stream == KERB_STREAM_UNSPECIFIED) return "";
    return ki_say(sheets->options.language, kerb_stream_name(stream));
}

const char *ki_visit_name(const ki_sheets *sheets, const ki_plan_stop *stop) {
    const char *name = NULL, *id = stop->site && *stop->site ? stop->site : stop->id;
    int32_t at = ki_ids_find(&sheets->places, stop->id);
    if (stop->kind != KI_STOP_SERVE && stop->kind != KI_STOP_SWEEP) {
        if (at != KI_ID_ABSENT) name = sheets->plan->places[at].name;
    } else {
        const ki_plan_decision *decision = ki_visit_decision(sheets, stop);
        if (decision) name = decision->name;
    }
    return name && *name ? name : id ? id : "";
}

ki_hand ki_visit_hand(const ki_sheets *sheets, const ki_plan_stop *stop) {
    const ki_plan_decision *decision = ki_visit_decision(sheets, stop);
    const ki_plan_leg *leg = &stop->leg;
    if (!decision || stop->kind != KI_STOP_SERVE || leg->n_points < 2) return KI_HAND_NONE;
    const int32_t *last = &leg->points[2 * (size_t)(leg->n_points - 1)], *from = last - 2;
    double narrow = cos(last[0] * 1e-7 * 0.017453292519943295);
    double north = (double)last[0] - from[0], east = ((double)last[1] - from[1]) * narrow;
    double to_north = (double)decision->lat_e7 - last[0];
    double to_east = ((double)decision->lon_e7 - last[1]) * narrow;
    double length = hypot(north, east);
    if (length <= 0) return KI_HAND_NONE;
    double right_mm = (to_east * north - to_north * east) / length * 11.1195; /* 1e-7 degree */
    if (fabs(right_mm) < LEAST_SIDE_MM) return KI_HAND_NONE;
    return right_mm > 0 ? KI_HAND_RIGHT : KI_HAND_LEFT;
}

/* The side is said of the street's own direction, and the sweeper may drive against it: the way
 * tells by the order of its nodes in the sweep and in the street. */
ki_hand ki_visit_brush(const ki_sheets *sheets, const ki_plan_stop *stop) {
    int32_t at = ki_ids_find(&sheets->streets, stop->id);
    if (at == KI_ID_ABSENT || stop->sweep.n_runs < 1) return KI_HAND_NONE;
    const kerb_street *street = &sheets->options.model->draft.streets[at];
    if (street->side != KERB_SIDE_LEFT && street->side != KERB_SIDE_RIGHT) return KI_HAND_NONE;
    int right = street->side == KERB_SIDE_RIGHT;
    int against = stop->sweep.runs[0].from_node == street->to_node &&
                  stop->sweep.runs[stop->sweep.n_runs - 1].to_node == street->from_node;
    return right != against ? KI_HAND_RIGHT : KI_HAND_LEFT;
}

int ki_visit_brush_stays(const ki_plan_route *route, int32_t stop) {
    if (stop < 1 || stop >= route->n_stops) return 0;
    return route->stops[stop].kind == KI_STOP_SWEEP &&
           route->stops[stop - 1].kind == KI_STOP_SWEEP && route->stops[stop].leg.length_mm == 0;
}

const ki_plan_break *ki_visit_next_break(const ki_plan_route *route, int32_t stop, int32_t *at) {
    while (*at < route->n_breaks) {
        const ki_plan_break *pause = &route->breaks[(*at)++];
        if (pause->after_stop == stop) return pause;
    }
    return NULL;
}

const ki_plan_stop *ki_visit_next_tip(const ki_plan_route *route, int32_t stop) {
    for (int32_t at = stop; at < route->n_stops; at++)
        if (route->stops[at].kind == KI_STOP_TIP) return &route->stops[at];
    return NULL;
}

int32_t ki_sheet_utc_offset(const kerb_model *model) {
    return model->draft.district.utc_offset_s;
}

ki_clock ki_sheet_clock(const kerb_plan *plan, int64_t ms) {
    ki_clock clock;
    const int64_t day_s = 86400;
    int64_t start_s = plan->night_start_s == KERB_NO_TIME ? 0 : plan->night_start_s % day_s;
    int64_t minute = ((start_s + plan->utc_offset_s + ms / 1000) % day_s + day_s) % day_s / 60;
    snprintf(clock.text, sizeof clock.text, "%02d:%02d", (int)(minute / 60 % 24),
             (int)(minute % 60));
    return clock;
}

void ki_visit_add_hours(ki_text *text, const ki_sheets *sheets, const ki_plan_stop *stop) {
    const kerb_model *model = sheets->options.model;
    int32_t site = ki_ids_find(&sheets->sites, stop->site);
    int32_t street = ki_ids_find(&sheets->streets, stop->id);
    const kerb_window *windows = NULL;
    size_t n = 0;
    if (stop->kind == KI_STOP_SERVE && site != KI_ID_ABSENT)
        windows = model->draft.sites[site].windows, n = model->draft.sites[site].n_windows;
    if (stop->kind == KI_STOP_SWEEP && street != KI_ID_ABSENT)
        windows = model->draft.streets[street].windows, n = model->draft.streets[street].n_windows;
    for (size_t window = 0; window < n; window++) {
        int64_t start_s = sheets->plan->night_start_s;
        ki_clock from = ki_sheet_clock(sheets->plan, 1000 * (windows[window].start_s - start_s));
        ki_clock to = ki_sheet_clock(sheets->plan, 1000 * (windows[window].end_s - start_s));
        ki_text_add(text, "%s%s–%s", window ? ", " : "", from.text, to.text);
    }
}

void ki_visit_add_labels(ki_text *text, const ki_plan_stop *stop) {
    for (size_t label = 0; label < stop->n_labels; label++)
        ki_text_add(text, "%s%s: %s", label ? "; " : "",
                    stop->labels[label].key ? stop->labels[label].key : "",
                    stop->labels[label].value ? stop->labels[label].value : "");
}

void ki_visit_position(const ki_sheets *sheets, int32_t lat_e7, int32_t lon_e7, double *lat_deg,
                       double *lon_deg) {
    *lat_deg = lat_e7 * 1e-7;
    *lon_deg = lon_e7 * 1e-7;
    if (sheets->options.coordinates) ki_from_wgs84(sheets->options.coordinates, lat_deg, lon_deg);
}
