#!/bin/sh
# Chromium and a Chinese font for the browser tests, where Debian's packages may be installed; else says what is missing.
set -eu
if command -v chromium >/dev/null 2>&1 && fc-list :lang=zh 2>/dev/null | grep -q .; then exit 0; fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing Chromium and a Chinese font …"
  export DEBIAN_FRONTEND=noninteractive
  log=$(mktemp)
  if { apt-get update && apt-get install -y --no-install-recommends chromium fonts-noto-cjk fontconfig; } >"$log" 2>&1; then
    rm -f "$log"
    exit 0
  fi
  tail -3 "$log"
fi
echo "No Chromium or no Chinese font here: the browser tests are skipped. As root: apt-get install chromium fonts-noto-cjk"
