/* SPDX-License-Identifier: GPL-3.0-or-later
 * roads.c - kerbside-bench roads: what the road engine costs on an extract, as one JSON line. */
#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/rng.h"
#include "bench.h"
#include "road/matrix.h"

#include <stdio.h>
#include <sys/resource.h>

typedef struct measured {
    double load_s, profile_s, matrix_s;
    int32_t n_places, n_unreachable;
} measured;

/* Random places on arcs that a truck can reach and leave again. */
static int32_t draw_places(const ki_profile *profile, ki_place *places, int32_t n, uint64_t seed) {
    ki_rng rng;
    ki_rng_seed(&rng, seed, 3);
    int32_t made = 0;
    for (int64_t tries = 0; made < n && tries < 1000 * (int64_t)n; tries++) {
        int32_t arc = (int32_t)ki_rng_below(&rng, (uint32_t)profile->graph->n_arcs);
        if (profile->component[arc] != 0) continue;
        int32_t length = profile->graph->edges[arc >> 1].length_mm;
        places[made++] = (ki_place){arc, (int32_t)ki_rng_below(&rng, (uint32_t)length)};
    }
    return made;
}

static kerb_status fill(const ki_profile *profile, int32_t n, int threads, uint64_t seed,
                        measured *out, kerb_error *err) {
    ki_place *places = ki_alloc_zero((size_t)n, sizeof *places);
    size_t n_cells = (size_t)n * (size_t)n;
    int32_t *time_ms = ki_alloc_zero(n_cells, sizeof *time_ms);
    int32_t *length_mm = ki_alloc_zero(n_cells, sizeof *length_mm);
    kerb_status status = KERB_OK;
    if (!places || !time_ms || !length_mm) {
        status = ki_fail_no_memory(err, "the matrix");
    } else {
        out->n_places = draw_places(profile, places, n, seed);
        double begun = ki_clock_cpu_s();
        status = ki_matrix_fill(profile, places, out->n_places, threads, time_ms, length_mm, err);
        out->matrix_s = ki_clock_cpu_s() - begun;
        n_cells = (size_t)out->n_places * (size_t)out->n_places;
        for (size_t at = 0; at < n_cells; at++)
            out->n_unreachable += time_ms[at] == KI_NEVER;
    }
    ki_free(places);
    ki_free(time_ms);
    ki_free(length_mm);
    return status;
}

static kerb_status measure(const char *path, int32_t n, int threads, uint64_t seed,
                           kerb_roads **roads, measured *out, kerb_error *err) {
    static const ki_profile_spec truck = {.kind = KI_KIND_TRUCK,
                                          .height_mm = 3400,
                                          .width_mm = 2500,
                                          .length_mm = 9000,
                                          .mass_kg = 18000};
    double begun = ki_clock_cpu_s();
    KI_TRY(kerb_roads_load(roads, path, err));
    out->load_s = ki_clock_cpu_s() - begun;
    ki_profile *profile;
    begun = ki_clock_cpu_s();
    KI_TRY(ki_profile_build(&profile, (*roads)->graph, &truck, NULL, err));
    out->profile_s = ki_clock_cpu_s() - begun;
    kerb_status status = fill(profile, n, threads, seed, out, err);
    ki_profile_free(profile);
    return status;
}

int bench_roads(int argc, char **argv) {
    int failed = 0;
    const char *path = bench_operand(argc, argv, 0);
    int32_t n = (int32_t)bench_number(argc, argv, "--points", 500, 1, 20000, &failed);
    int threads = (int)bench_number(argc, argv, "--threads", 1, 1, 64, &failed);
    uint64_t seed = (uint64_t)bench_number(argc, argv, "--seed", 1, 0, 1e15, &failed);
    if (!path || failed) {
        fprintf(stderr,
                "usage: kerbside-bench roads EXTRACT --points N [--threads N] [--seed S]\n");
        return 2;
    }
    kerb_error err = {0};
    kerb_roads *roads = NULL;
    measured out = {0};
    kerb_status status = measure(path, n, threads, seed, &roads, &out, &err);
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    if (status == KERB_OK)
        printf(
            "{\"nodes\": %zu, \"arcs\": %zu, \"km\": %.0f, \"load_s\": %.3f, \"profile_s\": %.3f, "
            "\"points\": %d, \"matrix_s\": %.3f, \"ns_per_cell\": %.0f, \"unreachable\": %d, "
            "\"peak_mb\": %ld}\n",
            kerb_roads_node_count(roads), kerb_roads_arc_count(roads), kerb_roads_length_km(roads),
            out.load_s, out.profile_s, out.n_places, out.matrix_s,
            out.n_places ? out.matrix_s * 1e9 / out.n_places / out.n_places : 0, out.n_unreachable,
            usage.ru_maxrss / 1024);
    kerb_roads_free(roads);
    return status == KERB_OK ? 0 : bench_report(&err);
}
