/* SPDX-License-Identifier: GPL-3.0-or-later
 * The labelling against every trip of tiny nets, tried one by one. */
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on
#include "base/arena.h"
#include "master/random_routes.h"
#include "master/trip_labels.h"

enum { N_MODELS = 300, MOST_STEPS = 50000000, MOST_SETS = 6 };

typedef struct attempt {
    const ki_trip_net *net;
    int64_t least;
    uint32_t used; /* rows */
} attempt;

static int64_t price_of_sets(const ki_trip_net *net, uint32_t used) {
    int64_t price = 0;
    for (int32_t set = 0; net->subsets && set < net->subsets->n; set++) {
        int32_t visits = 0;
        for (int member = 0; member < KI_SUBSET_TASKS; member++)
            visits += (int32_t)(used >> net->subsets->rows[set][member] & 1);
        price += visits / 2 * net->subsets->price[set];
    }
    return price;
}

/* Elementary trips: every ng-route's least is at most theirs, and with as few tasks as a
 * neighbourhood holds it is theirs. */
static void go_on(attempt *at, int32_t node, int64_t cost, int32_t load) {
    const ki_trip_net *net = at->net;
    if (load > net->capacity) return;
    if (net->out_reduced[node] != KI_TRIP_NO) {
        int64_t whole = cost + net->out_reduced[node] + price_of_sets(net, at->used);
        if (whole < at->least) at->least = whole;
    }
    for (int32_t next = 0; next < net->n; next++) {
        int64_t arc = net->arc_reduced[node * net->n + next];
        if (arc == KI_TRIP_NO || at->used >> net->row[next] & 1) continue;
        at->used |= 1u << net->row[next];
        go_on(at, next, cost + arc, load + net->load[next]);
        at->used &= ~(1u << net->row[next]);
    }
}

static int64_t try_all(const ki_trip_net *net) {
    attempt at = {.net = net, .least = INT64_MAX};
    for (int32_t node = 0; node < net->n; node++) {
        if (net->in_reduced[node] == KI_TRIP_NO) continue;
        at.used = 1u << net->row[node];
        go_on(&at, node, net->in_reduced[node], net->load[node]);
    }
    return at.least;
}

static int64_t add_up(const ki_trip_net *net, const ki_trip_search *search, const ki_trip *trip) {
    const int32_t *nodes = search->nodes + trip->first;
    int64_t cost = net->in_reduced[nodes[0] - net->first_task];
    uint32_t used = 0;
    for (int32_t place = 0; place < trip->n; place++)
        used |= 1u << net->row[nodes[place] - net->first_task];
    cost += price_of_sets(net, used);
    for (int32_t place = 1; place < trip->n; place++)
        cost += net->arc_reduced[(nodes[place - 1] - net->first_task) * net->n + nodes[place] -
                                 net->first_task];
    return cost + net->out_reduced[nodes[trip->n - 1] - net->first_task];
}

static void draw_duals(ki_flow_duals *duals, const ki_flow *flow, ki_arena *arena, ki_rng *rng) {
    duals->task = ki_arena_alloc(arena, (size_t)flow->n_tasks + 1, sizeof *duals->task);
    duals->node = ki_arena_alloc(arena, (size_t)flow->n_nodes + 1, sizeof *duals->node);
    duals->hours = ki_arena_alloc(arena, (size_t)flow->n_layers + 1, sizeof *duals->hours);
    duals->overtime = ki_arena_alloc(arena, (size_t)flow->n_layers + 1, sizeof *duals->overtime);
    duals->charge = ki_arena_alloc(arena, (size_t)flow->n_layers + 1, sizeof *duals->charge);
    duals->trips = ki_arena_alloc(arena, (size_t)flow->n_layers + 1, sizeof *duals->trips);
    for (int32_t row = 0; row < flow->n_tasks; row++)
        duals->task[row] = random_in(rng, 0, 30000000);
    for (int32_t node = 0; node < flow->n_nodes; node++)
        duals->node[node] = random_in(rng, -5000000, 5000000);
    for (int32_t layer = 0; layer < flow->n_layers; layer++)
        duals->hours[layer] = random_in(rng, 0, 20 * KI_FLOW_ONE),
        duals->charge[layer] = random_in(rng, 0, 20 * KI_FLOW_ONE),
        duals->trips[layer] = random_in(rng, -5000000, 5000000);
}

static void draw_sets(ki_subset_rows *sets, int32_t n_tasks, ki_arena *arena, ki_rng *rng) {
    *sets = (ki_subset_rows){.n = 0};
    sets->of_row = ki_arena_alloc(arena, (size_t)n_tasks + 1, sizeof *sets->of_row);
    while (n_tasks >= KI_SUBSET_TASKS && sets->n < MOST_SETS) {
        int32_t *rows = sets->rows[sets->n];
        rows[0] = (int32_t)random_in(rng, 0, n_tasks - 3);
        rows[1] = (int32_t)random_in(rng, rows[0] + 1, n_tasks - 2);
        rows[2] = (int32_t)random_in(rng, rows[1] + 1, n_tasks - 1);
        for (int member = 0; member < KI_SUBSET_TASKS; member++)
            sets->of_row[rows[member]] |= UINT64_C(1) << sets->n;
        sets->price[sets->n++] = random_in(rng, 0, 20000000);
    }
}

static void compare(ki_trip_search *search, ki_trip_net *net, const ki_flow_duals *duals,
                    const ki_cut_prices *cuts, int *n_compared) {
    for (int32_t number = 0; ki_trip_class(net, number) >= 0; number++) {
        ki_trip_net_price(net, duals, cuts, ki_trip_class(net, number));
        assert_int_equal(
            ki_trip_search_run(search, net, KI_TRIP_EXACT, INT64_MAX, 20, MOST_STEPS, NULL),
            KERB_OK);
        assert_true(search->complete);
        assert_int_equal(search->least_nano, try_all(net));
        for (int32_t trip = 0; trip < search->n_trips; trip++) {
            assert_int_equal(add_up(net, search, &search->trips[trip]),
                             search->trips[trip].reduced_nano);
            assert_true(trip == 0 ||
                        search->trips[trip].reduced_nano >= search->trips[trip - 1].reduced_nano);
        }
        ++*n_compared;
    }
}

static void least_reduced_cost_is_that_of_all_trips(void **state) {
    (void)state;
    ki_trip_search search = {0};
    int n_compared = 0;
    for (uint64_t seed = 1; seed <= N_MODELS; seed++) {
        ki_rng rng;
        ki_rng_seed(&rng, seed, 5);
        random_model_options options = random_options(seed, 2 + (int32_t)(seed % 5), &rng);
        ki_model *model = random_model_new(&options);
        ki_arena arena = {0};
        ki_flow flow;
        ki_flow_type *kinds;
        ki_flow_duals duals = {0};
        ki_cut_prices cuts;
        assert_int_equal(ki_flow_types(&kinds, model, &arena, NULL), KERB_OK);
        uint64_t types = ((uint64_t)1 << model->n_types) - 1;
        assert_int_equal(
            ki_flow_build(&flow, model, kinds, types, &(ki_flow_limits){1000, 1000}, &arena, NULL),
            KERB_OK);
        draw_duals(&duals, &flow, &arena, &rng);
        assert_int_equal(ki_cut_prices_make(&cuts, &flow, NULL, 0, NULL, &arena, NULL), KERB_OK);
        for (int32_t layer = 0; layer < flow.n_layers; layer++) {
            ki_trip_net net;
            assert_int_equal(ki_trip_net_build(&net, &flow, layer, &arena, NULL), KERB_OK);
            compare(&search, &net, &duals, &cuts, &n_compared);
            ki_subset_rows sets;
            draw_sets(&sets, flow.n_tasks, &arena, &rng);
            net.subsets = &sets;
            compare(&search, &net, &duals, &cuts, &n_compared);
        }
        ki_arena_free(&arena);
        random_model_free(model);
    }
    assert_true(n_compared > N_MODELS);
    ki_trip_search_free(&search);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(least_reduced_cost_is_that_of_all_trips),
    };
    return cmocka_run_group_tests_name("trip labels", tests, NULL, NULL);
}
