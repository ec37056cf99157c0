/*
 * Paints a picture with a trained network.
 *
 *     generate NETWORK PICTURE.png [SEED [CLASS]]
 */
#include <stdio.h>
#include <stdlib.h>
#include <stylegan.h>

static sg_status paint(sg_context *context, int count, char **arguments, sg_error *error)
{
    sg_model *model;
    sg_model_info info;
    sg_picture_options options;

    sg_status status = sg_model_open(context, arguments[1], &model, error);
    if (status)
        return status;
    sg_model_get_info(model, &info);
    sg_picture_options_init(&options);
    options.truncation = 0.7;
    if (count > 3)
        options.seed = (uint32_t)strtoul(arguments[3], NULL, 10);
    if (info.c_dim > 0)
        options.class_index = count > 4 ? atoi(arguments[4]) : 0;
    status = sg_model_write_png(model, &options, arguments[2], error);
    if (!status)
        printf("%s: %dx%d pixels, seed %u\n", arguments[2], info.width, info.height,
               (unsigned)options.seed);
    sg_model_close(model);
    return status;
}

int main(int count, char **arguments)
{
    sg_error error;
    sg_context *context;

    if (count < 3) {
        fprintf(stderr, "usage: generate NETWORK PICTURE.png [SEED [CLASS]]\n");
        return 2;
    }
    sg_status status = sg_context_open(NULL, &context, &error);
    if (!status)
        status = paint(context, count, arguments, &error);
    if (status)
        fprintf(stderr, "generate: %s\n", error.message);
    sg_context_close(context);
    return status ? 1 : 0;
}
