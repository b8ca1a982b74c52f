/* SPDX-License-Identifier: GPL-3.0-or-later
 * map_data.h - what the map page draws, as one JSON object. */
#ifndef KI_MAP_DATA_H
#define KI_MAP_DATA_H
#include "base/text.h"
#include "kerbside.h"

/* A failure is kept in text->failed. roads may be NULL. */
void ki_map_data_add(ki_text *text, const kerb_plan *plan, const kerb_roads *roads);
/* Its reasons, notes and what its bound leaves out, in Chinese: {"relaxation","decisions","notes"},
 * the lists in the plan's order. */
void ki_map_chinese_add(ki_text *text, const kerb_plan *plan);
/* The streets near the plan as an object {"left_hand","names","lines"}; NULL roads: "null". */
void ki_map_roads_add(ki_text *text, const kerb_plan *plan, const kerb_roads *roads);
/* Points as whole numbers of 1e-6 degrees, lat, lon, each pair but the first as the step from the
 * one before. */
typedef struct ki_map_line {
    ki_text *text;
    int32_t lat_e6, lon_e6;
    int n_points;
} ki_map_line;
void ki_map_line_add(ki_map_line *line, int32_t lat_e7, int32_t lon_e7);
#endif
