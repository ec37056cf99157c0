/* Blends of files; see blend_file.h. Tested by: tests/cli/test_blend.c */
#include "edit/blend/blend_file.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "checkpoint/network/network_load.h"
#include "checkpoint/network/network_writer.h"

enum { RULE_BYTES = 200, MOST_METADATA = 3 };

/* Returns the generator that stands for a part. */
static sg_generator *generator_of(const sg_network_parts *parts, sg_network_part part)
{
    return part == SG_PART_G ? parts->generator : parts->generator_ema;
}

/* Blends a part of both files into parts. */
static sg_status blend_part(const sg_network_file *first, const sg_network_file *second,
                            sg_network_part part, const sg_blend_rule *rule, sg_context *context,
                            sg_network_parts *parts, sg_error *error)
{
    sg_network_parts others = {0};
    sg_error own = {0};
    SG_TRY(sg_network_load_part(first, part, context, parts, error));
    sg_status status = sg_network_load_part(second, part, context, &others, error);
    if (!status && sg_generator_config_of(generator_of(parts, part))->family !=
                       sg_generator_config_of(generator_of(&others, part))->family)
        status = sg_fail(error, SG_ERROR_SHAPE,
                         "%s and %s cannot be blended: they are of different families",
                         sg_network_path(first), sg_network_path(second));
    if (!status) {
        status = sg_blend(rule, generator_of(parts, part), generator_of(&others, part), &own);
        if (status == SG_ERROR_SHAPE)
            sg_fail(error, status, "%s and %s cannot be blended: %s", sg_network_path(first),
                    sg_network_path(second), own.message);
        else if (status)
            sg_fail(error, status, "%s", own.message);
    }
    sg_network_parts_clear(&others);
    return status;
}

/* Writes the rule as a text: "published, 32, level 0, width 1, share 1, with fine.safetensors". */
static void describe(const sg_blend_rule *rule, const sg_network_file *second, char *text)
{
    char width[SG_NUMBER_TEXT_BYTES];
    char share[SG_NUMBER_TEXT_BYTES];
    const char *name = strrchr(sg_network_path(second), '/');
    sg_print_number(width, rule->width);
    sg_print_number(share, rule->share);
    snprintf(text, RULE_BYTES, "%s, %d, level %d, width %s, share %s, with %.80s",
             sg_choice_name(&sg_blend_kinds, rule->kind), rule->resolution, rule->level, width,
             share, name ? name + 1 : sg_network_path(second));
}

static sg_status write(const sg_network_file *first, const sg_network_file *second,
                       const sg_blend_rule *rule, const char *path, const sg_network_parts *parts,
                       sg_error *error)
{
    char text[RULE_BYTES];
    describe(rule, second, text);
    sg_metadata metadata[MOST_METADATA] = {{"blend", text}};
    size_t pairs = 1;
    for (size_t i = 0; i < sg_network_metadata_count(first) && pairs < MOST_METADATA; i++) {
        const sg_metadata pair = sg_network_metadata_at(first, i);
        if (strcmp(pair.key, "kimg") == 0 || strcmp(pair.key, "classes") == 0)
            metadata[pairs++] = pair;
    }
    return sg_network_save(path, parts, metadata, pairs, error);
}

sg_status sg_blend_files(const sg_network_file *first, const sg_network_file *second,
                         const sg_blend_rule *rule, const char *path, sg_context *context,
                         sg_error *error)
{
    static const sg_network_part generators[] = {SG_PART_G, SG_PART_G_EMA};
    sg_network_parts parts = {0};
    sg_status status = SG_OK;
    int blended = 0;
    for (int i = 0; i < 2 && !status; i++) {
        const sg_network_part part = generators[i];
        if (!sg_network_has(first, part) || !sg_network_has(second, part))
            continue;
        status = blend_part(first, second, part, rule, context, &parts, error);
        blended++;
    }
    if (!status && blended == 0)
        status = sg_fail(error, SG_ERROR_ARGUMENT, "%s and %s have neither G nor G_ema in common",
                         sg_network_path(first), sg_network_path(second));
    if (!status && sg_network_has(first, SG_PART_D))
        status = sg_network_load_part(first, SG_PART_D, context, &parts, error);
    if (!status)
        status = write(first, second, rule, path, &parts, error);
    sg_network_parts_clear(&parts);
    return status;
}
