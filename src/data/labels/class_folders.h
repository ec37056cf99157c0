/* Classes from the folders that pictures lie in. */
#ifndef SG_DATA_LABELS_CLASS_FOLDERS_H
#define SG_DATA_LABELS_CLASS_FOLDERS_H

#include <stddef.h>

#include "base/error.h"

/* The classes; start from a zeroed struct, clear it after use. */
typedef struct sg_class_folders {
    char **names; /* [count]: of the folders, in the order of their classes */
    size_t count; /* 0: the folders are no classes */
    int *classes; /* of the pictures */
    char *doubt;  /* a sentence where the folders look like parts of a set rather than classes */
} sg_class_folders;

/*
 * Finds the classes of the pictures with these portable paths: the outermost folders that not all
 * of them share, when every picture is in one. Folders are in the order of their names, or by
 * value where all are numbers. The numbered folders of the official programs
 * (00012/img00012345.png) are no classes, nor are more than SG_LARGEST_LABEL. Fails with
 * SG_ERROR_MEMORY.
 */
sg_status sg_class_folders_find(const char *const *names, size_t count, sg_class_folders *found,
                                sg_error *error);

/* Frees the content and zeroes the struct. */
void sg_class_folders_clear(sg_class_folders *folders);

#endif
