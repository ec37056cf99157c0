/*
 * Features are recorded while their picture is painted, a layer at a time, so that the features of
 * a large network need never be in memory all together.
 * Tested by: tests/cli/test_layers.c
 */
#include "layers/layers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/files/file.h"
#include "base/text.h"
#include "layers/layer_choice.h"
#include "layers/layer_figures.h"
#include "pictures/figure_labels.h"
#include "pictures/painter.h"
#include "pictures/picture_metadata.h"

enum { TITLE_BYTES = 200, MOST_LAYERS = 256 };

typedef struct looking {
    const sg_picture_work *work;
    const sg_layers_options *options;
    sg_layer_records *records;
    sg_layer_tap tap;
    sg_picture_request request; /* of the picture that is being painted */
    size_t count;               /* pictures */
    size_t sheets;              /* written */
    sg_image **pictures;        /* [count] */
    sg_status status;           /* of the tap, which cannot fail; its sentence is in `error` */
    sg_error error;
} looking;

static const sg_parameter_set *parameters_of(const looking *all)
{
    return sg_generator_parameters(all->work->network.generator);
}

/* ---- names ---- */

/* Names of layers as they come; those beyond MOST_LAYERS are left out. */
typedef struct name_list {
    const sg_parameter_set *set;
    char texts[MOST_LAYERS][SG_LAYER_NAME_BYTES];
    const char *names[MOST_LAYERS];
    size_t count;
} name_list;

static void take_name(void *user, const sg_tensor *mark, const sg_tensor *features,
                      int64_t channels)
{
    name_list *list = user;
    if (list->count == MOST_LAYERS)
        return;
    const sg_layer_view view = sg_layer_view_of(list->set, mark, features, channels);
    memcpy(list->texts[list->count], view.name, sizeof view.name);
    list->names[list->count] = list->texts[list->count];
    list->count++;
}

/* Checks the list of chosen layers against those that the first picture goes through. */
static sg_status check_choice(const looking *all, sg_error *error)
{
    sg_image *image = NULL;
    sg_picture_request request = all->work->common;
    name_list *list = sg_allocate(1, sizeof *list);
    if (!list)
        return sg_fail_memory(error, "the names of layers");
    const sg_layer_tap tap = {.user = list, .take = take_name};
    list->set = parameters_of(all);
    request.tap = &tap;
    sg_source_set(&all->work->lists.seeds, &all->work->lists.w, 0, &request);
    sg_status status = sg_paint_picture(&all->work->network, &request, NULL, &image, error);
    if (!status)
        status = sg_layer_choice_check(all->options->chosen, list->names, list->count, error);
    sg_image_destroy(image);
    free(list);
    return status;
}

/* ---- features ---- */

/* Returns the record of that name, a new one at the end if there is none; NULL for lack of memory.
 */
static sg_layer_record *find_record(sg_layer_records *records, const char *name)
{
    for (size_t i = 0; i < records->count; i++)
        if (strcmp(records->items[i].name, name) == 0)
            return &records->items[i];
    if (!records->items)
        records->items = sg_allocate(MOST_LAYERS, sizeof *records->items);
    return records->items && records->count < MOST_LAYERS ? &records->items[records->count++]
                                                          : NULL;
}

/* Writes the contact sheet of a layer of the picture that is being painted. */
static sg_status write_sheet(looking *all, const sg_layer_view *view, sg_error *error)
{
    const sg_layer_levels *levels = &all->options->levels;
    char source[SG_SOURCE_NAME_BYTES];
    char name[SG_PICTURE_NAME_BYTES];
    char title[TITLE_BYTES];
    sg_image *sheet = NULL;
    sg_remarks remarks;
    sg_request_source_name(&all->request, source);
    snprintf(name, sizeof name, "%s-%s.png", source, view->name);
    snprintf(title, sizeof title, "%s, %s: %zux%zu, %zu channels, %s, %+g dB", source, view->name,
             view->width, view->height, view->channels,
             levels->normalise ? "each by its largest" : "as they are", levels->gain);
    SG_TRY(sg_layer_sheet_draw(view, levels, title, &sheet, error));
    if (!sheet)
        return SG_OK;
    all->sheets++;
    sg_remark_picture(&remarks, &all->work->network, &all->request);
    sg_remark_text(&remarks, "layer", view->name);
    const sg_status status =
        sg_write_picture(all->work->common.folder, name, sheet, &remarks, error);
    sg_image_destroy(sheet);
    return status;
}

static sg_status record(looking *all, const sg_layer_view *view, sg_error *error)
{
    sg_layer_recording recording = all->options->recording;
    sg_layer_record *to = find_record(all->records, view->name);
    recording.pictures = all->count;
    recording.maps = all->options->files;
    if (!to)
        return sg_fail_memory(error, "the features of %s", view->name);
    SG_TRY(sg_layer_record_add(to, view, &recording, error));
    return all->options->files && all->options->sheets ? write_sheet(all, view, error) : SG_OK;
}

static void take(void *user, const sg_tensor *mark, const sg_tensor *features, int64_t channels)
{
    looking *all = user;
    const sg_layer_view view = sg_layer_view_of(parameters_of(all), mark, features, channels);
    if (!all->status && sg_layer_is_chosen(all->options->chosen, view.name))
        all->status = record(all, &view, &all->error);
}

/* ---- pictures ---- */

static sg_picture_request request_at(void *user, size_t index)
{
    looking *all = user;
    all->request = all->work->common;
    sg_source_set(&all->work->lists.seeds, &all->work->lists.w, index, &all->request);
    all->request.tap = &all->tap;
    return all->request;
}

static sg_status deliver(void *user, size_t index, const sg_picture_request *request,
                         const sg_image *image, sg_error *error)
{
    const looking *all = user;
    (void)request;
    if (all->status) {
        *error = all->error;
        return all->status;
    }
    return sg_image_scale_integer(image, 1, &all->pictures[index], error);
}

/* ---- files ---- */

static sg_status write_figure(const looking *all, const char *name, const sg_image *image,
                              sg_error *error)
{
    const sg_picture_network *network = &all->work->network;
    sg_remarks remarks;
    sg_remarks_start(&remarks, sg_picture_network_name(network));
    sg_remark_text(&remarks, "seeds", all->work->lists.seeds.text);
    sg_remark_settings(&remarks, network, &all->work->common, NULL, NULL);
    return sg_write_picture(all->work->common.folder, name, image, &remarks, error);
}

static sg_status write_maps(const looking *all, sg_error *error)
{
    char title[TITLE_BYTES];
    sg_labels labels = {0};
    sg_image *image = NULL;
    snprintf(
        title, sizeof title,
        "%.100s: magnitude of features (root mean square over channels), by each map's largest",
        sg_picture_network_name(&all->work->network));
    sg_status status =
        sg_labels_sources(&labels, &all->work->lists.seeds, &all->work->lists.w, 0, 1, error);
    if (!status)
        status = sg_layer_maps_draw(all->records, all->pictures, labels.pointers, all->count, title,
                                    &image, error);
    if (!status)
        status = write_figure(all, "layers.png", image, error);
    sg_image_destroy(image);
    sg_labels_clear(&labels);
    return status;
}

static sg_status write_spectra(const looking *all, sg_error *error)
{
    char title[TITLE_BYTES];
    sg_image *image = NULL;
    snprintf(title, sizeof title, "%.100s: average power of all channels",
             sg_picture_network_name(&all->work->network));
    SG_TRY(sg_layer_spectra_draw(all->records, all->options->recording.interpolation, title, &image,
                                 error));
    const sg_status status = write_figure(all, "spectra.png", image, error);
    sg_image_destroy(image);
    return status;
}

static void append_numbers(sg_text *text, const sg_layer_numbers *numbers)
{
    sg_text_append(text, "\t%.6g\t%.6g\t%.6g", numbers->mean, numbers->deviation, numbers->largest);
}

/* A line for each layer of each picture. */
static void list_layers(const looking *all, sg_text *text)
{
    const sg_picture_lists *lists = &all->work->lists;
    char source[SG_LABEL_BYTES];
    sg_text_append(text,
                   "picture\tlayer\twidth\theight\tchannels\tmean\tdeviation\tlargest\tpeak\n");
    for (size_t i = 0; i < all->count; i++)
        for (size_t k = 0; k < all->records->count; k++) {
            const sg_layer_record *record = &all->records->items[k];
            sg_source_print(&lists->seeds, &lists->w, i, source, sizeof source);
            sg_text_append(text, "%s\t%s\t%zu\t%zu\t%zu", source, record->name, record->width,
                           record->height, record->channels);
            append_numbers(text, &record->numbers[i]);
            sg_text_append(text, "\t%.6g\n", record->numbers[i].peak);
        }
}

/* A line for each channel of each layer, over all pictures. */
static void list_channels(const looking *all, sg_text *text)
{
    sg_text_append(text, "layer\tchannel\tmean\tdeviation\tlargest\n");
    for (size_t k = 0; k < all->records->count; k++) {
        const sg_layer_record *record = &all->records->items[k];
        for (size_t c = 0; c < record->channels; c++) {
            const sg_layer_numbers numbers = sg_layer_record_channel(record, c);
            sg_text_append(text, "%s\t%zu", record->name, c);
            append_numbers(text, &numbers);
            sg_text_append(text, "\n");
        }
    }
}

static sg_status write_table(const looking *all, const char *name,
                             void (*list)(const looking *all, sg_text *text), sg_error *error)
{
    sg_text text = {0};
    char *path = sg_path_join(all->work->common.folder, name);
    list(all, &text);
    const sg_status status = path && !text.failed
                                 ? sg_write_file(path, text.bytes, text.length, error)
                                 : sg_fail_memory(error, "%s", name);
    sg_text_clear(&text);
    free(path);
    return status;
}

static sg_status write_files(const looking *all, sg_error *error)
{
    if (!all->options->files)
        return SG_OK;
    if (all->options->sheets && all->sheets == 0)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"channels\" is \"%s\", but none of the layers has these channels",
                       all->options->levels.channels->text);
    SG_TRY(write_maps(all, error));
    if (all->options->recording.spectrum)
        SG_TRY(write_spectra(all, error));
    SG_TRY(write_table(all, "layers.tsv", list_layers, error));
    return write_table(all, "channels.tsv", list_channels, error);
}

sg_status sg_layers(const sg_picture_work *work, const sg_layers_options *options,
                    sg_layer_records *records, const sg_watch *watch, sg_error *error)
{
    looking all = {.work = work, .options = options, .records = records};
    const sg_picture_plan plan = {
        .count = work->lists.seeds.count, .user = &all, .request = request_at, .deliver = deliver};
    all.count = plan.count;
    all.tap = (sg_layer_tap){.user = &all, .take = take};
    all.pictures = sg_allocate(all.count, sizeof *all.pictures);
    sg_status status =
        all.pictures ? SG_OK : sg_fail_memory(error, "%zu pictures of layers", all.count);
    if (!status && options->chosen)
        status = check_choice(&all, error);
    if (!status)
        status = sg_paint_pictures(&work->network, &plan, watch, error);
    if (!status)
        status = write_files(&all, error);
    for (size_t i = 0; all.pictures && i < all.count; i++)
        sg_image_destroy(all.pictures[i]);
    free(all.pictures);
    return status;
}
