/* SPDX-License-Identifier: GPL-3.0-or-later
 * district_zone.c - TZif files (RFC 8536) read as data.
 *
 * localtime and tzset keep one zone for the whole process, and a plan must not depend on TZ; so
 * the file is parsed here: a header, a version 1 block (32-bit times, skipped where a second one
 * follows), the version 2 block (64-bit) and a footer with the rule for later years:
 *
 *   [header v1][block v1][header v2][block v2]\nCET-1CEST,M3.5.0,M10.5.0/3\n
 *
 * Every count is checked against the bytes there are. Files with leap seconds ("right/") are
 * refused: instants here are POSIX seconds. */
#include "district_zone.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "district_time.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { HEADER_BYTES = 44, MAX_ZONE_BYTES = 1 << 20, MAX_OFFSET_S = 26 * 3600 };

typedef struct header {
    uint32_t n_utc, n_std, n_leap, n_times, n_types, n_chars;
    int version;
} header;

static uint32_t big32(const unsigned char *at) {
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static int64_t big64(const unsigned char *at) {
    return (int64_t)((uint64_t)big32(at) << 32 | big32(at + 4));
}

static int read_header(header *head, const unsigned char *at, size_t n_left) {
    if (n_left < HEADER_BYTES || memcmp(at, "TZif", 4) != 0) return 0;
    *head = (header){big32(at + 20), big32(at + 24), big32(at + 28),         big32(at + 32),
                     big32(at + 36), big32(at + 40), at[4] ? at[4] - '0' : 1};
    return head->n_types >= 1 && head->n_types <= 256 && head->n_times <= MAX_ZONE_BYTES &&
           head->n_chars <= MAX_ZONE_BYTES && head->n_leap <= MAX_ZONE_BYTES &&
           head->n_utc <= 256 && head->n_std <= 256;
}

static size_t block_bytes(const header *head, size_t time_bytes) {
    return head->n_times * (time_bytes + 1) + head->n_types * 6 + head->n_chars +
           head->n_leap * (time_bytes + 4) + head->n_std + head->n_utc;
}

static int read_block(ki_zone *zone, const header *head, const unsigned char *at,
                      size_t time_bytes) {
    const unsigned char *type_of = at + head->n_times * time_bytes;
    const unsigned char *types = type_of + head->n_times;
    zone->n_transitions = head->n_times;
    for (size_t time = 0; time < head->n_times; time++) {
        const unsigned char *from = at + time * time_bytes;
        if (type_of[time] >= head->n_types) return 0;
        zone->at_s[time] = time_bytes == 8 ? big64(from) : (int32_t)big32(from);
        zone->offset_s[time] = (int32_t)big32(types + 6 * type_of[time]);
        if (time && zone->at_s[time] <= zone->at_s[time - 1]) return 0;
    }
    for (size_t type = 0; type < head->n_types; type++) {
        int32_t offset_s = (int32_t)big32(types + 6 * type);
        if (offset_s < -MAX_OFFSET_S || offset_s > MAX_OFFSET_S) return 0;
    }
    zone->first_offset_s = (int32_t)big32(types);
    return 1;
}

/* ---- the footer: a POSIX TZ string ----------------------------------------------------------- */

static int skip_name(const char **at) {
    const char *start = *at;
    if (**at == '<') {
        while (**at && **at != '>')
            ++*at;
        if (**at != '>') return 0;
        ++*at;
        return *at - start > 3;
    }
    while ((**at >= 'A' && **at <= 'Z') || (**at >= 'a' && **at <= 'z'))
        ++*at;
    return *at - start >= 3;
}

static int take_number(const char **at, int32_t max, int32_t *out) {
    int32_t value = 0;
    if (**at < '0' || **at > '9') return 0;
    while (**at >= '0' && **at <= '9') {
        value = value * 10 + (*(*at)++ - '0');
        if (value > max) return 0;
    }
    *out = value;
    return 1;
}

/* [+-]h[h][h][:mm[:ss]] in seconds; up to 167 h (RFC 8536, 3.3.1). */
static int take_span(const char **at, int32_t *out) {
    int32_t sign = **at == '-' ? -1 : 1, hours, minutes = 0, seconds = 0;
    if (**at == '-' || **at == '+') ++*at;
    if (!take_number(at, 167, &hours)) return 0;
    if (**at == ':') {
        ++*at;
        if (!take_number(at, 59, &minutes)) return 0;
        if (**at == ':') {
            ++*at;
            if (!take_number(at, 59, &seconds)) return 0;
        }
    }
    *out = sign * (hours * 3600 + minutes * 60 + seconds);
    return 1;
}

static int take_month_form(const char **at, ki_zone_date *date) {
    ++*at;
    if (!take_number(at, 12, &date->month) || *(*at)++ != '.') return 0;
    if (!take_number(at, 5, &date->week) || *(*at)++ != '.') return 0;
    return take_number(at, 6, &date->day) && date->month >= 1 && date->week >= 1;
}

static int take_change(const char **at, ki_zone_date *date) {
    *date = (ki_zone_date){.time_s = 7200};
    if (**at != ',') return 0;
    ++*at;
    date->form = **at == 'M' || **at == 'J' ? **at : 'n';
    if (date->form == 'M') {
        if (!take_month_form(at, date)) return 0;
    } else {
        if (date->form == 'J') ++*at;
        if (!take_number(at, 365, &date->day) || (date->form == 'J' && date->day == 0)) return 0;
    }
    if (**at != '/') return 1;
    ++*at;
    return take_span(at, &date->time_s);
}

static int parse_rule(ki_zone_rule *rule, const char *at) {
    *rule = (ki_zone_rule){0};
    if (*at == '\0') return 1; /* no rule: the last offset holds */
    if (!skip_name(&at) || !take_span(&at, &rule->standard_s)) return 0;
    rule->standard_s = -rule->standard_s; /* POSIX counts west */
    rule->present = 1;
    if (*at == '\0') return 1;
    rule->has_summer = 1;
    rule->summer_s = rule->standard_s + 3600;
    if (!skip_name(&at)) return 0;
    if (*at != ',' && *at != '\0') {
        if (!take_span(&at, &rule->summer_s)) return 0;
        rule->summer_s = -rule->summer_s;
    }
    return take_change(&at, &rule->to_summer) && take_change(&at, &rule->to_standard) &&
           *at == '\0';
}

static int is_leap(int32_t year) {
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* Local seconds of the change in that year, on the clock before it. */
static int64_t change_local_s(const ki_zone_date *date, int32_t year) {
    int64_t days = ki_days_from_civil(year, 1, 1);
    if (date->form == 'J')
        days += date->day - 1 + (is_leap(year) && date->day >= 60);
    else if (date->form == 'n')
        days += date->day;
    else {
        days = ki_days_from_civil(year, date->month, 1);
        int64_t next = date->month == 12 ? ki_days_from_civil(year + 1, 1, 1)
                                         : ki_days_from_civil(year, date->month + 1, 1);
        int64_t weekday = ((days + 4) % 7 + 7) % 7; /* 1970-01-01 was a Thursday */
        days += (date->day - weekday + 7) % 7 + 7 * (date->week - 1);
        while (days >= next)
            days -= 7;
    }
    return days * KI_DAY_S + date->time_s;
}

static int32_t rule_offset(const ki_zone_rule *rule, int64_t instant_s) {
    if (!rule->has_summer) return rule->standard_s;
    int32_t year, month, day;
    int64_t local_s = instant_s + rule->standard_s;
    ki_civil_from_days(ki_day_of(local_s), &year, &month, &day);
    int64_t summer_s = change_local_s(&rule->to_summer, year) - rule->standard_s;
    int64_t winter_s = change_local_s(&rule->to_standard, year) - rule->summer_s;
    int in_summer = summer_s < winter_s ? instant_s >= summer_s && instant_s < winter_s
                                        : instant_s >= summer_s || instant_s < winter_s;
    return in_summer ? rule->summer_s : rule->standard_s;
}

/* ---- the whole file -------------------------------------------------------------------------- */

static kerb_status bad_zone(const char *name, const char *what, kerb_error *err) {
    return ki_fail(err, KERB_BAD_INPUT, "time zone %s: zone data damaged: %s", name, what);
}

static kerb_status parse_footer(ki_zone *zone, const unsigned char *at, size_t n_left,
                                const char *name, kerb_error *err) {
    char text[128];
    if (n_left < 2 || at[0] != '\n') return bad_zone(name, "no footer", err);
    const unsigned char *end = memchr(at + 1, '\n', n_left - 1);
    if (!end || (size_t)(end - at) > sizeof text) return bad_zone(name, "endless footer", err);
    size_t length = (size_t)(end - at) - 1;
    memcpy(text, at + 1, length);
    text[length] = '\0';
    if (memchr(text, '\0', length) || !parse_rule(&zone->rule, text))
        return bad_zone(name, "ill-formed footer", err);
    return KERB_OK;
}

kerb_status ki_zone_parse(ki_zone *zone, const void *bytes, size_t n_bytes, const char *name,
                          ki_arena *arena, kerb_error *err) {
    const unsigned char *at = bytes, *end = at + n_bytes;
    header head;
    size_t time_bytes = 4;
    *zone = (ki_zone){0};
    if (n_bytes > MAX_ZONE_BYTES || !read_header(&head, at, n_bytes))
        return bad_zone(name, "ill-formed header", err);
    if (head.version >= 2) { /* over the first block */
        size_t skip = HEADER_BYTES + block_bytes(&head, 4);
        if (skip > n_bytes || !read_header(&head, at + skip, n_bytes - skip))
            return bad_zone(name, "ill-formed second header", err);
        at += skip;
        time_bytes = 8;
    }
    at += HEADER_BYTES;
    size_t n_block = block_bytes(&head, time_bytes);
    if (n_block > (size_t)(end - at)) return bad_zone(name, "truncated", err);
    if (head.n_leap) return bad_zone(name, "leap seconds are not supported", err);
    zone->at_s = ki_arena_alloc(arena, head.n_times, sizeof *zone->at_s);
    zone->offset_s = ki_arena_alloc(arena, head.n_times, sizeof *zone->offset_s);
    if (!zone->at_s || !zone->offset_s) return ki_fail_no_memory(err, "a time zone");
    if (!read_block(zone, &head, at, time_bytes)) return bad_zone(name, "ill-formed times", err);
    at += n_block;
    return time_bytes == 8 ? parse_footer(zone, at, (size_t)(end - at), name, err) : KERB_OK;
}

static int safe_name(const char *name) {
    size_t length = strlen(name);
    if (length == 0 || length > 64 || name[0] == '/' || strstr(name, "..")) return 0;
    for (const char *c = name; *c; c++)
        if (!((*c >= 'A' && *c <= 'Z') || (*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9') ||
              strchr("_+-/", *c)))
            return 0;
    return 1;
}

kerb_status ki_zone_load(ki_zone *zone, const char *name, int *known, ki_arena *arena,
                         kerb_error *err) {
    struct stat about;
    char path[128];
    *zone = (ki_zone){0};
    *known = 1;
    if (strcmp(name, "UTC") == 0) return KERB_OK;
    if (stat(KI_ZONE_FOLDER, &about) != 0)
        return ki_fail(err, KERB_IO, "%s: no time zone data (install tzdata)", KI_ZONE_FOLDER);
    snprintf(path, sizeof path, "%s/%s", KI_ZONE_FOLDER, safe_name(name) ? name : ".");
    *known = stat(path, &about) == 0 && S_ISREG(about.st_mode);
    if (!*known) return KERB_OK;
    char *bytes;
    size_t n_bytes;
    KI_TRY(ki_file_read(&bytes, &n_bytes, path, MAX_ZONE_BYTES, err));
    if (n_bytes < 4 || memcmp(bytes, "TZif", 4) != 0) { /* a text file of the folder */
        ki_free(bytes);
        *known = 0;
        return KERB_OK;
    }
    kerb_status status = ki_zone_parse(zone, bytes, n_bytes, name, arena, err);
    ki_free(bytes);
    return status;
}

/* tzdata.zi holds them all in short: "Z name ..." for a zone, "L target name" for a link. */
void ki_zone_offer_names(ki_near *near) {
    char *bytes, target[64], name[64];
    size_t n_bytes;
    if (ki_file_read(&bytes, &n_bytes, KI_ZONE_FOLDER "/tzdata.zi", MAX_ZONE_BYTES, NULL)) return;
    for (const char *line = bytes; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (sscanf(line, "Z %63s", name) == 1 || sscanf(line, "L %63s %63s", target, name) == 2)
            ki_near_offer(near, name);
    }
    ki_free(bytes);
}

int32_t ki_zone_offset(const ki_zone *zone, int64_t instant_s) {
    if (!zone) return 0;
    size_t low = 0, high = zone->n_transitions; /* first transition after the instant */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (zone->at_s[middle] <= instant_s)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == zone->n_transitions && zone->rule.present)
        return rule_offset(&zone->rule, instant_s);
    return low ? zone->offset_s[low - 1] : zone->first_offset_s;
}

int64_t ki_zone_instant(const ki_zone *zone, int64_t local_s) {
    int32_t before_s = ki_zone_offset(zone, local_s - KI_DAY_S);
    int32_t after_s = ki_zone_offset(zone, local_s + KI_DAY_S);
    if (before_s == after_s) return local_s - before_s;
    int64_t first = local_s - before_s, second = local_s - after_s;
    if (ki_zone_offset(zone, first) == before_s) return first;
    return ki_zone_offset(zone, second) == after_s ? second : first;
}
