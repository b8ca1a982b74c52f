/* SPDX-License-Identifier: GPL-3.0-or-later
 * help.c - what the tables of verbs say: on a terminal, as manual pages, as shell completion. */
#include "options.h"

#include "command.h"

#include <string.h>

enum { WIDTH = 79, INDENT = 21 };

static const struct {
    int code;
    const char *meaning;
} exit_codes[] = {
    {EXIT_DONE, "done; nothing needs attention"},
    {EXIT_INPUT, "the input is wrong; the message names the place and what was expected"},
    {EXIT_USAGE, "the words of the command are wrong"},
    {EXIT_INFEASIBLE, "no feasible plan; the message says why"},
    {EXIT_SIGNAL, "stopped by a signal, a checked plan is written"},
    {EXIT_ATTENTION,
     "a checked plan is written but needs attention: musts left out, data degraded"},
    {EXIT_VIOLATIONS, "check found violations"},
    {EXIT_FAULT, "a fault of kerbside's own"},
    {EXIT_SIGNAL_NO_PLAN, "stopped by a signal before there was a plan"},
};
enum { N_EXIT_CODES = sizeof exit_codes / sizeof *exit_codes };

/* ---- on a terminal --------------------------------------------------------------------------- */

static const char *say(const char *english) {
    return ki_say(spoken(), english);
}

static int is_any_of(const char *text, const char *const *marks) {
    for (; *marks; marks++)
        if (strncmp(text, *marks, strlen(*marks)) == 0) return 1;
    return 0;
}

/* Bytes that stay on one line: a word; or a Chinese character with the marks that may not begin a
 * line after it, or that may not end one before it. */
static size_t unbroken_bytes(const char *text) {
    static const char *const closing[] = {"，", "。", "；", "：", "、", "）", "”", "？", NULL};
    static const char *const opening[] = {"（", "“", NULL};
    size_t at = 0;
    while (is_any_of(text + at, opening))
        at += ki_utf8_length(text + at, strlen(text + at));
    if ((unsigned char)text[at] >= 0x80)
        at += ki_utf8_length(text + at, strlen(text + at));
    else
        while (text[at] && text[at] != ' ' && (unsigned char)text[at] < 0x80)
            at++;
    while (is_any_of(text + at, closing))
        at += ki_utf8_length(text + at, strlen(text + at));
    return at;
}

/* A text from column `column` on, broken before WIDTH, further lines indented. */
static void print_wrapped(FILE *to, const char *text, int column, int indent) {
    for (int is_first = 1, has_space = 0; *text; is_first = 0) {
        char piece[256];
        size_t length = unbroken_bytes(text);
        snprintf(piece, sizeof piece, "%.*s", (int)length, text);
        int cells = ki_text_cells(piece);
        if (!is_first && column + has_space + cells > WIDTH) {
            fprintf(to, "\n%*s", indent, "");
            column = indent;
        } else if (has_space) {
            fputc(' ', to);
            column++;
        }
        fputs(piece, to);
        column += cells;
        text += length;
        has_space = *text == ' ';
        text += strspn(text, " ");
    }
    fputc('\n', to);
}

static void print_paragraphs(FILE *to, const char *text) {
    while (*text) {
        char line[2048];
        size_t length = strcspn(text, "\n");
        snprintf(line, sizeof line, "%.*s", (int)length, text);
        print_wrapped(to, line, 0, 0);
        text += length + (text[length] == '\n');
    }
}

static void print_option(FILE *to, const option *known) {
    int column = fprintf(to, "  %s%s%s", known->name, known->value ? " " : "",
                         known->value ? known->value : "");
    if (column + 1 >= INDENT) {
        fputc('\n', to);
        column = 0;
    }
    fprintf(to, "%*s", INDENT - column, "");
    print_wrapped(to, say(known->help), INDENT, INDENT);
}

void print_usage(FILE *to, const verb_table *verb) {
    for (size_t at = 0; verb->synopsis[at]; at++) {
        fprintf(to, "%s kerbside %s ", at ? "      " : say("usage:"), verb->name);
        print_wrapped(to, verb->synopsis[at], 17 + (int)strlen(verb->name), 16);
    }
}

void print_help(FILE *to, const verb_table *verb) {
    print_usage(to, verb);
    fputc('\n', to);
    print_paragraphs(to, say(verb->about));
    if (verb->n_options) fprintf(to, "\n%s\n", say("Options"));
    for (size_t at = 0; at < verb->n_options; at++)
        print_option(to, &verb->options[at]);
    fprintf(to, "\n%s\n", say("Examples"));
    for (size_t at = 0; at < verb->n_examples; at++)
        fprintf(to, "  # %s\n  %s\n", say(verb->examples[at].does), verb->examples[at].command);
}

void print_commands(FILE *to) {
    fprintf(to, "%s kerbside VERB ...\n\n", say("usage:"));
    for (size_t at = 0; at < n_verbs; at++)
        fprintf(to, "  %-10s %s\n", all_verbs[at]->name, say(all_verbs[at]->job));
    fprintf(
        to, "\n%s\n%s\n\n%s\n",
        say("kerbside VERB --help shows the options of a verb, with examples."),
        say("kerbside --completion bash|zsh and --manual [VERB] print what a package installs."),
        say("Exit codes"));
    for (int at = 0; at < N_EXIT_CODES; at++)
        fprintf(to, "  %3d  %s\n", exit_codes[at].code, say(exit_codes[at].meaning));
}

/* ---- manual pages (man macros) --------------------------------------------------------------- */

static void print_roff(const char *text) {
    for (int at_start = 1; *text; text++) {
        if (at_start && (*text == '.' || *text == '\'')) fputs("\\&", stdout);
        if (*text == '\\')
            fputs("\\e", stdout);
        else if (*text == '-')
            fputs("\\-", stdout);
        else
            putchar(*text);
        at_start = *text == '\n';
    }
}

/* A text as a sentence. */
static void print_roff_sentence(const char *text) {
    size_t length = strlen(text);
    print_roff(text);
    int has_end = length > 0 && (text[length - 1] == '?' || text[length - 1] == '.');
    has_end |= length > 2 && strcmp(text + length - strlen("？"), "？") == 0;
    puts(has_end ? "" : spoken() == KI_CHINESE ? "。" : ".");
}

static void print_heading(const char *words) {
    printf(".SH %s\n", words);
}

static void print_manual_exit(void) {
    print_heading(say("EXIT STATUS"));
    for (int at = 0; at < N_EXIT_CODES; at++) {
        printf(".TP\n.B %d\n", exit_codes[at].code);
        print_roff_sentence(say(exit_codes[at].meaning));
    }
}

static void print_title(const char *name, const char *job) {
    const char *sign = *name ? "\\-" : "";
    printf(".TH KERBSIDE%s%s 1 \"\" \"kerbside %s\" \"%s\"\n", sign, name, kerb_version(),
           say("User Commands"));
    print_heading(say("NAME"));
    printf("kerbside%s%s \\- ", sign, name);
    print_roff(say(job));
    putchar('\n');
}

static void print_verb_manual(const verb_table *verb) {
    print_title(verb->name, verb->job);
    print_heading(say("SYNOPSIS"));
    puts(".nf");
    for (size_t at = 0; verb->synopsis[at]; at++) {
        printf("\\fBkerbside %s\\fR ", verb->name);
        print_roff(verb->synopsis[at]);
        putchar('\n');
    }
    puts(".fi");
    print_heading(say("DESCRIPTION"));
    for (const char *text = say(verb->about); *text;) {
        char line[1024];
        size_t length = strcspn(text, "\n");
        snprintf(line, sizeof line, "%.*s", (int)length, text);
        print_roff(length ? line : "");
        puts(length ? "" : ".PP");
        text += length + (text[length] == '\n');
    }
    if (verb->n_options) print_heading(say("OPTIONS"));
    for (size_t at = 0; at < verb->n_options; at++) {
        const option *known = &verb->options[at];
        fputs(".TP\n\\fB", stdout);
        print_roff(known->name);
        fputs("\\fR ", stdout);
        print_roff(known->value ? known->value : "");
        putchar('\n');
        print_roff(say(known->help));
        putchar('\n');
    }
    print_heading(say("EXAMPLES"));
    for (size_t at = 0; at < verb->n_examples; at++) {
        puts(".TP");
        print_roff(verb->examples[at].command);
        putchar('\n');
        print_roff_sentence(say(verb->examples[at].does));
    }
    print_manual_exit();
    print_heading(say("SEE ALSO"));
    puts(".BR kerbside (1)");
}

void print_manual(const verb_table *verb) {
    if (verb) {
        print_verb_manual(verb);
        return;
    }
    print_title("", "plan a city's nightly sanitation");
    print_heading(say("SYNOPSIS"));
    puts("\\fBkerbside\\fR VERB ...");
    print_heading(say("DESCRIPTION"));
    puts(say("Plans which bins to empty tonight, by which truck, and which kerbs to sweep. Each "
             "verb has a page of its own."));
    print_heading(say("VERBS"));
    for (size_t at = 0; at < n_verbs; at++) {
        printf(".TP\n.BR kerbside\\-%s (1)\n", all_verbs[at]->name);
        print_roff(say(all_verbs[at]->job));
        putchar('\n');
    }
    print_manual_exit();
}

/* ---- completion ------------------------------------------------------------------------------ */

static int is_choice(const option *known) {
    return known->kind == OPTION_WORD || known->kind == OPTION_WORDS;
}

/* "a|b|c" with another sign between. */
static void print_words(const char *words, char sign) {
    for (; *words; words++)
        putchar(*words == '|' ? sign : *words);
}

static void print_bash_values(const verb_table *verb) {
    for (size_t at = 0; at < verb->n_options; at++) {
        const option *known = &verb->options[at];
        if (known->kind == OPTION_FLAG || known->kind == OPTION_FILE) continue;
        printf("    %s:%s) ", verb->name, known->name);
        if (is_choice(known)) {
            fputs("COMPREPLY=($(compgen -W \"", stdout);
            print_words(known->value, ' ');
            puts("\" -- \"$word\")) ;;");
        } else if (known->kind == OPTION_FOLDER) {
            puts("COMPREPLY=($(compgen -d -- \"$word\")) ;;");
        } else { /* nothing to propose, no file names either */
            puts("COMPREPLY=() ;;");
        }
    }
}

static void print_bash(void) {
    puts(
        "# bash completion of kerbside, made by kerbside --completion bash\n"
        "_kerbside() {\n  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n"
        "  local verb=${COMP_WORDS[1]} options=\n  compopt -o filenames 2>/dev/null\n"
        "  if [ \"$COMP_CWORD\" -le 1 ]; then");
    fputs("    COMPREPLY=($(compgen -W \"", stdout);
    for (size_t at = 0; at < n_verbs; at++)
        printf("%s ", all_verbs[at]->name);
    puts("--help --version\" -- \"$word\"))\n    return\n  fi\n  case \"$verb:$before\" in");
    for (size_t at = 0; at < n_verbs; at++)
        print_bash_values(all_verbs[at]);
    puts("    *)\n      case \"$verb\" in");
    for (size_t at = 0; at < n_verbs; at++) {
        printf("        %s) options=\"--help", all_verbs[at]->name);
        for (size_t k = 0; k < all_verbs[at]->n_options; k++)
            printf(" %s", all_verbs[at]->options[k].name);
        puts("\" ;;");
    }
    puts("      esac\n      case \"$word\" in\n"
         "        -*) COMPREPLY=($(compgen -W \"$options\" -- \"$word\")) ;;\n"
         "        *) COMPREPLY=($(compgen -f -- \"$word\")) ;;\n      esac ;;\n  esac\n}\n"
         "complete -F _kerbside kerbside");
}

/* Within '...' and [...] of an _arguments specification. */
static void print_zsh_text(const char *text) {
    for (; *text; text++) {
        if (*text == '\'')
            fputs("'\\''", stdout);
        else if (*text == '[' || *text == ']' || *text == ':' || *text == '\\')
            printf("\\%c", *text);
        else
            putchar(*text);
    }
}

static void print_zsh_option(const option *known) {
    printf("        '%s[", known->name);
    print_zsh_text(say(known->help));
    putchar(']');
    if (known->value) {
        putchar(':');
        print_zsh_text(is_choice(known) ? known->name + 2 : known->value);
        putchar(':');
    }
    if (is_choice(known)) {
        putchar('(');
        print_words(known->value, ' ');
        putchar(')');
    }
    if (known->kind == OPTION_FILE) fputs("_files", stdout);
    if (known->kind == OPTION_FOLDER) fputs("_files -/", stdout);
    puts("' \\");
}

static void print_zsh_in(const char *language) {
    speak(language);
    printf("_kerbside_%s() {\n  local -a verbs\n  verbs=(\n", language);
    for (size_t at = 0; at < n_verbs; at++) {
        printf("    '%s:", all_verbs[at]->name);
        print_zsh_text(say(all_verbs[at]->job));
        puts("'");
    }
    puts("  )\n  if (( CURRENT == 2 )); then\n    _describe verb verbs\n    return\n  fi\n"
         "  local verb=$words[2]\n  shift words\n  (( CURRENT-- ))\n  case $verb in");
    for (size_t at = 0; at < n_verbs; at++) {
        printf("    %s)\n      _arguments \\\n", all_verbs[at]->name);
        for (size_t k = 0; k < all_verbs[at]->n_options; k++)
            print_zsh_option(&all_verbs[at]->options[k]);
        fputs("        '--help[", stdout);
        print_zsh_text(say("show all options, with examples"));
        puts("]' '*:file:_files' ;;");
    }
    puts("  esac\n}");
}

/* What is proposed is explained in the language of the reader's locale, as manual pages are. */
static void print_zsh(void) {
    puts("#compdef kerbside\n# zsh completion of kerbside, made by kerbside --completion zsh");
    print_zsh_in("en");
    print_zsh_in("zh");
    puts("_kerbside() {\n  case ${LC_ALL:-${LC_MESSAGES:-$LANG}} in\n"
         "    zh*) _kerbside_zh \"$@\" ;;\n    *) _kerbside_en \"$@\" ;;\n  esac\n}\n"
         "if [ \"$funcstack[1]\" = _kerbside ]; then\n  _kerbside \"$@\"\nelse\n"
         "  compdef _kerbside kerbside\nfi");
}

int print_completion(const char *shell) {
    if (strcmp(shell, "bash") == 0)
        print_bash();
    else if (strcmp(shell, "zsh") == 0)
        print_zsh();
    else
        return EXIT_USAGE;
    return EXIT_DONE;
}
