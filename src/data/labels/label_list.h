/*
 * Labels as a file lists them, before they are given to pictures: names with classes, or with rows
 * of numbers. A list that holds classes is the one-hot case of the other.
 */
#ifndef SG_DATA_LABELS_LABEL_LIST_H
#define SG_DATA_LABELS_LABEL_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* The largest class number that is accepted, and the most numbers of a label. */
#define SG_LARGEST_LABEL 65535

/* One label. */
typedef struct sg_label_entry {
    char *name;   /* the picture's, as written; owned */
    char *word;   /* its class by name, until sg_label_list_finish; owned; NULL */
    size_t place; /* its line in a table, its position in JSON, from 1 */
    int label;    /* its class, or its row of `values` */
} sg_label_entry;

/* The list; start from a zeroed struct, clear it after use. */
typedef struct sg_label_list {
    const char *file; /* for sentences; borrowed */
    sg_label_entry *entries;
    size_t count, capacity;
    size_t width;  /* numbers in a row; 0: labels are classes */
    float *values; /* [count, width] */
    size_t value_capacity;
    char **names; /* of the classes or of a row's numbers; NULL without */
    size_t name_count, name_capacity;
    bool is_none;  /* the file says that there are no labels */
    char *refusal; /* why the file is no list of labels, a phrase such as "it has one column" */
    char *remark;  /* what was not read or was changed, a sentence; NULL without */
} sg_label_list;

/*
 * Reads dataset.json: {"labels": [["path", 3], ...]}, where a label is a whole number, a list of
 * numbers, a class's name, or null for none; {"labels": null} for none at all; "label_names" may
 * name classes or numbers. A file of another kind gets a refusal. Fails with SG_ERROR_FORMAT and a
 * sentence that quotes a label that is none of these, and with SG_ERROR_MEMORY.
 */
sg_status sg_label_list_read_json(sg_label_list *list, const unsigned char *bytes, size_t size,
                                  sg_error *error);

/*
 * Reads a table as spreadsheets, pandas and CelebA write it (RFC 4180 and its kin): fields between
 * tabs, semicolons, commas, bars or blanks, in UTF-8 or UTF-16, with or without a heading, by the
 * columns' names or their content; a column of classes (numbers or names), or several of numbers.
 * A file of another kind gets a refusal. `is_meant` says that the file's name promises labels.
 * Fails with SG_ERROR_FORMAT and a sentence that quotes the line, and with SG_ERROR_MEMORY.
 */
sg_status sg_label_list_read_table(sg_label_list *list, bool is_meant, const unsigned char *bytes,
                                   size_t size, sg_error *error);

/* Adds an entry with copies of its texts; `word` may be NULL. False on lack of memory. */
bool sg_label_list_add(sg_label_list *list, const char *name, const char *word, size_t place,
                       int label);

/* Adds the entry of a row of list->width numbers. False on lack of memory. */
bool sg_label_list_add_row(sg_label_list *list, const char *name, size_t place,
                           const float *values);

/* Adds a copy of the name of the next class or number. False on lack of memory. */
bool sg_label_list_add_name(sg_label_list *list, const char *name);

/* Gives entries with words their classes, the indices of the words in their natural order, which
 * become list->names. False on lack of memory. */
bool sg_label_list_finish(sg_label_list *list);

/* Sets the refusal, printf-formatted. Fails with SG_ERROR_MEMORY. */
sg_status sg_label_list_refuse(sg_label_list *list, sg_error *error, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Tells whether two labels of the list are equal. */
bool sg_label_list_same(const sg_label_list *list, int left, int right);

/* Writes a label to `text` of `size` bytes: "3", or "[0.2, 0.8]", cut where it is longer. */
void sg_label_list_print(const sg_label_list *list, int label, char *text, size_t size);

/* Frees the content and zeroes the struct. */
void sg_label_list_clear(sg_label_list *list);

#endif
