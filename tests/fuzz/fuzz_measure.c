/* SPDX-License-Identifier: GPL-3.0-or-later
 * Lengths, masses and speeds with their units. A list that says the same twice says it once; a
 * limit added to a list never raises it. */
#include "base/alloc.h"
#include "base/measure.h"
#include "io/osm_tags.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes);

/* What `text;more` reads as; -1: out of memory. */
static int32_t read_list(const char *text, const char *more, ki_measure measure) {
    size_t length = strlen(text), n_more = strlen(more);
    char *list = ki_alloc(length + n_more + 2);
    if (!list) return -1;
    memcpy(list, text, length);
    list[length] = ';';
    memcpy(list + length + 1, more, n_more + 1);
    int32_t value = ki_measure_smallest(list, measure);
    ki_free(list);
    return value;
}

static void check(const char *text, ki_measure measure) {
    int32_t value = ki_measure_smallest(text, measure), twice = read_list(text, text, measure);
    int32_t with_one = read_list(text, "1", measure), one = ki_measure_smallest("1", measure);
    if (value < 0) abort();
    if (twice >= 0 && twice != value) abort();
    if (with_one >= 0 && with_one > one) abort();
    if (value > 0 && with_one >= 0 && with_one != (value < one ? value : one)) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes) {
    if (n_bytes > 1 << 12) return 0;
    char *text = ki_alloc(n_bytes + 1);
    if (!text) return 0;
    memcpy(text, bytes, n_bytes);
    text[n_bytes] = '\0';
    check(text, KI_MEASURE_LENGTH_MM);
    check(text, KI_MEASURE_MASS_KG);
    check(text, KI_MEASURE_SPEED_MM_PER_S);
    if (ki_osm_parse_length_mm(text) < 0 || ki_osm_parse_mass_kg(text) < 0 ||
        ki_osm_parse_speed_mm_per_s(text) < 0)
        abort();
    ki_free(text);
    return 0;
}
