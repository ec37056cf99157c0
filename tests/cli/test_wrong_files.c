/* Files that are none of those that a command reads: what they seem to be, and what to do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/files/atomic_file.h"
#include "cli/terminal/report.h"
#include "support/program.h"
#include "support/temporary_folder.h"

#define NETWORK "tests/golden/sg2-skip-32/network.pkl"
#define URL "https://host.example/folder/network.pkl"

/* Writes a file and has it taken for a network, w and data. */
static void check_everywhere(void **state, const char *bytes, size_t size, const char *part)
{
    char *path = temporary_path(state, "file.pkl");
    assert_int_equal(sg_write_file(path, bytes, size, NULL), SG_OK);
    assert_fails(RUN("info", path), SG_EXIT_FAILED, part);
    assert_fails(RUN("generate", "--network", path, "--seeds", "0", "--outdir", *state),
                 SG_EXIT_FAILED, part);
    assert_fails(RUN("generate", "--network", NETWORK, "--projected-w", path, "--outdir", *state),
                 SG_EXIT_FAILED, part);
    assert_fails(RUN("train", "--data", path, "--outdir", *state), SG_EXIT_FAILED, part);
    free(path);
}

static void foreign_files_are_named(void **state)
{
    static const char page[] = "<!DOCTYPE html>\n<html><head><title>Sign in</title>";
    static const char packed[] = "\x1f\x8b\x08\0\0\0\0\0\0\3";
    static const char pointer[] = "version https://git-lfs.github.com/spec/v1\n";
    check_everywhere(state, page, sizeof page - 1,
                     "it seems to be a web page (HTML); download it again");
    check_everywhere(state, packed, sizeof packed - 1, "it seems to be gzip; unpack it first");
    check_everywhere(state, pointer, sizeof pointer - 1, "it seems to be a Git LFS pointer");
    check_everywhere(state, "404: Not Found", 14, "it seems to be a text (\"404: Not Found\")");
}

/* A file of w and a discriminator in place of a generator. */
static void what_a_network_is_not_is_said(void **state)
{
    char *w = temporary_path(state, "seed0000.npz");
    char *only = temporary_path(state, "only.safetensors");
    assert_done(
        RUN("generate", "--network", NETWORK, "--seeds", "0", "--save-w", "--outdir", *state),
        "1 picture is in");
    assert_fails(RUN("info", w), SG_EXIT_FAILED,
                 "it seems to be an archive of NumPy's arrays (.npz), such as w");
    assert_done(RUN("convert", "--network", NETWORK, "--parts", "D", "--output", only),
                "holds D of");
    assert_fails(RUN("generate", "--network", only, "--seeds", "0", "--outdir", *state),
                 SG_EXIT_FAILED, "holds no G_ema or G: a discriminator alone");
    free(w);
    free(only);
}

/* Every option that names an input. */
static void urls_are_to_be_downloaded_first(void **state)
{
    static const char part[] = "is a URL, and nothing is downloaded: download it first, as with "
                               "\"curl -LO " URL "\"";
    const char *out = *state;
    assert_fails(RUN("info", URL), SG_EXIT_FAILED, part);
    assert_fails(RUN("generate", "--network=" URL, "--seeds", "0", "--outdir", out), SG_EXIT_FAILED,
                 part);
    assert_fails(RUN("generate", "--network", NETWORK, "--projected-w", URL, "--outdir", out),
                 SG_EXIT_FAILED, part);
    assert_fails(
        RUN("generate", "--network", NETWORK, "--seeds", "0", "--new-center", URL, "--outdir", out),
        SG_EXIT_FAILED, part);
    assert_fails(RUN("generate", "--network", NETWORK, "--jobs", URL), SG_EXIT_FAILED, part);
    assert_fails(RUN("convert", "--network", URL, "--output", "x.pt"), SG_EXIT_FAILED, part);
    assert_fails(RUN("train", "--data", URL, "--outdir", out), SG_EXIT_FAILED, part);
    assert_fails(RUN("train", "--data", "data/mnist", "--init", URL, "--outdir", out),
                 SG_EXIT_FAILED, part);
    assert_fails(RUN("train", "--data", "data/mnist", "--resume", URL, "--outdir", out),
                 SG_EXIT_FAILED, part);
    assert_fails(RUN("dataset", URL, "set.zip"), SG_EXIT_FAILED, part);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(foreign_files_are_named),
        cmocka_unit_test(what_a_network_is_not_is_said),
        cmocka_unit_test(urls_are_to_be_downloaded_first),
    };
    return cmocka_run_group_tests(tests, temporary_folder_setup, temporary_folder_teardown);
}
