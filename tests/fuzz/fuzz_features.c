/* Files of feature networks of every container: what they hold, and each kind opened from them. */
#include <stdlib.h>
#include <string.h>

#include "features/feature_network.h"
#include "fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const kinds[] = {"inception", "vgg16", "lpips", "clip"};
    const char *path = fuzz_file("input.pth", data, size);
    char text[300];
    sg_error error = {0};
    setenv("XDG_DATA_HOME", "/nowhere", 1);
    const sg_status described =
        fuzz_check(sg_feature_file_describe(path, text, sizeof text, &error), &error);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        sg_feature_network *network = NULL;
        const sg_status status =
            fuzz_check(sg_feature_network_find(kinds[i], &path, 1, &network, &error), &error);
        if (!status && (described || *text == '\0' || !network))
            abort();
        sg_feature_network_close(network);
    }
    return 0;
}
