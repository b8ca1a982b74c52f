/* SPDX-License-Identifier: GPL-3.0-or-later
 * zone_visits.h - when vehicles come to each zone (a community, a street office) and what they are
 * expected to take away: for those who wait for them, not for who drives. */
#ifndef KI_ZONE_VISITS_H
#define KI_ZONE_VISITS_H
#include "io/sheets.h"

typedef struct ki_zone_visit { /* one vehicle's work in one zone without a longer absence */
    const char *zone;          /* "" where none is stated */
    const ki_plan_route *route;
    int32_t start_ms, end_ms;
    int64_t swept_mm;
    int32_t n[KERB_N_STREAMS];      /* containers; at sweepings: kerbs */
    int64_t mass_g[KERB_N_STREAMS]; /* expected */
} ki_zone_visit;

/* visits: in the arena, by zone (its bytes), then start, then route. A visit ends where the vehicle
 * tips, or works elsewhere for longer than 30 minutes. Fails with KERB_NO_MEMORY. */
kerb_status ki_zone_visits_list(ki_zone_visit **visits, size_t *n_visits, ki_arena *arena,
                                const ki_sheets *sheets, kerb_error *err);

/* zones.html, to print, and zones.csv (UTF-8 with its mark, a row a visit and stream) into a folder
 * that is there. */
kerb_status ki_zone_visits_write(const kerb_plan *plan, const char *folder,
                                 const ki_sheets_options *options, kerb_error *err);
#endif
