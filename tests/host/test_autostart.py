import configparser
import plistlib
import shlex
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from clonus_sense.errors import SettingsError
from clonus_sense.host import autostart_for

COMMAND = ["/opt/clonus sense/bin/clonus-sense", "record", "--person", "P&7 50%", "--until", "07:00"]
HOME = Path("/home/hanako")


def test_systemd_reads_back_the_same_command():
    made = autostart_for(COMMAND, HOME, "linux")
    unit = configparser.RawConfigParser()
    unit.read_string(made.text)
    assert shlex.split(unit["Service"]["ExecStart"].replace("%%", "%")) == COMMAND
    assert unit["Service"]["Restart"] == "on-failure"
    assert made.path == HOME / ".config/systemd/user/clonus-sense-record.service"
    assert "loginctl enable-linger" in made.commands


def test_launchd_reads_back_the_same_command():
    made = autostart_for(COMMAND, HOME, "darwin")
    agent = plistlib.loads(made.text.encode())
    assert agent["ProgramArguments"] == COMMAND
    assert agent["RunAtLoad"] is True
    assert made.path == HOME / "Library/LaunchAgents/clonus-sense-record.plist"


def test_task_scheduler_reads_back_the_same_command():
    made = autostart_for(COMMAND, HOME, "win32")
    task = ET.fromstring(made.text.encode("utf-16"))
    spaces = {"t": "http://schemas.microsoft.com/windows/2004/02/mit/task"}
    assert task.findtext(".//t:Command", namespaces=spaces) == COMMAND[0]
    assert task.findtext(".//t:Arguments", namespaces=spaces) == 'record --person "P&7 50%" --until 07:00'
    assert task.findtext(".//t:DisallowStartIfOnBatteries", namespaces=spaces) == "false"


def test_another_system_is_refused_with_a_sentence():
    with pytest.raises(SettingsError, match="No autostart is known for plan9"):
        autostart_for(COMMAND, HOME, "plan9")
