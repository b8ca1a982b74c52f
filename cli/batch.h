/* SPDX-License-Identifier: GPL-3.0-or-later
 * batch.h - what came of each district of a batch, and the page of the night. */
#ifndef KERB_BATCH_H
#define KERB_BATCH_H
#include "command.h"
#include "io/city.h"

typedef struct district_outcome {
    int is_begun, code;      /* the exit code of its plan, of this run or of one before */
    int has_map, has_sheets; /* of this night */
} district_outcome;

/* Why a district failed, from its log; "" where the log does not say. */
void read_log_reason(char *line, size_t size, const arguments *args, const char *id);
/* DIR/index.html: outcomes has as many as the city has districts. */
kerb_status write_night_page(const arguments *args, const ki_city *city,
                             const district_outcome *outcomes, kerb_error *err);
#endif
