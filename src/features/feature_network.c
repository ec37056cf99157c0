/*
 * The table of feature networks, and what all kinds share.
 *
 * Tested by: tests/golden_test/inception_case.c
 */
#include "features/feature_network.h"

#include <stdlib.h>
#include <string.h>

#include "features/feature_kind.h"

struct sg_feature_network {
    const sg_feature_kind *kind;
    char *path;
};

const sg_feature_kind sg_feature_kinds[] = {
    {.name = "inception",
     .title = "Inception-v3 of FID",
     .names = {"inception-2015-12-05.pkl", "inception-2015-12-05.pt",
               "pt_inception-2015-12-05-6726825d.pth"},
     .features = 2048,
     .classes = 1008},
    {.name = "vgg16",
     .title = "VGG16",
     .names = {"vgg16.pkl", "vgg16.pt", "vgg16-397923af.pth"},
     .features = 4096,
     .classes = 1000},
    {.name = "lpips",
     .title = "LPIPS of VGG16",
     .names = {"vgg16.pkl", "vgg16.pt", "vgg16_zhang_perceptual.pkl"}},
};
const size_t sg_feature_kind_count = sizeof sg_feature_kinds / sizeof sg_feature_kinds[0];

static const char *const resize_names[] = {"legacy", "clean", "halfpixel"};
const sg_choices sg_feature_resize_choices = SG_CHOICES(resize_names);

int sg_feature_kind_find(const char *name)
{
    for (size_t i = 0; i < sg_feature_kind_count; i++)
        if (strcmp(sg_feature_kinds[i].name, name) == 0)
            return (int)i;
    return -1;
}

sg_status sg_feature_network_open(const char *path, sg_feature_network **network, sg_error *error)
{
    *network = NULL;
    return sg_fail(error, SG_ERROR_FORMAT, "%s: feature networks are not read yet", path);
}

sg_status sg_feature_network_find(const char *kind, const char *const *files, size_t count,
                                  sg_feature_network **network, sg_error *error)
{
    (void)files;
    (void)count;
    *network = NULL;
    const sg_feature_kind *row = &sg_feature_kinds[sg_feature_kind_find(kind)];
    return sg_fail(error, SG_ERROR_FILE,
                   "the %s is needed: give its file, published as %s, by \"features\", or put it "
                   "into $XDG_DATA_HOME/stylegan",
                   row->title, row->names[0]);
}

bool sg_feature_network_is_there(const char *kind, const char *const *files, size_t count)
{
    (void)kind;
    (void)files;
    (void)count;
    return false;
}

void sg_feature_network_close(sg_feature_network *network)
{
    if (!network)
        return;
    free(network->path);
    free(network);
}

const char *sg_feature_network_kind(const sg_feature_network *network)
{
    return network->kind->name;
}

const char *sg_feature_network_title(const sg_feature_network *network)
{
    return network->kind->title;
}

const char *sg_feature_network_path(const sg_feature_network *network)
{
    return network->path;
}

size_t sg_feature_network_features(const sg_feature_network *network)
{
    return network->kind->features;
}

size_t sg_feature_network_classes(const sg_feature_network *network)
{
    return network->kind->classes;
}

sg_status sg_feature_network_hash(sg_feature_network *network, char *hash, sg_error *error)
{
    *hash = '\0';
    return sg_fail(error, SG_ERROR_FORMAT, "%s: feature networks are not read yet", network->path);
}

sg_status sg_feature_network_compute(sg_feature_network *network,
                                     const sg_feature_pictures *pictures, sg_feature_resize resize,
                                     const sg_feature_results *results, sg_error *error)
{
    (void)pictures;
    (void)resize;
    (void)results;
    return sg_fail(error, SG_ERROR_FORMAT, "%s: feature networks are not read yet", network->path);
}

sg_status sg_feature_network_distances(sg_feature_network *network, const sg_feature_pictures *a,
                                       const sg_feature_pictures *b, bool whole, double *distances,
                                       double *layers, sg_error *error)
{
    (void)a;
    (void)b;
    (void)whole;
    (void)distances;
    (void)layers;
    return sg_fail(error, SG_ERROR_FORMAT, "%s: feature networks are not read yet", network->path);
}

size_t sg_feature_network_vector_length(const sg_feature_network *network, size_t height,
                                        size_t width)
{
    (void)network;
    (void)height;
    (void)width;
    return 0;
}

sg_status sg_feature_network_vectors(sg_feature_network *network,
                                     const sg_feature_pictures *pictures, float *vectors,
                                     sg_error *error)
{
    (void)pictures;
    (void)vectors;
    return sg_fail(error, SG_ERROR_FORMAT, "%s: feature networks are not read yet", network->path);
}
