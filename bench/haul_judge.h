/* SPDX-License-Identifier: GPL-3.0-or-later
 * haul_judge.h - judges hauls by stepping through every instant at which anything happens, with
 * none of the solver's code. */
#ifndef KERB_BENCH_HAUL_JUDGE_H
#define KERB_BENCH_HAUL_JUDGE_H
#include "haul/haul.h"

#include <stdio.h>

typedef struct verdict {
    char fault[200]; /* "" none */
    int64_t over_g, weighed_nano, cost_nano;
} verdict;

static inline int or_open(const ki_haul_hours *hours, int32_t at) {
    int open = hours->n_spans == 0;
    for (int32_t span = 0; span < hours->n_spans; span++)
        open |= hours->spans[span].open_ms <= at && at <= hours->spans[span].close_ms;
    return open;
}

static inline int64_t or_unload_ms(const ki_haul_problem *p, const ki_haul *haul) {
    const ki_haul_plant *plant = &p->plants[haul->plant];
    return plant->fixed_ms + p->kinds[haul->kind].payload_g * plant->ms_per_tonne / 1000000;
}

static inline void or_fault(verdict *out, const char *what, int32_t haul) {
    if (!out->fault[0]) snprintf(out->fault, sizeof out->fault, "haul %d: %s", (int)haul, what);
}

/* Mass of a pile at an instant: what has come (by when unloading started, or ended) less what is
 * gone (by when loading ended, or started). */
static inline int64_t or_level(const ki_haul_problem *p, const ki_haul *hauls, int32_t n, int pile,
                               int64_t at, int loadable) {
    int64_t level = p->piles[pile].opening_g;
    for (int32_t in = 0; in < p->piles[pile].n_inflows; in++) {
        const ki_haul_inflow *inflow = &p->piles[pile].inflows[in];
        if ((loadable ? inflow->end_ms : inflow->start_ms) <= at) level += inflow->mass_g;
    }
    for (int32_t haul = 0; haul < n; haul++) {
        int64_t gone = hauls[haul].load_ms + (loadable ? 0 : p->kinds[hauls[haul].kind].load_ms);
        if (hauls[haul].pile == pile && gone <= at) level -= hauls[haul].mass_g;
    }
    return level;
}

static inline void or_truck(const ki_haul_problem *p, const ki_haul *hauls, int32_t n, int32_t kind,
                            int32_t truck, verdict *out) {
    const ki_haul_kind *k = &p->kinds[kind];
    int32_t places = p->n_stations + p->n_plants + 2, place = places - 2, used = 0;
    int64_t now = 0, begun = 0, km = 0;
    for (int32_t at = 0; at < n; at++) {
        const ki_haul *haul = &hauls[at];
        if (haul->kind != kind || haul->truck != truck) continue;
        int32_t station = p->piles[haul->pile].station, plant = p->n_stations + haul->plant;
        int64_t there = k->time_ms[place * places + station];
        int64_t over = k->time_ms[station * places + plant];
        if (there == INT32_MAX || over == INT32_MAX) or_fault(out, "no way", at);
        if (!used++) {
            begun = (haul->load_ms - there - k->pre_ms) / 1000 * 1000;
            now = haul->load_ms - there;
        }
        if (begun < k->earliest_ms) or_fault(out, "leaves too early", at);
        if (now + there > haul->load_ms) or_fault(out, "loads before it arrives", at);
        if (haul->load_ms + k->load_ms + over > haul->unload_ms)
            or_fault(out, "unloads before it arrives", at);
        if (!or_open(&p->stations[station], haul->load_ms)) or_fault(out, "station shut", at);
        if (!or_open(&p->plants[haul->plant].hours, haul->unload_ms))
            or_fault(out, "plant shut", at);
        if (haul->mass_g < 0 || haul->mass_g > k->payload_g) or_fault(out, "payload", at);
        now = haul->unload_ms + or_unload_ms(p, haul);
        km += k->length_mm[place * places + station] + k->length_mm[station * places + plant];
        place = plant;
    }
    if (!used) return;
    if (k->time_ms[place * places + places - 1] == INT32_MAX) or_fault(out, "no way home", -1);
    km += k->length_mm[place * places + places - 1];
    now += k->time_ms[place * places + places - 1] + k->post_ms;
    if (now > k->latest_ms) or_fault(out, "home too late", -1);
    int64_t extra = now - begun > k->regular_ms ? now - begun - k->regular_ms : 0;
    int64_t nano = k->used_nano + km * k->nano_per_mm + (now - begun) * k->nano_per_ms +
                   extra * k->overtime_nano_per_ms;
    out->cost_nano += nano;
    out->weighed_nano += nano;
}

static inline void or_pile(const ki_haul_problem *p, const ki_haul *hauls, int32_t n, int pile,
                           verdict *out) {
    const ki_haul_pile *of = &p->piles[pile];
    int64_t peak = of->opening_g, end = or_level(p, hauls, n, pile, INT32_MAX, 0);
    for (int32_t in = 0; in < of->n_inflows; in++) {
        int64_t level = or_level(p, hauls, n, pile, of->inflows[in].start_ms, 0);
        if (level > peak) peak = level;
    }
    for (int32_t at = 0; at < n; at++)
        if (hauls[at].pile == pile && or_level(p, hauls, n, pile, hauls[at].load_ms, 1) < 0)
            or_fault(out, "loads what is not there", at);
    if (end < 0) or_fault(out, "more gone than came", -1);
    if (peak > of->most_g) out->over_g += peak - of->most_g;
    if (end > of->closing_g) out->over_g += end - of->closing_g;
}

/* Vehicles that unload at a plant at some time of the slot from at to at + slot. */
static inline int32_t or_bays_taken(const ki_haul_problem *p, const ki_haul *hauls, int32_t n,
                                    int plant, int64_t at) {
    int32_t taken = 0;
    for (int32_t visit = 0; visit < p->plants[plant].n_visits; visit++)
        taken += p->plants[plant].visits[visit].open_ms < at + p->slot_ms &&
                 p->plants[plant].visits[visit].close_ms > at;
    for (int32_t haul = 0; haul < n; haul++) {
        int64_t from = hauls[haul].unload_ms, busy = or_unload_ms(p, &hauls[haul]);
        if (hauls[haul].plant == plant) taken += from == at || (from < at && from + busy > at);
    }
    return taken;
}

static inline void or_plants(const ki_haul_problem *p, const ki_haul *hauls, int32_t n,
                             verdict *out) {
    int64_t taken[16] = {0};
    for (int32_t at = 0; at < n; at++) {
        const ki_haul *haul = &hauls[at];
        const ki_haul_plant *plant = &p->plants[haul->plant];
        int stream = p->piles[haul->pile].stream;
        int64_t cheapest = plant->fee_nano_per_g[stream];
        if (!(plant->streams >> stream & 1)) or_fault(out, "stream not taken", at);
        if (!(p->kinds[haul->kind].streams >> stream & 1)) or_fault(out, "not its stream", at);
        taken[haul->plant] += haul->mass_g;
        if (taken[haul->plant] > plant->room_g) or_fault(out, "plant full", at);
        for (int32_t other = 0; other < p->n_plants; other++)
            if (p->plants[other].streams >> stream & 1 &&
                p->plants[other].fee_nano_per_g[stream] < cheapest)
                cheapest = p->plants[other].fee_nano_per_g[stream];
        out->cost_nano += haul->mass_g * plant->fee_nano_per_g[stream];
        out->weighed_nano += haul->mass_g * (plant->fee_nano_per_g[stream] - cheapest);
        for (int32_t slot = haul->unload_ms;
             plant->bays &&
             (slot == haul->unload_ms || slot < haul->unload_ms + or_unload_ms(p, haul));
             slot += p->slot_ms)
            if (or_bays_taken(p, hauls, n, haul->plant, slot) > plant->bays)
                or_fault(out, "bays", at);
    }
}

static inline verdict or_judge(const ki_haul_problem *p, const ki_haul *hauls, int32_t n) {
    verdict out = {0};
    for (int32_t kind = 0; kind < p->n_kinds; kind++)
        for (int32_t truck = 0; truck < p->kinds[kind].n_trucks; truck++)
            or_truck(p, hauls, n, kind, truck, &out);
    for (int pile = 0; pile < p->n_piles; pile++)
        or_pile(p, hauls, n, pile, &out);
    or_plants(p, hauls, n, &out);
    return out;
}
#endif
