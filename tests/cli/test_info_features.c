/* `stylegan info` on files of feature networks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/files/atomic_file.h"
#include "base/files/file.h"
#include "support/filled_clip.h"
#include "support/filled_network.h"
#include "support/program.h"
#include "support/temporary_folder.h"

static void networks_are_named(void **state)
{
    char *heads = temporary_path(state, "heads.safetensors");
    char *whole = temporary_path(state, "vgg.pt"); /* names of files mean nothing */
    assert_false(write_filled_vgg16(heads, FILLED_HEADS, NULL));
    assert_false(write_filled_vgg16(whole, FILLED_LAYERS | FILLED_HEADS, NULL));
    assert_done(RUN("info", heads), "heads.safetensors: LPIPS's heads for VGG, ");
    assert_done(RUN("info", whole), "vgg.pt: LPIPS of VGG16, ");
    assert_done(RUN("info", "--json", whole), "\"LPIPS of VGG16\"");
    free(heads);
    free(whole);
}

/* CLIP is told with its size and GELU, a merges file with the number of its merges. */
static void clip_is_named(void **state)
{
    char *clip = temporary_path(state, "clip.safetensors");
    char *merges = temporary_path(state, "merges.txt");
    char *other = temporary_path(state, "other.txt");
    assert_false(write_filled_clip(clip, &tiny_clip, FILLED_CLIP_HUGGING_FACE, NULL));
    assert_false(write_filled_merges(merges, 30, NULL));
    assert_false(sg_write_file(other, "two words\nand more\n", 19, NULL));
    assert_done(RUN("info", clip), "CLIP (a vision transformer 128 wide with patches of 7, 28 px, "
                                   "24 numbers, quick GELU), ");
    assert_done(RUN("info", merges), "merges.txt: the 30 merges of CLIP's tokenizer, ");
    assert_done(RUN("info", "--json", merges), "\"the 30 merges of CLIP's tokenizer\"");
    assert_fails(RUN("info", other), 1, "seems to be a text");
    free(clip);
    free(merges);
    free(other);
}

/* Tensors of no network that is known: the sentence is the one of networks of pictures. */
static void others_are_no_networks(void **state)
{
    (void)state;
    assert_fails(RUN("info", "tests/golden/features/state.pth"), 1, "holds no network");
    assert_fails(RUN("info", "tests/golden/features/script.pt"), 1, "TorchScript");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(networks_are_named, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(clip_is_named, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test(others_are_no_networks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
