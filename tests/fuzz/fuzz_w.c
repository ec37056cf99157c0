/* Files of w of every container, for a network of 3 inputs with w of 2 numbers. */
#include <math.h>
#include <stdlib.h>

#include "checkpoint/latents/w_file.h"
#include "fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *path = fuzz_file("input.w", data, size);
    sg_error error = {0};
    sg_w_set set;
    if (fuzz_check(sg_w_file_read(path, 3, 2, &set, &error), &error))
        return 0;
    if (set.count == 0)
        abort();
    for (size_t i = 0; i < set.count * set.num_ws * set.w_dim; i++)
        if (!isfinite(set.values[i]))
            abort();
    sg_w_set_clear(&set);
    return 0;
}
