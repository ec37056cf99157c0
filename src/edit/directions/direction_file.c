/* Reads files of directions, ours and others; see direction_file.h. */
#include "edit/directions/direction_file.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/allocate.h"
#include "base/files/file.h"
#include "base/text.h"
#include "checkpoint/latents/named_arrays.h"

enum { MOST_DIRECTIONS = 1 << 16, NAME_BYTES = 256, MOST_CHANNELS = 1 << 16 };

/* A layout known by the names of its arrays; `prefix` names the directions, NULL: the file. */
typedef struct layout {
    const char *directions, *sigma, *prefix, *source;
    bool columns; /* a matrix whose columns are directions */
} layout;

static const layout layouts[] = {
    {"directions", "sigma", NULL, NULL, false},
    {"lat_comp", "lat_stdev", "pc", "GANSpace", false},
    {"comp", "std", "pc", "GANSpace", false},
    {"eigvec", NULL, "sefa", "closed form", true},
};

/* A file being read. */
typedef struct reading {
    const char *path;
    sg_direction_shape shape;
    sg_named_arrays *arrays;
    sg_direction_set *set;
} reading;

/* What our own files say of each direction; texts are NULL where the file has none. */
typedef struct details {
    sg_numpy_array sigma, layers, useful;
    char **names, **sources, **channels;
    size_t name_count, source_count, channel_count;
} details;

static void clear_details(details *all)
{
    sg_numpy_array_clear(&all->sigma);
    sg_numpy_array_clear(&all->layers);
    sg_numpy_array_clear(&all->useful);
    sg_numpy_texts_free(all->names, all->name_count);
    sg_numpy_texts_free(all->sources, all->source_count);
    sg_numpy_texts_free(all->channels, all->channel_count);
}

/* ---- shapes ---- */

/* How an array is cut into directions. */
typedef struct cut {
    size_t count, rows, width;
} cut;

/* Leaves out axes of size 1 before the last two or three. A matrix of num_ws rows is one direction
 * in a file that does not count them. */
static sg_status find_cut(const reading *from, const sg_numpy_array *array, bool counted,
                          cut *found, sg_error *error)
{
    char text[200];
    const size_t num_ws = from->shape.num_ws;
    const size_t w_dim = from->shape.w_dim;
    const int64_t *size = array->size;
    int rank = array->rank;
    for (; rank > 3 && size[0] == 1; rank--)
        size++;
    *found = (cut){1, 1, rank > 0 ? (size_t)size[rank - 1] : 0};
    if (rank == 2 && !counted && num_ws > 1 && (size_t)size[0] == num_ws)
        found->rows = num_ws;
    else if (rank == 2 || rank == 3)
        found->count = (size_t)size[0];
    if (rank == 3)
        found->rows = (size_t)size[1];
    const bool right_rows = found->rows == 1 || num_ws == 0 || found->rows == num_ws;
    if (rank >= 1 && rank <= 3 && right_rows && found->width > 0 &&
        (w_dim == 0 || found->width == w_dim) && found->count <= MOST_DIRECTIONS)
        return SG_OK;
    sg_numpy_shape_print(array, text);
    if (w_dim == 0)
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s: an array has the shape %s, but directions are (N, w_dim) or (N, "
                       "num_ws, w_dim)",
                       from->path, text);
    return sg_fail(error, SG_ERROR_FORMAT,
                   "%s: an array has the shape %s, but directions of this network are (N, %zu), "
                   "(N, %zu, %zu) or (%zu, %zu)",
                   from->path, text, w_dim, num_ws, w_dim, num_ws, w_dim);
}

/* Exchanges the axes of a matrix. */
static sg_status transpose(const reading *from, sg_numpy_array *array, sg_error *error)
{
    const size_t rows = (size_t)array->size[0];
    const size_t columns = (size_t)array->size[1];
    float *values = array->rank == 2 ? sg_allocate(array->count, sizeof *values) : NULL;
    if (array->rank != 2)
        return sg_fail(error, SG_ERROR_FORMAT, "%s: its matrix of directions has %d dimensions",
                       from->path, array->rank);
    if (!values)
        return sg_fail_memory(error, "the directions in %s", from->path);
    for (size_t i = 0; i < rows; i++)
        for (size_t k = 0; k < columns; k++)
            values[k * rows + i] = array->values[i * columns + k];
    free(array->values);
    array->values = values;
    array->size[0] = (int64_t)columns;
    array->size[1] = (int64_t)rows;
    return SG_OK;
}

/* ---- channels ---- */

/* Reads "[layer, channel, step]". */
static bool read_channel(const cJSON *item, sg_style_channel *channel)
{
    const cJSON *layer = cJSON_GetArrayItem(item, 0);
    const cJSON *index = cJSON_GetArrayItem(item, 1);
    const cJSON *step = cJSON_GetArrayItem(item, 2);
    if (!cJSON_IsString(layer) || !cJSON_IsNumber(index) || !cJSON_IsNumber(step) ||
        strlen(layer->valuestring) >= SG_LAYER_NAME_BYTES || !(index->valuedouble >= 0) ||
        index->valuedouble > MOST_CHANNELS)
        return false;
    snprintf(channel->layer, sizeof channel->layer, "%s", layer->valuestring);
    channel->channel = (int)index->valuedouble;
    channel->step = step->valuedouble;
    return true;
}

static sg_status read_channels(const reading *from, const char *text, sg_direction *direction,
                               sg_error *error)
{
    cJSON *list = cJSON_Parse(text);
    const cJSON *item = NULL;
    const size_t count = cJSON_IsArray(list) ? (size_t)cJSON_GetArraySize(list) : 0;
    bool right = cJSON_IsArray(list) && count <= MOST_CHANNELS;
    direction->channels = right ? sg_allocate(count + 1, sizeof *direction->channels) : NULL;
    const bool room = !right || direction->channels;
    if (right && room)
        cJSON_ArrayForEach(item, list) right =
            right && read_channel(item, &direction->channels[direction->channel_count++]);
    cJSON_Delete(list);
    if (!room)
        return sg_fail_memory(error, "the channels in %s", from->path);
    return right ? SG_OK
                 : sg_fail(error, SG_ERROR_FORMAT,
                           "%s: the channels of a direction are no list of [layer, channel, step]",
                           from->path);
}

/* ---- directions ---- */

/* Returns number `index` of an array that has enough of them. */
static double number_at(const sg_numpy_array *array, size_t index, double otherwise)
{
    return index < array->count ? (double)array->values[index] : otherwise;
}

/* Returns an input as a whole number; -1, to the end, where the number is none. */
static int input_at(const sg_numpy_array *array, size_t index, double otherwise)
{
    const double value = number_at(array, index, otherwise);
    return value >= 0 && value < 1 << 16 ? (int)value : SG_ALL_LAYERS;
}

/* Copies the values of one direction; NULL for one of zeros that moves channels instead. */
static double *copy_values(const float *values, size_t count, bool has_channels)
{
    bool zero = true;
    double *copy = sg_allocate(count, sizeof *copy);
    for (size_t i = 0; copy && i < count; i++) {
        copy[i] = (double)values[i];
        zero = zero && values[i] == 0;
    }
    if (copy && zero && has_channels) {
        free(copy);
        copy = NULL;
    }
    return copy;
}

/* Fills what our files say of direction `index`; other files say nothing of it. */
static sg_status describe(const reading *from, const details *all, size_t index,
                          sg_direction *direction, sg_error *error)
{
    direction->sigma = number_at(&all->sigma, index, 1);
    const int first = input_at(&all->layers, 2 * index, 0);
    direction->first = first < 0 ? 0 : first;
    direction->last = input_at(&all->layers, 2 * index + 1, SG_ALL_LAYERS);
    direction->useful_from = number_at(&all->useful, 2 * index, 0);
    direction->useful_to = number_at(&all->useful, 2 * index + 1, 0);
    if (!isfinite(direction->useful_from) || !isfinite(direction->useful_to))
        direction->useful_from = direction->useful_to = 0; /* not known */
    if (index < all->source_count && all->sources[index][0] != '\0') {
        free(direction->source);
        direction->source = sg_duplicate_text(all->sources[index]);
    }
    return index < all->channel_count ? read_channels(from, all->channels[index], direction, error)
                                      : SG_OK;
}

/* Adds one direction of an array. */
static sg_status add(const reading *from, const details *all, const sg_numpy_array *array,
                     const cut *found, size_t index, const char *name, const char *source,
                     sg_error *error)
{
    sg_error reason = {0};
    const size_t count = found->rows * found->width;
    sg_direction direction = SG_DIRECTION(.rows = found->rows, .width = found->width);
    direction.source = sg_duplicate_text(source);
    sg_status status = describe(from, all, index, &direction, error);
    const bool named = all->names && index < all->name_count;
    direction.name = sg_duplicate_text(named ? all->names[index] : name);
    direction.values =
        copy_values(array->values + index * count, count, direction.channel_count > 0);
    if (!status && (!direction.name || (!direction.values && direction.channel_count == 0)))
        status = sg_fail_memory(error, "the directions in %s", from->path);
    if (!status) {
        status = sg_direction_set_add(from->set, &direction, &reason);
        if (status)
            status = sg_fail(error, SG_ERROR_FORMAT, "%s: %s", from->path, reason.message);
    }
    sg_direction_clear(&direction);
    return status;
}

static sg_status add_all(const reading *from, const details *all, const sg_numpy_array *array,
                         bool counted, const char *stem, const char *source, sg_error *error)
{
    cut found;
    SG_TRY(find_cut(from, array, counted, &found, error));
    if (all->names && all->name_count != found.count)
        return sg_fail(error, SG_ERROR_FORMAT, "%s has %zu names for %zu directions", from->path,
                       all->name_count, found.count);
    if (all->sigma.values && all->sigma.count != found.count)
        return sg_fail(error, SG_ERROR_FORMAT, "%s has %zu sigmas for %zu directions", from->path,
                       all->sigma.count, found.count);
    for (size_t i = 0; i < found.count; i++) {
        char name[NAME_BYTES];
        if (found.count == 1)
            snprintf(name, sizeof name, "%s", stem);
        else
            snprintf(name, sizeof name, "%s%zu", stem, i);
        SG_TRY(add(from, all, array, &found, i, name, source, error));
    }
    return SG_OK;
}

/* ---- files ---- */

/* Reads an array that may be absent. */
static sg_status read_optional(const reading *from, const char *name, sg_numpy_array *array,
                               sg_error *error)
{
    size_t index = 0;
    return name && sg_named_arrays_find(from->arrays, name, &index)
               ? sg_named_arrays_read(from->arrays, index, array, error)
               : SG_OK;
}

static sg_status read_details(const reading *from, details *all, sg_error *error)
{
    const sg_named_arrays *arrays = from->arrays;
    SG_TRY(read_optional(from, "layers", &all->layers, error));
    SG_TRY(read_optional(from, "useful", &all->useful, error));
    SG_TRY(sg_named_arrays_texts(arrays, "names", &all->names, &all->name_count, error));
    SG_TRY(sg_named_arrays_texts(arrays, "sources", &all->sources, &all->source_count, error));
    return sg_named_arrays_texts(arrays, "channels", &all->channels, &all->channel_count, error);
}

/* Writes the file's name without folder and ending to `stem`. */
static void find_stem(const char *path, char *stem, size_t size)
{
    const char *name = sg_path_name(path);
    const char *dot = strrchr(name, '.');
    snprintf(stem, size, "%.*s", dot && dot > name ? (int)(dot - name) : (int)strlen(name), name);
}

/* Reads the array `index` in a layout. */
static sg_status read_layout(const reading *from, const layout *known, size_t index,
                             sg_error *error)
{
    char stem[NAME_BYTES];
    details all = {0};
    sg_numpy_array array = {0};
    find_stem(from->path, stem, sizeof stem);
    sg_status status = sg_named_arrays_read(from->arrays, index, &array, error);
    if (!status && known->columns)
        status = transpose(from, &array, error);
    if (!status)
        status = read_optional(from, known->sigma, &all.sigma, error);
    if (!status && known == layouts)
        status = read_details(from, &all, error);
    if (!status)
        status = add_all(from, &all, &array, true, known->prefix ? known->prefix : stem,
                         known->source, error);
    sg_numpy_array_clear(&array);
    clear_details(&all);
    return status;
}

/* Reads every array as directions of its own name. */
static sg_status read_each(const reading *from, sg_error *error)
{
    char stem[NAME_BYTES];
    find_stem(from->path, stem, sizeof stem);
    const size_t count = sg_named_arrays_count(from->arrays);
    for (size_t i = 0; i < count; i++) {
        const details none = {0};
        sg_numpy_array array = {0};
        const char *name = sg_named_arrays_name(from->arrays, i);
        SG_TRY(sg_named_arrays_read(from->arrays, i, &array, error));
        const sg_status status = add_all(from, &none, &array, false,
                                         name[0] != '\0' && count > 1 ? name : stem, NULL, error);
        sg_numpy_array_clear(&array);
        SG_TRY(status);
    }
    return count > 0 ? SG_OK
                     : sg_fail(error, SG_ERROR_FORMAT, "%s holds no directions", from->path);
}

sg_status sg_direction_file_read(const char *path, sg_direction_shape shape, sg_direction_set *set,
                                 sg_error *error)
{
    reading from = {.path = path, .shape = shape, .set = set};
    const layout *known = NULL;
    size_t index = 0;
    SG_TRY(sg_named_arrays_open(path, &from.arrays, error));
    for (size_t i = 0; !known && i < sizeof layouts / sizeof layouts[0]; i++)
        if (sg_named_arrays_find(from.arrays, layouts[i].directions, &index))
            known = &layouts[i];
    const sg_status status =
        known ? read_layout(&from, known, index, error) : read_each(&from, error);
    sg_named_arrays_close(from.arrays);
    return status;
}
