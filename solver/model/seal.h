/* SPDX-License-Identifier: GPL-3.0-or-later
 * seal.h - a model while it is being sealed. Everything here is gone once it is.
 *
 *   validate ─► demand ─► fleet (seeds of types, travels) ─► points (depots, facilities, sites,
 *   kerbs) ─► matrices ─► tips ─► types, tasks and modes that some vehicle can really do */
#ifndef KI_SEAL_H
#define KI_SEAL_H
#include "model/ban.h"
#include "model/draft.h"
#include "model/model.h"
#include "model/validate.h"
#include "road/snap.h"

enum { KI_GROUP_COLLECTION = 0, KI_GROUP_SWEEPING = 1, KI_GROUP_HAUL = 2, KI_N_GROUPS = 3 };

typedef enum ki_dim_kind { KI_DIM_NONE = 0, KI_DIM_MASS, KI_DIM_VOLUME, KI_DIM_WATER } ki_dim_kind;

typedef struct ki_seed { /* a type before its places and tips are known */
    ki_type type;
    int32_t vehicle;               /* draft index of the first of them */
    int32_t n_settings;            /* seeds side by side that share their shifts; 1: none do */
    uint8_t use;                   /* kerb_vehicle_use */
    uint32_t streams[KI_MAX_DIMS]; /* mask of the streams a dimension carries; 0 for water */
    uint8_t kinds[KI_MAX_DIMS];    /* ki_dim_kind */
    uint32_t all_streams;
    uint8_t has_water;
    uint8_t brush; /* kerb_side of a brush on one side; 0: either */
    int32_t sweep_mm_per_s;
    int32_t load_ms; /* of a haul truck */
    ki_profile_spec spec;
    uint64_t bans;   /* mask of the draft's bans it meets tonight */
    int32_t apart;   /* the shift, where it cannot be taken for another; -1: it can */
    int32_t *shifts; /* in scratch, type.n_shifts of them */
} ki_seed;

typedef struct ki_access { /* one way to stand at a place, or to sweep a kerb */
    int32_t entry, exit;   /* points of the group */
    int32_t length_mm;
    uint64_t travels; /* mask of the travels that may use it */
    uint8_t hand;     /* kerb_side of the kerb to who drives so; 0: no kerb, or a centre lane */
} ki_access;

typedef struct ki_access_list {
    ki_access *items;
    size_t n, capacity;
    ki_snap_cause cause; /* of an empty list */
    ki_snap passed;      /* the first that passed over a nearer road; passed_arc -1: none */
    int32_t passed_by;   /* its travel */
} ki_access_list;

typedef struct ki_span { /* start of service, ms of the night */
    int32_t open_ms, close_ms;
} ki_span;

typedef struct ki_points { /* of one group; each place once */
    ki_place *places;
    size_t n, capacity;
    int32_t *slots; /* hash table of point + 1; 0: free */
    size_t n_slots; /* a power of two */
} ki_points;

/* Causes that notes group by. */
typedef enum ki_cannot {
    KI_CANNOT_NO_ROAD = 0,
    KI_CANNOT_CUT_OFF,
    KI_CANNOT_WRONG_SIDE,
    KI_CANNOT_NO_RUN,
    KI_CANNOT_CLOSED,
    KI_CANNOT_NO_WINDOW,
    KI_CANNOT_NO_VEHICLE,
    KI_CANNOT_PINNED,
    KI_CANNOT_NO_LIFT,
    KI_CANNOT_NO_BRUSH,
    KI_CANNOT_TOO_BIG,
    KI_CANNOT_NO_FACILITY,
    KI_CANNOT_NO_WAY,
    KI_N_CANNOTS
} ki_cannot;

typedef struct ki_load_sums { /* in milli units */
    double mean, variance, most;
} ki_load_sums;
typedef struct ki_stream_loads {
    ki_load_sums mass, volume;
} ki_stream_loads;

typedef struct ki_seal {
    ki_model *model;
    const ki_draft *draft;
    const ki_graph *graph; /* NULL with explicit travel */
    int threads;
    kerb_error *err;
    ki_arena scratch;
    ki_draft_ids ids;
    ki_forecast *forecasts;    /* [n_containers] */
    uint8_t *is_named;         /* [n_vehicles] by pins */
    uint8_t *is_earlier;       /* [n_shifts] told from others by an earlier or familiar plan */
    int64_t service_s;         /* expected time of service */
    double stop_price;         /* of an average stop: what mays are weighed with */
    struct ki_outing *outings; /* [n_containers] */
    ki_snap_index *snap;
    ki_crossing crossing;
    uint8_t *closed;       /* [n_arcs] or NULL */
    uint64_t *bans;        /* [n_edges] mask of the draft's bans on it, or NULL */
    uint64_t *travel_bans; /* [n_travels] those that close its roads */
    ki_seed *seeds;
    size_t n_seeds, seeds_capacity;
    uint32_t dropped_streams[KI_N_GROUPS]; /* of types that were dropped for want of a tip */
    ki_points points[KI_N_GROUPS];
    ki_access_list access;                   /* re-used for one place after another */
    ki_access_list *facilities[KI_N_GROUPS]; /* [n_facilities] */
    ki_task *tasks;
    size_t n_tasks, tasks_capacity;
    ki_mode *modes;
    uint64_t *mode_travels; /* [n_modes] */
    uint8_t *mode_hands;    /* [n_modes] */
    size_t n_modes, modes_capacity, mode_travels_capacity, mode_hands_capacity;
    ki_tip *tips;
    size_t n_tips, tips_capacity;
    struct ki_note *notes;
    size_t n_notes, notes_capacity;
    size_t n_cannot[KI_N_CANNOTS][2];        /* containers, streets */
    size_t n_idle_sites;                     /* not due tonight and out of reach */
    ki_stream_loads loads[KERB_N_STREAMS];   /* of tonight's containers; 0 without load_quantile */
    double room_deviations;                  /* of a full trip, that are kept free */
    double least_room, most_room;            /* share of a compartment that trips are planned to */
    int32_t least_margin_ms, most_margin_ms; /* before windows and shifts end; 0: none */
    size_t n_passed; /* sites, depots, facilities served past a dead pocket */
    uint8_t **cuts;  /* [n_travels] ki_cut of arcs, found when first wanted */
} ki_seal;

/* ---- model.c --------------------------------------------------------------------------------- */
/* A sentence in the model's arena; NULL out of memory (callers turn that into KERB_NO_MEMORY). */
const char *ki_seal_text(ki_seal *seal, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
kerb_status ki_seal_note(ki_seal *seal, const char *kind, const char *text);

/* ---- integers -------------------------------------------------------------------------------- */
int32_t ki_seal_ms(double seconds);
int64_t ki_seal_milli(double units); /* kg to g, l to ml */
int64_t ki_seal_nano(double price);
/* Windows clipped to the night, sorted, overlapping ones joined; none given: the whole night.
 * *spans in scratch; *n 0: none of them lies in the night. */
kerb_status ki_seal_spans(ki_seal *seal, const kerb_window *windows, size_t n_windows,
                          ki_span **spans, size_t *n);

/* ---- fleet.c --------------------------------------------------------------------------------- */
kerb_status ki_seal_fleet(ki_seal *seal); /* seeds of types, from the shifts of tonight */
kerb_status ki_seal_types(ki_seal *seal); /* after tips: the types that can end empty */
int ki_seed_same_dims(const ki_seed *a, const ki_seed *b);
int ki_seed_same_spec(const ki_profile_spec *a, const ki_profile_spec *b); /* windows apart */

/* ---- travel.c -------------------------------------------------------------------------------- */
kerb_status ki_seal_travels(ki_seal *seal); /* profiles of the seeds, closures, snap index */
kerb_status ki_seal_matrices(ki_seal *seal);
uint64_t ki_seal_group_travels(const ki_seal *seal, int group);
/* Ways to stand at a coordinate: seal->access. id names the place with explicit travel. */
kerb_status ki_seal_access(ki_seal *seal, int group, const char *id, double lat_deg, double lon_deg,
                           kerb_approach approach, ki_access_list *out);
kerb_status ki_seal_add_access(ki_seal *seal, ki_access_list *list, ki_access access);
kerb_status ki_seal_point(ki_seal *seal, int group, ki_place place, int32_t *point);
/* note_pocket.c: why the access just found is not at the nearest road, if it is not. */
kerb_status ki_seal_note_pocket(ki_seal *seal, const char *what, const char *id,
                                const ki_access_list *access);
kerb_status ki_seal_note_pockets_end(ki_seal *seal);
/* First access that a travel may use; -1: none. */
int32_t ki_access_point(const ki_access_list *list, int32_t travel);

/* ---- facility.c ------------------------------------------------------------------------------ */
kerb_status ki_seal_places(ki_seal *seal); /* depots and facilities */
kerb_status ki_seal_tips(ki_seal *seal);   /* after the matrices */
kerb_status ki_seal_shared(ki_seal *seal); /* after the tasks: what routes share at facilities */

/* attendants.c: gates [n_attendants], limits as of bays; *n_limits grows by those that matter. */
kerb_status ki_seal_attendants(ki_seal *seal, int32_t first_gate, int *n_limits);

/* ---- haul.c: the seeds of haul trucks leave the others, after the matrices ------------------- */
kerb_status ki_seal_hauls(ki_seal *seal);

/* ---- site.c, task.c -------------------------------------------------------------------------- */
kerb_status ki_seal_containers(ki_seal *seal);
kerb_status ki_seal_streets(ki_seal *seal);
/* Adds a task with the modes accesses x spans. */
kerb_status ki_seal_add_task(ki_seal *seal, const ki_task *task, const ki_access_list *access,
                             const ki_span *spans, size_t n_spans);
/* After the types: drops what no vehicle can do, fills service times, masks and demands. */
kerb_status ki_seal_tasks(ki_seal *seal);

/* ---- earlier.c ------------------------------------------------------------------------------- */
/* The plan to stay close to; NULL: none. */
const kerb_earlier_plan *ki_seal_earlier(const ki_seal *seal);
kerb_status ki_seal_find_earlier(ki_seal *seal); /* is_earlier; before the fleet */
kerb_status ki_seal_compactness(ki_seal *seal);  /* where each task lies (compact.c) */
void ki_seal_familiar(ki_seal *seal);            /* which types are strangers to each task */
kerb_status ki_seal_changes(ki_seal *seal);      /* after the tasks: which type had them */

/* ---- sequence.c: stops in an order; after the tasks ------------------------------------------ */
kerb_status ki_seal_sequences(ki_seal *seal);

/* ---- decide.c -------------------------------------------------------------------------------- */
kerb_status ki_seal_demand(ki_seal *seal); /* forecasts and decisions of the containers */
/* Turns a decision into KI_CANNOT with a sentence, and counts it by cause. */
kerb_status ki_seal_cannot(ki_seal *seal, int kind, int32_t source, ki_cannot cause);
ki_cannot ki_cannot_of_snap(ki_snap_cause cause);
/* note_alarm.c: each alarm that stands, and what is done with its container; after the decisions.
 */
kerb_status ki_seal_note_alarms(ki_seal *seal);
/* note_cut_off.c: where much of the roads is out of reach of a kind of vehicle. */
kerb_status ki_seal_note_cut_off(ki_seal *seal);
/* reserve.c, behind ki_seal_demand: what there is to load, how much of a truck's compartment trips
 * are planned to, in milli units, and the note about it. */
void ki_seal_loads(ki_seal *seal);
int64_t ki_seal_room(ki_seal *seal, const kerb_shift *shift, ki_dim_kind kind, uint32_t streams,
                     int64_t capacity, int64_t start_load);
kerb_status ki_seal_note_room(ki_seal *seal);
/* margin.c: windows and hours are drawn in by the time that routes leave free; times: service of
 * each mode by each type [n_types][n_modes]. */
void ki_seal_margins(ki_seal *seal, const int32_t *times);
kerb_status ki_seal_note_margins(ki_seal *seal);
kerb_status ki_seal_notes(ki_seal *seal); /* what was degraded, cut off, not planned yet */
#endif
