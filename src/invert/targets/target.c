/* Reads targets and makes them pictures of a network's size. */
#include "invert/targets/target.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/files/file.h"
#include "base/files/input_file.h"
#include "base/text.h"
#include "data/kinds/open_dataset.h"
#include "data/sources/picture_transform.h"
#include "image/channels.h"
#include "image/files/picture_file.h"

enum { LEAST_SHARE = 8 /* a part has at least 1/8 of the network's pixels along a side */ };

/* Where a target's picture is: a file, or a picture of a collection. */
typedef struct sg_target_place {
    const sg_picture_source *source; /* NULL: the target's path is a file */
    size_t index;
} sg_target_place;

/* ---- opening ---- */

/* Names a target after its file, without folders and ending; the collection's folders stay. No name
 * begins with a point: "...png" would be the folder above. */
static char *name_after(const char *path)
{
    char *name = sg_duplicate_text(path);
    char *dot = name ? strrchr(name, '.') : NULL;
    if (dot && dot != name && !strchr(dot, '/'))
        *dot = '\0';
    for (char *at = name; at && *at; at++)
        if (*at == '/')
            *at = '-';
    if (name && name[0] == '.')
        name[0] = '_';
    return name;
}

/* True if a target before the last has this name, in either case: some file systems tell no case.
 */
static bool is_used(const sg_target_list *list, const char *name)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcasecmp(list->targets[i].name, name) == 0)
            return true;
    return false;
}

/* Appends "-2" and so on to a name that is used; takes `name`. NULL on lack of memory. */
static char *make_unique(const sg_target_list *list, char *name)
{
    if (!name || !is_used(list, name))
        return name;
    sg_text text = {0};
    for (size_t n = 2; !text.bytes || (!text.failed && is_used(list, text.bytes)); n++) {
        sg_text_clear(&text);
        sg_text_append(&text, "%s-%zu", name, n);
        if (text.failed)
            break;
    }
    free(name);
    if (!text.failed)
        return text.bytes;
    sg_text_clear(&text);
    return NULL;
}

/* Adds a target of this shape; takes `path`, also on failure. */
static sg_status add(sg_target_list *list, char *path, const char *name, sg_target_place place,
                     const sg_image_shape *shape, sg_error *error)
{
    char *unique = path ? make_unique(list, name_after(name)) : NULL;
    if (!unique || !sg_grow(&list->targets, &list->capacity, list->count, sizeof *list->targets) ||
        !sg_grow(&list->places, &list->place_capacity, list->count, sizeof *list->places)) {
        free(path);
        free(unique);
        return sg_fail_memory(error, "the targets");
    }
    list->places[list->count] = place;
    list->targets[list->count++] =
        (sg_target){.path = path, .name = unique, .width = shape->width, .height = shape->height};
    return SG_OK;
}

static sg_status read_bytes(const char *path, unsigned char **bytes, size_t *size, sg_error *error)
{
    return sg_read_file(path, SG_PICTURE_LARGEST_FILE, bytes, size, error);
}

static sg_status add_file(sg_target_list *list, const char *path, sg_error *error)
{
    unsigned char *bytes = NULL;
    size_t size = 0;
    sg_image_shape shape;
    SG_TRY(read_bytes(path, &bytes, &size, error));
    const sg_status status = sg_picture_measure(path, bytes, size, &shape, error);
    free(bytes);
    if (status)
        return status;
    const sg_target_place place = {NULL, 0};
    return add(list, sg_duplicate_text(path), sg_path_name(path), place, &shape, error);
}

static sg_status add_collection(sg_target_list *list, const char *path, sg_error *error)
{
    sg_picture_source *source = NULL;
    SG_TRY(sg_picture_source_open_unlabelled(path, &source, error));
    if (!sg_grow(&list->sources, &list->source_capacity, list->source_count,
                 sizeof *list->sources)) {
        sg_picture_source_destroy(source);
        return sg_fail_memory(error, "the targets");
    }
    list->sources[list->source_count++] = source;
    for (size_t i = 0; i < source->count; i++) {
        sg_image_shape shape;
        const sg_target_place place = {source, i};
        SG_TRY(sg_picture_source_measure(source, i, &shape, error));
        SG_TRY(add(list, sg_picture_source_name(source, i), source->pictures[i].name, place, &shape,
                   error));
    }
    return SG_OK;
}

sg_status sg_targets_add(sg_target_list *list, const char *path, sg_error *error)
{
    const bool collection =
        sg_path_is_folder(path) || sg_has_suffix(path, ".zip") || sg_has_suffix(path, ".ZIP");
    return collection ? add_collection(list, path, error) : add_file(list, path, error);
}

/* ---- masks ---- */

static sg_status decode_file(const char *path, sg_image **image, sg_error *error)
{
    unsigned char *bytes = NULL;
    size_t size = 0;
    SG_TRY(read_bytes(path, &bytes, &size, error));
    const sg_status status = sg_picture_decode(path, bytes, size, image, error);
    free(bytes);
    return status;
}

/* Reads the mask, as a grey picture; it stays NULL without one. */
static sg_status read_mask(const sg_target_options *options, sg_image **mask, sg_error *error)
{
    sg_image *image = NULL;
    if (!options->mask)
        return SG_OK;
    SG_TRY(decode_file(options->mask, &image, error));
    const sg_status status = sg_image_convert_channels(image, 1, mask, error);
    sg_image_destroy(image);
    return status;
}

static bool has_size(const sg_image *image, size_t width, size_t height)
{
    return image->width == width && image->height == height;
}

/* Fails unless the mask has the target's size or the network's. */
static sg_status check_mask(const sg_target_options *options, const sg_image *mask,
                            const sg_target *target, const sg_image_shape *shape, sg_error *error)
{
    if (has_size(mask, target->width, target->height) ||
        has_size(mask, shape->width, shape->height))
        return SG_OK;
    return sg_fail(
        error, SG_ERROR_ARGUMENT,
        "\"mask\": %s has %zux%zu pixels, but must have the %zux%zu of the target %s, or "
        "the %zux%zu of the network",
        options->mask, mask->width, mask->height, target->width, target->height, target->path,
        shape->width, shape->height);
}

/* Makes weights of a mask that is as large as the network's pictures. */
static sg_status weigh(const sg_image *mask, sg_target *target, sg_error *error)
{
    const size_t count = mask->width * mask->height;
    size_t counting = 0;
    target->weights = sg_allocate(count, sizeof *target->weights);
    if (!target->weights)
        return sg_fail_memory(error, "a mask of %zux%zu pixels", mask->width, mask->height);
    for (size_t i = 0; i < count; i++) {
        target->weights[i] = (float)mask->pixels[i] / 255.0f;
        counting += mask->pixels[i] > 0;
    }
    if (counting == 0)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"mask\" is black all over %s: no pixel would count", target->path);
    return SG_OK;
}

/* ---- parts ---- */

/* The part of a target, in its pixels, and how it is cut out. */
typedef struct cutting {
    const sg_target_options *options;
    const sg_image_shape *shape; /* of the network's pictures */
    sg_target *target;
} cutting;

/* Fails unless the part that an area names is within the picture. */
static sg_status check_area(const cutting *cut, const char *field, double x1, double y1,
                            sg_error *error)
{
    const sg_target *target = cut->target;
    if (x1 <= (double)target->width && y1 <= (double)target->height)
        return SG_OK;
    return sg_fail(error, SG_ERROR_ARGUMENT, "\"%s\" reaches to %g, %g, but %s has %zux%zu pixels",
                   field, x1, y1, target->path, target->width, target->height);
}

/* Fails for a part too small to be enlarged; notes that a smaller one than the network's pictures
 * is. */
static sg_status check_size(const cutting *cut, double width, double height, const sg_watch *watch,
                            sg_error *error)
{
    const sg_image_shape *shape = cut->shape;
    const double share = fmin(width / (double)shape->width, height / (double)shape->height);
    if (share * LEAST_SHARE < 1)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "%s: the part of %.0fx%.0f pixels is too small a target for pictures of "
                       "%zux%zu; it must have at least %zu along each side",
                       cut->target->path, width, height, shape->width, shape->height,
                       (shape->width > shape->height ? shape->width : shape->height) / LEAST_SHARE);
    if (share < 1) {
        sg_text note = {0};
        sg_text_append(&note, "%s: a part of %.0fx%.0f pixels is enlarged to %zux%zu",
                       cut->target->path, width, height, shape->width, shape->height);
        if (!note.failed)
            sg_watch_note(watch, note.bytes);
        sg_text_clear(&note);
    }
    return SG_OK;
}

/* Cuts the target's part out of `image`, which is the target or a mask of its size. */
static sg_status cut_out(const cutting *cut, const sg_image *image, sg_resize_filter filter,
                         sg_image **part, sg_error *error)
{
    const sg_picture_transform transform = {
        .kind = cut->options->crop.given ? SG_TRANSFORM_NONE : SG_TRANSFORM_CENTER_CROP,
        .width = cut->shape->width,
        .height = cut->shape->height,
        .filter = filter};
    const double *crop = cut->options->crop.numbers;
    sg_image *cropped = NULL;
    if (cut->options->align.given)
        return sg_image_place(image, &cut->target->found.placement, cut->shape->width,
                              cut->shape->height, part, error);
    if (cut->options->crop.given)
        SG_TRY(sg_image_crop(image, (size_t)crop[0], (size_t)crop[1], (size_t)crop[2],
                             (size_t)crop[3], &cropped, error));
    const sg_status status = sg_transform_apply(&transform, cropped ? cropped : image, part, error);
    sg_image_destroy(cropped);
    return status;
}

/* Checks the part that is asked for, and aligns it. */
static sg_status find_part(const cutting *cut, const sg_image *image, const sg_image *start,
                           const sg_watch *watch, sg_error *error)
{
    sg_target *target = cut->target;
    const double *crop = cut->options->crop.numbers;
    const double *corners = cut->options->align.numbers;
    const double proportions = (double)cut->shape->width / (double)cut->shape->height;
    if (cut->options->align.given) {
        const sg_box box = {corners[0], corners[1], corners[2], corners[3]};
        SG_TRY(check_area(cut, "align", corners[2], corners[3], error));
        SG_TRY(check_size(cut, box.x1 - box.x0, box.y1 - box.y0, watch, error));
        return sg_align_picture(image, &box, start, &target->found, error);
    }
    if (cut->options->crop.given) {
        SG_TRY(check_area(cut, "crop", floor(crop[0]) + floor(crop[2]),
                          floor(crop[1]) + floor(crop[3]), error));
        return check_size(cut, crop[2], crop[3], watch, error);
    }
    return check_size(cut, fmin((double)target->width, (double)target->height * proportions),
                      fmin((double)target->height, (double)target->width / proportions), watch,
                      error);
}

static sg_status cut_mask(const cutting *cut, const sg_image *mask, sg_error *error)
{
    sg_image *part = NULL;
    SG_TRY(check_mask(cut->options, mask, cut->target, cut->shape, error));
    if (has_size(mask, cut->shape->width, cut->shape->height) &&
        !has_size(mask, cut->target->width, cut->target->height))
        return weigh(mask, cut->target, error);
    SG_TRY(cut_out(cut, mask, SG_RESIZE_AREA, &part, error));
    const sg_status status = weigh(part, cut->target, error);
    sg_image_destroy(part);
    return status;
}

static sg_status prepare(const cutting *cut, const sg_image *image, const sg_image *mask,
                         const sg_image *start, const sg_watch *watch, sg_error *error)
{
    sg_image *converted = NULL;
    SG_TRY(find_part(cut, image, start, watch, error));
    if (mask)
        SG_TRY(cut_mask(cut, mask, error));
    SG_TRY(sg_image_convert_channels(image, cut->shape->channels, &converted, error));
    const sg_status status =
        cut_out(cut, converted, SG_RESIZE_LANCZOS, &cut->target->picture, error);
    sg_image_destroy(converted);
    return status;
}

static sg_status read_target(const sg_target_list *list, size_t index, sg_image **image,
                             sg_error *error)
{
    const sg_target_place *place = &list->places[index];
    return place->source ? sg_picture_source_read(place->source, place->index, image, error)
                         : decode_file(list->targets[index].path, image, error);
}

sg_status sg_targets_prepare(sg_target_list *list, const sg_target_options *options,
                             const sg_image_shape *shape, const sg_image *start,
                             const sg_watch *watch, sg_error *error)
{
    sg_image *mask = NULL;
    if (options->crop.given && options->align.given)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"crop\" and \"align\" both say which part of the target is taken");
    sg_status status = read_mask(options, &mask, error);
    for (size_t i = 0; i < list->count && !status; i++) {
        sg_image *image = NULL;
        const cutting cut = {options, shape, &list->targets[i]};
        status = read_target(list, i, &image, error);
        if (!status)
            status = prepare(&cut, image, mask, start, watch, error);
        sg_image_destroy(image);
    }
    sg_image_destroy(mask);
    return status;
}

void sg_targets_clear(sg_target_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        free(list->targets[i].path);
        free(list->targets[i].name);
        free(list->targets[i].weights);
        sg_image_destroy(list->targets[i].picture);
    }
    for (size_t i = 0; i < list->source_count; i++)
        sg_picture_source_destroy(list->sources[i]);
    free(list->targets);
    free(list->places);
    free(list->sources);
    *list = (sg_target_list){0};
}
