/* SPDX-License-Identifier: GPL-3.0-or-later
 * command.c - inputs, outputs, signals and exit codes of every verb. */
#define _POSIX_C_SOURCE 200809L
#include "command.h"
#include "io/district_events.h"
#include "io/sheets.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const size_t MAX_MESSAGE_BYTES = (size_t)1 << 30;

static ki_language language = KI_ENGLISH;

void speak(const char *code) {
    ki_language_find(&language, code);
    log_speak(code);
}

ki_language spoken(void) {
    return language;
}

ki_text spoken_text(void) {
    return (ki_text){.language = language};
}

void add_word_cell(ki_text *text, const char *english, int width) {
    ki_text_add_cell(text, ki_text_word(text, english), width);
    ki_text_add(text, " ");
}

kerb_status print_spoken(FILE *to, ki_text *text, kerb_error *err) {
    kerb_status status = text->failed ? KERB_NO_MEMORY : KERB_OK;
    if (status == KERB_OK && text->bytes) log_text(to, text->bytes);
    if (status != KERB_OK) {
        err->status = status;
        snprintf(err->message, sizeof err->message, "out of memory: what is to be printed");
    }
    ki_text_free(text);
    return status;
}

ki_language language_of(const arguments *args) {
    return args->lang && strcmp(args->lang, "zh") == 0 ? KI_CHINESE : KI_ENGLISH;
}

const char *code_of_language(const arguments *args) {
    return args->lang ? args->lang : "en";
}

kerb_status summarise_plan(char **text, const kerb_plan *plan, const arguments *args,
                           kerb_error *err) {
    if (args->json) return kerb_plan_summary(plan, 1, text, err);
    return kerb_plan_summary_in(plan, code_of_language(args), text, err);
}

/* ---- inputs ---------------------------------------------------------------------------------- */

static int ends_in(const char *path, const char *ending) {
    size_t length = strlen(path), n = strlen(ending);
    return length >= n && strcmp(path + length - n, ending) == 0;
}

int is_district(const char *path) {
    return ends_in(path, ".yaml") || ends_in(path, ".yml");
}

/* A line says why a cache has to be made; a night does not fail for want of one. */
static void save_roads(const kerb_roads *roads, const kerb_model *model) {
    char why[512];
    kerb_error err = {0};
    if (!roads || kerb_roads_why_not_cached(roads, model, why, sizeof why) == 0) return;
    log_line("info", "%s; made again", why);
    if (kerb_roads_save(roads, model, NULL, &err) != KERB_OK) report_error(&err);
}

static kerb_status load_district_roads(input *in, const char *path, const arguments *args,
                                       kerb_error *err) {
    char *cache;
    kerb_status status = ki_district_load_roads(&in->roads, &cache, path, args->roads, err);
    kerb_buffer_free(cache);
    return status;
}

static kerb_status load_district(input *in, const char *path, const arguments *args,
                                 const kerb_events *events, kerb_error *err) {
    kerb_status status = load_district_roads(in, path, args, err);
    if (status != KERB_OK) return status;
    ki_district_options options = {.date = args->date,
                                   .as_of = args->as_of,
                                   .tonight = args->tonight,
                                   .strict = args->strict,
                                   .as_stated = args->learned};
    if (events) options.events = kerb_events_list(events, &options.n_events);
    ki_input_summary summary = {0};
    return ki_district_load(&in->model, in->roads, path, &options, &summary, err);
}

/* A message from the library knows no file names: the name goes before it, once. */
void name_input(kerb_error *err, const char *path) {
    char message[sizeof err->message];
    if (!path || strncmp(err->message, path, strlen(path)) == 0) return;
    memcpy(message, err->message, sizeof message);
    int room = (int)(sizeof message - 1 - strnlen(path, sizeof message / 2) - 2);
    snprintf(err->message, sizeof err->message, "%.*s: %.*s", (int)(sizeof message / 2), path, room,
             message);
}

void print_notes(FILE *to, const kerb_model *model) {
    const char *text, *kind;
    for (size_t note = 0; (text = kerb_model_note(model, note, &kind)); note++)
        if (to == stderr)
            log_line("warning", "%s: %s", kind, text);
        else
            log_format(to, "%s: %s\n", kind, text);
}

kerb_status load_roads(kerb_roads **roads, const char *extract, const char *cache,
                       const arguments *args, kerb_error *err) {
    kerb_model *notes;
    if (!args->extra)
        return cache ? kerb_roads_load_cached(roads, extract, cache, err)
                     : kerb_roads_load(roads, extract, err);
    kerb_status status = ki_roads_load_extra(roads, &notes, extract, cache, args->extra, err);
    if (status == KERB_OK) print_notes(stderr, notes);
    kerb_model_free(notes);
    return status;
}

static kerb_status load_message(input *in, const char *path, const arguments *args,
                                kerb_error *err) {
    char *bytes;
    size_t n_bytes;
    const char *name = strcmp(path, "-") == 0 ? "/dev/stdin" : path;
    kerb_status status = kerb_file_read(&bytes, &n_bytes, name, MAX_MESSAGE_BYTES, err);
    if (status == KERB_OK && args->roads)
        status = load_roads(&in->roads, args->roads, NULL, args, err);
    if (status == KERB_OK)
        status = kerb_model_unpack(&in->model, in->roads, (const uint8_t *)bytes, n_bytes, err);
    kerb_buffer_free(bytes);
    if (status == KERB_BAD_INPUT || status == KERB_UNSUPPORTED) name_input(err, path);
    if (status == KERB_BAD_CALL && !args->roads) { /* to a person it is the input that lacks */
        size_t length = strlen(err->message);
        snprintf(err->message + length, sizeof err->message - length, "; give --roads EXTRACT");
        status = err->status = KERB_BAD_INPUT;
    }
    return status;
}

kerb_status read_events(kerb_events **out, const char *path, int64_t night_start_s,
                        int32_t utc_offset_s, kerb_error *err) {
    char *bytes;
    size_t n_bytes;
    if (is_district(path)) return ki_events_read_yaml(out, path, night_start_s, utc_offset_s, err);
    kerb_status status = kerb_file_read(&bytes, &n_bytes, path, (size_t)1 << 28, err);
    if (status != KERB_OK) return status;
    status = kerb_events_unpack(out, (const uint8_t *)bytes, n_bytes, err);
    kerb_buffer_free(bytes);
    if (status != KERB_OK) name_input(err, path);
    return status;
}

/* Clock times of an earlier night have no date here: instants with zone are wanted. */
static kerb_status read_executed(kerb_events **out, const arguments *args, kerb_error *err) {
    *out = NULL;
    return args->executed ? read_events(out, args->executed, 0, 0, err) : KERB_OK;
}

static kerb_status add_executed(const input *in, const kerb_events *events, kerb_error *err) {
    kerb_executed_totals totals;
    size_t n;
    if (!events) return KERB_OK;
    const kerb_event *list = kerb_events_list(events, &n);
    kerb_status status = kerb_model_add_executed(in->model, list, n, &totals, err);
    if (status != KERB_OK) return status;
    char text[200];
    snprintf(text, sizeof text, "%zu done, %zu skipped or failed and due again, %zu not known",
             totals.n_done, totals.n_due_again, totals.n_unknown);
    return kerb_model_add_note(in->model, "executed", text, err);
}

static kerb_status add_familiar_plan(const input *in, const char *path, kerb_error *err) {
    kerb_plan *plan;
    kerb_status status = kerb_plan_read(&plan, path, err);
    if (status != KERB_OK) return status;
    status = kerb_model_add_familiar(in->model, plan, err);
    kerb_plan_free(plan);
    return status;
}

/* names: plans, commas between */
static kerb_status add_familiar(const input *in, const char *names, kerb_error *err) {
    char path[4096];
    while (names && *names) {
        size_t length = strcspn(names, ",");
        snprintf(path, sizeof path, "%.*s", (int)(length < sizeof path ? length : sizeof path - 1),
                 names);
        kerb_status status = add_familiar_plan(in, path, err);
        if (status != KERB_OK) return status;
        names += length + (names[length] == ',');
    }
    return KERB_OK;
}

kerb_status load_input(input *in, const char *path, const arguments *args, kerb_error *err) {
    kerb_events *events;
    *in = (input){0};
    kerb_status status = read_executed(&events, args, err);
    if (status == KERB_OK)
        status = is_district(path) ? load_district(in, path, args, events, err)
                                   : load_message(in, path, args, err);
    if (status == KERB_OK) status = add_executed(in, events, err);
    if (status == KERB_OK) status = add_familiar(in, args->familiar, err);
    kerb_events_free(events);
    if (status == KERB_OK) log_zone(ki_sheet_utc_offset(in->model));
    if (status != KERB_OK) free_input(in);
    return status;
}

kerb_status seal_input(input *in, const arguments *args, const kerb_options *options,
                       kerb_error *err) {
    kerb_status status = kerb_model_seal(in->model, options, err);
    if (status == KERB_BAD_INPUT) name_input(err, args->operands[0]);
    if (status == KERB_OK) save_roads(in->roads, in->model);
    return status;
}

void free_input(input *in) {
    kerb_model_free(in->model);
    kerb_roads_free(in->roads);
    *in = (input){0};
}

/* ---- progress and signals -------------------------------------------------------------------- */

static volatile sig_atomic_t signalled;

static void on_signal(int number) {
    (void)number;
    signalled = 1;
}

void catch_signals(void) {
    /* The handler is taken away by the first signal, so a second one ends the process at once. */
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    signal(SIGPIPE, SIG_IGN); /* writing says so */
    signal(SIGXFSZ, SIG_IGN); /* likewise: a file size limit is a full disk */
}

int was_signalled(void) {
    return signalled;
}

static int show_progress(const kerb_progress *progress, void *payload) {
    const arguments *args = payload;
    if (!args->quiet) log_progress(progress);
    return signalled;
}

static void show_log(const char *line, void *payload) {
    (void)payload;
    log_line("info", "%s", line);
}

kerb_options make_options(const arguments *args) {
    return (kerb_options){.seed = (uint64_t)args->seed,
                          .threads = (int)args->threads,
                          .time_s = args->time_s,
                          .iterations = args->iterations,
                          .progress = show_progress,
                          .log = show_log,
                          .payload = (void *)(uintptr_t)args};
}

/* ---- outcomes -------------------------------------------------------------------------------- */

int exit_code(kerb_status status) {
    switch (status) {
    case KERB_OK: return EXIT_DONE;
    case KERB_BAD_INPUT:
    case KERB_IO:
    case KERB_UNSUPPORTED: return EXIT_INPUT;
    case KERB_INFEASIBLE: return EXIT_INFEASIBLE;
    case KERB_STOPPED: return EXIT_SIGNAL_NO_PLAN;
    case KERB_BAD_CALL:
    case KERB_NO_MEMORY:
    case KERB_INTERNAL: break;
    }
    return EXIT_FAULT;
}

int report_error(const kerb_error *err) {
    log_line("error", "%s", err->message[0] ? err->message : kerb_status_name(err->status));
    return exit_code(err->status);
}

int finish_output(int code) {
    if (fflush(stdout) == 0 && !ferror(stdout)) return code;
    log_line("error", "standard output: writing failed: %s", strerror(errno));
    return code == EXIT_DONE || code == EXIT_ATTENTION || code == EXIT_VIOLATIONS ? EXIT_INPUT
                                                                                  : code;
}

int refuse_outputs(const arguments *args, kerb_error *err) {
    const char *paths[MAX_OUTPUTS];
    int n_paths = list_outputs(args, paths);
    for (int at = 0; at < n_paths; at++) {
        if (strcmp(paths[at], "-") == 0) continue;
        const char *slash = strrchr(paths[at], '/');
        char folder[PATH_MAX];
        struct stat there;
        int length = slash ? (int)(slash - paths[at]) : 1;
        snprintf(folder, sizeof folder, "%.*s", slash && length == 0 ? 1 : length,
                 slash ? paths[at] : ".");
        if (stat(paths[at], &there) == 0 && S_ISDIR(there.st_mode))
            errno = EISDIR;
        else if (access(folder, W_OK | X_OK) == 0)
            continue;
        err->status = KERB_IO;
        snprintf(err->message, sizeof err->message, "%.900s: cannot be written: %s", paths[at],
                 strerror(errno));
        return 1;
    }
    return 0;
}

kerb_status write_output(const char *path, const void *bytes, size_t n_bytes, kerb_error *err) {
    if (strcmp(path, "-") != 0) return kerb_file_write(path, bytes, n_bytes, err);
    if (fwrite(bytes, 1, n_bytes, stdout) == n_bytes && fflush(stdout) == 0) return KERB_OK;
    if (err) {
        err->status = KERB_IO;
        snprintf(err->message, sizeof err->message, "standard output: writing failed: %s",
                 strerror(errno));
    }
    return KERB_IO;
}
