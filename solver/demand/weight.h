/* SPDX-License-Identifier: GPL-3.0-or-later
 * weight.h - what a container that weighs itself holds per litre. */
#ifndef KI_WEIGHT_H
#define KI_WEIGHT_H
#include "demand/report.h"

/* Most that the density found may differ from the stated one, as a factor either way. */
#define KI_DENSITY_BOUND 3.0

/* kg per litre: the middle one of the newest readings that carry a fill and a mass, of those at
 * least a sixth full; the stated density where there are fewer than three. */
double ki_density_of(const kerb_container *container, const ki_history *history, int32_t n);
#endif
