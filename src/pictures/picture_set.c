/* Renders seeds and w to PNG files; see picture_set.h. */
#include "pictures/picture_set.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/files/file.h"
#include "pictures/painter.h"
#include "pictures/picture_request.h"

enum { NAME_BYTES = 128 };

static size_t source_count(const sg_render_options *options)
{
    return options->projected ? options->projected->count : options->seeds->count;
}

size_t sg_render_count(const sg_render_options *options)
{
    return options->classes->count * options->psis->count * source_count(options);
}

/* The index-th of the pictures that the lists call for; `center` keeps where it is truncated to. */
static sg_painting painting_at(const sg_render_options *options, size_t index,
                               sg_style_source *center)
{
    const size_t sources = source_count(options);
    const size_t psis = options->psis->count;
    const size_t place = index % sources;
    const int class_index = (int)options->classes->values[index / sources / psis];
    sg_painting one = {.source = {.class_index = class_index},
                       .truncation = {.psi = options->psis->values[index / sources % psis],
                                      .cutoff = options->cutoff},
                       .noise_mode = options->noise_mode,
                       .transform = options->transform};
    if (options->projected) {
        one.source.ws = sg_w_set_at(options->projected, place);
        one.w_index = place;
        one.w_file = options->projected_file;
    } else {
        one.source.seed = options->seeds->values[place];
    }
    if (options->center) {
        *center = options->center->source;
        center->class_index = class_index;
        one.truncation.center = center;
        one.center_file = options->center->file;
    }
    return one;
}

/* A name of the picture's files: what only one value is given for is not part of it. */
static void name_file(const sg_render_options *options, const sg_painting *one,
                      const char *extension, char *name)
{
    char part[SG_NUMBER_TEXT_BYTES];
    int length = one->source.ws ? snprintf(name, NAME_BYTES, "proj%02zu", one->w_index)
                                : snprintf(name, NAME_BYTES, "seed%04" PRIu32, one->source.seed);
    if (options->classes->count > 1)
        length += snprintf(name + length, NAME_BYTES - (size_t)length, "-class%d",
                           one->source.class_index);
    if (options->psis->count > 1) {
        sg_print_number(part, one->truncation.psi);
        length += snprintf(name + length, NAME_BYTES - (size_t)length, "-trunc%s", part);
    }
    snprintf(name + length, NAME_BYTES - (size_t)length, "%s", extension);
}

/* Paints the picture, and writes its w when that is wanted. */
static sg_status paint(const sg_picture_network *network, const sg_render_options *options,
                       const sg_painting *one, sg_image **image, sg_error *error)
{
    char name[NAME_BYTES];
    if (!options->save_w)
        return sg_painting_paint(network, one, NULL, image, error);
    name_file(options, one, ".npz", name);
    char *path = sg_path_join(options->folder, name);
    const sg_status status = path ? sg_painting_paint(network, one, path, image, error)
                                  : sg_fail_memory(error, "the path of %s", name);
    free(path);
    return status;
}

/* Renders the index-th picture, writes its files and pastes it into the grid, if there is one. */
static sg_status render_one(const sg_picture_network *network, const sg_render_options *options,
                            size_t index, sg_grid *grid, sg_error *error)
{
    sg_style_source center;
    const sg_painting one = painting_at(options, index, &center);
    char name[NAME_BYTES];
    sg_remarks remarks;
    sg_image *image = NULL;
    sg_status status = paint(network, options, &one, &image, error);
    if (status)
        return status;
    sg_painting_remark(network, &one, NULL, &remarks);
    name_file(options, &one, ".png", name);
    status = sg_write_picture(options->folder, name, image, &remarks, error);
    if (!status && grid) {
        const size_t columns = (size_t)options->grid_columns;
        status = sg_grid_paste(grid, index % columns, index / columns, image, error);
    }
    sg_image_destroy(image);
    return status;
}

static sg_status render_all(const sg_picture_network *network, const sg_render_options *options,
                            sg_grid *grid, sg_error *error)
{
    const size_t count = sg_render_count(options);
    sg_status status = sg_work_step(options->watch, 0, count, error);
    for (size_t i = 0; i < count && !status; i++) {
        status = render_one(network, options, i, grid, error);
        if (!status)
            status = sg_work_step(options->watch, i + 1, count, error);
    }
    return status;
}

static sg_status write_grid(const sg_picture_network *network, const sg_render_options *options,
                            const sg_grid *grid, sg_error *error)
{
    sg_style_source center;
    const sg_painting first = painting_at(options, 0, &center);
    const sg_painting_lists lists = {
        .psis = options->psis->count > 1 ? options->psis_text : NULL,
        .classes = network->config.c_dim > 0 && options->classes->count > 1 ? options->classes_text
                                                                            : NULL};
    sg_remarks remarks;
    sg_painting_remark(network, &first, &lists, &remarks);
    return sg_write_picture(options->folder, "grid.png", sg_grid_image(grid), &remarks, error);
}

sg_status sg_render(const sg_picture_network *network, const sg_render_options *options,
                    sg_error *error)
{
    sg_grid *grid = NULL;
    sg_status status = SG_OK;
    if (options->grid_columns > 0)
        status = sg_paint_grid(network->generator, (size_t)options->grid_columns,
                               (size_t)options->grid_rows, &grid, error);
    if (!status)
        status = render_all(network, options, grid, error);
    if (!status && grid)
        status = write_grid(network, options, grid, error);
    sg_grid_destroy(grid);
    return status;
}
