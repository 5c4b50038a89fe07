#!/bin/bash
# Puts the C library of Debian's next release into a folder of the bench, for one program that needs it. Nothing of the
# system is changed: lists, cache and package stay in that folder.
set -euo pipefail
target=$1
mkdir -p "$target"/{lists/partial,cache/archives/partial}
cd "$target"
archive=$(apt-get indextargets --format '$(ORIGIN) $(REPO_URI)' 'Created-By: Packages' |
  awk '$1 == "Debian" && $2 !~ /security/ { print $2; exit }')
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $archive trixie main" >sources.list
options=(-o "Dir::Etc::sourcelist=$target/sources.list" -o Dir::Etc::sourceparts=/dev/null
  -o "Dir::State::lists=$target/lists" -o "Dir::Cache=$target/cache" -o APT::Get::List-Cleanup=0)
apt-get "${options[@]}" update
apt-get "${options[@]}" download libc6
dpkg -x libc6_*.deb "$target"
rm -rf lists cache libc6_*.deb
