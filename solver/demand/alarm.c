/* SPDX-License-Identifier: GPL-3.0-or-later
 * Makers call the same thing many names, so a word is known by what it contains. A word that nobody
 * knows is an alarm as well: better one line too many than a fire that was not understood.
 * A later report without a word does not end an alarm: many sensors cry once. */
#include "demand/alarm.h"

#include "base/date.h"
#include "base/error.h"
#include "base/ids.h"

#include <stdlib.h>
#include <string.h>

enum { WORD = 48 };

const char *ki_alarm_name(ki_alarm_kind kind) {
    static const char *const NAMES[] = {"fire", "tilt", "lid open", "alarm", "clear", "none"};
    return NAMES[kind];
}

/* Lower case, without what joins words. What is not ASCII stays. */
static void plain(const char *word, char out[WORD]) {
    size_t n = 0;
    for (; *word && n + 1 < WORD; word++) {
        if (strchr(" \t_-.:", *word)) continue;
        out[n++] = (char)(*word >= 'A' && *word <= 'Z' ? *word - 'A' + 'a' : *word);
    }
    out[n] = '\0';
}

static int is_one_of(const char *word, const char *const *list) {
    for (; *list; list++)
        if (strcmp(word, *list) == 0) return 1;
    return 0;
}

static int contains_one_of(const char *word, const char *const *list) {
    for (; *list; list++)
        if (strstr(word, *list)) return 1;
    return 0;
}

ki_alarm_kind ki_alarm_of(const char *word) {
    static const char *const CLEAR[] = {"ok", "none",  "normal", "no",        "false",
                                        "0",  "clear", "closed", "lidclosed", NULL};
    static const char *const FLAGS[] = {"underrange",  "overrange", "noisy", "stuckvalue",
                                        "steptoohigh", "unknown",   NULL};
    static const char *const KINDS[KI_N_ALARMS - 1][8] = {
        {"fire", "burn", "smoke", "overheat", "hightemp", "火", NULL},
        {"tilt", "drop", "moved", "overturn", "fallen", "倾", NULL},
        {"lid", "door", "盖", NULL}};
    char text[WORD];
    if (!word) return KI_ALARM_NONE;
    plain(word, text);
    if (!text[0] || is_one_of(text, FLAGS)) return KI_ALARM_NONE;
    if (is_one_of(text, CLEAR)) return KI_ALARM_CLEAR;
    for (int kind = 0; kind < KI_N_ALARMS - 1; kind++)
        if (contains_one_of(text, KINDS[kind])) return (ki_alarm_kind)kind;
    return KI_ALARM_OTHER;
}

/* ---- those that stand ------------------------------------------------------------------------ */

typedef struct state {            /* of one container */
    int64_t clear_s;              /* newest all-clear or emptying */
    ki_alarm newest[KI_N_ALARMS]; /* word NULL: none */
} state;

static void hear(state *of, int32_t bin, const kerb_report *report) {
    ki_alarm_kind kind = ki_alarm_of(report->alarm);
    if (kind == KI_ALARM_CLEAR && report->measured_s > of->clear_s)
        of->clear_s = report->measured_s;
    if (kind >= KI_ALARM_CLEAR) return;
    if (!of->newest[kind].word || report->measured_s > of->newest[kind].at_s)
        of->newest[kind] = (ki_alarm){kind, bin, report->measured_s, report->alarm, report->source};
}

static int is_known_by(const kerb_report *report, int64_t as_of_s) {
    return report->measured_s != KERB_NO_TIME && report->measured_s <= as_of_s &&
           report->measured_s >= as_of_s - (int64_t)KI_ALARM_DAYS * KI_DAY_S &&
           (report->received_s == KERB_NO_TIME || report->received_s <= as_of_s);
}

static int gravest_first(const void *left, const void *right) {
    const ki_alarm *a = left, *b = right;
    if (a->kind != b->kind) return a->kind < b->kind ? -1 : 1;
    if (a->at_s != b->at_s) return a->at_s > b->at_s ? -1 : 1;
    return a->container < b->container ? -1 : a->container > b->container;
}

kerb_status ki_alarms_find(ki_alarms *out, ki_arena *arena, const kerb_container *containers,
                           size_t n_containers, const ki_report_list *reports, int64_t as_of_s,
                           kerb_error *err) {
    ki_ids ids;
    *out = (ki_alarms){0};
    state *states = ki_arena_alloc(arena, n_containers, sizeof *states);
    if (!states || ki_ids_build(&ids, arena, n_containers ? &containers->id : NULL, n_containers,
                                sizeof *containers))
        return ki_fail_no_memory(err, "alarms");
    for (size_t bin = 0; bin < n_containers; bin++)
        states[bin] = (state){.clear_s = containers[bin].last_emptied_s};
    ki_report_at at = {0};
    kerb_report report;
    while (ki_report_list_next(reports, &at, &report)) {
        if (!report.alarm || !is_known_by(&report, as_of_s)) continue;
        int32_t bin = ki_ids_find(&ids, report.container_id);
        if (bin >= 0) hear(&states[bin], bin, &report);
    }
    out->alarms = ki_arena_alloc(arena, n_containers * KI_N_ALARMS, sizeof *out->alarms);
    if (!out->alarms) return ki_fail_no_memory(err, "alarms");
    for (size_t bin = 0; bin < n_containers; bin++)
        for (int kind = 0; kind < KI_N_ALARMS; kind++) {
            const ki_alarm *newest = &states[bin].newest[kind];
            if (newest->word && newest->at_s > states[bin].clear_s) out->alarms[out->n++] = *newest;
        }
    qsort(out->alarms, out->n, sizeof *out->alarms, gravest_first);
    return KERB_OK;
}
