/* What a command says about itself with --help, from its descriptor. */
#ifndef SG_CLI_OPTIONS_HELP_H
#define SG_CLI_OPTIONS_HELP_H

#include <stdio.h>

#include "cli/options/command.h"

/* A row of a command's tables. */
typedef struct sg_command_field {
    const sg_field *field;
    const sg_option_group *group;
    size_t index;        /* in the group's table */
    const char *heading; /* "Data" */
} sg_command_field;

/* Returns the `index`-th row of a command that is an option; a `field` of NULL after the last. */
sg_command_field sg_command_field_at(const sg_command *command, size_t index);

/* The same in the order of help: all options of a heading together, whose rows need not be
 * neighbours in the tables. */
sg_command_field sg_command_field_by_heading(const sg_command *command, size_t index);

/* Puts the options' spelling into a text of the library (sg_fields_respell), of `size` bytes. */
void sg_command_respell(const sg_command *command, char *text, size_t size);

enum { SG_HELP_BYTES = 1024 };

/*
 * Writes what the help says of a field, with its default in parentheses, to `text` of
 * SG_HELP_BYTES; returns `text`.
 */
const char *sg_command_field_help(const sg_command *command, const sg_field *field, char *text);

/*
 * Prints usage, description, options under their headings and examples, in lines of at most 80
 * columns. `options` are those given so far, which may leave others without effect; these are
 * marked.
 */
void sg_help_print(const sg_command *command, const void *options, FILE *stream);

#endif
