/* SPDX-License-Identifier: GPL-3.0-or-later
 * fault.h - sensors that report steadily and lie: what the shape of a history gives away. */
#ifndef KI_FAULT_H
#define KI_FAULT_H
#include "demand/health.h"

typedef struct ki_lie {
    ki_health health; /* OK, INVERSE, NEVER_FULL or DRIFT */
    double level;     /* NEVER_FULL: its ceiling; DRIFT: what it reads when just emptied */
    int32_t first;    /* INVERSE: from this reading on */
} ki_lie;

/* rate_per_day: as measured over so many days of its own, or the stream's. */
ki_lie ki_lie_find(const ki_history *history, double rate_per_day, double own_days);
/* Readings that stand at a ceiling. */
int ki_at_ceiling(const ki_reading *reading, double ceiling);
#endif
