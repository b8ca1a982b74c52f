/* SPDX-License-Identifier: GPL-3.0-or-later
 * model.h - the sealed model: integers only, immutable, shared between threads without locks.
 *
 * Time int32 ms from night_start; length int32 mm; mass int64 g; volume int64 ml; cost int64 in
 * 1e-9 of the currency ("nano").
 *
 * A task is anything to serve. A mode is one way to serve it: where the vehicle enters and leaves,
 * and one window for the start of service (a task with two approaches and two windows has four
 * modes). A type is a set of interchangeable shifts. A tip option is a facility in one of its
 * opening windows, where one type may empty everything it carries; a post is one where it may only
 * charge, its load as it is. */
#ifndef KI_MODEL_H
#define KI_MODEL_H
#include "base/arena.h"
#include "demand/select.h"
#include "kerbside.h"
#include "road/graph.h"
#include "road/profile.h"

enum {
    KI_MAX_DIMS = 8,
    KI_MAX_TYPES = 64,
    KI_MAX_BREAKS = 4,
    KI_MAX_BREAK_WINDOWS = 4,
    KI_MAX_BREAK_OPTIONS = KI_MAX_BREAKS * KI_MAX_BREAK_WINDOWS,
    KI_MAX_BAY_SLOTS = 2000, /* of a facility */
    KI_MAX_CHARGE_STEPS = 3,
    KI_MAX_SEQUENCES = 16,
    KI_CHARGE_LEVELS = 7 /* of a part charge, at equal distances from the reserve to the full */
};

/* What each drive and each stop may differ by from the plan: standard deviation, as a share of it.
 */
#define KI_TIME_DEVIATION 0.2

typedef enum ki_task_kind { KI_TASK_CONTAINER = 0, KI_TASK_KERB } ki_task_kind;

typedef struct ki_mode {
    int32_t entry, exit;       /* points of the task's group */
    int32_t open_ms, close_ms; /* earliest and latest start of service */
    int32_t length_mm;         /* driven while serving: the kerb's length; 0 for containers */
    int32_t margin_ms;         /* by which the true window closes later (time_quantile) */
} ki_mode;

typedef struct ki_task {
    const char *id; /* container id; street id, "#2" appended for a second pass */
    int32_t source; /* index in draft containers or streets */
    int32_t site;   /* draft site; -1 for kerbs */
    uint8_t kind;   /* ki_task_kind */
    uint8_t stream; /* kerb_stream */
    uint8_t must;   /* prize is the price of leaving a must out */
    uint8_t group;  /* point group: 0 collection, 1 sweeping */
    int32_t first_mode, n_modes;
    int32_t setup_ms;   /* paid unless the stop before is at the same site by the same point */
    int32_t release_ms; /* the trip that carries it leaves its depot or tip no earlier; 0: any time;
                           not together with breaks or bays */
    int64_t prize_nano; /* cost of leaving it out */
    int64_t mass_g, volume_ml, water_ml;
    uint64_t types; /* mask of the types that may serve it */
    int32_t
        earlier; /* its type in the earlier plan; KI_NO_EARLIER; others than any: KI_MAX_TYPES */
    uint64_t strangers;   /* mask of the types whose crews are not familiar with it, others are */
    int32_t x_m, y_m;     /* on a plane (compact.c); KI_NOWHERE: nothing is known of it */
    int64_t compact_nano; /* of the square of its distance from that plane's origin; 0: not asked */
} ki_task;
#define KI_NOWHERE INT32_MIN

typedef struct ki_tip {
    int32_t facility, point;
    int32_t open_ms, close_ms; /* earliest and latest start of unloading */
    int32_t margin_ms;         /* by which the true hours close later */
    int32_t fixed_ms;
    int64_t ms_per_tonne; /* over the mass dimensions: ms = fixed + mass_g*this/1e6, floored */
    int64_t fee_nano_per_g[KI_MAX_DIMS]; /* by dimension; 0 for those that carry no mass */
    int64_t charge_mw; /* power of the charge behind unloading (route/battery.h); 0: no charge */
    int64_t short_nwh; /* what is not charged: 0: it goes on until the battery is full */
    int32_t levels; /* of one to the full: its part charges, the shortest first, so far behind the
                       first option of the type; 0: none */
} ki_tip;

typedef struct ki_charge_part { /* of a charging curve, up to the next one */
    int64_t from_nwh, most_mw;  /* in the battery; power */
} ki_charge_part;

typedef struct ki_taken { /* a bay promised to others */
    int32_t start_ms, end_ms;
} ki_taken;

/* What routes share there; route/yard.h counts it. Attendants are a gate behind the facilities of
 * the draft, whose bays are taken up for whole spells. */
typedef struct ki_facility {
    int64_t room_g; /* it may still take tonight, over all routes; INT64_MAX: any */
    int32_t bays;   /* vehicles that may unload at once; INT32_MAX: any */
    int32_t n_taken;
    ki_taken *taken;
} ki_facility;

typedef struct ki_break { /* a pause of a spell; a type's are taken in their order */
    int32_t duration_ms;
    int32_t due_ms;  /* a spell that ends no later does without it; KI_NEVER: the clock does not
                        ask for it; -1: every spell needs it */
    int32_t work_ms; /* most work since the start or the break before; KI_NEVER: any */
    uint8_t at_gate; /* only at the start depot or behind a tip */
    uint8_t paid;
} ki_break;

typedef struct ki_break_option { /* a break in one of its windows: the mode of its stop */
    int32_t number;              /* of the break */
    int32_t open_ms, close_ms;   /* earliest and latest start */
} ki_break_option;

typedef struct ki_type {
    int32_t travel; /* matrices */
    uint8_t group;
    uint8_t mass_dims; /* mask of the dimensions that are masses in g */
    int32_t n_dims;
    int64_t capacity[KI_MAX_DIMS];
    int64_t start_load[KI_MAX_DIMS];
    int32_t demand_class;
    int32_t start_point, end_point;
    int32_t earliest_ms, latest_ms; /* the whole spell, pre- and post-trip time inside */
    int32_t margin_ms;              /* by which the true hours end later */
    int32_t pre_ms, post_ms;
    int32_t worked_ms;     /* of one under way: work since its last break, before it starts here */
    int32_t regular_ms;    /* KI_NEVER: no overtime */
    int32_t guaranteed_ms; /* of the spell, paid at nano_per_ms even where it is shorter */
    int64_t used_nano, nano_per_mm, nano_per_ms, overtime_nano_per_ms; /* overtime: extra */
    int64_t balance_nano_per_s2;         /* of the square of the paid spell */
    int32_t first_tip, n_tips;           /* into tips */
    int32_t n_posts;                     /* ... behind them: chargers where it cannot unload */
    int32_t n_tip_levels, n_post_levels; /* ... then part charges of tips, of posts */
    int32_t first_shift, n_shifts; /* into type_shifts: draft shift indices, interchangeable */
    /* Shifts with settings are one type for each, side by side, and no more of them go out together
     * than there are shifts: how far the first of those types is in front; 0: it is this one. */
    int32_t behind;
    int32_t setting;                /* of the vehicle, from 1; 0: as its compartments say */
    int32_t start_depot, end_depot; /* draft depots */
    /* A battery (route/battery.h), in 1e-9 Wh: what may be used from full to the reserve (0: there
     * is no battery), all of it, and what of that is used up at the start. */
    int64_t battery_nwh, full_nwh, used_nwh;
    int64_t nwh_per_mm, sweep_nwh_per_mm, lift_nwh;
    int32_t n_charge_parts;
    int32_t recharge_ms; /* least for all that may be used; KI_NEVER: it can be charged nowhere */
    ki_charge_part charge_parts[KI_MAX_CHARGE_STEPS + 1];
    int64_t most_total; /* of dimension 0 over all trips of a route; 0: any */
    int32_t most_tasks; /* of a route; 0: any */
    int32_t n_breaks, n_break_options;
    ki_break breaks[KI_MAX_BREAKS];
    ki_break_option break_options[KI_MAX_BREAK_OPTIONS]; /* by number, then by time */
    uint8_t counts_work;                                 /* some break has a work_ms */
    /* Under way: the spell starts at earliest_ms and nowhere else, and the vehicle comes home even
     * if it serves nothing more. What that costs is taken off the price of its routes, so that the
     * search weighs only what they add; route/home.h finds it. */
    uint8_t under_way;
    int32_t attended; /* gate of its attendants, from 1; 0: none */
    int32_t home_ms;  /* of one under way: when it could be home if it serves nothing more */
    int32_t home_tip; /* option it tips at on the way, or KI_HOME_STRAIGHT, KI_HOME_LOST */
    int64_t home_nano;
} ki_type;
enum { KI_HOME_STRAIGHT = -1, KI_HOME_LOST = -2, KI_NO_EARLIER = -1 };

typedef struct ki_haul_type { /* interchangeable shifts of haul trucks */
    int32_t follows; /* draft shift that is back first; -1: none. Then there is one of it */
    int32_t turnaround_ms;
    int32_t travel, start_point, end_point;
    int32_t *points; /* [draft facilities] where it stands at one; -1: nowhere */
    int64_t payload_g;
    uint32_t streams; /* mask */
    int32_t load_ms;
    int32_t earliest_ms, latest_ms, pre_ms, post_ms;
    int32_t regular_ms; /* KI_NEVER: no overtime */
    int64_t used_nano, nano_per_mm, nano_per_ms, overtime_nano_per_ms;
    int32_t first_shift, n_shifts; /* into haul_shifts */
    uint8_t under_way;
    int32_t worked_ms, n_breaks, n_break_options; /* as of ki_type */
    ki_break breaks[KI_MAX_BREAKS];
    ki_break_option break_options[KI_MAX_BREAK_OPTIONS];
} ki_haul_type;

typedef struct ki_travel { /* one profile's matrices over the points of one group */
    uint8_t group;
    int32_t n;
    int32_t *time_ms, *length_mm; /* [n][n], row = from */
    ki_profile *profile;          /* NULL with explicit travel */
} ki_travel;

typedef struct ki_decision { /* for every container, then every street of the draft */
    ki_choice choice;
    const char *reason;   /* short code: fill_above_must, fill_above_may, fill_below_may,
                             overflow_likely, interval_due, forced_in, forced_out, done, failed, due;
                             cannot: unreachable, no_such_run, no_window, no_vehicle, pinned,
                             too_big, no_facility */
    double fill_ratio;    /* forecast at service; NAN for streets */
    double fill_sd_ratio; /* standard deviation of fill_ratio; NAN for streets */
    double rate_per_day;  /* NAN unknown */
    int64_t newest_report_s;
    int32_t task;       /* first task; -1: none tonight */
    const char *detail; /* a sentence; may be NULL */
} ki_decision;

/* Standard deviation of a container's load as a share of it. */
static inline double ki_relative_sd(const ki_decision *decision) {
    return decision->fill_ratio > 0 && decision->fill_sd_ratio > 0
               ? decision->fill_sd_ratio / decision->fill_ratio
               : 0;
}

typedef struct ki_model {
    ki_arena arena;
    const ki_graph *graph; /* NULL with explicit travel */
    int64_t night_start_s;
    int32_t horizon_ms;
    int32_t n_tasks, n_modes, n_types, n_tips, n_travels, n_demand_classes;
    ki_task *tasks;
    ki_mode *modes;
    ki_type *types;
    ki_tip *tips;
    int32_t *type_shifts;
    ki_travel *travels;
    int32_t n_facilities;    /* 0: none has a limit that routes could meet */
    ki_facility *facilities; /* of the draft, in its order */
    uint8_t has_releases;    /* some task has a release_ms */
    int32_t n_points[3];
    ki_place *places[3]; /* [n_points] by group; NULL with explicit travel */
    int32_t n_hauls;     /* kinds of haul trucks: no types, the search knows nothing of them */
    ki_haul_type *hauls;
    int32_t *haul_shifts;        /* draft shift indices */
    int32_t n_sequences;         /* that a route could break */
    uint16_t *ranks;             /* [n_tasks][n_sequences] (route/sequence.h); NULL: none */
    int64_t change_nano;         /* of a task that another type had in the earlier plan */
    int64_t unfamiliar_nano;     /* of a task that a stranger serves */
    int64_t compact_nano_per_m2; /* of the squared distance of each task from its route's middle */
    int64_t *demand;             /* [n_demand_classes][n_tasks][KI_MAX_DIMS] */
    int32_t *service_ms;         /* [n_types][n_modes]; KI_NEVER: this type cannot by this mode */
    ki_decision *container_decisions, *street_decisions;
    int has_settings; /* some types share their shifts */
} ki_model;

/* Seals the draft: validate, demand, snap, matrices. In model.c. roads and options may be NULL.
 * *notes (what was degraded, cut off or not planned yet) live in the model. Fails with
 * KERB_BAD_INPUT (every fault on a line, as many as fit), KERB_BAD_CALL (neither roads nor a
 * matrix, or both), KERB_INFEASIBLE (work to do and no vehicle that could), KERB_NO_MEMORY. */
struct ki_draft;
struct ki_note;
kerb_status ki_model_seal(ki_model **out, const struct ki_draft *draft, const kerb_roads *roads,
                          const kerb_options *options, struct ki_note **notes, size_t *n_notes,
                          kerb_error *err);
void ki_model_free(ki_model *model);

/* Of a charge from so much used to what the option says; each part of the curve is rounded up. At
 * most 2^30: never. */
int64_t ki_charge_ms(const ki_type *type, const ki_tip *tip, int64_t used_nwh);

static inline int32_t ki_type_n_options(const ki_type *type) {
    return type->n_tips + type->n_posts + type->n_tip_levels + type->n_post_levels;
}
static inline const int64_t *ki_demand(const ki_model *model, int32_t type, int32_t task) {
    return model->demand +
           ((size_t)model->types[type].demand_class * (size_t)model->n_tasks + (size_t)task) *
               KI_MAX_DIMS;
}
/* The type that a shift of the draft became; -1: none. */
static inline int32_t ki_type_of_shift(const ki_model *model, int32_t shift) {
    for (int32_t type = 0; type < model->n_types; type++)
        for (int32_t at = 0; at < model->types[type].n_shifts; at++)
            if (model->type_shifts[model->types[type].first_shift + at] == shift) return type;
    return -1;
}
/* The task of a pass (from 1; 0: the only one), given that of the first; -1: none. */
static inline int32_t ki_task_of_pass(const ki_model *model, int32_t first, int32_t pass) {
    int32_t task = first + (pass > 1 ? pass - 1 : 0);
    int is_its = task < model->n_tasks && model->tasks[task].kind == model->tasks[first].kind &&
                 model->tasks[task].source == model->tasks[first].source;
    return is_its ? task : -1;
}
/* The type by which the shifts of a type are counted. */
static inline int32_t ki_lead(const ki_model *model, int32_t type) {
    return type - model->types[type].behind;
}
/* A mask of types, and of all that share shifts with them. */
static inline uint64_t ki_all_settings(const ki_model *model, uint64_t types) {
    uint64_t leads = 0, all = 0;
    if (!model->has_settings) return types;
    for (int32_t type = 0; type < model->n_types; type++)
        if (types >> type & 1) leads |= UINT64_C(1) << ki_lead(model, type);
    for (int32_t type = 0; type < model->n_types; type++)
        if (leads >> ki_lead(model, type) & 1) all |= UINT64_C(1) << type;
    return all;
}
/* For departing from the earlier plan. */
static inline int64_t ki_change_nano(const ki_model *model, int32_t type, int32_t task) {
    if (model->change_nano == 0) return 0;
    int32_t earlier = model->tasks[task].earlier;
    int same = earlier == KI_NO_EARLIER || earlier == ki_lead(model, type);
    return same ? 0 : model->change_nano;
}
static inline int64_t ki_unfamiliar_nano(const ki_model *model, int32_t type, int32_t task) {
    return model->tasks[task].strangers >> type & 1 ? model->unfamiliar_nano : 0;
}
/* For who serves a task, and where it lies, whatever the rest of the route is. */
static inline int64_t ki_habit_nano(const ki_model *model, int32_t type, int32_t task) {
    if ((model->change_nano | model->unfamiliar_nano | model->compact_nano_per_m2) == 0) return 0;
    return ki_change_nano(model, type, task) + ki_unfamiliar_nano(model, type, task) +
           model->tasks[task].compact_nano;
}
static inline int32_t ki_service_ms(const ki_model *model, int32_t type, int32_t mode) {
    return model->service_ms[(size_t)type * (size_t)model->n_modes + (size_t)mode];
}
static inline int32_t ki_time_ms(const ki_model *model, int32_t type, int32_t from, int32_t to) {
    const ki_travel *travel = &model->travels[model->types[type].travel];
    return travel->time_ms[(size_t)from * (size_t)travel->n + (size_t)to];
}
static inline int32_t ki_length_mm(const ki_model *model, int32_t type, int32_t from, int32_t to) {
    const ki_travel *travel = &model->travels[model->types[type].travel];
    return travel->length_mm[(size_t)from * (size_t)travel->n + (size_t)to];
}
#endif
