/* SPDX-License-Identifier: GPL-3.0-or-later
 * district_time.c - dates and times as people write them, and clock windows laid over a night.
 *
 * A clock window belongs to every local day; the ones that touch the night are kept as instants:
 *
 *      day before        service day         day after
 *   ──|────22═══05─────|────22═══05─────|────22═══05──
 *                        [20 ··· night ··· 07]  */
#include "district_time.h"

#include "base/error.h"

#include <stdio.h>
#include <string.h>

/* ---- parsing --------------------------------------------------------------------------------- */

/* Exactly n digits; moves *at past them. */
static int take_digits(const char **at, int n, int32_t *out) {
    int32_t value = 0;
    for (int digit = 0; digit < n; digit++) {
        char c = (*at)[digit];
        if (c < '0' || c > '9') return 0;
        value = value * 10 + (c - '0');
    }
    *at += n;
    *out = value;
    return 1;
}

static int take(const char **at, char wanted) {
    if (**at != wanted) return 0;
    ++*at;
    return 1;
}

static int take_date(const char **at, int64_t *days) {
    int32_t year, month, day;
    if (!take_digits(at, 4, &year) || !take(at, '-') || !take_digits(at, 2, &month) ||
        !take(at, '-') || !take_digits(at, 2, &day))
        return 0;
    if (year < 1900 || month < 1 || month > 12 || day < 1 || day > 31) return 0;
    *days = ki_days_from_civil(year, month, day);
    int32_t same_year, same_month, same_day; /* 31 April comes back as 1 May */
    ki_civil_from_days(*days, &same_year, &same_month, &same_day);
    return same_day == day;
}

static int take_clock(const char **at, int32_t *minute) {
    int32_t hours, minutes;
    if (!take_digits(at, 2, &hours) || !take(at, ':') || !take_digits(at, 2, &minutes)) return 0;
    *minute = hours * 60 + minutes;
    return minutes <= 59 && *minute <= KI_DAY_MIN;
}

/* HH:MM[:SS[.fff]]; a leap second counts as the last second. */
static int take_time(const char **at, int64_t *second) {
    int32_t minute, seconds = 0;
    if (!take_clock(at, &minute)) return 0;
    if (take(at, ':')) {
        if (!take_digits(at, 2, &seconds) || seconds > 60) return 0;
        if (seconds == 60) seconds = 59;
        if (**at == '.' || **at == ',') {
            const char *fraction = ++*at;
            while (**at >= '0' && **at <= '9')
                ++*at;
            if (*at == fraction) return 0;
        }
    }
    *second = (int64_t)minute * 60 + seconds;
    return *second <= KI_DAY_S;
}

/* Z, +HH, +HHMM, +HH:MM. *found 0 where the text ends instead. */
static int take_offset(const char **at, int *found, int32_t *offset_s) {
    *found = 0;
    *offset_s = 0;
    if (**at == '\0') return 1;
    *found = 1;
    if (take(at, 'Z') || take(at, 'z')) return 1;
    int32_t sign = **at == '-' ? -1 : 1, hours, minutes = 0;
    if (!take(at, '+') && !take(at, '-')) return 0;
    if (!take_digits(at, 2, &hours)) return 0;
    if (**at != '\0') {
        (void)take(at, ':');
        if (!take_digits(at, 2, &minutes)) return 0;
    }
    *offset_s = sign * (hours * 3600 + minutes * 60);
    return hours <= 15 && minutes <= 59;
}

int ki_parse_date(const char *text, int64_t *days) {
    return take_date(&text, days) && *text == '\0';
}

int ki_parse_clock(const char *text, int32_t *minute) {
    return take_clock(&text, minute) && *text == '\0';
}

int ki_parse_instant(const char *text, const ki_zone *zone, int64_t *instant_s, int *has_zone) {
    int64_t days, second = 0;
    int32_t offset_s = 0;
    int found = 0;
    if (!take_date(&text, &days)) return 0;
    if (take(&text, 'T') || take(&text, 't') || take(&text, ' ')) {
        if (!take_time(&text, &second) || !take_offset(&text, &found, &offset_s)) return 0;
    }
    if (*text != '\0') return 0;
    int64_t local_s = days * KI_DAY_S + second;
    *instant_s = found ? local_s - offset_s : ki_zone_instant(zone, local_s);
    if (has_zone) *has_zone = found;
    return 1;
}

static int parse_dated_window(const char *part, const char *slash, const ki_zone *zone,
                              ki_clock_window *out) {
    char start[40];
    size_t length = (size_t)(slash - part);
    if (length >= sizeof start) return 0;
    memcpy(start, part, length);
    start[length] = '\0';
    *out = (ki_clock_window){0};
    return ki_parse_instant(start, zone, &out->start_s, NULL) &&
           ki_parse_instant(slash + 1, zone, &out->end_s, NULL) && out->start_s < out->end_s;
}

static int parse_window(const char *part, const ki_zone *zone, ki_clock_window *out) {
    const char *slash = strchr(part, '/');
    if (slash) return parse_dated_window(part, slash, zone, out);
    *out = (ki_clock_window){.start_s = KERB_NO_TIME, .end_s = KERB_NO_TIME};
    return take_clock(&part, &out->start_min) && take(&part, '-') &&
           take_clock(&part, &out->end_min) && *part == '\0';
}

int ki_parse_windows(const char *text, const ki_zone *zone, ki_clock_window out[KI_MAX_WINDOWS]) {
    int n = 0;
    if (*text == '\0') return 0;
    for (;;) {
        char part[96];
        while (*text == ' ')
            text++;
        size_t length = strcspn(text, ";");
        const char *rest = text + length;
        while (length && text[length - 1] == ' ')
            length--;
        if (length >= sizeof part || n == KI_MAX_WINDOWS) return -1;
        memcpy(part, text, length);
        part[length] = '\0';
        if (!parse_window(part, zone, &out[n++])) return -1;
        if (*rest == '\0') return n;
        text = rest + 1;
    }
}

/* ---- on the night ---------------------------------------------------------------------------- */

int64_t ki_clock_instant(const ki_zone *zone, int64_t days, int32_t minute) {
    return ki_zone_instant(zone, days * KI_DAY_S + (int64_t)minute * 60);
}

static int64_t local_days(const ki_zone *zone, int64_t instant_s) {
    int64_t local_s = instant_s + ki_zone_offset(zone, instant_s);
    return ki_day_of(local_s);
}

int64_t ki_clock_after(const ki_zone *zone, int64_t from_s, int32_t minute) {
    int64_t days = local_days(zone, from_s) - 1;
    int64_t instant_s = ki_clock_instant(zone, days, minute);
    while (instant_s < from_s)
        instant_s = ki_clock_instant(zone, ++days, minute);
    return instant_s;
}

static kerb_window occurrence(const ki_clock_window *window, const ki_zone *zone, int64_t days) {
    if (window->start_s != KERB_NO_TIME) return (kerb_window){window->start_s, window->end_s};
    int64_t end_days = window->end_min <= window->start_min ? days + 1 : days;
    return (kerb_window){ki_clock_instant(zone, days, window->start_min),
                         ki_clock_instant(zone, end_days, window->end_min)};
}

static void insert_sorted(kerb_window *windows, size_t n, kerb_window window) {
    while (n > 0 && windows[n - 1].start_s > window.start_s) {
        windows[n] = windows[n - 1];
        n--;
    }
    windows[n] = window;
}

static size_t merge(kerb_window *windows, size_t n) {
    size_t kept = 0;
    for (size_t at = 0; at < n; at++) {
        if (kept && windows[at].start_s <= windows[kept - 1].end_s) {
            if (windows[at].end_s > windows[kept - 1].end_s)
                windows[kept - 1].end_s = windows[at].end_s;
        } else {
            windows[kept++] = windows[at];
        }
    }
    return kept;
}

static int touches(kerb_window window, const ki_night *night) {
    return window.start_s < night->end_s && window.end_s > night->start_s;
}

kerb_status ki_windows_of_night(kerb_window **out, size_t *n_out, const ki_clock_window *windows,
                                size_t n_windows, const ki_zone *zone, const ki_night *night,
                                ki_arena *arena) {
    enum { DAYS_BEFORE = 1, DAYS_AFTER = 3, N_DAYS = DAYS_BEFORE + 1 + DAYS_AFTER };
    *out = NULL;
    *n_out = 0;
    if (n_windows == 0) return KERB_OK;
    kerb_window *found = ki_arena_alloc(arena, n_windows * N_DAYS, sizeof *found);
    if (!found) return KERB_NO_MEMORY;
    size_t n = 0;
    for (size_t window = 0; window < n_windows; window++) {
        int dated = windows[window].start_s != KERB_NO_TIME;
        for (int64_t day = dated ? 0 : -DAYS_BEFORE; day <= (dated ? 0 : DAYS_AFTER); day++) {
            kerb_window at = occurrence(&windows[window], zone, night->days + day);
            if (touches(at, night)) insert_sorted(found, n++, at);
        }
    }
    if (n == 0) found[n++] = occurrence(&windows[0], zone, night->days);
    *out = found;
    *n_out = merge(found, n);
    return KERB_OK;
}

/* ---- for people ------------------------------------------------------------------------------ */

void ki_format_date(int64_t days, char out[KI_INSTANT_CHARS]) {
    int32_t year, month, day;
    ki_civil_from_days(days, &year, &month, &day);
    snprintf(out, KI_INSTANT_CHARS, "%04d-%02d-%02d", (int)year, (int)month, (int)day);
}

static void format_parts(const ki_zone *zone, int64_t instant_s, char date[KI_INSTANT_CHARS],
                         int32_t *second, int32_t *offset_s) {
    *offset_s = ki_zone_offset(zone, instant_s);
    int64_t days = local_days(zone, instant_s);
    *second = (int32_t)(instant_s + *offset_s - days * KI_DAY_S);
    ki_format_date(days, date);
}

void ki_format_instant(const ki_zone *zone, int64_t instant_s, char out[KI_INSTANT_CHARS]) {
    char date[KI_INSTANT_CHARS];
    int32_t second, offset_s;
    format_parts(zone, instant_s, date, &second, &offset_s);
    int32_t minutes = (offset_s < 0 ? -offset_s : offset_s) / 60;
    snprintf(out, KI_INSTANT_CHARS, "%.10sT%02d:%02d:%02d%c%02d:%02d", date, (int)(second / 3600),
             (int)(second / 60 % 60), (int)(second % 60), offset_s < 0 ? '-' : '+',
             (int)(minutes / 60 % 100), (int)(minutes % 60));
}

void ki_format_local(const ki_zone *zone, int64_t instant_s, char out[KI_INSTANT_CHARS]) {
    char date[KI_INSTANT_CHARS];
    int32_t second, offset_s;
    format_parts(zone, instant_s, date, &second, &offset_s);
    snprintf(out, KI_INSTANT_CHARS, "%.10s %02d:%02d", date, (int)(second / 3600),
             (int)(second / 60 % 60));
}
