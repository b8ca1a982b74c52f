/* SPDX-License-Identifier: GPL-3.0-or-later
 * snap.h - from a coordinate to a place on the right side of a road. */
#ifndef KI_SNAP_H
#define KI_SNAP_H
#include "road/profile.h"

typedef struct ki_snap_index ki_snap_index; /* spatial grid over the edges; immutable */
kerb_status ki_snap_index_new(ki_snap_index **out, const ki_graph *graph, kerb_error *err);
void ki_snap_index_free(ki_snap_index *index);

typedef enum ki_snap_cause {
    KI_SNAP_OK = 0,
    KI_SNAP_NO_ROAD,     /* no road open to the profile within the radius */
    KI_SNAP_UNREACHABLE, /* only roads cut off from the rest of the network */
    KI_SNAP_WRONG_SIDE   /* kerb side required, and no way to drive along it */
} ki_snap_cause;

typedef struct ki_snap {
    ki_snap_cause cause;
    ki_place places[2]; /* one per direction it may be approached in */
    int32_t n_places;
    int32_t distance_mm; /* from the coordinate to the road */
    int32_t passed_arc;  /* -1, or: of a nearer road, open and yet of no use: from there the network
                            cannot be left or reached again */
    int32_t passed_mm;
} ki_snap;

enum { KI_SNAP_RADIUS_MM = 150000 };

/* Which roads may be crossed on foot. A width or number of lanes that is not tagged fits. */
typedef struct ki_crossing {
    uint32_t classes;                /* a bit for each ki_road_class */
    int32_t max_width_mm, max_lanes; /* 0: any */
} ki_crossing;
/* NULL or not stated: the standing rule. */
ki_crossing ki_crossing_of(const kerb_crossing *stated);

/* crossing may be NULL where approach is stated.
 * approach: kerb side - only with the kerb on the vehicle's own side (any side of a one-way street
 * counts as its own where it is narrow); either - both directions; unspecified - the other side
 * only where the road may be crossed on foot.
 * Only arcs in the profile's component 0 count; the nearest such road within the radius wins. A
 * road that is cut off on the side it would be served from is passed over like one cut off
 * altogether. A one-way street is narrow up to 7 m or two lanes, or untagged and below primary;
 * unspecified takes it from any side, since nothing else could serve that site. Own kerb side first
 * in places. */
void ki_snap_place(const ki_snap_index *index, const ki_profile *profile,
                   const ki_crossing *crossing, double lat_deg, double lon_deg,
                   kerb_approach approach, ki_snap *out);
/* Distance in mm from a coordinate to the nearest edge of any kind; KI_NEVER beyond the radius. */
int32_t ki_snap_distance_mm(const ki_snap_index *index, double lat_deg, double lon_deg);
#endif
