"""What a worker of a local Dask cluster does first: it leaves Ctrl-C to the program."""

from __future__ import annotations

import logging
import signal


def dask_setup(worker: object) -> None:
    """Called by Dask, by this name.

    A terminal sends Ctrl-C to all processes of a command. The one that started the others
    ends them, and says what is kept.

    Parameters
    ----------
    worker : of Dask
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    logging.disable(logging.CRITICAL)
