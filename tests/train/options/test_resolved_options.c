/* Resolving presets: every preset with many sets of given options against recorded results. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "models/config_rules.h"
#include "support/temporary_folder.h"
#include "support/tiny_run.h"
#include "train/options/preset_resolve.h"
#include "train/run/run_folder.h"

enum {
    PRESETS = 20 /* the last five, from encoders on, need a network, so that no set resolves */,
    SETS = 27,
    SIDES = 4,
    WORDS = 8
};

/* Options as the command line spells them, each followed by its value. */
static const char *const option_sets[SETS][WORDS] = {
    {NULL},
    {"batch", "24", "kimg", "7.5", "tick", "0.5", "snap", "3"},
    {"gamma", "2.5", "glr", "0.0031", "r2-gamma", "0.5"},
    {"dlr", "0.004", "ema-kimg", "3.25", "clip-grad", "9"},
    {"cbase", "4096", "cmax", "64", "z-dim", "48", "mirror", "true"},
    {"batch", "16", "batch-gpu", "8", "seed", "77", "cond", "true"},
    {"w-dim", "40", "map-depth", "3", "mbstd-group", "2"},
    {"pl-weight", "1.5", "n-critic", "2", "optimizer", "rmsprop"},
    {"loss", "hinge"},
    {"loss", "lsgan", "batch", "32"},
    {"loss", "wgan", "clip-weights", "0.25"},
    {"loss", "wgan-gp", "gp-weight", "5", "drift", "0.002"},
    {"loss", "wgan-gp", "glr", "0.0007", "n-critic", "3"},
    {"loss", "minimax", "gamma", "0.75", "critic-norm", "layer"},
    {"loss", "logistic", "critic-norm", "none"},
    {"grow-kimg", "40", "fade-kimg", "40", "initial-resolution", "8", "minibatch-repeats", "2"},
    {"fade-kimg", "25", "grow-batch", "4:64,16:8", "batch", "32"},
    {"grow-kimg", "30", "fade-kimg", "0", "dlr", "0.01"},
    {"batch", "12", "loss", "logistic", "grow-batch", "8:128"},
    {"aug", "ada", "target", "0.5", "aug-kimg", "50", "p", "0.25"},
    {"aug", "fixed", "augpipe", "bg,hue=0.5", "loss", "lsgan", "mirror", "true"},
    {"aug", "ada", "loss", "wgan-gp"},
    {"beta1", "0.3", "beta2", "0.95", "eps", "1e-6", "d-reg-interval", "8"},
    {"mbstd-group", "0", "g-arch", "orig", "d-arch", "skip", "style-mixing-prob", "0.5"},
    {"map-depth", "0", "g-reg-interval", "0", "pl-weight", "1", "resample-filter", "1,2,1"},
    {"loss", "rpgan", "no-equalized", "true", "instance-noise", "0.1"},
    {"gp-weight", "3", "gp-points", "fakes", "top-k", "0.5", "top-k-kimg", "20"},
};

static const int sides[SIDES] = {8, 32, 256, 1024};

/*
 * For each preset in their order and each set of options: the low half of the FNV-1a hash of
 * training_options.json for data of each side. 0: refused before the data are known, 1: refused
 * with the data. The values were recorded when each caller of the library resolved options itself,
 * those of the last five presets and the last eight sets when these were added; auto, cifar and
 * paper... when they got their augmentation.
 */
static const uint32_t recorded[PRESETS][SETS][SIDES] = {
    {
        {0x3161b56d, 0x5fe98715, 0xef406f19, 0x9b79af13},
        {0x3d5f8937, 0x609f8e27, 0xe03b330b, 0xda93a940},
        {0x3610257e, 0x1315c89e, 0xf3d4769a, 0xa9ec1166},
        {0x6f7ad4a1, 0x0bd27c59, 0x9d82864d, 0xcc69b04f},
        {0x8a2b5648, 0xd377ff06, 0x103f859c, 0x551a5096},
        {0xa1302604, 0x4d49cc5a, 0x0cce2058, 0xec9c7f95},
        {0x258ffe52, 0x238d746c, 0xa12afb26, 0x719776ba},
        {0xfb57d130, 0xde00eb00, 0xba7aa514, 0xfd7072e8},
        {0x500b1a40, 0x0ddf6890, 0x2b2c37a4, 0xe05a6498},
        {0x18a9644a, 0x5fad46aa, 0x9c5ea2f6, 0xeb41f42e},
        {0xb75ebc9f, 0xb71fc60f, 0x2febe473, 0x79de8eb3},
        {0xf12053d7, 0xc3330b47, 0x67a2a9ab, 0x230e212b},
        {0x1a37f46f, 0x24fa669f, 0x57ef8b83, 0x1713ed03},
        {0},
        {0},
        {0},
        {0},
        {0},
        {0},
        {0xb24c72fe, 0x0c76b21e, 0xa6665c1a, 0x13c144cc},
        {0xd95d7fec, 0x1f6863cc, 0x49b47230, 0xc952ff0a},
        {0},
        {0xe79733fe, 0x60929b1e, 0xb079ad1a, 0x0581c90c},
        {0xfdc9d8eb, 0x801dbecf, 0xd1d0f4fb, 0xfa7cfcd5},
        {0xed6d511f, 0x2de34739, 0x461b2327, 0xb098c473},
        {0x680be7c0, 0x3738d210, 0xe60a9d24, 0x61b5428e},
        {0x515025e8, 0xc3b13898, 0xfb50952c, 0x354908f0},
    },
    {
        {0x47d3144b, 0x296aeb37, 0x3f6689f3, 0x76af2183},
        {0x630ad22d, 0x304fdc29, 0x178aabe5, 0x5600dd15},
        {0xa9bfaffc, 0xad135d18, 0xa5cf78ec, 0x9b6217a8},
        {0xb90459b7, 0x22694f13, 0xa3da86ff, 0x14b39eef},
        {0x33a7f7a2, 0x0b11fe50, 0x19532a96, 0xda57069c},
        {0x2e9781fa, 0x4bac14cc, 0xc3fe9452, 0x96b7b168},
        {0x6cb76af0, 0x70fe778e, 0xa4077260, 0xd5b862da},
        {0x5bbc1f1e, 0xd75802a2, 0xf30937ee, 0x34734832},
        {0x0b4fd5aa, 0xcb27a2de, 0xff114d7a, 0x813e8fbe},
        {0xc1a9df80, 0xb838bb2c, 0x24e8d8b0, 0x66b81a4c},
        {0x5de93269, 0x320e4eb5, 0xc696b461, 0xb6e199e1},
        {0x203388e9, 0xe7a9a935, 0x52b7b2e1, 0x66d5dc61},
        {0xace02769, 0xbcda8bb5, 0x95637961, 0xf25c26e1},
        {0},
        {0},
        {0},
        {0},
        {0},
        {0},
        {0xdc14d5c0, 0x8df8656c, 0x8a1ff5f0, 0x0d21788c},
        {0x26996aa2, 0x06517216, 0x38d95eb2, 0x35dcfbf6},
        {0},
        {0x19747260, 0xe7ee760c, 0xc5958c10, 0x8394a5ac},
        {0xecc43089, 0xf5e51fb1, 0x0de95165, 0xa973ff55},
        {0x766a1791, 0xe9929b27, 0xc2629895, 0xd4ebc1ef},
        {0x9e872626, 0x34290c2a, 0xdde49bf6, 0x4e7f0bda},
        {0x3866cc0e, 0x5c1e79d2, 0xedde055e, 0x8fa6aea2},
    },
    {
        {0xc6b0faef, 0x9a364f79, 0x921de711, 0x382486bc},
        {0x3e3b301d, 0xdd71092f, 0xf377635f, 0x418ce5fd},
        {0x3ad018e1, 0xdd4c402d, 0xca01a7af, 0x2d77185f},
        {0xdd26a5ae, 0x9a4166a8, 0x3bb6aa34, 0x0bfb54ff},
        {0x181e4c6c, 0xc7dffbac, 0x23916e70, 0x141efd57},
        {0xc2ace176, 0xcb4c4597, 0xa197a78e, 0xa90a9c8c},
        {0x60f96d72, 0x2feb3642, 0xb4a1ebe0, 0x95d0c2bd},
        {0xbdce98c0, 0x19c48e82, 0x6b2684e4, 0x4046aa13},
        {0x39ea2260, 0x607dff4a, 0x3fdc5700, 0x8443ebb3},
        {0xf0b1d68f, 0xa4408a15, 0xd806a270, 0x558679f2},
        {0x89a6bc1f, 0x9e2102db, 0xe50cd7d3, 0x77ab2733},
        {0x39ac51df, 0x1c52de9b, 0x78d2ccfb, 0x6eb5cb37},
        {0x86e4a2ee, 0x7faf43be, 0x8fabb2f0, 0x80cfc390},
        {0},
        {0},
        {0},
        {0},
        {0},
        {0},
        {0x969722e9, 0x300bee9b, 0x1369e00b, 0x0a58ab46},
        {0xbc98462f, 0x0db111d9, 0x29957941, 0x4e04c598},
        {0},
        {0x1d0bbc90, 0xba263dca, 0x49f943ca, 0x317562a9},
        {0xd8b284c5, 0xf61d178b, 0x74626863, 0x808baf90},
        {0x368b93fb, 0x9e88281b, 0x2aa0df9f, 0xdbe44978},
        {0xaa7693e4, 0x7dc72fc0, 0x09f1b280, 0x89ebbeaa},
        {0x55838961, 0x21cac4ad, 0x969ec13d, 0x2912f9fb},
    },
    {
        {0x3de17dc1, 0x6e160835, 0x077d22ed, 0xde7efe4d},
        {0x93fb47f1, 0x74149265, 0x4fb3015d, 0x2841487d},
        {0xb74e4fcf, 0xb783998b, 0x7d832fe3, 0x551d2a33},
        {0xeebde1d4, 0xd025c7e4, 0x818484e8, 0x25cdc958},
        {0x3684b01a, 0x53fbf3a4, 0x8e93305e, 0x072e8b6c},
        {0xd1c988d9, 0x49ffbf83, 0xcc5748cd, 0xdb30bd97},
        {0x1af49b2b, 0xccaaabe5, 0x700b9367, 0x15ee9065},
        {0xee07e222, 0xe8c8842a, 0x5d56869e, 0xd604713e},
        {0x826fa778, 0x088b7f28, 0xc386794c, 0xa2ce0e1c},
        {0xc8e95c7a, 0x963dc102, 0xc8b5c996, 0x732c2196},
        {0x39659e6a, 0xe1a3d332, 0x36a1c586, 0xbfd1b586},
        {0x91745526, 0xb67b4a7e, 0x610754d2, 0x35ce37e2},
        {0x8121aa91, 0x42867d85, 0xe130affd, 0x1c24dd9d},
        {0},
        {0},
        {0},
        {0},
        {0},
        {0},
        {0xac4aa1bf, 0xda1fa1fb, 0xdbc48993, 0x5792ace3},
        {0xec6dcbad, 0xd6f9d771, 0x5f35c569, 0xfe428069},
        {0},
        {0x7c2bcdac, 0x3a7cbdfc, 0x56fbf0c0, 0x1269e710},
        {0xe1c101f1, 0xb7b92dad, 0x0c5f49d9, 0xe6f2df49},
        {0xccb13363, 0xb789d811, 0xcecfdadb, 0x421c79dd},
        {0x8b39d003, 0xb4ea2aaf, 0x229cc397, 0xfd135d17},
        {0x07c8ecca, 0x391d0592, 0xbb7031e6, 0x1e44cd66},
    },
    {
        {0x86cd568d, 0x6e59e267, 0x5390f109, 0x0bc216a3},
        {0x24999c02, 0x1a635fc4, 0x1296f9e6, 0x62e2d50c},
        {0x9c6b06d0, 0x45df0b76, 0x1beba354, 0x35f9ac9a},
        {0x48d455c4, 0x5fa5f716, 0xfd58d7f0, 0xf18f073e},
        {0xfa07f760, 0xc2dc2d3c, 0xb0d43ab4, 0x85df9f74},
        {0x26dd0caa, 0xb4a231be, 0x0da723c6, 0xa1b3080a},
        {0},
        {0},
        {0x8bf03c4a, 0x25b0680c, 0xb61ccbae, 0xd27e4314},
        {0xc9002823, 0x9da23f05, 0x552e5077, 0xc35a4481},
        {0x4efca8c4, 0xc3b44216, 0x4623daf0, 0xa3bb823e},
        {0x99aef35b, 0x6798cea9, 0x9b4ff3d7, 0x63ebf261},
        {0x0afe4554, 0x9a4b576a, 0x43fea3d8, 0x60a7950e},
        {0x435b8eed, 0x73e6bd3b, 0xd17f5ba1, 0x24913fb3},
        {0x8c8db04b, 0xc13c500d, 0xbc1e66f7, 0x0cfc31f9},
        {0},
        {0},
        {0},
        {0},
        {0x0110f58c, 0x43ff9bde, 0x5d2e5238, 0x474ecdc6},
        {0x10ddb126, 0x3ba6a838, 0xb639961a, 0x5574bee0},
        {0},
        {0x0461bbab, 0x4532c72d, 0xa05761df, 0x0777db09},
        {0},
        {0},
        {0},
        {0x9c2d32e3, 0x69100d71, 0xe984827f, 0xe2224709},
    },
    {
        {0x0f61dc11, 0x1dde3ac4, 0x4883a458, 0x88949370},
        {0x6936abdf, 0xa2d6e823, 0x1a64ca51, 0x7fc03131},
        {0},
        {0x8cf95512, 0x7d8c13c1, 0x95c16529, 0xda7c92ae},
        {0x784add98, 0x2ced1f5d, 0xca7dda99, 0xefcfb823},
        {0},
        {0},
        {0},
        {0x0a78840a, 0x69deb0f3, 0x5776bd8a, 0x315d23dd},
        {0xf8f8c234, 0xced7f1f0, 0x1d4f31e2, 0x6e4beb7e},
        {0xcaf0f33c, 0x198b2057, 0xaa20c4c7, 0x3675ea07},
        {0x45c3c0b4, 0x1cbdbdd3, 0xe8f7b613, 0x6f270e43},
        {0xf1080c36, 0xbc921f05, 0xc9c5fc85, 0x6e77eecc},
        {0},
        {0},
        {0x99d3790a, 0x15344ddd, 0xb391d0f1, 0x7336c169},
        {0x54de2f1f, 0xf8cdac63, 0xfdda1891, 0xc50337b5},
        {0xcc3d637e, 0x826ff785, 0x76876ef9, 0xdf5a629a},
        {0xdbcea9b5, 0xdb8cbfd3, 0x69d3c747, 0x01248ad5},
        {0},
        {0x259bcee8, 0x336674fb, 0xc477b37e, 0x6cb7a29f},
        {0},
        {0xc5ff677f, 0xe7030b20, 0xc9205480, 0xe9d0b06c},
        {0},
        {0},
        {0xe6499343, 0xa9f4dbe6, 0x8ee8c656, 0x319ff6ea},
        {0x98f964be, 0x5e934517, 0x4d9ddb3f, 0xe195f21b},
    },
    {
        {0x4af46b49, 0x06477e3a, 0x9f6a2cbf, 0x04211b41},
        {0xa412e595, 0xb764b9f7, 0xb94126e1, 0x449d7fcb},
        {0x24672d36, 0xe358c80d, 0x1ae0aa09, 0x8a0c0508},
        {0xb9ef53db, 0x1fc9bb3a, 0x26480990, 0x7897bedd},
        {0x376a349e, 0x34bb5773, 0x10a76596, 0x86e4b346},
        {0xc8b2e402, 0x0963f8ae, 0xcaae7cda, 0x1e41b652},
        {0x01f7cb5a, 0x989738d1, 0x18b62a08, 0xdcae7cac},
        {0xeb13596c, 0x4c15b6b9, 0x3dda041e, 0xe3c40388},
        {0x6da6f882, 0xf71c07ef, 0x11fc0d30, 0x552050f6},
        {0xf4e60db2, 0xbccddca0, 0x2e59bf3e, 0xcefea404},
        {0x419aee06, 0x96b98cc3, 0xd89e4bc8, 0x9ad7b40e},
        {0x1ad6115a, 0x788c4cc3, 0x23c0ab4c, 0xededb2e2},
        {0x5f71a2e5, 0x188bcc2c, 0x6abd5916, 0xc73a637b},
        {0},
        {0},
        {0x43bed924, 0x0aebdd71, 0x63b61dce, 0x2780d554},
        {0x62159111, 0x49c6de43, 0x6b49d17d, 0x7c450c53},
        {0x736e66f5, 0x903f5d58, 0xfb8d4672, 0x234cc72f},
        {0xdaec417b, 0xbb4f1bf5, 0x3fadb41b, 0x99a61bc5},
        {0x89156b4a, 0xa487cde1, 0x71b856ac, 0x1f46f4aa},
        {0x6935b992, 0x45b09e69, 0x1394d5ce, 0x0c6fcab8},
        {0},
        {0x578f9b47, 0x76779472, 0xd607c815, 0x289cfd73},
        {0},
        {0xdf603b08, 0xeb948f67, 0x6b1dcf92, 0x0947dccc},
        {0xc3551291, 0xb97b50ee, 0x24ded733, 0xbc934bb1},
        {0x5b01d1d5, 0x44631eb8, 0xb1f0ed47, 0xbbe6b1fd},
    },
    {
        {0x2d04d584, 0x9e2a25f8, 0x0aac4254, 0x46a2cd2a},
        {0x88e0d1fb, 0x11bb1245, 0x80ed478f, 0x636248f0},
        {0xe480b8f8, 0x834367cc, 0x66c05bc8, 0xa05c29f0},
        {0x4831c9b8, 0xbe18f18c, 0x4f02f388, 0xde3830ae},
        {0x49780105, 0xf3c77aeb, 0xfe1b412d, 0x5de46fa7},
        {0x70efaf63, 0xf97d2b7d, 0xbdeba4db, 0x3f739f84},
        {0x4abe6643, 0x374706c5, 0xe6628933, 0xbab26bc3},
        {0x58edbe31, 0x9f1100e9, 0x99a17331, 0x53998765},
        {0x11a3510b, 0xabe3a49b, 0xff2b7fc3, 0x882cf80f},
        {0xea4126d1, 0xd8136d89, 0x223bc851, 0x36776921},
        {0xbd9902ac, 0x0afc4300, 0x607672fc, 0x49d78554},
        {0x1d7af11c, 0x108c5cf0, 0x7ea9df2c, 0x65b8f0c4},
        {0x2a68f917, 0xd7c3efb7, 0x076dd3af, 0xccfb99cf},
        {0},
        {0},
        {0},
        {0},
        {0},
        {0},
        {0x1b53b9fb, 0x93801ccb, 0xf6247f33, 0x77ba2805},
        {0xba2a14ed, 0xe37ce335, 0x282ba36d, 0x89fbdd67},
        {0},
        {0x2f27dc0f, 0x06d28eaf, 0x9ccbdbe7, 0xd4e10aa1},
        {0},
        {0},
        {0x721f9243, 0x22e0b153, 0xda234d9b, 0x7fc1f7c9},
        {0x462a3937, 0xc9fc9dd7, 0x0ae6cdcf, 0x738031ef},
    },
    {
        {0x9d3d5f00, 0x790090b6, 0xe2610744, 0x09673f80},
        {0x25a5d4bb, 0x50d13df3, 0xd41fc68b, 0x6c94e210},
        {0x2fda9bd0, 0xcf7c1b06, 0x31808014, 0x173e635a},
        {0x1539cd74, 0x34110b9a, 0x6a416e68, 0x212b6284},
        {0xe338affd, 0xdb200d75, 0x3e2b2a51, 0xbc820f11},
        {0x0e8532ce, 0x72d53212, 0x31801742, 0x07c9e211},
        {0x21d169ad, 0x487f9e4d, 0x4b50d971, 0xf43d3dcb},
        {0x0f10caa3, 0xef5ac5ed, 0xac6b55c7, 0x2669cd25},
        {0xc02f6c71, 0x4cc8811b, 0x3c9bbb65, 0x9b96d4b3},
        {0x85f80b87, 0x8b11b0b1, 0x6903ee0b, 0x55d324ad},
        {0x6f92d364, 0x945632ca, 0x407934d8, 0x67d673ce},
        {0x5c4ef68c, 0x47cd19f2, 0x68fd04c0, 0x6030b016},
        {0xee639e81, 0x1a4b552b, 0x2427c835, 0x74254173},
        {0},
        {0},
        {0},
        {0},
        {0},
        {0},
        {0xf3662d33, 0xbcac08bd, 0xd0a273d7, 0xd55ce04f},
        {0x6b781871, 0x83f00d1b, 0x3b152765, 0x7f5ae2fd},
        {0},
        {0xb4d46b31, 0x75575ddb, 0x9edb9325, 0x82bf15b5},
        {0},
        {0},
        {0x4071f1df, 0x1bcb2ea9, 0xbf0ec663, 0x24c117f3},
        {0xecd6b3f5, 0xcead6f3f, 0xd8695d39, 0xbad2a8a7},
    },
    {
        {0x4139dd4d, 0x55307041, 0x1d74a295, 0x265cdb35},
        {0xa5954a9f, 0x5c0470b3, 0x0535d217, 0xb4308ee7},
        {0xd2b652f5, 0xcd21bf89, 0xf31da83d, 0xf59ae63d},
        {0x5012dd09, 0x6af3eced, 0x909203d1, 0x662619a1},
        {0x2fea4522, 0x6c5fb418, 0xdde4a2de, 0x79dd8f8c},
        {0xf5bb9c83, 0xa42f10ed, 0x6a136e03, 0xc5f5cf3d},
        {0xb28bb876, 0xe37da064, 0x4782ab3e, 0x90700890},
        {0xcb6000e8, 0x248787cc, 0x608a4838, 0xe7f3d0fc},
        {0x289ce9bc, 0x97f699f0, 0x34a1452c, 0x3dd06f10},
        {0x98cec0dc, 0xf9359c90, 0x24bedc4c, 0xee6f3430},
        {0xeb0692f8, 0x589ece1c, 0x3d358308, 0xa82ee10c},
        {0xbfb178fc, 0x19bbcd30, 0x8edd0e6c, 0x3a7bd350},
        {0x71619889, 0x07d2746d, 0x115c3751, 0xb932d921},
        {0},
        {0},
        {0},
        {0},
        {0},
        {0},
        {0x27c5d783, 0xe274e287, 0x7fe5d4db, 0x1347f78b},
        {0x9fb54e23, 0xdf1a12a7, 0x6cd0eb7b, 0x90ac36ab},
        {0},
        {0xfcd1fc3a, 0xcdaf4eb6, 0x0386f20a, 0xca1f69c6},
        {0x33e06d47, 0x23315a7f, 0x2341a4f3, 0x5a5ae0f3},
        {0x9c1d0151, 0xbd9b8347, 0x504baf2d, 0xc52af84f},
        {0xda86ff6d, 0x0611dae1, 0xf91a0b35, 0xaeafca55},
        {0x4a2ac81a, 0xadf3e896, 0x38b9d66a, 0x01b0e1a6},
    },
    {
        {0xc1b24cc8, 0x08752728, 0x8c3a9a04, 0x7c3d7450},
        {0xc35b09c4, 0x1ad864f4, 0x59f9de60, 0x148fe45c},
        {0xbb9524ca, 0x6b7e4b6a, 0x49ac62ee, 0x03192d42},
        {0x6bf65f02, 0x01855fa2, 0x8d19b766, 0x0c008d5a},
        {0xc857fcc3, 0x0f9ba169, 0x9f74ef6f, 0x00ba1991},
        {0xf0684726, 0xd8e359bc, 0x31ff40e2, 0x0a81c708},
        {0x1ad5fc29, 0xffb9d653, 0x96f86a05, 0xef3eacc3},
        {0xc3d2a1a7, 0x78e852f7, 0x607dd1a3, 0x73928733},
        {0x659db497, 0xb4cb7da7, 0x4bbee493, 0xd5da22e3},
        {0x9c36255f, 0x66eab48f, 0x51b866db, 0x7073f66b},
        {0x0af27585, 0x0610d30d, 0x5ae0a779, 0xda4c3169},
        {0xc776ba7d, 0xa6eb14e5, 0x18ad7b11, 0x435d1ce1},
        {0x894e50ca, 0xe82a576a, 0xe7de4eee, 0x755bf942},
        {0},
        {0},
        {0},
        {0},
        {0},
        {0},
        {0xd0d8fbbe, 0x888dd61e, 0xdd370ff2, 0x42bc6b16},
        {0xc770ca72, 0x7bd63692, 0xbe541416, 0x7475f88a},
        {0},
        {0xd61f94af, 0xbe0809df, 0x59de6d2b, 0x8d3623bb},
        {0xbd83cde8, 0xd00a4f80, 0x40491cb0, 0xe9ee8f58},
        {0xee39e04e, 0xc1848680, 0x4a6c7c96, 0x7d83b784},
        {0xff5dfdce, 0x4b7f56ae, 0xa20e0882, 0xebd5f6a6},
        {0xd35c2473, 0x19dbb363, 0x5929de9f, 0xfad9c29f},
    },
    {
        {0x7eba56c0, 0x63959910, 0xd35b7c24, 0x8ef7af48},
        {0x2db572bf, 0x44d5cc2f, 0xa679e313, 0x3427fa53},
        {0x53df1c9e, 0x5e21ae3e, 0x0786ce3a, 0x46417786},
        {0xa3d0d24e, 0xd7bcc46e, 0x676222aa, 0x916c3976},
        {0x42f43ea9, 0xb01856ff, 0xb3ea311d, 0x8e6c6d37},
        {0xba9c9413, 0xdbaffe89, 0x5417b41f, 0x95fe8431},
        {0xb179dd75, 0x9c98c1ef, 0x3b08f801, 0x21f5af7f},
        {0x557ab08f, 0x0723e23f, 0x22447ba3, 0xba0cfba3},
        {0xee0f32c3, 0xdbc9dc53, 0x24588c67, 0x900c7ab7},
        {0x3ad17888, 0x1cb068b8, 0xb2898a4c, 0x43f38c90},
        {0x7478a300, 0xac64f150, 0x00cd2564, 0xddee3b88},
        {0x93a1ff58, 0xadbf6a48, 0x28f3875c, 0x152cd4a0},
        {0xdcc89e30, 0x98d8c000, 0xb2eac214, 0x8cdd62b8},
        {0},
        {0},
        {0},
        {0},
        {0},
        {0},
        {0x4590ca3e, 0xc405835e, 0x3c98c45a, 0x65054126},
        {0x75f55ca0, 0xa6940af0, 0x0d4faa04, 0x954f6ca8},
        {0},
        {0x861730fd, 0x3ce1c525, 0xb2982269, 0x00fc9779},
        {0x392808f4, 0x73485d2c, 0xcfa8f4bc, 0xe9a92ac4},
        {0x6088eeca, 0x6429323c, 0x0db775e2, 0x4ec421d8},
        {0xb90108c7, 0xb3e46b37, 0x6dd2d4db, 0xde99f6db},
        {0x49a9bf18, 0x930c1408, 0xbdbccc1c, 0x0a3a5460},
    },
    {
        {0x7418c41f, 0xd81f2793, 0xf727f2ea, 0x630cf598},
        {0xf3a35397, 0x2d4943d3, 0x603ff35b, 0x0f5a37dd},
        {0x0dae7b60, 0xbea62a02, 0xb3fdc2c2, 0xd0df8f72},
        {0x0ca8bde3, 0xce676ecf, 0x9c0e4eae, 0x6d9e6e34},
        {0x990749af, 0x55d9b41d, 0x0987951e, 0x3f672d32},
        {0x7cb62996, 0x93ed19d5, 0x83e156a0, 0x5204fe3a},
        {0x3da6a8a3, 0xd2cfe419, 0x95ae7c76, 0x8583b72e},
        {0x18c95cbe, 0xfe3c0a72, 0xf9eef2c7, 0x702c3c69},
        {0x5884b2f8, 0x35b8d9a8, 0x06b503b9, 0xee4f2fd7},
        {0x403f836a, 0x17c3c94e, 0x6570a38f, 0x3ae907bd},
        {0xbcb3a52c, 0xd1ad3f9e, 0xb897db1e, 0x2b583e8e},
        {0xc3275ccc, 0xf16ba33e, 0xd63fe13e, 0xd25eb72e},
        {0xdf83adb5, 0x9dc72887, 0x59baf143, 0x5efcda37},
        {0},
        {0},
        {0},
        {0},
        {0},
        {0},
        {0xbb8b0abe, 0xa94b67ee, 0xcf38367b, 0x09393659},
        {0x7c74fec0, 0x1320e8e0, 0xe1416a75, 0x83aa6fef},
        {0},
        {0xf1d48556, 0xf5bcda6e, 0xa116b73f, 0x70dc72fd},
        {0x45247473, 0xe70cdf4f, 0x2d9dda04, 0x2c3f90b6},
        {0x8c44d9bb, 0xbc0628f9, 0x4f9b3478, 0x5bf111b4},
        {0xfac76f71, 0x4358c287, 0xac10189d, 0x545f0805},
        {0x587427f5, 0x68a79cc7, 0xe613b083, 0xaee0f177},
    },
    {
        {0x6713a977, 0xe58467e1, 0xbc3f3869, 0x986efbb4},
        {0x385fd675, 0x96d98947, 0x502fb2e7, 0x0774d445},
        {0xbbbeb729, 0xcf2ae575, 0xd66c2967, 0x282c7307},
        {0xc0584f66, 0x1fdcb1a0, 0x8b48530c, 0x906b9b07},
        {0xbbf18e54, 0x5d2a8334, 0xe2f47d08, 0x92ad2a2f},
        {0x326156de, 0x635279df, 0xf2a82d46, 0xe7ee6854},
        {0xb87d610a, 0x0b56e1ba, 0x39d17988, 0x05477485},
        {0x1ed42ab8, 0x536c937a, 0x817aed4c, 0x7728501b},
        {0xcb5256a8, 0xdfbe2772, 0x469a3f78, 0x3183a6cb},
        {0x215e8587, 0x2bf35b8d, 0xef1987f8, 0x5e065e4a},
        {0x2902dca7, 0xfa704e23, 0x7eb551ab, 0x3bc215fb},
        {0x5642ac57, 0x6e061313, 0x6f0f1f23, 0x2eb4bacf},
        {0x5b7fd756, 0x66f20ac6, 0x4451a1c8, 0x7fdc0198},
        {0},
        {0},
        {0},
        {0},
        {0},
        {0},
        {0x6460d6d1, 0x5b34e903, 0x0f0759c3, 0x41e1137e},
        {0x1ec48ff7, 0x6c4d2b01, 0x18064a59, 0x782a5b10},
        {0},
        {0xe90de948, 0x4aaceb62, 0x49911eb2, 0x034511d1},
        {0xefe3d04d, 0x3c64a6b3, 0x5bc0dd5b, 0x8a9357c8},
        {0xbc70af33, 0xa637abb3, 0x50c76327, 0x8a164c40},
        {0xddcdfe5c, 0xb4832ff8, 0x90f015c8, 0xb077cf22},
        {0xd645f429, 0x73eaaa75, 0x887885d5, 0x901bcc83},
    },
    {
        {0}, {0}, {0}, {0}, {0}, {0x8cbf2daa, 0xad35f3ca, 0x101cc0ea, 0x8aa0493e},
        {0}, {0}, {0}, {0}, {0}, {0},
        {0}, {0}, {0}, {0}, {0}, {0},
        {0}, {0}, {0}, {0}, {0}, {0},
        {0}, {0}, {0},
    },
};

static uint32_t hash_of(const unsigned char *bytes, size_t size)
{
    uint64_t hash = 14695981039346656037u;
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ bytes[i]) * 1099511628211u;
    return (uint32_t)hash;
}

static void parse_set(const char *const *words, sg_run_options *values, sg_given *given)
{
    for (int i = 0; i < WORDS && words[i]; i += 2) {
        sg_error error = {0};
        const int index = sg_field_find_option(&sg_training_table, words[i]);
        assert_true(index >= 0);
        if (sg_field_parse(sg_field_at(&sg_training_table, (size_t)index), words[i + 1], values,
                           SG_SPELL_OPTION, &error))
            fail_msg("%s", error.message);
        sg_given_set(given, (size_t)index);
    }
}

/* Completes resolved options as a run on one-channel data with three classes does. */
static void fit_to_data(sg_trainer_options *trainer, bool conditional)
{
    trainer->generator.img_channels = trainer->discriminator.img_channels = 1;
    trainer->generator.c_dim = trainer->discriminator.c_dim = conditional ? 3 : 0;
    sg_generator_config_set_w(&trainer->generator);
    /* A power of one half, whose last bits are the mathematical library's. */
    trainer->generator.stylegan3.magnitude_ema_beta =
        round(trainer->generator.stylegan3.magnitude_ema_beta * 1e9) / 1e9;
}

/* The hash for options resolved for data of this side; 0 or 1 when they are refused. */
static uint32_t resolve(const char *folder, int preset, int set, int side)
{
    sg_error error = {0};
    sg_run_options values = {.cfg = preset, .data = "d", .outdir = "o"};
    sg_run_options resolved;
    sg_given given = {0};
    size_t size = 0;
    sg_given_set_at(&sg_training_table, &given, offsetof(sg_run_options, data));
    parse_set(option_sets[set], &values, &given);
    if (sg_preset_resolve(&values, &given, 0, &resolved, &error))
        return 0;
    if (sg_preset_resolve(&values, &given, side, &resolved, &error))
        return 1;
    fit_to_data(&resolved.trainer, resolved.conditional);
    assert_int_equal(sg_run_folder_write_options(folder, &resolved, &error), SG_OK);
    unsigned char *bytes = bytes_of(folder, "training_options.json", &size);
    const uint32_t hash = hash_of(bytes, size);
    free(bytes);
    return hash;
}

static void every_preset_resolves_as_recorded(void **state)
{
    assert_int_equal(sg_preset_count, PRESETS);
    for (int preset = 0; preset < PRESETS; preset++)
        for (int set = 0; set < SETS; set++)
            for (int side = 0; side < SIDES; side++) {
                const uint32_t hash = resolve(*state, preset, set, sides[side]);
                if (hash != recorded[preset][set][side])
                    print_error("%s, set %d, side %d: 0x%08x instead of 0x%08x\n",
                                sg_presets[preset].name, set, sides[side], hash,
                                recorded[preset][set][side]);
                assert_int_equal(hash, recorded[preset][set][side]);
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_preset_resolves_as_recorded, temporary_folder_setup,
                                        temporary_folder_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
