/* SPDX-License-Identifier: GPL-3.0-or-later
 * district_near.c - nearest word by optimal string alignment: insertions, deletions, changes and
 * swaps of neighbours cost one each, which is what a typing hand does. A word is offered back only
 * within a third of its length. Long words are not compared: hostile input must not cost time. */
#include "district_near.h"

#include "base/text.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { LONGEST = 48 };

static size_t least(size_t a, size_t b) {
    return a < b ? a : b;
}

static int same(char a, char b) {
    return tolower((unsigned char)a) == tolower((unsigned char)b);
}

static size_t distance(const char *a, size_t n_a, const char *b, size_t n_b) {
    size_t rows[3][LONGEST + 1];
    size_t *older = rows[0], *above = rows[1], *row = rows[2];
    for (size_t at = 0; at <= n_b; at++)
        above[at] = at;
    for (size_t i = 1; i <= n_a; i++) {
        row[0] = i;
        for (size_t j = 1; j <= n_b; j++) {
            row[j] = least(above[j] + 1, row[j - 1] + 1);
            row[j] = least(row[j], above[j - 1] + !same(a[i - 1], b[j - 1]));
            if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) && same(a[i - 2], b[j - 1]))
                row[j] = least(row[j], older[j - 2] + 1);
        }
        size_t *spare = older;
        older = above;
        above = row;
        row = spare;
    }
    return above[n_b];
}

void ki_near_begin(ki_near *near, const char *got) {
    *near = (ki_near){.got = got};
    size_t length = strlen(got);
    near->limit = length <= LONGEST ? (length < 3 ? 1 : length / 3) : 0;
    near->best_distance = near->limit + 1;
}

void ki_near_offer(ki_near *near, const char *word) {
    size_t n_got = strlen(near->got), n_word = strlen(word);
    size_t apart = n_got > n_word ? n_got - n_word : n_word - n_got;
    if (near->limit == 0 || n_word > LONGEST || apart >= near->best_distance) return;
    size_t found = distance(near->got, n_got, word, n_word);
    if (found >= near->best_distance || found >= n_word) return;
    near->best_distance = found;
    snprintf(near->best, sizeof near->best, "%s", word);
}

const char *ki_near_text(ki_near *near) {
    if (near->best[0]) snprintf(near->text, sizeof near->text, ", did you mean '%s'?", near->best);
    return near->text;
}

const char *ki_show(ki_shown *shown, const char *value) {
    if (!value || !value[0]) return "nothing";
    size_t used = 0, n_left = strlen(value);
    while (n_left && used < 48) {
        size_t length = ki_utf8_length(value, n_left);
        if (length == 0 || (unsigned char)*value < 0x20 || *value == 0x7f) {
            shown->text[used++] = '?';
            length = 1;
        } else {
            memcpy(shown->text + used, value, length);
            used += length;
        }
        value += length;
        n_left -= length;
    }
    snprintf(shown->text + used, sizeof shown->text - used, "%s", n_left ? "..." : "");
    return shown->text;
}
