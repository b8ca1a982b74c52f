/* SPDX-License-Identifier: GPL-3.0-or-later
 * command.c - options, inputs, signals and exit codes of every verb. */
#define _POSIX_C_SOURCE 200809L
#include "command.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const size_t MAX_MESSAGE_BYTES = (size_t)1 << 30;

/* ---- options --------------------------------------------------------------------------------- */

static int parse_duration(const char *text, double *seconds) {
    char *rest;
    errno = 0;
    *seconds = strtod(text, &rest);
    if (rest == text || errno) return -1;
    if (strcmp(rest, "m") == 0 || strcmp(rest, "min") == 0)
        *seconds *= 60;
    else if (strcmp(rest, "h") == 0)
        *seconds *= 3600;
    else if (*rest && strcmp(rest, "s") != 0)
        return -1;
    return *seconds > 0 && *seconds <= 7 * 86400.0 ? 0 : -1;
}

static int parse_whole(const char *text, int64_t least, int64_t most, int64_t *number) {
    char *rest;
    errno = 0;
    long long value = strtoll(text, &rest, 10);
    if (rest == text || *rest || errno || value < least || value > most) return -1;
    *number = value;
    return 0;
}

static int parse_ratio(const char *text, double *ratio) {
    char *rest;
    *ratio = strtod(text, &rest);
    return rest != text && !*rest && *ratio >= 0 && *ratio <= 1 ? 0 : -1;
}

static double *ratio_slot(arguments *args, const char *name) {
    if (strcmp(name, "--threshold") == 0) return &args->threshold;
    if (strcmp(name, "--sick") == 0) return &args->sick;
    if (strcmp(name, "--rates") == 0) return &args->rates;
    if (strcmp(name, "--must") == 0) return &args->must;
    if (strcmp(name, "--may") == 0) return &args->may;
    return NULL;
}

static int set_number(arguments *args, const char *name, const char *value) {
    int64_t number = 0;
    int failed;
    if (strcmp(name, "--time") == 0) {
        failed = parse_duration(value, &args->time_s);
    } else if (strcmp(name, "--iterations") == 0) {
        failed = parse_whole(value, 1, INT64_MAX, &args->iterations);
    } else if (strcmp(name, "--seed") == 0) {
        failed = parse_whole(value, 0, INT64_MAX, &number);
        args->seed = (uint64_t)number;
    } else if (strcmp(name, "--threads") == 0) {
        failed = parse_whole(value, 1, 64, &number);
        args->threads = (int)number;
    } else if (strcmp(name, "--days") == 0) {
        failed = parse_whole(value, 1, 366, &number);
        args->days = (int)number;
    } else if (strcmp(name, "--settle") == 0) {
        failed = parse_whole(value, 0, 366, &number);
        args->settle = (int)number;
    } else if (ratio_slot(args, name)) {
        failed = parse_ratio(value, ratio_slot(args, name));
    } else {
        return -1;
    }
    if (!failed) return 1;
    fprintf(stderr, "kerbside: option %s: %s, expected %s\n", name, value,
            strcmp(name, "--time") == 0 ? "a duration such as 60s or 5m"
                                        : "a whole number in range");
    return 0;
}

static const char **text_slot(arguments *args, const char *name) {
    if (strcmp(name, "-o") == 0 || strcmp(name, "--output") == 0) return &args->output;
    if (strcmp(name, "--roads") == 0) return &args->roads;
    if (strcmp(name, "--extra") == 0) return &args->extra;
    if (strcmp(name, "--geojson") == 0) return &args->geojson;
    if (strcmp(name, "--svg") == 0) return &args->svg;
    if (strcmp(name, "--map") == 0) return &args->map;
    if (strcmp(name, "--lang") == 0) return &args->lang;
    if (strcmp(name, "--sheets") == 0) return &args->sheets;
    if (strcmp(name, "--gpx") == 0) return &args->gpx;
    if (strcmp(name, "--coordinates") == 0) return &args->coordinates;
    if (strcmp(name, "--out-dir") == 0) return &args->out_dir;
    if (strcmp(name, "--date") == 0) return &args->date;
    if (strcmp(name, "--as-of") == 0) return &args->as_of;
    if (strcmp(name, "--tonight") == 0) return &args->tonight;
    if (strcmp(name, "--policy") == 0) return &args->policy;
    if (strcmp(name, "--rematch") == 0) return &args->rematch;
    return NULL;
}

static int *flag_slot(arguments *args, const char *name) {
    if (strcmp(name, "--json") == 0) return &args->json;
    if (strcmp(name, "--diff") == 0) return &args->diff;
    if (strcmp(name, "--strict") == 0) return &args->strict;
    if (strcmp(name, "--quiet") == 0) return &args->quiet;
    if (strcmp(name, "--diagnose") == 0) return &args->diagnose;
    return NULL;
}

/* The usage is the help up to its first empty line. */
static int usage_error(const char *usage, const char *what, const char *word) {
    const char *end = strstr(usage, "\n\n");
    fprintf(stderr, "kerbside: %s%s%s\nusage: %.*s\n", what, *word ? " " : "", word,
            end ? (int)(end - usage) : (int)strlen(usage), usage);
    return EXIT_USAGE;
}

static int is_number(const char *name) {
    static const char *const NUMBERS[] = {"--time", "--iterations", "--seed",      "--threads",
                                          "--days", "--settle",     "--threshold", "--sick",
                                          "--must", "--may",        "--rates"};
    for (size_t at = 0; at < sizeof NUMBERS / sizeof *NUMBERS; at++)
        if (strcmp(name, NUMBERS[at]) == 0) return 1;
    return 0;
}

/* One option at argv[*at]; 0 when taken. */
static int take_option(arguments *args, int argc, char **argv, int *at, const char *usage) {
    const char *name = argv[*at];
    int *flag = flag_slot(args, name);
    if (flag) {
        *flag = 1;
        return 0;
    }
    const char **slot = text_slot(args, name);
    if (!slot && !is_number(name)) return usage_error(usage, "unknown option", name);
    if (*at + 1 >= argc) return usage_error(usage, "a value must follow option", name);
    const char *value = argv[++*at];
    if (slot) {
        *slot = value;
        return 0;
    }
    return set_number(args, name, value) == 1 ? 0 : EXIT_USAGE;
}

int list_outputs(const arguments *args, const char *paths[MAX_OUTPUTS]) {
    const char *const given[] = {args->output, args->geojson, args->svg, args->map};
    int n = 0;
    for (size_t at = 0; at < sizeof given / sizeof *given; at++)
        if (given[at]) paths[n++] = given[at];
    return n;
}

/* Two outputs to one place would leave only one of them, or a mixture. */
static const char *output_given_twice(const arguments *args) {
    const char *paths[MAX_OUTPUTS];
    int n_paths = list_outputs(args, paths);
    for (int one = 0; one < n_paths; one++)
        for (int other = one + 1; other < n_paths; other++)
            if (strcmp(paths[one], paths[other]) == 0) return paths[one];
    for (int one = 0; one < n_paths; one++)
        for (int operand = 0; operand < args->n_operands; operand++)
            if (strcmp(paths[one], "-") != 0 && strcmp(paths[one], args->operands[operand]) == 0)
                return paths[one];
    return NULL;
}

/* 1: absent, or one of the words of a list. */
static int is_one_of(const char *value, const char *list) {
    const char *found = value && *value ? strstr(list, value) : NULL;
    if (!value) return 1;
    return found && (found == list || found[-1] == ' ') &&
           (found[strlen(value)] == ' ' || !found[strlen(value)]) && !strchr(value, ' ');
}

static int check_together(const arguments *args, const char *usage) {
    if (!is_one_of(args->lang, "en zh"))
        return usage_error(usage, "--lang: expected en or zh, got", args->lang);
    if (!is_one_of(args->coordinates, "wgs84 gcj02 bd09"))
        return usage_error(usage, "--coordinates: expected wgs84, gcj02 or bd09, got",
                           args->coordinates);
    if (args->time_s > 0 && args->iterations > 0)
        return usage_error(usage, "--time and --iterations exclude each other", "");
    const char *twice = output_given_twice(args);
    return twice ? usage_error(usage, "one place for two files:", twice) : EXIT_DONE;
}

int parse_arguments(arguments *args, int argc, char **argv, int min_operands, int max_operands,
                    const char *usage) {
    *args =
        (arguments){.threads = 1, .seed = 1, .threshold = -1, .sick = -1, .must = -1, .may = -1};
    for (int at = 0; at < argc; at++) {
        if (strcmp(argv[at], "--help") == 0 || strcmp(argv[at], "-h") == 0) {
            printf("usage: %s\n", usage);
            exit(EXIT_DONE);
        }
        if (argv[at][0] == '-' && argv[at][1]) {
            int failed = take_option(args, argc, argv, &at, usage);
            if (failed) return failed;
        } else if (args->n_operands < max_operands) {
            args->operands[args->n_operands++] = argv[at];
        } else {
            return usage_error(usage, "surplus operand", argv[at]);
        }
    }
    if (args->n_operands < min_operands) return usage_error(usage, "an operand is missing", "");
    return check_together(args, usage);
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
    fprintf(stderr, "kerbside: %s; made again\n", why);
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
                                 kerb_error *err) {
    kerb_status status = load_district_roads(in, path, args, err);
    if (status != KERB_OK) return status;
    ki_district_options options = {
        .date = args->date, .as_of = args->as_of, .tonight = args->tonight, .strict = args->strict};
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
        fprintf(to, "%s: %s\n", kind, text);
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

kerb_status load_input(input *in, const char *path, const arguments *args, kerb_error *err) {
    *in = (input){0};
    kerb_status status =
        is_district(path) ? load_district(in, path, args, err) : load_message(in, path, args, err);
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

/* One line rewritten on a terminal, plain dated lines every ten seconds otherwise. */
static int show_progress(const kerb_progress *progress, void *payload) {
    static double told_s = -1e9;
    const arguments *args = payload;
    int terminal = isatty(2);
    if (args->quiet || progress->elapsed_s - told_s < (terminal ? 0.5 : 10)) return signalled;
    told_s = progress->elapsed_s;
    char stamp[32] = "";
    time_t now = time(NULL);
    struct tm parts;
    if (gmtime_r(&now, &parts)) strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%SZ", &parts);
    fprintf(stderr, "%s%s %s: iteration %lld, cost %.2f%s", terminal ? "\r" : "", stamp,
            progress->phase, (long long)progress->iteration, progress->cost,
            terminal ? "   " : "\n");
    return signalled;
}

static void show_log(const char *line, void *payload) {
    (void)payload;
    fprintf(stderr, "kerbside: %s\n", line);
}

kerb_options make_options(const arguments *args) {
    return (kerb_options){.seed = args->seed,
                          .threads = args->threads,
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
    fprintf(stderr, "kerbside: %s\n",
            err->message[0] ? err->message : kerb_status_name(err->status));
    return exit_code(err->status);
}

int finish_output(int code) {
    if (fflush(stdout) == 0 && !ferror(stdout)) return code;
    fprintf(stderr, "kerbside: standard output: writing failed: %s\n", strerror(errno));
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
