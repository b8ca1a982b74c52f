/* SPDX-License-Identifier: GPL-3.0-or-later
 * Time that counts only while people throw something in. All that is measured of a container and
 * all that is forecast for it goes through here, so that a rate learnt on workdays holds on
 * holidays, and one learnt over whole days holds for the hours until the truck comes. */
#include "demand/pace.h"

#include "base/date.h"

#include <math.h>

enum { SLOT_S = 900, SLOT_MIN = 15, LONGEST_WALK_DAYS = 400 };

static const double SLOPE_KEPT = 0.9; /* of a slope, from one day to the next (Gardner and McKenzie
                                         1985, Management Science 31) */

static double share_before(const ki_day_shape *hours, int64_t second) {
    if (!hours) return (double)second / KI_DAY_S;
    int64_t slot = second / SLOT_S;
    if (slot >= KI_DAY_SLOTS) return 1;
    double within = (double)(second - slot * SLOT_S) / SLOT_S;
    return hours->until[slot] + within * (hours->until[slot + 1] - hours->until[slot]);
}

static int is_holiday(const ki_pace *pace, int64_t day) {
    size_t low = 0, high = pace->n_holidays;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (pace->holidays[middle] < day)
            low = middle + 1;
        else
            high = middle;
    }
    return low < pace->n_holidays && pace->holidays[low] == day;
}

double ki_pace_level(const ki_pace *pace, int64_t day) {
    const ki_season *season = pace->season;
    if (!season || season->n_days == 0) return 1;
    int64_t at = day - season->first_day;
    if (at < 0) at = 0;
    if (at < season->n_days) return season->levels[at];
    double ahead = (double)(at - season->n_days + 1);
    double way = SLOPE_KEPT * (1 - pow(SLOPE_KEPT, ahead)) / (1 - SLOPE_KEPT);
    double last = season->levels[season->n_days - 1];
    return fmin(fmax(last + season->slope * way, last / 2), last * 2);
}

int ki_pace_next(const ki_pace *pace, int64_t *at_s, int64_t to_s, ki_day_piece *out) {
    if (*at_s >= to_s) return 0;
    int64_t day = ki_day_of(*at_s + pace->utc_offset_s);
    int64_t begin_s = day * KI_DAY_S - pace->utc_offset_s, ends_s = begin_s + KI_DAY_S;
    if (ends_s > to_s) ends_s = to_s;
    out->day = day;
    out->kind = is_holiday(pace, day) ? KI_HOLIDAY : ki_weekday_of_day(day);
    out->share =
        share_before(pace->hours, ends_s - begin_s) - share_before(pace->hours, *at_s - begin_s);
    out->level = ki_pace_level(pace, day);
    out->amount = out->share * pace->factors[out->kind] * out->level;
    *at_s = ends_s;
    return 1;
}

/* Weeks of long ago at once: a container silent for years must not cost a loop over its days. */
static void add_weeks(ki_amount *sum, const ki_pace *pace, double weeks, double level) {
    for (int weekday = 0; weekday < 7; weekday++) {
        double amount = pace->factors[weekday] * level;
        sum->kinds[weekday] += weeks * amount;
        sum->mean_days += weeks * amount;
        sum->square += weeks * amount * amount;
    }
}

ki_amount ki_pace_amount(const ki_pace *pace, int64_t from_s, int64_t to_s) {
    ki_amount sum = {0};
    ki_day_piece piece;
    if (to_s - from_s > LONGEST_WALK_DAYS * KI_DAY_S) {
        int64_t weeks = (to_s - from_s - LONGEST_WALK_DAYS * KI_DAY_S) / (7 * KI_DAY_S) + 1;
        add_weeks(&sum, pace, (double)weeks, ki_pace_level(pace, INT64_MIN / 2));
        from_s += weeks * 7 * KI_DAY_S;
    }
    while (ki_pace_next(pace, &from_s, to_s, &piece)) {
        double whole = pace->factors[piece.kind] * piece.level;
        sum.kinds[piece.kind] += piece.amount;
        sum.mean_days += piece.amount;
        sum.square += piece.share * whole * whole;
    }
    return sum;
}

/* ---- hours ----------------------------------------------------------------------------------- */

static int cumulate(ki_day_shape *out, const double minutes[KI_DAY_SLOTS]) {
    double all = 0, sum = 0;
    for (int slot = 0; slot < KI_DAY_SLOTS; slot++)
        all += minutes[slot];
    if (!(all > 0)) return 0;
    for (int slot = 0; slot < KI_DAY_SLOTS; slot++) {
        out->until[slot] = sum / all;
        sum += minutes[slot];
    }
    out->until[KI_DAY_SLOTS] = 1;
    return 1;
}

int ki_shape_of_spans(ki_day_shape *out, const int32_t (*spans)[2], size_t n) {
    double minutes[KI_DAY_SLOTS] = {0};
    for (int32_t minute = 0; minute < KI_DAY_SLOTS * SLOT_MIN; minute++)
        for (size_t span = 0; span < n; span++)
            if (minute >= spans[span][0] && minute < spans[span][1]) {
                minutes[minute / SLOT_MIN] += 1;
                break;
            }
    return cumulate(out, minutes);
}

int ki_shape_of_weights(ki_day_shape *out, const double weights[24]) {
    double slots[KI_DAY_SLOTS];
    for (int slot = 0; slot < KI_DAY_SLOTS; slot++)
        slots[slot] = weights[slot / 4];
    return cumulate(out, slots);
}
