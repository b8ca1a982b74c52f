/* SPDX-License-Identifier: GPL-3.0-or-later
 * messages_events.c - an Execution message as a list of events. */
#include "io/messages_events.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/text.h"
#include "io/messages_record.h"
#include "kerbside/v1/execution.pb-c.h"

#include <stdlib.h>
#include <string.h>

static const char input_name[] = "execution message";
static const char *const known_features[] = {"events"};

/* ---- the list -------------------------------------------------------------------------------- */

kerb_events *ki_events_new(kerb_error *err) {
    kerb_events *events = ki_alloc_zero(1, sizeof *events);
    if (!events) ki_fail_no_memory(err, "events");
    if (events) events->as_of_s = KERB_NO_TIME;
    return events;
}

static kerb_status copy_text(kerb_events *events, const char **text, kerb_error *err) {
    if (!*text) return KERB_OK;
    if (!ki_is_utf8(*text))
        return ki_fail(err, KERB_BAD_INPUT, "event %zu: a text that is not UTF-8", events->n + 1);
    *text = ki_arena_strdup(&events->arena, *text);
    return *text ? KERB_OK : ki_fail_no_memory(err, "events");
}

kerb_status ki_events_add(kerb_events *events, const kerb_event *event, int64_t recorded_s,
                          kerb_error *err) {
    size_t n = events->n + 1;
    if (n > KI_MOST_EVENTS)
        return ki_fail(err, KERB_BAD_INPUT, "events: more than %d", (int)KI_MOST_EVENTS);
    if (ki_grow(&events->list, &events->list_capacity, n, sizeof *events->list) ||
        ki_grow(&events->recorded_s, &events->recorded_capacity, n, sizeof *events->recorded_s))
        return ki_fail_no_memory(err, "events");
    kerb_event *made = &events->list[events->n];
    *made = *event;
    KI_TRY(copy_text(events, &made->id, err));
    KI_TRY(copy_text(events, &made->vehicle, err));
    KI_TRY(copy_text(events, &made->reason, err));
    events->recorded_s[events->n++] = recorded_s;
    return KERB_OK;
}

typedef struct stamped {
    kerb_event event;
    int64_t recorded_s;
    size_t place;
} stamped;

static int compare_stamped(const void *left, const void *right) {
    const stamped *a = left, *b = right;
    if (a->recorded_s != b->recorded_s) return a->recorded_s < b->recorded_s ? -1 : 1;
    return (a->place > b->place) - (a->place < b->place);
}

kerb_status ki_events_sort(kerb_events *events, kerb_error *err) {
    stamped *all = ki_alloc_zero(events->n, sizeof *all);
    int64_t newest_s = KERB_NO_TIME;
    if (!all) return ki_fail_no_memory(err, "events");
    for (size_t at = 0; at < events->n; at++) {
        if (events->recorded_s[at] != KERB_NO_TIME) newest_s = events->recorded_s[at];
        all[at] = (stamped){events->list[at], newest_s, at};
    }
    if (events->n) qsort(all, events->n, sizeof *all, compare_stamped);
    for (size_t at = 0; at < events->n; at++)
        events->list[at] = all[at].event;
    ki_free(all);
    return KERB_OK;
}

const kerb_event *kerb_events_list(const kerb_events *events, size_t *n) {
    *n = events->n;
    return events->list;
}

int64_t kerb_events_as_of(const kerb_events *events) {
    return events->as_of_s;
}

void kerb_events_free(kerb_events *events) {
    if (!events) return;
    ki_free(events->list);
    ki_free(events->recorded_s);
    ki_arena_free(&events->arena);
    ki_free(events);
}

kerb_event_kind ki_event_kind(const char *name) {
    for (int kind = 1; kind < KERB_N_EVENTS; kind++)
        if (strcmp(kerb_event_name((kerb_event_kind)kind), name) == 0) return (kerb_event_kind)kind;
    return strcmp(name, "truck_down") == 0 ? KERB_EVENT_VEHICLE_DOWN : KERB_EVENT_UNSPECIFIED;
}

/* ---- the message ----------------------------------------------------------------------------- */

static kerb_status add_stop(kerb_events *events, const Kerbside__V1__RouteExecution *route,
                            const Kerbside__V1__StopExecution *stop, kerb_error *err) {
    if (stop->outcome < KERBSIDE__V1__OUTCOME__OUTCOME_UNSPECIFIED ||
        stop->outcome > KERBSIDE__V1__OUTCOME__OUTCOME_FAILED)
        return ki_fail(err, KERB_BAD_INPUT, "%s, stop %.100s, field outcome: %d, expected 1 to 3",
                       input_name, stop->id ? stop->id : "?", (int)stop->outcome);
    if (stop->outcome == KERBSIDE__V1__OUTCOME__OUTCOME_UNSPECIFIED) return KERB_OK;
    kerb_event event = {.kind = (kerb_event_kind)stop->outcome,
                        .id = stop->id,
                        .vehicle = route->shift && *route->shift ? route->shift : route->vehicle,
                        .pass = stop->pass,
                        .start_s = stop->start_s,
                        .end_s = stop->end_s,
                        .mass_kg = stop->has_mass_kg ? stop->mass_kg : 0,
                        .reason = stop->reason ? stop->reason->code : NULL};
    if (event.end_s <= 0 && event.kind != KERB_EVENT_DONE && stop->has_arrival_s)
        event.end_s = stop->arrival_s;
    return ki_events_add(events, &event, stop->has_recorded_s ? stop->recorded_s : KERB_NO_TIME,
                         err);
}

static kerb_status add_route(kerb_events *events, const Kerbside__V1__RouteExecution *route,
                             kerb_error *err) {
    kerb_event left = {.kind = KERB_EVENT_LEFT,
                       .vehicle = route->shift && *route->shift ? route->shift : route->vehicle,
                       .start_s = route->start_s};
    if (route->start_s > 0) KI_TRY(ki_events_add(events, &left, KERB_NO_TIME, err));
    for (size_t at = 0; at < route->n_stops; at++)
        KI_TRY(add_stop(events, route, route->stops[at], err));
    return KERB_OK;
}

static kerb_status add_event(kerb_events *events, const Kerbside__V1__Event *from,
                             kerb_error *err) {
    kerb_event event = {.kind = (kerb_event_kind)from->kind,
                        .id = from->id,
                        .vehicle = from->vehicle,
                        .pass = from->pass,
                        .start_s = from->start_s,
                        .end_s = from->end_s,
                        .mass_kg = from->mass_kg,
                        .way_id = from->way_id,
                        .from_node = from->from_node,
                        .to_node = from->to_node,
                        .reason = from->reason};
    if (!kerb_event_name(event.kind))
        return ki_fail(err, KERB_BAD_INPUT, "%s, event %zu, field kind: %d, expected 1 to %d",
                       input_name, events->n + 1, (int)from->kind, KERB_N_EVENTS - 1);
    return ki_events_add(events, &event, KERB_NO_TIME, err);
}

static kerb_status read_execution(kerb_events *events, const Kerbside__V1__Execution *from,
                                  kerb_error *err) {
    KI_TRY(ki_message_check_version(
        from->schema_version, from->required_features, from->n_required_features, known_features,
        sizeof known_features / sizeof *known_features, input_name, err));
    if (from->as_of_s > 0) events->as_of_s = from->as_of_s;
    for (size_t at = 0; at < from->n_routes; at++)
        KI_TRY(add_route(events, from->routes[at], err));
    KI_TRY(ki_events_sort(events, err));
    for (size_t at = 0; at < from->n_events; at++)
        KI_TRY(add_event(events, from->events[at], err));
    return KERB_OK;
}

kerb_status kerb_events_unpack(kerb_events **out, const uint8_t *in, size_t n_in, kerb_error *err) {
    ki_message_budget budget;
    ProtobufCMessage *message;
    ki_error_clear(err);
    *out = NULL;
    kerb_events *events = ki_events_new(err);
    if (!events) return KERB_NO_MEMORY;
    kerb_status status = ki_message_unpack(&message, &budget, &kerbside__v1__execution__descriptor,
                                           in, n_in, input_name, err);
    if (status == KERB_OK) {
        status =
            read_execution(events, (const Kerbside__V1__Execution *)(const void *)message, err);
        ki_message_free(message);
    }
    if (status == KERB_OK)
        *out = events;
    else
        kerb_events_free(events);
    return status;
}
