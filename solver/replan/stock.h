/* SPDX-License-Identifier: GPL-3.0-or-later
 * stock.h - what lies at the transfer stations in mid-night. */
#ifndef KI_STOCK_H
#define KI_STOCK_H
#include "replan/progress.h"

/* Each stock of the draft, a copy of what the plan was made from, becomes what lies there once all
 * that is past has happened: with what was tipped there, without what hauls took away. What a
 * vehicle is about to tip or load counts as done. */
kerb_status ki_derive_stocks(ki_draft *draft, const ki_progress *progress, kerb_error *err);
#endif
