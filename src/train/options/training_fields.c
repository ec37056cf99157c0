/*
 * The rows of a training's options; see training_fields.h.
 * Tested by: tests/train/options/test_preset.c
 */
#include "train/options/training_fields.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/config_rules.h"
#include "models/family.h"
#include "stylegan.h"
#include "train/options/preset.h"

#define FLAG(path) SG_FLAG(sg_run_options, path)
#define INT(path, least, most) SG_INT(sg_run_options, path, least, most)
#define UINT64(path, most) SG_UINT64(sg_run_options, path, most)
#define NUMBER(path, most) SG_NUMBER(sg_run_options, path, 0, most)
#define TEXT(path) SG_TEXT(sg_run_options, path)
#define CHOICE(path, choices) SG_CHOICE(sg_run_options, path, choices)
#define CODED(path, codec) SG_CODED(sg_run_options, path, codec)
#define NUMBERS(path)                                                                              \
    SG_MEMBER(NUMBERS, sg_run_options, path), .most = MOST_NUMBER, .count = SG_GROWING_LEVELS
#define WORDS(path) CODED(path, &sg_words_codec), .count = SG_WORDS_BYTES
#define PATH(path) CODED(path, &sg_path_codec), .count = SG_PATH_BYTES
#define PUBLIC(name) .member = #name, .public_offset = offsetof(sg_training_options, name) + 1
#define UNSAVED SG_FLAGS(SG_FIELD_UNSAVED)
#define OPTIONAL SG_FLAGS(SG_FIELD_OPTIONAL)
#define CHANGED SG_FLAGS(SG_FIELD_CHANGED)
#define READ(bit) .audience = SG_READ_##bit

/* The largest weight, rate or length in kimg; the largest decay of an optimiser, width, seed,
 * number of steps; the longest time. */
#define MOST_NUMBER 1e9
/* A decay of 1 would divide by 1 - 1 in the optimiser's first step. */
#define MOST_BETA 0.99999
#define MOST_WIDTH (1 << 20)
#define MOST_SEED 1e15
#define MOST_STEPS 100000
#define MOST_HOURS 1e6

enum { LONGEST_DESC = 100 /* bytes of a folder's name, which may have 255 */ };

static const char *const nan_actions[] = {"stop", "rollback"};
static const sg_choices nan_choices = SG_CHOICES(nan_actions);

static const char *const sheet_sizes[] = {"usual", "1080p", "4k", "8k"};
static const sg_choices sheet_choices = SG_CHOICES(sheet_sizes);

/* ---- the resampling filter: two neighbours of a config as one value ---- */

typedef struct filter_taps {
    int count;
    float taps[SG_MAX_FILTER_TAPS];
} filter_taps;

_Static_assert(offsetof(sg_generator_config, resample_filter) -
                       offsetof(sg_generator_config, filter_taps) ==
                   offsetof(filter_taps, taps),
               "the taps follow their number");

static sg_status parse_filter(const char *text, void *value, sg_error *error)
{
    filter_taps filter = {0};
    const char *at = text;
    for (char *end; filter.count < SG_MAX_FILTER_TAPS; at = end + 1) {
        const double tap = strtod(at, &end);
        if (end == at || !isfinite(tap) || (*end && *end != ','))
            break;
        filter.taps[filter.count++] = (float)tap;
        if (!*end) {
            *(filter_taps *)value = filter;
            return SG_OK;
        }
    }
    return sg_fail(error, SG_ERROR_ARGUMENT,
                   "is \"%.200s\", but must be a list like 1,3,3,1 of 1 to %d numbers", text,
                   SG_MAX_FILTER_TAPS);
}

static cJSON *filter_to_json(const void *value)
{
    const filter_taps *filter = value;
    char text[SG_MAX_FILTER_TAPS * 16] = "";
    size_t length = 0;
    for (int i = 0; i < filter->count; i++)
        length += (size_t)snprintf(text + length, sizeof text - length, "%s%.8g", i ? "," : "",
                                   (double)filter->taps[i]);
    return cJSON_CreateString(text);
}

static const sg_field_codec filter_codec = {.parse = parse_filter, .to_json = filter_to_json};

static const sg_field training_rows[] = {
    {"cfg", CHOICE(cfg, &sg_preset_choices), PUBLIC(cfg), SG_OPTION("cfg", "NAME", "what to train"),
     SG_USUAL("stylegan2"), READ(NEW), SG_GROUP("Network")},
    {"data", TEXT(data), PUBLIC(data),
     SG_OPTION("data", "PATH", "the images: an IDX file, or a folder or zip archive of pictures"),
     SG_FLAGS(SG_FIELD_POSITIONAL), SG_GROUP("Data")},
    {"cond", FLAG(conditional), PUBLIC(conditional),
     SG_OPTION("cond", NULL, "train on the labels of the data"), OPTIONAL, READ(NEW)},
    {"mirror", FLAG(mirror), PUBLIC(mirror),
     SG_OPTION("mirror", NULL, "flip images left to right at random"), OPTIONAL, READ(NEW)},
    {"kimg", NUMBER(kimg, MOST_NUMBER), PUBLIC(kimg),
     SG_OPTION("kimg", "N", "length, in thousands of images"),
     SG_USUAL("25000; progan 12000, dcgan 15000, cifar 100000, classifier 500, encoders 200, "
              "mapper 2, nada 0.6"),
     SG_FLAGS(SG_FIELD_ABOVE), SG_GROUP("Length")},
    {"epochs", NUMBER(epochs, MOST_NUMBER), PUBLIC(epochs),
     SG_OPTION("epochs", "N", "length in passes over the images, in place of \"kimg\""),
     SG_FLAGS(SG_FIELD_UNSAVED | SG_FIELD_ABOVE | SG_FIELD_ZERO_NONE)},
    {"tick", NUMBER(tick, MOST_NUMBER), PUBLIC(tick_kimg),
     SG_OPTION("tick", "N", "kimg between statistics"), SG_USUAL("4"), SG_FLAGS(SG_FIELD_ABOVE)},
    {"snap", INT(snap, 1, INT_MAX), PUBLIC(snapshot_ticks),
     SG_OPTION("snap", "N", "ticks between snapshots"), SG_USUAL("50")},
    {"seed", UINT64(trainer.seed, MOST_SEED), PUBLIC(seed),
     SG_OPTION("seed", "N", "seed of every random number"), SG_USUAL("0"), READ(NEW),
     SG_GROUP("Steps")},
    {"batch", INT(trainer.batch, 1, SG_LARGEST_BATCH), PUBLIC(batch),
     SG_OPTION("batch", "N", "images per step"),
     SG_USUAL("32; dcgan and cifar 64, mapper 4, nada 2, auto and growing networks by the "
              "resolution"),
     READ(NEW)},
    {"batch_gpu", INT(trainer.batch_part, 1, SG_LARGEST_BATCH), PUBLIC(batch_part),
     SG_OPTION("batch-gpu", "N",
               "images at a time, a divisor of \"batch\": less memory, gradients add up"),
     SG_USUAL("all"), SG_FLAGS(SG_FIELD_ZERO_NONE), READ(NEW), SG_GROUP("Speed")},
    {"loss", CHOICE(trainer.loss, &sg_loss_choices), PUBLIC(loss),
     SG_OPTION("loss", "NAME",
               "logistic (binary cross-entropy as it is used, so that bce means it too), minimax "
               "(the same with the generator's first, saturating form), lsgan, hinge, wgan, "
               "wgan-gp or rpgan (relativistic pairs with R1 and R2)"),
     SG_USUAL("the cfg's, mostly logistic"), OPTIONAL, READ(PAIR), SG_GROUP("Loss")},
    {"optimizer", CHOICE(trainer.optimiser, &sg_optimiser_choices), PUBLIC(optimizer),
     SG_OPTION("optimizer", "NAME", "adam, rmsprop or ranger"),
     SG_USUAL("adam; wgan rmsprop, encoders ranger"), OPTIONAL, READ(NEW), SG_GROUP("Steps")},
    {"n_critic", INT(trainer.n_critic, 1, 1000), PUBLIC(n_critic),
     SG_OPTION("n-critic", "N", "steps of the discriminator for each of the generator"),
     SG_USUAL("1; wgan and dcgan's wgan-gp 5"), OPTIONAL, READ(PAIR)},
    {"clip_weights", NUMBER(trainer.clip_weights, MOST_NUMBER), PUBLIC(clip_weights),
     SG_OPTION("clip-weights", "X", "wgan: largest weight of the discriminator"),
     SG_USUAL("dcgan 0.01"), OPTIONAL, READ(CLIPPING), SG_GROUP("Loss")},
    {"gp_weight", NUMBER(trainer.penalty.weight, MOST_NUMBER), PUBLIC(gp_weight),
     SG_OPTION("gp-weight", "X",
               "weight of the gradient penalty; with a loss other than wgan-gp, takes the place of "
               "R1"),
     SG_USUAL("10 with wgan-gp"), OPTIONAL, READ(PAIR)},
    {"drift", NUMBER(trainer.penalty.drift, MOST_NUMBER), PUBLIC(drift),
     SG_OPTION("drift", "X", "wgan-gp: weight of the squared scores of real images"),
     SG_USUAL("0.001"), OPTIONAL, READ(PENALTY)},
    {"gamma", NUMBER(trainer.gamma, MOST_NUMBER), PUBLIC(gamma),
     SG_OPTION("gamma", "X", "weight of R1"),
     SG_USUAL("the larger of 1 and 0.0002 * pixels / batch; other cfgs: docs/presets.md"),
     READ(PAIR)},
    {"r2_gamma", NUMBER(trainer.r2_gamma, MOST_NUMBER), PUBLIC(r2_gamma),
     SG_OPTION("r2-gamma", "X", "weight of R2, the same on generated images"),
     SG_USUAL("0; rpgan as \"gamma\""), OPTIONAL, READ(PAIR)},
    {"glr", NUMBER(trainer.g_rate, MOST_NUMBER), PUBLIC(generator_rate),
     SG_OPTION("glr", "X", "learning rate of the generator"),
     SG_USUAL("0.002; other cfgs: docs/presets.md"), .audience = SG_READ_PAIR | SG_READ_NADA,
     SG_GROUP("Steps")},
    {"dlr", NUMBER(trainer.d_rate, MOST_NUMBER), PUBLIC(discriminator_rate),
     SG_OPTION("dlr", "X", "learning rate of the discriminator"),
     SG_USUAL("0.002; other cfgs: docs/presets.md"), READ(NEW)},
    {"beta1", NUMBER(trainer.beta1, MOST_BETA), PUBLIC(beta1),
     SG_OPTION("beta1", "X", "adam: decay of the mean of gradients"), SG_USUAL("0; dcgan 0.5"),
     READ(MEAN)},
    {"beta2", NUMBER(trainer.beta2, MOST_BETA), PUBLIC(beta2),
     SG_OPTION("beta2", "X", "decay of the mean of squared gradients"),
     SG_USUAL("0.99; dcgan 0.999, its wgan 0.99, its wgan-gp 0.9"), READ(NEW)},
    {"pl_weight", NUMBER(trainer.pl_weight, MOST_NUMBER), PUBLIC(path_length_weight),
     SG_OPTION("pl-weight", "X", "weight of the path length penalty, 0 for none"),
     SG_USUAL("2; 0 but for StyleGAN2"), READ(PATHS), SG_GROUP("Loss")},
    {"pl_decay", NUMBER(trainer.pl_decay, MOST_NUMBER)},
    {"style_mixing_prob", NUMBER(trainer.style_mixing_prob, 1), PUBLIC(style_mixing_prob),
     SG_OPTION("style-mixing-prob", "X", "probability of mixing the styles of two latents"),
     SG_USUAL("0.9; 0 but for StyleGAN and StyleGAN2"), READ(MAPPING), SG_GROUP("Steps")},
    {"G_reg_interval", INT(trainer.g_interval, 0, MOST_STEPS), PUBLIC(generator_interval),
     SG_OPTION("g-reg-interval", "N",
               "steps from one path length penalty to the next; 0: in every step, within the main "
               "phase"),
     SG_USUAL("4; stylegan1 and stylegan3 0"), READ(MAPPING), SG_GROUP("Loss")},
    {"D_reg_interval", INT(trainer.d_interval, 0, MOST_STEPS), PUBLIC(discriminator_interval),
     SG_OPTION("d-reg-interval", "N",
               "steps from one R1 (and R2) to the next; 0: in every step, within the main phase"),
     SG_USUAL("16; dcgan and growing networks 0"), READ(PAIR)},
    {"ema_kimg", NUMBER(trainer.ema_kimg, MOST_NUMBER), PUBLIC(ema_kimg),
     SG_OPTION("ema-kimg", "N", "half-life of the averaged generator"),
     SG_USUAL("by the batch; growing networks by the fade"), READ(NEW), SG_GROUP("Steps")},
    {"ema_rampup", NUMBER(trainer.ema_rampup, MOST_NUMBER)},
    {"clip_grad", NUMBER(trainer.clip_gradient, MOST_NUMBER), PUBLIC(clip_gradient),
     SG_OPTION("clip-grad", "X", "largest norm of a phase's gradients"), SG_USUAL("no limit"),
     READ(NEW)},
    {"track_w_in_G", FLAG(trainer.track_w_in_g), OPTIONAL},
    {"blur_init_sigma", NUMBER(trainer.blur_init_sigma, MOST_NUMBER), OPTIONAL},
    {"blur_fade_kimg", NUMBER(trainer.blur_fade_kimg, MOST_NUMBER), OPTIONAL},
    {"mirror_y", FLAG(mirror_y), PUBLIC(mirror_y),
     SG_OPTION("mirror-y", NULL, "flip images top to bottom at random"), CHANGED, READ(NEW),
     SG_GROUP("Data")},
    {"subset", INT(subset, 1, INT_MAX), PUBLIC(subset),
     SG_OPTION("subset", "N", "train on N images only, chosen by the seed"), SG_USUAL("all"),
     SG_FLAGS(SG_FIELD_CHANGED | SG_FIELD_ZERO_NONE), READ(NEW)},
    {"held_out", CODED(held_out, &sg_held_out_codec), .count = sizeof(sg_held_out),
     PUBLIC(held_out),
     SG_OPTION("held-out", "N|PATH",
               "score N of the images, or those at PATH, at each tick and never train on them: a "
               "discriminator that overfits scores them lower than the others"),
     SG_USUAL("none"), CHANGED, READ(NEW)},
    {"img_snap", INT(sheet_ticks, 1, INT_MAX), PUBLIC(sheet_ticks),
     SG_OPTION("img-snap", "N", "ticks between sheets of pictures"),
     SG_USUAL("as \"snapshot_ticks\""), SG_FLAGS(SG_FIELD_CHANGED | SG_FIELD_ZERO_NONE),
     SG_GROUP("Length")},
    {"snap_res", CHOICE(sheet_size, &sheet_choices),
     SG_OPTION("snap-res", "NAME", "size of sheets of pictures: usual, 1080p, 4k or 8k"),
     SG_USUAL("usual, about 1024x640"), CHANGED, SG_GROUP("Output")},
    {"freezed", INT(trainer.freezing.d_layers, 0, 1000), PUBLIC(freeze_discriminator),
     SG_OPTION("freezed", "N",
               "layers of the discriminator that are not trained, from the highest resolution"),
     SG_USUAL("0"), CHANGED, READ(NEW), SG_GROUP("Start")},
    {"freezem", INT(trainer.freezing.mapping_layers, 0, 32), PUBLIC(freeze_mapping),
     SG_OPTION("freezem", "N",
               "layers of the mapping network that are not trained, from the first"),
     SG_USUAL("0"), CHANGED, READ(MAPPING)},
    {"freezee", FLAG(trainer.freezing.embedding), PUBLIC(freeze_embedding),
     SG_OPTION("freezee", NULL, "do not train the embedding of the labels"), CHANGED,
     READ(MAPPING)},
    {"freezeg", INT(trainer.freezing.g_resolution, 4, 4096), PUBLIC(freeze_generator),
     SG_OPTION("freezeg", "RES", "do not train the generator's blocks up to this resolution"),
     SG_USUAL("none"), SG_FLAGS(SG_FIELD_CHANGED | SG_FIELD_ZERO_NONE), READ(PAIR)},
    {"keep", INT(keep, 1, INT_MAX), PUBLIC(keep_snapshots),
     SG_OPTION("keep", "N", "snapshots that are kept; older ones are removed"), SG_USUAL("all"),
     SG_FLAGS(SG_FIELD_CHANGED | SG_FIELD_ZERO_NONE), SG_GROUP("Length")},
    {"eps", NUMBER(trainer.epsilon, 1), PUBLIC(epsilon),
     SG_OPTION("eps", "X", "the optimisers' epsilon, which bounds their steps"), SG_USUAL("1e-8"),
     SG_FLAGS(SG_FIELD_CHANGED | SG_FIELD_ABOVE), READ(NEW), SG_GROUP("Steps")},
    {"plain_rates", FLAG(trainer.plain_rates), PUBLIC(plain_rates),
     SG_OPTION("no-equalized", NULL,
               "no equalised learning rate: weights learn as if they were stored as they are used "
               "(take \"generator_rate\" and \"discriminator_rate\" of 0.0002 or so)"),
     CHANGED, READ(EQUALISED)},
    {"gp_points", CHOICE(trainer.penalty.points, &sg_penalty_points_choices), PUBLIC(gp_points),
     SG_OPTION("gp-points", "interpolated|fakes",
               "where the gradient penalty is taken: between real and generated images, or at "
               "generated ones"),
     SG_USUAL("interpolated"), CHANGED, READ(PAIR), SG_GROUP("Loss")},
    {"top_k", NUMBER(trainer.top_k, 1), PUBLIC(top_k),
     SG_OPTION("top-k", "X",
               "the generator learns from this share of its images, the best scored ones; 0.5 is "
               "published"),
     SG_USUAL("1"), SG_FLAGS(SG_FIELD_CHANGED | SG_FIELD_ABOVE), READ(PAIR)},
    {"top_k_kimg", NUMBER(trainer.top_k_kimg, MOST_NUMBER), PUBLIC(top_k_kimg),
     SG_OPTION("top-k-kimg", "N", "kimg in which the share falls from 1 to \"top_k\""),
     SG_USUAL("70 passes over the images"), CHANGED, READ(TOP_K)},
    {"instance_noise", NUMBER(trainer.instance_noise, MOST_NUMBER), PUBLIC(instance_noise),
     SG_OPTION("instance-noise", "X",
               "deviation of the noise on the images that the discriminator sees, whose values are "
               "from -1 to 1; 0.1 is usual"),
     SG_USUAL("0"), CHANGED, READ(NEW)},
    {"instance_noise_kimg", NUMBER(trainer.instance_noise_kimg, MOST_NUMBER),
     PUBLIC(instance_noise_kimg),
     SG_OPTION("instance-noise-kimg", "N", "kimg in which that noise falls to 0"),
     SG_USUAL("70 passes over the images"), CHANGED, READ(FADING)},
    {"aug", CHOICE(trainer.augment.mode, &sg_augment_choices), PUBLIC(augment),
     SG_OPTION("aug", "NAME",
               "before the discriminator: noaug, ada (as strong as its scores of real images ask "
               "for) or fixed"),
     SG_USUAL("noaug; auto, cifar and paper... ada"), CHANGED, READ(NEW), SG_GROUP("Augmentation")},
    {"augment_p", NUMBER(trainer.augment.p, 1), PUBLIC(augment_p),
     SG_OPTION("p", "X", "probability of each augmentation, with ada at the start"),
     SG_USUAL("ada 0, fixed 0.2"), CHANGED, READ(AUGMENT)},
    {"augpipe", CODED(trainer.augment.pipe, &sg_augment_pipe_codec),
     .count = sizeof(sg_augment_pipe), PUBLIC(augment_pipe),
     SG_OPTION("augpipe", "SPEC",
               "which augmentations: blit, geom, color, filter, noise, cutout, bg, bgc ... bgcfnc, "
               "or a list like bg,hue,scale=0.1"),
     SG_USUAL("bgc"), CHANGED, READ(AUGMENT)},
    {"ada_target", NUMBER(trainer.augment.target, 1), PUBLIC(augment_target),
     SG_OPTION("target", "X", "ada: mean sign of the scores of real images to keep to"),
     SG_USUAL("0.6"), CHANGED, READ(ADA)},
    {"ada_kimg", NUMBER(trainer.augment.kimg, MOST_NUMBER), PUBLIC(augment_kimg),
     SG_OPTION("aug-kimg", "N", "ada: kimg in which the probability can rise from 0 to 1"),
     SG_USUAL("500; after \"init\" 100"), SG_FLAGS(SG_FIELD_CHANGED | SG_FIELD_ABOVE), READ(ADA)},
    {"network", PATH(network), PUBLIC(network),
     SG_OPTION("network", "FILE",
               "the network whose generator the encoder or mapper is for, or that is moved"),
     CHANGED, .audience = SG_READ_ENCODER | SG_READ_NADA | SG_READ_MAPPER, SG_GROUP("Encoders")},
    {"encoder_loss", CODED(trainer.encoding.losses, &sg_encoder_loss_codec),
     .count = sizeof(sg_invert_weights), PUBLIC(encoder_loss),
     SG_OPTION("encoder-loss", "NAME=WEIGHT,...",
               "losses of reconstructions, summed: pixel, lpips (with VGG16), discriminator, "
               "pyramid"),
     SG_USUAL("pixel=1,lpips=0.8 where VGG16 is found, else pixel=1,discriminator=0.05"), CHANGED,
     READ(ENCODER)},
    {"own_share", SG_NUMBER(sg_run_options, trainer.encoding.own_share, 0, 1), PUBLIC(own_share),
     SG_OPTION("own-share", "X",
               "part of each batch that the generator paints, whose w is known; 1: no image is "
               "trained on"),
     SG_USUAL("0.5"), CHANGED, READ(ENCODER)},
    {"code_weight", NUMBER(trainer.encoding.code_weight, MOST_NUMBER), PUBLIC(code_weight),
     SG_OPTION("code-weight", "X", "weight of the differences from known w"), SG_USUAL("0.1"),
     CHANGED, READ(ENCODER)},
    {"norm_weight", NUMBER(trainer.encoding.norm_weight, MOST_NUMBER), PUBLIC(norm_weight),
     SG_OPTION("norm-weight", "X",
               "weight of the distance from the mean of w, which pixel2style2pixel has at 0.005"),
     SG_USUAL("0"), CHANGED, READ(ENCODER)},
    {"delta_weight", NUMBER(trainer.encoding.delta_weight, MOST_NUMBER), PUBLIC(delta_weight),
     SG_OPTION("delta-weight", "X", "encoder-e4e: weight of the differences between codes"),
     SG_USUAL("0.0002"), CHANGED, READ(ENCODER)},
    {"latent_weight", NUMBER(trainer.encoding.latent_weight, MOST_NUMBER), PUBLIC(latent_weight),
     SG_OPTION(
         "latent-weight", "X",
         "encoder-e4e: weight of a discriminator that tells the encoder's w from those of the "
         "mapping network; 0: none"),
     SG_USUAL("0.1"), CHANGED, READ(ENCODER)},
    {"stage_kimg", NUMBER(trainer.encoding.stage_kimg, MOST_NUMBER), PUBLIC(stage_kimg),
     SG_OPTION("stage-kimg", "N",
               "encoder-e4e: kimg from one difference that is learned to the next; 0: all at once"),
     SG_USUAL("2"), CHANGED, READ(ENCODER)},
    {"source_text", WORDS(words.source), PUBLIC(source_text),
     SG_OPTION("source-text", "TEXT", "what the network paints: \"photo\""), CHANGED, READ(NADA),
     SG_GROUP("Other domains, mappers")},
    {"target_text", WORDS(words.target), PUBLIC(target_text),
     SG_OPTION("target-text", "TEXT", "what its copy shall paint: \"sketch\""), CHANGED,
     READ(NADA)},
    {"towards", WORDS(words.towards), PUBLIC(towards),
     SG_OPTION("towards", "NAME[=WEIGHT],...",
               "attributes that its copy's pictures shall have, a negative weight: not have"),
     CHANGED, .audience = SG_READ_NADA | SG_READ_MAPPER},
    {"text", WORDS(words.text), PUBLIC(text),
     SG_OPTION("text", "TEXT", "mapper: what its pictures shall show"), CHANGED, READ(MAPPER)},
    {"latent_l2", NUMBER(trainer.mapping.l2, MOST_NUMBER), PUBLIC(latent_l2),
     SG_OPTION("latent-l2", "X", "mapper: weight of the mean square by which w move"),
     SG_USUAL("0.8"), CHANGED, READ(MAPPER)},
    {"classifier", PATH(words.classifier), PUBLIC(classifier),
     SG_OPTION("classifier", "FILE", "the classifier that knows them"), CHANGED,
     .audience = SG_READ_NADA | SG_READ_MAPPER},
    {"templates", PATH(words.templates), PUBLIC(templates),
     SG_OPTION("templates", "FILE", "prompts that both texts are put into, one with {} a line"),
     SG_USUAL("a list of our own"), CHANGED, READ(NADA)},
    {"lambda_direction", NUMBER(trainer.nada.directional, MOST_NUMBER), PUBLIC(lambda_direction),
     SG_OPTION("lambda-direction", "X",
               "weight of the loss of directions: pictures change in the way that is asked for and "
               "in no other"),
     SG_USUAL("1"), CHANGED, READ(NADA)},
    {"lambda_global", NUMBER(trainer.nada.global, MOST_NUMBER), PUBLIC(lambda_global),
     SG_OPTION("lambda-global", "X",
               "weight of the distance of each picture from what is asked for"),
     SG_USUAL("0; with \"towards\" 1"), CHANGED, READ(NADA)},
    {"lambda_manifold", NUMBER(trainer.nada.manifold, MOST_NUMBER), PUBLIC(lambda_manifold),
     SG_OPTION("lambda-manifold", "X", "weight of the loss that moves pictures as far as texts"),
     SG_USUAL("0"), CHANGED, READ(NADA)},
    {"direction_distance", CHOICE(trainer.nada.distance, &sg_nada_distance_choices),
     PUBLIC(direction_distance),
     SG_OPTION("direction-distance", "NAME", "how directions are compared: cosine, mse or mae"),
     SG_USUAL("cosine"), CHANGED, READ(NADA)},
    {"auto_layers", INT(trainer.nada.layers, 0, 64), PUBLIC(auto_layers),
     SG_OPTION("auto-layers", "N",
               "train in each step the N layers that matter most; 0: all layers, the to-RGB layers "
               "and the constant too"),
     SG_USUAL("half of them; with \"data\" 0"), CHANGED, READ(NADA)},
    {"auto_layer_steps", INT(trainer.nada.layer_steps, 1, 1000), PUBLIC(auto_layer_steps),
     SG_OPTION("auto-layer-steps", "N", "steps of w that tell which layers matter"), SG_USUAL("1"),
     CHANGED, READ(NADA)},
    {"auto_layer_batch", INT(trainer.nada.layer_batch, 1, 1024), PUBLIC(auto_layer_batch),
     SG_OPTION("auto-layer-batch", "N", "latents that tell which layers matter"), SG_USUAL("8"),
     CHANGED, READ(NADA)},
    {"E_kwargs", CODED(trainer.encoding.encoder, &sg_encoder_sizes_codec),
     .count = sizeof(sg_encoder_config), CHANGED},
    /* Not in training_options.json, or in its "G_kwargs" and "D_kwargs". */
    {"hours", NUMBER(hours, MOST_HOURS), PUBLIC(hours),
     SG_OPTION("hours", "N", "fit: how long the training may take"), SG_USUAL("3"),
     SG_FLAGS(SG_FIELD_UNSAVED | SG_FIELD_ABOVE), READ(FIT), SG_GROUP("Length")},
    {"resolution", INT(resolution, 8, 4096), PUBLIC(resolution),
     SG_OPTION("resolution", "N",
               "bring the images to N pixels a side first, in a set beside the run"),
     SG_USUAL("as they are"), SG_FLAGS(SG_FIELD_UNSAVED | SG_FIELD_ZERO_NONE), READ(NEW),
     SG_GROUP("Data")},
    {"outdir", TEXT(outdir), PUBLIC(outdir),
     SG_OPTION("outdir", "DIR", "where the run's folder is made"), UNSAVED, READ(NEW),
     SG_GROUP("Output")},
    {"desc", TEXT(desc), PUBLIC(desc),
     SG_OPTION("desc", "TEXT", "words to end the name of the run's folder with"), UNSAVED,
     READ(NEW)},
    {"dry_run", FLAG(dry_run), PUBLIC(dry_run), .letter = 'n',
     SG_OPTION("dry-run", NULL, "only say what the training would take, and leave nothing on disk"),
     UNSAVED},
    {"plain", FLAG(plain),
     SG_OPTION("plain", NULL, "sheets of pictures alone: no title, labels and gaps"), CHANGED},
    {"metrics", SG_CODED(sg_run_options, metrics, &sg_metric_list_codec),
     .count = sizeof(sg_metric_list),
     SG_OPTION("metrics", "LIST",
               "what to measure of the averaged generator at snapshots, beside the training: names "
               "of metrics, such as fid5k,kid5k"),
     SG_USUAL("none"), UNSAVED},
    {"metrics_every", INT(metrics_every, 1, INT_MAX),
     SG_OPTION("metrics-every", "K", "snapshots from one that is measured to the next"),
     SG_USUAL("1"), UNSAVED},
    {"metrics_nice", INT(metrics_nice, 0, 19),
     SG_OPTION("metrics-nice", "N", "how far measuring steps back behind the training"),
     SG_USUAL("10"), UNSAVED},
    {"features", TEXT(features),
     SG_OPTION("features", "FILE,...",
               "files of the feature networks that metrics and losses look with"),
     SG_USUAL("those in $XDG_DATA_HOME/stylegan"), CHANGED},
    {"resume", TEXT(resume), PUBLIC(resume),
     SG_OPTION("resume", "RUN_FOLDER",
               "continue exactly the run in this folder, or the newest in a folder of runs, with "
               "its own options; \"kimg\" may be raised, and \"data\", \"tick_kimg\", "
               "\"snapshot_ticks\" and other options that are no part of the training may change"),
     UNSAVED, SG_GROUP("Start")},
    {"accept_changes", FLAG(accept_changes), PUBLIC(accept_changes),
     SG_OPTION(
         "accept-changes", NULL,
         "with \"resume\": go on although the run's options, images or files were changed since it "
         "was trained"),
     UNSAVED},
    {"init", TEXT(init), PUBLIC(init),
     SG_OPTION("init", "FILE", "start from the weights in a network file, with a fresh optimiser"),
     UNSAVED, READ(NEW)},
    {"init_partly", FLAG(init_partly), PUBLIC(init_partly),
     SG_OPTION("init-partly", NULL,
               "with \"init\": go on although most of the networks starts at random"),
     UNSAVED, READ(NEW)},
    {"init_fade", NUMBER(init_fade_kimg, MOST_NUMBER), PUBLIC(init_fade_kimg),
     SG_OPTION("init-fade", "N",
               "with \"init\" of a lower resolution: kimg in which the images' details fade in"),
     SG_USUAL("0"), UNSAVED, READ(PAIR)},
    {"finetune", FLAG(finetune), PUBLIC(finetune),
     SG_OPTION("finetune", NULL,
               "with \"init\": half the learning rates, the discriminator frozen above 16x16, and "
               "adaptive augmentation"),
     UNSAVED, READ(PAIR)},
    {"rollback_on_nan", FLAG(nan_rollback), .choices = &nan_choices, PUBLIC(rollback_on_nan),
     SG_OPTION("nan", "stop|rollback",
               "after a NaN: stop, or rollback to the last snapshot and continue"),
     SG_USUAL("stop"), UNSAVED, SG_GROUP("Steps")},
    {"channel_base", INT(trainer.generator.channel_base, 1, MOST_WIDTH), PUBLIC(channel_base),
     SG_OPTION("cbase", "N", "channels times resolution"),
     SG_USUAL("32768; other cfgs: docs/presets.md"), UNSAVED, READ(NEW), SG_GROUP("Network")},
    {"channel_max", INT(trainer.generator.channel_max, 1, MOST_WIDTH), PUBLIC(channel_max),
     SG_OPTION("cmax", "N", "most channels of a layer"), SG_USUAL("512; dcgan 1024"), UNSAVED,
     READ(NEW)},
    {"z_dim", INT(trainer.generator.z_dim, 1, MOST_WIDTH), PUBLIC(z_dim),
     SG_OPTION("z-dim", "N", "width of the latents"), SG_USUAL("512; dcgan 100"), UNSAVED,
     READ(PAIR)},
    {"w_dim", INT(trainer.generator.w_dim, 1, MOST_WIDTH), PUBLIC(w_dim),
     SG_OPTION("w-dim", "N", "width of the mapped latents"), SG_USUAL("512"), UNSAVED,
     READ(MAPPING)},
    {"mapping_layers", INT(trainer.generator.mapping.num_layers, 0, 32), PUBLIC(mapping_layers),
     SG_OPTION("map-depth", "N", "layers of the mapping network; 0: w is the latent, normalised"),
     SG_USUAL("8; stylegan3, auto and cifar 2"), UNSAVED, READ(MAPPING)},
    {"minibatch_group", INT(trainer.discriminator.mbstd_group_size, 0, SG_LARGEST_BATCH),
     PUBLIC(minibatch_group),
     SG_OPTION("mbstd-group", "N", "group of the minibatch standard deviation; 0: none is taken"),
     SG_USUAL("4; cifar 32"), UNSAVED, READ(STDDEV)},
    {"g_arch", CHOICE(trainer.generator.architecture, &sg_architecture_choices), PUBLIC(g_arch),
     SG_OPTION("g-arch", "orig|skip|resnet",
               "how the generator's blocks are joined, as StyleGAN2's paper has it"),
     SG_USUAL("skip"), UNSAVED, READ(G_BLOCKS)},
    {"d_arch", CHOICE(trainer.discriminator.architecture, &sg_architecture_choices), PUBLIC(d_arch),
     SG_OPTION("d-arch", "orig|skip|resnet", "the same for the discriminator"),
     SG_USUAL("resnet; cifar orig"), UNSAVED, READ(D_BLOCKS)},
    {"use_noise", FLAG(trainer.generator.use_noise), PUBLIC(use_noise),
     SG_OPTION("no-noise", NULL, "a generator without noise inputs"),
     SG_FLAGS(SG_FIELD_UNSAVED | SG_FIELD_INVERTED), READ(NOISE)},
    {"const_input", FLAG(trainer.generator.growing.const_input), PUBLIC(const_input),
     SG_OPTION("no-const-input", NULL,
               "stylegan1: a layer makes the first features of w, in place of a learnt constant"),
     SG_FLAGS(SG_FIELD_UNSAVED | SG_FIELD_INVERTED), READ(CONSTANT)},
    {"resample_filter", CODED(trainer.generator.filter_taps, &filter_codec),
     .count = sizeof(filter_taps), PUBLIC(resample_filter),
     SG_OPTION("resample-filter", "LIST",
               "taps of the filter that upsamples and downsamples in both networks; 1 is "
               "nearest-neighbour, 1,2,1 bilinear in growing networks"),
     SG_USUAL("1,3,3,1; stylegan1 1,2,1, progan 1"), UNSAVED, READ(FILTER)},
    {"critic_norm", CHOICE(trainer.discriminator.norm, &sg_norm_choices), PUBLIC(critic_norm),
     SG_OPTION("critic-norm", "batch|layer|none", "dcgan: normalisation in the discriminator"),
     SG_USUAL("batch; layer where gradients are penalised"), UNSAVED, READ(NORM)},
};

/* ---- batches of growing networks ---- */

static sg_status parse_batches(const char *text, void *value, sg_error *error)
{
    if (sg_growing_read_batches(text, SG_LARGEST_BATCH, value))
        return SG_OK;
    return sg_fail(error, SG_ERROR_ARGUMENT,
                   "is \"%.200s\", but must be a list like 4:128,8:64 of resolutions that are "
                   "powers of two from 4 to 1024 and numbers of images from 1 to %d",
                   text, SG_LARGEST_BATCH);
}

static bool batches_from_json(const cJSON *json, void *value)
{
    const cJSON *item = json->child;
    int *batch = value;
    if (!cJSON_IsArray(json) || cJSON_GetArraySize(json) != SG_GROWING_LEVELS)
        return false;
    for (; item; item = item->next) {
        if (!cJSON_IsNumber(item) || !(item->valuedouble >= 1) ||
            !(item->valuedouble <= SG_LARGEST_BATCH))
            return false;
        *batch++ = (int)item->valuedouble;
    }
    return true;
}

static cJSON *batches_to_json(const void *value)
{
    return cJSON_CreateIntArray(value, SG_GROWING_LEVELS);
}

/* Appends the batches that are given: the others are 0 until a preset sets them. */
static void print_batches(const void *value, sg_text *text)
{
    const int *batch = value;
    const char *comma = "";
    for (int i = 0; i < SG_GROWING_LEVELS; i++) {
        if (batch[i] <= 0)
            continue;
        sg_text_append(text, "%s%d:%d", comma, 4 << i, batch[i]);
        comma = ",";
    }
}

static const sg_field_codec batches_codec = {.parse = parse_batches,
                                             .from_json = batches_from_json,
                                             .to_json = batches_to_json,
                                             .print = print_batches,
                                             .expected = "a list of 9 batches from 1 to 65536"};

static const sg_field growing_rows[] = {
    {"initial_resolution", INT(trainer.growing.initial_resolution, 4, 1024),
     PUBLIC(initial_resolution),
     SG_OPTION("initial-resolution", "N", "resolution at which growing networks start"),
     SG_USUAL("progan 4, stylegan1 8"), READ(GROWING), SG_GROUP("Growing")},
    {"stable_kimg", NUMBER(trainer.growing.stable_kimg, MOST_NUMBER), PUBLIC(stable_kimg),
     SG_OPTION("grow-kimg", "N", "kimg at each resolution, and while the next fades in"),
     SG_USUAL("600"), READ(GROWING)},
    {"fade_kimg", NUMBER(trainer.growing.fade_kimg, MOST_NUMBER), PUBLIC(fade_kimg),
     SG_OPTION("fade-kimg", "N", "kimg while a resolution fades in, when it is another number"),
     SG_USUAL("\"stable_kimg\""), READ(GROWING)},
    {"repeats", INT(trainer.growing.repeats, 1, 1000), PUBLIC(minibatch_repeats),
     SG_OPTION("minibatch-repeats", "N", "steps between changes of the level of detail"),
     SG_USUAL("4"), READ(GROWING)},
    {"batch", CODED(trainer.growing.batch, &batches_codec),
     .count = SG_GROWING_LEVELS * sizeof(int), PUBLIC(grow_batch),
     SG_OPTION("grow-batch", "LIST",
               "images per step at some resolutions, such as 4:64,8:64; \"batch\" is for all"),
     READ(GROWING)},
    {"glr", NUMBERS(trainer.growing.g_rate)},
    {"dlr", NUMBERS(trainer.growing.d_rate)},
};

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

const sg_field_table sg_growing_table = {growing_rows, COUNT(growing_rows), NULL};
const sg_field_table sg_training_table = {training_rows, COUNT(training_rows), &sg_growing_table};
const sg_field_table sg_saved_training_table = {training_rows, COUNT(training_rows), NULL};

/* ---- what a training has a use for ---- */

void sg_training_copy_resumed(const sg_run_options *values, const sg_given *given,
                              sg_run_options *options)
{
    const sg_field *row;
    sg_given kept = *given;
    for (size_t i = 0; (row = sg_field_at(&sg_training_table, i)); i++)
        if (row->audience)
            sg_given_clear(&kept, i);
    sg_fields_copy_given(&sg_training_table, &kept, values, options);
}

/* Tells whether a family's configs (NULL: none) have a keyword. */
static bool has_row(const sg_field_table *table, const char *keyword)
{
    return table && sg_field_find(table, keyword) >= 0;
}

unsigned sg_training_audience(const sg_trainer_options *trainer)
{
    const sg_family_descriptor *family = sg_family_of(trainer->generator.family);
    const sg_family_descriptor *judge = sg_family_of(trainer->discriminator.family);
    const sg_generator_config usual = sg_generator_config_of_family(trainer->generator.family);
    const unsigned of_pair = sg_trainer_trains_one(trainer) ? SG_READ_OF_PAIRS : 0;
    const bool of_network = trainer->encoding.encodes || !sg_trainer_sees_data(trainer);
    const unsigned of_reals = of_network ? SG_READ_AUGMENT | SG_READ_D_BLOCKS : 0;
    return ~(of_pair | of_reals) &
           (SG_READ_NEW | (trainer->encoding.encodes ? SG_READ_ENCODER : 0) |
            (trainer->nada.moves ? SG_READ_NADA : 0) |
            (trainer->mapping.maps ? SG_READ_MAPPER : 0) | SG_READ_PAIR |
            (family->grows ? SG_READ_GROWING : 0) |
            (family->maps ? SG_READ_MAPPING | SG_READ_PATHS : 0) |
            (has_row(family->generator_fields, "architecture") ? SG_READ_G_BLOCKS : 0) |
            (has_row(judge->discriminator_fields, "architecture") ? SG_READ_D_BLOCKS : 0) |
            (usual.use_noise ? SG_READ_NOISE : 0) |
            (usual.growing.const_input ? SG_READ_CONSTANT : 0) |
            (has_row(family->generator_fields, "resample_filter") ? SG_READ_FILTER : 0) |
            (family->plain_weights ? 0 : SG_READ_EQUALISED) |
            (trainer->discriminator.mbstd_num_channels > 0 ? SG_READ_STDDEV : 0) |
            (judge->normalises ? SG_READ_NORM : 0) |
            (trainer->optimiser != SG_RMSPROP ? SG_READ_MEAN : 0) |
            (trainer->loss == SG_LOSS_WGAN_GP ? SG_READ_PENALTY : 0) |
            (trainer->loss == SG_LOSS_WGAN ? SG_READ_CLIPPING : 0) |
            (trainer->augment.mode != SG_AUGMENT_NONE ? SG_READ_AUGMENT : 0) |
            (trainer->augment.mode == SG_AUGMENT_ADAPTIVE ? SG_READ_ADA : 0) |
            (trainer->top_k < 1 ? SG_READ_TOP_K : 0) |
            (trainer->instance_noise > 0 ? SG_READ_FADING : 0));
}

void sg_training_follow(sg_run_options *values, sg_given *given)
{
    sg_growing_schedule *growing = &values->trainer.growing;
    if (!SG_TRAINING_GIVEN(given, trainer.growing.stable_kimg) ||
        SG_TRAINING_GIVEN(given, trainer.growing.fade_kimg))
        return;
    growing->fade_kimg = growing->stable_kimg;
    sg_given_set_at(&sg_training_table, given, offsetof(sg_run_options, trainer.growing.fade_kimg));
}

sg_status sg_training_check_given(const sg_run_options *values, const sg_given *given,
                                  sg_error *error)
{
    const bool resumes = SG_TRAINING_GIVEN(given, resume);
    if (resumes && SG_TRAINING_GIVEN(given, init))
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"resume\" and \"init\" exclude each other: a resumed run has its own "
                       "weights");
    const char *of_init = values->finetune                           ? "finetune"
                          : values->init_partly                      ? "init_partly"
                          : SG_TRAINING_GIVEN(given, init_fade_kimg) ? "init_fade_kimg"
                                                                     : NULL;
    if (of_init && !values->init)
        return sg_fail(error, SG_ERROR_ARGUMENT, "\"%s\" needs \"init\", a network to start from",
                       of_init);
    const char *of_metrics = SG_TRAINING_GIVEN(given, metrics_every)  ? "metrics_every"
                             : SG_TRAINING_GIVEN(given, metrics_nice) ? "metrics_nice"
                                                                      : NULL;
    if (of_metrics && values->metrics.count == 0)
        return sg_fail(error, SG_ERROR_ARGUMENT, "\"%s\" needs \"metrics\": what to measure",
                       of_metrics);
    const sg_trainer_options usual = sg_preset_options(&sg_presets[values->cfg]);
    if (!resumes && sg_trainer_sees_data(&usual) && !SG_TRAINING_GIVEN(given, data))
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"data\" is missing: it names the images to train on");
    if (SG_TRAINING_GIVEN(given, kimg) && SG_TRAINING_GIVEN(given, epochs))
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"kimg\" and \"epochs\" exclude each other: both are the length of the "
                       "training");
    if (values->desc && (strchr(values->desc, '/') || strlen(values->desc) > LONGEST_DESC))
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"desc\" is \"%.*s\", but must be the end of a folder's name: at most %d "
                       "bytes, no slash",
                       LONGEST_DESC, values->desc, LONGEST_DESC);
    if (!resumes && !SG_TRAINING_GIVEN(given, outdir) && !values->dry_run)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"outdir\" is missing: it names the folder for the run");
    return SG_OK;
}
