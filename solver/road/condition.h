/* SPDX-License-Identifier: GPL-3.0-or-later
 * condition.h - what holds on a road at certain times or for certain vehicles only.
 *
 *   hgv:conditional = no @ (06:00-22:00); destination @ (weight<12)
 *                     └───── a condition ┘  └───── another: a list ┘
 *
 * Ways, nodes and turn restrictions name a list by its number; equal lists are kept once. In a list
 * a later condition overrides an earlier one. Flat arrays of plain data: they may be written to a
 * file as they are. What a list makes of a road for one vehicle tonight is in tonight.h. */
#ifndef KI_CONDITION_H
#define KI_CONDITION_H
#include "road/hours.h"

typedef enum ki_effect {
    KI_EFFECT_NONE = 0,
    KI_EFFECT_OPEN, /* to traffic; a restriction: does not bind */
    KI_EFFECT_CLOSE,
    KI_EFFECT_FLOW_OPEN, /* one-way rules, kept apart from access */
    KI_EFFECT_FLOW_CLOSE,
    KI_EFFECT_SPEED,  /* value: expected driving speed in mm/s */
    KI_EFFECT_HEIGHT, /* value: limit in mm or kg, 0 none */
    KI_EFFECT_WIDTH,
    KI_EFFECT_LENGTH,
    KI_EFFECT_MASS,
    KI_N_EFFECTS
} ki_effect;

typedef enum ki_size {
    KI_SIZE_NONE = 0,
    KI_SIZE_HEIGHT,
    KI_SIZE_WIDTH,
    KI_SIZE_LENGTH,
    KI_SIZE_MASS,
    KI_N_SIZES
} ki_size;

enum { KI_SIZE_TESTS = 2, KI_CONDITIONS_PER_LIST = 48 };

typedef struct ki_condition { /* without padding: compared and hashed as bytes */
    uint8_t effect;           /* ki_effect */
    uint8_t kinds[2]; /* KI_KIND_ bits it concerns, along and against a way; else [0] only */
    uint8_t perhaps;  /* not understood in full: may hold at any time within its hours */
    uint8_t sizes[KI_SIZE_TESTS];  /* ki_size: of vehicles ... */
    uint8_t below[KI_SIZE_TESTS];  /* 0: with more than bound, 1: with less */
    int32_t bounds[KI_SIZE_TESTS]; /* mm or kg */
    int32_t value;
    int32_t first_hour, n_hours; /* into hours; none: at any time */
} ki_condition;

typedef struct ki_unread { /* what was not understood */
    int64_t example_id;    /* the first object that has it */
    int32_t text;          /* offset into text: "hgv:conditional=no @ sunset" */
    int32_t count;         /* objects and clauses that have it */
    int32_t object;        /* 'n', 'w' or 'r' */
    int32_t reserved;      /* 0 */
} ki_unread;

enum { KI_MAX_UNREAD = 64, KI_UNREAD_CHARS = 160 };

typedef struct ki_conditions {
    int32_t n_lists, n_items, n_hours, n_unread, n_text;
    int32_t n_unread_others; /* occurrences beyond the first KI_MAX_UNREAD expressions */
    int32_t *first;          /* [n_lists + 1] into items; list 0 is empty */
    ki_condition *items;     /* [n_items] */
    ki_hours_rule *hours;    /* [n_hours] */
    ki_unread *unread;       /* [n_unread] in the order they were met */
    char *text;              /* [n_text] strings, each ended by a NUL */
} ki_conditions;

/* ---- making the table ------------------------------------------------------------------------ */

typedef struct ki_condition_table ki_condition_table;

/* NULL: out of memory. */
ki_condition_table *ki_condition_table_new(void);
void ki_condition_table_free(ki_condition_table *table);
const ki_conditions *ki_condition_table_made(const ki_condition_table *table);
/* 1 once memory ran out: what was made since is incomplete. */
int ki_condition_table_failed(const ki_condition_table *table);
/* Sets the hours of a condition. */
void ki_condition_table_set_hours(ki_condition_table *table, ki_condition *condition,
                                  const ki_hours *hours);
/* The number of the list of these conditions; 0 where n is 0. At most KI_CONDITIONS_PER_LIST. */
int32_t ki_condition_table_list(ki_condition_table *table, const ki_condition *items, int32_t n);
/* Counts an expression that was not understood; text is cut at KI_UNREAD_CHARS bytes. */
void ki_condition_table_unread(ki_condition_table *table, const char *text, int object, int64_t id);
#endif
