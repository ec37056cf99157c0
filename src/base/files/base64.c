/* Base64; see base64.h. */
#include "base/files/base64.h"

void sg_base64_group(const unsigned char *bytes, size_t left, char digits[SG_BASE64_GROUP + 1])
{
    static const char all[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned group = (unsigned)bytes[0] << 16 | (left > 1 ? (unsigned)bytes[1] << 8 : 0) |
                           (left > 2 ? (unsigned)bytes[2] : 0);
    digits[0] = all[group >> 18];
    digits[1] = all[group >> 12 & 63];
    digits[2] = left > 1 ? all[group >> 6 & 63] : '=';
    digits[3] = left > 2 ? all[group & 63] : '=';
}
