from __future__ import annotations

from pathlib import Path

import pytest

from i18n.compile import BrokenCatalogue, compile_file, compiled_file

GOOD = (
    'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
    '#, python-format\nmsgid "%(n)s goods"\nmsgstr "%(n)s hàng"\n'
)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "vi" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    path = folder / "messages.po"
    path.write_text(GOOD, encoding="utf-8")
    return path


def test_a_wrong_placeholder_keeps_the_former_file(source: Path) -> None:
    good = compile_file(source).read_bytes()
    source.write_text(GOOD.replace("%(n)s hàng", "%(wrong)s hàng"), encoding="utf-8")
    with pytest.raises(BrokenCatalogue) as refused:
        compile_file(source)
    assert "%(n)s goods" in str(refused.value)
    assert source.with_suffix(".mo").read_bytes() == good
    assert sorted(p.suffix for p in source.parent.iterdir()) == [".mo", ".po"]


def test_a_newer_source_is_compiled_again(source: Path) -> None:
    first = compiled_file(source)
    assert first is not None
    before = first.stat().st_mtime_ns
    assert compiled_file(source) == first
    assert first.stat().st_mtime_ns == before
    assert compiled_file(source.with_name("other.po")) is None
