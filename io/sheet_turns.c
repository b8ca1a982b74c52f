/* SPDX-License-Identifier: GPL-3.0-or-later
 * sheet_turns.c - a leg as a driver is told it.
 *
 * The leg names its streets as runs with lengths; its line shows how it bends where one run gives
 * way to the next. The angle there is taken between the 15 m before and the 15 m behind, found by
 * three cursors that only move forward, so a leg costs one pass over its points:
 *
 *      behind        at        ahead
 *   ------x-----------x-----------x------      runs:  ...a | b...
 *         |<-- 15 m ->|<- 15 m -->|
 */
#include "io/sheet_landmarks.h"

#include <math.h>
#include <string.h>

static const double REACH_MM = 15000;

typedef struct cursor { /* a place on the leg's line that moves forward */
    const ki_plan_leg *leg;
    int32_t point;    /* the piece from this point on */
    double before_mm; /* of the line up to that point */
    double piece_mm;
} cursor;

typedef struct spot {
    double lat_e7, lon_e7;
} spot;

static double piece_length(const ki_plan_leg *leg, int32_t point) {
    const int32_t *at = &leg->points[2 * (size_t)point];
    return ki_distance_mm(at[0], at[1], at[2], at[3]);
}

static cursor at_start(const ki_plan_leg *leg) {
    return (cursor){leg, 0, 0, leg->n_points > 1 ? piece_length(leg, 0) : 0};
}

static spot move_to(cursor *on, double want_mm) {
    const ki_plan_leg *leg = on->leg;
    while (on->point + 2 < leg->n_points && on->before_mm + on->piece_mm < want_mm) {
        on->before_mm += on->piece_mm;
        on->piece_mm = piece_length(leg, ++on->point);
    }
    const int32_t *at = &leg->points[2 * (size_t)on->point];
    double share = on->piece_mm > 0 ? (want_mm - on->before_mm) / on->piece_mm : 0;
    share = fmin(1, fmax(0, share));
    return (spot){at[0] + share * ((double)at[2] - at[0]), at[1] + share * ((double)at[3] - at[1])};
}

/* Degrees clockwise from north. */
static double bearing(spot from, spot to) {
    double narrow = cos(from.lat_e7 * 1e-7 * 0.017453292519943295);
    double east = (to.lon_e7 - from.lon_e7) * narrow, north = to.lat_e7 - from.lat_e7;
    return atan2(east, north) * 57.29577951308232;
}

static ki_bend bend_of(double angle) {
    angle = remainder(angle, 360);
    if (fabs(angle) > 160) return KI_BEND_BACK;
    if (fabs(angle) < 35) return KI_BEND_ON;
    if (angle > 120) return KI_BEND_SHARP_RIGHT;
    if (angle < -120) return KI_BEND_SHARP_LEFT;
    return angle > 0 ? KI_BEND_RIGHT : KI_BEND_LEFT;
}

static const char *run_name(const ki_plan_run *run) {
    return run->name ? run->name : "";
}

static double line_length(const ki_plan_leg *leg) {
    double sum = 0;
    for (int32_t point = 0; point + 1 < leg->n_points; point++)
        sum += piece_length(leg, point);
    return sum;
}

/* A place on the leg, or beyond its end on what is driven behind it. */
static spot reach(cursor *on, double line_mm, const ki_plan_leg *after, double want_mm) {
    if (want_mm <= line_mm || !after || after->n_points < 2) return move_to(on, want_mm);
    cursor behind = at_start(after);
    return move_to(&behind, want_mm - line_mm);
}

/* Rounds to no metre, and nothing behind it shows where it leads. */
static int is_nothing(const ki_turn *turn, const ki_plan_leg *after) {
    return turn->length_mm < 500 && turn->bend != KI_BEND_START && (!after || after->n_points < 2);
}

void ki_leg_turns(const ki_plan_leg *leg, const ki_plan_leg *after,
                  void (*tell)(void *payload, const ki_turn *turn), void *payload) {
    if (leg->n_runs < 1 || leg->n_points < 2) return;
    double run_sum = 0, line_mm = line_length(leg), passed = 0;
    for (int32_t run = 0; run < leg->n_runs; run++)
        run_sum += (double)leg->runs[run].length_mm;
    double scale = run_sum > 0 ? line_mm / run_sum : 0;
    cursor behind = at_start(leg), at = behind, ahead = behind;
    ki_turn turn = {.name = run_name(&leg->runs[0]), .onto = ""};
    for (int32_t run = 0; run < leg->n_runs; run++) {
        double here = passed * scale;
        spot back = move_to(&behind, here - REACH_MM), mid = move_to(&at, here);
        double out = bearing(mid, reach(&ahead, line_mm, after, here + REACH_MM));
        ki_bend bend = passed > 0 ? bend_of(out - bearing(back, mid)) : KI_BEND_START;
        const char *name = run_name(&leg->runs[run]);
        if (passed > 0 && (bend != KI_BEND_ON || strcmp(name, turn.name) != 0)) {
            turn.onto = name;
            tell(payload, &turn);
            turn.length_mm = 0;
        }
        if (turn.length_mm == 0) /* a start at a junction may begin with a run of no length */
            turn = (ki_turn){.bend = bend,
                             .compass = (int)(lround(out / 45) & 7),
                             .name = name,
                             .before = passed > 0 ? &leg->runs[run - 1] : NULL,
                             .onto = "",
                             .node = leg->runs[run].from_node,
                             .lat_e7 = (int32_t)lround(mid.lat_e7),
                             .lon_e7 = (int32_t)lround(mid.lon_e7)};
        turn.length_mm += leg->runs[run].length_mm;
        passed += (double)leg->runs[run].length_mm;
    }
    if (passed > 0 && !is_nothing(&turn, after)) tell(payload, &turn);
}

void ki_leg_join(const ki_plan_leg *before, const ki_plan_leg *after,
                 void (*tell)(void *payload, const ki_turn *turn), void *payload) {
    if (before->n_runs < 1 || before->n_points < 2 || after->n_runs < 1 || after->n_points < 2)
        return;
    const ki_plan_run *last = &before->runs[before->n_runs - 1];
    double line_mm = line_length(before);
    cursor behind = at_start(before), at = behind, ahead = at_start(after);
    spot back = move_to(&behind, line_mm - REACH_MM), mid = move_to(&at, line_mm);
    double out = bearing(mid, move_to(&ahead, REACH_MM));
    ki_turn turn = {.bend = bend_of(out - bearing(back, mid)),
                    .compass = (int)(lround(out / 45) & 7),
                    .name = run_name(&after->runs[0]),
                    .before = last,
                    .onto = "",
                    .node = after->runs[0].from_node,
                    .lat_e7 = (int32_t)lround(mid.lat_e7),
                    .lon_e7 = (int32_t)lround(mid.lon_e7)};
    if (turn.bend != KI_BEND_ON || strcmp(turn.name, run_name(last)) != 0) tell(payload, &turn);
}

static const char *const bends[] = {[KI_BEND_START] = "start on %s",
                                    [KI_BEND_ON] = "straight on into %s",
                                    [KI_BEND_LEFT] = "left into %s",
                                    [KI_BEND_RIGHT] = "right into %s",
                                    [KI_BEND_SHARP_LEFT] = "sharp left into %s",
                                    [KI_BEND_SHARP_RIGHT] = "sharp right into %s",
                                    [KI_BEND_BACK] = "turn round on %s"};
static const char *const compasses[] = {"north", "north-east", "east", "south-east",
                                        "south", "south-west", "west", "north-west"};

/* ---- as text --------------------------------------------------------------------------------- */

typedef struct teller {
    ki_text *text;
    const ki_sheets *sheets;
    ki_language language;
    const char *separator;
    int is_html, n_told;
} teller;

static void add_name(teller *to, const char *name) {
    if (to->is_html)
        ki_text_add_xml(to->text, name);
    else
        ki_text_add_bytes(to->text, name, strlen(name));
}

/* A form with a name in each slot. */
static void add_form(teller *to, const char *english, const char *const *names) {
    const char *form = ki_say(to->language, english), *slot;
    for (; (slot = strstr(form, "%s")); form = slot + 2) {
        ki_text_add_bytes(to->text, form, (size_t)(slot - form));
        add_name(to, *names++);
    }
    ki_text_add(to->text, "%s", form);
}

static void tell_turn(void *payload, const ki_turn *turn) {
    teller *to = payload;
    const char *name = *turn->name ? turn->name : ki_say(to->language, "unnamed road");
    ki_text_add_bytes(to->text, to->separator, to->n_told++ ? strlen(to->separator) : 0);
    add_form(to, bends[turn->bend], &name);
    if (!*turn->name || turn->bend == KI_BEND_START) {
        const char *names[2] = {ki_say(to->language, compasses[turn->compass & 7]), ""};
        add_form(to, ki_landmark_of(&to->sheets->landmarks, turn, &names[1]), names);
    }
    if (turn->length_mm >= 500)
        ki_text_add(to->text, " %lld m", (long long)((turn->length_mm + 500) / 1000));
}

void ki_stop_add_turns(ki_text *text, const ki_plan_route *route, int32_t stop,
                       const ki_sheets *sheets, const char *separator, int is_html) {
    teller to = {text, sheets, sheets->options.language, separator, is_html, 0};
    const ki_plan_stop *at = &route->stops[stop], *before = stop ? at - 1 : NULL;
    int sweeps = at->kind == KI_STOP_SWEEP;
    if (at->leg.length_mm > 0)
        ki_leg_turns(&at->leg, sweeps ? &at->sweep : NULL, tell_turn, &to);
    else if (sweeps && before && before->kind == KI_STOP_SWEEP)
        ki_leg_join(&before->sweep, &at->sweep, tell_turn, &to);
}
