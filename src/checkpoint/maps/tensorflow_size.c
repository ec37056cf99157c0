/*
 * The sizes of a StyleGAN2 network in TensorFlow.
 *
 * Blocks are scopes. The official program and eps696's fork name them by the resolutions of square
 * networks, "4x4", "8x8" ..., whatever the constant is (init_res). skyflynil's fork names them by
 * their real sizes, height first: "5x3", "10x6" ... (min_h, min_w, res_log2). What its "resolution"
 * says, the height of the data, does not count there. So the scopes tell both sizes.
 *
 * Tested by: tests/checkpoint/maps/test_map_tensorflow.c
 */
#include "checkpoint/maps/tensorflow_size.h"

#include <stdio.h>
#include <string.h>

enum { LARGEST_BASE = 64, MOST_BLOCKS = 12 };

/* ---- scopes ---- */

static bool has_variable(const sg_tensorflow_network *network, const char *scope,
                         const char *variable)
{
    char name[96];
    snprintf(name, sizeof name, "%s%s/%s", network->discriminator ? "" : "synthesis/", scope,
             variable);
    return sg_foreign_tensors_find(&network->tensors, name);
}

/* True if there is a block beyond the first of this name. */
static bool has_block(const sg_tensorflow_network *network, const char *scope)
{
    static const char *const layers[] = {"Conv0_up/weight", "Conv1/weight", "Conv0/weight",
                                         "Conv1_down/weight"};
    for (size_t i = 0; i < sizeof layers / sizeof *layers; i++)
        if (has_variable(network, scope, layers[i]))
            return true;
    return false;
}

const char *sg_tensorflow_scope(const sg_tensorflow_size *size, int resolution,
                                char text[SG_TENSORFLOW_SCOPE_BYTES])
{
    snprintf(text, SG_TENSORFLOW_SCOPE_BYTES, "%dx%d", size->scope_height * (resolution / 4),
             size->scope_width * (resolution / 4));
    return text;
}

/* Reads the sides in the name of the first block: the scope of a variable that only this block
 * has. */
static bool read_first_scope(const sg_tensorflow_network *network, sg_tensorflow_size *size)
{
    const char *start = network->discriminator ? "" : "synthesis/";
    const char *variable = network->discriminator ? "Dense0/weight" : "Const/const";
    const size_t skipped = strlen(start);
    for (size_t i = 0; i < network->tensors.count; i++) {
        const char *name = network->tensors.items[i].name;
        int height = 0;
        int width = 0;
        int end = 0;
        if (strncmp(name, start, skipped) != 0 ||
            sscanf(name + skipped, "%3dx%3d/%n", &height, &width, &end) != 2 || end == 0 ||
            strcmp(name + skipped + end, variable) != 0 || height < 1 || width < 1 ||
            height > LARGEST_BASE || width > LARGEST_BASE)
            continue;
        size->scope_height = height;
        size->scope_width = width;
        return true;
    }
    return false;
}

/* ---- sizes ---- */

/* Returns the resolution that the option gives; 0 if it is no power of two. */
static int given_resolution(const sg_tensorflow_network *network, int usual)
{
    enum { LARGEST = 4096 };
    int64_t resolution = usual;
    const sg_value *given = sg_tensorflow_keyword(network, "resolution");
    const bool number = !given || sg_value_integer(given, &resolution);
    const bool power =
        number && resolution >= 4 && resolution <= LARGEST && (resolution & (resolution - 1)) == 0;
    return power ? (int)resolution : 0;
}

static int counted_resolution(const sg_tensorflow_network *network, const sg_tensorflow_size *size)
{
    char scope[SG_TENSORFLOW_SCOPE_BYTES];
    int resolution = 4;
    for (int i = 1; i < MOST_BLOCKS; i++) {
        if (!has_block(network, sg_tensorflow_scope(size, 2 * resolution, scope)))
            break;
        resolution *= 2;
    }
    return resolution;
}

void sg_tensorflow_measure(sg_tensorflow_network *network, int usual)
{
    sg_tensorflow_size size = {
        .scope_height = 4, .scope_width = 4, .resolution = given_resolution(network, usual)};
    if (network->family == SG_STYLEGAN2 && read_first_scope(network, &size)) {
        const int counted = counted_resolution(network, &size);
        size.measured = counted > 4;
        size.resolution = size.measured ? counted : size.resolution;
    }
    network->size = size;
}
