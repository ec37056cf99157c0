/* Directions that do not disturb each other, and walks: orth.* and walk.* of editing.safetensors.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "edit/vectors.h"
#include "golden_test/edit_case.h"

/* Reads a tensor; NULL when it is absent. */
static double *read(const edit_case *edit, const char *name)
{
    return case_has(edit->test, name) ? case_values(edit->test, name) : NULL;
}

static void compare_orthogonal(const edit_case *edit)
{
    const sg_stored_tensor *stored = case_find(edit->test, "orth.vectors", NULL);
    double *vectors = read(edit, "orth.vectors");
    const size_t width = stored ? (size_t)stored->size[1] : 0;
    const size_t count = stored ? (size_t)stored->size[0] : 0;
    double *result = malloc((width + 1) * sizeof *result);
    for (size_t k = 1; vectors && result && k < count; k++) {
        char name[EDIT_NAME_BYTES];
        sg_error error = {0};
        snprintf(name, sizeof name, "orth.conditioned_%zu", k);
        if (sg_condition(vectors, vectors + width, k, width, result, &error))
            edit_fail(edit, name, &error);
        else
            edit_compare(edit, name, result, width);
    }
    sg_error error = {0};
    if (vectors && sg_orthonormalise(vectors, count, width, &error))
        edit_fail(edit, "orth.gram_schmidt", &error);
    else if (vectors)
        edit_compare(edit, "orth.gram_schmidt", vectors, count * width);
    free(result);
    free(vectors);
}

/* ---- walks ---- */

/* A walk between the distances -3 and 3, and what is known of it. */
typedef struct walk_case {
    const edit_case *edit;
    const double *start; /* [width] */
    const double *normal;
    size_t width;
} walk_case;

/* Compares the first and the last layer of a code with `rows` equal layers at every distance. */
static void compare_walk(const walk_case *walk, const char *name, size_t rows, size_t kept)
{
    const edit_case *edit = walk->edit;
    const sg_stored_tensor *stored = case_find(edit->test, name, NULL);
    const size_t steps = stored ? (size_t)stored->size[0] : 0;
    const size_t width = walk->width;
    double *start = malloc((rows * width + 1) * sizeof *start);
    double *moved = malloc((rows * width + 1) * sizeof *moved);
    double *found = malloc((steps * kept * width + 1) * sizeof *found);
    for (size_t i = 0; start && i < rows * width; i++)
        start[i] = walk->start[i % width];
    for (size_t k = 0; start && moved && found && k < steps; k++) {
        sg_walk_from_boundary(start, rows, width, walk->normal,
                              -3 + 6.0 * (double)k / (double)(steps - 1), moved);
        for (size_t r = 0; r < kept; r++)
            memcpy(found + (k * kept + r) * width, moved + (r > 0 ? rows - 1 : 0) * width,
                   width * sizeof *found);
    }
    edit_compare(edit, name, found, steps * kept * width);
    free(start);
    free(moved);
    free(found);
}

void run_edit_directions(const edit_case *edit)
{
    double *start = read(edit, "walk.start");
    double *normal = read(edit, "walk.boundary");
    compare_orthogonal(edit);
    if (start && normal) {
        const walk_case walk = {edit, start, normal,
                                case_find(edit->test, "walk.start", NULL)->count};
        compare_walk(&walk, "walk.w", 1, 1);
        compare_walk(&walk, "walk.wplus", edit->inputs, 2);
    }
    free(start);
    free(normal);
}
