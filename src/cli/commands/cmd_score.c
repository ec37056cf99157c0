/* `stylegan score`: what a discriminator or a classifier says of pictures.
 * Tested by: tests/cli/test_score.c */
#include <limits.h>
#include <stdio.h>

#include "base/text.h"
#include "cli/options/option_groups.h"
#include "scores/scoring.h"
#include "scores/text_scoring.h"

/* Options and state of the command. Lines are printed when all pictures are scored. */
typedef struct scores {
    const char *network, *keywords;
    sg_text_list pictures, texts, features;
    int class_index;
    bool alone, json;
    sg_context_options compute;
    sg_scoring *scoring;
    sg_text_scoring *by_text;
    double sum; /* of the scores of all pictures and texts */
    size_t scored;
    sg_text lines;
    size_t known, right; /* pictures whose class is known, and of these the recognised ones */
} scores;

static const scores defaults = {.class_index = -1};

static const sg_field score_fields[] = {
    {SG_TEXT(scores, network),
     SG_OPTION("network", "FILE", "the network file, with a discriminator or a classifier"),
     SG_GROUP("Network")},
    {SG_CODED(scores, keywords, &sg_keywords_codec), SG_CONFIG_OPTION},
    {SG_CODED(scores, texts, &sg_text_list_codec), SG_FLAGS(SG_FIELD_REPEATED),
     SG_OPTION("text", "TEXT",
               "say how well pictures fit a text, by CLIP, instead of --network; may be repeated")},
    {SG_CODED(scores, features, &sg_text_list_codec), SG_FLAGS(SG_FIELD_REPEATED),
     SG_OPTION("features", "FILE", "CLIP's file, or the merges of its tokenizer; may be repeated"),
     SG_USUAL("those in $XDG_DATA_HOME/stylegan")},
    {"class", SG_INT(scores, class_index, 0, INT_MAX),
     SG_OPTION("class", "N",
               "the class of all pictures: for a conditional discriminator, and to count how many "
               "a classifier recognises"),
     SG_USUAL("the pictures' own labels")},
    {SG_CODED(scores, pictures, &sg_text_list_codec),
     SG_FLAGS(SG_FIELD_REPEATED | SG_FIELD_POSITIONAL),
     SG_OPTION("data", "PATH",
               "a picture, or a folder, zip archive or IDX file of pictures, also without --data"),
     SG_GROUP("Pictures")},
    {SG_FLAG(scores, alone),
     SG_OPTION("alone", NULL,
               "score each picture alone, whatever is beside it, by a discriminator that compares "
               "the pictures of a batch")},
    {SG_FLAG(scores, json), SG_OPTION("json", NULL, "print one JSON object for each picture"),
     SG_GROUP("Output")},
};
static const SG_FIELD_TABLE(score_fields, NULL);

/* ---- lines ---- */

/* Returns a line, which the caller frees by cJSON_free; NULL on lack of memory. */
static char *json_line(const scores *all, const sg_answer *answer)
{
    cJSON *object = cJSON_CreateObject();
    bool whole = cJSON_AddStringToObject(object, "file", answer->file);
    if (sg_discriminator_classifies(sg_scoring_config(all->scoring))) {
        cJSON *classes = cJSON_CreateDoubleArray(answer->values, (int)answer->count);
        whole = whole && cJSON_AddItemToObject(object, "classes", classes);
    } else {
        whole = whole && cJSON_AddNumberToObject(object, "score", answer->values[0]) &&
                cJSON_AddNumberToObject(object, "probability", answer->probability);
    }
    char *text = whole ? cJSON_PrintUnformatted(object) : NULL;
    cJSON_Delete(object);
    return text;
}

/* Appends "cat (3)", or "3" without names, made safe for terminals. */
static void append_class(scores *all, size_t index)
{
    char name[96];
    const cJSON *item = cJSON_GetArrayItem(sg_scoring_names(all->scoring), (int)index);
    if (item)
        snprintf(name, sizeof name, "%s", item->valuestring);
    if (item)
        sg_text_append(&all->lines, "%s (%zu)", sg_text_make_safe(name), index);
    else
        sg_text_append(&all->lines, "%zu", index);
}

/* Appends the attributes that the picture has rather than not. */
static void append_attributes(scores *all, const sg_answer *answer)
{
    const char *separator = "";
    for (size_t k = 0; k < answer->count; k++) {
        if (!(answer->values[k] > 0.5))
            continue;
        sg_text_append(&all->lines, "%s", separator);
        append_class(all, k);
        sg_text_append(&all->lines, " %.4f", answer->values[k]);
        separator = ", ";
    }
    if (!*separator)
        sg_text_append(&all->lines, "none");
}

static void append_text(scores *all, const sg_answer *answer)
{
    sg_text_append(&all->lines, "%s: ", answer->file);
    switch (sg_scoring_config(all->scoring)->output) {
    case SG_OUTPUT_SCORE:
        sg_text_append(&all->lines, "score %.4f, probability %.4f", answer->values[0],
                       answer->probability);
        break;
    case SG_OUTPUT_CLASSES:
        append_class(all, answer->best);
        sg_text_append(&all->lines, ", probability %.4f", answer->probability);
        break;
    default:
        append_attributes(all, answer);
    }
    sg_text_append(&all->lines, "\n");
}

static void take_answer(void *user, const sg_answer *answer)
{
    scores *all = user;
    if (sg_scoring_config(all->scoring)->output == SG_OUTPUT_CLASSES && answer->label >= 0) {
        all->known++;
        all->right += answer->best == (size_t)answer->label;
    }
    if (!all->json) {
        append_text(all, answer);
        return;
    }
    char *line = json_line(all, answer);
    all->lines.failed = all->lines.failed || !line;
    if (line)
        sg_text_append(&all->lines, "%s\n", line);
    cJSON_free(line);
}

/* ---- texts ---- */

/* Appends one object: the file, and by text its score and probability. */
static bool append_text_json(scores *all, const sg_text_answer *answer)
{
    cJSON *object = cJSON_CreateObject();
    bool whole = cJSON_AddStringToObject(object, "file", answer->file);
    cJSON *rows = cJSON_AddArrayToObject(object, "texts");
    for (size_t k = 0; k < answer->count && whole; k++) {
        cJSON *row = cJSON_CreateObject();
        whole = cJSON_AddStringToObject(row, "text", all->texts.texts[k]) &&
                cJSON_AddNumberToObject(row, "score", answer->scores[k]) &&
                cJSON_AddNumberToObject(row, "probability", answer->probabilities[k]);
        whole = cJSON_AddItemToArray(rows, row) && whole;
    }
    char *line = whole ? cJSON_PrintUnformatted(object) : NULL;
    cJSON_Delete(object);
    if (line)
        sg_text_append(&all->lines, "%s\n", line);
    cJSON_free(line);
    return line;
}

/* Appends "FILE: score 25.1", or of several texts "FILE: a cat 25.1 (0.98), a dog 21.2 (0.02)". */
static void append_text_line(scores *all, const sg_text_answer *answer)
{
    const size_t start = all->lines.length;
    sg_text_append(&all->lines, "%s: ", answer->file);
    if (answer->count == 1)
        sg_text_append(&all->lines, "score %.2f", answer->scores[0]);
    for (size_t k = 0; k < answer->count && answer->count > 1; k++)
        sg_text_append(&all->lines, "%s%s %.2f (%.2f)", k > 0 ? ", " : "", all->texts.texts[k],
                       answer->scores[k], answer->probabilities[k]);
    if (!all->lines.failed)
        sg_text_make_safe(all->lines.bytes + start); /* each picture has one line */
    sg_text_append(&all->lines, "\n");
}

static void take_text_answer(void *user, const sg_text_answer *answer)
{
    scores *all = user;
    for (size_t k = 0; k < answer->count; k++)
        all->sum += answer->scores[k];
    all->scored += answer->count;
    if (!all->json)
        append_text_line(all, answer);
    else if (!append_text_json(all, answer))
        all->lines.failed = true;
}

static sg_status score_by_text(scores *all, const sg_watch *watch, sg_error *error)
{
    SG_TRY(sg_text_scoring_run(all->by_text, all->pictures.texts, all->pictures.count, watch, all,
                               take_text_answer, error));
    if (all->lines.failed)
        return sg_fail_memory(error, "the scores");
    fwrite(all->lines.bytes, 1, all->lines.length, stdout);
    if (!all->json && all->scored > all->texts.count)
        printf("The mean score is %.2f\n", all->sum / (double)all->scored);
    return SG_OK;
}

/* ---- the command ---- */

/* Fails unless one of a network and texts is given, with what belongs to it. */
static sg_status check_options(const scores *all, sg_error *error)
{
    if (!all->network && all->texts.count == 0)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"network\" must name the network file that scores pictures, or \"text\" "
                       "say what they should show");
    if (all->network && all->texts.count > 0)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "pictures are scored by \"network\" or by \"text\", not by both");
    if (all->texts.count > 0 && (all->keywords || all->class_index >= 0 || all->alone))
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"%s\" belongs to \"network\", but pictures are scored by \"text\"",
                       all->keywords ? "config"
                       : all->alone  ? "alone"
                                     : "class");
    if (all->features.count > 0 && all->texts.count == 0)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"features\" names CLIP's files, with which only \"text\" scores");
    return SG_OK;
}

static sg_status open_texts(scores *all, sg_error *error)
{
    const sg_status status =
        sg_text_scoring_open(all->features.texts, all->features.count, all->texts.texts,
                             all->texts.count, &all->compute, &all->by_text, error);
    if (status && error) /* also where a file is missing, which is no bad usage */
        sg_fields_respell(&score_fields_table, error->message, sizeof error->message);
    return status;
}

static sg_status prepare(void *state, const sg_watch *watch, sg_error *error)
{
    scores *all = state;
    (void)watch;
    if (all->pictures.count == 0)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "there is nothing to score: name pictures, folders or archives of pictures");
    SG_TRY(check_options(all, error));
    if (all->texts.count > 0)
        return open_texts(all, error);
    return sg_scoring_open(all->network, all->keywords, &all->compute, &all->scoring, error);
}

static sg_status score(void *state, const sg_watch *watch, sg_error *error)
{
    scores *all = state;
    const sg_scoring_request request = {.paths = all->pictures.texts,
                                        .path_count = all->pictures.count,
                                        .alone = all->alone,
                                        .class_index = all->class_index,
                                        .user = all,
                                        .answer = take_answer};
    if (all->by_text)
        return score_by_text(all, watch, error);
    SG_TRY(sg_score_pictures(all->scoring, &request, watch, error));
    if (all->lines.failed)
        return sg_fail_memory(error, "the scores");
    fwrite(all->lines.bytes, 1, all->lines.length, stdout);
    if (all->known > 0 && !all->json)
        printf("%zu of %zu pictures are recognised as their class: %.2f %%\n", all->right,
               all->known, 100.0 * (double)all->right / (double)all->known);
    return SG_OK;
}

static int run(const sg_command *command, void *options)
{
    scores *all = options;
    const int status = sg_command_work(command, "scoring", "pictures", prepare, score, all);
    sg_scoring_close(all->scoring);
    sg_text_scoring_close(all->by_text);
    sg_text_clear(&all->lines);
    return status;
}

static const sg_option_group groups[] = {
    SG_GROUP_OF_ALL(score_fields_table),
    SG_GROUP_AT(sg_compute_fields_table, scores, compute),
};

const sg_command sg_score_command = {
    .name = "score",
    .summary = "Say how real pictures look, or what they show",
    .synopsis = "(--network FILE | --text TEXT...) PICTURE... [options]",
    .description =
        "Says of each picture what the discriminator of a network file makes of it: its score, and "
        "the probability 1 / (1 + e^-score) that it is real rather than generated, as losses read "
        "scores whose value is the logarithm of odds (logistic, minimax). A discriminator with a "
        "minibatch standard deviation compares neighbours, in groups as large as in its training; "
        "one picture alone is scored lower. Of a classifier (train "
        "--cfg classifier) it says the most probable class and its probability, or the attributes "
        "that the picture has; with --json, one object for each picture: its file and score, or "
        "its file and the probabilities of all classes. Pictures must have the network's size and "
        "channels. Where the classes of pictures are known, the share that the classifier "
        "recognises ends the list. With --text, CLIP says how well pictures of any size fit texts: "
        "100 times the cosine of their features, at least 0, about 20 to 35 where they fit; of "
        "several texts also to which of them each picture belongs. CLIP's file and the merges of "
        "its tokenizer are those that are published (ViT-B-32.pt, bpe_simple_vocab_16e6.txt.gz).",
    .examples = "  stylegan score --network models/digits-classifier.safetensors data/mnist\n"
                "  stylegan score --network runs/00000-faces faces/*.png --json > scores.jsonl\n"
                "  stylegan score --network models/digits-32.safetensors --class 7 seven.png\n"
                "  stylegan score --text \"a smiling face\" --text \"a sad face\" --features "
                "ViT-B-32.pt faces/",
    SG_TAKES(groups, scores),
    .defaults = &defaults,
    .run = run,
};
