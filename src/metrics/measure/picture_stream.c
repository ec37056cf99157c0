/*
 * Streams of pictures to measure; see picture_stream.h.
 * Tested by: tests/cli/test_metrics.c
 */
#include "metrics/measure/picture_stream.h"

#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "data/kinds/open_dataset.h"
#include "image/image.h"
#include "metrics/measure/drawn_sample.h"

sg_status sg_stream_open_set(sg_picture_stream *stream, const char *path, bool mirror,
                             sg_error *error)
{
    SG_TRY(sg_dataset_open_unlabelled(path, &stream->dataset, error));
    const sg_dataset_info info = sg_dataset_info_of(stream->dataset);
    stream->mirror = mirror;
    stream->count = info.image_count * (mirror ? 2 : 1);
    stream->height = info.height;
    stream->width = info.width;
    stream->channels = info.channels;
    stream->pixels = sg_allocate(info.height * info.width, info.channels);
    return stream->pixels ? SG_OK : sg_fail_memory(error, "a picture of %s", path);
}

sg_status sg_stream_open_generator(sg_picture_stream *stream, const sg_metric_setup *setup,
                                   sg_error *error)
{
    stream->setup = setup;
    stream->count = SG_ENDLESS;
    stream->height = (size_t)sg_generator_height(setup->generator);
    stream->width = (size_t)sg_generator_width(setup->generator);
    stream->channels = (size_t)sg_generator_config_of(setup->generator)->img_channels;
    stream->values = sg_allocate(sg_sample_values(setup->generator), sizeof(float));
    return stream->values ? SG_OK : sg_fail_memory(error, "a generated picture");
}

/* Returns the channel of a picture that channel `c` of its RGB form is. */
static size_t source_channel(size_t channels, size_t c)
{
    return channels < 3 ? 0 : c;
}

/* ---- generated pictures ---- */

/* Pictures are quantised to 8 bits first, as the official programs do: files hold such pictures. */
static void quantise(const sg_picture_stream *stream, uint8_t *rgb)
{
    const size_t pixels = stream->height * stream->width;
    for (size_t i = 0; i < pixels; i++)
        for (size_t c = 0; c < 3; c++)
            rgb[3 * i + c] = sg_image_level(
                stream->values[i * stream->channels + source_channel(stream->channels, c)]);
}

static sg_status paint(sg_picture_stream *stream, size_t index, uint8_t *rgb, sg_error *error)
{
    const sg_metric_setup *setup = stream->setup;
    sg_context *context = sg_generator_parameters(setup->generator)->context;
    sg_drawn_sample sample = {0};
    sg_status status = sg_sample_draw(setup, index, &sample, error);
    const size_t scope = sg_scope_open(context);
    if (!status) {
        const sg_truncation truncation = {.psi = setup->psi, .cutoff = -1};
        const sg_style_source source = {.z = sample.z[0], .label = sample.label};
        sg_tensor *ws = sg_styles(setup->generator, &source, &truncation);
        status = sg_sample_paint(setup->generator, &sample, ws, stream->values, error);
    }
    sg_scope_close(context, scope, NULL);
    sg_sample_clear(&sample);
    if (!status)
        quantise(stream, rgb);
    return status;
}

/* ---- pictures of data sets ---- */

static sg_status read_set(sg_picture_stream *stream, size_t index, uint8_t *rgb, sg_error *error)
{
    const size_t images = stream->mirror ? stream->count / 2 : stream->count;
    const bool flipped = index >= images;
    const size_t channels = stream->channels;
    SG_TRY(sg_dataset_read(stream->dataset, index % images, stream->pixels, NULL, error));
    for (size_t y = 0; y < stream->height; y++)
        for (size_t x = 0; x < stream->width; x++) {
            const size_t from = flipped ? stream->width - 1 - x : x;
            for (size_t c = 0; c < 3; c++)
                rgb[3 * (y * stream->width + x) + c] =
                    stream->pixels[(y * stream->width + from) * channels +
                                   source_channel(channels, c)];
        }
    return SG_OK;
}

sg_status sg_stream_read(sg_picture_stream *stream, size_t index, uint8_t *rgb, sg_error *error)
{
    return stream->setup ? paint(stream, index, rgb, error) : read_set(stream, index, rgb, error);
}

void sg_stream_close(sg_picture_stream *stream)
{
    sg_dataset_destroy(stream->dataset);
    free(stream->values);
    free(stream->pixels);
    *stream = (sg_picture_stream){0};
}
