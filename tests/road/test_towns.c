/* SPDX-License-Identifier: GPL-3.0-or-later
 * Every way between any two arcs of the hand-written towns, one for each kind of restriction,
 * against the oracle of drive_oracle.h; and no path drives what a person reading the map would
 * forbid. */
#include "drive_oracle.h"

#include <stdio.h>

enum { T = KI_KIND_TRUCK, S = KI_KIND_SWEEPER, R = KI_KIND_ROBOT };

typedef struct sequence { /* ways one after another */
    const char *town;
    int kinds;
    const char *ways;
    int is_open;
} sequence;

static const sequence SEQUENCES[] = {
    {"no_left_turn", T | S | R, "10 12", 0},
    {"no_left_turn", T | S | R, "10 13", 1},
    {"no_left_turn", T | S | R, "11 12", 1},
    {"only_straight_on", T | S | R, "10 12", 0},
    {"only_straight_on", T | S | R, "10 13", 0},
    {"only_straight_on", T | S | R, "10 11", 1},
    {"via_way", T | S | R, "10 12 14", 0},
    {"via_way", T | S | R, "11 12 14", 1},
    {"via_two_ways", T | S | R, "10 11 12 13", 0},
    {"via_two_ways", T | S | R, "15 11 12 13", 1},
    {"via_shuffled", T | S | R, "10 11 12 13", 0},
    {"only_via_way", T | S | R, "10 11 14", 0},
    {"only_via_way", T | S | R, "10 11 12", 1},
    {"only_via_way", T | S | R, "15 11 12", 1},
    {"except", T, "10 12", 1},
    {"except", T, "10 13", 0},
    {"except", S | R, "10 12", 0},
    {"except", S | R, "10 13", 1},
    {"except", T | S | R, "11 13", 0},
    {"turn_kinds", T | S | R, "10 21", 0},
    {"turn_kinds", T | S | R, "12 13", 0},
    {"turn_kinds", T | S | R, "20 23", 0},
    {"turn_kinds", T | S | R, "20 12", 1},
    {"turn_kinds", T | S | R, "15 14", 0},
    {"turn_kinds", T | S | R, "15 24", 1},
    {"turn_kinds", T | S | R, "22 11", 0},
    {"turn_kinds", T | S | R, "25 13", 0},
};
enum { N_SEQUENCES = sizeof SEQUENCES / sizeof *SEQUENCES };

/* " 10 11 12 "; a way driven on counts once, turned back on twice. */
static void write_ways(char *text, size_t size, const ki_graph *graph, const ki_path *path) {
    int64_t before = 0;
    size_t n = (size_t)snprintf(text, size, " ");
    for (int32_t at = 0; at < path->n_arcs; at++) {
        int64_t id = ki_arc_way(graph, path->arcs[at])->osm_id;
        int turned = at > 0 && path->arcs[at] == (path->arcs[at - 1] ^ 1);
        if (id != before || turned)
            n += (size_t)snprintf(text + n, size - n, "%lld ", (long long)id);
        before = id;
        assert_true(n < size);
    }
}

static void note_sequences(const char *town, int kind, const char *ways, int *n_driven) {
    for (int at = 0; at < N_SEQUENCES; at++) {
        const sequence *here = &SEQUENCES[at];
        char wanted[64];
        snprintf(wanted, sizeof wanted, " %s ", here->ways);
        if (strcmp(here->town, town) || !(here->kinds & kind) || !strstr(ways, wanted)) continue;
        n_driven[at]++;
        if (!here->is_open) fail_msg("%s: a path drives%s", town, ways);
    }
}

static void drive_between_all(const char *town, const ki_profile *profile, const ki_place *places,
                              int n, int *n_driven) {
    char ways[1024];
    for (int pair = 0; pair < n * n; pair++) {
        ki_arena arena = {0};
        ki_path path;
        assert_int_equal(
            ki_path_find(profile, places[pair / n], places[pair % n], &arena, &path, NULL),
            KERB_OK);
        write_ways(ways, sizeof ways, profile->graph, &path);
        note_sequences(town, profile->spec.kind, ways, n_driven);
        ki_arena_free(&arena);
    }
}

static void judge_town(const char *town, const ki_graph *graph, ki_profile_spec spec,
                       int *n_driven) {
    oracle at = oracle_new();
    ki_profile *profile;
    ki_place places[MAX_PLACES];
    int64_t n_reached = 0;
    int n = 0;
    for (int32_t arc = 0; arc < graph->n_arcs && n < MAX_PLACES; arc++, n++)
        places[n] = (ki_place){arc, graph->edges[arc >> 1].length_mm / (1 + arc % 3)};
    assert_int_equal(ki_profile_build(&profile, graph, &spec, NULL, NULL), KERB_OK);
    at.graph = graph;
    at.spec = &spec;
    compare_cells(&at, profile, places, n, &n_reached); /* builds the hierarchy: paths follow it */
    assert_true(n_reached > 0);
    drive_between_all(town, profile, places, n, n_driven);
    ki_profile_free(profile);
    oracle_free(&at);
}

static void ways_through_hand_written_towns_equal_brute_force_and_obey_the_map(void **state) {
    static const char *const TOWNS[] = {
        "no_left_turn", "no_u_turn",    "only_straight_on", "via_way",      "via_two_ways",
        "via_shuffled", "only_via_way", "except",           "turn_kinds",   "one_way",
        "roundabout",   "dead_end",     "loop_way",         "parallel_ways"};
    int n_driven[N_SEQUENCES] = {0};
    (void)state;
    for (size_t town = 0; town < sizeof TOWNS / sizeof *TOWNS; town++) {
        kerb_roads *roads;
        char path[512];
        snprintf(path, sizeof path, "%s/%s.osm", KERB_TEST_DATA, TOWNS[town]);
        assert_int_equal(kerb_roads_load(&roads, path, NULL), KERB_OK);
        for (int kind = T; kind <= R; kind *= 2)
            for (int u_turns = 0; u_turns < 2; u_turns++)
                judge_town(TOWNS[town], roads->graph,
                           (ki_profile_spec){.kind = (uint8_t)kind, .u_turns = (uint8_t)u_turns},
                           n_driven);
        kerb_roads_free(roads);
    }
    for (int at = 0; at < N_SEQUENCES; at++)
        if (SEQUENCES[at].is_open && !n_driven[at])
            fail_msg("%s: no path drives %s", SEQUENCES[at].town, SEQUENCES[at].ways);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ways_through_hand_written_towns_equal_brute_force_and_obey_the_map),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
