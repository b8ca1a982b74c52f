/* SPDX-License-Identifier: GPL-3.0-or-later
 * profile_build.h - the two halves of building a profile. */
#ifndef KI_PROFILE_BUILD_H
#define KI_PROFILE_BUILD_H
#include "road/profile.h"

/* Bearings in centidegrees, once per arc: a turn looks at two of them. */
typedef struct ki_bearings {
    int32_t *out, *in; /* [n_arcs] */
} ki_bearings;

/* profile.c: ki_profile_turn_ms with the bearings at hand. */
int32_t ki_profile_turn_at_ms(const ki_graph *graph, const ki_profile_spec *spec, int32_t from_arc,
                              int32_t to_arc, int32_t bearing_in, int32_t bearing_out);
/* profile_turns.c: fills n_nodes, base_arc, turns, copies and depart from arc_ms. */
kerb_status ki_profile_set_turns(ki_profile *profile, const ki_bearings *bearings, kerb_error *err);
/* profile_component.c: fills component. */
kerb_status ki_profile_set_components(ki_profile *profile, kerb_error *err);
#endif
