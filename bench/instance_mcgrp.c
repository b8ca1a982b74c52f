/* SPDX-License-Identifier: GPL-3.0-or-later
 * instance_mcgrp.c - mixed general routing (Prins and Bouchenoua 2005: CBMix; Bach, Hasle and Wøhlk
 * 2013: BHW, DI-NEARP): places, edges and arcs are served.
 *
 * Convention: total cost = T. COST each time a link is driven, served or not. S. COST, a constant
 * over all solutions, is left out, as in the values published. Vehicles are free (-1 in all
 * files). */
#include "base/error.h"
#include "bench/instance.h"

#include <stdlib.h>
#include <string.h>

typedef enum section { HEAD, PLACES, EDGES, MORE_EDGES, ARCS, MORE_ARCS } section;

static int enter_section(const char *line, section *at) {
    static const char *const names[] = {"ReN.", "ReE.", "EDGE", "ReA.", "ARC"};
    for (int name = 0; name < 5; name++) {
        size_t length = strlen(names[name]);
        if (strncmp(line, names[name], length) != 0) continue;
        if (line[length] && line[length] != '\t' && line[length] != ' ') continue;
        *at = (section)(name + 1);
        return 1;
    }
    return 0;
}

static void read_head(bench_instance *out, const char *line) {
    double value = 0;
    if (instance_header(line, "Capacity", &value)) out->capacity[0] = (int64_t)value;
    if (instance_header(line, "Depot Node", &value)) out->depot = (int32_t)value - 1;
    if (instance_header(line, "#Nodes", &value))
        out->n_places = value > 0 && value < 1e6 ? (int32_t)value : 0;
    if (instance_header(line, "#Vehicles", &value))
        out->max_routes = value > 0 ? (int32_t)value : 0;
}

static kerb_status set_demand(instance_task *task, const instance_text *text, double demand) {
    if (demand < 0 || demand > 1e12) return instance_bad_line(text, "a demand of 0 or more");
    task->demand[0] = (int64_t)demand;
    return KERB_OK;
}

/* N4 DEMAND S. COST */
static kerb_status read_place(bench_instance *out, const instance_text *text, const char *line) {
    double value[2];
    if (*line != 'N' || instance_numbers(line, value, 2) != 2)
        return instance_bad_line(text, "N and a number, demand, service cost");
    int32_t place = (int32_t)strtol(line + 1, NULL, 10) - 1;
    if (place < 0) return instance_bad_line(text, "a place from 1");
    return set_demand(instance_add_task(out, place, -1), text, value[0]);
}

/* E1 FROM TO T.COST [DEMAND S.COST] */
static kerb_status read_link(bench_instance *out, const instance_text *text, const char *line,
                             section at) {
    double value[5];
    int required = at == EDGES || at == ARCS;
    if (instance_numbers(line, value, 5) != (required ? 5 : 3) || value[0] < 1 || value[1] < 1 ||
        value[0] > 1e6 || value[1] > 1e6)
        return instance_bad_line(text, "a link: from, to, cost, and demand and service cost if "
                                       "required");
    instance_link *link = instance_add_link(out, (int32_t)value[0] - 1, (int32_t)value[1] - 1,
                                            at == ARCS || at == MORE_ARCS);
    KI_TRY(instance_milli(&link->pass, text, value[2]));
    if (!required) return KERB_OK;
    instance_task *task = instance_add_task(out, -1, out->n_links - 1);
    task->serve = link->pass;
    return set_demand(task, text, value[3]);
}

/* Some files end in a sentence or in -1. */
static int is_record(const char *line) {
    size_t letters = strcspn(line, "0123456789");
    return *line >= 'A' && letters > 0 && letters <= 3 && line[letters] != '\0';
}

kerb_status instance_read_mcgrp(bench_instance *out, instance_text *text) {
    section at = HEAD;
    for (char *line; (line = instance_line(text));) {
        if (enter_section(line, &at)) continue;
        if (at == HEAD)
            read_head(out, line);
        else if (!is_record(line))
            continue;
        else if (at == PLACES)
            KI_TRY(read_place(out, text, line));
        else
            KI_TRY(read_link(out, text, line, at));
    }
    return KERB_OK;
}
