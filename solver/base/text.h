/* SPDX-License-Identifier: GPL-3.0-or-later
 * text.h - a string that grows, what is UTF-8, and the hash of bytes. */
#ifndef KI_TEXT_H
#define KI_TEXT_H
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

typedef enum ki_language { KI_ENGLISH = 0, KI_CHINESE } ki_language;

typedef struct ki_text {
    char *bytes; /* NUL-terminated once anything was added; ki_free'd by ki_text_free */
    size_t length, capacity;
    int failed;           /* out of memory somewhere: checked once at the end */
    ki_language language; /* of ki_text_say, base/words.h */
} ki_text;

void ki_text_add(ki_text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void ki_text_add_list(ki_text *text, const char *format, va_list values);
void ki_text_add_bytes(ki_text *text, const void *bytes, size_t n_bytes);
/* [lon,lat] in degrees, from integers, so that the text is the same everywhere. */
void ki_text_add_point(ki_text *text, int32_t lat_e7, int32_t lon_e7);
void ki_text_add_json(ki_text *text, const char *string); /* quoted and escaped; NULL: null */
/* Text of XML or HTML, or within quotes an attribute: escaped, without control characters. */
void ki_text_add_xml(ki_text *text, const char *string);
/* Padded to a number of cells of a terminal, whatever the script: on its right (width > 0) or on
 * its left (width < 0). */
void ki_text_add_cell(ki_text *text, const char *string, int width);
/* The first so many cells, then "..." if there is more. */
void ki_text_add_cut(ki_text *text, const char *string, int most_cells);
int ki_text_cells(const char *string);
void ki_text_free(ki_text *text);

/* Bytes of the well-formed UTF-8 character that text begins with, 0 if none (Unicode 15, table 3-7:
 * no surrogates, no overlong forms). */
size_t ki_utf8_length(const char *text, size_t n_left);
int ki_utf8_valid(const char *text, size_t n_bytes);
int ki_is_utf8(const char *text); /* NUL-terminated */

/* SHA-256 (FIPS 180-4) as 64 lower-case hex digits and a NUL. */
typedef struct ki_sha256 {
    uint32_t state[8];
    uint64_t n_bytes;
    unsigned char block[64];
} ki_sha256;
void ki_sha256_begin(ki_sha256 *hash);
void ki_sha256_add(ki_sha256 *hash, const void *bytes, size_t n_bytes);
void ki_sha256_end(ki_sha256 *hash, char hex[65]);
void ki_sha256_hex(const void *bytes, size_t n_bytes, char hex[65]);
#endif
