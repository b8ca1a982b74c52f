/* SPDX-License-Identifier: GPL-3.0-or-later
 * district_line.c - WKT lines (OGC 06-103r4), two dimensions, nothing else: any case, any spaces.
 */
#define _POSIX_C_SOURCE 200809L
#include "district_line.h"

#include "district_keys.h"

#include <math.h>
#include <string.h>
#include <strings.h>

static const char *skip_spaces(const char *at) {
    return at + strspn(at, " \t");
}

/* NULL: no number there. */
static const char *take_number(const char *at, double *out) {
    char digits[40];
    at = skip_spaces(at);
    size_t length = strspn(at, "0123456789+-.eE");
    if (length == 0 || length >= sizeof digits) return NULL;
    memcpy(digits, at, length);
    digits[length] = '\0';
    return ki_parse_number(digits, out) ? at + length : NULL;
}

static const char *take_position(const char *at, double *lat_deg, double *lon_deg) {
    if (!(at = take_number(at, lon_deg)) || (*at != ' ' && *at != '\t')) return NULL;
    if (!(at = take_number(at, lat_deg))) return NULL;
    return fabs(*lat_deg) <= 90 && fabs(*lon_deg) <= 180 ? skip_spaces(at) : NULL;
}

size_t ki_line_parse(const char *text, double *lat_deg, double *lon_deg) {
    static const char word[] = "LINESTRING";
    const char *at = skip_spaces(text);
    size_t n = 0;
    if (strncasecmp(at, word, sizeof word - 1) != 0) return 0;
    at = skip_spaces(at + sizeof word - 1);
    if (*at != '(') return 0;
    do {
        if (n == KI_LINE_POSITIONS || !(at = take_position(at + 1, &lat_deg[n], &lon_deg[n])))
            return 0;
        n++;
    } while (*at == ',');
    return *at == ')' && *skip_spaces(at + 1) == '\0' && n >= 2 ? n : 0;
}
