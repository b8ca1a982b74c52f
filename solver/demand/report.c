/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which reports are believed: one rule after another, each with its name, so that a summary can say
 * how many fell to which. A report counts as known only from when it was received: planning with
 * an --as-of in the past sees what was known then. */
#include "demand/report.h"

#include "base/alloc.h"
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
    int64_t received_s;
    uint32_t place; /* in the input: later wins at the same instants */
    ki_reading reading;
} sortable;

/* One container's reports at a time: only the places of all of them are kept beside the list. */
typedef struct sorting {
    ki_reports *out;
    const ki_report_list *list;
    const kerb_container *containers;
    size_t n_containers;
    int64_t as_of_s;
    int32_t *owners;      /* [list->n_names] container of a name, or KI_ID_ABSENT */
    size_t *ends;         /* [n_containers] of its places */
    uint32_t *places;     /* [n known] by container, in the input's order */
    sortable *kept;       /* [most of a container] */
    ki_reading *readings; /* [n known] */
} sorting;

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
    if (a->reading.at_s != b->reading.at_s) return a->reading.at_s < b->reading.at_s ? -1 : 1;
    if (a->received_s != b->received_s) return a->received_s < b->received_s ? -1 : 1;
    return (a->place > b->place) - (a->place < b->place);
}

static void count_reject(ki_reports *out, ki_history *history, ki_reject reject) {
    out->n_rejected[reject]++;
    if (history) history->n_rejected[reject]++;
}

/* ---- which container ------------------------------------------------------------------------- */

static int32_t owner_of(const sorting *work, const ki_ids *ids, const ki_report_at *at,
                        const kerb_report *report) {
    return at->name < 0 ? ki_ids_find(ids, report->container_id) : work->owners[at->name];
}

static void count_all(sorting *work, const ki_ids *ids) {
    ki_report_at at = {0};
    kerb_report report;
    for (size_t name = 0; name < work->list->n_names; name++)
        work->owners[name] = ki_ids_find(ids, work->list->names[name]);
    while (ki_report_list_next(work->list, &at, &report)) {
        int32_t container = owner_of(work, ids, &at, &report);
        if (container < 0)
            count_reject(work->out, NULL, KI_REJECT_UNKNOWN_CONTAINER);
        else
            work->out->histories[container].n_reports++;
    }
}

/* Afterwards ends[container] is where its places end, and those of the next one begin. */
static void note_places(sorting *work, const ki_ids *ids) {
    ki_report_at at = {0};
    kerb_report report;
    size_t n_before = 0;
    for (size_t container = 0; container < work->n_containers; container++) {
        work->ends[container] = n_before;
        n_before += (size_t)work->out->histories[container].n_reports;
    }
    while (ki_report_list_next(work->list, &at, &report)) {
        int32_t container = owner_of(work, ids, &at, &report);
        if (container >= 0) work->places[work->ends[container]++] = at.place;
    }
}

/* ---- the reports of one ---------------------------------------------------------------------- */

static size_t keep_credible(sorting *work, size_t container) {
    ki_history *history = &work->out->histories[container];
    size_t n_kept = 0, first = work->ends[container] - (size_t)history->n_reports;
    for (size_t at = first; at < work->ends[container]; at++) {
        kerb_report report;
        ki_report_list_get(work->list, work->places[at], &report);
        sortable *next = &work->kept[n_kept];
        *next = (sortable){.place = work->places[at]};
        next->received_s =
            report.received_s == KERB_NO_TIME ? report.measured_s : report.received_s;
        ki_reject reject =
            judge(&report, &work->containers[container], work->as_of_s, &next->reading);
        if (reject == KI_REJECT_NONE)
            n_kept++;
        else if (reject != KI_REJECT_EMPTY || ki_alarm_of(report.alarm) == KI_ALARM_NONE)
            count_reject(work->out, history, reject);
    }
    return n_kept;
}

static void sort_kept(sortable *kept, size_t n_kept) {
    for (size_t at = 1; at < n_kept; at++) {
        if (compare_sortables(&kept[at - 1], &kept[at]) < 0) continue;
        qsort(kept, n_kept, sizeof *kept, compare_sortables);
        return;
    }
}

/* Same instant twice: the one received last holds. */
static void fill_history(sorting *work, size_t container, size_t n_kept) {
    ki_history *history = &work->out->histories[container];
    history->readings = work->readings;
    for (size_t item = 0; item < n_kept; item++) {
        const ki_reading *reading = &work->kept[item].reading;
        if (history->n && history->readings[history->n - 1].at_s == reading->at_s) {
            history->readings[history->n - 1] = *reading;
            count_reject(work->out, history, KI_REJECT_DUPLICATE);
            continue;
        }
        history->readings[history->n++] = *reading;
    }
    work->readings += history->n;
}

static kerb_status sort_each(sorting *work, ki_arena *arena, const ki_ids *ids, kerb_error *err) {
    size_t n_known = 0, most = 0;
    for (size_t container = 0; container < work->n_containers; container++) {
        size_t n = (size_t)work->out->histories[container].n_reports;
        n_known += n;
        if (n > most) most = n;
    }
    work->readings = ki_arena_take(arena, n_known, sizeof *work->readings);
    work->places = ki_alloc_zero(n_known, sizeof *work->places);
    work->kept = ki_alloc_zero(most, sizeof *work->kept);
    kerb_status status = work->readings && work->places && work->kept
                             ? KERB_OK
                             : ki_fail_no_memory(err, "fill reports");
    if (status == KERB_OK) note_places(work, ids);
    for (size_t container = 0; status == KERB_OK && container < work->n_containers; container++) {
        size_t n_kept = keep_credible(work, container);
        sort_kept(work->kept, n_kept);
        fill_history(work, container, n_kept);
    }
    ki_free(work->places);
    ki_free(work->kept);
    return status;
}

kerb_status ki_reports_sort(ki_reports *out, ki_arena *arena, const kerb_container *containers,
                            size_t n_containers, const ki_report_list *reports, int64_t as_of_s,
                            kerb_error *err) {
    ki_ids ids;
    sorting work = {.out = out,
                    .list = reports,
                    .containers = containers,
                    .n_containers = n_containers,
                    .as_of_s = as_of_s,
                    .owners = ki_arena_alloc(arena, reports->n_names, sizeof *work.owners),
                    .ends = ki_arena_alloc(arena, n_containers, sizeof *work.ends)};
    *out = (ki_reports){.n_reports = reports->n};
    out->histories = ki_arena_alloc(arena, n_containers, sizeof *out->histories);
    if (!out->histories || !work.owners || !work.ends ||
        ki_ids_build(&ids, arena, n_containers ? &containers->id : NULL, n_containers,
                     sizeof *containers) != 0)
        return ki_fail_no_memory(err, "fill reports");
    count_all(&work, &ids);
    return sort_each(&work, arena, &ids, err);
}
