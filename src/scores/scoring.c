/* Pictures from files through a discriminator or a classifier; see scoring.h.
 * Tested by: tests/cli/test_score.c */
#include "scores/scoring.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/files/file.h"
#include "base/files/input_file.h"
#include "checkpoint/network/network_classes.h"
#include "checkpoint/network/network_load.h"
#include "models/family.h"
#include "scores/picture_walk.h"
#include "tensor/context.h"

enum { MOST_AT_A_TIME = 32, PIXELS_AT_A_TIME = 1 << 20 };

struct sg_scoring {
    sg_context *context;
    sg_discriminator *network;
    cJSON *names;
    char *path;
    size_t height, width, channels, labels, outputs;
    bool classifies;
    bool compares; /* scores depend on the other pictures of a batch */
    size_t batch;  /* pictures at a time */
};

/* ---- the network ---- */

static void describe(sg_scoring *s)
{
    const sg_discriminator_config *c = sg_discriminator_config_of(s->network);
    s->height = (size_t)sg_discriminator_height(c);
    s->width = (size_t)sg_discriminator_width(c);
    s->channels = (size_t)c->img_channels;
    s->labels = (size_t)c->c_dim;
    s->classifies = sg_discriminator_classifies(c);
    s->outputs = s->classifies ? s->labels : 1;
    s->batch = PIXELS_AT_A_TIME / (s->height * s->width);
    s->batch = s->batch > MOST_AT_A_TIME ? MOST_AT_A_TIME : s->batch < 1 ? 1 : s->batch;
    const bool normalises = sg_family_of(c->family)->normalises;
    const bool by_batch = normalises && c->norm == SG_NORM_BATCH;
    s->compares = !s->classifies && (normalises ? by_batch : c->mbstd_num_channels > 0);
    if (!s->compares)
        return;
    /* Groups are those of the training; batch normalisation and a group of 0 take all there are. */
    const bool grouped = !by_batch && c->mbstd_group_size > 0;
    s->batch = grouped && c->mbstd_group_size < MOST_AT_A_TIME ? (size_t)c->mbstd_group_size
                                                               : MOST_AT_A_TIME;
}

static sg_status load(sg_scoring *s, const sg_network_file *file, sg_error *error)
{
    if (!sg_network_has(file, SG_PART_D))
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s holds no discriminator or classifier (D), which scores pictures",
                       sg_network_path(file));
    SG_TRY(sg_network_load_discriminator(file, s->context, &s->network, error));
    describe(s);
    s->path = sg_duplicate_text(sg_network_path(file));
    if (s->classifies)
        s->names = sg_network_class_names(file, (int)s->outputs);
    return s->path ? SG_OK : sg_fail_memory(error, "a path");
}

sg_status sg_scoring_open(const char *path, const char *keywords, const sg_context_options *compute,
                          sg_scoring **scoring, sg_error *error)
{
    sg_network_file *file = NULL;
    *scoring = NULL;
    SG_TRY(sg_network_open_given(path, keywords, &file, error));
    sg_scoring *s = sg_allocate(1, sizeof *s);
    if (s)
        s->context = sg_context_create_with(compute);
    sg_status status = s && s->context ? SG_OK : sg_fail_memory(error, "a context");
    if (!status)
        status = load(s, file, error);
    sg_network_close(file);
    if (status)
        sg_scoring_close(s);
    else
        *scoring = s;
    return status;
}

void sg_scoring_close(sg_scoring *s)
{
    if (!s)
        return;
    sg_discriminator_destroy(s->network);
    sg_context_destroy(s->context);
    cJSON_Delete(s->names);
    free(s->path);
    free(s);
}

const sg_discriminator_config *sg_scoring_config(const sg_scoring *scoring)
{
    return sg_discriminator_config_of(scoring->network);
}

const cJSON *sg_scoring_names(const sg_scoring *scoring)
{
    return scoring->names;
}

/* ---- answers ---- */

/* The pictures that are scored next, and where the work is. */
typedef struct gathering {
    sg_scoring *scoring;
    const sg_scoring_request *request;
    const sg_watch *watch;
    size_t done, total; /* pictures */
    size_t count, most; /* gathered, and to gather before they are scored */
    char *files[MOST_AT_A_TIME];
    int known[MOST_AT_A_TIME]; /* their classes; -1: unknown */
    float *pictures, *labels;  /* [batch, H, W, C], [batch, c_dim] */
    double *values;            /* [outputs] */
} gathering;

/* Makes probabilities of a classifier's logits. */
static void make_probable(sg_discriminator_output output, double *values, size_t count)
{
    double top = values[0];
    double sum = 0;
    for (size_t k = 1; k < count; k++)
        top = fmax(top, values[k]);
    for (size_t k = 0; k < count; k++) {
        values[k] = output == SG_OUTPUT_CLASSES ? exp(values[k] - top) : 1 / (1 + exp(-values[k]));
        sum += values[k];
    }
    for (size_t k = 0; k < count && output == SG_OUTPUT_CLASSES; k++)
        values[k] /= sum;
}

/* Passes on what the network said of one of the gathered pictures. */
static void tell(gathering *g, const sg_tensor *outputs, size_t index)
{
    const sg_scoring *s = g->scoring;
    sg_answer answer = {.file = g->files[index],
                        .values = g->values,
                        .count = s->outputs,
                        .label = g->known[index]};
    for (size_t k = 0; k < s->outputs; k++)
        g->values[k] = sg_tensor_value(outputs, (int64_t)(index * s->outputs + k));
    answer.probability = 1 / (1 + exp(-g->values[0]));
    if (s->classifies) {
        make_probable(sg_scoring_config(s)->output, g->values, s->outputs);
        for (size_t k = 1; k < s->outputs; k++)
            if (g->values[k] > g->values[answer.best])
                answer.best = k;
        answer.probability = g->values[answer.best];
    }
    g->request->answer(g->request->user, &answer);
}

static void forget(gathering *g)
{
    for (size_t i = 0; i < g->count; i++)
        free(g->files[i]);
    g->count = 0;
}

/* Shows the network's blocks, of one picture. */
static sg_status show_maps(const gathering *g, sg_tensor *pictures, sg_error *error)
{
    sg_feature_maps maps = {0};
    if (!g->request->maps)
        return SG_OK;
    sg_discriminator_maps(g->scoring->network, pictures, &maps);
    const sg_status status = sg_context_take_error(g->scoring->context, error);
    if (!status)
        g->request->maps(g->request->user, g->files[0], pictures, &maps);
    sg_feature_maps_clear(&maps);
    return status;
}

/* Scores the gathered pictures. */
static sg_status answer(gathering *g, sg_tensor *pictures, sg_error *error)
{
    const sg_scoring *s = g->scoring;
    sg_tensor *labels = NULL;
    if (!g->request->answer)
        return SG_OK;
    if (g->labels)
        labels = sg_tensor_from_floats(s->context, SG_F32,
                                       SG_SHAPE((int64_t)g->count, (int64_t)s->labels), g->labels);
    const sg_tensor *outputs = sg_discriminator_score(s->network, pictures, labels);
    SG_TRY(sg_context_take_error(s->context, error));
    for (size_t i = 0; i < g->count; i++)
        tell(g, outputs, i);
    return SG_OK;
}

/* Shows the gathered pictures to the network. */
static sg_status flush(gathering *g, sg_error *error)
{
    const sg_scoring *s = g->scoring;
    sg_context *context = s->context;
    const size_t scope = sg_scope_open(context);
    const int64_t count = (int64_t)g->count;
    if (count == 0) {
        sg_scope_close(context, scope, NULL);
        return SG_OK;
    }
    sg_tensor *pictures = sg_tensor_from_floats(
        context, SG_F32,
        SG_SHAPE(count, (int64_t)s->height, (int64_t)s->width, (int64_t)s->channels), g->pictures);
    sg_status status = sg_context_take_error(context, error);
    if (!status)
        status = show_maps(g, pictures, error);
    if (!status)
        status = answer(g, pictures, error);
    sg_scope_close(context, scope, NULL);
    g->done += g->count;
    forget(g);
    if (!status && sg_watch_step(g->watch, (double)g->done, (double)g->total, NULL))
        return sg_fail(error, SG_ERROR_CANCELLED, "interrupted");
    return status;
}

/* ---- pictures ---- */

static sg_status check_shape(const sg_scoring *s, const char *file, const sg_image *image,
                             sg_error *error)
{
    if (image->height == s->height && image->width == s->width && image->channels == s->channels)
        return SG_OK;
    return sg_fail(error, SG_ERROR_SHAPE,
                   "%s has %zux%zu pixels with %zu channel%s, but %s takes pictures of %zux%zu "
                   "with %zu; stylegan dataset makes such pictures of others",
                   file, image->width, image->height, image->channels,
                   image->channels == 1 ? "" : "s", s->path, s->width, s->height, s->channels);
}

/* Writes the label of a picture, [c_dim], from the collection's rows (NULL: classes). */
static void fill_label(const sg_scoring *s, const float *rows, int label, float *values)
{
    memset(values, 0, s->labels * sizeof *values);
    if (rows)
        memcpy(values, rows + (size_t)label * s->labels, s->labels * sizeof *values);
    else
        values[label] = 1;
}

/* Adds a picture, with its label where the network reads labels. Takes `file`, also on failure. */
static sg_status gather(gathering *g, char *file, const sg_image *image, const float *rows,
                        int label, sg_error *error)
{
    const sg_scoring *s = g->scoring;
    sg_status status = file ? check_shape(s, file, image, error) : sg_fail_memory(error, "a name");
    if (!status && g->labels && label < 0)
        status = sg_fail(error, SG_ERROR_ARGUMENT,
                         "%s has no label, but the discriminator of %s scores pictures as those "
                         "of their classes; \"class\" gives one for all pictures",
                         file, s->path);
    if (status) {
        free(file);
        return status;
    }
    const size_t values = s->height * s->width * s->channels;
    sg_image_level_values(image->pixels, values, g->pictures + g->count * values);
    if (g->labels)
        fill_label(s, rows, label, g->labels + g->count * s->labels);
    g->files[g->count] = file;
    g->known[g->count++] = rows ? -1 : label;
    return g->count == g->most ? flush(g, error) : SG_OK;
}

static sg_status read_picture(gathering *g, const char *path, sg_error *error)
{
    sg_image *image = NULL;
    SG_TRY(sg_read_picture(path, &image, error));
    const sg_status status =
        gather(g, sg_duplicate_text(path), image, NULL, g->request->class_index, error);
    sg_image_destroy(image);
    return status;
}

/* Tells whether the labels of a collection are as many classes or numbers as the network's; others
 * tell a classifier nothing. */
static bool labels_fit(const sg_scoring *s, const sg_picture_source *source)
{
    return source->label_count == s->labels;
}

static sg_status read_collection(gathering *g, const sg_picture_source *source, sg_error *error)
{
    const int asked = g->request->class_index;
    const bool fits = labels_fit(g->scoring, source);
    if (g->labels && asked < 0 && source->label_count > 0 && !fits)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "the labels of %s are of %zu classes, but the discriminator of %s knows %zu",
                       source->path, source->label_count, g->scoring->path, g->scoring->labels);
    const bool own = asked < 0 && fits;
    const float *rows = own ? source->label_values : NULL;
    for (size_t i = 0; i < source->count; i++) {
        sg_image *image = NULL;
        SG_TRY(sg_picture_source_read(source, i, &image, error));
        const sg_status status = gather(g, sg_picture_source_name(source, i), image, rows,
                                        own ? source->pictures[i].label : asked, error);
        sg_image_destroy(image);
        SG_TRY(status);
    }
    return SG_OK;
}

/* ---- all of it ---- */

/* Opens each path that is a collection, and counts all pictures. Labels are read where they may
 * serve. */
static sg_status open_all(gathering *g, sg_picture_source **sources, sg_error *error)
{
    const sg_scoring_request *request = g->request;
    const bool reads_labels = g->scoring->labels > 0 && request->class_index < 0;
    for (size_t i = 0; i < request->path_count; i++) {
        const char *path = request->paths[i];
        g->total++;
        if (sg_is_picture_path(path))
            continue;
        SG_TRY(reads_labels ? sg_picture_source_open(path, &sources[i], error)
                            : sg_picture_source_open_unlabelled(path, &sources[i], error));
        g->total += sources[i]->count - 1;
    }
    return SG_OK;
}

static sg_status allocate(gathering *g, sg_error *error)
{
    const sg_scoring *s = g->scoring;
    g->pictures = sg_allocate(s->batch * s->height * s->width, s->channels * sizeof(float));
    g->values = sg_allocate(s->outputs, sizeof *g->values);
    const bool labelled = s->labels > 0 && !s->classifies && g->request->answer;
    if (labelled)
        g->labels = sg_allocate(s->batch, s->labels * sizeof(float));
    return g->pictures && g->values && (g->labels || !labelled)
               ? SG_OK
               : sg_fail_memory(error, "%zu pictures", s->batch);
}

static sg_status score_all(gathering *g, sg_picture_source **sources, sg_error *error)
{
    SG_TRY(allocate(g, error));
    SG_TRY(open_all(g, sources, error));
    if (g->scoring->compares && g->request->answer && (g->most == 1 || g->total == 1))
        sg_watch_note(g->watch,
                      "the discriminator compares the pictures of a batch, and scores one "
                      "that is alone lower than the same among others");
    for (size_t i = 0; i < g->request->path_count; i++)
        SG_TRY(sources[i] ? read_collection(g, sources[i], error)
                          : read_picture(g, g->request->paths[i], error));
    return flush(g, error);
}

static sg_status check_class(const sg_scoring *s, int class_index, sg_error *error)
{
    if (class_index >= 0 && s->labels == 0)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"class\" is given, but the discriminator of %s knows no classes", s->path);
    if (class_index >= (int)s->labels && class_index >= 0)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"class\" is %d, but %s has %zu classes, numbered from 0 to %zu",
                       class_index, s->path, s->labels, s->labels - 1);
    return SG_OK;
}

sg_status sg_score_pictures(sg_scoring *scoring, const sg_scoring_request *request,
                            const sg_watch *watch, sg_error *error)
{
    SG_TRY(check_class(scoring, request->class_index, error));
    gathering g = {.scoring = scoring,
                   .request = request,
                   .watch = watch,
                   .most =
                       request->maps || (request->alone && scoring->compares) ? 1 : scoring->batch};
    sg_picture_source **sources = sg_allocate(request->path_count + 1, sizeof(void *));
    const sg_status status =
        sources ? score_all(&g, sources, error) : sg_fail_memory(error, "a list of pictures");
    for (size_t i = 0; sources && i < request->path_count; i++)
        sg_picture_source_destroy(sources[i]);
    forget(&g);
    free(sources);
    free(g.pictures);
    free(g.labels);
    free(g.values);
    return status;
}

sg_status sg_scoring_judge(sg_scoring *scoring, const char *name, const sg_image *image,
                           double *values, sg_error *error)
{
    sg_context *context = scoring->context;
    SG_TRY(check_shape(scoring, name, image, error));
    const size_t scope = sg_scope_open(context);
    sg_tensor *picture = sg_tensor_create(
        context, SG_F32,
        SG_SHAPE(1, (int64_t)scoring->height, (int64_t)scoring->width, (int64_t)scoring->channels));
    if (picture)
        sg_image_level_values(image->pixels, sg_image_size(image), sg_f32(picture));
    const sg_tensor *outputs = sg_discriminator_score(scoring->network, picture, NULL);
    for (size_t k = 0; outputs && k < scoring->outputs; k++)
        values[k] = sg_tensor_value(outputs, (int64_t)k);
    if (outputs)
        make_probable(sg_scoring_config(scoring)->output, values, scoring->outputs);
    sg_scope_close(context, scope, NULL);
    return sg_context_take_error(context, error);
}
