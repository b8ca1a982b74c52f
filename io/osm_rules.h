/* SPDX-License-Identifier: GPL-3.0-or-later
 * osm_rules.h - what osm_tags.c and osm_conditional.c share: finding the most specific tag, and
 * what the plain tags of a way say before any condition is looked at. */
#ifndef KI_OSM_RULES_H
#define KI_OSM_RULES_H
#include "io/osm_clause.h"
#include "io/osm_tag_tables.h"
#include "io/osm_tags.h"

typedef struct ki_verdict { /* the most specific tag seen so far */
    int rank, value;        /* rank 0: none */
} ki_verdict;

typedef struct ki_way_facts {
    highway_row row;
    ki_verdict access[N_KINDS][N_DIRECTIONS], limit[N_KINDS][N_DIRECTIONS];
    ki_verdict oneway[N_KINDS][N_DIRECTIONS];
    uint8_t legal[N_DIRECTIONS], flow[N_DIRECTIONS]; /* kinds: by access, by one-way rules */
    int32_t usual_mm_per_s;                          /* before any speed limit */
    uint8_t shut;                                    /* by works and the like: no tag opens it */
} ki_way_facts;

const char *ki_osm_find_tag(const ki_tag *tags, size_t n_tags, const char *key);
/* The row of a table a word stands in; `absent` where text is NULL or in none. Of a list `a;b` the
 * first word counts. */
int ki_osm_find_word(const word *words, size_t n_words, const char *text, int absent);
#define KI_OSM_WORD(words, text, absent) ki_osm_find_word(words, LENGTH_OF(words), text, absent)
/* The direction a tag's key speaks of if it is `base`, plain or with :forward or :backward; -1 if
 * it is another key. */
int ki_osm_key_direction(const char *key, const char *base);
int ki_osm_access_rank(const access_row *row, int direction);
/* Whether a kind may drive a way of this class where a tag says so much about it. */
int ki_osm_is_open(const highway_row *row, int kind_bit, const ki_verdict *said);
int32_t ki_osm_limited_speed(int32_t usual_mm_per_s, int32_t limit_mm_per_s);
/* The smallest limit of a sort (LIMIT_*) among the tags, those of one key left out; 0: none. */
int32_t ki_osm_limit_but(const ki_tag *tags, size_t n_tags, int limit, const char *but_key);
int32_t ki_osm_parse_limit(int limit, const char *value);

/* ---- lists in the making --------------------------------------------------------------------- */

enum { KI_MAX_ENTRIES = 40 };

typedef struct ki_entry {
    ki_condition condition;
    int rank;
} ki_entry;

typedef struct ki_maker { /* of one object's list */
    const ki_osm_into *into;
    int object;               /* 'w', 'n' or 'r' */
    const ki_tag *tags, *tag; /* all of them; the one at hand */
    size_t n_tags;
    ki_entry entries[KI_MAX_ENTRIES]; /* by rank, then as they came */
    int n_entries, overflowed;
    /* Ways: */
    const ki_way_facts *facts;
    uint8_t legal[N_DIRECTIONS], flow[N_DIRECTIONS]; /* kinds ever */
    /* Nodes: */
    ki_verdict (*said)[N_DIRECTIONS]; /* [N_KINDS] by the plain tags */
} ki_maker;

void ki_maker_begin(ki_maker *make, int object, const ki_tag *tags, size_t n_tags,
                    const ki_osm_into *into);
void ki_maker_add(ki_maker *make, const ki_clause *clause, int rank, int effect, int kinds_along,
                  int kinds_against, int32_t value);
/* Counts a clause of the tag at hand as not understood. */
void ki_maker_unread(const ki_maker *make, const char *clause, size_t length);
/* Adds a condition that holds always to a list in the making. */
void ki_maker_always(ki_condition *items, int32_t *n, int effect, int along, int against);
/* items: [KI_CONDITIONS_PER_LIST], n of them always hold; the entries follow. 0: no list. */
int32_t ki_maker_list(ki_maker *make, ki_condition *items, int32_t n);

/* ---- osm_conditional.c ----------------------------------------------------------------------- */

/* Adds what the :conditional tags of a way say: sets access and conditions of *out. */
void ki_osm_way_conditions(const ki_tag *tags, size_t n_tags, const ki_way_facts *facts,
                           const ki_osm_into *into, ki_way_tags *out);
/* The same for a barrier or a limit at a point. said: what the plain tags say. */
void ki_osm_node_conditions(const ki_tag *tags, size_t n_tags,
                            ki_verdict said[N_KINDS][N_DIRECTIONS], const ki_osm_into *into,
                            ki_node_tags *out);
#endif
