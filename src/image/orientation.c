/* Turns and mirrors pictures. Pixel (x, y) of the result is looked up in the stored picture. */
#include "image/orientation.h"

#include <string.h>

/* Whether rows become columns, and which of the stored directions run backwards. */
typedef struct turn {
    bool exchanged;
    bool from_right;
    bool from_bottom;
} turn;

static turn turn_of(int orientation)
{
    static const turn turns[SG_LAST_ORIENTATION + 1] = {
        [2] = {false, true, false}, [3] = {false, true, true}, [4] = {false, false, true},
        [5] = {true, false, false}, [6] = {true, false, true}, [7] = {true, true, true},
        [8] = {true, true, false},
    };
    return turns[orientation >= SG_UPRIGHT && orientation <= SG_LAST_ORIENTATION ? orientation
                                                                                 : SG_UPRIGHT];
}

sg_image_shape sg_orientation_shape(sg_image_shape stored, int orientation)
{
    const sg_image_shape turned = {stored.height, stored.width, stored.channels};
    return turn_of(orientation).exchanged ? turned : stored;
}

static void copy_upright(const sg_image *stored, turn turned, sg_image *upright)
{
    const size_t channels = stored->channels;
    uint8_t *pixel = upright->pixels;
    for (size_t y = 0; y < upright->height; y++)
        for (size_t x = 0; x < upright->width; x++, pixel += channels) {
            const size_t across = turned.exchanged ? y : x;
            const size_t down = turned.exchanged ? x : y;
            const size_t column = turned.from_right ? stored->width - 1 - across : across;
            const size_t row = turned.from_bottom ? stored->height - 1 - down : down;
            memcpy(pixel, stored->pixels + (row * stored->width + column) * channels, channels);
        }
}

sg_status sg_image_orient(sg_image **image, int orientation, sg_error *error)
{
    const turn turned = turn_of(orientation);
    if (!turned.exchanged && !turned.from_right && !turned.from_bottom)
        return SG_OK;
    sg_image *upright = NULL;
    const sg_image_shape shape = sg_orientation_shape(sg_image_shape_of(*image), orientation);
    SG_TRY(sg_image_create(shape.width, shape.height, shape.channels, &upright, error));
    copy_upright(*image, turned, upright);
    sg_image_destroy(*image);
    *image = upright;
    return SG_OK;
}
