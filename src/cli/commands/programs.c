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
#define PROJECTS "type \"stylegan project --network FILE --target PICTURE --outdir DIR\""
#define NO_EDITING "edits pictures along directions, which is not there yet"

/* A program that is a command, one that is it with an option, and one that there is not. */
#define IS(name_, word_, command_)                                                                 \
    {                                                                                              \
        name_, word_, command_, NULL, NULL                                                         \
    }
#define WITH(name_, word_, command_, option_)                                                      \
    {                                                                                              \
        name_, word_, command_, NULL, option_                                                      \
    }
#define SAYS(name_, word_, sentence_)                                                              \
    {                                                                                              \
        name_, word_, NULL, sentence_, NULL                                                        \
    }

static const sg_program programs[] = {
    /* NVlabs: stylegan3, stylegan2-ada-pytorch, and the programs in TensorFlow. */
    IS("gen_images", NULL, "generate"),
    IS("gen_video", NULL, "interpolate"),
    IS("style_mixing", "grid", "mix"),
    SAYS("style_mixing", "video", WALKS),
    IS("style_mixing", NULL, "mix"),
    IS("calc_metrics", NULL, "metrics"),
    SAYS("avg_spectra", "stats", ONE_CALL),
    SAYS("avg_spectra", "heatmap", ONE_CALL),
    SAYS("avg_spectra", "slices", ONE_CALL),
    IS("avg_spectra", "calc", "spectra"),
    IS("avg_spectra", NULL, "spectra"),
    IS("legacy", NULL, "convert"),
    IS("projector", NULL, "project"),
    SAYS("visualizer", NULL,
         "is a window, which is not there; stylegan layers looks into a network, and " WALKS),
    IS("run_generator", "generate_images", "generate"),
    IS("run_generator", "style_mixing_example", "mix"),
    SAYS("run_generator", "truncation_traversal",
         "type \"stylegan truncate --network FILE --seeds LIST --trunc LIST --outdir DIR\""),
    SAYS("run_generator", NULL, WALKS),
    IS("run_training", NULL, "train"),
    IS("run_metrics", NULL, "metrics"),
    SAYS("run_projector", NULL, PROJECTS),
    SAYS("dataset_tool", "create_from_images", MAKE_SET),
    SAYS("dataset_tool", "create_from_image_folders", MAKE_SET),
    SAYS("dataset_tool", "create_lsun", MAKE_SET),
    SAYS("dataset_tool", "create_mnist", MAKE_SET),
    SAYS("dataset_tool", "create_cifar10", MAKE_SET),
    SAYS("dataset_tool", "display", "shows TFRecords, which are not read; " MAKE_SET),
    SAYS("dataset_tool", "unpack", "unpacks TFRecords, which are not read; " MAKE_SET),
    IS("dataset_tool", NULL, "dataset"),
    /* PDillis: stylegan3-fun; dvschultz: stylegan2-ada-pytorch. */
    IS("generate", "images", "generate"),
    IS("generate", "generate_images", "generate"),
    WITH("generate", "random_video", "interpolate", "--walk=gaussian"),
    WITH("generate", "circular_video", "interpolate", "--walk=circle"),
    SAYS("generate", "latent_walk", WALKS),
    SAYS("generate", "truncation_traversal",
         "type \"stylegan truncate --network FILE --seeds LIST --trunc LIST --outdir DIR\""),
    SAYS("latent_walk", NULL, WALKS),
    SAYS("sightseeding", NULL, WALKS),
    SAYS("combine_npz", NULL,
         "is not needed: type \"stylegan interpolate --keyframes A.npz --keyframes B.npz\""),
    IS("export_weights", NULL, "convert"),
    SAYS("closed_form_factorization", NULL, NO_EDITING),
    SAYS("apply_factor", NULL,
         "type \"stylegan edit --network FILE --seeds LIST --directions factor.pt --move pc0=3 "
         "--outdir DIR\""),
    SAYS("blend_models", NULL,
         "type \"stylegan blend A B --at RESOLUTION --output FILE.safetensors\""),
    SAYS("flesh_digression", NULL, WALKS),
    SAYS("pbaylies_projector", NULL, PROJECTS),
    /* rosinality and lucidrains: stylegan2-pytorch. */
    SAYS("convert_weight", NULL, "type \"stylegan convert FILE.pkl FILE.pt\""),
    SAYS("prepare_data", NULL,
         "type \"stylegan dataset SOURCE SET.zip --resolution N\", or train on SOURCE itself"),
    IS("stylegan2_pytorch", NULL, "train"),
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

size_t sg_program_list(const char **names, size_t most)
{
    size_t count = 0;
    for (size_t i = 0; i < sizeof programs / sizeof *programs && count < most; i++)
        if (count == 0 || strcmp(names[count - 1], programs[i].name) != 0)
            names[count++] = programs[i].name;
    return count;
}
