/* SPDX-License-Identifier: GPL-3.0-or-later
 * trip_labels.c - labelling from both ends, in integers.
 *
 *   start ──► ... ──► i        forward labels: up to the first task beyond half a load
 *                     └──► j ──► ... ──► tip      backward labels: less than the other half
 *
 * A label dominates another at the same task if it is no dearer, no heavier and remembers no task
 * that the other has forgotten. Of sets of tasks that have a price (subset_rows.h) it must be no
 * dearer even if it pays, later on, for all those of which it alone has served an odd number. Arcs
 * are asymmetric, so the way back is searched in its own right. Every trip splits in one place
 * only: before the first task at which its load exceeds half. Righini and Salani, "Symmetry helps:
 * bounded bi-directional dynamic programming", Discrete Optimization 3(3), 2006. */
#include "master/trip_labels.h"

#include "base/alloc.h"
#include "base/error.h"

#include <string.h>

enum {
    N_BUCKETS = 2048,
    QUICK_FRONT = 6,       /* labels a task keeps in a quick search */
    KEPT_A_NODE = 4,       /* trips offered by their last forward task */
    MAX_LABELS = 20000000, /* 800 MB: beyond, the search gives up */
    ASK_EVERY = 1 << 24    /* steps: a tenth of a second */
};

typedef struct label {
    int64_t cost;
    uint64_t odd;                     /* sets of which it has served an odd number */
    int32_t load, node, parent, next; /* next in its bucket */
    uint8_t memory, dead;
} label;

/* Labels of a task that none dominates, cheapest first. */
typedef struct front {
    int64_t *cost;
    uint64_t *odd; /* looked at only where sets have prices */
    int32_t *load, *memory, *label;
    size_t capacity[5];
    int32_t n;
} front;

struct ki_trip_half {
    label *labels;
    size_t capacity;
    int32_t n_labels;
    front *fronts; /* [n_fronts] */
    int32_t n_fronts;
    const int64_t *arcs; /* [n][n] by the task that a label leaves: the net's; backwards turned */
    int64_t *turned;
    size_t turned_capacity;
    int32_t bucket[N_BUCKETS + 1];
};

typedef struct candidate {
    int64_t reduced;
    int32_t forward, backward; /* labels; backward -1: straight to the tip */
} candidate;

typedef struct run {
    ki_trip_search *search;
    const ki_trip_net *net;
    ki_trip_effort effort;
    int64_t below, tries_left, ask_at; /* ask_at: of what is left, whether to stop */
    int32_t half, width;
    int32_t max_trips;
    candidate *kept;               /* [n][KEPT_A_NODE] */
    const ki_subset_rows *subsets; /* that have prices; NULL: none */
    kerb_error *err;
} run;

/* ---- memories -------------------------------------------------------------------------------- */

static kerb_status make_tables(ki_trip_search *search, kerb_error *err) {
    if (search->gathered) return KERB_OK;
    search->gathered = ki_alloc_zero(512, sizeof *search->gathered);
    if (!search->gathered) return ki_fail_no_memory(err, "the lower bound");
    search->scattered = search->gathered + 256;
    for (int value = 0; value < 256; value++)
        for (int mask = 0; mask < 256; mask++) {
            int n = 0;
            for (int bit = 0; bit < 8; bit++) {
                if (!(mask >> bit & 1)) continue;
                search->gathered[value][mask] |= (uint8_t)((value >> bit & 1) << n);
                search->scattered[value][mask] |= (uint8_t)((value >> n & 1) << bit);
                n++;
            }
        }
    return KERB_OK;
}

static uint8_t carry(const ki_trip_search *search, uint8_t memory, ki_trip_step step) {
    return search->scattered[search->gathered[memory][step.kept]][step.placed];
}

/* The task itself among its neighbours. */
static uint8_t self_bit(const ki_trip_net *net, int32_t node) {
    return ki_trip_step_of(net, node, node).self;
}

/* ---- fronts ---------------------------------------------------------------------------------- */

static int first_dearer(const front *at, int64_t cost) {
    int low = 0, high = at->n;
    while (low < high) {
        int middle = (low + high) / 2;
        if (at->cost[middle] <= cost)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Whole blocks without a way out, so that the compiler compares many at once. */
static int is_dominated(const front *at, int32_t n, int32_t load, int32_t forgotten) {
    enum { BLOCK = 32 };
    int32_t start = 0, hits = 0;
    for (; start + BLOCK <= n; start += BLOCK) {
        const int32_t *loads = at->load + start, *memories = at->memory + start;
        for (int32_t place = 0; place < BLOCK; place++)
            hits |= (loads[place] <= load) & ((memories[place] & forgotten) == 0);
        if (hits) return 1;
    }
    for (; start < n; start++)
        if (at->load[start] <= load && (at->memory[start] & forgotten) == 0) return 1;
    return 0;
}

/* The same with prices of sets. */
static int is_dominated_priced(const ki_subset_rows *subsets, const front *at, int32_t n,
                               const label *made, int32_t forgotten) {
    for (int32_t place = 0; place < n; place++)
        if (at->load[place] <= made->load && (at->memory[place] & forgotten) == 0 &&
            at->cost[place] + ki_subset_price(subsets, at->odd[place] & ~made->odd) <= made->cost)
            return 1;
    return 0;
}

/* Labels from `from` on, which are dearer. */
static void drop_dominated(const ki_subset_rows *subsets, ki_trip_half *half, front *at,
                           int32_t from, const label *made, int32_t memory) {
    int32_t kept = from;
    for (int32_t place = from; place < at->n; place++) {
        if (at->load[place] >= made->load && (memory & ~at->memory[place]) == 0 &&
            (!subsets || made->cost + ki_subset_price(subsets, made->odd & ~at->odd[place]) <=
                             at->cost[place])) {
            half->labels[at->label[place]].dead = 1;
            continue;
        }
        if (kept != place) {
            at->cost[kept] = at->cost[place];
            at->odd[kept] = at->odd[place];
            at->load[kept] = at->load[place];
            at->memory[kept] = at->memory[place];
            at->label[kept] = at->label[place];
        }
        kept++;
    }
    at->n = kept;
}

static int insert_in_front(front *at, int32_t place, const label *made, int32_t memory,
                           int32_t index) {
    size_t needed = (size_t)at->n + 1, rest = (size_t)(at->n - place);
    if (ki_grow(&at->cost, &at->capacity[0], needed, sizeof *at->cost) ||
        ki_grow(&at->load, &at->capacity[1], needed, sizeof *at->load) ||
        ki_grow(&at->memory, &at->capacity[2], needed, sizeof *at->memory) ||
        ki_grow(&at->label, &at->capacity[3], needed, sizeof *at->label) ||
        ki_grow(&at->odd, &at->capacity[4], needed, sizeof *at->odd))
        return 0;
    memmove(at->cost + place + 1, at->cost + place, rest * sizeof *at->cost);
    memmove(at->odd + place + 1, at->odd + place, rest * sizeof *at->odd);
    memmove(at->load + place + 1, at->load + place, rest * sizeof *at->load);
    memmove(at->memory + place + 1, at->memory + place, rest * sizeof *at->memory);
    memmove(at->label + place + 1, at->label + place, rest * sizeof *at->label);
    at->cost[place] = made->cost;
    at->odd[place] = made->odd;
    at->load[place] = made->load;
    at->memory[place] = memory;
    at->label[place] = index;
    at->n++;
    return 1;
}

static void shorten_front(ki_trip_half *half, front *at) {
    if (at->n > QUICK_FRONT) half->labels[at->label[--at->n]].dead = 1;
}

/* ---- labels ---------------------------------------------------------------------------------- */

static kerb_status add_label(run *at, ki_trip_half *half, const label *made) {
    front *of = &half->fronts[made->node];
    int32_t memory = at->effort == KI_TRIP_EXACT ? made->memory : 0;
    int32_t place = first_dearer(of, made->cost);
    const ki_subset_rows *subsets = at->effort == KI_TRIP_EXACT ? at->subsets : NULL;
    if (subsets) at->tries_left -= place / 8; /* the dear part of it */
    if (subsets ? is_dominated_priced(subsets, of, place, made, ~memory)
                : is_dominated(of, place, made->load, ~memory))
        return KERB_OK;
    if (at->effort == KI_TRIP_QUICK && place >= QUICK_FRONT) return KERB_OK;
    drop_dominated(subsets, half, of, place, made, memory);
    if (half->n_labels >= MAX_LABELS) {
        at->tries_left = 0;
        return KERB_OK;
    }
    if (ki_grow(&half->labels, &half->capacity, (size_t)half->n_labels + 1, sizeof(label)) ||
        !insert_in_front(of, place, made, memory, half->n_labels))
        return ki_fail_no_memory(at->err, "the lower bound");
    int32_t bucket = made->load / at->width;
    half->labels[half->n_labels] = *made;
    half->labels[half->n_labels].next = half->bucket[bucket];
    half->bucket[bucket] = half->n_labels++;
    if (at->effort == KI_TRIP_QUICK) shorten_front(half, of);
    return KERB_OK;
}

/* Serves its node: pays for the sets of which this is the second task. */
static void serve(const run *at, label *made) {
    if (!at->subsets) return;
    uint64_t sets = at->subsets->of_row[at->net->row[made->node]];
    made->cost += ki_subset_price(at->subsets, made->odd & sets);
    made->odd ^= sets;
}

/* A search may take minutes: whoever wants to stop it must not wait for its end. */
static int gives_up(run *at) {
    if (at->tries_left < at->ask_at) {
        at->ask_at = at->tries_left - ASK_EVERY;
        if (at->search->stop && at->search->stop(at->search->payload)) at->tries_left = 0;
    }
    return at->tries_left <= 0;
}

/* limit: the load that a label may have after the step. */
static kerb_status extend(run *at, ki_trip_half *half, int32_t index, int32_t limit) {
    const ki_trip_net *net = at->net;
    label from = half->labels[index];
    const int64_t *arcs = half->arcs + (size_t)from.node * (size_t)net->n;
    const ki_trip_step *steps = net->steps + (size_t)net->row[from.node] * (size_t)net->n_rows;
    at->tries_left -= net->n;
    for (int32_t node = 0; node < net->n; node++) {
        int32_t load = from.load + net->load[node];
        if (arcs[node] == KI_TRIP_NO || load > limit) continue;
        ki_trip_step step = steps[net->row[node]];
        if (step.self & from.memory) continue;
        label made = {.cost = from.cost + arcs[node],
                      .odd = from.odd,
                      .load = load,
                      .node = node,
                      .parent = index,
                      .memory = carry(at->search, from.memory, step)};
        made.memory |= self_bit(net, node);
        serve(at, &made);
        KI_TRY(add_label(at, half, &made));
    }
    return KERB_OK;
}

/* Labels up to `most` are extended, to loads of up to `limit`. */
static kerb_status spread(run *at, ki_trip_half *half, int32_t most, int32_t limit) {
    for (int32_t bucket = 0; bucket <= most / at->width; bucket++) {
        while (half->bucket[bucket] >= 0) {
            int32_t index = half->bucket[bucket];
            half->bucket[bucket] = half->labels[index].next;
            if (half->labels[index].dead || half->labels[index].load > most) continue;
            KI_TRY(extend(at, half, index, limit));
            if (gives_up(at)) return KERB_OK;
        }
    }
    return KERB_OK;
}

static kerb_status start_labels(run *at, ki_trip_half *half, const int64_t *reduced,
                                int32_t limit) {
    half->n_labels = 0;
    memset(half->bucket, -1, sizeof half->bucket);
    for (int32_t node = 0; node < at->net->n; node++)
        half->fronts[node].n = 0;
    for (int32_t node = 0; node < at->net->n; node++) {
        if (reduced[node] == KI_TRIP_NO || at->net->load[node] > limit) continue;
        label made = {.cost = reduced[node],
                      .load = at->net->load[node],
                      .node = node,
                      .parent = -1,
                      .memory = self_bit(at->net, node)};
        serve(at, &made);
        KI_TRY(add_label(at, half, &made));
    }
    return KERB_OK;
}

/* ---- trips ----------------------------------------------------------------------------------- */

static void consider(run *at, int64_t reduced, int32_t forward, int32_t backward) {
    int32_t node = at->search->halves[0]->labels[forward].node, place = KEPT_A_NODE - 1;
    candidate *kept = at->kept + (size_t)node * KEPT_A_NODE;
    if (reduced < at->search->least_nano) at->search->least_nano = reduced;
    if (reduced >= kept[place].reduced) return;
    for (; place > 0 && kept[place - 1].reduced > reduced; place--)
        kept[place] = kept[place - 1];
    kept[place] = (candidate){reduced, forward, backward};
}

/* The least that a trip may still cost to be of interest: exact searches tell the least of all. */
static int64_t bar(const run *at, int32_t node) {
    return at->kept[(size_t)node * KEPT_A_NODE + KEPT_A_NODE - 1].reduced;
}

static void join(run *at, int32_t index) {
    const ki_trip_net *net = at->net;
    const label *from = &at->search->halves[0]->labels[index];
    const ki_trip_half *back = at->search->halves[1];
    const int64_t *arcs = net->arc_reduced + (size_t)from->node * (size_t)net->n;
    at->tries_left -= net->n;
    for (int32_t node = 0; node < net->n; node++) {
        const front *to = &back->fronts[node];
        if (arcs[node] == KI_TRIP_NO || to->n == 0) continue;
        int64_t cost = from->cost + arcs[node];
        if (cost + to->cost[0] >= bar(at, from->node)) continue;
        ki_trip_step step = ki_trip_step_of(net, from->node, node);
        if (step.self & from->memory) continue;
        uint8_t memory = carry(at->search, from->memory, step);
        for (int32_t place = 0; place < to->n; place++) {
            if (cost + to->cost[place] >= bar(at, from->node)) break;
            if (from->load + to->load[place] > net->capacity ||
                memory & back->labels[to->label[place]].memory)
                continue;
            if (!at->subsets) {
                consider(at, cost + to->cost[place], index, to->label[place]);
                break;
            }
            uint64_t twice = from->odd & to->odd[place];
            consider(at, cost + to->cost[place] + ki_subset_price(at->subsets, twice), index,
                     to->label[place]);
        }
    }
}

static void join_all(run *at) {
    const ki_trip_half *half = at->search->halves[0];
    for (int32_t node = 0; node < at->net->n; node++) {
        const front *of = &half->fronts[node];
        for (int32_t place = 0; place < of->n; place++) {
            const label *last = &half->labels[of->label[place]];
            if (at->net->out_reduced[node] != KI_TRIP_NO)
                consider(at, last->cost + at->net->out_reduced[node], of->label[place], -1);
            if (last->load > at->half && !gives_up(at)) join(at, of->label[place]);
        }
    }
}

static kerb_status add_node(ki_trip_search *search, int32_t node, kerb_error *err) {
    if (ki_grow(&search->nodes, &search->nodes_capacity, search->n_nodes + 1,
                sizeof *search->nodes))
        return ki_fail_no_memory(err, "the lower bound");
    search->nodes[search->n_nodes++] = node;
    return KERB_OK;
}

static kerb_status write_trip(run *at, const candidate *found) {
    ki_trip_search *search = at->search;
    const ki_trip_net *net = at->net;
    const label *ahead = search->halves[0]->labels, *back = search->halves[1]->labels;
    ki_trip trip = {.reduced_nano = found->reduced, .first = (int32_t)search->n_nodes};
    int32_t first = found->forward, last = ahead[found->forward].node;
    for (int32_t at_label = found->forward; at_label >= 0; at_label = ahead[at_label].parent) {
        KI_TRY(add_node(search, net->first_task + ahead[at_label].node, at->err));
        first = at_label;
    }
    trip.n = (int32_t)search->n_nodes - trip.first;
    for (int32_t left = trip.first, right = trip.first + trip.n - 1; left < right;
         left++, right--) {
        int32_t other = search->nodes[left];
        search->nodes[left] = search->nodes[right];
        search->nodes[right] = other;
    }
    for (int32_t at_label = found->backward; at_label >= 0; at_label = back[at_label].parent) {
        KI_TRY(add_node(search, net->first_task + back[at_label].node, at->err));
        last = back[at_label].node;
    }
    trip.n = (int32_t)search->n_nodes - trip.first;
    trip.from = net->in_from[ahead[first].node];
    trip.to = net->out_to[last];
    if (ki_grow(&search->trips, &search->trips_capacity, (size_t)search->n_trips + 1,
                sizeof *search->trips))
        return ki_fail_no_memory(at->err, "the lower bound");
    search->trips[search->n_trips++] = trip;
    return KERB_OK;
}

/* The cheapest of what the nodes kept; ties by node. */
static kerb_status write_trips(run *at) {
    while (at->search->n_trips < at->max_trips) {
        candidate *best = NULL;
        for (int32_t place = 0; place < at->net->n * KEPT_A_NODE; place++)
            if (at->kept[place].reduced < at->below &&
                (!best || at->kept[place].reduced < best->reduced))
                best = &at->kept[place];
        if (!best) break;
        KI_TRY(write_trip(at, best));
        best->reduced = INT64_MAX;
    }
    return KERB_OK;
}

/* ---- a run ----------------------------------------------------------------------------------- */

static void half_free(ki_trip_half *half) {
    for (int32_t node = 0; half && node < half->n_fronts; node++) {
        ki_free(half->fronts[node].cost);
        ki_free(half->fronts[node].odd);
        ki_free(half->fronts[node].load);
        ki_free(half->fronts[node].memory);
        ki_free(half->fronts[node].label);
    }
    if (!half) return;
    ki_free(half->fronts);
    ki_free(half->labels);
    ki_free(half->turned);
    ki_free(half);
}

void ki_trip_search_free(ki_trip_search *search) {
    half_free(search->halves[0]);
    half_free(search->halves[1]);
    ki_free(search->trips);
    ki_free(search->nodes);
    ki_free(search->gathered);
    *search = (ki_trip_search){0};
}

static kerb_status take_half(run *at, int side) {
    size_t n = (size_t)at->net->n;
    ki_trip_half *half = at->search->halves[side];
    if (!half) half = at->search->halves[side] = ki_alloc_zero(1, sizeof *half);
    if (!half) return ki_fail_no_memory(at->err, "the lower bound");
    if (half->n_fronts < at->net->n) {
        front *fronts = ki_realloc(half->fronts, n, sizeof *fronts);
        if (!fronts) return ki_fail_no_memory(at->err, "the lower bound");
        memset(fronts + half->n_fronts, 0, (n - (size_t)half->n_fronts) * sizeof *fronts);
        half->fronts = fronts;
        half->n_fronts = at->net->n;
    }
    half->arcs = at->net->arc_reduced;
    if (side == 0) return KERB_OK;
    if (ki_grow(&half->turned, &half->turned_capacity, n * n + 1, sizeof *half->turned))
        return ki_fail_no_memory(at->err, "the lower bound");
    for (size_t from = 0; from < n; from++)
        for (size_t to = 0; to < n; to++)
            half->turned[to * n + from] = at->net->arc_reduced[from * n + to];
    half->arcs = half->turned;
    return KERB_OK;
}

static kerb_status run_both(run *at) {
    const ki_trip_net *net = at->net;
    int32_t rest = net->capacity - at->half - 1;
    KI_TRY(take_half(at, 0));
    KI_TRY(take_half(at, 1));
    KI_TRY(start_labels(at, at->search->halves[0], net->in_reduced, net->capacity));
    KI_TRY(spread(at, at->search->halves[0], at->half, net->capacity));
    KI_TRY(start_labels(at, at->search->halves[1], net->out_reduced, rest));
    KI_TRY(spread(at, at->search->halves[1], rest, rest));
    join_all(at);
    return write_trips(at);
}

kerb_status ki_trip_search_run(ki_trip_search *search, const ki_trip_net *net,
                               ki_trip_effort effort, int64_t below, int32_t max_trips,
                               int64_t max_tries, kerb_error *err) {
    run at = {.search = search,
              .net = net,
              .effort = effort,
              .below = below,
              .tries_left = max_tries,
              .ask_at = max_tries - ASK_EVERY,
              .half = net->capacity / 2,
              .width = net->capacity / N_BUCKETS + 1,
              .max_trips = max_trips,
              .subsets = net->subsets && net->subsets->n > 0 ? net->subsets : NULL,
              .err = err};
    search->n_trips = 0;
    search->n_nodes = 0;
    search->least_nano = INT64_MAX;
    search->complete = 0;
    size_t n_kept = (size_t)net->n * KEPT_A_NODE;
    at.kept = ki_alloc_zero(n_kept + 1, sizeof *at.kept);
    if (!at.kept) return ki_fail_no_memory(err, "the lower bound");
    for (size_t place = 0; place < n_kept; place++)
        at.kept[place].reduced = INT64_MAX;
    kerb_status status = make_tables(search, err);
    if (status == KERB_OK) status = run_both(&at);
    ki_free(at.kept);
    search->complete = status == KERB_OK && at.tries_left > 0 && effort == KI_TRIP_EXACT;
    search->n_tries += max_tries - at.tries_left;
    return status;
}
