/*
 * Walks along single numbers of z or w. The numbers of z have standard deviation 1; those of w are
 * measured. Tested by: tests/cli/test_walks.c
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "latent/codes.h"
#include "pictures/films/walk_state.h"

double sg_walk_amount(const sg_walk_state *walk, size_t frame)
{
    static const double pi = 3.14159265358979323846;
    const sg_walk_options *options = walk->options;
    if (options->strip)
        return options->range * (2 * (double)frame / (double)(options->strip - 1) - 1);
    return options->range * sin(2 * pi * (double)frame / (double)options->loop_frames);
}

sg_status sg_walk_find_deviations(sg_walk_state *all, sg_error *error)
{
    enum { SEED = 0, CODES = 1000 };
    const size_t width = (size_t)all->work->network.config.w_dim;
    double *codes = NULL;
    sg_moments moments = {0};
    if (all->options->in_z)
        return SG_OK;
    sg_status status = sg_draw_codes(all->work->network.generator, SEED, CODES,
                                     sg_walk_label(all, 0), 1, &codes, error);
    if (!status)
        status = sg_moments_start(&moments, width, error);
    for (size_t i = 0; !status && i < CODES; i++)
        sg_moments_add(&moments, codes + i * width);
    sg_moments_finish(&moments);
    free(codes);
    free(moments.mean);
    all->deviations = moments.deviation;
    return status;
}

sg_status sg_walk_check_coordinates(const sg_walk_state *all, sg_error *error)
{
    const sg_number_list *coordinates = all->options->coordinates;
    const sg_generator_config *config = &all->work->network.config;
    const int width = all->options->in_z ? config->z_dim : config->w_dim;
    for (size_t i = 0; i < coordinates->count; i++)
        if (coordinates->values[i] >= (uint32_t)width)
            return sg_fail(error, SG_ERROR_ARGUMENT,
                           "\"coordinates\" has %u, but those of the network's %s are from 0 to %d",
                           coordinates->values[i], all->options->in_z ? "z" : "w", width - 1);
    return SG_OK;
}

void sg_walk_move_coordinate(const sg_walk_state *all, size_t cell, double amount)
{
    const sg_number_list *coordinates = all->options->coordinates;
    const size_t at = coordinates->values[cell % coordinates->count];
    const size_t step = all->options->in_z ? all->width : (size_t)all->work->network.config.w_dim;
    const double deviation = all->deviations ? all->deviations[at] : 1;
    memcpy(all->point, all->keys + cell * all->width, all->width * sizeof *all->point);
    for (size_t i = at; i < all->width; i += step)
        all->point[i] += (float)(amount * deviation);
}
