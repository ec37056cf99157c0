/*
 * The published encoder and decoder with few channels against PyTorch (tests/golden/style), and
 * files that are neither.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/files/file.h"
#include "base/files/input_file.h"
#include "image/files/picture_file.h"
#include "style/style_coder.h"
#include "support/tensors.h"

#define FOLDER "tests/golden/style/"

static sg_image *read(const char *path)
{
    unsigned char *bytes = NULL;
    size_t size = 0;
    sg_image *image = NULL;
    assert_int_equal(sg_read_file(path, 1 << 20, &bytes, &size, NULL), SG_OK);
    assert_int_equal(sg_picture_decode(path, bytes, size, &image, NULL), SG_OK);
    free(bytes);
    return image;
}

static void paint(sg_context *context, double alpha, sg_image **image)
{
    static const double weights[] = {0.3, 0.7};
    sg_style_coder *coder = NULL;
    sg_image *content = read(FOLDER "content.png");
    sg_image *styles[] = {read(FOLDER "style0.png"), read(FOLDER "style1.png")};
    assert_int_equal(
        sg_style_coder_open(context, FOLDER "encoder.pth", FOLDER "decoder.pth", &coder, NULL),
        SG_OK);
    assert_int_equal(sg_style_coder_paint(coder, content, (const sg_image *const *)styles, weights,
                                          2, alpha, image, NULL),
                     SG_OK);
    assert_int_equal((*image)->width, content->width);
    assert_int_equal((*image)->height, content->height);
    sg_style_coder_close(coder);
    sg_image_destroy(content);
    sg_image_destroy(styles[0]);
    sg_image_destroy(styles[1]);
}

/* Sides that 8 does not divide: pools count the last row twice, and the decoder's is cut off. */
static void test_pictures_are_pytorchs(void **state)
{
    sg_image *expected = read(FOLDER "expected.png");
    sg_image *image = NULL;
    size_t different = 0;
    paint(*state, 0.6, &image);
    for (size_t i = 0; i < sg_image_size(image); i++) {
        const int difference = abs(image->pixels[i] - expected->pixels[i]);
        assert_true(difference <= 1);
        different += difference > 0;
    }
    assert_true(different < sg_image_size(image) / 100);
    sg_image_destroy(image);
    paint(*state, 0, &image);
    assert_memory_not_equal(image->pixels, expected->pixels, sg_image_size(image));
    sg_image_destroy(image);
    sg_image_destroy(expected);
}

static void assert_refuses(sg_context *context, const char *encoder, const char *decoder,
                           const char *part)
{
    sg_style_coder *coder = NULL;
    sg_error error = {0};
    assert_int_equal(sg_style_coder_open(context, encoder, decoder, &coder, &error),
                     SG_ERROR_FORMAT);
    assert_null(coder);
    if (!strstr(error.message, part))
        fail_msg("%s", error.message);
}

static void test_other_files_are_refused(void **state)
{
    assert_refuses(*state, FOLDER "decoder.pth", FOLDER "decoder.pth", "no tensor \"0.weight\"");
    assert_refuses(*state, FOLDER "encoder.pth", FOLDER "encoder.pth", "no tensor \"1.weight\"");
    assert_refuses(*state, "tests/golden/features/state.pth", FOLDER "decoder.pth",
                   "no tensor \"0.weight\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_pictures_are_pytorchs, context_setup,
                                        context_teardown),
        cmocka_unit_test_setup_teardown(test_other_files_are_refused, context_setup,
                                        context_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
