/* SPDX-License-Identifier: GPL-3.0-or-later
 * margin.c - the time that routes leave free before a window closes and a shift ends, so that they
 * are in time with the chance that the district asks for (time_quantile).
 *
 * Every drive and every stop takes as long as planned but for KI_TIME_DEVIATION of it, each for
 * itself. What has taken T so far in pieces of d each then varies by KI_TIME_DEVIATION * sqrt(d T),
 * and z times as much is kept free of it; z is the quantile of the normal distribution, T the time
 * since the first shift of that night could begin. Search, choice and bound see windows that close
 * earlier, and need nothing new; what is told to people, and the checker, know the true ones.
 *
 * Nothing is kept free that would shut out a task which some vehicle can do, and no more than a
 * quarter of a window. A night under way keeps nothing free: it is what delays use up. */
#include "base/normal.h"
#include "model/seal.h"

#include <math.h>

/* A drive or a stop of a truck lasts 3.3 to 4.7 min, the long ones counting more (record 53). */
enum { PIECE_MS = 240000, MOST_SHARE = 4 };

typedef struct margins {
    ki_seal *seal;
    const int32_t *times; /* [n_types][n_modes] service; KI_NEVER: it cannot */
    double deviations;
} margins;

/* ---- how much -------------------------------------------------------------------------------- */

/* charge_ms: of a charge on the way, a piece of its own. */
static int32_t margin_of(const margins *all, int64_t begin_ms, int64_t open_ms, int64_t close_ms,
                         int32_t charge_ms) {
    if (close_ms <= begin_ms || close_ms <= open_ms) return 0;
    double pieces_ms = sqrt((double)PIECE_MS * (double)(close_ms - begin_ms));
    double margin_ms = all->deviations * KI_TIME_DEVIATION * hypot(pieces_ms, charge_ms);
    return (int32_t)fmin(margin_ms, (double)(close_ms - open_ms) / MOST_SHARE);
}

/* The first shift of the group's that is out in the window; -1: none. */
static int64_t begin_of(const ki_seal *seal, int group, const ki_mode *mode) {
    int64_t begin_ms = -1;
    for (int32_t at = 0; at < seal->model->n_types; at++) {
        const ki_type *type = &seal->model->types[at];
        if (type->group != group) continue;
        if (type->earliest_ms > mode->close_ms || type->latest_ms < mode->open_ms) continue;
        if (begin_ms < 0 || type->earliest_ms < begin_ms) begin_ms = type->earliest_ms;
    }
    return begin_ms;
}

static void draw_in_modes(margins *all, const ki_task *task) {
    for (int32_t index = 0; index < task->n_modes; index++) {
        ki_mode *mode = &all->seal->modes[task->first_mode + index];
        int64_t begin_ms = begin_of(all->seal, task->group, mode);
        if (begin_ms < 0) continue;
        mode->margin_ms = margin_of(all, begin_ms, mode->open_ms, mode->close_ms, 0);
        mode->close_ms -= mode->margin_ms;
    }
}

static int32_t charge_ms(const ki_type *type) {
    return type->battery_nwh && type->recharge_ms != KI_NEVER ? type->recharge_ms : 0;
}

static void draw_in_type(margins *all, ki_type *type) {
    ki_tip *tips = &all->seal->model->tips[type->first_tip];
    int64_t begin_ms = type->earliest_ms;
    type->margin_ms = margin_of(all, begin_ms, begin_ms, type->latest_ms, charge_ms(type));
    for (int32_t tip = 0; tip < type->n_tips; tip++) {
        tips[tip].margin_ms = margin_of(all, begin_ms, tips[tip].open_ms, tips[tip].close_ms, 0);
        tips[tip].close_ms -= tips[tip].margin_ms;
    }
    type->latest_ms -= type->margin_ms;
}

/* ---- what a vehicle can do alone ------------------------------------------------------------- */

/* Unloading and coming home, having left a task there and then; as_is: by the true times. */
static int comes_home(const margins *all, const ki_type *type, int32_t point, int64_t at_ms,
                      int64_t mass_g, int as_is) {
    const ki_model *model = all->seal->model;
    for (int32_t at = type->first_tip; at < type->first_tip + type->n_tips; at++) {
        const ki_tip *tip = &model->tips[at];
        int32_t there_ms = ki_time_ms(model, (int32_t)(type - model->types), point, tip->point);
        int32_t home_ms =
            ki_time_ms(model, (int32_t)(type - model->types), tip->point, type->end_point);
        if (there_ms == KI_NEVER || home_ms == KI_NEVER) continue;
        int64_t start_ms = at_ms + there_ms;
        if (start_ms < tip->open_ms) start_ms = tip->open_ms;
        if (start_ms > tip->close_ms + (as_is ? (int64_t)tip->margin_ms : 0)) continue;
        int64_t end_ms = start_ms + tip->fixed_ms + mass_g * tip->ms_per_tonne / 1000000;
        if (end_ms + home_ms + type->post_ms <=
            type->latest_ms + (as_is ? (int64_t)type->margin_ms : 0))
            return 1;
    }
    return 0;
}

/* Pauses and a charge that the day may need beside: counted in full where margins are judged. */
static int64_t pauses_ms(const ki_type *type) {
    int64_t sum_ms = charge_ms(type);
    for (int32_t at = 0; at < type->n_breaks; at++)
        sum_ms += type->breaks[at].duration_ms;
    return sum_ms;
}

static int does_alone(const margins *all, const ki_type *type, const ki_task *task, int as_is) {
    const ki_model *model = all->seal->model;
    int32_t index = (int32_t)(type - model->types);
    for (int32_t at = task->first_mode; at < task->first_mode + task->n_modes; at++) {
        const ki_mode *mode = &all->seal->modes[at];
        int32_t service_ms = all->times[(size_t)index * all->seal->n_modes + (size_t)at];
        if (service_ms == KI_NEVER) continue;
        int64_t start_ms = (int64_t)type->earliest_ms + type->pre_ms +
                           ki_time_ms(model, index, type->start_point, mode->entry);
        if (!as_is) start_ms += pauses_ms(type);
        if (start_ms < mode->open_ms) start_ms = mode->open_ms;
        if (start_ms > mode->close_ms + (as_is ? (int64_t)mode->margin_ms : 0)) continue;
        if (comes_home(all, type, mode->exit, start_ms + task->setup_ms + service_ms, task->mass_g,
                       as_is))
            return 1;
    }
    return 0;
}

/* ---- taking back ----------------------------------------------------------------------------- */

static void restore_modes(margins *all, const ki_task *task) {
    for (int32_t at = task->first_mode; at < task->first_mode + task->n_modes; at++) {
        all->seal->modes[at].close_ms += all->seal->modes[at].margin_ms;
        all->seal->modes[at].margin_ms = 0;
    }
}

static void restore_type(margins *all, ki_type *type) {
    ki_tip *tips = &all->seal->model->tips[type->first_tip];
    type->latest_ms += type->margin_ms;
    type->margin_ms = 0;
    for (int32_t tip = 0; tip < type->n_tips; tip++) {
        tips[tip].close_ms += tips[tip].margin_ms;
        tips[tip].margin_ms = 0;
    }
}

/* The types that can do it by the true times, or by those with margins. */
static uint64_t types_alone(const margins *all, const ki_task *task, int as_is) {
    uint64_t mask = 0;
    for (int32_t at = 0; at < all->seal->model->n_types; at++)
        if (does_alone(all, &all->seal->model->types[at], task, as_is)) mask |= UINT64_C(1) << at;
    return mask;
}

/* First the windows of the task itself, then the hours of all that could do it. */
static void keep_servable(margins *all, const ki_task *task) {
    if (types_alone(all, task, 0)) return;
    uint64_t able = types_alone(all, task, 1);
    if (!able) return;
    restore_modes(all, task);
    if (types_alone(all, task, 0)) return;
    for (int32_t at = 0; at < all->seal->model->n_types; at++)
        if (able >> at & 1) restore_type(all, &all->seal->model->types[at]);
}

/* ---- the whole ------------------------------------------------------------------------------- */

static int is_under_way(const ki_seal *seal) {
    int under_way = seal->draft->n_earlier_plans > 0;
    for (int32_t at = 0; at < seal->model->n_types; at++)
        under_way |= seal->model->types[at].under_way;
    return under_way;
}

void ki_seal_margins(ki_seal *seal, const int32_t *times) {
    double quantile = seal->draft->district.time_quantile;
    if (!(quantile > 0.5) || is_under_way(seal)) return;
    margins all = {seal, times, ki_normal_quantile(quantile)};
    for (size_t task = 0; task < seal->n_tasks; task++)
        draw_in_modes(&all, &seal->tasks[task]);
    for (int32_t at = 0; at < seal->model->n_types; at++)
        draw_in_type(&all, &seal->model->types[at]);
    for (size_t task = 0; task < seal->n_tasks; task++)
        keep_servable(&all, &seal->tasks[task]);
}

static void note_margin(ki_seal *seal, int32_t margin_ms) {
    if (margin_ms <= 0) return;
    if (seal->most_margin_ms == 0 || margin_ms < seal->least_margin_ms)
        seal->least_margin_ms = margin_ms;
    if (margin_ms > seal->most_margin_ms) seal->most_margin_ms = margin_ms;
}

kerb_status ki_seal_note_margins(ki_seal *seal) {
    const ki_model *model = seal->model;
    for (int32_t at = 0; at < model->n_modes; at++)
        note_margin(seal, model->modes[at].margin_ms);
    for (int32_t at = 0; at < model->n_types; at++)
        note_margin(seal, model->types[at].margin_ms);
    if (seal->most_margin_ms == 0) return KERB_OK;
    return ki_seal_note(
        seal, "margin",
        ki_seal_text(seal,
                     "routes are planned to be done %.0f to %.0f min before windows close and "
                     "shifts end: drives and stops may take longer, and a route is to be in time "
                     "with a chance of %g %%",
                     seal->least_margin_ms / 6e4, seal->most_margin_ms / 6e4,
                     100 * seal->draft->district.time_quantile));
}
