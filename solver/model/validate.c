/* SPDX-License-Identifier: GPL-3.0-or-later
 * The draft as a whole: ids unique and known, numbers in range, streams that go somewhere. Every
 * fault is named with the object, the field, what stands there and what was expected, so that one
 * run shows all that has to be corrected. Ranges are wide: they catch a wrong unit or a slipped
 * decimal point, and they keep every later sum inside its integer. */
#include "model/validate.h"
#include "demand/outing.h"

#include "base/date.h"
#include "base/error.h"
#include "model/model.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const double MAX_PRICE = 1e6, MAX_IMBALANCE_PRICE = 1e4, MAX_SERVICE_S = KI_DAY_S;
static const int64_t MAX_INSTANT_S = INT64_C(7258118400); /* 2200 */
static const int64_t MAX_NIGHT_S = 48 * 3600;

void ki_fault(ki_faults *faults, const char *format, ...) {
    if (faults->n++ >= KI_MAX_FAULT_LINES) return;
    char line[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    ki_text_add(&faults->text, "%s\n", line);
}

/* A fault whose line could not be stored still counts: out of memory never passes a bad draft. */
kerb_status ki_faults_status(const ki_faults *faults, kerb_error *err) {
    if (faults->n == 0) return KERB_OK;
    if (faults->text.failed) return ki_fail_no_memory(err, "list of faults");
    const size_t room = sizeof err->message - 64;
    size_t length = 0, n_lines = 0;
    for (const char *end; (end = strchr(faults->text.bytes + length, '\n')) != NULL; n_lines++) {
        size_t next = (size_t)(end - faults->text.bytes) + 1;
        if (next > room) break;
        length = next;
    }
    if (n_lines == faults->n)
        return ki_fail(err, KERB_BAD_INPUT, "%.*s", (int)length - 1, faults->text.bytes);
    return ki_fail(err, KERB_BAD_INPUT, "%.*s... and %zu more", (int)length, faults->text.bytes,
                   faults->n - n_lines);
}

#define BUILD_IDS(name)                                                                            \
    (ki_ids_build(&out->name, arena, draft->n_##name ? &draft->name->id : NULL, draft->n_##name,   \
                  sizeof *draft->name) != 0)

kerb_status ki_draft_ids_build(ki_draft_ids *out, ki_arena *arena, const ki_draft *draft,
                               kerb_error *err) {
    const char *const *place_ids = (const char *const *)draft->matrix_ids;
    size_t n_places = place_ids ? draft->n_matrix : 0;
    if (BUILD_IDS(sites) || BUILD_IDS(containers) || BUILD_IDS(streets) || BUILD_IDS(vehicles) ||
        BUILD_IDS(shifts) || BUILD_IDS(depots) || BUILD_IDS(facilities) ||
        ki_ids_build(&out->places, arena, place_ids, n_places, sizeof *place_ids) != 0)
        return ki_fail_no_memory(err, "ids");
    return KERB_OK;
}

void ki_validate_ids(ki_faults *faults, const ki_ids *ids, const char *kind,
                     const char *const *first_id, size_t n, size_t stride) {
    const char *at = (const char *)first_id;
    for (size_t item = 0; item < n; item++, at += stride) {
        const char *id;
        memcpy(&id, at, sizeof id);
        if (!id || !*id)
            ki_fault(faults, "%s number %zu, field id: none, expected an id", kind, item + 1);
        else if (ki_ids_find(ids, id) != (int32_t)item)
            ki_fault(faults, "%s %s, field id: repeated, expected once", kind, id);
    }
}

void ki_validate_number(ki_faults *faults, const char *kind, const char *id, const char *field,
                        double value, double low, double high) {
    if (!(value >= low && value <= high))
        ki_fault(faults, "%s %s, field %s: %.10g, expected %g to %g", kind, id ? id : "?", field,
                 value, low, high);
}

void ki_validate_position(ki_faults *faults, const char *kind, const char *id, double lat_deg,
                          double lon_deg) {
    ki_validate_number(faults, kind, id, "lat", lat_deg, -90, 90);
    ki_validate_number(faults, kind, id, "lon", lon_deg, -180, 180);
}

int ki_is_instant(int64_t at_s) {
    return at_s >= 0 && at_s <= MAX_INSTANT_S;
}

int ki_is_stream(kerb_stream stream) {
    return stream > KERB_STREAM_UNSPECIFIED && stream < KERB_N_STREAMS;
}

void ki_validate_windows(ki_faults *faults, const char *kind, const char *id,
                         const kerb_window *windows, size_t n) {
    for (size_t window = 0; window < n; window++) {
        int64_t start_s = windows[window].start_s, end_s = windows[window].end_s;
        if (!ki_is_instant(start_s) || !ki_is_instant(end_s) || end_s <= start_s)
            ki_fault(faults, "%s %s, field windows: %lld to %lld, expected the end after the start",
                     kind, id ? id : "?", (long long)start_s, (long long)end_s);
    }
}

/* ---- district -------------------------------------------------------------------------------- */

static void validate_night(const kerb_district *district, ki_faults *faults) {
    const char *id = district->id;
    int64_t start_s = district->night_start_s, end_s = district->night_end_s;
    if (!ki_is_instant(district->as_of_s))
        ki_fault(faults, "district %s, field as_of: %lld, expected an instant", id,
                 (long long)district->as_of_s);
    if (!ki_is_instant(start_s) || !ki_is_instant(end_s) || end_s <= start_s)
        ki_fault(faults, "district %s, field night: %lld to %lld, expected the end after the start",
                 id, (long long)start_s, (long long)end_s);
    else if (end_s - start_s > MAX_NIGHT_S)
        ki_fault(faults, "district %s, field night: %.4g hours, expected at most 48", id,
                 (double)(end_s - start_s) / 3600);
}

static void validate_crossing(const kerb_district *district, ki_faults *faults) {
    const kerb_crossing *crossing = &district->crossing;
    for (size_t at = 0; at < crossing->n_classes; at++)
        if (crossing->classes[at] <= KERB_ROAD_UNSPECIFIED ||
            crossing->classes[at] >= KERB_N_ROAD_CLASSES)
            ki_fault(faults, "district %s, field crossing.classes: %d, expected 1 to %d",
                     district->id, (int)crossing->classes[at], KERB_N_ROAD_CLASSES - 1);
    ki_validate_number(faults, "district", district->id, "crossing.max_width_m",
                       crossing->max_width_m, 0, 1000);
    ki_validate_number(faults, "district", district->id, "crossing.max_lanes", crossing->max_lanes,
                       0, 100);
}

static void validate_drop_off(ki_faults *faults, const char *kind, const char *id,
                              const kerb_daily_span *spans, size_t n) {
    for (size_t at = 0; at < n; at++)
        if (spans[at].from_min < 0 || spans[at].to_min <= spans[at].from_min ||
            spans[at].to_min > 1440)
            ki_fault(faults, "%s %s, field drop_off: %lld to %lld, expected minutes of one day",
                     kind, id, (long long)spans[at].from_min, (long long)spans[at].to_min);
}

static void validate_habits(const kerb_district *district, ki_faults *faults) {
    int seen[KERB_N_STREAMS] = {0};
    for (size_t at = 0; at < district->n_habits; at++) {
        const kerb_stream_habit *habit = &district->habits[at];
        if (!ki_is_stream(habit->stream) || seen[habit->stream]++) {
            ki_fault(faults, "district %s, field habits: %d, expected each stream once",
                     district->id, (int)habit->stream);
            continue;
        }
        ki_validate_number(faults, "district", district->id, "holiday_factor",
                           habit->holiday_factor, 0, 10);
        validate_drop_off(faults, "district", district->id, habit->drop_off, habit->n_drop_off);
    }
}

static void validate_district(const kerb_district *district, ki_faults *faults) {
    const char *id = district->id;
    if (!id || !*id) {
        ki_fault(faults, "district, field id: none, expected a district to be set");
        return;
    }
    validate_night(district, faults);
    validate_crossing(district, faults);
    validate_habits(district, faults);
    ki_validate_number(faults, "district", id, "utc_offset_s", district->utc_offset_s, -57600,
                       57600);
    ki_validate_number(faults, "district", id, "utc_offset_after_s", district->utc_offset_after_s,
                       -57600, 57600);
    ki_validate_number(faults, "district", id, "must_ratio", district->must_ratio, 0.05,
                       KI_FILL_MAX);
    ki_validate_number(faults, "district", id, "may_ratio", district->may_ratio, 0,
                       district->must_ratio);
    ki_validate_number(faults, "district", id, "price_unserved_must", district->price_unserved_must,
                       0, MAX_PRICE);
    ki_validate_number(faults, "district", id, "price_unswept_per_km",
                       district->price_unswept_per_km, 0, MAX_PRICE);
    ki_validate_number(faults, "district", id, "price_overflow_per_day",
                       district->price_overflow_per_day, 0, MAX_PRICE);
    ki_validate_number(faults, "district", id, "price_imbalance_per_hour2",
                       district->price_imbalance_per_hour2, 0, MAX_IMBALANCE_PRICE);
    ki_validate_number(faults, "district", id, "price_change_per_stop",
                       district->price_change_per_stop, 0, MAX_PRICE);
    ki_validate_number(faults, "district", id, "price_unfamiliar_per_stop",
                       district->price_unfamiliar_per_stop, 0, MAX_PRICE);
    ki_validate_number(faults, "district", id, "price_compactness_per_stop_km2",
                       district->price_compactness_per_stop_km2, 0, 10000);
    ki_validate_number(faults, "district", id, "nights_to_next", district->nights_to_next, 0, 7);
    ki_validate_number(faults, "district", id, "load_quantile", district->load_quantile, 0, 0.999);
    ki_validate_number(faults, "district", id, "time_quantile", district->time_quantile, 0, 0.999);
    ki_validate_number(faults, "district", id, "forecast", district->forecast, 0, KI_FORECAST_LAST);
    ki_validate_number(faults, "district", id, "overflow_chance", district->overflow_chance, 0,
                       0.5);
    ki_validate_number(faults, "district", id, "look_ahead_nights", district->look_ahead_nights, 0,
                       KI_OUTING_NIGHTS);
}

/* ---- sites, containers, streets -------------------------------------------------------------- */

static void validate_site(const kerb_site *site, ki_faults *faults) {
    ki_validate_position(faults, "site", site->id, site->lat_deg, site->lon_deg);
    ki_validate_number(faults, "site", site->id, "setup_s", site->setup_s, 0, MAX_SERVICE_S);
    ki_validate_number(faults, "site", site->id, "walk_m", site->walk_m, 0, 10000);
    ki_validate_number(faults, "site", site->id, "approach", (double)site->approach, 0,
                       KERB_APPROACH_EITHER);
    ki_validate_windows(faults, "site", site->id, site->windows, site->n_windows);
}

static int is_taken(const ki_draft *draft, kerb_stream stream) {
    for (size_t facility = 0; facility < draft->n_facilities; facility++)
        if (ki_facility_gate(&draft->facilities[facility], stream)) return 1;
    return 0;
}

static void validate_pins(const ki_draft_ids *ids, const char *kind, const char *id,
                          const kerb_vehicle_ref *refs, size_t n, ki_faults *faults) {
    for (size_t at = 0; at < n; at++)
        if (ki_ids_find(&ids->vehicles, refs[at].id) < 0)
            ki_fault(faults, "%s %s, field pinned_to or forbidden_to: %s, expected a known vehicle",
                     kind, id, refs[at].id ? refs[at].id : "none");
}

/* A truck without a stated volume would carry any number of skips. */
static void validate_swapped(const ki_draft *draft, const kerb_container *container,
                             ki_faults *faults) {
    for (size_t at = 0; at < draft->n_vehicles; at++) {
        const kerb_vehicle *vehicle = &draft->vehicles[at];
        int32_t c = ki_vehicle_compartment(vehicle, container->stream);
        if (vehicle->use != KERB_USE_TRUCK || c < 0 || vehicle->compartments[c].capacity_l > 0)
            continue;
        ki_fault(faults,
                 "container %s, field swapped: vehicle %s carries its stream and has no "
                 "capacity_l, expected that of the skips it takes",
                 container->id, vehicle->id ? vehicle->id : "?");
    }
}

static void validate_container(const ki_draft *draft, const ki_draft_ids *ids, const uint8_t *taken,
                               const kerb_container *container, ki_faults *faults) {
    const char *id = container->id ? container->id : "?";
    if (ki_ids_find(&ids->sites, container->site_id) < 0)
        ki_fault(faults, "container %s, field site_id: %s, expected a known site", id,
                 container->site_id ? container->site_id : "none");
    if (!ki_is_stream(container->stream) || container->stream == KERB_STREAM_SWEEPINGS)
        ki_fault(faults, "container %s, field stream: %d, expected a stream of waste", id,
                 (int)container->stream);
    else if (!taken[container->stream])
        ki_fault(faults, "container %s, field stream: %s, expected a stream that a facility takes",
                 id, kerb_stream_name(container->stream));
    ki_validate_number(faults, "container", id, "volume_l", container->volume_l, 1, 1e6);
    ki_validate_number(faults, "container", id, "density_kg_per_l", container->density_kg_per_l, 0,
                       10);
    ki_validate_number(faults, "container", id, "service_s", container->service_s, 0,
                       MAX_SERVICE_S);
    ki_validate_number(faults, "container", id, "max_interval_days", container->max_interval_days,
                       0, 3660);
    ki_validate_number(faults, "container", id, "force", (double)container->force, 0,
                       KERB_FORCE_FULL);
    validate_pins(ids, "container", id, container->pinned_to, container->n_pinned_to, faults);
    validate_pins(ids, "container", id, container->forbidden_to, container->n_forbidden_to, faults);
    validate_drop_off(faults, "container", id, container->drop_off, container->n_drop_off);
    if (container->swapped) validate_swapped(draft, container, faults);
    if (container->last_emptied_s != KERB_NO_TIME && !ki_is_instant(container->last_emptied_s))
        ki_fault(faults, "container %s, field last_emptied: %lld, expected an instant or none", id,
                 (long long)container->last_emptied_s);
}

static void validate_street(const ki_draft_ids *ids, const kerb_street *street, ki_faults *faults) {
    const char *id = street->id ? street->id : "?";
    if (strchr(id, '#'))
        ki_fault(faults, "street %s, field id: with '#', expected an id without it", id);
    if (street->side < KERB_SIDE_LEFT || street->side > KERB_SIDE_CENTRE)
        ki_fault(faults, "street %s, field side: %d, expected left, right or centre", id,
                 (int)street->side);
    ki_validate_number(faults, "street", id, "passes", street->passes, 0, 10);
    ki_validate_number(faults, "street", id, "width_m", street->width_m, 0, 200);
    ki_validate_number(faults, "street", id, "debris_kg_per_m", street->debris_kg_per_m, 0, 100);
    ki_validate_number(faults, "street", id, "water_l_per_m", street->water_l_per_m, 0, 100);
    ki_validate_number(faults, "street", id, "force", (double)street->force, 0, KERB_FORCE_FULL);
    validate_pins(ids, "street", id, street->pinned_to, street->n_pinned_to, faults);
    validate_pins(ids, "street", id, street->forbidden_to, street->n_forbidden_to, faults);
    ki_validate_windows(faults, "street", id, street->windows, street->n_windows);
}

static void validate_work(const ki_draft *draft, const ki_draft_ids *ids, ki_faults *faults) {
    uint8_t taken[KERB_N_STREAMS] = {0};
    for (int stream = 1; stream < KERB_N_STREAMS; stream++)
        taken[stream] = (uint8_t)is_taken(draft, (kerb_stream)stream);
    for (size_t site = 0; site < draft->n_sites; site++)
        validate_site(&draft->sites[site], faults);
    for (size_t container = 0; container < draft->n_containers; container++)
        validate_container(draft, ids, taken, &draft->containers[container], faults);
    for (size_t street = 0; street < draft->n_streets; street++)
        validate_street(ids, &draft->streets[street], faults);
    if (draft->n_streets && !taken[KERB_STREAM_SWEEPINGS])
        ki_fault(faults,
                 "street %s, field stream: sweepings, expected a stream that a facility takes",
                 draft->streets[0].id ? draft->streets[0].id : "?");
}

/* ---- the whole ------------------------------------------------------------------------------- */

#define CHECK_IDS(kind, name)                                                                      \
    ki_validate_ids(faults, &ids->name, kind, draft->n_##name ? &draft->name->id : NULL,           \
                    draft->n_##name, sizeof *draft->name)

static void validate_counts(const ki_draft *draft, ki_faults *faults) {
    const struct {
        const char *name;
        size_t n;
    } counts[] = {{"sites", draft->n_sites},           {"containers", draft->n_containers},
                  {"streets", draft->n_streets},       {"vehicles", draft->n_vehicles},
                  {"shifts", draft->n_shifts},         {"depots", draft->n_depots},
                  {"facilities", draft->n_facilities}, {"closures", draft->n_closures},
                  {"reports", draft->reports.n / 100}};
    for (size_t count = 0; count < sizeof counts / sizeof *counts; count++)
        if (counts[count].n > 10000000)
            ki_fault(faults, "district, number of %s: %zu, expected at most 10000000",
                     counts[count].name, counts[count].n);
}

void ki_draft_validate(const ki_draft *draft, const ki_draft_ids *ids, ki_faults *faults) {
    validate_counts(draft, faults);
    if (faults->n) return;
    validate_district(&draft->district, faults);
    CHECK_IDS("site", sites);
    CHECK_IDS("container", containers);
    CHECK_IDS("street", streets);
    CHECK_IDS("vehicle", vehicles);
    CHECK_IDS("shift", shifts);
    CHECK_IDS("depot", depots);
    CHECK_IDS("facility", facilities);
    validate_work(draft, ids, faults);
    ki_validate_facilities(draft, faults);
    ki_validate_fleet(draft, ids, faults);
    ki_validate_travel(draft, ids, faults);
    ki_validate_bans(draft, faults);
    ki_validate_sequences(draft, ids, faults);
    ki_validate_attendants(draft, faults);
}
