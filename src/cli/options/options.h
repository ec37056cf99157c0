/* From the arguments of a command to its options struct, by the rows of its tables. */
#ifndef SG_CLI_OPTIONS_OPTIONS_H
#define SG_CLI_OPTIONS_OPTIONS_H

#include "base/watch.h"
#include "cli/options/command.h"
#include "cli/options/usage.h"

/*
 * Parses argv (argv[0] is the command's name) and runs the command with its options. --help prints
 * the help to standard output. A mistake (unknown option, missing or superfluous value, a value out
 * of range, a required option that is missing, one argument too many) is said in a sentence on
 * standard error. Returns the exit status.
 */
int sg_command_run(const sg_command *command, int argc, const char **argv);

/* A part of a command: its notes to `watch` are printed as warnings. */
typedef sg_status (*sg_command_part)(void *state, const sg_watch *watch, sg_error *error);

/*
 * Calls `prepare`, which checks options and opens files, then `work`, whose bar reads "LABEL ...
 * UNIT". Says what failed as sg_command_failure does: SG_ERROR_ARGUMENT of either is bad usage.
 * Returns the exit status.
 */
int sg_command_work(const sg_command *command, const char *label, const char *unit,
                    sg_command_part prepare, sg_command_part work, void *state);

/*
 * Says what failed: options that the library refuses (SG_ERROR_ARGUMENT) in the command line's
 * spelling, with SG_EXIT_USAGE; work that a signal ended with sg_interrupted_status; everything
 * else with SG_EXIT_FAILED.
 */
int sg_command_failure(const sg_command *command, sg_error *error);

#endif
