/* SPDX-License-Identifier: GPL-3.0-or-later
 * history.h - containers with made-up histories whose rate is known. */
#ifndef TEST_HISTORY_H
#define TEST_HISTORY_H
#include "demand/forecast.h"
#include "demand/habit.h"
#include "demand/rate.h"
#include "demand/select.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { HOUR_S = 3600, DAY_S = 86400, MAX_CONTAINERS = 16, MAX_REPORTS = 16000 };
static const int64_t NOW_S = 1793563200; /* Sunday 2026-11-01T20:00Z */

typedef struct world {
    kerb_container containers[MAX_CONTAINERS];
    char ids[MAX_CONTAINERS][8];
    size_t n;
    kerb_report reports[MAX_REPORTS];
    size_t n_reports;
    ki_arena arena;
    ki_reports sorted;
    ki_forecast forecasts[MAX_CONTAINERS];
    int32_t way; /* to forecast */
    const ki_habit_words *words;
} world;

static world earth;

static int begin(void **state) {
    (void)state;
    memset(&earth, 0, sizeof earth);
    return 0;
}

static int end(void **state) {
    (void)state;
    ki_arena_free(&earth.arena);
    return 0;
}

static kerb_container *add_container(kerb_stream stream) {
    kerb_container *added = &earth.containers[earth.n];
    snprintf(earth.ids[earth.n], sizeof *earth.ids, "C%zu", earth.n);
    *added = (kerb_container){.id = earth.ids[earth.n],
                              .stream = stream,
                              .volume_l = 1000,
                              .density_kg_per_l = 0.1,
                              .last_emptied_s = KERB_NO_TIME};
    earth.n++;
    return added;
}

static kerb_report *add_report(const kerb_container *container, int64_t at_s, double fill_ratio) {
    kerb_report *added = &earth.reports[earth.n_reports++];
    *added = (kerb_report){.container_id = container->id,
                           .measured_s = at_s,
                           .received_s = KERB_NO_TIME,
                           .fill_ratio = fill_ratio,
                           .mass_kg = NAN};
    return added;
}

/* Reports every `step_s` over `days` that end at NOW_S; emptied whenever above 0.85; the rate of
 * weekend days may differ. Returns the last level. */
static inline double add_history(const kerb_container *container, double rate, double weekend_rate,
                                 int days, int64_t step_s, double noise) {
    double level = 0.1;
    unsigned turn = 1;
    for (int64_t at_s = NOW_S - (int64_t)days * DAY_S; at_s <= NOW_S; at_s += step_s) {
        turn = turn * 1103515245u + 12345u;
        double wobble = ((double)(turn >> 16 & 0x7fff) / 0x7fff - 0.5) * 2 * noise;
        double told = fmin(1, fmax(0, level + wobble));
        add_report(container, at_s, told);
        int64_t ends_s;
        int weekday = ki_weekday(at_s, 0, &ends_s);
        if (level > 0.85)
            level = 0.02;
        else if (at_s + step_s <= NOW_S)
            level += (weekday >= 5 ? weekend_rate : rate) * (double)step_s / DAY_S;
    }
    return level;
}

static kerb_status forecast(int64_t service_s) {
    ki_forecast_times times = {
        .as_of_s = NOW_S, .service_s = service_s, .forecast = earth.way, .habits = earth.words};
    ki_report_list told = {.n = earth.n_reports, .plain = earth.reports};
    kerb_status status =
        ki_reports_sort(&earth.sorted, &earth.arena, earth.containers, earth.n, &told, NOW_S, NULL);
    if (status != KERB_OK) return status;
    return ki_forecast_all(earth.forecasts, &earth.arena, earth.containers, earth.n, &earth.sorted,
                           &times, NULL);
}
#endif
