/* SPDX-License-Identifier: GPL-3.0-or-later
 * tonight.c - lists of conditions, judged one after another: the later overrides the earlier.
 *
 * Access and one-way rules are two states (legal, flow), both needed to drive. The tags' own access
 * says what may ever be open, so the list of a way that is closed by its plain tags begins with a
 * condition that closes it always. */
#include "road/tonight.h"

enum { WAY_ALONG = 0 };

static int32_t size_of(const ki_profile_spec *spec, int size) {
    switch (size) {
    case KI_SIZE_HEIGHT: return spec->height_mm;
    case KI_SIZE_WIDTH: return spec->width_mm;
    case KI_SIZE_LENGTH: return spec->length_mm;
    default: return spec->mass_kg;
    }
}

static int concerns(const ki_condition *condition, const ki_profile_spec *spec, int direction) {
    if (!(condition->kinds[direction] & spec->kind)) return 0;
    for (int test = 0; test < KI_SIZE_TESTS; test++) {
        if (condition->sizes[test] == KI_SIZE_NONE) continue;
        int32_t size = size_of(spec, condition->sizes[test]), bound = condition->bounds[test];
        if (condition->below[test] ? size >= bound : size <= bound) return 0;
    }
    return 1;
}

static ki_during holds(const ki_conditions *all, const ki_condition *condition,
                       const ki_profile_spec *spec, int direction) {
    if (!concerns(condition, spec, direction)) return KI_DURING_NEVER;
    ki_during during =
        ki_hours_during(all->hours + condition->first_hour, condition->n_hours, &spec->out);
    return during == KI_DURING_THROUGHOUT && condition->perhaps ? KI_DURING_PARTLY : during;
}

/* A state that a permission or a ban changes. */
static void settle(int *open, ki_during during, int opens) {
    if (opens && during == KI_DURING_THROUGHOUT) *open = 1;
    if (!opens && during != KI_DURING_NEVER) *open = 0;
}

static int32_t tighter(int32_t a, int32_t b) { /* 0: none */
    if (a == 0 || b == 0) return a + b;
    return a < b ? a : b;
}

static void limit(int32_t *limit, ki_during during, int32_t value) {
    if (during == KI_DURING_THROUGHOUT) *limit = value;
    if (during == KI_DURING_PARTLY) *limit = tighter(*limit, value);
}

static void limit_size(const ki_condition *condition, ki_during during, int32_t *height_mm,
                       int32_t *width_mm, int32_t *length_mm, int32_t *mass_kg) {
    switch (condition->effect) {
    case KI_EFFECT_HEIGHT: limit(height_mm, during, condition->value); break;
    case KI_EFFECT_WIDTH: limit(width_mm, during, condition->value); break;
    case KI_EFFECT_LENGTH: limit(length_mm, during, condition->value); break;
    case KI_EFFECT_MASS: limit(mass_kg, during, condition->value); break;
    default: break;
    }
}

static void judge_direction(const ki_graph *graph, const ki_profile_spec *spec, int direction,
                            ki_way_tags *tags) {
    const ki_conditions *all = &graph->conditions;
    int legal = 1, flow = 1;
    int32_t speed_mm_per_s = tags->speed_mm_per_s[direction];
    for (int32_t at = all->first[tags->conditions]; at < all->first[tags->conditions + 1]; at++) {
        const ki_condition *condition = &all->items[at];
        ki_during during = holds(all, condition, spec, direction);
        switch (condition->effect) {
        case KI_EFFECT_OPEN:
        case KI_EFFECT_CLOSE: settle(&legal, during, condition->effect == KI_EFFECT_OPEN); break;
        case KI_EFFECT_FLOW_OPEN:
        case KI_EFFECT_FLOW_CLOSE:
            settle(&flow, during, condition->effect == KI_EFFECT_FLOW_OPEN);
            break;
        case KI_EFFECT_SPEED: limit(&speed_mm_per_s, during, condition->value); break;
        default:
            if (direction == WAY_ALONG) /* limits hold both ways */
                limit_size(condition, during, &tags->max_height_mm, &tags->max_width_mm,
                           &tags->max_length_mm, &tags->max_mass_kg);
        }
    }
    if (!legal || !flow) tags->access[direction] &= (uint8_t)~spec->kind;
    tags->speed_mm_per_s[direction] = (uint16_t)speed_mm_per_s;
}

ki_way_tags ki_way_tonight(const ki_graph *graph, const ki_profile_spec *spec,
                           const ki_way_tags *tags) {
    ki_way_tags tonight = *tags;
    for (int direction = 0; tags->conditions && direction < 2; direction++)
        judge_direction(graph, spec, direction, &tonight);
    return tonight;
}

ki_node_tags ki_node_tonight(const ki_graph *graph, const ki_profile_spec *spec,
                             const ki_node_tags *tags) {
    const ki_conditions *all = &graph->conditions;
    ki_node_tags tonight = *tags;
    int open = !(tags->blocked & spec->kind);
    int32_t length_mm = 0;
    for (int32_t at = all->first[tags->conditions]; at < all->first[tags->conditions + 1]; at++) {
        const ki_condition *condition = &all->items[at];
        ki_during during = holds(all, condition, spec, 0);
        if (condition->effect == KI_EFFECT_OPEN || condition->effect == KI_EFFECT_CLOSE)
            settle(&open, during, condition->effect == KI_EFFECT_OPEN);
        limit_size(condition, during, &tonight.max_height_mm, &tonight.max_width_mm, &length_mm,
                   &tonight.max_mass_kg);
    }
    tonight.blocked =
        (uint8_t)(open ? tonight.blocked & ~spec->kind : tonight.blocked | spec->kind);
    return tonight;
}

int ki_restriction_binds(const ki_graph *graph, const ki_profile_spec *spec,
                         const ki_restriction *restriction) {
    const ki_conditions *all = &graph->conditions;
    int32_t list = restriction->conditions;
    int open = list != 0;
    if (restriction->except & spec->kind) return 0;
    for (int32_t at = all->first[list]; at < all->first[list + 1]; at++)
        settle(&open, holds(all, &all->items[at], spec, 0),
               all->items[at].effect == KI_EFFECT_OPEN);
    return !open;
}

/* What becomes of a condition: a ban that holds in part is as one that holds throughout. */
static ki_during outcome(const ki_conditions *all, const ki_condition *condition,
                         const ki_profile_spec *spec) {
    ki_during during = holds(all, condition, spec, 0);
    if (during == KI_DURING_NEVER) during = holds(all, condition, spec, 1);
    if (during != KI_DURING_PARTLY) return during;
    switch (condition->effect) {
    case KI_EFFECT_OPEN:
    case KI_EFFECT_FLOW_OPEN: return KI_DURING_NEVER;
    case KI_EFFECT_CLOSE:
    case KI_EFFECT_FLOW_CLOSE: return KI_DURING_THROUGHOUT;
    default: return during;
    }
}

int ki_tonight_same(const ki_graph *graph, const ki_profile_spec *a, const ki_profile_spec *b) {
    const ki_conditions *all = &graph->conditions;
    for (int32_t at = 0; at < all->n_items; at++)
        if (outcome(all, &all->items[at], a) != outcome(all, &all->items[at], b)) return 0;
    return 1;
}
