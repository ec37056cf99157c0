/*
 * Encoders: shapes of each kind, modes of normalisation, stages of e4e, sizes of pictures, configs
 * in JSON and from the shapes of tensors, and the w of pictures.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "invert/encode/encoding.h"
#include "models/encoder/encoder_shapes.h"
#include "support/program.h"
#include "support/tensors.h"

static sg_encoder_config small_config(sg_encoder_kind kind)
{
    sg_encoder_config config = sg_encoder_config_default(kind);
    config.img_resolution = 32;
    config.stem_width = 4;
    for (int i = 0; i < SG_ENCODER_STAGES; i++) {
        config.widths[i] = 4 + 4 * i;
        config.units[i] = 1 + (i == 1);
    }
    config.se_reduction = kind == SG_ENCODER_W ? 0 : 2;
    config.num_ws = 8;
    config.w_dim = 6;
    return config;
}

static sg_encoder *make(sg_context *context, sg_encoder_kind kind)
{
    const sg_encoder_config config = small_config(kind);
    sg_encoder *encoder = sg_encoder_create(context, &config, SG_F32, 3);
    assert_non_null(encoder);
    return encoder;
}

/* Pictures whose pixels are a wave. */
static sg_tensor *wave(sg_context *context, int64_t count, int64_t side, int64_t channels)
{
    sg_tensor *x = sg_tensor_create(context, SG_F32, SG_SHAPE(count, side, side, channels));
    for (int64_t i = 0; i < sg_tensor_count(x); i++)
        sg_f32(x)[i] = (float)sin(0.37 * (double)i);
    return x;
}

static double distance(const sg_tensor *a, const sg_tensor *b)
{
    double sum = 0;
    for (int64_t i = 0; i < sg_tensor_count(a); i++)
        sum += pow(sg_tensor_value(a, i) - sg_tensor_value(b, i), 2);
    return sqrt(sum);
}

static void codes_have_the_generators_shape(void **state)
{
    sg_context *context = *state;
    const sg_shape expected = SG_SHAPE(2, 8, 6);
    for (sg_encoder_kind kind = SG_ENCODER_PSP; kind <= SG_ENCODER_W; kind++) {
        sg_encoder *encoder = make(context, kind);
        const sg_encoder_pass pass = {.stage = SG_ENCODER_ALL_DELTAS};
        sg_tensor *codes = sg_encoder_codes(encoder, wave(context, 2, 32, 3), pass);
        assert_non_null(codes);
        assert_true(sg_shape_equal(&codes->shape, &expected));
        /* The mean of w is added to each. */
        sg_tensor_set_value(sg_encoder_average(encoder), 7, 2);
        const sg_tensor *styles = sg_encoder_styles(encoder, codes);
        assert_true(fabs(distance(styles, codes) - sqrt(2) * 2) < 1e-5);
        sg_encoder_destroy(encoder);
    }
}

/* Codes above the stage equal the first one; a w encoder's are all equal. */
static void stages_free_one_difference_after_another(void **state)
{
    sg_context *context = *state;
    sg_encoder *encoder = make(context, SG_ENCODER_E4E);
    const sg_tensor *codes =
        sg_encoder_codes(encoder, wave(context, 1, 32, 3), (sg_encoder_pass){.stage = 2});
    for (int code = 1; code < 8; code++) {
        double sum = 0;
        for (int i = 0; i < 6; i++)
            sum += fabs(sg_tensor_value(codes, code * 6 + i) - sg_tensor_value(codes, i));
        if (code <= 2)
            assert_true(sum > 1e-4);
        else
            assert_true(sum == 0);
    }
    sg_encoder_destroy(encoder);
}

/* In training a picture's code depends on the others, and the moments move; otherwise neither. */
static void modes_differ(void **state)
{
    sg_context *context = *state;
    sg_encoder *encoder = make(context, SG_ENCODER_PSP);
    const sg_parameter *mean =
        sg_parameter_find(sg_encoder_parameters(encoder), "input_layer.1.running_mean");
    const sg_encoder_pass fixed = {.stage = SG_ENCODER_ALL_DELTAS};
    const sg_encoder_pass training = {.norm = {true, true}, .stage = SG_ENCODER_ALL_DELTAS};
    sg_tensor *x = wave(context, 2, 32, 3);
    const sg_tensor *before = sg_encoder_codes(encoder, x, fixed);
    assert_true(distance(before, sg_encoder_codes(encoder, x, fixed)) == 0);
    assert_true(sg_tensor_value(mean->tensor, 0) == 0);
    assert_true(distance(before, sg_encoder_codes(encoder, x, training)) > 1e-3);
    assert_true(sg_tensor_value(mean->tensor, 0) != 0);
    sg_encoder_destroy(encoder);
}

/* Pictures of twice or half the side are resized; others are refused. */
static void pictures_of_other_sizes(void **state)
{
    sg_context *context = *state;
    sg_encoder *encoder = make(context, SG_ENCODER_W);
    const sg_encoder_pass pass = {.stage = 0};
    sg_error error = {0};
    assert_non_null(sg_encoder_codes(encoder, wave(context, 1, 64, 3), pass));
    assert_non_null(sg_encoder_codes(encoder, wave(context, 1, 8, 3), pass));
    assert_null(sg_encoder_codes(encoder, wave(context, 1, 24, 3), pass));
    sg_context_take_error(context, &error);
    assert_holds(error.message, "the encoder takes square pictures of 32 pixels a side");
    error = (sg_error){0};
    assert_null(sg_encoder_codes(encoder, wave(context, 1, 32, 1), pass));
    sg_context_take_error(context, &error);
    assert_holds(error.message, "with 3 channels, found [1, 32, 32, 1]");
    sg_encoder_destroy(encoder);
}

static void configs_go_through_json(void **state)
{
    sg_encoder_config config = small_config(SG_ENCODER_E4E);
    sg_encoder_config read;
    sg_error error = {0};
    (void)state;
    config.style_width = 5;
    cJSON *json = sg_encoder_config_to_json(&config);
    assert_non_null(json);
    assert_int_equal(sg_encoder_config_from_json(json, &read, &error), SG_OK);
    assert_memory_equal(&read, &config, sizeof config);
    cJSON_ReplaceItemInObject(json, "img_resolution", cJSON_CreateNumber(48));
    assert_int_equal(sg_encoder_config_from_json(json, &read, &error), SG_ERROR_ARGUMENT);
    assert_holds(error.message, "is 48, but must be a power of two");
    cJSON_Delete(json);
    error = (sg_error){0};
    config.se_reduction = 9;
    assert_int_equal(sg_encoder_config_check(&config, &error), SG_ERROR_ARGUMENT);
    assert_holds(error.message, "must be at most the 4 channels of its stage 0");
    error = (sg_error){0};
    config.se_reduction = 2;
    config.middle = 2;
    assert_int_equal(sg_encoder_config_check(&config, &error), SG_ERROR_ARGUMENT);
    assert_holds(error.message, "must be at least its \"coarse\", 3");
}

static bool find_shape(const void *user, const char *name, sg_shape *shape)
{
    const sg_parameter *found = sg_parameter_find(user, name);
    if (found)
        *shape = found->tensor->shape;
    return found;
}

/* What the tensors of an encoder tell is its config. */
static void sizes_follow_from_shapes(void **state)
{
    sg_context *context = *state;
    for (sg_encoder_kind kind = SG_ENCODER_PSP; kind <= SG_ENCODER_W; kind++) {
        sg_encoder *encoder = make(context, kind);
        const sg_encoder_shapes shapes = {find_shape, sg_encoder_parameters(encoder)};
        const sg_encoder_config expected = *sg_encoder_config_of(encoder);
        sg_encoder_config config = sg_encoder_config_default(kind);
        if (kind == SG_ENCODER_W) { /* its tensors do not tell them */
            config.img_resolution = expected.img_resolution;
            config.num_ws = expected.num_ws;
        } else {
            config.style_width = 0;
        }
        assert_int_equal(sg_encoder_config_infer(&shapes, &config, NULL), SG_OK);
        if (config.style_width == config.w_dim)
            config.style_width = 0;
        assert_memory_equal(&config, &expected, sizeof config);
        sg_encoder_destroy(encoder);
    }
    sg_parameter_set none;
    sg_error error = {0};
    sg_encoder_config config = sg_encoder_config_default(SG_ENCODER_PSP);
    sg_parameter_set_init(&none, context, SG_F32, 0);
    assert_int_equal(
        sg_encoder_config_infer(&(sg_encoder_shapes){find_shape, &none}, &config, &error),
        SG_ERROR_FORMAT);
}

/* Bytes and floats of the same pictures have the same w; grey is three equal colours. */
static void w_of_pictures(void **state)
{
    enum { SIDE = 32, PIXELS = SIDE * SIDE };
    uint8_t grey[PIXELS];
    float colours[3 * PIXELS];
    float ws[2][8 * 6];
    sg_error error = {0};
    sg_encoder *encoder = make(*state, SG_ENCODER_PSP);
    for (int i = 0; i < PIXELS; i++) {
        grey[i] = (uint8_t)(i * 7 % 256);
        for (int c = 0; c < 3; c++)
            colours[3 * i + c] = grey[i];
    }
    const sg_feature_pictures first = {1, SIDE, SIDE, 1, grey, NULL};
    const sg_feature_pictures second = {1, SIDE, SIDE, 3, NULL, colours};
    assert_int_equal(sg_encode(encoder, &first, ws[0], &error), SG_OK);
    assert_int_equal(sg_encode(encoder, &second, ws[1], &error), SG_OK);
    assert_memory_equal(ws[0], ws[1], sizeof ws[0]);
    const sg_feature_pictures small = {1, 24, 24, 1, grey, NULL};
    assert_int_equal(sg_encode(encoder, &small, ws[0], &error), SG_ERROR_SHAPE);
    sg_encoder_destroy(encoder);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, context_setup, context_teardown)
    const struct CMUnitTest tests[] = {
        TEST(codes_have_the_generators_shape),
        TEST(stages_free_one_difference_after_another),
        TEST(modes_differ),
        TEST(pictures_of_other_sizes),
        TEST(configs_go_through_json),
        TEST(sizes_follow_from_shapes),
        TEST(w_of_pictures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
