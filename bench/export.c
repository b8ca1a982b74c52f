/* SPDX-License-Identifier: GPL-3.0-or-later
 * export.c - kerbside-bench export: a sealed district as matrices (.npy) and tables (CSV) that a
 * solver of any make can read. docs/benchmark.md describes every column. */
#include "bench/export.h"
#include "base/error.h"
#include "bench.h"
#include "bench/export_map.h"
#include "bench/out.h"
#include "bench/sealed_input.h"
#include "bench/variants.h"
#include "model/draft.h"
#include "model/model.h"

#include <stdio.h>
#include <string.h>

/* NumPy's .npy format 1.0: magic, header padded to 64 bytes, little-endian int32, C order. */
static kerb_status write_npy(const char *folder, const char *name, const int32_t *cells, int32_t n,
                             kerb_error *err) {
    ki_text out = {0};
    char header[256];
    int used = snprintf(header, sizeof header,
                        "{'descr': '<i4', 'fortran_order': False, 'shape': (%d, %d), }", n, n);
    int padded = (10 + used + 1 + 63) / 64 * 64 - 10;
    unsigned char start[10] = {0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 0, 0};
    start[8] = (unsigned char)(padded & 255);
    start[9] = (unsigned char)(padded >> 8);
    ki_text_add_bytes(&out, start, sizeof start);
    ki_text_add(&out, "%s%*s\n", header, padded - used - 1, "");
    ki_text_add_bytes(&out, cells, (size_t)n * (size_t)n * sizeof *cells);
    return bench_write_text(folder, name, &out, err);
}

static kerb_status write_matrices(const ki_model *model, const char *folder, kerb_error *err) {
    for (int32_t travel = 0; travel < model->n_travels; travel++) {
        const ki_travel *at = &model->travels[travel];
        char name[64];
        snprintf(name, sizeof name, "travel_%d_time_ms.npy", travel);
        KI_TRY(write_npy(folder, name, at->time_ms, at->n, err));
        snprintf(name, sizeof name, "travel_%d_length_mm.npy", travel);
        KI_TRY(write_npy(folder, name, at->length_mm, at->n, err));
    }
    return KERB_OK;
}

static kerb_status write_tasks(const ki_model *model, const kerb_model *draft, const char *folder,
                               kerb_error *err) {
    ki_text out = {0};
    ki_text_add(&out, "task,kind,stream,group,must,prize_nano,site,setup_ms,types\n");
    for (int32_t task = 0; task < model->n_tasks; task++) {
        const ki_task *at = &model->tasks[task];
        bench_add_field(&out, at->id);
        ki_text_add(&out, ",%s,%s,%d,%d,%lld,", at->kind == KI_TASK_KERB ? "kerb" : "container",
                    kerb_stream_name((kerb_stream)at->stream), at->group, at->must,
                    (long long)at->prize_nano);
        bench_add_field(&out, at->site >= 0 ? draft->draft.sites[at->site].id : "");
        ki_text_add(&out, ",%d,", at->setup_ms);
        for (int32_t type = 0, first = 1; type < model->n_types; type++) {
            if (!(at->types >> type & 1)) continue;
            ki_text_add(&out, first ? "%d" : " %d", type);
            first = 0;
        }
        ki_text_add(&out, "\n");
    }
    return bench_write_text(folder, "tasks.csv", &out, err);
}

static kerb_status write_modes(const ki_model *model, const char *folder, kerb_error *err) {
    ki_text out = {0};
    ki_text_add(&out, "task,mode,entry,exit,open_ms,close_ms,length_mm");
    for (int32_t type = 0; type < model->n_types; type++)
        ki_text_add(&out, ",service_ms_%d", type);
    ki_text_add(&out, "\n");
    for (int32_t task = 0; task < model->n_tasks; task++)
        for (int32_t mode = 0; mode < model->tasks[task].n_modes; mode++) {
            int32_t index = model->tasks[task].first_mode + mode;
            const ki_mode *at = &model->modes[index];
            bench_add_field(&out, model->tasks[task].id);
            ki_text_add(&out, ",%d,%d,%d,%d,%d,%d", mode, at->entry, at->exit, at->open_ms,
                        at->close_ms, at->length_mm);
            for (int32_t type = 0; type < model->n_types; type++)
                ki_text_add(&out, ",%d", ki_service_ms(model, type, index));
            ki_text_add(&out, "\n");
        }
    return bench_write_text(folder, "modes.csv", &out, err);
}

static kerb_status write_types(const ki_model *model, const kerb_model *draft, const char *folder,
                               kerb_error *err) {
    ki_text out = {0};
    ki_text_add(&out, "type,shifts,travel,group,demand_class,n_dims,start_point,end_point,"
                      "earliest_ms,latest_ms,pre_ms,post_ms,regular_ms,used_nano,nano_per_mm,"
                      "nano_per_ms,overtime_nano_per_ms,mass_dims");
    for (int dim = 0; dim < KI_MAX_DIMS; dim++)
        ki_text_add(&out, ",capacity_%d,start_load_%d", dim, dim);
    ki_text_add(&out, "\n");
    for (int32_t type = 0; type < model->n_types; type++) {
        const ki_type *at = &model->types[type];
        ki_text_add(&out, "%d,", type);
        for (int32_t shift = 0; shift < at->n_shifts; shift++)
            ki_text_add(&out, shift ? " %s" : "%s",
                        draft->draft.shifts[model->type_shifts[at->first_shift + shift]].id);
        ki_text_add(&out, ",%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,%lld,%lld,%lld,%lld,%d", at->travel,
                    at->group, at->demand_class, at->n_dims, at->start_point, at->end_point,
                    at->earliest_ms, at->latest_ms, at->pre_ms, at->post_ms, at->regular_ms,
                    (long long)at->used_nano, (long long)at->nano_per_mm,
                    (long long)at->nano_per_ms, (long long)at->overtime_nano_per_ms, at->mass_dims);
        for (int dim = 0; dim < KI_MAX_DIMS; dim++)
            ki_text_add(&out, ",%lld,%lld", (long long)at->capacity[dim],
                        (long long)at->start_load[dim]);
        ki_text_add(&out, "\n");
    }
    return bench_write_text(folder, "types.csv", &out, err);
}

static kerb_status write_tips(const ki_model *model, const kerb_model *draft, const char *folder,
                              kerb_error *err) {
    ki_text out = {0};
    ki_text_add(&out, "type,tip,facility,point,open_ms,close_ms,fixed_ms,ms_per_tonne");
    for (int dim = 0; dim < KI_MAX_DIMS; dim++)
        ki_text_add(&out, ",fee_nano_per_g_%d", dim);
    ki_text_add(&out, "\n");
    for (int32_t type = 0; type < model->n_types; type++)
        for (int32_t tip = 0; tip < model->types[type].n_tips; tip++) {
            const ki_tip *at = &model->tips[model->types[type].first_tip + tip];
            ki_text_add(&out, "%d,%d,", type, tip);
            bench_add_field(&out, draft->draft.facilities[at->facility].id);
            ki_text_add(&out, ",%d,%d,%d,%d,%lld", at->point, at->open_ms, at->close_ms,
                        at->fixed_ms, (long long)at->ms_per_tonne);
            for (int dim = 0; dim < KI_MAX_DIMS; dim++)
                ki_text_add(&out, ",%lld", (long long)at->fee_nano_per_g[dim]);
            ki_text_add(&out, "\n");
        }
    return bench_write_text(folder, "tips.csv", &out, err);
}

/* Bays and room that routes share; empty: any. */
static kerb_status write_facilities(const ki_model *model, const kerb_model *draft,
                                    const char *folder, kerb_error *err) {
    ki_text out = {0};
    ki_text_add(&out, "facility,bays,room_g,taken\n");
    for (int32_t index = 0; index < model->n_facilities; index++) {
        const ki_facility *at = &model->facilities[index];
        bench_add_field(&out, draft->draft.facilities[index].id);
        ki_text_add(&out, ",");
        if (at->bays != INT32_MAX) ki_text_add(&out, "%d", at->bays);
        ki_text_add(&out, ",");
        if (at->room_g != INT64_MAX) ki_text_add(&out, "%lld", (long long)at->room_g);
        ki_text_add(&out, ",");
        for (int32_t span = 0; span < at->n_taken; span++)
            ki_text_add(&out, "%s%d-%d", span ? " " : "", at->taken[span].start_ms,
                        at->taken[span].end_ms);
        ki_text_add(&out, "\n");
    }
    return bench_write_text(folder, "facilities.csv", &out, err);
}

static kerb_status write_demand(const ki_model *model, const char *folder, kerb_error *err) {
    ki_text out = {0};
    ki_text_add(&out, "demand_class,task");
    for (int dim = 0; dim < KI_MAX_DIMS; dim++)
        ki_text_add(&out, ",demand_%d", dim);
    ki_text_add(&out, "\n");
    const int64_t *at = model->demand;
    for (int32_t demand_class = 0; demand_class < model->n_demand_classes; demand_class++)
        for (int32_t task = 0; task < model->n_tasks; task++, at += KI_MAX_DIMS) {
            ki_text_add(&out, "%d,", demand_class);
            bench_add_field(&out, model->tasks[task].id);
            for (int dim = 0; dim < KI_MAX_DIMS; dim++)
                ki_text_add(&out, ",%lld", (long long)at[dim]);
            ki_text_add(&out, "\n");
        }
    return bench_write_text(folder, "demand.csv", &out, err);
}

static kerb_status write_problem(const kerb_model *model, const char *folder, kerb_error *err) {
    uint8_t *bytes;
    size_t n_bytes;
    KI_TRY(kerb_model_pack(model, &bytes, &n_bytes, err));
    kerb_status status = bench_write_bytes(folder, "problem.pb", bytes, n_bytes, err);
    kerb_buffer_free(bytes);
    return status;
}

static kerb_status write_map(const kerb_model *model, const char *folder, kerb_error *err) {
    char path[4096];
    int length = snprintf(path, sizeof path, "%s/district.gpkg", folder);
    if (length < 0 || (size_t)length >= sizeof path)
        return ki_fail(err, KERB_IO, "%s: path too long", folder);
    return bench_export_map(model, path, err);
}

/* The name of a variant: the last word of the folder. */
static const char *name_of(const char *folder) {
    const char *slash = strrchr(folder, '/');
    return slash && slash[1] ? slash + 1 : folder;
}

/* What no table of an export says yet. */
static kerb_status refuse_replans(const ki_model *model, kerb_error *err) {
    int is_replan = model->change_nano != 0;
    for (int32_t type = 0; type < model->n_types; type++)
        is_replan |= model->types[type].under_way;
    return is_replan ? ki_fail(err, KERB_BAD_INPUT,
                               "export: a problem with shifts under way or an earlier plan, "
                               "expected a night before it begins")
                     : KERB_OK;
}

kerb_status bench_export_all(const kerb_model *model, const char *folder, kerb_error *err) {
    const ki_model *sealed = model->sealed;
    variant_counts variants;
    KI_TRY(refuse_replans(sealed, err));
    KI_TRY(write_matrices(sealed, folder, err));
    KI_TRY(write_tasks(sealed, model, folder, err));
    KI_TRY(write_modes(sealed, folder, err));
    KI_TRY(write_types(sealed, model, folder, err));
    KI_TRY(write_tips(sealed, model, folder, err));
    KI_TRY(write_facilities(sealed, model, folder, err));
    KI_TRY(write_demand(sealed, folder, err));
    KI_TRY(bench_variants_write(&variants, sealed, name_of(folder), folder, err));
    KI_TRY(write_map(model, folder, err));
    return write_problem(model, folder, err);
}

int bench_export(int argc, char **argv) {
    const char *path = bench_operand(argc, argv, 0), *folder = bench_option(argc, argv, "-o");
    if (!path || !folder) {
        fprintf(stderr, "usage: kerbside-bench export DISTRICT.yaml|problem.pb [--roads EXTRACT] "
                        "-o DIR\n");
        return 2;
    }
    kerb_error err = {0};
    sealed_input in;
    if (sealed_input_load(&in, path, bench_option(argc, argv, "--roads"), &err) != KERB_OK)
        return bench_report(&err);
    bench_make_folders(folder);
    kerb_status status = bench_export_all(in.model, folder, &err);
    if (status == KERB_OK)
        printf("%s: %d tasks, %d modes, %d types, %d matrices\n", folder, in.model->sealed->n_tasks,
               in.model->sealed->n_modes, in.model->sealed->n_types, in.model->sealed->n_travels);
    sealed_input_free(&in);
    return status == KERB_OK ? 0 : bench_report(&err);
}
