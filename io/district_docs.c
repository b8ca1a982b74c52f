/* SPDX-License-Identifier: GPL-3.0-or-later
 * district_docs.c - the key tables as Markdown. docs/district-file.md holds this text between two
 * marks, docs/district-file.zh.md in Chinese; a test compares them, so that no page can grow stale.
 */
#include "district_keys.h"

#include "base/words.h"

#include <string.h>

static const char *type_name(const ki_key *key) {
    switch (key->type) {
    case KI_KEY_MAP: return "keys";
    case KI_KEY_ID: return "id";
    case KI_KEY_TEXT: return "text";
    case KI_KEY_NUMBER: return "number";
    case KI_KEY_INTEGER: return "whole number";
    case KI_KEY_FLAG: return "yes / no";
    case KI_KEY_CHOICE: return "choice";
    case KI_KEY_CLOCK: return "HH:MM or instant";
    case KI_KEY_DATE: return "date";
    case KI_KEY_INSTANT: return "instant";
    case KI_KEY_WINDOWS: return "windows";
    case KI_KEY_DAILY: return "hours of a day";
    case KI_KEY_TABLE: return "file";
    }
    return "";
}

static void print_choices(ki_text *out, const char *choices) {
    for (const char *c = choices; *c; c++)
        if (*c == '|')
            ki_text_add(out, ", ");
        else
            ki_text_add_bytes(out, c, 1);
}

static const char *in_words(const ki_text *out, const char *english) {
    return ki_say_key(out->language, english);
}

static void print_key(ki_text *out, const ki_key *key) {
    static const char *const shapes[] = {"", "list of ", "named "};
    ki_text_add(out, "| `%s` | %s%s | %s | ", key->path, in_words(out, shapes[key->shape]),
                in_words(out, type_name(key)), key->unit ? in_words(out, key->unit) : "");
    if (key->required)
        ki_text_add(out, "%s", ki_say_key(out->language, "required"));
    else if (key->standard && key->standard[0])
        ki_text_add(out, "%s", key->standard);
    ki_text_add(out, " | ");
    if (key->choices)
        print_choices(out, key->choices);
    else if (key->max != 0)
        ki_text_add(out, ki_say_key(out->language, "%.15g to %.15g"), key->min, key->max);
    ki_text_add(out, " | %s |\n", in_words(out, key->help));
}

static void print_keys(ki_text *out, const ki_keys *keys, const char *what, const char *ending) {
    ki_text_add(
        out,
        ki_say_key(out->language, "### %s%s\n\n| %s | type | unit | default | range | meaning |\n"),
        in_words(out, keys->title), in_words(out, ending), in_words(out, what));
    ki_text_add(out, "|---|---|---|---|---|---|\n");
    for (size_t key = 0; key < keys->n_keys; key++)
        print_key(out, &keys->keys[key]);
    ki_text_add(out, "\n");
}

void ki_keys_print(ki_text *out) {
    print_keys(out, &ki_district_keys, "key", "");
    print_keys(out, &ki_tonight_keys, "key", "");
    print_keys(out, &ki_learned_keys, "key", "");
    print_keys(out, &ki_site_columns, "column", " table");
    print_keys(out, &ki_container_columns, "column", " table");
    print_keys(out, &ki_report_columns, "column", " table");
    print_keys(out, &ki_street_columns, "column", " table");
    print_keys(out, &ki_correction_columns, "column", " table");
}
