/* SPDX-License-Identifier: GPL-3.0-or-later
 * Conditions: equal ones are kept once; what a list makes of a road for a whole night is true of
 * every minute of it. */
#include "base/date.h"
#include "base/rng.h"
#include "road/tonight.h"
#include "road_town.h"

#include <stdio.h>

#include <string.h>

static const ki_wall_clock UTC = {0, 0, INT64_MAX};
enum { EVERY = KI_KIND_ALL, TRUCK = KI_KIND_TRUCK };

/* Minutes of Monday 2026-11-23. */
static ki_out minutes(int start, int end) {
    int64_t day_s = ki_days_from_civil(2026, 11, 23) * KI_DAY_S;
    return ki_out_between(day_s + start * 60, day_s + end * 60, &UTC, NULL, 0);
}

static ki_condition condition_of(ki_condition_table *table, int effect, const char *text) {
    ki_condition condition = {.effect = (uint8_t)effect, .kinds = {EVERY, EVERY}};
    ki_hours hours = {.n_rules = 0};
    if (*text) assert_true(ki_hours_parse(text, strlen(text), &hours));
    ki_condition_table_set_hours(table, &condition, &hours);
    return condition;
}

/* A street 1 - 2 - 3 with what hangs on it. */
typedef struct street {
    road_town town;
    ki_way_tags tags;
    ki_graph *graph;
} street;

static street begin(void) {
    return (street){.town = town_new(3, 0), .tags = town_tags()};
}

static ki_condition_table *table_of(street *on) {
    return ki_graph_builder_conditions(on->town.builder);
}

static void finish(street *on) {
    const int64_t refs[] = {1, 2, 3};
    town_way(&on->town, 10, &on->tags, refs, 3);
    on->graph = town_build(&on->town);
}

static int is_open(const street *on, int kind, int32_t mass_kg, int start, int end) {
    ki_profile_spec spec = {.kind = (uint8_t)kind, .mass_kg = mass_kg, .out = minutes(start, end)};
    return ki_profile_arc_ms(on->graph, &spec, 0) != KI_NEVER;
}

static void equal_conditions_are_kept_once(void **state) {
    ki_condition_table *table = ki_condition_table_new();
    const ki_conditions *made = ki_condition_table_made(table);
    (void)state;
    ki_condition night = condition_of(table, KI_EFFECT_CLOSE, "22:00-06:00");
    ki_condition again = condition_of(table, KI_EFFECT_OPEN, "22:00-06:00");
    ki_condition day = condition_of(table, KI_EFFECT_CLOSE, "06:00-22:00");
    ki_condition both[2] = {night, day};
    assert_int_equal(night.first_hour, again.first_hour);
    assert_int_equal(made->n_hours, 2);
    assert_int_equal(ki_condition_table_list(table, NULL, 0), 0);
    assert_int_equal(ki_condition_table_list(table, &night, 1), 1);
    assert_int_equal(ki_condition_table_list(table, both, 2), 2);
    assert_int_equal(ki_condition_table_list(table, &night, 1), 1);
    assert_int_equal(ki_condition_table_list(table, &again, 1), 3);
    assert_int_equal(ki_condition_table_list(table, both, 2), 2);
    assert_int_equal(made->n_lists, 4);
    assert_int_equal(made->first[3] - made->first[2], 2);
    assert_memory_equal(&made->items[made->first[2]], both, sizeof both);
    for (int value = 0; value < 1000; value++) {
        night.value = value % 500;
        assert_int_equal(ki_condition_table_list(table, &night, 1),
                         value % 500 == 0 ? 1 : 3 + value % 500);
    }
    ki_condition_table_free(table);
}

static void what_is_not_understood_is_counted_by_its_text(void **state) {
    ki_condition_table *table = ki_condition_table_new();
    const ki_conditions *made = ki_condition_table_made(table);
    char text[300];
    (void)state;
    ki_condition_table_unread(table, "hgv:conditional=no @ sunset", 'w', 7);
    ki_condition_table_unread(table, "hgv:conditional=no @ wet", 'w', 8);
    ki_condition_table_unread(table, "hgv:conditional=no @ sunset", 'w', 9);
    assert_int_equal(made->n_unread, 2);
    assert_int_equal(made->unread[0].count, 2);
    assert_int_equal(made->unread[0].example_id, 7);
    assert_string_equal(made->text + made->unread[1].text, "hgv:conditional=no @ wet");
    memset(text, 'x', sizeof text);
    text[sizeof text - 1] = '\0';
    ki_condition_table_unread(table, text, 'w', 1);
    ki_condition_table_unread(table, text, 'w', 2);
    assert_int_equal(made->n_unread, 3);
    assert_int_equal(strlen(made->text + made->unread[2].text), KI_UNREAD_CHARS);
    for (int at = 0; at < 2 * KI_MAX_UNREAD; at++) {
        snprintf(text, sizeof text, "key=%d", at);
        ki_condition_table_unread(table, text, 'n', at);
    }
    assert_int_equal(made->n_unread, KI_MAX_UNREAD);
    assert_int_equal(made->n_unread_others, 3 + 2 * KI_MAX_UNREAD - KI_MAX_UNREAD);
    ki_condition_table_free(table);
}

static void a_ban_that_meets_the_night_closes_the_road(void **state) {
    street on = begin();
    (void)state;
    ki_condition ban = condition_of(table_of(&on), KI_EFFECT_CLOSE, "06:00-22:00");
    ban.kinds[0] = ban.kinds[1] = TRUCK;
    on.tags.conditions = ki_condition_table_list(table_of(&on), &ban, 1);
    finish(&on);
    assert_true(is_open(&on, TRUCK, 0, 22 * 60, 30 * 60));
    assert_false(is_open(&on, TRUCK, 0, 22 * 60, 30 * 60 + 1));
    assert_false(is_open(&on, TRUCK, 0, 21 * 60, 23 * 60));
    assert_true(is_open(&on, KI_KIND_SWEEPER, 0, 8 * 60, 9 * 60));
    ki_profile_spec any_time = {.kind = TRUCK};
    assert_int_equal(ki_profile_arc_ms(on.graph, &any_time, 0), KI_NEVER);
    ki_graph_free(on.graph);
}

static void a_permission_opens_only_where_it_holds_throughout(void **state) {
    street on = begin();
    (void)state;
    ki_condition list[] = {condition_of(table_of(&on), KI_EFFECT_CLOSE, ""),
                           condition_of(table_of(&on), KI_EFFECT_OPEN, "20:00-06:00")};
    on.tags.conditions = ki_condition_table_list(table_of(&on), list, 2);
    finish(&on);
    assert_true(is_open(&on, TRUCK, 0, 20 * 60, 30 * 60));
    assert_false(is_open(&on, TRUCK, 0, 19 * 60, 23 * 60));
    assert_false(is_open(&on, TRUCK, 0, 10 * 60, 11 * 60));
    ki_graph_free(on.graph);
}

static void what_is_half_understood_may_hold(void **state) {
    street bans = begin(), opens = begin();
    (void)state;
    ki_condition ban = condition_of(table_of(&bans), KI_EFFECT_CLOSE, "06:00-22:00");
    ban.perhaps = 1;
    bans.tags.conditions = ki_condition_table_list(table_of(&bans), &ban, 1);
    ki_condition list[] = {condition_of(table_of(&opens), KI_EFFECT_CLOSE, ""),
                           condition_of(table_of(&opens), KI_EFFECT_OPEN, "")};
    list[1].perhaps = 1;
    opens.tags.conditions = ki_condition_table_list(table_of(&opens), list, 2);
    finish(&bans);
    finish(&opens);
    assert_false(is_open(&bans, TRUCK, 0, 8 * 60, 9 * 60));
    assert_true(is_open(&bans, TRUCK, 0, 23 * 60, 24 * 60)); /* not at this hour in any case */
    assert_false(is_open(&opens, TRUCK, 0, 8 * 60, 9 * 60));
    ki_graph_free(bans.graph);
    ki_graph_free(opens.graph);
}

static void a_ban_by_weight_binds_the_heavy_only(void **state) {
    street on = begin();
    (void)state;
    ki_condition ban = condition_of(table_of(&on), KI_EFFECT_CLOSE, "");
    ban.sizes[0] = KI_SIZE_MASS;
    ban.bounds[0] = 7500;
    on.tags.conditions = ki_condition_table_list(table_of(&on), &ban, 1);
    finish(&on);
    assert_true(is_open(&on, TRUCK, 7500, 0, 60));
    assert_false(is_open(&on, TRUCK, 7501, 0, 60));
    assert_true(is_open(&on, TRUCK, 0, 0, 60)); /* no limit applies */
    ki_graph_free(on.graph);
}

static void a_gate_and_a_turn_keep_their_hours(void **state) {
    road_town town = town_new(3, 0);
    ki_condition_table *table = ki_graph_builder_conditions(town.builder);
    const int64_t first[] = {1, 2}, second[] = {2, 3};
    (void)state;
    ki_condition shut = condition_of(table, KI_EFFECT_CLOSE, "20:00-06:00");
    int32_t list = ki_condition_table_list(table, &shut, 1);
    town_tag(&town, 2, (ki_node_tags){.conditions = list});
    town_way(&town, 10, NULL, first, 2);
    town_way(&town, 11, NULL, second, 2);
    town_restrict(&town,
                  (ki_osm_restriction){
                      .id = 5, .from_way = 11, .to_way = 10, .via_node = 2, .conditions = list});
    ki_graph *graph = town_build(&town);
    ki_profile_spec night = {.kind = TRUCK, .out = minutes(22 * 60, 23 * 60)};
    ki_profile_spec noon = {.kind = TRUCK, .out = minutes(12 * 60, 13 * 60)};
    assert_int_equal(graph->n_restrictions, 1);
    assert_int_equal(ki_profile_turn_ms(graph, &night, 0, 2), KI_NEVER);
    assert_int_not_equal(ki_profile_turn_ms(graph, &noon, 0, 2), KI_NEVER);
    assert_true(ki_restriction_binds(graph, &night, &graph->restrictions[0]));
    assert_false(ki_restriction_binds(graph, &noon, &graph->restrictions[0]));
    assert_false(ki_tonight_same(graph, &night, &noon));
    noon.out = minutes(7 * 60, 19 * 60);
    ki_profile_spec day = {.kind = TRUCK, .out = minutes(8 * 60, 20 * 60)};
    assert_true(ki_tonight_same(graph, &noon, &day));
    ki_graph_free(graph);
}

static void the_hash_tells_conditions_apart(void **state) {
    street one = begin(), two = begin();
    (void)state;
    ki_condition a = condition_of(table_of(&one), KI_EFFECT_CLOSE, "06:00-22:00");
    ki_condition b = condition_of(table_of(&two), KI_EFFECT_CLOSE, "06:00-22:01");
    one.tags.conditions = ki_condition_table_list(table_of(&one), &a, 1);
    two.tags.conditions = ki_condition_table_list(table_of(&two), &b, 1);
    finish(&one);
    finish(&two);
    assert_string_not_equal(one.graph->hash, two.graph->hash);
    ki_graph_free(one.graph);
    ki_graph_free(two.graph);
}

/* ---- random lists, minute by minute ---------------------------------------------------------- */

static int draw(ki_rng *rng, int n) {
    return (int)ki_rng_below(rng, (uint32_t)n);
}

typedef struct minute { /* what the list says of one */
    int open;
    int32_t speed, mass;
} minute;

static int holds_at(const ki_condition *condition, const ki_hours_rule *hours, int at) {
    ki_out out = minutes(at, at + 1);
    ki_during during = ki_hours_during(hours + condition->first_hour, condition->n_hours, &out);
    assert_int_not_equal(during, KI_DURING_PARTLY);
    return during == KI_DURING_THROUGHOUT;
}

static minute judge_minute(const ki_condition *list, int n, const ki_hours_rule *hours, int at) {
    minute now = {1, 10000, 0};
    int legal = 1, flow = 1;
    for (int item = 0; item < n; item++) {
        if (!holds_at(&list[item], hours, at)) continue;
        switch (list[item].effect) {
        case KI_EFFECT_OPEN: legal = 1; break;
        case KI_EFFECT_CLOSE: legal = 0; break;
        case KI_EFFECT_FLOW_OPEN: flow = 1; break;
        case KI_EFFECT_FLOW_CLOSE: flow = 0; break;
        case KI_EFFECT_SPEED: now.speed = list[item].value; break;
        default: now.mass = list[item].value; break;
        }
    }
    now.open = legal && flow;
    return now;
}

static void what_holds_tonight_holds_every_minute(void **state) {
    static const int effects[] = {KI_EFFECT_OPEN,       KI_EFFECT_CLOSE, KI_EFFECT_FLOW_OPEN,
                                  KI_EFFECT_FLOW_CLOSE, KI_EFFECT_SPEED, KI_EFFECT_MASS};
    int n_open = 0, n_closed = 0, n_exact = 0;
    enum { TRIALS = 1500 };
    ki_rng rng;
    (void)state;
    ki_rng_seed(&rng, 11, 0);
    for (int trial = 0; trial < TRIALS; trial++) {
        street on = begin();
        ki_condition list[4];
        int n = 1 + draw(&rng, 4);
        for (int item = 0; item < n; item++) {
            char text[32] = "";
            int from = draw(&rng, 48), to = draw(&rng, 48);
            if (draw(&rng, 4))
                snprintf(text, sizeof text, "%02d:%02d-%02d:%02d", from / 2, from % 2 * 30, to / 2,
                         to % 2 * 30);
            list[item] = condition_of(table_of(&on), effects[draw(&rng, 6)], text);
            if (list[item].effect == KI_EFFECT_SPEED) list[item].value = 1000 + draw(&rng, 20000);
            if (list[item].effect == KI_EFFECT_MASS) list[item].value = 1000 * draw(&rng, 4);
        }
        on.tags.conditions = ki_condition_table_list(table_of(&on), list, n);
        finish(&on);
        int start = draw(&rng, 1440), end = start + 1 + draw(&rng, 600);
        ki_profile_spec spec = {.kind = TRUCK, .out = minutes(start, end)};
        ki_way_tags tonight = ki_way_tonight(on.graph, &spec, &on.graph->ways[0].tags);
        int open = (tonight.access[0] & TRUCK) != 0, always = 1;
        for (int at = start; at < end; at++) {
            minute now = judge_minute(list, n, on.graph->conditions.hours, at);
            always &= now.open;
            assert_true(tonight.speed_mm_per_s[0] <= now.speed);
            assert_true(now.mass == 0 || (tonight.max_mass_kg && tonight.max_mass_kg <= now.mass));
        }
        if (open) assert_true(always);
        n_open += open, n_closed += !open, n_exact += open == always;
        assert_int_equal(tonight.access[0], tonight.access[1]);
        assert_true(tonight.access[0] & KI_KIND_SWEEPER);
        ki_graph_free(on.graph);
    }
    assert_true(n_open > 200 && n_closed > 200);
    assert_true(n_exact > TRIALS * 95 / 100); /* caution closes few roads more than need be */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_conditions_are_kept_once),
        cmocka_unit_test(what_is_not_understood_is_counted_by_its_text),
        cmocka_unit_test(a_ban_that_meets_the_night_closes_the_road),
        cmocka_unit_test(a_permission_opens_only_where_it_holds_throughout),
        cmocka_unit_test(what_is_half_understood_may_hold),
        cmocka_unit_test(a_ban_by_weight_binds_the_heavy_only),
        cmocka_unit_test(a_gate_and_a_turn_keep_their_hours),
        cmocka_unit_test(the_hash_tells_conditions_apart),
        cmocka_unit_test(what_holds_tonight_holds_every_minute),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
