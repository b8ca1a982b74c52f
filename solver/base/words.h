/* SPDX-License-Identifier: GPL-3.0-or-later
 * words.h - what people read, in their language. English stands in the code; words.def has the
 * other languages, and nothing else has them. */
#ifndef KI_WORDS_H
#define KI_WORDS_H
#include "base/text.h"

const char *ki_language_code(ki_language language);            /* "en", "zh" */
int ki_language_find(ki_language *language, const char *code); /* 1: there is none of that code */

/* The same word or printf format in a language; itself where words.def lacks it. */
const char *ki_say(ki_language language, const char *english) __attribute__((format_arg(2)));

/* The same of words_keys.def: help of keys and columns, and what stands around it. */
const char *ki_say_key(ki_language language, const char *english) __attribute__((format_arg(2)));

/* Adds a format of ki_say in the language of the text. */
void ki_text_say(ki_text *text, const char *english, ...) __attribute__((format(printf, 2, 3)));

const char *ki_text_word(const ki_text *text, const char *english);

/* A finished English sentence - a reason, a note, an error - added in the language of the text. It
 * is matched against the formats of words.def; what none of them matches is taken apart at ": ",
 * ", expected ", "; " and ", ", and stays as it is where that does not help either: names, ids,
 * numbers, places and fields do. Time is bounded whatever the sentence. */
void ki_text_retell(ki_text *text, const char *english);

/* Row `index` of words.def; 0: there are fewer. */
int ki_words_row(int index, const char **english, const char **chinese);
#endif
