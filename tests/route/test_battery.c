/* SPDX-License-Identifier: GPL-3.0-or-later
 * Batteries: how long charging takes, and which tips of a route become charges. */
#include "route/battery.h"

#include "route/random_model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* The oracle integrates the curve in small steps of energy. */
static double integrated_ms(const ki_type *type, const ki_tip *tip, int64_t used_nwh) {
    enum { STEPS = 20000 };
    double level = (double)(type->full_nwh - used_nwh), step = (double)used_nwh / STEPS, ms = 0;
    for (int at = 0; at < STEPS; at++, level += step) {
        double power_mw = (double)tip->charge_mw;
        for (int32_t part = 0; part < type->n_charge_parts; part++)
            if ((double)type->charge_parts[part].from_nwh <= level + step / 2 &&
                (double)type->charge_parts[part].most_mw < power_mw)
                power_mw = (double)type->charge_parts[part].most_mw;
        ms += step * 1e-9 / (power_mw * 1e-3) * 3600e3;
    }
    return ms;
}

static void a_charge_takes_as_long_as_the_curve_says(void **state) {
    (void)state;
    ki_rng rng;
    ki_rng_seed(&rng, 5, 1);
    for (int round = 0; round < 200; round++) {
        ki_type type = {0};
        ki_tip tip = {.charge_mw = random_in(&rng, 3000, 30000)};
        random_battery(&type, &rng);
        for (int32_t part = 1; part < type.n_charge_parts; part++) /* they only fall */
            if (type.charge_parts[part].most_mw > type.charge_parts[part - 1].most_mw)
                type.charge_parts[part].most_mw = type.charge_parts[part - 1].most_mw;
        int64_t used_nwh = type.full_nwh / 100 * random_in(&rng, 0, 100);
        double expected_ms = integrated_ms(&type, &tip, used_nwh);
        double ms = (double)ki_charge_ms(&type, &tip, used_nwh);
        assert_true(ms > expected_ms * 0.999 - 1 && ms < expected_ms * 1.001 + 5);
    }
    ki_type type = {.full_nwh = 1000000000, .n_charge_parts = 1};
    type.charge_parts[0].most_mw = 500;
    ki_tip tip = {.charge_mw = 1000000};
    assert_int_equal(ki_charge_ms(&type, &tip, 0), 0);
    assert_int_equal(ki_charge_ms(&type, &tip, 1000000000), 7200000); /* 1 Wh at half a watt */
    assert_int_equal(ki_charge_ms(&type, &tip, 2000000000), 7200000); /* more than there is */
    type.charge_parts[0].most_mw = 1;
    type.full_nwh = (int64_t)1 << 50;
    assert_int_equal(ki_charge_ms(&type, &tip, type.full_nwh), (int64_t)1 << 30);
}

/* ---- which tips charge ----------------------------------------------------------------------- */

enum { MOST_STOPS = 12 };

static int32_t random_stops(const ki_model *model, int32_t type, ki_rng *rng, ki_stop *stops) {
    const ki_type *kind = &model->types[type];
    int32_t n = random_in(rng, 2, MOST_STOPS - 1);
    for (int32_t at = 0; at < n; at++) {
        int is_tip = at == n - 1 || ki_rng_below(rng, 2);
        int32_t task = random_in(rng, 0, model->n_tasks - 1);
        stops[at] =
            is_tip ? (ki_stop){KI_TIP, kind->first_tip + random_in(rng, 0, kind->n_tips - 1), 0}
                   : (ki_stop){task, model->tasks[task].first_mode, 0};
    }
    return n;
}

/* What a choice charges in all, in ms of the vehicle's time; -1: the battery does not last. */
static int64_t judge_choice(const ki_model *model, int32_t type, ki_stop *stops, int32_t n_stops,
                            uint32_t choice, int *n_charges, int64_t *last_nwh) {
    ki_stop_time times[MOST_STOPS];
    ki_route route = {type, n_stops, stops};
    ki_route_value value;
    *n_charges = 0;
    for (int32_t at = 0; at < n_stops; at++) {
        if (stops[at].task != KI_TIP) continue;
        stops[at].mode = ki_tip_twin(model, type, stops[at].mode, (int)(choice >> at & 1));
        if (stops[at].mode < 0) return -1;
        *n_charges += (int)(choice >> at & 1);
    }
    ki_route_evaluate(model, &route, &value, times);
    int64_t sum_ms = 0;
    *last_nwh = 0;
    for (int32_t at = 0; at < n_stops; at++)
        sum_ms += times[at].charge_ms;
    *last_nwh = times[n_stops - 1].used_nwh;
    return value.flat_nwh ? -1 : sum_ms;
}

static int has_charge(const ki_stop *stops, int32_t n_stops, uint32_t choice) {
    for (int32_t at = 0; at < n_stops; at++)
        if ((choice >> at & 1) && stops[at].task != KI_TIP) return 0;
    return 1;
}

/* Against every choice: as few charges, and the last of them as early as it may be, since then the
 * most is left to be used. */
static void charges_are_as_few_and_as_early_as_may_be(void **state) {
    (void)state;
    int n_none = 0, n_some = 0, n_impossible = 0;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        ki_rng rng;
        ki_rng_seed(&rng, seed, 3);
        random_model_options options = {
            .seed = seed, .n_tasks = 8, .n_types = 2, .n_shifts = 1, .n_tips = 2, .batteries = 1};
        ki_model *model = random_model_new(&options);
        for (int trial = 0; trial < 20; trial++) {
            ki_stop stops[MOST_STOPS], tried[MOST_STOPS];
            int32_t type = random_in(&rng, 0, 1), n = random_stops(model, type, &rng, stops);
            int fewest = 99, n_charges;
            int64_t most_used_nwh = -1, last_nwh;
            for (uint32_t choice = 0; choice < 1u << n; choice++) {
                memcpy(tried, stops, sizeof tried);
                if (!has_charge(stops, n, choice)) continue;
                if (judge_choice(model, type, tried, n, choice, &n_charges, &last_nwh) < 0)
                    continue;
                if (n_charges < fewest) most_used_nwh = -1;
                if (n_charges <= fewest && last_nwh > most_used_nwh) most_used_nwh = last_nwh;
                if (n_charges < fewest) fewest = n_charges;
            }
            int settled = ki_charges_settle(model, type, stops, n, n) == n;
            assert_int_equal(settled, fewest < 99);
            uint32_t choice = 0;
            for (int32_t at = 0; at < n; at++)
                choice |= (uint32_t)ki_stop_charges(model, &stops[at]) << at;
            n_impossible += !settled;
            if (!settled) {
                assert_int_equal(choice, 0);
                continue;
            }
            assert_true(judge_choice(model, type, stops, n, choice, &n_charges, &last_nwh) >= 0);
            assert_int_equal(n_charges, fewest);
            assert_int_equal(last_nwh, most_used_nwh);
            n_none += fewest == 0;
            n_some += fewest > 0;
        }
        random_model_free(model);
    }
    assert_true(n_none > 50 && n_some > 50 && n_impossible > 50);
}

/* ---- posts ----------------------------------------------------------------------------------- */

enum { FEW_STOPS = 6 };

/* What driving and the spell cost; -1: the battery does not last. */
static int64_t price_of(const ki_model *model, int32_t type, ki_stop *stops, int32_t n_stops) {
    const ki_type *kind = &model->types[type];
    ki_route route = {type, n_stops, stops};
    ki_route_value value;
    ki_route_evaluate(model, &route, &value, NULL);
    if (value.flat_nwh) return -1;
    return value.length_mm * kind->nano_per_mm +
           value.spell_ms * (kind->nano_per_ms > 0 ? kind->nano_per_ms : 1);
}

/* Every choice of tips that charge and of the one post in front of a stop. */
static int64_t cheapest_choice(const ki_model *model, int32_t type, const ki_stop *stops,
                               int32_t n_stops) {
    int32_t post = model->types[type].first_tip + model->types[type].n_tips;
    int64_t best = -1;
    for (uint32_t choice = 0; choice < 1u << 2 * n_stops; choice++) {
        ki_stop tried[2 * MOST_STOPS];
        int32_t n = 0;
        int makes_sense = 1;
        for (int32_t at = 0; at < n_stops; at++) {
            int charges = choice >> (2 * at) & 1, by_post = choice >> (2 * at + 1) & 1;
            if (by_post) tried[n++] = (ki_stop){KI_POST, post, 0};
            tried[n] = stops[at];
            if (stops[at].task == KI_TIP)
                tried[n].mode = ki_tip_twin(model, type, stops[at].mode, charges);
            makes_sense &= stops[at].task == KI_TIP ? tried[n].mode >= 0 : !charges;
            n++;
        }
        int64_t price = makes_sense ? price_of(model, type, tried, n) : -1;
        if (price >= 0 && (best < 0 || price < best)) best = price;
    }
    return best;
}

static void posts_and_tips_that_charge_are_the_cheapest_choice(void **state) {
    (void)state;
    int n_none = 0, n_by_post = 0, n_by_tip = 0, n_impossible = 0;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        ki_rng rng;
        ki_rng_seed(&rng, seed, 4);
        random_model_options options = {.seed = seed,
                                        .n_tasks = 8,
                                        .n_types = 2,
                                        .n_shifts = 1,
                                        .n_tips = 2,
                                        .batteries = 1,
                                        .posts = 1};
        ki_model *model = random_model_new(&options);
        for (int32_t at = 0; seed % 3 == 0 && at < model->n_types; at++) {
            model->types[at].battery_nwh /= 6; /* too small for some legs */
            model->types[at].used_nwh = 0;
        }
        for (int trial = 0; trial < 20; trial++) {
            ki_stop stops[MOST_STOPS + KI_MAX_POSTS];
            int32_t type = random_in(&rng, 0, 1), n = random_stops(model, type, &rng, stops);
            if (n > FEW_STOPS) n = FEW_STOPS;
            stops[n - 1] = (ki_stop){KI_TIP, model->types[type].first_tip, 0};
            ki_route route = {type, n, stops};
            ki_route_value value;
            ki_route_evaluate(model, &route, &value, NULL);
            if (value.late_ms > INT32_MAX) continue; /* no way: legs that are not there */
            int64_t best = cheapest_choice(model, type, stops, n);
            memmove(stops + 1, stops, (size_t)n * sizeof *stops);
            stops[0] = (ki_stop){KI_POST, model->types[type].first_tip + model->types[type].n_tips,
                                 0}; /* one of before is left out */
            int32_t n_settled =
                ki_charges_settle(model, type, stops, n + 1, MOST_STOPS + KI_MAX_POSTS);
            n_impossible += n_settled < 0;
            assert_int_equal(n_settled < 0, best < 0);
            if (n_settled < 0) continue;
            assert_int_equal(price_of(model, type, stops, n_settled), best);
            int n_posts = 0, n_tips = 0;
            for (int32_t at = 0; at < n_settled; at++) {
                n_posts += stops[at].task == KI_POST;
                n_tips += stops[at].task == KI_TIP && ki_stop_charges(model, &stops[at]);
            }
            n_none += n_posts + n_tips == 0;
            n_by_post += n_posts > 0;
            n_by_tip += n_tips > 0;
        }
        random_model_free(model);
    }
    assert_true(n_none > 50 && n_by_post > 50 && n_by_tip > 20 && n_impossible > 10);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_charge_takes_as_long_as_the_curve_says),
        cmocka_unit_test(charges_are_as_few_and_as_early_as_may_be),
        cmocka_unit_test(posts_and_tips_that_charge_are_the_cheapest_choice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
