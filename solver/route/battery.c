/* SPDX-License-Identifier: GPL-3.0-or-later
 * battery.c - see battery.h. */
#include "route/battery.h"

#include "route/posts.h"

int32_t ki_tip_twin(const ki_model *model, int32_t type, int32_t tip, int charges) {
    const ki_type *kind = &model->types[type];
    const ki_tip *now = &model->tips[tip];
    for (int32_t other = kind->first_tip; other < kind->first_tip + kind->n_tips; other++) {
        const ki_tip *option = &model->tips[other];
        if (option->facility == now->facility && option->open_ms == now->open_ms &&
            (option->charge_mw > 0) == charges)
            return other;
    }
    return -1;
}

static int32_t entry_of(const ki_model *model, const ki_stop *stop) {
    return stop->task == KI_TIP ? model->tips[stop->mode].point : model->modes[stop->mode].entry;
}
static int32_t exit_of(const ki_model *model, const ki_stop *stop) {
    return stop->task == KI_TIP ? model->tips[stop->mode].point : model->modes[stop->mode].exit;
}

/* Used from the departure of one place to that of a stop. A way that does not exist uses nothing:
 * others see that the route cannot be driven. */
static int64_t leg_nwh(const ki_model *model, int32_t type, int32_t from, int32_t to) {
    int32_t length_mm = ki_length_mm(model, type, from, to);
    return length_mm == KI_NEVER ? 0 : model->types[type].nwh_per_mm * length_mm;
}

static int64_t stop_nwh(const ki_model *model, int32_t type, const ki_stop *stop) {
    if (stop->task == KI_TIP) return 0;
    return ki_used_nwh(&model->types[type], model->modes[stop->mode].length_mm,
                       ki_task_nwh(model, type, stop->task, stop->mode));
}

int32_t ki_posts_strip(ki_stop *stops, int32_t n_stops) {
    int32_t n_kept = 0;
    for (int32_t stop = 0; stop < n_stops; stop++)
        if (stops[stop].task != KI_POST) stops[n_kept++] = stops[stop];
    return n_kept;
}

static void charge_nowhere(const ki_model *model, int32_t type, ki_stop *stops, int32_t n_stops) {
    for (int32_t at = 0; at < n_stops; at++)
        if (stops[at].task == KI_TIP) stops[at].mode = ki_tip_twin(model, type, stops[at].mode, 0);
}

/* Backwards from the end: the earliest charge from which the battery lasts to the next one. */
static int settle_tips(const ki_model *model, int32_t type, ki_stop *stops, int32_t n_stops) {
    const ki_type *kind = &model->types[type];
    int64_t to_next_nwh = 0, to_chosen_nwh = 0; /* from here to the next charge, the chosen one */
    int32_t behind = kind->end_point, chosen = -1;
    for (int32_t at = n_stops - 1; at >= -1; at--) {
        if (at >= 0 && stops[at].task == KI_BREAK) continue;
        int32_t here = at < 0 ? kind->start_point : exit_of(model, &stops[at]);
        int64_t leg = leg_nwh(model, type, here, behind);
        to_next_nwh += leg;
        to_chosen_nwh += leg;
        int64_t needed_nwh = to_next_nwh + (at < 0 ? kind->used_nwh : 0);
        if (needed_nwh > kind->battery_nwh && chosen >= 0) {
            stops[chosen].mode = ki_tip_twin(model, type, stops[chosen].mode, 1);
            needed_nwh += to_chosen_nwh - to_next_nwh;
            to_next_nwh = to_chosen_nwh;
            chosen = -1;
        }
        if (needed_nwh > kind->battery_nwh) break;
        if (at < 0) return 1;
        if (stops[at].task == KI_TIP && ki_tip_twin(model, type, stops[at].mode, 1) >= 0) {
            chosen = at;
            to_chosen_nwh = 0;
        }
        int64_t own_nwh = stop_nwh(model, type, &stops[at]);
        to_next_nwh += own_nwh;
        to_chosen_nwh += own_nwh;
        behind = entry_of(model, &stops[at]);
    }
    charge_nowhere(model, type, stops, n_stops);
    return 0;
}

int32_t ki_charges_settle(const ki_model *model, int32_t type, ki_stop *stops, int32_t n_stops,
                          int32_t room) {
    n_stops = ki_posts_strip(stops, n_stops);
    charge_nowhere(model, type, stops, n_stops);
    if (model->types[type].n_posts > 0 && n_stops <= KI_POSTS_MOST_STOPS)
        return ki_posts_settle(model, type, stops, n_stops, room);
    return settle_tips(model, type, stops, n_stops) ? n_stops : -1;
}
