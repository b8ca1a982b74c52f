/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/text.h"

#include "base/alloc.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void ki_text_add_bytes(ki_text *text, const void *bytes, size_t n_bytes) {
    if (text->failed || ki_grow(&text->bytes, &text->capacity, text->length + n_bytes + 1, 1)) {
        text->failed = 1;
        return;
    }
    if (n_bytes) memcpy(text->bytes + text->length, bytes, n_bytes);
    text->length += n_bytes;
    text->bytes[text->length] = '\0';
}

void ki_text_add_list(ki_text *text, const char *format, va_list values) {
    va_list again;
    va_copy(again, values);
    int length = vsnprintf(NULL, 0, format, values);
    if (length < 0 || text->failed ||
        ki_grow(&text->bytes, &text->capacity, text->length + (size_t)length + 1, 1)) {
        text->failed = 1;
    } else {
        vsnprintf(text->bytes + text->length, (size_t)length + 1, format, again);
        text->length += (size_t)length;
    }
    va_end(again);
}

void ki_text_add(ki_text *text, const char *format, ...) {
    va_list values;
    va_start(values, format);
    ki_text_add_list(text, format, values);
    va_end(values);
}

/* Continuation bytes take no cell, wide East Asian characters two. */
static int cells_of(char byte) {
    unsigned char c = (unsigned char)byte;
    if ((c & 0xc0) == 0x80) return 0;
    return c >= 0xe3 && c < 0xf0 ? 2 : 1; /* from U+3000: kana, han, hangul */
}

int ki_text_cells(const char *string) {
    int cells = 0;
    for (; *string; string++)
        cells += cells_of(*string);
    return cells;
}

void ki_text_add_cut(ki_text *text, const char *string, int most_cells) {
    size_t length = 0;
    for (int cells = 0; string[length]; length++) {
        cells += cells_of(string[length]);
        if (cells > most_cells) break;
    }
    ki_text_add_bytes(text, string, length);
    if (string[length]) ki_text_add(text, "...");
}

void ki_text_add_cell(ki_text *text, const char *string, int width) {
    int cells = ki_text_cells(string);
    for (; width < 0 && cells < -width; cells++)
        ki_text_add_bytes(text, " ", 1);
    ki_text_add_bytes(text, string, strlen(string));
    for (; cells < width; cells++)
        ki_text_add_bytes(text, " ", 1);
}

static void add_degrees(ki_text *text, int32_t e7) {
    long long size = llabs((long long)e7);
    ki_text_add(text, "%s%lld.%07lld", e7 < 0 ? "-" : "", size / 10000000, size % 10000000);
}

void ki_text_add_point(ki_text *text, int32_t lat_e7, int32_t lon_e7) {
    ki_text_add(text, "[");
    add_degrees(text, lon_e7);
    ki_text_add(text, ",");
    add_degrees(text, lat_e7);
    ki_text_add(text, "]");
}

void ki_text_add_json(ki_text *text, const char *string) {
    if (!string) {
        ki_text_add(text, "null");
        return;
    }
    ki_text_add_bytes(text, "\"", 1);
    for (const char *c = string; *c; c++) {
        if (*c == '"' || *c == '\\')
            ki_text_add(text, "\\%c", *c);
        else if ((unsigned char)*c < 0x20)
            ki_text_add(text, "\\u%04x", (unsigned)*c);
        else
            ki_text_add_bytes(text, c, 1);
    }
    ki_text_add_bytes(text, "\"", 1);
}

void ki_text_add_xml(ki_text *text, const char *string) {
    for (const char *c = string ? string : ""; *c; c++) {
        if (*c == '<')
            ki_text_add(text, "&lt;");
        else if (*c == '&')
            ki_text_add(text, "&amp;");
        else if (*c == '"')
            ki_text_add(text, "&quot;");
        else if ((unsigned char)*c >= 0x20)
            ki_text_add_bytes(text, c, 1);
    }
}

void ki_text_free(ki_text *text) {
    ki_free(text->bytes);
    *text = (ki_text){0};
}

size_t ki_utf8_length(const char *text, size_t n_left) {
    const unsigned char *byte = (const unsigned char *)text;
    if (n_left == 0) return 0;
    unsigned char lead = byte[0];
    if (lead < 0x80) return 1;
    size_t length = lead <= 0xdf ? 2 : lead <= 0xef ? 3 : 4;
    if (lead < 0xc2 || lead > 0xf4 || n_left < length) return 0;
    unsigned char low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    unsigned char high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    if (byte[1] < low || byte[1] > high) return 0;
    for (size_t at = 2; at < length; at++)
        if ((byte[at] & 0xc0) != 0x80) return 0;
    return length;
}

int ki_utf8_valid(const char *text, size_t n_bytes) {
    while (n_bytes) {
        size_t length = ki_utf8_length(text, n_bytes);
        if (length == 0) return 0;
        text += length;
        n_bytes -= length;
    }
    return 1;
}

int ki_is_utf8(const char *text) {
    return ki_utf8_valid(text, strlen(text));
}

static const uint32_t round_constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static uint32_t rotate_right(uint32_t x, int by) {
    return (x >> by) | (x << (32 - by));
}

static void sha256_block(uint32_t state[8], const unsigned char *block) {
    uint32_t w[64], s[8];
    for (int t = 0; t < 16; t++)
        w[t] = (uint32_t)block[4 * t] << 24 | (uint32_t)block[4 * t + 1] << 16 |
               (uint32_t)block[4 * t + 2] << 8 | block[4 * t + 3];
    for (int t = 16; t < 64; t++) {
        uint32_t a = w[t - 15], b = w[t - 2];
        w[t] = w[t - 16] + (rotate_right(a, 7) ^ rotate_right(a, 18) ^ (a >> 3)) + w[t - 7] +
               (rotate_right(b, 17) ^ rotate_right(b, 19) ^ (b >> 10));
    }
    memcpy(s, state, sizeof s);
    for (int t = 0; t < 64; t++) {
        uint32_t e = s[4], a = s[0];
        uint32_t t1 = s[7] + (rotate_right(e, 6) ^ rotate_right(e, 11) ^ rotate_right(e, 25)) +
                      ((e & s[5]) ^ (~e & s[6])) + round_constants[t] + w[t];
        uint32_t t2 = (rotate_right(a, 2) ^ rotate_right(a, 13) ^ rotate_right(a, 22)) +
                      ((a & s[1]) ^ (a & s[2]) ^ (s[1] & s[2]));
        memmove(s + 1, s, 7 * sizeof *s);
        s[4] += t1;
        s[0] = t1 + t2;
    }
    for (int word = 0; word < 8; word++)
        state[word] += s[word];
}

void ki_sha256_begin(ki_sha256 *hash) {
    static const uint32_t start[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    memcpy(hash->state, start, sizeof start);
    hash->n_bytes = 0;
}

void ki_sha256_add(ki_sha256 *hash, const void *bytes, size_t n_bytes) {
    const unsigned char *from = bytes;
    while (n_bytes) {
        size_t held = hash->n_bytes % 64, take = 64 - held;
        if (take > n_bytes) take = n_bytes;
        memcpy(hash->block + held, from, take);
        hash->n_bytes += take;
        from += take;
        n_bytes -= take;
        if (held + take == 64) sha256_block(hash->state, hash->block);
    }
}

void ki_sha256_end(ki_sha256 *hash, char hex[65]) {
    uint64_t n_bits = hash->n_bytes * 8;
    unsigned char padding[72] = {0x80}, tail[8];
    size_t held = hash->n_bytes % 64, n_padding = held < 56 ? 56 - held : 120 - held;
    for (int byte = 0; byte < 8; byte++)
        tail[byte] = (unsigned char)(n_bits >> (56 - 8 * byte));
    ki_sha256_add(hash, padding, n_padding);
    ki_sha256_add(hash, tail, 8);
    for (int word = 0; word < 8; word++)
        snprintf(hex + 8 * word, 9, "%08x", hash->state[word]);
}

void ki_sha256_hex(const void *bytes, size_t n_bytes, char hex[65]) {
    ki_sha256 hash;
    ki_sha256_begin(&hash);
    ki_sha256_add(&hash, bytes, n_bytes);
    ki_sha256_end(&hash, hex);
}
