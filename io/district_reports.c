/* SPDX-License-Identifier: GPL-3.0-or-later
 * district_reports.c - fill reports: by far the largest table, so a row costs a hash look-up and a
 * few comparisons, and points at the id of its container instead of copying it.
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

static const char *text_or_null(ki_rows *rows, size_t key, int *failed) {
    const char *text = rows->cells[key].text;
    if (!text || !text[0]) return NULL;
    const char *kept = ki_intern(rows->reader, text);
    if (!kept) *failed = 1;
    return kept;
}

static kerb_report report_of(ki_rows *rows, const char *container_id, int *failed) {
    const ki_value *cells = rows->cells;
    return (kerb_report){.container_id = container_id,
                         .measured_s = cells[MEASURED].integer,
                         .received_s =
                             cells[RECEIVED].text ? cells[RECEIVED].integer : KERB_NO_TIME,
                         .fill_ratio = cells[FILL].text ? cells[FILL].number : NAN,
                         .mass_kg = cells[MASS].text ? cells[MASS].number : NAN,
                         .trust_ratio = cells[TRUST].number,
                         .source = text_or_null(rows, SOURCE, failed),
                         .alarm = text_or_null(rows, ALARM, failed),
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
    if (ki_grow(&reader->reports, &reader->reports_capacity, reader->n_reports + 1,
                sizeof *reader->reports))
        return ki_fail_no_memory(err, rows->count->shown);
    int failed = 0;
    const char *kept = reader->containers[container].container.id;
    reader->reports[reader->n_reports++] =
        (ki_report_row){.report = report_of(rows, kept, &failed), .container = container};
    return failed ? ki_fail_no_memory(err, rows->count->shown) : KERB_OK;
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
    int64_t *instants = ki_alloc_zero(reader->n_reports, sizeof *instants);
    if (!instants) return ki_fail_no_memory(err, "reports");
    size_t n = 0;
    for (size_t row = 0; row < reader->n_reports; row++) {
        int64_t measured_s = reader->reports[row].report.measured_s;
        if (limit_s == KERB_NO_TIME || measured_s <= limit_s) instants[n++] = measured_s;
    }
    qsort(instants, n, sizeof *instants, by_instant);
    if (n) *newest_s = newest_credible(instants, n);
    ki_free(instants);
    return KERB_OK;
}

/* ---- what stays ------------------------------------------------------------------------------ */

static kerb_status judge_date(ki_reader *reader, ki_report_row *row, kerb_error *err) {
    int64_t as_of_s = reader->district.as_of_s;
    int64_t received_s =
        row->report.received_s == KERB_NO_TIME ? row->report.measured_s : row->report.received_s;
    int measured_late = row->report.measured_s > as_of_s;
    if (!measured_late && received_s <= as_of_s) return KERB_OK;
    row->container = KI_ID_ABSENT;
    /* What had not arrived at as-of is no fault of the table: a night replanned later, from the
     * same file, must not be refused because of it. */
    reader->report_count.n_late += received_s > as_of_s;
    return ki_quarantine_future(reader, &reader->report_count, row->report.record,
                                measured_late ? "measured" : "received",
                                measured_late ? row->report.measured_s : received_s, err);
}

static uint64_t bits_of(double value) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static uint64_t hash_of(const ki_report_row *row) {
    uint64_t hash = (uint64_t)row->container * 0x9e3779b97f4a7c15u;
    hash = (hash ^ (uint64_t)row->report.measured_s) * 0xbf58476d1ce4e5b9u;
    hash = (hash ^ bits_of(row->report.fill_ratio) ^ (hash >> 29)) * 0x94d049bb133111ebu;
    hash = (hash ^ bits_of(row->report.mass_kg) ^ (hash >> 32)) * 0x9e3779b97f4a7c15u;
    return hash ^ (hash >> 31);
}

static int same_report(const ki_report_row *a, const ki_report_row *b) {
    return a->container == b->container && a->report.measured_s == b->report.measured_s &&
           bits_of(a->report.fill_ratio) == bits_of(b->report.fill_ratio) &&
           bits_of(a->report.mass_kg) == bits_of(b->report.mass_kg);
}

/* Marks all but the first of equal reports: telemetry is sent again whenever an answer is lost. */
static kerb_status drop_duplicates(ki_reader *reader, size_t *n_dropped, kerb_error *err) {
    size_t n_slots = 64;
    while (n_slots < 2 * reader->n_reports)
        n_slots *= 2;
    uint32_t *slots = ki_alloc_zero(n_slots, sizeof *slots); /* index + 1 */
    if (!slots) return ki_fail_no_memory(err, reader->report_count.shown);
    for (size_t at = 0; at < reader->n_reports; at++) {
        ki_report_row *row = &reader->reports[at];
        if (row->container < 0) continue;
        size_t slot = (size_t)hash_of(row) & (n_slots - 1);
        while (slots[slot] && !same_report(&reader->reports[slots[slot] - 1], row))
            slot = (slot + 1) & (n_slots - 1);
        if (slots[slot]) {
            row->container = KI_ID_ABSENT;
            ++*n_dropped;
        } else {
            slots[slot] = (uint32_t)at + 1;
        }
    }
    ki_free(slots);
    return KERB_OK;
}

kerb_status ki_reports_filter(ki_reader *reader, kerb_error *err) {
    size_t n_duplicates = 0, n_orphans = 0;
    for (size_t at = 0; at < reader->n_reports; at++) {
        ki_report_row *row = &reader->reports[at];
        if (reader->containers[row->container].dropped) {
            row->container = KI_ID_ABSENT;
            n_orphans++;
        } else {
            KI_TRY(judge_date(reader, row, err));
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
    return KERB_OK;
}

kerb_status ki_reports_add(ki_reader *reader, kerb_error *err) {
    kerb_report *batch = ki_alloc_zero(BATCH, sizeof *batch);
    kerb_status status = batch ? KERB_OK : ki_fail_no_memory(err, "reports");
    size_t n = 0;
    for (size_t at = 0; status == KERB_OK && at < reader->n_reports; at++) {
        if (reader->reports[at].container < 0) continue;
        batch[n++] = reader->reports[at].report;
        if (n < BATCH) continue;
        status = kerb_model_add_reports(reader->model, batch, n, err);
        n = 0;
    }
    if (status == KERB_OK && n) status = kerb_model_add_reports(reader->model, batch, n, err);
    ki_free(batch);
    return status;
}
