/* SPDX-License-Identifier: GPL-3.0-or-later
 * best.c - kerbside-bench best: the table of best known costs and proved bounds of a set.
 *
 *   bench/BEST.csv             a row a district: bounds, how each was obtained, the travel it holds
 * for bench/best/DISTRICT.csv    the solution behind an upper bound
 *
 * An upper bound counts only with its solution, judged by the rules of evaluate; a lower bound
 * cannot be judged, so its row says how to prove it again. */
#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "bench.h"
#include "bench/csv.h"
#include "bench/foreign_plan.h"
#include "bench/out.h"
#include "bench/sealed_input.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PATH_BYTES = 4096, FIELD_BYTES = 256, N_COLUMNS = 7 };

static const char *const COLUMNS[N_COLUMNS] = {"district", "upper",  "upper_by",     "lower",
                                               "lower_by", "engine", "travel_sha256"};
enum { DISTRICT, UPPER, UPPER_BY, LOWER, LOWER_BY, ENGINE, TRAVEL };

typedef struct row {
    char fields[N_COLUMNS][FIELD_BYTES];
} row;

typedef struct table {
    const char *path, *set;
    char folder[PATH_BYTES]; /* of the solutions */
    row *rows;
    size_t n_rows, capacity;
    int n_wrong;
} table;

/* ---- the table ------------------------------------------------------------------------------- */

static int is_plain(const char *text) {
    return strlen(text) < FIELD_BYTES && !strpbrk(text, ",\"\r\n");
}

static row *find_row(table *of, const char *district) {
    for (size_t at = 0; at < of->n_rows; at++)
        if (strcmp(of->rows[at].fields[DISTRICT], district) == 0) return &of->rows[at];
    return NULL;
}

static row *add_row(table *of, const char *district) {
    if (ki_grow(&of->rows, &of->capacity, of->n_rows + 1, sizeof *of->rows)) return NULL;
    row *made = &of->rows[of->n_rows++];
    *made = (row){0};
    snprintf(made->fields[DISTRICT], FIELD_BYTES, "%s", district);
    return made;
}

static kerb_status read_table(table *of, kerb_error *err) {
    bench_csv csv;
    if (access(of->path, F_OK) != 0) return KERB_OK; /* the first row makes it */
    KI_TRY(bench_csv_read(&csv, of->path, ',', err));
    kerb_status status = KERB_OK;
    if (csv.n_names == 0 || strcmp(csv.names[0], COLUMNS[0]) != 0)
        status = ki_fail(err, KERB_BAD_INPUT, "%s: first column %s, expected %s", of->path,
                         csv.n_names ? csv.names[0] : "", COLUMNS[0]);
    for (int line = 0; status == KERB_OK && line < csv.n_rows; line++) {
        row *made = add_row(of, bench_csv_cell(&csv, line, COLUMNS[DISTRICT]));
        if (!made) status = ki_fail_no_memory(err, of->path);
        for (int column = 1; made && column < N_COLUMNS; column++)
            snprintf(made->fields[column], FIELD_BYTES, "%s",
                     bench_csv_cell(&csv, line, COLUMNS[column]));
    }
    bench_csv_free(&csv);
    return status;
}

static int by_district(const void *a, const void *b) {
    return strcmp(((const row *)a)->fields[DISTRICT], ((const row *)b)->fields[DISTRICT]);
}

static kerb_status write_table(table *of, kerb_error *err) {
    ki_text out = {0};
    qsort(of->rows, of->n_rows, sizeof *of->rows, by_district);
    for (int column = 0; column < N_COLUMNS; column++)
        ki_text_add(&out, column ? ",%s" : "%s", COLUMNS[column]);
    for (size_t at = 0; at < of->n_rows; at++)
        for (int column = 0; column < N_COLUMNS; column++)
            ki_text_add(&out, column ? ",%s" : "\n%s", of->rows[at].fields[column]);
    ki_text_add(&out, "\n");
    kerb_status status = out.failed ? ki_fail_no_memory(err, of->path)
                                    : ki_file_write(of->path, out.bytes, out.length, err);
    ki_text_free(&out);
    return status;
}

/* ---- one district ---------------------------------------------------------------------------- */

static kerb_status open_district(sealed_input *in, const table *of, const char *district,
                                 kerb_error *err) {
    char path[PATH_BYTES];
    int length = snprintf(path, sizeof path, "%s/%s/district.yaml", of->set, district);
    if (length < 0 || (size_t)length >= sizeof path)
        return ki_fail(err, KERB_IO, "%s: path too long", of->set);
    return sealed_input_load(in, path, NULL, err);
}

static kerb_status judge(foreign_verdict *out, const kerb_model *model, const char *solution,
                         kerb_error *err) {
    foreign_plan plan;
    ki_text report = {0};
    kerb_status status = foreign_plan_read(&plan, model, solution, err);
    if (status == KERB_OK) status = foreign_plan_judge(&plan, out, &report, NULL, err);
    if (status == KERB_OK && report.bytes) fputs(report.bytes, stdout);
    foreign_plan_free(&plan);
    ki_text_free(&report);
    return status;
}

static void fault(table *of, const row *at, const char *what) {
    printf("%s: %s\n", at->fields[DISTRICT], what);
    of->n_wrong++;
}

static double number(const row *at, int column) {
    double value;
    return sscanf(at->fields[column], "%lf", &value) == 1 ? value : NAN;
}

static int same_cost(double a, double b) {
    return fabs(a - b) <= 1e-6 * fmax(1, fabs(b));
}

static kerb_status check_upper(table *of, const row *at, const sealed_input *in, kerb_error *err) {
    char path[PATH_BYTES];
    foreign_verdict verdict;
    snprintf(path, sizeof path, "%.3000s/%.200s.csv", of->folder, at->fields[DISTRICT]);
    if (isnan(number(at, UPPER))) return KERB_OK;
    if (access(path, F_OK) != 0) {
        fault(of, at, "an upper bound without its solution");
        return KERB_OK;
    }
    KI_TRY(judge(&verdict, in->model, path, err));
    if (verdict.n_violations)
        fault(of, at, "its solution breaks rules");
    else if (!same_cost((double)verdict.cost_nano * 1e-9, number(at, UPPER)))
        fault(of, at, "its solution does not cost what the table says");
    return KERB_OK;
}

static kerb_status check_row(table *of, const row *at, kerb_error *err) {
    sealed_input in;
    char travel[65];
    double upper = number(at, UPPER), lower = number(at, LOWER);
    int n_wrong = of->n_wrong;
    KI_TRY(open_district(&in, of, at->fields[DISTRICT], err));
    sealed_input_hash_travel(travel, &in);
    kerb_status status = KERB_OK;
    if (strcmp(travel, at->fields[TRAVEL]) != 0)
        fault(of, at, "holds for other travel: the set or the engine is another");
    else
        status = check_upper(of, at, &in, err);
    sealed_input_free(&in);
    if (lower > upper && !same_cost(lower, upper)) fault(of, at, "lower above upper");
    if (status == KERB_OK && n_wrong == of->n_wrong)
        printf("%-28s upper %12.4f lower %12.4f gap %.3f %%\n", at->fields[DISTRICT], upper, lower,
               100 * (upper - lower) / fabs(upper));
    return status;
}

/* ---- a better one ---------------------------------------------------------------------------- */

typedef struct offer {
    const char *district, *solution, *by, *lower, *lower_by;
} offer;

static kerb_status copy_solution(const table *of, const offer *in, kerb_error *err) {
    char *bytes, name[FIELD_BYTES + 8];
    size_t n_bytes;
    snprintf(name, sizeof name, "%s.csv", in->district);
    bench_make_folders(of->folder);
    KI_TRY(ki_file_read(&bytes, &n_bytes, in->solution, (size_t)1 << 28, err));
    kerb_status status = bench_write_bytes(of->folder, name, bytes, n_bytes, err);
    ki_free(bytes);
    return status;
}

static kerb_status take_upper(table *of, row *at, const offer *in, const sealed_input *district,
                              kerb_error *err) {
    foreign_verdict verdict;
    KI_TRY(judge(&verdict, district->model, in->solution, err));
    double cost = (double)verdict.cost_nano * 1e-9;
    if (verdict.n_violations) {
        fault(of, at, "the solution breaks rules");
        return KERB_OK;
    }
    if (cost >= number(at, UPPER) - 1e-9) { /* never with NAN: none known yet */
        printf("%s: %.6f is not better than %s\n", in->district, cost, at->fields[UPPER]);
        return KERB_OK;
    }
    snprintf(at->fields[UPPER], FIELD_BYTES, "%.6f", cost);
    snprintf(at->fields[UPPER_BY], FIELD_BYTES, "%s", in->by);
    snprintf(at->fields[ENGINE], FIELD_BYTES, "%s", KERB_VERSION);
    printf("%s: upper %.6f\n", in->district, cost);
    return copy_solution(of, in, err);
}

static void take_lower(table *of, row *at, const offer *in) {
    double lower;
    if (sscanf(in->lower, "%lf", &lower) != 1 || !isfinite(lower) || lower > number(at, UPPER)) {
        fault(of, at, "--lower: expected a number no higher than the upper bound");
        return;
    }
    if (lower <= number(at, LOWER)) return;
    snprintf(at->fields[LOWER], FIELD_BYTES, "%.6f", lower);
    snprintf(at->fields[LOWER_BY], FIELD_BYTES, "%s", in->lower_by);
    printf("%s: lower %.6f\n", in->district, lower);
}

/* Bounds of other travel are no bounds: such a row starts anew. */
static kerb_status take(table *of, const offer *in, kerb_error *err) {
    sealed_input district;
    char travel[65];
    KI_TRY(open_district(&district, of, in->district, err));
    sealed_input_hash_travel(travel, &district);
    row *at = find_row(of, in->district);
    if (!at) at = add_row(of, in->district);
    kerb_status status = at ? KERB_OK : ki_fail_no_memory(err, of->path);
    if (at && strcmp(at->fields[TRAVEL], travel) != 0) {
        *at = (row){0};
        snprintf(at->fields[DISTRICT], FIELD_BYTES, "%s", in->district);
        snprintf(at->fields[TRAVEL], FIELD_BYTES, "%s", travel);
    }
    if (status == KERB_OK && in->solution) status = take_upper(of, at, in, &district, err);
    sealed_input_free(&district);
    if (status == KERB_OK && in->lower) take_lower(of, at, in);
    return status == KERB_OK ? write_table(of, err) : status;
}

/* ---- the verb -------------------------------------------------------------------------------- */

static int read_offer(offer *in, int argc, char **argv) {
    *in = (offer){bench_option(argc, argv, "--district"), bench_option(argc, argv, "--solution"),
                  bench_option(argc, argv, "--by"), bench_option(argc, argv, "--lower"),
                  bench_option(argc, argv, "--lower-by")};
    if (!in->district) return in->solution || in->lower ? -1 : 0;
    if (!in->solution && !in->lower) return -1;
    if (in->solution && (!in->by || !is_plain(in->by))) return -1;
    if (in->lower && (!in->lower_by || !is_plain(in->lower_by))) return -1;
    return is_plain(in->district) && !strchr(in->district, '/') ? 0 : -1;
}

int bench_best(int argc, char **argv) {
    table of = {.path = bench_operand(argc, argv, 0), .set = bench_operand(argc, argv, 1)};
    offer in;
    if (!of.path || !of.set || read_offer(&in, argc, argv)) {
        fprintf(
            stderr,
            "usage: kerbside-bench best BEST.csv SET                    check every row\n"
            "       kerbside-bench best BEST.csv SET --district NAME [--solution CSV --by TEXT]\n"
            "       [--lower COST --lower-by TEXT]                      take what is better\n"
            "Texts without commas and quotes.\n");
        return 2;
    }
    kerb_error err = {0};
    const char *slash = strrchr(of.path, '/');
    snprintf(of.folder, sizeof of.folder, "%.*sbest", slash ? (int)(slash - of.path) + 1 : 0,
             of.path);
    kerb_status status = read_table(&of, &err);
    if (status == KERB_OK && in.district) status = take(&of, &in, &err);
    for (size_t at = 0; status == KERB_OK && !in.district && at < of.n_rows; at++)
        status = check_row(&of, &of.rows[at], &err);
    ki_free(of.rows);
    if (status != KERB_OK) return bench_report(&err);
    return of.n_wrong ? 6 : 0;
}
