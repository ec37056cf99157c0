/* Resizes of pictures and of planes of floats; see metric_case.h. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/sources/picture_transform.h"
#include "golden_test/metric_case.h"
#include "image/resize.h"
#include "image/resize_planes.h"

enum { KIND_BYTES = 60 };

/* "resize.KIND.WIDTHxHEIGHT": a case and its input. */
typedef struct resize_case {
    golden_case *test;
    const char *name;
    char kind[KIND_BYTES];
    size_t width, height;
    metric_tensor in;
} resize_case;

/* Makes a picture of the planes of 8-bit levels. */
static sg_image *image_of(const metric_tensor *in)
{
    sg_image *image = NULL;
    const size_t pixels = in->size[1] * in->size[2];
    if (!in->values || sg_image_create(in->size[2], in->size[1], in->size[0], &image, NULL))
        return NULL;
    for (size_t i = 0; i < in->count; i++)
        image->pixels[i % pixels * image->channels + i / pixels] = (uint8_t)in->values[i];
    return image;
}

/* Compares a picture, to the last bit. */
static void compare_image(const resize_case *resize, const sg_image *image, const sg_error *error)
{
    const size_t count = image ? sg_image_size(image) : 0;
    const size_t pixels = image ? image->width * image->height : 1;
    double *values = image ? malloc(count * sizeof *values) : NULL;
    for (size_t i = 0; i < count; i++)
        values[i % image->channels * pixels + i / image->channels] = image->pixels[i];
    metric_compare(resize->test, resize->name, values, count, 0, error);
    free(values);
}

static void run_image(const resize_case *resize, sg_resize_filter filter)
{
    sg_error error = {0};
    sg_image *resized = NULL;
    sg_image *image = image_of(&resize->in);
    if (image)
        sg_image_resize(image, resize->width, resize->height, filter, &resized, &error);
    compare_image(resize, resized, &error);
    sg_image_destroy(image);
    sg_image_destroy(resized);
}

/* What `dataset` does to a picture. */
static void run_dataset(const resize_case *resize, sg_transform_kind kind)
{
    const sg_picture_transform transform = {kind, resize->width, resize->height, SG_RESIZE_LANCZOS};
    sg_error error = {0};
    sg_image *image = image_of(&resize->in);
    sg_image *result = NULL;
    if (image)
        sg_transform_apply(&transform, image, &result, &error);
    compare_image(resize, result, &error);
    sg_image_destroy(image);
    sg_image_destroy(result);
}

static void run_planes(const resize_case *resize, sg_resize_filter filter, bool clips)
{
    sg_error error = {0};
    float *values = metric_floats(&resize->in);
    const size_t count = resize->in.size[0] * resize->width * resize->height;
    const sg_planes planes = {resize->in.size[0], resize->in.size[1], resize->in.size[2], values};
    float *resized = malloc((count + 1) * sizeof *resized);
    double *found = values ? malloc((count + 1) * sizeof *found) : NULL;
    if (values)
        sg_resize_planes(&planes, filter, resize->height, resize->width, resized, &error);
    if (clips)
        sg_clip_values(resized, count, 0, 255);
    for (size_t i = 0; found && i < count; i++)
        found[i] = (double)resized[i];
    metric_compare(resize->test, resize->name, found, count, METRIC_FLOAT_TOLERANCE, &error);
    free(values);
    free(resized);
    free(found);
}

/* The rest of `text` after `start`, or NULL. */
static const char *after(const char *text, const char *start)
{
    const size_t length = strlen(start);
    return strncmp(text, start, length) == 0 ? text + length : NULL;
}

static void run_case(const resize_case *resize)
{
    const char *u8 = after(resize->kind, "pil_u8.");
    const char *f32 = after(resize->kind, "pil_f32_clipped.");
    const char *dataset = after(resize->kind, "dataset.");
    const char *pillow = u8 ? u8 : f32;
    const int filter = pillow ? sg_choice_find(&sg_resize_choices, pillow) : -1;
    if (u8 && filter >= 0)
        run_image(resize, (sg_resize_filter)filter);
    else if (f32 && filter >= 0)
        run_planes(resize, (sg_resize_filter)filter, true);
    else if (dataset && strcmp(dataset, "scale") == 0)
        run_dataset(resize, SG_TRANSFORM_NONE);
    else if (dataset && strcmp(dataset, "center_crop") == 0)
        run_dataset(resize, SG_TRANSFORM_CENTER_CROP);
    else if (dataset && strcmp(dataset, "center_crop_wide") == 0)
        run_dataset(resize, SG_TRANSFORM_CENTER_CROP_WIDE);
    else if (strcmp(resize->kind, "torch_bilinear_halfpixel") == 0)
        run_planes(resize, SG_RESIZE_HALFPIXEL, false);
    else if (strcmp(resize->kind, "legacy_bilinear") == 0)
        run_planes(resize, SG_RESIZE_LEGACY, false);
    else if (strcmp(resize->kind, "torch_area") == 0)
        run_planes(resize, SG_RESIZE_CELL, false);
    else
        report_skip(resize->test->report, resize->test->name, resize->name,
                    "how this tensor was made is not known");
}

void run_resize(golden_case *test)
{
    for (size_t i = 0; i < sg_safetensors_count(test->expected); i++) {
        resize_case resize = {.test = test, .name = sg_safetensors_at(test->expected, i)->name};
        const char *end = strrchr(resize.name, '.');
        const char *kind = after(resize.name, "resize.");
        if (!kind || !end || end <= kind ||
            sscanf(end, ".%zux%zu", &resize.width, &resize.height) != 2)
            continue;
        snprintf(resize.kind, sizeof resize.kind, "%.*s", (int)(end - kind), kind);
        resize.in = metric_read(test, "resize.in");
        run_case(&resize);
        metric_free(&resize.in);
    }
}
