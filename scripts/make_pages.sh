#!/bin/sh
# Writes the manual pages and shell completions, which the program prints from its own tables.
# Usage: scripts/make_pages.sh STYLEGAN man/stylegan.1.in FOLDER
set -eu

stylegan=$1
overview=$2
folder=$3
export OMP_WAIT_POLICY=passive

mkdir -p "$folder/man1"
"$stylegan" help --manual >"$folder/commands"
version=$("$stylegan" --version)
sed -e "/^@COMMANDS@\$/{r $folder/commands" -e 'd}' -e "s/@VERSION@/$version/" "$overview" \
    >"$folder/man1/stylegan.1"
for command in $("$stylegan" help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p'); do
    [ "$command" = help ] || "$stylegan" help --manual "$command" >"$folder/man1/stylegan-$command.1"
done
"$stylegan" help --completions bash >"$folder/stylegan.bash"
"$stylegan" help --completions zsh >"$folder/_stylegan"
"$stylegan" help --completions fish >"$folder/stylegan.fish"
touch "$folder/done"
