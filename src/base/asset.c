#include "base/asset.h"

const Asset *asset_find(AssetTable table, Str path)
{
    size_t low = 0;
    size_t high = table.count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = str_compare(str_from(table.items[middle].path), path);
        if (order == 0)
            return &table.items[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}
