/* SPDX-License-Identifier: GPL-3.0-or-later
 * plan_summary_routes.c - the table of routes. Columns are padded by what a terminal shows, not by
 * bytes: ids and crews may be in any script. */
#include "plan/plan_internal.h"
#include "plan/plan_summary.h"

#include "base/words.h"

#include <math.h>
#include <string.h>

enum { MAX_ROUTES = 24, MAX_TIPS = 4, TELLING_PERMILLE = 10 };

static void add_padded(ki_text *text, const char *string, int width) {
    ki_text_add_cell(text, string, width);
    ki_text_add_bytes(text, " ", 1);
}

static int widest(const kerb_plan *plan, size_t member, int least) {
    for (int32_t route = 0; route < plan->n_routes; route++) {
        const char *string;
        memcpy(&string, (const char *)&plan->routes[route] + member, sizeof string);
        if (ki_text_cells(string) > least) least = ki_text_cells(string);
    }
    return least > 16 ? 16 : least;
}

static void add_hauled(const ki_plan_route *route, ki_text *text) {
    int64_t mass_g = 0;
    for (int32_t s = 0; s < route->n_stops; s++)
        if (route->stops[s].kind == KI_STOP_LOAD) mass_g += route->stops[s].mass_g;
    ki_text_say(text, "hauls %lld kg", (long long)(mass_g + 500) / 1000);
}

static void add_masses(const ki_plan_route *route, ki_text *text) {
    const char *comma = "";
    if (route->use == KERB_USE_HAUL) {
        add_hauled(route, text);
        return;
    }
    for (int stream = 0; stream < KERB_N_STREAMS; stream++) {
        if (route->mass_g_by_stream[stream] == 0) continue;
        ki_text_add(text, "%s%s %lld", comma,
                    ki_text_word(text, kerb_stream_name((kerb_stream)stream)),
                    (long long)(route->mass_g_by_stream[stream] + 500) / 1000);
        comma = ", ";
    }
    ki_text_add(text, "%s", ki_text_word(text, *comma ? " kg" : "nothing taken up"));
}

static void add_tips(const ki_plan_route *route, ki_text *text) {
    int n = 0;
    for (int32_t s = 0; s < route->n_stops; s++) {
        const ki_plan_stop *stop = &route->stops[s];
        if (stop->kind != KI_STOP_TIP || n++ >= MAX_TIPS) continue;
        ki_text_add(text, "%s%s %d %%", n > 1 ? ", " : ki_text_word(text, "; tips "), stop->id,
                    (stop->full_permille + 5) / 10);
        if (stop->overload_permille >= TELLING_PERMILLE)
            ki_text_say(text, " (overload %d %%)", (stop->overload_permille + 5) / 10);
    }
    if (n > MAX_TIPS) ki_text_say(text, " and %d more", n - MAX_TIPS);
}

static void add_breaks(const kerb_plan *plan, const ki_plan_route *route, ki_text *text) {
    char start[KI_CLOCK_SIZE], end[KI_CLOCK_SIZE];
    for (int32_t at = 0; at < route->n_breaks; at++) {
        const ki_plan_break *pause = &route->breaks[at];
        if (pause->after_stop >= route->n_stops) continue;
        const ki_plan_stop *stop = &route->stops[pause->after_stop];
        ki_text_say(text, "%s%s-%s at %s", at ? ", " : ki_text_word(text, "; break "),
                    ki_plan_clock(start, plan, pause->start_ms),
                    ki_plan_clock(end, plan, pause->end_ms), stop->site ? stop->site : stop->id);
    }
}

static void add_lateness(const ki_plan_route *route, ki_text *text) {
    if (route->late_permille >= TELLING_PERMILLE)
        ki_text_say(text, "; late with a chance of %d %%", (route->late_permille + 5) / 10);
}

/* Behind unloading. */
static void add_charges(const kerb_plan *plan, const ki_plan_route *route, ki_text *text) {
    char start[KI_CLOCK_SIZE], end[KI_CLOCK_SIZE];
    int n = 0;
    for (int32_t s = 0; s < route->n_stops; s++) {
        const ki_plan_stop *stop = &route->stops[s];
        if (stop->charge_ms <= 0) continue;
        ki_text_say(text, "%s%s-%s at %s", n++ ? ", " : ki_text_word(text, "; charges "),
                    ki_plan_clock(start, plan, stop->end_ms - stop->charge_ms),
                    ki_plan_clock(end, plan, stop->end_ms), stop->id);
    }
}

static int32_t count_sites(const ki_plan_route *route) {
    int32_t n = 0;
    for (int32_t s = 1; s < route->n_stops; s++) {
        const ki_plan_stop *stop = &route->stops[s], *before = stop - 1;
        int same = stop->site && before->site && strcmp(stop->site, before->site) == 0;
        n += stop->kind == KI_STOP_SWEEP || (stop->kind == KI_STOP_SERVE && !same);
    }
    return n;
}

static void add_route(const kerb_plan *plan, const ki_plan_route *route, const int widths[3],
                      ki_text *text) {
    char start[KI_CLOCK_SIZE], end[KI_CLOCK_SIZE];
    ki_text_add(text, "  ");
    add_padded(text, route->shift, widths[0]);
    add_padded(text, route->vehicle, widths[1]);
    add_padded(text, route->crew, widths[2]);
    ki_text_add(text, "%s-%s %5d %6d %5d %6.1f %5.2f  ",
                ki_plan_clock(start, plan, route->spell_start_ms),
                ki_plan_clock(end, plan, route->spell_end_ms), count_sites(route), route->n_served,
                route->n_trips, (double)route->length_mm / 1e6,
                ((double)route->spell_end_ms - route->spell_start_ms) / 3.6e6);
    add_masses(route, text);
    if (route->setting && *route->setting) ki_text_say(text, "; walls set to %s", route->setting);
    add_tips(route, text);
    add_charges(plan, route, text);
    add_breaks(plan, route, text);
    add_lateness(route, text);
    ki_text_add(text, "\n");
}

static void add_total(const kerb_plan *plan, ki_text *text) {
    double km = 0, dead_km = 0, hours = 0, tonnes = 0;
    int32_t n_served = 0, n_trips = 0;
    for (int32_t r = 0; r < plan->n_routes; r++) {
        const ki_plan_route *route = &plan->routes[r];
        km += (double)route->length_mm / 1e6;
        dead_km += (double)route->deadhead_mm / 1e6;
        hours += ((double)route->spell_end_ms - route->spell_start_ms) / 3.6e6;
        n_served += route->n_served;
        n_trips += route->n_trips;
        for (int stream = 0; stream < KERB_N_STREAMS; stream++)
            tonnes += (double)route->mass_g_by_stream[stream] / 1e6;
    }
    ki_text_say(text,
                "  in all: %d routes, %d served, %d trips, %.1f km (%.1f km swept), %.2f h, %.2f "
                "t\n",
                plan->n_routes, n_served, n_trips, km, km - dead_km, hours, tonnes);
}

/* What familiarity is paid for. */
static void say_strangers(const kerb_plan *plan, ki_text *text) {
    int n = 0, n_served = 0;
    int64_t length_mm = 0, nano = 0;
    for (int32_t at = 0; at < plan->n_routes; at++) {
        n += plan->routes[at].n_unfamiliar;
        n_served += plan->routes[at].n_served;
        length_mm += plan->routes[at].unfamiliar_mm;
        nano += plan->routes[at].unfamiliar_nano;
    }
    if (n == 0) return;
    ki_text_say(text,
                "  strange to their crews: %d of %d stops, %.1f km to and along them, charged %.2f "
                "%s\n",
                n, n_served, (double)length_mm * 1e-6, (double)nano * 1e-9, plan->currency);
}

/* What compactness is paid for. */
static void say_radius(const kerb_plan *plan, ki_text *text) {
    double square = 0, nano = 0;
    int n_served = 0;
    for (int32_t at = 0; at < plan->n_routes; at++) {
        const ki_plan_route *route = &plan->routes[at];
        square += route->n_served * (route->radius_m * 1e-3) * (route->radius_m * 1e-3);
        nano += (double)route->compactness_nano;
        if (route->radius_m) n_served += route->n_served;
    }
    if (n_served == 0) return;
    ki_text_say(
        text,
        "  stops lie %.2f km from the middle of their route (root mean square), charged %.2f "
        "%s\n",
        sqrt(square / n_served), nano * 1e-9, plan->currency);
}

void ki_plan_summary_routes(const kerb_plan *plan, ki_text *text) {
    int widths[3] = {widest(plan, offsetof(ki_plan_route, shift), 5),
                     widest(plan, offsetof(ki_plan_route, vehicle), 7),
                     widest(plan, offsetof(ki_plan_route, crew), 4)};
    ki_text_say(text, "\nRoutes\n  ");
    static const char *const heads[] = {"shift", "vehicle", "crew"};
    for (int head = 0; head < 3; head++)
        add_padded(text, ki_text_word(text, heads[head]), widths[head]);
    static const struct {
        const char *word;
        int width;
    } columns[] = {{"out", 11},   {"stops", -5}, {"served", -6},
                   {"trips", -5}, {"km", -6},    {"h", -5}};
    for (size_t column = 0; column < sizeof columns / sizeof *columns; column++)
        add_padded(text, ki_text_word(text, columns[column].word), columns[column].width);
    ki_text_say(text, " taken up; tips, how full there\n");
    for (int32_t route = 0; route < plan->n_routes && route < MAX_ROUTES; route++)
        add_route(plan, &plan->routes[route], widths, text);
    if (plan->n_routes > MAX_ROUTES)
        ki_text_say(text, "  ... and %d more\n", plan->n_routes - MAX_ROUTES);
    add_total(plan, text);
    say_strangers(plan, text);
    say_radius(plan, text);
}
