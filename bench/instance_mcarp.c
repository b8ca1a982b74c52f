/* SPDX-License-Identifier: GPL-3.0-or-later
 * instance_mcarp.c - mixed CARP (Belenguer et al., Computers & OR 33(12), 2006), and the same with
 * dumps and a shift limit (Willemse and Joubert, Computers & OR 68, 2016).
 *
 * Convention of mcarp: total cost = service (serv_cost includes passing) + travel + DUMPING_COST
 * once a route; a load ends at the depot; vehicles are free.
 * Convention of mcarptif: a route leaves the depot, may dump at any of DUMPING_SITES, and must dump
 * before it returns; each dumping costs DUMPING_COST, and all of a route, dumping included, may
 * cost MAX_TRIP at most. Vehicles are free. A minus before a place's number belongs to it. */
#include "base/error.h"
#include "bench/instance.h"

#include <stdlib.h>
#include <string.h>

typedef struct mcarp {
    bench_instance *out;
    const instance_text *text;
    double *ids; /* [n_places] numbers of the file */
    size_t n_room;
    int one_way, required;
    int64_t dumping_cost;
} mcarp;

static int32_t place_of(mcarp *in, double id) {
    for (int32_t place = 0; place < in->out->n_places; place++)
        if (in->ids[place] == id) return place;
    if ((size_t)in->out->n_places >= in->n_room) return -1;
    in->ids[in->out->n_places] = id;
    return in->out->n_places++;
}

/* ( from, to) serv_cost N trav_cost N demand N, or ( from, to) cost N */
static kerb_status read_link(mcarp *in, const char *line) {
    double value[5];
    int n = instance_numbers(line, value, 5);
    if (n != (in->required ? 5 : 3))
        return instance_bad_line(in->text, in->required
                                               ? "( from, to) serv_cost N trav_cost N demand N"
                                               : "( from, to) cost N");
    int32_t from = place_of(in, value[0]), to = place_of(in, value[1]);
    instance_link *link = instance_add_link(in->out, from, to, in->one_way);
    KI_TRY(instance_milli(&link->pass, in->text, value[in->required ? 3 : 2]));
    if (!in->required) return KERB_OK;
    if (value[4] < 0 || value[4] > 1e12)
        return instance_bad_line(in->text, "a demand of 0 or more");
    instance_task *task = instance_add_task(in->out, -1, in->out->n_links - 1);
    task->demand[0] = (int64_t)value[4];
    return instance_milli(&task->serve, in->text, value[2]);
}

static kerb_status read_tips(mcarp *in, const char *line) {
    enum { MOST_TIPS = 64 };
    bench_instance *out = in->out;
    double value[MOST_TIPS];
    int n = instance_numbers(line, value, MOST_TIPS);
    out->tips = ki_arena_alloc(&out->arena, MOST_TIPS, sizeof *out->tips);
    out->tip_cost = ki_arena_alloc(&out->arena, MOST_TIPS, sizeof *out->tip_cost);
    if (!out->tips || !out->tip_cost) return ki_fail_no_memory(in->text->err, in->text->path);
    if (n == 0) return instance_bad_line(in->text, "one dumping site or more");
    for (int tip = 0; tip < n; tip++)
        out->tips[out->n_tips++] = place_of(in, value[tip]);
    return KERB_OK;
}

static kerb_status read_line(mcarp *in, const char *line) {
    double value = 0;
    bench_instance *out = in->out;
    if (*line == '(') return read_link(in, line);
    if (strncmp(line, "LIST_", 5) == 0) {
        in->required = strncmp(line + 5, "REQ", 3) == 0;
        in->one_way = strstr(line, "ARCS") != NULL;
    }
    if (instance_header(line, "CAPACITY", &value)) out->capacity[0] = (int64_t)value;
    if (instance_header(line, "DUMPING_COST", &value))
        return instance_milli(&in->dumping_cost, in->text, value);
    if (instance_header(line, "MAX_TRIP", &value))
        return instance_milli(&out->max_route, in->text, value);
    if (instance_header(line, "DEPOT", &value)) out->depot = place_of(in, value);
    if (strncmp(line, "DUMPING_SITES", 13) == 0) return read_tips(in, line);
    return KERB_OK;
}

kerb_status instance_read_mcarp(bench_instance *out, instance_text *text) {
    mcarp in = {.out = out, .text = text, .n_room = 2};
    for (const char *byte = text->next; (byte = strchr(byte, '\n')); byte++)
        in.n_room += 2;
    in.ids = ki_arena_alloc(&out->arena, in.n_room, sizeof *in.ids);
    if (!in.ids) return ki_fail_no_memory(text->err, text->path);
    for (char *line; (line = instance_line(text));)
        KI_TRY(read_line(&in, line));
    if (!out->n_tips) out->route_cost = in.dumping_cost;
    for (int32_t tip = 0; tip < out->n_tips; tip++)
        out->tip_cost[tip] = in.dumping_cost;
    return KERB_OK;
}
