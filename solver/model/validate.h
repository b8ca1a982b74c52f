/* SPDX-License-Identifier: GPL-3.0-or-later
 * validate.h - everything that is wrong with a draft, at once, before anything is computed. */
#ifndef KI_VALIDATE_H
#define KI_VALIDATE_H
#include "base/ids.h"
#include "base/text.h"
#include "model/draft.h"

typedef struct ki_draft_ids { /* from ids to indices of the draft's arrays */
    ki_ids sites, containers, streets, vehicles, shifts, depots, facilities;
    ki_ids places; /* of the matrix */
} ki_draft_ids;
kerb_status ki_draft_ids_build(ki_draft_ids *out, ki_arena *arena, const ki_draft *draft,
                               kerb_error *err);

/* Faults, one a line: "container C7, field site_id: S9, expected a known site". */
typedef struct ki_faults {
    ki_text text; /* the first KI_MAX_FAULT_LINES */
    size_t n;
} ki_faults;
enum { KI_MAX_FAULT_LINES = 200 };
void ki_fault(ki_faults *faults, const char *format, ...) __attribute__((format(printf, 2, 3)));

void ki_draft_validate(const ki_draft *draft, const ki_draft_ids *ids, ki_faults *faults);
/* KERB_OK without faults; otherwise KERB_BAD_INPUT with as many lines as fit. */
kerb_status ki_faults_status(const ki_faults *faults, kerb_error *err);

/* ---- parts, for validate*.c ------------------------------------------------------------------ */

void ki_validate_fleet(const ki_draft *draft, const ki_draft_ids *ids, ki_faults *faults);
void ki_validate_facilities(const ki_draft *draft, ki_faults *faults);
/* Whether some window lets the break start, and end, within the shift. */
int ki_break_may_happen(const kerb_shift *shift, const kerb_break *at);
void ki_validate_breaks(const ki_draft *draft, ki_faults *faults); /* validate_break.c */
/* validate_battery.c */
void ki_validate_battery(const kerb_vehicle *vehicle, ki_faults *faults);
void ki_validate_charger(const kerb_facility *facility, ki_faults *faults);
/* validate_haul.c */
void ki_validate_haul(const kerb_vehicle *vehicle, ki_faults *faults);
void ki_validate_haul_shift(const kerb_shift *shift, ki_faults *faults);
void ki_validate_follows(const ki_draft *draft, const ki_draft_ids *ids, ki_faults *faults);
/* 0: it is the same truck as one that is out of order. */
int ki_shift_may_follow(const ki_draft *draft, const ki_draft_ids *ids, const kerb_shift *shift);
void ki_validate_stock(const kerb_facility *facility, const kerb_gate *gate, ki_faults *faults);
void ki_validate_bans(const ki_draft *draft, ki_faults *faults);       /* validate_ban.c */
void ki_validate_attendants(const ki_draft *draft, ki_faults *faults); /* attendants.c */
void ki_validate_sequences(const ki_draft *draft, const ki_draft_ids *ids,
                           ki_faults *faults); /* sequence.c */
void ki_validate_travel(const ki_draft *draft, const ki_draft_ids *ids, ki_faults *faults);

/* Ids: there, and only once. first_id and stride as in ki_ids_build. */
void ki_validate_ids(ki_faults *faults, const ki_ids *ids, const char *kind,
                     const char *const *first_id, size_t n, size_t stride);
void ki_validate_number(ki_faults *faults, const char *kind, const char *id, const char *field,
                        double value, double low, double high);
void ki_validate_position(ki_faults *faults, const char *kind, const char *id, double lat_deg,
                          double lon_deg);
void ki_validate_windows(ki_faults *faults, const char *kind, const char *id,
                         const kerb_window *windows, size_t n);
/* An instant somewhere in 1970 to 2200. */
int ki_is_instant(int64_t at_s);
int ki_is_stream(kerb_stream stream);
/* The gate of a facility for a stream, or NULL. */
const kerb_gate *ki_facility_gate(const kerb_facility *facility, kerb_stream stream);
/* Whether the facility may empty the vehicle: takes all its streams, fills its water tank. */
int ki_facility_takes(const kerb_facility *facility, const kerb_vehicle *vehicle);
/* The compartment that a stream goes into; -1: none. */
int32_t ki_vehicle_compartment(const kerb_vehicle *vehicle, kerb_stream stream);
/* The attendants of a vehicle; -1: none, or unknown. */
int32_t ki_vehicle_attendants(const ki_draft *draft, const kerb_vehicle *vehicle);
/* Whether something is said of what lies at a gate. */
static inline int ki_gate_states_stock(const kerb_gate *gate) {
    return gate->stock_kg > 0 || gate->buffer_kg > 0 || gate->cleared;
}
/* Whether there is a pile for hauls to look after. */
static inline int ki_gate_has_pile(const kerb_facility *facility, const kerb_gate *gate) {
    return facility->kind == KERB_FACILITY_TRANSFER_STATION && ki_gate_states_stock(gate);
}
#endif
