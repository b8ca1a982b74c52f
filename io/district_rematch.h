/* SPDX-License-Identifier: GPL-3.0-or-later
 * district_rematch.h - a table of kerbs carried over to new roads. */
#ifndef KI_DISTRICT_REMATCH_H
#define KI_DISTRICT_REMATCH_H
#include "kerbside.h"

/* Reads the table of kerbs at path, as the old roads know them. *table: the same table as CSV with
 * way_id, from_node and to_node as the new roads have them; every other column as it is. A kerb on
 * several ways now keeps its id on the first and gets ID.2, ID.3 on the others; one that is lost
 * stays as it was. *report: counts, and a line for each kerb that was not kept. Both
 * kerb_buffer_free. *n_lost: kerbs that nothing was found for. */
kerb_status ki_kerbs_rematch(char **table, char **report, size_t *n_lost, const char *path,
                             const kerb_roads *before, const kerb_roads *after, kerb_error *err);
#endif
