/* Compiled into the tests that link liblmdb, which need not be installed. */
#include "support/lmdb/lmdb_writer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <lmdb.h>

#include "base/files/file.h"
#include "base/files/folders.h"
#include "support/temporary_folder.h"

static void put(MDB_txn *transaction, MDB_dbi database, const lmdb_pair *pair)
{
    MDB_val key = {strlen(pair->key), (void *)pair->key};
    MDB_val value = {pair->size, (void *)pair->value};
    assert_int_equal(mdb_put(transaction, database, &key, &value, 0), 0);
}

void lmdb_write(void *const *state, const char *name, const lmdb_pair *pairs, size_t count,
                size_t step, const char *inner)
{
    MDB_env *environment = NULL;
    MDB_txn *transaction = NULL;
    MDB_dbi database = 0;
    char *path = temporary_path(state, name);
    assert_int_equal(sg_make_folders(path, NULL), SG_OK);
    assert_int_equal(mdb_env_create(&environment), 0);
    assert_int_equal(mdb_env_set_mapsize(environment, 1 << 26), 0);
    assert_int_equal(mdb_env_set_maxdbs(environment, 2), 0);
    assert_int_equal(mdb_env_open(environment, path, MDB_NOSYNC, 0600), 0);
    for (size_t first = 0; first == 0 || first < count; first += step) {
        assert_int_equal(mdb_txn_begin(environment, NULL, 0, &transaction), 0);
        assert_int_equal(mdb_dbi_open(transaction, NULL, 0, &database), 0);
        for (size_t i = first; i < first + step && i < count; i++)
            put(transaction, database, &pairs[i]);
        if (inner) {
            MDB_dbi within = 0;
            assert_int_equal(mdb_dbi_open(transaction, inner, MDB_CREATE, &within), 0);
            put(transaction, within, &(lmdb_pair){"key", "value", 5});
        }
        assert_int_equal(mdb_txn_commit(transaction), 0);
    }
    mdb_env_close(environment);
    free(path);
}
