/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * kerbside.h - plan one night of municipal sanitation.
 *
 *   roads   kerb_roads_load                     an OpenStreetMap extract, read once, shared
 *   model   kerb_model_new, add_*, seal         tonight's sites, containers, kerbs, fleet
 *   plan    kerb_plan_solve, write, pack, ...   routes, reasons, cost, bound
 *
 * Conventions. Fallible calls return kerb_status: outputs first (NULL after a failure), the
 * caller-owned kerb_error last (may be NULL). Every free accepts NULL. Strings and arrays handed in
 * are copied; strings handed out live as long as the object they came from. Roads, sealed models
 * and plans never change and may be read from several threads at once; roads must outlive every
 * model that borrows them, a model every plan made from it. The library keeps no global state,
 * writes nothing to the terminal, installs no signal handler and never exits.
 *
 * Units. Instants are seconds since 1970-01-01T00:00Z; durations end in _s, lengths in _m, masses
 * in _kg, volumes in _l; angles are degrees on WGS84. KERB_NO_TIME marks an absent instant and NAN
 * an absent number. */
#ifndef KERBSIDE_H
#define KERBSIDE_H

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define KERB_API __attribute__((visibility("default")))
#else
#define KERB_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

#define KERB_VERSION "0.1.0"
#define KERB_NO_TIME INT64_MIN

/* ---- errors ---------------------------------------------------------------------------------- */

typedef enum kerb_status {
    KERB_OK = 0,
    KERB_BAD_INPUT,   /* the message names input, place, field, got, expected */
    KERB_BAD_CALL,    /* a call out of order, an unsealed model, a bad option */
    KERB_NO_MEMORY,   /* an allocation failed */
    KERB_IO,          /* a file could not be read or written */
    KERB_INFEASIBLE,  /* nothing can be planned, for example no vehicle at all */
    KERB_STOPPED,     /* stopped before a first plan existed */
    KERB_UNSUPPORTED, /* required_features names what this engine lacks */
    KERB_INTERNAL     /* a fault of ours */
} kerb_status;

typedef struct kerb_error {
    kerb_status status;
    char message[1024];
} kerb_error;

KERB_API const char *kerb_status_name(kerb_status status);
KERB_API const char *kerb_version(void);

/* ---- roads ----------------------------------------------------------------------------------- */

typedef struct kerb_roads kerb_roads;

/* Read an extract (.osm .osm.gz .osm.bz2 .osm.pbf), or open a road cache that kerb_roads_save made
 * (known by its first bytes). A failed read leaves nothing behind. */
KERB_API kerb_status kerb_roads_load(kerb_roads **out, const char *path, kerb_error *err);
/* The roads of an extract from a cache made before. Where the cache is absent, stale (of another
 * extract, or made by another version) or damaged, the extract is read as by kerb_roads_load, and
 * kerb_roads_why_not_cached says why; save the roads to have them next time. The roads are the same
 * either way. A cache stays mapped while its roads live: it may be replaced meanwhile (as
 * kerb_roads_save does), not be cut short in place. */
KERB_API kerb_status kerb_roads_load_cached(kerb_roads **out, const char *extract,
                                            const char *cache, kerb_error *err);
KERB_API void kerb_roads_free(kerb_roads *roads);
KERB_API const char *kerb_roads_hash(const kerb_roads *roads); /* 64 hex digits */
KERB_API size_t kerb_roads_node_count(const kerb_roads *roads);
KERB_API size_t kerb_roads_arc_count(const kerb_roads *roads);
KERB_API double kerb_roads_length_km(const kerb_roads *roads);

typedef struct kerb_roads_totals {
    size_t n_nodes, n_arcs; /* junctions and ends; directed pieces of road, closed ones included */
    double length_km;       /* of roads, each counted once */
    size_t n_closed_ways;   /* roads shut to every kind of vehicle */
    size_t n_skipped_ways;  /* highways that are no road, and repeated ids */
    size_t n_missing_nodes; /* that roads name and the extract lacks */
    size_t n_restrictions, n_bad_restrictions; /* in force; left out: a member lacks */
    size_t n_conditional_restrictions;         /* of the extract's: the hour or size decides */
    size_t n_unmatched_restrictions;           /* whose ways do not meet as they say */
    double open_km;    /* open to a truck without dimensions, directions apart */
    double main_share; /* of it, the largest part whose roads all reach each other; 0 to 1 */
} kerb_roads_totals;
KERB_API kerb_status kerb_roads_get_totals(const kerb_roads *roads, kerb_roads_totals *totals,
                                           kerb_error *err);

/* Something about hours or vehicles (hgv:conditional and the like) that was not understood, and so
 * is taken to hold at any time where it forbids, and never where it permits. */
typedef struct kerb_roads_unread {
    const char *text;   /* "hgv:conditional=no @ sunset" */
    size_t count;       /* how often it stands there */
    const char *object; /* "node", "way" or "relation" */
    int64_t example_id; /* of the first one */
} kerb_roads_unread;
/* The place-th in the order of the extract; 0 past the last of them. At most 64 expressions are
 * kept; the last entry stands for all others, its example_id 0. */
KERB_API int kerb_roads_get_unread(const kerb_roads *roads, size_t place, kerb_roads_unread *out);
/* What changed from one state of the roads to another: counts, then a line for each stretch of a
 * way that was added, removed or changed (name, class, access and one-way, speed, limits, place).
 * Compared are the stretches between neighbouring OSM nodes, so ways that were only split or joined
 * show no change. *geojson (may be NULL): the same as lines for a map. Both kerb_buffer_free.
 * Fails with KERB_NO_MEMORY. Any thread. O(n log n). */
KERB_API kerb_status kerb_roads_diff(const kerb_roads *before, const kerb_roads *after,
                                     char **report, char **geojson, kerb_error *err);
/* Every piece of road as a line with way, name, class, limits and whether a truck gets there; the
 * caller frees *out with kerb_buffer_free. */
KERB_API kerb_status kerb_roads_geojson(const kerb_roads *roads, char **out, kerb_error *err);

/* ---- what a night is made of ----------------------------------------------------------------- */

typedef enum kerb_stream {
    KERB_STREAM_UNSPECIFIED = 0,
    KERB_STREAM_RESIDUAL,
    KERB_STREAM_FOOD,
    KERB_STREAM_RECYCLABLE,
    KERB_STREAM_HAZARDOUS,
    KERB_STREAM_CONSTRUCTION,
    KERB_STREAM_SWEEPINGS, /* what a sweeper carries */
    KERB_N_STREAMS
} kerb_stream;
KERB_API const char *kerb_stream_name(kerb_stream stream);

typedef struct kerb_label { /* the caller's own words about an object: echoed, never interpreted */
    const char *key, *value;
} kerb_label;

typedef struct kerb_window {
    int64_t start_s, end_s;
} kerb_window;

typedef enum kerb_coordinates {
    KERB_COORDINATES_UNSPECIFIED = 0,
    KERB_WGS84,
    KERB_GCJ02,
    KERB_BD09
} kerb_coordinates;

typedef enum kerb_approach {
    KERB_APPROACH_UNSPECIFIED = 0, /* by road class: crossed on foot on small roads only */
    KERB_APPROACH_KERB_SIDE,
    KERB_APPROACH_EITHER
} kerb_approach;

typedef enum kerb_road_class { /* of OpenStreetMap, link roads with their class */
                               KERB_ROAD_UNSPECIFIED = 0,
                               KERB_ROAD_MOTORWAY,
                               KERB_ROAD_TRUNK,
                               KERB_ROAD_PRIMARY,
                               KERB_ROAD_SECONDARY,
                               KERB_ROAD_TERTIARY,
                               KERB_ROAD_UNCLASSIFIED,
                               KERB_ROAD_RESIDENTIAL,
                               KERB_ROAD_LIVING,
                               KERB_ROAD_SERVICE,
                               KERB_ROAD_PEDESTRIAN,
                               KERB_ROAD_TRACK,
                               KERB_ROAD_FERRY,
                               KERB_N_ROAD_CLASSES
} kerb_road_class;

/* Which roads those who load may cross on foot, where a site's approach is unspecified: of these
 * classes, and no wider than this. Not stated: unclassified, residential, living, service,
 * pedestrian and track, of any width. */
typedef struct kerb_crossing {
    int is_stated;                  /* 0: the rest is not looked at */
    const kerb_road_class *classes; /* none: no road may be crossed */
    size_t n_classes;
    double max_width_m; /* of the carriageway, where tagged; 0: any */
    int32_t max_lanes;  /* where tagged; 0: any */
} kerb_crossing;

typedef struct kerb_holiday { /* a public holiday */
    int32_t day;              /* days from 1970-01-01 to the local date */
    const char *name;
} kerb_holiday;

typedef struct kerb_daily_span { /* minutes of the local day: 0 <= from_min < to_min <= 1440 */
    int32_t from_min, to_min;
} kerb_daily_span;

/* When people bring waste of a stream, from forecast 3 on. */
typedef struct kerb_stream_habit {
    kerb_stream stream;
    double holiday_factor; /* of a holiday's waste, in mean days'; 0: as the history shows, or a
                              Sunday's */
    const kerb_daily_span *drop_off; /* its containers are filled only then; none: at any time */
    size_t n_drop_off;
} kerb_stream_habit;

typedef struct kerb_district {
    const char *id, *name;
    const char *currency;               /* ISO 4217 */
    const char *zone;                   /* IANA name of the time zone, for people */
    const char *service_day;            /* YYYY-MM-DD, local */
    int32_t utc_offset_s;               /* of the zone on the service night */
    int64_t as_of_s;                    /* now, an input */
    int64_t night_start_s, night_end_s; /* no shift reaches outside; at most 48 h */
    kerb_coordinates coordinates;       /* the system the tables came in; data here is WGS84 */
    double must_ratio;                  /* forecast fill from which a container must be emptied */
    double may_ratio;                   /* ... from which it may be */
    double price_unserved_must;         /* per container */
    double price_unswept_per_km;
    double price_overflow_per_day; /* per container and day; the prize of a may */
    /* Of the square of each route's own paid hours, of trucks, sweepers and robots: so work is
     * shared out. A rest of a night counts its own hours. */
    double price_imbalance_per_hour2;
    double price_change_per_stop;     /* of a stop that another shift had in the earlier plan */
    double price_unfamiliar_per_stop; /* of a stop that only other crews had in the familiar plans;
                                         0: off */
    /* Of the square of each stop's distance from the middle of its route's stops, in km: so routes
     * are compact; 0: off. */
    double price_compactness_per_stop_km2;
    /* Mays that would call a truck out again within so many nights (at most 7; fewer where fewer
     * pay) are worth a share of it; 0, 1: tonight only. */
    int32_t look_ahead_nights;
    /* Nights from this one to the next on which trucks go their rounds, at most 7; 0, 1: the very
     * next. What would overflow before then is a must. */
    int32_t nights_to_next;
    /* Chance with which a trip that is planned to be full fits its vehicle, 0.5 to 0.999: forecasts
     * are not exact, so trips leave room. 0, 0.5: loads are taken as expected. */
    double load_quantile;
    /* Chance with which a route is in time at a window or the end of its shift, 0.5 to 0.999:
     * drives and stops take longer than planned, so routes leave time. 0, 0.5: none. */
    double time_quantile;
    /* How fills are forecast. 0, 1: as at first, for the middle of the night. 2: for the hours in
     * which trucks come, with an interval that counts what the fit has taken up, and emptyings of
     * little are seen. 3: as 2, by seasons, holidays, hours of the day and neighbours as well. */
    int32_t forecast;
    double overflow_chance; /* before the next visit: above it a container is a must; 0: 0.1 */
    kerb_crossing crossing;
    int64_t clock_change_s; /* instant of the night from which utc_offset_after_s holds; 0: the
                               clocks do not change */
    int32_t utc_offset_after_s;
    /* For hours of roads and bans that speak of PH, past ones too for forecast 3; none: NULL */
    const kerb_holiday *holidays;
    size_t n_holidays;
    const kerb_stream_habit *habits; /* of a stream at most one; none: NULL */
    size_t n_habits;
    const kerb_label *labels; /* none: NULL */
    size_t n_labels;
} kerb_district;

typedef struct kerb_site {
    const char *id, *name, *zone;
    double lat_deg, lon_deg;
    kerb_approach approach;
    double setup_s, walk_m;
    const kerb_window *windows; /* none: any time */
    size_t n_windows;
    const kerb_label *labels; /* none: NULL */
    size_t n_labels;
} kerb_site;

typedef enum kerb_force {
    KERB_FORCE_NONE = 0,
    KERB_FORCE_IN, /* tonight.yaml: emptied whatever the forecast says */
    KERB_FORCE_OUT,
    KERB_FORCE_DONE,   /* served already tonight, or under way to it */
    KERB_FORCE_FAILED, /* tried in vain tonight, or passed over: due again the next night */
    KERB_FORCE_FULL    /* as IN; overflowing, so counted as full whatever was reported */
} kerb_force;

typedef struct kerb_vehicle_ref {
    const char *id; /* of a vehicle */
} kerb_vehicle_ref;

typedef struct kerb_container {
    const char *id, *site_id;
    const char *lift; /* what lifts it, a word of yours: only vehicles with that lift; NULL: any */
    kerb_stream stream;
    double volume_l, density_kg_per_l;
    double service_s;
    int64_t last_emptied_s;
    double max_interval_days;        /* 0: none */
    const kerb_daily_span *drop_off; /* filled only then, from forecast 3 on; none: as its stream */
    size_t n_drop_off;
    /* A skip: taken away full for an empty one, which the vehicle always has. It fills a
     * compartment by the whole of volume_l whatever is in it, so that a truck of one skip carries
     * one a trip. */
    int swapped;
    kerb_force force;
    const kerb_vehicle_ref *pinned_to;    /* by one of these or not at all; none: any */
    const kerb_vehicle_ref *forbidden_to; /* by none of these */
    size_t n_pinned_to, n_forbidden_to;
    const kerb_label *labels; /* none: NULL */
    size_t n_labels;
} kerb_container;

typedef struct kerb_report {
    const char *container_id;
    int64_t measured_s, received_s; /* received KERB_NO_TIME: as measured */
    double fill_ratio;              /* NAN: none */
    double mass_kg;                 /* NAN: none */
    double trust_ratio;             /* 0 to 1; 0 means unstated */
    const char *source, *alarm;     /* may be NULL */
    int64_t record;                 /* row it came from, for messages; 0 unknown */
    const kerb_label *labels;       /* none: NULL */
    size_t n_labels;
} kerb_report;

typedef enum kerb_side {
    KERB_SIDE_UNSPECIFIED = 0,
    KERB_SIDE_LEFT, /* of the street run from -> to */
    KERB_SIDE_RIGHT,
    KERB_SIDE_CENTRE /* a lane that one pass cleans in either direction */
} kerb_side;

typedef struct kerb_street {
    const char *id, *name, *zone;
    int64_t way_id, from_node, to_node; /* OSM ids: a run along one way */
    kerb_side side;
    int32_t passes;
    double width_m, debris_kg_per_m, water_l_per_m;
    int32_t grade;
    int64_t last_swept_s;
    kerb_force force;
    const kerb_vehicle_ref *pinned_to; /* as of a container */
    const kerb_vehicle_ref *forbidden_to;
    size_t n_pinned_to, n_forbidden_to;
    const kerb_window *windows;
    size_t n_windows;
    const kerb_label *labels; /* none: NULL */
    size_t n_labels;
} kerb_street;

typedef struct kerb_compartment {
    const kerb_stream *streams; /* fixed streams of this compartment */
    size_t n_streams;
    double capacity_kg, capacity_l;
} kerb_compartment;

typedef enum kerb_vehicle_use {
    KERB_USE_UNSPECIFIED = 0,
    KERB_USE_TRUCK,
    KERB_USE_SWEEPER,
    KERB_USE_ROBOT,
    KERB_USE_HAUL
} kerb_vehicle_use;

typedef struct kerb_charge_step { /* above so full, a battery takes no more than so much */
    double from_ratio;            /* of battery_wh */
    double charge_w;
} kerb_charge_step;

typedef struct kerb_lift {
    const char *id; /* a word of yours */
} kerb_lift;

/* The compartments of a vehicle with its walls set otherwise: as many, in their order, with litres
 * where those have litres. Their streams are the vehicle's. */
typedef struct kerb_setting {
    const char *id; /* a word of yours, unique in its vehicle */
    const kerb_compartment *compartments;
    size_t n_compartments;
} kerb_setting;

typedef struct kerb_vehicle {
    const char *id, *kind;
    kerb_vehicle_use use;
    double height_m, width_m, length_m, mass_kg; /* 0: no limit applies */
    double top_speed_kmh;                        /* 0: as the road */
    const kerb_compartment *compartments;
    size_t n_compartments;
    double water_l, sweep_speed_kmh;
    /* Driving, sweeping and lifting use up the battery, all but the reserve; facilities with
     * charge_w fill it, at the least of what they give and it takes: behind unloading, or, where
     * the vehicle cannot unload, at a stop of its own with the load kept. A charge goes on until
     * the battery is full, or as long as what is left of the shift needs. */
    double battery_wh, battery_reserve_wh;   /* 0: none */
    double drive_wh_per_km, sweep_wh_per_km; /* the latter instead of the former */
    double lift_wh;                          /* per container */
    double charge_w;                         /* most it takes; 0: as the facility gives */
    const kerb_charge_step *charge_steps;    /* fuller and slower; at most 3; none: NULL */
    size_t n_charge_steps;
    double price_used, price_per_km;
    double load_s;          /* of a haul truck: to load it full at a transfer station */
    const kerb_lift *lifts; /* it has; none: NULL */
    size_t n_lifts;
    kerb_side brush_side;    /* LEFT, RIGHT of its direction; UNSPECIFIED: either. A centre lane is
                                swept with any */
    const char *attended_by; /* attendants, of any but a haul truck; "": none */
    int available;           /* 0: out tonight */
    /* Other ways in which its walls may be set, one of them each shift; none: NULL. */
    const kerb_setting *settings;
    size_t n_settings;
    const kerb_label *labels; /* none: NULL */
    size_t n_labels;
} kerb_vehicle;

/* ---- corrections of the roads ---------------------------------------------------------------- */

typedef enum kerb_correction_kind {
    KERB_CORRECTION_UNSPECIFIED = 0,
    KERB_CORRECTION_CLOSE, /* to the vehicles of closed_to, or to all */
    KERB_CORRECTION_ADD,   /* a road along the line, joined at its ends */
    KERB_CORRECTION_SET    /* what is stated, the rest stays */
} kerb_correction_kind;

typedef enum kerb_one_way { /* as the way's nodes run, or the line of an added road */
                            KERB_ONE_WAY_UNSPECIFIED = 0,
                            KERB_ONE_WAY_ALONG,
                            KERB_ONE_WAY_AGAINST,
                            KERB_ONE_WAY_BOTH /* open both ways */
} kerb_one_way;

/* Vehicles a correction is about: bits, 1 << kerb_vehicle_use. Hauls go with trucks. */

/* What the district knows better than the map. Where: a way, whole or from node to node (the
 * shorter stretch, past the first node of a closed way too); a node (a gate); or one position, the
 * road within KERB_NEAR_M of it from junction to junction. To add: two positions or more, each end
 * joined to the nearest node of a road within KERB_NEAR_M; ends of added lines that coincide are
 * joined too. What a row changes, later rows see; roads added they do not. */
typedef struct kerb_correction {
    kerb_correction_kind kind;
    int64_t way_id, from_node, to_node; /* nodes 0: the whole way */
    int64_t node_id;                    /* 0: none */
    const double *lat_deg, *lon_deg;    /* [n_positions] */
    size_t n_positions;
    const char *name;           /* NULL: as it is */
    kerb_road_class road_class; /* UNSPECIFIED: as it is; added: service */
    kerb_one_way one_way;
    double speed_kmh;                                            /* 0: as it is; added: 20 */
    double max_height_m, max_width_m, max_length_m, max_mass_kg; /* 0: as it is; INFINITY: none */
    double width_m;              /* of the carriageway; 0: as it is */
    uint32_t closed_to, open_to; /* bits; open_to is looked at first */
    const char *open_hours;      /* as OSM writes opening hours: shut outside them, to the vehicles
                                    of closed_to or to all; NULL: as it is */
    const kerb_label *labels;    /* none: NULL */
    size_t n_labels;
} kerb_correction;
#define KERB_NEAR_M 30.0

typedef enum kerb_correction_fault {
    KERB_CORRECTION_DONE = 0,
    KERB_CORRECTION_NO_WAY,   /* no road has this way id */
    KERB_CORRECTION_NO_RUN,   /* the way has no such two nodes */
    KERB_CORRECTION_NO_NODE,  /* no road has this node */
    KERB_CORRECTION_NO_ROAD,  /* no road so near */
    KERB_CORRECTION_NO_JOINT, /* neither end of the line meets a road */
    KERB_CORRECTION_NO_PLACE, /* neither way, node nor position; a line of one point; a node cannot
                                 have what is stated */
    KERB_CORRECTION_NO_HOURS, /* opening hours that are not understood */
    KERB_N_CORRECTION_FAULTS
} kerb_correction_fault;
KERB_API const char *kerb_correction_fault_text(kerb_correction_fault fault); /* for people */

/* As kerb_roads_load, corrected. A correction without effect is no error: its fault is kept. The
 * corrections, their order included, are part of the hash of the roads. At most 10,000. */
KERB_API kerb_status kerb_roads_load_corrected(kerb_roads **out, const char *path,
                                               const kerb_correction *corrections, size_t n,
                                               kerb_error *err);
/* As kerb_roads_load_cached; a cache made with other corrections is stale. */
KERB_API kerb_status kerb_roads_load_cached_corrected(kerb_roads **out, const char *extract,
                                                      const char *path,
                                                      const kerb_correction *corrections, size_t n,
                                                      kerb_error *err);
KERB_API kerb_correction_fault kerb_roads_correction_fault(const kerb_roads *roads, size_t index);
/* 64 hex digits; "": nothing was corrected. */
KERB_API const char *kerb_roads_corrections_hash(const kerb_roads *roads);
/* The same of corrections not yet made. */
KERB_API void kerb_corrections_hash(const kerb_correction *corrections, size_t n, char hex[65]);

/* ---- out of reach ---------------------------------------------------------------------------- */

/* Why a lane (one direction of a piece of road) is no use to a vehicle. Up to ISLAND it may be
 * driven on; all but NONE of these are cut off from the great component, the largest part whose
 * lanes all reach each other. From SHUT_CLASS on the lane itself is closed to the vehicle. */
typedef enum kerb_cut {
    KERB_CUT_NONE = 0,
    KERB_CUT_NO_WAY_OUT, /* reached from the great component, but no way back */
    KERB_CUT_NO_WAY_IN,
    KERB_CUT_TURNS, /* joined, but turns or one-way streets forbid both ways */
    KERB_CUT_DIMENSIONS,
    KERB_CUT_BARRIER,
    KERB_CUT_HOURS,
    KERB_CUT_ACCESS,
    KERB_CUT_BORDER, /* joined to nothing, within 300 m of the box around all roads */
    KERB_CUT_ISLAND,
    KERB_CUT_SHUT_CLASS,
    KERB_CUT_SHUT_ACCESS,
    KERB_CUT_SHUT_HEIGHT,
    KERB_CUT_SHUT_WIDTH,
    KERB_CUT_SHUT_LENGTH,
    KERB_CUT_SHUT_MASS,
    KERB_CUT_SHUT_HOURS,
    KERB_CUT_SHUT_SPEED,
    KERB_CUT_NO_LANE, /* against a one-way street: no lane at all */
    KERB_N_CUTS
} kerb_cut;
KERB_API const char *kerb_cut_text(kerb_cut cut); /* for people; NULL: no such cause */

typedef struct kerb_roads_reach {
    size_t n_open_arcs; /* lanes the vehicle may drive on, cut off or not */
    double open_km;
    size_t n_arcs[KERB_N_CUTS]; /* by cause */
    double length_km[KERB_N_CUTS];
} kerb_roads_reach;
/* Of the vehicle, its use and dimensions count. About a second for a city. */
KERB_API kerb_status kerb_roads_get_reach(const kerb_roads *roads, const kerb_vehicle *vehicle,
                                          kerb_roads_reach *reach, kerb_error *err);

/* The corrections that would gain a vehicle most, best first, as text or JSON, each with the row of
 * roads_extra that makes it; the caller frees *out with kerb_buffer_free. The best 24 by what they
 * touch are tried on the network; seconds for a city. */
KERB_API kerb_status kerb_roads_diagnose(const kerb_roads *roads, const kerb_vehicle *vehicle,
                                         int json, char **out, kerb_error *err);

/* A pause of a shift, taken where the vehicle stands: at the depot before it leaves, behind a task,
 * a tip or another break. The breaks of a shift are taken in the order they are listed. A spell
 * needs a break if it ends (post-trip included) after the last instant of the shift at which the
 * break may start, or has more work in it than after_work_s; always if neither is stated. */
typedef struct kerb_break {
    double duration_s;
    const kerb_window *windows; /* when it may start, at most 4; none: any time */
    size_t n_windows;
    double after_work_s; /* at the latest after so much work (driving, serving, unloading, pre-trip;
                            not waiting) since the start or the break before; 0: not tied to work */
    int at_facility;     /* only at the depot before leaving, behind a tip, or behind a load */
    int paid;            /* 0: not part of the paid hours, nor of regular_s */
    const kerb_label *labels; /* none: NULL */
    size_t n_labels;
} kerb_break;

/* Where a vehicle is: on roads the stretch of way it stands on, in its direction of travel, or, way
 * 0, the nearest road to lat, lon; with explicit travel a place of the matrix. */
typedef struct kerb_position {
    double lat_deg, lon_deg;
    int64_t way_id, from_node, to_node, offset_mm; /* mm from from_node */
    const char *place_id;
} kerb_position;

typedef struct kerb_shift { /* one vehicle, one crew, one spell of work */
    const char *id, *vehicle_id, *crew;
    const char *start_depot, *end_depot;
    int64_t start_s, end_s; /* earliest departure, latest return, overtime included */
    double regular_s;       /* paid at the plain rate; beyond it overtime; 0: all of it */
    double pre_trip_s, post_trip_s;
    double price_per_hour, price_overtime_per_hour;
    const double *starting_load_kg; /* per compartment, may be NULL */
    int available;
    const kerb_break *breaks; /* at most 4; none: NULL */
    size_t n_breaks;
    /* It has left its depot before start_s: it starts at that instant at its position with its
     * loads, paid from then on and not for being used, and its way home is part of every plan. */
    int under_way;
    kerb_position position;        /* at start_s; read where it is under way */
    const double *starting_load_l; /* per compartment, may be NULL; 0: in proportion to kg */
    double used_water_l;           /* of a full tank */
    double used_battery_wh;        /* of a full battery */
    double worked_s; /* of one under way: its work since its last break, up to start_s */
    /* Paid at price_per_hour even where the shift goes out for less; unpaid breaks do not count. */
    double guaranteed_s;
    double turnaround_s; /* after an earlier shift of its vehicle has ended */
    const char *follows; /* of a haul truck: the shift in which the same truck collects or
                            sweeps; it sets out when that is back, turnaround_s later; "": none */
    const char *setting; /* of its vehicle, that it goes out with; "": the plan says. With a load
                            on board, or under way, "" is as the compartments say */
    const kerb_label *labels; /* none: NULL */
    size_t n_labels;
} kerb_shift;

typedef struct kerb_depot {
    const char *id, *name;
    double lat_deg, lon_deg;
    const kerb_label *labels; /* none: NULL */
    size_t n_labels;
} kerb_depot;

typedef enum kerb_facility_kind {
    KERB_FACILITY_UNSPECIFIED = 0,
    KERB_FACILITY_TRANSFER_STATION,
    KERB_FACILITY_PLANT,
    KERB_FACILITY_DUMP,
    KERB_FACILITY_HYDRANT,
    KERB_FACILITY_CHARGER
} kerb_facility_kind;

typedef struct kerb_gate { /* what a facility takes and at what price */
    kerb_stream stream;
    double fee_per_tonne; /* negative: revenue */
    /* At a transfer station, for hauls: */
    double stock_kg;  /* lying there when the night starts */
    double buffer_kg; /* most that may lie there; 0: not limited */
    int cleared;      /* nothing may lie there when the night ends */
} kerb_gate;

typedef struct kerb_bay_slot { /* bays promised to others for a while */
    int64_t start_s, end_s;    /* end 0: 900 s later */
    int32_t taken;
} kerb_bay_slot;

typedef struct kerb_facility {
    const char *id, *name;
    kerb_facility_kind kind;
    double lat_deg, lon_deg;
    const kerb_gate *gates;
    size_t n_gates;
    const kerb_window *windows;
    size_t n_windows;
    double unload_s, unload_s_per_tonne;
    /* No more vehicles unload or charge at once than there are bays, less those in bay_slots; all
     * of them together bring no more than cap_tonnes less used_tonnes. 0: not limited. */
    int32_t bays;
    double cap_tonnes, used_tonnes;
    const kerb_bay_slot *bay_slots; /* none: NULL */
    size_t n_bay_slots;
    int has_water;
    double charge_w;          /* for each vehicle with a battery that stands there; 0: none */
    const kerb_label *labels; /* none: NULL */
    size_t n_labels;
} kerb_facility;

typedef struct kerb_closure {           /* a street closed tonight, for every vehicle */
    int64_t way_id, from_node, to_node; /* nodes 0: the whole way */
    const char *note;
    const kerb_label *labels; /* none: NULL */
    size_t n_labels;
} kerb_closure;

typedef struct kerb_corner {
    double lat_deg, lon_deg;
} kerb_corner;
typedef struct kerb_road_name {
    const char *name;
} kerb_road_name;

/* Roads that some vehicles may not use at some hours: those of an area, a circle, or of certain
 * names (within the area or circle, if there is one). A piece of road between two junctions lies in
 * an area if the middle of one of its straight segments does. Such roads are closed to every shift
 * that the hours meet. */
typedef struct kerb_ban {
    const char *id, *note;
    const kerb_corner *corners; /* at least 3, or none */
    size_t n_corners;
    double lat_deg, lon_deg, radius_m; /* radius 0: no circle */
    const kerb_road_name *roads;       /* as named in the road network; none: every road */
    size_t n_roads;
    const kerb_vehicle_use *uses; /* none: every use */
    size_t n_uses;
    double over_mass_kg, over_height_m, over_width_m, over_length_m; /* only larger; 0: any */
    const char *hours;        /* as OpenStreetMap's opening_hours, local time; "": at any time */
    const kerb_label *labels; /* none: NULL */
    size_t n_labels;
} kerb_ban;

/* People who look after vehicles that drive by themselves: no more than n_people times
 * vehicles_each of those that name them are out at any moment, from the start of each spell to its
 * end. */
typedef struct kerb_attendants {
    const char *id;
    int32_t n_people, vehicles_each;
    const kerb_label *labels; /* none: NULL */
    size_t n_labels;
} kerb_attendants;

/* Containers and streets that come in this order on each shift, as many of them as it serves; other
 * stops may lie between. Every pass of a street has its place. Shifts do not wait for each other.
 */
typedef struct kerb_sequence_stop {
    const char *id; /* container or street */
} kerb_sequence_stop;
typedef struct kerb_sequence {
    const char *note;                /* for people */
    const kerb_sequence_stop *stops; /* each once */
    size_t n_stops;
    const kerb_label *labels; /* none: NULL */
    size_t n_labels;
} kerb_sequence;

/* A plan the new one should stay close to: a stop that it gave to another shift, one that is not
 * out, costs price_change_per_stop. Of several the last one counts. */
typedef struct kerb_earlier_stop {
    const char *id;     /* container, street or facility */
    int32_t pass;       /* of a street, from 1 */
    int64_t start_s;    /* KERB_NO_TIME: unknown */
    int fixed;          /* done, or on its way to it: no part of the problem any more */
    kerb_stream stream; /* what a haul truck loads there */
} kerb_earlier_stop;
typedef struct kerb_earlier_route {
    const char *shift_id;
    const char *crew; /* of a familiar plan: the crew, or the vehicle that went without one */
    const kerb_earlier_stop *stops;
    size_t n_stops;
} kerb_earlier_route;
typedef struct kerb_earlier_plan {
    const char *plan_id;
    const kerb_earlier_route *routes;
    size_t n_routes;
} kerb_earlier_plan;

/* ---- the model ------------------------------------------------------------------------------- */

typedef struct kerb_model kerb_model;

typedef struct kerb_progress {
    int64_t iteration;
    double cost, bound; /* NAN while unknown */
    double elapsed_s;
    const char *phase;
} kerb_progress;

struct kerb_plan;
typedef struct kerb_options {
    uint64_t seed;
    int threads;        /* 0: one */
    double time_s;      /* wall seconds of search; 0 with iterations 0: 30 s. A small district
                           may be proved to be optimal before: then it ends */
    int64_t iterations; /* local searches over all islands; 0: until time_s; re-planning: less
                           than 0: the first answer only */
    /* Called on the caller's thread now and then; return non-zero to stop with the best so far. */
    int (*progress)(const kerb_progress *progress, void *payload);
    /* Each checked plan of a re-planning, the first at once; it lives until the call returns. Same
     * thread. */
    void (*answer)(const struct kerb_plan *plan, void *payload);
    /* Dated lines for a log. Same thread. */
    void (*log)(const char *line, void *payload);
    void *payload;
} kerb_options;

KERB_API kerb_status kerb_model_new(kerb_model **out, const kerb_roads *roads, kerb_error *err);
KERB_API void kerb_model_free(kerb_model *model);
KERB_API kerb_status kerb_model_set_district(kerb_model *model, const kerb_district *district,
                                             kerb_error *err);
KERB_API kerb_status kerb_model_add_sites(kerb_model *model, const kerb_site *sites, size_t n,
                                          kerb_error *err);
KERB_API kerb_status kerb_model_add_containers(kerb_model *model, const kerb_container *containers,
                                               size_t n, kerb_error *err);
KERB_API kerb_status kerb_model_add_reports(kerb_model *model, const kerb_report *reports, size_t n,
                                            kerb_error *err);
KERB_API kerb_status kerb_model_add_streets(kerb_model *model, const kerb_street *streets, size_t n,
                                            kerb_error *err);
KERB_API kerb_status kerb_model_add_vehicles(kerb_model *model, const kerb_vehicle *vehicles,
                                             size_t n, kerb_error *err);
KERB_API kerb_status kerb_model_add_shifts(kerb_model *model, const kerb_shift *shifts, size_t n,
                                           kerb_error *err);
KERB_API kerb_status kerb_model_add_depots(kerb_model *model, const kerb_depot *depots, size_t n,
                                           kerb_error *err);
KERB_API kerb_status kerb_model_add_facilities(kerb_model *model, const kerb_facility *facilities,
                                               size_t n, kerb_error *err);
KERB_API kerb_status kerb_model_add_closures(kerb_model *model, const kerb_closure *closures,
                                             size_t n, kerb_error *err);
KERB_API kerb_status kerb_model_add_bans(kerb_model *model, const kerb_ban *bans, size_t n,
                                         kerb_error *err);
KERB_API kerb_status kerb_model_add_attendants(kerb_model *model, const kerb_attendants *attendants,
                                               size_t n, kerb_error *err);
KERB_API kerb_status kerb_model_add_sequences(kerb_model *model, const kerb_sequence *sequences,
                                              size_t n, kerb_error *err);
KERB_API kerb_status kerb_model_add_earlier_plans(kerb_model *model, const kerb_earlier_plan *plans,
                                                  size_t n, kerb_error *err);
/* Plans of earlier nights, in any order. A crew (a vehicle, of shifts without one) is familiar with
 * what it served in any of them; what only others served there costs price_unfamiliar_per_stop if
 * it serves it, what none did costs nothing. Of a stop the id counts, of a route crew and stops. */
KERB_API kerb_status kerb_model_add_familiar_plans(kerb_model *model,
                                                   const kerb_earlier_plan *plans, size_t n,
                                                   kerb_error *err);
/* The same of a plan as it was made, copied. Before sealing. */
KERB_API kerb_status kerb_model_add_familiar(kerb_model *model, const struct kerb_plan *plan,
                                             kerb_error *err);
/* A vehicle or a shift is out tonight, whatever was said of it before: for comparing what a night
 * would be with less. Before sealing. Fails with KERB_BAD_INPUT where neither has this id. */
KERB_API kerb_status kerb_model_set_out(kerb_model *model, const char *id, kerb_error *err);
/* Explicit travel instead of roads: n places; row-major [n][n] from -> to; ids name sites, depots,
 * facilities and streets. A street's id stands for its entry; "<id>#exit" for its exit. */
KERB_API kerb_status kerb_model_set_matrix(kerb_model *model, const char *const *place_ids,
                                           size_t n, const int32_t *time_ms,
                                           const int32_t *length_mm, kerb_error *err);
/* A note for the plan: data quarantined, an override applied. kind is a short code. */
KERB_API kerb_status kerb_model_add_note(kerb_model *model, const char *kind, const char *text,
                                         kerb_error *err);

/* Notes so far, those of sealing included; NULL beyond the last. *kind may be NULL. */
KERB_API const char *kerb_model_note(const kerb_model *model, size_t index, const char **kind);

/* kerb_roads_diagnose for the model's largest truck, ranked by its sites first. Fails with
 * KERB_BAD_CALL without roads or a truck. */
KERB_API kerb_status kerb_model_diagnose(const kerb_model *model, int json, char **out,
                                         kerb_error *err);

/* The problem as a message (kerbside.v1.Problem); the caller frees *out with kerb_buffer_free. */
KERB_API kerb_status kerb_model_pack(const kerb_model *model, uint8_t **out, size_t *n_out,
                                     kerb_error *err);
KERB_API kerb_status kerb_model_unpack(kerb_model **out, const kerb_roads *roads, const uint8_t *in,
                                       size_t n_in, kerb_error *err);
/* Snap to the roads, forecast, choose must / may / skip, fill the matrices. Immutable
 * afterwards. */
KERB_API kerb_status kerb_model_seal(kerb_model *model, const kerb_options *options,
                                     kerb_error *err);

/* ---- the plan -------------------------------------------------------------------------------- */

typedef struct kerb_plan kerb_plan;

typedef struct kerb_plan_totals {
    double cost, bound; /* in the currency; skip prizes in both */
    double gap_percent;
    double length_km, work_h;
    size_t n_routes, n_stops, n_served, n_unserved_must;
    int64_t iterations; /* the count that repeats the plan */
    int stopped;        /* a callback stopped the solve early */
    int degraded;       /* data was quarantined or musts were left out: exit code 5 */
    int proved_optimal; /* to one in a million of the cost */
} kerb_plan_totals;

KERB_API kerb_status kerb_plan_solve(kerb_plan **out, const kerb_model *model,
                                     const kerb_options *options, kerb_error *err);
KERB_API void kerb_plan_free(kerb_plan *plan);
KERB_API kerb_status kerb_plan_pack(const kerb_plan *plan, uint8_t **out, size_t *n_out,
                                    kerb_error *err);
KERB_API kerb_status kerb_plan_unpack(kerb_plan **out, const uint8_t *in, size_t n_in,
                                      kerb_error *err);
KERB_API kerb_status kerb_plan_write(const kerb_plan *plan, const char *path, kerb_error *err);
KERB_API kerb_status kerb_plan_read(kerb_plan **out, const char *path, kerb_error *err);
KERB_API void kerb_plan_get_totals(const kerb_plan *plan, kerb_plan_totals *totals);
/* Text for a person (json 0) or a program (json 1); the caller frees with kerb_buffer_free. */
KERB_API kerb_status kerb_plan_summary(const kerb_plan *plan, int json, char **out,
                                       kerb_error *err);
/* The text for a person in a language, "en" or "zh"; anything else is KERB_BAD_CALL. */
KERB_API kerb_status kerb_plan_summary_in(const kerb_plan *plan, const char *language, char **out,
                                          kerb_error *err);
/* A sentence of this library - a reason, a note, the message of an error - in a language, "en" or
 * "zh"; *out is the caller's to free with kerb_buffer_free. Ids, names, places and fields stay; so
 * does a sentence that has no translation. Any thread. KERB_BAD_CALL, KERB_NO_MEMORY. */
KERB_API kerb_status kerb_text_translate(char **out, const char *sentence, const char *language,
                                         kerb_error *err);
KERB_API kerb_status kerb_plan_geojson(const kerb_plan *plan, char **out, kerb_error *err);
/* Why a container or street is out (or in): a sentence; NULL where the id is unknown. */
KERB_API const char *kerb_plan_why(const kerb_plan *plan, const char *id);
/* Recompute everything from the sealed model and the roads. *n_violations 0: accepted. Violations
 * one a line in *report (kerb_buffer_free). */
KERB_API kerb_status kerb_plan_check(const kerb_plan *plan, const kerb_model *model,
                                     size_t *n_violations, char **report, kerb_error *err);

/* ---- after something happened ---------------------------------------------------------------- */

typedef enum kerb_event_kind {
    KERB_EVENT_UNSPECIFIED = 0,
    KERB_EVENT_DONE,          /* id: container, street or facility; by vehicle */
    KERB_EVENT_SKIPPED,       /* passed over on purpose */
    KERB_EVENT_FAILED,        /* tried in vain; reason says why */
    KERB_EVENT_LEFT,          /* the vehicle left its depot, at start_s */
    KERB_EVENT_VEHICLE_DOWN,  /* for the rest of the night */
    KERB_EVENT_OVERFLOWING,   /* id: container */
    KERB_EVENT_STREET_CLOSED, /* way, whole or from node to node */
    KERB_EVENT_FACILITY_SHUT, /* id; from start_s (unknown: now) to end_s (unknown: for good) */
    KERB_EVENT_MOVE,          /* order: id (container, site or street) is served, by vehicle */
    KERB_EVENT_PIN,           /* order: by vehicle or not at all */
    KERB_EVENT_FORBID,        /* order: not by vehicle */
    KERB_EVENT_SERVE,         /* order: is served whatever the forecast says */
    KERB_EVENT_LEAVE_OUT,     /* order: is left out tonight */
    KERB_N_EVENTS
} kerb_event_kind;
KERB_API const char *kerb_event_name(kerb_event_kind kind); /* "vehicle_down"; NULL: none such */

/* What happened, or what a dispatcher orders. Members that the kind does not name are not read;
 * instants at or below 0 are unknown. Of two events about one stop the later in the list counts. */
typedef struct kerb_event {
    kerb_event_kind kind;
    const char *id;      /* container, site, street or facility */
    const char *vehicle; /* id of a vehicle or a shift; may be NULL where id says it all */
    int32_t pass;        /* of a street, from 1; 0: the first not reported */
    int64_t start_s, end_s;
    double mass_kg; /* weighed when done; 0 or NAN: unknown */
    int64_t way_id, from_node, to_node;
    const char *reason; /* code, may be NULL */
} kerb_event;

/* What was carried out in an earlier night, before sealing: what was done counts as emptied or
 * swept at its end_s; what was skipped or failed is served whatever the forecast says, unless the
 * model says otherwise of it. Other events, facilities, and ids not known are passed over. */
typedef struct kerb_executed_totals {
    size_t n_done, n_due_again, n_unknown;
} kerb_executed_totals;
KERB_API kerb_status kerb_model_add_executed(kerb_model *model, const kerb_event *events, size_t n,
                                             kerb_executed_totals *totals, kerb_error *err);

/* The problem of the rest of the night: what `model` asked less what is past, the fleet where it is
 * by now, with what was ordered. A shift of which an event tells is as far as the events say; one
 * of which none tells is taken to be on plan at as_of_s. The stop that a vehicle is driving to
 * stays its own, and the problem begins behind it; unless the vehicle is down, the facility shut,
 * or an order names that very stop. Departing from the plan is priced (price_change_per_stop; where
 * the district states none, KERB_CHANGE_RATIO of what an average stop costs). as_of_s: now;
 * KERB_NO_TIME: the newest instant in the events. model: sealed or not; plan: made from it. *out is
 * not sealed yet, borrows the model's roads, and outlives both. Fails with KERB_BAD_INPUT naming
 * the event, the member, what it says, what was expected. Any thread. */
#define KERB_CHANGE_RATIO 0.5
KERB_API kerb_status kerb_model_after(kerb_model **out, const kerb_model *model,
                                      const kerb_plan *plan, const kerb_event *events,
                                      size_t n_events, int64_t as_of_s, kerb_error *err);
/* A plan of the rest of the night, from a sealed model that kerb_model_after made and the same
 * plan: what still holds is kept, what must move is inserted where it costs least. That first
 * answer is checked and handed to options->answer; then the search goes on from it for
 * options->time_s or options->iterations (less than 0: not at all), and a better one is *out. Where
 * nothing has happened but what was planned, and all of it still holds, the routes stay as they
 * are. */
KERB_API kerb_status kerb_plan_replan(kerb_plan **out, const kerb_model *model,
                                      const kerb_plan *before, const kerb_options *options,
                                      kerb_error *err);
/* Events of an Execution message: its stops by route, then its events, in the order they were
 * recorded. The list and its texts live as long as the handle. as_of_s: KERB_NO_TIME where the
 * message does not say. Fails with KERB_BAD_INPUT, KERB_UNSUPPORTED, KERB_NO_MEMORY. */
typedef struct kerb_events kerb_events;
KERB_API kerb_status kerb_events_unpack(kerb_events **out, const uint8_t *in, size_t n_in,
                                        kerb_error *err);
KERB_API const kerb_event *kerb_events_list(const kerb_events *events, size_t *n);
KERB_API int64_t kerb_events_as_of(const kerb_events *events);
KERB_API void kerb_events_free(kerb_events *events);

/* What the new plan does differently from the rest of the old one, as a person reads it; the caller
 * frees *out with kerb_buffer_free. model: what the new plan was made from. */
KERB_API kerb_status kerb_plan_difference(const kerb_plan *before, const kerb_plan *after,
                                          const kerb_model *model, char **out, kerb_error *err);

/* ---- messages and files ---------------------------------------------------------------------- */

/* One call for callers that speak protobuf: a Problem in, a Plan out. */
KERB_API kerb_status kerb_plan_solve_message(const kerb_roads *roads, const uint8_t *in,
                                             size_t n_in, uint8_t **out, size_t *n_out,
                                             const kerb_options *options, kerb_error *err);
KERB_API void kerb_buffer_free(void *buffer);

/* Why a cache asked for by kerb_roads_load_cached is worth saving again, in the manner of snprintf:
 * the length of a line, 0 where the cache had everything. With a sealed model of these roads (or
 * NULL) also if it lacks a hierarchy that sealing had to build. */
KERB_API size_t kerb_roads_why_not_cached(const kerb_roads *roads, const kerb_model *model,
                                          char *text, size_t n_bytes);
/* Write a road cache: the roads, the hierarchies of a sealed model of them (or NULL), and those of
 * the cache the roads came from, eight in all. path NULL: where kerb_roads_load_cached looked.
 * Whole or not at all, whoever else is reading or writing it; the last of two that write at once
 * stays. Fails with KERB_IO, KERB_NO_MEMORY, or KERB_BAD_CALL, also where the extract was no
 * regular file or changed while it was read. Any thread. */
KERB_API kerb_status kerb_roads_save(const kerb_roads *roads, const kerb_model *model,
                                     const char *path, kerb_error *err);

/* A file whole: written by temporary neighbour, fsync and rename; read up to max_bytes, a NUL
 * behind the last byte. */
KERB_API kerb_status kerb_file_write(const char *path, const void *bytes, size_t n_bytes,
                                     kerb_error *err);
KERB_API kerb_status kerb_file_read(char **out, size_t *n_out, const char *path, size_t max_bytes,
                                    kerb_error *err);
/* A picture of the routes as SVG, "(c) OpenStreetMap contributors" on it. */
KERB_API kerb_status kerb_plan_svg(const kerb_plan *plan, char **out, kerb_error *err);
/* Hash of the problem a sealed model or a plan was made from: 64 hex digits. */
KERB_API const char *kerb_model_hash(const kerb_model *model);
KERB_API const char *kerb_plan_id(const kerb_plan *plan);
/* The instant that times of day in the plan are counted from, and its zone's offset from UTC. */
KERB_API int64_t kerb_plan_night_start(const kerb_plan *plan);
KERB_API int32_t kerb_plan_utc_offset(const kerb_plan *plan);

#ifdef __cplusplus
}
#endif
#endif
