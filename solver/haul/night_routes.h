/* SPDX-License-Identifier: GPL-3.0-or-later
 * night_routes.h - what the files that add hauls to a plan share. */
#ifndef KI_HAUL_NIGHT_ROUTES_H
#define KI_HAUL_NIGHT_ROUTES_H
#include "haul/haul.h"
#include "plan/plan_internal.h"

typedef struct ki_night {
    ki_plan_maker maker;
    ki_haul_problem problem;
    ki_haul_plan hauls;
    int32_t *station_facility, *plant_facility; /* draft facilities of stations and plants */
    const ki_haul_fate *restless; /* [n_piles] if trucks took no breaks; NULL: not asked */
} ki_night;

/* The point of the group that a place of the problem is for a kind; -1: none. */
int32_t ki_night_point(const ki_night *night, int32_t kind, int32_t place);
/* When a kind's trucks may set out. */
int32_t ki_haul_follows_from(const ki_night *night, const ki_haul_type *haul);
/* What a kind's truck costs that goes straight home; 0: it has no way. */
int64_t ki_night_home_nano(const ki_night *night, int32_t kind);
/* Those of the earlier plan as the problem's given hauls. */
kerb_status ki_night_find_given(ki_night *night);
/* Routes, piles, costs and bound into the plan. */
kerb_status ki_night_write(ki_night *night);
#endif
