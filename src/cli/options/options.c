/*
 * Parsing by tables. popt takes the arguments apart; every value then goes through its row
 * (base/fields.h), which knows kind, range and the sentence for what is wrong.
 * Tested by: tests/cli/test_cli.c
 */
#include "cli/options/options.h"

#include <popt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/nearest_name.h"
#include "cli/options/arguments.h"
#include "cli/options/help.h"
#include "cli/terminal/progress.h"
#include "cli/terminal/report.h"

enum { HELP_WANTED = 0x10000 };

/* One run of the parser. */
typedef struct parsing {
    const sg_command *command;
    void *options;
    struct poptOption *rows; /* for popt: the command's fields in order, then --help */
    bool *used;              /* which of them were given */
    size_t count;
    poptContext context;
    char **kept; /* values, which the options point into; no more than there are arguments */
    size_t kept_count;
    bool help;
} parsing;

static void warn(const void *owner, const char *sentence)
{
    const sg_command *command = owner;
    sg_error note = {0};
    snprintf(note.message, sizeof note.message, "%s", sentence);
    sg_command_respell(command, note.message, sizeof note.message);
    sg_report_warning(command->name, "%s", note.message);
}

int sg_command_work(const sg_command *command, const char *label, const char *unit,
                    sg_command_part prepare, sg_command_part work, void *state)
{
    sg_terminal_watch watch;
    sg_error error = {0};
    sg_terminal_watch_start(&watch, label, unit, warn, command);
    sg_status status = prepare(state, &watch.watch, &error);
    if (!status)
        status = work(state, &watch.watch, &error);
    sg_terminal_watch_finish(&watch);
    return status ? sg_command_failure(command, &error) : SG_EXIT_DONE;
}

int sg_command_failure(const sg_command *command, sg_error *error)
{
    if (error->status == SG_ERROR_CANCELLED && sg_interrupted()) {
        (void)sg_report_failure(command->name, error);
        return sg_interrupted_status();
    }
    if (error->status == SG_ERROR_ARGUMENT || error->status == SG_ERROR_MEMORY)
        sg_command_respell(command, error->message, sizeof error->message);
    if (error->status != SG_ERROR_ARGUMENT)
        return sg_report_failure(command->name, error);
    return sg_usage_error(command, "%s", error->message);
}

/* ---- the table for popt ---- */

static bool make_rows(parsing *p)
{
    while (sg_command_field_at(p->command, p->count).field)
        p->count++;
    p->used = sg_allocate(p->count, sizeof *p->used);
    p->rows = sg_allocate(p->count + 2, sizeof *p->rows);
    if (!p->used || !p->rows)
        return false;
    for (size_t i = 0; i < p->count; i++) {
        const sg_field *field = sg_command_field_at(p->command, i).field;
        p->rows[i] = (struct poptOption){
            .longName = field->option,
            .shortName = field->letter,
            .argInfo = POPT_ARG_STRING, /* a switch has its value from sg_arguments_translate */
            .val = (int)i + 1,
        };
    }
    p->rows[p->count] = (struct poptOption){
        .longName = "help", .shortName = 'h', .argInfo = POPT_ARG_NONE, .val = HELP_WANTED};
    return true;
}

/* ---- values ---- */

/* The struct that a row's table is about. */
static void *target_of(const parsing *p, const sg_option_group *group)
{
    return (char *)p->options + group->offset;
}

static void note_given(const parsing *p, const sg_command_field *found)
{
    if (found->group->given_offset != SG_GIVEN_NOWHERE)
        sg_given_set((sg_given *)(void *)((char *)p->options + found->group->given_offset),
                     found->index);
}

/* Frees what the options own. */
static void clear_values(const parsing *p)
{
    for (size_t i = 0; p->rows && i < p->count; i++) {
        const sg_command_field found = sg_command_field_at(p->command, i);
        const sg_field_codec *codec = found.field->codec;
        if (codec && codec->clear)
            codec->clear((char *)target_of(p, found.group) + found.field->offset);
    }
}

/* Takes one value for the field at `index`; returns an exit status. */
static int take_value(parsing *p, size_t index, const char *value)
{
    sg_error error = {0};
    const sg_command_field found = sg_command_field_at(p->command, index);
    p->used[index] = true;
    note_given(p, &found);
    if (!sg_option_takes_value(found.field)) {
        const bool inverted = found.field->flags & SG_FIELD_INVERTED;
        bool *flag = (bool *)target_of(p, found.group) + found.field->offset;
        *flag = (strcmp(value, "true") == 0) != inverted;
        return SG_EXIT_DONE;
    }
    if (found.field->kind == SG_FIELD_TEXT && found.field->flags & SG_FIELD_REQUIRED && !value[0])
        return sg_usage_error(p->command, "--%s must not be empty", found.field->option);
    const sg_status status =
        sg_field_parse(found.field, value, target_of(p, found.group), SG_SPELL_OPTION, &error);
    if (status == SG_ERROR_MEMORY)
        return sg_report_failure(p->command->name, &error);
    return status ? sg_usage_error(p->command, "%s", error.message) : SG_EXIT_DONE;
}

/* Returns the next row for an argument without an option: one not given yet, or one that repeats.
 */
static int find_positional(const parsing *p)
{
    for (size_t i = 0; i < p->count; i++) {
        const unsigned flags = sg_command_field_at(p->command, i).field->flags;
        if (flags & SG_FIELD_POSITIONAL && (!p->used[i] || flags & SG_FIELD_REPEATED))
            return (int)i;
    }
    return -1;
}

static int take_positional(parsing *p)
{
    int status = SG_EXIT_DONE;
    while (!status && poptPeekArg(p->context)) {
        const char *argument = poptGetArg(p->context);
        const int index = find_positional(p);
        if (index < 0)
            return sg_usage_error(p->command, "the argument \"%s\" is one too many", argument);
        status = take_value(p, (size_t)index, argument);
    }
    return status;
}

static int check_required(const parsing *p)
{
    for (size_t i = 0; i < p->count; i++) {
        const sg_field *field = sg_command_field_at(p->command, i).field;
        if (field->flags & SG_FIELD_REQUIRED && !p->used[i])
            return sg_usage_error(p->command, "the option --%s is missing: %s", field->option,
                                  field->help);
    }
    return SG_EXIT_DONE;
}

/* ---- popt's mistakes ---- */

/* "; did you mean --seeds?" into `text`, or nothing when no option is near. */
static void suggest(const parsing *p, const char *typed, char *text, size_t size)
{
    const char *names[SG_MOST_FIELDS];
    size_t count = 0;
    for (; count < p->count && count < SG_MOST_FIELDS; count++)
        names[count] = p->rows[count].longName;
    const char *nearest = sg_nearest_name(typed + strspn(typed, "-"), names, count);
    snprintf(text, size, nearest ? "; did you mean --%s?" : "%s", nearest ? nearest : "");
}

static int refuse(const parsing *p, int code)
{
    char suggestion[128];
    const char *found = poptBadOption(p->context, POPT_BADOPTION_NOALIAS);
    const int length = found ? (int)strcspn(found, "=") : 0;
    char name[64];
    snprintf(name, sizeof name, "%.*s", length, found ? found : "");
    switch (code) {
    case POPT_ERROR_BADOPT:
        suggest(p, name, suggestion, sizeof suggestion);
        return sg_usage_error(p->command, "there is no option %s%s", name, suggestion);
    case POPT_ERROR_UNWANTEDARG: /* of --help alone */
        return sg_usage_error(p->command, "the option %s takes no value", name);
    default:
        return sg_usage_error(p->command, "the option %s was not understood: %s", name,
                              poptStrerror(code));
    }
}

/* ---- all of it ---- */

static int parse(parsing *p)
{
    int status = SG_EXIT_DONE;
    int code;
    while (!status && (code = poptGetNextOpt(p->context)) > 0) {
        p->help = p->help || code == HELP_WANTED;
        if (code == HELP_WANTED)
            continue;
        char *value = poptGetOptArg(p->context);
        p->kept[p->kept_count++] = value;
        const sg_field *field = sg_command_field_at(p->command, (size_t)code - 1).field;
        if (!value && sg_option_takes_value(field)) {
            sg_error error = {0};
            sg_fail_memory(&error, "the value of --%s", field->option);
            return sg_report_failure(p->command->name, &error);
        }
        status = take_value(p, (size_t)code - 1, value ? value : "");
    }
    if (!status && code < -1)
        status = refuse(p, code);
    if (!status)
        status = take_positional(p);
    return status || p->help ? status : check_required(p);
}

/* Parses into p->options and runs the command. */
static int run(parsing *p)
{
    const int status = parse(p);
    if (status)
        return status;
    if (!p->help)
        return p->command->run(p->command, p->options);
    sg_help_print(p->command, p->options, stdout);
    return SG_EXIT_DONE;
}

/* Parses translated arguments and runs the command. */
static int run_translated(const sg_command *command, const sg_arguments *arguments)
{
    sg_error error = {0};
    parsing p = {.command = command,
                 .options = sg_allocate(1, command->options_bytes),
                 .kept = sg_allocate((size_t)arguments->count, sizeof *p.kept)};
    if (p.options && command->defaults)
        memcpy(p.options, command->defaults, command->options_bytes);
    if (p.options && p.kept && make_rows(&p))
        p.context =
            poptGetContext(NULL, arguments->count, (const char **)arguments->texts, p.rows, 0);
    if (!p.context)
        (void)sg_fail_memory(&error, "the options");
    const int status = p.context ? run(&p) : sg_report_failure(command->name, &error);
    clear_values(&p);
    for (size_t i = 0; i < p.kept_count; i++)
        free(p.kept[i]);
    free(p.kept);
    poptFreeContext(p.context);
    free(p.rows);
    free(p.used);
    free(p.options);
    return status;
}

/* Runs the part that the first argument names. */
static int run_part(const sg_command *command, int argc, const char **argv)
{
    enum { MOST_PARTS = 16 };
    const char *names[MOST_PARTS];
    const char *word = argc > 1 ? argv[1] : "";
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
        sg_help_print(command, NULL, stdout);
        return SG_EXIT_DONE;
    }
    for (size_t i = 0; i < command->part_count && i < MOST_PARTS; i++) {
        names[i] = sg_command_part_name(command->parts[i]);
        if (strcmp(names[i], word) == 0)
            return sg_command_run(command->parts[i], argc - 1, argv + 1);
    }
    const char *nearest = sg_nearest_name(word, names, command->part_count);
    if (argc < 2)
        return sg_usage_error(command, "what to do is missing: %s", command->synopsis);
    return sg_usage_error(command, "there is no \"%s %s\"%s%s%s", command->name, word,
                          nearest ? "; did you mean \"" : "", nearest ? nearest : "",
                          nearest ? "\"?" : "");
}

int sg_command_run(const sg_command *command, int argc, const char **argv)
{
    if (command->part_count > 0)
        return run_part(command, argc, argv);
    sg_arguments arguments = {0};
    int status = sg_arguments_translate(command, argc, argv, &arguments);
    if (!status)
        status = run_translated(command, &arguments);
    sg_arguments_clear(&arguments);
    return status;
}
