/*
 * Command lines of the official programs and their forks, as their users type them: each works, or
 * says what to type. Written from the lists of options of stylegan3, stylegan2-ada-pytorch and
 * StyleGAN2 in TensorFlow (NVlabs), stylegan3-fun (PDillis), stylegan2-ada-pytorch (dvschultz), and
 * both projects called stylegan2-pytorch (rosinality, lucidrains).
 *
 * Words in capitals stand for files: DATA is a set of pictures of 8x8, SET a zip of them, RUN the
 * folder of a run on them, RUNS the folder around it, OUT a new folder for each line, W a file of
 * w. PKL, COND and THREE are networks. TINY is a list of options that make a training last a
 * moment.
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

enum { MOST_WORDS = 60, LINE_BYTES = 4096, FEWEST_WORKING = 45 };

#define TINY "--cbase 32 --cmax 4 --z-dim 8 --w-dim 8 --map-depth 1 --threads 1"

/* A line, and the sentence that it gets (NULL: it works) or a file that it leaves in OUT. */
typedef struct official_line {
    const char *words, *sentence, *file;
} official_line;

#define WORKS(words_)                                                                              \
    {                                                                                              \
        words_, NULL, NULL                                                                         \
    }
#define LEAVES(words_, file_)                                                                      \
    {                                                                                              \
        words_, NULL, file_                                                                        \
    }
#define SAYS(words_, sentence_)                                                                    \
    {                                                                                              \
        words_, sentence_, NULL                                                                    \
    }

static const official_line lines[] = {
    /* stylegan3 */
    WORKS("gen_images.py --outdir=OUT --trunc=1 --seeds=2 --network=THREE"),
    WORKS("gen_images.py --outdir=OUT --trunc=0.7 --seeds=600-602 --network=PKL"),
    LEAVES("gen_images --outdir=OUT --seeds=0-3 --class=1 --network=COND", "seed0003.png"),
    WORKS("gen-images --outdir=OUT --seeds=0 --translate=0.25,0 --rotate=30 --noise-mode=none "
          "--network=THREE"),
    WORKS("gen_video.py --output=OUT.mp4 --trunc=1 --seeds=0-3 --grid=2x1 --w-frames=2 "
          "--network=THREE"),
    WORKS("gen_video --output=OUT.mp4 --seeds=0-2 --shuffle-seed=1 --num-keyframes=4 --w-frames=1 "
          "--network=PKL"),
    WORKS("train.py --outdir=OUT --cfg=stylegan3-t --data=DATA --gpus=8 --batch=8 --gamma=8.2 "
          "--mirror=1 -n " TINY),
    SAYS("train.py --outdir=OUT --cfg=stylegan3-r --data=DATA --gpus=8 --batch=8 --gamma=6.6 "
         "--mirror=1 --kimg=5000 --snap=5 --resume=THREE -n " TINY,
         "each layer of StyleGAN3 has a cutoff and filters for one resolution"),
    WORKS("train.py --outdir=OUT --cfg=stylegan2 --data=DATA --gpus=8 --batch=8 --gamma=10 "
          "--mirror=1 "
          "--aug=noaug -n " TINY),
    WORKS("train.py --outdir=OUT --cfg=stylegan2 --data=DATA --gpus=2 --batch=8 --cond=True "
          "--mirror=False --workers=3 --fp32=True --nobench=0 --metrics=none --tick=1 --snap=10 "
          "--seed=3 --batch-gpu=4 --glr=0.0025 --dlr=0.002 --mbstd-group=4 --dry-run " TINY),
    WORKS("train --outdir OUT --data DATA --cond 1 --batch 8 --kimg 0.008 --freezed 0 --desc "
          "first " TINY),
    SAYS("train.py --outdir=OUT --data=DATA --resume=THREE --freezed=4 " TINY,
         "most of the networks would start at random"),
    WORKS("train.py --outdir=OUT --data=DATA --batch=8 --cond=1 --freezed=4 --freezeM=1 "
          "--freezeE=True --freezeG=4 -n " TINY),
    WORKS("calc_metrics.py --metrics=eqt50k_int,eqr50k --network=THREE --gpus=2 --verbose=False "
          "--num=2"),
    SAYS("calc_metrics.py --metrics=fid50k_full --data=DATA --mirror=1 --network=PKL",
         "published as inception-2015-12-05.pkl"),
    SAYS("avg_spectra.py stats --source=DATA", "type \"stylegan spectra"),
    SAYS("avg_spectra.py calc --source=DATA --dest=OUT/a.npz --mean=112.684 --std=69.509",
         "is --output DIR here"),
    LEAVES("avg_spectra.py calc --source=PKL --num=4 --beta=8 --interp=2 --output=OUT",
           "heatmap.png"),
    SAYS("avg_spectra.py heatmap OUT/a.npz --save=OUT/a.png --dpi=300", "type \"stylegan spectra"),
    LEAVES("dataset_tool.py --source=DATA --dest=OUT/set.zip", "set.zip"),
    LEAVES("dataset_tool.py --source=DATA --dest=OUT/set.zip --width=8 --height=8 "
           "--resize-filter=box --transform=center-crop",
           "set.zip"),
    WORKS("dataset_tool.py --source=DATA --dest=OUT/set.zip --resolution=8x8"),
    WORKS("dataset_tool.py --source DATA --dest OUT/set --transform=center-crop --resolution=8x8 "
          "--max-images=5"),
    WORKS("dataset_tool --source=SET --dest=OUT/set.zip --resolution=8x8 "
          "--transform=center-crop-wide "
          "--max_images=3"),
    WORKS("legacy.py --source=PKL --dest=OUT.safetensors"),
    SAYS("visualizer.py", "is a window, which is not there"),
    /* stylegan2-ada-pytorch */
    WORKS("generate.py --outdir=OUT --trunc=1 --seeds=85,265,297,849 --network=PKL"),
    WORKS("generate.py --outdir=OUT --trunc=0.7 --seeds=600-605 --network=PKL"),
    WORKS("generate.py --outdir=OUT --seeds=0-5 --class=1 --network=COND"),
    LEAVES("generate.py --outdir=OUT --projected_w=W --network=PKL", "proj00.png"),
    LEAVES("style_mixing.py --outdir=OUT --rows=85,100 --cols=55,821 --network=PKL", "85-55.png"),
    WORKS("style-mixing --outdir=OUT --rows=85 --cols=55,821 --styles=0-3 --trunc=0.8 "
          "--noise-mode=const --network=PKL"),
    LEAVES("projector.py --outdir=OUT --target=PICTURE --network=PKL --num-steps=2 --seed=1 "
           "--save-video=False --w-avg-samples=50",
           "proj.png"),
    WORKS("train.py --outdir=OUT --data=DATA --gpus=1 --cfg=auto --batch=8 --dry-run " TINY),
    WORKS("train.py --outdir=OUT --data=SET --gpus=2 --batch=8 --cfg=paper256 --mirror=1 -n " TINY),
    WORKS("train.py --outdir=OUT --data=DATA --gpus=8 --cfg=paper512 --batch=8 -n " TINY),
    WORKS("train.py --outdir=OUT --data=DATA --gpus=8 --cfg=paper1024 --batch=8 -n " TINY),
    WORKS("train.py --outdir=OUT --data=DATA --gpus=2 --cfg=cifar --batch=32 --cond=1 -n " TINY),
    WORKS("train.py --outdir=OUT --data=DATA --subset=10 --resume=noresume --nhwc=1 --allow-tf32=0 "
          "--batch=8 -n " TINY),
    WORKS("train.py --outdir=OUT --data=DATA --gpus=8 --aug=ada --target=0.7 --batch=8 -n " TINY),
    WORKS("train.py --outdir=OUT --data=DATA --gpus=8 --aug=fixed --p=0.7 --batch=8 -n " TINY),
    WORKS("train.py --outdir=OUT --data=DATA --cfg=auto --augpipe=bgcfnc --batch=8 -n " TINY),
    WORKS("train.py --outdir=OUT --data=DATA --aug=ada --initstrength=0.3 --batch=8 -n " TINY),
    WORKS("train.py --outdir=OUT --data=DATA --gpus=8 --target=0.7 -n " TINY),
    SAYS("train.py --outdir=OUT --data=DATA --gpus=8 --cfg=stylegan2 --target=0.7 -n " TINY,
         "--target belongs to --aug ada"),
    SAYS("train.py --outdir=OUT --data=DATA --gpus=8 --resume=ffhq1024 -n " TINY,
         "curl -LO https://nvlabs-fi-cdn.nvidia.com/"),
    WORKS("train.py --outdir=RUNS --data=DATA --resume=latest --kimg=0.072 --threads 1"),
    WORKS("train.py --outdir=OUT --data=DATA --resume=RUN/network-snapshot-000000064.safetensors "
          "--batch=8 -n " TINY),
    SAYS("train.py --outdir=OUT --data=DATA --batch=8 --metrics=fid50k_full,kid50k_full -n " TINY,
         "name the file by --features"),
    WORKS("generate.py --outdir=OUT --seeds=0 --network=RUN"),
    WORKS("generate.py --outdir=OUT --seeds=0 --network=RUNS"),
    /* StyleGAN2 in TensorFlow */
    WORKS("run_generator.py generate-images --network=PKL --seeds=6600-6602 --truncation-psi=0.5 "
          "--result-dir=OUT"),
    LEAVES(
        "run_generator.py style-mixing-example --network=PKL --row-seeds=85,100 --col-seeds=55,821 "
        "--truncation-psi=1.0 --result-dir=OUT",
        "grid.png"),
    SAYS("run_generator.py generate-images --network=gdrive:networks/stylegan2-ffhq-config-f.pkl "
         "--seeds=66 --truncation-psi=1.0 --result-dir=OUT",
         "fetch it first"),
    SAYS("run_training.py --num-gpus=8 --data-dir=OUT --config=config-f --dataset=ffhq "
         "--mirror-augment=true",
         "name a folder or zip of images by --data"),
    WORKS("run_training.py --num-gpus=8 --data=DATA --config=config-e --mirror-augment=true "
          "--total-kimg=1 --gamma=100 --batch 8 --result-dir=OUT -n " TINY),
    WORKS(
        "run_metrics.py --network=THREE --metrics=eqt50k_int --dataset=DATA --num-gpus=1 --num=2"),
    SAYS("run_projector.py project-real-images --network=PKL --dataset=car",
         "type \"stylegan project --network FILE --target PICTURE"),
    SAYS("dataset_tool.py create_from_images OUT DATA", "type \"stylegan dataset SOURCE SET.zip\""),
    /* stylegan3-fun */
    LEAVES(
        "generate.py images --network=PKL --seeds=0-3 --trunc=0.7 --grid-width=2 --grid-height=2 "
        "--outdir=OUT",
        "grid.png"),
    LEAVES("generate.py images --cfg=stylegan3-t --network=THREE --seeds=1 --save-dlatents -anchor "
           "--new-center=3 --description=mine --device=cpu --outdir=OUT",
           "seed0001.npz"),
    SAYS("generate.py images --network=PKL --seeds=1 --outdir=OUT -anchor-latent-space",
         "StyleGAN3"),
    SAYS("generate.py random-video --network=PKL --seeds=0-3 --duration-sec=2",
         "the option --output is missing"),
    WORKS("generate.py random-video --network=PKL --seeds=0-3 --grid-width=2 --grid-height=2 "
          "--duration-sec=0.2 --fps=10 --output=OUT.mp4"),
    WORKS("generate.py circular-video --network=PKL --seed=3 --trunc=0.7 -sec 0.2 --fps=10 "
          "--output=OUT.gif"),
    LEAVES("generate.py images --network=PKL --seeds=0-4 --save-grid --outdir=OUT", "grid.png"),
    LEAVES("generate.py generate-images --network=PKL --seeds=0-3 --truncation-psi=0.5 "
           "--create-grid --outdir=OUT",
           "grid.png"),
    SAYS("gen_images.py --outdir=OUT --seeds=2 "
         "--network=https://api.ngc.nvidia.com/v2/models/stylegan3-r-afhqv2-512x512.pkl",
         "curl -LO https://api.ngc"),
    SAYS("train.py --outdir=OUT --data=DATA --gpus=8 --batch=8 "
         "--resume=https://api.ngc.nvidia.com/v2/models/stylegan3-r-ffhqu-1024x1024.pkl -n " TINY,
         "curl -LO https://api.ngc"),
    SAYS("legacy.py --source=https://nvlabs-fi-cdn.nvidia.com/stylegan2/networks/a.pkl "
         "--dest=OUT.safetensors",
         "curl -LO https://nvlabs"),
    SAYS("avg_spectra.py calc --source=https://api.ngc.nvidia.com/v2/models/a.pkl --num=7 "
         "--output=OUT",
         "curl -LO https://api.ngc"),
    SAYS("generate.py images --network=PKL --seeds=1 --layer=b16.conv0 --outdir=OUT",
         "stylegan layers --layers b16.conv0 paints inner layers"),
    WORKS("style_mixing.py grid --network=PKL --row-seeds=85 --col-seeds=55 --col-styles=0-3 "
          "--outdir=OUT"),
    WORKS(
        "train.py --cfg=stylegan2-ext --outdir=OUT --data=DATA --gpus=1 --batch=8 --mirror-y=True "
        "--img-snap=2 --snap-res=1080p --freezeM=0 --freezeE=False --blur-percent=0 "
        "--resume-kimg=0 "
        "-n " TINY),
    /* dvschultz */
    WORKS("generate.py --process=image --outdir=OUT --seeds=1 --network=PKL"),
    SAYS("generate.py --process=interpolation --interpolation=slerp --seeds=1,2 --network=PKL "
         "--outdir=OUT",
         "is a command here: stylegan interpolate"),
    WORKS("train.py --outdir=OUT --data=DATA --batch=8 --mirrory=1 -n " TINY),
    SAYS("closed_form_factorization.py --out OUT/f.pt --ckpt PKL", "which is not there yet"),
    WORKS("export_weights.py PKL OUT.pt"),
    /* rosinality */
    LEAVES("generate.py --ckpt PKL --pics 3 --sample 1 --truncation 0.7 --outdir OUT",
           "seed0002.png"),
    WORKS("train.py --batch 8 DATA --size 8 --r1 10 --wandb --outdir OUT -n " TINY),
    SAYS("train.py --batch 8 DATA --iter 800000 --outdir OUT", "--kimg counts thousands of images"),
    SAYS("convert_weight.py --repo stylegan2 PKL", "type \"stylegan convert FILE.pkl FILE.pt\""),
    SAYS("prepare_data.py --out OUT --size 256 DATA", "type \"stylegan dataset"),
    /* lucidrains */
    WORKS("stylegan2_pytorch --data DATA --results_dir OUT --name mine --batch-size 8 --fmap-max 4 "
          "--image-size 8 "
          "--no-pl-reg --kimg 0.008 " TINY),
    SAYS("stylegan2_pytorch --data DATA --num-train-steps 1000 --results_dir OUT", "counts steps"),
    SAYS("stylegan2_pytorch --generate", "is a command here: stylegan generate"),
};

enum { LINES = sizeof lines / sizeof *lines };

/* What capital words stand for; paths in the test's folder begin with "/". */
static const char *const places[][2] = {
    {"PKL", "tests/golden/sg2-skip-32/network.pkl"},
    {"PICTURE", "docs/images/faces.png"},
    {"COND", "tests/golden/sg2-cond-gray-16/network.pkl"},
    {"THREE", "tests/golden/sg3-t-32/network.pkl"},
    {"DATA", "/images-idx3-ubyte"},
    {"SET", "/set.zip"},
    {"OUT", "/out"},
    {"RUNS", "/runs"},
    {"W", "/w/seed0001.npz"},
};

/* The path of the tiny run. */
static char *run_folder;

/* Appends the meaning of a word to `text`: capitals at its start or after "=", or the word. */
static void spell(void *const *state, size_t line, const char *word, char *text)
{
    const char *name = strchr(word, '=') ? strchr(word, '=') + 1 : word;
    const size_t length = strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    const char *place = NULL;
    const bool whole = strchr("/.", name[length]); /* or its end */
    for (size_t i = 0; i < sizeof places / sizeof *places && whole; i++)
        if (strlen(places[i][0]) == length && strncmp(places[i][0], name, length) == 0)
            place = places[i][1];
    const size_t head = (size_t)(name - word);
    if (whole && length == 3 && strncmp(name, "RUN", 3) == 0)
        snprintf(text, LINE_BYTES, "%.*s%s%s", (int)head, word, run_folder, name + length);
    else if (!place)
        snprintf(text, LINE_BYTES, "%s", word);
    else if (strcmp(place, "/out") == 0)
        snprintf(text, LINE_BYTES, "%.*s%s/out%zu%s", (int)head, word, (char *)*state, line,
                 name + length);
    else
        snprintf(text, LINE_BYTES, "%.*s%s%s%s", (int)head, word,
                 place[0] == '/' ? (char *)*state : "", place, name + length);
}

static program_result run_line(void *const *state, size_t line)
{
    char *words[MOST_WORDS + 1] = {NULL};
    size_t count = 0;
    char *text = strdup(lines[line].words);
    char *rest = NULL;
    for (char *word = strtok_r(text, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
        assert_true(count < MOST_WORDS);
        words[count] = calloc(LINE_BYTES, 1);
        spell(state, line, word, words[count++]);
    }
    const program_result result = run_program((const char *const *)words);
    for (size_t i = 0; i < count; i++)
        free(words[i]);
    free(text);
    return result;
}

static void assert_left(void *const *state, size_t line)
{
    char path[LINE_BYTES];
    snprintf(path, sizeof path, "%s/out%zu/%s", (char *)*state, line, lines[line].file);
    if (!sg_path_exists(path))
        fail_msg("stylegan %s\nleft no %s", lines[line].words, path);
}

static void every_line_works_or_says_what_to_type(void **state)
{
    size_t working = 0;
    for (size_t i = 0; i < LINES; i++) {
        program_result result = run_line(state, i);
        if (!lines[i].sentence && result.status != 0)
            fail_msg("stylegan %s\nexit status %d: %s", lines[i].words, result.status,
                     result.errors);
        if (lines[i].sentence && (result.status == 0 || !strstr(result.errors, lines[i].sentence)))
            fail_msg("stylegan %s\nexit status %d, \"%s\" was expected in: %s", lines[i].words,
                     result.status, lines[i].sentence, result.errors);
        working += result.status == 0;
        if (lines[i].file)
            assert_left(state, i);
        program_result_clear(&result);
    }
    assert_true(working >= FEWEST_WORKING);
}

/* ---- what the lines do ---- */

static void ignored_options_are_named_once(void **state)
{
    char *out = temporary_path(state, "ignored");
    program_result result = RUN("gen_images.py", places[0][1], "--seeds", "0", "--outdir", out,
                                "--gpus=8", "--fp32", "true", "--workers", "3", "--cfg=stylegan2");
    assert_holds(result.errors, "stylegan: generate: --gpus, --fp32, --workers are ignored: this "
                                "program computes on the CPU\n");
    assert_holds(result.errors,
                 "stylegan: generate: --cfg is ignored: the network's file says it\n");
    assert_done(result, "1 picture is in");
    free(out);
}

static void switches_take_words(void **state)
{
    static const struct {
        const char *words[3];
        bool mirrored;
    } cases[] = {{{"--mirror"}, true},
                 {{"--mirror=1"}, true},
                 {{"--mirror=True"}, true},
                 {{"--mirror", "true"}, true},
                 {{"--mirror", "1"}, true},
                 {{"--mirror=0"}, false},
                 {{"--mirror=false"}, false},
                 {{"--mirror", "False"}, false},
                 {{"--mirror", "--mirror=0"}, false}};
    char *data = tiny_run_data(state);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t size = 0;
        char name[32];
        snprintf(name, sizeof name, "switch%zu", i);
        char *out = temporary_path(state, name);
        char *folder = trained_folder(RUN("train", data, "--outdir", out, "--kimg", "0.008",
                                          "--batch", "8", "--cbase", "32", "--cmax", "4", "--z-dim",
                                          "8", "--w-dim", "8", "--map-depth", "1", "--threads", "1",
                                          cases[i].words[0], cases[i].words[1]));
        char *options = (char *)bytes_of(folder, "training_options.json", &size);
        assert_holds(options, cases[i].mirrored ? "\"mirror\":\ttrue" : "\"mirror\":\tfalse");
        free(options);
        free(folder);
        free(out);
    }
    free(data);
    assert_fails(RUN("info", "--json=maybe", places[0][1]), 2,
                 "the option --json takes no value, or true or false, not \"maybe\"");
    assert_done(RUN("info", "--json=1", places[0][1]), "{");
}

/* A file of that name is no word. */
static void files_called_1_are_files(void **state)
{
    (void)state;
    assert_done(RUN("info", "--json", places[0][1]), "{");
}

static void names_of_programs_have_help(void **state)
{
    (void)state;
    assert_done(RUN("help", "gen_video.py"), "Usage: stylegan interpolate");
    assert_done(RUN("help", "help"), "Usage: stylegan help");
    assert_done(RUN("help", "--help"), "Usage: stylegan help");
    assert_done(RUN("train.py", "--help"), "and ignored: --gpus");
    assert_done(RUN("help", "projector"), "Usage: stylegan project");
    assert_fails(RUN("help", "run_projector"), 2, "type \"stylegan project");
    assert_fails(RUN("generate", places[0][1], "--grid-width", "2", "--seeds", "1"), 2,
                 "the option --grid-width needs --grid-height beside it");
}

static int set_up(void **state)
{
    const int code = tiny_run_setup(state);
    char *data = tiny_run_data(state);
    char *outdir = tiny_run_outdir(state);
    char *set = temporary_path(state, "set.zip");
    char *w = temporary_path(state, "w");
    run_folder = trained_folder(RUN("train", data, "--outdir", outdir, "--kimg", "0.064", "--batch",
                                    "8", "--cbase", "32", "--cmax", "4", "--z-dim", "8", "--w-dim",
                                    "8", "--map-depth", "1", "--threads", "1"));
    assert_done(RUN("dataset", data, set), "Wrote");
    assert_done(RUN("generate", places[0][1], "--seeds", "1", "--save-w", "--outdir", w),
                "1 picture");
    free(w);
    free(set);
    free(outdir);
    free(data);
    return code;
}

static int tear_down(void **state)
{
    free(run_folder);
    return tiny_run_teardown(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_line_works_or_says_what_to_type),
        cmocka_unit_test(ignored_options_are_named_once),
        cmocka_unit_test(switches_take_words),
        cmocka_unit_test(files_called_1_are_files),
        cmocka_unit_test(names_of_programs_have_help),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
