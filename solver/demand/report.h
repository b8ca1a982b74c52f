/* SPDX-License-Identifier: GPL-3.0-or-later
 * report.h - the fill reports of each container, credible ones only, by time. */
#ifndef KI_REPORT_H
#define KI_REPORT_H
#include "base/arena.h"
#include "demand/report_list.h"
#include "kerbside.h"

typedef struct ki_reading {
    int64_t at_s;
    double fill_ratio; /* 0..1, always there: from the mass where only that was reported */
    double mass_kg;    /* NAN: none */
} ki_reading;

/* Why a report is not believed. */
typedef enum ki_reject {
    KI_REJECT_NONE = 0,
    KI_REJECT_UNKNOWN_CONTAINER,
    KI_REJECT_FUTURE,    /* measured or received after as-of */
    KI_REJECT_EMPTY,     /* neither fill nor mass, nor an alarm */
    KI_REJECT_RANGE,     /* fill outside 0..1, a mass no such container holds, years old */
    KI_REJECT_TRUST,     /* below KI_MIN_TRUST, or outside 0..1 */
    KI_REJECT_FLAGGED,   /* the sensor itself says that the value is bad */
    KI_REJECT_DUPLICATE, /* a later word on the same instant */
    KI_REJECT_SPIKE,     /* one wild value between two that agree (health.c) */
    KI_N_REJECTS
} ki_reject;
const char *ki_reject_name(ki_reject reject); /* words for a sentence */

#define KI_MIN_TRUST 0.3

typedef struct ki_history { /* of one container */
    ki_reading *readings;   /* by time; no two at one instant */
    int32_t n;
    int32_t n_reports;                /* all that named it, rejected ones included */
    int32_t n_rejected[KI_N_REJECTS]; /* by reason */
} ki_history;

typedef struct ki_reports {
    ki_history *histories; /* [n_containers] */
    size_t n_reports;
    size_t n_rejected[KI_N_REJECTS]; /* over all */
} ki_reports;

/* Sorts the reports into histories, in the arena given. Fails with KERB_NO_MEMORY only: bad data is
 * counted, never fatal. */
kerb_status ki_reports_sort(ki_reports *out, ki_arena *arena, const kerb_container *containers,
                            size_t n_containers, const ki_report_list *reports, int64_t as_of_s,
                            kerb_error *err);
#endif
