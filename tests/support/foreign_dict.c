#include "support/foreign_dict.h"

#include "support/foreign_pickle.h"

enum { MOST_VALUES = 1024 };

static int rank_of(const named_array *array)
{
    int rank = 0;
    while (rank < 4 && array->size[rank] > 0)
        rank++;
    return rank;
}

void write_dict(const char *path, const named_array *arrays)
{
    sg_text pickle = {0};
    float values[MOST_VALUES];
    for (int i = 0; i < MOST_VALUES; i++)
        values[i] = (float)i;
    PUT(&pickle, "\x80\x03}(");
    for (; arrays->name; arrays++) {
        put_text(&pickle, arrays->name);
        put_array(&pickle, arrays->size, rank_of(arrays), values);
    }
    PUT(&pickle, "u.");
    write_pickle(path, &pickle);
}
