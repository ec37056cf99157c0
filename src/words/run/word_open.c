/* Opens what edits by words need; see word_edits.h. Tested by: tests/cli/test_edit_words.c */
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/number_list.h"
#include "words/run/word_edits_state.h"

/* The wishes of a list, with the texts of their names. */
typedef struct wish_list {
    sg_wish wishes[SG_MOST_EDIT_TEXTS];
    char names[SG_MOST_EDIT_TEXTS][SG_EDIT_TEXT_BYTES];
    size_t count;
} wish_list;

static sg_status read_wishes(const sg_edit_list *list, const char *field, wish_list *all,
                             sg_error *error)
{
    for (all->count = 0; all->count < list->count; all->count++)
        SG_TRY(sg_wish_read(list->texts[all->count], field, all->names[all->count],
                            &all->wishes[all->count], error));
    return SG_OK;
}

/* Appends wishes to the line of text. */
static void describe(sg_word_edits *edits, const wish_list *all)
{
    for (size_t i = 0; i < all->count; i++)
        sg_text_append(&edits->text, "%s%s %s", edits->text.length > 0 ? ", " : "",
                       all->wishes[i].weight > 0 ? "towards" : "away from", all->names[i]);
}

/* Makes the guide of attributes; one of nothing where none are given. */
static sg_status open_attributes(sg_word_edits *edits, sg_generator *generator, wish_list *all,
                                 sg_error *error)
{
    const sg_word_options *options = edits->options;
    SG_TRY(read_wishes(&options->towards, "towards", all, error));
    if (all->count > 0)
        SG_TRY(sg_guide_towards(options->classifier, generator, all->wishes, all->count,
                                &edits->guide, error));
    else
        edits->guide = sg_guide_create();
    describe(edits, all);
    return edits->guide ? SG_OK : sg_fail_memory(error, "a guide");
}

/* Opens CLIP, and adds the texts. */
static sg_status open_texts(sg_word_edits *edits, sg_context *context, wish_list *all,
                            sg_error *error)
{
    const sg_word_options *options = edits->options;
    SG_TRY(read_wishes(&options->texts, "text", all, error));
    SG_TRY(sg_clip_find(&edits->clip, context, SG_F32, options->files.texts, options->files.count,
                        error));
    const sg_guide_texts texts = {.clip = edits->clip,
                                  .context = context,
                                  .wishes = all->wishes,
                                  .count = all->count,
                                  .from = options->from_text,
                                  .view = options->view};
    SG_TRY(sg_guide_add_texts(edits->guide, &texts, error));
    describe(edits, all);
    if (options->from_text)
        sg_text_append(&edits->text, ", from %s", options->from_text);
    return SG_OK;
}

/* Fails for two wishes of one name, by which the record knows them. */
static sg_status check_names(const sg_guide *guide, sg_error *error)
{
    for (size_t i = 0; i < sg_guide_count(guide); i++)
        for (size_t k = 0; k < i; k++)
            if (strcmp(sg_guide_name(guide, i), sg_guide_name(guide, k)) == 0)
                return sg_fail(error, SG_ERROR_ARGUMENT,
                               "\"%s\" is given twice; a weight says how much it counts",
                               sg_guide_name(guide, i));
    return SG_OK;
}

/* Makes the guide, and its line of text. */
static sg_status make_guide(sg_word_edits *edits, const sg_picture_work *work, sg_error *error)
{
    const sg_word_options *options = edits->options;
    wish_list *all = sg_allocate(1, sizeof *all);
    if (!all)
        return sg_fail_memory(error, "what pictures are steered towards");
    sg_status status = open_attributes(edits, work->network.generator, all, error);
    if (!status && !sg_edit_list_is_empty(&options->texts))
        status = open_texts(edits, work->network.context, all, error);
    free(all);
    if (!status)
        status = check_names(edits->guide, error);
    if (!status && options->keep) {
        sg_text_append(&edits->text, ", keep %s", options->keep);
        status = sg_guide_keep(edits->guide, options->classifier, work->network.generator,
                               options->keep, options->keep_weight, error);
    }
    if (!status && edits->text.failed)
        return sg_fail_memory(error, "a text of edits");
    return status;
}

/* Marks the inputs that move. */
static sg_status choose_layers(sg_word_edits *edits, const sg_generator *generator, sg_error *error)
{
    const size_t inputs = (size_t)sg_generator_num_ws(generator);
    sg_number_list list = {0};
    sg_error own = {0};
    if (!edits->options->layers)
        return SG_OK;
    if (sg_number_list_parse(edits->options->layers, "inputs", (uint32_t)inputs - 1, &list, &own))
        return sg_fail(error, own.status, "\"layers\": %s", own.message);
    edits->layers = sg_allocate(inputs, sizeof *edits->layers);
    for (size_t i = 0; edits->layers && i < list.count; i++)
        edits->layers[list.values[i]] = true;
    sg_number_list_clear(&list);
    return edits->layers ? SG_OK : sg_fail_memory(error, "%zu layers", inputs);
}

static sg_status open_all(sg_word_edits *edits, const sg_picture_work *work, sg_error *error)
{
    SG_TRY(choose_layers(edits, work->network.generator, error));
    return make_guide(edits, work, error);
}

sg_status sg_word_edits_open(const sg_word_options *options, const sg_picture_work *work,
                             sg_word_edits **edits, sg_error *error)
{
    *edits = NULL;
    sg_word_edits *made = sg_allocate(1, sizeof *made);
    if (!made)
        return sg_fail_memory(error, "edits by words");
    made->options = options;
    const sg_status status = open_all(made, work, error);
    if (status)
        sg_word_edits_close(made);
    else
        *edits = made;
    return status;
}

void sg_word_edits_close(sg_word_edits *edits)
{
    if (!edits)
        return;
    sg_guide_close(edits->guide);
    sg_clip_close(edits->clip);
    sg_text_clear(&edits->text);
    cJSON_Delete(edits->record);
    free(edits->layers);
    free(edits);
}
