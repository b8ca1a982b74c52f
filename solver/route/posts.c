/* SPDX-License-Identifier: GPL-3.0-or-later
 * posts.c - where to charge, by dynamic programming over the places of a route.
 *
 *   start ─ task ─ task ─ TIP ─ task ─ TIP ─ end
 *         p      p      p   c  p      p   c         p: by way of a post; c: at a tip
 *
 * Behind a charge the battery is full, whatever was before: the cheapest way to have charged at a
 * place is one number, and follows from those of the places before it that it can be reached from.
 * Of the posts only the best of each gap is looked at: the one whose detour and full charge cost
 * least. Hours of posts are judged by the earliest arrival there without any charge. */
#include "route/posts.h"

#include "route/battery.h"
#include "route/cost.h"
#include "route/walk.h"

#include <string.h>

enum { MOST_PLACES = 2 * KI_POSTS_MOST_STOPS + 2 };

typedef struct place { /* where the vehicle may charge; the first is its start, full or not */
    int32_t stop;      /* in front of it, or at it */
    int32_t option;
    int64_t arrive_nwh, leave_nwh; /* used from the start, as if nothing were driven to a post */
    int64_t detour_nano;
    int64_t best_nano; /* to have charged here, and at all before */
    int32_t from;      /* the place before; -1: none */
    int32_t n_posts;   /* so far */
} place;

typedef struct choice {
    const ki_model *model;
    const ki_type *type;
    int32_t type_index, n_places;
    place places[MOST_PLACES];
} choice;

/* Also what costs nothing is better short. */
static int64_t price_ms(const ki_type *type, int64_t ms) {
    return ms * (type->nano_per_ms > 0 ? type->nano_per_ms : 1);
}

static int64_t used_nwh(const ki_walk *at) {
    return ki_used_nwh(at->type, at->length_mm, at->tasks_nwh) - at->charged_nwh;
}

/* By way of a post from a point to the next; 0 if there is no way. */
static int go_by(const choice *c, int32_t option, int32_t from, int32_t to, int64_t now_ms,
                 place *out) {
    const ki_tip *post = &c->model->tips[option];
    int32_t to_ms = ki_time_ms(c->model, c->type_index, from, post->point);
    int32_t to_mm = ki_length_mm(c->model, c->type_index, from, post->point);
    int32_t on_ms = ki_time_ms(c->model, c->type_index, post->point, to);
    int32_t on_mm = ki_length_mm(c->model, c->type_index, post->point, to);
    int32_t leg_ms = ki_time_ms(c->model, c->type_index, from, to);
    int32_t leg_mm = ki_length_mm(c->model, c->type_index, from, to);
    if (to_ms == KI_NEVER || to_mm == KI_NEVER || on_ms == KI_NEVER || on_mm == KI_NEVER) return 0;
    if (leg_ms == KI_NEVER || leg_mm == KI_NEVER || now_ms + to_ms > post->close_ms) return 0;
    int64_t wait_ms = post->open_ms > now_ms + to_ms ? post->open_ms - now_ms - to_ms : 0;
    int64_t more_mm = (int64_t)to_mm + on_mm - leg_mm, more_ms = (int64_t)to_ms + on_ms - leg_ms;
    out->option = option;
    out->arrive_nwh = c->type->nwh_per_mm * to_mm;
    out->leave_nwh = c->type->nwh_per_mm * ((int64_t)leg_mm - on_mm);
    out->detour_nano = more_mm * c->type->nano_per_mm + price_ms(c->type, more_ms + wait_ms);
    return 1;
}

static int32_t entry_of(const choice *c, const ki_stop *stop) {
    return ki_stop_at_facility(stop) ? c->model->tips[stop->mode].point
                                     : c->model->modes[stop->mode].entry;
}

/* The best post between a point and the next stop. */
static void add_post(choice *c, int32_t index, const ki_walk *at, const ki_stop *stop,
                     int64_t now_ms) {
    int32_t first = c->type->first_tip + c->type->n_tips;
    int64_t best_nano = INT64_MAX;
    place *out = &c->places[c->n_places];
    for (int32_t option = first; option < first + c->type->n_posts; option++) {
        place way = {.stop = index};
        if (!go_by(c, option, at->point, entry_of(c, stop), now_ms, &way)) continue;
        int64_t full_ms = ki_charge_ms(c->type, &c->model->tips[option], c->type->battery_nwh);
        int64_t nano = way.detour_nano + price_ms(c->type, full_ms);
        if (nano >= best_nano) continue;
        best_nano = nano;
        *out = way;
    }
    if (best_nano == INT64_MAX) return;
    if (stop->task >= 0 && !ki_stop_pays_setup(c->model, at->before, stop))
        out->detour_nano += price_ms(c->type, c->model->tasks[stop->task].setup_ms);
    out->arrive_nwh += used_nwh(at);
    out->leave_nwh += used_nwh(at);
    c->n_places++;
}

/* Every place of a route; returns what it uses in all if it does not charge. */
static int64_t list_places(choice *c, const ki_stop *stops, int32_t n_stops) {
    ki_walk at = ki_walk_start(c->model, c->type_index);
    ki_segment all = ki_start_segment(c->type);
    c->places[0] = (place){.from = -1};
    c->n_places = 1;
    for (int32_t stop = 0; stop < n_stops; stop++) {
        int64_t now_ms = all.early + all.duration;
        if (stops[stop].task != KI_BREAK) add_post(c, stop, &at, &stops[stop], now_ms);
        ki_walk_stop next = ki_walk_next(&at, &stops[stop]);
        all = ki_segment_join(&all, next.leg_ms, &next.segment);
        if (stops[stop].task != KI_TIP) continue;
        int32_t twin = ki_tip_twin(c->model, c->type_index, stops[stop].mode, 1);
        if (twin < 0) continue;
        int64_t used = used_nwh(&at); /* unloading uses nothing */
        c->places[c->n_places++] =
            (place){.stop = stop, .option = twin, .arrive_nwh = used, .leave_nwh = used};
    }
    int32_t end_mm = ki_length_mm(c->model, c->type_index, at.point, c->type->end_point);
    return used_nwh(&at) + (end_mm == KI_NEVER ? 0 : c->type->nwh_per_mm * end_mm);
}

static int is_post(const choice *c, const place *at) {
    return at->option >= c->type->first_tip + c->type->n_tips;
}

/* From the place before that makes it cheapest; price: of a charge there, none at the end. */
static void reach(const choice *c, int32_t index, place *to) {
    to->best_nano = INT64_MAX;
    to->from = -1;
    for (int32_t from = index - 1; from >= 0; from--) {
        const place *before = &c->places[from];
        int64_t used = to->arrive_nwh - before->leave_nwh;
        if (before->best_nano == INT64_MAX || used > c->type->battery_nwh) continue;
        int32_t n_posts = before->n_posts + is_post(c, to);
        int64_t nano = before->best_nano + to->detour_nano;
        if (n_posts > KI_MAX_POSTS || nano >= to->best_nano) continue;
        if (to->option >= 0)
            nano += price_ms(c->type, ki_charge_ms(c->type, &c->model->tips[to->option], used));
        if (nano >= to->best_nano) continue;
        to->best_nano = nano;
        to->from = from;
        to->n_posts = n_posts;
    }
}

/* From the last place to the first, so that those in front keep their numbers. */
static int32_t write_charges(const choice *c, int32_t last, ki_stop *stops, int32_t n_stops) {
    for (int32_t at = last; at > 0; at = c->places[at].from) {
        const place *here = &c->places[at];
        if (!is_post(c, here)) {
            stops[here->stop].mode = here->option;
            continue;
        }
        memmove(&stops[here->stop + 1], &stops[here->stop],
                (size_t)(n_stops - here->stop) * sizeof *stops);
        stops[here->stop] = (ki_stop){KI_POST, here->option, 0};
        n_stops++;
    }
    return n_stops;
}

int32_t ki_posts_settle(const ki_model *model, int32_t type, ki_stop *stops, int32_t n_stops,
                        int32_t room) {
    choice c; /* too large to clear each time */
    c.model = model;
    c.type = &model->types[type];
    c.type_index = type;
    place end = {.option = -1, .arrive_nwh = list_places(&c, stops, n_stops)};
    if (end.arrive_nwh <= c.type->battery_nwh) return n_stops;
    for (int32_t at = 1; at < c.n_places; at++)
        reach(&c, at, &c.places[at]);
    reach(&c, c.n_places, &end);
    if (end.from < 0 || n_stops + end.n_posts > room) return -1;
    return write_charges(&c, end.from, stops, n_stops);
}
