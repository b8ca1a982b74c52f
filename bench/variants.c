/* SPDX-License-Identifier: GPL-3.0-or-later
 * variants.c - the collection of tonight as a CVRP and as a VRPTW.
 *
 * Customers are the container tasks in the order of tasks.csv, each by its first mode; the depot,
 * the matrix and the hours are those of the first type that collects; the fleet is of one kind,
 * every stream goes into one hold, and nothing is tipped on the way. */
#include "bench/variants.h"

#include "base/alloc.h"
#include "base/error.h"
#include "bench/out.h"

#include <string.h>

enum { MOST_CUSTOMERS = 3000 }; /* a matrix as text: 9 million numbers */

const char *const bench_variant_files[3] = {"cvrp.vrp", "vrptw.txt", "carp.dat"};

typedef struct customer {
    int32_t entry, exit;
    int64_t demand_l;
    int32_t open_s, close_s, service_s;
} customer;

typedef struct collection {
    const ki_model *model;
    const char *name;
    int32_t type, n;     /* n with the depot, which is the first */
    customer *customers; /* [n] */
    int64_t capacity_l;
    int32_t n_vehicles;
} collection;

int32_t bench_first_type(const ki_model *model, int group) {
    for (int32_t type = 0; type < model->n_types; type++)
        if (model->types[type].group == group) return type;
    return -1;
}

static int64_t rounded(int64_t value, int64_t unit) {
    return (value + unit / 2) / unit;
}

static int64_t rounded_up(int64_t value, int64_t unit) {
    return (value + unit - 1) / unit;
}

/* The largest hold of the fleet that is measured in ml, in l. */
static int64_t largest_hold_l(const ki_model *model) {
    int64_t most = 0;
    for (int32_t type = 0; type < model->n_types; type++)
        for (int32_t dim = 0; dim < model->types[type].n_dims; dim++)
            if (model->types[type].group == 0 && !(model->types[type].mass_dims >> dim & 1) &&
                model->types[type].capacity[dim] > most)
                most = model->types[type].capacity[dim];
    return most / 1000;
}

static int32_t quickest_service_ms(const ki_model *model, int32_t mode) {
    int32_t least = KI_NEVER;
    for (int32_t type = 0; type < model->n_types; type++)
        if (ki_service_ms(model, type, mode) < least) least = ki_service_ms(model, type, mode);
    return least;
}

/* The widest window among the modes that enter where the first does. */
static void set_window(customer *at, const ki_model *model, const ki_task *task) {
    const ki_mode *widest = &model->modes[task->first_mode];
    for (int32_t mode = task->first_mode; mode < task->first_mode + task->n_modes; mode++) {
        const ki_mode *other = &model->modes[mode];
        if (other->entry == widest->entry &&
            other->close_ms - other->open_ms > widest->close_ms - widest->open_ms)
            widest = other;
    }
    at->open_s = (int32_t)rounded_up(widest->open_ms, 1000);
    at->close_s = widest->close_ms / 1000;
}

static int64_t time_s(const collection *of, const customer *from, const customer *to) {
    return rounded(ki_time_ms(of->model, of->type, from->exit, to->entry), 1000);
}

static int64_t length_m(const collection *of, const customer *from, const customer *to) {
    return rounded(ki_length_mm(of->model, of->type, from->exit, to->entry), 1000);
}

/* Each customer can be served by a route of its own: windows that could not be kept are widened. */
static void make_servable(collection *of) {
    customer *depot = &of->customers[0];
    for (int32_t k = 1; k < of->n; k++) {
        customer *at = &of->customers[k];
        int64_t start_s = depot->open_s + time_s(of, depot, at);
        if (at->close_s < at->open_s) at->close_s = at->open_s;
        if (at->close_s < start_s) at->close_s = (int32_t)start_s;
        if (start_s < at->open_s) start_s = at->open_s;
        int64_t back_s = start_s + at->service_s + time_s(of, at, depot);
        if (depot->close_s < back_s) depot->close_s = (int32_t)back_s;
    }
}

static kerb_status gather(collection *of, ki_arena *arena, kerb_error *err) {
    const ki_model *model = of->model;
    of->customers = ki_arena_alloc(arena, (size_t)model->n_tasks + 1, sizeof *of->customers);
    if (!of->customers) return ki_fail_no_memory(err, "a variant");
    const ki_type *type = &model->types[of->type];
    of->customers[of->n++] =
        (customer){.entry = type->end_point,
                   .exit = type->start_point,
                   .open_s = (int32_t)rounded_up(type->earliest_ms + (int64_t)type->pre_ms, 1000),
                   .close_s = (type->latest_ms - type->post_ms) / 1000};
    int32_t site = -1;
    for (int32_t index = 0; index < model->n_tasks; index++) {
        const ki_task *task = &model->tasks[index];
        if (task->kind != KI_TASK_CONTAINER) continue;
        customer *at = &of->customers[of->n++];
        const ki_mode *first = &model->modes[task->first_mode];
        int64_t service_ms = quickest_service_ms(model, task->first_mode);
        if (task->site != site) service_ms += task->setup_ms; /* once for neighbours in the list */
        site = task->site;
        *at = (customer){.entry = first->entry,
                         .exit = first->exit,
                         .demand_l = rounded_up(task->volume_ml, 1000),
                         .service_s = (int32_t)rounded_up(service_ms, 1000)};
        set_window(at, model, task);
        if (ki_time_ms(model, of->type, type->start_point, at->entry) == KI_NEVER ||
            ki_time_ms(model, of->type, at->exit, type->end_point) == KI_NEVER)
            return ki_fail(err, KERB_BAD_INPUT,
                           "task %s: no way for the first type that collects, so there is no "
                           "variant",
                           task->id);
    }
    for (int32_t each = 0; each < model->n_types; each++)
        if (model->types[each].group == 0) of->n_vehicles += model->types[each].n_shifts;
    of->capacity_l = largest_hold_l(model);
    return KERB_OK;
}

static void add_matrix(ki_text *out, const collection *of,
                       int64_t (*apart)(const collection *, const customer *, const customer *)) {
    ki_text_add(out, "EDGE_WEIGHT_SECTION\n");
    for (int32_t from = 0; from < of->n; from++)
        for (int32_t to = 0; to < of->n; to++)
            ki_text_add(
                out, to + 1 < of->n ? "%lld " : "%lld\n",
                from == to ? 0LL : (long long)apart(of, &of->customers[from], &of->customers[to]));
}

static void add_cvrp(ki_text *out, const collection *of) {
    ki_text_add(out,
                "NAME : %s\n"
                "COMMENT : containers of tonight in l, lengths in m, not symmetric\n"
                "TYPE : CVRP\nDIMENSION : %d\nEDGE_WEIGHT_TYPE : EXPLICIT\n"
                "EDGE_WEIGHT_FORMAT : FULL_MATRIX\nCAPACITY : %lld\n",
                of->name, of->n, (long long)of->capacity_l);
    add_matrix(out, of, length_m);
    ki_text_add(out, "DEMAND_SECTION\n");
    for (int32_t k = 0; k < of->n; k++)
        ki_text_add(out, "%d %lld\n", k + 1, (long long)of->customers[k].demand_l);
    ki_text_add(out, "DEPOT_SECTION\n1\n-1\nEOF\n");
}

/* Solomon's columns; the coordinates are zeros, because the matrix at the end counts. */
static void add_vrptw(ki_text *out, const collection *of) {
    ki_text_add(
        out,
        "%s\n\nEDGE_WEIGHT_TYPE : EXPLICIT\n\nVEHICLE\nNUMBER     CAPACITY\n%6d %11lld\n\n"
        "CUSTOMER\nCUST NO.   XCOORD.   YCOORD.    DEMAND   READY TIME   DUE DATE   SERVICE "
        "TIME\n\n",
        of->name, of->n_vehicles, (long long)of->capacity_l);
    for (int32_t k = 0; k < of->n; k++) {
        const customer *at = &of->customers[k];
        ki_text_add(out, "%6d 0 0 %9lld %9d %9d %9d\n", k, (long long)at->demand_l, at->open_s,
                    at->close_s, at->service_s);
    }
    add_matrix(out, of, time_s);
}

static kerb_status write_collection(collection *of, ki_arena *arena, const char *folder,
                                    kerb_error *err) {
    KI_TRY(gather(of, arena, err));
    if (of->n == 1 || of->n > MOST_CUSTOMERS) return KERB_OK;
    ki_text text = {0};
    add_cvrp(&text, of);
    KI_TRY(bench_write_text(folder, bench_variant_files[0], &text, err));
    make_servable(of);
    add_vrptw(&text, of);
    return bench_write_text(folder, bench_variant_files[1], &text, err);
}

kerb_status bench_variants_write(variant_counts *out, const ki_model *model, const char *name,
                                 const char *folder, kerb_error *err) {
    ki_arena arena = {0};
    ki_text carp = {0};
    collection of = {.model = model, .name = name, .type = bench_first_type(model, 0)};
    *out = (variant_counts){0};
    kerb_status status = of.type < 0 ? KERB_OK : write_collection(&of, &arena, folder, err);
    ki_arena_free(&arena);
    if (status == KERB_OK) status = bench_variant_carp(&carp, &out->n_kerbs, model, name, err);
    if (status == KERB_OK && out->n_kerbs)
        status = bench_write_text(folder, bench_variant_files[2], &carp, err);
    ki_text_free(&carp);
    if (of.n) out->n_customers = of.n - 1;
    return status;
}
