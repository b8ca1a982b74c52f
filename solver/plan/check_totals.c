/* SPDX-License-Identifier: GPL-3.0-or-later
 * check_totals.c - the plan's money: what it costs in all, by item and by zone, and its bound.
 *
 * The rule for zones (plan_costs.c states it too): an item of a route is shared among the zones of
 * its served stops in proportion to their number, rounded towards zero; the rest goes to the zone
 * that comes first in the alphabet; a zone without a name is "-". */
#include "plan/check_internal.h"

#include <stdlib.h>
#include <string.h>

static const char *const item_names[KI_N_ITEMS] = {
    "vehicles", "distance",   "time",        "overtime",   "gate_fees", "changes",
    "balance",  "unfamiliar", "compactness", "guaranteed", "left_out"};

static const char *zone_name(const char *zone) {
    return zone ? zone : "";
}

static int compare_zones(const void *left, const void *right) {
    const ki_check_zone *a = left, *b = right;
    return strcmp(a->name, b->name);
}

void ki_check_zones_prepare(ki_checker *check) {
    const ki_draft *draft = check->draft;
    size_t n = 0, n_distinct = 0;
    ki_check_zone *zones =
        ki_arena_alloc(&check->arena, draft->n_sites + draft->n_streets, sizeof *zones);
    if (!zones) {
        check->failed = 1;
        return;
    }
    for (size_t site = 0; site < draft->n_sites; site++)
        zones[n++].name = zone_name(draft->sites[site].zone);
    for (size_t street = 0; street < draft->n_streets; street++)
        zones[n++].name = zone_name(draft->streets[street].zone);
    if (n) qsort(zones, n, sizeof *zones, compare_zones);
    for (size_t zone = 0; zone < n; zone++)
        if (n_distinct == 0 || strcmp(zones[n_distinct - 1].name, zones[zone].name) != 0)
            zones[n_distinct++] = zones[zone];
    check->zones = zones;
    check->n_zones = n_distinct;
}

static ki_check_zone *find_zone(const ki_checker *check, const char *name) {
    ki_check_zone key = {.name = zone_name(name)};
    if (check->n_zones == 0) return NULL;
    return bsearch(&key, check->zones, check->n_zones, sizeof key, compare_zones);
}

void ki_check_charge_zone(ki_checker *check, const char *zone, int64_t left_out_nano) {
    ki_check_zone *found = find_zone(check, zone);
    if (found) found->items[KI_ITEM_LEFT_OUT] += left_out_nano;
}

static const char *zone_of_stop(const ki_checker *check, const ki_plan_stop *stop) {
    if (stop->kind == KI_STOP_SWEEP) {
        int32_t street = ki_id_find(&check->streets, stop->id);
        return street < 0 ? NULL : zone_name(check->draft->streets[street].zone);
    }
    if (stop->kind != KI_STOP_SERVE) return NULL;
    int32_t container = ki_id_find(&check->containers, stop->id);
    if (container < 0) return NULL;
    int32_t site = ki_id_find(&check->sites, check->draft->containers[container].site_id);
    return site < 0 ? NULL : zone_name(check->draft->sites[site].zone);
}

static void share_item(ki_checker *check, int item, int64_t nano, int64_t n_served) {
    ki_check_zone *first = NULL;
    int64_t left = nano;
    for (size_t zone = 0; zone < check->n_zones; zone++) {
        ki_check_zone *here = &check->zones[zone];
        if (here->n_served == 0) continue;
        if (!first) first = here;
        int64_t each = nano / n_served, rest = nano % n_served;
        int64_t part = each * here->n_served + rest * here->n_served / n_served;
        here->items[item] += part;
        left -= part;
    }
    if (first) first->items[item] += left;
}

static void share_route(ki_checker *check, int32_t index) {
    const ki_plan_route *route = &check->plan->routes[index];
    int64_t n_served = 0;
    for (size_t zone = 0; zone < check->n_zones; zone++)
        check->zones[zone].n_served = 0;
    for (int32_t stop = 0; stop < route->n_stops; stop++) {
        const char *name = zone_of_stop(check, &route->stops[stop]);
        ki_check_zone *zone = name ? find_zone(check, name) : NULL;
        if (!zone) continue;
        zone->n_served++;
        n_served++;
    }
    for (int item = 0; item < KI_ITEM_LEFT_OUT && n_served > 0; item++)
        share_item(check, item, check->route_items[index][item], n_served);
}

/* ---- cost lines ------------------------------------------------------------------------------ */

static int item_of(const char *name) {
    for (int item = 0; item < KI_N_ITEMS; item++)
        if (name && strcmp(name, item_names[item]) == 0) return item;
    return -1;
}

static void check_line(ki_checker *check, const ki_plan_cost_line *line, int *seen_total) {
    int item = item_of(line->item);
    if (item < 0) {
        ki_check_say(check, "cost line %.40s is not known", line->item ? line->item : "?");
        return;
    }
    if (zone_name(line->zone)[0] == '\0') {
        if (seen_total[item]++) ki_check_say(check, "cost line %s twice", item_names[item]);
        ki_check_same(check, item_names[item], line->nano, check->items[item]);
        return;
    }
    ki_check_zone *zone = find_zone(check, strcmp(line->zone, "-") == 0 ? "" : line->zone);
    if (!zone) {
        ki_check_say(check, "cost line of zone %.80s, which is not known", line->zone);
        return;
    }
    if (zone->seen[item]++)
        ki_check_say(check, "cost line %s of zone %.80s twice", item_names[item], line->zone);
    if (line->nano != zone->items[item])
        ki_check_say(check, "cost line %s of zone %.80s %lld, expected %lld", item_names[item],
                     line->zone, (long long)line->nano, (long long)zone->items[item]);
}

static void check_lines(ki_checker *check) {
    int seen_total[KI_N_ITEMS] = {0};
    int zoned = check->n_zones > 1 || (check->n_zones == 1 && check->zones[0].name[0]);
    for (int32_t line = 0; line < check->plan->n_cost_lines; line++)
        check_line(check, &check->plan->cost_lines[line], seen_total);
    for (int item = 0; item < KI_N_ITEMS; item++) {
        int is_rare = item >= KI_ITEM_CHANGES && item <= KI_ITEM_GUARANTEED;
        int may_lack = is_rare && check->items[item] == 0;
        if (!seen_total[item] && !may_lack)
            ki_check_say(check, "no cost line %s", item_names[item]);
        for (size_t zone = 0; zone < check->n_zones && zoned; zone++)
            if (check->zones[zone].items[item] != 0 && !check->zones[zone].seen[item])
                ki_check_say(check, "no cost line %s of zone %.80s", item_names[item],
                             check->zones[zone].name);
    }
}

static void check_places(ki_checker *check) {
    for (int32_t place = 0; place < check->plan->n_places; place++) {
        const char *id = check->plan->places[place].id;
        if (ki_id_find(&check->depots, id) < 0 && ki_id_find(&check->facilities, id) < 0)
            ki_check_say(check, "place %.80s is not known", id ? id : "?");
    }
}

void ki_check_totals(ki_checker *check) {
    const kerb_plan *plan = check->plan;
    int64_t cost_nano = 0;
    for (int32_t route = 0; route < plan->n_routes; route++)
        share_route(check, route);
    for (int item = 0; item < KI_N_ITEMS; item++)
        cost_nano += check->items[item];
    ki_check_same(check, "left out (nano)", plan->left_out_nano, check->items[KI_ITEM_LEFT_OUT]);
    ki_check_same(check, "cost (nano)", plan->cost_nano, cost_nano);
    if (plan->bound_nano > plan->cost_nano)
        ki_check_say(check, "bound %lld is above the cost %lld", (long long)plan->bound_nano,
                     (long long)plan->cost_nano);
    if (plan->proved_optimal &&
        plan->cost_nano - plan->bound_nano > llabs(plan->cost_nano) / 1000000)
        ki_check_say(check, "proved optimal, but bound and cost differ");
    check_lines(check);
    check_places(check);
}
