"""An autograder for Classroom 50: beside it stand assignment.yaml and the checker's wheel."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

bundle = Path(os.environ.get("CLASSROOM50_BUNDLE_DIR") or Path(__file__).parent).resolve()
tools = Path(os.environ.get("RUNNER_TEMP") or tempfile.mkdtemp()) / "homework-checker"
python = tools / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

# -P: this runs in the student's repository, whose venv.py, pip.py or yaml.py must not be run.
if not python.exists():
    subprocess.run([sys.executable, "-P", "-m", "venv", tools], check=True)
    wheels = sorted(bundle.glob("homework_checker-*.whl"))
    subprocess.run([python, "-P", "-m", "pip", "install", "--quiet", *wheels], check=True)
sys.exit(subprocess.run([python, "-P", "-m", "checker", "ci"], check=False).returncode)
