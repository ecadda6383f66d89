# usage: cgroup-join PATH COMMAND…    makes the cgroup PATH in every hierarchy, joins it, and becomes COMMAND
set -eu
path=$1
shift
for mount in $(awk '/ - cgroup2? / { print $5 }' /proc/self/mountinfo); do
  mkdir -p "$mount/$path"
  # A cpuset of v1 without CPUs takes no process (cgroup-v1/cpusets.rst).
  at=$mount
  for step in $(echo "$path" | tr / ' '); do
    for file in cpuset.cpus cpuset.mems; do
      if [ -f "$at/$file" ] && [ -z "$(cat "$at/$step/$file")" ]; then cat "$at/$file" >"$at/$step/$file"; fi
    done
    at=$at/$step
  done
  echo $$ >"$mount/$path/cgroup.procs"
done
exec "$@"
