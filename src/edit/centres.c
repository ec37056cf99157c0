/* Rules of truncation, and k-means (Lloyd 1982); see centres.h. */
#include "edit/centres.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/numpy_random.h"

enum { MOST_ITERATIONS = 10000 };

/* ---- rules ---- */

void sg_truncate_rows(double *ws, size_t rows, size_t width, const double *base, const double *psis)
{
    for (size_t i = 0; i < rows * width; i++)
        ws[i] = base[i % width] + psis[i / width] * (ws[i] - base[i % width]);
}

void sg_truncate_radially(double *ws, size_t rows, size_t width, const double *base, double radius)
{
    for (size_t r = 0; r < rows; r++) {
        double *row = ws + r * width;
        double squares = 0;
        for (size_t i = 0; i < width; i++)
            squares += (row[i] - base[i]) * (row[i] - base[i]);
        const double distance = sqrt(squares);
        const double factor = distance > 0 ? radius * tanh(distance / radius) / distance : 1;
        for (size_t i = 0; i < width; i++)
            row[i] = base[i] + factor * (row[i] - base[i]);
    }
}

void sg_truncate_components(double *ws, size_t rows, size_t width, const double *mean,
                            const double *deviation, double limit)
{
    for (size_t i = 0; i < rows * width; i++) {
        const size_t k = i % width;
        ws[i] = fmin(fmax(ws[i], mean[k] - limit * deviation[k]), mean[k] + limit * deviation[k]);
    }
}

/* ---- clusters ---- */

static double squared_distance(const double *a, const double *b, size_t width)
{
    double sum = 0;
    for (size_t i = 0; i < width; i++)
        sum += (a[i] - b[i]) * (a[i] - b[i]);
    return sum;
}

/* Finds the nearest centre; *margin is by how much the next squared distance is larger. */
static size_t find_nearest(const double *centres, size_t count, size_t width, const double *w,
                           double *margin)
{
    size_t nearest = 0;
    double least = HUGE_VAL;
    double second = HUGE_VAL;
    for (size_t k = 0; k < count; k++) {
        const double distance = squared_distance(centres + k * width, w, width);
        if (distance < least) {
            second = least;
            least = distance;
            nearest = k;
        } else if (distance < second) {
            second = distance;
        }
    }
    *margin = second - least;
    return nearest;
}

size_t sg_nearest_centre(const double *centres, size_t count, size_t width, const double *w)
{
    double margin = 0;
    return find_nearest(centres, count, width, w, &margin);
}

/* What k-means works on. */
typedef struct k_means {
    sg_clusters *clusters;
    double *vectors; /* standardised, [count, width] */
    size_t count;
    double *mean, *deviation; /* [width] */
    size_t *sizes;            /* [clusters] */
} k_means;

/* Standardises the vectors in place; a component that never changes becomes 0. */
static void standardise(k_means *work)
{
    const size_t width = work->clusters->width;
    for (size_t i = 0; i < width; i++) {
        double sum = 0;
        double squares = 0;
        for (size_t n = 0; n < work->count; n++)
            sum += work->vectors[n * width + i];
        work->mean[i] = sum / (double)work->count;
        for (size_t n = 0; n < work->count; n++)
            squares += pow(work->vectors[n * width + i] - work->mean[i], 2);
        work->deviation[i] = sqrt(squares / (double)work->count);
        const double scale = work->deviation[i] > 0 ? 1 / work->deviation[i] : 0;
        for (size_t n = 0; n < work->count; n++)
            work->vectors[n * width + i] = (work->vectors[n * width + i] - work->mean[i]) * scale;
    }
}

/* Gives every vector its nearest centre; returns whether a label changed. */
static bool assign(k_means *work)
{
    sg_clusters *clusters = work->clusters;
    bool changed = false;
    clusters->margin = HUGE_VAL;
    for (size_t n = 0; n < work->count; n++) {
        double margin = 0;
        const size_t label = find_nearest(clusters->centres, clusters->count, clusters->width,
                                          work->vectors + n * clusters->width, &margin);
        clusters->margin = fmin(clusters->margin, margin);
        changed = changed || label != clusters->labels[n];
        clusters->labels[n] = label;
    }
    return changed;
}

/* Moves every centre to the mean of its vectors. */
static void move_centres(k_means *work)
{
    sg_clusters *clusters = work->clusters;
    const size_t width = clusters->width;
    memset(work->sizes, 0, clusters->count * sizeof *work->sizes);
    for (size_t n = 0; n < work->count; n++)
        if (work->sizes[clusters->labels[n]]++ == 0)
            memset(clusters->centres + clusters->labels[n] * width, 0, width * sizeof(double));
    for (size_t n = 0; n < work->count; n++)
        for (size_t i = 0; i < width; i++)
            clusters->centres[clusters->labels[n] * width + i] += work->vectors[n * width + i];
    for (size_t k = 0; k < clusters->count; k++)
        for (size_t i = 0; i < width && work->sizes[k] > 0; i++)
            clusters->centres[k * width + i] /= (double)work->sizes[k];
}

/* Runs Lloyd's iterations, and maps the centres back. */
static void run(k_means *work, const size_t *initial)
{
    sg_clusters *clusters = work->clusters;
    const size_t width = clusters->width;
    standardise(work);
    for (size_t k = 0; k < clusters->count; k++)
        memcpy(clusters->centres + k * width, work->vectors + initial[k] * width,
               width * sizeof(double));
    for (size_t n = 0; n < work->count; n++)
        clusters->labels[n] = clusters->count; /* of none, so that the first pass changes them */
    clusters->iterations = 0;
    while (assign(work) && clusters->iterations < MOST_ITERATIONS) {
        clusters->iterations++;
        move_centres(work);
    }
    clusters->inertia = 0;
    for (size_t n = 0; n < work->count; n++)
        clusters->inertia += squared_distance(
            work->vectors + n * width, clusters->centres + clusters->labels[n] * width, width);
    for (size_t k = 0; k < clusters->count; k++)
        for (size_t i = 0; i < width; i++) {
            double *value = &clusters->centres[k * width + i];
            *value = work->mean[i] + *value * work->deviation[i];
        }
}

sg_status sg_clusters_find(sg_clusters *clusters, const double *vectors, size_t vector_count,
                           const size_t *initial, sg_error *error)
{
    const size_t width = clusters->width;
    size_t size = 0;
    k_means work = {.clusters = clusters, .count = vector_count};
    if (sg_size_multiply(vector_count, width, &size))
        work.vectors = sg_allocate(size, sizeof(double));
    work.mean = sg_allocate(width, sizeof(double));
    work.deviation = sg_allocate(width, sizeof(double));
    work.sizes = sg_allocate(clusters->count, sizeof(size_t));
    if (sg_size_multiply(clusters->count, width, &size))
        clusters->centres = sg_allocate(size, sizeof(double));
    clusters->labels = sg_allocate(vector_count, sizeof(size_t));
    const bool ready = work.vectors && work.mean && work.deviation && work.sizes &&
                       clusters->centres && clusters->labels;
    if (ready) {
        memcpy(work.vectors, vectors, vector_count * width * sizeof(double));
        run(&work, initial);
    }
    free(work.vectors);
    free(work.mean);
    free(work.deviation);
    free(work.sizes);
    if (ready)
        return SG_OK;
    sg_clusters_clear(clusters);
    return sg_fail_memory(error, "clusters of %zu vectors", vector_count);
}

sg_status sg_clusters_choose(size_t vector_count, uint32_t seed, size_t count, size_t *initial,
                             sg_error *error)
{
    sg_numpy_random random;
    size_t *order = sg_allocate(vector_count, sizeof *order);
    if (!order)
        return sg_fail_memory(error, "the order of %zu vectors", vector_count);
    for (size_t i = 0; i < vector_count; i++)
        order[i] = i;
    sg_numpy_random_seed(&random, seed);
    sg_numpy_random_shuffle(&random, order, vector_count);
    memcpy(initial, order, count * sizeof *initial);
    free(order);
    return SG_OK;
}

void sg_clusters_clear(sg_clusters *clusters)
{
    free(clusters->centres);
    free(clusters->labels);
    *clusters = (sg_clusters){0};
}
