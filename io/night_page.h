/* SPDX-License-Identifier: GPL-3.0-or-later
 * night_page.h - one page of a city's night: every district, what came of it, where to look. */
#ifndef KI_NIGHT_PAGE_H
#define KI_NIGHT_PAGE_H
#include "base/text.h"
#include "base/words.h"
#include "kerbside.h"

typedef struct ki_night_district {
    const char *id;        /* its files are ID.pb, ID.html, ID/SHIFT.html ... beside the page */
    int is_begun, code;    /* code: the exit code of its plan, where it was begun */
    const char *reason;    /* of a failure, or NULL */
    const kerb_plan *plan; /* NULL: there is none of this night */
    int has_map, has_sheets;
} ki_night_district;

typedef struct ki_night_page {
    ki_language language;
    ki_text rows;
    char day[16]; /* of the plans; "" before the first */
} ki_night_page;

/* Begin with {.language = ...}; failures are kept in the texts. The page is to read and to print,
 * holds no script, and nothing of a plan can become markup. */
void ki_night_page_add(ki_night_page *page, const ki_night_district *district);
/* The whole page; frees the rows. */
void ki_night_page_finish(ki_text *text, ki_night_page *page);
#endif
