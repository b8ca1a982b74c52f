/* SPDX-License-Identifier: GPL-3.0-or-later
 * tables.h - rows of text from CSV, GeoPackage and XLSX (through GDAL/OGR), from JSON and from
 * delimited Report messages. Values come out as UTF-8 text exactly as written; parsing is the
 * caller's. */
#ifndef KI_TABLES_H
#define KI_TABLES_H
#include "kerbside.h"

typedef struct ki_table ki_table;
/* layer NULL: the only one. Recodes GB18030, drops a BOM, refuses /vsi and VRT. path may be a
 * connection to a database (tables_database.h). */
kerb_status ki_table_open(ki_table **out, const char *path, const char *layer, kerb_error *err);
/* Column by name, -1 if absent. */
int ki_table_column(const ki_table *table, const char *name);
size_t ki_table_n_columns(const ki_table *table);
const char *ki_table_column_name(const ki_table *table, size_t column);
/* *more 0 at the end. Values live until the next call; "" for absent. record counts from 1; of a
 * workbook it is the sheet's row less its header, empty rows counted. */
kerb_status ki_table_next(ki_table *table, int *more, int64_t *record, kerb_error *err);
/* What is wrong with the row as a whole, in words: it has no values then. NULL: nothing. */
const char *ki_table_fault(const ki_table *table);
const char *ki_table_value(const ki_table *table, int column);
/* Point geometry of the row, if the format has one. 1 if present. */
int ki_table_point(const ki_table *table, double *lat_deg, double *lon_deg);
/* Line geometry of the row: number of points, at most n_most; 0: none, or more. */
size_t ki_table_line(const ki_table *table, double *lat_deg, double *lon_deg, size_t n_most);
/* 1 if rows of this table have point geometry. */
int ki_table_has_points(const ki_table *table);
/* What a text file was before it was recoded: "UTF-8", "UTF-16" or "GB18030". */
const char *ki_table_encoding(const ki_table *table);
void ki_table_free(ki_table *table);
#endif
