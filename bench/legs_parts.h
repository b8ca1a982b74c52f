/* SPDX-License-Identifier: GPL-3.0-or-later
 * legs_parts.h - what the two halves of kerbside-bench legs share. */
#ifndef KERB_BENCH_LEGS_PARTS_H
#define KERB_BENCH_LEGS_PARTS_H
#include "road/profile.h"

/* A line of JSON for each drive of a CSV file (leg,way,from_lat,from_lon,to_lat,to_lon; the steps
 * of a drive one after another): its time by our engine, and everything we would not do and why. */
kerb_status bench_legs_along(const ki_profile *profile, const char *path, kerb_error *err);
/* A word for what keeps the vehicle off an arc that is closed to it. */
const char *bench_why_closed(const ki_profile *profile, int32_t arc);
#endif
