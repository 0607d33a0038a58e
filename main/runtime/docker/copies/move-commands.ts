/**
 * What the container that moves data between volumes runs (`moves.ts`): shell that both GNU and busybox understand. It works
 * below one folder, on names of volumes that are given as arguments, and on no link.
 */

/** Where the engine's folder of volumes is mounted, alone and without what is mounted below it. */
export const volumesFolder = '/noodlebox/volumes';

/** What all of them begin with. `mv` would copy from one file system to another, so all have to be on that of the folder. */
export const words = `set -e
cd ${volumesFolder}
fail() { echo "$1" >&2; exit 1; }
folder() {
  { [ ! -L "$1" ] && [ -d "$1" ]; } || fail "$1 is no folder"
  [ "$(stat -c %d "$1")" = "$(stat -c %d .)" ] || fail "$1 is on another file system"
}
volume() {
  case "$1" in
    "" | [!a-zA-Z0-9]* | *[!a-zA-Z0-9_.-]*) fail "$1 is no name of a volume" ;;
  esac
  folder "$1"
}
blank() {
  case "$(stat -c %a "$1")" in
    0 | *000) [ -z "$(ls -A "$1")" ] ;;
    *) false ;;
  esac
}
make_blank() { ( umask 777; mkdir -m 000 "$1" ); }
`;

/**
 * `$1` is a word of its own; then come pairs of a volume and where it is mounted by its name: that is the same folder, and
 * something can be made and removed beside it. An overlay cannot rename folders from below (overlayfs.rst, "Renaming directories").
 */
export const probeCommand = `${words}
word="$1"; shift
while read -r _ point type _; do
  if [ "$point" = ${volumesFolder} ] && [ "$type" = overlay ]; then fail "it is on an overlay"; fi
done < /proc/mounts
while [ $# -gt 0 ]; do
  volume "$1"
  folder "$1/_data"
  [ "$(stat -c %d:%i "$1/_data")" = "$(stat -c %d:%i "$2")" ] || fail "$1 is another folder there"
  mkdir "$1/_probe-$word"
  rmdir "$1/_probe-$word"
  shift 2
done`;

/** Every argument is a new volume. */
export const blankCommand = `${words}
for each; do
  volume "$each"
  folder "$each/_data"
  blank "$each/_data" || { rmdir "$each/_data"; make_blank "$each/_data"; }
done`;

/**
 * From `$1` to `$2`. What is in the way goes to `$1`, beside its data: it is deleted with that volume, and never waited for.
 * The data themselves are in one rename at one place or the other.
 */
export const moveCommand = `${words}
volume "$1"
volume "$2"
folder "$1/_data"
if blank "$1/_data"; then fail "$1 holds nothing"; fi
if [ -L "$2/_data" ] || [ -e "$2/_data" ]; then
  folder "$2/_data"
  if ! rmdir "$2/_data" 2>/dev/null; then
    rm -rf "$1/_gone"
    mv "$2/_data" "$1/_gone"
  fi
fi
mv "$1/_data" "$2/_data"
make_blank "$1/_data"
sync "$1" "$2" 2>/dev/null || sync`;

/** Prints those of its arguments that hold data. */
export const heldCommand = `${words}
for each; do
  volume "$each"
  if [ ! -L "$each/_data" ] && [ -d "$each/_data" ] && ! blank "$each/_data"; then echo "$each"; fi
done`;
