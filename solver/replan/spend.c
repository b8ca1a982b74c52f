/* SPDX-License-Identifier: GPL-3.0-or-later
 * spend.c - see spend.h. */
#include "replan/spend.h"

#include "base/error.h"
#include "model/validate.h"

#include <math.h>
#include <string.h>

void ki_spend_cap(ki_draft *draft, const ki_progress *progress, const ki_plan_stop *stop,
                  double mass_kg) {
    int32_t index = ki_ids_find(&progress->facilities, stop->id);
    if (index < 0 || !(draft->facilities[index].cap_tonnes > 0)) return;
    draft->facilities[index].used_tonnes += mass_kg / 1000;
}

/* ---- bays ------------------------------------------------------------------------------------ */

static kerb_status add_slot(ki_draft *draft, kerb_facility *facility, kerb_bay_slot slot,
                            kerb_error *err) {
    kerb_bay_slot *slots = ki_arena_alloc(&draft->arena, facility->n_bay_slots + 1, sizeof *slots);
    if (!slots) return ki_fail_no_memory(err, "the rest of a night");
    if (facility->n_bay_slots)
        memcpy(slots, facility->bay_slots, facility->n_bay_slots * sizeof *slots);
    slots[facility->n_bay_slots++] = slot;
    facility->bay_slots = slots;
    return KERB_OK;
}

/* When the vehicle leaves a stop that is past. */
static int64_t end_of(const ki_plan_route *from, const ki_route_progress *route, int32_t past) {
    int64_t delay_ms = route->start_ms - from->spell_start_ms;
    if (route->end_ms[past] != INT64_MIN) return route->end_ms[past];
    if (past == route->n_past) return route->ready_ms;
    return from->stops[past].end_ms + (delay_ms > 0 ? delay_ms : 0);
}

kerb_status ki_spend_bays(ki_draft *draft, const ki_progress *progress, const ki_plan_route *from,
                          const ki_route_progress *route, kerb_error *err) {
    int64_t night_s = draft->district.night_start_s;
    for (int32_t past = 1; past <= route->n_past; past++) {
        const ki_plan_stop *stop = &from->stops[past];
        int is_there = stop->kind == KI_STOP_TIP || stop->kind == KI_STOP_CHARGE;
        int was_there = is_there && route->outcome[past] == KERB_EVENT_DONE;
        int32_t index = was_there ? ki_ids_find(&progress->facilities, stop->id) : -1;
        if (index < 0 || draft->facilities[index].bays == 0) continue;
        int64_t end_ms = end_of(from, route, past);
        int64_t start_ms = end_ms - ((int64_t)stop->end_ms - stop->start_ms);
        if (end_ms <= progress->as_of_ms || end_ms <= start_ms) continue;
        kerb_bay_slot slot = {night_s + start_ms / 1000, night_s + ki_up_to_seconds(end_ms), 1};
        KI_TRY(add_slot(draft, &draft->facilities[index], slot, err));
    }
    return KERB_OK;
}

/* ---- breaks ---------------------------------------------------------------------------------- */

/* Driving, serving and unloading since the last break, or since the start; waiting is no work. */
static double worked_since_break(const kerb_shift *shift, const ki_plan_route *from,
                                 const ki_route_progress *route) {
    int32_t first = route->n_breaks > 0 ? from->breaks[route->n_breaks - 1].after_stop + 1 : 0;
    int64_t work_ms = 0;
    for (int32_t at = first; at <= route->n_past; at++) {
        const ki_plan_stop *stop = &from->stops[at];
        int idle = at > 0 && route->outcome[at] != KERB_EVENT_DONE;
        work_ms += stop->leg.time_ms + (idle ? 0 : stop->end_ms - stop->start_ms);
    }
    return (double)work_ms / 1000 + (first == 0 && shift->under_way ? shift->worked_s : 0);
}

/* The plan counts no break that was over when the shift began. */
static int is_counted(const kerb_shift *shift, const kerb_break *from) {
    int counts = from->n_windows == 0;
    for (size_t at = 0; at < from->n_windows; at++)
        counts |=
            from->windows[at].end_s >= shift->start_s && from->windows[at].start_s <= shift->end_s;
    return counts;
}

int64_t ki_spend_breaks(kerb_shift *shift, const ki_plan_route *from,
                        const ki_route_progress *route) {
    int64_t unpaid_ms = 0;
    size_t n_past = 0;
    shift->worked_s = worked_since_break(shift, from, route);
    for (int32_t left = route->n_breaks; n_past < shift->n_breaks && left > 0; n_past++) {
        const kerb_break *pause = &shift->breaks[n_past];
        if (!is_counted(shift, pause)) continue;
        left--;
        if (!pause->paid) unpaid_ms += llround(pause->duration_s * 1000);
    }
    shift->n_breaks -= n_past;
    shift->breaks = shift->n_breaks ? shift->breaks + n_past : NULL;
    return unpaid_ms;
}

kerb_status ki_spend_late_breaks(ki_draft *draft, kerb_shift *shift, kerb_error *err) {
    size_t n_left = 0;
    if (shift->n_breaks == 0) return KERB_OK;
    kerb_break *left = ki_arena_alloc(&draft->arena, shift->n_breaks, sizeof *left);
    if (!left) return ki_fail_no_memory(err, "the rest of the night");
    for (size_t at = 0; at < shift->n_breaks; at++)
        if (ki_break_may_happen(shift, &shift->breaks[at])) left[n_left++] = shift->breaks[at];
    shift->breaks = n_left ? left : NULL;
    shift->n_breaks = n_left;
    return KERB_OK;
}
