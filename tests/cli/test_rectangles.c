/* What the commands make of networks whose constant is not 4x4, in every way of storing them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/files/file.h"
#include "image/image.h"
#include "support/generated.h"
#include "support/idx_file.h"
#include "support/loaded_networks.h"
#include "support/networks.h"
#include "support/official_file.h"
#include "support/picture_files.h"
#include "support/program.h"
#include "support/temporary_folder.h"
#include "support/tensorflow_file.h"

enum { HEIGHT = 12, WIDTH = 20 };

#define RECTANGLE "tests/golden/sg2-rectangle-12x20/network.safetensors"

static void assert_size(void *const *state, const char *name, size_t width, size_t height)
{
    sg_image *image = NULL;
    char *path = temporary_path(state, name);
    assert_int_equal(png_read(path, &image, NULL), SG_OK);
    assert_int_equal(image->width, width);
    assert_int_equal(image->height, height);
    sg_image_destroy(image);
    free(path);
}

/* Networks of 3x5 doubled twice. */
static sg_network_parts rectangular_networks(sg_context *context)
{
    sg_generator_config generator = tiny_generator_config(SG_ARCHITECTURE_SKIP, 3, 0);
    sg_discriminator_config discriminator = tiny_discriminator_config(SG_ARCHITECTURE_RESNET, 3, 0);
    generator.z_dim = generator.w_dim;
    generator.img_resolution = discriminator.img_resolution = 16;
    generator.base_height = discriminator.base_height = 3;
    generator.base_width = discriminator.base_width = 5;
    return make_networks(context, &generator, &discriminator);
}

/* PyTorch and TensorFlow, with the size in options, in names, and in shapes alone. */
static void pictures_do_not_depend_on_the_layout(void **state)
{
    sg_context *context = sg_context_create(1);
    sg_network_parts parts = rectangular_networks(context);
    char *path = temporary_path(state, "network.pkl");
    for (int layout = 0; layout < 5; layout++) {
        const tensorflow_options options = {.version = 4,
                                            .rectangle = (tensorflow_rectangle)(layout - 2)};
        if (layout < 2)
            write_official(path, &parts, layout == 0 ? NULL : "init_res");
        else
            write_tensorflow(path, &parts, &options);
        assert_done(GENERATE("--network", path, "--seeds", "3", "--noise-mode", "const"),
                    "1 picture is in");
        if (layout == 0) {
            rename_result(state, "seed0003.png", "first.png");
            assert_size(state, "first.png", WIDTH, HEIGHT);
        } else {
            assert_same_pictures(state, "first.png", "seed0003.png", true);
        }
    }
    free(path);
    destroy_networks(&parts);
    sg_context_destroy(context);
}

static void every_command_paints_rectangles(void **state)
{
    char *out = temporary_path(state, "out");
    char *film = temporary_path(state, "film.png");
    char *copy = temporary_path(state, "copy.safetensors");
    assert_done(GENERATE("--network", RECTANGLE, "--seeds", "0-3", "--grid", "2x2", "--plain"),
                "4 pictures");
    assert_size(state, "grid.png", 2 * WIDTH, 2 * HEIGHT);
    assert_done(RUN("mix", "--network", RECTANGLE, "--rows", "0-1", "--cols", "2-4", "--styles",
                    "0-1", "--plain", "--outdir", out),
                "pictures are in");
    assert_size(state, "out/grid.png", 4 * WIDTH, 3 * HEIGHT);
    assert_done(RUN("truncate", "--network", RECTANGLE, "--seeds", "0-1", "--outdir", out),
                "pictures are in");
    assert_done(RUN("variation", "--network", RECTANGLE, "--seeds", "0", "--outdir", out),
                "noise-layers.png");
    assert_done(RUN("interpolate", "--network", RECTANGLE, "--seeds", "0-1", "--frames", "2",
                    "--output", film),
                "4 frames");
    assert_size(state, "film.png", WIDTH, HEIGHT);
    assert_done(RUN("info", RECTANGLE), "20x12 pixels");
    assert_done(RUN("convert", "--network", RECTANGLE, "--output", copy), "holds D and G_ema");
    assert_done(RUN("info", "--layers", copy), "[3,5]");
    free(copy);
    free(film);
    free(out);
}

/* A network for stylegan2-pytorch has a square constant. */
static void formats_without_rectangles_say_so(void **state)
{
    char *path = temporary_path(state, "checkpoint.pt");
    assert_fails(RUN("convert", "--network", RECTANGLE, "--output", path), 1, "not square");
    free(path);
}

/* Training goes on from a fork's snapshot, with its constant. */
static void training_starts_from_a_fork(void **state)
{
    sg_context *context = sg_context_create(1);
    sg_network_parts parts = rectangular_networks(context);
    char *network = temporary_path(state, "network.pkl");
    char *data = temporary_path(state, "images-idx3-ubyte");
    char *outdir = temporary_path(state, "runs");
    const idx_file images = idx_images(8, HEIGHT, WIDTH);
    idx_write(data, &images);
    write_official(network, &parts, NULL);
    program_result result = RUN("train", "--data", data, "--outdir", outdir, "--init", network,
                                "--dry-run", "--batch", "2", "--kimg", "0.01", "--cbase", "64",
                                "--cmax", "4", "--z-dim", "5", "--w-dim", "5", "--map-depth", "2");
    assert_int_equal(result.status, 0);
    assert_holds(result.output, "images of 20x12");
    assert_holds(result.output, "Took ");
    program_result_clear(&result);
    free(outdir);
    free(data);
    free(network);
    destroy_networks(&parts);
    sg_context_destroy(context);
}

#define IN_FOLDER(test)                                                                            \
    cmocka_unit_test_setup_teardown(test, temporary_folder_setup, temporary_folder_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(pictures_do_not_depend_on_the_layout),
        IN_FOLDER(every_command_paints_rectangles),
        IN_FOLDER(formats_without_rectangles_say_so),
        IN_FOLDER(training_starts_from_a_fork),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
