/*
 * Label files of picture collections, without the archive around them. The input's first byte says
 * whether the rest is dataset.json or a CSV file.
 */
#include <stdlib.h>

#include "data/labels/label_list.h"
#include "data/sources/picture_labels.h"
#include "fuzz/fuzz.h"

static char *names[] = {"a.png", "b/00.png", "c/img00000001.png"};

enum { COUNT = sizeof names / sizeof names[0] };

static void check_labels(const sg_picture_source *source)
{
    for (size_t i = 0; i < source->count; i++) {
        const int label = source->pictures[i].label;
        if (label < -1 || (label >= 0 && (size_t)label >= source->label_rows))
            abort();
    }
    if (source->label_count > SG_LARGEST_LABEL + 1)
        abort();
    for (size_t i = 0; i < source->label_count && source->label_names; i++)
        if (!source->label_names[i])
            abort();
}

static void clear(sg_picture_source *source)
{
    for (size_t i = 0; i < source->label_count && source->label_names; i++)
        free(source->label_names[i]);
    free(source->label_names);
    free(source->label_values);
    free(source->label_file);
    sg_text_clear(&source->notes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    sg_picture pictures[COUNT];
    for (size_t i = 0; i < COUNT; i++)
        pictures[i] = (sg_picture){.name = names[i], .entry = i, .label = -1};
    sg_picture_source source = {.path = "set.zip", .pictures = pictures, .count = COUNT};
    bool labelled = false;
    sg_error error = {0};
    fuzz_check(sg_label_from_file(&source, data[0] == 'j' ? "dataset.json" : "labels.csv",
                                  data[0] != 'o', data + 1, size - 1, &labelled, &error),
               &error);
    check_labels(&source);
    clear(&source);
    return 0;
}
