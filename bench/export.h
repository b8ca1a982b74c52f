/* SPDX-License-Identifier: GPL-3.0-or-later
 * export.h - a sealed district as files that a solver of any make can read. */
#ifndef KERB_BENCH_EXPORT_H
#define KERB_BENCH_EXPORT_H
#include "kerbside.h"

/* Everything docs/benchmark.md names, into a folder that is there. */
kerb_status bench_export_all(const kerb_model *model, const char *folder, kerb_error *err);
#endif
