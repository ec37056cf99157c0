/* The fields of edits by words; see word_options.h. Tested by: tests/cli/test_edit_words.c */
#include "words/run/word_options.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_STEPS = 1000000 };

#define OPTIONS sg_word_options

static const sg_field rows[] = {
    {"texts", SG_CODED(OPTIONS, texts, &sg_edit_texts_codec), SG_FLAGS(SG_FIELD_REPEATED),
     SG_OPTION("text", "TEXT[=WEIGHT]",
               "search for the w whose picture fits a text, as CLIP sees it, or with a negative "
               "weight does not; may be given several times"),
     SG_GROUP("Edits by words")},
    {"from_text", SG_TEXT(OPTIONS, from_text),
     SG_OPTION("from-text", "TEXT",
               "what the pictures show now: what counts is the direction from this text to each "
               "of the others")},
    {"features", SG_CODED(OPTIONS, files, &sg_edit_texts_codec), SG_FLAGS(SG_FIELD_REPEATED),
     SG_OPTION("features", "FILE",
               "a file of CLIP's network, or of its merges; may be given several times"),
     SG_USUAL("$XDG_DATA_HOME/stylegan")},
    {"clip_view", SG_CHOICE(OPTIONS, view, &sg_clip_views),
     SG_OPTION("clip-view", "normalised|styleclip",
               "how CLIP sees pictures: resized and normalised as in its training, or as "
               "StyleCLIP's program shows them"),
     SG_USUAL("normalised")},
    {"towards", SG_CODED(OPTIONS, towards, &sg_edit_texts_codec), SG_FLAGS(SG_FIELD_REPEATED),
     SG_OPTION("towards", "ATTRIBUTE[=WEIGHT]",
               "search for the w whose picture has an attribute that the classifier knows, or with "
               "a negative weight has not; several as smile+glasses, or by giving it again")},
    {"classifier", SG_TEXT(OPTIONS, classifier),
     SG_OPTION("classifier", "FILE", "the classifier that knows the attributes")},
    {"keep_weight", SG_NUMBER(OPTIONS, keep_weight, 0, 1e6),
     SG_OPTION("keep-weight", "X", "how much the answers that stay count"), SG_USUAL("10")},
    {"space", SG_CHOICE(OPTIONS, search.space, &sg_search_spaces),
     SG_OPTION("space", "w|w+|styles",
               "what the search moves: one w for all layers, one w for each layer, or the "
               "channels of StyleSpace"),
     SG_USUAL("w+")},
    {"layers", SG_TEXT(OPTIONS, layers),
     SG_OPTION("layers", "A-B", "the inputs of the network that it moves"), SG_USUAL("all")},
    {"distance", SG_NUMBER(OPTIONS, search.distance, 0, 1e6),
     SG_OPTION("distance", "X", "the weight of the squared distance from the start"),
     SG_USUAL("0.008")},
    {"steps", SG_INT(OPTIONS, search.steps, 1, MOST_STEPS),
     SG_OPTION("num-steps", "N", "steps of the search"), SG_USUAL("300")},
    {"rate", SG_NUMBER(OPTIONS, search.rate, 0, 100), SG_FLAGS(SG_FIELD_ABOVE),
     SG_OPTION("lr", "X", "the learning rate at its highest"), SG_USUAL("0.1")},
    {"schedule", SG_CHOICE(OPTIONS, search.schedule, &sg_invert_schedules),
     SG_OPTION("lr-schedule", "ramped|constant",
               "whether the learning rate rises at first and falls in the last quarter"),
     SG_USUAL("ramped")},
};
const sg_field_table sg_word_fields = {rows, sizeof rows / sizeof *rows, NULL};

bool sg_word_options_ask(const sg_word_options *options)
{
    return !sg_edit_list_is_empty(&options->towards) || !sg_edit_list_is_empty(&options->texts);
}

/* Fails for fields of a search that nobody asks for. */
static sg_status check_unasked(const sg_word_options *options, sg_error *error)
{
    for (size_t i = 0; i < sg_word_fields.count; i++)
        if (sg_given_has(&options->given, i))
            return sg_fail(error, SG_ERROR_ARGUMENT,
                           "\"%s\" belongs to a search, but neither \"text\" nor \"towards\" is "
                           "given",
                           rows[i].name);
    return SG_OK;
}

sg_status sg_word_options_check(const sg_word_options *options, sg_error *error)
{
    if (!sg_word_options_ask(options))
        return check_unasked(options, error);
    if (!sg_edit_list_is_empty(&options->towards) && !options->classifier)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"towards\" names attributes of a \"classifier\", whose file is not given");
    if (options->keep && !options->classifier)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"keep\" names attributes of a \"classifier\", whose file is not given");
    if (options->classifier && !options->keep && sg_edit_list_is_empty(&options->towards))
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"classifier\" knows attributes, but neither \"towards\" nor \"keep\" "
                       "names any");
    if (SG_IS_GIVEN(&sg_word_fields, &options->given, sg_word_options, keep_weight) &&
        !options->keep)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"keep_weight\" is of answers that stay, but \"keep\" names none");
    if (sg_edit_list_is_empty(&options->texts) &&
        (options->from_text || !sg_edit_list_is_empty(&options->files) ||
         options->view != SG_CLIP_VIEW_NORMALISED))
        return sg_fail(error, SG_ERROR_ARGUMENT, "\"%s\" is about texts, but no \"text\" is given",
                       options->from_text                        ? "from_text"
                       : !sg_edit_list_is_empty(&options->files) ? "features"
                                                                 : "clip_view");
    return SG_OK;
}

sg_status sg_wish_read(const char *text, const char *field, char *name, sg_wish *wish,
                       sg_error *error)
{
    char *end = NULL;
    const char *equals = strrchr(text, '=');
    const double weight = equals ? strtod(equals + 1, &end) : 1;
    const bool weighted = equals && end > equals + 1 && *end == '\0';
    const size_t length = weighted ? (size_t)(equals - text) : strlen(text);
    *wish = (sg_wish){name, weighted ? weight : 1};
    if (length == 0 || length >= SG_EDIT_TEXT_BYTES)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"%s\" has %zu bytes besides its weight, but must have from 1 to %d", field,
                       length, SG_EDIT_TEXT_BYTES - 1);
    memcpy(name, text, length);
    name[length] = '\0';
    return SG_OK;
}
