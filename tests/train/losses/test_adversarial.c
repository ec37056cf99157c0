/* Adversarial losses: their values by definition, their gradients by differences. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ops/gradient.h"
#include "support/close.h"
#include "support/tensors.h"
#include "train/losses/adversarial.h"

enum { SAMPLES = 6 };

/* Far out on both sides, and on both sides of each kink. */
static const double scores[SAMPLES] = {-300, -3, -0.75, 0.5, 1.25, 200};

/* What each loss says of one score s; softplus(s) = log(1 + e^s). */
static double softplus(double s)
{
    return fmax(s, 0) + log1p(exp(-fabs(s)));
}

static double softplus_of_opposite(double s)
{
    return softplus(-s);
}

static double saturating(double s)
{
    return -softplus(s);
}

static double half_square_from_one(double s)
{
    return 0.5 * (s - 1) * (s - 1);
}

static double half_square(double s)
{
    return 0.5 * s * s;
}

static double hinge_below_one(double s)
{
    return fmax(0, 1 - s);
}

static double hinge_above_minus_one(double s)
{
    return fmax(0, 1 + s);
}

static double identity(double s)
{
    return s;
}

static double opposite(double s)
{
    return -s;
}

typedef double (*pointwise)(double score);

static const struct definition {
    const char *name;
    sg_lipschitz_bound bound;
    pointwise generator, real, fake;
} definitions[] = {
    {"logistic", SG_LIPSCHITZ_FREE, softplus_of_opposite, softplus_of_opposite, softplus},
    {"minimax", SG_LIPSCHITZ_FREE, saturating, softplus_of_opposite, softplus},
    {"lsgan", SG_LIPSCHITZ_FREE, half_square_from_one, half_square_from_one, half_square},
    {"hinge", SG_LIPSCHITZ_FREE, opposite, hinge_below_one, hinge_above_minus_one},
    {"wgan", SG_LIPSCHITZ_CLIPPED, opposite, opposite, identity},
    {"wgan-gp", SG_LIPSCHITZ_PENALISED, opposite, opposite, identity},
    {"rpgan", SG_LIPSCHITZ_FREE, softplus_of_opposite, softplus_of_opposite, NULL},
};

static void assert_follows(sg_context *context, const char *name,
                           sg_tensor *(*loss)(sg_tensor *scores), pointwise expected)
{
    sg_tensor *tensor = leaf_of(context, SG_SHAPE(SAMPLES, 1), scores);
    sg_tensor *gradient = NULL;
    sg_tensor *value = loss(tensor);
    double mean = 0;
    assert_non_null(value);
    assert_int_equal(sg_gradient(value, NULL, &tensor, 1, (sg_gradient_options){0}, &gradient),
                     SG_OK);
    assert_non_null(gradient);
    for (int i = 0; i < SAMPLES; i++) {
        const double derivative = (expected(scores[i] + 1e-5) - expected(scores[i] - 1e-5)) / 2e-5;
        if (!(fabs(sg_tensor_value(gradient, i) - derivative / SAMPLES) < 1e-6))
            fail_msg("%s at %g: the derivative is %g, not %g", name, scores[i],
                     sg_tensor_value(gradient, i), derivative / SAMPLES);
        mean += expected(scores[i]) / SAMPLES;
    }
    assert_close(sg_tensor_value(value, 0), mean, 1e-9);
}

static void losses_follow_their_papers(void **state)
{
    assert_int_equal(SG_LOSS_COUNT, sizeof definitions / sizeof *definitions);
    for (int i = 0; i < SG_LOSS_COUNT; i++) {
        const struct definition *d = &definitions[i];
        const int kind = sg_choice_find(&sg_loss_choices, d->name);
        assert_true(kind >= 0);
        const sg_adversarial_loss *loss = sg_adversarial_loss_of((sg_loss_kind)kind);
        assert_string_equal(loss->name, d->name);
        assert_int_equal(loss->bound, d->bound);
        assert_follows(*state, d->name, loss->generator, d->generator);
        assert_follows(*state, d->name, loss->real, d->real);
        assert_int_equal(loss->pairs, !d->fake);
        if (d->fake)
            assert_follows(*state, d->name, loss->fake, d->fake);
        else
            assert_null(loss->fake);
    }
    assert_int_equal(sg_choice_find(&sg_loss_choices, "wgan_gp"), -1);
}

/* Sinha et al. 2020: the gradient is that of the mean over the k highest scores, and 0 elsewhere.
 */
static void the_best_are_chosen_by_their_scores(void **state)
{
    sg_context *context = *state;
    static const double judged[SAMPLES] = {1, 4, -2, 4, 3, 4};
    static const int best[] = {1, 3, 5, 4};
    for (int64_t k = 1; k <= 4; k++) {
        sg_tensor *values = leaf_of(context, SG_SHAPE(SAMPLES, 1), scores);
        sg_tensor *gradient = NULL;
        sg_tensor *chosen = sg_pick_best(values, leaf_of(context, SG_SHAPE(SAMPLES, 1), judged), k);
        assert_non_null(chosen);
        assert_int_equal(chosen->shape.size[0], k);
        sg_tensor *loss = sg_adversarial_loss_of(SG_LOSS_LOGISTIC)->generator(chosen);
        assert_int_equal(sg_gradient(loss, NULL, &values, 1, (sg_gradient_options){0}, &gradient),
                         SG_OK);
        double mean = 0;
        for (int i = 0; i < SAMPLES; i++) {
            bool is_best = false;
            for (int64_t at = 0; at < k; at++)
                is_best |= best[at] == i;
            const double slope = -1 / (1 + exp(scores[i]));
            assert_close(sg_tensor_value(gradient, i), is_best ? slope / (double)k : 0, 1e-12);
            mean += is_best ? softplus(-scores[i]) / (double)k : 0;
        }
        assert_close(sg_tensor_value(loss, 0), mean, 1e-12);
    }
    sg_tensor *all = leaf_of(context, SG_SHAPE(SAMPLES, 1), scores);
    assert_ptr_equal(sg_pick_best(all, all, SAMPLES), all);
    assert_null(sg_pick_best(NULL, all, 2));
}

static void failures_pass_through(void **state)
{
    (void)state;
    for (int i = 0; i < SG_LOSS_COUNT; i++) {
        const sg_adversarial_loss *loss = sg_adversarial_loss_of((sg_loss_kind)i);
        assert_null(loss->generator(NULL));
        assert_null(loss->real(NULL));
        assert_true(!loss->fake || !loss->fake(NULL));
    }
}

#define WITH_CONTEXT(test) cmocka_unit_test_setup_teardown(test, context_setup, context_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_CONTEXT(losses_follow_their_papers),
        WITH_CONTEXT(the_best_are_chosen_by_their_scores),
        WITH_CONTEXT(failures_pass_through),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
