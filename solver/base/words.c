/* SPDX-License-Identifier: GPL-3.0-or-later
 * words.c - one table of words, and two ways through it.
 *
 * What is printed now is looked up by its English format (ki_say), as gettext does, so that the
 * compiler checks the values against the English. What was written before - the reasons and notes
 * in a plan, an error that a library made - exists as an English sentence only: it is matched
 * against the same formats, and its values are put into the other language's (ki_text_retell).
 * So a plan stays one message whatever language it is read in, and a plan made years ago can be
 * read in Chinese. docs/decisions/0037 says what else was weighed. */
#include "base/words.h"

#include <ctype.h>
#include <limits.h>
#include <string.h>

typedef struct row {
    const char *english, *chinese;
} row;
static const row rows[] = {
#define SAY(english, chinese) {english, chinese},
#include "base/words.def"
#include "base/words_command.def"
#include "base/words_engine.def"
#include "base/words_reports.def"
#undef SAY
};
static const row key_rows[] = {
#define KEY(english, chinese) {english, chinese},
#include "base/words_keys.def"
#undef KEY
};
enum {
    N_ROWS = sizeof rows / sizeof *rows,
    MOST_VALUES = 16,
    MOST_STEPS = 1000000,
    MOST_DEPTH = 24
};

static const char *const codes[] = {[KI_ENGLISH] = "en", [KI_CHINESE] = "zh"};

const char *ki_language_code(ki_language language) {
    return codes[language];
}

int ki_language_find(ki_language *language, const char *code) {
    for (int at = KI_ENGLISH; at <= KI_CHINESE; at++)
        if (strcmp(codes[at], code) == 0) {
            *language = (ki_language)at;
            return 0;
        }
    return 1;
}

int ki_words_row(int index, const char **english, const char **chinese) {
    if (index < 0 || index >= (int)N_ROWS) return 0;
    *english = rows[index].english;
    *chinese = rows[index].chinese;
    return 1;
}

static const char *look_up(const row *table, size_t n_rows, const char *english) {
    for (size_t at = 0; at < n_rows; at++)
        if (strcmp(table[at].english, english) == 0) return table[at].chinese;
    return english;
}

const char *ki_say(ki_language language, const char *english) {
    return language == KI_ENGLISH ? english : look_up(rows, N_ROWS, english);
}

const char *ki_say_key(ki_language language, const char *english) {
    if (language == KI_ENGLISH) return english;
    return look_up(key_rows, sizeof key_rows / sizeof *key_rows, english);
}

void ki_text_say(ki_text *text, const char *english, ...) {
    va_list values;
    va_start(values, english);
    ki_text_add_list(text, ki_say(text->language, english), values);
    va_end(values);
}

const char *ki_text_word(const ki_text *text, const char *english) {
    return ki_say(text->language, english);
}

/* ---- a sentence against a format ------------------------------------------------------------- */

typedef struct span {
    const char *begin;
    size_t length;
} span;

typedef struct effort {            /* on a whole sentence */
    int n_steps;                   /* left */
    const char *from, *mark, *end; /* the last answer of first_mark */
} effort;

typedef struct match {
    span values[MOST_VALUES];
    char kinds[MOST_VALUES]; /* the letter of each conversion */
    int n;
    int loose; /* a value may hold "; " and ": " */
    effort *spent;
} match;

/* The end of a conversion that begins at '%', and its letter. */
static const char *conversion_end(const char *format, char *letter) {
    format++;
    while (*format && strchr("0123456789$.*-+ #lhzjt", *format))
        format++;
    *letter = *format;
    return *format ? format + 1 : format;
}

static int is_of_number(char kind, char c) {
    if ((c >= '0' && c <= '9') || c == '-') return 1;
    return strchr("fge", kind) && c && strchr("+.e", c);
}

static int fits(match *found, const char *format, const char *text, const char *end);

static int fit_number(match *found, const char *format, const char *text, const char *end) {
    const char *from = text;
    while (from < end && *from == ' ')
        from++;
    const char *to = from;
    int is_one = 0;
    while (to < end && is_of_number(found->kinds[found->n], *to))
        is_one |= *to++ < 'a';
    if (!is_one) return 0;
    found->values[found->n++] = (span){from, (size_t)(to - from)};
    return fits(found, format, to, end);
}

/* Where the first mark that parts a sentence begins, or the end: a value does not reach beyond it,
 * unless its format has such marks itself. */
static const char *first_mark(effort *spent, const char *text, const char *end) {
    if (spent->from && spent->from <= text && text <= spent->mark && spent->end == end)
        return spent->mark;
    static const char expected[] = ", expected ";
    size_t length = sizeof expected - 1;
    const char *at = text;
    for (; at + 1 < end; at++) {
        if (at[1] == ' ' && (*at == ':' || *at == ';')) break;
        if (*at == ',' && (size_t)(end - at) >= length && memcmp(at, expected, length) == 0) break;
    }
    if (at + 1 >= end) at = end;
    spent->from = text, spent->mark = at, spent->end = end;
    return at;
}

/* The shortest value first; the next character of the format says where one may end. */
static int fit_string(match *found, const char *format, const char *text, const char *end) {
    int at = found->n++;
    for (const char *to = text;; to++) {
        if (*format && *format != '%') {
            to = memchr(to, *format, (size_t)(end - to));
            if (!to) return 0;
        } else if (!*format) {
            to = end;
        }
        if (!found->loose && to > first_mark(found->spent, text, end)) return 0;
        found->values[at] = (span){text, (size_t)(to - text)};
        found->n = at + 1;
        if (fits(found, format, to, end)) return 1;
        if (to >= end || found->spent->n_steps <= 0) return 0;
    }
}

static int fits(match *found, const char *format, const char *text, const char *end) {
    char letter;
    if (found->spent->n_steps-- <= 0) return 0;
    for (; *format; format++, text++) {
        if (*format == '%' && format[1] != '%') break;
        format += *format == '%';
        if (text >= end || *text != *format) return 0;
    }
    if (!*format) return text == end;
    format = conversion_end(format, &letter);
    if (found->n >= MOST_VALUES) return 0;
    found->kinds[found->n] = letter;
    if (letter == 's' || letter == 'c') return fit_string(found, format, text, end);
    return fit_number(found, format, text, end);
}

/* A format of hardly anything but strings would fit everything. */
static int n_literals(const char *format) {
    int n = 0;
    char letter;
    while (*format)
        if (*format == '%' && format[1] != '%') {
            format = conversion_end(format, &letter);
        } else {
            n += *format != ' ';
            format += *format == '%' ? 2 : 1;
        }
    return n;
}

/* The row that says most by itself of those that fit; NULL: none does. */
static const row *find_row(span text, effort *spent, match *found) {
    const row *best = NULL;
    int most = 1;
    for (size_t at = 0; at < N_ROWS && text.length; at++) {
        const char *format = rows[at].english;
        if (*format != '%' && *format != *text.begin) continue;
        int n = strchr(format, '%') ? n_literals(format) : INT_MAX;
        match tried = {.spent = spent, .loose = strpbrk(format, ":(;") != NULL};
        if (n <= most || (n < 2 && strstr(format, "%s"))) continue;
        if (!fits(&tried, format, text.begin, text.begin + text.length)) continue;
        *found = tried;
        best = &rows[at];
        most = n;
    }
    return best;
}

/* ---- a sentence in the other language -------------------------------------------------------- */

typedef struct teller {
    ki_text *text;
    int depth, n_known; /* rows that were of use */
    effort spent;
} teller;

static void retell(teller *to, span text);

/* A single word may be a name, but for these. */
static int is_stream(span text) {
    static const char *const streams[] = {"residual",  "food",         "recyclable",
                                          "hazardous", "construction", "sweepings"};
    for (size_t at = 0; at < sizeof streams / sizeof *streams; at++)
        if (strlen(streams[at]) == text.length && !memcmp(streams[at], text.begin, text.length))
            return 1;
    return 0;
}

/* What a key means has a table of its own; 0: it is not there. */
static int add_help(teller *to, span text) {
    for (size_t at = 0; at < sizeof key_rows / sizeof *key_rows; at++) {
        const row *key = &key_rows[at];
        if (strlen(key->english) != text.length || memcmp(key->english, text.begin, text.length))
            continue;
        ki_text_add(to->text, "%s", key->chinese);
        return 1;
    }
    return 0;
}

/* A value that is a sentence or a piece of one is told in turn; a name or a number is not. */
static void add_value(teller *to, const row *of, const match *found, int value) {
    span text = found->values[value];
    if (strcmp(of->english, "missing (%s)") == 0 && add_help(to, text)) return;
    if (found->kinds[value] == 's' && (is_stream(text) || memchr(text.begin, ' ', text.length)))
        retell(to, text);
    else
        ki_text_add_bytes(to->text, text.begin, text.length);
}

static void fill_in(teller *to, const row *of, const match *found) {
    const char *format = of->chinese;
    for (int next = 0; *format;) {
        if (*format != '%' || format[1] == '%') {
            ki_text_add_bytes(to->text, format, 1);
            format += *format == '%' ? 2 : 1;
            continue;
        }
        char letter;
        const char *end = conversion_end(format, &letter);
        int value = next++;
        if (isdigit((unsigned char)format[1]) && format[2] == '$') value = format[1] - '1';
        int is_hidden = end - format >= 3 && memcmp(end - 3, ".0s", 3) == 0;
        if (value >= 0 && value < found->n && !is_hidden) add_value(to, of, found, value);
        format = end;
    }
}

static const char *find(span text, const char *wanted) {
    size_t length = strlen(wanted);
    for (size_t at = 0; at + length <= text.length; at++)
        if (memcmp(text.begin + at, wanted, length) == 0) return text.begin + at;
    return NULL;
}

/* Both sides of a separator, told apart from each other; 0: it is not there. */
static int split(teller *to, span text, const char *separator, const char *between) {
    const char *at = find(text, separator);
    if (!at) return 0;
    size_t length = strlen(separator), n_before = (size_t)(at - text.begin);
    retell(to, (span){text.begin, n_before});
    ki_text_add_bytes(to->text, between, strlen(between));
    retell(to, (span){at + length, text.length - n_before - length});
    return 1;
}

static int is_phrase(teller *to, span text);

static int are_phrases(teller *to, span text, const char *at) {
    size_t n_before = (size_t)(at - text.begin);
    return is_phrase(to, (span){text.begin, n_before}) &&
           is_phrase(to, (span){at + 2, text.length - n_before - 2});
}

/* Whether every piece of it has a row: then it is a phrase and not a place or a name. */
static int is_phrase(teller *to, span text) {
    match found;
    const char *mark = find(text, "; ");
    if (find_row(text, &to->spent, &found)) return 1;
    if (!mark) mark = find(text, ", ");
    return mark && are_phrases(to, text, mark);
}

/* What stands before a colon is a place, which stays, unless it is a phrase. */
static void split_place(teller *to, span text, const char *colon) {
    span place = {text.begin, (size_t)(colon - text.begin)};
    if (is_phrase(to, place))
        retell(to, place);
    else
        ki_text_add_bytes(to->text, place.begin, place.length);
    ki_text_add(to->text, "：");
    retell(to, (span){colon + 2, text.length - place.length - 2});
}

static int comes_first(const char *one, const char *other) {
    return one && (!other || one < other);
}

static void take_apart(teller *to, span text) {
    const char *place = find(text, ": "), *expected = find(text, ", expected ");
    if (split(to, text, "\n", "\n")) return;
    const char *stop = find(text, ". ");
    if (comes_first(stop, place) &&
        is_phrase(to, (span){text.begin, (size_t)(stop - text.begin)}) &&
        split(to, text, ". ", "。"))
        return;
    const char *clause = find(text, "; ");
    if (comes_first(clause, place) && comes_first(clause, expected)) {
        split(to, text, "; ", "；");
        return;
    }
    if (comes_first(place, expected))
        split_place(to, text, place);
    else if (!split(to, text, ", expected ", "，应为 ") && !split(to, text, ", ", "，"))
        ki_text_add_bytes(to->text, text.begin, text.length);
}

/* Where nothing of it is known, not even its marks change. */
static void retell(teller *to, span text) {
    match found;
    size_t length = to->text->length;
    int n_known = to->n_known;
    const row *best = to->depth < MOST_DEPTH ? find_row(text, &to->spent, &found) : NULL;
    to->depth++;
    if (best)
        fill_in(to, best, &found), to->n_known++;
    else if (to->depth < MOST_DEPTH)
        take_apart(to, text);
    to->depth--;
    if (to->n_known > n_known) return;
    to->text->length = length;
    ki_text_add_bytes(to->text, text.begin, text.length);
}

void ki_text_retell(ki_text *text, const char *english) {
    teller to = {.text = text, .spent = {.n_steps = MOST_STEPS}};
    span all = {english ? english : "", english ? strlen(english) : 0};
    if (text->language == KI_ENGLISH)
        ki_text_add_bytes(text, all.begin, all.length);
    else
        retell(&to, all);
}
