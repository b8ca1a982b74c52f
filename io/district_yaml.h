/* SPDX-License-Identifier: GPL-3.0-or-later
 * district_yaml.h - a YAML file as a tree of plain text, with lines, within a budget. */
#ifndef KI_DISTRICT_YAML_H
#define KI_DISTRICT_YAML_H
#include "base/arena.h"
#include "kerbside.h"

enum { KI_YAML_MAX_BYTES = 16 << 20, KI_YAML_MAX_NODES = 400000, KI_YAML_MAX_DEPTH = 16 };

typedef enum ki_yaml_kind { KI_YAML_SCALAR = 0, KI_YAML_MAP, KI_YAML_LIST } ki_yaml_kind;

typedef struct ki_yaml {
    ki_yaml_kind kind;
    int line;         /* from 1; of the key inside a map */
    const char *key;  /* inside a map */
    const char *text; /* of a scalar; "" for nothing (also ~ and null) */
    struct ki_yaml *first, *last, *next;
    size_t n_children;
} ki_yaml;

/* A file with nothing or only comments in it is a map without keys. */
kerb_status ki_yaml_read(const ki_yaml **root, const char *path, ki_arena *arena, kerb_error *err);
/* bytes end in a NUL that n_bytes does not count; name is for messages. */
kerb_status ki_yaml_parse(const ki_yaml **root, const char *bytes, size_t n_bytes, const char *name,
                          ki_arena *arena, kerb_error *err);
/* NULL if map is NULL, not a map, or has no such key. */
const ki_yaml *ki_yaml_child(const ki_yaml *map, const char *key);
#endif
