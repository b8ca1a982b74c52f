/* SPDX-License-Identifier: GPL-3.0-or-later
 * matrix_write.c - from labels between arcs to cells between places, for the methods that run on a
 * hierarchy. */
#include "base/alloc.h"
#include "base/error.h"
#include "road/lanes.h"
#include "road/matrix_parts.h"

static uint64_t part_of(const ki_profile *profile, ki_place place) {
    int32_t arc_ms = profile->arc_ms[place.arc];
    int32_t length_mm = profile->graph->edges[place.arc >> 1].length_mm;
    if (arc_ms == KI_NEVER) return 0; /* closed: never reached */
    return ki_label(ki_arc_part_ms(arc_ms, length_mm, place.offset_mm), place.offset_mm);
}

kerb_status ki_matrix_columns_new(ki_matrix_columns *columns, const ki_matrix *matrix,
                                  const int32_t *target_row, int shift, kerb_error *err) {
    *columns = (ki_matrix_columns){.matrix = matrix, .lanes = ki_lanes_best(), .shift = shift};
    columns->row = ki_alloc_zero((size_t)matrix->n, sizeof *columns->row);
    columns->part = ki_alloc_zero((size_t)matrix->n, sizeof *columns->part);
    if (!columns->row || !columns->part) return ki_fail_no_memory(err, "the matrix");
    for (int32_t column = 0; column < matrix->n; column++) {
        int32_t arc = matrix->arc_of_place[column];
        columns->row[column] = target_row ? target_row[arc] : arc;
        columns->part[column] = part_of(matrix->profile, matrix->places[column]);
    }
    return KERB_OK;
}

void ki_matrix_columns_free(ki_matrix_columns *columns) {
    ki_free(columns->row);
    ki_free(columns->part);
}

void ki_matrix_write_strip(const ki_matrix_columns *columns, const uint64_t *lane, int32_t place,
                           int32_t column, int32_t n, int32_t *time_ms, int32_t *length_mm) {
    const ki_matrix *matrix = columns->matrix;
    ki_cells cells = {.lane = lane, .shift = columns->shift};
    cells.rest = matrix->profile->weight[matrix->places[place].arc] - columns->part[place];
    cells.row = columns->row + column;
    cells.part = columns->part + column;
    cells.n = n;
    cells.time_ms = time_ms;
    cells.length_mm = length_mm;
    columns->lanes->write(&cells);
}

uint64_t ki_matrix_own_label(const ki_matrix_columns *columns, const uint64_t *lane,
                             int32_t place) {
    uint64_t label = lane[(size_t)columns->row[place] << columns->shift];
    return label < KI_FAR_LABEL ? label : KI_NO_LABEL;
}

void ki_matrix_write_own_arc(const ki_matrix_columns *columns, const uint64_t *lane, int32_t place,
                             int32_t *time_ms, int32_t *length_mm) {
    const ki_matrix *matrix = columns->matrix;
    int32_t group = matrix->arc_of_place[place];
    uint64_t label = ki_matrix_own_label(columns, lane, place);
    for (int32_t at = matrix->first[group]; at < matrix->first[group + 1]; at++) {
        int32_t column = matrix->by_arc[at];
        ki_road_search_join(matrix->profile, matrix->places[place], matrix->places[column], label,
                            &time_ms[column], &length_mm[column]);
    }
    time_ms[place] = length_mm[place] = 0;
}
