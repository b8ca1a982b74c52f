/* SPDX-License-Identifier: GPL-3.0-or-later
 * route_pool.c - an array of routes sorted by key, one for each (type, set of tasks).
 *
 *   sorted ─► [route, key 3] [route, key 17] [route, key 90] ...     insertion moves pointers only
 *
 * Why sorted: what comes out depends on keys alone, so the master sees the same columns in the
 * same order whatever island found them first. A few thousand pointers move in a microsecond,
 * which is less than the exact evaluation of the route that is added.
 *
 * The key hashes the type and, order-free, the tasks. Two sets with one key (2^-64) cost a column,
 * never a wrong plan: the master reads tasks from the stops. */
#include "master/route_pool.h"

#include "base/alloc.h"
#include "base/error.h"

#include <stdlib.h>
#include <string.h>

struct ki_route_pool {
    const ki_model *model;
    ki_pool_route **sorted; /* by key */
    int32_t n_routes, max_routes;
    int32_t *seen; /* [n_tasks] the add that last met the task */
    int32_t n_adds;
};

kerb_status ki_route_pool_new(ki_route_pool **out, const ki_model *model, int32_t max_routes,
                              kerb_error *err) {
    *out = NULL;
    ki_route_pool *pool = ki_alloc_zero(1, sizeof *pool);
    if (!pool) return ki_fail_no_memory(err, "a route pool");
    pool->model = model;
    pool->max_routes = max_routes < 1 ? 1 : max_routes;
    pool->sorted = ki_alloc_zero((size_t)pool->max_routes, sizeof(ki_pool_route *));
    pool->seen = ki_alloc_zero((size_t)model->n_tasks, sizeof *pool->seen);
    if (!pool->sorted || !pool->seen) {
        ki_route_pool_free(pool);
        return ki_fail_no_memory(err, "a route pool");
    }
    *out = pool;
    return KERB_OK;
}

void ki_route_pool_free(ki_route_pool *pool) {
    if (!pool) return;
    for (int32_t index = 0; pool->sorted && index < pool->n_routes; index++)
        ki_free(pool->sorted[index]);
    ki_free(pool->sorted);
    ki_free(pool->seen);
    ki_free(pool);
}

static uint64_t mix(uint64_t word) { /* splitmix64's finaliser */
    word += 0x9e3779b97f4a7c15u;
    word = (word ^ (word >> 30)) * 0xbf58476d1ce4e5b9u;
    word = (word ^ (word >> 27)) * 0x94d049bb133111ebu;
    return word ^ (word >> 31);
}

/* 0 where a task comes twice: no column of a partition. */
static int route_key(ki_route_pool *pool, const ki_route *route, uint64_t *key) {
    if (pool->n_adds == INT32_MAX) {
        memset(pool->seen, 0, (size_t)pool->model->n_tasks * sizeof *pool->seen);
        pool->n_adds = 0;
    }
    int32_t stamp = ++pool->n_adds;
    uint64_t sum = 0;
    for (int32_t stop = 0; stop < route->n_stops; stop++) {
        int32_t task = route->stops[stop].task;
        if (task < 0) continue;
        if (pool->seen[task] == stamp) return 0;
        pool->seen[task] = stamp;
        sum += mix((uint64_t)task);
    }
    *key = mix(sum ^ mix((uint64_t)route->type + ((uint64_t)1 << 40)));
    return 1;
}

/* First index whose key is not below `key`. */
static int32_t find(const ki_route_pool *pool, uint64_t key) {
    int32_t low = 0, high = pool->n_routes;
    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        if (pool->sorted[middle]->key < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static int by_latest_use(const void *left, const void *right) {
    const ki_pool_route *a = *(ki_pool_route *const *)left, *b = *(ki_pool_route *const *)right;
    if (a->last_use != b->last_use) return a->last_use > b->last_use ? -1 : 1;
    return a->key < b->key ? -1 : a->key > b->key;
}

static int by_key(const void *left, const void *right) {
    const ki_pool_route *a = *(ki_pool_route *const *)left, *b = *(ki_pool_route *const *)right;
    return a->key < b->key ? -1 : a->key > b->key;
}

/* Frees a quarter at a time, so that adding stays cheap on average. */
static void drop_oldest(ki_route_pool *pool) {
    qsort(pool->sorted, (size_t)pool->n_routes, sizeof *pool->sorted, by_latest_use);
    int32_t kept = pool->max_routes - (pool->max_routes + 3) / 4;
    for (int32_t index = kept; index < pool->n_routes; index++)
        ki_free(pool->sorted[index]);
    pool->n_routes = kept;
    qsort(pool->sorted, (size_t)pool->n_routes, sizeof *pool->sorted, by_key);
}

static ki_pool_route *make_entry(const ki_route *route, int64_t cost_nano, uint64_t key,
                                 int64_t stamp) {
    size_t stops_size = (size_t)route->n_stops * sizeof *route->stops;
    ki_pool_route *entry = ki_alloc(sizeof *entry + stops_size);
    if (!entry) return NULL;
    entry->route = *route;
    entry->route.stops = (ki_stop *)(entry + 1);
    memcpy(entry->route.stops, route->stops, stops_size);
    entry->cost_nano = cost_nano;
    entry->key = key;
    entry->last_use = stamp;
    return entry;
}

static kerb_status add_valued(ki_route_pool *pool, const ki_route *route, int64_t cost_nano,
                              uint64_t key, int64_t stamp, kerb_error *err) {
    int32_t place = find(pool, key);
    ki_pool_route *known =
        place < pool->n_routes && pool->sorted[place]->key == key ? pool->sorted[place] : NULL;
    if (known && known->last_use < stamp) known->last_use = stamp;
    if (known && known->cost_nano <= cost_nano) return KERB_OK;
    ki_pool_route *entry = make_entry(route, cost_nano, key, known ? known->last_use : stamp);
    if (!entry) return ki_fail_no_memory(err, "a route of the pool");
    if (known) {
        ki_free(known);
        pool->sorted[place] = entry;
        return KERB_OK;
    }
    if (pool->n_routes == pool->max_routes) {
        drop_oldest(pool);
        place = find(pool, key);
    }
    memmove(&pool->sorted[place + 1], &pool->sorted[place],
            (size_t)(pool->n_routes - place) * sizeof *pool->sorted);
    pool->sorted[place] = entry;
    pool->n_routes++;
    return KERB_OK;
}

kerb_status ki_route_pool_add(ki_route_pool *pool, const ki_route *route, int64_t stamp,
                              kerb_error *err) {
    uint64_t key;
    if (route->n_stops < 1 || !route_key(pool, route, &key)) return KERB_OK;
    ki_route_value value;
    ki_route_evaluate(pool->model, route, &value, NULL);
    if (!value.feasible) return KERB_OK;
    return add_valued(pool, route, value.cost_nano, key, stamp, err);
}

kerb_status ki_route_pool_add_solution(ki_route_pool *pool, const ki_solution *solution,
                                       int64_t stamp, kerb_error *err) {
    for (int32_t route = 0; route < solution->n_routes; route++)
        KI_TRY(ki_route_pool_add(pool, &solution->routes[route], stamp, err));
    return KERB_OK;
}

kerb_status ki_route_pool_merge(ki_route_pool *into, const ki_route_pool *from, kerb_error *err) {
    for (int32_t index = 0; index < from->n_routes; index++) {
        const ki_pool_route *entry = from->sorted[index];
        KI_TRY(add_valued(into, &entry->route, entry->cost_nano, entry->key, entry->last_use, err));
    }
    return KERB_OK;
}

int32_t ki_route_pool_size(const ki_route_pool *pool) {
    return pool->n_routes;
}

const ki_pool_route *ki_route_pool_get(const ki_route_pool *pool, int32_t index) {
    return pool->sorted[index];
}
