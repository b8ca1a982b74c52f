/* SPDX-License-Identifier: GPL-3.0-or-later
 * learn.c - a mean of logarithms, so that twice as heavy and half as heavy weigh the same, shrunk
 * towards the stated value as if that had been observed KI_LEARN_PRIOR times. What lies further
 * from the present value than a factor of 1.5 counts as 1.5 (a winsorised mean): one wild ticket
 * cannot do more than any other, and a true change gets through all the same, in more steps. */
#include "replan/learn.h"

#include "base/alloc.h"
#include "base/date.h"
#include "base/error.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double FAR = 1.5;
static const double MIN_FILL = 1.0 / 6;  /* below, a weighing says little of density */
static const double KNOWN_SHARE = 0.8;   /* of a trip's containers that a ticket needs */
static const int64_t FRESH_S = KI_DAY_S; /* a report this old still tells the fill */

/* ---- a value --------------------------------------------------------------------------------- */

double ki_learned_factor(const ki_learned_value *value) {
    return exp(value->log_factor);
}

static double within(double value, double low, double high) {
    return value < low ? low : value > high ? high : value;
}

void ki_learned_observe(ki_learned_value *value, double ratio) {
    if (!(ratio > 0) || isinf(ratio)) return;
    double step = within(log(ratio) - value->log_factor, -log(FAR), log(FAR));
    value->log_factor += step / (KI_LEARN_PRIOR + value->n + 1);
    value->log_factor = within(value->log_factor, -log(KI_LEARN_BOUND), log(KI_LEARN_BOUND));
    if (value->n < KI_LEARN_MOST) value->n++;
}

int ki_bin_size_of(double volume_l) {
    return volume_l <= 400 ? KI_BIN_SMALL : volume_l <= 1500 ? KI_BIN_MEDIUM : KI_BIN_LARGE;
}

const char *ki_bin_size_name(int size) {
    static const char *const NAMES[KI_N_BIN_SIZES] = {"small", "medium", "large"};
    return NAMES[size];
}

void ki_learned_free(ki_learned *learned) {
    ki_free(learned->places);
    ki_arena_free(&learned->arena);
    memset(learned, 0, sizeof *learned);
}

ki_learned_place *ki_learned_place_of(ki_learned *learned, const char *id) {
    int32_t known = ki_ids_find(&learned->place_ids, id);
    if (known >= 0) return &learned->places[known];
    if (learned->n_places >= KI_LEARN_MAX_PLACES ||
        ki_grow(&learned->places, &learned->places_capacity, learned->n_places + 1,
                sizeof *learned->places))
        return NULL;
    const char *kept = ki_arena_strdup(&learned->arena, id);
    if (!kept || ki_ids_put(&learned->place_ids, &learned->arena, kept, (int32_t)learned->n_places))
        return NULL;
    learned->places[learned->n_places] = (ki_learned_place){.id = kept, .newest_s = KERB_NO_TIME};
    return &learned->places[learned->n_places++];
}

/* ---- what is known of the district ----------------------------------------------------------- */

typedef struct lesson {
    ki_learned *learned;
    const ki_draft *draft;
    const ki_night_log *night;
    ki_learn_totals *totals;
    ki_ids containers, sites, streets;
    double *fill_ratio; /* [n_stops] when emptied; NAN: unknown */
} lesson;

static const kerb_container *container_of(const lesson *at, const char *id) {
    int32_t index = ki_ids_find(&at->containers, id);
    return index < 0 ? NULL : &at->draft->containers[index];
}

static const kerb_site *site_of(const lesson *at, const kerb_container *container) {
    int32_t index = ki_ids_find(&at->sites, container->site_id);
    return index < 0 ? NULL : &at->draft->sites[index];
}

static kerb_status index_district(lesson *at, ki_arena *arena, kerb_error *err) {
    const ki_draft *draft = at->draft;
    if (ki_ids_build(&at->containers, arena, draft->n_containers ? &draft->containers->id : NULL,
                     draft->n_containers, sizeof *draft->containers) ||
        ki_ids_build(&at->sites, arena, draft->n_sites ? &draft->sites->id : NULL, draft->n_sites,
                     sizeof *draft->sites) ||
        ki_ids_build(&at->streets, arena, draft->n_streets ? &draft->streets->id : NULL,
                     draft->n_streets, sizeof *draft->streets))
        return ki_fail_no_memory(err, "what was learnt");
    return KERB_OK;
}

/* What the crew saw; else the newest report before, of those that can be one. */
static kerb_status find_fills(lesson *at, ki_arena *arena, kerb_error *err) {
    size_t n_stops = at->night->n_stops, n_bins = at->draft->n_containers;
    int32_t *stop_of = ki_arena_alloc(arena, n_bins, sizeof *stop_of);
    int64_t *reported_s = ki_arena_alloc(arena, n_stops, sizeof *reported_s);
    at->fill_ratio = ki_arena_alloc(arena, n_stops, sizeof *at->fill_ratio);
    if (!stop_of || !reported_s || !at->fill_ratio) return ki_fail_no_memory(err, "the night");
    for (size_t bin = 0; bin < n_bins; bin++)
        stop_of[bin] = -1;
    for (size_t stop = 0; stop < n_stops; stop++) {
        const ki_done_stop *done = &at->night->stops[stop];
        int32_t bin = ki_ids_find(&at->containers, done->id);
        at->fill_ratio[stop] = done->fill_ratio;
        reported_s[stop] = done->end_s - FRESH_S;
        int wanted = done->outcome == KERB_EVENT_DONE && done->end_s > 0;
        if (bin >= 0 && wanted && isnan(done->fill_ratio)) stop_of[bin] = (int32_t)stop;
    }
    ki_report_at row = {0};
    kerb_report report;
    while (ki_report_list_next(&at->draft->reports, &row, &report)) {
        int32_t bin = ki_ids_find(&at->containers, report.container_id);
        int32_t stop = bin < 0 ? -1 : stop_of[bin];
        if (stop < 0 || !(report.fill_ratio >= 0 && report.fill_ratio <= 1)) continue;
        if (report.measured_s > at->night->stops[stop].end_s) continue;
        if (report.measured_s < reported_s[stop]) continue;
        reported_s[stop] = report.measured_s;
        at->fill_ratio[stop] = report.fill_ratio;
    }
    return KERB_OK;
}

/* ---- kg per litre ---------------------------------------------------------------------------- */

static double expected_kg(const kerb_container *container, double fill_ratio) {
    return fill_ratio * container->volume_l * container->density_kg_per_l;
}

static int is_on_ticket(const ki_done_stop *done, const ki_ticket_line *ticket, int64_t since_s) {
    return done->route == ticket->route && done->outcome == KERB_EVENT_DONE &&
           done->end_s > since_s && done->end_s <= ticket->weighed_s;
}

/* What the route emptied of the stream since its ticket before. */
static void learn_ticket(lesson *at, const ki_ticket_line *ticket, int64_t since_s) {
    double kg = 0;
    size_t n = 0, n_known = 0;
    for (size_t stop = 0; stop < at->night->n_stops; stop++) {
        const ki_done_stop *done = &at->night->stops[stop];
        if (!is_on_ticket(done, ticket, since_s)) continue;
        const kerb_container *container = container_of(at, done->id);
        if (!container || container->stream != ticket->stream) continue;
        n++;
        if (isnan(at->fill_ratio[stop])) continue;
        n_known++;
        kg += expected_kg(container, at->fill_ratio[stop]);
    }
    if (!(kg > 0) || !(ticket->mass_kg > 0) || (double)n_known < KNOWN_SHARE * (double)n) {
        at->totals->n_unmatched++;
        return;
    }
    kg *= (double)n / (double)n_known;
    ki_learned_observe(&at->learned->density[ticket->stream], ticket->mass_kg / kg);
    at->totals->n_tickets++;
}

static void learn_tickets(lesson *at) {
    for (size_t ticket = 0; ticket < at->night->n_tickets; ticket++) {
        const ki_ticket_line *line = &at->night->tickets[ticket];
        int64_t since_s = INT64_MIN;
        for (size_t before = 0; before < at->night->n_tickets; before++) {
            const ki_ticket_line *other = &at->night->tickets[before];
            if (other->route == line->route && other->stream == line->stream &&
                other->weighed_s < line->weighed_s && other->weighed_s > since_s)
                since_s = other->weighed_s;
        }
        if ((unsigned)line->stream < KERB_N_STREAMS) learn_ticket(at, line, since_s);
    }
}

/* A truck that weighs each container needs no ticket. */
static void learn_weighing(lesson *at, size_t stop, const kerb_container *container) {
    double fill_ratio = at->fill_ratio[stop], kg = at->night->stops[stop].mass_kg;
    if (!(fill_ratio >= MIN_FILL) || !(kg > 0)) return;
    ki_learned_observe(&at->learned->density[container->stream],
                       kg / expected_kg(container, fill_ratio));
}

/* ---- service times --------------------------------------------------------------------------- */

/* The set-up is paid by the first container of a site, and is believed. */
static void learn_service(lesson *at, size_t stop, const kerb_container *container) {
    const ki_done_stop *done = &at->night->stops[stop], *before = stop ? done - 1 : NULL;
    const kerb_site *site = site_of(at, container);
    const kerb_container *last =
        before && before->route == done->route ? container_of(at, before->id) : NULL;
    if (done->start_s <= 0 || done->end_s <= done->start_s) {
        at->totals->n_untimed++;
        return;
    }
    double took_s = (double)(done->end_s - done->start_s);
    int goes_on = last && strcmp(last->site_id, container->site_id) == 0;
    if (site && !goes_on) took_s -= site->setup_s;
    if (container->service_s > 0 && took_s > 0)
        ki_learned_observe(
            &at->learned->service[container->stream][ki_bin_size_of(container->volume_l)],
            took_s / container->service_s);
}

/* ---- places ---------------------------------------------------------------------------------- */

static int is_out_of_reach(const ki_done_stop *done) {
    static const char *const CODES[] = {"cannot_reach", "unreachable", "no_access"};
    if (done->outcome != KERB_EVENT_FAILED || !done->reason) return 0;
    for (size_t code = 0; code < sizeof CODES / sizeof *CODES; code++)
        if (strcmp(done->reason, CODES[code]) == 0) return 1;
    return 0;
}

/* Counted once a night, which several messages may tell of; when it was served, counting starts
 * anew. */
static kerb_status learn_place(lesson *at, const ki_done_stop *done, const char *id,
                               kerb_error *err) {
    int out_of_reach = is_out_of_reach(done);
    if (!out_of_reach && done->outcome != KERB_EVENT_DONE) return KERB_OK;
    if (!out_of_reach && ki_ids_find(&at->learned->place_ids, id) < 0) return KERB_OK;
    ki_learned_place *place = ki_learned_place_of(at->learned, id);
    if (!place)
        return at->learned->n_places >= KI_LEARN_MAX_PLACES ? KERB_OK
                                                            : ki_fail_no_memory(err, "places");
    int64_t when_s = done->end_s > 0 ? done->end_s : done->start_s;
    int is_next = place->newest_s == KERB_NO_TIME || when_s - place->newest_s > KI_DAY_S / 2;
    if (out_of_reach && (place->told_in == at->learned->turn || !is_next)) return KERB_OK;
    place->n = out_of_reach ? place->n + 1 : 0;
    place->newest_s = when_s;
    place->told_in = at->learned->turn;
    return KERB_OK;
}

/* ---- the night ------------------------------------------------------------------------------- */

static kerb_status learn_stops(lesson *at, kerb_error *err) {
    for (size_t stop = 0; stop < at->night->n_stops; stop++) {
        const ki_done_stop *done = &at->night->stops[stop];
        const kerb_container *container = container_of(at, done->id);
        if (!container && ki_ids_find(&at->streets, done->id) < 0) {
            at->totals->n_unknown++;
            continue;
        }
        KI_TRY(learn_place(at, done, container ? container->site_id : done->id, err));
        if (!container || done->outcome != KERB_EVENT_DONE) continue;
        learn_service(at, stop, container);
        learn_weighing(at, stop, container);
        at->totals->n_stops++;
    }
    return KERB_OK;
}

static int is_known_night(const ki_learned *learned, const char *name) {
    for (size_t night = 0; night < learned->n_nights; night++)
        if (strcmp(learned->nights[night], name) == 0) return 1;
    return 0;
}

static void remember_night(ki_learned *learned, const char *name) {
    if (learned->n_nights == KI_LEARN_NIGHTS) {
        memmove(learned->nights[0], learned->nights[1],
                sizeof learned->nights - sizeof *learned->nights);
        learned->n_nights--;
    }
    memcpy(learned->nights[learned->n_nights++], name, sizeof *learned->nights);
}

kerb_status ki_learn_night(ki_learned *learned, const ki_draft *draft, const ki_graph *graph,
                           const ki_night_log *night, ki_learn_totals *totals, kerb_error *err) {
    ki_arena arena = {0};
    lesson at = {.learned = learned, .draft = draft, .night = night, .totals = totals};
    *totals = (ki_learn_totals){.already = is_known_night(learned, night->name)};
    if (totals->already) return KERB_OK;
    learned->turn++;
    kerb_status status = index_district(&at, &arena, err);
    if (status == KERB_OK) status = find_fills(&at, &arena, err);
    if (status == KERB_OK) status = learn_stops(&at, err);
    if (status == KERB_OK) learn_tickets(&at);
    ki_arena_free(&arena);
    if (status == KERB_OK && graph && night->n_track)
        status = ki_learn_speeds(learned, draft, graph, night, totals, err);
    if (status == KERB_OK) remember_night(learned, night->name);
    return status;
}
