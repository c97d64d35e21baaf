"""What the documents promise is held against the software."""

from __future__ import annotations

import json
import re
import shlex
import textwrap
from pathlib import Path

import pytest

from clonus_sense.cli import main as command_line
from clonus_sense.cli import run
from clonus_sense.cli.console.options import FOREIGN_NAMES
from clonus_sense.config import DetectionSettings, read_settings
from clonus_sense.i18n import LANGUAGES, notice
from clonus_sense.model import EpisodeClass
from clonus_sense.report.log import EPISODE_COLUMNS

ROOT = Path(__file__).parents[1]
READMES = {"en": ROOT / "README.md", "ja": ROOT / "README.ja.md"}
README = READMES["en"].read_text(encoding="utf-8")
COMMANDS = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
SETTINGS = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
DETECTION = (ROOT / "docs" / "detection.md").read_text(encoding="utf-8")
DOCUMENTS = sorted(
    [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("recordings/*.md"), *ROOT.glob("firmware_notes/*.md")]
)


def blocks_of(text: str, language: str) -> list[str]:
    """Fenced blocks in this language, indented ones dedented."""
    found = re.findall(rf"^( *)```{language}\n(.*?)^ *```", text, flags=re.MULTILINE | re.DOTALL)
    return [textwrap.dedent(block) for _, block in found]


def test_the_first_block_of_the_readme_holds_the_main_job_and_the_tests_alone():
    first = re.search(r"^```\w*\n(.*?)^```", README, flags=re.MULTILINE | re.DOTALL)
    assert first is not None
    lines = first.group(1).strip().split("\n")
    assert len(lines) == 2
    assert "clonus-sense add recordings/short_night.csv.gz" in lines[0]
    assert ".venv/bin/pytest" in lines[1]


def test_every_command_stands_on_the_page_of_commands():
    for name in command_names():
        assert re.search(rf"\| .*`clonus-sense {name}[ `]", COMMANDS), f"{name} is not explained in docs/commands.md"


def command_names() -> list[str]:
    return sorted(
        path.stem.replace("_", "-")
        for path in (ROOT / "clonus_sense" / "cli" / "verbs").glob("*.py")
        if is_command(path)
    )


def is_command(path: Path) -> bool:
    return "@click.command" in path.read_text(encoding="utf-8")


def test_the_command_line_has_the_commands_that_the_page_names(capsys):
    with pytest.raises(SystemExit) as exit_info:
        command_line(["--help"])
    assert exit_info.value.code == 0
    listed = capsys.readouterr().out.split("--help")[1]
    assert sorted(re.findall(r"^  ([\w-]+)", listed, flags=re.MULTILINE)) == command_names()


def test_help_and_documents_group_the_commands_alike(capsys):
    with pytest.raises(SystemExit):
        command_line(["--help"])
    sections = re.findall(r"^([A-Z][\w ]+):\n((?:  .*\n)+)", capsys.readouterr().out, flags=re.MULTILINE)
    helped = {heading: re.findall(r"^  ([a-z]\w+)", lines, re.MULTILINE) for heading, lines in sections}
    table = COMMANDS.split("| command | what it does |")[1].split("\n\n")[0]
    parts = re.split(r"\| \*\*(.+)\*\* \| \|\n", table)[1:]
    explained = {
        heading: re.findall(r"^\| `clonus-sense (\w+)|, `clonus-sense (\w+)[^|]*\|", rows, re.MULTILINE)
        for heading, rows in zip(parts[::2], parts[1::2], strict=True)
    }
    named = {heading: [first or second for first, second in pairs] for heading, pairs in explained.items()}
    assert named == {heading: helped[heading] for heading in named}
    assert list(named) == ["A night", "Review", "Files", "Sensors", "Library"]


def test_every_column_of_the_log_is_explained():
    table = DETECTION.split("## The columns of an episode")[1].split("\n## ")[0]
    for column in EPISODE_COLUMNS:
        assert f"`{column}`" in table, f"{column} is not explained in docs/detection.md"
    for episode_class in EpisodeClass:
        assert f"`{episode_class}`" in table


def test_the_settings_of_the_documents_are_accepted_and_complete(tmp_path):
    [text] = blocks_of(SETTINGS, "toml")
    path = tmp_path / "settings.toml"
    path.write_text(text, encoding="utf-8")
    settings = read_settings(path)
    assert settings.band_low_hz == 4.0
    assert settings.joining_pause_s == 0.5
    assert set(re.findall(r"^(\w+) =", text, flags=re.MULTILINE)) == set(DetectionSettings.__dataclass_fields__)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_python_of_the_readme_runs_and_finds_the_episodes(monkeypatch, language):
    monkeypatch.chdir(ROOT)
    [text] = blocks_of(READMES[language].read_text(encoding="utf-8"), "python")
    names: dict[str, object] = {}
    exec(text, names)  # the point of the test: what a reader copies must run
    episodes = names["episodes"]
    assert isinstance(episodes, list)
    assert len([episode for episode in episodes if episode.episode_class is EpisodeClass.CLONUS]) >= 5


@pytest.mark.parametrize("readme", READMES.values(), ids=READMES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_notice_stands_in_both_readmes(language, readme):
    assert notice(language) in re.sub(r"\n> ", " ", readme.read_text(encoding="utf-8")).replace("\n", " ")


def test_the_readme_can_be_read_in_a_minute():
    assert len(README.split()) <= 1500


def test_both_readmes_say_the_same():
    english, japanese = (path.read_text(encoding="utf-8") for path in READMES.values())
    assert blocks_of(english, "sh")[0] == blocks_of(japanese, "sh")[0]
    assert english.count("\n## ") == japanese.count("\n## ")
    assert english.count("\n| ") == japanese.count("\n| ")

    def figures(text: str) -> list[str]:
        return sorted(re.findall(r"\d\.\d\d?\d?\b", text.split("| 209 ")[1].split("\n\n", maxsplit=1)[0]))

    assert figures(english) == figures(japanese)


def test_each_document_is_named_in_the_readmes():
    for readme in READMES.values():
        text = readme.read_text(encoding="utf-8")
        for document in ROOT.glob("docs/*.md"):
            assert f"docs/{document.name}" in text, f"{readme.name} does not lead to {document.name}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(document):
    for target in re.findall(r"\]\(([^)#]+)\)", document.read_text(encoding="utf-8")):
        if not target.startswith("http"):
            assert (document.parent / target).exists(), f"{document.name} links to {target}, which is not there"


SPOKEN = {"rate_hz": "rate", "decimal_point": "decimal"}
FILES = (ROOT / "docs" / "files.md").read_text(encoding="utf-8")


def test_every_option_for_foreign_files_is_explained():
    for name in FOREIGN_NAMES:
        option = f"--{SPOKEN.get(name, name.replace('_', '-'))}"
        assert f"`{option}" in FILES or f", `{option}`" in FILES, f"{option} is not explained in docs/files.md"


def test_the_example_of_foreign_files_does_what_it_says(tmp_path, capsys, monkeypatch):
    example = FILES.split("## An example")[1]
    head, *rows = re.search(r"```csv\n(.*?)```", example, re.DOTALL).group(1).strip().split("\n")
    accel = [row.split(";", 1)[1] for row in rows]
    lines = [f"{640 * n};{accel[n % len(accel)]}" for n in range(3072)]
    assert lines[: len(rows)] == rows
    monkeypatch.chdir(tmp_path)
    Path("logger.csv").write_text("\n".join([head, *lines, ""]), encoding="utf-8")
    command = shlex.split(re.search(r"```sh\nclonus-sense (.*?)\n```", example, re.DOTALL).group(1))
    assert run(command) == 0
    found = json.loads(Path("results/logger.run.json").read_text(encoding="utf-8"))
    assert found["start"] == "2026-11-05T22:30:00+09:00"
    assert found["timezone"] == "Asia/Tokyo"
    assert found["fs_hz"] == pytest.approx(51.2)
    without = [word for word in command if word not in ("--time-unit", "ticks:32768")]
    capsys.readouterr()
    assert run([*without, "--replace"]) == 1
    assert re.search(r"```text\n(.*?)\n```", example, re.DOTALL).group(1) in capsys.readouterr().err


def test_each_module_that_the_contributing_page_names_is_there():
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").split("## Where is what")[1].split("\n## ")[0]
    named = set(re.findall(r"`([a-z_/]+(?:\.py|/))`", page))
    assert len(named) > 20
    for name in named:
        assert (ROOT / "clonus_sense" / name).exists() or (ROOT / name).exists(), f"CONTRIBUTING.md names {name}"
