/*
 * Lists of numbers:
 *
 *   list = item { "," item }      item = number [ "-" number ]   or, in a list of decimals, number
 *
 * The text is read twice, first to check it and count the numbers, then to store them, so that the
 * size is known and bounded before memory is allocated.
 */
#include "base/number_list.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"

enum { MOST_QUOTED = 40 /* letters of a mistake in a sentence */ };

/* The numbers that a list may hold, and their name in sentences. */
typedef struct list_kind {
    const char *noun;
    uint32_t largest;
} list_kind;

/* A range of numbers, both ends included. */
typedef struct number_range {
    uint32_t first, last;
} number_range;

static const char *skip_blanks(const char *text)
{
    return text + strspn(text, " \t");
}

/* Returns how many letters of the item at `text` a sentence quotes. */
static int quoted_length(const char *text)
{
    const int length = (int)strnlen(text, MOST_QUOTED);
    const int item = (int)strcspn(text, ",");
    return item < length ? item : length;
}

/* ---- whole numbers ---- */

/* Reads digits into *value and moves *at after them; false without digits or above `largest`. */
static bool read_number(const char **at, uint32_t largest, uint32_t *value)
{
    const char *text = *at;
    uint64_t number = 0;
    if (*text < '0' || *text > '9')
        return false;
    for (; *text >= '0' && *text <= '9'; text++) {
        number = number * 10 + (uint64_t)(*text - '0');
        if (number > largest)
            return false;
    }
    *value = (uint32_t)number;
    *at = text;
    return true;
}

/* Reads "4" or "4-6", with blanks around, and moves *at after it. */
static bool read_range(const char **at, uint32_t largest, number_range *range)
{
    const char *text = skip_blanks(*at);
    if (!read_number(&text, largest, &range->first))
        return false;
    range->last = range->first;
    text = skip_blanks(text);
    if (*text == '-') {
        text = skip_blanks(text + 1);
        if (!read_number(&text, largest, &range->last))
            return false;
        text = skip_blanks(text);
    }
    *at = text;
    return true;
}

/* Reads the item at *at and moves *at after its comma; *more is false when there is no comma. */
static sg_status next_range(const char **at, const list_kind *kind, number_range *range, bool *more,
                            sg_error *error)
{
    const char *start = skip_blanks(*at);
    const int length = quoted_length(start);
    if (!read_range(at, kind->largest, range) || (**at != ',' && **at != '\0'))
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"%.*s\" in the list of %s is not a number from 0 to %" PRIu32
                       " or a range of two, FIRST-LAST",
                       length, start, kind->noun, kind->largest);
    if (range->first > range->last)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "the range \"%.*s\" in the list of %s must go from the smaller number to "
                       "the larger",
                       length, start, kind->noun);
    *more = **at == ',';
    *at += *more;
    return SG_OK;
}

static sg_status count_numbers(const char *text, const list_kind *kind, size_t *count,
                               sg_error *error)
{
    uint64_t total = 0;
    bool more = true;
    while (more) {
        number_range range = {0, 0};
        SG_TRY(next_range(&text, kind, &range, &more, error));
        total += (uint64_t)range.last - range.first + 1;
        if (total > SG_LIST_LIMIT)
            return sg_fail(error, SG_ERROR_ARGUMENT, "the list of %s names more than %d %s",
                           kind->noun, SG_LIST_LIMIT, kind->noun);
    }
    *count = (size_t)total;
    return SG_OK;
}

sg_status sg_number_list_parse(const char *text, const char *noun, uint32_t largest,
                               sg_number_list *list, sg_error *error)
{
    const list_kind kind = {noun, largest};
    size_t count = 0;
    *list = (sg_number_list){.text = text};
    if (*skip_blanks(text) == '\0')
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "the list of %s is empty, but must be numbers and ranges such as 0,1,4-6",
                       noun);
    SG_TRY(count_numbers(text, &kind, &count, error));
    list->values = sg_allocate(count, sizeof *list->values);
    if (!list->values)
        return sg_fail_memory(error, "%zu %s", count, noun);
    while (list->count < count) {
        number_range range = {0, 0};
        bool more = false;
        (void)next_range(&text, &kind, &range, &more, NULL);
        for (uint64_t number = range.first; number <= range.last; number++)
            list->values[list->count++] = (uint32_t)number;
    }
    return SG_OK;
}

/* ---- equal numbers ---- */

/* A number and its place in the list. */
typedef struct placed_number {
    double value;
    size_t place;
} placed_number;

static int compare_placed(const void *a, const void *b)
{
    const placed_number *x = a;
    const placed_number *y = b;
    const int order = (x->value > y->value) - (x->value < y->value);
    return order ? order : (x->place > y->place) - (x->place < y->place);
}

sg_status sg_mark_repeated(const double *keys, size_t count, bool **repeated, sg_error *error)
{
    placed_number *numbers = sg_allocate(count, sizeof *numbers);
    *repeated = sg_allocate(count, sizeof **repeated);
    for (size_t i = 0; i < count && numbers && *repeated; i++)
        numbers[i] = (placed_number){keys[i], i};
    if (!numbers || !*repeated) {
        free(numbers);
        free(*repeated);
        *repeated = NULL;
        return sg_fail_memory(error, "%zu numbers", count);
    }
    qsort(numbers, count, sizeof *numbers, compare_placed);
    for (size_t i = 1; i < count; i++)
        (*repeated)[numbers[i].place] = !(numbers[i].value > numbers[i - 1].value);
    free(numbers);
    return SG_OK;
}

sg_status sg_number_list_unite(sg_number_list *list, sg_error *error)
{
    bool *repeated = NULL;
    const size_t count = list->count;
    double *keys = sg_allocate(count, sizeof *keys);
    for (size_t i = 0; i < count && keys; i++)
        keys[i] = list->values[i];
    const sg_status status = keys ? sg_mark_repeated(keys, count, &repeated, error)
                                  : sg_fail_memory(error, "%zu numbers", count);
    list->count = status ? count : 0;
    for (size_t i = 0; i < count && !status; i++)
        if (!repeated[i])
            list->values[list->count++] = list->values[i];
    free(repeated);
    free(keys);
    return status;
}

sg_status sg_decimal_list_unite(sg_decimal_list *list, sg_error *error)
{
    bool *repeated = NULL;
    const size_t count = list->count;
    SG_TRY(sg_mark_repeated(list->values, count, &repeated, error));
    list->count = 0;
    for (size_t i = 0; i < count; i++)
        if (!repeated[i])
            list->values[list->count++] = list->values[i];
    free(repeated);
    return SG_OK;
}

void sg_number_list_clear(sg_number_list *list)
{
    free(list->values);
    *list = (sg_number_list){0};
}

/* ---- decimals ---- */

/* Reads the number at *at and moves *at after its comma; *more is false when there is no comma. */
static sg_status next_decimal(const char **at, const char *noun, double *value, bool *more,
                              sg_error *error)
{
    const char *start = skip_blanks(*at);
    char *end = NULL;
    *value = strtod(start, &end);
    const char *rest = skip_blanks(end);
    if (end == start || (*rest != ',' && *rest != '\0') || !isfinite(*value))
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"%.*s\" in the list of %s is not a finite number such as 0.7",
                       quoted_length(start), start, noun);
    *more = *rest == ',';
    *at = rest + *more;
    return SG_OK;
}

static sg_status count_decimals(const char *text, const char *noun, size_t *count, sg_error *error)
{
    size_t total = 0;
    bool more = true;
    while (more) {
        double value = 0;
        SG_TRY(next_decimal(&text, noun, &value, &more, error));
        if (++total > SG_LIST_LIMIT)
            return sg_fail(error, SG_ERROR_ARGUMENT, "the list of %s names more than %d %s", noun,
                           SG_LIST_LIMIT, noun);
    }
    *count = total;
    return SG_OK;
}

sg_status sg_decimal_list_parse(const char *text, const char *noun, sg_decimal_list *list,
                                sg_error *error)
{
    size_t count = 0;
    *list = (sg_decimal_list){.text = text};
    SG_TRY(count_decimals(text, noun, &count, error));
    list->values = sg_allocate(count, sizeof *list->values);
    if (!list->values)
        return sg_fail_memory(error, "%zu %s", count, noun);
    while (list->count < count) {
        bool more = false;
        (void)next_decimal(&text, noun, &list->values[list->count++], &more, NULL);
    }
    return SG_OK;
}

void sg_decimal_list_clear(sg_decimal_list *list)
{
    free(list->values);
    *list = (sg_decimal_list){0};
}
