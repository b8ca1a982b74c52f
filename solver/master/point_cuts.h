/* SPDX-License-Identifier: GPL-3.0-or-later
 * point_cuts.h - cuts around sets of places, for tasks that lead from one place to another: kerbs.
 * Used inside the master only. */
#ifndef KI_POINT_CUTS_H
#define KI_POINT_CUTS_H
#include "master/cuts.h"

/* Adds cuts violated by more than so much: parity and loads. */
kerb_status ki_point_cuts_separate(ki_cut_list *list, const ki_flow *flow,
                                   const ki_flow_point *point, double violation, kerb_error *err);
#endif
