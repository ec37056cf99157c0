/* CRC-32C checksums as records of TensorFlow (TFRecords, event files) store them. */
#ifndef SG_BASE_FILES_CRC32C_H
#define SG_BASE_FILES_CRC32C_H

#include <stddef.h>
#include <stdint.h>

/* Returns the checksum of `size` bytes, masked: turned right by 15 bits, plus a constant. */
uint32_t sg_masked_crc32c(const void *bytes, size_t size);

#endif
