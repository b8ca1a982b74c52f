/* SPDX-License-Identifier: GPL-3.0-or-later
 * ban.h - the district's own bans: which pieces of road, whom, when. */
#ifndef KI_BAN_H
#define KI_BAN_H
#include "model/draft.h"
#include "road/profile.h"

enum { KI_MAX_BANS = 64 };

/* 1 if the hours of a ban are understood; *hours without rules: at any time. */
int ki_ban_hours(const kerb_ban *ban, ki_hours *hours);
/* Mask of the bans on each edge, [n_edges] in the arena; *out NULL where the draft has none. */
kerb_status ki_bans_on_edges(uint64_t **out, const ki_draft *draft, const ki_graph *graph,
                             ki_arena *arena, kerb_error *err);
/* Mask of the bans that a vehicle of this use and spec would meet while it is out. */
uint64_t ki_bans_met(const ki_draft *draft, kerb_vehicle_use use, const ki_profile_spec *spec);
#endif
