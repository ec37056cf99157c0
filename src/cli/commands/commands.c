/* The table of commands; a new one is a row here and a file cmd_NAME.c.
 * Tested by: tests/cli/test_cli.c */
#include "cli/commands/commands.h"

#include <string.h>

/* Each is sg_NAME_command of its file, in the order of `stylegan --help`. */
#define EACH_COMMAND(ROW)                                                                          \
    ROW(train)                                                                                     \
    ROW(sweep)                                                                                     \
    ROW(generate)                                                                                  \
    ROW(mix)                                                                                       \
    ROW(truncate)                                                                                  \
    ROW(variation)                                                                                 \
    ROW(layers)                                                                                    \
    ROW(spectra)                                                                                   \
    ROW(directions)                                                                                \
    ROW(interpolate)                                                                               \
    ROW(project)                                                                                   \
    ROW(edit)                                                                                      \
    ROW(style)                                                                                     \
    ROW(dataset)                                                                                   \
    ROW(convert)                                                                                   \
    ROW(average)                                                                                   \
    ROW(blend)                                                                                     \
    ROW(metrics)                                                                                   \
    ROW(score)                                                                                     \
    ROW(compare)                                                                                   \
    ROW(progress)                                                                                  \
    ROW(info)                                                                                      \
    ROW(bench)

#define DECLARE(name) extern const sg_command sg_##name##_command;
EACH_COMMAND(DECLARE)

#define ADDRESS(name) &sg_##name##_command,
const sg_command *const sg_commands[] = {EACH_COMMAND(ADDRESS)};
const size_t sg_command_count = sizeof sg_commands / sizeof *sg_commands;

const sg_command *sg_command_find(const char *name)
{
    for (size_t i = 0; i < sg_command_count; i++)
        if (strcmp(sg_commands[i]->name, name) == 0)
            return sg_commands[i];
    return NULL;
}
