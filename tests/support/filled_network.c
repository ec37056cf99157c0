/*
 * Feature networks with weights from a deterministic fill: the stream of each tensor starts at the
 * FNV-1a hash of its name, and goes on by splitmix64.
 */
#include "support/filled_network.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/parallel.h"
#include "base/text.h"
#include "checkpoint/safetensors/safetensors.h"

enum { MOST_TENSORS = 600, NAME_BYTES = 80 };

/* ---- the fill ---- */

static uint64_t stream_of(const char *name)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (; *name != '\0'; name++)
        hash = (hash ^ (unsigned char)*name) * 0x100000001b3u;
    return hash;
}

/* Draw `index` of a stream, counted from 0. */
static uint64_t draw(uint64_t stream, uint64_t index)
{
    uint64_t z = stream + (index + 1) * 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

/* A value is scale * u + shift with u from 0 to 1. */
typedef struct fill_rule {
    double scale, shift;
} fill_rule;

static fill_rule rule_of(const sg_safetensors_entry *entry)
{
    double fan_in = 1;
    for (int i = 1; i < entry->rank; i++)
        fan_in *= (double)entry->size[i];
    if (strncmp(entry->name, "lin", 3) == 0)
        return (fill_rule){1, 0};
    if (entry->rank > 1)
        return (fill_rule){2 * sqrt(6 / fan_in), -sqrt(6 / fan_in)};
    if (sg_has_suffix(entry->name, "bn.weight"))
        return (fill_rule){0.5, 0.75};
    if (sg_has_suffix(entry->name, "running_var"))
        return (fill_rule){1, 0.5};
    if (sg_has_suffix(entry->name, "running_mean") || sg_has_suffix(entry->name, "bn.bias"))
        return (fill_rule){0.4, -0.2};
    return (fill_rule){0.2, -0.1};
}

typedef struct fill_job {
    uint64_t stream;
    fill_rule rule; /* scale 0: a constant */
    float *values;
} fill_job;

static void fill_range(size_t begin, size_t end, void *argument)
{
    const fill_job *job = argument;
    for (size_t i = begin; i < end; i++)
        job->values[i] =
            (float)(job->rule.shift +
                    job->rule.scale * ldexp((double)(draw(job->stream, i) >> 11), -53));
}

static size_t count_of(const sg_safetensors_entry *entry)
{
    size_t count = 1;
    for (int i = 0; i < entry->rank; i++)
        count *= (size_t)entry->size[i];
    return count;
}

/* Fills an entry; false on lack of memory. */
static bool fill(sg_safetensors_entry *entry, bool equal_heads)
{
    fill_job job = {.stream = stream_of(entry->name),
                    .rule = rule_of(entry),
                    .values = malloc(count_of(entry) * sizeof(float))};
    entry->values = job.values;
    if (equal_heads && strncmp(entry->name, "lin", 3) == 0)
        job.rule = (fill_rule){0, 1};
    if (job.values)
        sg_parallel_for(count_of(entry), 1 << 16, fill_range, &job);
    return job.values;
}

/* ---- tables ---- */

/* The tensors of a file being written. */
typedef struct tensor_list {
    sg_safetensors_entry entries[MOST_TENSORS];
    char names[MOST_TENSORS][NAME_BYTES];
    size_t count;
    bool equal_heads;
} tensor_list;

static void add(tensor_list *list, const char *name, const char *suffix, int rank,
                const int64_t *size)
{
    sg_safetensors_entry *entry = &list->entries[list->count];
    char *whole = list->names[list->count++];
    snprintf(whole, NAME_BYTES, "%s%s", name, suffix);
    *entry = (sg_safetensors_entry){.name = whole, .type = SG_STORED_F32, .rank = rank};
    memcpy(entry->size, size, (size_t)rank * sizeof *size);
}

/* Fills the tensors one after the other and writes the file. */
static sg_status write_list(tensor_list *list, const char *path, sg_error *error)
{
    sg_status status = SG_OK;
    for (size_t i = 0; i < list->count && !status; i++)
        if (!fill(&list->entries[i], list->equal_heads))
            status = sg_fail_memory(error, "%s", path);
    if (!status)
        status = sg_safetensors_write(path, list->entries, list->count, NULL, 0, error);
    for (size_t i = 0; i < list->count; i++)
        free((void *)(uintptr_t)list->entries[i].values);
    return status;
}

/* A tensor with its shape. */
typedef struct table_row {
    const char *name;
    int64_t size[4];
} table_row;

static const table_row inception_rows[] = {
    {"Conv2d_1a_3x3", {32, 3, 3, 3}},
    {"Conv2d_2a_3x3", {32, 32, 3, 3}},
    {"Conv2d_2b_3x3", {64, 32, 3, 3}},
    {"Conv2d_3b_1x1", {80, 64, 1, 1}},
    {"Conv2d_4a_3x3", {192, 80, 3, 3}},
    {"Mixed_5b.branch1x1", {64, 192, 1, 1}},
    {"Mixed_5b.branch3x3dbl_1", {64, 192, 1, 1}},
    {"Mixed_5b.branch3x3dbl_2", {96, 64, 3, 3}},
    {"Mixed_5b.branch3x3dbl_3", {96, 96, 3, 3}},
    {"Mixed_5b.branch5x5_1", {48, 192, 1, 1}},
    {"Mixed_5b.branch5x5_2", {64, 48, 5, 5}},
    {"Mixed_5b.branch_pool", {32, 192, 1, 1}},
    {"Mixed_5c.branch1x1", {64, 256, 1, 1}},
    {"Mixed_5c.branch3x3dbl_1", {64, 256, 1, 1}},
    {"Mixed_5c.branch3x3dbl_2", {96, 64, 3, 3}},
    {"Mixed_5c.branch3x3dbl_3", {96, 96, 3, 3}},
    {"Mixed_5c.branch5x5_1", {48, 256, 1, 1}},
    {"Mixed_5c.branch5x5_2", {64, 48, 5, 5}},
    {"Mixed_5c.branch_pool", {64, 256, 1, 1}},
    {"Mixed_5d.branch1x1", {64, 288, 1, 1}},
    {"Mixed_5d.branch3x3dbl_1", {64, 288, 1, 1}},
    {"Mixed_5d.branch3x3dbl_2", {96, 64, 3, 3}},
    {"Mixed_5d.branch3x3dbl_3", {96, 96, 3, 3}},
    {"Mixed_5d.branch5x5_1", {48, 288, 1, 1}},
    {"Mixed_5d.branch5x5_2", {64, 48, 5, 5}},
    {"Mixed_5d.branch_pool", {64, 288, 1, 1}},
    {"Mixed_6a.branch3x3", {384, 288, 3, 3}},
    {"Mixed_6a.branch3x3dbl_1", {64, 288, 1, 1}},
    {"Mixed_6a.branch3x3dbl_2", {96, 64, 3, 3}},
    {"Mixed_6a.branch3x3dbl_3", {96, 96, 3, 3}},
    {"Mixed_6b.branch1x1", {192, 768, 1, 1}},
    {"Mixed_6b.branch7x7_1", {128, 768, 1, 1}},
    {"Mixed_6b.branch7x7_2", {128, 128, 1, 7}},
    {"Mixed_6b.branch7x7_3", {192, 128, 7, 1}},
    {"Mixed_6b.branch7x7dbl_1", {128, 768, 1, 1}},
    {"Mixed_6b.branch7x7dbl_2", {128, 128, 7, 1}},
    {"Mixed_6b.branch7x7dbl_3", {128, 128, 1, 7}},
    {"Mixed_6b.branch7x7dbl_4", {128, 128, 7, 1}},
    {"Mixed_6b.branch7x7dbl_5", {192, 128, 1, 7}},
    {"Mixed_6b.branch_pool", {192, 768, 1, 1}},
    {"Mixed_6c.branch1x1", {192, 768, 1, 1}},
    {"Mixed_6c.branch7x7_1", {160, 768, 1, 1}},
    {"Mixed_6c.branch7x7_2", {160, 160, 1, 7}},
    {"Mixed_6c.branch7x7_3", {192, 160, 7, 1}},
    {"Mixed_6c.branch7x7dbl_1", {160, 768, 1, 1}},
    {"Mixed_6c.branch7x7dbl_2", {160, 160, 7, 1}},
    {"Mixed_6c.branch7x7dbl_3", {160, 160, 1, 7}},
    {"Mixed_6c.branch7x7dbl_4", {160, 160, 7, 1}},
    {"Mixed_6c.branch7x7dbl_5", {192, 160, 1, 7}},
    {"Mixed_6c.branch_pool", {192, 768, 1, 1}},
    {"Mixed_6d.branch1x1", {192, 768, 1, 1}},
    {"Mixed_6d.branch7x7_1", {160, 768, 1, 1}},
    {"Mixed_6d.branch7x7_2", {160, 160, 1, 7}},
    {"Mixed_6d.branch7x7_3", {192, 160, 7, 1}},
    {"Mixed_6d.branch7x7dbl_1", {160, 768, 1, 1}},
    {"Mixed_6d.branch7x7dbl_2", {160, 160, 7, 1}},
    {"Mixed_6d.branch7x7dbl_3", {160, 160, 1, 7}},
    {"Mixed_6d.branch7x7dbl_4", {160, 160, 7, 1}},
    {"Mixed_6d.branch7x7dbl_5", {192, 160, 1, 7}},
    {"Mixed_6d.branch_pool", {192, 768, 1, 1}},
    {"Mixed_6e.branch1x1", {192, 768, 1, 1}},
    {"Mixed_6e.branch7x7_1", {192, 768, 1, 1}},
    {"Mixed_6e.branch7x7_2", {192, 192, 1, 7}},
    {"Mixed_6e.branch7x7_3", {192, 192, 7, 1}},
    {"Mixed_6e.branch7x7dbl_1", {192, 768, 1, 1}},
    {"Mixed_6e.branch7x7dbl_2", {192, 192, 7, 1}},
    {"Mixed_6e.branch7x7dbl_3", {192, 192, 1, 7}},
    {"Mixed_6e.branch7x7dbl_4", {192, 192, 7, 1}},
    {"Mixed_6e.branch7x7dbl_5", {192, 192, 1, 7}},
    {"Mixed_6e.branch_pool", {192, 768, 1, 1}},
    {"Mixed_7a.branch3x3_1", {192, 768, 1, 1}},
    {"Mixed_7a.branch3x3_2", {320, 192, 3, 3}},
    {"Mixed_7a.branch7x7x3_1", {192, 768, 1, 1}},
    {"Mixed_7a.branch7x7x3_2", {192, 192, 1, 7}},
    {"Mixed_7a.branch7x7x3_3", {192, 192, 7, 1}},
    {"Mixed_7a.branch7x7x3_4", {192, 192, 3, 3}},
    {"Mixed_7b.branch1x1", {320, 1280, 1, 1}},
    {"Mixed_7b.branch3x3_1", {384, 1280, 1, 1}},
    {"Mixed_7b.branch3x3_2a", {384, 384, 1, 3}},
    {"Mixed_7b.branch3x3_2b", {384, 384, 3, 1}},
    {"Mixed_7b.branch3x3dbl_1", {448, 1280, 1, 1}},
    {"Mixed_7b.branch3x3dbl_2", {384, 448, 3, 3}},
    {"Mixed_7b.branch3x3dbl_3a", {384, 384, 1, 3}},
    {"Mixed_7b.branch3x3dbl_3b", {384, 384, 3, 1}},
    {"Mixed_7b.branch_pool", {192, 1280, 1, 1}},
    {"Mixed_7c.branch1x1", {320, 2048, 1, 1}},
    {"Mixed_7c.branch3x3_1", {384, 2048, 1, 1}},
    {"Mixed_7c.branch3x3_2a", {384, 384, 1, 3}},
    {"Mixed_7c.branch3x3_2b", {384, 384, 3, 1}},
    {"Mixed_7c.branch3x3dbl_1", {448, 2048, 1, 1}},
    {"Mixed_7c.branch3x3dbl_2", {384, 448, 3, 3}},
    {"Mixed_7c.branch3x3dbl_3a", {384, 384, 1, 3}},
    {"Mixed_7c.branch3x3dbl_3b", {384, 384, 3, 1}},
    {"Mixed_7c.branch_pool", {192, 2048, 1, 1}},
};

sg_status write_filled_inception(const char *path, sg_error *error)
{
    static const char *const norm[] = {".bn.weight", ".bn.bias", ".bn.running_mean",
                                       ".bn.running_var"};
    static const int64_t output[] = {1008, 2048};
    tensor_list *list = calloc(1, sizeof *list);
    if (!list)
        return sg_fail_memory(error, "%s", path);
    for (size_t i = 0; i < sizeof inception_rows / sizeof *inception_rows; i++) {
        const table_row *row = &inception_rows[i];
        add(list, row->name, ".conv.weight", 4, row->size);
        for (int j = 0; j < 4; j++)
            add(list, row->name, norm[j], 1, row->size);
    }
    add(list, "fc", ".weight", 2, output);
    add(list, "fc", ".bias", 1, output);
    const sg_status status = write_list(list, path, error);
    free(list);
    return status;
}

static const table_row vgg16_rows[] = {
    {"features.0", {64, 3, 3, 3}},     {"features.2", {64, 64, 3, 3}},
    {"features.5", {128, 64, 3, 3}},   {"features.7", {128, 128, 3, 3}},
    {"features.10", {256, 128, 3, 3}}, {"features.12", {256, 256, 3, 3}},
    {"features.14", {256, 256, 3, 3}}, {"features.17", {512, 256, 3, 3}},
    {"features.19", {512, 512, 3, 3}}, {"features.21", {512, 512, 3, 3}},
    {"features.24", {512, 512, 3, 3}}, {"features.26", {512, 512, 3, 3}},
    {"features.28", {512, 512, 3, 3}},
};
static const table_row matrix_rows[] = {{"classifier.0", {4096, 25088}},
                                        {"classifier.3", {4096, 4096}},
                                        {"classifier.6", {1000, 4096}}};
static const table_row head_rows[] = {{"lin0.model.1", {1, 64, 1, 1}},
                                      {"lin1.model.1", {1, 128, 1, 1}},
                                      {"lin2.model.1", {1, 256, 1, 1}},
                                      {"lin3.model.1", {1, 512, 1, 1}},
                                      {"lin4.model.1", {1, 512, 1, 1}}};

/* Adds weights and, unless `bare`, biases. */
static void add_rows(tensor_list *list, const table_row *rows, size_t count, int rank, bool bare)
{
    for (size_t i = 0; i < count; i++) {
        add(list, rows[i].name, ".weight", rank, rows[i].size);
        if (!bare)
            add(list, rows[i].name, ".bias", 1, rows[i].size);
    }
}

sg_status write_filled_vgg16(const char *path, unsigned parts, sg_error *error)
{
    tensor_list *list = calloc(1, sizeof *list);
    if (!list)
        return sg_fail_memory(error, "%s", path);
    if (parts & FILLED_LAYERS)
        add_rows(list, vgg16_rows, sizeof vgg16_rows / sizeof *vgg16_rows, 4, false);
    if (parts & FILLED_MATRICES)
        add_rows(list, matrix_rows, sizeof matrix_rows / sizeof *matrix_rows, 2, false);
    if (parts & (FILLED_HEADS | EQUAL_HEADS))
        add_rows(list, head_rows, sizeof head_rows / sizeof *head_rows, 4, true);
    list->equal_heads = parts & EQUAL_HEADS;
    const sg_status status = write_list(list, path, error);
    free(list);
    return status;
}

void fill_values(const char *name, double scale, double shift, size_t count, double *values)
{
    const uint64_t stream = stream_of(name);
    for (size_t i = 0; i < count; i++)
        values[i] = shift + scale * ldexp((double)(draw(stream, i) >> 11), -53);
}

void fill_picture(const char *name, size_t height, size_t width, size_t cell, unsigned char *bytes)
{
    enum { CHANNELS = 3 };
    const uint64_t stream = stream_of(name);
    const size_t rows = (height + cell - 1) / cell;
    const size_t columns = (width + cell - 1) / cell;
    const size_t coarse = CHANNELS * rows * columns;
    for (size_t c = 0; c < CHANNELS; c++)
        for (size_t y = 0; y < height; y++)
            for (size_t x = 0; x < width; x++) {
                const size_t from = (c * rows + y / cell) * columns + x / cell;
                const uint64_t fine = draw(stream, coarse + (c * height + y) * width + x) >> 56;
                bytes[(y * width + x) * CHANNELS + c] =
                    (unsigned char)((3 * (draw(stream, from) >> 56) + fine) / 4);
            }
}
