/* SPDX-License-Identifier: GPL-3.0-or-later
 * night_page.h - one page of a city's night: every district, what came of it, where to look. */
#ifndef KI_NIGHT_PAGE_H
#define KI_NIGHT_PAGE_H
#include "base/text.h"
#include "base/words.h"
#include "kerbside.h"

typedef struct ki_night_district {
    const char *id;         /* its files are ID.pb, ID.html, ID/SHIFT.html ... beside the page */
    int is_begun, code;     /* code: the exit code of its plan, where it was begun */
    const char *reason;     /* of a failure, or NULL */
    const kerb_plan *plan;  /* NULL: there is none of this night */
    int has_map, has_sheets;
} ki_night_district;

/* In this order; failures are kept in text->failed. day: "" where none was asked for. The page is to
 * read and to print, holds no script, and nothing of a plan can become markup. */
void ki_night_page_open(ki_text *text, const char *day, ki_language language);
void ki_night_page_add(ki_text *text, const ki_night_district *district, ki_language language);
void ki_night_page_close(ki_text *text);
#endif
