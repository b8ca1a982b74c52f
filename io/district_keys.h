/* SPDX-License-Identifier: GPL-3.0-or-later
 * district_keys.h - the table of every key and column: what the readers accept, what their
 * messages say and what docs/district-file.md prints are one and the same. */
#ifndef KI_DISTRICT_KEYS_H
#define KI_DISTRICT_KEYS_H
#include "base/text.h"
#include "district_time.h"
#include "district_yaml.h"

typedef enum ki_key_type {
    KI_KEY_MAP = 0,
    KI_KEY_ID, /* text, spaces trimmed, not empty */
    KI_KEY_TEXT,
    KI_KEY_NUMBER,
    KI_KEY_INTEGER,
    KI_KEY_FLAG,   /* yes or no */
    KI_KEY_CHOICE, /* one of choices */
    KI_KEY_CLOCK,  /* HH:MM, or a dated instant */
    KI_KEY_DATE,
    KI_KEY_INSTANT,
    KI_KEY_WINDOWS,
    KI_KEY_DAILY, /* spans of every day, none over midnight */
    KI_KEY_TABLE  /* a path, or a map of file and layer */
} ki_key_type;

typedef enum ki_key_shape {
    KI_KEY_ONE = 0,
    KI_KEY_LIST, /* children are `path[]` */
    KI_KEY_NAMED /* a map with free keys: children are `path.*` */
} ki_key_shape;

typedef struct ki_key {
    const char *path; /* vehicles[].compartments[].capacity_kg, or a column's name */
    ki_key_type type;
    ki_key_shape shape;
    int required;
    const char *unit;
    const char *standard; /* value where absent; NULL: none */
    double min, max;      /* of numbers and integers */
    const char *choices;  /* "a|b|c" */
    const char *help;
} ki_key;

typedef struct ki_keys {
    const char *title;
    const ki_key *keys;
    size_t n_keys;
} ki_keys;

extern const ki_keys ki_district_keys, ki_tonight_keys;
extern const ki_keys ki_site_columns, ki_container_columns, ki_report_columns, ki_street_columns;
extern const ki_keys ki_correction_columns, ki_learned_keys;

typedef struct ki_value {
    const char *text;
    double number;
    int64_t integer; /* integers, flags, index of a choice, days, instants, minutes of a clock */
    int dated;       /* a clock given as a dated instant */
} ki_value;

/* 1 if the text (trimmed) is a value of the key; zone NULL reads local times as UTC. */
int ki_value_parse(const ki_key *key, const char *text, const ki_zone *zone, ki_value *out);
/* A decimal number, whole text. The same in every locale. */
int ki_parse_number(const char *text, double *out);
/* What a message says was expected: "0 to 1", "one of left, right, centre". */
typedef struct ki_expected {
    char text[160];
} ki_expected;
const char *ki_key_expected(const ki_key *key, ki_expected *expected);

/* ---- errors of a file, all counted, the first kept ------------------------------------------- */

enum { KI_MOST_FAULTS_TOLD = 100 };
typedef void (*ki_tell_fault)(const char *fault, void *payload);

typedef struct ki_file_faults {
    const char *file;
    size_t n;
    char first[800];
    ki_tell_fault tell; /* of each, the first KI_MOST_FAULTS_TOLD; NULL: nobody asks */
    void *payload;
} ki_file_faults;
void ki_file_fault(ki_file_faults *faults, int line, const char *key, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* A whole message, of another file for example. */
void ki_file_fault_add(ki_file_faults *faults, const char *message);
/* 1 if the next one is shown to somebody: only then is it worth finding out what was meant. */
int ki_file_fault_shows(const ki_file_faults *faults);
kerb_status ki_file_faults_end(const ki_file_faults *faults, kerb_error *err);

/* ---- reading a tree by the table ------------------------------------------------------------- */

/* The entry of a path; NULL: none. */
const ki_key *ki_keys_find(const ki_keys *keys, const char *path);

/* Every unknown key, missing key and ill-formed value becomes a fault. */
void ki_keys_check(const ki_keys *keys, const ki_yaml *root, ki_file_faults *faults);
/* 1 if what stands under the last part of `path` inside map, if anything, has no such fault. */
int ki_keys_is_sound(const ki_keys *keys, const ki_yaml *map, const char *path);
/* The value of the last part of `path` inside map, or its default; a fault-free tree is presumed.
 * zone is for instants without an offset. text NULL where absent without a default. */
ki_value ki_keys_get(const ki_keys *keys, const ki_yaml *map, const char *path,
                     const ki_zone *zone);

/* The tables as Markdown in the language of the text, for docs/district-file.md and .zh.md. */
void ki_keys_print(ki_text *out);
#endif
