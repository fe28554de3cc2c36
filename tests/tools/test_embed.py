"""tools/embed: what is put into the program comes out byte for byte, found by name, the same on every machine."""

import gzip
import pathlib
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
EMBED = ROOT / "tools/embed/embed.py"

SHOW = """
#include <stdio.h>
#include "base/asset.h"
extern const AssetTable FILES_IN;
int main(int argc, char **argv)
{
    const Asset *asset = asset_find(FILES_IN, str_from(argv[1]));
    if (!asset)
        return 1;
    Str part = argc > 2 ? asset->gzip : asset->bytes;
    return fwrite(part.data, 1, part.len, stdout) != part.len;
}
"""

FILES = {
    "empty.txt": b"",
    "page.html": b'<p>what??! "quoted" \\ back</p>\n' * 200,
    "sub/bytes.png": bytes(range(256)) * 5,
    "sub/digits.txt": b"\x011\n2\x00" + b"3",
    "sub/odd.md": "a\r\nb\u2028c\x0cd\x85 é 술 \U0001f376 no end of line".encode(),
    "술.md": "이천 쌀\n".encode(),
}


def embed(folder, out):
    return subprocess.run(
        [sys.executable, EMBED, "FILES_IN", out, out.with_suffix(".d"), folder],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def folder(tmp_path):
    for name, data in FILES.items():
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return tmp_path / "in"


def test_every_file_comes_out_byte_for_byte(folder, tmp_path):
    assert embed(folder, tmp_path / "files.c").returncode == 0
    (tmp_path / "show.c").write_text(SHOW)
    sources = [tmp_path / "show.c", tmp_path / "files.c"]
    sources += [ROOT / "src/base" / name for name in ("asset.c", "str.c", "arena.c", "memory.c")]
    flags = ["-std=gnu17", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror", f"-I{ROOT / 'src'}"]
    subprocess.run(["cc", *flags, *sources, "-o", tmp_path / "show"], check=True)
    for name, data in FILES.items():
        assert subprocess.run([tmp_path / "show", name], capture_output=True, check=True).stdout == data
    packed = subprocess.run([tmp_path / "show", "page.html", "gzip"], capture_output=True, check=True).stdout
    assert gzip.decompress(packed) == FILES["page.html"]
    assert subprocess.run([tmp_path / "show", "page.htm"], check=False).returncode == 1


def test_the_same_files_make_the_same_c(folder, tmp_path):
    assert embed(folder, tmp_path / "a.c").returncode == 0
    for path in folder.rglob("*.*"):
        path.touch()
    assert embed(folder, tmp_path / "b.c").returncode == 0
    assert (tmp_path / "a.c").read_bytes() == (tmp_path / "b.c").read_bytes()


def test_an_ending_without_a_media_type_is_named(folder, tmp_path):
    (folder / "what.xyz").write_bytes(b"x")
    done = embed(folder, tmp_path / "files.c")
    assert done.returncode != 0
    assert "what.xyz: no media type is known" in done.stderr
