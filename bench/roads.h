/* SPDX-License-Identifier: GPL-3.0-or-later
 * roads.h - what kerbside-bench roads is asked and what it measured. */
#ifndef KERB_BENCH_ROADS_H
#define KERB_BENCH_ROADS_H
#include "kerbside.h"
#include "road/matrix.h"

typedef struct bench_roads_asked {
    const char *extract; /* NULL: a grid city */
    int32_t n_grid;      /* junctions of it */
    int32_t n_points;
    int threads, runs;
    uint64_t seed;
    ki_matrix_method method;
} bench_roads_asked;

/* CPU seconds, but for speedup. Of several runs the least. */
typedef struct bench_roads_measured {
    size_t n_nodes, n_arcs;
    double load_s, profile_s;
    double order_s;              /* of the edges: once for all profiles */
    double reweigh_s;            /* the hierarchy of one profile, the order known */
    double junction_hierarchy_s; /* of the city without turns */
    double matrix_s;
    double dijkstra_ms; /* a source, over the whole arc graph: mean of a sample */
    double path_us, path_p50_us;
    double speedup; /* of the matrix: wall time on one thread over that on all; 0: not asked */
    int32_t n_places, n_unreachable, n_mismatches;
    long peak_mb; /* after load and hierarchy */
} bench_roads_measured;

void bench_roads_print(const bench_roads_asked *asked, const bench_roads_measured *measured);
/* A row at the end of a CSV file, which is written again as a whole. */
kerb_status bench_roads_append(const char *path, const bench_roads_asked *asked,
                               const bench_roads_measured *measured, kerb_error *err);
#endif
