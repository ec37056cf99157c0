/*
 * What the fuzz targets have in common. A target is one file, fuzz_NAME.c, that defines
 * LLVMFuzzerTestOneInput; corpus/NAME/ holds its seeds and NAME.dict, if there is one, its words.
 * CMake makes a fuzzer of it with SG_FUZZ, and else a program that replays the seeds.
 */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* Feeds one input to the code under test; always 0. libFuzzer and replay.c call it. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/*
 * The path of a file called `name` (a string constant) with these bytes, for readers that take
 * paths; valid until the process ends, and overwritten by the next call of the same name.
 */
const char *fuzz_file(const char *name, const uint8_t *data, size_t size);

/* Takes the file away, so that opening it fails until it is made again. */
void fuzz_file_remove(const char *name);

/*
 * Ends the process when the status and the error do not belong together, or the error is no
 * sentence that may be shown on a terminal; else empties the error and returns the status.
 */
sg_status fuzz_check(sg_status status, sg_error *error);

#endif
