/*
 * The arguments of a command in this program's spelling: values of switches (--mirror=1), hyphens
 * and letter cases of names (--projected_w, --freezeD), and options of other programs
 * (cli/options/foreign_options.h).
 */
#ifndef SG_CLI_OPTIONS_ARGUMENTS_H
#define SG_CLI_OPTIONS_ARGUMENTS_H

#include "cli/options/command.h"

/* Arguments that own their texts. */
typedef struct sg_arguments {
    char **texts; /* texts[0] is the command's name; NULL after the last */
    int count;
    size_t capacity;
    bool failed; /* memory ran out */
} sg_arguments;

/*
 * Translates argv (argv[0] is the command's name): an option of the command becomes "--name=VALUE",
 * a switch "--name=true" or "--name=false"; what is not known stays as it is. People are told of
 * options that are ignored. A mistake is said in a sentence; returns the exit status. The caller
 * clears *arguments in any case.
 */
int sg_arguments_translate(const sg_command *command, int argc, const char *const *argv,
                           sg_arguments *arguments);

void sg_arguments_clear(sg_arguments *arguments);

/* Tells whether a field's option is given with a value. */
bool sg_option_takes_value(const sg_field *field);

#endif
