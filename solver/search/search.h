/* SPDX-License-Identifier: GPL-3.0-or-later
 * search.h - the search for good routes, behind one interface. */
#ifndef KI_SEARCH_H
#define KI_SEARCH_H
#include "master/route_pool.h"
#include "route/route.h"

/* One island: its own random stream, memory and incumbent. Step it from any one thread at a time.
 * The number of islands follows from the model (ki_search_islands), never from the threads. */
typedef struct ki_island ki_island;
int ki_search_islands(const ki_model *model);
/* Whether it is better searched in parts (parts.h). */
int ki_search_in_parts(const ki_model *model);
/* Whether it matters to the search how many steps are to come. */
int ki_search_needs_plan(const ki_model *model);
/* Whether steps are so small that an epoch should hold many more of them. */
int ki_search_steps_are_small(const ki_model *model);
/* sibling: an island of the same model whose neighbours are shared; it must outlive this one. May
 * be NULL. */
kerb_status ki_island_new(ki_island **out, const ki_model *model, uint64_t seed, int island,
                          const ki_island *sibling, kerb_error *err);
/* From a solution, by routes, without a search for a first one. */
kerb_status ki_island_new_from(ki_island **out, const ki_model *model, uint64_t seed, int island,
                               const ki_solution *from, kerb_error *err);
void ki_island_free(ki_island *island);
/* The next n steps are one annealing, from a temperature divided by `less`; from the best solution
 * if there was a plan before. n 0: not known yet, so stay hot; a plan known within the first eighth
 * of its n steps counts from there. Without any plan an island anneals in cycles that grow longer.
 */
void ki_island_plan(ki_island *island, int64_t n, int less);
#define KI_COLD_RATIO 0.01 /* of the hottest, at the end of an annealing */
/* From the temperature `hot`, in nano, to `cold`, between two counts of steps. */
void ki_island_cool(ki_island *island, double hot, double cold, int64_t from, int64_t to);
/* Where an annealing of the model begins. */
double ki_island_hot_nano(const ki_island *island);
/* [n_tasks][*n] the nearest tasks of each, nearest first, -1 behind. */
const int32_t *ki_island_near(const ki_island *island, int32_t *n);
/* Where it is now becomes its best. For one by routes. */
kerb_status ki_island_settle(ki_island *island, kerb_error *err);
/* Runs n local searches. Each locally optimal feasible route goes to the island's own pool. */
kerb_status ki_island_run(ki_island *island, int64_t n, kerb_error *err);
const ki_solution *ki_island_best(const ki_island *island); /* feasible; never NULL after new */
ki_route_pool *ki_island_pool(ki_island *island);
/* Hands in a solution found elsewhere (another island, the master). */
kerb_status ki_island_offer(ki_island *island, const ki_solution *solution, kerb_error *err);
#endif
