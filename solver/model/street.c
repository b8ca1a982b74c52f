/* SPDX-License-Identifier: GPL-3.0-or-later
 * Kerbs to sweep: the run of arcs along the street, in the direction of traffic with the kerb on
 * the driving side.
 *
 *        from ═══════════════════► to      right-hand traffic: the right kerb is swept from -> to,
 *   left kerb: to -> from    right kerb: from -> to        the left one to -> from
 *
 * Where that direction is closed by a one-way street, either kerb is swept in the direction of
 * travel. A centre lane is swept either way: two modes. Which kerb it is to the driver is the
 * mode's hand: a vehicle whose brush is on one side sweeps by the modes of that hand, and centre
 * lanes. */
#include "base/error.h"
#include "model/seal.h"

#include <math.h>
#include <stdio.h>

/* Loose sweepings: a street tells kilograms, a hopper may be limited in litres. */
static const double SWEEPINGS_KG_PER_L = 0.8;

/* ---- runs on the road ------------------------------------------------------------------------ */

static int32_t arc_at(const ki_run *run, int backward, int32_t at) {
    return backward ? run->arcs[run->n_arcs - 1 - at] ^ 1 : run->arcs[at];
}

/* The search node entered by turning from one into an arc; -1: no such turn is allowed. */
static int32_t turn_into(const ki_profile *profile, int32_t node, int32_t arc) {
    for (int32_t at = profile->first_turn[node]; at < profile->first_turn[node + 1]; at++)
        if (profile->base_arc[profile->turn_to[at]] == arc) return profile->turn_to[at];
    return -1;
}

/* Every arc open and part of the network that leads back, every step along the run allowed, as
 * for a vehicle that comes with every restriction pending that may be. */
static int is_drivable(const ki_profile *profile, const ki_run *run, int backward) {
    int32_t node = profile->depart[arc_at(run, backward, 0)];
    for (int32_t at = 0; at < run->n_arcs; at++) {
        int32_t arc = arc_at(run, backward, at);
        if (profile->arc_ms[arc] == KI_NEVER || profile->component[arc] != 0) return 0;
        if (at > 0 && (node = turn_into(profile, node, arc)) < 0) return 0;
    }
    return 1;
}

/* The side of a kerb to who drives along its run, or against it. */
static uint8_t hand_of(kerb_side side, int backward) {
    if (side != KERB_SIDE_LEFT && side != KERB_SIDE_RIGHT) return KERB_SIDE_UNSPECIFIED;
    return (side == KERB_SIDE_RIGHT) != backward ? KERB_SIDE_RIGHT : KERB_SIDE_LEFT;
}

static kerb_status add_direction(ki_seal *seal, const ki_run *run, kerb_side side, int backward,
                                 int32_t travel) {
    const ki_edge *edges = seal->graph->edges;
    int32_t first = run->arcs[0], last = run->arcs[run->n_arcs - 1];
    ki_place start = {first, run->start_mm}, end = {last, run->end_mm};
    if (backward) {
        start = (ki_place){last ^ 1, edges[last >> 1].length_mm - run->end_mm};
        end = (ki_place){first ^ 1, edges[first >> 1].length_mm - run->start_mm};
    }
    ki_access access = {.travels = UINT64_C(1) << travel,
                        .length_mm = (int32_t)run->length_mm,
                        .hand = hand_of(side, backward)};
    KI_TRY(ki_seal_point(seal, KI_GROUP_SWEEPING, start, &access.entry));
    KI_TRY(ki_seal_point(seal, KI_GROUP_SWEEPING, end, &access.exit));
    return ki_seal_add_access(seal, &seal->access, access);
}

/* A street that the signs close in one direction, unlike one that is only cut off there: on a
 * two-way street nobody sweeps the far kerb against the traffic. */
static int is_one_way(const ki_profile *profile, const ki_run *run, int backward) {
    for (int32_t at = 0; at < run->n_arcs; at++) {
        int32_t arc = arc_at(run, backward, at);
        const ki_way_tags *tags = &ki_arc_way(profile->graph, arc)->tags;
        if (!(tags->access[arc & 1] & profile->spec.kind)) return 1;
    }
    return 0;
}

/* Bit 0: along the run, bit 1: against it. */
static int directions(const ki_graph *graph, const ki_profile *profile, const ki_run *run,
                      kerb_side side) {
    int open = is_drivable(profile, run, 0) | is_drivable(profile, run, 1) << 1;
    if (side == KERB_SIDE_CENTRE) return open;
    int along = (side == KERB_SIDE_RIGHT) != (graph->drive_left != 0);
    int wanted = along ? 1 : 2;
    if (open & wanted) return wanted;
    return is_one_way(profile, run, !along) ? open : 0;
}

static kerb_status access_by_road(ki_seal *seal, const kerb_street *street, ki_cannot *cause) {
    ki_run run = {0};
    *cause = KI_CANNOT_NO_RUN;
    KI_TRY(ki_graph_find_run(seal->graph, street->way_id, street->from_node, street->to_node,
                             &seal->scratch, &run, seal->err));
    if (run.n_arcs == 0 || run.length_mm < 1 || run.length_mm > INT32_MAX / 2) return KERB_OK;
    *cause = KI_CANNOT_CLOSED;
    uint64_t travels = ki_seal_group_travels(seal, KI_GROUP_SWEEPING);
    for (int32_t travel = 0; travel < seal->model->n_travels; travel++) {
        if (!(travels >> travel & 1)) continue;
        int open =
            directions(seal->graph, seal->model->travels[travel].profile, &run, street->side);
        if (open & 1) KI_TRY(add_direction(seal, &run, street->side, 0, travel));
        if (open & 2) KI_TRY(add_direction(seal, &run, street->side, 1, travel));
    }
    return KERB_OK;
}

/* ---- explicit travel ------------------------------------------------------------------------- */

static kerb_status add_cell(ki_seal *seal, int32_t from, int32_t to, kerb_side side) {
    int32_t length_mm =
        seal->draft->matrix_length_mm[(size_t)from * seal->draft->n_matrix + (size_t)to];
    if (length_mm == KI_NEVER || length_mm < 1) return KERB_OK;
    uint64_t travels = ki_seal_group_travels(seal, KI_GROUP_SWEEPING);
    return ki_seal_add_access(seal, &seal->access,
                              (ki_access){from, to, length_mm, travels, hand_of(side, 0)});
}

/* The kerb is as long as the way from its entry to its exit; a centre lane may be swept back. */
static kerb_status access_by_matrix(ki_seal *seal, const kerb_street *street, ki_cannot *cause) {
    char exit_id[512];
    snprintf(exit_id, sizeof exit_id, "%s#exit", street->id);
    int32_t entry = ki_ids_find(&seal->ids.places, street->id);
    int32_t exit = ki_ids_find(&seal->ids.places, exit_id);
    *cause = KI_CANNOT_NO_RUN;
    KI_TRY(add_cell(seal, entry, exit, street->side));
    return street->side == KERB_SIDE_CENTRE ? add_cell(seal, exit, entry, street->side) : KERB_OK;
}

/* ---- tasks ----------------------------------------------------------------------------------- */

static int32_t longest(const ki_access_list *list) {
    int32_t length_mm = 0;
    for (size_t at = 0; at < list->n; at++)
        if (list->items[at].length_mm > length_mm) length_mm = list->items[at].length_mm;
    return length_mm;
}

/* Debris is shared out over the passes; water is used at each. */
static ki_task task_of(const ki_seal *seal, int32_t index, int32_t n_passes) {
    const kerb_street *street = &seal->draft->streets[index];
    double length_m = longest(&seal->access) / 1e3;
    double debris_kg = street->debris_kg_per_m * length_m / n_passes;
    return (ki_task){.source = index,
                     .site = -1,
                     .kind = KI_TASK_KERB,
                     .stream = KERB_STREAM_SWEEPINGS,
                     .must = 1,
                     .group = KI_GROUP_SWEEPING,
                     .prize_nano =
                         ki_seal_nano(seal->draft->district.price_unswept_per_km * length_m / 1e3),
                     .mass_g = ki_seal_milli(debris_kg),
                     .volume_ml = ki_seal_milli(debris_kg / SWEEPINGS_KG_PER_L),
                     .water_ml = ki_seal_milli(street->water_l_per_m * length_m)};
}

static kerb_status add_passes(ki_seal *seal, int32_t index, const ki_span *spans, size_t n_spans) {
    const kerb_street *street = &seal->draft->streets[index];
    int32_t n_passes = street->passes > 0 ? street->passes : 1;
    ki_task task = task_of(seal, index, n_passes);
    for (int32_t pass = 1; pass <= n_passes; pass++) {
        task.id = pass == 1 ? ki_seal_text(seal, "%s", street->id)
                            : ki_seal_text(seal, "%s#%d", street->id, (int)pass);
        if (!task.id) return ki_fail_no_memory(seal->err, "streets");
        KI_TRY(ki_seal_add_task(seal, &task, &seal->access, spans, n_spans));
    }
    return KERB_OK;
}

static kerb_status add_street(ki_seal *seal, int32_t index) {
    const kerb_street *street = &seal->draft->streets[index];
    ki_span *spans;
    size_t n_spans;
    ki_cannot cause;
    if (ki_seal_group_travels(seal, KI_GROUP_SWEEPING) == 0)
        return ki_seal_cannot(seal, KI_TASK_KERB, index, KI_CANNOT_NO_VEHICLE);
    KI_TRY(ki_seal_spans(seal, street->windows, street->n_windows, &spans, &n_spans));
    if (n_spans == 0) return ki_seal_cannot(seal, KI_TASK_KERB, index, KI_CANNOT_NO_WINDOW);
    seal->access.n = 0;
    KI_TRY(seal->graph ? access_by_road(seal, street, &cause)
                       : access_by_matrix(seal, street, &cause));
    if (seal->access.n == 0) return ki_seal_cannot(seal, KI_TASK_KERB, index, cause);
    return add_passes(seal, index, spans, n_spans);
}

static const char *due_reason(const kerb_street *street) {
    const char *out = ki_forced_out(street->force);
    if (out) return out;
    return street->force == KERB_FORCE_IN ? "forced_in" : "due";
}

static const char *due_detail(const kerb_street *street) {
    if (street->force == KERB_FORCE_OUT) return "taken out for tonight";
    if (street->force == KERB_FORCE_DONE)
        return "swept tonight already, or a vehicle is on its way to it";
    if (street->force == KERB_FORCE_FAILED)
        return "tried in vain or passed over tonight; due again the next night";
    return street->force == KERB_FORCE_IN ? "ordered for tonight" : "due to be swept tonight";
}

kerb_status ki_seal_streets(ki_seal *seal) {
    const ki_draft *draft = seal->draft;
    ki_model *model = seal->model;
    model->street_decisions =
        ki_arena_alloc(&model->arena, draft->n_streets, sizeof *model->street_decisions);
    if (!model->street_decisions) return ki_fail_no_memory(seal->err, "streets");
    for (size_t at = 0; at < draft->n_streets; at++) {
        const kerb_street *street = &draft->streets[at];
        model->street_decisions[at] =
            (ki_decision){.choice = ki_forced_out(street->force) ? KI_SKIP : KI_MUST,
                          .reason = due_reason(street),
                          .fill_ratio = NAN,
                          .fill_sd_ratio = NAN,
                          .rate_per_day = NAN,
                          .newest_report_s = KERB_NO_TIME,
                          .task = -1,
                          .detail = due_detail(street)};
        if (!ki_forced_out(street->force)) KI_TRY(add_street(seal, (int32_t)at));
    }
    return KERB_OK;
}
