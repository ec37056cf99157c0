/* Manual pages and completions of the commands, from their descriptors. */
#ifndef SG_CLI_OPTIONS_MANUAL_H
#define SG_CLI_OPTIONS_MANUAL_H

#include <stdio.h>

#include "cli/options/command.h"

/* Prints the manual page of a command for section 1, in the macros of man-pages(7). */
void sg_manual_print(const sg_command *command, FILE *stream);

/* Prints the list of commands as a section of the program's own page (man/stylegan.1.in). */
void sg_manual_print_commands(const sg_command *const *commands, size_t count, FILE *stream);

/* Prints the completions of all commands for "bash", "zsh" or "fish"; false for another shell. */
bool sg_completions_print(const char *shell, const sg_command *const *commands, size_t count,
                          FILE *stream);

#endif
