/* SPDX-License-Identifier: GPL-3.0-or-later
 * check.c - kerbside check: the independent judge of a plan. */
#include "command.h"

#include <stdio.h>

static int print_verdict(const kerb_plan *plan, size_t n_violations, const char *report) {
    kerb_plan_totals totals;
    kerb_plan_get_totals(plan, &totals);
    if (n_violations) {
        log_told(stdout, report ? report : "");
        log_format(stdout, "plan %s: %zu violations\n", kerb_plan_id(plan), n_violations);
        return EXIT_VIOLATIONS;
    }
    log_format(stdout, "plan %s: accepted; %zu routes, %zu stops, %.1f km, cost %.2f, bound %.2f\n",
               kerb_plan_id(plan), totals.n_routes, totals.n_stops, totals.length_km, totals.cost,
               totals.bound);
    return EXIT_DONE;
}

static int run_check(const arguments *args) {
    kerb_error err = {0};
    input in;
    kerb_plan *plan = NULL;
    size_t n_violations = 0;
    char *report = NULL;
    kerb_options options = make_options(args);
    kerb_status status = load_input(&in, args->operands[0], args, &err);
    if (status == KERB_OK) status = seal_input(&in, args, &options, &err);
    if (status == KERB_OK) status = kerb_plan_read(&plan, args->operands[1], &err);
    if (status == KERB_BAD_INPUT && !plan) name_input(&err, args->operands[1]);
    if (status == KERB_OK) status = kerb_plan_check(plan, in.model, &n_violations, &report, &err);
    int code = status == KERB_OK ? print_verdict(plan, n_violations, report) : report_error(&err);
    kerb_buffer_free(report);
    kerb_plan_free(plan);
    free_input(&in);
    return code;
}

static const char *const synopsis[] = {"DISTRICT.yaml|problem.pb plan.pb [OPTION]...", NULL};
static const option accepted[] = {INPUT_OPTIONS, LOG_OPTIONS};
static const example examples[] = {
    {"kerbside check district.yaml plan.pb", "is every leg, load and price of it right?"}};
const verb_table check_verb = {
    .name = "check",
    .run = run_check,
    .job = "judge a plan independently",
    .synopsis = synopsis,
    .about = "Recomputes every leg, load, window and price of a plan from the "
             "input it was made from. Give the same --date, --as-of and --tonight "
             "as the plan was made with. Exit 6: violations, one a line.",
    .options = LIST(accepted),
    .examples = LIST(examples),
    .min_operands = 2,
    .max_operands = 2};
