/* SPDX-License-Identifier: GPL-3.0-or-later
 * districts.c - kerbside-bench districts: the named set of city districts, with a manifest.
 *
 *   OUT/manifest.csv                a row a district: what it was made from, and three hashes
 *   OUT/SHA256SUMS                  every file of every district, for sha256sum -c
 *   OUT/extracts/X                  links to the extracts
 *   OUT/roads/X.roads               their roads, ready for use; not part of the set
 *   OUT/X-n500-s2/district.yaml ... the tables, and cvrp.vrp, vrptw.txt, carp.dat
 *
 * files_sha256 depends on the extract, the generator and what the road engine lets a truck use;
 * travel_sha256 on the engine's times and lengths; variants_sha256 on both. --check says which of
 * them differs from a manifest. */
#define _XOPEN_SOURCE 700
#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "bench.h"
#include "bench/csv.h"
#include "bench/district_made.h"
#include "bench/district_params.h"
#include "bench/instance.h"
#include "bench/out.h"
#include "bench/sealed_input.h"
#include "bench/variants.h"
#include "model/draft.h"
#include "model/model.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST_EXTRACTS = 64, MOST_NUMBERS = 16, NAME_BYTES = 128, KERB_M_PER_BIN = 50 };

static const char HEADER[] =
    "set,district,extract,extract_sha256,bins,kerb_km,seed,sites,kerbs,tasks,musts,generator,"
    "engine,files_sha256,travel_sha256,variants_sha256\n";
static const char *const HASHES[] = {"files_sha256", "travel_sha256", "variants_sha256"};
enum { N_HASHES = sizeof HASHES / sizeof HASHES[0] };
static const char *const TABLES[] = {"district.yaml", "sites.csv", "containers.csv", "reports.csv",
                                     "kerbs.csv"};
enum { N_TABLES = sizeof TABLES / sizeof TABLES[0] };

typedef struct set_maker {
    const char *folder, *only;
    char *extracts[MOST_EXTRACTS]; /* paths */
    int n_extracts;
    double sizes[MOST_NUMBERS], seeds[MOST_NUMBERS];
    int n_sizes, n_seeds;
    bench_csv reference; /* --check */
    ki_text manifest, sums;
    int n_made, n_different;
} set_maker;

typedef struct entry {                       /* one district of the set */
    const char *extract;                     /* path */
    char stem[NAME_BYTES], file[NAME_BYTES]; /* guixi, guixi.osm.pbf */
    char name[NAME_BYTES + 64];
    char folder[PATH_MAX];
    char extract_sha256[65], hash[N_HASHES][65];
    int32_t bins;
    uint64_t seed;
    district_counts made;
    int32_t n_tasks, n_musts;
} entry;

/* ---- hashes ---------------------------------------------------------------------------------- */

/* The hash of the lines that sha256sum prints for the files, which also join the set's own. */
static kerb_status hash_files(set_maker *set, entry *at, int which, const char *const *names,
                              int n_names, kerb_error *err) {
    ki_text lines = {0};
    kerb_status status = KERB_OK;
    for (int name = 0; status == KERB_OK && name < n_names; name++) {
        char path[PATH_MAX + 64];
        size_t before = lines.length;
        snprintf(path, sizeof path, "%s/%s", at->folder, names[name]);
        if (access(path, F_OK) != 0) continue; /* no kerbs: no such table */
        status = bench_hash_file(&lines, at->folder, names[name], err);
        if (status == KERB_OK && !lines.failed)
            ki_text_add(&set->sums, "%.64s  %s/%s\n", lines.bytes + before, at->name, names[name]);
    }
    if (status == KERB_OK && lines.failed) status = ki_fail_no_memory(err, at->name);
    if (status == KERB_OK) ki_sha256_hex(lines.bytes, lines.length, at->hash[which]);
    ki_text_free(&lines);
    return status;
}

/* ---- one district ---------------------------------------------------------------------------- */

static kerb_status make_tables(entry *at, const kerb_roads *roads, kerb_error *err) {
    char link[NAME_BYTES + 32], cache[NAME_BYTES + 32];
    snprintf(link, sizeof link, "../extracts/%s", at->file);
    snprintf(cache, sizeof cache, "../roads/%s.roads", at->stem);
    district_order order = {.bins = at->bins,
                            .kerb_km = at->bins * KERB_M_PER_BIN * 1e-3,
                            .days = 28,
                            .seed = at->seed,
                            .extract_name = link,
                            .cache_name = cache,
                            .roads = roads};
    return district_make(&at->made, at->extract, &order, at->folder, err);
}

static kerb_status describe(set_maker *set, entry *at, kerb_error *err) {
    char path[PATH_MAX + 64];
    sealed_input in;
    variant_counts variants;
    snprintf(path, sizeof path, "%s/district.yaml", at->folder);
    KI_TRY(sealed_input_load(&in, path, NULL, err));
    const ki_model *model = in.model->sealed;
    at->n_tasks = model->n_tasks;
    for (int32_t task = 0; task < model->n_tasks; task++)
        at->n_musts += model->tasks[task].must;
    sealed_input_hash_travel(at->hash[1], &in);
    kerb_status status = bench_variants_write(&variants, model, at->name, at->folder, err);
    sealed_input_free(&in);
    if (status == KERB_OK) status = hash_files(set, at, 0, TABLES, N_TABLES, err);
    if (status == KERB_OK) status = hash_files(set, at, 2, bench_variant_files, 3, err);
    return status;
}

static void compare_with_reference(set_maker *set, const entry *at) {
    const bench_csv *reference = &set->reference;
    int row = 0;
    while (row < reference->n_rows &&
           strcmp(bench_csv_cell(reference, row, "district"), at->name) != 0)
        row++;
    int known = row < reference->n_rows, same = known;
    if (reference->n_names && !known) printf("%s: not in the manifest\n", at->name);
    for (int hash = 0; known && hash < N_HASHES; hash++)
        if (strcmp(bench_csv_cell(reference, row, HASHES[hash]), at->hash[hash]) != 0) {
            same = 0;
            printf("%s: %s differs: %s, expected %s (generator %s, engine %s)\n", at->name,
                   HASHES[hash], at->hash[hash], bench_csv_cell(reference, row, HASHES[hash]),
                   bench_csv_cell(reference, row, "generator"),
                   bench_csv_cell(reference, row, "engine"));
        }
    set->n_different += reference->n_names && !same;
}

static void add_row(set_maker *set, const entry *at) {
    ki_text_add(&set->manifest, "%s,%s,%s,%s,%d,%.1f,%llu,%d,%d,%d,%d,%s,%s,%s,%s,%s\n",
                BENCH_SET_NAME, at->name, at->file, at->extract_sha256, at->bins, at->made.kerb_km,
                (unsigned long long)at->seed, at->made.n_sites, at->made.n_kerbs, at->n_tasks,
                at->n_musts, DISTRICT_GENERATOR_VERSION, KERB_VERSION, at->hash[0], at->hash[1],
                at->hash[2]);
}

static kerb_status make_entry(set_maker *set, entry *at, const kerb_roads *roads, kerb_error *err) {
    double started_s = ki_clock_cpu_s();
    at->n_tasks = at->n_musts = 0;
    snprintf(at->name, sizeof at->name, "%s-n%d-s%llu", at->stem, at->bins,
             (unsigned long long)at->seed);
    if (set->only && strcmp(set->only, at->name) != 0) return KERB_OK;
    int length = snprintf(at->folder, sizeof at->folder, "%s/%s", set->folder, at->name);
    if (length < 0 || (size_t)length >= sizeof at->folder)
        return ki_fail(err, KERB_IO, "%s: path too long", set->folder);
    KI_TRY(make_tables(at, roads, err));
    KI_TRY(describe(set, at, err));
    add_row(set, at);
    compare_with_reference(set, at);
    set->n_made++;
    fprintf(stderr, "%-28s %5d tasks %5d musts %6.2f CPU s\n", at->name, at->n_tasks, at->n_musts,
            ki_clock_cpu_s() - started_s);
    return KERB_OK;
}

/* ---- one extract ----------------------------------------------------------------------------- */

/* porto.osm.pbf: porto. The id goes into names of files and columns, so it stays plain. */
static kerb_status name_extract(entry *at, kerb_error *err) {
    const char *slash = strrchr(at->extract, '/'), *file = slash ? slash + 1 : at->extract;
    size_t length = strcspn(file, ".");
    if (length == 0 || strlen(file) >= NAME_BYTES || strpbrk(file, ",\"\n\\ "))
        return ki_fail(err, KERB_BAD_INPUT,
                       "%s: expected a file name without blanks, commas and quotes", at->extract);
    snprintf(at->file, sizeof at->file, "%s", file);
    snprintf(at->stem, sizeof at->stem, "%.*s", (int)length, file);
    return KERB_OK;
}

static kerb_status link_extract(const set_maker *set, const entry *at, kerb_error *err) {
    char absolute[PATH_MAX], link[PATH_MAX];
    if (!realpath(at->extract, absolute))
        return ki_fail(err, KERB_IO, "%s: no such file", at->extract);
    int length = snprintf(link, sizeof link, "%s/extracts/%s", set->folder, at->file);
    if (length < 0 || (size_t)length >= sizeof link)
        return ki_fail(err, KERB_IO, "%s: path too long", set->folder);
    if (access(link, F_OK) == 0) return KERB_OK; /* there is one, or a copy: its hash will tell */
    return symlink(absolute, link) == 0 ? KERB_OK
                                        : ki_fail(err, KERB_IO, "%s: cannot be linked", link);
}

static kerb_status make_for_extract(set_maker *set, const char *extract, kerb_error *err) {
    entry at = {.extract = extract};
    ki_text line = {0};
    char folder[PATH_MAX];
    kerb_roads *roads = NULL;
    KI_TRY(name_extract(&at, err));
    KI_TRY(link_extract(set, &at, err));
    snprintf(folder, sizeof folder, "%.3800s/extracts", set->folder);
    KI_TRY(bench_hash_file(&line, folder, at.file, err));
    if (!line.failed) snprintf(at.extract_sha256, sizeof at.extract_sha256, "%.64s", line.bytes);
    ki_text_free(&line);
    kerb_status status = kerb_roads_load(&roads, extract, err);
    for (int size = 0; status == KERB_OK && size < set->n_sizes; size++)
        for (int seed = 0; status == KERB_OK && seed < set->n_seeds; seed++) {
            at.bins = (int32_t)set->sizes[size];
            at.seed = (uint64_t)set->seeds[seed];
            status = make_entry(set, &at, roads, err);
        }
    kerb_roads_free(roads);
    return status;
}

/* ---- the set --------------------------------------------------------------------------------- */

static int by_name(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static int is_extract(const char *name) {
    return strstr(name, ".osm") != NULL && name[0] != '.';
}

static kerb_status list_folder(set_maker *set, const char *data, kerb_error *err) {
    char folder[PATH_MAX];
    snprintf(folder, sizeof folder, "%.3800s/osm", data);
    DIR *open = opendir(folder);
    if (!open) return ki_fail(err, KERB_IO, "%s: no such folder", folder);
    for (struct dirent *file; set->n_extracts < MOST_EXTRACTS && (file = readdir(open));) {
        if (!is_extract(file->d_name)) continue;
        ki_text path = {0};
        ki_text_add(&path, "%s/%s", folder, file->d_name);
        if (!path.failed) set->extracts[set->n_extracts++] = path.bytes;
    }
    closedir(open);
    qsort(set->extracts, (size_t)set->n_extracts, sizeof *set->extracts, by_name);
    return set->n_extracts ? KERB_OK : ki_fail(err, KERB_BAD_INPUT, "%s: no extract", folder);
}

static kerb_status list_operands(set_maker *set, int argc, char **argv, kerb_error *err) {
    for (const char *path; (path = bench_operand(argc, argv, set->n_extracts));) {
        if (set->n_extracts == MOST_EXTRACTS)
            return ki_fail(err, KERB_BAD_CALL, "%d extracts at most", MOST_EXTRACTS);
        char *copy = ki_strdup(path);
        if (!copy) return ki_fail_no_memory(err, path);
        set->extracts[set->n_extracts++] = copy;
    }
    return KERB_OK;
}

static kerb_status make_set(set_maker *set, int argc, char **argv, kerb_error *err) {
    const char *data = bench_option(argc, argv, "--data"), *check;
    char folder[PATH_MAX];
    if (!data) data = getenv("KERBSIDE_DATA");
    if ((check = bench_option(argc, argv, "--check")))
        KI_TRY(bench_csv_read(&set->reference, check, ',', err));
    KI_TRY(list_operands(set, argc, argv, err));
    if (set->n_extracts == 0) KI_TRY(list_folder(set, data ? data : "../shared/data", err));
    static const char *const folders[] = {"extracts", "roads"};
    for (int at = 0; at < 2; at++) {
        snprintf(folder, sizeof folder, "%.3800s/%s", set->folder, folders[at]);
        bench_make_folders(folder);
    }
    ki_text_add(&set->manifest, "%s", HEADER);
    for (int extract = 0; extract < set->n_extracts; extract++)
        KI_TRY(make_for_extract(set, set->extracts[extract], err));
    KI_TRY(bench_write_text(set->folder, "manifest.csv", &set->manifest, err));
    return bench_write_text(set->folder, "SHA256SUMS", &set->sums, err);
}

static void free_set(set_maker *set) {
    for (int extract = 0; extract < set->n_extracts; extract++)
        ki_free(set->extracts[extract]);
    bench_csv_free(&set->reference);
    ki_text_free(&set->manifest);
    ki_text_free(&set->sums);
}

int bench_districts(int argc, char **argv) {
    set_maker set = {.folder = bench_option(argc, argv, "-o"),
                     .only = bench_option(argc, argv, "--only")};
    const char *sizes = bench_option(argc, argv, "--sizes"),
               *seeds = bench_option(argc, argv, "--seeds");
    set.n_sizes = instance_numbers(sizes ? sizes : "100,200,500,1000", set.sizes, MOST_NUMBERS);
    set.n_seeds = instance_numbers(seeds ? seeds : "1,2,3", set.seeds, MOST_NUMBERS);
    int wrong = !set.folder || !set.n_sizes || !set.n_seeds;
    for (int size = 0; size < set.n_sizes; size++)
        wrong |= !(set.sizes[size] >= 1 && set.sizes[size] <= 50000);
    for (int seed = 0; seed < set.n_seeds; seed++)
        wrong |= !(set.seeds[seed] >= 0 && set.seeds[seed] <= 1e15);
    if (wrong) {
        fprintf(stderr, "usage: kerbside-bench districts [EXTRACT ...] [--data DIR] [--sizes "
                        "100,200,500,1000] [--seeds 1,2,3]\n"
                        "       [--only NAME] [--check manifest.csv] -o DIR\n");
        return 2;
    }
    kerb_error err = {0};
    kerb_status status = make_set(&set, argc, argv, &err);
    if (status == KERB_OK) fprintf(stderr, "%d districts in %s\n", set.n_made, set.folder);
    int code = status != KERB_OK ? bench_report(&err) : set.n_different ? 1 : 0;
    free_set(&set);
    return code;
}
