/* The table of commands. */
#ifndef SG_CLI_COMMANDS_COMMANDS_H
#define SG_CLI_COMMANDS_COMMANDS_H

#include "cli/options/command.h"

/* All commands, in the order in which they are listed. */
extern const sg_command *const sg_commands[];
extern const size_t sg_command_count;

/* The command of that name, or NULL. */
const sg_command *sg_command_find(const char *name);

#endif
