/* SPDX-License-Identifier: GPL-3.0-or-later
 * sheet_files.c - the sheets of a plan into folders, a file a route and form. */
#include "io/sheets.h"

#include "base/error.h"
#include "base/file.h"

#include <stdio.h>
#include <string.h>

/* Letters, digits, '.', '-', '_' and whatever is not ASCII stay; a leading '.' does not, and no
 * character is cut in two. */
void ki_sheet_stem(char stem[KI_SHEET_STEM_BYTES], const char *shift, int32_t index) {
    size_t used = 0;
    int changed = !shift || !*shift || strcmp(shift, "zones") == 0; /* io/zone_visits.c */
    for (const char *c = shift ? shift : ""; *c;) {
        size_t length = ki_utf8_length(c, strlen(c));
        int plain = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') ||
                    (*c >= '0' && *c <= '9') || *c == '-' || *c == '_' || (*c == '.' && used > 0);
        if (length == 0 || used + length + 16 > KI_SHEET_STEM_BYTES) {
            changed = 1;
            break;
        }
        if (length == 1 && !plain) {
            stem[used++] = '_';
            changed = 1;
        } else {
            memcpy(stem + used, c, length);
            used += length;
        }
        c += length;
    }
    stem[used] = '\0';
    if (changed) snprintf(stem + used, KI_SHEET_STEM_BYTES - used, "-%d", (int)index + 1);
}

typedef void sheet_form(ki_text *text, const ki_sheets *sheets, const ki_plan_route *route);

static kerb_status write_form(const ki_sheets *sheets, int32_t index, sheet_form *form,
                              const char *folder, const char *ending, kerb_error *err) {
    char stem[KI_SHEET_STEM_BYTES];
    const ki_plan_route *route = &sheets->plan->routes[index];
    ki_text path = {0}, text = {0};
    ki_sheet_stem(stem, route->shift, index);
    ki_text_add(&path, "%s/%s.%s", folder, stem, ending);
    form(&text, sheets, route);
    kerb_status status = path.failed || text.failed
                             ? ki_fail_no_memory(err, "a crew sheet")
                             : ki_file_write(path.bytes, text.bytes, text.length, err);
    ki_text_free(&path);
    ki_text_free(&text);
    return status;
}

kerb_status ki_sheets_write(const kerb_plan *plan, const char *sheets_folder,
                            const char *gpx_folder, const ki_sheets_options *options,
                            kerb_error *err) {
    ki_sheets sheets;
    if (!plan || !options) return ki_fail(err, KERB_BAD_CALL, "ki_sheets_write: NULL");
    kerb_status status = ki_sheets_open(&sheets, plan, options, err);
    if (status != KERB_OK) return status;
    for (int32_t route = 0; route < plan->n_routes && status == KERB_OK; route++) {
        if (sheets_folder)
            status = write_form(&sheets, route, ki_sheet_html, sheets_folder, "html", err);
        if (sheets_folder && status == KERB_OK)
            status = write_form(&sheets, route, ki_sheet_csv, sheets_folder, "csv", err);
        if (gpx_folder && status == KERB_OK)
            status = write_form(&sheets, route, ki_sheet_gpx, gpx_folder, "gpx", err);
    }
    ki_sheets_close(&sheets);
    return status;
}
