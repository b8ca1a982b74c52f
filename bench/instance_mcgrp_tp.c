/* SPDX-License-Identifier: GPL-3.0-or-later
 * instance_mcgrp_tp.c - mixed general routing with explicit turn penalties (Vidal, Operations
 * Research 65(4), 2017).
 *
 * Convention: total cost = every link driven, served or not, + every turn between two links; a
 * turn that is not listed is forbidden; leaving and reaching the depot costs no turn. A place is
 * served on the way from one link to the next. #Vehicles is a limit. */
#include "base/error.h"
#include "bench/instance.h"

#include <stdlib.h>
#include <string.h>

typedef struct triple { /* from place a over place b to place c */
    int32_t a, b, c;
    int64_t cost;
} triple;

typedef struct turn_table {
    const bench_instance *in;
    triple *triples;
    int32_t n;
} turn_table;

typedef enum section { HEAD, PLACES, EDGES, ARCS, TURNS } section;

static int enter_section(const char *line, section *at) {
    static const char *const names[] = {"NODES", "EDGES", "ARCS", "TURNS"};
    if (*line != '-') return 0;
    const char *word = line + strspn(line, "-");
    for (int name = 0; name < 4; name++)
        if (strncmp(word, names[name], strlen(names[name])) == 0) *at = (section)(name + 1);
    return 1;
}

static void read_head(bench_instance *out, const char *line) {
    double value = 0;
    if (instance_header(line, "Capacity", &value)) out->capacity[0] = (int64_t)value;
    if (instance_header(line, "Depot", &value)) out->depot = (int32_t)value - 1;
    if (instance_header(line, "#Nodes", &value))
        out->n_places = value > 0 && value < 1e6 ? (int32_t)value : 0;
    if (instance_header(line, "#Vehicles", &value))
        out->max_routes = value > 0 ? (int32_t)value : 0;
}

/* INDEX QTY IS-REQUIRED X Y; INDEX-I INDEX-J QTY IS-REQUIRED COST; I J K COST TYPE */
static kerb_status read_record(bench_instance *out, turn_table *table, const instance_text *text,
                               const char *line, section at) {
    double value[5];
    int n = instance_numbers(line, value, 5);
    int n_indices = at == PLACES ? 1 : at == TURNS ? 3 : 2;
    if (n < (at == TURNS ? 4 : 5)) return instance_bad_line(text, "a place, a link or a turn");
    for (int index = 0; index < n_indices; index++)
        if (value[index] < 1 || value[index] > 1e6)
            return instance_bad_line(text, "numbers of places from 1");
    int32_t a = (int32_t)value[0] - 1, b = (int32_t)value[1] - 1;
    if (at == TURNS) {
        triple *turn = &table->triples[table->n++];
        *turn = (triple){.a = a, .b = b, .c = (int32_t)value[2] - 1};
        return instance_milli(&turn->cost, text, value[3]);
    }
    int required = value[at == PLACES ? 2 : 3] != 0;
    double demand = value[at == PLACES ? 1 : 2];
    if (demand < 0 || demand > 1e12) return instance_bad_line(text, "a demand of 0 or more");
    int64_t pass = 0;
    if (at != PLACES) {
        KI_TRY(instance_milli(&pass, text, value[4]));
        instance_add_link(out, a, b, at == ARCS)->pass = pass;
    }
    if (!required) return KERB_OK;
    instance_task *task =
        instance_add_task(out, at == PLACES ? a : -1, at == PLACES ? -1 : out->n_links - 1);
    task->demand[0] = (int64_t)demand;
    task->serve = pass;
    return KERB_OK;
}

static int compare(const void *left, const void *right) {
    const triple *p = left, *q = right;
    if (p->a != q->a) return p->a < q->a ? -1 : 1;
    if (p->b != q->b) return p->b < q->b ? -1 : 1;
    return p->c < q->c ? -1 : p->c > q->c;
}

static int64_t price(const void *payload, int32_t before, int32_t after) {
    const turn_table *table = payload;
    triple key = {.a = instance_way_from(table->in, before),
                  .b = instance_way_to(table->in, before),
                  .c = instance_way_to(table->in, after)};
    const triple *found =
        bsearch(&key, table->triples, (size_t)table->n, sizeof *table->triples, compare);
    return found ? found->cost : INSTANCE_BIG;
}

kerb_status instance_read_mcgrp_tp(bench_instance *out, instance_text *text) {
    section at = HEAD;
    size_t n_lines = 2;
    for (const char *byte = text->next; (byte = strchr(byte, '\n')); byte++)
        n_lines++;
    turn_table table = {.in = out, .triples = ki_arena_alloc(&out->arena, n_lines, sizeof(triple))};
    if (!table.triples) return ki_fail_no_memory(text->err, text->path);
    for (char *line; (line = instance_line(text));) {
        if (enter_section(line, &at) || strncmp(line, "INDEX", 5) == 0) continue;
        if (at == HEAD)
            read_head(out, line);
        else
            KI_TRY(read_record(out, &table, text, line, at));
    }
    qsort(table.triples, (size_t)table.n, sizeof *table.triples, compare);
    return instance_make_turns(out, price, &table, text->err);
}
