/* Names of transforms and of groups of them, and specs made of names. */
#include "train/augment/augment_spec.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/choices.h"

/* A transform: its name, the published strength, and the largest that has a meaning; 0: the
 * transform happens or not, and has no strength. */
typedef struct transform_row {
    const char *name;
    double strength, most;
} transform_row;

static const transform_row transforms[] = {
    [SG_AUGMENT_XFLIP] = {"xflip", 1, 0},
    [SG_AUGMENT_ROTATE90] = {"rotate90", 1, 0},
    [SG_AUGMENT_XINT] = {"xint", 0.125, 1},
    [SG_AUGMENT_SCALE] = {"scale", 0.2, 10},
    [SG_AUGMENT_ROTATE] = {"rotate", 1, 1},
    [SG_AUGMENT_ANISO] = {"aniso", 0.2, 10},
    [SG_AUGMENT_XFRAC] = {"xfrac", 0.125, 1},
    [SG_AUGMENT_BRIGHTNESS] = {"brightness", 0.2, 10},
    [SG_AUGMENT_CONTRAST] = {"contrast", 0.5, 10},
    [SG_AUGMENT_LUMAFLIP] = {"lumaflip", 1, 0},
    [SG_AUGMENT_HUE] = {"hue", 1, 1},
    [SG_AUGMENT_SATURATION] = {"saturation", 1, 10},
    [SG_AUGMENT_IMGFILTER] = {"imgfilter", 1, 10},
    [SG_AUGMENT_NOISE] = {"noise", 0.1, 10},
    [SG_AUGMENT_CUTOUT] = {"cutout", 0.5, 2},
};

#define BIT(transform) (1u << (SG_AUGMENT_##transform))

enum {
    BLIT = BIT(XFLIP) | BIT(ROTATE90) | BIT(XINT),
    GEOM = BIT(SCALE) | BIT(ROTATE) | BIT(ANISO) | BIT(XFRAC),
    COLOR = BIT(BRIGHTNESS) | BIT(CONTRAST) | BIT(LUMAFLIP) | BIT(HUE) | BIT(SATURATION),
    FILTER = BIT(IMGFILTER),
    NOISE = BIT(NOISE),
    CUTOUT = BIT(CUTOUT),
};

/* A group of transforms: the published names, and bgfnc for pictures without colours. */
typedef struct group_row {
    const char *name;
    unsigned transforms;
} group_row;

static const group_row groups[] = {
    {"blit", BLIT},
    {"geom", GEOM},
    {"color", COLOR},
    {"filter", FILTER},
    {"noise", NOISE},
    {"cutout", CUTOUT},
    {"bg", BLIT | GEOM},
    {"bgc", BLIT | GEOM | COLOR},
    {"bgcf", BLIT | GEOM | COLOR | FILTER},
    {"bgcfn", BLIT | GEOM | COLOR | FILTER | NOISE},
    {"bgcfnc", BLIT | GEOM | COLOR | FILTER | NOISE | CUTOUT},
    {"bgfnc", BLIT | GEOM | FILTER | NOISE | CUTOUT},
};

static const sg_choices transform_choices = SG_CHOICES(transforms);
static const sg_choices group_choices = SG_CHOICES(groups);

/* Returns the transforms of a name, as bits; 0 when nothing is called so. */
static unsigned find_name(const char *name)
{
    const int group = sg_choice_find(&group_choices, name);
    const int transform = sg_choice_find(&transform_choices, name);
    if (group >= 0)
        return groups[group].transforms;
    return transform >= 0 ? 1u << transform : 0;
}

static sg_status fail_unknown(const char *name, const char *field, sg_error *error)
{
    char group_names[200];
    char transform_names[300];
    return sg_fail(error, SG_ERROR_ARGUMENT,
                   "%s: \"%s\" is unknown; augmentations are the groups %s, and the transforms %s",
                   field, name, sg_choice_list(&group_choices, group_names, sizeof group_names),
                   sg_choice_list(&transform_choices, transform_names, sizeof transform_names));
}

/* Reads the number after '=' or ':', which ends at the next of them or at the end. */
static sg_status read_number(const char *item, const char **text, const char *field, double *number,
                             sg_error *error)
{
    char *end = NULL;
    const char mark = **text;
    *number = strtod(*text + 1, &end);
    if (end == *text + 1 || (*end != '\0' && *end != ':' && *end != '=') || !isfinite(*number) ||
        *number < 0)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "%s: \"%s\" needs a number of 0 or more after \"%c\"", field, item, mark);
    *text = end;
    return SG_OK;
}

/* Checks a strength that is given to some transforms, as bits; negative: none is. */
static sg_status check_strength(const char *item, unsigned found, double strength,
                                const char *field, sg_error *error)
{
    const transform_row *row = transforms;
    if (strength < 0)
        return SG_OK;
    if ((found & (found - 1)) != 0)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "%s: \"%s\" gives one strength to several transforms; give each its own",
                       field, item);
    while (!(found & 1u << (row - transforms)))
        row++;
    if (row->most == 0)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "%s: \"%s\" gives a strength to %s, which has none; \"%s:X\" sets its share "
                       "of the probability",
                       field, item, row->name, row->name);
    return strength <= row->most ? SG_OK
                                 : sg_fail(error, SG_ERROR_ARGUMENT,
                                           "%s: the strength of %s is %g, but must be 0 to %g",
                                           field, row->name, strength, row->most);
}

/* Adds what one item, "NAME", "NAME=STRENGTH" or "NAME:MULTIPLIER", asks for. */
static sg_status add_item(const char *item, const char *field, sg_augment_spec *spec,
                          sg_error *error)
{
    char name[32] = "";
    const size_t length = strcspn(item, "=:");
    const char *rest = item + length;
    if (length < sizeof name)
        memcpy(name, item, length);
    const unsigned found = find_name(name);
    double multiplier = 1;
    double strength = -1;
    if (found == 0)
        return fail_unknown(length < sizeof name ? name : item, field, error);
    while (*rest != '\0')
        SG_TRY(read_number(item, &rest, field, *rest == '=' ? &strength : &multiplier, error));
    SG_TRY(check_strength(item, found, strength, field, error));
    for (int i = 0; i < SG_AUGMENT_TRANSFORMS; i++) {
        if ((found >> i & 1) == 0)
            continue;
        spec->multiplier[i] = multiplier;
        spec->strength[i] = strength >= 0 ? strength : transforms[i].strength;
    }
    return SG_OK;
}

sg_status sg_augment_spec_parse(const char *text, const char *field, sg_augment_spec *spec,
                                sg_error *error)
{
    *spec = (sg_augment_spec){{0}, {0}};
    for (const char *at = text;; at++) {
        char item[100] = "";
        const size_t length = strcspn(at, ",");
        if (length >= sizeof item)
            return sg_fail(error, SG_ERROR_ARGUMENT, "%s: a name has %zu characters, at most %zu",
                           field, length, sizeof item - 1);
        memcpy(item, at, length);
        SG_TRY(add_item(item, field, spec, error));
        at += length;
        if (*at == '\0')
            return SG_OK;
    }
}

bool sg_augment_spec_has(const sg_augment_spec *spec, sg_augment_transform first,
                         sg_augment_transform last)
{
    for (int i = (int)first; i <= (int)last; i++)
        if (spec->multiplier[i] > 0)
            return true;
    return false;
}

bool sg_augment_spec_is_on(const sg_augment_spec *spec)
{
    return sg_augment_spec_has(spec, SG_AUGMENT_XFLIP, SG_AUGMENT_CUTOUT);
}
