"""The places where a job runs: how each is known, and what it reads. One record each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from checker.ci.format import Environ

BUNDLED_ASSIGNMENT = "assignment.yaml"
"""What the assignment is called in a bundle of the teacher's."""


@dataclass(frozen=True, slots=True)
class Platform:
    """One place. It is known by environment variables, all of which are set there.

    ``formats`` are what it reads. ``root`` is the variable that names the repository's folder, from
    which names in reports start; ``bundle`` the one that names a folder of the teacher's, out of
    the student's reach, which may hold the assignment.
    """

    name: str
    known_by: tuple[str, ...]
    formats: tuple[str, ...]
    root: str = ""
    bundle: str = ""

    def is_here(self, environ: Environ) -> bool:
        """Whether a job runs at this place."""
        return all(environ.get(name, "") not in {"", "false"} for name in self.known_by)


PLATFORMS = (
    # Classroom 50 runs in GitHub Actions, so it stands before it.
    Platform(
        "Classroom 50",
        ("GITHUB_ACTIONS", "CLASSROOM", "ASSIGNMENT", "SUBMISSION_TAG"),
        ("github", "classroom50"),
        "GITHUB_WORKSPACE",
        "CLASSROOM50_BUNDLE_DIR",
    ),
    Platform("GitHub Actions", ("GITHUB_ACTIONS",), ("github",), "GITHUB_WORKSPACE"),
    Platform("GitLab", ("GITLAB_CI",), ("junit",), "CI_PROJECT_DIR"),
    Platform("Jenkins", ("JENKINS_URL",), ("junit",), "WORKSPACE"),
    Platform("Azure Pipelines", ("TF_BUILD",), ("junit",), "BUILD_SOURCESDIRECTORY"),
    Platform("CircleCI", ("CIRCLECI",), ("junit",)),
    Platform("Bitbucket", ("BITBUCKET_BUILD_NUMBER",), ("junit",), "BITBUCKET_CLONE_DIR"),
)


def detect(environ: Environ) -> tuple[str, ...]:
    """Return the formats that the place where a job runs reads; none on a desk."""
    return next((place.formats for place in PLATFORMS if place.is_here(environ)), ())


def repository(environ: Environ) -> Path | None:
    """Return the folder from which the place takes paths, if its environment says so."""
    here = next((place for place in PLATFORMS if place.is_here(environ)), None)
    return Path(said) if here and here.root and (said := environ.get(here.root)) else None


def bundled_assignment(environ: Environ) -> Path | None:
    """Return the assignment that came with the teacher's own files, if there is one."""
    for place in PLATFORMS:
        folder = environ.get(place.bundle, "") if place.bundle else ""
        if folder and (path := Path(folder) / BUNDLED_ASSIGNMENT).is_file():
            return path
    return None
