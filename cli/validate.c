/* SPDX-License-Identifier: GPL-3.0-or-later
 * validate.c - kerbside validate: read and seal a district without planning it. */
#include "command.h"

#include <stdio.h>

static void tell_fault(const char *fault, void *payload) {
    (void)payload;
    log_line("error", "%s", fault);
}

/* *n_faults: of the district's file and tables, each told. */
static kerb_status find_faults(size_t *n_faults, const arguments *args, kerb_error *err) {
    const char *path = args->operands[0];
    const ki_district_options options = {
        .date = args->date, .as_of = args->as_of, .tonight = args->tonight, .strict = args->strict};
    *n_faults = 0;
    if (!is_district(path)) return KERB_OK;
    kerb_status status =
        ki_district_find_faults(n_faults, path, args->roads, &options, tell_fault, NULL, err);
    if (*n_faults > 1) log_line("error", "%s: %zu faults", path, *n_faults);
    return status;
}

static int run_validate(const arguments *args) {
    kerb_error err = {0};
    input in;
    size_t n_faults;
    kerb_options options = make_options(args);
    kerb_status status = find_faults(&n_faults, args, &err);
    if (status == KERB_OK && n_faults) return EXIT_INPUT;
    if (status != KERB_OK) return report_error(&err);
    status = load_input(&in, args->operands[0], args, &err);
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
    .about = "Reads everything a plan would read and says all that is wrong, a line each, without "
             "planning.",
    .options = LIST(accepted),
    .examples = LIST(examples),
    .min_operands = 1,
    .max_operands = 1};
