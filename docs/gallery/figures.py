"""Draw every figure of the gallery beside its script: python docs/gallery/figures.py."""

import runpy
from pathlib import Path

for script in sorted(Path(__file__).parent.glob("*.py")):
    if script.name != "figures.py":
        main = runpy.run_path(str(script))["main"]
        print(script.stem, main(str(script.with_suffix(".png"))))
