/* WebP files, with alpha, EXIF data and animations. */
#include "fuzz/fuzz.h"
#include "fuzz/readers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_read_picture("input.webp", data, size);
    return 0;
}
