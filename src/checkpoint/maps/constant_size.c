/*
 * The size of the constant. Programs with a changed constant, and forks for rectangles, name blocks
 * by the resolutions of square networks, 4, 8, 16 ...; the pictures follow the constant.
 *
 * Tested by: tests/checkpoint/maps/test_map_official.c
 */
#include "checkpoint/maps/constant_size.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/fields.h"

enum { USUAL_SIDE = 4 };

/* The sides of a constant; 0x0: not known. */
typedef struct constant_size {
    int height, width;
} constant_size;

static constant_size read_size(const cJSON *init_kwargs)
{
    const cJSON *given = cJSON_GetObjectItemCaseSensitive(init_kwargs, "init_res");
    const cJSON *height = cJSON_GetArrayItem(given, 0);
    const cJSON *width = cJSON_GetArrayItem(given, 1);
    const bool two = cJSON_IsArray(given) && cJSON_GetArraySize(given) == 2;
    if (!two || !cJSON_IsNumber(height) || !cJSON_IsNumber(width))
        return (constant_size){0};
    return (constant_size){height->valueint, width->valueint};
}

static bool is_usual(constant_size size)
{
    return size.height == USUAL_SIDE && size.width == USUAL_SIDE;
}

static int64_t pixels_of(constant_size size)
{
    return (int64_t)size.height * size.width;
}

static const sg_network_tensor *find(const sg_network_contents_part *part, const char *name)
{
    for (size_t i = 0; i < part->count; i++)
        if (strcmp(part->tensors[i].name, name) == 0)
            return &part->tensors[i];
    return NULL;
}

static cJSON *arguments_of(const sg_network_contents *contents, sg_network_part part)
{
    cJSON *entry = cJSON_GetObjectItemCaseSensitive(contents->config, sg_network_part_name(part));
    return cJSON_GetObjectItemCaseSensitive(entry, "init_kwargs");
}

/* ---- setting ---- */

static sg_status put(const sg_network_contents *contents, sg_network_part part, const char *key,
                     cJSON *value, sg_error *error)
{
    cJSON *arguments = arguments_of(contents, part);
    cJSON_DeleteItemFromObjectCaseSensitive(arguments, key);
    return sg_json_add(arguments, key, value) ? SG_OK : sg_fail_memory(error, "%s", contents->path);
}

static sg_status put_size(const sg_network_contents *contents, sg_network_part part,
                          constant_size size, sg_error *error)
{
    const int sides[] = {size.height, size.width};
    return put(contents, part, "init_res", cJSON_CreateIntArray(sides, 2), error);
}

/* Sets the resolution from the number of blocks, which are named by powers of two. */
static sg_status put_resolution(const sg_network_contents *contents, sg_network_part part,
                                const char *format, sg_error *error)
{
    enum { MOST_BLOCKS = 16 };
    int resolution = USUAL_SIDE;
    for (int i = 1; i < MOST_BLOCKS; i++) {
        char name[64];
        snprintf(name, sizeof name, format, 2 * resolution);
        if (!find(&contents->parts[part], name))
            break;
        resolution *= 2;
    }
    return resolution == USUAL_SIDE
               ? SG_OK
               : put(contents, part, "img_resolution", cJSON_CreateNumber(resolution), error);
}

/* ---- generators ---- */

static sg_status derive_generator(const sg_network_contents *contents, sg_network_part part,
                                  sg_error *error)
{
    const sg_network_tensor *constant = find(&contents->parts[part], "synthesis.b4.const");
    if (!constant || constant->rank != 3 || constant->size[1] > INT_MAX ||
        constant->size[2] > INT_MAX)
        return SG_OK;
    const constant_size found = {(int)constant->size[1], (int)constant->size[2]};
    const constant_size given = read_size(arguments_of(contents, part));
    if (is_usual(found) && (given.height == 0 || is_usual(given)))
        return SG_OK;
    SG_TRY(put_size(contents, part, found, error));
    return put_resolution(contents, part, "synthesis.b%d.conv1.weight", error);
}

/* ---- discriminators ---- */

/* Returns the sides' product: the inputs of the first linear layer for each channel. */
static int64_t pixels_of_discriminator(const sg_network_contents *contents)
{
    const sg_network_contents_part *part = &contents->parts[SG_PART_D];
    const sg_network_tensor *linear = find(part, "b4.fc.weight");
    const sg_network_tensor *convolution = find(part, "b4.conv.weight");
    if (!linear || !convolution || linear->rank != 2 || convolution->rank != 4 ||
        convolution->size[0] == 0 || linear->size[1] % convolution->size[0] != 0)
        return 0;
    return linear->size[1] / convolution->size[0];
}

static sg_status derive_discriminator(sg_network_contents *contents, sg_error *error)
{
    const int64_t pixels = pixels_of_discriminator(contents);
    constant_size size = read_size(arguments_of(contents, SG_PART_D));
    if (pixels == 0 || pixels == pixels_of(size) ||
        (pixels == USUAL_SIDE * USUAL_SIDE && size.height == 0))
        return size.height == 0 || is_usual(size)
                   ? SG_OK
                   : put_resolution(contents, SG_PART_D, "b%d.conv0.weight", error);
    size = read_size(arguments_of(contents, SG_PART_G_EMA));
    if (pixels != pixels_of(size))
        size = read_size(arguments_of(contents, SG_PART_G));
    if (pixels != pixels_of(size))
        return sg_network_contents_refuse(
            contents, SG_PART_D, error,
            "%.150s: the last block of D takes %lld pixels for each channel, and nothing in the "
            "file says how high and wide they are: \"init_res\" is [height, width]",
            contents->path, (long long)pixels);
    SG_TRY(put_size(contents, SG_PART_D, size, error));
    return put_resolution(contents, SG_PART_D, "b%d.conv0.weight", error);
}

/* Forks may say the resolution as [height, width]: the blocks tell it. */
static sg_status replace_resolution_list(const sg_network_contents *contents, sg_network_part part,
                                         sg_error *error)
{
    const cJSON *given =
        cJSON_GetObjectItemCaseSensitive(arguments_of(contents, part), "img_resolution");
    return cJSON_IsArray(given)
               ? put_resolution(
                     contents, part,
                     part == SG_PART_D ? "b%d.conv0.weight" : "synthesis.b%d.conv1.weight", error)
               : SG_OK;
}

sg_status sg_constant_size_derive(sg_network_contents *contents, sg_error *error)
{
    for (int part = 0; part < SG_PART_E; part++)
        SG_TRY(replace_resolution_list(contents, (sg_network_part)part, error));
    if (arguments_of(contents, SG_PART_G))
        SG_TRY(derive_generator(contents, SG_PART_G, error));
    if (arguments_of(contents, SG_PART_G_EMA))
        SG_TRY(derive_generator(contents, SG_PART_G_EMA, error));
    return arguments_of(contents, SG_PART_D) ? derive_discriminator(contents, error) : SG_OK;
}
