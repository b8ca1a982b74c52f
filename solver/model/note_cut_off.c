/* SPDX-License-Identifier: GPL-3.0-or-later
 * A note for each kind of vehicle that finds a large part of its roads cut off: how much, and why.
 * A small share is usual (car parks, yards, the border of the extract) and not worth a line. */
#include "base/error.h"
#include "model/seal.h"
#include "road/cut_off.h"

#include <stdio.h>
#include <string.h>

enum { LARGE_PERCENT = 5, LINE = 800 };

static void add(char *line, const char *format, double number, const char *words) {
    size_t length = strlen(line);
    snprintf(line + length, LINE - length, format, number, words);
}

static void describe(char *line, const ki_profile_spec *spec) {
    snprintf(line, LINE, "%s",
             spec->kind == KI_KIND_TRUCK     ? "trucks"
             : spec->kind == KI_KIND_SWEEPER ? "sweepers"
                                             : "robots");
    if (spec->height_mm) add(line, ", %.2f m%s", spec->height_mm / 1e3, " high");
    if (spec->width_mm) add(line, ", %.2f m%s", spec->width_mm / 1e3, " wide");
    if (spec->length_mm) add(line, ", %.2f m%s", spec->length_mm / 1e3, " long");
    if (spec->mass_kg) add(line, ", %.0f kg%s", spec->mass_kg, "");
}

static kerb_status note_travel(ki_seal *seal, const ki_profile *profile) {
    char line[LINE];
    ki_cut_off found;
    int64_t open_mm, main_mm;
    ki_cut_off_share(profile, &open_mm, &main_mm);
    if ((open_mm - main_mm) / LARGE_PERCENT <= open_mm / 100) return KERB_OK;
    KI_TRY(ki_cut_off_find(&found, profile, seal->closed, &seal->scratch, seal->err));
    describe(line, &profile->spec);
    add(line, ": %.1f of %s", (double)(open_mm - main_mm) / 1e6, "");
    add(line, "%.1f km of lanes cut off%s", (double)open_mm / 1e6, "");
    for (int cut = KI_CUT_NO_WAY_OUT; cut < KI_CUT_SHUT_CLASS; cut++)
        if (found.length_mm[cut])
            add(line, "; %.1f km %s", (double)found.length_mm[cut] / 1e6,
                kerb_cut_text((kerb_cut)cut));
    return ki_seal_note(seal, "cut_off", ki_seal_text(seal, "%s", line));
}

kerb_status ki_seal_note_cut_off(ki_seal *seal) {
    for (int32_t travel = 0; seal->graph && travel < seal->model->n_travels; travel++)
        KI_TRY(note_travel(seal, seal->model->travels[travel].profile));
    return KERB_OK;
}
