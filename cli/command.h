/* SPDX-License-Identifier: GPL-3.0-or-later
 * command.h - what every verb shares: inputs, outputs, signals, exit codes. The verbs are written
 * on the public header and io/district.h only. */
#ifndef KERB_COMMAND_H
#define KERB_COMMAND_H
#include "io/district.h"
#include "io/map_page.h"
#include "kerbside.h"
#include "log.h"
#include "options.h"

#include <stdio.h>

enum {
    EXIT_DONE = 0,
    EXIT_INPUT = 1,
    EXIT_USAGE = 2,
    EXIT_INFEASIBLE = 3,
    EXIT_SIGNAL = 4,
    EXIT_ATTENTION = 5,
    EXIT_VIOLATIONS = 6,
    EXIT_FAULT = 70,
    EXIT_SIGNAL_NO_PLAN = 130
};

/* Where files are to be written, standard output ("-") among them; their number. */
enum { MAX_OUTPUTS = 5 };
int list_outputs(const arguments *args, const char *paths[MAX_OUTPUTS]);

typedef struct input { /* a district or a problem message, read and not yet sealed */
    kerb_roads *roads;
    kerb_model *model;
} input;
kerb_status load_input(input *in, const char *path, const arguments *args, kerb_error *err);
kerb_status seal_input(input *in, const arguments *args, const kerb_options *options,
                       kerb_error *err);
void free_input(input *in);
void name_input(kerb_error *err, const char *path); /* puts the file before the message */
int is_district(const char *path);
/* A YAML file or an Execution message; clock times of a YAML file are of that night. */
kerb_status read_events(kerb_events **out, const char *path, int64_t night_start_s,
                        int32_t utc_offset_s, kerb_error *err);
/* An extract, with the corrections of --extra if there are any; cache: a cache of it, or NULL. */
kerb_status load_roads(kerb_roads **roads, const char *extract, const char *cache,
                       const arguments *args, kerb_error *err);
void print_notes(FILE *to, const kerb_model *model);

kerb_options make_options(const arguments *args);
int exit_code(kerb_status status);
int report_error(const kerb_error *err); /* prints it and returns its exit code */
/* Before the work: 1 and an error if an output could not be written where it is wanted. */
int refuse_outputs(const arguments *args, kerb_error *err);
/* Flushes standard output; the code the command ends with. */
int finish_output(int code);
/* "-": standard output. */
kerb_status write_output(const char *path, const void *bytes, size_t n_bytes, kerb_error *err);

void catch_signals(void); /* SIGINT and SIGTERM set a flag; a second one kills */
int was_signalled(void);

kerb_status write_map(const kerb_plan *plan, const kerb_roads *roads, const arguments *args,
                      const char *path, kerb_error *err); /* map.c: the page */
/* sheets.c: into --sheets and --gpx, if they are given; model of the same problem, or NULL */
kerb_status write_sheets(const kerb_plan *plan, const kerb_model *model, const arguments *args,
                         kerb_error *err);
/* The language of help, messages and tables; language_of: what the option says of files. */
void speak(const char *code);
ki_language spoken(void);
/* An empty text in that language. */
ki_text spoken_text(void);
kerb_coordinates coordinates_of(const arguments *args); /* sheets.c: of --coordinates */
/* A word in it, padded to cells of a terminal as ki_text_add_cell, and a space. */
void add_word_cell(ki_text *text, const char *english, int width);
/* Prints and frees it; a failure is one of memory. */
kerb_status print_spoken(FILE *to, ki_text *text, kerb_error *err);
ki_language language_of(const arguments *args);
const char *code_of_language(const arguments *args); /* "en" or "zh" */
/* For a person in that language, or, with --json, for a program; kerb_buffer_free. */
kerb_status summarise_plan(char **text, const kerb_plan *plan, const arguments *args,
                           kerb_error *err);
int diagnose_roads(const arguments *args); /* roads_diagnose.c */
#endif
