"""Every Python that $PYTHONS names sets itself up and writes the same bytes.

Setting up takes minutes, so this is tried when asked: PYTHONS=/path/to/python3.12:/other make test
"""

from __future__ import annotations

import os
import subprocess

import pytest

from pipeline.site import manifest
from tests.conftest import copy_project, name_of

PYTHONS = [path for path in os.environ.get("PYTHONS", "").split(os.pathsep) if path]

if PYTHONS:

    @pytest.mark.slow
    @pytest.mark.parametrize("python", PYTHONS, ids=name_of)
    def test_another_python_sets_up_and_writes_the_same_bytes(python, project, tmp_path):
        folder = copy_project(tmp_path / "project")
        clean = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
        command = ["make", "render", "ENGINE=pandoc", f"PYTHON={python}"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, env=clean)
        assert done.returncode == 0, done.stdout + done.stderr
        assert manifest.digests(folder / "_output") == manifest.digests(project / "_output")
