/* SPDX-License-Identifier: GPL-3.0-or-later
 * Fixed rounds that keep their promise. A pattern right at the mean rate is not right on the
 * street: weather comes to all containers of a stream at once, and a truck comes early one night
 * and late the next. So one margin for all containers is searched for by living through the same
 * true fills that every policy meets. Hindsight, in favour of the fixed rounds: a city would have
 * to guess it. */
#include "io/simulate_fixed.h"

#include "base/error.h"
#include "model/service.h"

#include <math.h>

enum { LOOSEST = -8, STRICTEST = 40 }; /* in steps of half an octave about KI_FIXED_LOSS */

static const double OUT_SHARE = 0.5; /* of the plain hours of a shift: see ki_truck_hours */

/* Share lost of what is thrown in. world: a copy that may be changed and reports nothing. */
static double loss_of(ki_world *world, const ki_pattern *patterns, int32_t settle_nights,
                      int32_t nights) {
    const ki_draft *draft = world->draft;
    int64_t from_s, to_s;
    ki_truck_hours(draft, OUT_SHARE, &from_s, &to_s);
    for (size_t at = 0; at < draft->n_containers; at++) {
        double added = world->added, lost = world->lost;
        for (int32_t night = 0; night < settle_nights + nights; night++) {
            int64_t day_s = (int64_t)night * 86400;
            if (night == settle_nights) world->added = added, world->lost = lost;
            double after_s = (double)(to_s - from_s) * ki_world_hour(world, at, night);
            if (ki_pattern_due(&patterns[at], night))
                ki_world_empty(world, at, from_s + day_s + (int64_t)after_s);
            ki_world_live(world, at, draft->district.as_of_s + day_s + 86400);
        }
    }
    return world->added > 0 ? world->lost / world->added : 0;
}

kerb_status ki_patterns_tune(ki_pattern **out, ki_arena *arena, const ki_draft *draft,
                             const ki_world *world, int32_t settle_nights, int32_t nights,
                             int32_t collection_days, kerb_error *err) {
    ki_arena scratch = {0};
    kerb_status status = KERB_OK;
    double loss = 1, most_lost = 0;
    for (int step = LOOSEST; status == KERB_OK && loss > KI_FIXED_LOSS && step <= STRICTEST;
         step++) {
        ki_pattern *patterns;
        ki_world copy = *world;
        most_lost = KI_FIXED_LOSS * exp2(-0.5 * step);
        copy.reports = NULL; /* n_reports stays 0: nobody reports */
        copy.bins = ki_arena_copy(&scratch, world->bins, draft->n_containers, sizeof *copy.bins);
        status = copy.bins ? ki_patterns_make(&patterns, &scratch, draft, world, most_lost,
                                              collection_days, err)
                           : ki_fail_no_memory(err, "fixed rounds");
        for (size_t at = 0; status == KERB_OK && at < draft->n_containers; at++)
            copy.bins[at].next_report_s = INT64_MAX;
        if (status == KERB_OK)
            status = ki_world_live_past(&copy, ki_world_pattern_due, patterns, err);
        if (status == KERB_OK) loss = loss_of(&copy, patterns, settle_nights, nights);
    }
    ki_arena_free(&scratch);
    if (status != KERB_OK) return status;
    return ki_patterns_make(out, arena, draft, world, most_lost, collection_days, err);
}
