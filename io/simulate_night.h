/* SPDX-License-Identifier: GPL-3.0-or-later
 * simulate_night.h - one night of a simulation: its model, and its plan carried out. */
#ifndef KI_SIMULATE_NIGHT_H
#define KI_SIMULATE_NIGHT_H
#include "base/ids.h"
#include "io/simulate_world.h"

typedef struct ki_night {
    const ki_draft *draft;
    const kerb_roads *roads;
    int32_t day;                  /* nights after the district's own */
    double must_ratio, may_ratio; /* instead of the district's; 0: as there */
    int32_t look_ahead_nights;    /* negative: the district's */
    int32_t nights_to_next;       /* 0: the district's */
    const kerb_force *force;      /* [n_containers] */
} ki_night;

/* The district as it stands that evening: instants moved by whole days of 24 h, containers and
 * reports as the world has them, trucks only. */
kerb_status ki_night_model(kerb_model **out, const ki_night *night, const ki_world *world,
                           kerb_error *err);

/* Drives the plan against the true fills. A truck that cannot take the next container first goes
 * to the tip that its route visits next, and comes back. */
kerb_status ki_night_carry_out(ki_day *day, ki_world *world, const kerb_plan *plan,
                               const kerb_model *model, int32_t night, kerb_error *err);
#endif
