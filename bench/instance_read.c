/* SPDX-License-Identifier: GPL-3.0-or-later
 * instance_read.c - tells the families of instances apart by content, and what readers share. */
#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "bench/instance.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_BYTES = 512 << 20, MOST_APART = 1000000 };

static const struct family {
    const char *mark; /* stands in every file of the family and in none of those below */
    instance_problem problem;
    kerb_status (*read)(bench_instance *out, instance_text *text);
} families[] = {
    {"RELEASE_TIME_SECTION", INSTANCE_MTVRPTWR, instance_read_mtvrptwr},
    {"NODE_COORD_SECTION", INSTANCE_CVRP, instance_read_cvrplib},
    {"DEMAND_SECTION", INSTANCE_CVRP, instance_read_cvrplib}, /* with explicit lengths */
    {"CUST NO.", INSTANCE_VRPTW, instance_read_solomon},
    {"LISTA_ARISTAS_REQ", INSTANCE_CARP, instance_read_carplib},
    {"#Nb-Turns", INSTANCE_MCGRP_TP, instance_read_mcgrp_tp},
    {"#Required N", INSTANCE_MCGRP, instance_read_mcgrp},
    {"TURN_PENALTY", INSTANCE_MCARPTIF_TP, instance_read_mcarptif_tp},
    {"DUMPING_SITES", INSTANCE_MCARPTIF, instance_read_mcarp},
    {"LIST_REQ_", INSTANCE_MCARP, instance_read_mcarp},
    {"Landfill", INSTANCE_WCVRPTW, instance_read_wcvrptw},
};
enum { N_FAMILIES = sizeof families / sizeof families[0] };

int instance_has_times(const bench_instance *instance) {
    return instance->problem == INSTANCE_VRPTW || instance->problem == INSTANCE_WCVRPTW ||
           instance->problem == INSTANCE_MTVRPTWR;
}

const char *instance_problem_name(instance_problem problem) {
    static const char *const names[] = {"cvrp",    "vrptw",    "carp",     "mcarp",
                                        "mcgrp",   "mcgrp_tp", "mcarptif", "mcarptif_tp",
                                        "wcvrptw", "mtvrptwr"};
    return names[problem];
}

/* ---- lines and numbers ----------------------------------------------------------------------- */

char *instance_line(instance_text *text) {
    while (*text->next) {
        char *line = text->next, *end = line + strcspn(line, "\n");
        text->next = *end ? end + 1 : end;
        *end = '\0';
        text->n_line++;
        while (end > line && isspace((unsigned char)end[-1]))
            *--end = '\0';
        while (isspace((unsigned char)*line))
            line++;
        if (*line) return line;
    }
    return NULL;
}

static int starts_number(const char *at) {
    if (*at == '-' || *at == '+') at++;
    return isdigit((unsigned char)*at) || (*at == '.' && isdigit((unsigned char)at[1]));
}

int instance_numbers(const char *line, double *out, int most) {
    int n = 0;
    for (const char *at = line; *at && n < most;) {
        int in_word = at > line && (isalnum((unsigned char)at[-1]) || at[-1] == '_');
        if (in_word || !starts_number(at)) {
            at++;
            continue;
        }
        char *rest;
        double value = strtod(at, &rest);
        if (isfinite(value)) out[n++] = value;
        at = rest;
    }
    return n;
}

int instance_header(const char *line, const char *key, double *value) {
    size_t length = strlen(key);
    if (strncmp(line, key, length) != 0) return 0;
    const char *rest = line + length;
    while (isspace((unsigned char)*rest) || *rest == ':')
        rest++;
    if (!*rest) return 1;
    if (rest == line + length || !starts_number(rest)) return 0;
    *value = strtod(rest, NULL);
    return 1;
}

kerb_status instance_bad_line(const instance_text *text, const char *expected) {
    return ki_fail(text->err, KERB_BAD_INPUT, "%s, line %d: expected %s", text->path,
                   (int)text->n_line, expected);
}

kerb_status instance_milli(int64_t *out, const instance_text *text, double value) {
    if (!(value >= 0 && value <= 1e6)) return instance_bad_line(text, "a cost from 0 to 1e6");
    *out = (int64_t)(value * INSTANCE_MILLI + 0.5);
    return KERB_OK;
}

/* Two bytes a number at least: a small file cannot ask for a large matrix. */
kerb_status instance_read_apart(bench_instance *out, instance_text *text) {
    size_t n_cells = (size_t)out->n_places * (size_t)out->n_places, n_read = 0;
    if (n_cells == 0 || out->n_places > INSTANCE_MAX_TASKS || n_cells > strlen(text->next) / 2 + 1)
        return instance_bad_line(text, "as many numbers as places times places");
    out->apart = ki_arena_alloc(&out->arena, n_cells, sizeof *out->apart);
    if (!out->apart) return ki_fail_no_memory(text->err, text->path);
    while (n_read < n_cells) {
        char *rest, *line = instance_line(text);
        if (!line) return instance_bad_line(text, "more of the matrix");
        for (; *line; line = rest) {
            double value = strtod(line, &rest);
            if (rest == line || !(value >= 0 && value <= MOST_APART) || value != floor(value) ||
                n_read == n_cells)
                return instance_bad_line(text, "integers from 0 to 1000000 and no more than places "
                                               "times places");
            out->apart[n_read++] = (int32_t)value;
        }
    }
    return KERB_OK;
}

/* ---- what is read ---------------------------------------------------------------------------- */

kerb_status instance_make_room(bench_instance *out, size_t n_lines, kerb_error *err) {
    out->tasks = ki_arena_alloc(&out->arena, n_lines, sizeof *out->tasks);
    out->links = ki_arena_alloc(&out->arena, n_lines, sizeof *out->links);
    out->x = ki_arena_alloc(&out->arena, n_lines, sizeof *out->x);
    out->y = ki_arena_alloc(&out->arena, n_lines, sizeof *out->y);
    if (!out->tasks || !out->links || !out->x || !out->y)
        return ki_fail_no_memory(err, "an instance");
    return KERB_OK;
}

instance_task *instance_add_task(bench_instance *out, int32_t place, int32_t link) {
    instance_task *task = &out->tasks[out->n_tasks++];
    *task = (instance_task){.place = place, .link = link};
    return task;
}

instance_link *instance_add_link(bench_instance *out, int32_t from, int32_t to, int one_way) {
    instance_link *link = &out->links[out->n_links++];
    *link = (instance_link){.from = from, .to = to, .one_way = one_way};
    return link;
}

kerb_status instance_make_turns(bench_instance *out,
                                int64_t (*price)(const void *payload, int32_t before,
                                                 int32_t after),
                                const void *payload, kerb_error *err) {
    size_t capacity = 0;
    instance_turn *turns = NULL;
    int32_t n_turns = 0;
    for (int32_t before = 0; before < 2 * out->n_links; before++)
        for (int32_t after = 0; after < 2 * out->n_links; after++) {
            if (!instance_way_open(out, before) || !instance_way_open(out, after) ||
                instance_way_to(out, before) != instance_way_from(out, after))
                continue;
            int64_t cost = price(payload, before, after);
            if (cost >= INSTANCE_BIG) continue;
            if (ki_grow(&turns, &capacity, (size_t)n_turns + 1, sizeof *turns)) {
                ki_free(turns);
                return ki_fail_no_memory(err, out->name);
            }
            turns[n_turns++] = (instance_turn){before, after, cost};
        }
    out->n_turns = n_turns;
    out->turns = ki_arena_copy(&out->arena, turns, (size_t)n_turns, sizeof *turns);
    ki_free(turns);
    return out->turns ? KERB_OK : ki_fail_no_memory(err, out->name);
}

static kerb_status judge_task(const bench_instance *in, const char *path, int32_t task,
                              kerb_error *err) {
    const instance_task *at = &in->tasks[task];
    for (int32_t dim = 0; dim < in->n_dims; dim++)
        if (at->demand[dim] < 0 || at->demand[dim] > in->capacity[dim])
            return ki_fail(err, KERB_BAD_INPUT, "%s, task %d: demand %lld, expected 0 to %lld",
                           path, (int)task + 1, (long long)at->demand[dim],
                           (long long)in->capacity[dim]);
    if (at->place >= in->n_places)
        return ki_fail(err, KERB_BAD_INPUT, "%s, task %d: no such place", path, (int)task + 1);
    return KERB_OK;
}

static kerb_status judge(const bench_instance *in, const char *path, kerb_error *err) {
    if (in->n_tasks < 1 || in->n_tasks > INSTANCE_MAX_TASKS)
        return ki_fail(err, KERB_BAD_INPUT, "%s: %d tasks, expected 1 to %d", path,
                       (int)in->n_tasks, INSTANCE_MAX_TASKS);
    if (in->depot < 0 || in->depot >= in->n_places)
        return ki_fail(err, KERB_BAD_INPUT, "%s: no depot, or one that is not a place", path);
    for (int32_t dim = 0; dim < in->n_dims; dim++)
        if (in->capacity[dim] <= 0)
            return ki_fail(err, KERB_BAD_INPUT, "%s: capacity %lld, expected more than 0", path,
                           (long long)in->capacity[dim]);
    for (int32_t link = 0; link < in->n_links; link++)
        if (in->links[link].from < 0 || in->links[link].from >= in->n_places ||
            in->links[link].to < 0 || in->links[link].to >= in->n_places)
            return ki_fail(err, KERB_BAD_INPUT, "%s: link %d ends at no place", path,
                           (int)link + 1);
    for (int32_t task = 0; task < in->n_tasks; task++)
        KI_TRY(judge_task(in, path, task, err));
    return KERB_OK;
}

static const char *name_of(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static kerb_status read_as(bench_instance *out, const struct family *family, instance_text *text) {
    size_t n_lines = 2;
    for (const char *at = text->next; (at = strchr(at, '\n')); at++)
        n_lines++;
    out->problem = family->problem;
    out->n_dims = 1;
    out->depot = -1;
    out->name = ki_arena_strdup(&out->arena, name_of(text->path));
    if (!out->name) return ki_fail_no_memory(text->err, text->path);
    KI_TRY(instance_make_room(out, n_lines, text->err));
    KI_TRY(family->read(out, text));
    return judge(out, text->path, text->err);
}

kerb_status instance_parse(bench_instance *out, const char *path, char *bytes, kerb_error *err) {
    *out = (bench_instance){0};
    instance_text text = {.path = path, .next = bytes, .err = err};
    for (int family = 0; family < N_FAMILIES; family++)
        if (strstr(bytes, families[family].mark)) return read_as(out, &families[family], &text);
    return ki_fail(err, KERB_BAD_INPUT, "%s: of no family of instances that is known", path);
}

kerb_status instance_read(bench_instance *out, const char *path, kerb_error *err) {
    *out = (bench_instance){0};
    char *bytes;
    size_t n_bytes;
    KI_TRY(ki_file_read(&bytes, &n_bytes, path, MOST_BYTES, err));
    kerb_status status = instance_parse(out, path, bytes, err);
    ki_free(bytes);
    return status;
}

void instance_free(bench_instance *instance) {
    ki_arena_free(&instance->arena);
    *instance = (bench_instance){0};
}
