/* NumPy's files, alone and in archives. */
#include <stdlib.h>

#include "checkpoint/numpy/numpy_file.h"
#include "fuzz/fuzz.h"

/* The choice of the array of this name. */
#define NAMED(name) ((sg_numpy_choice){(const char *const[]){name}, 1, false})

static void read_array(const char *path, const char *member)
{
    sg_error error = {0};
    sg_numpy_array array;
    if (fuzz_check(sg_numpy_read(path, member ? &NAMED(member) : NULL, &array, &error), &error))
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
    read_array(path, NULL);
    read_array(path, "w");
    return 0;
}
