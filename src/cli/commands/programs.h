/* Names of other StyleGAN programs as commands: gen_images.py is `stylegan generate`. */
#ifndef SG_CLI_COMMANDS_PROGRAMS_H
#define SG_CLI_COMMANDS_PROGRAMS_H

#include <stddef.h>

#include "cli/options/command.h"

/* What a name means here. */
typedef struct sg_program {
    const char *name;     /* in lower case with underscores, without ".py" */
    const char *word;     /* the first argument, in the same spelling; NULL: any or none */
    const char *command;  /* ours; NULL: none does the same */
    const char *sentence; /* what to type instead, after "NAME: "; NULL where there is a command */
    const char *option;   /* in the place of the word; NULL: none */
} sg_program;

/*
 * Returns the row for a program called `name`, in any spelling such as "style-mixing" or
 * "style_mixing.py", with the first argument `word` (NULL: none); NULL for an unknown name.
 */
const sg_program *sg_program_find(const char *name, const char *word);

/* Writes the names of programs to `names`, at most `most` of them; returns how many. */
size_t sg_program_list(const char **names, size_t most);

#endif
