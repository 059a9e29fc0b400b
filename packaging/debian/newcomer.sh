#!/bin/bash
# What a new user does in a fresh Debian, called by test-package inside of it: `newcomer.sh first` on the first day,
# `newcomer.sh second` after an upgrade.
set -euo pipefail
cd /
fail() { echo "newcomer: $*" >&2; exit 1; }
seconds() { for ((i = 0; i < 10 * $1; i++)); do if eval "$2"; then return 0; fi; sleep 0.1; done; return 1; }

# A display of one's own, and the window on it.
open_window() {
  exec 3< <(exec Xvfb -screen 0 1440x900x24 -nolisten tcp -displayfd 1 2>/dev/null)
  xvfb=$!
  read -r display <&3
  export DISPLAY=:$display
  sms-desktop "$@" 2>/tmp/window.log &
  window=$!
  trap 'kill $window $xvfb 2>/dev/null || true' EXIT
  seconds 20 'xdotool search --onlyvisible --name "SMS Desktop" >/dev/null 2>&1' || fail "no window: $(cat /tmp/window.log)"
}
close_window() {
  kill -TERM "$window"
  wait "$window" || fail "the window ended with status $?: $(cat /tmp/window.log)"
  kill "$xvfb"
  trap - EXIT
}
read_store() { sqlite3 -readonly -cmd '.timeout 5000' ~/.local/share/sms-desktop/store.db "$1"; }

case $1 in
  first)
    [ ! -w /usr/lib/sms-desktop ] || fail "the installation can be written"
    echo "as $(id -un), who can't write the installation:"
    sms-desktop --version
    smsctl --version
    status=0
    sms-desktop 2>/tmp/said || status=$?
    [ "$status" = 3 ] && [ "$(wc -l </tmp/said)" = 1 ] || fail "no display: status $status, $(cat /tmp/said)"
    echo "no display: $(cat /tmp/said)"
    status=0
    DISPLAY=:77 sms-desktop 2>/tmp/said || status=$?
    [ "$status" = 3 ] && [ "$(wc -l </tmp/said)" = 1 ] || fail "a dead display: status $status, $(cat /tmp/said)"
    echo "a display that does not answer: $(cat /tmp/said)"
    status=0
    HOME=/proc/nowhere smsctl send text --to 447700900456 --from Acme --text x >/tmp/said 2>&1 || status=$?
    [ "$status" = 1 ] && ! grep -q Traceback /tmp/said || fail "no home: status $status, $(cat /tmp/said)"
    echo "no home that can be written: $(tail -1 /tmp/said)"
    # The window says it in a box; the box is closed by the signal that ends the program.
    status=0
    HOME=/proc/nowhere QT_QPA_PLATFORM=offscreen timeout 5 sms-desktop 2>/tmp/said || status=$?
    [ "$status" = 124 ] && [ "$(grep -c "can't be used" /tmp/said)" = 1 ] && ! grep -q Traceback /tmp/said ||
      fail "a window without a home: status $status, $(cat /tmp/said)"
    echo "the window then: $(grep "can't be used" /tmp/said)"

    # No session at all: neither bus nor keyring.
    [ -z "${DBUS_SESSION_BUS_ADDRESS-}" ] || fail "there is a session bus already"
    smsctl profiles add acme --provider vonage --api-key abcd1234 --sender Acme >/dev/null
    status=0
    smsctl profiles secret acme api_secret <<<"not kept" >/tmp/said 2>&1 || status=$?
    [ "$status" = 1 ] && grep -q "^smsctl: No keyring was found" /tmp/said || fail "no keyring: status $status, $(cat /tmp/said)"
    echo "no bus, no keyring: $(head -1 /tmp/said)"
    smsctl profiles remove acme >/dev/null 2>&1

    # The manual and the completion are those of this program, with what it can do by now.
    man=$(gzip -dc /usr/share/man/man1/smsctl.1.gz)
    for command in $(smsctl --help | sed -n '/^Commands:/,$s/^  \([a-z-]*\)  .*/\1/p'); do
      [[ $man == *".B ${command//-/\\-}"* ]] || fail "the manual does not know smsctl $command"
    done
    # shellcheck disable=SC1091
    source /usr/share/bash-completion/completions/smsctl
    COMP_WORDS=(smsctl requests im) COMP_CWORD=2
    _smsctl_completion smsctl
    [ "${COMPREPLY[*]}" = import ] || fail "completion of 'smsctl requests im': ${COMPREPLY[*]-nothing}"
    source /usr/share/bash-completion/completions/sms-desktop
    complete -p sms-desktop | grep -q -- --new-message || fail "no completion for sms-desktop"
    [ "$(smsctl payloads | wc -l)" -ge 10 ] || fail "there are no payloads: $(smsctl payloads 2>&1)"
    echo "manual, completion and payloads: as the program says"

    (cd /tmp && QT_QPA_PLATFORM=offscreen sms-desktop --self-check)
    (cd /var && smsctl self-check --json) >/tmp/said || fail "$(cat /tmp/said)"
    echo "smsctl self-check --json: status 0"
    # shellcheck disable=SC2016
    dbus-run-session -- bash -c 'echo secret | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1
      smsctl self-check | grep keyring' | grep passed || fail "no keyring in a session that has one"

    open_window "sms:+447700900123?body=Drafted%20by%20a%20link"
    sms-desktop "sms:+447700900124,+447700900125?body=For%20each" # a second start: ends at once
    seconds 10 '[ "$(read_store "SELECT body FROM draft" | grep -c "For each")" = 2 ]' || fail "a link to two numbers: no two drafts"
    sms-desktop "sms:+31612345678?body=Taken%20over"
    seconds 10 '[[ $(read_store "SELECT body FROM draft") == *"Taken over"* ]]' || fail "the last link did not arrive"
    [ -z "$(read_store "SELECT body FROM message")" ] || fail "a link sent something"
    echo "three links, one of them to two numbers: $(read_store "SELECT count(*) FROM draft") drafts, nothing sent"

    xdotool search --onlyvisible --name "SMS Desktop" windowfocus || true
    seconds 20 'xdotool key --clearmodifiers ctrl+Return; sleep 0.5; [ -n "$(read_store "SELECT body FROM message")" ]' ||
      fail "Ctrl+Enter sent nothing"
    xdotool type --delay 30 "Typed by hand"
    xdotool key --clearmodifiers ctrl+Return
    seconds 20 '[ "$(read_store "SELECT count(*) FROM message WHERE state = '"'delivered'"'")" = 2 ]' ||
      fail "not delivered: $(read_store "SELECT body, state FROM message" | paste -sd ' ')"
    echo "sent and delivered: $(read_store "SELECT body, state FROM message ORDER BY seq" | paste -sd ' ')"
    sleep 0.5
    scrot --overwrite /tmp/window.png
    for pane in 3 4 5 6; do
      xdotool key --clearmodifiers "ctrl+$pane"
      sleep 0.7
      scrot --overwrite "/tmp/window-pane-$pane.png"
    done
    xdotool key --clearmodifiers ctrl+1
    sleep 0.3
    close_window
    smsctl send text --to 447700900456 --from Acme --text "From the terminal" --wait 20 --json >/tmp/said
    grep -q '"state": *"delivered"' /tmp/said || fail "smsctl: $(cat /tmp/said)"
    echo "smsctl: delivered"
    ;;
  second)
    [[ $(read_store "SELECT body FROM message ORDER BY seq") == *"From the terminal"* ]] || fail "messages are gone"
    [[ $(read_store "SELECT body FROM draft") == *"Drafted by a link"* ]] || fail "the draft is gone"
    open_window
    read_store "SELECT count(*) FROM message" | sed 's/^/messages kept: /'
    read_store "SELECT body FROM draft" | sed 's/^/draft kept: /'
    close_window
    ;;
esac
