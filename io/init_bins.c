/* SPDX-License-Identifier: GPL-3.0-or-later
 * init_bins.c - a table of bins nobody prepared: which column is what, and in which system its
 * coordinates are. Names are compared without case, blanks, underscores and hyphens. */
#include "init_bins.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/text.h"
#include "coordinates.h"
#include "district_keys.h"
#include "road/snap.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_NAMES = 12, NAME_BYTES = 64, MAX_SAMPLE = 2000 };

static const struct {
    const char *role, *names[MAX_NAMES];
} ROLES[KI_N_BIN_COLUMNS] = {
    [KI_BIN_ID] = {"id",
                   {"containerid", "binid", "deviceid", "id", "device", "code", "no", "编号",
                    "设备编号", "桶号", "容器编号"}},
    [KI_BIN_LAT] = {"latitude", {"lat", "latitude", "y", "ycoord", "纬度"}},
    [KI_BIN_LON] = {"longitude", {"lon", "lng", "long", "longitude", "x", "xcoord", "经度"}},
    [KI_BIN_STREAM] = {"stream",
                       {"stream", "wastetype", "type", "fraction", "category", "waste", "类别",
                        "类型", "垃圾类型", "垃圾类别", "种类"}},
    [KI_BIN_VOLUME] = {"volume in litres",
                       {"volumel", "volume", "capacityl", "capacity", "litres", "liters", "容积",
                        "容量"}},
    [KI_BIN_SITE] = {"site", {"siteid", "site", "location", "stop", "point", "点位", "站点"}},
    [KI_BIN_NAME] = {"name", {"name", "address", "street", "title", "名称", "地址"}},
    [KI_BIN_ZONE] = {"zone", {"zone", "community", "district", "area", "社区", "街道", "片区"}},
};

static const struct {
    kerb_stream stream;
    const char *words[MAX_NAMES];
} STREAMS[] = {
    {KERB_STREAM_HAZARDOUS, {"hazard", "battery", "toxic", "有害"}},
    {KERB_STREAM_FOOD, {"food", "organic", "bio", "kitchen", "compost", "厨余", "湿垃圾", "餐厨"}},
    {KERB_STREAM_CONSTRUCTION, {"construction", "rubble", "建筑", "装修"}},
    {KERB_STREAM_RECYCLABLE,
     {"recycl", "paper", "glass", "plastic", "metal", "cardboard", "packaging", "可回收"}},
    {KERB_STREAM_RESIDUAL,
     {"residual", "general", "mixed", "rest", "refuse", "other", "其他", "其它", "干垃圾"}},
};

const char *ki_init_column_role(ki_bin_column column) {
    return ROLES[column].role;
}

/* ---- words ----------------------------------------------------------------------------------- */

static void plain(const char *text, char out[NAME_BYTES]) {
    size_t n = 0;
    for (; *text && n + 1 < NAME_BYTES; text++)
        if (!isspace((unsigned char)*text) && *text != '_' && *text != '-')
            out[n++] = (char)tolower((unsigned char)*text);
    out[n] = '\0';
}

kerb_stream ki_init_stream_of(const char *word) {
    char text[NAME_BYTES];
    plain(word, text);
    for (size_t at = 0; text[0] && at < sizeof STREAMS / sizeof *STREAMS; at++)
        for (int name = 0; name < MAX_NAMES && STREAMS[at].words[name]; name++)
            if (strstr(text, STREAMS[at].words[name])) return STREAMS[at].stream;
    return KERB_STREAM_UNSPECIFIED;
}

/* The names stand in the order in which they are to be preferred. */
static int find_column(const ki_table *table, ki_bin_column role) {
    char text[NAME_BYTES];
    for (int name = 0; name < MAX_NAMES && ROLES[role].names[name]; name++)
        for (size_t column = 0; column < ki_table_n_columns(table); column++) {
            plain(ki_table_column_name(table, column), text);
            if (strcmp(text, ROLES[role].names[name]) == 0) return (int)column;
        }
    return -1;
}

static kerb_status no_columns(const ki_table *table, const char *path, const char *what,
                              kerb_error *err) {
    ki_text seen = {0};
    for (size_t column = 0; column < ki_table_n_columns(table); column++)
        ki_text_add(&seen, "%s%s", column ? ", " : "", ki_table_column_name(table, column));
    kerb_status status = ki_fail(err, KERB_BAD_INPUT, "%s: no column for %s among: %.300s", path,
                                 what, seen.bytes ? seen.bytes : "none");
    ki_text_free(&seen);
    return status;
}

static kerb_status find_columns(ki_bins *out, const ki_table *table, const char *path,
                                kerb_error *err) {
    for (int role = 0; role < KI_N_BIN_COLUMNS; role++)
        out->column[role] = find_column(table, (ki_bin_column)role);
    int has_place = out->column[KI_BIN_LAT] >= 0 && out->column[KI_BIN_LON] >= 0;
    if (!has_place && !ki_table_has_points(table))
        return no_columns(table, path, "latitude and longitude", err);
    if (out->column[KI_BIN_ID] < 0) return no_columns(table, path, "the id of a bin", err);
    return KERB_OK;
}

/* ---- rows ------------------------------------------------------------------------------------ */

static const char *value(const ki_bins *of, const ki_table *table, ki_bin_column role) {
    return of->column[role] < 0 ? "" : ki_table_value(table, of->column[role]);
}

static int read_place(const ki_bins *of, const ki_table *table, ki_bin *bin) {
    if (of->column[KI_BIN_LAT] < 0 || of->column[KI_BIN_LON] < 0)
        return ki_table_point(table, &bin->lat_deg, &bin->lon_deg);
    return ki_parse_number(value(of, table, KI_BIN_LAT), &bin->lat_deg) &&
           ki_parse_number(value(of, table, KI_BIN_LON), &bin->lon_deg) &&
           fabs(bin->lat_deg) <= 180 && fabs(bin->lon_deg) <= 180;
}

static kerb_status keep(ki_bins *out, const char **to, const char *text, kerb_error *err) {
    *to = ki_arena_strdup(&out->arena, text);
    return *to ? KERB_OK : ki_fail_no_memory(err, "the bins");
}

static kerb_status add_bin(ki_bins *out, const ki_table *table, int64_t record, kerb_error *err) {
    ki_bin bin = {.record = record};
    const char *id = value(out, table, KI_BIN_ID), *word = value(out, table, KI_BIN_STREAM);
    if (!*id || !read_place(out, table, &bin)) {
        out->n_bad++;
        return KERB_OK;
    }
    KI_TRY(keep(out, &bin.id, id, err));
    KI_TRY(keep(out, &bin.site, value(out, table, KI_BIN_SITE), err));
    KI_TRY(keep(out, &bin.name, value(out, table, KI_BIN_NAME), err));
    KI_TRY(keep(out, &bin.zone, value(out, table, KI_BIN_ZONE), err));
    bin.stream = ki_init_stream_of(word);
    if (bin.stream == KERB_STREAM_UNSPECIFIED) {
        bin.stream = KERB_STREAM_RESIDUAL;
        out->n_guessed_streams++;
    }
    if (!ki_parse_number(value(out, table, KI_BIN_VOLUME), &bin.volume_l) || bin.volume_l < 1 ||
        bin.volume_l > 100000)
        bin.volume_l = 0;
    if (ki_grow(&out->bins, &out->capacity, out->n + 1, sizeof bin))
        return ki_fail_no_memory(err, "the bins");
    out->bins[out->n++] = bin;
    return KERB_OK;
}

static kerb_status read_rows(ki_bins *out, ki_table *table, const char *path, kerb_error *err) {
    int more = 1;
    int64_t record;
    KI_TRY(find_columns(out, table, path, err));
    for (;;) {
        KI_TRY(ki_table_next(table, &more, &record, err));
        if (!more) break;
        if (out->n >= KI_INIT_MAX_BINS)
            return ki_fail(err, KERB_BAD_INPUT, "%s: more than %d bins, expected fewer", path,
                           (int)KI_INIT_MAX_BINS);
        KI_TRY(add_bin(out, table, record, err));
    }
    if (out->n > 0) return KERB_OK;
    return ki_fail(err, KERB_BAD_INPUT, "%s: no bin with an id and a position in %zu rows", path,
                   out->n_bad);
}

kerb_status ki_init_read_bins(ki_bins *out, const char *path, kerb_error *err) {
    ki_table *table;
    *out = (ki_bins){0};
    KI_TRY(ki_table_open(&table, path, NULL, err));
    kerb_status status = read_rows(out, table, path, err);
    ki_table_free(table);
    return status;
}

void ki_init_free_bins(ki_bins *bins) {
    ki_free(bins->bins);
    ki_arena_free(&bins->arena);
    *bins = (ki_bins){0};
}

/* ---- coordinates ----------------------------------------------------------------------------- */

/* The part of the bins that stands near a road, were their coordinates in this system. */
static double near_ratio(const ki_bins *bins, const ki_snap_index *index, kerb_coordinates system) {
    size_t step = bins->n / MAX_SAMPLE + 1, n = 0, n_near = 0;
    for (size_t at = 0; at < bins->n; at += step) {
        double lat = bins->bins[at].lat_deg, lon = bins->bins[at].lon_deg;
        if (system == KERB_COORDINATES_UNSPECIFIED) {
            lat = bins->bins[at].lon_deg;
            lon = bins->bins[at].lat_deg;
        } else
            ki_to_wgs84(system, &lat, &lon);
        n++;
        n_near += fabs(lat) <= 90 && ki_snap_distance_mm(index, lat, lon) <= KI_INIT_NEAR_MM;
    }
    return (double)n_near / (double)n;
}

kerb_status ki_init_guess_coordinates(ki_bins *bins, const kerb_roads *roads, kerb_error *err) {
    static const kerb_coordinates SYSTEMS[] = {KERB_WGS84, KERB_GCJ02, KERB_BD09};
    ki_snap_index *index;
    KI_TRY(ki_snap_index_new(&index, roads->graph, err));
    bins->coordinates = KERB_WGS84;
    bins->near_ratio[0] = near_ratio(bins, index, KERB_COORDINATES_UNSPECIFIED);
    for (int at = 0; at < 3; at++) {
        bins->near_ratio[SYSTEMS[at]] = near_ratio(bins, index, SYSTEMS[at]);
        if (bins->near_ratio[SYSTEMS[at]] > bins->near_ratio[bins->coordinates])
            bins->coordinates = SYSTEMS[at];
    }
    ki_snap_index_free(index);
    bins->swapped = bins->near_ratio[0] > bins->near_ratio[bins->coordinates];
    if (bins->swapped) bins->coordinates = KERB_WGS84;
    for (size_t at = 0; bins->swapped && at < bins->n; at++) {
        double lat = bins->bins[at].lon_deg;
        bins->bins[at].lon_deg = bins->bins[at].lat_deg;
        bins->bins[at].lat_deg = lat;
    }
    return KERB_OK;
}
