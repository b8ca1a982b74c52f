/* SPDX-License-Identifier: GPL-3.0-or-later
 * district_moved.h - containers that report from elsewhere than their site. */
#ifndef KI_DISTRICT_MOVED_H
#define KI_DISTRICT_MOVED_H
#include "district_reader.h"

enum { KI_SIGHTINGS = 3 };

typedef struct ki_sightings { /* of a container: the newest, newest first */
    int64_t at_s[KI_SIGHTINGS];
    double away_m[KI_SIGHTINGS]; /* from its site */
    int n;
} ki_sightings;

/* lat, lon: as reported, in the coordinate system of the district. 0, 0 is no fix. */
kerb_status ki_moved_see(ki_reader *reader, int32_t container, int64_t at_s, double lat_deg,
                         double lon_deg, kerb_error *err);
/* Notes of kind "elsewhere", once as-of is known. Planning goes on with the site: a person decides.
 */
kerb_status ki_moved_note(ki_reader *reader, kerb_error *err);
#endif
