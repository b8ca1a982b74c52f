/* SPDX-License-Identifier: GPL-3.0-or-later
 * plan.c - from a solution (indices of a sealed model) to a plan (names, instants, places, money).
 *
 *   solution ─► routes with shifts, times, legs, loads   plan_route.c plan_legs.c plan_slack.c
 *            ─► why each task left out was left out       plan_reasons.c
 *            ─► a decision per container and street       plan_decisions.c
 *            ─► cost lines, whole and by zone             plan_costs.c
 *
 * The routes come in the order of their shifts in the draft, so that two plans read alike. Nothing
 * here decides: amounts are the solution's, and they must add up to its cost to the nano. */
#include "plan/plan_internal.h"

#include "base/alloc.h"
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *ki_plan_copy(ki_plan_maker *maker, const char *text) {
    const char *copy = ki_arena_strdup(maker->arena, text ? text : "");
    if (!copy) maker->failed = 1;
    return copy ? copy : "";
}

const char *ki_plan_text(ki_plan_maker *maker, const char *format, ...) {
    char buffer[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(buffer, sizeof buffer, format, args);
    va_end(args);
    return ki_plan_copy(maker, buffer);
}

const char *ki_plan_money(char text[KI_MONEY_SIZE], int64_t nano) {
    uint64_t size = nano < 0 ? (uint64_t)0 - (uint64_t)nano : (uint64_t)nano;
    uint64_t cents = size / 10000000u + (size % 10000000u >= 5000000u);
    snprintf(text, KI_MONEY_SIZE, "%s%llu.%02u", nano < 0 && cents ? "-" : "",
             (unsigned long long)(cents / 100), (unsigned)(cents % 100));
    return text;
}

const char *ki_plan_clock(char text[KI_CLOCK_SIZE], const kerb_plan *plan, int64_t ms) {
    int64_t day_s = 86400;
    int64_t local_s = plan->night_start_s % day_s + plan->utc_offset_s + ms / 1000;
    local_s = (local_s % day_s + day_s) % day_s;
    snprintf(text, KI_CLOCK_SIZE, "%02d:%02d", (int)(local_s / 3600) % 24,
             (int)(local_s / 60 % 60));
    return text;
}

static void copy_header(ki_plan_maker *maker) {
    kerb_plan *plan = maker->plan;
    const kerb_district *district = &maker->draft->district;
    plan->id = plan->parent_id = plan->relaxation = plan->scope = "";
    plan->hauls.method = "";
    plan->problem_hash = ki_plan_copy(maker, maker->model->hash);
    plan->roads_hash = ki_plan_copy(maker, maker->draft->roads_hash);
    plan->district_id = ki_plan_copy(maker, district->id);
    plan->district_name = ki_plan_copy(maker, district->name);
    plan->currency = ki_plan_copy(maker, district->currency);
    plan->zone = ki_plan_copy(maker, district->zone);
    plan->service_day = ki_plan_copy(maker, district->service_day);
    plan->labels =
        ki_plan_labels(maker, maker->draft->labels, maker->draft->n_labels, &plan->n_labels);
    plan->engine_version = KERB_VERSION;
    plan->utc_offset_s = district->utc_offset_s;
    plan->night_start_s = maker->sealed->night_start_s;
    plan->as_of_s = district->as_of_s;
    plan->cost_nano = maker->solution->cost_nano;
}

/* The shifts of a type are interchangeable: its routes take them in their order. */
static kerb_status give_shifts(ki_plan_maker *maker) {
    const ki_solution *solution = maker->solution;
    int32_t used[KI_MAX_TYPES] = {0};
    for (int32_t index = 0; index < solution->n_routes; index++) {
        int32_t type = solution->routes[index].type, lead = ki_lead(maker->sealed, type);
        const ki_type *kind = &maker->sealed->types[type];
        if (used[lead] >= kind->n_shifts)
            return ki_fail(maker->err, KERB_INTERNAL,
                           "the solution has %d routes of type %d, "
                           "expected at most %d",
                           used[lead] + 1, type, kind->n_shifts);
        maker->shift_of[index] = maker->sealed->type_shifts[kind->first_shift + used[lead]++];
    }
    for (int32_t index = 0; index < solution->n_routes; index++) { /* insertion sort by shift */
        int32_t at = index;
        while (at > 0 && maker->shift_of[maker->order[at - 1]] > maker->shift_of[index]) {
            maker->order[at] = maker->order[at - 1];
            at--;
        }
        maker->order[at] = index;
    }
    return KERB_OK;
}

static kerb_status prepare(ki_plan_maker *maker) {
    size_t n_routes = (size_t)maker->solution->n_routes, n_tasks = (size_t)maker->sealed->n_tasks;
    maker->order = ki_arena_alloc(&maker->scratch, n_routes, sizeof *maker->order);
    maker->shift_of = ki_arena_alloc(&maker->scratch, n_routes, sizeof *maker->shift_of);
    maker->route_of_task = ki_arena_alloc(&maker->scratch, n_tasks, sizeof *maker->route_of_task);
    maker->stop_of_task = ki_arena_alloc(&maker->scratch, n_tasks, sizeof *maker->stop_of_task);
    maker->left_code = ki_arena_alloc(&maker->scratch, n_tasks, sizeof *maker->left_code);
    maker->left_text = ki_arena_alloc(&maker->scratch, n_tasks, sizeof *maker->left_text);
    if (!maker->order || !maker->shift_of || !maker->route_of_task || !maker->stop_of_task ||
        !maker->left_code || !maker->left_text)
        return ki_fail_no_memory(maker->err, "a plan");
    for (size_t task = 0; task < n_tasks; task++)
        maker->route_of_task[task] = -1;
    return give_shifts(maker);
}

static kerb_status make_routes(ki_plan_maker *maker) {
    kerb_plan *plan = maker->plan;
    plan->n_routes = maker->solution->n_routes;
    plan->routes = ki_arena_alloc(maker->arena, (size_t)plan->n_routes, sizeof *plan->routes);
    if (!plan->routes) return ki_fail_no_memory(maker->err, "the routes of a plan");
    for (int32_t index = 0; index < plan->n_routes; index++)
        KI_TRY(ki_plan_route_make(maker, maker->order[index], index));
    return KERB_OK;
}

static const char *facility_kind(kerb_facility_kind kind) {
    switch (kind) {
    case KERB_FACILITY_TRANSFER_STATION: return "transfer_station";
    case KERB_FACILITY_PLANT: return "plant";
    case KERB_FACILITY_DUMP: return "dump";
    case KERB_FACILITY_HYDRANT: return "hydrant";
    case KERB_FACILITY_CHARGER: return "charger";
    case KERB_FACILITY_UNSPECIFIED: break;
    }
    return "facility";
}

const kerb_label *ki_plan_labels(ki_plan_maker *maker, const kerb_label *labels, size_t n,
                                 size_t *n_copied) {
    *n_copied = 0;
    if (n == 0) return NULL;
    kerb_label *copy = ki_arena_alloc(maker->arena, n, sizeof *copy);
    if (!copy) {
        maker->failed = 1;
        return NULL;
    }
    for (size_t label = 0; label < n; label++)
        copy[label] = (kerb_label){ki_plan_copy(maker, labels[label].key),
                                   ki_plan_copy(maker, labels[label].value)};
    *n_copied = n;
    return copy;
}

static int32_t to_e7(double degrees) {
    double scaled = degrees * 1e7;
    return (int32_t)(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
}

static kerb_status make_places(ki_plan_maker *maker) {
    const ki_draft *draft = maker->draft;
    kerb_plan *plan = maker->plan;
    size_t n = draft->n_depots + draft->n_facilities;
    ki_plan_place *place = plan->places = ki_arena_alloc(maker->arena, n, sizeof *place);
    if (!place) return ki_fail_no_memory(maker->err, "the places of a plan");
    for (size_t depot = 0; depot < draft->n_depots; depot++, place++) {
        const kerb_depot *from = &draft->depots[depot];
        *place = (ki_plan_place){.id = ki_plan_copy(maker, from->id),
                                 .name = ki_plan_copy(maker, from->name),
                                 .kind = "depot",
                                 .lat_e7 = to_e7(from->lat_deg),
                                 .lon_e7 = to_e7(from->lon_deg)};
        place->labels = ki_plan_labels(maker, from->labels, from->n_labels, &place->n_labels);
    }
    for (size_t facility = 0; facility < draft->n_facilities; facility++, place++) {
        const kerb_facility *from = &draft->facilities[facility];
        *place = (ki_plan_place){.id = ki_plan_copy(maker, from->id),
                                 .name = ki_plan_copy(maker, from->name),
                                 .kind = facility_kind(from->kind),
                                 .charges = from->charge_w > 0,
                                 .lat_e7 = to_e7(from->lat_deg),
                                 .lon_e7 = to_e7(from->lon_deg)};
        place->labels = ki_plan_labels(maker, from->labels, from->n_labels, &place->n_labels);
    }
    plan->n_places = (int32_t)n;
    return KERB_OK;
}

static kerb_status make_all(ki_plan_maker *maker) {
    KI_TRY(prepare(maker));
    copy_header(maker);
    KI_TRY(make_routes(maker));
    KI_TRY(ki_plan_reasons(maker));
    KI_TRY(ki_plan_decide(maker));
    KI_TRY(ki_plan_costs(maker));
    KI_TRY(make_places(maker));
    return maker->failed ? ki_fail_no_memory(maker->err, "the text of a plan") : KERB_OK;
}

kerb_plan ki_plan_without_hauls(const kerb_plan *plan) {
    kerb_plan view = *plan;
    while (view.n_routes > 0 && view.routes[view.n_routes - 1].use == KERB_USE_HAUL)
        view.n_routes--;
    return view;
}

kerb_status ki_plan_make(kerb_plan **out, const kerb_model *model, const ki_solution *solution,
                         kerb_error *err) {
    *out = NULL;
    if (!model->sealed) return ki_fail(err, KERB_BAD_CALL, "the model is not sealed");
    kerb_plan *plan = ki_alloc_zero(1, sizeof *plan);
    if (!plan) return ki_fail_no_memory(err, "a plan");
    ki_plan_maker maker = {.model = model,
                           .draft = &model->draft,
                           .sealed = model->sealed,
                           .solution = solution,
                           .plan = plan,
                           .arena = &plan->arena,
                           .err = err};
    kerb_status status = make_all(&maker);
    ki_arena_free(&maker.scratch);
    if (status != KERB_OK) {
        ki_arena_free(&plan->arena);
        ki_free(plan);
        return status;
    }
    *out = plan;
    return KERB_OK;
}
