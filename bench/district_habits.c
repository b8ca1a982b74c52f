/* SPDX-License-Identifier: GPL-3.0-or-later
 * Worlds in which there is something to learn. What is measured in them, and with which numbers:
 * docs/decisions/0059-habits.md. */
#include "bench/district_habits.h"

#include "base/rng.h"
#include "io/district_time.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double SEASON_DAYS = 84, TURN = 6.283185307179586;
enum { N_WAVES = 12, LONGEST_WAVE_M = 1600, SHORTEST_WAVE_M = 700 };

/* By the hour; mean 1. */
static const double DAY_SHAPE[24] = {0.15, 0.10, 0.10, 0.10, 0.15, 0.40, 1.00, 2.00,
                                     2.20, 1.40, 0.90, 0.80, 0.90, 0.90, 0.70, 0.70,
                                     0.90, 1.40, 2.10, 2.50, 2.10, 1.40, 0.80, 0.30};
static const int32_t DROP_OFF_MIN[2][2] = {{390, 510}, {1080, 1200}};

int has_habits(const district_habits *habits) {
    return habits->holidays || habits->season > 0 || habits->neighbours > 0 ||
           habits->new_share > 0 || habits->drop_off || habits->day_shape;
}

/* The next date of a list with commas; *list moves on. 0: none is left. */
static int next_date(const char **list, int64_t *day) {
    char date[16];
    size_t length = strcspn(*list, ",");
    if (!**list) return 0;
    snprintf(date, sizeof date, "%.*s", (int)length, *list);
    *list += length + ((*list)[length] == ',');
    *day = INT64_MIN;
    (void)ki_parse_date(date, day);
    return 1;
}

int habits_are_dates(const district_habits *habits) {
    const char *list = habits->holidays ? habits->holidays : "";
    for (int64_t day; next_date(&list, &day);)
        if (day == INT64_MIN) return 0;
    return 1;
}

static int is_holiday(const district_habits *habits, int64_t local_day) {
    const char *list = habits->holidays ? habits->holidays : "";
    for (int64_t day; next_date(&list, &day);)
        if (day == local_day) return 1;
    return 0;
}

static double of_hour(const district_habits *habits, const char *stream, int64_t second) {
    if (habits->drop_off && strcmp(stream, "food") == 0) {
        int64_t minute = second / 60;
        for (int span = 0; span < 2; span++)
            if (minute >= DROP_OFF_MIN[span][0] && minute < DROP_OFF_MIN[span][1]) return 6;
        return 0;
    }
    return habits->day_shape ? DAY_SHAPE[second / 3600 % 24] : 1;
}

double habit_amount(const district_habits *habits, const char *stream, int64_t local_day,
                    int64_t second, int64_t service_day) {
    double level =
        exp(habits->season * sin(TURN * ((double)(local_day - service_day) / SEASON_DAYS + 0.125)));
    if (is_holiday(habits, local_day)) level *= habits->holiday_factor;
    return level * of_hour(habits, stream, second);
}

/* Waves in all directions: smooth over some hundred metres, and not one like the other. */
double habit_of_place(const district_habits *habits, uint64_t seed, int32_t lat_e7,
                      int32_t lon_e7) {
    ki_rng rng;
    double sum = 0, north_m = lat_e7 * 0.01112;
    double east_m = lon_e7 * 0.01112 * cos(lat_e7 * 1e-7 * 0.017453292519943295);
    ki_rng_seed(&rng, seed, 3);
    for (int wave = 0; wave < N_WAVES; wave++) {
        double direction = TURN * ki_rng_unit(&rng), phase = TURN * ki_rng_unit(&rng);
        double length_m = SHORTEST_WAVE_M + (LONGEST_WAVE_M - SHORTEST_WAVE_M) * ki_rng_unit(&rng);
        double along_m = north_m * cos(direction) + east_m * sin(direction);
        sum += sin(TURN * along_m / length_m + phase);
    }
    return exp(habits->neighbours * sum / sqrt(N_WAVES / 2.0));
}

void add_habit_demand(ki_text *yaml, const district_habits *habits) {
    if (habits->drop_off)
        ki_text_add(yaml, ", streams: [{stream: food, drop_off: [\"06:30-08:30\", "
                          "\"18:00-20:00\"]}]");
}

void add_habit_keys(ki_text *yaml, const district_habits *habits) {
    if (habits->holidays) ki_text_add(yaml, "holidays: [%s]\n", habits->holidays);
}
