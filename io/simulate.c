/* SPDX-License-Identifier: GPL-3.0-or-later
 * The days of a simulation, one after another: choose, plan, carry out, live on until the next
 * evening. The planner sees reports and recorded emptyings, never the truth. */
#include "io/simulate.h"

#include "base/error.h"
#include "demand/select.h"
#include "io/simulate_fixed.h"
#include "io/simulate_night.h"
#include "io/simulate_rounds.h"
#include "model/service.h"

#include <math.h>
#include <string.h>

enum { DAY_S = 86400, PEEK_EARLIER_S = 3 * 3600 /* before the night ends, trucks are back */ };

const char *ki_policy_name(ki_policy policy) {
    static const char *const NAMES[KI_N_POLICIES] = {"fill",        "threshold", "fixed",
                                                     "fixed_tuned", "perfect",   "as_is"};
    return (unsigned)policy < KI_N_POLICIES ? NAMES[policy] : "";
}

double ki_day_service_level(const ki_day *day) {
    return day->added > 0 ? 1 - day->lost / day->added : 1;
}

double ki_day_fill_at_emptying(const ki_day *day) {
    return day->n_emptied ? day->fill_sum / (double)day->n_emptied : 0;
}

typedef struct simulation {
    const ki_simulation_options *options;
    const ki_draft *draft;
    ki_arena arena;
    ki_world world;
    ki_night night;
    kerb_force *force;   /* [n_containers] tonight */
    ki_pattern *fixed;   /* [n_containers]; NULL with other policies */
    ki_as_is as_is;      /* rounds NULL with other policies */
    kerb_container *now; /* [n_containers] as known tonight, for the threshold */
} simulation;

/* ---- what is chosen before the planner ------------------------------------------------------- */

static kerb_status choose_by_threshold(simulation *sim, kerb_error *err) {
    const ki_draft *draft = sim->draft;
    double threshold = sim->options->threshold_ratio > 0 ? sim->options->threshold_ratio
                                                         : draft->district.must_ratio;
    int64_t shift_s = (int64_t)sim->night.day * DAY_S;
    ki_forecast_times times;
    ki_forecast_tonight(&times, draft);
    times.as_of_s += shift_s;
    times.service_s += shift_s;
    ki_arena arena = {0};
    ki_reports reports;
    ki_report_list told = {.n = sim->world.n_reports, .plain = sim->world.reports};
    ki_forecast *forecasts = ki_arena_alloc(&arena, draft->n_containers, sizeof *forecasts);
    for (size_t at = 0; at < draft->n_containers; at++)
        sim->now[at].last_emptied_s = sim->world.bins[at].last_emptied_s;
    kerb_status status = forecasts ? ki_forecast_words(&times, &arena, draft, err)
                                   : ki_fail_no_memory(err, "simulation");
    if (status == KERB_OK)
        status = ki_reports_sort(&reports, &arena, sim->now, draft->n_containers, &told,
                                 times.as_of_s, err);
    if (status == KERB_OK)
        status = ki_forecast_all(forecasts, &arena, sim->now, draft->n_containers, &reports, &times,
                                 err);
    for (size_t at = 0; status == KERB_OK && at < draft->n_containers; at++)
        sim->force[at] = forecasts[at].fill_ratio >= threshold ||
                                 ki_interval_due(&sim->now[at], &forecasts[at], times.service_s)
                             ? KERB_FORCE_IN
                             : KERB_FORCE_OUT;
    ki_arena_free(&arena);
    return status;
}

static void choose_by_pattern(simulation *sim) {
    for (size_t at = 0; at < sim->draft->n_containers; at++)
        sim->force[at] =
            ki_pattern_due(&sim->fixed[at], sim->night.day) ? KERB_FORCE_IN : KERB_FORCE_OUT;
}

static void choose_by_rounds(simulation *sim) {
    for (size_t at = 0; at < sim->draft->n_containers; at++)
        sim->force[at] = ki_world_as_is_due(&sim->world, at, sim->night.day, 0, &sim->as_is)
                             ? KERB_FORCE_IN
                             : KERB_FORCE_OUT;
}

/* Everything that would overflow before tomorrow's service, by the truth; as late as can be. */
static void choose_by_truth(simulation *sim) {
    const kerb_district *district = &sim->draft->district;
    int64_t night_s = district->night_start_s + (int64_t)sim->night.day * DAY_S;
    int64_t next_end_s = district->night_end_s + (int64_t)(sim->night.day + 1) * DAY_S;
    for (size_t at = 0; at < sim->draft->n_containers; at++) {
        double interval_days = sim->draft->containers[at].max_interval_days;
        double age_s = (double)(next_end_s - sim->world.bins[at].last_emptied_s);
        int due =
            interval_days > 0 && age_s > interval_days * DAY_S + (double)(next_end_s - night_s) / 2;
        sim->force[at] = due || ki_world_peek(&sim->world, at, next_end_s - PEEK_EARLIER_S) >= 1
                             ? KERB_FORCE_IN
                             : KERB_FORCE_OUT;
    }
}

static kerb_status choose(simulation *sim, kerb_error *err) {
    if (sim->options->policy == KI_POLICY_THRESHOLD) return choose_by_threshold(sim, err);
    if (sim->options->policy == KI_POLICY_PERFECT) choose_by_truth(sim);
    if (sim->fixed) choose_by_pattern(sim);
    if (sim->as_is.rounds) choose_by_rounds(sim);
    return KERB_OK;
}

/* ---- one day --------------------------------------------------------------------------------- */

/* Whether the planner's trucks go their rounds: so many nights a week, as evenly as can be. */
static int goes_out(const simulation *sim, int32_t day) {
    int32_t n = sim->options->collection_days;
    return n == 0 || day * n % 7 < n;
}

static int32_t nights_to_next(const simulation *sim) {
    int32_t nights = 1;
    while (!goes_out(sim, sim->night.day + nights))
        nights++;
    return nights;
}

static kerb_status plan_and_drive(simulation *sim, ki_day *day, kerb_error *err) {
    kerb_model *model;
    kerb_plan *plan = NULL;
    if (sim->options->policy == KI_POLICY_FILL && sim->options->collection_days) {
        if (!goes_out(sim, sim->night.day)) return KERB_OK;
        sim->night.nights_to_next = nights_to_next(sim);
    }
    KI_TRY(choose(sim, err));
    KI_TRY(ki_night_model(&model, &sim->night, &sim->world, err));
    kerb_status status = kerb_model_seal(model, &sim->options->solve, err);
    if (status == KERB_OK && sim->as_is.rounds)
        status = ki_as_is_plan(&plan, &sim->as_is, model,
                               ki_as_is_weekday(sim->draft, sim->night.day), err);
    else if (status == KERB_OK)
        status = kerb_plan_solve(&plan, model, &sim->options->solve, err);
    if (status == KERB_OK)
        status = ki_night_carry_out(day, &sim->world, plan, model, sim->night.day, err);
    kerb_plan_free(plan);
    kerb_model_free(model);
    return status;
}

static void live_on(simulation *sim, ki_day *day) {
    int64_t evening_s = sim->draft->district.as_of_s + (int64_t)(sim->night.day + 1) * DAY_S;
    for (size_t at = 0; at < sim->draft->n_containers; at++) {
        ki_world_live(&sim->world, at, evening_s);
        day->n_overflows += (size_t)(sim->world.bins[at].overflowed != 0);
        sim->world.bins[at].overflowed = sim->world.bins[at].fill >= 1;
    }
    day->added = sim->world.added;
    day->lost = sim->world.lost;
    sim->world.added = sim->world.lost = 0;
    ki_world_forget(&sim->world, evening_s - (int64_t)KI_WORLD_PAST_DAYS * DAY_S);
}

static void add_day(ki_day *total, const ki_day *day) {
    total->km += day->km;
    total->hours += day->hours;
    total->tonnes += day->tonnes;
    total->cost += day->cost;
    total->added += day->added;
    total->lost += day->lost;
    total->fill_sum += day->fill_sum;
    total->n_emptied += day->n_emptied;
    total->n_shifts += day->n_shifts;
    total->n_early_tips += day->n_early_tips;
    total->n_overflows += day->n_overflows;
    total->n_left_out += day->n_left_out;
    total->n_late += day->n_late;
    total->early_tips_expected += day->early_tips_expected;
    total->late_expected += day->late_expected;
}

static kerb_status run(simulation *sim, ki_simulation *out, kerb_error *err) {
    int32_t settle = sim->options->settle_days, n = settle + sim->options->days;
    for (int32_t day = 0; day < n; day++) {
        ki_day today = {0};
        sim->night.day = day;
        KI_TRY(plan_and_drive(sim, &today, err));
        live_on(sim, &today);
        if (sim->world.failed) return ki_fail_no_memory(err, "simulated reports");
        if (day < settle) continue;
        add_day(&out->total, &today);
        if (sim->options->on_day)
            sim->options->on_day(day - settle + 1, &today, sim->options->payload);
    }
    return KERB_OK;
}

static kerb_status begin(simulation *sim, kerb_error *err) {
    size_t n = sim->draft->n_containers;
    if (n == 0) return ki_fail(err, KERB_BAD_INPUT, "simulation: no containers in the district");
    sim->force = ki_arena_alloc(&sim->arena, n, sizeof *sim->force);
    sim->now = ki_arena_copy(&sim->arena, sim->draft->containers, n, sizeof *sim->now);
    if (!sim->force || !sim->now) return ki_fail_no_memory(err, "simulation");
    sim->night.force = sim->force;
    KI_TRY(ki_world_begin(&sim->world, &sim->arena, sim->draft, sim->options->solve.seed,
                          sim->options->sick_ratio, sim->options->rate_factor, err));
    int32_t days = sim->options->collection_days ? sim->options->collection_days : 7;
    if (sim->options->policy == KI_POLICY_FIXED)
        KI_TRY(ki_patterns_make(&sim->fixed, &sim->arena, sim->draft, &sim->world, KI_FIXED_LOSS,
                                days, err));
    if (sim->options->policy == KI_POLICY_TUNED)
        KI_TRY(ki_patterns_tune(&sim->fixed, &sim->arena, sim->draft, &sim->world,
                                sim->options->settle_days, sim->options->days, days, err));
    if (sim->options->policy == KI_POLICY_AS_IS) {
        if (!sim->options->rounds)
            return ki_fail(err, KERB_BAD_CALL, "policy as_is: no rounds are given");
        KI_TRY(ki_as_is_begin(&sim->as_is, &sim->arena, sim->draft, sim->options->rounds, err));
        return ki_world_live_past(&sim->world, ki_world_as_is_due, &sim->as_is, err);
    }
    return ki_world_live_past(&sim->world, sim->fixed ? ki_world_pattern_due : ki_world_nearly_full,
                              sim->fixed, err);
}

kerb_status ki_simulate(ki_simulation *out, const kerb_model *model, const kerb_roads *roads,
                        const ki_simulation_options *options, kerb_error *err) {
    const kerb_district *district = &model->draft.district;
    *out = (ki_simulation){.district =
                               district->name && *district->name ? district->name : district->id,
                           .currency = district->currency,
                           .n_containers = model->draft.n_containers};
    simulation sim = {.options = options,
                      .draft = &model->draft,
                      .night = {.draft = &model->draft,
                                .roads = roads,
                                .must_ratio = options->must_ratio,
                                .may_ratio = options->may_ratio,
                                .look_ahead_nights = options->look_ahead_nights}};
    kerb_status status = begin(&sim, err);
    if (status == KERB_OK) status = run(&sim, out, err);
    if (status == KERB_OK && sim.as_is.rounds)
        out->n_passed_over = ki_as_is_passed_over(&sim.as_is);
    ki_world_end(&sim.world);
    ki_arena_free(&sim.arena);
    return status;
}
