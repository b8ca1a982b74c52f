/* SPDX-License-Identifier: GPL-3.0-or-later
 * Hours on roads: the checker's own reading of them agrees with the engine's, minute by minute; a
 * plan that keeps out of a ban is accepted, one that drives into its minute is rejected. */
#include "base/date.h"
#include "base/rng.h"
#include "model/ban.h"
#include "plan/check_internal.h"
#include "plan_case.h"
#include "road/tonight.h"

static int draw(ki_rng *rng, int n) {
    return (int)ki_rng_below(rng, (uint32_t)n);
}

/* ---- the two readings ------------------------------------------------------------------------ */

static void draw_hours(ki_rng *rng, char *text, size_t size) {
    static const char *const days[] = {"", "Mo-Fr ", "Sa,Su ", "Tu ", "Nov 23-25 ", "Dec-Mar "};
    static const char *const tails[] = {"", "; We off", "; Tu 10:00-12:00", ", Tu 20:00-22:00"};
    int from = draw(rng, 48), to = draw(rng, 48);
    snprintf(text, size, "%s%02d:%02d-%02d:%02d%s", days[draw(rng, 6)], from / 2, from % 2 * 30,
             to / 2, to % 2 * 30, tails[draw(rng, 4)]);
}

static ki_condition draw_condition(ki_rng *rng, ki_condition_table *table) {
    ki_condition condition = {.effect =
                                  (uint8_t)(1 + draw(rng, draw(rng, 2) ? 2 : KI_N_EFFECTS - 1)),
                              .kinds = {(uint8_t)draw(rng, 8), (uint8_t)draw(rng, 8)},
                              .perhaps = draw(rng, 5) == 0};
    ki_hours hours = {.n_rules = 0};
    char text[96];
    draw_hours(rng, text, sizeof text);
    if (draw(rng, 4)) assert_true(ki_hours_parse(text, strlen(text), &hours));
    if (draw(rng, 3) == 0) {
        condition.sizes[0] = (uint8_t)(1 + draw(rng, KI_N_SIZES - 1));
        condition.below[0] = (uint8_t)draw(rng, 2);
        condition.bounds[0] = 2000 * (1 + draw(rng, 4));
    }
    if (condition.effect >= KI_EFFECT_SPEED) condition.value = 2000 * draw(rng, 5);
    if (condition.effect == KI_EFFECT_SPEED) condition.value += 500;
    ki_condition_table_set_hours(table, &condition, &hours);
    return condition;
}

static int32_t draw_list(ki_rng *rng, ki_condition_table *table) {
    ki_condition list[4];
    int n = 1 + draw(rng, 4);
    for (int item = 0; item < n; item++)
        list[item] = draw_condition(rng, table);
    return ki_condition_table_list(table, list, n);
}

/* Street 1 - 2 and street 2 - 3, a gate between them, a ban on turning from one into the other. */
static ki_graph *draw_graph(ki_rng *rng) {
    const int64_t first[] = {1, 2}, second[] = {2, 3};
    road_town town = town_new(3, 0);
    ki_condition_table *table = ki_graph_builder_conditions(town.builder);
    ki_way_tags tags = town_tags();
    tags.max_mass_kg = 3000 * draw(rng, 3);
    tags.conditions = draw_list(rng, table);
    town_way(&town, 10, &tags, first, 2);
    town_way(&town, 11, NULL, second, 2);
    town_tag(&town, 2,
             (ki_node_tags){.blocked = (uint8_t)draw(rng, 8), .conditions = draw_list(rng, table)});
    town_restrict(&town, (ki_osm_restriction){.id = 5,
                                              .from_way = 10,
                                              .to_way = 11,
                                              .via_node = 2,
                                              .except = (uint8_t)draw(rng, 4),
                                              .conditions = draw_list(rng, table)});
    return town_build(&town);
}

static int node_is_open(const ki_graph *graph, const ki_profile_spec *spec, int32_t node) {
    ki_node_tags tags = ki_node_tonight(graph, spec, &graph->nodes[node].tags);
    return !(tags.blocked & spec->kind) &&
           (!tags.max_height_mm || spec->height_mm <= tags.max_height_mm) &&
           (!tags.max_width_mm || spec->width_mm <= tags.max_width_mm) &&
           (!tags.max_mass_kg || spec->mass_kg <= tags.max_mass_kg);
}

static void both_read_the_same_from_the_signs(void **state) {
    static const uint8_t kinds[] = {KI_KIND_TRUCK, KI_KIND_SWEEPER, KI_KIND_ROBOT};
    int n_open = 0, n_closed = 0, n_bound = 0;
    ki_rng rng;
    (void)state;
    ki_rng_seed(&rng, 3, 0);
    for (int trial = 0; trial < 3000; trial++) {
        ki_graph *graph = draw_graph(&rng);
        kerb_shift shift = {.start_s = NIGHT_S + 60 * draw(&rng, 40 * 1440)};
        ki_draft draft = {
            .district = {.night_start_s = NIGHT_S, .utc_offset_s = 1800 * (draw(&rng, 49) - 24)}};
        ki_checker check = {.graph = graph, .draft = &draft};
        shift.end_s = shift.start_s + 60;
        int64_t at_ms = (shift.start_s - NIGHT_S) * 1000;
        ki_profile_spec spec = {.kind = kinds[draw(&rng, 3)],
                                .height_mm = 3000,
                                .width_mm = 2000,
                                .length_mm = 8000,
                                .mass_kg = 5000,
                                .out = ki_draft_out(&draft.district, &shift)};
        for (int32_t arc = 0; arc < 2; arc++) {
            int engine = ki_profile_arc_ms(graph, &spec, arc) != KI_NEVER;
            assert_int_equal(ki_check_open_road(&check, &spec, arc, at_ms, at_ms + 60000), engine);
            n_open += engine, n_closed += !engine;
        }
        int32_t node = graph->edges[0].to;
        assert_int_equal(ki_check_open_node(&check, &spec, node, at_ms),
                         node_is_open(graph, &spec, node));
        int binds = ki_restriction_binds(graph, &spec, &graph->restrictions[0]);
        assert_int_equal(ki_check_turn_bound(&check, &spec, &graph->restrictions[0], at_ms + 59999),
                         binds);
        n_bound += binds;
        ki_graph_free(graph);
    }
    if (n_open < 500 || n_closed < 500 || n_bound < 200)
        fail_msg("%d open, %d closed, %d bound: too few to tell", n_open, n_closed, n_bound);
}

/* ---- a plan and a ban ------------------------------------------------------------------------ */

static plan_case night;

/* One ban for every kind on one way, in some minutes after the night began; a graph of the test's
 * own making is changed in place. */
typedef struct ban {
    int32_t first[3];
    ki_condition item;
    ki_hours_rule hours;
    ki_way *way;
} ban;

static ki_way *find_way(int64_t id) {
    ki_graph *graph = night.roads.graph;
    for (int32_t way = 0; way < graph->n_ways; way++)
        if (graph->ways[way].osm_id == id) return &graph->ways[way];
    fail_msg("no way %lld", (long long)id);
    return NULL;
}

static void put_ban(ban *on, int64_t way_id, int64_t from_min, int64_t to_min) {
    enum { BEGINS_MIN = 20 * 60 }; /* on the wall */
    int start = (int)(BEGINS_MIN + from_min) % 1440;
    *on = (ban){
        .first = {0, 0, 1},
        .item = {.effect = KI_EFFECT_CLOSE, .kinds = {KI_KIND_ALL, KI_KIND_ALL}, .n_hours = 1},
        .hours = {.start_min = (int16_t)start,
                  .end_min = (int16_t)(start + to_min - from_min),
                  .days = KI_HOURS_ANY_DAY,
                  .replaces = 1},
        .way = find_way(way_id)};
    night.roads.graph->conditions = (ki_conditions){.n_lists = 2,
                                                    .n_items = 1,
                                                    .n_hours = 1,
                                                    .first = on->first,
                                                    .items = &on->item,
                                                    .hours = &on->hours};
    on->way->tags.conditions = 1;
}

static void lift_ban(ban *on) {
    on->way->tags.conditions = 0;
}

static int complains(const kerb_plan *plan, const char *words) {
    ki_text report = {0};
    size_t n;
    assert_int_equal(ki_plan_check(plan, night.model, &n, &report, NULL), KERB_OK);
    int found = n && strstr(report.bytes, words) != NULL;
    if (n && !found) print_error("%s", report.bytes);
    ki_text_free(&report);
    return n && !found ? -1 : found;
}

static int uses(const kerb_plan *plan, int64_t way_id) {
    int n = 0;
    for (int32_t r = 0; r < plan->n_routes; r++)
        for (int32_t s = 0; s < plan->routes[r].n_stops; s++)
            for (int32_t run = 0; run < plan->routes[r].stops[s].leg.n_runs; run++)
                n += plan->routes[r].stops[s].leg.runs[run].way_id == way_id;
    return n;
}

/* Marks the minutes of the night in which a vehicle may be on the way: those of every leg and sweep
 * that has it. */
static void mark_minutes(const kerb_plan *plan, int64_t way_id, uint8_t minutes[1440]) {
    memset(minutes, 0, 1440);
    for (int32_t r = 0; r < plan->n_routes; r++)
        for (int32_t s = 0; s < plan->routes[r].n_stops; s++) {
            const ki_plan_stop *stop = &plan->routes[r].stops[s];
            for (int sweep = 0; sweep < 2; sweep++) {
                const ki_plan_leg *leg = sweep ? &stop->sweep : &stop->leg;
                int64_t end_ms = sweep ? stop->start_ms + leg->time_ms : stop->arrival_ms;
                for (int32_t run = 0; run < leg->n_runs; run++)
                    for (int64_t at_ms = end_ms - leg->time_ms; at_ms < end_ms; at_ms += 500)
                        if (leg->runs[run].way_id == way_id) minutes[at_ms / 60000] = 1;
            }
        }
}

/* A way that is in use for some minutes of the shifts, and free for others. */
static int64_t find_used_way(const kerb_plan *plan, uint8_t minutes[1440], int *used, int *unused) {
    for (int64_t way = 101; way <= 206; way = way == 106 ? 201 : way + 1) {
        mark_minutes(plan, way, minutes);
        for (*used = 60; *used < 360 && !minutes[*used];)
            ++*used;
        for (*unused = 60; *unused < 360 && minutes[*unused];)
            ++*unused;
        if (*used < 360 && *unused < 360) return way;
    }
    fail_msg("no way that is in use now and then");
    return 0;
}

static void a_leg_driven_in_a_bans_minute_is_caught(void **state) {
    kerb_plan *plan = case_plan(&night);
    uint8_t minutes[1440];
    int used, unused, end;
    char words[80];
    ban on;
    (void)state;
    int64_t way = find_used_way(plan, minutes, &used, &unused);
    for (end = used; minutes[end];)
        end++;
    snprintf(words, sizeof words, "way %lld is not open to this vehicle", (long long)way);
    put_ban(&on, way, used, end);
    assert_int_equal(complains(plan, words), 1);
    on.item.kinds[0] = on.item.kinds[1] = 0;
    assert_int_equal(complains(plan, "x"), 0);
    on.item.kinds[0] = on.item.kinds[1] = KI_KIND_ALL;
    on.hours.first_year = on.hours.last_year = 2025;
    assert_int_equal(complains(plan, "x"), 0);
    lift_ban(&on);
    put_ban(&on, way, unused, unused + 1);
    assert_int_equal(complains(plan, "x"), 0);
    lift_ban(&on);
    kerb_plan_free(plan);
}

static void the_wall_clock_is_told_in_local_time(void **state) {
    ki_draft draft = {.district = {.night_start_s = NIGHT_S, .utc_offset_s = 3600 * 5 + 1800}};
    ki_checker check = {.draft = &draft};
    char text[8];
    (void)state;
    ki_check_clock(&check, 0, text);
    assert_string_equal(text, "01:30");
    ki_check_clock(&check, 11 * 3600000 + 59 * 60000, text);
    assert_string_equal(text, "13:29");
}

static void plan_again(void) {
    ki_model_free(night.model->sealed);
    night.model->sealed = NULL;
    ki_solution_free(&night.solution);
    case_seal(&night);
    case_solve(&night, 60);
}

static void a_plan_keeps_out_of_a_ban_that_meets_its_shifts(void **state) {
    ban on;
    int64_t busiest = 0;
    int most = 0;
    (void)state;
    kerb_plan *free_plan = case_plan(&night);
    for (int64_t way = 201; way <= 206; way++)
        if (uses(free_plan, way) > most) busiest = way, most = uses(free_plan, way);
    assert_true(most > 0);
    put_ban(&on, busiest, 0, 90); /* the first shift begins an hour into the night */
    plan_again();
    kerb_plan *plan = case_plan(&night);
    assert_int_equal(uses(plan, busiest), 0);
    assert_int_equal(complains(plan, "x"), 0);
    kerb_plan_free(plan);
    lift_ban(&on);
    put_ban(&on, busiest, 0, 60); /* over when it begins */
    plan_again();
    plan = case_plan(&night);
    assert_int_equal(plan->cost_nano, free_plan->cost_nano);
    assert_int_equal(complains(plan, "x"), 0);
    kerb_plan_free(plan);
    kerb_plan_free(free_plan);
    lift_ban(&on);
}

/* ---- the district's own bans ----------------------------------------------------------------- */

static void both_find_the_same_roads_in_an_area(void **state) {
    const ki_graph *graph = night.roads.graph;
    int n_in = 0, n_out = 0;
    ki_rng rng;
    (void)state;
    ki_rng_seed(&rng, 9, 0);
    for (int trial = 0; trial < 500; trial++) {
        kerb_corner corners[7];
        kerb_road_name names[] = {{""}};
        kerb_ban rule = {.id = "B",
                         .corners = corners,
                         .n_corners = draw(&rng, 4) ? 3 + ki_rng_below(&rng, 5) : 0,
                         .lat_deg = town_lat(draw(&rng, 13) / 2.0),
                         .lon_deg = town_lon(draw(&rng, 13) / 2.0),
                         .radius_m = draw(&rng, 2) ? 50.0 * draw(&rng, 8) : 0,
                         .roads = names,
                         .n_roads = ki_rng_below(&rng, 2),
                         .hours = ""};
        for (size_t corner = 0; corner < rule.n_corners; corner++) /* on the streets, often */
            corners[corner] =
                (kerb_corner){town_lat(draw(&rng, 13) / 2.0), town_lon(draw(&rng, 13) / 2.0)};
        ki_draft draft = {.bans = &rule, .n_bans = 1};
        ki_checker check = {.graph = graph, .draft = &draft};
        ki_arena arena = {0};
        uint64_t *on;
        assert_int_equal(ki_bans_on_edges(&on, &draft, graph, &arena, NULL), KERB_OK);
        ki_check_bans_prepare(&check);
        assert_memory_equal(on, check.bans_on, (size_t)graph->n_edges * sizeof *on);
        for (int32_t edge = 0; edge < graph->n_edges; edge++)
            on[edge] ? n_in++ : n_out++;
        ki_arena_free(&arena);
        ki_arena_free(&check.arena);
    }
    assert_true(n_in > 2000 && n_out > 2000);
}

static void a_ban_of_the_district_keeps_trucks_out_and_is_checked(void **state) {
    kerb_plan *free_plan = case_plan(&night);
    ki_draft *draft = &night.model->draft;
    const kerb_corner between_rows[] = {{town_lat(1.2), town_lon(-0.5)},
                                        {town_lat(1.8), town_lon(-0.5)},
                                        {town_lat(1.8), town_lon(1.5)},
                                        {town_lat(1.2), town_lon(1.5)}};
    kerb_vehicle_use truck = KERB_USE_TRUCK;
    kerb_ban rule = {.id = "corner",
                     .note = "",
                     .corners = between_rows,
                     .n_corners = 4,
                     .uses = &truck,
                     .n_uses = 1,
                     .hours = "21:30-05:00"};
    (void)state;
    draft->bans = &rule;
    draft->n_bans = 1;
    assert_int_equal(complains(free_plan, "ban corner closes way"), 1);
    plan_again();
    kerb_plan *plan = case_plan(&night);
    assert_int_equal(complains(plan, "x"), 0);
    kerb_plan_free(plan);
    rule.hours = "06:00-20:59";
    assert_int_equal(complains(free_plan, "x"), 0);
    rule.hours = "";
    rule.over_mass_kg = 50000; /* they weigh less */
    assert_int_equal(complains(free_plan, "x"), 0);
    plan_again();
    plan = case_plan(&night);
    assert_int_equal(plan->cost_nano, free_plan->cost_nano);
    kerb_plan_free(plan);
    kerb_plan_free(free_plan);
    draft->bans = NULL;
    draft->n_bans = 0;
}

static int set_up(void **state) {
    (void)state;
    case_town(&night);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    case_free(&night);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_read_the_same_from_the_signs),
        cmocka_unit_test(the_wall_clock_is_told_in_local_time),
        cmocka_unit_test_setup_teardown(a_leg_driven_in_a_bans_minute_is_caught, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_plan_keeps_out_of_a_ban_that_meets_its_shifts, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(both_find_the_same_roads_in_an_area, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_ban_of_the_district_keeps_trucks_out_and_is_checked,
                                        set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
