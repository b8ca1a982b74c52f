/* SPDX-License-Identifier: GPL-3.0-or-later
 * A note for each alarm that stands. Nothing is decided by it: a burning container is no less full,
 * and whether a crew goes there is for people to say. So each note says what the plan does, and the
 * container's own sentence carries the alarm too. */
#include "base/error.h"
#include "demand/alarm.h"
#include "model/seal.h"

enum { MOST_NAMED = 50 };

static const char *say_choice(ki_choice choice) {
    if (choice == KI_MUST) return "planned by its fill all the same: to be emptied tonight";
    if (choice == KI_MAY) return "planned by its fill all the same: may be emptied tonight";
    return "not due by its fill";
}

static kerb_status note_alarm(ki_seal *seal, const ki_alarm *alarm) {
    const kerb_container *container = &seal->draft->containers[alarm->container];
    ki_decision *decision = &seal->model->container_decisions[alarm->container];
    double hours = (double)(seal->draft->district.as_of_s - alarm->at_s) / 3600;
    decision->detail = ki_seal_text(seal, "%s; alarm: %s %.1f h before as-of", decision->detail,
                                    ki_alarm_name(alarm->kind), hours);
    if (!decision->detail) return ki_fail_no_memory(seal->err, "decisions");
    return ki_seal_note(seal, "alarm",
                        ki_seal_text(seal,
                                     "%s: container %.100s at site %.100s, '%.40s'%s%.40s, "
                                     "%.1f h before as-of; %s",
                                     ki_alarm_name(alarm->kind), container->id, container->site_id,
                                     alarm->word, alarm->source ? " says " : "",
                                     alarm->source ? alarm->source : "", hours,
                                     say_choice(decision->choice)));
}

kerb_status ki_seal_note_alarms(ki_seal *seal) {
    const ki_draft *draft = seal->draft;
    ki_alarms found;
    KI_TRY(ki_alarms_find(&found, &seal->scratch, draft->containers, draft->n_containers,
                          &draft->reports, draft->district.as_of_s, seal->err));
    for (size_t at = 0; at < found.n && at < MOST_NAMED; at++)
        KI_TRY(note_alarm(seal, &found.alarms[at]));
    if (found.n <= MOST_NAMED) return KERB_OK;
    return ki_seal_note(
        seal, "alarm",
        ki_seal_text(seal, "... and %zu more: kerbside reports lists all", found.n - MOST_NAMED));
}
