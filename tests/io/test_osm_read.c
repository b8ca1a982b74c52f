/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the reader delivers of an extract, and what it says of a bad one. A recording sink stands
 * for the graph, so these tests need none. */
#define _POSIX_C_SOURCE 200809L
#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "io/mock_graph.h"
#include "io/osm_read.h"

#include <bzlib.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include <cmocka.h>

#define TOWN(name) KERB_TEST_DATA "/" name ".osm"

/* ---- a sink that writes down what it is given ------------------------------------------------ */

static kerb_status record_node(void *payload, int64_t osm_id, const ki_node_tags *tags,
                               kerb_error *err) {
    (void)err;
    ki_text_add(payload, "n%d flags %d blocked %d height %d\n", (int)osm_id, tags->flags,
                tags->blocked, (int)tags->max_height_mm);
    return KERB_OK;
}

static kerb_status record_way(void *payload, int64_t osm_id, const char *name,
                              const ki_way_tags *tags, const int64_t *refs, const int32_t *lat_e7,
                              const int32_t *lon_e7, size_t n_refs, kerb_error *err) {
    (void)err;
    ki_text_add(payload, "w%d '%s' class %d %d/%d:", (int)osm_id, name, tags->road_class,
                tags->access[0], tags->access[1]);
    for (size_t ref = 0; ref < n_refs; ref++)
        ki_text_add(payload, " %d@%d,%d", (int)refs[ref], (int)lat_e7[ref], (int)lon_e7[ref]);
    ki_text_add(payload, "\n");
    return KERB_OK;
}

static kerb_status record_restriction(void *payload, const ki_osm_restriction *turn,
                                      kerb_error *err) {
    (void)err;
    ki_text_add(payload, "r%d %d via n%d", (int)turn->id, (int)turn->from_way, (int)turn->via_node);
    for (int32_t via = 0; via < turn->n_via_ways; via++)
        ki_text_add(payload, " w%d", (int)turn->via_ways[via]);
    ki_text_add(payload, " to %d only %d except %d u %d\n", (int)turn->to_way, turn->only,
                turn->except, turn->u_turn);
    return KERB_OK;
}

static ki_osm_counts counts;
static kerb_error err;

static kerb_status record(ki_text *text, const char *path, uint64_t max_mb) {
    *text = (ki_text){0};
    err = (kerb_error){0};
    ki_osm_sink sink = {text, record_node, record_way, record_restriction};
    return ki_osm_extract(&sink, &counts, path, max_mb, &err);
}

static void expect_record(const char *path, const char *expected) {
    ki_text text;
    kerb_status status = record(&text, path, 0);
    if (status != KERB_OK) fail_msg("%s", err.message);
    assert_string_equal(text.bytes, expected);
    ki_text_free(&text);
}

static void expect_failure(const char *path, uint64_t max_mb, kerb_status expected,
                           const char *part) {
    ki_text text;
    kerb_status status = record(&text, path, max_mb);
    ki_text_free(&text);
    assert_int_equal(status, expected);
    assert_int_equal(err.status, expected);
    if (!strstr(err.message, part)) fail_msg("'%s' lacks '%s'", err.message, part);
    if (!strstr(err.message, path)) fail_msg("'%s' lacks the path", err.message);
}

/* ---- what is delivered ----------------------------------------------------------------------- */

static void a_town_is_delivered_in_full(void **state) {
    (void)state;
    expect_record(TOWN("signals"),
                  "n2 flags 1 blocked 0 height 0\n"
                  "n3 flags 2 blocked 0 height 0\n"
                  "n4 flags 8 blocked 0 height 0\n"
                  "w10 '' class 7 7/7: 1@577000000,120000000 2@577000000,120020000\n"
                  "w11 '' class 7 7/7: 2@577000000,120020000 3@577000000,120040000\n"
                  "w12 '' class 7 7/7: 3@577000000,120040000 4@577000000,120060000 "
                  "5@577000000,120080000\n"
                  "w13 '' class 7 7/7: 2@577000000,120020000 6@577010000,120020000\n"
                  "w14 '' class 7 7/7: 3@577000000,120040000 7@577010000,120040000\n");
    assert_int_equal(counts.n_roads, 5);
    assert_int_equal(counts.n_missing_refs, 0);
}

static void ways_may_stand_before_their_nodes(void **state) {
    (void)state;
    expect_record(TOWN("ways_first"),
                  "n2 flags 1 blocked 0 height 0\n"
                  "w10 'Order Street' class 7 7/7: 1@577000000,120000000 2@577000000,120020000 "
                  "3@577000000,120040000\n");
}

static void drafts_of_an_editor_keep_their_negative_ids(void **state) {
    (void)state;
    expect_record(TOWN("draft_ids"),
                  "w-10 '' class 7 7/7: 1@577000000,120000000 -7@577000000,120020000\n");
}

static void a_way_is_cut_at_missing_nodes(void **state) {
    (void)state;
    expect_record(TOWN("missing_refs"),
                  "w10 '' class 7 7/7: 1@577000000,120000000 2@577000000,120020000\n"
                  "w10 '' class 7 7/7: 3@577000000,120040000 4@577000000,120060000\n"
                  "w12 '' class 7 7/7: 2@577000000,120020000 4@577000000,120060000\n");
    assert_int_equal(counts.n_missing_refs, 3);
    assert_int_equal(counts.n_roads, 2);
}

static void roads_skipped_and_closed_are_counted(void **state) {
    ki_text text;
    (void)state;
    assert_int_equal(record(&text, TOWN("access"), 0), KERB_OK);
    ki_text_free(&text);
    assert_int_equal(counts.n_ways, 10);
    assert_int_equal(counts.n_roads, 7);
    assert_int_equal(counts.n_skipped_ways, 3);
    assert_int_equal(counts.n_closed_ways, 1);
}

static const char *restrictions_of(ki_text *text, const char *path) {
    assert_int_equal(record(text, path, 0), KERB_OK);
    const char *first = strstr(text->bytes, "\nr");
    assert_non_null(first);
    return first + 1;
}

static void restrictions_carry_members_and_kinds(void **state) {
    ki_text text;
    (void)state;
    assert_string_equal(restrictions_of(&text, TOWN("no_left_turn")),
                        "r100 10 via n2 to 12 only 0 except 0 u 0\n");
    ki_text_free(&text);
    assert_string_equal(restrictions_of(&text, TOWN("only_straight_on")),
                        "r100 10 via n2 to 11 only 1 except 0 u 0\n");
    ki_text_free(&text);
    assert_string_equal(restrictions_of(&text, TOWN("no_u_turn")),
                        "r100 10 via n2 to 10 only 0 except 0 u 1\n");
    ki_text_free(&text);
    assert_string_equal(restrictions_of(&text, TOWN("via_way")),
                        "r100 10 via n0 w12 to 14 only 0 except 0 u 0\n");
    ki_text_free(&text);
    assert_string_equal(restrictions_of(&text, TOWN("via_two_ways")),
                        "r100 10 via n0 w11 w12 to 13 only 0 except 0 u 0\n");
    ki_text_free(&text);
    assert_string_equal(restrictions_of(&text, TOWN("except")),
                        "r100 10 via n2 to 12 only 0 except 1 u 0\n"
                        "r101 10 via n2 to 13 only 0 except 6 u 0\n"
                        "r102 11 via n2 to 13 only 0 except 0 u 0\n");
    ki_text_free(&text);
    assert_int_equal(counts.n_conditional_restrictions, 1);
    assert_int_equal(counts.n_bad_restrictions, 0);
}

static void via_ways_are_put_in_order_of_travel(void **state) {
    ki_text text;
    (void)state;
    assert_string_equal(restrictions_of(&text, TOWN("via_shuffled")),
                        "r100 10 via n0 w11 w12 to 13 only 0 except 0 u 0\n");
    ki_text_free(&text);
}

static void spots_stand_at_nodes_then_ways(void **state) {
    ki_osm_spot *spots;
    size_t n_spots;
    (void)state;
    assert_int_equal(ki_osm_read_spots(&spots, &n_spots, TOWN("spots"), &err), KERB_OK);
    assert_int_equal(n_spots, 5);
    const int kinds[] = {KI_OSM_SPOT_HOME, KI_OSM_SPOT_SHOP, KI_OSM_SPOT_WASTE, KI_OSM_SPOT_HOME,
                         KI_OSM_SPOT_SHOP};
    for (size_t spot = 0; spot < n_spots; spot++)
        assert_int_equal(spots[spot].kind, kinds[spot]);
    assert_true(spots[3].lat_deg == 57.704 && spots[3].lon_deg == 12.0);
    assert_true(spots[4].lat_deg == 57.704 && spots[4].lon_deg == 12.001);
    ki_free(spots);
}

/* ---- files made on the way ------------------------------------------------------------------- */

static char folder[] = "/tmp/kerbside_osm_XXXXXX";
static char path[256];

static int make_folder(void **state) {
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state) {
    (void)state;
    return rmdir(folder);
}

static const char *in_folder(const char *name) {
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static const char *write_bytes(const char *name, const void *bytes, size_t n_bytes) {
    assert_int_equal(ki_file_write(in_folder(name), bytes, n_bytes, &err), KERB_OK);
    return path;
}

static char *read_town(const char *town, size_t *n_bytes) {
    char *bytes;
    assert_int_equal(ki_file_read(&bytes, n_bytes, town, 1 << 20, &err), KERB_OK);
    return bytes;
}

static const char *write_gzip(const char *name, const char *bytes, size_t n_bytes) {
    gzFile file = gzopen(in_folder(name), "wb");
    assert_non_null(file);
    assert_int_equal(gzwrite(file, bytes, (unsigned)n_bytes), n_bytes);
    assert_int_equal(gzclose(file), Z_OK);
    return path;
}

static void pack_bzip2(char *packed, unsigned *n_packed, const char *bytes, size_t n_bytes) {
    char *source = ki_alloc(n_bytes);
    memcpy(source, bytes, n_bytes);
    assert_int_equal(BZ2_bzBuffToBuffCompress(packed, n_packed, source, (unsigned)n_bytes, 9, 0, 0),
                     BZ_OK);
    ki_free(source);
}

enum { PACKED = 1 << 16 };

static void gzip_and_bzip2_read_like_plain_xml(void **state) {
    static char packed[PACKED];
    ki_text plain;
    size_t n_bytes;
    unsigned n_first = PACKED, n_second;
    (void)state;
    char *bytes = read_town(TOWN("except"), &n_bytes);
    assert_int_equal(record(&plain, TOWN("except"), 0), KERB_OK);
    expect_record(write_gzip("town.osm.gz", bytes, n_bytes), plain.bytes);
    unlink(path);
    pack_bzip2(packed, &n_first, bytes, n_bytes / 2); /* two streams, as pbzip2 writes them */
    n_second = PACKED - n_first;
    pack_bzip2(packed + n_first, &n_second, bytes + n_bytes / 2, n_bytes - n_bytes / 2);
    expect_record(write_bytes("town.osm.bz2", packed, n_first + n_second), plain.bytes);
    unlink(path);
    ki_text_free(&plain);
    ki_free(bytes);
}

static void a_bomb_is_refused_by_its_unpacked_size(void **state) {
    static char packed[PACKED];
    unsigned n_packed = PACKED;
    enum { BOMB = 3 << 20 };
    static const char start[] = "<osm version=\"0.6\">";
    char *blanks = ki_alloc(BOMB);
    (void)state;
    assert_non_null(blanks);
    memset(blanks, ' ', BOMB);
    memcpy(blanks, start, sizeof start - 1);
    write_gzip("bomb.osm.gz", blanks, BOMB);
    expect_failure(path, 2, KERB_BAD_INPUT, "unpacks to more than 2097152 bytes");
    unlink(path);
    pack_bzip2(packed, &n_packed, blanks, BOMB);
    write_bytes("bomb.osm.bz2", packed, n_packed);
    expect_failure(path, 2, KERB_BAD_INPUT, "unpacks to more than 2097152 bytes");
    unlink(path);
    ki_free(blanks);
}

static void a_pbf_bomb_is_refused_before_it_is_unpacked(void **state) {
    /* A blob of 5 bytes that says it unpacks to 3 MB (raw_size 0xC0 << 14). */
    static const char blob[] = "\0\0\0\13\12\7OSMData\30\5\20\200\200\300\1";
    (void)state;
    write_bytes("bomb.osm.pbf", blob, sizeof blob - 1);
    expect_failure(path, 2, KERB_BAD_INPUT, "unpacks to more than 2097152 bytes");
    unlink(path);
}

static void damaged_packing_is_named(void **state) {
    size_t n_bytes, n_packed;
    (void)state;
    char *bytes = read_town(TOWN("except"), &n_bytes);
    write_gzip("cut.osm.gz", bytes, n_bytes);
    char *packed = read_town(path, &n_packed);
    write_bytes("cut.osm.gz", packed, n_packed / 2);
    expect_failure(path, 0, KERB_BAD_INPUT, "");
    unlink(path);
    write_bytes("not.osm.gz", "\37\213 nothing of the sort", 22);
    expect_failure(path, 0, KERB_BAD_INPUT, "gzip");
    unlink(path);
    write_bytes("not.osm.bz2", bytes, n_bytes);
    expect_failure(path, 0, KERB_BAD_INPUT, "damaged bzip2 data");
    unlink(path);
    write_bytes("not.osm.pbf", bytes, n_bytes);
    expect_failure(path, 0, KERB_BAD_INPUT, "damaged PBF");
    unlink(path);
    ki_free(packed);
    ki_free(bytes);
}

static void empty_files_of_every_kind_are_refused(void **state) {
    static const char *const names[] = {"a.osm", "a.osm.gz", "a.osm.bz2", "a.osm.pbf"};
    (void)state;
    for (size_t name = 0; name < sizeof names / sizeof *names; name++) {
        write_bytes(names[name], "", 0);
        expect_failure(path, 0, KERB_BAD_INPUT, "");
        unlink(path);
    }
}

/* ---- bad extracts ---------------------------------------------------------------------------- */

static void a_latitude_beyond_the_pole_names_node_and_field(void **state) {
    (void)state;
    expect_failure(TOWN("lat91"), 0, KERB_BAD_INPUT,
                   "lat91.osm, node 5, field lat: 91.0000000, expected -90 to 90");
}

static void an_object_without_an_id_is_refused(void **state) {
    (void)state;
    expect_failure(TOWN("no_id"), 0, KERB_BAD_INPUT,
                   "no_id.osm, way 10, field ref: 0, expected a number other than 0");
}

static void xml_cut_off_is_refused(void **state) {
    (void)state;
    expect_failure(TOWN("truncated"), 0, KERB_BAD_INPUT, "XML");
}

static void an_extract_without_roads_is_refused(void **state) {
    (void)state;
    expect_failure(TOWN("noroads"), 0, KERB_BAD_INPUT,
                   "0 roads a vehicle may use among 3 ways, expected at least one");
    expect_failure(TOWN("empty"), 0, KERB_BAD_INPUT, "0 roads a vehicle may use among 0 ways");
}

static void what_is_no_file_is_refused(void **state) {
    (void)state;
    expect_failure(KERB_TEST_DATA "/nowhere.osm", 0, KERB_IO, "No such file");
    expect_failure(KERB_TEST_DATA "/nowhere.txt", 0, KERB_BAD_INPUT, "expected .osm.pbf");
    expect_failure("http://kerbside.invalid/a.osm", 0, KERB_IO, "No such file");
    expect_failure("-.osm", 0, KERB_IO, "No such file");
}

static void garbage_of_every_kind_is_refused(void **state) {
    static const char *const garbage[] = {
        "<osm/>",
        "<html></html>",
        "<osm version=\"0.6\"><way id=\"x\"/></osm>",
        "<osm version=\"0.6\"><node id=\"1\" lat=\"300\" lon=\"x\"/><way id=\"1\"><nd ref=\"1\"/>"
        "<tag k=\"highway\" v=\"service\"/></way></osm>",
        "<!DOCTYPE x [<!ENTITY a \"b\">]><osm version=\"0.6\">&a;</osm>",
        "\1\2\3",
    };
    (void)state;
    for (size_t row = 0; row < sizeof garbage / sizeof *garbage; row++) {
        write_bytes("garbage.osm", garbage[row], strlen(garbage[row]));
        expect_failure(path, 0, KERB_BAD_INPUT, "garbage.osm: ");
        unlink(path);
    }
}

static void every_prefix_of_a_town_is_refused_or_whole(void **state) {
    size_t n_bytes;
    (void)state;
    char *bytes = read_town(TOWN("no_left_turn"), &n_bytes);
    for (size_t part = 0; part + 8 < n_bytes; part += n_bytes / 40) {
        write_bytes("part.osm", bytes, part);
        expect_failure(path, 0, KERB_BAD_INPUT, "part.osm");
        unlink(path);
    }
    ki_free(bytes);
}

/* ---- failures below -------------------------------------------------------------------------- */

static kerb_status refuse_way(void *payload, int64_t osm_id, const char *name,
                              const ki_way_tags *tags, const int64_t *refs, const int32_t *lat_e7,
                              const int32_t *lon_e7, size_t n_refs, kerb_error *error) {
    (void)payload, (void)osm_id, (void)name, (void)tags, (void)refs, (void)lat_e7, (void)lon_e7;
    (void)n_refs;
    return ki_fail_no_memory(error, "a way");
}

static void a_failing_sink_ends_the_reading(void **state) {
    ki_text text = {0};
    ki_osm_sink sink = {&text, record_node, refuse_way, record_restriction};
    (void)state;
    assert_int_equal(ki_osm_extract(&sink, &counts, TOWN("except"), 0, &err), KERB_NO_MEMORY);
    assert_string_equal(err.message, "out of memory: a way");
    ki_text_free(&text);
}

static void a_failed_allocation_leaves_no_roads(void **state) {
    kerb_roads *roads;
    (void)state;
    assert_int_equal(kerb_roads_load(&roads, TOWN("via_way"), &err), KERB_OK);
    ki_alloc_fail_at(0);
    kerb_roads_free(roads);
    assert_int_equal(kerb_roads_load(&roads, TOWN("via_way"), &err), KERB_OK);
    kerb_roads_free(roads);
    int64_t n_allocations = ki_alloc_count();
    assert_true(n_allocations > 10);
    for (int64_t nth = 1; nth <= n_allocations; nth++) {
        ki_alloc_fail_at(nth);
        kerb_status status = kerb_roads_load(&roads, TOWN("via_way"), &err);
        ki_alloc_fail_at(0);
        assert_int_equal(status, KERB_NO_MEMORY);
        assert_null(roads);
    }
}

/* ---- with the real graph --------------------------------------------------------------------- */

static void towns_become_graphs(void **state) {
    static const struct {
        const char *path;
        int32_t n_restrictions;
    } towns[] = {
        {TOWN("access"), 0},           {TOWN("bollard"), 0},       {TOWN("dead_end"), 0},
        {TOWN("except"), 3},           {TOWN("height_limit"), 0},  {TOWN("loop_way"), 0},
        {TOWN("no_left_turn"), 1},     {TOWN("no_u_turn"), 1},     {TOWN("one_way"), 0},
        {TOWN("only_straight_on"), 1}, {TOWN("parallel_ways"), 0}, {TOWN("roundabout"), 0},
        {TOWN("two_components"), 0},   {TOWN("via_two_ways"), 1},  {TOWN("via_shuffled"), 1},
        {TOWN("via_way"), 1},
    };
    (void)state;
#ifdef KERB_MOCK_GRAPH
    (void)towns;
    skip();
#else
    for (size_t town = 0; town < sizeof towns / sizeof *towns; town++) {
        kerb_roads *roads;
        if (kerb_roads_load(&roads, towns[town].path, &err) != KERB_OK) fail_msg("%s", err.message);
        assert_true(kerb_roads_length_km(roads) > 0.1);
        assert_int_equal(kerb_roads_arc_count(roads), 2 * roads->graph->n_edges);
        if (roads->graph->n_unmatched_restrictions != 0 ||
            roads->graph->n_restrictions != towns[town].n_restrictions)
            fail_msg("%s: %d restrictions and %d unmatched", towns[town].path,
                     roads->graph->n_restrictions, roads->graph->n_unmatched_restrictions);
        kerb_roads_free(roads);
    }
#endif
}

static void real_extracts_become_the_same_graph_twice(void **state) {
    static const char *const names[] = {"monaco.osm.pbf", "moscow.osm.gz", "guixi.osm.pbf"};
    const char *data = getenv("KERBSIDE_DATA");
    (void)state;
    if (!data) data = "../shared/data";
#ifdef KERB_MOCK_GRAPH
    skip();
#endif
    for (size_t name = 0; name < sizeof names / sizeof *names; name++) {
        char extract[512];
        kerb_roads *first, *second;
        snprintf(extract, sizeof extract, "%s/osm/%s", data, names[name]);
        if (access(extract, R_OK) != 0) {
            print_message("skipped: %s is absent (set KERBSIDE_DATA)\n", extract);
            skip();
        }
        assert_int_equal(kerb_roads_load(&first, extract, &err), KERB_OK);
        assert_int_equal(kerb_roads_load(&second, extract, &err), KERB_OK);
        assert_int_equal(strlen(kerb_roads_hash(first)), 64);
        assert_string_equal(kerb_roads_hash(first), kerb_roads_hash(second));
        assert_true(kerb_roads_node_count(first) > 100);
        kerb_roads_free(first);
        kerb_roads_free(second);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_town_is_delivered_in_full),
        cmocka_unit_test(ways_may_stand_before_their_nodes),
        cmocka_unit_test(drafts_of_an_editor_keep_their_negative_ids),
        cmocka_unit_test(a_way_is_cut_at_missing_nodes),
        cmocka_unit_test(roads_skipped_and_closed_are_counted),
        cmocka_unit_test(restrictions_carry_members_and_kinds),
        cmocka_unit_test(via_ways_are_put_in_order_of_travel),
        cmocka_unit_test(spots_stand_at_nodes_then_ways),
        cmocka_unit_test(gzip_and_bzip2_read_like_plain_xml),
        cmocka_unit_test(a_bomb_is_refused_by_its_unpacked_size),
        cmocka_unit_test(a_pbf_bomb_is_refused_before_it_is_unpacked),
        cmocka_unit_test(damaged_packing_is_named),
        cmocka_unit_test(empty_files_of_every_kind_are_refused),
        cmocka_unit_test(a_latitude_beyond_the_pole_names_node_and_field),
        cmocka_unit_test(an_object_without_an_id_is_refused),
        cmocka_unit_test(xml_cut_off_is_refused),
        cmocka_unit_test(an_extract_without_roads_is_refused),
        cmocka_unit_test(what_is_no_file_is_refused),
        cmocka_unit_test(garbage_of_every_kind_is_refused),
        cmocka_unit_test(every_prefix_of_a_town_is_refused_or_whole),
        cmocka_unit_test(a_failing_sink_ends_the_reading),
        cmocka_unit_test(a_failed_allocation_leaves_no_roads),
        cmocka_unit_test(towns_become_graphs),
        cmocka_unit_test(real_extracts_become_the_same_graph_twice),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
