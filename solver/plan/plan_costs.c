/* SPDX-License-Identifier: GPL-3.0-or-later
 * plan_costs.c - what the plan costs, by item, whole and by zone, to the nano.
 *
 * A route serves several zones. Each of its items is shared among them by stops served there,
 * rounded towards zero, and what rounding leaves goes to the zone that comes first in the alphabet.
 * Prizes of what was left out belong to the zone it lies in. So the lines of the zones add up to
 * the lines of the whole, and those to the cost of the plan. */
#include "plan/plan_internal.h"

#include "base/error.h"

#include <string.h>

enum {
    VEHICLES,
    DISTANCE,
    TIME,
    OVERTIME,
    GATE_FEES,
    CHANGES,
    BALANCE,
    UNFAMILIAR,
    COMPACTNESS,
    GUARANTEED,
    LEFT_OUT,
    N_ITEMS
};

static const char *const item_names[N_ITEMS] = {
    "vehicles", "distance",   "time",        "overtime",   "gate_fees", "changes",
    "balance",  "unfamiliar", "compactness", "guaranteed", "left_out"};

typedef struct ledger {
    ki_plan_maker *maker;
    const char **zones; /* sorted, distinct; [0] may be "" */
    int32_t n_zones;
    int64_t total[N_ITEMS];
    int64_t *by_zone; /* [n_zones][N_ITEMS] */
    int32_t *served;  /* [n_zones] of the route at hand */
} ledger;

static int32_t zone_place(const ledger *book, const char *zone) {
    int32_t low = 0, high = book->n_zones;
    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        if (strcmp(book->zones[middle], zone) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void add_zone(ledger *book, const char *zone) {
    int32_t at = zone_place(book, zone);
    if (at < book->n_zones && strcmp(book->zones[at], zone) == 0) return;
    memmove(book->zones + at + 1, book->zones + at,
            (size_t)(book->n_zones - at) * sizeof *book->zones);
    book->zones[at] = zone;
    book->n_zones++;
}

static kerb_status open_book(ledger *book) {
    ki_plan_maker *maker = book->maker;
    size_t n = (size_t)maker->sealed->n_tasks;
    book->zones = ki_arena_alloc(&maker->scratch, n + 1, sizeof *book->zones);
    if (!book->zones) return ki_fail_no_memory(maker->err, "the costs of a plan");
    for (size_t task = 0; task < n; task++)
        add_zone(book, ki_plan_task_zone(maker->draft, &maker->sealed->tasks[task]));
    size_t cells = (size_t)book->n_zones * N_ITEMS;
    book->by_zone = ki_arena_alloc(&maker->scratch, cells, sizeof *book->by_zone);
    book->served = ki_arena_alloc(&maker->scratch, (size_t)book->n_zones, sizeof *book->served);
    if (!book->by_zone || !book->served)
        return ki_fail_no_memory(maker->err, "the costs of a plan");
    return KERB_OK;
}

static void share(ledger *book, int item, int64_t nano, int64_t n_served) {
    int64_t left = nano;
    int32_t first = -1;
    book->total[item] += nano;
    for (int32_t zone = 0; zone < book->n_zones && n_served > 0; zone++) {
        if (book->served[zone] == 0) continue;
        if (first < 0) first = zone;
        int64_t part =
            nano / n_served * book->served[zone] + nano % n_served * book->served[zone] / n_served;
        book->by_zone[zone * N_ITEMS + item] += part;
        left -= part;
    }
    if (first >= 0) book->by_zone[first * N_ITEMS + item] += left;
}

static void add_route(ledger *book, int32_t index) {
    const ki_plan_maker *maker = book->maker;
    const ki_plan_route *route = &maker->plan->routes[index];
    memset(book->served, 0, (size_t)book->n_zones * sizeof *book->served);
    for (int32_t task = 0; task < maker->sealed->n_tasks; task++)
        if (maker->route_of_task[task] == index)
            book->served[zone_place(
                book, ki_plan_task_zone(maker->draft, &maker->sealed->tasks[task]))]++;
    share(book, VEHICLES, route->used_nano, route->n_served);
    share(book, DISTANCE, route->distance_nano, route->n_served);
    share(book, TIME, route->time_nano, route->n_served);
    share(book, OVERTIME, route->overtime_nano, route->n_served);
    share(book, GATE_FEES, route->fees_nano, route->n_served);
    share(book, CHANGES, route->changes_nano, route->n_served);
    share(book, BALANCE, route->balance_nano, route->n_served);
    share(book, UNFAMILIAR, route->unfamiliar_nano, route->n_served);
    share(book, COMPACTNESS, route->compactness_nano, route->n_served);
    share(book, GUARANTEED, route->guaranteed_nano, route->n_served);
}

static void add_left_out(ledger *book) {
    const ki_plan_maker *maker = book->maker;
    for (int32_t task = 0; task < maker->sealed->n_tasks; task++) {
        if (maker->route_of_task[task] >= 0) continue;
        int64_t nano = maker->sealed->tasks[task].prize_nano;
        int32_t zone =
            zone_place(book, ki_plan_task_zone(maker->draft, &maker->sealed->tasks[task]));
        book->total[LEFT_OUT] += nano;
        book->by_zone[zone * N_ITEMS + LEFT_OUT] += nano;
    }
    maker->plan->left_out_nano = book->total[LEFT_OUT];
}

/* A district that names no zone gets no lines by zone. */
static int has_zones(const ki_draft *draft) {
    for (size_t site = 0; site < draft->n_sites; site++)
        if (draft->sites[site].zone && draft->sites[site].zone[0]) return 1;
    for (size_t street = 0; street < draft->n_streets; street++)
        if (draft->streets[street].zone && draft->streets[street].zone[0]) return 1;
    return 0;
}

/* Items that most plans do not know have a line only where they cost something. */
static int is_rare(int item) {
    return item >= CHANGES && item <= GUARANTEED;
}

static kerb_status write_lines(ledger *book) {
    ki_plan_maker *maker = book->maker;
    int with_zones = has_zones(maker->draft);
    size_t most = N_ITEMS * (1 + (size_t)book->n_zones);
    ki_plan_cost_line *line = ki_arena_alloc(maker->arena, most, sizeof *line);
    if (!line) return ki_fail_no_memory(maker->err, "the costs of a plan");
    maker->plan->cost_lines = line;
    for (int item = 0; item < N_ITEMS; item++)
        if (!is_rare(item) || book->total[item] != 0)
            *line++ = (ki_plan_cost_line){item_names[item], "", book->total[item]};
    for (int32_t zone = 0; zone < book->n_zones && with_zones; zone++) {
        const char *name = ki_plan_copy(maker, book->zones[zone][0] ? book->zones[zone] : "-");
        for (int item = 0; item < N_ITEMS; item++)
            if (book->by_zone[zone * N_ITEMS + item] != 0)
                *line++ = (ki_plan_cost_line){item_names[item], name,
                                              book->by_zone[zone * N_ITEMS + item]};
    }
    maker->plan->n_cost_lines = (int32_t)(line - maker->plan->cost_lines);
    return KERB_OK;
}

kerb_status ki_plan_costs(ki_plan_maker *maker) {
    ledger book = {.maker = maker};
    KI_TRY(open_book(&book));
    for (int32_t route = 0; route < maker->plan->n_routes; route++)
        add_route(&book, route);
    add_left_out(&book);
    int64_t sum = 0;
    for (int item = 0; item < N_ITEMS; item++)
        sum += book.total[item];
    if (sum != maker->plan->cost_nano)
        return ki_fail(maker->err, KERB_INTERNAL, "the plan's parts cost %lld, the solution %lld",
                       (long long)sum, (long long)maker->plan->cost_nano);
    return write_lines(&book);
}
