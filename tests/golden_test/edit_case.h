/* Cases of editing and blending: editing.safetensors, blending.safetensors. */
#ifndef GOLDEN_TEST_EDIT_CASE_H
#define GOLDEN_TEST_EDIT_CASE_H

#include "edit/style_space.h"
#include "golden_test/golden_case.h"
#include "models/generator.h"

enum { EDIT_NAME_BYTES = 200, EDIT_MOST_PICTURES = 16 };

/* A case with its network in double and in single precision. */
typedef struct edit_case {
    golden_case *test;
    sg_generator *generators[2]; /* double, single */
    double *ws; /* [ws_count, inputs, width]: the "ws" beside the network; or NULL */
    size_t ws_count, inputs, width;
} edit_case;

/* Loads the network and its "ws"; false, with a report for `group`, when it is not there. */
bool edit_open(golden_case *test, const char *group, edit_case *edit);
void edit_close(edit_case *edit);

/* Returns the number that a tensor holds; 0 when it is absent. */
double edit_number(const edit_case *edit, const char *name);

/* Compares numbers with the tensor of that name, if the file has it: to 1e-9 where it is F64, to
 * 1e-6 where F32. NULL values are a failure. */
void edit_compare(const edit_case *edit, const char *name, const double *values, size_t count);

/* Compares the pictures of ws [count, inputs, width], in both precisions, with the tensor of that
 * name [count, C, H, W] or [C, H, W], if the file has it. */
void edit_compare_pictures(const edit_case *edit, const char *name, const double *ws, size_t count);

/* Reports what the library says as a group's failure. */
void edit_fail(const edit_case *edit, const char *group, const sg_error *error);

/* The parts of editing.safetensors. */
void run_edit_styles(const edit_case *edit);
void run_edit_mixes(const edit_case *edit);
void run_edit_directions(const edit_case *edit);
void run_edit_centres(const edit_case *edit);

/* The files. */
void run_editing(golden_case *test);
void run_blending(golden_case *test);

#endif
