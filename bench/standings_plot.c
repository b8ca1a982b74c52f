/* SPDX-License-Identifier: GPL-3.0-or-later
 * standings_plot.c - performance profiles as SVG: steps, one colour and one dash a method, so that
 * they can be told apart in print. */
#include "bench/standings.h"

#include "base/alloc.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { WIDTH = 720, HEIGHT = 420, LEFT = 60, RIGHT = 170, TOP = 34, BOTTOM = 48 };
enum { PLOT_W = WIDTH - LEFT - RIGHT, PLOT_H = HEIGHT - TOP - BOTTOM, N_TICKS = 5 };

static const char *const COLOURS[] = {"#0072b2", "#d55e00", "#009e73", "#cc79a7",
                                      "#e69f00", "#56b4e9", "#000000", "#8c6d1f"};
static const char *const DASHES[] = {"none", "8 4", "2 3", "10 3 2 3"};
enum { N_COLOURS = 8, N_DASHES = 4 };

static double value_of(const standing_run *run, standings_profile profile) {
    return profile == STANDINGS_GAP ? run->gap_percent : run->one_percent_s;
}

static int by_number(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* A round number that nearly all finite values stay below. */
static double axis_end(const standings *of, standings_profile profile) {
    double most = 0;
    for (int run = 0; run < of->n_runs; run++) {
        double value = value_of(&of->runs[run], profile);
        if (isfinite(value) && value > most) most = value;
    }
    if (most <= 0) return 1;
    double unit = pow(10, floor(log10(most)));
    for (double step = 1; step < 10; step++)
        if (most <= step * unit) return step * unit;
    return 10 * unit;
}

static void add_text(ki_text *svg, double x, double y, const char *anchor, const char *text) {
    ki_text_add(svg, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">", x, y, anchor);
    for (; *text; text++)
        ki_text_add(svg, *text == '<' ? "&lt;" : *text == '&' ? "&amp;" : "%c", *text);
    ki_text_add(svg, "</text>\n");
}

static void add_frame(ki_text *svg, double end, standings_profile profile) {
    char label[32];
    ki_text_add(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 "
        "%d %d\" font-family=\"sans-serif\" font-size=\"12\">\n"
        "<rect width=\"%d\" height=\"%d\" fill=\"white\"/>\n",
        WIDTH, HEIGHT, WIDTH, HEIGHT, WIDTH, HEIGHT);
    for (int tick = 0; tick <= N_TICKS; tick++) {
        double x = LEFT + (double)PLOT_W * tick / N_TICKS;
        double y = TOP + (double)PLOT_H * (N_TICKS - tick) / N_TICKS;
        ki_text_add(svg, "<path d=\"M%.1f %d V%d M%d %.1f H%d\" stroke=\"#ddd\" fill=\"none\"/>\n",
                    x, TOP, TOP + PLOT_H, LEFT, y, LEFT + PLOT_W);
        snprintf(label, sizeof label, "%g", end * tick / N_TICKS);
        add_text(svg, x, TOP + PLOT_H + 18, "middle", label);
        snprintf(label, sizeof label, "%g", 1.0 * tick / N_TICKS);
        add_text(svg, LEFT - 8, y + 4, "end", label);
    }
    int is_gap = profile == STANDINGS_GAP;
    add_text(svg, LEFT + PLOT_W / 2.0, TOP + PLOT_H + 38, "middle",
             is_gap ? "gap to the best known cost, %" : "CPU seconds");
    add_text(svg, LEFT, TOP - 12, "start",
             is_gap ? "share of runs within the gap"
                    : "share of runs within 1 % of the best known");
}

static void add_curve(ki_text *svg, const double *sorted, int n_found, int n, double end,
                      int method) {
    ki_text_add(svg, "<path d=\"M%d %d", LEFT, TOP + PLOT_H);
    for (int at = 0; at < n_found; at++)
        ki_text_add(svg, " H%.1f V%.1f", LEFT + PLOT_W * fmin(1, sorted[at] / end),
                    TOP + PLOT_H * (1 - (at + 1.0) / n));
    ki_text_add(svg,
                " H%d\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\" stroke-dasharray=\"%s\"/>\n",
                LEFT + PLOT_W, COLOURS[method % N_COLOURS], DASHES[method % N_DASHES]);
}

static void add_key(ki_text *svg, const char *name, int method) {
    double y = TOP + 14 + 20.0 * method;
    ki_text_add(
        svg,
        "<path d=\"M%d %.1f h28\" stroke=\"%s\" stroke-width=\"2\" stroke-dasharray=\"%s\"/>\n",
        LEFT + PLOT_W + 14, y - 4, COLOURS[method % N_COLOURS], DASHES[method % N_DASHES]);
    add_text(svg, LEFT + PLOT_W + 48, y, "start", name);
}

void bench_standings_plot(ki_text *svg, const standings *of, standings_profile profile) {
    double end = axis_end(of, profile);
    double *values = ki_alloc_zero((size_t)of->n_runs + 1, sizeof *values);
    svg->failed |= values == NULL;
    add_frame(svg, end, profile);
    for (int method = 0; values && method < of->n_methods; method++) {
        int n = 0, n_found = 0;
        for (int run = 0; run < of->n_runs; run++) {
            if (of->runs[run].method != method) continue;
            n++;
            double value = value_of(&of->runs[run], profile);
            if (isfinite(value)) values[n_found++] = value;
        }
        qsort(values, (size_t)n_found, sizeof *values, by_number);
        if (n) add_curve(svg, values, n_found, n, end, method);
        add_key(svg, of->methods[method], method);
    }
    ki_text_add(svg, "</svg>\n");
    ki_free(values);
}
