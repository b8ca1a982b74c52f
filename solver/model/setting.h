/* SPDX-License-Identifier: GPL-3.0-or-later
 * setting.h - vehicles whose walls may be set in several ways: which ways a shift may go out, and
 * the vehicle as it is then. Numbers: from 1 as the vehicle lists its settings; 0: as its
 * compartments say. */
#ifndef KI_SETTING_H
#define KI_SETTING_H
#include "model/draft.h"

enum { KI_MAX_SETTINGS = 7 }; /* of a vehicle, besides its compartments */

/* The vehicle with that setting; room is what its compartments are in then, and must stay. */
kerb_vehicle ki_vehicle_set(const kerb_vehicle *vehicle, int32_t setting,
                            kerb_compartment room[KI_MAX_COMPARTMENTS]);
/* The number of a setting; 0 of NULL and ""; -1: it has none of that name. */
int32_t ki_vehicle_setting(const kerb_vehicle *vehicle, const char *id);
/* The numbers from *first to *last are those that the shift may go out with. */
void ki_shift_settings(const kerb_vehicle *vehicle, const kerb_shift *shift, int32_t *first,
                       int32_t *last);
#endif
