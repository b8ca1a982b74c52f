/* SPDX-License-Identifier: GPL-3.0-or-later
 * district_near.h - "did you mean", and how a value is shown in a message. */
#ifndef KI_DISTRICT_NEAR_H
#define KI_DISTRICT_NEAR_H
#include <stddef.h>

typedef struct ki_near { /* the nearest of the words offered; ties: the first */
    const char *got;
    size_t limit, best_distance;
    char best[64];
    char text[96]; /* ", did you mean 'x'?" or "" once ki_near_text was called */
} ki_near;

void ki_near_begin(ki_near *near, const char *got);
void ki_near_offer(ki_near *near, const char *word);
const char *ki_near_text(ki_near *near);

/* A value as a message may hold it: at most some 48 bytes, whole UTF-8 characters, no control
 * characters, "nothing" where empty. Lives in shown. */
typedef struct ki_shown {
    char text[64];
} ki_shown;
const char *ki_show(ki_shown *shown, const char *value);
#endif
