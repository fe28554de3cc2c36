#!/usr/bin/env bash
# A base backup of a PostgreSQL, once a day, and nothing older than the term of archives: what people have had deleted would come back.
#   backup.sh FOLDER [DAYS]    into FOLDER/base/2026-11-27; FOLDER/wal is where archive_command puts the log. DAYS: 30 unless fewer.
# Which server: PGHOST, PGPORT, PGUSER, PGPASSFILE, as for all programs of PostgreSQL.
set -euo pipefail
export TZ=UTC

die() { printf 'backup: %s\n' "$*" >&2; exit 1; }

[[ $# -ge 1 && -d $1/wal ]] || die "expected a folder with wal/ in it, as docs/operations.md sets it up"
command -v pg_archivecleanup >/dev/null || die "PostgreSQL's own programs aren't in PATH: on Debian /usr/lib/postgresql/15/bin"
folder=$1 days=${2:-30}
[[ $days =~ ^[0-9]+$ && $days -ge 1 && $days -le 30 ]] || die "$days: from 1 to 30 days, the term 'archives' of content/auth/retention.yaml"
today=$(date +%F)
oldest=$(date -d "$today $days days ago" +%F) # of the same day, also at midnight

# Only one that is whole takes the place of the one before.
part=$folder/base/.$today.part
rm -rf "$part"
mkdir -p "$folder/base"
pg_basebackup -D "$part" -X stream -c fast
rm -rf "${folder:?}/base/$today"
mv "$part" "$folder/base/$today"

for base in "$folder"/base/????-??-??; do
    [[ ${base##*/} > $oldest ]] || { rm -rf "$base"; echo "$base: thrown away"; }
done

# What was written before the oldest that is left restores nothing.
first=$(printf '%s\n' "$folder"/base/????-??-?? | sort | head -n 1)
start=$(sed -n 's/^START WAL LOCATION: .*(file \([0-9A-F]*\))$/\1/p' "$first/backup_label")
[[ $start ]] || die "$first/backup_label doesn't say where its log begins: nothing of $folder/wal is thrown away"
pg_archivecleanup "$folder/wal" "$start"
