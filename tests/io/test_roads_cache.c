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
#include "road/unpack.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const ki_profile_spec TRUCK = {.kind = KI_KIND_TRUCK, .height_mm = 3500};
static const ki_profile_spec ROBOT = {.kind = KI_KIND_ROBOT, .top_speed_mm_per_s = 2000};

#define TOWN(name) KERB_TEST_DATA "/" name ".osm"

static char folder[] = "/tmp/kerbside_cache_XXXXXX";
static char path[64], other[64]; /* a cache of via_two_ways; a file to change */
static unsigned char *whole;     /* the bytes of the cache */
static size_t n_whole;
static kerb_error err;
static char why[512];

static kerb_roads *load(const char *from) {
    kerb_roads *roads;
    if (kerb_roads_load(&roads, from, &err) != KERB_OK) fail_msg("%s", err.message);
    return roads;
}

static ki_profile *profile_of(const kerb_roads *roads, const ki_profile_spec *spec) {
    ki_profile *profile;
    assert_int_equal(ki_profile_build(&profile, roads->graph, spec, NULL, &err), KERB_OK);
    return profile;
}

static const ki_hierarchy *expect_hierarchy(const ki_profile *profile, int is_stored) {
    const ki_hierarchy *hierarchy;
    assert_int_equal(ki_profile_hierarchy(&hierarchy, profile, &err), KERB_OK);
    assert_int_equal(hierarchy->is_stored, is_stored);
    return hierarchy;
}

static int begin(void **state) {
    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/town.roads", folder);
    snprintf(other, sizeof other, "%s/other.roads", folder);
    kerb_roads *roads = load(TOWN("via_two_ways"));
    ki_profile *profiles[] = {profile_of(roads, &TRUCK), profile_of(roads, &ROBOT)};
    expect_hierarchy(profiles[0], 0);
    expect_hierarchy(profiles[1], 0);
    assert_int_equal(
        ki_roads_cache_write(roads, (const ki_profile *const *)profiles, 2, path, &err), KERB_OK);
    ki_profile_free(profiles[0]);
    ki_profile_free(profiles[1]);
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

static void expect_refused(const unsigned char *bytes, size_t n_bytes, const char *expected) {
    kerb_roads *roads;
    assert_int_equal(open_bytes(&roads, bytes, n_bytes), KERB_BAD_INPUT);
    assert_null(roads);
    assert_non_null(strstr(err.message, other));
    if (!strstr(err.message, expected)) fail_msg("%s, expected: %s", err.message, expected);
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
        assert_int_equal(kerb_roads_save(roads, NULL, other, &err), KERB_OK);
        assert_int_equal(kerb_roads_load_cached(&cached, TOWNS[town], other, &err), KERB_OK);
        assert_int_equal(kerb_roads_why_not_cached(cached, NULL, why, sizeof why), 0);
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
    assert_int_equal(kerb_roads_save(roads, NULL, path, &err),
                     KERB_OK); /* over what it is mapped from */
    kerb_roads_free(roads);
    assert_int_equal(ki_file_read(&again, &n_again, path, 1 << 24, &err), KERB_OK);
    assert_int_equal(n_again, n_whole);
    assert_memory_equal(again, whole, n_whole);
    ki_free(again);
}

static void expect_read_again(const char *extract, const char *expected) {
    kerb_roads *roads, *plain = load(extract);
    assert_int_equal(kerb_roads_load_cached(&roads, extract, other, &err), KERB_OK);
    assert_true(kerb_roads_why_not_cached(roads, NULL, why, sizeof why) > 0);
    if (!strstr(why, expected)) fail_msg("%s, expected: %s", why, expected);
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

/* A section is checked when it is first used: the hierarchies once they are asked for. */
static void a_byte_changed_anywhere_is_noticed(void **state) {
    (void)state;
    unsigned char *bytes = copy_of_whole();
    size_t n_at_once = section_of(whole, 1).at, n_first = section_of(whole, 2).at;
    for (size_t at = 0; at < n_whole; at++) {
        kerb_roads *roads;
        bytes[at] ^= 0x10;
        if (at < n_at_once) {
            expect_refused(bytes, n_whole, at < 8 ? "no road cache" : "");
        } else {
            assert_int_equal(open_bytes(&roads, bytes, n_whole), KERB_OK);
            ki_profile *truck = profile_of(roads, &TRUCK), *robot = profile_of(roads, &ROBOT);
            assert_null(ki_roads_cache_damage(roads));
            expect_hierarchy(truck, at >= n_first);
            expect_hierarchy(robot, at < n_first);
            assert_non_null(strstr(ki_roads_cache_damage(roads), "damaged: the checksum"));
            ki_profile_free(truck);
            ki_profile_free(robot);
            kerb_roads_free(roads);
        }
        bytes[at] ^= 0x10;
    }
    ki_free(bytes);
}

static void find_all_paths(const ki_profile *profile) {
    int32_t n_arcs = profile->graph->n_arcs;
    ki_arena arena = {0};
    for (int32_t from = 0; from < n_arcs; from++)
        for (int32_t to = 0; to < n_arcs; to++) {
            ki_path found;
            kerb_status status =
                ki_path_find(profile, (ki_place){from, 0}, (ki_place){to, 0}, &arena, &found, &err);
            assert_true(status == KERB_OK || status == KERB_BAD_INPUT);
        }
    ki_arena_free(&arena);
}

static void use(const kerb_roads *roads) {
    static const ki_profile_spec *const SPECS[] = {&TRUCK, &ROBOT};
    char *text;
    assert_int_equal(kerb_roads_geojson(roads, &text, &err), KERB_OK);
    kerb_buffer_free(text);
    for (int spec = 0; spec < 2; spec++) {
        ki_profile *profile;
        const ki_hierarchy *hierarchy;
        if (ki_profile_build(&profile, roads->graph, SPECS[spec], NULL, &err) != KERB_OK) continue;
        assert_int_equal(ki_profile_hierarchy(&hierarchy, profile, &err), KERB_OK);
        find_all_paths(profile);
        ki_profile_free(profile);
    }
}

static void expect_same_hierarchy(const ki_hierarchy *one, const ki_hierarchy *two) {
    ki_hierarchy first = *one, second = *two;
    ki_layout a = ki_hierarchy_layout(&first), b = ki_hierarchy_layout(&second);
    for (int at = 0; at < a.n_numbers; at++)
        assert_int_equal(*a.numbers[at], *b.numbers[at]);
    for (int at = 0; at < a.n_slices; at++) {
        void *left, *right;
        memcpy(&left, a.slices[at].field, sizeof left);
        memcpy(&right, b.slices[at].field, sizeof right);
        assert_memory_equal(left, right, (size_t)a.slices[at].count * a.slices[at].size);
    }
}

static void a_stored_hierarchy_is_the_one_that_would_be_built(void **state) {
    (void)state;
    kerb_roads *roads = load(TOWN("via_two_ways")), *cached = load(path);
    ki_profile *built = profile_of(roads, &TRUCK), *stored = profile_of(cached, &TRUCK);
    expect_same_hierarchy(expect_hierarchy(built, 0), expect_hierarchy(stored, 1));
    ki_profile_free(built);
    ki_profile_free(stored);
    kerb_roads_free(roads);
    kerb_roads_free(cached);
}

static void vehicles_to_whom_the_roads_are_the_same_share_a_hierarchy(void **state) {
    (void)state;
    ki_profile_spec lower = TRUCK, slower = TRUCK;
    lower.height_mm = 3400; /* no bridge there */
    slower.top_speed_mm_per_s = 3000;
    kerb_roads *roads = load(path);
    ki_profile *same = profile_of(roads, &lower), *other_one = profile_of(roads, &slower);
    expect_hierarchy(same, 1);
    expect_hierarchy(other_one, 0);
    ki_profile_free(same);
    ki_profile_free(other_one);
    kerb_roads_free(roads);
}

/* Those in use stay, the others as far as there is room. */
static void a_cache_takes_on_new_hierarchies_until_it_is_full(void **state) {
    (void)state;
    uint64_t n_before = 3;
    for (int32_t speed = 3000; speed < 3010; speed++) {
        ki_profile_spec spec = {.kind = KI_KIND_TRUCK, .top_speed_mm_per_s = speed};
        kerb_roads *roads = load(speed == 3000 ? path : other);
        ki_profile *profile = profile_of(roads, &spec);
        expect_hierarchy(profile, 0);
        assert_int_equal(
            ki_roads_cache_write(roads, (const ki_profile *const *)&profile, 1, other, &err),
            KERB_OK);
        ki_profile_free(profile);
        kerb_roads_free(roads);
        roads = load(other);
        profile = profile_of(roads, &spec);
        expect_hierarchy(profile, 1);
        ki_profile_free(profile);
        uint64_t n_now = ((const ki_cache *)roads->graph->store)->header->n_sections;
        uint64_t n_full = KI_CACHE_MAX_SECTIONS;
        assert_int_equal(n_now, n_before < n_full ? n_before + 1 : n_full);
        n_before = n_now;
        kerb_roads_free(roads);
    }
    assert_int_equal(n_before, KI_CACHE_MAX_SECTIONS);
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
    assert_int_equal(kerb_roads_save(roads, NULL, other, &err), KERB_BAD_CALL);
    kerb_roads_free(roads);
    assert_int_equal(kerb_roads_load_cached(&roads, folder, other, &err), KERB_BAD_INPUT);
    assert_null(roads);
    assert_int_equal(kerb_roads_load_cached(&roads, "", other, &err), KERB_BAD_CALL);
    assert_int_equal(kerb_roads_save(NULL, NULL, other, &err), KERB_BAD_CALL);
}

static void a_failed_write_leaves_the_old_cache(void **state) {
    (void)state;
    kerb_roads *roads = load(TOWN("roundabout")), *old;
    for (int step = 1; step <= 4; step++) {
        ki_file_fail_at(step);
        assert_int_equal(kerb_roads_save(roads, NULL, path, &err), KERB_IO);
        ki_file_fail_at(0);
        assert_int_equal(kerb_roads_load_cached(&old, TOWN("via_two_ways"), path, &err), KERB_OK);
        assert_int_equal(kerb_roads_why_not_cached(old, NULL, why, sizeof why), 0);
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
        const ki_hierarchy *hierarchy;
        ki_profile *profile = NULL;
        status = kerb_roads_load_cached(&roads, TOWN("via_two_ways"), path, &err);
        if (status == KERB_OK)
            status = ki_profile_build(&profile, roads->graph, &TRUCK, NULL, &err);
        if (status == KERB_OK) status = ki_profile_hierarchy(&hierarchy, profile, &err);
        if (status == KERB_OK) status = kerb_roads_save(roads, NULL, other, &err);
        ki_alloc_fail_at(0);
        assert_true(status == KERB_OK || status == KERB_NO_MEMORY);
        assert_true(nth < 1000);
        ki_profile_free(profile);
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
        cmocka_unit_test(a_stored_hierarchy_is_the_one_that_would_be_built),
        cmocka_unit_test(vehicles_to_whom_the_roads_are_the_same_share_a_hierarchy),
        cmocka_unit_test(a_cache_takes_on_new_hierarchies_until_it_is_full),
        cmocka_unit_test(a_hostile_number_anywhere_is_refused_or_harmless),
        cmocka_unit_test(what_is_no_file_has_no_cache),
        cmocka_unit_test(a_failed_write_leaves_the_old_cache),
        cmocka_unit_test(every_failed_allocation_is_reported_and_nothing_leaks)};
    return cmocka_run_group_tests(tests, begin, end);
}
