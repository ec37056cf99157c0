/*
 * What `stylegan info` says of a file of a feature network, which is no network of pictures.
 * Tested by: tests/cli/test_info_features.c
 */
#include "cli/info/info_features.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdio.h>

#include "base/fields.h"
#include "cli/info/network_summary.h"
#include "features/clip/merges_file.h"
#include "features/feature_files.h"
#include "features/feature_network.h"

enum { TEXT_BYTES = 300 };

/* What the networks serve, for people. */
static const char uses[] =
    "A feature network: metrics uses it, by --features FILE or from $XDG_DATA_HOME/stylegan.";

static const char reads[] =
    "Commands that read texts use it, by --features FILE, beside CLIP's file, or from "
    "$XDG_DATA_HOME/stylegan.";

static sg_status print_json(const char *path, uint64_t bytes, const char *networks, sg_error *error)
{
    cJSON *report = cJSON_CreateObject();
    const bool whole = sg_json_add(report, "file", cJSON_CreateString(path)) &&
                       sg_json_add(report, "bytes", cJSON_CreateNumber((double)bytes)) &&
                       sg_json_add(report, "features", cJSON_CreateString(networks));
    return sg_info_put_json(report, whole, error);
}

sg_status sg_info_print_features(const char *path, uint64_t bytes, bool json, bool *found,
                                 sg_error *error)
{
    char networks[TEXT_BYTES];
    size_t merges = 0;
    if (sg_is_merges_name(path) && sg_merges_count(path, &merges)) {
        snprintf(networks, sizeof networks, "the %zu merges of CLIP's tokenizer", merges);
        *found = true;
    } else {
        *found =
            !sg_feature_file_describe(path, networks, sizeof networks, NULL) && *networks != '\0';
    }
    if (!*found)
        return SG_OK;
    if (json)
        return print_json(path, bytes, networks, error);
    printf("%s: %s, %" PRIu64 " bytes\n\n%s\n", path, networks, bytes, merges ? reads : uses);
    return SG_OK;
}
