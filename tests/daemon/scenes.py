"""The virtual month: what goes wrong in it, in full and in short."""

from datetime import timedelta

from tests.daemon.bent import local
from tests.daemon.driving import KILL, START, Scene, daily, faults_of
from tests.daemon.history import BRIDGE
from tests.daemon.serving import FROZEN, HANGING, REFUSED

HOUR, DAY = timedelta(hours=1), timedelta(days=1)

_AFTER = [local(f"11-02 {each}") for each in ("08:20", "09:25", "10:30", "15:05", "15:20")]
_WRONG = {
    # an hour back over midnight; a day ahead, and right again
    local("10-25 23:20"): -HOUR,
    local("10-26 00:50"): timedelta(0),
    local("10-28 10:00"): DAY,
    local("10-28 16:30"): timedelta(0),
}
_OFF = {local("10-31 20:00"): KILL, local("11-02 08:00"): START}  # 36 hours over the 1st of November

SHORT = Scene(
    first=local("10-22 00:30"),
    last=local("11-02 15:20"),
    stops=[*daily("10-22", "10-31", "08:00", "15:05", "15:20"), *_AFTER],
    faults=faults_of(
        (FROZEN, "10-22 20:00", "10-23 21:00", (BRIDGE,)),
        (REFUSED, "10-23 06:00", "10-24 12:00", ("127.0.2.1",)),
        (REFUSED, "10-24 20:00", "10-25 09:00", ()),
        ("503", "10-26 07:00", "10-26 20:00", ("127.0.2.2",)),
        ("429", "10-26 07:00", "10-26 20:00", ("127.0.2.3",)),
        ("403", "10-27 07:00", "10-27 20:00", ("127.0.2.4",)),
    ),
    events={**_WRONG, **_OFF, local("10-29 10:00"): KILL, local("10-30 22:00"): START},
)

FULL = Scene(
    first=local("10-01 00:30"),
    last=local("11-02 22:10"),
    stops=[*daily("10-01", "10-31", "00:20", "08:00", "12:00", "15:05", "15:20", "20:00"), *_AFTER],
    faults=faults_of(
        (REFUSED, "10-06 08:00", "10-08 10:00", ("127.0.2.1", "127.0.2.11")),
        (HANGING, "10-09 09:00", "10-09 14:00", ("127.0.2.5",)),
        ("503", "10-12 00:10", "10-12 20:00", ("127.0.2.2",)),
        ("429", "10-13 12:00", "10-14 09:00", ("127.0.2.3",)),
        ("403", "10-15 00:10", "10-15 18:00", ("127.0.2.4", "127.0.2.14")),
        (FROZEN, "10-16 06:00", "10-18 12:00", (BRIDGE,)),
        (REFUSED, "10-23 07:00", "10-24 07:30", ()),
        (REFUSED, "10-29 20:00", "10-30 03:00", (BRIDGE,)),
    ),
    events={**_WRONG, **_OFF, local("10-20 10:00"): KILL, local("10-21 22:00"): START},
)
