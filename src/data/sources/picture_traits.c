/* Fingerprints are two multiplicative hashes with different constants, 8 bytes at a step. */
#include "data/sources/picture_traits.h"

#include <stdlib.h>
#include <string.h>

enum { LEVELS = 256, NEAR_LEVELS = 8, WORD_BYTES = 8, LARGE_PIXELS = 1 << 14, STEP = 16 };

static uint64_t mix(uint64_t hash, uint64_t word, uint64_t factor)
{
    hash = (hash ^ word) * factor;
    return hash ^ hash >> 29;
}

static sg_fingerprint add_word(sg_fingerprint print, uint64_t word)
{
    /* odd constants from the digits of the golden ratio and of pi */
    return (sg_fingerprint){.first = mix(print.first, word, 0x9e3779b97f4a7c15U),
                            .second = mix(print.second, word, 0x243f6a8885a308d3U)};
}

sg_fingerprint sg_picture_fingerprint(const sg_image *image)
{
    const size_t size = sg_image_size(image);
    sg_fingerprint print = {.first = image->channels, .second = image->width};
    print = add_word(print, image->width << 32 ^ image->height);
    for (size_t i = 0; i < size; i += WORD_BYTES) {
        uint64_t word = 0;
        memcpy(&word, image->pixels + i, size - i < WORD_BYTES ? size - i : WORD_BYTES);
        print = add_word(print, word);
    }
    return add_word(print, image->channels);
}

int sg_fingerprint_compare(const sg_fingerprint *left, const sg_fingerprint *right)
{
    if (left->first != right->first)
        return left->first < right->first ? -1 : 1;
    return (left->second > right->second) - (left->second < right->second);
}

/* Returns the median level of a channel, of a large picture's that of every sixteenth pixel. */
static int median_level(const sg_image *image, size_t channel)
{
    size_t counts[LEVELS] = {0};
    size_t seen = 0;
    size_t below = 0;
    const size_t pixels = image->width * image->height;
    for (size_t i = 0; i<pixels; i += pixels> LARGE_PIXELS ? STEP : 1, seen++)
        counts[image->pixels[i * image->channels + channel]]++;
    for (int level = 0; level < LEVELS; level++) {
        below += counts[level];
        if (2 * below >= seen)
            return level;
    }
    return LEVELS - 1;
}

bool sg_picture_is_blank(const sg_image *image)
{
    int medians[4];
    const size_t pixels = image->width * image->height;
    size_t far = 0;
    for (size_t c = 0; c < image->channels; c++)
        medians[c] = median_level(image, c);
    for (size_t i = 0; i < pixels && 100 * far <= pixels; i++) {
        const uint8_t *pixel = image->pixels + i * image->channels;
        bool near = true;
        for (size_t c = 0; c < image->channels && near; c++)
            near = abs(pixel[c] - medians[c]) <= NEAR_LEVELS;
        far += near ? 0 : 1;
    }
    return 100 * far <= pixels;
}
