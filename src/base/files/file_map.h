/*
 * Files mapped into memory for reading and private writing: what is written stays in memory, and
 * what was only read can be given back to the system at any time, since the file still has it.
 */
#ifndef SG_BASE_FILES_FILE_MAP_H
#define SG_BASE_FILES_FILE_MAP_H

#include <stdbool.h>
#include <stddef.h>

/* A mapped file; counts references, not from several threads at a time. */
typedef struct sg_file_map sg_file_map;

/* Maps the whole of an open file, with one reference; the descriptor may be closed afterwards. NULL
 * when the system cannot. */
sg_file_map *sg_file_map_create(int descriptor);

/* References: retain returns its argument; release accepts NULL. */
sg_file_map *sg_file_map_retain(sg_file_map *map);
void sg_file_map_release(sg_file_map *map);

/* The file's bytes and their number. */
unsigned char *sg_file_map_bytes(const sg_file_map *map);
size_t sg_file_map_size(const sg_file_map *map);

/*
 * Gives back the memory of a part that nobody has written to; its next reader gets it from the file
 * again.
 */
void sg_file_map_discard(const sg_file_map *map, const void *begin, size_t size);

#endif
