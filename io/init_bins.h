/* SPDX-License-Identifier: GPL-3.0-or-later
 * init_bins.h - a table of bins as its owner has it: which column is what, where the bins stand. */
#ifndef KI_INIT_BINS_H
#define KI_INIT_BINS_H
#include "base/arena.h"
#include "io/tables.h"

/* What a column of the table of bins may be. */
typedef enum ki_bin_column {
    KI_BIN_ID = 0,
    KI_BIN_LAT,
    KI_BIN_LON,
    KI_BIN_STREAM,
    KI_BIN_VOLUME,
    KI_BIN_SITE,
    KI_BIN_NAME,
    KI_BIN_ZONE,
    KI_N_BIN_COLUMNS
} ki_bin_column;

typedef struct ki_bin {
    const char *id, *site, *name, *zone; /* "" where the table has none */
    double lat_deg, lon_deg;             /* as the table has them */
    kerb_stream stream;
    double volume_l; /* 0: not given */
    int64_t record;
} ki_bin;

typedef struct ki_bins {
    ki_arena arena;
    int column[KI_N_BIN_COLUMNS]; /* of the table; -1: none found */
    ki_bin *bins;
    size_t n, capacity;
    size_t n_bad;             /* rows left out: no id or no position */
    size_t n_guessed_streams; /* rows whose stream was not understood: residual */
    int swapped;              /* latitudes stand where longitudes should, and the other way round */
    kerb_coordinates coordinates;
    double near_ratio[4]; /* by kerb_coordinates: bins within KI_INIT_NEAR_MM of a road; [0] swapped
                             WGS84 */
} ki_bins;

enum { KI_INIT_NEAR_MM = 20000, KI_INIT_MAX_BINS = 1000000 };

/* Which column is what, by its name in English or Chinese; and its rows. Without a
 * position the table is refused, and the error says which columns it has. To be freed even after a
 * failure. */
kerb_status ki_init_read_bins(ki_bins *out, const char *path, kerb_error *err);
/* Which system the coordinates are in: the one in which most bins stand near a road. */
kerb_status ki_init_guess_coordinates(ki_bins *bins, const kerb_roads *roads, kerb_error *err);
void ki_init_free_bins(ki_bins *bins);
const char *ki_init_column_role(ki_bin_column column); /* "latitude" */
/* The stream that a word stands for; UNSPECIFIED: none known. */
kerb_stream ki_init_stream_of(const char *word);
#endif
