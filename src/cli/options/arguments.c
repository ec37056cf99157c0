/*
 * Translates arguments one by one, before popt takes them apart. Three rules hold for every option:
 *
 *   - Names are compared in lower case, with underscores as hyphens.
 *   - A switch takes true, false, 1 or 0 after "=", or as the next argument unless there is a file
 *     of that name, as the official programs have it.
 *   - A value after "=" that begins with "~/" is in the home folder; shells expand that only where
 *     it stands alone.
 *
 * Tested by: tests/cli/test_official_lines.c
 */
#include "cli/options/arguments.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/files/file.h"
#include "base/text.h"
#include "cli/options/foreign_options.h"
#include "cli/options/help.h"
#include "cli/options/usage.h"

enum { NAME_BYTES = 64, MOST_IGNORED = 64 };

/* State of a translation. */
typedef struct translation {
    const sg_command *command;
    const char *const *argv;
    int argc, at; /* at: the argument in hand */
    sg_arguments *out;
    const sg_foreign_option *ignored[MOST_IGNORED];
    size_t ignored_count;
    const sg_foreign_option *pair; /* of which one number was given; NULL: of none */
    const char *pair_value;
} translation;

/* An option in hand. */
typedef struct option {
    char typed[NAME_BYTES]; /* "--freezeD" */
    char name[NAME_BYTES];  /* "freezed" */
    const char *value;      /* after "="; NULL: none */
} option;

bool sg_option_takes_value(const sg_field *field)
{
    return field->kind != SG_FIELD_FLAG || field->choices;
}

void sg_arguments_clear(sg_arguments *arguments)
{
    for (int i = 0; i < arguments->count; i++)
        free(arguments->texts[i]);
    free(arguments->texts);
    *arguments = (sg_arguments){0};
}

/* Appends an argument; `out->failed` notes that memory ran out. */
static void append(sg_arguments *out, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void append(sg_arguments *out, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *text = length < 0 ? NULL : sg_allocate((size_t)length + 1, 1);
    out->failed = out->failed || !text ||
                  !sg_grow(&out->texts, &out->capacity, (size_t)out->count + 1, sizeof *out->texts);
    if (out->failed) {
        free(text);
        return;
    }
    va_start(arguments, format);
    vsnprintf(text, (size_t)length + 1, format, arguments);
    va_end(arguments);
    out->texts[out->count++] = text;
    out->texts[out->count] = NULL;
}

/* ---- names ---- */

/* Takes an argument apart; false for one that is no long option. */
static bool read_option(const char *argument, option *read)
{
    const size_t dashes = strspn(argument, "-");
    const size_t length = strcspn(argument, "=");
    /* "-anchor" is an option of another program; "-0.5" and "-n" are none. */
    if (dashes < 1 || dashes > 2 || length - dashes < (dashes == 1 ? 2 : 1) ||
        length >= NAME_BYTES || (dashes == 1 && argument[1] >= '.' && argument[1] <= '9'))
        return false;
    snprintf(read->typed, sizeof read->typed, "%.*s", (int)length, argument);
    for (size_t i = dashes; i <= length; i++) {
        const char c = read->typed[i];
        read->name[i - dashes] = c == '_' ? '-' : c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    }
    read->value = argument[length] == '=' ? argument + length + 1 : NULL;
    return true;
}

static const sg_field *find_field(const sg_command *command, const char *name)
{
    sg_command_field found;
    for (size_t i = 0; (found = sg_command_field_at(command, i)).field; i++)
        if (strcmp(found.field->option, name) == 0)
            return found.field;
    return NULL;
}

/* ---- values ---- */

/* Returns 1 for true, 0 for false, and -1 for another text. */
static int switch_of(const char *text)
{
    static const char *const words[][4] = {{"0", "false", "False", "FALSE"},
                                           {"1", "true", "True", "TRUE"}};
    for (int truth = 0; truth < 2; truth++)
        for (size_t i = 0; i < sizeof words[0] / sizeof *words[0]; i++)
            if (strcmp(text, words[truth][i]) == 0)
                return truth;
    return -1;
}

/* Reads the value of a switch, 0 or 1; -1 after a sentence about another one. */
static int take_switch(translation *all, const option *given)
{
    const char *next = all->at + 1 < all->argc ? all->argv[all->at + 1] : NULL;
    if (given->value) {
        const int truth = switch_of(given->value);
        if (truth < 0)
            sg_usage_error(all->command,
                           "the option %s takes no value, or true or false, not \"%s\"",
                           given->typed, given->value);
        return truth;
    }
    if (!next || switch_of(next) < 0 || sg_path_exists(next))
        return 1;
    all->at++;
    return switch_of(next);
}

/* Returns the value of an option, which may be the next argument; NULL: there is none. */
static const char *value_of(const translation *all, const option *given)
{
    return given->value ? given->value : all->at + 1 < all->argc ? all->argv[all->at + 1] : NULL;
}

/* ---- options of this program ---- */

static int take_own(translation *all, const sg_field *field, const option *given)
{
    const char *home = getenv("HOME");
    if (!sg_option_takes_value(field)) {
        const int truth = take_switch(all, given);
        append(all->out, "--%s=%s", field->option, truth ? "true" : "false");
        return truth < 0 ? SG_EXIT_USAGE : SG_EXIT_DONE;
    }
    const char *value = value_of(all, given);
    if (!value)
        return sg_usage_error(all->command, "the option %s needs a value", given->typed);
    all->at += !given->value;
    if (given->value && strncmp(value, "~/", 2) == 0 && home && !sg_path_exists(value))
        append(all->out, "--%s=%s%s", field->option, home, value + 1);
    else
        append(all->out, "--%s=%s", field->option, value);
    return SG_EXIT_DONE;
}

/* ---- options of other programs ---- */

/* Keeps the first number of a pair, and joins it with the second. */
static void take_pair(translation *all, const sg_foreign_option *row, const char *value)
{
    const bool leads = sg_foreign_option_leads(row);
    if (all->pair != sg_foreign_option_partner(row)) {
        all->pair = row;
        all->pair_value = value;
        return;
    }
    append(all->out, "--%s=%sx%s", row->text, leads ? value : all->pair_value,
           leads ? all->pair_value : value);
    all->pair = NULL;
}

/* Puts an option of this program in the place of another's. */
static int take_same(translation *all, const sg_foreign_option *row, const option *given)
{
    const sg_field *field = find_field(all->command, row->text);
    if (field)
        return take_own(all, field, given);
    const int truth = row->takes == SG_TAKES_SWITCH ? take_switch(all, given) : 1;
    if (truth > 0)
        append(all->out, "--%s", row->text);
    all->at += row->takes == SG_TAKES_VALUE && !given->value;
    return truth < 0 ? SG_EXIT_USAGE : SG_EXIT_DONE;
}

static int take_foreign(translation *all, const sg_foreign_option *row, const option *given)
{
    const char *value = row->takes == SG_TAKES_VALUE ? value_of(all, given) : NULL;
    if (row->takes == SG_TAKES_VALUE && !value)
        return sg_usage_error(all->command, "the option %s needs a value", given->typed);
    if (row->kind == SG_FOREIGN_SAME)
        return take_same(all, row, given);
    const int truth = row->takes == SG_TAKES_SWITCH ? take_switch(all, given) : 1;
    all->at += value && !given->value;
    if (truth < 0)
        return SG_EXIT_USAGE;
    if (row->kind == SG_FOREIGN_REFUSED && truth)
        return sg_usage_error(all->command, "%s %s", given->typed, row->text);
    if (row->kind == SG_FOREIGN_IGNORED && all->ignored_count < MOST_IGNORED)
        all->ignored[all->ignored_count++] = row;
    if (row->kind == SG_FOREIGN_PAIR)
        take_pair(all, row, value);
    if (row->kind == SG_FOREIGN_COUNT && value)
        append(all->out, "--%s=0-%ld", row->text, strtol(value, NULL, 10) - 1);
    return SG_EXIT_DONE;
}

/* Says which options are ignored, those with one reason in one line. */
static void say_ignored(const translation *all)
{
    for (size_t i = 0; i < all->ignored_count; i++) {
        sg_text names = {0};
        size_t count = 0;
        bool said = false;
        for (size_t k = 0; k < all->ignored_count; k++) {
            if (strcmp(all->ignored[k]->text, all->ignored[i]->text) != 0)
                continue;
            said = said || k < i;
            sg_text_append(&names, "%s--%s", count++ ? ", " : "", all->ignored[k]->name);
        }
        if (!said && names.bytes)
            fprintf(stderr, "stylegan: %s: %s %s ignored: %s\n", all->command->name, names.bytes,
                    count == 1 ? "is" : "are", all->ignored[i]->text);
        sg_text_clear(&names);
    }
}

/* ---- all of it ---- */

static int take_argument(translation *all)
{
    option given;
    sg_command_field letter;
    const char *argument = all->argv[all->at];
    if (!read_option(argument, &given)) {
        for (size_t i = 0; (letter = sg_command_field_at(all->command, i)).field; i++)
            if (argument[0] == '-' && argument[1] && argument[1] == letter.field->letter &&
                !argument[2] && !sg_option_takes_value(letter.field))
                argument = letter.field->option;
        append(all->out, argument == all->argv[all->at] ? "%s" : "--%s=true", argument);
        return SG_EXIT_DONE;
    }
    const sg_foreign_option *row =
        sg_foreign_option_find(all->command->name, given.name, value_of(all, &given));
    const sg_field *field = find_field(all->command, given.name);
    if (row && (!field || row->when))
        return take_foreign(all, row, &given);
    if (field)
        return take_own(all, field, &given);
    append(all->out, "%s", argument);
    return SG_EXIT_DONE;
}

int sg_arguments_translate(const sg_command *command, int argc, const char *const *argv,
                           sg_arguments *arguments)
{
    translation all = {.command = command, .argv = argv, .argc = argc, .out = arguments};
    sg_error error = {0};
    int status = SG_EXIT_DONE;
    bool literal = false;
    append(arguments, "%s", command->name);
    for (all.at = 1; all.at < argc && !status; all.at++) {
        literal = literal || strcmp(argv[all.at], "--") == 0;
        if (literal)
            append(arguments, "%s", argv[all.at]);
        else
            status = take_argument(&all);
    }
    if (!status && all.pair)
        status = sg_usage_error(command, "the option --%s needs --%s beside it", all.pair->name,
                                sg_foreign_option_partner(all.pair)->name);
    if (!status && arguments->failed)
        status = sg_report_failure(command->name, (sg_fail_memory(&error, "the options"), &error));
    if (!status)
        say_ignored(&all);
    return status;
}
