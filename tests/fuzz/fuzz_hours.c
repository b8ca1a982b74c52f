/* SPDX-License-Identifier: GPL-3.0-or-later
 * The first byte chooses what the rest is: h opening hours, anything else the value of conditional
 * tags. What is understood must hold together: hours that hold throughout a night hold in each of
 * its minutes, a road that is open for a night is open in each of them. */
#include "base/alloc.h"
#include "base/date.h"
#include "io/osm_clause.h"
#include "io/osm_tags.h"
#include "road/tonight.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes);

enum { DAY = 20780, MINUTES = 30 };

static ki_out out_at(int64_t from_min, int64_t to_min) {
    static const ki_wall_clock clock = {3600, 7200, (int64_t)DAY * KI_DAY_S + 7000};
    static const int32_t holidays[] = {DAY + 1};
    int64_t day_s = (int64_t)DAY * KI_DAY_S;
    return ki_out_between(day_s + from_min * 60, day_s + to_min * 60, &clock, holidays, 1);
}

static void fuzz_hours(const char *text) {
    ki_hours hours;
    if (!ki_hours_parse(text, strlen(text), &hours)) return;
    if (hours.n_rules < 1 || hours.n_rules > KI_HOURS_MAX_RULES) abort();
    for (int64_t start = 0; start < 3000; start += 371) {
        ki_out whole = out_at(start, start + MINUTES);
        ki_during all = ki_hours_during(hours.rules, hours.n_rules, &whole);
        for (int64_t minute = start; minute < start + MINUTES; minute++) {
            ki_out one = out_at(minute, minute + 1);
            ki_during during = ki_hours_during(hours.rules, hours.n_rules, &one);
            if (during == KI_DURING_PARTLY) abort(); /* spans begin and end at whole minutes */
            if (all != KI_DURING_PARTLY && during != all) abort();
        }
    }
}

static void fuzz_clauses(const char *text) {
    const char *at = text, *end = text + strlen(text);
    ki_clause clause;
    for (const char *before = at; ki_clause_next(&at, &clause); before = at)
        if (at <= before || at > end) abort();
}

static void fuzz_way(const char *text, ki_condition_table *table) {
    static const char *const keys[] = {
        "access:conditional",        "hgv:conditional",      "hgv:forward:conditional",
        "oneway:conditional",        "maxspeed:conditional", "maxweight:conditional",
        "maxheight:hgv:conditional", "vehicle:conditional",  "restriction:hgv:conditional",
        "restriction:conditional",   "opening_hours",
    };
    enum { N_KEYS = sizeof keys / sizeof *keys };
    ki_tag tags[N_KEYS + 4] = {
        {"highway", "residential"}, {"barrier", "gate"}, {"type", "restriction"}, {"access", "no"}};
    for (int key = 0; key < N_KEYS; key++)
        tags[4 + key] = (ki_tag){keys[key], text};
    ki_osm_into into = {table, 1};
    ki_way_tags way;
    ki_node_tags node;
    ki_osm_restriction turns[KI_OSM_MAX_TURNS];
    ki_osm_way_tags(tags, N_KEYS + 4, &into, &way);
    (void)ki_osm_node_tags(tags, N_KEYS + 4, &into, &node);
    (void)ki_osm_restriction_tags(tags, N_KEYS + 4, &into, turns);
    ki_graph graph = {.conditions = *ki_condition_table_made(table)};
    for (int64_t start = 0; start < 3000; start += 997) {
        ki_profile_spec spec = {
            .kind = KI_KIND_TRUCK, .mass_kg = 18000, .out = out_at(start, start + MINUTES)};
        ki_way_tags night = ki_way_tonight(&graph, &spec, &way);
        (void)ki_node_tonight(&graph, &spec, &node);
        for (int64_t minute = start; minute < start + MINUTES; minute++) {
            spec.out = out_at(minute, minute + 1);
            ki_way_tags now = ki_way_tonight(&graph, &spec, &way);
            for (int direction = 0; direction < 2; direction++)
                if ((night.access[direction] & KI_KIND_TRUCK) &&
                    !(now.access[direction] & KI_KIND_TRUCK))
                    abort();
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes) {
    if (n_bytes == 0 || n_bytes > 1 << 16) return 0;
    char *text = ki_alloc(n_bytes);
    ki_condition_table *table = ki_condition_table_new();
    if (text && table) {
        memcpy(text, bytes + 1, n_bytes - 1);
        text[n_bytes - 1] = '\0';
        if (bytes[0] == 'h') {
            fuzz_hours(text);
        } else {
            fuzz_clauses(text);
            fuzz_way(text, table);
        }
    }
    ki_condition_table_free(table);
    ki_free(text);
    return 0;
}
