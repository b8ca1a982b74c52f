/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/sealed_input.h"

#include "base/error.h"
#include "base/text.h"
#include "io/district.h"
#include "model/draft.h"
#include "model/model.h"

#include <string.h>

static kerb_status load_district(sealed_input *in, const char *path, const char *roads_path,
                                 kerb_error *err) {
    char *cache;
    KI_TRY(ki_district_load_roads(&in->roads, &cache, path, roads_path, err));
    kerb_buffer_free(cache);
    ki_district_options options = {0};
    ki_input_summary summary;
    return ki_district_load(&in->model, in->roads, path, &options, &summary, err);
}

static kerb_status load_message(sealed_input *in, const char *path, const char *roads_path,
                                kerb_error *err) {
    char *bytes;
    size_t n_bytes;
    if (roads_path) KI_TRY(kerb_roads_load(&in->roads, roads_path, err));
    KI_TRY(kerb_file_read(&bytes, &n_bytes, path, (size_t)1 << 30, err));
    kerb_status status =
        kerb_model_unpack(&in->model, in->roads, (const uint8_t *)bytes, n_bytes, err);
    kerb_buffer_free(bytes);
    return status;
}

/* A district that names a cache gets it. One that cannot be written costs time, nothing else. */
static void keep_roads(const sealed_input *in) {
    char why[512];
    kerb_error ignored = {0};
    if (in->roads && kerb_roads_why_not_cached(in->roads, in->model, why, sizeof why) > 0)
        kerb_roads_save(in->roads, in->model, NULL, &ignored);
}

kerb_status sealed_input_open(sealed_input *in, const char *path, const char *roads_path,
                              kerb_error *err) {
    *in = (sealed_input){0};
    const char *ending = strrchr(path, '.');
    int yaml = ending && (strcmp(ending, ".yaml") == 0 || strcmp(ending, ".yml") == 0);
    kerb_status status =
        yaml ? load_district(in, path, roads_path, err) : load_message(in, path, roads_path, err);
    if (status != KERB_OK) sealed_input_free(in);
    return status;
}

kerb_status sealed_input_load(sealed_input *in, const char *path, const char *roads_path,
                              kerb_error *err) {
    KI_TRY(sealed_input_open(in, path, roads_path, err));
    kerb_status status = kerb_model_seal(in->model, NULL, err);
    if (status == KERB_OK) keep_roads(in);
    if (status != KERB_OK) sealed_input_free(in);
    return status;
}

void sealed_input_hash_travel(char hex[65], const sealed_input *in) {
    const ki_model *model = in->model->sealed;
    ki_sha256 hash;
    ki_sha256_begin(&hash);
    for (int32_t travel = 0; travel < model->n_travels; travel++) {
        const ki_travel *at = &model->travels[travel];
        size_t n_bytes = (size_t)at->n * (size_t)at->n * sizeof *at->time_ms;
        ki_sha256_add(&hash, at->time_ms, n_bytes);
        ki_sha256_add(&hash, at->length_mm, n_bytes);
    }
    ki_sha256_end(&hash, hex);
}

kerb_status sealed_input_copy(kerb_model **out, const sealed_input *in, const kerb_model *model,
                              kerb_error *err) {
    uint8_t *bytes;
    size_t n_bytes;
    KI_TRY(kerb_model_pack(model, &bytes, &n_bytes, err));
    kerb_status status = kerb_model_unpack(out, in->roads, bytes, n_bytes, err);
    kerb_buffer_free(bytes);
    return status;
}

kerb_status sealed_input_part(kerb_model **out, const sealed_input *in, sealed_part part,
                              kerb_error *err) {
    KI_TRY(sealed_input_copy(out, in, in->model, err));
    if (part == SEALED_STREETS) (*out)->draft.n_containers = 0;
    if (part == SEALED_CONTAINERS) (*out)->draft.n_streets = 0;
    return KERB_OK;
}

void sealed_input_free(sealed_input *in) {
    kerb_model_free(in->model);
    kerb_roads_free(in->roads);
    *in = (sealed_input){0};
}
