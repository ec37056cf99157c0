/* The statistics that curves show, and which of them share a panel of one run's figure. */
#ifndef SG_RUNS_CURVE_TABLE_H
#define SG_RUNS_CURVE_TABLE_H

#include <stdbool.h>
#include <stddef.h>

/* A statistic. */
typedef struct sg_curve {
    const char *statistic; /* its name in stats.jsonl */
    const char *name;      /* in the legend of one run's panel; "" when its title says all */
} sg_curve;

enum { SG_PANEL_MOST_CURVES = 4 };

/* A panel. */
typedef struct sg_curve_panel {
    const char *title;
    size_t needed; /* how many of its curves must have numbers for the panel to be drawn */
    bool logarithmic;
    sg_curve curves[SG_PANEL_MOST_CURVES]; /* up to one without a statistic */
} sg_curve_panel;

extern const sg_curve_panel sg_curve_panels[];
extern const size_t sg_curve_panel_count;

/* Returns how many curves a panel has. */
size_t sg_curve_count(const sg_curve_panel *panel);

#endif
