/* SPDX-License-Identifier: GPL-3.0-or-later
 * district_fill.h - what a sensor's number means: filled or free, of 1 or of 100, or a distance; of
 * the whole table, or of one source of it. */
#ifndef KI_DISTRICT_FILL_H
#define KI_DISTRICT_FILL_H
#include "district_rows.h"

enum { KI_FILL_UNITS = 5 };

typedef struct ki_fill_span { /* of the numbers of one unit, as they stand in the table */
    size_t n;
    double least, most;
    int has_fraction;
} ki_fill_span;

typedef struct ki_fill {
    int unit;           /* of sources that are not named */
    int source_column;  /* -1: none */
    const ki_yaml *own; /* fill_by_source; NULL: none */
    ki_fill_span spans[KI_FILL_UNITS];
} ki_fill;

/* From the keys fill and fill_by_source of the table's entry. Sets rows->convert; *out must live as
 * long as rows. */
kerb_status ki_fill_begin(ki_fill *out, ki_rows *rows, int source_column, kerb_error *err);
/* After all rows: fails where a unit cannot be the one that is stated. */
kerb_status ki_fill_check(const ki_fill *fill, const ki_rows *rows, kerb_error *err);
#endif
