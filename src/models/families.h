/*
 * The families of networks, a row each: its enumerator, and its name in options and files. The
 * descriptor of a family NAME is sg_NAME_family (models/family.h), defined in the family's folder.
 * The first family is the default: files that name none hold networks of it.
 */
#ifndef SG_MODELS_FAMILIES_H
#define SG_MODELS_FAMILIES_H

#define SG_FAMILIES(ROW)                                                                           \
    ROW(SG_STYLEGAN2, stylegan2)                                                                   \
    ROW(SG_STYLEGAN3, stylegan3)                                                                   \
    ROW(SG_STYLEGAN1, stylegan1)                                                                   \
    ROW(SG_PROGAN, progan)                                                                         \
    ROW(SG_DCGAN, dcgan)

#define SG_FAMILY_ENUMERATOR(enumerator, name) enumerator,

/* Kinds of networks; models/family.h describes each. */
typedef enum sg_family {
    SG_FAMILIES(SG_FAMILY_ENUMERATOR) SG_FAMILY_COUNT,
    SG_DEFAULT_FAMILY = 0
} sg_family;

#endif
