/* SPDX-License-Identifier: GPL-3.0-or-later
 * instance_solomon.c - VRPTW in the format of Solomon (Operations Research 35(2), 1987).
 *
 * Convention: distance and time are Euclidean and not rounded; the least distance counts, vehicles
 * are free (the NUMBER of the file is no limit); values are compared to two decimals. The model
 * rounds times up to 1e-5 units, so what it finds holds exactly. Behind a line EDGE_WEIGHT_SECTION
 * a matrix of integers may follow, which then is distance and time. */
#include "base/error.h"
#include "bench/instance.h"

#include <string.h>

enum { N_FIELDS = 7 }; /* number, x, y, demand, ready, due, service */

static kerb_status read_customer(bench_instance *out, const instance_text *text, const char *line) {
    double value[N_FIELDS];
    if (instance_numbers(line, value, N_FIELDS) != N_FIELDS || value[0] != out->n_places)
        return instance_bad_line(text, "the next customer: number, x, y, demand, ready, due, "
                                       "service");
    double most = out->rounded ? 1e6 : 15000; /* in ticks of the model */
    for (int field = 1; field < N_FIELDS; field++)
        if (value[field] < 0 || value[field] > most)
            return instance_bad_line(text, "values from 0 to 15000, or 1e6 with a matrix");
    int32_t place = out->n_places++;
    out->x[place] = value[1];
    out->y[place] = value[2];
    if (place == 0) {
        out->depot = 0;
        out->open = value[4];
        out->close = value[5];
        return KERB_OK;
    }
    instance_task *task = instance_add_task(out, place, -1);
    task->demand[0] = (int64_t)value[3];
    task->open = value[4];
    task->close = value[5];
    task->busy = value[6];
    return KERB_OK;
}

kerb_status instance_read_solomon(bench_instance *out, instance_text *text) {
    int in_customers = 0, in_vehicles = 0;
    for (char *line; (line = instance_line(text));) {
        double value[2];
        if (strncmp(line, "EDGE_WEIGHT_TYPE", 16) == 0)
            out->rounded = 1;
        else if (strncmp(line, "EDGE_WEIGHT_SECTION", 19) == 0)
            return instance_read_apart(out, text);
        else if (strncmp(line, "CUST NO.", 8) == 0)
            in_customers = 1;
        else if (in_customers)
            KI_TRY(read_customer(out, text, line));
        else if (strncmp(line, "NUMBER", 6) == 0)
            in_vehicles = 1;
        else if (in_vehicles && instance_numbers(line, value, 2) == 2)
            out->capacity[0] = (int64_t)value[1];
    }
    if (out->rounded) return instance_bad_line(text, "an EDGE_WEIGHT_SECTION");
    return KERB_OK;
}
