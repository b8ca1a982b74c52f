/* SPDX-License-Identifier: GPL-3.0-or-later
 * random_town.h - random small towns, and a city of straight streets, for tests with an oracle. */
#ifndef RANDOM_TOWN_H
#define RANDOM_TOWN_H
#include "base/rng.h"
#include "road/profile.h"
#include "road_town.h"

static inline ki_way_tags random_tags(ki_rng *rng) {
    ki_way_tags tags = town_tags();
    uint32_t draw = ki_rng_below(rng, 10);
    if (draw < 3) tags.access[ki_rng_below(rng, 2)] = 0;
    if (draw == 3) tags.access[0] = tags.access[1] = KI_KIND_SWEEPER;
    if (draw == 4) tags.max_height_mm = 3000;
    for (int side = 0; side < 2; side++)
        tags.speed_mm_per_s[side] = (uint16_t)(2000 + 1000 * ki_rng_below(rng, 4));
    return tags;
}

/* Ways wander over a grid of `columns` squared, so that they cross, overlap and close on
 * themselves; some hop to another node at the same spot and on from there. */
static inline void add_random_way(road_town *town, ki_rng *rng, int64_t id) {
    int64_t refs[6];
    int n_refs = 2 + (int)ki_rng_below(rng, 4), size = town->columns * town->columns;
    ki_way_tags tags = random_tags(rng);
    refs[0] = 1 + ki_rng_below(rng, (uint32_t)size);
    for (int ref = 1; ref < n_refs; ref++) {
        static const int STEPS[4][2] = {{1, 0}, {-1, 0}, {0, 1}, {0, -1}};
        const int *step = STEPS[ki_rng_below(rng, 4)];
        int spot = (int)(refs[ref - 1] % TOWN_TWIN) - 1;
        int column = spot % town->columns + step[0], row = spot / town->columns + step[1];
        int inside = column >= 0 && row >= 0 && column < town->columns && row < town->columns;
        refs[ref] = inside ? row * town->columns + column + 1 : refs[ref - 1];
        if (ki_rng_below(rng, 10) == 0) refs[ref] = spot + 1 + TOWN_TWIN;
    }
    town_way(town, id, &tags, refs, n_refs);
}

static inline void add_random_restriction(road_town *town, ki_rng *rng, int64_t id, int n_ways) {
    ki_osm_restriction restriction = {.id = id};
    restriction.from_way = 1 + ki_rng_below(rng, (uint32_t)n_ways);
    restriction.to_way = 1 + ki_rng_below(rng, (uint32_t)n_ways);
    restriction.only = ki_rng_below(rng, 4) == 0;
    restriction.except = ki_rng_below(rng, 5) == 0 ? KI_KIND_TRUCK : 0;
    if (ki_rng_below(rng, 2)) {
        restriction.via_node = 1 + ki_rng_below(rng, (uint32_t)(town->columns * town->columns));
        restriction.u_turn = (uint8_t)ki_rng_below(rng, 2);
    } else {
        restriction.n_via_ways = 1 + (int32_t)ki_rng_below(rng, 2);
        for (int via = 0; via < restriction.n_via_ways; via++)
            restriction.via_ways[via] = 1 + ki_rng_below(rng, (uint32_t)n_ways);
    }
    town_restrict(town, restriction);
}

static inline ki_graph *random_town(ki_rng *rng) {
    road_town town = town_new(3 + (int)ki_rng_below(rng, 2), 411000000);
    int n_ways = 4 + (int)ki_rng_below(rng, 8), n_restrictions = (int)ki_rng_below(rng, 60);
    for (int way = 1; way <= n_ways; way++)
        add_random_way(&town, rng, way);
    for (int index = 1; index <= n_restrictions; index++)
        add_random_restriction(&town, rng, index, n_ways);
    for (int node = 0; node < 3; node++) {
        ki_node_tags tags = {.flags = (uint8_t)ki_rng_below(rng, 4)};
        if (ki_rng_below(rng, 3) == 0) tags.blocked = KI_KIND_TRUCK;
        town_tag(&town, 1 + ki_rng_below(rng, 9), tags);
    }
    return town_build(&town);
}

static inline ki_profile_spec random_spec(ki_rng *rng) {
    ki_profile_spec spec = {.kind = ki_rng_below(rng, 4) ? KI_KIND_TRUCK : KI_KIND_SWEEPER};
    spec.height_mm = ki_rng_below(rng, 2) ? 3500 : 0;
    spec.top_speed_mm_per_s = ki_rng_below(rng, 3) ? 0 : 3000;
    spec.u_turns = ki_rng_below(rng, 4) == 0;
    return spec;
}

/* A grid city of `size` squared junctions with speeds of its own on every street. */
static inline ki_graph *grid_city(int size) {
    ki_rng rng;
    road_town town = town_new(size, 411000000);
    ki_rng_seed(&rng, 1, 2);
    for (int street = 0; street < 2 * size; street++) {
        int64_t refs[64];
        ki_way_tags tags = town_tags();
        for (int at = 0; at < size; at++)
            refs[at] = street < size ? street * size + at + 1 : at * size + street - size + 1;
        tags.access[1] = street % 3 ? KI_KIND_ALL : 0;
        tags.speed_mm_per_s[0] = (uint16_t)(5000 + ki_rng_below(&rng, 9000));
        town_way(&town, street + 1, &tags, refs, size);
    }
    return town_build(&town);
}
#endif
