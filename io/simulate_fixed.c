/* SPDX-License-Identifier: GPL-3.0-or-later
 * A strong fixed schedule, so that beating it means something: it knows every true mean rate and
 * the true noise, visits as rarely as the service level allows, and gives neighbours the same days:
 * sites are sorted by their direction from the middle of the district, and each frequency and
 * stream is cut along that order into as many sectors as its period has
 * collection days. */
#include "io/simulate_fixed.h"

#include "base/error.h"
#include "base/ids.h"

#include <math.h>
#include <stdlib.h>

static const struct {
    int32_t period_days, visits;
} CANDIDATES[] = {{28, 1}, {21, 1}, {14, 1}, {7, 1}, {7, 2},
                  {7, 3},  {7, 4},  {7, 5},  {7, 6}, {7, 7}};
enum { N_CANDIDATES = sizeof CANDIDATES / sizeof *CANDIDATES, N_STREAMS = KERB_N_STREAMS };

/* The days of a week on which trucks go out, in order of their number: any first few lie as far
 * apart as days do, and who needs more days than others shares theirs. */
static const int32_t COLLECTION_ORDER[7] = {0, 3, 5, 1, 4, 6, 2};

static void days_of_week(int32_t out[7], int32_t n) {
    int32_t n_out = 0;
    for (int32_t day = 0; day < 7; day++)
        for (int32_t at = 0; at < n; at++)
            if (COLLECTION_ORDER[at] == day) out[n_out++] = day;
}

/* How many ways there are to lay a pattern on so many collection days a week. */
static int32_t n_sectors(const ki_pattern *pattern, int32_t n_days) {
    return pattern->period_days / 7 * n_days;
}

/* The visits of one sector: as even as collection days allow, each sector a day earlier. */
static uint32_t lay(const ki_pattern *pattern, int32_t n_days, int32_t sector) {
    int32_t week[7];
    uint32_t days = 0;
    int32_t n = n_sectors(pattern, n_days);
    days_of_week(week, n_days);
    for (int32_t visit = 0; visit < pattern->visits; visit++) {
        int32_t at = (visit * n / pattern->visits + n - sector) % n;
        days |= (uint32_t)1 << (at / n_days * 7 + week[at % n_days]);
    }
    return days;
}

static int is_visit(const ki_pattern *pattern, int32_t day) {
    return (int)(pattern->days >> day & 1);
}

int ki_pattern_due(const ki_pattern *pattern, int32_t day) {
    int32_t at = day % pattern->period_days;
    return is_visit(pattern, at < 0 ? at + pattern->period_days : at); /* below 0: of the past */
}

int ki_world_pattern_due(const ki_world *world, size_t container, int32_t night, int64_t at_s,
                         const void *payload) {
    (void)world, (void)at_s;
    return ki_pattern_due((const ki_pattern *)payload + container, night);
}

/* ---- how often ------------------------------------------------------------------------------- */

/* Expected excess of a normal level above 1. */
static double expected_beside(double mean, double deviation) {
    double z = (mean - 1) / deviation;
    return deviation * (exp(-z * z / 2) * 0.3989422804014327 + z * 0.5 * erfc(-z * 0.70710678));
}

/* Share thrown in beside the container when `days` lie between two visits. */
static double lost_from(const ki_bin *bin, int32_t days, int first) {
    double steps = (double)days * 86400 / KI_WORLD_STEP_S;
    double rate_per_day = bin->rate_per_day, mean = 0;
    for (int32_t day = 0; day < days; day++)
        mean += rate_per_day * bin->weekday[(first + day) % 7];
    double noise = KI_WORLD_STEP_NOISE * rate_per_day * KI_WORLD_STEP_S / 86400 * sqrt(steps);
    double weather = KI_WORLD_DAY_NOISE * rate_per_day * sqrt((double)days);
    return expected_beside(mean, sqrt(noise * noise + weather * weather) + 1e-6);
}

/* The mean over the weekdays on which the gap may begin. */
static double lost_in_gap(const ki_bin *bin, int32_t days) {
    double lost = 0;
    for (int first = 0; first < 7; first++)
        lost += lost_from(bin, days, first) / 7;
    return lost;
}

/* The longest gap between two visits; *lost: in a period, in all gaps. */
static int32_t longest_gap(const ki_pattern *pattern, const ki_bin *bin, double *lost) {
    int32_t longest = 0, gap = 0, first = 0;
    while (!is_visit(pattern, first))
        first++;
    for (int32_t day = first + 1; day <= first + pattern->period_days; day++) {
        gap++;
        if (!is_visit(pattern, day % pattern->period_days)) continue;
        *lost += lost_in_gap(bin, gap);
        if (gap > longest) longest = gap;
        gap = 0;
    }
    return longest;
}

/* Wherever it is laid it keeps the interval, and in the mean of all places it loses little. */
static int is_enough(const ki_pattern *pattern, int32_t n_days, const ki_bin *bin,
                     double max_interval_days, double most_lost) {
    double lost = 0;
    int same_gaps = n_days == 7 || pattern->visits == n_days || pattern->visits == 1;
    int32_t n = same_gaps ? 1 : n_sectors(pattern, n_days);
    for (int32_t sector = 0; sector < n; sector++) {
        ki_pattern laid = *pattern;
        laid.days = lay(pattern, n_days, sector);
        int32_t gap = longest_gap(&laid, bin, &lost);
        if (max_interval_days > 0 && gap > max_interval_days) return 0;
    }
    return lost / n <= most_lost * bin->rate_per_day * pattern->period_days;
}

/* *n_days: collection days, more where they are too few. Every day is all that can be done. */
static ki_pattern rarest(const ki_bin *bin, double max_interval_days, double most_lost,
                         int32_t *n_days) {
    for (; *n_days <= 7; ++*n_days)
        for (int candidate = 0; candidate < N_CANDIDATES; candidate++) {
            ki_pattern pattern = {CANDIDATES[candidate].period_days, CANDIDATES[candidate].visits,
                                  0};
            if (pattern.visits <= *n_days &&
                is_enough(&pattern, *n_days, bin, max_interval_days, most_lost))
                return pattern;
        }
    *n_days = 7;
    return (ki_pattern){7, 7, 0};
}

/* ---- which days ------------------------------------------------------------------------------ */

typedef struct ranked {
    int32_t container, site;
    int key;        /* stream, frequency and collection days */
    int32_t n_days; /* collection days a week */
    double direction;
} ranked;

static int by_key_then_direction(const void *left, const void *right) {
    const ranked *a = left, *b = right;
    if (a->key != b->key) return a->key < b->key ? -1 : 1;
    if (a->direction != b->direction) return a->direction < b->direction ? -1 : 1;
    if (a->site != b->site) return a->site < b->site ? -1 : 1;
    return (a->container > b->container) - (a->container < b->container);
}

static void rank(ranked *out, const ki_draft *draft, const ki_ids *sites,
                 const ki_pattern *patterns, const int32_t *n_days) {
    double lat = 0, lon = 0;
    for (size_t site = 0; site < draft->n_sites; site++) {
        lat += draft->sites[site].lat_deg / (double)draft->n_sites;
        lon += draft->sites[site].lon_deg / (double)draft->n_sites;
    }
    for (size_t at = 0; at < draft->n_containers; at++) {
        int32_t site = ki_ids_find(sites, draft->containers[at].site_id);
        double north = site < 0 ? 0 : draft->sites[site].lat_deg - lat;
        double east = site < 0 ? 0 : (draft->sites[site].lon_deg - lon) * cos(lat * 0.0174532925);
        out[at] = (ranked){
            .container = (int32_t)at,
            .site = site,
            .key = ((patterns[at].period_days * 8 + patterns[at].visits) * 8 + n_days[at]) *
                       N_STREAMS +
                   (int)draft->containers[at].stream,
            .n_days = n_days[at],
            .direction = atan2(north, east)};
    }
    qsort(out, draft->n_containers, sizeof *out, by_key_then_direction);
}

static void spread_days(ki_pattern *patterns, const ranked *order, size_t n) {
    for (size_t first = 0, end; first < n; first = end) {
        for (end = first; end < n && order[end].key == order[first].key;)
            end++;
        for (size_t at = first; at < end; at++) {
            ki_pattern *pattern = &patterns[order[at].container];
            size_t n_ways = (size_t)n_sectors(pattern, order[at].n_days);
            pattern->days =
                lay(pattern, order[at].n_days, (int32_t)((at - first) * n_ways / (end - first)));
        }
    }
}

kerb_status ki_patterns_make(ki_pattern **out, ki_arena *arena, const ki_draft *draft,
                             const ki_world *world, double most_lost, int32_t collection_days,
                             kerb_error *err) {
    ki_ids sites;
    size_t n = draft->n_containers;
    ki_pattern *patterns = ki_arena_alloc(arena, n, sizeof *patterns);
    ranked *order = ki_arena_alloc(arena, n, sizeof *order);
    int32_t *n_days = ki_arena_alloc(arena, n, sizeof *n_days);
    if (!patterns || !order || !n_days ||
        ki_ids_build(&sites, arena, draft->n_sites ? &draft->sites->id : NULL, draft->n_sites,
                     sizeof *draft->sites))
        return ki_fail_no_memory(err, "fixed rounds");
    for (size_t at = 0; at < n; at++) {
        n_days[at] = collection_days;
        patterns[at] = rarest(&world->bins[at], draft->containers[at].max_interval_days, most_lost,
                              &n_days[at]);
    }
    rank(order, draft, &sites, patterns, n_days);
    spread_days(patterns, order, n);
    *out = patterns;
    return KERB_OK;
}
