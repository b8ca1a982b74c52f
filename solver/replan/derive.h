/* SPDX-License-Identifier: GPL-3.0-or-later
 * derive.h - from the problem of a night and its progress to the problem of what is left of it. */
#ifndef KI_DERIVE_H
#define KI_DERIVE_H
#include "replan/progress.h"

/* Changes `draft`, a copy of what the plan was made from: past work is done or failed, shifts begin
 * where they are, orders become forces and pins, the plan becomes the earlier plan. */
kerb_status ki_derive(ki_draft *draft, const ki_progress *progress, kerb_error *err);
#endif
