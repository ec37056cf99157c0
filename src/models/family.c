/*
 * The table of families, from the rows in families.h.
 *
 * Tested by: tests/models/test_generator.c
 */
#include "models/family.h"

#include <string.h>

#define FAMILY_NAME(enumerator, name) [enumerator] = #name,
static const char *const names[] = {SG_FAMILIES(FAMILY_NAME)};
const sg_choices sg_family_choices = SG_CHOICES(names);

#define FAMILY_ROW(enumerator, name) [enumerator] = &sg_##name##_family,
static const sg_family_descriptor *const families[] = {SG_FAMILIES(FAMILY_ROW)};

const sg_family_descriptor *sg_family_of(sg_family family)
{
    return families[family];
}

sg_family sg_discriminator_family(sg_family family)
{
    return families[family]->discriminator ? family : SG_DEFAULT_FAMILY;
}

bool sg_family_has_tensor(sg_family family, const char *name)
{
    const char *mark = families[family]->mark;
    return strncmp(name, mark, strlen(mark)) == 0;
}
