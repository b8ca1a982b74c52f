/* SPDX-License-Identifier: GPL-3.0-or-later
 * batch.c - kerbside batch: every district of a city, unattended.
 *
 * Each district is planned by a process of its own, so that one bad district, or a fault of ours
 * in it, costs that district only. A lock keeps two nights apart; a journal line per finished
 * district lets a second run go on where the first was cut. */
#define _POSIX_C_SOURCE 200809L
#include "batch.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

enum { MAX_WORDS = 40, MAX_TEXTS = 12 };

/* ---- what is looked at ----------------------------------------------------------------------- */

/* Of a district's folder the file that is written last. */
static const char map_file[] = "%s/%s.html", sheets_file[] = "%s/%s/zones.html";

/* When it was last written, by the clock of its disk; all 0: it is not there. */
static struct timespec written_at(const arguments *args, const char *id, const char *file) {
    char path[PATH_MAX];
    struct stat there;
    snprintf(path, sizeof path, file, args->out_dir, id);
    return stat(path, &there) == 0 ? there.st_mtim : (struct timespec){0, 0};
}

static int is_other(struct timespec a, struct timespec b) {
    return a.tv_sec != b.tv_sec || a.tv_nsec != b.tv_nsec;
}

static int lacks_views(const arguments *args, const char *id) {
    return (args->with_map && !written_at(args, id, map_file).tv_sec) ||
           (args->with_sheets && !written_at(args, id, sheets_file).tv_sec);
}

/* ---- lock and journal ------------------------------------------------------------------------ */

static int take_lock(const char *folder, kerb_error *err) {
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/batch.lock", folder);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (fd >= 0 && fcntl(fd, F_SETLK, &whole) == 0) return fd;
    int held = fd >= 0 && (errno == EAGAIN || errno == EACCES);
    err->status = held ? KERB_BAD_INPUT : KERB_IO;
    snprintf(err->message, sizeof err->message, "%.900s: %s", path,
             held ? "another batch holds it" : strerror(errno));
    if (fd >= 0) close(fd);
    return -1;
}

static void journal_path(char *path, size_t size, const char *folder, const char *id) {
    snprintf(path, size, "%s/%s.done", folder, id);
}

/* The journal of a district: the night asked for and the exit code of its finished plan. Without
 * --date the night is not known here, and yesterday's plan must not pass for tonight's: then every
 * district is planned. So is one without the map or the sheets that are wanted now. */
static int finished_before(const arguments *args, const char *id, int *code) {
    char path[PATH_MAX], day[32], now[64];
    journal_path(path, sizeof path, args->out_dir, id);
    FILE *file = args->date ? fopen(path, "r") : NULL;
    if (!file) return 0;
    int read = fscanf(file, "%31s %63s %d", day, now, code);
    fclose(file);
    return read == 3 && strcmp(day, args->date) == 0 &&
           strcmp(now, args->as_of ? args->as_of : "-") == 0 && (*code == 0 || *code == 5) &&
           !lacks_views(args, id);
}

static void write_journal(const arguments *args, const char *id, int code) {
    char path[PATH_MAX], line[128];
    journal_path(path, sizeof path, args->out_dir, id);
    int n = snprintf(line, sizeof line, "%.31s %.63s %d\n", args->date ? args->date : "-",
                     args->as_of ? args->as_of : "-", code);
    kerb_error err = {0};
    if (kerb_file_write(path, line, (size_t)n, &err) != KERB_OK) report_error(&err);
}

/* ---- one district ---------------------------------------------------------------------------- */

typedef struct words {
    char *list[MAX_WORDS];
    int n;
    char texts[MAX_TEXTS][PATH_MAX];
    int n_texts;
} words;

static void add_word(words *command, const char *word) {
    if (command->n < MAX_WORDS - 1) command->list[command->n++] = (char *)(uintptr_t)word;
}

static void add_pair(words *command, const char *name, const char *value) {
    if (!value) return;
    add_word(command, name);
    add_word(command, value);
}

static const char *format_word(words *command, const char *format, const char *a, const char *b) {
    char *text = command->texts[command->n_texts++];
    int length = snprintf(text, PATH_MAX, format, a, b);
    return length < PATH_MAX ? text : "";
}

static void build_command(words *command, const ki_city_district *district, const arguments *args,
                          double time_s) {
    char number[32];
    add_word(command, "kerbside");
    add_word(command, "plan");
    add_word(command, district->path);
    add_pair(command, "-o", format_word(command, "%s/%s.pb", args->out_dir, district->id));
    add_pair(command, "--geojson",
             format_word(command, "%s/%s.geojson", args->out_dir, district->id));
    if (args->with_map)
        add_pair(command, "--map", format_word(command, map_file, args->out_dir, district->id));
    if (args->with_sheets) {
        const char *folder = format_word(command, "%s/%s", args->out_dir, district->id);
        add_pair(command, "--sheets", folder);
        add_pair(command, "--gpx", folder);
        add_pair(command, "--zones", folder);
        add_pair(command, "--coordinates", args->coordinates);
    }
    add_pair(command, "--date", args->date);
    add_pair(command, "--as-of", args->as_of);
    add_pair(command, "--tonight", district->tonight);
    if (args->iterations > 0) {
        snprintf(number, sizeof number, "%lld", (long long)args->iterations);
        add_pair(command, "--iterations", format_word(command, "%s%s", number, ""));
    } else {
        snprintf(number, sizeof number, "%.0f", time_s < 1 ? 1 : time_s);
        add_pair(command, "--time", format_word(command, "%s%s", number, "s"));
    }
    snprintf(number, sizeof number, "%lld", (long long)args->threads);
    add_pair(command, "--threads", format_word(command, "%s%s", number, ""));
    snprintf(number, sizeof number, "%lld", (long long)args->seed);
    add_pair(command, "--seed", format_word(command, "%s%s", number, ""));
    if (args->strict) add_word(command, "--strict");
    add_pair(command, "--log", args->log);
    add_pair(command, "--lang", args->lang);
}

static int wait_for(pid_t child) {
    int state, told = 0;
    while (waitpid(child, &state, 0) < 0) {
        if (errno != EINTR) return EXIT_FAULT;
        if (was_signalled() && !told++) kill(child, SIGTERM);
    }
    return WIFEXITED(state) ? WEXITSTATUS(state) : EXIT_FAULT;
}

static int plan_district(const ki_city_district *district, const arguments *args, double time_s) {
    words *command = calloc(1, sizeof *command);
    if (!command) return EXIT_FAULT;
    build_command(command, district, args, time_s);
    char log_path[PATH_MAX];
    snprintf(log_path, sizeof log_path, "%s/%s.log", args->out_dir, district->id);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, log_path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    posix_spawn_file_actions_adddup2(&actions, 1, 2);
    pid_t child;
    int failed = posix_spawn(&child, "/proc/self/exe", &actions, NULL, command->list, environ);
    posix_spawn_file_actions_destroy(&actions);
    int code = failed ? EXIT_FAULT : wait_for(child);
    free(command);
    return code;
}

/* ---- the city -------------------------------------------------------------------------------- */

/* Gravest first: 70, 3, 1, 5, 4, 0. */
static int graver(int a, int b) {
    static const int order[] = {EXIT_FAULT, EXIT_INFEASIBLE, EXIT_INPUT, EXIT_ATTENTION,
                                EXIT_SIGNAL};
    for (size_t rank = 0; rank < sizeof order / sizeof order[0]; rank++)
        if (a == order[rank] || b == order[rank]) return order[rank];
    return a ? a : b;
}

/* An odd ending of a child counts as a fault of ours. */
static int known_code(int code) {
    return code == EXIT_DONE || code == EXIT_INPUT || code == EXIT_INFEASIBLE ||
                   code == EXIT_SIGNAL || code == EXIT_ATTENTION
               ? code
               : EXIT_FAULT;
}

static double now_s(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void tell_failure(const arguments *args, const char *id, int code) {
    char path[PATH_MAX], reason[1024];
    snprintf(path, sizeof path, "%s/%s.log", args->out_dir, id);
    read_log_reason(reason, sizeof reason, args, id);
    if (code == EXIT_ATTENTION || code == EXIT_SIGNAL) /* there is a plan */
        log_line("warning", "district %s: exit %d, needs attention; log %s", id, code, path);
    else
        log_line("error", "district %s: exit %d; log %s: %s", id, code, path, reason);
}

/* Its line of the summary: what came of it and where to look. */
static void tell_district(const arguments *args, const char *id, const district_outcome *of,
                          int skipped) {
    printf(ki_say(spoken(), "%-20s exit %d%s; log %s/%s.log"), id, of->code,
           skipped ? ki_say(spoken(), " (finished before)") : "", args->out_dir, id);
    if (args->with_map && of->has_map)
        printf(ki_say(spoken(), "; map %s/%s.html"), args->out_dir, id);
    if (args->with_sheets && of->has_sheets)
        printf(ki_say(spoken(), "; sheets in %s/%s"), args->out_dir, id);
    putchar('\n');
    fflush(stdout);
}

/* One district, unless it is done: 1 then. What was drawn in an earlier run counts only for it. */
static int settle_district(district_outcome *out, const ki_city_district *district,
                           const arguments *args, double time_s) {
    const char *id = district->id;
    out->is_begun = 1;
    int skipped = finished_before(args, id, &out->code);
    struct timespec map = {0, 0}, sheets = {0, 0};
    if (!skipped) {
        map = written_at(args, id, map_file);
        sheets = written_at(args, id, sheets_file);
        out->code = known_code(plan_district(district, args, time_s));
        write_journal(args, id, out->code);
    }
    out->has_map = is_other(written_at(args, id, map_file), map);
    out->has_sheets = is_other(written_at(args, id, sheets_file), sheets);
    return skipped;
}

/* Each district gets its even share of what is left until the deadline. */
static int plan_city(const ki_city *city, const arguments *args, district_outcome *outcomes) {
    double per_district = args->time_s > 0 ? args->time_s : 60, begun = now_s();
    int gravest = 0;
    for (size_t at = 0; at < city->n_districts && !was_signalled(); at++) {
        const ki_city_district *district = &city->districts[at];
        double time_s = per_district;
        if (city->deadline_s > 0) {
            double share =
                (city->deadline_s - (now_s() - begun)) / (double)(city->n_districts - at);
            time_s = share < time_s ? share : time_s;
        }
        district_outcome *out = &outcomes[at];
        int skipped = settle_district(out, district, args, time_s);
        tell_district(args, district->id, out, skipped);
        if (out->code != EXIT_DONE) tell_failure(args, district->id, out->code);
        gravest = graver(gravest, out->code);
    }
    return was_signalled() ? graver(gravest, EXIT_SIGNAL) : gravest;
}

/* A page that cannot be written costs no plan. */
static int run_city(const ki_city *city, const arguments *args) {
    district_outcome *outcomes = calloc(city->n_districts, sizeof *outcomes);
    if (!outcomes) return EXIT_FAULT;
    kerb_error err = {0};
    int code = plan_city(city, args, outcomes);
    if (write_night_page(args, city, outcomes, &err) != KERB_OK) {
        report_error(&err);
        code = graver(code, EXIT_ATTENTION);
    } else {
        log_format(stdout, "written   %s/index.html\n", args->out_dir);
    }
    free(outcomes);
    return code;
}

static int run_batch(const arguments *given) {
    arguments with_folder = *given;
    const arguments *args = &with_folder;
    if (!given->out_dir) with_folder.out_dir = ".";
    kerb_error err = {0};
    ki_city *city = NULL;
    if (ki_city_load(&city, args->operands[0], &err) != KERB_OK) return report_error(&err);
    if (mkdir(args->out_dir, 0755) && errno != EEXIST)
        log_line("error", "%s: cannot be made: %s", args->out_dir, strerror(errno));
    int lock = take_lock(args->out_dir, &err);
    catch_signals();
    int code = lock < 0 ? report_error(&err) : run_city(city, args);
    if (lock >= 0) close(lock);
    ki_city_free(city);
    return code;
}

static const char *const synopsis[] = {"CITY.yaml --out-dir DIR [OPTION]...", NULL};
static const option accepted[] = {
    FOLDER("--out-dir", out_dir, "where the files go (made if absent; default: here)"),
    TEXT("--date", "YYYY-MM-DD", date, "the service day of every district"),
    TEXT("--as-of", "INSTANT", as_of, "now, as ISO 8601: later reports are not known yet"),
    FLAG("--map", with_map, "a page for each district, DIR/ID.html (kerbside map)"),
    FLAG("--sheets", with_sheets,
         "what crews and zones get of each district: sheets, tables, tracks, visits by zone, in "
         "DIR/ID (kerbside sheets)"),
    COORDINATES_OPTION,
    FLAG("--strict", strict, "refuse any bad row instead of leaving it out"),
    SEARCH_OPTIONS,
    LOG_OPTION,
    LANGUAGE_OPTION("the language of pages, sheets, logs and messages (default en)")};
static const example examples[] = {
    {"kerbside batch city.yaml --out-dir out", "every district of the city (docs/city-file.md)"},
    {"kerbside batch city.yaml --out-dir out --date 2026-11-24 --map --sheets",
     "with all that planners and crews look at; begun again, it goes on where it was cut"}};
const verb_table batch_verb = {
    .name = "batch",
    .run = run_batch,
    .job = "plan every district of a city",
    .synopsis = synopsis,
    .about = "Plans each district in a process of its own: DIR/ID.pb, ID.geojson, "
             "ID.log; with --map ID.html, with --sheets the folder ID; and index.html, the night "
             "at a glance. With --date a second run "
             "goes on where the first was cut. A map or sheet that cannot be written costs "
             "neither the plan nor another district. Exits with the gravest of the districts' "
             "codes: 70, 3, 1, 5, 4, 0.",
    .options = LIST(accepted),
    .examples = LIST(examples),
    .min_operands = 1,
    .max_operands = 1};
