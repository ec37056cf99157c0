/* Names of the pictures of directions. */
#ifndef SG_PICTURES_DIRECTIONS_STRIP_FILES_H
#define SG_PICTURES_DIRECTIONS_STRIP_FILES_H

#include "base/error.h"

enum { SG_STRIP_FILE_BYTES = 256 };

/*
 * Names a PNG file for each of `count` directions: NAME.png, with characters that no file should
 * have replaced by "_" and a long name cut. No two files have one name, nor that of
 * "answers.png": a number follows ("NAME-2.png") where another direction has it. Directions whose
 * names need no change come first. *files [count] belongs to the caller. Fails with
 * SG_ERROR_MEMORY.
 */
sg_status sg_strip_files_name(const char *const *names, size_t count,
                              char (**files)[SG_STRIP_FILE_BYTES], sg_error *error);

#endif
