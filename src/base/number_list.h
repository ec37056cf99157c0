/* Lists of numbers in texts: seeds and classes ("0,1,4-6"), decimals ("0,0.5,1"). */
#ifndef SG_BASE_NUMBER_LIST_H
#define SG_BASE_NUMBER_LIST_H

#include <stdbool.h>

#include "base/error.h"

/* The most numbers of a list. */
enum { SG_LIST_LIMIT = 1000000 };

/* Whole numbers in the order of the text; zero it before use, clear it after. */
typedef struct sg_number_list {
    uint32_t *values; /* on the heap, owned by the list */
    size_t count;
    const char *text; /* what was read, borrowed */
} sg_number_list;

/* Finite numbers in the order of the text; zero it before use, clear it after. */
typedef struct sg_decimal_list {
    double *values; /* on the heap, owned by the list */
    size_t count;
    const char *text; /* what was read, borrowed */
} sg_decimal_list;

/*
 * Reads numbers from 0 to `largest` and ascending ranges (both ends included) separated by commas,
 * such as "0,1,4-6"; blanks around them are allowed, and a number may occur more than once. `noun`
 * names the list's content in sentences, such as "seeds". Fails with SG_ERROR_ARGUMENT and a
 * sentence that quotes the mistake, or with SG_ERROR_MEMORY; the list is empty then.
 */
sg_status sg_number_list_parse(const char *text, const char *noun, uint32_t largest,
                               sg_number_list *list, sg_error *error);

/* Reads finite numbers of any sign in the same way, such as "-0.5,0,1", without ranges. */
sg_status sg_decimal_list_parse(const char *text, const char *noun, sg_decimal_list *list,
                                sg_error *error);

/*
 * Tells which of `count` finite keys an equal one precedes: *repeated [count] on the heap, which
 * the caller frees. Fails with SG_ERROR_MEMORY.
 */
sg_status sg_mark_repeated(const double *keys, size_t count, bool **repeated, sg_error *error);

/* Keep the first of equal numbers, in the order of the list. Fail with SG_ERROR_MEMORY. */
sg_status sg_number_list_unite(sg_number_list *list, sg_error *error);
sg_status sg_decimal_list_unite(sg_decimal_list *list, sg_error *error);

/* Frees the numbers and empties the list. */
void sg_number_list_clear(sg_number_list *list);
void sg_decimal_list_clear(sg_decimal_list *list);

#endif
