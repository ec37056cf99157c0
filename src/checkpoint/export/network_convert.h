/* Network files of any format into other formats. */
#ifndef SG_CHECKPOINT_EXPORT_NETWORK_CONVERT_H
#define SG_CHECKPOINT_EXPORT_NETWORK_CONVERT_H

#include "checkpoint/maps/map_table.h"
#include "checkpoint/network/network_file.h"

/* The parts to convert, by their numbers in sg_network_part. */
typedef struct sg_network_choice {
    bool part[SG_PART_COUNT];
} sg_network_choice;

/* Chooses all parts that the file has. */
sg_network_choice sg_network_choose_all(const sg_network_file *file);

/*
 * Tells the format of a file to be written by the end of its name, in any case: *map is NULL for
 * the native one, ".safetensors". False for a name of no format.
 */
bool sg_convert_format(const char *path, const sg_network_map **map);

/* Prints the ends of names, ".safetensors or .pt", into `text` of `size` bytes; returns text. */
char *sg_convert_suffixes(char *text, size_t size);

/*
 * Writes the chosen parts, all of which the file has, for the program of `map` or, if it is NULL,
 * as a native file; networks are built in `context`. A native file passes its metadata on to a
 * native one, and a foreign file's program is noted there as "converted_from". Equal files give
 * equal bytes.
 *
 * If D is chosen and the map's program cannot build it, it is left out, and *left_out (otherwise
 * NULL) says why, as the end of a sentence that begins with "D". Fails as loading, saving and the
 * map's write do.
 */
sg_status sg_network_convert(const sg_network_file *file, const sg_network_choice *choice,
                             const sg_network_map *map, const char *path, sg_context *context,
                             const char **left_out, sg_error *error);

#endif
