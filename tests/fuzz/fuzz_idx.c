/*
 * IDX files, plain and compressed. An input is two bytes, the length of a label file (little
 * endian), the label file, and the image file. With a length of 0 there is no label file.
 */
#include "fuzz/fuzz.h"
#include "fuzz/readers.h"

#define IMAGES "t10k-images-idx3-ubyte"
#define LABELS "t10k-labels-idx1-ubyte"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    const size_t stated = (size_t)data[0] | (size_t)data[1] << 8;
    const size_t label_size = stated < size - 2 ? stated : size - 2;
    if (label_size > 0)
        fuzz_file(LABELS, data + 2, label_size);
    else
        fuzz_file_remove(LABELS);
    fuzz_read_dataset(fuzz_file(IMAGES, data + 2 + label_size, size - 2 - label_size));
    return 0;
}
