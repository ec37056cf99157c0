/*
 * Writes files of directions; see direction_file.h.
 * Tested by: tests/edit/directions/test_direction_file.c
 */
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/allocate.h"
#include "base/text.h"
#include "checkpoint/numpy/numpy_file.h"
#include "checkpoint/safetensors/safetensors.h"
#include "edit/directions/direction_file.h"

/* The arrays and texts of a file. */
typedef struct writing {
    const sg_direction_set *set;
    size_t rows, width; /* of each direction in the file */
    float *directions, *sigma, *layers, *useful;
    const char **names, **sources, **channels;
    bool has_channels;
} writing;

/* Finds the shape that suits all directions. */
static sg_status find_shape(const char *path, writing *to, sg_error *error)
{
    to->rows = 1;
    for (size_t i = 0; i < to->set->count; i++) {
        const sg_direction *direction = &to->set->items[i];
        to->has_channels = to->has_channels || direction->channel_count > 0;
        const bool fits = to->width == 0 || direction->width == 0 || direction->width == to->width;
        if (!fits || (direction->rows > 1 && to->rows > 1 && direction->rows != to->rows))
            return sg_fail(error, SG_ERROR_ARGUMENT,
                           "cannot write %s: the directions \"%s\" and \"%s\" are of different "
                           "networks",
                           path, to->set->items[0].name, direction->name);
        to->rows = direction->rows > 1 ? direction->rows : to->rows;
        to->width = direction->width > 0 ? direction->width : to->width;
    }
    if (to->set->count == 0 || to->width == 0)
        return sg_fail(error, SG_ERROR_ARGUMENT, "cannot write %s: there are no directions", path);
    return SG_OK;
}

static bool make_room(writing *to)
{
    const size_t count = to->set->count;
    size_t values = 0;
    if (!sg_size_multiply(to->rows, to->width * sizeof(float), &values))
        return false;
    to->directions = sg_allocate(count, values);
    to->sigma = sg_allocate(count, sizeof *to->sigma);
    to->layers = sg_allocate(count, 2 * sizeof *to->layers);
    to->useful = sg_allocate(count, 2 * sizeof *to->useful);
    to->names = sg_allocate(count, sizeof *to->names);
    to->sources = sg_allocate(count, sizeof *to->sources);
    to->channels = sg_allocate(count, sizeof *to->channels);
    return to->directions && to->sigma && to->layers && to->useful && to->names && to->sources &&
           to->channels;
}

static void release(writing *to)
{
    for (size_t i = 0; to->channels && i < to->set->count; i++)
        cJSON_free((char *)to->channels[i]);
    free(to->directions);
    free(to->sigma);
    free(to->layers);
    free(to->useful);
    free(to->names);
    free(to->sources);
    free(to->channels);
}

/* Returns the channels of a direction as JSON; NULL on lack of memory. */
static char *print_channels(const sg_direction *direction)
{
    cJSON *list = cJSON_CreateArray();
    bool complete = list != NULL;
    for (size_t i = 0; complete && i < direction->channel_count; i++) {
        const sg_style_channel *channel = &direction->channels[i];
        cJSON *item = cJSON_CreateArray();
        complete = cJSON_AddItemToArray(item, cJSON_CreateString(channel->layer)) &&
                   cJSON_AddItemToArray(item, cJSON_CreateNumber(channel->channel)) &&
                   cJSON_AddItemToArray(item, cJSON_CreateNumber(channel->step)) &&
                   cJSON_AddItemToArray(list, item);
        if (!complete)
            cJSON_Delete(item);
    }
    char *text = complete ? cJSON_PrintUnformatted(list) : NULL;
    cJSON_Delete(list);
    return text;
}

static bool fill(writing *to)
{
    bool complete = true;
    for (size_t i = 0; i < to->set->count; i++) {
        const sg_direction *direction = &to->set->items[i];
        float *values = to->directions + i * to->rows * to->width;
        for (size_t k = 0; direction->values && k < to->rows * to->width; k++)
            values[k] = (float)direction->values[direction->rows > 1 ? k : k % to->width];
        to->sigma[i] = (float)direction->sigma;
        to->layers[2 * i] = (float)direction->first;
        to->layers[2 * i + 1] = (float)direction->last;
        to->useful[2 * i] = (float)direction->useful_from;
        to->useful[2 * i + 1] = (float)direction->useful_to;
        to->names[i] = direction->name;
        to->sources[i] = direction->source ? direction->source : "";
        to->channels[i] = print_channels(direction);
        complete = complete && to->channels[i];
    }
    return complete;
}

static sg_status write_archive(const char *path, const writing *to, sg_error *error)
{
    const int64_t count = (int64_t)to->set->count;
    const int64_t rows = (int64_t)to->rows;
    const int64_t width = (int64_t)to->width;
    const sg_numpy_entry entries[] = {
        {.name = "directions",
         .rank = rows > 1 ? 3 : 2,
         .size = {count, rows > 1 ? rows : width, width},
         .values = to->directions},
        {.name = "sigma", .rank = 1, .size = {count}, .values = to->sigma},
        {.name = "layers", .rank = 2, .size = {count, 2}, .values = to->layers},
        {.name = "useful", .rank = 2, .size = {count, 2}, .values = to->useful},
        {.name = "names", .rank = 1, .size = {count}, .texts = to->names},
        {.name = "sources", .rank = 1, .size = {count}, .texts = to->sources},
        {.name = "channels", .rank = 1, .size = {count}, .texts = to->channels},
    };
    return sg_numpy_write_npz(path, entries, to->has_channels ? 7 : 6, error);
}

/* Returns a list of texts as JSON; NULL on lack of memory. */
static char *print_list(const char *const *texts, size_t count)
{
    cJSON *list = cJSON_CreateStringArray(texts, (int)count);
    char *text = cJSON_PrintUnformatted(list);
    cJSON_Delete(list);
    return text;
}

static sg_status write_safetensors(const char *path, const writing *to, sg_error *error)
{
    const int64_t count = (int64_t)to->set->count;
    const int64_t rows = (int64_t)to->rows;
    const int64_t width = (int64_t)to->width;
    const sg_safetensors_entry entries[] = {
        {"directions",
         SG_STORED_F32,
         rows > 1 ? 3 : 2,
         {count, rows > 1 ? rows : width, width},
         to->directions},
        {"sigma", SG_STORED_F32, 1, {count}, to->sigma},
        {"layers", SG_STORED_F32, 2, {count, 2}, to->layers},
        {"useful", SG_STORED_F32, 2, {count, 2}, to->useful},
    };
    char *names = print_list(to->names, to->set->count);
    char *sources = print_list(to->sources, to->set->count);
    char *channels = print_list(to->channels, to->set->count);
    const sg_metadata metadata[] = {{"names", names}, {"sources", sources}, {"channels", channels}};
    const sg_status status =
        names && sources && channels
            ? sg_safetensors_write(path, entries, 4, metadata, to->has_channels ? 3 : 2, error)
            : sg_fail_memory(error, "the names of %zu directions", to->set->count);
    cJSON_free(names);
    cJSON_free(sources);
    cJSON_free(channels);
    return status;
}

sg_status sg_direction_file_check_name(const char *path, sg_error *error)
{
    if (sg_has_suffix(path, ".npz") || sg_has_suffix(path, ".safetensors"))
        return SG_OK;
    return sg_fail(error, SG_ERROR_ARGUMENT,
                   "\"output\" is \"%s\", but must end in .safetensors or .npz", path);
}

sg_status sg_direction_file_write(const char *path, const sg_direction_set *set, sg_error *error)
{
    writing to = {.set = set};
    SG_TRY(find_shape(path, &to, error));
    sg_status status =
        make_room(&to) && fill(&to) ? SG_OK : sg_fail_memory(error, "%zu directions", set->count);
    if (!status)
        status = sg_has_suffix(path, ".npz") ? write_archive(path, &to, error)
                                             : write_safetensors(path, &to, error);
    release(&to);
    return status;
}
