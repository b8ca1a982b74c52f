/* SPDX-License-Identifier: GPL-3.0-or-later
 * plan.h - the plan as plain data: what the message carries, the checker judges and people read.
 *
 * Self-contained: strings and arrays in its arena, nothing borrowed from a model. Amounts are the
 * model's integers; instants are ms from night_start_s. */
#ifndef KI_PLAN_H
#define KI_PLAN_H
#include "model/draft.h"
#include "model/model.h"
#include "route/route.h"

typedef struct ki_plan_run { /* a run along one way, in the direction of travel */
    int64_t way_id, from_node, to_node;
    const char *name;
    int64_t length_mm; /* of the part driven */
} ki_plan_run;

typedef struct ki_plan_leg { /* how a stop is reached from the one before (or a kerb is swept) */
    ki_plan_run *runs;       /* consecutive edges of one way joined; a U-turn starts a new run */
    int32_t n_runs;
    int32_t start_offset_mm, end_offset_mm; /* of the ends from the first run's from_node and
                                               from the last run's from_node */
    int32_t time_ms, length_mm;
    int32_t n_points; /* geometry, 1e-7 degrees: lat, lon pairs */
    int32_t *points;
    uint8_t deadhead; /* 1: driving; 0: sweeping */
} ki_plan_leg;

typedef enum ki_stop_kind {
    KI_STOP_UNSPECIFIED = 0,
    KI_STOP_START,
    KI_STOP_SERVE, /* a container */
    KI_STOP_SWEEP, /* a kerb */
    KI_STOP_TIP,
    KI_STOP_END,
    KI_STOP_CHARGE = 7, /* at a facility, with the load kept */
    KI_STOP_LOAD = 8    /* a haul, at a transfer station */
} ki_stop_kind;

typedef struct ki_plan_load {
    int64_t mass_g, volume_ml; /* of one compartment after the stop; volume 0: not counted */
} ki_plan_load;

typedef struct ki_plan_stop {
    ki_stop_kind kind;
    const char *id;   /* container, street, facility or depot */
    const char *site; /* site id of a container; NULL otherwise */
    kerb_stream stream;
    int32_t pass; /* 1.. for kerbs */
    int32_t mode; /* index among the task's modes; among the type's tip options for a tip */
    int32_t lat_e7, lon_e7;
    ki_plan_leg leg;   /* from the stop before; empty for the start */
    ki_plan_leg sweep; /* along the kerb, for KI_STOP_SWEEP */
    int32_t arrival_ms, start_ms, end_ms;
    int32_t earliest_ms, latest_ms; /* feasible start of service with the rest of the route kept */
    int32_t setup_ms;               /* part of end - start */
    int64_t mass_g, volume_ml, water_ml; /* taken up here; at a tip: unloaded */
    int64_t fee_nano;
    int32_t n_loads;
    ki_plan_load *loads; /* per compartment */
    int64_t water_left_ml;
    int64_t energy_left_mwh;   /* in the battery, the reserve included; 0 without one */
    int64_t charged_mwh;       /* of energy_left_mwh: what a charge here added */
    int32_t charge_ms;         /* at a tip: part of end - start, behind unloading */
    uint8_t swapped;           /* the container is taken away full for an empty one */
    int32_t full_permille;     /* of the fullest compartment on reaching a tip; elsewhere 0 */
    int32_t overload_permille; /* chance that the trip which ends at this tip overloads it */
    const kerb_label *labels;  /* of what is served or visited */
    size_t n_labels;
} ki_plan_stop;

typedef struct ki_plan_break { /* taken where the vehicle stands */
    int32_t start_ms, end_ms;
    int32_t after_stop; /* index in stops */
} ki_plan_break;

typedef struct ki_plan_route {
    const char *shift, *vehicle, *vehicle_kind, *crew;
    const char *setting; /* of the vehicle's walls; "": as its compartments say */
    kerb_vehicle_use use;
    int32_t spell_start_ms, spell_end_ms;
    int64_t length_mm, deadhead_mm;
    int32_t n_stops, n_trips, n_served;
    ki_plan_stop *stops; /* start depot first, end depot last */
    int64_t cost_nano, used_nano, distance_nano, time_nano, overtime_nano, fees_nano;
    int64_t changes_nano;    /* for stops that another shift had in the earlier plan */
    int64_t balance_nano;    /* of the square of its paid hours */
    int64_t guaranteed_nano; /* for hours that are paid and not worked */
    int32_t late_permille;   /* chance of being late where it is likeliest */
    int64_t unfamiliar_nano, unfamiliar_mm; /* stops strange to its crew: price, legs and sweeps */
    int32_t n_unfamiliar;
    int64_t compactness_nano;
    int32_t radius_m; /* root mean square distance of its stops from their middle; 0: not asked */
    int64_t mass_g_by_stream[KERB_N_STREAMS];
    int32_t n_breaks;
    ki_plan_break *breaks;    /* in the order of the shift's */
    const kerb_label *labels; /* of the shift */
    size_t n_labels;
} ki_plan_route;

typedef struct ki_plan_decision { /* for every container and street of the problem */
    const char *id, *site, *name, *zone;
    uint8_t is_street;
    kerb_stream stream;
    ki_choice choice;
    uint8_t served;     /* all passes */
    uint8_t swapped;    /* a container that is taken away full for an empty one */
    const char *reason; /* code: why must / may / skip / cannot; if left out, why left out */
    const char *text;   /* a sentence, with what would make it fit where it is left out */
    double fill_ratio, fill_sd_ratio, rate_per_day; /* NAN unknown */
    int64_t newest_report_s;
    int64_t prize_nano; /* charged if left out */
    int32_t lat_e7, lon_e7;
    const kerb_label *labels; /* of the container or street */
    size_t n_labels;
} ki_plan_decision;

typedef struct ki_plan_cost_line {
    const char *item; /* vehicles, distance, time, overtime, gate_fees, changes, balance,
                         unfamiliar, compactness, guaranteed, left_out */
    const char *zone; /* "" for the whole */
    int64_t nano;
} ki_plan_cost_line;

typedef struct ki_plan_place { /* for the map: facilities and depots */
    const char *id, *name, *kind;
    int32_t lat_e7, lon_e7;
    uint8_t charges;          /* batteries */
    const kerb_label *labels; /* of the depot or facility */
    size_t n_labels;
} ki_plan_place;

typedef struct ki_plan_pile { /* one stream at one transfer station */
    const char *facility;
    kerb_stream stream;
    int64_t opening_g, inflow_g, hauled_g, closing_g; /* the first two are the sum of the others */
    int64_t buffer_g;                                 /* 0: not limited */
    int64_t peak_g;
    int32_t peak_ms;
    const char *reason, *text; /* why above its buffer, or not cleared; "" neither */
} ki_plan_pile;

typedef struct ki_plan_hauls {
    int32_t slot_ms;    /* loading and unloading begin at multiples of it; 0: nothing to haul */
    int64_t cost_nano;  /* of the routes of haul trucks */
    int64_t bound_nano; /* part of the plan's */
    uint8_t proved;
    const char *method; /* "program", or "greedy" and after a colon why */
} ki_plan_hauls;

typedef struct ki_plan_master { /* what GLPK did */
    int32_t n_mips, n_columns, n_improved, n_faults, pool_size;
    int64_t gained_nano;
    uint8_t proved;
} ki_plan_master;

struct kerb_plan {
    ki_arena arena;
    const char *id;        /* first 16 hex digits of the hash of the message without it */
    const char *parent_id; /* "" if none */
    const char *problem_hash, *roads_hash;
    const char *district_id, *district_name, *currency, *zone, *service_day;
    int32_t utc_offset_s;
    int64_t night_start_s, as_of_s;
    int32_t n_routes, n_decisions, n_cost_lines, n_places, n_notes;
    ki_plan_route *routes;
    ki_plan_decision *decisions;
    ki_plan_cost_line *cost_lines;
    ki_plan_place *places;
    const kerb_label *labels; /* of the problem */
    size_t n_labels;
    ki_note *notes; /* data rejected, overrides, warnings */
    int64_t cost_nano, bound_nano, left_out_nano;
    const char *relaxation, *scope;
    int32_t bound_columns, bound_passes;
    ki_plan_master master;
    int32_t n_piles;
    ki_plan_pile *piles;
    ki_plan_hauls hauls;
    uint8_t proved_optimal, degraded, stopped;
    /* provenance: enough to repeat the run */
    const char *engine_version;
    uint64_t seed;
    int64_t iterations;
    int32_t n_islands;
};

/* Makes the plan of a solution: legs unpacked, times, loads, decisions, reasons, cost lines. The
 * solution must be feasible. bound, master and provenance fields are filled by the caller. */
kerb_status ki_plan_make(kerb_plan **out, const kerb_model *model, const ki_solution *solution,
                         kerb_error *err);

/* The same plan, nothing copied, less the routes of haul trucks, which come last. */
kerb_plan ki_plan_without_hauls(const kerb_plan *plan);

typedef struct ki_violation_sink {
    void (*add)(void *payload, const char *line);
    void *payload;
} ki_violation_sink;
#endif
