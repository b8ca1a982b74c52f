/* SPDX-License-Identifier: GPL-3.0-or-later
 * district_reports.c - fill reports: by far the largest table, so a row costs a hash look-up and a
 * few comparisons, and all of them are kept packed (demand/report_list.h).
 *
 * Whether a date lies in the future is known only with as-of, and as-of may have to come from the
 * reports themselves. So they are read first and judged afterwards. The newest credible report is
 * the newest one that is not a lone stray: a single clock set to 2099 must not move the night. */
#include "base/alloc.h"
#include "base/error.h"
#include "demand/alarm.h"
#include "district_rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BIN, MEASURED, RECEIVED, FILL, MASS, SOURCE, TRUST, ALARM };
enum { STRAY_GAP_S = 48 * 3600, FEW_REPORTS = 10, BATCH = 4096 };

static kerb_report report_of(const ki_rows *rows) {
    const ki_value *cells = rows->cells;
    return (kerb_report){.container_id = cells[BIN].text,
                         .measured_s = cells[MEASURED].integer,
                         .received_s =
                             cells[RECEIVED].text ? cells[RECEIVED].integer : KERB_NO_TIME,
                         .fill_ratio = cells[FILL].text ? cells[FILL].number : NAN,
                         .mass_kg = cells[MASS].text ? cells[MASS].number : NAN,
                         .trust_ratio = cells[TRUST].number,
                         .source = cells[SOURCE].text,
                         .alarm = cells[ALARM].text,
                         .record = rows->record};
}

static kerb_status add_report(ki_rows *rows, size_t *n_orphans, kerb_error *err) {
    ki_reader *reader = rows->reader;
    const char *id = rows->cells[BIN].text;
    int32_t container = ki_ids_find(&reader->container_ids, id);
    if (container == KI_ID_ABSENT)
        return ki_rows_drop(rows, "container_id", id, "no container has this id", err);
    if (!rows->cells[FILL].text && !rows->cells[MASS].text &&
        ki_alarm_of(rows->cells[ALARM].text) == KI_ALARM_NONE)
        return ki_rows_drop(rows, "fill_ratio", NULL, "expected fill_ratio, mass_kg or an alarm",
                            err);
    if (container == KI_ID_QUARANTINED) {
        ++*n_orphans;
        return KERB_OK;
    }
    kerb_report report = report_of(rows);
    return ki_report_list_add(&reader->reports, &report)
               ? ki_fail_no_memory(err, rows->count->shown)
               : KERB_OK;
}

/* ---- what a sensor's number means ------------------------------------------------------------ */

static const char *from_percent(const ki_rows *rows, double *fill) {
    (void)rows;
    *fill /= 100;
    return NULL;
}

static const char *from_free(const ki_rows *rows, double *fill) {
    (void)rows;
    *fill = 1 - *fill;
    return NULL;
}

static const char *from_free_percent(const ki_rows *rows, double *fill) {
    (void)rows;
    *fill = 1 - *fill / 100;
    return NULL;
}

/* A container that is not known is told as such later: any number does. */
static const char *from_distance(const ki_rows *rows, double *fill) {
    const ki_reader *reader = rows->reader;
    const char *id = rows->cells[BIN].text;
    int32_t container = id ? ki_ids_find(&reader->container_ids, id) : KI_ID_ABSENT;
    double depth_mm = container >= 0 ? reader->containers[container].depth_mm : *fill + 1;
    if (depth_mm <= 0) return "depth_mm of its container, to make a fill of a distance";
    *fill = 1 - *fill / depth_mm;
    return NULL;
}

static void set_unit(ki_rows *rows) {
    static const struct {
        const char *name;
        const char *(*convert)(const ki_rows *rows, double *fill);
    } UNITS[] = {{"percent", from_percent},
                 {"free_ratio", from_free},
                 {"free_percent", from_free_percent},
                 {"distance_mm", from_distance}};
    const ki_yaml *unit = ki_yaml_child(rows->entry, "fill");
    for (size_t at = 0; unit && at < sizeof UNITS / sizeof *UNITS; at++)
        if (strcmp(unit->text, UNITS[at].name) == 0) rows->convert = UNITS[at].convert;
}

static kerb_status check_measure_columns(const ki_rows *rows, kerb_error *err) {
    if (rows->columns[FILL] >= 0 || rows->columns[MASS] >= 0) return KERB_OK;
    return ki_fail(err, KERB_BAD_INPUT,
                   "%s: no column 'fill_ratio' and none 'mass_kg', expected one",
                   rows->count->shown);
}

kerb_status ki_reports_read(ki_reader *reader, kerb_error *err) {
    ki_rows *rows = ki_alloc(sizeof *rows);
    int given, more = 1;
    size_t n_orphans = 0;
    if (!rows) return ki_fail_no_memory(err, "reports");
    kerb_status status =
        ki_rows_open(rows, reader, &ki_report_columns, &reader->report_count, NULL, &given, err);
    if (status == KERB_OK && given) status = check_measure_columns(rows, err);
    if (status == KERB_OK && given) set_unit(rows);
    rows->heard_key = FILL;
    rows->heard_min = -1;
    rows->heard_max = 2;
    while (status == KERB_OK && given && more) {
        status = ki_rows_next(rows, &more, err);
        if (status == KERB_OK && more) status = add_report(rows, &n_orphans, err);
    }
    ki_rows_close(rows);
    ki_free(rows);
    if (status == KERB_OK && n_orphans)
        status = ki_reader_note(reader, err, "ignored",
                                "%s: %zu reports of containers whose rows are bad",
                                reader->report_count.shown, n_orphans);
    return status;
}

/* ---- as-of ----------------------------------------------------------------------------------- */

static int by_instant(const void *a, const void *b) {
    int64_t left, right;
    memcpy(&left, a, sizeof left);
    memcpy(&right, b, sizeof right);
    return (left > right) - (left < right);
}

/* Ascending instants; strays are at most one in a hundred, and two days past all others. */
static int64_t newest_credible(const int64_t *instants, size_t n) {
    if (n < FEW_REPORTS) return instants[n - 1];
    size_t n_strays = 1 + n / 100;
    int64_t limit_s = instants[n - 1 - n_strays] + STRAY_GAP_S;
    while (instants[n - 1] > limit_s)
        n--;
    return instants[n - 1];
}

kerb_status ki_reports_newest(const ki_reader *reader, int64_t limit_s, int64_t *newest_s,
                              kerb_error *err) {
    *newest_s = KERB_NO_TIME;
    int64_t *instants = ki_alloc_zero(reader->reports.n, sizeof *instants);
    if (!instants) return ki_fail_no_memory(err, "reports");
    size_t n = 0;
    ki_report_at at = {0};
    kerb_report report;
    while (ki_report_list_next(&reader->reports, &at, &report))
        if (limit_s == KERB_NO_TIME || report.measured_s <= limit_s)
            instants[n++] = report.measured_s;
    qsort(instants, n, sizeof *instants, by_instant);
    if (n) *newest_s = newest_credible(instants, n);
    ki_free(instants);
    return KERB_OK;
}

/* ---- what stays ------------------------------------------------------------------------------ */

static kerb_status judge_date(ki_reader *reader, const ki_report_at *at, const kerb_report *report,
                              kerb_error *err) {
    int64_t as_of_s = reader->district.as_of_s;
    int64_t received_s =
        report->received_s == KERB_NO_TIME ? report->measured_s : report->received_s;
    int measured_late = report->measured_s > as_of_s;
    if (!measured_late && received_s <= as_of_s) return KERB_OK;
    ki_report_list_drop(&reader->reports, at);
    /* What had not arrived at as-of is no fault of the table: a night replanned later, from the
     * same file, must not be refused because of it. */
    reader->report_count.n_late += received_s > as_of_s;
    return ki_quarantine_future(reader, &reader->report_count, report->record,
                                measured_late ? "measured" : "received",
                                measured_late ? report->measured_s : received_s, err);
}

static uint64_t bits_of(double value) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static uint64_t hash_of(const kerb_report *report, int32_t name) {
    uint64_t hash = (uint64_t)name * 0x9e3779b97f4a7c15u;
    hash = (hash ^ (uint64_t)report->measured_s) * 0xbf58476d1ce4e5b9u;
    hash = (hash ^ bits_of(report->fill_ratio) ^ (hash >> 29)) * 0x94d049bb133111ebu;
    hash = (hash ^ bits_of(report->mass_kg) ^ (hash >> 32)) * 0x9e3779b97f4a7c15u;
    return hash ^ (hash >> 31);
}

/* The texts of a list are each there once. */
static int same_report(const kerb_report *a, const kerb_report *b) {
    return a->container_id == b->container_id && a->measured_s == b->measured_s &&
           bits_of(a->fill_ratio) == bits_of(b->fill_ratio) &&
           bits_of(a->mass_kg) == bits_of(b->mass_kg);
}

/* Takes out all but the first of equal reports: telemetry is sent again whenever an answer is
 * lost. */
static kerb_status drop_duplicates(ki_reader *reader, size_t *n_dropped, kerb_error *err) {
    ki_report_list *list = &reader->reports;
    size_t n_slots = 64;
    while (n_slots < 2 * list->n)
        n_slots *= 2;
    uint32_t *slots = ki_alloc_zero(n_slots, sizeof *slots); /* place + 1 */
    if (!slots) return ki_fail_no_memory(err, reader->report_count.shown);
    ki_report_at at = {0};
    kerb_report report, known;
    while (ki_report_list_next(list, &at, &report)) {
        size_t slot = (size_t)hash_of(&report, at.name) & (n_slots - 1);
        for (; slots[slot]; slot = (slot + 1) & (n_slots - 1)) {
            ki_report_list_get(list, slots[slot] - 1, &known);
            if (same_report(&known, &report)) break;
        }
        if (!slots[slot]) {
            slots[slot] = at.place + 1;
            continue;
        }
        ki_report_list_drop(list, &at);
        ++*n_dropped;
    }
    ki_free(slots);
    return KERB_OK;
}

kerb_status ki_reports_filter(ki_reader *reader, kerb_error *err) {
    size_t n_duplicates = 0, n_orphans = 0;
    ki_report_at at = {0};
    kerb_report report;
    while (ki_report_list_next(&reader->reports, &at, &report)) {
        /* A container dropped since its reports were read has no place in the table any more. */
        if (ki_ids_find(&reader->container_ids, report.container_id) < 0) {
            ki_report_list_drop(&reader->reports, &at);
            n_orphans++;
        } else {
            KI_TRY(judge_date(reader, &at, &report, err));
        }
    }
    KI_TRY(drop_duplicates(reader, &n_duplicates, err));
    if (n_orphans)
        KI_TRY(ki_reader_note(reader, err, "ignored",
                              "%s: %zu reports of containers whose rows are bad",
                              reader->report_count.shown, n_orphans));
    if (n_duplicates)
        KI_TRY(ki_reader_note(reader, err, "duplicates", "%s: %zu reports came more than once",
                              reader->report_count.shown, n_duplicates));
    /* A table is there, so there are sensors, and none of them was heard. */
    if (reader->report_count.shown[0] && reader->reports.n == 0 && reader->n_containers > 0)
        return ki_reader_note(reader, err, "degraded", "%s: not one fill report",
                              reader->report_count.shown);
    return KERB_OK;
}

kerb_status ki_reports_add(ki_reader *reader, kerb_error *err) {
    kerb_report *batch = ki_alloc_zero(BATCH, sizeof *batch);
    kerb_status status = batch ? KERB_OK : ki_fail_no_memory(err, "reports");
    size_t n = 0;
    ki_report_at at = {0};
    while (status == KERB_OK && ki_report_list_next(&reader->reports, &at, &batch[n])) {
        if (++n < BATCH) continue;
        status = kerb_model_add_reports(reader->model, batch, n, err);
        n = 0;
    }
    if (status == KERB_OK && n) status = kerb_model_add_reports(reader->model, batch, n, err);
    ki_free(batch);
    return status;
}
