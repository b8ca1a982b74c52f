/* SPDX-License-Identifier: GPL-3.0-or-later
 * instance.h - public benchmark instances: read, made a sealed model, searched, verified.
 *
 *   file ─► instance_read (one reader a family) ─► bench_instance ─► instance_model ─► ki_model
 *                                                       │                                │
 *                                                       ▼                             search
 *                       instance_verify  ◄── routes in the words of the instance ◄───────┘
 *
 * The verification knows the instance alone: it measures distances and looks for ways itself.
 * Amounts of money (cost, length, turn) are int64 thousandths of the unit of the file. */
#ifndef KERB_BENCH_INSTANCE_H
#define KERB_BENCH_INSTANCE_H
#include "base/arena.h"
#include "kerbside.h"
#include "route/route.h"

#include <stdio.h>

enum { INSTANCE_MILLI = 1000, INSTANCE_MAX_TASKS = 20000, INSTANCE_DIMS = 2 };
#define INSTANCE_BIG ((int64_t)1 << 60) /* no such turn, no such way */

typedef enum instance_problem {
    INSTANCE_CVRP,
    INSTANCE_VRPTW,
    INSTANCE_CARP,
    INSTANCE_MCARP,
    INSTANCE_MCGRP,
    INSTANCE_MCGRP_TP,
    INSTANCE_MCARPTIF,
    INSTANCE_MCARPTIF_TP,
    INSTANCE_WCVRPTW,
    INSTANCE_MTVRPTWR
} instance_problem;

typedef struct instance_task { /* a place, or one link */
    int32_t place;             /* -1: a link */
    int32_t link;              /* -1: a place */
    int64_t demand[INSTANCE_DIMS];
    int64_t serve;      /* milli: price of serving, with passing through it; 0 in the plane */
    double open, close; /* start of service, in the unit of the file */
    double busy;        /* time of service, likewise */
    double release;     /* the trip that serves it starts no earlier */
    const char *label;  /* in the words of the file */
} instance_task;

typedef struct instance_link {
    int32_t from, to;
    int64_t pass; /* milli: driven without serving */
    int one_way;
} instance_link;

typedef struct instance_turn { /* from a directed link (2 * link + backwards) to the next */
    int32_t before, after;
    int64_t cost; /* milli */
} instance_turn;

typedef struct bench_instance {
    ki_arena arena;
    const char *name;
    instance_problem problem;
    int32_t n_places, depot;
    double *x, *y;  /* [n_places] in the plane, that is, where there are no links */
    int32_t *apart; /* [n_places][n_places] given instead of x and y; NULL: not */
    int rounded;    /* distances in the plane: to the nearest integer, otherwise exact */
    int truncated;  /* ... to the integer below */
    int32_t n_tasks, n_links, n_turns, n_tips;
    instance_task *tasks;
    instance_link *links;
    instance_turn
        *turns;        /* sorted by a, b, c; those not listed are forbidden; none: all are free */
    int32_t *tips;     /* places where a vehicle is emptied; none: at the depot, once, at the end */
    int64_t *tip_cost; /* milli, [n_tips] each time */
    int32_t n_dims;
    int64_t capacity[INSTANCE_DIMS];
    int64_t route_cost; /* milli: once a route */
    int64_t max_route;  /* milli: most a route may cost; 0: any */
    double open, close; /* of the depot, where there are times */
    int32_t max_routes; /* 0: any number */
    /* With tips in the plane (wcvrptw, mtvrptwr). */
    double speed;                 /* distance in a unit of time; 0: one */
    double *tip_open, *tip_close; /* [n_tips] start of unloading */
    double *tip_busy;
    double break_open, break_close; /* start of the break that every route takes */
    double break_busy;              /* 0: none */
    int64_t most_load;              /* of a route over all its trips; 0: any */
    int32_t most_tasks;             /* of a route; 0: any */
    double fewer_routes; /* what one route less is worth to the search; not in the cost */
} bench_instance;
enum { INSTANCE_TIP = -1, INSTANCE_BREAK = -2 }; /* as the task of a stop */

/* Told apart by content. Free with instance_free, also after a failure. */
kerb_status instance_read(bench_instance *out, const char *path, kerb_error *err);
/* The same from the bytes of a file, which end in NUL and are written over; path is for messages.
 */
kerb_status instance_parse(bench_instance *out, const char *path, char *bytes, kerb_error *err);
void instance_free(bench_instance *instance);
const char *instance_problem_name(instance_problem problem);

/* A route in the words of the instance. way: of a link 0 as written, 1 backwards; of a place on
 * streets with turns the directed link (2 * link + backwards) it is reached by; otherwise 0. */
typedef struct instance_stop {
    int32_t task; /* or INSTANCE_TIP, INSTANCE_BREAK */
    int32_t way;  /* of a tip: which */
} instance_stop;
typedef struct instance_route {
    int32_t n_stops;
    instance_stop *stops;
} instance_route;

typedef struct instance_verdict {
    double cost; /* in the unit of the file */
    int feasible;
    char fault[200]; /* the first one; empty if feasible */
} instance_verdict;
kerb_status instance_verify(instance_verdict *out, const bench_instance *instance,
                            const instance_route *routes, int32_t n_routes, kerb_error *err);

/* A sealed model whose cost is 1e9 nano for one unit of the file, and the way back. */
typedef struct instance_sealed {
    ki_model *model;
    int32_t *way_of_mode; /* in the model's arena */
} instance_sealed;
kerb_status instance_seal(instance_sealed *out, const bench_instance *instance, kerb_error *err);
/* The routes and their stops live in the arena. Emptying at the depot at the end goes unsaid. */
kerb_status instance_decode(instance_route **routes, int32_t *n_routes, ki_arena *arena,
                            const bench_instance *instance, const instance_sealed *sealed,
                            const ki_solution *solution, kerb_error *err);

typedef struct instance_limits {
    double cpu_s;       /* of the process; 0: by iterations */
    int64_t iterations; /* 0: by time */
    uint64_t seed;
    int threads;
    int32_t bound_effort; /* of the bound, a count; 0: by bound_s */
    double bound_s;       /* CPU seconds for the bound; 0: none */
    int no_master;        /* islands alone, to see what the master gives and takes */
    /* What is known at this moment, in the unit of the file; NAN: nothing. May be NULL. */
    void (*note)(void *payload, int64_t iterations, double primal, double dual);
    void *note_payload;
} instance_limits;
/* From the options of a verb (in instance.c); not 0: one of them is wrong. */
int instance_limits_read(int argc, char **argv, instance_limits *limits);
typedef struct instance_bound { /* what GLPK gives */
    double lower; /* NAN where none was asked for; where fewer routes come first, of solutions with
                     no more of them */
    const char *relaxation;
    double cpu_s;
    double gained; /* what its final choice took off the cost of the search */
} instance_bound;
typedef struct instance_result {
    const char *problem;
    double cost;
    instance_bound bound;
    int feasible;
    char fault[200];
    int32_t n_routes;
    double cpu_s;
    int64_t iterations;
} instance_result;
/* Seals, searches, verifies. solution_path may be NULL. */
kerb_status instance_solve(instance_result *out, const bench_instance *instance,
                           const instance_limits *limits, const char *solution_path,
                           kerb_error *err);
/* Islands, exchange and master as solve.c does it. */
kerb_status instance_search(ki_solution *best, int64_t *iterations, instance_bound *bound,
                            const ki_model *model, const instance_limits *limits, kerb_error *err);

/* ---- for readers ----------------------------------------------------------------------------- */

typedef struct instance_text {
    const char *path;
    char *next;     /* the rest of the file */
    int32_t n_line; /* of the line handed out last, from 1 */
    kerb_error *err;
} instance_text;

/* The next line with anything in it, blanks before it left out; NULL at the end. */
char *instance_line(instance_text *text);
/* Numbers of a line, in order; those glued to a word (N4, CO2) are part of the word. */
int instance_numbers(const char *line, double *out, int most);
/* Whether the line is `key`, blanks, a colon or blanks, and then a number or nothing. */
int instance_header(const char *line, const char *key, double *value);
kerb_status instance_bad_line(const instance_text *text, const char *expected);
/* Milli from a number of the file; fails beyond 1e6 units. */
kerb_status instance_milli(int64_t *out, const instance_text *text, double value);
/* n_places times n_places integers from the next lines, however they are broken. */
kerb_status instance_read_apart(bench_instance *out, instance_text *text);
/* Room for a task and a link for each line of the file, and for as many places. */
kerb_status instance_make_room(bench_instance *out, size_t n_lines, kerb_error *err);
/* All turns that link to link, each at the price of the function (INSTANCE_BIG: none). */
kerb_status instance_make_turns(bench_instance *out,
                                int64_t (*price)(const void *payload, int32_t before,
                                                 int32_t after),
                                const void *payload, kerb_error *err);
/* The task made of a link just added, or of a place. */
instance_task *instance_add_task(bench_instance *out, int32_t place, int32_t link);
instance_link *instance_add_link(bench_instance *out, int32_t from, int32_t to, int one_way);

kerb_status instance_read_cvrplib(bench_instance *out, instance_text *text);
kerb_status instance_read_solomon(bench_instance *out, instance_text *text);
kerb_status instance_read_carplib(bench_instance *out, instance_text *text);
kerb_status instance_read_mcarp(bench_instance *out, instance_text *text);
kerb_status instance_read_mcgrp(bench_instance *out, instance_text *text);
kerb_status instance_read_mcarptif_tp(bench_instance *out, instance_text *text);
kerb_status instance_read_mcgrp_tp(bench_instance *out, instance_text *text);
kerb_status instance_read_wcvrptw(bench_instance *out, instance_text *text);
kerb_status instance_read_mtvrptwr(bench_instance *out, instance_text *text);
/* Whether stops have windows. */
int instance_has_times(const bench_instance *instance);

/* ---- for the model --------------------------------------------------------------------------- */

/* Cheapest ways between states on streets: milli, INSTANCE_BIG where there is none. Without turns
 * a state is a place; with turns a directed link, just driven. The depot, then the tips, are the
 * terminals: with turns they are states too, and turns at them are free. */
typedef struct instance_ways {
    int32_t n, n_terminals; /* n: places, or directed links */
    int64_t *cost;          /* [n][n]; with turns: from the end of one link to the start of another,
                               the turn into it included */
    int64_t *from_terminal; /* [n_terminals][n] with turns, likewise to the start of a link */
    int64_t *to_terminal;   /* [n_terminals][n] with turns, from the end of a link */
    int64_t *between;       /* [n_terminals][n_terminals] with turns */
} instance_ways;
static inline int32_t instance_terminal(const bench_instance *instance, int32_t terminal) {
    return terminal ? instance->tips[terminal - 1] : instance->depot;
}
kerb_status instance_find_ways(instance_ways *out, ki_arena *arena, const bench_instance *instance,
                               kerb_error *err);
/* INSTANCE_BIG: forbidden. */
int64_t instance_turn_cost(const bench_instance *instance, int32_t before, int32_t after);
static inline int instance_in_plane(const bench_instance *instance) {
    return instance->n_links == 0;
}
static inline int32_t instance_apart(const bench_instance *instance, int32_t from, int32_t to) {
    return instance->apart[(size_t)from * (size_t)instance->n_places + (size_t)to];
}
static inline int32_t instance_way_from(const bench_instance *instance, int32_t way) {
    const instance_link *link = &instance->links[way / 2];
    return way % 2 ? link->to : link->from;
}
static inline int32_t instance_way_to(const bench_instance *instance, int32_t way) {
    return instance_way_from(instance, way ^ 1);
}
/* Whether a directed link may be driven. */
static inline int instance_way_open(const bench_instance *instance, int32_t way) {
    return !(way % 2 && instance->links[way / 2].one_way);
}
#endif
