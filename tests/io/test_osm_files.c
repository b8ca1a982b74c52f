/* SPDX-License-Identifier: GPL-3.0-or-later
 * Files of every kind, whole, damaged and hostile: what the reader says of each. */
#define _POSIX_C_SOURCE 200809L
#include "base/alloc.h"
#include "base/file.h"
#include "io/osm_recorder.h"

#include <bzlib.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

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

/* ---- packed files ---------------------------------------------------------------------------- */

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
                   "0 roads a vehicle may use among 3 ways (0 node refs missing), expected");
    expect_failure(TOWN("empty"), 0, KERB_BAD_INPUT, "0 roads a vehicle may use among 0 ways");
}

static void what_is_no_file_is_refused(void **state) {
    (void)state;
    expect_failure(KERB_TEST_DATA "/nowhere.osm", 0, KERB_IO, "No such file");
    expect_failure(KERB_TEST_DATA "/nowhere.txt", 0, KERB_BAD_INPUT, "expected .osm.pbf");
    expect_failure("http://kerbside.invalid/a.osm", 0, KERB_IO, "No such file");
    expect_failure("-.osm", 0, KERB_IO, "No such file");
    kerb_roads *roads;
    assert_int_equal(kerb_roads_load(&roads, NULL, &err), KERB_BAD_CALL);
    assert_null(roads);
}

static void garbage_of_every_kind_is_refused(void **state) {
    static const char *const garbage[] = {
        "<osm/>",
        "<html></html>",
        "<osm version=\"0.6\"><way id=\"x\"/></osm>",
        ("<osm version=\"0.6\"><node id=\"1\" lat=\"300\" lon=\"x\"/><way id=\"1\"><nd ref=\"1\"/>"
         "<tag k=\"highway\" v=\"service\"/></way></osm>"),
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

int main(void) {
    const struct CMUnitTest tests[] = {
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
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
