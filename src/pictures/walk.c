/* Moving pictures from key to key; see walk.h. */
#include "pictures/walk.h"

#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/numpy_random.h"
#include "latent/seeds.h"
#include "latent/styles.h"
#include "nn/noise_mode.h"
#include "pictures/painter.h"
#include "pictures/picture_metadata.h"

/* The work in hand. */
typedef struct journey {
    const sg_picture_network *network;
    const sg_interpolate_options *options;
    size_t cells, keys_per_cell;
    size_t width;     /* of a key: z, or w for every input */
    size_t *order;    /* which seed, or style, is the key: [key_count] */
    float *keys;      /* [key_count, width] */
    sg_path *paths;   /* of every cell */
    float *point;     /* on one of them, [width] */
    sg_random *noise; /* of every cell */
    sg_grid *grid;    /* of the frame in hand; NULL for a single cell */
    sg_remarks remarks;
    sg_frame_output *output;
} journey;

static size_t cell_count(const sg_interpolate_options *options)
{
    return (size_t)options->grid_columns * (size_t)options->grid_rows;
}

size_t sg_interpolate_frame_count(const sg_interpolate_options *options)
{
    const sg_path path = {.count = options->key_count / cell_count(options),
                          .closed = options->closed};
    return sg_path_frame_count(&path, options->frames_per_key);
}

/* ---- the keys ---- */

static size_t source_count(const sg_interpolate_options *options)
{
    return options->seeds->count > 0 ? options->seeds->count : options->styles->count;
}

static void find_order(journey *all)
{
    const sg_interpolate_options *options = all->options;
    for (size_t i = 0; i < options->key_count; i++)
        all->order[i] = i % source_count(options);
    if (options->shuffled) {
        sg_numpy_random random;
        sg_numpy_random_seed(&random, options->shuffle_seed);
        sg_numpy_random_shuffle(&random, all->order, options->key_count);
    }
}

static uint32_t seed_of_key(const journey *all, size_t key)
{
    return all->options->seeds->values[all->order[key]];
}

static int class_of_key(const journey *all, size_t key)
{
    const sg_number_list *classes = all->options->classes;
    return (int)classes->values[classes->count > 1 ? all->order[key] : 0];
}

/* The styles of a seed, before truncation. */
static sg_status find_styles(const journey *all, size_t key, float *styles, sg_error *error)
{
    sg_context *context = all->network->context;
    const size_t scope = sg_scope_open(context);
    const sg_style_source source = {.seed = seed_of_key(all, key),
                                    .class_index = class_of_key(all, key)};
    const sg_tensor *found =
        sg_styles(all->network->generator, &source, &(sg_truncation){.psi = 1, .cutoff = -1});
    const sg_status status = sg_context_take_error(context, error);
    if (!status)
        memcpy(styles, sg_f32(found), all->width * sizeof *styles);
    sg_scope_close(context, scope, NULL);
    return status;
}

static sg_status find_key(const journey *all, size_t key, float *values, sg_error *error)
{
    const sg_interpolate_options *options = all->options;
    if (options->seeds->count == 0)
        memcpy(values, sg_w_set_at(options->styles, all->order[key]), all->width * sizeof *values);
    else if (options->in_z)
        sg_seed_latent(seed_of_key(all, key), all->width, values);
    else
        return find_styles(all, key, values, error);
    return SG_OK;
}

/* The keys, and the path of every cell through its own. */
static sg_status find_paths(journey *all, sg_error *error)
{
    const sg_interpolate_options *options = all->options;
    sg_status status = SG_OK;
    for (size_t i = 0; i < options->key_count && !status; i++)
        status = find_key(all, i, all->keys + i * all->width, error);
    for (size_t cell = 0; cell < all->cells && !status; cell++) {
        all->paths[cell] = (sg_path){.keys = all->keys + cell * all->keys_per_cell * all->width,
                                     .count = all->keys_per_cell,
                                     .width = all->width,
                                     .closed = options->closed,
                                     .method = options->method};
        status = sg_path_prepare(&all->paths[cell], error);
    }
    return status;
}

/* ---- a frame ---- */

/* How much the second of two classes counts at `t`: without a corner on a path that has none. */
static double class_blend(sg_path_method method, double t)
{
    return method == SG_PATH_CUBIC ? sg_ease(SG_EASING_SMOOTH, t) : t;
}

/* w [1, w_dim] of the z in all->point, between the keys `from` and `to` of all. */
static sg_tensor *map_point(const journey *all, size_t from, size_t to, double t)
{
    sg_generator *generator = all->network->generator;
    const int first = class_of_key(all, from);
    const int second = class_of_key(all, to);
    sg_tensor *w = sg_map_latent(generator, all->point, first);
    if (!w || t == 0 || second == first || all->network->config.c_dim == 0)
        return w;
    const sg_tensor *other = sg_map_latent(generator, all->point, second);
    if (!other)
        return NULL;
    sg_interpolate_linear(sg_f32(w), sg_f32(other), (size_t)sg_tensor_count(w),
                          class_blend(all->options->method, t), sg_f32(w));
    sg_tensor_touch(w);
    return w;
}

/* The styles of a cell at the frame, [1, num_ws, w_dim]. */
static sg_tensor *styles_of_cell(const journey *all, size_t cell, size_t frame)
{
    const sg_interpolate_options *options = all->options;
    const sg_path *path = &all->paths[cell];
    const size_t index = frame / options->frames_per_key;
    const double time = (double)(frame % options->frames_per_key) / (double)options->frames_per_key;
    const double t = sg_ease(options->easing, time);
    sg_path_point(path, index, t, all->point);
    if (options->in_z) {
        const size_t first = cell * all->keys_per_cell;
        sg_tensor *w = map_point(all, first + index, first + sg_path_next_key(path, index), t);
        return sg_generator_truncate(all->network->generator, w, options->psi, -1);
    }
    return sg_styles(all->network->generator, &(sg_style_source){.ws = all->point},
                     &(sg_truncation){.psi = options->psi, .cutoff = -1});
}

/* How far the picture has been moved and turned. On a closed way the last frame is one step short
 * of all, which is where the first stands when it comes again. */
static sg_transform transform_at(const journey *all, size_t frame)
{
    const sg_transform *whole = &all->options->transform;
    const size_t count = sg_interpolate_frame_count(all->options);
    const size_t steps = all->options->closed || count < 2 ? count : count - 1;
    const double share = (double)frame / (double)steps;
    return (sg_transform){share * whole->x, share * whole->y, share * whole->degrees};
}

static sg_status paint_cell(const journey *all, size_t cell, size_t frame, sg_image **image,
                            sg_error *error)
{
    const size_t scope = sg_scope_open(all->network->context);
    sg_random fixed = all->noise[cell];
    const sg_synthesis_options synthesis = {
        .noise_mode = all->options->noise_mode,
        .random = all->options->fixed_noise ? &fixed : &all->noise[cell]};
    const sg_transform transform = transform_at(all, frame);
    const sg_status status =
        sg_paint_moved(all->network->generator, styles_of_cell(all, cell, frame), &transform,
                       synthesis, image, error);
    sg_scope_close(all->network->context, scope, NULL);
    return status;
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
            status = sg_grid_paste(all->grid, cell % columns, cell / columns, image, error);
        else if (!status)
            status = sg_frame_output_add(all->output, image, error);
        sg_image_destroy(image);
    }
    if (!status && all->grid)
        status = sg_frame_output_add(all->output, sg_grid_image(all->grid), error);
    return status;
}

static sg_status show_frames(journey *all, sg_error *error)
{
    const size_t count = sg_interpolate_frame_count(all->options);
    const sg_watch *watch = all->options->watch;
    sg_status status = SG_OK;
    sg_watch_step(watch, 0, (double)count, NULL);
    for (size_t frame = 0; frame < count && !status; frame++) {
        status = show_frame(all, frame, error);
        if (!status && sg_watch_step(watch, (double)(frame + 1), (double)count, NULL))
            status = sg_fail(error, SG_ERROR_CANCELLED, "%s: stopped after %zu of %zu frames",
                             all->options->output.path, frame + 1, count);
    }
    return status;
}

/* ---- start and end ---- */

static void make_remarks(journey *all)
{
    const sg_interpolate_options *options = all->options;
    sg_remarks *remarks = &all->remarks;
    sg_remarks_start(remarks, sg_picture_network_name(all->network));
    sg_remark_text(remarks, options->seeds->count > 0 ? "seeds" : "keyframes", options->keys_text);
    if (options->shuffled)
        sg_remark_number(remarks, "shuffle seed", options->shuffle_seed);
    sg_remark_text(remarks, "space", options->in_z ? "z" : "w");
    sg_remark_text(remarks, "method", sg_path_method_name(options->method));
    sg_remark_text(remarks, "easing", sg_easing_name(options->easing));
    sg_remark_text(remarks, "loop", options->closed ? "yes" : "no");
    sg_remark_number(remarks, "frames from key to key", (double)options->frames_per_key);
    sg_remark_number(remarks, "truncation psi", options->psi);
    if (all->network->config.c_dim > 0 && options->seeds->count > 0)
        sg_remark_text(remarks, "class", options->classes_text);
    sg_remark_text(remarks, "noise mode", sg_noise_mode_name(options->noise_mode));
    sg_remark_transform(remarks, &options->transform);
}

static sg_status allocate(journey *all, sg_error *error)
{
    const size_t key_count = all->options->key_count;
    size_t values = 0;
    if (sg_size_multiply(key_count, all->width, &values)) {
        all->order = sg_allocate(key_count, sizeof *all->order);
        all->keys = sg_allocate(values, sizeof *all->keys);
        all->paths = sg_allocate(all->cells, sizeof *all->paths);
        all->point = sg_allocate(all->width, sizeof *all->point);
        all->noise = sg_allocate(all->cells, sizeof *all->noise);
    }
    if (!all->order || !all->keys || !all->paths || !all->point || !all->noise)
        return sg_fail_memory(error, "%zu keys", key_count);
    return SG_OK;
}

static sg_status open_output(journey *all, sg_error *error)
{
    sg_frame_output_options output = all->options->output;
    make_remarks(all);
    output.frame_count = sg_interpolate_frame_count(all->options);
    output.remarks = &all->remarks;
    return sg_frame_output_open(&output, &all->output, error);
}

/* Everything before the first frame. */
static sg_status prepare(journey *all, sg_error *error)
{
    const sg_interpolate_options *options = all->options;
    sg_status status = allocate(all, error);
    if (status)
        return status;
    find_order(all);
    for (size_t cell = 0; cell < all->cells; cell++)
        all->noise[cell] =
            sg_seed_noise(options->seeds->count > 0 ? seed_of_key(all, cell * all->keys_per_cell)
                                                    : (uint32_t)cell);
    if (all->cells > 1)
        status = sg_paint_grid(all->network->generator, (size_t)options->grid_columns,
                               (size_t)options->grid_rows, &all->grid, error);
    if (!status)
        status = open_output(all, error);
    return status ? status : find_paths(all, error);
}

/* Frees everything but the output. */
static void clear(journey *all)
{
    for (size_t cell = 0; all->paths && cell < all->cells; cell++)
        sg_path_clear(&all->paths[cell]);
    sg_grid_destroy(all->grid);
    free(all->noise);
    free(all->point);
    free(all->paths);
    free(all->keys);
    free(all->order);
}

sg_status sg_interpolate(const sg_picture_network *network, const sg_interpolate_options *options,
                         sg_error *error)
{
    const sg_generator_config *config = &network->config;
    const size_t styles = (size_t)sg_generator_num_ws(network->generator) * (size_t)config->w_dim;
    journey all = {.network = network,
                   .options = options,
                   .cells = cell_count(options),
                   .keys_per_cell = options->key_count / cell_count(options),
                   .width = options->in_z ? (size_t)config->z_dim : styles};
    sg_status status = prepare(&all, error);
    if (!status)
        status = show_frames(&all, error);
    if (!status)
        status = sg_frame_output_finish(all.output, error);
    else
        sg_frame_output_abandon(all.output);
    clear(&all);
    return status;
}
