#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The far end of a visit: one sh process that a deployer talks to over one ssh channel. The same text runs
# as stage 0 on a machine never enrolled (sent over stdin, after a login by the user's own key) and as
# ROOT/dispatch, the forced command of the enrolment key, on every later visit. The machine itself runs
# `ROOT/dispatch boot`, `autostart` and `leave`.
#
# What keeps the dispatcher safe from who holds K_E and talks the agent into a login, but is no operator:
# - SSH_ORIGINAL_COMMAND is never looked at, and no data is ever evaluated: a command is one line of fixed
#   length, split by the shell's own read, each word checked against a grammar before it is used;
#   what becomes arithmetic or a path is digits, or hex, or a name of the signed manifest.
# - What gets onto the disk is named by a release whose operator's signature, judged by the settings already
#   here (trust/), held BEFORE the first byte is taken: only those blobs, in those sizes, with those hashes.
#   A release or document older than the one held is refused, so a genuine old one is no way back.
# - A K_E is taken only if the signed keyring, or without one the settings, name it; enrolment keys are those the
#   settings name.
# - A peer that lives is not touched by any command, and nothing is removed, but for a list that an operator
#   signed, not older than the one held, which does not name this machine. A keyring and keys may be laid down for
#   a peer that lives to find.
# - Every read is bounded in bytes and in time: 20 s without a byte, 15 min in all.
#
# Commands are 1024 bytes each, padded with spaces, the last byte a newline; payload follows its command.
# Every answer ends with one of: ok ... | busy ... | error STEP reason. After an error nothing more is read.

set -u
umask 077
LC_ALL=C
export LC_ALL
cd / || exit 1
HEARTBEAT_FRESH=60
STARTING_FRESH=120
BEAT_MISSED=12
BEAT_PATIENCE=8
ROOM_TO_UNPACK_KB=32768
QUIET=20

say() { printf '%s\n' "$*"; }
fail() {
  step=$1
  shift
  printf 'error %s %s\n' "$step" "$*"
  exit 1
}

# --- grammar -------------------------------------------------------------------------------------------
is_number() {
  case $1 in '' | *[!0-9]* | 0?*) return 1 ;; esac
  [ ${#1} -le 18 ]
}
is_hash() {
  case $1 in *[!0-9a-f]*) return 1 ;; esac
  [ ${#1} -eq 64 ]
}
is_name() {
  case $1 in '' | -* | .* | *..* | *[!A-Za-z0-9.-]*) return 1 ;; esac
  [ ${#1} -le 253 ]
}
is_path() {
  case $1 in '' | /* | */ | *//* | .* | -* | */.* | */-* | *[!A-Za-z0-9._/-]*) return 1 ;; esac
  [ ${#1} -le 300 ]
}
# Any type, for a later release may have more of them; the founding document has a verb of its own.
is_type() {
  case $1 in genesis | '' | [!a-z]* | *[!a-z0-9-]*) return 1 ;; esac
  [ ${#1} -le 64 ]
}
want() { "is_$1" "$2" || fail "$step" "malformed command: $1 expected"; }

# --- small files -----------------------------------------------------------------------------------------
# A value is there whole or not at all; what has to outlive a power cut is synced before state/installed says so.
# (printf and not ":" truncates files here: a redirection that fails for a special builtin ends the shell.)
put() {
  { printf '%s\n' "$2" >"$root/$1.tmp" && mv -f "$root/$1.tmp" "$root/$1"; } 2>/dev/null \
    || fail "$step" "cannot write $root/$1: $(free_text)"
}
value() {
  held=
  [ -f "$root/$1" ] && IFS= read -r held <"$root/$1"
  printf '%s' "$held"
}
number() {
  held=$(value "$1")
  is_number "$held" || held=0
  printf '%s' "$held"
}
free_kb() { df -k --output=avail "$1" 2>/dev/null | tail -n 1 | tr -d ' '; }
free_text() { printf '%s KB free' "$(free_kb "$HOME")"; }
# What earlier visits have brought here and the next one need not find room for.
held_kb() { du -skc "$root"/blobs "$root"/runtime "$root"/jre-* 2>/dev/null | tail -n 1 | cut -f 1; }

# Exactly SIZE bytes from the net appended to FILE. dd writes what it has read at once, so that what came
# before a cut is on disk and need not be sent again; each round that brings nothing is the end.
receive() {
  left=$1
  had=$(wc -c <"$2")
  while [ "$left" -gt 0 ]; do
    chunk=$left
    [ "$chunk" -le 4194304 ] || chunk=4194304
    trouble=$(timeout --foreground "$QUIET" dd bs=8192 count="$chunk" iflag=count_bytes oflag=append \
      conv=notrunc status=none of="$2" 2>&1 <&3)
    [ -z "$trouble" ] || return 2
    has=$(wc -c <"$2")
    [ "$has" -gt "$had" ] || return 1
    left=$((left - has + had))
    had=$has
  done
}
take() {
  rm -f "$root/$2"
  printf '' >"$root/$2" || fail "$step" "cannot write $root/$2"
  receive "$1" "$root/$2" || fail "$step" "cut short: ${trouble:-$QUIET s without a byte}"
}

# --- documents -------------------------------------------------------------------------------------------
# Reads a document's seven header lines; sets type, counter, hash (as Document.hash()).
read_document() {
  type='' counter=0 hash=''
  [ -f "$1" ] || return 1
  {
    IFS= read -r l1 && IFS= read -r l2 && IFS= read -r l3 && IFS= read -r l4 \
      && IFS= read -r l5 && IFS= read -r l6 && IFS= read -r l7
  } <"$1" || return 1
  body=${l7#body }
  counter=${l4#counter }
  type=${l2#type }
  [ "$l1" = 'smon document 1' ] && is_number "$body" && is_number "$counter" || return 1
  signed_bytes=$((${#l1} + ${#l2} + ${#l3} + ${#l4} + ${#l5} + ${#l6} + ${#l7} + 7 + body))
  [ "$(wc -c <"$1")" -gt $signed_bytes ] || return 1
  hash=$(head -c $signed_bytes "$1" | sha256sum)
  hash=${hash%% *}
}
settings_file() {
  if (read_document "$root/state/doc-settings"); then echo state/doc-settings; else echo trust/genesis; fi
}

# The operator's signature over a document, judged by the settings held here.
java_says() {
  (cd "$root" && exec timeout --foreground 60 "$java" -Xmx32m -Xss512k -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \
    -XX:-UsePerfData -Xshare:auto -cp trust/api.jar:trust/security.jar org.smon.security.VerifyPackage "$@") \
    2>&1 </dev/null
}
need_java() {
  find_java
  [ -n "$java" ] || fail "$step" "no Java 17 or newer to verify signatures with"
}
# verify OFFERED HELD TYPE: genuine, and not older than what is held (- for nothing). known_type=no: of a type
# that the verifier here has not heard of.
verify() {
  need_java
  known_type=yes
  reason=$(java_says document "$(settings_file)" "$2" "$1")
  case $? in
    0) ;;
    3) known_type=no ;;
    2) [ "$reason" = known ] || fail "$step" "$3 document is older than the one held here" ;;
    *) fail "$step" "$3 document refused: $(one_line "$reason")" ;;
  esac
}
one_line() { printf '%s' "$1" | tail -n 1 | tr -c '[:print:]' ' ' | cut -c 1-300; }

# --- what is here ------------------------------------------------------------------------------------------
# The same candidates as bin/peer, in its order. A JVM tells its version in the file "release" beside it:
# reading that is some 200 times cheaper than starting one.
find_java() {
  java=''
  for candidate in "$root"/jre-*/bin/java "${JAVA_HOME:-/nonexistent}/bin/java" "$(command -v java)"; do
    [ -n "$candidate" ] && [ -x "$candidate" ] || continue
    home=$(readlink -f "$candidate")
    home=${home%/bin/java}
    java_version=$(sed -n 's/^JAVA_VERSION="\(1\.\)\{0,1\}\([0-9]*\).*/\2/p' "$home/release" 2>/dev/null)
    [ -n "$java_version" ] \
      || java_version=$("$candidate" -version 2>&1 </dev/null | sed -n 's/.* version "\(1\.\)\{0,1\}\([0-9]*\).*/\2/p' | head -n 1)
    is_number "$java_version" && [ "$java_version" -ge 17 ] || continue
    java=$candidate
    return
  done
}

# When a process began, in clock ticks since the machine did: with its pid it names a process for good.
start_ticks() {
  IFS= read -r about <"/proc/$1/stat" || return 1
  # shellcheck disable=SC2086
  set -- ${about##*) }
  echo "${20}"
}
seconds_since_start() {
  ticks=$(start_ticks "$1") || return 1
  IFS='. ' read -r up _ </proc/uptime
  echo $((up - ticks / $(getconf CLK_TCK 2>/dev/null || echo 100)))
}
holds_lock() {
  for descriptor in "/proc/$1"/fd/*; do
    [ "$descriptor" -ef "$root/peer.lock" ] && return
  done
  return 1
}
lock_holder() {
  for process in /proc/[0-9]*; do
    holds_lock "${process#/proc/}" && printf '%s' "${process#/proc/}" && return
  done
  printf 0
}

# state: none | alive | starting | frozen. A process that has the peer lock open is this root's peer and no
# other: that outdoes a comparison of start times, which a slow start blurs.
peer_state() {
  state=none pid=0 age=0
  [ -e "$root/peer.lock" ] || return 0
  beat_pid='' beat_now=''
  [ -f "$root/state/heartbeat" ] && read -r beat_pid _ beat_now _ <"$root/state/heartbeat"
  if is_number "$beat_pid" && is_number "$beat_now" && holds_lock "$beat_pid"; then
    pid=$beat_pid
    age=$(($(date +%s) - beat_now / 1000))
    if [ "${age#-}" -lt "$HEARTBEAT_FRESH" ]; then state=alive; else state=frozen; fi
    return
  fi
  flock -n "$root/peer.lock" true && return
  pid=$(lock_holder)
  if [ "$pid" = 0 ] && flock -n "$root/peer.lock" true; then return; fi # it has just gone
  age=$(seconds_since_start "$pid" 2>/dev/null) || age=0
  if [ "$age" -lt "$STARTING_FRESH" ]; then state=starting; else state=frozen; fi
}

# A peer that missed beats is watched until the next one, or until it has been silent long enough to be frozen. So
# one visit tells them apart, and neither a clock that was set nor a moment without CPU makes a live one look frozen.
await_beat() {
  [ "$watched" = no ] && [ -f "$root/state/heartbeat" ] || return 0
  watched=yes
  patience=$((HEARTBEAT_FRESH - age))
  if [ "$patience" -lt $BEAT_PATIENCE ] || [ "$age" -lt 0 ]; then patience=$BEAT_PATIENCE; fi
  IFS= read -r last_beat <"$root/state/heartbeat"
  while [ "$patience" -gt 0 ]; do
    sleep 1
    patience=$((patience - 1))
    IFS= read -r beat <"$root/state/heartbeat" && [ "$beat" != "$last_beat" ] && break
  done
  peer_state
}
peer_looks_odd() {
  case $state in
    frozen) ;;
    alive) [ "${age#-}" -ge $BEAT_MISSED ] ;;
    *) return 1 ;;
  esac
}

report() {
  peer_state
  say "peer $state $pid $age"
  say "name $(value state/name)"
  say "installed $(value state/installed)"
  if [ -f "$root/state/installed" ] && (read_document "$root/$(installed_release)"); then
    read_document "$root/$(installed_release)"
    say "release $counter"
  fi
  for key in "$root"/keys/*; do
    is_hash "${key##*/}" && say "keyid ${key##*/}"
  done
  for file in "$root"/state/doc-*; do
    word=${file##*/doc-}
    is_type "$word" && read_document "$file" && say "doc $word $counter $hash"
  done
}

# The signed manifest of what is installed whole; of what was, if it is not whole any more: an older one is no way
# back then either.
installed_release() {
  held=$(value state/installed)
  newest=state/release-${held%% *}
  newest_counter=0
  [ -n "$held" ] || for file in "$root"/state/release-*; do
    if read_document "$file" && [ "$counter" -gt "$newest_counter" ]; then
      newest=${file#"$root/"}
      newest_counter=$counter
    fi
  done
  printf '%s' "$newest"
}

# Peers of other overlays that live here, by their gossip port: two overlays need two ports.
others() {
  own_root=$root
  for root in "$peers"/*-"$machine"; do
    if [ "$root" != "$own_root" ] && [ -d "$root" ]; then
      peer_state
      if [ "$state" != none ]; then
        other_port=$(sed -n 's/^gossipPort //p' "$root/$(settings_file)" 2>/dev/null | head -n 1)
        is_number "$other_port" && say "other ${root##*/} $other_port"
      fi
    fi
  done
  root=$own_root
}

probe() {
  for tool in sh tar gzip dd df head tail sed tr cut wc sort date sync sha256sum readlink mkdir mv ln rm sleep \
    setsid flock timeout; do
    command -v "$tool" >/dev/null 2>&1 || say "missing-tool $tool"
  done
  find_java
  say "java ${java_version:-0} $java"
  say "free $(free_kb "$HOME")"
  say "held $(held_kb)"
  peer_state
  if peer_looks_odd; then await_beat; fi
  report
  others
  say ok
}

# --- the claim -----------------------------------------------------------------------------------------------
# claim NAME DEPLOYER: descriptor 8 holds the lock until this process and all it started are gone; the peer is
# started without it.
claim() {
  want name "$1"
  want name "$2"
  trouble=$({ mkdir -p "$root/state" "$root/blobs" "$root/runtime" "$root/keys" "$root/trust" "$root/log" \
    && true >>"$root/claim.lock"; } 2>&1) || fail CLAIM "$(one_line "$trouble")"
  count_attempt
  exec 8>>"$root/claim.lock"
  if ! flock -n 8; then
    exec 8>&-
    say "busy $(value state/claimed)"
    return
  fi
  holder=$(value state/name)
  if [ -n "$holder" ] && [ "$holder" != "$1" ] && { [ "$mode" = dispatch ] || [ -f "$root/state/installed" ]; }; then
    fail CLAIM "this machine is already $holder; one machine has one name in the list"
  fi
  claimed=yes
  # What a visit that was cut off left half made.
  rm -rf "$root/state/document.tmp" "$root/state/genesis.tmp" "$root"/runtime/*.tmp "$root"/jre-*.tmp \
    "$root/repository.new" "$root/repository.old" "$root/incoming" "$root"/keys/*.tmp
  put state/claimed "$2"
  put state/name "$1"
  report
  say ok
}
count_attempt() {
  exec 7>>"$root/state/attempts.lock"
  if flock -w 5 7; then put state/attempts $(($(number state/attempts) + 1)); fi
  exec 7>&-
}
need_claim() { [ "$claimed" = yes ] || fail "$step" 'claim the machine first'; }
need_stopped() {
  need_claim
  peer_state
  [ "$state" = none ] || [ "$state" = frozen ] || fail "$step" "a peer lives here (pid $pid)"
}

# --- documents both ways ----------------------------------------------------------------------------------
# get TYPE
get() {
  want type "$1"
  if [ -f "$root/state/doc-$1" ]; then
    say "bytes $(wc -c <"$root/state/doc-$1")"
    cat "$root/state/doc-$1"
  fi
  say ok
}
# put-document TYPE SIZE, or genesis SIZE: the text follows.
put_document() {
  want type "$1"
  target=state/doc-$1
  if [ "$1" = keyring ]; then
    need_claim
    peer_state
    case $state in alive | starting) target=keys/handed ;; esac
  else
    need_stopped
  fi
  want number "$2"
  [ "$2" -le 16777216 ] || fail ADOPT 'document too long'
  take "$2" state/document.tmp
  accept_document state/document.tmp "$1" "state/doc-$1"
  if [ "$known_type" = no ]; then
    # It is handed in again once the release that knows it is installed.
    rm -f "$root/state/document.tmp"
    say 'ok unknown'
    return
  fi
  keep_file state/document.tmp "$target"
  say ok
}
keep_file() {
  if ! sync "$root/$1" || ! mv -f "$root/$1" "$root/$2"; then fail "$step" "cannot write $root/$2: $(free_text)"; fi
}
# accept_document FILE TYPE HELD
accept_document() {
  held_counter=0 held_file=- known_type=yes
  if read_document "$root/$3"; then
    held_counter=$counter
    held_file=$3
  fi
  read_document "$root/$1" || fail "$step" "this is not a whole $2 document"
  [ "$type" = "$2" ] || fail "$step" "this is a $type document, not a $2 document"
  if [ "$mode" = dispatch ]; then
    verify "$1" "$held_file" "$2"
  elif [ "$counter" -lt "$held_counter" ]; then
    fail "$step" "$2 document is older than the one held here"
  fi
}
genesis() {
  need_stopped
  want number "$1"
  [ "$1" -le 1048576 ] || fail ADOPT 'document too long'
  take "$1" state/genesis.tmp
  read_document "$root/state/genesis.tmp"
  [ "$hash" = "$overlay" ] || fail ADOPT "not the founding document of this overlay"
  cp "$root/state/genesis.tmp" "$root/state/doc-genesis" || fail ADOPT "cannot write $root/state"
  keep_file state/genesis.tmp trust/genesis
  put trust/overlay "$overlay"
  say ok
}

# --- the release -------------------------------------------------------------------------------------------
# manifest SIZE: the RELEASE document; the answer names the blobs that are not here.
manifest() {
  need_stopped
  want number "$1"
  [ "$1" -le 1048576 ] || fail COPY 'manifest too long'
  mkdir -p "$root/incoming" || fail COPY "cannot write $root"
  take "$1" incoming/release
  accept_document incoming/release release "$(installed_release)"
  printf '' >"$root/incoming/missing"
  payload_bytes=0 seen=' '
  trouble=$(blob_lines 4>&1) || fail COPY "${trouble:-cannot write $root: $(free_text)}"
  verifier_first
  while read -r sha size _; do
    case $seen in *" $sha "*) continue ;; esac
    seen="$seen$sha "
    payload_bytes=$((payload_bytes + size))
    missing "$sha" "$size" >>"$root/incoming/missing" || fail COPY "cannot write $root: $(free_text)"
  done <"$root/incoming/blobs"
  sed 's/^/missing /' "$root/incoming/missing"
  say ok
}
# The verifier goes ahead of the bulk, so that the machine is enrolled before it.
verifier_first() {
  {
    grep " org/smon/smon-\(api\|security\)/" "$root/incoming/blobs"
    grep -v " org/smon/smon-\(api\|security\)/" "$root/incoming/blobs"
  } >"$root/incoming/ordered"
  mv -f "$root/incoming/ordered" "$root/incoming/blobs" || fail COPY "cannot write $root: $(free_text)"
}
# The blobs of the release, one "sha size kind path" a line. A Java runtime is kept by every machine, for its peer
# may have to bring it to one that has none; it is unpacked only there.
blob_lines() {
  sed -n '8,$s/^blob //p' "$root/incoming/release" >"$root/incoming/all" || return 1
  while read -r sha size kind path rest; do
    if ! is_hash "$sha" || ! is_number "$size" || ! is_path "$path" || [ -n "$rest" ]; then
      echo 'a manifest line is malformed' >&4
      return 1
    fi
    case $kind in
      runtime | jre | bundle) ;;
      *)
        echo 'a manifest line has an unknown kind' >&4
        return 1
        ;;
    esac
    echo "$sha $size $kind $path" || return 1
  done <"$root/incoming/all" >"$root/incoming/blobs"
}
missing() {
  blob=$root/blobs/$1
  if [ -f "$blob" ]; then
    [ "$(sha256sum <"$blob")" = "$1  -" ] && return
    rm -f "$blob"
  fi
  offset=0
  [ -f "$blob.part" ] && offset=$(wc -c <"$blob.part")
  if [ "$offset" -gt "$2" ]; then
    rm -f "$blob.part"
    offset=0
  fi
  echo "$1 $2 $offset"
}

# payload: the bytes of all missing blobs in the order of the answer to manifest, each from its offset on.
payload() {
  need_claim
  [ -f "$root/incoming/missing" ] || fail COPY 'manifest first'
  received=$(number state/received)
  become_enrolled
  while read -r sha size offset <&5; do
    blob=$root/blobs/$sha
    true >>"$blob.part" || fail COPY "cannot write $root/blobs"
    receive $((size - offset)) "$blob.part"
    outcome=$?
    received=$((received + $(wc -c <"$blob.part") - offset))
    echo "$received" >"$root/state/received"
    # On a full disk that fails too, and must not take the place of the reason.
    [ $outcome -eq 0 ] || (count_copies) >/dev/null
    case $outcome in
      0) ;;
      2) fail COPY "$(one_line "$trouble"), $(free_text)" ;;
      *) fail COPY "cut short: $QUIET s without a byte" ;;
    esac
    if [ "$(sha256sum <"$blob.part")" != "$sha  -" ]; then
      rm -f "$blob.part"
      fail COPY "blob $sha arrived altered"
    fi
    mv "$blob.part" "$blob" || fail COPY "cannot write $root/blobs: $(free_text)"
    become_enrolled
  done 5<"$root/incoming/missing"
  count_copies
  say ok
}
count_copies() {
  [ "$payload_bytes" -eq 0 ] || put state/copies $(((received + payload_bytes - 1) / payload_bytes))
}

# key ID: 65 bytes follow, K_E in hex and a newline. One file a key, named by its id; a peer that lives finds it there.
key() {
  need_claim
  want hash "$1"
  take 65 keys/new.tmp
  if [ "$mode" = dispatch ]; then
    need_java
    if ! named_keys | grep -qx "$1" || [ "$(java_says key-id keys/new.tmp)" != "$1" ]; then
      rm -f "$root/keys/new.tmp"
      fail COPY 'this key is none of those that the keyring names'
    fi
  fi
  keep_file keys/new.tmp "keys/$1"
  say ok
}
# Ids of the keys that count here: the keyring's, and without one the key of the settings.
named_keys() {
  named=$(for file in state/doc-keyring keys/handed; do
    (read_document "$root/$file") && sed -n '8,$s/^\(use\|next\|previous\) //p' "$root/$file"
  done)
  [ -n "$named" ] || named=$(sed -n '8,$s/^keyId //p' "$root/$(settings_file)" | head -n 1)
  printf '%s\n' "$named"
}

# install DEPLOYER: nothing counts as installed until state/installed says so, and that is written last.
install() {
  need_stopped
  want name "$1"
  for file in incoming/blobs trust/genesis "keys/$(named_keys | head -n 1)"; do
    [ -f "$root/$file" ] || fail INSTALL "$file first"
  done
  read_document "$root/incoming/release" || fail INSTALL 'manifest first'
  release_hash=$hash
  # A set of its own: what came by an upgrade since goes with its files.
  rm -f "$root/state/installed" "$root/state/previous" "$root/state/trial" "$root/state/tried"
  rm -rf "$root/repository.new"
  runtime='' keep=' '
  while read -r sha size kind path; do
    [ -f "$root/blobs/$sha" ] || fail INSTALL "blob $sha is missing; send the payload first"
    keep="$keep$sha "
    case $kind in
      bundle) lay "$sha" "$path" ;;
      runtime) runtime=$sha ;;
    esac
  done <"$root/incoming/blobs"
  [ -n "$runtime" ] || fail INSTALL 'the release has no runtime'
  find_java
  case $java in '' | "$root"/jre-*) unpack_all jre ;; esac
  if [ "$mode" = dispatch ]; then
    trust_jars
    enrol
  else
    become_enrolled
    [ "$enrolled" = yes ] || fail INSTALL 'the release has no verifier, or the machine no Java to run it'
  fi
  own_dispatcher
  unpack_all runtime
  swap_repository
  put state/deployedBy "$1"
  put state/path "$PATH"
  sweep
  sync "$root"/blobs/* "$root"/state/* "$root"/keys/* "$root/incoming/release" "$root/dispatch" || fail INSTALL 'cannot sync'
  for file in "$root"/state/release-*; do
    [ "$file" = "$root/state/release-$release_hash" ] || rm -f "$file"
  done
  keep_newest_release
  keep_file incoming/release "state/release-$release_hash"
  put state/installed "$release_hash $runtime"
  sync "$root/state/installed" "$root/state"
  rm -rf "$root/incoming"
  say ok
}
# The newest release that is known here is at least the one that is installed.
keep_newest_release() {
  read_document "$root/incoming/release"
  installed_counter=$counter
  if read_document "$root/state/doc-release" && [ "$counter" -ge "$installed_counter" ]; then return; fi
  cp "$root/incoming/release" "$root/state/doc-release.tmp" || fail INSTALL "cannot write $root/state"
  keep_file state/doc-release.tmp state/doc-release
}
lay() {
  file=$root/repository.new/$2
  trouble=$(mkdir -p "${file%/*}" 2>&1 && { ln -f "$root/blobs/$1" "$file" || cp "$root/blobs/$1" "$file"; } 2>&1) || fail INSTALL "$(one_line "$trouble")"
}
# The release's own dispatcher takes the place of the one that is here, without a new enrolment: what the
# authorized_keys line names stays, and the operator's signature covers the jar it comes in.
own_dispatcher() {
  jar=$(jar_of deployer)
  [ -n "$jar" ] || return 0
  need_java
  reason=$(java_says entry "blobs/$jar" org/smon/deployer/stage0.sh dispatch.tmp) || fail INSTALL "no dispatcher: $(one_line "$reason")"
  sh -n "$root/dispatch.tmp" 2>/dev/null || fail INSTALL 'the dispatcher of the release is no shell script'
  keep_file dispatch.tmp dispatch
}
# The package's own verifier, for this and later visits.
trust_jars() {
  for jar in api security; do
    cp "$root/blobs/$(jar_of $jar)" "$root/trust/$jar.tmp" || fail "$step" "cannot write $root/trust: $(free_text)"
    keep_file "trust/$jar.tmp" "trust/$jar.jar"
  done
}
jar_of() {
  sed -n "s|^\([0-9a-f]*\) .* org/smon/smon-$1/[^/]*/smon-$1-[^/]*\.jar\$|\1|p" "$root/incoming/blobs" | head -n 1
}
# Stage 0 makes the machine an enrolled one as soon as the verifier is here, before the bulk of the payload: a
# visit that is cut off later is resumed through the dispatcher, so the user's own key is needed but once.
# The verifier came with the release here: it finds what is damaged, not who lies.
become_enrolled() {
  if [ "$mode" = dispatch ] || [ "$enrolled" = yes ]; then return; fi
  find_java
  [ -n "$java" ] || return 0
  for jar in api security; do
    trusted=$(jar_of $jar)
    if [ -z "$trusted" ] || [ ! -f "$root/blobs/$trusted" ]; then return; fi
  done
  trust_jars
  verify incoming/release - release
  enrol
  enrolled=yes
}
# Verified before, by hash and signature. tar itself refuses '..' and strips a leading '/'; a link out of the
# archive is refused here.
unpack_all() {
  while read -r sha _ kind _; do
    [ "$kind" = "$1" ] || continue
    case $kind in
      jre) unpack "$sha" "jre-$sha" ;;
      runtime) unpack "$sha" "runtime/$sha" ;;
    esac
  done <"$root/incoming/blobs"
}
unpack() {
  [ ! -d "$root/$2" ] || return 0
  trouble=$({ rm -rf "$root/$2.tmp" && mkdir -p "$root/$2.tmp" \
    && tar -xzf "$root/blobs/$1" -C "$root/$2.tmp" --no-same-owner --no-same-permissions; } 2>&1) \
    || fail INSTALL "$(one_line "$trouble"), $(free_text)"
  inside=$(readlink -f "$root/$2.tmp")
  outside=$(find "$root/$2.tmp" -type l -exec readlink -m {} + | while IFS= read -r target; do
    case $target in "$inside"/*) ;; *) echo "$target" ;; esac
  done)
  [ -z "$outside" ] || fail INSTALL "archive $1 has a link out of it: $(one_line "$outside")"
  mv "$root/$2.tmp" "$root/$2" || fail INSTALL "cannot write $root/$2"
}
swap_repository() {
  rm -rf "$root/repository.old"
  [ ! -d "$root/repository" ] || mv "$root/repository" "$root/repository.old"
  mv "$root/repository.new" "$root/repository" || fail INSTALL "cannot write $root"
  rm -rf "$root/repository.old"
}
# What belongs to no release any more.
sweep() {
  for file in "$root"/blobs/*; do
    case $keep in *" ${file##*/} "*) ;; *) rm -f "$file" ;; esac
  done
  for directory in "$root"/runtime/*; do
    case $keep in *" ${directory##*/} "*) ;; *) rm -rf "$directory" ;; esac
  done
  grep -q '^[0-9a-f]* [0-9]* jre ' "$root/incoming/blobs" && java='' # what it brings is unpacked now, where it is needed
  for directory in "$root"/jre-*; do
    case $keep in *" ${directory##*/jre-} "*) continue ;; esac
    # The only Java of this machine stays, though its release has gone.
    case $java in "$directory"/*) ;; *) rm -rf "$directory" ;; esac
  done
}

# --- enrolment -----------------------------------------------------------------------------------------
# The agents' overlay-only keys, as the settings here name them, may run the dispatcher and nothing else. One
# line a key and overlay, told by its comment; other lines stay as they are. The dispatcher finds the root of
# the machine it runs on, so homes shared by several machines need one line.
enrol() {
  if [ "$mode" = stage0 ]; then
    printf '%s\n' "$script" >"$root/dispatch.tmp" || fail "$step" "cannot write $root/dispatch: $(free_text)"
    keep_file dispatch.tmp dispatch
  fi
  make_dir "$HOME/.ssh" || fail "$step" "cannot write $HOME/.ssh"
  lock_home
  keys=$(readlink -f "$HOME/.ssh/authorized_keys")
  [ -e "$keys" ] || { printf '' >"$keys" && note_made "$keys"; }
  before=$(cat "$keys") || fail "$step" "cannot read $keys"
  after=$(printf '%s' "$before${before:+
}" | grep -v " $mark\$"; enrolment_lines)
  write_keys
  unlock_home
}
# Somebody else's lines stand in there as well: no half-written file may ever take its place.
write_keys() {
  [ "$before" != "$after" ] || return 0
  cp -p "$keys" "$keys.smon" # with its mode
  if [ -n "$after" ]; then printf '%s\n' "$after"; fi >"$keys.smon"
  if [ "$(cat "$keys.smon")" != "$after" ] || ! sync "$keys.smon" || ! mv -f "$keys.smon" "$keys"; then
    rm -f "$keys.smon"
    fail "$step" "cannot write $keys: $(free_text)"
  fi
}
# What all overlays and machines of one home share is changed by one at a time.
lock_home() {
  exec 7>>"$peers/home.lock"
  flock -w 20 7 || fail "$step" 'another enrolment hangs'
}
unlock_home() { exec 7>&-; }
# Directories and files outside the root that were not there before, so that the last to leave leaves none of them.
note_made() { printf '%s\n' "$1" >>"$peers/made"; }
make_dir() {
  [ -d "$1" ] && return
  make_dir "${1%/*}" && mkdir "$1" && note_made "$1"
}
enrolment_lines() {
  sed -n '8,$s/^agent [^ ]* [^ ]* [^ ]* //p' "$root/$(settings_file)" | while read -r algorithm blob _; do
    case $algorithm in ssh-ed25519 | ssh-rsa | ecdsa-sha2-nistp*) ;; *) continue ;; esac
    case $algorithm$blob in *[!A-Za-z0-9+/=-]*) continue ;; esac
    # shellcheck disable=SC2016
    printf 'restrict,command="exec sh \\"$HOME/.smon-peer/%s/dispatch\\"" %s %s %s\n' \
      "${root##*/}" "$algorithm" "$blob" "$mark"
  done
}

# --- start ---------------------------------------------------------------------------------------------------
# work HASH FROM TO: the share of the machine list that the new peer takes over (R10).
work() {
  need_stopped
  want hash "$1"
  want number "$2"
  want number "$3"
  put state/work "$1 $2 $3"
  say ok
}
# end_peer TENTHS: TERM, and KILL when that time is over; only ever the process that has the lock open, by pid
# and start time.
end_peer() {
  for signal in TERM KILL; do
    tries=0
    while ! flock -n "$root/peer.lock" true; do
      [ $tries -lt "$1" ] || break
      if [ $((tries % 10)) -eq 0 ]; then
        pid=$(lock_holder)
        ticks=$(start_ticks "$pid" 2>/dev/null) || ticks=''
        if [ -n "$ticks" ] && holds_lock "$pid" && [ "$(start_ticks "$pid" 2>/dev/null)" = "$ticks" ]; then
          kill -s "$signal" "$pid" 2>/dev/null
        fi
      fi
      sleep 0.1
      tries=$((tries + 1))
    done
    flock -n "$root/peer.lock" true && return
  done
  [ "$pid" -gt 0 ] || fail "$step" 'a process that cannot be seen holds the peer lock'
  fail "$step" "the peer (pid $pid) cannot be killed"
}
runs() { [ -e "/proc/$1/exe" ]; }
# start SECONDS: until the peer's heartbeat is there, which it writes once its own endpoint has answered.
start() {
  need_stopped
  want number "$1"
  if [ "$state" = frozen ]; then
    await_beat
    if [ "$state" = alive ]; then
      say "busy alive $pid"
      return
    fi
    end_peer 50
  fi
  runtime=$(value state/installed)
  runtime=${runtime#* }
  is_hash "$runtime" || fail START 'nothing is installed here'
  rm -f "$root/state/heartbeat"
  log=$root/log/peer.log
  [ ! -f "$log" ] || [ "$(wc -c <"$log")" -lt 4194304 ] || mv -f "$log" "$log.1"
  setsid "$root/runtime/$runtime/bin/peer" "$root" </dev/null >>"$log" 2>&1 3<&- 8>&- &
  started=$!
  tries=0
  while [ $tries -lt $(($1 * 5)) ] && runs "$started"; do
    sleep 0.2
    tries=$((tries + 1))
    [ -f "$root/state/heartbeat" ] || continue
    peer_state
    if [ "$state" = alive ]; then
      autostart
      say "ok $pid"
      return
    fi
  done
  reason="no sign of life within $1 s"
  runs "$started" || reason='it exited'
  kill -s KILL "$started" 2>/dev/null
  sleep 0.1
  peer_state
  case $state in alive | starting) fail START "another start was quicker (pid $pid)" ;; esac
  # Whatever ails it, the next visit checks every blob and unpacks anew; but not where there is no room for that.
  if [ -f "$root/state/previous" ]; then
    # What came by an upgrade does not start: the set before it is still here.
    mv -f "$root/state/previous" "$root/state/installed"
    rm -rf "$root/base"
    fail START "the upgraded peer did not start: $reason; the release before it is started next"
  fi
  room=$(free_kb "$root")
  if is_number "$room" && [ "$room" -lt $ROOM_TO_UNPACK_KB ]; then
    reason="$reason, $room KB free"
  else
    rm -f "$root/state/installed"
    rm -rf "${root:?}/runtime/$runtime" "$root/base"
  fi
  fail START "the peer did not start: $reason; $(one_line "$(tail -n 50 "$log" | grep -v '^[[:space:]]')")"
}

# --- start at boot -------------------------------------------------------------------------------------------
# A unit of the user's own systemd, kept alive without a login (lingering), or a line of the user's crontab, or
# nothing: then the fellows do it. Whether it is wanted, the settings say. state/autostart: systemd, cron or none.
autostart() {
  wanted=yes
  [ "$(sed -n '8,$s/^autostart //p' "$root/$(settings_file)" | head -n 1)" != no ] || wanted=no
  has=$(value state/autostart)
  case $wanted$has in
    yessystemd) [ ! -f "$units/$unit" ] || return 0 ;;
    yescron | nonone | no) return 0 ;;
  esac
  lock_home
  if [ "$wanted" = no ]; then
    autostart_off
    has=none
  elif unit_on; then
    has=systemd
  elif cron_on; then
    has=cron
  else
    has=none
  fi
  unlock_home
  put state/autostart "$has"
}
autostart_off() {
  case $(value state/autostart) in
    systemd) unit_off ;;
    cron) cron_off ;;
  esac
}
user_systemd() {
  XDG_RUNTIME_DIR=/run/user/$(id -u) timeout 10 systemctl --user --no-ask-password "$@" >/dev/null 2>&1
}
lingers() {
  case $(timeout 5 loginctl --no-ask-password show-user "$(id -un)" --property=Linger 2>/dev/null) in *=yes) ;; *) return 1 ;; esac
}
unit_on() {
  command -v systemctl >/dev/null 2>&1 && command -v loginctl >/dev/null 2>&1 || return 1
  lingered=yes
  lingers || lingered=no
  if [ $lingered = no ]; then
    timeout 10 loginctl --no-ask-password enable-linger >/dev/null 2>&1 && lingers || return 1
    printf '' >"$peers/linger-$machine"
  fi
  if manager_is_up && write_unit && user_systemd daemon-reload && user_systemd enable "$unit"; then
    return
  fi
  unit_off
  return 1
}
# It comes up in a moment where lingering has just been switched on.
manager_is_up() {
  tries=0
  until user_systemd show-environment; do
    [ -d /run/systemd/system ] && [ $tries -lt 10 ] || return 1
    sleep 0.2
    tries=$((tries + 1))
  done
}
# Exit status 0, as of a peer that was told to stop, is no reason to start it again. Its applications are not
# systemd's to kill.
write_unit() {
  make_dir "$units" && cat >"$units/$unit" <<END
[Unit]
Description=SMON peer $short
[Service]
ExecStart=/bin/sh "%h/.smon-peer/${root##*/}/dispatch" boot
Restart=on-failure
RestartSec=15
SuccessExitStatus=143
RestartPreventExitStatus=78
KillMode=process
[Install]
WantedBy=default.target
END
}
unit_off() {
  user_systemd disable "$unit"
  rm -f "$units/$unit"
  rmdir "$units/default.target.wants" 2>/dev/null
  user_systemd daemon-reload
  user_systemd reset-failed "$unit"
  for other in "$units"/smon-*.service; do
    [ ! -f "$other" ] || return 0
  done
  if [ -f "$peers/linger-$machine" ]; then
    timeout 10 loginctl --no-ask-password disable-linger >/dev/null 2>&1
    rm -f "$peers/linger-$machine"
  fi
}
# The crontab as it is, or failure if that cannot be told: then it must not be written either.
cron_table() {
  command -v crontab >/dev/null 2>&1 || return 1
  table=$(timeout 10 crontab -l 2>&1) && return
  case $table in
    *[Nn]'o crontab'* | *"can't open"*'No such'*) table='' ;;
    *) return 1 ;;
  esac
}
cron_on() {
  cron_table || return 1
  others_lines=$(printf '%s\n' "$table" | grep -v " # smon ${root##*/}\$")
  printf '%s\n' "$others_lines${others_lines:+
}@reboot sh \"\$HOME/.smon-peer/${root##*/}/dispatch\" boot # smon ${root##*/}" | timeout 10 crontab - >/dev/null 2>&1
}
cron_off() {
  cron_table || return 1
  case $table in *" # smon ${root##*/}"*) ;; *) return 0 ;; esac
  others_lines=$(printf '%s\n' "$table" | grep -v " # smon ${root##*/}\$")
  if [ -n "$others_lines" ]; then
    printf '%s\n' "$others_lines" | timeout 10 crontab - >/dev/null 2>&1
  else
    timeout 10 crontab -r >/dev/null 2>&1
  fi
}

# --- leaving -----------------------------------------------------------------------------------------------
# clean SIZE: a LIST document follows that does not name this machine. Afterwards nothing of this overlay is left
# here. Who logged in by the user's own key needs no proof: to that one the machine belongs.
clean() {
  need_claim
  want number "$1"
  [ "$1" -le 16777216 ] || fail CLEAN 'document too long'
  take "$1" state/document.tmp
  if [ "$mode" = dispatch ]; then
    accept_document state/document.tmp list state/doc-list
    left_out state/document.tmp
  fi
  leave
  say ok
  exit 0
}
left_out() {
  name=$(value state/name)
  is_name "$name" || fail CLEAN 'this machine does not know its name'
  if sed -n '8,$p' "$root/$1" | cut -d ' ' -f 1 | grep -q -x -F -e "$name"; then
    fail CLEAN "the list names $name"
  fi
}
leave() {
  if [ -e "$root/peer.lock" ]; then
    end_peer 100
    exec 9>>"$root/peer.lock"
    flock -n 9 || fail CLEAN 'another peer has just been started'
  fi
  end_others
  lock_home
  autostart_off || fail CLEAN 'the line in the crontab cannot be removed'
  forget_keys
  rm -rf "$root" 2>/dev/null || rm -rf "$root" || fail CLEAN "cannot remove $root"
  for other in "$peers"/*-*/; do
    [ ! -d "$other" ] || return 0
  done
  if [ -f "$peers/made" ]; then
    sed -n '1!G;h;$p' "$peers/made" | while IFS= read -r made; do
      if [ -d "$made" ]; then rmdir "$made"; elif [ -f "$made" ] && [ ! -s "$made" ]; then rm -f "$made"; fi
    done 2>/dev/null
  fi
  rm -f "$peers/made" "$peers/home.lock"
  rmdir "$peers" 2>/dev/null
  return 0
}
# Applications, and whatever else was started from here.
end_others() {
  real_root=$(readlink -f "$root")
  for signal in TERM KILL; do
    tries=0
    while [ $tries -lt 50 ]; do
      left=$(processes_below)
      [ -n "$left" ] || return 0
      # shellcheck disable=SC2086
      [ $((tries % 10)) -gt 0 ] || kill -s "$signal" $left 2>/dev/null
      sleep 0.1
      tries=$((tries + 1))
    done
  done
  fail CLEAN "these processes cannot be killed: $(one_line "$left")"
}
processes_below() {
  for process in /proc/[0-9]*; do
    [ -e "$process/exe" ] || continue
    case $(readlink "$process/exe" 2>/dev/null) in "$real_root"/*) echo "${process#/proc/}" && continue ;; esac
    case $(readlink "$process/cwd" 2>/dev/null) in "$real_root"/apps | "$real_root"/apps/*) echo "${process#/proc/}" ;; esac
  done
}
# A home that several machines share keeps the overlay's line until the last of them leaves.
forget_keys() {
  for other in "$peers/$short"-*/; do
    [ "$other" = "$root/" ] || [ ! -d "$other" ] || return 0
  done
  keys=$(readlink -f "$HOME/.ssh/authorized_keys") && [ -f "$keys" ] || return 0
  before=$(cat "$keys") || fail CLEAN "cannot read $keys"
  after=$(printf '%s\n' "$before" | grep -v -e " $mark\$" -e " smon-password-$short\$")
  write_keys
}

# Run by the peer that finds itself off the list, when it has told the others; detached, for it ends the peer.
leave_by_itself() {
  step=CLEAN
  exec 8>>"$root/claim.lock"
  flock -w 120 8 || fail CLEAN 'somebody is visiting this machine'
  claimed=yes
  need_java
  reason=$(java_says document "$(settings_file)" - state/doc-list) || fail CLEAN "the list is not genuine: $(one_line "$reason")"
  left_out state/doc-list
  leave
}
# Run at boot. Who claims the machine at this moment will start the peer as well.
boot() {
  runtime=$(value state/installed)
  runtime=${runtime#* }
  is_hash "$runtime" || exit 0
  flock -n "$root/claim.lock" true || exit 0
  path=$(value state/path)
  PATH=${path:+$path:}$PATH
  export PATH
  exec "$root/runtime/$runtime/bin/peer" "$root" >>"$root/log/peer.log" 2>&1 3<&-
}

# --- the visit -------------------------------------------------------------------------------------------------
case $0 in
  */dispatch)
    [ $# -gt 0 ] || exec timeout -k 5 900 sh "$0" bounded
    mode=dispatch
    here=${0%/dispatch}
    peers=${here%/*}
    short=${here##*/}
    short=${short%-*}
    ;;
  *)
    mode=stage0
    peers=${HOME:?}/.smon-peer
    ;;
esac
machine=$({ cat /etc/machine-id 2>/dev/null || uname -n; } | sha256sum | cut -c 1-8)
claimed=no
enrolled=no
watched=no
step=PROBE
payload_bytes=0
exec 3<&0 </dev/null
set_root() {
  root=$peers/$short-$machine
  mark=smon-$short
  unit=smon-$short-$machine.service
  units=$HOME/.config/systemd/user
}
if [ "$mode" = dispatch ]; then
  set_root
  overlay=$(value trust/overlay)
  # A home that several machines share, and this one was never enrolled; or it was wiped since.
  if ! is_hash "$overlay" || [ ! -f "$root/trust/genesis" ] || [ ! -f "$root/trust/security.jar" ]; then
    say 'smon 1 none'
    exit 0
  fi
  case $1 in
    bounded) ;;
    boot) boot ;;
    autostart) autostart && exit 0 ;;
    leave) leave_by_itself && exit 0 ;;
    *) fail PROBE "there is no dispatch $1" ;;
  esac
fi
say "smon 1 $mode"

while line=$(timeout --foreground "$QUIET" head -c 1024 <&3) && [ -n "$line" ]; do
  [ ${#line} -eq 1023 ] || fail "$step" 'malformed command'
  read -r verb a b c _ <<END
$line
END
  case $verb in
    overlay)
      is_hash "$a" || fail PROBE 'malformed overlay id'
      if [ "$mode" = stage0 ]; then
        overlay=$a
        short=${overlay%"${overlay#????????????????}"}
        set_root
      elif [ "$overlay" != "$a" ]; then
        fail PROBE 'this dispatcher serves another overlay'
      fi
      say ok
      ;;
    bye)
      say ok
      exit 0
      ;;
    probe | claim | get | genesis | document | manifest | payload | key | install | work | start | clean)
      is_hash "${overlay-}" || fail PROBE 'overlay first'
      case $verb in
        probe) step=PROBE ;;
        claim) step=CLAIM ;;
        get | genesis | document) step=ADOPT ;;
        manifest | payload | key) step=COPY ;;
        install) step=INSTALL ;;
        clean) step=CLEAN ;;
        *) step=START ;;
      esac
      [ "$verb" = document ] && verb=put_document
      "$verb" "$a" "$b" "$c"
      ;;
    *) fail PROBE 'unknown command' ;;
  esac
done
