/*
 * The commands of the `stylegan` program. A command is a descriptor: what it says about itself, the
 * fields that it takes, and a function. Parsing, --help, the manual pages and the completions
 * follow from it (cli/options/).
 */
#ifndef SG_CLI_OPTIONS_COMMAND_H
#define SG_CLI_OPTIONS_COMMAND_H

#include <stddef.h>
#include <string.h>

#include "base/fields.h"
#include "cli/terminal/report.h"

/* Fields that a command takes, and where in its options struct they go. */
typedef struct sg_option_group {
    const sg_field_table *table;
    size_t offset;       /* of the struct that the table is about */
    size_t given_offset; /* of an sg_given that notes which were given; SG_GIVEN_NOWHERE: none */
    const char *const *only; /* the options that the command takes of them, a NULL after the last;
                                NULL: all */
} sg_option_group;

#define SG_GIVEN_NOWHERE SIZE_MAX

/* A group about a member of the options struct, and one about the struct itself; nobody asks which
 * of their options were given. */
#define SG_GROUP_AT(table_, type, member_)                                                         \
    {                                                                                              \
        &(table_), offsetof(type, member_), SG_GIVEN_NOWHERE, NULL                                 \
    }
#define SG_GROUP_OF_ALL(table_)                                                                    \
    {                                                                                              \
        &(table_), 0, SG_GIVEN_NOWHERE, NULL                                                       \
    }

typedef struct sg_command {
    const char *name;        /* "generate"; of a part "directions find" */
    const char *summary;     /* one line for `stylegan --help` */
    const char *synopsis;    /* what follows "stylegan generate " in the usage line */
    const char *description; /* paragraphs, wrapped by whoever prints them */
    const char *examples;    /* lines, each indented by two spaces */
    const sg_option_group *groups;
    size_t group_count;
    /* Options of the first group that take the place of those of the same name in the others, a
     * NULL after the last; NULL: none. */
    const char *const *replaces;
    size_t options_bytes; /* of the options struct */
    const void *defaults; /* such a struct; NULL: zeros */
    /* Does the work with the options as they were given; returns an exit status. */
    int (*run)(const struct sg_command *command, void *options);
    /*
     * Prints more of the help after the description, or NULL. The options are those given before
     * --help, so that help can tell what they leave without effect.
     */
    void (*describe)(const void *options);
    /*
     * Commands of its own that the first argument chooses among, each with a name of two words; the
     * command has neither options nor a function then.
     */
    const struct sg_command *const *parts;
    size_t part_count;
    /* The audience (sg_field.audience) of these options; NULL: every field has an effect. */
    unsigned (*audience)(const void *options);
} sg_command;

/* Returns the second word of a part's name: "find" of "directions find". */
static inline const char *sg_command_part_name(const sg_command *part)
{
    return strchr(part->name, ' ') + 1;
}

/* Sets the groups of a command and the size of its options, which are a struct of this type. */
#define SG_TAKES(groups_, type)                                                                    \
    .groups = (groups_), .group_count = sizeof(groups_) / sizeof((groups_)[0]),                    \
    .options_bytes = sizeof(type)

#endif
