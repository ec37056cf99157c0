/* Sets of names, each of which stands for its index: enums as options and files spell them. */
#ifndef SG_BASE_CHOICES_H
#define SG_BASE_CHOICES_H

#include <stddef.h>

/* Names in a table: those of an array of texts, or the first members of an array of structs. */
typedef struct sg_choices {
    const void *first; /* points to the first `const char *` */
    size_t stride;     /* bytes from one name's pointer to the next */
    size_t count;
} sg_choices;

/* The choices in an array of texts, or of structs whose first member is `const char *name`. */
#define SG_CHOICES(table)                                                                          \
    {                                                                                              \
        (table), sizeof(table)[0], sizeof(table) / sizeof(table)[0]                                \
    }

/* Returns the name at `index`; borrowed. "?" for an index outside the table. */
const char *sg_choice_name(const sg_choices *choices, size_t index);

/* Returns the index of `name`, or -1. */
int sg_choice_find(const sg_choices *choices, const char *name);

/* Writes "a, b or c" to `text` of `size` bytes, cut to what fits; returns `text`. */
const char *sg_choice_list(const sg_choices *choices, char *text, size_t size);

/* The same with each name in double quotes, as JSON has it. */
const char *sg_choice_list_quoted(const sg_choices *choices, char *text, size_t size);

#endif
