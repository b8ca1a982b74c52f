/* SPDX-License-Identifier: GPL-3.0-or-later
 * roads_diagnose.c - kerbside roads --diagnose: the corrections worth making, of an extract or of a
 * district. */
#include "command.h"

#include <string.h>

static kerb_status of_district(const arguments *args, char **text, kerb_error *err) {
    input in;
    kerb_status status = load_input(&in, args->operands[0], args, err);
    if (status == KERB_OK) status = kerb_model_diagnose(in.model, args->json, text, err);
    free_input(&in);
    return status;
}

static kerb_status of_extract(const arguments *args, char **text, kerb_error *err) {
    const kerb_vehicle truck = {
        .use = KERB_USE_TRUCK, .height_m = 3.6, .width_m = 2.5, .length_m = 10, .mass_kg = 26000};
    kerb_roads *roads = NULL;
    kerb_status status = load_roads(&roads, args->operands[0], NULL, args, err);
    if (status == KERB_OK) status = kerb_roads_diagnose(roads, &truck, args->json, text, err);
    kerb_roads_free(roads);
    return status;
}

int diagnose_roads(const arguments *args) {
    kerb_error err = {0};
    char *text = NULL;
    kerb_status status = is_district(args->operands[0]) ? of_district(args, &text, &err)
                                                        : of_extract(args, &text, &err);
    if (status == KERB_OK && args->output && strcmp(args->output, "-") != 0)
        status = write_output(args->output, text, strlen(text), &err);
    else if (status == KERB_OK)
        args->json ? log_text(stdout, text) : log_told(stdout, text);
    kerb_buffer_free(text);
    return status == KERB_OK ? EXIT_DONE : report_error(&err);
}
