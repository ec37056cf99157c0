/* NumPy's files, alone and in archives, as arrays and as sets of w. */
#include <stdlib.h>

#include "checkpoint/numpy/numpy_file.h"
#include "checkpoint/numpy/w_file.h"
#include "fuzz/fuzz.h"

static void read_array(const char *path, const char *member)
{
    sg_error error = {0};
    sg_numpy_array array;
    if (fuzz_check(sg_numpy_read(path, member, &array, &error), &error))
        return;
    size_t count = 1;
    for (int i = 0; i < array.rank; i++)
        count *= (size_t)array.size[i];
    if (count != array.count)
        abort();
    volatile float last = count > 0 ? array.values[count - 1] : 0.0f;
    (void)last;
    sg_numpy_array_clear(&array);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *path = fuzz_file("input.npz", data, size);
    sg_error error = {0};
    sg_w_set set;
    read_array(path, NULL);
    read_array(path, "w");
    if (!fuzz_check(sg_w_file_read(path, 3, 2, &set, &error), &error))
        sg_w_set_clear(&set);
    return 0;
}
