/*
 * Data sets in IDX files: an image file of the dimensions (images, rows, columns) or (images, rows,
 * columns, channels), and a label file of the dimension (images), found by name beside it:
 *
 *     NAME-images-idx3-ubyte       NAME-labels-idx1-ubyte
 *     NAME-images.idx3-ubyte       NAME-labels.idx1-ubyte
 *
 * each with or without .gz, in any combination; "NAME-" may be absent and idx4 stands for four
 * dimensions. In a folder, the image file whose name begins with "train-images" is taken, else
 * "t10k-images", else the only one.
 *
 * Pictures of 28x28 pixels get two black pixels on each side, so that they are 32x32.
 */
#ifndef SG_DATA_KINDS_IDX_DATASET_H
#define SG_DATA_KINDS_IDX_DATASET_H

#include "data/dataset_kind.h"

/* Opening fails as sg_idx_read does, and when a folder's choice of image files is not clear. */
extern const sg_dataset_kind sg_idx_dataset_kind;

#endif
