/* SPDX-License-Identifier: GPL-3.0-or-later
 * map_page.h - a plan as one HTML file that opens from disk without a network. */
#ifndef KI_MAP_PAGE_H
#define KI_MAP_PAGE_H
#include "base/words.h"
#include "kerbside.h"

/* *out is the page, *n_out its bytes; the caller frees it with kerb_buffer_free. roads NULL: no
 * streets behind the routes. The page holds the map engine, its licence, its style, the data and
 * nothing that any text of the plan could turn into script; its policy forbids every request.
 * language is what it opens in; the reader can change it. Any thread. Fails with KERB_BAD_CALL
 * (NULL) or KERB_NO_MEMORY. */
kerb_status ki_plan_map(char **out, size_t *n_out, const kerb_plan *plan, const kerb_roads *roads,
                        ki_language language, kerb_error *err);
/* 1: these roads are those the plan was made on. */
int ki_plan_is_of_roads(const kerb_plan *plan, const kerb_roads *roads);
#endif
