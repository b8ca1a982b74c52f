/* SPDX-License-Identifier: GPL-3.0-or-later
 * engine.h - islands, exchange and master on a sealed model: the one loop that plans and benches
 * share. */
#ifndef KI_ENGINE_H
#define KI_ENGINE_H
#include "base/pool.h"
#include "master/partition.h"
#include "search/parts.h"

enum { KI_MAX_ISLANDS = 16 };

typedef struct ki_engine ki_engine;

typedef struct ki_engine_limits {
    uint64_t seed;
    int threads;
    int64_t iterations; /* steps over all islands; 0: until time_s */
    double time_s;      /* by clock_s, of all: the search, and the final choice of routes */
    double (*clock_s)(void);
    int32_t final_nodes;          /* branch-and-bound nodes per problem of the final choice */
    const ki_solution *from;      /* to begin with, where it is cheaper; NULL: nothing */
    int no_master;                /* islands alone, to see what the master gives and takes */
    int (*tell)(void *payload);   /* after each epoch; not 0: stop. May be NULL */
    int (*proved)(void *payload); /* of each better solution: whether none can be. May be NULL */
    void (*log)(const char *line, void *payload); /* may be NULL */
    void *payload;
} ki_engine_limits;

struct ki_engine {
    const ki_model *model;
    ki_engine_limits limits;
    int n_islands;
    int needs_plan, steps_are_small; /* of the search */
    ki_island *islands[KI_MAX_ISLANDS];
    ki_parts *parts; /* search instead of the island that made the first solution; NULL: none */
    kerb_error errors[KI_MAX_ISLANDS + 1];
    int64_t shares[KI_MAX_ISLANDS]; /* steps of each island this epoch */
    ki_worker *worker;
    ki_route_pool *pool; /* merged: what the master chooses from */
    ki_solution best, master_found;
    int master_runs, stopped, proved;
    int64_t asked_nano; /* cost of the best of which `proved` was asked */
    ki_choice_log chosen;
    int64_t searched_nano; /* cost of the best before the final choice */
    int64_t iterations;
    int64_t first_round; /* steps; 0: not known yet */
    int64_t may_follow;  /* fewer, and the count says the same rounds */
    int64_t round_start, round_end;
    int64_t timed_from; /* the count since which speed is measured */
    double started_s;   /* by the clock; the others are since then */
    double begun_s, timed_s;
};

/* First solutions. On failure everything is freed. The model is borrowed. */
kerb_status ki_engine_start(ki_engine *engine, const ki_model *model,
                            const ki_engine_limits *limits, kerb_error *err);
/* Until the limit or a proof, then the final choice. engine->best is the solution,
 * engine->iterations the count that repeats it, with the same seed, on any number of threads;
 * where a proof came first, the count that was planned. */
kerb_status ki_engine_run(ki_engine *engine, kerb_error *err);
void ki_engine_end(ki_engine *engine);
#endif
