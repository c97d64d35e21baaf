"""Output of all commands in one folder, for comparison with another version's: ``diff -r OLD NEW``.

::

    python -m tests.validation.outputs FOLDER

A change of structure must leave every byte unchanged.  With ``--mask-text`` only numbers, column names and keys remain,
for a change of words.  Times at which the commands ran are masked.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from pathlib import Path

RECORDINGS = Path(__file__).parents[2] / "recordings"
SAMPLES = ("short_night", "shank_weak", "look_alikes", "clock_change")

# Date and time of a run, which differ between runs: written with a zone, or as local time of today.
RUN_TIMES = re.compile(rb"20\d\d-\d\d-\d\d[T ]\d\d:\d\d:\d\d\.\d{3,6}(?:\+00:00|Z)?")
PICTURE = re.compile(rb"data:image/png;base64,[A-Za-z0-9+/=]+")


def main() -> None:
    """Run the commands, and write their output and files below one folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--mask-text", action="store_true", help="keep figures alone of what people read")
    options = parser.parse_args()
    folder: Path = options.folder.absolute()
    folder.mkdir(parents=True)
    for name, arguments in commands(folder):
        done = subprocess.run(
            [sys.executable, "-m", "clonus_sense", *arguments],
            capture_output=True,
            check=False,
            env=os.environ | {"HOME": str(folder / "home"), "XDG_DATA_HOME": str(folder / "home"), "TZ": "Asia/Tokyo"},
        )
        (folder / f"{name}.out").write_bytes(done.stdout)
        (folder / f"{name}.err").write_bytes(done.stderr + f"\nexit {done.returncode}\n".encode())
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            path.write_bytes(masked(path, folder, mask_text=options.mask_text))
    (folder / "library.db").unlink()


def commands(folder: Path) -> list[tuple[str, list[str]]]:
    """List the commands, each with a name for its output."""
    library = ["--library", str(folder / "library.db")]
    recordings = {name: str(RECORDINGS / f"{name}.csv.gz") for name in SAMPLES}
    listed = []
    for language in ("en", "ja"):
        told = ["--lang", language]
        listed += [
            (
                f"detect_{language}_{name}",
                ["detect", path, "--output", str(folder / f"detect_{language}"), "--explain", "--plots", *told],
            )
            for name, path in recordings.items()
        ]
        listed.append((f"plot_blind_{language}", ["plot", recordings["shank_weak"], "--blind", *told, "--to", "22:40",
                                                  "--output", str(folder / f"blind_{language}")]))  # fmt: skip
        listed.append((f"evaluate_{language}", [
            "evaluate", str(folder / "detect_en"), str(RECORDINGS), "--misses", "--false", *told,
            "--page", str(folder / f"evaluate_{language}.html"),
        ]))  # fmt: skip
    listed += [
        ("detect_json", ["detect", *recordings.values(), "--output", str(folder / "json"), "--json"]),
        ("evaluate_json", ["evaluate", str(folder / "detect_en"), str(RECORDINGS), "--json"]),
        ("replay", ["replay", recordings["short_night"], "--json"]),
        *(
            (f"add_{name}", ["add", path, "--person", "P07", "--side", side, *library, "--lang", "en"])
            for (name, path), side in zip(recordings.items(), ("left", "right", "left", "left"), strict=True)
        ),
        (
            "annotate",
            [
                "annotate",
                "last",
                "--from",
                "23:05:00",
                "--to",
                "23:05:20",
                "--verdict",
                "unsure",
                "--by",
                "Sato",
                "--profession",
                "physiotherapist",
                *library,
                "--lang",
                "en",
            ],
        ),
        ("reanalyse", ["reanalyse", *library, "--lang", "en"]),
    ]
    for language in ("en", "ja"):
        told = ["--lang", language, *library]
        listed += [
            (f"nights_{language}", ["nights", *told]),
            (f"people_{language}", ["people", *told]),
            (f"page_{language}", ["page", "last", *told, "--output", str(folder / f"pages_{language}")]),
            (f"settings_{language}", ["settings", "P07", "--floor", "0.02", *told]),
        ]
    listed.append(("nights_json", ["nights", "--json", *library]))
    listed += [
        (
            f"export_{kind}_{privacy or 'personal'}",
            ["export", "--format", kind, "--output", str(folder / f"export_{kind}_{privacy or 'personal'}"), *library]
            + (["--no-personal-data"] if privacy else []),
        )
        for kind in ("csv", "edf", "parquet")
        for privacy in ("", "private")
    ]
    return listed


def masked(path: Path, folder: Path, *, mask_text: bool) -> bytes:
    """Mask the parts of a file that differ between runs, and on request the words."""
    content = path.read_bytes().replace(str(folder).encode(), b"FOLDER").replace(str(RECORDINGS).encode(), b"SAMPLES")
    if path.suffix in (".html", ".csv", ".json", ".txt", ".out", ".err", ".md"):
        content = RUN_TIMES.sub(b"RUN-TIME", content)
        if mask_text:
            content = PICTURE.sub(b"PICTURE", content)
            if path.suffix in (".html", ".txt", ".err", ".md") or path.name.startswith(
                ("nights_", "people_", "detect_")
            ):
                content = b"\n".join(re.findall(rb"-?\d+(?:\.\d+)?", content)) + b"\n"
    return content


if __name__ == "__main__":
    main()
