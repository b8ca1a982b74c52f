/* SPDX-License-Identifier: GPL-3.0-or-later
 * instance_ways.c - cheapest ways on the streets of an instance, from everywhere to everywhere.
 *
 * Dijkstra from each state. Where turns cost something a state is a directed link just driven, so
 * that a turn is an edge between states; elsewhere a state is a place. */
#include "base/alloc.h"
#include "base/error.h"
#include "bench/instance.h"

enum { MOST_STATES = 8000 };

typedef struct streets {
    const bench_instance *in;
    int32_t n_states, *first, *target; /* [n_states + 1], transitions by state */
    int64_t *cost;
} streets;

typedef struct label {
    int64_t cost;
    int32_t state;
} label;

typedef struct heap {
    label *items;
    int32_t n;
} heap;

int64_t instance_turn_cost(const bench_instance *in, int32_t before, int32_t after) {
    if (in->n_turns == 0) return 0;
    int32_t low = 0, high = in->n_turns;
    while (low < high) {
        int32_t middle = (low + high) / 2;
        const instance_turn *turn = &in->turns[middle];
        if (turn->before != before ? turn->before < before : turn->after < after)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == in->n_turns) return INSTANCE_BIG;
    const instance_turn *turn = &in->turns[low];
    return turn->before == before && turn->after == after ? turn->cost : INSTANCE_BIG;
}

static void heap_push(heap *queue, label item) {
    int32_t at = queue->n++;
    for (; at > 0 && queue->items[(at - 1) / 2].cost > item.cost; at = (at - 1) / 2)
        queue->items[at] = queue->items[(at - 1) / 2];
    queue->items[at] = item;
}

static label heap_pop(heap *queue) {
    label top = queue->items[0], last = queue->items[--queue->n];
    int32_t at = 0;
    for (int32_t child; (child = 2 * at + 1) < queue->n; at = child) {
        if (child + 1 < queue->n && queue->items[child + 1].cost < queue->items[child].cost)
            child++;
        if (queue->items[child].cost >= last.cost) break;
        queue->items[at] = queue->items[child];
    }
    queue->items[at] = last;
    return top;
}

/* ---- states and transitions ------------------------------------------------------------------ */

/* Calls itself for counting (target NULL) and for filling. */
static int32_t leave_state(const streets *at, int32_t state, int32_t *target, int64_t *cost) {
    const bench_instance *in = at->in;
    int by_link = in->n_turns > 0;
    int32_t n = 0, here = by_link ? instance_way_to(in, state) : state;
    for (int32_t way = 0; way < 2 * in->n_links; way++) {
        if (!instance_way_open(in, way) || instance_way_from(in, way) != here) continue;
        int64_t turn = by_link ? instance_turn_cost(in, state, way) : 0;
        if (turn >= INSTANCE_BIG) continue;
        if (target) {
            target[n] = by_link ? way : instance_way_to(in, way);
            cost[n] = turn + in->links[way / 2].pass;
        }
        n++;
    }
    return n;
}

static kerb_status make_streets(streets *out, ki_arena *arena, const bench_instance *in,
                                kerb_error *err) {
    *out = (streets){.in = in, .n_states = in->n_turns ? 2 * in->n_links : in->n_places};
    if (out->n_states > MOST_STATES)
        return ki_fail(err, KERB_BAD_INPUT, "%s: %d places or directed links, expected %d at most",
                       in->name, (int)out->n_states, MOST_STATES);
    out->first = ki_arena_alloc(arena, (size_t)out->n_states + 1, sizeof *out->first);
    if (!out->first) return ki_fail_no_memory(err, in->name);
    for (int32_t state = 0; state < out->n_states; state++)
        out->first[state + 1] = out->first[state] + leave_state(out, state, NULL, NULL);
    size_t n_transitions = (size_t)out->first[out->n_states] + 1;
    out->target = ki_arena_alloc(arena, n_transitions, sizeof *out->target);
    out->cost = ki_arena_alloc(arena, n_transitions, sizeof *out->cost);
    if (!out->target || !out->cost) return ki_fail_no_memory(err, in->name);
    for (int32_t state = 0; state < out->n_states; state++)
        leave_state(out, state, out->target + out->first[state], out->cost + out->first[state]);
    return KERB_OK;
}

/* ---- Dijkstra -------------------------------------------------------------------------------- */

static void offer(heap *queue, int64_t *reached, int32_t state, int64_t cost) {
    if (cost >= reached[state]) return;
    reached[state] = cost;
    heap_push(queue, (label){cost, state});
}

static void run(const streets *at, heap *queue, int64_t *reached) {
    while (queue->n) {
        label next = heap_pop(queue);
        if (next.cost > reached[next.state]) continue;
        for (int32_t way = at->first[next.state]; way < at->first[next.state + 1]; way++)
            offer(queue, reached, at->target[way], next.cost + at->cost[way]);
    }
}

static void clear(int64_t *reached, int32_t n) {
    for (int32_t state = 0; state < n; state++)
        reached[state] = INSTANCE_BIG;
}

/* Reached states are links driven to their end; what is asked for is their start. */
static void take_back_pass(const bench_instance *in, int64_t *reached, int32_t n) {
    for (int32_t way = 0; way < n; way++)
        if (reached[way] < INSTANCE_BIG) reached[way] -= in->links[way / 2].pass;
}

static void from_place(const streets *at, heap *queue, int32_t place, int64_t *reached) {
    clear(reached, at->n_states);
    offer(queue, reached, place, 0);
    run(at, queue, reached);
}

static void from_link(const streets *at, heap *queue, int32_t link, int64_t *reached) {
    clear(reached, at->n_states);
    for (int32_t way = at->first[link]; way < at->first[link + 1]; way++)
        offer(queue, reached, at->target[way], at->cost[way]);
    run(at, queue, reached);
}

static void from_terminal(const streets *at, heap *queue, int32_t place, int64_t *reached) {
    clear(reached, at->n_states);
    for (int32_t way = 0; way < at->n_states; way++)
        if (instance_way_open(at->in, way) && instance_way_from(at->in, way) == place)
            offer(queue, reached, way, at->in->links[way / 2].pass);
    run(at, queue, reached);
}

/* reached: links driven to their end. */
static int64_t nearest_end(const streets *at, int32_t place, const int64_t *reached) {
    int64_t best = INSTANCE_BIG;
    for (int32_t way = 0; way < at->n_states; way++)
        if (instance_way_to(at->in, way) == place && reached[way] < best) best = reached[way];
    return best;
}

static void fill_terminals(instance_ways *out, const streets *at, heap *queue) {
    const bench_instance *in = at->in;
    for (int32_t terminal = 0; terminal < out->n_terminals; terminal++) {
        int64_t *reached = out->from_terminal + (size_t)terminal * (size_t)out->n;
        int32_t here = instance_terminal(in, terminal);
        from_terminal(at, queue, here, reached);
        for (int32_t other = 0; other < out->n_terminals; other++) {
            int32_t there = instance_terminal(in, other);
            out->between[terminal * out->n_terminals + other] =
                here == there ? 0 : nearest_end(at, there, reached);
        }
        take_back_pass(in, reached, out->n);
    }
}

static void fill_links(instance_ways *out, const streets *at, heap *queue) {
    size_t n = (size_t)out->n;
    for (size_t link = 0; link < n; link++) {
        int64_t *reached = out->cost + link * n;
        from_link(at, queue, (int32_t)link, reached);
        for (int32_t terminal = 0; terminal < out->n_terminals; terminal++) {
            int32_t place = instance_terminal(at->in, terminal);
            int there = instance_way_to(at->in, (int32_t)link) == place;
            out->to_terminal[(size_t)terminal * n + link] =
                there ? 0 : nearest_end(at, place, reached);
        }
        take_back_pass(at->in, reached, out->n);
    }
}

static void fill(instance_ways *out, const streets *at, heap *queue) {
    if (at->in->n_turns) {
        fill_terminals(out, at, queue);
        fill_links(out, at, queue);
        return;
    }
    for (int32_t place = 0; place < out->n; place++)
        from_place(at, queue, place, out->cost + (size_t)place * (size_t)out->n);
}

kerb_status instance_find_ways(instance_ways *out, ki_arena *arena, const bench_instance *in,
                               kerb_error *err) {
    streets at;
    KI_TRY(make_streets(&at, arena, in, err));
    size_t n = (size_t)at.n_states;
    heap queue = {.items =
                      ki_arena_alloc(arena, (size_t)at.first[at.n_states] + n + 1, sizeof(label))};
    size_t n_terminals = (size_t)in->n_tips + 1;
    *out = (instance_ways){.n = at.n_states,
                           .n_terminals = in->n_tips + 1,
                           .cost = ki_arena_alloc(arena, n * n, sizeof(int64_t)),
                           .from_terminal = ki_arena_alloc(arena, n_terminals * n, sizeof(int64_t)),
                           .to_terminal = ki_arena_alloc(arena, n_terminals * n, sizeof(int64_t)),
                           .between =
                               ki_arena_alloc(arena, n_terminals * n_terminals, sizeof(int64_t))};
    if (!queue.items || !out->cost || !out->from_terminal || !out->to_terminal || !out->between)
        return ki_fail_no_memory(err, in->name);
    fill(out, &at, &queue);
    return KERB_OK;
}
