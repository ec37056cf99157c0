/*
 * DCGAN and the losses, from outside: every loss trains, what belongs to it is in the run's files,
 * interrupted runs go on to the same bytes, contradictions are refused with the reason, and other
 * commands work on DCGAN's networks.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/files/file.h"
#include "support/program.h"
#include "support/temporary_folder.h"
#include "support/tiny_run.h"
#include "support/tiny_training.h"

static char *text_of(const char *folder, const char *name)
{
    return (char *)bytes_of(folder, name, &(size_t){0});
}

static void assert_in_text(const char *folder, const char *name, const char *part, bool there)
{
    char *text = text_of(folder, name);
    if ((strstr(text, part) != NULL) != there)
        fail_msg("%s of %s %s %s:\n%s", name, folder, there ? "lacks" : "holds", part, text);
    free(text);
}

static void every_loss_trains_dcgan(void **state)
{
    static const char *const losses[] = {"logistic", "minimax", "lsgan", "hinge",
                                         "wgan",     "wgan-gp", "rpgan"};
    for (size_t i = 0; i < sizeof losses / sizeof *losses; i++) {
        const bool wasserstein = strncmp(losses[i], "wgan", 4) == 0;
        char named[64];
        char *folder = trained_folder(
            train_tiny(state, "dcgan", "0.096", (const char *const[]){"--loss", losses[i], NULL}));
        snprintf(named, sizeof named, "\"loss\":\t\"%s\"", losses[i]);
        assert_in_text(folder, "training_options.json", named, true);
        assert_in_text(folder, "training_options.json",
                       i >= 5 ? "\"norm\":\t\"layer\"" : "\"norm\":\t\"batch\"", true);
        assert_in_text(folder, "stats.jsonl", "Loss/wasserstein", wasserstein);
        assert_in_text(folder, "stats.jsonl", "Loss/gradient_penalty",
                       strcmp(losses[i], "wgan-gp") == 0);
        free(folder);
    }
}

/* Interrupted after 40 images, when the generator waits for its critic, and after 64. */
static void assert_resumes(void **state, const char *const *more)
{
    static const char *const stops[] = {"0.04", "0.064"};
    static const char *const files[] = {"network-snapshot-000000128.safetensors",
                                        "training-state-000000128.safetensors",
                                        "fakes-000000128.png"};
    char *whole = trained_folder(train_tiny(state, "dcgan", "0.128", more));
    for (size_t i = 0; i < sizeof stops / sizeof *stops; i++) {
        char *folder = trained_folder(train_tiny(state, "dcgan", stops[i], more));
        assert_done(RUN("train", "--resume", folder, "--kimg", "0.128", "--threads", "1"),
                    "Resumed at kimg");
        for (size_t k = 0; k < sizeof files / sizeof *files; k++)
            assert_same_file(whole, folder, files[k]);
        free(folder);
    }
    free(whole);
}

static void clipped_critics_resume_exactly(void **state)
{
    assert_resumes(state, (const char *const[]){"--loss", "wgan", "--n-critic", "3", "--glr",
                                                "0.01", "--cond", NULL});
}

/* There is no published bound but DCGAN's: the run's own counts. */
static void clipped_critics_of_other_families_resume(void **state)
{
    char *folder = trained_folder(train_tiny(state, "stylegan2", "0.032",
                                             OPTIONS("--loss", "wgan", "--clip-weights", "0.5")));
    assert_done(RUN("train", "--resume", folder, "--kimg", "0.064", "--threads", "1"),
                "Resumed at kimg");
    free(folder);
}

static void penalised_critics_resume_exactly(void **state)
{
    assert_resumes(state, (const char *const[]){"--loss", "wgan-gp", "--batch-gpu", "4",
                                                "--optimizer", "rmsprop", "--mirror", NULL});
}

static void regularised_critics_resume_exactly(void **state)
{
    assert_resumes(state, (const char *const[]){"--gamma", "1", "--r2-gamma", "2", NULL});
}

/* Pairs and top-k in parts of a batch, and noise in the middle of its fade. */
static void further_terms_resume_exactly(void **state)
{
    assert_resumes(state, (const char *const[]){"--loss", "rpgan", "--batch-gpu", "4", "--top-k",
                                                "0.5", "--top-k-kimg", "0.06", "--cond", NULL});
    assert_resumes(state, (const char *const[]){"--gp-weight", "10", "--gp-points", "fakes",
                                                "--instance-noise", "0.2", "--instance-noise-kimg",
                                                "0.1", NULL});
}

/* Sixteen pictures, 70 times. */
static void fades_follow_from_the_data(void **state)
{
    char *folder = trained_folder(
        train_tiny(state, "dcgan", "0.032",
                   (const char *const[]){"--top-k", "0.5", "--instance-noise", "0.1", NULL}));
    assert_in_text(folder, "training_options.json", "\"top_k_kimg\":\t1.12", true);
    assert_in_text(folder, "training_options.json", "\"instance_noise_kimg\":\t1.12", true);
    free(folder);
    folder = trained_folder(train_tiny(state, "dcgan", "0.032", (const char *const[]){NULL}));
    assert_in_text(folder, "training_options.json", "top_k", false);
    assert_in_text(folder, "training_options.json", "instance_noise", false);
    assert_in_text(folder, "training_options.json", "gp_points", false);
    free(folder);
}

static void contradictions_are_refused(void **state)
{
    static const struct contradiction {
        const char *cfg, *reason;
        const char *options[5];
    } cases[] = {
        {"dcgan", "--loss is \"ragan\", but must be", {"--loss", "ragan"}},
        {"dcgan", "--optimizer is \"sgd\", but must be", {"--optimizer", "sgd"}},
        {"dcgan", "--n-critic", {"--n-critic", "0"}},
        {"dcgan", "--r2-gamma is -1, but must be a number from 0", {"--r2-gamma", "-1"}},
        {"dcgan", "a gradient of its own", {"--loss", "wgan-gp", "--critic-norm", "batch"}},
        {"dcgan", "a gradient of its own", {"--gamma", "1", "--critic-norm", "batch"}},
        {"dcgan", "--critic-norm is \"group\", but must be", {"--critic-norm", "group"}},
        {"dcgan", "no mapping network", {"--pl-weight", "2"}},
        {"dcgan", "no mapping network", {"--map-depth", "2"}},
        {"dcgan", "no minibatch standard deviation", {"--mbstd-group", "4"}},
        {"dcgan", "makes no sense with --loss hinge", {"--loss", "hinge", "--clip-weights", "1"}},
        {"dcgan", "a norm of 1", {"--loss", "wgan", "--gamma", "1"}},
        {"dcgan", "--drift belongs to --loss wgan-gp", {"--drift", "0.1"}},
        {"dcgan",
         "--gp-weight and --gp-points make no sense with --loss wgan",
         {"--loss", "wgan", "--gp-weight", "5"}},
        {"stylegan2",
         "towards 0, the gradient penalty towards 1",
         {"--gp-weight", "5", "--gamma", "1"}},
        {"dcgan", "--gp-points is \"reals\", but must be", {"--gp-points", "reals"}},
        {"dcgan", "--top-k is 0, but must be", {"--top-k", "0"}},
        {"dcgan", "--top-k is 2, but must be", {"--top-k", "2"}},
        {"dcgan", "--top-k-kimg needs --top-k below 1", {"--top-k-kimg", "3"}},
        {"dcgan", "-kimg needs --instance-noise, which", {"--instance-noise-kimg", "3"}},
        {"dcgan", "--instance-noise is -1, but must be", {"--instance-noise", "-1"}},
        {"stylegan2", "belongs to --cfg dcgan", {"--critic-norm", "layer"}},
        {"stylegan2", "needs --clip-weights", {"--loss", "wgan"}},
        {"stylegan2", "a norm of 1", {"--loss", "wgan-gp", "--r2-gamma", "1"}},
    };
    char *outdir = tiny_run_outdir(state);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_fails(train_tiny(state, cases[i].cfg, "0.1", cases[i].options), 2, cases[i].reason);
    assert_false(sg_path_exists(outdir));
    free(outdir);
}

/* A loss on another family, with the values that go with it there. */
static void losses_train_other_families(void **state)
{
    static const char *const cases[][7] = {
        {"--loss", "hinge", "--w-dim", "6"},
        {"--loss", "wgan-gp", "--w-dim", "6"},
        {"--loss", "wgan", "--clip-weights", "0.5", "--w-dim", "6"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        free(trained_folder(train_tiny(state, "stylegan2", "0.048", cases[i])));
}

static void commands_work_on_dcgan(void **state)
{
    char network[512];
    char *pictures = temporary_path(state, "pictures");
    char *animation = temporary_path(state, "path.png");
    char *folder =
        trained_folder(train_tiny(state, "dcgan", "0.032", (const char *const[]){"--cond", NULL}));
    snprintf(network, sizeof network, "%s/network-snapshot-000000032.safetensors", folder);
    assert_done(RUN("info", network), "DCGAN");
    assert_done(RUN("generate", "--network", network, "--outdir", pictures, "--seeds", "0-3",
                    "--class", "1", "--trunc", "0.5"),
                "");
    assert_in_folder(pictures, "seed0003.png");
    assert_done(RUN("interpolate", "--network", network, "--seeds", "0,1", "--frames", "3",
                    "--class", "2", "--output", animation),
                "");
    free(folder);
    free(animation);
    free(pictures);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, tiny_run_setup, tiny_run_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(every_loss_trains_dcgan),
        IN_FOLDER(clipped_critics_resume_exactly),
        IN_FOLDER(clipped_critics_of_other_families_resume),
        IN_FOLDER(penalised_critics_resume_exactly),
        IN_FOLDER(regularised_critics_resume_exactly),
        IN_FOLDER(further_terms_resume_exactly),
        IN_FOLDER(fades_follow_from_the_data),
        IN_FOLDER(contradictions_are_refused),
        IN_FOLDER(losses_train_other_families),
        IN_FOLDER(commands_work_on_dcgan),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
