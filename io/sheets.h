/* SPDX-License-Identifier: GPL-3.0-or-later
 * sheets.h - what a crew takes along: a sheet to print, a table, a track, one of each a route. */
#ifndef KI_SHEETS_H
#define KI_SHEETS_H
#include "base/ids.h"
#include "base/text.h"
#include "io/map_page.h"
#include "kerbside.h"
#include "plan/plan.h"
#include "road/graph.h"

typedef struct ki_sheets_options {
    ki_language language;
    kerb_coordinates coordinates; /* of tables and tracks; unspecified: WGS84 */
    const kerb_model *model; /* of the same problem, for gate hours, kerb sides and cross streets,
                                or NULL */
} ki_sheets_options;

typedef struct ki_landmark ki_landmark;
typedef struct ki_crossing ki_crossing;
typedef struct ki_landmarks { /* sheet_landmarks.h */
    const ki_graph *graph;
    ki_landmark *places;    /* by latitude */
    ki_crossing *crossings; /* by node */
    size_t n_places, n_crossings;
} ki_landmarks;

typedef struct ki_sheets { /* of one plan; borrows it and the options */
    const kerb_plan *plan;
    ki_sheets_options options;
    ki_arena arena;
    ki_ids decisions, sites, streets, places; /* sites and streets of the model; empty without */
    ki_landmarks landmarks;
} ki_sheets;
kerb_status ki_sheets_open(ki_sheets *out, const kerb_plan *plan, const ki_sheets_options *options,
                           kerb_error *err);
void ki_sheets_close(ki_sheets *sheets);

/* Each adds one route's file to text; failures are kept in text->failed. */
void ki_sheet_html(ki_text *text, const ki_sheets *sheets, const ki_plan_route *route);
void ki_sheet_csv(ki_text *text, const ki_sheets *sheets, const ki_plan_route *route);
void ki_sheet_gpx(ki_text *text, const ki_sheets *sheets, const ki_plan_route *route);

/* Into folders that are there (NULL: not wanted): SHIFT.html and SHIFT.csv, SHIFT.gpx. A character
 * that a file's name cannot hold everywhere becomes '_', and then the route's number is added; to a
 * shift called "zones" too. */
kerb_status ki_sheets_write(const kerb_plan *plan, const char *sheets_folder,
                            const char *gpx_folder, const ki_sheets_options *options,
                            kerb_error *err);

/* The name of a route's files without folder and ending, as above. */
enum { KI_SHEET_STEM_BYTES = 128 };
void ki_sheet_stem(char stem[KI_SHEET_STEM_BYTES], const char *shift, int32_t route);

/* A cell as text: quoted, no formula to a spreadsheet; NULL: empty. */
void ki_csv_add_cell(ki_text *text, const char *value);
/* A page to print up to its title, and from behind the title into its body. */
void ki_sheet_open_page(ki_text *text, ki_language language);
void ki_sheet_open_body(ki_text *text);

/* ---- what the forms share (sheet_visit.c) ---------------------------------------------------- */

typedef struct ki_visit { /* consecutive containers of one site, or one other stop */
    int32_t first, end;   /* stops [first, end); a break ends a visit */
} ki_visit;
ki_visit ki_visit_next(const ki_plan_route *route, int32_t first);

typedef enum ki_hand { KI_HAND_NONE = 0, KI_HAND_LEFT, KI_HAND_RIGHT } ki_hand;
/* Where the containers are as seen from the cab on arrival; none: ahead, or not to be told. */
ki_hand ki_visit_hand(const ki_sheets *sheets, const ki_plan_stop *stop);
/* The side of the brush while sweeping; none: the middle, or not known. */
ki_hand ki_visit_brush(const ki_sheets *sheets, const ki_plan_stop *stop);
/* 1: the brush stays down from the stop before, or to the one behind. */
int ki_visit_brush_stays(const ki_plan_route *route, int32_t stop);
/* The next break taken right after a stop, from break *at on, which it moves on; NULL: no more. */
const ki_plan_break *ki_visit_next_break(const ki_plan_route *route, int32_t stop, int32_t *at);
const ki_plan_stop *ki_visit_next_tip(const ki_plan_route *route, int32_t stop); /* or NULL */
const ki_plan_decision *ki_visit_decision(const ki_sheets *sheets, const ki_plan_stop *stop);
/* "food"; nothing where a stop has none */
const char *ki_visit_stream(const ki_sheets *sheets, kerb_stream stream);
/* A name for people: of the site, street or facility; its id where it has none. */
const char *ki_visit_name(const ki_sheets *sheets, const ki_plan_stop *stop);
/* "22:00–05:00, ..." of the site's or street's windows tonight; nothing where it has none. */
void ki_visit_add_hours(ki_text *text, const ki_sheets *sheets, const ki_plan_stop *stop);
void ki_visit_add_labels(ki_text *text, const ki_plan_stop *stop); /* "key: value; ..." */
void ki_visit_position(const ki_sheets *sheets, int32_t lat_e7, int32_t lon_e7, double *lat_deg,
                       double *lon_deg);
typedef struct ki_clock {
    char text[8];
} ki_clock;
/* Of the district's zone on the service night, from UTC. */
int32_t ki_sheet_utc_offset(const kerb_model *model);
ki_clock ki_sheet_clock(const kerb_plan *plan, int64_t ms); /* HH:MM in the district's zone */

/* ---- turns (sheet_turns.c) ------------------------------------------------------------------- */

typedef enum ki_bend {
    KI_BEND_START = 0, /* the first street: towards `compass` */
    KI_BEND_ON,
    KI_BEND_LEFT,
    KI_BEND_RIGHT,
    KI_BEND_SHARP_LEFT,
    KI_BEND_SHARP_RIGHT,
    KI_BEND_BACK
} ki_bend;
typedef struct ki_turn {
    ki_bend bend;
    int compass;      /* 0 north, 1 north-east, ... 7: where it leads */
    const char *name; /* "" for a street without a name */
    int64_t length_mm;
    const ki_plan_run *before; /* what it leads out of; NULL at the start */
    const char *onto;          /* the street behind it; "" none, or without a name */
    int64_t node;              /* of OSM, where it is taken */
    int32_t lat_e7, lon_e7;
} ki_turn;
/* The turns of a leg, streets that go on under one name joined; after: what is driven right behind
 * it (a sweep), which shows how a last street of no length bends, or NULL: then that is not told.
 */
void ki_leg_turns(const ki_plan_leg *leg, const ki_plan_leg *after,
                  void (*tell)(void *payload, const ki_turn *turn), void *payload);
/* The turn from the end of one leg into the next; none where one street goes on. */
void ki_leg_join(const ki_plan_leg *before, const ki_plan_leg *after,
                 void (*tell)(void *payload, const ki_turn *turn), void *payload);
/* "left into Market Street 230 m; right into unnamed road (north, at Mill Lane) 80 m; ..." of the
 * way to a stop: of its leg, or of the turn from the sweep before into its own. */
void ki_stop_add_turns(ki_text *text, const ki_plan_route *route, int32_t stop,
                       const ki_sheets *sheets, const char *separator, int is_html);
#endif
