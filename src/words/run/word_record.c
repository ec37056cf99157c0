/* The record edits.json; see word_edits.h. Tested by: tests/cli/test_edit_words.c */
#include <stdlib.h>
#include <string.h>

#include "base/files/atomic_file.h"
#include "base/files/file.h"
#include "base/text.h"
#include "words/run/word_edits_state.h"

sg_status sg_word_record_begin(sg_word_edits *edits, sg_error *error)
{
    const sg_latent_search_options *search = &edits->options->search;
    cJSON_Delete(edits->record);
    edits->record = cJSON_CreateObject();
    const bool whole =
        edits->record &&
        sg_json_add(edits->record, "edit", cJSON_CreateString(edits->text.bytes)) &&
        sg_json_add(edits->record, "space",
                    cJSON_CreateString(sg_choice_name(&sg_search_spaces, search->space))) &&
        sg_json_add(edits->record, "num_steps", cJSON_CreateNumber(search->steps)) &&
        sg_json_add(edits->record, "lr", cJSON_CreateNumber(search->rate)) &&
        sg_json_add(edits->record, "distance", cJSON_CreateNumber(search->distance)) &&
        cJSON_AddArrayToObject(edits->record, "pictures");
    return whole ? SG_OK : sg_fail_memory(error, "a record of edits");
}

/* Adds answers `first` to `last` - 1 as {"smile": [before, after], ...}. */
static bool add_answers(cJSON *picture, const char *key, const sg_word_result *result, size_t first,
                        size_t last)
{
    cJSON *answers = cJSON_AddObjectToObject(picture, key);
    bool whole = answers;
    for (size_t i = first; whole && i < last; i++) {
        const double pair[] = {result->before[i], result->after[i]};
        whole =
            sg_json_add(answers, sg_guide_name(result->guide, i), cJSON_CreateDoubleArray(pair, 2));
    }
    return whole;
}

sg_status sg_word_record_add(sg_word_edits *edits, const sg_word_result *result, sg_error *error)
{
    const size_t count = sg_guide_count(result->guide);
    cJSON *picture = cJSON_CreateObject();
    const bool whole =
        picture && sg_json_add(picture, "source", cJSON_CreateString(result->source)) &&
        add_answers(picture, "wishes", result, 0, count) &&
        add_answers(picture, "kept", result, count, count + sg_guide_kept(result->guide)) &&
        sg_json_add(picture, "loss", cJSON_CreateNumber(result->last.loss)) &&
        sg_json_add(picture, "distance", cJSON_CreateNumber(result->last.distance)) &&
        cJSON_AddItemToArray(cJSON_GetObjectItem(edits->record, "pictures"), picture);
    if (whole)
        return SG_OK;
    cJSON_Delete(picture);
    return sg_fail_memory(error, "a record of edits");
}

sg_status sg_word_record_write(const sg_word_edits *edits, const char *folder, sg_error *error)
{
    char *text = cJSON_Print(edits->record);
    char *path = sg_path_join(folder, "edits.json");
    const sg_status status = text && path ? sg_write_file(path, text, strlen(text), error)
                                          : sg_fail_memory(error, "a record of edits");
    cJSON_free(text);
    free(path);
    return status;
}
