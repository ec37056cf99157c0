/* The table of other programs' options; see foreign_options.h.
 * Tested by: tests/cli/test_official_lines.c */
#include "cli/options/foreign_options.h"

#include <stdio.h>
#include <string.h>

/* Commands that paint pictures of a network, and those that write to a folder. */
#define PAINTING "generate mix interpolate truncate variation layers"
#define FOLDERS "generate mix truncate variation layers train"

/* Reasons to ignore an option. */
#define ON_CPU "this program computes on the CPU"
#define IN_FILE "the network's file says it"
#define IN_IMAGES "the images say it"
#define LOGGED "a run's folder has log.txt, stats.jsonl and events for TensorBoard"
#define NO_RECORDS_HERE "--data names the images by their whole path"

/* Ends of refusals. */
#define FIXED_P "is --aug fixed --p X here; --aug ada finds the probability by itself"
#define IN_LAYERS "is a command here: stylegan layers --layers b16.conv0 paints inner layers"
#define NO_RECORDS                                                                                 \
    "is about TFRecords, which are not read; name a folder or zip of images by --data"
#define TWO_RATES "is two options here: --glr for the generator, --dlr for the discriminator"
#define IN_STEPS                                                                                   \
    "counts steps; --kimg counts thousands of images, which are the steps times --batch / 1000"
#define IN_TICKS "is --snap here, which counts ticks of --tick thousands of images"

#define NONE SG_TAKES_NONE
#define VALUE SG_TAKES_VALUE
#define SWITCH SG_TAKES_SWITCH
#define DROPPED SG_FOREIGN_DROPPED
#define IGNORED SG_FOREIGN_IGNORED
#define SAME SG_FOREIGN_SAME
#define PAIR SG_FOREIGN_PAIR
#define COUNT SG_FOREIGN_COUNT
#define REFUSED SG_FOREIGN_REFUSED

static const sg_foreign_option rows[] = {
    {NULL, "gpus", VALUE, IGNORED, ON_CPU, NULL},
    {NULL, "num-gpus", VALUE, IGNORED, ON_CPU, NULL},
    {NULL, "multi-gpus", SWITCH, IGNORED, ON_CPU, NULL},
    {NULL, "device", VALUE, IGNORED, ON_CPU, NULL},
    {NULL, "workers", VALUE, IGNORED, ON_CPU, NULL},
    {NULL, "num-workers", VALUE, IGNORED, ON_CPU, NULL},
    {NULL, "n-worker", VALUE, IGNORED, ON_CPU, NULL},
    {NULL, "fp32", SWITCH, IGNORED, ON_CPU, NULL},
    {NULL, "fp16", SWITCH, IGNORED, ON_CPU, NULL},
    {NULL, "nhwc", SWITCH, IGNORED, ON_CPU, NULL},
    {NULL, "nobench", SWITCH, IGNORED, ON_CPU, NULL},
    {NULL, "allow-tf32", SWITCH, IGNORED, ON_CPU, NULL},
    {NULL, "verbose", SWITCH, DROPPED, NULL, NULL},

    {"train", "initstrength", VALUE, SAME, "p", NULL},
    {"train", "ada-kimg", VALUE, SAME, "aug-kimg", NULL},
    {"train", "augment", SWITCH, SAME, "aug=ada", NULL},
    {"train", "augment-p", VALUE, DROPPED, NULL, "0"},
    {"train", "augment-p", VALUE, REFUSED, FIXED_P, NULL},
    {"train", "aug-prob", VALUE, DROPPED, NULL, "0"},
    {"train", "aug-prob", VALUE, REFUSED, FIXED_P, NULL},
    {"train", "aug-types", VALUE, REFUSED,
     "is --augpipe here: blit, geom, color, filter, noise, cutout, bg, bgc ... bgcfnc", NULL},
    {"train", "topk", VALUE, REFUSED,
     "is --top-k here, the share of its best scored images that the generator learns from: 0.5",
     NULL},
    {"train", "blur-percent", VALUE, DROPPED, NULL, "0"},
    {"train", "blur-percent", VALUE, REFUSED,
     "asks for blurred images, which --cfg stylegan3-r has", NULL},
    {"train", "cond-d-nofix", SWITCH, REFUSED,
     "asks for the discriminator of older conditional trainings, which is not there", NULL},
    {"train", "resume", VALUE, DROPPED, NULL, "noresume"},
    {"train", "resume-kimg", VALUE, DROPPED, NULL, "0"},
    {"train", "resume-kimg", VALUE, REFUSED,
     "sets the count of images, which --resume RUN_FOLDER continues by itself", NULL},
    {"train", "nkimg", VALUE, REFUSED,
     "sets the count of images, which --resume RUN_FOLDER continues by itself", NULL},
    {"train", "cfg", VALUE, SAME, "cfg=cifar", "stylegan2-cifar"},
    {"train", "config", VALUE, SAME, "cfg=stylegan2", "config-f"},
    {"train", "config", VALUE, SAME, "cfg=stylegan2-e", "config-e"},
    {"train", "config", VALUE, SAME, "cfg=stylegan1", "config-a"},
    {"train", "config", VALUE, SAME, "cfg", NULL},
    {"train", "loss", VALUE, SAME, "loss=logistic", "bce"},
    {"train", "loss", VALUE, SAME, "loss=logistic", "nonsaturating"},
    {"train", "loss", VALUE, SAME, "loss=logistic", "non-saturating"},
    {"train", "loss", VALUE, SAME, "loss=minimax", "gan"},
    {"train", "loss", VALUE, SAME, "loss=wgan-gp", "wgangp"},
    {"train", "loss", VALUE, SAME, "loss=rpgan", "r3gan"},
    {"train", "mirrory", SWITCH, SAME, "mirror-y", NULL},
    {"train", "mirror-augment", SWITCH, SAME, "mirror", NULL},
    {"train", "total-kimg", VALUE, SAME, "kimg", NULL},
    {"train", "batch-size", VALUE, SAME, "batch", NULL},
    {"train", "fmap-max", VALUE, SAME, "cmax", NULL},
    {"train", "r1", VALUE, SAME, "gamma", NULL},
    {"train", "path-regularize", VALUE, SAME, "pl-weight", NULL},
    {"train", "no-pl-reg", SWITCH, SAME, "pl-weight=0", NULL},
    {"train", "ckpt", VALUE, SAME, "init", NULL},
    {"train", "name", VALUE, SAME, "desc", NULL},
    {"train", "data-dir", VALUE, REFUSED, NO_RECORDS, NULL},
    {"train", "dataset", VALUE, REFUSED, NO_RECORDS, NULL},
    {"train", "models-dir", VALUE, IGNORED, "networks go to the run's folder", NULL},
    {"train", "transparent", SWITCH, IGNORED, IN_IMAGES, NULL},
    {"train", "size", VALUE, SAME, "resolution", NULL},
    {"train", "image-size", VALUE, SAME, "resolution", NULL},
    {"train", "channel-multiplier", VALUE, REFUSED, "is --cbase here, of which 2 is 32768", NULL},
    {"train", "network-capacity", VALUE, REFUSED, "is --cbase here, with --cmax", NULL},
    {"train", "gradient-accumulate-every", VALUE, REFUSED,
     "is --batch-gpu here: how many images of a --batch are computed at a time", NULL},
    {"train", "iter", VALUE, REFUSED, IN_STEPS, NULL},
    {"train", "num-train-steps", VALUE, REFUSED, IN_STEPS, NULL},
    {"train", "save-every", VALUE, REFUSED, IN_TICKS, NULL},
    {"train", "evaluate-every", VALUE, REFUSED, IN_TICKS, NULL},
    {"train", "lrate", VALUE, REFUSED, TWO_RATES, NULL},
    {"train", "lr", VALUE, REFUSED, TWO_RATES, NULL},
    {"train", "learning-rate", VALUE, REFUSED, TWO_RATES, NULL},
    {"train", "generate", SWITCH, REFUSED,
     "is a command here: stylegan generate --network FILE --seeds LIST --outdir DIR", NULL},
    {"train", "generate-interpolation", SWITCH, REFUSED,
     "is a command here: stylegan interpolate --network FILE --seeds LIST --output FILE.mp4", NULL},
    {"train", "wandb", SWITCH, IGNORED, LOGGED, NULL},
    {"train", "log", SWITCH, IGNORED, LOGGED, NULL},

    {"project", "network-pkl", VALUE, SAME, "network", NULL},
    {"project", "ckpt", VALUE, SAME, "network", NULL},
    {"project", "result-dir", VALUE, SAME, "outdir", NULL},
    {"project", "cfg", VALUE, IGNORED, IN_FILE, NULL},
    {"project", "size", VALUE, IGNORED, IN_FILE, NULL},
    {"project", "description", VALUE, IGNORED, "the results go to the folder itself", NULL},
    {"project", "init-lr", VALUE, SAME, "lr", NULL},
    {"project", "learning-rate", VALUE, SAME, "lr", NULL},
    {"project", "constant-lr", SWITCH, SAME, "lr-schedule=constant", NULL},
    {"project", "step", VALUE, SAME, "num-steps", NULL},
    {"project", "reg-noise-weight", VALUE, SAME, "noise-weight", NULL},
    {"project", "noise-regularize", VALUE, SAME, "noise-weight", NULL},
    {"project", "project-in-wplus", SWITCH, SAME, "space=w+", NULL},
    {"project", "w-plus", SWITCH, SAME, "space=w+", NULL},
    {"project", "stabilize-projection", SWITCH, SAME, "anchor", NULL},
    {"project", "start-wavg", SWITCH, DROPPED, NULL, NULL},
    {"project", "projection-seed", VALUE, SAME, "start-seed", NULL},
    {"project", "trunc", VALUE, SAME, "start-trunc", NULL},
    {"project", "loss-paper", VALUE, SAME, "loss=lpips", "sgan2"},
    {"project", "loss-paper", VALUE, SAME, "loss=discriminator", "discriminator"},
    {"project", "loss-paper", VALUE, REFUSED,
     "is sgan2 or discriminator; --loss lpips,pixel is near im2sgan", NULL},
    {"project", "mse", VALUE, DROPPED, NULL, "0"},
    {"project", "mse", VALUE, REFUSED, "is the weight of a loss here: --loss lpips,pixel=X", NULL},
    {"project", "save-every-step", SWITCH, IGNORED, "figure.png and proj.mp4 show the steps", NULL},
    {"project", "compress", SWITCH, IGNORED, "the film is compressed", NULL},

    {PAINTING, "truncation-psi", VALUE, SAME, "trunc", NULL},
    {PAINTING, "trunc-psi", VALUE, SAME, "trunc", NULL},
    {PAINTING, "truncation", VALUE, SAME, "trunc", NULL},
    {FOLDERS, "result-dir", VALUE, SAME, "outdir", NULL},
    {FOLDERS, "results-dir", VALUE, SAME, "outdir", NULL},
    {PAINTING, "ckpt", VALUE, SAME, "network", NULL},
    {PAINTING, "network-pkl", VALUE, SAME, "network", NULL},
    {"generate interpolate", "anchor-latent-space", SWITCH, SAME, "anchor", NULL},
    {PAINTING, "cfg", VALUE, IGNORED, IN_FILE, NULL},
    {PAINTING, "channel-multiplier", VALUE, IGNORED, IN_FILE, NULL},
    {PAINTING, "minibatch-size", VALUE, IGNORED, ON_CPU, NULL},
    {PAINTING, "description", VALUE, IGNORED, "the results go to the folder itself", NULL},
    {"layers", "layer", VALUE, SAME, "layers", NULL},
    {"layers", "available-layers", SWITCH, DROPPED, NULL, NULL},
    {"layers", "img-scale-db", VALUE, SAME, "gain", NULL},
    {"layers", "img-normalize", SWITCH, DROPPED, NULL, NULL},
    {"layers", "grayscale", SWITCH, SAME, "colours=1", NULL},
    {"layers", "rgb", SWITCH, SAME, "colours=3", NULL},
    {"layers", "rgba", SWITCH, REFUSED, "is --colours 3 here, three channels at once", NULL},
    {"layers", "starting-channel", VALUE, REFUSED, "is --channels here, a list such as 5-68", NULL},
    {PAINTING, "layer", VALUE, REFUSED, IN_LAYERS, NULL},
    {PAINTING, "available-layers", SWITCH, REFUSED,
     "is a command here: stylegan layers --network FILE lists the layers", NULL},
    {"generate", "dlatents", VALUE, SAME, "projected-w", NULL},
    {"generate", "save-dlatents", SWITCH, SAME, "save-w", NULL},
    {"generate", "save-grid", SWITCH, SAME, "grid=auto", NULL},
    {"generate", "create-grid", SWITCH, SAME, "grid=auto", NULL},
    {"generate", "pics", VALUE, COUNT, "seeds", NULL},
    {"generate", "sample", VALUE, DROPPED, NULL, "1"},
    {"generate", "sample", VALUE, REFUSED, "is --grid WxH here, beside one picture for each seed",
     NULL},
    {"generate", "size", VALUE, REFUSED, "is not needed: " IN_FILE, NULL},
    {"generate", "process", VALUE, DROPPED, NULL, "image"},
    {"generate", "process", VALUE, REFUSED,
     "is a command here: stylegan interpolate --output FILE.mp4, or stylegan truncate", NULL},
    {"generate interpolate", "grid-width", VALUE, PAIR, "grid", NULL},
    {"generate interpolate", "grid-height", VALUE, PAIR, "grid", NULL},
    {"generate interpolate", "gw", VALUE, PAIR, "grid", NULL},
    {"generate interpolate", "gh", VALUE, PAIR, "grid", NULL},
    {"interpolate", "seed", VALUE, SAME, "seeds", NULL},
    {"interpolate", "duration-sec", VALUE, SAME, "duration", NULL},
    {"interpolate", "sec", VALUE, SAME, "duration", NULL},
    {"interpolate", "interpolation", VALUE, SAME, "method=linear", "linear"},
    {"interpolate", "interpolation", VALUE, SAME, "method=spherical", "slerp"},
    {"interpolate", "process", VALUE, DROPPED, NULL, "interpolation"},
    {"interpolate", "outdir", VALUE, REFUSED,
     "is --output here: FILE.mp4, FILE.png or a folder for the frames", NULL},
    {"interpolate", "compress", SWITCH, IGNORED, "--quality says how small a video is", NULL},
    {"interpolate", "slowdown", VALUE, DROPPED, NULL, "1"},
    {"interpolate", "slowdown", VALUE, REFUSED, "is --frames here, from one seed to the next",
     NULL},

    {"metrics", "data-dir", VALUE, IGNORED, NO_RECORDS_HERE, NULL},
    {"metrics", "dataset", VALUE, SAME, "data", NULL},
    {"metrics", "mirror-augment", SWITCH, SAME, "mirror", NULL},
    {"spectra", "dest", VALUE, REFUSED,
     "is --output DIR here, for heatmap.png, slices.png and spectrum.npz", NULL},
    {"spectra", "mean", VALUE, REFUSED, "is not needed: the first --data is measured for it", NULL},
    {"spectra", "std", VALUE, REFUSED, "is not needed: the first --data is measured for it", NULL},
    {"convert", "source", VALUE, SAME, "network", NULL},
    {"convert", "dest", VALUE, SAME, "output", NULL},
    {"dataset", "out", VALUE, SAME, "dest", NULL},
    {"dataset", "size", VALUE, SAME, "resolution", NULL},
};

enum { ROWS = sizeof rows / sizeof *rows };

/* Tells whether the name is one of the words in a list (NULL: of all words). */
static bool is_listed(const char *list, const char *name)
{
    const size_t length = strlen(name);
    for (const char *at = list; at && *at; at += strcspn(at, " ")) {
        at += strspn(at, " ");
        if (strcspn(at, " ") == length && strncmp(at, name, length) == 0)
            return true;
    }
    return !list;
}

/* Compares in any case; the row's text is in lower case. */
static bool equals(const char *lower, const char *text)
{
    for (; *lower && *text; lower++, text++)
        if (*lower != (*text >= 'A' && *text <= 'Z' ? *text - 'A' + 'a' : *text))
            return false;
    return *lower == *text;
}

const sg_foreign_option *sg_foreign_option_find(const char *command, const char *name,
                                                const char *value)
{
    for (size_t i = 0; i < ROWS; i++)
        if (strcmp(rows[i].name, name) == 0 && is_listed(rows[i].commands, command) &&
            (!rows[i].when || (value && equals(rows[i].when, value))))
            return &rows[i];
    return NULL;
}

bool sg_foreign_option_leads(const sg_foreign_option *row)
{
    size_t before = 0;
    while (&rows[before] < row && rows[before].kind != PAIR)
        before++;
    return ((size_t)(row - rows) - before) % 2 == 0;
}

const sg_foreign_option *sg_foreign_option_partner(const sg_foreign_option *row)
{
    return sg_foreign_option_leads(row) ? row + 1 : row - 1;
}

/* ---- help ---- */

/* Appends " --a, --b" of the command's rows of this kind; returns how many there are. */
static size_t list_options(const char *command, sg_foreign_kind kind, char *text, size_t size)
{
    size_t count = 0;
    for (size_t i = 0; i < ROWS; i++) {
        const size_t length = strlen(text);
        const char *name = rows[i].name;
        if (rows[i].kind != kind || rows[i].when || !is_listed(rows[i].commands, command))
            continue;
        if (kind == SAME)
            snprintf(text + length, size - length, "%s --%s (--%s)", count ? "," : "", name,
                     rows[i].text);
        else
            snprintf(text + length, size - length, "%s --%s", count ? "," : "", name);
        count++;
    }
    return count;
}

const char *sg_foreign_options_describe(const char *command, char *text)
{
    char same[1024] = "";
    char ignored[1024] = "";
    const size_t names = list_options(command, SAME, same, sizeof same);
    list_options(command, IGNORED, ignored, sizeof ignored);
    snprintf(text, SG_FOREIGN_TEXT_BYTES,
             "A switch may have a value: true, false, 1 or 0. Accepted for command lines of other "
             "programs, and ignored:%s.%s%s%s",
             ignored, names ? " Understood, for the option in parentheses:" : "", same,
             names ? "." : "");
    return text;
}
