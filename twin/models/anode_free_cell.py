"""Substrate | (host) | separator | composite cathode, with no lithium foil."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from twin.models.full_cell import FullCell


class AnodeFreeCell(FullCell):
    """A full cell whose lithium is what the charge plates on a substrate or in a host.

    The substrate may carry lithium plated beforehand; an interlayer on it is a host
    (``interlayer="porous"``), filled first by insertion if it has that, then by metal in
    its pores, then by metal on the substrate.

    Parameters
    ----------
    options, electrolyte, name, build, design
        As for :class:`FullCell`; "lithium" is always "plated".

    Examples
    --------
    >>> AnodeFreeCell().name
    'Anode-free cell'
    """

    def __init__(
        self,
        options: Mapping[str, Any] | None = None,
        electrolyte: str = "solid",
        name: str = "Anode-free cell",
        build: bool = True,
        **design: str,
    ) -> None:
        super().__init__(
            options, electrolyte, name, build, **{**design, "lithium": "plated"}
        )
