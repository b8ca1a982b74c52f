/* SPDX-License-Identifier: GPL-3.0-or-later
 * roads_report.c - one row of measurements as JSON and as CSV, from one table of columns. */
#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "bench/roads.h"

#include <stdio.h>
#include <string.h>

enum { MAX_CSV_BYTES = 1 << 24, MOST_COLUMNS = 32, ROW_BYTES = 2048 };

typedef struct column {
    const char *name;
    const char *text; /* NULL: a number */
    double number;
    int n_decimals;
} column;

typedef struct row {
    column columns[MOST_COLUMNS];
    int n;
    char name[64]; /* of a grid city */
} row;

static void add_text(row *to, const char *name, const char *text) {
    to->columns[to->n++] = (column){name, text, 0, 0};
}

static void add(row *to, const char *name, double number, int n_decimals) {
    to->columns[to->n++] = (column){name, NULL, number, n_decimals};
}

static double ratio(double of, double to) {
    return to > 0 ? of / to : 0;
}

static const char *city_name(row *to, const bench_roads_asked *asked) {
    snprintf(to->name, sizeof to->name, "grid-%d", asked->n_grid);
    if (!asked->extract) return to->name;
    const char *slash = strrchr(asked->extract, '/');
    return slash ? slash + 1 : asked->extract;
}

static void fill(row *to, const bench_roads_asked *asked, const bench_roads_measured *out) {
    static const char *const METHODS[] = {"auto", "dijkstra", "phast", "bucket"};
    double n = out->n_places, hierarchy_s = out->order_s + out->reweigh_s,
           dijkstra_s = out->dijkstra_ms / 1000 * n;
    to->n = 0;
    add_text(to, "extract", city_name(to, asked));
    add_text(to, "method", METHODS[asked->method]);
    add(to, "points", n, 0);
    add(to, "threads", asked->threads, 0);
    add(to, "nodes", (double)out->n_nodes, 0);
    add(to, "arcs", (double)out->n_arcs, 0);
    add(to, "load_s", out->load_s, 3);
    add(to, "profile_s", out->profile_s, 3);
    add(to, "order_s", out->order_s, 3);
    add(to, "reweigh_s", out->reweigh_s, 3);
    add(to, "hierarchy_s", hierarchy_s, 3);
    add(to, "junction_hierarchy_s", out->junction_hierarchy_s, 3);
    add(to, "hierarchy_ratio", ratio(hierarchy_s, out->junction_hierarchy_s), 2);
    add(to, "matrix_s", out->matrix_s, 4);
    add(to, "ns_per_cell", ratio(out->matrix_s * 1e9, n * n), 1);
    add(to, "dijkstra_ms", out->dijkstra_ms, 2);
    add(to, "dijkstra_s", dijkstra_s, 3);
    add(to, "dijkstra_ratio", ratio(dijkstra_s, out->matrix_s), 0);
    add(to, "path_us", out->path_us, 1);
    add(to, "path_p50_us", out->path_p50_us, 1);
    add(to, "speedup", out->speedup, 4); /* a busy machine: far below 1 */
    add(to, "peak_mb", (double)out->peak_mb, 0);
    add(to, "unreachable", out->n_unreachable, 0);
    add(to, "mismatches", out->n_mismatches, 0);
}

void bench_roads_print(const bench_roads_asked *asked, const bench_roads_measured *measured) {
    row made;
    fill(&made, asked, measured);
    for (int at = 0; at < made.n; at++) {
        const column *here = &made.columns[at];
        printf("%s\"%s\": ", at ? ", " : "{", here->name);
        if (here->text)
            printf("\"%s\"", here->text);
        else
            printf("%.*f", here->n_decimals, here->number);
    }
    printf("}\n");
}

/* What fits; ROW_BYTES is ample for names of files. */
static size_t write_line(const row *made, int names, char *line) {
    size_t n = 0;
    for (int at = 0; at < made->n && n < ROW_BYTES; at++) {
        const column *here = &made->columns[at];
        size_t room = ROW_BYTES - n;
        const char *comma = at ? "," : "";
        int n_new =
            names || here->text
                ? snprintf(line + n, room, "%s%.200s", comma, names ? here->name : here->text)
                : snprintf(line + n, room, "%s%.*f", comma, here->n_decimals, here->number);
        n += (size_t)n_new;
    }
    if (n > ROW_BYTES - 1) n = ROW_BYTES - 1;
    line[n] = '\n';
    return n + 1;
}

kerb_status bench_roads_append(const char *path, const bench_roads_asked *asked,
                               const bench_roads_measured *measured, kerb_error *err) {
    row made;
    char *before = NULL, head[ROW_BYTES], line[ROW_BYTES];
    size_t n_before = 0;
    fill(&made, asked, measured);
    size_t n_head = write_line(&made, 1, head), n_line = write_line(&made, 0, line);
    if (ki_file_read(&before, &n_before, path, MAX_CSV_BYTES, NULL) != KERB_OK) before = NULL;
    if (before && (n_before < n_head || memcmp(before, head, n_head) != 0)) {
        ki_free(before);
        return ki_fail(err, KERB_BAD_INPUT, "%s, line 1: other columns, expected %.*s", path,
                       (int)n_head - 1, head);
    }
    size_t n_kept = before ? n_before : n_head;
    char *whole = ki_alloc(n_kept + n_line);
    kerb_status status = KERB_OK;
    if (whole) {
        memcpy(whole, before ? before : head, n_kept);
        memcpy(whole + n_kept, line, n_line);
        status = ki_file_write(path, whole, n_kept + n_line, err);
    } else {
        status = ki_fail_no_memory(err, path);
    }
    ki_free(before);
    ki_free(whole);
    return status;
}
