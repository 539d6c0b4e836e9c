#!/usr/bin/env bash
# A newcomer's first minutes: a bare Debian 12 with git and nothing else, a fresh clone of HEAD, then `./dev run`,
# again without a network, and `./dev test`; the time each took. Needs root, debootstrap and 4 GB below /tmp.
#
# usage: tools/bare_debian.sh                all three
#        tools/bare_debian.sh WORDS…         only `./dev WORDS…`, for example: run catalog list gpu
#
# Where packages come from is taken from this machine's own apt: its sources, keys, proxy and name resolution.
set -euo pipefail
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
base=/tmp/bare_debian.base   # kept, so that a second call starts sooner
machine=/tmp/bare_debian     # made anew by every call, kept for a look afterwards

say() { printf '%s\n' "$*" >&2; }
[ "$(id -u)" -eq 0 ] || { say "needs root"; exit 2; }
command -v debootstrap >/dev/null || { say "needs debootstrap (apt-get install debootstrap)"; exit 2; }

mirror() {  # the first address this machine's apt has for Debian 12 itself
  apt-get indextargets --format '$(SITE) $(RELEASE)' 'Created-By: Packages' | awk '$2 == "bookworm" { print $1; exit }'
}

make_base() {
  local from
  from=$(mirror)
  [ -n "$from" ] || { say "apt on this machine has no source for bookworm"; exit 2; }
  eval "$(apt-config shell http_proxy Acquire::http::Proxy https_proxy Acquire::https::Proxy)"
  export http_proxy=${http_proxy:-} https_proxy=${https_proxy:-}
  rm -rf "$base.new"
  debootstrap --variant=minbase --include=git,ca-certificates bookworm "$base.new" "$from" >&2
  mv "$base.new" "$base"
}

copy_apt() {  # this machine's way to packages
  local apt=$machine/etc/apt
  rm -rf "$apt/sources.list" "$apt/sources.list.d"
  cp -a /etc/apt/sources.list.d "$apt/"
  [ ! -f /etc/apt/sources.list ] || cp -a /etc/apt/sources.list "$apt/"
  cp -a /etc/apt/trusted.gpg.d /etc/apt/keyrings "$apt/" 2>/dev/null || true
  mkdir -p "$machine/usr/share/keyrings"
  cp -a /usr/share/keyrings/. "$machine/usr/share/keyrings/"
  apt-config dump | grep '^Acquire::' >"$apt/apt.conf.d/99host" || true
  cp -L /etc/resolv.conf /etc/hosts "$machine/etc/"
}

# Mounts live in a namespace of their own and are gone when the command ends. "no-network" takes the network away.
inside() {
  local flags=(--mount --pid --fork --kill-child)
  [ "$1" != no-network ] || { flags+=(--net); shift; }
  unshare "${flags[@]}" bash -c '
    mount --bind /dev "$0/dev"; mount -t devpts devpts "$0/dev/pts"; mount -t tmpfs tmpfs "$0/dev/shm"; mount -t proc proc "$0/proc"
    exec chroot "$0" env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin bash -c "cd /root/rigor && exec \"\$@\"" - "$@"
  ' "$machine" "$@"
}

timed() {
  local before=$SECONDS code=0
  say "== $*"
  inside "$@" || code=$?
  say "== $*: exit $code after $((SECONDS - before)) s"
  [ "$code" -eq 0 ] || failed=1
}

[ -d "$base" ] || make_base
rm -rf "$machine"
cp -a "$base" "$machine"
copy_apt
git clone --quiet --no-hardlinks "$repository" "$machine/root/rigor"
say "clone of $(git -C "$repository" log -1 --format='%h %s')"

failed=0
if [ $# -gt 0 ]; then
  timed ./dev "$@"
else
  timed ./dev run
  timed no-network ./dev run
  timed ./dev test
fi
exit "$failed"
