/* SPDX-License-Identifier: GPL-3.0-or-later
 * parts.h - one annealing over thousands of tasks, in parts side by side.
 *
 *   routes ─► neighbours together ─► parts of some hundred tasks ─► annealed apart, a few steps a
 *      ▲       (others each time)      (models of their own)         task at one temperature
 *      └───────────────────────── put together ◄──────────────────────────┘
 *
 * A step changes a dozen near tasks wherever it is made, so as many steps a task are wanted for
 * 10,000 as for 500; in parts each takes a fraction of the time (part.h). What is at the border of
 * two parts is within one the next time.
 * Grouping, and the random stream of each part, follow from the seed and the steps made before. */
#ifndef KI_PARTS_H
#define KI_PARTS_H
#include "search/search.h"

typedef struct ki_parts ki_parts;

/* From the best of an island of the whole model, which must outlive this. */
kerb_status ki_parts_new(ki_parts **out, const ki_model *model, const ki_island *whole,
                         uint64_t seed, kerb_error *err);
void ki_parts_free(ki_parts *parts);
/* As ki_island_plan. */
kerb_status ki_parts_plan(ki_parts *parts, int64_t n, int less, kerb_error *err);
/* n steps over all parts, on so many threads. */
kerb_status ki_parts_run(ki_parts *parts, int64_t n, int threads, kerb_error *err);
/* How many steps should be made before tasks are grouped anew. */
int64_t ki_parts_share(const ki_parts *parts);
/* The best of each part in the latest run, together. */
const ki_solution *ki_parts_latest(const ki_parts *parts);
#endif
