/* SPDX-License-Identifier: GPL-3.0-or-later
 * measure.h - lengths, masses and speeds as people write them: 2.5 m, 8'6", 7.5, 16000
 * lbs, 30 mph. */
#ifndef KI_MEASURE_H
#define KI_MEASURE_H
#include <stdint.h>

typedef enum ki_measure {
    KI_MEASURE_LENGTH_MM,     /* a bare number is metres */
    KI_MEASURE_MASS_KG,       /* ... tonnes */
    KI_MEASURE_SPEED_MM_PER_S /* ... km/h */
} ki_measure;

/* The smallest of a list `a;b`, rounded to a whole unit; 0 where any part is not understood. */
int32_t ki_measure_smallest(const char *text, ki_measure measure);
#endif
