/* SPDX-License-Identifier: GPL-3.0-or-later
 * sheet_landmarks.h - what a driver knows a turn by, where the road has no name. */
#ifndef KI_SHEET_LANDMARKS_H
#define KI_SHEET_LANDMARKS_H
#include "io/sheets.h"

/* graph may be NULL: then only the plan's own places with names count. Borrows plan and graph.
 * Fails with KERB_NO_MEMORY. O((places + arcs) log). */
kerb_status ki_landmarks_build(ki_landmarks *out, ki_arena *arena, const kerb_plan *plan,
                               const ki_graph *graph, kerb_error *err);
/* What to say behind a turn: a form for ki_say with the compass in its first slot and, of a turn
 * into a road without a name, its landmark in the second. Without memory it knows less. */
const char *ki_landmark_of(const ki_landmarks *of, const ki_turn *turn, const char **name);
#endif
