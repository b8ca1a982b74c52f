/* SPDX-License-Identifier: GPL-3.0-or-later
 * foreign_plan.h - a solution by whatever solver: read from solution.csv, timed, priced, judged. */
#ifndef KERB_BENCH_FOREIGN_PLAN_H
#define KERB_BENCH_FOREIGN_PLAN_H
#include "base/arena.h"
#include "base/ids.h"
#include "base/text.h"
#include "kerbside.h"
#include "route/route.h"

typedef struct foreign_plan {
    const kerb_model *model; /* sealed, borrowed */
    const char *path;
    ki_arena arena;
    ki_ids task_ids, shift_ids;
    ki_route *routes; /* one per shift named, in the order of the file */
    int32_t *shifts;  /* draft index */
    size_t n_routes, routes_capacity, shifts_capacity, stops_capacity;
} foreign_plan;

typedef struct foreign_verdict {
    int64_t cost_nano, length_mm, spell_ms; /* cost 0 where the plan is broken */
    size_t n_routes, n_violations;
    int32_t n_left_out, n_musts_left_out;
} foreign_verdict;

/* Free with foreign_plan_free, also after a failure. */
kerb_status foreign_plan_read(foreign_plan *out, const kerb_model *model, const char *path,
                              kerb_error *err);
/* The same with no route yet: the caller adds routes (ki_alloc'd stops) and their shifts. */
kerb_status foreign_plan_begin(foreign_plan *out, const kerb_model *model, const char *name,
                               kerb_error *err);
/* Each violation is a line of the report. *plan, if asked for, is the plan as a message would carry
 * it, NULL where there are violations. */
kerb_status foreign_plan_judge(const foreign_plan *in, foreign_verdict *out, ki_text *report,
                               kerb_plan **plan, kerb_error *err);
void foreign_plan_free(foreign_plan *in);
#endif
