/* SPDX-License-Identifier: GPL-3.0-or-later
 * setting.c - see setting.h. */
#include "model/setting.h"

#include <string.h>

kerb_vehicle ki_vehicle_set(const kerb_vehicle *vehicle, int32_t setting,
                            kerb_compartment room[KI_MAX_COMPARTMENTS]) {
    kerb_vehicle set = *vehicle;
    if (setting <= 0) return set;
    const kerb_setting *from = &vehicle->settings[setting - 1];
    size_t n = vehicle->n_compartments < KI_MAX_COMPARTMENTS ? vehicle->n_compartments
                                                             : (size_t)KI_MAX_COMPARTMENTS;
    for (size_t c = 0; c < n; c++) {
        room[c] = vehicle->compartments[c];
        if (c >= from->n_compartments) continue; /* not valid, or not yet known to be */
        room[c].capacity_kg = from->compartments[c].capacity_kg;
        room[c].capacity_l = from->compartments[c].capacity_l;
    }
    set.compartments = room;
    return set;
}

int32_t ki_vehicle_setting(const kerb_vehicle *vehicle, const char *id) {
    if (!id || !*id) return 0;
    for (size_t at = 0; at < vehicle->n_settings; at++)
        if (vehicle->settings[at].id && strcmp(vehicle->settings[at].id, id) == 0)
            return (int32_t)at + 1;
    return -1;
}

static int is_loaded(const kerb_vehicle *vehicle, const kerb_shift *shift) {
    for (size_t c = 0; shift->starting_load_kg && c < vehicle->n_compartments; c++)
        if (shift->starting_load_kg[c] > 0) return 1;
    return 0;
}

void ki_shift_settings(const kerb_vehicle *vehicle, const kerb_shift *shift, int32_t *first,
                       int32_t *last) {
    int is_said = (shift->setting && *shift->setting) || shift->under_way;
    int32_t said = ki_vehicle_setting(vehicle, shift->setting);
    *first = said < 0 ? 0 : said;
    *last = is_said || is_loaded(vehicle, shift) ? *first : (int32_t)vehicle->n_settings;
}
