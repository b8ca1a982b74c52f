/* SPDX-License-Identifier: GPL-3.0-or-later
 * The true fill: rate x weekday x weather x noise in steps of three hours, as the district
 * generator makes its past; sensors report twice a day, a share of them with the faults seen in
 * the field. */
#include "io/simulate_world.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/rng.h"
#include "demand/forecast.h"
#include "demand/rate.h"
#include "plan/plan.h"

#include <math.h>

enum { DAY_S = 86400 };
static const double RATE_SPREAD = 0.15, MIN_RATE = 0.01, MAX_RATE = 0.75;
static const double READING_NOISE = 0.015;
static const double PAST_EMPTY_FROM = 0.78;

/* ---- chance ---------------------------------------------------------------------------------- */

enum { CHANCE_STEP = 1, CHANCE_DAY, CHANCE_READING, CHANCE_BIN, CHANCE_HOUR, CHANCE_PACE };

static ki_rng chance(const ki_world *world, int kind, uint64_t who, int64_t when) {
    ki_rng rng;
    ki_rng_seed(&rng, world->seed * 1000003 + (uint64_t)when * 31 + (uint64_t)kind, who);
    return rng;
}

static double spread(ki_rng *rng, double relative) {
    return fmax(0.25, 1.0 + relative * ki_rng_normal(rng));
}

double ki_world_pace(const ki_world *world, const char *id, int driving, int32_t night) {
    uint64_t who = driving ? 1469598103934665603u : 1099511628211u;
    for (; *id; id++) /* FNV-1a: places of every kind have names */
        who = (who ^ (unsigned char)*id) * 1099511628211u;
    ki_rng rng = chance(world, CHANCE_PACE, who, night);
    return spread(&rng, KI_TIME_DEVIATION);
}

/* ---- sensors --------------------------------------------------------------------------------- */

/* What the sensor says; NAN: nothing. */
static double sense(ki_bin *bin, ki_rng *rng) {
    double value = fmin(1, fmax(0, bin->fill + READING_NOISE * ki_rng_normal(rng)));
    uint32_t draw = ki_rng_below(rng, 1000);
    if (bin->at_s < bin->sick_from_s) return value;
    if (bin->stuck_at < 0) bin->stuck_at = value;
    switch (bin->fault) {
    case KI_FAULT_STUCK: return bin->stuck_at;
    case KI_FAULT_SILENT: return NAN;
    case KI_FAULT_NEVER_FULL: return fmin(value, 0.62);
    case KI_FAULT_SPIKES: return draw < 111 ? 1 : value;
    case KI_FAULT_INVERSE: return 1 - value;
    case KI_FAULT_OVER_RANGE: return draw < 167 ? 1.7 : value;
    case KI_FAULT_DRIFT:
        return fmin(1, value + 0.02 * (double)(bin->at_s - bin->sick_from_s) / DAY_S);
    case KI_FAULT_NONE:
    case KI_N_FAULTS: break;
    }
    return value;
}

static void report(ki_world *world, size_t container) {
    ki_bin *bin = &world->bins[container];
    ki_rng rng = chance(world, CHANCE_READING, container, bin->at_s);
    double value = sense(bin, &rng);
    if (isnan(value)) return;
    if (ki_grow(&world->reports, &world->reports_capacity, world->n_reports + 1,
                sizeof *world->reports)) {
        world->failed = 1;
        return;
    }
    world->reports[world->n_reports++] =
        (kerb_report){.container_id = world->draft->containers[container].id,
                      .measured_s = bin->at_s,
                      .received_s = KERB_NO_TIME,
                      .fill_ratio = floor(value * 100 + 0.5) / 100,
                      .mass_kg = NAN};
}

void ki_world_forget(ki_world *world, int64_t before_s) {
    size_t n_kept = 0;
    for (size_t at = 0; at < world->n_reports; at++)
        if (world->reports[at].measured_s >= before_s)
            world->reports[n_kept++] = world->reports[at];
    world->n_reports = n_kept;
}

/* ---- fill ------------------------------------------------------------------------------------ */

static double growth(const ki_world *world, size_t container, int64_t from_s, int64_t to_s) {
    const ki_bin *bin = &world->bins[container];
    int64_t day_ends_s;
    int weekday = ki_weekday(from_s, world->utc_offset_s, &day_ends_s);
    ki_rng step = chance(world, CHANCE_STEP, container, from_s / KI_WORLD_STEP_S);
    ki_rng day = chance(world, CHANCE_DAY, (uint64_t)world->draft->containers[container].stream,
                        day_ends_s / DAY_S);
    return bin->rate_per_day * bin->weekday[weekday] * spread(&day, KI_WORLD_DAY_NOISE) *
           spread(&step, KI_WORLD_STEP_NOISE) * (double)(to_s - from_s) / DAY_S;
}

void ki_world_live(ki_world *world, size_t container, int64_t to_s) {
    ki_bin *bin = &world->bins[container];
    while (bin->at_s < to_s) {
        int64_t until_s = (bin->at_s / KI_WORLD_STEP_S + 1) * KI_WORLD_STEP_S;
        if (until_s > to_s) until_s = to_s;
        if (until_s > bin->next_report_s) until_s = bin->next_report_s;
        double added = growth(world, container, bin->at_s, until_s);
        double beside = fmin(added, fmax(0, bin->fill + added - 1));
        bin->fill += added;
        bin->overflowed |= bin->fill >= 1;
        world->added += added;
        world->lost += beside;
        bin->at_s = until_s;
        if (bin->at_s != bin->next_report_s) continue;
        report(world, container);
        bin->next_report_s += KI_WORLD_REPORT_S;
    }
}

double ki_world_peek(const ki_world *world, size_t container, int64_t at_s) {
    double fill = world->bins[container].fill;
    for (int64_t now_s = world->bins[container].at_s; now_s < at_s;) {
        int64_t until_s = (now_s / KI_WORLD_STEP_S + 1) * KI_WORLD_STEP_S;
        if (until_s > at_s) until_s = at_s;
        fill += growth(world, container, now_s, until_s);
        now_s = until_s;
    }
    return fill;
}

double ki_world_empty(ki_world *world, size_t container, int64_t at_s) {
    ki_world_live(world, container, at_s);
    ki_bin *bin = &world->bins[container];
    double found = bin->fill;
    bin->fill = 0;
    bin->last_emptied_s = bin->at_s;
    return found;
}

/* ---- the beginning --------------------------------------------------------------------------- */

static void make_bin(ki_world *world, size_t container, const ki_forecast *known, int64_t begin_s,
                     double sick_ratio) {
    ki_bin *bin = &world->bins[container];
    ki_rng rng = chance(world, CHANCE_BIN, container, 0);
    double rate = known->rate_per_day * spread(&rng, RATE_SPREAD);
    *bin = (ki_bin){.at_s = begin_s, .last_emptied_s = begin_s, .stuck_at = -1};
    bin->rate_per_day = fmin(fmax(rate, MIN_RATE), MAX_RATE);
    for (int weekday = 0; weekday < 7; weekday++)
        bin->weekday[weekday] =
            known->rate_per_day > 0 ? known->rate_by_weekday[weekday] / known->rate_per_day : 1;
    bin->fill = 0.7 * ki_rng_unit(&rng);
    /* twice a day, some time between 6:00 and 7:30 local, morning and evening */
    int64_t local_midnight_s = begin_s + world->utc_offset_s;
    local_midnight_s -= local_midnight_s % DAY_S;
    bin->next_report_s =
        local_midnight_s - world->utc_offset_s + DAY_S + 6 * 3600 + ki_rng_below(&rng, 5400);
    double sick = ki_rng_unit(&rng), from = ki_rng_unit(&rng);
    uint32_t fault = 1 + ki_rng_below(&rng, KI_N_FAULTS - 1);
    bin->sick_from_s = begin_s + (int64_t)(from * KI_WORLD_PAST_DAYS * DAY_S);
    if (sick < sick_ratio) bin->fault = (ki_fault)fault;
}

int64_t ki_world_night_s(const ki_world *world, int32_t night) {
    return world->draft->district.as_of_s + (int64_t)night * DAY_S + DAY_S / 4;
}

int ki_world_nearly_full(const ki_world *world, size_t container, int32_t night, int64_t at_s,
                         const void *payload) {
    (void)night, (void)payload;
    const ki_bin *bin = &world->bins[container];
    double interval_days = world->draft->containers[container].max_interval_days;
    double age_days = (double)(at_s - bin->last_emptied_s) / DAY_S;
    return bin->fill >= PAST_EMPTY_FROM || (interval_days > 0 && age_days >= interval_days - 1);
}

kerb_status ki_world_live_past(ki_world *world, ki_world_due *due, const void *payload,
                               kerb_error *err) {
    for (size_t container = 0; container < world->draft->n_containers; container++) {
        for (int32_t night = -KI_WORLD_PAST_DAYS; night < 0; night++) {
            int64_t night_s = ki_world_night_s(world, night);
            ki_world_live(world, container, night_s);
            if (due(world, container, night, night_s, payload))
                ki_world_empty(world, container, night_s);
        }
        ki_world_live(world, container, world->draft->district.as_of_s);
        world->bins[container].overflowed = 0;
    }
    world->added = world->lost = 0;
    return world->failed ? ki_fail_no_memory(err, "simulation") : KERB_OK;
}

double ki_world_hour(const ki_world *world, size_t container, int32_t night) {
    ki_rng rng = chance(world, CHANCE_HOUR, container, night);
    return ki_rng_unit(&rng);
}

/* In one way whatever the district's own is: a world does not depend on who plans in it. */
static kerb_status know(ki_forecast **out, ki_arena *arena, const ki_draft *draft,
                        kerb_error *err) {
    ki_reports reports;
    ki_forecast_times times = {.as_of_s = draft->district.as_of_s,
                               .service_s = draft->district.as_of_s,
                               .utc_offset_s = draft->district.utc_offset_s};
    *out = ki_arena_alloc(arena, draft->n_containers, sizeof **out);
    if (!*out) return ki_fail_no_memory(err, "simulation");
    KI_TRY(ki_reports_sort(&reports, arena, draft->containers, draft->n_containers, &draft->reports,
                           times.as_of_s, err));
    return ki_forecast_all(*out, arena, draft->containers, draft->n_containers, &reports, &times,
                           err);
}

kerb_status ki_world_begin(ki_world *world, ki_arena *arena, const ki_draft *draft, uint64_t seed,
                           double sick_ratio, double rate_factor, kerb_error *err) {
    ki_forecast *known;
    *world = (ki_world){.seed = seed, .draft = draft, .utc_offset_s = draft->district.utc_offset_s};
    KI_TRY(know(&known, arena, draft, err));
    for (size_t container = 0; rate_factor > 0 && container < draft->n_containers; container++) {
        known[container].rate_per_day *= rate_factor;
        for (int weekday = 0; weekday < 7; weekday++)
            known[container].rate_by_weekday[weekday] *= rate_factor;
    }
    world->bins = ki_arena_alloc(arena, draft->n_containers, sizeof *world->bins);
    if (!world->bins) return ki_fail_no_memory(err, "simulation");
    int64_t as_of_s = draft->district.as_of_s;
    for (size_t container = 0; container < draft->n_containers; container++)
        make_bin(world, container, &known[container], as_of_s - KI_WORLD_PAST_DAYS * DAY_S,
                 sick_ratio);
    return KERB_OK;
}

void ki_world_end(ki_world *world) {
    ki_free(world->reports);
    *world = (ki_world){0};
}
