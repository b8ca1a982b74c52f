/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/alloc.h"
#include "base/file.h"
#include "bench/instance.h"
#include "bench/instance_cases.h"

#include <dirent.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *data_folder(void) {
    const char *folder = getenv("KERBSIDE_DATA");
    return folder ? folder : "../shared/data";
}

static void parse(bench_instance *out, const char *text) {
    char *bytes = ki_strdup(text);
    kerb_error err = {0};
    kerb_status status = instance_parse(out, "tiny", bytes, &err);
    ki_free(bytes);
    if (status != KERB_OK) fail_msg("%s", err.message);
}

static const char *tiny(const char *problem) {
    for (int at = 0; at < N_TINY_CASES; at++)
        if (strcmp(tiny_cases[at].problem, problem) == 0) return tiny_cases[at].text;
    fail_msg("no tiny %s", problem);
    return NULL;
}

/* ---- reading and solving --------------------------------------------------------------------- */

static void each_family_is_told_apart_and_its_tiny_instance_solved_to_the_optimum(void **state) {
    (void)state;
    for (int at = 0; at < N_TINY_CASES; at++) {
        bench_instance in;
        parse(&in, tiny_cases[at].text);
        instance_limits limits = {.iterations = 300, .seed = 1, .threads = 1};
        instance_result result;
        kerb_error err = {0};
        if (instance_solve(&result, &in, &limits, NULL, &err) != KERB_OK)
            fail_msg("%s: %s", tiny_cases[at].problem, err.message);
        assert_string_equal(result.problem, tiny_cases[at].problem);
        assert_string_equal(result.fault, "");
        assert_true(result.feasible);
        assert_true(fabs(result.cost - tiny_cases[at].optimum) < 1e-9);
        instance_free(&in);
    }
}

static void a_proven_bound_is_never_above_the_optimum(void **state) {
    (void)state;
    for (int at = 0; at < N_TINY_CASES; at++) {
        bench_instance in;
        parse(&in, tiny_cases[at].text);
        instance_limits limits = {.iterations = 50, .seed = 1, .threads = 1, .bound_effort = 20};
        instance_result result;
        assert_int_equal(instance_solve(&result, &in, &limits, NULL, NULL), KERB_OK);
        if (!isnan(result.bound.lower))
            assert_true(result.bound.lower <= tiny_cases[at].optimum + 1e-6);
        instance_free(&in);
    }
}

static void the_same_seed_and_iterations_give_the_same_solution_on_any_threads(void **state) {
    (void)state;
    char *bytes[2];
    for (int run = 0; run < 2; run++) {
        bench_instance in;
        parse(&in, tiny_mcgrp_tp);
        instance_limits limits = {.iterations = 60, .seed = 3, .threads = 1 + run};
        instance_result result;
        size_t n_bytes;
        const char *path = "/tmp/kerbside_test_instance.sol";
        assert_int_equal(instance_solve(&result, &in, &limits, path, NULL), KERB_OK);
        assert_int_equal(ki_file_read(&bytes[run], &n_bytes, path, 1 << 20, NULL), KERB_OK);
        remove(path);
        instance_free(&in);
    }
    assert_string_equal(bytes[0], bytes[1]);
    assert_non_null(strstr(bytes[0], "Cost 78"));
    ki_free(bytes[0]);
    ki_free(bytes[1]);
}

static void refuse(const char *text, const char *message) {
    bench_instance in;
    kerb_error err = {0};
    char *bytes = ki_strdup(text);
    assert_int_equal(instance_parse(&in, "bad", bytes, &err), KERB_BAD_INPUT);
    assert_string_equal(err.message, message);
    instance_free(&in);
    ki_free(bytes);
}

static void what_cannot_be_read_is_refused_by_line_and_reason(void **state) {
    (void)state;
    refuse("hello", "bad: of no family of instances that is known");
    refuse("RELEASE_TIME_SECTION\n",
           "bad, line 1: expected a DEPOT_SECTION with a place of the file");
    refuse("TIME_WINDOW_SECTION\n1 9 8\nRELEASE_TIME_SECTION\n",
           "bad, line 2: expected a window that ends no earlier than it starts");
    refuse("9\n9\n9\n9\n9\nLandfill\n0 0 0 0 2400 0 0 0\n1 0 0 0 2500 0 0 1\n",
           "bad, line 8: expected a position, a window of the day, a load");
    refuse("9\n9\n9\n9\n9\nLandfill\n0 0 0 0 2400 0 0 0\n", "bad, line 7: expected a landfill");
    refuse("NODE_COORD_SECTION\n1 0 0\nDEMAND_SECTION\n1 0\nDEPOT_SECTION\n1\n-1\n",
           "bad: 0 tasks, expected 1 to 20000");
    refuse("NODE_COORD_SECTION\n1 0 0\n3 1 1\n", "bad, line 3: expected the next place, x and y");
    refuse("CAPACITY : 5\nNODE_COORD_SECTION\n1 0 0\n2 1 1\nDEMAND_SECTION\n2 6\n"
           "DEPOT_SECTION\n1\n-1\n",
           "bad, task 1: demand 6, expected 0 to 5");
    refuse("LISTA_ARISTAS_REQ :\n( 1, 2) coste 3\n",
           "bad, line 2: expected ( from, to) coste N demanda N");
    refuse("VERTICES : 2\nCAPACIDAD : 1\nLISTA_ARISTAS_REQ :\n( 1, 9) coste 3 demanda 1\n"
           "DEPOSITO : 1\n",
           "bad: link 1 ends at no place");
    refuse("LIST_REQ_EDGES :\n( 1, 2) serv_cost 3\n",
           "bad, line 2: expected ( from, to) serv_cost N trav_cost N demand N");
    refuse("DIMENSION : 99\nDEMAND_SECTION\n",
           "bad, line 1: expected a DIMENSION of no more than the lines of the file");
    refuse("EDGE_WEIGHT_TYPE : EXPLICIT\nEDGE_WEIGHT_FORMAT : LOWER_ROW\nDEMAND_SECTION\n",
           "bad, line 2: expected EDGE_WEIGHT_FORMAT: FULL_MATRIX");
    refuse("EDGE_WEIGHT_TYPE : EXPLICIT\nDEMAND_SECTION\n1 0\n",
           "bad, line 3: expected an EDGE_WEIGHT_SECTION");
    refuse("DIMENSION : 2\nEDGE_WEIGHT_TYPE : EXPLICIT\nEDGE_WEIGHT_SECTION\n0 1 1\n"
           "DEMAND_SECTION\n",
           "bad, line 5: expected integers from 0 to 1000000 and no more than places times places");
    refuse("DIMENSION : 2\nEDGE_WEIGHT_TYPE : EXPLICIT\nDEMAND_SECTION\nEDGE_WEIGHT_SECTION\n"
           "0 1\n1 0 7\n",
           "bad, line 6: expected integers from 0 to 1000000 and no more than places times places");
    refuse("EDGE_WEIGHT_TYPE : EXPLICIT\nCUST NO.\n0 0 0 0 0 9 0\n",
           "bad, line 3: expected an EDGE_WEIGHT_SECTION");
}

/* ---- verification ---------------------------------------------------------------------------- */

static instance_verdict verify(const char *problem, const instance_route *routes, int n_routes) {
    bench_instance in;
    instance_verdict verdict;
    parse(&in, tiny(problem));
    assert_int_equal(instance_verify(&verdict, &in, routes, n_routes, NULL), KERB_OK);
    instance_free(&in);
    return verdict;
}

#define ROUTE(...)                                                                                 \
    {                                                                                              \
        sizeof((instance_stop[]){__VA_ARGS__}) / sizeof(instance_stop), (instance_stop[]) {        \
            __VA_ARGS__                                                                            \
        }                                                                                          \
    }

static void expect_fault(const char *problem, const instance_route *routes, int n_routes,
                         const char *fault) {
    instance_verdict verdict = verify(problem, routes, n_routes);
    assert_false(verdict.feasible);
    assert_string_equal(verdict.fault, fault);
}

static void the_verification_adds_up_by_itself(void **state) {
    (void)state;
    instance_route far_pairs[] = {ROUTE({0, 0}, {2, 0}), ROUTE({1, 0}, {3, 0})};
    assert_true(verify("cvrp", far_pairs, 2).cost == 80);
    instance_route two_vehicles[] = {ROUTE({0, 0}), ROUTE({1, 0})};
    assert_true(verify("vrptw", two_vehicles, 2).cost == 60);
    instance_route ring[] = {ROUTE({0, 0}, {1, 0}), ROUTE({3, 1}, {2, 1})};
    assert_true(verify("carp", ring, 2).cost == 8);
    instance_route street[] = {ROUTE({0, 0}, {-1, 0}, {1, 1}, {-1, 0})};
    instance_verdict verdict = verify("mcarptif", street, 1);
    assert_true(verdict.feasible && verdict.cost == 20);
    instance_route corner[] = {ROUTE({0, 0}, {-1, 0})};
    assert_true(verify("mcarptif_tp", corner, 1).cost == 55);
    instance_route corner_backwards[] = {ROUTE({0, 1}, {-1, 0})}; /* both ways, U, both ways */
    assert_true(verify("mcarptif_tp", corner_backwards, 1).cost ==
                10 + 2 + 5 + 8 + 7 + 8 + 5 + 20 + 5 + 1 + 10);
    instance_route day[] = {ROUTE({0, 0}, {-1, 0}, {INSTANCE_BREAK, 0}, {1, 0}, {-1, 0})};
    verdict = verify("wcvrptw", day, 1);
    assert_string_equal(verdict.fault, "");
    assert_true(verdict.cost == 6);
    instance_route reload[] = {ROUTE({0, 0}, {INSTANCE_TIP, 0}, {1, 0}, {INSTANCE_TIP, 0})};
    verdict = verify("mtvrptwr", reload, 1);
    assert_string_equal(verdict.fault, "");
    assert_true(verdict.cost == 60);
    /* Place 2 is reached from the depot (way 0), then the side street first: turns of 20. */
    instance_route cross[] = {ROUTE({0, 0}, {2, 0}, {1, 0})};
    assert_true(verify("mcgrp_tp", cross, 1).cost == 80);
}

static void a_solution_that_breaks_a_rule_is_found_out(void **state) {
    (void)state;
    instance_route all[] = {ROUTE({0, 0}, {1, 0}, {2, 0}, {3, 0})};
    expect_fault("cvrp", all, 1, "route 1: load 3, capacity 2");
    instance_route three[] = {ROUTE({0, 0}, {1, 0}), ROUTE({2, 0})};
    expect_fault("cvrp", three, 2, "task 4 is not served");
    instance_route twice[] = {ROUTE({0, 0}, {1, 0}), ROUTE({2, 0}, {3, 0}), ROUTE({0, 0})};
    expect_fault("cvrp", twice, 3, "task 1 is served more than once");
    instance_route near_first[] = {ROUTE({0, 0}, {1, 0})};
    expect_fault("vrptw", near_first, 1, "route 1: place 2 is served at 55, latest 25");
    instance_route waiting[] = {ROUTE({0, 0}, {1, 0}, {INSTANCE_TIP, 0})};
    expect_fault("mtvrptwr", waiting, 1, "route 1: place 1 is served at 310, latest 50");
    instance_route backwards[] = {ROUTE({0, 1})};
    expect_fault("mcarp", backwards, 1, "route 1: a one-way link is served backwards");
    instance_route loaded[] = {ROUTE({0, 0}, {-1, 0}, {1, 0})};
    expect_fault("mcarptif", loaded, 1, "route 1: returns loaded");
    instance_route often[] = {ROUTE({0, 0}, {-1, 0}, {-1, 0}, {-1, 0}, {-1, 0}, {1, 0}, {-1, 0})};
    expect_fault("mcarptif", often, 1, "route 1: costs 35, at most 30");
    instance_route elsewhere[] = {ROUTE({0, 2}, {1, 0}, {2, 0})};
    expect_fault("mcgrp_tp", elsewhere, 1,
                 "route 1: a place is reached by a link that does not lead there");
    enum { BREAK = INSTANCE_BREAK };
    instance_route hungry[] = {ROUTE({0, 0}, {-1, 0}, {1, 0}, {-1, 0})};
    expect_fault("wcvrptw", hungry, 1, "route 1: 0 breaks, expected 1");
    instance_route late_lunch[] = {ROUTE({0, 0}, {-1, 0}, {1, 0}, {BREAK, 0}, {-1, 0})};
    expect_fault("wcvrptw", late_lunch, 1,
                 "route 1: place 3 sees the break at 46860, latest 43200");
    instance_route full[] = {ROUTE({0, 0}, {BREAK, 0}, {1, 0}, {-1, 0})};
    expect_fault("wcvrptw", full, 1, "route 1: load 170, capacity 100");
    instance_route many[] = {ROUTE({0, 0}), ROUTE({1, 0}), ROUTE({2, 0})};
    expect_fault("mcgrp_tp", many, 3, "3 routes, at most 2");
}

/* ---- what others published ------------------------------------------------------------------- */

/* "Route #1: 5 3 8": places without the depot, from 1, in the order of the file; 0: the depot
 * between two trips. */
static int read_routes(char *text, int has_tips, instance_route *routes, instance_stop *stops,
                       double *cost) {
    int n_routes = 0;
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
        double value[1000];
        if (sscanf(line, "Cost%*[: ]%lf", cost) == 1 || strncmp(line, "Route #", 7) != 0) continue;
        int n = instance_numbers(strchr(line, ':'), value, 1000);
        routes[n_routes++] = (instance_route){.n_stops = n + has_tips, .stops = stops};
        for (int at = 0; at < n; at++)
            *stops++ = (instance_stop){(int32_t)value[at] - 1, 0};
        if (has_tips) *stops++ = (instance_stop){INSTANCE_TIP, 0};
    }
    return n_routes;
}

static void check_published(const char *folder, const char *name) {
    char path[1000];
    bench_instance in;
    kerb_error err = {0};
    snprintf(path, sizeof path, "%s/%s", folder, name);
    if (instance_read(&in, path, &err) != KERB_OK) fail_msg("%s", err.message);
    char *text;
    size_t n_bytes;
    memcpy(strrchr(path, '.'), ".sol", 5);
    assert_int_equal(ki_file_read(&text, &n_bytes, path, 1 << 20, &err), KERB_OK);
    static instance_route routes[1000];
    static instance_stop stops[2000];
    double cost = 0;
    int n_routes = read_routes(text, in.n_tips > 0, routes, stops, &cost);
    instance_verdict verdict;
    assert_int_equal(instance_verify(&verdict, &in, routes, n_routes, NULL), KERB_OK);
    assert_string_equal(verdict.fault, "");
    if (verdict.cost != cost) fail_msg("%s: %g, published %g", name, verdict.cost, cost);
    ki_free(text);
    instance_free(&in);
}

static void check_published_folder(const char *family) {
    char folder[800];
    snprintf(folder, sizeof folder, "%s/instances/%s", data_folder(), family);
    DIR *open = opendir(folder);
    if (!open) {
        print_message("no %s: set KERBSIDE_DATA\n", folder);
        skip();
    }
    int n_checked = 0;
    for (struct dirent *entry; (entry = readdir(open));) {
        const char *ending = strrchr(entry->d_name, '.');
        if (!ending || strcmp(ending, ".vrp") != 0) continue;
        check_published(folder, entry->d_name);
        n_checked++;
    }
    closedir(open);
    assert_true(n_checked > 0);
}

static void published_solutions_of_cvrplib_cost_what_is_published(void **state) {
    (void)state;
    check_published_folder("cvrp");
}

static void published_solutions_with_releases_hold_and_cost_what_is_published(void **state) {
    (void)state;
    check_published_folder("mtvrptwr");
}

static int read_folder(const char *name, instance_problem problem) {
    char folder[800], path[1100];
    snprintf(folder, sizeof folder, "%s/instances/%s", data_folder(), name);
    DIR *open = opendir(folder);
    if (!open) return 0;
    int n_read = 0;
    for (struct dirent *entry; (entry = readdir(open));) {
        const char *ending = strrchr(entry->d_name, '.');
        int is_instance =
            ending &&
            (!strcmp(ending, ".dat") || !strcmp(ending, ".txt") || !strcmp(ending, ".vrp")) &&
            strcmp(entry->d_name, "README.txt") != 0;
        if (!is_instance) continue;
        bench_instance in;
        kerb_error err = {0};
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (instance_read(&in, path, &err) != KERB_OK) fail_msg("%s", err.message);
        assert_int_equal(in.problem, problem);
        instance_free(&in);
        n_read++;
    }
    closedir(open);
    return n_read;
}

static void every_public_file_of_a_family_is_read_as_that_family(void **state) {
    (void)state;
    int n_read =
        read_folder("vrptw", INSTANCE_VRPTW) + read_folder("carp", INSTANCE_CARP) +
        read_folder("mcarp", INSTANCE_MCARP) + read_folder("mcgrp", INSTANCE_MCGRP) +
        read_folder("mcgrp_tp", INSTANCE_MCGRP_TP) + read_folder("mcarptif", INSTANCE_MCARPTIF) +
        read_folder("mcarptif_tp", INSTANCE_MCARPTIF_TP) +
        read_folder("wcvrptw", INSTANCE_WCVRPTW) + read_folder("mtvrptwr", INSTANCE_MTVRPTWR);
    if (n_read == 0) {
        print_message("no public instances: set KERBSIDE_DATA\n");
        skip();
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_family_is_told_apart_and_its_tiny_instance_solved_to_the_optimum),
        cmocka_unit_test(a_proven_bound_is_never_above_the_optimum),
        cmocka_unit_test(the_same_seed_and_iterations_give_the_same_solution_on_any_threads),
        cmocka_unit_test(what_cannot_be_read_is_refused_by_line_and_reason),
        cmocka_unit_test(the_verification_adds_up_by_itself),
        cmocka_unit_test(a_solution_that_breaks_a_rule_is_found_out),
        cmocka_unit_test(published_solutions_of_cvrplib_cost_what_is_published),
        cmocka_unit_test(published_solutions_with_releases_hold_and_cost_what_is_published),
        cmocka_unit_test(every_public_file_of_a_family_is_read_as_that_family),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
