/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which reports are believed: one rule after another, each with its name, so that a summary can say
 * how many fell to which. A report counts as known only from when it was received: planning with
 * an --as-of in the past sees what was known then. */
#include "demand/report.h"

#include "base/date.h"
#include "base/error.h"
#include "base/ids.h"
#include "demand/alarm.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* A mass above this multiple of what the container holds by volume and density is a fault. */
static const double MAX_MASS_RATIO = 2.0;
static const int64_t OLDEST_S = (int64_t)5 * 366 * KI_DAY_S; /* before as-of: an epoch gone wrong */

typedef struct sortable {
    int32_t container;
    size_t order; /* in the input: later wins at the same instants */
    int64_t received_s;
    ki_reading reading;
} sortable;

const char *ki_reject_name(ki_reject reject) {
    static const char *const NAMES[KI_N_REJECTS] = {"credible",          "of an unknown container",
                                                    "from the future",   "without a value",
                                                    "out of range",      "of low trust",
                                                    "flagged bad",       "repeated",
                                                    "single wild values"};
    return (unsigned)reject < KI_N_REJECTS ? NAMES[reject] : "";
}

/* The quality flags of LwM2M object 3435. */
static int is_flagged(const char *alarm) {
    static const char *const FLAGS[] = {"UNDER_RANGE", "OVER_RANGE", "STUCK_VALUE",
                                        "STEP_TOO_HIGH"};
    if (!alarm) return 0;
    for (size_t flag = 0; flag < sizeof FLAGS / sizeof *FLAGS; flag++) {
        if (strcasecmp(alarm, FLAGS[flag]) == 0) return 1;
    }
    return 0;
}

static ki_reject judge_value(const kerb_report *report, const kerb_container *container,
                             ki_reading *reading) {
    double holds_kg = container->volume_l * container->density_kg_per_l;
    int has_fill = !isnan(report->fill_ratio), has_mass = !isnan(report->mass_kg);
    if (!has_fill && !has_mass) return KI_REJECT_EMPTY;
    if (has_fill && !(report->fill_ratio >= 0 && report->fill_ratio <= 1)) return KI_REJECT_RANGE;
    double max_kg = holds_kg > 0 ? MAX_MASS_RATIO * holds_kg : 1e6;
    if (has_mass && !(report->mass_kg >= 0 && report->mass_kg <= max_kg)) return KI_REJECT_RANGE;
    if (!has_fill && !(holds_kg > 0)) return KI_REJECT_EMPTY;
    double fill_ratio = has_fill ? report->fill_ratio : fmin(1.0, report->mass_kg / holds_kg);
    *reading = (ki_reading){report->measured_s, fill_ratio, report->mass_kg};
    return KI_REJECT_NONE;
}

static ki_reject judge(const kerb_report *report, const kerb_container *container, int64_t as_of_s,
                       ki_reading *reading) {
    if (report->measured_s == KERB_NO_TIME) return KI_REJECT_EMPTY;
    if (report->measured_s > as_of_s) return KI_REJECT_FUTURE;
    if (report->measured_s < as_of_s - OLDEST_S) return KI_REJECT_RANGE;
    if (report->received_s != KERB_NO_TIME && report->received_s > as_of_s) return KI_REJECT_FUTURE;
    double trust = report->trust_ratio; /* 0: unstated */
    if (!(trust >= 0 && trust <= 1) || (trust > 0 && trust < KI_MIN_TRUST)) return KI_REJECT_TRUST;
    if (is_flagged(report->alarm)) return KI_REJECT_FLAGGED;
    return judge_value(report, container, reading);
}

static int compare_sortables(const void *left, const void *right) {
    const sortable *a = left, *b = right;
    if (a->container != b->container) return a->container < b->container ? -1 : 1;
    if (a->reading.at_s != b->reading.at_s) return a->reading.at_s < b->reading.at_s ? -1 : 1;
    if (a->received_s != b->received_s) return a->received_s < b->received_s ? -1 : 1;
    return (a->order > b->order) - (a->order < b->order);
}

static void count_reject(ki_reports *out, int32_t container, ki_reject reject) {
    out->n_rejected[reject]++;
    if (container >= 0) out->histories[container].n_rejected[reject]++;
}

static size_t keep_credible(ki_reports *out, sortable *kept, const ki_ids *ids,
                            const kerb_container *containers, const kerb_report *reports,
                            size_t n_reports, int64_t as_of_s) {
    size_t n_kept = 0;
    for (size_t order = 0; order < n_reports; order++) {
        const kerb_report *report = &reports[order];
        int32_t container = ki_ids_find(ids, report->container_id);
        if (container < 0) {
            count_reject(out, -1, KI_REJECT_UNKNOWN_CONTAINER);
            continue;
        }
        out->histories[container].n_reports++;
        sortable *next = &kept[n_kept];
        *next = (sortable){.container = container, .order = order};
        next->received_s =
            report->received_s == KERB_NO_TIME ? report->measured_s : report->received_s;
        ki_reject reject = judge(report, &containers[container], as_of_s, &next->reading);
        if (reject == KI_REJECT_NONE)
            n_kept++;
        else if (reject != KI_REJECT_EMPTY || ki_alarm_of(report->alarm) == KI_ALARM_NONE)
            count_reject(out, container, reject);
    }
    return n_kept;
}

/* Same instant twice: the one received last holds. */
static void fill_histories(ki_reports *out, ki_reading *readings, const sortable *kept,
                           size_t n_kept) {
    size_t n_readings = 0;
    for (size_t item = 0; item < n_kept; item++) {
        ki_history *history = &out->histories[kept[item].container];
        if (history->n == 0) history->readings = &readings[n_readings];
        if (history->n && history->readings[history->n - 1].at_s == kept[item].reading.at_s) {
            history->readings[history->n - 1] = kept[item].reading;
            count_reject(out, kept[item].container, KI_REJECT_DUPLICATE);
            continue;
        }
        readings[n_readings++] = kept[item].reading;
        history->n++;
    }
}

kerb_status ki_reports_sort(ki_reports *out, ki_arena *arena, const kerb_container *containers,
                            size_t n_containers, const kerb_report *reports, size_t n_reports,
                            int64_t as_of_s, kerb_error *err) {
    *out = (ki_reports){.n_reports = n_reports};
    ki_ids ids;
    out->histories = ki_arena_alloc(arena, n_containers, sizeof *out->histories);
    sortable *kept = ki_arena_alloc(arena, n_reports, sizeof *kept);
    ki_reading *readings = ki_arena_alloc(arena, n_reports, sizeof *readings);
    if (!out->histories || !kept || !readings ||
        ki_ids_build(&ids, arena, n_containers ? &containers->id : NULL, n_containers,
                     sizeof *containers) != 0)
        return ki_fail_no_memory(err, "fill reports");
    size_t n_kept = keep_credible(out, kept, &ids, containers, reports, n_reports, as_of_s);
    qsort(kept, n_kept, sizeof *kept, compare_sortables);
    fill_histories(out, readings, kept, n_kept);
    return KERB_OK;
}
