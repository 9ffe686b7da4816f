#!/usr/bin/env bash
# check_sans_io.sh BUILD: fails where a protocol engine calls for I/O, a clock, a thread or randomness.
#
# It reads the undefined symbols of the object files in BUILD. Every file of the house is an engine unless
# it is named here: so a new file is checked from its first day.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."
build=${1:-build/release}

# Where the sockets, the clock, the system's randomness and the threads live: folder/file.
does_io='^(io/|server/|store/|account/|crypto/system_random$'
does_io+='|http/server$|load/(crowd|process)$|probe/(http_client|probe|resolve|web_probe|wire)$)'

forbidden='^(socket|bind|listen|accept4?|connect|send|recv|sendto|recvfrom|sendmsg|recvmsg|sendmmsg'
forbidden+='|recvmmsg|read|write|poll|ppoll|select|epoll_.*|timerfd_.*|eventfd|clock_gettime'
forbidden+='|gettimeofday|time|nanosleep|clock_nanosleep|usleep|getrandom|getentropy|rand|random'
forbidden+='|RAND_(priv_)?bytes|pthread_create|fork|open(64)?|fopen(64)?'
forbidden+='|_ZNSt6chrono3_V2.*clock3nowEv|_ZNSt13random_device.*|_ZNSt6thread.*'
forbidden+='|_ZN6parley6crypto12SystemRandom.*)$'

bad=0
checked=0
while read -r object; do
  file=${object##*.dir/}
  file=${file#*/}  # Without src or tools.
  file=${file%.cpp.o}
  [[ $file =~ $does_io ]] && continue
  checked=$((checked + 1))
  while read -r symbol; do
    [[ $symbol =~ $forbidden ]] || continue
    printf '%s.cpp calls %s\n' "$file" "$(c++filt "$symbol")"
    bad=1
  done < <(nm -u "$object" | sed -n 's/^ *U //p')
done < <(find "$build/CMakeFiles" \( -path '*/parley_*.dir/src/*' -o -path '*/parley_*.dir/tools/*' \) \
  -name '*.cpp.o' | sort)
((checked)) || { echo "no engine found in $build"; exit 1; }
echo "$checked engine files checked"
exit "$bad"
