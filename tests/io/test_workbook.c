/* SPDX-License-Identifier: GPL-3.0-or-later
 * Sheets of an XLSX workbook, made here part by part as spreadsheets make them, and a plan's. */
#define _DEFAULT_SOURCE
#include "table_files.h"

#include "base/text.h"
#include "io/tables_geopackage.h"

#include <cpl_conv.h>
#include <cpl_vsi.h>

static void add_part(const char *archive, const char *name, const char *xml) {
    char path[256];
    snprintf(path, sizeof path, "/vsizip/%s/%s", archive, name);
    VSILFILE *part = VSIFOpenL(path, "wb");
    assert_non_null(part);
    assert_int_equal(VSIFWriteL(xml, 1, strlen(xml), part), strlen(xml));
    VSIFCloseL(part);
}

#define XML "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
#define MAIN "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\""
#define RELATIONS "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

/* One sheet for each text of rows; a cell's style 1 is a date with its time. */
static void write_workbook(const char *name, const char *const *sheets, int n_sheets) {
    ki_text book = {0}, relations = {0}, types = {0};
    snprintf(here.path, sizeof here.path, "%s/%s", here.folder, name);
    ki_text_add(&book, XML "<workbook " MAIN " xmlns:r=\"" RELATIONS "\"><sheets>");
    ki_text_add(&relations, XML "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/"
                                "2006/relationships\"><Relationship Id=\"rIdS\" Type=\"" RELATIONS
                                "/styles\" Target=\"styles.xml\"/>");
    ki_text_add(&types, XML "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/"
                            "content-types\"><Default Extension=\"xml\" ContentType=\"text/xml\"/>"
                            "<Override PartName=\"/xl/workbook.xml\" ContentType=\"application/"
                            "vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/>"
                            "<Override PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\""
                            "application/vnd.openxmlformats-officedocument.spreadsheetml."
                            "worksheet+xml\"/>"
                            "</Types>");
    VSILFILE *archive;
    char path[256];
    snprintf(path, sizeof path, "/vsizip/%s", here.path);
    archive = VSIFOpenL(path, "wb"); /* open while its parts are written */
    assert_non_null(archive);
    add_part(here.path, "[Content_Types].xml", types.bytes);
    for (int sheet = 0; sheet < n_sheets; sheet++) {
        ki_text rows = {0};
        char part[64];
        ki_text_add(&book, "<sheet name=\"S%d\" sheetId=\"%d\" r:id=\"rId%d\"/>", sheet + 1,
                    sheet + 1, sheet + 1);
        ki_text_add(&relations,
                    "<Relationship Id=\"rId%d\" Type=\"" RELATIONS
                    "/worksheet\" Target=\"worksheets/sheet%d.xml\"/>",
                    sheet + 1, sheet + 1);
        ki_text_add(&rows, XML "<worksheet " MAIN "><sheetData>%s</sheetData></worksheet>",
                    sheets[sheet]);
        snprintf(part, sizeof part, "xl/worksheets/sheet%d.xml", sheet + 1);
        add_part(here.path, part, rows.bytes);
        ki_text_free(&rows);
    }
    ki_text_add(&book, "</sheets></workbook>");
    ki_text_add(&relations, "</Relationships>");
    add_part(here.path, "xl/workbook.xml", book.bytes);
    add_part(here.path, "xl/_rels/workbook.xml.rels", relations.bytes);
    add_part(here.path, "xl/styles.xml",
             XML "<styleSheet " MAIN "><cellXfs count=\"2\"><xf numFmtId=\"0\"/><xf "
                 "numFmtId=\"22\"/></cellXfs></styleSheet>");
    VSIFCloseL(archive);
    ki_text_free(&book);
    ki_text_free(&relations);
    ki_text_free(&types);
}

#define TEXT(cell, text) "<c r=\"" cell "\" t=\"inlineStr\"><is><t>" text "</t></is></c>"
#define NUMBER(cell, number) "<c r=\"" cell "\"><v>" number "</v></c>"
#define TIME(cell, days) "<c r=\"" cell "\" s=\"1\"><v>" days "</v></c>"
#define ROW(number, cells) "<row r=\"" number "\">" cells "</row>"
static const char bins[] = ROW("1", TEXT("A1", "id") TEXT("B1", "fill") TEXT("C1", "time"))
    ROW("2", TEXT("A2", "007") NUMBER("B2", "0.75") TIME("C2", "46328.5"))
        ROW("4", NUMBER("A4", "1.2E+20") NUMBER("B4", "120000000000") TEXT("C4", "\xe8\xa1\x97"));

static ki_table *open_sheet(const char *layer) {
    ki_table *table;
    kerb_error err = {0};
    if (ki_table_open(&table, here.path, layer, &err) != KERB_OK) fail_msg("%s", err.message);
    return table;
}

static void ids_keep_their_zeros_and_rows_their_numbers(void **state) {
    (void)state;
    write_workbook("a.xlsx", (const char *const[]){bins}, 1);
    ki_table *table = open_sheet(NULL);
    assert_int_equal(ki_table_n_columns(table), 3);
    next_row(table, 1);
    expect_cell(table, "id", "007");
    expect_cell(table, "fill", "0.75");
    expect_cell(table, "time", "2026-11-02T12:00:00");
    next_row(table, 3); /* the sheet's row 3 is empty */
    expect_cell(table, "id", "1.2E+20");
    expect_cell(table, "fill", "120000000000");
    expect_cell(table, "time", "\xe8\xa1\x97");
    next_row(table, 0);
    ki_table_free(table);
}

static void the_first_row_is_the_header_also_of_text_only(void **state) {
    (void)state;
    static const char rows[] =
        ROW("1", TEXT("A1", "id") TEXT("B1", "name")) ROW("2", TEXT("A2", "x") TEXT("B2", "y"));
    write_workbook("b.xlsx", (const char *const[]){rows}, 1);
    ki_table *table = open_sheet(NULL);
    next_row(table, 1);
    expect_cell(table, "name", "y");
    ki_table_free(table);
}

static void one_of_several_sheets_is_named(void **state) {
    (void)state;
    static const char other[] =
        ROW("1", TEXT("A1", "k") TEXT("B1", "v")) ROW("2", TEXT("A2", "1") TEXT("B2", "2"));
    write_workbook("c.xlsx", (const char *const[]){bins, other}, 2);
    expect_refusal(here.path, NULL, "2 layers, expected one or its name: S1, S2");
    ki_table *table = open_sheet("S2");
    next_row(table, 1);
    expect_cell(table, "v", "2");
    ki_table_free(table);
}

static void what_is_no_workbook_is_refused(void **state) {
    (void)state;
    write_bytes("d.xlsx", "id,name\n1,2\n", 12);
    expect_refusal(here.path, NULL, "d.xlsx: not a workbook");
    write_bytes("e.xlsx", "PK\3\4", 4);
    expect_refusal(here.path, NULL, "e.xlsx: ");
}

static void a_workbook_that_unfolds_too_far_is_refused(void **state) {
    (void)state;
    char part[512], path[256];
    enum { MIB = 1 << 20 };
    char *blank = calloc(1, MIB);
    assert_non_null(blank);
    memset(blank, ' ', MIB);
    snprintf(here.path, sizeof here.path, "%s/f.xlsx", here.folder);
    snprintf(path, sizeof path, "/vsizip/%s", here.path);
    snprintf(part, sizeof part, "%s/xl/worksheets/sheet1.xml", path);
    VSILFILE *archive = VSIFOpenL(path, "wb"), *file = VSIFOpenL(part, "wb");
    for (int at = 0; at < 513; at++)
        assert_int_equal(VSIFWriteL(blank, 1, MIB, file), MIB);
    VSIFCloseL(file);
    VSIFCloseL(archive);
    free(blank);
    expect_refusal(here.path, NULL, "unfolds to more than 512 MiB");
}

static void what_is_written_is_read_again_and_is_the_same_bytes(void **state) {
    (void)state;
    static const ki_layer_field fields[] = {{"id", KI_LAYER_TEXT},
                                            {"n", KI_LAYER_INTEGER},
                                            {"kg", KI_LAYER_REAL},
                                            {NULL, KI_LAYER_TEXT}};
    const char *const values[] = {"007", "3", "1.25"}, *const hostile[] = {"=1+1", "-4", ""};
    const int32_t lat_e7 = 269000000, lon_e7 = 1126000000;
    char *bytes[2];
    size_t n_bytes[2];
    for (int turn = 0; turn < 2; turn++) {
        ki_geopackage *book;
        kerb_error err = {0};
        snprintf(here.path, sizeof here.path, "%s/out%d.xlsx", here.folder, turn);
        assert_int_equal(ki_workbook_new(&book, KI_ENGLISH, &err), KERB_OK);
        assert_int_equal(ki_geopackage_layer(book, "stops", 0, fields, &err), KERB_OK);
        assert_int_equal(ki_geopackage_add(book, values, &lat_e7, &lon_e7, 1, &err), KERB_OK);
        assert_int_equal(ki_geopackage_add(book, hostile, &lat_e7, &lon_e7, 1, &err), KERB_OK);
        if (ki_geopackage_write(book, here.path, &err) != KERB_OK) fail_msg("%s", err.message);
        ki_geopackage_free(book);
        assert_int_equal(ki_file_read(&bytes[turn], &n_bytes[turn], here.path, 1 << 20, &err),
                         KERB_OK);
        if (turn == 0) usleep(2100000); /* a ZIP counts in two seconds */
    }
    assert_int_equal(n_bytes[0], n_bytes[1]);
    assert_memory_equal(bytes[0], bytes[1], n_bytes[0]);
    ki_table *table = open_sheet("stops");
    next_row(table, 1);
    expect_cell(table, "id", "007");
    expect_cell(table, "n", "3");
    expect_cell(table, "kg", "1.25");
    expect_cell(table, "lat", "26.9");
    expect_cell(table, "lon", "112.6");
    next_row(table, 2);
    expect_cell(table, "id", "=1+1"); /* text, no formula */
    expect_cell(table, "n", "-4");
    expect_cell(table, "kg", "");
    next_row(table, 0);
    ki_table_free(table);
    kerb_buffer_free(bytes[0]);
    kerb_buffer_free(bytes[1]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_keep_their_zeros_and_rows_their_numbers),
        cmocka_unit_test(the_first_row_is_the_header_also_of_text_only),
        cmocka_unit_test(one_of_several_sheets_is_named),
        cmocka_unit_test(what_is_no_workbook_is_refused),
        cmocka_unit_test(a_workbook_that_unfolds_too_far_is_refused),
        cmocka_unit_test(what_is_written_is_read_again_and_is_the_same_bytes),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_files);
}
