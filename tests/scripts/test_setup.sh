#!/bin/sh
# scripts/setup.sh beside package managers of this test's own: one that is locked at first, one without
# a network, one that lacks a package. Nothing is installed.
set -eu
cd "$(dirname "$0")/../.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failed=0

# tool NAME: writes a program of that name from the standard input.
tool() {
    cat >"$folder/$1"
    chmod +x "$folder/$1"
}

# run STATUS PART: setup must end with the status and say the part.
run() {
    status=0
    said=$(PATH="$folder:$PATH" SETUP_PAUSE=0 scripts/setup.sh build 2>&1) || status=$?
    if [ "$status" -ne "$1" ] || ! echo "$said" | grep -q "$2"; then
        echo "setup ended with $status, not $1, or does not say \"$2\": $said" >&2
        failed=1
    fi
}

echo 'echo not-installed' | tool dpkg-query
echo 'exec "$@"' | tool sudo

tool apt-get <<'T'
#!/bin/sh
count="$(dirname "$0")/count"
case "$*" in
*update*)
    echo x >>"$count"
    [ "$(wc -l <"$count")" -gt 3 ] && exit 0
    echo "E: Could not get lock /var/lib/apt/lists/lock. It is held by process 5 (apt-get)" >&2
    exit 100 ;;
*Lock::Timeout=*) exit 0 ;;
esac
exit 100
T
run 0 "Waiting for the package manager"
[ "$(wc -l <"$folder/count")" -eq 4 ] || { echo "the lock was not tried four times" >&2; failed=1; }

tool apt-get <<'T'
#!/bin/sh
case "$*" in *update*) echo "E: Failed to fetch: no network" >&2; exit 100 ;; esac
exit 0
T
run 0 "could not be brought up to date"

tool apt-get <<'T'
#!/bin/sh
case "$*" in *update*) exit 0 ;; esac
echo "E: Unable to locate package libdnnl-dev" >&2
exit 100
T
run 1 "These packages could not be installed"
exit $failed
