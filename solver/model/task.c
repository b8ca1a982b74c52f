/* SPDX-License-Identifier: GPL-3.0-or-later
 * Tasks and modes at their final size. A mode stays if some type can drive from its depot to it,
 * serve, and drive on to one of its tips; a task stays if it has such a mode and fits into an empty
 * vehicle. What falls out becomes a decision with its cause: never silently. */
#include "base/alloc.h"
#include "base/error.h"
#include "model/seal.h"

#include <string.h>

kerb_status ki_seal_add_task(ki_seal *seal, const ki_task *task, const ki_access_list *access,
                             const ki_span *spans, size_t n_spans) {
    size_t n_modes = seal->n_modes + access->n * n_spans;
    if (n_modes > INT32_MAX / 2 || seal->n_tasks > INT32_MAX / 2)
        return ki_fail(seal->err, KERB_BAD_INPUT, "district %s, number of tasks: too many",
                       seal->draft->district.id);
    if (ki_grow(&seal->tasks, &seal->tasks_capacity, seal->n_tasks + 1, sizeof *task) != 0 ||
        ki_grow(&seal->modes, &seal->modes_capacity, n_modes, sizeof *seal->modes) != 0 ||
        ki_grow(&seal->mode_travels, &seal->mode_travels_capacity, n_modes,
                sizeof *seal->mode_travels) != 0 ||
        ki_grow(&seal->mode_hands, &seal->mode_hands_capacity, n_modes, sizeof *seal->mode_hands) !=
            0)
        return ki_fail_no_memory(seal->err, "tasks");
    ki_task *added = &seal->tasks[seal->n_tasks++];
    *added = *task;
    added->first_mode = (int32_t)seal->n_modes;
    added->n_modes = (int32_t)(access->n * n_spans);
    for (size_t at = 0; at < access->n; at++) {
        const ki_access *way = &access->items[at];
        for (size_t span = 0; span < n_spans; span++) {
            seal->mode_travels[seal->n_modes] = way->travels;
            seal->mode_hands[seal->n_modes] = way->hand;
            seal->modes[seal->n_modes++] = (ki_mode){.entry = way->entry,
                                                     .exit = way->exit,
                                                     .open_ms = spans[span].open_ms,
                                                     .close_ms = spans[span].close_ms,
                                                     .length_mm = way->length_mm};
        }
    }
    return KERB_OK;
}

/* ---- demands --------------------------------------------------------------------------------- */

static void demand_of(const ki_seed *seed, const ki_task *task, int64_t demand[KI_MAX_DIMS]) {
    for (int32_t dim = 0; dim < KI_MAX_DIMS; dim++)
        demand[dim] = 0;
    for (int32_t dim = 0; dim < seed->type.n_dims; dim++) {
        int takes = seed->streams[dim] >> task->stream & 1;
        if (seed->kinds[dim] == KI_DIM_WATER)
            demand[dim] = task->water_ml;
        else if (takes)
            demand[dim] = seed->kinds[dim] == KI_DIM_MASS ? task->mass_g : task->volume_ml;
    }
}

static int carries(const ki_seed *seed, const ki_task *task) {
    return seed->type.group == task->group && seed->all_streams >> task->stream & 1 &&
           (task->water_ml == 0 || seed->has_water);
}

static int lists(const kerb_vehicle_ref *refs, size_t n, const char *vehicle_id) {
    for (size_t at = 0; at < n; at++)
        if (strcmp(refs[at].id, vehicle_id) == 0) return 1;
    return 0;
}

/* Pins and bars of the container or street. */
static int is_permitted(const ki_seal *seal, const ki_seed *seed, const ki_task *task) {
    const char *id = seal->draft->vehicles[seed->vehicle].id;
    if (task->kind == KI_TASK_KERB) {
        const kerb_street *street = &seal->draft->streets[task->source];
        if (street->n_pinned_to && !lists(street->pinned_to, street->n_pinned_to, id)) return 0;
        return !lists(street->forbidden_to, street->n_forbidden_to, id);
    }
    const kerb_container *container = &seal->draft->containers[task->source];
    if (container->n_pinned_to && !lists(container->pinned_to, container->n_pinned_to, id))
        return 0;
    return !lists(container->forbidden_to, container->n_forbidden_to, id);
}

/* Has the vehicle what lifts the container? */
static int lifts(const ki_seal *seal, const ki_seed *seed, const ki_task *task) {
    const kerb_vehicle *vehicle = &seal->draft->vehicles[seed->vehicle];
    if (task->kind == KI_TASK_KERB) return 1;
    const char *lift = seal->draft->containers[task->source].lift;
    if (!lift || !*lift) return 1;
    for (size_t at = 0; at < vehicle->n_lifts; at++)
        if (strcmp(vehicle->lifts[at].id, lift) == 0) return 1;
    return 0;
}

/* Whether the vehicle comes by roads that this mode is for, its brush aside. */
static int drives(const ki_seal *seal, const ki_seed *seed, int32_t mode) {
    return seal->mode_travels[mode] >> seed->type.travel & 1;
}

/* Is the kerb on the side of its brush? */
static int brushes(const ki_seal *seal, const ki_seed *seed, int32_t mode) {
    return !seed->brush || !seal->mode_hands[mode] || seed->brush == seal->mode_hands[mode];
}

static int fits(const ki_seed *seed, const ki_task *task) {
    int64_t demand[KI_MAX_DIMS];
    demand_of(seed, task, demand);
    for (int32_t dim = 0; dim < seed->type.n_dims; dim++)
        if (demand[dim] > seed->type.capacity[dim]) return 0;
    return 1;
}

/* ---- what a type can reach ------------------------------------------------------------------- */

typedef struct reach {
    uint8_t *out;  /* [points] from the start depot */
    uint8_t *back; /* [points] to one of the tips */
} reach;

static kerb_status find_reach(ki_seal *seal, const ki_type *type, reach *out) {
    const ki_model *model = seal->model;
    const ki_travel *travel = &model->travels[type->travel];
    size_t n = (size_t)travel->n;
    out->out = ki_arena_alloc(&seal->scratch, n, 1);
    out->back = ki_arena_alloc(&seal->scratch, n, 1);
    if (!out->out || !out->back) return ki_fail_no_memory(seal->err, "reachability");
    for (size_t point = 0; point < n; point++) {
        out->out[point] = travel->time_ms[(size_t)type->start_point * n + point] != KI_NEVER;
        for (int32_t tip = 0; tip < type->n_tips && !out->back[point]; tip++) {
            size_t there = (size_t)model->tips[type->first_tip + tip].point;
            out->back[point] = travel->time_ms[point * n + there] != KI_NEVER;
        }
    }
    return KERB_OK;
}

/* ---- service times --------------------------------------------------------------------------- */

static int64_t service_ms(const ki_seal *seal, const ki_seed *seed, const ki_task *task,
                          const ki_mode *mode) {
    if (task->kind == KI_TASK_CONTAINER)
        return ki_seal_ms(seal->draft->containers[task->source].service_s);
    return ((int64_t)mode->length_mm * 1000 + seed->sweep_mm_per_s - 1) / seed->sweep_mm_per_s;
}

/* Service time of each of a task's old modes by each type, into times [n_types][n_modes]. */
static void time_task(const ki_seal *seal, const ki_task *task, const reach *reaches,
                      int32_t *times) {
    for (size_t at = 0; at < seal->n_seeds; at++) {
        const ki_seed *seed = &seal->seeds[at];
        int able = carries(seed, task) && fits(seed, task) && lifts(seal, seed, task) &&
                   is_permitted(seal, seed, task);
        for (int32_t index = 0; index < task->n_modes; index++) {
            const ki_mode *mode = &seal->modes[task->first_mode + index];
            int32_t *time = &times[at * seal->n_modes + (size_t)(task->first_mode + index)];
            *time = KI_NEVER;
            if (!able || !drives(seal, seed, task->first_mode + index)) continue;
            if (!brushes(seal, seed, task->first_mode + index)) continue;
            if (!reaches[at].out[mode->entry] || !reaches[at].back[mode->exit]) continue;
            if (mode->open_ms > seed->type.latest_ms || mode->close_ms < seed->type.earliest_ms)
                continue;
            int64_t needed = service_ms(seal, seed, task, mode);
            if (needed <= seal->model->horizon_ms) *time = (int32_t)needed;
        }
    }
}

typedef enum side { NO_ROAD, WRONG_SIDE, RIGHT_SIDE } side;

/* Whether the vehicle may drive along the kerb, and has its brush there. */
static side side_of(const ki_seal *seal, const ki_seed *seed, const ki_task *task) {
    side found = NO_ROAD;
    for (int32_t mode = task->first_mode; mode < task->first_mode + task->n_modes; mode++) {
        if (!drives(seal, seed, mode)) continue;
        if (brushes(seal, seed, mode)) return RIGHT_SIDE;
        found = WRONG_SIDE;
    }
    return found;
}

static ki_cannot cause_of(const ki_seal *seal, const ki_task *task) {
    int carried = 0, fitting = 0, lifted = 0, permitted = 0, sides = 0;
    for (size_t at = 0; at < seal->n_seeds; at++) {
        const ki_seed *seed = &seal->seeds[at];
        if (!carries(seed, task)) continue;
        carried = 1;
        fitting |= fits(seed, task);
        if (!fits(seed, task) || !lifts(seal, seed, task)) continue;
        lifted = 1;
        side on = side_of(seal, seed, task);
        sides |= 1 << on;
        permitted |= on != WRONG_SIDE && is_permitted(seal, seed, task);
    }
    int dropped = seal->dropped_streams[task->group] >> task->stream & 1;
    if (!carried) return dropped ? KI_CANNOT_NO_FACILITY : KI_CANNOT_NO_VEHICLE;
    if (fitting && !lifted) return KI_CANNOT_NO_LIFT;
    if ((sides >> WRONG_SIDE & 1) && !(sides >> RIGHT_SIDE & 1)) return KI_CANNOT_NO_BRUSH;
    if (fitting && !permitted) return KI_CANNOT_PINNED;
    return fitting ? KI_CANNOT_NO_WAY : KI_CANNOT_TOO_BIG;
}

/* ---- compaction ------------------------------------------------------------------------------ */

typedef struct compaction {
    const int32_t *times; /* [n_types][old modes] */
    int32_t *kept_modes;  /* old index of each mode kept */
} compaction;

static int is_mode_used(const ki_seal *seal, const int32_t *times, int32_t mode) {
    for (size_t at = 0; at < seal->n_seeds; at++)
        if (times[at * seal->n_modes + (size_t)mode] != KI_NEVER) return 1;
    return 0;
}

static uint64_t types_of(const ki_seal *seal, const int32_t *times, const ki_task *task) {
    uint64_t mask = 0;
    for (size_t at = 0; at < seal->n_seeds; at++)
        for (int32_t index = 0; index < task->n_modes; index++)
            if (times[at * seal->n_modes + (size_t)(task->first_mode + index)] != KI_NEVER)
                mask |= UINT64_C(1) << at;
    return mask;
}

static ki_decision *decision_of(const ki_seal *seal, const ki_task *task) {
    return task->kind == KI_TASK_CONTAINER ? &seal->model->container_decisions[task->source]
                                           : &seal->model->street_decisions[task->source];
}

static kerb_status keep_task(ki_seal *seal, const ki_task *task, const compaction *kept) {
    ki_model *model = seal->model;
    ki_decision *decision = decision_of(seal, task);
    uint64_t types = types_of(seal, kept->times, task);
    if (types == 0) {
        if (decision->choice == KI_CANNOT) return KERB_OK; /* a second pass */
        return ki_seal_cannot(seal, task->kind, task->source, cause_of(seal, task));
    }
    ki_task *added = &model->tasks[model->n_tasks];
    *added = *task;
    added->types = types;
    added->id = ki_arena_strdup(&model->arena, task->id);
    if (!added->id) return ki_fail_no_memory(seal->err, "tasks");
    added->first_mode = model->n_modes;
    for (int32_t mode = task->first_mode; mode < task->first_mode + task->n_modes; mode++) {
        if (!is_mode_used(seal, kept->times, mode)) continue;
        kept->kept_modes[model->n_modes] = mode;
        model->modes[model->n_modes++] = seal->modes[mode];
    }
    added->n_modes = model->n_modes - added->first_mode;
    if (decision->task < 0) decision->task = model->n_tasks;
    model->n_tasks++;
    return KERB_OK;
}

static kerb_status fill_service(ki_seal *seal, const compaction *kept) {
    ki_model *model = seal->model;
    size_t n_modes = (size_t)model->n_modes;
    model->service_ms =
        ki_arena_alloc(&model->arena, seal->n_seeds * n_modes, sizeof *model->service_ms);
    if (!model->service_ms) return ki_fail_no_memory(seal->err, "service times");
    for (size_t at = 0; at < seal->n_seeds; at++)
        for (size_t mode = 0; mode < n_modes; mode++)
            model->service_ms[at * n_modes + mode] =
                kept->times[at * seal->n_modes + (size_t)kept->kept_modes[mode]];
    return KERB_OK;
}

static kerb_status fill_demands(ki_seal *seal) {
    ki_model *model = seal->model;
    size_t n_tasks = (size_t)model->n_tasks;
    model->demand = ki_arena_alloc(&model->arena, (size_t)model->n_demand_classes * n_tasks,
                                   KI_MAX_DIMS * sizeof *model->demand);
    if (!model->demand) return ki_fail_no_memory(seal->err, "demands");
    for (size_t at = 0; at < seal->n_seeds; at++) {
        size_t first = (size_t)seal->seeds[at].type.demand_class * n_tasks;
        for (size_t task = 0; task < n_tasks; task++)
            demand_of(&seal->seeds[at], &model->tasks[task],
                      &model->demand[(first + task) * KI_MAX_DIMS]);
    }
    return KERB_OK;
}

static kerb_status time_all(ki_seal *seal, int32_t **times) {
    reach *reaches = ki_arena_alloc(&seal->scratch, seal->n_seeds, sizeof *reaches);
    *times = ki_arena_alloc(&seal->scratch, seal->n_seeds * seal->n_modes, sizeof **times);
    if (!reaches || !*times) return ki_fail_no_memory(seal->err, "service times");
    for (size_t at = 0; at < seal->n_seeds; at++)
        KI_TRY(find_reach(seal, &seal->seeds[at].type, &reaches[at]));
    for (size_t task = 0; task < seal->n_tasks; task++)
        time_task(seal, &seal->tasks[task], reaches, *times);
    return KERB_OK;
}

/* Late in a night under way: whatever was asked is done or given up. */
static int is_all_done(const ki_seal *seal) {
    const ki_draft *draft = seal->draft;
    size_t n_asked = seal->n_tasks, n_past = 0;
    for (size_t at = 0; at < draft->n_containers; at++)
        n_past += draft->containers[at].force >= KERB_FORCE_DONE;
    for (size_t at = 0; at < draft->n_streets; at++) {
        n_past += draft->streets[at].force >= KERB_FORCE_DONE;
        n_asked += ki_forced_out(draft->streets[at].force) == NULL;
    }
    return n_past > 0 && n_asked == 0;
}

/* Work and not one vehicle: nothing can be planned. In mid-night it is the answer itself: the last
 * vehicle broke down, all is left out, and hauls go on. */
static kerb_status check_fleet(const ki_seal *seal) {
    const char *why = "each one or its vehicle is out";
    if (seal->n_seeds || seal->draft->n_containers + seal->draft->n_streets == 0) return KERB_OK;
    if (is_all_done(seal) || seal->draft->n_earlier_plans > 0) return KERB_OK;
    for (size_t note = 0; note < seal->n_notes; note++)
        if (strcmp(seal->notes[note].kind, "fleet") == 0) why = seal->notes[note].text;
    return ki_fail(seal->err, KERB_INFEASIBLE,
                   "district %s: no vehicle can work tonight, of %zu shifts; %s",
                   seal->draft->district.id, seal->draft->n_shifts, why);
}

kerb_status ki_seal_tasks(ki_seal *seal) {
    ki_model *model = seal->model;
    compaction kept;
    int32_t *times;
    KI_TRY(check_fleet(seal));
    KI_TRY(time_all(seal, &times));
    ki_seal_margins(seal, times);
    kept.times = times;
    kept.kept_modes = ki_arena_alloc(&seal->scratch, seal->n_modes, sizeof *kept.kept_modes);
    model->tasks = ki_arena_alloc(&model->arena, seal->n_tasks, sizeof *model->tasks);
    model->modes = ki_arena_alloc(&model->arena, seal->n_modes, sizeof *model->modes);
    if (!kept.kept_modes || !model->tasks || !model->modes)
        return ki_fail_no_memory(seal->err, "tasks");
    for (size_t task = 0; task < seal->n_tasks; task++)
        KI_TRY(keep_task(seal, &seal->tasks[task], &kept));
    KI_TRY(fill_service(seal, &kept));
    return fill_demands(seal);
}
