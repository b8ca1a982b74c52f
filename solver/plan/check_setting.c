/* SPDX-License-Identifier: GPL-3.0-or-later
 * check_setting.c - a vehicle with movable walls goes out set in one of its ways, and in the one
 * its shift states: then what that way holds is what its loads are judged by. */
#include "plan/check_internal.h"

#include <string.h>

static const kerb_setting *find_setting(const kerb_vehicle *vehicle, const char *id) {
    for (size_t at = 0; at < vehicle->n_settings; at++)
        if (strcmp(vehicle->settings[at].id, id) == 0) return &vehicle->settings[at];
    return NULL;
}

/* Walls do not move while something lies between them. */
static int must_stay(const kerb_vehicle *vehicle, const kerb_shift *shift) {
    if (shift->under_way || (shift->setting && *shift->setting)) return 1;
    for (size_t c = 0; shift->starting_load_kg && c < vehicle->n_compartments; c++)
        if (shift->starting_load_kg[c] > 0) return 1;
    return 0;
}

const kerb_vehicle *ki_check_setting(ki_checker *check, const kerb_vehicle *vehicle,
                                     const kerb_shift *shift) {
    const char *set = check->route->setting ? check->route->setting : "";
    const char *stated = shift->setting ? shift->setting : "";
    if (must_stay(vehicle, shift)) ki_check_same_text(check, "setting", set, stated);
    if (!*set) return vehicle;
    const kerb_setting *as = find_setting(vehicle, set);
    if (!as) {
        ki_check_say(check, "vehicle %.80s has no setting %.80s", vehicle->id, set);
        return NULL;
    }
    kerb_vehicle *copy = ki_arena_copy(&check->arena, vehicle, 1, sizeof *copy);
    kerb_compartment *rooms =
        ki_arena_copy(&check->arena, vehicle->compartments, vehicle->n_compartments, sizeof *rooms);
    if (!copy || !rooms) {
        check->failed = 1;
        return NULL;
    }
    for (size_t c = 0; c < vehicle->n_compartments; c++) {
        rooms[c].capacity_kg = as->compartments[c].capacity_kg;
        rooms[c].capacity_l = as->compartments[c].capacity_l;
    }
    copy->compartments = rooms;
    return copy;
}
