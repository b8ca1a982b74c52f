/* SPDX-License-Identifier: GPL-3.0-or-later
 * problem.c - kerbside problem: the message a plan would start from. */
#include "command.h"

#include <stdio.h>

static int run_problem(const arguments *args) {
    kerb_error err = {0};
    input in;
    uint8_t *bytes = NULL;
    size_t n_bytes = 0;
    kerb_status status = load_input(&in, args->operands[0], args, &err);
    if (status == KERB_OK) status = kerb_model_pack(in.model, &bytes, &n_bytes, &err);
    if (status == KERB_OK)
        status = write_output(args->output ? args->output : "-", bytes, n_bytes, &err);
    int code = status == KERB_OK ? EXIT_DONE : report_error(&err);
    kerb_buffer_free(bytes);
    free_input(&in);
    return code;
}

static const char *const synopsis[] = {"DISTRICT.yaml [-o problem.pb|-] [OPTION]...", NULL};
static const option accepted[] = {OUTPUT("FILE", "the message; -: standard output"), INPUT_OPTIONS,
                                  LOG_OPTIONS};
static const example examples[] = {
    {"kerbside problem district.yaml -o problem.pb", "all that tonight is made from, in one file"}};
const verb_table problem_verb = {.name = "problem",
                                 .run = run_problem,
                                 .job = "write the message a plan would start from",
                                 .synopsis = synopsis,
                                 .about =
                                     "Writes the Problem message (io/proto) a plan would start "
                                     "from; -o - (the default): to standard output.",
                                 .options = LIST(accepted),
                                 .examples = LIST(examples),
                                 .min_operands = 1,
                                 .max_operands = 1};
