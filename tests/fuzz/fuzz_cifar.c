/* CIFAR data sets: each input as a tar archive, as a part in Python's form and as a binary one. */
#include "fuzz/fuzz.h"
#include "fuzz/readers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_read_dataset(fuzz_file("data_batch_1", data, size));
    fuzz_read_dataset(fuzz_file("train.bin", data, size));
    fuzz_read_dataset(fuzz_file("set.tar", data, size));
    return 0;
}
