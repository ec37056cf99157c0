#!/bin/sh
# Installs a build into a temporary prefix and uses it from there as a stranger would: the examples
# are built through pkg-config, shared and static, and run; the libraries' symbols, the manual and
# the completions are checked. Usage: tests/install/test_install.sh BUILD_FOLDER
set -eu

build=$(cd "$1" && pwd)
source=$(cd "$(dirname "$0")/../.." && pwd)
network=$source/tests/golden/sg2-cond-gray-16/network.safetensors
work=$(mktemp -d "${TMPDIR:-/tmp}/stylegan-install-XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work"

fail() {
    echo "install: $*" >&2
    exit 1
}

cmake --install "$build" --prefix "$work/first" >install.log
# The tree must work wherever it is put.
mv first prefix
pc=$(find prefix -name stylegan.pc)
libraries=$(dirname "$(dirname "$work/$pc")")
export PKG_CONFIG_PATH="$libraries/pkgconfig" LD_LIBRARY_PATH="$libraries"

# ---- what is there ----

for file in bin/stylegan include/stylegan.h share/man/man1/stylegan.1 \
    share/bash-completion/completions/stylegan share/zsh/site-functions/_stylegan \
    share/fish/vendor_completions.d/stylegan.fish; do
    [ -f "prefix/$file" ] || fail "$file is missing"
done
name=$(readelf -d "$libraries/libstylegan.so" | sed -n 's/.*SONAME.*\[\(.*\)\].*/\1/p')
case $name in
libstylegan.so.[0-9]*) [ -e "$libraries/$name" ] || fail "$name is missing" ;;
*) fail "the shared library calls itself \"$name\"" ;;
esac
installed=$(pkg-config --modversion stylegan)
prefix/bin/stylegan --version | grep -qx "stylegan $installed" ||
    fail "the program's version is not stylegan.pc's $installed"

for folder in "$source" "$build"; do
    for file in prefix/bin/stylegan "$libraries"/libstylegan.so "$libraries"/libstylegan.a \
        "$libraries"/stylegan/*.so; do
        if grep -q -F "$folder/" "$file"; then
            fail "$file names the folder that it was built in"
        fi
    done
done

# ---- no GPL library ----

for file in prefix/bin/stylegan "$libraries/libstylegan.so"; do
    needed=$(readelf -d "$file" | sed -n 's/.*NEEDED.*\[\(.*\)\].*/\1/p')
    for library in $needed; do
        case $library in
        libstylegan.*|libdnnl.*|libcjson.*|libpng16.*|libzip.*|libz.*|libjpeg.*|libwebp.*|\
            libwebpdemux.*|libcairo.*|libutf8proc.*|libgomp.*|libpopt.*|libc.*|libm.*|ld-linux*|libgcc_s.*|\
            libstdc++.*) ;;
        *) fail "$file links $library, of which NOTICE says nothing" ;;
        esac
    done
done
find prefix -name NOTICE | grep -q . || fail "NOTICE is not installed"

# ---- symbols ----

grep -o '\<sg_[a-z_]*(' prefix/include/stylegan.h | tr -d '(' | sort -u >declared
nm -D --defined-only "$libraries/libstylegan.so" | awk '{print $3}' | sort -u >exported
cmp -s declared exported ||
    fail "the shared library does not export exactly what the header declares:
$(diff declared exported)"
# DW.ref: how C++ names where it looks up what it throws; the same in every object.
strangers=$(nm -g --defined-only "$libraries/libstylegan.a" | awk 'NF == 3 && $3 !~ /^sg_|^DW\.ref\./ {print $3}')
[ -z "$strangers" ] || fail "the static library defines names without sg_: $strangers"

# ---- the header, by itself, in C and C++ ----

echo '#include <stylegan.h>' >alone.c
cc -std=c99 -Wall -Wextra -Wpedantic -Werror -fsyntax-only $(pkg-config --cflags stylegan) alone.c
if command -v c++ >/dev/null; then
    c++ -x c++ -Wall -Wextra -Wpedantic -Werror -fsyntax-only $(pkg-config --cflags stylegan) alone.c
fi

# ---- the examples ----

cp -r "$source/examples" examples
lines=$(wc -l <examples/generate.c)
[ "$lines" -lt 60 ] || fail "examples/generate.c has $lines lines; fewer than 60 were promised"
make -s -C examples CFLAGS="-O1 -Wall -Wextra -Werror" || fail "the examples cannot be built"
# Whoever links the shared library needs no package of its libraries: none is found here.
PKG_CONFIG_LIBDIR="$work/nowhere" pkg-config --cflags --libs stylegan >/dev/null ||
    fail "stylegan.pc asks for other packages"
cc -o generate-static examples/generate.c $(pkg-config --cflags stylegan) \
    "$libraries/libstylegan.a" $(pkg-config --static --libs stylegan | sed 's/-lstylegan //')

examples/generate "$network" shared.png 5 1 || fail "examples/generate failed"
env -u LD_LIBRARY_PATH ./generate-static "$network" static.png 5 1
cmp shared.png static.png || fail "shared and static library paint different pictures"
if examples/generate "$work/nowhere" none.png 2>sentence; then
    fail "examples/generate read a network that is not there"
fi
grep -q nowhere sentence || fail "no sentence names the missing network: $(cat sentence)"

run=$(examples/train "$source/data/mnist" runs 0.064 2>train.log) ||
    fail "examples/train failed: $(cat train.log)"
for file in loss.png stats.jsonl network-snapshot-000000064.safetensors; do
    [ -s "$run/$file" ] || fail "examples/train left no $file"
done
examples/generate "$run/network-snapshot-000000064.safetensors" trained.png

# ---- the examples through find_package, and a program in C++ ----

if command -v cmake >/dev/null; then
    cmake -S examples -B with-cmake -DCMAKE_PREFIX_PATH="$work/prefix" >cmake.log &&
        cmake --build with-cmake --target all generate-static >>cmake.log 2>&1 ||
        fail "the examples cannot be built by CMake: $(tail -5 cmake.log)"
    for program in generate generate-static; do
        with-cmake/$program "$network" cmake.png 5 1 || fail "$program of CMake failed"
        cmp shared.png cmake.png || fail "$program of CMake paints another picture"
    done
fi
if command -v c++ >/dev/null; then
    cat >version.cc <<'EOF'
#include <cstdio>
#include <stylegan.h>
int main() { return std::puts(sg_version()) < 0; }
EOF
    c++ -Wall -Wextra -Werror -o version version.cc $(pkg-config --cflags --libs stylegan)
    [ "$(./version)" = "$installed" ] || fail "a program in C++ sees another version"
    mkdir plus
    cp version.cc plus/
    cat >plus/CMakeLists.txt <<'EOF'
cmake_minimum_required(VERSION 3.25)
project(plus LANGUAGES CXX)
find_package(stylegan REQUIRED)
foreach(kind stylegan static)
    add_executable(version-${kind} version.cc)
    target_link_libraries(version-${kind} PRIVATE stylegan::${kind})
endforeach()
EOF
    cmake -S plus -B plus/build -DCMAKE_PREFIX_PATH="$work/prefix" >cmake.log &&
        cmake --build plus/build >>cmake.log 2>&1 ||
        fail "C++ cannot be built by CMake: $(tail -5 cmake.log)"
    for kind in stylegan static; do
        [ "$(plus/build/version-$kind)" = "$installed" ] || fail "version-$kind sees another version"
    done
fi

# ---- the video module, from wherever the tree is ----

film() {
    prefix/bin/stylegan interpolate --network "$network" --seeds 1,2 --class 0 --frames 2 \
        --output film.mp4 >film.log 2>&1
}
film && [ -s film.mp4 ] || fail "no video was written: $(cat film.log)"
mv "$libraries/stylegan/stylegan-video.so" hidden.so
if film; then
    fail "a video was written without stylegan-video.so"
fi
grep -q "film.mp4: a video needs FFmpeg's libraries, and stylegan-video.so" film.log ||
    fail "no sentence names the missing module: $(cat film.log)"

# ---- manual and completions know every command and option ----

commands=$(prefix/bin/stylegan --help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p')
[ -n "$commands" ] || fail "stylegan --help lists no commands"
for command in $commands; do
    [ "$command" != help ] || continue
    page=prefix/share/man/man1/stylegan-$command.1
    [ -f "$page" ] || fail "$command has no manual page"
    grep -q "stylegan.-$command" prefix/share/man/man1/stylegan.1 ||
        fail "the program's page does not name $command"
    sed 's/\\-/-/g' "$page" >manual
    # Options are set in; the names of other programs' options below them are not completed.
    for option in $(prefix/bin/stylegan "$command" --help | grep -o '^  *\(-.,\)\? *--[a-z0-9-]*' |
        grep -o '\--[a-z0-9-]*'); do
        for file in manual prefix/share/zsh/site-functions/_stylegan; do
            grep -q -e "$option\b" $file || fail "$file of $command lacks $option"
        done
        grep -q "from $command' -l ${option#--}\b" \
            prefix/share/fish/vendor_completions.d/stylegan.fish || [ "$option" = --help ] ||
            fail "fish does not complete $option of $command"
    done
done

cat >complete.sh <<'EOF'
. prefix/share/bash-completion/completions/stylegan
PATH=$PWD/prefix/bin:$PATH
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_stylegan
printf '%s\n' "${COMPREPLY[@]}"
EOF
[ "$(bash complete.sh stylegan gen)" = generate ] || fail "bash does not complete gen"
[ "$(bash complete.sh stylegan generate --trunc-c)" = --trunc-cutoff ] ||
    fail "bash does not complete --trunc-c"
[ "$(bash complete.sh stylegan generate --noise-mode r)" = random ] ||
    fail "bash does not complete a noise mode"

echo "install: the installed program, libraries and examples work"
