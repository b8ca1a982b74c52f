/* SPDX-License-Identifier: GPL-3.0-or-later
 * district_rows.c - the loop over a table's rows that every table shares.
 *
 * A column is found once, by name; a cell is parsed by its entry of the key table, so that each
 * message says the same and the documentation cannot differ. A row with a cell that does not
 * parse never reaches the caller: it is quarantined, counted and, while there are few, named. */
#include "district_rows.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/text.h"
#include "district_near.h"
#include "tables_database.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ---- notes ----------------------------------------------------------------------------------- */

kerb_status ki_reader_note(ki_reader *reader, kerb_error *err, const char *kind, const char *format,
                           ...) {
    char text[600];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    size_t length = strlen(text); /* cut off in the middle of a character, perhaps */
    while (length && !ki_utf8_valid(text, length))
        text[--length] = '\0';
    return kerb_model_add_note(reader->model, kind, text, err);
}

static kerb_status quarantine(ki_reader *reader, ki_rows_count *count, int64_t record,
                              const char *what, kerb_error *err) {
    char text[400];
    count->n_bad++;
    if (count->n_named >= KI_MAX_NAMED) return KERB_OK;
    count->n_named++;
    snprintf(text, sizeof text, "%s, record %lld%s", count->shown, (long long)record, what);
    if (!count->first[0]) memcpy(count->first, text, sizeof text);
    return ki_reader_note(reader, err, "quarantined", "%s", text);
}

kerb_status ki_quarantine(ki_reader *reader, ki_rows_count *count, int64_t record,
                          const char *field, const char *value, const char *expected,
                          kerb_error *err) {
    char what[400];
    ki_shown shown;
    snprintf(what, sizeof what, ", field %s: %s, %s", field, ki_show(&shown, value), expected);
    return quarantine(reader, count, record, what, err);
}

kerb_status ki_quarantine_end(ki_reader *reader, const ki_rows_count *count, kerb_error *err) {
    size_t n_counted = count->n_bad - count->n_late;
    if (count->n_bad && reader->options && reader->options->strict)
        return ki_fail(err, KERB_BAD_INPUT, "%s: %zu of %zu rows bad, expected none (strict): %s",
                       count->shown, count->n_bad, count->n_rows, count->first);
    if ((double)n_counted > reader->max_bad_ratio * (double)count->n_rows)
        return ki_fail(err, KERB_BAD_INPUT,
                       "%s: %zu of %zu rows bad, expected at most %.15g %%: %s", count->shown,
                       n_counted, count->n_rows, 100.0 * reader->max_bad_ratio, count->first);
    if (count->n_bad <= count->n_named) return KERB_OK;
    return ki_reader_note(reader, err, "quarantined", "%s: ... and %zu more", count->shown,
                          count->n_bad - count->n_named);
}

/* ---- columns --------------------------------------------------------------------------------- */

static kerb_status missing_column(const ki_rows *rows, const char *name, kerb_error *err) {
    char there[400] = "";
    size_t used = 0, n_columns = ki_table_n_columns(rows->table);
    ki_near near;
    ki_near_begin(&near, name);
    for (size_t column = 0; column < n_columns; column++) {
        ki_shown shown;
        const char *label = ki_table_column_name(rows->table, column);
        ki_near_offer(&near, label);
        if (used + 80 > sizeof there) continue;
        used += (size_t)snprintf(there + used, sizeof there - used, "%s%s", column ? ", " : "",
                                 ki_show(&shown, label));
    }
    if (near.best[0])
        return ki_fail(err, KERB_BAD_INPUT,
                       "%s: no column '%s', there are: %s (did you mean '%s'?)", rows->count->shown,
                       name, there, near.best);
    return ki_fail(err, KERB_BAD_INPUT, "%s: no column '%s', there are: %s", rows->count->shown,
                   name, there);
}

static const char *name_in_table(const ki_rows *rows, const char *column) {
    const ki_yaml *given = ki_yaml_child(ki_yaml_child(rows->entry, "columns"), column);
    return given ? given->text : column;
}

/* Names are given for columns that there are. */
static kerb_status check_names(const ki_rows *rows, kerb_error *err) {
    const ki_yaml *names = ki_yaml_child(rows->entry, "columns");
    for (const ki_yaml *name = names ? names->first : NULL; name; name = name->next) {
        ki_near near;
        ki_near_begin(&near, name->key);
        size_t key = 0;
        while (key < rows->keys->n_keys && strcmp(rows->keys->keys[key].path, name->key) != 0)
            ki_near_offer(&near, rows->keys->keys[key++].path);
        if (key < rows->keys->n_keys) continue;
        return ki_fail(
            err, KERB_BAD_INPUT, "%s, line %d, key tables.%s.columns.%s: no column of this table%s",
            rows->reader->path, name->line, rows->keys->title, name->key, ki_near_text(&near));
    }
    return KERB_OK;
}

static int is_coordinate(const char *name) {
    return strcmp(name, "lat") == 0 || strcmp(name, "lon") == 0;
}

static kerb_status find_columns(ki_rows *rows, kerb_error *err) {
    for (size_t key = 0; key < rows->keys->n_keys; key++) {
        const ki_key *column = &rows->keys->keys[key];
        const char *name = name_in_table(rows, column->path);
        rows->columns[key] = ki_table_column(rows->table, name);
        if (rows->columns[key] >= 0) continue;
        if (name != column->path) return missing_column(rows, name, err);
        if (!column->required) continue;
        if (is_coordinate(column->path) && ki_table_has_points(rows->table)) continue;
        return missing_column(rows, column->path, err);
    }
    return KERB_OK;
}

static int is_used(const ki_rows *rows, size_t column) {
    for (size_t key = 0; key < rows->keys->n_keys; key++)
        if (rows->columns[key] == (int)column) return 1;
    return 0;
}

static kerb_status note_surplus(ki_rows *rows, kerb_error *err) {
    char names[400] = "";
    size_t used = 0, n_columns = ki_table_n_columns(rows->table);
    for (size_t column = 0; column < n_columns && used + 80 < sizeof names; column++) {
        ki_shown shown;
        if (is_used(rows, column)) continue;
        used += (size_t)snprintf(names + used, sizeof names - used, "%s%s", used ? ", " : "",
                                 ki_show(&shown, ki_table_column_name(rows->table, column)));
    }
    if (!used) return KERB_OK;
    return ki_reader_note(rows->reader, err, "ignored", "%s: columns not used: %s",
                          rows->count->shown, names);
}

/* ---- opening --------------------------------------------------------------------------------- */

static kerb_status open_named(ki_rows *rows, const ki_yaml *entry, kerb_error *err) {
    const ki_yaml *file = entry->kind == KI_YAML_MAP ? ki_yaml_child(entry, "file") : entry;
    const ki_yaml *layer = ki_yaml_child(entry, "layer");
    const char *layer_name = layer && layer->text[0] ? layer->text : NULL;
    ki_shown shown_file, shown_layer;
    int is_connection = ki_is_connection(file->text);
    ki_text safe = {0}, path = {0};
    if (is_connection) ki_connection_show(&safe, file->text);
    if (safe.failed) return ki_fail_no_memory(err, "a connection");
    snprintf(rows->count->shown, sizeof rows->count->shown, "%s%s%s",
             ki_show(&shown_file, is_connection ? safe.bytes : file->text), layer_name ? ":" : "",
             layer_name ? ki_show(&shown_layer, layer_name) : "");
    ki_text_free(&safe);
    if (file->text[0] == '\0')
        return ki_fail(err, KERB_BAD_INPUT,
                       "%s, line %d, key tables.%s: nothing, expected a file name",
                       rows->reader->path, entry->line, entry->key);
    int as_it_is = is_connection || file->text[0] == '/';
    ki_text_add(&path, "%s%s", as_it_is ? "" : rows->reader->folder, file->text);
    kerb_status status = path.failed ? ki_fail_no_memory(err, file->text)
                                     : ki_table_open(&rows->table, path.bytes, layer_name, err);
    ki_text_free(&path);
    return status;
}

kerb_status ki_rows_open(ki_rows *rows, ki_reader *reader, const ki_keys *keys,
                         ki_rows_count *count, ki_ids *ids, int *given, kerb_error *err) {
    assert(keys->n_keys <= KI_MAX_COLUMNS);
    *rows = (ki_rows){.reader = reader, .count = count, .keys = keys, .ids = ids};
    const ki_yaml *entry = ki_yaml_child(ki_yaml_child(reader->file, "tables"), keys->title);
    *given = entry != NULL;
    if (!entry) return KERB_OK;
    rows->entry = entry;
    KI_TRY(check_names(rows, err));
    KI_TRY(open_named(rows, entry, err));
    kerb_status status = find_columns(rows, err);
    if (status == KERB_OK) status = note_surplus(rows, err);
    if (status == KERB_OK && strcmp(ki_table_encoding(rows->table), "UTF-8") != 0)
        status = ki_reader_note(reader, err, "encoding", "%s: not UTF-8, read as %s", count->shown,
                                ki_table_encoding(rows->table));
    if (status != KERB_OK) ki_rows_close(rows);
    return status;
}

void ki_rows_close(ki_rows *rows) {
    ki_table_free(rows->table);
    rows->table = NULL;
}

/* ---- rows ------------------------------------------------------------------------------------ */

/* Without the spaces around it; NULL if longer than any value may be. */
static const char *trim(const char *text, char buffer[KI_CELL_CHARS]) {
    while (*text == ' ' || *text == '\t')
        text++;
    size_t length = strlen(text);
    if (length == 0 || (text[length - 1] != ' ' && text[length - 1] != '\t')) return text;
    while (length && (text[length - 1] == ' ' || text[length - 1] == '\t'))
        length--;
    if (length >= KI_CELL_CHARS) return NULL;
    memcpy(buffer, text, length);
    buffer[length] = '\0';
    return buffer;
}

/* The number in the unit of the key, as text. What is no number stays, and is refused as such. */
static const char *converted(ki_rows *rows, size_t key, const char *text, const char **missing) {
    double number;
    if (!ki_parse_number(text, &number)) return text;
    *missing = rows->convert(rows, &number);
    if (*missing) return text;
    snprintf(rows->trimmed[key], KI_CELL_CHARS, "%.9g", number);
    return rows->trimmed[key];
}

/* 1 if the cell is usable, possibly by its default. */
static int read_cell(ki_rows *rows, size_t key, const char **got, const char **missing) {
    const ki_key *column = &rows->keys->keys[key];
    const char *text = trim(ki_table_value(rows->table, rows->columns[key]), rows->trimmed[key]);
    *got = text;
    *missing = NULL;
    if (!text) return 0;
    rows->cells[key] = (ki_value){0};
    if (rows->convert && key == rows->heard_key && text[0]) {
        text = converted(rows, key, text, missing);
        if (*missing) return 0;
    }
    if (text[0]) return ki_value_parse(column, text, &rows->reader->zone, &rows->cells[key]);
    if (column->standard) return ki_value_parse(column, column->standard, NULL, &rows->cells[key]);
    return !column->required;
}

/* A point stands in for columns that are not there. */
static void take_point(ki_rows *rows) {
    double lat, lon;
    if (!ki_table_point(rows->table, &lat, &lon)) return;
    for (size_t key = 0; key < rows->keys->n_keys; key++) {
        const char *name = rows->keys->keys[key].path;
        if (rows->columns[key] >= 0 || !is_coordinate(name)) continue;
        double degrees = strcmp(name, "lat") == 0 ? lat : lon;
        if (!(degrees >= rows->keys->keys[key].min && degrees <= rows->keys->keys[key].max))
            continue;
        rows->cells[key] = (ki_value){.text = "point", .number = degrees};
    }
}

kerb_status ki_rows_drop(ki_rows *rows, const char *field, const char *value, const char *expected,
                         kerb_error *err) {
    const char *id = rows->cells[0].text;
    if (rows->ids && id && ki_ids_find(rows->ids, id) == KI_ID_ABSENT) {
        char *copy = ki_arena_strdup(&rows->reader->arena, id);
        if (!copy || ki_ids_put(rows->ids, &rows->reader->arena, copy, KI_ID_QUARANTINED))
            return ki_fail_no_memory(err, rows->count->shown);
    }
    return ki_quarantine(rows->reader, rows->count, rows->record, field, value, expected, err);
}

static int is_heard(const ki_rows *rows, size_t key) {
    double number;
    return rows->heard_min < rows->heard_max && key == rows->heard_key && rows->cells[key].text &&
           ki_parse_number(rows->cells[key].text, &number) && number >= rows->heard_min &&
           number <= rows->heard_max;
}

static kerb_status read_row(ki_rows *rows, int *good, kerb_error *err) {
    *good = 1;
    for (size_t key = 0; key < rows->keys->n_keys; key++) {
        const ki_key *column = &rows->keys->keys[key];
        const char *got, *missing;
        if (read_cell(rows, key, &got, &missing)) continue;
        if (rows->columns[key] < 0) { /* a point, perhaps */
            rows->cells[key] = (ki_value){0};
            take_point(rows);
            if (rows->cells[key].text) continue;
        }
        char wanted[200];
        ki_expected expected;
        snprintf(wanted, sizeof wanted, "expected %s",
                 missing ? missing : ki_key_expected(column, &expected));
        if (is_heard(rows, key)) {
            KI_TRY(ki_quarantine(rows->reader, rows->count, rows->record, column->path, got, wanted,
                                 err));
            continue;
        }
        *good = 0;
        if (key == 0) rows->cells[0] = (ki_value){0};
        return ki_rows_drop(rows, column->path, got ? got : "a very long text", wanted, err);
    }
    return KERB_OK;
}

static kerb_status drop_broken(ki_rows *rows, kerb_error *err) {
    char what[400];
    snprintf(what, sizeof what, ", %s", ki_table_fault(rows->table));
    return quarantine(rows->reader, rows->count, rows->record, what, err);
}

kerb_status ki_rows_next(ki_rows *rows, int *more, kerb_error *err) {
    int good = 0;
    while (!good) {
        KI_TRY(ki_table_next(rows->table, more, &rows->record, err));
        if (!*more) return KERB_OK;
        if (++rows->count->n_rows > KI_MAX_ROWS)
            return ki_fail(err, KERB_BAD_INPUT, "%s: more than %d rows", rows->count->shown,
                           (int)KI_MAX_ROWS);
        KI_TRY(ki_table_fault(rows->table) ? drop_broken(rows, err) : read_row(rows, &good, err));
    }
    return KERB_OK;
}

kerb_status ki_rows_each(ki_reader *reader, const ki_keys *keys, ki_rows_count *count, ki_ids *ids,
                         ki_row_taker take, kerb_error *err) {
    ki_rows *rows = ki_alloc(sizeof *rows);
    int given, more = 1;
    if (!rows) return ki_fail_no_memory(err, keys->title);
    kerb_status status = ki_rows_open(rows, reader, keys, count, ids, &given, err);
    while (status == KERB_OK && given && more) {
        status = ki_rows_next(rows, &more, err);
        if (status == KERB_OK && more) status = take(rows, err);
    }
    ki_rows_close(rows);
    ki_free(rows);
    return status;
}
