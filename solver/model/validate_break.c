/* SPDX-License-Identifier: GPL-3.0-or-later
 * The breaks of shifts: long enough to be one, and possible at all. */
#include "base/date.h"
#include "model/model.h"
#include "model/validate.h"

#include <stdio.h>

enum { NAME_SIZE = 96 };

int ki_break_may_happen(const kerb_shift *shift, const kerb_break *at) {
    double latest_s = (double)shift->end_s - at->duration_s;
    int met = at->n_windows == 0 && (double)shift->start_s <= latest_s;
    for (size_t window = 0; window < at->n_windows; window++)
        met |= at->windows[window].end_s >= shift->start_s &&
               (double)at->windows[window].start_s <= latest_s;
    return met;
}

static void validate_break(const kerb_shift *shift, size_t index, ki_faults *faults) {
    const kerb_break *at = &shift->breaks[index];
    char name[NAME_SIZE];
    snprintf(name, sizeof name, "%.60s, break %zu", shift->id ? shift->id : "?", index + 1);
    size_t n_before = faults->n;
    ki_validate_number(faults, "shift", name, "duration_s", at->duration_s, 60, KI_DAY_S / 2);
    ki_validate_number(faults, "shift", name, "after_work_s", at->after_work_s, 0, 2 * KI_DAY_S);
    if (at->n_windows > KI_MAX_BREAK_WINDOWS)
        ki_fault(faults, "shift %s, field windows: %zu, expected at most %d", name, at->n_windows,
                 (int)KI_MAX_BREAK_WINDOWS);
    ki_validate_windows(faults, "shift", name, at->windows, at->n_windows);
    int must_fit = shift->available && !shift->under_way; /* of those some may be over */
    if (faults->n == n_before && must_fit && !ki_break_may_happen(shift, at))
        ki_fault(faults,
                 "shift %s, field windows: none lets %g s begin and end within the shift, expected "
                 "one that does",
                 name, at->duration_s);
}

void ki_validate_breaks(const ki_draft *draft, ki_faults *faults) {
    for (size_t at = 0; at < draft->n_shifts; at++) {
        const kerb_shift *shift = &draft->shifts[at];
        if (shift->n_breaks > KI_MAX_BREAKS)
            ki_fault(faults, "shift %s, field breaks: %zu, expected at most %d",
                     shift->id ? shift->id : "?", shift->n_breaks, (int)KI_MAX_BREAKS);
        else
            for (size_t index = 0; index < shift->n_breaks; index++)
                validate_break(shift, index, faults);
    }
}
