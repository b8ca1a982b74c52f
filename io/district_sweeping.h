/* SPDX-License-Identifier: GPL-3.0-or-later
 * district_sweeping.h - which kerbs are due tonight, by the grades of their streets. */
#ifndef KI_DISTRICT_SWEEPING_H
#define KI_DISTRICT_SWEEPING_H
#include "district_reader.h"

/* A bit a weekday, Monday first, of "Mo We,Fr"; 0: none, or no such text. */
uint8_t ki_weekdays_parse(const char *text);
/* Once the night is known and tonight.yaml was applied: due, hours, passes and water of each kerb.
 * Kerbs whose row says `due: no`, or whose grade is not in the calendar, stay as they are. */
kerb_status ki_sweeping_choose(ki_reader *reader, kerb_error *err);
#endif
