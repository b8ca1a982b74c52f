/* SPDX-License-Identifier: GPL-3.0-or-later
 * hours_parse.c - opening hours as text: the part of the specification that signs at roads use
 * (OpenStreetMap wiki, Key:opening_hours/specification and Conditional restrictions).
 *
 *   part   dates? weekdays? spans? off?      every date range times every span is one rule
 *   text   part (; part | , part)*           after a comma a span belongs to the part before it
 *
 * All or nothing: what is half understood would close or open a road at the wrong hour. Names may
 * be written out (Mon, Monday) and in any case, an en dash serves as a hyphen: people do. */
#include "road/hours.h"

#include <string.h>

enum { MAX_DATES = 12, MAX_SPANS = 12, LATEST_MIN = 2880 };

typedef struct dates {
    int16_t first_date, last_date, first_year, last_year;
} dates;
typedef struct minutes {
    int16_t start_min, end_min;
} minutes;

typedef struct reader {
    const char *at, *end;
    ki_hours *out;
    int part;
    dates dates[MAX_DATES]; /* of the part at hand */
    int n_dates;
    minutes spans[MAX_SPANS];
    int n_spans;
    uint8_t days;
} reader;

/* ---- characters and words -------------------------------------------------------------------- */

static int is_digit(char c) {
    return c >= '0' && c <= '9';
}

static char lower(char c) {
    return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static int is_letter(char c) {
    return lower(c) >= 'a' && lower(c) <= 'z';
}

static void skip_spaces(reader *in) {
    while (in->at < in->end && (*in->at == ' ' || *in->at == '\t'))
        in->at++;
}

static int at_char(const reader *in, char c) {
    return in->at < in->end && *in->at == c;
}

static int take(reader *in, char c) {
    skip_spaces(in);
    if (!at_char(in, c)) return 0;
    in->at++;
    return 1;
}

static int take_dash(reader *in) {
    static const char EN_DASH[] = "\xE2\x80\x93";
    if (take(in, '-')) return 1;
    if (in->end - in->at < 3 || memcmp(in->at, EN_DASH, 3) != 0) return 0;
    in->at += 3;
    return 1;
}

static size_t word_length(const reader *in) {
    size_t length = 0;
    while (in->at + length < in->end && is_letter(in->at[length]))
        length++;
    return length;
}

/* Whether the letters here are the beginning of `name`, at least `least` of them. */
static int is_word(const reader *in, const char *name, size_t least) {
    size_t length = word_length(in);
    if (length < least || length > strlen(name)) return 0;
    for (size_t letter = 0; letter < length; letter++)
        if (lower(in->at[letter]) != name[letter]) return 0;
    return 1;
}

static int take_word(reader *in, const char *name, size_t least) {
    skip_spaces(in);
    if (!is_word(in, name, least)) return 0;
    in->at += word_length(in);
    return 1;
}

/* One of n names; its number or -1. */
static int take_name(reader *in, const char *const *names, int n, size_t least) {
    for (int name = 0; name < n; name++)
        if (take_word(in, names[name], least)) return name;
    return -1;
}

/* At most `digits` digits, at least one; -1 where there are none or more. */
static int take_number(reader *in, int digits) {
    int number = 0, n = 0;
    const char *start = in->at;
    for (; in->at < in->end && is_digit(*in->at) && n <= digits; in->at++, n++)
        number = number * 10 + (*in->at - '0');
    if (n >= 1 && n <= digits) return number;
    in->at = start;
    return -1;
}

/* ---- spans of a day -------------------------------------------------------------------------- */

static int take_clock(reader *in) {
    const char *start = in->at;
    skip_spaces(in);
    int hour = take_number(in, 2);
    int minute = hour >= 0 && at_char(in, ':') ? (in->at++, take_number(in, 2)) : -1;
    if (minute >= 0 && minute <= 59 && hour * 60 + minute <= LATEST_MIN) return hour * 60 + minute;
    in->at = start;
    return -1;
}

static int at_clock(const reader *in) {
    reader ahead = *in;
    return take_clock(&ahead) >= 0;
}

static int take_span(reader *in) {
    int start_min = take_clock(in), end_min;
    if (start_min < 0 || start_min >= KI_HOURS_DAY_MIN || !take_dash(in)) return 0;
    end_min = take_clock(in);
    if (end_min < 0 || in->n_spans == MAX_SPANS) return 0;
    if (end_min <= start_min) end_min += KI_HOURS_DAY_MIN;
    if (end_min > LATEST_MIN) return 0;
    skip_spaces(in);
    if (at_char(in, '+') || at_char(in, '/')) return 0; /* open end, every so often */
    in->spans[in->n_spans++] = (minutes){(int16_t)start_min, (int16_t)end_min};
    return 1;
}

static int take_spans(reader *in) {
    do {
        if (!take_span(in)) return 0;
        skip_spaces(in);
        if (!at_char(in, ',')) return 1;
        reader ahead = *in;
        ahead.at++;
        if (!at_clock(&ahead)) return 1; /* the comma begins another part */
        in->at = ahead.at;
    } while (1);
}

/* ---- weekdays -------------------------------------------------------------------------------- */

static int take_weekday(reader *in) {
    static const char *const names[] = {"monday", "tuesday",  "wednesday", "thursday",
                                        "friday", "saturday", "sunday"};
    return take_name(in, names, 7, 2);
}

/* Mo, Mo-Fr, Sa-Mo, PH. *days gets its bits; 0: no weekday here. -1: one that is ill-formed. */
static int take_weekdays(reader *in, uint8_t *days) {
    if (take_word(in, "ph", 2)) {
        *days |= KI_HOURS_HOLIDAY;
        return 1;
    }
    int first = take_weekday(in), last = first;
    if (first < 0) return 0;
    if (take_dash(in) && (last = take_weekday(in)) < 0) return -1;
    if (at_char(in, '[')) return -1; /* the n-th of a month */
    for (int day = first;; day = (day + 1) % 7) {
        *days |= (uint8_t)(1u << day);
        if (day == last) return 1;
    }
}

/* A list of them; a comma that no weekday follows begins another part. 0: ill-formed. */
static int take_weekday_list(reader *in) {
    int found = take_weekdays(in, &in->days);
    while (found > 0) {
        reader ahead = *in;
        if (!take(&ahead, ',')) return 1;
        found = take_weekdays(&ahead, &in->days);
        if (found == 0) return 1;
        in->at = ahead.at;
    }
    return found == 0;
}

/* ---- dates ----------------------------------------------------------------------------------- */

static const int days_of_month[] = {0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

static int take_month(reader *in) {
    static const char *const names[] = {"january",   "february", "march",    "april",
                                        "may",       "june",     "july",     "august",
                                        "september", "october",  "november", "december"};
    return take_name(in, names, 12, 3) + 1;
}

/* A day of the month unless the number is the hour of a clock time; 0: none, -1: no such day. */
static int take_day(reader *in, int month) {
    reader ahead = *in;
    skip_spaces(&ahead);
    int day = take_number(&ahead, 2);
    if (day < 0 || at_char(&ahead, ':')) return 0;
    if (day < 1 || day > days_of_month[month]) return -1;
    in->at = ahead.at;
    return day;
}

static int take_year(reader *in) {
    reader ahead = *in;
    skip_spaces(&ahead);
    int year = take_number(&ahead, 4);
    if (year < 1900) return 0;
    in->at = ahead.at;
    return year;
}

/* The end of a range that began on `day` (0: the whole month) of `month`. 0: ill-formed. */
static int take_range_end(reader *in, int month, int day, dates *out) {
    int last_month = month, last_day = day;
    reader ahead = *in;
    if (take_dash(&ahead)) {
        int named_month = take_month(&ahead);
        if (named_month) last_month = named_month;
        last_day = take_day(&ahead, last_month);
        if (last_day < 0 || !last_day != !day || (!last_day && !named_month)) return 0;
        in->at = ahead.at;
    }
    out->last_date = (int16_t)(32 * last_month + (last_day ? last_day : 31));
    return 1;
}

/* [year[-year]] [month [day] [- [month] [day]]]; 0: no date here, -1: ill-formed. */
static int take_dates(reader *in, dates *out) {
    *out = (dates){0};
    int year = take_year(in), last_year = year;
    if (year) {
        reader ahead = *in;
        if (take_dash(&ahead) && (last_year = take_year(&ahead)) != 0) in->at = ahead.at;
        if (last_year < year) return -1;
        out->first_year = (int16_t)year;
        out->last_year = (int16_t)last_year;
    }
    int month = take_month(in);
    if (!month) return year ? 1 : 0;
    int day = take_day(in, month);
    if (day < 0) return -1;
    out->first_date = (int16_t)(32 * month + (day ? day : 1));
    if (!take_range_end(in, month, day, out)) return -1;
    return year && out->last_date < out->first_date ? -1 : 1; /* it would need both years */
}

static int take_date_list(reader *in) {
    for (;;) {
        reader ahead = *in;
        if (in->n_dates && !take(&ahead, ',')) return 1;
        dates found;
        int is = take_dates(&ahead, &found);
        if (is == 0) return 1;
        if (is < 0 || in->n_dates == MAX_DATES) return 0;
        in->dates[in->n_dates++] = found;
        in->at = ahead.at;
    }
}

/* ---- parts ----------------------------------------------------------------------------------- */

static int add_rule(reader *in, dates on, minutes span, int replaces, int off) {
    if (in->out->n_rules == KI_HOURS_MAX_RULES || in->part > UINT8_MAX) return 0;
    in->out->rules[in->out->n_rules++] = (ki_hours_rule){
        .start_min = span.start_min,
        .end_min = span.end_min,
        .days = in->days,
        .part = (uint8_t)in->part,
        .replaces = (uint8_t)replaces,
        .off = (uint8_t)off,
        .first_date = on.first_date,
        .last_date = on.last_date,
        .first_year = on.first_year,
        .last_year = on.last_year,
    };
    return 1;
}

static int add_rules(reader *in, int replaces, int off) {
    if (in->n_dates == 0) in->dates[in->n_dates++] = (dates){0};
    if (in->n_spans == 0) in->spans[in->n_spans++] = (minutes){0, KI_HOURS_DAY_MIN};
    if (in->days == 0) in->days = KI_HOURS_ANY_DAY;
    for (int on = 0; on < in->n_dates; on++)
        for (int span = 0; span < in->n_spans; span++)
            if (!add_rule(in, in->dates[on], in->spans[span], replaces, off)) return 0;
    return 1;
}

static int take_always(reader *in) {
    skip_spaces(in);
    if (in->end - in->at < 4 || memcmp(in->at, "24/7", 4) != 0) return 0;
    in->at += 4;
    return 1;
}

/* What may stand between the days and the hours: `Mo-Fr: 07:00`, `Mo-Fr, 07:00`. */
static void skip_separator(reader *in) {
    reader ahead = *in;
    if (take(in, ':')) return;
    if (take(&ahead, ',') && at_clock(&ahead)) in->at = ahead.at;
}

/* 0: ill-formed. */
static int take_selectors(reader *in) {
    const char *start = in->at;
    if (!take_date_list(in)) return 0;
    if (in->n_dates) skip_separator(in);
    if (!take_weekday_list(in)) return 0;
    if (in->days) skip_separator(in);
    if (at_clock(in) && !take_spans(in)) return 0;
    return in->at > start || is_word(in, "off", 3) || is_word(in, "closed", 6);
}

static int take_part(reader *in, int replaces) {
    in->n_dates = in->n_spans = 0;
    in->days = 0;
    if (!take_always(in) && !take_selectors(in)) return 0;
    int off = take_word(in, "off", 3) || take_word(in, "closed", 6);
    if (off && in->n_spans) return 0; /* a hole in a day: nobody signs that at a road */
    if (!off) (void)take_word(in, "open", 4);
    return add_rules(in, replaces || off, off);
}

int ki_hours_parse(const char *text, size_t length, ki_hours *out) {
    reader in = {.at = text, .end = text + length, .out = out};
    out->n_rules = 0;
    for (int replaces = 1;; in.part++) {
        if (!take_part(&in, replaces)) return 0;
        skip_spaces(&in);
        if (in.at == in.end) return 1;
        if (!at_char(&in, ';') && !at_char(&in, ',')) return 0;
        replaces = *in.at++ == ';';
        skip_spaces(&in);
        if (in.at == in.end) return replaces; /* a trailing semicolon is common */
    }
}
