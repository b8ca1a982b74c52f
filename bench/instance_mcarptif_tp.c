/* SPDX-License-Identifier: GPL-3.0-or-later
 * instance_mcarptif_tp.c - mixed CARP with dumps, a shift limit, two capacities and turn costs
 * (real waste collection data; Lee et al., the instances of the graph-partitioning matheuristic).
 *
 * Convention: time of one vehicle's route = links driven (a served link takes its service time,
 * passing included) + turns + dumping, MAX_DURATION at most; a load ends at a dump before the
 * depot; turns at the depot and at dumps are free.
 *
 * The format gives the price of straight on, right, left and U, not where one ends and the next
 * begins. Read off 207 turns of two published solutions (Act-IF-TP-c-1 and P1-IF-TP-1, GPM): the
 * angle between the last piece of one link's shape and the first of the next, latitude allowed for;
 * up to 45 degrees is straight on, beyond 135 is U. All agree but one of 18 degrees in P1-IF-TP-1,
 * counted as right there. */
#include "base/alloc.h"
#include "base/error.h"
#include "bench/instance.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define STRAIGHT_DEG 45.0
#define U_TURN_DEG 135.0
#define DEG (180.0 / 3.14159265358979323846)

enum { STRAIGHT, RIGHT, LEFT, U_TURN, N_TURN_KINDS };

typedef struct heading { /* the first and the last piece of a link as written */
    double first[2], last[2], latitude;
} heading;

typedef struct mcarptif_tp {
    bench_instance *out;
    const instance_text *text;
    double *ids;       /* [n_places] */
    heading *headings; /* [n_links] */
    size_t n_room;
    int one_way, required, in_list;
    int not_degrees; /* some coordinate is beyond 180, 90: metres */
    int64_t turn_cost[N_TURN_KINDS];
} mcarptif_tp;

static int32_t place_of(mcarptif_tp *in, double id) {
    for (int32_t place = 0; place < in->out->n_places; place++)
        if (in->ids[place] == id) return place;
    if ((size_t)in->out->n_places >= in->n_room) return -1;
    in->ids[in->out->n_places] = id;
    return in->out->n_places++;
}

/* ---- shapes and turns ------------------------------------------------------------------------ */

/* Degrees of longitude are shorter than those of latitude. */
static double direction(const mcarptif_tp *in, const double *piece, double latitude) {
    double shrink = in->not_degrees ? 1 : cos(latitude / DEG);
    return atan2(piece[1], piece[0] * shrink) * DEG;
}

/* "x1 y1,x2 y2,..."; pieces of no length are passed over. 0 if there are less than two points. */
static int read_shape(mcarptif_tp *in, const char *shape, heading *out) {
    double before[2] = {0, 0}, at[2];
    int n_points = 0, n_pieces = 0;
    while (instance_numbers(shape, at, 2) == 2) {
        double piece[2] = {at[0] - before[0], at[1] - before[1]};
        if (n_points++ > 0 && fabs(piece[0]) + fabs(piece[1]) > 0) {
            memcpy(out->last, piece, sizeof piece);
            if (n_pieces++ == 0) memcpy(out->first, piece, sizeof piece);
        }
        memcpy(before, at, sizeof before);
        in->not_degrees |= fabs(at[0]) > 180 || fabs(at[1]) > 90;
        out->latitude = at[1];
        shape = strchr(shape, ',');
        if (!shape) break;
        shape++;
    }
    return n_points > 1;
}

static double turned(double degrees) {
    double wrapped = fmod(degrees, 360);
    return wrapped > 180 ? wrapped - 360 : wrapped <= -180 ? wrapped + 360 : wrapped;
}

static int has_length(const heading *link) {
    return fabs(link->first[0]) + fabs(link->first[1]) > 0;
}

/* A link of no length (there is one in Act-IF-TP-a) turns nothing. */
static int64_t price(const void *payload, int32_t before, int32_t after) {
    const mcarptif_tp *in = payload;
    const heading *a = &in->headings[before / 2], *b = &in->headings[after / 2];
    if (!has_length(a) || !has_length(b)) return in->turn_cost[STRAIGHT];
    double arriving = before % 2 ? direction(in, a->first, a->latitude) + 180
                                 : direction(in, a->last, a->latitude);
    double leaving = after % 2 ? direction(in, b->last, b->latitude) + 180
                               : direction(in, b->first, b->latitude);
    double angle = turned(leaving - arriving);
    if (fabs(angle) > U_TURN_DEG) return in->turn_cost[U_TURN];
    if (fabs(angle) <= STRAIGHT_DEG) return in->turn_cost[STRAIGHT];
    return in->turn_cost[angle < 0 ? RIGHT : LEFT];
}

/* ---- the file -------------------------------------------------------------------------------- */

/* from to service travel volume weight shape */
static kerb_status read_link(mcarptif_tp *in, const char *line) {
    double value[6];
    const char *shape = line;
    for (int field = 0; shape && field < 6; field++) {
        shape = strchr(shape, '\t');
        if (shape) shape++;
    }
    if (!shape || instance_numbers(line, value, 6) != 6)
        return instance_bad_line(in->text, "from, to, service, travel, volume, weight, shape");
    bench_instance *out = in->out;
    int32_t from = place_of(in, value[0]), to = place_of(in, value[1]);
    if (!read_shape(in, shape, &in->headings[out->n_links]))
        return instance_bad_line(in->text, "a shape of two points or more");
    instance_link *link = instance_add_link(out, from, to, in->one_way);
    KI_TRY(instance_milli(&link->pass, in->text, value[3]));
    if (!in->required) return KERB_OK;
    instance_task *task = instance_add_task(out, -1, out->n_links - 1);
    for (int dim = 0; dim < 2; dim++) {
        if (value[4 + dim] < 0 || value[4 + dim] > 1e9)
            return instance_bad_line(in->text, "loads of 0 or more");
        task->demand[dim] = (int64_t)ceil(value[4 + dim]);
    }
    return instance_milli(&task->serve, in->text, value[2]);
}

static kerb_status add_tips(mcarptif_tp *in, const double *value, int n) {
    bench_instance *out = in->out;
    out->tips = ki_arena_alloc(&out->arena, (size_t)n + 1, sizeof *out->tips);
    if (!out->tips) return ki_fail_no_memory(in->text->err, in->text->path);
    for (int tip = 0; tip < n; tip++)
        out->tips[out->n_tips++] = place_of(in, value[tip]);
    return KERB_OK;
}

static kerb_status read_head(mcarptif_tp *in, const char *line) {
    enum { MOST = 32 };
    static int64_t none;
    bench_instance *out = in->out;
    double value[MOST];
    const char *values = line + strcspn(line, "\t :");
    int n = instance_numbers(values, value, MOST);
    if (strncmp(line, "CAPACITY", 8) == 0 && n == 2)
        out->capacity[0] = (int64_t)value[0], out->capacity[1] = (int64_t)value[1];
    if (strncmp(line, "DEPOT", 5) == 0 && n == 1) out->depot = place_of(in, value[0]);
    if (strncmp(line, "MAX_DURATION", 12) == 0 && n == 1)
        return instance_milli(&out->max_route, in->text, value[0]);
    if (strncmp(line, "DUMPING_SITES", 13) == 0) return add_tips(in, value, n);
    int64_t *costs = &none;
    int wanted = 0;
    if (strncmp(line, "DUMPING_COST", 12) == 0 && n > 0) {
        costs = out->tip_cost = ki_arena_alloc(&out->arena, MOST, sizeof *out->tip_cost);
        if (!costs) return ki_fail_no_memory(in->text->err, in->text->path);
        wanted = n;
    } else if (strncmp(line, "TURN_PENALTY", 12) == 0 && n == N_TURN_KINDS) {
        costs = in->turn_cost;
        wanted = N_TURN_KINDS;
    }
    for (int at = 0; at < wanted; at++)
        KI_TRY(instance_milli(&costs[at], in->text, value[at]));
    return KERB_OK;
}

static kerb_status read_line(mcarptif_tp *in, const char *line) {
    if (strncmp(line, "LIST_", 5) == 0) {
        in->in_list = 1;
        in->required = strncmp(line + 5, "REQ", 3) == 0;
        in->one_way = strstr(line, "ARCS") != NULL;
        return KERB_OK;
    }
    return in->in_list ? read_link(in, line) : read_head(in, line);
}

kerb_status instance_read_mcarptif_tp(bench_instance *out, instance_text *text) {
    mcarptif_tp in = {.out = out, .text = text, .n_room = 2};
    for (const char *byte = text->next; (byte = strchr(byte, '\n')); byte++)
        in.n_room++;
    in.ids = ki_arena_alloc(&out->arena, 2 * in.n_room + 32, sizeof *in.ids);
    in.headings = ki_arena_alloc(&out->arena, in.n_room, sizeof *in.headings);
    if (!in.ids || !in.headings) return ki_fail_no_memory(text->err, text->path);
    in.n_room = 2 * in.n_room + 32;
    out->n_dims = 2;
    out->max_routes = 1;
    for (char *line; (line = instance_line(text));)
        KI_TRY(read_line(&in, line));
    if (!out->n_tips || !out->tip_cost)
        return ki_fail(text->err, KERB_BAD_INPUT, "%s: no DUMPING_SITES with their DUMPING_COST",
                       text->path);
    return instance_make_turns(out, price, &in, text->err);
}
