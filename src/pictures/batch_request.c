/* Reads lines of a batch by the rows of pictures/picture_fields.c. Tested by:
 * tests/cli/test_batch.c */
#include "pictures/batch_request.h"

#include <math.h>
#include <string.h>

#include "base/utf8.h"
#include "pictures/picture_fields.h"

#define LARGEST_ID 9007199254740992.0 /* 2^53: whole numbers up to here are exact */

static sg_status parse(const char *line, size_t length, cJSON **object, sg_error *error)
{
    const char *end = NULL;
    if (line[strspn(line, " \t")] == '\0' && strlen(line) == length)
        return sg_fail(error, SG_ERROR_FORMAT, "the line is empty, not a JSON object");
    if (strlen(line) != length || !sg_is_utf8(line, length, SG_UTF8_STRICT))
        return sg_fail(error, SG_ERROR_FORMAT, "the line is no JSON: it is not a text in UTF-8");
    *object = cJSON_ParseWithLengthOpts(line, length + 1, &end, true);
    if (!*object)
        return sg_fail(error, SG_ERROR_FORMAT, "the line is no JSON: see its byte %zu",
                       end ? (size_t)(end - line) : 0);
    if (!cJSON_IsObject(*object))
        return sg_fail(error, SG_ERROR_FORMAT, "the line is no JSON object, such as {\"seed\": 1}");
    return SG_OK;
}

static sg_status read_id(sg_batch_request *request, sg_error *error)
{
    const cJSON *id = cJSON_GetObjectItemCaseSensitive(request->line, "id");
    const bool exact = cJSON_IsNumber(id) && fabs(id->valuedouble) <= LARGEST_ID;
    if (id && !cJSON_IsString(id) && !exact)
        return sg_fail(error, SG_ERROR_FORMAT,
                       "the job has an \"id\" that is not a text or a number of at most 2^53");
    request->id = id;
    return SG_OK;
}

#define IS_GIVEN(member) SG_IS_GIVEN(&sg_picture_fields, given, sg_picture_request, member)

static sg_status check_source(const sg_picture_request *picture, const sg_given *given,
                              sg_error *error)
{
    const int sources = IS_GIVEN(seed) + IS_GIVEN(w_file) + IS_GIVEN(edit.sum);
    if (sources != 1)
        return sg_fail(error, SG_ERROR_FORMAT, "a job has either \"seed\" or \"w\", or a \"sum\"%s",
                       sources > 1 ? ", not both" : "");
    if (IS_GIVEN(w_index) && !IS_GIVEN(w_file))
        return sg_fail(error, SG_ERROR_FORMAT, "\"w_index\" goes with \"w\"");
    if (IS_GIVEN(w_file) && picture->w_file[0] == '\0')
        return sg_fail(error, SG_ERROR_FORMAT, "\"w\" is empty, but must be the path of a file");
    return SG_OK;
}

/* Tells whether the job says anything of edits, or of what their statistics depend on. */
static bool says_edits(const sg_given *given, const sg_picture_request *picture)
{
    for (size_t i = 0; sg_field_at(&sg_edit_fields, i); i++)
        if (sg_given_at(&sg_picture_fields, given, sg_field_at(&sg_edit_fields, i)->offset))
            return true;
    return IS_GIVEN(edit.sum) || (picture->edit.plan && (IS_GIVEN(class_index) || IS_GIVEN(label)));
}

/* Lets the job's class count in place of the common label, and the other way round. */
static sg_status choose_label(sg_picture_request *picture, const sg_given *given, sg_error *error)
{
    if (IS_GIVEN(label) && IS_GIVEN(class_index))
        return sg_fail(error, SG_ERROR_FORMAT, "a job has \"class\" or \"label\", not both");
    if (IS_GIVEN(class_index))
        picture->label = (sg_picture_label){0};
    return SG_OK;
}

sg_status sg_batch_request_read(const char *line, size_t length, sg_batch_request *request,
                                sg_error *error)
{
    static const sg_fields_reading reading = {.subject = "the job"};
    sg_given given = {0};
    SG_TRY(parse(line, length, &request->line, error));
    /* Before the other keys, so that an answer to a bad line has it. */
    SG_TRY(read_id(request, error));
    SG_TRY(sg_fields_from_json(&sg_picture_fields, &reading, request->line, &request->picture,
                               &given, error));
    SG_TRY(check_source(&request->picture, &given, error));
    request->edits = says_edits(&given, &request->picture);
    return choose_label(&request->picture, &given, error);
}

void sg_batch_request_clear(sg_batch_request *request)
{
    cJSON_Delete(request->line);
    request->line = NULL;
    request->id = NULL;
}
