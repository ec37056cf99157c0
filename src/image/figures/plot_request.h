/* What a chart is asked to show: lines, panels, marks and texts. */
#ifndef SG_IMAGE_FIGURES_PLOT_REQUEST_H
#define SG_IMAGE_FIGURES_PLOT_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

/* One curve; plain data, everything is borrowed. */
typedef struct sg_plot_line {
    const char *name; /* in the legend, ASCII; "": the title says all */
    const double *x;  /* ascending */
    const double *y;  /* a value that cannot be shown leaves a gap: NaN, beyond 1e100, or not above
                         0 on a logarithmic axis */
    size_t count;     /* of points; may be 0 */
} sg_plot_line;

/* How a line is drawn; plain data. */
typedef struct sg_plot_style {
    const double *low, *high; /* [count of the line]: a band of its colour from low to high; NULL:
                                 none */
    size_t color;             /* 1 for the first colour, and so on; 0: by the place in the panel */
} sg_plot_style;

/* One chart with its own y axis, whose range is that of its lines. */
typedef struct sg_plot_panel {
    const char *title;
    const sg_plot_line *lines; /* in eight colours of a fixed order, then again with dashes */
    size_t line_count;
    bool logarithmic; /* the y axis */
} sg_plot_panel;

/* What a mark stands for, which chooses its colour and form. */
typedef enum sg_plot_mark_kind {
    SG_PLOT_WARNING,  /* a dashed line */
    SG_PLOT_PHASE,    /* a dotted line */
    SG_PLOT_RESUME,   /* a line of long dashes */
    SG_PLOT_SNAPSHOT, /* a triangle at the lower edge of the panels */
    SG_PLOT_VALUE,    /* a dotted line, named by its own text alone */
    SG_PLOT_MARK_KINDS
} sg_plot_mark_kind;

/* A place on the x axis of all panels; plain data. */
typedef struct sg_plot_mark {
    sg_plot_mark_kind kind;
    double x;
    const char *text; /* a word or number beside its line in the first panel, ASCII; NULL: none */
} sg_plot_mark;

/* The whole picture; plain data, everything is borrowed. */
typedef struct sg_plot {
    const char *x_name; /* below the last panel */
    const sg_plot_panel *panels;
    size_t panel_count;
    size_t width;                /* pixels, 200 to 10000 */
    size_t panel_height;         /* pixels, 100 to 10000; all panels together at most 30000 */
    const char *title;           /* a line above everything, ASCII; NULL: none */
    const sg_plot_style *styles; /* one for each line of all panels, one panel after another; NULL:
                                    without bands, colours by the place in the panel */
    const char *subtitle;        /* a smaller line below the title; NULL: none */
    const char *const *legend; /* [legend_count] names of the first colours, in place of the legends
                                  of the panels; NULL: each panel has its own */
    size_t legend_count;
    const sg_plot_mark *marks; /* those outside the x axis are left out */
    size_t mark_count;
    const char *const *footnotes; /* [footnote_count] lines below everything, ASCII */
    size_t footnote_count;
    bool from_zero; /* the x axis begins at 0 at the latest */
} sg_plot;

#endif
