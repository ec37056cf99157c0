/* Animations from seed to seed; see interpolate.h. */
#include "cli/interpolate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "cli/paint.h"
#include "cli/progress.h"
#include "cli/remarks.h"
#include "image/animation.h"
#include "latent/seeds.h"
#include "latent/styles.h"
#include "nn/noise_mode.h"

enum { NAME_BYTES = 64, FEWEST_DIGITS = 4 };

/* The work in hand. */
typedef struct journey {
    const sg_picture_network *network;
    const sg_interpolate_options *options;
    size_t cells, keys_per_cell;
    size_t width;     /* of z or w */
    float *keys;      /* z or w of every seed, [seeds, width] */
    float *point;     /* on the way between two of them, [width] */
    sg_random *noise; /* of every cell */
    sg_grid *grid;    /* of the frame in hand; NULL for a single cell */
    sg_remarks remarks;
    sg_animation *animation; /* NULL for numbered frames */
} journey;

static size_t cell_count(const sg_interpolate_options *options)
{
    return (size_t)options->grid_columns * (size_t)options->grid_rows;
}

static sg_path path_of_cell(const journey *all, size_t cell)
{
    return (sg_path){.keys = all->keys + cell * all->keys_per_cell * all->width,
                     .count = all->keys_per_cell,
                     .width = all->width,
                     .closed = all->options->closed,
                     .shape = all->options->shape};
}

size_t sg_interpolate_frame_count(const sg_interpolate_options *options)
{
    const sg_path path = {.count = options->seeds->count / cell_count(options),
                          .closed = options->closed};
    return sg_path_frame_count(&path, options->frames_per_key);
}

/* ---- the keys ---- */

/* The class of the index-th seed. */
static int class_of_seed(const sg_interpolate_options *options, size_t index)
{
    const sg_number_list *classes = options->classes;
    return (int)classes->values[classes->count > 1 ? index : 0];
}

static sg_status find_w(const journey *all, size_t index, float *w, sg_error *error)
{
    sg_context *context = all->network->context;
    const size_t scope = sg_scope_open(context);
    const sg_tensor *found =
        sg_map_seed(all->network->generator, all->options->seeds->values[index],
                    class_of_seed(all->options, index));
    const sg_status status = sg_context_take_error(context, error);
    if (!status)
        memcpy(w, sg_f32(found), all->width * sizeof *w);
    sg_scope_close(context, scope, NULL);
    return status;
}

static sg_status find_keys(journey *all, sg_error *error)
{
    const sg_number_list *seeds = all->options->seeds;
    sg_status status = SG_OK;
    for (size_t i = 0; i < seeds->count && !status; i++) {
        float *key = all->keys + i * all->width;
        if (all->options->in_z)
            sg_seed_latent(seeds->values[i], all->width, key);
        else
            status = find_w(all, i, key, error);
    }
    return status;
}

/* ---- a frame ---- */

/* How much the second of two classes counts at `t`: evenly, or with soft ends on a smooth path. */
static double class_blend(sg_path_shape shape, double t)
{
    return shape == SG_PATH_SMOOTH ? t * t * (3 - 2 * t) : t;
}

/* w of the z in all->point, between the keys `from` and `to` of all seeds. */
static sg_tensor *map_point(const journey *all, size_t from, size_t to, double t)
{
    sg_generator *generator = all->network->generator;
    const int first = class_of_seed(all->options, from);
    const int second = class_of_seed(all->options, to);
    sg_tensor *w = sg_map_latent(generator, all->point, first);
    if (!w || t == 0 || second == first || all->network->config.c_dim == 0)
        return w;
    const sg_tensor *other = sg_map_latent(generator, all->point, second);
    if (!other)
        return NULL;
    sg_interpolate_linear(sg_f32(w), sg_f32(other), (size_t)sg_tensor_count(w),
                          class_blend(all->options->shape, t), sg_f32(w));
    sg_tensor_touch(w);
    return w;
}

/* w [1, w_dim] of a cell at the frame. */
static sg_tensor *w_of_cell(journey *all, size_t cell, size_t frame)
{
    const sg_path path = path_of_cell(all, cell);
    const size_t index = frame / all->options->frames_per_key;
    const double t =
        (double)(frame % all->options->frames_per_key) / (double)all->options->frames_per_key;
    sg_path_point(&path, index, t, all->point);
    if (all->options->in_z) {
        const size_t first = cell * all->keys_per_cell;
        return map_point(all, first + index, first + sg_path_next_key(&path, index), t);
    }
    sg_tensor *w =
        sg_tensor_create(all->network->context, SG_F32, SG_SHAPE(1, (int64_t)all->width));
    if (w)
        memcpy(sg_f32(w), all->point, all->width * sizeof(float));
    return w;
}

static sg_status paint_cell(journey *all, size_t cell, size_t frame, sg_image **image,
                            sg_error *error)
{
    sg_generator *generator = all->network->generator;
    const size_t scope = sg_scope_open(all->network->context);
    sg_tensor *w = w_of_cell(all, cell, frame);
    sg_tensor *ws = sg_generator_truncate(generator, w, all->options->psi, -1);
    const sg_status status = sg_paint(
        generator, ws,
        (sg_synthesis_options){.noise_mode = all->options->noise_mode, .random = &all->noise[cell]},
        image, error);
    sg_scope_close(all->network->context, scope, NULL);
    return status;
}

static sg_status put_frame(journey *all, size_t frame, const sg_image *image, sg_error *error)
{
    char name[NAME_BYTES];
    if (all->animation)
        return sg_animation_add(all->animation, image, error);
    const size_t last = sg_interpolate_frame_count(all->options) - 1;
    const int digits = snprintf(NULL, 0, "%zu", last);
    snprintf(name, sizeof name, "frame%0*zu.png", digits > FEWEST_DIGITS ? digits : FEWEST_DIGITS,
             frame);
    return sg_write_picture(all->options->output, name, image, &all->remarks, error);
}

/* Paints the cells of a frame and writes it. */
static sg_status show_frame(journey *all, size_t frame, sg_error *error)
{
    const size_t columns = (size_t)all->options->grid_columns;
    sg_status status = SG_OK;
    for (size_t cell = 0; cell < all->cells && !status; cell++) {
        sg_image *image = NULL;
        status = paint_cell(all, cell, frame, &image, error);
        if (!status && all->grid)
            status = sg_grid_place(all->grid, cell % columns, cell / columns, image, error);
        else if (!status)
            status = put_frame(all, frame, image, error);
        sg_image_destroy(image);
    }
    if (!status && all->grid)
        status = put_frame(all, frame, sg_grid_image(all->grid), error);
    return status;
}

static sg_status show_frames(journey *all, sg_error *error)
{
    const size_t count = sg_interpolate_frame_count(all->options);
    sg_progress progress;
    sg_status status = SG_OK;
    sg_progress_start(&progress, "interpolating", "frames", 0, (double)count);
    for (size_t frame = 0; frame < count && !status; frame++) {
        status = show_frame(all, frame, error);
        sg_progress_update(&progress, (double)(frame + 1), NULL);
    }
    sg_progress_finish(&progress);
    return status;
}

/* ---- start and end ---- */

static void make_remarks(journey *all)
{
    const sg_interpolate_options *options = all->options;
    sg_remarks *remarks = &all->remarks;
    sg_remarks_start(remarks, sg_picture_network_name(all->network));
    sg_remark_text(remarks, "seeds", options->seeds_text);
    sg_remark_text(remarks, "space", options->in_z ? "z" : "w");
    sg_remark_text(remarks, "path", sg_path_shape_name(options->shape));
    sg_remark_text(remarks, "loop", options->closed ? "yes" : "no");
    sg_remark_number(remarks, "frames from seed to seed", (double)options->frames_per_key);
    sg_remark_number(remarks, "truncation psi", options->psi);
    if (all->network->config.c_dim > 0)
        sg_remark_text(remarks, "class", options->classes_text);
    sg_remark_text(remarks, "noise mode", sg_noise_mode_name(options->noise_mode));
}

static sg_status allocate(journey *all, sg_error *error)
{
    size_t values = 0;
    if (sg_size_multiply(all->options->seeds->count, all->width, &values)) {
        all->keys = sg_allocate(values, sizeof *all->keys);
        all->point = sg_allocate(all->width, sizeof *all->point);
        all->noise = sg_allocate(all->cells, sizeof *all->noise);
    }
    if (!all->keys || !all->point || !all->noise)
        return sg_fail(error, SG_ERROR_MEMORY, "there is no memory left for %zu seeds",
                       all->options->seeds->count);
    for (size_t cell = 0; cell < all->cells; cell++)
        all->noise[cell] = sg_seed_noise(all->options->seeds->values[cell * all->keys_per_cell]);
    return SG_OK;
}

/* Everything before the first frame. */
static sg_status prepare(journey *all, sg_error *error)
{
    const sg_interpolate_options *options = all->options;
    sg_status status = allocate(all, error);
    make_remarks(all);
    if (!status && all->cells > 1)
        status = sg_paint_grid(all->network->generator, (size_t)options->grid_columns,
                               (size_t)options->grid_rows, &all->grid, error);
    if (!status && !options->numbered_frames) {
        const sg_animation_options animation = {.frame_count = sg_interpolate_frame_count(options),
                                                .frames_per_second = options->frames_per_second,
                                                .texts = all->remarks.texts,
                                                .text_count = all->remarks.count};
        status = sg_animation_create(options->output, &animation, &all->animation, error);
    }
    return status ? status : find_keys(all, error);
}

sg_status sg_interpolate(const sg_picture_network *network, const sg_interpolate_options *options,
                         sg_error *error)
{
    const sg_generator_config *config = &network->config;
    journey all = {.network = network,
                   .options = options,
                   .cells = cell_count(options),
                   .keys_per_cell = options->seeds->count / cell_count(options),
                   .width = (size_t)(options->in_z ? config->z_dim : config->w_dim)};
    sg_status status = prepare(&all, error);
    if (!status)
        status = show_frames(&all, error);
    if (!status && all.animation) {
        status = sg_animation_finish(all.animation, error);
        all.animation = NULL;
    }
    sg_animation_abandon(all.animation);
    sg_grid_destroy(all.grid);
    free(all.noise);
    free(all.point);
    free(all.keys);
    return status;
}
