/* SPDX-License-Identifier: GPL-3.0-or-later
 * plan_summary_hauls.c - what lies at the transfer stations and what leaves them, for people and
 * for programs. */
#include "plan/plan_internal.h"
#include "plan/plan_summary.h"

#include "base/words.h"

#include <string.h>

enum { MOST_PILES = 40, NAME_WIDTH = 34 };

static double tonnes(int64_t mass_g) {
    return (double)mass_g * 1e-6;
}

int32_t ki_plan_piles_over(const kerb_plan *plan) {
    int32_t n = 0;
    for (int32_t at = 0; at < plan->n_piles; at++)
        n += plan->piles[at].reason[0] != '\0';
    return n;
}

static void say_pile(const kerb_plan *plan, const ki_plan_pile *pile, ki_text *text) {
    char clock[KI_CLOCK_SIZE];
    ki_text name = {0};
    ki_text_add_cut(&name, pile->facility, NAME_WIDTH - 18);
    ki_text_add(&name, ", %s", ki_text_word(text, kerb_stream_name(pile->stream)));
    ki_text_add(text, "  ");
    ki_text_add_cell(text, name.bytes ? name.bytes : "", NAME_WIDTH);
    ki_text_add(text, " %9.3f %9.3f %9.3f %9.3f | ", tonnes(pile->opening_g),
                tonnes(pile->inflow_g), tonnes(pile->hauled_g), tonnes(pile->closing_g));
    ki_text_add(text, "%9.3f %s", tonnes(pile->peak_g), ki_plan_clock(clock, plan, pile->peak_ms));
    if (pile->buffer_g > 0) ki_text_say(text, " of %.3f", tonnes(pile->buffer_g));
    ki_text_add(text, "\n");
    if (pile->reason[0]) {
        ki_text_add(text, "    %s: ", ki_text_word(text, pile->reason));
        ki_text_retell(text, pile->text);
        ki_text_add(text, "\n");
    }
    ki_text_free(&name);
}

void ki_plan_summary_hauls(const kerb_plan *plan, ki_text *text) {
    const ki_plan_hauls *hauls = &plan->hauls;
    char cost[KI_MONEY_SIZE], bound[KI_MONEY_SIZE];
    if (plan->n_piles == 0) return;
    static const char *const heads[] = {"opening", "brought", "hauled", "closing", "most at"};
    ki_text_add(text, "\n");
    ki_text_add_cell(text, ki_text_word(text, "Transfer stations (t)"), NAME_WIDTH + 2);
    for (int head = 0; head < 5; head++) {
        ki_text_add(text, head == 4 ? " | " : " ");
        ki_text_add_cell(text, ki_text_word(text, heads[head]), -9);
    }
    ki_text_add(text, "\n");
    for (int32_t at = 0; at < plan->n_piles && at < MOST_PILES; at++)
        say_pile(plan, &plan->piles[at], text);
    if (plan->n_piles > MOST_PILES)
        ki_text_say(text, "  ... and %d more\n", plan->n_piles - MOST_PILES);
    ki_text_say(
        text, "  hauls cost %s %s, at least %s for what is brought%s; by ",
        ki_plan_money(cost, hauls->cost_nano), plan->currency,
        ki_plan_money(bound, hauls->bound_nano),
        hauls->proved
            ? ki_text_word(text, "; the cheapest, proved, but for what the cheapest gate takes")
            : "");
    ki_text_retell(text, hauls->method);
    ki_text_say(text, ", in slots of %d min\n", hauls->slot_ms / 60000);
}

static void add_pile(const ki_plan_pile *pile, ki_text *text) {
    ki_text_add(text, "{\"facility\":");
    ki_text_add_json(text, pile->facility);
    ki_text_add(text, ",\"stream\":\"%s\"", kerb_stream_name(pile->stream));
    ki_text_add(text,
                ",\"opening_g\":%lld,\"brought_g\":%lld,\"hauled_g\":%lld,\"closing_g\":%lld,"
                "\"buffer_g\":%lld,\"peak_g\":%lld,\"peak_ms\":%d,\"reason\":",
                (long long)pile->opening_g, (long long)pile->inflow_g, (long long)pile->hauled_g,
                (long long)pile->closing_g, (long long)pile->buffer_g, (long long)pile->peak_g,
                pile->peak_ms);
    ki_text_add_json(text, pile->reason);
    ki_text_add(text, ",\"text\":");
    ki_text_add_json(text, pile->text);
    ki_text_add(text, "}");
}

void ki_plan_summary_hauls_json(const kerb_plan *plan, ki_text *text) {
    const ki_plan_hauls *hauls = &plan->hauls;
    if (plan->n_piles == 0) return;
    ki_text_add(text, ",\"hauls\":{\"cost\":%.9f,\"bound\":%.9f,\"proved\":%s,\"slot_s\":%d",
                (double)hauls->cost_nano * 1e-9, (double)hauls->bound_nano * 1e-9,
                hauls->proved ? "true" : "false", hauls->slot_ms / 1000);
    ki_text_add(text, ",\"method\":");
    ki_text_add_json(text, hauls->method);
    ki_text_add(text, ",\"piles\":[");
    for (int32_t at = 0; at < plan->n_piles; at++) {
        if (at) ki_text_add(text, ",");
        add_pile(&plan->piles[at], text);
    }
    ki_text_add(text, "]}");
}
