#!/usr/bin/env python3
"""Copy every ```yaml block of a contract document into one file per block, byte for byte.

usage: extract.py DOCUMENT.md FOLDER

A file is named after its position and the heading above the block: FOLDER/03-static-response.yaml.
"""

import pathlib
import re
import sys


def blocks(text):
    """Yield (heading, block) for every yaml block; a `#` line inside any fence is no heading."""
    heading, fence, lines = "untitled", None, []
    for line in text.splitlines(keepends=True):
        if fence is None and line.startswith("```"):
            fence, lines = line.strip("`\n "), []
        elif fence is not None and line.startswith("```"):
            if fence == "yaml":
                yield heading, "".join(lines)
            fence = None
        elif fence is not None:
            lines.append(line)
        elif line.startswith("#"):
            heading = line.lstrip("#").strip()


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    document, folder = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    for number, (heading, block) in enumerate(blocks(document.read_text("utf-8")), 1):
        title = re.sub(r"[^a-z0-9]+", "-", heading.lower()).strip("-")
        path = folder / f"{number:02}-{title}.yaml"
        path.write_text(block, "utf-8")
        print(path)


if __name__ == "__main__":
    main()
