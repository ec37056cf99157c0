/* The growing schedule; see growing.h. */
#include "train/options/growing.h"

#include <math.h>
#include <stdlib.h>

int sg_growing_level(int resolution)
{
    int level = 0;
    while (level < SG_GROWING_LEVELS - 1 && 4 << level < resolution)
        level++;
    return level;
}

/* Returns the number of doublings from the initial to the full resolution. */
static int doublings(const sg_growing_schedule *schedule, int full_resolution)
{
    int from = sg_growing_level(schedule->initial_resolution);
    int to = sg_growing_level(full_resolution);
    return to > from ? to - from : 0;
}

static double lod_at(const sg_growing_schedule *schedule, int full_resolution, double kimg)
{
    double period = schedule->stable_kimg + schedule->fade_kimg;
    double missing = doublings(schedule, full_resolution);
    double index = period > 0 ? floor(kimg / period) : missing;
    double faded = 0;
    if (schedule->fade_kimg > 0)
        faded = fmax(kimg - index * period - schedule->stable_kimg, 0) / schedule->fade_kimg;
    /* Rounded as the networks store it, or the two might see different resolutions. */
    return (double)(float)fmax(missing - index - faded, 0);
}

sg_growing_stage sg_growing_at(const sg_growing_schedule *schedule, int full_resolution,
                               double images)
{
    double lod = lod_at(schedule, full_resolution, images / 1000);
    int level = sg_growing_level(full_resolution) - (int)floor(lod);
    return (sg_growing_stage){.lod = lod,
                              .resolution = 4 << level,
                              .batch = schedule->batch[level],
                              .g_rate = schedule->g_rate[level],
                              .d_rate = schedule->d_rate[level]};
}

bool sg_growing_changes_layers(double lod_before, double lod_now)
{
    return floor(lod_before) != floor(lod_now) || ceil(lod_before) != ceil(lod_now);
}

double sg_growing_kimg(const sg_growing_schedule *schedule, int full_resolution)
{
    return (schedule->stable_kimg + schedule->fade_kimg) * doublings(schedule, full_resolution);
}

double sg_growing_begin(const sg_growing_schedule *schedule, int full_resolution, int level)
{
    int passed = level - sg_growing_first_level(schedule, full_resolution);
    double period = schedule->stable_kimg + schedule->fade_kimg;
    return passed > 0 ? passed * period - schedule->fade_kimg : 0;
}

int sg_growing_first_level(const sg_growing_schedule *schedule, int full_resolution)
{
    return sg_growing_level(full_resolution) - doublings(schedule, full_resolution);
}

/* Reads a number at *text followed by `end` or the text's end; moves past both. */
static bool read_number(const char **text, char end, long largest, long *number)
{
    char *rest;
    if (**text < '0' || **text > '9')
        return false;
    *number = strtol(*text, &rest, 10);
    if (*number < 1 || *number > largest || (*rest && *rest != end))
        return false;
    *text = *rest ? rest + 1 : rest;
    return *rest == end || end == ',';
}

bool sg_growing_read_batches(const char *text, int largest, int batch[SG_GROWING_LEVELS])
{
    long resolution;
    long images;
    bool read = false;
    while (*text || !read) {
        if (!read_number(&text, ':', 1024, &resolution) ||
            !read_number(&text, ',', largest, &images))
            return false;
        int level = sg_growing_level((int)resolution);
        if (4 << level != resolution)
            return false;
        batch[level] = (int)images;
        read = true;
    }
    return text[-1] != ',';
}

int sg_growing_largest_batch(const sg_growing_schedule *schedule, int full_resolution)
{
    int level = sg_growing_first_level(schedule, full_resolution);
    int largest = schedule->batch[level];
    for (; level <= sg_growing_level(full_resolution); level++)
        if (schedule->batch[level] > largest)
            largest = schedule->batch[level];
    return largest;
}

/* Fades one channel of a 2x2 block whose rows are `row` values apart. */
static void fade_block(float *block, int64_t row, int64_t channels, float share)
{
    float *corners[] = {block, block + channels, block + row, block + row + channels};
    float mean = (*corners[0] + *corners[1] + *corners[2] + *corners[3]) * 0.25f;
    for (int i = 0; i < 4; i++)
        *corners[i] += (mean - *corners[i]) * share;
}

void sg_growing_fade(float *pictures, int64_t count, int64_t resolution, int64_t channels,
                     double share)
{
    int64_t row = resolution * channels;
    if (share == 0)
        return;
    /* Pictures are square and contiguous, so all of them form one high picture. */
    for (int64_t y = 0; y < count * resolution; y += 2)
        for (int64_t x = 0; x < resolution; x += 2)
            for (int64_t c = 0; c < channels; c++)
                fade_block(pictures + y * row + x * channels + c, row, channels, (float)share);
}
