/* SPDX-License-Identifier: GPL-3.0-or-later
 * instance_cvrplib.c - CVRP in the format of CVRPLIB (Uchoa et al., EJOR 257(3), 2017).
 *
 * Convention: distances are Euclidean, rounded to the nearest integer; vehicles are free; the
 * `-kN` in a name is no limit. Cost is the sum of distances. Or EXPLICIT, a FULL_MATRIX of integers
 * (VRPLIB): row = from, and the ways there and back may differ. */
#include "base/error.h"
#include "bench/instance.h"

#include <string.h>

typedef enum section { HEAD, COORDINATES, DEMANDS, DEPOTS, LENGTHS } section;

static int enter_section(const char *line, section *at) {
    static const char *const names[] = {"NODE_COORD_SECTION", "DEMAND_SECTION", "DEPOT_SECTION",
                                        "EDGE_WEIGHT_SECTION"};
    for (int name = 0; name < 4; name++)
        if (strncmp(line, names[name], strlen(names[name])) == 0) {
            *at = (section)(name + 1);
            return 1;
        }
    return 0;
}

static int states(const char *line, const char *key) {
    return strncmp(line, key, strlen(key)) == 0;
}

static kerb_status read_head(bench_instance *out, const instance_text *text, const char *line,
                             size_t n_room, double *dimension, int *is_explicit) {
    double value = 0;
    if (instance_header(line, "CAPACITY", &value)) out->capacity[0] = (int64_t)value;
    if (instance_header(line, "DIMENSION", dimension) &&
        !(*dimension >= 1 && *dimension <= (double)n_room))
        return instance_bad_line(text, "a DIMENSION of no more than the lines of the file");
    if (states(line, "EDGE_WEIGHT_TYPE") && strstr(line, "EXPLICIT"))
        *is_explicit = 1;
    else if (states(line, "EDGE_WEIGHT_TYPE") && !strstr(line, "EUC_2D"))
        return instance_bad_line(text, "EDGE_WEIGHT_TYPE: EUC_2D or EXPLICIT");
    if (states(line, "EDGE_WEIGHT_FORMAT") && !strstr(line, "FULL_MATRIX"))
        return instance_bad_line(text, "EDGE_WEIGHT_FORMAT: FULL_MATRIX");
    return KERB_OK;
}

/* Places are numbered from 1 in order. */
static kerb_status read_record(bench_instance *out, const instance_text *text, const char *line,
                               section at, int64_t *demands, size_t n_room) {
    double value[3];
    int n = instance_numbers(line, value, 3);
    if (at == DEPOTS) {
        if (n != 1) return instance_bad_line(text, "the number of a depot, or -1");
        if (value[0] > 0 && out->depot < 0) out->depot = (int32_t)value[0] - 1;
        return KERB_OK;
    }
    if (at == COORDINATES) {
        if (n != 3 || value[0] != out->n_places + 1)
            return instance_bad_line(text, "the next place, x and y");
        out->x[out->n_places] = value[1];
        out->y[out->n_places++] = value[2];
        return KERB_OK;
    }
    if (n != 2 || value[0] < 1 || value[0] > (double)n_room || value[1] < 0 || value[1] > 1e12)
        return instance_bad_line(text, "a place and its demand");
    demands[(int32_t)value[0] - 1] = (int64_t)value[1];
    return KERB_OK;
}

kerb_status instance_read_cvrplib(bench_instance *out, instance_text *text) {
    section at = HEAD;
    double dimension = 0;
    int is_explicit = 0;
    size_t n_room = 1;
    for (const char *byte = text->next; (byte = strchr(byte, '\n')); byte++)
        n_room++;
    int64_t *demands = ki_arena_alloc(&out->arena, n_room, sizeof *demands);
    if (!demands) return ki_fail_no_memory(text->err, text->path);
    out->rounded = 1;
    for (char *line; (line = instance_line(text)) && strncmp(line, "EOF", 3) != 0;) {
        if (enter_section(line, &at)) {
            if (at == COORDINATES && is_explicit) return instance_bad_line(text, "no coordinates");
            if (at != LENGTHS) continue;
            if (!is_explicit || out->apart)
                return instance_bad_line(text, "one matrix, of an EXPLICIT type");
            out->n_places = (int32_t)dimension;
            KI_TRY(instance_read_apart(out, text));
        } else if (at == HEAD)
            KI_TRY(read_head(out, text, line, n_room, &dimension, &is_explicit));
        else
            KI_TRY(read_record(out, text, line, at, demands, n_room));
    }
    if (is_explicit && !out->apart) return instance_bad_line(text, "an EDGE_WEIGHT_SECTION");
    for (int32_t place = 0; place < out->n_places; place++)
        if (place != out->depot) instance_add_task(out, place, -1)->demand[0] = demands[place];
    return KERB_OK;
}
