/* SPDX-License-Identifier: GPL-3.0-or-later
 * district_near.c - nearest word by optimal string alignment: insertions, deletions, changes and
 * swaps of neighbours cost one each, which is what a typing hand does. A word is offered back only
 * within a third of its length. Long words are not compared: hostile input must not cost time. */
#include "district_near.h"

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

/* Length of the well-formed character at text, 0 if none (Unicode 15, table 3-7). */
static size_t character_length(const unsigned char *text, size_t n_left) {
    unsigned char lead = text[0];
    if (lead < 0x80) return 1;
    size_t length = lead >= 0xc2 && lead <= 0xdf ? 2 : (lead & 0xf0) == 0xe0 ? 3 : 4;
    if (lead < 0xc2 || lead > 0xf4 || n_left < length) return 0;
    unsigned char low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    unsigned char high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    if (text[1] < low || text[1] > high) return 0;
    for (size_t at = 2; at < length; at++)
        if ((text[at] & 0xc0) != 0x80) return 0;
    return length;
}

int ki_utf8_valid(const char *text, size_t n_bytes) {
    const unsigned char *at = (const unsigned char *)text, *end = at + n_bytes;
    while (at < end) {
        size_t length = character_length(at, (size_t)(end - at));
        if (length == 0) return 0;
        at += length;
    }
    return 1;
}

const char *ki_show(ki_shown *shown, const char *value) {
    if (!value || !value[0]) return "nothing";
    size_t used = 0, n_left = strlen(value);
    while (n_left && used < 48) {
        size_t length = character_length((const unsigned char *)value, n_left);
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
