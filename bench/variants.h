/* SPDX-License-Identifier: GPL-3.0-or-later
 * variants.h - a sealed district stripped to classic problems on the same matrix: cvrp.vrp
 * (VRPLIB, explicit lengths in m), vrptw.txt (Solomon's text, explicit times in s), carp.dat
 * (CARPLIB, the kerbs). docs/benchmark.md says what each leaves out. */
#ifndef KERB_BENCH_VARIANTS_H
#define KERB_BENCH_VARIANTS_H
#include "base/text.h"
#include "kerbside.h"
#include "model/model.h"

extern const char *const bench_variant_files[3];

typedef struct variant_counts {
    int32_t n_customers, n_kerbs; /* no file where there are none, or too many */
} variant_counts;

/* name goes into the files; the folder is there. */
kerb_status bench_variants_write(variant_counts *out, const ki_model *model, const char *name,
                                 const char *folder, kerb_error *err);
/* The text of carp.dat; *n_kerbs 0 and no text where nothing is swept, or too much. */
kerb_status bench_variant_carp(ki_text *out, int32_t *n_kerbs, const ki_model *model,
                               const char *name, kerb_error *err);
/* The first type of a point group, -1 if none. */
int32_t bench_first_type(const ki_model *model, int group);
#endif
