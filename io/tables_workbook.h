/* SPDX-License-Identifier: GPL-3.0-or-later
 * tables_workbook.h - what is special about reading a sheet of an XLSX workbook. */
#ifndef KI_TABLES_WORKBOOK_H
#define KI_TABLES_WORKBOOK_H
#include "kerbside.h"

enum { KI_WORKBOOK_TIME_CHARS = 24 };

/* Fails where the file is too large, or would be once unfolded: GDAL holds a sheet in memory. */
kerb_status ki_workbook_check(const char *path, kerb_error *err);
/* While a workbook is opened and its first sheet read (on != 0): the first row is the header
 * whatever is in it, and every cell is text. Of this thread. */
void ki_workbook_read_as_text(int on);
/* Fails where a sheet has more cells than a night's tables may. */
kerb_status ki_workbook_check_cells(const char *path, int64_t n_rows, size_t n_columns,
                                    kerb_error *err);
/* A cell as kerbside writes it: a date and time of a spreadsheet in ISO 8601, in slot; any other
 * text as it is. */
const char *ki_workbook_value(const char *text, char slot[KI_WORKBOOK_TIME_CHARS]);
#endif
