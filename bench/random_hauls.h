/* SPDX-License-Identifier: GPL-3.0-or-later
 * random_hauls.h - random haul problems, from a single pile to a city's night. */
#ifndef KERB_BENCH_RANDOM_HAULS_H
#define KERB_BENCH_RANDOM_HAULS_H
#include "base/rng.h"
#include "haul/haul.h"

enum {
    RH_STATIONS = 3,
    RH_PLANTS = 3,
    RH_PILES = 7,
    RH_KINDS = 2,
    RH_INFLOWS = 30,
    RH_PLACES = RH_STATIONS + RH_PLANTS + 2,
    RH_VISITS = 6,
    RH_BREAKS = 2, /* of a kind */
    RH_MINUTE = 60000
};

typedef struct random_hauls {
    ki_haul_problem problem;
    ki_haul_hours stations[RH_STATIONS];
    ki_haul_plant plants[RH_PLANTS];
    ki_haul_pile piles[RH_PILES];
    ki_haul_kind kinds[RH_KINDS];
    ki_haul_break breaks[RH_KINDS][RH_BREAKS];
    ki_haul_span spans[RH_STATIONS + RH_PLANTS][2];
    ki_haul_inflow inflows[RH_PILES][RH_INFLOWS];
    ki_haul_span visits[RH_PLANTS][RH_VISITS];
    int32_t time_ms[RH_KINDS][RH_PLACES * RH_PLACES], length_mm[RH_KINDS][RH_PLACES * RH_PLACES];
} random_hauls;

static inline int32_t rh_between(ki_rng *rng, int32_t low, int32_t high) {
    return low + (int32_t)ki_rng_below(rng, (uint32_t)(high - low + 1));
}
static inline int rh_one_in(ki_rng *rng, uint32_t n) {
    return ki_rng_below(rng, n) == 0;
}

static inline ki_haul_hours rh_hours(random_hauls *out, ki_rng *rng, int place) {
    int32_t horizon = out->problem.horizon_ms, cut = rh_between(rng, horizon / 4, horizon / 2);
    ki_haul_span *spans = out->spans[place];
    switch (ki_rng_below(rng, 8)) {
    case 0:
        spans[0] = (ki_haul_span){0, cut};
        spans[1] = (ki_haul_span){cut + 37 * RH_MINUTE, horizon};
        return (ki_haul_hours){spans, 2};
    case 1: spans[0] = (ki_haul_span){cut / 3, horizon - cut / 4}; return (ki_haul_hours){spans, 1};
    default: return (ki_haul_hours){NULL, 0};
    }
}

/* Places on a plane of a few kilometres; ways there and back differ a little. */
static inline void rh_travel(random_hauls *out, ki_rng *rng, int kind, double ms_per_mm) {
    int32_t n = ki_haul_n_places(&out->problem), x[RH_PLACES], y[RH_PLACES];
    for (int32_t place = 0; place < n; place++) {
        x[place] = rh_between(rng, 0, 12000);
        y[place] = rh_between(rng, 0, 12000);
    }
    for (int32_t from = 0; from < n; from++)
        for (int32_t to = 0; to < n; to++) {
            int32_t across = x[from] > x[to] ? x[from] - x[to] : x[to] - x[from];
            int32_t along = y[from] > y[to] ? y[from] - y[to] : y[to] - y[from];
            int32_t mm = (across + along) * 1000 + rh_between(rng, 0, 400000);
            if (from == to) mm = 0;
            out->length_mm[kind][from * n + to] = mm;
            out->time_ms[kind][from * n + to] =
                from != to && rh_one_in(rng, 150) ? INT32_MAX : (int32_t)(mm * ms_per_mm);
        }
}

static inline void rh_kind(random_hauls *out, ki_rng *rng, int index) {
    int32_t horizon = out->problem.horizon_ms, cut = rh_between(rng, 0, horizon / 8);
    ki_haul_kind *kind = &out->kinds[index];
    *kind = (ki_haul_kind){.n_trucks = rh_between(rng, 1, 4),
                           .payload_g = rh_between(rng, 8000000, 24000000),
                           .streams = rh_one_in(rng, 6) ? 6u : 62u,
                           .load_ms = rh_between(rng, 5, 35) * RH_MINUTE,
                           .earliest_ms = cut,
                           .latest_ms = horizon - (rh_one_in(rng, 2) ? cut / 2 : 0),
                           .pre_ms = rh_between(rng, 0, 15) * RH_MINUTE,
                           .post_ms = rh_between(rng, 0, 15) * RH_MINUTE,
                           .regular_ms = rh_one_in(rng, 3) ? horizon / 2 : INT32_MAX,
                           .used_nano = rh_between(rng, 0, 90) * INT64_C(1000000000),
                           .nano_per_mm = rh_between(rng, 300, 2500),
                           .nano_per_ms = rh_between(rng, 0, 12000),
                           .time_ms = out->time_ms[index],
                           .length_mm = out->length_mm[index]};
    if (kind->regular_ms != INT32_MAX) kind->overtime_nano_per_ms = kind->nano_per_ms / 2;
    rh_travel(out, rng, index, 0.06 + 0.03 * ki_rng_unit(rng));
}

static inline void rh_plant(random_hauls *out, ki_rng *rng, int index) {
    ki_haul_plant *plant = &out->plants[index];
    *plant = (ki_haul_plant){.hours = rh_hours(out, rng, RH_STATIONS + index),
                             .streams = rh_one_in(rng, 5) ? 6u : 62u,
                             .room_g =
                                 rh_one_in(rng, 5) ? rh_between(rng, 10, 200) * 1000000 : INT64_MAX,
                             .fixed_ms = rh_between(rng, 0, 12) * RH_MINUTE,
                             .ms_per_tonne = rh_between(rng, 0, 40000),
                             .bays = rh_one_in(rng, 2) ? rh_between(rng, 1, 2) : 0,
                             .visits = out->visits[index],
                             .n_visits = RH_VISITS};
    for (int stream = 0; stream < KERB_N_STREAMS; stream++)
        plant->fee_nano_per_g[stream] = rh_between(rng, -20000, 60000);
    for (int visit = 0; visit < RH_VISITS; visit++) {
        int32_t start = rh_between(rng, 0, out->problem.horizon_ms);
        out->visits[index][visit] =
            (ki_haul_span){start, start + rh_between(rng, 0, 20 * RH_MINUTE)};
    }
}

static inline void rh_pile(random_hauls *out, ki_rng *rng, int index, int n_inflows) {
    ki_haul_pile *pile = &out->piles[index];
    int32_t horizon = out->problem.horizon_ms;
    *pile = (ki_haul_pile){.station = rh_between(rng, 0, out->problem.n_stations - 1),
                           .stream = (uint8_t)rh_between(rng, 1, 4),
                           .opening_g = rh_between(rng, 0, 20000000),
                           .most_g = rh_between(rng, 30000000, 80000000),
                           .closing_g = INT64_MAX,
                           .inflows = out->inflows[index],
                           .n_inflows = rh_between(rng, 0, n_inflows)};
    if (out->problem.slot_ms) pile->most_g = rh_between(rng, 12000000, 50000000);
    if (rh_one_in(rng, 8)) pile->most_g = INT64_MAX;
    if (rh_one_in(rng, out->problem.slot_ms ? 2 : 4))
        pile->closing_g = rh_between(rng, 0, 30000000);
    for (int32_t at = 0; at < pile->n_inflows; at++) {
        int32_t start = rh_between(rng, 0, horizon - 20 * RH_MINUTE);
        out->inflows[index][at] = (ki_haul_inflow){
            start, start + rh_between(rng, 0, 20 * RH_MINUTE), rh_between(rng, 500000, 6000000)};
    }
}

/* A break in its hours, after so much work, both or neither. */
static inline ki_haul_break rh_break(const ki_haul_kind *kind, ki_rng *rng) {
    int32_t minutes = (kind->latest_ms - kind->earliest_ms) / RH_MINUTE;
    ki_haul_break made = {.duration_ms = rh_between(rng, 8, 30) * RH_MINUTE,
                          .due_ms = -1,
                          .work_ms = INT32_MAX,
                          .paid = (uint8_t)rh_one_in(rng, 2),
                          .n_spans = 1};
    if (rh_one_in(rng, 2)) {
        made.work_ms = rh_between(rng, minutes / 4, minutes / 2) * RH_MINUTE;
        made.due_ms = INT32_MAX;
    }
    made.spans[0] = (ki_haul_span){kind->earliest_ms, kind->latest_ms};
    if (rh_one_in(rng, 4)) return made;
    int32_t open = rh_between(rng, 0, minutes / 2), wide = rh_between(rng, 5, 90);
    made.spans[0].open_ms = kind->earliest_ms + open * RH_MINUTE;
    made.spans[0].close_ms = made.spans[0].open_ms + wide * RH_MINUTE;
    if (rh_one_in(rng, 2)) {
        made.spans[1].open_ms = made.spans[0].close_ms + 7 * RH_MINUTE;
        made.spans[1].close_ms = made.spans[1].open_ms + wide * RH_MINUTE;
        made.n_spans = 2;
    }
    for (int32_t at = 0; at < made.n_spans; at++)
        if (made.spans[at].close_ms > kind->latest_ms) made.spans[at].close_ms = kind->latest_ms;
    if (made.spans[made.n_spans - 1].open_ms > kind->latest_ms) made.n_spans--;
    made.due_ms = made.spans[made.n_spans - 1].close_ms;
    return made;
}

/* One or two breaks for most kinds of a problem that rh_make made. */
static inline void rh_add_breaks(random_hauls *out, uint64_t seed) {
    ki_rng rng;
    ki_rng_seed(&rng, seed, 78);
    for (int32_t kind = 0; kind < out->problem.n_kinds; kind++) {
        out->kinds[kind].breaks = out->breaks[kind];
        out->kinds[kind].n_breaks = rh_one_in(&rng, 4) ? 0 : rh_between(&rng, 1, RH_BREAKS);
        for (int32_t at = 0; at < out->kinds[kind].n_breaks; at++)
            out->breaks[kind][at] = rh_break(&out->kinds[kind], &rng);
    }
}

/* size 0: tiny, for brute force; 1: a night of one to three stations. */
static inline void rh_make(random_hauls *out, uint64_t seed, int size) {
    ki_rng rng;
    ki_rng_seed(&rng, seed, 77);
    *out = (random_hauls){0};
    ki_haul_problem *problem = &out->problem;
    problem->horizon_ms = (size ? rh_between(&rng, 6, 12) : 4) * 60 * RH_MINUTE;
    problem->slot_ms = size ? 0 : 30 * RH_MINUTE;
    problem->n_stations = size ? rh_between(&rng, 1, RH_STATIONS) : 1;
    problem->n_plants = rh_between(&rng, 1, size ? RH_PLANTS : 2);
    problem->n_piles = rh_between(&rng, 1, size ? RH_PILES : 2);
    problem->n_kinds = rh_between(&rng, 1, size ? RH_KINDS : 1);
    problem->stations = out->stations;
    problem->plants = out->plants;
    problem->piles = out->piles;
    problem->kinds = out->kinds;
    for (int station = 0; station < problem->n_stations; station++)
        out->stations[station] = rh_hours(out, &rng, station);
    for (int plant = 0; plant < problem->n_plants; plant++)
        rh_plant(out, &rng, plant);
    for (int pile = 0; pile < problem->n_piles; pile++)
        rh_pile(out, &rng, pile, size ? RH_INFLOWS : 8);
    for (int kind = 0; kind < problem->n_kinds; kind++)
        rh_kind(out, &rng, kind);
    if (!size && out->kinds[0].n_trucks > 2) out->kinds[0].n_trucks = 2;
}
#endif
