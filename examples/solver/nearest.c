/* SPDX-License-Identifier: Apache-2.0
 * nearest.c - nearest neighbour on an exported district, in plain C: the skeleton of a solver.
 *
 *     cc -O2 -o nearest nearest.c
 *     ./nearest FOLDER > solution.csv
 *
 * Replace plan() by something better. docs/benchmark.md has every column and rule; nearest.py does
 * the same in Python. Ids with commas or quotes are not understood; the set of districts has none.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NEVER = 2147483647, DIMS = 8, ID = 64, MOST_TYPES = 64, MOST_COLUMNS = 128 };

typedef struct mode {
    int32_t number, entry, exit, open_ms, close_ms;
    int32_t service_ms[MOST_TYPES];
} mode;

typedef struct task {
    char id[ID], site[ID];
    int64_t setup_ms;
    uint64_t types; /* a bit each */
    int first_mode, n_modes, served;
    int64_t demand[MOST_TYPES][DIMS]; /* by demand class */
} task;

typedef struct tip {
    char facility[ID];
    int32_t type, opening, point, open_ms, close_ms;
    int64_t fixed_ms, ms_per_tonne;
} tip;

typedef struct type {
    char *shifts; /* with blanks between */
    int32_t travel, demand_class, start_point, end_point;
    int32_t n, *time_ms; /* [n][n], row = from */
    int64_t earliest_ms, latest_ms, pre_ms, post_ms, mass_dims;
    int64_t capacity[DIMS], start_load[DIMS];
} type;

static struct {
    int n_tasks, n_modes, n_types, n_tips;
    task *tasks;
    mode *modes;
    type types[MOST_TYPES];
    tip *tips;
} district;

static void give_up(const char *what, const char *which) {
    fprintf(stderr, "nearest: %s: %s\n", which, what);
    exit(1);
}

/* ---- reading --------------------------------------------------------------------------------- */

static char *read_file(const char *folder, const char *name, long *n_bytes) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END)) give_up("cannot be read", path);
    *n_bytes = ftell(file);
    rewind(file);
    char *bytes = malloc((size_t)*n_bytes + 1);
    if (!bytes || fread(bytes, 1, (size_t)*n_bytes, file) != (size_t)*n_bytes)
        give_up("cannot be read", path);
    bytes[*n_bytes] = '\0';
    fclose(file);
    return bytes;
}

typedef struct table {
    const char *name;
    char *next, *columns[MOST_COLUMNS], *cells[MOST_COLUMNS];
    int n_columns;
} table;

static int cut(char **next, char **cells) {
    char *line = *next, *end = strchr(line, '\n');
    int n = 0;
    if (!*line) return 0;
    if (end) *end = '\0';
    *next = end ? end + 1 : line + strlen(line);
    for (char *cell = line; cell && n < MOST_COLUMNS; n++) {
        cells[n] = cell;
        cell = strchr(cell, ',');
        if (cell) *cell++ = '\0';
    }
    return n;
}

static table open_table(const char *folder, const char *name) {
    long n_bytes;
    table of = {.name = name, .next = read_file(folder, name, &n_bytes)};
    of.n_columns = cut(&of.next, of.columns);
    return of;
}

static int count_rows(const table *of) {
    int n = 0;
    for (const char *at = of->next; *at; at++)
        n += *at == '\n';
    return n + 1;
}

static int next_row(table *of) {
    return cut(&of->next, of->cells) == of->n_columns;
}

static const char *text(const table *of, const char *name, int number) {
    char column[ID];
    snprintf(column, sizeof column, number < 0 ? "%s" : "%s_%d", name, number);
    for (int at = 0; at < of->n_columns; at++)
        if (strcmp(of->columns[at], column) == 0) return of->cells[at];
    give_up("a column is missing", column);
    return NULL;
}

static int64_t number(const table *of, const char *name) {
    return atoll(text(of, name, -1));
}

static void *room(int n, size_t size) {
    void *bytes = calloc((size_t)n + 1, size);
    if (!bytes) give_up("no memory", "room");
    return bytes;
}

static task *find_task(const char *id) {
    static int last; /* rows come in the order of tasks.csv */
    for (int step = 0; step < district.n_tasks; step++) {
        int at = (last + step) % district.n_tasks;
        if (strcmp(district.tasks[at].id, id) == 0) return &district.tasks[last = at];
    }
    give_up("no such task", id);
    return NULL;
}

static void read_matrix(const char *folder, type *kind) {
    char name[ID];
    long n_bytes;
    snprintf(name, sizeof name, "travel_%d_time_ms.npy", (int)kind->travel);
    char *bytes = read_file(folder, name, &n_bytes), *shape = strstr(bytes + 10, "'shape': (");
    if (!shape) give_up("no shape", name);
    kind->n = atoi(shape + 10);
    kind->time_ms =
        (int32_t *)(bytes + 10 + (unsigned char)bytes[8] + 256 * (unsigned char)bytes[9]);
}

static void read_types(const char *folder) {
    table of = open_table(folder, "types.csv");
    while (next_row(&of)) {
        if (district.n_types == MOST_TYPES) give_up("more types than expected", of.name);
        type *kind = &district.types[district.n_types++];
        *kind = (type){.travel = (int32_t)number(&of, "travel"),
                       .demand_class = (int32_t)number(&of, "demand_class"),
                       .start_point = (int32_t)number(&of, "start_point"),
                       .end_point = (int32_t)number(&of, "end_point"),
                       .earliest_ms = number(&of, "earliest_ms"),
                       .latest_ms = number(&of, "latest_ms"),
                       .pre_ms = number(&of, "pre_ms"),
                       .post_ms = number(&of, "post_ms"),
                       .mass_dims = number(&of, "mass_dims")};
        kind->shifts = (char *)text(&of, "shifts", -1);
        for (int dim = 0; dim < DIMS; dim++) {
            kind->capacity[dim] = atoll(text(&of, "capacity", dim));
            kind->start_load[dim] = atoll(text(&of, "start_load", dim));
        }
        read_matrix(folder, kind);
    }
}

static void read_tasks(const char *folder) {
    table of = open_table(folder, "tasks.csv");
    district.tasks = room(count_rows(&of), sizeof(task));
    while (next_row(&of)) {
        task *at = &district.tasks[district.n_tasks++];
        snprintf(at->id, ID, "%s", text(&of, "task", -1));
        snprintf(at->site, ID, "%s", text(&of, "site", -1));
        at->setup_ms = number(&of, "setup_ms");
        char *rest, *word = (char *)text(&of, "types", -1);
        for (long bit = strtol(word, &rest, 10); rest != word; bit = strtol(word, &rest, 10)) {
            at->types |= (uint64_t)1 << bit;
            word = rest;
        }
    }
    table modes = open_table(folder, "modes.csv");
    district.modes = room(count_rows(&modes), sizeof(mode));
    while (next_row(&modes)) { /* the modes of a task stand together */
        task *of_task = find_task(text(&modes, "task", -1));
        if (of_task->n_modes++ == 0) of_task->first_mode = district.n_modes;
        mode *at = &district.modes[district.n_modes++];
        *at = (mode){.number = (int32_t)number(&modes, "mode"),
                     .entry = (int32_t)number(&modes, "entry"),
                     .exit = (int32_t)number(&modes, "exit"),
                     .open_ms = (int32_t)number(&modes, "open_ms"),
                     .close_ms = (int32_t)number(&modes, "close_ms")};
        for (int kind = 0; kind < district.n_types; kind++)
            at->service_ms[kind] = (int32_t)atoll(text(&modes, "service_ms", kind));
    }
    table demand = open_table(folder, "demand.csv");
    while (next_row(&demand))
        for (int dim = 0; dim < DIMS; dim++)
            find_task(text(&demand, "task", -1))->demand[number(&demand, "demand_class")][dim] =
                atoll(text(&demand, "demand", dim));
}

static void read_tips(const char *folder) {
    table of = open_table(folder, "tips.csv");
    district.tips = room(count_rows(&of), sizeof(tip));
    while (next_row(&of)) {
        tip *at = &district.tips[district.n_tips];
        *at = (tip){.type = (int32_t)number(&of, "type"),
                    .point = (int32_t)number(&of, "point"),
                    .open_ms = (int32_t)number(&of, "open_ms"),
                    .close_ms = (int32_t)number(&of, "close_ms"),
                    .fixed_ms = number(&of, "fixed_ms"),
                    .ms_per_tonne = number(&of, "ms_per_tonne")};
        snprintf(at->facility, ID, "%s", text(&of, "facility", -1));
        for (int other = 0; other < district.n_tips; other++)
            at->opening += district.tips[other].type == at->type &&
                           strcmp(district.tips[other].facility, at->facility) == 0;
        district.n_tips++;
    }
}

/* ---- a truck, driven forward ----------------------------------------------------------------- */

typedef struct truck {
    const type *kind;
    int32_t index; /* of its type */
    int32_t point;
    int64_t now_ms, load[DIMS];
    const task *last; /* served just before; NULL after a tip */
} truck;

static int64_t drive_ms(const truck *at, int32_t from, int32_t to) {
    return at->kind->time_ms[(size_t)from * (size_t)at->kind->n + (size_t)to];
}

static int64_t largest(int64_t a, int64_t b) {
    return a > b ? a : b;
}

/* Where and when a tip is over first with the way home still open; NULL: nowhere. */
static const tip *best_tip(const truck *at, int32_t point, int64_t now_ms, const int64_t *load,
                           int64_t *end_ms) {
    const tip *best = NULL;
    int64_t mass_g = 0;
    for (int dim = 0; dim < DIMS; dim++)
        if (at->kind->mass_dims >> dim & 1) mass_g += load[dim];
    for (const tip *each = district.tips; each < district.tips + district.n_tips; each++) {
        if (each->type != at->index) continue;
        int64_t there_ms = drive_ms(at, point, each->point);
        int64_t home_ms = drive_ms(at, each->point, at->kind->end_point);
        if (there_ms == NEVER || home_ms == NEVER) continue;
        int64_t start_ms = largest(now_ms + there_ms, each->open_ms);
        int64_t over_ms = start_ms + each->fixed_ms + mass_g * each->ms_per_tonne / 1000000;
        if (start_ms > each->close_ms ||
            over_ms + home_ms > at->kind->latest_ms - at->kind->post_ms)
            continue;
        if (best && over_ms >= *end_ms) continue;
        best = each;
        *end_ms = over_ms;
    }
    return best;
}

/* Start and end of service; 0 if the truck cannot, or could not tip and be home in time. */
static int can_serve(const truck *at, const task *to, const mode *by, int64_t *start_ms,
                     int64_t *end_ms) {
    int64_t load[DIMS], tipped_ms, leg_ms = drive_ms(at, at->point, by->entry);
    if (leg_ms == NEVER || by->service_ms[at->index] == NEVER) return 0;
    for (int dim = 0; dim < DIMS; dim++) {
        load[dim] = at->load[dim] + to->demand[at->kind->demand_class][dim];
        if (load[dim] > at->kind->capacity[dim]) return 0;
    }
    *start_ms = largest(at->now_ms + leg_ms, by->open_ms);
    if (*start_ms > by->close_ms) return 0;
    int set_up =
        at->last && *to->site && strcmp(at->last->site, to->site) == 0 && at->point == by->entry;
    *end_ms = *start_ms + by->service_ms[at->index] + (set_up ? 0 : to->setup_ms);
    return best_tip(at, by->exit, *end_ms, load, &tipped_ms) != NULL;
}

/* ---- the solver ------------------------------------------------------------------------------ */

/* The task that could start first; ties go to the order of tasks.csv. */
static task *nearest(const truck *at, const mode **by, int64_t *end_ms) {
    task *best = NULL;
    int64_t first_ms = 0;
    for (task *each = district.tasks; each < district.tasks + district.n_tasks; each++) {
        if (each->served || !(each->types >> at->index & 1)) continue;
        for (int k = 0; k < each->n_modes; k++) {
            const mode *way = &district.modes[each->first_mode + k];
            int64_t start_ms, over_ms;
            if (!can_serve(at, each, way, &start_ms, &over_ms)) continue;
            if (best && start_ms >= first_ms) continue;
            best = each, *by = way, first_ms = start_ms, *end_ms = over_ms;
        }
    }
    return best;
}

static void serve(truck *at, task *to, const mode *by, int64_t end_ms, const char *shift) {
    printf("%s,%s,%d\n", shift, to->id, (int)by->number);
    for (int dim = 0; dim < DIMS; dim++)
        at->load[dim] += to->demand[at->kind->demand_class][dim];
    at->now_ms = end_ms, at->point = by->exit, at->last = to;
    to->served = 1;
}

static void go_and_tip(truck *at, const char *shift) {
    int64_t end_ms = 0;
    const tip *to = best_tip(at, at->point, at->now_ms, at->load, &end_ms);
    printf("%s,tip:%s,%d\n", shift, to->facility, (int)to->opening);
    memset(at->load, 0, sizeof at->load);
    at->now_ms = end_ms, at->point = to->point, at->last = NULL;
}

static void plan_shift(const type *kind, const char *shift) {
    truck at = {.kind = kind,
                .index = (int32_t)(kind - district.types),
                .point = kind->start_point,
                .now_ms = kind->earliest_ms + kind->pre_ms};
    memcpy(at.load, kind->start_load, sizeof at.load);
    for (;;) {
        const mode *by = NULL;
        int64_t end_ms = 0;
        task *next = nearest(&at, &by, &end_ms);
        if (next)
            serve(&at, next, by, end_ms, shift);
        else if (at.last) /* something is loaded: empty, and see what fits then */
            go_and_tip(&at, shift);
        else
            return;
    }
}

static void plan(void) {
    puts("shift,task,mode");
    for (int kind = 0; kind < district.n_types; kind++)
        for (char *shift = strtok(district.types[kind].shifts, " "); shift;
             shift = strtok(NULL, " "))
            plan_shift(&district.types[kind], shift);
}

int main(int argc, char **argv) {
    if (argc != 2) give_up("expected FOLDER", "usage");
    read_types(argv[1]);
    read_tasks(argv[1]);
    read_tips(argv[1]);
    plan();
    return 0;
}
