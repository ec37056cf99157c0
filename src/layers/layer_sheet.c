/*
 * Levels as in the official viewer of StyleGAN3: features are divided by the largest magnitude of
 * their channel, multiplied by 10^(gain / 20), and quantised as pictures are.
 * Tested by: tests/cli/test_layers.c
 */
#include "layers/layer_sheet.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/allocate.h"
#include "image/figures/page.h"

enum { LEAST_SIDE = 64 /* pixels of a picture */, MOST_COLUMNS = 16, NUMBER_BYTES = 24 };

/* As the official viewer bounds the largest magnitude. */
static const double least_magnitude = 1e-8;

/* A sheet that is being drawn. */
typedef struct drawing {
    const sg_layer_view *view;
    const sg_layer_levels *levels;
    size_t *starts; /* [count]: the first channel of each picture */
    size_t count;
    float *plane; /* [height, width] */
} drawing;

/* Lists the first channels of the pictures, as far as the layer has them. */
static sg_status list_channels(drawing *all, sg_error *error)
{
    const sg_layer_levels *levels = all->levels;
    const size_t colours = (size_t)levels->colours;
    const size_t channels = all->view->channels;
    const size_t given = levels->channels->count;
    const size_t most = given ? given : SG_SHOWN_CHANNELS;
    all->starts = sg_allocate(most, sizeof *all->starts);
    if (!all->starts)
        return sg_fail_memory(error, "%zu channels", most);
    for (size_t i = 0; i < most; i++) {
        const size_t start = given ? levels->channels->values[i] : i * colours;
        if (start + colours <= channels)
            all->starts[all->count++] = start;
    }
    if (all->count == 0 && !given)
        all->starts[all->count++] = 0; /* too few for colours: one grey picture */
    return SG_OK;
}

/* Writes a channel to one channel of the picture. */
static void draw_channel(const drawing *all, size_t channel, sg_image *image, size_t colour)
{
    const size_t pixels = image->width * image->height;
    double largest = 0;
    sg_layer_view_plane(all->view, channel, all->plane);
    for (size_t i = 0; i < pixels; i++)
        largest = fmax(largest, fabs((double)all->plane[i]));
    const double divisor = all->levels->normalise ? fmax(largest, least_magnitude) : 1;
    const double factor = pow(10, all->levels->gain / 20) / divisor;
    for (size_t i = 0; i < pixels; i++)
        image->pixels[i * image->channels + colour] =
            sg_image_level((float)(all->plane[i] * factor));
}

static sg_status draw_picture(const drawing *all, size_t index, size_t colours, sg_page *page,
                              size_t columns, sg_error *error)
{
    sg_image *image = NULL;
    SG_TRY(sg_image_create(all->view->width, all->view->height, colours, &image, error));
    for (size_t c = 0; c < colours; c++)
        draw_channel(all, all->starts[index] + c, image, c);
    const sg_status status = sg_page_paste(page, index % columns, index / columns, image, error);
    sg_image_destroy(image);
    return status;
}

/* Writes the numbers of the channels below the pictures: "5", or "3-5" of three colours. */
static void number_channels(const drawing *all, size_t colours, char (*texts)[NUMBER_BYTES],
                            const char **captions)
{
    for (size_t i = 0; i < all->count; i++) {
        if (colours > 1)
            snprintf(texts[i], NUMBER_BYTES, "%zu-%zu", all->starts[i],
                     all->starts[i] + colours - 1);
        else
            snprintf(texts[i], NUMBER_BYTES, "%zu", all->starts[i]);
        captions[i] = texts[i];
    }
}

static sg_status draw_pictures(const drawing *all, const char *title, sg_page **page,
                               sg_error *error)
{
    const size_t wanted = (size_t)ceil(sqrt((double)all->count));
    const size_t columns = wanted < MOST_COLUMNS ? wanted : MOST_COLUMNS;
    const size_t rows = (all->count + columns - 1) / columns;
    const size_t colours = all->view->channels < 3 ? 1 : (size_t)all->levels->colours;
    char(*texts)[NUMBER_BYTES] = sg_allocate(all->count, sizeof *texts);
    const char **captions = sg_allocate(rows * columns, sizeof *captions);
    sg_status status = texts && captions ? SG_OK : sg_fail_memory(error, "the numbers of channels");
    if (!status) {
        number_channels(all, colours, texts, captions);
        sg_figure_layout layout = {.columns = {columns, NULL, NULL, 0},
                                   .rows = {rows, NULL, NULL, 0},
                                   .cell_width = all->view->width,
                                   .cell_height = all->view->height,
                                   .captions = captions,
                                   .title = title,
                                   .plain = all->levels->plain};
        layout.scale = layout.plain ? 1 : sg_page_scale(&layout, LEAST_SIDE);
        status = sg_page_create(&layout, colours, page, error);
    }
    for (size_t i = 0; i < all->count && !status; i++)
        status = draw_picture(all, i, colours, *page, columns, error);
    free(texts);
    free(captions);
    return status;
}

sg_status sg_layer_sheet_draw(const sg_layer_view *view, const sg_layer_levels *levels,
                              const char *title, sg_image **sheet, sg_error *error)
{
    drawing all = {.view = view, .levels = levels};
    sg_page *page = NULL;
    *sheet = NULL;
    sg_status status = list_channels(&all, error);
    if (!status && all.count > 0) {
        all.plane = sg_allocate(view->height * view->width, sizeof *all.plane);
        status = all.plane ? draw_pictures(&all, title, &page, error)
                           : sg_fail_memory(error, "a channel of %s", view->name);
    }
    if (!status && page)
        status = sg_image_scale_integer(sg_page_image(page), 1, sheet, error);
    sg_page_destroy(page);
    free(all.starts);
    free(all.plane);
    return status;
}
