/* SPDX-License-Identifier: GPL-3.0-or-later
 * messages_night.c - stops, tickets and tracks of an Execution message. Of two words on one stop
 * the one recorded later counts, as in messages_events.c. The log's name is the hash of the
 * message, so that the same night is known again. */
#include "io/messages_night.h"

#include "base/error.h"
#include "base/text.h"
#include "io/messages_record.h"
#include "kerbside/v1/execution.pb-c.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char input_name[] = "execution message";
static const char *const known_features[] = {"events"};

/* 0: unknown. What no clock says is unknown too. */
static int64_t instant_of(int64_t at_s) {
    return at_s > 0 && at_s < (int64_t)1 << 48 ? at_s : 0;
}

typedef struct counts {
    size_t stops, tickets, points;
} counts;

static kerb_status count_within(size_t n, size_t most, const char *what, kerb_error *err) {
    if (n <= most) return KERB_OK;
    return ki_fail(err, KERB_BAD_INPUT, "%s: %zu %s, expected at most %zu", input_name, n, what,
                   most);
}

static kerb_status count_all(counts *out, const Kerbside__V1__Execution *from, kerb_error *err) {
    for (size_t at = 0; at < from->n_routes; at++) {
        const Kerbside__V1__RouteExecution *route = from->routes[at];
        out->stops += route->n_stops;
        out->points += route->n_track;
        for (size_t ticket = 0; ticket < route->n_tickets; ticket++)
            out->tickets += route->tickets[ticket]->n_lines;
    }
    KI_TRY(count_within(out->stops, KI_NIGHT_MAX_STOPS, "stops", err));
    KI_TRY(count_within(out->tickets, KI_NIGHT_MAX_TICKETS, "lines of tickets", err));
    return count_within(out->points, KI_NIGHT_MAX_POINTS, "points of tracks", err);
}

/* ---- stops ----------------------------------------------------------------------------------- */

typedef struct told {
    ki_done_stop stop;
    int64_t recorded_s;
    size_t place;
} told;

static int by_stop_and_word(const void *left, const void *right) {
    const told *a = left, *b = right;
    if (a->stop.route != b->stop.route) return a->stop.route < b->stop.route ? -1 : 1;
    int ids = strcmp(a->stop.id, b->stop.id);
    if (ids) return ids;
    if (a->recorded_s != b->recorded_s) return a->recorded_s < b->recorded_s ? -1 : 1;
    return (a->place > b->place) - (a->place < b->place);
}

static int64_t when(const ki_done_stop *stop) {
    return stop->end_s > 0 ? stop->end_s : stop->start_s;
}

static int by_time(const void *left, const void *right) {
    const told *a = left, *b = right;
    if (a->stop.route != b->stop.route) return a->stop.route < b->stop.route ? -1 : 1;
    if (when(&a->stop) != when(&b->stop)) return when(&a->stop) < when(&b->stop) ? -1 : 1;
    return (a->place > b->place) - (a->place < b->place);
}

static kerb_status read_stop(told *out, const Kerbside__V1__StopExecution *stop, int32_t route,
                             size_t place, ki_arena *arena, kerb_error *err) {
    const char *reason = stop->reason ? stop->reason->code : NULL;
    if (!ki_is_utf8(stop->id) || (reason && !ki_is_utf8(reason)))
        return ki_fail(err, KERB_BAD_INPUT, "%s, stop %zu: a text that is not UTF-8", input_name,
                       place + 1);
    *out = (told){.recorded_s = stop->has_recorded_s ? stop->recorded_s : KERB_NO_TIME,
                  .place = place,
                  .stop = {.id = ki_arena_strdup(arena, stop->id),
                           .route = route,
                           .outcome = (kerb_event_kind)stop->outcome,
                           .reason = reason ? ki_arena_strdup(arena, reason) : NULL,
                           .start_s = instant_of(stop->start_s),
                           .end_s = instant_of(stop->end_s),
                           .mass_kg = stop->has_mass_kg ? stop->mass_kg : NAN,
                           .fill_ratio = stop->has_fill_ratio ? stop->fill_ratio : NAN}};
    if (!(out->stop.fill_ratio >= 0 && out->stop.fill_ratio <= 1.5)) out->stop.fill_ratio = NAN;
    if (out->stop.end_s <= 0 && stop->has_arrival_s) out->stop.end_s = instant_of(stop->arrival_s);
    return out->stop.id && (!reason || out->stop.reason) ? KERB_OK
                                                         : ki_fail_no_memory(err, input_name);
}

static int is_told(const Kerbside__V1__StopExecution *stop) {
    return stop->id && *stop->id && stop->outcome >= KERBSIDE__V1__OUTCOME__OUTCOME_DONE &&
           stop->outcome <= KERBSIDE__V1__OUTCOME__OUTCOME_FAILED;
}

static kerb_status read_stops(ki_night_log *out, const Kerbside__V1__Execution *from, size_t n_most,
                              ki_arena *arena, kerb_error *err) {
    told *all = ki_arena_alloc(arena, n_most, sizeof *all);
    ki_done_stop *stops = ki_arena_alloc(arena, n_most, sizeof *stops);
    size_t n = 0, n_kept = 0;
    if (!all || !stops) return ki_fail_no_memory(err, input_name);
    for (size_t at = 0; at < from->n_routes; at++)
        for (size_t stop = 0; stop < from->routes[at]->n_stops; stop++) {
            if (!is_told(from->routes[at]->stops[stop])) continue;
            KI_TRY(read_stop(&all[n], from->routes[at]->stops[stop], (int32_t)at, n, arena, err));
            n++;
        }
    if (n) qsort(all, n, sizeof *all, by_stop_and_word);
    for (size_t at = 0; at < n; at++) {
        int later = at + 1 < n && all[at].stop.route == all[at + 1].stop.route &&
                    strcmp(all[at].stop.id, all[at + 1].stop.id) == 0;
        if (!later) all[n_kept++] = all[at];
    }
    if (n_kept) qsort(all, n_kept, sizeof *all, by_time);
    for (size_t at = 0; at < n_kept; at++)
        stops[at] = all[at].stop;
    out->stops = stops;
    out->n_stops = n_kept;
    return KERB_OK;
}

/* ---- tickets and tracks ---------------------------------------------------------------------- */

static kerb_status read_tickets(ki_night_log *out, const Kerbside__V1__Execution *from,
                                size_t n_most, ki_arena *arena, kerb_error *err) {
    ki_ticket_line *lines = ki_arena_alloc(arena, n_most, sizeof *lines);
    if (!lines) return ki_fail_no_memory(err, input_name);
    for (size_t at = 0; at < from->n_routes; at++)
        for (size_t ticket = 0; ticket < from->routes[at]->n_tickets; ticket++) {
            const Kerbside__V1__TipTicket *weighed = from->routes[at]->tickets[ticket];
            for (size_t line = 0; line < weighed->n_lines; line++)
                if (!weighed->lines[line]->refused)
                    lines[out->n_tickets++] =
                        (ki_ticket_line){.route = (int32_t)at,
                                         .weighed_s = instant_of(weighed->weighed_s),
                                         .stream = (kerb_stream)weighed->lines[line]->stream,
                                         .mass_kg = weighed->lines[line]->mass_kg};
        }
    out->tickets = lines;
    return KERB_OK;
}

static kerb_status read_tracks(ki_night_log *out, const Kerbside__V1__Execution *from,
                               size_t n_most, ki_arena *arena, kerb_error *err) {
    ki_track_point *points = ki_arena_alloc(arena, n_most, sizeof *points);
    if (!points) return ki_fail_no_memory(err, input_name);
    for (size_t at = 0; at < from->n_routes; at++)
        for (size_t point = 0; point < from->routes[at]->n_track; point++) {
            const Kerbside__V1__TrackPoint *here = from->routes[at]->track[point];
            int is_place = here->lat_deg >= -90 && here->lat_deg <= 90 && here->lon_deg >= -180 &&
                           here->lon_deg <= 180;
            if (!is_place || !here->has_speed_kmh || !instant_of(here->at_s)) continue;
            points[out->n_track++] =
                (ki_track_point){here->at_s, here->lat_deg, here->lon_deg, here->speed_kmh};
        }
    out->track = points;
    return KERB_OK;
}

static kerb_status read_night(ki_night_log *out, const Kerbside__V1__Execution *from,
                              ki_arena *arena, kerb_error *err) {
    counts n = {0};
    KI_TRY(ki_message_check_version(
        from->schema_version, from->required_features, from->n_required_features, known_features,
        sizeof known_features / sizeof *known_features, input_name, err));
    KI_TRY(count_all(&n, from, err));
    KI_TRY(read_stops(out, from, n.stops, arena, err));
    KI_TRY(read_tickets(out, from, n.tickets, arena, err));
    return read_tracks(out, from, n.points, arena, err);
}

kerb_status ki_night_unpack(ki_night_log *out, ki_arena *arena, const uint8_t *in, size_t n_in,
                            kerb_error *err) {
    ki_message_budget budget;
    ProtobufCMessage *message;
    char hex[65];
    *out = (ki_night_log){0};
    ki_sha256_hex(in, n_in, hex);
    memcpy(out->name, hex, sizeof out->name - 1);
    KI_TRY(ki_message_unpack(&message, &budget, &kerbside__v1__execution__descriptor, in, n_in,
                             input_name, err));
    kerb_status status =
        read_night(out, (const Kerbside__V1__Execution *)(const void *)message, arena, err);
    ki_message_free(message);
    return status;
}
