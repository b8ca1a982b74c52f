/* SPDX-License-Identifier: GPL-3.0-or-later
 * osm_turns.c - the tags of a restriction relation: which turns, for whom, when.
 *
 *   restriction=no_left_turn        restriction:hgv=no_u_turn       except=psv;hgv
 *   restriction:conditional=no_left_turn @ (Mo-Fr 07:00-09:00); no_right_turn @ (weight>7.5)
 *
 * Left, right and straight on follow from the members, so what remains of a value is its sort: a
 * ban, a ban to turn back, or an order. A relation gives at most one restriction of each sort. */
#include "io/osm_rules.h"

#include <stdio.h>
#include <string.h>

static uint8_t parse_except(const char *value) {
    int kinds = 0;
    while (value && *value) {
        value += strspn(value, "; ");
        kinds |= KI_OSM_WORD(excepted, value, 0);
        value += strcspn(value, ";");
    }
    return (uint8_t)kinds;
}

/* ---- when ------------------------------------------------------------------------------------ */

static const char *const old_keys[] = {"day_on", "day_off", "hour_on", "hour_off"};

static int has_old_hours(const ki_tag *tags, size_t n_tags) {
    return ki_osm_find_tag(tags, n_tags, "hour_on") || ki_osm_find_tag(tags, n_tags, "day_on");
}

/* Old tags, now and then still there: day_on=Monday day_off=Friday hour_on=07:00 hour_off=09:00. */
static void read_old_hours(ki_maker *make, ki_clause *clause) {
    const char *values[4];
    char text[128];
    for (int at = 0; at < 4; at++)
        values[at] = ki_osm_find_tag(make->tags, make->n_tags, old_keys[at]);
    int has_days = values[0] && values[1], has_hours = values[2] && values[3];
    int length =
        snprintf(text, sizeof text, "%s%s%s %s%s%s", has_days ? values[0] : "", has_days ? "-" : "",
                 has_days ? values[1] : "", has_hours ? values[2] : "", has_hours ? "-" : "",
                 has_hours ? values[3] : "");
    if (!values[0] == !values[1] && !values[2] == !values[3] && length < (int)sizeof text &&
        ki_hours_parse(text, (size_t)length, &clause->hours))
        return;
    static const ki_tag old = {"day_on, hour_on", ""};
    clause->hours.n_rules = 0;
    clause->when.perhaps = 1;
    make->tag = &old;
    ki_maker_unread(make, text, strlen(text));
}

/* A conditional tag's clauses of one sort of turn; `always`: the kinds that the plain tag binds,
 * whom a clause without a turn lets go. */
static void add_clauses(ki_maker *make, const char *key, int sort, int kinds, int rank,
                        int always) {
    const char *text = ki_osm_find_tag(make->tags, make->n_tags, key);
    ki_clause clause;
    while (text && ki_clause_next(&text, &clause)) {
        if (KI_OSM_WORD(turns, clause.value, 0) == sort)
            ki_maker_add(make, &clause, rank, KI_EFFECT_CLOSE, kinds, 0, 0);
        if (KI_OSM_WORD(no_limits, clause.value, 0))
            ki_maker_add(make, &clause, rank, KI_EFFECT_OPEN, kinds & always, 0, 0);
    }
}

static void note_clauses(const ki_tag *tags, size_t n_tags, const char *key,
                         const ki_osm_into *into) {
    const char *text = ki_osm_find_tag(tags, n_tags, key);
    ki_tag tag = {key, text};
    ki_maker make;
    ki_clause clause;
    ki_maker_begin(&make, 'r', tags, n_tags, into);
    make.tag = &tag;
    for (const char *start = text; text && ki_clause_next(&text, &clause); start = text) {
        start += strspn(start, " \t;");
        int is_turn =
            KI_OSM_WORD(turns, clause.value, 0) || KI_OSM_WORD(no_limits, clause.value, 0);
        if (!is_turn || !clause.is_read) ki_maker_unread(&make, start, (size_t)(text - start));
    }
}

/* ---- what, for whom -------------------------------------------------------------------------- */

static int kinds_always(const ki_tag *tags, size_t n_tags, int sort) {
    const char *for_all = ki_osm_find_tag(tags, n_tags, "restriction");
    const char *for_trucks = ki_osm_find_tag(tags, n_tags, "restriction:hgv");
    if (KI_OSM_WORD(turns, for_all, 0) == sort) return ALL;
    return KI_OSM_WORD(turns, for_trucks, 0) == sort ? TRUCK : 0;
}

/* 1: the relation has a restriction of this sort for one of ours. */
static int read_sort(const ki_tag *tags, size_t n_tags, int sort, const ki_osm_into *into,
                     ki_osm_restriction *out) {
    ki_maker make;
    ki_condition items[KI_CONDITIONS_PER_LIST];
    int always = kinds_always(tags, n_tags, sort);
    int32_t n = 0;
    ki_maker_begin(&make, 'r', tags, n_tags, into);
    if (has_old_hours(tags, n_tags) && always) {
        ki_clause clause = {.when.kinds = {ALL, 0}};
        read_old_hours(&make, &clause);
        ki_maker_add(&make, &clause, 0, KI_EFFECT_CLOSE, always, 0, 0);
        always = 0;
    }
    add_clauses(&make, "restriction:conditional", sort, ALL, 1, always);
    add_clauses(&make, "restriction:hgv:conditional", sort, TRUCK, 2, always);
    if (!always && make.n_entries == 0) return 0;
    *out = (ki_osm_restriction){.only = sort == TURN_ONLY,
                                .u_turn = sort == TURN_NO_U,
                                .except = parse_except(ki_osm_find_tag(tags, n_tags, "except"))};
    if (make.n_entries == 0) {
        out->except |= (uint8_t)(ALL & ~always);
        return out->except != ALL;
    }
    ki_maker_always(items, &n, KI_EFFECT_CLOSE, always, 0);
    out->conditions = ki_maker_list(&make, items, n);
    return out->except != ALL;
}

int ki_osm_restriction_tags(const ki_tag *tags, size_t n_tags, const ki_osm_into *into,
                            ki_osm_restriction out[KI_OSM_MAX_TURNS]) {
    static const int sorts[KI_OSM_MAX_TURNS] = {TURN_NO, TURN_NO_U, TURN_ONLY};
    const char *type = ki_osm_find_tag(tags, n_tags, "type");
    int n = 0;
    if (!type || strcmp(type, "restriction") != 0) return 0;
    note_clauses(tags, n_tags, "restriction:conditional", into);
    note_clauses(tags, n_tags, "restriction:hgv:conditional", into);
    for (int sort = 0; sort < KI_OSM_MAX_TURNS; sort++)
        n += read_sort(tags, n_tags, sorts[sort], into, &out[n]);
    return n;
}

int ki_osm_is_conditional_restriction(const ki_tag *tags, size_t n_tags) {
    const char *type = ki_osm_find_tag(tags, n_tags, "type");
    if (!type || strcmp(type, "restriction") != 0) return 0;
    return has_old_hours(tags, n_tags) ||
           ki_osm_find_tag(tags, n_tags, "restriction:conditional") ||
           ki_osm_find_tag(tags, n_tags, "restriction:hgv:conditional");
}
