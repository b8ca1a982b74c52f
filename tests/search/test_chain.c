/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a chain says of pieces is what ki_route_evaluate says of the route made from them. */
#include "search/chain.h"

#include "base/error.h"
#include "route/random_model.h"
#include "search/insert.h"
#include "search/local_search.h"
#include "search/ruin.h"
#include "search/search.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { N_MODELS = 60 };

typedef struct fixture {
    ki_model *model;
    ki_work work;
    ki_ruin ruin;
    ki_rng rng;
} fixture;

/* A model with some routes: what construction makes of it. */
static void open_fixture(fixture *f, uint64_t seed) {
    kerb_error err;
    ki_rng_seed(&f->rng, seed, 13);
    random_model_options options = {.seed = seed,
                                    .n_tasks = random_in(&f->rng, 5, 25),
                                    .n_types = random_in(&f->rng, 1, 2),
                                    .n_shifts = 3,
                                    .n_tips = random_in(&f->rng, 1, 3),
                                    .windows = (int)ki_rng_below(&f->rng, 2),
                                    .optional = 1,
                                    .start_loads = (int)ki_rng_below(&f->rng, 2),
                                    .breaks = (int32_t)(seed % 3),
                                    .releases = seed % 3 == 0,
                                    .batteries = seed % 2 == 0,
                                    .posts = seed % 4 == 0 ? 2 : 0,
                                    .levels = seed % 8 != 0,
                                    .sequences = seed % 5 < 2,
                                    .compact = seed % 3 != 1};
    f->model = random_model_new(&options);
    for (int32_t type = 0; seed % 5 == 0 && type < f->model->n_types; type++) {
        f->model->types[type].most_total = 2 * f->model->types[type].capacity[0];
        f->model->types[type].most_tasks = 6;
    }
    assert_int_equal(ki_work_init(&f->work, f->model, &err), KERB_OK);
    assert_int_equal(ki_ruin_init(&f->ruin, &f->work, &err), KERB_OK);
    assert_int_equal(ki_work_find_neighbours(&f->work, 100, &err), KERB_OK);
    ki_rng_seed(&f->work.rng, seed, 1);
    ki_ruin_construct(&f->ruin, &f->work);
    ki_work_keep(&f->work);
}

static void close_fixture(fixture *f) {
    ki_work_free(&f->work);
    random_model_free(f->model);
}

static int64_t exact(const ki_model *model, int32_t type, ki_stop *stops, int32_t n_stops) {
    ki_route route = {type, n_stops, stops};
    ki_route_value value;
    ki_route_evaluate(model, &route, &value, NULL);
    return value.feasible ? value.cost_nano : KI_NO_COST;
}

static int32_t copy_nodes(const ki_line *line, int32_t first, int32_t last, ki_stop *out) {
    int32_t n = 0;
    for (int32_t at = first; at <= last; at++)
        out[n++] = line->nodes[at].stop;
    return n;
}

/* An option, or one of the part charges of its sort. */
static int32_t random_option(fixture *f, const ki_type *type, int32_t first, int32_t n,
                             int32_t first_level, int32_t n_levels) {
    if (n_levels && ki_rng_below(&f->rng, 2)) {
        first = first_level;
        n = n_levels;
    }
    return type->first_tip + first + random_in(&f->rng, 0, n - 1);
}

static ki_stop random_stop(fixture *f, int32_t type) {
    const ki_type *kind = &f->model->types[type];
    if (kind->n_break_options && ki_rng_below(&f->rng, 4) == 0)
        return (ki_stop){KI_BREAK, random_in(&f->rng, 0, kind->n_break_options - 1), 0};
    if (ki_rng_below(&f->rng, 4) == 0)
        return (ki_stop){KI_TIP,
                         random_option(f, kind, 0, kind->n_tips, kind->n_tips + kind->n_posts,
                                       kind->n_tip_levels),
                         0};
    if (kind->n_posts && ki_rng_below(&f->rng, 3) == 0)
        return (ki_stop){KI_POST,
                         random_option(f, kind, kind->n_tips, kind->n_posts,
                                       kind->n_tips + kind->n_posts + kind->n_tip_levels,
                                       kind->n_post_levels),
                         0};
    int32_t task = random_in(&f->rng, 0, f->model->n_tasks - 1);
    const ki_task *chosen = &f->model->tasks[task];
    return (ki_stop){task, chosen->first_mode + random_in(&f->rng, 0, chosen->n_modes - 1), 0};
}

/* Any head of one route, up to two stops, any piece, any tail of a route of the type. */
static void pieces_cost_what_the_whole_costs(void **state) {
    (void)state;
    int n_possible = 0, n_impossible = 0, n_with_breaks = 0, n_charged = 0, n_posts = 0,
        n_parts = 0;
    for (uint64_t seed = 1; seed <= N_MODELS; seed++) {
        fixture f;
        open_fixture(&f, seed);
        for (int trial = 0; trial < 300 && f.work.n_high > 0; trial++) {
            const ki_line *a = &f.work.slots[random_in(&f.rng, 0, f.work.n_high - 1)].now;
            const ki_line *b = &f.work.slots[random_in(&f.rng, 0, f.work.n_high - 1)].now;
            if (!a->n_nodes || !b->n_nodes || a->type != b->type) continue;
            int32_t head = random_in(&f.rng, 0, a->n_nodes - 2);
            int32_t tail = random_in(&f.rng, 1, b->n_nodes - 2);
            if (tail + b->nodes[tail].to_tip == b->n_nodes - 1) continue; /* breaks, and no tip */
            ki_stop stops[200];
            ki_chain chain;
            int32_t n_stops = copy_nodes(a, 1, head, stops);
            ki_chain_from(&chain, f.model, a, head);
            for (int32_t added = random_in(&f.rng, 0, 2); added > 0; added--) {
                stops[n_stops] = random_stop(&f, a->type);
                ki_chain_stop(&chain, &stops[n_stops++]);
            }
            if (ki_rng_below(&f.rng, 2)) {
                int32_t first = random_in(&f.rng, 1, b->n_nodes - 2);
                int32_t last = random_in(&f.rng, first, b->n_nodes - 2);
                n_stops += copy_nodes(b, first, last, stops + n_stops);
                ki_chain_piece(&chain, b, first, last);
            }
            ki_chain_rest(&chain, b, tail);
            n_stops += copy_nodes(b, tail, b->n_nodes - 2, stops + n_stops);
            int64_t expected = exact(f.model, a->type, stops, n_stops);
            assert_int_equal(ki_chain_cost(&chain), expected);
            n_possible += expected != KI_NO_COST;
            n_with_breaks += expected != KI_NO_COST && chain.n_breaks > 0;
            for (int32_t stop = 0; stop < n_stops && expected != KI_NO_COST; stop++) {
                n_charged += ki_stop_charges(f.model, &stops[stop]);
                n_posts += stops[stop].task == KI_POST;
                n_parts += ki_stop_charges(f.model, &stops[stop]) &&
                           f.model->tips[stops[stop].mode].short_nwh > 0;
            }
            n_impossible += expected == KI_NO_COST;
        }
        close_fixture(&f);
    }
    assert_true(n_possible > 500 && n_impossible > 500 && n_with_breaks > 300);
    assert_true(n_charged > 200 && n_posts > 100 && n_parts > 100);
}

/* The best of all plain insertions, found the slow way. */
static int64_t slow_insertion(const fixture *f, int32_t task, const ki_line *line) {
    int64_t best = KI_NO_COST;
    const ki_task *wanted = &f->model->tasks[task];
    for (int32_t mode = wanted->first_mode; mode < wanted->first_mode + wanted->n_modes; mode++)
        for (int32_t at = 0; at + 1 < line->n_nodes; at++) {
            ki_stop stops[200];
            int32_t n_stops = copy_nodes(line, 1, at, stops);
            stops[n_stops++] = (ki_stop){task, mode, 0};
            n_stops += copy_nodes(line, at + 1, line->n_nodes - 2, stops + n_stops);
            int64_t cost = exact(f->model, line->type, stops, n_stops);
            if (cost != KI_NO_COST && cost - line->cost_nano < best) best = cost - line->cost_nano;
        }
    return best;
}

static void no_insertion_is_overlooked_and_each_costs_what_it_says(void **state) {
    (void)state;
    int n_applied = 0, n_with_tip = 0;
    for (uint64_t seed = 1; seed <= 10 * N_MODELS; seed++) {
        fixture f;
        open_fixture(&f, seed);
        for (int32_t index = 0; index < f.work.n_absent; index++)
            for (int32_t slot = 0; slot < f.work.n_high; slot++) {
                ki_insertion best = {.delta_nano = KI_NO_COST, .type = -1};
                if (!f.work.slots[slot].now.n_nodes) continue;
                ki_insert_scan(&f.work, f.work.absent[index], slot, 0, &best);
                assert_true(best.delta_nano <=
                            slow_insertion(&f, f.work.absent[index], &f.work.slots[slot].now));
                if (best.type < 0) continue;
                int64_t before = f.work.routes_nano;
                if (best.settle) continue; /* a guess */
                assert_true(ki_insert_apply(&f.work, &best));
                assert_int_equal(f.work.routes_nano - before, best.delta_nano);
                ki_work_undo(&f.work);
                assert_int_equal(f.work.routes_nano, before);
                n_applied++;
                n_with_tip += best.n_stops > 1;
            }
        close_fixture(&f);
    }
    assert_true(n_applied > 100);
    assert_true(n_with_tip > 10);
}

/* Every sum the search keeps is what adding up from nothing gives. */
static void assert_sums(const fixture *f) {
    int64_t routes_nano = 0, absent_nano = 0;
    for (int32_t slot = 0; slot < f->work.n_high; slot++) {
        const ki_line *line = &f->work.slots[slot].now;
        ki_stop stops[200];
        if (!line->n_nodes) continue;
        int32_t n_stops = ki_line_stops(line, stops);
        assert_int_equal(exact(f->model, line->type, stops, n_stops), line->cost_nano);
        routes_nano += line->cost_nano;
    }
    for (int32_t task = 0; task < f->model->n_tasks; task++) {
        int32_t slot = f->work.where[task];
        if (slot < 0)
            absent_nano += ki_cost_left_out(f->model, task);
        else
            assert_int_equal(f->work.slots[slot].now.nodes[f->work.place[task]].stop.task, task);
    }
    assert_int_equal(f->work.routes_nano, routes_nano);
    assert_int_equal(f->work.absent_nano, absent_nano);
}

static void ruin_and_recreate_keeps_its_sums_and_undo_restores_them(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= N_MODELS; seed++) {
        fixture f;
        open_fixture(&f, seed);
        for (int round = 0; round < 30; round++) {
            int64_t before = ki_work_cost(&f.work);
            ki_ruin_strings(&f.ruin, &f.work);
            assert_sums(&f);
            ki_ruin_recreate(&f.ruin, &f.work, 1);
            assert_sums(&f);
            if (ki_rng_below(&f.rng, 2)) {
                ki_work_undo(&f.work);
                assert_int_equal(ki_work_cost(&f.work), before);
                assert_sums(&f);
            } else {
                ki_work_keep(&f.work);
            }
        }
        close_fixture(&f);
    }
}

static void the_local_search_only_ever_gets_cheaper_and_keeps_its_sums(void **state) {
    (void)state;
    int n_better = 0;
    for (uint64_t seed = 1; seed <= N_MODELS; seed++) {
        fixture f;
        open_fixture(&f, seed);
        for (int round = 0; round < 5; round++) {
            ki_ruin_strings(&f.ruin, &f.work);
            ki_ruin_recreate(&f.ruin, &f.work, 1);
            int64_t before = ki_work_cost(&f.work);
            ki_local_search(&f.work);
            assert_true(ki_work_cost(&f.work) <= before);
            n_better += ki_work_cost(&f.work) < before;
            assert_sums(&f);
            ki_work_keep(&f.work);
        }
        close_fixture(&f);
    }
    assert_true(n_better > 50);
}

/* Two routes cut anywhere, tails exchanged, a piece between: made at the price that was named. */
static void a_move_is_made_at_its_price(void **state) {
    (void)state;
    int n_made = 0;
    for (uint64_t seed = 1; seed <= 4 * N_MODELS; seed++) {
        fixture f;
        open_fixture(&f, seed);
        for (int trial = 0; trial < 50 && f.work.n_high > 1; trial++) {
            int32_t a = random_in(&f.rng, 0, f.work.n_high - 1);
            int32_t b = random_in(&f.rng, 0, f.work.n_high - 1);
            const ki_line *one = &f.work.slots[a].now, *two = &f.work.slots[b].now;
            if (a == b || !one->n_nodes || !two->n_nodes || one->type != two->type) continue;
            int32_t i = random_in(&f.rng, 0, one->n_nodes - 2);
            int32_t j = random_in(&f.rng, 1, two->n_nodes - 2);
            ki_recipe recipes[2] = {{a, i, 0, {{0}}, b, j}, {b, j - 1, 0, {{0}}, a, i + 1}};
            if (i + 1 >= one->n_nodes - 1) continue;
            int64_t first = ki_recipe_price(&f.work, &recipes[0]);
            int64_t second = ki_recipe_price(&f.work, &recipes[1]);
            int64_t old_nano = one->cost_nano + two->cost_nano;
            int pays = first != KI_NO_COST && second != KI_NO_COST && first + second < old_nano;
            assert_int_equal(ki_recipes_try(&f.work, recipes, 2), pays);
            int64_t now_nano =
                (one->n_nodes ? one->cost_nano : 0) + (two->n_nodes ? two->cost_nano : 0);
            assert_int_equal(now_nano, pays ? first + second : old_nano);
            assert_sums(&f);
            n_made += pays;
            ki_work_keep(&f.work);
        }
        close_fixture(&f);
    }
    assert_true(n_made > 20);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_cost_what_the_whole_costs),
        cmocka_unit_test(no_insertion_is_overlooked_and_each_costs_what_it_says),
        cmocka_unit_test(ruin_and_recreate_keeps_its_sums_and_undo_restores_them),
        cmocka_unit_test(the_local_search_only_ever_gets_cheaper_and_keeps_its_sums),
        cmocka_unit_test(a_move_is_made_at_its_price),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
