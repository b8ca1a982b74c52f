/* SPDX-License-Identifier: GPL-3.0-or-later
 * district_prices.h - prices of a generated district: those built in, or a file's. */
#ifndef DISTRICT_PRICES_H
#define DISTRICT_PRICES_H
#include "bench/district_params.h"
#include "kerbside.h"

/* path NULL: as built in. What a file does not say keeps its built-in value. */
kerb_status district_prices_read(price_list *out, const char *path, kerb_error *err);
#endif
