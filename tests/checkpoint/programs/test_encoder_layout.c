/*
 * Encoders in checkpoints of pixel2style2pixel: names, sizes, the kind that "opts" tells, the mean
 * of w, and the codes that the encoder itself would tell.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "checkpoint/network/network_load.h"
#include "support/foreign_pickle.h"
#include "support/program.h"
#include "support/temporary_folder.h"

static sg_encoder_config small_config(sg_encoder_kind kind)
{
    sg_encoder_config config = sg_encoder_config_default(kind);
    config.img_resolution = 32;
    config.stem_width = 4;
    for (int i = 0; i < SG_ENCODER_STAGES; i++) {
        config.widths[i] = 4 + 4 * i;
        config.units[i] = 1;
    }
    config.se_reduction = 2;
    config.num_ws = kind == SG_ENCODER_W ? 18 : 8;
    config.w_dim = 6;
    config.style_width = kind == SG_ENCODER_W ? 0 : 6;
    return config;
}

/* Writes {"state_dict": {"encoder.NAME": ...}, "latent_avg": [w_dim], "opts": {"encoder_type":
 * type}} of the encoder's tensors; PyTorch's counts of batches are among them. */
static void write_checkpoint(const char *path, sg_encoder *encoder, const char *type)
{
    const sg_parameter_set *set = sg_encoder_parameters(encoder);
    const float counted = 7;
    const float average[6] = {1, 2, 3, 4, 5, 6};
    const int64_t width = 6;
    const int64_t one = 1;
    sg_text pickle = {0};
    PUT(&pickle, "\x80\x02}(");
    put_text(&pickle, "state_dict");
    PUT(&pickle, "}(");
    for (size_t i = 0; i < set->count; i++) {
        const sg_tensor *tensor = set->items[i].tensor;
        char name[160];
        if (strcmp(set->items[i].name, "latent_avg") == 0)
            continue;
        snprintf(name, sizeof name, "encoder.%s", set->items[i].name);
        put_text(&pickle, name);
        put_array(&pickle, tensor->shape.size, tensor->shape.rank, sg_f32(tensor));
    }
    put_text(&pickle, "encoder.input_layer.1.num_batches_tracked");
    put_array(&pickle, &one, 1, &counted);
    PUT(&pickle, "u");
    put_text(&pickle, "latent_avg");
    put_array(&pickle, &width, 1, average);
    put_text(&pickle, "opts");
    PUT(&pickle, "}(");
    put_text_option(&pickle, "encoder_type", type);
    PUT(&pickle, "uu.");
    write_pickle(path, &pickle);
}

static void encoders_open_with_the_kind_that_opts_tell(void **state)
{
    static const struct {
        sg_encoder_kind kind;
        const char *type;
    } kinds[] = {{SG_ENCODER_PSP, "GradualStyleEncoder"},
                 {SG_ENCODER_E4E, "Encoder4Editing"},
                 {SG_ENCODER_W, "BackboneEncoderUsingLastLayerIntoW"}};
    char *path = temporary_path(state, "psp.pt");
    sg_context *context = sg_context_create(1);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const sg_encoder_config config = small_config(kinds[i].kind);
        sg_encoder *made = sg_encoder_create(context, &config, SG_F32, 5);
        sg_encoder *read = NULL;
        sg_network_file *file = NULL;
        sg_error error = {0};
        assert_non_null(made);
        write_checkpoint(path, made, kinds[i].type);
        if (sg_network_open(path, &file, &error) ||
            sg_network_load_encoder(file, context, &read, &error))
            fail_msg("%s", error.message);
        const sg_encoder_config *found = sg_encoder_config_of(read);
        assert_int_equal(found->kind, kinds[i].kind);
        assert_int_equal(found->num_ws, config.num_ws);
        assert_int_equal(found->w_dim, 6);
        assert_int_equal(found->se_reduction, 2);
        for (int k = 0; k < config.num_ws * 6; k++)
            assert_true(sg_tensor_value(sg_encoder_average(read), k) == k % 6 + 1);
        const sg_parameter *from =
            sg_parameter_find(sg_encoder_parameters(made), "body.1.res_layer.3.weight");
        const sg_parameter *to =
            sg_parameter_find(sg_encoder_parameters(read), "body.1.res_layer.3.weight");
        assert_memory_equal(sg_f32(from->tensor), sg_f32(to->tensor),
                            (size_t)sg_tensor_count(from->tensor) * sizeof(float));
        sg_encoder_destroy(made);
        sg_encoder_destroy(read);
        sg_network_close(file);
    }
    sg_context_destroy(context);
    assert_done(RUN("info", path), "E: an encoder of the kind w, 18 codes of 6 numbers");
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(encoders_open_with_the_kind_that_opts_tell,
                                        temporary_folder_setup, temporary_folder_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
