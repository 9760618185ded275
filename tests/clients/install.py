"""`python -m tests.clients.install`: what other people's clients, gateways and audits need, beside this folder.

npm packages by `package-lock.json`, and Python's in an environment of their own: `ariadne-codegen` and `gql` want an
older graphql-core than the service. Ends with 1 and a line on stderr where it can't: the tests are skipped then.
"""

import hashlib
import sys
from pathlib import Path

from influents.node import NodeError, install_packages, run, wanted_node

HERE = Path(__file__).parent
OLDEST_NODE = 22
"""Hive Gateway's parts want that."""
PYTHON = HERE / ".venv" / "bin" / "python"


def main() -> int:
    try:
        install_packages(HERE, wanted_node(oldest=OLDEST_NODE).npm)
        _install_python()
    except (NodeError, OSError) as error:
        sys.stderr.write(f"The clients were not installed ({error}). `make clients` tries again.\n")
        return 1
    return 0


def _install_python() -> None:
    requirements = HERE / "requirements.txt"
    lock = hashlib.sha256(requirements.read_bytes()).hexdigest()
    stamp = HERE / ".venv" / "requirements.sha256"
    if stamp.is_file() and stamp.read_text(encoding="ascii") == lock:
        return
    run([sys.executable, "-m", "venv", str(HERE / ".venv")], HERE)
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    run([*pip, "--requirement", str(requirements)], HERE)
    stamp.write_text(lock, encoding="ascii")


if __name__ == "__main__":
    sys.exit(main())
