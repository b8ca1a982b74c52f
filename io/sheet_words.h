/* SPDX-License-Identifier: GPL-3.0-or-later
 * sheet_words.h - the words of the sheets, in English and Chinese. */
#ifndef KI_SHEET_WORDS_H
#define KI_SHEET_WORDS_H
#include "io/map_page.h"

typedef enum ki_word {
    KI_WORD_SHEET,
    KI_WORD_NIGHT,
    KI_WORD_VEHICLE,
    KI_WORD_SHIFT,
    KI_WORD_CREW,
    KI_WORD_LEAVE,
    KI_WORD_RETURN,
    KI_WORD_STOPS,
    KI_WORD_TRIPS,
    KI_WORD_LENGTH,
    KI_WORD_LOADS,
    KI_WORD_NUMBER,
    KI_WORD_TIME,
    KI_WORD_WHERE,
    KI_WORD_SIDE,
    KI_WORD_WHAT,
    KI_WORD_NEXT_TIP,
    KI_WORD_TIP_TIME,
    KI_WORD_WAY,
    KI_WORD_NOTES,
    KI_WORD_LEFT,
    KI_WORD_RIGHT,
    KI_WORD_AHEAD,
    KI_WORD_START,
    KI_WORD_END,
    KI_WORD_SERVE,
    KI_WORD_SWEEP,
    KI_WORD_TIP,
    KI_WORD_LOAD,
    KI_WORD_BREAK,
    KI_WORD_UNTIL,
    KI_WORD_GATE,
    KI_WORD_LATEST,
    KI_WORD_FILL,
    KI_WORD_FULL,
    KI_WORD_BRUSH_DOWN,
    KI_WORD_BRUSH_STAYS,
    KI_WORD_BRUSH_UP,
    KI_WORD_BRUSH_LEFT,
    KI_WORD_BRUSH_RIGHT,
    KI_WORD_PASS,
    KI_WORD_WATER_LEFT,
    KI_WORD_UNNAMED,
    KI_WORD_ARRIVAL,
    KI_WORD_DEPARTURE,
    KI_WORD_KIND,
    KI_WORD_SITE,
    KI_WORD_ID,
    KI_WORD_STREAM,
    KI_WORD_KG,
    KI_WORD_LOAD_KG,
    KI_WORD_LAT,
    KI_WORD_LON,
    KI_WORD_EMPTY_SHIFT,
    KI_N_WORDS
} ki_word;
const char *ki_word_text(ki_language language, ki_word word);
const char *ki_word_stream(ki_language language, kerb_stream stream);
const char *ki_word_bend(ki_language language, int bend);       /* ki_bend; a format with one %s */
const char *ki_word_compass(ki_language language, int compass); /* 0 to 7 */
#endif
