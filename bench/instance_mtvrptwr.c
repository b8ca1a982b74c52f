/* SPDX-License-Identifier: GPL-3.0-or-later
 * instance_mtvrptwr.c - several trips a vehicle, time windows and release times, in the format that
 * Yang's instances have in VRPLIB (Yang, "An exact price-cut-and-enumerate method for the
 * capacitated multitrip vehicle routing problem with time windows", Transportation Science 57(1),
 * 2023).
 *
 * Convention: coordinates and all times count ten times what the file says, and distances are the
 * Euclidean ones between such coordinates, truncated; they are times too. Least distance, with no
 * more vehicles than listed. A vehicle leaves the depot and returns to it in the depot's window,
 * and may load there as often as it likes, in no time; it leaves for a trip only when all goods of
 * that trip are released. In a solution a load is what was collected, and the depot a dump: a trip
 * with the same stops takes as much either way. */
#include "base/error.h"
#include "bench/instance.h"

#include <string.h>

enum { TENFOLD = 10 };
#define MOST_UNITS 1e5

typedef enum section { HEAD, COORDINATES, DEMANDS, WINDOWS, RELEASES, RELOADS, DEPOTS } section;

typedef struct reading {
    bench_instance *out;
    const instance_text *text;
    section at;
    double service;
    instance_task *of_place; /* the depot's too; a task is made of each of the others */
    int32_t n_room;
} reading;

static int enter_section(reading *read, const char *line) {
    static const char *const names[] = {"NODE_COORD_SECTION",
                                        "DEMAND_SECTION",
                                        "TIME_WINDOW_SECTION",
                                        "RELEASE_TIME_SECTION",
                                        "VEHICLES_RELOAD_DEPOT_SECTION",
                                        "DEPOT_SECTION"};
    for (int name = 0; name < 6; name++)
        if (strcmp(line, names[name]) == 0) {
            read->at = (section)(name + 1);
            return 1;
        }
    return 0;
}

static kerb_status read_header(reading *read, const char *line) {
    double value = 0;
    if (instance_header(line, "CAPACITY", &value)) {
        if (!(value >= 1 && value <= 1e12)) return instance_bad_line(read->text, "a CAPACITY");
        read->out->capacity[0] = (int64_t)value;
    }
    if (instance_header(line, "VEHICLES", &value)) {
        if (!(value >= 1 && value <= INSTANCE_MAX_TASKS))
            return instance_bad_line(read->text, "a number of VEHICLES");
        read->out->max_routes = (int32_t)value;
    }
    if (instance_header(line, "SERVICE_TIME", &value)) {
        if (!(value >= 0 && value <= MOST_UNITS))
            return instance_bad_line(read->text, "a SERVICE_TIME");
        read->service = value;
    }
    if (strncmp(line, "EDGE_WEIGHT_TYPE", 16) == 0 && !strstr(line, "EUC_2D"))
        return instance_bad_line(read->text, "EDGE_WEIGHT_TYPE: EUC_2D");
    return KERB_OK;
}

static kerb_status read_place(reading *read, const double *value, int n) {
    bench_instance *out = read->out;
    if (n != 3 || value[0] != out->n_places + 1 || out->n_places == read->n_room ||
        !(value[1] >= -MOST_UNITS && value[1] <= MOST_UNITS && value[2] >= -MOST_UNITS &&
          value[2] <= MOST_UNITS))
        return instance_bad_line(read->text, "the next place, x and y");
    out->x[out->n_places] = TENFOLD * value[1];
    out->y[out->n_places++] = TENFOLD * value[2];
    return KERB_OK;
}

static kerb_status read_record(reading *read, const char *line) {
    double value[3];
    int n = instance_numbers(line, value, 3);
    if (read->at == COORDINATES) return read_place(read, value, n);
    if (read->at == RELOADS) return KERB_OK; /* all at the one depot */
    if (read->at == DEPOTS) {
        if (n != 1) return instance_bad_line(read->text, "the number of a depot, or -1");
        if (value[0] > 0 && read->out->depot >= 0)
            return instance_bad_line(read->text, "one depot only");
        if (value[0] > 0 && value[0] <= read->n_room) read->out->depot = (int32_t)value[0] - 1;
        return KERB_OK;
    }
    if (n != (read->at == WINDOWS ? 3 : 2) || !(value[0] >= 1 && value[0] <= read->n_room) ||
        !(value[1] >= 0 && value[1] <= MOST_UNITS))
        return instance_bad_line(read->text, "a place and its demand, window or release");
    instance_task *task = &read->of_place[(int32_t)value[0] - 1];
    if (read->at == DEMANDS) task->demand[0] = (int64_t)value[1];
    if (read->at == RELEASES) task->release = TENFOLD * value[1];
    if (read->at != WINDOWS) return KERB_OK;
    if (!(value[2] >= value[1] && value[2] <= MOST_UNITS))
        return instance_bad_line(read->text, "a window that ends no earlier than it starts");
    task->open = TENFOLD * value[1];
    task->close = TENFOLD * value[2];
    return KERB_OK;
}

/* The depot is the one dump. */
static kerb_status make_dump(bench_instance *out, kerb_error *err) {
    double *values = ki_arena_alloc(&out->arena, 3, sizeof *values);
    out->tips = ki_arena_alloc(&out->arena, 1, sizeof *out->tips);
    out->tip_cost = ki_arena_alloc(&out->arena, 1, sizeof *out->tip_cost);
    if (!values || !out->tips || !out->tip_cost) return ki_fail_no_memory(err, out->name);
    out->n_tips = 1;
    out->tips[0] = out->depot;
    out->tip_open = values;
    out->tip_close = values + 1;
    out->tip_busy = values + 2;
    *out->tip_open = out->open;
    *out->tip_close = out->close;
    return KERB_OK;
}

static kerb_status make_tasks(reading *read) {
    bench_instance *out = read->out;
    if (out->depot < 0 || out->depot >= out->n_places)
        return instance_bad_line(read->text, "a DEPOT_SECTION with a place of the file");
    out->open = read->of_place[out->depot].open;
    out->close = read->of_place[out->depot].close;
    for (int32_t place = 0; place < out->n_places; place++) {
        if (place == out->depot) continue;
        instance_task *task = instance_add_task(out, place, -1);
        *task = read->of_place[place];
        task->place = place;
        task->link = -1;
        task->busy = TENFOLD * read->service;
    }
    return make_dump(out, read->text->err);
}

kerb_status instance_read_mtvrptwr(bench_instance *out, instance_text *text) {
    reading read = {.out = out, .text = text, .n_room = 1};
    for (const char *byte = text->next; (byte = strchr(byte, '\n')); byte++)
        read.n_room++;
    read.of_place = ki_arena_alloc(&out->arena, (size_t)read.n_room, sizeof *read.of_place);
    if (!read.of_place) return ki_fail_no_memory(text->err, text->path);
    out->rounded = out->truncated = 1;
    for (char *line; (line = instance_line(text)) && strcmp(line, "EOF") != 0;) {
        if (enter_section(&read, line)) continue;
        KI_TRY(read.at == HEAD ? read_header(&read, line) : read_record(&read, line));
    }
    return make_tasks(&read);
}
