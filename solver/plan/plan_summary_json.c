/* SPDX-License-Identifier: GPL-3.0-or-later
 * plan_summary_json.c - the summary for programs: one object, stable names, money as decimals. */
#include "plan/plan_internal.h"
#include "plan/plan_summary.h"

#include <math.h>
#include <string.h>

static void add_string(ki_text *text, const char *name, const char *value) {
    ki_text_add(text, ",\"%s\":", name);
    ki_text_add_json(text, value);
}

/* Nine decimals of nano are exact; they are written as they are. */
static void add_money(ki_text *text, const char *name, int64_t nano) {
    uint64_t size = nano < 0 ? (uint64_t)0 - (uint64_t)nano : (uint64_t)nano;
    ki_text_add(text, ",\"%s\":%s%llu.%09llu", name, nano < 0 ? "-" : "",
                (unsigned long long)(size / 1000000000u), (unsigned long long)(size % 1000000000u));
}

static void add_percent(ki_text *text, const char *name, double value) {
    if (isnan(value))
        ki_text_add(text, ",\"%s\":null", name);
    else
        ki_text_add(text, ",\"%s\":%.4f", name, value);
}

static void add_tips(ki_text *text, const ki_plan_route *route) {
    const char *comma = "";
    ki_text_add(text, ",\"tips\":[");
    for (int32_t s = 0; s < route->n_stops; s++) {
        const ki_plan_stop *stop = &route->stops[s];
        if (stop->kind != KI_STOP_TIP) continue;
        ki_text_add(text, "%s{\"facility\":", comma);
        ki_text_add_json(text, stop->id);
        ki_text_add(
            text, ",\"full_ratio\":%.3f,\"overload_ratio\":%.3f,\"start_s\":%.3f,\"mass_kg\":%.3f}",
            stop->full_permille / 1e3, stop->overload_permille / 1e3, stop->start_ms / 1e3,
            (double)stop->mass_g / 1e3);
        comma = ",";
    }
    ki_text_add(text, "]");
}

static void add_masses(ki_text *text, const ki_plan_route *route) {
    const char *comma = "";
    ki_text_add(text, ",\"mass_kg\":{");
    for (int stream = 0; stream < KERB_N_STREAMS; stream++) {
        if (route->mass_g_by_stream[stream] == 0) continue;
        ki_text_add(text, "%s\"%s\":%.3f", comma, kerb_stream_name((kerb_stream)stream),
                    (double)route->mass_g_by_stream[stream] / 1e3);
        comma = ",";
    }
    ki_text_add(text, "}");
}

static void add_breaks(ki_text *text, const ki_plan_route *route) {
    ki_text_add(text, ",\"breaks\":[");
    for (int32_t at = 0; at < route->n_breaks; at++) {
        const ki_plan_break *pause = &route->breaks[at];
        ki_text_add(text, "%s{\"start_s\":%.3f,\"end_s\":%.3f,\"after_stop\":%d}", at ? "," : "",
                    pause->start_ms / 1e3, pause->end_ms / 1e3, pause->after_stop);
    }
    ki_text_add(text, "]");
}

static void add_route(ki_text *text, const ki_plan_route *route) {
    ki_text_add(text, "{\"shift\":");
    ki_text_add_json(text, route->shift);
    add_string(text, "vehicle", route->vehicle);
    add_string(text, "crew", route->crew);
    if (route->setting && *route->setting) add_string(text, "setting", route->setting);
    ki_text_add(text,
                ",\"start_s\":%.3f,\"end_s\":%.3f,\"served\":%d,\"trips\":%d,\"length_km\":%.6f,"
                "\"deadhead_km\":%.6f",
                route->spell_start_ms / 1e3, route->spell_end_ms / 1e3, route->n_served,
                route->n_trips, (double)route->length_mm / 1e6, (double)route->deadhead_mm / 1e6);
    ki_text_add(text, ",\"late_ratio\":%.3f", route->late_permille / 1e3);
    if (route->n_unfamiliar)
        ki_text_add(text, ",\"unfamiliar\":%d,\"unfamiliar_km\":%.6f", route->n_unfamiliar,
                    (double)route->unfamiliar_mm / 1e6);
    if (route->radius_m) ki_text_add(text, ",\"radius_km\":%.3f", route->radius_m / 1e3);
    add_money(text, "cost", route->cost_nano);
    add_masses(text, route);
    add_tips(text, route);
    add_breaks(text, route);
    ki_text_add(text, "}");
}

static void add_costs(ki_text *text, const kerb_plan *plan) {
    const char *comma = "";
    ki_text_add(text, ",\"cost_lines\":[");
    for (int32_t line = 0; line < plan->n_cost_lines; line++) {
        ki_text_add(text, "%s{\"item\":", comma);
        ki_text_add_json(text, plan->cost_lines[line].item);
        add_string(text, "zone", plan->cost_lines[line].zone);
        add_money(text, "amount", plan->cost_lines[line].nano);
        ki_text_add(text, "}");
        comma = ",";
    }
    ki_text_add(text, "]");
}

static void add_left_out(ki_text *text, const kerb_plan *plan) {
    const char *comma = "";
    ki_text_add(text, ",\"left_out_list\":[");
    for (int32_t d = 0; d < plan->n_decisions; d++) {
        const ki_plan_decision *decision = &plan->decisions[d];
        if (decision->served || (decision->choice != KI_MUST && decision->choice != KI_MAY))
            continue;
        ki_text_add(text, "%s{\"id\":", comma);
        ki_text_add_json(text, decision->id);
        add_string(text, "reason", decision->reason);
        add_string(text, "text", decision->text);
        add_money(text, "charge", decision->prize_nano);
        ki_text_add(text, "}");
        comma = ",";
    }
    ki_text_add(text, "]");
}

static void add_counts(ki_text *text, const kerb_plan *plan) {
    int32_t by_choice[4] = {0}, n_served = 0;
    for (int32_t d = 0; d < plan->n_decisions; d++) {
        if ((unsigned)plan->decisions[d].choice < 4) by_choice[plan->decisions[d].choice]++;
        n_served += plan->decisions[d].served != 0;
    }
    ki_text_add(text,
                ",\"decisions\":%d,\"must\":%d,\"may\":%d,\"skip\":%d,\"cannot\":%d,"
                "\"served\":%d,\"musts_left_out\":%d,\"notes\":%d",
                plan->n_decisions, by_choice[KI_MUST], by_choice[KI_MAY], by_choice[KI_SKIP],
                by_choice[KI_CANNOT], n_served, ki_plan_musts_left_out(plan), plan->n_notes);
}

static void add_master(ki_text *text, const ki_plan_master *master) {
    ki_text_add(text,
                ",\"master\":{\"pool_size\":%d,\"mips\":%d,\"columns\":%d,\"improved\":%d,"
                "\"faults\":%d,\"proved\":%s",
                master->pool_size, master->n_mips, master->n_columns, master->n_improved,
                master->n_faults, master->proved ? "true" : "false");
    add_money(text, "gained", master->gained_nano);
    ki_text_add(text, "}");
}

static void add_totals(ki_text *text, const kerb_plan *plan) {
    double length_km = 0, work_h = 0;
    for (int32_t r = 0; r < plan->n_routes; r++) {
        length_km += (double)plan->routes[r].length_mm / 1e6;
        work_h += ((double)plan->routes[r].spell_end_ms - plan->routes[r].spell_start_ms) / 3.6e6;
    }
    ki_text_add(text, ",\"length_km\":%.6f,\"work_h\":%.6f", length_km, work_h);
}

void ki_plan_summary_json(const kerb_plan *plan, ki_text *text) {
    ki_plan_gap gap = ki_plan_gap_of(plan);
    ki_text_add(text, "{\"plan\":");
    ki_text_add_json(text, plan->id);
    add_string(text, "problem_hash", plan->problem_hash);
    add_string(text, "roads_hash", plan->roads_hash);
    add_string(text, "district", plan->district_id);
    add_string(text, "service_day", plan->service_day);
    add_string(text, "currency", plan->currency);
    ki_text_add(text, ",\"degraded\":%s,\"stopped\":%s,\"proved_optimal\":%s",
                plan->degraded ? "true" : "false", plan->stopped ? "true" : "false",
                plan->proved_optimal ? "true" : "false");
    add_money(text, "cost", plan->cost_nano);
    add_money(text, "left_out", plan->left_out_nano);
    add_money(text, "bound", plan->bound_nano);
    add_percent(text, "gap_percent", gap.percent);
    add_percent(text, "gap_avoidable_percent", gap.avoidable_percent);
    add_string(text, "relaxation", plan->relaxation);
    add_string(text, "scope", plan->scope);
    ki_text_add(text, ",\"seed\":%llu,\"iterations\":%lld,\"islands\":%d",
                (unsigned long long)plan->seed, (long long)plan->iterations, plan->n_islands);
    add_totals(text, plan);
    add_counts(text, plan);
    add_master(text, &plan->master);
    add_costs(text, plan);
    ki_plan_summary_hauls_json(plan, text);
    ki_text_add(text, ",\"routes\":[");
    for (int32_t route = 0; route < plan->n_routes; route++) {
        if (route) ki_text_add(text, ",");
        add_route(text, &plan->routes[route]);
    }
    ki_text_add(text, "]");
    add_left_out(text, plan);
    ki_text_add(text, "}\n");
}
