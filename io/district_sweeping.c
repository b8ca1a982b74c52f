/* SPDX-License-Identifier: GPL-3.0-or-later
 * district_sweeping.c - from grades of streets to the kerbs that are due tonight.
 *
 * A grade is swept so many times a week; a kerb is due when as many nights have gone by since it
 * was last swept. There is no plan of the weeks ahead that a missed night could make wrong: what is
 * due follows from what was done. Two things are decided by a hash that stays the same:
 *   - where an interval is no whole number (3 a week: 2 1/3 nights), whether this round is the
 *     shorter or the longer one, so that the mean is right;
 *   - where the last time is unknown, the night on which it begins.
 * Nights are balanced by what may come early: if less than the mean of a night is due, kerbs that
 * would be due tomorrow are taken from it, until it is as much. What is due is never put off.
 *
 *   age      0      1      2      3            interval 3
 *            swept  -      early  due */
#include "district_sweeping.h"
#include "base/alloc.h"
#include "base/date.h"
#include "base/error.h"
#include "district_near.h"
#include "district_rows.h"
#include "road/graph.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define DISTRICT(reader, map, path) ki_keys_get(&ki_district_keys, map, path, &(reader)->zone)

enum { EVERY_DAY = 0x7f, MAX_AGE = 36500 };

typedef struct grade {
    int32_t grade;
    double interval; /* nights */
    int32_t passes;  /* 0: as the kerb says */
    double spacing_h;
    uint8_t days; /* a bit a weekday, Monday first */
    ki_clock_windows hours, not_hours;
} grade;

typedef struct calendar {
    ki_reader *reader;
    grade grades[10]; /* by number; interval 0: not in the calendar */
    double min_wet_c, tonight_c;
    size_t n_due, n_early, n_wrong_day, n_shut, n_dry;
    double due_mm, mean_mm; /* of kerbs that may be swept on any day */
} calendar;

typedef struct early { /* a kerb that would be due tomorrow */
    ki_street_row *row;
    double ratio, length_mm; /* age by interval */
} early;

/* ---- reading --------------------------------------------------------------------------------- */

uint8_t ki_weekdays_parse(const char *text) {
    static const char NAMES[7][3] = {"Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"};
    uint8_t days = 0;
    while (*text) {
        int day = 0;
        text += strspn(text, " ,;");
        if (!*text) break;
        while (day < 7 && strncmp(text, NAMES[day], 2) != 0)
            day++;
        if (day == 7 || (text[2] && !strchr(" ,;", text[2]))) return 0;
        days |= (uint8_t)(1 << day);
        text += 2;
    }
    return days;
}

static kerb_status read_grade(calendar *at, const ki_yaml *node, kerb_error *err) {
    ki_reader *reader = at->reader;
    int64_t number = DISTRICT(reader, node, "sweeping.grades[].grade").integer;
    grade *to = &at->grades[number];
    if (to->interval > 0)
        return ki_fail(err, KERB_BAD_INPUT, "%s, line %d, key sweeping.grades[].grade: given twice",
                       reader->path, node->line);
    to->grade = (int32_t)number;
    to->interval = 7 / DISTRICT(reader, node, "sweeping.grades[].per_week").number;
    to->passes = (int32_t)DISTRICT(reader, node, "sweeping.grades[].passes").integer;
    to->spacing_h = DISTRICT(reader, node, "sweeping.grades[].spacing_h").number;
    const ki_yaml *days = ki_yaml_child(node, "days");
    for (const ki_yaml *day = days ? days->first : NULL; day; day = day->next)
        to->days |= ki_weekdays_parse(day->text);
    if (!to->days) to->days = EVERY_DAY;
    KI_TRY(ki_windows_from_list(reader, ki_yaml_child(node, "hours"), &to->hours, err));
    return ki_windows_from_list(reader, ki_yaml_child(node, "not_hours"), &to->not_hours, err);
}

static kerb_status read_calendar(calendar *at, const ki_yaml *map, kerb_error *err) {
    const ki_yaml *list = ki_yaml_child(map, "grades");
    at->min_wet_c = DISTRICT(at->reader, map, "sweeping.min_wet_c").number;
    at->tonight_c = INFINITY;
    if (at->reader->tonight) {
        ki_value told = ki_keys_get(&ki_tonight_keys, at->reader->tonight, "temperature_c", NULL);
        if (told.text) at->tonight_c = told.number;
    }
    for (const ki_yaml *node = list ? list->first : NULL; node; node = node->next)
        KI_TRY(read_grade(at, node, err));
    return KERB_OK;
}

/* ---- what was done --------------------------------------------------------------------------- */

/* Of the night before: the table need not know it yet. */
static void hear_events(calendar *at) {
    const ki_district_options *options = at->reader->options;
    for (size_t event = 0; event < options->n_events; event++) {
        const kerb_event *told = &options->events[event];
        if (told->kind < KERB_EVENT_DONE || told->kind > KERB_EVENT_FAILED || !told->id) continue;
        int32_t index = ki_ids_find(&at->reader->street_ids, told->id);
        if (index < 0) continue;
        kerb_street *street = &at->reader->streets[index].street;
        if (told->kind != KERB_EVENT_DONE) {
            if (street->force == KERB_FORCE_NONE) street->force = KERB_FORCE_IN;
        } else if (told->end_s > street->last_swept_s &&
                   told->end_s <= at->reader->district.as_of_s) {
            street->last_swept_s = told->end_s;
        }
    }
}

static uint64_t hash_of(const char *id, int64_t night) {
    uint64_t hash = 1469598103934665603u;
    for (; *id; id++)
        hash = (hash ^ (unsigned char)*id) * 1099511628211u;
    hash = (hash ^ (uint64_t)night) * 0x9e3779b97f4a7c15u;
    hash = (hash ^ (hash >> 29)) * 0xbf58476d1ce4e5b9u;
    return hash ^ (hash >> 32);
}

/* The night an instant belongs to, as the local day it began on. */
static int64_t night_of(const ki_reader *reader, int64_t at_s) {
    int64_t apart_s = at_s - reader->night.start_s;
    return reader->night.days + apart_s / KI_DAY_S - (apart_s % KI_DAY_S < 0);
}

/* Whole nights of this round. */
static int64_t round_of(const grade *of, const char *id, int64_t since) {
    double whole = floor(of->interval), rest = of->interval - whole;
    double chance = (double)(hash_of(id, since) >> 11) / 9007199254740992.0;
    int64_t nights = (int64_t)whole + (chance < rest);
    return nights < 1 ? 1 : nights;
}

/* ---- due ------------------------------------------------------------------------------------- */

/* Nights until the next day that is permitted. */
static int nights_to_next(uint8_t days, int weekday) {
    for (int nights = 1; nights < 7; nights++)
        if (days >> (weekday + nights) % 7 & 1) return nights;
    return 7;
}

static int is_too_soon(const calendar *at, const grade *of, const kerb_street *street) {
    return street->last_swept_s != KERB_NO_TIME &&
           (double)(at->reader->night.start_s - street->last_swept_s) < of->spacing_h * 3600;
}

/* Age and length of the round, in nights. A kerb of which nothing is known has its turn by the
 * date. */
static void age_of(const calendar *at, const grade *of, const kerb_street *street, int64_t *age,
                   int64_t *nights) {
    int64_t tonight = at->reader->night.days;
    if (street->last_swept_s == KERB_NO_TIME) {
        *nights = (int64_t)ceil(of->interval);
        *age = (tonight + (int64_t)(hash_of(street->id, 0) % (uint64_t)*nights)) % *nights + 1;
        return;
    }
    int64_t swept = night_of(at->reader, street->last_swept_s);
    *nights = round_of(of, street->id, swept);
    *age = tonight - swept > MAX_AGE ? MAX_AGE : tonight - swept;
}

static kerb_status length_of(calendar *at, const kerb_street *street, double *length_mm,
                             kerb_error *err) {
    ki_arena arena = {0};
    ki_run run = {0};
    *length_mm = 100000; /* without roads every kerb counts the same */
    if (!at->reader->roads) return KERB_OK;
    kerb_status status = ki_graph_find_run(at->reader->roads->graph, street->way_id,
                                           street->from_node, street->to_node, &arena, &run, err);
    if (status == KERB_OK && run.n_arcs) *length_mm = (double)run.length_mm;
    ki_arena_free(&arena);
    return status;
}

/* Due, early (would be due tomorrow), or neither. */
static kerb_status judge(calendar *at, ki_street_row *row, early *next, size_t *n_next,
                         kerb_error *err) {
    const grade *of = &at->grades[row->street.grade];
    uint8_t days = of->days & (row->days ? row->days : EVERY_DAY);
    int weekday = ki_weekday_of_day(at->reader->night.days), free_days = days == EVERY_DAY;
    int64_t age, nights;
    double length_mm;
    age_of(at, of, &row->street, &age, &nights);
    KI_TRY(length_of(at, &row->street, &length_mm, err));
    if (free_days) at->mean_mm += length_mm / of->interval;
    row->due = 0;
    if (!(days >> weekday & 1)) {
        at->n_wrong_day += age >= nights;
        return KERB_OK;
    }
    if (is_too_soon(at, of, &row->street)) return KERB_OK;
    row->due = age >= nights || (!free_days && age + nights_to_next(days, weekday) > nights);
    if (row->due && free_days) at->due_mm += length_mm;
    if (!row->due && free_days && nights > 1 && age == nights - 1)
        next[(*n_next)++] = (early){row, (double)age / of->interval, length_mm};
    at->n_due += (size_t)row->due;
    return KERB_OK;
}

static int oldest_first(const void *left, const void *right) {
    const early *a = left, *b = right;
    if (a->ratio != b->ratio) return a->ratio > b->ratio ? -1 : 1;
    if (a->row->street.way_id != b->row->street.way_id) /* one street in one night */
        return a->row->street.way_id < b->row->street.way_id ? -1 : 1;
    return strcmp(a->row->street.id, b->row->street.id);
}

static void take_early(calendar *at, early *next, size_t n) {
    if (n) qsort(next, n, sizeof *next, oldest_first);
    for (size_t item = 0; item < n; item++) {
        if (at->due_mm + next[item].length_mm / 2 > at->mean_mm) return;
        next[item].row->due = 1;
        at->due_mm += next[item].length_mm;
        at->n_early++;
    }
}

/* ---- how it is swept ------------------------------------------------------------------------- */

/* The night, or the permitted hours of it, less the forbidden ones. A kerb's own windows stand. */
static kerb_status set_hours(calendar *at, const grade *of, ki_street_row *row, kerb_error *err) {
    ki_reader *reader = at->reader;
    kerb_window whole = {reader->night.start_s, reader->night.end_s};
    kerb_window *open = &whole, *shut = NULL, *out;
    size_t n_open = 1, n_shut = 0, n = 0;
    if (row->windows.n || (!of->hours.n && !of->not_hours.n)) return KERB_OK;
    if ((of->hours.n && ki_windows_of_night(&open, &n_open, of->hours.windows, of->hours.n,
                                            &reader->zone, &reader->night, &reader->arena)) ||
        (of->not_hours.n &&
         ki_windows_of_night(&shut, &n_shut, of->not_hours.windows, of->not_hours.n, &reader->zone,
                             &reader->night, &reader->arena)))
        return ki_fail_no_memory(err, "windows");
    out = ki_arena_alloc(&reader->arena, n_open + n_shut + 1, sizeof *out);
    if (!out) return ki_fail_no_memory(err, "windows");
    for (size_t at_open = 0; at_open < n_open; at_open++) {
        kerb_window rest = open[at_open];
        for (size_t gap = 0; gap < n_shut; gap++) { /* sorted, apart */
            if (shut[gap].end_s <= rest.start_s || shut[gap].start_s >= rest.end_s) continue;
            if (shut[gap].start_s > rest.start_s)
                out[n++] = (kerb_window){rest.start_s, shut[gap].start_s};
            rest.start_s = shut[gap].end_s;
        }
        if (rest.start_s < rest.end_s) out[n++] = rest;
    }
    row->tonight = out;
    row->n_tonight = n;
    at->n_shut += n == 0 && row->due;
    if (n == 0) row->due = 0;
    return KERB_OK;
}

static kerb_status set_tonight(calendar *at, ki_street_row *row, kerb_error *err) {
    const grade *of = &at->grades[row->street.grade];
    if (of->passes) row->street.passes = of->passes;
    return set_hours(at, of, row, err);
}

static void dry(calendar *at, ki_street_row *row) {
    if (!(at->tonight_c < at->min_wet_c) || !(row->street.water_l_per_m > 0)) return;
    row->street.water_l_per_m = 0;
    at->n_dry++;
}

static kerb_status note(const calendar *at, kerb_error *err) {
    ki_reader *reader = at->reader;
    if (at->n_due + at->n_early + at->n_wrong_day)
        KI_TRY(ki_reader_note(reader, err, "calendar",
                              "%zu kerbs due by their grades, %zu taken a night early for balance, "
                              "%zu due on another weekday, %zu not permitted at any hour tonight",
                              at->n_due, at->n_early, at->n_wrong_day, at->n_shut));
    if (at->n_dry == 0) return KERB_OK;
    return ki_reader_note(reader, err, "calendar",
                          "%.15g degrees tonight, below %.15g: %zu kerbs are swept dry",
                          at->tonight_c, at->min_wet_c, at->n_dry);
}

static int is_in_calendar(const calendar *at, const ki_street_row *row) {
    int32_t number = row->street.grade;
    return !row->dropped && row->due && number > 0 && number < 10 &&
           at->grades[number].interval > 0;
}

kerb_status ki_sweeping_choose(ki_reader *reader, kerb_error *err) {
    const ki_yaml *map = ki_yaml_child(reader->file, "sweeping");
    calendar at = {.reader = reader};
    size_t n_next = 0;
    KI_TRY(read_calendar(&at, map, err));
    if (map) hear_events(&at);
    early *next = ki_alloc_zero(reader->n_streets + 1, sizeof *next);
    uint8_t *chosen = ki_alloc_zero(reader->n_streets + 1, 1);
    kerb_status status = next && chosen ? KERB_OK : ki_fail_no_memory(err, "the calendar");
    for (size_t street = 0; status == KERB_OK && street < reader->n_streets; street++) {
        ki_street_row *row = &reader->streets[street];
        chosen[street] = (uint8_t)is_in_calendar(&at, row);
        if (chosen[street]) status = judge(&at, row, next, &n_next, err);
    }
    if (status == KERB_OK) take_early(&at, next, n_next);
    for (size_t street = 0; status == KERB_OK && street < reader->n_streets; street++) {
        ki_street_row *row = &reader->streets[street];
        dry(&at, row);
        if (chosen[street]) status = set_tonight(&at, row, err);
    }
    if (status == KERB_OK) status = note(&at, err);
    ki_free(next);
    ki_free(chosen);
    return status;
}
