/* SPDX-License-Identifier: GPL-3.0-or-later
 * Bytes as the text of a line: what is accepted lies on the earth and is read again from its own
 * writing. */
#include "io/district_line.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes);

static double lat[KI_LINE_POSITIONS], lon[KI_LINE_POSITIONS];
static double lat_again[KI_LINE_POSITIONS], lon_again[KI_LINE_POSITIONS];
static char text[1 << 16];

static size_t write_again(size_t n) {
    size_t used = (size_t)snprintf(text, sizeof text, "LineString(");
    for (size_t at = 0; at < n && used < sizeof text - 80; at++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%.17g %.17g", at ? "," : "",
                                 lon[at], lat[at]);
    snprintf(text + used, sizeof text - used, ")");
    return ki_line_parse(text, lat_again, lon_again);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes) {
    if (n_bytes >= sizeof text) return 0;
    memcpy(text, bytes, n_bytes);
    text[n_bytes] = '\0';
    size_t n = ki_line_parse(text, lat, lon);
    if (n == 1 || n > KI_LINE_POSITIONS) abort();
    for (size_t at = 0; at < n; at++)
        if (!(fabs(lat[at]) <= 90 && fabs(lon[at]) <= 180)) abort();
    if (n && write_again(n) != n) abort();
    if (n && (memcmp(lat, lat_again, n * sizeof *lat) || memcmp(lon, lon_again, n * sizeof *lon)))
        abort();
    return 0;
}
