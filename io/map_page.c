/* SPDX-License-Identifier: GPL-3.0-or-later
 * map_page.c - the map page from its template (io/map/page.html): each @NAME@ in it is replaced.
 *
 * The page's policy names the hashes of its three scripts, so that nothing else can run, and allows
 * no connection at all; the map engine's worker is a blob of its own. Only the first script runs
 * when it is read: what draws the first picture; it starts the other two. The data are no script:
 * gzip in base64, of which no text can end their element, and a quarter of the bytes. */
#include "io/map_page.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/text.h"
#include "io/map_data.h"
#include "io/map_pack.h"
#include "io/map_parts.h"
#include "plan/plan.h"
#include "road/graph.h"

#include <string.h>

int ki_plan_is_of_roads(const kerb_plan *plan, const kerb_roads *roads) {
    return plan->roads_hash && strcmp(plan->roads_hash, roads->graph->hash) == 0;
}

typedef struct page {
    ki_text text;
    ki_text first, rest; /* scripts */
    const kerb_plan *plan;
    const kerb_roads *roads;
    ki_language language;
} page;

static void add_part(ki_text *text, ki_map_part part) {
    ki_text_add_bytes(text, part.begin, (size_t)(part.end - part.begin));
}

/* ---- the policy ------------------------------------------------------------------------------ */

static unsigned hex_digit(char digit) {
    return (unsigned)(digit <= '9' ? digit - '0' : digit - 'a' + 10);
}

static void add_hash(ki_text *text, const void *bytes, size_t n_bytes) {
    char hex[65];
    unsigned char hash[32];
    ki_sha256_hex(bytes, n_bytes, hex);
    for (int at = 0; at < 32; at++)
        hash[at] = (unsigned char)(hex_digit(hex[2 * at]) << 4 | hex_digit(hex[2 * at + 1]));
    ki_text_add(text, " 'sha256-");
    ki_base64_add(text, hash, sizeof hash);
    ki_text_add(text, "'");
}

static void add_part_hash(ki_text *text, ki_map_part part) {
    add_hash(text, part.begin, (size_t)(part.end - part.begin));
}

static void add_policy(page *to) {
    ki_text *text = &to->text;
    ki_text_add(text, "default-src 'none'; base-uri 'none'; form-action 'none'; img-src data: "
                      "blob:; worker-src blob:; script-src");
    add_part_hash(text, ki_map_engine_js);
    add_hash(text, to->first.bytes, to->first.length);
    add_hash(text, to->rest.bytes, to->rest.length);
    ki_text_add(text, "; style-src");
    add_part_hash(text, ki_map_engine_css);
    add_part_hash(text, ki_map_page_css);
}

/* ---- the template ---------------------------------------------------------------------------- */

static void add_packed(page *to, ki_text *json) {
    to->text.failed |= json->failed;
    if (!json->failed) ki_gzip_add(&to->text, json->bytes, json->length);
    ki_text_free(json);
}

static void add_data(page *to) {
    ki_text json = {0};
    ki_map_data_add(&json, to->plan, to->roads);
    add_packed(to, &json);
}

static void add_chinese(page *to) {
    ki_text json = {0};
    ki_map_chinese_add(&json, to->plan);
    add_packed(to, &json);
}

static void fill_in(page *to, const char *name, size_t length) {
    ki_text *text = &to->text;
#define IS(word) (length == sizeof word - 1 && memcmp(name, word, length) == 0)
    if (IS("LANGUAGE")) ki_text_add(text, "%s", ki_language_code(to->language));
    if (IS("POLICY")) add_policy(to);
    if (IS("LICENCE")) add_part(text, ki_map_engine_licence);
    if (IS("ENGINE_STYLE")) add_part(text, ki_map_engine_css);
    if (IS("STYLE")) add_part(text, ki_map_page_css);
    if (IS("DATA")) add_data(to);
    if (IS("CHINESE")) add_chinese(to);
    if (IS("FIRST")) ki_text_add_bytes(text, to->first.bytes, to->first.length);
    if (IS("ENGINE")) add_part(text, ki_map_engine_js);
    if (IS("SCRIPT")) ki_text_add_bytes(text, to->rest.bytes, to->rest.length);
#undef IS
}

static void fill_template(page *to) {
    const char *at = ki_map_page_html.begin, *end = ki_map_page_html.end;
    while (at < end) {
        const char *mark = memchr(at, '@', (size_t)(end - at));
        const char *close = mark ? memchr(mark + 1, '@', (size_t)(end - mark - 1)) : NULL;
        ki_text_add_bytes(&to->text, at, (size_t)((close ? mark : end) - at));
        if (!close) return;
        fill_in(to, mark + 1, (size_t)(close - mark - 1));
        at = close + 1;
    }
}

kerb_status ki_plan_map(char **out, size_t *n_out, const kerb_plan *plan, const kerb_roads *roads,
                        ki_language language, kerb_error *err) {
    if (!out || !n_out || !plan) return ki_fail(err, KERB_BAD_CALL, "ki_plan_map: NULL");
    page to = {.plan = plan, .roads = roads, .language = language};
    *out = NULL;
    for (int script = 0; script < KI_MAP_N_SCRIPTS; script++)
        add_part(script < KI_MAP_N_FIRST ? &to.first : &to.rest, ki_map_scripts[script]);
    fill_template(&to);
    int failed = to.first.failed || to.rest.failed || to.text.failed;
    ki_text_free(&to.first);
    ki_text_free(&to.rest);
    if (failed) {
        ki_text_free(&to.text);
        return ki_fail_no_memory(err, "the map page");
    }
    *out = to.text.bytes;
    *n_out = to.text.length;
    return KERB_OK;
}
