/* The discriminator of w: its network, pools, steps and penalty. */
#include "train/step/latent_judge.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/tensors.h"

enum { WIDTH = 4, ROWS = 8 };

/* w around `centre` in every number. */
static sg_tensor *make_w(sg_context *context, double centre)
{
    sg_tensor *w = sg_tensor_create(context, SG_F32, SG_SHAPE(ROWS, WIDTH));
    for (int i = 0; i < ROWS * WIDTH; i++)
        sg_tensor_set_value(w, i, centre + 0.1 * (i * 7 % 5 - 2));
    return w;
}

/* Four layers, of which the first three cut what is negative to a fifth. */
static void scores_are_those_of_the_layers(void **state)
{
    sg_latent_judge *judge = sg_latent_judge_create(*state, WIDTH, 1e-3, 3);
    assert_non_null(judge);
    sg_tensor *w = make_w(*state, 0.3);
    const sg_tensor *scores = sg_latent_judge_scores(judge, w);
    for (int n = 0; n < ROWS; n++) {
        double x[WIDTH];
        for (int i = 0; i < WIDTH; i++)
            x[i] = sg_tensor_value(w, n * WIDTH + i);
        for (int layer = 0; layer < SG_LATENT_LAYERS; layer++) {
            const bool last = layer + 1 == SG_LATENT_LAYERS;
            double y[WIDTH] = {0};
            for (int o = 0; o < (last ? 1 : WIDTH); o++) {
                y[o] = sg_tensor_value(judge->biases[layer], o);
                for (int i = 0; i < WIDTH; i++)
                    y[o] += x[i] * sg_tensor_value(judge->weights[layer], o * WIDTH + i);
                y[o] = y[o] < 0 && !last ? 0.2 * y[o] : y[o];
            }
            for (int i = 0; i < WIDTH; i++)
                x[i] = y[i];
        }
        assert_true(fabs(sg_tensor_value(scores, n) - x[0]) < 1e-5);
    }
    /* PyTorch's initial values: within 1 / sqrt(inputs) */
    for (int i = 0; i < WIDTH * WIDTH; i++)
        assert_true(fabs(sg_tensor_value(judge->weights[0], i)) <= 0.5);
    sg_latent_judge_destroy(judge);
}

/* The first 50 w stay as they are; later ones are exchanged where the first chance is above 1/2. */
static void pools_exchange_w(void **state)
{
    sg_latent_judge *judge = sg_latent_judge_create(*state, WIDTH, 1e-3, 3);
    double chances[2 * ROWS];
    for (int i = 0; i < ROWS; i++) {
        chances[2 * i] = i % 2 ? 0.75 : 0.25;
        chances[2 * i + 1] = i / 50.0 + 0.001;
    }
    for (int round = 0; round < 8; round++) {
        const int64_t before = judge->reals.count;
        sg_tensor *w = make_w(*state, round);
        const sg_tensor *given = sg_latent_pool_query(&judge->reals, w, chances);
        for (int n = 0; n < ROWS; n++) {
            /* row n was the n-th of the first round, and of the last since its exchange */
            const bool exchanged = before + n >= SG_LATENT_POOL && n % 2;
            const double expected = sg_tensor_value(w, n * WIDTH) - (exchanged ? round : 0);
            assert_true(fabs(sg_tensor_value(given, n * WIDTH) - expected) < 1e-6);
        }
        assert_int_equal(judge->reals.count, before + ROWS < 50 ? before + ROWS : 50);
        if (judge->reals.count == SG_LATENT_POOL)
            break;
    }
    assert_int_equal(judge->reals.count, SG_LATENT_POOL);
    assert_int_equal(judge->fakes.count, 0);
    sg_latent_judge_destroy(judge);
}

static double mean_score(const sg_latent_judge *judge, sg_tensor *w)
{
    const sg_tensor *scores = sg_latent_judge_scores(judge, w);
    double sum = 0;
    for (int i = 0; i < ROWS; i++)
        sum += sg_tensor_value(scores, i) / ROWS;
    return sum;
}

/* It learns to tell them; R1 makes its scores flat at the real ones. */
static void steps_tell_w_apart(void **state)
{
    double slope[2];
    for (int penalised = 0; penalised < 2; penalised++) {
        sg_latent_judge *judge = sg_latent_judge_create(*state, WIDTH, 0.01, 3);
        double loss = 0;
        double first = 0;
        for (int step = 0; step < 150; step++) {
            const size_t scope = sg_scope_open(*state);
            loss = sg_latent_judge_step(judge, make_w(*state, 1), make_w(*state, -1),
                                        penalised ? 1 : 0);
            first = step == 0 ? loss : first;
            sg_scope_close(*state, scope, NULL);
        }
        slope[penalised] = fabs(mean_score(judge, make_w(*state, 1.01)) -
                                mean_score(judge, make_w(*state, 0.99))) /
                           0.02;
        assert_true(first > 1 && loss < 0.1);
        assert_true(mean_score(judge, make_w(*state, 1)) - mean_score(judge, make_w(*state, -1)) >
                    5);
        assert_int_equal(sg_optimiser_steps(judge->optimiser), penalised ? 300 : 150);
        sg_latent_judge_destroy(judge);
    }
    assert_true(slope[1] < slope[0] / 5);
}

/* The encoder's loss is the mean over its first codes. */
static void the_loss_is_of_the_first_codes(void **state)
{
    sg_latent_judge *judge = sg_latent_judge_create(*state, WIDTH, 0.01, 3);
    sg_tensor *styles = sg_tensor_create(*state, SG_F32, SG_SHAPE(2, 3, WIDTH));
    sg_tensor *rows = sg_tensor_create(*state, SG_F32, SG_SHAPE(6, WIDTH));
    double expected[3] = {0};
    for (int i = 0; i < 6 * WIDTH; i++) {
        sg_tensor_set_value(styles, i, sin(i));
        sg_tensor_set_value(rows, i, sin(i));
    }
    const sg_tensor *scores = sg_latent_judge_scores(judge, rows);
    for (int codes = 1; codes <= 3; codes++)
        for (int row = 0; row < 6; row++)
            if (row % 3 < codes)
                expected[codes - 1] += log1p(exp(-sg_tensor_value(scores, row))) / (2 * codes);
    for (int codes = 1; codes <= 4; codes++) {
        const sg_tensor *loss = sg_latent_judge_loss(judge, styles, codes);
        assert_true(fabs(sg_tensor_value(loss, 0) - expected[codes < 3 ? codes - 1 : 2]) < 1e-5);
    }
    sg_latent_judge_destroy(judge);
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, context_setup, context_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(scores_are_those_of_the_layers),
        CASE(pools_exchange_w),
        CASE(steps_tell_w_apart),
        CASE(the_loss_is_of_the_first_codes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
