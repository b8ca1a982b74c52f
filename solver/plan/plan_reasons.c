/* SPDX-License-Identifier: GPL-3.0-or-later
 * plan_reasons.c - why a task was left out, and the cheapest change that would make it fit.
 *
 * Every shift type is tried at every position of its present routes, and on a shift that stays in
 * the depot; where capacity or the battery is what blocks, again with one more tip; charges and
 * breaks are placed anew in each. The best feasible insertion gives a price; where there is none,
 * the insertion that misses least gives the reason. This is a statement about single insertions,
 * not a proof about all plans, and the sentences say "would". */
#include "plan/plan_internal.h"

#include "base/error.h"
#include "route/battery.h"
#include "route/breaks.h"
#include "route/home.h"
#include "route/sequence.h"
#include "route/yard.h"

#include <stdio.h>
#include <string.h>

/* Stops looked at over all tasks; beyond it, only spare shifts are tried. A count, not a time. */
enum { NOBODY = -2 /* of a yard */ };
static const int64_t most_stop_visits = 150000000;

typedef struct trial { /* what one task met */
    int64_t best_nano; /* extra cost of the cheapest feasible insertion */
    int32_t best_shift;
    int best_new_route, best_tip, found;
    int64_t late_ms;                    /* the least late without excess */
    int32_t late_shift, late_stop_task; /* late_stop_task: whose window; -1: the shift's end */
    int32_t late_margin_ms;             /* kept free before it */
    int late_found, late_tip;
    int64_t excess; /* the least excess of those with any */
    int32_t excess_shift;
    int excess_found;
    int64_t rest_ms; /* the least by which a spell lasts too long without a break */
    int32_t rest_shift;
    int rest_found;
    int64_t flat_nwh; /* the least that a battery lacks */
    int32_t flat_shift;
    int flat_found;
    int64_t order_nano; /* the least extra cost of an insertion that only breaks a sequence */
    int32_t order_shift, order_task; /* the stop it would come before, or behind */
    int order_found;
    int64_t crowd_excess; /* the least excess set otherwise than for this task */
    int32_t crowd_shift, crowd_type;
    int crowd_found;
    int64_t over_g; /* the least by which a facility would take too much */
    int32_t full_facility;
    int full_found;
    int32_t busy_facility, busy_shift; /* the first whose bays would be too long in use */
    int busy_found;
} trial;

typedef struct tester {
    ki_plan_maker *maker;
    ki_stop *stops;
    ki_stop_time *times;
    ki_stop *set;     /* one set otherwise */
    ki_stop *settled; /* a route while its breaks are placed, and then its holds */
    ki_yard yard;     /* of a shared model: all routes */
    ki_breaks_place *places;
    int64_t *route_cost;          /* [solution routes] */
    int32_t n_used[KI_MAX_TYPES]; /* by leads */
    int64_t visits;
    int32_t task; /* at hand */
} tester;

static int64_t total_excess(const ki_route_value *value) {
    int64_t sum = 0;
    for (int32_t dim = 0; dim < KI_MAX_DIMS; dim++)
        sum += value->excess[dim];
    return sum;
}

/* The first task whose window is missed; -1: none, so it is the shift that is too short. */
static int32_t missed_window(const ki_model *sealed, const ki_route *route,
                             const ki_stop_time *times, int32_t *margin_ms) {
    *margin_ms = sealed->types[route->type].margin_ms;
    for (int32_t k = 0; k < route->n_stops; k++) {
        ki_stop stop = route->stops[k];
        if (stop.task < 0) continue;
        if (times[k].arrival_ms <= sealed->modes[stop.mode].close_ms) continue;
        *margin_ms = sealed->modes[stop.mode].margin_ms;
        return stop.task;
    }
    return -1;
}

/* The route with the charges and breaks it needs; without any where they find no place. */
static ki_route settle(tester *test, const ki_route *route) {
    const ki_model *sealed = test->maker->sealed;
    ki_route out = {route->type, route->n_stops, test->settled};
    memcpy(out.stops, route->stops, (size_t)route->n_stops * sizeof *out.stops);
    if (sealed->types[route->type].battery_nwh)
        out.n_stops = ki_charges_settle(sealed, route->type, out.stops, out.n_stops,
                                        route->n_stops + KI_MAX_POSTS);
    if (out.n_stops >= 0 && sealed->types[route->type].n_breaks)
        out.n_stops =
            ki_breaks_settle(sealed, route->type, out.stops, out.n_stops, test->places, NULL);
    if (out.n_stops >= 0) return out;
    memcpy(out.stops, route->stops, (size_t)route->n_stops * sizeof *out.stops);
    out.n_stops = ki_stops_strip(out.stops, route->n_stops);
    return out;
}

/* Whether the others leave the route what it needs at facilities, which may make it dearer. */
static int has_way(tester *test, int32_t owner, ki_route *route, int32_t shift,
                   ki_route_value *value, trial *out) {
    ki_yard_miss miss;
    if (!ki_model_is_shared(test->maker->sealed)) return 1;
    ki_yard_answer answer = ki_yard_place(&test->yard, owner, route, value, &miss);
    if (answer == KI_YARD_FULL && (!out->full_found || miss.over_g < out->over_g)) {
        out->full_found = 1;
        out->full_facility = miss.facility;
        out->over_g = miss.over_g;
    } else if (answer == KI_YARD_BUSY && !out->busy_found) {
        out->busy_found = 1;
        out->busy_facility = miss.facility;
        out->busy_shift = shift;
    }
    return answer == KI_YARD_FITS;
}

/* The first stop of a route that comes behind a later one of its sequence, and that later one. */
static void find_broken(const ki_model *sealed, const ki_route *route, int32_t *early,
                        int32_t *late) {
    for (int32_t at = 0; at < route->n_stops; at++)
        for (int32_t past = 0; past < at; past++)
            for (int32_t k = 0; k < sealed->n_sequences; k++) {
                int32_t a = route->stops[past].task, b = route->stops[at].task;
                if (a < 0 || b < 0 || ki_rank(sealed, b, k) == 0) continue;
                if (ki_rank(sealed, a, k) <= ki_rank(sealed, b, k)) continue;
                *early = b;
                *late = a;
                return;
            }
}

/* A candidate that breaks a sequence counts if nothing else is in its way. */
static void note_order(tester *test, const ki_route *route, const ki_route_value *value,
                       int64_t extra_nano, int32_t shift, int32_t task, trial *out) {
    int32_t early = -1, late = -1;
    if (total_excess(value) > 0 || value->late_ms > 0 || value->rest_ms > 0 || value->flat_nwh > 0)
        return;
    if (out->order_found && extra_nano >= out->order_nano) return;
    find_broken(test->maker->sealed, route, &early, &late);
    out->order_found = 1;
    out->order_nano = extra_nano;
    out->order_shift = shift;
    out->order_task = early == task ? late : early;
}

/* Values one candidate and keeps it if it is the best of its sort. Returns the excess; 1 of a
 * battery that is too small. */
static int64_t try_route(tester *test, const ki_route *tried, int32_t owner, int32_t shift,
                         int is_new, int with_tip, trial *out) {
    const ki_model *sealed = test->maker->sealed;
    ki_route settled = settle(test, tried);
    ki_route *route = &settled;
    int64_t before_nano = owner >= 0 ? test->route_cost[owner] : 0;
    ki_route_value value;
    ki_route_evaluate(sealed, route, &value, NULL);
    test->visits += route->n_stops;
    int64_t excess = total_excess(&value);
    if (value.n_broken > 0) {
        note_order(test, route, &value, value.cost_nano - before_nano, shift, test->task, out);
        return 0;
    }
    if (value.feasible) {
        if (!has_way(test, owner, route, shift, &value, out)) return 0;
        int64_t extra_nano = value.cost_nano - before_nano;
        if (out->found && extra_nano >= out->best_nano) return 0;
        out->found = 1;
        out->best_nano = extra_nano;
        out->best_shift = shift;
        out->best_new_route = is_new;
        out->best_tip = with_tip;
    } else if (excess > 0) {
        if (out->excess_found && excess >= out->excess) return excess;
        out->excess_found = 1;
        out->excess = excess;
        out->excess_shift = shift;
    } else if (value.late_ms > 0 && value.late_ms < INT32_MAX) {
        if (out->late_found && value.late_ms >= out->late_ms) return 0;
        ki_route_evaluate(sealed, route, &value, test->times);
        out->late_found = 1;
        out->late_ms = value.late_ms;
        out->late_shift = shift;
        out->late_tip = with_tip;
        out->late_stop_task = missed_window(sealed, route, test->times, &out->late_margin_ms);
    } else if (value.late_ms == 0 && value.rest_ms > 0) {
        if (out->rest_found && value.rest_ms >= out->rest_ms) return 0;
        out->rest_found = 1;
        out->rest_ms = value.rest_ms;
        out->rest_shift = shift;
    } else if (value.late_ms == 0 && value.flat_nwh > 0) {
        if (out->flat_found && value.flat_nwh >= out->flat_nwh) return 1;
        out->flat_found = 1;
        out->flat_nwh = value.flat_nwh;
        out->flat_shift = shift;
        return 1; /* one more tip may be a charge */
    }
    return excess;
}

/* from with `stop` put before position `at` */
static void insert_stop(ki_stop *out, const ki_stop *from, int32_t n, int32_t at, ki_stop stop) {
    memcpy(out, from, (size_t)at * sizeof *out);
    out[at] = stop;
    memcpy(out + at + 1, from + at, (size_t)(n - at) * sizeof *out);
}

static void try_with_tips(tester *test, const ki_route *with_task, int32_t at, int32_t owner,
                          int32_t shift, ki_stop *room, trial *out) {
    const ki_type *type = &test->maker->sealed->types[with_task->type];
    for (int32_t tip = 0; tip < type->n_tips; tip++) {
        ki_stop stop = {KI_TIP, type->first_tip + tip, 0};
        for (int32_t side = 0; side < 2; side++) { /* the tip before the task, or after it */
            insert_stop(room, with_task->stops, with_task->n_stops, at + side, stop);
            ki_route route = {with_task->type, with_task->n_stops + 1, room};
            try_route(test, &route, owner, shift, 0, 1, out);
        }
    }
}

static void try_present(tester *test, int32_t index, const ki_route *route, int32_t task,
                        trial *out) {
    const ki_model *sealed = test->maker->sealed;
    const ki_task *what = &sealed->tasks[task];
    ki_stop *with_task = test->stops, *with_tip = test->stops + route->n_stops + 1;
    for (int32_t mode = what->first_mode; mode < what->first_mode + what->n_modes; mode++) {
        if (ki_service_ms(sealed, route->type, mode) == KI_NEVER) continue;
        for (int32_t at = 0; at < route->n_stops; at++) { /* never after the last tip */
            insert_stop(with_task, route->stops, route->n_stops, at, (ki_stop){task, mode, 0});
            ki_route longer = {route->type, route->n_stops + 1, with_task};
            int64_t excess =
                try_route(test, &longer, index, test->maker->shift_of[index], 0, 0, out);
            if (excess > 0)
                try_with_tips(test, &longer, at, index, test->maker->shift_of[index], with_tip,
                              out);
        }
    }
}

/* The same route with the walls set in another way. */
static void try_set_as(tester *test, int32_t index, int32_t type, int32_t task, trial *out) {
    const ki_model *sealed = test->maker->sealed;
    const ki_route *now = &test->maker->solution->routes[index];
    ki_route set = {type, now->n_stops, test->set};
    memcpy(set.stops, now->stops, (size_t)now->n_stops * sizeof *set.stops);
    set.n_stops = ki_stops_strip(set.stops, set.n_stops);
    for (int32_t stop = 0; stop < set.n_stops; stop++)
        if (set.stops[stop].task == KI_TIP)
            set.stops[stop].mode = ki_tip_twin(sealed, type, set.stops[stop].mode, 0);
    trial met = {0};
    try_present(test, index, &set, task, &met);
    if (met.found && (!out->found || met.best_nano < out->best_nano)) {
        out->found = 1;
        out->best_nano = met.best_nano;
        out->best_shift = met.best_shift;
        out->best_new_route = 0;
        out->best_tip = met.best_tip;
    }
    int fits_now = sealed->tasks[task].types >> now->type & 1;
    if (met.found || fits_now || !met.excess_found) return;
    if (out->crowd_found && met.excess >= out->crowd_excess) return;
    out->crowd_found = 1;
    out->crowd_excess = met.excess;
    out->crowd_shift = met.excess_shift;
    out->crowd_type = type;
}

static void try_settings(tester *test, int32_t index, int32_t task, trial *out) {
    const ki_model *sealed = test->maker->sealed;
    int32_t now = test->maker->solution->routes[index].type, lead = ki_lead(sealed, now);
    for (int32_t type = lead; type < sealed->n_types && ki_lead(sealed, type) == lead; type++)
        if (type != now && sealed->tasks[task].types >> type & 1)
            try_set_as(test, index, type, task, out);
}

static void try_spare(tester *test, int32_t type, int32_t task, trial *out) {
    const ki_model *sealed = test->maker->sealed;
    const ki_type *kind = &sealed->types[type];
    const ki_task *what = &sealed->tasks[task];
    int32_t n_used = test->n_used[ki_lead(sealed, type)];
    if (n_used >= kind->n_shifts) return;
    int32_t shift = sealed->type_shifts[kind->first_shift + n_used];
    for (int32_t mode = what->first_mode; mode < what->first_mode + what->n_modes; mode++) {
        if (ki_service_ms(sealed, type, mode) == KI_NEVER) continue;
        for (int32_t tip = 0; tip < kind->n_tips; tip++) {
            test->stops[0] = (ki_stop){task, mode, 0};
            test->stops[1] = (ki_stop){KI_TIP, kind->first_tip + tip, 0};
            ki_route route = {type, 2, test->stops};
            try_route(test, &route, NOBODY, shift, 1, 0, out);
        }
    }
}

/* ---- sentences ------------------------------------------------------------------------------- */

static const char *shift_id(const tester *test, int32_t shift) {
    return test->maker->draft->shifts[shift].id;
}

static void say_price(tester *test, int32_t task, const trial *met) {
    ki_plan_maker *maker = test->maker;
    char extra[KI_MONEY_SIZE], prize[KI_MONEY_SIZE], more[KI_MONEY_SIZE];
    int64_t prize_nano = maker->sealed->tasks[task].prize_nano;
    ki_plan_money(extra, met->best_nano);
    ki_plan_money(prize, prize_nano);
    const char *how = met->best_new_route ? "a run of its own on spare shift "
                      : met->best_tip     ? "serving it with one more tip on shift "
                                          : "serving it on shift ";
    const char *currency = maker->plan->currency;
    if (met->best_nano >= prize_nano) {
        ki_plan_money(more, met->best_nano - prize_nano);
        maker->left_code[task] = "left_out_price";
        maker->left_text[task] = ki_plan_text(
            maker, "left out: %s%s would cost %s %s, %s %s more than the %s %s of leaving it", how,
            shift_id(test, met->best_shift), extra, currency, more, currency, prize, currency);
        return;
    }
    ki_plan_money(more, prize_nano - met->best_nano);
    maker->left_code[task] = "left_out_search";
    maker->left_text[task] = ki_plan_text(
        maker,
        "left out when the search ended: %s%s would cost %s %s and save %s %s; search longer", how,
        shift_id(test, met->best_shift), extra, currency, more, currency);
}

static void say_late(tester *test, int32_t task, const trial *met) {
    ki_plan_maker *maker = test->maker;
    long long minutes = (long long)(met->late_ms + 59999) / 60000;
    const char *shift = shift_id(test, met->late_shift);
    const char *tip =
        met->late_tip ? "full; one more tip, on shift " : "the closest fit, on shift ";
    maker->left_code[task] = met->late_tip              ? "left_out_capacity"
                             : met->late_stop_task >= 0 ? "left_out_window"
                                                        : "left_out_time";
    char spare[64] = "";
    if (met->late_margin_ms > 0)
        snprintf(spare, sizeof spare, ", with %d min kept free for delays",
                 (int)(met->late_margin_ms / 60000));
    if (met->late_stop_task < 0)
        maker->left_text[task] =
            ki_plan_text(maker, "left out: %s%s, would make that shift %lld min too long%s", tip,
                         shift, minutes, spare);
    else
        maker->left_text[task] =
            ki_plan_text(maker, "left out: %s%s, would miss the window of %s by %lld min%s", tip,
                         shift, maker->sealed->tasks[met->late_stop_task].id, minutes, spare);
}

static void say_break(tester *test, int32_t task, const trial *met) {
    test->maker->left_code[task] = "left_out_break";
    test->maker->left_text[task] =
        ki_plan_text(test->maker,
                     "left out: the closest fit, on shift %s, would go on %lld min too long "
                     "without a break, and "
                     "leaves no place for it",
                     shift_id(test, met->rest_shift), (long long)(met->rest_ms + 59999) / 60000);
}

static void say_battery(tester *test, int32_t task, const trial *met) {
    test->maker->left_code[task] = "left_out_battery";
    test->maker->left_text[task] = ki_plan_text(
        test->maker,
        "left out: the closest fit, on shift %s, would take %.1f Wh more than the battery holds, "
        "and leaves no place for a charge",
        shift_id(test, met->flat_shift), (double)met->flat_nwh / 1e9);
}

static void say_attendants(tester *test, int32_t task, const trial *met) {
    ki_plan_maker *maker = test->maker;
    size_t index = (size_t)met->busy_facility - maker->draft->n_facilities;
    const kerb_attendants *busy = &maker->draft->attendants[index];
    maker->left_code[task] = "left_out_attendants";
    maker->left_text[task] = ki_plan_text(
        maker, "left out: shift %s would be out too late, or one vehicle more than the %d of %s",
        shift_id(test, met->busy_shift), (int)(busy->n_people * busy->vehicles_each), busy->id);
}

static void say_facility(tester *test, int32_t task, const trial *met) {
    ki_plan_maker *maker = test->maker;
    const kerb_facility *facilities = maker->draft->facilities;
    if (met->full_found) {
        maker->left_code[task] = "left_out_facility";
        maker->left_text[task] = ki_plan_text(
            maker, "left out: the closest fit would bring %s %.0f kg more than it takes tonight",
            facilities[met->full_facility].id, (double)met->over_g / 1000.0);
        return;
    }
    if ((size_t)met->busy_facility >= maker->draft->n_facilities) {
        say_attendants(test, task, met);
        return;
    }
    maker->left_code[task] = "left_out_bay";
    maker->left_text[task] =
        ki_plan_text(maker, "left out: on shift %s, waiting for a bay at %s would make it too late",
                     shift_id(test, met->busy_shift), facilities[met->busy_facility].id);
}

static void say_order(tester *test, int32_t task, const trial *met) {
    ki_plan_maker *maker = test->maker;
    char extra[KI_MONEY_SIZE];
    ki_plan_money(extra, met->order_nano);
    maker->left_code[task] = "left_out_sequence";
    maker->left_text[task] = ki_plan_text(
        maker,
        "left out: it would cost %s %s on shift %s, but only where the order with %s is broken",
        extra, maker->plan->currency, shift_id(test, met->order_shift),
        maker->sealed->tasks[met->order_task].id);
}

static void say_setting(tester *test, int32_t task, const trial *met) {
    ki_plan_maker *maker = test->maker;
    const kerb_shift *shift = &maker->draft->shifts[met->crowd_shift];
    const kerb_vehicle *vehicle = ki_plan_vehicle(maker->draft, shift->vehicle_id);
    int32_t setting = maker->sealed->types[met->crowd_type].setting;
    maker->left_code[task] = "left_out_setting";
    maker->left_text[task] = ki_plan_text(
        maker,
        "left out: shift %s is set for its other stops; set to %s it would take this one, and lack "
        "%.0f kg or l for those",
        shift->id, setting && vehicle ? vehicle->settings[setting - 1].id : "its compartments",
        (double)met->crowd_excess / 1000.0);
}

static void say_result(tester *test, int32_t task, const trial *met, int examined) {
    ki_plan_maker *maker = test->maker;
    const char *stream = kerb_stream_name((kerb_stream)maker->sealed->tasks[task].stream);
    if (met->found) {
        say_price(test, task, met);
    } else if (met->full_found || met->busy_found) {
        say_facility(test, task, met);
    } else if (met->order_found) {
        say_order(test, task, met);
    } else if (met->rest_found && (!met->late_found || met->rest_ms <= met->late_ms)) {
        say_break(test, task, met);
    } else if (met->flat_found) {
        say_battery(test, task, met);
    } else if (met->late_found) {
        say_late(test, task, met);
    } else if (met->crowd_found) {
        say_setting(test, task, met);
    } else if (met->excess_found) {
        maker->left_code[task] = "left_out_capacity";
        maker->left_text[task] = ki_plan_text(
            maker, "left out: over the capacity of shift %s by %.0f kg or l even with one more tip",
            shift_id(test, met->excess_shift), (double)met->excess / 1000.0);
    } else if (!examined) {
        maker->left_code[task] = "left_out_price";
        maker->left_text[task] = ki_plan_text(
            maker,
            "left out: no spare shift takes it; insertions were not examined, too many tasks");
    } else {
        maker->left_code[task] = "no_vehicle";
        maker->left_text[task] =
            ki_plan_text(maker, "left out: no vehicle for %s on any shift tonight reaches it",
                         stream ? stream : "it");
    }
}

static void explain(tester *test, int32_t task) {
    const ki_model *sealed = test->maker->sealed;
    const ki_solution *solution = test->maker->solution;
    int examined = test->visits < most_stop_visits;
    trial met = {0};
    test->task = task;
    for (int32_t type = 0; type < sealed->n_types; type++)
        if (sealed->tasks[task].types >> type & 1) try_spare(test, type, task, &met);
    for (int32_t index = 0; index < solution->n_routes && examined; index++)
        if (sealed->tasks[task].types >> solution->routes[index].type & 1 &&
            !ki_route_is_home(sealed, &solution->routes[index]))
            try_present(test, index, &solution->routes[index], task, &met);
    for (int32_t index = 0; index < solution->n_routes && examined && sealed->has_settings; index++)
        try_settings(test, index, task, &met);
    say_result(test, task, &met, examined);
}

static kerb_status prepare(tester *test) {
    ki_plan_maker *maker = test->maker;
    const ki_solution *solution = maker->solution;
    size_t longest = 0;
    for (int32_t index = 0; index < solution->n_routes; index++)
        if ((size_t)solution->routes[index].n_stops > longest)
            longest = (size_t)solution->routes[index].n_stops;
    size_t room = longest + 4 + KI_MAX_BREAKS + KI_MAX_POSTS;
    test->stops = ki_arena_alloc(&maker->scratch, 2 * longest + 8, sizeof *test->stops);
    test->set = ki_arena_alloc(&maker->scratch, room, sizeof *test->set);
    test->settled = ki_arena_alloc(&maker->scratch, room, sizeof *test->settled);
    test->places = ki_arena_alloc(&maker->scratch, room + 1, sizeof *test->places);
    test->times = ki_arena_alloc(&maker->scratch, room, sizeof *test->times);
    test->route_cost =
        ki_arena_alloc(&maker->scratch, (size_t)solution->n_routes, sizeof *test->route_cost);
    if (!test->stops || !test->set || !test->settled || !test->places || !test->times ||
        !test->route_cost)
        return ki_fail_no_memory(maker->err, "the reasons of a plan");
    for (int32_t index = 0; index < solution->n_routes; index++) {
        ki_route_value value;
        ki_route_evaluate(maker->sealed, &solution->routes[index], &value, NULL);
        test->route_cost[index] = value.cost_nano;
        test->n_used[ki_lead(maker->sealed, solution->routes[index].type)] +=
            !ki_route_is_home(maker->sealed, &solution->routes[index]);
    }
    if (!ki_model_is_shared(maker->sealed)) return KERB_OK;
    return ki_yard_fill(&test->yard, maker->sealed, solution, (int32_t)(room - longest),
                        maker->err);
}

kerb_status ki_plan_reasons(ki_plan_maker *maker) {
    tester test = {.maker = maker};
    kerb_status status = prepare(&test);
    for (int32_t task = 0; status == KERB_OK && task < maker->sealed->n_tasks; task++)
        if (maker->route_of_task[task] < 0) explain(&test, task);
    if (test.yard.model) ki_yard_free(&test.yard);
    return status;
}
