/* SPDX-License-Identifier: GPL-3.0-or-later
 * The order of arcs: whole, the same every time, and cut where the fewest streets are. */
#include "base/alloc.h"
#include "base/rng.h"
#include "random_town.h"
#include "road/dissect.h"
#include "road/dissect_cut.h"

#include <string.h>

static int32_t *ranks_of(ki_graph *graph) {
    const int32_t *ranks;
    int32_t *owned;
    struct ki_arc_order *kept = graph->arc_order;
    graph->arc_order = NULL; /* worked out anew */
    assert_int_equal(ki_arc_ranks(&ranks, &owned, graph, NULL), KERB_OK);
    assert_ptr_equal(ranks, owned);
    graph->arc_order = kept;
    return owned;
}

static void every_arc_but_loops_has_a_rank_of_its_own_the_same_every_time(void **state) {
    (void)state;
    int32_t n_loops = 0;
    for (uint64_t seed = 0; seed < 100; seed++) {
        ki_rng rng;
        ki_rng_seed(&rng, seed, 21);
        ki_graph *graph = random_town(&rng);
        size_t n_arcs = (size_t)graph->n_arcs;
        int32_t *ranks[2] = {ranks_of(graph), ranks_of(graph)};
        uint8_t *taken = ki_alloc_zero(n_arcs + 1, 1);
        for (int32_t arc = 0; arc < graph->n_arcs; arc++) {
            int is_loop = ki_arc_from(graph, arc) == ki_arc_to(graph, arc);
            n_loops += is_loop;
            assert_int_equal(is_loop, ranks[0][arc] == graph->n_arcs);
            assert_true(is_loop || !taken[ranks[0][arc]]);
            taken[ranks[0][arc]] = 1;
        }
        assert_memory_equal(ranks[0], ranks[1], n_arcs * sizeof(int32_t));
        ki_free(taken);
        ki_free(ranks[0]);
        ki_free(ranks[1]);
        ki_graph_free(graph);
    }
    assert_true(n_loops > 10);
}

static void the_order_is_kept_with_the_graph(void **state) {
    (void)state;
    const int32_t *ranks[2];
    int32_t *owned;
    ki_graph *graph = grid_city(5);
    for (int run = 0; run < 2; run++) {
        assert_int_equal(ki_arc_ranks(&ranks[run], &owned, graph, NULL), KERB_OK);
        assert_null(owned);
    }
    assert_ptr_equal(ranks[0], ranks[1]);
    ki_graph_free(graph);
}

/* Two cities with one street between them: its two arcs stand above all others. */
static void the_only_street_between_two_halves_is_at_the_top(void **state) {
    (void)state;
    road_town town = town_new(9, 411000000);
    for (int64_t row = 0; row < 4; row++) {
        int64_t west = row * 9 + 1, refs[2][4] = {{west, west + 1, west + 2, west + 3},
                                                  {west + 5, west + 6, west + 7, west + 8}};
        town_way(&town, 10 + 2 * row, NULL, refs[0], 4);
        town_way(&town, 11 + 2 * row, NULL, refs[1], 4);
    }
    for (int64_t column = 1; column <= 9; column++) {
        int64_t refs[4] = {column, column + 9, column + 18, column + 27};
        if (column != 5) town_way(&town, 20 + column, NULL, refs, 4);
    }
    int64_t bridge[2] = {13, 15};
    town_way(&town, 99, NULL, bridge, 2);
    ki_graph *graph = town_build(&town);
    int32_t *ranks = ranks_of(graph);
    for (int32_t arc = 0; arc < graph->n_arcs; arc++)
        assert_int_equal(ki_arc_way(graph, arc)->osm_id == 99, ranks[arc] < 2);
    ki_free(ranks);
    ki_graph_free(graph);
}

/* ---- cuts ------------------------------------------------------------------------------ */

/* The least over all ways to put the free junctions on either side. */
static int32_t least_by_trying(const ki_graph *graph, const uint8_t *end) {
    int32_t least = INT32_MAX;
    for (uint32_t sides = 0; sides < 1u << graph->n_nodes; sides++) {
        int32_t n_cut = 0, is_allowed = 1;
        for (int32_t node = 0; node < graph->n_nodes; node++) {
            int is_far = sides >> node & 1;
            is_allowed &= end[node] != (is_far ? KI_CUT_SOURCE : KI_CUT_SINK);
        }
        for (int32_t edge = 0; edge < graph->n_edges && is_allowed; edge++)
            n_cut += ((sides >> graph->edges[edge].from ^ sides >> graph->edges[edge].to) & 1) != 0;
        if (is_allowed && n_cut < least) least = n_cut;
    }
    return least;
}

static void compare_cut(const ki_graph *graph, ki_rng *rng, int64_t *n_cut_all) {
    ki_street_map map = {graph, ki_alloc_zero((size_t)graph->n_arcs, sizeof(int32_t)),
                         ki_alloc_zero((size_t)graph->n_nodes, sizeof(int32_t))};
    int32_t junctions[16], n_across = 0;
    ki_cut cut = {0};
    assert_int_equal(ki_cut_new(&cut, graph), 0);
    for (int32_t out = 0; out < graph->n_arcs; out++)
        map.head[out] = ki_arc_to(graph, graph->out_arcs[out]);
    for (int32_t node = 0; node < graph->n_nodes; node++) {
        junctions[node] = node;
        cut.end[node] = (uint8_t)(ki_rng_below(rng, 2) ? ki_rng_below(rng, 3) : KI_CUT_FREE);
    }
    int32_t found = ki_cut_find(&cut, &map, junctions, graph->n_nodes, 1000);
    assert_int_equal(found, least_by_trying(graph, cut.end));
    for (int32_t edge = 0; edge < graph->n_edges; edge++)
        n_across +=
            (cut.level[graph->edges[edge].from] < 0) != (cut.level[graph->edges[edge].to] < 0);
    assert_int_equal(n_across, found);
    *n_cut_all += found;
    ki_free(map.head);
    ki_free(map.cell);
    ki_cut_free(&cut);
}

static void a_cut_is_the_least_there_is(void **state) {
    (void)state;
    int64_t n_cut_all = 0;
    for (uint64_t seed = 0; seed < 300; seed++) {
        ki_rng rng;
        ki_rng_seed(&rng, seed, 22);
        ki_graph *graph = random_town(&rng);
        if (graph->n_nodes > 0 && graph->n_nodes <= 12) compare_cut(graph, &rng, &n_cut_all);
        ki_graph_free(graph);
    }
    assert_true(n_cut_all > 100);
}

static void out_of_memory_is_an_error_wherever_it_strikes(void **state) {
    (void)state;
    ki_graph *graph = grid_city(6);
    kerb_status status = KERB_NO_MEMORY;
    int nth = 1;
    for (; status != KERB_OK && nth < 100; nth++) {
        const int32_t *ranks;
        int32_t *owned;
        ki_alloc_fail_at(nth);
        status = ki_arc_ranks(&ranks, &owned, graph, NULL);
        ki_alloc_fail_at(0);
        assert_true(status == KERB_OK || status == KERB_NO_MEMORY);
    }
    assert_int_equal(status, KERB_OK);
    assert_true(nth > 15);
    ki_graph_free(graph);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_arc_but_loops_has_a_rank_of_its_own_the_same_every_time),
        cmocka_unit_test(the_order_is_kept_with_the_graph),
        cmocka_unit_test(the_only_street_between_two_halves_is_at_the_top),
        cmocka_unit_test(a_cut_is_the_least_there_is),
        cmocka_unit_test(out_of_memory_is_an_error_wherever_it_strikes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
