/*
 * Rules of training against expected values: adaptive augmentation, moving average, lazy
 * regularisation, presets, gradients that are not finite, blur, subsets.
 */
#include "golden_test/training_case.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/kinds/subset_dataset.h"
#include "ops/layout.h"
#include "optim/ema.h"
#include "optim/gradients.h"
#include "train/losses/blur.h"
#include "train/options/preset_resolve.h"
#include "train/step/ada.h"
#include "train/step/trainer_state.h"

enum { NAME_BYTES = 200 };

static const double double_tolerance = 1e-9;
static const double single_tolerance = 1e-6;

/* Names of the tensors of one group: "ada.scratch" and a part, "settings". */
typedef struct group_values {
    double *values;
    size_t count;
} group_values;

static group_values read_part(golden_case *test, const char *group, const char *part)
{
    char name[NAME_BYTES];
    snprintf(name, sizeof name, "%s.%s", group, part);
    const sg_stored_tensor *stored = case_find(test, name, NULL);
    return (group_values){case_values(test, name), stored ? (size_t)stored->count : 0};
}

static void compare_list(golden_case *test, const char *group, const char *part,
                         const double *found, const group_values *expected, double tolerance)
{
    char name[NAME_BYTES];
    snprintf(name, sizeof name, "%s%s%s", group, *part ? "." : "", part);
    if (expected->values && expected->count > 0)
        report_error(test->report, test->name, name,
                     relative_error(found, expected->values, expected->count, 0), tolerance, NULL);
    else
        case_fail(test, name);
}

/* ---- ada.TAG ---- */

static void add_scores(golden_case *test, sg_ada *ada, const double *values, size_t count)
{
    size_t scope = sg_scope_open(test->context);
    sg_tensor *scores = sg_tensor_create(test->context, SG_F32, SG_SHAPE((int64_t)count, 1));
    for (size_t i = 0; scores && i < count; i++)
        sg_tensor_set_value(scores, (int64_t)i, values[i]);
    sg_ada_add_scores(ada, scores);
    sg_scope_close(test->context, scope, NULL);
}

/* Replays the scores; r_t and p get a value for each adjustment. */
static void replay(golden_case *test, const double *settings, const group_values *main,
                   const group_values *reg, double *r_t, double *p, size_t adjustments)
{
    const size_t batch = (size_t)settings[0];
    const size_t interval = (size_t)settings[1];
    const size_t reg_interval = (size_t)settings[2];
    sg_ada ada = {.p = (float)settings[5]};
    for (size_t i = 0; i < adjustments * interval && (i + 1) * batch <= main->count; i++) {
        add_scores(test, &ada, main->values + i * batch, batch);
        if (i % reg_interval == 0 && (i / reg_interval + 1) * batch <= reg->count)
            add_scores(test, &ada, reg->values + i / reg_interval * batch, batch);
        if ((i + 1) % interval != 0)
            continue;
        r_t[i / interval] = (double)ada.sign_sum / (double)ada.scores;
        sg_ada_adjust(&ada, settings[4], (double)(batch * interval), settings[3]);
        p[i / interval] = (double)ada.p;
    }
}

static void run_ada(golden_case *test, const char *group)
{
    const group_values settings = read_part(test, group, "settings");
    const group_values main = read_part(test, group, "logits_main");
    const group_values reg = read_part(test, group, "logits_reg");
    const group_values r_t = read_part(test, group, "r_t");
    const group_values p = read_part(test, group, "p");
    double *found = calloc(2 * p.count + 1, sizeof *found);
    if (found && settings.count == 6 && main.values && reg.values && r_t.count == p.count) {
        replay(test, settings.values, &main, &reg, found, found + p.count, p.count);
        compare_list(test, group, "r_t", found, &r_t, double_tolerance);
        compare_list(test, group, "p", found + p.count, &p, double_tolerance);
    } else {
        case_fail(test, group);
    }
    free(found);
    free(settings.values);
    free(main.values);
    free(reg.values);
    free(r_t.values);
    free(p.values);
}

/* ---- ema.TAG ---- */

static void run_decay(golden_case *test, const char *group)
{
    const group_values settings = read_part(test, group, "settings");
    const group_values beta = read_part(test, group, "beta");
    double *found = calloc(beta.count + 1, sizeof *found);
    for (size_t i = 0; found && settings.count == 3 && i < beta.count; i++)
        found[i] = sg_ema_decay(settings.values[0], settings.values[1],
                                settings.values[2] > 0 ? settings.values[2] : 0,
                                settings.values[0] * (double)i);
    compare_list(test, group, "beta", found ? found : beta.values, &beta, double_tolerance);
    free(found);
    free(settings.values);
    free(beta.values);
}

/* Makes a set of one trainable tensor of these values. */
static bool make_set(golden_case *test, const double *values, size_t count, sg_parameter_set *set)
{
    sg_parameter_set_init(set, test->context, SG_F32, 0);
    sg_tensor *tensor = sg_parameter_add(set, "", "a", SG_SHAPE((int64_t)count), true,
                                         (sg_initial){SG_INITIAL_CONSTANT, 0});
    for (size_t i = 0; tensor && i < count; i++)
        sg_tensor_set_value(tensor, (int64_t)i, values[i]);
    return tensor;
}

/* Returns the decay that a step had, by least squares. */
static double decay_of(const double *before, const double *current, const double *after,
                       size_t count)
{
    double product = 0;
    double square = 0;
    for (size_t i = 0; i < count; i++) {
        product += (after[i] - current[i]) * (before[i] - current[i]);
        square += pow(before[i] - current[i], 2);
    }
    return product / square;
}

static void run_average(golden_case *test)
{
    const group_values g = read_part(test, "ema.lerp", "g");
    group_values average = read_part(test, "ema.lerp", "start");
    const size_t count = average.count;
    for (size_t step = 0; count > 0 && average.values && (step + 1) * count <= g.count; step++) {
        char part[32];
        sg_parameter_set current;
        sg_parameter_set moved;
        snprintf(part, sizeof part, "after%zu", step);
        const double *values = g.values + step * count;
        const group_values after = read_part(test, "ema.lerp", part);
        const bool made_current = make_set(test, values, count, &current);
        const bool made_moved = make_set(test, average.values, count, &moved);
        if (made_current && made_moved && after.count == count) {
            sg_ema_update(&moved, &current, decay_of(average.values, values, after.values, count));
            double *found = tensor_values(moved.items[0].tensor);
            compare_list(test, "ema.lerp", part, found, &after, single_tolerance);
            free(found);
        } else {
            case_fail(test, "ema.lerp");
        }
        sg_parameter_set_clear(&current);
        sg_parameter_set_clear(&moved);
        free(average.values);
        average = after;
    }
    free(average.values);
    free(g.values);
}

static void run_ema(golden_case *test, const char *group)
{
    if (strcmp(group, "ema.lerp") == 0)
        run_average(test);
    else
        run_decay(test, group);
}

/* ---- blur.K ---- */

/* Returns the sum over rows of a blurred dot: the taps in one axis. */
static double *taps_of(golden_case *test, double sigma, size_t count)
{
    const int64_t side = (int64_t)count;
    double *taps = calloc(count + 1, sizeof *taps);
    sg_tensor *dot = sg_tensor_full(test->context, SG_F32, SG_SHAPE(1, side, side, 1), 0);
    if (dot)
        sg_tensor_set_value(dot, side / 2 * side + side / 2, 1);
    const sg_tensor *blurred = sg_blur(dot, sigma);
    for (int64_t i = 0; taps && blurred && i < side * side; i++)
        taps[i % side] += sg_tensor_value(blurred, i);
    return taps;
}

/* Returns how far from the middle a dot is blurred. */
static double reach_of(golden_case *test, double sigma)
{
    const size_t middle = (size_t)(4 * sigma) + 4;
    double *taps = taps_of(test, sigma, 2 * middle + 1);
    size_t reach = middle;
    while (taps && reach > 0 && taps[middle + reach] == 0)
        reach--;
    free(taps);
    return (double)reach;
}

static void run_blur(golden_case *test, const char *group)
{
    char name[NAME_BYTES];
    if (strcmp(group, "blur.x") == 0)
        return;
    size_t scope = sg_scope_open(test->context);
    const group_values sigma = read_part(test, group, "sigma");
    snprintf(name, sizeof name, "%s.half_width", group);
    if (sigma.count == 1)
        case_compare_number(test, name, name, reach_of(test, sigma.values[0]), double_tolerance);
    else
        case_fail(test, group);
    snprintf(name, sizeof name, "%s.filter", group);
    if (sigma.count == 1 && case_has(test, name)) {
        const group_values filter = read_part(test, group, "filter");
        double *taps = taps_of(test, sigma.values[0], filter.count);
        compare_list(test, group, "filter", taps, &filter, single_tolerance);
        free(filter.values);
        free(taps);
    }
    snprintf(name, sizeof name, "%s.y", group);
    if (sigma.count == 1 && case_has(test, name))
        case_compare_pictures(test, name, name,
                              sg_blur(case_pictures(test, "blur.x"), sigma.values[0]),
                              single_tolerance);
    sg_scope_close(test->context, scope, NULL);
    free(sigma.values);
}

/* ---- lazy.G, lazy.D ---- */

/* Interval, share, rate and betas of StyleGAN2's optimisers. */
static void run_lazy(golden_case *test, const char *group)
{
    const sg_trainer_options o = sg_trainer_options_default();
    const group_values expected = {case_values(test, group),
                                   (size_t)case_find(test, group, NULL)->count};
    const int interval = expected.count == 5 ? (int)expected.values[0] : 0;
    const double share = sg_lazy_share(interval);
    const double found[] = {interval, share, share * o.g_rate, pow(o.beta1, share),
                            pow(o.beta2, share)};
    if (expected.count == 5)
        compare_list(test, group, "", found, &expected, double_tolerance);
    else
        case_fail(test, group);
    free(expected.values);
}

/* ---- auto_preset ---- */

/* Compares one row: resolution, processors, batch, group, width, rate, gamma, half-life. Networks
 * have one processor here, so that the batch of more is given. */
static bool resolve_row(const double *row, double *found)
{
    const sg_preset *preset = sg_preset_find("auto");
    sg_run_options options = {.cfg = (int)(preset - sg_presets), .trainer.batch = (int)row[2]};
    sg_given given = {0};
    if (row[1] > 1)
        sg_given_set_at(&sg_training_table, &given, offsetof(sg_run_options, trainer.batch));
    if (sg_preset_resolve(&options, &given, (int)row[0], &options, NULL))
        return false;
    const sg_trainer_options *o = &options.trainer;
    const double values[] = {row[0],
                             row[1],
                             o->batch,
                             o->discriminator.mbstd_group_size,
                             o->generator.channel_base / 32768.0,
                             o->g_rate,
                             o->gamma,
                             o->ema_kimg};
    memcpy(found, values, sizeof values);
    return true;
}

static void run_preset(golden_case *test, const char *group)
{
    enum { COLUMNS = 8 };
    const group_values rows = {case_values(test, group),
                               (size_t)case_find(test, group, NULL)->count};
    double *found = calloc(rows.count + 1, sizeof *found);
    bool resolved = found && rows.values && rows.count % COLUMNS == 0;
    for (size_t i = 0; resolved && i < rows.count; i += COLUMNS)
        resolved = resolve_row(rows.values + i, found + i);
    if (resolved)
        compare_list(test, group, "", found, &rows, double_tolerance);
    else
        report_failure(test->report, test->name, group, "the preset cannot be resolved");
    free(found);
    free(rows.values);
}

/* ---- nan_to_num ---- */

static void run_finite(golden_case *test, const char *group)
{
    static const double inputs[] = {1, (double)NAN, (double)INFINITY, (double)-INFINITY, 2e6, -3};
    sg_trainable_list list = {0};
    sg_parameter_set set;
    const group_values expected = read_part(test, group, "out");
    if (make_set(test, inputs, 6, &set) && sg_trainable_list_make(&list, &set) &&
        expected.count == 6) {
        list.gradients[0] = set.items[0].tensor;
        sg_tensor_retain(list.gradients[0]);
        sg_gradient_make_finite(&list);
        double *found = tensor_values(list.gradients[0]);
        compare_list(test, group, "out", found, &expected, double_tolerance);
        free(found);
    } else {
        case_fail(test, group);
    }
    sg_trainable_list_clear(&list);
    sg_parameter_set_clear(&set);
    free(expected.values);
}

/* ---- subset.K_of_N_seedS ---- */

static sg_status read_nothing(const void *state, size_t index, uint8_t *pixels, int *label,
                              sg_error *error)
{
    (void)state;
    (void)pixels;
    (void)error;
    *label = (int)index;
    return SG_OK;
}

static void keep(void *state)
{
    (void)state;
}

/* Chooses from pictures whose labels are their numbers. */
static void run_subset(golden_case *test, const char *group)
{
    static const sg_dataset_functions functions = {.read = read_nothing, .destroy = keep};
    int kept = 0;
    int total = 0;
    int seed = 0;
    sg_dataset *all = NULL;
    sg_dataset *subset = NULL;
    const group_values expected = {case_values(test, group),
                                   (size_t)case_find(test, group, NULL)->count};
    const bool known = sscanf(group, "subset.%d_of_%d_seed%d", &kept, &total, &seed) == 3 &&
                       expected.count == (size_t)kept;
    const sg_dataset_info info = {.image_count = (size_t)total,
                                  .height = 1,
                                  .width = 1,
                                  .channels = 1,
                                  .label_count = (size_t)total};
    double *found = calloc(expected.count + 1, sizeof *found);
    if (known && found && !sg_dataset_create(&functions, test, &info, &all, NULL) &&
        !sg_dataset_choose(all, (size_t)kept, false, (uint64_t)seed, &subset, NULL)) {
        for (size_t i = 0; i < expected.count; i++) {
            int label = -1;
            sg_dataset_label(subset, i, &label, NULL);
            found[i] = label;
        }
        compare_list(test, group, "", found, &expected, double_tolerance);
    } else {
        report_failure(test->report, test->name, group, "the subset cannot be chosen");
    }
    sg_dataset_destroy(subset);
    free(found);
    free(expected.values);
}

/* ---- all of it ---- */

static void skip_sampler(golden_case *test, const char *group)
{
    report_skip(test->report, test->name, group, "the loader has an order of its own");
}

static void run_labels(golden_case *test, const char *group)
{
    (void)group;
    run_training_labels(test);
}

/* What a group's name begins with, how many of its parts name the group, and what compares it. */
static const struct group_row {
    const char *start;
    int parts;
    void (*run)(golden_case *test, const char *group);
} rows[] = {
    {"ada.", 2, run_ada},       {"ema.", 2, run_ema},           {"blur.", 2, run_blur},
    {"lazy.", 2, run_lazy},     {"auto_preset", 1, run_preset}, {"nan_to_num", 1, run_finite},
    {"subset.", 2, run_subset}, {"sampler.", 2, skip_sampler},  {"cond.", 1, run_labels},
};

/* Cuts a tensor's name after so many parts. */
static void cut_name(const char *name, int parts, char *group)
{
    snprintf(group, NAME_BYTES, "%s", name);
    for (char *at = group; *at; at++)
        if (*at == '.' && --parts == 0)
            *at-- = '\0';
}

/* Whether the group of this tensor has been compared at an earlier one. */
static bool is_known(const golden_case *test, size_t index, int parts, const char *group)
{
    char other[NAME_BYTES];
    for (size_t i = 0; i < index; i++) {
        cut_name(sg_safetensors_at(test->expected, i)->name, parts, other);
        if (strcmp(other, group) == 0)
            return true;
    }
    return false;
}

void run_training(golden_case *test)
{
    for (size_t i = 0; i < sg_safetensors_count(test->expected); i++) {
        char group[NAME_BYTES];
        const char *name = sg_safetensors_at(test->expected, i)->name;
        const struct group_row *row = NULL;
        for (size_t k = 0; !row && k < sizeof rows / sizeof rows[0]; k++)
            if (strncmp(name, rows[k].start, strlen(rows[k].start)) == 0)
                row = &rows[k];
        cut_name(name, row ? row->parts : 1, group);
        if (is_known(test, i, row ? row->parts : 1, group))
            continue;
        if (row)
            row->run(test, group);
        else
            report_skip(test->report, test->name, group, "how this tensor was made is not known");
    }
}
