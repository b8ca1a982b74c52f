/* SPDX-License-Identifier: GPL-3.0-or-later
 * A ratio read as a percentage, or metres as millimetres, make every container empty or full and no
 * row bad. So the numbers are looked at together as well. */
#include "district_fill.h"

#include "base/error.h"
#include "tables.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ENOUGH = 20 };

/* A container that is not known is told as such later: any number does. */
static const char *from_distance(const ki_rows *rows, double *fill) {
    const ki_reader *reader = rows->reader;
    const char *id = rows->cells[0].text;
    int32_t container = id ? ki_ids_find(&reader->container_ids, id) : KI_ID_ABSENT;
    double depth_mm = container >= 0 ? reader->containers[container].depth_mm : *fill + 1;
    if (depth_mm <= 0) return "depth_mm of its container, to make a fill of a distance";
    *fill = 1 - *fill / depth_mm;
    return NULL;
}

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

static const char *from_ratio(const ki_rows *rows, double *fill) {
    (void)rows, (void)fill;
    return NULL;
}

static const struct {
    const char *name;
    const char *(*convert)(const ki_rows *rows, double *fill);
    double smallest; /* if no number is above, and some have a fraction, it is another unit */
    const char *expected;
} UNITS[KI_FILL_UNITS] = {{"ratio", from_ratio, -INFINITY, ""},
                          {"percent", from_percent, 1, "0 to 100; 0 to 1 is ratio"},
                          {"free_ratio", from_free, -INFINITY, ""},
                          {"free_percent", from_free_percent, 1, "0 to 100; 0 to 1 is free_ratio"},
                          {"distance_mm", from_distance, 10, "millimetres"}};

/* -1: none. */
static int unit_named(const char *name) {
    for (int at = 0; at < KI_FILL_UNITS; at++)
        if (strcmp(UNITS[at].name, name) == 0) return at;
    return -1;
}

static int unit_of_row(const ki_fill *fill, const ki_rows *rows) {
    if (!fill->own || fill->source_column < 0) return fill->unit;
    const char *source = ki_table_value(rows->table, fill->source_column);
    while (*source == ' ' || *source == '\t')
        source++;
    size_t n = strlen(source);
    while (n && (source[n - 1] == ' ' || source[n - 1] == '\t'))
        n--;
    for (const ki_yaml *own = fill->own->first; own; own = own->next)
        if (strlen(own->key) == n && memcmp(own->key, source, n) == 0) return unit_named(own->text);
    return fill->unit;
}

static const char *convert(const ki_rows *rows, double *number) {
    ki_fill *fill = rows->convert_payload;
    int unit = unit_of_row(fill, rows);
    double stated = *number;
    const char *missing = UNITS[unit].convert(rows, number);
    ki_fill_span *span = &fill->spans[unit];
    if (missing) return missing;
    if (span->n++ == 0) span->least = span->most = stated;
    span->least = fmin(span->least, stated);
    span->most = fmax(span->most, stated);
    span->has_fraction |= stated != floor(stated);
    return NULL;
}

static kerb_status check_own(const ki_fill *fill, const ki_rows *rows, kerb_error *err) {
    if (fill->source_column < 0)
        return ki_fail(err, KERB_BAD_INPUT,
                       "%s, line %d, key tables.reports.fill_by_source: there is no column source",
                       rows->reader->path, fill->own->line);
    for (const ki_yaml *own = fill->own->first; own; own = own->next)
        if (unit_named(own->text) < 0)
            return ki_fail(err, KERB_BAD_INPUT,
                           "%s, line %d, key tables.reports.fill_by_source.%.60s: %.60s, expected "
                           "one of ratio, percent, free_ratio, free_percent, distance_mm",
                           rows->reader->path, own->line, own->key, own->text);
    return KERB_OK;
}

kerb_status ki_fill_begin(ki_fill *out, ki_rows *rows, int source_column, kerb_error *err) {
    const ki_yaml *unit = ki_yaml_child(rows->entry, "fill");
    *out = (ki_fill){.unit = unit ? unit_named(unit->text) : 0,
                     .source_column = source_column,
                     .own = ki_yaml_child(rows->entry, "fill_by_source")};
    if (out->unit < 0) out->unit = 0; /* told as a fault of the file */
    if (out->own) KI_TRY(check_own(out, rows, err));
    if (!out->own && out->unit == 0)
        return KERB_OK; /* numbers stay as they stand, digit by digit */
    rows->convert = convert;
    rows->convert_payload = out;
    return KERB_OK;
}

kerb_status ki_fill_check(const ki_fill *fill, const ki_rows *rows, kerb_error *err) {
    for (int unit = 0; unit < KI_FILL_UNITS; unit++) {
        const ki_fill_span *span = &fill->spans[unit];
        if (span->n < ENOUGH || !span->has_fraction || span->most > UNITS[unit].smallest) continue;
        return ki_fail(err, KERB_BAD_INPUT,
                       "%s, field fill_ratio: all %zu that are stated as %s lie between %g and %g, "
                       "expected %s",
                       rows->count->shown, span->n, UNITS[unit].name, span->least, span->most,
                       UNITS[unit].expected);
    }
    return KERB_OK;
}
