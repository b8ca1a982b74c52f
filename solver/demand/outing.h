/* SPDX-License-Identifier: GPL-3.0-or-later
 * outing.h - looking ahead over the coming nights: what it is worth to take along tonight what
 * would send a truck out again soon. */
#ifndef KI_OUTING_H
#define KI_OUTING_H
#include "demand/forecast.h"
#include "model/draft.h"

enum { KI_OUTING_NIGHTS = 7 }; /* the most that look_ahead_nights may ask for */

typedef struct ki_outing {
    double prize; /* in the currency, on top of a may's own; 0: nothing to be saved */
    int wait;     /* nights until it must be emptied; at most KI_LOOKAHEAD_NIGHTS */
} ki_outing;

/* outings: [n_containers] out; no prizes where the district looks no further than tonight.
 * service_s: tonight's. stop_price and outing_price as stop_price.h
 * has them. Fails with KERB_NO_MEMORY. Any thread. O(n log n). */
kerb_status ki_outings(ki_outing *outings, ki_arena *arena, const ki_draft *draft,
                       const ki_forecast *forecasts, int64_t service_s, double stop_price,
                       double outing_price, kerb_error *err);

/* The nights between two outings at which a night costs least, 1 to most. cycles: [n] nights that
 * each container lasts from empty. Sorts them. */
int ki_outing_horizon(double *cycles, size_t n, int most, double stop_price, double outing_price);
#endif
