/* SPDX-License-Identifier: GPL-3.0-or-later
 * what_if.c - what would the night cost without this vehicle?
 *
 *   what_if ROADS|- PROBLEM.pb VEHICLE
 *
 * Plans the problem twice, as it is and with the vehicle (or shift) out, and prints both. The costs
 * are of two searches: a difference smaller than the gaps says nothing. */
#include <kerbside.h>
#include <stdio.h>
#include <string.h>

static const kerb_options options = {.seed = 1, .iterations = 2000};

/* out: a vehicle or shift that is out, or NULL. */
static int plan_variant(kerb_plan_totals *totals, const kerb_roads *roads, const char *problem,
                        size_t n_bytes, const char *out, kerb_error *err) {
    kerb_model *model = NULL;
    kerb_plan *plan = NULL;
    int failed = kerb_model_unpack(&model, roads, (const uint8_t *)problem, n_bytes, err) ||
                 (out && kerb_model_set_out(model, out, err)) ||
                 kerb_model_seal(model, &options, err) ||
                 kerb_plan_solve(&plan, model, &options, err);
    if (!failed) kerb_plan_get_totals(plan, totals);
    kerb_plan_free(plan);
    kerb_model_free(model);
    return failed;
}

static void print_variant(const char *name, const kerb_plan_totals *totals) {
    printf("%-12s %12.2f %12.2f %8zu %8zu %10zu %8.1f\n", name, totals->cost, totals->bound,
           totals->n_routes, totals->n_served, totals->n_unserved_must, totals->length_km);
}

int main(int argc, char **argv) {
    if (argc != 4) {
        fprintf(stderr, "usage: what_if ROADS|- PROBLEM.pb VEHICLE\n");
        return 2;
    }
    kerb_error err = {0};
    kerb_roads *roads = NULL;
    kerb_plan_totals with, without;
    char *problem = NULL;
    size_t n_bytes = 0;
    int failed = (strcmp(argv[1], "-") && kerb_roads_load(&roads, argv[1], &err)) ||
                 kerb_file_read(&problem, &n_bytes, argv[2], (size_t)1 << 28, &err) ||
                 plan_variant(&with, roads, problem, n_bytes, NULL, &err) ||
                 plan_variant(&without, roads, problem, n_bytes, argv[3], &err);
    if (failed) {
        fprintf(stderr, "%s\n", err.message);
    } else {
        printf("%-12s %12s %12s %8s %8s %10s %8s\n", "variant", "cost", "bound", "routes", "served",
               "musts out", "km");
        print_variant("as it is", &with);
        print_variant("without", &without);
        printf("%s is worth %.2f tonight, proved between %.2f and %.2f\n", argv[3],
               without.cost - with.cost, without.bound - with.cost, without.cost - with.bound);
    }
    kerb_buffer_free(problem);
    kerb_roads_free(roads);
    return failed;
}
