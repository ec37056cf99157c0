/* Names of w, and sums; see w_terms.h. */
#include "edit/request/w_terms.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/text.h"
#include "checkpoint/latents/w_file.h"

enum { PATH_BYTES = 4096 };

#define LARGEST_FACTOR 1000.0

/* ---- one w ---- */

void sg_w_term_clear(sg_w_term *term)
{
    free(term->values);
    free(term->path);
    *term = (sg_w_term){0};
}

/* Copies `inputs` rows of `width` numbers, or repeats one. */
static sg_status keep_values(const float *values, bool repeated, size_t inputs, size_t width,
                             sg_w_term *term, sg_error *error)
{
    term->values = sg_allocate(inputs * width, sizeof *term->values);
    if (!term->values)
        return sg_fail_memory(error, "a w");
    for (size_t i = 0; i < inputs * width; i++)
        term->values[i] = values[repeated ? i % width : i];
    return SG_OK;
}

static sg_status read_average(sg_generator *generator, sg_w_term *term, sg_error *error)
{
    const sg_parameter *found =
        sg_parameter_find(sg_generator_parameters(generator), "mapping.w_avg");
    if (!found)
        return sg_fail(error, SG_ERROR_ARGUMENT, "the network has no average w");
    term->average = true;
    return keep_values(sg_f32(found->tensor), true, (size_t)sg_generator_num_ws(generator),
                       (size_t)sg_generator_config_of(generator)->w_dim, term, error);
}

/* Takes the index after the last # of a path, if digits alone follow it. */
static size_t cut_index(char *path)
{
    char *mark = strrchr(path, '#');
    if (!mark || mark[1] == '\0' || mark[1 + strspn(mark + 1, "0123456789")] != '\0')
        return 0;
    *mark = '\0';
    return (size_t)strtoull(mark + 1, NULL, 10);
}

static sg_status read_file(const char *text, sg_generator *generator, sg_w_term *term,
                           sg_error *error)
{
    char path[PATH_BYTES];
    sg_w_set set = {0};
    const size_t inputs = (size_t)sg_generator_num_ws(generator);
    const size_t width = (size_t)sg_generator_config_of(generator)->w_dim;
    if ((size_t)snprintf(path, sizeof path, "%s", text) >= sizeof path)
        return sg_fail(error, SG_ERROR_ARGUMENT, "the path of a w has more than %d bytes",
                       PATH_BYTES);
    const size_t index = cut_index(path);
    SG_TRY(sg_w_file_read(path, inputs, width, &set, error));
    sg_status status = SG_OK;
    if (index >= set.count)
        status = sg_fail(error, SG_ERROR_ARGUMENT,
                         "%s holds %zu w, counted from 0, so none is number %zu", path, set.count,
                         index);
    else
        status = keep_values(sg_w_set_at(&set, index), false, inputs, width, term, error);
    sg_w_set_clear(&set);
    SG_TRY(status);
    term->path = sg_duplicate_text(path);
    if (term->path)
        return SG_OK;
    sg_w_term_clear(term);
    return sg_fail_memory(error, "the path of a w");
}

sg_status sg_w_term_read(const char *text, sg_generator *generator, sg_w_term *term,
                         sg_error *error)
{
    static const char seed[] = "seed:";
    const char *digits = sg_has_prefix(text, seed) ? text + strlen(seed) : text;
    *term = (sg_w_term){.factor = 1};
    snprintf(term->text, sizeof term->text, "%.*s", SG_TERM_TEXT_BYTES - 1, text);
    if (strcmp(text, "average") == 0)
        return read_average(generator, term, error);
    if (digits[0] != '\0' && digits[strspn(digits, "0123456789")] == '\0') {
        errno = 0;
        const unsigned long long number = strtoull(digits, NULL, 10);
        if (errno != 0 || number > UINT32_MAX)
            return sg_fail(error, SG_ERROR_ARGUMENT, "a seed is %s, but must be from 0 to %lu",
                           digits, (unsigned long)UINT32_MAX);
        term->seed = (uint32_t)number;
        return SG_OK;
    }
    if (digits != text || text[0] == '\0' || !strpbrk(text, "./"))
        return sg_fail(
            error, SG_ERROR_ARGUMENT,
            "\"%s\" is no w: a seed is seed:4, a file photo.npz or photos.npz#2, and the "
            "average w is average",
            text);
    return read_file(text, generator, term, error);
}

/* ---- sums ---- */

static const char *skip_blanks(const char *at)
{
    while (isspace((unsigned char)*at))
        at++;
    return at;
}

/* Returns the length of the w at the start: a seed ends with its digits, a file at a blank. */
static size_t length_of_name(const char *at)
{
    static const char seed[] = "seed:";
    const size_t start = sg_has_prefix(at, seed) ? strlen(seed) : 0;
    const size_t digits = strspn(at + start, "0123456789");
    const char next = at[start + digits];
    if (digits > 0 && (next == '\0' || strchr(" \t+-", next)))
        return start + digits;
    return strcspn(at, " \t");
}

/* Reads "0.5*" at *at, if there is a number before an asterisk. */
static double read_factor(const char **at)
{
    char *end = NULL;
    const double number = strtod(*at, &end);
    const char *star = end > *at ? skip_blanks(end) : *at;
    if (end == *at || *star != '*')
        return 1;
    *at = skip_blanks(star + 1);
    return number;
}

/* Reads the sign before a term; the first one needs none. */
static sg_status read_sign(const char **at, bool first, double *sign, sg_error *error)
{
    *sign = **at == '-' ? -1 : 1;
    if (**at == '-' || **at == '+')
        *at = skip_blanks(*at + 1);
    else if (!first)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "a sum of w has a plus or a minus before \"%.40s\", as in "
                       "\"seed:1 - seed:2 + 0.5*seed:3\"",
                       *at);
    return SG_OK;
}

sg_status sg_w_terms_read(const char *text, sg_generator *generator, sg_w_term *terms,
                          size_t *count, sg_error *error)
{
    const char *at = skip_blanks(text);
    *count = 0;
    if (*at == '\0')
        return sg_fail(error, SG_ERROR_ARGUMENT, "a sum of w is empty");
    for (; *at; at = skip_blanks(at)) {
        char name[PATH_BYTES];
        double sign = 1;
        SG_TRY(read_sign(&at, *count == 0, &sign, error));
        const double factor = sign * read_factor(&at);
        const size_t length = length_of_name(at);
        if (*count == SG_MOST_TERMS)
            return sg_fail(error, SG_ERROR_ARGUMENT, "a sum of w has more than %d terms",
                           SG_MOST_TERMS);
        if (!(fabs(factor) <= LARGEST_FACTOR))
            return sg_fail(error, SG_ERROR_ARGUMENT,
                           "a factor of a sum of w is %g, but must be from %g to %g", factor,
                           -LARGEST_FACTOR, LARGEST_FACTOR);
        if (length >= sizeof name)
            return sg_fail(error, SG_ERROR_ARGUMENT, "the path of a w has more than %d bytes",
                           PATH_BYTES);
        memcpy(name, at, length);
        name[length] = '\0';
        SG_TRY(sg_w_term_read(name, generator, &terms[*count], error));
        terms[(*count)++].factor = factor;
        at += length;
    }
    return SG_OK;
}
