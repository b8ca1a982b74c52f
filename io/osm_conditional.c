/* SPDX-License-Identifier: GPL-3.0-or-later
 * osm_conditional.c - :conditional tags of ways, nodes and restrictions to lists of conditions.
 *
 * A conditional tag overrides the plain tag of the same key and of those less specific; of several
 * that hold at once the most specific counts, then the later clause. So clauses are sorted by rank
 * and written down in that order, and the last that holds wins (road/tonight.h).
 *
 * What is not understood is counted by its text and treated with caution: a condition that is not
 * understood may hold at any time; an access value that is not understood is a ban; a limit or
 * speed that is not understood changes nothing. */
#include "io/osm_rules.h"

#include <stdio.h>
#include <string.h>

enum { KEY_CHARS = 64 };
static const char SUFFIX[] = ":conditional";

/* ---- entries --------------------------------------------------------------------------------- */

void ki_maker_unread(const ki_maker *make, const char *clause, size_t length) {
    char text[KI_UNREAD_CHARS + 1];
    snprintf(text, sizeof text, "%s=%.*s", make->tag->key, (int)length, clause);
    ki_condition_table_unread(make->into->table, text, make->object, make->into->id);
}

void ki_maker_add(ki_maker *make, const ki_clause *clause, int rank, int effect, int kinds_along,
                  int kinds_against, int32_t value) {
    if (!kinds_along && !kinds_against) return;
    if (make->n_entries == KI_MAX_ENTRIES) {
        make->overflowed = 1;
        return;
    }
    ki_condition condition = clause->when;
    condition.kinds[0] = (uint8_t)(kinds_along & clause->when.kinds[0]);
    condition.kinds[1] = (uint8_t)(kinds_against & clause->when.kinds[0]);
    condition.effect = (uint8_t)effect;
    condition.value = value;
    if (!condition.kinds[0] && !condition.kinds[1]) return;
    ki_condition_table_set_hours(make->into->table, &condition, &clause->hours);
    int at = make->n_entries++;
    for (; at > 0 && make->entries[at - 1].rank > rank; at--)
        make->entries[at] = make->entries[at - 1];
    make->entries[at] = (ki_entry){condition, rank};
}

void ki_maker_always(ki_condition *items, int32_t *n, int effect, int along, int against) {
    if (along || against)
        items[(*n)++] =
            (ki_condition){.effect = (uint8_t)effect, .kinds = {(uint8_t)along, (uint8_t)against}};
}

/* More clauses than there is room for close the road at any time. */
int32_t ki_maker_list(ki_maker *make, ki_condition *items, int32_t n) {
    for (int at = 0; at < make->n_entries; at++)
        items[n++] = make->entries[at].condition;
    if (make->overflowed) ki_maker_always(items, &n, KI_EFFECT_CLOSE, ALL, ALL);
    return ki_condition_table_list(make->into->table, items, n);
}

/* The plain key of a conditional one; 0: it is no conditional key. */
static int plain_key(const char *key, char plain[KEY_CHARS]) {
    size_t length = strlen(key), suffix = sizeof SUFFIX - 1;
    if (length <= suffix || length - suffix >= KEY_CHARS) return 0;
    if (strcmp(key + length - suffix, SUFFIX) != 0) return 0;
    memcpy(plain, key, length - suffix);
    plain[length - suffix] = '\0';
    return 1;
}

void ki_maker_begin(ki_maker *make, int object, const ki_tag *tags, size_t n_tags,
                    const ki_osm_into *into) {
    *make = (ki_maker){.into = into, .object = object, .tags = tags, .n_tags = n_tags};
}

/* ---- ways: access and one-way rules ---------------------------------------------------------- */

static int speaks_of(int direction, int way) {
    return direction == ANY_DIRECTION || direction == way;
}

/* The kinds of one direction that a clause of this key opens and closes. */
static void split_kinds(const ki_maker *make, const access_row *key, int rank, int value, int way,
                        int *opens, int *closes) {
    for (int kind = 0; kind < N_KINDS; kind++) {
        int bit = 1 << kind;
        if (!(key->kinds & bit) || !(make->facts->row.possible & bit)) continue;
        if (rank < make->facts->access[kind][way].rank) continue;
        *(ki_osm_is_open(&make->facts->row, bit, &(ki_verdict){rank, value}) ? opens : closes) |=
            bit;
    }
}

static int clause_access(ki_maker *make, const ki_clause *clause, int row, int direction) {
    const access_row *key = &access_keys[row];
    int said = KI_OSM_WORD(access_words, clause->value, SAYS_NOTHING);
    int rank = ki_osm_access_rank(key, direction), opens[2] = {0}, closes[2] = {0};
    for (int way = ALONG; way <= AGAINST; way++)
        if (speaks_of(direction, way))
            split_kinds(make, key, rank, said == SAYS_NOTHING ? CLOSED : said, way, &opens[way],
                        &closes[way]);
    ki_clause whole = *clause;
    if (said == SAYS_NOTHING) whole.when.perhaps = 1;
    ki_maker_add(make, &whole, rank, KI_EFFECT_CLOSE, closes[ALONG], closes[AGAINST], 0);
    ki_maker_add(make, &whole, rank, KI_EFFECT_OPEN, opens[ALONG], opens[AGAINST], 0);
    for (int way = ALONG; way <= AGAINST; way++)
        make->legal[way] |= (uint8_t)opens[way];
    return said != SAYS_NOTHING;
}

static int clause_oneway(ki_maker *make, const ki_clause *clause, int row, int direction) {
    const access_row *key = &oneway_keys[row];
    int said = KI_OSM_WORD(oneway_words, clause->value, SAYS_NOTHING), kinds = 0;
    int rank = ki_osm_access_rank(key, direction);
    ki_clause whole = *clause;
    if (said == SAYS_NOTHING) whole.when.perhaps = 1;
    for (int kind = 0; kind < N_KINDS; kind++)
        if ((key->kinds & 1 << kind) && rank >= make->facts->oneway[kind][ALONG].rank)
            kinds |= 1 << kind;
    int along = said == BOTH_WAYS || said == ONLY_ALONG ? kinds : 0;
    int against = said == BOTH_WAYS || said == ONLY_AGAINST ? kinds : 0;
    ki_maker_add(make, &whole, rank, KI_EFFECT_FLOW_CLOSE, kinds & ~along, kinds & ~against, 0);
    ki_maker_add(make, &whole, rank, KI_EFFECT_FLOW_OPEN, along, against, 0);
    make->flow[ALONG] |= (uint8_t)along;
    make->flow[AGAINST] |= (uint8_t)against;
    return said != SAYS_NOTHING;
}

/* ---- ways: speeds and limits ----------------------------------------------------------------- */

static int clause_speed(ki_maker *make, const ki_clause *clause, int row, int direction) {
    const access_row *key = &maxspeed_keys[row];
    int rank = ki_osm_access_rank(key, direction), kinds[N_DIRECTIONS];
    int32_t limit = ki_osm_parse_speed_mm_per_s(clause->value);
    if (limit == 0 && strcmp(clause->value, "none") != 0) return 0;
    for (int way = ALONG; way <= AGAINST; way++)
        kinds[way] =
            speaks_of(direction, way) && rank >= make->facts->limit[0][way].rank ? key->kinds : 0;
    ki_maker_add(make, clause, rank, KI_EFFECT_SPEED, kinds[ALONG], kinds[AGAINST],
                 ki_osm_limited_speed(make->facts->usual_mm_per_s, limit));
    return 1;
}

/* What the plain tags of other keys limit stays in force. */
static int clause_limit(ki_maker *make, const ki_clause *clause, int row, int direction) {
    const limit_row *key = &limit_keys[row];
    (void)direction; /* the narrower one holds both ways */
    static const int effects[N_LIMITS] = {KI_EFFECT_HEIGHT, KI_EFFECT_WIDTH, KI_EFFECT_LENGTH,
                                          KI_EFFECT_MASS, KI_EFFECT_MASS};
    int32_t value = ki_osm_parse_limit(key->limit, clause->value);
    int is_free = KI_OSM_WORD(no_limits, clause->value, 0);
    if (value == 0 && !is_free) return 0;
    int32_t others = ki_osm_limit_but(make->tags, make->n_tags, key->limit, key->key);
    if (others && (value == 0 || others < value)) value = others;
    ki_maker_add(make, clause, 1, effects[key->limit], ALL, ALL, value);
    return 1;
}

/* ---- ways ------------------------------------------------------------------------------------ */

typedef int clause_rule(ki_maker *make, const ki_clause *clause, int row, int direction);

/* Each clause of the tag by the rule; those not understood are noted. */
static void each_clause(ki_maker *make, clause_rule *rule, int row, int direction) {
    const char *text = make->tag->value;
    ki_clause clause;
    for (const char *start = text; ki_clause_next(&text, &clause); start = text) {
        start += strspn(start, " \t;");
        if (!rule(make, &clause, row, direction) || !clause.is_read)
            ki_maker_unread(make, start, (size_t)(text - start));
    }
}

static void each_key(ki_maker *make, const char *plain, const access_row *keys, size_t n_keys,
                     clause_rule *rule) {
    for (size_t row = 0; row < n_keys; row++) {
        int direction = ki_osm_key_direction(plain, keys[row].key);
        if (direction >= 0) each_clause(make, rule, (int)row, direction);
    }
}

static void each_limit(ki_maker *make, const char *plain) {
    for (size_t row = 0; row < LENGTH_OF(limit_keys); row++) {
        int direction = ki_osm_key_direction(plain, limit_keys[row].key);
        if (direction >= 0) each_clause(make, clause_limit, (int)row, direction);
    }
}

/* Begins with what holds when no condition does, so that access may say what is ever open. */
static void finish_way(ki_maker *make, ki_way_tags *out) {
    ki_condition items[KI_CONDITIONS_PER_LIST];
    const ki_way_facts *facts = make->facts;
    int32_t n = 0;
    if (make->n_entries == 0) return;
    for (int way = ALONG; way <= AGAINST; way++)
        out->access[way] = make->legal[way] & make->flow[way];
    ki_maker_always(items, &n, KI_EFFECT_CLOSE, make->legal[ALONG] & ~facts->legal[ALONG],
                    make->legal[AGAINST] & ~facts->legal[AGAINST]);
    ki_maker_always(items, &n, KI_EFFECT_FLOW_CLOSE, make->flow[ALONG] & ~facts->flow[ALONG],
                    make->flow[AGAINST] & ~facts->flow[AGAINST]);
    out->conditions = ki_maker_list(make, items, n);
}

void ki_osm_way_conditions(const ki_tag *tags, size_t n_tags, const ki_way_facts *facts,
                           const ki_osm_into *into, ki_way_tags *out) {
    ki_maker make;
    char plain[KEY_CHARS];
    ki_maker_begin(&make, 'w', tags, n_tags, into);
    make.facts = facts;
    memcpy(make.legal, facts->legal, sizeof make.legal);
    memcpy(make.flow, facts->flow, sizeof make.flow);
    for (size_t tag = 0; tag < n_tags; tag++) {
        if (!plain_key(tags[tag].key, plain)) continue;
        make.tag = &tags[tag];
        each_key(&make, plain, access_keys, LENGTH_OF(access_keys), clause_access);
        each_key(&make, plain, oneway_keys, LENGTH_OF(oneway_keys), clause_oneway);
        each_key(&make, plain, maxspeed_keys, LENGTH_OF(maxspeed_keys), clause_speed);
        each_limit(&make, plain);
    }
    finish_way(&make, out);
}

/* ---- nodes ----------------------------------------------------------------------------------- */

/* A plain access=yes at a barrier speaks of people on foot, a conditional one too. */
static int clause_barrier(ki_maker *make, const ki_clause *clause, int row, int direction) {
    const access_row *key = &access_keys[row];
    int said = KI_OSM_WORD(access_words, clause->value, SAYS_NOTHING), kinds = 0;
    int rank = ki_osm_access_rank(key, direction);
    ki_clause whole = *clause;
    if (said == SAYS_NOTHING) whole.when.perhaps = 1;
    for (int kind = 0; kind < N_KINDS; kind++)
        if ((key->kinds & 1 << kind) && rank >= make->said[kind][ALONG].rank) kinds |= 1 << kind;
    if (said != OPEN)
        ki_maker_add(make, &whole, rank, KI_EFFECT_CLOSE, kinds, 0, 0);
    else if (rank >= 2 * RANK_OF_VEHICLE)
        ki_maker_add(make, &whole, rank, KI_EFFECT_OPEN, kinds, 0, 0);
    return said != SAYS_NOTHING;
}

/* A gate with opening hours is shut outside them, to those whom it stops at all times anyway too.
 */
static void gate_hours(ki_maker *make, const char *hours, int kinds) {
    static const ki_tag gate = {"opening_hours", ""};
    ki_clause open = {.when.kinds = {ALL, 0}, .is_read = 1}, shut = open;
    if (!ki_hours_parse(hours, strlen(hours), &open.hours)) {
        open.hours.n_rules = 0;
        open.when.perhaps = 1;
        make->tag = &gate;
        ki_maker_unread(make, hours, strlen(hours));
    }
    ki_maker_add(make, &shut, 0, KI_EFFECT_CLOSE, kinds, 0, 0);
    ki_maker_add(make, &open, 0, KI_EFFECT_OPEN, kinds, 0, 0);
}

void ki_osm_node_conditions(const ki_tag *tags, size_t n_tags,
                            ki_verdict said[N_KINDS][N_DIRECTIONS], const ki_osm_into *into,
                            ki_node_tags *out) {
    ki_maker make;
    ki_condition items[KI_CONDITIONS_PER_LIST];
    char plain[KEY_CHARS];
    const char *hours = ki_osm_find_tag(tags, n_tags, "opening_hours");
    int is_barrier = ki_osm_find_tag(tags, n_tags, "barrier") != NULL;
    ki_maker_begin(&make, 'n', tags, n_tags, into);
    make.said = said;
    if (is_barrier && hours) gate_hours(&make, hours, ALL & ~out->blocked);
    for (size_t tag = 0; tag < n_tags; tag++) {
        if (!plain_key(tags[tag].key, plain)) continue;
        make.tag = &tags[tag];
        if (is_barrier) each_key(&make, plain, access_keys, LENGTH_OF(access_keys), clause_barrier);
        each_limit(&make, plain);
    }
    out->conditions = ki_maker_list(&make, items, 0);
}
