/*
 * Sheets of an encoder: pictures of the data above their reconstructions; see encoder_setup.h.
 * Tested by: tests/cli/test_train_encoder.c
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "data/dataset.h"
#include "image/figures/grid.h"
#include "image/figures/page.h"
#include "image/files/png_file.h"
#include "invert/encode/encoding.h"
#include "stylegan.h"
#include "train/encode/encoder_setup.h"

enum { COLUMNS = 8, PAIRS = 3, CELL_SIDE = 64, MOST_PICTURES = COLUMNS * PAIRS };

/* Reads the first pictures of a data set. */
static sg_status read_pictures(const sg_dataset *dataset, size_t count, uint8_t *pixels,
                               sg_error *error)
{
    const sg_dataset_info info = sg_dataset_info_of(dataset);
    for (size_t i = 0; i < count; i++)
        SG_TRY(sg_dataset_read(dataset, i, pixels + i * info.height * info.width * info.channels,
                               NULL, error));
    return SG_OK;
}

/* Pastes picture `i` into the rows of the pictures (0) or of their reconstructions (1); takes the
 * image over. */
static sg_status paste(sg_page *page, size_t i, size_t row, sg_image *image, sg_error *error)
{
    const sg_status status = sg_page_paste(page, i % COLUMNS, i / COLUMNS * 2 + row, image, error);
    sg_image_destroy(image);
    return status;
}

static sg_status paste_pictures(const sg_dataset_info *info, const uint8_t *levels, size_t count,
                                sg_page *page, sg_error *error)
{
    const size_t size = info->height * info->width * info->channels;
    for (size_t i = 0; i < count; i++) {
        sg_image *image = NULL;
        SG_TRY(sg_image_create(info->width, info->height, info->channels, &image, error));
        memcpy(image->pixels, levels + i * size, size);
        SG_TRY(paste(page, i, 0, image, error));
    }
    return SG_OK;
}

static sg_status paste_floats(const sg_dataset_info *info, const float *values, size_t count,
                              sg_page *page, sg_error *error)
{
    const size_t size = info->height * info->width * info->channels;
    for (size_t i = 0; i < count; i++) {
        sg_image *image = NULL;
        SG_TRY(sg_image_from_floats(values + i * size, info->height, info->width, info->channels,
                                    &image, error));
        SG_TRY(paste(page, i, 1, image, error));
    }
    return SG_OK;
}

/* Paints the reconstructions, and pastes them. */
static sg_status paste_reconstructions(sg_trainer *trainer, const sg_dataset_info *info,
                                       const uint8_t *levels, size_t count, sg_page *page,
                                       sg_error *error)
{
    const sg_trainer_networks networks = sg_trainer_networks_of(trainer);
    const sg_encoder_config *config = sg_encoder_config_of(networks.encoder);
    sg_context *context = sg_encoder_parameters(networks.encoder)->context;
    const sg_feature_pictures pictures = {.count = count,
                                          .height = info->height,
                                          .width = info->width,
                                          .channels = info->channels,
                                          .bytes = levels};
    const size_t scope = sg_scope_open(context);
    sg_tensor *ws =
        sg_tensor_create(context, SG_F32, SG_SHAPE((int64_t)count, config->num_ws, config->w_dim));
    sg_status status = ws ? sg_encode(networks.encoder, &pictures, sg_f32(ws), error)
                          : sg_context_take_error(context, error);
    context->recording = false;
    const sg_tensor *painted =
        status ? NULL
               : sg_generator_synthesize(networks.painter, ws,
                                         (sg_synthesis_options){.noise_mode = SG_NOISE_CONST});
    if (!status && !painted)
        status = sg_context_take_error(context, error);
    if (!status && painted)
        status = paste_floats(info, sg_f32(painted), count, page, error);
    sg_scope_close(context, scope, NULL);
    return status;
}

static sg_status write_page(const sg_page *page, double images, const char *path, sg_error *error)
{
    char software[64];
    char title[96];
    snprintf(software, sizeof software, "stylegan %s", sg_version());
    snprintf(title, sizeof title, "pictures above their reconstructions, kimg %g", images / 1000);
    const sg_png_text remarks[] = {{"Software", software}, {"Title", title}};
    return sg_png_write(path, sg_page_image(page), remarks, sizeof remarks / sizeof *remarks,
                        error);
}

sg_status sg_encoder_write_sheet(sg_trainer *trainer, const struct sg_dataset *dataset,
                                 const char *path, sg_error *error)
{
    static const char *const labels[2 * PAIRS] = {"target", "w", "target", "w", "target", "w"};
    const sg_dataset_info info = sg_dataset_info_of(dataset);
    const size_t count = info.image_count < MOST_PICTURES ? info.image_count : MOST_PICTURES;
    const size_t rows = (count + COLUMNS - 1) / COLUMNS;
    const sg_figure_layout layout = {.columns = {.count = count < COLUMNS ? count : COLUMNS},
                                     .rows = {.count = 2 * rows, .labels = labels},
                                     .cell_width = info.width,
                                     .cell_height = info.height,
                                     .scale = sg_grid_scale_for(info.width, info.height, CELL_SIDE),
                                     .title = "pictures and reconstructions"};
    sg_page *page = NULL;
    uint8_t *levels = sg_allocate(count, info.height * info.width * info.channels);
    sg_status status = levels ? sg_page_create(&layout, info.channels, &page, error)
                              : sg_fail_memory(error, "a sheet");
    if (!status)
        status = read_pictures(dataset, count, levels, error);
    if (!status)
        status = paste_pictures(&info, levels, count, page, error);
    if (!status)
        status = paste_reconstructions(trainer, &info, levels, count, page, error);
    if (!status)
        status = write_page(page, (double)sg_trainer_images(trainer), path, error);
    sg_page_destroy(page);
    free(levels);
    return status;
}
