/* The rows of a picture request; see picture_fields.h. Tested by: tests/cli/test_batch.c */
#include "pictures/picture_fields.h"

#include <math.h>
#include <stdlib.h>

#include "base/allocate.h"
#include "base/number_list.h"
#include "edit/request/edit_plan.h"
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
    {"sum", SG_TEXT(sg_picture_request, edit.sum),
     SG_OPTION("w", "SUM",
               "start from a sum of w in place of seeds, such as \"seed:1 - seed:2 + "
               "0.5*seed:3\", with files (photo.npz, photos.npz#2) and \"average\" as well; "
               "each is truncated"),
     SG_GROUP("Edits")},
    {"directions", SG_TEXT(sg_picture_request, edit.directions),
     SG_OPTION("directions", "FILE", "the file of directions to move along"), SG_GROUP("Edits")},
    {"move", SG_CODED(sg_picture_request, edit.moves, &sg_edit_list_codec),
     SG_FLAGS(SG_FIELD_REPEATED),
     SG_OPTION("move", "NAME=AMOUNT[@LAYERS]",
               "move w along a direction by this many of its sigmas, in all layers or some, such "
               "as smile=2@0-7; may be given several times")},
    {"orthogonal", SG_FLAG(sg_picture_request, edit.orthogonal),
     SG_OPTION("orthogonal", NULL,
               "make the moves leave each other alone: each loses its part along the others")},
    {"from_boundary", SG_FLAG(sg_picture_request, edit.from_boundary),
     SG_OPTION("from-boundary", NULL,
               "take amounts as distances from the boundary of a direction, so that a single w "
               "starts on it")},
    {"keep", SG_TEXT(sg_picture_request, edit.keep),
     SG_OPTION("keep", "NAMES",
               "directions that the moves leave alone, such as age,glasses; in an edit by words, "
               "attributes of the classifier whose answers stay, or all")},
    {"style", SG_CODED(sg_picture_request, edit.styles, &sg_edit_list_codec),
     SG_FLAGS(SG_FIELD_REPEATED),
     SG_OPTION("style", "LAYER:CHANNEL=AMOUNT",
               "shift a channel of a layer's style by this many of its standard deviations, such "
               "as b16.conv1:45=3; may be given several times")},
    {"mix", SG_CODED(sg_picture_request, edit.mixes, &sg_edit_list_codec),
     SG_FLAGS(SG_FIELD_REPEATED),
     SG_OPTION("mix", "W=SHARE[@LAYERS]",
               "take a share of another w, a seed or a file, in all layers or some, such as "
               "seed:5=0.4@0-3; may be given several times")},
    {"layer_psi", SG_CODED(sg_picture_request, edit.psis, &sg_edit_list_codec),
     SG_FLAGS(SG_FIELD_REPEATED),
     SG_OPTION("layer-psi", "LAYERS=PSI",
               "the truncation of some layers in place of the common one, such as 0-3=0.5; may be "
               "given several times")},
    {"radius", SG_NUMBER(sg_picture_request, edit.radius, 0, 1e6),
     SG_OPTION("radius", "R", "keep w within this distance of the center of truncation, softly"),
     SG_USUAL("any")},
    {"clamp", SG_NUMBER(sg_picture_request, edit.clamp, 0, 1e6),
     SG_OPTION("clamp", "X", "keep every component of w within X standard deviations of its mean"),
     SG_USUAL("any")},
    {"centers", SG_INT(sg_picture_request, edit.centers, 0, 1024),
     SG_OPTION("centers", "N",
               "truncate towards the nearest of N centers of w (clusters by k-means) in place of "
               "the average"),
     SG_USUAL("the average")},
};

static const sg_field varied_noise = {
    SG_CHOICE(sg_picture_request, noise_mode, &sg_noise_modes),
    SG_OPTION("noise-mode", "MODE",
              "random (new each time), const (stored with the network, so that nothing varies) or "
              "none"),
    SG_USUAL("random"), SG_GROUP("Noise")};

/* Indices of rows. */
enum {
    CLASS = 1,
    LABEL,
    SAVE_W = 7,
    PSI,
    CUTOFF,
    CENTER,
    NOISE,
    MOVE,
    ROTATE,
    SUM,
    EDITS,
    ROWS = EDITS + 11
};
_Static_assert(sizeof rows / sizeof rows[0] == ROWS, "the indices fit the rows");

const sg_field_table sg_picture_fields = {rows, ROWS, NULL};
const sg_field_table sg_label_fields = {&rows[LABEL], 1, NULL};
const sg_field_table sg_save_w_fields = {&rows[SAVE_W], 1, NULL};
const sg_field_table sg_psi_fields = {&rows[PSI], 1, NULL};
const sg_field_table sg_truncation_fields = {&rows[PSI], 2, NULL};
const sg_field_table sg_center_fields = {&rows[CENTER], 1, NULL};
const sg_field_table sg_cutoff_fields = {&rows[CUTOFF], 2, NULL};
const sg_field_table sg_noise_fields = {&rows[NOISE], 1, NULL};
const sg_field_table sg_varied_noise_fields = {&varied_noise, 1, NULL};
const sg_field_table sg_transform_fields = {&rows[MOVE], 2, NULL};
const sg_field_table sg_sum_fields = {&rows[SUM], 1, NULL};
const sg_field_table sg_edit_fields = {&rows[EDITS], ROWS - EDITS, NULL};

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

/* Edits that only change how far others go. */
static sg_status check_edit(const sg_edit_request *edit, sg_error *error)
{
    const char *changes = edit->keep            ? "keep"
                          : edit->orthogonal    ? "orthogonal"
                          : edit->from_boundary ? "from_boundary"
                                                : NULL;
    if (changes && sg_edit_list_is_empty(&edit->moves))
        return sg_fail(error, SG_ERROR_ARGUMENT, "\"%s\" changes moves, but no \"move\" is given",
                       changes);
    if (edit->directions && edit->directions[0] == '\0')
        return sg_fail(error, SG_ERROR_ARGUMENT, "\"directions\" is empty, but must be a file");
    return SG_OK;
}

/* The label that statistics of w are taken for. */
static sg_style_label label_of(const sg_picture_request *request)
{
    return (sg_style_label){request->class_index >= 0 ? request->class_index : 0,
                            request->label.values};
}

static sg_status check_edits(const sg_picture_request *request, sg_error *error)
{
    SG_TRY(sg_fields_check(&sg_edit_fields, request, NULL, SG_SPELL_KEYWORD, error));
    return check_edit(&request->edit, error);
}

sg_status sg_picture_edit_read(const sg_picture_network *network, sg_picture_request *request,
                               sg_edit_plan **plan, sg_error *error)
{
    *plan = NULL;
    SG_TRY(check_edits(request, error));
    SG_TRY(sg_edit_plan_make(&request->edit, network->generator, label_of(request), plan, error));
    sg_edit_request_follow(&request->edit, *plan);
    return SG_OK;
}

sg_status sg_picture_edit_find(sg_edit_store *store, sg_picture_request *request, sg_error *error)
{
    const sg_edit_plan *plan = NULL;
    SG_TRY(check_edits(request, error));
    SG_TRY(sg_edit_store_find(store, &request->edit, label_of(request), &plan, error));
    sg_edit_request_follow(&request->edit, plan);
    return SG_OK;
}
