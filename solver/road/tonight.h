/* SPDX-License-Identifier: GPL-3.0-or-later
 * tonight.h - what a road is to one vehicle in the hours it is out.
 *
 * What may hold while the vehicle is out is settled against it: a ban that meets the window closes
 * the road, a permission opens it only where it holds throughout, of two limits the tighter counts
 * unless the other holds throughout. A condition that was not understood may hold. */
#ifndef KI_TONIGHT_H
#define KI_TONIGHT_H
#include "road/profile.h"

/* The tags with the access of the spec's kind, speeds and limits as they are tonight. */
ki_way_tags ki_way_tonight(const ki_graph *graph, const ki_profile_spec *spec,
                           const ki_way_tags *tags);
ki_node_tags ki_node_tonight(const ki_graph *graph, const ki_profile_spec *spec,
                             const ki_node_tags *tags);
int ki_restriction_binds(const ki_graph *graph, const ki_profile_spec *spec,
                         const ki_restriction *restriction);
/* Whether every condition of the graph means the same to both specs, which differ in their windows
 * at most. */
int ki_tonight_same(const ki_graph *graph, const ki_profile_spec *a, const ki_profile_spec *b);
#endif
