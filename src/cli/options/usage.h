/* What is said about bad usage of a command. */
#ifndef SG_CLI_OPTIONS_USAGE_H
#define SG_CLI_OPTIONS_USAGE_H

#include "cli/options/command.h"

/*
 * Prints "stylegan: COMMAND: sentence" and "Try ..." to standard error; returns SG_EXIT_USAGE.
 */
int sg_usage_error(const sg_command *command, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Checks the name of a network file to be written. Fails unless it ends in .safetensors. */
sg_status sg_check_network_output(const char *output, sg_error *error);

#endif
