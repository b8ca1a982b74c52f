/* SPDX-License-Identifier: GPL-3.0-or-later
 * Bans: each somewhere, for somebody, at hours that are understood. */
#include "model/ban.h"
#include "model/validate.h"

#include <string.h>

enum { MAX_CORNERS = 10000 };

static void validate_area(const kerb_ban *ban, ki_faults *faults) {
    if (ban->n_corners && (ban->n_corners < 3 || ban->n_corners > MAX_CORNERS))
        ki_fault(faults, "ban %s, field corners: %zu, expected 3 to %d", ban->id, ban->n_corners,
                 (int)MAX_CORNERS);
    for (size_t at = 0; at < ban->n_corners; at++)
        ki_validate_position(faults, "ban", ban->id, ban->corners[at].lat_deg,
                             ban->corners[at].lon_deg);
    ki_validate_number(faults, "ban", ban->id, "radius_m", ban->radius_m, 0, 1e5);
    if (ban->radius_m > 0) ki_validate_position(faults, "ban", ban->id, ban->lat_deg, ban->lon_deg);
    if (ban->n_corners == 0 && ban->n_roads == 0 && !(ban->radius_m > 0))
        ki_fault(faults,
                 "ban %s, field corners: none, expected an area, a circle or names of roads",
                 ban->id);
}

static void validate_ban(const kerb_ban *ban, ki_faults *faults) {
    ki_hours hours;
    validate_area(ban, faults);
    for (size_t at = 0; at < ban->n_roads; at++)
        if (!*ban->roads[at].name)
            ki_fault(faults, "ban %s, field roads: an empty name, expected one", ban->id);
    for (size_t at = 0; at < ban->n_uses; at++)
        if (ban->uses[at] <= KERB_USE_UNSPECIFIED || ban->uses[at] > KERB_USE_HAUL)
            ki_fault(faults, "ban %s, field uses: %d, expected 1 to %d", ban->id,
                     (int)ban->uses[at], KERB_USE_HAUL);
    ki_validate_number(faults, "ban", ban->id, "over_mass_kg", ban->over_mass_kg, 0, 1e6);
    ki_validate_number(faults, "ban", ban->id, "over_height_m", ban->over_height_m, 0, 100);
    ki_validate_number(faults, "ban", ban->id, "over_width_m", ban->over_width_m, 0, 100);
    ki_validate_number(faults, "ban", ban->id, "over_length_m", ban->over_length_m, 0, 1000);
    if (!ki_ban_hours(ban, &hours))
        ki_fault(faults,
                 "ban %s, field hours: %.80s, expected opening hours such as Mo-Fr 07:00-09:00",
                 ban->id, ban->hours);
}

void ki_validate_bans(const ki_draft *draft, ki_faults *faults) {
    if (draft->n_bans > KI_MAX_BANS) {
        ki_fault(faults, "district, number of bans: %zu, expected at most %d", draft->n_bans,
                 (int)KI_MAX_BANS);
        return;
    }
    for (size_t at = 0; at < draft->n_bans; at++) {
        validate_ban(&draft->bans[at], faults);
        for (size_t other = 0; other < at; other++)
            if (strcmp(draft->bans[at].id, draft->bans[other].id) == 0)
                ki_fault(faults, "ban %s, field id: given twice, expected each once",
                         draft->bans[at].id);
    }
}
