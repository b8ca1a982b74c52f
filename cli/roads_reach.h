/* SPDX-License-Identifier: GPL-3.0-or-later
 * roads_reach.h - what kinds of vehicles cannot use of an extract, as text. */
#ifndef ROADS_REACH_H
#define ROADS_REACH_H
#include "command.h"

#include <stdio.h>

kerb_status print_roads_reach(ki_text *to, const kerb_roads *roads, kerb_error *err);
#endif
