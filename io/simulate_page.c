/* SPDX-License-Identifier: GPL-3.0-or-later
 * simulate_page.c - the page of simulations side by side: a table of means with their 95 %
 * intervals, and a curve a policy of what matters, night by night. */
#include "io/simulate_page.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "base/words.h"
#include "io/sheets.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

/* ---- figures --------------------------------------------------------------------------------- */

static const struct {
    const char *word, *unit;
    int decimals;
} figures[KI_N_FIGURES] = {{"km", "", 1},        {"hours", "", 1},     {"shifts", "", 0},
                           {"tonnes", "", 2},    {"emptied", "", 0},   {"fill", " %", 1},
                           {"overflows", "", 0}, {"service", " %", 3}, {"tips", "", 0},
                           {"cost", "", 2}};

const char *ki_figure_word(ki_figure figure) {
    return figures[figure].word;
}

const char *ki_figure_unit(ki_figure figure) {
    return figures[figure].unit;
}

int ki_figure_decimals(ki_figure figure) {
    return figures[figure].decimals;
}

double ki_figure_of(const ki_day *day, ki_figure figure) {
    switch (figure) {
    case KI_FIGURE_KM: return day->km;
    case KI_FIGURE_HOURS: return day->hours;
    case KI_FIGURE_SHIFTS: return (double)day->n_shifts;
    case KI_FIGURE_TONNES: return day->tonnes;
    case KI_FIGURE_EMPTIED: return (double)day->n_emptied;
    case KI_FIGURE_FILL: return 100 * ki_day_fill_at_emptying(day);
    case KI_FIGURE_OVERFLOWS: return (double)day->n_overflows;
    case KI_FIGURE_SERVICE: return 100 * ki_day_service_level(day);
    case KI_FIGURE_TIPS: return (double)day->n_early_tips;
    case KI_FIGURE_COST:
    case KI_N_FIGURES: break;
    }
    return day->cost;
}

/* ---- runs ------------------------------------------------------------------------------------ */

kerb_status ki_runs_new(ki_runs *out, int n_policies, int n_seeds, int32_t n_days,
                        kerb_error *err) {
    size_t n_runs = (size_t)n_policies * (size_t)n_seeds;
    *out = (ki_runs){.n_days = n_days, .n_policies = n_policies, .n_seeds = n_seeds};
    out->runs = ki_alloc_zero(n_runs, sizeof *out->runs);
    ki_day *days = ki_alloc_zero(n_runs * (size_t)n_days, sizeof *days);
    if (!out->runs || !days) {
        ki_free(days);
        ki_runs_free(out);
        return ki_fail_no_memory(err, "simulations");
    }
    for (size_t run = 0; run < n_runs; run++)
        out->runs[run].days = days + run * (size_t)n_days;
    return KERB_OK;
}

void ki_runs_free(ki_runs *runs) {
    if (runs->runs) ki_free(runs->runs->days);
    ki_free(runs->runs);
    *runs = (ki_runs){0};
}

kerb_status ki_seeds_read(uint64_t *seeds, int *n, int most, const char *list, kerb_error *err) {
    const char *at = list;
    for (*n = 0; *n < most && *at >= '0' && *at <= '9'; at++) {
        char *rest;
        errno = 0;
        seeds[(*n)++] = strtoull(at, &rest, 10);
        at = rest;
        if (errno || (*at && *at != ',')) break;
        if (!*at) return KERB_OK;
    }
    return ki_fail(err, KERB_BAD_INPUT,
                   "option --seeds: %.200s, expected whole numbers with commas between, at most %d",
                   list, most);
}

/* Student's t for a two-sided 95 % interval, by degrees of freedom from 1. */
static double student(int freedom) {
    static const double T[] = {12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365,
                               2.306,  2.262, 2.228, 2.201, 2.179, 2.160, 2.145,
                               2.131,  2.120, 2.110, 2.101, 2.093, 2.086};
    int n = (int)(sizeof T / sizeof *T);
    return freedom <= n ? T[freedom - 1] : 2.086;
}

ki_estimate ki_runs_estimate(const ki_runs *runs, int policy, ki_figure figure) {
    const ki_simulated *first = &runs->runs[policy * runs->n_seeds];
    double sum = 0, squares = 0;
    int n = runs->n_seeds;
    for (int seed = 0; seed < n; seed++)
        sum += ki_figure_of(&first[seed].total, figure);
    ki_estimate out = {sum / n, NAN};
    if (n < 2) return out;
    for (int seed = 0; seed < n; seed++) {
        double off = ki_figure_of(&first[seed].total, figure) - out.mean;
        squares += off * off;
    }
    out.half = student(n - 1) * sqrt(squares / (n - 1) / n);
    return out;
}

/* ---- curves ---------------------------------------------------------------------------------- */

enum { CHART_WIDTH = 640, CHART_HEIGHT = 220, LEFT = 64, TOP = 14, BOTTOM = 26, RIGHT = 12 };

static const char *const colours[KI_N_POLICIES] = {"#0072b2", "#e69f00", "#cc79a7",
                                                   "#d55e00", "#009e73", "#000000"};

/* The mean over the worlds of one night. */
static double mean_of_night(const ki_runs *runs, int policy, int32_t night, ki_figure figure) {
    double sum = 0;
    for (int seed = 0; seed < runs->n_seeds; seed++)
        sum += ki_figure_of(&runs->runs[policy * runs->n_seeds + seed].days[night], figure);
    return sum / runs->n_seeds;
}

typedef struct scale {
    double low, high;
} scale;

static scale find_scale(const ki_runs *runs, ki_figure figure) {
    scale out = {INFINITY, -INFINITY};
    for (int policy = 0; policy < runs->n_policies; policy++)
        for (int32_t night = 0; night < runs->n_days; night++) {
            double value = mean_of_night(runs, policy, night, figure);
            out.low = fmin(out.low, value);
            out.high = fmax(out.high, value);
        }
    if (figure != KI_FIGURE_SERVICE) out.low = fmin(out.low, 0);
    if (!(out.high - out.low > 1e-9)) out.high = out.low + 1;
    return out;
}

static double x_of(const ki_runs *runs, int32_t night) {
    double width = CHART_WIDTH - LEFT - RIGHT;
    return LEFT + (runs->n_days > 1 ? width * night / (runs->n_days - 1) : width / 2);
}

static double y_of(const scale *range, double value) {
    double height = CHART_HEIGHT - TOP - BOTTOM;
    return TOP + height * (range->high - value) / (range->high - range->low);
}

static void add_axis(ki_text *text, const ki_runs *runs, const scale *range, ki_figure figure) {
    for (int line = 0; line <= 2; line++) {
        double value = range->low + (range->high - range->low) * line / 2, y = y_of(range, value);
        ki_text_add(text,
                    "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" class=\"grid\"/>"
                    "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.*f%s</text>",
                    LEFT, CHART_WIDTH - RIGHT, y, y, LEFT - 6, y + 4,
                    figure == KI_FIGURE_SERVICE ? 2 : 0, value, ki_figure_unit(figure));
    }
    for (int32_t night = 0; night < runs->n_days; night++)
        if (night == 0 || night == runs->n_days - 1 || (night + 1) % 7 == 0)
            ki_text_add(text, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%d</text>",
                        x_of(runs, night), CHART_HEIGHT - 8, (int)night + 1);
}

static void add_curve(ki_text *text, const ki_runs *runs, const scale *range, int policy,
                      ki_figure figure) {
    const char *colour = colours[runs->runs[policy * runs->n_seeds].policy];
    ki_text_add(text, "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"2\" points=\"", colour);
    for (int32_t night = 0; night < runs->n_days; night++)
        ki_text_add(text, "%.1f,%.1f ", x_of(runs, night),
                    y_of(range, mean_of_night(runs, policy, night, figure)));
    ki_text_add(text, "\"/>");
}

static void add_chart(ki_text *text, const ki_runs *runs, ki_figure figure) {
    scale range = find_scale(runs, figure);
    ki_text_add(text, "<h2>%s</h2>\n<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">",
                ki_text_word(text, ki_figure_word(figure)), CHART_WIDTH, CHART_HEIGHT,
                ki_text_word(text, ki_figure_word(figure)));
    add_axis(text, runs, &range, figure);
    for (int policy = 0; policy < runs->n_policies; policy++)
        add_curve(text, runs, &range, policy, figure);
    ki_text_add(text, "</svg>\n");
}

/* ---- the page -------------------------------------------------------------------------------- */

static const char STYLE[] =
    "</title>\n<style>\n"
    "body { font: 15px/1.4 'Noto Sans', 'Noto Sans CJK SC', 'Microsoft YaHei', sans-serif; color: "
    "#111; background: #fff; max-width: 70rem; margin: 1rem auto; padding: 0 1rem; }\n"
    "table { border-collapse: collapse; }\n"
    "th, td { border-top: 1px solid #999; padding: .25rem .6rem; text-align: right; }\n"
    "th:first-child { text-align: left; }\n"
    "small { color: #555; display: block; }\n"
    "i { display: inline-block; width: .8em; height: .8em; margin-right: .4em; }\n"
    "main { display: grid; grid-template-columns: repeat(auto-fit, minmax(24rem, 1fr)); gap: 1rem; "
    "}\n"
    "h2 { font-size: 1rem; margin: .5rem 0 0; }\n"
    "svg { width: 100%; } svg text { font-size: 12px; fill: #333; } .grid { stroke: #ccc; }\n"
    "</style>\n</head>\n<body>\n";

static void add_row(ki_text *text, const ki_runs *runs, int policy) {
    ki_policy which = runs->runs[policy * runs->n_seeds].policy;
    ki_text_add(text, "<tr><th scope=\"row\"><i style=\"background:%s\"></i>%s</th>",
                colours[which], ki_policy_name(which));
    for (int figure = 0; figure < KI_N_FIGURES; figure++) {
        ki_estimate got = ki_runs_estimate(runs, policy, (ki_figure)figure);
        int decimals = ki_figure_decimals((ki_figure)figure);
        ki_text_add(text, "<td>%.*f", decimals, got.mean);
        if (!isnan(got.half)) ki_text_add(text, "<small>± %.*f</small>", decimals, got.half);
        ki_text_add(text, "</td>");
    }
    ki_text_add(text, "</tr>\n");
}

static void add_table(ki_text *text, const ki_runs *runs) {
    ki_text_add(text, "<table>\n<tr><th scope=\"col\">%s</th>", ki_text_word(text, "policy"));
    for (int figure = 0; figure < KI_N_FIGURES; figure++)
        ki_text_add(text, "<th scope=\"col\">%s%s</th>",
                    ki_text_word(text, ki_figure_word((ki_figure)figure)),
                    ki_figure_unit((ki_figure)figure));
    ki_text_add(text, "</tr>\n");
    for (int policy = 0; policy < runs->n_policies; policy++)
        add_row(text, runs, policy);
    ki_text_add(text, "</table>\n");
}

static void add_head(ki_text *text, const ki_runs *runs) {
    const char *title = ki_text_word(text, "simulated nights");
    ki_sheet_open_page(text, text->language);
    ki_text_add_xml(text, runs->name);
    ki_text_add(text, " · %s%s<h1>", title, STYLE);
    ki_text_add_xml(text, runs->name);
    ki_text_add(text, " · %s</h1>\n<p>", title);
    ki_text_say(text, "%d nights of %zu containers, %d worlds; cost in ", (int)runs->n_days,
                runs->n_containers, runs->n_seeds);
    ki_text_add_xml(text, runs->currency);
    if (runs->n_seeds > 1)
        ki_text_add(text, "; %s", ki_text_word(text, "± is the 95 % interval of the mean"));
    ki_text_add(text, "</p>\n");
}

kerb_status ki_simulate_page(const char *path, const ki_runs *runs, int language, kerb_error *err) {
    static const ki_figure CURVES[] = {KI_FIGURE_KM,      KI_FIGURE_COST,      KI_FIGURE_FILL,
                                       KI_FIGURE_SERVICE, KI_FIGURE_OVERFLOWS, KI_FIGURE_SHIFTS};
    ki_text text = {.language = (ki_language)language};
    add_head(&text, runs);
    add_table(&text, runs);
    ki_text_add(&text, "<main>\n");
    for (size_t at = 0; at < sizeof CURVES / sizeof *CURVES; at++) {
        ki_text_add(&text, "<section>");
        add_chart(&text, runs, CURVES[at]);
        ki_text_add(&text, "</section>\n");
    }
    ki_text_add(&text, "</main>\n</body>\n</html>\n");
    kerb_status status = text.failed ? ki_fail_no_memory(err, path)
                                     : ki_file_write(path, text.bytes, text.length, err);
    ki_text_free(&text);
    return status;
}
