/* SPDX-License-Identifier: GPL-3.0-or-later
 * district_habits.h - hours at which containers may be filled. */
#ifndef KI_DISTRICT_HABITS_H
#define KI_DISTRICT_HABITS_H
#include "district_reader.h"

/* "06:30-08:30;18:00-20:00": spans of one day that end after they begin, 24:00 at the latest. Their
 * number in out, 0 for an empty text, -1 if ill-formed or more than KI_MAX_WINDOWS. */
int ki_parse_daily(const char *text, kerb_daily_span out[KI_MAX_WINDOWS]);
/* The spans of a cell (NULL: none), in the arena. */
kerb_status ki_drop_off_of_cell(const kerb_daily_span **out, size_t *n_out, ki_reader *reader,
                                const char *cell, kerb_error *err);
/* `demand.streams`. */
kerb_status ki_habits_read(ki_reader *reader, kerb_error *err);
#endif
