/* SPDX-License-Identifier: GPL-3.0-or-later
 * district_yaml.c - the only file that includes libfyaml.
 *
 * It is driven by events, not by its document tree: what a district file has no use for (anchors
 * and aliases, which make exponential bombs; tags; several documents) is refused where it appears,
 * and depth and size are counted while reading. Repeated keys are an error: of two prices one
 * would win silently. */
#include "district_yaml.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "tables_encoding.h"

#include <libfyaml.h>
#include <stdio.h>
#include <string.h>

enum {
    MAX_KEYS = 2000, /* of one map: they are compared with each other */
    MAX_COMPLAINT = 240
};

typedef struct builder {
    const char *name;
    ki_arena *arena;
    kerb_error *err;
    ki_yaml *root;
    ki_yaml *open[KI_YAML_MAX_DEPTH];
    int depth;
    const char *key; /* read, its value awaited */
    int key_line, n_documents;
    size_t n_nodes;
    char complaint[MAX_COMPLAINT];
} builder;

static kerb_status refuse(const builder *make, int line, const char *what) {
    return ki_fail(make->err, KERB_BAD_INPUT, "%s, line %d: %s", make->name, line, what);
}

static int token_line(struct fy_token *token) {
    const struct fy_mark *mark = token ? fy_token_start_mark(token) : NULL;
    return mark ? mark->line + 1 : 0;
}

static const char *token_text(builder *make, struct fy_token *token) {
    size_t length = 0;
    const char *text = token ? fy_token_get_text(token, &length) : NULL;
    if (!text) length = 0;
    while (length && (*text == ' ' || *text == '\t'))
        text++, length--; /* quoted " V1 " */
    while (length && (text[length - 1] == ' ' || text[length - 1] == '\t'))
        length--;
    char *copy = ki_arena_alloc(make->arena, length + 1, 1);
    if (copy && length) memcpy(copy, text, length);
    return copy;
}

static int is_nothing(struct fy_token *token, const char *text) {
    return (!token || fy_token_scalar_style(token) == FYSS_PLAIN) &&
           (strcmp(text, "~") == 0 || strcmp(text, "null") == 0);
}

static kerb_status attach(builder *make, ki_yaml *node) {
    if (make->depth == 0) {
        make->root = node;
        return KERB_OK;
    }
    ki_yaml *parent = make->open[make->depth - 1];
    if (parent->kind == KI_YAML_MAP) {
        node->key = make->key;
        node->line = make->key_line;
        make->key = NULL;
    }
    if (parent->last)
        parent->last->next = node;
    else
        parent->first = node;
    parent->last = node;
    parent->n_children++;
    return KERB_OK;
}

static kerb_status new_node(builder *make, ki_yaml **out, ki_yaml_kind kind, int line) {
    if (++make->n_nodes > KI_YAML_MAX_NODES) return refuse(make, line, "too many entries");
    *out = ki_arena_alloc(make->arena, 1, sizeof **out);
    if (!*out) return ki_fail_no_memory(make->err, make->name);
    (*out)->kind = kind;
    (*out)->line = line;
    (*out)->text = "";
    return attach(make, *out);
}

static int awaits_key(const builder *make) {
    return make->depth && make->open[make->depth - 1]->kind == KI_YAML_MAP && !make->key;
}

static kerb_status take_key(builder *make, const char *text, int line) {
    const ki_yaml *map = make->open[make->depth - 1];
    const ki_yaml *same = ki_yaml_child(map, text);
    if (same)
        return ki_fail(make->err, KERB_BAD_INPUT,
                       "%s, line %d, key %.60s: given twice, first on line %d", make->name, line,
                       text, same->line);
    if (map->n_children >= MAX_KEYS) return refuse(make, line, "too many keys in one map");
    make->key = text;
    make->key_line = line;
    return KERB_OK;
}

static kerb_status take_scalar(builder *make, const struct fy_event_scalar_data *scalar) {
    int line = token_line(scalar->value);
    if (scalar->anchor) return refuse(make, line, "anchors (&) are not allowed");
    if (scalar->tag) return refuse(make, line, "tags (!) are not allowed");
    const char *text = token_text(make, scalar->value);
    if (!text) return ki_fail_no_memory(make->err, make->name);
    if (awaits_key(make)) return take_key(make, text, line);
    ki_yaml *node;
    KI_TRY(new_node(make, &node, KI_YAML_SCALAR, line));
    node->text = is_nothing(scalar->value, text) ? "" : text;
    return KERB_OK;
}

static kerb_status open_node(builder *make, ki_yaml_kind kind, struct fy_token *start,
                             struct fy_token *anchor, struct fy_token *tag) {
    int line = token_line(start);
    if (anchor) return refuse(make, line, "anchors (&) are not allowed");
    if (tag) return refuse(make, line, "tags (!) are not allowed");
    if (awaits_key(make)) return refuse(make, line, "a key must be plain text");
    if (make->depth == KI_YAML_MAX_DEPTH) return refuse(make, line, "nested too deeply");
    ki_yaml *node;
    KI_TRY(new_node(make, &node, kind, line));
    make->open[make->depth++] = node;
    return KERB_OK;
}

static kerb_status take_event(builder *make, const struct fy_event *event) {
    switch (event->type) {
    case FYET_DOCUMENT_START:
        if (++make->n_documents > 1)
            return ki_fail(make->err, KERB_BAD_INPUT, "%s: several documents, expected one",
                           make->name);
        return KERB_OK;
    case FYET_ALIAS:
        return refuse(make, token_line(event->alias.anchor), "aliases (*) are not allowed");
    case FYET_SCALAR: return take_scalar(make, &event->scalar);
    case FYET_MAPPING_START:
        return open_node(make, KI_YAML_MAP, event->mapping_start.mapping_start,
                         event->mapping_start.anchor, event->mapping_start.tag);
    case FYET_SEQUENCE_START:
        return open_node(make, KI_YAML_LIST, event->sequence_start.sequence_start,
                         event->sequence_start.anchor, event->sequence_start.tag);
    case FYET_MAPPING_END:
    case FYET_SEQUENCE_END:
        if (make->depth) make->depth--;
        return KERB_OK;
    default: return KERB_OK;
    }
}

static kerb_status syntax_error(const builder *make, struct fy_diag *diag) {
    void *place = NULL;
    const struct fy_diag_error *first = fy_diag_errors_iterate(diag, &place);
    if (!first || !first->msg)
        return ki_fail(make->err, KERB_BAD_INPUT, "%s: not YAML: %s", make->name,
                       make->complaint[0] ? make->complaint : "ends too early");
    return ki_fail(make->err, KERB_BAD_INPUT, "%s, line %d: not YAML: %.200s", make->name,
                   first->line, first->msg);
}

static kerb_status run_events(builder *make, struct fy_parser *parser, struct fy_diag *diag) {
    for (;;) {
        struct fy_event *event = fy_parser_parse(parser);
        if (!event) {
            /* Also the quiet end of the stream: then the document is complete. */
            if (fy_diag_got_error(diag) || make->depth) return syntax_error(make, diag);
            break;
        }
        int ended = event->type == FYET_STREAM_END;
        kerb_status status = take_event(make, event);
        fy_parser_event_free(parser, event);
        if (status != KERB_OK) return status;
        if (ended) break;
    }
    if (make->root) return KERB_OK;
    make->root = ki_arena_alloc(make->arena, 1, sizeof *make->root);
    if (!make->root) return ki_fail_no_memory(make->err, make->name);
    *make->root = (ki_yaml){.kind = KI_YAML_MAP, .line = 1, .text = ""};
    return KERB_OK;
}

/* Some complaints bypass the collection and would go to the terminal. */
static void keep_complaint(struct fy_diag *diag, void *user, const char *text, size_t length) {
    (void)diag;
    char *complaint = user;
    if (complaint[0]) return;
    snprintf(complaint, MAX_COMPLAINT, "%.*s", length < 200 ? (int)length : 200, text);
    complaint[strcspn(complaint, "\n")] = '\0';
}

/* What libfyaml 0.7.12 does not survive is kept from it: it never returns from some malformed
 * directives (found by fuzzing), and a district file needs none. */
static kerb_status check_text(const char *bytes, size_t n_bytes, const char *name,
                              kerb_error *err) {
    int line = 1, at_start = 1;
    if (!ki_utf8_valid(bytes, n_bytes)) return ki_fail(err, KERB_BAD_INPUT, "%s: not UTF-8", name);
    for (size_t at = 0; at < n_bytes; at++) {
        unsigned char c = (unsigned char)bytes[at];
        if (at_start && c == '%')
            return ki_fail(err, KERB_BAD_INPUT, "%s, line %d: directives (%%) are not allowed",
                           name, line);
        if ((c < 0x20 && !strchr("\t\n\r", c)) || c == 0 || c == 0x7f)
            return ki_fail(err, KERB_BAD_INPUT, "%s, line %d: a control character (%d)", name, line,
                           c);
        at_start = c == '\n' || c == '\r';
        line += c == '\n';
    }
    return KERB_OK;
}

kerb_status ki_yaml_parse(const ki_yaml **root, const char *bytes, size_t n_bytes, const char *name,
                          ki_arena *arena, kerb_error *err) {
    *root = NULL;
    KI_TRY(check_text(bytes, n_bytes, name, err));
    struct fy_diag_cfg diag_settings;
    fy_diag_cfg_default(&diag_settings);
    builder make = {.name = name, .arena = arena, .err = err};
    diag_settings.fp = NULL;
    diag_settings.output_fn = keep_complaint;
    diag_settings.user = make.complaint;
    diag_settings.colorize = false;
    struct fy_diag *diag = fy_diag_create(&diag_settings);
    if (!diag) return ki_fail_no_memory(err, name);
    fy_diag_set_collect_errors(diag, true);
    struct fy_parse_cfg settings = {.search_path = "", .diag = diag};
    settings.flags = (enum fy_parse_cfg_flags)(FYPCF_DEFAULT_VERSION_1_2 | FYPCF_JSON_NONE);
    struct fy_parser *parser = fy_parser_create(&settings);
    kerb_status status = KERB_OK;
    if (!parser || fy_parser_set_string(parser, bytes, n_bytes) != 0)
        status = ki_fail_no_memory(err, name);
    else
        status = run_events(&make, parser, diag);
    if (parser) fy_parser_destroy(parser);
    fy_diag_destroy(diag);
    if (status == KERB_OK) *root = make.root;
    return status;
}

kerb_status ki_yaml_read(const ki_yaml **root, const char *path, ki_arena *arena, kerb_error *err) {
    char *bytes;
    size_t n_bytes;
    const char *encoding;
    *root = NULL;
    KI_TRY(ki_file_read(&bytes, &n_bytes, path, KI_YAML_MAX_BYTES, err));
    kerb_status status = ki_recode(&bytes, &n_bytes, &encoding, path, err);
    if (status == KERB_OK) status = ki_yaml_parse(root, bytes, n_bytes, path, arena, err);
    ki_free(bytes);
    return status;
}

const ki_yaml *ki_yaml_child(const ki_yaml *map, const char *key) {
    if (!map || map->kind != KI_YAML_MAP) return NULL;
    for (const ki_yaml *child = map->first; child; child = child->next)
        if (strcmp(child->key, key) == 0) return child;
    return NULL;
}
