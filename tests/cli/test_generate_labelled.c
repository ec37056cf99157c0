/*
 * `generate --labelled`: numbers of each class, layouts as data sets read them, rejection by a
 * classifier, real pictures among painted ones, and what is refused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "checkpoint/network/network_writer.h"
#include "support/dataset_run.h"
#include "support/generated.h"
#include "support/networks.h"
#include "support/program.h"
#include "support/temporary_folder.h"

#define DIGITS "models/digits-32.safetensors"
#define CLASSIFIER "models/digits-classifier.safetensors"

enum { CLASSES = 5 /* of CONDITIONAL */, MOST_CLASSES = 10 };

/* Runs `generate --labelled` into "folder/NAME". */
static program_result label(void *const *state, const char *name, const char *const *more)
{
    const char *arguments[30] = {"generate", "--labelled", "--outdir"};
    char *path = temporary_path(state, name);
    size_t count = 3;
    arguments[count++] = path;
    for (size_t i = 0; more[i]; i++)
        arguments[count++] = more[i];
    const program_result result = run_program(arguments);
    free(path);
    return result;
}

#define LABEL(name, ...) label(state, name, (const char *const[]){__VA_ARGS__, NULL})

/* The set must have these numbers of pictures of each class. */
static void assert_counts(void *const *state, const char *name, const int *expected, int classes)
{
    int counts[MOST_CLASSES] = {0};
    sg_dataset *set = open_set(state, name);
    const sg_dataset_info info = sg_dataset_info_of(set);
    assert_int_equal(info.label_count, classes);
    for (size_t i = 0; i < info.image_count; i++) {
        int found = -1;
        assert_int_equal(sg_dataset_label(set, i, &found, NULL), SG_OK);
        assert_in_range(found, 0, classes - 1);
        counts[found]++;
    }
    for (int i = 0; i < classes; i++)
        assert_int_equal(counts[i], expected[i]);
    sg_dataset_destroy(set);
}

static void each_seed_is_painted_for_each_class(void **state)
{
    static const int expected[CLASSES] = {2, 2, 2, 2, 2};
    static const char *const layouts[] = {"folders", "json", "csv"};
    static const char *const files[] = {"folders/3/seed0007.png", "json/00000/img00000007.png",
                                        "csv/class3-seed0007.png"};
    for (int i = 0; i < 3; i++) {
        assert_done(
            LABEL(layouts[i], "--network", CONDITIONAL, "--seeds", "4,7", "--layout", layouts[i]),
            "class 4: 2 painted");
        assert_counts(state, layouts[i], expected, CLASSES);
        assert_true(is_there(state, files[i]));
        assert_remark(state, files[i], "seed", "7");
        assert_remark(state, files[i], "class", "3");
    }
    assert_true(is_there(state, "csv/labels.csv"));
    assert_true(is_there(state, "folders/dataset.json"));
    /* The same pictures as without labels. */
    assert_done(GENERATE("--network", CONDITIONAL, "--seeds", "7", "--class", "3"), "1 picture");
    assert_same_pictures(state, "seed0007.png", files[0], true);
}

static void shares_divide_the_pictures(void **state)
{
    static const int equal[CLASSES] = {3, 3, 2, 2, 2};
    static const int given[CLASSES] = {7, 0, 2, 1, 1};
    assert_done(LABEL("equal.zip", "--network", CONDITIONAL, "--num", "12"), "is in");
    assert_counts(state, "equal.zip", equal, CLASSES);
    assert_done(
        LABEL("given", "--network", CONDITIONAL, "--num", "11", "--shares", "0.6,0,0.2,0.1,0.1"),
        "class 1: 0 painted");
    assert_counts(state, "given", given, CLASSES);
    assert_done(
        LABEL("two", "--network", CONDITIONAL, "--num", "4", "--class", "2,4", "--shares", "3,1"),
        "class 2: 3 painted");
    assert_true(is_there(state, "two/2/seed0002.png"));
    assert_true(is_there(state, "two/4/seed0000.png"));
    assert_absent(state, "two/4/seed0001.png");
}

/* Seed 8 of class 5 is the first that the classifier does not recognise so surely. */
static void a_classifier_rejects(void **state)
{
    char *path = temporary_path(state, "sure");
    assert_done(LABEL("plain", "--network", DIGITS, "--num", "20", "--class", "5"), "20 painted");
    program_result result = LABEL("sure", "--network", DIGITS, "--num", "20", "--class", "5",
                                  "--classifier", CLASSIFIER, "--confidence", "0.99");
    assert_int_equal(result.status, 0);
    int painted = 0;
    int tried = 0;
    assert_int_equal(sscanf(result.output, "class 5: %d painted of %d", &painted, &tried), 2);
    assert_int_equal(painted, 20);
    assert_true(tried > 20);
    program_result_clear(&result);
    result = RUN("score", "--network", CLASSIFIER, "--json", path);
    for (char *line = strtok(result.output, "\n"); line; line = strtok(NULL, "\n")) {
        char *list = strchr(line, '[');
        double values[MOST_CLASSES];
        assert_non_null(list);
        for (int i = 0; i < MOST_CLASSES; i++)
            values[i] = strtod(list + 1, (char **)&list);
        assert_true(values[5] >= 0.99 - 1e-4);
    }
    program_result_clear(&result);
    free(path);
}

/* The classifier tells the classes where the network has none. */
static void a_network_without_classes_needs_a_classifier(void **state)
{
    assert_fails(LABEL("none", "--network", NETWORK, "--num", "4"), 2,
                 "needs --classifier, which tells them");
    assert_fails(LABEL("none", "--network", NETWORK, "--num", "4", "--classifier", CLASSIFIER), 1,
                 "takes pictures of 32x32 with 1");
    assert_false(is_there(state, "none"));
}

/* Writes a classifier of three classes for the pictures of a tiny generator. */
static void write_classifier(const char *path, int side)
{
    sg_context *context = sg_context_create(1);
    sg_discriminator_config config = tiny_discriminator_config(SG_ARCHITECTURE_RESNET, 1, 3);
    config.img_resolution = side;
    config.output = SG_OUTPUT_CLASSES;
    config.mbstd_num_channels = 0;
    sg_discriminator *network = tiny_discriminator(context, &config, SG_F32, 7);
    const sg_network_parts parts = {.discriminator = network};
    assert_int_equal(sg_network_save(path, &parts, NULL, 0, NULL), SG_OK);
    sg_discriminator_destroy(network);
    sg_context_destroy(context);
}

/* Random networks have favourites: a class may come out complete, or never. */
static void the_classifier_tells_classes(void **state)
{
    static const char *const shares[] = {"1,0,0", "0,1,0", "0,0,1"};
    const sg_generator_config config = tiny_generator_config(SG_ARCHITECTURE_SKIP, 1, 0);
    char *generator = temporary_path(state, "generator.safetensors");
    char *classifier = temporary_path(state, "classifier.safetensors");
    int complete = 0;
    save_tiny_generator(generator, &config, 3);
    write_classifier(classifier, config.img_resolution);
    for (int i = 0; i < 3; i++) {
        char name[16];
        int expected[3] = {0};
        expected[i] = 4;
        snprintf(name, sizeof name, "set-%d", i);
        program_result result = LABEL(name, "--network", generator, "--num", "4", "--shares",
                                      shares[i], "--classifier", classifier, "--confidence", "0");
        if (result.status == 0) {
            assert_counts(state, name, expected, i + 1);
            complete++;
        } else {
            assert_int_equal(result.status, 1);
            assert_holds(result.errors, "1000 pictures in a row are of classes that are complete");
            assert_false(is_there(state, name));
        }
        program_result_clear(&result);
    }
    assert_true(complete > 0);
    free(generator);
    free(classifier);
}

static void real_pictures_join(void **state)
{
    static const int expected[CLASSES] = {5, 3, 3, 3, 3};
    char *real = temporary_path(state, "real");
    assert_done(LABEL("real", "--network", CONDITIONAL, "--seeds", "50-51"), "is in");
    assert_done(LABEL("both", "--network", CONDITIONAL, "--num", "7", "--shares", "3,1,1,1,1",
                      "--with", real),
                "class 0: 3 painted, 2 of ");
    assert_counts(state, "both", expected, CLASSES);
    assert_true(is_there(state, "both/0/real000000.png"));
    assert_same_pictures(state, "both/0/real000000.png", "real/0/seed0050.png", true);
    assert_fails(LABEL("other", "--network", DIGITS, "--num", "10", "--with", real), 1,
                 "has 16x16 pixels with 1 channels, but the painted pictures have 32x32 with 1");
    assert_false(is_there(state, "other"));
    /* A seed given twice is one picture. */
    assert_done(LABEL("set.zip", "--network", CONDITIONAL, "--seeds", "5,5,4-5"),
                "class 0: 2 painted");
    char *archive = temporary_path(state, "set.zip");
    assert_fails(LABEL("set.zip", "--network", CONDITIONAL, "--seeds", "1", "--with", archive), 2,
                 "which the new set would replace");
    free(archive);
    free(real);
}

static void what_cannot_be_is_refused(void **state)
{
    assert_fails(LABEL("no", "--network", CONDITIONAL), 2, "--seeds");
    assert_fails(LABEL("no", "--network", CONDITIONAL, "--num", "4", "--shares", "1,2"), 2,
                 "--shares has 2 numbers, but must have 5");
    assert_fails(LABEL("no", "--network", CONDITIONAL, "--num", "4", "--shares", "1,1,1,-1,1"), 2,
                 "must have no number below 0");
    assert_fails(LABEL("no", "--network", CONDITIONAL, "--num", "4", "--shares", "0,0,0,0,0"), 2,
                 "one must be above 0");
    assert_fails(LABEL("no", "--network", CONDITIONAL, "--num", "4", "--trunc", "0,1"), 2,
                 "one truncation");
    assert_fails(LABEL("no", "--network", CONDITIONAL, "--num", "4", "--grid", "2x2"), 2,
                 "--labelled and --grid exclude each other");
    assert_fails(LABEL("no", "--network", CONDITIONAL, "--num", "4", "--classifier", CLASSIFIER), 2,
                 "knows 10 classes, but");
    assert_fails(LABEL("no", "--network", DIGITS, "--num", "4", "--classifier",
                       "models/faces-classifier.safetensors"),
                 2, "no classifier of classes");
    assert_fails(LABEL("no", "--network", CONDITIONAL, "--num", "9", "--seeds", "4294967295"), 2,
                 "no seeds after the last");
    assert_fails(GENERATE("--network", CONDITIONAL, "--seeds", "1", "--class", "1", "--num", "4"),
                 2, "--num belongs to --labelled");
    /* At psi 0 every picture of a class is the average one. */
    assert_fails(LABEL("no", "--network", DIGITS, "--class", "8", "--num", "2", "--trunc", "0",
                       "--classifier", CLASSIFIER, "--confidence", "1"),
                 1, "lower it");
    assert_false(is_there(state, "no"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_seed_is_painted_for_each_class, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(shares_divide_the_pictures, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(a_classifier_rejects, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(a_network_without_classes_needs_a_classifier,
                                        temporary_folder_setup, temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(the_classifier_tells_classes, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(real_pictures_join, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(what_cannot_be_is_refused, temporary_folder_setup,
                                        temporary_folder_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
