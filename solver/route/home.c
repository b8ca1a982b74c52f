/* SPDX-License-Identifier: GPL-3.0-or-later
 * home.c - see home.h. Ranks: in time and empty; late; loaded. Within a rank the cheapest. */
#include "route/home.h"

#include "base/alloc.h"
#include "base/error.h"
#include "route/walk.h"
#include "route/yard.h"

typedef enum home_rank { HOME_SOUND = 0, HOME_LATE, HOME_LOADED, HOME_LOST } home_rank;

/* Late by a window of the tip is no way at all; late at home is. */
static home_rank rank_of(const ki_model *model, const ki_route *route, ki_route_value *value) {
    ki_stop_time time = {0};
    const ki_type *type = &model->types[route->type];
    ki_route_evaluate(model, route, value, route->n_stops ? &time : NULL);
    if (value->late_ms > INT32_MAX) return HOME_LOST; /* no way */
    if (route->n_stops == 1 && time.arrival_ms > model->tips[route->stops[0].mode].close_ms)
        return HOME_LOST;
    if (route->n_stops == 0 && ki_starts_loaded(type)) return HOME_LOADED;
    return value->late_ms > 0 ? HOME_LATE : HOME_SOUND;
}

static home_rank find_home(ki_model *model, int32_t index) {
    ki_type *type = &model->types[index];
    home_rank best = HOME_LOST;
    int64_t best_nano = 0;
    type->home_nano = 0;
    type->home_tip = KI_HOME_LOST;
    int32_t home_tip = KI_HOME_LOST;
    for (int32_t tip = KI_HOME_STRAIGHT; tip < type->n_tips; tip++) {
        ki_stop stop = {KI_TIP, type->first_tip + tip, 0};
        ki_route route = {index, tip < 0 ? 0 : 1, &stop};
        ki_route_value value;
        home_rank rank = rank_of(model, &route, &value);
        if (rank > best || rank == HOME_LOST) continue;
        if (rank == best && value.cost_nano >= best_nano) continue;
        best = rank;
        best_nano = value.cost_nano;
        home_tip = tip < 0 ? KI_HOME_STRAIGHT : type->first_tip + tip;
    }
    type->home_tip = home_tip;
    type->home_nano = best_nano;
    return best;
}

void ki_homes_find(ki_model *model, int32_t *n_late, int32_t *n_loaded, int32_t *n_lost) {
    *n_late = *n_loaded = *n_lost = 0;
    for (int32_t type = 0; type < model->n_types; type++) {
        if (!model->types[type].under_way) continue;
        home_rank rank = find_home(model, type);
        *n_late += rank == HOME_LATE;
        *n_loaded += rank == HOME_LOADED;
        *n_lost += rank == HOME_LOST;
    }
}

int ki_route_is_home(const ki_model *model, const ki_route *route) {
    return model->types[route->type].under_way &&
           (route->n_stops == 0 || (route->n_stops == 1 && route->stops[0].task == KI_TIP));
}

/* The way home of a vehicle that is not used, by the tip that is best for it alone. */
static int64_t go_home(const ki_model *model, ki_route *route) {
    const ki_type *type = &model->types[route->type];
    route->stops[0] = (ki_stop){KI_TIP, type->home_tip, 0};
    route->n_stops = type->home_tip >= 0 ? 1 : 0;
    return type->home_nano;
}

/* The same where others are at the facilities before it: they do not give way. */
static int64_t go_home_last(ki_yard *yard, int32_t owner, ki_route *route) {
    const ki_model *model = yard->model;
    const ki_type *type = &model->types[route->type];
    home_rank best = HOME_LOST;
    ki_stop best_stop = {KI_TIP, KI_HOME_STRAIGHT, 0};
    int64_t best_nano = 0;
    for (int32_t tip = KI_HOME_STRAIGHT; tip < type->n_tips; tip++) {
        ki_route_value value;
        route->stops[0] = (ki_stop){KI_TIP, tip < 0 ? tip : type->first_tip + tip, 0};
        route->n_stops = tip < 0 ? 0 : 1;
        if (tip >= 0 && !ki_yard_place_home(yard, owner, route, &value)) continue;
        home_rank rank = rank_of(model, route, &value);
        if (rank > best || rank == HOME_LOST) continue;
        if (rank == best && value.cost_nano >= best_nano) continue;
        best = rank;
        best_nano = value.cost_nano;
        best_stop = route->stops[0];
    }
    route->stops[0] = best_stop;
    route->n_stops = best_stop.mode >= 0 ? 1 : 0;
    ki_yard_enter(yard, owner, route);
    return type->home_nano + best_nano; /* prices are without the former */
}

static kerb_status add_homes(ki_solution *all, const ki_model *model, ki_stop *tips,
                             const uint8_t *is_used, kerb_error *err) {
    ki_yard yard = {0};
    int is_shared = ki_model_is_shared(model);
    if (is_shared) KI_TRY(ki_yard_fill(&yard, model, all, 1, err));
    for (int32_t index = 0; index < model->n_types; index++) {
        const ki_type *type = &model->types[index];
        if (!type->under_way || type->home_tip == KI_HOME_LOST) continue;
        if (is_used[index]) {
            all->cost_nano += type->home_nano;
            continue;
        }
        ki_route *route = &all->routes[all->n_routes];
        *route = (ki_route){index, 0, &tips[index]};
        all->cost_nano +=
            is_shared ? go_home_last(&yard, all->n_routes, route) : go_home(model, route);
        all->n_routes++;
    }
    int failed = yard.failed;
    if (is_shared) ki_yard_free(&yard);
    return failed ? ki_fail_no_memory(err, "the ways home") : KERB_OK;
}

kerb_status ki_solution_with_homes(ki_solution *out, const ki_model *model, const ki_solution *from,
                                   kerb_error *err) {
    ki_stop tips[KI_MAX_TYPES];
    uint8_t is_used[KI_MAX_TYPES] = {0};
    ki_solution all = {.cost_nano = from->cost_nano};
    all.routes = ki_alloc_zero((size_t)from->n_routes + (size_t)model->n_types, sizeof *all.routes);
    if (!all.routes) return ki_fail_no_memory(err, "the ways home");
    for (int32_t route = 0; route < from->n_routes; route++) {
        is_used[from->routes[route].type] = 1;
        all.routes[all.n_routes++] = from->routes[route];
    }
    kerb_status status = add_homes(&all, model, tips, is_used, err);
    if (status == KERB_OK) status = ki_solution_copy(out, &all, err);
    ki_free(all.routes);
    return status;
}

int64_t ki_homes_earn(const ki_model *model) {
    int64_t sum = 0;
    for (int32_t type = 0; type < model->n_types; type++)
        if (model->types[type].under_way && model->types[type].home_nano < 0)
            sum += model->types[type].home_nano;
    return sum;
}
