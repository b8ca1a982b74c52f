/* SPDX-License-Identifier: GPL-3.0-or-later
 * tag_list.h - for tests of tags: a line of text as the tags of an object. */
#ifndef TAG_LIST_H
#define TAG_LIST_H
#include "io/osm_tags.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { T = KI_KIND_TRUCK, S = KI_KIND_SWEEPER, R = KI_KIND_ROBOT, ALL = KI_KIND_ALL };
enum { MAX_TAGS = 8, MAX_TEXT = 256 };

typedef struct tag_list {
    char text[MAX_TEXT];
    ki_tag tags[MAX_TAGS];
    size_t n_tags;
} tag_list;

/* "highway=service access=private"; a ~ stands for a space inside a value. */
static inline void split(tag_list *list, const char *text) {
    list->n_tags = 0;
    assert_true(strlen(text) < MAX_TEXT);
    strcpy(list->text, text);
    for (char *at = strtok(list->text, " "); at; at = strtok(NULL, " ")) {
        char *equals = strchr(at, '=');
        assert_non_null(equals);
        assert_true(list->n_tags < MAX_TAGS);
        *equals = '\0';
        for (char *c = equals + 1; *c; c++)
            if (*c == '~') *c = ' ';
        list->tags[list->n_tags++] = (ki_tag){at, equals + 1};
    }
}

static ki_osm_into into; /* its table is made anew for each test */

static inline ki_way_tags read_way(const char *text) {
    tag_list list;
    ki_way_tags out;
    split(&list, text);
    ki_osm_way_tags(list.tags, list.n_tags, &into, &out);
    return out;
}

static inline int new_table(void **state) {
    (void)state;
    into = (ki_osm_into){ki_condition_table_new(), 42};
    return into.table == NULL;
}

static inline int free_table(void **state) {
    (void)state;
    ki_condition_table_free(into.table);
    return 0;
}
#endif
