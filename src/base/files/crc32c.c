/*
 * CRC-32C (RFC 3720, appendix B.4), bit by bit: records are short. TFRecord masks it, since a
 * checksum over bytes that contain checksums is weak.
 *
 * Tested by: tests/train/run/test_event_file.c
 */
#include "base/files/crc32c.h"

#define POLYNOMIAL 0x82F63B78 /* reversed */
#define MASK_ADDED 0xA282EAD8

uint32_t sg_masked_crc32c(const void *bytes, size_t size)
{
    const unsigned char *byte = bytes;
    uint32_t crc = 0xFFFFFFFF;
    for (size_t i = 0; i < size; i++) {
        crc ^= byte[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ ((crc & 1) != 0 ? POLYNOMIAL : 0);
    }
    crc = ~crc;
    return (crc >> 15 | crc << 17) + MASK_ADDED;
}
