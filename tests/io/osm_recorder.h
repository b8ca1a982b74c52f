/* SPDX-License-Identifier: GPL-3.0-or-later
 * osm_recorder.h - for tests of the extract reader: a sink that writes down what it is given. */
#ifndef OSM_RECORDER_H
#define OSM_RECORDER_H
#include "base/text.h"
#include "io/osm_read.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define TOWN(name) KERB_TEST_DATA "/" name ".osm"

/* ---- a sink that writes down what it is given ------------------------------------------------ */

static inline kerb_status record_node(void *payload, int64_t osm_id, const ki_node_tags *tags,
                                      kerb_error *err) {
    (void)err;
    ki_text_add(payload, "n%d flags %d blocked %d height %d\n", (int)osm_id, tags->flags,
                tags->blocked, (int)tags->max_height_mm);
    return KERB_OK;
}

static inline kerb_status record_way(void *payload, int64_t osm_id, const char *name,
                                     const ki_way_tags *tags, const int64_t *refs,
                                     const int32_t *lat_e7, const int32_t *lon_e7, size_t n_refs,
                                     kerb_error *err) {
    (void)err;
    ki_text_add(payload, "w%d '%s' class %d %d/%d:", (int)osm_id, name, tags->road_class,
                tags->access[0], tags->access[1]);
    for (size_t ref = 0; ref < n_refs; ref++)
        ki_text_add(payload, " %d@%d,%d", (int)refs[ref], (int)lat_e7[ref], (int)lon_e7[ref]);
    ki_text_add(payload, "\n");
    return KERB_OK;
}

static inline kerb_status record_restriction(void *payload, const ki_osm_restriction *turn,
                                             kerb_error *err) {
    (void)err;
    ki_text_add(payload, "r%d %d via n%d", (int)turn->id, (int)turn->from_way, (int)turn->via_node);
    for (int32_t via = 0; via < turn->n_via_ways; via++)
        ki_text_add(payload, " w%d", (int)turn->via_ways[via]);
    ki_text_add(payload, " to %d only %d except %d u %d", (int)turn->to_way, turn->only,
                turn->except, turn->u_turn);
    if (turn->conditions) ki_text_add(payload, " conditions %d", (int)turn->conditions);
    ki_text_add(payload, "\n");
    return KERB_OK;
}

static ki_osm_counts counts;
static kerb_error err;

static inline kerb_status record(ki_text *text, const char *path, uint64_t max_mb) {
    *text = (ki_text){0};
    err = (kerb_error){0};
    ki_condition_table *conditions = ki_condition_table_new();
    ki_osm_sink sink = {text, record_node, record_way, record_restriction, conditions};
    kerb_status status = ki_osm_extract(&sink, &counts, path, max_mb, &err);
    ki_condition_table_free(conditions);
    return status;
}

static inline void expect_record(const char *path, const char *expected) {
    ki_text text;
    kerb_status status = record(&text, path, 0);
    if (status != KERB_OK) fail_msg("%s", err.message);
    assert_string_equal(text.bytes, expected);
    ki_text_free(&text);
}

static inline void expect_failure(const char *path, uint64_t max_mb, kerb_status expected,
                                  const char *part) {
    ki_text text;
    kerb_status status = record(&text, path, max_mb);
    ki_text_free(&text);
    assert_int_equal(status, expected);
    assert_int_equal(err.status, expected);
    if (!strstr(err.message, part)) fail_msg("'%s' lacks '%s'", err.message, part);
    if (!strstr(err.message, path)) fail_msg("'%s' lacks the path", err.message);
}

#endif
