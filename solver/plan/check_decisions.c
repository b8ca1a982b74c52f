/* SPDX-License-Identifier: GPL-3.0-or-later
 * check_decisions.c - every container and street of the problem occurs exactly once, with what the
 * stops say of it, and what is left out is charged. */
#include "plan/check_internal.h"

#include <string.h>

typedef struct subject {
    const char *id, *site, *zone, *name;
    int is_street, swapped;
    kerb_stream stream;
    const ki_decision *sealed;
    int32_t n_tasks, n_served;
    int64_t prize_nano, charged_nano;
} subject;

static int bits(uint64_t set) {
    int n = 0;
    for (; set; set &= set - 1)
        n++;
    return n;
}

/* Tasks of one source follow one another. */
static void add_tasks(const ki_checker *check, subject *what, uint8_t kind, int32_t source,
                      uint64_t served) {
    for (int32_t task = what->sealed->task; task >= 0 && task < check->sealed->n_tasks; task++) {
        const ki_task *here = &check->sealed->tasks[task];
        if (here->kind != kind || here->source != source) break;
        what->prize_nano += here->prize_nano;
        int pass = 1 + what->n_tasks;
        if (pass > 63 || !(served >> pass & 1)) what->charged_nano += here->prize_nano;
        what->n_tasks++;
    }
    what->n_served = bits(served);
}

static subject of_container(const ki_checker *check, int32_t container) {
    const kerb_container *from = &check->draft->containers[container];
    int32_t site = ki_id_find(&check->sites, from->site_id);
    subject what = {.id = from->id,
                    .site = from->site_id,
                    .stream = from->stream,
                    .swapped = from->swapped != 0,
                    .sealed = &check->sealed->container_decisions[container]};
    if (site >= 0) what.zone = check->draft->sites[site].zone;
    if (site >= 0) what.name = check->draft->sites[site].name;
    add_tasks(check, &what, KI_TASK_CONTAINER, container,
              check->container_served[container] ? 2 : 0);
    return what;
}

static subject of_street(const ki_checker *check, int32_t street) {
    const kerb_street *from = &check->draft->streets[street];
    subject what = {.id = from->id,
                    .zone = from->zone,
                    .name = from->name,
                    .is_street = 1,
                    .stream = KERB_STREAM_SWEEPINGS,
                    .sealed = &check->sealed->street_decisions[street]};
    add_tasks(check, &what, KI_TASK_KERB, street, check->street_served[street]);
    return what;
}

static int says_left_out(const char *reason) {
    return strncmp(reason, "left_out", 8) == 0 || strcmp(reason, "no_vehicle") == 0;
}

static void check_reason(ki_checker *check, const ki_plan_decision *got, const subject *what) {
    const char *reason = got->reason ? got->reason : "";
    int left_out = what->n_tasks > 0 && what->n_served < what->n_tasks;
    if (!reason[0] || !got->text || !got->text[0])
        ki_check_say(check, "decision %.80s gives no reason", what->id);
    else if (left_out && !says_left_out(reason))
        ki_check_say(check, "decision %.80s: reason %.40s, but it was left out", what->id, reason);
    else if (!left_out)
        ki_check_same_text(check, "reason", reason, what->sealed->reason);
}

static void check_one(ki_checker *check, const ki_plan_decision *got, const subject *what) {
    char label[128];
    size_t length = strlen(what->id) < 80 ? strlen(what->id) : 80;
    memcpy(label, "decision ", 9);
    memcpy(label + 9, what->id, length);
    label[9 + length] = '\0';
    int served = what->n_tasks > 0 && what->n_served == what->n_tasks;
    if (got->choice != what->sealed->choice)
        ki_check_say(check, "%s: choice %d, expected %d", label, (int)got->choice,
                     (int)what->sealed->choice);
    if (got->served != served)
        ki_check_say(check, "%s: served %d, the stops say %d", label, got->served, served);
    if (got->prize_nano != what->prize_nano)
        ki_check_say(check, "%s: price of leaving out %lld, expected %lld", label,
                     (long long)got->prize_nano, (long long)what->prize_nano);
    if (got->stream != what->stream || got->is_street != what->is_street)
        ki_check_say(check, "%s: stream %d, expected %d", label, (int)got->stream,
                     (int)what->stream);
    ki_check_same(check, "swapped", got->swapped, what->swapped);
    ki_check_same_text(check, "site", got->site, what->site);
    ki_check_same_text(check, "zone", got->zone, what->zone);
    ki_check_same_text(check, "name", got->name, what->name);
    check_reason(check, got, what);
}

static int64_t street_length_mm(ki_checker *check, const kerb_street *street) {
    int64_t length_mm = 0;
    check->street_path.n = 0;
    if (check->graph && ki_check_find_street(check, street->way_id, street->from_node,
                                             street->to_node, &check->street_path))
        for (size_t k = 0; k < check->street_path.n; k++)
            length_mm += check->street_path.arcs[k].to_mm - check->street_path.arcs[k].from_mm;
    return length_mm;
}

/* What is left out costs what the district says, not what the seal made of it. The price of a may
 * follows from its forecast, and the length of a kerb in explicit travel from the seal. */
static void check_price(ki_checker *check, const subject *what) {
    const kerb_district *district = &check->draft->district;
    int64_t price_nano = ki_rule_price_nano(district->price_unserved_must);
    if (what->sealed->choice != KI_MUST || what->n_tasks == 0) return;
    if (what->is_street) {
        int32_t street = ki_id_find(&check->streets, what->id);
        double length_m = (double)street_length_mm(check, &check->draft->streets[street]) / 1e3;
        if (!check->graph) return;
        price_nano =
            what->n_tasks * ki_rule_price_nano(district->price_unswept_per_km * length_m / 1e3);
    }
    if (what->prize_nano != price_nano)
        ki_check_say(check, "must %.80s is charged %lld when left out, expected %lld", what->id,
                     (long long)what->prize_nano, (long long)price_nano);
}

static void check_decision(ki_checker *check, int32_t index, uint8_t *seen) {
    const ki_plan_decision *got = &check->plan->decisions[index];
    int32_t n_containers = (int32_t)check->draft->n_containers;
    int32_t found = ki_id_find(got->is_street ? &check->streets : &check->containers, got->id);
    if (found < 0) {
        ki_check_say(check, "decision on %.80s, which is not of this problem",
                     got->id ? got->id : "?");
        return;
    }
    subject what = got->is_street ? of_street(check, found) : of_container(check, found);
    int32_t place = got->is_street ? n_containers + found : found;
    if (seen[place]++) ki_check_say(check, "decision on %.80s twice", what.id);
    check_one(check, got, &what);
}

void ki_check_decisions(ki_checker *check) {
    size_t n_containers = check->draft->n_containers, n_streets = check->draft->n_streets;
    uint8_t *seen = ki_arena_alloc(&check->arena, n_containers + n_streets, 1);
    if (!seen) {
        check->failed = 1;
        return;
    }
    for (int32_t index = 0; index < check->plan->n_decisions; index++)
        check_decision(check, index, seen);
    for (size_t place = 0; place < n_containers + n_streets; place++) {
        subject what = place < n_containers ? of_container(check, (int32_t)place)
                                            : of_street(check, (int32_t)(place - n_containers));
        if (!seen[place]) ki_check_say(check, "no decision on %.80s", what.id);
        check->items[KI_ITEM_LEFT_OUT] += what.charged_nano;
        ki_check_charge_zone(check, what.zone, what.charged_nano);
        check_price(check, &what);
    }
}
