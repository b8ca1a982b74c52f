/* SPDX-License-Identifier: GPL-3.0-or-later
 * instance_verify.c - what a solution costs and whether it holds, from the instance alone.
 *
 * Neither the model nor the route evaluation is asked: distances come from coordinates, ways from
 * relaxing all links until nothing changes (Bellman and Ford), where the model has them from
 * Dijkstra. Slow and simple on purpose. */
#include "base/alloc.h"
#include "base/error.h"
#include "bench/instance.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

#define LATE_AT_MOST 1e-6 /* rounding of the sums of doubles here, not slack */

typedef struct verifier {
    const bench_instance *in;
    instance_verdict *out;
    int64_t *reached; /* by place, or by directed link */
    /* Directed links that leave a place: the first, and after each the next; -1: no more. */
    int32_t *first_way, *next_way;
    unsigned char *served;
    int32_t route;
    /* of the route that is driven */
    int32_t at; /* place; on streets with turns a directed link, or -1 - place at a terminal */
    int64_t load[INSTANCE_DIMS];
    int64_t milli; /* on streets */
    double length; /* in the plane */
    double clock;
    int64_t total; /* load over all trips */
    int32_t n_tasks, n_breaks;
} verifier;

static void fault(verifier *check, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void fault(verifier *check, const char *format, ...) {
    if (!check->out->feasible) return;
    check->out->feasible = 0;
    va_list values;
    va_start(values, format);
    vsnprintf(check->out->fault, sizeof check->out->fault, format, values);
    va_end(values);
}

/* ---- ways on streets ------------------------------------------------------------------------- */

static void relax_places(const verifier *check) {
    const bench_instance *in = check->in;
    for (int changed = 1; changed;) {
        changed = 0;
        for (int32_t link = 0; link < in->n_links; link++) {
            const instance_link *at = &in->links[link];
            if (check->reached[at->from] + at->pass < check->reached[at->to])
                check->reached[at->to] = check->reached[at->from] + at->pass, changed = 1;
            if (!at->one_way && check->reached[at->to] + at->pass < check->reached[at->from])
                check->reached[at->from] = check->reached[at->to] + at->pass, changed = 1;
        }
    }
}

static int follow(const verifier *check, int32_t before, int32_t way, int64_t start) {
    const bench_instance *in = check->in;
    int64_t turn = instance_turn_cost(in, before, way);
    if (turn >= INSTANCE_BIG) return 0;
    int64_t cost = start + turn + in->links[way / 2].pass;
    if (cost >= check->reached[way]) return 0;
    check->reached[way] = cost;
    return 1;
}

/* reached: having driven each directed link, coming from where the vehicle stands. */
static void relax_links(const verifier *check) {
    const bench_instance *in = check->in;
    int32_t here = check->at >= 0 ? instance_way_to(in, check->at) : -1 - check->at;
    for (int32_t way = check->first_way[here]; way >= 0; way = check->next_way[way]) {
        if (check->at >= 0)
            follow(check, check->at, way, 0);
        else
            check->reached[way] = in->links[way / 2].pass;
    }
    for (int changed = 1; changed;) {
        changed = 0;
        for (int32_t before = 0; before < 2 * in->n_links; before++) {
            if (check->reached[before] >= INSTANCE_BIG) continue;
            int32_t way = check->first_way[instance_way_to(in, before)];
            for (; way >= 0; way = check->next_way[way])
                changed |= follow(check, before, way, check->reached[before]);
        }
    }
}

static void look_around(const verifier *check) {
    const bench_instance *in = check->in;
    int32_t n = in->n_turns ? 2 * in->n_links : in->n_places;
    for (int32_t state = 0; state < n; state++)
        check->reached[state] = INSTANCE_BIG;
    if (in->n_turns) {
        relax_links(check);
        return;
    }
    check->reached[check->at] = 0;
    relax_places(check);
}

static void pay(verifier *check, int64_t milli) {
    if (milli >= INSTANCE_BIG)
        fault(check, "route %d: no way leads there", (int)check->route + 1);
    else
        check->milli += milli;
}

/* ---- stops ----------------------------------------------------------------------------------- */

static void serve_link(verifier *check, const instance_task *task, int32_t backwards) {
    const bench_instance *in = check->in;
    int32_t way = 2 * task->link + (backwards != 0);
    if (!instance_way_open(in, way))
        fault(check, "route %d: a one-way link is served backwards", (int)check->route + 1);
    look_around(check);
    if (in->n_turns == 0)
        pay(check, check->reached[instance_way_from(in, way)]);
    else
        pay(check, check->reached[way] < INSTANCE_BIG
                       ? check->reached[way] - in->links[task->link].pass
                       : INSTANCE_BIG);
    check->at = in->n_turns ? way : instance_way_to(in, way);
}

static void serve_place(verifier *check, const instance_task *task, int32_t way) {
    const bench_instance *in = check->in;
    if (in->n_turns == 0) {
        look_around(check);
        pay(check, check->reached[task->place]);
        check->at = task->place;
        return;
    }
    if (way < 0 || way >= 2 * in->n_links || instance_way_to(in, way) != task->place) {
        fault(check, "route %d: a place is reached by a link that does not lead there",
              (int)check->route + 1);
        return;
    }
    if (way == check->at) return;
    look_around(check);
    pay(check, check->reached[way]);
    check->at = way;
}

static double plane_distance(const bench_instance *in, int32_t from, int32_t to) {
    if (in->apart) return instance_apart(in, from, to);
    if (in->problem == INSTANCE_WCVRPTW)
        return fabs(in->x[from] - in->x[to]) + fabs(in->y[from] - in->y[to]);
    double distance = hypot(in->x[from] - in->x[to], in->y[from] - in->y[to]);
    if (in->truncated) return floor(distance + 1e-9);
    return in->rounded ? floor(distance + 0.5) : distance;
}

static void drive_plane(verifier *check, int32_t place) {
    double distance = plane_distance(check->in, check->at, place);
    check->length += distance;
    check->clock += check->in->speed > 0 ? distance / check->in->speed : distance;
    check->at = place;
}

/* Waits for a window, and is busy. */
static void spend(verifier *check, const char *what, double open, double close, double busy) {
    if (check->clock < open) check->clock = open;
    if (check->clock > close + LATE_AT_MOST)
        fault(check, "route %d: place %d %s at %g, latest %g", (int)check->route + 1,
              (int)check->at, what, check->clock, close);
    check->clock += busy;
}

static void serve_in_plane(verifier *check, const instance_task *task) {
    drive_plane(check, task->place);
    if (instance_has_times(check->in))
        spend(check, "is served", task->open, task->close, task->busy);
}

static void take_break(verifier *check) {
    const bench_instance *in = check->in;
    spend(check, "sees the break", in->break_open, in->break_close, in->break_busy);
    check->n_breaks++;
}

static void judge_day(verifier *check) {
    const bench_instance *in = check->in;
    int32_t n_breaks = in->break_busy > 0;
    if (check->n_breaks != n_breaks)
        fault(check, "route %d: %d breaks, expected %d", (int)check->route + 1,
              (int)check->n_breaks, (int)n_breaks);
    if (in->most_load && check->total > in->most_load)
        fault(check, "route %d: load %lld of all trips, at most %lld", (int)check->route + 1,
              (long long)check->total, (long long)in->most_load);
    if (in->most_tasks && check->n_tasks > in->most_tasks)
        fault(check, "route %d: %d stops, at most %d", (int)check->route + 1, (int)check->n_tasks,
              (int)in->most_tasks);
}

static void add_load(verifier *check, const instance_task *task) {
    check->total += task->demand[0];
    check->n_tasks++;
    for (int32_t dim = 0; dim < check->in->n_dims; dim++) {
        check->load[dim] += task->demand[dim];
        if (check->load[dim] > check->in->capacity[dim])
            fault(check, "route %d: load %lld, capacity %lld", (int)check->route + 1,
                  (long long)check->load[dim], (long long)check->in->capacity[dim]);
    }
}

static void visit_task(verifier *check, const instance_stop *stop) {
    const bench_instance *in = check->in;
    if (stop->task >= in->n_tasks || stop->task < 0) {
        fault(check, "route %d: no task %d", (int)check->route + 1, (int)stop->task);
        return;
    }
    const instance_task *task = &in->tasks[stop->task];
    if (check->served[stop->task]++)
        fault(check, "task %d is served more than once", (int)stop->task + 1);
    if (instance_in_plane(in))
        serve_in_plane(check, task);
    else if (task->place < 0)
        serve_link(check, task, stop->way);
    else
        serve_place(check, task, stop->way);
    check->milli += task->serve;
    add_load(check, task);
}

/* To the depot or a tip: turns there are free. */
static void drive_to_terminal(verifier *check, int32_t place) {
    const bench_instance *in = check->in;
    if (in->n_turns == 0) {
        look_around(check);
        pay(check, check->reached[place]);
        check->at = place;
        return;
    }
    int32_t here = check->at < 0 ? -1 - check->at : instance_way_to(in, check->at);
    if (here != place) {
        look_around(check);
        int64_t best = INSTANCE_BIG;
        for (int32_t way = 0; way < 2 * in->n_links; way++)
            if (instance_way_to(in, way) == place && check->reached[way] < best)
                best = check->reached[way];
        pay(check, best);
    }
    check->at = -1 - place;
}

static void visit_tip(verifier *check, int32_t tip) {
    const bench_instance *in = check->in;
    if (tip < 0 || tip >= in->n_tips) {
        fault(check, "route %d: no dump %d", (int)check->route + 1, (int)tip);
        return;
    }
    if (instance_in_plane(in)) {
        drive_plane(check, in->tips[tip]);
        spend(check, "takes the load", in->tip_open[tip], in->tip_close[tip], in->tip_busy[tip]);
    } else {
        drive_to_terminal(check, in->tips[tip]);
    }
    check->milli += in->tip_cost[tip];
    memset(check->load, 0, sizeof check->load);
}

/* ---- routes ---------------------------------------------------------------------------------- */

static void return_home(verifier *check) {
    const bench_instance *in = check->in;
    if (instance_in_plane(in)) {
        drive_plane(check, in->depot);
        if (instance_has_times(in) && check->clock > in->close + LATE_AT_MOST)
            fault(check, "route %d: back at %g, latest %g", (int)check->route + 1, check->clock,
                  in->close);
        return;
    }
    drive_to_terminal(check, in->depot);
}

/* A trip starts when all it carries is there. */
static void wait_for_release(verifier *check, const instance_route *route, int32_t first) {
    for (int32_t at = first; at < route->n_stops && route->stops[at].task != INSTANCE_TIP; at++) {
        int32_t task = route->stops[at].task;
        if (task >= 0 && task < check->in->n_tasks && check->in->tasks[task].release > check->clock)
            check->clock = check->in->tasks[task].release;
    }
}

static void drive_route(verifier *check, const instance_route *route) {
    const bench_instance *in = check->in;
    check->at = in->n_turns ? -1 - in->depot : in->depot;
    memset(check->load, 0, sizeof check->load);
    check->milli = in->route_cost;
    check->length = 0;
    check->clock = in->open;
    check->total = 0;
    check->n_tasks = check->n_breaks = 0;
    for (int32_t stop = 0; stop < route->n_stops; stop++) {
        if (stop == 0 || route->stops[stop - 1].task == INSTANCE_TIP)
            wait_for_release(check, route, stop);
        if (route->stops[stop].task == INSTANCE_BREAK)
            take_break(check);
        else if (route->stops[stop].task < 0)
            visit_tip(check, route->stops[stop].way);
        else
            visit_task(check, &route->stops[stop]);
    }
    for (int32_t dim = 0; in->n_tips && dim < in->n_dims; dim++)
        if (check->load[dim]) fault(check, "route %d: returns loaded", (int)check->route + 1);
    return_home(check);
    judge_day(check);
    if (in->max_route && check->milli > in->max_route)
        fault(check, "route %d: costs %g, at most %g", (int)check->route + 1,
              (double)check->milli / INSTANCE_MILLI, (double)in->max_route / INSTANCE_MILLI);
}

static void list_ways(verifier *check) {
    const bench_instance *in = check->in;
    for (int32_t place = 0; place < in->n_places; place++)
        check->first_way[place] = -1;
    for (int32_t way = 2 * in->n_links - 1; way >= 0; way--) {
        if (!instance_way_open(in, way)) continue;
        int32_t *first = &check->first_way[instance_way_from(in, way)];
        check->next_way[way] = *first;
        *first = way;
    }
}

kerb_status instance_verify(instance_verdict *out, const bench_instance *instance,
                            const instance_route *routes, int32_t n_routes, kerb_error *err) {
    *out = (instance_verdict){.feasible = 1};
    size_t n_states = 2 * (size_t)instance->n_links + (size_t)instance->n_places;
    verifier check = {.in = instance, .out = out};
    check.reached = ki_alloc_zero(n_states, sizeof *check.reached);
    check.served = ki_alloc_zero((size_t)instance->n_tasks, 1);
    check.first_way = ki_alloc_zero(n_states, sizeof *check.first_way);
    check.next_way = ki_alloc_zero(n_states, sizeof *check.next_way);
    kerb_status status = KERB_OK;
    if (!check.reached || !check.served || !check.first_way || !check.next_way) {
        status = ki_fail_no_memory(err, instance->name);
        n_routes = 0;
    } else {
        list_ways(&check);
    }
    int64_t milli = 0;
    for (check.route = 0; check.route < n_routes; check.route++) {
        drive_route(&check, &routes[check.route]);
        milli += check.milli;
        out->cost += check.length;
    }
    out->cost += (double)milli / INSTANCE_MILLI;
    for (int32_t task = 0; status == KERB_OK && task < instance->n_tasks; task++)
        if (!check.served[task]) fault(&check, "task %d is not served", (int)task + 1);
    if (instance->max_routes && n_routes > instance->max_routes)
        fault(&check, "%d routes, at most %d", (int)n_routes, (int)instance->max_routes);
    ki_free(check.reached);
    ki_free(check.served);
    ki_free(check.first_way);
    ki_free(check.next_way);
    return status;
}
