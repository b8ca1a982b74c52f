/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _DEFAULT_SOURCE
#include "table_files.h"

#include "io/tables_database.h"

#include <gdal.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>

static void values_come_out_as_they_are_written(void **state) {
    (void)state;
    ki_table *table = open_text("a.csv", "id,n,when,note\n007,1.50,2026-11-02,\"a, \"\"b\"\"\nc\"\n"
                                         "8,,NULL,\n");
    assert_int_equal(ki_table_n_columns(table), 4);
    next_row(table, 1);
    expect_cell(table, "id", "007");
    expect_cell(table, "n", "1.50");
    expect_cell(table, "when", "2026-11-02");
    expect_cell(table, "note", "a, \"b\"\nc");
    next_row(table, 2);
    expect_cell(table, "n", "");
    expect_cell(table, "absent", "");
    next_row(table, 0);
    ki_table_free(table);
}

static void a_header_is_a_header_even_among_text(void **state) {
    (void)state;
    ki_table *table = open_text("b.csv", "id,name\nx,y\n");
    next_row(table, 1);
    expect_cell(table, "name", "y");
    ki_table_free(table);
}

static void header_names_are_trimmed_and_found_in_any_case(void **state) {
    (void)state;
    ki_table *table = open_text("c.csv", " Site_ID ;name\nx;y\n");
    assert_int_equal(ki_table_column(table, "site_id"), 0);
    next_row(table, 1);
    expect_cell(table, "site_id", "x");
    ki_table_free(table);
}

static void a_byte_order_mark_is_dropped(void **state) {
    (void)state;
    ki_table *table = open_text("d.csv", "\xef\xbb\xbfid,name\nx,\xe8\xa1\x97\n");
    assert_string_equal(ki_table_encoding(table), "UTF-8");
    assert_int_equal(ki_table_column(table, "id"), 0);
    next_row(table, 1);
    expect_cell(table, "name", "\xe8\xa1\x97");
    ki_table_free(table);
}

static void gb18030_is_recognised_and_recoded(void **state) {
    (void)state;
    ki_table *table = open_text("e.csv", "id,name\nx,\xbd\xd6\xb5\xc0\n");
    assert_string_equal(ki_table_encoding(table), "GB18030");
    next_row(table, 1);
    expect_cell(table, "name", "\xe8\xa1\x97\xe9\x81\x93"); /* street */
    ki_table_free(table);
}

static void utf16_with_a_mark_is_recoded(void **state) {
    (void)state;
    static const char bytes[] = "\xff\xfei\0d\0,\0n\0\n\0x\0,\0\n";
    ki_table *table;
    kerb_error err = {0};
    write_bytes("f.csv", bytes, sizeof bytes); /* its own NUL ends the last unit */
    if (ki_table_open(&table, here.path, NULL, &err) != KERB_OK) fail_msg("%s", err.message);
    next_row(table, 1);
    expect_cell(table, "id", "x");
    ki_table_free(table);
}

static void side_files_change_nothing(void **state) {
    (void)state;
    write_bytes("g.csvt", "Integer,Real\n", 13);
    ki_table *table = open_text("g.csv", "id,n\n007,1.50\n");
    next_row(table, 1);
    expect_cell(table, "id", "007");
    expect_cell(table, "n", "1.50");
    ki_table_free(table);
}

static void missing_and_surplus_fields_of_a_row_do_no_harm(void **state) {
    (void)state;
    ki_table *table = open_text("h.csv", "id,n\n1\n2,3,4,5\n");
    next_row(table, 1);
    expect_cell(table, "n", "");
    next_row(table, 2);
    expect_cell(table, "n", "3");
    next_row(table, 0);
    ki_table_free(table);
}

static void an_unclosed_quote_ends_without_harm(void **state) {
    (void)state;
    int more = 1;
    int64_t record;
    ki_table *table = open_text("q.csv", "id,n\n1,\"2\n3,4\n");
    while (more && ki_table_next(table, &more, &record, NULL) == KERB_OK) {
    }
    ki_table_free(table);
}

static void what_is_not_a_plain_file_is_refused(void **state) {
    (void)state;
    expect_refusal("/vsicurl/http://localhost/a.csv", NULL, "not a file name");
    expect_refusal("/VSIZIP/a.zip/a.csv", NULL, "not a file name");
    expect_refusal("http://localhost/a.csv", NULL, "not a file name");
    expect_refusal("<OGRVRTDataSource></OGRVRTDataSource>.csv", NULL, "not a file name");
    expect_refusal("PG:postgresql://localhost/x", NULL, "not a file name");
    expect_refusal("MYSQL:x", NULL, "expected .csv (.txt .tsv), .gpkg, .xlsx, .json");
    expect_refusal("a.vrt", NULL, "expected .csv (.txt .tsv), .gpkg, .xlsx, .json");
    expect_refusal("/nowhere/a.csv", NULL, "/nowhere/a.csv: no such file");
}

static void a_database_that_is_not_there_is_refused_without_its_password(void **state) {
    (void)state;
    expect_refusal("PG:dbname=x host=/nowhere password=hush", NULL,
                   "PG:dbname=x host=/nowhere password=***: no database that can be read");
}

static void an_address_is_refused_without_its_password(void **state) {
    (void)state;
    static const char *const CASES[] = {
        "postgresql://k:hush@db/city", "PG:postgresql://k:hush@db/x", "https://k:hush@db/bins.csv"};
    for (size_t at = 0; at < sizeof CASES / sizeof *CASES; at++) {
        ki_table *table;
        kerb_error err = {0};
        assert_int_equal(ki_table_open(&table, CASES[at], NULL, &err), KERB_BAD_INPUT);
        assert_null(strstr(err.message, "hush"));
        assert_non_null(strstr(err.message, "://...: not a file name"));
    }
}

static void passwords_are_not_shown_however_they_are_written(void **state) {
    (void)state;
    static const char *const CASES[][2] = {
        {"PG:host=db dbname=city", "PG:host=db dbname=city"},
        {"pg:host=db password=hush user=k", "PG:host=db password=*** user=k"},
        {"PG: PASSWORD = 'hu sh' user=k", "PG:PASSWORD=*** user=k"},
        {"PG:password='hu\\'s h' user=k", "PG:password=*** user=k"},
        {"PG:password=hu\\ sh user=k", "PG:password=*** user=k"},
        {"PG:host=db password='hush", "PG:host=db password=***"},
        {"PG:host=db password='hush\\", "PG:host=db password=***"},
        {"PG:sslpassword=hush", "PG:sslpassword=***"},
        {"PG:hush", "PG:..."},
        {"PG:postgresql://k:hush@db/city?sslmode=require", "PG:..."},
        {"PG:k:hu@sh=1 user=k", "PG:..."},
        {"PG:host=db hush", "PG:host=db ..."},
        {"PG:", "PG:"}};
    for (size_t at = 0; at < sizeof CASES / sizeof *CASES; at++) {
        ki_text shown = {0};
        ki_connection_show(&shown, CASES[at][0]);
        assert_string_equal(shown.bytes, CASES[at][1]);
        ki_text_free(&shown);
    }
}

static void a_folder_is_refused(void **state) {
    (void)state;
    snprintf(here.path, sizeof here.path, "%s/folder.csv", here.folder);
    char command[160];
    snprintf(command, sizeof command, "mkdir '%s'", here.path);
    assert_int_equal(system(command), 0);
    expect_refusal(here.path, NULL, "not a regular file");
}

static void a_vrt_named_csv_is_refused(void **state) {
    (void)state;
    static const char text[] = "<OGRVRTDataSource>\n<OGRVRTLayer name=\"a\">\n";
    write_bytes("v.csv", text, sizeof text - 1);
    expect_refusal(here.path, NULL, "v.csv: not a table: no row of at least two column names");
}

static void an_empty_file_is_refused(void **state) {
    (void)state;
    write_bytes("i.csv", " \r\n\n", 4);
    expect_refusal(here.path, NULL, "empty, expected a row of column names");
}

static void a_zero_byte_is_refused(void **state) {
    (void)state;
    write_bytes("j.csv", "id\nx\0y\n", 7);
    expect_refusal(here.path, NULL, "byte 5 is zero, expected text");
}

static void neither_utf8_nor_gb18030_is_refused(void **state) {
    (void)state;
    write_bytes("k.csv", "id\nx\xff\n", 6);
    expect_refusal(here.path, NULL, "byte 5 is not GB18030, expected text in UTF-8 or GB18030");
}

static void a_text_named_gpkg_is_refused(void **state) {
    (void)state;
    write_bytes("l.gpkg", "id\nx\n", 5);
    expect_refusal(here.path, NULL, "not a GeoPackage");
}

/* ---- GeoPackage ------------------------------------------------------------------------------ */

static void add_layer(GDALDatasetH dataset, const char *name, int epsg) {
    OGRSpatialReferenceH system = OSRNewSpatialReference(NULL);
    OSRImportFromEPSG(system, epsg);
    OSRSetAxisMappingStrategy(system, OAMS_TRADITIONAL_GIS_ORDER);
    OGRLayerH layer = GDALDatasetCreateLayer(dataset, name, system, wkbPoint, NULL);
    static const struct {
        const char *name;
        OGRFieldType type;
    } fields[] = {
        {"id", OFTString}, {"n", OFTInteger64}, {"r", OFTReal}, {"t", OFTDateTime}, {"d", OFTDate}};
    for (int field = 0; field < 5; field++) {
        OGRFieldDefnH shape = OGR_Fld_Create(fields[field].name, fields[field].type);
        OGR_L_CreateField(layer, shape, 1);
        OGR_Fld_Destroy(shape);
    }
    OGRFeatureH row = OGR_F_Create(OGR_L_GetLayerDefn(layer));
    OGR_F_SetFieldString(row, 0, "007");
    OGR_F_SetFieldInteger64(row, 1, 9007199254740993);
    OGR_F_SetFieldDouble(row, 2, 0.1);
    OGR_F_SetFieldDateTimeEx(row, 3, 2026, 11, 2, 19, 30, 5.0f, 104);
    OGR_F_SetFieldDateTimeEx(row, 4, 2026, 11, 2, 0, 0, 0.0f, 0);
    OGRGeometryH point = OGR_G_CreateGeometry(wkbPoint);
    OGR_G_SetPoint_2D(point, 0, 11.95, 57.7);
    OGR_F_SetGeometryDirectly(row, point);
    assert_int_equal(OGR_L_CreateFeature(layer, row), OGRERR_NONE);
    OGR_F_Destroy(row);
    OSRDestroySpatialReference(system);
}

static void make_geopackage(const char *name, int n_layers, int epsg) {
    OGRRegisterAll();
    snprintf(here.path, sizeof here.path, "%s/%s", here.folder, name);
    GDALDatasetH dataset =
        GDALCreate(GDALGetDriverByName("GPKG"), here.path, 0, 0, 0, GDT_Unknown, NULL);
    assert_non_null(dataset);
    for (int layer = 0; layer < n_layers; layer++)
        add_layer(dataset, layer ? "kerbs" : "sites", epsg);
    GDALClose(dataset);
}

static void a_geopackage_gives_the_same_text_as_a_csv_would(void **state) {
    (void)state;
    make_geopackage("m.gpkg", 2, 4326);
    ki_table *table;
    kerb_error err = {0};
    if (ki_table_open(&table, here.path, "sites", &err) != KERB_OK) fail_msg("%s", err.message);
    next_row(table, 1);
    expect_cell(table, "id", "007");
    expect_cell(table, "n", "9007199254740993");
    expect_cell(table, "r", "0.1");
    expect_cell(table, "t", "2026-11-02T19:30:05+01:00");
    expect_cell(table, "d", "2026-11-02");
    double lat, lon;
    assert_true(ki_table_has_points(table));
    assert_true(ki_table_point(table, &lat, &lon));
    assert_true(lat == 57.7 && lon == 11.95);
    next_row(table, 0);
    ki_table_free(table);
}

static void layers_of_a_geopackage_must_be_told_apart(void **state) {
    (void)state;
    make_geopackage("n.gpkg", 2, 4326);
    expect_refusal(here.path, NULL, "2 layers, expected one or its name: sites, kerbs");
    expect_refusal(here.path, "bins", "no layer 'bins', expected one of: sites, kerbs");
}

static void points_in_metres_are_refused(void **state) {
    (void)state;
    make_geopackage("o.gpkg", 1, 3006);
    expect_refusal(here.path, NULL, "expected longitude and latitude (EPSG:4326)");
}

static void reading_a_geopackage_leaves_no_file_behind(void **state) {
    (void)state;
    char command[200];
    make_geopackage("p.gpkg", 1, 4326);
    ki_table *table;
    assert_int_equal(ki_table_open(&table, here.path, NULL, NULL), KERB_OK);
    next_row(table, 1);
    snprintf(command, sizeof command, "test $(ls '%s' | grep -c '^p') = 1", here.folder);
    assert_int_equal(system(command), 0);
    ki_table_free(table);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_come_out_as_they_are_written),
        cmocka_unit_test(a_header_is_a_header_even_among_text),
        cmocka_unit_test(header_names_are_trimmed_and_found_in_any_case),
        cmocka_unit_test(a_byte_order_mark_is_dropped),
        cmocka_unit_test(gb18030_is_recognised_and_recoded),
        cmocka_unit_test(utf16_with_a_mark_is_recoded),
        cmocka_unit_test(side_files_change_nothing),
        cmocka_unit_test(missing_and_surplus_fields_of_a_row_do_no_harm),
        cmocka_unit_test(an_unclosed_quote_ends_without_harm),
        cmocka_unit_test(what_is_not_a_plain_file_is_refused),
        cmocka_unit_test(a_folder_is_refused),
        cmocka_unit_test(a_database_that_is_not_there_is_refused_without_its_password),
        cmocka_unit_test(an_address_is_refused_without_its_password),
        cmocka_unit_test(passwords_are_not_shown_however_they_are_written),
        cmocka_unit_test(a_vrt_named_csv_is_refused),
        cmocka_unit_test(an_empty_file_is_refused),
        cmocka_unit_test(a_zero_byte_is_refused),
        cmocka_unit_test(neither_utf8_nor_gb18030_is_refused),
        cmocka_unit_test(a_text_named_gpkg_is_refused),
        cmocka_unit_test(a_geopackage_gives_the_same_text_as_a_csv_would),
        cmocka_unit_test(layers_of_a_geopackage_must_be_told_apart),
        cmocka_unit_test(points_in_metres_are_refused),
        cmocka_unit_test(reading_a_geopackage_leaves_no_file_behind),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_files);
}
