/* SPDX-License-Identifier: GPL-3.0-or-later
 * options.h - what every verb takes, as tables: parsing, --help, man pages and shell completion all
 * read them. */
#ifndef KERB_OPTIONS_H
#define KERB_OPTIONS_H
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

typedef struct arguments {
    const char *operands[4];
    int n_operands;
    const char *output, *roads, *extra, *geojson, *svg, *out_dir, *date, *as_of, *tonight, *policy,
        *seeds, *page, *rounds;
    const char *familiar;
    const char *rematch, *map, *lang, *sheets, *gpx, *zones, *coordinates, *problem, *executed,
        *log;
    double time_s;
    int64_t iterations, seed, threads;
    double threshold, sick, must, may, rates; /* simulate: ratios; negative: not given */
    int64_t days, settle;                     /* simulate; 0: not given */
    int64_t collection_days;                  /* simulate; 0: not given */
    int64_t look_ahead;                       /* simulate; negative: not given */
    int json, strict, quiet, diff, diagnose, learned;
    int with_map, with_sheets; /* batch: for every district */
} arguments;

typedef enum option_kind {
    OPTION_FLAG,
    OPTION_TEXT,
    OPTION_FILE,
    OPTION_FOLDER,
    OPTION_WORD,  /* one of those in value, which "|" parts */
    OPTION_WORDS, /* the same, or several, with commas between */
    OPTION_DURATION,
    OPTION_WHOLE,
    OPTION_RATIO
} option_kind;

typedef struct option {
    const char *name, *value, *help; /* value NULL: a flag */
    option_kind kind;
    size_t at; /* of its member in arguments */
    int64_t least, most;
} option;

#define MEMBER(member) offsetof(arguments, member)
#define FLAG(name, member, help)                                                                   \
    { name, NULL, help, OPTION_FLAG, MEMBER(member), 0, 0 }
#define TEXT(name, value, member, help)                                                            \
    { name, value, help, OPTION_TEXT, MEMBER(member), 0, 0 }
#define PATH(name, value, member, help)                                                            \
    { name, value, help, OPTION_FILE, MEMBER(member), 0, 0 }
#define FOLDER(name, member, help)                                                                 \
    { name, "DIR", help, OPTION_FOLDER, MEMBER(member), 0, 0 }
#define WORD(name, words, member, help)                                                            \
    { name, words, help, OPTION_WORD, MEMBER(member), 0, 0 }
#define WORDS(name, words, member, help)                                                           \
    { name, words, help, OPTION_WORDS, MEMBER(member), 0, 0 }
#define RATIO(name, member, help)                                                                  \
    { name, "RATIO", help, OPTION_RATIO, MEMBER(member), 0, 0 }
#define WHOLE(name, member, least, most, help)                                                     \
    { name, "N", help, OPTION_WHOLE, MEMBER(member), least, most }
#define OUTPUT(value, help) PATH("-o", value, output, help)

/* What verbs share. */
#define INPUT_OPTIONS                                                                              \
    PATH("--roads", "EXTRACT", roads,                                                              \
         "the map or a cache of it, for a message or in place of the district's"),                 \
        PATH("--extra", "TABLE", extra,                                                            \
             "corrections of that map, for a problem message made with them"),                     \
        TEXT("--date", "YYYY-MM-DD", date, "the service day, on which the first shift starts"),    \
        TEXT("--as-of", "INSTANT", as_of, "now, as ISO 8601: later reports are not known yet"),    \
        PATH("--tonight", "FILE", tonight,                                                         \
             "vehicles out, containers forced or skipped, streets closed, ..."),                   \
        PATH("--executed", "FILE", executed,                                                       \
             "what was carried out before: an Execution message or a file of events"),             \
        TEXT("--familiar", "PLAN,PLAN...", familiar,                                               \
             "plans of earlier nights: what their crews served they know"),                        \
        FLAG("--strict", strict, "refuse any bad row instead of leaving it out")
#define COUNT_OPTIONS                                                                              \
    WHOLE("--iterations", iterations, 1, INT64_MAX,                                                \
          "search by count instead: the same bytes again on any machine load"),                    \
        WHOLE("--seed", seed, 0, INT64_MAX, "another run of chance (default 1)"),                  \
        WHOLE("--threads", threads, 1, 64,                                                         \
              "at most so many (default 1); the plan does not depend on it")
#define SEARCH_OPTIONS                                                                             \
    {"--time",                                                                                     \
     "60s",                                                                                        \
     "how long to search (s, m or h; default 30s); less where a small district is "                \
     "proved optimal; the proof comes on top",                                                     \
     OPTION_DURATION,                                                                              \
     MEMBER(time_s),                                                                               \
     0,                                                                                            \
     0},                                                                                           \
        COUNT_OPTIONS
#define LOG_OPTION                                                                                 \
    WORD("--log", "text|json", log,                                                                \
         "what goes to standard error: lines for a person, or an object a line (default text)")
#define ZONES_OPTION                                                                               \
    FOLDER("--zones", zones,                                                                       \
           "when vehicles come to each zone and what they take away: zones.html and zones.csv")
/* Where a language has no other use. */
#define LOG_OPTIONS LOG_OPTION, LANGUAGE_OPTION("the language of messages (default en)")
#define LANGUAGE_OPTION(help) WORD("--lang", "en|zh", lang, help)
#define COORDINATES_OPTION                                                                         \
    WORD("--coordinates", "wgs84|gcj02|bd09", coordinates,                                         \
         "of tables and tracks: gcj02 for Amap, bd09 for Baidu (default wgs84)")

typedef struct example {
    const char *command, *does;
} example;

typedef struct verb_table {
    const char *name;
    int (*run)(const arguments *args); /* its exit code */
    const char *job;                   /* one line */
    const char *const *synopsis;       /* forms behind the verb's name, NULL behind the last */
    const char *about;                 /* paragraphs, an empty line between them */
    const option *options;
    size_t n_options;
    const example *examples;
    size_t n_examples;
    int min_operands, max_operands;
} verb_table;
#define LIST(array) array, sizeof(array) / sizeof *(array)

extern const verb_table plan_verb, init_verb, validate_verb, problem_verb, roads_verb, check_verb,
    show_verb, map_verb, sheets_verb, replan_verb, reports_verb, simulate_verb, batch_verb;
extern const verb_table *const all_verbs[];
extern const size_t n_verbs;

/* Parses everything behind the verb. Returns 0; EXIT_USAGE with what is wrong printed; or -1 where
 * help was asked for and printed. */
int parse_arguments(arguments *args, int argc, char **argv, const verb_table *verb);

void print_commands(FILE *to);                      /* the help of the command as a whole */
void print_usage(FILE *to, const verb_table *verb); /* its forms */
void print_help(FILE *to, const verb_table *verb);
void print_manual(const verb_table *verb); /* NULL: the page of the command as a whole */
int print_completion(const char *shell);
#endif
