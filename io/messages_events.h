/* SPDX-License-Identifier: GPL-3.0-or-later
 * messages_events.h - a list of events while it is read, from a message or from a file. */
#ifndef KI_MESSAGES_EVENTS_H
#define KI_MESSAGES_EVENTS_H
#include "base/arena.h"
#include "kerbside.h"

struct kerb_events {
    ki_arena arena; /* texts */
    kerb_event *list;
    int64_t *recorded_s; /* beside the list, to sort it by; KERB_NO_TIME: as it stands */
    size_t n, list_capacity, recorded_capacity;
    int64_t as_of_s;
};

enum { KI_MOST_EVENTS = 1000000 };
kerb_events *ki_events_new(kerb_error *err);
/* Copies the texts. */
kerb_status ki_events_add(kerb_events *events, const kerb_event *event, int64_t recorded_s,
                          kerb_error *err);
/* By recorded_s; those without keep their place behind the one before. */
kerb_status ki_events_sort(kerb_events *events, kerb_error *err);
/* "truck_down" and the like are accepted as "vehicle_down"; 0: unknown. */
kerb_event_kind ki_event_kind(const char *name);
#endif
