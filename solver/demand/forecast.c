/* SPDX-License-Identifier: GPL-3.0-or-later
 * Newest credible level plus rate times time. Selection matters far more than the sensor's
 * precision (Wouda et al., Groningen 2024: perfect knowledge of fill would add 2 %), so the model
 * is one that can be explained in a sentence: a rate by weekday, from the container's own history
 * where that is long enough and pulled towards its stream's where it is short.
 *
 * A forecast's interval has to hold what it says on days that it was not fitted to. A weekday's
 * rate rests on three or four days of a month, so with few reports the days fitted to miss it by
 * much less than others do. From KI_FORECAST_CALIBRATED on, misses are enlarged by what the fit
 * took up, and the weekday's own error is added to what is forecast (docs/decisions/0057).
 *
 * Two passes: first what each container's history says, then what each stream says of its members,
 * because whether a value that stands still is a stuck sensor depends on what should have come. */
#include "demand/forecast.h"

#include "base/date.h"
#include "base/error.h"
#include "base/sort.h"
#include "demand/forecaster.h"
#include "demand/habit.h"
#include "demand/weight.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double OWN_ENOUGH_DAYS = 14; /* of history: peers have no say any more */
static const double PEER_WEIGHT_DAYS = 3;
static const double PEER_MIN_DAYS = 2; /* of history to count as a peer */
static const double FACTOR_WEIGHT_DAYS = 4, STREAM_WEIGHT_DAYS = 7;
static const double FILL_NEXT_MAX = 2.0;
static const double EMPTIED_SD = 0.02, UNKNOWN_SD = 0.25;
static const double DRIFT_FULL = 0.98;
static const double PEER_RATE_SPREAD = 0.5; /* of a member's rate about its stream's */

typedef ki_stream_rates stream_rates;
typedef ki_forecaster workspace;

static int is_calibrated(const workspace *work) {
    return work->times->forecast >= KI_FORECAST_CALIBRATED;
}

double ki_forecast_growth(const double rate_by_weekday[7], int64_t from_s, int64_t to_s,
                          int32_t utc_offset_s) {
    /* Whole weeks at once: a container silent for years must not cost a loop over its days. */
    double growth = 0, week = 0;
    for (int weekday = 0; weekday < 7; weekday++)
        week += rate_by_weekday[weekday];
    if (to_s - from_s > 7 * KI_DAY_S) {
        int64_t weeks = (to_s - from_s) / (7 * KI_DAY_S);
        growth = week * (double)weeks;
        from_s += weeks * 7 * KI_DAY_S;
    }
    while (from_s < to_s) {
        int64_t ends;
        int weekday = ki_weekday(from_s, utc_offset_s, &ends);
        if (ends > to_s) ends = to_s;
        growth += rate_by_weekday[weekday] * (double)(ends - from_s) / KI_DAY_S;
        from_s = ends;
    }
    return growth;
}

double ki_forecast_added(const ki_forecast *forecast, int64_t from_s, int64_t to_s,
                         int32_t utc_offset_s) {
    if (forecast->pace)
        return forecast->pace_rate * ki_pace_amount(forecast->pace, from_s, to_s).mean_days;
    return ki_forecast_growth(forecast->rate_by_weekday, from_s, to_s, utc_offset_s);
}

/* ---- first pass: each container alone -------------------------------------------------------- */

static void measure(workspace *work, size_t container, int32_t n_readings) {
    const ki_reading *readings = work->reports->histories[container].readings;
    int64_t emptied_s = work->containers[container].last_emptied_s;
    if (work->habits)
        ki_gains_measure_paced(&work->gains[container], readings, n_readings, emptied_s,
                               ki_habit_pace(work, container), work->times->as_of_s,
                               work->segments);
    else
        ki_gains_measure(&work->gains[container], readings, n_readings, emptied_s,
                         work->times->utc_offset_s, is_calibrated(work), work->segments);
}

static void measure_all(workspace *work) {
    for (size_t container = 0; container < work->n; container++) {
        ki_history *history = &work->reports->histories[container];
        int32_t n_before = history->n;
        ki_health_drop_spikes(history, work->containers[container].last_emptied_s);
        work->reports->n_rejected[KI_REJECT_SPIKE] += (size_t)(n_before - history->n);
        int32_t still = ki_health_still_from(history);
        work->still_from[container] = still;
        measure(work, container, still < history->n ? still + 1 : history->n);
    }
}

/* ---- second pass: streams -------------------------------------------------------------------- */

/* Median rate of the members with enough history; stream < 0: of all. NAN: none. */
static double peer_rate(workspace *work, int stream) {
    size_t n = 0;
    for (size_t container = 0; container < work->n; container++) {
        int member = stream < 0 || (int)work->containers[container].stream == stream;
        if (member && work->gains[container].total_days >= PEER_MIN_DAYS)
            work->sorted[n++] = work->gains[container].rate_per_day;
    }
    if (n == 0) return NAN;
    qsort(work->sorted, n, sizeof *work->sorted, ki_compare_doubles);
    return n % 2 ? work->sorted[n / 2] : (work->sorted[n / 2 - 1] + work->sorted[n / 2]) / 2;
}

static void stream_factors(workspace *work, int stream) {
    double gain[7] = {0}, days[7] = {0};
    for (size_t container = 0; container < work->n; container++) {
        if ((int)work->containers[container].stream != stream) continue;
        for (int weekday = 0; weekday < 7; weekday++) {
            gain[weekday] += work->gains[container].gain[weekday];
            days[weekday] += work->gains[container].days[weekday];
        }
    }
    ki_weekday_factors(work->streams[stream].factors, gain, days, NULL, STREAM_WEIGHT_DAYS);
}

static void measure_streams(workspace *work) {
    work->rate_per_day = peer_rate(work, -1);
    if (isnan(work->rate_per_day)) work->rate_per_day = KI_RATE_DEFAULT;
    for (int stream = 0; stream < KERB_N_STREAMS; stream++) {
        double rate = peer_rate(work, stream);
        work->streams[stream].rate_per_day = isnan(rate) ? work->rate_per_day : rate;
        stream_factors(work, stream);
    }
}

/* ---- the forecast of one container ----------------------------------------------------------- */

static double blended_rate(const ki_gains *gains, double peers) {
    double peer_days = PEER_WEIGHT_DAYS * fmax(0, 1 - gains->total_days / OWN_ENOUGH_DAYS);
    if (gains->total_days + peer_days <= 0) return peers;
    return (gains->rate_per_day * gains->total_days + peers * peer_days) /
           (gains->total_days + peer_days);
}

/* A value that stands still is a stuck sensor if the level should have risen meanwhile; a slow
 * container gets its readings back. Stuck: only the first of the run is believed. */
static void settle_still(workspace *work, size_t container) {
    ki_history *history = &work->reports->histories[container];
    int32_t still = work->still_from[container];
    if (still >= history->n) return;
    const stream_rates *stream = &work->streams[work->containers[container].stream];
    int64_t from_s = history->readings[still].at_s, to_s = history->readings[history->n - 1].at_s;
    double span_days = work->habits
                           ? ki_pace_amount(ki_habit_pace(work, container), from_s, to_s).mean_days
                           : (double)(to_s - from_s) / KI_DAY_S;
    double rate = blended_rate(&work->gains[container], stream->rate_per_day);
    work->stuck[container] = rate * span_days >= KI_STUCK_GROWTH;
    if (!work->stuck[container]) measure(work, container, history->n);
}

/* Upside down it says the fill all the same. What is older may have been the right way up. */
static void turn_over(ki_history *history, int32_t first) {
    history->readings += first;
    history->n -= first;
    for (int32_t at = 0; at < history->n; at++)
        history->readings[at].fill_ratio = 1 - history->readings[at].fill_ratio;
}

/* What stands at a ceiling counts as full when rates are measured: the true step is hidden. */
static void measure_below_ceiling(workspace *work, size_t container) {
    ki_history *history = &work->reports->histories[container];
    double ceiling = work->lies[container].level;
    for (int32_t at = 0; at < history->n; at++)
        if (ki_at_ceiling(&history->readings[at], ceiling)) history->readings[at].fill_ratio += 1;
    measure(work, container, history->n);
    for (int32_t at = 0; at < history->n; at++)
        if (history->readings[at].fill_ratio > 1) history->readings[at].fill_ratio -= 1;
}

/* What an inverse sensor says was not believed at all at first; now it is turned over. */
static void settle_lie(workspace *work, size_t container) {
    ki_history *history = &work->reports->histories[container];
    const stream_rates *stream = &work->streams[work->containers[container].stream];
    if (work->stuck[container]) return;
    const ki_gains *gains = &work->gains[container];
    ki_lie lie = ki_lie_find(history, blended_rate(gains, stream->rate_per_day), gains->total_days);
    work->lies[container] = lie;
    if (lie.health == KI_HEALTH_INVERSE && is_calibrated(work)) {
        turn_over(history, lie.first);
        measure(work, container, history->n);
    } else if (lie.health == KI_HEALTH_INVERSE) {
        work->gains[container] = (ki_gains){.emptied_s = KERB_NO_TIME};
    }
    if (lie.health == KI_HEALTH_NEVER_FULL) measure_below_ceiling(work, container);
}

void ki_forecaster_measure(workspace *work, size_t container) {
    if (work->stuck[container])
        measure(work, container, work->still_from[container] + 1);
    else if (work->lies[container].health == KI_HEALTH_NEVER_FULL)
        measure_below_ceiling(work, container);
    else
        measure(work, container, work->reports->histories[container].n);
}

/* How many readings the forecast may start from the last of. */
static int32_t usable(const workspace *work, size_t container) {
    const ki_history *history = &work->reports->histories[container];
    const ki_lie *lie = &work->lies[container];
    int32_t n = history->n;
    if (work->stuck[container]) return work->still_from[container] + 1;
    if (lie->health == KI_HEALTH_INVERSE) return is_calibrated(work) ? n : 0;
    if (lie->health == KI_HEALTH_DRIFT && is_calibrated(work))
        while (n > 1 && history->readings[n - 1].fill_ratio >= DRIFT_FULL &&
               history->readings[n - 2].fill_ratio >= DRIFT_FULL)
            n--; /* it drifted up to full: the level is above what it can say */
    if (lie->health != KI_HEALTH_NEVER_FULL) return n;
    while (n > 1 && ki_at_ceiling(&history->readings[n - 1], lie->level) &&
           ki_at_ceiling(&history->readings[n - 2], lie->level))
        n--; /* only the first of those at the ceiling says when it got there */
    return n;
}

static void find_paced_rates(const workspace *work, size_t container, ki_forecast *out) {
    int64_t today = ki_day_of(work->times->as_of_s + work->times->utc_offset_s);
    out->pace = ki_habit_pace(work, container);
    out->pace_rate = ki_habit_rate(work, container, &out->pace_rate_variance);
    out->own_days = work->gains[container].rate_days;
    out->rate_per_day = out->pace_rate * ki_pace_level(out->pace, today);
    for (int weekday = 0; weekday < 7; weekday++)
        out->rate_by_weekday[weekday] = out->rate_per_day * out->pace->factors[weekday];
    ki_weekday_errors(out->weekday_per_day, &work->gains[container], FACTOR_WEIGHT_DAYS);
}

static void find_rates(const workspace *work, size_t container, ki_forecast *out) {
    if (work->habits) {
        find_paced_rates(work, container, out);
        return;
    }
    const ki_gains *gains = &work->gains[container];
    const stream_rates *stream = &work->streams[work->containers[container].stream];
    double factors[7];
    ki_weekday_factors(factors, gains->gain, gains->days, stream->factors, FACTOR_WEIGHT_DAYS);
    out->own_days = gains->total_days;
    out->rate_per_day = fmax(0, blended_rate(gains, stream->rate_per_day));
    for (int weekday = 0; weekday < 7; weekday++)
        out->rate_by_weekday[weekday] = out->rate_per_day * factors[weekday];
    if (is_calibrated(work)) ki_weekday_errors(out->weekday_per_day, gains, FACTOR_WEIGHT_DAYS);
}

static int64_t later(int64_t a, int64_t b) { /* KERB_NO_TIME is earlier than everything */
    return a > b ? a : b;
}

static void find_basis(const workspace *work, size_t container, const ki_reading *newest,
                       ki_forecast *out) {
    int64_t recorded_s = work->containers[container].last_emptied_s;
    int64_t as_of_s = work->times->as_of_s;
    if (recorded_s > as_of_s) recorded_s = KERB_NO_TIME; /* not yet known */
    out->emptied_s = later(recorded_s, work->gains[container].emptied_s);
    if (newest && newest->at_s >= recorded_s) {
        out->basis = KI_BASIS_REPORT;
        out->basis_s = newest->at_s;
        out->basis_ratio = newest->fill_ratio;
    } else if (recorded_s != KERB_NO_TIME) {
        out->basis = KI_BASIS_EMPTIED;
        out->basis_s = recorded_s;
    } else {
        out->basis = KI_BASIS_NOTHING;
        out->basis_s = as_of_s;
        out->basis_ratio = KI_FILL_UNKNOWN;
    }
}

static double weekday_variance(const workspace *work, const ki_forecast *out, double day_variance,
                               int64_t at_s) {
    double variance = 0, on[7] = {0};
    int64_t from_s = out->basis_s, weeks = (at_s - from_s) / (7 * KI_DAY_S);
    for (int weekday = 0; weeks > 0 && weekday < 7; weekday++)
        on[weekday] = (double)weeks;
    for (from_s += weeks > 0 ? weeks * 7 * KI_DAY_S : 0; from_s < at_s;) {
        int64_t ends_s;
        int weekday = ki_weekday(from_s, work->times->utc_offset_s, &ends_s);
        if (ends_s > at_s) ends_s = at_s;
        on[weekday] += (double)(ends_s - from_s) / KI_DAY_S;
        from_s = ends_s;
    }
    for (int weekday = 0; weekday < 7; weekday++)
        variance += on[weekday] * on[weekday] * out->weekday_per_day[weekday] * day_variance;
    return variance;
}

/* The same in the time of the container's pace. Not known as well: the truck's hour, a holiday. */
static double paced_variance(const workspace *work, size_t container, const ki_forecast *out,
                             int64_t at_s) {
    const ki_spread *spread = &work->streams[work->containers[container].stream].spread;
    ki_amount amount = ki_pace_amount(out->pace, out->basis_s, at_s);
    int64_t half_s = work->times->spread_s / 2;
    double hours = ki_pace_amount(out->pace, at_s - half_s, at_s + half_s).mean_days;
    double day2 = spread->day_per_rate * spread->day_per_rate;
    double level2 = out->pace->season ? out->pace->season->variance : 0;
    double reading2 = spread->reading * spread->reading;
    double rate2 = out->pace_rate * out->pace_rate;
    double kinds = 0;
    for (int kind = 0; kind < KI_DAY_KINDS; kind++)
        kinds += amount.kinds[kind] * amount.kinds[kind] * out->weekday_per_day[kind];
    double holiday = amount.kinds[KI_HOLIDAY] / fmax(out->pace->factors[KI_HOLIDAY], 0.1) *
                     ki_habit_holiday_sd(work, container);
    return rate2 * (day2 * amount.square + holiday * holiday + hours * hours / 12) +
           (out->pace_rate_variance + rate2 * level2) * amount.mean_days * amount.mean_days +
           kinds * (rate2 * day2 + reading2);
}

/* The sensor's noise where the forecast starts, what varies from day to day since, and that the
 * rate itself is known from so many days only. */
static double deviation(const workspace *work, size_t container, const ki_forecast *out,
                        int64_t at_s) {
    const ki_spread *spread = &work->streams[work->containers[container].stream].spread;
    double days = fmax(0, (double)(at_s - out->basis_s) / KI_DAY_S);
    double start = out->basis == KI_BASIS_REPORT    ? spread->reading
                   : out->basis == KI_BASIS_EMPTIED ? EMPTIED_SD
                                                    : UNKNOWN_SD;
    if (out->pace) return sqrt(start * start + paced_variance(work, container, out, at_s));
    double day = spread->day_per_rate * out->rate_per_day;
    double known_days = out->own_days + 1 / (PEER_RATE_SPREAD * PEER_RATE_SPREAD) *
                                            spread->day_per_rate * spread->day_per_rate;
    double rate2 = day * day / fmax(known_days, 1e-3);
    double variance = start * start + day * day * days + rate2 * days * days;
    if (!is_calibrated(work)) return sqrt(variance);
    double hour = out->rate_per_day * (double)work->times->spread_s / KI_DAY_S;
    double reading2 = spread->reading * spread->reading;
    return sqrt(variance + hour * hour / 12 +
                weekday_variance(work, out, day * day + reading2, at_s));
}

static double clamp(double value, double low, double high) {
    return value < low ? low : value > high ? high : value;
}

/* A reported mass is believed over volume times density; what is added later is not weighed, but
 * has the density of what was. */
static void find_load(const kerb_container *container, const ki_history *history, int32_t n,
                      ki_forecast *out) {
    const ki_reading *newest = n ? &history->readings[n - 1] : NULL;
    double full_kg = container->volume_l * ki_density_of(container, history, n);
    out->volume_l = container->volume_l * out->fill_ratio;
    out->mass_kg = full_kg * out->fill_ratio;
    if (out->basis == KI_BASIS_REPORT && newest && !isnan(newest->mass_kg))
        out->mass_kg = fmax(0, newest->mass_kg + full_kg * (out->fill_ratio - newest->fill_ratio));
}

static void forecast_one(workspace *work, size_t container, ki_forecast *out) {
    const ki_history *history = &work->reports->histories[container];
    *out = (ki_forecast){.first_report_s = KERB_NO_TIME, .newest_report_s = KERB_NO_TIME};
    int32_t n = usable(work, container);
    const ki_reading *newest = n ? &history->readings[n - 1] : NULL;
    if (history->n) {
        out->first_report_s = history->readings[0].at_s;
        out->newest_report_s = history->readings[history->n - 1].at_s;
    }
    out->health = ki_health_judge(history, work->times->as_of_s, work->stuck[container]);
    const ki_lie *lie = &work->lies[container];
    if (out->health == KI_HEALTH_OK) out->health = lie->health;
    out->health_ratio = lie->level;
    find_rates(work, container, out);
    find_basis(work, container, newest, out);
    if (lie->health == KI_HEALTH_DRIFT && out->basis == KI_BASIS_REPORT)
        out->basis_ratio = fmax(0, out->basis_ratio - lie->level);
    int32_t offset_s = work->times->utc_offset_s;
    int64_t service_s = work->times->service_s, next_s = service_s + KI_DAY_S;
    double now = out->basis_ratio + ki_forecast_added(out, out->basis_s, service_s, offset_s);
    double next = now + ki_forecast_added(out, later(service_s, out->basis_s), next_s, offset_s);
    out->fill_ratio = clamp(now, 0, KI_FILL_MAX);
    out->fill_next_ratio = clamp(next, 0, FILL_NEXT_MAX);
    out->reading_sd = work->streams[work->containers[container].stream].spread.reading;
    out->sd_ratio = deviation(work, container, out, service_s);
    out->sd_next_ratio = deviation(work, container, out, next_s);
    find_load(&work->containers[container], history, n, out);
}

/* What the histories of each stream miss the rates found from them by; sick sensors left out. */
static void measure_spreads(workspace *work) {
    for (size_t container = 0; container < work->n; container++) {
        const ki_history *history = &work->reports->histories[container];
        ki_forecast rates = {0};
        ki_misses misses;
        if (work->stuck[container] || work->lies[container].health != KI_HEALTH_OK ||
            work->gains[container].total_days < PEER_MIN_DAYS)
            continue;
        find_rates(work, container, &rates);
        ki_fit fit = {.rate_per_day = rates.pace ? rates.pace_rate : rates.rate_per_day,
                      .pace = rates.pace,
                      .small_too = is_calibrated(work)};
        memcpy(fit.rate_by_weekday, rates.rate_by_weekday, sizeof fit.rate_by_weekday);
        if (is_calibrated(work))
            ki_weekday_taken(fit.taken, &work->gains[container], FACTOR_WEIGHT_DAYS);
        ki_misses_measure(&misses, history->readings, history->n, &fit, work->times->utc_offset_s);
        ki_misses_add(&work->streams[work->containers[container].stream].misses, &misses);
    }
    for (int stream = 0; stream < KERB_N_STREAMS; stream++)
        work->streams[stream].spread = ki_spread_of(&work->streams[stream].misses);
}

static size_t longest_history(const ki_reports *reports, size_t n) {
    int32_t longest = 0;
    for (size_t container = 0; container < n; container++)
        if (reports->histories[container].n > longest) longest = reports->histories[container].n;
    return (size_t)longest;
}

kerb_status ki_forecast_all(ki_forecast *forecasts, ki_arena *arena,
                            const kerb_container *containers, size_t n_containers,
                            ki_reports *reports, const ki_forecast_times *times, kerb_error *err) {
    workspace work = {
        .containers = containers, .n = n_containers, .reports = reports, .times = times};
    work.gains = ki_arena_alloc(arena, n_containers, sizeof *work.gains);
    work.still_from = ki_arena_alloc(arena, n_containers, sizeof *work.still_from);
    work.stuck = ki_arena_alloc(arena, n_containers, sizeof *work.stuck);
    work.lies = ki_arena_alloc(arena, n_containers, sizeof *work.lies);
    work.sorted = ki_arena_alloc(arena, n_containers, sizeof *work.sorted);
    work.segments =
        ki_arena_alloc(arena, longest_history(reports, n_containers), sizeof *work.segments);
    if (!work.gains || !work.still_from || !work.stuck || !work.lies || !work.sorted ||
        !work.segments)
        return ki_fail_no_memory(err, "forecast");
    if (times->forecast >= KI_FORECAST_HABITS) KI_TRY(ki_habit_begin(&work, arena, err));
    measure_all(&work);
    measure_streams(&work);
    for (size_t container = 0; container < n_containers; container++) {
        settle_still(&work, container);
        settle_lie(&work, container);
    }
    if (work.habits) KI_TRY(ki_habit_learn(&work, arena, err));
    measure_spreads(&work);
    for (size_t container = 0; container < n_containers; container++)
        forecast_one(&work, container, &forecasts[container]);
    return KERB_OK;
}
