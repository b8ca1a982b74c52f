/* SPDX-License-Identifier: GPL-3.0-or-later
 * tables_geopackage.h - layers of points and lines into one GeoPackage (WGS84), or of points into
 * one XLSX workbook, a sheet a layer. */
#ifndef KI_TABLES_GEOPACKAGE_H
#define KI_TABLES_GEOPACKAGE_H
#include "base/words.h"
#include "kerbside.h"

typedef struct ki_geopackage ki_geopackage;
typedef enum ki_layer_field_kind {
    KI_LAYER_TEXT = 0,
    KI_LAYER_INTEGER,
    KI_LAYER_REAL
} ki_layer_field_kind;
typedef struct ki_layer_field {
    const char *name; /* NULL ends a list */
    ki_layer_field_kind kind;
} ki_layer_field;

/* Built in memory; nothing is on disk before ki_geopackage_write. */
kerb_status ki_geopackage_new(ki_geopackage **out, kerb_error *err);
/* The same for a workbook: no lines; a point is the columns lat and lon behind the others. Names of
 * sheets and columns are in that language. */
kerb_status ki_workbook_new(ki_geopackage **out, ki_language language, kerb_error *err);
/* The layer that rows go to from now on. */
kerb_status ki_geopackage_layer(ki_geopackage *package, const char *name, int is_line,
                                const ki_layer_field *fields, kerb_error *err);
/* values: as text, in the order of the fields, "" for none; one point, or a line of n_points. */
kerb_status ki_geopackage_add(ki_geopackage *package, const char *const *values,
                              const int32_t *lat_e7, const int32_t *lon_e7, size_t n_points,
                              kerb_error *err);
/* Whole or not at all. Nothing may be added afterwards. */
kerb_status ki_geopackage_write(ki_geopackage *package, const char *path, kerb_error *err);
void ki_geopackage_free(ki_geopackage *package);
#endif
