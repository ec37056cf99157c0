/* Names, paths and checks of requests. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pictures/picture_fields.h"
#include "pictures/picture_request.h"

static void names_tell_pictures_apart(void **state)
{
    (void)state;
    char name[SG_PICTURE_NAME_BYTES];
    const float w = 0;
    sg_picture_request request = SG_PICTURE_REQUEST(.seed = 12);
    assert_string_equal(sg_picture_name(&request, false, false, name), "seed0012.png");
    request.class_index = 3;
    request.psi = -0.5;
    assert_string_equal(sg_picture_name(&request, true, true, name),
                        "seed0012-class3-trunc-0.5.png");
    request.ws = &w;
    request.w_index = 7;
    assert_string_equal(sg_picture_name(&request, false, true, name), "proj07-trunc-0.5.png");
}

static void paths_lie_in_the_folder(void **state)
{
    (void)state;
    sg_picture_request request = SG_PICTURE_REQUEST(.folder = "out", .output = "a.PNG");
    char *path = sg_picture_path(&request, NULL);
    assert_string_equal(path, "out/a.PNG");
    free(path);
    request.output = "/tmp/b.png";
    path = sg_picture_path(&request, ".npz");
    assert_string_equal(path, "/tmp/b.npz");
    free(path);
}

static void assert_refused(const sg_picture_network *network, const sg_picture_request *request,
                           sg_spelling spelling, sg_status status, const char *part)
{
    sg_error error = {0};
    assert_int_equal(sg_picture_request_check(network, request, spelling, &error), status);
    if (!strstr(error.message, part))
        fail_msg("\"%s\" was expected in: %s", part, error.message);
}

static void values_are_checked(void **state)
{
    (void)state;
    const float z[] = {0, NAN};
    sg_picture_network network = {.config = {.c_dim = 2, .z_dim = 2}};
    sg_picture_request request = SG_PICTURE_REQUEST();
    assert_refused(&network, &request, SG_SPELL_MEMBER, SG_ERROR_ARGUMENT, "\"class_index\"");
    request.class_index = 2;
    assert_refused(&network, &request, SG_SPELL_KEYWORD, SG_ERROR_ARGUMENT, "\"class\" is 2");
    request.class_index = 1;
    assert_int_equal(sg_picture_request_check(&network, &request, SG_SPELL_MEMBER, NULL), SG_OK);
    request.psi = NAN;
    assert_refused(&network, &request, SG_SPELL_MEMBER, SG_ERROR_ARGUMENT, "truncation is nan");
    assert_refused(&network, &request, SG_SPELL_OPTION, SG_ERROR_ARGUMENT, "--trunc is nan");
    request.psi = 1;
    request.noise_mode = (sg_noise_mode)3;
    assert_refused(&network, &request, SG_SPELL_MEMBER, SG_ERROR_ARGUMENT,
                   "noise_mode is 3, but must be const, random or none");
    request.noise_mode = SG_NOISE_NONE;
    request.z = z;
    assert_refused(&network, &request, SG_SPELL_MEMBER, SG_ERROR_NUMERIC, "number 1 of the latent");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_tell_pictures_apart),
        cmocka_unit_test(paths_lie_in_the_folder),
        cmocka_unit_test(values_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
