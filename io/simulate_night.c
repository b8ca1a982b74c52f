/* SPDX-License-Identifier: GPL-3.0-or-later
 * One simulated night: the model a planner would have that evening, and what then happens on the
 * street. The recourse of a full truck is the plainest one a driver has: go to the tip that comes
 * next on the route, unload, come back. Its way is taken from the plan's own matrices, so early
 * tips cost what they cost. */
#define _POSIX_C_SOURCE 200809L
#include "io/simulate_night.h"

#include "base/date.h"
#include "base/error.h"
#include "model/setting.h"
#include "plan/plan.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { DAY_S = 86400 };

/* ---- the model of the evening ---------------------------------------------------------------- */

typedef struct builder {
    const ki_night *night;
    const ki_world *world;
    kerb_model *model;
    ki_arena arena;
    int64_t shift_s;
    kerb_error *err;
} builder;

static kerb_status move_windows(builder *build, const kerb_window **windows, size_t n) {
    kerb_window *moved = ki_arena_copy(&build->arena, *windows, n, sizeof *moved);
    if (!moved) return ki_fail_no_memory(build->err, "simulated night");
    for (size_t at = 0; at < n; at++) {
        moved[at].start_s += build->shift_s;
        moved[at].end_s += build->shift_s;
    }
    *windows = moved;
    return KERB_OK;
}

static kerb_status add_district(builder *build) {
    kerb_district district = build->night->draft->district;
    char text[32];
    int32_t year, month, day;
    district.as_of_s += build->shift_s;
    district.night_start_s += build->shift_s;
    district.night_end_s += build->shift_s;
    ki_civil_from_days(ki_day_of(district.night_start_s + district.utc_offset_s), &year, &month,
                       &day);
    snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, day);
    district.service_day = text;
    if (build->night->look_ahead_nights >= 0)
        district.look_ahead_nights = build->night->look_ahead_nights;
    if (build->night->nights_to_next > 0) district.nights_to_next = build->night->nights_to_next;
    if (build->night->must_ratio > 0) district.must_ratio = build->night->must_ratio;
    if (build->night->may_ratio > 0) district.may_ratio = build->night->may_ratio;
    return kerb_model_set_district(build->model, &district, build->err);
}

static kerb_status add_sites(builder *build) {
    const ki_draft *draft = build->night->draft;
    for (size_t at = 0; at < draft->n_sites; at++) {
        kerb_site site = draft->sites[at];
        KI_TRY(move_windows(build, &site.windows, site.n_windows));
        KI_TRY(kerb_model_add_sites(build->model, &site, 1, build->err));
    }
    return KERB_OK;
}

static kerb_status add_containers(builder *build) {
    const ki_draft *draft = build->night->draft;
    for (size_t at = 0; at < draft->n_containers; at++) {
        kerb_container container = draft->containers[at];
        container.last_emptied_s = build->world->bins[at].last_emptied_s;
        container.force = build->night->force[at];
        KI_TRY(kerb_model_add_containers(build->model, &container, 1, build->err));
    }
    return kerb_model_add_reports(build->model, build->world->reports, build->world->n_reports,
                                  build->err);
}

static kerb_status add_facilities(builder *build) {
    const ki_draft *draft = build->night->draft;
    for (size_t at = 0; at < draft->n_facilities; at++) {
        kerb_facility facility = draft->facilities[at];
        KI_TRY(move_windows(build, &facility.windows, facility.n_windows));
        KI_TRY(kerb_model_add_facilities(build->model, &facility, 1, build->err));
    }
    return KERB_OK;
}

static const kerb_vehicle *find_vehicle(const ki_draft *draft, const char *id) {
    for (size_t at = 0; at < draft->n_vehicles; at++)
        if (strcmp(draft->vehicles[at].id, id) == 0) return &draft->vehicles[at];
    return NULL;
}

static kerb_status add_trucks(builder *build) {
    const ki_draft *draft = build->night->draft;
    for (size_t at = 0; at < draft->n_vehicles; at++)
        if (draft->vehicles[at].use == KERB_USE_TRUCK)
            KI_TRY(kerb_model_add_vehicles(build->model, &draft->vehicles[at], 1, build->err));
    for (size_t at = 0; at < draft->n_shifts; at++) {
        kerb_shift shift = draft->shifts[at];
        const kerb_vehicle *vehicle = find_vehicle(draft, shift.vehicle_id);
        if (!vehicle || vehicle->use != KERB_USE_TRUCK) continue;
        shift.start_s += build->shift_s;
        shift.end_s += build->shift_s;
        shift.starting_load_kg = NULL;
        KI_TRY(kerb_model_add_shifts(build->model, &shift, 1, build->err));
    }
    return KERB_OK;
}

/* Of the containers: no kerbs are simulated. */
static kerb_status add_sequences(builder *build) {
    const ki_draft *draft = build->night->draft;
    for (size_t at = 0; at < draft->n_sequences; at++) {
        kerb_sequence sequence = draft->sequences[at];
        kerb_sequence_stop *stops =
            ki_arena_alloc(&build->arena, sequence.n_stops + 1, sizeof *stops);
        size_t n = 0;
        if (!stops) return ki_fail_no_memory(build->err, "a night");
        for (size_t stop = 0; stop < sequence.n_stops; stop++)
            for (size_t bin = 0; bin < draft->n_containers; bin++)
                if (strcmp(draft->containers[bin].id, sequence.stops[stop].id) == 0)
                    stops[n++] = sequence.stops[stop];
        sequence.stops = stops;
        sequence.n_stops = n;
        KI_TRY(kerb_model_add_sequences(build->model, &sequence, 1, build->err));
    }
    return KERB_OK;
}

static kerb_status add_all(builder *build) {
    const ki_draft *draft = build->night->draft;
    KI_TRY(kerb_model_new(&build->model, build->night->roads, build->err));
    KI_TRY(add_district(build));
    KI_TRY(add_sites(build));
    KI_TRY(add_containers(build));
    KI_TRY(add_trucks(build));
    KI_TRY(kerb_model_add_depots(build->model, draft->depots, draft->n_depots, build->err));
    KI_TRY(add_facilities(build));
    KI_TRY(kerb_model_add_bans(build->model, draft->bans, draft->n_bans, build->err));
    KI_TRY(kerb_model_add_closures(build->model, draft->closures, draft->n_closures, build->err));
    KI_TRY(kerb_model_add_attendants(build->model, draft->attendants, draft->n_attendants,
                                     build->err));
    KI_TRY(add_sequences(build));
    if (!draft->matrix_ids) return KERB_OK;
    return kerb_model_set_matrix(build->model, (const char *const *)draft->matrix_ids,
                                 draft->n_matrix, draft->matrix_time_ms, draft->matrix_length_mm,
                                 build->err);
}

kerb_status ki_night_model(kerb_model **out, const ki_night *night, const ki_world *world,
                           kerb_error *err) {
    builder build = {
        .night = night, .world = world, .shift_s = (int64_t)night->day * DAY_S, .err = err};
    kerb_status status = add_all(&build);
    ki_arena_free(&build.arena);
    if (status != KERB_OK) {
        kerb_model_free(build.model);
        build.model = NULL;
    }
    *out = build.model;
    return status;
}

/* ---- the street ------------------------------------------------------------------------------ */

typedef struct drive { /* of one route */
    ki_day *day;
    ki_world *world;
    const ki_draft *draft;
    const ki_model *model;
    const ki_ids *containers, *facilities, *tasks;
    const ki_plan_route *route;
    const kerb_vehicle *vehicle;
    int32_t type;
    double kg[KI_MAX_DIMS], litres[KI_MAX_DIMS]; /* by compartment */
    double kg_by_stream[KERB_N_STREAMS];
    int64_t late_ms, extra_mm;
    int32_t night;
    int is_late;
    double fees;
} drive;

static int compartment_of(const kerb_vehicle *vehicle, kerb_stream stream) {
    for (size_t at = 0; at < vehicle->n_compartments; at++)
        for (size_t one = 0; one < vehicle->compartments[at].n_streams; one++)
            if (vehicle->compartments[at].streams[one] == stream) return (int)at;
    return 0;
}

static void unload(drive *now, const kerb_facility *facility) {
    for (int stream = 0; stream < KERB_N_STREAMS; stream++) {
        for (size_t gate = 0; gate < facility->n_gates; gate++)
            if ((int)facility->gates[gate].stream == stream)
                now->fees += facility->gates[gate].fee_per_tonne * now->kg_by_stream[stream] / 1000;
        now->day->tonnes += now->kg_by_stream[stream] / 1000;
        now->kg_by_stream[stream] = 0;
    }
    memset(now->kg, 0, sizeof now->kg);
    memset(now->litres, 0, sizeof now->litres);
}

/* The point a stop is left from, or reached at (entry). */
static int32_t point_of(const drive *now, const ki_plan_stop *stop, int entry) {
    const ki_type *type = &now->model->types[now->type];
    if (stop->kind == KI_STOP_START) return type->start_point;
    if (stop->kind == KI_STOP_END) return type->end_point;
    if (stop->kind == KI_STOP_TIP || stop->kind == KI_STOP_CHARGE)
        return now->model->tips[type->first_tip + stop->mode].point;
    const ki_task *task = &now->model->tasks[ki_ids_find(now->tasks, stop->id)];
    const ki_mode *mode = &now->model->modes[task->first_mode + stop->mode];
    return entry ? mode->entry : mode->exit;
}

/* The recourse: from the stop before to the tip that comes next, and back to this one. */
static void tip_early(drive *now, int32_t at) {
    const ki_plan_stop *stops = now->route->stops;
    int32_t next = at;
    while (next < now->route->n_stops && stops[next].kind != KI_STOP_TIP)
        next++;
    if (next == now->route->n_stops) return; /* tipping before the depot is structural */
    int32_t from = point_of(now, &stops[at - 1], 0), to = point_of(now, &stops[at], 1);
    int32_t tip = point_of(now, &stops[next], 1);
    const ki_model *model = now->model;
    now->extra_mm += (int64_t)ki_length_mm(model, now->type, from, tip) +
                     ki_length_mm(model, now->type, tip, to) -
                     ki_length_mm(model, now->type, from, to);
    now->late_ms += (int64_t)ki_time_ms(model, now->type, from, tip) +
                    ki_time_ms(model, now->type, tip, to) - ki_time_ms(model, now->type, from, to) +
                    stops[next].end_ms - stops[next].start_ms;
    unload(now, &now->draft->facilities[ki_ids_find(now->facilities, stops[next].id)]);
    now->day->n_early_tips++;
}

static int fits(const drive *now, int compartment, double kg, double litres) {
    const kerb_vehicle *vehicle = now->vehicle;
    int32_t setting = ki_vehicle_setting(vehicle, now->route->setting);
    const kerb_compartment *room = setting > 0
                                       ? &vehicle->settings[setting - 1].compartments[compartment]
                                       : &vehicle->compartments[compartment];
    if (now->kg[compartment] <= 0) return 1; /* an empty truck takes what there is */
    return now->kg[compartment] + kg <= room->capacity_kg &&
           (room->capacity_l <= 0 || now->litres[compartment] + litres <= room->capacity_l);
}

static void serve(drive *now, int32_t at) {
    const ki_plan_stop *stop = &now->route->stops[at];
    int32_t container = ki_ids_find(now->containers, stop->id);
    const kerb_container *about = &now->draft->containers[container];
    int compartment = compartment_of(now->vehicle, about->stream);
    int64_t at_s = now->model->night_start_s + (stop->start_ms + now->late_ms) / 1000;
    double fill = ki_world_empty(now->world, (size_t)container, at_s);
    double litres = fill * about->volume_l, kg = litres * about->density_kg_per_l;
    if (!fits(now, compartment, kg, litres)) tip_early(now, at);
    now->kg[compartment] += kg;
    now->litres[compartment] += litres;
    now->kg_by_stream[about->stream] += kg;
    now->day->fill_sum += fill;
    now->day->n_emptied++;
}

/* What the plan said it would cost, with the true fees and what the recourse added. */
static void pay(drive *now) {
    const ki_plan_route *route = now->route;
    const ki_type *type = &now->model->types[now->type];
    int64_t planned_ms = route->spell_end_ms - route->spell_start_ms;
    int64_t worked_ms = planned_ms + now->late_ms;
    int64_t idle_before = planned_ms < type->guaranteed_ms ? type->guaranteed_ms - planned_ms : 0;
    int64_t idle_after = worked_ms < type->guaranteed_ms ? type->guaranteed_ms - worked_ms : 0;
    int64_t over_before = planned_ms > type->regular_ms ? planned_ms - type->regular_ms : 0;
    int64_t over_after = worked_ms > type->regular_ms ? worked_ms - type->regular_ms : 0;
    int64_t nano = route->cost_nano - route->fees_nano + now->extra_mm * type->nano_per_mm +
                   (now->late_ms + idle_after - idle_before) * type->nano_per_ms +
                   (over_after - over_before) * type->overtime_nano_per_ms;
    now->day->cost += (double)nano * 1e-9 + now->fees;
    now->day->km += (double)(route->length_mm + now->extra_mm) * 1e-6;
    now->day->hours += (double)worked_ms / 3.6e6;
    now->day->n_shifts++;
}

static int32_t type_of(const ki_draft *draft, const ki_model *model, const char *shift) {
    for (int32_t type = 0; type < model->n_types; type++)
        for (int32_t at = 0; at < model->types[type].n_shifts; at++) {
            int32_t index = model->type_shifts[model->types[type].first_shift + at];
            if (strcmp(draft->shifts[index].id, shift) == 0) return type;
        }
    return -1;
}

/* Traffic: every drive and every stop takes as long as it takes. */
static void delay(drive *now, const ki_plan_stop *stop, int driving, int32_t planned_ms) {
    double pace = ki_world_pace(now->world, stop->id, driving, now->night);
    now->late_ms += llround((pace - 1) * planned_ms);
}

/* Who is early waits for the window, and so does who is a little late if there was a wait. */
static void wait_for_window(drive *now, const ki_plan_stop *stop) {
    int64_t wait_ms = (int64_t)stop->start_ms - stop->arrival_ms;
    if (wait_ms > 0) now->late_ms = now->late_ms > wait_ms ? now->late_ms - wait_ms : 0;
}

static void arrive(drive *now, const ki_plan_stop *stop) {
    delay(now, stop, 1, stop->leg.time_ms);
    if (stop->arrival_ms + now->late_ms > stop->latest_ms) now->is_late = 1;
    wait_for_window(now, stop);
}

static void drive_route(drive *now) {
    for (int32_t at = 0; at < now->route->n_stops; at++) {
        const ki_plan_stop *stop = &now->route->stops[at];
        if (at > 0) arrive(now, stop);
        if (stop->kind == KI_STOP_SERVE) serve(now, at);
        if (stop->kind == KI_STOP_TIP)
            unload(now, &now->draft->facilities[ki_ids_find(now->facilities, stop->id)]);
        if (at > 0) delay(now, stop, 0, stop->end_ms - stop->start_ms);
        now->day->early_tips_expected += stop->overload_permille * 1e-3;
    }
    now->day->late_expected += now->route->late_permille * 1e-3;
    now->day->n_late += (size_t)now->is_late;
    pay(now);
}

kerb_status ki_night_carry_out(ki_day *day, ki_world *world, const kerb_plan *plan,
                               const kerb_model *model, int32_t night, kerb_error *err) {
    const ki_draft *draft = &model->draft;
    const ki_model *sealed = model->sealed;
    ki_arena arena = {0};
    ki_ids containers, facilities, tasks;
    int failed = ki_ids_build(&containers, &arena, &draft->containers->id, draft->n_containers,
                              sizeof *draft->containers) |
                 ki_ids_build(&facilities, &arena, &draft->facilities->id, draft->n_facilities,
                              sizeof *draft->facilities) |
                 ki_ids_build(&tasks, &arena, sealed->n_tasks ? &sealed->tasks->id : NULL,
                              (size_t)sealed->n_tasks, sizeof *sealed->tasks);
    for (int32_t at = 0; at < plan->n_routes && !failed; at++) {
        drive now = {.day = day,
                     .world = world,
                     .draft = draft,
                     .model = sealed,
                     .containers = &containers,
                     .facilities = &facilities,
                     .tasks = &tasks,
                     .route = &plan->routes[at],
                     .night = night};
        now.vehicle = find_vehicle(draft, now.route->vehicle);
        now.type = type_of(draft, sealed, now.route->shift);
        if (!now.vehicle || now.type < 0) {
            ki_arena_free(&arena);
            return ki_fail(err, KERB_INTERNAL, "simulation: route of an unknown shift");
        }
        drive_route(&now);
    }
    for (int32_t at = 0; at < plan->n_decisions; at++)
        day->n_left_out += plan->decisions[at].choice == KI_MUST && !plan->decisions[at].served;
    ki_arena_free(&arena);
    return failed ? ki_fail_no_memory(err, "simulated night") : KERB_OK;
}
