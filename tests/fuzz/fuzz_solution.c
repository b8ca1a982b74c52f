/* SPDX-License-Identifier: GPL-3.0-or-later
 * Bytes as a solution.csv for a small night: read, judged, and where it breaks no rule held to the
 * checker's word. */
#define _DEFAULT_SOURCE
#include "../model/small_draft.h"
#include "bench/foreign_plan.h"
#include "model/model.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes);

static char path[64];
static small_draft small;
static kerb_model model;

static void remove_file(void) {
    unlink(path);
    ki_model_free(model.sealed);
}

static int prepare(void) {
    struct ki_note *notes;
    size_t n_notes;
    if (path[0]) return 0;
    snprintf(path, sizeof path, "/tmp/kerbside-fuzz-solution-%ld.csv", (long)getpid());
    small_draft_fill(&small);
    model.draft = small.draft;
    atexit(remove_file);
    return ki_model_seal(&model.sealed, &model.draft, NULL, NULL, &notes, &n_notes, NULL) == KERB_OK
               ? 0
               : -1;
}

static int write_file(const uint8_t *bytes, size_t n_bytes) {
    FILE *file = fopen(path, "wb");
    if (!file) return -1;
    size_t n_wrote = fwrite(bytes, 1, n_bytes, file);
    return fclose(file) || n_wrote != n_bytes ? -1 : 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes) {
    foreign_plan plan;
    foreign_verdict verdict;
    ki_text report = {0};
    if (n_bytes > 1 << 14 || prepare() || write_file(bytes, n_bytes)) return 0;
    if (foreign_plan_read(&plan, &model, path, NULL) == KERB_OK) {
        kerb_status status = foreign_plan_judge(&plan, &verdict, &report, NULL, NULL);
        if (status != KERB_OK) abort(); /* whatever was read can be judged */
        if ((verdict.n_violations > 0) != (report.length > 0)) abort();
    }
    foreign_plan_free(&plan);
    ki_text_free(&report);
    return 0;
}
