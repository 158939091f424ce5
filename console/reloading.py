"""Reading configuration and registry again while the daemon runs: all of it is good and taken, or nothing changes."""

import logging
from collections.abc import Callable
from datetime import datetime

from console.config import Config, load_with_secrets
from console.errors import ConfigError
from console.logs import set_up_daemon_logs
from console.offices import office_of
from console.registry import read_registry
from monitor.errors import XunjianError
from schedules.office import Office
from storage.accounts import account_ids, save_accounts

_log = logging.getLogger(__name__)


class Reloading:
    """What SIGHUP calls: gives the office as it is from then on."""

    def __init__(self, config: Config, office: Office, clock: Callable[[], datetime]) -> None:
        """Begin with the configuration that the daemon started with."""
        self._config = config
        self._office = office
        self._clock = clock

    def __call__(self) -> Office:
        """Return the office over the same database. Raises XunjianError where something is wrong: nothing changes."""
        file = self._config.file
        config = load_with_secrets(file)
        if config.database_url != self._config.database_url:
            cure = "更换数据库须先停止守护程序，再重新启动"
            raise ConfigError([f"{file.name}：storage.url 与正在使用的数据库不同，没有重新加载；{cure}。"])
        office = office_of(config, self._office.database)
        told = import_registry(office, self._clock())
        self._config = config
        set_up_daemon_logs(config.logs)
        _log.info("configuration read file=%s %s", file.name, told)
        return office


def first_import(office: Office, now: datetime) -> None:
    """Import the registry that ``[daemon] registry`` names before anything is collected.

    A bad one is told in the log and what was imported before stays in use: after a restart of the machine nobody may be
    there to mend it. Raises XunjianError where nothing was imported before.
    """
    try:
        told = import_registry(office, now)
    except XunjianError as error:
        with office.database.read() as session:
            known = account_ids(session)
        if not known:
            raise
        for line in str(error).splitlines():
            _log.error("registry refused: %s", line)
        return
    _log.info("registry %s", told)


def import_registry(office: Office, now: datetime) -> str:
    """Import the office's registry file whole or not at all, and return what that came to as key=value pairs."""
    file = office.daemon.registry
    if file is None:
        return "accounts=unchanged"
    found = read_registry(file, now.astimezone(office.zone).date())
    with office.database.begin() as session:
        saved = save_accounts(session, found, now)
    return f"added={saved.added} updated={saved.updated} unchanged={saved.unchanged}"
