/* Mixed and added w: mix.*, arith.* and edit.* of editing.safetensors. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number_list.h"
#include "edit/vectors.h"
#include "golden_test/edit_case.h"

enum { ROWS = 3 };
#define MIX_PSI 0.7
#define SOFT_SHARE 0.4
#define EDIT_AMOUNT 1.5

/* The w of the seeds, in every input: [ROWS, inputs, width]. */
typedef struct mix_case {
    const edit_case *edit;
    double *ws;
    size_t size; /* of one row */
} mix_case;

/* Computes the truncated w of every seed; false on failure. */
static bool map_seeds(const mix_case *mix, const double *seeds)
{
    const sg_style_label none = {0};
    bool mapped = true;
    for (size_t n = 0; n < ROWS && mapped; n++) {
        sg_numpy_random random;
        const size_t scope = sg_scope_open(mix->edit->test->context);
        sg_numpy_random_seed(&random, (uint32_t)seeds[n]);
        const sg_tensor *ws = sg_random_codes(mix->edit->generators[0], &random, 1, none, MIX_PSI);
        for (size_t i = 0; ws && i < mix->size; i++)
            mix->ws[n * mix->size + i] = sg_tensor_value(ws, (int64_t)i);
        mapped = ws != NULL;
        sg_scope_close(mix->edit->test->context, scope, NULL);
    }
    return mapped;
}

/* Chooses the inputs of a list, "1,4,7", of which the network has some. */
static bool choose(const edit_case *edit, const char *text, bool *chosen)
{
    sg_number_list list = {0};
    const bool parsed = !sg_number_list_parse(text, "layers", 1000, &list, NULL);
    memset(chosen, 0, edit->inputs * sizeof *chosen);
    for (size_t i = 0; i < list.count; i++)
        if (list.values[i] < edit->inputs)
            chosen[list.values[i]] = true;
    sg_number_list_clear(&list);
    return parsed;
}

/* Compares row 0 with the chosen inputs of row `from`, and of row 2 for those of `more`. */
static void compare_mix(const mix_case *mix, const char *name, const char *list, const char *more,
                        double share, bool *chosen)
{
    const edit_case *edit = mix->edit;
    double *ws = malloc((mix->size + 1) * sizeof *ws);
    bool known = ws && choose(edit, list, chosen);
    if (known) {
        memcpy(ws, mix->ws, mix->size * sizeof *ws);
        sg_mix_rows(ws, mix->ws + mix->size, edit->inputs, edit->width, chosen, share);
    }
    if (known && more) {
        known = choose(edit, more, chosen);
        sg_mix_rows(ws, mix->ws + 2 * mix->size, edit->inputs, edit->width, chosen, 1);
    }
    if (known)
        edit_compare_pictures(edit, name, ws, 1);
    else
        report_skip(edit->test->report, edit->test->name, name, "how it was mixed is not known");
    free(ws);
}

static void compare_mixes(const mix_case *mix, bool *chosen)
{
    static const char prefix[] = "mix.img.";
    golden_case *test = mix->edit->test;
    for (size_t i = 0; i < sg_safetensors_count(test->expected); i++) {
        const char *name = sg_safetensors_at(test->expected, i)->name;
        if (strncmp(name, prefix, strlen(prefix)) != 0)
            continue;
        const char *what = name + strlen(prefix);
        if (strcmp(what, "three") == 0)
            compare_mix(mix, name, "3-5", "6-1000", 1, chosen);
        else if (strcmp(what, "soft") == 0)
            compare_mix(mix, name, "2-5", NULL, SOFT_SHARE, chosen);
        else
            compare_mix(mix, name, what, NULL, 1, chosen);
    }
}

/* Row 0 - row 1 + row 2. */
static void compare_sum(const mix_case *mix)
{
    const edit_case *edit = mix->edit;
    double *ws = malloc((mix->size + 1) * sizeof *ws);
    if (ws) {
        memcpy(ws, mix->ws, mix->size * sizeof *ws);
        sg_move_rows(ws, edit->inputs, edit->width, NULL, mix->ws + mix->size, true, -1);
        sg_move_rows(ws, edit->inputs, edit->width, NULL, mix->ws + 2 * mix->size, true, 1);
        edit_compare(edit, "arith.w", ws, edit->width);
        edit_compare_pictures(edit, "arith.img", ws, 1);
    }
    free(ws);
}

/* "edit.img.layers2-4": row 0 moved along the first of orth.vectors. */
static void compare_moves(const mix_case *mix, bool *chosen)
{
    static const char prefix[] = "edit.img.layers";
    const edit_case *edit = mix->edit;
    const sg_stored_tensor *stored = case_first(edit->test, prefix);
    double *vectors =
        case_has(edit->test, "orth.vectors") ? case_values(edit->test, "orth.vectors") : NULL;
    double *ws = malloc((mix->size + 1) * sizeof *ws);
    if (stored && vectors && ws && choose(edit, stored->name + strlen(prefix), chosen)) {
        memcpy(ws, mix->ws, mix->size * sizeof *ws);
        sg_move_rows(ws, edit->inputs, edit->width, chosen, vectors, false, EDIT_AMOUNT);
        edit_compare_pictures(edit, stored->name, ws, 1);
    } else if (stored) {
        report_skip(edit->test->report, edit->test->name, stored->name, "orth.vectors is absent");
    }
    free(vectors);
    free(ws);
}

void run_edit_mixes(const edit_case *edit)
{
    mix_case mix = {.edit = edit, .size = edit->inputs * edit->width};
    double *seeds = case_has(edit->test, "mix.seeds") ? case_values(edit->test, "mix.seeds") : NULL;
    double *w = malloc((ROWS * edit->width + 1) * sizeof *w);
    bool *chosen = malloc((edit->inputs + 1) * sizeof *chosen);
    mix.ws = malloc((ROWS * mix.size + 1) * sizeof *mix.ws);
    if (seeds && w && chosen && mix.ws && map_seeds(&mix, seeds)) {
        for (size_t n = 0; n < ROWS; n++)
            memcpy(w + n * edit->width, mix.ws + n * mix.size, edit->width * sizeof *w);
        edit_compare(edit, "mix.w", w, ROWS * edit->width);
        compare_mixes(&mix, chosen);
        compare_sum(&mix);
        compare_moves(&mix, chosen);
    } else if (case_first(edit->test, "mix.")) {
        case_fail(edit->test, "mix");
    }
    free(seeds);
    free(w);
    free(chosen);
    free(mix.ws);
}
