/* SPDX-License-Identifier: GPL-3.0-or-later
 * difference.c - see difference.h. Stops are matched by id and pass. Lists come in the order of the
 * plans, so that the same two plans always read alike. What the rest of the earlier plan would have
 * cost is its own figures less the part that is past, by distance and by time. */
#include "replan/difference.h"

#include "base/error.h"
#include "plan/plan_internal.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_LINES = 200 };

typedef struct visit { /* a container or kerb served */
    const char *id;
    int32_t pass, route, stop;
} visit;

typedef struct visits {
    visit *items; /* by id and pass */
    size_t n;
} visits;

typedef struct rest { /* of a plan */
    int64_t nano, length_mm, spell_ms;
    int32_t n_served;
} rest;

typedef struct comparer {
    ki_text *text;
    const kerb_plan *before, *after;
    const ki_draft *draft;
    const kerb_earlier_plan *earlier; /* `before` in the draft */
    int32_t *n_past;                  /* [before->n_routes] stops of it that are past */
    visits old, new;
    ki_arena arena;
    kerb_error *err;
} comparer;

static int compare_visits(const void *left, const void *right) {
    const visit *a = left, *b = right;
    int order = strcmp(a->id, b->id);
    return order ? order : (a->pass > b->pass) - (a->pass < b->pass);
}

static int is_work(const ki_plan_stop *stop) {
    return stop->kind == KI_STOP_SERVE || stop->kind == KI_STOP_SWEEP;
}

static kerb_status list(comparer *at, const kerb_plan *plan, const int32_t *n_past, visits *out) {
    size_t n = 0;
    for (int32_t route = 0; route < plan->n_routes; route++)
        n += (size_t)plan->routes[route].n_stops;
    out->items = ki_arena_alloc(&at->arena, n, sizeof *out->items);
    if (!out->items) return ki_fail_no_memory(at->err, "the difference of two plans");
    for (int32_t route = 0; route < plan->n_routes; route++)
        for (int32_t stop = n_past ? n_past[route] + 1 : 1; stop < plan->routes[route].n_stops;
             stop++) {
            const ki_plan_stop *here = &plan->routes[route].stops[stop];
            if (!is_work(here) || !here->id) continue;
            /* The model has counted off the passes that are past. */
            int32_t pass = n_past ? at->earlier->routes[route].stops[stop - 1].pass : here->pass;
            out->items[out->n++] = (visit){here->id, pass, route, stop};
        }
    qsort(out->items, out->n, sizeof *out->items, compare_visits);
    return KERB_OK;
}

static const visit *find(const visits *all, const visit *key) {
    return all->n ? bsearch(key, all->items, all->n, sizeof *key, compare_visits) : NULL;
}

static kerb_status find_past(comparer *at) {
    const ki_draft *draft = at->draft;
    const kerb_earlier_plan *earlier = at->earlier =
        draft->n_earlier_plans ? &draft->earlier_plans[draft->n_earlier_plans - 1] : NULL;
    int32_t n_routes = at->before->n_routes;
    at->n_past = ki_arena_alloc(&at->arena, (size_t)n_routes, sizeof *at->n_past);
    if (!at->n_past) return ki_fail_no_memory(at->err, "the difference of two plans");
    if (!earlier || earlier->n_routes != (size_t)n_routes)
        return ki_fail(at->err, KERB_BAD_CALL, "the model is not what is left of that plan");
    for (int32_t route = 0; route < n_routes; route++) {
        const kerb_earlier_route *from = &earlier->routes[route];
        if (from->n_stops + 2 != (size_t)at->before->routes[route].n_stops)
            return ki_fail(at->err, KERB_BAD_CALL, "the model is not what is left of that plan");
        for (size_t stop = 0; stop < from->n_stops; stop++)
            at->n_past[route] += from->stops[stop].fixed != 0;
    }
    return KERB_OK;
}

/* ---- lines ----------------------------------------------------------------------------------- */

static const char *clock_of(char text[KI_CLOCK_SIZE], const kerb_plan *plan, const visit *what) {
    return ki_plan_clock(text, plan, plan->routes[what->route].stops[what->stop].start_ms);
}

static const ki_plan_decision *decision_of(const kerb_plan *plan, const char *id) {
    for (int32_t at = 0; at < plan->n_decisions; at++)
        if (strcmp(plan->decisions[at].id, id) == 0) return &plan->decisions[at];
    return NULL;
}

static void add_name(comparer *at, const visit *what, const char *verb) {
    const ki_plan_decision *decision = decision_of(at->after, what->id);
    const char *name = decision && decision->name ? decision->name : "";
    ki_text_add(at->text, "%-9s %s", verb, what->id);
    if (what->pass > 1) ki_text_add(at->text, " pass %d", (int)what->pass);
    if (*name) ki_text_add(at->text, " (%.60s)", name);
}

static size_t add_moved(comparer *at) {
    size_t n = 0;
    for (size_t index = 0; index < at->new.n; index++) {
        const visit *to = &at->new.items[index], *from = find(&at->old, to);
        if (!from) continue;
        const ki_plan_route *old = &at->before->routes[from->route];
        const ki_plan_route *new = &at->after->routes[to->route];
        char before[KI_CLOCK_SIZE], after[KI_CLOCK_SIZE];
        if (strcmp(old->shift, new->shift) == 0 || n++ >= MOST_LINES) continue;
        add_name(at, to, "moved");
        ki_text_add(at->text, ": %s %s -> %s %s\n", old->shift, clock_of(before, at->before, from),
                    new->shift, clock_of(after, at->after, to));
    }
    return n;
}

static size_t add_taken_in(comparer *at) {
    size_t n = 0;
    for (size_t index = 0; index < at->new.n; index++) {
        const visit *to = &at->new.items[index];
        const ki_plan_decision *decision = decision_of(at->after, to->id);
        char after[KI_CLOCK_SIZE];
        if (find(&at->old, to) || n++ >= MOST_LINES) continue;
        add_name(at, to, "new");
        ki_text_add(at->text, ": %s %s; %s\n", at->after->routes[to->route].shift,
                    clock_of(after, at->after, to), decision ? decision->text : "");
    }
    return n;
}

static size_t add_left_out(comparer *at) {
    size_t n = 0;
    for (size_t index = 0; index < at->old.n; index++) {
        const visit *from = &at->old.items[index];
        const ki_plan_decision *decision = decision_of(at->after, from->id);
        char before[KI_CLOCK_SIZE];
        if (find(&at->new, from) || n++ >= MOST_LINES) continue;
        add_name(at, from, "left out");
        ki_text_add(at->text, ": was %s %s; %s\n", at->before->routes[from->route].shift,
                    clock_of(before, at->before, from), decision ? decision->text : "");
    }
    return n;
}

/* ---- hauls ----------------------------------------------------------------------------------- */

/* Whether the plan has this very haul: the load and what follows it. */
static int has_haul(const kerb_plan *plan, const char *shift, const ki_plan_stop *load) {
    for (int32_t index = 0; index < plan->n_routes; index++) {
        const ki_plan_route *route = &plan->routes[index];
        if (route->use != KERB_USE_HAUL || strcmp(route->shift, shift) != 0) continue;
        for (int32_t stop = 0; stop + 1 < route->n_stops; stop++) {
            const ki_plan_stop *here = &route->stops[stop];
            if (here->kind == KI_STOP_LOAD && here->stream == load->stream &&
                here->start_ms == load->start_ms && strcmp(here->id, load->id) == 0 &&
                strcmp(here[1].id, load[1].id) == 0 && here[1].start_ms == load[1].start_ms)
                return 1;
        }
    }
    return 0;
}

/* Those of one plan that the other has not. n_past: stops of its routes that are past, or NULL. */
static void add_hauls(comparer *at, const kerb_plan *of, const int32_t *n_past,
                      const kerb_plan *other, const char *verb) {
    size_t n = 0;
    for (int32_t index = 0; index < of->n_routes; index++) {
        const ki_plan_route *route = &of->routes[index];
        for (int32_t stop = n_past ? n_past[index] + 1 : 0; stop + 1 < route->n_stops; stop++) {
            const ki_plan_stop *load = &route->stops[stop];
            char from[KI_CLOCK_SIZE], to[KI_CLOCK_SIZE];
            if (load->kind != KI_STOP_LOAD || has_haul(other, route->shift, load)) continue;
            if (n++ < MOST_LINES)
                ki_text_add(at->text, "%-9s %s: %s %s %.3f t, %s %s\n", verb, route->shift,
                            load->id, ki_plan_clock(from, of, load->start_ms),
                            (double)load->mass_g * 1e-6, load[1].id,
                            ki_plan_clock(to, of, load[1].start_ms));
        }
    }
}

/* ---- routes ---------------------------------------------------------------------------------- */

static const ki_plan_route *route_of(const kerb_plan *plan, const char *shift) {
    for (int32_t route = 0; route < plan->n_routes; route++)
        if (strcmp(plan->routes[route].shift, shift) == 0) return &plan->routes[route];
    return NULL;
}

static int32_t count_work(const ki_plan_route *route, int32_t n_past) {
    int32_t n = 0;
    for (int32_t stop = n_past + 1; stop < route->n_stops; stop++)
        n += is_work(&route->stops[stop]) || route->stops[stop].kind == KI_STOP_LOAD;
    return n;
}

static void add_routes(comparer *at) {
    for (int32_t index = 0; index < at->before->n_routes; index++) {
        const ki_plan_route *old = &at->before->routes[index];
        const ki_plan_route *new = route_of(at->after, old->shift);
        char before[KI_CLOCK_SIZE], after[KI_CLOCK_SIZE];
        int32_t n_left = count_work(old, at->n_past[index]);
        int32_t n_done = count_work(old, 0) - n_left;
        ki_text_add(at->text, "%-9s %s: %d past or on the way to, %d to come", "shift", old->shift,
                    (int)n_done, (int)n_left);
        if (new)
            ki_text_add(at->text, " -> %d, home %s -> %s\n", (int)count_work(new, 0),
                        ki_plan_clock(before, at->before, old->spell_end_ms),
                        ki_plan_clock(after, at->after, new->spell_end_ms));
        else
            ki_text_add(at->text, " -> none: not out any more\n");
    }
    for (int32_t index = 0; index < at->after->n_routes; index++) {
        const ki_plan_route *new = &at->after->routes[index];
        char start[KI_CLOCK_SIZE], end[KI_CLOCK_SIZE];
        if (route_of(at->before, new->shift)) continue;
        ki_text_add(at->text, "%-9s %s: goes out for %d stops, %s to %s\n", "shift", new->shift,
                    (int)count_work(new, 0), ki_plan_clock(start, at->after, new->spell_start_ms),
                    ki_plan_clock(end, at->after, new->spell_end_ms));
    }
}

/* ---- money ----------------------------------------------------------------------------------- */

static int64_t part(int64_t whole, int64_t of, int64_t all) {
    return all > 0 ? (int64_t)((double)whole * (double)of / (double)all) : 0; /* for reading only */
}

static rest rest_of(const comparer *at, int32_t index) {
    const ki_plan_route *route = &at->before->routes[index];
    int32_t n_past = at->n_past[index];
    rest left = {.n_served = count_work(route, n_past)};
    int64_t spell_ms = (int64_t)route->spell_end_ms - route->spell_start_ms;
    left.spell_ms = n_past ? (int64_t)route->spell_end_ms - route->stops[n_past].end_ms : spell_ms;
    for (int32_t stop = n_past + 1; stop < route->n_stops; stop++) {
        left.length_mm += route->stops[stop].leg.length_mm;
        if (route->stops[stop].kind == KI_STOP_SWEEP)
            left.length_mm += route->stops[stop].sweep.length_mm;
        left.nano += route->stops[stop].fee_nano;
    }
    left.nano += part(route->distance_nano, left.length_mm, route->length_mm) +
                 part(route->time_nano, left.spell_ms, spell_ms) + route->overtime_nano +
                 (n_past ? 0 : route->used_nano);
    return left;
}

static void add_sums(comparer *at, size_t n_moved, size_t n_new, size_t n_out) {
    rest old = {0}, new = {0};
    char a[KI_MONEY_SIZE], b[KI_MONEY_SIZE], c[KI_MONEY_SIZE], d[KI_MONEY_SIZE];
    int64_t changes_nano = 0;
    for (int32_t index = 0; index < at->before->n_routes; index++) {
        rest left = rest_of(at, index);
        old.nano += left.nano;
        old.length_mm += left.length_mm;
        old.spell_ms += left.spell_ms;
    }
    for (int32_t index = 0; index < at->after->n_routes; index++) {
        const ki_plan_route *route = &at->after->routes[index];
        new.nano += route->cost_nano - route->changes_nano - route->balance_nano -
                    route->unfamiliar_nano - route->compactness_nano;
        new.length_mm += route->length_mm;
        new.spell_ms += (int64_t)route->spell_end_ms - route->spell_start_ms;
        changes_nano += route->changes_nano;
    }
    ki_text_add(at->text, "%-9s %zu stops to another shift, %zu new, %zu left out; %zu stay\n",
                "in all", n_moved, n_new, n_out, at->new.n - n_moved - n_new);
    ki_text_add(at->text,
                "%-9s routes still to drive: %s -> %s %s (%s%s), %.1f -> %.1f km, %.1f -> %.1f h\n",
                "cost", ki_plan_money(a, old.nano), ki_plan_money(b, new.nano), at->after->currency,
                new.nano >= old.nano ? "+" : "", ki_plan_money(c, new.nano - old.nano),
                (double)old.length_mm / 1e6, (double)new.length_mm / 1e6,
                (double)old.spell_ms / 3.6e6, (double)new.spell_ms / 3.6e6);
    ki_text_add(at->text, "%-9s what is left out: %s -> %s; changes are priced at %s\n", "",
                ki_plan_money(a, at->before->left_out_nano),
                ki_plan_money(b, at->after->left_out_nano), ki_plan_money(d, changes_nano));
}

static kerb_status compare(comparer *at) {
    KI_TRY(find_past(at));
    KI_TRY(list(at, at->before, at->n_past, &at->old));
    KI_TRY(list(at, at->after, NULL, &at->new));
    size_t n_moved = add_moved(at), n_new = add_taken_in(at), n_out = add_left_out(at);
    if (n_moved + n_new + n_out == 0) ki_text_add(at->text, "no stop changes its shift\n");
    add_hauls(at, at->before, at->n_past, at->after, "no haul");
    add_hauls(at, at->after, NULL, at->before, "haul");
    add_routes(at);
    add_sums(at, n_moved, n_new, n_out);
    return at->text->failed ? ki_fail_no_memory(at->err, "the difference of two plans") : KERB_OK;
}

kerb_status ki_plan_difference(ki_text *out, const kerb_plan *before, const kerb_plan *after,
                               const ki_draft *draft, kerb_error *err) {
    comparer at = {.text = out, .before = before, .after = after, .draft = draft, .err = err};
    kerb_status status = compare(&at);
    ki_arena_free(&at.arena);
    return status;
}
