/* SPDX-License-Identifier: GPL-3.0-or-later
 * problem.c - kerbside problem: the message a plan would start from. */
#include "command.h"

#include <stdio.h>

int verb_problem(int argc, char **argv) {
    arguments args;
    int failed = parse_arguments(&args, argc, argv, 1, 1,
                                 "kerbside problem DISTRICT.yaml -o problem.pb|- [--roads EXTRACT] "
                                 "[--date D] [--as-of T] [--tonight FILE] [--strict]\n\n"
                                 "Writes the Problem message (io/proto) a plan would start from; "
                                 "-o -: to standard output.\n\n" HELP_INPUT);
    if (failed) return failed;
    kerb_error err = {0};
    input in;
    uint8_t *bytes = NULL;
    size_t n_bytes = 0;
    kerb_status status = load_input(&in, args.operands[0], &args, &err);
    if (status == KERB_OK) status = kerb_model_pack(in.model, &bytes, &n_bytes, &err);
    if (status == KERB_OK)
        status = write_output(args.output ? args.output : "-", bytes, n_bytes, &err);
    int code = status == KERB_OK ? EXIT_DONE : report_error(&err);
    kerb_buffer_free(bytes);
    free_input(&in);
    return code;
}
