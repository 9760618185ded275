"""A skipped test checks nothing: where INFLUENTS_SKIPS_ALLOWED names a list, any other reason fails the run."""

import os
from pathlib import Path

import pytest

LIST = "INFLUENTS_SKIPS_ALLOWED"


class Skips:
    """Collects why tests were skipped."""

    def __init__(self, allowed: Path) -> None:
        lines = allowed.read_text(encoding="utf-8").splitlines()
        self.allowed = tuple(line for line in lines if line and not line.startswith("#"))
        self.others: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if not report.skipped or not isinstance(report.longrepr, tuple):
            return
        reason = report.longrepr[2].removeprefix("Skipped: ")
        if not reason.startswith(self.allowed):
            self.others.append(f"{report.nodeid}: {reason}")

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.others and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        for skipped in self.others:
            terminalreporter.write_line(f"skipped, which {LIST} doesn't allow: {skipped}", red=True)


def watch(config: pytest.Config) -> None:
    """Watch the run's skips, once, in the process that reports."""
    if LIST in os.environ and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Skips(Path(os.environ[LIST])), "influents-skips")
