/* SPDX-License-Identifier: GPL-3.0-or-later
 * district_tables.c - writes a generated district: district.yaml, sites, containers, kerbs, and
 * the fill reports of a simulated past with the sensor faults seen in the trade.
 *
 * The past: each container fills at a rate of its own, shaped by weekday and noise, and is emptied
 * at night by a simple rule (nearly full, or its interval is due), so that reports look like those
 * of a city that already works. */
#define _XOPEN_SOURCE 700
#include "base/alloc.h"
#include "base/date.h"
#include "base/error.h"
#include "base/rng.h"
#include "bench/bench.h"
#include "bench/district_habits.h"
#include "bench/district_made.h"
#include "bench/district_params.h"
#include "bench/district_prices.h"
#include "bench/out.h"
#include "io/district_time.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { AS_OF_LOCAL_S = 19 * 3600 + 1800 };

typedef struct writer {
    const made_district *made;
    const district_order *order;
    price_list prices;
    ki_rng rng;
    int64_t day_utc_s; /* local midnight of the service day, in UTC */
    const char *date;
    char zone[64];
    ki_text yaml, sites, containers, reports, kerbs, truth;
    int32_t n_faulty;
} writer;

/* ---- dates ----------------------------------------------------------------------------------- */

static void format_utc(char text[32], int64_t instant_s) {
    int64_t days = ki_day_of(instant_s), second = instant_s - days * KI_DAY_S;
    int32_t year, month, day;
    ki_civil_from_days(days, &year, &month, &day);
    snprintf(text, 32, "%04d-%02d-%02dT%02d:%02d:%02dZ", year, month, day, (int)(second / 3600),
             (int)(second / 60 % 60), (int)(second % 60));
}

static kerb_status set_date(writer *to, kerb_error *err) {
    int64_t days;
    to->date = to->order->date ? to->order->date : "2026-11-02";
    if (!ki_parse_date(to->date, &days))
        return ki_fail(err, KERB_BAD_INPUT, "option --date: %s, expected YYYY-MM-DD", to->date);
    int hours = (int)lround(to->made->sites[0].lon_e7 * 1e-7 / 15.0);
    to->day_utc_s = days * KI_DAY_S - hours * 3600;
    if (to->order->zone)
        snprintf(to->zone, sizeof to->zone, "%s", to->order->zone);
    else
        snprintf(to->zone, sizeof to->zone, "Etc/GMT%+d", -hours); /* POSIX signs are reversed */
    return KERB_OK;
}

/* ---- containers and their past --------------------------------------------------------------- */

typedef struct past {
    const char *id;
    const stream_params *stream;
    double rate_per_day, fill, last_value;
    sensor_fault fault;
    int64_t last_emptied_s;
} past;

static double spread(ki_rng *rng, double relative) {
    return fmax(0.25, 1.0 + relative * ki_rng_normal(rng));
}

static void fill_for(past *bin, ki_rng *rng, int64_t day, double hours) {
    double weekday = bin->stream->weekday[ki_weekday_of_day(day)];
    bin->fill += bin->rate_per_day * weekday * hours / 24 * spread(rng, 0.35);
    if (bin->fill > 1.15) bin->fill = 1.15;
}

static int due(const past *bin, const district_order *order, int64_t now_s) {
    double age_s = (double)(now_s - bin->last_emptied_s);
    if (bin->fill >= 0.78) return 1;
    return !order->no_intervals && age_s >= (bin->stream->max_interval_days - 1) * KI_DAY_S;
}

/* What the sensor says; NAN: nothing. */
static double sense(past *bin, ki_rng *rng, int32_t report, int32_t n_reports) {
    double value = fmin(1.0, fmax(0.0, bin->fill + 0.015 * ki_rng_normal(rng)));
    switch (bin->fault) {
    case FAULT_STUCK: return report * 2 < n_reports ? value : (bin->last_value = 0.41);
    case FAULT_SILENT: return report * 3 < n_reports * 2 ? value : NAN;
    case FAULT_NEVER_FULL: return fmin(value, 0.62);
    case FAULT_SPIKES: return ki_rng_below(rng, 9) == 0 ? 1.0 : value;
    case FAULT_INVERSE: return 1.0 - value;
    case FAULT_OVER_RANGE: return ki_rng_below(rng, 6) == 0 ? 1.7 : value;
    case FAULT_NONE:
    case N_FAULTS: break;
    }
    return value;
}

static void add_report(writer *to, const past *bin, int64_t at_s, double value) {
    char stamp[32];
    format_utc(stamp, at_s);
    ki_text_add(&to->reports, "%s,%s,,%.2f,,,,\n", bin->id, stamp, value);
}

static void live(writer *to, past *bin) {
    int64_t as_of_s = to->day_utc_s + AS_OF_LOCAL_S;
    int64_t begin_s = to->day_utc_s - (int64_t)to->order->days * KI_DAY_S;
    int32_t every_h = to->order->report_hours > 0 ? to->order->report_hours : REPORT_HOURS;
    int32_t step_h = every_h % 3 ? 1 : 3;
    int32_t n_reports = to->order->days * 24 / every_h, report = 0;
    int64_t shift_s = ki_rng_below(&to->rng, 5400);
    bin->last_emptied_s = begin_s - (int64_t)(ki_rng_unit(&to->rng) * 2 * KI_DAY_S);
    bin->fill = fmin(0.7, bin->rate_per_day * (double)(begin_s - bin->last_emptied_s) / KI_DAY_S);
    for (int64_t hour_s = begin_s; hour_s < as_of_s; hour_s += step_h * 3600) {
        int64_t local_hour = (hour_s - to->day_utc_s) / 3600 + 24 * (int64_t)to->order->days;
        if (local_hour % 24 == 0 && hour_s < to->day_utc_s && due(bin, to->order, hour_s)) {
            bin->fill = 0.02 * ki_rng_unit(&to->rng);
            bin->last_emptied_s = hour_s;
        }
        fill_for(bin, &to->rng, (hour_s + 3600 * 12) / KI_DAY_S, step_h);
        if (local_hour % every_h != 6 % every_h || hour_s + shift_s > as_of_s) continue;
        double value = sense(bin, &to->rng, report++, n_reports);
        if (isnan(value)) continue;
        add_report(to, bin, hour_s + shift_s, value);
        if (ki_rng_below(&to->rng, 1500) == 0) add_report(to, bin, hour_s + shift_s, value);
    }
}

/* The same with habits, in quarters of an hour, so that a report tells what had been brought by its
 * minute. What varies, varies in steps of three hours as above. */
static void live_with_habits(writer *to, past *bin) {
    const district_order *order = to->order;
    int64_t as_of_s = to->day_utc_s + AS_OF_LOCAL_S, service_day = ki_day_of(to->day_utc_s + 43200);
    int64_t begin_s = to->day_utc_s - (int64_t)order->days * KI_DAY_S;
    int64_t every_s = 3600 * (order->report_hours > 0 ? order->report_hours : REPORT_HOURS);
    int64_t shift_s = HABIT_STEP_S * (int64_t)ki_rng_below(&to->rng, 6);
    int32_t n_reports = (int32_t)((as_of_s - begin_s) / every_s), report = 0;
    int is_new = ki_rng_unit(&to->rng) < order->habits.new_share;
    double varies = 1;
    bin->last_emptied_s = begin_s;
    bin->fill = 0.5 * ki_rng_unit(&to->rng);
    for (int64_t at_s = begin_s; at_s < as_of_s; at_s += HABIT_STEP_S) {
        int64_t since_s = at_s - begin_s, second = since_s % KI_DAY_S;
        int64_t day = service_day - order->days + since_s / KI_DAY_S;
        if (second == 0 && since_s > 0 && at_s < to->day_utc_s && due(bin, order, at_s)) {
            bin->fill = 0.02 * ki_rng_unit(&to->rng);
            bin->last_emptied_s = at_s;
        }
        if ((since_s - shift_s - 6 * 3600) % every_s == 0) {
            double value = sense(bin, &to->rng, report++, n_reports);
            if (!isnan(value) && !(is_new && as_of_s - at_s > HABIT_NEW_DAYS * KI_DAY_S))
                add_report(to, bin, at_s, value);
        }
        if (since_s % (3 * 3600) == 0) varies = spread(&to->rng, 0.35);
        double amount = habit_amount(&order->habits, bin->stream->name, day, second, service_day);
        double weekday = bin->stream->weekday[ki_weekday_of_day(day)];
        bin->fill += bin->rate_per_day * weekday * amount * varies * HABIT_STEP_S / KI_DAY_S;
        if (bin->fill > 1.15) bin->fill = 1.15;
    }
}

static const char *const FAULT_NAMES[N_FAULTS] = {"none",   "stuck",   "silent",    "never_full",
                                                  "spikes", "inverse", "over_range"};

static void add_container(writer *to, int32_t number, int32_t site, int stream) {
    char id[16], emptied[32];
    const stream_params *about = &streams[stream];
    snprintf(id, sizeof id, "C%04d", number + 1);
    past bin = {.id = id, .stream = about};
    bin.rate_per_day = about->rate_mean * spread(&to->rng, about->rate_spread);
    if (to->order->rate_ratio > 0) bin.rate_per_day *= to->order->rate_ratio;
    if (ki_rng_below(&to->rng, 1000) < SICK_PERCENT_X10)
        bin.fault = (sensor_fault)(1 + ki_rng_below(&to->rng, N_FAULTS - 1));
    to->n_faulty += bin.fault != FAULT_NONE;
    double volume_l = about->volumes_l[ki_rng_below(&to->rng, 100) < 45];
    if (has_habits(&to->order->habits)) {
        const made_site *at = &to->made->sites[site];
        bin.rate_per_day *=
            habit_of_place(&to->order->habits, to->order->seed, at->lat_e7, at->lon_e7);
        live_with_habits(to, &bin);
    } else {
        live(to, &bin);
    }
    ki_text_add(&to->truth, "%s,%s,%.4f,%.4f\n", id, FAULT_NAMES[bin.fault], bin.rate_per_day,
                bin.fill);
    format_utc(emptied, bin.last_emptied_s);
    ki_text_add(&to->containers, "%s,S%03d,%s,%.0f,%.3f,%.0f,%s,", id, site + 1, about->name,
                volume_l, about->density_kg_per_l * spread(&to->rng, 0.1), about->service_s,
                emptied);
    if (!to->order->no_intervals) ki_text_add(&to->containers, "%.0f", about->max_interval_days);
    ki_text_add(&to->containers, "\n");
}

/* Every site has residual; the others are dealt so that the shares of the streams come out. */
static void add_containers(writer *to) {
    int32_t n_sites = to->made->n_sites, n_bins = to->order->bins, dealt[4] = {0};
    for (int32_t number = 0; number < n_bins; number++) {
        int stream = 0;
        if (number >= n_sites) {
            double lacking = -1e300;
            for (int at = 0; at < 4; at++) {
                double lack = streams[at].share * (number + 1) - dealt[at];
                if (lack > lacking) {
                    lacking = lack;
                    stream = at;
                }
            }
        }
        dealt[stream]++;
        int32_t site =
            number < n_sites ? number : (int32_t)ki_rng_below(&to->rng, (uint32_t)n_sites);
        add_container(to, number, site, stream);
    }
}

/* ---- sites and kerbs ------------------------------------------------------------------------- */

static void add_quoted(ki_text *text, const char *value) {
    ki_text_add(text, "\"");
    for (const char *c = value; *c; c++) {
        if (*c == '"') ki_text_add(text, "\"");
        if ((unsigned char)*c >= 0x20) ki_text_add_bytes(text, c, 1);
    }
    ki_text_add(text, "\"");
}

static void add_sites(writer *to) {
    for (int32_t at = 0; at < to->made->n_sites; at++) {
        const made_site *site = &to->made->sites[at];
        int quiet = ki_rng_below(&to->rng, 100) < SITE_WINDOW_PERCENT;
        ki_text_add(&to->sites, "S%03d,", at + 1);
        add_quoted(&to->sites, site->street);
        ki_text_add(&to->sites, ",community-%d,%.7f,%.7f,,%d,%d,%s\n", 1 + at % 4,
                    site->lat_e7 * 1e-7, site->lon_e7 * 1e-7,
                    60 + 10 * (int)ki_rng_below(&to->rng, 7), (int)ki_rng_below(&to->rng, 25),
                    !quiet                      ? ""
                    : ki_rng_next(&to->rng) & 1 ? "20:00-23:30"
                                                : "22:00-02:00");
    }
}

static void add_kerbs(writer *to) {
    static const double debris[4] = {0, 0.045, 0.030, 0.022};
    for (int32_t at = 0; at < to->made->n_kerbs; at++) {
        const made_kerb *kerb = &to->made->kerbs[at];
        ki_text_add(&to->kerbs, "K%04d,", at + 1);
        add_quoted(&to->kerbs, kerb->name);
        ki_text_add(&to->kerbs, ",community-%d,%lld,%lld,%lld,%s,1,2.2,%.3f,0.25,%d,,yes,%s\n",
                    1 + at % 4, (long long)kerb->way_id, (long long)kerb->from_node,
                    (long long)kerb->to_node, kerb->right ? "right" : "left", debris[kerb->grade],
                    kerb->grade, kerb->grade == 1 ? "22:00-06:00" : "");
    }
}

/* ---- district.yaml --------------------------------------------------------------------------- */

static void add_point(writer *to, int place) {
    ki_text_add(&to->yaml, "lat: %.7f, lon: %.7f", to->made->places[place].lat_e7 * 1e-7,
                to->made->places[place].lon_e7 * 1e-7);
}

/* A city ten times as large has larger stations: two bays would take its trucks until noon. */
static int32_t n_bays(const writer *to) {
    int32_t thousands = (to->order->bins + 999) / 1000;
    return 2 * (thousands > 1 ? thousands : 1);
}

static void add_facility(writer *to, const char *id, const char *name, const char *kind, int place,
                         const char *hours, int takes, int water) {
    ki_text_add(&to->yaml, "  - id: %s\n    name: \"%s\"\n    kind: %s\n    ", id, name, kind);
    ki_text_add(&to->yaml, "lat: %.7f\n    lon: %.7f\n    takes:\n",
                to->made->places[place].lat_e7 * 1e-7, to->made->places[place].lon_e7 * 1e-7);
    for (int stream = 0; stream < 4; stream++)
        if (takes & 1 << stream)
            ki_text_add(&to->yaml, "      - {stream: %s, fee_per_tonne: %g}\n",
                        streams[stream].name, to->prices.tip_per_tonne[stream]);
    if (water)
        ki_text_add(&to->yaml, "      - {stream: sweepings, fee_per_tonne: %g}\n",
                    to->prices.tip_per_tonne[0]);
    ki_text_add(&to->yaml, "    hours: [\"%s\"]\n    unload_s: 420\n    unload_s_per_tonne: 60\n",
                hours);
    ki_text_add(&to->yaml, "    bays: %d\n    water: %s\n", n_bays(to), water ? "true" : "false");
}

enum { RESIDUAL = 1, FOOD = 2, RECYCLABLE = 4, HAZARDOUS = 8 };

static void add_kinds(writer *to) {
    const price_list *prices = &to->prices;
    ki_text_add(&to->yaml,
                "vehicle_kinds:\n"
                "  truck_small: {use: truck, height_m: 2.9, width_m: 2.2, length_m: 6.5, mass_kg: "
                "9000, price_used: %g, price_per_km: %g}\n"
                "  truck_large: {use: truck, height_m: 3.4, width_m: 2.5, length_m: 9, mass_kg: "
                "18000, price_used: %g, price_per_km: %g}\n"
                "  sweeper: {use: sweeper, height_m: 2.6, width_m: 2.0, length_m: 5.5, mass_kg: "
                "9000, sweep_speed_kmh: 8, water_l: 1500, price_used: %g, price_per_km: %g}\n",
                prices->truck_small.used, prices->truck_small.per_km, prices->truck_large.used,
                prices->truck_large.per_km, prices->sweeper.used, prices->sweeper.per_km);
}

/* Capacities in litres as collected: compaction is folded in. */
static const struct {
    const char *kind, *compartments;
} fleet[6] = {
    {"truck_large", "{streams: [residual], capacity_kg: 8000, capacity_l: 42000}"},
    {"truck_small", "{streams: [residual], capacity_kg: 3500, capacity_l: 18000}"},
    {"truck_large", "{streams: [food], capacity_kg: 8000, capacity_l: 12000}"},
    {"truck_small", "{streams: [food], capacity_kg: 3500, capacity_l: 5500}"},
    {"truck_large", "{streams: [recyclable], capacity_kg: 6000, capacity_l: 36000}"},
    {"truck_small", "{streams: [recyclable], capacity_kg: 2000, capacity_l: 14000}, "
                    "{streams: [hazardous], capacity_kg: 1200, capacity_l: 3000}"},
};

static void add_shift(writer *to, const char *prefix, int32_t number, const char *start,
                      const char *end, const vehicle_prices *prices) {
    ki_text_add(&to->yaml,
                "  - {id: %sS%02d, vehicle: %s%02d, crew: %sC%02d, depot: %s, start: \"%s\", end: "
                "\"%s\", regular_h: 7, pre_trip_min: 10, post_trip_min: 10, price_per_hour: %g, "
                "overtime_per_hour: %g}\n",
                prefix, number, prefix, number, prefix, number, number % 2 ? "D1" : "D2", start,
                end, prices->per_hour, prices->overtime_per_hour);
}

static void add_fleet(writer *to) {
    int32_t n_trucks = (to->order->bins + BINS_PER_TRUCK - 1) / BINS_PER_TRUCK;
    int32_t n_sweepers = (int32_t)ceil(to->order->kerb_km / KERB_KM_PER_SWEEPER);
    if (n_trucks < 6) n_trucks = 6;
    if (n_sweepers < 2) n_sweepers = 2;
    if (to->order->kerb_km <= 0) n_sweepers = 0;
    ki_text_add(&to->yaml, "vehicles:\n");
    for (int32_t at = 1; at <= n_trucks; at++)
        ki_text_add(&to->yaml, "  - {id: T%02d, kind: %s, compartments: [%s]}\n", at,
                    fleet[(at - 1) % 6].kind, fleet[(at - 1) % 6].compartments);
    for (int32_t at = 1; at <= n_sweepers; at++)
        ki_text_add(&to->yaml,
                    "  - {id: W%02d, kind: sweeper, compartments: [{streams: [sweepings], "
                    "capacity_kg: 3000, capacity_l: 4000}]}\n",
                    at);
    ki_text_add(&to->yaml, "shifts:\n");
    for (int32_t at = 1; at <= n_trucks; at++)
        add_shift(to, "T", at, "20:30", "05:30",
                  (at - 1) % 2 ? &to->prices.truck_small : &to->prices.truck_large);
    for (int32_t at = 1; at <= n_sweepers; at++)
        add_shift(to, "W", at, "21:00", "06:00", &to->prices.sweeper);
}

static void add_head(writer *to, const char *extract) {
    const char *cache = to->order->cache_name;
    ki_text_add(&to->yaml,
                "# Made by kerbside-bench make-district, generator version %s, seed %llu.\n"
                "schema_version: 1\n"
                "district: {id: d%llu, name: \"Generated district\"}\n"
                "extract: %s\n%s%s%s"
                "coordinates: wgs84\n"
                "time_zone: %s\n"
                "currency: CNY\n"
                "date: %s\n"
                "as_of: %sT19:30:00\n"
                "night: {start: \"20:00\", end: \"07:00\"}\n"
                "demand: {must_ratio: 0.85, may_ratio: 0.55, max_bad_ratio: 0.05",
                DISTRICT_GENERATOR_VERSION, (unsigned long long)to->order->seed,
                (unsigned long long)to->order->seed, extract, cache ? "roads_cache: " : "",
                cache ? cache : "", cache ? "\n" : "", to->zone, to->date, to->date);
    add_habit_demand(&to->yaml, &to->order->habits);
    ki_text_add(&to->yaml, "}\n");
    add_habit_keys(&to->yaml, &to->order->habits);
    ki_text_add(&to->yaml,
                "prices: {unserved_must: %g, unswept_kerb_per_km: %g, overflow_per_container_day: "
                "%g}\n"
                "tables:\n  sites: sites.csv\n  containers: containers.csv\n  reports: "
                "reports.csv\n%s",
                to->prices.unserved_must, to->prices.unswept_kerb_per_km,
                to->prices.overflow_per_container_day,
                to->made->n_kerbs ? "  kerbs: kerbs.csv\n" : "");
}

static void add_places(writer *to) {
    ki_text_add(&to->yaml, "depots:\n  - {id: D1, name: \"Depot 1\", ");
    add_point(to, MADE_DEPOT_1);
    ki_text_add(&to->yaml, "}\n  - {id: D2, name: \"Depot 2\", ");
    add_point(to, MADE_DEPOT_2);
    ki_text_add(&to->yaml, "}\nfacilities:\n");
    add_facility(to, "TS1", "Transfer station 1", "transfer_station", MADE_STATION_1, "20:00-06:30",
                 RESIDUAL | FOOD | RECYCLABLE, 1);
    add_facility(to, "TS2", "Transfer station 2", "transfer_station", MADE_STATION_2, "20:00-05:00",
                 RESIDUAL | RECYCLABLE | HAZARDOUS, 1);
    add_facility(to, "P1", "Plant", "plant", MADE_PLANT, "20:00-07:00", RESIDUAL | FOOD, 0);
}

/* ---- the whole ------------------------------------------------------------------------------- */

static void fill_tables(writer *to, const char *extract) {
    ki_text_add(&to->sites, "site_id,name,zone,lat,lon,approach,setup_s,walk_m,windows\n");
    ki_text_add(&to->containers, "container_id,site_id,stream,volume_l,density_kg_per_l,service_s,"
                                 "last_emptied,max_interval_days\n");
    ki_text_add(&to->reports,
                "container_id,measured,received,fill_ratio,mass_kg,source,trust,alarm\n");
    ki_text_add(&to->kerbs, "kerb_id,name,zone,way_id,from_node,to_node,side,passes,width_m,"
                            "debris_kg_per_m,water_l_per_m,grade,last_swept,due,windows\n");
    ki_text_add(&to->truth, "container_id,fault,rate_per_day,fill_ratio\n");
    add_sites(to);
    add_containers(to);
    add_kerbs(to);
    add_head(to, extract);
    add_places(to);
    add_kinds(to);
    add_fleet(to);
}

static kerb_status write_all(writer *to, const char *folder, kerb_error *err) {
    KI_TRY(bench_write_text(folder, "sites.csv", &to->sites, err));
    KI_TRY(bench_write_text(folder, "containers.csv", &to->containers, err));
    KI_TRY(bench_write_text(folder, "reports.csv", &to->reports, err));
    if (to->order->truth) KI_TRY(bench_write_text(folder, "truth.csv", &to->truth, err));
    if (to->made->n_kerbs) KI_TRY(bench_write_text(folder, "kerbs.csv", &to->kerbs, err));
    return bench_write_text(folder, "district.yaml", &to->yaml, err);
}

kerb_status district_write(const made_district *made, const district_order *order,
                           const char *extract, const char *folder, kerb_error *err) {
    writer to = {.made = made, .order = order};
    ki_rng_seed(&to.rng, order->seed, 2);
    KI_TRY(set_date(&to, err));
    KI_TRY(district_prices_read(&to.prices, order->prices_path, err));
    char absolute[PATH_MAX];
    if (order->extract_name)
        extract = order->extract_name;
    else if (realpath(extract, absolute))
        extract = absolute;
    bench_make_folders(folder);
    fill_tables(&to, extract);
    kerb_status status = write_all(&to, folder, err);
    ki_text_free(&to.yaml);
    ki_text_free(&to.sites);
    ki_text_free(&to.containers);
    ki_text_free(&to.reports);
    ki_text_free(&to.kerbs);
    ki_text_free(&to.truth);
    return status;
}
