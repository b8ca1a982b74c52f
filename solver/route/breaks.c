/* SPDX-License-Identifier: GPL-3.0-or-later
 * breaks.c - places the breaks of one route. For each break two sweeps, one from each end, tell
 * what lies before and after every place; then a place costs O(1). */
#include "route/breaks.h"

#include "route/battery.h"
#include "route/cost.h"

#include <string.h>

typedef struct choice { /* the best so far for one break */
    int64_t paid_ms;    /* INT64_MAX: none */
    int32_t place, option;
    uint32_t n_equal;
} choice;

int32_t ki_breaks_strip(ki_stop *stops, int32_t n_stops) {
    int32_t n_kept = 0;
    for (int32_t stop = 0; stop < n_stops; stop++)
        if (stops[stop].task != KI_BREAK) stops[n_kept++] = stops[stop];
    return n_kept;
}

int32_t ki_stops_strip(ki_stop *stops, int32_t n_stops) {
    return ki_breaks_strip(stops, ki_posts_strip(stops, n_stops));
}

/* Fills places [0, n_stops]; returns the walk behind the end depot. */
static ki_walk sweep(const ki_model *model, int32_t type, const ki_stop *stops, int32_t n_stops,
                     ki_breaks_place *places) {
    ki_walk at = ki_walk_start(model, type);
    ki_segment before = ki_start_segment(at.type);
    for (int32_t stop = 0; stop <= n_stops; stop++) {
        ki_breaks_place *place = &places[stop];
        place->before = before;
        place->work_ms = at.work_ms;
        place->is_gate = !at.before || at.before->task == KI_TIP;
        ki_walk_stop next = stop < n_stops ? ki_walk_next(&at, &stops[stop]) : ki_walk_end(&at);
        place->leg_ms = next.leg_ms;
        place->after = next.segment;
        before = ki_segment_join(&before, next.leg_ms, &next.segment);
    }
    for (int32_t stop = n_stops - 1; stop >= 0; stop--) {
        const ki_breaks_place *behind = &places[stop + 1];
        places[stop].after = ki_segment_join(&places[stop].after, behind->leg_ms, &behind->after);
    }
    return at;
}

static ki_segment whole(const ki_breaks_place *places) {
    return ki_segment_join(&places[0].before, places[0].leg_ms, &places[0].after);
}

/* Does the route without this break and all later ones hold? */
static int may_skip(const ki_walk *at, const ki_breaks_place *places, int32_t number) {
    ki_segment all = whole(places);
    return all.warp == 0 && at->rest_ms == 0 &&
           all.early + all.duration <= ki_breaks_end_ms(at->type, number);
}

static void look_at(choice *best, int64_t paid_ms, int32_t place, int32_t option, ki_rng *rng) {
    if (paid_ms > best->paid_ms) return;
    if (paid_ms < best->paid_ms) best->n_equal = 0;
    best->n_equal++;
    if (best->n_equal > 1 && (!rng || ki_rng_below(rng, best->n_equal) > 0)) return;
    best->paid_ms = paid_ms;
    best->place = place;
    best->option = option;
}

static void try_option(const ki_type *type, const ki_breaks_place *places, int32_t first,
                       int32_t n_stops, int32_t option, ki_rng *rng, choice *best) {
    const ki_break_option *at = &type->break_options[option];
    const ki_break *pause = &type->breaks[at->number];
    ki_segment own = ki_segment_one(at->open_ms, at->close_ms, pause->duration_ms);
    int64_t unpaid_ms = ki_breaks_unpaid_ms(type, at->number + 1);
    for (int32_t place = first; place <= n_stops; place++) {
        const ki_breaks_place *here = &places[place];
        if (pause->at_gate && !here->is_gate) continue;
        if (pause->work_ms != KI_NEVER && here->work_ms > pause->work_ms) return;
        ki_segment all = ki_segment_join(&here->before, 0, &own);
        if (all.warp > 0) return; /* later places are later still */
        all = ki_segment_join(&all, here->leg_ms, &here->after);
        if (all.warp == 0) look_at(best, all.duration - unpaid_ms, place, option, rng);
    }
}

int32_t ki_breaks_settle(const ki_model *model, int32_t type, ki_stop *stops, int32_t n_stops,
                         ki_breaks_place *places, ki_rng *rng) {
    const ki_type *kind = &model->types[type];
    int32_t n = ki_breaks_strip(stops, n_stops), first = 0, option = 0;
    for (int32_t number = 0; number < kind->n_breaks; number++) {
        choice best = {.paid_ms = INT64_MAX};
        ki_walk at = sweep(model, type, stops, n, places);
        int skips = may_skip(&at, places, number);
        for (; option < kind->n_break_options && kind->break_options[option].number == number;
             option++)
            try_option(kind, places, first, n, option, rng, &best);
        int64_t skip_ms = whole(places).duration - ki_breaks_unpaid_ms(kind, number);
        if (skips && skip_ms <= best.paid_ms) return n;
        if (best.paid_ms == INT64_MAX) return -1;
        memmove(&stops[best.place + 1], &stops[best.place],
                (size_t)(n - best.place) * sizeof *stops);
        stops[best.place] = (ki_stop){KI_BREAK, best.option, 0};
        first = best.place + 1;
        n++;
    }
    return n;
}
