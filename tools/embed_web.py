#!/usr/bin/env python3
"""Writes the C++ file that carries the web app inside the parley binary.

    embed_web.py --out DIR [--dist web/dist]

DIR/embedded_web.cpp defines parley::server::embedded_web(): one http::StaticFile for each file of
the dist folder, compressed by gzip and brotli too where that makes it smaller. The contents lie in
DIR/files, named by their hash, so nothing is compressed twice. Without --dist, or where that folder
holds no index.html, the table has one plain page that says the web app was not built.
"""
import argparse
import gzip
import hashlib
import pathlib
import re
import subprocess

NOT_BUILT = b"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Parley</title>
<h1>The web app was not built</h1>
<p>This Parley server works, but it was built without its web app. <code>./run</code> builds both.</p>
</html>
"""

CONTENT_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".gif": "image/gif",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".mp3": "audio/mpeg",
    ".ogg": "audio/ogg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}

# What Vite names by its content: /assets/index-B3kX9_dQ.js never changes under that name.
HASHED_NAME = re.compile(r"^/assets/.+-[A-Za-z0-9_-]{8}\.\w+$")


def brotli(data):
    command = ["brotli", "--quality=11", "--stdout", "-"]
    return subprocess.run(command, input=data, stdout=subprocess.PIPE, check=True).stdout


def gzipped(data):
    return gzip.compress(data, 9, mtime=0)


class Store:
    """Files named by the hash of what they were made from; what nobody asked for is removed."""

    def __init__(self, folder):
        self.folder = folder
        self.used = set()
        folder.mkdir(parents=True, exist_ok=True)

    def file(self, digest, suffix, make):
        path = self.folder / (digest + suffix)
        if not path.exists():
            partial = path.with_name(path.name + ".partial")
            partial.write_bytes(make())
            partial.rename(path)
        self.used.add(path.name)
        return path

    def sweep(self):
        for path in self.folder.iterdir():
            if path.name not in self.used:
                path.unlink()


def text(value):
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'


class Source:
    """Collects the assembly that brings the contents in, and the table that names them."""

    def __init__(self):
        self.assembly = []
        self.symbols = []
        self.rows = []

    def contents(self, path):
        symbol = f"parley_web_{len(self.symbols)}"
        self.symbols.append(symbol)
        quoted = text(path).replace("\\", "\\\\").replace('"', '\\"')  # A string in a string.
        self.assembly.append(f'    ".hidden {symbol}\\n{symbol}: .incbin {quoted}\\n"')
        return f"{{{symbol}, {path.stat().st_size}}}"

    def add(self, name, data, store):
        digest = hashlib.sha256(data).hexdigest()[:32]
        identity = store.file(digest, ".identity", lambda: data)
        forms = [self.contents(identity)]
        for suffix, compress in ((".gz", gzipped), (".br", brotli)):
            smaller = store.file(digest, suffix, lambda: compress(data))
            worth_it = smaller.stat().st_size < 0.95 * len(data)
            forms.append(self.contents(smaller) if worth_it else "{}")
        kind = CONTENT_TYPES.get(pathlib.PurePath(name).suffix, "application/octet-stream")
        fixed = "true" if HASHED_NAME.match(name) else "false"
        self.rows.append(
            f"    {{.path = {text(name)},\n"
            f"     .content_type = {text(kind)},\n"
            f"     .etag = {text(chr(34) + digest + chr(34))},\n"
            f"     .identity = {forms[0]},\n     .gzip = {forms[1]},\n     .brotli = {forms[2]},\n"
            f"     .immutable = {fixed}}},"
        )

    def to_text(self):
        lines = ["// Made by tools/embed_web.py.", '#include "server/embedded_web.h"', ""]
        lines += ["// clang-format off", "__asm__(", '    ".section .rodata\\n"']
        lines += self.assembly
        lines += ['    ".previous\\n");', ""]
        lines += [f'extern "C" const std::uint8_t {symbol}[];' for symbol in self.symbols]
        lines += ["", "namespace parley::server {", "namespace {", ""]
        lines += ["const http::StaticFile kFiles[] = {", *self.rows, "};", "", "}  // namespace", ""]
        lines += ["std::span<const http::StaticFile> embedded_web() { return kFiles; }", ""]
        lines += ["}  // namespace parley::server", ""]
        return "\n".join(lines)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--dist", type=pathlib.Path)
    arguments.add_argument("--out", type=pathlib.Path, required=True)
    options = arguments.parse_args()

    files = {"/index.html": NOT_BUILT}
    if options.dist and (options.dist / "index.html").exists():
        found = sorted(path for path in options.dist.rglob("*") if path.is_file())
        files = {"/" + path.relative_to(options.dist).as_posix(): path.read_bytes() for path in found}

    store = Store(options.out.resolve() / "files")
    source = Source()
    for name, data in files.items():
        source.add(name, data, store)
    store.sweep()
    (options.out / "embedded_web.cpp").write_text(source.to_text())


main()
