/* Code points, looked up in sorted tables. */
#include "features/clip/unicode.h"

typedef struct point_range {
    uint32_t first, last;
} point_range;

/* Every `step`th letter from first to last has its lower case `distance` away. */
typedef struct case_run {
    uint32_t first, last;
    int step, distance;
} case_run;

#include "features/clip/unicode_tables.inc"

enum { REPLACEMENT = 0xFFFD, LAST_POINT = 0x10FFFF };

uint32_t sg_utf8_read(const char *text, size_t *bytes)
{
    const unsigned char *at = (const unsigned char *)text;
    *bytes = at[0] < 0x80 ? 1 : at[0] < 0xE0 ? 2 : at[0] < 0xF0 ? 3 : 4;
    switch (*bytes) {
    case 1:
        return at[0];
    case 2:
        return (at[0] & 0x1FU) << 6 | (at[1] & 0x3FU);
    case 3:
        return (at[0] & 0xFU) << 12 | (at[1] & 0x3FU) << 6 | (at[2] & 0x3FU);
    default:
        return (at[0] & 7U) << 18 | (at[1] & 0x3FU) << 12 | (at[2] & 0x3FU) << 6 | (at[3] & 0x3FU);
    }
}

size_t sg_utf8_write(uint32_t point, char text[SG_UTF8_MOST_BYTES])
{
    if (point > LAST_POINT || (point >= 0xD800 && point < 0xE000))
        point = REPLACEMENT;
    if (point < 0x80) {
        text[0] = (char)point;
        return 1;
    }
    const size_t bytes = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    static const unsigned char leads[] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (size_t i = bytes - 1; i > 0; i--, point >>= 6)
        text[i] = (char)(0x80 | (point & 0x3F));
    text[0] = (char)(leads[bytes] | point);
    return bytes;
}

/* True if a range of a sorted table holds the point. */
static bool is_within(const point_range *table, size_t count, uint32_t point)
{
    size_t low = 0;
    size_t high = count;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (point > table[middle].last)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && point >= table[low].first;
}

bool sg_is_letter(uint32_t point)
{
    return is_within(letters, sizeof letters / sizeof *letters, point);
}

bool sg_is_number(uint32_t point)
{
    return is_within(numbers, sizeof numbers / sizeof *numbers, point);
}

bool sg_is_white(uint32_t point)
{
    static const point_range white[] = {
        {9, 13},          {0x1C, 0x20},     {0x85, 0x85},     {0xA0, 0xA0},     {0x1680, 0x1680},
        {0x2000, 0x200A}, {0x2028, 0x2029}, {0x202F, 0x202F}, {0x205F, 0x205F}, {0x3000, 0x3000}};
    return is_within(white, sizeof white / sizeof *white, point);
}

uint32_t sg_lower_case(uint32_t point)
{
    const size_t count = sizeof lower_runs / sizeof *lower_runs;
    for (size_t i = 0; i < count && lower_runs[i].first <= point; i++) {
        const case_run *run = &lower_runs[i];
        if (point <= run->last && (point - run->first) % (uint32_t)run->step == 0)
            return (uint32_t)((int64_t)point + run->distance);
    }
    return point;
}
