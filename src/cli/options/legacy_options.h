/*
 * Command-line options: a thin layer over popt that gives every command the same help layout,
 * the same sentences for mistakes, and exit status 2 for them.
 */
#ifndef SG_CLI_OPTIONS_LEGACY_OPTIONS_H
#define SG_CLI_OPTIONS_LEGACY_OPTIONS_H

#include <popt.h>
#include <stdbool.h>
#include <stddef.h>

/* What a command says about itself. */
typedef struct sg_usage {
    const char *command;     /* "generate" */
    const char *synopsis;    /* what follows "stylegan generate " in the usage line */
    const char *description; /* a paragraph */
    const char *examples;    /* lines, each indented by two spaces */
} sg_usage;

/* What to do after parsing. */
typedef enum sg_parsed { SG_PARSED_GO, SG_PARSED_HELP, SG_PARSED_BAD } sg_parsed;

/*
 * Parses argv against a popt table (numbers and strings land where its `arg` points;
 * POPT_ARG_DOUBLE and POPT_ARG_INT values are checked by popt). Up to `positional_limit` positional
 * arguments go to positional[], absent ones NULL. `--help` prints the help to standard output. A
 * mistake (unknown option, missing value, not a number, one argument too many) prints a sentence to
 * standard error. Strings stored by popt live until the program ends.
 */
sg_parsed sg_options_parse(const sg_usage *usage, const struct poptOption *table, int argc,
                           const char **argv, const char **positional, int positional_limit);

/* A step of a command at work on its job; returns an exit status. */
typedef int (*sg_command_step)(void *job);

/*
 * Goes on after parsing: takes the steps in their order until one returns another status than
 * SG_EXIT_DONE, and returns that, or SG_EXIT_DONE after the last. There is no step after --help.
 */
int sg_run_steps(sg_parsed parsed, const sg_command_step *steps, size_t count, void *job);

/* Prints "stylegan: COMMAND: sentence" and "Try ..." to standard error; returns SG_EXIT_USAGE. */
int sg_old_usage_error(const sg_usage *usage, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
