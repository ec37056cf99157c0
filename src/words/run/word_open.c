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

/* Makes the guide, and its line of text. */
static sg_status make_guide(sg_word_edits *edits, sg_generator *generator, sg_error *error)
{
    const sg_word_options *options = edits->options;
    wish_list *all = sg_allocate(1, sizeof *all);
    sg_status status = all ? read_wishes(&options->towards, "towards", all, error)
                           : sg_fail_memory(error, "what pictures are steered towards");
    if (!status)
        status = sg_guide_towards(options->classifier, generator, all->wishes, all->count,
                                  &edits->guide, error);
    for (size_t i = 0; !status && i < all->count; i++)
        sg_text_append(&edits->text, "%s%s %.40s", i > 0 ? ", " : "",
                       all->wishes[i].weight > 0 ? "towards" : "away from", all->names[i]);
    if (!status && options->keep)
        sg_text_append(&edits->text, ", keep %.60s", options->keep);
    free(all);
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

static sg_status open(sg_word_edits *edits, const sg_picture_work *work, sg_error *error)
{
    const sg_word_options *options = edits->options;
    sg_generator *generator = work->network.generator;
    SG_TRY(choose_layers(edits, generator, error));
    SG_TRY(make_guide(edits, generator, error));
    return options->keep ? sg_guide_keep(edits->guide, options->classifier, generator,
                                         options->keep, options->keep_weight, error)
                         : SG_OK;
}

sg_status sg_word_edits_open(const sg_word_options *options, const sg_picture_work *work,
                             sg_word_edits **edits, sg_error *error)
{
    *edits = NULL;
    sg_word_edits *made = sg_allocate(1, sizeof *made);
    if (!made)
        return sg_fail_memory(error, "edits by words");
    made->options = options;
    const sg_status status = open(made, work, error);
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
    sg_text_clear(&edits->text);
    cJSON_Delete(edits->record);
    free(edits->layers);
    free(edits);
}
