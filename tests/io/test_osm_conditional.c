/* SPDX-License-Identifier: GPL-3.0-or-later
 * Conditional tags, one row a rule: what they make of a road for one vehicle in some hours of
 * Tuesday 2026-11-24, and how many clauses were not understood. */
#include "base/date.h"
#include "road/tonight.h"
#include "tag_list.h"

static const ki_wall_clock UTC = {0, 0, INT64_MAX};

static ki_out hours(int from, int to) {
    int64_t day_s = ki_days_from_civil(2026, 11, 24) * KI_DAY_S;
    return ki_out_between(day_s + from * 3600, day_s + to * 3600, &UTC, NULL, 0);
}

/* A graph that has nothing but the conditions read so far. */
static ki_graph seen(void) {
    return (ki_graph){.conditions = *ki_condition_table_made(into.table)};
}

static ki_profile_spec spec_of(int kind, int32_t mass_kg, int from, int to) {
    return (ki_profile_spec){.kind = (uint8_t)kind, .mass_kg = mass_kg, .out = hours(from, to)};
}

static ki_way_tags tonight(const char *tags, const ki_profile_spec *spec) {
    ki_way_tags way = read_way(tags);
    ki_graph graph = seen();
    return ki_way_tonight(&graph, spec, &way);
}

static int n_unread(void) {
    int n = 0;
    const ki_conditions *made = ki_condition_table_made(into.table);
    for (int32_t at = 0; at < made->n_unread; at++)
        n += made->unread[at].count;
    return n;
}

typedef struct open_case {
    const char *tags; /* of a residential street */
    int kind;
    int32_t mass_kg;
    int from, to; /* hours */
    int along, against, unread;
} open_case;

static void check_open(const open_case *cases, size_t n_cases) {
    for (size_t row = 0; row < n_cases; row++) {
        const open_case *c = &cases[row];
        char tags[MAX_TEXT];
        int before = n_unread();
        snprintf(tags, sizeof tags, "highway=residential %s", c->tags);
        ki_profile_spec spec = spec_of(c->kind, c->mass_kg, c->from, c->to);
        ki_way_tags way = tonight(tags, &spec);
        int along = (way.access[0] & c->kind) != 0, against = (way.access[1] & c->kind) != 0;
        int unread = n_unread() - before;
        if (along != c->along || against != c->against || unread != c->unread)
            fail_msg("row %zu, %s: along %d against %d unread %d", row, c->tags, along, against,
                     unread);
    }
}
#define CHECK_OPEN(cases) check_open(cases, sizeof(cases) / sizeof *(cases))

static void bans_hold_in_their_hours_for_their_vehicles(void **state) {
    static const open_case cases[] = {
        {"hgv:conditional=no~@~(06:00-22:00)", T, 0, 22, 30, 1, 1, 0},
        {"hgv:conditional=no~@~(06:00-22:00)", T, 0, 21, 30, 0, 0, 0},
        {"hgv:conditional=no~@~(06:00-22:00)", T, 0, 22, 31, 0, 0, 0},
        {"hgv:conditional=no~@~(06:00-22:00)", S, 0, 8, 12, 1, 1, 0},
        {"hgv:conditional=no~@~06:00-22:00", T, 0, 8, 12, 0, 0, 0},
        {"hgv:conditional=no@(06:00-22:00)", T, 0, 8, 12, 0, 0, 0},
        {"hgv:conditional=no~@~((06:00-22:00))", T, 0, 8, 12, 0, 0, 0},
        {"access:conditional=no~@~(22:00-06:00)", R, 0, 23, 24, 0, 0, 0},
        {"motor_vehicle:conditional=no~@~(Mo-Fr~07:00-19:00)", T, 0, 8, 12, 0, 0, 0},
        {"motor_vehicle:conditional=no~@~(Mo-Fr~07:00-19:00)", T, 0, 20, 30, 1, 1, 0},
        {"motor_vehicle:conditional=no~@~(Sa,Su)", T, 0, 8, 12, 1, 1, 0},
        {"vehicle:conditional=no~@~(Nov~01-Mar~31~20:00-06:00)", T, 0, 23, 24, 0, 0, 0},
        {"vehicle:conditional=no~@~(Apr-Oct)", T, 0, 23, 24, 1, 1, 0},
        {"hgv:conditional=no~@~(weight>7.5)", T, 7500, 8, 12, 1, 1, 0},
        {"hgv:conditional=no~@~(weight>7.5)", T, 18000, 8, 12, 0, 0, 0},
        {"hgv:conditional=no~@~(weight>=7.5)", T, 7500, 8, 12, 0, 0, 0},
        {"hgv:conditional=no~@~weight~>~7.5~t", T, 18000, 8, 12, 0, 0, 0},
        {"hgv:conditional=no~@~(axleload>5)", T, 18000, 8, 12, 0, 0, 0},
        {"hgv:conditional=no~@~(weight>3.5~AND~Mo-Fr~07:00-19:00)", T, 18000, 8, 12, 0, 0, 0},
        {"hgv:conditional=no~@~(weight>3.5~AND~Mo-Fr~07:00-19:00)", T, 18000, 20, 30, 1, 1, 0},
        {"hgv:conditional=no~@~(weight>3.5~AND~Mo-Fr~07:00-19:00)", T, 3500, 8, 12, 1, 1, 0},
        {"hgv:conditional=no~@~(07:00-19:00~and~weight>3.5)", T, 18000, 8, 12, 0, 0, 0},
        {"hgv:conditional=no~@~((weight>3.5)~AND~(length>8))", T, 18000, 8, 12, 1, 1, 0},
        {"access:conditional=no~@~hgv", T, 0, 8, 12, 0, 0, 0},
        {"access:conditional=no~@~hgv", S, 0, 8, 12, 1, 1, 0},
        {"access:conditional=no~@~(bus~AND~07:00-19:00)", T, 0, 8, 12, 1, 1, 0},
        {"hgv:conditional=no~@~hazmat", T, 0, 8, 12, 1, 1, 0},
        {"hgv:forward:conditional=no~@~(06:00-22:00)", T, 0, 8, 12, 0, 1, 0},
        {"hgv:backward:conditional=no~@~(06:00-22:00)", T, 0, 8, 12, 1, 0, 0},
        {"motorcycle:conditional=no~@~(22:00-06:00)", T, 0, 23, 24, 1, 1, 0},
        {"bicycle:conditional=no~@~whatever", T, 0, 23, 24, 1, 1, 0},
    };
    (void)state;
    CHECK_OPEN(cases);
}

static void permissions_open_where_they_hold_throughout(void **state) {
    static const open_case cases[] = {
        {"hgv=no hgv:conditional=yes~@~(22:00-06:00)", T, 0, 22, 30, 1, 1, 0},
        {"hgv=no hgv:conditional=yes~@~(22:00-06:00)", T, 0, 21, 30, 0, 0, 0},
        {"access=no access:conditional=yes~@~(22:00-06:00)", T, 0, 23, 28, 1, 1, 0},
        {"access=private access:conditional=delivery~@~(22:00-06:00)", S, 0, 23, 28, 1, 1, 0},
        {"hgv=no hgv:conditional=destination~@~(weight<12)", T, 7500, 8, 12, 1, 1, 0},
        {"hgv=no hgv:conditional=destination~@~(weight<12)", T, 12000, 8, 12, 0, 0, 0},
        {"hgv=no hgv:conditional=yes~@~delivery", T, 0, 8, 12, 1, 1, 0},
        {"hgv=no hgv:conditional=yes~@~residents", T, 0, 8, 12, 0, 0, 0},
        {"hgv=no hgv:conditional=yes~@~(22:00-06:00) oneway=yes", T, 0, 23, 24, 1, 0, 0},
        {"hgv=no hgv:conditional=yes~@~(22:00-06:00) oneway=-1", T, 0, 23, 24, 0, 1, 0},
        {"construction=yes access:conditional=yes~@~(22:00-06:00)", T, 0, 23, 24, 0, 0, 0},
        {"access=no hgv:conditional=yes~@~(22:00-06:00)", S, 0, 23, 24, 0, 0, 0},
    };
    (void)state;
    CHECK_OPEN(cases);
}

static void the_most_specific_clause_that_holds_wins(void **state) {
    static const open_case cases[] = {
        {"access:conditional=no~@~(06:00-22:00) hgv=yes", T, 0, 8, 12, 1, 1, 0},
        {"access:conditional=no~@~(06:00-22:00) hgv=yes", S, 0, 8, 12, 0, 0, 0},
        {"access=no hgv=yes hgv:conditional=no~@~(06:00-22:00)", T, 0, 8, 12, 0, 0, 0},
        {"hgv:conditional=no~@~(06:00-22:00);destination~@~(06:00-22:00)", T, 0, 8, 12, 1, 1, 0},
        {"hgv:conditional=yes~@~(06:00-22:00);no~@~(weight>12)", T, 18000, 8, 12, 0, 0, 0},
        {"hgv:conditional=yes~@~(06:00-12:00) access:conditional=no~@~(06:00-22:00)", T, 0, 8, 12,
         1, 1, 0},
        {"hgv:conditional=no~@~(06:00-12:00) access:conditional=yes~@~(06:00-22:00)", T, 0, 8, 12,
         0, 0, 0},
        {"hgv:conditional=no~@~(Mo-Fr~07:00-09:00;Sa~08:00-12:00);yes~@~(Sa)", T, 0, 8, 9, 0, 0, 0},
        {"hgv:conditional=no~@~Sa~08:00-12:00;~Tu~07:00-09:00;", T, 0, 8, 9, 0, 0, 0},
        {"hgv:conditional=no~@~Sa~08:00-12:00;~Tu~07:00-09:00;~yes~@~(Tu)", T, 0, 8, 9, 1, 1, 0},
    };
    (void)state;
    CHECK_OPEN(cases);
}

static void one_way_rules_turn_with_the_hour(void **state) {
    static const open_case cases[] = {
        {"oneway:conditional=yes~@~(07:00-19:00)", T, 0, 8, 12, 1, 0, 0},
        {"oneway:conditional=yes~@~(07:00-19:00)", T, 0, 20, 30, 1, 1, 0},
        {"oneway=yes oneway:conditional=no~@~(20:00-06:00)", T, 0, 20, 30, 1, 1, 0},
        {"oneway=yes oneway:conditional=no~@~(20:00-06:00)", T, 0, 19, 30, 1, 0, 0},
        {"oneway=reversible oneway:conditional=yes~@~(06:00-12:00);-1~@~(12:00-20:00)", T, 0, 8, 12,
         1, 0, 0},
        {"oneway=reversible oneway:conditional=yes~@~(06:00-12:00);-1~@~(12:00-20:00)", T, 0, 13,
         18, 0, 1, 0},
        {"oneway=reversible oneway:conditional=yes~@~(06:00-12:00);-1~@~(12:00-20:00)", T, 0, 8, 18,
         0, 0, 0},
        {"oneway=yes oneway:conditional=no~@~(20:00-06:00) access:conditional=no~@~(22:00-23:00)",
         T, 0, 20, 30, 0, 0, 0},
        {"oneway:conditional=perhaps~@~(20:00-06:00)", T, 0, 20, 30, 0, 0, 1},
    };
    (void)state;
    CHECK_OPEN(cases);
}

static void what_is_not_understood_is_listed_and_treated_with_caution(void **state) {
    static const open_case cases[] = {
        {"hgv:conditional=no~@~(sunset-sunrise)", T, 0, 8, 12, 0, 0, 1},
        {"hgv=no hgv:conditional=yes~@~(sunset-sunrise)", T, 0, 23, 24, 0, 0, 1},
        {"hgv:conditional=no~@~(SH~AND~07:00-09:00)", T, 0, 20, 21, 1, 1, 1},
        {"hgv:conditional=no~@~(SH~AND~07:00-09:00)", T, 0, 7, 8, 0, 0, 1},
        {"hgv:conditional=no~@~wet", T, 0, 8, 12, 0, 0, 1},
        {"hgv:conditional=fancy~@~(06:00-22:00)", T, 0, 8, 12, 0, 0, 1},
        {"hgv:conditional=fancy~@~(06:00-22:00)", T, 0, 23, 24, 1, 1, 1},
        {"hgv:conditional=no", T, 0, 8, 12, 0, 0, 1},
        {"hgv:conditional=no~@", T, 0, 8, 12, 0, 0, 1},
        {"hgv:conditional=no~@~()", T, 0, 8, 12, 0, 0, 1},
        {"hgv:conditional=yes~@~(06:00-22:00;no~@~(22:00-06:00)", T, 0, 8, 12, 0, 0, 1},
        {"hgv:conditional=yes~@~(06:00-22:00),no~@~(weight>3)", T, 0, 8, 12, 0, 0, 1},
        {"hgv:conditional=no~@~(weight>heavy)", T, 0, 8, 12, 0, 0, 1},
        {"hgv:conditional=no~@~(weight>3~AND~length>4~AND~width>2)", T, 18000, 8, 12, 1, 1, 1},
        {"hgv:conditional=", T, 0, 8, 12, 1, 1, 0},
        {"hgv:conditional=no~@~sunset;no~@~sunrise", T, 0, 8, 12, 0, 0, 2},
    };
    (void)state;
    CHECK_OPEN(cases);
    const ki_conditions *made = ki_condition_table_made(into.table);
    assert_string_equal(made->text + made->unread[0].text, "hgv:conditional=no @ (sunset-sunrise)");
    assert_int_equal(made->unread[0].object, 'w');
    assert_int_equal(made->unread[0].example_id, 42);
}

static void more_clauses_than_fit_close_the_road(void **state) {
    static char text[8192];
    ki_tag tags[] = {{"highway", "residential"}, {"hgv:conditional", text}};
    (void)state;
    for (int clause = 0; clause < 100; clause++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%syes @ (%02d:00-24:00)",
                 clause ? ";" : "", clause % 24);
    ki_way_tags way;
    ki_osm_way_tags(tags, 2, &into, &way);
    ki_graph graph = seen();
    ki_profile_spec spec = spec_of(T, 0, 8, 12);
    assert_false(ki_way_tonight(&graph, &spec, &way).access[0] & T);
}

typedef struct limit_case {
    const char *tags;
    int from, to;
    int32_t kmh, mass_kg, height_mm;
    int unread;
} limit_case;

static void speeds_and_limits_turn_with_the_hour(void **state) {
    static const limit_case cases[] = {
        {"maxspeed:conditional=30~@~(22:00-06:00)", 23, 24, 30, 0, 0, 0},
        {"maxspeed:conditional=30~@~(22:00-06:00)", 8, 12, 45, 0, 0, 0},
        {"maxspeed:conditional=20~mph~@~(Mo-Fr~07:00-17:00)", 16, 18, 32, 0, 0, 0},
        {"maxspeed=30 maxspeed:conditional=80~@~(20:00-06:00)", 20, 30, 45, 0, 0, 0},
        {"maxspeed=30 maxspeed:conditional=80~@~(20:00-06:00)", 19, 30, 30, 0, 0, 0},
        {"maxspeed=30 maxspeed:conditional=none~@~(20:00-06:00)", 20, 30, 45, 0, 0, 0},
        {"maxspeed:hgv=30 maxspeed:conditional=80~@~(20:00-06:00)", 20, 30, 30, 0, 0, 0},
        {"maxspeed:hgv:conditional=20~@~(20:00-06:00)", 20, 30, 20, 0, 0, 0},
        {"maxspeed:forward:conditional=20~@~(20:00-06:00)", 20, 30, 20, 0, 0, 0},
        {"maxspeed:conditional=20~@~wet", 20, 30, 20, 0, 0, 1},
        {"maxspeed:conditional=swift~@~(20:00-06:00)", 20, 30, 45, 0, 0, 1},
        {"maxweight=7.5 maxweight:conditional=none~@~destination", 8, 12, 45, 0, 0, 0},
        {"maxweight=7.5 maxweight:conditional=12~@~(20:00-06:00)", 20, 30, 45, 12000, 0, 0},
        {"maxweight=7.5 maxweight:conditional=12~@~(20:00-06:00)", 19, 30, 45, 7500, 0, 0},
        {"maxweight:conditional=3.5~@~(07:00-19:00)", 18, 30, 45, 3500, 0, 0},
        {"maxweight:conditional=3.5~@~(07:00-19:00)", 20, 30, 45, 0, 0, 0},
        {"maxweight=7.5 maxaxleload=5 maxweight:conditional=none~@~delivery", 8, 12, 45, 10000, 0,
         0},
        {"maxaxleload:conditional=5~@~(07:00-19:00)", 8, 12, 45, 10000, 0, 0},
        {"maxweight:conditional=no~@~CAM", 8, 12, 45, 0, 0, 1},
        {"maxheight=4 maxheight:conditional=2.3~@~level~0", 8, 12, 45, 0, 2300, 1},
        {"maxheight=4 maxheight:physical=3.8 maxheight:conditional=none~@~delivery", 8, 12, 45, 0,
         3800, 0},
    };
    (void)state;
    for (size_t row = 0; row < sizeof cases / sizeof *cases; row++) {
        const limit_case *c = &cases[row];
        char tags[MAX_TEXT];
        int before = n_unread();
        snprintf(tags, sizeof tags, "highway=secondary %s", c->tags);
        ki_profile_spec spec = spec_of(T, 0, c->from, c->to);
        ki_way_tags way = tonight(tags, &spec);
        int kmh = (way.speed_mm_per_s[0] * 36 + 5000) / 10000;
        if (kmh != c->kmh || way.max_mass_kg != c->mass_kg || way.max_height_mm != c->height_mm ||
            n_unread() - before != c->unread)
            fail_msg("%s: %d km/h, %d kg, %d mm, unread %d", c->tags, kmh, way.max_mass_kg,
                     way.max_height_mm, n_unread() - before);
    }
}

typedef struct gate_case {
    const char *tags;
    int kind, from, to, open, unread;
} gate_case;

static void gates_keep_their_hours(void **state) {
    static const gate_case cases[] = {
        {"barrier=gate access:conditional=no~@~(20:00-06:00)", T, 22, 23, 0, 0},
        {"barrier=gate access:conditional=no~@~(20:00-06:00)", T, 8, 12, 1, 0},
        {"barrier=gate opening_hours=06:00-20:00", T, 8, 12, 1, 0},
        {"barrier=gate opening_hours=06:00-20:00", R, 22, 23, 0, 0},
        {"barrier=gate opening_hours=sunrise-sunset", T, 12, 13, 0, 1},
        {"barrier=gate access=private opening_hours=06:00-20:00", T, 8, 12, 0, 0},
        {"barrier=bollard motor_vehicle:conditional=yes~@~(05:00-10:00)", T, 5, 10, 1, 0},
        {"barrier=bollard motor_vehicle:conditional=yes~@~(05:00-10:00)", T, 5, 11, 0, 0},
        {"barrier=bollard access:conditional=yes~@~(05:00-10:00)", T, 5, 10, 0, 0},
        {"barrier=lift_gate hgv:conditional=no~@~(22:00-06:00)", T, 22, 23, 0, 0},
        {"barrier=lift_gate hgv:conditional=no~@~(22:00-06:00)", S, 22, 23, 1, 0},
        {"highway=crossing motor_vehicle:conditional=no~@~(22:00-06:00)", T, 22, 23, 1, 0},
        {"barrier=gate access:conditional=whatever~@~(22:00-06:00)", T, 22, 23, 0, 1},
    };
    (void)state;
    for (size_t row = 0; row < sizeof cases / sizeof *cases; row++) {
        const gate_case *c = &cases[row];
        tag_list list;
        ki_node_tags node;
        int before = n_unread();
        split(&list, c->tags);
        int matters = ki_osm_node_tags(list.tags, list.n_tags, &into, &node);
        ki_graph graph = seen();
        ki_profile_spec spec = spec_of(c->kind, 0, c->from, c->to);
        int open = !(ki_node_tonight(&graph, &spec, &node).blocked & c->kind);
        if (open != c->open || n_unread() - before != c->unread || !matters)
            fail_msg("%s: open %d unread %d matters %d", c->tags, open, n_unread() - before,
                     matters);
    }
}

typedef struct turn_case {
    const char *tags; /* behind type=restriction */
    int kind;
    int32_t mass_kg;
    int from, to;
    int n, binds, unread; /* restrictions; how many of them bind */
} turn_case;

static void turns_are_restricted_in_their_hours(void **state) {
    static const turn_case cases[] = {
        {"restriction:conditional=no_left_turn~@~(07:00-09:00)", T, 0, 8, 12, 1, 1, 0},
        {"restriction:conditional=no_left_turn~@~(07:00-09:00)", T, 0, 10, 12, 1, 0, 0},
        {"restriction:hgv:conditional=no_left_turn~@~(07:00-09:00)", T, 0, 8, 12, 1, 1, 0},
        {"restriction:hgv:conditional=no_left_turn~@~(07:00-09:00)", S, 0, 8, 12, 1, 0, 0},
        {"restriction:conditional=no_left_turn~@~(weight>7.5)", T, 18000, 8, 12, 1, 1, 0},
        {"restriction:conditional=no_left_turn~@~(weight>7.5)", T, 3500, 8, 12, 1, 0, 0},
        {"restriction=no_left_turn restriction:conditional=none~@~(20:00-06:00)", T, 0, 20, 30, 1,
         0, 0},
        {"restriction=no_left_turn restriction:conditional=none~@~(20:00-06:00)", T, 0, 19, 30, 1,
         1, 0},
        {"restriction=no_u_turn restriction:conditional=no_left_turn~@~(07:00-09:00)", T, 0, 8, 12,
         2, 2, 0},
        {"restriction=no_u_turn restriction:conditional=no_left_turn~@~(07:00-09:00)", T, 0, 10, 12,
         2, 1, 0},
        {"restriction:conditional=no_left_turn~@~(07:00-09:00);only_straight_on~@~(16:00-18:00)", T,
         0, 8, 17, 2, 2, 0},
        {"restriction:conditional=no_left_turn~@~(07:00-09:00) except=hgv", T, 0, 8, 12, 1, 0, 0},
        {"restriction:conditional=no_left_turn~@~sunset", T, 0, 8, 12, 1, 1, 1},
        {"restriction:conditional=dance~@~(07:00-09:00)", T, 0, 8, 12, 0, 0, 1},
        {"restriction=no_left_turn hour_on=07:00 hour_off=09:00", T, 0, 8, 12, 1, 1, 0},
        {"restriction=no_left_turn hour_on=07:00 hour_off=09:00", T, 0, 10, 12, 1, 0, 0},
        {"restriction=no_left_turn day_on=Monday day_off=Friday hour_on=07:00 hour_off=09:00", T, 0,
         8, 12, 1, 1, 0},
        {"restriction=no_left_turn day_on=Saturday day_off=Sunday", T, 0, 8, 12, 1, 0, 0},
        {"restriction=no_left_turn hour_on=dawn hour_off=09:00", T, 0, 20, 21, 1, 1, 1},
    };
    (void)state;
    for (size_t row = 0; row < sizeof cases / sizeof *cases; row++) {
        const turn_case *c = &cases[row];
        char tags[MAX_TEXT];
        tag_list list;
        ki_osm_restriction turns[KI_OSM_MAX_TURNS];
        int before = n_unread(), n_binding = 0;
        snprintf(tags, sizeof tags, "type=restriction %s", c->tags);
        split(&list, tags);
        int n = ki_osm_restriction_tags(list.tags, list.n_tags, &into, turns);
        ki_graph graph = seen();
        ki_profile_spec spec = spec_of(c->kind, c->mass_kg, c->from, c->to);
        for (int turn = 0; turn < n; turn++) {
            ki_restriction one = {.except = turns[turn].except,
                                  .conditions = turns[turn].conditions};
            n_binding += ki_restriction_binds(&graph, &spec, &one);
        }
        if (n != c->n || n_binding != c->binds || n_unread() - before != c->unread)
            fail_msg("row %zu, %s: %d restrictions, %d bind, unread %d", row, c->tags, n, n_binding,
                     n_unread() - before);
    }
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, new_table, free_table)
    const struct CMUnitTest tests[] = {
        TEST(bans_hold_in_their_hours_for_their_vehicles),
        TEST(permissions_open_where_they_hold_throughout),
        TEST(the_most_specific_clause_that_holds_wins),
        TEST(one_way_rules_turn_with_the_hour),
        TEST(what_is_not_understood_is_listed_and_treated_with_caution),
        TEST(more_clauses_than_fit_close_the_road),
        TEST(speeds_and_limits_turn_with_the_hour),
        TEST(gates_keep_their_hours),
        TEST(turns_are_restricted_in_their_hours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
