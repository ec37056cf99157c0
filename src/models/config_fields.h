/*
 * Rows for the tables of configs (base/fields.h) that several families use. Rows are in the order
 * in which official programs write their keywords.
 */
#ifndef SG_MODELS_CONFIG_FIELDS_H
#define SG_MODELS_CONFIG_FIELDS_H

#include "base/fields.h"
#include "models/config.h"
#include "nn/mapping.h"

enum { SG_LARGEST_WIDTH = 65536 /* of a layer, in features or channels */ };

/* A count in the member that has the name of its keyword. */
#define SG_COUNT_ROW(type, member, least, most)                                                    \
    {                                                                                              \
        .name = #member, SG_INT(type, member, least, most)                                         \
    }

/* Pictures. */
#define SG_SIZE_ROWS(type)                                                                         \
    SG_COUNT_ROW(type, img_resolution, 8, SG_LARGEST_RESOLUTION),                                  \
        SG_COUNT_ROW(type, img_channels, 1, SG_LARGEST_WIDTH)

#define SG_CHANNEL_ROWS(type)                                                                      \
    SG_COUNT_ROW(type, channel_base, 1, 1 << 24),                                                  \
        SG_COUNT_ROW(type, channel_max, 1, SG_LARGEST_WIDTH)

/* The base size, as eps696's stylegan2ada has it, [height, width]; two numbers in older files. */
#define SG_BASE_ROWS(type)                                                                         \
    {"base_height", SG_INT(type, base_height, 1, SG_LARGEST_BASE), SG_FLAGS(SG_FIELD_READ_ONLY)},  \
        {"base_width", SG_INT(type, base_width, 1, SG_LARGEST_BASE),                               \
         SG_FLAGS(SG_FIELD_READ_ONLY)},                                                            \
    {                                                                                              \
        "init_res", SG_MEMBER(INTS, type, base_height), .least = 1, .most = SG_LARGEST_BASE,       \
                                                        .count = 2, SG_FLAGS(SG_FIELD_CHANGED)     \
    }

/* A list of channels in place of base and maximum: [512, 512, 300, ...]. */
extern const sg_field_codec sg_channel_list_codec;
#define SG_CHANNEL_LIST_ROW(type)                                                                  \
    {                                                                                              \
        "channels", SG_CODED(type, channel_list, &sg_channel_list_codec),                          \
            SG_FLAGS(SG_FIELD_CHANGED)                                                             \
    }

#define SG_CLAMP_ROW(type)                                                                         \
    {                                                                                              \
        "conv_clamp", SG_NUMBER(type, conv_clamp, 0, 0),                                           \
            SG_FLAGS(SG_FIELD_NULLABLE | SG_FIELD_ABOVE), .null_value = -1                         \
    }

#define SG_ARCHITECTURE_ROW(type)                                                                  \
    {                                                                                              \
        "architecture", SG_CHOICE(type, architecture, &sg_architecture_choices)                    \
    }

#define SG_ACTIVATION_ROW(type, member)                                                            \
    {                                                                                              \
        "activation", SG_CHOICE(type, member, &sg_activation_choices), SG_FLAGS(SG_FIELD_CHANGED)  \
    }

/* null is the filter [1], which changes nothing. */
#define SG_FILTER_ROW(type)                                                                        \
    {                                                                                              \
        "resample_filter", SG_MEMBER(FLOATS, type, resample_filter),                               \
            .count = SG_MAX_FILTER_TAPS, .count_offset = offsetof(type, filter_taps),              \
            .null_value = 1, SG_FLAGS(SG_FIELD_NULLABLE | SG_FIELD_CHANGED)                        \
    }

#define SG_MBSTD_ROWS                                                                              \
    {"mbstd_group_size", SG_INT(sg_discriminator_config, mbstd_group_size, 0, SG_LARGEST_WIDTH),   \
     SG_FLAGS(SG_FIELD_NULLABLE)},                                                                 \
        SG_COUNT_ROW(sg_discriminator_config, mbstd_num_channels, 0, SG_LARGEST_WIDTH)

/* Keywords that change how fast the official programs are, not a float32 network. */
#define SG_IGNORED_ROW(keyword)                                                                    \
    {                                                                                              \
        .name = (keyword), .kind = SG_FIELD_IGNORED                                                \
    }
#define SG_FLOAT16_ROW                                                                             \
    {                                                                                              \
        .name = "num_fp16_res", .kind = SG_FIELD_CONSTANT                                          \
    }

/* The whole table of a family's generator: rows of all families, then the family's own. */
sg_field_table sg_generator_fields(sg_family family);

/* The mapping network of labels in a discriminator; written where it differs from the defaults. */
extern const sg_field_table sg_label_mapping_table;

/* The first rows of discriminators that are not official and so give their family by name. */
#define SG_NAMED_DISCRIMINATOR_ROWS                                                                \
    {"family", SG_CHOICE(sg_discriminator_config, family, &sg_family_choices)},                    \
        SG_COUNT_ROW(sg_discriminator_config, c_dim, 0, SG_LARGEST_WIDTH),                         \
        SG_SIZE_ROWS(sg_discriminator_config), SG_CHANNEL_ROWS(sg_discriminator_config)

#endif
