/* Formulas on stored features, logits, distances and latents; see metric_case.h. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "golden_test/metric_case.h"
#include "latent/interpolation.h"
#include "metrics/formulas/frechet.h"
#include "metrics/formulas/inception_score.h"
#include "metrics/formulas/kernel_distance.h"
#include "metrics/formulas/neighbours.h"
#include "metrics/formulas/path_length.h"
#include "metrics/formulas/separability.h"

/* The two sets of features. */
typedef struct feature_sets {
    float *values[2];
    sg_rows fake, real;
} feature_sets;

static sg_rows rows_of(const metric_tensor *tensor, const float *values)
{
    return (sg_rows){values, tensor->size[0], tensor->size[1]};
}

/* ---- Frechet distance ---- */

/* Computes a set's mean and covariance; the caller clears it. */
static sg_gaussian describe(const sg_rows *rows, bool unbiased, sg_error *error)
{
    sg_feature_moments *moments = NULL;
    sg_gaussian gaussian = {0};
    if (!sg_feature_moments_create(rows->features, &moments, error) &&
        !sg_feature_moments_add(moments, rows, error))
        sg_feature_moments_finish(moments, unbiased, &gaussian, error);
    sg_feature_moments_destroy(moments);
    return gaussian;
}

/* Solves a x = b for matrices [n, n] by Gauss and Jordan with pivots; b becomes x. */
static void solve(size_t n, double *a, double *b)
{
    for (size_t k = 0; k < n; k++) {
        size_t pivot = k;
        for (size_t i = k; i < n; i++)
            if (fabs(a[i * n + k]) > fabs(a[pivot * n + k]))
                pivot = i;
        for (size_t c = 0; c < n; c++) {
            const double of_a = a[k * n + c];
            const double of_b = b[k * n + c];
            a[k * n + c] = a[pivot * n + c];
            b[k * n + c] = b[pivot * n + c];
            a[pivot * n + c] = of_a;
            b[pivot * n + c] = of_b;
        }
        for (size_t i = 0; i < n; i++) {
            const double factor = a[i * n + k] / a[k * n + k];
            for (size_t c = 0; c < n && i != k; c++) {
                a[i * n + c] -= factor * a[k * n + c];
                b[i * n + c] -= factor * b[k * n + c];
            }
        }
    }
    for (size_t i = 0; i < n * n; i++)
        b[i] /= a[i / n * n + i / n];
}

static void multiply(size_t n, const double *a, const double *b, double *product)
{
    for (size_t i = 0; i < n * n; i++) {
        product[i] = 0;
        for (size_t k = 0; k < n; k++)
            product[i] += a[i / n * n + k] * b[k * n + i % n];
    }
}

/*
 * The principal root of A B by the product form of Denman and Beavers (1976): with M = A B, Y = M,
 * each step takes Y (I + M^-1) / 2 and (I + (M + M^-1) / 2) / 2. Needs matrices that are not
 * singular.
 */
static void compare_root(golden_case *test, const sg_gaussian *a, const sg_gaussian *b)
{
    const size_t n = a->features;
    double *m = calloc(5 * n * n, sizeof *m);
    double *y = m + n * n;
    double *inverse = y + n * n;
    double *copy = inverse + n * n;
    double *product = copy + n * n;
    multiply(n, a->covariance, b->covariance, m);
    memcpy(y, m, n * n * sizeof *y);
    for (int step = 0; step < 60; step++) {
        memcpy(copy, m, n * n * sizeof *copy);
        for (size_t i = 0; i < n * n; i++)
            inverse[i] = i / n == i % n;
        solve(n, copy, inverse);
        for (size_t i = 0; i < n * n; i++) {
            const double one = i / n == i % n;
            m[i] = (one + (m[i] + inverse[i]) / 2) / 2;
            inverse[i] = (one + inverse[i]) / 2;
        }
        multiply(n, y, inverse, product);
        memcpy(y, product, n * n * sizeof *y);
    }
    metric_compare(test, "fid.sqrtm_fake_real", y, n * n, METRIC_DOUBLE_TOLERANCE, NULL);
    free(m);
}

/* Compares mean and covariance with the tensors of that ending. */
static void compare_moments(golden_case *test, const char *covariance, const char *set,
                            const sg_gaussian *found, const sg_error *error)
{
    char name[METRIC_NAME_BYTES];
    snprintf(name, sizeof name, "fid.%s_%s", covariance, set);
    metric_compare(test, name, found->covariance, found->features * found->features,
                   METRIC_DOUBLE_TOLERANCE, error);
    snprintf(name, sizeof name, "fid.mu_%s", set);
    if (strcmp(covariance, "cov") == 0)
        metric_compare(test, name, found->mean, found->features, METRIC_DOUBLE_TOLERANCE, error);
}

static void compare_roots(golden_case *test, const sg_gaussian *fake, const sg_gaussian *real,
                          sg_error *error)
{
    const size_t n = fake->features;
    double *roots = calloc(n + 1, sizeof *roots);
    if (!error->status)
        sg_frechet_roots(fake, real, roots, error);
    for (size_t i = 0; i < n; i++)
        roots[i] *= roots[i];
    metric_compare(test, "fid.eigenvalues_product", roots, n, METRIC_DOUBLE_TOLERANCE, error);
    free(roots);
    if (!error->status && case_has(test, "fid.sqrtm_fake_real"))
        compare_root(test, fake, real);
}

static void run_frechet(golden_case *test, const feature_sets *sets)
{
    for (int unbiased = 0; unbiased < 2; unbiased++) {
        sg_error error = {0};
        sg_frechet found = {0};
        const char *covariance = unbiased ? "cov_unbiased" : "cov";
        sg_gaussian fake = describe(&sets->fake, unbiased, &error);
        sg_gaussian real = describe(&sets->real, unbiased, &error);
        compare_moments(test, covariance, "fake", &fake, &error);
        compare_moments(test, covariance, "real", &real, &error);
        if (!error.status)
            sg_frechet_distance(&fake, &real, &found, &error);
        metric_compare_number(test, unbiased ? "fid.value_unbiased" : "fid.value", found.distance,
                              METRIC_DOUBLE_TOLERANCE, &error);
        if (!unbiased) {
            metric_compare_number(test, "fid.mean_term", found.mean_term, METRIC_DOUBLE_TOLERANCE,
                                  &error);
            metric_compare_number(test, "fid.trace_sqrtm", found.root_trace,
                                  METRIC_DOUBLE_TOLERANCE, &error);
            compare_roots(test, &fake, &real, &error);
        }
        sg_gaussian_clear(&fake);
        sg_gaussian_clear(&real);
    }
}

/* ---- kernel distance ---- */

static bool in_range(const metric_tensor *indices, size_t count)
{
    bool right = indices->values != NULL;
    for (size_t i = 0; right && i < indices->count; i++)
        right = indices->values[i] >= 0 && indices->values[i] < (double)count;
    return right;
}

static void run_kernel(golden_case *test, const feature_sets *sets)
{
    sg_error error = {0};
    metric_tensor fake = metric_read(test, "kid.index_fake");
    metric_tensor real = metric_read(test, "kid.index_real");
    size_t *of_fake = metric_indices(&fake);
    size_t *of_real = metric_indices(&real);
    const size_t subsets = fake.size[0];
    const size_t size = fake.size[1];
    double *found = calloc(subsets + 1, sizeof *found);
    double sum = 0;
    const bool right = in_range(&fake, sets->fake.count) && in_range(&real, sets->real.count) &&
                       fake.count == real.count;
    for (size_t i = 0; right && i < subsets && !error.status; i++) {
        const sg_kernel_subset subset = {of_fake + i * size, of_real + i * size, size};
        sg_kernel_subset_distance(&sets->fake, &sets->real, &subset, &found[i], &error);
        sum += found[i];
    }
    if (!right)
        report_failure(test->report, test->name, "kid.value", "the indices are absent or wrong");
    metric_compare(test, "kid.per_subset", found, subsets, METRIC_DOUBLE_TOLERANCE, &error);
    metric_compare_number(test, "kid.value", sum / (double)subsets, METRIC_DOUBLE_TOLERANCE,
                          &error);
    /* the published program's sums of floats differ by some 1e-5 */
    metric_compare_number(test, "kid.value_f32", sum / (double)subsets, 5 * METRIC_SINGLE_TOLERANCE,
                          &error);
    metric_free(&fake);
    metric_free(&real);
    free(of_fake);
    free(of_real);
    free(found);
}

/* ---- Inception score ---- */

/* Compares one of "is.mean_S", "is.std_S", "is.scores_S". */
static void run_score(golden_case *test, const sg_rows *logits, const char *name)
{
    char what[40];
    size_t splits = 0;
    sg_error error = {0};
    double mean = 0;
    double deviation = 0;
    if (sscanf(name, "is.%39[a-z]_%zu", what, &splits) != 2 || splits == 0 || splits > 1 << 20)
        return;
    double *scores = calloc(splits, sizeof *scores);
    sg_inception_score(logits, splits, scores, &mean, &deviation, &error);
    if (strcmp(what, "scores") == 0)
        metric_compare(test, name, scores, splits, METRIC_DOUBLE_TOLERANCE, &error);
    else if (strcmp(what, "mean") == 0)
        metric_compare_number(test, name, mean, METRIC_DOUBLE_TOLERANCE, &error);
    else if (strcmp(what, "std") == 0)
        metric_compare_number(test, name, deviation, METRIC_DOUBLE_TOLERANCE, &error);
    free(scores);
}

static void run_scores(golden_case *test)
{
    metric_tensor tensor = metric_read(test, "is.logits");
    float *values = metric_floats(&tensor);
    const sg_rows logits = rows_of(&tensor, values);
    for (size_t i = 0; values && i < sg_safetensors_count(test->expected); i++)
        run_score(test, &logits, sg_safetensors_at(test->expected, i)->name);
    metric_free(&tensor);
    free(values);
}

/* ---- neighbours ---- */

/* A number of neighbours: the ending of its tensors' names, and what was found. */
typedef struct neighbour_case {
    golden_case *test;
    const char *ending; /* "" or "_k5" */
    sg_manifold fake, real;
    sg_error error;
} neighbour_case;

static void compare_share(neighbour_case *found, const char *name, double value, double tolerance)
{
    char tensor[METRIC_NAME_BYTES];
    snprintf(tensor, sizeof tensor, "%s%s", name, found->ending);
    metric_compare_number(found->test, tensor, value, tolerance, &found->error);
}

static void compare_radii(neighbour_case *found, const char *name, const sg_manifold *manifold)
{
    char tensor[METRIC_NAME_BYTES];
    snprintf(tensor, sizeof tensor, "%s%s", name, found->ending);
    metric_compare(found->test, tensor, manifold->radii, manifold->rows.count,
                   METRIC_DOUBLE_TOLERANCE, &found->error);
}

/* Rounds to 11 bits, ties to even; to multiples of 2^-24 and infinity as half precision has them.
 */
static double round_to_half(double value)
{
    int exponent = 0;
    frexp(value, &exponent);
    const double step = ldexp(1, exponent > -13 ? exponent - 11 : -24);
    const double rounded = rint(value / step) * step;
    return rounded > 65504 ? (double)INFINITY : rounded;
}

/* The published program has radii in half precision. */
static void round_radii(sg_manifold *manifold)
{
    for (size_t i = 0; i < manifold->rows.count; i++) {
        manifold->radii[i] = round_to_half(manifold->radii[i]);
        manifold->squares[i] = manifold->radii[i] * manifold->radii[i];
    }
}

static void compare_shares(neighbour_case *found)
{
    sg_manifold_shares shares = {0};
    if (!found->error.status)
        sg_manifold_compare(&found->fake, &found->real, NULL, &shares, &found->error);
    compare_share(found, "pr.precision", shares.precision, 0);
    compare_share(found, "pr.recall", shares.recall, 0);
    compare_share(found, "prdc.precision", shares.inner_precision, 0);
    compare_share(found, "prdc.recall", shares.inner_recall, 0);
    compare_share(found, "prdc.density", shares.density, METRIC_DOUBLE_TOLERANCE);
    compare_share(found, "prdc.coverage", shares.coverage, 0);
    round_radii(&found->fake);
    round_radii(&found->real);
    if (!found->error.status)
        sg_manifold_compare(&found->fake, &found->real, NULL, &shares, &found->error);
    compare_share(found, "pr.precision_half_radii", shares.precision, 0);
    compare_share(found, "pr.recall_half_radii", shares.recall, 0);
}

static void run_neighbours(golden_case *test, const feature_sets *sets, size_t neighbours,
                           const char *ending)
{
    neighbour_case found = {.test = test, .ending = ending};
    if (!sg_manifold_create(&sets->fake, neighbours, NULL, &found.fake, &found.error))
        sg_manifold_create(&sets->real, neighbours, NULL, &found.real, &found.error);
    compare_radii(&found, "pr.radius_fake", &found.fake);
    compare_radii(&found, "pr.radius_real", &found.real);
    compare_shares(&found);
    sg_manifold_clear(&found.fake);
    sg_manifold_clear(&found.real);
}

/* Runs k = 3 for names without an ending, and every "_kN" that a radius, a precision or a density
 * has. */
static void run_all_neighbours(golden_case *test, const feature_sets *sets)
{
    bool done[100] = {false};
    run_neighbours(test, sets, SG_NEIGHBOURS, "");
    for (size_t i = 0; i < sg_safetensors_count(test->expected); i++) {
        char ending[8];
        const char *name = sg_safetensors_at(test->expected, i)->name;
        const char *last = strrchr(name, '_');
        unsigned neighbours = 0;
        if (strncmp(name, "pr", 2) != 0 || !last || sscanf(last, "_k%u", &neighbours) != 1 ||
            neighbours == 0 || neighbours > 99 || done[neighbours])
            continue;
        done[neighbours] = true;
        snprintf(ending, sizeof ending, "_k%u", neighbours);
        run_neighbours(test, sets, neighbours, ending);
    }
}

/* ---- path length ---- */

static void run_path_length(golden_case *test)
{
    sg_error error = {0};
    sg_path_length length = {0};
    metric_tensor distances = metric_read(test, "ppl.distances");
    if (distances.values)
        sg_path_length_finish(distances.values, distances.count, &length, &error);
    metric_compare_number(test, "ppl.lo", length.least, METRIC_DOUBLE_TOLERANCE, &error);
    metric_compare_number(test, "ppl.hi", length.most, METRIC_DOUBLE_TOLERANCE, &error);
    metric_compare_number(test, "ppl.kept", (double)length.kept, 0, &error);
    metric_compare_number(test, "ppl.value", length.mean, METRIC_DOUBLE_TOLERANCE, &error);
    metric_compare_number(test, "ppl.value_f32", length.mean, METRIC_SINGLE_TOLERANCE, &error);
    metric_free(&distances);
}

typedef void interpolation(const float *a, const float *b, size_t width, double t, float *result);

/* Interpolates every pair, in floats as latents are. `unit` makes the results unit vectors. */
static void compare_interpolation(golden_case *test, const char *name, interpolation *between,
                                  bool unit, double epsilon)
{
    metric_tensor a = metric_read(test, "interp.a");
    metric_tensor b = metric_read(test, "interp.b");
    metric_tensor t = metric_read(test, "interp.t");
    float *from = metric_floats(&a);
    float *to = metric_floats(&b);
    const size_t width = a.size[1];
    float *point = calloc(width + 1, sizeof *point);
    double *found = from && to && t.values ? calloc(a.count + 1, sizeof *found) : NULL;
    for (size_t i = 0; found && i < a.size[0]; i++) {
        double square = 0;
        between(from + i * width, to + i * width, width, t.values[i] + epsilon, point);
        for (size_t k = 0; k < width; k++)
            square += (double)point[k] * (double)point[k];
        for (size_t k = 0; k < width; k++)
            found[i * width + k] = (double)point[k] / (unit ? sqrt(square) : 1);
    }
    metric_compare(test, name, found, a.count, METRIC_FLOAT_TOLERANCE, NULL);
    metric_free(&a);
    metric_free(&b);
    metric_free(&t);
    free(from);
    free(to);
    free(point);
    free(found);
}

static void run_interpolation(golden_case *test)
{
    metric_tensor epsilon = metric_read(test, "interp.epsilon");
    const double step = epsilon.values ? epsilon.values[0] : SG_PATH_EPSILON;
    compare_interpolation(test, "interp.lerp_t", sg_interpolate_linear, false, 0);
    compare_interpolation(test, "interp.lerp_t_eps", sg_interpolate_linear, false, step);
    compare_interpolation(test, "interp.slerp_t", sg_interpolate_spherical, true, 0);
    compare_interpolation(test, "interp.slerp_t_eps", sg_interpolate_spherical, true, step);
    metric_free(&epsilon);
}

/* ---- linear separability ---- */

/* Compares "ls.WHAT_J", whole numbers or doubles. */
static void compare_part(golden_case *test, const char *what, size_t attribute, const double *found,
                         size_t count, double tolerance, const sg_error *error)
{
    char name[METRIC_NAME_BYTES];
    snprintf(name, sizeof name, "ls.%s_%zu", what, attribute);
    metric_compare(test, name, found, count, tolerance, error);
}

static void compare_separation(golden_case *test, size_t attribute, size_t features,
                               const sg_separation *found, const sg_error *error)
{
    double *numbers = calloc(3 * found->kept + 1, sizeof *numbers);
    double *targets = numbers + found->kept;
    double *outputs = targets + found->kept;
    for (size_t i = 0; i < found->kept; i++) {
        numbers[i] = (double)found->index[i];
        targets[i] = found->targets[i];
        outputs[i] = found->outputs[i];
    }
    compare_part(test, "kept_index", attribute, numbers, found->kept, 0, error);
    compare_part(test, "svm_targets", attribute, targets, found->kept, 0, error);
    compare_part(test, "svm_outputs", attribute, outputs, found->kept, 0, error);
    compare_part(test, "svm_weight", attribute, found->weights, features, METRIC_DOUBLE_TOLERANCE,
                 error);
    compare_part(test, "svm_bias", attribute, found->weights ? found->weights + features : NULL, 1,
                 METRIC_DOUBLE_TOLERANCE, error);
    compare_part(test, "svm_objective", attribute, &found->objective, 1, METRIC_DOUBLE_TOLERANCE,
                 error);
    compare_part(test, "table", attribute, &found->table[0][0], 4, METRIC_DOUBLE_TOLERANCE, error);
    compare_part(test, "conditional_entropy", attribute, &found->entropy, 1,
                 METRIC_DOUBLE_TOLERANCE, error);
    free(numbers);
}

static void run_separability(golden_case *test)
{
    sg_error error = {0};
    metric_tensor latents = metric_read(test, "ls.latents");
    metric_tensor logits = metric_read(test, "ls.logits");
    metric_tensor keep = metric_read(test, "ls.num_keep");
    float *values = metric_floats(&logits);
    const size_t attributes = logits.size[1];
    double *entropies = calloc(attributes + 1, sizeof *entropies);
    for (size_t i = 0; values && latents.values && keep.values && i < attributes; i++) {
        sg_separation found;
        const sg_separable samples = {latents.size[0], latents.size[1], latents.values, values + i,
                                      attributes};
        sg_separate(&samples, (size_t)keep.values[0], &found, &error);
        compare_separation(test, i, latents.size[1], &found, &error);
        entropies[i] = found.entropy;
        sg_separation_clear(&found);
    }
    metric_compare_number(test, "ls.score", sg_separability(entropies, attributes),
                          METRIC_DOUBLE_TOLERANCE, &error);
    metric_free(&latents);
    metric_free(&logits);
    metric_free(&keep);
    free(values);
    free(entropies);
}

void run_features(golden_case *test)
{
    metric_tensor fake = metric_read(test, "features.fake");
    metric_tensor real = metric_read(test, "features.real");
    feature_sets sets = {.values = {metric_floats(&fake), metric_floats(&real)}};
    sets.fake = rows_of(&fake, sets.values[0]);
    sets.real = rows_of(&real, sets.values[1]);
    if (sets.values[0] && sets.values[1]) {
        run_frechet(test, &sets);
        if (case_has(test, "kid.value"))
            run_kernel(test, &sets);
        run_all_neighbours(test, &sets);
    }
    run_scores(test);
    run_path_length(test);
    run_interpolation(test);
    run_separability(test);
    metric_free(&fake);
    metric_free(&real);
    free(sets.values[0]);
    free(sets.values[1]);
}
