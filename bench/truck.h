/* SPDX-License-Identifier: GPL-3.0-or-later
 * truck.h - the vehicle that the verbs about roads drive. */
#ifndef KERB_BENCH_TRUCK_H
#define KERB_BENCH_TRUCK_H
#include "road/profile.h"

static const ki_profile_spec bench_truck = {.kind = KI_KIND_TRUCK,
                                            .height_mm = 3400,
                                            .width_mm = 2500,
                                            .length_mm = 9000,
                                            .mass_kg = 18000};
#endif
