/* SPDX-License-Identifier: GPL-3.0-or-later
 * district_line.h - a line as a table's cell holds it: WKT, LINESTRING (lon lat, lon lat, ...). */
#ifndef KI_DISTRICT_LINE_H
#define KI_DISTRICT_LINE_H
#include <stddef.h>

enum { KI_LINE_POSITIONS = 1000 };

/* Number of positions, at least two; 0: not such a text, a position off the earth, or more than
 * KI_LINE_POSITIONS. lat_deg, lon_deg: [KI_LINE_POSITIONS] out. */
size_t ki_line_parse(const char *text, double *lat_deg, double *lon_deg);
#endif
