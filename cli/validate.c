/* SPDX-License-Identifier: GPL-3.0-or-later
 * validate.c - kerbside validate: read and seal a district without planning it. */
#include "command.h"

#include <stdio.h>

static int run_validate(const arguments *args) {
    kerb_error err = {0};
    input in;
    kerb_options options = make_options(args);
    kerb_status status = load_input(&in, args->operands[0], args, &err);
    if (status == KERB_OK) status = seal_input(&in, args, &options, &err);
    if (status == KERB_OK) print_notes(stdout, in.model);
    if (status == KERB_OK)
        log_format(stdout, "%s: can be planned; problem %.16s\n", args->operands[0],
                   kerb_model_hash(in.model));
    int code = status == KERB_OK ? EXIT_DONE : report_error(&err);
    free_input(&in);
    return code;
}

static const char *const synopsis[] = {"DISTRICT.yaml|problem.pb [OPTION]...", NULL};
static const option accepted[] = {INPUT_OPTIONS, LOG_OPTIONS};
static const example examples[] = {
    {"kerbside validate district.yaml", "before the night"},
    {"kerbside validate district.yaml --strict", "any bad row counts as wrong"}};
const verb_table validate_verb = {
    .name = "validate",
    .run = run_validate,
    .job = "say what is wrong with a district, without planning",
    .synopsis = synopsis,
    .about = "Reads everything a plan would read and says what is wrong, without planning.",
    .options = LIST(accepted),
    .examples = LIST(examples),
    .min_operands = 1,
    .max_operands = 1};
