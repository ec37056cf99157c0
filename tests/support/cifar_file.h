/* Parts of CIFAR data sets in both forms, with few pictures. Failures end the test. */
#ifndef SUPPORT_CIFAR_FILE_H
#define SUPPORT_CIFAR_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

enum { CIFAR_BYTES = 3072 };

/* The level of a picture's channel at pixel i: what the parts hold. */
uint8_t cifar_level(size_t picture, size_t channel, size_t i);

/*
 * The pictures `first` .. `first + count - 1`, whose classes are their numbers, as binary records
 * (with a coarse class of 7 before the fine one if there are 100 classes), or as the pickle that
 * Python 2 wrote, with strings in place of bytes. The caller clears the text.
 */
sg_text cifar_records(size_t classes, size_t first, size_t count);
sg_text cifar_pickle(size_t classes, size_t first, size_t count);

#endif
