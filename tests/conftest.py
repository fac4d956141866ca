"""Settings of all tests."""

import os

# Before anything imports PyBaMM: tests send nothing anywhere.
os.environ["PYBAMM_DISABLE_TELEMETRY"] = "true"
# A developer's own data folders must not change what the tests see.
os.environ.pop("TWIN_ASSETS", None)
