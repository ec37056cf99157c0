/* Moving pictures from key to key, or in loops; see walk.h. Tested by: tests/cli/test_interpolate.c
 */
#include "pictures/films/walk.h"

#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/numpy_random.h"
#include "latent/seeds.h"
#include "latent/styles.h"
#include "pictures/films/walk_state.h"

static size_t cell_count(const sg_walk_options *options)
{
    return (size_t)options->grid_columns * (size_t)options->grid_rows;
}

size_t sg_walk_frame_count(const sg_walk_options *options)
{
    const sg_path path = {.count = options->key_count / cell_count(options),
                          .closed = options->closed};
    return options->strip ? options->strip
           : options->looping || options->coordinates
               ? options->loop_frames
               : sg_path_frame_count(&path, options->frames_per_key);
}

/* Films count frames from key to key; a strip and a loop divide the whole way. */
sg_walk_position sg_walk_position_of(const sg_walk_state *walk, size_t frame)
{
    const sg_walk_options *options = walk->options;
    const size_t frames = sg_walk_frame_count(options);
    const size_t ways =
        options->looping || options->closed ? walk->keys_per_cell : walk->keys_per_cell - 1;
    const bool ends = options->strip > 1 && !options->closed && !options->looping;
    const bool whole = options->strip || options->looping;
    const size_t done = whole ? frame * ways : frame;
    const size_t steps = whole ? frames - ends : options->frames_per_key;
    return (sg_walk_position){done / steps, (double)(done % steps) / (double)steps};
}

/* ---- the keys ---- */

static void find_order(sg_walk_state *all)
{
    const sg_walk_options *options = all->options;
    const size_t count = all->seeds->count > 0 ? all->seeds->count : options->styles->count;
    const size_t repeats = options->coordinates ? options->coordinates->count : 1;
    for (size_t i = 0; i < options->key_count; i++)
        all->order[i] = i / repeats % count;
    if (options->shuffled) {
        sg_numpy_random random;
        sg_numpy_random_seed(&random, (uint32_t)options->shuffle_seed);
        sg_numpy_random_shuffle(&random, all->order, options->key_count);
    }
}

uint32_t sg_walk_seed(const sg_walk_state *walk, size_t key)
{
    const bool follows = walk->options->looping && walk->seeds->count == 1;
    return walk->seeds->values[walk->order[key]] + (follows ? (uint32_t)key : 0);
}

sg_style_label sg_walk_label(const sg_walk_state *all, size_t key)
{
    const size_t index = all->classes->count > 1 ? all->order[key] : 0;
    return (sg_style_label){(int)all->classes->values[index], all->work->common.label.values};
}

/* The styles of a seed, before truncation. */
static sg_status find_styles(const sg_walk_state *all, size_t key, float *styles, sg_error *error)
{
    sg_context *context = all->work->network.context;
    const size_t scope = sg_scope_open(context);
    const sg_style_source source = {.seed = sg_walk_seed(all, key),
                                    .label = sg_walk_label(all, key)};
    const sg_tensor *found =
        sg_styles(all->work->network.generator, &source, &(sg_truncation){.psi = 1, .cutoff = -1});
    const sg_status status = sg_context_take_error(context, error);
    if (!status)
        memcpy(styles, sg_f32(found), all->width * sizeof *styles);
    sg_scope_close(context, scope, NULL);
    return status;
}

static sg_status find_key(const sg_walk_state *all, size_t key, float *values, sg_error *error)
{
    const sg_walk_options *options = all->options;
    const float *ws = sg_source_ws(&all->work->lists.w, all->order[key]);
    if (ws)
        memcpy(values, ws, all->width * sizeof *values);
    else if (all->seeds->count == 0)
        memcpy(values, sg_w_set_at(options->styles, all->order[key]), all->width * sizeof *values);
    else if (options->in_z)
        sg_seed_latent(sg_walk_seed(all, key), all->width, values);
    else
        return find_styles(all, key, values, error);
    return SG_OK;
}

/* The loop of every cell. */
static sg_status find_loops(sg_walk_state *all, sg_error *error)
{
    const sg_walk_options *options = all->options;
    const double seconds = (double)options->loop_frames / options->output.frames_per_second;
    for (size_t cell = 0; cell < all->cells; cell++)
        SG_TRY(sg_loop_create(&all->loops[cell], options->loop, sg_walk_seed(all, cell), all->width,
                              seconds, options->smoothing, error));
    return SG_OK;
}

/* The keys, and the path of every cell through its own. */
static sg_status find_paths(sg_walk_state *all, sg_error *error)
{
    const sg_walk_options *options = all->options;
    for (size_t i = 0; i < options->key_count; i++)
        SG_TRY(find_key(all, i, all->keys + i * all->width, error));
    if (options->coordinates)
        return sg_walk_find_deviations(all, error);
    for (size_t cell = 0; cell < all->cells; cell++) {
        all->paths[cell] = (sg_path){.keys = all->keys + cell * all->keys_per_cell * all->width,
                                     .count = all->keys_per_cell,
                                     .width = all->width,
                                     .closed = options->closed,
                                     .method = options->method};
        SG_TRY(sg_path_prepare(&all->paths[cell], error));
    }
    return SG_OK;
}

/* ---- a frame ---- */

/* How much the second of two classes counts at `t`: without a corner on a path that has none. */
static double class_blend(sg_path_method method, double t)
{
    return method == SG_PATH_CUBIC ? sg_ease(SG_EASING_SMOOTH, t) : t;
}

/* w [1, w_dim] of the z in all->point, between the keys `from` and `to` of all. */
static sg_tensor *map_point(const sg_walk_state *all, size_t from, size_t to, double t)
{
    sg_generator *generator = all->work->network.generator;
    const sg_style_label first = sg_walk_label(all, from);
    const sg_style_label second = sg_walk_label(all, to);
    sg_tensor *w = sg_map_latent(generator, all->point, first);
    if (!w || t == 0 || second.class_index == first.class_index ||
        all->work->network.config.c_dim == 0)
        return w;
    const sg_tensor *other = sg_map_latent(generator, all->point, second);
    if (!other)
        return NULL;
    sg_interpolate_linear(sg_f32(w), sg_f32(other), (size_t)sg_tensor_count(w),
                          class_blend(all->options->method, t), sg_f32(w));
    sg_tensor_touch(w);
    return w;
}

/* Finds all->ws at a point of a path in z: w of the point, for every input. On failure the error
 * is in the context. */
static void map_styles(sg_walk_state *all, size_t from, size_t to, double t)
{
    sg_context *context = all->work->network.context;
    const size_t scope = sg_scope_open(context);
    const sg_tensor *ws =
        sg_generator_broadcast(all->work->network.generator, map_point(all, from, to, t));
    if (ws)
        memcpy(all->ws, sg_f32(ws), (size_t)sg_tensor_count(ws) * sizeof *all->ws);
    sg_scope_close(context, scope, NULL);
}

/* Returns the part of the transform that a frame has reached. On a closed path the last frame is
 * one step before the whole transform, which the first frame shows when it comes again. */
static sg_transform transform_at(const sg_walk_state *all, size_t frame)
{
    const sg_transform *whole = &all->work->common.transform;
    const size_t count = sg_walk_frame_count(all->options);
    const size_t steps = all->options->closed || count < 2 ? count : count - 1;
    const double share = (double)frame / (double)steps;
    return (sg_transform){share * whole->x, share * whole->y, share * whole->degrees};
}

static sg_picture_request request_at(void *user, size_t index)
{
    sg_walk_state *all = user;
    const sg_walk_options *options = all->options;
    const size_t cell = index % all->cells;
    const size_t frame = index / all->cells;
    const sg_walk_position at = sg_walk_position_of(all, frame);
    const size_t first = cell * all->keys_per_cell;
    sg_picture_request request = all->work->common;
    if (options->looping) {
        sg_loop_point(&all->loops[cell], at.share, all->point);
        map_styles(all, first, first, 0);
    } else if (options->coordinates) {
        sg_walk_move_coordinate(all, cell, sg_walk_amount(all, frame));
        if (options->in_z)
            map_styles(all, first, first, 0);
    } else {
        const sg_path *path = &all->paths[cell];
        const double t = sg_ease(options->easing, at.share);
        sg_path_point(path, at.key, t, all->point);
        if (options->in_z)
            map_styles(all, first + at.key, first + sg_path_next_key(path, at.key), t);
    }
    if (options->in_z)
        request.cutoff = SG_ALL_INPUTS;
    request.ws = all->ws;
    request.transform = transform_at(all, frame);
    all->drawing = all->noise[cell];
    request.noise = options->fixed_noise ? &all->drawing : &all->noise[cell];
    return request;
}

/* Adds a frame after its last cell. */
static sg_status deliver(void *user, size_t index, const sg_picture_request *request,
                         const sg_image *image, sg_error *error)
{
    const sg_walk_state *all = user;
    const size_t columns = (size_t)all->options->grid_columns;
    const size_t cell = index % all->cells;
    (void)request;
    if (all->strip)
        return sg_page_paste(all->strip, index / all->cells, cell, image, error);
    if (!all->grid)
        return sg_frame_output_add(all->output, image, error);
    SG_TRY(sg_grid_paste(all->grid, cell % columns, cell / columns, image, error));
    return cell == all->cells - 1
               ? sg_frame_output_add(all->output, sg_grid_image(all->grid), error)
               : SG_OK;
}

/* ---- start and end ---- */

static void make_remarks(sg_walk_state *all)
{
    const sg_walk_options *options = all->options;
    const bool seeds = all->seeds->count > 0;
    sg_picture_request request = all->work->common;
    sg_remarks *remarks = &all->remarks;
    request.ws = seeds ? NULL : options->styles->values;
    sg_remarks_start(remarks, sg_picture_network_name(&all->work->network));
    sg_remark_text(remarks, seeds ? "seeds" : "keyframes",
                   seeds ? all->seeds->text : options->styles_text);
    if (options->shuffled)
        sg_remark_number(remarks, "shuffle seed", (double)options->shuffle_seed);
    if (options->coordinates) {
        sg_remark_text(remarks, "space", options->in_z ? "z" : "w");
        sg_remark_text(remarks, "coordinates", options->coordinates->text);
        sg_remark_number(remarks, "range, standard deviations", options->range);
    } else if (options->looping) {
        sg_remark_text(remarks, "walk", sg_choice_name(&sg_loop_kinds, options->loop));
        if (options->loop != SG_LOOP_CIRCLE)
            sg_remark_number(remarks, "smoothing, seconds", options->smoothing);
    } else {
        sg_remark_text(remarks, "space", options->in_z ? "z" : "w");
        sg_remark_text(remarks, "method", sg_choice_name(&sg_path_methods, options->method));
        sg_remark_text(remarks, "easing", sg_choice_name(&sg_easings, options->easing));
        sg_remark_text(remarks, "loop", options->closed ? "yes" : "no");
        if (!options->strip)
            sg_remark_number(remarks, "frames from key to key", (double)options->frames_per_key);
    }
    sg_remark_settings(remarks, &all->work->network, &request, NULL,
                       all->work->network.config.c_dim > 0 && seeds ? all->classes->text : NULL);
}

/* Returns the numbers of w for every input. */
static size_t styles_width(const sg_picture_network *network)
{
    return (size_t)sg_generator_num_ws(network->generator) * (size_t)network->config.w_dim;
}

static sg_status allocate(sg_walk_state *all, sg_error *error)
{
    const size_t key_count = all->options->key_count;
    size_t values = 0;
    if (sg_size_multiply(key_count, all->width, &values)) {
        all->order = sg_allocate(key_count, sizeof *all->order);
        all->keys = sg_allocate(values, sizeof *all->keys);
        all->paths = sg_allocate(all->cells, sizeof *all->paths);
        all->loops = sg_allocate(all->cells, sizeof *all->loops);
        all->point = sg_allocate(all->width, sizeof *all->point);
        all->noise = sg_allocate(all->cells, sizeof *all->noise);
        all->ws = all->options->in_z
                      ? sg_allocate(styles_width(&all->work->network), sizeof *all->ws)
                      : all->point;
    }
    if (!all->order || !all->keys || !all->paths || !all->loops || !all->point || !all->noise ||
        !all->ws)
        return sg_fail_memory(error, "%zu keys", key_count);
    return SG_OK;
}

static sg_status open_output(sg_walk_state *all, sg_error *error)
{
    sg_frame_output_options output = all->options->output;
    make_remarks(all);
    if (all->options->strip)
        return sg_walk_strip_open(all, error);
    output.frame_count = sg_walk_frame_count(all->options);
    output.remarks = &all->remarks;
    return sg_frame_output_open(&output, &all->output, error);
}

/* Everything before the first frame. */
static sg_status prepare(sg_walk_state *all, sg_error *error)
{
    const sg_walk_options *options = all->options;
    if (options->coordinates)
        SG_TRY(sg_walk_check_coordinates(all, error));
    SG_TRY(allocate(all, error));
    find_order(all);
    for (size_t cell = 0; cell < all->cells; cell++)
        all->noise[cell] = sg_seed_noise(
            all->seeds->count > 0 ? sg_walk_seed(all, cell * all->keys_per_cell) : (uint32_t)cell);
    if (all->cells > 1 && !options->strip)
        SG_TRY(sg_paint_grid(all->work->network.generator, (size_t)options->grid_columns,
                             (size_t)options->grid_rows, &all->grid, error));
    SG_TRY(open_output(all, error));
    return options->looping ? find_loops(all, error) : find_paths(all, error);
}

/* Frees everything but the output. */
static void clear(sg_walk_state *all)
{
    for (size_t cell = 0; all->paths && cell < all->cells; cell++)
        sg_path_clear(&all->paths[cell]);
    for (size_t cell = 0; all->loops && cell < all->cells; cell++)
        sg_loop_clear(&all->loops[cell]);
    sg_page_destroy(all->strip);
    free(all->loops);
    sg_grid_destroy(all->grid);
    free(all->noise);
    if (all->ws != all->point)
        free(all->ws);
    free(all->point);
    free(all->paths);
    free(all->deviations);
    free(all->keys);
    free(all->order);
}

sg_status sg_walk(const sg_picture_work *work, const sg_walk_options *options,
                  const sg_watch *watch, sg_error *error)
{
    sg_walk_state all = {.work = work,
                         .options = options,
                         .seeds = &work->lists.seeds,
                         .classes = &work->lists.classes,
                         .cells = cell_count(options),
                         .keys_per_cell = options->key_count / cell_count(options),
                         .width = options->in_z ? (size_t)work->network.config.z_dim
                                                : styles_width(&work->network)};
    const sg_picture_plan plan = {.count = all.cells * sg_walk_frame_count(options),
                                  .frame = all.cells,
                                  .subject = options->output.path,
                                  .user = &all,
                                  .request = request_at,
                                  .deliver = deliver};
    sg_status status = prepare(&all, error);
    if (!status)
        status = sg_paint_pictures(&work->network, &plan, watch, error);
    if (!status && all.strip)
        status = sg_walk_strip_write(&all, error);
    else if (!status)
        status = sg_frame_output_finish(all.output, error);
    else
        sg_frame_output_abandon(all.output);
    clear(&all);
    return status;
}
