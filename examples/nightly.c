/* SPDX-License-Identifier: GPL-3.0-or-later
 * nightly.c - plan the districts of a city side by side, on roads read once and shared.
 *
 *   nightly ROADS|- FOLDER PROBLEM.pb...
 *
 * ROADS is an extract or a road cache; "-" where the problems bring their own travel matrices. The
 * problems are messages (kerbside problem DISTRICT.yaml -o PROBLEM.pb, or made by another program).
 * Each plan goes to FOLDER/PROBLEM.plan.pb. Exits with 1 if any district failed. */
#include <kerbside.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <threads.h>

enum { N_WORKERS = 2, MAX_PROBLEM_BYTES = 1 << 28 };

typedef struct district {
    const char *path;
    int failed;
    kerb_plan_totals totals;
    kerb_error err;
} district;

typedef struct city {
    const kerb_roads *roads;
    const char *folder;
    district *districts;
    size_t n_districts;
    atomic_size_t next;
} city;

static void plan_path(char *path, size_t size, const char *folder, const char *problem) {
    const char *name = strrchr(problem, '/') ? strrchr(problem, '/') + 1 : problem;
    size_t n = strlen(name);
    if (n > 3 && strcmp(name + n - 3, ".pb") == 0) n -= 3;
    snprintf(path, size, "%s/%.*s.plan.pb", folder, (int)n, name);
}

static void plan_district(const city *all, district *one) {
    const kerb_options options = {.seed = 1, .iterations = 2000};
    char *bytes = NULL, path[4096];
    size_t n_bytes = 0;
    kerb_model *model = NULL;
    kerb_plan *plan = NULL;
    plan_path(path, sizeof path, all->folder, one->path);
    one->failed =
        kerb_file_read(&bytes, &n_bytes, one->path, MAX_PROBLEM_BYTES, &one->err) ||
        kerb_model_unpack(&model, all->roads, (const uint8_t *)bytes, n_bytes, &one->err) ||
        kerb_model_seal(model, &options, &one->err) ||
        kerb_plan_solve(&plan, model, &options, &one->err) ||
        kerb_plan_write(plan, path, &one->err);
    if (!one->failed) kerb_plan_get_totals(plan, &one->totals);
    kerb_plan_free(plan);
    kerb_model_free(model);
    kerb_buffer_free(bytes);
}

static int work(void *payload) {
    city *all = payload;
    size_t at;
    while ((at = atomic_fetch_add(&all->next, 1)) < all->n_districts)
        plan_district(all, &all->districts[at]);
    return 0;
}

/* A thread that cannot be started is no loss: this one works too. */
static void plan_city(city *all) {
    thrd_t workers[N_WORKERS - 1];
    int n_started = 0;
    while (n_started < N_WORKERS - 1 && thrd_create(&workers[n_started], work, all) == thrd_success)
        n_started++;
    work(all);
    while (n_started > 0)
        thrd_join(workers[--n_started], NULL);
}

static int print_city(const city *all) {
    int n_failed = 0;
    for (size_t at = 0; at < all->n_districts; at++) {
        const district *one = &all->districts[at];
        n_failed += one->failed;
        if (one->failed)
            printf("%s: %s\n", one->path, one->err.message);
        else
            printf("%s: %zu routes, %zu served, cost %.2f, gap %.2f %%\n", one->path,
                   one->totals.n_routes, one->totals.n_served, one->totals.cost,
                   one->totals.gap_percent);
    }
    return n_failed > 0;
}

int main(int argc, char **argv) {
    if (argc < 4) {
        fprintf(stderr, "usage: nightly ROADS|- FOLDER PROBLEM.pb...\n");
        return 2;
    }
    kerb_error err = {0};
    kerb_roads *roads = NULL;
    city all = {.folder = argv[2], .n_districts = (size_t)(argc - 3)};
    all.districts = calloc(all.n_districts, sizeof *all.districts);
    int failed = !all.districts || (strcmp(argv[1], "-") && kerb_roads_load(&roads, argv[1], &err));
    if (failed) {
        fprintf(stderr, "%s\n", all.districts ? err.message : "out of memory");
    } else {
        for (size_t at = 0; at < all.n_districts; at++)
            all.districts[at].path = argv[3 + at];
        all.roads = roads;
        plan_city(&all);
        failed = print_city(&all);
    }
    free(all.districts);
    kerb_roads_free(roads);
    return failed;
}
