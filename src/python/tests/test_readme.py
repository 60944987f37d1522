"""What the documentation shows, run."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from conftest import ROOT

BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NUMBER = re.compile(r"^(?P<code>[^#\n]+?)\s+# (?P<shown>[-\[{(0-9].*)$", re.MULTILINE)


@pytest.mark.parametrize("page", ["README.md", "docs/python.md"])
def test_the_python_on_a_page_runs(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    blocks = BLOCK.findall((ROOT / page).read_text(encoding="utf-8"))
    assert blocks
    names: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, page, "exec"), names)
        # A line that says what it gives does give that.
        for line in NUMBER.finditer(block):
            code, shown = line["code"].strip(), line["shown"].rstrip()
            if "=" in re.sub(r"[\[(].*", "", code) or code.startswith(("print", "assert", "import", "for")):
                continue
            found = eval(code, names)
            if shown[0].isdigit():
                # A number, and words about it.
                assert found == pytest.approx(float(re.split("[: ]", shown)[0]), abs=0.006), code
            else:
                assert found == ast.literal_eval(shown), code


def test_docstrings_show_what_happens() -> None:
    import doctest

    import parallax
    import parallax.model
    import parallax.sklearn
    import parallax.spacy

    for module in (parallax, parallax.model, parallax.sklearn, parallax.spacy):
        found = doctest.testmod(module)
        assert found.attempted > 0 and found.failed == 0, module.__name__
