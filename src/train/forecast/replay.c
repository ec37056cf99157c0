/*
 * Replays of noted ops. A kind is a row of a table: how its work is counted, reduced and run. A
 * kind without a row is a pass over memory.
 *
 * Rows of a picture and samples of a batch take equal times, so convolutions and filters run on
 * fewer of them. Channels and widths stay, since the choice of a kernel depends on them.
 */
#include "train/forecast/replay.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/random.h"
#include "nn/parameter.h"
#include "ops/activation.h"
#include "ops/arithmetic.h"
#include "ops/convolution/convolution.h"
#include "ops/convolution/fused.h"
#include "ops/convolution/modulated.h"
#include "ops/filtered_lrelu.h"
#include "ops/layout.h"
#include "ops/matmul.h"
#include "ops/reduce.h"
#include "ops/upfirdn.h"
#include "optim/gradients.h"
#include "optim/optimiser.h"

/* A replay is cut down to about this many multiply-adds, or bytes of operands and result. */
static const double most_multiply_adds = 3e8;
static const double most_bytes = 24e6;

/* A first run of more seconds is not repeated, since it may be the only one that there is time for.
 */
static const double long_enough = 0.25;

/* A first run of fewer seconds is repeated more often: it is shorter than a turn of another process
 * on the processor, which several runs one after the other may have to wait for. */
static const double short_enough = 5e-3;

enum {
    ENOUGH_PIXELS = 640, /* fewer columns of a product run at another speed, by another kernel */
    ENOUGH_ROWS = 16,
    ENOUGH_COLUMNS = 32,
    REPEATS = 3, /* of a run */
    SHORT_REPEATS = 9,
    LONGEST_RUN = 1 << 18
};

static double count_of(const sg_shape *shape)
{
    return shape->rank < 0 ? 0 : (double)sg_shape_count(shape);
}

/* Returns samples * rows * columns of a picture. */
static double pixels_of(const sg_shape *shape)
{
    return (double)(shape->size[0] * shape->size[1] * shape->size[2]);
}

/* ---- amounts ---- */

static double count_bytes(const sg_work *work)
{
    double values = count_of(&work->result);
    for (int i = 0; i < work->operand_count; i++)
        values += count_of(&work->operands[i]);
    return values * sizeof(float);
}

/* Counts picture and result of a filter, without what else is kept of it. */
static double count_pictures(const sg_work *work)
{
    return (count_of(&work->operands[0]) + count_of(&work->result)) * sizeof(float);
}

static double count_convolution(const sg_work *work)
{
    return pixels_of(&work->result) * count_of(&work->operands[1]);
}

static double count_adjoint(const sg_work *work)
{
    return pixels_of(&work->operands[0]) * count_of(&work->operands[1]);
}

static double count_weights(const sg_work *work)
{
    return pixels_of(&work->operands[1]) * count_of(&work->result);
}

/* The inner dimension of a product follows from the numbers of values: mk * kn = k^2 * mn. */
static double count_product(const sg_work *work)
{
    return sqrt(count_of(&work->operands[0]) * count_of(&work->operands[1]) *
                count_of(&work->result));
}

static double count_nothing(const sg_work *work)
{
    (void)work;
    return 0;
}

/* ---- reducing ---- */

/* Sets the samples of each shape that has those of the batch. */
static void set_samples(sg_work *work, int64_t from, int64_t to)
{
    sg_shape *shapes[SG_MAX_INPUTS + 1] = {&work->result};
    for (int i = 0; i < work->operand_count; i++)
        shapes[i + 1] = &work->operands[i];
    for (int i = 0; i <= work->operand_count; i++)
        if (shapes[i]->rank > 1 && shapes[i]->size[0] == from)
            shapes[i]->size[0] = to;
}

/* Returns fewer samples, as many as the most amounts to, but at least some pixels of them. */
static int64_t fewer_samples(const sg_shape *picture, double amount, double most)
{
    const int64_t samples = picture->size[0];
    const int64_t pixels = picture->size[1] * picture->size[2];
    int64_t fewer = (int64_t)ceil((double)samples * most / amount);
    while (fewer < samples && fewer * pixels < ENOUGH_PIXELS)
        fewer++;
    return fewer < samples ? fewer : samples;
}

/* Takes rows (axis 1) or columns from two pictures of a convolution, `stride` times as many from x
 * as from y. */
static void crop(sg_shape *x, sg_shape *y, int axis, int64_t stride, double excess)
{
    const int64_t least = axis == 1 ? ENOUGH_ROWS : ENOUGH_COLUMNS;
    const int64_t length = y->size[axis];
    int64_t kept = (int64_t)((double)length / excess);
    kept = kept > least ? (kept + 3) / 4 * 4 : least;
    if (kept >= length)
        return;
    x->size[axis] -= (length - kept) * stride;
    y->size[axis] = kept;
}

/* Reduces x [N, H, W, C] and y of a convolution that takes `amount` multiply-adds. */
static void reduce_pictures(sg_shape *x, sg_shape *y, int64_t stride_y, int64_t stride_x,
                            double amount)
{
    const double pixels = pixels_of(y);
    if (amount <= most_multiply_adds)
        return;
    x->size[0] = y->size[0] = fewer_samples(y, amount, most_multiply_adds);
    for (int axis = 1; axis <= 2; axis++)
        crop(x, y, axis, axis == 1 ? stride_y : stride_x,
             amount * pixels_of(y) / pixels / most_multiply_adds);
}

static void reduce_strided(const sg_work *work, sg_shape *x, sg_shape *y, double amount)
{
    const sg_convolution_options *o = (const sg_convolution_options *)work->attributes;
    reduce_pictures(x, y, o->stride_y, o->stride_x, amount);
}

static void reduce_convolution(sg_work *work)
{
    reduce_strided(work, &work->operands[0], &work->result, count_convolution(work));
}

static void reduce_adjoint(sg_work *work)
{
    reduce_strided(work, &work->result, &work->operands[0], count_adjoint(work));
}

static void reduce_weights(sg_work *work)
{
    reduce_strided(work, &work->operands[0], &work->operands[1], count_weights(work));
}

/* The result is as large as x, twice that, or has the colours of as many pixels. */
static void reduce_fused(sg_work *work)
{
    sg_shape *x = &work->operands[0];
    const int64_t up = work->result.size[1] >= 2 * x->size[1] - 1 ? 2 : 1;
    reduce_pictures(&work->result, x, up, up, count_adjoint(work));
}

/* Reduces what has samples and rows in its first operand; results follow when the op runs. */
static void reduce_filter(sg_work *work)
{
    sg_shape *x = &work->operands[0];
    sg_shape *y = &work->result;
    const double bytes = count_pictures(work);
    if (bytes <= most_bytes)
        return;
    set_samples(work, x->size[0], fewer_samples(x, bytes, most_bytes));
    for (int axis = 2; axis > 0; axis--) {
        const int64_t length = x->size[axis];
        const int64_t least = axis == 1 ? 2 * ENOUGH_ROWS : 4 * ENOUGH_COLUMNS;
        int64_t kept = (int64_t)((double)length * most_bytes / count_pictures(work));
        kept = kept > least ? (kept + 7) / 8 * 8 : least;
        if (kept >= length)
            continue;
        y->size[axis] = (int64_t)round((double)(y->size[axis] * kept) / (double)length);
        x->size[axis] = kept;
    }
}

/* Takes rows from all shapes of rank 4 that have those of the largest. */
static void set_rows(sg_work *work, int64_t from, int64_t to)
{
    for (int i = 0; i < work->operand_count; i++)
        if (work->operands[i].rank == 4 && work->operands[i].size[1] == from)
            work->operands[i].size[1] = to;
    if (work->result.rank == 4 && work->result.size[1] == from)
        work->result.size[1] = to;
}

/* Reduces a pass over pictures; other tensors are small enough. */
static void reduce_pass(sg_work *work)
{
    const sg_shape *largest = &work->result;
    for (int i = 0; i < work->operand_count; i++)
        if (count_of(&work->operands[i]) > count_of(largest))
            largest = &work->operands[i];
    const sg_shape whole = *largest;
    const double bytes = count_bytes(work);
    if (whole.rank != 4 || bytes <= most_bytes)
        return;
    const int64_t samples = fewer_samples(&whole, bytes, most_bytes);
    set_samples(work, whole.size[0], samples);
    const double left = count_bytes(work);
    if (left > most_bytes && whole.size[1] > ENOUGH_ROWS)
        set_rows(work, whole.size[1],
                 (int64_t)fmax(ENOUGH_ROWS, (double)whole.size[1] * most_bytes / left));
}

static void keep(sg_work *work)
{
    (void)work;
}

/* Random numbers, and values of networks: a run of them. */
static void reduce_run(sg_work *work)
{
    const int64_t count = sg_shape_count(&work->result);
    work->result = SG_SHAPE(count > LONGEST_RUN ? LONGEST_RUN : count);
    for (int i = 0; i < work->operand_count; i++)
        work->operands[i] = work->result;
}

/* ---- running ---- */

/* Runs a call again on operands with arbitrary values; NULL on failure or for other operands. */
typedef sg_tensor *(*replay_function)(const sg_work *work, sg_tensor *const *operands);

static sg_tensor *replay_convolution(const sg_work *work, sg_tensor *const *in)
{
    return sg_convolution(in[0], in[1], *(const sg_convolution_options *)work->attributes);
}

static sg_tensor *replay_adjoint(const sg_work *work, sg_tensor *const *in)
{
    return sg_convolution_transpose(in[0], in[1], work->result.size[1], work->result.size[2],
                                    *(const sg_convolution_options *)work->attributes);
}

static sg_tensor *replay_weights(const sg_work *work, sg_tensor *const *in)
{
    return sg_convolution_weights(in[0], in[1], work->result.size[2], work->result.size[3],
                                  *(const sg_convolution_options *)work->attributes);
}

/* Fills a filter: a product of a column and a row if `plain`, otherwise a sum of three of them, as
 * radial filters are nearly. */
static void fill_filter(sg_tensor *filter, bool plain)
{
    const int64_t width = filter->shape.rank > 1 ? filter->shape.size[1] : 1;
    for (int64_t i = 0; i < sg_tensor_count(filter); i++) {
        const int64_t row = i / width;
        const double y = (double)row - (double)(filter->shape.size[0] - 1) / 2;
        const double x = (double)(i % width) - (double)(width - 1) / 2;
        sg_tensor_set_value(filter, i,
                            plain ? 0.1 : 0.01 + (x * x + y * y) * (0.01 + x * x + y * y));
    }
}

static sg_tensor *replay_fused(const sg_work *work, sg_tensor *const *in)
{
    sg_context *context = in[0]->context;
    const int64_t *x = work->operands[0].size;
    const int64_t *w = work->operands[1].size;
    const bool doubles = work->result.size[1] >= 2 * x[1] - 1;
    const bool colours = w[2] == 1;
    sg_modulated_options options = {.resample = sg_resample_defaults(),
                                    .demodulate = !colours,
                                    .epilogue =
                                        sg_bias_act_defaults(colours ? SG_LINEAR : SG_LRELU)};
    options.resample.padding = doubles ? 1 : (int)(work->result.size[1] - x[1] + w[2] - 1) / 2;
    options.resample.up = doubles ? 2 : 1;
    options.resample.flip_weight = !doubles;
    sg_tensor *styles = sg_tensor_full(context, SG_F32, SG_SHAPE(x[0], w[1]), 1);
    sg_tensor *bias = sg_tensor_full(context, SG_F32, SG_SHAPE(w[0]), 0.1);
    sg_tensor *filter = sg_tensor_full(context, SG_F32, SG_SHAPE(4, 4), 0.0625);
    return sg_modulated_convolution(in[0], in[1], styles, filter, NULL, bias, options);
}

static sg_tensor *replay_filter(const sg_work *work, sg_tensor *const *in)
{
    fill_filter(in[1], true);
    return sg_upfirdn(in[0], in[1], *(const sg_upfirdn_options *)work->attributes);
}

/* Both the op and its adjoint; the sizes say by how much the picture grows. */
static sg_tensor *replay_filtered_lrelu(const sg_work *work, sg_tensor *const *in)
{
    const int64_t *x = work->operands[0].size;
    const double growth = (double)work->result.size[2] / (double)x[2];
    const int up = growth > 1.4 ? 4 : 2;
    sg_filtered_lrelu_options options = {
        .up = up, .down = growth < 0.7 ? 4 : 2, .gain = 1, .slope = 0.2, .clamp = 256};
    const int reach =
        (int)(in[1] ? in[1]->shape.size[0] : 1) + (int)(in[2] ? in[2]->shape.size[0] : 1);
    options.pad_x0 = options.pad_x1 = options.pad_y0 = options.pad_y1 = reach / 2;
    if (in[1])
        fill_filter(in[1], in[1]->shape.rank == 1);
    if (in[2])
        fill_filter(in[2], in[2]->shape.rank == 1);
    return sg_filtered_lrelu(in[0], in[1], in[2], NULL, options);
}

static sg_tensor *replay_product(const sg_work *work, sg_tensor *const *in)
{
    const int64_t *y = work->result.size;
    const double inner = count_product(work) / count_of(&work->result);
    const bool transpose_a = in[0]->shape.size[0] != y[0] || (double)in[0]->shape.size[1] != inner;
    const bool transpose_b = in[1]->shape.size[1] != y[1] || (double)in[1]->shape.size[0] != inner;
    return sg_matmul(in[0], transpose_a, in[1], transpose_b, 1);
}

static sg_tensor *replay_bias_act(const sg_work *work, sg_tensor *const *in)
{
    return sg_bias_act(in[0], in[1], in[2], in[3], *(const sg_bias_act_options *)work->attributes);
}

static sg_tensor *replay_binary(const sg_work *work, sg_tensor *const *in)
{
    (void)work;
    return sg_multiply(in[0], in[1]);
}

static sg_tensor *replay_sum(const sg_work *work, sg_tensor *const *in)
{
    return sg_sum(in[0], work->result);
}

static sg_tensor *replay_sum_product(const sg_work *work, sg_tensor *const *in)
{
    return sg_sum_product(in[0], in[1], work->result);
}

static sg_tensor *replay_flip(const sg_work *work, sg_tensor *const *in)
{
    return sg_flip(in[0], *(const unsigned *)work->attributes);
}

static sg_tensor *replay_permute(const sg_work *work, sg_tensor *const *in)
{
    return sg_permute(in[0], (const int *)work->attributes);
}

static sg_tensor *replay_power(const sg_work *work, sg_tensor *const *in)
{
    (void)work;
    return sg_power(in[0], -0.5);
}

static sg_tensor *replay_broadcast(const sg_work *work, sg_tensor *const *in)
{
    return sg_broadcast(in[0], work->result);
}

static sg_tensor *replay_normal(const sg_work *work, sg_tensor *const *in)
{
    (void)work;
    sg_random random = sg_random_stream(0, 0);
    sg_random_normal_fill(&random, sg_f32(in[0]), (size_t)sg_tensor_count(in[0]));
    return in[0];
}

static sg_tensor *replay_update(const sg_work *work, sg_tensor *const *in)
{
    (void)work;
    const sg_optimiser_options options = {.kind = SG_ADAM, .rate = 1e-3, .beta2 = 0.99};
    sg_optimiser_update(&options, 1, sg_tensor_count(in[0]), sg_f32(in[0]), sg_f32(in[1]),
                        sg_f32(in[2]), sg_f32(in[3]));
    return in[0];
}

static sg_tensor *replay_check(const sg_work *work, sg_tensor *const *in)
{
    (void)work;
    sg_parameter item = {.tensor = in[0], .trainable = true};
    const sg_parameter_set set = {.context = in[0]->context, .items = &item, .count = 1};
    sg_find_not_finite(&set);
    return in[0];
}

/* Any pass that reads and writes: as many values as the larger of operand and result. */
static sg_tensor *replay_pass(const sg_work *work, sg_tensor *const *in)
{
    const bool grows = sg_shape_count(&work->result) > sg_tensor_count(in[0]);
    sg_tensor *whole = grows ? sg_tensor_create(in[0]->context, SG_F32, work->result) : NULL;
    if (whole)
        memset(whole->storage->data, 0, whole->storage->bytes);
    return whole ? whole : sg_affine(in[0], 2, 1);
}

/* ---- the kinds ---- */

typedef struct kind_row {
    const char *name;
    double (*amount)(const sg_work *work);
    void (*reduce)(sg_work *work);
    replay_function replay; /* NULL: nothing is computed */
    double rate;            /* of the guess: amounts a second */
    int operands;           /* that the replay takes, the first ones */
    bool packs;             /* operand 1 is packed for the kernel */
} kind_row;

#define PRODUCT(name, count, reduce, replay, packs)                                                \
    {                                                                                              \
        name, count, reduce, replay, 3e10, 2, packs                                                \
    }
#define PASS(name, replay, operands)                                                               \
    {                                                                                              \
        name, count_bytes, reduce_pass, replay, 4e9, operands, false                               \
    }

static const kind_row pass_row = PASS(NULL, replay_pass, 1);

static const kind_row kinds[] = {
    PRODUCT("convolution", count_convolution, reduce_convolution, replay_convolution, true),
    PRODUCT("convolution_transpose", count_adjoint, reduce_adjoint, replay_adjoint, true),
    PRODUCT("convolution_weights", count_weights, reduce_weights, replay_weights, false),
    PRODUCT(sg_fused_convolution_kind, count_adjoint, reduce_fused, replay_fused, true),
    PRODUCT("matmul", count_product, keep, replay_product, false),
    {"upfirdn", count_pictures, reduce_filter, replay_filter, 3e9, 2, false},
    {"filtered_lrelu", count_pictures, reduce_filter, replay_filtered_lrelu, 5e8, 3, false},
    {"filtered_lrelu_gradient", count_pictures, reduce_filter, replay_filtered_lrelu, 5e8, 3,
     false},
    PASS("bias_act", replay_bias_act, 4),
    PASS("bias_act_gradient", replay_binary, 2),
    PASS("add", replay_binary, 2),
    PASS("subtract", replay_binary, 2),
    PASS("multiply", replay_binary, 2),
    PASS("sum", replay_sum, 1),
    PASS("sum_product", replay_sum_product, 2),
    PASS("broadcast", replay_broadcast, 1),
    PASS("permute", replay_permute, 1),
    {"warp", count_bytes, keep, NULL, 5e8, 0, false},
    {"warp_adjoint", count_bytes, keep, NULL, 5e8, 0, false},
    {"flip", count_bytes, keep, replay_flip, 1e9, 1, false},
    {"power", count_bytes, reduce_pass, replay_power, 4e8, 1, false},
    {"reshape", count_nothing, keep, NULL, 1, 0, false},
    {sg_normal_kind, count_bytes, reduce_run, replay_normal, 4e8, 1, false},
    {sg_update_kind, count_bytes, reduce_run, replay_update, 2e9, 4, false},
    {sg_average_kind, count_bytes, reduce_run, replay_binary, 2e9, 2, false},
    {sg_check_kind, count_bytes, reduce_run, replay_check, 1e9, 1, false},
};

static const kind_row *row_of(const sg_work *work)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].name, work->kind) == 0)
            return &kinds[i];
    return &pass_row;
}

double sg_work_amount(const sg_work *work)
{
    return row_of(work)->amount(work);
}

double sg_work_guess(const sg_work *work)
{
    static const double overhead = 5e-6; /* of a call: checks, tape, threads */
    const kind_row *row = row_of(work);
    return row->amount(work) / row->rate + overhead;
}

sg_work sg_work_reduce(const sg_work *work)
{
    sg_work reduced = *work;
    reduced.calls = 0;
    row_of(work)->reduce(&reduced);
    return reduced;
}

/* Creates the first operands of a call, with small positive values: bytes of 0x3c are floats of
 * 0.0115. */
static bool create_operands(sg_context *context, const sg_work *work, int count,
                            sg_tensor **operands)
{
    for (int i = 0; i < count && i < work->operand_count; i++) {
        if (work->operands[i].rank < 0)
            continue;
        operands[i] = sg_tensor_create(context, SG_F32, work->operands[i]);
        if (operands[i])
            memset(operands[i]->storage->data, 0x3c, operands[i]->storage->bytes);
    }
    return !context->error.status;
}

/* Runs a call; returns its seconds, or a negative number. */
static double run_once(sg_context *context, const kind_row *row, const sg_work *work,
                       sg_tensor *const *operands)
{
    const size_t scope = sg_scope_open(context);
    const double started = sg_clock_seconds();
    const sg_tensor *result = row->replay(work, operands);
    const double seconds = sg_clock_seconds() - started;
    sg_scope_close(context, scope, NULL);
    return result ? seconds : -1;
}

static int compare_seconds(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Returns the second shortest time of `repeats` runs: of three the median, since other work on the
 * machine slows a training down too. Those of freshly packed weights when `packs`. */
static double run_often(sg_context *context, const kind_row *row, const sg_work *work,
                        sg_tensor *const *operands, bool packs, int repeats)
{
    double seconds[SHORT_REPEATS];
    for (int i = 0; i < repeats; i++) {
        if (packs)
            sg_tensor_touch(operands[1]);
        seconds[i] = run_once(context, row, work, operands);
    }
    qsort(seconds, (size_t)repeats, sizeof *seconds, compare_seconds);
    return seconds[1];
}

bool sg_work_measure(sg_context *context, const sg_work *work, sg_work_seconds *seconds)
{
    const kind_row *row = row_of(work);
    sg_tensor *operands[SG_MAX_INPUTS] = {0};
    const size_t scope = sg_scope_open(context);
    const bool ready = row->replay && create_operands(context, work, row->operands, operands);
    if (ready && row->packs && operands[1])
        operands[1]->storage->keeps_packed = true;
    const double first = ready ? run_once(context, row, work, operands) : -1;
    const bool repeated = first >= 0 && first <= long_enough;
    const int repeats = first < short_enough ? SHORT_REPEATS : REPEATS;
    const double passing =
        repeated ? run_often(context, row, work, operands, false, repeats) : first;
    const double packed =
        repeated && row->packs ? run_often(context, row, work, operands, true, repeats) : passing;
    sg_scope_close(context, scope, NULL);
    sg_context_take_error(context, NULL);
    *seconds = (sg_work_seconds){fmax(packed - passing, 0), fmax(passing, 0)};
    return first >= 0;
}
