/*
 * Statistics as the official viewer of StyleGAN3 shows them (mean, standard deviation, largest
 * magnitude), and a measure of droplets (Karras et al. 2020, "Analyzing and Improving the Image
 * Quality of StyleGAN", section 2): a droplet is a spot where a map's magnitude is many times that
 * of most of its pixels.
 */
#include "layers/layer_record.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"

static sg_status start(sg_layer_record *record, const sg_layer_view *view,
                       const sg_layer_recording *recording, sg_error *error)
{
    const sg_image_shape shape = {view->width, view->height, 1};
    const size_t pixels = view->height * view->width;
    const size_t maps = recording->maps ? recording->pictures : 1;
    memcpy(record->name, view->name, sizeof record->name);
    record->channels = view->channels;
    record->height = view->height;
    record->width = view->width;
    record->sums = sg_allocate(view->channels, sizeof *record->sums);
    record->plane = sg_allocate(pixels, sizeof *record->plane);
    record->numbers = sg_allocate(recording->pictures, sizeof *record->numbers);
    record->magnitudes = sg_allocate(maps, pixels * sizeof *record->magnitudes);
    if (!record->sums || !record->plane || !record->numbers || !record->magnitudes)
        return sg_fail_memory(error, "the features of %s", record->name);
    return recording->spectrum
               ? sg_spectrum_create(&shape, recording->beta, recording->interpolation,
                                    &record->spectrum, error)
               : SG_OK;
}

static void add_sums(const sg_layer_record *record, sg_channel_sums *sums)
{
    for (size_t i = 0; i < record->height * record->width; i++) {
        const double value = record->plane[i];
        sums->sum += value;
        sums->squares += value * value;
        sums->largest = fmax(sums->largest, fabs(value));
    }
}

static sg_layer_numbers finish(const sg_channel_sums *sums, double count)
{
    const double mean = sums->sum / count;
    return (sg_layer_numbers){.mean = mean,
                              .deviation = sqrt(fmax(0, sums->squares / count - mean * mean)),
                              .largest = sums->largest};
}

static int compare_floats(const void *left, const void *right)
{
    const float a = *(const float *)left;
    const float b = *(const float *)right;
    return (a > b) - (a < b);
}

/* Returns the largest value of the map by its median, using the scratch; 0 for a map of zeros. */
static double find_peak(const sg_layer_record *record, const float *map)
{
    const size_t pixels = record->height * record->width;
    memcpy(record->plane, map, pixels * sizeof *map);
    qsort(record->plane, pixels, sizeof *record->plane, compare_floats);
    const double median = record->plane[pixels / 2];
    return median > 0 ? record->plane[pixels - 1] / median : 0;
}

/* Adds a channel without its mean, as the official viewer transforms it. */
static void add_to_spectrum(const sg_layer_record *record)
{
    const size_t pixels = record->height * record->width;
    double mean = 0;
    for (size_t i = 0; i < pixels; i++)
        mean += record->plane[i] / (double)pixels;
    for (size_t i = 0; i < pixels; i++)
        record->plane[i] -= (float)mean;
    sg_spectrum_add_plane(record->spectrum, record->plane);
}

static void add_channels(const sg_layer_record *record, const sg_layer_view *view, float *map,
                         sg_channel_sums *whole)
{
    for (size_t c = 0; c < record->channels; c++) {
        sg_channel_sums sums = {0};
        sg_layer_view_plane(view, c, record->plane);
        add_sums(record, &sums);
        for (size_t i = 0; i < record->height * record->width; i++)
            map[i] += record->plane[i] * record->plane[i] / (float)record->channels;
        for (int k = 0; k < 2; k++) {
            sg_channel_sums *to = k ? whole : &record->sums[c];
            to->sum += sums.sum;
            to->squares += sums.squares;
            to->largest = fmax(to->largest, sums.largest);
        }
        if (record->spectrum)
            add_to_spectrum(record);
    }
}

sg_status sg_layer_record_add(sg_layer_record *record, const sg_layer_view *view,
                              const sg_layer_recording *recording, sg_error *error)
{
    sg_channel_sums whole = {0};
    const size_t pixels = view->height * view->width;
    if (record->count == 0)
        SG_TRY(start(record, view, recording, error));
    if (record->count == recording->pictures || view->height != record->height ||
        view->width != record->width || view->channels != record->channels)
        return sg_fail(error, SG_ERROR_FORMAT, "two layers have the name %s", record->name);
    float *map = record->magnitudes + (recording->maps ? record->count * pixels : 0);
    memset(map, 0, pixels * sizeof *map); /* where maps are not kept, that of the picture before */
    add_channels(record, view, map, &whole);
    for (size_t i = 0; i < pixels; i++)
        map[i] = sqrtf(map[i]);
    sg_layer_numbers *numbers = &record->numbers[record->count++];
    *numbers = finish(&whole, (double)(pixels * record->channels));
    numbers->peak = find_peak(record, map);
    return SG_OK;
}

sg_layer_numbers sg_layer_record_channel(const sg_layer_record *record, size_t channel)
{
    return finish(&record->sums[channel], (double)(record->count * record->height * record->width));
}

sg_layer_numbers sg_layer_record_numbers(const sg_layer_record *record)
{
    sg_channel_sums whole = {0};
    for (size_t c = 0; c < record->channels; c++) {
        whole.sum += record->sums[c].sum;
        whole.squares += record->sums[c].squares;
        whole.largest = fmax(whole.largest, record->sums[c].largest);
    }
    sg_layer_numbers numbers =
        finish(&whole, (double)(record->count * record->height * record->width * record->channels));
    for (size_t i = 0; i < record->count; i++)
        numbers.peak += record->numbers[i].peak / (double)record->count;
    return numbers;
}

void sg_layer_record_clear(sg_layer_record *record)
{
    free(record->sums);
    free(record->numbers);
    free(record->magnitudes);
    free(record->plane);
    sg_spectrum_destroy(record->spectrum);
    *record = (sg_layer_record){0};
}

void sg_layer_records_clear(sg_layer_records *records)
{
    for (size_t i = 0; records->items && i < records->count; i++)
        sg_layer_record_clear(&records->items[i]);
    free(records->items);
    *records = (sg_layer_records){0};
}
