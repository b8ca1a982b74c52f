/* SPDX-License-Identifier: GPL-3.0-or-later
 * A truck that goes out for a few musts tonight and for a few others tomorrow goes out once too
 * often. Containers that share trucks are replenished jointly (Silver 1974; Goyal and Satir 1989,
 * European Journal of Operational Research 38): when one of them is due, all are taken that would
 * be due within H nights.
 *
 *      due ●            ● ●   ●        ●
 *    night ┼───┬───┬───┬───┬───┬───►     taken along: what lies within H = 3 nights
 *          0   1   2   3   4   5
 *
 * H comes from the price of a night, outings at every H-th one, and each container, which lasts c
 * nights, emptied (H - 1) / 2 nights early on average:
 *
 *      cost(H) = outing_price / H + sum over containers of stop_price / (c - (H - 1) / 2)
 *
 * and is no more than the quickest of them allow, for they call a truck anyway. Left alone, one
 * that waits w < H nights calls the truck H - w nights early: that share of an outing is its prize.
 * Where containers fill in two or three days, H is 1 and nothing changes. */
#include "demand/outing.h"

#include "base/date.h"
#include "base/error.h"
#include "base/sort.h"
#include "demand/select.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double QUICK_SHARE = 0.1; /* of the containers: those that call a truck anyway */

int ki_outing_horizon(double *cycles, size_t n, int most, double stop_price, double outing_price) {
    int best = 1;
    double best_cost = INFINITY;
    if (n == 0) return 1;
    qsort(cycles, n, sizeof *cycles, ki_compare_doubles);
    double quick = cycles[(size_t)(QUICK_SHARE * (double)n)];
    for (int nights = 1; nights <= most && nights <= fmax(1, quick); nights++) {
        double cost = outing_price / nights;
        for (size_t at = 0; at < n; at++)
            cost += stop_price / fmax(1, cycles[at] - (fmin(nights, cycles[at]) - 1) / 2);
        if (cost < best_cost) best = nights, best_cost = cost;
    }
    return best;
}

/* ---- who shares trucks ----------------------------------------------------------------------- */

/* group[stream]: the least stream that some truck, or a chain of trucks, takes as well. */
static void group_streams(int group[KERB_N_STREAMS], const ki_draft *draft) {
    for (int stream = 0; stream < KERB_N_STREAMS; stream++)
        group[stream] = stream;
    for (int pass = 0; pass < KERB_N_STREAMS; pass++)
        for (size_t at = 0; at < draft->n_vehicles; at++) {
            const kerb_vehicle *vehicle = &draft->vehicles[at];
            int least = KERB_N_STREAMS;
            if (vehicle->use != KERB_USE_TRUCK) continue;
            for (int write = 0; write < 2; write++)
                for (size_t part = 0; part < vehicle->n_compartments; part++)
                    for (size_t one = 0; one < vehicle->compartments[part].n_streams; one++) {
                        int *mine = &group[vehicle->compartments[part].streams[one]];
                        if (write) *mine = least;
                        if (*mine < least) least = *mine;
                    }
        }
}

/* ---- prizes ---------------------------------------------------------------------------------- */

typedef struct planner {
    const ki_draft *draft;
    const ki_forecast *forecasts;
    int64_t service_s;
    double stop_price, outing_price;
    int group[KERB_N_STREAMS];
    ki_choice *choices; /* [n_containers] */
    double *cycles;     /* [n_containers] scratch */
    ki_outing *outings;
} planner;

static void look_ahead(planner *plan, size_t at) {
    const kerb_district *district = &plan->draft->district;
    const kerb_container *container = &plan->draft->containers[at];
    const ki_forecast *forecast = &plan->forecasts[at];
    plan->choices[at] = ki_select(district, container, forecast, plan->service_s, 0).choice;
    plan->outings[at] =
        (ki_outing){.wait = ki_nights_until_must(district, container, forecast, plan->service_s)};
}

static double cycle_of(const planner *plan, size_t at) {
    return fmax(1, ki_nights_since(&plan->forecasts[at]) + plan->outings[at].wait);
}

static void price_group(planner *plan, int group) {
    size_t n = 0, n_musts = 0, n_all = plan->draft->n_containers;
    for (size_t at = 0; at < n_all; at++) {
        if (plan->group[plan->draft->containers[at].stream] != group) continue;
        n_musts += plan->choices[at] == KI_MUST;
        plan->cycles[n++] = cycle_of(plan, at);
    }
    if (n_musts == 0) return; /* no truck goes out for mays alone */
    int horizon = ki_outing_horizon(plan->cycles, n, plan->draft->district.look_ahead_nights,
                                    plan->stop_price, plan->outing_price);
    for (size_t at = 0; at < n_all; at++) {
        int wait = plan->outings[at].wait;
        if (plan->group[plan->draft->containers[at].stream] == group &&
            plan->choices[at] == KI_MAY && wait < horizon)
            plan->outings[at].prize = plan->outing_price * (horizon - wait) / horizon;
    }
}

kerb_status ki_outings(ki_outing *outings, ki_arena *arena, const ki_draft *draft,
                       const ki_forecast *forecasts, int64_t service_s, double stop_price,
                       double outing_price, kerb_error *err) {
    planner plan = {.draft = draft,
                    .forecasts = forecasts,
                    .service_s = service_s,
                    .stop_price = stop_price,
                    .outing_price = outing_price,
                    .outings = outings};
    size_t n = draft->n_containers;
    if (n) memset(outings, 0, n * sizeof *outings);
    if (draft->district.look_ahead_nights < 2) return KERB_OK; /* a may waits a night at least */
    plan.choices = ki_arena_alloc(arena, n, sizeof *plan.choices);
    plan.cycles = ki_arena_alloc(arena, n, sizeof *plan.cycles);
    if (!plan.choices || !plan.cycles) return ki_fail_no_memory(err, "outings");
    group_streams(plan.group, draft);
    for (size_t at = 0; at < n; at++)
        look_ahead(&plan, at);
    for (int group = 0; group < KERB_N_STREAMS; group++)
        price_group(&plan, group);
    return KERB_OK;
}
