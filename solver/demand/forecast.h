/* SPDX-License-Identifier: GPL-3.0-or-later
 * forecast.h - how full each container is expected to be when the crew comes.
 *
 *   fill
 *    1 ┤        ╱╲ emptied        ╱·· forecast at service
 *      │     ╱╱   │           ╱ ··
 *      │  ╱╱      │     ╱ ╱╱ newest credible report
 *    0 ┼──────────┴───────────────┬──────► time
 *        segments between emptyings   as of */
#ifndef KI_FORECAST_H
#define KI_FORECAST_H
#include "demand/health.h"
#include "demand/pace.h"
#include "demand/spread.h"

#define KI_FILL_MAX 1.2      /* a forecast is never above: what lies beside the container */
#define KI_FILL_UNKNOWN 0.7  /* assumed at as-of where there is no report and no emptying */
#define KI_RATE_DEFAULT 0.25 /* a day, where nobody of any stream has a history */

/* What the forecast starts from. */
typedef enum ki_basis {
    KI_BASIS_REPORT = 0,
    KI_BASIS_EMPTIED, /* the recorded last emptying: newer than every credible report */
    KI_BASIS_NOTHING  /* neither: KI_FILL_UNKNOWN */
} ki_basis;

typedef struct ki_forecast {
    ki_health health;
    double health_ratio; /* a never-full sensor's ceiling, a drifting one's bottom */
    ki_basis basis;
    int64_t basis_s;                      /* instant the forecast starts from */
    double basis_ratio;                   /* fill there */
    double rate_per_day;                  /* mean over a week */
    double rate_by_weekday[7];            /* Monday first; >= 0 */
    double own_days;                      /* of history the rate rests on; 0: all from its peers */
    double weekday_per_day[KI_DAY_KINDS]; /* variance of a kind of day's own share, in days'
                                             variances; >= 0 */
    const ki_pace *pace;                  /* from KI_FORECAST_HABITS on, in the arena; else NULL */
    double pace_rate;                     /* of its mean day */
    double pace_rate_variance;
    double fill_ratio;        /* at service, 0..KI_FILL_MAX */
    double fill_next_ratio;   /* one day later, not capped by KI_FILL_MAX but by 2 */
    double sd_ratio;          /* standard deviation of the fill at service, uncapped */
    double reading_sd;        /* of one reading of this stream's sensors */
    double sd_next_ratio;     /* ... of the fill one day later */
    double mass_kg, volume_l; /* at service */
    int64_t emptied_s;        /* last known or detected emptying, KERB_NO_TIME: none */
    int64_t first_report_s;   /* KERB_NO_TIME: none */
    int64_t newest_report_s;  /* newest credible report; KERB_NO_TIME: none */
} ki_forecast;

typedef struct ki_forecast_times {
    int64_t as_of_s;
    int64_t service_s;    /* expected time of service */
    int32_t utc_offset_s; /* for weekdays */
    int64_t spread_s;     /* service comes within half of it before or after service_s */
    int32_t forecast;     /* of the district: from KI_FORECAST_CALIBRATED on, see forecast.c */
    const struct ki_habit_words *habits; /* from KI_FORECAST_HABITS on; NULL: none are stated */
} ki_forecast_times;

/* The second way to forecast, and the third. Those before are kept for problems that were stated
 * when they were the only ones: what they cost and were proved to cost rests on them. */
enum { KI_FORECAST_CALIBRATED = 2, KI_FORECAST_HABITS = 3, KI_FORECAST_LAST = KI_FORECAST_HABITS };

/* forecasts: [n_containers] out. Takes spikes out of the histories. Memory from the arena. */
kerb_status ki_forecast_all(ki_forecast *forecasts, ki_arena *arena,
                            const kerb_container *containers, size_t n_containers,
                            ki_reports *reports, const ki_forecast_times *times, kerb_error *err);

/* Fill added between two instants, as forecast. */
double ki_forecast_added(const ki_forecast *forecast, int64_t from_s, int64_t to_s,
                         int32_t utc_offset_s);
/* ... at the rates of the local weekdays passed through. */
double ki_forecast_growth(const double rate_by_weekday[7], int64_t from_s, int64_t to_s,
                          int32_t utc_offset_s);
#endif
