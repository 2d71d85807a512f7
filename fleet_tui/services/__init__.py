"""One module per outside system, speaking its protocol and returning domain values."""

import sys
from importlib.util import find_spec

# httpx loads its own command line with itself, and that loads rich and pygments: 40 ms for what nobody calls.
# None makes that import fail, which httpx is prepared for.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]

# httpcore imports sniffio several times a request, and what is not installed is searched for anew each time.
if find_spec("sniffio") is None:
    sys.modules["sniffio"] = None  # type: ignore[assignment]
