/* SPDX-License-Identifier: GPL-3.0-or-later
 * check.h - the independent judge. Recomputes every leg, load, window and price of a plan from the
 * draft, the sealed demand and the base graph, walking the graph with its own code: never the
 * matrix, never a hierarchy, never route/. Explicit-matrix problems are judged by the matrix. */
#ifndef KI_CHECK_H
#define KI_CHECK_H
#include "base/text.h"
#include "plan/plan.h"

/* One violation a line in *report: "route R1, stop 4 (C017): load 5200 kg, at most 5000 kg".
 * Returns KERB_OK whether or not the plan is valid; an error only when it could not judge. */
kerb_status ki_plan_check(const kerb_plan *plan, const kerb_model *model, size_t *n_violations,
                          ki_text *report, kerb_error *err);
#endif
