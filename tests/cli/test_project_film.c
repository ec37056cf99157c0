/* The film of `project`. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "support/decoded_video.h"
#include "support/generated.h"
#include "support/temporary_folder.h"

enum { SIDE = 32 /* of NETWORK's pictures */, STEPS = 5 };

static void the_film_shows_target_and_every_step(void **state)
{
    assert_done(GENERATE("--network", NETWORK, "--seeds", "5"), "picture");
    char *target = temporary_path(state, "seed0005.png");
    char *path = temporary_path(state, "proj.mp4");
    assert_done(RUN("project", "--target", target, "--outdir", *state, "--network", NETWORK,
                    "--num-steps", "5", "--fps", "7", "--w-avg-samples", "50"),
                "PSNR");
    decoded_video film = decode_video(path);
    assert_int_equal(film.count, 1 + STEPS);
    assert_int_equal(film.width, 2 * SIDE);
    assert_int_equal(film.height, SIDE);
    assert_true(film.rate > 6.9 && film.rate < 7.1);
    sg_image *shown = read_picture(state, "seed0005.png");
    sg_image *last = read_picture(state, "proj.png");
    sg_image *both = NULL;
    sg_error error = {0};
    assert_int_equal(sg_image_create(2 * SIDE, SIDE, shown->channels, &both, &error), SG_OK);
    sg_image_paste(shown, both, 0, 0);
    sg_image_paste(last, both, SIDE, 0);
    assert_true(decoded_psnr(&film, STEPS, both) > decoded_psnr(&film, 0, both));
    sg_image_destroy(shown);
    sg_image_destroy(last);
    sg_image_destroy(both);
    decoded_video_clear(&film);
    free(path);
    free(target);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_film_shows_target_and_every_step, user_folders_setup,
                                        temporary_folder_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
