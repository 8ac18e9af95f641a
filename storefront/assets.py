"""Styles, pictures, fonts and scripts, built once into a folder of hashed names that never change.

No Node and no build step to remember: the application builds what is missing when it starts (under a second)
and later starts find it ready. Every file is kept beside its gzip copy; whitenoise sends both.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import shutil
import tempfile
from pathlib import Path

SOURCE = Path(__file__).parent.parent / "static"
PREFIX = "/static/"
STYLE = "css/site.css"
SPRITE = "img/packshots.svg"
_STYLE_FOLDERS = ("base", "components", "areas")
_COMPRESSED = {".css", ".js", ".svg", ".txt", ".json", ".webmanifest"}
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SPACE = re.compile(r"\s+")
_AROUND = re.compile(r" ?([{};,]) ?")
_CSS_URL = re.compile(r"url\(['\"]?(?:\.\./)*((?:fonts|img)/[^'\")#?]+)['\"]?\)")
_SYMBOL = re.compile(r"<svg\b[^>]*?viewBox=\"([^\"]+)\"[^>]*>(.*)</svg>", re.DOTALL)


class Assets:
    """The built files and the address of each by its source name."""

    def __init__(self, directory: Path, addresses: dict[str, str]) -> None:
        """``addresses`` maps "css/site.css" to "/static/css/site.3f2a….css"."""
        self.directory = directory
        self.addresses = addresses

    def __getitem__(self, name: str) -> str:
        """The address of a file; raises KeyError for a name that does not exist."""
        return self.addresses[name]


def build(data_dir: Path, source: Path = SOURCE) -> Assets:
    """Build the files of ``source`` below ``data_dir``, or find them built; safe from several processes."""
    files = _collect(source)
    digest = hashlib.sha256()
    for name, content in sorted(files.items()):
        digest.update(name.encode() + b"\0" + content + b"\0")
    target = data_dir / "static" / digest.hexdigest()[:16]
    manifest = target / "manifest.json"
    if not manifest.is_file():
        _write(files, target)
    return Assets(target, json.loads(manifest.read_text(encoding="utf-8")))


def _collect(source: Path) -> dict[str, bytes]:
    files = {
        path.relative_to(source).as_posix(): path.read_bytes()
        for path in sorted(source.rglob("*"))
        if path.is_file() and path.suffix != ".css" and not path.name.startswith(".")
    }
    styles = [
        path.read_text(encoding="utf-8")
        for folder in _STYLE_FOLDERS
        for path in sorted((source / "css" / folder).glob("*.css"))
    ]
    files[STYLE] = minified_css("\n".join(styles)).encode()
    for path in sorted((source / "css" / "single").glob("*.css")):
        files[f"css/{path.name}"] = minified_css(path.read_text(encoding="utf-8")).encode()
    files[SPRITE] = sprite(
        {Path(n).stem: c.decode() for n, c in files.items() if n.startswith("img/packshots/")}
    ).encode()
    return files


def minified_css(text: str) -> str:
    """The styles without comments and needless space."""
    return _AROUND.sub(r"\1", _SPACE.sub(" ", _COMMENT.sub("", text))).strip()


def sprite(drawings: dict[str, str]) -> str:
    """All packshots in one file, one symbol each: a list of 24 products then costs one request."""
    symbols = []
    for name, drawing in sorted(drawings.items()):
        found = _SYMBOL.search(drawing)
        if found is None:
            raise ValueError(f"{name}: not a drawing with a viewBox")
        symbols.append(f'<symbol id="{name}" viewBox="{found[1]}">{found[2].strip()}</symbol>')
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>'


def _write(files: dict[str, bytes], target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(dir=target.parent, prefix=".building-"))
    building.chmod(0o755)
    addresses: dict[str, str] = {}
    others = [name for name in files if name != STYLE]
    for name in [*others, STYLE]:  # the style last: it names hashed fonts
        content = files[name]
        if name == STYLE:
            content = _CSS_URL.sub(
                lambda found: f"url({addresses[found[1]]})", content.decode()
            ).encode()
        stem, dot, suffix = name.rpartition(".")
        hashed = f"{stem}.{hashlib.sha256(content).hexdigest()[:12]}{dot}{suffix}"
        path = building / hashed
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        if path.suffix in _COMPRESSED:
            Path(f"{path}.gz").write_bytes(gzip.compress(content, 9, mtime=0))
        addresses[name] = PREFIX + hashed
    (building / "manifest.json").write_text(json.dumps(addresses), encoding="utf-8")
    try:
        building.rename(target)
    except OSError:  # another worker of the same start was first
        shutil.rmtree(building)
        if not (target / "manifest.json").is_file():
            raise


def is_immutable(_path: str, url: str) -> bool:
    """Whether whitenoise may tell browsers to keep the file for ever: all names are hashed."""
    return url.startswith(PREFIX) and not url.endswith("manifest.json")
