/* Tensor names that say how a picture or its latents are made. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "golden_test/network_case.h"

/* Moves *at behind `word` when it stands there. */
static bool take_word(const char **at, const char *word)
{
    size_t length = strlen(word);
    bool found = strncmp(*at, word, length) == 0;
    *at += found ? length : 0;
    return found;
}

static bool take_integer(const char **at, const char *word, int *value)
{
    const char *start = *at;
    if (!take_word(at, word))
        return false;
    char *end = NULL;
    long number = strtol(*at, &end, 10);
    if (end == *at || number < 0 || number > 1000) {
        *at = start;
        return false;
    }
    *value = (int)number;
    *at = end;
    return true;
}

static bool take_number(const char **at, const char *word, double *value)
{
    const char *start = *at;
    if (!take_word(at, word))
        return false;
    char *end = NULL;
    *value = strtod(*at, &end);
    if (end == *at) {
        *at = start;
        return false;
    }
    *at = end;
    return true;
}

/* Degrees and shares of the picture, which the matrix in the file has worked in. */
static bool take_transform(const char **at)
{
    double number;
    bool rotated = take_number(at, "_rotate", &number);
    bool moved = take_number(at, "_translate", &number) && take_number(at, "_", &number);
    return rotated || moved;
}

bool variant_parse(const char *suffix, golden_variant *variant)
{
    *variant = (golden_variant){.psi = 1.0, .cutoff = -1, .mix = -1};
    const char *at = suffix;
    if (take_number(&at, "_psi", &variant->psi))
        take_integer(&at, "_cutoff", &variant->cutoff);
    snprintf(variant->ws_name, sizeof variant->ws_name, "ws%.*s", (int)(at - suffix), suffix);
    take_integer(&at, "_mix", &variant->mix);
    snprintf(variant->mix_name, sizeof variant->mix_name, "ws%.*s", (int)(at - suffix), suffix);
    variant->no_noise = take_word(&at, "_noise_none");
    variant->transformed = take_transform(&at);
    return *at == '\0';
}
