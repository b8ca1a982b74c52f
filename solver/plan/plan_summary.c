/* SPDX-License-Identifier: GPL-3.0-or-later
 * plan_summary.c - the plan as a page: for the operator of the night and for who judges the method.
 *
 * The first line says what was degraded. Then what went in, what was decided and why, who drives,
 * what was left out and what would make it fit, what it costs, and how far from the best it can be.
 * Everything comes from the plan itself, so that a stored plan reads as it did on the night. */
#include "plan/plan_summary.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/words.h"
#include "plan/plan_internal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    MAX_NOTES = 12,
    MAX_NOTES_OF_KIND = 2,
    MAX_ORDERS = 6,
    MAX_LEFT_OUT = 6,
    MAX_REASONS = 24,
    TEXT_WIDTH = 150
};

int64_t ki_plan_item_nano(const kerb_plan *plan, const char *item) {
    for (int32_t line = 0; line < plan->n_cost_lines; line++)
        if (!plan->cost_lines[line].zone[0] && strcmp(plan->cost_lines[line].item, item) == 0)
            return plan->cost_lines[line].nano;
    return 0;
}

ki_plan_gap ki_plan_gap_of(const kerb_plan *plan) {
    ki_plan_gap gap = {NAN, NAN};
    double fees = (double)ki_plan_item_nano(plan, "gate_fees");
    double cost = (double)plan->cost_nano, apart = cost - (double)plan->bound_nano;
    double avoidable = fees > 0 ? cost - fees : cost;
    if (!plan->relaxation || !plan->relaxation[0]) return gap;
    gap.percent = cost > 0 ? 100 * apart / cost : 0;
    gap.avoidable_percent = avoidable > 0 ? 100 * apart / avoidable : 0;
    return gap;
}

int32_t ki_plan_musts_left_out(const kerb_plan *plan) {
    int32_t n = 0;
    for (int32_t d = 0; d < plan->n_decisions; d++)
        n += plan->decisions[d].choice == KI_MUST && !plan->decisions[d].served;
    return n;
}

/* ---- head ------------------------------------------------------------------------------------ */

static int32_t count_choice(const kerb_plan *plan, ki_choice choice) {
    int32_t n = 0;
    for (int32_t d = 0; d < plan->n_decisions; d++)
        n += plan->decisions[d].choice == choice;
    return n;
}

static int32_t of_kind(const kerb_plan *plan, const char *kind) {
    int32_t n = 0;
    for (int32_t k = 0; k < plan->n_notes; k++)
        n += strcmp(plan->notes[k].kind, kind) == 0;
    return n;
}

static void say_degraded(const kerb_plan *plan, ki_text *text) {
    int32_t left_out = ki_plan_musts_left_out(plan), cannot = count_choice(plan, KI_CANNOT);
    const char *comma = "";
    int32_t over = ki_plan_piles_over(plan);
    if (!plan->degraded && !left_out && !cannot && !plan->stopped && !over) {
        ki_text_say(text, "Not degraded: all data was used, and every must is served.\n");
        return;
    }
    ki_text_say(text, "DEGRADED: ");
    int32_t n_alarms = of_kind(plan, "alarm");
    if (n_alarms) ki_text_say(text, "%d alarm%s", n_alarms, n_alarms == 1 ? "" : "s");
    if (n_alarms) comma = ki_text_word(text, "; ");
    if (left_out)
        ki_text_say(text, "%s%d must%s left out", comma, left_out, left_out == 1 ? "" : "s");
    if (left_out) comma = ki_text_word(text, "; ");
    if (cannot) ki_text_say(text, "%s%d cannot be served by any vehicle", comma, cannot);
    if (cannot) comma = ki_text_word(text, "; ");
    if (over)
        ki_text_say(text, "%s%d pile%s at transfer stations too high", comma, over,
                    over == 1 ? "" : "s");
    if (over) comma = ki_text_word(text, "; ");
    if (plan->stopped) ki_text_say(text, "%sthe search was stopped early", comma);
    if (plan->stopped) comma = ki_text_word(text, "; ");
    for (int32_t note = 0; note < plan->n_notes; note++) {
        if (strcmp(plan->notes[note].kind, "degraded") != 0) continue;
        ki_text_add(text, "%s", comma);
        ki_text_retell(text, plan->notes[note].text);
        comma = ki_text_word(text, "; ");
    }
    if (plan->degraded && plan->n_notes)
        ki_text_say(text, "%s%d note%s on the data below", comma, plan->n_notes,
                    plan->n_notes == 1 ? "" : "s");
    else if (!*comma)
        ki_text_say(text, "data was rejected");
    ki_text_add(text, "\n");
}

static void say_head(const kerb_plan *plan, ki_text *text) {
    char as_of[KI_CLOCK_SIZE], start[KI_CLOCK_SIZE];
    ki_plan_clock(as_of, plan, (plan->as_of_s - plan->night_start_s) * 1000);
    ki_plan_clock(start, plan, 0);
    int64_t apart_s = plan->night_start_s - plan->as_of_s; /* a clock alone would mislead */
    char ago[48] = "";
    if (apart_s > 24 * 3600)
        snprintf(ago, sizeof ago, ki_say(text->language, ", %.1f days before it starts"),
                 (double)apart_s / 86400);
    ki_text_say(text, "Plan %s for %s%s%s%s, night of %s from %s, as of %s local time%s\n",
                plan->id[0] ? plan->id : "-", plan->district_name,
                plan->district_name[0] ? " (" : "", plan->district_id,
                plan->district_name[0] ? ")" : "", plan->service_day, start, as_of, ago);
}

/* ---- data ------------------------------------------------------------------------------------ */

/* A sentence of the plan, not too long. */
static void add_sentence(ki_text *text, const char *sentence, int width) {
    ki_text told = {.language = text->language};
    ki_text_retell(&told, sentence);
    ki_text_add_cut(text, told.bytes ? told.bytes : "", width);
    text->failed |= told.failed;
    ki_text_free(&told);
}

static int32_t same_kind_before(const kerb_plan *plan, int32_t note) {
    int32_t n = 0;
    for (int32_t k = 0; k < note; k++)
        n += strcmp(plan->notes[k].kind, plan->notes[note].kind) == 0;
    return n;
}

/* What the operator ordered for tonight is shown more fully than what the data brought. */
static int32_t most_of_kind(const char *kind) {
    return strcmp(kind, "tonight") == 0 ? MAX_ORDERS : MAX_NOTES_OF_KIND;
}

/* The notes, a few of a kind: a thousand bad rows are one line and a number. */
static void say_notes(const kerb_plan *plan, ki_text *text) {
    int32_t n_said = 0, n_counted = 0;
    ki_text_say(text, "\nData and overrides%s\n",
                plan->n_notes ? "" : ki_text_word(text, ": nothing to remark"));
    for (int32_t note = 0; note < plan->n_notes && n_said < MAX_NOTES; note++) {
        int32_t before = same_kind_before(plan, note), all = of_kind(plan, plan->notes[note].kind);
        int32_t most = most_of_kind(plan->notes[note].kind);
        if (before >= most) continue;
        ki_text_add(text, "  %s: ", ki_text_word(text, plan->notes[note].kind));
        add_sentence(text, plan->notes[note].text, TEXT_WIDTH);
        n_counted++;
        if (before == most - 1 && all > most) {
            ki_text_say(text, " (and %d more of this kind)", all - most);
            n_counted += all - most;
        }
        ki_text_add(text, "\n");
        n_said++;
    }
    if (n_counted < plan->n_notes)
        ki_text_say(text, "  ... and %d more notes in the plan\n", plan->n_notes - n_counted);
}

/* ---- in and out ------------------------------------------------------------------------------ */

typedef struct tally {
    int32_t all, must, may, skip, cannot, in, must_out, may_out;
} tally;

static tally count_stream(const kerb_plan *plan, kerb_stream stream) {
    tally n = {0};
    for (int32_t d = 0; d < plan->n_decisions; d++) {
        const ki_plan_decision *decision = &plan->decisions[d];
        if (decision->stream != stream) continue;
        n.all++;
        n.must += decision->choice == KI_MUST;
        n.may += decision->choice == KI_MAY;
        n.skip += decision->choice == KI_SKIP;
        n.cannot += decision->choice == KI_CANNOT;
        n.in += decision->served;
        n.must_out += decision->choice == KI_MUST && !decision->served;
        n.may_out += decision->choice == KI_MAY && !decision->served;
    }
    return n;
}

static void say_streams(const kerb_plan *plan, ki_text *text) {
    static const struct {
        const char *word, *before;
        int width;
    } heads[] = {{"In and out", "\n", 22}, {"all", " ", -6},      {"must", " ", -6},
                 {"may", " ", -6},         {"skip", " ", -6},     {"cannot", " ", -6},
                 {"served", " | ", -6},    {"must out", " ", -9}, {"may out", " ", -8}};
    for (size_t head = 0; head < sizeof heads / sizeof *heads; head++) {
        ki_text_add(text, "%s", heads[head].before);
        ki_text_add_cell(text, ki_text_word(text, heads[head].word), heads[head].width);
    }
    ki_text_add(text, "\n");
    for (int stream = 0; stream < KERB_N_STREAMS; stream++) {
        tally n = count_stream(plan, (kerb_stream)stream);
        if (n.all == 0) continue;
        const char *kind = stream == KERB_STREAM_SWEEPINGS ? "streets" : "containers";
        char label[64];
        snprintf(label, sizeof label, "%s, %s",
                 ki_text_word(text, kerb_stream_name((kerb_stream)stream)),
                 ki_text_word(text, kind));
        ki_text_add(text, "  ");
        ki_text_add_cell(text, label, 20);
        ki_text_add(text, " %6d %6d %6d %6d %6d | %6d %9d %8d\n", n.all, n.must, n.may, n.skip,
                    n.cannot, n.in, n.must_out, n.may_out);
    }
}

static void say_reasons(const kerb_plan *plan, ki_text *text) {
    const char *codes[MAX_REASONS];
    int32_t counts[MAX_REASONS], n = 0, others = 0;
    for (int32_t d = 0; d < plan->n_decisions; d++) {
        const char *code = plan->decisions[d].reason;
        int32_t k = 0;
        while (k < n && strcmp(codes[k], code) != 0)
            k++;
        if (k == MAX_REASONS) {
            others++;
            continue;
        }
        if (k == n) codes[n] = code, counts[n++] = 0;
        counts[k]++;
    }
    ki_text_say(text, "  why:");
    for (int32_t k = 0; k < n; k++)
        ki_text_add(text, "%s %s %d", k ? "," : "",
                    codes[k][0] ? ki_text_word(text, codes[k]) : "-", counts[k]);
    if (others) ki_text_say(text, ", others %d", others);
    ki_text_add(text, "\n");
}

/* ---- left out -------------------------------------------------------------------------------- */

static int is_left_out(const ki_plan_decision *decision) {
    return !decision->served && (decision->choice == KI_MUST || decision->choice == KI_MAY);
}

/* Musts before mays, dear before cheap, then in the order of the plan. */
static int comes_before(const ki_plan_decision *a, const ki_plan_decision *b) {
    if (a->choice != b->choice) return a->choice == KI_MUST;
    return a->prize_nano > b->prize_nano;
}

static void say_left_out(const kerb_plan *plan, ki_text *text) {
    const ki_plan_decision *top[MAX_LEFT_OUT];
    int32_t n = 0, n_top = 0;
    char money[KI_MONEY_SIZE];
    for (int32_t d = 0; d < plan->n_decisions; d++) {
        const ki_plan_decision *decision = &plan->decisions[d];
        if (!is_left_out(decision)) continue;
        n++;
        int32_t at = n_top < MAX_LEFT_OUT ? n_top++ : MAX_LEFT_OUT;
        while (at > 0 && comes_before(decision, top[at - 1])) {
            if (at < MAX_LEFT_OUT) top[at] = top[at - 1];
            at--;
        }
        if (at < MAX_LEFT_OUT) top[at] = decision;
    }
    if (n == 0) {
        ki_text_say(text, "\nLeft out: nothing that was wanted\n");
        return;
    }
    ki_text_say(text, "\nLeft out: %d, charged %s %s; the first of them\n", n,
                ki_plan_money(money, plan->left_out_nano), plan->currency);
    for (int32_t k = 0; k < n_top; k++) {
        ki_text_add(text, "  ");
        ki_text_add_cell(text, ki_text_word(text, top[k]->choice == KI_MUST ? "must" : "may"), 4);
        ki_text_add(text, " %s, %s: ", top[k]->id,
                    ki_text_word(text, kerb_stream_name(top[k]->stream)));
        static const char prefix[] = "left out: "; /* the heading says so */
        int skip = strncmp(top[k]->text, prefix, sizeof prefix - 1) == 0;
        add_sentence(text, top[k]->text + (skip ? sizeof prefix - 1 : 0), TEXT_WIDTH + 30);
        ki_text_add(text, "\n");
    }
}

/* ---- money ----------------------------------------------------------------------------------- */

static void say_zones(const kerb_plan *plan, ki_text *text) {
    enum { MAX_ZONES = 12 };
    const char *zones[MAX_ZONES];
    int64_t sums[MAX_ZONES], rest = 0;
    int32_t n = 0;
    char money[KI_MONEY_SIZE];
    for (int32_t line = 0; line < plan->n_cost_lines; line++) {
        const ki_plan_cost_line *cost = &plan->cost_lines[line];
        int32_t k = 0;
        if (!cost->zone[0]) continue;
        while (k < n && strcmp(zones[k], cost->zone) != 0)
            k++;
        if (k == n && n < MAX_ZONES) zones[n] = cost->zone, sums[n++] = 0;
        *(k < n ? &sums[k] : &rest) += cost->nano;
    }
    if (n == 0) return;
    ki_text_say(text, "  by zone:");
    for (int32_t k = 0; k < n; k++)
        ki_text_add(text, "%s %s %s", k ? "," : "", zones[k], ki_plan_money(money, sums[k]));
    if (rest) ki_text_say(text, ", others %s", ki_plan_money(money, rest));
    ki_text_add(text, "\n");
}

static const char *item_name(const ki_text *text, const char *item) {
    static const char *const names[][2] = {{"gate_fees", "gate fees"}, {"left_out", "left out"}};
    for (size_t at = 0; at < sizeof names / sizeof *names; at++)
        if (strcmp(item, names[at][0]) == 0) item = names[at][1];
    return ki_text_word(text, item);
}

static void say_cost(const kerb_plan *plan, ki_text *text) {
    char money[KI_MONEY_SIZE];
    int first = 1;
    ki_text_say(text, "\nCost %s %s =", ki_plan_money(money, plan->cost_nano), plan->currency);
    for (int32_t line = 0; line < plan->n_cost_lines; line++) {
        const ki_plan_cost_line *cost = &plan->cost_lines[line];
        if (cost->zone[0] || cost->nano == 0) continue;
        ki_text_add(text, "%s %s %s", first ? "" : " +", item_name(text, cost->item),
                    ki_plan_money(money, cost->nano));
        first = 0;
    }
    ki_text_add(text, "%s\n", first ? ki_text_word(text, " nothing") : "");
    say_zones(plan, text);
}

static void say_bound(const kerb_plan *plan, ki_text *text) {
    char bound[KI_MONEY_SIZE], apart[KI_MONEY_SIZE];
    ki_plan_gap gap = ki_plan_gap_of(plan);
    if (isnan(gap.percent)) {
        ki_text_say(text, "Bound: none was computed\n");
        return;
    }
    ki_plan_money(bound, plan->bound_nano);
    ki_plan_money(apart, plan->cost_nano - plan->bound_nano);
    ki_text_say(text,
                "Bound %s %s: no plan can save more than %s %s, %.2f %% of the cost (%.2f %% "
                "without gate fees)%s\n  by ",
                bound, plan->currency, apart, plan->currency, gap.percent, gap.avoidable_percent,
                plan->proved_optimal ? ki_text_word(text, "; proved optimal") : "");
    ki_text_retell(text, plan->relaxation);
    if (plan->scope[0]) ki_text_add(text, " (");
    ki_text_retell(text, plan->scope);
    ki_text_say(text, "%s; %d columns, %d passes\n", plan->scope[0] ? ")" : "", plan->bound_columns,
                plan->bound_passes);
}

static void say_master(const kerb_plan *plan, ki_text *text) {
    const ki_plan_master *master = &plan->master;
    char money[KI_MONEY_SIZE];
    if (master->n_mips == 0 && master->pool_size == 0) {
        ki_text_say(text, "GLPK: not asked\n");
        return;
    }
    ki_text_say(text,
                "GLPK chose from a pool of %d routes in %d set-partitioning problems (%d columns): "
                "improved %d, saved %s %s%s",
                master->pool_size, master->n_mips, master->n_columns, master->n_improved,
                ki_plan_money(money, master->gained_nano), plan->currency,
                master->proved ? ki_text_word(text, "; the best choice from the pool is proved")
                               : "");
    if (master->n_faults) ki_text_say(text, "; %d faults, set aside", master->n_faults);
    ki_text_add(text, "\n");
}

static void say_provenance(const kerb_plan *plan, ki_text *text) {
    ki_text_say(text,
                "Problem %.16s, roads %.16s; kerbside %s, seed %llu, %lld iterations on %d "
                "islands%s%s\n",
                plan->problem_hash,
                plan->roads_hash[0] ? plan->roads_hash : ki_text_word(text, "none"),
                plan->engine_version, (unsigned long long)plan->seed, (long long)plan->iterations,
                plan->n_islands, plan->parent_id[0] ? ki_text_word(text, ", from plan ") : "",
                plan->parent_id);
}

void ki_plan_summary_text(const kerb_plan *plan, ki_text *text) {
    say_degraded(plan, text);
    say_head(plan, text);
    say_notes(plan, text);
    say_streams(plan, text);
    say_reasons(plan, text);
    ki_plan_summary_routes(plan, text);
    ki_plan_summary_hauls(plan, text);
    say_left_out(plan, text);
    say_cost(plan, text);
    say_bound(plan, text);
    say_master(plan, text);
    say_provenance(plan, text);
}

static kerb_status hand_out(ki_text *text, char **out, kerb_error *err) {
    if (text->failed || !text->bytes) {
        ki_text_free(text);
        return ki_fail_no_memory(err, "a text");
    }
    *out = text->bytes;
    return KERB_OK;
}

static kerb_status find_language(ki_text *text, const char *language, kerb_error *err) {
    if (language && !ki_language_find(&text->language, language)) return KERB_OK;
    return ki_fail(err, KERB_BAD_CALL, "language: %.20s, expected en or zh",
                   language ? language : "NULL");
}

kerb_status kerb_plan_summary(const kerb_plan *plan, int json, char **out, kerb_error *err) {
    ki_text text = {0};
    if (!out) return ki_fail(err, KERB_BAD_CALL, "kerb_plan_summary: out is NULL");
    *out = NULL;
    if (!plan) return ki_fail(err, KERB_BAD_CALL, "kerb_plan_summary: plan is NULL");
    if (json)
        ki_plan_summary_json(plan, &text);
    else
        ki_plan_summary_text(plan, &text);
    return hand_out(&text, out, err);
}

kerb_status kerb_plan_summary_in(const kerb_plan *plan, const char *language, char **out,
                                 kerb_error *err) {
    ki_text text = {0};
    if (!out) return ki_fail(err, KERB_BAD_CALL, "kerb_plan_summary_in: out is NULL");
    *out = NULL;
    if (!plan) return ki_fail(err, KERB_BAD_CALL, "kerb_plan_summary_in: plan is NULL");
    KI_TRY(find_language(&text, language, err));
    ki_plan_summary_text(plan, &text);
    return hand_out(&text, out, err);
}

kerb_status kerb_text_translate(char **out, const char *sentence, const char *language,
                                kerb_error *err) {
    ki_text text = {0};
    if (!out) return ki_fail(err, KERB_BAD_CALL, "kerb_text_translate: out is NULL");
    *out = NULL;
    if (!sentence) return ki_fail(err, KERB_BAD_CALL, "kerb_text_translate: text is NULL");
    KI_TRY(find_language(&text, language, err));
    ki_text_retell(&text, sentence);
    if (!*sentence) ki_text_add_bytes(&text, "", 0);
    return hand_out(&text, out, err);
}
