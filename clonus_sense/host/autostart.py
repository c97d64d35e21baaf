"""Restarts the recorder after a restart of the computer at night, by systemd, launchd or Task Scheduler."""

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
    """A file that starts the recorder at sign-in, and the commands to use it.

    Parameters
    ----------
    path
        Place of the file.
    text
        Its content.
    commands
        Shell commands that switch it on, to be typed once.
    commands_off
        Shell commands that switch it off.
    """

    path: Path
    text: str
    commands: tuple[str, ...]
    commands_off: tuple[str, ...]


def autostart_for(command: Sequence[str], home: Path, platform: str = sys.platform) -> Autostart:
    """Build the file that starts a command at sign-in, and again after a failure.

    Parameters
    ----------
    command
        The program with its arguments; each start of the recorder writes a new file and continues the same night.
    home
        The user's home folder.
    platform
        As ``sys.platform``.

    Raises
    ------
    SettingsError
        On systems other than Linux, macOS and Windows.
    """
    if platform == "linux":
        return _systemd(command, home)
    if platform == "darwin":
        return _launchd(command, home)
    if platform == "win32":
        return _task_scheduler(command, home)
    raise SettingsError(f"No autostart is known for {platform}; set one up with the system's own tools.")


def _systemd(command: Sequence[str], home: Path) -> Autostart:
    """Build a user unit; lingering starts it without a sign-in."""
    # In a unit file, `%` begins a specifier and `$` a variable.
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
    """Build a user agent that starts at sign-in."""
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
    """Build a task that runs at sign-in and is repeated every minute after a failure."""
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
