/* The center of truncation; see truncation_center.h. */
#include "pictures/truncation_center.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

bool sg_center_is_seed(const char *text)
{
    return text[0] != '\0' && text[strspn(text, "0123456789")] == '\0';
}

sg_status sg_read_w_file(const char *path, const sg_picture_network *network, sg_w_set *set,
                         sg_error *error)
{
    return sg_w_file_read(path, (size_t)sg_generator_num_ws(network->generator),
                          (size_t)network->config.w_dim, set, error);
}

static sg_status read_file(const char *path, const sg_picture_network *network, sg_center *center,
                           sg_error *error)
{
    const sg_status status = sg_read_w_file(path, network, &center->set, error);
    if (status)
        return status;
    if (center->set.count != 1)
        return sg_fail(error, SG_ERROR_FORMAT, "%s holds %zu w, but a new center is a single one",
                       path, center->set.count);
    center->file = path;
    center->source.ws = center->set.values;
    return SG_OK;
}

static sg_status read_seed(const char *text, sg_center *center, sg_error *error)
{
    errno = 0;
    const unsigned long long seed = strtoull(text, NULL, 10);
    if (errno != 0 || seed > UINT32_MAX)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "the new center %s is no seed: these go from 0 to %lu", text,
                       (unsigned long)UINT32_MAX);
    center->source.seed = (uint32_t)seed;
    return SG_OK;
}

sg_status sg_center_read(const char *text, const sg_picture_network *network, sg_center *center,
                         sg_error *error)
{
    *center = (sg_center){0};
    const sg_status status = sg_center_is_seed(text) ? read_seed(text, center, error)
                                                     : read_file(text, network, center, error);
    if (status)
        sg_center_clear(center);
    return status;
}

void sg_center_clear(sg_center *center)
{
    sg_w_set_clear(&center->set);
    *center = (sg_center){0};
}
