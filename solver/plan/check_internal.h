/* SPDX-License-Identifier: GPL-3.0-or-later
 * check_internal.h - what the files of the checker share. */
#ifndef KI_CHECK_INTERNAL_H
#define KI_CHECK_INTERNAL_H
#include "plan/check.h"

enum { KI_CHECK_MAX_LINES = 200 };

enum { /* of the cost; those before LEFT_OUT are of routes */
       KI_ITEM_VEHICLES,
       KI_ITEM_DISTANCE,
       KI_ITEM_TIME,
       KI_ITEM_OVERTIME,
       KI_ITEM_FEES,
       KI_ITEM_CHANGES,
       KI_ITEM_BALANCE,
       KI_ITEM_UNFAMILIAR,
       KI_ITEM_COMPACTNESS,
       KI_ITEM_GUARANTEED,
       KI_ITEM_LEFT_OUT,
       KI_N_ITEMS
};

typedef struct ki_check_arc { /* a stretch of one arc, in its own direction */
    int32_t arc, from_mm, to_mm;
} ki_check_arc;

typedef struct ki_check_path {
    ki_check_arc *arcs;
    size_t n, capacity;
} ki_check_path;

typedef struct ki_check_rule { /* at a step of a restriction */
    int32_t restriction, step;
} ki_check_rule;

typedef struct ki_check_zone {
    const char *name; /* "" where none is stated */
    int64_t items[KI_N_ITEMS];
    int32_t n_served; /* by the route at hand */
    int32_t seen[KI_N_ITEMS];
} ki_check_zone;

typedef struct ki_id_entry {
    const char *id;
    int32_t index;
} ki_id_entry;
typedef struct ki_id_list { /* sorted by id */
    ki_id_entry *entries;
    size_t n;
} ki_id_list;

typedef struct ki_checker {
    const kerb_plan *plan;
    const kerb_model *model;
    const ki_draft *draft;
    const ki_model *sealed; /* of it: decisions, tasks' demand and prizes. Nothing else */
    const ki_graph *graph;  /* NULL with explicit travel */
    ki_text *report;
    size_t n_violations;
    ki_arena arena;
    int failed;                 /* out of memory: no judgement */
    const ki_plan_route *route; /* where we are, for messages; NULL: the whole plan */
    const ki_plan_stop *stop;
    const char *part; /* "leg", "sweep" or NULL */

    ki_id_list shifts, vehicles, depots, facilities, sites, containers, streets, matrix;
    ki_id_list earlier; /* stops of the earlier plan, index into earlier_stops */
    struct ki_check_earlier *earlier_stops;
    ki_id_list familiar; /* stops of the familiar plans, index into familiar_crews */
    const char **familiar_crews;
    uint8_t *shift_used;
    int32_t *container_served; /* [n_containers] how often */
    uint64_t *street_served;   /* [n_streets] bit per pass */

    /* check_walk.c */
    int32_t *ways_by_id; /* [n_ways] */
    int32_t *first_edge; /* [n_ways + 1] into edges_of_way */
    int32_t *edges_of_way;
    uint8_t *closed;      /* [n_arcs] */
    uint64_t *bans_on;    /* [n_edges] mask of the draft's bans, or NULL */
    ki_hours *ban_hours;  /* [n_bans] */
    int32_t *first_bound; /* [n_arcs + 1] into bound: restrictions judged at an arc */
    ki_check_rule *bound;
    ki_check_path path, street_path;
    int32_t *history; /* arcs driven on this route */
    size_t n_history, history_capacity;

    /* check_pocket.c */
    int32_t south_e7, n_bands;
    int32_t *first_band; /* [n_bands + 1] into band_edges */
    int32_t *band_edges;
    uint8_t *reached; /* [n_arcs] bits: from a stop of the vehicle flooded, and back to it */
    int32_t *flood_queue;
    ki_profile_spec flooded;

    int64_t items[KI_N_ITEMS];          /* recomputed */
    int64_t (*route_items)[KI_N_ITEMS]; /* [n_routes] */
    ki_check_zone *zones;               /* by name */
    size_t n_zones;
} ki_checker;

void ki_check_say(ki_checker *check, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* One line where two integers that must agree do not. */
void ki_check_same(ki_checker *check, const char *what, int64_t got, int64_t expected);
void ki_check_same_text(ki_checker *check, const char *what, const char *got,
                        const char *expected);              /* NULL reads as "" */
int32_t ki_id_find(const ki_id_list *list, const char *id); /* -1: unknown */
const kerb_vehicle *ki_check_vehicle(const ki_checker *check, const kerb_shift *shift);

/* ---- check_walk.c: the base graph, walked ---------------------------------------------------- */

typedef struct ki_check_walk {
    ki_profile_spec spec;
    const kerb_vehicle *vehicle;
    int known; /* whether the vehicle's place is known */
    int32_t arc, offset_mm;
    int64_t at_ms;             /* of the night: where it is now */
    int64_t sweep_ms;          /* of the whole leg where it sweeps; -1: it drives */
    int64_t sweep_mm, done_mm; /* ... its length, and how much is done */
} ki_check_walk;

void ki_check_walk_prepare(ki_checker *check);
void ki_check_walk_start(ki_checker *check, ki_check_walk *walk, const kerb_vehicle *vehicle,
                         const kerb_shift *shift);
/* Judges a leg that begins at a time of the night, and moves the walk along it. sweep: its time is
 * not driving time. Returns 0 where it cannot be followed at all. */
int ki_check_walk_leg(ki_checker *check, ki_check_walk *walk, const ki_plan_leg *leg,
                      int64_t start_ms, int sweep);
/* The stretch of one way from one OSM node to another with the fewest points between, as the runs
 * of legs mean it; 0: no such stretch. */
int ki_check_find_stretch(ki_checker *check, int64_t way_id, int64_t from_node, int64_t to_node,
                          ki_check_path *out);
/* First place in ways_by_id of a way with this id or a greater one. */
int32_t ki_check_first_way(const ki_checker *check, int64_t way_id);
void ki_check_add_arc(ki_checker *check, ki_check_path *path, ki_check_arc arc);
/* Arc number `step` of a restriction. */
int32_t ki_check_step_arc(const ki_graph *graph, const ki_restriction *rule, int32_t step);
static inline long long ki_check_way_id(const ki_checker *check, int32_t arc) {
    return (long long)check->graph->ways[check->graph->edges[arc >> 1].way].osm_id;
}
/* check_drive.c: judges a path that begins at a time of the night; the driving time in ms. */
int64_t ki_check_drive(ki_checker *check, ki_check_walk *walk, const ki_check_path *path,
                       int64_t start_ms);
/* check_street.c: the same, as kerbs and closures of the draft mean it. */
int ki_check_find_street(ki_checker *check, int64_t way_id, int64_t from_node, int64_t to_node,
                         ki_check_path *out);
void ki_check_position(const ki_graph *graph, int32_t arc, int32_t offset_mm, double *lat_e7,
                       double *lon_e7);
/* check_hours.c: what hours and sizes decide, at times of the night. A road without conditions is
 * judged by its plain tags. */
int ki_check_open_road(const ki_checker *check, const ki_profile_spec *spec, int32_t arc,
                       int64_t from_ms, int64_t to_ms);
int ki_check_open_node(const ki_checker *check, const ki_profile_spec *spec, int32_t node,
                       int64_t at_ms);
int ki_check_turn_bound(const ki_checker *check, const ki_profile_spec *spec,
                        const ki_restriction *rule, int64_t at_ms);
/* Whether hours hold in some minute of a span of the night; no rules: always. */
int ki_check_hours_meet(const ki_checker *check, const ki_hours_rule *rules, int32_t n,
                        int64_t from_ms, int64_t to_ms);
/* HH:MM on the wall. */
void ki_check_clock(const ki_checker *check, int64_t at_ms, char out[8]);
/* check_bans.c */
void ki_check_bans_prepare(ki_checker *check);
void ki_check_bans(ki_checker *check, const ki_check_walk *walk, int32_t arc, int64_t until_ms);
/* check_start.c: where a vehicle under way begins, and that every one comes home. */
void ki_check_start_place(ki_checker *check, ki_check_walk *walk, const kerb_shift *shift);
void ki_check_homes(ki_checker *check);
/* The price of serving this by a shift that did not have it in the earlier plan. */
void ki_check_earlier_prepare(ki_checker *check);
int64_t ki_check_change(const ki_checker *check, const kerb_shift *shift, const char *id,
                        int32_t pass);
void ki_check_sort(ki_id_list *list);                             /* by id, then by index */
size_t ki_check_first_of(const ki_id_list *list, const char *id); /* of equal ids; or behind it */
/* check_familiar.c: the price of serving this by a crew that had it in none of the familiar plans
 * though others had. */
void ki_check_familiar_prepare(ki_checker *check);
/* check_compact.c: the stops of a route so far, by where they lie. */
typedef struct ki_check_moment {
    int64_t east_m, north_m, squares_m2;
    int64_t n;
} ki_check_moment;
void ki_check_moment_site(ki_checker *check, ki_check_moment *moment, const kerb_site *site);
void ki_check_moment_street(ki_checker *check, ki_check_moment *moment, const kerb_street *street);
/* What is wrong with what a route says of it; *nano: its price. */
void ki_check_compact(ki_checker *check, const ki_plan_route *route, const ki_check_moment *moment,
                      int64_t *nano);
int64_t ki_check_unfamiliar(const ki_checker *check, const kerb_shift *shift, const char *id);
/* ... and the pins of what it serves. */
void ki_check_lift(ki_checker *check, const kerb_vehicle *vehicle, const kerb_container *from);
void ki_check_pins(ki_checker *check, const kerb_vehicle *vehicle,
                   const kerb_vehicle_ref *pinned_to, size_t n_pinned_to,
                   const kerb_vehicle_ref *forbidden_to, size_t n_forbidden_to);
/* check_geometry.c */
void ki_check_geometry(ki_checker *check, const ki_plan_leg *leg, const ki_check_path *path);
/* check_place.c: may a vehicle at this place serve this site, sweep this street, be
 * at this spot? */
void ki_check_site_place(ki_checker *check, const ki_check_walk *walk, const kerb_site *site);
/* check_pocket.c: is a nearer road passed over for no reason? */
void ki_check_nearest(ki_checker *check, const ki_check_walk *walk, const kerb_site *site);
void ki_check_near(ki_checker *check, const ki_check_walk *walk, const char *what, double lat_deg,
                   double lon_deg);
void ki_check_sweep_path(ki_checker *check, const ki_check_walk *walk, const kerb_vehicle *vehicle,
                         const kerb_street *street, const ki_check_path *driven);
/* Whether the kerb is on the side of the brush of who drives along the street's run (1), or against
 * it (-1). */
void ki_check_brush(ki_checker *check, const kerb_vehicle *vehicle, const kerb_street *street,
                    int direction);

/* ---- check_rules.c: the draft's doubles as integers, by the documented rules ----------------- */

int64_t ki_rule_ms(double seconds);
int64_t ki_rule_g(double kg); /* and l to ml, m to mm */
int64_t ki_rule_instant_ms(const ki_checker *check, int64_t at_s);
ki_profile_spec ki_rule_spec(const ki_checker *check, const kerb_vehicle *vehicle,
                             const kerb_shift *shift);
int64_t ki_rule_setup_ms(const kerb_site *site);
int64_t ki_rule_service_ms(const kerb_container *container);
int64_t ki_rule_sweep_ms(const kerb_vehicle *vehicle, int64_t length_mm);
/* A starting volume as stated, or in proportion to the capacities. */
int64_t ki_rule_start_volume_ml(const kerb_shift *shift, size_t at,
                                const kerb_compartment *compartment);
int64_t ki_rule_unload_ms(const kerb_facility *facility, int64_t mass_g);
typedef struct ki_rule_prices {
    int64_t used_nano, nano_per_mm, nano_per_ms, overtime_nano_per_ms;
} ki_rule_prices;
int64_t ki_rule_guaranteed_nano(const kerb_vehicle *vehicle, const kerb_shift *shift,
                                int64_t paid_ms);
int64_t ki_rule_balance_nano(const kerb_district *district, int64_t paid_ms);
int64_t ki_rule_price_nano(double price);
ki_rule_prices ki_rule_route_prices(const kerb_vehicle *vehicle, const kerb_shift *shift);
int64_t ki_rule_fee_nano_per_g(const kerb_facility *facility, kerb_stream stream, int *taken);
int32_t ki_rule_compartment(const kerb_vehicle *vehicle, kerb_stream stream);

/* A vehicle under way that serves nothing comes home on what it has. That it serves nothing is as
 * the plan says; the sums of the route are held against it (check_route.c). */
static inline int ki_check_only_home(const kerb_shift *shift, const ki_plan_route *route) {
    return shift->under_way && route->n_served == 0;
}

/* ---- check_window.c, check_break.c ----------------------------------------------------------- */

typedef struct ki_check_span {
    int64_t open_ms, close_ms;
} ki_check_span;
/* The window that holds a start, overlapping ones joined; none stated: the night. Says where it is
 * outside. */
void ki_check_window(ki_checker *check, const kerb_window *windows, size_t n, int64_t start_ms,
                     ki_check_span *out);

typedef struct ki_check_breaks { /* of the route at hand */
    ki_checker *check;
    const ki_plan_route *route;
    const kerb_shift *shift;
    const kerb_break *listed[KI_MAX_BREAKS]; /* the shift's, in their order */
    int32_t n_listed, n_taken;
    ki_check_span *spans; /* [route->n_breaks] windows they are taken in */
    int64_t work_ms;      /* since the start or the last break */
    int64_t unpaid_ms;
    int64_t must_end_ms; /* of the spell, with the breaks it takes */
} ki_check_breaks;
void ki_check_breaks_start(ki_check_breaks *breaks, ki_checker *check, const ki_plan_route *route,
                           const kerb_shift *shift);
/* The stop at hand and the leg to it are work. */
void ki_check_breaks_work(ki_check_breaks *breaks, const ki_plan_stop *stop);
/* The breaks behind a stop; when the vehicle is free again. */
int64_t ki_check_breaks_take(ki_check_breaks *breaks, int32_t stop, int64_t free_ms);
/* Is any lacking? */
void ki_check_breaks_end(ki_check_breaks *breaks);
/* The earliest departure from a stop whose service ends then; the latest end of service for a
 * departure. */
int64_t ki_check_breaks_early(const ki_check_breaks *breaks, int32_t stop, int64_t early_ms);
int64_t ki_check_breaks_late(const ki_check_breaks *breaks, int32_t stop, int64_t late_ms);

/* ---- check_route.c, check_load.c, check_totals.c --------------------------------------------- */

void ki_check_route(ki_checker *check, int32_t index);
/* check_chance.c */
void ki_check_chances(ki_checker *check, const ki_plan_route *route, const kerb_vehicle *vehicle);
void ki_check_sequences(ki_checker *check);  /* check_sequence.c */
void ki_check_attendants(ki_checker *check); /* check_attendants.c */
/* check_facility.c: bays and tonnes, over all routes. */
void ki_check_facilities(ki_checker *check);
void ki_check_decisions(ki_checker *check);
void ki_check_hauls(ki_checker *check);   /* check_haul.c: the piles of all routes */
void ki_check_follows(ki_checker *check); /* check_follow.c */
void ki_check_zones_prepare(ki_checker *check);
void ki_check_totals(ki_checker *check);
/* Adds to what the cost lines of a zone must say. */
void ki_check_charge_zone(ki_checker *check, const char *zone, int64_t left_out_nano);

/* check_setting.c: the vehicle as its walls are set on the route at hand; NULL: it has no such
 * setting, which is said. In the checker's arena. */
const kerb_vehicle *ki_check_setting(ki_checker *check, const kerb_vehicle *vehicle,
                                     const kerb_shift *shift);

/* On-board amounts of the route at hand. */
typedef struct ki_check_load {
    const kerb_vehicle *vehicle;
    int64_t *mass_g, *volume_ml; /* [n_compartments] */
    int64_t water_ml;
    int64_t stream_g[KERB_N_STREAMS]; /* on board */
    int64_t taken_g[KERB_N_STREAMS];  /* over the route */
} ki_check_load;
int ki_check_load_start(ki_checker *check, ki_check_load *load, const kerb_vehicle *vehicle,
                        const kerb_shift *shift);
void ki_check_load_take(ki_checker *check, ki_check_load *load, const ki_task *task);
/* A haul truck takes the stop's mass of its stream. */
void ki_check_load_haul(ki_checker *check, ki_check_load *load, const ki_plan_stop *stop);
/* Of the fullest compartment, rounded down. */
int64_t ki_check_load_fullness(const ki_check_load *load);
/* Empties everything; returns the fee. */
int64_t ki_check_load_tip(ki_checker *check, ki_check_load *load, const kerb_facility *facility,
                          int64_t *unload_ms);
void ki_check_load_stop(ki_checker *check, const ki_check_load *load);
void ki_check_load_empty(ki_checker *check, const ki_check_load *load);

/* ---- check_battery.c ------------------------------------------------------------------------- */

typedef struct ki_check_battery { /* of the route at hand; without one all stays 0 */
    const kerb_vehicle *vehicle;
    int64_t left_nwh;
} ki_check_battery;
void ki_check_battery_start(ki_check_battery *battery, const kerb_vehicle *vehicle,
                            const kerb_shift *shift);
void ki_check_battery_drive(ki_check_battery *battery, int64_t length_mm);
void ki_check_battery_sweep(ki_check_battery *battery, int64_t length_mm);
void ki_check_battery_lift(ki_check_battery *battery);
/* The charge of the tip at hand, if it has one: how long it takes. */
int64_t ki_check_battery_charge(ki_checker *check, ki_check_battery *battery,
                                const kerb_facility *facility);
/* After the stop at hand. */
void ki_check_battery_left(ki_checker *check, const ki_check_battery *battery, int must_last);
#endif
