/**
 * Shell function `cover DIRECTORY INTO`, for a private mount namespace: puts an overlay over the directory, so that what is
 * written there stays in the directory INTO. Fails where that cannot be done.
 *
 * An overlay needs a file system that can hold its upper layer, outside of what it covers: overlayfs itself cannot
 * (ocibench in a container), tmpfs always can.
 */
export const coverDirectory = `
overlay() {
  mkdir -p "$2/upper" "$2/work" &&
    mount -t overlay overlay -o "lowerdir=$1,upperdir=$2/upper,workdir=$2/work" "$1" 2>/dev/null
}
cover() {
  overlay "$1" "$2" ||
    { mkdir -p "$2" && mount -t tmpfs -o mode=700 tmpfs "$2" && overlay "$1" "$2"; }
}
`;
