#!/usr/bin/env python3
"""Fails where the sources of the house do not obey the house of CMakeLists.txt.

Each parley_library() line there says what a folder may include:
  DEPS            the folders below it, and no others;
  LINK            packages whose headers may be seen in its own headers, and above it;
  LINK_PRIVATE    packages for its .cpp files (and test_*.h) alone: they cost nobody else compile time;
  LINK_TEST       packages for its tests alone;
  OF              where it stands, if not in src/.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
LIBRARY = re.compile(r"^parley_library\((\w+)\s*([^)]*)\)", re.M)
INCLUDE = re.compile(r'^\s*#\s*include\s+(?:"([\w/.+-]+)"|<([\w/.+-]+)>)')

# Which package a header is from.
PACKAGES = {
    "boost/": "Boost",
    "openssl/": "OpenSSL",
    "zlib.h": "ZLIB",
    "zconf.h": "ZLIB",
    "spdlog/": "spdlog",
    "fmt/": "fmt",
    "toml++/": "tomlplusplus",
    "CLI/": "CLI11",
    "sqlite3.h": "SQLite",
    "jwt.h": "LibJwt",
    "crypt.h": "LibCrypt",
    "libpq": "PostgreSQL",
    "opus/": "Opus",
    "vpx/": "Vpx",
    "libavcodec/": "LibAvcodec",
    "libavutil/": "LibAvutil",
    "wels/": "OpenH264",
    "libyuv": "LibYuv",
    "ft2build.h": "Freetype",
    "freetype/": "Freetype",
    "fribidi/": "FriBidi",
    "intel-ipsec-mb.h": "IpsecMb",
    "srtp2/": "LibSrtp",
    "usrsctp.h": "LibUsrsctp",
    "curl/": "CURL",
}


class Folder:
    """What one parley_library() line allows."""

    def __init__(self, arguments):
        self.lists = {"OF": [], "DEPS": [], "LINK": [], "LINK_PRIVATE": [], "LINK_TEST": []}
        into = None
        for word in arguments.split():
            if word in self.lists:
                into = self.lists[word]
            else:
                into.append(word)
        self.within = self.lists["OF"][0] if self.lists["OF"] else "src"
        self.deps = set(self.lists["DEPS"])
        self.shown = {target.split("::")[0] for target in self.lists["LINK"]}
        self.private = {target.split("::")[0] for target in self.lists["LINK_PRIVATE"]}
        self.test = {target.split("::")[0] for target in self.lists["LINK_TEST"]}


def read_house():
    """The folders by name; what a lower folder shows is shown by the folders above it as well."""
    house = {}
    for name, arguments in LIBRARY.findall((ROOT / "CMakeLists.txt").read_text()):
        folder = Folder(arguments)
        for below in folder.deps:
            folder.shown |= house[below].shown
        house[name] = folder
    return house


def problem(house, name, file, header):
    """Why this file of the folder `name` must not include that header, or None."""
    folder = house[name]
    first = header.split("/")[0]
    if "/" in header and first in house and first != name and first not in folder.deps:
        return f"{name} must not include {first}: CMakeLists.txt does not name it in DEPS"
    package = next((p for prefix, p in PACKAGES.items() if header.startswith(prefix)), None)
    if package is None or package in folder.shown:
        return None
    if package in folder.test and "test" in file.stem:
        return None
    if package not in folder.private:
        return f"{name} must not include {header}: CMakeLists.txt does not link it to {package}"
    if file.suffix == ".h" and not file.name.startswith("test_"):
        return f"{header} in a header: {package} stays in .cpp files"
    return None


def sources_of(place):
    """The files below it."""
    return sorted(place.rglob("*.[hc]*"))


def main():
    house = read_house()
    found = 0
    for file in sources_of(ROOT / "src"):
        if file.relative_to(ROOT / "src").parts[0] not in house:
            print(f"{file.relative_to(ROOT)}: its folder is not in CMakeLists.txt")
            found += 1
    for name, folder in house.items():
        for file in sources_of(ROOT / folder.within / name):
            for number, line in enumerate(file.read_text().splitlines(), 1):
                match = INCLUDE.match(line)
                why = match and problem(house, name, file, match[1] or match[2])
                if why:
                    print(f"{file.relative_to(ROOT)}:{number}: {why}")
                    found += 1
    sys.exit(found > 0)


main()
