/* SPDX-License-Identifier: GPL-3.0-or-later
 * log.h - what goes to standard error: lines for a person, or (--log json) one object a line. */
#ifndef KERB_LOG_H
#define KERB_LOG_H
#include "kerbside.h"

#include <stdio.h>

void log_start(const char *verb, int as_json);
/* The language of every line from then on, "en" or "zh". */
void log_speak(const char *language);
/* Progress is dated in this zone for people from then on; for programs always in UTC. */
void log_zone(int32_t utc_offset_s);
/* A plan's summary, its headings marked if it goes to a terminal with colours. */
void log_summary(FILE *to, const char *text, int needs_attention);
/* level: "info", "warning" or "error" */
void log_line(const char *level, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Now and then only: every half second on a terminal, in a line rewritten; else every ten. */
void log_progress(const kerb_progress *progress);
/* Text of several lines: to a file, or, where that is standard error, as the log wants it. */
void log_text(FILE *to, const char *text);
/* The same from English, each line in the language of the log. */
void log_told(FILE *to, const char *english);
/* The same from a format. */
void log_format(FILE *to, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* What a plan came to, and the end of the command; for programs only. */
void log_plan(const kerb_plan *plan);
void log_end(int exit_code);
/* A text within an object: quotes included. */
void print_json_text(FILE *to, const char *text);
#endif
