/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "places.h"

#include "base/rng.h"

int32_t bench_places_draw(const ki_profile *profile, ki_place *places, int32_t n, uint64_t seed) {
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
