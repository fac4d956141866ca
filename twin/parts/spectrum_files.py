"""Measured impedance spectra from files, whatever wrote them."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np

from twin.errors import TwinError
from twin.parts.spectra import ABSOLUTE, Spectrum
from twin.parts.spectrum_table import read_table

#: Bytes of an instrument's file: its reader keeps all of it in memory, several times.
_LARGEST: Final = 100_000_000

_TABLES: Final = (".csv", ".txt", ".tsv")

#: Files of instruments and the library that reads them. Both are under the GPL and not
#: needed for anything else, hence an extra that a user chooses to install.
_LIBRARIES: Final = {
    ".mpr": "galvani",
    **dict.fromkeys(
        (".mpt", ".dta", ".z", ".dfr", ".i2b", ".ids", ".idf", ".p00", ".pssession"),
        "pyimpspec",
    ),
}


def read_spectrum(
    path: str | Path,
    area: float | str | None = None,
    mapping: Mapping[str, str] | None = None,
) -> Spectrum:
    """A measured impedance spectrum.

    Tables (.csv, .txt, .tsv) are read as :func:`read_table` describes. Files of
    instruments (.mpt and .mpr of BioLogic, .dta of Gamry, .z of ZPlot, .dfr, .i2b, .ids,
    .idf, .p00, .pssession) need the extra "instruments", which installs pyimpspec and
    galvani, both under the GPL-3.

    Parameters
    ----------
    path : the file
    area : electrode area by which Ohm become Ohm.m2, a number in m2 or text with a unit
        ("0.385 cm2"); without it a spectrum in Ohm stays one
    mapping : column headers by meaning, for tables with other names

    Returns
    -------
    Spectrum

    Raises
    ------
    TwinError
        If there is no such file, its format or content is not that of one spectrum, the
        imaginary part has the wrong sign, or a library is missing.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "cell.csv"
    >>> _ = path.write_text("f/kHz;Z'/Ohm;Z''/Ohm\\n1;100;-5\\n0,1;110;-20\\n")
    >>> spectrum = read_spectrum(path, area="0.5 cm2")
    >>> spectrum.frequency, spectrum.unit, round(float(spectrum.impedance[0].real), 6)
    (array([1000.,  100.]), 'Ohm.m2', 0.005)
    """
    file = Path(path)
    if not file.is_file():
        raise TwinError("no such file; check the path.", where=str(path))
    ending = file.suffix.lower()
    if ending in _TABLES:
        spectrum = read_table(file, mapping)
    elif ending not in _LIBRARIES:
        known = ", ".join((*_TABLES, *_LIBRARIES))
        raise TwinError(
            f"'{file.suffix}' is no known format of spectra ({known}); export it as CSV.",
            where=str(path),
        )
    elif mapping is not None:
        raise TwinError("a mapping is for tables only; leave it out.", where=str(path))
    else:
        spectrum = _of_instrument(file, _LIBRARIES[ending])
    if float(np.median(spectrum.impedance.imag)) > 0:
        raise TwinError(
            "the imaginary part is positive at most frequencies, as of a coil. If the "
            "column holds -Z'', call it so, or say mapping={'minus_imaginary': ...}.",
            where=str(path),
        )
    return spectrum if area is None else spectrum.per_area(area)


def _of_instrument(path: Path, library: str) -> Spectrum:
    if path.stat().st_size > _LARGEST:
        raise TwinError(
            "is larger than 100 MB; export the spectrum as CSV.", where=str(path)
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # other people's deprecations
            found = (_with_galvani if library == "galvani" else _with_pyimpspec)(path)
    except ImportError:
        raise TwinError(
            f"'{path.suffix}' files are read by {library} (under the GPL-3, not installed "
            "by default): pip install 'solid-state-twin[instruments]', or export the "
            "spectrum as CSV.",
            where=str(path),
        ) from None
    except Exception as error:  # of classes that each of its parsers chooses
        raise TwinError(
            f"{library} cannot read it ({error}); export the spectrum as CSV.",
            where=str(path),
        ) from None
    if len(found) != 1:
        raise TwinError(
            f"holds {len(found)} spectra; export the one that is meant as CSV.",
            where=str(path),
        )
    frequency, impedance = found[0]
    return Spectrum(frequency, impedance, ABSOLUTE, label=path.name)


def _with_pyimpspec(path: Path) -> list[tuple[Any, Any]]:
    from pyimpspec import parse_data

    return [
        (data.get_frequencies(), data.get_impedances()) for data in parse_data(str(path))
    ]


def _with_galvani(path: Path) -> list[tuple[Any, Any]]:
    from galvani import BioLogic

    with path.open("rb") as file:
        data = BioLogic.MPRfile(file).data
    data = data[data["freq/Hz"] > 0]  # what is recorded between sweeps has none
    impedance = data["Re(Z)/Ohm"] - 1j * data["-Im(Z)/Ohm"].astype(float)
    return [(data["freq/Hz"], impedance)]
