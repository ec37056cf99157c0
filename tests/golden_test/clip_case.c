/* CLIP's towers in both precisions, and its tokenizer; see clip_case.h. */
#include "golden_test/clip_case.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/files/file.h"
#include "base/files/input_file.h"
#include "base/text.h"
#include "features/clip/bpe.h"
#include "features/clip/merges_file.h"
#include "golden_test/feature_numbers.h"
#include "ops/arithmetic.h"
#include "ops/gradient.h"
#include "ops/layout.h"
#include "ops/matmul.h"
#include "ops/reduce.h"
#include "support/filled_clip.h"

enum { PATH_BYTES = 4096, MOST_BYTES = 1 << 24, MOST_TOKENS = 1 << 12 };

/* Stored doubles, stored floats; single. */
static const double exact = 1e-9, rounded = 1e-6, single = 1e-4;

/* ---- the network ---- */

/* Reads a shape of clip_tensors.tsv; false if the name is not there. */
static bool read_shape(const char *table, const char *prefix, const char *name, int64_t size[4])
{
    char begin[300];
    snprintf(begin, sizeof begin, "\n%.80s%s\t", prefix, name);
    const char *at = strstr(table, begin);
    if (!at)
        return false;
    at += strlen(begin);
    for (int i = 0; i < 4; i++) {
        char *end;
        size[i] = strtoll(at, &end, 10);
        if (*end != 'x')
            break;
        at = end + 1;
    }
    return true;
}

static int64_t count_layers(const char *table, const char *prefix, const char *tower)
{
    int64_t layers = 0;
    char name[200];
    int64_t size[4];
    do
        snprintf(name, sizeof name, "%s.resblocks.%lld.ln_1.weight", tower, (long long)layers++);
    while (read_shape(table, prefix, name, size));
    return layers - 1;
}

/* Tells the sizes by the table; false if it lacks a tensor. */
static bool read_sizes(const char *table, const char *prefix, filled_clip *clip)
{
    int64_t proj[4];
    int64_t kernel[4];
    int64_t positions[4];
    int64_t context[4];
    int64_t tokens[4];
    if (!read_shape(table, prefix, "visual.proj", proj) ||
        !read_shape(table, prefix, "visual.conv1.weight", kernel) ||
        !read_shape(table, prefix, "visual.positional_embedding", positions) ||
        !read_shape(table, prefix, "positional_embedding", context) ||
        !read_shape(table, prefix, "token_embedding.weight", tokens))
        return false;
    *clip = (filled_clip){.prefix = prefix,
                          .width = proj[1],
                          .side = llround(sqrt((double)positions[0] - 1)) * kernel[3],
                          .patch = kernel[3],
                          .vision_width = kernel[0],
                          .vision_layers = count_layers(table, prefix, "visual.transformer"),
                          .context = context[0],
                          .vocabulary = tokens[0],
                          .text_width = tokens[1],
                          .text_layers = count_layers(table, prefix, "transformer")};
    return true;
}

/* Writes the case's network into a folder of this run. */
static bool write_network(const golden_case *test, const char *path, sg_error *error)
{
    char table_path[PATH_BYTES];
    unsigned char *table = NULL;
    size_t size = 0;
    filled_clip clip;
    const char *prefix = sg_safetensors_metadata(test->expected, "fill_prefix");
    snprintf(table_path, sizeof table_path, "%s/clip_tensors.tsv", test->folder);
    sg_status status = sg_read_file(table_path, MOST_BYTES, &table, &size, error);
    if (!status && !read_sizes((const char *)table, prefix ? prefix : "clip.", &clip))
        status = sg_fail(error, SG_ERROR_FORMAT, "%s lacks a tensor", table_path);
    if (!status)
        status = write_filled_clip(path, &clip, FILLED_CLIP_OPENAI, error);
    free(table);
    return !status;
}

sg_clip *open_case_clip(golden_case *test, sg_dtype dtype, const char *group)
{
    static const char *const name = "clip.safetensors";
    char folder[SCRATCH_BYTES];
    char path[SCRATCH_BYTES + 20];
    const char *const files[] = {path};
    sg_clip *clip = NULL;
    sg_error error = {0};
    if (make_scratch(folder)) {
        snprintf(path, sizeof path, "%s/%s", folder, name);
        if (write_network(test, path, &error))
            (void)sg_clip_find(&clip, test->context, dtype, files, 1, &error);
        remove_scratch(folder, &name, 1);
    }
    if (!clip)
        report_failure(test->report, test->name, group, "%s", error.message);
    return clip;
}

int32_t *case_tokens(golden_case *test, const char *name, size_t *count)
{
    const sg_stored_tensor *tensor = case_find(test, name, NULL);
    double *values = tensor ? case_values(test, name) : NULL;
    int32_t *tokens = values ? calloc(tensor->count + 1, sizeof *tokens) : NULL;
    for (size_t i = 0; tokens && i < tensor->count; i++)
        tokens[i] = (int32_t)values[i];
    if (tokens)
        *count = (size_t)tensor->size[0];
    free(values);
    return tokens;
}

/* ---- the towers ---- */

/* A network in one precision. */
typedef struct clip_case {
    golden_case *test;
    const sg_clip *clip;
    sg_dtype dtype;
} clip_case;

/* Compares a result with the tensor of that name. */
static void compare(const clip_case *all, const char *name, sg_tensor *result, double tolerance)
{
    char group[100];
    snprintf(group, sizeof group, "%s.%s", name, all->dtype == SG_F64 ? "double" : "single");
    if (case_has(all->test, name))
        case_compare(all->test, group, name, result, all->dtype == SG_F64 ? tolerance : single);
}

/* The input pictures in the case's precision, as leaves. */
static sg_tensor *input_pictures(const clip_case *all)
{
    double *values = case_values(all->test, "image.input");
    const sg_stored_tensor *stored = case_find(all->test, "image.input", NULL);
    if (!values)
        return NULL;
    sg_tensor *planes =
        sg_tensor_create(all->test->context, all->dtype, sg_shape_of(stored->rank, stored->size));
    for (int64_t i = 0; planes && i < sg_tensor_count(planes); i++)
        sg_tensor_set_value(planes, i, values[i]);
    free(values);
    sg_tensor *x = sg_to_channels_last(planes);
    if (x)
        sg_tensor_require_gradient(x, true);
    return x;
}

/* The gradients of one logit, and of the sum of squares of the features. */
static void compare_gradients(const clip_case *all, sg_tensor *x, sg_tensor *image, sg_tensor *text)
{
    static const sg_gradient_options kept = {.retain_graph = true};
    sg_tensor *logit = NULL;
    sg_tensor *squares = NULL;
    sg_tensor *one = sg_clip_unit(sg_slice(image, 0, 0, 1));
    sg_tensor *other = sg_slice(sg_clip_unit(text), 0, 0, 1);
    sg_tensor *cosine = sg_sum_product(one, other, SG_SHAPE(1, 1));
    sg_gradient(cosine, NULL, &x, 1, kept, &logit);
    sg_gradient(sg_sum_product(image, image, SG_SHAPE(1, 1)), NULL, &x, 1, kept, &squares);
    if (logit) {
        const int64_t *size = logit->shape.size;
        logit = sg_slice(sg_to_channels_first(logit), 0, 0, 1);
        logit = sg_reshape(logit, SG_SHAPE(size[3], size[1], size[2]));
    }
    compare(all, "image.grad_logit00", logit, rounded);
    compare(all, "image.grad_sumsq", squares ? sg_to_channels_first(squares) : NULL, rounded);
}

static void compare_towers(const clip_case *all)
{
    golden_case *test = all->test;
    size_t count = 0;
    int32_t *tokens = case_tokens(test, "text.tokens", &count);
    test->context->recording = true;
    sg_tensor *x = input_pictures(all);
    compare(all, "image.ln_pre", sg_clip_image_tokens(all->clip, x, 0), exact);
    compare(all, "image.block0", sg_clip_image_tokens(all->clip, x, 1), exact);
    sg_tensor *image = sg_clip_image(all->clip, x);
    sg_tensor *text = tokens ? sg_clip_tokens(all->clip, tokens, count) : NULL;
    compare(all, "image.features", image, exact);
    compare(all, "text.features", text, exact);
    compare(all, "logits_per_image",
            sg_matmul(sg_clip_unit(image), false, sg_clip_unit(text), true,
                      sg_clip_logit_scale(all->clip)),
            exact);
    if (image && text)
        compare_gradients(all, x, image, text);
    test->context->recording = false;
    free(tokens);
}

void run_clip(golden_case *test)
{
    static const sg_dtype dtypes[] = {SG_F64, SG_F32};
    for (size_t i = 0; i < sizeof dtypes / sizeof *dtypes; i++) {
        clip_case all = {.test = test, .dtype = dtypes[i]};
        const size_t scope = sg_scope_open(test->context);
        sg_clip *clip = open_case_clip(test, dtypes[i], "towers");
        all.clip = clip;
        if (clip)
            compare_towers(&all);
        sg_scope_close(test->context, scope, NULL);
        sg_clip_close(clip);
    }
    run_tokens(test);
}

/* ---- tokens ---- */

/* Returns how many tokens of a case differ; negative if the text cannot be read. */
static double count_differences(const sg_bpe *bpe, const cJSON *item, sg_error *error)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(item, "text"));
    const cJSON *tokens = cJSON_GetObjectItemCaseSensitive(item, "tokens");
    int32_t row[MOST_TOKENS];
    const size_t count = (size_t)cJSON_GetArraySize(tokens);
    int32_t position = 1;
    double differences = 0;
    if (!text || sg_bpe_row(bpe, text, MOST_TOKENS, false, row, error))
        return -1;
    for (const cJSON *token = tokens ? tokens->child : NULL; token; token = token->next)
        differences += row[position++] != (int32_t)token->valuedouble;
    const size_t vocabulary = sg_bpe_vocabulary(bpe);
    differences += row[0] != (int32_t)vocabulary - 2;
    differences += row[count + 1] != (int32_t)vocabulary - 1;
    return differences;
}

/* Compares the cases of an object, with its vocabulary's size and special tokens. */
static void compare_cases(const golden_case *test, const char *group, const sg_bpe *bpe,
                          const cJSON *object)
{
    double differences = 0;
    sg_error error = {0};
    const double vocabulary =
        cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(object, "vocabulary_size"));
    const double start =
        cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(object, "start_token"));
    differences += vocabulary != (double)sg_bpe_vocabulary(bpe);
    differences += start != (double)sg_bpe_vocabulary(bpe) - 2;
    const cJSON *cases = cJSON_GetObjectItemCaseSensitive(object, "cases");
    for (const cJSON *item = cases ? cases->child : NULL; item; item = item->next) {
        const double found = count_differences(bpe, item, &error);
        if (found < 0)
            report_failure(test->report, test->name, group, "%s", error.message);
        differences += found;
    }
    report_error(test->report, test->name, group, differences, 0, NULL);
}

/* Makes a tokenizer of the list of merges. */
static sg_bpe *parse_merges(const cJSON *merges)
{
    sg_text text = {0};
    sg_bpe *bpe = NULL;
    sg_text_append(&text, "version\n");
    for (const cJSON *item = merges ? merges->child : NULL; item; item = item->next)
        sg_text_append(&text, "%s\n", cJSON_IsString(item) ? item->valuestring : "");
    if (text.failed || sg_bpe_parse(text.bytes, text.length, "bpe.json", 0, &bpe, NULL))
        bpe = NULL;
    sg_text_clear(&text);
    return bpe;
}

/* The cases of the published merges, where the user has that file. */
static void compare_published(const golden_case *test, const cJSON *object)
{
    static const char group[] = "tokens.published";
    char *path = NULL;
    sg_bpe *bpe = NULL;
    sg_error error = {0};
    if (!object)
        return;
    char beside[PATH_BYTES];
    snprintf(beside, sizeof beside, "%s/bpe.json", test->folder);
    (void)sg_merges_find(NULL, 0, beside, &path, NULL);
    if (!path)
        report_skip(test->report, test->name, group, "there is no published merges file");
    else if (sg_merges_read(path, 49408, &bpe, &error))
        report_failure(test->report, test->name, group, "%s", error.message);
    else
        compare_cases(test, group, bpe, object);
    sg_bpe_close(bpe);
    free(path);
}

void run_tokens(golden_case *test)
{
    char path[PATH_BYTES];
    unsigned char *bytes = NULL;
    size_t size = 0;
    snprintf(path, sizeof path, "%s/bpe.json", test->folder);
    if (sg_read_file(path, MOST_BYTES, &bytes, &size, NULL))
        return;
    cJSON *root = cJSON_ParseWithLength((const char *)bytes, size);
    sg_bpe *bpe = parse_merges(cJSON_GetObjectItemCaseSensitive(root, "merges"));
    if (bpe)
        compare_cases(test, "tokens", bpe, root);
    else
        report_failure(test->report, test->name, "tokens", "%s holds no merges", path);
    compare_published(test, cJSON_GetObjectItemCaseSensitive(root, "published_merges"));
    sg_bpe_close(bpe);
    cJSON_Delete(root);
    free(bytes);
}
