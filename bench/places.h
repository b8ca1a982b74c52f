/* SPDX-License-Identifier: GPL-3.0-or-later
 * places.h - random places to measure between. */
#ifndef KERB_BENCH_PLACES_H
#define KERB_BENCH_PLACES_H
#include "road/profile.h"

/* places: [n] out, on arcs that can be reached and left again. Gives how many were found; the same
 * for the same seed, and fewer asked for are the first of more. */
int32_t bench_places_draw(const ki_profile *profile, ki_place *places, int32_t n, uint64_t seed);
#endif
