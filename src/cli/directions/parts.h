/* What the parts of `stylegan directions` share. */
#ifndef SG_CLI_DIRECTIONS_PARTS_H
#define SG_CLI_DIRECTIONS_PARTS_H

#include "cli/options/command.h"
#include "edit/directions/attributes.h"

/* The parts. */
extern const sg_command sg_directions_find_command;
extern const sg_command sg_directions_show_command;
extern const sg_command sg_directions_orthogonalise_command;
extern const sg_command sg_directions_angles_command;
extern const sg_command sg_directions_analyse_command;

/* Names with commas between them, taken apart; zero it before use, clear it after. */
typedef struct sg_name_list {
    char *text;         /* owned, cut into names */
    const char **names; /* [count], owned */
    size_t count;
} sg_name_list;

/* Reads "smile, glasses" (NULL: none). Fails with SG_ERROR_ARGUMENT for an empty name. */
sg_status sg_name_list_read(const char *text, const char *option, sg_name_list *list,
                            sg_error *error);
void sg_name_list_clear(sg_name_list *list);

/* Finds all attributes of the list: *wanted [count], which the caller frees. */
sg_status sg_name_list_find(const sg_name_list *list, sg_attributes *attributes, size_t **wanted,
                            sg_error *error);

#endif
