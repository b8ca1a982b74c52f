/* SPDX-License-Identifier: GPL-3.0-or-later
 * Words in another language: every row of the table is found again in its rendered English, places
 * and names stay, and no sentence takes long. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/rng.h"
#include "base/words.h"

#include <stdio.h>
#include <string.h>

static char *retold(const char *english) {
    ki_text text = {.language = KI_CHINESE};
    ki_text_retell(&text, english);
    ki_text_add_bytes(&text, "", 0);
    assert_false(text.failed);
    return text.bytes;
}

static void expect(const char *english, const char *chinese) {
    char *told = retold(english);
    assert_string_equal(told, chinese);
    ki_free(told);
}

/* A format with value k as "Vk" or a number of its own, k from its place or from the order. */
static void render(char *out, size_t size, const char *format) {
    size_t used = 0;
    int next = 1;
    while (*format && used + 16 < size) {
        if (*format != '%' || format[1] == '%') {
            out[used++] = *format;
            format += *format == '%' ? 2 : 1;
            continue;
        }
        const char *from = format++;
        int place = *format >= '1' && *format <= '9' && format[1] == '$' ? *format - '0' : next++;
        while (strchr("0123456789$.*-+ #lhzjt", *format))
            format++;
        int is_hidden = format - from >= 3 && memcmp(format - 2, ".0s", 3) == 0;
        const char *form = *format == 's' || *format == 'c' ? "V%d"
                           : strchr("fge", *format)         ? "%d.5"
                                                            : "70%d";
        if (!is_hidden) used += (size_t)snprintf(out + used, size - used, form, place);
        format++;
    }
    out[used] = '\0';
}

static void every_row_is_found_in_its_rendered_english(void **state) {
    (void)state;
    const char *english, *chinese;
    int n_tried = 0, n_wrong = 0;
    for (int row = 0; ki_words_row(row, &english, &chinese); row++) {
        char given[1024], wanted[1024];
        if (strstr(english, "%s%s") || strstr(english, "%s%d")) continue; /* no border */
        render(given, sizeof given, english);
        render(wanted, sizeof wanted, chinese);
        char *told = retold(given);
        if (strcmp(told, wanted) != 0)
            print_message("%s\n is %s\nnot %s\n", given, told, wanted), n_wrong++;
        ki_free(told);
        n_tried++;
    }
    assert_int_equal(n_wrong, 0);
    assert_true(n_tried > 300);
}

static void places_fields_and_names_stay(void **state) {
    (void)state;
    expect("reports.csv, record 40, field fill_ratio: 1.70, expected 0 to 1",
           "reports.csv, record 40, field fill_ratio：1.70，应为 0 至 1");
    expect("d.yaml, line 3, key shifts[].end: 25:00, expected HH:MM or an ISO 8601 instant",
           "d.yaml, line 3, key shifts[].end：25:00，应为 HH:MM 或 ISO 8601 时刻");
    expect("d.yaml, line 3: unknown key 'shift' in crews, did you mean 'shifts'? (and 2 more like "
           "it or after it)",
           "d.yaml, line 3：crews 中未知的键“shift”，是否想写“shifts”？（此类或其后另有 2 处）");
    expect("Platz der Republik, Nord; Süd", "Platz der Republik, Nord; Süd");
    expect("site S1: served from way 1, 5.0 m away; nearer is way 2, 2.0 m, but: no way in",
           "点位 S1：从道路 1 服务，距离 5.0 米；更近的是道路 2，2.0 米，但：进不去");
    expect("a. b, c.csv: no such file", "a. b, c.csv：文件不存在");
    expect("", "");
}

static void what_is_wrong_with_messages_caches_and_the_engine_is_told(void **state) {
    (void)state;
    expect("problem message, field roads_hash: 11ab, expected 22cd, the hash of the roads given",
           "问题消息, field roads_hash：11ab，应为 22cd，所给路网的哈希");
    expect("d.yaml, line 9, key depots[].lat: missing (latitude)",
           "d.yaml, line 9, key depots[].lat：缺少（纬度）");
    expect("d.yaml, line 9, key night.end: missing (not after `start`: on the next day)",
           "d.yaml, line 9, key night.end：缺少（不晚于 `start` 时指次日）");
    expect("no task 5 with mode 2", "没有方式为 2 的任务 5");
    expect("city.yaml, key districts: a list of 0, expected 1 to 500",
           "city.yaml, key districts：列表有 0 项，应为 1 至 500");
    expect("town.roads: made with other corrections, expected a cache made with these, or the "
           "extract",
           "town.roads：是用其他更正生成的，应为 用这些更正生成的缓存，或地图数据文件");
}

static void a_reason_is_told_with_the_reasons_in_it(void **state) {
    (void)state;
    expect("left out: serving it on shift TS01 would cost 8.00 CNY, 1.86 CNY more than the 6.14 "
           "CNY of leaving it (may: 76 % full at service, from 71 % reported 0.2 h before as-of, "
           "filling 20 % a day; may from 55 %)",
           "未安排：由班次 TS01 来收需 8.00 CNY，比不收的代价多 1.86 CNY（不收为 6.14 "
           "CNY）（可收：服务时满 76 %，自数据截止前 0.2 小时上报的 71 % 推算，每天增加 20 "
           "%；可收线 55 %）");
    expect("left out: full; one more tip, on shift A, would miss the window of C1 by 3 min (must: "
           "its forecast fill is above the must level (91 %))",
           "未安排：已满；若在班次 A 多卸一次料，将错过 C1 的时间窗 3 "
           "分钟（必收：预计满溢度达到必收线（91 %））");
    expect("left out when the search ended: a run of its own on spare shift B would cost 1.00 CNY "
           "and save 2.00 CNY; search longer (may: it is due tonight)",
           "搜索结束时未安排：在空闲班次 B 上单独跑一趟需 1.00 CNY，可省 2.00 "
           "CNY；请延长搜索（可收：今晚应作业）");
}

/* Sentences made of the table's own pieces, separators and noise: the worst a plan could hold. */
static void no_sentence_takes_long(void **state) {
    (void)state;
    static const char *const pieces[] = {
        ": ",     "; ", ", ",   ", expected ", " twice", "left out",        "%s",
        "(may: ", ")",  " to ", "1",           "x y",    " is given twice", "\n"};
    ki_rng rng;
    double begun_s = ki_clock_cpu_s();
    ki_rng_seed(&rng, 1, 1);
    for (int sentence = 0; sentence < 20; sentence++) {
        ki_text text = {0};
        while (text.length < 20000)
            ki_text_add(&text, "%s", pieces[ki_rng_below(&rng, sizeof pieces / sizeof *pieces)]);
        ki_free(retold(text.bytes));
        ki_text_free(&text);
    }
    assert_true(ki_clock_cpu_s() - begun_s < 10);
}

static void a_cell_is_as_wide_as_a_terminal_shows_it(void **state) {
    (void)state;
    ki_text text = {0};
    ki_text_add_cell(&text, "车辆", 6);
    ki_text_add_cell(&text, "km", -6);
    ki_text_add_cut(&text, "清扫车ab", 5);
    assert_string_equal(text.bytes, "车辆      km清扫...");
    ki_text_free(&text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_found_in_its_rendered_english),
        cmocka_unit_test(places_fields_and_names_stay),
        cmocka_unit_test(what_is_wrong_with_messages_caches_and_the_engine_is_told),
        cmocka_unit_test(a_reason_is_told_with_the_reasons_in_it),
        cmocka_unit_test(no_sentence_takes_long),
        cmocka_unit_test(a_cell_is_as_wide_as_a_terminal_shows_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
