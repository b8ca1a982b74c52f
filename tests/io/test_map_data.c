/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the map page is given: lines as steps; its data packed, so that no text ends their element.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "io/map_data.h"
#include "io/map_page.h"
#include "plan/plan.h"

#include <string.h>

static void a_line_is_whole_steps_and_leaves_out_repeats(void **state) {
    (void)state;
    ki_text text = {0};
    ki_map_line line = {.text = &text};
    ki_map_line_add(&line, 269000004, -1126000006); /* to the nearest, on both sides of zero */
    ki_map_line_add(&line, 269000001, -1126000009);
    ki_map_line_add(&line, 269000104, -1126000106);
    assert_string_equal(text.bytes, "26900000,-112600001,10,-10");
    ki_text_free(&text);
}

/* Between the ends of the element of the data. */
static size_t length_of_data(const char *page) {
    static const char begin[] = "id=\"data\">";
    const char *data = strstr(page, begin);
    assert_non_null(data);
    return strspn(data + sizeof begin - 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                           "0123456789+/=");
}

static void no_text_of_a_plan_stands_in_the_page(void **state) {
    (void)state;
    ki_plan_decision decision = {.id = "</script>", .name = "<!--<script>", .text = "hostile<b"};
    kerb_plan plan = {.id = "p", .decisions = &decision, .n_decisions = 1};
    char *page = NULL;
    size_t n_bytes = 0;
    assert_int_equal(ki_plan_map(&page, &n_bytes, &plan, NULL, KI_ENGLISH, NULL), KERB_OK);
    size_t length = length_of_data(page);
    assert_true(length > 200 && length % 4 == 0);
    assert_memory_equal(strstr(page, "id=\"data\">") + strlen("id=\"data\">") + length, "</script>",
                        9);
    assert_null(strstr(page, "hostile"));
    kerb_buffer_free(page);
}

static void a_haul_loads_and_a_route_has_its_breaks(void **state) {
    (void)state;
    ki_plan_stop stop = {.kind = KI_STOP_LOAD, .id = "TS"};
    ki_plan_break pause = {1000, 2000, 0};
    ki_plan_route route = {.stops = &stop, .n_stops = 1, .breaks = &pause, .n_breaks = 1};
    kerb_plan plan = {.id = "p", .routes = &route, .n_routes = 1};
    ki_text text = {0};
    ki_map_data_add(&text, &plan, NULL);
    assert_non_null(strstr(text.bytes, "[\"load\",\"TS\""));
    assert_non_null(
        strstr(text.bytes, "\"breaks\":[{\"start_ms\":1000,\"end_ms\":2000,\"after_stop\":0}]"));
    ki_text_free(&text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_whole_steps_and_leaves_out_repeats),
        cmocka_unit_test(a_haul_loads_and_a_route_has_its_breaks),
        cmocka_unit_test(no_text_of_a_plan_stands_in_the_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
