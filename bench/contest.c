/* SPDX-License-Identifier: GPL-3.0-or-later
 * contest.c - kerbside-bench contest: methods on districts, each run a row. bench/README.md is the
 * protocol.
 *
 *   district ─► export ─► COMMAND, a process of its own with a limit of CPU seconds
 *                            └─► solution.csv ─► judged by the rules of evaluate ─► a row
 *                            └─► trace.csv: believed only if its last value is what we judged
 *
 * A row that is there already is not run again, so a contest that was stopped goes on. */
#define _XOPEN_SOURCE 700
#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "bench.h"
#include "bench/csv.h"
#include "bench/export.h"
#include "bench/foreign_plan.h"
#include "bench/instance.h"
#include "bench/out.h"
#include "bench/sealed_input.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { MOST_CONTESTANTS = 16, MOST_SEEDS = 64, MOST_POINTS = 200 };

static const char COLUMNS[] = "district,method,seed,budget_s,cpu_s,cost,feasible,violations,"
                              "left_out,musts_left_out,km,hours,lower,trace,fault,version\n";

typedef struct contestant {
    char name[64];
    const char *command; /* NULL: our own search */
} contestant;

typedef struct contest {
    const char *out, *keep; /* folder for the best solution of each district; NULL: not kept */
    char work[PATH_MAX], self[PATH_MAX];
    contestant contestants[MOST_CONTESTANTS];
    int n_contestants;
    double seeds[MOST_SEEDS];
    int n_seeds;
    double budget_s, grace_s;
    bench_csv done;
    ki_text rows;
    int n_run;
} contest;

typedef struct entry { /* one district */
    const char *path;
    char name[128], folder[PATH_MAX]; /* of the export */
    sealed_input in;
    int is_open;
    double best; /* the least valid cost so far; NAN: none */
} entry;

typedef struct run {
    double cpu_s, lower;
    foreign_verdict verdict;
    char fault[128]; /* "": there is a verdict */
    ki_text trace;   /* "cpu_s:cost ..." */
} run;

/* ---- the command ----------------------------------------------------------------------------- */

/* A word for the shell. */
static void add_word(ki_text *out, const char *word) {
    ki_text_add(out, "'");
    for (; *word; word++)
        ki_text_add(out, *word == '\'' ? "'\\''" : "%c", *word);
    ki_text_add(out, "'");
}

static void add_path(ki_text *out, const contest *at, const char *name) {
    ki_text path = {0};
    ki_text_add(&path, "%s/%s", at->work, name);
    if (path.bytes) add_word(out, path.bytes);
    ki_text_free(&path);
}

static void add_filled(ki_text *out, const contest *at, const entry *district, double seed,
                       const char *command) {
    static const char *const names[] = {"{folder}",   "{district}", "{seconds}",
                                        "{solution}", "{trace}",    "{seed}"};
    for (const char *byte = command; *byte;) {
        int name = 0;
        while (name < 6 && strncmp(byte, names[name], strlen(names[name])) != 0)
            name++;
        switch (name) {
        case 0: add_word(out, district->folder); break;
        case 1: add_word(out, district->path); break;
        case 2: ki_text_add(out, "%g", at->budget_s); break;
        case 3: add_path(out, at, "solution.csv"); break;
        case 4: add_path(out, at, "trace.csv"); break;
        case 5: ki_text_add(out, "%.0f", seed); break;
        default: ki_text_add(out, "%c", *byte++); continue;
        }
        byte += strlen(names[name]);
    }
}

/* CPU seconds of each process are limited by the shell, wall time of all by timeout. */
static kerb_status make_command(ki_text *out, const contest *at, const entry *district,
                                const contestant *by, double seed, kerb_error *err) {
    ki_text inner = {0};
    double limit_s = ceil(at->budget_s + at->grace_s);
    ki_text_add(&inner, "ulimit -t %.0f; ", limit_s);
    if (!by->command) add_word(&inner, at->self);
    add_filled(&inner, at, district, seed,
               by->command ? by->command
                           : " solve {district} --time {seconds} --seed {seed} --trace {trace} -o "
                             "{solution}");
    ki_text_add(out, "rm -f ");
    add_path(out, at, "solution.csv");
    ki_text_add(out, " ");
    add_path(out, at, "trace.csv");
    ki_text_add(out, "; exec timeout -k 5 %.0f sh -c ", 10 * limit_s + 60);
    if (inner.bytes) add_word(out, inner.bytes);
    ki_text_add(out, " >");
    add_path(out, at, "log.txt");
    ki_text_add(out, " 2>&1 </dev/null");
    int failed = inner.failed || out->failed;
    ki_text_free(&inner);
    return failed ? ki_fail_no_memory(err, by->name) : KERB_OK;
}

static double children_cpu_s(void) {
    struct rusage use;
    getrusage(RUSAGE_CHILDREN, &use);
    return (double)(use.ru_utime.tv_sec + use.ru_stime.tv_sec) +
           1e-6 * (double)(use.ru_utime.tv_usec + use.ru_stime.tv_usec);
}

/* ---- what came of it ------------------------------------------------------------------------- */

/* Thins out what improves often: the first and the last points stay. */
static void add_points(run *of, const bench_csv *trace) {
    int n = trace->n_rows, step = (n + MOST_POINTS - 1) / MOST_POINTS;
    for (int row = 0; row < n; row++) {
        if (step > 1 && row % step && row + 1 < n) continue;
        double cpu_s = bench_csv_number(trace, row, "cpu_s");
        double primal = bench_csv_number(trace, row, "primal");
        if (!isnan(cpu_s) && !isnan(primal))
            ki_text_add(&of->trace, "%s%.3f:%.6f", of->trace.length ? " " : "", cpu_s, primal);
    }
}

/* A trace that ends elsewhere than at the judged cost is a claim, and left out. */
static void read_trace(run *of, const char *path) {
    bench_csv trace;
    double cost = (double)of->verdict.cost_nano * 1e-9;
    if (bench_csv_read(&trace, path, ',', NULL) == KERB_OK && trace.n_rows > 0) {
        int last = trace.n_rows - 1;
        double primal = bench_csv_number(&trace, last, "primal");
        of->lower = bench_csv_number(&trace, last, "dual");
        if (fabs(primal - cost) <= 1e-6 * fmax(1, fabs(cost))) add_points(of, &trace);
    }
    bench_csv_free(&trace);
}

static void keep_fault(run *of, const contest *at, const char *text) {
    size_t length = strlen(at->work);
    if (strncmp(text, at->work, length) == 0 && text[length] == '/') text += length + 1;
    snprintf(of->fault, sizeof of->fault, "%.100s", text);
    for (char *byte = of->fault; *byte; byte++)
        if (strchr(",\n\"", *byte)) *byte = ';';
}

static kerb_status judge(run *of, const contest *at, const entry *district, kerb_error *err) {
    char path[PATH_MAX + 32];
    foreign_plan plan;
    ki_text report = {0};
    kerb_error why = {0};
    snprintf(path, sizeof path, "%s/solution.csv", at->work);
    if (access(path, F_OK) != 0) {
        keep_fault(of, at, "no solution");
        return KERB_OK;
    }
    kerb_status status = foreign_plan_read(&plan, district->in.model, path, &why);
    if (status == KERB_OK) status = foreign_plan_judge(&plan, &of->verdict, &report, NULL, &why);
    foreign_plan_free(&plan);
    if (status == KERB_NO_MEMORY) {
        if (err) *err = why;
    } else if (status != KERB_OK) {
        keep_fault(of, at, why.message);
        status = KERB_OK;
    } else if (of->verdict.n_violations) {
        keep_fault(of, at, report.bytes ? report.bytes : "violations");
    }
    ki_text_free(&report);
    snprintf(path, sizeof path, "%s/trace.csv", at->work);
    if (status == KERB_OK && !*of->fault) read_trace(of, path);
    return status;
}

static void add_row(contest *at, const entry *district, const contestant *by, double seed,
                    const run *of) {
    ki_text *out = &at->rows;
    const foreign_verdict *verdict = &of->verdict;
    ki_text_add(out, "%s,%s,%.0f,%g,%.2f,", district->name, by->name, seed, at->budget_s,
                of->cpu_s);
    if (*of->fault)
        ki_text_add(out, ",no,%zu,,,,,,,%s,%s\n", verdict->n_violations, of->fault, KERB_VERSION);
    else {
        ki_text_add(out, "%.6f,yes,0,%d,%d,%.3f,%.3f,", (double)verdict->cost_nano * 1e-9,
                    verdict->n_left_out, verdict->n_musts_left_out,
                    (double)verdict->length_mm * 1e-6, (double)verdict->spell_ms / 3.6e6);
        if (!isnan(of->lower)) ki_text_add(out, "%.6f", of->lower);
        ki_text_add(out, ",%s,,%s\n", of->trace.bytes ? of->trace.bytes : "", KERB_VERSION);
    }
}

/* ---- all the runs ---------------------------------------------------------------------------- */

static double best_until_now(const contest *at, const char *district) {
    double least = NAN;
    for (int row = 0; row < at->done.n_rows; row++)
        if (strcmp(bench_csv_cell(&at->done, row, "district"), district) == 0)
            least = fmin(least, bench_csv_number(&at->done, row, "cost"));
    return least;
}

static kerb_status keep_if_best(const contest *at, entry *district, const run *of,
                                kerb_error *err) {
    char path[PATH_MAX + 32], name[160], *bytes;
    size_t n_bytes;
    double cost = (double)of->verdict.cost_nano * 1e-9;
    if (!at->keep || *of->fault || cost >= district->best) return KERB_OK;
    district->best = cost;
    snprintf(path, sizeof path, "%s/solution.csv", at->work);
    snprintf(name, sizeof name, "%s.csv", district->name);
    bench_make_folders(at->keep);
    KI_TRY(ki_file_read(&bytes, &n_bytes, path, (size_t)1 << 28, err));
    kerb_status status = bench_write_bytes(at->keep, name, bytes, n_bytes, err);
    ki_free(bytes);
    return status;
}

static int is_done(const contest *at, const char *district, const char *method, double seed) {
    for (int row = 0; row < at->done.n_rows; row++)
        if (strcmp(bench_csv_cell(&at->done, row, "district"), district) == 0 &&
            strcmp(bench_csv_cell(&at->done, row, "method"), method) == 0 &&
            bench_csv_number(&at->done, row, "seed") == seed &&
            bench_csv_number(&at->done, row, "budget_s") == at->budget_s)
            return 1;
    return 0;
}

/* Read and exported when the first run needs it. */
static kerb_status open_district(contest *at, entry *district, kerb_error *err) {
    if (district->is_open) return KERB_OK;
    int length =
        snprintf(district->folder, sizeof district->folder, "%s/%s", at->work, district->name);
    if (length < 0 || (size_t)length >= sizeof district->folder)
        return ki_fail(err, KERB_IO, "%s: path too long", at->work);
    KI_TRY(sealed_input_load(&district->in, district->path, NULL, err));
    district->is_open = 1;
    bench_make_folders(district->folder);
    return bench_export_all(district->in.model, district->folder, err);
}

static kerb_status run_one(contest *at, entry *district, const contestant *by, double seed,
                           kerb_error *err) {
    ki_text command = {0};
    run of = {.lower = NAN};
    KI_TRY(open_district(at, district, err));
    kerb_status status = make_command(&command, at, district, by, seed, err);
    if (status == KERB_OK) {
        double before_s = children_cpu_s();
        fflush(NULL);
        int code = system(command.bytes);
        of.cpu_s = children_cpu_s() - before_s;
        status = judge(&of, at, district, err);
        if (status == KERB_OK) status = keep_if_best(at, district, &of, err);
        if (status == KERB_OK) add_row(at, district, by, seed, &of);
        if (at->rows.failed) status = ki_fail_no_memory(err, at->out);
        if (status == KERB_OK)
            status = ki_file_write(at->out, at->rows.bytes, at->rows.length, err);
        fprintf(stderr, "%-28s %-16s seed %.0f %8.2f s  cost %.2f  %s%s\n", district->name,
                by->name, seed, of.cpu_s, (double)of.verdict.cost_nano * 1e-9, of.fault,
                code ? " (the command failed)" : "");
        at->n_run++;
    }
    ki_text_free(&command);
    ki_text_free(&of.trace);
    return status;
}

/* set/guixi-n100-s1/district.yaml: guixi-n100-s1; else the name of the file. */
static void name_district(entry *district) {
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s", district->path);
    char *slash = strrchr(path, '/');
    if (slash && strcmp(slash, "/district.yaml") == 0) *slash = '\0';
    slash = strrchr(path, '/');
    snprintf(district->name, sizeof district->name, "%.100s", slash ? slash + 1 : path);
    for (char *byte = district->name; *byte; byte++)
        if (*byte == ',' || *byte == '"') *byte = '_';
}

static kerb_status run_district(contest *at, const char *path, kerb_error *err) {
    entry district = {.path = path};
    kerb_status status = KERB_OK;
    name_district(&district);
    district.best = best_until_now(at, district.name);
    for (int seed = 0; status == KERB_OK && seed < at->n_seeds; seed++)
        for (int by = 0; status == KERB_OK && by < at->n_contestants; by++)
            if (!is_done(at, district.name, at->contestants[by].name, at->seeds[seed]))
                status = run_one(at, &district, &at->contestants[by], at->seeds[seed], err);
    if (district.is_open) sealed_input_free(&district.in);
    return status;
}

/* ---- the verb -------------------------------------------------------------------------------- */

static int read_contestants(contest *at, int argc, char **argv) {
    for (int word = 0; word + 1 < argc; word++) {
        if (strcmp(argv[word], "--contestant") != 0) continue;
        if (at->n_contestants == MOST_CONTESTANTS) return -1;
        contestant *by = &at->contestants[at->n_contestants++];
        const char *equals = strchr(argv[word + 1], '=');
        size_t length = equals ? (size_t)(equals - argv[word + 1]) : strlen(argv[word + 1]);
        if (length == 0 || length >= sizeof by->name) return -1;
        memcpy(by->name, argv[word + 1], length);
        if (strpbrk(by->name, ",\" ")) return -1;
        by->command = equals ? equals + 1 : NULL;
        if (!equals && strcmp(by->name, "kerbside") != 0) return -1;
    }
    return at->n_contestants ? 0 : -1;
}

static int read_options(contest *at, int argc, char **argv) {
    int failed = 0;
    const char *seeds = bench_option(argc, argv, "--seeds"),
               *work = bench_option(argc, argv, "--work");
    at->out = bench_option(argc, argv, "-o");
    at->keep = bench_option(argc, argv, "--keep");
    at->budget_s = bench_number(argc, argv, "--time", 60, 0.1, 1e6, &failed);
    at->grace_s = bench_number(argc, argv, "--grace", 30, 0, 1e6, &failed);
    at->n_seeds = instance_numbers(seeds ? seeds : "1,2,3,4,5,6,7,8,9,10", at->seeds, MOST_SEEDS);
    if (failed || !at->out || !at->n_seeds || read_contestants(at, argc, argv) ||
        !bench_operand(argc, argv, 0))
        return -1;
    if (work)
        snprintf(at->work, sizeof at->work, "%.3000s", work);
    else
        snprintf(at->work, sizeof at->work, "%.3000s.work", at->out);
    return 0;
}

static kerb_status run_contest(contest *at, int argc, char **argv, kerb_error *err) {
    ssize_t length = readlink("/proc/self/exe", at->self, sizeof at->self - 1);
    if (length < 0) return ki_fail(err, KERB_IO, "/proc/self/exe: cannot be read");
    at->self[length] = '\0';
    KI_TRY(bench_csv_take_up(&at->done, &at->rows, at->out, COLUMNS, err));
    bench_make_folders(at->work);
    for (int district = 0; bench_operand(argc, argv, district); district++)
        KI_TRY(run_district(at, bench_operand(argc, argv, district), err));
    return KERB_OK;
}

int bench_contest(int argc, char **argv) {
    contest at = {0};
    if (read_options(&at, argc, argv)) {
        fprintf(stderr,
                "usage: kerbside-bench contest DISTRICT.yaml ... --contestant NAME=COMMAND ...\n"
                "       [--time CPU_S] [--grace CPU_S] [--seeds 1,2,...] [--work DIR] [--keep "
                "DIR]\n       -o runs.csv\n"
                "A command may hold {folder} {district} {seconds} {seed} {solution} {trace}; the "
                "name kerbside\nneeds none.\n");
        return 2;
    }
    kerb_error err = {0};
    kerb_status status = run_contest(&at, argc, argv, &err);
    fprintf(stderr, "%d rows added to %s\n", at.n_run, at.out);
    bench_csv_free(&at.done);
    ki_text_free(&at.rows);
    return status == KERB_OK ? 0 : bench_report(&err);
}
