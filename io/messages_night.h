/* SPDX-License-Identifier: GPL-3.0-or-later
 * messages_night.h - an Execution message as the log of a night, to learn from. */
#ifndef KI_MESSAGES_NIGHT_H
#define KI_MESSAGES_NIGHT_H
#include "replan/learn.h"

enum { KI_NIGHT_MAX_STOPS = 200000, KI_NIGHT_MAX_TICKETS = 2000, KI_NIGHT_MAX_POINTS = 2000000 };

/* All of it in the arena. Fails with KERB_BAD_INPUT, KERB_UNSUPPORTED, KERB_NO_MEMORY. */
kerb_status ki_night_unpack(ki_night_log *out, ki_arena *arena, const uint8_t *in, size_t n_in,
                            kerb_error *err);
#endif
