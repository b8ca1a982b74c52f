/* SPDX-License-Identifier: GPL-3.0-or-later
 * spell.c - the breaks of one haul truck, by dynamic programming over (breaks taken, place of the
 * last): what the clock and the work allow in each gap, and what it does to the paid hours. */
#include "haul/spell.h"

#include "haul/play.h"

static const int64_t SPELL_SCALE = INT64_C(1) << 30;                  /* more ms than a night has */
enum { MOST_PLACES = 2 * KI_HAUL_MOST_WITH_BREAKS + 1, AT_NONE = 0 }; /* place p is row p + 1 */

typedef struct course { /* of a truck through its hauls, breaks left out */
    const ki_haul_kind *kind;
    int32_t n_places;
    int64_t free_ms[MOST_PLACES];  /* behind each place */
    int64_t leave_ms[MOST_PLACES]; /* at the latest, for the next place */
    int64_t work_ms[MOST_PLACES];  /* since the start */
    int64_t home_ms;               /* from the last place to the end of the spell; all of it work */
} course;

typedef struct step {
    int64_t weight; /* of paid hours, then of hours, so far; KI_HAUL_NO_TIME: none */
    int32_t taken;  /* breaks before this place */
    int32_t row;    /* of the last of them */
} step;

typedef struct table {
    step steps[KI_MAX_BREAKS + 1][MOST_PLACES + 1];
} table;

/* ---- one gap --------------------------------------------------------------------------------- */

static int64_t earliest_start(const ki_haul_break *pause, int64_t free_ms) {
    int64_t best_ms = KI_HAUL_NO_TIME;
    for (int32_t at = 0; at < pause->n_spans; at++) {
        int64_t open_ms = pause->spans[at].open_ms;
        int64_t start_ms = free_ms > open_ms ? free_ms : open_ms;
        if (start_ms <= pause->spans[at].close_ms && start_ms < best_ms) best_ms = start_ms;
    }
    return best_ms;
}

static int64_t latest_start(const ki_haul_break *pause, int64_t end_ms) {
    int64_t best_ms = KI_HAUL_NO_TIME;
    for (int32_t at = 0; at < pause->n_spans; at++) {
        int64_t close_ms = pause->spans[at].close_ms, start_ms = end_ms - pause->duration_ms;
        if (start_ms > close_ms) start_ms = close_ms;
        int fits = start_ms >= pause->spans[at].open_ms;
        if (fits && (best_ms == KI_HAUL_NO_TIME || start_ms > best_ms)) best_ms = start_ms;
    }
    return best_ms;
}

int64_t ki_haul_rest(const ki_haul_kind *kind, int32_t first, int32_t n, int64_t free_ms,
                     int32_t *starts) {
    for (int32_t at = 0; at < n; at++) {
        int64_t start_ms = earliest_start(&kind->breaks[first + at], free_ms);
        if (start_ms == KI_HAUL_NO_TIME) return KI_HAUL_NO_TIME;
        if (starts) starts[at] = (int32_t)start_ms;
        free_ms = start_ms + kind->breaks[first + at].duration_ms;
    }
    return free_ms;
}

int64_t ki_haul_spell_start(const ki_haul_kind *kind, int32_t n, int64_t leave_ms) {
    if (kind->under_way) {
        int64_t free_ms = ki_haul_rest(kind, 0, n, (int64_t)kind->earliest_ms + kind->pre_ms, NULL);
        return free_ms <= leave_ms ? kind->earliest_ms : KI_HAUL_NO_TIME;
    }
    for (int32_t at = n - 1; at >= 0; at--) {
        leave_ms = latest_start(&kind->breaks[at], leave_ms);
        if (leave_ms == KI_HAUL_NO_TIME) return KI_HAUL_NO_TIME;
    }
    if (leave_ms - kind->pre_ms < kind->earliest_ms) return KI_HAUL_NO_TIME;
    return ki_haul_spell_start_ms(kind, leave_ms);
}

int64_t ki_haul_spell_due(const ki_haul_kind *kind, int32_t n) {
    int64_t due_ms = kind->latest_ms;
    for (; n < kind->n_breaks; n++)
        if (kind->breaks[n].due_ms < due_ms) due_ms = kind->breaks[n].due_ms;
    return due_ms;
}

int64_t ki_haul_unpaid_ms(const ki_haul_kind *kind, int32_t first, int32_t n) {
    int64_t unpaid_ms = 0;
    for (int32_t at = first; at < first + n; at++)
        if (!kind->breaks[at].paid) unpaid_ms += kind->breaks[at].duration_ms;
    return unpaid_ms;
}

int64_t ki_haul_most_work_ms(const ki_haul_kind *kind, int32_t n) {
    int is_limited = n < kind->n_breaks && kind->breaks[n].work_ms != INT32_MAX;
    return is_limited ? kind->breaks[n].work_ms : KI_HAUL_NO_TIME;
}

/* ---- the course ------------------------------------------------------------------------------ */

static void add_place(course *of, int64_t free_ms, int64_t work_ms) {
    int32_t place = of->n_places++;
    of->free_ms[place] = free_ms;
    of->work_ms[place] = (place ? of->work_ms[place - 1] : 0) + work_ms;
}

static void trace(course *of, const ki_haul_problem *problem, const ki_haul *hauls, int32_t n) {
    int32_t k = hauls[0].kind, from = ki_haul_place_of_depot(problem, KI_HAUL_START);
    const ki_haul_kind *kind = of->kind = &problem->kinds[k];
    of->n_places = 0;
    add_place(of, (int64_t)kind->earliest_ms + kind->pre_ms,
              (int64_t)kind->worked_ms + kind->pre_ms);
    for (int32_t at = 0; at < n; at++) {
        int32_t station = problem->piles[hauls[at].pile].station;
        int32_t plant = ki_haul_place_of_plant(problem, hauls[at].plant);
        int64_t unload_ms = ki_haul_unload_ms(problem, k, hauls[at].plant);
        int64_t there_ms = ki_haul_drive_ms(problem, k, from, station);
        int64_t on_ms = ki_haul_drive_ms(problem, k, station, plant);
        of->leave_ms[of->n_places - 1] = hauls[at].load_ms - there_ms;
        add_place(of, (int64_t)hauls[at].load_ms + kind->load_ms, there_ms + kind->load_ms);
        of->leave_ms[of->n_places - 1] = hauls[at].unload_ms - on_ms;
        add_place(of, hauls[at].unload_ms + unload_ms, on_ms + unload_ms);
        from = plant;
    }
    int32_t home = ki_haul_place_of_depot(problem, KI_HAUL_END);
    of->leave_ms[of->n_places - 1] = KI_HAUL_NO_TIME;
    of->home_ms = (int64_t)ki_haul_drive_ms(problem, k, from, home) + kind->post_ms;
}

static int64_t end_behind(const course *of, int64_t free_ms) {
    return free_ms + of->home_ms;
}

/* ---- the table ------------------------------------------------------------------------------- */

static int within(int64_t work_ms, int64_t most_ms) {
    return most_ms == KI_HAUL_NO_TIME || work_ms <= most_ms;
}

static int64_t work_since(const course *of, int32_t row, int32_t place) {
    return of->work_ms[place] - (row == AT_NONE ? 0 : of->work_ms[row - 1]);
}

/* Whether a spell that ends then may do without the breaks behind the first `taken`. */
static int may_end(const course *of, int32_t taken, int32_t row, int64_t end_ms) {
    int64_t work_ms = work_since(of, row, of->n_places - 1) + of->home_ms;
    return end_ms <= ki_haul_spell_due(of->kind, taken) &&
           within(work_ms, ki_haul_most_work_ms(of->kind, taken));
}

/* The shorter of two spells that are paid alike: nobody rests at the depot first if there is time
 * to do it later. */
static int64_t weight_of(int64_t spell_ms, int64_t unpaid_ms) {
    return (spell_ms - unpaid_ms) * SPELL_SCALE + spell_ms;
}

static void enter(table *all, int32_t taken, int32_t n, int32_t row, int32_t from_row,
                  int64_t weight) {
    step *to = &all->steps[taken + n][row];
    if (weight < to->weight) *to = (step){weight, taken, from_row};
}

/* The next n breaks at a place, the last of those before taken at from_row. */
static void take_there(table *all, const course *of, int32_t taken, int32_t from_row, int32_t n,
                       int32_t place) {
    const ki_haul_kind *kind = of->kind;
    int64_t free_ms = ki_haul_rest(kind, taken, n, of->free_ms[place], NULL);
    int64_t weight =
        all->steps[taken][from_row].weight + weight_of(0, ki_haul_unpaid_ms(kind, taken, n));
    if (free_ms == KI_HAUL_NO_TIME || free_ms > of->leave_ms[place]) return;
    if (place == of->n_places - 1) {
        if (!may_end(of, taken + n, place + 1, end_behind(of, free_ms))) return;
        weight += weight_of(free_ms - of->free_ms[place], 0);
    }
    enter(all, taken, n, place + 1, from_row, weight);
}

static void start_table(table *all, const course *of) {
    const ki_haul_kind *kind = of->kind;
    for (int32_t taken = 0; taken <= kind->n_breaks; taken++)
        for (int32_t row = 0; row <= of->n_places; row++)
            all->steps[taken][row].weight = KI_HAUL_NO_TIME;
    for (int32_t n = 0; n <= kind->n_breaks; n++) {
        int64_t start_ms = ki_haul_spell_start(kind, n, of->leave_ms[0]);
        if (start_ms == KI_HAUL_NO_TIME) continue;
        if (n && !within(of->work_ms[0], ki_haul_most_work_ms(kind, 0))) continue;
        enter(all, 0, n, n ? 1 : AT_NONE, AT_NONE,
              weight_of(-start_ms, ki_haul_unpaid_ms(kind, 0, n)));
    }
}

static void fill_table(table *all, const course *of) {
    int32_t n_breaks = of->kind->n_breaks;
    for (int32_t place = 1; place < of->n_places; place++)
        for (int32_t taken = 0; taken < n_breaks; taken++)
            for (int32_t row = 0; row <= place; row++) {
                if (all->steps[taken][row].weight == KI_HAUL_NO_TIME) continue;
                int64_t most_ms = ki_haul_most_work_ms(of->kind, taken);
                if (!within(work_since(of, row, place), most_ms)) continue;
                for (int32_t n = 1; taken + n <= n_breaks; n++)
                    take_there(all, of, taken, row, n, place);
            }
}

/* The best last step; 0: none. */
static int find_end(const table *all, const course *of, int32_t *taken, int32_t *row) {
    int32_t last = of->n_places - 1;
    int64_t best = KI_HAUL_NO_TIME;
    for (int32_t k = 0; k <= of->kind->n_breaks; k++)
        for (int32_t at = 0; at <= of->n_places; at++) {
            const step *here = &all->steps[k][at];
            if (here->weight >= best) continue;
            int is_judged = at == last + 1; /* when it was entered */
            if (!is_judged && !may_end(of, k, at, end_behind(of, of->free_ms[last]))) continue;
            best = here->weight;
            *taken = k;
            *row = at;
        }
    return best != KI_HAUL_NO_TIME;
}

/* ---- the spell ------------------------------------------------------------------------------- */

static int64_t read_gap(const course *of, ki_haul_spell *out, int32_t first, int32_t n,
                        int32_t place, int64_t free_ms) {
    int32_t starts[KI_MAX_BREAKS];
    free_ms = ki_haul_rest(of->kind, first, n, free_ms, starts);
    for (int32_t at = first; at < first + n; at++)
        out->pauses[at] = (ki_haul_pause){place, starts[at - first],
                                          starts[at - first] + of->kind->breaks[at].duration_ms};
    return free_ms;
}

static void read_table(const table *all, const course *of, int32_t taken, int32_t row,
                       ki_haul_spell *out) {
    const ki_haul_kind *kind = of->kind;
    int32_t last = of->n_places - 1;
    out->n_pauses = taken;
    out->unpaid_ms = (int32_t)ki_haul_unpaid_ms(kind, 0, taken);
    out->end_ms = (int32_t)end_behind(of, of->free_ms[last]);
    while (row > 1) {
        const step *here = &all->steps[taken][row];
        int32_t place = row - 1;
        int64_t free_ms =
            read_gap(of, out, here->taken, taken - here->taken, place, of->free_ms[place]);
        if (place == last) out->end_ms = (int32_t)end_behind(of, free_ms);
        taken = here->taken;
        row = here->row;
    }
    out->start_ms = (int32_t)ki_haul_spell_start(kind, taken, of->leave_ms[0]);
    read_gap(of, out, 0, taken, 0, (int64_t)out->start_ms + kind->pre_ms);
}

/* Also where there is no time for it. */
static void without_breaks(const ki_haul_problem *problem, const ki_haul *hauls, int32_t n,
                           ki_haul_spell *out) {
    int32_t k = hauls[0].kind;
    const ki_haul *last = &hauls[n - 1];
    const ki_haul_kind *kind = &problem->kinds[k];
    int32_t plant = ki_haul_place_of_plant(problem, last->plant);
    int64_t leave_ms = (int64_t)hauls[0].load_ms -
                       ki_haul_drive_ms(problem, k, ki_haul_place_of_depot(problem, KI_HAUL_START),
                                        problem->piles[hauls[0].pile].station);
    int64_t end_ms =
        (int64_t)last->unload_ms + ki_haul_unload_ms(problem, k, last->plant) +
        ki_haul_drive_ms(problem, k, plant, ki_haul_place_of_depot(problem, KI_HAUL_END)) +
        kind->post_ms;
    *out = (ki_haul_spell){.start_ms = (int32_t)ki_haul_spell_start_ms(kind, leave_ms),
                           .end_ms = (int32_t)end_ms};
}

int ki_haul_spell_settle(const ki_haul_problem *problem, const ki_haul *hauls, int32_t n,
                         ki_haul_spell *out) {
    course of;
    table all;
    int32_t taken = 0, row = AT_NONE;
    without_breaks(problem, hauls, n, out);
    if (problem->kinds[hauls[0].kind].n_breaks == 0) return 1;
    if (n > KI_HAUL_MOST_WITH_BREAKS) return 0;
    trace(&of, problem, hauls, n);
    start_table(&all, &of);
    fill_table(&all, &of);
    if (!find_end(&all, &of, &taken, &row)) return 0;
    read_table(&all, &of, taken, row, out);
    return 1;
}
