/* SPDX-License-Identifier: GPL-3.0-or-later
 * export_map.h - a sealed district as a GeoPackage, to look at and to query. */
#ifndef KERB_BENCH_EXPORT_MAP_H
#define KERB_BENCH_EXPORT_MAP_H
#include "kerbside.h"

/* Layers tasks (points, at the place where the first mode enters), kerbs (lines), places (depots
 * and facilities). Nothing is written where travel is explicit: there is no map. */
kerb_status bench_export_map(const kerb_model *model, const char *path, kerb_error *err);
#endif
