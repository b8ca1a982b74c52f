/* SPDX-License-Identifier: GPL-3.0-or-later
 * home.c - see home.h. Ranks: in time and empty; late, or on the battery's reserve; loaded. Within
 * a rank the cheapest. */
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
    return value->late_ms > 0 || value->flat_nwh > 0 ? HOME_LATE : HOME_SOUND;
}

typedef struct home {
    home_rank rank;
    ki_stop stop; /* its tip; KI_HOME_STRAIGHT or KI_HOME_LOST as mode: none */
    int64_t nano;
    int32_t end_ms;
} home;

/* yard: of others at the facilities before it, who do not give way; NULL: nobody is. */
static home find_home(const ki_model *model, int32_t index, ki_yard *yard, int32_t owner) {
    const ki_type *type = &model->types[index];
    home best = {HOME_LOST, {KI_TIP, KI_HOME_LOST, 0}, 0, 0};
    for (int32_t tip = KI_HOME_STRAIGHT; tip < type->n_tips; tip++) {
        ki_stop stop = {KI_TIP, tip < 0 ? KI_HOME_STRAIGHT : type->first_tip + tip, 0};
        ki_route route = {index, tip < 0 ? 0 : 1, &stop};
        ki_route_value value;
        if (yard && tip >= 0 && !ki_yard_place_home(yard, owner, &route, &value)) continue;
        home_rank rank = rank_of(model, &route, &value);
        if (rank > best.rank || rank == HOME_LOST) continue;
        if (rank == best.rank && value.cost_nano >= best.nano) continue;
        best = (home){rank, stop, value.cost_nano, value.start_ms + value.spell_ms};
    }
    return best;
}

static home_rank set_home(ki_model *model, int32_t index) {
    ki_type *type = &model->types[index];
    type->home_nano = 0;
    type->home_tip = KI_HOME_LOST;
    home found = find_home(model, index, NULL, 0);
    type->home_tip = found.stop.mode;
    type->home_nano = found.nano;
    type->home_ms = found.end_ms;
    return found.rank;
}

/* Until it could be home it has an attendant, whatever it does. */
static void take_attendant(ki_model *model, const ki_type *type) {
    if (!type->attended || type->home_tip == KI_HOME_LOST) return;
    ki_facility *gate = &model->facilities[type->attended - 1];
    gate->taken[gate->n_taken++] = (ki_taken){type->earliest_ms, type->home_ms};
}

void ki_homes_find(ki_model *model, int32_t *n_late, int32_t *n_loaded, int32_t *n_lost) {
    *n_late = *n_loaded = *n_lost = 0;
    for (int32_t type = 0; type < model->n_types; type++) {
        if (!model->types[type].under_way) continue;
        home_rank rank = set_home(model, type);
        take_attendant(model, &model->types[type]);
        *n_late += rank == HOME_LATE;
        *n_loaded += rank == HOME_LOADED;
        *n_lost += rank == HOME_LOST;
    }
}

int ki_route_is_home(const ki_model *model, const ki_route *route) {
    return model->types[route->type].under_way &&
           (route->n_stops == 0 || (route->n_stops == 1 && route->stops[0].task == KI_TIP));
}

static void go_home(ki_route *route, ki_stop tip) {
    route->stops[0] = tip;
    route->n_stops = tip.mode >= 0 ? 1 : 0;
}

/* The way home of a vehicle that is not used, and its price: by the tip that is best for it alone,
 * or, where routes share facilities, by the best that others leave. */
static int64_t add_home(ki_yard *yard, const ki_model *model, int32_t owner, ki_route *route) {
    const ki_type *type = &model->types[route->type];
    if (!ki_model_is_shared(model)) {
        go_home(route, (ki_stop){KI_TIP, type->home_tip, 0});
        return type->home_nano;
    }
    home found = find_home(model, route->type, yard, owner);
    go_home(route, found.stop);
    ki_yard_enter(yard, owner, route);
    return type->home_nano + found.nano; /* prices are without the former */
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
        all->cost_nano += add_home(&yard, model, all->n_routes++, route);
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
