/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the map page is given: lines as steps, and no text that ends its element.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "io/map_data.h"
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

static void no_text_ends_the_element_of_the_data(void **state) {
    (void)state;
    ki_plan_decision decision = {.id = "</script>", .name = "<!--<script>", .text = "a<b"};
    kerb_plan plan = {.id = "p", .decisions = &decision, .n_decisions = 1};
    ki_text text = {0};
    ki_map_data_add(&text, &plan, NULL);
    assert_false(text.failed);
    assert_null(strchr(text.bytes, '<'));
    assert_non_null(strstr(text.bytes, "\\u003c/script>"));
    ki_text_free(&text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_whole_steps_and_leaves_out_repeats),
        cmocka_unit_test(no_text_ends_the_element_of_the_data),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
