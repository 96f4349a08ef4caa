"""What a version may change: semantic versioning, in which 0.2 is to 0.1 what 2 is to 1."""

Version = tuple[int, int, int]


def parsed(version: str) -> Version:
    """A version of three numbers; raises ValueError."""
    major, minor, patch = (int(part) for part in version.split("."))
    return major, minor, patch


def may_break(released: str, current: str) -> bool:
    """Whether the version says that clients have to change."""
    return _line(parsed(current)) > _line(parsed(released))


def goes_back(released: str, current: str) -> bool:
    """Whether the version is an older one."""
    return parsed(current) < parsed(released)


def _line(version: Version) -> tuple[int, int]:
    """What a client pins: the major version, and before 1.0.0 the minor one."""
    major, minor, _ = version
    return (major, 0) if major else (0, minor)
