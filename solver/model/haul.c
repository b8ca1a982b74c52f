/* SPDX-License-Identifier: GPL-3.0-or-later
 * Haul trucks: sealed with the others as far as roads, places and matrices go, then apart from the
 * types, because the search plans collection and sweeping only. */
#include "base/error.h"
#include "model/seal.h"

#include <string.h>

static kerb_status find_points(ki_seal *seal, const ki_seed *seed, ki_haul_type *out) {
    size_t n = seal->draft->n_facilities;
    out->points = ki_arena_alloc(&seal->model->arena, n, sizeof *out->points);
    if (!out->points) return ki_fail_no_memory(seal->err, "haul trucks");
    for (size_t at = 0; at < n; at++)
        out->points[at] = ki_access_point(&seal->facilities[KI_GROUP_HAUL][at], seed->type.travel);
    return KERB_OK;
}

/* One under way has followed already. */
static int32_t followed(const ki_seal *seal, const ki_seed *seed) {
    const kerb_shift *shift = &seal->draft->shifts[seed->shifts[0]];
    if (shift->under_way || !shift->follows || !*shift->follows) return -1;
    return ki_ids_find(&seal->ids.shifts, shift->follows);
}

static kerb_status add_haul(ki_seal *seal, const ki_seed *seed, int32_t *n_shifts) {
    ki_model *model = seal->model;
    const ki_type *type = &seed->type;
    ki_haul_type *out = &model->hauls[model->n_hauls++];
    *out = (ki_haul_type){.follows = followed(seal, seed),
                          .turnaround_ms =
                              ki_seal_ms(seal->draft->shifts[seed->shifts[0]].turnaround_s),
                          .travel = type->travel,
                          .start_point = type->start_point,
                          .end_point = type->end_point,
                          .payload_g = type->capacity[0],
                          .streams = seed->all_streams,
                          .load_ms = seed->load_ms,
                          .earliest_ms = type->earliest_ms,
                          .latest_ms = type->latest_ms,
                          .pre_ms = type->pre_ms,
                          .post_ms = type->post_ms,
                          .regular_ms = type->regular_ms,
                          .used_nano = type->used_nano,
                          .nano_per_mm = type->nano_per_mm,
                          .nano_per_ms = type->nano_per_ms,
                          .overtime_nano_per_ms = type->overtime_nano_per_ms,
                          .first_shift = *n_shifts,
                          .n_shifts = type->n_shifts,
                          .under_way = type->under_way,
                          .worked_ms = type->worked_ms,
                          .n_breaks = type->n_breaks,
                          .n_break_options = type->n_break_options};
    memcpy(out->breaks, type->breaks, sizeof out->breaks);
    memcpy(out->break_options, type->break_options, sizeof out->break_options);
    memcpy(&model->haul_shifts[*n_shifts], seed->shifts, (size_t)type->n_shifts * sizeof(int32_t));
    *n_shifts += type->n_shifts;
    return find_points(seal, seed, out);
}

kerb_status ki_seal_hauls(ki_seal *seal) {
    ki_model *model = seal->model;
    size_t n_kept = 0;
    int32_t n_shifts = 0;
    model->hauls = ki_arena_alloc(&model->arena, seal->n_seeds, sizeof *model->hauls);
    model->haul_shifts = ki_arena_alloc(&model->arena, seal->draft->n_shifts, sizeof(int32_t));
    if (!model->hauls || !model->haul_shifts) return ki_fail_no_memory(seal->err, "haul trucks");
    for (size_t at = 0; at < seal->n_seeds; at++) {
        if (seal->seeds[at].type.group == KI_GROUP_HAUL)
            KI_TRY(add_haul(seal, &seal->seeds[at], &n_shifts));
        else
            seal->seeds[n_kept++] = seal->seeds[at];
    }
    seal->n_seeds = n_kept;
    return KERB_OK;
}
