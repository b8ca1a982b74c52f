/* SPDX-License-Identifier: GPL-3.0-or-later
 * difference.h - two plans of one night side by side, in words. */
#ifndef KI_DIFFERENCE_H
#define KI_DIFFERENCE_H
#include "base/text.h"
#include "plan/plan.h"

/* Of what the earlier plan in the draft does not call past. */
kerb_status ki_plan_difference(ki_text *out, const kerb_plan *before, const kerb_plan *after,
                               const ki_draft *draft, kerb_error *err);
#endif
