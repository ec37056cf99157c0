/*
 * Paths to networks as people give them; see network_path.h. The names and addresses of published
 * networks are those of stylegan2-ada-pytorch, stylegan3 and stylegan3-fun.
 */
#include "checkpoint/network/network_path.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/files/file.h"
#include "base/text.h"

/* ---- snapshots ---- */

enum { MOST_DIGITS = 12 };

/* Reads digits that fill `length` bytes; false for anything else. */
static bool read_digits(const char *text, size_t length, uint64_t *number)
{
    *number = 0;
    for (size_t i = 0; i < length; i++) {
        if (text[i] < '0' || text[i] > '9' || length > MOST_DIGITS)
            return false;
        *number = *number * 10 + (uint64_t)(text[i] - '0');
    }
    return length > 0;
}

/* Returns the rank of a network's name, the higher the newer; 0 for other names. */
static uint64_t rank_network(const char *name)
{
    static const char *const suffixes[] = {".pth", ".pt", ".pkl", ".safetensors"};
    static const char *const prefixes[] = {"network-snapshot-", "model_", ""};
    const size_t length = strlen(name);
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        const size_t stem = length - strlen(suffixes[i]);
        if (length <= strlen(suffixes[i]) || strcmp(name + stem, suffixes[i]) != 0)
            continue;
        if (sg_ends_with(name, stem, "network-final") || sg_ends_with(name, stem, "networks-final"))
            return UINT64_MAX - 1;
        for (size_t k = 0; k < sizeof prefixes / sizeof *prefixes; k++) {
            const size_t head = strlen(prefixes[k]);
            uint64_t number = 0;
            if (head < stem && strncmp(name, prefixes[k], head) == 0 &&
                read_digits(name + head, stem - head, &number))
                return number * 4 + i + 1;
        }
    }
    return 0;
}

/* Returns the rank of a run's folder, "00003-...": its number plus 1; 0 for other names. */
static uint64_t rank_run(const char *name)
{
    uint64_t number = 0;
    const size_t digits = strspn(name, "0123456789");
    return name[digits] == '-' && read_digits(name, digits, &number) ? number + 1 : 0;
}

/* Returns the path of the entry with the highest rank below `limit`, which *rank becomes, on the
 * heap; NULL when there is none, or on lack of memory. */
static char *find_newest(const char *folder, uint64_t (*rank_of)(const char *name), uint64_t limit,
                         uint64_t *rank)
{
    char *newest = NULL;
    DIR *directory = opendir(folder);
    *rank = 0;
    if (!directory)
        return NULL;
    for (const struct dirent *entry; (entry = readdir(directory));) {
        const uint64_t found = rank_of(entry->d_name);
        if (found <= *rank || found >= limit)
            continue;
        *rank = found;
        free(newest);
        newest = sg_path_join(folder, entry->d_name);
    }
    closedir(directory);
    return newest;
}

static char *find_in_folder(const char *folder)
{
    uint64_t rank = 0;
    uint64_t limit = UINT64_MAX;
    char *run = NULL;
    char *found = find_newest(folder, rank_network, UINT64_MAX, &rank);
    while (!found && (run = find_newest(folder, rank_run, limit, &limit))) {
        found = find_newest(run, rank_network, UINT64_MAX, &rank);
        free(run);
    }
    return found;
}

/* ---- published networks ---- */

#define TRANSFER                                                                                   \
    "https://nvlabs-fi-cdn.nvidia.com/stylegan2-ada-pytorch/pretrained/"                           \
    "transfer-learning-source-nets/"
#define ADA "https://nvlabs-fi-cdn.nvidia.com/stylegan2-ada-pytorch/pretrained/"
#define NGC "https://api.ngc.nvidia.com/v2/models/nvidia/research/"
#define TWO NGC "stylegan2/versions/1/files/stylegan2-"
#define THREE NGC "stylegan3/versions/1/files/stylegan3-"

static const struct published {
    const char *name;
    const char *address; /* of the StyleGAN2; NULL: there is none */
    const char *third;   /* of the StyleGAN3s, after "stylegan3-t-"; NULL: there are none */
} published[] = {
    {"ffhq256", TRANSFER "ffhq-res256-mirror-paper256-noaug.pkl", NULL},
    {"ffhq512", TRANSFER "ffhq-res512-mirror-stylegan2-noaug.pkl", NULL},
    {"ffhq1024", TRANSFER "ffhq-res1024-mirror-stylegan2-noaug.pkl", "ffhq-1024x1024.pkl"},
    {"celebahq256", TRANSFER "celebahq-res256-mirror-paper256-kimg100000-ada-target0.5.pkl", NULL},
    {"lsundog256", TRANSFER "lsundog-res256-paper256-kimg100000-noaug.pkl", NULL},
    {"ffhqu256", TWO "ffhqu-256x256.pkl", "ffhqu-256x256.pkl"},
    {"ffhqu1024", TWO "ffhqu-1024x1024.pkl", "ffhqu-1024x1024.pkl"},
    {"metfaces1024", TWO "metfaces-1024x1024.pkl", "metfaces-1024x1024.pkl"},
    {"metfacesu1024", TWO "metfacesu-1024x1024.pkl", "metfacesu-1024x1024.pkl"},
    {"afhq512", TWO "afhqv2-512x512.pkl", "afhqv2-512x512.pkl"},
    {"afhqcat512", TWO "afhqcat-512x512.pkl", NULL},
    {"afhqdog512", TWO "afhqdog-512x512.pkl", NULL},
    {"afhqwild512", TWO "afhqwild-512x512.pkl", NULL},
    {"brecahad512", TWO "brecahad-512x512.pkl", NULL},
    {"cifar10", TWO "cifar10-32x32.pkl", NULL},
    {"ffhq", ADA "ffhq.pkl", NULL},
    {"metfaces", ADA "metfaces.pkl", NULL},
    {"afhqcat", ADA "afhqcat.pkl", NULL},
    {"afhqdog", ADA "afhqdog.pkl", NULL},
    {"afhqwild", ADA "afhqwild.pkl", NULL},
    {"brecahad", ADA "brecahad.pkl", NULL},
};

/* Fails with the address for the name of a published network; passes other paths. */
static sg_status explain_name(const char *path, sg_error *error)
{
    static const char drive[] = "gdrive:networks/";
    static const char how[] = "nothing is downloaded: fetch it first, as by";
    if (strncmp(path, drive, sizeof drive - 1) == 0)
        return sg_fail(
            error, SG_ERROR_FILE,
            "%s is a published network of StyleGAN2; %s \"curl -LO "
            "https://nvlabs-fi-cdn.nvidia.com/stylegan2/networks/%s\", and name the file",
            path, how, path + sizeof drive - 1);
    for (size_t i = 0; i < sizeof published / sizeof *published; i++) {
        const char *third = published[i].third;
        if (strcmp(path, published[i].name) != 0)
            continue;
        return sg_fail(error, SG_ERROR_FILE,
                       "%s is no file, but the official name of a published network; %s \"curl -LO "
                       "%s\", and name the file%s%s%s",
                       path, how, published[i].address,
                       third ? " (the StyleGAN3s of that name are " THREE "t-" : "",
                       third ? third : "", third ? " and stylegan3-r-...)" : "");
    }
    return SG_OK;
}

sg_status sg_network_locate(const char *path, char **found, sg_error *error)
{
    *found = NULL;
    if (!sg_path_exists(path))
        SG_TRY(explain_name(path, error));
    const bool folder = sg_path_is_folder(path);
    if (folder)
        *found = find_in_folder(path);
    if (folder && !*found)
        return sg_fail(error, SG_ERROR_FILE,
                       "%s is a folder without networks (network-snapshot-*.safetensors or .pkl), "
                       "and without runs that have any",
                       path);
    if (!folder)
        *found = sg_path_join("", path);
    return *found ? SG_OK : sg_fail_memory(error, "the path %s", path);
}
