/* SPDX-License-Identifier: GPL-3.0-or-later
 * learn.h - what nights teach: how heavy a litre of each stream is, how long an emptying takes, how
 * fast roads of each class are at each hour, and where crews could not get to.
 *
 * Each value is a factor on what the district states. It starts at one and moves by every
 * observation; an observation that is far from it moves it by KI_LEARN_STEP at most, and all of
 * them together by no more than KI_LEARN_BOUND. */
#ifndef KI_LEARN_H
#define KI_LEARN_H
#include "base/ids.h"
#include "model/draft.h"
#include "road/graph.h"

#define KI_LEARN_BOUND 2.0 /* as a factor either way */
#define KI_LEARN_STEP 1.04 /* most that one observation moves a value, as a factor */
enum {
    KI_LEARN_PRIOR = 10, /* observations that the stated value counts as */
    KI_LEARN_MOST = 200, /* that count; a value goes on moving at this pace */
    KI_LEARN_MAX_PLACES = 100000,
    KI_LEARN_NIGHTS = 400, /* remembered, so that none is learnt from twice */
    KI_CANNOT_REACH = 3    /* reports of a place that make a proposal */
};

typedef struct ki_learned_value {
    double log_factor;
    int32_t n; /* observations; 0: the stated value */
} ki_learned_value;
double ki_learned_factor(const ki_learned_value *value);
/* observed / stated, > 0; anything else is passed over. */
void ki_learned_observe(ki_learned_value *value, double ratio);

/* Emptying takes as long as the container is large: up to 400 l, up to 1500 l, above. */
enum { KI_BIN_SMALL = 0, KI_BIN_MEDIUM, KI_BIN_LARGE, KI_N_BIN_SIZES };
int ki_bin_size_of(double volume_l);
const char *ki_bin_size_name(int size);

typedef struct ki_learned_place { /* a site or street, and how often in a row it was out of reach */
    const char *id;
    int32_t n;
    int64_t newest_s; /* the newest that counted */
    int64_t told_in;  /* ki_learned.turn in which it counted last */
} ki_learned_place;

typedef struct ki_learned {
    ki_arena arena; /* ids */
    ki_learned_value density[KERB_N_STREAMS];
    ki_learned_value service[KERB_N_STREAMS][KI_N_BIN_SIZES];
    ki_learned_value speed[KI_N_ROAD_CLASSES][24]; /* by local hour */
    ki_ids place_ids;
    ki_learned_place *places;
    size_t n_places, places_capacity;
    char nights[KI_LEARN_NIGHTS][17]; /* hex digits that name an execution, oldest first */
    size_t n_nights;
    int64_t turn; /* calls of ki_learn_night so far */
} ki_learned;
void ki_learned_free(ki_learned *learned);
/* The entry of a place, made if there is room; NULL: no memory, or too many. */
ki_learned_place *ki_learned_place_of(ki_learned *learned, const char *id);

/* ---- one night as it was carried out --------------------------------------------------------- */

typedef struct ki_done_stop {
    const char *id; /* container or street */
    int32_t route;
    kerb_event_kind outcome; /* DONE, SKIPPED or FAILED */
    const char *reason;      /* code; may be NULL */
    int64_t start_s, end_s;  /* <= 0: unknown */
    double mass_kg;          /* weighed; NAN: unknown */
    double fill_ratio;       /* seen by the crew; NAN: unknown */
} ki_done_stop;

typedef struct ki_ticket_line {
    int32_t route;
    int64_t weighed_s;
    kerb_stream stream;
    double mass_kg;
} ki_ticket_line;

typedef struct ki_track_point {
    int64_t at_s;
    double lat_deg, lon_deg, speed_kmh;
} ki_track_point;

typedef struct ki_night_log { /* borrowed arrays; stops and tickets of a route in order of time */
    char name[17];
    const ki_done_stop *stops;
    const ki_ticket_line *tickets;
    const ki_track_point *track;
    size_t n_stops, n_tickets, n_track;
} ki_night_log;

typedef struct ki_learn_totals {
    int already;                         /* this night was learnt from before: nothing was done */
    size_t n_stops, n_tickets, n_points; /* used */
    size_t n_unknown, n_untimed, n_unmatched, n_points_lost; /* not used: ids not known, stops
                            without times, tickets without known fills, points off every road */
} ki_learn_totals;

/* Adds a night. draft: the district as it is stated, with the reports of that night; graph may be
 * NULL (no speeds). Fails with KERB_NO_MEMORY. */
kerb_status ki_learn_night(ki_learned *learned, const ki_draft *draft, const ki_graph *graph,
                           const ki_night_log *night, ki_learn_totals *totals, kerb_error *err);
/* learn_speed.c: the speeds of it. */
kerb_status ki_learn_speeds(ki_learned *learned, const ki_draft *draft, const ki_graph *graph,
                            const ki_night_log *night, ki_learn_totals *totals, kerb_error *err);

/* learn_place.c: the roads by which the places out of reach are served, as rows of a table of
 * corrections. */
typedef struct ki_learn_proposal {
    const char *id;
    int32_t n;
    int64_t newest_s;
    int64_t way_id, from_node, to_node; /* 0: no road is known */
} ki_learn_proposal;
/* *out in the arena; graph may be NULL. */
kerb_status ki_learn_propose(ki_learn_proposal **out, size_t *n_out, const ki_learned *learned,
                             const ki_draft *draft, const ki_graph *graph, ki_arena *arena,
                             kerb_error *err);
#endif
