/* Pickles, and whatever else the opening of a foreign file tells apart by its first bytes. */
#include "fuzz/documents.h"
#include "fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_read_document("input.pkl", data, size);
    return 0;
}
