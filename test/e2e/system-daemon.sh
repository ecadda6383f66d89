# usage: system-daemon DIRECTORY USER ID CGROUP BYTES
# PID 1 of the namespaces of system-daemon.ts: a machine that has Docker, of which nothing is seen outside. CGROUP is where
# dockerd runs in its own view of the hierarchies, '' its root; BYTES the size of a disk of its own for Docker's data, '' none.
set -eu
directory=$1
user=$2
id=$3
cgroup=$4
bytes=$5

# Below the namespace's root, and without the unified hierarchy of a hybrid host, which crun refuses.
view=$directory/cgroup
mount -t tmpfs -o mode=755 tmpfs "$view"
if grep -q '^[1-9]' /proc/self/cgroup; then
  while IFS=: read -r _ controllers _; do
    case $controllers in
      '') continue ;;
      name=*) options=none,$controllers ;;
      *) options=$controllers ;;
    esac
    mkdir "$view/${controllers#name=}"
    mount -t cgroup -o "$options" cgroup "$view/${controllers#name=}"
    for one in $(echo "${controllers#name=}" | tr , ' '); do
      [ -e "$view/$one" ] || ln -s "$controllers" "$view/$one"
    done
  done </proc/self/cgroup
else
  mount -t cgroup2 cgroup2 "$view"
fi
umount --recursive --lazy /sys/fs/cgroup
mount --move "$view" /sys/fs/cgroup

for covered in /etc /var /opt; do
  mkdir -p "$directory/upper$covered" "$directory/work$covered"
  mount -t overlay overlay \
    -o "lowerdir=$covered,upperdir=$directory/upper$covered,workdir=$directory/work$covered" "$covered"
done
mount -t tmpfs -o mode=755 tmpfs /run
mount --bind "$directory/tmp" /tmp
mount -t tmpfs -o mode=1777 tmpfs /var/tmp
# Layers of containers cannot lie on an overlay.
mkdir -p /var/lib/docker /etc/docker
if [ -n "$bytes" ]; then
  truncate -s "$bytes" "$directory/docker.img"
  mkfs.ext4 -q -m 0 "$directory/docker.img"
  mount -o loop "$directory/docker.img" /var/lib/docker
else
  mount --bind "$directory/docker" /var/lib/docker
fi
ip link set lo up

if ! grep -q ^docker: /etc/group; then echo "docker:x:$id:" >>/etc/group; fi
echo "$user:x:$id:" >>/etc/group
sed -i "s/^docker:.*/&,$user/; s/:,/:/" /etc/group
echo "$user:x:$id:$id::$directory/home/$user:/bin/sh" >>/etc/passwd

if [ -n "$cgroup" ]; then
  exec_in="sh $directory/cgroup-join.sh $cgroup"
else
  exec_in=
fi
# Started again as often as it ends, as systemd would; shims and containers are no children of it and stay.
while :; do
  if [ -f "$directory/up" ]; then
    cp "$directory/daemon.json" /etc/docker/daemon.json
    rm -f /var/run/docker.pid
    $exec_in dockerd >>"$directory/dockerd.log" 2>&1 || :
  fi
  sleep 0.2
done
