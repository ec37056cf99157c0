/* `stylegan directions`: directions of editing are found, shown, compared and changed.
 * Tested by: tests/cli/test_directions.c */
#include "cli/directions/parts.h"

extern const sg_command sg_directions_command;

static const sg_command *const parts[] = {
    &sg_directions_find_command,    &sg_directions_show_command,
    &sg_directions_angles_command,  &sg_directions_orthogonalise_command,
    &sg_directions_analyse_command,
};

const sg_command sg_directions_command = {
    .name = "directions",
    .summary = "Find directions of w that change one thing in pictures, and show them",
    .synopsis = "find|show|angles|orthogonalise|analyse [options]",
    .description =
        "A direction is a step through w, or through the styles of layers, that changes one thing "
        "in a network's pictures: a smile, a size, a colour. \"find\" finds directions by "
        "principal components, in closed form, by labels or by a classifier; \"show\" paints "
        "strips of pictures along them; \"angles\" measures how alike they are, and "
        "\"orthogonalise\" makes them independent; \"analyse\" shows how w is distributed. Files "
        "of GANSpace, InterFaceGAN, SeFa and others open as well. \"stylegan edit\" moves pictures "
        "along directions.",
    .examples =
        "  stylegan directions find --network models/faces-64.safetensors --method boundary \\\n"
        "      --classifier models/faces-classifier.safetensors --attribute mouth_smiling \\\n"
        "      --output smile.safetensors\n"
        "  stylegan directions show --network models/faces-64.safetensors \\\n"
        "      --directions smile.safetensors --seeds 0-7 --outdir strips",
    .parts = parts,
    .part_count = sizeof parts / sizeof parts[0],
};
