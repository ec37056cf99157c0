/*
 * Mapping networks and scores with another number of classes. Classes that both have keep their
 * number; new ones start from the mean embedding of the file's. Networks without classes become
 * such whose classes all do the same at first, and the other way round the classes' mean stays.
 *
 * Tested by: tests/train/transfer/test_transfer.c
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "models/config_rules.h"
#include "models/family.h"
#include "nn/mapping.h"
#include "train/transfer/adaptation.h"

/* ---- the embedding ---- */

/* Classes that both have keep their columns, new ones take the mean. [width, classes] */
static sg_status adapt_embedding(const sg_transfer_source *source, sg_parameter *target,
                                 sg_transfer_result *result, sg_error *error)
{
    float *theirs;
    size_t rows;
    const int here = source->classes_here;
    const int file = source->classes_file;
    if (here == file || here == 0 || file == 0)
        return SG_OK;
    SG_TRY(sg_transfer_read(source, target->name, (size_t)file, &theirs, &rows, error));
    if (theirs && (int64_t)rows == target->tensor->shape.size[0]) {
        /* The layer divides by the root of the classes, but not the plain one of growing networks,
         * which has no bias. */
        const bool plain = !sg_transfer_find(source, "mapping.embed.bias");
        const double rescale = plain ? 1 : sqrt((double)here / file);
        float *values = sg_transfer_write(target);
        for (size_t row = 0; row < rows; row++) {
            double mean = 0;
            for (int k = 0; k < file; k++)
                mean += (double)theirs[row * (size_t)file + (size_t)k] / file;
            for (int k = 0; k < here; k++)
                values[row * (size_t)here + (size_t)k] =
                    (float)(rescale *
                            (k < file ? (double)theirs[row * (size_t)file + (size_t)k] : mean));
        }
        *result = (sg_transfer_result){SG_TRANSFER_ADAPTED,
                                       here > file ? "new classes start from the mean embedding"
                                                   : "later classes are dropped"};
    }
    free(theirs);
    return SG_OK;
}

/* ---- the generator's first layer ---- */

/* Returns feature i of the embedding of class k, before it is normalised. */
static double embedded(const float *weight, const float *bias, size_t classes, size_t i, size_t k)
{
    return (double)weight[i * classes + k] / sqrt((double)classes) + (double)bias[i];
}

/* Writes the mean of the file's normalised embeddings to mean[width]; false if it has none. */
static sg_status mean_embedding(const sg_transfer_source *source, int width, double *mean,
                                bool *found, sg_error *error)
{
    float *weight;
    float *bias = NULL;
    size_t rows;
    size_t biases;
    const size_t classes = (size_t)source->classes_file;
    SG_TRY(sg_transfer_read(source, "mapping.embed.weight", classes, &weight, &rows, error));
    sg_status status = sg_transfer_read(source, "mapping.embed.bias", 1, &bias, &biases, error);
    *found = weight && bias && (int)rows == width && biases == rows;
    for (size_t k = 0; !status && *found && k < classes; k++) {
        double square = 0;
        for (size_t i = 0; i < rows; i++)
            square += pow(embedded(weight, bias, classes, i, k), 2) / width;
        for (size_t i = 0; i < rows; i++)
            mean[i] +=
                embedded(weight, bias, classes, i, k) / sqrt(square + 1e-8) / (double)classes;
    }
    free(weight);
    free(bias);
    return status;
}

/* Keeps the part of fc0 that z goes through; a new label's part is zero. The layer divides by the
 * root of its inputs, whose number changes. */
static sg_status adapt_first_weight(const sg_transfer_source *source, sg_parameter *target,
                                    sg_transfer_result *result, sg_error *error)
{
    float *theirs;
    size_t rows;
    const size_t z = (size_t)source->g_here.z_dim;
    const size_t file = z + (size_t)sg_label_width(&source->g_file);
    const size_t here = z + (size_t)sg_label_width(&source->g_here);
    if (file == here || source->g_file.z_dim != source->g_here.z_dim || (file != z && here != z))
        return SG_OK;
    SG_TRY(sg_transfer_read(source, target->name, file, &theirs, &rows, error));
    if (theirs && (int64_t)rows == target->tensor->shape.size[0]) {
        const double rescale = sqrt((double)here / (double)file);
        float *values = sg_transfer_write(target);
        for (size_t row = 0; row < rows; row++)
            for (size_t i = 0; i < here; i++)
                values[row * here + i] =
                    i < z ? (float)(rescale * (double)theirs[row * file + i]) : 0;
        *result = (sg_transfer_result){SG_TRANSFER_ADAPTED,
                                       here > file ? "all classes start as the network without"
                                                   : "the classes' mean goes to the bias"};
    }
    free(theirs);
    return SG_OK;
}

/* Adds what the mean embedding of the file's classes contributes to fc0. */
static sg_status adapt_first_bias(const sg_transfer_source *source, sg_parameter *target,
                                  sg_transfer_result *result, sg_error *error)
{
    float *weight = NULL;
    float *bias = NULL;
    size_t rows = 0;
    size_t biases = 0;
    bool found = false;
    const int z = source->g_file.z_dim;
    const int width = sg_label_width(&source->g_file);
    if (source->classes_here > 0 || width == 0 || z != source->g_here.z_dim)
        return SG_OK;
    double *mean = sg_allocate((size_t)width, sizeof *mean);
    if (!mean)
        return sg_fail_memory(error, "weights");
    sg_status status = mean_embedding(source, width, mean, &found, error);
    if (!status)
        status = sg_transfer_read(source, "mapping.fc0.weight", (size_t)(z + width), &weight, &rows,
                                  error);
    if (!status)
        status = sg_transfer_read(source, target->name, 1, &bias, &biases, error);
    if (!status && found && weight && bias && rows == biases &&
        (int64_t)rows == target->tensor->shape.size[0]) {
        float *values = sg_transfer_write(target);
        for (size_t row = 0; row < rows; row++) {
            double sum = (double)bias[row];
            for (int i = 0; i < width; i++)
                sum += (double)weight[row * (size_t)(z + width) + (size_t)(z + i)] * mean[i] /
                       sqrt(z + width);
            values[row] = (float)sum;
        }
        *result = (sg_transfer_result){SG_TRANSFER_ADAPTED, "has the mean of the file's classes"};
    }
    free(weight);
    free(bias);
    free(mean);
    return status;
}

/* ---- the discriminator ---- */

/* What becomes of the score when classes come or go. */
static const char score_of_none[] = "all classes are scored as without classes";
static const char score_of_mean[] = "scores as for the mean of the file's classes";

/* Copies the tensors of a mapping network from the file, or from those here. */
static sg_status fill_mapping(const sg_transfer_source *source, bool from_file,
                              const sg_parameter_set *mapping, sg_error *error)
{
    for (size_t i = 0; i < mapping->count; i++) {
        sg_parameter *item = &mapping->items[i];
        const sg_parameter *here = sg_parameter_find(source->set, item->name);
        const sg_network_tensor *stored = sg_transfer_find(source, item->name);
        const size_t count = (size_t)sg_tensor_count(item->tensor);
        if (from_file ? !stored || stored->count != count
                      : !here || (size_t)sg_tensor_count(here->tensor) != count)
            return sg_fail(error, SG_ERROR_FORMAT,
                           "%s: the tensor %s of the mapping of labels does not fit its config",
                           sg_network_path(source->file), item->name);
        if (sg_is_hollow(item->tensor->context))
            continue;
        if (from_file)
            SG_TRY(sg_network_tensor_read_floats(stored, sg_f32(item->tensor), error));
        else
            memcpy(sg_f32(item->tensor), sg_f32(here->tensor), count * sizeof(float));
        sg_tensor_touch(item->tensor);
    }
    return SG_OK;
}

/* Adds the share of class `k` to the mean over classes of the mapped labels. */
static void add_label(const sg_mapping *mapping, int k, int width, double *mean)
{
    const size_t scope = sg_scope_open(mapping->context);
    sg_tensor *label = sg_tensor_full(mapping->context, SG_F32, SG_SHAPE(1, mapping->c_dim), 0);
    if (label)
        sg_tensor_set_value(label, k, 1);
    const sg_tensor *mapped = sg_mapping_forward(mapping, NULL, label);
    for (int i = 0; mapped && i < width; i++)
        mean[i] += sg_tensor_value(mapped, i) / mapping->c_dim;
    sg_scope_close(mapping->context, scope, NULL);
}

/* Writes the mean over classes of the mapped labels to mean[width]. */
static sg_status mean_label(const sg_transfer_source *source, bool from_file, int width,
                            double *mean, sg_error *error)
{
    const sg_discriminator_config *c = from_file ? &source->d_file : &source->d_here;
    sg_context *context = source->set->context;
    const bool recording = context->recording;
    sg_parameter_set set;
    context->recording = false;
    const size_t scope = sg_scope_open(context);
    sg_parameter_set_init(&set, context, SG_F32, 0);
    const sg_mapping mapping = sg_label_mapping_create(&set, c, width);
    sg_status status = context->error.status ? SG_OK : fill_mapping(source, from_file, &set, error);
    for (int k = 0; k < c->c_dim && !status && !context->error.status; k++)
        add_label(&mapping, k, width, mean);
    sg_scope_close(context, scope, NULL);
    sg_parameter_set_clear(&set);
    context->recording = recording;
    return status ? status : sg_context_take_error(context, error);
}

/*
 * Fills the output, [width, in] or its bias [width], between one score and a product with the
 * mapped label v, <features, v> / sqrt(width): w becomes the rows w v_k sqrt(width) / |v|^2, and
 * rows become the sum of v_k w_k / sqrt(width), so that the score at the mean label stays.
 */
static void fill_output(const float *theirs, size_t columns, const double *mean, int width,
                        bool to_rows, float *values)
{
    double square = 0;
    for (int k = 0; k < width; k++)
        square += mean[k] * mean[k];
    for (size_t i = 0; i < columns; i++) {
        double sum = 0;
        for (int k = 0; k < width; k++) {
            const size_t at = (size_t)k * columns + i;
            if (to_rows)
                values[at] = (float)((double)theirs[i] * mean[k] * sqrt(width) / square);
            else
                sum += mean[k] * (double)theirs[at] / sqrt(width);
        }
        if (!to_rows)
            values[i] = (float)sum;
    }
}

/* Goes from one score to the product with mapped labels, or back. */
static sg_status adapt_product(const sg_transfer_source *source, sg_parameter *target,
                               const float *theirs, size_t rows, size_t columns,
                               sg_transfer_result *result, sg_error *error)
{
    const bool to_rows = source->classes_here > 0;
    const size_t here = (size_t)target->tensor->shape.size[0];
    const size_t width = to_rows ? here : rows;
    if ((to_rows ? rows : here) != 1)
        return SG_OK;
    double *mean = sg_allocate(width, sizeof *mean);
    if (!mean)
        return sg_fail_memory(error, "weights");
    const sg_status status = mean_label(source, !to_rows, (int)width, mean, error);
    if (!status) {
        fill_output(theirs, columns, mean, (int)width, to_rows, sg_transfer_write(target));
        *result =
            (sg_transfer_result){SG_TRANSFER_ADAPTED, to_rows ? score_of_none : score_of_mean};
    }
    free(mean);
    return status;
}

/* Growing networks have a row of scores for each class. */
static void fill_scores(const sg_transfer_source *source, const float *theirs, size_t rows,
                        size_t columns, sg_parameter *target)
{
    const size_t here = (size_t)target->tensor->shape.size[0];
    const bool both = source->classes_file > 0 && source->classes_here > 0;
    float *values = sg_transfer_write(target);
    for (size_t row = 0; row < here; row++)
        for (size_t i = 0; i < columns; i++) {
            double mean = 0;
            for (size_t k = 0; k < rows; k++)
                mean += (double)theirs[k * columns + i] / (double)rows;
            values[row * columns + i] =
                both && row < rows ? theirs[row * columns + i] : (float)mean;
        }
}

static sg_status adapt_output(const sg_transfer_source *source, sg_parameter *target,
                              sg_transfer_result *result, sg_error *error)
{
    float *theirs;
    size_t rows;
    const sg_shape *shape = &target->tensor->shape;
    const sg_family_descriptor *family = sg_family_of(source->d_here.family);
    const size_t columns = (size_t)(sg_tensor_count(target->tensor) / shape->size[0]);
    const bool product = !family->grows && !family->plain_weights;
    if (source->classes_here == source->classes_file || family->ignores_labels ||
        source->d_file.family != source->d_here.family)
        return SG_OK;
    SG_TRY(sg_transfer_read(source, target->name, columns, &theirs, &rows, error));
    sg_status status = SG_OK;
    if (theirs && product && (source->classes_file == 0 || source->classes_here == 0))
        status = adapt_product(source, target, theirs, rows, columns, result, error);
    if (theirs && family->grows) {
        fill_scores(source, theirs, rows, columns, target);
        *result = (sg_transfer_result){SG_TRANSFER_ADAPTED,
                                       source->classes_here == 0   ? score_of_mean
                                       : source->classes_file == 0 ? score_of_none
                                                                   : "new classes start from the "
                                                                     "mean"};
    }
    free(theirs);
    return status;
}

/* Gives all classes of a discriminator that had none the same embedding. */
static sg_status set_embedding(const sg_transfer_source *source, sg_parameter *target,
                               sg_transfer_result *result, sg_error *error)
{
    (void)error;
    if (source->classes_file > 0 || sg_transfer_find(source, target->name))
        return SG_OK;
    const bool bias = target->tensor->shape.rank == 1;
    float *values = sg_transfer_write(target);
    for (int64_t i = 0; i < sg_tensor_count(target->tensor); i++)
        values[i] = bias ? 1 : 0;
    *result = (sg_transfer_result){SG_TRANSFER_NEW, "all classes start alike"};
    return SG_OK;
}

/* ---- which rule is whose ---- */

sg_status sg_adapt_labels(const sg_transfer_source *source, sg_parameter *target,
                          sg_transfer_result *result, sg_error *error)
{
    static const struct {
        const char *name;
        bool of_generator;
        sg_status (*adapt)(const sg_transfer_source *, sg_parameter *, sg_transfer_result *,
                           sg_error *);
    } rules[] = {
        {"mapping.embed.weight", true, adapt_embedding},
        {"mapping.fc0.weight", true, adapt_first_weight},
        {"mapping.fc0.bias", true, adapt_first_bias},
        {"mapping.embed.weight", false, adapt_embedding},
        {"mapping.embed.weight", false, set_embedding},
        {"mapping.embed.bias", false, set_embedding},
        {"b4.out.weight", false, adapt_output},
        {"b4.out.bias", false, adapt_output},
    };
    if (!source->known || source->classes_file == source->classes_here)
        return SG_OK;
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (rules[i].of_generator == source->of_generator &&
            strcmp(target->name, rules[i].name) == 0)
            SG_TRY(rules[i].adapt(source, target, result, error));
    return SG_OK;
}
