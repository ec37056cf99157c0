/* Network configs from and to JSON. */
#include "models/config_json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "models/config_rules.h"
#include "models/network_size.h"

static sg_generator_config read_generator(const char *text)
{
    sg_generator_config config;
    sg_error error = {0};
    cJSON *json = cJSON_Parse(text);
    assert_non_null(json);
    if (sg_generator_config_from_json(json, SG_STYLEGAN2, &config, &error))
        fail_msg("%s: %s", text, error.message);
    cJSON_Delete(json);
    return config;
}

static sg_discriminator_config read_discriminator(const char *text)
{
    sg_discriminator_config config;
    sg_error error = {0};
    cJSON *json = cJSON_Parse(text);
    assert_non_null(json);
    if (sg_discriminator_config_from_json(json, &config, &error))
        fail_msg("%s: %s", text, error.message);
    cJSON_Delete(json);
    return config;
}

static void check_same(const void *a, const void *b, size_t bytes)
{
    assert_memory_equal(a, b, bytes);
}

/* Fields one by one, since padding has no value. */
static void check_same_mapping(const sg_mapping_config *a, const sg_mapping_config *b)
{
    assert_int_equal(a->num_layers, b->num_layers);
    assert_int_equal(a->embed_features, b->embed_features);
    assert_int_equal(a->layer_features, b->layer_features);
    assert_int_equal(a->activation, b->activation);
    assert_true(a->lr_multiplier == b->lr_multiplier);
    assert_true(a->w_avg_beta == b->w_avg_beta);
}

static void check_same_generator(const sg_generator_config *a, const sg_generator_config *b)
{
    assert_int_equal(a->z_dim, b->z_dim);
    assert_int_equal(a->c_dim, b->c_dim);
    assert_int_equal(a->w_dim, b->w_dim);
    assert_int_equal(a->img_resolution, b->img_resolution);
    assert_int_equal(a->img_channels, b->img_channels);
    assert_int_equal(a->base_height, b->base_height);
    assert_int_equal(a->base_width, b->base_width);
    assert_int_equal(a->channel_base, b->channel_base);
    assert_int_equal(a->channel_max, b->channel_max);
    assert_int_equal(a->architecture, b->architecture);
    assert_true(a->conv_clamp == b->conv_clamp);
    assert_int_equal(a->use_noise, b->use_noise);
    assert_int_equal(a->activation, b->activation);
    assert_int_equal(a->filter_taps, b->filter_taps);
    check_same(a->resample_filter, b->resample_filter, (size_t)a->filter_taps * sizeof(float));
    check_same_mapping(&a->mapping, &b->mapping);
}

static void check_same_discriminator(const sg_discriminator_config *a,
                                     const sg_discriminator_config *b)
{
    assert_int_equal(a->c_dim, b->c_dim);
    assert_int_equal(a->img_resolution, b->img_resolution);
    assert_int_equal(a->img_channels, b->img_channels);
    assert_int_equal(a->base_height, b->base_height);
    assert_int_equal(a->base_width, b->base_width);
    assert_int_equal(a->channel_base, b->channel_base);
    assert_int_equal(a->channel_max, b->channel_max);
    assert_int_equal(a->architecture, b->architecture);
    assert_true(a->conv_clamp == b->conv_clamp);
    assert_int_equal(a->cmap_dim, b->cmap_dim);
    assert_int_equal(a->activation, b->activation);
    assert_int_equal(a->epilogue_activation, b->epilogue_activation);
    assert_int_equal(a->filter_taps, b->filter_taps);
    check_same(a->resample_filter, b->resample_filter, (size_t)a->filter_taps * sizeof(float));
    assert_int_equal(a->mbstd_group_size, b->mbstd_group_size);
    assert_int_equal(a->mbstd_num_channels, b->mbstd_num_channels);
    check_same_mapping(&a->mapping, &b->mapping);
}

static void test_absent_keys_keep_the_official_defaults(void **state)
{
    (void)state;
    sg_generator_config generator = read_generator("{}");
    sg_generator_config normal = sg_generator_config_default();
    check_same_generator(&generator, &normal);
    assert_int_equal(generator.z_dim, 512);
    assert_int_equal(generator.channel_base, 32768);
    assert_int_equal(generator.mapping.num_layers, 8);
    assert_int_equal(generator.architecture, SG_ARCHITECTURE_SKIP);
    assert_true(generator.mapping.w_avg_beta == 0.998 && generator.conv_clamp == -1.0);
    sg_discriminator_config discriminator = read_discriminator("{}");
    sg_discriminator_config usual = sg_discriminator_config_default();
    check_same_discriminator(&discriminator, &usual);
    assert_int_equal(discriminator.architecture, SG_ARCHITECTURE_RESNET);
    assert_int_equal(discriminator.mbstd_group_size, 4);
}

static void test_channels_follow_base_and_limit(void **state)
{
    (void)state;
    assert_int_equal(sg_channels_at(32768, 512, 4), 512);
    assert_int_equal(sg_channels_at(32768, 512, 64), 512);
    assert_int_equal(sg_channels_at(32768, 512, 128), 256);
    assert_int_equal(sg_channels_at(32768, 512, 1024), 32);
}

static void test_reads_every_generator_key(void **state)
{
    (void)state;
    sg_generator_config config = read_generator(
        "{\"z_dim\": 12, \"c_dim\": 5, \"w_dim\": 20, \"img_resolution\": 16, \"img_channels\": 1,"
        "\"base_height\": 3, \"base_width\": 7,"
        "\"mapping_kwargs\": {\"num_layers\": 3, \"embed_features\": 9, \"layer_features\": 11,"
        "\"activation\": \"relu\", \"lr_multiplier\": 0.5, \"w_avg_beta\": 0.9},"
        "\"channel_base\": 256, \"channel_max\": 16, \"num_fp16_res\": 4,"
        "\"architecture\": \"orig\", \"conv_clamp\": 256, \"use_noise\": false,"
        "\"activation\": \"linear\", \"resample_filter\": [1, 2, 1], \"use_fp16\": true,"
        "\"fp16_channels_last\": false, \"fused_modconv_default\": \"inference_only\"}");
    sg_generator_config expected = {.z_dim = 12,
                                    .c_dim = 5,
                                    .w_dim = 20,
                                    .img_resolution = 16,
                                    .img_channels = 1,
                                    .base_height = 3,
                                    .base_width = 7,
                                    .channel_base = 256,
                                    .channel_max = 16,
                                    .architecture = SG_ARCHITECTURE_ORIG,
                                    .conv_clamp = 256,
                                    .use_noise = false,
                                    .activation = SG_LINEAR,
                                    .filter_taps = 3,
                                    .resample_filter = {1, 2, 1},
                                    .mapping = {3, 9, 11, SG_RELU, 0.5, 0.9}};
    check_same_generator(&config, &expected);
}

static void test_synthesis_arguments_may_be_nested(void **state)
{
    (void)state;
    sg_generator_config nested = read_generator(
        "{\"synthesis_kwargs\": {\"channel_base\": 1024, \"channel_max\": 64, \"conv_clamp\": null,"
        "\"num_fp16_res\": 0, \"resample_filter\": null}, \"mapping_kwargs\": "
        "{\"embed_features\": null, \"layer_features\": null}}");
    assert_int_equal(nested.channel_base, 1024);
    assert_int_equal(nested.channel_max, 64);
    assert_int_equal(nested.filter_taps, 1);
    assert_int_equal(nested.mapping.embed_features, -1);
}

static void test_reads_every_discriminator_key(void **state)
{
    (void)state;
    sg_discriminator_config config = read_discriminator(
        "{\"c_dim\": 5, \"img_resolution\": 16, \"img_channels\": 1, \"base_height\": 3,"
        "\"base_width\": 7, \"architecture\": \"skip\", \"channel_base\": 256, \"channel_max\": 16,"
        "\"num_fp16_res\": 4, \"conv_clamp\": 2.5, \"cmap_dim\": 6, \"use_fp16\": false,"
        "\"block_kwargs\": {\"activation\": \"relu\", \"resample_filter\": [1, 1],"
        "\"fp16_channels_last\": true, \"freeze_layers\": 2},"
        "\"mapping_kwargs\": {\"num_layers\": 0},"
        "\"epilogue_kwargs\": {\"mbstd_group_size\": null, \"mbstd_num_channels\": 2,"
        "\"activation\": \"relu\"}}");
    sg_discriminator_config expected = {.c_dim = 5,
                                        .img_resolution = 16,
                                        .img_channels = 1,
                                        .base_height = 3,
                                        .base_width = 7,
                                        .channel_base = 256,
                                        .channel_max = 16,
                                        .architecture = SG_ARCHITECTURE_SKIP,
                                        .conv_clamp = 2.5,
                                        .cmap_dim = 6,
                                        .activation = SG_RELU,
                                        .epilogue_activation = SG_RELU,
                                        .filter_taps = 2,
                                        .resample_filter = {1, 1},
                                        .mbstd_group_size = 0,
                                        .mbstd_num_channels = 2,
                                        .mapping = {0, -1, -1, SG_LRELU, 0.01, 0.998}};
    check_same_discriminator(&config, &expected);
}

static void test_generator_round_trip(void **state)
{
    (void)state;
    sg_generator_config config = sg_generator_config_default();
    for (int changed = 0; changed < 2; changed++) {
        cJSON *json = sg_generator_config_to_json(&config);
        char *text = cJSON_PrintUnformatted(json);
        sg_generator_config back = read_generator(text);
        check_same_generator(&back, &config);
        cJSON_free(text);
        cJSON_Delete(json);
        config = (sg_generator_config){.z_dim = 3,
                                       .c_dim = 2,
                                       .w_dim = 5,
                                       .img_resolution = 8,
                                       .img_channels = 4,
                                       .base_height = 5,
                                       .base_width = 6,
                                       .channel_base = 99,
                                       .channel_max = 9,
                                       .architecture = SG_ARCHITECTURE_RESNET,
                                       .conv_clamp = 0.75,
                                       .activation = SG_SWISH,
                                       .filter_taps = 2,
                                       .resample_filter = {0.25f, 1.5f},
                                       .mapping = {2, 3, 4, SG_TANH, 0.02, 0.995}};
    }
}

static void test_discriminator_round_trip(void **state)
{
    (void)state;
    sg_discriminator_config config = sg_discriminator_config_default();
    for (int changed = 0; changed < 2; changed++) {
        cJSON *json = sg_discriminator_config_to_json(&config);
        char *text = cJSON_PrintUnformatted(json);
        sg_discriminator_config back = read_discriminator(text);
        check_same_discriminator(&back, &config);
        cJSON_free(text);
        cJSON_Delete(json);
        config = (sg_discriminator_config){.c_dim = 2,
                                           .img_resolution = 8,
                                           .img_channels = 4,
                                           .base_height = 5,
                                           .base_width = 6,
                                           .channel_base = 96,
                                           .channel_max = 9,
                                           .architecture = SG_ARCHITECTURE_ORIG,
                                           .conv_clamp = 0.75,
                                           .cmap_dim = 7,
                                           .activation = SG_SWISH,
                                           .epilogue_activation = SG_SWISH,
                                           .filter_taps = 2,
                                           .resample_filter = {0.25f, 1.5f},
                                           .mbstd_group_size = 0,
                                           .mbstd_num_channels = 3,
                                           .mapping = {2, 3, 4, SG_TANH, 0.02, 0.995}};
    }
}

/* The size of the constant is one list in files; files of two numbers are read. */
static void test_the_constants_size(void **state)
{
    (void)state;
    const sg_generator_config generator = read_generator("{\"init_res\": [6, 4]}");
    sg_discriminator_config discriminator =
        read_discriminator("{\"base_height\": 5, \"base_width\": 3}");
    assert_int_equal(generator.base_height, 6);
    assert_int_equal(generator.base_width, 4);
    assert_int_equal(discriminator.base_height, 5);
    assert_int_equal(discriminator.base_width, 3);
    cJSON *json = sg_discriminator_config_to_json(&discriminator);
    const cJSON *sides = cJSON_GetObjectItemCaseSensitive(json, "init_res");
    assert_int_equal(cJSON_GetArrayItem(sides, 0)->valueint, 5);
    assert_int_equal(cJSON_GetArrayItem(sides, 1)->valueint, 3);
    assert_false(cJSON_HasObjectItem(json, "base_height"));
    cJSON_Delete(json);
}

/* The keys and their order are those that the official programs write. */
static void test_writes_the_official_keys(void **state)
{
    (void)state;
    sg_generator_config generator = sg_generator_config_default();
    sg_discriminator_config discriminator = sg_discriminator_config_default();
    discriminator.conv_clamp = 256;
    cJSON *json = sg_generator_config_to_json(&generator);
    char *text = cJSON_PrintUnformatted(json);
    assert_string_equal(
        text, "{\"z_dim\":512,\"c_dim\":0,\"w_dim\":512,\"img_resolution\":256,\"img_channels\":3,"
              "\"mapping_kwargs\":{\"num_layers\":8},\"channel_base\":32768,\"channel_max\":512,"
              "\"num_fp16_res\":0,\"architecture\":\"skip\",\"conv_clamp\":null}");
    cJSON_free(text);
    cJSON_Delete(json);
    json = sg_discriminator_config_to_json(&discriminator);
    text = cJSON_PrintUnformatted(json);
    assert_string_equal(
        text, "{\"c_dim\":0,\"img_resolution\":256,\"img_channels\":3,\"channel_base\":32768,"
              "\"channel_max\":512,\"num_fp16_res\":0,\"architecture\":\"resnet\","
              "\"conv_clamp\":256,\"epilogue_kwargs\":{\"mbstd_group_size\":4,"
              "\"mbstd_num_channels\":1}}");
    cJSON_free(text);
    cJSON_Delete(json);
}

/* A text of init_kwargs and what the sentence about it must hold. */
typedef struct refused_config {
    const char *text, *part;
} refused_config;

static const refused_config refused_generators[] = {
    {"[]", "init_kwargs"},
    {"{\"z_dim\": \"512\"}", "z_dim"},
    {"{\"z_dim\": true}", "z_dim"},
    {"{\"z_dim\": null}", "z_dim"},
    {"{\"z_dim\": 0}", "z_dim"},
    {"{\"z_dim\": 1.5}", "z_dim"},
    {"{\"z_dim\": 70000}", "z_dim"},
    {"{\"z_dim\": 1e300}", "z_dim"},
    {"{\"z_dim\": 512, \"z_dim\": 512}", "two \"z_dim\""},
    {"{\"c_dim\": -1}", "c_dim"},
    {"{\"w_dim\": 0}", "w_dim"},
    {"{\"img_resolution\": 4}", "img_resolution"},
    {"{\"img_resolution\": 48}", "power of two"},
    {"{\"img_resolution\": 8192}", "img_resolution"},
    {"{\"img_channels\": 0}", "img_channels"},
    {"{\"base_height\": 0}", "base_height"},
    {"{\"base_width\": 65}", "base_width"},
    {"{\"init_res\": 4}", "init_res"},
    {"{\"init_res\": [4]}", "init_res"},
    {"{\"init_res\": [4, 65]}", "init_res"},
    {"{\"init_res\": [4, 6], \"img_resolution\": 4096}", "a side of 6144 pixels"},
    {"{\"channel_base\": 255}", "no channels"},
    {"{\"channel_max\": 0}", "channel_max"},
    {"{\"architecture\": \"Skip\"}", "architecture"},
    {"{\"architecture\": 1}", "architecture"},
    {"{\"conv_clamp\": 0}", "conv_clamp"},
    {"{\"conv_clamp\": -1}", "conv_clamp"},
    {"{\"use_noise\": 1}", "use_noise"},
    {"{\"activation\": \"gelu\"}", "activation"},
    {"{\"resample_filter\": []}", "resample_filter"},
    {"{\"resample_filter\": [[1, 2]]}", "resample_filter"},
    {"{\"resample_filter\": [1, -1]}", "resample_filter"},
    {"{\"resample_filter\": [1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]}", "resample_filter"},
    {"{\"mapping_kwargs\": 3}", "mapping_kwargs"},
    {"{\"mapping_kwargs\": {\"layers\": 8}}", "\"layers\" in \"mapping_kwargs\""},
    {"{\"w_dim\": 9, \"mapping_kwargs\": {\"num_layers\": 0}}", "num_layers"},
    {"{\"c_dim\": 2, \"mapping_kwargs\": {\"num_layers\": 0}}", "must be z_dim +"},
    {"{\"mapping_kwargs\": {\"num_layers\": 33}}", "num_layers"},
    {"{\"mapping_kwargs\": {\"lr_multiplier\": 0}}", "lr_multiplier"},
    {"{\"mapping_kwargs\": {\"w_avg_beta\": 1.5}}", "w_avg_beta"},
    {"{\"mapping_kwargs\": {\"embed_features\": 0}}", "embed_features"},
    {"{\"margin_size\": 10}", "margin_size"},
    {"{\"synthesis_kwargs\": {\"z_dim\": 4}}", "\"z_dim\" in \"synthesis_kwargs\""},
};

static const refused_config refused_discriminators[] = {
    {"{\"z_dim\": 4}", "z_dim"},
    {"{\"cmap_dim\": -2}", "cmap_dim"},
    {"{\"epilogue_kwargs\": {\"mbstd_group_size\": -1}}", "mbstd_group_size"},
    {"{\"epilogue_kwargs\": {\"mbstd_num_channels\": 3}}", "does not divide"},
    {"{\"epilogue_kwargs\": {\"mbstd\": 3}}", "mbstd"},
    {"{\"epilogue_kwargs\": {\"activation\": \"relu\"}}", "must be the same"},
    {"{\"block_kwargs\": {\"mbstd_group_size\": 4}}", "mbstd_group_size"},
    {"{\"c_dim\": 3, \"mapping_kwargs\": {\"num_layers\": 0, \"embed_features\": 3}}",
     "embed_features"},
    {"{\"img_resolution\": 4}", "img_resolution"},
    {"{\"channel_base\": 0}", "channel_base"},
};

static void test_refusals_name_the_key(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refused_generators / sizeof refused_generators[0]; i++) {
        const refused_config *row = &refused_generators[i];
        sg_generator_config config = {.z_dim = -7};
        sg_error error = {0};
        cJSON *json = cJSON_Parse(row->text);
        assert_int_not_equal(sg_generator_config_from_json(json, SG_STYLEGAN2, &config, &error),
                             SG_OK);
        if (!strstr(error.message, row->part))
            fail_msg("%s: \"%s\" lacks \"%s\"", row->text, error.message, row->part);
        assert_int_equal(config.z_dim, -7);
        cJSON_Delete(json);
    }
    for (size_t i = 0; i < sizeof refused_discriminators / sizeof refused_discriminators[0]; i++) {
        const refused_config *row = &refused_discriminators[i];
        sg_discriminator_config config = {0};
        sg_error error = {0};
        cJSON *json = cJSON_Parse(row->text);
        assert_int_not_equal(sg_discriminator_config_from_json(json, &config, &error), SG_OK);
        if (!strstr(error.message, row->part))
            fail_msg("%s: \"%s\" lacks \"%s\"", row->text, error.message, row->part);
        cJSON_Delete(json);
    }
}

static sg_generator_config read_of_family(const char *text, sg_family family)
{
    sg_generator_config config;
    sg_error error = {0};
    cJSON *json = cJSON_Parse(text);
    assert_non_null(json);
    if (sg_generator_config_from_json(json, family, &config, &error))
        fail_msg("%s: %s", text, error.message);
    cJSON_Delete(json);
    return config;
}

/* Compares and deletes a new item. */
static void check_text(cJSON *json, const char *expected)
{
    char *text = cJSON_PrintUnformatted(json);
    assert_string_equal(text, expected);
    cJSON_free(text);
    cJSON_Delete(json);
}

/* Bytes that other programs may rely on, and the bounds that guard against huge networks. */
static void test_every_family_writes_its_keys(void **state)
{
    (void)state;
    static const struct {
        sg_family family;
        const char *text;
        double least;
    } generators[] = {
        {SG_STYLEGAN2,
         "{\"z_dim\":512,\"c_dim\":0,\"w_dim\":512,\"img_resolution\":256,\"img_channels\":3,"
         "\"mapping_kwargs\":{\"num_layers\":8},\"channel_base\":4096,\"channel_max\":512,\"num_"
         "fp16_res\":0,\"architecture\":\"skip\",\"conv_clamp\":null}",
         12405888},
        {SG_STYLEGAN3,
         "{\"z_dim\":512,\"c_dim\":0,\"w_dim\":512,\"img_resolution\":256,\"img_channels\":3,"
         "\"mapping_kwargs\":{\"num_layers\":2},\"channel_base\":4096,\"channel_max\":512,\"num_"
         "fp16_res\":0,\"num_layers\":14,\"margin_size\":10,\"conv_kernel\":3,\"use_radial_"
         "filters\":false,\"conv_clamp\":256,\"magnitude_ema_beta\":0.999}",
         12870560},
        {SG_STYLEGAN1,
         "{\"z_dim\":512,\"c_dim\":0,\"w_dim\":512,\"img_resolution\":256,\"img_channels\":3,"
         "\"mapping_kwargs\":{\"num_layers\":8},\"channel_base\":4096,\"channel_max\":512,\"fused_"
         "scale\":\"auto\",\"truncation_cutoff\":8}",
         11532032},
        {SG_PROGAN,
         "{\"z_dim\":512,\"c_dim\":0,\"w_dim\":512,\"img_resolution\":256,\"img_channels\":3,"
         "\"mapping_kwargs\":{\"num_layers\":0},\"channel_base\":4096,\"channel_max\":512,\"fused_"
         "scale\":true,\"truncation_cutoff\":null}",
         9434880},
        {SG_DCGAN,
         "{\"z_dim\":100,\"c_dim\":0,\"w_dim\":100,\"img_resolution\":256,\"img_channels\":3,"
         "\"mapping_kwargs\":{\"num_layers\":0},\"channel_base\":4096,\"channel_max\":1024}",
         12812288},
    };
    static const struct {
        const char *read, *text;
        double least;
    } discriminators[] = {
        {"{\"channel_base\":4096}",
         "{\"c_dim\":0,\"img_resolution\":256,\"img_channels\":3,\"channel_base\":4096,\"channel_"
         "max\":512,\"num_fp16_res\":0,\"architecture\":\"resnet\",\"conv_clamp\":null,\"epilogue_"
         "kwargs\":{\"mbstd_group_size\":4,\"mbstd_num_channels\":1}}",
         13633840},
        {"{\"family\":\"stylegan1\",\"channel_base\":4096}",
         "{\"family\":\"stylegan1\",\"c_dim\":0,\"img_resolution\":256,\"img_channels\":3,"
         "\"channel_base\":4096,\"channel_max\":512,\"fused_scale\":\"auto\",\"mbstd_group_size\":"
         "4,\"mbstd_num_channels\":1}",
         13633840},
        {"{\"family\":\"progan\",\"channel_base\":4096}",
         "{\"family\":\"progan\",\"c_dim\":0,\"img_resolution\":256,\"img_channels\":3,\"channel_"
         "base\":4096,\"channel_max\":512,\"fused_scale\":true,\"mbstd_group_size\":4,\"mbstd_num_"
         "channels\":1}",
         13633840},
        {"{\"family\":\"dcgan\",\"channel_base\":4096}",
         "{\"family\":\"dcgan\",\"c_dim\":0,\"img_resolution\":256,\"img_channels\":3,\"channel_"
         "base\":4096,\"channel_max\":1024,\"norm\":\"batch\"}",
         11173888},
    };
    for (size_t i = 0; i < sizeof generators / sizeof *generators; i++) {
        const sg_generator_config config =
            read_of_family("{\"channel_base\":4096}", generators[i].family);
        cJSON *json = sg_generator_config_to_json(&config);
        check_text(json, generators[i].text);
        assert_true(sg_generator_least_values(&config) == generators[i].least);
    }
    for (size_t i = 0; i < sizeof discriminators / sizeof *discriminators; i++) {
        const sg_discriminator_config config = read_discriminator(discriminators[i].read);
        cJSON *json = sg_discriminator_config_to_json(&config);
        check_text(json, discriminators[i].text);
        assert_true(sg_discriminator_least_values(&config) == discriminators[i].least);
    }
}

/* Every value other than the default, in the order in which it is written. */
static void test_stylegan3_round_trip(void **state)
{
    (void)state;
    const char *text =
        "{\"z_dim\":512,\"c_dim\":0,\"w_dim\":512,\"img_resolution\":256,\"img_channels\":3,"
        "\"mapping_kwargs\":{\"num_layers\":3},\"channel_base\":4096,\"channel_max\":512,"
        "\"num_fp16_res\":0,\"num_layers\":10,\"num_critical\":1,\"first_cutoff\":3,"
        "\"first_stopband\":5,\"last_stopband_rel\":1.25,\"margin_size\":4,\"output_scale\":0.5,"
        "\"conv_kernel\":1,\"filter_size\":4,\"lrelu_upsampling\":4,\"use_radial_filters\":true,"
        "\"conv_clamp\":null,\"magnitude_ema_beta\":0.5}";
    const sg_generator_config config = read_of_family(text, SG_STYLEGAN3);
    check_text(sg_generator_config_to_json(&config), text);
}

static void test_growing_families_have_the_published_defaults(void **state)
{
    (void)state;
    sg_generator_config config = read_of_family("{}", SG_STYLEGAN1);
    assert_int_equal(config.channel_base, 16384);
    assert_int_equal(config.filter_taps, 3);
    assert_true(config.resample_filter[1] == 2.0f * config.resample_filter[0]);
    assert_int_equal(config.growing.fused_scale, SG_FUSED_AUTO);
    assert_int_equal(config.growing.truncation_cutoff, 8);
    assert_true(config.use_noise && config.mapping.w_avg_beta == 0.995);
    config = read_of_family("{}", SG_PROGAN);
    assert_int_equal(config.filter_taps, 1);
    assert_int_equal(config.growing.fused_scale, SG_FUSED_ALWAYS);
    assert_int_equal(config.growing.truncation_cutoff, -1);
    assert_int_equal(config.mapping.num_layers, 0);
    assert_false(config.use_noise);
    const sg_discriminator_config d = read_discriminator("{\"family\": \"progan\"}");
    assert_int_equal(d.family, SG_PROGAN);
    assert_int_equal(d.filter_taps, 1);
}

/* Their sum would not be an int. */
static void test_widths_are_checked_before_they_are_added(void **state)
{
    (void)state;
    sg_error error = {0};
    sg_generator_config config = sg_generator_config_of_family(SG_PROGAN);
    config.z_dim = config.c_dim = INT32_MAX;
    assert_int_equal(sg_generator_config_check(&config, &error), SG_ERROR_ARGUMENT);
    assert_non_null(strstr(error.message, "z_dim"));
}

/* Every value other than the family's default. */
static void test_growing_generator_round_trip(void **state)
{
    (void)state;
    static const sg_family families[] = {SG_STYLEGAN1, SG_PROGAN};
    static const sg_fused_scale scales[] = {SG_FUSED_NEVER, SG_FUSED_AUTO};
    for (int i = 0; i < 2; i++) {
        sg_generator_config config = sg_generator_config_of_family(families[i]);
        config.z_dim = config.w_dim = 17;
        config.img_resolution = 32;
        config.img_channels = 1;
        config.channel_base = 999;
        config.channel_max = 99;
        config.use_noise = !config.use_noise;
        config.activation = SG_RELU;
        config.filter_taps = 5;
        config.resample_filter[3] = 4;
        config.resample_filter[4] = 5;
        config.growing = (sg_growing_config){scales[i], 3, 1e-5, false};
        config.mapping = (sg_mapping_config){i == 0 ? 3 : 0, 9, 11, SG_RELU, 0.5, 0.998};
        cJSON *json = sg_generator_config_to_json(&config);
        assert_non_null(json);
        char *text = cJSON_PrintUnformatted(json);
        const sg_generator_config again = read_of_family(text, families[i]);
        check_same_generator(&again, &config);
        assert_int_equal(again.family, families[i]);
        assert_int_equal(again.growing.fused_scale, scales[i]);
        assert_int_equal(again.growing.truncation_cutoff, 3);
        assert_true(again.growing.norm_epsilon == 1e-5);
        assert_false(again.growing.const_input);
        cJSON_free(text);
        cJSON_Delete(json);
    }
}

static void test_growing_discriminator_round_trip(void **state)
{
    (void)state;
    static const sg_family families[] = {SG_STYLEGAN1, SG_PROGAN};
    for (int i = 0; i < 2; i++) {
        sg_discriminator_config config = sg_discriminator_config_of_family(families[i]);
        config.c_dim = 4;
        config.img_resolution = 32;
        config.img_channels = 1;
        config.channel_base = 999;
        config.channel_max = 98;
        config.activation = SG_RELU;
        config.filter_taps = 1;
        config.mbstd_group_size = 0;
        config.mbstd_num_channels = 2;
        config.channel_max = 98;
        config.growing.fused_scale = SG_FUSED_NEVER;
        cJSON *json = sg_discriminator_config_to_json(&config);
        assert_non_null(json);
        char *text = cJSON_PrintUnformatted(json);
        const sg_discriminator_config again = read_discriminator(text);
        check_same_discriminator(&again, &config);
        assert_int_equal(again.family, families[i]);
        assert_int_equal(again.growing.fused_scale, SG_FUSED_NEVER);
        cJSON_free(text);
        cJSON_Delete(json);
    }
}

static void test_growing_refusals_name_the_key(void **state)
{
    (void)state;
    static const refused_config rows[] = {
        {"{\"fused_scale\": \"sometimes\"}", "fused_scale"},
        {"{\"fused_scale\": 1}", "fused_scale"},
        {"{\"truncation_cutoff\": -1}", "truncation_cutoff"},
        {"{\"architecture\": \"skip\"}", "architecture"},
        {"{\"resample_filter\": [1, 1]}", "2 taps"},
        {"{\"z_dim\": 9, \"mapping_kwargs\": {\"num_layers\": 0}}", "num_layers"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        sg_generator_config config;
        sg_error error = {0};
        cJSON *json = cJSON_Parse(rows[i].text);
        assert_int_not_equal(sg_generator_config_from_json(json, SG_STYLEGAN1, &config, &error),
                             SG_OK);
        if (!strstr(error.message, rows[i].part))
            fail_msg("%s: \"%s\" lacks \"%s\"", rows[i].text, error.message, rows[i].part);
        cJSON_Delete(json);
    }
}

/* Channels of no formula are a list, with a number for each block. */
static void test_lists_of_channels(void **state)
{
    (void)state;
    sg_generator_config config;
    sg_error error = {0};
    cJSON *json = cJSON_Parse("{\"img_resolution\": 16, \"channels\": [12, 5, 7]}");
    assert_int_equal(sg_generator_config_from_json(json, SG_STYLEGAN2, &config, &error), SG_OK);
    assert_int_equal(SG_CHANNELS_AT(&config, 4), 12);
    assert_int_equal(SG_CHANNELS_AT(&config, 8), 5);
    assert_int_equal(SG_CHANNELS_AT(&config, 16), 7);
    cJSON *written = sg_generator_config_to_json(&config);
    assert_true(cJSON_Compare(cJSON_GetObjectItem(json, "channels"),
                              cJSON_GetObjectItem(written, "channels"), true));
    cJSON_Delete(written);
    cJSON_ReplaceItemInObject(json, "img_resolution", cJSON_CreateNumber(32));
    assert_int_not_equal(sg_generator_config_from_json(json, SG_STYLEGAN2, &config, &error), SG_OK);
    assert_non_null(strstr(error.message, "channels has 3 numbers, but must have 4"));
    cJSON_Delete(json);
    json = cJSON_Parse("{\"channels\": [0]}");
    assert_int_not_equal(sg_generator_config_from_json(json, SG_STYLEGAN2, &config, &error), SG_OK);
    cJSON_Delete(json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lists_of_channels),
        cmocka_unit_test(test_absent_keys_keep_the_official_defaults),
        cmocka_unit_test(test_channels_follow_base_and_limit),
        cmocka_unit_test(test_reads_every_generator_key),
        cmocka_unit_test(test_synthesis_arguments_may_be_nested),
        cmocka_unit_test(test_reads_every_discriminator_key),
        cmocka_unit_test(test_generator_round_trip),
        cmocka_unit_test(test_discriminator_round_trip),
        cmocka_unit_test(test_the_constants_size),
        cmocka_unit_test(test_writes_the_official_keys),
        cmocka_unit_test(test_refusals_name_the_key),
        cmocka_unit_test(test_every_family_writes_its_keys),
        cmocka_unit_test(test_stylegan3_round_trip),
        cmocka_unit_test(test_growing_families_have_the_published_defaults),
        cmocka_unit_test(test_widths_are_checked_before_they_are_added),
        cmocka_unit_test(test_growing_generator_round_trip),
        cmocka_unit_test(test_growing_discriminator_round_trip),
        cmocka_unit_test(test_growing_refusals_name_the_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
