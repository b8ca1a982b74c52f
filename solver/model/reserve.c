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

static double load_of(const ki_seal *seal, size_t container, ki_dim_kind kind) {
    const ki_forecast *forecast = &seal->forecasts[container];
    return 1000 * (kind == KI_DIM_MASS ? forecast->mass_kg : forecast->volume_l);
}

static void add_load(ki_load_sums *to, double mean, double relative_sd) {
    to->mean += mean;
    to->variance += mean * relative_sd * mean * relative_sd;
    if (mean > to->most) to->most = mean;
}

void ki_seal_loads(ki_seal *seal) {
    const ki_draft *draft = seal->draft;
    if (!(draft->district.load_quantile > 0.5)) return;
    seal->room_deviations = ki_normal_quantile(draft->district.load_quantile);
    for (size_t at = 0; at < draft->n_containers; at++) {
        const ki_decision *decision = &seal->model->container_decisions[at];
        if (decision->choice == KI_SKIP) continue;
        if (draft->containers[at].swapped) continue; /* takes all of the room, whatever is in it */
        kerb_stream stream = draft->containers[at].stream;
        double relative = ki_relative_sd(decision);
        add_load(&seal->loads[stream].mass, load_of(seal, at, KI_DIM_MASS), relative);
        add_load(&seal->loads[stream].volume, load_of(seal, at, KI_DIM_VOLUME), relative);
    }
}

static ki_load_sums sum_up(const ki_seal *seal, ki_dim_kind kind, uint32_t streams) {
    ki_load_sums out = {0};
    for (int stream = 0; stream < KERB_N_STREAMS; stream++) {
        const ki_load_sums *part =
            kind == KI_DIM_MASS ? &seal->loads[stream].mass : &seal->loads[stream].volume;
        if (!(streams >> stream & 1)) continue;
        out.mean += part->mean;
        out.variance += part->variance;
        out.most = fmax(out.most, part->most);
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
    ki_load_sums all = sum_up(seal, kind, streams);
    if (!(all.mean > 0)) return capacity; /* or nothing is asked for */
    double most = (double)capacity;
    double room = most - seal->room_deviations * sqrt(all.variance / all.mean * most);
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
