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

/* ---- breaks: every way to place them is tried ---- */

enum { OR_MOST_STOPS = 2 * 96 };

typedef struct or_course { /* stop 0: the depot; then loading and unloading in turn */
    const ki_haul_kind *k;
    int32_t n_stops;
    int64_t start[OR_MOST_STOPS], leg[OR_MOST_STOPS], busy[OR_MOST_STOPS], home;
} or_course;

static inline int or_works_on(const or_course *c, int32_t taken, int64_t work) {
    return taken == c->k->n_breaks || c->k->breaks[taken].work_ms == INT32_MAX ||
           work <= c->k->breaks[taken].work_ms;
}

/* The least paid until the end, free at a stop after so much work; INT64_MAX: impossible. */
static inline int64_t or_paid_from(const or_course *c, int32_t stop, int32_t taken, int64_t now,
                                   int64_t work) {
    int64_t best = INT64_MAX;
    if (stop + 1 == c->n_stops) {
        int ends = or_works_on(c, taken, work + c->home) && now + c->home <= c->k->latest_ms;
        for (int32_t left = taken; left < c->k->n_breaks; left++)
            ends &= now + c->home <= c->k->breaks[left].due_ms;
        if (ends) best = now + c->home;
    } else if (now + c->leg[stop + 1] <= c->start[stop + 1]) {
        best = or_paid_from(c, stop + 1, taken, c->start[stop + 1] + c->busy[stop + 1],
                            work + c->leg[stop + 1] + c->busy[stop + 1]);
    }
    if (taken == c->k->n_breaks || !or_works_on(c, taken, work)) return best;
    const ki_haul_break *pause = &c->k->breaks[taken];
    for (int32_t span = 0; span < pause->n_spans; span++) {
        int64_t begin = now > pause->spans[span].open_ms ? now : pause->spans[span].open_ms;
        if (begin > pause->spans[span].close_ms) continue;
        int64_t paid = or_paid_from(c, stop, taken + 1, begin + pause->duration_ms, 0);
        if (paid == INT64_MAX) continue;
        paid -= pause->paid ? 0 : pause->duration_ms;
        if (paid < best) best = paid;
    }
    return best;
}

/* The latest instant from which the first n breaks are over by then; -1: none. */
static inline int64_t or_latest(const ki_haul_kind *k, int32_t n, int64_t by) {
    int64_t best = -1;
    if (n == 0) return by;
    for (int32_t span = 0; span < k->breaks[n - 1].n_spans; span++) {
        const ki_haul_span *at = &k->breaks[n - 1].spans[span];
        int64_t begin = by - k->breaks[n - 1].duration_ms;
        if (begin > at->close_ms) begin = at->close_ms;
        if (begin < at->open_ms) continue;
        int64_t from = or_latest(k, n - 1, begin);
        if (from > best) best = from;
    }
    return best;
}

static inline int64_t or_paid(const or_course *c) {
    int64_t best = INT64_MAX, unpaid = 0;
    for (int32_t n = 0; n <= c->k->n_breaks; n++) {
        int64_t leave = or_latest(c->k, n, c->start[1] - c->leg[1]);
        int64_t begin = (leave - c->k->pre_ms) / 1000 * 1000;
        if (n) unpaid += c->k->breaks[n - 1].paid ? 0 : c->k->breaks[n - 1].duration_ms;
        if (leave - c->k->pre_ms < c->k->earliest_ms) continue;
        if (n && !or_works_on(c, 0, c->k->pre_ms)) continue;
        int64_t paid = or_paid_from(c, 1, n, c->start[1] + c->busy[1],
                                    (n ? 0 : c->k->pre_ms) + c->leg[1] + c->busy[1]);
        if (paid == INT64_MAX) continue;
        paid -= begin + unpaid;
        if (paid < best) best = paid;
    }
    return best;
}

static inline void or_truck(const ki_haul_problem *p, const ki_haul *hauls, int32_t n, int32_t kind,
                            int32_t truck, verdict *out) {
    const ki_haul_kind *k = &p->kinds[kind];
    int32_t places = p->n_stations + p->n_plants + 2, place = places - 2, used = 0;
    int64_t now = 0, begun = 0, km = 0;
    or_course course = {.k = k, .n_stops = 1};
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
        if (course.n_stops + 2 > OR_MOST_STOPS) {
            or_fault(out, "too many hauls to judge", at);
            return;
        }
        int32_t stop = course.n_stops;
        course.start[stop] = haul->load_ms, course.start[stop + 1] = haul->unload_ms;
        course.leg[stop] = there, course.leg[stop + 1] = over;
        course.busy[stop] = k->load_ms, course.busy[stop + 1] = or_unload_ms(p, haul);
        course.n_stops += 2;
        km += k->length_mm[place * places + station] + k->length_mm[station * places + plant];
        place = plant;
    }
    if (!used) return;
    if (k->time_ms[place * places + places - 1] == INT32_MAX) or_fault(out, "no way home", -1);
    km += k->length_mm[place * places + places - 1];
    course.home = (int64_t)k->time_ms[place * places + places - 1] + k->post_ms;
    now += course.home;
    if (now > k->latest_ms) or_fault(out, "home too late", -1);
    int64_t paid = k->n_breaks ? or_paid(&course) : now - begun;
    if (paid == INT64_MAX) {
        or_fault(out, "no place for a break before it is home", -1);
        return;
    }
    int64_t extra = paid > k->regular_ms ? paid - k->regular_ms : 0;
    int64_t nano = k->used_nano + km * k->nano_per_mm + paid * k->nano_per_ms +
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
