/* SPDX-License-Identifier: GPL-3.0-or-later
 * tables_plan.h - a plan as a GeoPackage for a geographic information system, or as a workbook. */
#ifndef KI_TABLES_PLAN_H
#define KI_TABLES_PLAN_H
#include "kerbside.h"

/* Layers: legs and sweeps (lines), stops, decisions and places (points), in WGS84. Whole or not at
 * all; the same plan gives the same bytes. */
kerb_status ki_plan_write_geopackage(const kerb_plan *plan, const char *path, kerb_error *err);
/* Sheets: stops, decisions and places, with lat and lon; to the same rules. */
kerb_status ki_plan_write_workbook(const kerb_plan *plan, const char *path, kerb_error *err);
#endif
