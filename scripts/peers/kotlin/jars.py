# SPDX-License-Identifier: Apache-2.0
"""Usage: jars.py folder | versions | extract FOLDER

Finds Kotlin's compiler, its standard library and kotlinx.coroutines in PyPI's kotlin-jupyter-kernel, which has the
compiler and the coroutines in one large file: a program that runs with all of that would start slowly.
"""

import importlib.util
import shutil
import sys
import zipfile
from pathlib import Path


def missing():
    """Ends the program where there is no Kotlin."""
    print("Kotlin is missing: install kotlin-jupyter-kernel from PyPI", file=sys.stderr)
    sys.exit(3)


def folder():
    """Where the files are."""
    package = importlib.util.find_spec("run_kotlin_kernel")
    return Path(package.origin).parent / "jars" if package else missing()


def only(pattern):
    """The one file with such a name."""
    found = list(folder().glob(pattern))
    return found[0] if len(found) == 1 else missing()


def versions():
    """Those of the compiler and the library."""
    with zipfile.ZipFile(only("kotlin-jupyter-kernel-*-all.jar")) as everything:
        compiler = everything.read("META-INF/compiler.version").decode().strip()
        library = everything.read("META-INF/kotlinx_coroutines_core.version").decode().strip()
    return f"kotlinc {compiler}, kotlinx.coroutines {library}"


def extract(target):
    """Copies what programs need."""
    shutil.copyfile(only("kotlin-stdlib-*.jar"), target / "stdlib.jar")
    with (
        zipfile.ZipFile(only("kotlin-jupyter-kernel-*-all.jar")) as everything,
        zipfile.ZipFile(target / "coroutines.jar", "w") as library,
    ):
        for name in everything.namelist():
            if name.startswith(("kotlinx/coroutines/", "META-INF/kotlinx")) and not name.endswith("/"):
                library.writestr(name, everything.read(name))


if __name__ == "__main__":
    if sys.argv[1] == "folder":
        print(folder())
    elif sys.argv[1] == "versions":
        print(versions())
    else:
        extract(Path(sys.argv[2]))
