/* A sheet that shows what a set holds: a sample of its pictures, in rows of classes. */
#ifndef SG_DATA_SOURCES_DATASET_OVERVIEW_H
#define SG_DATA_SOURCES_DATASET_OVERVIEW_H

#include "data/sources/dataset_writer.h"

/*
 * Writes a sheet of the plan's pictures, as they are in the set, as a PNG file: a row for each
 * class, of up to 16 classes, and otherwise 64 pictures in equal steps. Large pictures are made
 * smaller, tiny ones enlarged. Fails as reading, sg_transform_apply and sg_png_write do.
 */
sg_status sg_overview_write(const sg_set_plan *plan, const char *path, sg_error *error);

#endif
