/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * measure.c - numbers with units, in integers: strtod depends on the locale and would round.
 * Read in thousandths, scaled by a table of units. A decimal comma is accepted; a comma before
 * exactly three digits separates thousands (10,000 lbs). */
#include "base/measure.h"

#include <stddef.h>
#include <string.h>

enum { MOST_THOUSANDTHS = 1000000000 }; /* a million units: beyond it nothing is a limit */

typedef struct unit {
    const char *text;
    ki_measure measure;
    int64_t parts; /* millionths of the result's unit in one of these */
} unit;

static const unit units[] = {
    {"", KI_MEASURE_LENGTH_MM, 1000000000},
    {"m", KI_MEASURE_LENGTH_MM, 1000000000},
    {"meter", KI_MEASURE_LENGTH_MM, 1000000000},
    {"meters", KI_MEASURE_LENGTH_MM, 1000000000},
    {"metre", KI_MEASURE_LENGTH_MM, 1000000000},
    {"metres", KI_MEASURE_LENGTH_MM, 1000000000},
    {"cm", KI_MEASURE_LENGTH_MM, 10000000},
    {"mm", KI_MEASURE_LENGTH_MM, 1000000},
    {"'", KI_MEASURE_LENGTH_MM, 304800000},
    {"\xE2\x80\xB2", KI_MEASURE_LENGTH_MM, 304800000}, /* U+2032 PRIME */
    {"ft", KI_MEASURE_LENGTH_MM, 304800000},
    {"feet", KI_MEASURE_LENGTH_MM, 304800000},
    {"foot", KI_MEASURE_LENGTH_MM, 304800000},
    {"\"", KI_MEASURE_LENGTH_MM, 25400000},
    {"''", KI_MEASURE_LENGTH_MM, 25400000},
    {"\xE2\x80\xB3", KI_MEASURE_LENGTH_MM, 25400000}, /* U+2033 DOUBLE PRIME */
    {"in", KI_MEASURE_LENGTH_MM, 25400000},
    {"inch", KI_MEASURE_LENGTH_MM, 25400000},
    {"inches", KI_MEASURE_LENGTH_MM, 25400000},
    {"", KI_MEASURE_MASS_KG, 1000000000},
    {"t", KI_MEASURE_MASS_KG, 1000000000},
    {"ton", KI_MEASURE_MASS_KG, 1000000000},
    {"tons", KI_MEASURE_MASS_KG, 1000000000},
    {"tonne", KI_MEASURE_MASS_KG, 1000000000},
    {"tonnes", KI_MEASURE_MASS_KG, 1000000000},
    {"kg", KI_MEASURE_MASS_KG, 1000000},
    {"lb", KI_MEASURE_MASS_KG, 453592},
    {"lbs", KI_MEASURE_MASS_KG, 453592},
    {"st", KI_MEASURE_MASS_KG, 907184740}, /* short ton */
    {"lt", KI_MEASURE_MASS_KG, 1016046909},
    {"cwt", KI_MEASURE_MASS_KG, 50802345},
    {"", KI_MEASURE_SPEED_MM_PER_S, 277777778},
    {"km/h", KI_MEASURE_SPEED_MM_PER_S, 277777778},
    {"kmh", KI_MEASURE_SPEED_MM_PER_S, 277777778},
    {"kph", KI_MEASURE_SPEED_MM_PER_S, 277777778},
    {"mph", KI_MEASURE_SPEED_MM_PER_S, 447040000},
    {"knots", KI_MEASURE_SPEED_MM_PER_S, 514444444},
};
enum { N_UNITS = sizeof units / sizeof *units };

static int is_digit(char c) {
    return c >= '0' && c <= '9';
}

static void skip_spaces(const char **at) {
    while (**at == ' ' || **at == '\t')
        (*at)++;
}

static int64_t append_digit(int64_t number, char digit) {
    return number > MOST_THOUSANDTHS ? number : number * 10 + (digit - '0');
}

static int separates_thousands(const char *at) {
    return at[0] == ',' && is_digit(at[1]) && is_digit(at[2]) && is_digit(at[3]) &&
           !is_digit(at[4]);
}

/* 0 on success. */
static int parse_thousandths(const char **at, int64_t *out) {
    int64_t number = 0;
    if (!is_digit(**at)) return -1;
    for (; is_digit(**at) || separates_thousands(*at); (*at)++)
        if (**at != ',') number = append_digit(number, **at);
    if (number > MOST_THOUSANDTHS / 1000) number = MOST_THOUSANDTHS / 1000;
    number *= 1000;
    if (**at != '.' && **at != ',') return *out = number, 0;
    (*at)++;
    for (int place = 100; is_digit(**at); (*at)++, place /= 10)
        number += place * (**at - '0');
    if (number > MOST_THOUSANDTHS) number = MOST_THOUSANDTHS;
    *out = number;
    return 0;
}

/* The longest unit that stands at *at, up to a space, digit or the end of the part. */
static const unit *parse_unit(const char **at, ki_measure measure) {
    size_t length = strcspn(*at, " ;0123456789");
    for (int row = 0; row < N_UNITS; row++) {
        if (units[row].measure != measure || strlen(units[row].text) != length) continue;
        if (strncmp(units[row].text, *at, length) != 0) continue;
        *at += length;
        return &units[row];
    }
    return NULL;
}

/* One part of the list, in millionths: a number and unit, or feet and inches. -1:
 * not understood. */
static int64_t parse_part(const char **at, ki_measure measure) {
    int64_t total = 0, thousandths;
    for (int pieces = 0; pieces < 2; pieces++) {
        skip_spaces(at);
        if (parse_thousandths(at, &thousandths) != 0) return -1;
        skip_spaces(at);
        const unit *written = parse_unit(at, measure);
        if (!written) return -1;
        total += thousandths * written->parts / 1000;
        skip_spaces(at);
        if (!is_digit(**at)) break;
        if (written->parts != 304800000 || measure != KI_MEASURE_LENGTH_MM) return -1;
    }
    return **at == '\0' || **at == ';' ? total : -1;
}

int32_t ki_measure_smallest(const char *text, ki_measure measure) {
    int64_t smallest = INT64_MAX;
    for (;;) {
        int64_t parts = parse_part(&text, measure);
        if (parts < 0) return 0;
        if (parts < smallest) smallest = parts;
        if (*text == '\0') break;
        text++;
    }
    int64_t whole = (smallest + 500000) / 1000000;
    return whole > INT32_MAX ? 0 : (int32_t)whole;
}
