/*
 * Functions that the fuzz targets share. A target is one file, fuzz_NAME.c, that defines
 * LLVMFuzzerTestOneInput; corpus/NAME/ holds its seeds and NAME.dict, if present, its words. With
 * SG_FUZZ, CMake makes it a fuzzer, otherwise a program that replays the seeds.
 */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* Feeds one input to the code under test; returns 0. Called by libFuzzer and replay.c. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/*
 * Returns the path of a file called `name` (a string constant) with these bytes, for readers that
 * take paths; valid until the process ends, and overwritten by the next call of the same name.
 */
const char *fuzz_file(const char *name, const uint8_t *data, size_t size);

/* Removes the file, so that opening it fails until the next fuzz_file of that name. */
void fuzz_file_remove(const char *name);

/*
 * Ends the process if the status and the error do not match, or the error is no sentence that is
 * safe on a terminal; otherwise empties the error and returns the status.
 */
sg_status fuzz_check(sg_status status, sg_error *error);

#endif
