/* SPDX-License-Identifier: GPL-3.0-or-later
 * reserve.c - the room a trip leaves free, so that a full one fits with the chance that the
 * district asks for (load_quantile).
 *
 * Loads are forecasts. Those of a trip add up, and so do their variances if containers are wrong
 * independently of one another. Where the containers that may be emptied tonight have r of variance
 * for each unit of load, a trip that fills a compartment of capacity C varies by sqrt(r C), and z
 * times as much is kept free of it; z is the quantile of the normal distribution. Taking each
 * container at its own quantile instead would keep free as many times more as the root of the
 * number of stops.
 *
 * Nothing is kept free that would shut out a container which fits into an empty vehicle, and of a
 * night under way nothing that the earlier plan has given out already. */
#include "base/error.h"
#include "base/normal.h"
#include "model/seal.h"

#include <math.h>
#include <string.h>

typedef struct sums { /* over the containers of some streams, in milli units */
    double mean, variance, most;
} sums;

static double load_of(const ki_seal *seal, size_t container, ki_dim_kind kind) {
    const ki_forecast *forecast = &seal->forecasts[container];
    return 1000 * (kind == KI_DIM_MASS ? forecast->mass_kg : forecast->volume_l);
}

static sums sum_up(const ki_seal *seal, ki_dim_kind kind, uint32_t streams) {
    const ki_draft *draft = seal->draft;
    sums out = {0};
    for (size_t at = 0; at < draft->n_containers; at++) {
        const ki_decision *decision = &seal->model->container_decisions[at];
        if (decision->choice == KI_SKIP || !(streams >> draft->containers[at].stream & 1)) continue;
        double mean = load_of(seal, at, kind), relative = ki_relative_sd(decision);
        if (draft->containers[at].swapped)
            continue; /* takes up all of the room, whatever is in it */
        out.mean += mean;
        out.variance += mean * relative * mean * relative;
        if (mean > out.most) out.most = mean;
    }
    return out;
}

/* ---- what the earlier plan has given out ----------------------------------------------------- */

static double planned_of(const ki_seal *seal, const kerb_earlier_stop *stop, ki_dim_kind kind,
                         uint32_t streams) {
    int32_t at = ki_ids_find(&seal->ids.containers, stop->id);
    if (at < 0 || !(streams >> seal->draft->containers[at].stream & 1)) return 0;
    return load_of(seal, (size_t)at, kind);
}

/* The fullest trip still to come of the earlier plan's route. */
static double fullest_trip(const ki_seal *seal, const kerb_earlier_route *route, ki_dim_kind kind,
                           uint32_t streams, double start_load) {
    double load = start_load, fullest = start_load;
    for (size_t at = 0; at < route->n_stops; at++) {
        const kerb_earlier_stop *stop = &route->stops[at];
        if (stop->fixed) continue;
        load = ki_ids_find(&seal->ids.facilities, stop->id) >= 0
                   ? 0
                   : load + planned_of(seal, stop, kind, streams);
        if (load > fullest) fullest = load;
    }
    return fullest;
}

static double given_out(const ki_seal *seal, const kerb_shift *shift, ki_dim_kind kind,
                        uint32_t streams, double start_load) {
    const ki_draft *draft = seal->draft;
    if (draft->n_earlier_plans == 0) return 0;
    const kerb_earlier_plan *plan = &draft->earlier_plans[draft->n_earlier_plans - 1];
    for (size_t at = 0; at < plan->n_routes; at++)
        if (strcmp(plan->routes[at].shift_id, shift->id) == 0)
            return fullest_trip(seal, &plan->routes[at], kind, streams, start_load);
    return 0;
}

/* ---- a compartment --------------------------------------------------------------------------- */

int64_t ki_seal_room(ki_seal *seal, const kerb_shift *shift, ki_dim_kind kind, uint32_t streams,
                     int64_t capacity, int64_t start_load) {
    double quantile = seal->draft->district.load_quantile;
    if (!(quantile > 0.5)) return capacity;
    sums all = sum_up(seal, kind, streams);
    if (!(all.mean > 0)) return capacity;
    double most = (double)capacity;
    double room = most - ki_normal_quantile(quantile) * sqrt(all.variance / all.mean * most);
    double needed = fmax((double)start_load + all.most,
                         given_out(seal, shift, kind, streams, (double)start_load));
    if (room < needed) room = needed;
    if (!(room < most)) return capacity;
    seal->least_room = fmin(seal->least_room, room / most);
    seal->most_room = fmax(seal->most_room, room / most);
    return (int64_t)floor(room);
}

kerb_status ki_seal_note_room(ki_seal *seal) {
    if (!(seal->most_room > 0)) return KERB_OK;
    return ki_seal_note(
        seal, "room",
        ki_seal_text(seal,
                     "trips are planned to %.1f to %.1f %% of what vehicles hold: forecasts are "
                     "not exact, and a full one is to fit with a chance of %g %%",
                     100 * seal->least_room, 100 * seal->most_room,
                     100 * seal->draft->district.load_quantile));
}
