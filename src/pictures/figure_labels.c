/* Figures of pictures; see figure_labels.h. Tested by: tests/cli/test_truncate.c */
#include "pictures/figure_labels.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/allocate.h"

sg_status sg_labels_create(sg_labels *labels, size_t count, sg_error *error)
{
    labels->texts = sg_allocate(count, sizeof *labels->texts);
    labels->pointers = sg_allocate(count, sizeof *labels->pointers);
    if (!labels->texts || !labels->pointers) {
        sg_labels_clear(labels);
        return sg_fail_memory(error, "the labels of a figure");
    }
    labels->count = count;
    return SG_OK;
}

void sg_labels_set(sg_labels *labels, size_t index, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(labels->texts[index], SG_LABEL_BYTES, format, arguments);
    va_end(arguments);
    labels->pointers[index] = labels->texts[index];
}

sg_status sg_labels_number(sg_labels *labels, const char *noun, const sg_number_list *numbers,
                           size_t skipped, size_t repeats, sg_error *error)
{
    SG_TRY(sg_labels_create(labels, skipped + repeats * numbers->count, error));
    for (size_t i = 0; i < repeats * numbers->count; i++)
        sg_labels_set(labels, skipped + i, "%s %" PRIu32, noun,
                      numbers->values[i % numbers->count]);
    return SG_OK;
}

sg_status sg_labels_sources(sg_labels *labels, const sg_number_list *seeds,
                            const sg_w_sources *sources, size_t skipped, size_t repeats,
                            sg_error *error)
{
    char text[SG_LABEL_BYTES];
    SG_TRY(sg_labels_create(labels, skipped + repeats * seeds->count, error));
    for (size_t i = 0; i < repeats * seeds->count; i++) {
        sg_source_print(seeds, sources, i % seeds->count, text, sizeof text);
        sg_labels_set(labels, skipped + i, "%s", text);
    }
    return SG_OK;
}

void sg_labels_clear(sg_labels *labels)
{
    free(labels->texts);
    free(labels->pointers);
    *labels = (sg_labels){0};
}

/* Completes a layout for pictures of the generator. */
static void fit(const sg_generator *generator, sg_figure_layout *layout)
{
    layout->cell_width = (size_t)sg_generator_width(generator);
    layout->cell_height = (size_t)sg_generator_height(generator);
    if (layout->scale == 0)
        layout->scale = layout->plain ? 1 : sg_page_scale(layout, SG_LEAST_CELL_SIDE);
}

sg_status sg_picture_figure_create(const sg_generator *generator, sg_figure_side columns,
                                   sg_figure_side rows, bool plain, size_t scale,
                                   sg_figure **figure, sg_error *error)
{
    sg_figure_layout layout = {.columns = columns, .rows = rows, .scale = scale, .plain = plain};
    fit(generator, &layout);
    return sg_figure_create(&layout, figure, error);
}

sg_status sg_picture_page_create(const sg_generator *generator, sg_figure_layout layout,
                                 sg_page **page, sg_error *error)
{
    const int channels = sg_generator_config_of(generator)->img_channels;
    fit(generator, &layout);
    return sg_page_create(&layout, channels <= 4 ? (size_t)channels : 3, page, error);
}
