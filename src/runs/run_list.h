/* Lists of run folders, as people name them: each alone, or the folder in which they are. */
#ifndef SG_RUNS_RUN_LIST_H
#define SG_RUNS_RUN_LIST_H

#include "base/error.h"

/* Paths of run folders; zero it, clear it after use. */
typedef struct sg_run_list {
    char **folders; /* [count], owned */
    size_t count, capacity;
} sg_run_list;

/*
 * Adds the run folder `path`, or the run folders in it, by name. Fails with SG_ERROR_FILE when
 * there is no run, and with SG_ERROR_MEMORY.
 */
sg_status sg_run_list_add(sg_run_list *list, const char *path, sg_error *error);

/* Frees all and zeroes the list. */
void sg_run_list_clear(sg_run_list *list);

#endif
