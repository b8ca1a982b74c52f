/* SPDX-License-Identifier: GPL-3.0-or-later
 * osm_clause.c - conditional restrictions as OSM writes them (OpenStreetMap wiki, Conditional
 * restrictions).
 *
 *   no @ (weight>7.5 AND Mo-Fr 07:00-19:00; Sa 07:00-12:00); destination @ (22:00-06:00)
 *   └─ clause: value @ term AND term ... ────────────────┘  └─ clause ─────────────────┘
 *
 * A term is a size of the vehicle, a class of user, or opening hours. A semicolon inside the hours
 * should stand in parentheses; where it does not, what follows belongs to the hours up to the last
 * semicolon before the next @. A term that is none of these may hold at any time: `perhaps`. */
#include "io/osm_clause.h"

#include "base/measure.h"
#include "road/graph.h"

#include <string.h>

enum { TERM_CHARS = 512, NOT_OURS = 0, NOT_KNOWN = -1, AXLES = 2 };

typedef struct text { /* not ended by a NUL */
    const char *at, *end;
} text;

static int is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static text trim(text of) {
    while (of.at < of.end && is_space(*of.at))
        of.at++;
    while (of.at < of.end && is_space(of.end[-1]))
        of.end--;
    return of;
}

/* Whether the parenthesis that opens the text closes at its end. */
static int is_wrapped(text of) {
    int depth = 0;
    if (of.end - of.at < 2 || *of.at != '(' || of.end[-1] != ')') return 0;
    for (const char *c = of.at; c < of.end - 1; c++) {
        depth += (*c == '(') - (*c == ')');
        if (depth == 0) return 0;
    }
    return depth == 1;
}

static text unwrap(text of) {
    of = trim(of);
    while (is_wrapped(of)) {
        of.at++;
        of.end--;
        of = trim(of);
    }
    return of;
}

static char lower(char c) {
    return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static int equals(text of, const char *word) {
    size_t length = strlen(word);
    if ((size_t)(of.end - of.at) != length) return 0;
    for (size_t at = 0; at < length; at++)
        if (lower(of.at[at]) != word[at]) return 0;
    return 1;
}

/* ---- whom a clause concerns ------------------------------------------------------------------ */

typedef struct user {
    const char *word;
    int kinds; /* of ours; NOT_OURS: never us */
} user;

/* Emptying bins and sweeping are deliveries to the street itself. */
static const user users[] = {
    {"destination", KI_KIND_ALL},
    {"delivery", KI_KIND_ALL},
    {"deliveries", KI_KIND_ALL},
    {"loading", KI_KIND_ALL},
    {"vehicle", KI_KIND_ALL},
    {"motor_vehicle", KI_KIND_ALL},
    {"hgv", KI_KIND_TRUCK},
    {"goods", KI_KIND_TRUCK},
    {"hgv_articulated", NOT_OURS},
    {"trailer", NOT_OURS},
    {"caravan", NOT_OURS},
    {"motorhome", NOT_OURS},
    {"hazmat", NOT_OURS},
    {"hazmat:water", NOT_OURS},
    {"bus", NOT_OURS},
    {"psv", NOT_OURS},
    {"coach", NOT_OURS},
    {"tourist_bus", NOT_OURS},
    {"taxi", NOT_OURS},
    {"motorcar", NOT_OURS},
    {"motorcycle", NOT_OURS},
    {"moped", NOT_OURS},
    {"mofa", NOT_OURS},
    {"bicycle", NOT_OURS},
    {"foot", NOT_OURS},
    {"horse", NOT_OURS},
    {"hov", NOT_OURS},
    {"agricultural", NOT_OURS},
    {"forestry", NOT_OURS},
    {"emergency", NOT_OURS},
    {"military", NOT_OURS},
    {"disabled", NOT_OURS},
    {"residents", NOT_OURS},
    {"resident", NOT_OURS},
    {"permit", NOT_OURS},
    {"permit_holder", NOT_OURS},
    {"private", NOT_OURS},
    {"customers", NOT_OURS},
    {"employees", NOT_OURS},
    {"staff", NOT_OURS},
    {"electric", NOT_OURS},
};

static int find_user(text term) {
    for (size_t row = 0; row < sizeof users / sizeof *users; row++)
        if (equals(term, users[row].word)) return users[row].kinds;
    return NOT_KNOWN;
}

/* ---- sizes ----------------------------------------------------------------------------------- */

typedef struct measured {
    const char *word;
    int size, times; /* times: of the vehicle's axles */
} measured;

static const measured sizes[] = {
    {"weight", KI_SIZE_MASS, 1},       {"maxweight", KI_SIZE_MASS, 1},
    {"weightrating", KI_SIZE_MASS, 1}, {"maxweightrating", KI_SIZE_MASS, 1},
    {"gcweight", KI_SIZE_MASS, 1},     {"axleload", KI_SIZE_MASS, AXLES},
    {"height", KI_SIZE_HEIGHT, 1},     {"maxheight", KI_SIZE_HEIGHT, 1},
    {"width", KI_SIZE_WIDTH, 1},       {"maxwidth", KI_SIZE_WIDTH, 1},
    {"length", KI_SIZE_LENGTH, 1},     {"maxlength", KI_SIZE_LENGTH, 1},
};

typedef struct comparison {
    text left, right;
    int below, or_equal;
} comparison;

/* `weight > 7.5`, with < <= >= too; 0: no comparison. */
static int split_comparison(text term, comparison *out) {
    const char *at = term.at;
    while (at < term.end && *at != '<' && *at != '>')
        at++;
    if (at == term.end) return 0;
    out->below = *at == '<';
    out->left = trim((text){term.at, at++});
    out->or_equal = at < term.end && *at == '=';
    out->right = trim((text){at + out->or_equal, term.end});
    return 1;
}

static int32_t measure(text value, int size) {
    char digits[KI_CLAUSE_VALUE_CHARS];
    size_t length = (size_t)(value.end - value.at);
    if (length >= sizeof digits) return 0;
    memcpy(digits, value.at, length);
    digits[length] = '\0';
    return ki_measure_smallest(digits,
                               size == KI_SIZE_MASS ? KI_MEASURE_MASS_KG : KI_MEASURE_LENGTH_MM);
}

/* 1: a size test was added. */
static int read_size(text term, ki_condition *when) {
    comparison found;
    int free = when->sizes[0] == KI_SIZE_NONE ? 0 : 1;
    if (!split_comparison(term, &found) || when->sizes[free] != KI_SIZE_NONE) return 0;
    for (size_t row = 0; row < sizeof sizes / sizeof *sizes; row++) {
        if (!equals(found.left, sizes[row].word)) continue;
        int32_t bound = measure(found.right, sizes[row].size);
        if (bound <= 0 || bound > INT32_MAX / AXLES - 1) return 0;
        bound *= sizes[row].times;
        if (found.or_equal) bound += found.below ? 1 : -1;
        when->sizes[free] = (uint8_t)sizes[row].size;
        when->below[free] = (uint8_t)found.below;
        when->bounds[free] = bound;
        return 1;
    }
    return 0;
}

/* ---- terms ----------------------------------------------------------------------------------- */

static int read_hours(text term, ki_clause *out) {
    ki_hours hours;
    if (out->hours.n_rules || !ki_hours_parse(term.at, (size_t)(term.end - term.at), &hours))
        return 0;
    out->hours = hours;
    return 1;
}

static int read_term(text term, ki_clause *out) {
    int kinds = find_user(term);
    if (kinds != NOT_KNOWN) {
        out->when.kinds[0] &= (uint8_t)kinds;
        return 1;
    }
    return read_size(term, &out->when) || read_hours(term, out);
}

static int is_and(text of, const char *at) {
    return at > of.at && of.end - at > 3 && is_space(at[-1]) && is_space(at[3]) &&
           equals((text){at, at + 3}, "and");
}

/* The next term up to an AND outside parentheses; *of moves behind it. */
static text take_term(text *of) {
    int depth = 0;
    text term = {of->at, of->end};
    for (const char *at = of->at; at < of->end; at++) {
        depth += (*at == '(') - (*at == ')');
        if (depth != 0 || !is_and(*of, at)) continue;
        term.end = at;
        of->at = at + 3;
        return unwrap(term);
    }
    of->at = of->end;
    return unwrap(term);
}

static void read_terms(text of, ki_clause *out) {
    of = unwrap(of);
    if (of.at == of.end) out->is_read = 0;
    while (of.at < of.end)
        if (!read_term(take_term(&of), out)) out->is_read = 0;
}

/* ---- clauses --------------------------------------------------------------------------------- */

typedef struct span {
    const char *sign, *end; /* sign: its @, NULL without */
    int is_whole;           /* 0: parentheses that do not match, a second @ */
} span;

/* The clause that begins at `at`. It ends at the last semicolon outside parentheses before the @ of
 * the next one. */
static span find_clause(const char *at) {
    span found = {NULL, NULL, 1};
    int depth = 0;
    for (; *at; at++) {
        depth += (*at == '(') - (*at == ')');
        if (*at == '@' && (depth != 0 || (found.sign && !found.end))) found.is_whole = 0;
        if (depth != 0) continue;
        if (*at == '@' && found.end) return found;
        if (*at == '@') found.sign = at;
        if (*at == ';') found.end = at;
    }
    if (depth != 0) found.is_whole = 0;
    if (!found.end || found.end[1 + strspn(found.end + 1, " \t")]) found.end = at;
    return found;
}

int ki_clause_next(const char **at, ki_clause *out) {
    *at += strspn(*at, " \t;");
    if (!**at) return 0;
    span found = find_clause(*at);
    text value = trim((text){*at, found.sign ? found.sign : found.end});
    *out = (ki_clause){.when.kinds = {KI_KIND_ALL, 0}, .is_read = found.sign && found.is_whole};
    size_t length = (size_t)(value.end - value.at);
    if (found.is_whole && length < sizeof out->value) memcpy(out->value, value.at, length);
    if (out->is_read) read_terms((text){found.sign + 1, found.end}, out);
    out->when.perhaps = !out->is_read;
    *at = found.end;
    return 1;
}
