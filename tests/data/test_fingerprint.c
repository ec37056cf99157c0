/* Fingerprints change with pictures, labels and names, and with nothing else. */
#include "data/fingerprint.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { COUNT = 5, BYTES = 2 * 3 };

/* A data set in memory. */
typedef struct made {
    uint8_t pixels[COUNT][BYTES];
    int labels[COUNT];
    const char *names[COUNT];
} made;

static sg_status read_made(const void *state, size_t index, uint8_t *pixels, int *label,
                           sg_error *error)
{
    (void)error;
    const made *set = state;
    memcpy(pixels, set->pixels[index], BYTES);
    *label = set->labels[index];
    return SG_OK;
}

static int label_made(const void *state, size_t index)
{
    return ((const made *)state)->labels[index];
}

static void trace_made(const void *state, size_t index, sg_text *text)
{
    sg_text_append(text, "%s", ((const made *)state)->names[index]);
}

static void leave(void *state)
{
    (void)state;
}

static made usual(void)
{
    made set = {.names = {"a", "b", "c", "d", "e"}};
    for (int i = 0; i < COUNT; i++) {
        set.labels[i] = i % 2;
        memset(set.pixels[i], 40 * i, BYTES);
    }
    return set;
}

static void print(made *set, size_t count, size_t labels, char *text)
{
    static const sg_dataset_functions functions = {read_made, label_made, trace_made, leave};
    const sg_dataset_info info = {
        .image_count = count, .height = 2, .width = 3, .channels = 1, .label_count = labels};
    sg_dataset *dataset = NULL;
    assert_int_equal(sg_dataset_create(&functions, set, &info, &dataset, NULL), SG_OK);
    assert_int_equal(sg_dataset_fingerprint(dataset, text, NULL), SG_OK);
    sg_dataset_destroy(dataset);
}

static void what_matters_changes_it(void **state)
{
    char first[SG_FINGERPRINT_BYTES];
    char text[SG_FINGERPRINT_BYTES];
    (void)state;
    made set = usual();
    print(&set, COUNT, 2, first);
    print(&set, COUNT, 2, text);
    assert_string_equal(text, first);
    assert_int_equal(strncmp(first, "5 images of 3x2 with 1 channel, ", 32), 0);
    set.pixels[3][5] ^= 1;
    print(&set, COUNT, 2, text);
    assert_string_not_equal(text, first);
    set = usual();
    set.names[2] = "cc";
    print(&set, COUNT, 2, text);
    assert_string_not_equal(text, first);
    set = usual();
    set.labels[4] = 1;
    print(&set, COUNT, 2, text);
    assert_string_not_equal(text, first);
    print(&set, COUNT - 1, 2, text);
    assert_string_not_equal(text, first);
}

/* Labels that nobody reads are no part of the training. */
static void unread_labels_do_not_matter(void **state)
{
    char first[SG_FINGERPRINT_BYTES];
    char text[SG_FINGERPRINT_BYTES];
    (void)state;
    made set = usual();
    print(&set, COUNT, 0, first);
    set.labels[4] = 1;
    print(&set, COUNT, 0, text);
    assert_string_equal(text, first);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_matters_changes_it),
        cmocka_unit_test(unread_labels_do_not_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
