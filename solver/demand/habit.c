/* SPDX-License-Identifier: GPL-3.0-or-later
 * One model, multiplied together:
 *
 *   added = rate of the container x level of the season x factor of the kind of day x share of
 * hours
 *
 * The rate is the container's own, newer days weighing more, and as far as its history is short its
 * neighbours'. The season is the stream's. Factors are the stream's, a container's own as it has
 * days for it. What a step of the level says of each of them depends on the others, so they are
 * found in turns: a step is shared out among its days as the last turn expects it (expectation and
 * maximisation, Dempster, Laird and Rubin 1977).
 *
 * A holiday is an eighth kind of day. Its factor is what the district says; else what holidays of
 * the history show; else a Sunday's. */
#include "demand/habit.h"

#include "base/date.h"
#include "base/error.h"
#include "base/sort.h"
#include "demand/season.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { TURNS = 2, SUNDAY = 6, HOURS = 24, MOST_DAYS = 800 };
static const double PEER_MIN_DAYS = 2, STREAM_WEIGHT_DAYS = 7, OWN_WEIGHT_DAYS = 4;
static const double MOST_FACTOR = 4;
static const double PRIOR_HOLIDAYS = 0.5; /* so many days does a Sunday's factor count */
static const double SURE_DAYS = 4;        /* containers' days that make a holiday half known */
static const double HOLIDAY_SD = 0.3;     /* of the factor of a day of which nothing is known */
static const double HOURS_DOUBT = 2;
static const int64_t HOURS_STEP_S = 13 * 3600; /* longer steps say nothing of hours */
static const double PEER_SPREAD = 0.5, LEAST_SPREAD = 0.1;
static const double SICK_SD = 0.05; /* of a rate measured by a sick sensor, relative */
static const double USUAL_DAY = 0.2, SEGMENT_FILL = 0.7;

typedef struct stream_habit {
    double factors[KI_DAY_KINDS], stated_holiday; /* 0: not stated */
    double holiday_sd;
    ki_day_shape stated, learnt;
    int is_stated;
    const ki_day_shape *hours; /* of containers without hours of their own; NULL: even */
    ki_season season;
    double peer_spread;
} stream_habit;

typedef struct ki_habit {
    stream_habit streams[KERB_N_STREAMS];
    ki_pace *paces;    /* [n] */
    uint8_t *has_own;  /* [n] hours that are its own */
    double *peers;     /* [n] */
    int64_t first_day; /* of what is learnt from */
    int32_t n_days;
} ki_habit;

typedef struct tally { /* of one stream, in one turn */
    double gain[KI_DAY_KINDS], expected[KI_DAY_KINDS], days[KI_DAY_KINDS];
    double hour_gain[HOURS], hour_expected[HOURS], hour_square[HOURS];
    double *day_gain, *day_expected; /* [n_days] */
    uint8_t *was_holiday;            /* [n_days] */
} tally;

/* ---- what is stated -------------------------------------------------------------------------- */

static int stated_hours(ki_day_shape *out, const kerb_daily_span *spans, size_t n) {
    enum { MOST = 64 };
    int32_t minutes[MOST][2];
    size_t n_used = n < MOST ? n : MOST;
    for (size_t at = 0; at < n_used; at++) {
        minutes[at][0] = spans[at].from_min;
        minutes[at][1] = spans[at].to_min;
    }
    return ki_shape_of_spans(out, (const int32_t(*)[2])minutes, n_used);
}

static int by_day(const void *left, const void *right) {
    int32_t a = *(const int32_t *)left, b = *(const int32_t *)right;
    return (a > b) - (a < b);
}

static void begin_stream(stream_habit *habit) {
    for (int kind = 0; kind < KI_DAY_KINDS; kind++)
        habit->factors[kind] = 1;
    habit->holiday_sd = HOLIDAY_SD;
    habit->peer_spread = PEER_SPREAD;
}

static void read_words(ki_habit *all, const ki_habit_words *words) {
    for (size_t at = 0; words && at < words->n_streams; at++) {
        const kerb_stream_habit *said = &words->streams[at];
        stream_habit *habit = &all->streams[said->stream];
        if (said->holiday_factor > 0) habit->stated_holiday = said->holiday_factor;
        if (said->holiday_factor > 0) habit->factors[KI_HOLIDAY] = said->holiday_factor;
        if (stated_hours(&habit->stated, said->drop_off, said->n_drop_off)) {
            habit->is_stated = 1;
            habit->hours = &habit->stated;
        }
    }
}

/* Hours of the same spans are kept once: containers of a district share a handful of them. */
static const ki_day_shape *own_hours(ki_arena *arena, const kerb_container *container,
                                     const ki_day_shape *last) {
    ki_day_shape hours;
    if (!stated_hours(&hours, container->drop_off, container->n_drop_off)) return NULL;
    if (last && memcmp(last, &hours, sizeof hours) == 0) return last;
    return ki_arena_copy(arena, &hours, 1, sizeof hours);
}

kerb_status ki_habit_begin(ki_forecaster *work, ki_arena *arena, kerb_error *err) {
    const ki_habit_words *words = work->times->habits;
    size_t n_holidays = words ? words->n_holidays : 0;
    ki_habit *all = ki_arena_alloc(arena, 1, sizeof *all);
    int32_t *days = ki_arena_alloc(arena, n_holidays, sizeof *days);
    if (!all || !days) return ki_fail_no_memory(err, "habits");
    *all = (ki_habit){.first_day = INT64_MAX};
    all->paces = ki_arena_alloc(arena, work->n, sizeof *all->paces);
    all->has_own = ki_arena_alloc(arena, work->n, sizeof *all->has_own);
    all->peers = ki_arena_alloc(arena, work->n, sizeof *all->peers);
    if (!all->paces || !all->has_own || !all->peers) return ki_fail_no_memory(err, "habits");
    for (size_t at = 0; at < n_holidays; at++)
        days[at] = words->holidays[at].day;
    if (n_holidays) qsort(days, n_holidays, sizeof *days, by_day);
    for (int stream = 0; stream < KERB_N_STREAMS; stream++)
        begin_stream(&all->streams[stream]);
    read_words(all, words);
    const ki_day_shape *last = NULL;
    for (size_t at = 0; at < work->n; at++) {
        const kerb_container *container = &work->containers[at];
        stream_habit *habit = &all->streams[container->stream];
        const ki_day_shape *own = container->n_drop_off ? own_hours(arena, container, last) : NULL;
        if (own) last = own;
        all->has_own[at] = own != NULL;
        all->paces[at] = (ki_pace){.utc_offset_s = work->times->utc_offset_s,
                                   .holidays = days,
                                   .n_holidays = n_holidays,
                                   .hours = own ? own : habit->hours,
                                   .season = &habit->season};
        memcpy(all->paces[at].factors, habit->factors, sizeof habit->factors);
    }
    work->habits = all;
    return KERB_OK;
}

/* ---- one turn: what the steps say ------------------------------------------------------------ */

static int tells(const ki_forecaster *work, size_t container) {
    const ki_gains *gains = &work->gains[container];
    return !work->stuck[container] && work->lies[container].health == KI_HEALTH_OK &&
           gains->total_days >= PEER_MIN_DAYS && gains->rate_per_day > 0;
}

static void tally_hours(tally *to, const ki_day_piece *piece, const ki_pace *pace, int64_t from_s,
                        int64_t ends_s, double part, double rate, double gain, double miss) {
    double flat = rate * pace->factors[piece->kind] * piece->level / HOURS;
    for (int64_t at_s = from_s; at_s < ends_s;) {
        int64_t local = at_s + pace->utc_offset_s, hour = ki_day_of(local) * HOURS;
        hour += (local - ki_day_of(local) * KI_DAY_S) / 3600;
        int64_t until_s = (hour + 1) * 3600 - pace->utc_offset_s;
        if (until_s > ends_s) until_s = ends_s;
        double portion = part * (double)(until_s - at_s);
        int of_day = (int)(hour - ki_day_of(local) * HOURS);
        to->hour_gain[of_day] += gain * portion;
        to->hour_square[of_day] += miss * miss * portion * portion;
        to->hour_expected[of_day] += flat * (double)(until_s - at_s) / 3600;
        at_s = until_s;
    }
}

static void tally_step(ki_habit *all, tally *to, const ki_pace *pace, double rate,
                       const ki_reading *from, const ki_reading *till, int learns_hours) {
    double gain = till->fill_ratio - from->fill_ratio;
    double expected = ki_pace_amount(pace, from->at_s, till->at_s).mean_days;
    int is_short = learns_hours && till->at_s - from->at_s <= HOURS_STEP_S;
    double part = 1 / (double)(till->at_s - from->at_s);
    ki_day_piece piece;
    for (int64_t at_s = from->at_s, begin_s = at_s; ki_pace_next(pace, &at_s, till->at_s, &piece);
         begin_s = at_s) {
        double share = expected > 0 ? piece.amount / expected : 0;
        int64_t day = piece.day - all->first_day;
        if (is_short)
            tally_hours(to, &piece, pace, begin_s, at_s, part, rate, gain, gain - rate * expected);
        if (!(piece.level > 0) || !(share > 0)) continue;
        to->gain[piece.kind] += gain * share / piece.level;
        to->expected[piece.kind] += rate * piece.share;
        to->days[piece.kind] += piece.share;
        if (day < 0 || day >= all->n_days) continue;
        if (piece.kind == KI_HOLIDAY) {
            to->was_holiday[day] = 1;
            continue;
        }
        to->day_gain[day] += gain * share;
        to->day_expected[day] += rate * piece.amount / piece.level;
    }
}

static void tally_container(ki_forecaster *work, tally *tallies, size_t container) {
    ki_habit *all = work->habits;
    const ki_history *history = &work->reports->histories[container];
    const kerb_container *about = &work->containers[container];
    int learns_hours = !all->has_own[container] && !all->streams[about->stream].is_stated;
    for (int32_t at = 1; at < history->n; at++) {
        const ki_reading *from = &history->readings[at - 1], *to = &history->readings[at];
        if (ki_is_segment_end(from, to, about->last_emptied_s, 1) || !ki_is_step_sound(from, to))
            continue;
        tally_step(all, &tallies[about->stream], &all->paces[container],
                   work->gains[container].rate_per_day, from, to, learns_hours);
    }
}

/* ---- one turn: what is learnt ---------------------------------------------------------------- */

static void learn_weekdays(stream_habit *habit, const tally *from) {
    double mean = 0;
    for (int weekday = 0; weekday < 7; weekday++) {
        double found =
            from->expected[weekday] > 0
                ? fmin(fmax(from->gain[weekday] / from->expected[weekday], 0), MOST_FACTOR)
                : 1;
        habit->factors[weekday] = (found * from->days[weekday] + STREAM_WEIGHT_DAYS) /
                                  (from->days[weekday] + STREAM_WEIGHT_DAYS);
        mean += habit->factors[weekday] / 7;
    }
    for (int weekday = 0; weekday < 7; weekday++)
        habit->factors[weekday] /= mean;
}

static void learn_holidays(stream_habit *habit, const tally *from, int32_t n_days) {
    double n = 0, sunday = habit->factors[SUNDAY];
    for (int32_t day = 0; day < n_days; day++)
        n += from->was_holiday[day];
    double days = from->days[KI_HOLIDAY], known = n * days / (days + SURE_DAYS * fmax(1, n));
    double found =
        from->expected[KI_HOLIDAY] > 0
            ? fmin(fmax(from->gain[KI_HOLIDAY] / from->expected[KI_HOLIDAY], 0), MOST_FACTOR)
            : sunday;
    habit->factors[KI_HOLIDAY] =
        (found * known + sunday * PRIOR_HOLIDAYS) / (known + PRIOR_HOLIDAYS);
    habit->holiday_sd = HOLIDAY_SD * sqrt(PRIOR_HOLIDAYS / (known + PRIOR_HOLIDAYS));
    if (habit->stated_holiday > 0) habit->factors[KI_HOLIDAY] = habit->stated_holiday;
}

/* The shape of the day as far as it stands out from what the steps' own misses explain. */
static void learn_hours(stream_habit *habit, const tally *from) {
    double weights[HOURS], apart2 = 0, chance = 0;
    for (int hour = 0; hour < HOURS; hour++) {
        double expected = from->hour_expected[hour];
        if (!(expected > 0)) return; /* an hour that no step tells of */
        weights[hour] = from->hour_gain[hour] / expected;
        apart2 += (weights[hour] - 1) * (weights[hour] - 1) / HOURS;
        chance += from->hour_square[hour] / (expected * expected) / HOURS;
    }
    habit->hours = NULL;
    double share = apart2 > 0 ? 1 - HOURS_DOUBT * chance / apart2 : 0;
    if (!(share > 0)) return;
    for (int hour = 0; hour < HOURS; hour++)
        weights[hour] = fmax(0, 1 + share * (weights[hour] - 1));
    if (ki_shape_of_weights(&habit->learnt, weights)) habit->hours = &habit->learnt;
}

static void learn_stream(ki_habit *all, stream_habit *habit, const tally *from, double *scratch) {
    double gain = 0, days = 0;
    for (int weekday = 0; weekday < 7; weekday++) {
        gain += from->expected[weekday];
        days += from->days[weekday];
    }
    learn_weekdays(habit, from);
    learn_holidays(habit, from, all->n_days);
    if (!habit->is_stated) learn_hours(habit, from);
    habit->season.first_day = all->first_day;
    habit->season.n_days = all->n_days;
    ki_season_learn(&habit->season, from->day_gain, from->day_expected, days > 0 ? gain / days : 0,
                    scratch);
}

/* A container's own kinds of days, about its stream's. */
static void own_factors(double factors[KI_DAY_KINDS], const ki_gains *gains,
                        const double stream[KI_DAY_KINDS]) {
    double mean = 0;
    for (int kind = 0; kind < KI_DAY_KINDS; kind++) {
        double days = gains->days[kind], expected = gains->rate_per_day * days * stream[kind];
        double own = expected > 0 ? fmin(fmax(gains->gain[kind] / expected, 0), MOST_FACTOR) : 1;
        factors[kind] = stream[kind] * (own * days + OWN_WEIGHT_DAYS) / (days + OWN_WEIGHT_DAYS);
        if (kind != KI_HOLIDAY) mean += factors[kind] / 7;
    }
    for (int weekday = 0; weekday < 7 && mean > 0; weekday++)
        factors[weekday] /= mean;
}

static void set_paces(ki_forecaster *work, int is_last) {
    ki_habit *all = work->habits;
    for (size_t at = 0; at < work->n; at++) {
        const stream_habit *habit = &all->streams[work->containers[at].stream];
        if (!all->has_own[at]) all->paces[at].hours = habit->hours;
        memcpy(all->paces[at].factors, habit->factors, sizeof habit->factors);
        ki_forecaster_measure(work, at);
        if (is_last && work->gains[at].rate_per_day > 0)
            own_factors(all->paces[at].factors, &work->gains[at], habit->factors);
    }
}

/* ---- neighbours ------------------------------------------------------------------------------ */

static double middle_rate(ki_forecaster *work, int stream) {
    size_t n = 0;
    for (size_t at = 0; at < work->n; at++)
        if ((int)work->containers[at].stream == stream && tells(work, at))
            work->sorted[n++] = work->gains[at].rate_per_day;
    if (n == 0) return work->streams[stream].rate_per_day;
    qsort(work->sorted, n, sizeof *work->sorted, ki_compare_doubles);
    return n % 2 ? work->sorted[n / 2] : (work->sorted[n / 2 - 1] + work->sorted[n / 2]) / 2;
}

static kerb_status learn_peers(ki_forecaster *work, ki_arena *arena, kerb_error *err) {
    ki_habit *all = work->habits;
    const ki_habit_words *words = work->times->habits;
    ki_neighbour *members = ki_arena_alloc(arena, work->n, sizeof *members);
    if (!members) return ki_fail_no_memory(err, "neighbours");
    for (int stream = 0; stream < KERB_N_STREAMS; stream++) {
        double spread;
        size_t n = 0;
        for (size_t at = 0; at < work->n; at++) {
            if ((int)work->containers[at].stream != stream) continue;
            members[n++] = (ki_neighbour){
                .container = (int32_t)at,
                .spot = words && words->spots ? words->spots[at] : (ki_spot){NAN, NAN},
                .rate = tells(work, at) ? work->gains[at].rate_per_day : NAN};
        }
        KI_TRY(ki_nearby_rates(all->peers, &spread, arena, members, n, middle_rate(work, stream),
                               err));
        if (!isnan(spread)) all->streams[stream].peer_spread = fmax(spread, LEAST_SPREAD);
    }
    return KERB_OK;
}

/* ---- the whole ------------------------------------------------------------------------------- */

static void find_days(ki_forecaster *work) {
    ki_habit *all = work->habits;
    int32_t offset_s = work->times->utc_offset_s;
    int64_t last = ki_day_of(work->times->as_of_s + offset_s);
    for (size_t at = 0; at < work->n; at++) {
        const ki_history *history = &work->reports->histories[at];
        if (history->n == 0) continue;
        int64_t day = ki_day_of(history->readings[0].at_s + offset_s);
        if (day < all->first_day) all->first_day = day;
    }
    if (all->first_day > last) all->first_day = last;
    if (last - all->first_day >= MOST_DAYS) all->first_day = last - MOST_DAYS + 1;
    all->n_days = (int32_t)(last - all->first_day + 1);
}

static kerb_status make_tallies(tally **out, ki_arena *arena, int32_t n_days, kerb_error *err) {
    tally *made = ki_arena_alloc(arena, KERB_N_STREAMS, sizeof *made);
    if (!made) return ki_fail_no_memory(err, "habits");
    for (int stream = 0; stream < KERB_N_STREAMS; stream++) {
        made[stream].day_gain = ki_arena_alloc(arena, (size_t)n_days, sizeof(double));
        made[stream].day_expected = ki_arena_alloc(arena, (size_t)n_days, sizeof(double));
        made[stream].was_holiday = ki_arena_alloc(arena, (size_t)n_days, 1);
        if (!made[stream].day_gain || !made[stream].day_expected || !made[stream].was_holiday)
            return ki_fail_no_memory(err, "habits");
    }
    *out = made;
    return KERB_OK;
}

static void clear(tally *to, int32_t n_days) {
    tally empty = {
        .day_gain = to->day_gain, .day_expected = to->day_expected, .was_holiday = to->was_holiday};
    memset(to->day_gain, 0, (size_t)n_days * sizeof(double));
    memset(to->day_expected, 0, (size_t)n_days * sizeof(double));
    memset(to->was_holiday, 0, (size_t)n_days);
    *to = empty;
}

kerb_status ki_habit_learn(ki_forecaster *work, ki_arena *arena, kerb_error *err) {
    ki_habit *all = work->habits;
    tally *tallies = NULL;
    find_days(work);
    KI_TRY(make_tallies(&tallies, arena, all->n_days, err));
    double *scratch = ki_arena_alloc(arena, 2 * (size_t)all->n_days, sizeof *scratch);
    if (!scratch) return ki_fail_no_memory(err, "habits");
    for (int stream = 0; stream < KERB_N_STREAMS; stream++) {
        double *levels = ki_arena_alloc(arena, (size_t)all->n_days, sizeof *levels);
        if (!levels) return ki_fail_no_memory(err, "habits");
        all->streams[stream].season.levels = levels;
    }
    for (int turn = 1; turn <= TURNS; turn++) {
        for (int stream = 0; stream < KERB_N_STREAMS; stream++)
            clear(&tallies[stream], all->n_days);
        for (size_t at = 0; at < work->n; at++)
            if (tells(work, at)) tally_container(work, tallies, at);
        for (int stream = 0; stream < KERB_N_STREAMS; stream++)
            learn_stream(all, &all->streams[stream], &tallies[stream], scratch);
        set_paces(work, turn == TURNS);
    }
    return learn_peers(work, arena, err);
}

/* ---- what it says ---------------------------------------------------------------------------- */

const ki_pace *ki_habit_pace(const ki_forecaster *work, size_t container) {
    return &work->habits->paces[container];
}

/* Own rate and peers', each weighed by how far it may be off (James and Stein's estimator, by
 * moments): peers by how members of the stream differ from what theirs say, the container's own by
 * what varies from day to day and, where it fills slowly, by the sensor's noise at both ends of a
 * segment. A sick sensor's history may be off by more than either says. */
double ki_habit_rate(const ki_forecaster *work, size_t container, double *variance) {
    const ki_gains *gains = &work->gains[container];
    int stream = (int)work->containers[container].stream;
    const ki_spread *spread = &work->streams[stream].spread;
    double peers = work->habits->peers[container], days = gains->rate_days;
    double peer_sd = work->habits->streams[stream].peer_spread * peers;
    *variance = peer_sd * peer_sd;
    if (!(days > 0)) return peers;
    double day = spread->day_per_rate > 0 ? spread->day_per_rate : USUAL_DAY;
    double length = fmin(days, SEGMENT_FILL / fmax(peers, 1e-3));
    double own2 =
        day * day * peers * peers / days + 2 * spread->reading * spread->reading / (days * length);
    if (work->stuck[container] || work->lies[container].health != KI_HEALTH_OK)
        own2 += SICK_SD * SICK_SD * peers * peers;
    double own = *variance + own2 > 0 ? *variance / (*variance + own2) : 1;
    *variance *= 1 - own;
    return fmax(0, own * gains->rate_per_day + (1 - own) * peers);
}

double ki_habit_holiday_sd(const ki_forecaster *work, size_t container) {
    return work->habits->streams[work->containers[container].stream].holiday_sd;
}
