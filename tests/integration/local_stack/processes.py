"""Who runs, read from /proc: a bare machine has no ps."""

from pathlib import Path


def runtimes() -> dict[int, int]:
    """Every awslambdaric process that has not ended, and its parent."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command, state = (folder / "cmdline").read_bytes(), _state(folder)
        except OSError:  # it ended while we looked
            continue
        if b"awslambdaric" in command and state[0] != "Z":
            found[int(folder.name)] = int(state[1])
    return found


def has_ended(pid: int) -> bool:
    """Whether a process is gone, or a zombie whose parent has yet to look."""
    try:
        return _state(Path("/proc") / str(pid))[0] == "Z"
    except OSError:
        return True


def _state(folder: Path) -> list[str]:
    """State, parent and the rest of /proc/<pid>/stat; the name before them may hold anything but a last bracket."""
    return (folder / "stat").read_text().rpartition(")")[2].split()
