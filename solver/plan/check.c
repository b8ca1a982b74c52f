/* SPDX-License-Identifier: GPL-3.0-or-later
 * check.c - the independent judge of a plan.
 *
 * Recomputes everything a plan says from three sources: the draft (what was asked), the base graph
 * (what can be driven) and the sealed decisions (what was wanted tonight). It shares with the
 * engine two physical primitives, what an arc takes and what a turn costs (profile.h), and nothing
 * else: no matrix, no profile, no path, no route evaluation. Explicit-travel problems are judged by
 * the draft's matrix.
 *
 * What it takes on trust: forecast amounts (mass, volume and water of a task) and the price of
 * leaving a may out come from the sealed model, since they follow from forecasts, not from the
 * plan.
 *
 *   check.c         the frame: ids, messages
 *   check_rules.c   the draft's doubles as integers
 *   check_walk.c    legs on the base graph: runs and how they join
 *   check_drive.c   access, closures, turns, restrictions, time along them
 *   check_hours.c   what hours and sizes decide, at the minute a vehicle is there
 *   check_bans.c    the district's own bans, likewise
 *   check_street.c  what a kerb or a closure of the draft covers
 *   check_geometry.c  check_place.c   lines on the map; sides of roads and kerbs
 *   check_start.c   vehicles under way; pins
 *   check_pocket.c  nearer roads that were passed over
 *   check_route.c   check_load.c      a shift: schedule, loads, fees
 *   check_facility.c  what all routes do to a facility together
 *   check_attendants.c  how many vehicles are out at once
 *   check_sequence.c  stops that come in a given order
 *   check_window.c  check_break.c     windows; the breaks of a shift
 *   check_follow.c  haul shifts of trucks that collect first
 *   check_haul.c    what lies at the transfer stations, and what leaves them
 *   check_totals.c  check_decisions.c money by item and zone; every id exactly once */
#include "plan/check_internal.h"

#include "base/alloc.h"
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void ki_check_say(ki_checker *check, const char *format, ...) {
    if (check->n_violations++ >= KI_CHECK_MAX_LINES) return;
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    for (char *c = text; *c; c++)
        if ((unsigned char)*c < 0x20) *c = '?'; /* ids may come from anywhere: one line each */
    if (check->route) {
        ki_text_add(check->report, "route %s", check->route->shift ? check->route->shift : "?");
        if (check->stop)
            ki_text_add(check->report, ", stop %ld (%s)", (long)(check->stop - check->route->stops),
                        check->stop->id ? check->stop->id : "?");
        if (check->part) ki_text_add(check->report, ", %s", check->part);
    } else {
        ki_text_add(check->report, "plan");
    }
    ki_text_add(check->report, ": %s\n", text);
}

void ki_check_same(ki_checker *check, const char *what, int64_t got, int64_t expected) {
    if (got != expected)
        ki_check_say(check, "%s %lld, expected %lld", what, (long long)got, (long long)expected);
}

void ki_check_same_text(ki_checker *check, const char *what, const char *got,
                        const char *expected) {
    got = got ? got : "";
    expected = expected ? expected : "";
    if (strcmp(got, expected) != 0)
        ki_check_say(check, "%s %.80s, expected %.80s", what, got, expected);
}

/* ---- ids ------------------------------------------------------------------------------------- */

static int compare_ids(const void *left, const void *right) {
    const ki_id_entry *a = left, *b = right;
    int order = strcmp(a->id, b->id);
    return order ? order : (a->index > b->index) - (a->index < b->index);
}

/* Lists the string that lies `offset` bytes into each of n structs. */
static void list_ids(ki_checker *check, ki_id_list *list, const void *items, size_t n, size_t size,
                     size_t offset) {
    list->entries = ki_arena_alloc(&check->arena, n, sizeof *list->entries);
    if (!list->entries) {
        check->failed = 1;
        return;
    }
    for (size_t index = 0; index < n; index++) {
        const char *id;
        memcpy(&id, (const char *)items + index * size + offset, sizeof id);
        list->entries[index] = (ki_id_entry){id ? id : "", (int32_t)index};
    }
    list->n = n;
    if (n) qsort(list->entries, n, sizeof *list->entries, compare_ids);
}

int32_t ki_id_find(const ki_id_list *list, const char *id) {
    size_t low = 0, high = list->n;
    while (id && low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(list->entries[middle].id, id);
        if (order == 0) return list->entries[middle].index;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return -1;
}

const kerb_vehicle *ki_check_vehicle(const ki_checker *check, const kerb_shift *shift) {
    int32_t vehicle = ki_id_find(&check->vehicles, shift->vehicle_id);
    return vehicle < 0 ? NULL : &check->draft->vehicles[vehicle];
}

static void list_all(ki_checker *check) {
    const ki_draft *draft = check->draft;
#define LIST(what, type, field)                                                                    \
    list_ids(check, &check->what, draft->what, draft->n_##what, sizeof(type), offsetof(type, field))
    LIST(shifts, kerb_shift, id);
    LIST(vehicles, kerb_vehicle, id);
    LIST(depots, kerb_depot, id);
    LIST(facilities, kerb_facility, id);
    LIST(sites, kerb_site, id);
    LIST(containers, kerb_container, id);
    LIST(streets, kerb_street, id);
#undef LIST
    list_ids(check, &check->matrix, draft->matrix_ids, draft->n_matrix, sizeof(char *), 0);
}

static void prepare(ki_checker *check) {
    const ki_draft *draft = check->draft;
    size_t n_routes = check->plan->n_routes > 0 ? (size_t)check->plan->n_routes : 0;
    list_all(check);
    check->shift_used = ki_arena_alloc(&check->arena, draft->n_shifts, 1);
    check->container_served =
        ki_arena_alloc(&check->arena, draft->n_containers, sizeof *check->container_served);
    check->street_served =
        ki_arena_alloc(&check->arena, draft->n_streets, sizeof *check->street_served);
    check->route_items = ki_arena_alloc(&check->arena, n_routes, sizeof *check->route_items);
    if (!check->shift_used || !check->container_served || !check->street_served ||
        !check->route_items)
        check->failed = 1;
    if (!check->failed) ki_check_zones_prepare(check);
    if (!check->failed) ki_check_earlier_prepare(check);
    if (!check->failed) ki_check_familiar_prepare(check);
    if (check->graph && !check->failed) ki_check_walk_prepare(check);
}

static void check_header(ki_checker *check) {
    const kerb_plan *plan = check->plan;
    const kerb_district *district = &check->draft->district;
    ki_check_same_text(check, "problem", plan->problem_hash, check->model->hash);
    ki_check_same_text(check, "roads", plan->roads_hash, check->draft->roads_hash);
    ki_check_same_text(check, "district", plan->district_id, district->id);
    ki_check_same_text(check, "currency", plan->currency, district->currency);
    ki_check_same_text(check, "service day", plan->service_day, district->service_day);
    ki_check_same(check, "night start (s)", plan->night_start_s, district->night_start_s);
    ki_check_same(check, "offset from UTC (s)", plan->utc_offset_s, district->utc_offset_s);
}

static kerb_status judge(ki_checker *check, kerb_error *err) {
    prepare(check);
    if (!check->failed) {
        check_header(check);
        for (int32_t route = 0; route < check->plan->n_routes; route++)
            ki_check_route(check, route);
        check->route = NULL;
        check->stop = NULL;
        ki_check_homes(check);
        ki_check_sequences(check);
        ki_check_facilities(check);
        ki_check_attendants(check);
        ki_check_hauls(check);
        ki_check_follows(check);
        ki_check_decisions(check);
        ki_check_totals(check);
    }
    if (check->n_violations > KI_CHECK_MAX_LINES)
        ki_text_add(check->report, "... and %zu more\n", check->n_violations - KI_CHECK_MAX_LINES);
    if (check->failed || check->report->failed) return ki_fail_no_memory(err, "the plan's check");
    return KERB_OK;
}

kerb_status ki_plan_check(const kerb_plan *plan, const kerb_model *model, size_t *n_violations,
                          ki_text *report, kerb_error *err) {
    *n_violations = 0;
    if (!model->sealed) return ki_fail(err, KERB_BAD_CALL, "the model is not sealed");
    ki_checker check = {.plan = plan,
                        .model = model,
                        .draft = &model->draft,
                        .sealed = model->sealed,
                        .graph = model->roads ? model->roads->graph : NULL,
                        .report = report};
    kerb_status status = judge(&check, err);
    ki_arena_free(&check.arena);
    ki_free(check.path.arcs);
    ki_free(check.street_path.arcs);
    ki_free(check.history);
    *n_violations = check.n_violations;
    return status;
}
