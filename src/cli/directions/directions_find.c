/* `stylegan directions find`.
 * Tested by: tests/cli/test_directions.c */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/files/file.h"
#include "base/files/folders.h"
#include "checkpoint/latents/named_arrays.h"
#include "checkpoint/latents/w_file.h"
#include "cli/directions/parts.h"
#include "cli/options/option_groups.h"
#include "cli/options/usage.h"
#include "edit/directions/boundary.h"
#include "edit/directions/direction_file.h"
#include "edit/directions/finding.h"
#include "features/clip/clip.h"
#include "features/clip/prompts.h"
#include "pictures/picture_fields.h"

enum { MOST_SAMPLES = 10000000 };

/* Options and state of the command. */
typedef struct finding {
    sg_picture_work work;
    sg_given given; /* of own_fields */
    int method, samples, count;
    uint64_t seed;
    const char *classifier, *attribute, *w, *labels, *layer, *layers, *known, *condition, *output;
    double psi, share, train_share, cost;
    const char *from_text, *to_text, *templates;
    sg_text_list features;
    double threshold, strength;
    sg_clip *clip;
    sg_prompts from_prompts, to_prompts;
    sg_attributes *attributes;
    sg_name_list attribute_names, conditions;
    size_t *wanted;
    sg_number_list chosen;
    sg_w_set codes;
    float *first_rows;     /* [codes.count, w_dim]: the w of the first input of each */
    sg_numpy_array scores; /* [codes.count] or [codes.count, labels] */
    sg_direction_set before, found;
} finding;

static const finding defaults = {
    .work = {.common = SG_PICTURE_REQUEST(), .one_class = true, .without_class = false},
    .method = SG_FIND_PCA,
    .psi = 1,
    .share = SG_BOUNDARY_SHARE,
    .train_share = SG_BOUNDARY_TRAIN_SHARE,
    .cost = SG_BOUNDARY_COST,
    .templates = "",
    .threshold = 0.1,
    .strength = 1};

/* Which methods read a field, as its audience; the others refuse it. */
#define OF(method) (1U << SG_FIND_##method)
#define SCORED (OF(BOUNDARY) | OF(GRADIENT) | OF(STYLE_SPACE))

static const sg_field own_fields[] = {
    {SG_CHOICE(finding, method, &sg_finding_methods), SG_FLAGS(SG_FIELD_REQUIRED),
     SG_OPTION("method", "NAME",
               "pca: principal components of w, or of a layer's features (GANSpace); sefa: closed "
               "form by the layers' affine maps, or by the first layer where there are none; "
               "boundary: a support vector machine on labels or a "
               "classifier's answers (InterFaceGAN); gradient: the mean gradient of log p of an "
               "attribute; stylespace: channels of styles, ranked for an attribute; text: channels "
               "of styles that matter between two texts, as CLIP sees it (StyleCLIP)"),
     SG_GROUP("Finding")},
    {SG_TEXT(finding, classifier),
     SG_OPTION("classifier", "FILE",
               "boundary, gradient, stylespace: the classifier that knows the attribute"),
     .audience = SCORED},
    {SG_TEXT(finding, attribute),
     SG_OPTION("attribute", "NAME,...",
               "boundary, gradient, stylespace: attributes or classes of the classifier, by name "
               "or number, or several that a picture has together, such as smile+glasses; with "
               "--labels the names of its columns"),
     .audience = SCORED},
    {SG_TEXT(finding, w), SG_OPTION("w", "FILE", "boundary: w of labelled pictures, with --labels"),
     .audience = OF(BOUNDARY)},
    {SG_TEXT(finding, labels),
     SG_OPTION("labels", "FILE",
               "boundary: a number for each w in --w, or one for each attribute, high where the "
               "picture has it: NumPy's, torch's or safetensors' file [N] or [N, attributes]"),
     .audience = OF(BOUNDARY)},
    {"count", SG_INT(finding, count, 1, 100000),
     SG_OPTION("num", "N", "pca, sefa: directions; stylespace, text: channels"),
     SG_USUAL("10, or as many as w has numbers; text: all that reach the threshold"),
     .audience = OF(PCA) | OF(SEFA) | OF(STYLE_SPACE) | OF(TEXT)},
    {SG_TEXT(finding, layer),
     SG_OPTION("layer", "NAME", "pca: take the features of this layer, such as b16.conv1, not w"),
     .audience = OF(PCA)},
    {SG_TEXT(finding, layers),
     SG_OPTION("layers", "A-B",
               "the inputs of the network that the directions are for: sefa takes their affine "
               "maps, gradient their gradients, and edits move them alone"),
     SG_USUAL("all")},
    {SG_INT(finding, samples, 2, MOST_SAMPLES), SG_OPTION("samples", "N", "how many w are drawn"),
     SG_USUAL("pca, sefa 10000, of features 1000; boundary 4000; gradient 500; stylespace 200; "
              "text 10")},
    {SG_NUMBER(finding, psi, -10, 10),
     SG_OPTION("trunc", "PSI", "truncate them: typical pictures tell more about rare attributes"),
     SG_USUAL("1")},
    {SG_UINT64(finding, seed, UINT32_MAX), SG_OPTION("seed", "N", "seed of these w"),
     SG_USUAL("0")},
    {SG_NUMBER(finding, share, 0, 0.5), SG_FLAGS(SG_FIELD_ABOVE),
     SG_OPTION("share", "X",
               "boundary: the share of w with the highest and with the lowest scores"),
     SG_USUAL("0.2"), .audience = OF(BOUNDARY)},
    {SG_NUMBER(finding, train_share, 0, 1), SG_FLAGS(SG_FIELD_ABOVE),
     SG_OPTION("train-share", "X", "boundary: the share of these to train on; the rest measures"),
     SG_USUAL("0.7"), .audience = OF(BOUNDARY)},
    {SG_NUMBER(finding, cost, 0, 1e9), SG_FLAGS(SG_FIELD_ABOVE),
     SG_OPTION("cost", "C", "boundary: the cost of a w on the wrong side"), SG_USUAL("1"),
     .audience = OF(BOUNDARY)},
    {SG_TEXT(finding, from_text),
     SG_OPTION("from-text", "TEXT", "text: what pictures show, such as \"a face\""),
     SG_GROUP("Texts"), .audience = OF(TEXT)},
    {SG_TEXT(finding, to_text),
     SG_OPTION("to-text", "TEXT",
               "text: what they shall show, such as \"a smiling face\"; the direction's name"),
     .audience = OF(TEXT)},
    {SG_NUMBER(finding, threshold, 0, 1),
     SG_OPTION("threshold", "X",
               "text: the least relevance of a channel that moves; higher changes less else"),
     SG_USUAL("0.1"), .audience = OF(TEXT)},
    {SG_NUMBER(finding, strength, 0, 1000), SG_FLAGS(SG_FIELD_ABOVE),
     SG_OPTION("strength", "X",
               "text: how many of its standard deviations the most relevant channel moves by an "
               "amount of 1"),
     SG_USUAL("1"), .audience = OF(TEXT)},
    {SG_TEXT(finding, templates),
     SG_OPTION("templates", "FILE",
               "text: lines with {} that texts are put into, so that no single wording counts"),
     SG_USUAL("ten of our own"), .audience = OF(TEXT)},
    {SG_CODED(finding, features, &sg_text_list_codec), SG_FLAGS(SG_FIELD_REPEATED),
     SG_OPTION("features", "FILE",
               "text: a file of CLIP's network, or of its merges; may be given several times"),
     SG_USUAL("$XDG_DATA_HOME/stylegan"), .audience = OF(TEXT)},
    {SG_TEXT(finding, condition),
     SG_OPTION("condition", "NAME,...",
               "directions that the new ones must not disturb: of --directions, or found before in "
               "the same call"),
     SG_GROUP("Conditions")},
    {SG_TEXT(finding, known),
     SG_OPTION("directions", "FILE", "a file with directions to condition on")},
    {SG_TEXT(finding, output), SG_FLAGS(SG_FIELD_REQUIRED),
     SG_OPTION("output", "FILE", "the file to write: .safetensors or .npz"), SG_GROUP("Output")},
};
static const SG_FIELD_TABLE(own_fields, NULL);

/* ---- preparing ---- */

/* Fails for an option that the method does not read. */
static sg_status check_read(const finding *all, sg_error *error)
{
    for (size_t i = 0; i < own_fields_table.count; i++)
        if (sg_given_has(&all->given, i) && own_fields[i].audience &&
            !(own_fields[i].audience & 1U << all->method))
            return sg_fail(error, SG_ERROR_ARGUMENT, "the method %s does not read --%s",
                           sg_choice_name(&sg_finding_methods, (size_t)all->method),
                           own_fields[i].option);
    return SG_OK;
}

/* Reads "--layers 0-7", inputs without gaps. */
static sg_status read_layers(finding *all, int *first, int *last, sg_error *error)
{
    *first = 0;
    *last = SG_ALL_LAYERS;
    if (!all->layers)
        return SG_OK;
    SG_TRY(sg_option_numbers("layers", all->layers, "inputs", UINT16_MAX, &all->chosen, error));
    *first = (int)all->chosen.values[0];
    *last = (int)all->chosen.values[all->chosen.count - 1];
    if (*last - *first + 1 != (int)all->chosen.count)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "--layers takes inputs without gaps, such as 0-7, not \"%s\"", all->layers);
    return SG_OK;
}

/* Reads a number for each w, or several, from any file of arrays. */
static sg_status read_labels(finding *all, sg_error *error)
{
    char shape[200];
    sg_named_arrays *arrays = NULL;
    SG_TRY(sg_named_arrays_open(all->labels, &arrays, error));
    sg_status status = sg_named_arrays_count(arrays) == 1
                           ? sg_named_arrays_read(arrays, 0, &all->scores, error)
                           : sg_fail(error, SG_ERROR_FORMAT, "%s holds %zu arrays, expected one",
                                     all->labels, sg_named_arrays_count(arrays));
    sg_named_arrays_close(arrays);
    SG_TRY(status);
    const sg_numpy_array *scores = &all->scores;
    if (scores->rank < 1 || scores->rank > 2 || (size_t)scores->size[0] != all->codes.count)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "the labels in %s have the shape %s, but there are %zu w in %s", all->labels,
                       sg_numpy_shape_print(scores, shape), all->codes.count, all->w);
    const size_t columns = scores->rank == 2 ? (size_t)scores->size[1] : 1;
    return all->attribute_names.count == columns
               ? SG_OK
               : sg_fail(error, SG_ERROR_ARGUMENT,
                         "--attribute must name %zu columns of labels, not %zu", columns,
                         all->attribute_names.count);
}

static sg_status read_codes(finding *all, sg_error *error)
{
    const size_t num_ws = (size_t)sg_generator_num_ws(all->work.network.generator);
    const size_t w_dim = (size_t)all->work.network.config.w_dim;
    if (!all->w != !all->labels)
        return sg_fail(error, SG_ERROR_ARGUMENT, "--w and --labels go together");
    if (!all->w)
        return SG_OK;
    SG_TRY(sg_w_file_read(all->w, num_ws, w_dim, &all->codes, error));
    all->first_rows = sg_allocate(all->codes.count, w_dim * sizeof *all->first_rows);
    if (!all->first_rows)
        return sg_fail_memory(error, "%zu w", all->codes.count);
    for (size_t i = 0; i < all->codes.count; i++)
        memcpy(all->first_rows + i * w_dim, sg_w_set_at(&all->codes, i),
               w_dim * sizeof *all->first_rows);
    return read_labels(all, error);
}

/* Puts attributes that others are conditioned on first, in their order, and checks that every
 * condition is an attribute or a known direction, before any work is done. */
static sg_status sort_attributes(finding *all, sg_error *error)
{
    sg_name_list *names = &all->attribute_names;
    size_t sorted = 0;
    for (size_t i = 0; i < all->conditions.count; i++) {
        size_t at = sorted;
        while (at < names->count && strcmp(names->names[at], all->conditions.names[i]) != 0)
            at++;
        if (at == names->count) {
            if (!sg_direction_find(&all->before, all->conditions.names[i], NULL))
                return sg_fail(error, SG_ERROR_ARGUMENT,
                               "--condition names \"%s\", which is neither in --attribute nor in "
                               "--directions",
                               all->conditions.names[i]);
            continue;
        }
        const char *name = names->names[at];
        memmove(names->names + sorted + 1, names->names + sorted,
                (at - sorted) * sizeof *names->names);
        names->names[sorted++] = name;
    }
    return SG_OK;
}

/* Replaces numbers of attributes by their names, by which conditions find directions. */
static void take_names(finding *all)
{
    sg_name_list *names = &all->attribute_names;
    for (size_t i = 0; i < names->count; i++) {
        const char *name = sg_attribute_name(all->attributes, all->wanted[i]);
        for (size_t k = 0; k < all->conditions.count; k++)
            if (strcmp(all->conditions.names[k], names->names[i]) == 0)
                all->conditions.names[k] = name;
        names->names[i] = name;
    }
}

static sg_status read_attributes(finding *all, sg_error *error)
{
    SG_TRY(sg_name_list_read(all->attribute, "attribute", &all->attribute_names, error));
    SG_TRY(sg_name_list_read(all->condition, "condition", &all->conditions, error));
    if (!all->labels)
        SG_TRY(sort_attributes(all, error));
    if (!all->classifier)
        return SG_OK;
    SG_TRY(
        sg_attributes_open(all->classifier, all->work.network.generator, &all->attributes, error));
    SG_TRY(sg_name_list_find(&all->attribute_names, all->attributes, &all->wanted, error));
    take_names(all);
    return SG_OK;
}

/* ---- texts ---- */

/* Names options in a sentence, also where a file is missing, which is no bad usage. */
static void respell(sg_error *error)
{
    if (error)
        sg_fields_respell(&own_fields_table, error->message, sizeof error->message);
}

static sg_status open_texts(finding *all, sg_error *error)
{
    if (all->method != SG_FIND_TEXT)
        return SG_OK;
    if (!all->from_text || !all->to_text)
        return sg_fail(error, SG_ERROR_ARGUMENT, "the method text needs --from-text and --to-text");
    SG_TRY(sg_prompts_make(all->templates, all->from_text, &all->from_prompts, error));
    SG_TRY(sg_prompts_make(all->templates, all->to_text, &all->to_prompts, error));
    const sg_status status = sg_clip_find(&all->clip, all->work.network.context, SG_F32,
                                          all->features.texts, all->features.count, error);
    if (status)
        respell(error);
    SG_TRY(status);
    const char *const read[] = {
        sg_clip_path(all->clip)}; /* which may be one that no option names */
    return sg_check_output_apart(all->output, read, sizeof read / sizeof *read, error);
}

static sg_status prepare(void *state, const sg_watch *watch, sg_error *error)
{
    finding *all = state;
    const char *const read[] = {all->work.path, all->classifier, all->w,
                                all->labels,    all->known,      all->templates};
    SG_TRY(check_read(all, error));
    SG_TRY(sg_direction_file_check_name(all->output, error));
    SG_TRY(sg_check_output_apart(all->output, read, sizeof read / sizeof *read, error));
    SG_TRY(sg_check_output_apart(all->output, all->features.texts, all->features.count, error));
    SG_TRY(sg_picture_work_prepare(&all->work, watch, error));
    const sg_direction_shape shape = {(size_t)sg_generator_num_ws(all->work.network.generator),
                                      (size_t)all->work.network.config.w_dim};
    if (all->known)
        SG_TRY(sg_direction_file_read(all->known, shape, &all->before, error));
    SG_TRY(read_attributes(all, error));
    SG_TRY(open_texts(all, error));
    return read_codes(all, error);
}

/* ---- finding ---- */

static void print_found(const finding *all)
{
    for (size_t i = 0; i < all->found.count; i++) {
        const sg_direction *direction = &all->found.items[i];
        if (direction->values)
            printf("%s: sigma %.4g, useful from %.1f to %.1f; %s\n", direction->name,
                   direction->sigma, direction->useful_from, direction->useful_to,
                   direction->source);
        else
            printf("%s: %s\n", direction->name, direction->source);
    }
    printf("%zu direction%s in %s\n", all->found.count, all->found.count == 1 ? " is" : "s are",
           all->output);
}

static sg_status find(void *state, const sg_watch *watch, sg_error *error)
{
    finding *all = state;
    sg_finding what = {
        .method = (sg_finding_method)all->method,
        .generator = all->work.network.generator,
        .label = {all->work.common.class_index >= 0 ? all->work.common.class_index : 0,
                  all->work.common.label.values},
        .attributes = all->attributes,
        .wanted = all->wanted,
        .wanted_count = all->wanted ? all->attribute_names.count : 0,
        .seed = (uint32_t)all->seed,
        .psi = all->psi,
        .samples = (size_t)all->samples,
        .count = (size_t)all->count,
        .layer = all->layer,
        .share = all->share,
        .train_share = all->train_share,
        .cost = all->cost,
        .clip = all->clip,
        .from_text = all->from_text,
        .to_text = all->to_text,
        .from_prompts = &all->from_prompts,
        .to_prompts = &all->to_prompts,
        .network_path = all->work.network.path,
        .threshold = all->threshold,
        .strength = all->strength,
        .codes = all->first_rows,
        .scores = all->scores.values,
        .code_count = all->codes.count,
        .score_count = all->attribute_names.count,
        .score_names = all->attribute_names.names,
        .known = &all->before,
        .conditions = all->conditions.names,
        .condition_count = all->conditions.count};
    SG_TRY(read_layers(all, &what.first, &what.last, error));
    const sg_status status = sg_directions_find(&what, watch, &all->found, error);
    if (status)
        respell(error);
    SG_TRY(status);
    SG_TRY(sg_make_parent_folder(all->output, error));
    SG_TRY(sg_direction_file_write(all->output, &all->found, error));
    print_found(all);
    return SG_OK;
}

static int run(const sg_command *command, void *options)
{
    finding *all = options;
    const int status = sg_command_work(command, "finding", "pictures", prepare, find, all);
    sg_attributes_close(all->attributes);
    sg_clip_close(all->clip);
    sg_prompts_clear(&all->from_prompts);
    sg_prompts_clear(&all->to_prompts);
    sg_name_list_clear(&all->attribute_names);
    sg_name_list_clear(&all->conditions);
    sg_number_list_clear(&all->chosen);
    sg_w_set_clear(&all->codes);
    sg_numpy_array_clear(&all->scores);
    sg_direction_set_clear(&all->before);
    sg_direction_set_clear(&all->found);
    free(all->wanted);
    free(all->first_rows);
    sg_picture_work_clear(&all->work);
    return status;
}

static const sg_option_group groups[] = {
    SG_GROUP_AT(sg_network_fields_table, finding, work),
    SG_GROUP_AT(sg_class_fields_table, finding, work),
    SG_GROUP_AT(sg_label_fields, finding, work.common),
    {&own_fields_table, 0, offsetof(finding, given), NULL},
    SG_GROUP_AT(sg_painting_fields_table, finding, work.compute),
};

const sg_command sg_directions_find_command = {
    .name = "directions find",
    .summary = "Find directions and write them to a file",
    .synopsis = "--network FILE --method NAME --output FILE [options]",
    .description =
        "Finds directions of w by one of six methods and writes them to a file of safetensors, or "
        "of NumPy if its name ends in .npz: their values, names, sigmas (the standard deviation of "
        "w along each, in which amounts are counted), inputs, sources, and how far the drawn w "
        "reach along each. pca and sefa need no labels, and what they find has to be looked at; "
        "boundary, gradient and stylespace find given attributes. text finds what leads from one "
        "text to "
        "another; what channels do to CLIP's features takes minutes and is kept in the cache "
        "folder, "
        "so that further texts take seconds.",
    .examples =
        "  stylegan directions find --network faces.safetensors --method pca --num 20 \\\n"
        "      --output pca.safetensors\n"
        "  stylegan directions find --network faces.safetensors --method pca --layer b16.conv1 \\\n"
        "      --output features.safetensors\n"
        "  stylegan directions find --network faces.safetensors --method sefa --layers 0-3 \\\n"
        "      --output sefa.npz\n"
        "  stylegan directions find --network faces.safetensors --method boundary \\\n"
        "      --classifier classifier.safetensors --attribute glasses,smile --condition glasses "
        "\\\n"
        "      --output smile.safetensors\n"
        "  stylegan directions find --network faces.safetensors --method boundary --w w.npz \\\n"
        "      --labels ages.npy --attribute age --output age.safetensors\n"
        "  stylegan directions find --network faces.safetensors --method stylespace \\\n"
        "      --classifier classifier.safetensors --attribute smile --output "
        "channels.safetensors\n"
        "  stylegan directions find --network faces.safetensors --method text --from-text \"a "
        "face\" "
        "\\\n"
        "      --to-text \"a smiling face\" --features ViT-B-32.pt --output smile.safetensors",
    SG_TAKES(groups, finding),
    .defaults = &defaults,
    .run = run,
};
