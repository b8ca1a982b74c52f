/* SPDX-License-Identifier: GPL-3.0-or-later
 * plan_decisions.c - one line for every container and street of the problem: in or out, and why.
 *
 * Served: the reason it was chosen. Wanted but left out: why it did not fit. Otherwise: why it was
 * not wanted tonight, or could not be served. Every id occurs once: containers, then streets, in
 * the order of the draft. */
#include "plan/plan_internal.h"

#include "base/error.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct subject { /* a container or a street */
    const ki_decision *from;
    int32_t first_task, n_tasks;
    const char *noun;
} subject;

static int32_t count_tasks(const ki_plan_maker *maker, const ki_decision *from, uint8_t kind,
                           int32_t source) {
    const ki_model *sealed = maker->sealed;
    int32_t n = 0;
    if (from->task < 0) return 0;
    while (from->task + n < sealed->n_tasks && sealed->tasks[from->task + n].kind == kind &&
           sealed->tasks[from->task + n].source == source)
        n++;
    return n;
}

static const char *plain_code(const char *code) {
    static const struct {
        const char *code, *words;
    } known[] = {{"fill_above_must", "its forecast fill is above the must level"},
                 {"overflow_likely", "it would overflow before the next night"},
                 {"fill_above_may", "its forecast fill is above the may level"},
                 {"fill_below_may", "its forecast fill is below the may level"},
                 {"interval_due", "its longest interval between two emptyings is due"},
                 {"forced_in", "it was ordered for tonight"},
                 {"forced_out", "it was taken out for tonight"},
                 {"due", "it is due tonight"},
                 {"not_due", "it is not due tonight"},
                 {"unreachable", "no vehicle can reach it, or leave it again"},
                 {"no_vehicle", "no vehicle tonight takes its stream"},
                 {"no_facility", "no facility tonight takes its stream"},
                 {"no_data", "nothing is known of its fill"}};
    for (size_t k = 0; k < sizeof known / sizeof *known; k++)
        if (strcmp(known[k].code, code) == 0) return known[k].words;
    return NULL;
}

static const char *why(ki_plan_maker *maker, const ki_decision *from) {
    if (from->detail && from->detail[0]) return from->detail;
    const char *words = plain_code(from->reason ? from->reason : "");
    if (words && !isnan(from->fill_ratio))
        return ki_plan_text(maker, "%s (%.0f %%)", words, 100.0 * from->fill_ratio);
    return words ? words : from->reason ? from->reason : "no reason was given";
}

static void say_served(ki_plan_maker *maker, const subject *what, ki_plan_decision *out) {
    int32_t task = what->first_task;
    const ki_plan_route *route = &maker->plan->routes[maker->route_of_task[task]];
    const ki_plan_stop *stop = &route->stops[maker->stop_of_task[task]];
    char clock[KI_CLOCK_SIZE];
    out->served = 1;
    out->reason = ki_plan_copy(maker, what->from->reason);
    out->text = ki_plan_text(
        maker, "%s at %s by shift %s: %s", out->is_street ? "swept" : "emptied",
        ki_plan_clock(clock, maker->plan, stop->start_ms), route->shift, why(maker, what->from));
}

static void say_not_wanted(ki_plan_maker *maker, const subject *what, ki_plan_decision *out) {
    out->reason = ki_plan_copy(maker, what->from->reason);
    out->text =
        ki_plan_text(maker, "%s: %s",
                     what->from->choice == KI_CANNOT ? "cannot be served" : "not needed tonight",
                     why(maker, what->from));
}

static void say_left_out(ki_plan_maker *maker, int32_t task, const subject *what,
                         ki_plan_decision *out) {
    out->reason = maker->left_code[task];
    out->text =
        ki_plan_text(maker, "%s (%s: %s)", maker->left_text[task],
                     what->from->choice == KI_MUST ? "must" : "may", why(maker, what->from));
}

static void judge(ki_plan_maker *maker, const subject *what, ki_plan_decision *out) {
    out->choice = what->from->choice;
    out->fill_ratio = what->from->fill_ratio;
    out->fill_sd_ratio = what->from->fill_sd_ratio;
    out->rate_per_day = what->from->rate_per_day;
    out->newest_report_s = what->from->newest_report_s;
    for (int32_t k = 0; k < what->n_tasks; k++)
        out->prize_nano += maker->sealed->tasks[what->first_task + k].prize_nano;
    for (int32_t task = what->first_task; task < what->first_task + what->n_tasks; task++) {
        if (maker->route_of_task[task] >= 0) continue;
        say_left_out(maker, task, what, out);
        return;
    }
    if (what->n_tasks > 0)
        say_served(maker, what, out);
    else
        say_not_wanted(maker, what, out);
}

static const kerb_site *site_by_id(const ki_draft *draft, const char *id) {
    for (size_t site = 0; site < draft->n_sites; site++)
        if (strcmp(draft->sites[site].id, id) == 0) return &draft->sites[site];
    return NULL;
}

static int32_t to_e7(double degrees) {
    return (int32_t)lround(degrees * 1e7);
}

static void decide_container(ki_plan_maker *maker, int32_t container, ki_plan_decision *out) {
    const ki_draft *draft = maker->draft;
    const kerb_container *from = &draft->containers[container];
    subject what = {.from = &maker->sealed->container_decisions[container]};
    what.first_task = what.from->task;
    what.n_tasks = count_tasks(maker, what.from, KI_TASK_CONTAINER, container);
    const kerb_site *site = what.n_tasks > 0
                                ? ki_plan_site(draft, &maker->sealed->tasks[what.first_task])
                                : site_by_id(draft, from->site_id);
    out->id = ki_plan_copy(maker, from->id);
    out->site = ki_plan_copy(maker, from->site_id);
    out->name = ki_plan_copy(maker, site ? site->name : "");
    out->zone = ki_plan_copy(maker, site ? site->zone : "");
    out->labels = ki_plan_labels(maker, from->labels, from->n_labels, &out->n_labels);
    out->stream = from->stream;
    out->swapped = from->swapped != 0;
    if (site) out->lat_e7 = to_e7(site->lat_deg), out->lon_e7 = to_e7(site->lon_deg);
    judge(maker, &what, out);
}

/* A street is shown at the middle of its run. */
static kerb_status place_street(ki_plan_maker *maker, const kerb_street *street,
                                ki_plan_decision *out) {
    const ki_graph *graph = maker->sealed->graph;
    if (!graph) return KERB_OK;
    ki_run run = {0};
    KI_TRY(ki_graph_find_run(graph, street->way_id, street->from_node, street->to_node,
                             &maker->scratch, &run, maker->err));
    if (run.n_arcs < 1) return KERB_OK;
    int32_t arc = run.arcs[run.n_arcs / 2];
    ki_place middle = {arc, graph->edges[arc >> 1].length_mm / 2};
    ki_place_position(graph, middle, &out->lat_e7, &out->lon_e7);
    return KERB_OK;
}

static kerb_status decide_street(ki_plan_maker *maker, int32_t street, ki_plan_decision *out) {
    const kerb_street *from = &maker->draft->streets[street];
    subject what = {.from = &maker->sealed->street_decisions[street]};
    what.first_task = what.from->task;
    what.n_tasks = count_tasks(maker, what.from, KI_TASK_KERB, street);
    out->is_street = 1;
    out->id = ki_plan_copy(maker, from->id);
    out->site = "";
    out->name = ki_plan_copy(maker, from->name);
    out->zone = ki_plan_copy(maker, from->zone);
    out->labels = ki_plan_labels(maker, from->labels, from->n_labels, &out->n_labels);
    out->stream = KERB_STREAM_SWEEPINGS;
    judge(maker, &what, out);
    return place_street(maker, from, out);
}

kerb_status ki_plan_decide(ki_plan_maker *maker) {
    const ki_draft *draft = maker->draft;
    size_t n = draft->n_containers + draft->n_streets;
    ki_plan_decision *next = ki_arena_alloc(maker->arena, n, sizeof *next);
    if (!next) return ki_fail_no_memory(maker->err, "the decisions of a plan");
    maker->plan->decisions = next;
    maker->plan->n_decisions = (int32_t)n;
    for (size_t container = 0; container < draft->n_containers; container++)
        decide_container(maker, (int32_t)container, next++);
    for (size_t street = 0; street < draft->n_streets; street++)
        KI_TRY(decide_street(maker, (int32_t)street, next++));
    return KERB_OK;
}
