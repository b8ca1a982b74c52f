/* SPDX-License-Identifier: GPL-3.0-or-later
 * The verdicts are those the forecast is made with: what the list says is what the plan believes.
 * Worst first means: who cannot be believed at all, then who lies, then who is merely noisy. */
#include "io/sensors.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/ids.h"
#include "demand/alarm.h"
#include "demand/forecast.h"
#include "model/draft.h"
#include "model/service.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DAY_S = 86400 };

/* Rank of a verdict: the lower, the worse. */
static int rank(ki_health health) {
    static const int RANKS[KI_N_HEALTHS] = {
        [KI_HEALTH_INCREDIBLE] = 0, [KI_HEALTH_SILENT] = 1,     [KI_HEALTH_STUCK] = 2,
        [KI_HEALTH_INVERSE] = 3,    [KI_HEALTH_NEVER_FULL] = 4, [KI_HEALTH_DRIFT] = 5,
        [KI_HEALTH_OVER_RANGE] = 6, [KI_HEALTH_WILD] = 7,       [KI_HEALTH_NO_REPORTS] = 8,
        [KI_HEALTH_OK] = 9};
    return RANKS[health];
}

static void say_why(ki_sensor *out, const ki_forecast *forecast, const ki_history *history,
                    int64_t as_of_s) {
    char *text = out->reason;
    size_t size = sizeof out->reason;
    double silent_days =
        out->newest_s == KERB_NO_TIME ? 0 : (double)(as_of_s - out->newest_s) / DAY_S;
    switch (forecast->health) {
    case KI_HEALTH_NO_REPORTS: snprintf(text, size, "never reported"); break;
    case KI_HEALTH_INCREDIBLE: snprintf(text, size, "not one credible report"); break;
    case KI_HEALTH_SILENT:
        snprintf(text, size, "newest credible report %.1f days old", silent_days);
        break;
    case KI_HEALTH_STUCK:
        snprintf(text, size, "says %.0f %% for %.1f days, while its kind fills %.0f %% a day",
                 100 * history->readings[history->n - 1].fill_ratio,
                 (double)(out->newest_s - forecast->basis_s) / DAY_S, 100 * forecast->rate_per_day);
        break;
    case KI_HEALTH_INVERSE: snprintf(text, size, "falls slowly and jumps up: sign reversed"); break;
    case KI_HEALTH_NEVER_FULL:
        snprintf(text, size, "reaches %.0f %% again and again and never more",
                 100 * forecast->health_ratio);
        break;
    case KI_HEALTH_DRIFT:
        snprintf(text, size, "says %.0f %% or more when just emptied",
                 100 * forecast->health_ratio);
        break;
    case KI_HEALTH_OVER_RANGE:
        snprintf(text, size, "%d of %d reports out of range",
                 (int)history->n_rejected[KI_REJECT_RANGE], (int)history->n_reports);
        break;
    case KI_HEALTH_WILD:
        snprintf(text, size, "%d of %d reports single wild values",
                 (int)history->n_rejected[KI_REJECT_SPIKE], (int)history->n_reports);
        break;
    case KI_HEALTH_OK:
    case KI_N_HEALTHS: break;
    }
}

static void describe(ki_sensor *out, const kerb_container *container, const kerb_site *site,
                     const ki_forecast *forecast, const ki_history *history, int64_t as_of_s) {
    *out = (ki_sensor){.container_id = container->id,
                       .site_id = container->site_id,
                       .site_name = site ? site->name : "",
                       .stream = container->stream,
                       .verdict = ki_health_name(forecast->health),
                       .verdict_code = (int)forecast->health,
                       .n_reports = (size_t)history->n_reports,
                       .newest_s = forecast->newest_report_s,
                       .fill_ratio = forecast->fill_ratio,
                       .sd_ratio = forecast->sd_ratio,
                       .rate_per_day = forecast->rate_per_day};
    for (int reject = 1; reject < KI_N_REJECTS; reject++)
        out->n_rejected += (size_t)history->n_rejected[reject];
    /* A recorded emptying shows in the level at the next report: allow a day between the two. */
    out->unrecorded = forecast->health == KI_HEALTH_OK && forecast->emptied_s != KERB_NO_TIME &&
                      (container->last_emptied_s == KERB_NO_TIME ||
                       forecast->emptied_s > container->last_emptied_s + DAY_S);
    say_why(out, forecast, history, as_of_s);
}

static int worst_first(const void *left, const void *right) {
    const ki_sensor *a = left, *b = right;
    int first = rank((ki_health)a->verdict_code), second = rank((ki_health)b->verdict_code);
    if (first != second) return first < second ? -1 : 1;
    return strcmp(a->container_id, b->container_id);
}

static kerb_status list_alarms(ki_sensors *out, ki_arena *arena, const ki_draft *draft,
                               const ki_ids *sites, kerb_error *err) {
    ki_alarms found;
    int64_t as_of_s = draft->district.as_of_s;
    KI_TRY(ki_alarms_find(&found, arena, draft->containers, draft->n_containers, &draft->reports,
                          as_of_s, err));
    out->alarms = ki_alloc_zero(found.n + 1, sizeof *out->alarms);
    if (!out->alarms) return ki_fail_no_memory(err, "alarms");
    for (size_t at = 0; at < found.n; at++) {
        const ki_alarm *alarm = &found.alarms[at];
        const kerb_container *container = &draft->containers[alarm->container];
        int32_t site = ki_ids_find(sites, container->site_id);
        out->alarms[out->n_alarms++] =
            (ki_sensor_alarm){.kind = ki_alarm_name(alarm->kind),
                              .container_id = container->id,
                              .site_id = container->site_id,
                              .site_name = site < 0 ? "" : draft->sites[site].name,
                              .word = alarm->word,
                              .source = alarm->source,
                              .at_s = alarm->at_s,
                              .hours = (double)(as_of_s - alarm->at_s) / 3600};
    }
    return KERB_OK;
}

static kerb_status list_moved(ki_sensors *out, const ki_draft *draft, kerb_error *err) {
    out->moved = ki_alloc_zero(draft->n_notes + 1, sizeof *out->moved);
    if (!out->moved) return ki_fail_no_memory(err, "sensors");
    for (size_t at = 0; at < draft->n_notes; at++)
        if (strcmp(draft->notes[at].kind, "elsewhere") == 0)
            out->moved[out->n_moved++] = draft->notes[at].text;
    return KERB_OK;
}

static kerb_status judge(ki_sensors *out, ki_arena *arena, const ki_draft *draft, kerb_error *err) {
    ki_reports reports;
    ki_ids sites;
    int64_t as_of_s = draft->district.as_of_s;
    ki_forecast_times times = {.as_of_s = as_of_s,
                               .service_s = as_of_s,
                               .utc_offset_s = draft->district.utc_offset_s,
                               .forecast = draft->district.forecast};
    ki_forecast *forecasts = ki_arena_alloc(arena, draft->n_containers, sizeof *forecasts);
    if (!forecasts || ki_ids_build(&sites, arena, draft->n_sites ? &draft->sites->id : NULL,
                                   draft->n_sites, sizeof *draft->sites))
        return ki_fail_no_memory(err, "sensors");
    KI_TRY(ki_forecast_words(&times, arena, draft, err));
    KI_TRY(list_alarms(out, arena, draft, &sites, err));
    KI_TRY(list_moved(out, draft, err));
    KI_TRY(ki_reports_sort(&reports, arena, draft->containers, draft->n_containers, &draft->reports,
                           as_of_s, err));
    KI_TRY(ki_forecast_all(forecasts, arena, draft->containers, draft->n_containers, &reports,
                           &times, err));
    for (size_t at = 0; at < draft->n_containers; at++) {
        ki_sensor *sensor = &out->sensors[at];
        int32_t site = ki_ids_find(&sites, draft->containers[at].site_id);
        describe(sensor, &draft->containers[at], site < 0 ? NULL : &draft->sites[site],
                 &forecasts[at], &reports.histories[at], as_of_s);
        out->n_sick += (size_t)ki_health_is_doubt((ki_health)sensor->verdict_code);
        out->n_never += sensor->verdict_code == KI_HEALTH_NO_REPORTS;
        out->n_unrecorded += (size_t)sensor->unrecorded;
    }
    out->n_reports = reports.n_reports;
    for (int reject = 1; reject < KI_N_REJECTS; reject++)
        out->n_rejected += reports.n_rejected[reject];
    return KERB_OK;
}

kerb_status ki_sensors_judge(ki_sensors *out, const kerb_model *model, kerb_error *err) {
    const ki_draft *draft = &model->draft;
    ki_arena arena = {0};
    *out = (ki_sensors){.n = draft->n_containers};
    out->sensors = ki_alloc_zero(out->n + 1, sizeof *out->sensors);
    kerb_status status =
        out->sensors ? judge(out, &arena, draft, err) : ki_fail_no_memory(err, "sensors");
    ki_arena_free(&arena);
    if (status == KERB_OK)
        qsort(out->sensors, out->n, sizeof *out->sensors, worst_first);
    else
        ki_sensors_free(out);
    return status;
}

void ki_sensors_free(ki_sensors *sensors) {
    ki_free(sensors->sensors);
    ki_free(sensors->alarms);
    ki_free(sensors->moved);
    *sensors = (ki_sensors){0};
}
