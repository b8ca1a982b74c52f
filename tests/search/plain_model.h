/* SPDX-License-Identifier: GPL-3.0-or-later
 * plain_model.h - a random model made plain: one trip a route, no time; with one mode a task, or
 * with one or two of different lengths. */
#ifndef KERB_TEST_PLAIN_MODEL_H
#define KERB_TEST_PLAIN_MODEL_H
#include "route/random_model.h"
#include "search/plain.h"

static inline void plain_ways(ki_model *model) {
    ki_travel *travel = &model->travels[model->types->travel];
    int32_t tip = model->tips[model->types->first_tip].point, end = model->types->end_point;
    for (int32_t from = 0; from < travel->n; from++)
        for (int32_t to = 0; to < travel->n; to++) {
            size_t cell = (size_t)from * (size_t)travel->n + (size_t)to;
            travel->time_ms[cell] = from == tip && to != tip && to != end ? KI_NEVER : 0;
        }
}

/* About `trip` tasks of equal load would fill a vehicle. */
static inline ki_model *modal_model_new(uint64_t seed, int32_t n_tasks, int32_t trip) {
    random_model_options options = {
        .seed = seed, .n_tasks = n_tasks, .n_types = 1, .n_shifts = 1, .n_tips = 1};
    ki_model *model = random_model_new(&options);
    ki_type *type = model->types;
    ki_tip *tip = &model->tips[type->first_tip];
    ki_rng rng;
    int64_t total = 0;
    ki_rng_seed(&rng, seed, 5);
    type->start_point = 0;
    type->end_point = tip->point = 1;
    type->n_shifts = n_tasks;
    type->n_dims = 1;
    type->nano_per_ms = type->overtime_nano_per_ms = type->balance_nano_per_s2 = 0;
    type->nano_per_mm = 3;
    type->used_nano = seed % 2 ? 3 * (int64_t)random_in(&rng, 0, 300000) : 0;
    type->earliest_ms = tip->open_ms = 0;
    type->latest_ms = tip->close_ms = model->horizon_ms = 1000000000;
    for (int32_t mode = 0; mode < model->n_modes; mode++) {
        model->modes[mode].open_ms = 0;
        model->modes[mode].close_ms = model->horizon_ms;
        model->service_ms[mode] = 0;
    }
    for (int32_t task = 0; task < n_tasks; task++) {
        int64_t *demand = &model->demand[(size_t)task * KI_MAX_DIMS];
        *demand = random_in(&rng, 1, 20);
        total += *demand;
        model->tasks[task].types = 1;
        model->tasks[task].prize_nano = INT64_C(1000000000000);
    }
    type->capacity[0] = total * trip / n_tasks > 20 ? total * trip / n_tasks : 20;
    plain_ways(model);
    return model;
}

static inline ki_model *plain_model_new(uint64_t seed, int32_t n_tasks, int32_t trip) {
    ki_model *model = modal_model_new(seed, n_tasks, trip);
    for (int32_t task = 0; task < n_tasks; task++)
        model->tasks[task].n_modes = 1;
    return model;
}
#endif
