/* SPDX-License-Identifier: GPL-3.0-or-later
 * district_keys.c - checks values and trees against the key table; see district_keys.h.
 *
 * A tree is walked together with the path it spells: `vehicles[].compartments[].capacity_kg`. What
 * the table does not hold is unknown, and the keys it does hold under the same parent are what the
 * writer may have meant. */
#include "district_keys.h"

#include "base/error.h"
#include "district_habits.h"
#include "district_near.h"

#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PATH_CHARS = 160, MAX_TEXT_BYTES = 500 };

/* ---- values ---------------------------------------------------------------------------------- */

/* Exact where the digits fit a double and the power of ten is exact too (Clinger 1990), which is
 * what tables hold; the rest is strtod's. */
static int exact_number(const char *text, double *out) {
    static const double power[] = {1,   1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                   1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
    int negative = *text == '-', n_digits = 0, n_behind = 0, behind = 0;
    uint64_t digits = 0;
    if (*text == '-' || *text == '+') text++;
    for (; *text; text++) {
        if (*text == '.' && !behind) {
            behind = 1;
            continue;
        }
        if (*text < '0' || *text > '9' || ++n_digits > 15) return 0;
        digits = digits * 10 + (uint64_t)(*text - '0');
        n_behind += behind;
    }
    if (n_digits == 0) return 0;
    double value = (double)digits / power[n_behind];
    *out = negative ? -value : value;
    return 1;
}

int ki_parse_number(const char *text, double *out) {
    if (exact_number(text, out)) return 1;
    if (*text == '\0' || strspn(text, "0123456789+-.eE") != strlen(text)) return 0;
    char *end;
    *out = strtod(text, &end);
    return *end == '\0' && isfinite(*out);
}

static int parse_integer(const char *text, int64_t *out) {
    int negative = *text == '-';
    uint64_t value = 0;
    if (*text == '-' || *text == '+') text++;
    if (*text == '\0') return 0;
    for (; *text; text++) {
        if (*text < '0' || *text > '9' || value > (uint64_t)INT64_MAX / 10 - 1) return 0;
        value = value * 10 + (uint64_t)(*text - '0');
    }
    *out = negative ? -(int64_t)value : (int64_t)value;
    return 1;
}

static int parse_flag(const char *text, int64_t *out) {
    static const char *const words[] = {"no", "yes", "false", "true", "0", "1"};
    for (int word = 0; word < 6; word++) {
        if (strcmp(text, words[word]) != 0) continue;
        *out = word % 2;
        return 1;
    }
    return 0;
}

static int parse_choice(const char *choices, const char *text, int64_t *out) {
    size_t n_text = strlen(text);
    for (int64_t index = 0;; index++) {
        size_t length = strcspn(choices, "|");
        if (length == n_text && memcmp(choices, text, length) == 0) {
            *out = index;
            return 1;
        }
        if (choices[length] == '\0') return 0;
        choices += length + 1;
    }
}

/* 1.2E+11: what a spreadsheet makes of a long id. Its other digits are gone, so two ids may have
 * become one. */
static int is_shortened(const char *text) {
    size_t n = strspn(text, "0123456789");
    if (n != 1) return 0;
    if (text[n] == '.') n += 1 + strspn(text + n + 1, "0123456789");
    if (text[n] != 'E' || text[n + 1] != '+') return 0;
    const char *exponent = text + n + 2;
    return *exponent && exponent[strspn(exponent, "0123456789")] == '\0';
}

static int parse_text(const ki_key *key, const char *text) {
    size_t length = strlen(text);
    if (key->type == KI_KEY_ID && is_shortened(text)) return 0;
    if (length > MAX_TEXT_BYTES || (length == 0 && key->type == KI_KEY_ID)) return 0;
    for (const char *c = text; *c; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f) return 0;
    return ki_utf8_valid(text, length);
}

int ki_value_parse(const ki_key *key, const char *text, const ki_zone *zone, ki_value *out) {
    ki_clock_window windows[KI_MAX_WINDOWS];
    kerb_daily_span spans[KI_MAX_WINDOWS];
    int32_t minute;
    *out = (ki_value){.text = text};
    switch (key->type) {
    case KI_KEY_ID:
    case KI_KEY_TEXT:
    case KI_KEY_TABLE: return parse_text(key, text);
    case KI_KEY_NUMBER:
        return ki_parse_number(text, &out->number) && out->number >= key->min &&
               out->number <= key->max;
    case KI_KEY_INTEGER:
        if (!parse_integer(text, &out->integer)) return 0;
        out->number = (double)out->integer;
        return out->number >= key->min && out->number <= key->max;
    case KI_KEY_FLAG: return parse_flag(text, &out->integer);
    case KI_KEY_CHOICE: return parse_choice(key->choices, text, &out->integer);
    case KI_KEY_CLOCK:
        out->dated = !ki_parse_clock(text, &minute);
        out->integer = minute;
        return !out->dated ||
               (strlen(text) > 10 && ki_parse_instant(text, zone, &out->integer, NULL));
    case KI_KEY_DATE: return ki_parse_date(text, &out->integer);
    case KI_KEY_INSTANT: return ki_parse_instant(text, zone, &out->integer, NULL);
    case KI_KEY_WINDOWS: return ki_parse_windows(text, zone, windows) > 0;
    case KI_KEY_DAILY: return ki_parse_daily(text, spans) > 0;
    case KI_KEY_MAP: break;
    }
    return 0;
}

static const char *range_text(const ki_key *key, ki_expected *expected) {
    const char *what = key->type == KI_KEY_INTEGER ? "a whole number, " : "";
    snprintf(expected->text, sizeof expected->text, "%s%.15g to %.15g", what, key->min, key->max);
    return expected->text;
}

const char *ki_key_expected(const ki_key *key, ki_expected *expected) {
    switch (key->type) {
    case KI_KEY_NUMBER:
    case KI_KEY_INTEGER: return range_text(key, expected);
    case KI_KEY_FLAG: return "yes or no";
    case KI_KEY_CLOCK: return "HH:MM or an ISO 8601 instant";
    case KI_KEY_DATE: return "a date YYYY-MM-DD";
    case KI_KEY_INSTANT: return "an ISO 8601 instant such as 2026-11-02T19:30:00+01:00";
    case KI_KEY_WINDOWS: return "windows such as 22:00-05:00;06:00-07:00";
    case KI_KEY_DAILY:
        return "hours of a day, each ending after it begins, such as 06:30-08:30;18:00-20:00";
    case KI_KEY_TABLE: return "a file name, or {file: ..., layer: ...}";
    case KI_KEY_ID: return "an id: text of at most 500 bytes, not cut to a number by a spreadsheet";
    case KI_KEY_TEXT: return "text of at most 500 bytes, no line breaks";
    case KI_KEY_MAP: return "keys and values";
    case KI_KEY_CHOICE: break;
    }
    size_t used = (size_t)snprintf(expected->text, sizeof expected->text, "one of ");
    for (const char *c = key->choices; *c && used + 3 < sizeof expected->text; c++) {
        expected->text[used++] = *c == '|' ? ',' : *c;
        if (*c == '|') expected->text[used++] = ' ';
    }
    expected->text[used] = '\0';
    return expected->text;
}

/* ---- faults ---------------------------------------------------------------------------------- */

int ki_file_fault_shows(const ki_file_faults *faults) {
    return faults->n < (faults->tell ? (size_t)KI_MOST_FAULTS_TOLD : 1);
}

void ki_file_fault_add(ki_file_faults *faults, const char *message) {
    if (faults->tell && ki_file_fault_shows(faults)) faults->tell(message, faults->payload);
    if (faults->n++ == 0) snprintf(faults->first, sizeof faults->first, "%s", message);
}

void ki_file_fault(ki_file_faults *faults, int line, const char *key, const char *format, ...) {
    char text[sizeof faults->first] = "";
    if (ki_file_fault_shows(faults)) {
        int used = snprintf(text, sizeof text, "%.300s", faults->file);
        if (line) used += snprintf(text + used, sizeof text - (size_t)used, ", line %d", line);
        if (key) used += snprintf(text + used, sizeof text - (size_t)used, ", key %.160s", key);
        used += snprintf(text + used, sizeof text - (size_t)used, ": ");
        va_list args;
        va_start(args, format);
        vsnprintf(text + used, sizeof text - (size_t)used, format, args);
        va_end(args);
    }
    ki_file_fault_add(faults, text);
}

kerb_status ki_file_faults_end(const ki_file_faults *faults, kerb_error *err) {
    if (faults->n == 0) return KERB_OK;
    if (faults->n == 1) return ki_fail(err, KERB_BAD_INPUT, "%s", faults->first);
    return ki_fail(err, KERB_BAD_INPUT, "%s (and %zu more like it or after it)", faults->first,
                   faults->n - 1);
}

/* ---- the tree -------------------------------------------------------------------------------- */

const ki_key *ki_keys_find(const ki_keys *keys, const char *path) {
    for (size_t key = 0; key < keys->n_keys; key++)
        if (strcmp(keys->keys[key].path, path) == 0) return &keys->keys[key];
    return NULL;
}

/* The part of the key's path below parent, or NULL if it is not directly there. */
static const char *direct_child(const ki_key *key, const char *parent) {
    size_t length = strlen(parent);
    const char *rest = key->path;
    if (length) {
        if (strncmp(key->path, parent, length) != 0 || key->path[length] != '.') return NULL;
        rest += length + 1;
    }
    return *rest && !strpbrk(rest, ".[") ? rest : NULL;
}

static void check_value(const ki_keys *keys, const ki_key *key, const ki_yaml *node,
                        const char *path, ki_file_faults *faults);

static void fault_unknown(const ki_keys *keys, const ki_yaml *child, const char *parent,
                          ki_file_faults *faults) {
    ki_near near;
    ki_shown shown;
    ki_near_begin(&near, child->key);
    size_t n_keys = ki_file_fault_shows(faults) ? keys->n_keys : 0;
    for (size_t key = 0; key < n_keys; key++) {
        const char *name = direct_child(&keys->keys[key], parent);
        if (name) ki_near_offer(&near, name);
    }
    ki_file_fault(faults, child->line, NULL, "unknown key '%s'%s%s%s", ki_show(&shown, child->key),
                  parent[0] ? " in " : "", parent, ki_near_text(&near));
}

static void check_map(const ki_keys *keys, const ki_yaml *map, const char *path,
                      ki_file_faults *faults) {
    char below[PATH_CHARS];
    for (const ki_yaml *child = map->first; child; child = child->next) {
        int length = snprintf(below, sizeof below, "%s%s%s", path, path[0] ? "." : "", child->key);
        const ki_key *key =
            length < PATH_CHARS && !strpbrk(child->key, ".[*") ? ki_keys_find(keys, below) : NULL;
        if (!key)
            fault_unknown(keys, child, path, faults);
        else
            check_value(keys, key, child, below, faults);
    }
    for (size_t key = 0; key < keys->n_keys; key++) {
        const char *name = direct_child(&keys->keys[key], path);
        if (name && keys->keys[key].required && !ki_yaml_child(map, name))
            ki_file_fault(faults, map->line, keys->keys[key].path, "missing (%s)",
                          keys->keys[key].help);
    }
}

static void offer_choices(ki_near *near, const char *choices) {
    char word[32];
    while (*choices) {
        size_t length = strcspn(choices, "|");
        snprintf(word, sizeof word, "%.*s", (int)length, choices);
        ki_near_offer(near, word);
        choices += length + (choices[length] == '|');
    }
}

static void check_scalar(const ki_key *key, const ki_yaml *node, const char *path,
                         ki_file_faults *faults) {
    ki_value value;
    ki_shown shown;
    ki_expected expected;
    ki_near near;
    int is_scalar = node->kind == KI_YAML_SCALAR;
    if (is_scalar && ki_value_parse(key, node->text, NULL, &value)) return;
    ki_near_begin(&near, is_scalar ? node->text : "");
    if (key->choices && ki_file_fault_shows(faults)) offer_choices(&near, key->choices);
    ki_file_fault(faults, node->line, path, "%s, expected %s%s",
                  is_scalar                   ? ki_show(&shown, node->text)
                  : node->kind == KI_YAML_MAP ? "keys and values"
                                              : "a list",
                  ki_key_expected(key, &expected), ki_near_text(&near));
}

static void check_one(const ki_keys *keys, const ki_key *key, const ki_yaml *node, const char *path,
                      ki_file_faults *faults) {
    if (key->type == KI_KEY_MAP || (key->type == KI_KEY_TABLE && node->kind == KI_YAML_MAP)) {
        if (node->kind == KI_YAML_MAP)
            check_map(keys, node, path, faults);
        else
            ki_file_fault(faults, node->line, path, "%s, expected keys and values",
                          node->kind == KI_YAML_LIST ? "a list" : "a single value");
        return;
    }
    check_scalar(key, node, path, faults);
}

static void check_value(const ki_keys *keys, const ki_key *key, const ki_yaml *node,
                        const char *path, ki_file_faults *faults) {
    char below[PATH_CHARS + 4];
    if (key->shape == KI_KEY_ONE) {
        check_one(keys, key, node, path, faults);
        return;
    }
    ki_yaml_kind wanted = key->shape == KI_KEY_LIST ? KI_YAML_LIST : KI_YAML_MAP;
    if (node->kind != wanted) {
        ki_shown shown;
        ki_file_fault(faults, node->line, path, "%s, expected %s",
                      node->kind == KI_YAML_SCALAR ? ki_show(&shown, node->text)
                      : node->kind == KI_YAML_MAP  ? "keys and values"
                                                   : "a list",
                      key->shape == KI_KEY_LIST ? "a list [...]" : "names, each with its keys");
        return;
    }
    snprintf(below, sizeof below, "%s%s", path, key->shape == KI_KEY_LIST ? "[]" : ".*");
    for (const ki_yaml *child = node->first; child; child = child->next)
        check_one(keys, key, child, below, faults);
}

void ki_keys_check(const ki_keys *keys, const ki_yaml *root, ki_file_faults *faults) {
    if (root->kind != KI_YAML_MAP)
        ki_file_fault(faults, root->line, NULL, "expected keys and values");
    else
        check_map(keys, root, "", faults);
}

static const char *last_part(const char *path) {
    const char *dot = strrchr(path, '.');
    return dot ? dot + 1 : path;
}

int ki_keys_is_sound(const ki_keys *keys, const ki_yaml *map, const char *path) {
    ki_file_faults found = {.file = "", .n = 1}; /* counted only */
    const ki_yaml *node = ki_yaml_child(map, last_part(path));
    if (node) check_value(keys, ki_keys_find(keys, path), node, path, &found);
    return found.n == 1;
}

ki_value ki_keys_get(const ki_keys *keys, const ki_yaml *map, const char *path,
                     const ki_zone *zone) {
    const ki_key *key = ki_keys_find(keys, path);
    assert(key);
    const ki_yaml *node = ki_yaml_child(map, last_part(path));
    const char *text = node && node->kind == KI_YAML_SCALAR ? node->text : key->standard;
    ki_value value = {0};
    if (!text || !ki_value_parse(key, text, zone, &value))
        value = (ki_value){.number = NAN, .integer = KERB_NO_TIME};
    return value;
}
