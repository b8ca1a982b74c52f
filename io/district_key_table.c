/* SPDX-License-Identifier: GPL-3.0-or-later
 * district_key_table.c - every key of the district file and of tonight.yaml, every column of the
 * tables. Data only. Order: as they are written and printed. */
#include "district_keys.h"

#define STREAMS "residual|food|recyclable|hazardous|construction|sweepings"
#define ROAD_CLASSES                                                                               \
    "motorway|trunk|primary|secondary|tertiary|unclassified|residential|living|service|"           \
    "pedestrian|track|ferry"
#define REQUIRED 1
#define OPTIONAL 0
#define COUNT(list) (sizeof(list) / sizeof(list)[0])

/* What each row says: path, required, help. */
#define MAP(path, required, help)                                                                  \
    { path, KI_KEY_MAP, KI_KEY_ONE, required, 0, 0, 0, 0, 0, help }
#define LIST(path, required, help)                                                                 \
    { path, KI_KEY_MAP, KI_KEY_LIST, required, 0, 0, 0, 0, 0, help }
#define ONE(path, type, required, standard, help)                                                  \
    { path, type, KI_KEY_ONE, required, 0, standard, 0, 0, 0, help }
#define COLUMNS(path)                                                                              \
    {                                                                                              \
        path, KI_KEY_TEXT, KI_KEY_NAMED, OPTIONAL, 0, 0, 0, 0, 0,                                  \
            "its own names of columns, where they differ: `{id here: name there}`"                 \
    }
#define MANY(path, type, required, help)                                                           \
    { path, type, KI_KEY_LIST, required, 0, 0, 0, 0, 0, help }
#define CHOICE(path, required, standard, choices, help)                                            \
    { path, KI_KEY_CHOICE, KI_KEY_ONE, required, 0, standard, 0, 0, choices, help }
#define NUMBER(path, required, unit, standard, min, max, help)                                     \
    { path, KI_KEY_NUMBER, KI_KEY_ONE, required, unit, standard, min, max, 0, help }
#define INTEGER(path, required, unit, standard, min, max, help)                                    \
    { path, KI_KEY_INTEGER, KI_KEY_ONE, required, unit, standard, min, max, 0, help }

static const ki_key district_keys[] = {
    INTEGER("schema_version", REQUIRED, 0, 0, 1, 1, "version of this format"),
    MAP("district", REQUIRED, "what is planned"),
    ONE("district.id", KI_KEY_ID, REQUIRED, 0, "stable id of the district"),
    ONE("district.name", KI_KEY_TEXT, OPTIONAL, "", "name for people"),
    ONE("extract", KI_KEY_TEXT, REQUIRED, 0,
        "OpenStreetMap extract (.osm .osm.gz .osm.bz2 .osm.pbf), relative to this file's folder"),
    ONE("roads_cache", KI_KEY_TEXT, OPTIONAL, 0,
        "file that keeps the roads ready for use, made again when the extract changes; relative to "
        "this file's folder; districts of one extract may share it"),
    ONE("learned", KI_KEY_TEXT, OPTIONAL, 0,
        "file of what was learnt from nights carried out (`kerbside reports --learned`), relative "
        "to this file's folder; its factors on densities and service times hold in every plan"),
    CHOICE("coordinates", REQUIRED, 0, "wgs84|gcj02|bd09",
           "system of every latitude and longitude here and in the tables"),
    ONE("time_zone", KI_KEY_TEXT, REQUIRED, 0, "IANA name; clock times are local in it"),
    ONE("currency", KI_KEY_TEXT, REQUIRED, 0, "ISO 4217 code of every price"),
    ONE("date", KI_KEY_DATE, OPTIONAL, 0,
        "service day; `--date` overrides; absent: the day of the newest credible report"),
    ONE("as_of", KI_KEY_INSTANT, OPTIONAL, 0,
        "now; `--as-of` overrides; absent: the newest credible report"),
    MAP("night", REQUIRED, "when anything may be out, at most 48 h"),
    ONE("night.start", KI_KEY_CLOCK, REQUIRED, 0, "on the service day"),
    ONE("night.end", KI_KEY_CLOCK, REQUIRED, 0, "not after `start`: on the next day"),
    MAP("demand", OPTIONAL, "which containers are emptied"),
    NUMBER("demand.must_ratio", OPTIONAL, "ratio", "0.85", 0, 1,
           "forecast fill from which a container must be emptied"),
    NUMBER("demand.may_ratio", OPTIONAL, "ratio", "0.55", 0, 1, "... from which it may be"),
    INTEGER("demand.look_ahead_nights", OPTIONAL, "nights", "0", 0, 7,
            "mays that would call a truck out again within so many nights (fewer where fewer pay) "
            "are worth a share of its outing; 0 or 1: tonight only; `init` writes 7"),
    NUMBER("demand.load_quantile", OPTIONAL, "ratio", "0.5", 0.5, 0.999,
           "chance with which a trip that is planned to be full fits its vehicle: it leaves room "
           "for what forecasts may be wrong by; 0.5: loads as expected; `init` writes 0.9"),
    NUMBER(
        "demand.time_quantile", OPTIONAL, "ratio", "0.5", 0.5, 0.999,
        "chance with which a route is in time where a window closes or its shift ends: it leaves "
        "time for what drives and stops may take longer; 0.5: times as expected; `init` writes "
        "0.9"),
    NUMBER("demand.overflow_chance", OPTIONAL, "ratio", "0.1", 0.001, 0.5,
           "a container must be emptied if it would overflow before the next visit with a greater "
           "chance"),
    INTEGER("demand.forecast", OPTIONAL, 0, "1", 1, 3,
            "how fills are forecast; 3: as 2, and by seasons, `holidays`, hours of the day and "
            "neighbours; 2: for the hours in which trucks come, with an interval that holds what "
            "it says at one report a day too; 1: as before, for the middle of the night; `init` "
            "writes 3"),
    LIST("demand.streams", OPTIONAL,
         "when people bring waste of a stream, for `forecast` 3; each stream once"),
    CHOICE("demand.streams[].stream", REQUIRED, 0, STREAMS, "stream"),
    MANY("demand.streams[].drop_off", KI_KEY_DAILY, OPTIONAL,
         "hours at which its containers are open, where they have none of their own; absent: at "
         "any hour, as reports show it"),
    NUMBER("demand.streams[].holiday_factor", OPTIONAL, "ratio", "0", 0, 10,
           "waste of a day of `holidays`, in mean days'; 0: as the holidays reported show, or as a "
           "Sunday's"),
    {"demand.collection_nights", KI_KEY_CHOICE, KI_KEY_LIST, OPTIONAL, 0, 0, 0, 0,
     "mon|tue|wed|thu|fri|sat|sun",
     "nights of the rounds: what would overflow before the next of them must be emptied, and on "
     "other "
     "nights nothing else is; absent: every night"},
    NUMBER("demand.max_bad_ratio", OPTIONAL, "ratio", "0.05", 0, 1,
           "a table with a larger part of bad rows is refused"),
    MAP("prices", OPTIONAL, "what leaving work undone costs"),
    NUMBER("prices.unserved_must", OPTIONAL, "currency", "600", 0, 1e6,
           "a container left that must be emptied"),
    NUMBER("prices.unswept_kerb_per_km", OPTIONAL, "currency", "400", 0, 1e6,
           "kerb due and left unswept"),
    NUMBER("prices.imbalance_per_hour2", OPTIONAL, "currency / h²", "0", 0, 1e4,
           "of the square of each route's paid hours, so that crews share the work; 0: off"),
    NUMBER("prices.unfamiliar_per_stop", OPTIONAL, "currency", "0", 0, 1e6,
           "a stop whose crew had it in none of the plans given with `--familiar`, though another "
           "crew had; 0: off"),
    NUMBER("prices.compactness_per_stop_km2", OPTIONAL, "currency / km²", "0", 0, 1e4,
           "of the square of each stop's distance from the middle of its route's stops, so that "
           "routes are compact; 0: off"),
    NUMBER("prices.overflow_per_container_day", OPTIONAL, "currency", "80", 0, 1e6,
           "an overflowing container, a day; the prize of a container that may be emptied"),
    MAP("crossing", OPTIONAL,
        "roads that may be crossed on foot to a site whose `approach` is empty; absent: "
        "unclassified, residential, living, service, pedestrian and track, of any width"),
    {"crossing.classes", KI_KEY_CHOICE, KI_KEY_LIST, OPTIONAL, 0, 0, 0, 0, ROAD_CLASSES,
     "only these; `[]`: none; absent: as above"},
    NUMBER("crossing.max_width_m", OPTIONAL, "m", "0", 0, 100,
           "carriageways not wider, where the width is tagged; 0: any"),
    INTEGER("crossing.max_lanes", OPTIONAL, "lanes", "0", 0, 20,
            "with not more lanes, where they are tagged; 0: any"),
    MANY("holidays", KI_KEY_DATE, OPTIONAL,
         "public holidays: what hours of roads and bans call `PH`; past ones too, for `forecast` "
         "3"),
    LIST("bans", OPTIONAL, "roads that some vehicles may not use at some hours"),
    ONE("bans[].id", KI_KEY_ID, REQUIRED, 0, "id"),
    ONE("bans[].note", KI_KEY_TEXT, OPTIONAL, "", "why, for people"),
    LIST("bans[].area", OPTIONAL, "corners of an area, in order, at least three"),
    NUMBER("bans[].area[].lat", REQUIRED, "degrees", 0, -90, 90, "latitude"),
    NUMBER("bans[].area[].lon", REQUIRED, "degrees", 0, -180, 180, "longitude"),
    MAP("bans[].circle", OPTIONAL, "a round area"),
    NUMBER("bans[].circle.lat", REQUIRED, "degrees", 0, -90, 90, "latitude of its middle"),
    NUMBER("bans[].circle.lon", REQUIRED, "degrees", 0, -180, 180, "longitude of its middle"),
    NUMBER("bans[].circle.radius_m", REQUIRED, "m", 0, 1, 1e5, "radius"),
    MANY("bans[].roads", KI_KEY_ID, OPTIONAL,
         "names of roads as in the extract, within the area if there is one; absent: all of it"),
    {"bans[].vehicles", KI_KEY_CHOICE, KI_KEY_LIST, OPTIONAL, 0, 0, 0, 0,
     "truck|sweeper|robot|haul", "whom; absent: every vehicle"},
    NUMBER("bans[].over_mass_kg", OPTIONAL, "kg", "0", 0, 1e5, "only heavier ones; 0: any"),
    NUMBER("bans[].over_height_m", OPTIONAL, "m", "0", 0, 10, "only higher ones; 0: any"),
    NUMBER("bans[].over_width_m", OPTIONAL, "m", "0", 0, 10, "only wider ones; 0: any"),
    NUMBER("bans[].over_length_m", OPTIONAL, "m", "0", 0, 40, "only longer ones; 0: any"),
    ONE("bans[].hours", KI_KEY_TEXT, OPTIONAL, "",
        "as OpenStreetMap's `opening_hours`, local time; empty: at any time"),
    LIST("attendants", OPTIONAL, "people who look after vehicles that drive by themselves"),
    ONE("attendants[].id", KI_KEY_ID, REQUIRED, 0, "id"),
    INTEGER("attendants[].people", OPTIONAL, "", "1", 1, 1000, "how many there are tonight"),
    INTEGER("attendants[].robots_each", OPTIONAL, "", "1", 1, 1000,
            "vehicles that one of them can look after at once"),
    LIST("order", OPTIONAL, "stops that come in a given order"),
    MANY("order[].ids", KI_KEY_ID, REQUIRED,
         "containers and kerbs, at least two: a shift serves those it serves in this order; other "
         "stops may lie between"),
    ONE("order[].note", KI_KEY_TEXT, OPTIONAL, "", "why, for people"),
    MAP("tables", REQUIRED,
        "files next to this one, layers of a GeoPackage, or tables of a database"),
    ONE("tables.sites", KI_KEY_TABLE, OPTIONAL, 0, "where containers stand"),
    ONE("tables.sites.file", KI_KEY_TEXT, REQUIRED, 0, "file name"),
    ONE("tables.sites.layer", KI_KEY_TEXT, OPTIONAL, 0,
        "layer of a GeoPackage, sheet, or table of a database"),
    COLUMNS("tables.sites.columns"),
    ONE("tables.containers", KI_KEY_TABLE, OPTIONAL, 0, "the containers"),
    ONE("tables.containers.file", KI_KEY_TEXT, REQUIRED, 0, "file name"),
    ONE("tables.containers.layer", KI_KEY_TEXT, OPTIONAL, 0,
        "layer of a GeoPackage, sheet, or table of a database"),
    COLUMNS("tables.containers.columns"),
    ONE("tables.reports", KI_KEY_TABLE, OPTIONAL, 0, "what the sensors and crews reported"),
    ONE("tables.reports.file", KI_KEY_TEXT, REQUIRED, 0, "file name"),
    ONE("tables.reports.layer", KI_KEY_TEXT, OPTIONAL, 0,
        "layer of a GeoPackage, sheet, or table of a database"),
    COLUMNS("tables.reports.columns"),
    CHOICE(
        "tables.reports.fill", OPTIONAL, "ratio",
        "ratio|percent|free_ratio|free_percent|distance_mm",
        "what `fill_ratio` holds: filled or still free, of 1 or of 100; or the distance from the "
        "sensor to the waste"),
    {"tables.reports.fill_by_source", KI_KEY_TEXT, KI_KEY_NAMED, OPTIONAL, 0, 0, 0, 0, 0,
     "the same for single sources, by what their column `source` says: `{acme: percent}`"},
    ONE("tables.kerbs", KI_KEY_TABLE, OPTIONAL, 0, "kerbs to sweep"),
    ONE("tables.kerbs.file", KI_KEY_TEXT, REQUIRED, 0, "file name"),
    ONE("tables.kerbs.layer", KI_KEY_TEXT, OPTIONAL, 0,
        "layer of a GeoPackage, sheet, or table of a database"),
    COLUMNS("tables.kerbs.columns"),
    ONE("tables.roads_extra", KI_KEY_TABLE, OPTIONAL, 0, "local corrections of the roads"),
    ONE("tables.roads_extra.file", KI_KEY_TEXT, REQUIRED, 0, "file name"),
    ONE("tables.roads_extra.layer", KI_KEY_TEXT, OPTIONAL, 0,
        "layer of a GeoPackage, sheet, or table of a database"),
    COLUMNS("tables.roads_extra.columns"),
    LIST("depots", REQUIRED, "where routes start and end"),
    ONE("depots[].id", KI_KEY_ID, REQUIRED, 0, "id"),
    ONE("depots[].name", KI_KEY_TEXT, OPTIONAL, "", "name for people"),
    NUMBER("depots[].lat", REQUIRED, "degrees", 0, -90, 90, "latitude"),
    NUMBER("depots[].lon", REQUIRED, "degrees", 0, -180, 180, "longitude"),
    MAP("sweeping", OPTIONAL,
        "which kerbs are due, by the grades of their streets; absent: all with `due`"),
    LIST("sweeping.grades", REQUIRED, "kerbs of a grade not listed are due as their rows say"),
    INTEGER("sweeping.grades[].grade", REQUIRED, 0, 0, 1, 9, "`grade` of the kerbs"),
    NUMBER("sweeping.grades[].per_week", REQUIRED, "a week", 0, 0.02, 7,
           "nights on which a kerb is swept; 7: every night"),
    INTEGER("sweeping.grades[].passes", OPTIONAL, "passes", "0", 0, 10,
            "a night, in place of the kerb's own; 0: as the kerb's"),
    NUMBER("sweeping.grades[].spacing_h", OPTIONAL, "h", "0", 0, 720,
           "not due sooner after it was last swept"),
    {"sweeping.grades[].days", KI_KEY_CHOICE, KI_KEY_LIST, OPTIONAL, 0, 0, 0, 0,
     "Mo|Tu|We|Th|Fr|Sa|Su",
     "weekdays of the service day on which it is swept: those after collection, for instance; "
     "absent: any, balanced"},
    MANY("sweeping.grades[].hours", KI_KEY_WINDOWS, OPTIONAL,
         "permitted hours of kerbs without windows of their own; absent: all night"),
    MANY("sweeping.grades[].not_hours", KI_KEY_WINDOWS, OPTIONAL, "forbidden hours of these"),
    NUMBER("sweeping.min_wet_c", OPTIONAL, "degrees C", "3", -60, 60,
           "below it no water is used, where tonight.yaml states `temperature_c`"),
    LIST("facilities", OPTIONAL, "where vehicles unload, refill and charge"),
    ONE("facilities[].id", KI_KEY_ID, REQUIRED, 0, "id"),
    ONE("facilities[].name", KI_KEY_TEXT, OPTIONAL, "", "name for people"),
    CHOICE("facilities[].kind", REQUIRED, 0, "transfer_station|plant|dump|hydrant|charger",
           "what it is"),
    NUMBER("facilities[].lat", REQUIRED, "degrees", 0, -90, 90, "latitude"),
    NUMBER("facilities[].lon", REQUIRED, "degrees", 0, -180, 180, "longitude"),
    LIST("facilities[].takes", OPTIONAL,
         "streams it takes; absent: none, as of a charger in a street or at a depot"),
    CHOICE("facilities[].takes[].stream", REQUIRED, 0, STREAMS, "stream"),
    NUMBER("facilities[].takes[].fee_per_tonne", OPTIONAL, "currency / t", "0", -1e5, 1e5,
           "gate fee; negative: revenue"),
    NUMBER("facilities[].takes[].stock_kg", OPTIONAL, "kg", "0", 0, 1e9,
           "at a transfer station: lying there when the night starts"),
    NUMBER("facilities[].takes[].buffer_kg", OPTIONAL, "kg", "0", 0, 1e9,
           "most that may lie there; haul trucks carry the rest away; 0: not limited"),
    ONE("facilities[].takes[].cleared", KI_KEY_FLAG, OPTIONAL, "no",
        "nothing of it may lie there when the night ends"),
    MANY("facilities[].hours", KI_KEY_WINDOWS, OPTIONAL, "opening hours; absent: always open"),
    NUMBER("facilities[].unload_s", OPTIONAL, "s", "300", 0, 86400, "a visit, whatever the load"),
    NUMBER("facilities[].unload_s_per_tonne", OPTIONAL, "s / t", "0", 0, 86400, "and per tonne"),
    INTEGER("facilities[].bays", OPTIONAL, "vehicles", "0", 0, 1000,
            "that may unload or charge at once; 0: any number"),
    NUMBER("facilities[].cap_tonnes", OPTIONAL, "t", "0", 0, 1e6,
           "it may take tonight; 0: not limited"),
    NUMBER("facilities[].used_tonnes", OPTIONAL, "t", "0", 0, 1e6, "of that already taken"),
    ONE("facilities[].water", KI_KEY_FLAG, OPTIONAL, "no", "water may be filled here"),
    NUMBER("facilities[].charge_kw", OPTIONAL, "kW", "0", 0, 5000,
           "vehicles with a battery may charge here, each with so much: behind unloading, or where "
           "they cannot unload with the load they have; 0: none may"),
    {"vehicle_kinds", KI_KEY_MAP, KI_KEY_NAMED, REQUIRED, 0, 0, 0, 0, 0,
     "kinds by name; vehicles refer to them"},
    CHOICE("vehicle_kinds.*.use", REQUIRED, 0, "truck|sweeper|robot|haul", "what it does"),
    NUMBER("vehicle_kinds.*.height_m", OPTIONAL, "m", "0", 0, 10, "0: no height limit applies"),
    NUMBER("vehicle_kinds.*.width_m", OPTIONAL, "m", "0", 0, 10, "0: no width limit applies"),
    NUMBER("vehicle_kinds.*.length_m", OPTIONAL, "m", "0", 0, 40, "0: no length limit applies"),
    NUMBER("vehicle_kinds.*.mass_kg", OPTIONAL, "kg", "0", 0, 100000,
           "laden; 0: no mass limit applies"),
    NUMBER("vehicle_kinds.*.top_speed_kmh", OPTIONAL, "km/h", "0", 0, 130, "0: as the road"),
    NUMBER("vehicle_kinds.*.sweep_speed_kmh", OPTIONAL, "km/h", "0", 0, 40,
           "while sweeping; needed for sweepers and robots"),
    NUMBER("vehicle_kinds.*.water_l", OPTIONAL, "l", "0", 0, 50000, "tank; 0: sweeps dry"),
    NUMBER("vehicle_kinds.*.battery_kwh", OPTIONAL, "kWh", "0", 0, 1000,
           "when full; 0: it has no battery, or one that always lasts"),
    NUMBER("vehicle_kinds.*.reserve_kwh", OPTIONAL, "kWh", "0", 0, 900, "of that never used"),
    NUMBER("vehicle_kinds.*.drive_kwh_per_km", OPTIONAL, "kWh / km", "0", 0, 10, "used by driving"),
    NUMBER("vehicle_kinds.*.sweep_kwh_per_km", OPTIONAL, "kWh / km", "0", 0, 10,
           "used by sweeping, in place of driving"),
    NUMBER("vehicle_kinds.*.lift_kwh", OPTIONAL, "kWh", "0", 0, 10, "used per container"),
    NUMBER("vehicle_kinds.*.charge_kw", OPTIONAL, "kW", "0", 0, 5000,
           "most it takes; 0: as much as the facility gives"),
    CHOICE("vehicle_kinds.*.brush", OPTIONAL, "both", "left|right|both",
           "side of its direction that it sweeps on; centre lanes with either"),
    ONE("vehicle_kinds.*.attended_by", KI_KEY_ID, OPTIONAL, 0,
        "`attendants`: no more are out at once than those look after; none of haul trucks"),
    MANY("vehicle_kinds.*.lifts", KI_KEY_ID, OPTIONAL,
         "lifts it has, words of your own, for containers with `lift`"),
    LIST("vehicle_kinds.*.charge_steps", OPTIONAL,
         "where it takes less as it fills, in rising order, at most 3"),
    NUMBER("vehicle_kinds.*.charge_steps[].from_ratio", REQUIRED, 0, 0, 0, 1,
           "of `battery_kwh`, from there on"),
    NUMBER("vehicle_kinds.*.charge_steps[].charge_kw", REQUIRED, "kW", 0, 0.01, 5000,
           "most it takes"),
    NUMBER("vehicle_kinds.*.price_used", OPTIONAL, "currency", "0", 0, 1e6,
           "if it goes out at all"),
    NUMBER("vehicle_kinds.*.price_per_km", OPTIONAL, "currency / km", "0", 0, 1e4, "driven"),
    NUMBER("vehicle_kinds.*.load_s", OPTIONAL, "s", "0", 0, 86400,
           "to load it full at a transfer station; needed for haul trucks"),
    LIST("vehicles", REQUIRED, "the fleet"),
    ONE("vehicles[].id", KI_KEY_ID, REQUIRED, 0, "id"),
    ONE("vehicles[].kind", KI_KEY_ID, REQUIRED, 0, "one of `vehicle_kinds`"),
    LIST("vehicles[].compartments", REQUIRED, "what it can hold, at least one"),
    {"vehicles[].compartments[].streams", KI_KEY_CHOICE, KI_KEY_LIST, REQUIRED, 0, 0, 0, 0, STREAMS,
     "streams that may go in"},
    NUMBER("vehicles[].compartments[].capacity_kg", REQUIRED, "kg", 0, 1, 1e5, "mass it holds"),
    NUMBER("vehicles[].compartments[].capacity_l", OPTIONAL, "l", "0", 0, 1e6,
           "volume it holds; 0: not limited"),
    LIST("vehicles[].settings", OPTIONAL,
         "other ways to set its movable walls, at most 7: the plan chooses one for each shift, or "
         "`compartments`; none of haul trucks"),
    ONE("vehicles[].settings[].id", KI_KEY_ID, REQUIRED, 0, "id, unique in its vehicle"),
    LIST("vehicles[].settings[].compartments", REQUIRED,
         "the vehicle's compartments in their order, with its streams, set so"),
    NUMBER("vehicles[].settings[].compartments[].capacity_kg", REQUIRED, "kg", 0, 1, 1e5,
           "mass it holds then"),
    NUMBER("vehicles[].settings[].compartments[].capacity_l", OPTIONAL, "l", "0", 0, 1e6,
           "volume it holds then; stated where the vehicle's is, and only there"),
    LIST("shifts", REQUIRED, "one vehicle, one crew, one spell of work"),
    ONE("shifts[].id", KI_KEY_ID, REQUIRED, 0, "id"),
    ONE("shifts[].vehicle", KI_KEY_ID, REQUIRED, 0, "one of `vehicles`"),
    ONE("shifts[].crew", KI_KEY_TEXT, OPTIONAL, "", "crew, for people"),
    ONE("shifts[].depot", KI_KEY_ID, REQUIRED, 0, "one of `depots`, where it starts"),
    ONE("shifts[].end_depot", KI_KEY_ID, OPTIONAL, 0, "where it ends; absent: where it started"),
    ONE("shifts[].start", KI_KEY_CLOCK, REQUIRED, 0, "earliest departure"),
    ONE("shifts[].end", KI_KEY_CLOCK, REQUIRED, 0, "latest return, overtime included"),
    NUMBER("shifts[].regular_h", OPTIONAL, "h", "0", 0, 48,
           "paid at the plain rate, the rest is overtime; 0: all of it"),
    NUMBER("shifts[].guaranteed_h", OPTIONAL, "h", "0", 0, 24,
           "paid at the plain rate if the shift goes out, even where it works less; 0: as worked"),
    NUMBER("shifts[].turnaround_min", OPTIONAL, "min", "0", 0, 1440,
           "between the end of an earlier shift of its vehicle and its start, at least"),
    ONE("shifts[].follows", KI_KEY_ID, OPTIONAL, 0,
        "of a haul truck: the shift in which the same truck collects or sweeps; it sets out when "
        "that is back, `turnaround_min` later"),
    ONE("shifts[].setting", KI_KEY_ID, OPTIONAL, 0,
        "of its vehicle, how its walls are set; absent: the plan says, but with a load on board "
        "they stay as `compartments` says"),
    NUMBER("shifts[].pre_trip_min", OPTIONAL, "min", "0", 0, 240, "before driving off"),
    NUMBER("shifts[].post_trip_min", OPTIONAL, "min", "0", 0, 240, "after coming back"),
    NUMBER("shifts[].price_per_hour", OPTIONAL, "currency / h", "0", 0, 1e5, "crew"),
    NUMBER("shifts[].overtime_per_hour", OPTIONAL, "currency / h", 0, 0, 1e5,
           "crew beyond `regular_h`, in place of the plain rate; absent: the plain rate"),
    LIST("shifts[].breaks", OPTIONAL,
         "pauses of the shift, in the order they are taken, at most 4; one that is not due before "
         "the vehicle is back is left out"),
    NUMBER("shifts[].breaks[].duration_min", REQUIRED, "min", 0, 1, 720, "how long"),
    MANY("shifts[].breaks[].windows", KI_KEY_WINDOWS, OPTIONAL,
         "when it may start, at most 4; absent: any time"),
    NUMBER("shifts[].breaks[].after_work_h", OPTIONAL, "h", "0", 0, 48,
           "at the latest after so much work since the start or the break before; 0: not tied to "
           "work"),
    ONE("shifts[].breaks[].at_facility", KI_KEY_FLAG, OPTIONAL, "no",
        "only at the depot or where the vehicle unloads (a haul truck: or loads); no: wherever it "
        "stands"),
    ONE("shifts[].breaks[].paid", KI_KEY_FLAG, OPTIONAL, "no", "it counts as working time"),
};

static const ki_key tonight_keys[] = {
    MANY("vehicles_out", KI_KEY_ID, OPTIONAL, "vehicles that stay in"),
    MANY("shifts_out", KI_KEY_ID, OPTIONAL, "shifts that do not take place"),
    MANY("containers_forced", KI_KEY_ID, OPTIONAL, "emptied whatever the forecast says"),
    MANY("containers_skipped", KI_KEY_ID, OPTIONAL, "left whatever the forecast says"),
    MANY("kerbs_forced", KI_KEY_ID, OPTIONAL, "swept whether due or not"),
    MANY("kerbs_skipped", KI_KEY_ID, OPTIONAL, "not swept"),
    NUMBER("temperature_c", OPTIONAL, "degrees C", 0, -60, 60,
           "lowest tonight: below `sweeping.min_wet_c` kerbs are swept dry"),
    LIST("closed", OPTIONAL, "streets closed to every vehicle"),
    INTEGER("closed[].way", REQUIRED, "OSM id", 0, 1, 1e17, "way"),
    INTEGER("closed[].from_node", OPTIONAL, "OSM id", "0", 0, 1e17,
            "one end of the closed run; absent: the whole way"),
    INTEGER("closed[].to_node", OPTIONAL, "OSM id", "0", 0, 1e17, "the other end"),
    ONE("closed[].note", KI_KEY_TEXT, OPTIONAL, "", "why"),
    LIST("facility_hours", OPTIONAL, "hours in place of the facility's own"),
    ONE("facility_hours[].id", KI_KEY_ID, REQUIRED, 0, "facility"),
    MANY("facility_hours[].hours", KI_KEY_WINDOWS, REQUIRED, "opening hours tonight"),
    LIST("starting_loads", OPTIONAL, "what is on board before the first stop"),
    ONE("starting_loads[].shift", KI_KEY_ID, REQUIRED, 0, "shift"),
    {"starting_loads[].kg", KI_KEY_NUMBER, KI_KEY_LIST, REQUIRED, "kg", 0, 0, 1e5, 0,
     "mass in each compartment"},
    LIST("pinned", OPTIONAL, "containers and kerbs locked to vehicles"),
    ONE("pinned[].id", KI_KEY_ID, REQUIRED, 0, "container or kerb"),
    MANY("pinned[].vehicles", KI_KEY_ID, REQUIRED, "served by one of these or not at all"),
    LIST("forbidden", OPTIONAL, "containers and kerbs that some vehicles may not serve"),
    ONE("forbidden[].id", KI_KEY_ID, REQUIRED, 0, "container or kerb"),
    MANY("forbidden[].vehicles", KI_KEY_ID, REQUIRED, "served by none of these"),
    LIST("order", OPTIONAL, "stops that come in a given order tonight"),
    MANY("order[].ids", KI_KEY_ID, REQUIRED,
         "containers and kerbs, at least two: a shift serves those it serves in this order; other "
         "stops may lie between"),
    ONE("order[].note", KI_KEY_TEXT, OPTIONAL, "", "why, for people"),
    LIST("bays_taken", OPTIONAL, "bays that others have for a while"),
    ONE("bays_taken[].id", KI_KEY_ID, REQUIRED, 0, "facility with `bays`"),
    MANY("bays_taken[].hours", KI_KEY_WINDOWS, REQUIRED, "when"),
    INTEGER("bays_taken[].bays", OPTIONAL, "", "1", 1, 1000, "so many of its bays"),
};

static const ki_key site_columns[] = {
    ONE("site_id", KI_KEY_ID, REQUIRED, 0, "id"),
    ONE("name", KI_KEY_TEXT, OPTIONAL, "", "name for people"),
    ONE("zone", KI_KEY_TEXT, OPTIONAL, "", "zone that costs are summed by"),
    NUMBER("lat", REQUIRED, "degrees", 0, -90, 90,
           "latitude; a GeoPackage may give a point instead"),
    NUMBER("lon", REQUIRED, "degrees", 0, -180, 180,
           "longitude; a GeoPackage may give a point instead"),
    CHOICE("approach", OPTIONAL, 0, "kerb_side|either",
           "side a truck may stop on; empty: by road class"),
    NUMBER("setup_s", OPTIONAL, "s", "0", 0, 7200, "paid once for all containers of a stop"),
    NUMBER("walk_m", OPTIONAL, "m", "0", 0, 500, "from the road to the containers"),
    ONE("windows", KI_KEY_WINDOWS, OPTIONAL, 0, "when it may be served; empty: any time"),
};

static const ki_key container_columns[] = {
    ONE("container_id", KI_KEY_ID, REQUIRED, 0, "id"),
    ONE("site_id", KI_KEY_ID, REQUIRED, 0, "site it stands at"),
    CHOICE("stream", REQUIRED, 0, STREAMS, "what goes in"),
    NUMBER("volume_l", REQUIRED, "l", 0, 1, 100000, "what it holds"),
    NUMBER("density_kg_per_l", OPTIONAL, "kg / l", "0.1", 0.001, 3, "of its contents"),
    NUMBER("service_s", OPTIONAL, "s", "60", 0, 7200, "to empty it"),
    ONE("last_emptied", KI_KEY_INSTANT, OPTIONAL, 0, "empty: unknown"),
    NUMBER("max_interval_days", OPTIONAL, "days", "0", 0, 365,
           "emptied at least that often; 0: no rule"),
    NUMBER("depth_mm", OPTIONAL, "mm", "0", 0, 20000,
           "from its sensor to its floor; where reports state a distance"),
    ONE("lift", KI_KEY_TEXT, OPTIONAL, "",
        "what lifts it: only vehicles whose kind lists it in `lifts`; empty: any vehicle"),
    ONE("swapped", KI_KEY_FLAG, OPTIONAL, "no",
        "a skip, taken away full for an empty one: fills a vehicle by its whole volume"),
    ONE("drop_off", KI_KEY_DAILY, OPTIONAL, 0,
        "hours at which it is open, for `forecast` 3; empty: as its stream's"),
};

static const ki_key report_columns[] = {
    ONE("container_id", KI_KEY_ID, REQUIRED, 0, "container it is about"),
    ONE("measured", KI_KEY_INSTANT, REQUIRED, 0, "when; without an offset local in `time_zone`"),
    ONE("received", KI_KEY_INSTANT, OPTIONAL, 0, "when it arrived; empty: as measured"),
    NUMBER("fill_ratio", OPTIONAL, "ratio", 0, 0, 1,
           "fill; empty where only a mass or an alarm is known"),
    NUMBER("mass_kg", OPTIONAL, "kg", 0, 0, 100000, "mass; empty where only a fill is known"),
    ONE("source", KI_KEY_TEXT, OPTIONAL, 0, "what reported: sensor, crew, weighbridge ..."),
    NUMBER("trust", OPTIONAL, "ratio", "0", 0, 1, "in the source; 0 or empty: unstated"),
    ONE("alarm", KI_KEY_TEXT, OPTIONAL, 0,
        "fire, tilt, lid open or any other word: a note of the plan, and first in `kerbside "
        "reports`; `ok` ends it"),
    NUMBER("lat", OPTIONAL, "degrees", 0, -90, 90,
           "where it was when it reported: a container that has been moved is told in a note"),
    NUMBER("lon", OPTIONAL, "degrees", 0, -180, 180, "longitude"),
};

static const ki_key street_columns[] = {
    ONE("kerb_id", KI_KEY_ID, REQUIRED, 0, "id"),
    ONE("name", KI_KEY_TEXT, OPTIONAL, "", "street name for people"),
    ONE("zone", KI_KEY_TEXT, OPTIONAL, "", "zone that costs are summed by"),
    INTEGER("way_id", REQUIRED, "OSM id", 0, 1, 1e17, "way it lies along"),
    INTEGER("from_node", REQUIRED, "OSM id", 0, 1, 1e17, "where the run starts"),
    INTEGER("to_node", REQUIRED, "OSM id", 0, 1, 1e17, "where it ends"),
    CHOICE("side", REQUIRED, 0, "left|right|centre",
           "of the run; centre: a lane that one pass cleans either way"),
    INTEGER("passes", OPTIONAL, "passes", "1", 1, 10, "to get it clean"),
    NUMBER("width_m", OPTIONAL, "m", "0", 0, 50, "0: unknown"),
    NUMBER("debris_kg_per_m", OPTIONAL, "kg / m", "0", 0, 50, "picked up"),
    NUMBER("water_l_per_m", OPTIONAL, "l / m", "0", 0, 50, "sprayed"),
    INTEGER("grade", OPTIONAL, 0, "0", 0, 9, "cleaning grade; 0: none"),
    ONE("last_swept", KI_KEY_INSTANT, OPTIONAL, 0, "empty: unknown"),
    ONE("due", KI_KEY_FLAG, OPTIONAL, "yes", "no: left out unless `kerbs_forced` names it"),
    ONE("windows", KI_KEY_WINDOWS, OPTIONAL, 0, "when it may be swept; empty: any time"),
    ONE("days", KI_KEY_TEXT, OPTIONAL, 0,
        "weekdays of the service day on which it may be swept (parking bans by side): `Mo We Fr`; "
        "empty: any"),
};

static const ki_key correction_columns[] = {
    CHOICE("action", REQUIRED, 0, "close|add|set",
           "close a road, add one along `line`, set what the row states"),
    INTEGER("way_id", OPTIONAL, "OSM id", "0", 0, 1e17, "way it is about"),
    INTEGER("from_node", OPTIONAL, "OSM id", "0", 0, 1e17, "0: the whole way"),
    INTEGER("to_node", OPTIONAL, "OSM id", "0", 0, 1e17, "0: the whole way"),
    INTEGER("node_id", OPTIONAL, "OSM id", "0", 0, 1e17, "a gate or another node, if no way"),
    NUMBER("lat", OPTIONAL, "degrees", 0, -90, 90,
           "if neither: the road within 30 m, from junction to junction"),
    NUMBER("lon", OPTIONAL, "degrees", 0, -180, 180, "its longitude"),
    ONE("line", KI_KEY_TEXT, OPTIONAL, 0,
        "of an added road: `LINESTRING (lon lat, lon lat, ...)`; ends join nodes within 30 m"),
    ONE("name", KI_KEY_TEXT, OPTIONAL, 0, "new name; empty: as it is"),
    CHOICE("class", OPTIONAL, 0, ROAD_CLASSES, "empty: as it is; added: service"),
    CHOICE("one_way", OPTIONAL, 0, "along|against|both", "open so; empty: as it is"),
    NUMBER("speed_kmh", OPTIONAL, "km/h", "0", 0, 130, "0: as it is; added: 20"),
    NUMBER("max_height_m", OPTIONAL, "m", "0", -1, 100, "0: as it is; -1: no limit"),
    NUMBER("max_width_m", OPTIONAL, "m", "0", -1, 100, "0: as it is; -1: no limit"),
    NUMBER("max_length_m", OPTIONAL, "m", "0", -1, 100, "0: as it is; -1: no limit"),
    NUMBER("max_mass_kg", OPTIONAL, "kg", "0", -1, 1e6, "0: as it is; -1: no limit"),
    NUMBER("width_m", OPTIONAL, "m", "0", 0, 100, "of the carriageway; 0: as it is"),
    ONE("closed_to", KI_KEY_TEXT, OPTIONAL, 0,
        "some of truck, sweeper, robot, haul; of `close` empty: all"),
    ONE("open_to", KI_KEY_TEXT, OPTIONAL, 0, "some of them; looked at before `closed_to`"),
    ONE("open_hours", KI_KEY_TEXT, OPTIONAL, 0,
        "of a gate or road, as OSM writes them (`Mo-Fr 06:00-20:00`): shut outside them, to "
        "`closed_to` or to all"),
};

#define LEARNED(list, help)                                                                        \
    NUMBER(list "[].factor", REQUIRED, 0, 0, 0.5, 2, "on what the district states"),               \
        INTEGER(list "[].n", REQUIRED, 0, 0, 0, 1000000, help)

static const ki_key learned_keys[] = {
    INTEGER("schema_version", REQUIRED, 0, 0, 1, 1, "version of this format"),
    LIST("density", OPTIONAL, "kg per litre, by stream"),
    CHOICE("density[].stream", REQUIRED, 0, STREAMS, "stream"),
    LEARNED("density", "tickets and weighings it rests on"),
    LIST("service", OPTIONAL, "time to empty a container, by stream and size"),
    CHOICE("service[].stream", REQUIRED, 0, STREAMS, "stream"),
    CHOICE("service[].size", REQUIRED, 0, "small|medium|large", "up to 400 l, up to 1500 l, above"),
    LEARNED("service", "emptyings it rests on"),
    LIST("speed", OPTIONAL,
         "driving speed, by class of road and local hour; shown, not planned with"),
    CHOICE("speed[].class", REQUIRED, 0, ROAD_CLASSES, "class of road"),
    INTEGER("speed[].hour", REQUIRED, 0, 0, 0, 23, "hour"),
    LEARNED("speed", "nights it rests on"),
    LIST("out_of_reach", OPTIONAL, "sites and kerbs that crews could not get to"),
    ONE("out_of_reach[].id", KI_KEY_ID, REQUIRED, 0, "site or kerb"),
    INTEGER("out_of_reach[].times", REQUIRED, 0, 0, 0, 1000000, "nights running"),
    ONE("out_of_reach[].newest", KI_KEY_INSTANT, REQUIRED, 0, "the newest of them"),
    MANY("nights", KI_KEY_ID, OPTIONAL, "executions learnt from, so that none counts twice"),
};

const ki_keys ki_learned_keys = {"learned.yaml", learned_keys, COUNT(learned_keys)};
const ki_keys ki_district_keys = {"District file", district_keys, COUNT(district_keys)};
const ki_keys ki_tonight_keys = {"tonight.yaml", tonight_keys, COUNT(tonight_keys)};
const ki_keys ki_site_columns = {"sites", site_columns, COUNT(site_columns)};
const ki_keys ki_container_columns = {"containers", container_columns, COUNT(container_columns)};
const ki_keys ki_report_columns = {"reports", report_columns, COUNT(report_columns)};
const ki_keys ki_street_columns = {"kerbs", street_columns, COUNT(street_columns)};
const ki_keys ki_correction_columns = {"roads_extra", correction_columns,
                                       COUNT(correction_columns)};
