"""The repository stands alone: no machine, registry or half-finished work is written into it, and README is true."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TEXT = {".py", ".html", ".css", ".md", ".txt", ".toml", ".yaml", ".yml", ".json", ".csv", ".svg", ".sh", ".js", ""}
LONGEST_MODULE, LONGEST_TEST = 500, 700


def _tracked(*suffixes: str) -> list[Path]:
    """Return the files under version control (with these suffixes), this one left out: it names what it forbids."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    paths = [Path(name) for name in listed.split("\0") if name and (ROOT / name).is_file()]
    return [path for path in paths if path.suffix in (suffixes or TEXT) and path != Path("tests/test_repository.py")]


def _found(pattern: str, *suffixes: str) -> list[str]:
    wanted = re.compile(pattern)
    return [
        f"{path}:{number}: {line.strip()[:100]}"
        for path in _tracked(*suffixes)
        for number, line in enumerate((ROOT / path).read_text(errors="replace").splitlines(), 1)
        if wanted.search(line)
    ]


def _targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE))


def test_no_path_of_a_machine_is_written_down():
    assert not _found(r"(?<![\w.])/(?:work|root|home|Users)/\w")


def test_no_package_registry_is_written_down():
    assert not _found(
        r"pypi\.org|pythonhosted|registry\.npmjs|--(?:extra-)?index-url|--trusted-host|--find-links",
        ".txt",
        ".toml",
        ".md",
        ".yaml",
        ".yml",
    )


def test_no_work_is_left_half_done():
    assert not _found(
        r"\b(?:TODO|FIXME|XXX)\b|NotImplementedError|mark\.skip|mark\.xfail|pytest\.skip\(", ".py", ".html"
    )


def test_no_module_grew_beyond_one_subject():
    lengths = {
        path: len((ROOT / path).read_text().splitlines()) for path in _tracked(".py") if "migrations" not in path.parts
    }
    long = {
        str(path): lines
        for path, lines in lengths.items()
        if lines > (LONGEST_TEST if path.parts[0] == "tests" else LONGEST_MODULE)
    }
    assert not long


def test_every_dependency_is_pinned_with_hashes_and_says_what_it_is_for():
    project = (ROOT / "pyproject.toml").read_text()
    assert re.findall(r'^    "[\w-]+(?:\[.*\])?(?:[~>=]=?[\d.]+)?",\s*$', project, re.MULTILINE) == []
    declared = tomllib.loads(project)["project"]
    for file, wanted in {
        "requirements.txt": declared["dependencies"],
        "requirements-dev.txt": declared["dependencies"] + declared["optional-dependencies"]["dev"],
    }.items():
        pinned = re.findall(r"^([a-z0-9._-]+)==\S+ \\\n    --hash=sha256:", (ROOT / file).read_text(), re.MULTILINE)
        names = {re.split(r"[\[~>=]", one)[0].lower().replace("_", "-") for one in wanted}
        assert names <= {name.replace("_", "-") for name in pinned}, (
            f"{file} is older than pyproject.toml: make requirements"
        )


def test_the_commands_of_the_documents_exist():
    named = {
        command
        for path in _tracked(".md")
        for command in re.findall(r"(?:^|`)make ([a-z]+)", (ROOT / path).read_text(), re.MULTILINE)
    }
    assert {"run", "test"} <= named <= _targets()


def test_the_links_of_the_documents_lead_somewhere():
    broken = [
        f"{path}: {link}"
        for path in _tracked(".md")
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", (ROOT / path).read_text())
        if not (ROOT / path.parent / link).exists()
    ]
    assert not broken


def test_scripts_can_be_run():
    listed = subprocess.run(
        ["git", "ls-files", "--stage", "scripts", ".ci"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for line in listed.stdout.splitlines():
        mode, *_, name = line.split()
        if (ROOT / name).read_bytes().startswith(b"#!"):
            assert mode == "100755", f"{name} is not executable"
