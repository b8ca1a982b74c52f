/* SPDX-License-Identifier: GPL-3.0-or-later
 * district_zone.h - a time zone as data: from a TZif file, no process-wide state. */
#ifndef KI_DISTRICT_ZONE_H
#define KI_DISTRICT_ZONE_H
#include "base/arena.h"
#include "district_near.h"
#include "kerbside.h"

#define KI_ZONE_FOLDER "/usr/share/zoneinfo"

typedef struct ki_zone_date { /* when a yearly change falls */
    char form;                /* 'M' month.week.day, 'J' day 1-365 without 29 February, 'n' 0-365 */
    int32_t month, week, day;
    int32_t time_s; /* local, may be negative or beyond a day */
} ki_zone_date;

typedef struct ki_zone_rule { /* the footer: what holds after the last transition */
    int present, has_summer;
    int32_t standard_s, summer_s; /* offsets east of UTC */
    ki_zone_date to_summer, to_standard;
} ki_zone_rule;

typedef struct ki_zone {
    size_t n_transitions;
    int64_t *at_s;     /* [n_transitions] ascending */
    int32_t *offset_s; /* [n_transitions] from at_s on */
    int32_t first_offset_s;
    ki_zone_rule rule;
} ki_zone;

/* Reads KI_ZONE_FOLDER/name into arena memory. "UTC" needs no file. *known 0 with KERB_OK: there is
 * zone data but no such zone. */
kerb_status ki_zone_load(ki_zone *zone, const char *name, int *known, ki_arena *arena,
                         kerb_error *err);
/* Offers every zone name there is, for "did you mean". */
void ki_zone_offer_names(ki_near *near);
/* The same from bytes; name is for messages. */
kerb_status ki_zone_parse(ki_zone *zone, const void *bytes, size_t n_bytes, const char *name,
                          ki_arena *arena, kerb_error *err);
/* Seconds east of UTC at an instant. zone NULL: UTC. */
int32_t ki_zone_offset(const ki_zone *zone, int64_t instant_s);
/* The instant of a local time. Twice a year a clock time is missing or comes twice: a missing one
 * is read with the offset before the gap (so 02:30 becomes 03:30), of two the first is taken. */
int64_t ki_zone_instant(const ki_zone *zone, int64_t local_s);
#endif
