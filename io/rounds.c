/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/rounds.h"

#include "base/alloc.h"
#include "base/error.h"
#include "io/tables.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { VEHICLE, ORDER, CONTAINER, DAY, N_COLUMNS, N_NEEDED = DAY };
static const char *const NAMES[N_COLUMNS] = {"vehicle", "order", "container", "day"};
static const char *const DAYS[7] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

static kerb_status read_day(const ki_rounds *in, const char *word, ki_visit *to, kerb_error *err) {
    to->day = KI_EVERY_DAY;
    if (!word || !*word) return KERB_OK;
    for (int32_t day = 0; day < 7; day++)
        if (strcasecmp(DAYS[day], word) == 0) to->day = day;
    if (to->day != KI_EVERY_DAY) return KERB_OK;
    return ki_fail(err, KERB_BAD_INPUT,
                   "%s, record %lld, field day: %.40s, expected mon to sun or nothing", in->path,
                   (long long)to->record, word);
}

static kerb_status add_visit(ki_rounds *in, const ki_table *table, const int columns[N_COLUMNS],
                             int64_t record, kerb_error *err) {
    const char *order = ki_table_value(table, columns[ORDER]);
    char *rest;
    if (ki_grow(&in->visits, &in->capacity, in->n + 1, sizeof *in->visits))
        return ki_fail_no_memory(err, in->path);
    ki_visit *to = &in->visits[in->n++];
    *to = (ki_visit){
        .vehicle = ki_arena_strdup(&in->arena, ki_table_value(table, columns[VEHICLE])),
        .container = ki_arena_strdup(&in->arena, ki_table_value(table, columns[CONTAINER])),
        .order = strtod(order, &rest),
        .record = record};
    if (!to->vehicle || !to->container) return ki_fail_no_memory(err, in->path);
    if (rest == order || *rest || !(to->order >= -1e9 && to->order <= 1e9))
        return ki_fail(err, KERB_BAD_INPUT,
                       "%s, record %lld, field order: %.40s, expected a number", in->path,
                       (long long)record, order);
    return read_day(in, columns[DAY] < 0 ? NULL : ki_table_value(table, columns[DAY]), to, err);
}

static int by_vehicle_and_order(const void *left, const void *right) {
    const ki_visit *a = left, *b = right;
    int vehicles = strcmp(a->vehicle, b->vehicle);
    if (vehicles) return vehicles;
    if (a->order != b->order) return a->order < b->order ? -1 : 1;
    return (a->record > b->record) - (a->record < b->record);
}

static kerb_status read_rows(ki_rounds *in, ki_table *table, kerb_error *err) {
    int columns[N_COLUMNS], more;
    int64_t record;
    for (int at = 0; at < N_COLUMNS; at++) {
        columns[at] = ki_table_column(table, NAMES[at]);
        if (columns[at] < 0 && at < N_NEEDED)
            return ki_fail(err, KERB_BAD_INPUT, "%s: no column %s", in->path, NAMES[at]);
    }
    for (;;) {
        KI_TRY(ki_table_next(table, &more, &record, err));
        if (!more) break;
        KI_TRY(add_visit(in, table, columns, record, err));
    }
    if (in->n == 0) return ki_fail(err, KERB_BAD_INPUT, "%s: no rows", in->path);
    qsort(in->visits, in->n, sizeof *in->visits, by_vehicle_and_order);
    return KERB_OK;
}

kerb_status ki_rounds_read(ki_rounds *out, const char *path, kerb_error *err) {
    ki_table *table;
    *out = (ki_rounds){.path = path};
    KI_TRY(ki_table_open(&table, path, NULL, err));
    kerb_status status = read_rows(out, table, err);
    ki_table_free(table);
    return status;
}

void ki_rounds_free(ki_rounds *rounds) {
    ki_free(rounds->visits);
    ki_arena_free(&rounds->arena);
    *rounds = (ki_rounds){0};
}
