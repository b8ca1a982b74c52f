/* SPDX-License-Identifier: GPL-3.0-or-later
 * tables_database.c - connections to a database: pairs of key=value with blanks between, a value
 * with blanks in single quotes, \ before a quote or itself (libpq, "keyword/value connection
 * strings"). */
#include "tables_database.h"

#include <string.h>
#include <strings.h>

static const char PREFIX[] = "PG:";
enum { N_PREFIX = sizeof PREFIX - 1 };

int ki_is_connection(const char *name) {
    return strncasecmp(name, PREFIX, N_PREFIX) == 0;
}

static int is_blank(char sign) {
    return sign == ' ' || sign == '\t' || sign == '\r' || sign == '\n';
}

static const char *skip_blanks(const char *at) {
    while (is_blank(*at))
        at++;
    return at;
}

/* Behind the value that begins here. */
static const char *end_of_value(const char *at) {
    int quoted = *at == '\'';
    for (at += quoted; *at; at++) {
        if (*at == '\\' && at[1])
            at++;
        else if (quoted ? *at == '\'' : is_blank(*at))
            return at + quoted;
    }
    return at;
}

static int is_secret(const char *key, size_t n) {
    static const char *const SECRETS[] = {"password", "sslpassword", "passfile"};
    for (size_t at = 0; at < sizeof SECRETS / sizeof *SECRETS; at++)
        if (strlen(SECRETS[at]) == n && strncasecmp(SECRETS[at], key, n) == 0) return 1;
    return 0;
}

void ki_connection_show(ki_text *text, const char *connection) {
    const char *at = connection + N_PREFIX;
    ki_text_add(text, "%s", PREFIX);
    for (int n = 0; *(at = skip_blanks(at)); n++) {
        const char *key = at;
        while (*at && *at != '=' && !is_blank(*at))
            at++;
        size_t n_key = (size_t)(at - key);
        at = skip_blanks(at);
        if (*at != '=' || memchr(key, '/', n_key) ||
            memchr(key, '@', n_key)) { /* no pair: whatever it is, it may be the secret */
            ki_text_add(text, "%s...", n ? " " : "");
            return;
        }
        const char *value = skip_blanks(at + 1);
        at = end_of_value(value);
        ki_text_add(text, "%s%.*s=", n ? " " : "", (int)n_key, key);
        if (is_secret(key, n_key))
            ki_text_add(text, "***");
        else
            ki_text_add_bytes(text, value, (size_t)(at - value));
    }
}

void ki_connection_complete(ki_text *text, const char *connection) {
    ki_text_add(text, "%s%s", PREFIX, connection + N_PREFIX);
    if (!strstr(connection, "connect_timeout")) ki_text_add(text, " connect_timeout=10");
}
