/* SPDX-License-Identifier: GPL-3.0-or-later
 * battery.h - what driving, sweeping and lifting use of a battery, and how long charging takes.
 *
 *   start ── tip ── tip+charge ── tip ── end
 *     └──── used ────┘└──── used ────────┘     neither more than battery_nwh
 *
 * Energy in 1e-9 Wh ("nwh"). What has been used since the start is nwh_per_mm times the length
 * driven, plus what tasks take beyond that (ki_task_nwh): two sums that any piece of a route adds
 * to. A charge is a tip option of its own beside that of the same tip without, so that a stop says
 * which it is, or a stop at a post, where the vehicle cannot unload; it goes on until the battery
 * is full. What is used only grows between two charges, so that a look at each charge and at the
 * end is enough. */
#ifndef KI_BATTERY_H
#define KI_BATTERY_H
#include "route/route.h"

enum { KI_MAX_POSTS = 8 /* of a route */ };

/* Beyond what driving the same length uses: of sweeping possibly less than nothing. */
static inline int64_t ki_task_nwh(const ki_model *model, int32_t type, int32_t task, int32_t mode) {
    const ki_type *kind = &model->types[type];
    if (model->tasks[task].kind == KI_TASK_CONTAINER) return kind->lift_nwh;
    return (kind->sweep_nwh_per_mm - kind->nwh_per_mm) * model->modes[mode].length_mm;
}
/* Of two sums since the start. */
static inline int64_t ki_used_nwh(const ki_type *type, int64_t length_mm, int64_t tasks_nwh) {
    return type->nwh_per_mm * length_mm + tasks_nwh;
}
static inline int ki_stop_charges(const ki_model *model, const ki_stop *stop) {
    return ki_stop_at_facility(stop) && model->tips[stop->mode].charge_mw > 0;
}
/* The option of a type, perhaps another one, for the same facility, open at the same time, with a
 * charge or without; -1: none. */
int32_t ki_tip_twin(const ki_model *model, int32_t type, int32_t tip, int charges);
/* Leaves out all posts; returns how many stops remain. */
int32_t ki_posts_strip(ki_stop *stops, int32_t n_stops);
/* Charges that make the battery of a route last, whatever they were; breaks may be among the stops,
 * of which there is room for so many. Where the type has no posts, the fewest tips charge, each as
 * early as may be, since then the least is charged: O(stops). With posts, those of the cheapest
 * choice of tips and posts by what detours and charging cost, if no window but those at the ends
 * of the spell binds: O(stops^2) at most. Returns how many stops there are then; -1 if no choice
 * does, with no post among the stops and no tip that charges. */
int32_t ki_charges_settle(const ki_model *model, int32_t type, ki_stop *stops, int32_t n_stops,
                          int32_t room);
#endif
