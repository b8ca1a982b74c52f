/* SPDX-License-Identifier: GPL-3.0-or-later
 * instance_wcvrptw.c - waste collection with time windows, landfills and a lunch break (Kim, Kim
 * and Sahoo, Computers & OR 33(12), 2006).
 *
 * Convention: distances are Manhattan, coordinates in feet, the cost in miles; driving at the speed
 * of the file, the same times in both directions. Times of day are HHMM as the file has them, 1675
 * being 17:15. Windows are of the start of service. A route leaves the depot in its window, is back
 * in it, and empty; it may visit any landfill as often as it likes. Every route takes the lunch
 * break, which starts between 11:00 and 12:00, wherever the vehicle stands (a route that is home
 * before then could do without; taking it costs no miles). Load and stops of a day are limited over
 * all trips of a route. Fewer vehicles come before fewer miles. Loads are counted in tenths. */
#include "base/error.h"
#include "bench/instance.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { N_FIELDS = 8, N_HEAD = 5, FEET_PER_MILE = 5280, TENTHS = 10, DAY_S = 86400 };
enum { DEPOT = 0, REGULAR = 1, LANDFILL = 2 };
static const double FEWER_ROUTES = 500; /* miles */

typedef struct row {
    double x, y, open_s, close_s, busy_s, load;
    int kind;
} row;

static double seconds_of(double hhmm) {
    double hours = floor(hhmm / 100);
    return hours * 3600 + (hhmm - 100 * hours) * 60;
}

/* Numbers of a line, signs and all. */
static int read_numbers(const char *line, double *out, int most) {
    int n = 0;
    for (char *rest; n < most; line = rest) {
        out[n] = strtod(line, &rest);
        if (rest == line || !isfinite(out[n])) break;
        n++;
    }
    return n;
}

static kerb_status read_head(bench_instance *out, const instance_text *text, int32_t n_line,
                             double value) {
    if (!(value > 0 && value <= 1e6)) return instance_bad_line(text, "a number above 0, to 1e6");
    switch (n_line) {
    case 0: out->capacity[0] = llround(value * TENTHS); break;
    case 1: out->most_load = llround(value * TENTHS); break;
    case 2: out->most_tasks = (int32_t)value; break;
    case 3: out->break_busy = value; break;
    default: out->speed = value / 3600; break;
    }
    return KERB_OK;
}

static int is_sane(const row *at) {
    return fabs(at->x) <= 1e8 && fabs(at->y) <= 1e8 && at->open_s >= 0 && at->open_s <= DAY_S &&
           at->close_s >= at->open_s && at->close_s <= DAY_S && at->busy_s >= 0 &&
           at->busy_s <= DAY_S && at->load >= 0 && at->load <= 1e6;
}

static kerb_status read_row(row *at, const instance_text *text, const char *line) {
    double value[N_FIELDS];
    if (read_numbers(line, value, N_FIELDS) != N_FIELDS)
        return instance_bad_line(text, "a stop: number, x, y, from, to, service, load, kind");
    *at = (row){.x = value[1],
                .y = value[2],
                .open_s = seconds_of(value[3]),
                .close_s = seconds_of(value[4]),
                .busy_s = value[5],
                .load = value[6],
                .kind = (int)value[7]};
    if (!is_sane(at)) return instance_bad_line(text, "a position, a window of the day, a load");
    return KERB_OK;
}

static kerb_status add_row(bench_instance *out, const instance_text *text, const row *at) {
    int32_t place = out->n_places++;
    out->x[place] = at->x / FEET_PER_MILE;
    out->y[place] = at->y / FEET_PER_MILE;
    if (at->kind == DEPOT && out->depot < 0) {
        out->depot = place;
        out->open = at->open_s;
        out->close = at->close_s;
    } else if (at->kind == LANDFILL) {
        out->tip_open[out->n_tips] = at->open_s;
        out->tip_close[out->n_tips] = at->close_s;
        out->tip_busy[out->n_tips] = at->busy_s;
        out->tips[out->n_tips++] = place;
    } else if (at->kind == REGULAR) {
        instance_task *task = instance_add_task(out, place, -1);
        task->demand[0] = llround(at->load * TENTHS);
        task->open = at->open_s;
        task->close = at->close_s;
        task->busy = at->busy_s;
    } else {
        return instance_bad_line(text, "one depot (0), regular stops (1) and landfills (2)");
    }
    return KERB_OK;
}

static kerb_status make_tip_room(bench_instance *out, const instance_text *text) {
    size_t n_lines = 2;
    for (const char *at = text->next; (at = strchr(at, '\n')); at++)
        n_lines++;
    out->tips = ki_arena_alloc(&out->arena, n_lines, sizeof *out->tips);
    out->tip_cost = ki_arena_alloc(&out->arena, n_lines, sizeof *out->tip_cost);
    out->tip_open = ki_arena_alloc(&out->arena, n_lines, sizeof *out->tip_open);
    out->tip_close = ki_arena_alloc(&out->arena, n_lines, sizeof *out->tip_close);
    out->tip_busy = ki_arena_alloc(&out->arena, n_lines, sizeof *out->tip_busy);
    if (!out->tips || !out->tip_cost || !out->tip_open || !out->tip_close || !out->tip_busy)
        return ki_fail_no_memory(text->err, text->path);
    return KERB_OK;
}

kerb_status instance_read_wcvrptw(bench_instance *out, instance_text *text) {
    int32_t n_head = 0;
    KI_TRY(make_tip_room(out, text));
    for (char *line; (line = instance_line(text));) {
        double value;
        if (n_head < N_HEAD) {
            if (read_numbers(line, &value, 1) != 1)
                return instance_bad_line(text, "a number: capacity, load and stops of a day, "
                                               "lunch, speed");
            KI_TRY(read_head(out, text, n_head++, value));
        } else if (read_numbers(line, &value, 1) == 1) {
            row at = {0};
            KI_TRY(read_row(&at, text, line));
            KI_TRY(add_row(out, text, &at));
        }
    }
    if (out->n_tips == 0) return instance_bad_line(text, "a landfill");
    out->break_open = 11 * 3600;
    out->break_close = 12 * 3600;
    out->fewer_routes = FEWER_ROUTES;
    return KERB_OK;
}
