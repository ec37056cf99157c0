/* Tiny training runs. */
#include "support/tiny_run.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/files/file.h"
#include "base/files/input_file.h"
#include "support/idx_file.h"
#include "support/networks.h"
#include "support/temporary_folder.h"
#include "train/options/training_fields.h"
#include "train/run/run_folder.h"

enum { IMAGES = 16, SIDE = 8, LARGEST_FILE = 1 << 24 };

int tiny_run_setup(void **state)
{
    const int code = temporary_folder_setup(state);
    if (code)
        return code;
    const idx_file images = idx_images(IMAGES, SIDE, SIDE);
    const idx_file labels = idx_labels(IMAGES);
    char *images_path = temporary_path(state, "images-idx3-ubyte");
    char *labels_path = temporary_path(state, "labels-idx1-ubyte");
    idx_write(images_path, &images);
    idx_write(labels_path, &labels);
    free(images_path);
    free(labels_path);
    return 0;
}

int tiny_run_teardown(void **state)
{
    return temporary_folder_teardown(state);
}

char *tiny_run_data(void *const *state)
{
    return temporary_path(state, "images-idx3-ubyte");
}

char *tiny_run_outdir(void *const *state)
{
    return temporary_path(state, "runs");
}

sg_run_options tiny_run_options(const char *data, const char *outdir)
{
    sg_run_options options = sg_run_options_default();
    options.trainer.generator = tiny_generator_config(SG_ARCHITECTURE_SKIP, 1, 0);
    options.trainer.discriminator = tiny_discriminator_config(SG_ARCHITECTURE_RESNET, 1, 0);
    options.trainer.batch = 8;
    options.data = data;
    options.outdir = outdir;
    options.kimg = 0.064;
    options.tick = 0.032;
    options.snap = 1;
    return options;
}

/* What a resumed run may change besides its folder: the members that are set. */
static sg_given given_of(const sg_run_options *options)
{
    sg_given given = {0};
    const struct {
        bool set;
        size_t offset;
    } members[] = {{options->data != NULL, offsetof(sg_run_options, data)},
                   {options->kimg > 0, offsetof(sg_run_options, kimg)},
                   {options->tick > 0, offsetof(sg_run_options, tick)},
                   {options->snap > 0, offsetof(sg_run_options, snap)},
                   {options->nan_rollback, offsetof(sg_run_options, nan_rollback)},
                   {options->dry_run, offsetof(sg_run_options, dry_run)}};
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        if (members[i].set)
            sg_given_set_at(&sg_training_table, &given, members[i].offset);
    return given;
}

static sg_status run_tiny(sg_context *context, const sg_run_options *options,
                          const sg_run_callbacks *callbacks, char *folder, sg_error *error)
{
    const sg_given given = given_of(options);
    return sg_run(context, options, options->resume ? &given : NULL, callbacks, folder,
                  SG_PATH_BYTES, error);
}

char *run_to_end(const sg_run_options *options, const sg_run_callbacks *callbacks)
{
    sg_error error = {0};
    char *folder = calloc(SG_PATH_BYTES, 1);
    sg_context *context = sg_context_create(1);
    assert_non_null(folder);
    assert_non_null(context);
    if (run_tiny(context, options, callbacks, folder, &error))
        fail_msg("%s", error.message);
    assert_string_equal(error.message, "");
    assert_int_equal(context->error.status, SG_OK);
    sg_context_destroy(context);
    return folder;
}

void assert_run_refused(const sg_run_options *options, sg_status status, const char *part)
{
    char folder[SG_PATH_BYTES];
    sg_error error = {0};
    sg_context *context = sg_context_create(1);
    assert_non_null(context);
    assert_int_equal(run_tiny(context, options, NULL, folder, &error), status);
    if (!strstr(error.message, part))
        fail_msg("\"%s\" was expected in: %s", part, error.message);
    sg_context_destroy(context);
}

unsigned char *bytes_of(const char *folder, const char *name, size_t *size)
{
    sg_error error = {0};
    unsigned char *bytes = NULL;
    char *path = sg_path_join(folder, name);
    if (sg_read_file(path, LARGEST_FILE, &bytes, size, &error))
        fail_msg("%s", error.message);
    free(path);
    return bytes;
}

void assert_in_folder(const char *folder, const char *name)
{
    char *path = sg_path_join(folder, name);
    if (!sg_path_exists(path))
        fail_msg("%s is missing", path);
    free(path);
}

void assert_same_file(const char *folder, const char *other_folder, const char *name)
{
    size_t size = 0;
    size_t other_size = 0;
    unsigned char *bytes = bytes_of(folder, name, &size);
    unsigned char *other_bytes = bytes_of(other_folder, name, &other_size);
    if (size != other_size || memcmp(bytes, other_bytes, size) != 0)
        fail_msg("%s differs between %s and %s", name, folder, other_folder);
    free(bytes);
    free(other_bytes);
}

char *only_run(const char *outdir)
{
    char *found = NULL;
    DIR *directory = opendir(outdir);
    if (!directory)
        return NULL;
    for (const struct dirent *entry; (entry = readdir(directory));)
        if (entry->d_name[0] != '.') {
            assert_null(found);
            found = sg_path_join(outdir, entry->d_name);
        }
    closedir(directory);
    return found;
}

double statistic_at(const char *folder, const char *name, int tick)
{
    char *text = (char *)bytes_of(folder, "stats.jsonl", &(size_t){0});
    const char *line = text;
    double mean = 0;
    for (int i = 0; i < tick; i++)
        line = strchr(line, '\n') + 1;
    const char *found = strstr(line, name);
    assert_non_null(found);
    assert_int_equal(sscanf(strstr(found, "\"mean\":"), "\"mean\":%lf", &mean), 1);
    free(text);
    return mean;
}
