r"""What a page will need, told to the browser at once, so that no module waits for another.

A browser finds out what a module imports only when it has it: five modules deep is five trips to
the hub. Here the whole of it is read from the scripts themselves and written into the page as
`modulepreload`, so that no list has to be kept by hand. No file is opened.

>>> scripts = {"/a.js": 'import { b } from "./b.js";', "/b.js": "", "/c.js": ""}
>>> linked('<head>\n<script type="module" src="/a.js"></script>', scripts)
'<head>\n<link rel="modulepreload" href="/b.js" />\n<script type="module" src="/a.js"></script>'
"""

import re
from collections.abc import Mapping

__all__ = ["linked"]

_SCRIPT = re.compile(r'<script type="module" src="(/[^"]+)"')
_IMPORT = re.compile(r'(?:from|import) "\./([\w.]+)"')


def linked(html: str, scripts: Mapping[str, str]) -> str:
    """Return the page with a link to each module that its scripts import, at any depth.

    Args:
        html: a page; a line `<head>` is where the links go.
        scripts: each module by its path; what is not among them is not linked.
    """
    own = _SCRIPT.findall(html)
    found: dict[str, None] = {}
    waiting = list(own)
    while waiting:
        for name in _IMPORT.findall(scripts.get(waiting.pop(0), "")):
            path = f"/{name}"
            if path in scripts and path not in found and path not in own:
                found[path] = None
                waiting.append(path)
    links = "".join(f'<link rel="modulepreload" href="{path}" />\n' for path in found)
    return html.replace("<head>\n", f"<head>\n{links}", 1)
