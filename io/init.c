/* SPDX-License-Identifier: GPL-3.0-or-later
 * init.c - the files of a district to start from. It can be planned as it is: what nobody but the
 * district knows (depot, station, fleet) stands there as an example, marked CHANGE; every other key
 * follows as a comment with what it means, from the table that the reader uses. */
#define _XOPEN_SOURCE 700 /* realpath */
#include "init.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "coordinates.h"
#include "district_keys.h"
#include "init_bins.h"
#include "road/graph.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

typedef struct starting {
    const char *folder;
    ki_text told;
    kerb_roads *roads;
    ki_bins bins;
    const ki_bin **order; /* [bins.n] by site */
    size_t n_sites;
    double lat_deg, lon_deg; /* in the middle, WGS84 */
    const char *today;       /* YYYY-MM-DD */
    ki_language language;
    kerb_error *err;
} starting;

static const double DEFAULT_VOLUME_L = 240;
enum { INTERVAL_DAYS = 2 }; /* until reports say more */

static kerb_coordinates system_of(const starting *at) {
    return at->bins.n > 0 ? at->bins.coordinates : KERB_WGS84;
}

static kerb_status write_file(starting *at, const char *name, ki_text *text) {
    ki_text path = {0};
    ki_text_add(&path, "%s/%s", at->folder, name);
    kerb_status status = KERB_OK;
    struct stat about;
    if (path.failed || text->failed)
        status = ki_fail_no_memory(at->err, "a district");
    else if (stat(path.bytes, &about) == 0)
        status = ki_fail(at->err, KERB_BAD_INPUT, "%s: is there already, expected a new district",
                         path.bytes);
    else
        status = ki_file_write(path.bytes, text->bytes, text->length, at->err);
    ki_text_free(&path);
    ki_text_free(text);
    return status;
}

/* ---- tables ---------------------------------------------------------------------------------- */

static void add_cell(ki_text *to, const char *text, const char *after) {
    ki_text_add(to, "\"");
    for (const char *c = text; *c; c++)
        ki_text_add_bytes(to, *c == '"' ? "\"\"" : c, *c == '"' ? 2 : 1);
    ki_text_add(to, "\"%s", after);
}

static int compare_sites(const void *left, const void *right) {
    const ki_bin *a = *(const ki_bin *const *)left, *b = *(const ki_bin *const *)right;
    int by_id = strcmp(a->site, b->site);
    if (by_id) return by_id;
    if (a->lat_deg < b->lat_deg || a->lat_deg > b->lat_deg) return a->lat_deg < b->lat_deg ? -1 : 1;
    if (a->lon_deg < b->lon_deg || a->lon_deg > b->lon_deg) return a->lon_deg < b->lon_deg ? -1 : 1;
    return (a->record > b->record) - (a->record < b->record);
}

/* Bins of one site id, or without any at one spot, are one stop. */
static int is_same_site(const ki_bin *a, const ki_bin *b) {
    if (a->site[0] || b->site[0]) return strcmp(a->site, b->site) == 0;
    return !(a->lat_deg < b->lat_deg || a->lat_deg > b->lat_deg || a->lon_deg < b->lon_deg ||
             a->lon_deg > b->lon_deg);
}

/* Of a site without an id: by the first row that stands there. */
static const char *site_id(const ki_bin *first, char made[32]) {
    snprintf(made, 32, "S%06lld", (long long)first->record);
    return first->site[0] ? first->site : made;
}

static void add_site(ki_text *to, const ki_bin *bin, const char *id) {
    add_cell(to, id, ",");
    add_cell(to, bin->name, ",");
    add_cell(to, bin->zone, ",");
    ki_text_add(to, "%.7f,%.7f\n", bin->lat_deg, bin->lon_deg);
}

static void add_container(ki_text *to, const ki_bin *bin, const char *site) {
    add_cell(to, bin->id, ",");
    add_cell(to, site, ",");
    ki_text_add(to, "%s,%.15g,%d\n", kerb_stream_name(bin->stream),
                bin->volume_l > 0 ? bin->volume_l : DEFAULT_VOLUME_L, INTERVAL_DAYS);
}

static kerb_status write_tables(starting *at) {
    ki_text sites = {0}, containers = {0};
    char made[32];
    ki_text_add(&sites, "site_id,name,zone,lat,lon\n");
    ki_text_add(&containers, "container_id,site_id,stream,volume_l,max_interval_days\n");
    for (size_t place = 0, first = 0; place < at->bins.n; place++) {
        if (place == 0 || !is_same_site(at->order[first], at->order[place])) {
            first = place;
            add_site(&sites, at->order[first], site_id(at->order[first], made));
            at->n_sites++;
        }
        add_container(&containers, at->order[place], site_id(at->order[first], made));
    }
    kerb_status status = write_file(at, "sites.csv", &sites);
    if (status == KERB_OK) return write_file(at, "containers.csv", &containers);
    ki_text_free(&containers);
    return status;
}

/* ---- district.yaml --------------------------------------------------------------------------- */

static int has_stream(const starting *at, int stream) {
    for (size_t bin = 0; bin < at->bins.n; bin++)
        if ((int)at->bins.bins[bin].stream == stream) return 1;
    return at->bins.n == 0 && stream == KERB_STREAM_RESIDUAL;
}

/* One line for each stream that some bin has. */
static void add_each_stream(const starting *at, ki_text *to,
                            void (*add)(ki_text *to, const char *stream)) {
    for (int stream = KERB_STREAM_RESIDUAL; stream <= KERB_STREAM_SWEEPINGS; stream++)
        if (has_stream(at, stream)) add(to, kerb_stream_name((kerb_stream)stream));
}

static void add_take(ki_text *to, const char *stream) {
    ki_text_add(to, "      - {stream: %s, fee_per_tonne: 0}\n", stream);
}

static void add_truck(ki_text *to, const char *stream) {
    ki_text_add(to,
                "  - {id: T-%s, kind: truck, compartments: [{streams: [%s], capacity_kg: 8000, "
                "capacity_l: 40000}]}\n",
                stream, stream);
}

static void add_shift(ki_text *to, const char *stream) {
    ki_text_add(to,
                "  - {id: shift-%s, vehicle: T-%s, depot: D1, start: \"20:30\", end: \"05:30\", "
                "price_per_hour: 66}\n",
                stream, stream);
}

/* What the reader of the file looks for; what is only a word in every language: NULL. */
static void add_change(ki_text *to, const char *what) {
    ki_text_add(to, " # CHANGE");
    if (what) ki_text_add(to, ": %s", ki_say_key(to->language, what));
    ki_text_add(to, "\n");
}

static void add_fleet(const starting *at, ki_text *to) {
    double lat = at->lat_deg, lon = at->lon_deg;
    ki_from_wgs84(system_of(at), &lat, &lon);
    ki_text_add(to, "depots:");
    add_change(to, "where shifts start and end");
    ki_text_add(to, "  - {id: D1, lat: %.7f, lon: %.7f}\nfacilities:", lat, lon);
    add_change(to, "where trucks tip, and what a tonne costs there");
    ki_text_add(to,
                "  - id: TS1\n    kind: transfer_station\n    lat: %.7f\n    lon: %.7f\n"
                "    takes:\n",
                lat, lon);
    add_each_stream(at, to, add_take);
    ki_text_add(to, "vehicle_kinds:");
    add_change(to, "sizes decide where a truck may go");
    ki_text_add(to, "  truck: {use: truck, height_m: 3.4, width_m: 2.5, length_m: 9, "
                    "mass_kg: 18000, price_used: 260, price_per_km: 3.8}\nvehicles:");
    add_change(to, NULL);
    add_each_stream(at, to, add_truck);
    ki_text_add(to, "shifts:");
    add_change(to, NULL);
    add_each_stream(at, to, add_shift);
}

static void add_keys(ki_text *to) {
    ki_text_add(to, "\n# %s\n",
                ki_say_key(to->language,
                           "Every key there is, with its unit, its default and what it means."));
    for (size_t key = 0; key < ki_district_keys.n_keys; key++) {
        const ki_key *of = &ki_district_keys.keys[key];
        ki_text_add(to, "#   %s", of->path);
        if (of->unit) ki_text_add(to, " [%s]", ki_say_key(to->language, of->unit));
        if (of->required)
            ki_text_add(to, "%s", ki_say_key(to->language, " (required)"));
        else if (of->standard && of->standard[0])
            ki_text_add(to, ki_say_key(to->language, " (%s)"), of->standard);
        ki_text_add(to, ": %s\n", ki_say_key(to->language, of->help));
    }
}

/* From the sun; only the clock of China is one for a whole country this command knows of. */
static void add_zone(const starting *at, ki_text *to) {
    double lat = at->lat_deg, lon = at->lon_deg;
    ki_from_wgs84(KERB_GCJ02, &lat, &lon);
    int is_china = lat < at->lat_deg || lat > at->lat_deg;
    int hours = (int)lround(at->lon_deg / 15);
    if (is_china) {
        ki_text_add(to, "time_zone: Asia/Shanghai\ncurrency: CNY\n");
        return;
    }
    ki_text_add(to, "time_zone: Etc/GMT%+d", -hours);
    add_change(to, "the IANA name, such as Europe/Lisbon");
    ki_text_add(to, "currency: EUR");
    add_change(to, NULL);
}

static kerb_status write_district(starting *at, const char *extract) {
    static const char *const SYSTEMS[] = {"wgs84", "wgs84", "gcj02", "bd09"};
    char path[PATH_MAX];
    ki_text to = {.language = at->language};
    if (!realpath(extract, path))
        return ki_fail(at->err, KERB_BAD_INPUT, "%s: cannot be found", extract);
    ki_text_add(&to, "schema_version: 1\ndistrict: {id: d1, name: \"\"} # CHANGE\nextract: ");
    ki_text_add_json(&to, path);
    ki_text_add(&to, "\ncoordinates: %s\n", SYSTEMS[system_of(at)]);
    add_zone(at, &to);
    ki_text_add(&to, "date: %s", at->today);
    add_change(&to, "leave out once there are reports, and as_of with it");
    ki_text_add(&to, "as_of: %sT19:00:00\nnight: {start: \"20:00\", end: \"07:00\"}\n", at->today);
    ki_text_add(
        &to,
        "demand: {look_ahead_nights: 7, load_quantile: 0.9, time_quantile: 0.9, forecast: 3} "
        "# 0: %s\n",
        ki_say_key(to.language, "tonight only"));
    ki_text_add(&to, at->bins.n ? "tables:\n  sites: sites.csv\n  containers: containers.csv\n"
                                  "  # reports: reports.csv\n  # kerbs: kerbs.csv\n"
                                : "tables: {}");
    if (!at->bins.n) add_change(&to, "sites, containers, reports, kerbs");
    add_fleet(at, &to);
    add_keys(&to);
    return write_file(at, "district.yaml", &to);
}

/* ---- what was guessed ------------------------------------------------------------------------ */

static void tell_coordinates(starting *at) {
    static const char *const NAMES[] = {"wgs84, swapped", "wgs84", "gcj02", "bd09"};
    const ki_bins *bins = &at->bins;
    ki_text_add(&at->told, "coordinates: %s;", NAMES[bins->swapped ? 0 : bins->coordinates]);
    for (int system = 0; system < 4; system++)
        ki_text_add(&at->told, "%s %s %.0f %%",
                    system ? "," : " within 20 m of a road:", NAMES[system],
                    100 * bins->near_ratio[system]);
    ki_text_add(&at->told, "\n");
    if (bins->near_ratio[bins->swapped ? 0 : bins->coordinates] < 0.5)
        ki_text_add(&at->told,
                    "WARNING: most bins are far from every road: another extract, or another "
                    "system of coordinates?\n");
}

static void tell_columns(starting *at, const char *path, const ki_table *table) {
    for (int role = 0; role < KI_N_BIN_COLUMNS; role++)
        if (at->bins.column[role] >= 0)
            ki_text_add(&at->told, "%s: column %s is the %s\n", path,
                        ki_table_column_name(table, (size_t)at->bins.column[role]),
                        ki_init_column_role((ki_bin_column)role));
        else
            ki_text_add(&at->told, "%s: no column is the %s\n", path,
                        ki_init_column_role((ki_bin_column)role));
}

static kerb_status tell_bins(starting *at, const char *path) {
    ki_table *table;
    KI_TRY(ki_table_open(&table, path, NULL, at->err));
    tell_columns(at, path, table);
    ki_table_free(table);
    tell_coordinates(at);
    ki_text_add(&at->told, "%zu bins; %zu rows without an id or a position left out\n", at->bins.n,
                at->bins.n_bad);
    if (at->bins.n_guessed_streams)
        ki_text_add(&at->told, "stream not understood in %zu rows: taken as residual\n",
                    at->bins.n_guessed_streams);
    return KERB_OK;
}

/* ---- all of it ------------------------------------------------------------------------------- */

static void find_middle(starting *at) {
    const ki_graph *graph = at->roads->graph;
    double lat = 0, lon = 0;
    int32_t n = graph->n_nodes > 0 ? graph->n_nodes : 1;
    for (int32_t node = 0; node < graph->n_nodes; node++) {
        lat += graph->nodes[node].lat_e7 / 1e7 / n;
        lon += graph->nodes[node].lon_e7 / 1e7 / n;
    }
    at->lat_deg = lat;
    at->lon_deg = lon;
    double least = INFINITY; /* a node of a road, so that the example can be driven from */
    for (int32_t node = 0; node < graph->n_nodes; node++) {
        const ki_node *of = &graph->nodes[node];
        double mm = ki_distance_mm((int32_t)lround(lat * 1e7), (int32_t)lround(lon * 1e7),
                                   of->lat_e7, of->lon_e7);
        if (mm >= least) continue;
        least = mm;
        at->lat_deg = of->lat_e7 / 1e7;
        at->lon_deg = of->lon_e7 / 1e7;
    }
}

static kerb_status sort_bins(starting *at) {
    at->order = ki_alloc_zero(at->bins.n, sizeof *at->order);
    if (!at->order) return ki_fail_no_memory(at->err, "the bins");
    for (size_t bin = 0; bin < at->bins.n; bin++)
        at->order[bin] = &at->bins.bins[bin];
    qsort(at->order, at->bins.n, sizeof *at->order, compare_sites);
    return KERB_OK;
}

static kerb_status start(starting *at, const char *extract, const char *bins) {
    KI_TRY(kerb_roads_load(&at->roads, extract, at->err));
    if (at->roads->graph->n_nodes == 0)
        return ki_fail(at->err, KERB_BAD_INPUT, "%s: no roads, expected some", extract);
    find_middle(at);
    if (bins) {
        KI_TRY(ki_init_read_bins(&at->bins, bins, at->err));
        KI_TRY(ki_init_guess_coordinates(&at->bins, at->roads, at->err));
        KI_TRY(sort_bins(at));
        KI_TRY(tell_bins(at, bins));
    }
    if (mkdir(at->folder, 0755) && errno != EEXIST)
        return ki_fail(at->err, KERB_BAD_INPUT, "%s: cannot be made: %s", at->folder,
                       strerror(errno));
    if (bins) KI_TRY(write_tables(at));
    KI_TRY(write_district(at, extract));
    if (bins) ki_text_add(&at->told, "%s: %zu sites\n", at->folder, at->n_sites);
    return at->told.failed ? ki_fail_no_memory(at->err, "a district") : KERB_OK;
}

kerb_status ki_init_write(const char *extract, const char *bins, const char *folder,
                          const char *today, ki_language language, void (*tell)(const char *lines),
                          kerb_error *err) {
    starting at = {.folder = folder, .today = today, .language = language, .err = err};
    kerb_status status = start(&at, extract, bins);
    if (at.told.bytes) tell(at.told.bytes);
    ki_text_free(&at.told);
    kerb_roads_free(at.roads);
    ki_init_free_bins(&at.bins);
    ki_free(at.order);
    return status;
}
