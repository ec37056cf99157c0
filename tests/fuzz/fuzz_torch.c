/* Torch's zip archives and old streams, with the pickles and storages in them. */
#include "fuzz/documents.h"
#include "fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_read_document("input.pt", data, size);
    return 0;
}
