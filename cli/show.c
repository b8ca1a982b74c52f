/* SPDX-License-Identifier: GPL-3.0-or-later
 * show.c - kerbside show: a plan for a person or a program; with an id, why it is in or out. */
#include "command.h"

#include <stdio.h>
#include <string.h>

static kerb_status print_why(const kerb_plan *plan, const char *id, const arguments *args,
                             kerb_error *err) {
    const char *why = kerb_plan_why(plan, id);
    char *told;
    if (why) {
        kerb_status status = kerb_text_translate(&told, why, code_of_language(args), err);
        if (status == KERB_OK) printf("%s: %s\n", id, told);
        kerb_buffer_free(told);
        return status;
    }
    err->status = KERB_BAD_INPUT;
    snprintf(err->message, sizeof err->message,
             "plan: %.200s is in it neither as a container nor as a street", id);
    return KERB_BAD_INPUT;
}

static kerb_status print_plan(const kerb_plan *plan, const arguments *args, kerb_error *err) {
    char *text;
    kerb_status status = summarise_plan(&text, plan, args, err);
    if (status != KERB_OK) return status;
    kerb_plan_totals totals;
    kerb_plan_get_totals(plan, &totals);
    if (args->json)
        fputs(text, stdout);
    else
        log_summary(stdout, text, totals.degraded || totals.n_unserved_must);
    kerb_buffer_free(text);
    return KERB_OK; /* of standard output: finish_output */
}

static int run_show(const arguments *args) {
    kerb_error err = {0};
    kerb_plan *plan = NULL;
    kerb_status status = kerb_plan_read(&plan, args->operands[0], &err);
    if (status != KERB_OK) name_input(&err, args->operands[0]);
    if (status == KERB_OK)
        status = args->n_operands == 2 ? print_why(plan, args->operands[1], args, &err)
                                       : print_plan(plan, args, &err);
    int code = status == KERB_OK ? EXIT_DONE : report_error(&err);
    kerb_plan_free(plan);
    return code;
}

static const char *const synopsis[] = {"plan.pb [ID] [--json] [--lang en|zh]", NULL};
static const option accepted[] = {FLAG("--json", json, "the summary for a program"),
                                  LANGUAGE_OPTION("the language of everything (default en)"),
                                  LOG_OPTION};
static const example examples[] = {
    {"kerbside show plan.pb", "for a person"},
    {"kerbside show plan.pb --lang zh", "in Chinese"},
    {"kerbside show plan.pb --json", "for a program"},
    {"kerbside show plan.pb C0007", "why is this container in or out?"}};
const verb_table show_verb = {.name = "show",
                              .run = run_show,
                              .job = "print a plan for a person or a program",
                              .synopsis = synopsis,
                              .about =
                                  "Prints the summary of a plan. With the ID of a container or a "
                                  "street: when it is served, or why not.",
                              .options = LIST(accepted),
                              .examples = LIST(examples),
                              .min_operands = 1,
                              .max_operands = 2};
