/* SPDX-License-Identifier: GPL-3.0-or-later
 * A whole small district, read into a draft; then the same with one thing wrong at a time. */
#define _DEFAULT_SOURCE
#include "base/words.h"
#include "district_files.h"
#include "io/district.h"
#include "io/district_keys.h"
#include "model/draft.h"

#include <gdal.h>
#include <math.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>

static kerb_model *load(const test_folder *folder, const ki_district_options *options) {
    kerb_model *model;
    kerb_error err = {0};
    if (ki_district_load(&model, NULL, folder->file, options, NULL, &err) != KERB_OK)
        fail_msg("%s", err.message);
    return model;
}

static const char *note_of(const kerb_model *model, const char *kind) {
    for (size_t note = 0; note < model->draft.n_notes; note++)
        if (strcmp(model->draft.notes[note].kind, kind) == 0) return model->draft.notes[note].text;
    return "";
}

static int has_note(const kerb_model *model, const char *kind, const char *text) {
    for (size_t note = 0; note < model->draft.n_notes; note++)
        if (strcmp(model->draft.notes[note].kind, kind) == 0 &&
            strcmp(model->draft.notes[note].text, text) == 0)
            return 1;
    return 0;
}

static int64_t at(const char *text) {
    int64_t instant_s;
    assert_true(ki_parse_instant(text, NULL, &instant_s, NULL));
    return instant_s;
}

/* ---- the good district ----------------------------------------------------------------------- */

static void the_district_is_read_whole(void **state) {
    (void)state;
    test_folder folder = good_folder();
    kerb_model *model = load(&folder, NULL);
    const kerb_district *district = &model->draft.district;
    assert_string_equal(district->id, "demo");
    assert_string_equal(district->name, "Centre");
    assert_string_equal(district->currency, "CNY");
    assert_string_equal(district->zone, "Europe/Stockholm");
    assert_string_equal(district->service_day, "2026-11-02");
    assert_int_equal(district->utc_offset_s, 3600);
    assert_int_equal(district->as_of_s, at("2026-11-02T18:30Z"));
    assert_int_equal(district->night_start_s, at("2026-11-02T19:00Z"));
    assert_int_equal(district->night_end_s, at("2026-11-03T06:00Z"));
    assert_int_equal(district->coordinates, KERB_WGS84);
    assert_true(district->must_ratio == 0.85 && district->may_ratio == 0.5);
    assert_true(district->price_unserved_must == 700 && district->price_unswept_per_km == 400);
    assert_true(district->price_overflow_per_day == 80);
    kerb_model_free(model);
    remove_folder(&folder);
}

static void sites_and_containers_are_read_with_their_defaults(void **state) {
    (void)state;
    test_folder folder = good_folder();
    kerb_model *model = load(&folder, NULL);
    const ki_draft *draft = &model->draft;
    assert_int_equal(draft->n_sites, 3);
    assert_string_equal(draft->sites[0].name, "Torget");
    assert_int_equal(draft->sites[0].approach, KERB_APPROACH_KERB_SIDE);
    assert_int_equal(draft->sites[0].n_windows, 2);
    assert_int_equal(draft->sites[0].windows[0].start_s, at("2026-11-02T21:00Z"));
    assert_int_equal(draft->sites[0].windows[1].end_s, at("2026-11-03T06:00Z"));
    assert_int_equal(draft->sites[1].approach, KERB_APPROACH_UNSPECIFIED);
    assert_int_equal(draft->sites[1].n_windows, 0);
    assert_int_equal(draft->n_containers, 3);
    assert_int_equal(draft->containers[0].last_emptied_s, at("2026-10-31T21:00Z"));
    assert_true(draft->containers[0].max_interval_days == 7);
    assert_int_equal(draft->containers[1].stream, KERB_STREAM_FOOD);
    assert_true(draft->containers[1].density_kg_per_l == 0.1 &&
                draft->containers[1].service_s == 60);
    assert_int_equal(draft->containers[1].last_emptied_s, KERB_NO_TIME);
    assert_int_equal(draft->containers[2].last_emptied_s, at("2026-10-29T23:00Z"));
    kerb_model_free(model);
    remove_folder(&folder);
}

static void read_reports(const kerb_model *model, kerb_report *reports, size_t n) {
    ki_report_at at = {0};
    assert_int_equal(model->draft.reports.n, n);
    for (size_t row = 0; row < n; row++)
        assert_true(ki_report_list_next(&model->draft.reports, &at, &reports[row]));
}

static void reports_are_read_with_local_and_offset_times(void **state) {
    (void)state;
    test_folder folder = good_folder();
    kerb_model *model = load(&folder, NULL);
    kerb_report reports[4];
    read_reports(model, reports, 4);
    assert_int_equal(reports[0].received_s, at("2026-11-02T11:00:09Z"));
    assert_int_equal(reports[1].measured_s, at("2026-11-02T17:00Z")); /* local: one hour ahead */
    assert_int_equal(reports[1].received_s, KERB_NO_TIME);
    assert_string_equal(reports[2].container_id, "A2"); /* spaces trimmed */
    assert_true(isnan(reports[2].fill_ratio) && reports[2].mass_kg == 14.5);
    assert_string_equal(reports[2].alarm, "lid open");
    assert_true(reports[0].trust_ratio == 0.9 && reports[2].trust_ratio == 0);
    assert_int_equal(reports[3].record, 4);
    kerb_model_free(model);
    remove_folder(&folder);
}

/* The reports of the good district as a network server exports them, and as a context broker does.
 */
static void reports_in_json_are_those_of_the_csv(void **state) {
    (void)state;
    static const struct {
        const char *table, *text;
    } FORMS[] = {{"{file: r.jsonl, columns: {container_id: ids.device, measured: at, fill_ratio: "
                  "up.payload.level}, fill: free_percent}",
                  "{\"ids\":{\"device\":\"A1\"},\"at\":\"2026-11-02T12:00:00+01:00\","
                  "\"up\":{\"payload\":{\"level\":29}}}\n"
                  "{\"ids\":{\"device\":\"A1\n"
                  "{\"ids\":{\"device\":\"B1\"},\"at\":\"2026-11-01T17:00:00Z\","
                  "\"up\":{\"payload\":{\"level\":70}}}\n"},
                 {"r.json",
                  "[{\"id\":\"urn:ngsi-ld:WasteContainer:A1\",\"type\":\"WasteContainer\","
                  "\"fillingLevel\":{\"type\":\"Property\",\"value\":0.71,"
                  "\"observedAt\":\"2026-11-02T11:00:00Z\"}},{\"id\":\"A9\"},"
                  "{\"id\":\"B1\",\"type\":\"WasteContainer\",\"fillingLevel\":0.3,"
                  "\"dateObserved\":\"2026-11-01T18:00:00+01:00\"}]"}};
    for (size_t form = 0; form < 2; form++) {
        test_folder folder = good_folder();
        char reports[300];
        snprintf(reports, sizeof reports, "reports: %s", FORMS[form].table);
        change(&folder, YAML, "reports: reports.csv", reports);
        write_in(&folder, form ? "r.json" : "r.jsonl", FORMS[form].text, strlen(FORMS[form].text));
        kerb_model *model = load(&folder, NULL);
        kerb_report read[2];
        read_reports(model, read, 2);
        assert_string_equal(read[0].container_id, "A1");
        assert_int_equal(read[0].measured_s, at("2026-11-02T11:00Z"));
        assert_float_equal(read[0].fill_ratio, 0.71, 1e-9);
        assert_string_equal(read[1].container_id, "B1");
        assert_float_equal(read[1].fill_ratio, 0.3, 1e-9);
        assert_int_equal(read[1].record, 3);
        assert_contains(note_of(model, "quarantined"),
                        form ? "r.json, record 2, field measured: nothing, expected an ISO 8601"
                             : "r.jsonl, record 2, line 2: not JSON at byte");
        kerb_model_free(model);
        remove_folder(&folder);
    }
}

static void kerbs_that_are_not_due_are_left_out(void **state) {
    (void)state;
    test_folder folder = good_folder();
    kerb_model *model = load(&folder, NULL);
    assert_int_equal(model->draft.n_streets, 1);
    assert_int_equal(model->draft.streets[0].side, KERB_SIDE_RIGHT);
    assert_int_equal(model->draft.streets[0].way_id, 111);
    assert_true(model->draft.streets[0].width_m == 2.5 && model->draft.streets[0].grade == 2);
    assert_true(has_note(model, "not_due", "kerbs.csv: 1 kerbs are not due"));
    kerb_model_free(model);
    remove_folder(&folder);
}

static void the_fleet_is_read(void **state) {
    (void)state;
    test_folder folder = good_folder();
    change(&folder, YAML, "end: \"06:00\"}", "end: \"06:00\", price_per_hour: 10}");
    kerb_model *model = load(&folder, NULL);
    const ki_draft *draft = &model->draft;
    assert_int_equal(draft->n_vehicles, 2);
    assert_true(draft->vehicles[0].height_m == 2.9 && draft->vehicles[0].price_per_km == 2.6);
    assert_int_equal(draft->vehicles[0].compartments[0].n_streams, 2);
    assert_int_equal(draft->vehicles[0].compartments[0].streams[1], KERB_STREAM_FOOD);
    assert_true(draft->vehicles[0].available && draft->vehicles[1].sweep_speed_kmh == 8);
    assert_int_equal(draft->n_shifts, 2);
    assert_int_equal(draft->shifts[0].start_s, at("2026-11-02T20:00Z"));
    assert_int_equal(draft->shifts[0].end_s, at("2026-11-03T04:00Z"));
    assert_true(draft->shifts[0].regular_s == 25200 && draft->shifts[0].pre_trip_s == 600);
    assert_string_equal(draft->shifts[0].end_depot, "D1");
    assert_true(draft->shifts[0].price_overtime_per_hour == 93);
    const kerb_break *breaks = draft->shifts[0].breaks;
    assert_int_equal(draft->shifts[0].n_breaks, 2);
    assert_true(breaks[0].duration_s == 1800 && breaks[0].paid && !breaks[0].at_facility);
    assert_int_equal(breaks[0].n_windows, 1);
    assert_int_equal(breaks[0].windows[0].start_s, at("2026-11-02T22:30Z"));
    assert_int_equal(breaks[0].windows[0].end_s, at("2026-11-03T00:00Z"));
    assert_true(breaks[1].after_work_s == 16200 && breaks[1].at_facility && !breaks[1].paid);
    assert_int_equal(breaks[1].n_windows, 0);
    assert_true(draft->shifts[1].price_overtime_per_hour == 10); /* as price_per_hour */
    assert_int_equal(draft->facilities[0].n_gates, 2);
    assert_true(draft->facilities[0].gates[1].fee_per_tonne == -5);
    assert_int_equal(draft->facilities[0].windows[0].end_s, at("2026-11-03T05:30Z"));
    assert_true(draft->facilities[0].has_water && draft->facilities[0].bays == 2);
    kerb_model_free(model);
    remove_folder(&folder);
}

static void the_extract_is_found_next_to_the_file(void **state) {
    (void)state;
    test_folder folder = good_folder();
    char *extract, *cache, expected[128];
    assert_int_equal(ki_district_paths(&extract, &cache, folder.file, NULL), KERB_OK);
    snprintf(expected, sizeof expected, "%s/map.osm.gz", folder.path);
    assert_string_equal(extract, expected);
    assert_null(cache);
    kerb_buffer_free(extract);
    change(&folder, YAML, "coordinates:", "roads_cache: /var/city.roads\ncoordinates:");
    assert_int_equal(ki_district_paths(&extract, &cache, folder.file, NULL), KERB_OK);
    assert_string_equal(extract, expected);
    assert_string_equal(cache, "/var/city.roads");
    kerb_buffer_free(extract);
    kerb_buffer_free(cache);
    remove_folder(&folder);
}

static void coordinates_are_turned_into_wgs84(void **state) {
    (void)state;
    test_folder folder = good_folder();
    change(&folder, YAML, "coordinates: wgs84", "coordinates: gcj02");
    change(&folder, SITES, "57.701,11.951", "31.17530398,121.53154186");
    kerb_model *model = load(&folder, NULL);
    assert_true(fabs(model->draft.sites[0].lat_deg - 31.1774276) < 1e-6);
    assert_true(fabs(model->draft.sites[0].lon_deg - 121.5272106) < 1e-6);
    assert_true(model->draft.sites[1].lat_deg == 57.702);
    kerb_model_free(model);
    remove_folder(&folder);
}

static void the_command_line_overrides_date_and_as_of(void **state) {
    (void)state;
    test_folder folder = good_folder();
    ki_district_options options = {.date = "2026-11-03", .as_of = "2026-11-03T08:00:00"};
    kerb_model *model = load(&folder, &options);
    assert_string_equal(model->draft.district.service_day, "2026-11-03");
    assert_int_equal(model->draft.district.as_of_s, at("2026-11-03T07:00Z"));
    assert_int_equal(model->draft.district.night_start_s, at("2026-11-03T19:00Z"));
    kerb_model_free(model);
    remove_folder(&folder);
}

static void without_date_and_as_of_the_newest_report_gives_both(void **state) {
    (void)state;
    test_folder folder = good_folder();
    char *text = replaced(good_files[YAML].text, "date: 2026-11-02\n", "");
    char *less = replaced(text, "as_of: 2026-11-02T19:30:00+01:00\n", "");
    write_in(&folder, "district.yaml", less, strlen(less));
    kerb_model *model = load(&folder, NULL);
    assert_string_equal(model->draft.district.service_day, "2026-11-02");
    assert_int_equal(model->draft.district.as_of_s, at("2026-11-02T17:00Z"));
    assert_true(has_note(model, "as_of",
                         "as-of is that of the newest credible report: 2026-11-02T18:00:00+01:00"));
    kerb_model_free(model);
    free(text);
    free(less);
    remove_folder(&folder);
}

static void one_clock_set_to_2099_does_not_move_the_night(void **state) {
    (void)state;
    test_folder folder = good_folder();
    char *text =
        replaced(good_files[YAML].text, "date: 2026-11-02\nas_of: 2026-11-02T19:30:00+01:00\n", "");
    write_in(&folder, "district.yaml", text, strlen(text));
    char rows[1200];
    size_t used = (size_t)snprintf(rows, sizeof rows, "container_id,measured,fill_ratio\n");
    for (int hour = 0; hour < 20; hour++)
        used += (size_t)snprintf(rows + used, sizeof rows - used, "A1,2026-11-02T%02d:00:00Z,0.5\n",
                                 hour);
    snprintf(rows + used, sizeof rows - used, "B1,2099-01-01T00:00:00Z,0.5\n");
    write_in(&folder, "reports.csv", rows, strlen(rows));
    kerb_model *model = load(&folder, NULL);
    assert_string_equal(model->draft.district.service_day, "2026-11-02");
    assert_int_equal(model->draft.reports.n, 20);
    assert_contains(note_of(model, "quarantined"), "reports.csv, record 21, field measured: 2099");
    kerb_model_free(model);
    free(text);
    remove_folder(&folder);
}

static void a_district_may_be_only_kerbs(void **state) {
    (void)state;
    test_folder folder = good_folder();
    change(&folder, YAML,
           "  sites: sites.csv\n  containers: containers.csv\n  reports: reports.csv\n", "");
    kerb_model *model = load(&folder, NULL);
    assert_int_equal(model->draft.n_containers, 0);
    assert_int_equal(model->draft.n_streets, 1);
    kerb_model_free(model);
    remove_folder(&folder);
}

/* 2026-11-02 is a Monday. */
static void nights_of_the_rounds_say_how_far_the_next_one_is(void **state) {
    (void)state;
    static const struct {
        const char *date;
        int nights;
        double must_ratio;
    } cases[] = {{"2026-11-02", 3, 0.85},
                 {"2026-11-03", 0, 1},
                 {"2026-11-05", 4, 0.85},
                 {"2026-11-08", 0, 1},
                 {"2026-11-09", 3, 0.85}};
    test_folder folder = good_folder();
    change(&folder, YAML, "demand: {", "demand: {collection_nights: [thu, mon], ");
    for (size_t index = 0; index < sizeof cases / sizeof *cases; index++) {
        ki_district_options options = {.date = cases[index].date, .as_of = "2026-11-01T08:00:00"};
        kerb_model *model = load(&folder, &options);
        assert_int_equal(model->draft.district.nights_to_next, cases[index].nights);
        assert_true(model->draft.district.must_ratio == cases[index].must_ratio);
        kerb_model_free(model);
    }
    remove_folder(&folder);
}

static void the_rule_for_crossing_is_read(void **state) {
    (void)state;
    test_folder folder = good_folder();
    kerb_model *model = load(&folder, NULL);
    assert_int_equal(model->draft.district.crossing.is_stated, 0);
    kerb_model_free(model);
    change(&folder, YAML, "tables:\n",
           "crossing: {classes: [tertiary, living], max_width_m: 8.5, max_lanes: 2}\ntables:\n");
    model = load(&folder, NULL);
    const kerb_crossing *crossing = &model->draft.district.crossing;
    assert_int_equal(crossing->is_stated, 1);
    assert_int_equal(crossing->n_classes, 2);
    assert_int_equal(crossing->classes[0], KERB_ROAD_TERTIARY);
    assert_int_equal(crossing->classes[1], KERB_ROAD_LIVING);
    assert_true(crossing->max_width_m == 8.5 && crossing->max_lanes == 2);
    kerb_model_free(model);
    remove_folder(&folder);
}

static void
a_rule_for_crossing_without_classes_keeps_them_and_an_empty_list_has_none(void **state) {
    (void)state;
    test_folder folder = good_folder();
    change(&folder, YAML, "tables:\n", "crossing: {max_lanes: 2}\ntables:\n");
    kerb_model *model = load(&folder, NULL);
    assert_int_equal(model->draft.district.crossing.n_classes, 6);
    kerb_model_free(model);
    change(&folder, YAML, "tables:\n", "crossing: {classes: []}\ntables:\n");
    model = load(&folder, NULL);
    assert_int_equal(model->draft.district.crossing.is_stated, 1);
    assert_int_equal(model->draft.district.crossing.n_classes, 0);
    kerb_model_free(model);
    remove_folder(&folder);
}

static void a_gb18030_district_is_read_and_said_to_be_one(void **state) {
    (void)state;
    test_folder folder = good_folder();
    change(&folder, YAML, "Centre", "\xbd\xd6\xb5\xc0");
    change(&folder, SITES, "Torget", "\xbd\xd6\xb5\xc0");
    kerb_model *model = load(&folder, NULL);
    assert_string_equal(model->draft.district.name, "\xe8\xa1\x97\xe9\x81\x93");
    assert_string_equal(model->draft.sites[0].name, "\xe8\xa1\x97\xe9\x81\x93");
    assert_true(has_note(model, "encoding", "sites.csv: not UTF-8, read as GB18030"));
    kerb_model_free(model);
    remove_folder(&folder);
}

/* Sites A, B and C as points without columns for their coordinates. */
static void make_site_points(const char *path) {
    GDALAllRegister();
    GDALDatasetH dataset =
        GDALCreate(GDALGetDriverByName("GPKG"), path, 0, 0, 0, GDT_Unknown, NULL);
    assert_non_null(dataset);
    OGRSpatialReferenceH system = OSRNewSpatialReference(NULL);
    OSRImportFromEPSG(system, 4326);
    OSRSetAxisMappingStrategy(system, OAMS_TRADITIONAL_GIS_ORDER);
    OGRLayerH layer = GDALDatasetCreateLayer(dataset, "sites", system, wkbPoint, NULL);
    OGRFieldDefnH field = OGR_Fld_Create("site_id", OFTString);
    OGR_L_CreateField(layer, field, 1);
    for (int site = 0; site < 3; site++) {
        OGRFeatureH row = OGR_F_Create(OGR_L_GetLayerDefn(layer));
        OGRGeometryH point = OGR_G_CreateGeometry(wkbPoint);
        char id[2] = {(char)('A' + site), 0};
        OGR_F_SetFieldString(row, 0, id);
        OGR_G_SetPoint_2D(point, 0, 11.5 + 0.25 * site, 57.7);
        if (site < 2) OGR_F_SetGeometry(row, point); /* C has none */
        assert_int_equal(OGR_L_CreateFeature(layer, row), OGRERR_NONE);
        OGR_G_DestroyGeometry(point);
        OGR_F_Destroy(row);
    }
    OGR_Fld_Destroy(field);
    OSRDestroySpatialReference(system);
    GDALClose(dataset);
}

static void points_of_a_geopackage_stand_in_for_coordinates(void **state) {
    (void)state;
    test_folder folder = good_folder();
    char path[160];
    snprintf(path, sizeof path, "%s/city.gpkg", folder.path);
    make_site_points(path);
    change(&folder, YAML, "sites: sites.csv", "sites: {file: city.gpkg, layer: sites}");
    kerb_model *model = load(&folder, NULL);
    assert_int_equal(model->draft.n_sites, 2);
    assert_true(model->draft.sites[1].lat_deg == 57.7 && model->draft.sites[1].lon_deg == 11.75);
    assert_true(has_note(model, "quarantined",
                         "city.gpkg:sites, record 3, field lat: nothing, expected -90 to 90"));
    kerb_model_free(model);
    remove_folder(&folder);
}

static void surplus_columns_are_ignored_with_a_note(void **state) {
    (void)state;
    test_folder folder = good_folder();
    change(&folder, SITES, "walk_m,windows", "walk_m,windows,colour,owner");
    kerb_model *model = load(&folder, NULL);
    assert_true(has_note(model, "ignored", "sites.csv: columns not used: colour, owner"));
    kerb_model_free(model);
    remove_folder(&folder);
}

static void equal_reports_count_once(void **state) {
    (void)state;
    test_folder folder = good_folder();
    change(&folder, REPORTS, "B1,2026-11-01T17:00:00Z,,0.3,,radar,,\n",
           "B1,2026-11-01T17:00:00Z,,0.3,,radar,,\nB1,2026-11-01T18:00:00+01:00,,0.30,,,,\n"
           "B1,2026-11-01T17:00:00Z,,0.31,,radar,,\n");
    kerb_model *model = load(&folder, NULL);
    assert_int_equal(model->draft.reports.n, 5);
    assert_true(has_note(model, "duplicates", "reports.csv: 1 reports came more than once"));
    kerb_model_free(model);
    remove_folder(&folder);
}

/* ---- bad rows -------------------------------------------------------------------------------- */

typedef struct bad_row {
    const char *name; /* of the test */
    int file;
    const char *old, *new, *note;
} bad_row;

#define SITE_B "B,,,57.702,11.952,,,,"
#define BIN_B "B1,B,residual,1100,,,2026-10-30,"
#define REPORT_B "B1,2026-11-01T17:00:00Z,,0.3,,radar,,"
#define KERB_2 "K2,Avenyn,Z1,111,5,6,left,,,,,,,no,"

static const bad_row bad_rows[] = {
    {"a_fill_of_1_7_is_quarantined", REPORTS, "0.3", "1.7",
     "reports.csv, record 4, field fill_ratio: 1.7, expected 0 to 1"},
    {"an_unknown_container_is_quarantined", REPORTS, REPORT_B, "B9,2026-11-01T17:00:00Z,,0.3,,,,",
     "reports.csv, record 4, field container_id: B9, no container has this id"},
    {"a_report_from_the_future_is_quarantined", REPORTS, "2026-11-01T17:00:00Z",
     "2026-11-02T19:30:01+01:00",
     "reports.csv, record 4, field measured: 2026-11-02T19:30:01+01:00, expected not after as-of "
     "2026-11-02T19:30:00+01:00"},
    {"a_report_received_in_the_future_is_quarantined", REPORTS, "2026-11-01T17:00:00Z,",
     "2026-11-01T17:00:00Z,2027-01-01T00:00:00Z",
     "reports.csv, record 4, field received: 2027-01-01T01:00:00+01:00, expected not after as-of "
     "2026-11-02T19:30:00+01:00"},
    {"a_report_without_a_measure_is_quarantined", REPORTS, "0.3", "",
     "reports.csv, record 4, field fill_ratio: nothing, expected fill_ratio, mass_kg or an alarm"},
    {"a_fill_that_is_no_number_is_quarantined", REPORTS, "0.3", "full",
     "reports.csv, record 4, field fill_ratio: full, expected 0 to 1"},
    {"a_fill_of_nan_is_quarantined", REPORTS, "0.3", "nan",
     "reports.csv, record 4, field fill_ratio: nan, expected 0 to 1"},
    {"a_hexadecimal_fill_is_quarantined", REPORTS, "0.3", "0x0",
     "reports.csv, record 4, field fill_ratio: 0x0, expected 0 to 1"},
    {"a_negative_mass_is_quarantined", REPORTS, "14.5", "-14.5",
     "reports.csv, record 3, field mass_kg: -14.5, expected 0 to 100000"},
    {"a_trust_of_2_is_quarantined", REPORTS, "radar,,", "radar,2,",
     "reports.csv, record 4, field trust: 2, expected 0 to 1"},
    {"an_ill_formed_time_is_quarantined", REPORTS, "2026-11-01T17:00:00Z", "01.11.2026 17:00",
     "reports.csv, record 4, field measured: 01.11.2026 17:00, expected an ISO 8601 instant such "
     "as 2026-11-02T19:30:00+01:00"},
    {"a_latitude_of_91_is_quarantined", SITES, "57.703", "91",
     "sites.csv, record 3, field lat: 91, expected -90 to 90"},
    {"a_repeated_site_is_quarantined", SITES, "C,,,57.703", "B,,,57.703",
     "sites.csv, record 3, field site_id: B, a row with this id came before"},
    {"a_site_without_an_id_is_quarantined", SITES, "C,,,57.703", " ,,,57.703",
     "sites.csv, record 3, field site_id: nothing, expected an id: text of at most 500 bytes, not "
     "cut to a number by a spreadsheet"},
    {"an_id_cut_to_a_number_is_quarantined", SITES, "C,,,57.703", "1.2E+11,,,57.703",
     "sites.csv, record 3, field site_id: 1.2E+11, expected an id: text of at most 500 bytes, not "
     "cut to a number by a spreadsheet"},
    {"an_unknown_approach_is_quarantined", SITES, "either", "both",
     "sites.csv, record 3, field approach: both, expected one of kerb_side, either"},
    {"ill_formed_windows_are_quarantined", SITES, "either,,,", "either,,,late",
     "sites.csv, record 3, field windows: late, expected windows such as 22:00-05:00;06:00-07:00"},
    {"an_unknown_site_is_quarantined", CONTAINERS, "B1,B,", "B1,X,",
     "containers.csv, record 3, field site_id: X, no site has this id"},
    {"an_unknown_stream_is_quarantined", CONTAINERS, "B1,B,residual", "B1,B,paper",
     "containers.csv, record 3, field stream: paper, expected one of residual, food, recyclable, "
     "hazardous, construction, sweepings"},
    {"a_negative_density_is_quarantined", CONTAINERS, "1100,,", "1100,-0.1,",
     "containers.csv, record 3, field density_kg_per_l: -0.1, expected 0.001 to 3"},
    {"a_volume_of_nothing_is_quarantined", CONTAINERS, "1100", "0",
     "containers.csv, record 3, field volume_l: 0, expected 1 to 100000"},
    {"a_repeated_container_is_quarantined", CONTAINERS, "B1,B,", "A1,B,",
     "containers.csv, record 3, field container_id: A1, a row with this id came before"},
    {"a_container_emptied_in_the_future_is_quarantined", CONTAINERS, "2026-10-30", "2026-12-30",
     "containers.csv, record 3, field last_emptied: 2026-12-30T00:00:00+01:00, expected not after "
     "as-of 2026-11-02T19:30:00+01:00"},
    {"an_unknown_side_is_quarantined", KERBS, "left", "north",
     "kerbs.csv, record 2, field side: north, expected one of left, right, centre"},
    {"a_kerb_without_a_way_is_quarantined", KERBS, "K2,Avenyn,Z1,111", "K2,Avenyn,Z1,",
     "kerbs.csv, record 2, field way_id: nothing, expected a whole number, 1 to 1e+17"},
    {"a_kerb_of_no_length_is_quarantined", KERBS, "111,5,6,left", "111,5,5,left",
     "kerbs.csv, record 2, field to_node: 5, expected another node than from_node"},
    {"a_repeated_kerb_is_quarantined", KERBS, "K2,", "K1,",
     "kerbs.csv, record 2, field kerb_id: K1, a row with this id came before"},
    {"a_kerb_swept_in_the_future_is_quarantined", KERBS, "2026-11-01", "2027-11-01",
     "kerbs.csv, record 1, field last_swept: 2027-11-01T00:00:00+01:00, expected not after as-of "
     "2026-11-02T19:30:00+01:00"},
};

static void expect_quarantined(void **state) {
    const bad_row *row = *state;
    test_folder folder = good_folder();
    change(&folder, row->file, row->old, row->new);
    kerb_model *model;
    ki_input_summary summary;
    kerb_error err = {0};
    if (ki_district_load(&model, NULL, folder.file, NULL, &summary, &err) != KERB_OK)
        fail_msg("%s", err.message);
    assert_string_equal(note_of(model, "quarantined"), row->note);
    assert_int_equal(summary.n_rows, 12);
    assert_in_range(summary.n_bad_rows, 1, 2); /* what hung on the row may follow it */
    kerb_model_free(model);
    remove_folder(&folder);
}

static void strict_takes_no_bad_row(void **state) {
    const bad_row *row = *state;
    test_folder folder = good_folder();
    change(&folder, row->file, row->old, row->new);
    kerb_model *model;
    ki_district_options options = {.strict = 1};
    kerb_error err = {0};
    assert_int_equal(ki_district_load(&model, NULL, folder.file, &options, NULL, &err),
                     KERB_BAD_INPUT);
    assert_null(model);
    assert_contains(err.message, "expected none (strict): ");
    assert_contains(err.message, row->note);
    remove_folder(&folder);
}

static void what_hangs_on_a_bad_row_is_not_called_unknown(void **state) {
    (void)state;
    test_folder folder = good_folder();
    change(&folder, SITES, "57.702", "95");
    kerb_model *model = load(&folder, NULL);
    assert_int_equal(model->draft.n_sites, 2);
    assert_int_equal(model->draft.n_containers, 2);
    assert_true(
        has_note(model, "quarantined",
                 "containers.csv, record 3, field site_id: B, the row of this site is bad"));
    assert_true(
        has_note(model, "ignored", "reports.csv: 1 reports of containers whose rows are bad"));
    kerb_model_free(model);
    remove_folder(&folder);
}

static void reports_of_a_container_of_the_future_go_with_it(void **state) {
    (void)state;
    test_folder folder = good_folder();
    change(&folder, CONTAINERS, "2026-10-30", "2026-12-30");
    kerb_model *model = load(&folder, NULL);
    assert_int_equal(model->draft.n_containers, 2);
    assert_true(
        has_note(model, "ignored", "reports.csv: 1 reports of containers whose rows are bad"));
    kerb_model_free(model);
    remove_folder(&folder);
}

static void at_most_twenty_bad_rows_are_named(void **state) {
    (void)state;
    test_folder folder = good_folder();
    ki_text text = {0};
    ki_text_add(&text, "container_id,measured,fill_ratio\n");
    for (int row = 0; row < 100; row++)
        ki_text_add(&text, "A1,2026-11-01T%02d:%02d:00Z,%s\n", row / 60, row % 60,
                    row % 4   ? "0.5"
                    : row % 8 ? "2.5"
                              : "1.5");
    write_in(&folder, "reports.csv", text.bytes, text.length);
    ki_text_free(&text);
    kerb_model *model = load(&folder, NULL);
    size_t n_notes = 0;
    for (size_t note = 0; note < model->draft.n_notes; note++)
        n_notes += strcmp(model->draft.notes[note].kind, "quarantined") == 0;
    assert_int_equal(n_notes, 21);
    assert_true(has_note(model, "quarantined", "reports.csv: ... and 5 more"));
    /* A value not far out of range is still heard: it tells about the sensor, never of the fill. */
    assert_int_equal(model->draft.reports.n, 75 + 13);
    kerb_model_free(model);
    remove_folder(&folder);
}

static void reports_not_yet_received_do_not_make_a_table_bad(void **state) {
    (void)state;
    test_folder folder = good_folder();
    ki_district_options options = {.as_of = "2026-11-01T19:00:00+01:00", .date = "2026-11-01"};
    change(&folder, YAML, "max_bad_ratio: 0.5", "max_bad_ratio: 0.05");
    kerb_model *model = load(&folder, &options);
    assert_int_equal(model->draft.reports.n, 1);
    kerb_model_free(model);
    remove_folder(&folder);
}

/* ---- tonight --------------------------------------------------------------------------------- */

static kerb_model *load_tonight(const char *tonight) {
    test_folder folder = good_folder();
    write_in(&folder, "tonight.yaml", tonight, strlen(tonight));
    ki_district_options options = {.tonight = folder.tonight};
    kerb_model *model = load(&folder, &options);
    remove_folder(&folder);
    return model;
}

static void tonight_takes_vehicles_and_shifts_out(void **state) {
    (void)state;
    kerb_model *model = load_tonight("vehicles_out: [W1]\nshifts_out: [S1]\n");
    assert_false(model->draft.vehicles[1].available);
    assert_true(model->draft.vehicles[0].available);
    assert_false(model->draft.shifts[0].available);
    assert_true(has_note(model, "tonight", "vehicle W1 is out"));
    assert_true(has_note(model, "tonight", "shift S1 does not take place"));
    kerb_model_free(model);
}

static void tonight_forces_and_skips(void **state) {
    (void)state;
    kerb_model *model = load_tonight("containers_forced: [A1]\ncontainers_skipped: [B1]\n"
                                     "kerbs_forced: [K2]\nkerbs_skipped: [K1]\n");
    assert_int_equal(model->draft.containers[0].force, KERB_FORCE_IN);
    assert_int_equal(model->draft.containers[2].force, KERB_FORCE_OUT);
    assert_int_equal(model->draft.n_streets, 2);
    assert_int_equal(model->draft.streets[0].force, KERB_FORCE_OUT);
    assert_int_equal(model->draft.streets[1].force, KERB_FORCE_IN);
    assert_true(has_note(model, "tonight", "container A1 is emptied whatever its fill"));
    assert_true(has_note(model, "tonight", "container B1 is left tonight"));
    assert_true(has_note(model, "tonight", "kerb K2 is swept whether due or not"));
    assert_true(has_note(model, "tonight", "kerb K1 is not swept tonight"));
    kerb_model_free(model);
}

static void tonight_closes_streets(void **state) {
    (void)state;
    kerb_model *model = load_tonight("closed: [{way: 9}, {way: 7, from_node: 1, to_node: 2, "
                                     "note: works}]\n");
    assert_int_equal(model->draft.n_closures, 2);
    assert_int_equal(model->draft.closures[1].to_node, 2);
    assert_true(has_note(model, "tonight", "way 9 is closed"));
    assert_true(has_note(model, "tonight", "way 7 from node 1 to 2 is closed: works"));
    kerb_model_free(model);
}

static void tonight_changes_hours_and_loads(void **state) {
    (void)state;
    kerb_model *model =
        load_tonight("facility_hours: [{id: T1, hours: [\"21:00-23:00\", "
                     "\"04:00-05:00\"]}]\nstarting_loads: [{shift: S1, kg: [1200]}]\n");
    assert_int_equal(model->draft.facilities[0].n_windows, 2);
    assert_int_equal(model->draft.facilities[0].windows[1].start_s, at("2026-11-03T03:00Z"));
    assert_true(model->draft.shifts[0].starting_load_kg[0] == 1200);
    assert_true(has_note(model, "tonight", "facility T1 is open 21:00-23:00 04:00-05:00"));
    assert_true(has_note(model, "tonight", "shift S1 starts with 1200 kg on board"));
    kerb_model_free(model);
}

static void tonight_locks_containers_to_vehicles_and_takes_bays(void **state) {
    (void)state;
    kerb_model *model = load_tonight("pinned: [{id: A1, vehicles: [V1]}]\n"
                                     "forbidden: [{id: A2, vehicles: [W1, V1]}]\n"
                                     "bays_taken: [{id: T1, hours: [\"21:00-21:15\", "
                                     "\"23:00-00:30\"]}]\n");
    const kerb_container *bins = model->draft.containers;
    assert_int_equal(bins[0].n_pinned_to, 1);
    assert_string_equal(bins[0].pinned_to[0].id, "V1");
    assert_int_equal(bins[1].n_forbidden_to, 2);
    assert_string_equal(bins[1].forbidden_to[1].id, "V1");
    const kerb_facility *station = &model->draft.facilities[0];
    assert_int_equal(station->n_bay_slots, 2);
    assert_int_equal(station->bay_slots[1].taken, 1);
    assert_int_equal(station->bay_slots[1].start_s, at("2026-11-02T22:00Z"));
    assert_int_equal(station->bay_slots[1].end_s, at("2026-11-02T23:30Z"));
    assert_true(has_note(model, "tonight", "A2 is not served by W1 V1"));
    assert_true(
        has_note(model, "tonight", "others have 1 of the bays of T1: 21:00-21:15 23:00-00:30"));
    kerb_model_free(model);
}

static void tonight_puts_stops_in_an_order(void **state) {
    (void)state;
    kerb_model *model = load_tonight("order: [{ids: [A2, A1], note: \"gate\"}]\n");
    assert_int_equal(model->draft.n_sequences, 1);
    const kerb_sequence *sequence = &model->draft.sequences[0];
    assert_int_equal(sequence->n_stops, 2);
    assert_string_equal(sequence->note, "gate");
    assert_string_equal(sequence->stops[0].id, "A2");
    assert_string_equal(sequence->stops[1].id, "A1");
    assert_true(has_note(model, "tonight", "2 stops come in a given order: A2 to A1"));
    kerb_model_free(model);
}

/* ---- errors: one message a test -------------------------------------------------------------- */

typedef struct bad_file {
    const char *name; /* of the test */
    int file;
    const char *old, *new, *message;
} bad_file;

static const bad_file bad_files[] = {
    {"an_unknown_key_is_named_with_what_was_meant", YAML, "extract:", "extrakt:",
     "district.yaml, line 3: unknown key 'extrakt', did you mean 'extract'? (and 1 more"},
    {"an_unknown_key_inside_a_list_is_named", YAML, "regular_h: 7", "regular_hours: 7",
     "line 36: unknown key 'regular_hours' in shifts[]"},
    {"a_missing_key_is_named", YAML, "coordinates: wgs84\n", "",
     "district.yaml, line 1, key coordinates: missing (system of every latitude"},
    {"a_missing_key_of_a_list_is_named", YAML, "depot: D1, start: \"21:00\", ", "depot: D1, ",
     "line 36, key shifts[].start: missing (earliest departure)"},
    {"more_than_four_breaks_are_refused", YAML, "breaks: [",
     "breaks: [{duration_min: 1}, {duration_min: 1}, {duration_min: 1}, ",
     "line 36, key shifts[].breaks: 5, expected at most 4"},
    {"a_break_without_a_length_is_refused", YAML, "duration_min: 15, ", "",
     "line 36, key shifts[].breaks[].duration_min: missing (how long)"},
    {"an_unknown_coordinate_system_is_refused", YAML, "wgs84", "wgs48",
     "line 4, key coordinates: wgs48, expected one of wgs84, gcj02, bd09, did you mean "
     "'wgs84'?"},
    {"a_ratio_beyond_one_is_refused", YAML, "must_ratio: 0.85", "must_ratio: 1.7",
     "line 10, key demand.must_ratio: 1.7, expected 0 to 1"},
    {"a_truck_does_not_follow_itself", YAML, "regular_h: 7", "regular_h: 7, follows: S1",
     "line 36, key shifts[].follows: 'S1', expected of a haul truck's shift one of a truck or "},
    {"a_shift_that_is_unknown_is_not_followed", YAML, "regular_h: 7", "regular_h: 7, follows: S9",
     "line 36, key shifts[].follows: unknown shift 'S9', did you mean 'S1'?"},
    {"attendants_that_are_unknown_are_refused", YAML, "price_used: 180",
     "attended_by: watch, price_used: 180",
     "line 30, key vehicle_kinds.*.attended_by: 'watch', expected an id of `attendants`"},
    {"a_number_that_is_none_is_refused", YAML, "price_used: 180", "price_used: much",
     "line 30, key vehicle_kinds.*.price_used: much, expected 0 to 1000000"},
    {"a_list_where_a_value_belongs_is_refused", YAML, "extract: map.osm.gz", "extract: [a, b]",
     "line 3, key extract: a list, expected text"},
    {"a_value_where_a_list_belongs_is_refused", YAML, "hours: [\"20:00-06:30\"]",
     "hours: \"20:00-06:30\"",
     "line 26, key facilities[].hours: 20:00-06:30, expected a list [...]"},
    {"a_value_where_keys_belong_is_refused", YAML, "{start: \"20:00\", end: \"07:00\"}", "late",
     "line 9, key night: a single value, expected keys and values"},
    {"a_key_given_twice_is_refused", YAML, "currency: CNY", "currency: CNY\ncurrency: SEK",
     "line 7, key currency: given twice, first on line 6"},
    {"an_alias_is_refused", YAML, "currency: CNY", "currency: *c",
     "district.yaml, line 6: aliases (*) are not allowed"},
    {"an_anchor_is_refused", YAML, "currency: CNY", "currency: &c CNY",
     "district.yaml, line 6: anchors (&) are not allowed"},
    {"a_tag_is_refused", YAML, "currency: CNY", "currency: !!str CNY",
     "district.yaml, line 6: tags (!) are not allowed"},
    {"a_directive_is_refused", YAML, "currency: CNY", "currency: CNY\n%YAML 1.2",
     "district.yaml, line 7: directives (%) are not allowed"},
    {"a_control_character_is_refused", YAML, "currency: CNY", "currency: \x01",
     "district.yaml, line 6: a control character (1)"},
    {"a_second_document_is_refused", YAML, "currency: CNY", "currency: CNY\n---\na: b",
     "district.yaml: several documents, expected one"},
    {"broken_yaml_is_refused_with_its_line", YAML, "currency: CNY", "currency: [CNY",
     "district.yaml, line "},
    {"a_block_without_an_indent_is_refused", YAML, "currency: CNY", "currency: |0\n  CNY",
     "district.yaml: not YAML: [ERR]: indentation indicator 0"},
    {"too_deep_a_nesting_is_refused", YAML, "currency: CNY",
     "currency: [[[[[[[[[[[[[[[[[[[[x]]]]]]]]]]]]]]]]]]]]", "line 6: nested too deeply"},
    {"another_schema_version_is_refused", YAML, "schema_version: 1", "schema_version: 2",
     "line 1, key schema_version: 2, expected a whole number, 1 to 1"},
    {"an_unknown_time_zone_is_refused", YAML, "Europe/Stockholm", "Europe/Atlantis",
     "line 5, key time_zone: Europe/Atlantis, expected an IANA name such as Asia/Shanghai"},
    {"a_misspelt_time_zone_is_recognised", YAML, "Europe/Stockholm", "Europe/Stokholm",
     "such as Asia/Shanghai, did you mean 'Europe/Stockholm'?"},
    {"a_currency_in_words_is_refused", YAML, "currency: CNY", "currency: yuan",
     "line 6, key currency: yuan, expected three capital letters such as CNY"},
    {"an_impossible_date_is_refused", YAML, "date: 2026-11-02", "date: 2026-02-30",
     "line 7, key date: 2026-02-30, expected a date YYYY-MM-DD"},
    {"may_above_must_is_refused", YAML, "may_ratio: 0.5", "may_ratio: 0.9",
     "line 10, key demand.may_ratio: 0.9, expected at most must_ratio 0.85"},
    {"a_dated_night_that_ends_before_it_starts_is_refused", YAML,
     "{start: \"20:00\", end: \"07:00\"}",
     "{start: \"2026-11-02T20:00:00\", end: \"2026-11-02T07:00:00\"}",
     "key night.end: 2026-11-02T07:00:00, expected after start 2026-11-02T20:00:00"},
    {"a_night_of_three_days_is_refused", YAML, "end: \"07:00\"}", "end: \"2026-11-05T07:00:00\"}",
     "key night.end: 2026-11-05T07:00:00, expected at most 48 h after start 20:00"},
    {"a_dated_shift_that_ends_before_it_starts_is_refused", YAML,
     "start: \"21:00\", end: \"05:00\"",
     "start: \"2026-11-02T23:00:00\", end: \"2026-11-02T22:00:00\"",
     "line 36, key shifts[].end: 2026-11-02T22:00:00, expected after start 2026-11-02T23:00:00"},
    {"a_shift_outside_the_night_is_refused", YAML, "start: \"21:00\"", "start: \"12:00\"",
     "line 36, key shifts[].start: 12:00 (2026-11-03 12:00), expected within the night 2026-11-02 "
     "20:00 to 2026-11-03 07:00"},
    {"a_shift_beyond_the_night_is_refused", YAML, "end: \"05:00\"", "end: \"08:00\"",
     "line 36, key shifts[].end: 08:00 (2026-11-03 08:00), expected within the night"},
    {"an_as_of_after_the_night_is_refused", YAML, "as_of: 2026-11-02T19:30:00+01:00",
     "as_of: 2026-11-04T19:30:00+01:00",
     "key as_of: 2026-11-04T19:30:00+01:00, expected before the night ends 2026-11-03T07:00:00"},
    {"an_unknown_vehicle_kind_is_refused", YAML, "kind: small", "kind: smal",
     "key vehicles[].kind: unknown kind 'smal', did you mean 'small'?"},
    {"a_vehicle_without_a_capacity_is_refused", YAML, ", capacity_kg: 4000", "",
     "key vehicles[].compartments[].capacity_kg: missing"},
    {"a_vehicle_with_a_capacity_of_nothing_is_refused", YAML, "capacity_kg: 4000", "capacity_kg: 0",
     "key vehicles[].compartments[].capacity_kg: 0, expected 1 to 100000"},
    {"a_vehicle_without_compartments_is_refused", YAML,
     "[{streams: [sweepings], capacity_kg: 4000}]", "[]",
     "key vehicles[].compartments: none, expected at least one: a vehicle needs a capacity"},
    {"a_compartment_without_streams_is_refused", YAML, "streams: [sweepings]", "streams: []",
     "key vehicles[].compartments[].streams: nothing, expected at least one stream"},
    {"an_unknown_stream_of_a_compartment_is_refused", YAML, "streams: [sweepings]",
     "streams: [sweeping]", "sweeping, expected one of residual"},
    {"a_shift_of_an_unknown_vehicle_is_refused", YAML, "vehicle: V1", "vehicle: V2",
     "key shifts[].vehicle: unknown vehicle 'V2', did you mean 'V1'?"},
    {"a_shift_from_an_unknown_depot_is_refused", YAML, "depot: D1", "depot: X9",
     "key shifts[].depot: unknown depot 'X9'"},
    {"two_vehicles_of_one_id_are_refused", YAML, "{id: W1, kind", "{id: V1, kind",
     "key vehicles[].id: 'V1' is given twice"},
    {"a_sweeper_without_a_speed_is_refused", YAML, "sweep_speed_kmh: 8, ", "",
     "key vehicle_kinds.*.sweep_speed_kmh: nothing, expected the speed 'sweeper' sweeps at"},
    {"a_transfer_station_that_takes_nothing_is_refused", YAML,
     "    takes: [{stream: residual, fee_per_tonne: 95}, {stream: food, fee_per_tonne: -5}]\n", "",
     "key facilities[].takes: nothing, expected the streams this facility takes"},
    {"a_stream_taken_twice_is_refused", YAML, "stream: food,", "stream: residual,",
     "key facilities[].takes[].stream: residual is given twice"},
    {"a_facility_already_overfull_is_refused", YAML, "bays: 2", "{cap_tonnes: 5, used_tonnes: 9}",
     "district.yaml, line "},
    {"a_stream_that_no_facility_takes_is_refused", CONTAINERS, "A2,A,food", "A2,A,hazardous",
     "containers.csv, record 2, field stream: hazardous, expected a stream that a facility of "},
    {"containers_without_sites_are_refused", YAML, "  sites: sites.csv\n", "",
     "key tables.sites: missing, expected the sites the containers stand at"},
    {"a_table_that_is_not_there_is_named", YAML, "sites: sites.csv", "sites: site.csv",
     "site.csv: no such file"},
    {"a_hostile_table_path_is_refused", YAML, "sites: sites.csv",
     "sites: /vsicurl/http://localhost/a.csv", "not a file name"},
    {"a_missing_column_is_named_with_those_there_are", SITES, "site_id,name", "site,name",
     "sites.csv: no column 'site_id', there are: site, name, zone, lat, lon"},
    {"a_misspelt_column_is_recognised", CONTAINERS, "volume_l", "volum_l",
     "(did you mean 'volum_l'?)"},
    {"reports_without_any_measure_are_refused", REPORTS, "fill_ratio,mass_kg", "fill,mass",
     "reports.csv: no column 'fill_ratio' and none 'mass_kg', expected one"},
    {"too_many_bad_rows_are_refused", REPORTS,
     "0.71,,radar,0.9,\nA1,2026-11-02T18:00:00,,0.78,,"
     "radar,0.9,\n A2 ,2026-11-02T17:00:00Z,,,14.5",
     "71,,radar,0.9,\nA1,2026-11-02T18:00:00,,78,,radar,0.9,\n A2 ,2026-11-02T17:00:00Z,,,-14.5",
     "reports.csv: 3 of 4 rows bad, expected at most 50 %: reports.csv, record 1, field "
     "fill_ratio: 71, expected 0 to 1"},
    {"tonight_an_unknown_vehicle_is_refused", TONIGHT, "vehicles_out: [W1]", "vehicles_out: [W2]",
     "tonight.yaml, line 1, key vehicles_out: unknown vehicle 'W2', did you mean 'W1'?"},
    {"tonight_an_unknown_container_is_refused", TONIGHT, "vehicles_out: [W1]",
     "containers_forced: [A3]",
     "key containers_forced: unknown container 'A3', did you mean 'A1'?"},
    {"tonight_an_unknown_facility_is_refused", TONIGHT, "vehicles_out: [W1]",
     "facility_hours: [{id: T9, hours: [\"21:00-22:00\"]}]",
     "key facility_hours[].id: unknown facility 'T9', did you mean 'T1'?"},
    {"tonight_an_unknown_key_is_refused", TONIGHT, "vehicles_out", "vehicle_out",
     "tonight.yaml, line 1: unknown key 'vehicle_out', did you mean 'vehicles_out'?"},
    {"tonight_forced_and_skipped_is_refused", TONIGHT, "vehicles_out: [W1]",
     "containers_forced: [A1]\ncontainers_skipped: [A1]",
     "line 2, key containers_skipped: 'A1' is both forced and skipped"},
    {"tonight_half_a_run_is_refused", TONIGHT, "vehicles_out: [W1]",
     "closed: [{way: 1, from_node: 2}]",
     "key closed[]: one of from_node and to_node, expected both or neither"},
    {"tonight_an_unknown_pinned_id_is_refused", TONIGHT, "vehicles_out: [W1]",
     "pinned: [{id: A9, vehicles: [V1]}]",
     "key pinned[].id: unknown container or kerb 'A9', did you mean 'A1'?"},
    {"tonight_pinned_to_nothing_is_refused", TONIGHT, "vehicles_out: [W1]",
     "pinned: [{id: A1, vehicles: []}]", "key pinned[].vehicles: none, expected at least one"},
    {"tonight_pinned_twice_is_refused", TONIGHT, "vehicles_out: [W1]",
     "forbidden: [{id: A1, vehicles: [V1]}, {id: A1, vehicles: [W1]}]",
     "key forbidden[].vehicles: given twice for one id, expected once"},
    {"tonight_pinned_to_an_unknown_vehicle_is_refused", TONIGHT, "vehicles_out: [W1]",
     "pinned: [{id: A1, vehicles: [V7]}]", "key pinned[].vehicles: unknown vehicle 'V7'"},
    {"tonight_an_order_of_one_is_refused", TONIGHT, "vehicles_out: [W1]", "order: [{ids: [A1]}]",
     "tonight.yaml, line 1, key order[].ids: 1, expected at least 2"},
    {"tonight_an_order_with_one_twice_is_refused", TONIGHT, "vehicles_out: [W1]",
     "order: [{ids: [A1, A2, A1]}]", "key order[].ids: 'A1' twice, expected each once"},
    {"tonight_an_order_of_the_unknown_is_refused", TONIGHT, "vehicles_out: [W1]",
     "order: [{ids: [A1, A9]}]",
     "key order[].ids: unknown container or kerb 'A9', did you mean 'A1'?"},
    {"tonight_bays_taken_at_no_time_are_refused", TONIGHT, "vehicles_out: [W1]",
     "bays_taken: [{id: T1, hours: []}]", "key bays_taken[].hours: "},
    {"tonight_loads_must_match_the_compartments", TONIGHT, "vehicles_out: [W1]",
     "starting_loads: [{shift: S1, kg: [1, 2]}]",
     "key starting_loads[].kg: 2 loads, expected 1: one for each compartment of vehicle V1"},
    {"tonight_a_load_beyond_the_capacity_is_refused", TONIGHT, "vehicles_out: [W1]",
     "starting_loads: [{shift: S1, kg: [5001]}]",
     "key starting_loads[].kg: 5001, expected at most the capacity 5000"},
};

static void expect_refused(void **state) {
    const bad_file *bad = *state;
    test_folder folder = good_folder();
    change(&folder, bad->file, bad->old, bad->new);
    kerb_model *model;
    ki_district_options options = {.tonight = bad->file == TONIGHT ? folder.tonight : NULL};
    kerb_error err = {0};
    kerb_status status = ki_district_load(&model, NULL, folder.file, &options, NULL, &err);
    if (status != KERB_BAD_INPUT) fail_msg("status %d, expected bad input", status);
    assert_null(model);
    assert_contains(err.message, bad->message);
    remove_folder(&folder);
}

static void a_bad_option_is_named(void **state) {
    (void)state;
    test_folder folder = good_folder();
    kerb_model *model;
    kerb_error err = {0};
    ki_district_options date = {.date = "tomorrow"}, as_of = {.as_of = "19:30"};
    ki_district_load(&model, NULL, folder.file, &date, NULL, &err);
    assert_string_equal(err.message, "--date: tomorrow, expected a date YYYY-MM-DD");
    ki_district_load(&model, NULL, folder.file, &as_of, NULL, &err);
    assert_contains(err.message, "--as-of: 19:30, expected an ISO 8601 instant");
    remove_folder(&folder);
}

/* ---- out of memory, documentation ------------------------------------------------------------ */

static void every_allocation_may_fail(void **state) {
    (void)state;
    test_folder folder = good_folder();
    ki_district_options options = {.tonight = folder.tonight};
    kerb_status status = KERB_NO_MEMORY;
    for (int64_t nth = 1; status != KERB_OK && nth < 5000; nth += nth < 300 ? 1 : 7) {
        kerb_model *model;
        kerb_error err = {0};
        ki_alloc_fail_at(nth);
        status = ki_district_load(&model, NULL, folder.file, &options, NULL, &err);
        ki_alloc_fail_at(0);
        if (status != KERB_OK && status != KERB_NO_MEMORY)
            fail_msg("allocation %lld: %s", (long long)nth, err.message);
        kerb_model_free(model);
    }
    assert_int_equal(status, KERB_OK);
    remove_folder(&folder);
}

static void the_documentation_holds_the_key_tables(void **state) {
    (void)state;
    static const char *const pages[] = {"docs/district-file.md", "docs/district-file.zh.md"};
    for (int language = KI_ENGLISH; language <= KI_CHINESE; language++) {
        char *page;
        size_t n_bytes;
        ki_text keys = {.language = (ki_language)language};
        ki_keys_print(&keys);
        assert_int_equal(ki_file_read(&page, &n_bytes, pages[language], 1 << 20, NULL), KERB_OK);
        if (!strstr(page, keys.bytes))
            fail_msg("%s is stale: its tables are not those of ki_keys_print", pages[language]);
        ki_free(page);
        ki_text_free(&keys);
    }
}

static int has_chinese(const char *text) {
    for (; *text; text++)
        if ((unsigned char)*text >= 0xe3) return 1; /* from U+3000 on */
    return 0;
}

static void every_key_and_column_says_in_chinese_what_it_means(void **state) {
    (void)state;
    const ki_keys *const all[] = {&ki_district_keys,  &ki_tonight_keys,      &ki_learned_keys,
                                  &ki_site_columns,   &ki_report_columns,    &ki_container_columns,
                                  &ki_street_columns, &ki_correction_columns};
    for (size_t at = 0; at < sizeof all / sizeof *all; at++)
        for (size_t key = 0; key < all[at]->n_keys; key++) {
            const ki_key *of = &all[at]->keys[key];
            if (!has_chinese(ki_say_key(KI_CHINESE, of->help)))
                fail_msg("%s, %s: \"%s\" has no Chinese", all[at]->title, of->path, of->help);
        }
}

enum { N_ROWS = sizeof bad_rows / sizeof *bad_rows, N_BAD = sizeof bad_files / sizeof *bad_files };

int main(void) {
    static struct CMUnitTest tests[64 + 2 * N_ROWS + N_BAD];
    const struct CMUnitTest plain[] = {
        cmocka_unit_test(every_key_and_column_says_in_chinese_what_it_means),
        cmocka_unit_test(the_district_is_read_whole),
        cmocka_unit_test(sites_and_containers_are_read_with_their_defaults),
        cmocka_unit_test(reports_are_read_with_local_and_offset_times),
        cmocka_unit_test(reports_in_json_are_those_of_the_csv),
        cmocka_unit_test(kerbs_that_are_not_due_are_left_out),
        cmocka_unit_test(the_fleet_is_read),
        cmocka_unit_test(the_extract_is_found_next_to_the_file),
        cmocka_unit_test(coordinates_are_turned_into_wgs84),
        cmocka_unit_test(the_command_line_overrides_date_and_as_of),
        cmocka_unit_test(without_date_and_as_of_the_newest_report_gives_both),
        cmocka_unit_test(one_clock_set_to_2099_does_not_move_the_night),
        cmocka_unit_test(a_district_may_be_only_kerbs),
        cmocka_unit_test(nights_of_the_rounds_say_how_far_the_next_one_is),
        cmocka_unit_test(the_rule_for_crossing_is_read),
        cmocka_unit_test(a_rule_for_crossing_without_classes_keeps_them_and_an_empty_list_has_none),
        cmocka_unit_test(a_gb18030_district_is_read_and_said_to_be_one),
        cmocka_unit_test(points_of_a_geopackage_stand_in_for_coordinates),
        cmocka_unit_test(surplus_columns_are_ignored_with_a_note),
        cmocka_unit_test(equal_reports_count_once),
        cmocka_unit_test(what_hangs_on_a_bad_row_is_not_called_unknown),
        cmocka_unit_test(reports_of_a_container_of_the_future_go_with_it),
        cmocka_unit_test(at_most_twenty_bad_rows_are_named),
        cmocka_unit_test(reports_not_yet_received_do_not_make_a_table_bad),
        cmocka_unit_test(tonight_takes_vehicles_and_shifts_out),
        cmocka_unit_test(tonight_forces_and_skips),
        cmocka_unit_test(tonight_closes_streets),
        cmocka_unit_test(tonight_changes_hours_and_loads),
        cmocka_unit_test(tonight_locks_containers_to_vehicles_and_takes_bays),
        cmocka_unit_test(tonight_puts_stops_in_an_order),
        cmocka_unit_test(a_bad_option_is_named),
        cmocka_unit_test(every_allocation_may_fail),
        cmocka_unit_test(the_documentation_holds_the_key_tables),
    };
    size_t n = sizeof plain / sizeof *plain;
    memcpy(tests, plain, sizeof plain);
    for (size_t row = 0; row < N_ROWS; row++)
        tests[n++] = (struct CMUnitTest){bad_rows[row].name, expect_quarantined, NULL, NULL,
                                         (void *)(uintptr_t)&bad_rows[row]};
    tests[n++] = (struct CMUnitTest){"strict_takes_no_bad_row", strict_takes_no_bad_row, NULL, NULL,
                                     (void *)(uintptr_t)&bad_rows[0]};
    for (size_t bad = 0; bad < N_BAD; bad++)
        tests[n++] = (struct CMUnitTest){bad_files[bad].name, expect_refused, NULL, NULL,
                                         (void *)(uintptr_t)&bad_files[bad]};
    return _cmocka_run_group_tests("district", tests, n, NULL, NULL);
}
