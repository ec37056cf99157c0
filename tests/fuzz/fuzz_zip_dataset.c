/* Zip archives of pictures with their labels, as data sets. */
#include "fuzz/fuzz.h"
#include "fuzz/readers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_read_dataset(fuzz_file("set.zip", data, size));
    return 0;
}
