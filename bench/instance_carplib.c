/* SPDX-License-Identifier: GPL-3.0-or-later
 * instance_carplib.c - CARP in the format of CARPLIB (Belenguer and Benavent): gdb, val, kshs, egl,
 * egl-large, BMCV.
 *
 * Convention: an edge costs the same served or not, once for each time it is driven; total cost
 * counts both. Vehicles are free (VEHICULOS is no limit). Edges are served in either direction. */
#include "base/error.h"
#include "bench/instance.h"

#include <string.h>

static kerb_status read_edge(bench_instance *out, const instance_text *text, const char *line,
                             int required) {
    double value[4];
    int n = instance_numbers(line, value, 4);
    if (n < 3 + required || value[0] < 1 || value[1] < 1 || value[0] > 1e6 || value[1] > 1e6)
        return instance_bad_line(text, required ? "( from, to) coste N demanda N"
                                                : "( from, to) coste N");
    instance_link *link = instance_add_link(out, (int32_t)value[0] - 1, (int32_t)value[1] - 1, 0);
    KI_TRY(instance_milli(&link->pass, text, value[2]));
    if (!required) return KERB_OK;
    if (value[3] < 0 || value[3] > 1e12) return instance_bad_line(text, "a demand of 0 or more");
    instance_task *task = instance_add_task(out, -1, out->n_links - 1);
    task->demand[0] = (int64_t)value[3];
    task->serve = link->pass;
    return KERB_OK;
}

kerb_status instance_read_carplib(bench_instance *out, instance_text *text) {
    int in_list = 0, required = 0;
    for (char *line; (line = instance_line(text));) {
        double value = 0;
        if (instance_header(line, "VERTICES", &value))
            out->n_places = value > 0 && value < 1e6 ? (int32_t)value : 0;
        else if (instance_header(line, "CAPACIDAD", &value))
            out->capacity[0] = (int64_t)value;
        else if (instance_header(line, "DEPOSITO", &value))
            out->depot = (int32_t)value - 1;
        else if (strncmp(line, "LISTA_ARISTAS", 13) == 0)
            in_list = 1, required = strncmp(line, "LISTA_ARISTAS_REQ", 17) == 0;
        else if (in_list && *line == '(')
            KI_TRY(read_edge(out, text, line, required));
    }
    return KERB_OK;
}
