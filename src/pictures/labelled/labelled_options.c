/* The options of labelled sets. Tested by: tests/cli/test_generate_labelled.c */
#include "pictures/labelled/labelled_set.h"

static const char *const layouts[SG_LABELLED_LAYOUTS] = {"folders", "json", "csv"};
static const sg_choices layout_choices = SG_CHOICES(layouts);

static sg_status parse_shares(const char *text, void *value, sg_error *error)
{
    sg_error own = {0};
    sg_decimal_list_clear(value);
    if (sg_decimal_list_parse(text, "shares", value, &own))
        return sg_fail(error, own.status, ": %s", own.message);
    return SG_OK;
}

static void clear_shares(void *list)
{
    sg_decimal_list_clear(list);
}

static const sg_field_codec shares_codec = {.parse = parse_shares, .clear = clear_shares};

static const sg_field rows[] = {
    {"labelled", SG_FLAG(sg_labelled_options, labelled),
     SG_OPTION("labelled", NULL,
               "write a labelled set for other programs to train on: DIR, or an archive where the "
               "name ends in .zip; of all classes unless some are given"),
     SG_GROUP("Labelled sets")},
    {"num", SG_INT(sg_labelled_options, count, 1, SG_MOST_PICTURES),
     SG_OPTION("num", "N", "paint N pictures for the set, from seed 0 on unless seeds are given"),
     SG_USUAL("each seed once for each class")},
    {"shares", SG_CODED(sg_labelled_options, shares, &shares_codec),
     SG_OPTION("shares", "LIST",
               "the shares of the classes, in their order, such as 0.7,0.2,0.1 or 7,2,1"),
     SG_USUAL("equal")},
    {"classifier", SG_TEXT(sg_labelled_options, classifier),
     SG_OPTION("classifier", "FILE",
               "take only pictures that this classifier recognises as their class; of a network "
               "without classes, it tells the class")},
    {"confidence", SG_NUMBER(sg_labelled_options, confidence, 0, 1),
     SG_OPTION("confidence", "P", "the least probability that the classifier gives the class"),
     SG_USUAL("0.9")},
    {"layout", SG_CHOICE(sg_labelled_options, layout, &layout_choices),
     SG_OPTION("layout", "NAME",
               "folders: one for each class, and dataset.json; json: the official layout with "
               "dataset.json; csv: one folder with labels.csv"),
     SG_USUAL("folders")},
    {"with", SG_TEXT(sg_labelled_options, real),
     SG_OPTION("with", "PATH", "put the pictures of this labelled data set into the set too")},
};
const sg_field_table sg_labelled_fields = {rows, sizeof rows / sizeof rows[0], NULL};
