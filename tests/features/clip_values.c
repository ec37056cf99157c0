/*
 * Writes what CLIP of ViT-B/32's size with filled weights makes of pictures and texts, for
 * tests/features/torch_differential.sh to compare with PyTorch:
 *
 *     clip-values write FOLDER
 *     clip-values values FOLDER FILE
 *     clip-values time FOLDER FILE BATCH THREADS
 *
 * The first writes FOLDER/weights.safetensors, FOLDER/pictures (raw floats [COUNT, 3, 224, 224], as
 * the tower takes them) and FOLDER/tokens (32-bit integers [COUNT, 77]). The second opens the
 * network from FILE and writes FOLDER/image and FOLDER/text (raw floats). The third prints the
 * seconds that the image tower takes for BATCH of the pictures, the least of three runs.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/files/atomic_file.h"
#include "base/files/file.h"
#include "base/files/input_file.h"
#include "base/parallel.h"
#include "features/clip/clip.h"
#include "ops/layout.h"
#include "support/filled_clip.h"
#include "support/filled_network.h"

enum {
    COUNT = 16,
    SIDE = 224,
    CONTEXT = 77,
    VALUES = 3 * SIDE * SIDE,
    PATH_BYTES = 4096,
    RUNS = 3
};

static const char *in_folder(const char *folder, const char *name, char path[PATH_BYTES])
{
    snprintf(path, PATH_BYTES, "%s/%s", folder, name);
    return path;
}

/* ---- inputs ---- */

static sg_status write_pictures(const char *folder, sg_error *error)
{
    char path[PATH_BYTES];
    double *values = malloc((size_t)COUNT * VALUES * sizeof *values);
    float *floats = malloc((size_t)COUNT * VALUES * sizeof *floats);
    sg_status status = values && floats ? SG_OK : sg_fail_memory(error, "pictures");
    if (!status) {
        fill_values("pictures", 4, -2, (size_t)COUNT * VALUES, values);
        for (size_t i = 0; i < (size_t)COUNT * VALUES; i++)
            floats[i] = (float)values[i];
        status = sg_write_file(in_folder(folder, "pictures", path), floats,
                               (size_t)COUNT * VALUES * sizeof *floats, error);
    }
    free(values);
    free(floats);
    return status;
}

/* Rows of a start, some tokens, an end, and zeros. */
static sg_status write_tokens(const char *folder, sg_error *error)
{
    char path[PATH_BYTES];
    double values[CONTEXT];
    int32_t tokens[COUNT * CONTEXT] = {0};
    for (int row = 0; row < COUNT; row++) {
        char name[40];
        const int length = 1 + row * (CONTEXT - 2) / (COUNT - 1);
        snprintf(name, sizeof name, "tokens.%d", row);
        fill_values(name, 49000, 0, CONTEXT, values);
        tokens[row * CONTEXT] = 49406;
        for (int i = 1; i < length; i++)
            tokens[row * CONTEXT + i] = (int32_t)values[i];
        tokens[row * CONTEXT + length] = 49407;
    }
    return sg_write_file(in_folder(folder, "tokens", path), tokens, sizeof tokens, error);
}

static sg_status write_inputs(const char *folder, sg_error *error)
{
    char path[PATH_BYTES];
    SG_TRY(write_filled_clip(in_folder(folder, "weights.safetensors", path), &full_clip,
                             FILLED_CLIP_OPENAI, error));
    SG_TRY(write_pictures(folder, error));
    return write_tokens(folder, error);
}

/* ---- values ---- */

/* Reads the first `count` pictures, channels last. */
static sg_tensor *read_pictures(sg_context *context, const char *folder, int64_t count,
                                sg_error *error)
{
    char path[PATH_BYTES];
    unsigned char *bytes = NULL;
    size_t size = 0;
    sg_tensor *pictures = NULL;
    if (!sg_read_file(in_folder(folder, "pictures", path), (size_t)1 << 30, &bytes, &size, error))
        pictures = sg_to_channels_last(sg_tensor_from_floats(
            context, SG_F32, SG_SHAPE(count, 3, SIDE, SIDE), (const float *)(const void *)bytes));
    free(bytes);
    return pictures;
}

static sg_status write_tensor(const char *folder, const char *name, const sg_tensor *tensor,
                              sg_error *error)
{
    char path[PATH_BYTES];
    return sg_write_file(in_folder(folder, name, path), sg_f32(tensor),
                         (size_t)sg_tensor_count(tensor) * sizeof(float), error);
}

static sg_status write_values(const char *folder, const sg_clip *clip, sg_context *context,
                              sg_error *error)
{
    char path[PATH_BYTES];
    unsigned char *tokens = NULL;
    size_t size = 0;
    sg_tensor *pictures = read_pictures(context, folder, COUNT, error);
    sg_status status =
        sg_read_file(in_folder(folder, "tokens", path), 1 << 20, &tokens, &size, error);
    sg_tensor *image = sg_clip_image(clip, pictures);
    sg_tensor *text =
        status ? NULL : sg_clip_tokens(clip, (const int32_t *)(const void *)tokens, COUNT);
    free(tokens);
    SG_TRY(sg_context_take_error(context, error));
    if (!image || !text)
        return SG_ERROR_FILE;
    SG_TRY(write_tensor(folder, "image", image, error));
    return write_tensor(folder, "text", text, error);
}

/* Prints the least time of a few runs, after one that packs the weights. */
static sg_status print_time(const char *folder, const sg_clip *clip, sg_context *context,
                            int64_t batch, sg_error *error)
{
    double least = 1e9;
    sg_tensor *pictures = read_pictures(context, folder, batch, error);
    for (int run = 0; run <= RUNS; run++) {
        const size_t scope = sg_scope_open(context);
        const double start = sg_clock_seconds();
        (void)sg_clip_image(clip, pictures);
        const double seconds = sg_clock_seconds() - start;
        least = run > 0 && seconds < least ? seconds : least;
        sg_scope_close(context, scope, NULL);
    }
    printf("%.6f\n", least);
    return sg_context_take_error(context, error);
}

static sg_status run(int count, char **arguments, sg_error *error)
{
    if (strcmp(arguments[1], "write") == 0)
        return write_inputs(arguments[2], error);
    const bool timed = strcmp(arguments[1], "time") == 0 && count > 5;
    sg_context *context = sg_context_create(timed ? atoi(arguments[5]) : 0);
    const char *file = arguments[3];
    sg_clip *clip = NULL;
    if (!context)
        return sg_fail_memory(error, "a context");
    const size_t scope = sg_scope_open(context);
    sg_status status = sg_clip_find(&clip, context, SG_F32, &file, 1, error);
    if (!status)
        status = timed ? print_time(arguments[2], clip, context, atoi(arguments[4]), error)
                       : write_values(arguments[2], clip, context, error);
    sg_scope_close(context, scope, NULL);
    sg_clip_close(clip);
    sg_context_destroy(context);
    return status;
}

int main(int count, char **arguments)
{
    sg_error error = {0};
    if (count < 3 || (count < 4 && strcmp(arguments[1], "write") != 0)) {
        fputs("usage: clip-values write FOLDER\n"
              "       clip-values values FOLDER FILE\n"
              "       clip-values time FOLDER FILE BATCH THREADS\n",
              stderr);
        return 2;
    }
    if (run(count, arguments, &error)) {
        fprintf(stderr, "%s\n", error.message);
        return 1;
    }
    return 0;
}
