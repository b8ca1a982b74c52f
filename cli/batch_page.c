/* SPDX-License-Identifier: GPL-3.0-or-later
 * batch_page.c - the page of a batch's night, from the plans it has written. */
#define _POSIX_C_SOURCE 200809L
#include "batch.h"

#include "io/night_page.h"

#include <limits.h>
#include <string.h>

/* The line before the last of a log for programs, whose last says the end; the last of another. */
void read_log_reason(char *line, size_t size, const arguments *args, const char *id) {
    int is_json = args->log && strcmp(args->log, "json") == 0;
    char path[PATH_MAX], last[1024] = "", next[1024];
    snprintf(path, sizeof path, "%s/%s.log", args->out_dir, id);
    FILE *file = fopen(path, "r");
    *line = '\0';
    while (file && fgets(next, sizeof next, file)) {
        if (is_json) snprintf(line, size, "%s", last);
        snprintf(last, sizeof last, "%s", next);
    }
    if (file) fclose(file);
    if (!is_json) snprintf(line, size, "%s", last);
    line[strcspn(line, "\n")] = '\0';
}

static int has_plan(const district_outcome *outcome) {
    return outcome->is_begun && (outcome->code == EXIT_DONE || outcome->code == EXIT_ATTENTION ||
                                 outcome->code == EXIT_SIGNAL);
}

/* The first line of its summary, which says what needs attention. */
static void read_attention(char *line, size_t size, const kerb_plan *plan, const arguments *args) {
    char *text;
    kerb_error err = {0};
    if (kerb_plan_summary_in(plan, code_of_language(args), &text, &err) != KERB_OK) return;
    snprintf(line, size, "%.*s", (int)strcspn(text, "\n"), text);
    kerb_buffer_free(text);
}

static kerb_status add_district(ki_night_page *page, const arguments *args, const char *id,
                                const district_outcome *outcome, kerb_error *err) {
    char path[PATH_MAX], reason[1024] = "";
    kerb_plan *plan = NULL;
    snprintf(path, sizeof path, "%s/%s.pb", args->out_dir, id);
    if (has_plan(outcome) && kerb_plan_read(&plan, path, err) != KERB_OK) return err->status;
    if (plan && outcome->code == EXIT_ATTENTION) read_attention(reason, sizeof reason, plan, args);
    if (!plan && outcome->is_begun) read_log_reason(reason, sizeof reason, args, id);
    ki_night_district row = {.id = id,
                             .is_begun = outcome->is_begun,
                             .code = outcome->code,
                             .reason = reason,
                             .plan = plan,
                             .has_map = outcome->has_map,
                             .has_sheets = outcome->has_sheets};
    ki_night_page_add(page, &row);
    kerb_plan_free(plan);
    return KERB_OK;
}

kerb_status write_night_page(const arguments *args, const ki_city *city,
                             const district_outcome *outcomes, kerb_error *err) {
    char path[PATH_MAX];
    ki_text text = {0};
    kerb_status status = KERB_OK;
    ki_night_page page = {.language = spoken()};
    for (size_t at = 0; at < city->n_districts && status == KERB_OK; at++)
        status = add_district(&page, args, city->districts[at].id, &outcomes[at], err);
    ki_night_page_finish(&text, &page);
    snprintf(path, sizeof path, "%s/index.html", args->out_dir);
    if (status == KERB_OK && text.failed) {
        status = err->status = KERB_NO_MEMORY;
        snprintf(err->message, sizeof err->message, "%.900s: out of memory", path);
    }
    if (status == KERB_OK) status = kerb_file_write(path, text.bytes, text.length, err);
    ki_text_free(&text);
    return status;
}
