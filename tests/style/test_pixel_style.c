/*
 * Optimisation of pixels through a small discriminator: the loss falls, alpha 0 keeps the content,
 * equal transfers are equal, and pictures may be larger than the network's.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "style/pixel_style.h"
#include "support/networks.h"
#include "support/tensors.h"

enum { SIDE = 24, STEPS = 20 };

/* Makes a picture of stripes, or of cells. */
static sg_image *make_picture(size_t channels, bool cells)
{
    sg_image *image = NULL;
    assert_int_equal(sg_image_create(SIDE, SIDE, channels, &image, NULL), SG_OK);
    for (size_t y = 0; y < SIDE; y++)
        for (size_t x = 0; x < SIDE; x++)
            for (size_t c = 0; c < channels; c++) {
                const size_t value = cells ? ((x / 4 + y / 4) % 2) * 200 + 20 * c : 30 + 8 * y;
                image->pixels[(y * SIDE + x) * channels + c] = (uint8_t)value;
            }
    return image;
}

static sg_style_network *make_network(sg_context *context, int channels)
{
    sg_discriminator_config config = tiny_discriminator_config(SG_ARCHITECTURE_RESNET, channels, 0);
    sg_style_network *network = NULL;
    config.img_resolution = 16;
    assert_int_equal(
        sg_style_network_own(tiny_discriminator(context, &config, SG_F32, 3), &network, NULL),
        SG_OK);
    return network;
}

/* Runs a transfer; the losses of the first and the last step go to `losses`. */
static sg_image *transfer(sg_context *context, int channels, double alpha, double losses[2])
{
    static const double whole[] = {1};
    const sg_pixel_style_options options = {
        .steps = STEPS, .rate = 8, .alpha = alpha, .style_weight = 10, .smooth = 0.1};
    sg_style_network *network = make_network(context, channels);
    sg_image *content = make_picture((size_t)channels, false);
    sg_image *style = make_picture((size_t)channels, true);
    const sg_image *const styles[] = {style};
    const sg_pixel_style_pictures pictures = {content, styles, whole, 1};
    sg_pixel_style *made = NULL;
    sg_image *result = NULL;
    size_t width = SIDE + 1;
    size_t height = 1;
    sg_style_network_fit(network, &width, &height);
    assert_int_equal(width, SIDE);
    assert_int_equal(height, 4);
    assert_int_equal(sg_pixel_style_create(network, &options, &pictures, &made, NULL), SG_OK);
    for (int i = 0; i < STEPS; i++) {
        sg_pixel_style_report report;
        assert_int_equal(sg_pixel_style_step(made, &report, NULL), SG_OK);
        assert_int_equal(report.step, i);
        losses[i > 0] = report.total;
    }
    assert_int_equal(sg_pixel_style_image(made, &result, NULL), SG_OK);
    sg_pixel_style_destroy(made);
    sg_image_destroy(content);
    sg_image_destroy(style);
    sg_style_network_close(network);
    return result;
}

static void test_losses_fall(void **state)
{
    for (int channels = 1; channels <= 3; channels += 2) {
        double losses[2];
        double again[2];
        sg_image *first = transfer(*state, channels, 1, losses);
        sg_image *second = transfer(*state, channels, 1, again);
        assert_true(losses[1] < 0.5 * losses[0]);
        assert_memory_equal(first->pixels, second->pixels, sg_image_size(first));
        sg_image_destroy(first);
        sg_image_destroy(second);
    }
}

/* What is left at alpha 0 is the roughness of the content, which is small. */
static void test_alpha_0_keeps_the_content(void **state)
{
    double losses[2];
    sg_image *result = transfer(*state, 3, 0, losses);
    sg_image *content = make_picture(3, false);
    double sum = 0;
    for (size_t i = 0; i < sg_image_size(result); i++) {
        const double difference = (double)result->pixels[i] - content->pixels[i];
        sum += difference * difference / (double)sg_image_size(result);
    }
    assert_true(losses[0] < 1e-3);
    assert_true(sum < 60); /* Adam's steps are of its rate, however small the gradient */
    sg_image_destroy(result);
    sg_image_destroy(content);
}

static void test_other_channels_are_refused(void **state)
{
    sg_discriminator_config config = tiny_discriminator_config(SG_ARCHITECTURE_RESNET, 4, 0);
    sg_style_network *network = NULL;
    sg_error error = {0};
    assert_int_equal(
        sg_style_network_own(tiny_discriminator(*state, &config, SG_F32, 3), &network, &error),
        SG_ERROR_ARGUMENT);
    assert_null(network);
    assert_non_null(strstr(error.message, "4 channels"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_losses_fall, context_setup, context_teardown),
        cmocka_unit_test_setup_teardown(test_alpha_0_keeps_the_content, context_setup,
                                        context_teardown),
        cmocka_unit_test_setup_teardown(test_other_channels_are_refused, context_setup,
                                        context_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
