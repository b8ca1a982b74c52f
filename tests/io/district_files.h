/* SPDX-License-Identifier: GPL-3.0-or-later
 * district_files.h - a small district in a folder of its own, with one thing changed. */
#ifndef TEST_DISTRICT_FILES_H
#define TEST_DISTRICT_FILES_H
#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

typedef struct file_text {
    const char *name, *text;
} file_text;

enum { YAML, SITES, CONTAINERS, REPORTS, KERBS, TONIGHT, N_FILES };

static const file_text good_files[N_FILES] = {
    {"district.yaml",
     "schema_version: 1\n"
     "district: {id: demo, name: \"Centre\"}\n"
     "extract: map.osm.gz\n"
     "coordinates: wgs84\n"
     "time_zone: Europe/Stockholm\n"
     "currency: CNY\n"
     "date: 2026-11-02\n"
     "as_of: 2026-11-02T19:30:00+01:00\n"
     "night: {start: \"20:00\", end: \"07:00\"}\n"
     "demand: {must_ratio: 0.85, may_ratio: 0.5, max_bad_ratio: 0.5}\n"
     "prices: {unserved_must: 700}\n"
     "tables:\n"
     "  sites: sites.csv\n"
     "  containers: containers.csv\n"
     "  reports: reports.csv\n"
     "  kerbs: kerbs.csv\n"
     "depots:\n"
     "  - {id: D1, name: North, lat: 57.71, lon: 11.91}\n"
     "facilities:\n"
     "  - id: T1\n"
     "    name: \"Transfer station East\"\n"
     "    kind: transfer_station\n"
     "    lat: 57.72\n"
     "    lon: 11.92\n"
     "    takes: [{stream: residual, fee_per_tonne: 95}, {stream: food, fee_per_tonne: -5}]\n"
     "    hours: [\"20:00-06:30\"]\n"
     "    bays: 2\n"
     "    water: true\n"
     "vehicle_kinds:\n"
     "  small: {use: truck, height_m: 2.9, price_used: 180, price_per_km: 2.6}\n"
     "  sweeper: {use: sweeper, sweep_speed_kmh: 8, water_l: 2000}\n"
     "vehicles:\n"
     "  - {id: V1, kind: small, compartments: [{streams: [residual, food], capacity_kg: 5000, "
     "capacity_l: 14000}]}\n"
     "  - {id: W1, kind: sweeper, compartments: [{streams: [sweepings], capacity_kg: 4000}]}\n"
     "shifts:\n"
     "  - {id: S1, vehicle: V1, crew: C1, depot: D1, start: \"21:00\", end: \"05:00\", "
     "regular_h: 7, pre_trip_min: 10, price_per_hour: 62, overtime_per_hour: 93, "
     "breaks: [{duration_min: 30, windows: [\"23:30-01:00\"], paid: yes}, "
     "{duration_min: 15, after_work_h: 4.5, at_facility: yes}]}\n"
     "  - {id: S2, vehicle: W1, depot: D1, start: \"22:00\", end: \"06:00\"}\n"},
    {"sites.csv", "site_id,name,zone,lat,lon,approach,setup_s,walk_m,windows\n"
                  "A,Torget,Z1,57.701,11.951,kerb_side,30,5,22:00-05:00;06:00-07:00\n"
                  "B,,,57.702,11.952,,,,\n"
                  "C,,,57.703,11.953,either,,,\n"},
    {"containers.csv",
     "container_id,site_id,stream,volume_l,density_kg_per_l,service_s,last_emptied,max_interval_"
     "days\n"
     "A1,A,residual,660,0.12,45,2026-10-31T22:00:00+01:00,7\n"
     "A2,A,food,240,,,,\n"
     "B1,B,residual,1100,,,2026-10-30,\n"},
    {"reports.csv", "container_id,measured,received,fill_ratio,mass_kg,source,trust,alarm\n"
                    "A1,2026-11-02T12:00:00+01:00,2026-11-02T12:00:09+01:00,0.71,,radar,0.9,\n"
                    "A1,2026-11-02T18:00:00,,0.78,,radar,0.9,\n"
                    " A2 ,2026-11-02T17:00:00Z,,,14.5,crew,,lid open\n"
                    "B1,2026-11-01T17:00:00Z,,0.3,,radar,,\n"},
    {"kerbs.csv",
     "kerb_id,name,zone,way_id,from_node,to_node,side,passes,width_m,debris_kg_per_m,water_l_per_m,"
     "grade,last_swept,due,windows\n"
     "K1,Avenyn,Z1,111,5,6,right,1,2.5,0.2,0.4,2,2026-11-01,yes,\n"
     "K2,Avenyn,Z1,111,5,6,left,,,,,,,no,\n"},
    {"tonight.yaml", "vehicles_out: [W1]\n"},
};

typedef struct test_folder {
    char path[64], file[96], tonight[96];
} test_folder;

/* Not ki_file_write: its fsync would make hundreds of small tests slow. */
static void write_in(const test_folder *folder, const char *name, const void *bytes, size_t n) {
    char path[160];
    snprintf(path, sizeof path, "%s/%s", folder->path, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, n, file), n);
    assert_int_equal(fclose(file), 0);
}

/* text with the first `old` replaced by `new`; free it. */
static char *replaced(const char *text, const char *old, const char *new) {
    const char *at = strstr(text, old);
    if (!at) fail_msg("the test's own text has no '%s'", old);
    size_t size = strlen(text) - strlen(old) + strlen(new) + 1;
    char *out = malloc(size);
    snprintf(out, size, "%.*s%s%s", (int)(at - text), text, new, at + strlen(old));
    return out;
}

static test_folder good_folder(void) {
    test_folder folder;
    snprintf(folder.path, sizeof folder.path, "/tmp/kerbside-test-XXXXXX");
    assert_non_null(mkdtemp(folder.path));
    snprintf(folder.file, sizeof folder.file, "%s/district.yaml", folder.path);
    snprintf(folder.tonight, sizeof folder.tonight, "%s/tonight.yaml", folder.path);
    for (int file = 0; file < N_FILES; file++)
        write_in(&folder, good_files[file].name, good_files[file].text,
                 strlen(good_files[file].text));
    return folder;
}

static void change(const test_folder *folder, int file, const char *old, const char *new) {
    char *text = replaced(good_files[file].text, old, new);
    write_in(folder, good_files[file].name, text, strlen(text));
    free(text);
}

static void remove_folder(const test_folder *folder) {
    DIR *dir = opendir(folder->path);
    assert_non_null(dir);
    for (struct dirent *entry; (entry = readdir(dir));) {
        char path[400];
        if (entry->d_name[0] == '.') continue;
        snprintf(path, sizeof path, "%s/%s", folder->path, entry->d_name);
        unlink(path);
    }
    closedir(dir);
    rmdir(folder->path);
}

#define assert_contains(text, part)                                                                \
    do {                                                                                           \
        if (!strstr(text, part)) fail_msg("\"%s\" does not contain \"%s\"", text, part);           \
    } while (0)
#endif
