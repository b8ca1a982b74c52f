/* SPDX-License-Identifier: GPL-3.0-or-later
 * battery.h - what driving, sweeping and lifting use of a battery, and how long charging takes.
 *
 *   start ── tip ── tip+charge ── tip ── end
 *     └──── used ────┘└──── used ────────┘     neither more than battery_nwh
 *
 * Energy in 1e-9 Wh ("nwh"). What has been used since the start is nwh_per_mm times the length
 * driven, plus what tasks take beyond that (ki_task_nwh): two sums that any piece of a route adds
 * to. A charge is a tip option of its own beside that of the same tip without, so that a stop says
 * which it is; it goes on until the battery is full. What is used only grows between two charges,
 * so that a look at each charge and at the end is enough. */
#ifndef KI_BATTERY_H
#define KI_BATTERY_H
#include "route/route.h"

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
static inline int ki_tip_charges(const ki_model *model, const ki_stop *stop) {
    return stop->task == KI_TIP && model->tips[stop->mode].charge_mw > 0;
}
/* The option of a type, perhaps another one, for the same facility, open at the same time, with a
 * charge or without; -1: none. */
int32_t ki_tip_twin(const ki_model *model, int32_t type, int32_t tip, int charges);
/* Makes the fewest tips of a route charges that make its battery last, each as early as may be,
 * since then the least is charged; breaks may be among the stops. 0 if no choice of them does:
 * then none of them is. O(stops). */
int ki_charges_settle(const ki_model *model, int32_t type, ki_stop *stops, int32_t n_stops);
#endif
