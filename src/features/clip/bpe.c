/*
 * Byte pair encoding as CLIP does it.
 *
 * A byte is a printable character: those of Latin-1 that print stand for themselves, the others for
 * U+0100 and on. Symbols are numbered as the vocabulary is: the printable bytes, the others, the
 * same as ends of words ("</w>"), the results of the merges. Two merges may have one result, which
 * then has the number of the later one.
 */
#include "features/clip/bpe.h"

#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/hash.h"
#include "base/text.h"
#include "base/utf8.h"
#include "features/clip/clean_text.h"
#include "features/clip/unicode.h"

enum {
    BYTES = 256,
    BYTE_SYMBOLS = 2 * BYTES,
    MOST_MERGES = 1 << 20,
    MOST_SHOWN = 44, /* bytes of a text in a sentence */
    LONGEST_SYMBOL = 1 << 10,
    LONGEST_WORD = 1 << 12 /* bytes; merging takes the square of it */
};

static const char end_mark[] = "</w>";

/* The text of a symbol, in `texts`. */
typedef struct symbol {
    size_t offset, length;
} symbol;

/* A merge in the table of pairs. */
typedef struct pair {
    int32_t left, right; /* symbols; -1: an empty place */
    int32_t rank, result;
} pair;

struct sg_bpe {
    size_t merges;
    sg_text texts;
    symbol *symbols; /* [BYTE_SYMBOLS + merges] */
    int32_t *places; /* a hash table of symbols by text; -1: empty */
    pair *pairs;     /* a hash table */
    size_t table;    /* places of both, a power of two */
    int32_t of_byte[BYTES];
};

/* ---- tables ---- */

static uint64_t hash_text(const char *text, size_t length)
{
    const uint64_t hash = sg_hash_bytes(sg_hash_start, text, length);
    return hash ^ hash >> 29;
}

static uint64_t hash_pair(int32_t left, int32_t right)
{
    const uint64_t key = ((uint64_t)(uint32_t)left << 32 | (uint32_t)right) * 0x9E3779B97F4A7C15U;
    return key ^ key >> 31;
}

/* Returns the place of a symbol's text, or the empty place where it belongs. */
static size_t place_of(const sg_bpe *bpe, const char *text, size_t length)
{
    size_t place = hash_text(text, length) & (bpe->table - 1);
    for (; bpe->places[place] >= 0; place = (place + 1) & (bpe->table - 1)) {
        const symbol *at = &bpe->symbols[bpe->places[place]];
        if (at->length == length && memcmp(bpe->texts.bytes + at->offset, text, length) == 0)
            break;
    }
    return place;
}

/* Returns the place of a pair, or the empty place where it belongs. */
static size_t place_of_pair(const sg_bpe *bpe, int32_t left, int32_t right)
{
    size_t place = hash_pair(left, right) & (bpe->table - 1);
    while (bpe->pairs[place].left >= 0 &&
           (bpe->pairs[place].left != left || bpe->pairs[place].right != right))
        place = (place + 1) & (bpe->table - 1);
    return place;
}

/* Adds symbol `number`, whose text was appended to the texts. */
static void place_symbol(sg_bpe *bpe, size_t number, size_t offset)
{
    const size_t length = bpe->texts.length - offset;
    bpe->symbols[number] = (symbol){offset, length};
    bpe->places[place_of(bpe, bpe->texts.bytes + offset, length)] = (int32_t)number;
}

/* ---- symbols of bytes ---- */

static bool prints(int byte)
{
    return (byte >= '!' && byte <= '~') || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
}

/* Adds the symbols of bytes, in the vocabulary's order. */
static void add_bytes(sg_bpe *bpe)
{
    uint32_t points[BYTES];
    int32_t count = 0;
    uint32_t next = BYTES;
    for (int others = 0; others < 2; others++)
        for (int byte = 0; byte < BYTES; byte++)
            if (prints(byte) == (others == 0)) {
                points[count] = others ? next++ : (uint32_t)byte;
                bpe->of_byte[byte] = count++;
            }
    for (int number = 0; number < BYTE_SYMBOLS; number++) {
        char bytes[SG_UTF8_MOST_BYTES];
        const size_t offset = bpe->texts.length;
        sg_text_append_bytes(&bpe->texts, bytes, sg_utf8_write(points[number % BYTES], bytes));
        if (number >= BYTES)
            sg_text_append_bytes(&bpe->texts, end_mark, sizeof end_mark - 1);
        if (!bpe->texts.failed)
            place_symbol(bpe, (size_t)number, offset);
    }
}

/* ---- the merges file ---- */

/* A line: two symbols. */
typedef struct merge_line {
    const char *left, *right;
    size_t left_length, right_length;
} merge_line;

/* Reads the merge in a line of `length` bytes; false if it is none. */
static bool read_line(const char *line, size_t length, merge_line *merge)
{
    if (length > 0 && line[length - 1] == '\r')
        length--;
    const char *space = memchr(line, ' ', length);
    if (!space || space == line)
        return false;
    *merge =
        (merge_line){line, space + 1, (size_t)(space - line), length - (size_t)(space - line) - 1};
    return merge->right_length > 0 && merge->left_length + merge->right_length <= LONGEST_SYMBOL &&
           !memchr(merge->right, ' ', merge->right_length);
}

/* A text being read line by line. */
typedef struct line_walk {
    const char *at, *end;
    size_t number;
} line_walk;

/* Returns the next line and its length, NULL at the end. */
static const char *next_line(line_walk *walk, size_t *length)
{
    if (walk->at >= walk->end)
        return NULL;
    const char *line = walk->at;
    const char *stop = memchr(line, '\n', (size_t)(walk->end - line));
    *length = (size_t)((stop ? stop : walk->end) - line);
    walk->at = stop ? stop + 1 : walk->end;
    walk->number++;
    return line;
}

/* Calls `take` with each of at most `most` merges; stops at a line that is none. Returns how many
 * were taken. */
typedef void (*merge_function)(sg_bpe *bpe, size_t rank, const merge_line *merge);
static size_t walk_merges(sg_bpe *bpe, line_walk *walk, size_t most, merge_function take)
{
    size_t length;
    size_t count = 0;
    merge_line merge;
    (void)next_line(walk, &length); /* the version */
    for (const char *line; count < most && (line = next_line(walk, &length)); count++) {
        if (!read_line(line, length, &merge))
            break;
        if (take)
            take(bpe, count, &merge);
    }
    return count;
}

static void add_result(sg_bpe *bpe, size_t rank, const merge_line *merge)
{
    const size_t offset = bpe->texts.length;
    sg_text_append_bytes(&bpe->texts, merge->left, merge->left_length);
    sg_text_append_bytes(&bpe->texts, merge->right, merge->right_length);
    if (!bpe->texts.failed)
        place_symbol(bpe, BYTE_SYMBOLS + rank, offset);
}

/* Adds the pair of a merge; one of symbols that nothing makes never matches. */
static void add_pair(sg_bpe *bpe, size_t rank, const merge_line *merge)
{
    char whole[LONGEST_SYMBOL];
    memcpy(whole, merge->left, merge->left_length);
    memcpy(whole + merge->left_length, merge->right, merge->right_length);
    const int32_t left = bpe->places[place_of(bpe, merge->left, merge->left_length)];
    const int32_t right = bpe->places[place_of(bpe, merge->right, merge->right_length)];
    const int32_t result =
        bpe->places[place_of(bpe, whole, merge->left_length + merge->right_length)];
    if (left >= 0 && right >= 0)
        bpe->pairs[place_of_pair(bpe, left, right)] = (pair){left, right, (int32_t)rank, result};
}

/* Takes the tables' memory for so many merges; false for lack of it. */
static bool take_tables(sg_bpe *bpe, size_t merges)
{
    bpe->merges = merges;
    bpe->table = 4096;
    while (bpe->table < 2 * (BYTE_SYMBOLS + merges))
        bpe->table *= 2;
    bpe->symbols = sg_allocate(BYTE_SYMBOLS + merges, sizeof *bpe->symbols);
    bpe->places = sg_allocate(bpe->table, sizeof *bpe->places);
    bpe->pairs = sg_allocate(bpe->table, sizeof *bpe->pairs);
    if (!bpe->symbols || !bpe->places || !bpe->pairs)
        return false;
    for (size_t i = 0; i < bpe->table; i++)
        bpe->places[i] = bpe->pairs[i].left = -1;
    return true;
}

/* Counts the merges that the vocabulary takes; fails for a file that has not as many. */
static sg_status count_merges(const char *text, size_t size, const char *name, size_t vocabulary,
                              size_t *count, sg_error *error)
{
    line_walk walk = {text, text + size, 0};
    const size_t wanted = vocabulary > 0 ? vocabulary - BYTE_SYMBOLS - 2 : MOST_MERGES;
    if (vocabulary > 0 && vocabulary < BYTE_SYMBOLS + 2)
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s: a vocabulary of %zu tokens is none of bytes, which has %d or more",
                       name, vocabulary, BYTE_SYMBOLS + 2);
    *count = walk_merges(NULL, &walk, wanted, NULL);
    const bool whole = walk.at >= walk.end && walk.number <= *count + 1;
    if (*count < wanted && vocabulary > 0)
        return sg_fail(error, SG_ERROR_FORMAT,
                       whole ? "%s: has %zu merges, but the network's vocabulary has %zu"
                             : "%s: after %zu merges there is a line that is no pair of symbols, "
                               "but the network's vocabulary has %zu merges",
                       name, *count, wanted);
    return *count > 0 || whole || wanted == 0
               ? SG_OK
               : sg_fail(error, SG_ERROR_FORMAT,
                         "%s: line 2 is no merge: two symbols with a space between", name);
}

sg_status sg_bpe_parse(const char *text, size_t size, const char *name, size_t vocabulary,
                       sg_bpe **bpe, sg_error *error)
{
    size_t merges = 0;
    *bpe = NULL;
    SG_TRY(count_merges(text, size, name, vocabulary, &merges, error));
    sg_bpe *made = sg_allocate(1, sizeof *made);
    const bool taken = made && take_tables(made, merges);
    if (taken) {
        line_walk first = {text, text + size, 0};
        line_walk second = first;
        add_bytes(made);
        (void)walk_merges(made, &first, merges, add_result);
        if (!made->texts.failed)
            (void)walk_merges(made, &second, merges, add_pair);
    }
    if (!taken || made->texts.failed) {
        sg_bpe_close(made);
        return sg_fail_memory(error, "%s", name);
    }
    *bpe = made;
    return SG_OK;
}

void sg_bpe_close(sg_bpe *bpe)
{
    if (!bpe)
        return;
    sg_text_clear(&bpe->texts);
    free(bpe->symbols);
    free(bpe->places);
    free(bpe->pairs);
    free(bpe);
}

size_t sg_bpe_merges(const sg_bpe *bpe)
{
    return bpe->merges;
}

size_t sg_bpe_vocabulary(const sg_bpe *bpe)
{
    return BYTE_SYMBOLS + bpe->merges + 2;
}

/* ---- words ---- */

/* A row being filled. */
typedef struct row_writer {
    const sg_bpe *bpe;
    int32_t *row;
    size_t context, count; /* tokens so far, with those that do not fit */
} row_writer;

static void write_token(row_writer *writer, int32_t token)
{
    if (writer->count < writer->context)
        writer->row[writer->count] = token;
    writer->count++;
}

/* Finds the merge of lowest rank among neighbours; NULL if there is none. */
static const pair *find_lowest(const sg_bpe *bpe, const int32_t *symbols, size_t count)
{
    const pair *lowest = NULL;
    for (size_t i = 0; i + 1 < count; i++) {
        const pair *at = &bpe->pairs[place_of_pair(bpe, symbols[i], symbols[i + 1])];
        if (at->left >= 0 && (!lowest || at->rank < lowest->rank))
            lowest = at;
    }
    return lowest;
}

/* Merges a pair wherever it is, from left to right; returns how many symbols are left. */
static size_t merge_everywhere(const pair *merge, int32_t *symbols, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        const bool here =
            i + 1 < count && symbols[i] == merge->left && symbols[i + 1] == merge->right;
        symbols[kept++] = here ? merge->result : symbols[i];
        i += here;
    }
    return kept;
}

/* Writes the tokens of a word. Fails for one that no row has room for. */
static sg_status write_word(row_writer *writer, const char *word, size_t length, sg_error *error)
{
    int32_t symbols[LONGEST_WORD];
    if (length > LONGEST_WORD)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "a text has a word of %zu bytes, but words must be at most %d", length,
                       (int)LONGEST_WORD);
    for (size_t i = 0; i < length; i++)
        symbols[i] = writer->bpe->of_byte[(unsigned char)word[i]];
    symbols[length - 1] += BYTES;
    size_t count = length;
    for (const pair *merge; (merge = find_lowest(writer->bpe, symbols, count));)
        count = merge_everywhere(merge, symbols, count);
    for (size_t i = 0; i < count; i++)
        write_token(writer, symbols[i]);
    return SG_OK;
}

/* ---- texts ---- */

typedef enum point_kind { SPACE, LETTER, NUMBER, OTHER } point_kind;

static point_kind kind_of(uint32_t point)
{
    return sg_is_letter(point)   ? LETTER
           : sg_is_number(point) ? NUMBER
           : sg_is_white(point)  ? SPACE
                                 : OTHER;
}

/* Returns the bytes of a contraction at `text` ('s, 're), or 0. */
static size_t contraction_at(const char *text)
{
    static const char *const contractions[] = {"'s", "'t", "'re", "'ve", "'m", "'ll", "'d"};
    for (size_t i = 0; i < sizeof contractions / sizeof *contractions; i++)
        if (sg_has_prefix(text, contractions[i]))
            return strlen(contractions[i]);
    return 0;
}

/* Returns the bytes of the run of one kind at `text`; of numbers, one. */
static size_t run_at(const char *text, point_kind kind)
{
    size_t run = 0;
    size_t bytes;
    while (text[run] != '\0' && kind_of(sg_utf8_read(text + run, &bytes)) == kind) {
        run += bytes;
        if (kind == NUMBER)
            break;
    }
    return run;
}

/* Writes the tokens of a clean text. */
static sg_status write_text(row_writer *writer, const char *text, sg_error *error)
{
    static const char *const specials[] = {"<|startoftext|>", "<|endoftext|>"};
    const int32_t start = (int32_t)(BYTE_SYMBOLS + writer->bpe->merges);
    while (*text != '\0') {
        size_t bytes;
        const point_kind kind = kind_of(sg_utf8_read(text, &bytes));
        const int special = sg_has_prefix(text, specials[0])   ? 0
                            : sg_has_prefix(text, specials[1]) ? 1
                                                               : -1;
        size_t length = special >= 0 ? strlen(specials[special]) : contraction_at(text);
        if (length == 0)
            length = kind == SPACE ? bytes : run_at(text, kind);
        if (special >= 0)
            write_token(writer, start + special);
        else if (kind != SPACE)
            SG_TRY(write_word(writer, text, length, error));
        text += length;
    }
    return SG_OK;
}

/* Ends a row; fails when the tokens do not fit and must not be cut. */
static sg_status end_row(row_writer *writer, const char *text, bool truncate, sg_error *error)
{
    const int32_t end = (int32_t)sg_bpe_vocabulary(writer->bpe) - 1;
    const size_t tokens = writer->count - 1;
    write_token(writer, end);
    if (writer->count <= writer->context)
        return SG_OK;
    writer->row[writer->context - 1] = end;
    if (truncate)
        return SG_OK;
    const size_t length = sg_utf8_cut(text, MOST_SHOWN);
    return sg_fail(error, SG_ERROR_ARGUMENT,
                   "the text \"%.*s%s\" has %zu tokens, but the network takes at most %zu",
                   (int)length, text, text[length] != '\0' ? "..." : "", tokens,
                   writer->context - 2);
}

sg_status sg_bpe_row(const sg_bpe *bpe, const char *text, size_t context, bool truncate,
                     int32_t *row, sg_error *error)
{
    row_writer writer = {bpe, row, context, 0};
    sg_text clean = {0};
    if (context < 2)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "a row of %zu tokens has no room for start and end", context);
    memset(row, 0, context * sizeof *row);
    sg_status status = sg_clean_text(text, &clean, error);
    const char *words = clean.bytes ? clean.bytes : "";
    write_token(&writer, (int32_t)sg_bpe_vocabulary(bpe) - 2);
    if (!status)
        status = write_text(&writer, words, error);
    if (!status)
        status = end_row(&writer, words, truncate, error);
    sg_text_clear(&clean);
    return status;
}
