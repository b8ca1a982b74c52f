/* SPDX-License-Identifier: GPL-3.0-or-later
 * rounds.h - a city's present rounds as it has them: who empties which container, in which order.
 *
 *   vehicle,order,container,day       vehicle: of a truck, or the id of a shift
 *   T01,1,C0412,mon                   day: mon to sun, by the evening; no column or nothing: daily
 */
#ifndef KI_ROUNDS_H
#define KI_ROUNDS_H
#include "base/arena.h"
#include "kerbside.h"

enum { KI_EVERY_DAY = -1 };

typedef struct ki_visit {
    const char *vehicle, *container;
    double order;
    int32_t day; /* Monday 0, or KI_EVERY_DAY */
    int64_t record;
} ki_visit;

typedef struct ki_rounds {
    const char *path; /* borrowed */
    ki_arena arena;
    ki_visit *visits; /* by vehicle, then order */
    size_t n, capacity;
} ki_rounds;

/* Any table that ki_table_open reads. Fails with KERB_BAD_INPUT where a column is missing, a value
 * is no number or no day, or there is no row. Free with ki_rounds_free, also after a failure. */
kerb_status ki_rounds_read(ki_rounds *out, const char *path, kerb_error *err);
void ki_rounds_free(ki_rounds *rounds);

static inline int ki_visit_is_on(const ki_visit *visit, int32_t weekday) {
    return visit->day == KI_EVERY_DAY || visit->day == weekday;
}
#endif
