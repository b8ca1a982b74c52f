/* SPDX-License-Identifier: GPL-3.0-or-later
 * tables.c - tables by GDAL; formats it does not read are in tables_source.h.
 *
 * OGR reads a dozen ways of writing a table; kerbside uses four of them and distrusts the rest:
 *   - only the CSV, GPKG and XLSX drivers may open a file, and only a plain one: names that
 * begin with /vsi could make GDAL open an archive or a server;
 *   - a server is asked where the name says so, with PG: in front, and by the PostgreSQL driver
 * only; its password is in no message;
 *   - a CSV is read and recoded here and handed to OGR in memory, so that side files (.csvt,
 *     .prj) next to it change nothing, and what OGR does not notice (encoding, zero bytes) is;
 *   - types are not guessed: values come out as written, because a guess turns the id 007 into 7.
 * GDAL prints to the terminal by default; its handler is replaced around each call. */
#define _GNU_SOURCE /* strcasestr */
#include "tables.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "tables_database.h"
#include "tables_encoding.h"
#include "tables_source.h"
#include "tables_workbook.h"

#include <cpl_conv.h>
#include <cpl_error.h>
#include <cpl_vsi.h>
#include <gdal.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

enum { SLOT_CHARS = 64, NAME_CHARS = 96, MAX_COLUMNS = 1000 };

typedef struct field {
    char name[NAME_CHARS]; /* trimmed */
    OGRFieldType type;
    char slot[SLOT_CHARS]; /* a number or time of the row, as text */
} field;

struct ki_table {
    ki_source *source; /* of a format that GDAL does not read; then all but path and record is 0 */
    GDALDatasetH dataset;
    OGRLayerH layer;
    OGRFeatureH row;
    char *path;
    char *bytes;          /* a CSV, recoded; borrowed by OGR */
    char memory_name[64]; /* under which OGR knows the bytes */
    const char *encoding;
    int is_workbook;
    int64_t record;
    size_t n_columns;
    field *columns;
    char message[256]; /* GDAL's last complaint */
};

static void CPL_STDCALL keep_message(CPLErr level, CPLErrorNum number, const char *message) {
    (void)number;
    ki_table *table = CPLGetErrorHandlerUserData();
    if (level >= CE_Failure && table && !table->message[0])
        snprintf(table->message, sizeof table->message, "%s", message);
}

static void listen(ki_table *table) {
    table->message[0] = '\0';
    CPLPushErrorHandlerEx(keep_message, table);
}

static void unlisten(void) {
    CPLPopErrorHandler();
}

/* ---- what may be opened ---------------------------------------------------------------------- */

static int ends_in(const char *path, const char *ending) {
    size_t n_path = strlen(path), n_ending = strlen(ending);
    return n_path >= n_ending && strcasecmp(path + n_path - n_ending, ending) == 0;
}

typedef kerb_status (*opener)(ki_table *table, kerb_error *err);
static kerb_status open_csv(ki_table *table, kerb_error *err);
static kerb_status open_geopackage(ki_table *table, kerb_error *err);
static kerb_status open_workbook(ki_table *table, kerb_error *err);
static kerb_status open_json(ki_table *table, kerb_error *err);
static kerb_status open_messages(ki_table *table, kerb_error *err);
static kerb_status open_database(ki_table *table, kerb_error *err);

/* NULL: not read. */
static opener format_of(const char *path) {
    static const struct {
        const char *ending;
        opener open;
    } FORMATS[] = {{".csv", open_csv},         {".txt", open_csv},       {".tsv", open_csv},
                   {".gpkg", open_geopackage}, {".xlsx", open_workbook}, {".json", open_json},
                   {".jsonl", open_json},      {".ndjson", open_json},   {".jsonld", open_json},
                   {".pb", open_messages}};
    if (ki_is_connection(path)) return open_database;
    for (size_t format = 0; format < sizeof FORMATS / sizeof *FORMATS; format++)
        if (ends_in(path, FORMATS[format].ending)) return FORMATS[format].open;
    return NULL;
}

/* An address may hold a password anywhere behind its "//". */
static kerb_status refuse_address(const char *path, kerb_error *err) {
    const char *rest = strstr(path, "://");
    int shown = rest ? (int)(rest - path) + 3 : (int)strlen(path);
    return ki_fail(err, KERB_BAD_INPUT, "%.*s%s: not a file name, expected a plain file", shown,
                   path, rest ? "..." : "");
}

static kerb_status check_path(const char *path, kerb_error *err) {
    struct stat about;
    if (ki_is_connection(path) && !strstr(path, "://")) return KERB_OK;
    if (strncasecmp(path, "/vsi", 4) == 0 || strstr(path, "://") || strchr(path, '<'))
        return refuse_address(path, err);
    if (!format_of(path))
        return ki_fail(err, KERB_BAD_INPUT,
                       "%s: format not read, expected .csv (.txt .tsv), .gpkg, .xlsx, .json "
                       "(.jsonl .ndjson .jsonld) or .pb",
                       path);
    if (stat(path, &about) != 0) return ki_fail(err, KERB_BAD_INPUT, "%s: no such file", path);
    if (!S_ISREG(about.st_mode))
        return ki_fail(err, KERB_BAD_INPUT, "%s: not a regular file", path);
    return KERB_OK;
}

/* ---- opening --------------------------------------------------------------------------------- */

static GDALDatasetH open_with(ki_table *table, const char *name, const char *driver,
                              const char *const *options) {
    static int registered; /* idempotent in GDAL; the command opens tables from one thread */
    if (!registered) {
        CPLSetConfigOption("GDAL_PAM_ENABLED", "NO");
        OGRRegisterAll();
        registered = 1;
    }
    const char *const drivers[] = {driver, NULL};
    listen(table);
    GDALDatasetH dataset =
        GDALOpenEx(name, GDAL_OF_VECTOR | GDAL_OF_READONLY, drivers, options, NULL);
    unlisten();
    return dataset;
}

static kerb_status open_csv(ki_table *table, kerb_error *err) {
    static const char *const options[] = {"AUTODETECT_TYPE=NO", "HEADERS=YES", NULL};
    size_t n_bytes;
    KI_TRY(ki_file_read(&table->bytes, &n_bytes, table->path, KI_SOURCE_MAX_BYTES, err));
    KI_TRY(ki_recode(&table->bytes, &n_bytes, &table->encoding, table->path, err));
    if (strspn(table->bytes, " \t\r\n") == n_bytes)
        return ki_fail(err, KERB_BAD_INPUT, "%s: empty, expected a row of column names",
                       table->path);
    snprintf(table->memory_name, sizeof table->memory_name, "/vsimem/kerbside-%p.csv",
             (void *)table);
    VSILFILE *file = VSIFileFromMemBuffer(table->memory_name, (GByte *)table->bytes,
                                          (vsi_l_offset)n_bytes, FALSE);
    if (!file) return ki_fail_no_memory(err, table->path);
    VSIFCloseL(file);
    table->dataset = open_with(table, table->memory_name, "CSV", options);
    if (!table->dataset)
        return ki_fail(err, KERB_BAD_INPUT, "%s: not a table: %s", table->path,
                       table->message[0] ? table->message : "no row of at least two column names");
    return KERB_OK;
}

/* Immutable: no journal or lock file appears next to a file that is only read. */
static kerb_status open_geopackage(ki_table *table, kerb_error *err) {
    static const char *const options[] = {"IMMUTABLE=YES", "LIST_ALL_TABLES=YES", NULL};
    table->dataset = open_with(table, table->path, "GPKG", options);
    if (!table->dataset)
        return ki_fail(err, KERB_BAD_INPUT, "%s: not a GeoPackage: %s", table->path,
                       table->message[0] ? table->message : "unknown format");
    return KERB_OK;
}

/* One sheet is read on the first question about its columns, in read_columns. */
static kerb_status open_workbook(ki_table *table, kerb_error *err) {
    KI_TRY(ki_workbook_check(table->path, err));
    table->is_workbook = 1;
    ki_workbook_read_as_text(1);
    table->dataset = open_with(table, table->path, "XLSX", NULL);
    if (table->dataset) return KERB_OK;
    return ki_fail(err, KERB_BAD_INPUT, "%s: not a workbook (XLSX): %s", table->path,
                   table->message[0] ? table->message : "unknown format");
}

static kerb_status open_json(ki_table *table, kerb_error *err) {
    return ki_source_open_json(&table->source, table->path, err);
}

static kerb_status open_messages(ki_table *table, kerb_error *err) {
    return ki_source_open_messages(&table->source, table->path, err);
}

/* From here on the path is for people. */
static kerb_status show_connection(ki_table *table, kerb_error *err) {
    ki_text shown = {0};
    ki_connection_show(&shown, table->path);
    if (shown.failed) return ki_fail_no_memory(err, "a connection");
    ki_free(table->path);
    table->path = shown.bytes; /* of the same allocator */
    return KERB_OK;
}

/* What GDAL says of a connection may quote it. */
static const char *without_secrets(const ki_table *table) {
    if (!table->message[0]) return "no answer";
    return strcasestr(table->message, "password=") ? "refused" : table->message;
}

static kerb_status open_database(ki_table *table, kerb_error *err) {
    static const char *const options[] = {"LIST_ALL_TABLES=YES", NULL};
    ki_text connection = {0};
    ki_connection_complete(&connection, table->path);
    if (connection.failed) return ki_fail_no_memory(err, "a connection");
    table->dataset = open_with(table, connection.bytes, "PostgreSQL", options);
    ki_text_free(&connection);
    KI_TRY(show_connection(table, err));
    for (char *c = table->message; *c; c++)
        if (*c == '\n') *c = ' ';
    if (table->dataset) return KERB_OK;
    return ki_fail(err, KERB_BAD_INPUT, "%s: no database that can be read: %s", table->path,
                   without_secrets(table));
}

static void list_layers(GDALDatasetH dataset, char *names, size_t size) {
    size_t used = 0;
    names[0] = '\0';
    for (int layer = 0; layer < GDALDatasetGetLayerCount(dataset); layer++) {
        const char *name = OGR_L_GetName(GDALDatasetGetLayer(dataset, layer));
        int wrote = snprintf(names + used, size - used, "%s%s", layer ? ", " : "", name);
        if (wrote < 0 || (size_t)wrote >= size - used) return;
        used += (size_t)wrote;
    }
}

static kerb_status choose_layer(ki_table *table, const char *layer, kerb_error *err) {
    char names[256];
    int n_layers = GDALDatasetGetLayerCount(table->dataset);
    if (layer && !table->bytes) {
        for (int at = 0; at < n_layers && !table->layer; at++) {
            OGRLayerH candidate = GDALDatasetGetLayer(table->dataset, at);
            if (strcmp(OGR_L_GetName(candidate), layer) == 0) table->layer = candidate;
        }
    } else if (n_layers == 1) {
        table->layer = GDALDatasetGetLayer(table->dataset, 0);
    }
    if (table->layer) return KERB_OK;
    list_layers(table->dataset, names, sizeof names);
    if (layer)
        return ki_fail(err, KERB_BAD_INPUT, "%s: no layer '%s', expected one of: %s", table->path,
                       layer, names);
    return ki_fail(err, KERB_BAD_INPUT, "%s: %d layers, expected one or its name: %s", table->path,
                   n_layers, names);
}

static void copy_trimmed(char *to, size_t size, const char *from) {
    while (*from == ' ' || *from == '\t')
        from++;
    snprintf(to, size, "%s", from);
    size_t length = strlen(to);
    while (length && (to[length - 1] == ' ' || to[length - 1] == '\t'))
        to[--length] = '\0';
}

static kerb_status read_columns(ki_table *table, kerb_error *err) {
    OGRFeatureDefnH shape = OGR_L_GetLayerDefn(table->layer);
    int n_columns = OGR_FD_GetFieldCount(shape);
    if (n_columns > MAX_COLUMNS)
        return ki_fail(err, KERB_BAD_INPUT, "%s: %d columns, expected at most %d", table->path,
                       n_columns, MAX_COLUMNS);
    table->columns = ki_alloc_zero((size_t)n_columns, sizeof *table->columns);
    if (!table->columns) return ki_fail_no_memory(err, table->path);
    table->n_columns = (size_t)n_columns;
    for (int at = 0; at < n_columns; at++) {
        OGRFieldDefnH shown = OGR_FD_GetFieldDefn(shape, at);
        copy_trimmed(table->columns[at].name, NAME_CHARS, OGR_Fld_GetNameRef(shown));
        table->columns[at].type = OGR_Fld_GetType(shown);
    }
    return KERB_OK;
}

/* Points are read as longitude and latitude; another projection would be nonsense silently. */
static kerb_status check_projection(const ki_table *table, kerb_error *err) {
    OGRSpatialReferenceH system = OGR_L_GetSpatialRef(table->layer);
    if (!system || OSRIsGeographic(system) || OGR_L_GetGeomType(table->layer) == wkbNone)
        return KERB_OK;
    const char *name = OSRGetName(system);
    if (!OSRIsProjected(system)) return KERB_OK; /* GeoPackage's "undefined" */
    return ki_fail(err, KERB_BAD_INPUT,
                   "%s: points are in %s, expected longitude and latitude (EPSG:4326)", table->path,
                   name ? name : "another projection");
}

static kerb_status open_layer(ki_table *table, const char *layer, kerb_error *err) {
    KI_TRY(choose_layer(table, layer, err));
    KI_TRY(check_projection(table, err));
    KI_TRY(read_columns(table, err));
    if (!table->is_workbook) return KERB_OK;
    return ki_workbook_check_cells(table->path, OGR_L_GetFeatureCount(table->layer, 1),
                                   table->n_columns, err);
}

static kerb_status open_table(ki_table *table, const char *path, const char *layer,
                              kerb_error *err) {
    KI_TRY(check_path(path, err));
    table->encoding = "UTF-8";
    table->path = ki_strdup(path);
    if (!table->path) return ki_fail_no_memory(err, path);
    KI_TRY(format_of(path)(table, err));
    return table->source ? KERB_OK : open_layer(table, layer, err);
}

kerb_status ki_table_open(ki_table **out, const char *path, const char *layer, kerb_error *err) {
    *out = NULL;
    ki_table *table = ki_alloc_zero(1, sizeof *table);
    if (!table) return ki_fail_no_memory(err, path);
    kerb_status status = open_table(table, path, layer, err);
    ki_workbook_read_as_text(0);
    if (status != KERB_OK) {
        ki_table_free(table);
        return status;
    }
    *out = table;
    return KERB_OK;
}

void ki_table_free(ki_table *table) {
    if (!table) return;
    if (table->source) table->source->calls->free(table->source);
    listen(table);
    if (table->row) OGR_F_Destroy(table->row);
    if (table->dataset) GDALClose(table->dataset);
    if (table->memory_name[0]) VSIUnlink(table->memory_name);
    unlisten();
    ki_free(table->columns);
    ki_free(table->bytes);
    ki_free(table->path);
    ki_free(table);
}

/* ---- columns --------------------------------------------------------------------------------- */

int ki_table_column(const ki_table *table, const char *name) {
    if (table->source) return table->source->calls->column(table->source, name);
    for (size_t column = 0; column < table->n_columns; column++)
        if (strcasecmp(table->columns[column].name, name) == 0) return (int)column;
    return -1;
}

size_t ki_table_n_columns(const ki_table *table) {
    return table->source ? table->source->calls->n_columns(table->source) : table->n_columns;
}

const char *ki_table_column_name(const ki_table *table, size_t column) {
    if (table->source) return table->source->calls->column_name(table->source, column);
    return table->columns[column].name;
}

const char *ki_table_encoding(const ki_table *table) {
    return table->encoding;
}

/* ---- rows ------------------------------------------------------------------------------------ */

static kerb_status next_of_source(ki_table *table, int *more, int64_t *record, kerb_error *err) {
    KI_TRY(table->source->calls->next(table->source, more, err));
    table->record += *more;
    *record = table->record;
    return KERB_OK;
}

const char *ki_table_fault(const ki_table *table) {
    return table->source ? table->source->calls->fault(table->source) : NULL;
}

/* A sheet goes on where only its cells' formats do. */
static int is_empty(const ki_table *table) {
    for (int column = 0; column < (int)table->n_columns; column++)
        if (OGR_F_IsFieldSetAndNotNull(table->row, column)) return 0;
    return 1;
}

kerb_status ki_table_next(ki_table *table, int *more, int64_t *record, kerb_error *err) {
    if (table->source) return next_of_source(table, more, record, err);
    listen(table);
    do {
        if (table->row) OGR_F_Destroy(table->row);
        table->row = OGR_L_GetNextFeature(table->layer);
    } while (table->is_workbook && table->row && is_empty(table));
    unlisten();
    *more = table->row != NULL;
    /* OGR ends at a row it cannot read as it does after the last one; only the message differs. */
    if (!*more && table->message[0])
        return ki_fail(err, KERB_BAD_INPUT, "%s, record %lld: cannot be read: %s", table->path,
                       (long long)(table->record + 1), table->message);
    if (*more)
        table->record = table->is_workbook ? OGR_F_GetFID(table->row) - 1 : table->record + 1;
    *record = table->record;
    return KERB_OK;
}

static const char *real_text(double value, char slot[SLOT_CHARS]) {
    snprintf(slot, SLOT_CHARS, "%.15g", value);
    if (CPLAtof(slot) != value) snprintf(slot, SLOT_CHARS, "%.17g", value);
    return slot;
}

/* OGR's time zone flag: 0 unknown, 1 local, 100 UTC, and 15 minutes a step from there. */
static const char *time_text(OGRFeatureH row, int at, int has_clock, char slot[SLOT_CHARS]) {
    int year, month, day, hour, minute, zone;
    float second;
    if (!OGR_F_GetFieldAsDateTimeEx(row, at, &year, &month, &day, &hour, &minute, &second, &zone))
        return "";
    int used = snprintf(slot, SLOT_CHARS, "%04d-%02d-%02d", year, month, day);
    if (has_clock) {
        int whole = second > 59.0f ? 59 : (int)second;
        used += snprintf(slot + used, SLOT_CHARS - (size_t)used, "T%02d:%02d:%02d", hour, minute,
                         whole);
        int quarters = zone - 100;
        if (zone > 1)
            snprintf(slot + used, SLOT_CHARS - (size_t)used, "%c%02d:%02d",
                     quarters < 0 ? '-' : '+', (quarters < 0 ? -quarters : quarters) / 4,
                     (quarters < 0 ? -quarters : quarters) % 4 * 15);
    }
    return slot;
}

const char *ki_table_value(const ki_table *table, int at) {
    if (table->source) return table->source->calls->value(table->source, at);
    if (at < 0 || (size_t)at >= table->n_columns || !table->row) return "";
    if (!OGR_F_IsFieldSetAndNotNull(table->row, at)) return "";
    field *cell = &table->columns[at];
    switch (cell->type) {
    case OFTString: {
        const char *text = OGR_F_GetFieldAsString(table->row, at);
        return table->is_workbook ? ki_workbook_value(text, cell->slot) : text;
    }
    case OFTInteger:
    case OFTInteger64:
        snprintf(cell->slot, SLOT_CHARS, "%lld",
                 (long long)OGR_F_GetFieldAsInteger64(table->row, at));
        return cell->slot;
    case OFTReal: return real_text(OGR_F_GetFieldAsDouble(table->row, at), cell->slot);
    case OFTDate:
    case OFTDateTime: return time_text(table->row, at, cell->type == OFTDateTime, cell->slot);
    default: return ""; /* lists, bytes: nothing a column here may hold */
    }
}

int ki_table_has_points(const ki_table *table) {
    return table->layer && wkbFlatten(OGR_L_GetGeomType(table->layer)) == wkbPoint;
}

int ki_table_point(const ki_table *table, double *lat_deg, double *lon_deg) {
    OGRGeometryH shape = table->row ? OGR_F_GetGeometryRef(table->row) : NULL;
    if (!shape || wkbFlatten(OGR_G_GetGeometryType(shape)) != wkbPoint || OGR_G_IsEmpty(shape))
        return 0;
    *lat_deg = OGR_G_GetY(shape, 0);
    *lon_deg = OGR_G_GetX(shape, 0);
    return 1;
}

size_t ki_table_line(const ki_table *table, double *lat_deg, double *lon_deg, size_t n_most) {
    OGRGeometryH shape = table->row ? OGR_F_GetGeometryRef(table->row) : NULL;
    if (!shape || wkbFlatten(OGR_G_GetGeometryType(shape)) != wkbLineString) return 0;
    int n = OGR_G_GetPointCount(shape);
    if (n < 2 || (size_t)n > n_most) return 0;
    for (int at = 0; at < n; at++) {
        lat_deg[at] = OGR_G_GetY(shape, at);
        lon_deg[at] = OGR_G_GetX(shape, at);
    }
    return (size_t)n;
}
