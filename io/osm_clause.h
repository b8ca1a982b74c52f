/* SPDX-License-Identifier: GPL-3.0-or-later
 * osm_clause.h - the text of a :conditional tag as clauses: `value @ condition; ...`. */
#ifndef KI_OSM_CLAUSE_H
#define KI_OSM_CLAUSE_H
#ifdef __cplusplus
extern "C" {
#endif
#include "road/condition.h"

enum { KI_CLAUSE_VALUE_CHARS = 64 };

typedef struct ki_clause {
    char value[KI_CLAUSE_VALUE_CHARS]; /* "" where it is too long, or the text is garbled */
    ki_condition when;                 /* sizes, perhaps, and in kinds[0] whom it may concern */
    ki_hours hours;
    int is_read; /* 0: something of it was not understood: perhaps is set */
} ki_clause;

/* Fills *out with the next clause of the text and moves *text behind it; 0: there is none left.
 * Whatever is in the text, this ends: each call takes at least one byte. */
int ki_clause_next(const char **text, ki_clause *out);
#ifdef __cplusplus
}
#endif
#endif
