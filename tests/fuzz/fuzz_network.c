/* Networks in files of other programs: pickles and torch files through the maps of their names. */
#include "fuzz/fuzz.h"
#include "fuzz/networks.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_read_networks(fuzz_file("network.pkl", data, size));
    return 0;
}
