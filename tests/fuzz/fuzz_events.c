/* SPDX-License-Identifier: GPL-3.0-or-later
 * Events from anywhere, as a message and as a YAML file: read or refused with a message, and what
 * was read has texts and kinds that exist. */
#include "io/district_events.h"

#include "base/alloc.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look_at(kerb_status status, kerb_events *events, const kerb_error *err) {
    if (status != KERB_OK) {
        if (events || err->message[0] == '\0') abort();
        return;
    }
    size_t n;
    const kerb_event *list = kerb_events_list(events, &n);
    for (size_t at = 0; at < n; at++) {
        if (!kerb_event_name(list[at].kind)) abort();
        if (list[at].id && strlen(list[at].id) > (size_t)1 << 30) abort();
    }
    kerb_events_free(events);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    kerb_events *events;
    kerb_error err = {0};
    kerb_status status = kerb_events_unpack(&events, data, size, &err);
    look_at(status, events, &err);
    char *text = ki_alloc_zero(size + 1, 1);
    if (!text) return 0;
    memcpy(text, data, size);
    err = (kerb_error){0};
    status = ki_events_parse_yaml(&events, text, size, "events", 1793563200, 3600, &err);
    look_at(status, events, &err);
    ki_free(text);
    return 0;
}
