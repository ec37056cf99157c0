/* The rows of a picture request. Tested by: tests/cli/test_batch.c */
#include "pictures/picture_fields.h"

#include <limits.h>
#include <math.h>

#include "base/number_list.h"
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

/* ---- the rows ---- */

enum {
    SEED,
    CLASS,
    W,
    W_INDEX,
    ID,
    OUTPUT,
    SAVE_W,
    PSI,
    CUTOFF,
    CENTER,
    NOISE,
    MOVE,
    ROTATE,
    ROWS
};

#define AT(member) offsetof(sg_picture_request, member)

static const sg_field rows[ROWS] = {
    [SEED] = {.name = "seed", .kind = SG_FIELD_UINT64, .offset = AT(seed), .most = UINT32_MAX},
    [CLASS] = {.name = "class",
               .member = "class_index",
               .kind = SG_FIELD_INT,
               .offset = AT(class_index)},
    [W] = {.name = "w", .kind = SG_FIELD_TEXT, .offset = AT(w_file)},
    [W_INDEX] = {.name = "w_index",
                 .kind = SG_FIELD_UINT64,
                 .offset = AT(w_index),
                 .most = UINT32_MAX},
    [ID] = {.name = "id", .kind = SG_FIELD_IGNORED},
    [OUTPUT] = {.name = "output", .kind = SG_FIELD_TEXT, .offset = AT(output)},
    [SAVE_W] = {.name = "save_w",
                .kind = SG_FIELD_FLAG,
                .offset = AT(save_w),
                .option = "save-w",
                .help = "also write the truncated w of every picture, DIR/seed0000.npz and so on, "
                        "for --projected-w"},
    [PSI] = {.name = "trunc",
             .member = "truncation",
             .kind = SG_FIELD_NUMBER,
             .offset = AT(psi),
             .least = -HUGE_VAL,
             .most = HUGE_VAL,
             .option = "trunc",
             .value = "PSI",
             .help = "truncation: less than 1 for more typical pictures, 0 for the average one; "
                     "any number is allowed",
             .usual = "1",
             .group = "Truncation"},
    [CUTOFF] = {.name = "trunc_cutoff",
                .member = "truncation_cutoff",
                .kind = SG_FIELD_INT,
                .offset = AT(cutoff),
                .option = "trunc-cutoff",
                .value = "N",
                .help = "truncate only the first N inputs of the synthesis network",
                .usual = "all; of a StyleGAN network, 8"},
    [CENTER] = {.name = "new_center",
                .kind = SG_FIELD_CODED,
                .offset = AT(center),
                .codec = &sg_center_codec,
                .option = "new-center",
                .value = "SEED|FILE",
                .help = "truncate towards the w of this seed, or in this .npz or .npy file, "
                        "instead of the average"},
    [NOISE] = {.name = "noise_mode",
               .kind = SG_FIELD_CHOICE,
               .offset = AT(noise_mode),
               .choices = &sg_noise_modes,
               .option = "noise-mode",
               .value = "MODE",
               .help = "noise in the synthesis network: const (stored with the network), random "
                       "(drawn from the seed) or none",
               .usual = "const",
               .group = "Noise"},
    [MOVE] = {.name = "translate",
              .kind = SG_FIELD_CODED,
              .offset = AT(transform),
              .codec = &move_codec,
              .option = "translate",
              .value = "X,Y",
              .help = "move the pictures of a StyleGAN3 right and down by these shares of their "
                      "side; those of a film, on the way",
              .group = "Motion"},
    [ROTATE] = {.name = "rotate",
                .kind = SG_FIELD_NUMBER,
                .offset = AT(transform.degrees),
                .least = -HUGE_VAL,
                .most = HUGE_VAL,
                .option = "rotate",
                .value = "DEGREES",
                .help = "turn the pictures of a StyleGAN3 against the clock; those of a film, on "
                        "the way"},
};

static const sg_field varied_noise = {
    .kind = SG_FIELD_CHOICE,
    .offset = AT(noise_mode),
    .choices = &sg_noise_modes,
    .option = "noise-mode",
    .value = "MODE",
    .help = "random (new each time), const (stored with the network, so that nothing varies) or "
            "none",
    .usual = "random",
    .group = "Noise"};

const sg_field_table sg_picture_fields = {rows, ROWS, NULL};
const sg_field_table sg_save_w_fields = {&rows[SAVE_W], 1, NULL};
const sg_field_table sg_psi_fields = {&rows[PSI], 1, NULL};
const sg_field_table sg_truncation_fields = {&rows[PSI], 2, NULL};
const sg_field_table sg_cutoff_fields = {&rows[CUTOFF], 2, NULL};
const sg_field_table sg_noise_fields = {&rows[NOISE], 1, NULL};
const sg_field_table sg_varied_noise_fields = {&varied_noise, 1, NULL};
const sg_field_table sg_transform_fields = {&rows[MOVE], 2, NULL};
const sg_field *const sg_picture_class_field = &rows[CLASS];
