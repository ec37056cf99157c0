/*
 * The table of other programs; see programs.h. Their options are in cli/options/foreign_options.c.
 * Tested by: tests/cli/test_official_lines.c
 */
#include "cli/commands/programs.h"

#include <stdio.h>
#include <string.h>

#define WALKS "type \"stylegan interpolate --network FILE --seeds LIST --output FILE.mp4\""
#define MAKE_SET "type \"stylegan dataset SOURCE SET.zip\": a folder or zip of images is a set"
#define ONE_CALL                                                                                   \
    "is part of one call here: type \"stylegan spectra --data PATH --network FILE --output DIR\""
#define NO_PROJECTING "finds latents of given pictures, which is not there yet"
#define NO_EDITING "edits pictures along directions, which is not there yet"

static const sg_program programs[] = {
    /* NVlabs: stylegan3, stylegan2-ada-pytorch, and the programs in TensorFlow. */
    {"gen_images", NULL, "generate", NULL},
    {"gen_video", NULL, "interpolate", NULL},
    {"style_mixing", "grid", "mix", NULL},
    {"style_mixing", "video", NULL, WALKS},
    {"style_mixing", NULL, "mix", NULL},
    {"calc_metrics", NULL, "metrics", NULL},
    {"avg_spectra", "stats", NULL, ONE_CALL},
    {"avg_spectra", "heatmap", NULL, ONE_CALL},
    {"avg_spectra", "slices", NULL, ONE_CALL},
    {"avg_spectra", "calc", "spectra", NULL},
    {"avg_spectra", NULL, "spectra", NULL},
    {"legacy", NULL, "convert", NULL},
    {"projector", NULL, NULL, NO_PROJECTING},
    {"visualizer", NULL, NULL, "is a window, which is not there; " WALKS},
    {"run_generator", "generate_images", "generate", NULL},
    {"run_generator", "style_mixing_example", "mix", NULL},
    {"run_generator", "truncation_traversal", NULL,
     "type \"stylegan truncate --network FILE --seeds LIST --trunc LIST --outdir DIR\""},
    {"run_generator", NULL, NULL, WALKS},
    {"run_training", NULL, "train", NULL},
    {"run_metrics", NULL, "metrics", NULL},
    {"run_projector", NULL, NULL, NO_PROJECTING},
    {"dataset_tool", "create_from_images", NULL, MAKE_SET},
    {"dataset_tool", "create_from_image_folders", NULL, MAKE_SET},
    {"dataset_tool", "create_lsun", NULL, MAKE_SET},
    {"dataset_tool", "create_mnist", NULL, MAKE_SET},
    {"dataset_tool", "create_cifar10", NULL, MAKE_SET},
    {"dataset_tool", "display", NULL, "shows TFRecords, which are not read; " MAKE_SET},
    {"dataset_tool", "unpack", NULL, "unpacks TFRecords, which are not read; " MAKE_SET},
    {"dataset_tool", NULL, "dataset", NULL},
    /* PDillis: stylegan3-fun; dvschultz: stylegan2-ada-pytorch. */
    {"generate", "images", "generate", NULL},
    {"generate", "generate_images", "generate", NULL},
    {"generate", "random_video", NULL, WALKS},
    {"generate", "circular_video", NULL, WALKS},
    {"generate", "latent_walk", NULL, WALKS},
    {"generate", "truncation_traversal", NULL,
     "type \"stylegan truncate --network FILE --seeds LIST --trunc LIST --outdir DIR\""},
    {"latent_walk", NULL, NULL, WALKS},
    {"sightseeding", NULL, NULL, WALKS},
    {"combine_npz", NULL, NULL,
     "is not needed: type \"stylegan interpolate --keyframes A.npz --keyframes B.npz\""},
    {"export_weights", NULL, "convert", NULL},
    {"closed_form_factorization", NULL, NULL, NO_EDITING},
    {"apply_factor", NULL, NULL, NO_EDITING},
    {"blend_models", NULL, NULL, "joins two networks, which is not there yet"},
    {"flesh_digression", NULL, NULL, WALKS},
    {"pbaylies_projector", NULL, NULL, NO_PROJECTING},
    /* rosinality and lucidrains: stylegan2-pytorch. */
    {"convert_weight", NULL, NULL, "type \"stylegan convert FILE.pkl FILE.pt\""},
    {"prepare_data", NULL, NULL,
     "type \"stylegan dataset SOURCE SET.zip --resolution N\", or train on SOURCE itself"},
    {"stylegan2_pytorch", NULL, "train", NULL},
};

enum { NAME_BYTES = 48 };

/* Writes a name in the table's spelling, cut to what fits; returns `text`. */
static const char *spell(const char *name, char *text)
{
    const char *const suffix = strstr(name, ".py");
    const size_t length = suffix && !suffix[3] ? (size_t)(suffix - name) : strlen(name);
    size_t i = 0;
    for (; i < length && i + 1 < NAME_BYTES; i++)
        text[i] = name[i] == '-' ? '_' : name[i];
    text[i] = '\0';
    return text;
}

const sg_program *sg_program_find(const char *name, const char *word)
{
    char spelled[NAME_BYTES];
    char spelled_word[NAME_BYTES];
    spell(name, spelled);
    spell(word ? word : "", spelled_word);
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++)
        if (strcmp(programs[i].name, spelled) == 0 &&
            (!programs[i].word || strcmp(programs[i].word, spelled_word) == 0))
            return &programs[i];
    return NULL;
}
