/* SPDX-License-Identifier: GPL-3.0-or-later
 * alarm.h - what sensors and crews cry out: fire, tilt, an open lid. An alarm is for people: it
 * changes no forecast and no choice, but is said before anything else. */
#ifndef KI_ALARM_H
#define KI_ALARM_H
#include "base/arena.h"
#include "demand/report_list.h"
#include "kerbside.h"

typedef enum ki_alarm_kind { /* the gravest first */
                             KI_ALARM_FIRE = 0,
                             KI_ALARM_TILT,
                             KI_ALARM_LID,
                             KI_ALARM_OTHER,
                             KI_ALARM_CLEAR, /* the word says that all is well */
                             KI_ALARM_NONE   /* no word, "unknown", or one about the value: the
                                                quality flags of LwM2M */
} ki_alarm_kind;
enum { KI_N_ALARMS = KI_ALARM_CLEAR }; /* kinds that are alarms */

const char *ki_alarm_name(ki_alarm_kind kind); /* "fire", "tilt", "lid open", "alarm" */
/* Of any word in use, whatever its case, spaces, dashes and underscores; NULL is none. */
ki_alarm_kind ki_alarm_of(const char *word);

typedef struct ki_alarm {
    ki_alarm_kind kind;
    int32_t container;
    int64_t at_s;              /* measured */
    const char *word, *source; /* as reported; source may be NULL */
} ki_alarm;

typedef struct ki_alarms {
    ki_alarm *alarms; /* gravest kind first, then newest; at most one of a kind a container */
    size_t n;
} ki_alarms;

/* What stands at as-of: reported by then and no longer than KI_ALARM_DAYS before it, and neither an
 * all-clear nor a recorded emptying came later. Memory from the arena; fails with KERB_NO_MEMORY.
 */
enum { KI_ALARM_DAYS = 7 };
kerb_status ki_alarms_find(ki_alarms *out, ki_arena *arena, const kerb_container *containers,
                           size_t n_containers, const ki_report_list *reports, int64_t as_of_s,
                           kerb_error *err);
#endif
