/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "io/message_cases.h"

#include <stdlib.h>

/* A strict reader of JSON (RFC 8259) that keeps nothing: the oracle for "this is JSON". */
typedef struct reader {
    const char *at;
    int depth;
} reader;

static int read_value(reader *in);

static void skip_blanks(reader *in) {
    while (*in->at && strchr(" \t\r\n", *in->at))
        in->at++;
}

static int read_string(reader *in) {
    if (*in->at++ != '"') return 0;
    for (; *in->at != '"'; in->at++) {
        if ((unsigned char)*in->at < 0x20) return 0;
        if (*in->at != '\\') continue;
        in->at++;
        if (*in->at == 'u') {
            if (strspn(in->at + 1, "0123456789abcdefABCDEF") < 4) return 0;
            in->at += 4;
        } else if (!*in->at || !strchr("\"\\/bfnrt", *in->at)) {
            return 0;
        }
    }
    in->at++;
    return 1;
}

static int read_number(reader *in) {
    if (*in->at == '-') in->at++;
    size_t n = strspn(in->at, "0123456789");
    if (n == 0 || (n > 1 && *in->at == '0')) return 0;
    in->at += n;
    if (*in->at != '.') return 1;
    n = strspn(++in->at, "0123456789");
    in->at += n;
    return n > 0;
}

static int read_members(reader *in, char close, int named) {
    in->at++;
    skip_blanks(in);
    if (*in->at == close) return in->at++, 1;
    for (;;) {
        skip_blanks(in);
        if (named) {
            if (!read_string(in) || *in->at++ != ':') return 0;
        }
        if (!read_value(in)) return 0;
        skip_blanks(in);
        if (*in->at == close) return in->at++, 1;
        if (*in->at++ != ',') return 0;
    }
}

static int read_word(reader *in, const char *word) {
    size_t n = strlen(word);
    if (strncmp(in->at, word, n) != 0) return 0;
    in->at += n;
    return 1;
}

static int read_value(reader *in) {
    skip_blanks(in);
    int ok;
    if (++in->depth > 20) return 0;
    switch (*in->at) {
    case '{': ok = read_members(in, '}', 1); break;
    case '[': ok = read_members(in, ']', 0); break;
    case '"': ok = read_string(in); break;
    case 't': ok = read_word(in, "true"); break;
    case 'f': ok = read_word(in, "false"); break;
    case 'n': ok = read_word(in, "null"); break;
    default: ok = read_number(in);
    }
    in->depth--;
    return ok;
}

static int is_json(const char *text) {
    reader in = {.at = text};
    if (!read_value(&in)) return 0;
    skip_blanks(&in);
    return *in.at == '\0';
}

static size_t count(const char *text, const char *part) {
    size_t n = 0;
    for (const char *at = text; (at = strstr(at, part)); at += strlen(part))
        n++;
    return n;
}

static void any_plan_is_json_with_a_feature_for_each_thing(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        kerb_error err = {0};
        char *text;
        size_t n_stops = 0;
        kerb_plan *plan = case_plan(seed, (int32_t)(seed % 5));
        assert_int_equal(kerb_plan_geojson(plan, &text, &err), KERB_OK);
        assert_true(is_json(text));
        for (int32_t r = 0; r < plan->n_routes; r++)
            n_stops += (size_t)plan->routes[r].n_stops;
        assert_int_equal(count(text, "\"is\":\"route\""), plan->n_routes);
        assert_int_equal(count(text, "\"is\":\"stop\""), n_stops);
        assert_int_equal(count(text, "\"is\":\"decision\""), plan->n_decisions);
        assert_int_equal(count(text, "\"is\":\"place\""), plan->n_places);
        kerb_buffer_free(text);
        kerb_plan_free(plan);
    }
}

static void a_route_is_drawn_along_its_legs_in_its_own_time(void **state) {
    (void)state;
    kerb_error err = {0};
    char *text;
    int32_t there[] = {577000000, 119000000, 577100000, 119000000};
    int32_t back[] = {577100000, 119000000, 577000000, -5};
    ki_plan_stop stops[] = {
        {.kind = KI_STOP_START, .id = "D1"},
        {.kind = KI_STOP_SERVE,
         .id = "C\"1",
         .leg = {.points = there, .n_points = 2},
         .arrival_ms = 90000},
        {.kind = KI_STOP_END, .id = "D1", .leg = {.points = back, .n_points = 2}}};
    ki_plan_route route = {.shift = "H1", .stops = stops, .n_stops = 3};
    kerb_plan plan = {.routes = &route,
                      .n_routes = 1,
                      .night_start_s = 1793473200, /* 2026-10-31T19:00:00Z */
                      .utc_offset_s = 28800};
    stops[0].lat_e7 = 577000000;
    stops[0].lon_e7 = 119000000;
    assert_int_equal(kerb_plan_geojson(&plan, &text, &err), KERB_OK);
    assert_non_null(strstr(text, "\"coordinates\":[[11.9000000,57.7000000],[11.9000000,57.7100000],"
                                 "[-0.0000005,57.7000000]]"));
    assert_non_null(strstr(text, "\"arrival\":\"2026-11-01T03:01:30+08:00\""));
    assert_non_null(strstr(text, "\"id\":\"C\\\"1\""));
    kerb_buffer_free(text);
}

static void a_line_has_two_points_at_least(void **state) {
    (void)state;
    kerb_error err = {0};
    char *text;
    ki_plan_stop stop = {.kind = KI_STOP_START};
    ki_plan_route routes[] = {{.stops = &stop, .n_stops = 1}, {.n_stops = 0}};
    kerb_plan plan = {.routes = routes, .n_routes = 2, .night_start_s = KERB_NO_TIME};
    assert_int_equal(kerb_plan_geojson(&plan, &text, &err), KERB_OK);
    assert_non_null(strstr(text, "[[0.0000000,0.0000000],[0.0000000,0.0000000]]"));
    assert_non_null(strstr(text, "\"geometry\":null"));
    assert_true(is_json(text));
    kerb_buffer_free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_plan_is_json_with_a_feature_for_each_thing),
        cmocka_unit_test(a_route_is_drawn_along_its_legs_in_its_own_time),
        cmocka_unit_test(a_line_has_two_points_at_least),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
