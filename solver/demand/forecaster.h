/* SPDX-License-Identifier: GPL-3.0-or-later
 * forecaster.h - what the two parts of the forecast share: forecast.c and habit.c. */
#ifndef KI_FORECASTER_H
#define KI_FORECASTER_H
#include "demand/fault.h"
#include "demand/forecast.h"
#include "demand/rate.h"

typedef struct ki_stream_rates {
    double rate_per_day; /* NAN: no peer */
    double factors[7];
    ki_misses misses;
    ki_spread spread;
} ki_stream_rates;

typedef struct ki_forecaster {
    const kerb_container *containers;
    size_t n;
    ki_reports *reports;
    const ki_forecast_times *times;
    ki_gains *gains;       /* [n] */
    int32_t *still_from;   /* [n] readings from here on stand still; = history.n: none */
    uint8_t *stuck;        /* [n] */
    ki_lie *lies;          /* [n] */
    double (*segments)[2]; /* [longest history] */
    double *sorted;        /* [n] */
    ki_stream_rates streams[KERB_N_STREAMS];
    double rate_per_day;     /* over all streams */
    struct ki_habit *habits; /* of the streams and containers; NULL before KI_FORECAST_HABITS */
} ki_forecaster;

/* A container's gains once more, as its sensor is to be understood. */
void ki_forecaster_measure(ki_forecaster *work, size_t container);
#endif
