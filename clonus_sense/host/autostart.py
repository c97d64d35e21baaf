"""Starts the recorder again after a restart of the computer at night, by systemd, launchd or Task Scheduler."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

from clonus_sense.errors import SettingsError

NAME = "clonus-sense-record"


@dataclass(frozen=True, slots=True)
class Autostart:
    """A file that starts the recorder at sign-in, and what to do with it.

    Parameters
    ----------
    path
        Where the file goes.
    text
        What stands in it.
    commands
        What to type once, to switch it on.
    commands_off
        What to type to switch it off again.
    """

    path: Path
    text: str
    commands: tuple[str, ...]
    commands_off: tuple[str, ...]


def autostart_for(command: Sequence[str], home: Path, platform: str = sys.platform) -> Autostart:
    """Write what this system needs to start a command when its user signs in, and again when it fails.

    Parameters
    ----------
    command
        The program with its arguments; each start of the recorder writes a new file and goes on in the same night.
    home
        The user's home folder.
    platform
        As ``sys.platform``.

    Returns
    -------
    Autostart
        The file, its place and the commands.

    Raises
    ------
    SettingsError
        If this system is none of Linux, macOS and Windows.
    """
    if platform == "linux":
        return _systemd(command, home)
    if platform == "darwin":
        return _launchd(command, home)
    if platform == "win32":
        return _task_scheduler(command, home)
    raise SettingsError(f"On {platform} there is no autostart that we know; start the recorder with the system's own.")


def _systemd(command: Sequence[str], home: Path) -> Autostart:
    """Write a user unit; lingering starts it without anybody signing in."""
    # A `%` begins a specifier and a `$` a variable in a unit file.
    line = shlex.join(command).replace("%", "%%").replace("$", "$$")
    text = f"""[Unit]
Description=Recording of the night by clonus-sense
After=bluetooth.target

[Service]
ExecStart={line}
Restart=on-failure
RestartSec=10

[Install]
WantedBy=default.target
"""
    return Autostart(
        home / ".config" / "systemd" / "user" / f"{NAME}.service",
        text,
        ("systemctl --user daemon-reload", f"systemctl --user enable {NAME}", "loginctl enable-linger"),
        (f"systemctl --user disable --now {NAME}",),
    )


def _launchd(command: Sequence[str], home: Path) -> Autostart:
    """Write an agent of the user; it starts at sign-in."""
    arguments = "\n".join(f"    <string>{escape(part)}</string>" for part in command)
    text = f"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>{NAME}</string>
  <key>ProgramArguments</key>
  <array>
{arguments}
  </array>
  <key>RunAtLoad</key>
  <true/>
  <key>KeepAlive</key>
  <dict>
    <key>SuccessfulExit</key>
    <false/>
  </dict>
</dict>
</plist>
"""
    path = home / "Library" / "LaunchAgents" / f"{NAME}.plist"
    quoted = shlex.quote(str(path))
    return Autostart(path, text, (f"launchctl load -w {quoted}",), (f"launchctl unload -w {quoted}",))


def _task_scheduler(command: Sequence[str], home: Path) -> Autostart:
    """Write a task that runs at sign-in and is tried again every minute when it fails."""
    program, *rest = command
    arguments = " ".join(f'"{part}"' if " " in part else part for part in rest)
    text = f"""<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <Triggers>
    <LogonTrigger><Enabled>true</Enabled></LogonTrigger>
  </Triggers>
  <Settings>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <RestartOnFailure><Interval>PT1M</Interval><Count>255</Count></RestartOnFailure>
  </Settings>
  <Actions>
    <Exec>
      <Command>{escape(program)}</Command>
      <Arguments>{escape(arguments)}</Arguments>
    </Exec>
  </Actions>
</Task>
"""
    path = home / f"{NAME}.xml"
    return Autostart(path, text, (f'schtasks /Create /TN {NAME} /XML "{path}"',), (f"schtasks /Delete /TN {NAME} /F",))
