/* SPDX-License-Identifier: GPL-3.0-or-later
 * log.c - standard error, for a person or for a program. An object has time (UTC), level, verb and
 * message; progress, the plan and the end are events of their own with numbers. */
#define _POSIX_C_SOURCE 200809L
#include "log.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { TEXT_SIZE = 2048 };

static const char *log_verb = "", *log_language = "en";
static int is_json, is_journal, knows_zone;
static int32_t zone_s; /* of the district, from UTC */
static struct timespec begun;

/* https://no-color.org */
static int has_colours(FILE *to) {
    const char *terminal = getenv("TERM"), *refused = getenv("NO_COLOR");
    return isatty(fileno(to)) && terminal && *terminal && strcmp(terminal, "dumb") != 0 &&
           !(refused && *refused);
}

static double elapsed_s(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - begun.tv_sec) + 1e-9 * (double)(now.tv_nsec - begun.tv_nsec);
}

/* The journal takes a line's priority from a prefix (sd-daemon(3)); standard error goes to it if
 * JOURNAL_STREAM names its device and inode. */
static int goes_to_journal(void) {
    const char *stream = getenv("JOURNAL_STREAM");
    struct stat there;
    char mine[64];
    if (!stream || fstat(2, &there)) return 0;
    snprintf(mine, sizeof mine, "%llu:%llu", (unsigned long long)there.st_dev,
             (unsigned long long)there.st_ino);
    return strcmp(mine, stream) == 0;
}

static void print_priority(const char *level) {
    if (!is_journal) return;
    fputs(*level == 'e' ? "<3>" : *level == 'w' ? "<4>" : "<6>", stderr);
}

void log_speak(const char *language) {
    log_language = language;
}

void log_zone(int32_t utc_offset_s) {
    zone_s = utc_offset_s;
    knows_zone = 1;
}

void log_start(const char *verb, int as_json) {
    log_verb = verb;
    is_json = as_json;
    is_journal = goes_to_journal();
    clock_gettime(CLOCK_MONOTONIC, &begun);
}

void print_json_text(FILE *to, const char *text) {
    fputc('"', to);
    for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
        if (*c == '"' || *c == '\\') fputc('\\', to);
        if (*c < 0x20)
            fprintf(to, "\\u%04x", *c);
        else
            fputc(*c, to);
    }
    fputc('"', to);
}

/* In UTC for programs; for people in the district's zone, once it is known. */
static void print_stamp(int is_local) {
    char stamp[32] = "";
    time_t now = time(NULL) + (is_local ? zone_s : 0);
    struct tm parts;
    if (gmtime_r(&now, &parts)) strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%S", &parts);
    int minutes = abs(zone_s) / 60;
    fputs(stamp, stderr);
    if (is_local)
        fprintf(stderr, "%c%02d:%02d", zone_s < 0 ? '-' : '+', minutes / 60, minutes % 60);
    else
        fputc('Z', stderr);
}

static void begin_object(const char *level) {
    print_priority(level);
    fputs("{\"time\":\"", stderr);
    print_stamp(0);
    fprintf(stderr, "\",\"level\":\"%s\",\"verb\":\"%s\"", level, log_verb);
}

static void print_number(const char *name, double value) {
    if (isfinite(value)) fprintf(stderr, ",\"%s\":%.2f", name, value);
}

/* The caller's to free; NULL: out of memory, and the English must do. */
static char *in_language(const char *english) {
    char *told = NULL;
    if (strcmp(log_language, "en") != 0) kerb_text_translate(&told, english, log_language, NULL);
    return told;
}

static void print_line(const char *level, const char *text) {
    if (!is_json) {
        print_priority(level);
        const char *colour = *level == 'e' ? "\033[31m" : *level == 'w' ? "\033[33m" : "";
        if (!*colour || !has_colours(stderr))
            fprintf(stderr, "kerbside: %s\n", text);
        else
            fprintf(stderr, "%skerbside:\033[0m %s\n", colour, text);
        return;
    }
    begin_object(level);
    fputs(",\"message\":", stderr);
    print_json_text(stderr, text);
    fputs("}\n", stderr);
}

/* In the reader's language, in the caller's buffer. */
static void say_in_language(char *text, size_t size, const char *format, va_list values) {
    vsnprintf(text, size, format, values);
    char *told = in_language(text);
    if (told) snprintf(text, size, "%s", told);
    kerb_buffer_free(told);
}

void log_line(const char *level, const char *format, ...) {
    char text[TEXT_SIZE];
    va_list values;
    va_start(values, format);
    say_in_language(text, sizeof text, format, values);
    va_end(values);
    print_line(level, text);
}

void log_progress(const kerb_progress *progress) {
    static double told_s = -1e9;
    int terminal = !is_json && isatty(2);
    if (progress->elapsed_s - told_s < (terminal ? 0.5 : 10)) return;
    told_s = progress->elapsed_s;
    if (is_json) {
        begin_object("info");
        fprintf(stderr, ",\"event\":\"progress\",\"phase\":\"%s\",\"iteration\":%lld",
                progress->phase, (long long)progress->iteration);
        print_number("cost", progress->cost);
        print_number("bound", progress->bound);
        print_number("elapsed_s", progress->elapsed_s);
        fputs("}\n", stderr);
        return;
    }
    if (terminal) fputc('\r', stderr);
    print_stamp(knows_zone);
    char text[TEXT_SIZE];
    snprintf(text, sizeof text, "%s: iteration %lld, cost %.2f", progress->phase,
             (long long)progress->iteration, progress->cost);
    char *told = in_language(text);
    fprintf(stderr, " %s%s", told ? told : text, terminal ? "   " : "\n");
    kerb_buffer_free(told);
}

void log_text(FILE *to, const char *text) {
    if (to != stderr || !is_json) {
        fputs(text, to);
        return;
    }
    while (*text) {
        int length = (int)strcspn(text, "\n");
        char line[TEXT_SIZE];
        snprintf(line, sizeof line, "%.*s", length, text);
        if (length) print_line("info", line);
        text += length + (text[length] == '\n');
    }
}

void log_summary(FILE *to, const char *text, int needs_attention) {
    if (!has_colours(to)) {
        log_text(to, text);
        return;
    }
    for (int is_first = 1; *text; is_first = 0) {
        size_t length = strcspn(text, "\n");
        const char *mark = is_first && needs_attention  ? "\033[1;33m"
                           : *text != ' ' && length > 0 ? "\033[1m"
                                                        : "";
        fprintf(to, "%s%.*s%s\n", mark, (int)length, text, *mark ? "\033[0m" : "");
        text += length + (text[length] == '\n');
    }
}

void log_told(FILE *to, const char *english) {
    while (*english) {
        size_t length = strcspn(english, "\n");
        char line[TEXT_SIZE];
        snprintf(line, sizeof line, "%.*s", (int)length, english);
        char *told = in_language(line);
        log_text(to, told ? told : line);
        kerb_buffer_free(told);
        english += length;
        if (*english && (to != stderr || !is_json)) fputc('\n', to);
        english += *english == '\n';
    }
}

void log_format(FILE *to, const char *format, ...) {
    char text[TEXT_SIZE];
    va_list values;
    va_start(values, format);
    say_in_language(text, sizeof text, format, values);
    va_end(values);
    log_text(to, text);
}

void log_plan(const kerb_plan *plan) {
    kerb_plan_totals totals;
    if (!is_json) return;
    kerb_plan_get_totals(plan, &totals);
    begin_object(totals.degraded || totals.n_unserved_must ? "warning" : "info");
    fprintf(stderr,
            ",\"event\":\"plan\",\"plan\":\"%s\",\"routes\":%zu,\"served\":%zu,"
            "\"musts_left_out\":%zu,\"degraded\":%s",
            kerb_plan_id(plan), totals.n_routes, totals.n_served, totals.n_unserved_must,
            totals.degraded ? "true" : "false");
    print_number("cost", totals.cost);
    print_number("bound", totals.bound);
    print_number("gap_percent", totals.gap_percent);
    fputs("}\n", stderr);
}

void log_end(int exit_code) {
    if (!is_json) return;
    begin_object(exit_code == 0 ? "info" : exit_code == 4 || exit_code == 5 ? "warning" : "error");
    fprintf(stderr, ",\"event\":\"end\",\"exit\":%d", exit_code);
    print_number("elapsed_s", elapsed_s());
    fputs("}\n", stderr);
}
