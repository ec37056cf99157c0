/*
 * Records, contact sheets, figures and tables of one call, whatever network the features are of.
 * Tested by: tests/cli/test_layers.c
 */
#include "layers/layer_session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/files/atomic_file.h"
#include "base/files/file.h"
#include "base/text.h"
#include "layers/layer_choice.h"
#include "layers/layer_figures.h"

enum { TITLE_BYTES = 200 };

/* ---- features ---- */

/* Returns the record of that name, a new one at the end if there is none; NULL for lack of memory.
 */
static sg_layer_record *find_record(sg_layer_records *records, const char *name)
{
    for (size_t i = 0; i < records->count; i++)
        if (strcmp(records->items[i].name, name) == 0)
            return &records->items[i];
    if (!records->items)
        records->items = sg_allocate(SG_MOST_LAYERS, sizeof *records->items);
    return records->items && records->count < SG_MOST_LAYERS ? &records->items[records->count++]
                                                             : NULL;
}

/* Writes the contact sheet of a layer of the picture that is looked at. */
static sg_status write_sheet(sg_layer_session *all, const sg_layer_view *view,
                             const sg_layer_source *source, sg_error *error)
{
    const sg_layer_levels *levels = &all->options->levels;
    char name[SG_PICTURE_NAME_BYTES];
    char title[TITLE_BYTES];
    sg_image *sheet = NULL;
    sg_remarks remarks;
    snprintf(name, sizeof name, "%s-%s.png", source->name, view->name);
    snprintf(title, sizeof title, "%s, %s: %zux%zu, %zu channels, %s, %+g dB", source->name,
             view->name, view->width, view->height, view->channels,
             levels->normalise ? "each by its largest" : "as they are", levels->gain);
    SG_TRY(sg_layer_sheet_draw(view, levels, title, &sheet, error));
    if (!sheet)
        return SG_OK;
    all->sheets++;
    source->remark(source->user, &remarks);
    sg_remark_text(&remarks, "layer", view->name);
    const sg_status status = sg_write_picture(all->folder, name, sheet, &remarks, error);
    sg_image_destroy(sheet);
    return status;
}

sg_status sg_layer_session_record(sg_layer_session *all, const sg_layer_view *view,
                                  const sg_layer_source *source, sg_error *error)
{
    sg_layer_recording recording = all->options->recording;
    recording.pictures = all->count;
    recording.maps = all->folder != NULL;
    if (!sg_layer_is_chosen(all->options->chosen, view->name))
        return SG_OK;
    sg_layer_record *to = find_record(all->records, view->name);
    if (!to)
        return sg_fail_memory(error, "the features of %s", view->name);
    SG_TRY(sg_layer_record_add(to, view, &recording, error));
    return all->folder && all->options->sheets ? write_sheet(all, view, source, error) : SG_OK;
}

sg_status sg_layer_session_picture(sg_layer_session *all, const sg_image *image, const char *label,
                                   sg_error *error)
{
    sg_labels_set(&all->labels, all->seen, "%s", label);
    SG_TRY(sg_image_scale_integer(image, 1, &all->pictures[all->seen], error));
    all->seen++;
    return SG_OK;
}

/* ---- files ---- */

static sg_status write_maps(const sg_layer_session *all, const sg_remarks *remarks, sg_error *error)
{
    char title[TITLE_BYTES];
    sg_image *image = NULL;
    snprintf(title, sizeof title, "%.100s: root mean square over channels, by each map's largest",
             all->network);
    sg_status status = sg_layer_maps_draw(all->records, all->pictures, all->labels.pointers,
                                          all->seen, title, &image, error);
    if (!status)
        status = sg_write_picture(all->folder, "layers.png", image, remarks, error);
    sg_image_destroy(image);
    return status;
}

static sg_status write_spectra(const sg_layer_session *all, const sg_remarks *remarks,
                               sg_error *error)
{
    char title[TITLE_BYTES];
    sg_image *image = NULL;
    snprintf(title, sizeof title, "%.100s: average power of all channels", all->network);
    SG_TRY(sg_layer_spectra_draw(all->records, all->options->recording.interpolation, title, &image,
                                 error));
    const sg_status status = sg_write_picture(all->folder, "spectra.png", image, remarks, error);
    sg_image_destroy(image);
    return status;
}

static void append_numbers(sg_text *text, const sg_layer_numbers *numbers)
{
    sg_text_append(text, "\t%.6g\t%.6g\t%.6g", numbers->mean, numbers->deviation, numbers->largest);
}

/* A line for each layer of each picture. */
static void list_layers(const sg_layer_session *all, sg_text *text)
{
    sg_text_append(text,
                   "picture\tlayer\twidth\theight\tchannels\tmean\tdeviation\tlargest\tpeak\n");
    for (size_t i = 0; i < all->seen; i++)
        for (size_t k = 0; k < all->records->count; k++) {
            const sg_layer_record *record = &all->records->items[k];
            sg_text_append(text, "%s\t%s\t%zu\t%zu\t%zu", all->labels.pointers[i], record->name,
                           record->width, record->height, record->channels);
            append_numbers(text, &record->numbers[i]);
            sg_text_append(text, "\t%.6g\n", record->numbers[i].peak);
        }
}

/* A line for each channel of each layer, over all pictures. */
static void list_channels(const sg_layer_session *all, sg_text *text)
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

static sg_status write_table(const sg_layer_session *all, const char *name,
                             void (*list)(const sg_layer_session *all, sg_text *text),
                             sg_error *error)
{
    sg_text text = {0};
    char *path = sg_path_join(all->folder, name);
    list(all, &text);
    const sg_status status = path && !text.failed
                                 ? sg_write_file(path, text.bytes, text.length, error)
                                 : sg_fail_memory(error, "%s", name);
    sg_text_clear(&text);
    free(path);
    return status;
}

sg_status sg_layer_session_write(const sg_layer_session *all, const sg_remarks *remarks,
                                 sg_error *error)
{
    if (!all->folder)
        return SG_OK;
    if (all->options->sheets && all->sheets == 0)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"channels\" is \"%s\", but none of the layers has these channels",
                       all->options->levels.channels->text);
    SG_TRY(write_maps(all, remarks, error));
    if (all->options->recording.spectrum)
        SG_TRY(write_spectra(all, remarks, error));
    SG_TRY(write_table(all, "layers.tsv", list_layers, error));
    return write_table(all, "channels.tsv", list_channels, error);
}

/* ---- beginning and end ---- */

sg_status sg_layer_session_open(sg_layer_session *all, sg_error *error)
{
    all->pictures = sg_allocate(all->count, sizeof *all->pictures);
    return all->pictures ? sg_labels_create(&all->labels, all->count, error)
                         : sg_fail_memory(error, "%zu pictures of layers", all->count);
}

void sg_layer_session_close(sg_layer_session *all)
{
    for (size_t i = 0; all->pictures && i < all->seen; i++)
        sg_image_destroy(all->pictures[i]);
    free(all->pictures);
    sg_labels_clear(&all->labels);
    *all = (sg_layer_session){0};
}
