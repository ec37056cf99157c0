/* Lists of seeds and files of w; see picture_sources.h. Tested by: tests/cli/test_sources.c */
#include "pictures/picture_sources.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/files/file.h"
#include "pictures/truncation_center.h"

/* ---- items ---- */

/* An item of a list, without the blanks around it. */
typedef struct list_item {
    const char *start;
    size_t length;
    bool file;
} list_item;

static bool is_file(const char *start, size_t length)
{
    const char *point = NULL;
    for (size_t i = 0; i < length; i++) {
        if (start[i] == '/')
            return true;
        if (start[i] == '.')
            point = start + i;
    }
    return point && point + 1 < start + length && isalpha((unsigned char)point[1]);
}

/* Reads the item at *at and moves *at after its comma, or to NULL after the last one. */
static list_item next_item(const char **at)
{
    const char *start = *at + strspn(*at, " \t");
    const size_t whole = strcspn(start, ",");
    size_t length = whole;
    while (length > 0 && (start[length - 1] == ' ' || start[length - 1] == '\t'))
        length--;
    *at = start[whole] == ',' ? start + whole + 1 : NULL;
    return (list_item){start, length, is_file(start, length)};
}

static size_t count_files(const char *text, size_t *count)
{
    size_t files = 0;
    *count = 0;
    for (const char *at = text; at; ++*count)
        files += next_item(&at).file;
    return files;
}

bool sg_sources_have_files(const char *text)
{
    size_t count = 0;
    return count_files(text, &count) > 0;
}

bool sg_sources_are_files(const char *text)
{
    size_t count = 0;
    return count_files(text, &count) == count && count > 0;
}

/* Reads the numbers of one item. */
static sg_status read_numbers(const list_item *item, sg_number_list *numbers, sg_error *error)
{
    char *text = sg_allocate(item->length + 1, 1);
    if (!text)
        return sg_fail_memory(error, "the seeds");
    memcpy(text, item->start, item->length);
    const sg_status status = sg_number_list_parse(text, "seeds", UINT32_MAX, numbers, error);
    numbers->text = NULL;
    free(text);
    return status;
}

sg_status sg_sources_check(const char *text, sg_error *error)
{
    for (const char *at = text; at;) {
        const list_item item = next_item(&at);
        sg_number_list numbers = {0};
        if (!item.file)
            SG_TRY(read_numbers(&item, &numbers, error));
        sg_number_list_clear(&numbers);
    }
    return SG_OK;
}

/* ---- the list ---- */

void sg_w_sources_clear(sg_w_sources *sources)
{
    for (size_t i = 0; i < sources->set.count; i++)
        free(sources->files[i]);
    free(sources->files);
    free(sources->places);
    sg_w_set_clear(&sources->set);
    *sources = (sg_w_sources){0};
}

/* Makes room for more numbers, all of them seeds. */
static sg_status grow(sg_number_list *seeds, sg_w_sources *sources, size_t more, sg_error *error)
{
    const size_t count = seeds->count + more;
    const bool fresh = !sources->places; /* of a list of seeds alone */
    if (more > SG_LIST_LIMIT || count > SG_LIST_LIMIT)
        return sg_fail(error, SG_ERROR_ARGUMENT, "the list of seeds and w has more than %d",
                       SG_LIST_LIMIT);
    uint32_t *values = sg_reallocate(seeds->values, count + 1, sizeof *values);
    seeds->values = values ? values : seeds->values;
    size_t *places = sg_reallocate(sources->places, count + 1, sizeof *places);
    sources->places = places ? places : sources->places;
    if (!values || !places)
        return sg_fail_memory(error, "%zu seeds and w", count);
    const size_t known = fresh ? 0 : seeds->count;
    memset(places + known, 0, (count - known) * sizeof *places);
    return SG_OK;
}

static sg_status append_numbers(sg_number_list *seeds, sg_w_sources *sources, const list_item *item,
                                sg_error *error)
{
    sg_number_list numbers = {0};
    sg_status status = read_numbers(item, &numbers, error);
    if (!status)
        status = grow(seeds, sources, numbers.count, error);
    for (size_t i = 0; !status && i < numbers.count; i++)
        seeds->values[seeds->count++] = numbers.values[i];
    sg_number_list_clear(&numbers);
    return status;
}

sg_status sg_sources_append(sg_number_list *seeds, sg_w_sources *sources, const sg_w_set *set,
                            const char *path, sg_error *error)
{
    const size_t before = sources->set.count;
    SG_TRY(grow(seeds, sources, set->count, error));
    char **files = sg_reallocate(sources->files, before + set->count, sizeof *files);
    if (!files)
        return sg_fail_memory(error, "the w of %s", path);
    sources->files = files;
    memset(files + before, 0, set->count * sizeof *files);
    SG_TRY(sg_w_set_append(&sources->set, set, path, error));
    for (size_t i = before; i < sources->set.count; i++) {
        files[i] = sg_duplicate_text(sg_path_name(path));
        if (!files[i])
            return sg_fail_memory(error, "the w of %s", path);
        sources->places[seeds->count] = i + 1;
        seeds->values[seeds->count++] = (uint32_t)(sources->first + i);
    }
    return SG_OK;
}

/* Maps the latents of `z` [count, 1, z_dim] to `w` [count, num_ws, w_dim], which the caller
 * clears. */
static sg_status map_latents(const sg_picture_network *network, const sg_w_set *z,
                             sg_style_label label, sg_w_set *w, sg_error *error)
{
    size_t size = 0;
    w->num_ws = (size_t)sg_generator_num_ws(network->generator);
    w->w_dim = (size_t)network->config.w_dim;
    if (sg_size_multiply(z->count, w->num_ws * w->w_dim, &size))
        w->values = sg_allocate(size, sizeof *w->values);
    if (!w->values)
        return sg_fail_memory(error, "the w of %zu latents", z->count);
    for (; w->count < z->count; w->count++) {
        const size_t scope = sg_scope_open(network->context);
        const sg_style_source source = {.z = sg_w_set_at(z, w->count), .label = label};
        const sg_tensor *ws =
            sg_styles(network->generator, &source, &(sg_truncation){.psi = 1, .cutoff = -1});
        if (ws)
            memcpy(w->values + w->count * w->num_ws * w->w_dim, sg_f32(ws),
                   w->num_ws * w->w_dim * sizeof *w->values);
        sg_scope_close(network->context, scope, NULL);
        SG_TRY(sg_context_take_error(network->context, error));
    }
    return SG_OK;
}

sg_status sg_sources_append_latents(sg_number_list *seeds, const sg_picture_network *network,
                                    const char *path, sg_style_label label, sg_w_sources *sources,
                                    sg_error *error)
{
    sg_w_set z = {0};
    sg_w_set w = {0};
    sg_status status = sg_w_file_read(path, 1, (size_t)network->config.z_dim, &z, error);
    if (!status)
        status = map_latents(network, &z, label, &w, error);
    if (!status)
        status = sg_sources_append(seeds, sources, &w, path, error);
    sg_w_set_clear(&z);
    sg_w_set_clear(&w);
    return status;
}

static sg_status append_file(sg_number_list *seeds, const sg_picture_network *network,
                             const sg_watch *watch, sg_w_sources *sources, const list_item *item,
                             sg_error *error)
{
    char *path = sg_allocate(item->length + 1, 1);
    sg_w_set set = {0};
    if (!path)
        return sg_fail_memory(error, "the name of a file");
    memcpy(path, item->start, item->length);
    sg_status status = sg_read_w_file(path, network, watch, &set, error);
    if (!status)
        status = sg_sources_append(seeds, sources, &set, path, error);
    sg_w_set_clear(&set);
    free(path);
    return status;
}

sg_status sg_sources_read(sg_number_list *seeds, const sg_picture_network *network,
                          const sg_watch *watch, sg_w_sources *sources, sg_error *error)
{
    if (!seeds->text || seeds->values || !sg_sources_have_files(seeds->text))
        return SG_OK;
    for (const char *at = seeds->text; at;) {
        const list_item item = next_item(&at);
        SG_TRY(item.file ? append_file(seeds, network, watch, sources, &item, error)
                         : append_numbers(seeds, sources, &item, error));
    }
    return SG_OK;
}

/* ---- one source ---- */

sg_status sg_sources_unite(sg_number_list *seeds, sg_w_sources *sources, sg_error *error)
{
    bool *repeated = NULL;
    const size_t count = seeds->count;
    if (!sources->places)
        return sg_number_list_unite(seeds, error);
    double *keys = sg_allocate(count, sizeof *keys);
    for (size_t i = 0; i < count && keys; i++)
        keys[i] = sources->places[i] ? -(double)sources->places[i] : seeds->values[i];
    const sg_status status = keys ? sg_mark_repeated(keys, count, &repeated, error)
                                  : sg_fail_memory(error, "%zu seeds and w", count);
    seeds->count = status ? count : 0;
    for (size_t i = 0; i < count && !status; i++) {
        if (repeated[i])
            continue;
        sources->places[seeds->count] = sources->places[i];
        seeds->values[seeds->count++] = seeds->values[i];
    }
    free(repeated);
    free(keys);
    return status;
}

const float *sg_source_ws(const sg_w_sources *sources, size_t index)
{
    const size_t place = sources->places ? sources->places[index] : 0;
    return place > 0 ? sg_w_set_at(&sources->set, place - 1) : NULL;
}

void sg_source_set(const sg_number_list *seeds, const sg_w_sources *sources, size_t index,
                   sg_picture_request *request)
{
    request->seed = seeds->values[index];
    request->ws = sg_source_ws(sources, index);
    if (request->ws) {
        request->w_index = request->seed;
        request->w_file = sources->files[sources->places[index] - 1];
    }
}

/* Counts the w of the list that are from the file of number `index` of it, and those before it. */
static size_t count_of_file(const sg_w_sources *sources, size_t place, size_t *before)
{
    size_t count = 0;
    *before = 0;
    for (size_t i = 0; i < sources->set.count; i++) {
        const bool same = strcmp(sources->files[i], sources->files[place]) == 0;
        count += same;
        *before += same && i < place;
    }
    return count;
}

void sg_source_print(const sg_number_list *seeds, const sg_w_sources *sources, size_t index,
                     char *text, size_t size)
{
    const size_t place = sources->places ? sources->places[index] : 0;
    size_t before = 0;
    if (place == 0)
        snprintf(text, size, "seed %" PRIu32, seeds->values[index]);
    else if (count_of_file(sources, place - 1, &before) == 1)
        snprintf(text, size, "%s", sources->files[place - 1]);
    else
        snprintf(text, size, "%.*s %zu", (int)size / 2, sources->files[place - 1], before);
}
