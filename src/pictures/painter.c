/* From styles to pictures; see painter.h. */
#include "pictures/painter.h"

#include "latent/moved_input.h"

sg_status sg_paint(sg_generator *generator, sg_tensor *ws, sg_synthesis_options options,
                   sg_image **image, sg_error *error)
{
    sg_context *context = sg_generator_parameters(generator)->context;
    *image = NULL;
    const size_t scope = sg_scope_open(context);
    sg_tensor *pixels = sg_generator_synthesize(generator, ws, options);
    sg_status status = sg_context_take_error(context, error);
    if (!status)
        status = sg_image_from_floats(sg_f32(pixels), (size_t)pixels->shape.size[1],
                                      (size_t)pixels->shape.size[2], (size_t)pixels->shape.size[3],
                                      image, error);
    sg_scope_close(context, scope, NULL);
    return status;
}

sg_status sg_paint_moved(sg_generator *generator, sg_tensor *ws, const sg_transform *transform,
                         sg_synthesis_options options, sg_image **image, sg_error *error)
{
    if (sg_transform_is_identity(transform))
        return sg_paint(generator, ws, options, image, error);
    sg_moved_input input = {0};
    sg_status status = sg_moved_input_begin(generator, &input, error);
    if (!status) {
        sg_moved_input_set(&input, transform);
        status = sg_paint(generator, ws, options, image, error);
    }
    sg_moved_input_end(&input);
    return status;
}

sg_status sg_paint_grid(const sg_generator *generator, size_t columns, size_t rows, sg_grid **grid,
                        sg_error *error)
{
    const int channels = sg_generator_config_of(generator)->img_channels;
    sg_grid_layout layout;
    sg_grid_layout_init(&layout);
    layout.columns = columns;
    layout.rows = rows;
    layout.cell_width = (size_t)sg_generator_width(generator);
    layout.cell_height = (size_t)sg_generator_height(generator);
    layout.channels = channels <= 4 ? (size_t)channels : 3;
    return sg_grid_create(&layout, grid, error);
}
