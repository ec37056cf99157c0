/* The command `directions` on the shipped faces: find, show, angles, orthogonalise, analyse. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/files/file.h"
#include "edit/directions/direction_file.h"
#include "support/program.h"
#include "support/temporary_folder.h"

#define FACES "models/faces-64.safetensors"
#define CLASSIFIER "models/faces-classifier.safetensors"
#define PROGAN "tests/golden/legacy/genforce-progan-16/generator.pth"
#define PLAIN "tests/golden/sg2-skip-32/network.safetensors"

/* Reads the directions that the program wrote. */
static sg_direction_set read_set(const char *path)
{
    sg_direction_set set = {0};
    sg_error error = {0};
    if (sg_direction_file_read(path, (sg_direction_shape){10, 128}, &set, &error))
        fail_msg("%s", error.message);
    return set;
}

static void assert_written(void *const *state, const char *name)
{
    char *path = temporary_path(state, name);
    if (!sg_path_exists(path))
        fail_msg("%s was not written", name);
    free(path);
}

/* Components of w, closed form of some layers, and the angles between them. */
static void test_without_labels(void **state)
{
    char *pca = temporary_path(state, "pca.safetensors");
    char *sefa = temporary_path(state, "sefa.npz");
    char *both = temporary_path(state, "both.safetensors");
    char *map = temporary_path(state, "angles.png");
    assert_done(RUN("directions", "find", "--network", FACES, "--method", "pca", "--num", "3",
                    "--samples", "300", "--output", pca),
                "3 directions are in");
    assert_done(RUN("directions", "find", "--network", FACES, "--method", "sefa", "--num", "2",
                    "--layers", "0-3", "--samples", "300", "--output", sefa),
                "closed form of layers 0 to 3");
    sg_direction_set set = read_set(sefa);
    assert_int_equal(set.count, 2);
    assert_int_equal(set.items[1].first, 0);
    assert_int_equal(set.items[1].last, 3);
    sg_direction_set_clear(&set);
    set = read_set(pca);
    assert_string_equal(set.items[2].name, "pc2");
    assert_true(set.items[0].sigma > set.items[1].sigma && set.items[1].sigma > 0);
    assert_true(set.items[0].useful_from < -1 && set.items[0].useful_to > 1);
    sg_direction_set_clear(&set);
    assert_done(RUN("directions", "angles", pca, sefa, "--output", map), "sefa1 (4)");
    assert_done(RUN("directions", "angles", pca, pca), "pca.safetensors/pc2 (5)");
    assert_done(RUN("directions", "orthogonalise", pca, sefa, "--output", both),
                "5 orthogonal directions");
    assert_done(RUN("directions", "angles", both), "90.0  90.0  90.0  90.0   0.0");
    assert_written(state, "angles.png");
    free(pca);
    free(sefa);
    free(both);
    free(map);
}

/* Without styles, the layer that takes z is factored, and edits move z. */
static void test_networks_without_styles(void **state)
{
    char *sefa = temporary_path(state, "sefa.npz");
    char *folder = temporary_path(state, "moved");
    assert_done(RUN("directions", "find", "--network", PROGAN, "--method", "sefa", "--num", "2",
                    "--samples", "20", "--output", sefa),
                "closed form of the first layer");
    assert_done(RUN("edit", "--network", PROGAN, "--directions", sefa, "--move", "sefa1=3",
                    "--seeds", "1", "--outdir", folder),
                "1 edited");
    assert_written(state, "moved/before-after.png");
    free(folder);
    free(sefa);
}

/* Attributes that a picture has together are one: its answer is the product of theirs. */
static void test_joint_attributes(void **state)
{
    char *found = temporary_path(state, "joint.safetensors");
    char *folder = temporary_path(state, "joint");
    char *table = temporary_path(state, "joint/answers.tsv");
    double values[4] = {0};
    assert_done(RUN("directions", "find", "--network", FACES, "--method", "gradient",
                    "--classifier", CLASSIFIER, "--attribute", "mouth_open+eyes_open", "--samples",
                    "3", "--output", found),
                "mouth_open+eyes_open: sigma");
    assert_done(RUN("directions", "show", "--network", FACES, "--directions", found, "--seeds", "0",
                    "--amounts", "0,0.5", "--classifier", CLASSIFIER, "--attribute",
                    "mouth_open,eyes_open,mouth_open+eyes_open", "--outdir", folder),
                "answers.tsv");
    FILE *file = fopen(table, "r");
    char line[512];
    assert_non_null(file);
    double before = 0;
    for (int i = 0; i < 3; i++) {
        assert_non_null(fgets(line, sizeof line, file));
        if (i == 0)
            continue;
        assert_int_equal(
            sscanf(line, "%*s %lf %lf %lf %lf", &values[0], &values[1], &values[2], &values[3]), 4);
        assert_true(fabs(values[1] * values[2] - values[3]) < 2e-4);
        assert_true(values[3] > before);
        before = values[3];
    }
    fclose(file);
    assert_fails(RUN("directions", "find", "--network", FACES, "--method", "gradient",
                     "--classifier", CLASSIFIER, "--attribute", "mouth_open+eyes_opne", "--output",
                     found),
                 2, "did you mean \"eyes_open\"");
    free(found);
    free(folder);
    free(table);
}

/* The classifier's attribute changes along its gradient, and not along what is orthogonal to it. */
static void test_attributes(void **state)
{
    char *found = temporary_path(state, "gradient.safetensors");
    char *channels = temporary_path(state, "channels.npz");
    char *folder = temporary_path(state, "strips");
    assert_done(RUN("directions", "find", "--network", FACES, "--method", "gradient",
                    "--classifier", CLASSIFIER, "--attribute", "mouth_open,20", "--condition", "20",
                    "--samples", "6", "--output", found),
                "conditioned on yellow");
    assert_done(RUN("directions", "angles", found), "90.0   0.0");
    assert_done(RUN("directions", "find", "--network", FACES, "--method", "stylespace",
                    "--classifier", CLASSIFIER, "--attribute", "20", "--samples", "2", "--num", "2",
                    "--output", channels),
                "3 directions are in");
    assert_done(RUN("directions", "show", "--network", FACES, "--directions", found, "--seeds",
                    "0,1", "--amounts", "-1,1", "--classifier", CLASSIFIER, "--outdir", folder),
                "answers.tsv");
    assert_written(state, "strips/yellow.png");
    assert_written(state, "strips/mouth_open.png");
    assert_written(state, "strips/answers.png");
    assert_written(state, "strips/answers.tsv");
    assert_done(RUN("directions", "show", "--network", FACES, "--directions", channels, "--seeds",
                    "3", "--amounts", "0,2", "--outdir", folder),
                "strips.png");
    assert_written(state, "strips/strips.png");
    assert_fails(RUN("directions", "show", "--network", FACES, "--directions", found, "--seeds",
                     "3", "--amounts", "0,1e30", "--outdir", folder),
                 2, "--amounts holds 1e+30");
    free(found);
    free(channels);
    free(folder);
}

static void test_boundary_and_features(void **state)
{
    char *found = temporary_path(state, "boundary.safetensors");
    char *features = temporary_path(state, "features.safetensors");
    assert_done(RUN("directions", "find", "--network", FACES, "--method", "boundary",
                    "--classifier", CLASSIFIER, "--attribute", "eyes_open", "--samples", "60",
                    "--output", found),
                "of those held back");
    assert_done(RUN("directions", "find", "--network", PLAIN, "--method", "pca", "--layer",
                    "b8.conv0", "--num", "2", "--samples", "12", "--output", features),
                "b8.conv0-pc1");
    free(found);
    free(features);
}

/* Names that differ in characters that no file's name has. */
static void test_names_of_files(void **state)
{
    double values[128] = {1};
    char *path = temporary_path(state, "names.npz");
    char *folder = temporary_path(state, "names");
    char *names[] = {(char *)"eyes/open", (char *)"eyes_open"};
    sg_direction_set set = {0};
    for (int i = 0; i < 2; i++) {
        const sg_direction direction =
            SG_DIRECTION(.name = names[i], .values = values, .rows = 1, .width = 128);
        assert_int_equal(sg_direction_set_add(&set, &direction, NULL), SG_OK);
    }
    assert_int_equal(sg_direction_file_write(path, &set, NULL), SG_OK);
    sg_direction_set_clear(&set);
    assert_done(RUN("directions", "show", "--network", FACES, "--directions", path, "--seeds",
                    "0,1", "--amounts", "0", "--outdir", folder),
                "2 directions are in");
    assert_written(state, "names/eyes_open.png");
    assert_written(state, "names/eyes_open-2.png");
    free(folder);
    free(path);
}

static void test_analyse(void **state)
{
    char *folder = temporary_path(state, "latents");
    assert_done(RUN("directions", "analyse", "--network", FACES, "--samples", "150", "--walks", "1",
                    "--steps", "3", "--classifier", CLASSIFIER, "--attribute", "eyes_open,yellow",
                    "--outdir", folder),
                "entanglement.png");
    assert_written(state, "latents/whitened.png");
    assert_written(state, "latents/paths.png");
    assert_written(state, "latents/entanglement.png");
    free(folder);
}

static void test_wrong_uses(void **state)
{
    char *path = temporary_path(state, "none.safetensors");
    assert_fails(RUN("directions"), 2, "what to do is missing");
    assert_fails(RUN("directions", "fnd"), 2, "did you mean \"find\"");
    assert_fails(
        RUN("directions", "find", "--network", FACES, "--method", "boundary", "--output", path), 2,
        "needs a --classifier and an --attribute");
    assert_fails(RUN("directions", "find", "--network", FACES, "--method", "gradient",
                     "--classifier", CLASSIFIER, "--attribute", "mouth_smilling", "--output", path),
                 2, "did you mean \"mouth_smiling\"");
    assert_fails(RUN("directions", "find", "--network", FACES, "--method", "gradient",
                     "--classifier", FACES, "--attribute", "0", "--output", path),
                 2, "is a discriminator, not a classifier");
    assert_fails(RUN("directions", "find", "--network", PLAIN, "--method", "gradient",
                     "--classifier", CLASSIFIER, "--attribute", "0", "--output", path),
                 2, "looks at 64x64 pictures");
    assert_fails(RUN("directions", "find", "--network", FACES, "--method", "pca", "--layer",
                     "b16.conv7", "--samples", "12", "--output", path),
                 2, "b16.conv7");
    assert_fails(RUN("directions", "find", "--network", FACES, "--method", "pca", "--layers", "4-2",
                     "--output", path),
                 2, "4-2");
    assert_fails(RUN("directions", "find", "--network", FACES, "--method", "boundary", "--w",
                     "w.npz", "--output", path),
                 2, "--w and --labels go together");
    assert_fails(RUN("directions", "find", "--network", FACES, "--method", "gradient",
                     "--classifier", CLASSIFIER, "--attribute", "0", "--condition", "yellow",
                     "--output", path),
                 2, "neither in --attribute nor in --directions");
    assert_fails(
        RUN("directions", "find", "--network", FACES, "--method", "pca", "--output", "pca.pkl"), 2,
        "--output is \"pca.pkl\", but must end in .safetensors or .npz");
    assert_fails(RUN("directions", "find", "--network", FACES, "--method", "sefa", "--num", "129",
                     "--samples", "10", "--output", "sefa.npz"),
                 2, "--num is 129, but must be from 1 to 128");
    assert_fails(RUN("directions", "find", "--network", FACES, "--method", "pca", "--layer",
                     "b16.conv1", "--num", "50", "--samples", "50", "--output", path),
                 2, "--samples is 50, but must be more than the 50 directions to find");
    assert_fails(RUN("directions", "angles", CLASSIFIER), 1, "shape");
    assert_fails(RUN("directions", "angles", CLASSIFIER, "--output", CLASSIFIER), 2,
                 "is read and would be replaced");
    assert_fails(RUN("directions", "orthogonalise", CLASSIFIER, "--output", CLASSIFIER), 2,
                 "is read and would be replaced");
    assert_fails(RUN("directions", "find", "--network", FACES, "--method", "pca", "--samples", "12",
                     "--output", FACES),
                 2, "is read and would be replaced");
    assert_fails(
        RUN("directions", "analyse", "--network", FACES, "--samples", "100", "--outdir", path), 2,
        "more than the 128 numbers of w");
    assert_false(sg_path_exists(path));
    free(path);
}

static void test_help(void **state)
{
    (void)state;
    assert_done(RUN("directions", "--help"), "directions orthogonalise");
    assert_done(RUN("directions", "find", "--help"), "--method NAME");
    assert_done(RUN("help", "directions", "show"), "--amounts LIST");
    assert_done(RUN("help", "--manual", "directions"), "stylegan directions analyse");
    assert_done(RUN("help", "--completions", "bash"), "find show angles orthogonalise analyse");
}

#define IN_FOLDER(test)                                                                            \
    cmocka_unit_test_setup_teardown(test, temporary_folder_setup, temporary_folder_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(test_networks_without_styles),
        IN_FOLDER(test_without_labels),
        IN_FOLDER(test_attributes),
        IN_FOLDER(test_joint_attributes),
        IN_FOLDER(test_boundary_and_features),
        IN_FOLDER(test_names_of_files),
        IN_FOLDER(test_analyse),
        IN_FOLDER(test_wrong_uses),
        cmocka_unit_test(test_help),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
