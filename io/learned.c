/* SPDX-License-Identifier: GPL-3.0-or-later
 * learned.c - what kerbside reports --learned does: learns from one more night, if
 * there is one, and says what all of them taught. */
#include "learned.h"
#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "base/words.h"
#include "district_learned.h"
#include "io/messages_night.h"

#include <stdio.h>
#include <string.h>

static void say_totals(char told[KI_TOLD_CHARS], const ki_learn_totals *totals) {
    if (totals->already)
        snprintf(told, KI_TOLD_CHARS, "learnt from before, nothing changed");
    else
        snprintf(
            told, KI_TOLD_CHARS,
            "%zu emptyings, %zu lines of tickets, %zu points of tracks; not used: %zu unknown, "
            "%zu without times, %zu tickets without known fills, %zu points off every road",
            totals->n_stops, totals->n_tickets, totals->n_points, totals->n_unknown,
            totals->n_untimed, totals->n_unmatched, totals->n_points_lost);
}

static kerb_status learn_from(ki_learned *learned, const kerb_model *model, const char *path,
                              char told[KI_TOLD_CHARS], kerb_error *err) {
    char *bytes;
    size_t n_bytes;
    ki_arena arena = {0};
    ki_night_log night;
    ki_learn_totals totals;
    kerb_error why = {0};
    KI_TRY(ki_file_read(&bytes, &n_bytes, path, (size_t)1 << 28, err));
    kerb_status status = ki_night_unpack(&night, &arena, (const uint8_t *)bytes, n_bytes, &why);
    if (status == KERB_OK)
        status = ki_learn_night(learned, &model->draft, model->roads ? model->roads->graph : NULL,
                                &night, &totals, &why);
    if (status == KERB_OK)
        say_totals(told, &totals);
    else
        ki_fail(err, status, "%.300s: %.600s", path, why.message);
    ki_arena_free(&arena);
    ki_free(bytes);
    return status;
}

/* ---- output ---------------------------------------------------------------------------------- */

typedef void (*value_writer)(ki_text *text, const char *what, const char *of, const char *group,
                             const ki_learned_value *value);

static void write_value(ki_text *text, const char *what, const char *of, const char *group,
                        const ki_learned_value *value) {
    ki_text_add_cell(text, ki_text_word(text, what), 11);
    ki_text_add_cell(text, ki_text_word(text, of), 13);
    ki_text_add_cell(text, group, 9);
    ki_text_say(text, "%6.3f of the stated, from %d\n", ki_learned_factor(value), (int)value->n);
}

static void write_json_value(ki_text *text, const char *what, const char *of, const char *group,
                             const ki_learned_value *value) {
    const char *comma = text->bytes[text->length - 1] == '[' ? "" : ",";
    ki_text_add(text, "%s{\"what\":\"%s\",\"of\":\"%s\",\"class\":\"%s\",\"factor\":%.6f,\"n\":%d}",
                comma, what, of, group, ki_learned_factor(value), (int)value->n);
}

static void each_value(const ki_learned *learned, value_writer say, ki_text *text) {
    for (int stream = 1; stream < KERB_N_STREAMS; stream++)
        if (learned->density[stream].n)
            say(text, "kg/l", kerb_stream_name((kerb_stream)stream), "", &learned->density[stream]);
    for (int stream = 1; stream < KERB_N_STREAMS; stream++)
        for (int size = 0; size < KI_N_BIN_SIZES; size++)
            if (learned->service[stream][size].n)
                say(text, "service", kerb_stream_name((kerb_stream)stream), ki_bin_size_name(size),
                    &learned->service[stream][size]);
    for (int road = 1; road < KI_N_ROAD_CLASSES; road++)
        for (int hour = 0; hour < 24; hour++) {
            char clock[16];
            snprintf(clock, sizeof clock, "%02d:00", hour);
            if (learned->speed[road][hour].n)
                say(text, "speed", ki_road_class_name(road), clock, &learned->speed[road][hour]);
        }
}

static void write_row(const ki_learn_proposal *place, ki_text *text) {
    if (place->way_id)
        ki_text_add(text, "close,%lld,%lld,%lld", (long long)place->way_id,
                    (long long)place->from_node, (long long)place->to_node);
}

static void write_text(const ki_learned *learned, const ki_learn_proposal *places, size_t n,
                       ki_text *text) {
    ki_text_say(text, "%zu nights learnt from\n", learned->n_nights);
    each_value(learned, write_value, text);
    if (n == 0) return;
    ki_text_say(text,
                "%zu place%s out of reach; rows for tables.roads_extra, each for a person to look "
                "at:\n",
                n, n == 1 ? "" : "s");
    ki_text_add(text, "action,way_id,from_node,to_node\n");
    for (size_t at = 0; at < n; at++) {
        write_row(&places[at], text);
        if (places[at].way_id) ki_text_add(text, "  ");
        ki_text_say(text, "# %s: cannot be reached, %d nights running\n", places[at].id,
                    (int)places[at].n);
    }
}

static void write_json(const ki_learned *learned, const ki_learn_proposal *places, size_t n,
                       ki_text *text) {
    ki_text_add(text, "{\"nights\":%zu,\"learned\":[", learned->n_nights);
    each_value(learned, write_json_value, text);
    ki_text_add(text, "],\"out_of_reach\":[");
    for (size_t at = 0; at < n; at++) {
        ki_text_add(text, "%s{\"id\":", at ? "," : "");
        ki_text_add_json(text, places[at].id);
        ki_text_add(text, ",\"times\":%d,\"row\":\"", (int)places[at].n);
        write_row(&places[at], text);
        ki_text_add(text, "\"}");
    }
    ki_text_add(text, "]}\n");
}

static kerb_status write_all(char **out, const ki_learned *learned, const kerb_model *model,
                             int json, ki_language language, kerb_error *err) {
    ki_arena arena = {0};
    ki_text text = {.language = language};
    ki_learn_proposal *places;
    size_t n;
    kerb_status status = ki_learn_propose(&places, &n, learned, &model->draft,
                                          model->roads ? model->roads->graph : NULL, &arena, err);
    if (status == KERB_OK) (json ? write_json : write_text)(learned, places, n, &text);
    ki_arena_free(&arena);
    if (status == KERB_OK && text.failed) status = ki_fail_no_memory(err, "what was learnt");
    if (status == KERB_OK)
        *out = text.bytes;
    else
        ki_text_free(&text);
    return status;
}

kerb_status ki_learned_report(char **out, char told[KI_TOLD_CHARS], const char *district,
                              const kerb_model *model, const char *executed, int json,
                              ki_language language, kerb_error *err) {
    char *path = NULL;
    ki_learned learned = {0};
    *out = NULL;
    told[0] = '\0';
    kerb_status status = ki_district_learned_path(&path, district, err);
    if (status == KERB_OK && !path)
        status =
            ki_fail(err, KERB_BAD_INPUT,
                    "%s: no key 'learned', expected the file to keep what is learnt in", district);
    if (status == KERB_OK) status = ki_learned_read(&learned, path, err);
    if (status == KERB_OK && executed) {
        status = learn_from(&learned, model, executed, told, err);
        if (status == KERB_OK) status = ki_learned_write(&learned, path, err);
    }
    if (status == KERB_OK) status = write_all(out, &learned, model, json, language, err);
    ki_learned_free(&learned);
    ki_free(path);
    return status;
}
