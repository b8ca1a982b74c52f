/* SPDX-License-Identifier: GPL-3.0-or-later
 * grid_city.h - a made city of straight streets: the kind of place where turns cost most. */
#ifndef KERB_BENCH_GRID_CITY_H
#define KERB_BENCH_GRID_CITY_H
#include "road/graph.h"

enum { BENCH_MAX_GRID = 1000000 };

/* At least n_junctions (4 to BENCH_MAX_GRID), in a square or nearly so. The same city for the same
 * seed. Free with kerb_roads_free. */
kerb_status bench_grid_city(kerb_roads **out, int32_t n_junctions, uint64_t seed, kerb_error *err);
#endif
