/* SPDX-License-Identifier: GPL-3.0-or-later
 * district_docs.c - the key tables as Markdown. docs/district-file.md holds this text between two
 * marks, and a test compares the two, so that the page cannot grow stale. */
#include "district_keys.h"

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

static void print_key(ki_text *out, const ki_key *key) {
    static const char *const shapes[] = {"", "list of ", "named "};
    ki_text_add(out, "| `%s` | %s%s | %s | ", key->path, shapes[key->shape], type_name(key),
                key->unit ? key->unit : "");
    if (key->required)
        ki_text_add(out, "required");
    else if (key->standard && key->standard[0])
        ki_text_add(out, "%s", key->standard);
    ki_text_add(out, " | ");
    if (key->choices)
        print_choices(out, key->choices);
    else if (key->max != 0)
        ki_text_add(out, "%.15g to %.15g", key->min, key->max);
    ki_text_add(out, " | %s |\n", key->help);
}

static void print_keys(ki_text *out, const ki_keys *keys, const char *what, const char *ending) {
    ki_text_add(out, "### %s%s\n\n| %s | type | unit | default | range | meaning |\n", keys->title,
                ending, what);
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
