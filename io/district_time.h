/* SPDX-License-Identifier: GPL-3.0-or-later
 * district_time.h - ISO 8601 instants and clock windows, all in integers. */
#ifndef KI_DISTRICT_TIME_H
#define KI_DISTRICT_TIME_H
#include "base/arena.h"
#include "base/date.h"
#include "district_zone.h"
#include "kerbside.h"

enum { KI_DAY_MIN = 1440, KI_MAX_WINDOWS = 64 };

/* Each returns 1 if the whole text is well-formed and in range (years 1900 to 9999). */
int ki_parse_date(const char *text, int64_t *days);
int ki_parse_clock(const char *text, int32_t *minute); /* HH:MM, 00:00 to 24:00 */
/* YYYY-MM-DD[T ]HH:MM[:SS[.fff]][Z|+HH:MM|+HHMM|+HH], or a bare date: local midnight. Without an
 * offset the time is local in zone (NULL: UTC). Fractions are cut off. has_zone may be NULL. */
int ki_parse_instant(const char *text, const ki_zone *zone, int64_t *instant_s, int *has_zone);

typedef struct ki_clock_window { /* minutes of a day; end <= start means the next day */
    int32_t start_min, end_min;
    int64_t start_s, end_s; /* a dated window; KERB_NO_TIME for clock times */
} ki_clock_window;
/* "22:00-05:00;06:00-07:00" or "2026-11-02T22:00/2026-11-03T05:00". Number of windows in out, 0
 * for an empty text, -1 if ill-formed, more than KI_MAX_WINDOWS, or a dated one that ends before
 * it starts. */
int ki_parse_windows(const char *text, const ki_zone *zone, ki_clock_window out[KI_MAX_WINDOWS]);

typedef struct ki_night {
    int64_t days; /* the service day */
    int64_t start_s, end_s;
} ki_night;

/* The clock time of a local day as an instant. */
int64_t ki_clock_instant(const ki_zone *zone, int64_t days, int32_t minute);
/* The first instant at or after `from` with that clock time. */
int64_t ki_clock_after(const ki_zone *zone, int64_t from_s, int32_t minute);
/* Every occurrence that touches the night, sorted and merged; where none does, the one of the
 * service day, so that a window list never becomes empty (which would mean always). */
kerb_status ki_windows_of_night(kerb_window **out, size_t *n_out, const ki_clock_window *windows,
                                size_t n_windows, const ki_zone *zone, const ki_night *night,
                                ki_arena *arena);

enum { KI_INSTANT_CHARS = 40 };
void ki_format_date(int64_t days, char out[KI_INSTANT_CHARS]);
/* 2026-11-02T19:30:00+01:00 */
void ki_format_instant(const ki_zone *zone, int64_t instant_s, char out[KI_INSTANT_CHARS]);
/* 2026-11-02 19:30 */
void ki_format_local(const ki_zone *zone, int64_t instant_s, char out[KI_INSTANT_CHARS]);
#endif
