/* SPDX-License-Identifier: GPL-3.0-or-later
 * Roads through a cache are the roads of the extract; whatever is not whole and of this extract is
 * refused, with the reason. */
#define _POSIX_C_SOURCE 200809L
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/file.h"
#include "cache_bytes.h"
#include "io/osm_read.h"
#include "io/roads_cache.h"
#include "road/profile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TOWN(name) KERB_TEST_DATA "/" name ".osm"

static char folder[] = "/tmp/kerbside_cache_XXXXXX";
static char path[64], other[64]; /* a cache of via_two_ways; a file to change */
static unsigned char *whole;     /* the bytes of the cache */
static size_t n_whole;
static kerb_error err;

static kerb_roads *load(const char *from) {
    kerb_roads *roads;
    if (kerb_roads_load(&roads, from, &err) != KERB_OK) fail_msg("%s", err.message);
    return roads;
}

static int begin(void **state) {
    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/town.roads", folder);
    snprintf(other, sizeof other, "%s/other.roads", folder);
    kerb_roads *roads = load(TOWN("via_two_ways"));
    assert_int_equal(kerb_roads_save(roads, path, &err), KERB_OK);
    kerb_roads_free(roads);
    assert_int_equal(ki_file_read((char **)&whole, &n_whole, path, 1 << 24, &err), KERB_OK);
    return 0;
}

static int end(void **state) {
    (void)state;
    ki_free(whole);
    unlink(path);
    unlink(other);
    return rmdir(folder);
}

static ki_cache_header header_of(const unsigned char *bytes) {
    ki_cache_header header;
    memcpy(&header, bytes, sizeof header);
    return header;
}

static ki_cache_section section_of(const unsigned char *bytes, uint64_t index) {
    ki_cache_section section;
    memcpy(&section, bytes + sizeof(ki_cache_header) + index * sizeof section, sizeof section);
    return section;
}

static unsigned char *copy_of_whole(void) {
    unsigned char *bytes = ki_alloc(n_whole);
    assert_non_null(bytes);
    memcpy(bytes, whole, n_whole);
    return bytes;
}

/* A new file, and without waiting for the disk as ki_file_write does. */
static void put_bytes(const unsigned char *bytes, size_t n_bytes) {
    unlink(other);
    FILE *file = fopen(other, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, n_bytes, file), n_bytes);
    assert_int_equal(fclose(file), 0);
}

static kerb_status open_bytes(kerb_roads **roads, const unsigned char *bytes, size_t n_bytes) {
    put_bytes(bytes, n_bytes);
    err = (kerb_error){0};
    return ki_roads_cache_open(roads, other, NULL, &err);
}

static void expect_refused(const unsigned char *bytes, size_t n_bytes, const char *why) {
    kerb_roads *roads;
    assert_int_equal(open_bytes(&roads, bytes, n_bytes), KERB_BAD_INPUT);
    assert_null(roads);
    assert_non_null(strstr(err.message, other));
    if (!strstr(err.message, why)) fail_msg("%s, expected: %s", err.message, why);
}

static void expect_same_roads(const kerb_roads *one, const kerb_roads *two) {
    char *first, *second;
    assert_string_equal(kerb_roads_hash(one), kerb_roads_hash(two));
    assert_int_equal(kerb_roads_geojson(one, &first, &err), KERB_OK);
    assert_int_equal(kerb_roads_geojson(two, &second, &err), KERB_OK);
    assert_string_equal(first, second);
    kerb_buffer_free(first);
    kerb_buffer_free(second);
    kerb_roads_totals a, b;
    assert_int_equal(kerb_roads_get_totals(one, &a, &err), KERB_OK);
    assert_int_equal(kerb_roads_get_totals(two, &b, &err), KERB_OK);
    assert_memory_equal(&a, &b, sizeof a);
}

static void roads_from_a_cache_are_those_of_the_extract(void **state) {
    (void)state;
    static const char *const TOWNS[] = {TOWN("via_two_ways"), TOWN("roundabout"), TOWN("loop_way"),
                                        TOWN("height_limit"), TOWN("missing_refs")};
    for (size_t town = 0; town < sizeof TOWNS / sizeof *TOWNS; town++) {
        kerb_roads *roads = load(TOWNS[town]), *cached;
        assert_int_equal(kerb_roads_save(roads, other, &err), KERB_OK);
        assert_int_equal(kerb_roads_load_cached(&cached, TOWNS[town], other, &err), KERB_OK);
        assert_null(kerb_roads_why_not_cached(cached));
        expect_same_roads(roads, cached);
        kerb_roads *alone = load(other); /* without the extract */
        expect_same_roads(roads, alone);
        kerb_roads_free(alone);
        kerb_roads_free(cached);
        kerb_roads_free(roads);
    }
}

static void a_cache_of_a_cache_is_the_same_file(void **state) {
    (void)state;
    char *again;
    size_t n_again;
    kerb_roads *roads = load(path);
    assert_int_equal(kerb_roads_save(roads, path, &err), KERB_OK); /* over what it is mapped from */
    kerb_roads_free(roads);
    assert_int_equal(ki_file_read(&again, &n_again, path, 1 << 24, &err), KERB_OK);
    assert_int_equal(n_again, n_whole);
    assert_memory_equal(again, whole, n_whole);
    ki_free(again);
}

static void expect_read_again(const char *extract, const char *why) {
    kerb_roads *roads, *plain = load(extract);
    assert_int_equal(kerb_roads_load_cached(&roads, extract, other, &err), KERB_OK);
    assert_non_null(kerb_roads_why_not_cached(roads));
    if (!strstr(kerb_roads_why_not_cached(roads), why))
        fail_msg("%s, expected: %s", kerb_roads_why_not_cached(roads), why);
    expect_same_roads(plain, roads);
    kerb_roads_free(plain);
    kerb_roads_free(roads);
}

static void what_is_absent_stale_or_damaged_is_read_from_the_extract_and_says_why(void **state) {
    (void)state;
    unlink(other);
    expect_read_again(TOWN("via_two_ways"), "cannot be opened");
    put_bytes(whole, n_whole);
    expect_read_again(TOWN("roundabout"), "stale: made from another extract");
    put_bytes(whole, n_whole / 2);
    expect_read_again(TOWN("via_two_ways"), "damaged: cut short or grown");
    put_bytes(whole, 0);
    expect_read_again(TOWN("via_two_ways"), "no road cache");
}

static void other_corrections_are_stale(void **state) {
    (void)state;
    kerb_roads *roads;
    ki_roads_key key = header_of(whole).key;
    key.corrections.words[0] ^= 1;
    assert_int_equal(ki_roads_cache_open(&roads, path, &key, &err), KERB_BAD_INPUT);
    assert_non_null(strstr(err.message, "stale: made with other corrections"));
}

static void another_version_or_byte_order_or_engine_is_stale(void **state) {
    (void)state;
    static const size_t FIELDS[] = {offsetof(ki_cache_header, version),
                                    offsetof(ki_cache_header, byte_order),
                                    offsetof(ki_cache_header, engine)};
    for (size_t field = 0; field < 3; field++) {
        unsigned char *bytes = copy_of_whole();
        bytes[FIELDS[field]] ^= 1;
        expect_refused(bytes, n_whole, "stale: made by another version of kerbside");
        ki_free(bytes);
    }
}

static void a_cache_cut_short_anywhere_is_refused(void **state) {
    (void)state;
    for (size_t n_bytes = 0; n_bytes < n_whole; n_bytes += n_bytes < 512 ? 1 : 61)
        expect_refused(whole, n_bytes,
                       n_bytes < sizeof(ki_cache_header) ? "no road cache" : "damaged: cut short");
    for (uint64_t index = 0; index < header_of(whole).n_sections; index++)
        expect_refused(whole, section_of(whole, index).at, "damaged: cut short");
}

static void a_byte_changed_anywhere_is_noticed(void **state) {
    (void)state;
    unsigned char *bytes = copy_of_whole();
    for (size_t at = 0; at < n_whole; at++) {
        bytes[at] ^= 0x10;
        expect_refused(bytes, n_whole, at < 8 ? "no road cache" : "");
        bytes[at] ^= 0x10;
    }
    ki_free(bytes);
}

static void use(const kerb_roads *roads) {
    static const ki_profile_spec truck = {.kind = KI_KIND_TRUCK, .height_mm = 3500};
    char *text;
    ki_profile *profile;
    assert_int_equal(kerb_roads_geojson(roads, &text, &err), KERB_OK);
    kerb_buffer_free(text);
    if (ki_profile_build(&profile, roads->graph, &truck, NULL, &err) == KERB_OK)
        ki_profile_free(profile);
}

/* Checksums made to fit: the numbers themselves must be looked at. */
static void a_hostile_number_anywhere_is_refused_or_harmless(void **state) {
    (void)state;
    static const int32_t EVIL[] = {-1, INT32_MAX, INT32_MIN, 1, 0, 1 << 20};
    size_t n_refused = 0;
    for (size_t at = offsetof(ki_cache_header, n_sections); at + 4 <= n_whole; at += 4)
        for (size_t evil = 0; evil < sizeof EVIL / sizeof *EVIL; evil++) {
            kerb_roads *roads;
            unsigned char *bytes = copy_of_whole();
            memcpy(bytes + at, &EVIL[evil], 4);
            cache_mend(bytes, n_whole);
            if (open_bytes(&roads, bytes, n_whole) == KERB_OK)
                use(roads);
            else
                n_refused += err.message[0] != '\0';
            kerb_roads_free(roads);
            ki_free(bytes);
        }
    assert_true(n_refused > 500);
}

static void what_is_no_file_has_no_cache(void **state) {
    (void)state;
    kerb_roads *roads;
    assert_int_equal(ki_osm_read(&roads, TOWN("roundabout"), 0, NULL, &err), KERB_OK);
    assert_int_equal(kerb_roads_save(roads, other, &err), KERB_BAD_CALL);
    kerb_roads_free(roads);
    assert_int_equal(kerb_roads_load_cached(&roads, folder, other, &err), KERB_BAD_INPUT);
    assert_null(roads);
    assert_int_equal(kerb_roads_load_cached(&roads, "", other, &err), KERB_BAD_CALL);
    assert_int_equal(kerb_roads_save(NULL, other, &err), KERB_BAD_CALL);
}

static void a_failed_write_leaves_the_old_cache(void **state) {
    (void)state;
    kerb_roads *roads = load(TOWN("roundabout")), *old;
    for (int step = 1; step <= 4; step++) {
        ki_file_fail_at(step);
        assert_int_equal(kerb_roads_save(roads, path, &err), KERB_IO);
        ki_file_fail_at(0);
        assert_int_equal(kerb_roads_load_cached(&old, TOWN("via_two_ways"), path, &err), KERB_OK);
        assert_null(kerb_roads_why_not_cached(old));
        kerb_roads_free(old);
    }
    kerb_roads_free(roads);
}

static void every_failed_allocation_is_reported_and_nothing_leaks(void **state) {
    (void)state;
    kerb_status status = KERB_NO_MEMORY;
    for (int64_t nth = 1; status != KERB_OK; nth++) {
        kerb_roads *roads;
        ki_alloc_fail_at(nth);
        status = kerb_roads_load_cached(&roads, TOWN("via_two_ways"), path, &err);
        if (status == KERB_OK) status = kerb_roads_save(roads, other, &err);
        ki_alloc_fail_at(0);
        assert_true(status == KERB_OK || status == KERB_NO_MEMORY);
        assert_true(nth < 100);
        kerb_roads_free(roads);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(roads_from_a_cache_are_those_of_the_extract),
        cmocka_unit_test(a_cache_of_a_cache_is_the_same_file),
        cmocka_unit_test(what_is_absent_stale_or_damaged_is_read_from_the_extract_and_says_why),
        cmocka_unit_test(other_corrections_are_stale),
        cmocka_unit_test(another_version_or_byte_order_or_engine_is_stale),
        cmocka_unit_test(a_cache_cut_short_anywhere_is_refused),
        cmocka_unit_test(a_byte_changed_anywhere_is_noticed),
        cmocka_unit_test(a_hostile_number_anywhere_is_refused_or_harmless),
        cmocka_unit_test(what_is_no_file_has_no_cache),
        cmocka_unit_test(a_failed_write_leaves_the_old_cache),
        cmocka_unit_test(every_failed_allocation_is_reported_and_nothing_leaks)};
    return cmocka_run_group_tests(tests, begin, end);
}
