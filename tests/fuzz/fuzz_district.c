/* SPDX-License-Identifier: GPL-3.0-or-later
 * The first byte chooses what the rest is: t a time or windows, z a zone file, n tonight.yaml,
 * anything else the district file itself (checked against the key table). */
#include "base/alloc.h"
#include "base/arena.h"
#include "io/district_keys.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes);
const char *__lsan_default_suppressions(void);

/* libfyaml 0.7.12 loses 2 kB of its own after some syntax errors; no call of its API
 * gets it back. */
const char *__lsan_default_suppressions(void) {
    return "leak:libfyaml.so";
}

static void fuzz_time(const char *text) {
    ki_clock_window windows[KI_MAX_WINDOWS];
    ki_value value;
    int64_t instant_s;
    for (int type = KI_KEY_ID; type <= KI_KEY_TABLE; type++) {
        ki_key key = {.type = (ki_key_type)type, .min = -1e9, .max = 1e9, .choices = "a|b"};
        (void)ki_value_parse(&key, text, NULL, &value);
    }
    if (ki_parse_windows(text, NULL, windows) > KI_MAX_WINDOWS) abort();
    if (!ki_parse_instant(text, NULL, &instant_s, NULL)) return;
    char again[KI_INSTANT_CHARS];
    int64_t same_s;
    ki_format_instant(NULL, instant_s, again);
    if (!ki_parse_instant(again, NULL, &same_s, NULL) || same_s != instant_s) abort();
}

static void fuzz_zone(const void *bytes, size_t n_bytes) {
    ki_arena arena = {.budget = 1 << 24};
    ki_zone zone;
    kerb_error err = {0};
    if (ki_zone_parse(&zone, bytes, n_bytes, "fuzz", &arena, &err) == KERB_OK)
        for (int64_t at = -5000000000; at < 9000000000; at += 700000001) {
            (void)ki_zone_offset(&zone, at);
            (void)ki_zone_instant(&zone, at);
        }
    ki_arena_free(&arena);
}

static void fuzz_yaml(const ki_keys *keys, const char *text, size_t n_bytes) {
    ki_arena arena = {.budget = 1 << 26};
    const ki_yaml *root;
    kerb_error err = {0};
    ki_file_faults faults = {.file = "fuzz"};
    if (ki_yaml_parse(&root, text, n_bytes, "fuzz", &arena, &err) == KERB_OK) {
        ki_keys_check(keys, root, &faults);
        (void)ki_file_faults_end(&faults, &err);
    }
    ki_arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes) {
    if (n_bytes == 0 || n_bytes > 1 << 20) return 0;
    char *text = ki_alloc(n_bytes);
    if (!text) return 0;
    memcpy(text, bytes + 1, n_bytes - 1);
    text[n_bytes - 1] = '\0';
    switch (bytes[0]) {
    case 't': fuzz_time(text); break;
    case 'z': fuzz_zone(bytes + 1, n_bytes - 1); break;
    case 'n': fuzz_yaml(&ki_tonight_keys, text, n_bytes - 1); break;
    default: fuzz_yaml(&ki_district_keys, text, n_bytes - 1); break;
    }
    ki_free(text);
    return 0;
}
