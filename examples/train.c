/*
 * Trains a small network; Ctrl-C saves it and ends.
 *
 *     train DATA OUTDIR KIMG
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <stylegan.h>

static volatile sig_atomic_t interrupted;

static void on_interrupt(int number)
{
    (void)number;
    interrupted = 1;
}

/* Called after every step; true ends the training. */
static bool on_step(void *user, const sg_training_progress *progress)
{
    FILE *stream = user;
    fprintf(stream, "\r%.2f of %.2f kimg, losses %.3f and %.3f ", progress->kimg,
            progress->total_kimg, progress->loss_generator, progress->loss_discriminator);
    fflush(stream);
    return interrupted != 0;
}

static void on_log(void *user, const char *line)
{
    fprintf(user, "\r%s\n", line);
}

static sg_status train(sg_context *context, char **arguments, sg_error *error)
{
    char folder[4096];
    sg_training_options options;
    const sg_training_callbacks callbacks = {.user = stderr, .step = on_step, .log = on_log};

    sg_training_options_init(&options);
    options.data = arguments[1];
    options.outdir = arguments[2];
    options.kimg = strtod(arguments[3], NULL);
    options.tick_kimg = options.kimg / 4;
    options.snapshot_ticks = 2;
    options.batch = 16;
    options.channel_base = 512;
    options.channel_max = 32;
    options.z_dim = options.w_dim = 64;
    options.mapping_layers = 2;
    sg_status status = sg_train(context, &options, &callbacks, folder, sizeof folder, error);
    if (!status)
        printf("%s\n", folder);
    return status;
}

int main(int count, char **arguments)
{
    sg_error error;
    sg_context *context;

    if (count != 4) {
        fprintf(stderr, "usage: train DATA OUTDIR KIMG\n");
        return 2;
    }
    signal(SIGINT, on_interrupt);
    sg_status status = sg_context_open(NULL, &context, &error);
    if (!status)
        status = train(context, arguments, &error);
    if (status)
        fprintf(stderr, "train: %s\n", error.message);
    sg_context_close(context);
    return status ? 1 : 0;
}
