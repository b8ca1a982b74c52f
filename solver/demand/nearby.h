/* SPDX-License-Identifier: GPL-3.0-or-later
 * nearby.h - what the neighbours of a container say of its rate. */
#ifndef KI_NEARBY_H
#define KI_NEARBY_H
#include "base/arena.h"
#include "kerbside.h"

typedef struct ki_spot { /* where a container stands; NAN: not known */
    double lat_deg, lon_deg;
} ki_spot;

typedef struct ki_neighbour { /* of one stream */
    int32_t container;
    ki_spot spot;
    double rate; /* NAN or not above 0: it has none of its own, and is nobody's peer */
} ki_neighbour;

/* rates: at each member's container, what its peers say: of the stream's middle rate as far towards
 * that of its neighbours as neighbours have been found to tell. *spread: of members' own rates
 * about it, relative; NAN: fewer than KI_NEARBY_LEAST. Sorts the members. Fails with
 * KERB_NO_MEMORY. */
enum { KI_NEARBY_LEAST = 10 };
kerb_status ki_nearby_rates(double *rates, double *spread, ki_arena *arena, ki_neighbour *members,
                            size_t n, double middle_rate, kerb_error *err);
#endif
