/* SPDX-License-Identifier: GPL-3.0-or-later
 * Why each container is in or out tonight: a choice, a code and a sentence; and the notes about
 * what lies behind many of them at once - sensors that are silent, places nobody can reach, parts
 * of the input that this version does not plan yet. */
#include "base/error.h"
#include "base/text.h"
#include "demand/outing.h"
#include "demand/stop_price.h"
#include "model/seal.h"
#include "model/service.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { SENTENCE = 320 };

/* ---- sentences ------------------------------------------------------------------------------- */

static int percent(double ratio) {
    return (int)lround(ratio * 100);
}

static void say_basis(const ki_forecast *forecast, int64_t as_of_s, char text[SENTENCE]) {
    double hours = (double)(as_of_s - forecast->basis_s) / 3600;
    if (forecast->basis == KI_BASIS_EMPTIED)
        snprintf(text, SENTENCE, "from the emptying %.0f h before as-of", hours);
    else if (forecast->basis == KI_BASIS_NOTHING)
        snprintf(text, SENTENCE, "assumed %d %% at as-of: no report and no emptying is known",
                 percent(forecast->basis_ratio));
    else
        snprintf(text, SENTENCE, "from %d %% reported %.1f h before as-of",
                 percent(forecast->basis_ratio), hours);
}

static const char *say_health(ki_health health) {
    switch (health) {
    case KI_HEALTH_INCREDIBLE: return "; no credible report";
    case KI_HEALTH_SILENT: return "; sensor silent";
    case KI_HEALTH_STUCK: return "; sensor stuck";
    case KI_HEALTH_WILD: return "; sensor erratic";
    case KI_HEALTH_OVER_RANGE: return "; sensor out of range";
    case KI_HEALTH_INVERSE: return "; sensor inverse";
    case KI_HEALTH_NEVER_FULL: return "; sensor never full";
    case KI_HEALTH_DRIFT: return "; sensor drifting";
    default: return "";
    }
}

static void say_rule(const kerb_district *district, const kerb_container *container,
                     const ki_forecast *forecast, const ki_outing *outing, const char *reason,
                     char text[SENTENCE]) {
    if (strcmp(reason, "forced_in") == 0)
        snprintf(text, SENTENCE, "ordered for tonight");
    else if (strcmp(reason, "forced_out") == 0)
        snprintf(text, SENTENCE, "taken out for tonight");
    else if (strcmp(reason, "overflowing") == 0)
        snprintf(text, SENTENCE, "must: reported to overflow");
    else if (strcmp(reason, "done") == 0)
        snprintf(text, SENTENCE, "emptied tonight already, or a vehicle is on its way to it");
    else if (strcmp(reason, "failed") == 0)
        snprintf(text, SENTENCE, "tried in vain or passed over tonight; due again the next night");
    else if (strcmp(reason, "fill_above_must") == 0)
        snprintf(text, SENTENCE, "must from %d %%", percent(district->must_ratio));
    else if (strcmp(reason, "overflow_likely") == 0)
        snprintf(text, SENTENCE,
                 "must: would overflow before the next night with a chance of %d %%",
                 percent(ki_overflow_chance(forecast, ki_nights_to_next(district))));
    else if (strcmp(reason, "interval_due") == 0)
        snprintf(text, SENTENCE,
                 "must: %g days since the last emptying are up before the next night",
                 container->max_interval_days);
    else if (strcmp(reason, "fill_above_may") == 0 && outing->prize > 0)
        snprintf(text, SENTENCE, "may from %d %%; nights until a truck must come for it: %d",
                 percent(district->may_ratio), outing->wait);
    else if (strcmp(reason, "fill_above_may") == 0)
        snprintf(text, SENTENCE, "may from %d %%", percent(district->may_ratio));
    else
        snprintf(text, SENTENCE, "skipped below %d %%", percent(district->may_ratio));
}

static const char *sentence(ki_seal *seal, const kerb_container *container,
                            const ki_forecast *forecast, const ki_outing *outing,
                            const char *reason) {
    char basis[SENTENCE], rule[SENTENCE];
    say_basis(forecast, seal->draft->district.as_of_s, basis);
    say_rule(&seal->draft->district, container, forecast, outing, reason, rule);
    return ki_seal_text(seal, "%d %% full at service, %s, filling %d %% a day%s; %s",
                        percent(forecast->fill_ratio), basis, percent(forecast->rate_per_day),
                        say_health(forecast->health), rule);
}

/* ---- demand ---------------------------------------------------------------------------------- */

static kerb_status decide(ki_seal *seal, size_t index) {
    const kerb_container *container = &seal->draft->containers[index];
    const ki_forecast *forecast = &seal->forecasts[index];
    ki_selection selection =
        ki_select(&seal->draft->district, container, forecast, seal->service_s, seal->stop_price);
    const char *detail =
        sentence(seal, container, forecast, &seal->outings[index], selection.reason);
    if (!detail) return ki_fail_no_memory(seal->err, "decisions");
    seal->model->container_decisions[index] =
        (ki_decision){.choice = selection.choice,
                      .reason = selection.reason,
                      .fill_ratio = forecast->fill_ratio,
                      .fill_sd_ratio = forecast->sd_ratio,
                      .rate_per_day = forecast->rate_per_day,
                      .newest_report_s = forecast->newest_report_s,
                      .task = -1,
                      .detail = detail};
    return KERB_OK;
}

/* Who never reported has no sensor, as far as anybody knows: no fault, and nothing to mend. */
static kerb_status note_never(ki_seal *seal, size_t n_never, const ki_reports *reports) {
    size_t n = seal->draft->n_containers;
    if (n_never == 0) return KERB_OK;
    if (reports->n_reports && n_never == n)
        return ki_seal_note(
            seal, "degraded",
            ki_seal_text(seal, "%zu fill reports and none of a container of this district",
                         reports->n_reports));
    if (n_never == n)
        return ki_seal_note(seal, "sensors",
                            ki_seal_text(seal,
                                         "no fill reports: all %zu containers planned from their "
                                         "last emptying on record and a rate of %d %% a day",
                                         n, percent(KI_RATE_DEFAULT)));
    return ki_seal_note(seal, "sensors",
                        ki_seal_text(seal,
                                     "%zu of %zu containers without a report: planned from the "
                                     "rate of their stream",
                                     n_never, n));
}

/* A sensor in doubt now and then is every night's lot; more than this share of them is a fault
 * that somebody must look at in the morning. */
enum { MAX_DOUBT_PERCENT = 20 };

static kerb_status note_health(ki_seal *seal, const ki_reports *reports) {
    size_t counts[KI_N_HEALTHS] = {0};
    size_t n = seal->draft->n_containers;
    for (size_t container = 0; container < n; container++)
        counts[seal->forecasts[container].health]++;
    KI_TRY(note_never(seal, counts[KI_HEALTH_NO_REPORTS], reports));
    size_t n_sensors = n - counts[KI_HEALTH_NO_REPORTS], n_doubt = n_sensors - counts[KI_HEALTH_OK];
    if (n_doubt == 0) return KERB_OK;
    return ki_seal_note(
        seal, n_doubt * 100 > n_sensors * MAX_DOUBT_PERCENT ? "degraded" : "sensors",
        ki_seal_text(seal,
                     "%zu of %zu sensors in doubt: %zu not credible, %zu silent, %zu stuck, %zu "
                     "inverse, %zu never full, %zu drifting, %zu out of range, %zu erratic; "
                     "planned from history",
                     n_doubt, n_sensors, counts[KI_HEALTH_INCREDIBLE], counts[KI_HEALTH_SILENT],
                     counts[KI_HEALTH_STUCK], counts[KI_HEALTH_INVERSE],
                     counts[KI_HEALTH_NEVER_FULL], counts[KI_HEALTH_DRIFT],
                     counts[KI_HEALTH_OVER_RANGE], counts[KI_HEALTH_WILD]));
}

static kerb_status note_rejects(ki_seal *seal, const ki_reports *reports) {
    char parts[SENTENCE] = "";
    size_t n = 0, length = 0;
    for (int reject = 1; reject < KI_N_REJECTS; reject++) {
        if (reports->n_rejected[reject] == 0 || length >= sizeof parts) continue;
        length += (size_t)snprintf(parts + length, sizeof parts - length, "%s%zu %s", n ? ", " : "",
                                   reports->n_rejected[reject], ki_reject_name((ki_reject)reject));
        n += reports->n_rejected[reject];
    }
    if (n == 0) return KERB_OK;
    return ki_seal_note(seal, "reports",
                        ki_seal_text(seal, "%zu of %zu fill reports not believed: %s", n,
                                     reports->n_reports, parts));
}

/* What is seen to overflow is full, whatever its sensor says. */
static void fill_up(const kerb_container *container, ki_forecast *forecast) {
    if (container->force != KERB_FORCE_FULL) return;
    forecast->fill_ratio = 1;
    forecast->volume_l = container->volume_l;
    forecast->mass_kg = container->volume_l * container->density_kg_per_l;
}

kerb_status ki_seal_demand(ki_seal *seal) {
    const ki_draft *draft = seal->draft;
    ki_model *model = seal->model;
    ki_reports reports;
    ki_forecast_times times;
    ki_forecast_tonight(&times, draft);
    KI_TRY(ki_forecast_words(&times, &seal->scratch, draft, seal->err));
    seal->service_s = times.service_s;
    seal->forecasts = ki_arena_alloc(&seal->scratch, draft->n_containers, sizeof *seal->forecasts);
    model->container_decisions =
        ki_arena_alloc(&model->arena, draft->n_containers, sizeof *model->container_decisions);
    if (!seal->forecasts || !model->container_decisions)
        return ki_fail_no_memory(seal->err, "decisions");
    KI_TRY(ki_reports_sort(&reports, &seal->scratch, draft->containers, draft->n_containers,
                           &draft->reports, times.as_of_s, seal->err));
    KI_TRY(ki_forecast_all(seal->forecasts, &seal->scratch, draft->containers, draft->n_containers,
                           &reports, &times, seal->err));
    for (size_t container = 0; container < draft->n_containers; container++)
        fill_up(&draft->containers[container], &seal->forecasts[container]);
    seal->stop_price = ki_stop_price(draft);
    seal->outings = ki_arena_alloc(&seal->scratch, draft->n_containers, sizeof *seal->outings);
    if (!seal->outings) return ki_fail_no_memory(seal->err, "decisions");
    KI_TRY(ki_outings(seal->outings, &seal->scratch, draft, seal->forecasts, seal->service_s,
                      seal->stop_price, ki_outing_price(draft), seal->err));
    for (size_t container = 0; container < draft->n_containers; container++)
        KI_TRY(decide(seal, container));
    KI_TRY(ki_seal_note_alarms(seal));
    KI_TRY(note_rejects(seal, &reports));
    return note_health(seal, &reports);
}

/* ---- what cannot be done --------------------------------------------------------------------- */

static const char *const CANNOT_REASONS[KI_N_CANNOTS] = {
    "unreachable", "unreachable", "unreachable", "no_such_run", "unreachable",
    "no_window",   "no_vehicle",  "pinned",      "no_lift",     "no_brush",
    "too_big",     "no_facility", "unreachable"};
static const char *const CANNOT_TEXTS[KI_N_CANNOTS][2] = {
    {"no road open to trucks within 150 m", "no road open to sweepers"},
    {"only roads cut off from the rest of the network", "on roads cut off from the rest"},
    {"the kerb side is required and no truck can drive along it", "wrong side"},
    {"no place on the network", "no such run of the way in the road network"},
    {"closed to trucks", "closed to sweepers where it must be driven, or cut off"},
    {"no service window inside the night", "no service window inside the night"},
    {"no vehicle tonight takes this stream",
     "no vehicle tonight sweeps (with water, if it needs any)"},
    {"pinned to vehicles, or forbidden to them, so that none is left that could",
     "pinned to vehicles, or forbidden to them, so that none is left that could"},
    {"no vehicle that could take it has its lift", "no vehicle that could take it has its lift"},
    {"no vehicle that could sweep it has its brush on that side",
     "no vehicle that could sweep it has its brush on that side"},
    {"more than an empty vehicle holds", "more than an empty vehicle holds: divide the street"},
    {"no facility for this stream is open and in reach tonight",
     "no facility for sweepings is open and in reach tonight"},
    {"no vehicle can drive there and on to a facility in its shift",
     "no vehicle can drive there, sweep it and go on to a facility in its shift"}};

ki_cannot ki_cannot_of_snap(ki_snap_cause cause) {
    if (cause == KI_SNAP_WRONG_SIDE) return KI_CANNOT_WRONG_SIDE;
    return cause == KI_SNAP_UNREACHABLE ? KI_CANNOT_CUT_OFF : KI_CANNOT_NO_ROAD;
}

kerb_status ki_seal_cannot(ki_seal *seal, int kind, int32_t source, ki_cannot cause) {
    int street = kind == KI_TASK_KERB;
    ki_decision *decision =
        street ? &seal->model->street_decisions[source] : &seal->model->container_decisions[source];
    const char *was = decision->detail;
    decision->choice = KI_CANNOT;
    decision->reason = CANNOT_REASONS[cause];
    decision->detail = ki_seal_text(seal, "%s; %s", CANNOT_TEXTS[cause][street], was ? was : "");
    seal->n_cannot[cause][street]++;
    return decision->detail ? KERB_OK : ki_fail_no_memory(seal->err, "decisions");
}

static kerb_status note_cannots(ki_seal *seal) {
    for (int cause = 0; cause < KI_N_CANNOTS; cause++)
        for (int street = 0; street < 2; street++) {
            size_t n = seal->n_cannot[cause][street];
            if (n == 0) continue;
            const char *word =
                street ? (n == 1 ? "street" : "streets") : (n == 1 ? "container" : "containers");
            KI_TRY(ki_seal_note(
                seal, CANNOT_REASONS[cause],
                ki_seal_text(seal, "%zu %s: %s", n, word, CANNOT_TEXTS[cause][street])));
        }
    return KERB_OK;
}

/* ---- what is given and not planned yet ------------------------------------------------------- */

static kerb_status note_not_planned(ki_seal *seal, size_t n, const char *what) {
    if (n == 0) return KERB_OK;
    return ki_seal_note(seal, "not_planned", ki_seal_text(seal, "%zu %s", n, what));
}

/* How much road each ban covers, and whether tonight's shifts meet it. */
static kerb_status note_bans(ki_seal *seal) {
    uint64_t met = 0;
    for (size_t seed = 0; seed < seal->n_seeds; seed++)
        met |= seal->seeds[seed].bans;
    for (size_t ban = 0; seal->bans && ban < seal->draft->n_bans; ban++) {
        int64_t length_mm = 0;
        for (int32_t edge = 0; edge < seal->graph->n_edges; edge++)
            if (seal->bans[edge] >> ban & 1) length_mm += seal->graph->edges[edge].length_mm;
        KI_TRY(ki_seal_note(seal, "ban",
                            ki_seal_text(seal, "ban %.100s covers %.1f km of road; %s",
                                         seal->draft->bans[ban].id, (double)length_mm / 1e6,
                                         length_mm == 0   ? "is a name or a corner wrong?"
                                         : met >> ban & 1 ? "closed to the shifts it meets"
                                                          : "no shift meets it tonight")));
    }
    return KERB_OK;
}

enum { MOST_UNREAD = 10 };

/* What the roads say about hours or vehicles and was not understood. */
static kerb_status note_unread(ki_seal *seal) {
    if (!seal->graph) return KERB_OK;
    const ki_conditions *all = &seal->graph->conditions;
    int64_t n_more = all->n_unread_others;
    for (int32_t at = MOST_UNREAD; at < all->n_unread; at++)
        n_more += all->unread[at].count;
    for (int32_t at = 0; at < all->n_unread && at < MOST_UNREAD; at++) {
        const ki_unread *unread = &all->unread[at];
        KI_TRY(ki_seal_note(
            seal, "roads",
            ki_seal_text(seal,
                         "%s: not understood, on %d roads (%s %lld); taken to forbid at any "
                         "time, and never to permit",
                         all->text + unread->text, (int)unread->count,
                         unread->object == 'w'   ? "way"
                         : unread->object == 'n' ? "node"
                                                 : "relation",
                         (long long)unread->example_id)));
    }
    if (n_more == 0) return KERB_OK;
    return ki_seal_note(seal, "roads",
                        ki_seal_text(seal,
                                     "%lld more conditions of roads not understood: kerbside "
                                     "roads lists them",
                                     (long long)n_more));
}

kerb_status ki_seal_notes(ki_seal *seal) {
    const ki_draft *draft = seal->draft;
    size_t n_walks = 0;
    for (size_t site = 0; site < draft->n_sites; site++)
        n_walks += draft->sites[site].walk_m > 0;
    KI_TRY(note_cannots(seal));
    KI_TRY(ki_seal_note_pockets_end(seal));
    KI_TRY(ki_seal_note_cut_off(seal));
    if (seal->n_idle_sites)
        KI_TRY(ki_seal_note(seal, "unreachable",
                            ki_seal_text(seal, "%zu sites not due tonight: out of reach of trucks",
                                         seal->n_idle_sites)));
    KI_TRY(note_not_planned(
        seal, n_walks, "sites with a walking distance: it is not timed yet, only their set-up"));
    KI_TRY(note_bans(seal));
    KI_TRY(ki_seal_note_room(seal));
    KI_TRY(ki_seal_note_margins(seal));
    KI_TRY(note_unread(seal));
    KI_TRY(note_not_planned(seal, seal->graph ? 0 : draft->n_bans,
                            "bans: without effect on explicit travel"));
    return note_not_planned(seal, seal->graph ? 0 : draft->n_closures,
                            "closures: without effect on explicit travel");
}
