/* SPDX-License-Identifier: GPL-3.0-or-later
 * tables_plan.h - a plan as a GeoPackage for a geographic information system, or as a workbook. */
#ifndef KI_TABLES_PLAN_H
#define KI_TABLES_PLAN_H
#include "base/words.h"
#include "kerbside.h"

/* Layers: legs and sweeps (lines), stops, decisions and places (points), in WGS84. Whole or not at
 * all; the same plan gives the same bytes. Sentences are in that language, names of columns and
 * codes are not. */
kerb_status ki_plan_write_geopackage(const kerb_plan *plan, const char *path, ki_language language,
                                     kerb_error *err);
/* Sheets: stops, decisions and places, with lat and lon; to the same rules. All but the codes of
 * reasons is in that language. */
kerb_status ki_plan_write_workbook(const kerb_plan *plan, const char *path, ki_language language,
                                   kerb_error *err);
/* Every position of a plan that is the caller's own and in WGS84, as that system has it. */
void ki_plan_move(kerb_plan *plan, kerb_coordinates to);
#endif
