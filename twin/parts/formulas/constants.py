"""Physical constants (CODATA 2018, exact) and the reference temperature."""

from __future__ import annotations

from typing import Final

FARADAY: Final = 96485.33212  # C.mol-1
GAS_CONSTANT: Final = 8.314462618  # J.mol-1.K-1
REFERENCE_TEMPERATURE: Final = 298.15  # K; every "at 25 C" parameter refers to it
MEGAPASCAL: Final = 1e6  # Pa; reference stress of the creep law
