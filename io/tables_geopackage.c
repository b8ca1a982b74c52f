/* SPDX-License-Identifier: GPL-3.0-or-later
 * tables_geopackage.c - a GeoPackage or a workbook by GDAL, built in its memory and written by
 * base/file.c, so that it appears whole or not at all. */
#include "tables_geopackage.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"

#include <cpl_conv.h>
#include <cpl_error.h>
#include <cpl_vsi.h>
#include <gdal.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>
#include <stdio.h>
#include <stdlib.h>

struct ki_geopackage {
    ki_language language; /* of names in a workbook; English in a GeoPackage */
    GDALDatasetH dataset;
    OGRSpatialReferenceH system;
    OGRLayerH layer;
    const ki_layer_field *fields;
    int is_line, is_workbook; /* which has no shapes: points are columns behind the others */
    char memory_name[64];
    char message[256]; /* GDAL's last complaint */
};

static void CPL_STDCALL keep_message(CPLErr level, CPLErrorNum number, const char *message) {
    (void)number;
    ki_geopackage *package = CPLGetErrorHandlerUserData();
    if (level >= CE_Failure && package)
        snprintf(package->message, sizeof package->message, "%s", message);
}

static kerb_status complain(const ki_geopackage *package, const char *step, kerb_error *err) {
    return ki_fail(err, KERB_IO, "%s, %s: %s", package->is_workbook ? "XLSX" : "GeoPackage", step,
                   package->message[0] ? package->message : "refused");
}

static int create(ki_geopackage *package) {
    GDALAllRegister();
    GDALDriverH driver = GDALGetDriverByName(package->is_workbook ? "XLSX" : "GPKG");
    package->system = OSRNewSpatialReference(NULL);
    if (!driver || !package->system || OSRImportFromEPSG(package->system, 4326) != OGRERR_NONE)
        return -1;
    OSRSetAxisMappingStrategy(package->system, OAMS_TRADITIONAL_GIS_ORDER);
    package->dataset = GDALCreate(driver, package->memory_name, 0, 0, 0, GDT_Unknown, NULL);
    return package->dataset ? 0 : -1;
}

static kerb_status make(ki_geopackage **out, int is_workbook, kerb_error *err) {
    ki_geopackage *package = *out = ki_alloc_zero(1, sizeof *package);
    if (!package) return ki_fail_no_memory(err, "a GeoPackage");
    package->is_workbook = is_workbook;
    snprintf(package->memory_name, sizeof package->memory_name, "/vsimem/%p.%s", (void *)package,
             is_workbook ? "xlsx" : "gpkg");
    CPLPushErrorHandlerEx(keep_message, package);
    /* The same rows, the same bytes: not the time of writing. */
    CPLSetThreadLocalConfigOption("OGR_CURRENT_DATE", "2000-01-01T00:00:00.000Z");
    int failed = create(package);
    CPLPopErrorHandler();
    if (!failed) return KERB_OK;
    complain(package, "create", err);
    ki_geopackage_free(package);
    *out = NULL;
    return KERB_IO;
}

kerb_status ki_geopackage_new(ki_geopackage **out, kerb_error *err) {
    return make(out, 0, err);
}

kerb_status ki_workbook_new(ki_geopackage **out, ki_language language, kerb_error *err) {
    kerb_status status = make(out, 1, err);
    if (status == KERB_OK) (*out)->language = language;
    return status;
}

static int add_field(OGRLayerH layer, const ki_layer_field *field, ki_language language) {
    static const OGRFieldType types[] = {OFTString, OFTInteger64, OFTReal};
    OGRFieldDefnH about = OGR_Fld_Create(ki_say(language, field->name), types[field->kind]);
    OGRErr failed = OGR_L_CreateField(layer, about, 0);
    OGR_Fld_Destroy(about);
    return failed != OGRERR_NONE;
}

static const ki_layer_field point_fields[] = {{"lat", KI_LAYER_REAL}, {"lon", KI_LAYER_REAL}};

static int add_layer(ki_geopackage *package, const char *name) {
    OGRwkbGeometryType shape = package->is_line ? wkbLineString : wkbPoint;
    package->layer = GDALDatasetCreateLayer(package->dataset, ki_say(package->language, name),
                                            package->is_workbook ? NULL : package->system,
                                            package->is_workbook ? wkbNone : shape, NULL);
    for (const ki_layer_field *field = package->fields; package->layer && field->name; field++)
        if (add_field(package->layer, field, package->language)) return -1;
    for (int axis = 0; package->layer && package->is_workbook && axis < 2; axis++)
        if (add_field(package->layer, &point_fields[axis], package->language)) return -1;
    return package->layer && OGR_L_StartTransaction(package->layer) == OGRERR_NONE ? 0 : -1;
}

kerb_status ki_geopackage_layer(ki_geopackage *package, const char *name, int is_line,
                                const ki_layer_field *fields, kerb_error *err) {
    package->fields = fields;
    package->is_line = is_line;
    CPLPushErrorHandlerEx(keep_message, package);
    int failed = package->layer && OGR_L_CommitTransaction(package->layer) != OGRERR_NONE;
    if (!failed) failed = add_layer(package, name);
    CPLPopErrorHandler();
    return failed ? complain(package, name, err) : KERB_OK;
}

/* How many there are. */
static int set_fields(OGRFeatureH row, const ki_layer_field *fields, const char *const *values) {
    int at = 0;
    for (; fields[at].name; at++) {
        if (!values[at] || !*values[at]) continue;
        if (fields[at].kind == KI_LAYER_INTEGER)
            OGR_F_SetFieldInteger64(row, at, strtoll(values[at], NULL, 10));
        else if (fields[at].kind == KI_LAYER_REAL)
            OGR_F_SetFieldDouble(row, at, strtod(values[at], NULL));
        else
            OGR_F_SetFieldString(row, at, values[at]);
    }
    return at;
}

static int add_row(ki_geopackage *package, const char *const *values, const int32_t *lat_e7,
                   const int32_t *lon_e7) {
    OGRFeatureH row = OGR_F_Create(OGR_L_GetLayerDefn(package->layer));
    if (!row) return -1;
    int at = set_fields(row, package->fields, values);
    OGR_F_SetFieldDouble(row, at, *lat_e7 * 1e-7);
    OGR_F_SetFieldDouble(row, at + 1, *lon_e7 * 1e-7);
    int failed = OGR_L_CreateFeature(package->layer, row) != OGRERR_NONE;
    OGR_F_Destroy(row);
    return failed;
}

static int add_shape(ki_geopackage *package, const char *const *values, const int32_t *lat_e7,
                     const int32_t *lon_e7, size_t n_points) {
    OGRFeatureH row = OGR_F_Create(OGR_L_GetLayerDefn(package->layer));
    OGRGeometryH shape = OGR_G_CreateGeometry(package->is_line ? wkbLineString : wkbPoint);
    for (size_t point = 0; shape && point < n_points; point++)
        OGR_G_AddPoint_2D(shape, lon_e7[point] * 1e-7, lat_e7[point] * 1e-7);
    if (row) set_fields(row, package->fields, values);
    int failed = !row || !shape;
    if (!failed && n_points) failed = OGR_F_SetGeometry(row, shape) != OGRERR_NONE;
    if (!failed) failed = OGR_L_CreateFeature(package->layer, row) != OGRERR_NONE;
    OGR_G_DestroyGeometry(shape);
    if (row) OGR_F_Destroy(row);
    return failed;
}

kerb_status ki_geopackage_add(ki_geopackage *package, const char *const *values,
                              const int32_t *lat_e7, const int32_t *lon_e7, size_t n_points,
                              kerb_error *err) {
    CPLPushErrorHandlerEx(keep_message, package);
    int failed = package->is_workbook ? add_row(package, values, lat_e7, lon_e7)
                                      : add_shape(package, values, lat_e7, lon_e7, n_points);
    CPLPopErrorHandler();
    return failed ? complain(package, "a row", err) : KERB_OK;
}

kerb_status ki_geopackage_write(ki_geopackage *package, const char *path, kerb_error *err) {
    CPLPushErrorHandlerEx(keep_message, package);
    int failed = package->layer && OGR_L_CommitTransaction(package->layer) != OGRERR_NONE;
    GDALClose(package->dataset);
    package->dataset = NULL;
    CPLPopErrorHandler();
    vsi_l_offset n_bytes = 0;
    const void *bytes = VSIGetMemFileBuffer(package->memory_name, &n_bytes, FALSE);
    if (failed || !bytes || package->message[0]) return complain(package, path, err);
    return ki_file_write(path, bytes, (size_t)n_bytes, err);
}

void ki_geopackage_free(ki_geopackage *package) {
    if (!package) return;
    if (package->dataset) GDALClose(package->dataset);
    VSIUnlink(package->memory_name);
    if (package->system) OSRDestroySpatialReference(package->system);
    CPLSetThreadLocalConfigOption("OGR_CURRENT_DATE", NULL);
    ki_free(package);
}
