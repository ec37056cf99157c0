/* Views for CLIP: StyleCLIP's by its definition, and pictures that do not fit it. */
#include "words/clip_view.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/filled_clip.h"
#include "support/temporary_folder.h"

enum { SIDE = 8, SEEN = 28 };

static sg_context *context;
static sg_clip *clip;

static int setup(void **state)
{
    sg_error error = {0};
    if (temporary_folder_setup(state))
        return -1;
    context = sg_context_create(1);
    char *path = temporary_path(state, "clip.safetensors");
    const char *const files[] = {path};
    if (write_filled_clip(path, &tiny_clip, FILLED_CLIP_OPENAI, &error) ||
        sg_clip_find(&clip, context, SG_F32, files, 1, &error))
        fail_msg("%s", error.message);
    free(path);
    return 0;
}

static int teardown(void **state)
{
    sg_clip_close(clip);
    sg_context_destroy(context);
    return temporary_folder_teardown(state);
}

static sg_tensor *picture_of(int64_t height, int64_t channels)
{
    sg_tensor *picture = sg_tensor_create(context, SG_F32, SG_SHAPE(1, height, SIDE, channels));
    for (int64_t i = 0; i < sg_tensor_count(picture); i++)
        sg_tensor_set_value(picture, i, sin(0.7 * (double)i));
    return picture;
}

/* 8 pixels become 56, and squares of 2x2 of these a pixel of 28: their mean. */
static void test_enlarged_and_averaged(void **state)
{
    (void)state;
    for (int channels = 1; channels <= 3; channels += 2) {
        const size_t scope = sg_scope_open(context);
        const sg_tensor *picture = picture_of(SIDE, channels);
        const sg_tensor *view = sg_clip_view_of(clip, (sg_tensor *)picture, SG_CLIP_VIEW_STYLECLIP);
        assert_int_equal(sg_tensor_count(view), SEEN * SEEN * 3);
        for (int i = 0; i < SEEN * SEEN * 3; i++) {
            const int channel = channels == 1 ? 0 : i % 3;
            const int x = i / 3 % SEEN;
            const int y = i / 3 / SEEN;
            double mean = 0;
            for (int k = 0; k < 4; k++)
                mean += sg_tensor_value(
                            picture, ((2 * y + k / 2) / 7 * SIDE + (2 * x + k % 2) / 7) * channels +
                                         channel) /
                        4;
            assert_true(fabs(sg_tensor_value(view, i) - mean) < 1e-6);
        }
        sg_scope_close(context, scope, NULL);
    }
}

static void test_sizes_that_do_not_fit(void **state)
{
    sg_error error = {0};
    (void)state;
    const size_t scope = sg_scope_open(context);
    assert_null(sg_clip_view_of(clip, picture_of(SIDE + 1, 3), SG_CLIP_VIEW_STYLECLIP));
    assert_int_equal(sg_context_take_error(context, &error), SG_ERROR_SHAPE);
    assert_non_null(strstr(error.message, "which those of 8x9 do not fit"));
    assert_non_null(sg_clip_view_of(clip, picture_of(SIDE + 1, 3), SG_CLIP_VIEW_NORMALISED));
    sg_scope_close(context, scope, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_enlarged_and_averaged, setup, teardown),
        cmocka_unit_test_setup_teardown(test_sizes_that_do_not_fit, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
