/* SPDX-License-Identifier: GPL-3.0-or-later
 * tables_workbook.c - a sheet of an XLSX workbook is read by GDAL as text, so that 007 stays 007
 * and a long id stays whole. What a spreadsheet has shortened to 1.2E+11 before it was saved is
 * lost: the parser of ids refuses it by name (district_keys.c). */
#define _POSIX_C_SOURCE 200809L
#include "tables_workbook.h"

#include "base/error.h"
#include "base/text.h"

#include <cpl_conv.h>
#include <cpl_error.h>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <string.h>
#include <sys/stat.h>

static const int64_t MOST_BYTES = (int64_t)256 << 20;    /* of the file */
static const int64_t MOST_UNFOLDED = (int64_t)512 << 20; /* of the XML in it */
static const int64_t MOST_CELLS = 20000000;
enum { MOST_PARTS = 10000 };

static kerb_status check_parts(VSIDIR *parts, const char *path, kerb_error *err) {
    int64_t n_bytes = 0;
    int n_parts = 0;
    for (const VSIDIREntry *part; (part = VSIGetNextDirEntry(parts));) {
        int64_t size = (int64_t)part->nSize;
        if (++n_parts > MOST_PARTS)
            return ki_fail(err, KERB_BAD_INPUT, "%s: more than %d parts", path, MOST_PARTS);
        if (size < 0 || size > MOST_UNFOLDED || (n_bytes += size) > MOST_UNFOLDED)
            return ki_fail(err, KERB_BAD_INPUT, "%s: unfolds to more than %lld MiB", path,
                           (long long)(MOST_UNFOLDED >> 20));
    }
    return KERB_OK;
}

kerb_status ki_workbook_check(const char *path, kerb_error *err) {
    struct stat about;
    ki_text name = {0};
    if (stat(path, &about) != 0 || (int64_t)about.st_size > MOST_BYTES)
        return ki_fail(err, KERB_BAD_INPUT, "%s: larger than %lld MiB", path,
                       (long long)(MOST_BYTES >> 20));
    ki_text_add(&name, "/vsizip/%s", path);
    if (name.failed) return ki_fail_no_memory(err, path);
    CPLPushErrorHandler(CPLQuietErrorHandler);
    VSIDIR *parts = VSIOpenDir(name.bytes, -1, NULL);
    CPLPopErrorHandler();
    ki_text_free(&name);
    if (!parts) return ki_fail(err, KERB_BAD_INPUT, "%s: not a workbook (XLSX)", path);
    kerb_status status = check_parts(parts, path, err);
    VSICloseDir(parts);
    return status;
}

void ki_workbook_read_as_text(int on) {
    CPLSetThreadLocalConfigOption("OGR_XLSX_HEADERS", on ? "FORCE" : NULL);
    CPLSetThreadLocalConfigOption("OGR_XLSX_FIELD_TYPES", on ? "STRING" : NULL);
}

kerb_status ki_workbook_check_cells(const char *path, int64_t n_rows, size_t n_columns,
                                    kerb_error *err) {
    if (n_columns == 0 || n_rows <= MOST_CELLS / (int64_t)n_columns) return KERB_OK;
    return ki_fail(err, KERB_BAD_INPUT, "%s: %lld rows of %zu columns, expected at most %lld cells",
                   path, (long long)n_rows, n_columns, (long long)MOST_CELLS);
}

/* GDAL gives a cell that is formatted as a date as 2026/11/02, as a time of day behind it. */
static int has_form(const char *text, const char *form) {
    for (; *form; form++, text++)
        if (*form == '0' ? *text < '0' || *text > '9' : *text != *form) return 0;
    return *text == '\0';
}

const char *ki_workbook_value(const char *text, char slot[KI_WORKBOOK_TIME_CHARS]) {
    int is_date = has_form(text, "0000/00/00");
    if (!is_date && !has_form(text, "0000/00/00 00:00:00")) return text;
    memcpy(slot, text, strlen(text) + 1);
    slot[4] = slot[7] = '-';
    if (!is_date) slot[10] = 'T';
    return slot;
}
