/* The fields of projections. Tested by: tests/cli/test_project.c */
#include "invert/run/projection_options.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    MOST_STEPS = 1000000,
    MOST_STARTS = 1000,
    MOST_SAMPLES = 10000000,
    LARGEST_RATE = 1000, /* frames a second */
    SEED = 303,
    FRAMES_PER_SECOND = 10,
    LARGEST_WEIGHT = 1000000
};

sg_projection_options sg_projection_options_default(void)
{
    sg_projection_options options = {.projector = sg_projector_options_default(),
                                     .tuning = sg_tuning_options_default(),
                                     .save_video = true,
                                     .frames_per_second = FRAMES_PER_SECOND};
    options.projector.seed = SEED;
    options.projector.class_index = -1;
    return options;
}

/* ---- values of kinds of their own ---- */

static sg_status parse_losses(const char *text, void *value, sg_error *error)
{
    return sg_invert_weights_parse(text, value, error);
}

/* The penalties by name, and where their weights are. */
static const struct {
    const char *name;
    size_t offset;
} penalties[] = {{"distance", offsetof(sg_invert_penalties, distance)},
                 {"delta", offsetof(sg_invert_penalties, delta)},
                 {"mahalanobis", offsetof(sg_invert_penalties, mahalanobis)}};
static const sg_choices penalty_choices = SG_CHOICES(penalties);

/* Reads "NAME=WEIGHT" from the start of *text and moves it past the comma after it. */
static bool read_penalty(const char **text, sg_invert_penalties *weights)
{
    char name[32];
    const size_t length = strcspn(*text, "=,");
    const char *at = *text + length;
    if (*at != '=' || length >= sizeof name)
        return false;
    memcpy(name, *text, length);
    name[length] = '\0';
    const int found = sg_choice_find(&penalty_choices, name);
    char *end = NULL;
    const double weight = strtod(at + 1, &end);
    if (found < 0 || end == at + 1 || !(weight >= 0 && weight <= LARGEST_WEIGHT) ||
        (*end && *end != ','))
        return false;
    *(double *)(void *)((char *)weights + penalties[found].offset) = weight;
    *text = *end ? end + 1 : end;
    return *end == '\0' || **text;
}

static sg_status parse_penalties(const char *text, void *value, sg_error *error)
{
    char names[64];
    sg_invert_penalties weights = {0};
    const char *at = text;
    do {
        if (!read_penalty(&at, &weights))
            return sg_fail(error, SG_ERROR_ARGUMENT,
                           "takes NAME=WEIGHT,... with names among %s and weights from 0 to %d, "
                           "not \"%s\"",
                           sg_choice_list(&penalty_choices, names, sizeof names), LARGEST_WEIGHT,
                           text);
    } while (*at);
    *(sg_invert_penalties *)value = weights;
    return SG_OK;
}

/* Whole numbers that are kept in 32 bits without a sign. */
static sg_status parse_seed(const char *text, void *value, sg_error *error)
{
    char *end = NULL;
    const double number = strtod(text, &end);
    if (end == text || *end || !(number >= 0 && number <= UINT32_MAX) || number != floor(number))
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "is \"%s\", but must be a whole number from 0 to %u", text, UINT32_MAX);
    *(uint32_t *)value = (uint32_t)number;
    return SG_OK;
}

static const sg_field_codec loss_codec = {.parse = parse_losses};
static const sg_field_codec penalty_codec = {.parse = parse_penalties};
static const sg_field_codec seed_codec = {.parse = parse_seed};

/* ---- rows ---- */

#define OPTIONS sg_projection_options
/* A member that a codec reads, with its size, by which it is copied. */
#define CODED(member_, codec_)                                                                     \
    SG_CODED(sg_projection_options, projector.member_, codec_),                                    \
        .count = sizeof((const sg_projector_options *)0)->member_

static const sg_field rows[] = {
    {"space", SG_CHOICE(OPTIONS, projector.space, &sg_invert_spaces), SG_FLAGS(SG_FIELD_UNSAVED),
     SG_OPTION("space", "w|w+|z",
               "what is searched: one w for all layers, one w for each layer, which comes nearer, "
               "or z"),
     SG_USUAL("w"), SG_GROUP("Search")},
    {"steps", SG_INT(OPTIONS, projector.steps, 0, MOST_STEPS), SG_FLAGS(SG_FIELD_UNSAVED),
     SG_OPTION("num-steps", "N", "steps of the optimisation"), SG_USUAL("1000")},
    {"seed", CODED(seed, &seed_codec), SG_FLAGS(SG_FIELD_UNSAVED),
     SG_OPTION("seed", "N", "the seed of all that is drawn"), SG_USUAL("303")},
    {"rate", SG_NUMBER(OPTIONS, projector.rate, 0, 100),
     SG_FLAGS(SG_FIELD_UNSAVED | SG_FIELD_ABOVE),
     SG_OPTION("lr", "X", "the learning rate at its highest"), SG_USUAL("0.1")},
    {"schedule", SG_CHOICE(OPTIONS, projector.schedule, &sg_invert_schedules),
     SG_FLAGS(SG_FIELD_UNSAVED),
     SG_OPTION("lr-schedule", "ramped|constant",
               "whether the learning rate rises at first and falls in the last quarter"),
     SG_USUAL("ramped")},
    {"noise", SG_CHOICE(OPTIONS, projector.noise, &sg_invert_noises), SG_FLAGS(SG_FIELD_UNSAVED),
     SG_OPTION("noise", "optimise|fixed|none",
               "the network's noise buffers during the search: drawn and optimised, with a "
               "regulariser; left alone; or not added. The result is painted with the network's "
               "own"),
     SG_USUAL("optimise")},
    {"noise_weight", SG_NUMBER(OPTIONS, projector.noise_weight, 0, 1e12),
     SG_FLAGS(SG_FIELD_UNSAVED),
     SG_OPTION("noise-weight", "X", "the weight of the regulariser of noise"), SG_USUAL("100000")},
    {"w_noise", SG_NUMBER(OPTIONS, projector.w_noise, 0, 100), SG_FLAGS(SG_FIELD_UNSAVED),
     SG_OPTION("w-noise", "X",
               "the noise that is added to w at first, in units of the spread of w"),
     SG_USUAL("0.05")},
    {"class", SG_INT(OPTIONS, projector.class_index, 0, INT_MAX), SG_FLAGS(SG_FIELD_UNSAVED),
     SG_OPTION("class", "N", "the class of the target, for a conditional network"),
     SG_USUAL("the class whose average comes nearest")},

    {"start_seed", CODED(start_seed, &seed_codec), SG_FLAGS(SG_FIELD_UNSAVED),
     SG_OPTION("start-seed", "N", "start from the w of a seed"), SG_USUAL("from the average w"),
     SG_GROUP("Start")},
    {"start_psi", SG_NUMBER(OPTIONS, projector.start_psi, -100, 100), SG_FLAGS(SG_FIELD_UNSAVED),
     SG_OPTION("start-trunc", "X", "the truncation of that seed's w"), SG_USUAL("0.7")},
    {"start", SG_TEXT(OPTIONS, start), SG_FLAGS(SG_FIELD_UNSAVED),
     SG_OPTION("start", "FILE",
               "start from the w in a file, such as an earlier projected_w.npz; for the space z, "
               "from its z")},
    {"encoder", SG_TEXT(OPTIONS, encoder), SG_FLAGS(SG_FIELD_UNSAVED),
     SG_OPTION("encoder", "FILE",
               "start from the w that an encoder of this network tells in one pass; a "
               "number of steps refines it")},
    {"multi_start", SG_INT(OPTIONS, multi_start, 1, MOST_STARTS), SG_FLAGS(SG_FIELD_UNSAVED),
     SG_OPTION("multi-start", "N",
               "try N starts, the usual one and seeds, in short runs, and go on from the best"),
     SG_USUAL("1")},
    {"anchor", SG_FLAG(OPTIONS, anchor), SG_FLAGS(SG_FIELD_UNSAVED),
     SG_OPTION("anchor", NULL,
               "place all pictures of a StyleGAN3 as the average one is, where each w moves and "
               "turns its own; other commands must anchor the network then, too")},
    {"w_avg_samples", SG_INT(OPTIONS, projector.w_avg_samples, 2, MOST_SAMPLES),
     SG_FLAGS(SG_FIELD_UNSAVED),
     SG_OPTION("w-avg-samples", "N", "latents whose w give the average and the spread"),
     SG_USUAL("10000")},

    {"weights", CODED(weights, &loss_codec), SG_FLAGS(SG_FIELD_UNSAVED),
     SG_OPTION("loss", "NAME=WEIGHT,...",
               "the losses whose sum is minimised: lpips, discriminator, pyramid, pixel, own; a "
               "name alone has weight 1"),
     SG_USUAL("lpips where VGG16 is found, else discriminator and pyramid"), SG_GROUP("Loss")},
    {"penalties", CODED(penalties, &penalty_codec), SG_FLAGS(SG_FIELD_UNSAVED),
     SG_OPTION("penalty", "NAME=WEIGHT,...",
               "keep w where it can be edited: distance from the average w; delta between layers "
               "(of w+); mahalanobis distance in whitened P-norm space")},
    {"classifier", SG_TEXT(OPTIONS, classifier), SG_FLAGS(SG_FIELD_UNSAVED),
     SG_OPTION("classifier", "FILE",
               "a classifier of pictures of this size, whose features the loss own compares")},

    {"tune", SG_INT(OPTIONS, tune, 0, MOST_STEPS), SG_FLAGS(SG_FIELD_UNSAVED),
     SG_OPTION("tune", "N",
               "fit the network itself to the target in N steps, with the w that was found "
               "(pivotal tuning); 350 are usual"),
     SG_USUAL("0"), SG_GROUP("Tuning")},
    {"tuning_rate", SG_NUMBER(OPTIONS, tuning.rate, 0, 1),
     SG_FLAGS(SG_FIELD_UNSAVED | SG_FIELD_ABOVE), SG_OPTION("tune-lr", "X", "its learning rate"),
     SG_USUAL("0.0003")},
    {"tuning_weights", SG_CODED(OPTIONS, tuning.weights, &loss_codec),
     .count = sizeof(sg_invert_weights), SG_FLAGS(SG_FIELD_UNSAVED),
     SG_OPTION("tune-loss", "NAME=WEIGHT,...", "its losses"),
     SG_USUAL("pixel and lpips, or pyramid where VGG16 is not found")},
    {"together", SG_FLAG(OPTIONS, together), SG_FLAGS(SG_FIELD_UNSAVED),
     SG_OPTION("tune-together", NULL,
               "tune one network for all targets; otherwise each target has its own")},
    {"freeze", SG_TEXT(OPTIONS, freeze), SG_FLAGS(SG_FIELD_UNSAVED),
     SG_OPTION("freeze", "NAME,...",
               "parameters, or modules such as synthesis.b4, that tuning leaves as they are")},
    {"locality_samples", SG_INT(OPTIONS, tuning.locality_samples, 0, MOST_STARTS),
     SG_FLAGS(SG_FIELD_UNSAVED),
     SG_OPTION("locality", "N",
               "at N points on the way to random w, the tuned network must paint what the original "
               "one does"),
     SG_USUAL("0")},
    {"locality_interval", SG_INT(OPTIONS, tuning.locality_interval, 1, MOST_STEPS),
     SG_FLAGS(SG_FIELD_UNSAVED),
     SG_OPTION("locality-interval", "N", "steps from one use of these points to the next"),
     SG_USUAL("1")},
    {"locality_radius", SG_NUMBER(OPTIONS, tuning.locality_radius, 0, 1e6),
     SG_FLAGS(SG_FIELD_UNSAVED | SG_FIELD_ABOVE),
     SG_OPTION("locality-radius", "X", "how far from the found w the points are"), SG_USUAL("30")},

    {"save_video", SG_FLAG(OPTIONS, save_video), SG_FLAGS(SG_FIELD_UNSAVED),
     SG_OPTION("save-video", NULL,
               "write proj.mp4, the target beside the picture of every step, or not: false"),
     SG_USUAL("true"), SG_GROUP("Output")},
    {"frames_per_second", SG_INT(OPTIONS, frames_per_second, 1, LARGEST_RATE),
     SG_FLAGS(SG_FIELD_UNSAVED), SG_OPTION("fps", "N", "frames a second of the film"),
     SG_USUAL("10")},
};
const sg_field_table sg_projection_fields = {rows, sizeof rows / sizeof *rows, NULL};

/* ---- what contradicts ---- */

static sg_status check_starts(const sg_projection_options *options, sg_error *error)
{
    const bool seeded = SG_PROJECTION_GIVEN(options, projector.start_seed);
    if (options->start && seeded)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"start\" and \"start_seed\" both say where the search starts");
    if (options->encoder && (options->start || seeded || options->multi_start > 1))
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"encoder\" tells the start, so that \"start\", \"start_seed\" and "
                       "\"multi_start\" have nothing to say");
    if (options->encoder && options->projector.space == SG_INVERT_Z)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"encoder\" tells w, from which no z follows: \"space\" is w or w+");
    if (options->start && options->multi_start > 1)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"multi_start\" draws its starts; with \"start\" there is only one");
    if (SG_PROJECTION_GIVEN(options, projector.start_psi) && !seeded)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"start_psi\" truncates the w of \"start_seed\", which is not given");
    return SG_OK;
}

/* The fields that are about tuning alone. */
static sg_status check_tuning(const sg_projection_options *options, sg_error *error)
{
    const bool given = SG_PROJECTION_GIVEN(options, tuning.rate) ||
                       SG_PROJECTION_GIVEN(options, tuning.weights) || options->together ||
                       options->freeze || SG_PROJECTION_GIVEN(options, tuning.locality_samples) ||
                       SG_PROJECTION_GIVEN(options, tuning.locality_interval) ||
                       SG_PROJECTION_GIVEN(options, tuning.locality_radius);
    if (given && options->tune == 0)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "options of tuning are given without \"tune\", its number of steps");
    if (options->tuning.locality_samples == 0 &&
        (SG_PROJECTION_GIVEN(options, tuning.locality_interval) ||
         SG_PROJECTION_GIVEN(options, tuning.locality_radius)))
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"locality_samples\" is 0, so that there are no points of which the other "
                       "options of locality could speak");
    return SG_OK;
}

sg_status sg_projection_options_resolve(sg_projection_options *options, sg_error *error)
{
    sg_projector_options *projector = &options->projector;
    const bool own =
        projector->weights.of[SG_INVERT_OWN] > 0 || options->tuning.weights.of[SG_INVERT_OWN] > 0;
    SG_TRY(check_starts(options, error));
    SG_TRY(check_tuning(options, error));
    if (own && !options->classifier)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "the loss \"own\" compares the features of a classifier: \"classifier\" "
                       "names its file");
    if (options->classifier && !own)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"classifier\" is read for the loss \"own\" alone, which has no weight");
    if (projector->penalties.delta > 0 && projector->space != SG_INVERT_W_PLUS)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "the penalty \"delta\" compares the w of layers, which only the space w+ "
                       "tells apart");
    if (options->encoder && !SG_PROJECTION_GIVEN(options, projector.steps))
        projector->steps = 0; /* its answer is the result */
    if (options->encoder && !SG_PROJECTION_GIVEN(options, projector.space))
        projector->space = SG_INVERT_W_PLUS;
    projector->start = options->start || options->encoder ? SG_INVERT_START_GIVEN
                       : SG_PROJECTION_GIVEN(options, projector.start_seed)
                           ? SG_INVERT_START_SEED
                           : SG_INVERT_START_AVERAGE;
    return SG_OK;
}

const char *sg_projection_describe_losses(const sg_invert_weights *weights, char *text, size_t size)
{
    size_t length = 0;
    text[0] = '\0';
    for (int i = 0; i < SG_INVERT_LOSS_COUNT && length < size; i++) {
        const double weight = weights->of[i];
        if (!(weight > 0))
            continue;
        const char *name = sg_choice_name(&sg_invert_loss_choices, (size_t)i);
        const char *separator = length > 0 ? " + " : "";
        const int more =
            weight == 1
                ? snprintf(text + length, size - length, "%s%s", separator, name)
                : snprintf(text + length, size - length, "%s%g %s", separator, weight, name);
        length += more > 0 ? (size_t)more : 0;
    }
    return text;
}
