/* LMDB databases of pictures, as data sets. */
#include "fuzz/fuzz.h"
#include "fuzz/readers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_read_dataset(fuzz_file("data.mdb", data, size));
    return 0;
}
