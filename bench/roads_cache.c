/* SPDX-License-Identifier: GPL-3.0-or-later
 * roads_cache.c - kerbside-bench roads EXTRACT --cache yes: what a road cache costs to make and to
 * open, against what it saves, as one JSON line and, with -o, as a CSV file. CPU time; of opening
 * the median of several, the files warm. */
#define _POSIX_C_SOURCE 200809L
#include "io/roads_cache.h"
#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "base/sort.h"
#include "base/text.h"
#include "bench.h"
#include "bench/truck.h"
#include "road/hierarchy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { N_OPENED = 21, MAX_EXTRACT_BYTES = 1 << 30 };

typedef struct measured {
    double load_s, hierarchy_s; /* without a cache */
    double write_s, size_mb;
    double open_ms[N_OPENED];      /* roads: extract named, head and base graph checked */
    double hierarchy_ms[N_OPENED]; /* named, found and checked */
    double digest_ms, sha256_ms;   /* of the extract's bytes */
} measured;

static double since_ms(double begun_s) {
    return 1000 * (ki_clock_cpu_s() - begun_s);
}

static double median(double values[N_OPENED]) {
    qsort(values, N_OPENED, sizeof *values, ki_compare_doubles);
    return values[N_OPENED / 2];
}

static kerb_status make(const char *extract, const char *cache, measured *out, kerb_error *err) {
    kerb_roads *roads;
    ki_profile *profile = NULL;
    const ki_hierarchy *hierarchy;
    double begun = ki_clock_cpu_s();
    KI_TRY(kerb_roads_load(&roads, extract, err));
    out->load_s = since_ms(begun) / 1000;
    kerb_status status = ki_profile_build(&profile, roads->graph, &bench_truck, NULL, err);
    begun = ki_clock_cpu_s();
    if (status == KERB_OK) status = ki_profile_hierarchy(&hierarchy, profile, err);
    out->hierarchy_s = since_ms(begun) / 1000;
    begun = ki_clock_cpu_s();
    if (status == KERB_OK)
        status = ki_roads_cache_write(roads, (const ki_profile *const *)&profile, 1, cache, err);
    out->write_s = since_ms(begun) / 1000;
    ki_profile_free(profile);
    kerb_roads_free(roads);
    return status;
}

static kerb_status open_once(const char *extract, const char *cache, double *open_ms,
                             double *hierarchy_ms, kerb_error *err) {
    kerb_roads *roads;
    ki_profile *profile;
    const ki_hierarchy *hierarchy;
    double begun = ki_clock_cpu_s();
    KI_TRY(kerb_roads_load_cached(&roads, extract, cache, err));
    *open_ms = since_ms(begun);
    kerb_status status = ki_profile_build(&profile, roads->graph, &bench_truck, NULL, err);
    if (status == KERB_OK) {
        begun = ki_clock_cpu_s();
        status = ki_profile_hierarchy(&hierarchy, profile, err);
        *hierarchy_ms = since_ms(begun);
        if (status == KERB_OK && !hierarchy->is_stored)
            status = ki_fail(err, KERB_INTERNAL, "%s: its hierarchy was not found", cache);
        ki_profile_free(profile);
    }
    kerb_roads_free(roads);
    return status;
}

static kerb_status name_extract(const char *extract, measured *out, kerb_error *err) {
    ki_digest digest;
    char *bytes, hex[65];
    size_t n_bytes;
    double begun = ki_clock_cpu_s();
    KI_TRY(ki_file_digest(&digest, extract, err));
    out->digest_ms = since_ms(begun);
    KI_TRY(ki_file_read(&bytes, &n_bytes, extract, MAX_EXTRACT_BYTES, err));
    begun = ki_clock_cpu_s();
    ki_sha256_hex(bytes, n_bytes, hex);
    out->sha256_ms = since_ms(begun);
    ki_free(bytes);
    return KERB_OK;
}

static kerb_status measure(const char *extract, const char *cache, measured *out, kerb_error *err) {
    ki_mapping mapping;
    KI_TRY(make(extract, cache, out, err));
    KI_TRY(ki_file_map(&mapping, cache, err));
    out->size_mb = (double)mapping.n_bytes / 1e6;
    ki_file_unmap(&mapping);
    for (int at = 0; at < N_OPENED; at++)
        KI_TRY(open_once(extract, cache, &out->open_ms[at], &out->hierarchy_ms[at], err));
    return name_extract(extract, out, err);
}

static kerb_status write_row(const char *path, const char *extract, measured *out,
                             kerb_error *err) {
    char text[1024];
    const char *slash = strrchr(extract, '/');
    int n = snprintf(text, sizeof text,
                     "extract,load_s,hierarchy_s,cache_write_s,cache_mb,cache_open_ms,"
                     "hierarchy_open_ms,digest_ms,sha256_ms\n"
                     "%.200s,%.3f,%.3f,%.3f,%.1f,%.2f,%.2f,%.2f,%.2f\n",
                     slash ? slash + 1 : extract, out->load_s, out->hierarchy_s, out->write_s,
                     out->size_mb, median(out->open_ms), median(out->hierarchy_ms), out->digest_ms,
                     out->sha256_ms);
    return ki_file_write(path, text, (size_t)n, err);
}

int bench_roads_cache(const char *extract, const char *csv) {
    char cache[64];
    kerb_error err = {0};
    measured out = {0};
    snprintf(cache, sizeof cache, "/tmp/kerbside_bench_%ld.roads", (long)getpid());
    kerb_status status = measure(extract, cache, &out, &err);
    remove(cache);
    if (status == KERB_OK)
        printf("{\"load_s\": %.3f, \"hierarchy_s\": %.3f, \"cache_write_s\": %.3f, "
               "\"cache_mb\": %.1f, \"cache_open_ms\": %.2f, \"hierarchy_open_ms\": %.2f, "
               "\"digest_ms\": %.2f, \"sha256_ms\": %.2f}\n",
               out.load_s, out.hierarchy_s, out.write_s, out.size_mb, median(out.open_ms),
               median(out.hierarchy_ms), out.digest_ms, out.sha256_ms);
    if (status == KERB_OK && csv) status = write_row(csv, extract, &out, &err);
    return status == KERB_OK ? 0 : bench_report(&err);
}
