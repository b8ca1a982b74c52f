/* SPDX-License-Identifier: GPL-3.0-or-later
 * district_events.h - events as people write them: a YAML file. */
#ifndef KI_DISTRICT_EVENTS_H
#define KI_DISTRICT_EVENTS_H
#include "kerbside.h"

/* ISO 8601 with zone; 1 if it is one. */
int ki_read_instant(const char *text, int64_t *instant_s);
/* Times are HH:MM of the night (local, by the clock of the plan's service night) or ISO 8601 with
 * zone. Every fault names file, line and key. kerb_events_free. */
kerb_status ki_events_read_yaml(kerb_events **out, const char *path, int64_t night_start_s,
                                int32_t utc_offset_s, kerb_error *err);
kerb_status ki_events_parse_yaml(kerb_events **out, const char *bytes, size_t n_bytes,
                                 const char *name, int64_t night_start_s, int32_t utc_offset_s,
                                 kerb_error *err);
#endif
