/* SPDX-License-Identifier: GPL-3.0-or-later
 * Depots and facilities: where they stand on the road, and the tip options of each type - one for
 * each facility that takes all it carries, in each opening window, if the way there and on to the
 * depot exists. */
#include "base/alloc.h"
#include "base/error.h"
#include "model/seal.h"

#include <math.h>

enum { NWH_PER_MWH = 1000000 };

static const char *kind_word(const ki_seed *seed) {
    return seed->use == KERB_USE_SWEEPER ? "sweepers"
           : seed->use == KERB_USE_ROBOT ? "robots"
                                         : "trucks";
}

static kerb_status no_depot(const ki_seal *seal, const ki_seed *seed, const kerb_depot *depot,
                            ki_snap_cause cause) {
    if (cause == KI_SNAP_NO_ROAD)
        return ki_fail(seal->err, KERB_BAD_INPUT,
                       "depot %s, field lat, lon: %.6f, %.6f with no road open to %s within %d m, "
                       "expected one",
                       depot->id, depot->lat_deg, depot->lon_deg, kind_word(seed),
                       KI_SNAP_RADIUS_MM / 1000);
    return ki_fail(seal->err, KERB_BAD_INPUT,
                   "depot %s, field lat, lon: %.6f, %.6f on roads cut off from the rest for %s, "
                   "expected a road that leads on",
                   depot->id, depot->lat_deg, depot->lon_deg, kind_word(seed));
}

static kerb_status find_depot(ki_seal *seal, const ki_seed *seed, int32_t depot_index,
                              int32_t *point) {
    const kerb_depot *depot = &seal->draft->depots[depot_index];
    KI_TRY(ki_seal_access(seal, seed->type.group, depot->id, depot->lat_deg, depot->lon_deg,
                          KERB_APPROACH_EITHER, &seal->access));
    *point = ki_access_point(&seal->access, seed->type.travel);
    return *point < 0 ? no_depot(seal, seed, depot, seal->access.cause) : KERB_OK;
}

/* The place on a stretch of way where a vehicle stands; 0: no such stretch, or closed to it. */
static kerb_status place_on_way(ki_seal *seal, const ki_seed *seed, const kerb_position *position,
                                ki_place *place, int *found) {
    ki_run run = {0};
    *found = 0;
    if (!seal->graph || position->way_id == 0) return KERB_OK;
    KI_TRY(ki_graph_find_run(seal->graph, position->way_id, position->from_node, position->to_node,
                             &seal->scratch, &run, seal->err));
    int64_t left_mm = position->offset_mm;
    for (int32_t at = 0; at < run.n_arcs && !*found; at++) {
        int32_t arc = run.arcs[at], from_mm = at == 0 ? run.start_mm : 0;
        int32_t to_mm = at == run.n_arcs - 1 ? run.end_mm : seal->graph->edges[arc >> 1].length_mm;
        if (left_mm <= to_mm - from_mm) {
            *place = (ki_place){arc, from_mm + (int32_t)left_mm};
            *found = seal->model->travels[seed->type.travel].profile->arc_ms[arc] != KI_NEVER;
            return KERB_OK;
        }
        left_mm -= to_mm - from_mm;
    }
    return KERB_OK;
}

/* Where a vehicle under way is: the very spot, or else the nearest road it may use. */
static kerb_status find_position(ki_seal *seal, ki_seed *seed, const kerb_shift *shift) {
    const kerb_position *position = &shift->position;
    ki_place place;
    int found;
    KI_TRY(place_on_way(seal, seed, position, &place, &found));
    if (found) return ki_seal_point(seal, seed->type.group, place, &seed->type.start_point);
    KI_TRY(ki_seal_access(seal, seed->type.group, position->place_id, position->lat_deg,
                          position->lon_deg, KERB_APPROACH_EITHER, &seal->access));
    seed->type.start_point = ki_access_point(&seal->access, seed->type.travel);
    if (seed->type.start_point >= 0) return KERB_OK;
    return ki_fail(seal->err, KERB_BAD_INPUT,
                   "shift %s, field position: %.6f, %.6f with no road open to %s within %d m that "
                   "leads on, expected one",
                   shift->id, position->lat_deg, position->lon_deg, kind_word(seed),
                   KI_SNAP_RADIUS_MM / 1000);
}

static kerb_status find_depots(ki_seal *seal) {
    for (size_t at = 0; at < seal->n_seeds; at++) {
        ki_seed *seed = &seal->seeds[at];
        if (seed->type.under_way)
            KI_TRY(find_position(seal, seed, &seal->draft->shifts[seed->shifts[0]]));
        else
            KI_TRY(find_depot(seal, seed, seed->type.start_depot, &seed->type.start_point));
        KI_TRY(find_depot(seal, seed, seed->type.end_depot, &seed->type.end_point));
    }
    return KERB_OK;
}

static kerb_status note_unreachable(ki_seal *seal, const kerb_facility *facility, int group,
                                    ki_snap_cause cause) {
    const char *who = group == KI_GROUP_COLLECTION ? "trucks"
                      : group == KI_GROUP_HAUL     ? "haul trucks"
                                                   : "sweepers";
    const char *what = cause == KI_SNAP_NO_ROAD ? "no road within 150 m open"
                                                : "only roads cut off from the rest, open";
    return ki_seal_note(seal, "unreachable",
                        ki_seal_text(seal, "facility %s: %s to %s", facility->id, what, who));
}

/* A haul truck carries one stream at a time. */
static int takes_some(const kerb_facility *facility, uint32_t streams) {
    for (size_t gate = 0; gate < facility->n_gates; gate++)
        if (streams >> facility->gates[gate].stream & 1) return 1;
    return 0;
}

/* Whether a vehicle that cannot unload there may charge. */
static int is_post(const kerb_facility *facility, const ki_seed *seed) {
    return facility->charge_w > 0 && seed->type.battery_nwh > 0;
}

/* Whether some vehicle of the group could load, tip or charge there at all. */
static int is_of_use(const ki_seal *seal, int group, const kerb_facility *facility) {
    for (size_t at = 0; at < seal->n_seeds; at++) {
        const ki_seed *seed = &seal->seeds[at];
        if (seed->type.group != group) continue;
        if (group == KI_GROUP_HAUL
                ? takes_some(facility, seed->all_streams)
                : ki_facility_takes(facility, &seal->draft->vehicles[seed->vehicle]) ||
                      is_post(facility, seed))
            return 1;
    }
    return 0;
}

static kerb_status find_facilities(ki_seal *seal, int group) {
    const ki_draft *draft = seal->draft;
    ki_access_list *lists =
        ki_arena_alloc(&seal->scratch, draft->n_facilities, sizeof(ki_access_list));
    if (!lists) return ki_fail_no_memory(seal->err, "facilities");
    seal->facilities[group] = lists;
    for (size_t at = 0; at < draft->n_facilities; at++) {
        const kerb_facility *facility = &draft->facilities[at];
        if (!is_of_use(seal, group, facility)) continue;
        KI_TRY(ki_seal_access(seal, group, facility->id, facility->lat_deg, facility->lon_deg,
                              KERB_APPROACH_EITHER, &lists[at]));
        KI_TRY(ki_seal_note_pocket(seal, "facility", facility->id, &lists[at]));
        if (lists[at].n == 0) KI_TRY(note_unreachable(seal, facility, group, lists[at].cause));
    }
    return KERB_OK;
}

kerb_status ki_seal_places(ki_seal *seal) {
    KI_TRY(find_depots(seal));
    KI_TRY(find_facilities(seal, KI_GROUP_COLLECTION));
    KI_TRY(find_facilities(seal, KI_GROUP_SWEEPING));
    return find_facilities(seal, KI_GROUP_HAUL);
}

/* ---- what routes share there ----------------------------------------------------------------- */

/* More than all that is there tonight to tip. */
static int64_t most_mass_g(const ki_seal *seal) {
    int64_t mass_g = 0;
    for (int32_t task = 0; task < seal->model->n_tasks; task++)
        mass_g += seal->model->tasks[task].mass_g;
    for (int32_t at = 0; at < seal->model->n_types; at++) {
        const ki_type *type = &seal->model->types[at];
        for (int32_t dim = 0; dim < type->n_dims; dim++)
            if (type->mass_dims >> dim & 1) mass_g += type->n_shifts * type->start_load[dim];
    }
    return mass_g;
}

static int32_t n_visitors(const ki_model *model, int32_t facility) {
    int32_t n = 0;
    for (int32_t at = 0; at < model->n_types; at++) {
        const ki_type *type = &model->types[at];
        int goes = 0;
        int32_t end = type->first_tip + type->n_tips + type->n_posts;
        for (int32_t tip = type->first_tip; tip < end; tip++)
            goes |= model->tips[tip].facility == facility;
        n += goes ? type->n_shifts : 0;
    }
    return n;
}

/* An instant as time of the night, at its ends if it lies outside. */
static int32_t seal_instant(const ki_model *model, int64_t at_s) {
    int64_t at_ms = (at_s - model->night_start_s) * 1000;
    if (at_s <= model->night_start_s) return 0;
    return at_ms < model->horizon_ms ? (int32_t)at_ms : model->horizon_ms;
}

/* Bays promised to others, each on its own. */
static kerb_status take_bays(ki_seal *seal, const kerb_facility *from, ki_facility *to) {
    ki_model *model = seal->model;
    size_t n = 0;
    for (size_t at = 0; at < from->n_bay_slots; at++)
        n += (size_t)(from->bay_slots[at].taken < from->bays ? from->bay_slots[at].taken
                                                             : from->bays);
    to->taken = ki_arena_alloc(&model->arena, n, sizeof *to->taken);
    if (!to->taken) return ki_fail_no_memory(seal->err, "facilities");
    for (size_t at = 0; at < from->n_bay_slots; at++) {
        const kerb_bay_slot *slot = &from->bay_slots[at];
        ki_taken taken = {seal_instant(model, slot->start_s), seal_instant(model, slot->end_s)};
        if (taken.end_ms <= taken.start_ms) continue; /* not tonight */
        for (int32_t bay = 0; bay < slot->taken && bay < from->bays; bay++)
            to->taken[to->n_taken++] = taken;
    }
    return KERB_OK;
}

/* A limit that nothing can meet tonight is none, so that nobody pays for looking after it. */
kerb_status ki_seal_shared(ki_seal *seal) {
    ki_model *model = seal->model;
    const ki_draft *draft = seal->draft;
    int64_t most_g = most_mass_g(seal);
    int n_limits = 0;
    model->facilities = ki_arena_alloc(&model->arena, draft->n_facilities + draft->n_attendants,
                                       sizeof *model->facilities);
    if (!model->facilities) return ki_fail_no_memory(seal->err, "facilities");
    for (size_t at = 0; at < draft->n_facilities; at++) {
        const kerb_facility *from = &draft->facilities[at];
        int64_t room_g =
            ki_seal_milli(from->cap_tonnes * 1000) - ki_seal_milli(from->used_tonnes * 1000);
        ki_facility *to = &model->facilities[at];
        *to = (ki_facility){.room_g = INT64_MAX, .bays = INT32_MAX};
        if (from->cap_tonnes > 0 && room_g < most_g) to->room_g = room_g > 0 ? room_g : 0;
        if (from->bays > 0) KI_TRY(take_bays(seal, from, to));
        if (from->bays > 0 && from->bays < n_visitors(model, (int32_t)at) + to->n_taken)
            to->bays = from->bays;
        else
            to->n_taken = 0;
        n_limits += to->room_g != INT64_MAX || to->bays != INT32_MAX;
    }
    KI_TRY(ki_seal_attendants(seal, (int32_t)draft->n_facilities, &n_limits));
    if (n_limits) model->n_facilities = (int32_t)(draft->n_facilities + draft->n_attendants);
    return KERB_OK;
}

/* ---- tips ------------------------------------------------------------------------------------ */

static int64_t fee_nano_per_g(const kerb_facility *facility, uint32_t streams) {
    for (size_t gate = 0; gate < facility->n_gates; gate++)
        if (streams & UINT32_C(1) << facility->gates[gate].stream)
            return llround(facility->gates[gate].fee_per_tonne * 1e3);
    return 0;
}

static ki_tip tip_of(const kerb_facility *facility, const ki_seed *seed, int32_t index,
                     int32_t point) {
    ki_tip tip = {.facility = index,
                  .point = point,
                  .fixed_ms = ki_seal_ms(facility->unload_s),
                  .ms_per_tonne = ki_seal_milli(facility->unload_s_per_tonne)};
    for (int32_t dim = 0; dim < seed->type.n_dims; dim++)
        if (seed->kinds[dim] == KI_DIM_MASS)
            tip.fee_nano_per_g[dim] = fee_nano_per_g(facility, seed->streams[dim]);
    return tip;
}

/* Whether the point lies on some way from the start depot to the end depot. */
static int is_on_the_way(const ki_seal *seal, const ki_type *type, int32_t point) {
    const ki_travel *travel = &seal->model->travels[type->travel];
    size_t n = (size_t)travel->n;
    return travel->time_ms[(size_t)type->start_point * n + (size_t)point] != KI_NEVER &&
           travel->time_ms[(size_t)point * n + (size_t)type->end_point] != KI_NEVER;
}

static kerb_status add_option(ki_seal *seal, ki_tip tip) {
    if (ki_grow(&seal->tips, &seal->tips_capacity, seal->n_tips + 1, sizeof tip) != 0)
        return ki_fail_no_memory(seal->err, "tips");
    seal->tips[seal->n_tips++] = tip;
    return KERB_OK;
}

static kerb_status add_charge(ki_seal *seal, ki_seed *seed, const kerb_facility *facility,
                              ki_tip charge) {
    charge.charge_mw = llround(facility->charge_w * 1000);
    int64_t ms = ki_charge_ms(&seed->type, &charge, seed->type.battery_nwh);
    if (ms < seed->type.recharge_ms) seed->type.recharge_ms = (int32_t)ms;
    return add_option(seal, charge);
}

/* A tip, and behind it the same with a charge; or a post. */
static kerb_status add_options(ki_seal *seal, ki_seed *seed, int32_t index, int takes) {
    const kerb_facility *facility = &seal->draft->facilities[index];
    int32_t point = ki_access_point(&seal->facilities[seed->type.group][index], seed->type.travel);
    int charges = is_post(facility, seed);
    if (point < 0 || !is_on_the_way(seal, &seed->type, point)) return KERB_OK;
    ki_span *spans;
    size_t n_spans;
    KI_TRY(ki_seal_spans(seal, facility->windows, facility->n_windows, &spans, &n_spans));
    ki_tip tip =
        takes ? tip_of(facility, seed, index, point) : (ki_tip){.facility = index, .point = point};
    for (size_t span = 0; span < n_spans; span++) {
        tip.open_ms = spans[span].open_ms;
        tip.close_ms = spans[span].close_ms;
        if (tip.open_ms > seed->type.latest_ms || tip.close_ms < seed->type.earliest_ms) continue;
        if (takes) KI_TRY(add_option(seal, tip));
        if (charges) KI_TRY(add_charge(seal, seed, facility, tip));
        *(takes ? &seed->type.n_tips : &seed->type.n_posts) += takes + charges;
    }
    return KERB_OK;
}

static kerb_status add_all(ki_seal *seal, ki_seed *seed, int takes) {
    const kerb_vehicle *vehicle = &seal->draft->vehicles[seed->vehicle];
    for (size_t at = 0; at < seal->draft->n_facilities; at++) {
        const kerb_facility *facility = &seal->draft->facilities[at];
        if (ki_facility_takes(facility, vehicle) == takes && (takes || is_post(facility, seed)))
            KI_TRY(add_options(seal, seed, (int32_t)at, takes));
    }
    return KERB_OK;
}

/* Part charges of every charger, up to a whole mWh: what a plan says is then exact. */
static kerb_status add_levels(ki_seal *seal, ki_seed *seed) {
    ki_type *type = &seed->type;
    size_t first = (size_t)type->first_tip, end = first + (size_t)(type->n_tips + type->n_posts);
    for (size_t option = first; option < end; option++) {
        if (!seal->tips[option].charge_mw) continue;
        seal->tips[option].levels = (int32_t)(seal->n_tips - first);
        for (int level = 1; level <= KI_CHARGE_LEVELS; level++) {
            ki_tip part = seal->tips[option];
            int64_t short_nwh =
                type->battery_nwh / (KI_CHARGE_LEVELS + 1) * (KI_CHARGE_LEVELS + 1 - level);
            part.levels = 0;
            part.short_nwh = type->full_nwh % NWH_PER_MWH + short_nwh / NWH_PER_MWH * NWH_PER_MWH;
            KI_TRY(add_option(seal, part));
        }
        *(option < first + (size_t)type->n_tips ? &type->n_tip_levels : &type->n_post_levels) +=
            KI_CHARGE_LEVELS;
    }
    return KERB_OK;
}

kerb_status ki_seal_tips(ki_seal *seal) {
    ki_model *model = seal->model;
    for (size_t at = 0; at < seal->n_seeds; at++) {
        ki_seed *seed = &seal->seeds[at];
        seed->type.first_tip = (int32_t)seal->n_tips;
        KI_TRY(add_all(seal, seed, 1));
        KI_TRY(add_all(seal, seed, 0));
        KI_TRY(add_levels(seal, seed));
    }
    model->n_tips = (int32_t)seal->n_tips;
    model->tips = ki_arena_copy(&model->arena, seal->tips, seal->n_tips, sizeof *model->tips);
    return model->tips ? KERB_OK : ki_fail_no_memory(seal->err, "tips");
}
