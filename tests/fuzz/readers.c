#include "fuzz/readers.h"

#include <stdlib.h>

#include "base/allocate.h"
#include "data/kinds/open_dataset.h"
#include "fuzz/fuzz.h"
#include "image/files/picture_file.h"

enum { SLOW_PIXELS = 1 << 18, MOST_PICTURES = 8 };

/* True for pictures that take long to decode, but not for those that the reader must refuse. */
static bool is_slow(const sg_image_shape *shape)
{
    const double pixels = (double)shape->width * (double)shape->height;
    return pixels > SLOW_PIXELS && pixels <= (double)SG_PICTURE_LARGEST_PIXELS;
}

void fuzz_read_picture(const char *name, const uint8_t *data, size_t size)
{
    sg_error error = {0};
    sg_image_shape shape = {0};
    sg_image *image = NULL;
    const sg_status measured = sg_picture_measure(name, data, size, &shape, &error);
    fuzz_check(measured, &error);
    if (!measured && is_slow(&shape))
        return;
    const sg_status decoded = sg_picture_decode(name, data, size, &image, &error);
    if (!fuzz_check(decoded, &error) &&
        (measured || image->width != shape.width || image->height != shape.height ||
         image->channels != shape.channels))
        abort();
    sg_image_destroy(image);
}

static void read_pictures(const sg_dataset *dataset)
{
    const sg_dataset_info info = sg_dataset_info_of(dataset);
    const sg_image_shape shape = {info.width, info.height, info.channels};
    uint8_t *pixels = is_slow(&shape) ? NULL : sg_allocate(info.width * info.height, info.channels);
    for (size_t i = 0; pixels && i < info.image_count && i < MOST_PICTURES; i++) {
        int label = -1;
        sg_error error = {0};
        const sg_status status = sg_dataset_read(dataset, i, pixels, &label, &error);
        if (!fuzz_check(status, &error) &&
            (label < -1 || (label >= 0 && (size_t)label >= info.label_count)))
            abort();
    }
    free(pixels);
}

void fuzz_read_dataset(const char *path)
{
    sg_error error = {0};
    sg_dataset *dataset = NULL;
    if (!fuzz_check(sg_dataset_open(path, &dataset, &error), &error))
        read_pictures(dataset);
    sg_dataset_destroy(dataset);
}
