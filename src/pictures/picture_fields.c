/* The rows of a picture request; see picture_fields.h. Tested by: tests/cli/test_batch.c */
#include "pictures/picture_fields.h"

#include <math.h>
#include <stdlib.h>

#include "base/allocate.h"
#include "base/number_list.h"
#include "latent/label_values.h"
#include "nn/noise_mode.h"
#include "pictures/truncation_center.h"

/* ---- a move: "0.25,-0.1" as a text, [0.25, -0.1] as JSON ---- */

static sg_status parse_move(const char *text, void *value, sg_error *error)
{
    sg_transform *transform = value;
    sg_decimal_list numbers = {0};
    const bool pair = !sg_decimal_list_parse(text, "shares", &numbers, NULL) && numbers.count == 2;
    if (pair) {
        transform->x = numbers.values[0];
        transform->y = numbers.values[1];
    }
    sg_decimal_list_clear(&numbers);
    return pair ? SG_OK
                : sg_fail(error, SG_ERROR_ARGUMENT,
                          "takes X,Y in shares of the picture's side, such as 0.25,-0.1, not "
                          "\"%s\"",
                          text);
}

static bool move_from_json(const cJSON *json, void *value)
{
    sg_transform *transform = value;
    const cJSON *x = cJSON_GetArrayItem(json, 0);
    const cJSON *y = cJSON_GetArrayItem(json, 1);
    if (!cJSON_IsArray(json) || cJSON_GetArraySize(json) != 2 || !cJSON_IsNumber(x) ||
        !cJSON_IsNumber(y) || !isfinite(x->valuedouble) || !isfinite(y->valuedouble))
        return false;
    transform->x = x->valuedouble;
    transform->y = y->valuedouble;
    return true;
}

static const sg_field_codec move_codec = {.parse = parse_move,
                                          .from_json = move_from_json,
                                          .expected = "two numbers, such as [0.25, -0.1]"};

/* ---- a label: "0.2,0.8" as a text, [0.2, 0.8] as JSON ---- */

static sg_status keep_label(const char *text, void *value, sg_error *error)
{
    (void)error; /* what it must be depends on the network */
    *(sg_picture_label *)value = (sg_picture_label){.text = text};
    return SG_OK;
}

static bool label_from_json(const cJSON *json, void *value)
{
    *(sg_picture_label *)value = (sg_picture_label){.json = json};
    return cJSON_IsArray(json);
}

static const sg_field_codec label_codec = {.parse = keep_label,
                                           .from_json = label_from_json,
                                           .expected = "a list of numbers, such as [0.2, 0.8]"};

/* ---- the rows ---- */

static const sg_field rows[] = {
    {"seed", SG_UINT64(sg_picture_request, seed, UINT32_MAX)},
    {"class", SG_INT(sg_picture_request, class_index, 0, 0), .member = "class_index"},
    {"label", SG_CODED(sg_picture_request, label, &label_codec),
     SG_OPTION("label", "NUMBERS",
               "the numbers of a label in place of a class: all of them, such as 0.2,0.8, or those "
               "that are not 0 by their index, such as 1=1,3=1 for two attributes at once"),
     SG_GROUP("Pictures")},
    {"w", SG_TEXT(sg_picture_request, w_file)},
    {"w_index", SG_UINT64(sg_picture_request, w_index, UINT32_MAX)},
    {.name = "id", .kind = SG_FIELD_IGNORED},
    {"output", SG_TEXT(sg_picture_request, output)},
    {"save_w", SG_FLAG(sg_picture_request, save_w),
     SG_OPTION("save-w", NULL,
               "also write the truncated w of every picture, DIR/seed0000.npz and so on, for "
               "\"projected_w\"")},
    {"trunc", SG_NUMBER(sg_picture_request, psi, -HUGE_VAL, HUGE_VAL), .member = "truncation",
     SG_OPTION("trunc", "PSI",
               "truncation: less than 1 for more typical pictures, 0 for the average one; any "
               "number is allowed"),
     SG_USUAL("1"), SG_GROUP("Truncation")},
    {"trunc_cutoff", SG_INT(sg_picture_request, cutoff, 0, 0), .member = "truncation_cutoff",
     SG_OPTION("trunc-cutoff", "N", "truncate only the first N inputs of the synthesis network"),
     SG_USUAL("all; of a StyleGAN network, 8")},
    {"new_center", SG_CODED(sg_picture_request, center, &sg_center_codec),
     SG_OPTION("new-center", "SEED|FILE",
               "truncate towards the w of this seed, or in this file of w, instead of the "
               "average")},
    {"noise_mode", SG_CHOICE(sg_picture_request, noise_mode, &sg_noise_modes),
     SG_OPTION("noise-mode", "MODE",
               "noise in the synthesis network: const (stored with the network), random (drawn "
               "from the seed) or none"),
     SG_USUAL("const"), SG_GROUP("Noise")},
    {"translate", SG_CODED(sg_picture_request, transform, &move_codec),
     SG_OPTION("translate", "X,Y",
               "move the pictures of a StyleGAN3 right and down by these shares of their side; "
               "those of a film, on the way"),
     SG_GROUP("Motion")},
    {"rotate", SG_NUMBER(sg_picture_request, transform.degrees, -HUGE_VAL, HUGE_VAL),
     SG_OPTION("rotate", "DEGREES",
               "turn the pictures of a StyleGAN3 against the clock; those of a film, on the way")},
};

static const sg_field varied_noise = {
    SG_CHOICE(sg_picture_request, noise_mode, &sg_noise_modes),
    SG_OPTION("noise-mode", "MODE",
              "random (new each time), const (stored with the network, so that nothing varies) or "
              "none"),
    SG_USUAL("random"), SG_GROUP("Noise")};

/* Indices of rows. */
enum { CLASS = 1, LABEL, SAVE_W = 7, PSI, CUTOFF, CENTER, NOISE, MOVE, ROTATE, ROWS };
_Static_assert(sizeof rows / sizeof rows[0] == ROWS, "the indices fit the rows");

const sg_field_table sg_picture_fields = {rows, ROWS, NULL};
const sg_field_table sg_label_fields = {&rows[LABEL], 1, NULL};
const sg_field_table sg_save_w_fields = {&rows[SAVE_W], 1, NULL};
const sg_field_table sg_psi_fields = {&rows[PSI], 1, NULL};
const sg_field_table sg_truncation_fields = {&rows[PSI], 2, NULL};
const sg_field_table sg_cutoff_fields = {&rows[CUTOFF], 2, NULL};
const sg_field_table sg_noise_fields = {&rows[NOISE], 1, NULL};
const sg_field_table sg_varied_noise_fields = {&varied_noise, 1, NULL};
const sg_field_table sg_transform_fields = {&rows[MOVE], 2, NULL};

/* ---- checks ---- */

static sg_status check_class(const sg_picture_network *network, const sg_picture_request *request,
                             sg_spelling spelling, sg_error *error)
{
    char name[SG_FIELD_SPELLING_BYTES];
    const int classes = network->config.c_dim;
    const int index = request->class_index;
    const bool mapped = !request->ws || request->center.kind == SG_CENTER_SEED;
    if (classes == 0 || !mapped || request->label.values || (index >= 0 && index < classes))
        return SG_OK;
    sg_field_spell(&rows[CLASS], spelling, name);
    if (index < 0)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "the network is conditional, so \"%s\" must be there, from 0 to %d", name,
                       classes - 1);
    return sg_fail(error, SG_ERROR_ARGUMENT, "\"%s\" is %d, but must be from 0 to %d", name, index,
                   classes - 1);
}

/* Checks the numbers of a latent or a label, if there are any. */
static sg_status check_numbers(const float *values, int width, const char *noun, sg_error *error)
{
    for (int i = 0; values && i < width; i++)
        if (!isfinite(values[i]))
            return sg_fail(error, SG_ERROR_NUMERIC, "number %d of the %s is %g", i, noun,
                           (double)values[i]);
    return SG_OK;
}

sg_status sg_picture_label_read(sg_picture_label *label, const sg_picture_network *network,
                                sg_spelling spelling, float **values, sg_error *error)
{
    char name[SG_FIELD_SPELLING_BYTES];
    sg_error own = {0};
    const size_t width = (size_t)network->config.c_dim;
    *values = NULL;
    if (width == 0 || (!label->text && !label->json))
        return SG_OK;
    *values = sg_allocate(width, sizeof **values);
    if (!*values)
        return sg_fail_memory(error, "a label");
    const sg_status status = label->json
                                 ? sg_label_values_from_json(label->json, width, *values, &own)
                                 : sg_label_values_parse(label->text, width, *values, &own);
    if (!status) {
        label->values = *values;
        return SG_OK;
    }
    free(*values);
    *values = NULL;
    return sg_fail(error, status, "\"%s\" %s", sg_field_spell(&rows[LABEL], spelling, name),
                   own.message);
}

sg_status sg_picture_request_check(const sg_picture_network *network,
                                   const sg_picture_request *request, sg_spelling spelling,
                                   sg_error *error)
{
    SG_TRY(check_class(network, request, spelling, error));
    SG_TRY(sg_fields_check(&sg_psi_fields, request, NULL, spelling, error));
    SG_TRY(sg_fields_check(&sg_noise_fields, request, NULL, spelling, error));
    if (!sg_transform_is_identity(&request->transform))
        SG_TRY(sg_picture_network_check_movable(network, error));
    SG_TRY(check_numbers(request->label.values, network->config.c_dim, "label", error));
    return check_numbers(request->z, network->config.z_dim, "latent", error);
}
