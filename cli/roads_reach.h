/* SPDX-License-Identifier: GPL-3.0-or-later
 * roads_reach.h - what kinds of vehicles cannot use of an extract, as text. */
#ifndef ROADS_REACH_H
#define ROADS_REACH_H
#include "kerbside.h"

#include <stdio.h>

kerb_status print_roads_reach(FILE *to, const kerb_roads *roads, kerb_error *err);
#endif
