/* SPDX-License-Identifier: GPL-3.0-or-later
 * variant_carp.c - the kerbs of tonight as a CARP.
 *
 * Vertices are the ends of kerbs and the depot; a required edge is a kerb; the others are ways
 * between vertices, as long as the shorter of both directions, since CARPLIB knows no direction.
 * Of n(n-1)/2 such ways most lead through other vertices; an edge is written only if no vertex lies
 * between its ends on a way as short, both halves being longer than nothing. Shortest ways over the
 * edges written are then the same as over all (by induction on length). */
#include "base/error.h"
#include "bench/variants.h"

#include <stdlib.h>

enum { MOST_KERBS = 1500 }; /* leaving out takes the cube of the vertices */

typedef struct sweeping {
    const ki_model *model;
    int32_t type, n; /* vertices; the depot is the first */
    int32_t *points; /* [n], ascending behind the depot's */
    int32_t *apart;  /* [n][n] m */
    int dim;         /* that binds most */
} sweeping;

static int by_number(const void *a, const void *b) {
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

static int32_t vertex_of(const sweeping *of, int32_t point) {
    if (point == of->points[0]) return 0;
    const int32_t *found =
        bsearch(&point, of->points + 1, (size_t)of->n - 1, sizeof *of->points, by_number);
    return found ? (int32_t)(found - of->points) : 0;
}

/* Repeats left out: kerbs that meet at one point share a vertex. */
static void keep_distinct(sweeping *of, int32_t n) {
    qsort(of->points + 1, (size_t)n - 1, sizeof *of->points, by_number);
    of->n = 1;
    for (int32_t at = 1; at < n; at++)
        if (of->points[at] != of->points[0] &&
            (of->n == 1 || of->points[at] != of->points[of->n - 1]))
            of->points[of->n++] = of->points[at];
}

static const ki_mode *kerb_mode(const ki_model *model, int32_t task) {
    return model->tasks[task].kind == KI_TASK_KERB ? &model->modes[model->tasks[task].first_mode]
                                                   : NULL;
}

static kerb_status find_vertices(sweeping *of, ki_arena *arena, int32_t n_kerbs, kerb_error *err) {
    const ki_model *model = of->model;
    int32_t n = 0;
    of->points = ki_arena_alloc(arena, 2 * (size_t)n_kerbs + 1, sizeof *of->points);
    if (!of->points) return ki_fail_no_memory(err, "a variant");
    of->points[n++] = model->types[of->type].start_point;
    for (int32_t task = 0; task < model->n_tasks; task++) {
        const ki_mode *mode = kerb_mode(model, task);
        if (!mode) continue;
        of->points[n++] = mode->entry;
        of->points[n++] = mode->exit;
    }
    keep_distinct(of, n);
    return KERB_OK;
}

static kerb_status measure(sweeping *of, ki_arena *arena, kerb_error *err) {
    size_t n = (size_t)of->n;
    of->apart = ki_arena_alloc(arena, n * n, sizeof *of->apart);
    if (!of->apart) return ki_fail_no_memory(err, "a variant");
    for (size_t from = 0; from < n; from++)
        for (size_t to = 0; to < n; to++) {
            int32_t there = ki_length_mm(of->model, of->type, of->points[from], of->points[to]);
            int32_t back = ki_length_mm(of->model, of->type, of->points[to], of->points[from]);
            int64_t least = there < back ? there : back;
            of->apart[from * n + to] =
                least == KI_NEVER ? KI_NEVER : (int32_t)((least + 500) / 1000);
        }
    return KERB_OK;
}

static int leads_through(const sweeping *of, int32_t from, int32_t to) {
    const int32_t *a = of->apart + (size_t)from * (size_t)of->n;
    const int32_t *b = of->apart + (size_t)to * (size_t)of->n;
    int32_t apart = a[to];
    for (int32_t between = 0; between < of->n; between++)
        if (a[between] > 0 && b[between] > 0 && a[between] < apart && b[between] < apart &&
            a[between] + b[between] <= apart)
            return 1;
    return 0;
}

/* Of the sweeper's dimensions the one of which tonight needs the largest share. */
static int binding_dim(const ki_model *model, int32_t type) {
    double most = -1;
    int binding = 0;
    for (int dim = 0; dim < model->types[type].n_dims; dim++) {
        double sum = 0;
        for (int32_t task = 0; task < model->n_tasks; task++)
            if (kerb_mode(model, task)) sum += (double)ki_demand(model, type, task)[dim];
        if (model->types[type].capacity[dim] <= 0) continue;
        sum /= (double)model->types[type].capacity[dim];
        if (sum <= most) continue;
        most = sum;
        binding = dim;
    }
    return binding;
}

static int64_t kerb_m(const ki_mode *mode) {
    return (mode->length_mm + (int64_t)500) / 1000;
}

static void add_edge(ki_text *out, int32_t from, int32_t to, int64_t cost_m) {
    ki_text_add(out, " ( %d, %d) coste %lld", from + 1, to + 1, (long long)cost_m);
}

static void add_required(ki_text *out, const sweeping *of) {
    for (int32_t task = 0; task < of->model->n_tasks; task++) {
        const ki_mode *mode = kerb_mode(of->model, task);
        if (!mode) continue;
        add_edge(out, vertex_of(of, mode->entry), vertex_of(of, mode->exit), kerb_m(mode));
        ki_text_add(out, " demanda %lld\n",
                    (long long)ki_demand(of->model, of->type, task)[of->dim]);
    }
}

static int32_t add_others(ki_text *out, const sweeping *of) {
    int32_t n_others = 0;
    for (int32_t from = 0; from < of->n; from++)
        for (int32_t to = from + 1; to < of->n; to++) {
            int32_t apart = of->apart[(size_t)from * (size_t)of->n + (size_t)to];
            if (apart == KI_NEVER || leads_through(of, from, to)) continue;
            add_edge(out, from, to, apart);
            ki_text_add(out, "\n");
            n_others++;
        }
    return n_others;
}

static void add_head(ki_text *out, const sweeping *of, const char *name, int32_t n_kerbs,
                     int32_t n_others) {
    const ki_model *model = of->model;
    int64_t total_m = 0;
    int32_t n_shifts = 0;
    for (int32_t task = 0; task < model->n_tasks; task++)
        if (kerb_mode(model, task)) total_m += kerb_m(kerb_mode(model, task));
    for (int32_t type = 0; type < model->n_types; type++)
        if (model->types[type].group == 1) n_shifts += model->types[type].n_shifts;
    ki_text_add(out,
                "NOMBRE : %s\nCOMENTARIO : kerbs of tonight, lengths in m\nVERTICES : %d\n"
                "ARISTAS_REQ : %d\nARISTAS_NOREQ : %d\nVEHICULOS : %d\nCAPACIDAD : %lld\n"
                "TIPO_COSTES_ARISTAS : EXPLICITOS\nCOSTE_TOTAL_REQ : %lld\nLISTA_ARISTAS_REQ :\n",
                name, of->n, n_kerbs, n_others, n_shifts,
                (long long)model->types[of->type].capacity[of->dim], (long long)total_m);
}

static kerb_status describe(ki_text *out, sweeping *of, ki_arena *arena, const char *name,
                            int32_t n_kerbs, kerb_error *err) {
    ki_text others = {0};
    KI_TRY(find_vertices(of, arena, n_kerbs, err));
    KI_TRY(measure(of, arena, err));
    of->dim = binding_dim(of->model, of->type);
    int32_t n_others = add_others(&others, of);
    add_head(out, of, name, n_kerbs, n_others);
    add_required(out, of);
    ki_text_add(out, "LISTA_ARISTAS_NOREQ :\n%sDEPOSITO :   1\n", others.bytes ? others.bytes : "");
    int failed = out->failed || others.failed;
    ki_text_free(&others);
    return failed ? ki_fail_no_memory(err, "a variant") : KERB_OK;
}

kerb_status bench_variant_carp(ki_text *out, int32_t *n_kerbs, const ki_model *model,
                               const char *name, kerb_error *err) {
    ki_arena arena = {0};
    sweeping of = {.model = model, .type = bench_first_type(model, 1)};
    *n_kerbs = 0;
    for (int32_t task = 0; task < model->n_tasks; task++)
        *n_kerbs += kerb_mode(model, task) != NULL;
    if (of.type < 0 || *n_kerbs > MOST_KERBS) *n_kerbs = 0;
    if (*n_kerbs == 0) return KERB_OK;
    kerb_status status = describe(out, &of, &arena, name, *n_kerbs, err);
    ki_arena_free(&arena);
    return status;
}
