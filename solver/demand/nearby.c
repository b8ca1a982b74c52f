/* SPDX-License-Identifier: GPL-3.0-or-later
 * Kernel-weighted means of logarithms of rates, left out oneself (Nadaraya 1964, Watson 1964), and
 * one line through all members of the stream: own = share x neighbours'. The share is what
 * neighbours are worth here. Where rates lie about by chance it is next to 0 and what is left of it
 * is doubted away; where a quarter of students fills twice as fast, it is next to 1. */
#include "demand/nearby.h"

#include "base/error.h"

#include <math.h>
#include <stdlib.h>

static const double REACH_M = 200, FARTHEST_M = 1000, M_PER_DEGREE = 111200;
static const double LONELY = 1; /* weight of the stream's middle among the neighbours' */
static const double DOUBT = 3, MOST = 2.0 /* a logarithm is held within, about the middle */;

static int by_latitude(const void *left, const void *right) {
    const ki_neighbour *a = left, *b = right;
    int a_is = !isnan(a->spot.lat_deg), b_is = !isnan(b->spot.lat_deg);
    if (a_is != b_is) return b_is - a_is;
    if (a_is && a->spot.lat_deg < b->spot.lat_deg) return -1;
    if (a_is && a->spot.lat_deg > b->spot.lat_deg) return 1;
    return (a->container > b->container) - (a->container < b->container);
}

static int has_rate(const ki_neighbour *member) {
    return member->rate > 0;
}

static double log_rate(const ki_neighbour *member, double middle_rate) {
    return fmin(fmax(log(member->rate / middle_rate), -MOST), MOST);
}

/* Of two members at some distance; 0: too far. */
static double nearness(const ki_neighbour *a, const ki_neighbour *b) {
    double north = (b->spot.lat_deg - a->spot.lat_deg) * M_PER_DEGREE;
    double east = (b->spot.lon_deg - a->spot.lon_deg) * M_PER_DEGREE *
                  cos(a->spot.lat_deg * 0.017453292519943295);
    double away_m = hypot(north, east);
    return away_m <= FARTHEST_M ? exp(-away_m / REACH_M) : 0;
}

/* Mean about the stream's middle of what the neighbours have; 0 where there are none. */
static double neighbours(const ki_neighbour *members, size_t n, size_t at, double middle_rate) {
    double sum = 0, weights = LONELY;
    const ki_neighbour *self = &members[at];
    if (isnan(self->spot.lat_deg)) return 0;
    for (int step = -1; step <= 1; step += 2)
        for (size_t other = at + (size_t)step; other < n; other += (size_t)step) {
            const ki_neighbour *peer = &members[other];
            double apart = fabs(peer->spot.lat_deg - self->spot.lat_deg) * M_PER_DEGREE;
            if (!(apart <= FARTHEST_M)) break;
            double weight = has_rate(peer) ? nearness(self, peer) : 0;
            if (!(weight > 0)) continue;
            sum += weight * log_rate(peer, middle_rate);
            weights += weight;
        }
    return sum / weights;
}

kerb_status ki_nearby_rates(double *rates, double *spread, ki_arena *arena, ki_neighbour *members,
                            size_t n, double middle_rate, kerb_error *err) {
    double *around = ki_arena_alloc(arena, n, sizeof *around);
    double xx = 0, xy = 0, yy = 0, share = 0;
    size_t n_own = 0;
    if (!around) return ki_fail_no_memory(err, "neighbours");
    *spread = NAN;
    if (n) qsort(members, n, sizeof *members, by_latitude);
    for (size_t at = 0; at < n; at++) {
        around[at] = neighbours(members, n, at, middle_rate);
        if (!has_rate(&members[at])) continue;
        double own = log_rate(&members[at], middle_rate);
        xx += around[at] * around[at];
        xy += around[at] * own;
        yy += own * own;
        n_own++;
    }
    if (n_own >= KI_NEARBY_LEAST) {
        double best = xx > 0 ? xy / xx : 0;
        double chance = xx > 0 ? (yy - best * xy) / (double)(n_own - 1) / xx : INFINITY;
        if (best > 0 && best * best > DOUBT * chance)
            share = fmin(best * (1 - DOUBT * chance / (best * best)), 1.5);
        *spread = sqrt(fmax(0, yy - 2 * share * xy + share * share * xx) / (double)n_own);
    }
    for (size_t at = 0; at < n; at++)
        rates[members[at].container] = middle_rate * exp(share * around[at]);
    return KERB_OK;
}
