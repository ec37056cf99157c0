/*
 * Labels of sheets; see sheet_labels.h.
 * Tested by: tests/train/run/test_sheets.c
 */
#include "train/run/sheet_labels.h"

#include <stdio.h>
#include <string.h>

#include "base/allocate.h"

/* Returns the squared distance of two labels. */
static double distance(const float *left, const float *right, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += ((double)left[i] - (double)right[i]) * ((double)left[i] - (double)right[i]);
    return sum;
}

float *sg_sheet_labels(const sg_dataset *dataset, int rows)
{
    const sg_dataset_info info = sg_dataset_info_of(dataset);
    const size_t width = info.label_count;
    float *labels = sg_allocate((size_t)rows, width * sizeof *labels);
    size_t chosen = 0;
    for (size_t i = 0; i < info.image_count && chosen < (size_t)rows && labels; i++) {
        int label = -1;
        bool is_new = !sg_dataset_label(dataset, i, &label, NULL) && label >= 0;
        const float *values = info.label_values + (is_new ? (size_t)label : 0) * width;
        for (size_t j = 0; j < chosen && is_new; j++)
            is_new = distance(labels + j * width, values, width) > 0;
        if (is_new)
            memcpy(labels + chosen++ * width, values, width * sizeof *values);
    }
    for (; chosen > 0 && chosen < (size_t)rows && labels; chosen++)
        memcpy(labels + chosen * width, labels + (chosen - 1) * width, width * sizeof *labels);
    return labels;
}

/* Returns the class of a row; -1 for any class. */
static int row_class(const sg_sheet *sheet, int row)
{
    return sheet->classes ? row % sheet->classes : -1;
}

const char *sg_sheet_row_name(const sg_sheet *sheet, int row, char *text, size_t size)
{
    size_t length = 0;
    if (!sheet->classes)
        return NULL;
    if (!sheet->labels)
        snprintf(text, size, "class %d", row_class(sheet, row));
    for (int i = 0; i < sheet->classes && sheet->labels; i++) {
        char number[32];
        const int digits = snprintf(number, sizeof number, "%s%.3g", i == 0 ? "" : " ",
                                    (double)sheet->labels[row * sheet->classes + i]);
        if (length + (size_t)digits + sizeof " ..." > size) {
            snprintf(text + length, size - length, " ...");
            break;
        }
        memcpy(text + length, number, (size_t)digits + 1);
        length += (size_t)digits;
    }
    return text;
}

void sg_sheet_fill_label(const sg_sheet *sheet, int row, int c_dim, float *values)
{
    if (sheet->labels)
        memcpy(values, sheet->labels + row * c_dim, (size_t)c_dim * sizeof *values);
    else if (sheet->classes)
        values[row_class(sheet, row)] = 1;
}

/* Chooses the pictures whose labels are nearest to those of the row, the first of equal ones. */
static void choose_nearest(const sg_sheet *sheet, const sg_dataset *dataset, int row,
                           size_t *indices, size_t *count)
{
    const sg_dataset_info info = sg_dataset_info_of(dataset);
    const size_t columns = (size_t)sheet->columns;
    double distances[SG_SHEET_COLUMNS];
    for (size_t i = 0; i < info.image_count; i++) {
        int label = -1;
        if (sg_dataset_label(dataset, i, &label, NULL) || label < 0)
            continue;
        const double found =
            distance(sheet->labels + row * sheet->classes,
                     info.label_values + (size_t)label * info.label_count, info.label_count);
        size_t place = *count;
        for (; place > 0 && found < distances[place - 1]; place--)
            if (place < columns) {
                distances[place] = distances[place - 1];
                indices[place] = indices[place - 1];
            }
        if (place == columns)
            continue;
        distances[place] = found;
        indices[place] = i;
        *count += *count < columns ? 1 : 0;
    }
}

sg_status sg_sheet_choose_reals(const sg_sheet *sheet, const sg_dataset *dataset, int row,
                                size_t *indices, size_t *count, sg_error *error)
{
    const size_t images = sg_dataset_info_of(dataset).image_count;
    const size_t columns = (size_t)sheet->columns;
    *count = 0;
    if (sheet->labels) {
        choose_nearest(sheet, dataset, row, indices, count);
        return SG_OK;
    }
    for (size_t i = sheet->classes ? 0 : (size_t)row * columns; i < images && *count < columns;
         i++) {
        int label = -1;
        if (sheet->classes)
            SG_TRY(sg_dataset_label(dataset, i, &label, error));
        if (label == row_class(sheet, row))
            indices[(*count)++] = i;
    }
    return SG_OK;
}
