/* SPDX-License-Identifier: GPL-3.0-or-later
 * check_start.c - vehicles under way: where they begin, and that each of them comes home; pins; and
 * the price of departing from the earlier plan. */
#include "plan/check_internal.h"

#include "road/snap.h"

#include <stdlib.h>
#include <string.h>

static int32_t length_of(const ki_checker *check, int32_t arc) {
    return check->graph->edges[arc >> 1].length_mm;
}

/* The spot on the road that the position names; 0: it names none. */
static int find_spot(ki_checker *check, const kerb_position *position, ki_check_arc *spot) {
    ki_check_path *path = &check->path;
    int64_t left_mm = position->offset_mm;
    path->n = 0;
    if (position->way_id == 0) return 0;
    if (!ki_check_find_stretch(check, position->way_id, position->from_node, position->to_node,
                               path))
        return 0;
    for (size_t k = 0; k < path->n; k++) {
        int32_t length_mm = path->arcs[k].to_mm - path->arcs[k].from_mm;
        *spot = path->arcs[k];
        if (left_mm <= length_mm) {
            spot->from_mm += (int32_t)left_mm;
            return 1;
        }
        left_mm -= length_mm;
    }
    return 0;
}

/* Its first leg begins at the very spot. Where that road is closed to it, the engine takes the
 * nearest one that is open: judged by the distance only. */
void ki_check_start_place(ki_checker *check, ki_check_walk *walk, const kerb_shift *shift) {
    const kerb_position *position = &shift->position;
    ki_check_arc spot;
    if (!check->graph || check->route->n_stops < 2) return;
    int64_t at_ms = ki_rule_instant_ms(check, shift->start_s);
    if (find_spot(check, position, &spot) && !check->closed[spot.arc] &&
        ki_check_open_road(check, &walk->spec, spot.arc, at_ms,
                           ki_rule_instant_ms(check, shift->end_s))) {
        /* The end of one road is the start of the next: the leg says which it means. */
        walk->known = spot.from_mm < length_of(check, spot.arc);
        walk->arc = spot.arc;
        walk->offset_mm = spot.from_mm;
        return;
    }
    const ki_plan_stop *first = &check->route->stops[0];
    double lat_gap = position->lat_deg - first->lat_e7 * 1e-7;
    double lon_gap = position->lon_deg - first->lon_e7 * 1e-7;
    double limit_deg = 2.0 * KI_SNAP_RADIUS_MM / 111e6; /* wide: a degree of longitude is shorter */
    if (lat_gap > limit_deg || lat_gap < -limit_deg || lon_gap > 3 * limit_deg ||
        lon_gap < -3 * limit_deg)
        ki_check_say(check, "begins far from where the vehicle is");
}

static int is_lost_haul(const ki_model *sealed, int32_t shift) {
    for (int32_t index = 0; index < sealed->n_hauls; index++) {
        const ki_haul_type *haul = &sealed->hauls[index];
        const ki_travel *travel = &sealed->travels[haul->travel];
        if (sealed->haul_shifts[haul->first_shift] != shift) continue;
        return travel->time_ms[(size_t)haul->start_point * (size_t)travel->n +
                               (size_t)haul->end_point] == KI_NEVER;
    }
    return 0;
}

static int is_lost(const ki_checker *check, int32_t shift) {
    const ki_model *sealed = check->sealed;
    for (int32_t type = 0; type < sealed->n_types; type++)
        for (int32_t at = 0; at < sealed->types[type].n_shifts; at++)
            if (sealed->type_shifts[sealed->types[type].first_shift + at] == shift)
                return sealed->types[type].home_tip == KI_HOME_LOST;
    return 0;
}

void ki_check_homes(ki_checker *check) {
    for (size_t at = 0; at < check->draft->n_shifts; at++) {
        const kerb_shift *shift = &check->draft->shifts[at];
        const kerb_vehicle *vehicle = ki_check_vehicle(check, shift);
        if (!shift->under_way || !shift->available || !vehicle || !vehicle->available) continue;
        if (check->shift_used[at]) continue;
        int lost = vehicle->use == KERB_USE_HAUL ? is_lost_haul(check->sealed, (int32_t)at)
                                                 : is_lost(check, (int32_t)at);
        if (!lost) ki_check_say(check, "shift %.80s is under way and has no way home", shift->id);
    }
}

static int lists(const kerb_vehicle_ref *refs, size_t n, const char *id) {
    for (size_t at = 0; at < n; at++)
        if (strcmp(refs[at].id, id) == 0) return 1;
    return 0;
}

void ki_check_pins(ki_checker *check, const kerb_vehicle *vehicle,
                   const kerb_vehicle_ref *pinned_to, size_t n_pinned_to,
                   const kerb_vehicle_ref *forbidden_to, size_t n_forbidden_to) {
    if (n_pinned_to && !lists(pinned_to, n_pinned_to, vehicle->id))
        ki_check_say(check, "pinned to other vehicles than %.80s", vehicle->id);
    if (lists(forbidden_to, n_forbidden_to, vehicle->id))
        ki_check_say(check, "forbidden to vehicle %.80s", vehicle->id);
}

void ki_check_lift(ki_checker *check, const kerb_vehicle *vehicle, const kerb_container *from) {
    const char *wanted = from->lift ? from->lift : "";
    int has = !*wanted;
    for (size_t k = 0; k < vehicle->n_lifts; k++)
        has |= strcmp(vehicle->lifts[k].id, wanted) == 0;
    if (!has) ki_check_say(check, "vehicle %.80s has no lift %.80s", vehicle->id, wanted);
}

/* ---- the earlier plan ------------------------------------------------------------------------ */

struct ki_check_earlier {
    const char *shift;
    int32_t pass;
};

static const kerb_earlier_plan *earlier_of(const ki_checker *check) {
    const ki_draft *draft = check->draft;
    int priced = draft->district.price_change_per_stop > 0 && draft->n_earlier_plans > 0;
    return priced ? &draft->earlier_plans[draft->n_earlier_plans - 1] : NULL;
}

static int compare_entries(const void *left, const void *right) {
    const ki_id_entry *a = left, *b = right;
    int order = strcmp(a->id, b->id);
    return order ? order : (a->index > b->index) - (a->index < b->index);
}

void ki_check_sort(ki_id_list *list) {
    qsort(list->entries, list->n, sizeof *list->entries, compare_entries);
}

void ki_check_earlier_prepare(ki_checker *check) {
    const kerb_earlier_plan *plan = earlier_of(check);
    size_t n = 0;
    for (size_t route = 0; plan && route < plan->n_routes; route++)
        n += plan->routes[route].n_stops;
    if (n == 0) return;
    check->earlier.entries = ki_arena_alloc(&check->arena, n, sizeof *check->earlier.entries);
    check->earlier_stops = ki_arena_alloc(&check->arena, n, sizeof *check->earlier_stops);
    if (!check->earlier.entries || !check->earlier_stops) {
        check->failed = 1;
        return;
    }
    for (size_t route = 0; route < plan->n_routes; route++)
        for (size_t at = 0; at < plan->routes[route].n_stops; at++) {
            const kerb_earlier_stop *stop = &plan->routes[route].stops[at];
            if (stop->fixed) continue;
            int32_t index = (int32_t)check->earlier.n++;
            check->earlier.entries[index] = (ki_id_entry){stop->id, index};
            check->earlier_stops[index] =
                (struct ki_check_earlier){plan->routes[route].shift_id, stop->pass};
        }
    ki_check_sort(&check->earlier);
}

static int32_t or_first(int32_t pass) {
    return pass > 1 ? pass : 1;
}

size_t ki_check_first_of(const ki_id_list *list, const char *id) {
    size_t low = 0, high = list->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(list->entries[middle].id, id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Of two routes that had it the later one counts. */
int64_t ki_check_change(const ki_checker *check, const kerb_shift *shift, const char *id,
                        int32_t pass) {
    const char *had = NULL;
    int32_t last = -1;
    size_t low = ki_check_first_of(&check->earlier, id);
    for (; low < check->earlier.n && strcmp(check->earlier.entries[low].id, id) == 0; low++) {
        int32_t index = check->earlier.entries[low].index;
        const struct ki_check_earlier *stop = &check->earlier_stops[index];
        int32_t from = ki_id_find(&check->shifts, stop->shift);
        if (or_first(stop->pass) != or_first(pass) || from < 0 || index < last) continue;
        const kerb_shift *other = &check->draft->shifts[from];
        const kerb_vehicle *vehicle = ki_check_vehicle(check, other);
        if (!other->available || !vehicle || !vehicle->available) continue;
        last = index;
        had = stop->shift;
    }
    if (!had || strcmp(had, shift->id) == 0) return 0;
    return ki_rule_price_nano(check->draft->district.price_change_per_stop);
}
