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

int32_t ki_charge_full(const ki_model *model, int32_t type, const ki_stop *stop) {
    const ki_type *kind = &model->types[type];
    int32_t n_full = kind->n_tips + kind->n_posts, at = stop->mode - kind->first_tip;
    if (!ki_stop_charges(model, stop)) return -1;
    for (int32_t option = at < n_full ? at : 0; option < n_full; option++) {
        int32_t levels = model->tips[kind->first_tip + option].levels;
        if (option == at || (levels && at >= levels && at < levels + KI_CHARGE_LEVELS))
            return kind->first_tip + option;
    }
    return -1;
}

int32_t ki_posts_strip(ki_stop *stops, int32_t n_stops) {
    int32_t n_kept = 0;
    for (int32_t stop = 0; stop < n_stops; stop++)
        if (stops[stop].task != KI_POST) stops[n_kept++] = stops[stop];
    return n_kept;
}

int32_t ki_charges_settle(const ki_model *model, int32_t type, ki_stop *stops, int32_t n_stops,
                          int32_t room) {
    n_stops = ki_posts_strip(stops, n_stops);
    for (int32_t at = 0; at < n_stops; at++)
        if (stops[at].task == KI_TIP) stops[at].mode = ki_tip_twin(model, type, stops[at].mode, 0);
    return ki_posts_settle(model, type, stops, n_stops, room);
}
