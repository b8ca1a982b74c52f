/* SPDX-License-Identifier: GPL-3.0-or-later
 * validate.c - kerbside validate: read and seal a district without planning it. */
#include "command.h"

#include <stdio.h>

int verb_validate(int argc, char **argv) {
    arguments args;
    int failed = parse_arguments(&args, argc, argv, 1, 1,
                                 "kerbside validate DISTRICT.yaml|problem.pb [--roads EXTRACT] "
                                 "[--date D] [--as-of T] [--tonight FILE] [--strict]\n\n"
                                 "Reads everything a plan would read and says what is wrong, "
                                 "without planning.\n\n" HELP_INPUT);
    if (failed) return failed;
    kerb_error err = {0};
    input in;
    kerb_options options = make_options(&args);
    kerb_status status = load_input(&in, args.operands[0], &args, &err);
    if (status == KERB_OK) status = seal_input(&in, &args, &options, &err);
    if (status == KERB_OK) print_notes(stdout, in.model);
    if (status == KERB_OK)
        printf("%s: can be planned; problem %.16s\n", args.operands[0], kerb_model_hash(in.model));
    int code = status == KERB_OK ? EXIT_DONE : report_error(&err);
    free_input(&in);
    return code;
}
