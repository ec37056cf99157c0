/* What is said about bad usage of a command. */
#ifndef SG_CLI_OPTIONS_USAGE_H
#define SG_CLI_OPTIONS_USAGE_H

#include "cli/options/command.h"

/*
 * Prints "stylegan: COMMAND: sentence" and "Try ..." to standard error; returns SG_EXIT_USAGE.
 */
int sg_usage_error(const sg_command *command, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * Checks that the file of --output, which a command writes, is none of the `count` files that it
 * reads (NULL: not given): by any other name either. Fails with SG_ERROR_ARGUMENT.
 */
sg_status sg_check_output_apart(const char *output, const char *const *inputs, size_t count,
                                sg_error *error);

/* Checks the name of a network file to be written. Fails unless it ends in .safetensors, and for
 * one of the files that are read. */
sg_status sg_check_network_output(const char *output, const char *const *inputs, size_t count,
                                  sg_error *error);

#endif
