/* Command-line options through popt; see legacy_options.h. */
#include "cli/options/legacy_options.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/nearest_name.h"
#include "cli/options/command.h"
#include "cli/terminal/report.h"

enum {
    HELP_WANTED = 0x10000, /* what popt returns for --help */
    NAME_BYTES = 64,
    LONGEST_TABLE = 128 /* options of one command that can be suggested or kept */
};

/* What popt stored for the command, so that a leak checker finds it until the program ends. */
static void *kept_values[LONGEST_TABLE];

static void print_mistake(const sg_usage *usage, const char *format, va_list arguments)
{
    fprintf(stderr, "stylegan: %s: ", usage->command);
    vfprintf(stderr, format, arguments);
    fprintf(stderr, "\nTry \"stylegan %s --help\".\n", usage->command);
}

int sg_old_usage_error(const sg_usage *usage, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    print_mistake(usage, format, arguments);
    va_end(arguments);
    return SG_EXIT_USAGE;
}

static bool ends_table(const struct poptOption *option)
{
    return !option->longName && !option->shortName && !option->arg;
}

/* "; did you mean --seeds?" into `text`, or nothing when no option is near. */
static void suggest_option(const struct poptOption *table, const char *typed, char *text,
                           size_t size)
{
    const char *names[LONGEST_TABLE];
    size_t count = 0;
    for (; !ends_table(table) && count < LONGEST_TABLE; table++)
        if (table->longName)
            names[count++] = table->longName;
    const char *nearest = sg_nearest_name(typed + strspn(typed, "-"), names, count);
    text[0] = '\0';
    if (nearest)
        snprintf(text, size, "; did you mean --%s?", nearest);
}

/* A value that popt refused, and its option. */
typedef struct refused_value {
    char option[NAME_BYTES];
    const char *value;
} refused_value;

/* Takes "--option=value" apart, or finds the option in the argument before the value. */
static refused_value find_refused_value(int argc, const char **argv, const char *found)
{
    refused_value refused = {.value = found};
    const char *option = found;
    if (strncmp(found, "--", 2) == 0 && strchr(found, '='))
        refused.value = strchr(found, '=') + 1;
    else
        for (int i = 2; i < argc; i++)
            if (argv[i] == found)
                option = argv[i - 1];
    snprintf(refused.option, NAME_BYTES, "%.*s", (int)strcspn(option, "="), option);
    return refused;
}

/* Says in a sentence what popt found wrong; the table includes the one with the options. */
static sg_parsed refuse(const sg_usage *usage, const struct poptOption *table, poptContext context,
                        int code, int argc, const char **argv)
{
    char name[NAME_BYTES];
    char suggestion[NAME_BYTES + 32];
    const char *found = poptBadOption(context, POPT_BADOPTION_NOALIAS);
    if (!found)
        found = "";
    const refused_value refused = find_refused_value(argc, argv, found);
    snprintf(name, sizeof name, "%.*s", (int)strcspn(found, "="), found);
    switch (code) {
    case POPT_ERROR_BADOPT:
        suggest_option(table->arg, name, suggestion, sizeof suggestion);
        sg_old_usage_error(usage, "there is no option %s%s", name, suggestion);
        break;
    case POPT_ERROR_NOARG:
        sg_old_usage_error(usage, "the option %s needs a value", name);
        break;
    case POPT_ERROR_UNWANTEDARG:
        sg_old_usage_error(usage, "the option %s takes no value", name);
        break;
    case POPT_ERROR_BADNUMBER:
        sg_old_usage_error(usage, "the option %s takes a number, not \"%s\"", refused.option,
                           refused.value);
        break;
    case POPT_ERROR_OVERFLOW:
        sg_old_usage_error(usage, "the number \"%s\" is too large for the option %s", refused.value,
                           refused.option);
        break;
    default:
        sg_old_usage_error(usage, "the option %s was not understood: %s", name, poptStrerror(code));
    }
    return SG_PARSED_BAD;
}

static sg_parsed print_help(const sg_usage *usage, poptContext context)
{
    printf("%s\n\n", usage->description);
    poptSetOtherOptionHelp(context, usage->synopsis);
    poptPrintHelp(context, stdout, 0);
    printf("\nExamples:\n%s%s", usage->examples,
           usage->examples[0] && usage->examples[strlen(usage->examples) - 1] == '\n' ? "" : "\n");
    return SG_PARSED_HELP;
}

/* The same text in argv, which outlives popt's context. */
static const char *find_argument(int argc, const char **argv, const char *text)
{
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], text) == 0)
            return argv[i];
    return NULL;
}

static sg_parsed take_positional(const sg_usage *usage, poptContext context, int argc,
                                 const char **argv, const char **positional, int limit)
{
    for (int i = 0; i < limit; i++)
        positional[i] = NULL;
    for (int i = 0; poptPeekArg(context); i++) {
        const char *argument = find_argument(argc, argv, poptGetArg(context));
        if (i >= limit) {
            sg_old_usage_error(usage, "the argument \"%s\" is one too many", argument);
            return SG_PARSED_BAD;
        }
        positional[i] = argument;
    }
    return SG_PARSED_GO;
}

static bool has_kind(const struct poptOption *option, unsigned kind)
{
    return option->arg && (option->argInfo & POPT_ARG_MASK) == kind;
}

static void keep_lists(const struct poptOption *table)
{
    for (size_t i = 0; !ends_table(&table[i]) && i < LONGEST_TABLE; i++)
        if (has_kind(&table[i], POPT_ARG_ARGV))
            kept_values[i] = *(char ***)table[i].arg;
}

/* An option that is given twice counts as given last; popt does not free the first text. */
static void keep_text(const struct poptOption *table, int place)
{
    char *text = *(char **)table[place].arg;
    if (kept_values[place] != text)
        free(kept_values[place]);
    kept_values[place] = text;
}

/* Runs popt over the arguments; `table` has one table, the command's. */
static sg_parsed parse(const sg_usage *usage, const struct poptOption *table, poptContext context,
                       int argc, const char **argv)
{
    int code = poptGetNextOpt(context);
    for (; code >= 0 && code != HELP_WANTED; code = poptGetNextOpt(context))
        keep_text(table->arg, code - 1);
    if (code == HELP_WANTED)
        return print_help(usage, context);
    return code < -1 ? refuse(usage, table, context, code, argc, argv) : SG_PARSED_GO;
}

/* The command's options and --help under one heading, on the heap. Those with a text are reported
 * by popt, as their place counted from 1. */
static struct poptOption *add_help(const struct poptOption *table)
{
    const struct poptOption help = {"help",           'h', POPT_ARG_NONE, NULL, HELP_WANTED,
                                    "show this help", NULL};
    size_t count = 0;
    while (!ends_table(&table[count]))
        count++;
    struct poptOption *whole = sg_allocate(count + 2, sizeof *whole);
    if (whole) {
        memcpy(whole, table, count * sizeof *whole);
        for (size_t i = 0; i < count && i < LONGEST_TABLE; i++)
            if (has_kind(&whole[i], POPT_ARG_STRING))
                whole[i].val = (int)i + 1;
        whole[count] = help;
    }
    return whole;
}

static sg_parsed parse_all(const sg_usage *usage, const struct poptOption *table, int argc,
                           const char **argv, const char **positional, int positional_limit)
{
    poptContext context = poptGetContext(NULL, argc, argv, table, 0);
    sg_parsed parsed = SG_PARSED_BAD;
    if (context)
        parsed = parse(usage, table, context, argc, argv);
    else
        sg_old_usage_error(usage, "out of memory for the options");
    if (parsed == SG_PARSED_GO)
        parsed = take_positional(usage, context, argc, argv, positional, positional_limit);
    poptFreeContext(context);
    return parsed;
}

sg_parsed sg_options_parse(const sg_usage *usage, const struct poptOption *table, int argc,
                           const char **argv, const char **positional, int positional_limit)
{
    char program[NAME_BYTES];
    sg_parsed parsed = SG_PARSED_BAD;
    struct poptOption *whole = add_help(table);
    const char **arguments = sg_allocate((size_t)argc + 1, sizeof *arguments);
    if (whole && arguments) {
        const struct poptOption headed[] = {
            {NULL, 0, POPT_ARG_INCLUDE_TABLE, whole, 0, "Options:", NULL}, POPT_TABLEEND};
        snprintf(program, sizeof program, "stylegan %s", usage->command);
        memcpy(arguments, argv, (size_t)argc * sizeof *arguments);
        arguments[0] = program;
        parsed = parse_all(usage, headed, argc, arguments, positional, positional_limit);
        keep_lists(table);
    } else {
        sg_old_usage_error(usage, "out of memory for the options");
    }
    free(arguments);
    free(whole);
    return parsed;
}

int sg_run_steps(sg_parsed parsed, const sg_command_step *steps, size_t count, void *job)
{
    if (parsed != SG_PARSED_GO)
        return parsed == SG_PARSED_HELP ? SG_EXIT_DONE : SG_EXIT_USAGE;
    int status = SG_EXIT_DONE;
    for (size_t i = 0; i < count && !status; i++)
        status = steps[i](job);
    return status;
}
