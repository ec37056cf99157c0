/*
 * Files mapped into memory for reading and private writing: changes stay in memory, and unchanged
 * parts can be returned to the system at any time, because the file still has them.
 */
#ifndef SG_BASE_FILES_FILE_MAP_H
#define SG_BASE_FILES_FILE_MAP_H

#include <stddef.h>

/* A mapped file; counts references, from one thread at a time. */
typedef struct sg_file_map sg_file_map;

/* Maps all of an open file, with one reference; the descriptor may be closed afterwards. NULL when
 * the system cannot. */
sg_file_map *sg_file_map_create(int descriptor);

/* Adds a reference and returns its argument; drops one (NULL is allowed). */
sg_file_map *sg_file_map_retain(sg_file_map *map);
void sg_file_map_release(sg_file_map *map);

/* Returns the file's bytes, and their number. */
unsigned char *sg_file_map_bytes(const sg_file_map *map);
size_t sg_file_map_size(const sg_file_map *map);

/*
 * Returns the memory of an unchanged part to the system; the next read gets it from the file again.
 */
void sg_file_map_discard(const sg_file_map *map, const void *begin, size_t size);

#endif
