/* SPDX-License-Identifier: GPL-3.0-or-later
 * random_model.h - small sealed models made in code, with everything a route may meet: asymmetric
 * matrices, several modes, windows, tips with hours, unloading by load, set-ups, several types,
 * starting loads, overtime, gate fees, optional tasks, batteries. For tests of route, search,
 * master, plan. */
#ifndef KERB_TEST_RANDOM_MODEL_H
#define KERB_TEST_RANDOM_MODEL_H
#include "base/alloc.h"
#include "base/rng.h"
#include "model/model.h"
#include "route/battery.h"

#include <stdlib.h>
#include <string.h>

typedef struct random_model_options {
    uint64_t seed;
    int32_t n_tasks, n_types, n_shifts; /* shifts of each type */
    int32_t n_tips;                     /* of each type */
    int windows;                        /* narrow windows of tasks and tips */
    int optional;                       /* some prizes are small */
    int start_loads;
    int32_t breaks; /* most breaks of a type */
    int under_way;  /* every other type */
    int changes;    /* some tasks had another type in an earlier plan */
    int shared;     /* facilities with few bays, or room for a part of the mass */
    int attended;   /* all vehicles have attendants, for fewer than there are; with shared */
    int releases;   /* some tasks are not there from the start */
    int batteries;  /* of every type, and charges at some tips */
    int32_t posts;  /* of each type; with batteries */
    int levels;     /* part charges; with batteries */
    int sequences;  /* some tasks come in an order */
    int settings;   /* the second of two types is another setting of the first; without batteries */
    int compact;    /* how far tasks lie from the middle of their route has a price */
} random_model_options;

static inline int32_t random_in(ki_rng *rng, int32_t low, int32_t high) {
    return low + (int32_t)ki_rng_below(rng, (uint32_t)(high - low + 1));
}

/* Each feature there or not, by chance. */
static inline random_model_options random_options(uint64_t seed, int32_t n_tasks, ki_rng *rng) {
    return (random_model_options){.seed = seed,
                                  .n_tasks = n_tasks,
                                  .n_types = random_in(rng, 1, 2),
                                  .n_shifts = random_in(rng, 1, 2),
                                  .n_tips = random_in(rng, 1, 2),
                                  .windows = (int)ki_rng_below(rng, 2),
                                  .optional = (int)ki_rng_below(rng, 2),
                                  .start_loads = (int)ki_rng_below(rng, 2),
                                  .changes = seed % 3 == 0,
                                  /* brute force of four to eight would take minutes */
                                  .batteries = seed % 4 == 3 && (n_tasks <= 3 || n_tasks > 8),
                                  .posts = seed % 8 == 3 && n_tasks != 3,
                                  .levels = seed % 8 == 7 && n_tasks != 3,
                                  .sequences = seed % 5 == 2,
                                  .compact = seed % 6 == 1};
}

static inline void *random_array(ki_model *model, int32_t count, size_t size) {
    void *block = ki_arena_alloc(&model->arena, (size_t)count, size);
    if (!block) abort();
    return block;
}

/* Points in a square, made asymmetric; quickest ways, so that the triangle inequality holds. */
static inline void random_travel(ki_model *model, ki_travel *travel, ki_rng *rng, int32_t n) {
    size_t cells = (size_t)n * (size_t)n;
    travel->n = n;
    travel->time_ms = random_array(model, n * n, sizeof(int32_t));
    travel->length_mm = random_array(model, n * n, sizeof(int32_t));
    int32_t *x = random_array(model, n, sizeof *x), *y = random_array(model, n, sizeof *y);
    for (int32_t point = 0; point < n; point++)
        x[point] = random_in(rng, 0, 1000), y[point] = random_in(rng, 0, 1000);
    for (size_t cell = 0; cell < cells; cell++) {
        size_t from = cell / (size_t)n, to = cell % (size_t)n;
        int32_t length = abs(x[from] - x[to]) + abs(y[from] - y[to]);
        length = from == to ? 0 : length + random_in(rng, 1, 200);
        travel->time_ms[cell] = length * 100;
        travel->length_mm[cell] = length * random_in(rng, 900, 1000);
    }
    for (size_t via = 0; via < (size_t)n; via++)
        for (size_t cell = 0; cell < cells; cell++) {
            size_t first = cell / (size_t)n * (size_t)n + via;
            size_t second = via * (size_t)n + cell % (size_t)n;
            if (travel->time_ms[first] + travel->time_ms[second] >= travel->time_ms[cell]) continue;
            travel->time_ms[cell] = travel->time_ms[first] + travel->time_ms[second];
            travel->length_mm[cell] = travel->length_mm[first] + travel->length_mm[second];
        }
}

static inline void random_task(ki_model *model, const random_model_options *options, ki_rng *rng,
                               int32_t index, int32_t *n_modes) {
    ki_task *task = &model->tasks[index];
    int32_t horizon = model->horizon_ms;
    task->id = "task";
    task->source = index;
    task->site = index > 0 && ki_rng_below(rng, 3) == 0 ? model->tasks[index - 1].site : index;
    task->first_mode = *n_modes;
    task->n_modes = random_in(rng, 1, 2);
    task->setup_ms = random_in(rng, 0, 3) * 20000;
    task->must = !options->optional || ki_rng_below(rng, 3) != 0;
    task->prize_nano = task->must ? 1000000000 : random_in(rng, 0, 400) * 100000;
    task->types = ki_rng_below(rng, 5) ? (1u << model->n_types) - 1u
                                       : 1u << ki_rng_below(rng, (uint32_t)model->n_types);
    task->mass_g = random_in(rng, 1, 400) * 1000;
    for (int32_t mode = 0; mode < task->n_modes; mode++) {
        ki_mode *way = &model->modes[(*n_modes)++];
        int shared = index > 0 && task->site == model->tasks[index - 1].site;
        ki_mode *before = &model->modes[model->tasks[shared ? index - 1 : index].first_mode];
        int kerb = ki_rng_below(rng, 4) == 0;
        way->entry = shared ? before->entry : random_in(rng, 2, model->n_points[0] - 1);
        way->exit = kerb ? random_in(rng, 2, model->n_points[0] - 1) : way->entry;
        way->length_mm = kerb ? random_in(rng, 1, 300) * 1000 : 0;
        way->open_ms = 0;
        way->close_ms = horizon;
        if (!options->windows || ki_rng_below(rng, 2)) continue;
        way->open_ms = random_in(rng, 0, horizon / 2);
        way->close_ms = way->open_ms + random_in(rng, horizon / 20, horizon / 3);
    }
}

static inline void random_type(ki_model *model, const random_model_options *options, ki_rng *rng,
                               int32_t index) {
    ki_type *type = &model->types[index];
    int32_t horizon = model->horizon_ms;
    type->mass_dims = 1;
    type->n_dims = random_in(rng, 1, 2);
    type->demand_class = index % model->n_demand_classes;
    type->capacity[0] = random_in(rng, 500, 1200) * 1000;
    type->capacity[1] = random_in(rng, 3, 8) * 1000;
    if (options->start_loads && ki_rng_below(rng, 2)) type->start_load[0] = 300 * 1000;
    type->start_point = random_in(rng, 0, 1);
    type->end_point = random_in(rng, 0, 1);
    type->earliest_ms = random_in(rng, 0, horizon / 10);
    type->latest_ms = horizon - random_in(rng, 0, horizon / 10);
    type->pre_ms = random_in(rng, 0, 3) * 10000;
    type->post_ms = random_in(rng, 0, 3) * 10000;
    type->regular_ms = ki_rng_below(rng, 2) ? KI_NEVER : horizon / 3;
    type->used_nano = random_in(rng, 0, 50) * 100000;
    type->nano_per_mm = random_in(rng, 1, 5);
    type->nano_per_ms = random_in(rng, 1, 30);
    type->overtime_nano_per_ms = random_in(rng, 1, 30);
    type->balance_nano_per_s2 = options->seed % 4 == 1 ? 1 + (int64_t)(options->seed % 3) : 0;
    type->guaranteed_ms = options->seed % 12 == 7 ? horizon / 5 * (index + 1) : 0;
    type->under_way = options->under_way && index % 2 == 0;
    type->n_tips = options->n_tips;
    type->first_tip = index * options->n_tips;
    type->n_shifts = options->n_shifts;
    type->first_shift = index * options->n_shifts;
}

static inline void random_tip(ki_model *model, const random_model_options *options, ki_rng *rng,
                              int32_t index) {
    ki_tip *tip = &model->tips[index];
    int32_t horizon = model->horizon_ms;
    tip->facility = index % options->n_tips;
    tip->point = random_in(rng, 0, model->n_points[0] - 1);
    tip->close_ms = horizon;
    if (options->windows && index % options->n_tips > 0) {
        tip->open_ms = random_in(rng, 0, horizon / 2);
        tip->close_ms = tip->open_ms + horizon / 3;
    }
    tip->fixed_ms = random_in(rng, 0, 5) * 10000;
    tip->ms_per_tonne = ki_rng_below(rng, 3) ? random_in(rng, 0, 90000) : 0;
    tip->fee_nano_per_g[0] = random_in(rng, 0, 5);
}

static inline void random_demand(ki_model *model, ki_rng *rng) {
    int32_t n_modes = model->n_modes;
    model->demand = random_array(model, model->n_demand_classes * model->n_tasks * KI_MAX_DIMS,
                                 sizeof *model->demand);
    model->service_ms = random_array(model, model->n_types * n_modes, sizeof *model->service_ms);
    for (int32_t row = 0; row < model->n_demand_classes * model->n_tasks; row++) {
        model->demand[row * KI_MAX_DIMS] = model->tasks[row % model->n_tasks].mass_g;
        model->demand[row * KI_MAX_DIMS + 1] = random_in(rng, 0, 2000);
    }
    for (int32_t cell = 0; cell < model->n_types * n_modes; cell++)
        model->service_ms[cell] = ki_rng_below(rng, 20) ? random_in(rng, 0, 6) * 10000 : KI_NEVER;
}

/* Some due by the clock, some by work, some in any case; most of the time there is room for them.
 */
static inline void random_breaks(ki_model *model, int32_t most, ki_rng *rng, ki_type *type) {
    int32_t horizon = model->horizon_ms;
    int32_t n = most > 0 ? random_in(rng, 0, most) : 0;
    for (int32_t number = 0; number < n; number++) {
        ki_break *pause = &type->breaks[type->n_breaks++];
        *pause = (ki_break){.duration_ms = random_in(rng, 1, 8) * 30000,
                            .due_ms = -1,
                            .work_ms = KI_NEVER,
                            .at_gate = ki_rng_below(rng, 4) == 0,
                            .paid = ki_rng_below(rng, 2) == 0};
        int by_work = ki_rng_below(rng, 3) == 0, by_clock = ki_rng_below(rng, 3) != 0;
        if (by_work) pause->work_ms = random_in(rng, horizon / 10, horizon / 3);
        if (by_work) pause->due_ms = KI_NEVER;
        if (by_work) type->counts_work = 1;
        int32_t open_ms = by_clock ? random_in(rng, 0, horizon / 2) : 0;
        for (int32_t left = by_clock ? random_in(rng, 1, 2) : 1; left > 0; left--) {
            int32_t close_ms = by_clock ? open_ms + random_in(rng, 0, horizon / 4) : horizon;
            if (by_clock) pause->due_ms = close_ms;
            type->break_options[type->n_break_options++] =
                (ki_break_option){number, open_ms, close_ms};
            open_ms = close_ms + random_in(rng, 1, horizon / 10);
        }
    }
}

/* The last gate. Nobody is under way yet. */
static inline void random_attendants(ki_model *model, const random_model_options *options) {
    ki_facility *gate = &model->facilities[options->n_tips];
    int32_t n_shifts = options->n_types * options->n_shifts;
    if (!options->attended) return;
    *gate = (ki_facility){.room_g = INT64_MAX, .bays = 1 + (n_shifts - 1) / 2};
    gate->taken = random_array(model, n_shifts, sizeof *gate->taken);
    for (int32_t type = 0; type < model->n_types; type++)
        model->types[type].attended = options->n_tips + 1;
}

/* One bay or two, some promised to others for a while; or room for a part of what there is. */
static inline void random_facilities(ki_model *model, const random_model_options *options,
                                     ki_rng *rng) {
    int64_t mass_g = 0;
    for (int32_t task = 0; task < model->n_tasks; task++)
        mass_g += model->tasks[task].mass_g;
    model->n_facilities = options->n_tips + (options->attended != 0);
    model->facilities = random_array(model, model->n_facilities, sizeof *model->facilities);
    random_attendants(model, options);
    for (int32_t at = 0; at < options->n_tips; at++) {
        ki_facility *facility = &model->facilities[at];
        *facility = (ki_facility){.room_g = INT64_MAX, .bays = INT32_MAX};
        if (ki_rng_below(rng, 4) != 0) facility->bays = random_in(rng, 1, 2);
        if (ki_rng_below(rng, 3) == 0) facility->room_g = mass_g * random_in(rng, 30, 110) / 100;
        if (ki_rng_below(rng, 3) != 0) continue;
        facility->n_taken = random_in(rng, 1, 3);
        facility->taken = random_array(model, facility->n_taken, sizeof *facility->taken);
        for (int32_t span = 0; span < facility->n_taken; span++) {
            int32_t start_ms = random_in(rng, 0, model->horizon_ms);
            facility->taken[span] =
                (ki_taken){start_ms, start_ms + random_in(rng, 1, model->horizon_ms / 8)};
        }
    }
    for (int32_t tip = 0; tip < model->n_tips; tip++) /* long enough to be in the way */
        model->tips[tip].fixed_ms += random_in(rng, 0, 10) * 20000;
}

static inline void random_releases(ki_model *model, ki_rng *rng) {
    for (int32_t task = 0; task < model->n_tasks; task++)
        if (ki_rng_below(rng, 2)) model->tasks[task].release_ms = random_in(rng, 1, 1500) * 1000;
    model->has_releases = 1;
}

static inline void random_battery(ki_type *type, ki_rng *rng) {
    int64_t spare_nwh = random_in(rng, 0, 20) * (int64_t)1000000;
    type->nwh_per_mm = random_in(rng, 50, 150);
    type->sweep_nwh_per_mm = random_in(rng, 0, 300);
    type->lift_nwh = random_in(rng, 0, 20) * (int64_t)1000000;
    type->battery_nwh = random_in(rng, 250, 700) * (int64_t)1000000;
    type->full_nwh = type->battery_nwh + spare_nwh;
    type->used_nwh = ki_rng_below(rng, 2) ? 0 : type->battery_nwh / random_in(rng, 2, 9);
    type->n_charge_parts = random_in(rng, 1, KI_MAX_CHARGE_STEPS + 1);
    for (int32_t part = 0; part < type->n_charge_parts; part++)
        type->charge_parts[part] = (ki_charge_part){type->full_nwh * part / type->n_charge_parts,
                                                    random_in(rng, 3000, 30000) / (part + 1)};
    type->recharge_ms = KI_NEVER;
}

/* Each tip of a type, and behind them all some of them again with a charge. */
static inline void random_chargers(ki_model *model, ki_rng *rng) {
    ki_tip *tips = random_array(model, 2 * model->n_tips, sizeof *tips);
    int32_t n = 0;
    for (int32_t at = 0; at < model->n_types; at++) {
        ki_type *type = &model->types[at];
        int32_t first = type->first_tip, n_plain = type->n_tips;
        type->first_tip = n;
        random_battery(type, rng);
        for (int32_t tip = 0; tip < n_plain; tip++)
            tips[n++] = model->tips[first + tip];
        for (int32_t tip = 0; tip < n_plain; tip++) {
            if (ki_rng_below(rng, 4) == 0) continue;
            tips[n] = model->tips[first + tip];
            tips[n].charge_mw = random_in(rng, 3000, 30000);
            int64_t ms = ki_charge_ms(type, &tips[n++], type->battery_nwh);
            if (ms < type->recharge_ms) type->recharge_ms = (int32_t)ms;
            type->n_tips++;
        }
    }
    model->tips = tips;
    model->n_tips = n;
}

/* Anywhere on the map, behind the tips of their type. */
static inline void random_posts(ki_model *model, const random_model_options *options, ki_rng *rng) {
    ki_tip *tips =
        random_array(model, model->n_tips + model->n_types * options->posts, sizeof *tips);
    int32_t n = 0;
    for (int32_t at = 0; at < model->n_types; at++) {
        ki_type *type = &model->types[at];
        int32_t first = type->first_tip, end = first + type->n_tips;
        type->first_tip = n;
        for (int32_t tip = first; tip < end; tip++)
            tips[n++] = model->tips[tip];
        for (int32_t post = 0; post < options->posts; post++) {
            ki_tip made = {.facility = random_in(rng, 0, options->n_tips - 1),
                           .point = random_in(rng, 0, model->n_points[0] - 1),
                           .close_ms = model->horizon_ms,
                           .charge_mw = random_in(rng, 3000, 30000)};
            if (options->windows && ki_rng_below(rng, 2))
                made.open_ms = random_in(rng, 0, model->horizon_ms / 2);
            int64_t ms = ki_charge_ms(type, &made, type->battery_nwh);
            if (ms < type->recharge_ms) type->recharge_ms = (int32_t)ms;
            tips[n++] = made;
            type->n_posts++;
        }
    }
    model->tips = tips;
    model->n_tips = n;
}

/* Part charges of every charger, behind all options of their type. */
static inline void random_levels(ki_model *model) {
    ki_tip *tips = random_array(model, (KI_CHARGE_LEVELS + 1) * model->n_tips, sizeof *tips),
           *next = tips;
    for (int32_t at = 0; at < model->n_types; at++) {
        ki_type *type = &model->types[at];
        const ki_tip *old = &model->tips[type->first_tip];
        ki_tip *first = next;
        int32_t n_old = type->n_tips + type->n_posts;
        type->first_tip = (int32_t)(first - tips);
        for (int32_t option = 0; option < n_old; option++)
            *next++ = old[option];
        for (int32_t option = 0; option < n_old; option++) {
            if (!old[option].charge_mw) continue;
            first[option].levels = (int32_t)(next - first);
            for (int level = KI_CHARGE_LEVELS; level > 0; level--) {
                *next = old[option];
                next++->short_nwh = type->battery_nwh * level / (KI_CHARGE_LEVELS + 1);
            }
            *(option < type->n_tips ? &type->n_tip_levels : &type->n_post_levels) +=
                KI_CHARGE_LEVELS;
        }
    }
    model->tips = tips;
    model->n_tips = (int32_t)(next - tips);
}

/* Every seventh task lies nowhere. */
static inline void random_compactness(ki_model *model, uint64_t seed) {
    ki_rng rng;
    ki_rng_seed(&rng, seed, 6);
    model->compact_nano_per_m2 = random_in(&rng, 1, 40);
    for (int32_t at = 0; at < model->n_tasks; at++) {
        ki_task *task = &model->tasks[at];
        task->x_m = at % 7 == 6 ? KI_NOWHERE : random_in(&rng, -1000, 1000);
        task->y_m = random_in(&rng, -1000, 1000);
        if (at % 7 == 6) continue;
        int64_t square_m2 = (int64_t)task->x_m * task->x_m + (int64_t)task->y_m * task->y_m;
        task->compact_nano = model->compact_nano_per_m2 * square_m2;
    }
}

/* Two, which share tasks; equal ranks are passes of one street. */
static inline void random_sequences(ki_model *model, uint64_t seed) {
    ki_rng rng;
    ki_rng_seed(&rng, seed, 7);
    model->n_sequences = 2;
    model->ranks = random_array(model, 2 * model->n_tasks, sizeof *model->ranks);
    for (int32_t at = 0; at < 2 * model->n_tasks; at++)
        if (ki_rng_below(&rng, 2)) model->ranks[at] = (uint16_t)random_in(&rng, 1, 5);
}

/* The second type shares the shifts of the first and holds something else; so do tasks. */
static inline void random_settings(ki_model *model, uint64_t seed) {
    ki_rng rng;
    ki_rng_seed(&rng, seed, 8);
    ki_type *first = &model->types[0], *second = &model->types[1];
    int32_t first_tip = second->first_tip, first_shift = second->first_shift;
    *second = *first;
    second->first_tip = first_tip;
    second->first_shift = first_shift;
    second->behind = second->setting = 1;
    first->capacity[1] = random_in(&rng, 2, 5) * 1000;
    second->capacity[0] = first->capacity[0] / 2;
    second->capacity[1] = random_in(&rng, 6, 12) * 1000;
    first->n_dims = second->n_dims = 2;
    for (int32_t tip = 0; tip < first->n_tips; tip++)
        model->tips[first_tip + tip] = model->tips[first->first_tip + tip];
    for (int32_t mode = 0; mode < model->n_modes; mode++)
        model->service_ms[model->n_modes + mode] = model->service_ms[mode];
    for (int32_t shift = 0; shift < first->n_shifts; shift++)
        model->type_shifts[first_shift + shift] = model->type_shifts[first->first_shift + shift];
    model->has_settings = 1;
}

static inline ki_model *random_model_new(const random_model_options *options) {
    ki_rng rng;
    ki_rng_seed(&rng, options->seed, 1);
    ki_model *model = ki_alloc_zero(1, sizeof *model);
    if (!model) abort();
    model->horizon_ms = 4000 * 1000;
    model->n_tasks = options->n_tasks;
    model->n_types = options->n_types;
    model->n_demand_classes = 2;
    model->n_travels = 2;
    model->n_tips = options->n_types * options->n_tips;
    model->n_points[0] = 2 + 2 * options->n_tasks;
    model->tasks = random_array(model, model->n_tasks, sizeof *model->tasks);
    model->modes = random_array(model, 2 * model->n_tasks, sizeof *model->modes);
    model->types = random_array(model, model->n_types, sizeof *model->types);
    model->tips = random_array(model, model->n_tips, sizeof *model->tips);
    model->travels = random_array(model, 2, sizeof *model->travels);
    model->type_shifts =
        random_array(model, options->n_types * options->n_shifts, sizeof *model->type_shifts);
    for (int32_t shift = 0; shift < options->n_types * options->n_shifts; shift++)
        model->type_shifts[shift] = shift;
    for (int32_t travel = 0; travel < 2; travel++)
        random_travel(model, &model->travels[travel], &rng, model->n_points[0]);
    for (int32_t task = 0; task < model->n_tasks; task++)
        random_task(model, options, &rng, task, &model->n_modes);
    for (int32_t type = 0; type < model->n_types; type++) {
        random_type(model, options, &rng, type);
        model->types[type].travel = type % 2;
    }
    for (int32_t tip = 0; tip < model->n_tips; tip++)
        random_tip(model, options, &rng, tip);
    random_demand(model, &rng);
    ki_rng_seed(&rng, options->seed, 2);
    for (int32_t type = 0; type < model->n_types; type++)
        random_breaks(model, options->breaks, &rng, &model->types[type]);
    if (options->settings) random_settings(model, options->seed);
    if (options->shared) random_facilities(model, options, &rng);
    ki_rng_seed(&rng, options->seed, 3);
    if (options->releases) random_releases(model, &rng);
    ki_rng_seed(&rng, options->seed, 4);
    if (options->batteries && !options->releases) random_chargers(model, &rng);
    ki_rng_seed(&rng, options->seed, 5);
    if (options->batteries && !options->releases && options->posts)
        random_posts(model, options, &rng);
    if (options->batteries && !options->releases && options->levels) random_levels(model);
    if (options->changes) model->change_nano = 3000000;
    if (options->changes && options->seed % 2) model->unfamiliar_nano = 2000000;
    if (options->compact) random_compactness(model, options->seed);
    if (options->sequences) random_sequences(model, options->seed);
    for (int32_t task = 0; task < model->n_tasks; task++) {
        model->tasks[task].earlier = (task * 7 + (int32_t)options->seed) % (model->n_types + 1) - 1;
        model->tasks[task].strangers = ((uint64_t)task * 2654435761u) >> 7;
    }
    return model;
}

static inline void random_model_free(ki_model *model) {
    if (!model) return;
    ki_arena_free(&model->arena);
    ki_free(model);
}
#endif
